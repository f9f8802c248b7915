/*
 * A new pseudonym for a subject, when the key of pseudonyms has been rotated.
 *
 * While both keys are there, who logs in has a pseudonym under each. What the store holds under the former one is in force
 * as before, and moves to the new one with whatever is written of her next. What opens her entries does not move: it opens
 * them under the former pseudonym, which is not to stand anywhere any more. A tombstone stays under that, so that no cookie of
 * before raises anything.
 *
 * Of whom there is a legal hold nothing moves: what is decided is put where the rest is, until the hold is released.
 */

#include "ledger/inside.h"

typedef struct {
    consent_ledger_t  *ledger;
    const uint8_t     *from;
    const uint8_t     *to;
    consent_time_t     erased_at;       /* up to which she was erased under the new one */
} move_t;

static consent_rc_t may_move(consent_ledger_t *ledger, const uint8_t *from);
static consent_rc_t states(const move_t *move);
static consent_rc_t pasts(const move_t *move);
static consent_rc_t state(const move_t *move, uint8_t key[static CONSENT_STATE_KEY_LEN], consent_state_t *moved);
static consent_rc_t past(const move_t *move, uint8_t key[static CONSENT_PAST_KEY_LEN], consent_past_t *moved);
static consent_rc_t keys(const move_t *move);


consent_rc_t
consent_ledger_put_rekey(consent_ledger_t *ledger, consent_op_t *op)
{
    consent_rc_t  rc;

    if (!op->has_former) {
        return CONSENT_MALFORMED;
    }

    rc = consent_ledger_rekey(ledger, op);

    return rc == CONSENT_NOTFOUND ? CONSENT_CONFLICT : rc;
}


consent_rc_t
consent_ledger_rekey(consent_ledger_t *ledger, const consent_op_t *op)
{
    uint8_t         tombstone[CONSENT_TOMBSTONE_KEY_LEN];
    move_t          move = { ledger, op->former, op->subject, 0 };
    consent_rc_t    rc;
    consent_time_t  newest = 0, expires = op->now;

    rc = may_move(ledger, op->former);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_ledger_newest(ledger, op->former, &newest, &expires);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_tombstone_of(&move.erased_at, &ledger->view, ledger->write_mac, &ledger->meta, op->subject);
    }

    if (rc == CONSENT_OK) {
        rc = pasts(&move);
    }

    if (rc == CONSENT_OK) {
        rc = states(&move);
    }

    if (rc == CONSENT_OK) {
        rc = keys(&move);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_tombstone_new(tombstone, ledger, op->former);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_tombstone_put(ledger, consent_slice(tombstone, sizeof(tombstone)), newest, expires);
    }

    if (rc != CONSENT_OK && ledger->broken == CONSENT_OK) {
        ledger->broken = rc;
    }

    return rc;
}


consent_rc_t
consent_ledger_state_of(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    const uint8_t *former, uint64_t policy_id_key, consent_decision_t *decision, consent_time_t *erased_at, bool *moves)
{
    consent_rc_t        rc, other;
    consent_time_t      erased;
    consent_decision_t  before;

    *moves = false;
    rc = consent_ledger_state(ledger, subject, policy_id_key, decision, erased_at);

    if (former == NULL || (rc != CONSENT_OK && rc != CONSENT_NOTFOUND)) {
        return rc;
    }

    other = consent_ledger_state(ledger, former, policy_id_key, &before, &erased);

    if (other != CONSENT_OK) {
        if (other == CONSENT_NOTFOUND && rc == CONSENT_NOTFOUND && erased > *erased_at) {
            *erased_at = erased;
        }

        return other == CONSENT_NOTFOUND ? rc : other;
    }

    *moves = true;

    if (rc == CONSENT_NOTFOUND ? before.stamp >= *erased_at : consent_ledger_stands_before(&before, decision)) {
        *decision = before;
        *erased_at = 0;
        rc = CONSENT_OK;
    }

    return rc;
}


/* CONSENT_NOTFOUND: there is nothing to move. CONSENT_DENIED: it stays where it is. */
static consent_rc_t
may_move(consent_ledger_t *ledger, const uint8_t *from)
{
    consent_rc_t     rc;
    consent_time_t   held;
    consent_slice_t  value;

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_KEYS, consent_slice(from, CONSENT_SUBJECT_LEN), &value);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (ledger->self.epoch != 0) {
        ledger->what = "pseudonyms do not change in a cluster";
        return CONSENT_DENIED;
    }

    rc = consent_ledger_hold(&ledger->view, from, &held);

    if (rc == CONSENT_OK) {
        ledger->what = "there is a legal hold on this subject";
        return CONSENT_DENIED;
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


/* What is damaged is as none, and goes. */
static consent_rc_t
states(const move_t *move)
{
    bool              sound;
    uint8_t           key[CONSENT_STATE_KEY_LEN];
    consent_rc_t      rc;
    consent_state_t   moved;
    consent_slice_t   value;

    while ((rc = consent_ledger_first_of(move->ledger, CONSENT_TABLE_STATE, move->from, key, sizeof(key), &value))
           == CONSENT_OK)
    {
        sound = consent_state_decode(&moved, value) == CONSENT_OK && moved.decision.stamp > move->erased_at;
        rc = consent_ledger_delete(move->ledger, CONSENT_TABLE_STATE, consent_slice(key, sizeof(key)));

        if (rc == CONSENT_OK && sound) {
            rc = state(move, key, &moved);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


/* key: where it was; the new one's is made of it. */
static consent_rc_t
state(const move_t *move, uint8_t key[static CONSENT_STATE_KEY_LEN], consent_state_t *moved)
{
    uint32_t         count;
    uint8_t          record[CONSENT_STATE_LEN];
    consent_rc_t     rc;
    consent_slice_t  value;
    consent_state_t  there;

    memcpy(key, move->to, CONSENT_SUBJECT_LEN);
    rc = consent_view_get(&move->ledger->view, CONSENT_TABLE_STATE, consent_slice(key, CONSENT_STATE_KEY_LEN), &value);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return rc;
    }

    moved->index = CONSENT_NO_INDEX;

    if (rc == CONSENT_OK && consent_state_decode(&there, value) == CONSENT_OK) {
        count = moved->count < UINT32_MAX - there.count ? moved->count + there.count : UINT32_MAX;

        if (!consent_ledger_stands_before(&moved->decision, &there.decision)) {
            *moved = there;
        }

        moved->count = count;
    }

    consent_state_encode(record, moved);

    return consent_ledger_put(move->ledger, CONSENT_TABLE_STATE, consent_slice(key, CONSENT_STATE_KEY_LEN),
                              consent_slice(record, sizeof(record)), CONSENT_PUT_REPLACE);
}


static consent_rc_t
pasts(const move_t *move)
{
    bool              sound;
    uint8_t           key[CONSENT_PAST_KEY_LEN];
    consent_rc_t      rc;
    consent_past_t    moved;
    consent_slice_t   value;

    while ((rc = consent_ledger_first_of(move->ledger, CONSENT_TABLE_HISTORY, move->from, key, sizeof(key), &value))
           == CONSENT_OK)
    {
        sound = consent_past_decode(&moved, value) == CONSENT_OK;
        rc = consent_ledger_delete(move->ledger, CONSENT_TABLE_HISTORY, consent_slice(key, sizeof(key)));

        if (rc == CONSENT_OK && sound) {
            rc = past(move, key, &moved);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


/* Two of the same moment: a history holds the one that counts. */
static consent_rc_t
past(const move_t *move, uint8_t key[static CONSENT_PAST_KEY_LEN], consent_past_t *moved)
{
    uint8_t          record[CONSENT_PAST_LEN];
    consent_rc_t     rc;
    consent_slice_t  value, receipt;
    consent_past_t   there;

    memcpy(key, move->to, CONSENT_SUBJECT_LEN);
    receipt = consent_slice(moved->decision.receipt, CONSENT_ID_LEN);
    rc = consent_view_get(&move->ledger->view, CONSENT_TABLE_HISTORY, consent_slice(key, CONSENT_PAST_KEY_LEN), &value);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return rc;
    }

    if (moved->decision.stamp <= move->erased_at
        || (rc == CONSENT_OK && consent_past_decode(&there, value) == CONSENT_OK
            && !consent_ledger_stands_before(&moved->decision, &there.decision)))
    {
        return consent_ledger_delete(move->ledger, CONSENT_TABLE_RECEIPTS, receipt);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_delete(move->ledger, CONSENT_TABLE_RECEIPTS, consent_slice(there.decision.receipt, CONSENT_ID_LEN));

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    moved->index = CONSENT_NO_INDEX;
    moved->logged_at = 0;
    memset(moved->nonce, 0, sizeof(moved->nonce));
    consent_past_encode(record, moved);
    rc = consent_ledger_put(move->ledger, CONSENT_TABLE_HISTORY, consent_slice(key, CONSENT_PAST_KEY_LEN),
                            consent_slice(record, sizeof(record)), CONSENT_PUT_REPLACE);

    return rc == CONSENT_OK ? consent_ledger_put(move->ledger, CONSENT_TABLE_RECEIPTS, receipt,
                                                 consent_slice(key, CONSENT_PAST_KEY_LEN), CONSENT_PUT_REPLACE)
                            : rc;
}


/* A key of her own under the new pseudonym, and none under the former. */
static consent_rc_t
keys(const move_t *move)
{
    uint8_t          fresh[CONSENT_KEY_LEN];
    consent_rc_t     rc;
    consent_slice_t  value;

    rc = consent_ledger_delete(move->ledger, CONSENT_TABLE_KEYS, consent_slice(move->from, CONSENT_SUBJECT_LEN));

    if (rc == CONSENT_OK) {
        rc = consent_view_get(&move->ledger->view, CONSENT_TABLE_KEYS, consent_slice(move->to, CONSENT_SUBJECT_LEN), &value);
    }

    if (rc != CONSENT_NOTFOUND) {
        return rc;
    }

    rc = consent_random(fresh, sizeof(fresh));

    if (rc == CONSENT_OK) {
        rc = consent_ledger_put(move->ledger, CONSENT_TABLE_KEYS, consent_slice(move->to, CONSENT_SUBJECT_LEN),
                                consent_slice(fresh, sizeof(fresh)), CONSENT_PUT_NEW);
    }

    consent_wipe(fresh, sizeof(fresh));

    return rc;
}
