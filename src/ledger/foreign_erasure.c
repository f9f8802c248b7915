/*
 * An erasure on another node: what is not later than it goes, what she decided since stays, and the tombstone keeps the
 * rest from coming back.
 */

#include "ledger/replica_inside.h"

typedef struct {
    consent_ledger_t  *ledger;
    const uint8_t     *subject;
    consent_time_t     erased_at;
    uint64_t           erased;
} erase_t;

static consent_rc_t past_of(erase_t *e, bool *left);
static consent_rc_t states_of(erase_t *e);
static consent_rc_t state_again(erase_t *e, const uint8_t key[static CONSENT_STATE_KEY_LEN], uint32_t count);


consent_rc_t
consent_foreign_erasure(consent_ledger_t *ledger, consent_op_t *op, consent_time_t erased_at, consent_time_t keep_until,
    consent_slice_t entry, uint64_t index)
{
    uint8_t          key[CONSENT_TOMBSTONE_KEY_LEN];
    uint64_t         erased;
    consent_rc_t     rc;
    consent_buf_t    b;
    consent_time_t   held;
    consent_entry_t  here;

    here.type = "erasure";
    here.time = consent_ledger_time(ledger, op);
    here.node = consent_cstr(ledger->node);
    here.policy = NULL;

    /* what may be wrong with it, before anything is deleted */

    consent_buf_init_fixed(&b, ledger->entry, CONSENT_ENTRY_MAX + 1);
    rc = consent_entry_foreign(&b, ledger->digest, &here, entry, index, NULL, 0);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_hold(&ledger->view, op->subject, &held);

        /* what is beside the keys is done whatever the store says: of whom there is a hold it gets there with the release */
        rc = rc == CONSENT_NOTFOUND ? consent_kept_add(ledger, op->subject, erased_at, keep_until) : rc;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_foreign_erase(ledger, op->subject, erased_at, &erased);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_tombstone_new(key, ledger, op->subject);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_tombstone_put(ledger, consent_slice(key, sizeof(key)), erased_at, keep_until);
    }

    if (rc == CONSENT_OK) {
        consent_buf_init_fixed(&b, ledger->entry, CONSENT_ENTRY_MAX + 1);
        rc = consent_entry_foreign(&b, ledger->digest, &here, entry, index, NULL, erased);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_append(ledger, op, consent_buf_view(&b));
    }

    if (rc != CONSENT_OK && ledger->broken == CONSENT_OK) {
        ledger->broken = rc;
    }

    return rc;
}


consent_rc_t
consent_foreign_erase(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_time_t erased_at, uint64_t *erased)
{
    bool            left;
    erase_t         e = { ledger, subject, erased_at, 0 };
    consent_rc_t    rc;
    consent_time_t  held;

    *erased = 0;
    rc = consent_ledger_hold(&ledger->view, subject, &held);

    if (rc == CONSENT_OK) {
        /* of whom there is a legal hold here nothing is in force any more, and nothing is lost */
        return states_of(&e);
    }

    rc = rc == CONSENT_NOTFOUND ? past_of(&e, &left) : rc;

    if (rc == CONSENT_OK) {
        rc = states_of(&e);
    }

    if (rc == CONSENT_OK && !left) {
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_KEYS, consent_slice(subject, CONSENT_SUBJECT_LEN));
    }

    *erased = e.erased;

    return rc;
}


/* The later of what is there and this. */
consent_rc_t
consent_ledger_tombstone_put(consent_ledger_t *ledger, consent_slice_t key, consent_time_t erased_at,
    consent_time_t keep_until)
{
    uint8_t          record[CONSENT_TOMBSTONE_LEN];
    consent_rc_t     rc;
    consent_time_t   at, until;
    consent_slice_t  value;

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_TOMBSTONES, key, &value);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return CONSENT_IO;
    }

    if (rc == CONSENT_OK && consent_tombstone_decode(&at, &until, value) == CONSENT_OK) {
        erased_at = at > erased_at ? at : erased_at;
        keep_until = until > keep_until ? until : keep_until;
    }

    consent_tombstone_encode(record, erased_at, keep_until);

    return consent_ledger_put(ledger, CONSENT_TABLE_TOMBSTONES, key, consent_slice(record, sizeof(record)),
                              CONSENT_PUT_REPLACE);
}


/* left: something later remains. */
static consent_rc_t
past_of(erase_t *e, bool *left)
{
    size_t            len;
    uint8_t           from[CONSENT_PAST_KEY_LEN], key[CONSENT_PAST_KEY_LEN];
    consent_rc_t      rc;
    consent_past_t    past;
    consent_slice_t   found, value;
    consent_ledger_t *ledger = e->ledger;

    *left = false;
    memcpy(from, e->subject, CONSENT_SUBJECT_LEN);
    len = CONSENT_SUBJECT_LEN;

    for ( ;; ) {
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_HISTORY, consent_slice(from, len), false, &found, &value);

        if (rc == CONSENT_NOTFOUND
            || (rc == CONSENT_OK && (found.len != sizeof(key)
                                     || memcmp(found.data, e->subject, CONSENT_SUBJECT_LEN) != 0)))
        {
            return CONSENT_OK;
        }

        if (rc != CONSENT_OK) {
            return CONSENT_IO;
        }

        memcpy(key, found.data, sizeof(key));

        if (~consent_get_u64(key + CONSENT_STATE_KEY_LEN) > (uint64_t) e->erased_at) {
            /* on to the first that is not later */
            *left = true;
            memcpy(from, key, CONSENT_STATE_KEY_LEN);
            consent_put_u64(from + CONSENT_STATE_KEY_LEN, ~(uint64_t) e->erased_at);
            len = sizeof(from);
            continue;
        }

        e->erased++;
        rc = CONSENT_OK;

        if (consent_past_decode(&past, value) == CONSENT_OK) {
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_RECEIPTS,
                                       consent_slice(past.decision.receipt, CONSENT_ID_LEN));
        }

        if (rc == CONSENT_OK) {
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_HISTORY, consent_slice(key, sizeof(key)));
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }
}


static consent_rc_t
states_of(erase_t *e)
{
    uint8_t           from[CONSENT_STATE_KEY_LEN];
    uint32_t          count;
    consent_rc_t      rc;
    consent_state_t   state;
    consent_slice_t   found, value;
    consent_ledger_t *ledger = e->ledger;

    consent_state_key(from, e->subject, 0);

    for ( ;; ) {
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_STATE, consent_slice(from, sizeof(from)), false, &found,
                               &value);

        if (rc == CONSENT_NOTFOUND
            || (rc == CONSENT_OK && (found.len != sizeof(from)
                                     || memcmp(found.data, e->subject, CONSENT_SUBJECT_LEN) != 0)))
        {
            return CONSENT_OK;
        }

        if (rc != CONSENT_OK) {
            return CONSENT_IO;
        }

        memcpy(from, found.data, sizeof(from));
        count = 1;

        if (consent_state_decode(&state, value) != CONSENT_OK || state.decision.stamp <= e->erased_at) {
            count = consent_state_decode(&state, value) == CONSENT_OK ? state.count : 1;
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_STATE, consent_slice(from, sizeof(from)));

            if (rc == CONSENT_OK) {
                rc = state_again(e, from, count);
            }

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        if (consent_get_u64(from + CONSENT_SUBJECT_LEN) == UINT64_MAX) {
            return CONSENT_OK;
        }

        consent_put_u64(from + CONSENT_SUBJECT_LEN, consent_get_u64(from + CONSENT_SUBJECT_LEN) + 1);
    }
}


/* What is left of the history is later than the erasure, and of the scope once: what stands would have been the state. */
static consent_rc_t
state_again(erase_t *e, const uint8_t key[static CONSENT_STATE_KEY_LEN], uint32_t count)
{
    uint8_t          from[CONSENT_PAST_KEY_LEN] = { 0 }, record[CONSENT_STATE_LEN];
    consent_rc_t     rc;
    consent_past_t   past;
    consent_state_t  state;
    consent_slice_t  found, value;

    memcpy(from, key, CONSENT_STATE_KEY_LEN);
    rc = consent_view_near(&e->ledger->view, CONSENT_TABLE_HISTORY, consent_slice(from, sizeof(from)), false, &found,
                           &value);

    if (rc == CONSENT_NOTFOUND
        || (rc == CONSENT_OK && (found.len != sizeof(from) || memcmp(found.data, key, CONSENT_STATE_KEY_LEN) != 0
                                 || consent_past_decode(&past, value) != CONSENT_OK
                                 || past.decision.stamp <= e->erased_at)))
    {
        return CONSENT_OK;
    }

    if (rc != CONSENT_OK) {
        return CONSENT_IO;
    }

    state.decision = past.decision;
    state.identified = past.identified;
    state.index = past.index;
    state.count = count;
    consent_state_encode(record, &state);

    return consent_ledger_put(e->ledger, CONSENT_TABLE_STATE, consent_slice(key, CONSENT_STATE_KEY_LEN),
                              consent_slice(record, sizeof(record)), CONSENT_PUT_NEW);
}
