/*
 * consentctl log verify and log export of a log whose entries were dropped: what is left is verified, the decision is named by
 * a later log, and anything else that is wrong is found.
 */

#include "ctl_logs.h"

#include "ledger/seal.h"

#define LARGE   70000       /* entries, for tiles of three levels */
#define SMALL   2000
#define SECOND  ORIGIN "/1"

static const char  *work;
static char         store[128], old[128], out[128], later[128], key[128];


static void
seal(void)
{
    char               why[256] = "";
    consent_ledger_t  *ledger = open_log(store, ORIGIN);
    consent_sealed_t   sealed;

    assert_int_equal(consent_ledger_seal(ledger, NOW + DAY, &sealed, why), CONSENT_OK);
    consent_ledger_close(ledger);
}


static void
prune(const char *decision)
{
    char               why[256] = "";
    consent_ledger_t  *ledger = open_log(store, ORIGIN);
    consent_pruned_t   pruned;

    if (consent_ledger_prune(ledger, NOW + 2 * DAY, NOW + 2 * DAY, decision, &pruned, why) != CONSENT_OK) {
        fail_msg("not pruned: %s", why);
    }

    consent_ledger_close(ledger);
    publish_log(store, ORIGIN);
}


static int
set_up_log(size_t n)
{
    work = temporary_directory();
    (void) snprintf(store, sizeof(store), "%s/store", work);
    (void) snprintf(old, sizeof(old), "%s/old", work);
    (void) snprintf(out, sizeof(out), "%s/log", work);
    (void) snprintf(later, sizeof(later), "%s/later", work);
    (void) snprintf(key, sizeof(key), "%s/log.pub", work);
    assert_int_equal(mkdir(store, 0700), 0);
    write_key(key, ORIGIN);
    add_to_log(store, ORIGIN, n);
    publish_log(store, ORIGIN);
    assert_int_equal(ctl("log export %s %s", store, old).status, 0);
    run("cp %s/checkpoint %s/kept", old, work);
    seal();
    add_to_log(store, ORIGIN, 300);
    publish_log(store, ORIGIN);
    assert_int_equal(ctl("log export %s %s --log 0", store, old).status, 0);
    prune("KS 2026/55");
    assert_int_equal(ctl("log export %s %s --log 0", store, out).status, 0);
    assert_int_equal(ctl("log export %s %s --log 1", store, later).status, 0);

    return 0;
}


static int
set_up(void **state)
{
    (void) state;

    return set_up_log(SMALL);
}


static int
set_up_large(void **state)
{
    (void) state;

    return set_up_log(LARGE);
}


static int
tear_down(void **state)
{
    (void) state;

    remove_directory(work);

    return 0;
}


static ran_t
verify(void)
{
    return ctl("log verify --key %s %s --pruned %s", key, out, later);
}


static void
what_is_left_holds(void **state)
{
    ran_t  ran;

    (void) state;

    ran = ctl("log verify %s --key %s --log 0", store, key);
    assert_says(ran, 0, "entries      2001\n");
    assert_says(ran, 0, "pruned       2001 of them by \"KS 2026/55\", entry 300 of " ORIGIN "/1\n"
                "not checked  what these said: their hashes alone are left, and lead to the root\n\n"
                "What is left of the log holds.\n");
    assert_says(ctl("log verify %s --key %s", store, key), 0, "\nThe log holds.\n");

    /* as files */

    run("test -e %s/tile/1/000.p/7 -a ! -e %s/tile/entries", out, out);
    assert_says(verify(), 0, "What is left of the log holds.\n");
    assert_says(ctl("log verify --json --key %s %s --pruned %s", key, out, later), 0, ",\"entries\":0,\"bytes\":0,");
    assert_says(ctl("log verify --json --key %s %s --pruned %s", key, out, later), 0, "\"pruned\":2001,\"pruning\":"
                "{\"decision\":\"KS 2026/55\",\"origin\":\"" SECOND "\",\"index\":300,\"leaves\":2001},");
    assert_says(ctl("log verify --key %s %s --pruned %s --since %s/kept", key, out, store, work), 0,
                "What is left of the log holds, and goes on from that checkpoint.\n");
    assert_says(ctl("log show %s", out), 2, "of entry 0 there is the hash alone: it was pruned, or ");
    assert_says(ctl("log show %s --since 2026-11-22", out), 2, " there is the hash alone: it was pruned, or ");

    /* who has a copy of before has lost nothing */

    assert_says(ctl("log verify --key %s %s --pruned %s", key, old, later), 0, "\nThe log holds.\n");
    assert_says(ctl("log export %s %s --log 0", store, old), 0, ": 2001 entries, 0 of them new\n");
    assert_says(ctl("log verify --key %s %s", key, old), 0, "\nThe log holds.\n");
}


/* Cut off in the middle: the beginning is gone, the rest is verified as ever. */
static void
what_was_not_dropped_yet_is_verified(void **state)
{
    (void) state;

    run("cp -r %s %s/copy && rm %s/copy/tile/entries/00[0-3]", old, work, work);
    assert_says(ctl("log verify --key %s %s/copy --pruned %s", key, work, later), 0,
                "pruned       1024 of them by \"KS 2026/55\"");
    assert_says(ctl("log verify --key %s %s/copy --pruned %s", key, work, later), 0, ", 2026-11-22T09:15:01Z to ");
    assert_says(ctl("log verify --key %s %s/copy", key, work), 1, "tile/entries/000 is missing\n");

    /* a hole behind entries that are there is none of it */

    run("rm %s/copy/tile/entries/005", work);
    assert_says(ctl("log verify --key %s %s/copy --pruned %s", key, work, later), 1, "tile/entries/005 is missing\n");
    run("cp %s/tile/entries/005 %s/copy/tile/entries/", old, work);
    damage(strcat(strcpy((char [256]) { 0 }, work), "/copy/tile/entries/006"), 5);
    assert_says(ctl("log verify --key %s %s/copy --pruned %s", key, work, later), 1, "entry 1536 is ");
}


static void
what_is_damaged_is_named(void **state)
{
    char    path[256];
    size_t  i;

    static const struct {
        const char  *file;
        long         at;
        const char  *says;
    } rows[] = {
        { "tile/0/000", 0, "one of the entries 0 to 255 was pruned, and its hash is not as it was published\n" },
        { "tile/0/001", 8191, "one of the entries 256 to 511 was pruned, and its hash is not as it was published\n" },
        { "tile/0/272", 77, "one of the entries 69632 to 69887 was pruned, and its hash is not as it was published\n" },
        { "tile/0/273.p/113", 5, "the checkpoint's root is not that of " },
        { "tile/1/000", 3, "tile/1/000 does not hold the hashes of the entries\n" },
        { "tile/1/001.p/17", 3, "tile/1/001.p/17 does not hold the hashes of the entries\n" },
        { "tile/2/000.p/1", 3, "tile/2/000.p/1 does not hold the hashes of the entries\n" },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        (void) snprintf(path, sizeof(path), "%s/%s", out, rows[i].file);
        damage(path, rows[i].at);
        assert_says(verify(), 1, rows[i].says);
        assert_says(verify(), 1, "\nThe log does not hold.\n");
        damage(path, rows[i].at);
    }

    /* tiles of two levels that agree with one another, and a tile that is short, gone, or another's */

    run("cd %s/tile && cp 0/000 0/k && cp 1/000 1/k && head -c 64 /dev/zero | dd of=0/000 conv=notrunc status=none "
        "&& head -c 32 /dev/zero | dd of=1/000 conv=notrunc status=none", out);
    assert_says(verify(), 1, "one of the entries 0 to 65535 was pruned, and its hash is not as it was published\n");
    run("cd %s/tile && mv 1/k 1/000 && head -c 8000 0/k > 0/000", out);
    assert_says(verify(), 1, "tile/0/000 has another length than its hashes have\n");
    run("cd %s/tile && rm 0/000", out);
    assert_says(verify(), 1, "is missing\n");
    run("cd %s/tile && cp 0/001 0/000", out);
    assert_says(verify(), 1, "one of the entries 0 to 255 was pruned");
    run("cd %s/tile && mv 0/k 0/000 && rm 1/001.p/17", out);
    assert_says(verify(), 1, "tile/1/001.p/17 is missing\n");
}


static void
who_dropped_them_must_have_said_so(void **state)
{
    char  other[256];

    (void) state;

    assert_says(ctl("log verify --key %s %s", key, out), 1,
                "entry 0 is not there as it was published\ntile/entries/000 is missing\n");
    assert_says(ctl("log verify --key %s %s --pruned %s", key, out, work), 2, "there is neither a store nor a log");
    assert_says(ctl("log verify --key %s %s --pruned %s", key, out, old), 1,
                "the later log names no decision to prune this one\n");
    assert_says(ctl("log verify --key %s %s --pruned %s", key, later, out), 0, "The log holds.\n");

    /* a log that does not hold names nothing */

    (void) snprintf(other, sizeof(other), "%s/tile/entries/000", later);
    damage(other, 9);
    assert_says(verify(), 1, "the later log names a decision to prune this one, and does not hold\n");
    damage(other, 9);

    /* of another node */

    (void) snprintf(other, sizeof(other), "%s/both", work);
    write_key(other, "consent.example.org/node2");
    run("cat %s >> %s", key, other);
    assert_says(ctl("log verify --key %s %s --pruned %s", other, out, later), 0, "What is left of the log holds.\n");
    run("sed -i 2d %s", other);
    assert_says(ctl("log verify --key %s %s --pruned %s", other, out, later), 1,
                "checkpoint is of another log than the key\n");
}


/* When that log is pruned too, the decision is told once more. */
static void
a_decision_outlasts_its_log(void **state)
{
    (void) state;

    seal();
    add_to_log(store, ORIGIN, 10);
    publish_log(store, ORIGIN);
    prune("KS 2027/1");

    assert_says(ctl("log verify %s --key %s --log 1", store, key), 0, "pruned       302 of them by \"KS 2027/1\", entry ");
    assert_says(ctl("log verify %s --key %s --log 0", store, key), 0,
                "pruned       2001 of them by \"KS 2026/55\", entry 10 of " ORIGIN "/2\n");
    assert_says(ctl("log verify %s --key %s", store, key), 0, "entries      12");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(what_is_left_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_was_not_dropped_yet_is_verified, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_damaged_is_named, set_up_large, tear_down),
        cmocka_unit_test_setup_teardown(who_dropped_them_must_have_said_so, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decision_outlasts_its_log, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
