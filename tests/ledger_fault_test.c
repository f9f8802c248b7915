/*
 * A disk that fails, a disk that is slow, a writer that stands still: nothing is acknowledged that is not durable, lookups
 * go on, and the store heals by itself.
 */

#include "ledger.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>

#include "preload/sync_shim.c"

static const char        *directory;
static consent_ledger_t  *ledger;


static int
set_up(void **state)
{
    (void) state;

    sync_shim.fail = 0;
    sync_shim.delay_us = 0;
    sync_shim.err = EIO;
    directory = temporary_directory();
    ledger = open_ledger(directory, (size_t) 64 << 20, false);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    sync_shim.fail = 0;
    sync_shim.delay_us = 0;
    consent_ledger_close(ledger);
    remove_directory(directory);

    return 0;
}


static double
now_ms(void)
{
    struct timespec  t;

    (void) clock_gettime(CLOCK_MONOTONIC, &t);

    return (double) t.tv_sec * 1e3 + (double) t.tv_nsec / 1e6;
}


static void
a_failed_sync_is_not_acknowledged_and_the_next_decision_is(void **state)
{
    size_t              i;
    consent_op_t        op;
    consent_time_t      erased_at;
    consent_ledger_t   *other;
    consent_decision_t  d;

    static const struct {
        int           fail;
        int           err;
        consent_rc_t  rc;
        const char   *words;
    } rows[] = {
        { SHIM_FDATASYNC, EIO, CONSENT_IO, "Input/output error" },
        { SHIM_META, EIO, CONSENT_IO, "Input/output error" },
        { SHIM_WRITE, EIO, CONSENT_IO, "Input/output error" },
        { SHIM_WRITE, ENOSPC, CONSENT_FULL, "No space left" },
        { SHIM_FDATASYNC, ENOSPC, CONSENT_FULL, "No space left" },
        { SHIM_META, EROFS, CONSENT_IO, "Read-only file system" },
    };

    (void) state;

    op = a_grant(0, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    for (i = 0; i < consent_countof(rows); i++) {
        sync_shim.err = rows[i].err;

        /* twice in a row: also the transaction after the reopening */
        for (int again = 0; again < 2; again++) {
            sync_shim.fail = rows[i].fail;
            op = a_withdrawal(0, NOW);
            assert_int_equal(do_op(ledger, &op), rows[i].rc);
            assert_non_null(strstr(consent_ledger_why(ledger), rows[i].words));
            sync_shim.fail = 0;
        }

        /* not for others either, that open the store now */
        if (fork() == 0) {
            consent_ledger_t  *child = open_ledger(directory, (size_t) 64 << 20, true);

            _exit(state_of(child, 0, &d, &erased_at) == CONSENT_OK && d.granted == 3 && count_entries(child) == i + 1
                  ? 0 : 1);
        }

        int  status;

        (void) wait(&status);
        assert_int_equal(status, 0);

        op = a_grant(i + 1, NOW);
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
        assert_int_equal(op.index, i + 1);
        assert_int_equal(state_of(ledger, 0, &d, &erased_at), CONSENT_OK);
        assert_int_equal(d.granted, 3);
        assert_int_equal(state_of(ledger, i + 1, &d, &erased_at), CONSENT_OK);
    }

    consent_ledger_close(ledger);
    other = open_ledger(directory, (size_t) 64 << 20, false);
    assert_int_equal(count_entries(other), consent_countof(rows) + 1);
    ledger = other;
}


static void
a_meta_page_that_could_not_be_written_does_not_count_for_other_processes(void **state)
{
    int                 go[2], done[2], status;
    char                byte = 'x';
    pid_t               pid;
    consent_op_t        op;
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    op = a_grant(0, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(done), 0);
    pid = fork();

    if (pid == 0) {
        consent_ledger_t  *child = open_ledger(directory, (size_t) 64 << 20, false);

        (void) !write(done[1], &byte, 1);
        (void) !read(go[0], &byte, 1);

        if (state_of(child, 0, &d, &erased_at) != CONSENT_OK || d.granted != 3) {
            _exit(1);
        }

        op = a_grant(7, NOW);
        _exit(do_op(child, &op) == CONSENT_OK && op.index == 1 ? 0 : 2);
    }

    assert_int_equal(read(done[0], &byte, 1), 1);
    sync_shim.fail = SHIM_META;
    op = a_withdrawal(0, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_IO);
    sync_shim.fail = 0;

    assert_int_equal(write(go[1], &byte, 1), 1);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);

    /* this process has not opened the store anew yet: private, not wrong */
    assert_int_equal(state_of(ledger, 7, &d, &erased_at), CONSENT_IO);

    op = a_withdrawal(0, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 2);
    assert_int_equal(state_of(ledger, 7, &d, &erased_at), CONSENT_OK);
}


/* The event loop looks up without a pause while the commit thread fails, closes, opens and writes. */

typedef struct {
    atomic_bool  stop;
    size_t       committed;
    size_t       failed;
} writer_t;

static void *
write_with_failures(void *arg)
{
    size_t        n;
    writer_t     *w = arg;
    consent_op_t  op;

    for (n = 0; n < 400; n++) {
        sync_shim.fail = n % 3 == 1 ? SHIM_META : n % 3 == 2 ? SHIM_FDATASYNC : 0;
        op = a_grant(n, NOW);

        if (do_op(ledger, &op) == CONSENT_OK) {
            w->committed++;
        } else {
            w->failed++;
        }
    }

    sync_shim.fail = 0;
    atomic_store(&w->stop, true);

    return NULL;
}


static void
lookups_never_wait_for_a_store_that_is_opened_again(void **state)
{
    double               worst, at;
    size_t               looked, private;
    writer_t             w = { .stop = false };
    pthread_t            thread;
    consent_op_t         op;
    consent_rc_t         rc;
    consent_time_t       erased_at;
    consent_decision_t   d;

    (void) state;

    op = a_grant(12345, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(pthread_create(&thread, NULL, write_with_failures, &w), 0);

    for (looked = 0, private = 0, worst = 0; !atomic_load(&w.stop); looked++) {
        at = now_ms();
        rc = state_of(ledger, 12345, &d, &erased_at);
        worst = now_ms() - at > worst ? now_ms() - at : worst;

        if (rc == CONSENT_OK) {
            assert_int_equal(d.granted, 3);
        } else {
            assert_int_equal(rc, CONSENT_IO);
            private++;
        }
    }

    assert_int_equal(pthread_join(thread, NULL), 0);
    print_message("%zu lookups, %zu of them private, the longest %.3f ms; %zu commits, %zu failures\n", looked, private,
                  worst, w.committed, w.failed);
    assert_int_equal(w.committed, 134);
    assert_int_equal(w.failed, 266);
    assert_true(looked > private + 1000);
    assert_true(private > 0);
    assert_int_equal(count_entries(ledger), w.committed + 1);
}


/* What makes 64 clients on a slow disk many times as fast as one: one commit for all that is queued. */
static void
one_commit_serves_a_whole_group(void **state)
{
    size_t        i;
    double        alone, group, at;
    unsigned      syncs;
    consent_op_t  op;

    (void) state;

    op = a_grant(1000, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    sync_shim.delay_us = 5000;

    at = now_ms();

    for (i = 0; i < 4; i++) {
        op = a_grant(i, NOW);
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    }

    alone = (now_ms() - at) / 4;
    syncs = sync_shim.syncs;
    at = now_ms();
    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (i = 0; i < 64; i++) {
        op = a_grant(100 + i, NOW);
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    group = (now_ms() - at) / 64;
    print_message("a decision alone %.2f ms, in a group of 64 %.3f ms each\n", alone, group);
    assert_true(alone >= 10);
    assert_int_equal(sync_shim.syncs - syncs, 2);
    assert_true(group * 8 < alone);
}


typedef struct {
    atomic_int    begun;
    consent_rc_t  rc;
} waiting_t;

static void *
begin_and_commit(void *arg)
{
    waiting_t     *w = arg;
    consent_op_t   op = a_grant(1, NOW);

    w->rc = do_op(ledger, &op);
    atomic_store(&w->begun, 1);

    return NULL;
}


static void
a_writer_that_stands_still_holds_up_writers_only(void **state)
{
    int                 ready[2];
    char                byte;
    pid_t               pid;
    double              at;
    waiting_t           w = { .begun = 0 };
    pthread_t           thread;
    consent_op_t        op;
    consent_time_t      erased_at;
    consent_ledger_t   *second;
    consent_decision_t  d;

    (void) state;

    op = a_grant(0, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(pipe(ready), 0);
    pid = fork();

    if (pid == 0) {
        second = open_ledger(directory, (size_t) 64 << 20, false);

        if (consent_ledger_begin(second) != CONSENT_OK) {
            _exit(1);
        }

        (void) !write(ready[1], "", 1);
        (void) raise(SIGSTOP);
        consent_ledger_abort(second);
        consent_ledger_close(second);
        _exit(0);
    }

    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(waitpid(pid, NULL, WUNTRACED), pid);

    assert_int_equal(pthread_create(&thread, NULL, begin_and_commit, &w), 0);
    at = now_ms();

    while (now_ms() - at < 200) {
        assert_int_equal(state_of(ledger, 0, &d, &erased_at), CONSENT_OK);
    }

    assert_int_equal(atomic_load(&w.begun), 0);

    /* a process that exits now must not pull the map away from its waiting thread */
    consent_ledger_close(ledger);
    assert_int_equal(state_of(ledger, 0, &d, &erased_at), CONSENT_OK);

    /* a worker that starts now is not held up either */
    at = now_ms();

    if (fork() == 0) {
        second = open_ledger(directory, (size_t) 64 << 20, false);
        _exit(state_of(second, 0, &d, &erased_at) == CONSENT_OK ? 0 : 1);
    }

    int    status;
    pid_t  child;

    while ((child = waitpid(-1, &status, WUNTRACED)) == pid) {
        /* void */
    }

    assert_int_equal(status, 0);
    assert_true(now_ms() - at < 1000);

    assert_int_equal(kill(pid, SIGCONT), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(w.rc, CONSENT_OK);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}


/* Two processes, each its own indexes: no gap and none twice. */
static void
processes_take_turns(void **state)
{
    size_t        i, p;
    pid_t         pid[3];
    consent_op_t  op;

    (void) state;

    for (p = 0; p < consent_countof(pid); p++) {
        pid[p] = fork();

        if (pid[p] == 0) {
            consent_ledger_t  *child = open_ledger(directory, (size_t) 64 << 20, false);

            for (i = 0; i < 100; i++) {
                op = a_grant(p * 1000 + i % 10, NOW);

                if (do_op(child, &op) != CONSENT_OK) {
                    _exit(1);
                }
            }

            consent_ledger_close(child);
            _exit(0);
        }
    }

    for (p = 0; p < consent_countof(pid); p++) {
        int  status;

        assert_int_equal(waitpid(pid[p], &status, 0), pid[p]);
        assert_int_equal(status, 0);
    }

    op = a_grant(5, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 300);
    assert_int_equal(count_entries(ledger), 301);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_failed_sync_is_not_acknowledged_and_the_next_decision_is, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_meta_page_that_could_not_be_written_does_not_count_for_other_processes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(lookups_never_wait_for_a_store_that_is_opened_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_commit_serves_a_whole_group, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_writer_that_stands_still_holds_up_writers_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(processes_take_turns, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
