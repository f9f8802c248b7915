/*
 * What other nodes tell, applied: each number once, in whatever order they come. replica.c says how it is kept.
 */

#include "ledger/replica_inside.h"

#define PLACE_LEN  24
#define FLAG       1        /* the only one that there is */
#define GAP_LEN    (3 + CONSENT_NODE_MAX + 1 + 16)

static consent_rc_t apply(consent_ledger_t *ledger, consent_op_t *op);
static consent_rc_t one(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t record, uint64_t sequence);
static consent_rc_t put_position(consent_ledger_t *ledger, const consent_replica_op_t *replica);
static size_t gap_key(uint8_t key[static GAP_LEN], const consent_replica_place_t *place, uint64_t sequence);


consent_rc_t
consent_replica_put(consent_ledger_t *ledger, consent_op_t *op)
{
    consent_replica_op_t  *replica = op->replica;

    if (replica == NULL || ledger->self.epoch == 0) {
        return CONSENT_MALFORMED;
    }

    replica->applied = replica->repeated = replica->ahead = replica->malformed = 0;

    switch (replica->action) {
    case CONSENT_REPLICA_APPLY:
        return apply(ledger, op);

    case CONSENT_REPLICA_CONFIRMED:
        return replica->epoch == ledger->self.epoch ? consent_outgoing_confirmed(ledger, replica->sequence)
                                                    : CONSENT_CONFLICT;

    case CONSENT_REPLICA_SNAPSHOT:
        return consent_snapshot_put(ledger, op);

    case CONSENT_REPLICA_SWEEP:
        return consent_snapshot_sweep(ledger, op);

    case CONSENT_REPLICA_COMPLETE:
        return consent_snapshot_complete(ledger, op);

    case CONSENT_REPLICA_EPOCH:
        if (replica->epoch != ledger->self.epoch
            || (replica->later <= replica->epoch && replica->sequence < ledger->self.next))
        {
            return CONSENT_CONFLICT;
        }

        ledger->self.epoch = replica->later > replica->epoch ? replica->later : replica->epoch;
        ledger->self.lacks = true;

        return consent_replica_begin_epoch(ledger, false);
    }

    return CONSENT_MALFORMED;
}


consent_rc_t
consent_replica_place_get(consent_view_t *view, consent_slice_t node, consent_replica_place_t *place)
{
    uint8_t          key[4 + CONSENT_NODE_MAX];
    consent_rc_t     rc;
    consent_slice_t  value;

    memset(place, 0, sizeof(consent_replica_place_t));

    if (node.len == 0 || node.len > CONSENT_NODE_MAX) {
        return CONSENT_MALFORMED;
    }

    memcpy(key, consent_node_key.data, 4);
    memcpy(key + 4, node.data, node.len);

    rc = consent_view_get(view, CONSENT_TABLE_CLUSTER, consent_slice(key, 4 + node.len), &value);

    if (rc == CONSENT_OK) {
        return consent_replica_place_decode(place, consent_slice(key, 4 + node.len), value);
    }

    memcpy(place->node, node.data, node.len);
    place->node_len = node.len;

    return rc;
}


consent_rc_t
consent_replica_place_put(consent_ledger_t *ledger, const consent_replica_place_t *place)
{
    uint8_t  key[4 + CONSENT_NODE_MAX], record[PLACE_LEN];

    memcpy(key, consent_node_key.data, 4);
    memcpy(key + 4, place->node, place->node_len);

    consent_put_u64(record, place->epoch);
    consent_put_u64(record + 8, place->sequence);
    consent_put_u64(record + 16, place->whole ? FLAG : 0);

    return consent_ledger_put(ledger, CONSENT_TABLE_CLUSTER, consent_slice(key, 4 + place->node_len),
                              consent_slice(record, sizeof(record)), CONSENT_PUT_REPLACE);
}


consent_rc_t
consent_replica_absorb(consent_ledger_t *ledger, consent_replica_place_t *place)
{
    size_t           len;
    uint8_t          key[GAP_LEN], found[GAP_LEN];
    uint64_t         sequence;
    consent_rc_t     rc;
    consent_slice_t  at, value;

    /* those of earlier epochs too */
    len = gap_key(key, place, 0);
    memset(key + len - 16, 0, 16);
    place->gaps = false;

    for ( ;; ) {
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_CLUSTER, consent_slice(key, len), false, &at, &value);

        if (rc == CONSENT_NOTFOUND || (rc == CONSENT_OK && (at.len != len || memcmp(at.data, key, len - 16) != 0))) {
            return CONSENT_OK;
        }

        if (rc != CONSENT_OK) {
            return CONSENT_IO;
        }

        sequence = consent_get_u64(at.data + len - 8);

        if (consent_get_u64(at.data + len - 16) == place->epoch) {

            if (sequence > place->sequence + 1) {
                place->gaps = true;
                return CONSENT_OK;
            }

            place->sequence = sequence > place->sequence ? sequence : place->sequence;
        }

        memcpy(found, at.data, len);
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_CLUSTER, consent_slice(found, len));

        if (rc != CONSENT_OK) {
            return rc;
        }
    }
}


static consent_rc_t
apply(consent_ledger_t *ledger, consent_op_t *op)
{
    uint64_t               sequence;
    consent_rc_t           rc;
    consent_slice_t        batch, record;
    consent_replica_op_t  *replica = op->replica;

    if (replica->node.len == 0) {
        return put_position(ledger, replica);
    }

    if (replica->sequence == 0 && replica->records.len != 0) {
        return CONSENT_MALFORMED;
    }

    /* all of it is looked at before any of it is applied */

    for (batch = replica->records; (rc = consent_replica_next(&batch, &record)) == CONSENT_OK; ) { /* void */ }

    if (rc != CONSENT_NOTFOUND) {
        return CONSENT_MALFORMED;
    }

    rc = consent_replica_place_get(&ledger->view, replica->node, &replica->place);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        return rc;
    }

    if (replica->epoch < replica->place.epoch) {
        /* it has begun anew since: what it says again is known, or was not kept */
        return put_position(ledger, replica);
    }

    if (replica->epoch > replica->place.epoch) {
        replica->place.epoch = replica->epoch;
        replica->place.sequence = 0;
        replica->place.whole = replica->empty;
    }

    replica->place.whole |= replica->empty;
    batch = replica->records;
    rc = consent_replica_absorb(ledger, &replica->place);

    if (rc != CONSENT_OK) {
        return rc;
    }

    for (sequence = replica->sequence; consent_replica_next(&batch, &record) == CONSENT_OK; sequence++) {
        rc = one(ledger, op, record, sequence);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    rc = consent_replica_place_put(ledger, &replica->place);

    return rc == CONSENT_OK ? put_position(ledger, replica) : rc;
}


/* Each number once, in whatever order they come. */
static consent_rc_t
one(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t record, uint64_t sequence)
{
    bool                      is_next;
    size_t                    len;
    uint8_t                   key[GAP_LEN];
    consent_rc_t              rc;
    consent_slice_t           value;
    consent_replica_op_t     *replica = op->replica;
    consent_replica_place_t  *place = &replica->place;

    if (sequence <= place->sequence) {
        replica->repeated++;
        return CONSENT_OK;
    }

    is_next = sequence == place->sequence + 1;
    len = gap_key(key, place, sequence);

    if (!is_next) {
        rc = consent_view_get(&ledger->view, CONSENT_TABLE_CLUSTER, consent_slice(key, len), &value);

        if (rc != CONSENT_NOTFOUND) {
            replica->repeated++;
            return rc == CONSENT_OK ? CONSENT_OK : CONSENT_IO;
        }
    }

    rc = consent_foreign_put(ledger, op, record);

    if (rc == CONSENT_MALFORMED || rc == CONSENT_LIMIT) {
        /* it will not be better when it comes again */
        replica->malformed++;
        rc = ledger->broken;

    } else if (rc == CONSENT_OK) {
        replica->applied++;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (!is_next) {
        place->gaps = true;
        return consent_ledger_put(ledger, CONSENT_TABLE_CLUSTER, consent_slice(key, len), consent_lit("\0"),
                                  CONSENT_PUT_NEW);
    }

    place->sequence = sequence;

    return place->gaps ? consent_replica_absorb(ledger, place) : CONSENT_OK;
}


static consent_rc_t
put_position(consent_ledger_t *ledger, const consent_replica_op_t *replica)
{
    uint8_t  record[CONSENT_POSITION_LEN];

    if (replica->position.ms == 0 && replica->position.n == 0) {
        return CONSENT_OK;
    }

    consent_put_u64(record, replica->position.ms);
    consent_put_u64(record + 8, replica->position.n);

    return consent_ledger_put(ledger, CONSENT_TABLE_CLUSTER, consent_position_key, consent_slice(record, sizeof(record)),
                              CONSENT_PUT_REPLACE);
}


static size_t
gap_key(uint8_t key[static GAP_LEN], const consent_replica_place_t *place, uint64_t sequence)
{
    memcpy(key, "gap", 3);
    memcpy(key + 3, place->node, place->node_len);
    key[3 + place->node_len] = 0;
    consent_put_u64(key + 4 + place->node_len, place->epoch);
    consent_put_u64(key + 12 + place->node_len, sequence);

    return 20 + place->node_len;
}


consent_rc_t
consent_replica_place_decode(consent_replica_place_t *place, consent_slice_t key, consent_slice_t value)
{
    if (key.len <= 4 || key.len > 4 + CONSENT_NODE_MAX || value.len != PLACE_LEN
        || consent_get_u64(value.data + 16) > FLAG)
    {
        return CONSENT_MALFORMED;
    }

    memcpy(place->node, key.data + 4, key.len - 4);
    place->node_len = key.len - 4;
    place->epoch = consent_get_u64(value.data);
    place->sequence = consent_get_u64(value.data + 8);
    place->whole = consent_get_u64(value.data + 16) != 0;

    return CONSENT_OK;
}
