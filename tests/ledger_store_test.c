/*
 * A store that cannot be used is a plain error, never a crash; one that can be used again heals; one that is nearly full
 * still takes what lessens a grant.
 */

#include "ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <lmdb.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/stat.h>

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

    remove_directory(directory);

    return 0;
}


static consent_rc_t
try_open(const char *path, bool read_only, consent_ledger_t **ledger)
{
    consent_ledger_conf_t  conf = { .directory = path, .size = SMALL, .node = "node1", .read_only = read_only };

    return consent_ledger_open(ledger, &conf, why);
}


/* Opening fails with this and says so; writing fails too, and nothing crashes. */
static void
assert_unusable(consent_rc_t expected, const char *words)
{
    consent_op_t        op = a_grant(1, NOW);
    consent_rc_t        rc;
    consent_time_t      erased_at;
    consent_ledger_t   *ledger;
    consent_decision_t  d;

    assert_int_equal(try_open(directory, true, &ledger), expected);
    assert_null(ledger);
    assert_non_null(strstr(why, words));

    assert_int_equal(try_open(directory, false, &ledger), expected);
    assert_non_null(strstr(why, words));
    assert_non_null(ledger);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_IO);
    rc = consent_ledger_begin(ledger);
    assert_int_equal(rc, expected);
    assert_non_null(strstr(consent_ledger_why(ledger), words));
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_IO);
    consent_ledger_close(ledger);
}


static void
write_file(const char *name, const void *data, size_t len)
{
    int   fd;
    char  path[128];

    (void) snprintf(path, sizeof(path), "%s/%s", directory, name);
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, data, len), len);
    (void) close(fd);
}


static void
fill(size_t n)
{
    size_t             i;
    consent_op_t       op;
    consent_ledger_t  *ledger = open_ledger(directory, (size_t) 64 << 20, false);

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (i = 0; i < n; i++) {
        op = a_grant(i, NOW);
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    consent_ledger_close(ledger);
}


static void
a_directory_that_is_not_there_is_said(void **state)
{
    consent_ledger_t  *ledger;

    (void) state;

    assert_int_equal(try_open("/nonexistent/store", true, &ledger), CONSENT_NOTFOUND);
    assert_non_null(strstr(why, "/nonexistent/store"));
    assert_int_equal(try_open("/nonexistent/store", false, &ledger), CONSENT_NOTFOUND);
    consent_ledger_close(ledger);

    /* a file, not a directory */
    assert_int_equal(try_open("/etc/passwd", false, &ledger), CONSENT_NOTFOUND);
    consent_ledger_close(ledger);

    /* a reader makes nothing */
    assert_int_equal(try_open(directory, true, &ledger), CONSENT_NOTFOUND);
    assert_int_equal(rmdir(directory), 0);
    assert_int_equal(mkdir(directory, 0700), 0);
}


static void
garbage_is_no_store(void **state)
{
    char  garbage[20000];

    (void) state;

    memset(garbage, 'x', sizeof(garbage));
    write_file("data.mdb", garbage, sizeof(garbage));
    assert_unusable(CONSENT_MALFORMED, directory);

    write_file("data.mdb", garbage, 100);
    assert_unusable(CONSENT_MALFORMED, directory);
}


static void
another_database_is_left_alone(void **state)
{
    MDB_env      *env;
    MDB_txn      *txn;
    MDB_dbi       dbi;
    struct stat   before, after;
    char          path[128];

    (void) state;

    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
    assert_int_equal(mdb_env_open(env, directory, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "somebody", MDB_CREATE, &dbi), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);

    (void) snprintf(path, sizeof(path), "%s/data.mdb", directory);
    assert_int_equal(stat(path, &before), 0);
    assert_unusable(CONSENT_MALFORMED, "another database");
    assert_int_equal(stat(path, &after), 0);
    assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof(before.st_mtim));
}


static void
another_layout_is_not_guessed_at(void **state)
{
    MDB_env  *env;
    MDB_txn  *txn;
    MDB_dbi   dbi;
    MDB_val   k = { 4, "meta" }, v;
    uint8_t   record[96];

    (void) state;

    fill(1);

    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 4), 0);
    assert_int_equal(mdb_env_open(env, directory, 0, 0600), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "meta", 0, &dbi), 0);
    assert_int_equal(mdb_get(txn, dbi, &k, &v), 0);
    memcpy(record, v.mv_data, sizeof(record));
    record[3]++;
    v.mv_data = record;
    assert_int_equal(mdb_put(txn, dbi, &k, &v, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);

    assert_unusable(CONSENT_MALFORMED, "another layout");
}


static void
a_file_that_was_cut_short_is_noticed(void **state)
{
    int          fd;
    off_t        cut;
    char         path[128];
    struct stat  st;

    static const off_t  cuts[] = { 1, 4096, 40000, 1 << 20 };

    (void) state;

    for (size_t i = 0; i < consent_countof(cuts); i++) {
        fill(2000 + i);
        (void) snprintf(path, sizeof(path), "%s/data.mdb", directory);
        assert_int_equal(stat(path, &st), 0);
        cut = st.st_size - cuts[i];
        fd = open(path, O_RDWR);
        assert_int_equal(ftruncate(fd, cut), 0);
        (void) close(fd);

        assert_unusable(CONSENT_MALFORMED, "cut short");

        assert_int_equal(unlink(path), 0);
    }
}


static void
a_directory_that_may_not_be_entered_is_said(void **state)
{
    pid_t              pid;
    int                status;
    consent_ledger_t  *ledger;

    (void) state;

    fill(1);
    pid = fork();

    if (pid == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)) {
            _exit(9);
        }

        if (geteuid() != 65534) {
            (void) chmod(directory, 0);
        }

        _exit(try_open(directory, true, &ledger) == CONSENT_IO
              && strstr(why, "Permission denied") != NULL
              && try_open(directory, false, &ledger) == CONSENT_IO ? 0 : 1);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(chmod(directory, 0700), 0);
    assert_int_equal(WEXITSTATUS(status), 0);
}


static void
a_store_that_comes_back_is_used_again(void **state)
{
    consent_op_t        op = a_grant(1, NOW);
    consent_time_t      erased_at;
    consent_ledger_t   *ledger;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(rmdir(directory), 0);
    assert_int_equal(try_open(directory, false, &ledger), CONSENT_NOTFOUND);
    assert_int_equal(do_op(ledger, &op), CONSENT_NOTFOUND);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_IO);

    assert_int_equal(mkdir(directory, 0700), 0);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
    consent_ledger_close(ledger);
}


static void
files_are_the_owners_only(void **state)
{
    char         path[128];
    struct stat  st;

    (void) state;

    (void) umask(0);
    fill(1);
    (void) snprintf(path, sizeof(path), "%s/data.mdb", directory);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    (void) snprintf(path, sizeof(path), "%s/lock.mdb", directory);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
}


static void
readers_cannot_write(void **state)
{
    consent_ledger_t       *ledger;
    consent_ledger_stat_t   stat;

    (void) state;

    fill(3);
    ledger = open_ledger(directory, 0, true);
    assert_int_equal(count_entries(ledger), 3);
    assert_int_equal(consent_ledger_begin(ledger), CONSENT_DENIED);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.entries, 3);
    assert_int_equal(stat.states, 3);
    assert_int_equal(stat.last_entry, NOW);
    assert_int_equal(stat.map_size, (size_t) 64 << 20);
    assert_in_range(stat.used, 10 * 4096, 100 * 4096);
    assert_true(stat.room > 0 && stat.room < stat.map_size);
    consent_ledger_close(ledger);
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


static void
erased_space_is_used_again(void **state)
{
    size_t                 i, n = 4000;
    consent_op_t           op;
    consent_ledger_t      *ledger;
    consent_ledger_stat_t  before, after;

    (void) state;

    fill(n);
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
        cmocka_unit_test_setup_teardown(a_directory_that_is_not_there_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(garbage_is_no_store, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_database_is_left_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_layout_is_not_guessed_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_was_cut_short_is_noticed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_directory_that_may_not_be_entered_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_that_comes_back_is_used_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_are_the_owners_only, set_up, tear_down),
        cmocka_unit_test_setup_teardown(readers_cannot_write, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_that_is_nearly_full_takes_only_what_lessens_a_grant, set_up, tear_down),
        cmocka_unit_test_setup_teardown(erased_space_is_used_again, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_that_another_process_made_larger_is_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_file_system_is_an_error_and_not_a_signal, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
