/*
 * A store that cannot be used is a plain error, never a crash; one that can be used again heals.
 */

#include "ledger.h"

#include <fcntl.h>
#include <lmdb.h>
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

    fill_store(directory, 1);

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
        fill_store(directory, 2000 + i);
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

    fill_store(directory, 1);
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
    fill_store(directory, 1);
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

    fill_store(directory, 3);
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
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
