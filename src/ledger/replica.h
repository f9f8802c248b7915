/*
 * What the nodes of a cluster tell each other, as the store keeps it.
 *
 * Each node numbers what it has decided: (node, epoch, sequence), contiguous from 1 in an epoch, given in the decision's
 * own transaction. Such a number stands in the store until every other node has confirmed it (outgoing.c). What others
 * decided is applied in any order, each number once; the last contiguous sequence of each node and the place in the stream
 * are kept by the transaction that applies (replica_apply.c). A node that is new, or has been away too long, takes a
 * snapshot (snapshot.c).
 *
 * A batch is a row of records, each "length 4, record". All integers are big-endian. A record is
 *
 *   0  kind 1, and behind it
 *   DECISION   subject 16 | policy 8 | decision block 64 (record.c) | index of its entry 8 | the entry
 *   LOGGED     index of the entry 8 | the entry                     its subject has been erased, or it is forgotten
 *   ERASURE    subject 16 | erased up to this stamp 8 | tombstone kept until 8 | index of its entry 8 | the entry
 *   POLICY     canonical policy document
 *   TEXT       a text as served
 *   NOTHING                                                         there was something, but it is gone
 *   PAST       subject 16 | policy 8 | decision block 64            in snapshots
 *   TOMBSTONE  key 16 | tombstone record 16                         in snapshots
 */

#ifndef CONSENT_REPLICA_H
#define CONSENT_REPLICA_H

#include "base/buf.h"
#include "policy/decision.h"

#define CONSENT_NODE_MAX       255              /* bytes of a node's name */
#define CONSENT_BATCH_RECORDS  64
#define CONSENT_BATCH_MAX      (256 * 1024)     /* bytes */
#define CONSENT_NODES_MAX      64               /* nodes of a cluster that a store knows */
#define CONSENT_AHEAD_MAX      ((consent_time_t) 60 * 1000)     /* ms: a foreign stamp further ahead is counted */

typedef enum {
    CONSENT_RECORD_DECISION = 1,
    CONSENT_RECORD_LOGGED,
    CONSENT_RECORD_ERASURE,
    CONSENT_RECORD_POLICY,
    CONSENT_RECORD_TEXT,
    CONSENT_RECORD_NOTHING,
    CONSENT_RECORD_PAST,
    CONSENT_RECORD_TOMBSTONE
} consent_record_kind_t;

/* Of this node. */
typedef struct {
    uint64_t  epoch;
    uint64_t  first;            /* the oldest sequence that has not been confirmed; `next` where there is none */
    uint64_t  next;             /* the next one to be given */
    bool      empty;            /* the store was, when the epoch began: nothing came before sequence 1 */
    bool      lacks;            /* others have of it what it has not: it needs a snapshot */
} consent_replica_self_t;

/* Of another. */
typedef struct {
    uint8_t   node[CONSENT_NODE_MAX];
    size_t    node_len;
    uint64_t  epoch;
    uint64_t  sequence;         /* all up to this have been applied */
    bool      whole;            /* and what came before the first of the epoch */
    bool      gaps;             /* out of a transaction that applies: some behind it have been, too */
} consent_replica_place_t;

/* A place in the stream, as Redis numbers it. */
typedef struct {
    uint64_t  ms;
    uint64_t  n;
} consent_replica_position_t;

typedef enum {
    CONSENT_REPLICA_APPLY = 0,  /* a batch of another node; or none, to know it or to move on in the stream */
    CONSENT_REPLICA_CONFIRMED,  /* everybody has what is of this epoch up to a sequence */
    CONSENT_REPLICA_SNAPSHOT,   /* a batch of a snapshot */
    CONSENT_REPLICA_SWEEP,      /* some of our own subjects, whom a snapshot may have erased */
    CONSENT_REPLICA_COMPLETE,   /* a snapshot has been applied: its vector, and the entry */
    CONSENT_REPLICA_EPOCH       /* others say that they have `sequence` of us, or know us in an epoch `later`: if that is
                                 * more than we have given, our store is an old one, and begins a new epoch.
                                 * CONSENT_CONFLICT: it is not */
} consent_replica_action_t;

typedef struct consent_replica_op_s {
    consent_replica_action_t        action;
    consent_slice_t                 node;           /* whose batch or snapshot; at most CONSENT_NODE_MAX */
    uint64_t                        epoch;
    uint64_t                        sequence;       /* of the first record; or up to which it is confirmed */
    uint64_t                        later;          /* CONSENT_REPLICA_EPOCH; 0: none */
    bool                            empty;          /* what the node says of its store when the epoch began */
    consent_slice_t                 records;
    consent_replica_position_t      position;       /* where the batch ends in the stream; zeros: not kept */

    /* CONSENT_REPLICA_COMPLETE */
    const consent_replica_place_t  *vector;
    size_t                          n_vector;
    uint64_t                        count;          /* of records */
    uint8_t                         hash[CONSENT_HASH_LEN];     /* of all batches, one behind the other */

    uint8_t                         cursor[CONSENT_SUBJECT_LEN + 1];    /* CONSENT_REPLICA_SWEEP, in and out; zeros: begin */
    bool                            done;           /* out: nothing is left to sweep */

    /* out, of this batch */
    uint64_t                        applied;
    uint64_t                        repeated;       /* they were known */
    uint64_t                        ahead;          /* stamps more than CONSENT_AHEAD_MAX ahead; applied all the same */
    uint64_t                        malformed;      /* left out */
    consent_replica_place_t         place;          /* of the node, afterwards */
} consent_replica_op_t;

typedef struct consent_ledger_s  consent_ledger_t;

/* CONSENT_NOTFOUND: the store belongs to no cluster. From any thread, as all that follow. */
consent_rc_t consent_replica_self(consent_ledger_t *ledger, consent_replica_self_t *self);

/* Of the others that are known, at most CONSENT_NODES_MAX. */
consent_rc_t consent_replica_vector(consent_ledger_t *ledger,
    consent_replica_place_t vector[static CONSENT_NODES_MAX], size_t *n);

/* Zeros: none yet. */
consent_rc_t consent_replica_position(consent_ledger_t *ledger, consent_replica_position_t *position);

/* A batch of what this node has decided, from a sequence on: at most CONSENT_BATCH_RECORDS, and no more than fit into
 * CONSENT_BATCH_MAX; *n is 0 when there is nothing. CONSENT_LIMIT: what is asked for is no longer there. */
consent_rc_t consent_replica_outgoing(consent_ledger_t *ledger, uint64_t sequence, consent_buf_t *batch, size_t *n);

/* Where a snapshot has got to; zeroed: at its beginning. */
typedef struct {
    unsigned  table;
    uint8_t   key[CONSENT_SUBJECT_LEN + 8 + 8 + 1];
    size_t    len;
    bool      done;
} consent_snapshot_t;

/* The next batch of a snapshot of this node's store, at most about `limit` bytes and at least one record. The vector is to
 * be read before the first: what is decided or erased meanwhile follows in the stream. */
consent_rc_t consent_replica_snapshot(consent_ledger_t *ledger, consent_snapshot_t *snapshot, size_t limit,
    consent_buf_t *batch, size_t *n);

/* The next record of a batch, which is moved behind it. CONSENT_NOTFOUND: none; CONSENT_MALFORMED. */
consent_rc_t consent_replica_next(consent_slice_t *batch, consent_slice_t *record);

#endif
