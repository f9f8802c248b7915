/*
 * A store that is nearly full still takes what lessens a grant; one that is full, or on a full disk, is a plain error.
 */

#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mount.h>

#define SMALL  ((size_t) 8 << 20)

static const char  *directory;
static char         why[256];


static int
set_up(void **state)
{
    (void) state;

    directory = temporary_directory();

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    (void) umount2(directory, MNT_DETACH);      /* after a failed test */
    remove_directory(directory);

    return 0;
}


static consent_rc_t
try_open(const char *path, bool read_only, consent_ledger_t **ledger)
{
    consent_ledger_conf_t  conf = { .directory = path, .size = SMALL, .node = "node1", .read_only = read_only };

    return consent_ledger_open(ledger, &conf, why);
}


/* Until the first CONSENT_FULL: at 90 %, with everything in between acknowledged and there. */
static void
a_store_that_is_nearly_full_takes_only_what_lessens_a_grant(void **state)
{
    size_t                  n, i, withdrawn;
    uint64_t                entries;
    consent_op_t            op;
    consent_time_t          erased_at;
    consent_ledger_t       *ledger = open_ledger(directory, SMALL, false);
    consent_decision_t      d;
    consent_ledger_stat_t   stat;

    (void) state;

    for (n = 0, op.rc = CONSENT_OK; op.rc == CONSENT_OK;) {
        assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

        for (i = 0; i < 20 && op.rc == CONSENT_OK; i++) {
            op = a_grant(n, NOW);
            n += consent_ledger_apply(ledger, &op) == CONSENT_OK;
        }

        assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    }

    while (op = a_grant(n, NOW), do_op(ledger, &op) == CONSENT_OK) {
        n++;
    }

    assert_int_equal(op.rc, CONSENT_FULL);
    assert_non_null(strstr(consent_ledger_why(ledger), "nearly full"));
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_in_range(stat.used, SMALL / 100 * 89, SMALL / 100 * 93);
    assert_int_equal(stat.entries, n);
    assert_true(n > 500);

    op = an_entry("disclosure", "{}", NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_FULL);
    op = an_entry("audit", "{}", NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_FULL);
    op = an_entry("missed", "{}", NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_FULL);

    /* a refusal by who granted nothing before takes nothing away */
    op = a_withdrawal(n + 1, NOW);
    op.decision.status = CONSENT_STATUS_REFUSED;
    assert_int_equal(do_op(ledger, &op), CONSENT_FULL);

    /* a withdrawal of a grant that only the cookie knew, a refusal after a grant, a configuration, an erasure */
    op = a_withdrawal(n + 1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_withdrawal(0, NOW);
    op.decision.status = CONSENT_STATUS_REFUSED;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = an_entry("config", "{}", NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* one transaction: the grant stays out, the others go in */
    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
    op = a_withdrawal(1, NOW);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    op = a_grant(n + 2, NOW);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_FULL);
    op = a_withdrawal(2, NOW);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    assert_int_equal(state_of(ledger, 2, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 0);
    assert_int_equal(state_of(ledger, n + 2, &d, &erased_at), CONSENT_NOTFOUND);

    /* to the last page: what is acknowledged is there, what is not is not */
    entries = count_entries(ledger);

    for (withdrawn = 3; withdrawn < n; withdrawn++) {
        op = a_withdrawal(withdrawn, NOW);

        if (do_op(ledger, &op) != CONSENT_OK) {
            break;
        }
    }

    print_message("%zu grants, then %zu withdrawals of them\n", n, withdrawn);
    assert_true(withdrawn > 3 + n / 20);
    assert_int_equal(count_entries(ledger), entries + withdrawn - 3);

    for (i = 3; i < n; i++) {
        assert_int_equal(state_of(ledger, i, &d, &erased_at), CONSENT_OK);
        assert_int_equal(d.granted, i < withdrawn ? 0 : 3);
    }

    consent_ledger_close(ledger);

    /* with a larger map it goes on */
    ledger = open_ledger(directory, 8 * SMALL, false);
    op = a_grant(n + 1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    consent_ledger_close(ledger);
}


/* However much is queued, a group of grants does not run into the end and take withdrawals with it. */
static void
one_large_group_stops_in_time(void **state)
{
    size_t             n;
    consent_op_t       op;
    consent_ledger_t  *ledger = open_ledger(directory, SMALL / 4, false);

    (void) state;

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (n = 0; n == 0 || op.rc == CONSENT_OK; n++) {
        op = a_grant(n, NOW);
        (void) consent_ledger_apply(ledger, &op);
    }

    assert_int_equal(op.rc, CONSENT_FULL);
    assert_true(n > 200);
    op = a_withdrawal(1, NOW);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    assert_int_equal(count_entries(ledger), n);
    consent_ledger_close(ledger);
}


static void
erased_space_is_used_again(void **state)
{
    size_t                 i, n = 4000;
    consent_op_t           op;
    consent_ledger_t      *ledger;
    consent_ledger_stat_t  before, after;

    (void) state;

    fill_store(directory, n);
    ledger = open_ledger(directory, 4 * SMALL, false);
    assert_int_equal(consent_ledger_stat(ledger, &before), CONSENT_OK);
    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (i = 0; i < n; i++) {
        op = a_grant(i, NOW);
        op.type = CONSENT_OP_ERASURE;
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    assert_int_equal(consent_ledger_stat(ledger, &after), CONSENT_OK);
    assert_int_equal(after.states + after.histories, 0);

    /* states, history, receipts and keys are gone; the entries of the erasures have come */
    print_message("%llu bytes used before, %llu after\n", (unsigned long long) before.used,
                  (unsigned long long) after.used);
    assert_true(after.used < before.used);
    consent_ledger_close(ledger);
}


/* As between the workers of two configurations of different size. */
static void
a_store_that_another_process_made_larger_is_followed(void **state)
{
    int                 go[2], done[2];
    char                byte;
    pid_t               pid;
    size_t              i;
    consent_op_t        op;
    consent_time_t      erased_at;
    consent_ledger_t   *ledger;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(pipe(go), 0);
    assert_int_equal(pipe(done), 0);
    pid = fork();

    if (pid == 0) {
        (void) !read(go[0], &byte, 1);
        ledger = open_ledger(directory, (size_t) 64 << 20, false);

        for (i = 0; i < 20; i++) {
            size_t  j;

            assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

            for (j = 0; j < 1000; j++) {
                op = a_grant(i * 1000 + j, NOW);
                assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
            }

            assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
        }

        (void) !write(done[1], "", 1);
        (void) pause();
        _exit(0);
    }

    ledger = open_ledger(directory, SMALL, false);
    op = a_grant(99999, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    assert_int_equal(write(go[1], "", 1), 1);
    assert_int_equal(read(done[0], &byte, 1), 1);

    /* more than its map: private, until a transaction has opened it anew */
    assert_int_equal(state_of(ledger, 19999, &d, &erased_at), CONSENT_IO);
    op = a_withdrawal(19999, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of(ledger, 19999, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 0);
    assert_int_equal(state_of(ledger, 5, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 3);

    assert_int_equal(kill(pid, SIGKILL), 0);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    consent_ledger_close(ledger);
}


static void
a_full_file_system_is_an_error_and_not_a_signal(void **state)
{
    int                 fd;
    char                path[128], *block = calloc(1, 4096);
    size_t              n;
    consent_op_t        op;
    consent_rc_t        rc;
    consent_time_t      erased_at;
    consent_ledger_t   *ledger;
    consent_decision_t  d;

    (void) state;

    if (mount("none", directory, "tmpfs", 0, "size=2m") != 0) {
        print_message("no tmpfs can be mounted here: %s\n", strerror(errno));
        free(block);
        skip();
    }

    /* full before anything is made */
    (void) snprintf(path, sizeof(path), "%s/ballast", directory);
    fd = open(path, O_WRONLY | O_CREAT, 0600);

    while (write(fd, block, 4096) > 0) {
        /* void */
    }

    rc = try_open(directory, false, &ledger);
    assert_int_equal(rc, CONSENT_FULL);
    op = a_grant(0, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_FULL);
    assert_int_equal(state_of(ledger, 0, &d, &erased_at), CONSENT_IO);

    /* room again: it heals; then it fills up: grants stop while there is room to take back */
    assert_int_equal(ftruncate(fd, 0), 0);

    for (n = 0; n < 100000; n++) {
        op = a_grant(n, NOW);

        if (do_op(ledger, &op) != CONSENT_OK) {
            break;
        }
    }

    assert_int_equal(op.rc, CONSENT_FULL);
    assert_true(n > 300);
    op = a_withdrawal(1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* not even that */
    while (write(fd, block, 4096) > 0) {
        /* void */
    }

    for (n = 2, rc = CONSENT_OK; n < 300 && rc == CONSENT_OK; n++) {
        op = a_withdrawal(n, NOW);
        rc = do_op(ledger, &op);
    }

    assert_int_equal(rc, CONSENT_FULL);
    assert_non_null(strstr(consent_ledger_why(ledger), "No space left"));
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 0);
    assert_int_equal(state_of(ledger, n - 1, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 3);

    assert_int_equal(ftruncate(fd, 0), 0);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    (void) close(fd);
    consent_ledger_close(ledger);
    assert_int_equal(umount(directory), 0);
    free(block);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_store_that_is_nearly_full_takes_only_what_lessens_a_grant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_large_group_stops_in_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(erased_space_is_used_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_that_another_process_made_larger_is_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_file_system_is_an_error_and_not_a_signal, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
