/*
 * A snapshot: what a node has, for one that is new or was away too long.
 *
 * It is taken piece by piece while decisions go on, and need not be of one moment: merging does not ask for an order, and
 * what changes meanwhile has sequences behind the vector that was read before the first piece. Policies, texts and
 * tombstones go first; then the history of everybody, and states that their history has forgotten. Keys and nonces stay
 * where they are: what is taken over opens no entry here. One `snapshot` entry says what came.
 */

#include "base/json.h"
#include "ledger/replica_inside.h"

#define SWEEP  1024     /* subjects of an operation */

typedef struct {
    consent_snapshot_t  *snapshot;
    consent_view_t      *view;
    consent_buf_t       *batch;
    size_t               limit;
    size_t               n;
    consent_rc_t         rc;
    bool                 full;
} walk_t;

static const consent_table_t  tables[] = {
    CONSENT_TABLE_POLICIES, CONSENT_TABLE_TEXTS, CONSENT_TABLE_TOMBSTONES, CONSENT_TABLE_HISTORY, CONSENT_TABLE_STATE
};

static bool each(void *arg, consent_slice_t key, consent_slice_t value);
static void add(walk_t *walk, consent_table_t table, consent_slice_t key, consent_slice_t value);
static void behind(consent_snapshot_t *snapshot, consent_slice_t key);
static consent_rc_t sweep_one(consent_ledger_t *ledger, consent_op_t *op, const uint8_t *subject);
static consent_rc_t take_place(consent_ledger_t *ledger, const consent_replica_place_t *theirs);
static void fields_of(consent_buf_t *b, const consent_replica_op_t *replica);


consent_rc_t
consent_replica_snapshot(consent_ledger_t *ledger, consent_snapshot_t *snapshot, size_t limit, consent_buf_t *batch,
    size_t *n)
{
    walk_t          walk = { .snapshot = snapshot, .batch = batch, .limit = limit };
    consent_rc_t    rc;
    consent_view_t  view;

    *n = 0;
    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    walk.view = &view;

    while (rc == CONSENT_OK && walk.rc == CONSENT_OK && !walk.full && snapshot->table < consent_countof(tables)) {
        rc = consent_view_walk(&view, tables[snapshot->table], consent_slice(snapshot->key, snapshot->len), each,
                               &walk);

        if (rc == CONSENT_OK && !walk.full) {
            snapshot->table++;
            snapshot->len = 0;
        }
    }

    consent_store_read_end(ledger->store, &view);

    snapshot->done = snapshot->table == consent_countof(tables);
    *n = walk.n;

    return rc == CONSENT_OK ? walk.rc : rc;
}


consent_rc_t
consent_snapshot_put(consent_ledger_t *ledger, consent_op_t *op)
{
    consent_rc_t     rc;
    consent_slice_t  batch, record;

    for (batch = op->replica->records; (rc = consent_replica_next(&batch, &record)) == CONSENT_OK; ) { /* void */ }

    if (rc != CONSENT_NOTFOUND) {
        return CONSENT_MALFORMED;
    }

    for (batch = op->replica->records; consent_replica_next(&batch, &record) == CONSENT_OK; ) {
        rc = consent_foreign_put(ledger, op, record);

        if (rc == CONSENT_MALFORMED) {
            op->replica->malformed++;
            rc = ledger->broken;

        } else if (rc == CONSENT_OK) {
            op->replica->applied++;
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


/* Whom the snapshot's tombstones name can be found by asking for everybody who is here. */
consent_rc_t
consent_snapshot_sweep(consent_ledger_t *ledger, consent_op_t *op)
{
    size_t                 i;
    uint8_t                from[CONSENT_SUBJECT_LEN + 1];
    consent_rc_t           rc;
    consent_slice_t        found, value;
    consent_replica_op_t  *replica = op->replica;

    replica->done = consent_view_count(&ledger->view, CONSENT_TABLE_TOMBSTONES) == 0;

    for (i = 0; i < SWEEP && !replica->done; i++) {
        memcpy(from, replica->cursor, CONSENT_SUBJECT_LEN);
        from[CONSENT_SUBJECT_LEN] = 0;

        /* the first behind the one before: a key with one byte more */
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_KEYS,
                               consent_slice(from, CONSENT_SUBJECT_LEN + replica->cursor[CONSENT_SUBJECT_LEN]), false,
                               &found, &value);

        if (rc == CONSENT_NOTFOUND || (rc == CONSENT_OK && found.len != CONSENT_SUBJECT_LEN)) {
            replica->done = true;
            break;
        }

        if (rc != CONSENT_OK) {
            return CONSENT_IO;
        }

        memcpy(replica->cursor, found.data, CONSENT_SUBJECT_LEN);
        replica->cursor[CONSENT_SUBJECT_LEN] = 1;

        rc = sweep_one(ledger, op, replica->cursor);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


consent_rc_t
consent_snapshot_complete(consent_ledger_t *ledger, consent_op_t *op)
{
    size_t                 i;
    consent_rc_t           rc;
    consent_buf_t          b;
    consent_slice_t        entry;
    consent_replica_op_t  *replica = op->replica;

    consent_buf_init_fixed(&b, ledger->fields, CONSENT_ENTRY_MAX + 1);
    fields_of(&b, replica);

    rc = b.rc == CONSENT_OK ? consent_ledger_build(ledger, op, "snapshot", consent_buf_view(&b), &entry) : b.rc;

    if (rc == CONSENT_OK) {
        rc = consent_ledger_append(ledger, op, entry);
    }

    if (rc == CONSENT_OK && ledger->self.lacks) {
        ledger->self.lacks = false;
        ledger->self_changed = true;
    }

    for (i = 0; i < replica->n_vector && rc == CONSENT_OK; i++) {
        rc = take_place(ledger, &replica->vector[i]);
    }

    if (rc != CONSENT_OK && rc != CONSENT_MALFORMED && rc != CONSENT_LIMIT && ledger->broken == CONSENT_OK) {
        ledger->broken = rc;
    }

    return rc;
}


static bool
each(void *arg, consent_slice_t key, consent_slice_t value)
{
    size_t               len;
    walk_t              *walk = arg;
    consent_snapshot_t  *snapshot = walk->snapshot;

    len = walk->batch->len;
    add(walk, tables[snapshot->table], key, value);

    if (walk->batch->rc == CONSENT_LIMIT) {
        /* it goes with the next, or not at all */
        walk->batch->rc = CONSENT_OK;
        walk->batch->len = len;

        if (walk->n > 0) {
            walk->full = true;
            return false;
        }

    } else if (walk->batch->len > len) {
        walk->n++;
    }

    walk->rc = walk->batch->rc;
    behind(snapshot, key);
    walk->full = walk->batch->len >= walk->limit;

    return walk->rc == CONSENT_OK && !walk->full;
}


static void
add(walk_t *walk, consent_table_t table, consent_slice_t key, consent_slice_t value)
{
    uint8_t          kind, past_key[CONSENT_PAST_KEY_LEN];
    consent_state_t  state;
    consent_slice_t  past;

    switch (table) {
    case CONSENT_TABLE_POLICIES:
        kind = CONSENT_RECORD_POLICY;
        break;

    case CONSENT_TABLE_TEXTS:
        kind = CONSENT_RECORD_TEXT;
        break;

    case CONSENT_TABLE_TOMBSTONES:
        kind = CONSENT_RECORD_TOMBSTONE;
        consent_replica_add(walk->batch, (consent_slice_t[3]) { consent_slice(&kind, 1), key, value }, 3);
        return;

    case CONSENT_TABLE_STATE:
        if (key.len != CONSENT_STATE_KEY_LEN || consent_state_decode(&state, value) != CONSENT_OK) {
            return;
        }

        memcpy(past_key, key.data, CONSENT_STATE_KEY_LEN);
        consent_put_u64(past_key + CONSENT_STATE_KEY_LEN, ~(uint64_t) state.decision.stamp);

        if (consent_view_get(walk->view, CONSENT_TABLE_HISTORY, consent_slice(past_key, sizeof(past_key)), &past)
            == CONSENT_OK)
        {
            return;
        }

        /* fall through */

    default:
        if (key.len < CONSENT_STATE_KEY_LEN || value.len < CONSENT_DECISION_LEN) {
            return;
        }

        kind = CONSENT_RECORD_PAST;
        consent_replica_add(walk->batch, (consent_slice_t[3]) { consent_slice(&kind, 1),
                                                                consent_slice(key.data, CONSENT_STATE_KEY_LEN),
                                                                consent_slice(value.data, CONSENT_DECISION_LEN) }, 3);
        return;
    }

    consent_replica_add(walk->batch, (consent_slice_t[2]) { consent_slice(&kind, 1), value }, 2);
}


/* To go on behind a key: at itself and one byte more. */
static void
behind(consent_snapshot_t *snapshot, consent_slice_t key)
{
    if (key.len >= sizeof(snapshot->key)) {
        return;
    }

    memcpy(snapshot->key, key.data, key.len);
    snapshot->key[key.len] = 0;
    snapshot->len = key.len + 1;
}


static consent_rc_t
sweep_one(consent_ledger_t *ledger, consent_op_t *op, const uint8_t *subject)
{
    uint64_t         erased;
    consent_rc_t     rc;
    consent_buf_t    fields;
    consent_time_t   erased_at;
    consent_slice_t  entry;

    rc = consent_ledger_tombstone_of(&erased_at, &ledger->view, ledger->write_mac, &ledger->meta, subject);

    if (rc != CONSENT_OK || erased_at == 0) {
        return rc;
    }

    rc = consent_foreign_erase(ledger, subject, erased_at, &erased);

    if (rc != CONSENT_OK || erased == 0) {
        return rc;
    }

    op->replica->applied++;
    consent_buf_init_fixed(&fields, ledger->fields, CONSENT_ENTRY_MAX + 1);
    consent_buf_printf(&fields, "{\"entries\":%llu}", (unsigned long long) erased);
    rc = consent_ledger_build(ledger, op, "erasure", consent_buf_view(&fields), &entry);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_append(ledger, op, entry);
    }

    if (rc != CONSENT_OK && ledger->broken == CONSENT_OK) {
        ledger->broken = rc;
    }

    return rc;
}


static consent_rc_t
take_place(consent_ledger_t *ledger, const consent_replica_place_t *theirs)
{
    consent_rc_t             rc;
    consent_replica_place_t  place;

    rc = consent_replica_place_get(&ledger->view, consent_slice(theirs->node, theirs->node_len), &place);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return rc;
    }

    if (theirs->epoch < place.epoch) {
        return CONSENT_OK;
    }

    if (theirs->epoch > place.epoch) {
        place = *theirs;

    } else {
        place.whole |= theirs->whole;
        place.sequence = theirs->sequence > place.sequence ? theirs->sequence : place.sequence;
    }

    rc = consent_replica_absorb(ledger, &place);

    return rc == CONSENT_OK ? consent_replica_place_put(ledger, &place) : rc;
}


static void
fields_of(consent_buf_t *b, const consent_replica_op_t *replica)
{
    size_t                          i;
    const consent_replica_place_t  *place;

    consent_buf_printf(b, "{\"count\":%llu,\"hash\":\"", (unsigned long long) replica->count);
    consent_buf_hex(b, replica->hash, CONSENT_HASH_LEN);
    consent_buf_str(b, "\",\"origin\":");
    consent_json_write_string(b, replica->node, false);
    consent_buf_str(b, ",\"vector\":[");

    for (i = 0; i < replica->n_vector; i++) {
        place = &replica->vector[i];
        consent_buf_printf(b, "%s{\"epoch\":%llu,\"node\":", i == 0 ? "" : ",", (unsigned long long) place->epoch);
        consent_json_write_string(b, consent_slice(place->node, place->node_len), false);
        consent_buf_printf(b, ",\"sequence\":%llu}", (unsigned long long) place->sequence);
    }

    consent_buf_str(b, "]}");
}
