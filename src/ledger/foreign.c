/*
 * What another node decided, put among what is here. Whatever comes in whatever order, all stores end the same:
 *
 * - of two decisions the one that counts is the later by consent_decision_newer, which is a total order; one of the scope
 *   once counts for nothing beside one that stands;
 * - what is not later than an erasure is as if it had never been;
 * - each decision is an entry here once, also when it came too late to count.
 */

#include "ledger/replica_inside.h"

#define HEAD_LEN  (CONSENT_SUBJECT_LEN + 8 + CONSENT_DECISION_LEN)
#define LATEST    INT64_C(253402300799999)      /* the year 9999: a later stamp could not be followed by another */

typedef struct {
    uint8_t            state_key[CONSENT_STATE_KEY_LEN];
    uint8_t            past_key[CONSENT_PAST_KEY_LEN];
    uint8_t            subject_key[CONSENT_KEY_LEN];
    bool               had_state;
    consent_state_t    before;
    bool               had_past;        /* one of the same stamp */
    consent_past_t     same;
    bool               counts;          /* it goes into the history */
    bool               new_key;
    consent_past_t     past;
} foreign_t;

static consent_rc_t decision(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t record);
static consent_rc_t erasure(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t record);
static consent_rc_t tombstone(consent_ledger_t *ledger, consent_slice_t record);
static consent_rc_t text(consent_ledger_t *ledger, consent_table_t table, consent_slice_t value);
static consent_rc_t look(consent_ledger_t *ledger, consent_op_t *op, foreign_t *f);
static consent_rc_t subject_key(consent_ledger_t *ledger, const uint8_t *subject, foreign_t *f);
static consent_rc_t entry_of(consent_ledger_t *ledger, consent_op_t *op, foreign_t *f, consent_slice_t there,
    uint64_t index);
static consent_rc_t put(consent_ledger_t *ledger, consent_op_t *op, foreign_t *f);
static consent_rc_t put_state(consent_ledger_t *ledger, foreign_t *f);


consent_rc_t
consent_foreign_put(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t record)
{
    consent_slice_t  rest;

    rest = consent_slice(record.data + 1, record.len - 1);

    switch (record.data[0]) {
    case CONSENT_RECORD_DECISION:
    case CONSENT_RECORD_PAST:
        return decision(ledger, op, record);

    case CONSENT_RECORD_LOGGED:
        return rest.len > 8 ? consent_foreign_logged(ledger, op, consent_slice(rest.data + 8, rest.len - 8),
                                                     consent_get_u64(rest.data))
                            : CONSENT_MALFORMED;

    case CONSENT_RECORD_ERASURE:
        return erasure(ledger, op, rest);

    case CONSENT_RECORD_POLICY:
        return text(ledger, CONSENT_TABLE_POLICIES, rest);

    case CONSENT_RECORD_TEXT:
        return text(ledger, CONSENT_TABLE_TEXTS, rest);

    case CONSENT_RECORD_TOMBSTONE:
        return tombstone(ledger, rest);

    case CONSENT_RECORD_NOTHING:
        return CONSENT_OK;
    }

    return CONSENT_MALFORMED;
}


consent_rc_t
consent_foreign_decision(consent_ledger_t *ledger, consent_op_t *op, const consent_past_t *past, consent_slice_t entry,
    uint64_t index)
{
    foreign_t     f;
    consent_rc_t  rc;

    memset(&f, 0, sizeof(f));
    f.past = *past;

    rc = look(ledger, op, &f);

    if (rc == CONSENT_OK && entry.len > 0) {
        rc = entry_of(ledger, op, &f, entry, index);
    }

    if (rc == CONSENT_OK && f.counts) {
        rc = put(ledger, op, &f);
    }

    consent_wipe(&f, sizeof(f));

    return rc;
}


consent_rc_t
consent_foreign_logged(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t entry, uint64_t index)
{
    foreign_t  f;

    memset(&f, 0, sizeof(f));

    return entry_of(ledger, op, &f, entry, index);
}


static consent_rc_t
decision(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t record)
{
    bool             is_past;
    uint64_t         index;
    const uint8_t   *p = record.data + 1;
    consent_rc_t     rc;
    consent_past_t   past;
    consent_slice_t  entry;

    is_past = record.data[0] == CONSENT_RECORD_PAST;

    if (is_past ? record.len != 1 + HEAD_LEN : record.len <= 1 + HEAD_LEN + 8) {
        return CONSENT_MALFORMED;
    }

    memset(&past, 0, sizeof(past));
    rc = consent_decision_decode(&past.decision, &past.identified, p + CONSENT_STATE_KEY_LEN);

    if (rc != CONSENT_OK || past.decision.stamp > LATEST) {
        return CONSENT_MALFORMED;
    }

    op->replica->ahead += past.decision.stamp > op->now + CONSENT_AHEAD_MAX;
    memcpy(op->subject, p, CONSENT_SUBJECT_LEN);
    op->policy.id_key = consent_get_u64(p + CONSENT_SUBJECT_LEN);

    index = is_past ? 0 : consent_get_u64(p + HEAD_LEN);
    entry = is_past ? consent_slice(NULL, 0) : consent_slice(p + HEAD_LEN + 8, record.len - 1 - HEAD_LEN - 8);

    return consent_foreign_decision(ledger, op, &past, entry, index);
}


static consent_rc_t
erasure(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t record)
{
    const uint8_t  *p = record.data;

    if (record.len <= CONSENT_SUBJECT_LEN + 24 || consent_get_u64(p + CONSENT_SUBJECT_LEN) > (uint64_t) LATEST
        || consent_get_u64(p + CONSENT_SUBJECT_LEN + 8) > INT64_MAX)
    {
        return CONSENT_MALFORMED;
    }

    memcpy(op->subject, p, CONSENT_SUBJECT_LEN);

    return consent_foreign_erasure(ledger, op, (consent_time_t) consent_get_u64(p + CONSENT_SUBJECT_LEN),
                                   (consent_time_t) consent_get_u64(p + CONSENT_SUBJECT_LEN + 8),
                                   consent_slice(p + CONSENT_SUBJECT_LEN + 24, record.len - CONSENT_SUBJECT_LEN - 24),
                                   consent_get_u64(p + CONSENT_SUBJECT_LEN + 16));
}


static consent_rc_t
tombstone(consent_ledger_t *ledger, consent_slice_t record)
{
    consent_time_t  erased_at, keep_until;

    if (record.len != CONSENT_TOMBSTONE_KEY_LEN + CONSENT_TOMBSTONE_LEN
        || consent_tombstone_decode(&erased_at, &keep_until,
                                    consent_slice(record.data + CONSENT_TOMBSTONE_KEY_LEN, CONSENT_TOMBSTONE_LEN))
           != CONSENT_OK || erased_at > LATEST)
    {
        return CONSENT_MALFORMED;
    }

    return consent_ledger_tombstone_put(ledger, consent_slice(record.data, CONSENT_TOMBSTONE_KEY_LEN), erased_at,
                                     keep_until);
}


/* It says itself under which key it is kept. */
static consent_rc_t
text(consent_ledger_t *ledger, consent_table_t table, consent_slice_t value)
{
    uint8_t          hash[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_slice_t  key, found;

    if (value.len == 0) {
        return CONSENT_MALFORMED;
    }

    if (consent_digest_sha256(ledger->digest, hash, &value, 1) != CONSENT_OK) {
        return CONSENT_IO;
    }

    key = consent_slice(hash, table == CONSENT_TABLE_POLICIES ? 8 : CONSENT_HASH_LEN);
    rc = consent_view_get(&ledger->view, table, key, &found);

    if (rc != CONSENT_NOTFOUND) {
        return rc == CONSENT_OK ? CONSENT_OK : CONSENT_IO;
    }

    return consent_ledger_put(ledger, table, key, value, CONSENT_PUT_NEW);
}


/* What is here of its subject, and whether it counts beside that. */
static consent_rc_t
look(consent_ledger_t *ledger, consent_op_t *op, foreign_t *f)
{
    consent_rc_t     rc;
    consent_time_t   erased_at;
    consent_slice_t  value;

    consent_state_key(f->state_key, op->subject, op->policy.id_key);
    consent_past_key(f->past_key, op->subject, op->policy.id_key, f->past.decision.stamp);

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_STATE, consent_slice(f->state_key, sizeof(f->state_key)),
                          &value);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return CONSENT_IO;
    }

    f->had_state = rc == CONSENT_OK && consent_state_decode(&f->before, value) == CONSENT_OK;

    /* also with a state: this one may be of before the erasure that the state came after */
    if (consent_ledger_tombstone_of(&erased_at, &ledger->view, ledger->write_mac, &ledger->meta, op->subject)
        != CONSENT_OK)
    {
        return CONSENT_IO;
    }

    if (f->past.decision.stamp <= erased_at) {
        return CONSENT_OK;
    }

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_HISTORY, consent_slice(f->past_key, sizeof(f->past_key)),
                          &value);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return CONSENT_IO;
    }

    f->had_past = rc == CONSENT_OK && consent_past_decode(&f->same, value) == CONSENT_OK;

    /* two of the same moment: a history holds the one that counts */
    f->counts = !f->had_past
                || consent_ledger_stands_before(&f->past.decision, &f->same.decision)
                || memcmp(f->past.decision.receipt, f->same.decision.receipt, CONSENT_ID_LEN) == 0;

    return f->counts ? subject_key(ledger, op->subject, f) : CONSENT_OK;
}


static consent_rc_t
subject_key(consent_ledger_t *ledger, const uint8_t *subject, foreign_t *f)
{
    consent_rc_t     rc;
    consent_slice_t  value;

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_KEYS, consent_slice(subject, CONSENT_SUBJECT_LEN), &value);

    if (rc == CONSENT_OK && value.len == CONSENT_KEY_LEN) {
        memcpy(f->subject_key, value.data, CONSENT_KEY_LEN);
        return CONSENT_OK;
    }

    if (rc != CONSENT_NOTFOUND) {
        return CONSENT_IO;
    }

    f->new_key = true;

    return consent_random(f->subject_key, CONSENT_KEY_LEN);
}


static consent_rc_t
entry_of(consent_ledger_t *ledger, consent_op_t *op, foreign_t *f, consent_slice_t there, uint64_t index)
{
    uint8_t          commitment[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_buf_t    b;
    consent_entry_t  here;

    f->past.index = ledger->meta.next_index;
    f->past.logged_at = consent_ledger_time(ledger, op);

    here.type = "decision";
    here.time = f->past.logged_at;
    here.node = consent_cstr(ledger->node);
    here.policy = NULL;

    if (f->counts) {
        rc = consent_random(f->past.nonce, CONSENT_NONCE_LEN);
        rc = rc == CONSENT_OK ? consent_entry_commitment(commitment, f->subject_key, f->past.nonce, op->subject,
                                                         f->past.index, f->past.logged_at)
                              : rc;
    } else {
        rc = consent_random(commitment, sizeof(commitment));
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    consent_buf_init_fixed(&b, ledger->entry, CONSENT_ENTRY_MAX + 1);
    rc = consent_entry_foreign(&b, ledger->digest, &here, there, index, commitment, 0);

    return rc == CONSENT_OK ? consent_ledger_append(ledger, op, consent_buf_view(&b)) : rc;
}


static consent_rc_t
put(consent_ledger_t *ledger, consent_op_t *op, foreign_t *f)
{
    bool             is_known;
    uint8_t          record[CONSENT_PAST_LEN];
    consent_rc_t     rc;
    consent_slice_t  past_key;

    past_key = consent_slice(f->past_key, sizeof(f->past_key));
    is_known = f->had_past && memcmp(f->same.decision.receipt, f->past.decision.receipt, CONSENT_ID_LEN) == 0;

    if (f->past.logged_at == 0) {

        if (is_known) {
            return CONSENT_OK;
        }

        f->past.index = CONSENT_NO_INDEX;
    }

    consent_past_encode(record, &f->past);
    rc = consent_ledger_put(ledger, CONSENT_TABLE_HISTORY, past_key, consent_slice(record, sizeof(record)),
                            CONSENT_PUT_REPLACE);

    if (rc == CONSENT_OK && f->had_past && !is_known) {
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_RECEIPTS,
                                   consent_slice(f->same.decision.receipt, CONSENT_ID_LEN));
    }

    if (rc == CONSENT_OK && !is_known) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_RECEIPTS,
                                consent_slice(f->past.decision.receipt, CONSENT_ID_LEN), past_key,
                                CONSENT_PUT_REPLACE);
    }

    if (rc == CONSENT_OK && f->new_key) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_KEYS, consent_slice(op->subject, CONSENT_SUBJECT_LEN),
                                consent_slice(f->subject_key, CONSENT_KEY_LEN), CONSENT_PUT_NEW);
    }

    if (rc == CONSENT_OK) {
        rc = put_state(ledger, f);
    }

    if (rc == CONSENT_OK && f->had_state && !f->had_past && f->before.count >= CONSENT_HISTORY_MAX) {
        rc = consent_ledger_forget_oldest(ledger, f->state_key);
    }

    return rc;
}


static consent_rc_t
put_state(consent_ledger_t *ledger, foreign_t *f)
{
    uint8_t          record[CONSENT_STATE_LEN];
    consent_state_t  state;

    state.decision = f->past.decision;
    state.identified = f->past.identified;
    state.index = f->past.index;
    state.count = 1;

    if (f->had_state) {

        if (!consent_ledger_stands_before(&f->past.decision, &f->before.decision)) {
            state = f->before;
        }

        state.count = f->before.count < UINT32_MAX && !f->had_past ? f->before.count + 1 : f->before.count;
    }

    consent_state_encode(record, &state);

    return consent_ledger_put(ledger, CONSENT_TABLE_STATE, consent_slice(f->state_key, sizeof(f->state_key)),
                              consent_slice(record, sizeof(record)), CONSENT_PUT_REPLACE);
}
