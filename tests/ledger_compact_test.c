/*
 * A store that is made smaller: nothing of what was erased is left in any file, all else is, and nobody loses it by doing so
 * at the wrong moment.
 */

#include "ledger_secrets.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "ledger/place.h"
#include "ledger/whole.h"

#define SUBJECTS  300
#define ERASED    17

static const consent_progress_t  quiet;


static void
fill(void)
{
    int           i, round;
    consent_op_t  op;

    for (round = 0; round < 3; round++) {
        for (i = 0; i < SUBJECTS; i++) {
            if (i % 50 == 0) {
                assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
            }

            op = round == 1 ? a_withdrawal((uint64_t) i, NOW + round) : a_grant((uint64_t) i, NOW + round);
            assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);

            if (i % 50 == 49) {
                assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
            }
        }
    }
}


static void
assert_all_there(void)
{
    uint64_t             i;
    past_t               past;
    openings_t           o;
    consent_time_t       erased_at;
    consent_decision_t   d;

    assert_int_equal(count_entries(ledger), 3 * SUBJECTS + 1);

    for (i = 0; i < SUBJECTS; i++) {
        past = history_of(i, some_policy().id_key);
        o = openings_of(i);

        if (i == ERASED) {
            assert_int_equal(state_of(ledger, i, &d, &erased_at), CONSENT_NOTFOUND);
            assert_true(erased_at > 0);
            assert_int_equal(past.n, 0);
            continue;
        }

        assert_int_equal(state_of(ledger, i, &d, &erased_at), CONSENT_OK);
        assert_int_equal(d.granted, 3);
        assert_int_equal(past.n, 3);
        assert_int_equal(o.opened, 3);
        assert_int_equal(o.closed, 0);
    }
}


static void
nothing_of_who_was_erased_is_left(void **state)
{
    char          why[256];
    uint64_t      before, after;
    secrets_t     s, others;
    consent_op_t  op;

    (void) state;

    fill();
    s = secrets_of(ledger, ERASED);
    others = secrets_of(ledger, ERASED + 1);
    assert_int_equal(s.n, 3 + 6);

    op = an_erasure(ERASED, NOW + 10);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    consent_ledger_close(ledger);

    /* the reason why there is a command for it */
    assert_true(secrets_in(&s, directory) > 0);

    assert_int_equal(consent_ledger_compact(directory, &before, &after, &quiet, why), CONSENT_OK);
    assert_true(after < before);
    assert_int_equal(secrets_in(&s, directory), 0);
    assert_int_equal(secrets_in(&others, directory), others.n);

    ledger = open_ledger(directory, 0, false);
    assert_all_there();

    /* and goes on as before */
    op = a_grant(ERASED, NOW + 11);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 3 * SUBJECTS + 1);
    assert_int_equal(openings_of(ERASED).opened, 1);
}


static void
a_store_that_is_in_use_is_left_alone(void **state)
{
    int                hold;
    char               why[256];
    uint64_t           before, after;
    consent_op_t       op = a_grant(1, NOW);
    consent_ledger_t  *reader;

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(consent_ledger_compact(directory, &before, &after, &quiet, why), CONSENT_BUSY);
    assert_non_null(strstr(why, "in use"));

    /* by readers too */
    consent_ledger_close(ledger);
    reader = open_ledger(directory, 0, true);
    assert_int_equal(consent_ledger_compact(directory, &before, &after, &quiet, why), CONSENT_BUSY);
    consent_ledger_close(reader);
    assert_int_equal(consent_ledger_compact(directory, &before, &after, &quiet, why), CONSENT_OK);

    ledger = open_ledger(directory, 0, false);
    assert_int_equal(count_entries(ledger), 1);
    assert_int_equal(state_of(ledger, 1, &op.decision, &op.now), CONSENT_OK);
    consent_ledger_close(ledger);

    /* who opens it meanwhile is not made to wait, and heals by itself */
    assert_int_equal(consent_place_hold(&hold, directory, why), CONSENT_OK);
    assert_int_equal(consent_ledger_open(&ledger, &(consent_ledger_conf_t) { .directory = directory }, why), CONSENT_BUSY);
    assert_non_null(ledger);
    assert_int_equal(state_of(ledger, 1, &op.decision, &op.now), CONSENT_IO);
    op = a_grant(1, NOW + 1);
    assert_int_equal(do_op(ledger, &op), CONSENT_BUSY);
    (void) close(hold);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 1);
    assert_int_equal(state_of(ledger, 1, &op.decision, &op.now), CONSENT_OK);
}


static void
cut_off_at_any_moment_it_is_the_old_one_or_the_new_one(void **state)
{
    int               i, status, done;
    char              path[128], why[256];
    pid_t             pid;
    uint64_t          before, after;
    secrets_t         s;
    struct stat       st;
    consent_op_t      op;
    struct timespec   t = { 0, 0 };

    (void) state;

    fill();
    s = secrets_of(ledger, ERASED);
    op = an_erasure(ERASED, NOW + 10);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    srand(1);

    for (i = 0, done = 0; i < 40; i++) {
        consent_ledger_close(ledger);
        pid = fork();

        if (pid == 0) {
            _exit(consent_ledger_compact(directory, &before, &after, &quiet, why) == CONSENT_OK ? 0 : 1);
        }

        t.tv_nsec = rand() % 8000000;
        (void) nanosleep(&t, NULL);
        (void) kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
        done += !WIFSIGNALED(status);

        ledger = open_ledger(directory, 0, false);
        assert_all_there();

        /* what was left lying is gone with the next who writes */
        (void) snprintf(path, sizeof(path), "%s/" CONSENT_PLACE_COPYING, directory);
        assert_int_not_equal(stat(path, &st), 0);
    }

    assert_in_range(done, 0, 39);
    consent_ledger_close(ledger);
    assert_int_equal(consent_ledger_compact(directory, &before, &after, &quiet, why), CONSENT_OK);
    assert_int_equal(secrets_in(&s, directory), 0);
    ledger = open_ledger(directory, 0, false);
}


/* A copy of a store that is being written to is one moment of it. */
static void
a_backup_is_one_moment_of_a_running_store(void **state)
{
    char               why[256];
    pid_t              pid;
    uint64_t           i, entries, in_backup, opened;
    secrets_t          s;
    const char        *to = temporary_directory();
    consent_op_t       op;
    consent_ledger_t  *reader;

    (void) state;

    fill();
    s = secrets_of(ledger, ERASED);
    op = an_erasure(ERASED, NOW + 10);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    consent_ledger_close(ledger);

    pid = fork();

    if (pid == 0) {
        ledger = open_ledger(directory, 0, false);

        for (i = 0; ; i++) {
            op = a_grant(1000 + i % 7, NOW + 100);
            assert_int_equal(do_op(ledger, &op), CONSENT_OK);
        }
    }

    reader = open_ledger(directory, 0, true);

    while (count_entries(reader) < 3 * SUBJECTS + 50) {
        (void) usleep(1000);
    }

    assert_int_equal(consent_ledger_backup(reader, to, &entries, &quiet, why), CONSENT_OK);
    assert_int_equal(consent_ledger_backup(reader, to, &in_backup, &quiet, why), CONSENT_CONFLICT);
    assert_true(entries > 3 * SUBJECTS + 1);
    (void) kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    consent_ledger_close(reader);

    assert_int_equal(secrets_in(&s, to), 0);

    ledger = open_ledger(to, 0, false);
    assert_int_equal(count_entries(ledger), entries);

    for (i = 0, opened = 0; i < 7; i++) {
        opened += openings_of(1000 + i).opened;
        assert_int_equal(openings_of(1000 + i).closed, 0);
    }

    assert_int_equal(opened, entries - 3 * SUBJECTS - 1);
    consent_ledger_close(ledger);
    remove_directory(to);

    ledger = open_ledger(directory, 0, false);
    assert_true(count_entries(ledger) >= entries);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(nothing_of_who_was_erased_is_left, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_that_is_in_use_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cut_off_at_any_moment_it_is_the_old_one_or_the_new_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_backup_is_one_moment_of_a_running_store, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
