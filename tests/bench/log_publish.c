/*
 * What publishing a log costs, and what opening a store with a long one does.
 *
 *   log_publish [ENTRIES] [DIRECTORY]      makes a store below DIRECTORY (/var/tmp) with so many entries, and publishes it
 *
 * Prints one "name value unit" a line.
 */

#include "ledger/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define BATCH  20000

/* Of this thread: whose fault it is that something took long. */
typedef struct {
    double  wall;
    double  cpu;
    long    preempted;
    long    faults;             /* pages that had to be read from disk */
} spent_t;

static void fill(consent_ledger_t *ledger, uint64_t entries);
static void publish(const char *name, consent_publisher_t *publisher, consent_ledger_t *ledger);
static consent_ledger_t *open_store(const char *directory, int kept);
static consent_publisher_t *open_publisher(consent_ledger_t *ledger, int kept);
static long memory(void);
static double now(void);
static spent_t spend(void);
static void give_up(const char *what);


int
main(int argc, char **argv)
{
    int                   kept;
    char                  directory[256], command[300];
    double                at;
    uint64_t              entries;
    consent_buf_t         b;
    consent_ledger_t     *ledger;
    consent_publisher_t  *publisher;

    entries = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    (void) snprintf(directory, sizeof(directory), "%.200s/consent-bench-XXXXXX", argc > 2 ? argv[2] : "/var/tmp");

    if (mkdtemp(directory) == NULL || (kept = open(directory, O_RDONLY | O_DIRECTORY)) == -1) {
        give_up("mkdtemp");
    }

    ledger = open_store(directory, kept);
    fill(ledger, entries);
    publisher = open_publisher(ledger, kept);

    publish("publish", publisher, ledger);

    /* a round of the usual size */
    fill(ledger, 1000);
    publish("publish_1000_more", publisher, ledger);

    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);

    at = now();
    ledger = open_store(directory, kept);
    printf("open %.2f ms\n", 1000 * (now() - at));

    fill(ledger, 1);
    at = now();
    publisher = open_publisher(ledger, kept);
    publish("first_publish_after_opening", publisher, ledger);

    consent_buf_init(&b, CONSENT_LOG_PROOF_MAX);
    at = now();

    if (consent_log_proof(ledger, entries / 3, &b) != CONSENT_OK) {
        give_up("proof");
    }

    printf("proof %.3f ms\n", 1000 * (now() - at));

    consent_buf_free(&b);
    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    (void) snprintf(command, sizeof(command), "rm -rf '%s'", directory);

    return system(command) == 0 ? 0 : 1;
}


/* Entries as long as those of decisions. */
static void
fill(consent_ledger_t *ledger, uint64_t entries)
{
    char          fields[512];
    uint64_t      i, n;
    consent_op_t  op;

    for (n = 0; n < entries; /* void */) {
        if (consent_ledger_begin(ledger) != CONSENT_OK) {
            give_up(consent_ledger_why(ledger));
        }

        for (i = 0; i < BATCH && n < entries; i++, n++) {
            memset(&op, 0, sizeof(op));
            op.type = CONSENT_OP_ENTRY;
            op.policy.id = consent_lit("exempelkommun");
            op.policy.version = consent_lit("2026-11-22");
            op.now = 1795338900000;
            op.entry_type = "benchmark";
            (void) snprintf(fields, sizeof(fields), "{\"n\":%llu,\"of\":\"%0280d\"}", (unsigned long long) n, 1);
            op.fields = consent_cstr(fields);

            if (consent_ledger_apply(ledger, &op) != CONSENT_OK) {
                give_up("apply");
            }
        }

        if (consent_ledger_commit(ledger) != CONSENT_OK) {
            give_up(consent_ledger_why(ledger));
        }
    }
}


static void
publish(const char *name, consent_publisher_t *publisher, consent_ledger_t *ledger)
{
    char          why[256];
    long          before;
    double        at;
    spent_t       begun, spent, longest = { 0 }, busiest = { 0 };
    unsigned      steps;
    consent_op_t  op;
    consent_rc_t  rc;

    at = now();
    before = memory();

    for (steps = 0; (rc = consent_publisher_next(publisher, &op, why)) == CONSENT_OK; steps++) {
        if (consent_ledger_begin(ledger) != CONSENT_OK) {
            give_up(consent_ledger_why(ledger));
        }

        begun = spend();
        (void) consent_ledger_apply(ledger, &op);
        spent = spend();
        spent = (spent_t) { spent.wall - begun.wall, spent.cpu - begun.cpu, spent.preempted - begun.preempted,
                            spent.faults - begun.faults };
        longest = spent.wall > longest.wall ? spent : longest;
        busiest = spent.cpu > busiest.cpu ? spent : busiest;
        rc = consent_ledger_commit(ledger);
        consent_publisher_done(publisher, rc == CONSENT_OK ? op.rc : rc);
    }

    if (rc != CONSENT_NOTFOUND) {
        give_up(why);
    }

    printf("%s %.3f s\n", name, now() - at);
    printf("%s_steps %u\n", name, steps);
    printf("%s_longest_in_a_transaction %.3f ms\n", name, 1000 * longest.wall);
    printf("%s_longest_of_it_running %.3f ms\n", name, 1000 * longest.cpu);
    printf("%s_longest_times_preempted %ld\n", name, longest.preempted);
    printf("%s_longest_pages_from_disk %ld\n", name, longest.faults);
    printf("%s_busiest_transaction %.3f ms\n", name, 1000 * busiest.cpu);
    printf("%s_heap %ld kB\n", name, memory() - before);
}


static consent_ledger_t *
open_store(const char *directory, int kept)
{
    char                         why[256];
    consent_ledger_t            *ledger;
    const consent_ledger_conf_t  conf = { .directory = directory, .size = (size_t) 64 << 30, .node = "bench",
                                          .guarded = true, .signed_dir = kept };

    if (consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        give_up(why);
    }

    return ledger;
}


static consent_publisher_t *
open_publisher(consent_ledger_t *ledger, int kept)
{
    static const uint8_t            seed[32] = { 1 };
    consent_publisher_t            *publisher;
    const consent_publisher_conf_t  conf = { "bench.example/log", seed, kept };

    if (consent_publisher_create(&publisher, ledger, &conf) != CONSENT_OK) {
        give_up("publisher");
    }

    return publisher;
}


/* kB of it that are not pages of the store. */
static long
memory(void)
{
    char   line[256];
    long   kb = 0;
    FILE  *f = fopen("/proc/self/status", "r");

    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        (void) sscanf(line, "RssAnon: %ld", &kb);
    }

    if (f != NULL) {
        (void) fclose(f);
    }

    return kb;
}


static spent_t
spend(void)
{
    spent_t          s;
    struct rusage    usage;
    struct timespec  t;

    (void) getrusage(RUSAGE_THREAD, &usage);
    (void) clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    s.wall = now();
    s.cpu = (double) t.tv_sec + (double) t.tv_nsec / 1e9;
    s.preempted = usage.ru_nivcsw;
    s.faults = usage.ru_majflt;

    return s;
}


static double
now(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return (double) t.tv_sec + (double) t.tv_nsec / 1e9;
}


static void
give_up(const char *what)
{
    fprintf(stderr, "log_publish: %s\n", what);
    exit(1);
}
