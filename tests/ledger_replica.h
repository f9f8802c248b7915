/*
 * Nodes of a cluster, each with a store, for the ledger's tests.
 */

#ifndef TESTS_LEDGER_REPLICA_H
#define TESTS_LEDGER_REPLICA_H

#include "ledger.h"
#include "ledger/replica.h"

#define NODES  3

typedef struct {
    const char        *directory;
    const char        *name;
    consent_ledger_t  *ledger;
    uint64_t           sent;            /* the last sequence that was told */
} node_t;

static const uint8_t  erasure_key[32] = { 7, 7, 7 };
static node_t         nodes[NODES];


/* beside: a directory beside the keys; -1: none. */
static inline void
open_node_beside(node_t *node, consent_cluster_t cluster, int beside)
{
    char                   why[256] = "";
    consent_ledger_conf_t  conf = { .directory = node->directory, .size = (size_t) 64 << 20, .node = node->name,
                                    .cluster = cluster, .erasure_key = erasure_key, .guarded = beside != -1,
                                    .signed_dir = beside };

    if (consent_ledger_open(&node->ledger, &conf, why) != CONSENT_OK) {
        fail_msg("cannot open the ledger: %s", why);
    }

    /* its epoch begins with the first transaction */
    assert_int_equal(consent_ledger_begin(node->ledger), CONSENT_OK);
    assert_int_equal(consent_ledger_commit(node->ledger), CONSENT_OK);
}


static inline void
open_node(node_t *node, consent_cluster_t cluster)
{
    open_node_beside(node, cluster, -1);
}


static inline int
set_up_nodes(void **state)
{
    size_t                    i;
    static const char *const  names[] = { "a.example", "b.example", "c.example" };

    (void) state;

    for (i = 0; i < NODES; i++) {
        nodes[i] = (node_t) { temporary_directory(), names[i], NULL, 0 };
        open_node(&nodes[i], CONSENT_CLUSTER_JOIN);
    }

    return 0;
}


static inline int
tear_down_nodes(void **state)
{
    size_t  i;

    (void) state;

    for (i = 0; i < NODES; i++) {
        consent_ledger_close(nodes[i].ledger);
        remove_directory(nodes[i].directory);
    }

    return 0;
}


/* A batch as it was told, with what it is known by. */
typedef struct {
    const char  *from;
    uint64_t     epoch;
    uint64_t     sequence;
    size_t       n;
    bool         empty;
    uint8_t      bytes[16384];
    size_t       len;
} batch_t;


/* What a node tells from a sequence on, at most `most` records of it. False: nothing. */
static inline bool
tell(const node_t *node, uint64_t sequence, size_t most, batch_t *batch)
{
    size_t                  n, i;
    consent_buf_t           b;
    consent_slice_t         rest, record;
    consent_replica_self_t  self;

    assert_int_equal(consent_replica_self(node->ledger, &self), CONSENT_OK);

    consent_buf_init_fixed(&b, batch->bytes, sizeof(batch->bytes));
    assert_int_equal(consent_replica_outgoing(node->ledger, sequence, &b, &n), CONSENT_OK);

    rest = consent_buf_view(&b);

    for (i = 0; i < n && i < most; i++) {
        assert_int_equal(consent_replica_next(&rest, &record), CONSENT_OK);
    }

    batch->from = node->name;
    batch->epoch = self.epoch;
    batch->empty = self.empty;
    batch->sequence = sequence;
    batch->n = i;
    batch->len = b.len - rest.len;

    return i > 0;
}


static inline consent_replica_op_t
hear(node_t *node, const batch_t *batch)
{
    consent_op_t          op;
    consent_replica_op_t  replica;

    memset(&op, 0, sizeof(op));
    memset(&replica, 0, sizeof(replica));

    op.type = CONSENT_OP_REPLICA;
    op.now = NOW;
    op.replica = &replica;
    replica.node = consent_cstr(batch->from);
    replica.epoch = batch->epoch;
    replica.sequence = batch->sequence;
    replica.empty = batch->empty;
    replica.records = consent_slice(batch->bytes, batch->len);

    assert_int_equal(do_op(node->ledger, &op), CONSENT_OK);

    return replica;
}


/* All that a node has decided, from a sequence on, to another. */
static inline void
tell_all(const node_t *from, uint64_t sequence, node_t *to)
{
    batch_t  batch;

    for ( /* void */ ; tell(from, sequence, 64, &batch); sequence += batch.n) {
        (void) hear(to, &batch);
    }
}


/* What a snapshot holds: who decided what. Equal texts, equal stores. */
static inline char *
content_of(consent_ledger_t *ledger)
{
    static char         text[2][1 << 20];
    static int          which;
    char               *out = text[which++ % 2], *p = out;
    size_t              n, i, lines = 0;
    static char        *line[8192];
    consent_buf_t       b;
    consent_slice_t     rest, record;
    consent_snapshot_t  at = { 0 };
    static char         memory[1 << 20];
    char               *m = memory;

    while (!at.done) {
        consent_buf_init(&b, CONSENT_BATCH_MAX);
        assert_int_equal(consent_replica_snapshot(ledger, &at, 4096, &b, &n), CONSENT_OK);
        rest = consent_buf_view(&b);

        while (consent_replica_next(&rest, &record) == CONSENT_OK) {
            if (record.data[0] != CONSENT_RECORD_PAST && record.data[0] != CONSENT_RECORD_TOMBSTONE) {
                continue;
            }

            assert_true(lines < consent_countof(line));
            line[lines++] = m;

            for (i = 0; i < record.len; i++) {
                m += sprintf(m, "%02x", record.data[i]);
            }

            m++;
        }

        consent_buf_free(&b);
    }

    *p = '\0';

    for (i = 0; i < lines; i++) {
        p += sprintf(p, "%s\n", line[i]);
    }

    return out;
}


static inline consent_decision_t
state_at(size_t node, uint64_t subject)
{
    consent_rc_t        rc;
    consent_time_t      erased_at;
    consent_decision_t  d;

    memset(&d, 0, sizeof(d));
    rc = state_of(nodes[node].ledger, subject, &d, &erased_at);
    assert_true(rc == CONSENT_OK || rc == CONSENT_NOTFOUND);

    return d;
}


static inline consent_replica_place_t
place_at(size_t node, const char *of)
{
    size_t                   n, i;
    consent_replica_place_t  vector[CONSENT_NODES_MAX];

    assert_int_equal(consent_replica_vector(nodes[node].ledger, vector, &n), CONSENT_OK);

    for (i = 0; i < n; i++) {
        if (consent_slice_eq(consent_slice(vector[i].node, vector[i].node_len), consent_cstr(of))) {
            return vector[i];
        }
    }

    return (consent_replica_place_t) { .epoch = 0 };
}


typedef struct {
    size_t  opened;
    size_t  closed;
} openings_t;

static inline bool
each_opened(void *arg, uint64_t index, consent_time_t logged_at, bool opens)
{
    openings_t  *o = arg;

    (void) index;
    (void) logged_at;
    *(opens ? &o->opened : &o->closed) += 1;

    return true;
}


static inline openings_t
openings_at(size_t node, uint64_t subject)
{
    uint8_t     id[CONSENT_SUBJECT_LEN];
    openings_t  o = { 0, 0 };

    subject_of(id, subject);
    assert_int_equal(consent_ledger_opened(nodes[node].ledger, id, each_opened, &o), CONSENT_OK);

    return o;
}

#endif
