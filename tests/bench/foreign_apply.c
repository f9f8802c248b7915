/*
 * What applying another node's decisions costs: so many batches in one transaction, and a snapshot of all.
 *
 *   foreign_apply [DECISIONS [BATCHES]]
 *
 * Prints one "name value unit" a line. The store is in /var/tmp; its syncs are this disk's.
 */

#include "ledger/ledger.h"
#include "ledger/replica.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NOW    INT64_C(1795338900000)
#define GROUP  2000     /* decisions in a transaction where they are made */

typedef struct {
    double   wall;
    double   cpu;
    double   longest;
} spent_t;

static const uint8_t  erasure_key[32] = { 7 };

static consent_ledger_t *open_node(const char *directory, const char *name);
static void fill(consent_ledger_t *ledger, uint64_t decisions);
static void follow(consent_ledger_t *from, consent_ledger_t *to, uint64_t decisions, unsigned batches, spent_t *spent);
static void take(consent_ledger_t *from, consent_ledger_t *to, unsigned batches, spent_t *spent);
static void apply(consent_ledger_t *to, consent_replica_op_t *replicas, consent_buf_t *batches, unsigned n, spent_t *spent);
static void say(const char *name, uint64_t decisions, const spent_t *spent);
static double now(void);
static double cpu(void);
static void give_up(const char *what);


int
main(int argc, char **argv)
{
    char               directory[3][80], root[64] = "/var/tmp/consent-bench-XXXXXX", command[128];
    spent_t            spent;
    unsigned           i, batches;
    uint64_t           decisions;
    consent_ledger_t  *nodes[3];

    decisions = argc > 1 ? strtoull(argv[1], NULL, 10) : 100000;
    batches = argc > 2 ? (unsigned) strtoul(argv[2], NULL, 10) : 5;

    if (mkdtemp(root) == NULL) {
        give_up("mkdtemp");
    }

    for (i = 0; i < 3; i++) {
        (void) snprintf(directory[i], sizeof(directory[i]), "%s/%u", root, i);

        if (mkdir(directory[i], 0700) != 0) {
            give_up("mkdir");
        }

        nodes[i] = open_node(directory[i], (const char *[3]) { "a.example", "b.example", "c.example" }[i]);
    }

    fill(nodes[0], decisions);
    follow(nodes[0], nodes[1], decisions, batches, &spent);
    say("followed", decisions, &spent);
    take(nodes[0], nodes[2], batches, &spent);
    say("taken_of_a_snapshot", decisions, &spent);

    for (i = 0; i < 3; i++) {
        consent_ledger_close(nodes[i]);
    }

    (void) snprintf(command, sizeof(command), "rm -rf '%s'", root);

    return system(command) == 0 ? 0 : 1;
}


static consent_ledger_t *
open_node(const char *directory, const char *name)
{
    char                   why[256];
    consent_ledger_t      *ledger;
    consent_ledger_conf_t  conf = { .directory = directory, .size = (size_t) 8 << 30, .node = name,
                                    .cluster = CONSENT_CLUSTER_JOIN, .erasure_key = erasure_key, .signed_dir = -1 };

    if (consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        give_up(why);
    }

    if (consent_ledger_begin(ledger) != CONSENT_OK || consent_ledger_commit(ledger) != CONSENT_OK) {
        give_up("the first transaction");
    }

    return ledger;
}


/* One decision of each of so many, and what a page sends along with it. */
static void
fill(consent_ledger_t *ledger, uint64_t decisions)
{
    uint64_t         i, mixed;
    consent_op_t     op;
    consent_slice_t  categories[2] = { consent_lit("contact"), consent_lit("identity") };

    memset(&op, 0, sizeof(op));
    op.policy.id = consent_lit("exempelkommun");
    op.policy.version = consent_lit("2026-11-22");
    op.policy.id_key = 0x1111222233334444;
    op.now = NOW;
    op.decision.granted = 3;
    op.decision.level = 2;
    op.decision.status = CONSENT_STATUS_GIVEN;
    op.decision.expires_at = op.now + 86400000;
    op.level = consent_lit("personal");
    op.categories = categories;
    op.n_categories = 2;
    op.language = consent_lit("sv");

    for (i = 0; i < decisions; i++) {
        if (i % GROUP == 0 && consent_ledger_begin(ledger) != CONSENT_OK) {
            give_up("begin");
        }

        mixed = (i + 1) * UINT64_C(0x9e3779b97f4a7c15);
        mixed ^= mixed >> 31;
        mixed *= UINT64_C(0xbf58476d1ce4e5b9);
        memcpy(op.subject, &mixed, 8);
        memcpy(op.subject + 8, &i, 8);
        op.decision.stamp = op.now;

        if (consent_ledger_apply(ledger, &op) != CONSENT_OK) {
            give_up("apply");
        }

        if ((i % GROUP == GROUP - 1 || i == decisions - 1) && consent_ledger_commit(ledger) != CONSENT_OK) {
            give_up("commit");
        }
    }
}


static void
follow(consent_ledger_t *from, consent_ledger_t *to, uint64_t decisions, unsigned batches, spent_t *spent)
{
    size_t                   n;
    unsigned                 i;
    uint64_t                 sequence;
    consent_buf_t           *b = calloc(batches, sizeof(consent_buf_t));
    consent_replica_op_t    *replicas = calloc(batches, sizeof(consent_replica_op_t));
    consent_replica_self_t   self;

    memset(spent, 0, sizeof(spent_t));

    if (b == NULL || replicas == NULL || consent_replica_self(from, &self) != CONSENT_OK) {
        give_up("self");
    }

    for (sequence = 1; sequence <= decisions; /* void */ ) {

        for (i = 0; i < batches && sequence <= decisions; i++) {
            consent_buf_init(&b[i], CONSENT_BATCH_MAX);

            if (consent_replica_outgoing(from, sequence, &b[i], &n) != CONSENT_OK || n == 0) {
                give_up("outgoing");
            }

            memset(&replicas[i], 0, sizeof(consent_replica_op_t));
            replicas[i].node = consent_lit("a.example");
            replicas[i].epoch = self.epoch;
            replicas[i].sequence = sequence;
            replicas[i].position.n = sequence;
            replicas[i].empty = true;
            sequence += n;
        }

        apply(to, replicas, b, i, spent);
    }

    free(b);
    free(replicas);
}


static void
take(consent_ledger_t *from, consent_ledger_t *to, unsigned batches, spent_t *spent)
{
    size_t                 n;
    unsigned               i;
    consent_buf_t         *b = calloc(batches, sizeof(consent_buf_t));
    consent_snapshot_t     at = { 0 };
    consent_replica_op_t  *replicas = calloc(batches, sizeof(consent_replica_op_t));

    memset(spent, 0, sizeof(spent_t));

    if (b == NULL || replicas == NULL) {
        give_up("memory");
    }

    while (!at.done) {

        for (i = 0; i < batches && !at.done; i++) {
            consent_buf_init(&b[i], CONSENT_BATCH_MAX);

            /* about as many bytes as 64 decisions of a stream take here */
            if (consent_replica_snapshot(from, &at, 64 * 96, &b[i], &n) != CONSENT_OK) {
                give_up("snapshot");
            }

            memset(&replicas[i], 0, sizeof(consent_replica_op_t));
            replicas[i].action = CONSENT_REPLICA_SNAPSHOT;
            replicas[i].node = consent_lit("a.example");
        }

        apply(to, replicas, b, i, spent);
    }

    free(b);
    free(replicas);
}


/* One transaction. */
static void
apply(consent_ledger_t *to, consent_replica_op_t *replicas, consent_buf_t *batches, unsigned n, spent_t *spent)
{
    double        wall = now(), used = cpu();
    unsigned      i;
    consent_op_t  op;

    if (consent_ledger_begin(to) != CONSENT_OK) {
        give_up("begin");
    }

    for (i = 0; i < n; i++) {
        memset(&op, 0, sizeof(op));
        op.type = CONSENT_OP_REPLICA;
        op.now = NOW;
        op.replica = &replicas[i];
        replicas[i].records = consent_buf_view(&batches[i]);

        if (consent_ledger_apply(to, &op) != CONSENT_OK || replicas[i].malformed != 0) {
            give_up("apply");
        }

        consent_buf_free(&batches[i]);
    }

    used = cpu() - used;
    spent->longest = used > spent->longest ? used : spent->longest;

    if (consent_ledger_commit(to) != CONSENT_OK) {
        give_up("commit");
    }

    spent->wall += now() - wall;
    spent->cpu += used;
}


static void
say(const char *name, uint64_t decisions, const spent_t *spent)
{
    printf("%s %.0f per_s\n", name, (double) decisions / spent->wall);
    printf("%s_processor %.1f us_each\n", name, spent->cpu / (double) decisions * 1e6);
    printf("%s_longest %.1f ms_of_applying\n", name, spent->longest * 1e3);
}


static double
now(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}


static double
cpu(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);

    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}


static void
give_up(const char *what)
{
    (void) fprintf(stderr, "foreign_apply: %s failed\n", what);
    exit(1);
}
