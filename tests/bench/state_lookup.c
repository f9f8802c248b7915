/*
 * What a state lookup costs with a million subjects in the store, and what opening such a store does.
 *
 *   state_lookup [SUBJECTS]                  makes a store in a temporary directory and measures it
 *   state_lookup look|alone DIR SUBJECTS LOOKUPS   only looks up, so that the instructions of two runs can be compared
 *
 * Prints one "name value unit" a line.
 */

#include "ledger/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define BATCH    2000
#define LOOKUPS  1000000

static const uint64_t  id_key = 0x1111222233334444;

static void fill(const char *directory, uint64_t subjects);
static double look(consent_ledger_t *ledger, uint64_t subjects, uint64_t lookups, bool alone);
static void look_twice(const char *name, consent_ledger_t *ledger, uint64_t subjects, bool alone);
static consent_ledger_t *open_store(const char *directory);
static void count_instructions(const char *name, const char *self, const char *how, const char *directory,
    uint64_t subjects);
static double now(void);
static void give_up(const char *what);


int
main(int argc, char **argv)
{
    int                     i;
    char                    directory[64] = "/var/tmp/consent-bench-XXXXXX", command[128];
    double                  at;
    uint64_t                subjects;
    struct rusage           before, after;
    consent_ledger_t       *ledger;
    consent_ledger_stat_t   stat;

    if (argc == 5) {
        ledger = open_store(argv[2]);
        (void) look(ledger, strtoull(argv[3], NULL, 10), strtoull(argv[4], NULL, 10), strcmp(argv[1], "alone") == 0);
        consent_ledger_close(ledger);
        return 0;
    }

    subjects = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;

    if (mkdtemp(directory) == NULL) {
        give_up("mkdtemp");
    }

    at = now();
    fill(directory, subjects);
    printf("decisions_written %.0f per_s\n", (double) subjects / (now() - at));

    for (i = 0; i < 3; i++) {
        at = now();
        ledger = open_store(directory);
        printf("open %.3f ms\n", (now() - at) * 1e3);
        consent_ledger_close(ledger);
    }

    ledger = open_store(directory);

    if (consent_ledger_stat(ledger, &stat) != CONSENT_OK || stat.states != subjects) {
        give_up("stat");
    }

    printf("states %llu records\n", (unsigned long long) stat.states);
    printf("store %.0f MB\n", (double) stat.used / 1e6);

    (void) look(ledger, subjects, LOOKUPS, false);                 /* warm */
    (void) getrusage(RUSAGE_SELF, &before);

    for (i = 0; i < 5; i++) {
        look_twice("lookup_random", ledger, subjects, false);
        look_twice("lookup_random_alone", ledger, subjects, true);
    }

    (void) getrusage(RUSAGE_SELF, &after);
    look_twice("lookup_one", ledger, 1, false);
    printf("lookup_page_faults %ld of_%d\n", after.ru_minflt - before.ru_minflt, 10 * LOOKUPS);
    consent_ledger_close(ledger);
    (void) fflush(stdout);

    count_instructions("lookup_random_instructions", argv[0], "look", directory, subjects);
    count_instructions("lookup_random_alone_instructions", argv[0], "alone", directory, subjects);
    count_instructions("lookup_one_instructions", argv[0], "look", directory, 1);

    (void) snprintf(command, sizeof(command), "rm -rf '%s'", directory);

    return system(command) == 0 ? 0 : 1;
}


static void
subject_of(uint8_t subject[static CONSENT_SUBJECT_LEN], uint64_t n)
{
    uint64_t  mixed = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);

    mixed ^= mixed >> 31;
    mixed *= UINT64_C(0xbf58476d1ce4e5b9);
    memcpy(subject, &mixed, 8);
    memcpy(subject + 8, &n, 8);
}


static void
fill(const char *directory, uint64_t subjects)
{
    uint64_t          i;
    consent_op_t      op;
    consent_slice_t   category = consent_lit("identity");
    consent_ledger_t *ledger = open_store(directory);

    memset(&op, 0, sizeof(op));
    op.policy.id = consent_lit("exempelkommun");
    op.policy.version = consent_lit("2026-11-22");
    op.policy.id_key = id_key;
    op.now = 1795338900000;
    op.decision.granted = 1;
    op.decision.level = 1;
    op.decision.status = CONSENT_STATUS_GIVEN;
    op.decision.expires_at = op.now + 86400000;
    op.level = consent_lit("personal");
    op.categories = &category;
    op.n_categories = 1;
    op.language = consent_lit("sv");

    for (i = 0; i < subjects; i++) {
        if (i % BATCH == 0 && consent_ledger_begin(ledger) != CONSENT_OK) {
            give_up("begin");
        }

        subject_of(op.subject, i);
        op.decision.stamp = op.now;

        if (consent_ledger_apply(ledger, &op) != CONSENT_OK) {
            give_up("apply");
        }

        if ((i % BATCH == BATCH - 1 || i == subjects - 1) && consent_ledger_commit(ledger) != CONSENT_OK) {
            give_up("commit");
        }
    }

    consent_ledger_close(ledger);
}


/* By the clock, and by the processor's time where others want it too. */
static void
look_twice(const char *name, consent_ledger_t *ledger, uint64_t subjects, bool alone)
{
    double         wall;
    struct rusage  before, after;

    (void) getrusage(RUSAGE_SELF, &before);
    wall = look(ledger, subjects, LOOKUPS, alone);
    (void) getrusage(RUSAGE_SELF, &after);

    printf("%s %.0f ns\n", name, wall / LOOKUPS * 1e9);
    printf("%s_processor %.0f ns\n", name,
           ((double) (after.ru_utime.tv_sec - before.ru_utime.tv_sec) * 1e9
            + (double) (after.ru_utime.tv_usec - before.ru_utime.tv_usec) * 1e3) / LOOKUPS);
}


/* Seconds for so many lookups of subjects in random order; `alone`: each takes up a snapshot anew. */
static double
look(consent_ledger_t *ledger, uint64_t subjects, uint64_t lookups, bool alone)
{
    double              at;
    uint8_t             subject[CONSENT_SUBJECT_LEN];
    uint64_t            i, n;
    consent_time_t      erased_at;
    consent_decision_t  d;

    at = now();

    for (i = 0, n = 1; i < lookups; i++) {
        n = n * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        subject_of(subject, (n >> 33) % subjects);

        if (consent_ledger_state(ledger, subject, id_key, &d, &erased_at) != CONSENT_OK || d.granted != 1) {
            give_up("state");
        }

        if (alone) {
            consent_ledger_state_rest(ledger);
        }
    }

    return now() - at;
}


static consent_ledger_t *
open_store(const char *directory)
{
    char                   why[256];
    consent_ledger_t      *ledger;
    consent_ledger_conf_t  conf = { .directory = directory, .size = (size_t) 8 << 30, .node = "bench" };

    if (consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        give_up(why);
    }

    return ledger;
}


/* The difference of two runs under valgrind, where there is one. */
static void
count_instructions(const char *name, const char *self, const char *how, const char *directory, uint64_t subjects)
{
    FILE      *p;
    char       command[1024];
    unsigned   i;
    uint64_t   counted[2] = { 0, 0 };

    static const unsigned  lookups[2] = { 1000, 11000 };

    for (i = 0; i < 2; i++) {
        (void) snprintf(command, sizeof(command),
                        "valgrind --tool=callgrind --callgrind-out-file=/dev/null '%s' %s '%s' %llu %u 2>&1"
                        " | sed -n 's/.*Collected : \\([0-9]*\\).*/\\1/p'", self, how, directory,
                        (unsigned long long) subjects, lookups[i]);
        p = popen(command, "r");

        if (p == NULL || fscanf(p, "%llu", (unsigned long long *) &counted[i]) != 1) {
            counted[i] = 0;
        }

        if (p != NULL) {
            (void) pclose(p);
        }
    }

    if (counted[0] != 0 && counted[1] > counted[0]) {
        printf("%s %.0f user\n", name, (double) (counted[1] - counted[0]) / (lookups[1] - lookups[0]));
    }
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
    (void) fprintf(stderr, "state_lookup: %s failed\n", what);
    exit(1);
}
