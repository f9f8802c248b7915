/*
 * A legal hold: what a court or an auditor needs is not erased, and who asks for it is told why. It says nothing in the log
 * but that there is one more, or one less. What another node erased meanwhile goes when the hold is released.
 */

#include "ledger/replica_inside.h"

/* Who is looked at, for decisions in these entries. */
typedef struct {
    consent_view_t  *view;
    uint64_t         first;
    uint64_t         end;
    consent_slice_t  subject;
    consent_rc_t     rc;            /* CONSENT_NOTFOUND: there is none so far */
} within_t;

static bool each_hold(void *arg, consent_slice_t key, consent_slice_t value);
static bool each_past(void *arg, consent_slice_t key, consent_slice_t value);
static consent_rc_t where(consent_ledger_t *ledger, consent_op_t *op);
static consent_rc_t waits(consent_ledger_t *ledger, const consent_op_t *op, consent_time_t *erased_at);
static consent_rc_t erase(consent_ledger_t *ledger, const consent_op_t *behind, consent_time_t erased_at, uint64_t *erased);


consent_rc_t
consent_ledger_put_hold(consent_ledger_t *ledger, consent_op_t *op)
{
    uint8_t          record[CONSENT_HOLD_LEN];
    consent_rc_t     rc;
    consent_buf_t    fields;
    consent_time_t   since, erased_at;
    consent_slice_t  entry, key;

    op->erased = 0;
    erased_at = 0;
    rc = op->has_former ? where(ledger, op) : CONSENT_OK;

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_ledger_hold(&ledger->view, op->subject, &since);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return rc;
    }

    if ((rc == CONSENT_OK) != op->release) {
        return CONSENT_CONFLICT;
    }

    consent_buf_init_fixed(&fields, ledger->fields, CONSENT_ENTRY_MAX + 1);
    consent_entry_case(&fields, op);
    consent_buf_printf(&fields, "%c\"change\":\"%s\"}", fields.len == 0 ? '{' : ',', op->release ? "released" : "placed");

    rc = consent_ledger_build(ledger, op, "hold", consent_buf_view(&fields), &entry);

    if (rc == CONSENT_OK && op->release) {
        rc = waits(ledger, op, &erased_at);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_append(ledger, op, entry);
    }

    key = consent_slice(op->subject, CONSENT_SUBJECT_LEN);

    if (rc == CONSENT_OK && op->release) {
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_HOLDS, key);
        rc = rc == CONSENT_OK && erased_at > 0 ? erase(ledger, op, erased_at, &op->erased) : rc;

    } else if (rc == CONSENT_OK) {
        consent_put_u64(record, (uint64_t) op->now);
        rc = consent_ledger_put(ledger, CONSENT_TABLE_HOLDS, key, consent_slice(record, sizeof(record)), CONSENT_PUT_NEW);
    }

    return rc;
}


/* Under the former pseudonym, if there is something under it that is to be kept, or that was. */
static consent_rc_t
where(consent_ledger_t *ledger, consent_op_t *op)
{
    consent_rc_t     rc;
    consent_slice_t  value;

    rc = consent_view_get(&ledger->view, op->release ? CONSENT_TABLE_HOLDS : CONSENT_TABLE_KEYS,
                          consent_slice(op->former, CONSENT_SUBJECT_LEN), &value);

    if (rc == CONSENT_OK) {
        memcpy(op->subject, op->former, CONSENT_SUBJECT_LEN);
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


/* The stamp up to which she was erased elsewhere while she was on hold; 0: she was not. */
static consent_rc_t
waits(consent_ledger_t *ledger, const consent_op_t *op, consent_time_t *erased_at)
{
    consent_rc_t     rc;
    consent_time_t   newest, keep_until;
    consent_slice_t  found, value;

    newest = 0;
    keep_until = op->now;
    rc = consent_ledger_tombstone_of(erased_at, &ledger->view, ledger->write_mac, &ledger->meta, op->subject);

    if (rc != CONSENT_OK || *erased_at == 0) {
        return rc;
    }

    rc = consent_view_near(&ledger->view, CONSENT_TABLE_HISTORY, consent_slice(op->subject, CONSENT_SUBJECT_LEN), false, &found,
                           &value);

    if (rc != CONSENT_OK || memcmp(found.data, op->subject, CONSENT_SUBJECT_LEN) != 0) {
        *erased_at = 0;
        return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    rc = consent_ledger_newest(ledger, op->subject, &newest, &keep_until);

    return rc == CONSENT_OK ? consent_kept_add(ledger, op->subject, *erased_at, keep_until) : rc;
}


static consent_rc_t
erase(consent_ledger_t *ledger, const consent_op_t *behind, consent_time_t erased_at, uint64_t *erased)
{
    consent_op_t     op;
    consent_rc_t     rc;
    consent_buf_t    fields;
    consent_slice_t  entry;

    rc = consent_foreign_erase(ledger, behind->subject, erased_at, erased);

    if (rc != CONSENT_OK || *erased == 0) {
        return rc;
    }

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_ERASURE;
    op.now = behind->now;
    consent_buf_init_fixed(&fields, ledger->fields, CONSENT_ENTRY_MAX + 1);
    consent_buf_printf(&fields, "{\"entries\":%llu}", (unsigned long long) *erased);
    rc = consent_ledger_build(ledger, &op, "erasure", consent_buf_view(&fields), &entry);

    return rc == CONSENT_OK ? consent_ledger_append(ledger, &op, entry) : rc;
}


consent_rc_t
consent_ledger_known(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN])
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_slice_t  value;

    rc = consent_store_read(ledger->store, &view);

    if (rc == CONSENT_OK) {
        rc = consent_view_get(&view, CONSENT_TABLE_KEYS, consent_slice(subject, CONSENT_SUBJECT_LEN), &value);
        consent_store_read_end(ledger->store, &view);
    }

    return rc;
}


consent_rc_t
consent_ledger_held(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN], consent_time_t *since)
{
    consent_rc_t    rc;
    consent_view_t  view;

    rc = consent_store_read(ledger->store, &view);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_hold(&view, subject, since);
        consent_store_read_end(ledger->store, &view);
    }

    return rc;
}


/* One that cannot be read is one all the same. */
consent_rc_t
consent_ledger_hold(consent_view_t *view, const uint8_t subject[static CONSENT_SUBJECT_LEN], consent_time_t *since)
{
    consent_rc_t     rc;
    consent_slice_t  value;

    *since = 0;

    rc = consent_view_get(view, CONSENT_TABLE_HOLDS, consent_slice(subject, CONSENT_SUBJECT_LEN), &value);

    if (rc == CONSENT_OK && value.len == CONSENT_HOLD_LEN) {
        *since = (consent_time_t) consent_get_u64(value.data);
    }

    return rc == CONSENT_OK || rc == CONSENT_NOTFOUND ? rc : CONSENT_IO;
}


consent_rc_t
consent_ledger_hold_within(consent_view_t *view, uint64_t first, uint64_t end)
{
    within_t      within = { view, first, end, consent_slice(NULL, 0), CONSENT_NOTFOUND };
    consent_rc_t  rc;

    rc = consent_view_walk(view, CONSENT_TABLE_HOLDS, consent_slice(NULL, 0), each_hold, &within);

    return rc == CONSENT_OK ? within.rc : rc;
}


static bool
each_hold(void *arg, consent_slice_t key, consent_slice_t value)
{
    within_t      *within = arg;
    consent_rc_t   rc;

    (void) value;

    within->subject = key;
    rc = consent_view_walk(within->view, CONSENT_TABLE_HISTORY, key, each_past, within);
    within->rc = rc == CONSENT_OK ? within->rc : rc;

    return within->rc == CONSENT_NOTFOUND;
}


/* What is damaged may be of any entry. */
static bool
each_past(void *arg, consent_slice_t key, consent_slice_t value)
{
    within_t        *within = arg;
    consent_past_t   past;

    if (key.len != CONSENT_PAST_KEY_LEN || memcmp(key.data, within->subject.data, within->subject.len) != 0) {
        return false;
    }

    if (consent_past_decode(&past, value) != CONSENT_OK || (past.index >= within->first && past.index < within->end)) {
        within->rc = CONSENT_OK;
    }

    return within->rc == CONSENT_NOTFOUND;
}
