/*
 * A decision in the store: its state, its past, its receipt, its subject's key and its entry, in one
 * transaction.
 */

#include "ledger/inside.h"

typedef struct {
    bool             had_state;
    consent_state_t  before;
    bool             new_key;
    bool             new_text;
    uint8_t          random[CONSENT_ID_LEN + CONSENT_NONCE_LEN + CONSENT_KEY_LEN];     /* one draw costs less */
    uint8_t          subject_key[CONSENT_KEY_LEN];
    uint8_t          state_key[CONSENT_STATE_KEY_LEN];
    uint8_t          past_key[CONSENT_PAST_KEY_LEN];
    uint8_t          state[CONSENT_STATE_LEN];
    uint8_t          past[CONSENT_PAST_LEN];
    consent_slice_t  entry;
} decide_t;

static consent_rc_t state_before(consent_ledger_t *ledger, decide_t *d);
static bool is_said(const consent_op_t *op, const decide_t *d);
static bool lessens(consent_op_t *op, const decide_t *d);
static bool takes_away(const consent_op_t *op, const decide_t *d);
static consent_rc_t stamp(consent_ledger_t *ledger, consent_op_t *op, const decide_t *d);
static consent_rc_t stamp_is_new(consent_ledger_t *ledger, consent_op_t *op);
static consent_rc_t key_of(consent_ledger_t *ledger, const consent_op_t *op, decide_t *d);
static consent_rc_t records(consent_ledger_t *ledger, consent_op_t *op, decide_t *d);
static consent_rc_t put(consent_ledger_t *ledger, consent_op_t *op, decide_t *d);


consent_rc_t
consent_ledger_put_decision(consent_ledger_t *ledger, consent_op_t *op)
{
    decide_t      d;
    consent_rc_t  rc;

    if (op->has_former) {
        rc = consent_ledger_rekey(ledger, op);

        if (rc == CONSENT_DENIED) {
            /* it stays where the rest is */
            ledger->what = NULL;
            memcpy(op->subject, op->former, CONSENT_SUBJECT_LEN);

        } else if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
            return rc;
        }
    }

    memset(&d, 0, sizeof(d));
    consent_state_key(d.state_key, op->subject, op->policy.id_key);

    rc = state_before(ledger, &d);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (op->once_a_day && is_said(op, &d)) {
        return CONSENT_CONFLICT;
    }

    if (op->lessens && !lessens(op, &d)) {
        ledger->what = "it would share more than what is in force";
        return CONSENT_DENIED;
    }

    if (!takes_away(op, &d) && consent_store_is_tight(ledger->store, ledger->put)) {
        ledger->what = "the store is nearly full: it takes only what lessens a grant";
        return CONSENT_FULL;
    }

    rc = stamp(ledger, op, &d);

    if (rc == CONSENT_OK) {
        rc = consent_random(d.random, sizeof(d.random));
    }

    if (rc == CONSENT_OK) {
        rc = key_of(ledger, op, &d);
    }

    if (rc == CONSENT_OK) {
        rc = records(ledger, op, &d);
    }

    if (rc == CONSENT_OK) {
        rc = put(ledger, op, &d);
    }

    consent_wipe(&d, sizeof(d));

    return rc;
}


static consent_rc_t
state_before(consent_ledger_t *ledger, decide_t *d)
{
    consent_rc_t     rc;
    consent_slice_t  value;

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_STATE, consent_slice(d->state_key, sizeof(d->state_key)),
                          &value);

    if (rc == CONSENT_NOTFOUND) {
        return CONSENT_OK;
    }

    /* a damaged state is as none: it must be possible to replace it */
    d->had_state = rc == CONSENT_OK && consent_state_decode(&d->before, value) == CONSENT_OK;

    return rc == CONSENT_OK ? CONSENT_OK : CONSENT_IO;
}


/* A signal takes away; nothing is left that this one could. */
static bool
is_said(const consent_op_t *op, const decide_t *d)
{
    return d->had_state && d->before.decision.policy == op->decision.policy
           && (d->before.decision.granted & ~op->decision.granted) == 0;
}


/* Held against what is in force now, whatever it was made from. What was decided under another version of the policy can be
 * read by the caller alone: it must not be later than what the caller has read. */
static bool
lessens(consent_op_t *op, const decide_t *d)
{
    bool                       is_read;
    consent_decision_t        *decision = &op->decision;
    const consent_decision_t  *before = &d->before.decision;

    if (d->had_state && decision->ai < before->ai && before->expires_at > op->now) {
        decision->ai = before->ai;
    }

    if (decision->granted == 0) {
        return true;
    }

    if (!d->had_state || before->expires_at <= op->now) {
        return false;
    }

    is_read = before->policy == decision->policy;

    if (is_read ? (decision->granted & ~before->granted) != 0 : before->stamp > op->seen) {
        return false;
    }

    if (decision->expires_at > before->expires_at) {
        decision->expires_at = before->expires_at;
    }

    if (is_read) {
        decision->status = decision->granted == before->granted ? CONSENT_STATUS_GIVEN : CONSENT_STATUS_LOWERED;
    }

    return true;
}


/* What a store that is nearly full still takes. */
static bool
takes_away(const consent_op_t *op, const decide_t *d)
{
    switch (op->decision.status) {
    case CONSENT_STATUS_WITHDRAWN:
    case CONSENT_STATUS_LOWERED:
    case CONSENT_STATUS_EXPIRED:
    case CONSENT_STATUS_LAPSED:
        return true;

    case CONSENT_STATUS_REFUSED:
        return d->had_state && d->before.decision.granted != 0;

    default:
        return false;
    }
}


/* Later than what it replaces, and than an erasure before it, whatever the clock says. */
static consent_rc_t
stamp(consent_ledger_t *ledger, consent_op_t *op, const decide_t *d)
{
    consent_rc_t    rc;
    consent_time_t  after;

    after = 0;

    if (d->had_state) {
        after = d->before.decision.stamp;

    } else {
        rc = consent_ledger_erased_at(&after, &ledger->view, ledger->write_mac, op->subject);

        if (rc != CONSENT_OK) {
            return CONSENT_IO;
        }
    }

    if (after == INT64_MAX) {
        return CONSENT_LIMIT;
    }

    if (op->decision.stamp < op->now) {
        op->decision.stamp = op->now;
    }

    if (op->decision.stamp <= after) {
        op->decision.stamp = after + 1;
    }

    return stamp_is_new(ledger, op);
}


/* What was decided for one request stands in the history alone, under a stamp of its own. */
static consent_rc_t
stamp_is_new(consent_ledger_t *ledger, consent_op_t *op)
{
    uint8_t          key[CONSENT_PAST_KEY_LEN];
    consent_rc_t     rc;
    consent_slice_t  value;

    for ( ;; ) {
        consent_past_key(key, op->subject, op->policy.id_key, op->decision.stamp);

        rc = consent_view_get(&ledger->view, CONSENT_TABLE_HISTORY, consent_slice(key, sizeof(key)), &value);

        if (rc != CONSENT_OK) {
            return rc == CONSENT_NOTFOUND ? CONSENT_OK : CONSENT_IO;
        }

        if (op->decision.stamp == INT64_MAX) {
            return CONSENT_LIMIT;
        }

        op->decision.stamp++;
    }
}


static consent_rc_t
key_of(consent_ledger_t *ledger, const consent_op_t *op, decide_t *d)
{
    consent_rc_t     rc;
    consent_slice_t  value;

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_KEYS, consent_slice(op->subject, CONSENT_SUBJECT_LEN),
                          &value);

    if (rc == CONSENT_OK && value.len == CONSENT_KEY_LEN) {
        memcpy(d->subject_key, value.data, CONSENT_KEY_LEN);
        return CONSENT_OK;
    }

    if (rc != CONSENT_NOTFOUND) {
        return CONSENT_IO;
    }

    d->new_key = true;
    memcpy(d->subject_key, d->random + CONSENT_ID_LEN + CONSENT_NONCE_LEN, CONSENT_KEY_LEN);

    return CONSENT_OK;
}


/* Everything that is to be put, and nothing put yet. */
static consent_rc_t
records(consent_ledger_t *ledger, consent_op_t *op, decide_t *d)
{
    uint8_t          commitment[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_buf_t    fields;
    consent_past_t   past;
    consent_state_t  state;

    /* a random UUID (RFC 9562, 5.4) */
    memcpy(op->decision.receipt, d->random, CONSENT_ID_LEN);
    op->decision.receipt[6] = (op->decision.receipt[6] & 0x0f) | 0x40;
    op->decision.receipt[8] = (op->decision.receipt[8] & 0x3f) | 0x80;

    memcpy(past.nonce, d->random + CONSENT_ID_LEN, CONSENT_NONCE_LEN);

    past.decision = op->decision;
    past.identified = op->identified;
    past.index = ledger->meta.next_index;
    past.logged_at = consent_ledger_time(ledger, op);
    consent_past_encode(d->past, &past);
    consent_past_key(d->past_key, op->subject, op->policy.id_key, op->decision.stamp);

    if (d->had_state && !consent_ledger_stands_before(&op->decision, &d->before.decision)) {
        /* what is said of one request changes nothing of what is in force */
        state = d->before;

    } else {
        state.decision = op->decision;
        state.identified = op->identified;
        state.index = past.index;
    }

    state.count = d->had_state && d->before.count < UINT32_MAX ? d->before.count + 1 : 1;
    consent_state_encode(d->state, &state);

    /* what could not be read back is the caller's mistake */
    rc = consent_past_decode(&past, consent_slice(d->past, sizeof(d->past)));

    if (rc == CONSENT_OK) {
        rc = consent_entry_commitment(commitment, d->subject_key, past.nonce, op->subject, past.index,
                                      past.logged_at);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    consent_buf_init_fixed(&fields, ledger->fields, CONSENT_ENTRY_MAX + 1);
    rc = consent_entry_decision(&fields, op, commitment);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_build(ledger, op, "decision", consent_buf_view(&fields), &d->entry);
    }

    if (rc == CONSENT_OK && op->notice.len > 0) {
        rc = consent_ledger_check_text(ledger, CONSENT_TABLE_TEXTS,
                                       consent_slice(op->notice_hash, CONSENT_HASH_LEN), op->notice_hash,
                                       op->notice, &d->new_text);
    }

    return rc;
}


static consent_rc_t
put(consent_ledger_t *ledger, consent_op_t *op, decide_t *d)
{
    consent_rc_t     rc;
    consent_slice_t  past_key;

    past_key = consent_slice(d->past_key, sizeof(d->past_key));

    rc = consent_ledger_append(ledger, op, d->entry);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_STATE, consent_slice(d->state_key, sizeof(d->state_key)),
                                consent_slice(d->state, sizeof(d->state)), CONSENT_PUT_REPLACE);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_HISTORY, past_key, consent_slice(d->past, sizeof(d->past)),
                                CONSENT_PUT_NEW);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_RECEIPTS,
                                consent_slice(op->decision.receipt, CONSENT_ID_LEN), past_key, CONSENT_PUT_NEW);
    }

    if (rc == CONSENT_OK && d->new_key) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_KEYS, consent_slice(op->subject, CONSENT_SUBJECT_LEN),
                                consent_slice(d->subject_key, CONSENT_KEY_LEN), CONSENT_PUT_NEW);
    }

    if (rc == CONSENT_OK && d->new_text) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_TEXTS, consent_slice(op->notice_hash, CONSENT_HASH_LEN),
                                op->notice, CONSENT_PUT_NEW);

        if (rc == CONSENT_OK) {
            rc = consent_outgoing_text(ledger, op->notice_hash);
        }
    }

    if (rc == CONSENT_OK && d->had_state && d->before.count >= CONSENT_HISTORY_MAX) {
        rc = consent_ledger_forget_oldest(ledger, d->state_key);
    }

    return rc;
}


bool
consent_ledger_stands_before(const consent_decision_t *a, const consent_decision_t *b)
{
    bool  a_once, b_once;

    a_once = a->scope == CONSENT_SCOPE_ONCE;
    b_once = b->scope == CONSENT_SCOPE_ONCE;

    return a_once != b_once ? b_once : consent_decision_newer(a, b) == a;
}


consent_rc_t
consent_ledger_forget_oldest(consent_ledger_t *ledger, const uint8_t state_key[static CONSENT_STATE_KEY_LEN])
{
    uint8_t          end[CONSENT_PAST_KEY_LEN], oldest[CONSENT_PAST_KEY_LEN];
    consent_rc_t     rc;
    consent_past_t   past;
    consent_time_t   held;
    consent_slice_t  key, value;

    rc = consent_ledger_hold(&ledger->view, state_key, &held);

    if (rc != CONSENT_NOTFOUND) {
        return rc;
    }

    memcpy(end, state_key, CONSENT_STATE_KEY_LEN);
    memset(end + CONSENT_STATE_KEY_LEN, 0xff, 8);

    rc = consent_view_near(&ledger->view, CONSENT_TABLE_HISTORY, consent_slice(end, sizeof(end)), true, &key,
                           &value);

    if (rc != CONSENT_OK || key.len != sizeof(oldest) || memcmp(key.data, end, CONSENT_STATE_KEY_LEN) != 0) {
        return rc == CONSENT_OK || rc == CONSENT_NOTFOUND ? CONSENT_OK : CONSENT_IO;
    }

    memcpy(oldest, key.data, sizeof(oldest));

    if (consent_past_decode(&past, value) == CONSENT_OK) {
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_RECEIPTS,
                                   consent_slice(past.decision.receipt, CONSENT_ID_LEN));
    }

    return rc == CONSENT_OK ? consent_ledger_delete(ledger, CONSENT_TABLE_HISTORY,
                                                    consent_slice(oldest, sizeof(oldest)))
                            : rc;
}
