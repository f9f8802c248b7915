/*
 * What this node has decided and the others may not have yet.
 *
 * Table `outgoing`: key sequence 8, value
 *   0  kind 1 | 1  index of the entry 8 | 9  receipt 16                       a decision
 *   0  kind 1 | 1  index of the entry 8 | 9  subject 16 | 25 kept until 8 | 33 erased up to 8
 *                                                                             an erasure
 *   0  kind 1 | 1  key in its table, 8 or 32                                  a policy, a text
 *
 * It points at what it is about, and holds no copy. When a citizen is erased her receipts are, so that nothing here links
 * an entry to her; then only the entry is told, which names nobody, and logs can be compared without a gap.
 */

#include "ledger/replica_inside.h"

#define DECISION_LEN  25
#define ERASURE_LEN   41

typedef struct {
    consent_view_t  *view;
    consent_buf_t   *batch;
    uint64_t         next;
    size_t           n;
    consent_rc_t     rc;
} walk_t;

static const consent_slice_t  nothing = { (const uint8_t[1]) { CONSENT_RECORD_NOTHING }, 1 };

static consent_rc_t put(consent_ledger_t *ledger, consent_slice_t pointer);
static bool each(void *arg, consent_slice_t key, consent_slice_t value);
static consent_rc_t tell(walk_t *walk, consent_slice_t pointer);
static consent_rc_t tell_decision(walk_t *walk, const uint8_t *pointer, consent_slice_t entry);
static consent_rc_t tell_text(walk_t *walk, consent_slice_t pointer);


/* With an operation that has been put. */
consent_rc_t
consent_outgoing_put(consent_ledger_t *ledger, const consent_op_t *op)
{
    uint8_t  pointer[ERASURE_LEN];

    if (ledger->self.epoch == 0) {
        return CONSENT_OK;
    }

    consent_put_u64(pointer + 1, op->index);

    switch (op->type) {
    case CONSENT_OP_DECISION:
        pointer[0] = CONSENT_RECORD_DECISION;
        memcpy(pointer + 9, op->decision.receipt, CONSENT_ID_LEN);
        return put(ledger, consent_slice(pointer, DECISION_LEN));

    case CONSENT_OP_ERASURE:
        pointer[0] = CONSENT_RECORD_ERASURE;
        memcpy(pointer + 9, op->subject, CONSENT_SUBJECT_LEN);
        consent_put_u64(pointer + 25, (uint64_t) (op->keep_until > op->now ? op->keep_until : op->now));
        consent_put_u64(pointer + 33, (uint64_t) op->decision.stamp);
        return put(ledger, consent_slice(pointer, ERASURE_LEN));

    case CONSENT_OP_ENTRY:
        if (op->document.len == 0) {
            return CONSENT_OK;
        }

        pointer[0] = CONSENT_RECORD_POLICY;
        consent_put_u64(pointer + 1, op->policy.key);
        return put(ledger, consent_slice(pointer, 1 + 8));

    default:
        return CONSENT_OK;
    }
}


/* A text that is new in the store. */
consent_rc_t
consent_outgoing_text(consent_ledger_t *ledger, const uint8_t hash[static CONSENT_HASH_LEN])
{
    uint8_t  pointer[1 + CONSENT_HASH_LEN] = { CONSENT_RECORD_TEXT };

    if (ledger->self.epoch == 0) {
        return CONSENT_OK;
    }

    memcpy(pointer + 1, hash, CONSENT_HASH_LEN);

    return put(ledger, consent_slice(pointer, sizeof(pointer)));
}


consent_rc_t
consent_replica_outgoing(consent_ledger_t *ledger, uint64_t sequence, consent_buf_t *batch, size_t *n)
{
    uint8_t         key[8];
    walk_t          walk;
    consent_rc_t    rc;
    consent_view_t  view;

    *n = 0;
    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    memset(&walk, 0, sizeof(walk));
    walk.view = &view;
    walk.batch = batch;
    walk.next = sequence;
    consent_put_u64(key, sequence);

    rc = consent_view_walk(&view, CONSENT_TABLE_OUTGOING, consent_slice(key, sizeof(key)), each, &walk);
    consent_store_read_end(ledger->store, &view);

    *n = walk.n;

    return rc == CONSENT_OK ? walk.rc : rc;
}


/* An epoch begins. */
consent_rc_t
consent_outgoing_clear(consent_ledger_t *ledger)
{
    return consent_outgoing_confirmed(ledger, UINT64_MAX);
}


consent_rc_t
consent_outgoing_confirmed(consent_ledger_t *ledger, uint64_t sequence)
{
    uint8_t          key[8];
    consent_rc_t     rc;
    consent_slice_t  found, value;

    for ( ;; ) {
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_OUTGOING, consent_slice(NULL, 0), false, &found, &value);

        if (rc == CONSENT_NOTFOUND || (rc == CONSENT_OK && (found.len != 8 || consent_get_u64(found.data) > sequence))) {
            return CONSENT_OK;
        }

        if (rc != CONSENT_OK) {
            return CONSENT_IO;
        }

        memcpy(key, found.data, sizeof(key));
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_OUTGOING, consent_slice(key, sizeof(key)));

        if (rc != CONSENT_OK) {
            return rc;
        }
    }
}


void
consent_replica_add(consent_buf_t *batch, const consent_slice_t *parts, size_t n)
{
    size_t   i, len;
    uint8_t  head[4];

    for (i = 0, len = 0; i < n; i++) {
        len += parts[i].len;
    }

    head[0] = (uint8_t) (len >> 24);
    head[1] = (uint8_t) (len >> 16);
    head[2] = (uint8_t) (len >> 8);
    head[3] = (uint8_t) len;
    consent_buf_add(batch, head, sizeof(head));

    for (i = 0; i < n; i++) {
        consent_buf_slice(batch, parts[i]);
    }
}


static consent_rc_t
put(consent_ledger_t *ledger, consent_slice_t pointer)
{
    uint8_t       key[8];
    consent_rc_t  rc;

    consent_put_u64(key, ledger->self.next);
    rc = consent_ledger_put(ledger, CONSENT_TABLE_OUTGOING, consent_slice(key, sizeof(key)), pointer,
                            CONSENT_PUT_APPEND);

    if (rc == CONSENT_OK) {
        ledger->self.next++;
        ledger->self_changed = true;
    }

    return rc;
}


static bool
each(void *arg, consent_slice_t key, consent_slice_t value)
{
    size_t   len;
    walk_t  *walk = arg;

    if (key.len != 8 || consent_get_u64(key.data) != walk->next) {
        walk->rc = walk->n == 0 ? CONSENT_LIMIT : CONSENT_MALFORMED;
        return false;
    }

    len = walk->batch->len;
    walk->rc = tell(walk, value);

    if (walk->rc == CONSENT_OK && walk->batch->rc == CONSENT_LIMIT && walk->n > 0) {
        /* it goes with the next */
        walk->batch->rc = CONSENT_OK;
        walk->batch->len = len;
        return false;
    }

    if (walk->rc == CONSENT_OK && walk->batch->rc == CONSENT_LIMIT) {
        /* what no batch can hold is not told, and what is behind it is */
        walk->batch->rc = CONSENT_OK;
        walk->batch->len = len;
        consent_replica_add(walk->batch, &nothing, 1);
    }

    walk->rc = walk->rc == CONSENT_OK ? walk->batch->rc : walk->rc;

    if (walk->rc != CONSENT_OK) {
        return false;
    }

    walk->next++;
    walk->n++;

    return walk->n < CONSENT_BATCH_RECORDS;
}


static consent_rc_t
tell(walk_t *walk, consent_slice_t pointer)
{
    uint8_t          kind;
    const uint8_t   *p = pointer.data;
    consent_rc_t     rc;
    consent_slice_t  entry;

    kind = pointer.len == 0 ? 0 : p[0];

    if ((kind != CONSENT_RECORD_DECISION || pointer.len != DECISION_LEN)
        && (kind != CONSENT_RECORD_ERASURE || pointer.len != ERASURE_LEN))
    {
        return tell_text(walk, pointer);
    }

    rc = consent_view_get(walk->view, CONSENT_TABLE_ENTRIES, consent_slice(p + 1, 8), &entry);

    if (rc == CONSENT_NOTFOUND) {
        consent_replica_add(walk->batch, &nothing, 1);
        return CONSENT_OK;
    }

    if (rc != CONSENT_OK || kind == CONSENT_RECORD_DECISION) {
        return rc == CONSENT_OK ? tell_decision(walk, p, entry) : rc;
    }

    consent_replica_add(walk->batch, (consent_slice_t[6]) {
                            consent_slice(&kind, 1), consent_slice(p + 9, CONSENT_SUBJECT_LEN), consent_slice(p + 33, 8),
                            consent_slice(p + 25, 8), consent_slice(p + 1, 8), entry
                        }, 6);

    return CONSENT_OK;
}


static consent_rc_t
tell_decision(walk_t *walk, const uint8_t *pointer, consent_slice_t entry)
{
    uint8_t          kind;
    consent_rc_t     rc;
    consent_slice_t  key, past;

    rc = consent_view_get(walk->view, CONSENT_TABLE_RECEIPTS, consent_slice(pointer + 9, CONSENT_ID_LEN), &key);

    if (rc == CONSENT_OK && key.len == CONSENT_PAST_KEY_LEN) {
        rc = consent_view_get(walk->view, CONSENT_TABLE_HISTORY, key, &past);
    }

    if (rc == CONSENT_NOTFOUND) {
        kind = CONSENT_RECORD_LOGGED;
        consent_replica_add(walk->batch, (consent_slice_t[3]) { consent_slice(&kind, 1), consent_slice(pointer + 1, 8),
                                                                entry }, 3);
        return CONSENT_OK;
    }

    if (rc != CONSENT_OK || past.len != CONSENT_PAST_LEN || memcmp(past.data + 64, pointer + 1, 8) != 0) {
        return rc == CONSENT_OK ? CONSENT_MALFORMED : rc;
    }

    kind = CONSENT_RECORD_DECISION;
    consent_replica_add(walk->batch, (consent_slice_t[5]) {
                            consent_slice(&kind, 1), consent_slice(key.data, CONSENT_STATE_KEY_LEN),
                            consent_slice(past.data, CONSENT_DECISION_LEN), consent_slice(pointer + 1, 8), entry
                        }, 5);

    return CONSENT_OK;
}


static consent_rc_t
tell_text(walk_t *walk, consent_slice_t pointer)
{
    uint8_t          kind;
    consent_rc_t     rc;
    consent_slice_t  text;

    kind = pointer.len == 0 ? CONSENT_RECORD_NOTHING : pointer.data[0];

    if (kind == CONSENT_RECORD_POLICY || kind == CONSENT_RECORD_TEXT) {
        rc = consent_view_get(walk->view, kind == CONSENT_RECORD_POLICY ? CONSENT_TABLE_POLICIES
                                                                        : CONSENT_TABLE_TEXTS,
                              consent_slice(pointer.data + 1, pointer.len - 1), &text);

    } else {
        rc = CONSENT_NOTFOUND;
    }

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return rc;
    }

    if (rc == CONSENT_NOTFOUND) {
        kind = CONSENT_RECORD_NOTHING;
        text = consent_slice(NULL, 0);
    }

    consent_replica_add(walk->batch, (consent_slice_t[2]) { consent_slice(&kind, 1), text }, 2);

    return CONSENT_OK;
}
