/*
 * Killed at any moment: all that was acknowledged is there, and what is there is whole.
 */

#include "ledger.h"

#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#define KILLS     200
#define SUBJECTS  64

/* What the children have been told is durable; survives them. */
typedef struct {
    volatile uint64_t        acknowledged;      /* entries */
    volatile consent_time_t  stamp[SUBJECTS];   /* of the newest acknowledged decision */
    volatile uint64_t        index[SUBJECTS];
} promises_t;

typedef struct {
    consent_ledger_t    *ledger;
    uint64_t             n;
    uint64_t             of_entries;
    uint64_t             receipts;
    consent_time_t       newest;
    uint64_t             newest_index;
    const uint8_t       *subject;
    bool                *claimed;       /* by entry index */
} walk_t;


static void
commit_for_ever(const char *directory, promises_t *promises, unsigned seed)
{
    size_t             i, n;
    consent_op_t       ops[16];
    uint64_t           who[16];
    consent_ledger_t  *ledger = open_ledger(directory, (size_t) 256 << 20, false);

    srand(seed);

    for (;;) {
        n = 1 + (size_t) rand() % consent_countof(ops);

        if (consent_ledger_begin(ledger) != CONSENT_OK) {
            _exit(1);
        }

        for (i = 0; i < n; i++) {
            who[i] = (uint64_t) rand() % SUBJECTS;
            ops[i] = rand() % 2 ? a_grant(who[i], NOW) : a_withdrawal(who[i], NOW);

            if (consent_ledger_apply(ledger, &ops[i]) != CONSENT_OK) {
                _exit(2);
            }
        }

        if (consent_ledger_commit(ledger) != CONSENT_OK) {
            _exit(3);
        }

        for (i = 0; i < n; i++) {
            promises->acknowledged = ops[i].index + 1;
            promises->stamp[who[i]] = ops[i].decision.stamp;
            promises->index[who[i]] = ops[i].index;
        }
    }
}


static bool
each_past(void *arg, const consent_decision_t *decision, uint64_t index)
{
    walk_t              *walk = arg;
    uint64_t             found;
    consent_decision_t   again;

    if (walk->n++ == 0) {
        walk->newest = decision->stamp;
        walk->newest_index = index;
    }

    assert_true(index < walk->of_entries);
    assert_false(walk->claimed[index]);
    walk->claimed[index] = true;

    if (consent_ledger_receipt(walk->ledger, walk->subject, decision->receipt, &again, &found) == CONSENT_OK
        && found == index)
    {
        walk->receipts++;
    }

    return true;
}


static bool
each_opened(void *arg, uint64_t index, consent_time_t logged_at, bool opens)
{
    (void) index;
    (void) logged_at;

    *(uint64_t *) arg += opens;

    return true;
}


/* State, history, receipts, keys and entries tell one story, and the promises are in it. */
static void
assert_whole(const char *directory, const promises_t *promises)
{
    size_t                  i;
    walk_t                  walk;
    uint8_t                 subject[CONSENT_SUBJECT_LEN];
    uint64_t                histories, opened;
    consent_rc_t            rc;
    consent_time_t          erased_at;
    consent_decision_t      d;
    consent_ledger_stat_t   stat;

    walk.ledger = open_ledger(directory, (size_t) 256 << 20, false);

    if (promises->acknowledged == 0 && count_entries(walk.ledger) == 0) {
        consent_ledger_close(walk.ledger);
        return;
    }

    assert_int_equal(consent_ledger_stat(walk.ledger, &stat), CONSENT_OK);
    walk.of_entries = count_entries(walk.ledger);       /* fails where an index is missing */
    assert_int_equal(stat.entries, walk.of_entries);
    assert_true(walk.of_entries >= promises->acknowledged);
    walk.claimed = calloc(walk.of_entries + 1, 1);

    for (i = 0, histories = 0; i < SUBJECTS; i++) {
        subject_of(subject, i);
        walk.subject = subject;
        walk.n = walk.receipts = opened = 0;
        assert_int_equal(consent_ledger_history(walk.ledger, subject, some_policy().id_key, each_past, &walk),
                         CONSENT_OK);
        assert_int_equal(consent_ledger_opened(walk.ledger, subject, each_opened, &opened), CONSENT_OK);
        assert_int_equal(opened, walk.n);
        assert_int_equal(walk.receipts, walk.n);

        rc = state_of(walk.ledger, i, &d, &erased_at);
        assert_int_equal(rc, walk.n == 0 ? CONSENT_NOTFOUND : CONSENT_OK);

        if (walk.n > 0) {
            assert_int_equal(d.stamp, walk.newest);
        }

        if (promises->stamp[i] != 0) {
            assert_true(walk.n > 0 && walk.newest >= promises->stamp[i] && walk.newest_index >= promises->index[i]);
        }

        histories += walk.n;
    }

    assert_int_equal(histories, walk.of_entries);
    assert_int_equal(stat.histories, histories);

    free(walk.claimed);
    consent_ledger_close(walk.ledger);
}


static void
nothing_acknowledged_is_lost_and_nothing_is_half_there(void **state)
{
    int               i, status, waited;
    pid_t             pid;
    uint64_t          before;
    const char       *directory = temporary_directory();
    promises_t       *promises;
    struct timespec   t = { 0, 0 };

    (void) state;

    promises = mmap(NULL, sizeof(promises_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(promises != MAP_FAILED);
    srand(20261122);

    for (i = 0; i < KILLS; i++) {

        /* a fresh store now and then, so that its making is interrupted too; a file that stays small is quick to check */
        if (i % 20 == 0) {
            remove_directory(directory);
            directory = temporary_directory();
            memset(promises, 0, sizeof(promises_t));
        }

        pid = fork();

        if (pid == 0) {
            commit_for_ever(directory, promises, (unsigned) i);
        }

        /* while it opens or makes the store, or somewhere in its commits */
        if (i % 20 >= 5) {
            for (before = promises->acknowledged, waited = 0;
                 promises->acknowledged == before && waited < 20000;
                 waited++)
            {
                t.tv_nsec = 500000;
                (void) nanosleep(&t, NULL);
            }
        }

        t.tv_nsec = rand() % 5000000;
        (void) nanosleep(&t, NULL);
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));

        assert_whole(directory, promises);
    }

    assert_true(promises->acknowledged > 20);
    (void) munmap(promises, sizeof(promises_t));
    remove_directory(directory);
}


/* A worker that dies with the writer's lock, or in a snapshot, does not hold up the others. */
static void
what_a_killed_process_held_is_given_back(void **state)
{
    int                     i, ready[2];
    char                    byte;
    pid_t                   pid;
    consent_op_t            op;
    const char             *directory = temporary_directory();
    consent_ledger_t       *ledger = open_ledger(directory, 0, false);
    consent_ledger_stat_t   stat;

    (void) state;

    op = a_grant(0, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    for (i = 0; i < 5; i++) {
        assert_int_equal(pipe(ready), 0);
        pid = fork();

        if (pid == 0) {
            ledger = open_ledger(directory, 0, false);

            if (consent_ledger_begin(ledger) != CONSENT_OK || consent_ledger_apply(ledger, &op) != CONSENT_OK) {
                _exit(1);
            }

            (void) !write(ready[1], "", 1);
            (void) pause();
        }

        assert_int_equal(read(ready[0], &byte, 1), 1);
        assert_int_equal(kill(pid, SIGKILL), 0);
        assert_int_equal(waitpid(pid, NULL, 0), pid);
        (void) close(ready[0]);
        (void) close(ready[1]);

        op = a_grant((uint64_t) i + 1, NOW);
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
        assert_int_equal(op.index, i + 1);
    }

    consent_ledger_housekeep(ledger);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_in_range(stat.readers, 1, 4);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost_and_nothing_is_half_there),
        cmocka_unit_test(what_a_killed_process_held_is_given_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
