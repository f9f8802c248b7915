/*
 * What the files of replication share within the ledger.
 */

#ifndef CONSENT_REPLICA_INSIDE_H
#define CONSENT_REPLICA_INSIDE_H

#include "ledger/inside.h"
#include "ledger/replica.h"

/* Adds "length 4, record" from parts. */
void consent_replica_add(consent_buf_t *batch, const consent_slice_t *parts, size_t n);

/* A record of another node, in the open transaction; what is wrong with it is found before anything is put, and is
 * CONSENT_MALFORMED. */
consent_rc_t consent_foreign_put(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t record);

/* Puts a decision where it belongs among those of its subject. `entry` and `index` of the log where it was made; empty: taken
 * from a snapshot, it has no entry here. */
consent_rc_t consent_foreign_decision(consent_ledger_t *ledger, consent_op_t *op, const consent_past_t *past,
    consent_slice_t entry, uint64_t index);

/* An entry of another's log that belongs to nobody here. */
consent_rc_t consent_foreign_logged(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t entry, uint64_t index);

/* Nothing of a subject up to a stamp stays; a tombstone does. */
consent_rc_t consent_foreign_erasure(consent_ledger_t *ledger, consent_op_t *op, consent_time_t erased_at,
    consent_time_t keep_until, consent_slice_t entry, uint64_t index);
consent_rc_t consent_foreign_erase(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_time_t erased_at, uint64_t *erased);

/* The entry here of an entry there. `commitment` takes the place of its own; NULL: it is an erasure, of so many `entries`.
 * CONSENT_MALFORMED: it is no entry of that type, or itself one of another's. */
consent_rc_t consent_entry_foreign(consent_buf_t *b, consent_digest_t *digest, const consent_entry_t *here,
    consent_slice_t there, uint64_t index, const uint8_t commitment[CONSENT_HASH_LEN], uint64_t entries);

/* snapshot.c */
consent_rc_t consent_snapshot_put(consent_ledger_t *ledger, consent_op_t *op);
consent_rc_t consent_snapshot_sweep(consent_ledger_t *ledger, consent_op_t *op);
consent_rc_t consent_snapshot_complete(consent_ledger_t *ledger, consent_op_t *op);

/* replica.c: keys and values of what is kept of the others, and a new epoch of this node. */
#define CONSENT_POSITION_LEN  16
extern const consent_slice_t  consent_node_key;
extern const consent_slice_t  consent_position_key;
consent_rc_t consent_replica_begin_epoch(consent_ledger_t *ledger, bool empty);

/* replica_apply.c: what is kept of a node. CONSENT_NOTFOUND. */
consent_rc_t consent_replica_place_get(consent_view_t *view, consent_slice_t node, consent_replica_place_t *place);
consent_rc_t consent_replica_place_put(consent_ledger_t *ledger, const consent_replica_place_t *place);
consent_rc_t consent_replica_place_decode(consent_replica_place_t *place, consent_slice_t key, consent_slice_t value);
/* Up to which sequence all is there, once what was applied ahead of a gap is counted. */
consent_rc_t consent_replica_absorb(consent_ledger_t *ledger, consent_replica_place_t *place);

/* outgoing.c */
consent_rc_t consent_outgoing_clear(consent_ledger_t *ledger);
consent_rc_t consent_outgoing_confirmed(consent_ledger_t *ledger, uint64_t sequence);

#endif
