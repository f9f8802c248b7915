/*
 * A legal hold keeps from being erased what is held, and nothing else; and an erasure is kept beside the keys before it is
 * acknowledged.
 */

#include "ledger_secrets.h"

#include <fcntl.h>
#include <sys/resource.h>

#include "ledger/kept.h"

typedef struct {
    size_t          n;
    consent_kept_t  kept[8];
} kept_t;


static void
who_is_held_is_not_erased(void **state)
{
    consent_op_t           op, hold, other;
    consent_time_t         since, erased_at;
    consent_decision_t     d;
    consent_ledger_stat_t  stat;

    (void) state;

    op = a_grant(1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    other = a_grant(2, NOW);
    assert_int_equal(do_op(ledger, &other), CONSENT_OK);

    assert_int_equal(consent_ledger_held(ledger, op.subject, &since), CONSENT_NOTFOUND);
    hold = a_hold(1, true);
    assert_int_equal(do_op(ledger, &hold), CONSENT_CONFLICT);
    hold = a_hold(1, false);
    memset(hold.case_hash, 0xcd, sizeof(hold.case_hash));
    assert_int_equal(do_op(ledger, &hold), CONSENT_OK);
    assert_int_equal(do_op(ledger, &hold), CONSENT_CONFLICT);
    assert_int_equal(consent_ledger_held(ledger, op.subject, &since), CONSENT_OK);
    assert_int_equal(since, NOW);
    assert_string_equal(member(entry_at(ledger, 2), "type"), "hold");
    assert_string_equal(member(entry_at(ledger, 2), "change"), "placed");
    assert_memory_equal(member(entry_at(ledger, 2), "case"), "cdcdcdcd", 8);
    assert_string_equal(member(entry_at(ledger, 2), "policy"), "");

    /* beside others in one transaction, which go through */
    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
    op = an_erasure(1, NOW + 1);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_DENIED);
    assert_non_null(strstr(consent_ledger_why(ledger), "hold"));
    other = an_erasure(2, NOW + 1);
    assert_int_equal(consent_ledger_apply(ledger, &other), CONSENT_OK);
    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
    assert_int_equal(state_of(ledger, 2, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(openings_of(1).opened, 1);

    /* she decides as before, and a restart changes nothing */
    op = a_withdrawal(1, NOW + 2);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    consent_ledger_close(ledger);
    ledger = open_ledger(directory, 0, false);
    op = an_erasure(1, NOW + 3);
    assert_int_equal(do_op(ledger, &op), CONSENT_DENIED);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.holds, 1);

    hold = a_hold(1, true);
    assert_int_equal(do_op(ledger, &hold), CONSENT_OK);
    assert_string_equal(member(entry_at(ledger, hold.index), "change"), "released");
    assert_string_equal(member(entry_at(ledger, hold.index), "case"), "");
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.erased, 2);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.holds, 0);
}


static void
of_whom_there_is_a_hold_nothing_is_too_old(void **state)
{
    int            i;
    consent_op_t   op = a_grant(1, NOW), other = a_grant(2, NOW), hold = a_hold(1, false);

    (void) state;

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
    assert_int_equal(consent_ledger_apply(ledger, &hold), CONSENT_OK);

    for (i = 0; i < CONSENT_HISTORY_MAX + 3; i++) {
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
        assert_int_equal(consent_ledger_apply(ledger, &other), CONSENT_OK);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    assert_int_equal(openings_of(1).opened, CONSENT_HISTORY_MAX + 3);
    assert_int_equal(openings_of(2).opened, CONSENT_HISTORY_MAX);
}


static consent_rc_t
each_kept(void *arg, const consent_kept_t *kept)
{
    kept_t  *k = arg;

    assert_true(k->n < consent_countof(k->kept));
    k->kept[k->n++] = *kept;

    return CONSENT_OK;
}


static consent_rc_t
read_kept(kept_t *k, int dir)
{
    k->n = 0;

    return consent_kept_read(dir, &ledger->meta, each_kept, k);
}


static consent_ledger_t *
open_with_kept(int dir)
{
    char                   why[256];
    consent_ledger_t      *l;
    consent_ledger_conf_t  conf = { .directory = directory, .node = "node1", .guarded = true, .signed_dir = dir };

    assert_int_equal(consent_ledger_open(&l, &conf, why), CONSENT_OK);

    return l;
}


static void
an_erasure_is_kept_beside_the_keys(void **state)
{
    int           dir, fd;
    kept_t        k;
    uint8_t       mac[CONSENT_TOMBSTONE_KEY_LEN];
    secrets_t     s;
    const char   *keys = temporary_directory();
    struct stat   st;
    consent_op_t  op;

    (void) state;

    consent_ledger_close(ledger);
    dir = open(keys, O_RDONLY | O_DIRECTORY);
    assert_true(dir > 0);
    ledger = open_with_kept(dir);

    op = a_grant(1, NOW);
    op.decision.stamp = NOW + 5000;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    s = secrets_of(ledger, 1);
    assert_int_equal(read_kept(&k, dir), CONSENT_NOTFOUND);

    op = an_erasure(1, NOW + 10);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(read_kept(&k, dir), CONSENT_OK);
    assert_int_equal(k.n, 1);
    assert_int_equal(k.kept[0].erased_at, NOW + 5000);
    assert_int_equal(k.kept[0].keep_until, NOW + 10 + 180 * DAY);
    assert_int_equal(consent_ledger_tombstone_key(mac, ledger->write_mac, ledger->meta.tombstone_key, op.subject), CONSENT_OK);
    assert_memory_equal(k.kept[0].mac, mac, sizeof(mac));
    assert_int_equal(secrets_in(&s, keys), 0);

    /* a write that was cut off is no record, and the next one comes in its place */
    fd = openat(dir, "erasures", O_RDWR | O_APPEND);
    assert_int_equal(fstat(fd, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(write(fd, "half of a record", 16), 16);
    assert_int_equal(read_kept(&k, dir), CONSENT_OK);
    assert_int_equal(k.n, 1);
    op = an_erasure(2, NOW + 11);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(read_kept(&k, dir), CONSENT_OK);
    assert_int_equal(k.n, 2);

    /* those of another store that had these keys are not of this one */
    ledger->meta.store_id[0] ^= 1;
    assert_int_equal(read_kept(&k, dir), CONSENT_OK);
    assert_int_equal(k.n, 0);
    ledger->meta.store_id[0] ^= 1;

    /* one that was changed is found out */
    (void) close(fd);
    fd = openat(dir, "erasures", O_RDWR);
    assert_int_equal(pwrite(fd, "x", 1, 64 + 20), 1);
    assert_int_equal(read_kept(&k, dir), CONSENT_MALFORMED);
    (void) close(fd);
    (void) close(dir);
    remove_directory(keys);
}


static void
what_cannot_be_kept_is_not_erased(void **state)
{
    int                  dir;
    const char          *keys = temporary_directory();
    consent_op_t         op, other;
    consent_time_t       erased_at;
    consent_decision_t   d;

    (void) state;

    consent_ledger_close(ledger);
    dir = open(keys, O_RDONLY | O_DIRECTORY);
    assert_int_equal(mkdirat(dir, "erasures", 0700), 0);
    ledger = open_with_kept(dir);

    op = a_grant(1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
    op = an_erasure(1, NOW + 1);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_FULL);
    assert_non_null(strstr(consent_ledger_why(ledger), "beside the keys"));
    other = a_grant(2, NOW + 1);
    assert_int_equal(consent_ledger_apply(ledger, &other), CONSENT_OK);
    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
    assert_int_equal(state_of(ledger, 2, &d, &erased_at), CONSENT_OK);

    /* and is when it can */
    assert_int_equal(unlinkat(dir, "erasures", AT_REMOVEDIR), 0);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    (void) close(dir);
    remove_directory(keys);
}


static void
what_cannot_be_kept_leaves_what_is(void **state)
{
    int                 dir;
    kept_t              k;
    const char         *keys = temporary_directory();
    consent_op_t        op;
    struct rlimit       limit, none;
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    consent_ledger_close(ledger);
    dir = open(keys, O_RDONLY | O_DIRECTORY);
    assert_true(dir > 0);
    ledger = open_with_kept(dir);
    op = a_grant(1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_grant(2, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* one is kept, and of the other half a record, in the same transaction */
    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
    op = an_erasure(1, NOW + 1);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);

    assert_int_equal(getrlimit(RLIMIT_FSIZE, &none), 0);
    limit = none;
    limit.rlim_cur = 96;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    op = an_erasure(2, NOW + 1);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_FULL);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(state_of(ledger, 2, &d, &erased_at), CONSENT_OK);
    assert_int_equal(read_kept(&k, dir), CONSENT_OK);
    assert_int_equal(k.n, 1);

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(read_kept(&k, dir), CONSENT_OK);
    assert_int_equal(k.n, 2);
    (void) close(dir);
    remove_directory(keys);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(who_is_held_is_not_erased, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_whom_there_is_a_hold_nothing_is_too_old, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_erasure_is_kept_beside_the_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_kept_is_not_erased, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_kept_leaves_what_is, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
