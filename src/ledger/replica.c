/*
 * The place of a store among those of its cluster: which numbers it has given, and what it has of every other node.
 *
 * Table `cluster`:
 *   "self"                              epoch 8 | next sequence 8 | flags 8: bit 0 the store was empty when the epoch
 *                                       began, bit 1 it lacks what others have of it
 *   "left"                              the last epoch of a node that left its cluster, 8
 *   "erasures"                          the tombstone key that all nodes share, 32 bytes
 *   "position"                          place in the stream: milliseconds 8 | number 8
 *   "node", name                        epoch 8 | last contiguous sequence 8 | flags 8: bit 0 whole
 *   "gap", name, 0, epoch 8, sequence 8   nothing: applied although one before it has not come
 */

#include "ledger/replica_inside.h"

#include <time.h>

#define SELF_LEN    24
#define FLAG_EMPTY  1
#define FLAG_LACKS  2

typedef struct {
    consent_replica_place_t  *vector;
    size_t                    n;
    bool                      malformed;
} walk_t;

static const consent_slice_t  self_key = { (const uint8_t *) "self", 4 };
static const consent_slice_t  left_key = { (const uint8_t *) "left", 4 };
static const consent_slice_t  erasures_key = { (const uint8_t *) "erasures", 8 };
const consent_slice_t  consent_position_key = { (const uint8_t *) "position", 8 };
const consent_slice_t  consent_node_key = { (const uint8_t *) "node", 4 };

static consent_rc_t join(consent_ledger_t *ledger);
static bool is_empty(consent_view_t *view);
static consent_rc_t leave(consent_ledger_t *ledger);
static consent_rc_t self_decode(consent_replica_self_t *self, consent_slice_t value);
static bool each_place(void *arg, consent_slice_t key, consent_slice_t value);


consent_rc_t
consent_replica_self(consent_ledger_t *ledger, consent_replica_self_t *self)
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_slice_t  key, value;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_get(&view, CONSENT_TABLE_CLUSTER, self_key, &value);

    if (rc == CONSENT_OK) {
        rc = self_decode(self, value);
    }

    if (rc == CONSENT_OK) {
        self->first = self->next;
        rc = consent_view_near(&view, CONSENT_TABLE_OUTGOING, consent_slice(NULL, 0), false, &key, &value);

        if (rc == CONSENT_OK && key.len == 8) {
            self->first = consent_get_u64(key.data);
        }

        rc = rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_replica_vector(consent_ledger_t *ledger, consent_replica_place_t vector[static CONSENT_NODES_MAX], size_t *n)
{
    walk_t          walk = { vector, 0, false };
    consent_rc_t    rc;
    consent_view_t  view;

    rc = consent_store_read(ledger->store, &view);

    if (rc == CONSENT_OK) {
        rc = consent_view_walk(&view, CONSENT_TABLE_CLUSTER, consent_node_key, each_place, &walk);
        consent_store_read_end(ledger->store, &view);
    }

    *n = walk.n;

    return rc == CONSENT_OK && walk.malformed ? CONSENT_MALFORMED : rc;
}


consent_rc_t
consent_replica_position(consent_ledger_t *ledger, consent_replica_position_t *position)
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_slice_t  value;

    memset(position, 0, sizeof(consent_replica_position_t));

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_get(&view, CONSENT_TABLE_CLUSTER, consent_position_key, &value);

    if (rc == CONSENT_OK && value.len == CONSENT_POSITION_LEN) {
        position->ms = consent_get_u64(value.data);
        position->n = consent_get_u64(value.data + 8);
    }

    consent_store_read_end(ledger->store, &view);

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


consent_rc_t
consent_replica_next(consent_slice_t *batch, consent_slice_t *record)
{
    size_t  len;

    if (batch->len == 0) {
        return CONSENT_NOTFOUND;
    }

    if (batch->len < 4) {
        return CONSENT_MALFORMED;
    }

    len = (size_t) batch->data[0] << 24 | (size_t) batch->data[1] << 16 | (size_t) batch->data[2] << 8
          | (size_t) batch->data[3];

    if (len == 0 || len > batch->len - 4) {
        return CONSENT_MALFORMED;
    }

    *record = consent_slice(batch->data + 4, len);
    *batch = consent_slice(batch->data + 4 + len, batch->len - 4 - len);

    return CONSENT_OK;
}


/* At the begin of each transaction: is this store one of a cluster? */
consent_rc_t
consent_replica_begin(consent_ledger_t *ledger)
{
    consent_rc_t     rc;
    consent_slice_t  value;

    ledger->self_changed = false;
    memset(&ledger->self, 0, sizeof(consent_replica_self_t));

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_CLUSTER, self_key, &value);

    if (rc == CONSENT_OK) {
        rc = self_decode(&ledger->self, value);

    } else if (rc == CONSENT_NOTFOUND) {
        rc = CONSENT_OK;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    switch (ledger->cluster) {
    case CONSENT_CLUSTER_JOIN:
        return join(ledger);

    case CONSENT_CLUSTER_LEAVE:
        return ledger->self.epoch == 0 ? CONSENT_OK : leave(ledger);

    default:
        return CONSENT_OK;
    }
}


consent_rc_t
consent_replica_commit(consent_ledger_t *ledger)
{
    uint8_t  record[SELF_LEN];

    if (!ledger->self_changed) {
        return CONSENT_OK;
    }

    consent_put_u64(record, ledger->self.epoch);
    consent_put_u64(record + 8, ledger->self.next);
    consent_put_u64(record + 16, (ledger->self.empty ? FLAG_EMPTY : 0) | (ledger->self.lacks ? FLAG_LACKS : 0));

    return consent_ledger_put(ledger, CONSENT_TABLE_CLUSTER, self_key, consent_slice(record, sizeof(record)),
                              CONSENT_PUT_REPLACE);
}


consent_rc_t
consent_replica_erasure_key(uint8_t key[static CONSENT_KEY_LEN], consent_view_t *view)
{
    consent_rc_t     rc;
    consent_slice_t  value;

    rc = consent_view_get(view, CONSENT_TABLE_CLUSTER, erasures_key, &value);

    if (rc == CONSENT_OK && value.len != CONSENT_KEY_LEN) {
        return CONSENT_MALFORMED;
    }

    if (rc == CONSENT_OK) {
        memcpy(key, value.data, CONSENT_KEY_LEN);
    }

    return rc;
}


static consent_rc_t
join(consent_ledger_t *ledger)
{
    uint8_t          key[CONSENT_KEY_LEN];
    consent_rc_t     rc;

    rc = consent_replica_erasure_key(key, &ledger->view);

    if (rc != CONSENT_OK || memcmp(key, ledger->erasure_key, CONSENT_KEY_LEN) != 0) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_CLUSTER, erasures_key,
                                consent_slice(ledger->erasure_key, CONSENT_KEY_LEN), CONSENT_PUT_REPLACE);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return ledger->self.epoch != 0 ? CONSENT_OK : consent_replica_begin_epoch(ledger, is_empty(&ledger->view));
}


static bool
is_empty(consent_view_t *view)
{
    return consent_view_count(view, CONSENT_TABLE_STATE) == 0 && consent_view_count(view, CONSENT_TABLE_HISTORY) == 0
           && consent_view_count(view, CONSENT_TABLE_TOMBSTONES) == 0;
}


/* What others have of this node stays where it is; when it joins again, it does so in a new epoch. */
static consent_rc_t
leave(consent_ledger_t *ledger)
{
    uint8_t       record[8];
    consent_rc_t  rc;

    consent_put_u64(record, ledger->self.epoch);
    ledger->self.epoch = 0;
    rc = consent_outgoing_clear(ledger);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_CLUSTER, left_key, consent_slice(record, sizeof(record)),
                                CONSENT_PUT_REPLACE);
    }

    return rc == CONSENT_OK ? consent_ledger_delete(ledger, CONSENT_TABLE_CLUSTER, self_key) : rc;
}


/* Epochs of a node follow each other, whatever its clock does. */
consent_rc_t
consent_replica_begin_epoch(consent_ledger_t *ledger, bool empty)
{
    uint64_t         now, epoch;
    consent_rc_t     rc;
    consent_slice_t  left;
    struct timespec  ts;

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_CLUSTER, left_key, &left);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return CONSENT_IO;
    }

    epoch = rc == CONSENT_OK && left.len == 8 ? consent_get_u64(left.data) : 0;
    epoch = 1 + (epoch > ledger->self.epoch ? epoch : ledger->self.epoch);

    (void) clock_gettime(CLOCK_REALTIME, &ts);
    now = (uint64_t) ts.tv_sec * 1000 + (uint64_t) ts.tv_nsec / 1000000;

    ledger->self.epoch = now > epoch ? now : epoch;
    ledger->self.next = 1;
    ledger->self.empty = empty;
    ledger->self_changed = true;

    return consent_outgoing_clear(ledger);
}


static consent_rc_t
self_decode(consent_replica_self_t *self, consent_slice_t value)
{
    if (value.len != SELF_LEN || consent_get_u64(value.data) == 0 || consent_get_u64(value.data + 8) == 0
        || consent_get_u64(value.data + 16) > (FLAG_EMPTY | FLAG_LACKS))
    {
        return CONSENT_MALFORMED;
    }

    self->epoch = consent_get_u64(value.data);
    self->next = consent_get_u64(value.data + 8);
    self->empty = (consent_get_u64(value.data + 16) & FLAG_EMPTY) != 0;
    self->lacks = (consent_get_u64(value.data + 16) & FLAG_LACKS) != 0;
    self->first = 0;

    return CONSENT_OK;
}


static bool
each_place(void *arg, consent_slice_t key, consent_slice_t value)
{
    walk_t  *walk = arg;

    if (key.len < 4 || memcmp(key.data, consent_node_key.data, 4) != 0 || walk->n == CONSENT_NODES_MAX) {
        return false;
    }

    if (consent_replica_place_decode(&walk->vector[walk->n], key, value) != CONSENT_OK) {
        walk->malformed = true;
        return true;
    }

    walk->n++;

    return true;
}
