/*
 * consentctl log show and store stat: what is in a store, for people, spreadsheets and programs.
 */

#include "ctl.h"

#include <sys/stat.h>

#define HOUR  ((consent_time_t) 60 * 60 * 1000)

static const char  *directory;


/* 0 config 09:15:00; 1 decision of subject 1, 09; 2 disclosure 09:30:00; 3 decision of 2, 10; 4 withdrawal of 1, 11; 5 erasure of
 * 2, 12:00:00 */
static int
set_up(void **state)
{
    consent_op_t       op;
    consent_ledger_t  *ledger;

    (void) state;

    directory = temporary_directory();
    ledger = open_ledger(directory, (size_t) 16 << 20, false);

    op = an_entry("config", "{\"hash\":\"00\",\"keys\":[\"=1+1\",\"b\\\"\"],\"odd\":\"\\u001b[31m\","
                  "\"odder\":\"\xc2\x9b|\x7f|\xe2\x80\xae|å\"}", NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_grant(1, NOW + 60000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = an_entry("disclosure", "{\"kind\":\"html\",\"mode\":\"generated\",\"outcome\":\"sent\",\"service\":\"=SUM(A1)\"}",
                  NOW + 15 * 60000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_grant(2, NOW + HOUR);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_withdrawal(1, NOW + 2 * HOUR);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_grant(2, NOW + 3 * HOUR - 15 * 60000);
    op.type = CONSENT_OP_ERASURE;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    consent_ledger_close(ledger);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    remove_directory(directory);

    return 0;
}


static void
entries_are_shown_one_a_line(void **state)
{
    ran_t  ran = ctl("log show %s", directory);

    (void) state;

    assert_says(ran, 0, "       1  2026-11-22T09:00:00Z  decision   assurance=anonymous by=self"
                " categories=[\"contact\",\"identity\"] commitment=");
    assert_says(ran, 0, "       4  2026-11-22T11:00:00Z  decision ");
    assert_says(ran, 0, " status=withdrawn\n");
    assert_says(ran, 0, "       5  2026-11-22T12:00:00Z  erasure    entries=1 ");
    assert_int_equal(count_lines(ran.out), 6);

    /* nothing that a terminal obeys */
    assert_null(strchr(ran.out, 0x1b));
    assert_says(ran, 0, "\\u001b[31m");
    assert_says(ran, 0, " odder=?|?|?|å ");
}


static void
entries_are_chosen_by_type(void **state)
{
    ran_t  ran = ctl("log show --type decision %s", directory);

    (void) state;

    assert_int_equal(ran.status, 0);
    assert_int_equal(count_lines(ran.out), 3);
    ran = ctl("log show %s --type=disclosure", directory);
    assert_int_equal(count_lines(ran.out), 1);
    assert_says(ran, 0, "       2  2026-11-22T09:30:00Z  disclosure");
    ran = ctl("log show %s --type sealed", directory);
    assert_int_equal(ran.status, 0);
    assert_int_equal(count_lines(ran.out), 0);
    assert_says(ctl("log show %s --type decisions", directory), 2, "no type \"decisions\"");
}


static void
entries_are_chosen_by_time(void **state)
{
    size_t  i;
    ran_t   ran;

    static const struct {
        const char  *since;
        size_t       n;
    } rows[] = {
        { "2026-11-22", 6 }, { "2026-11-22T09:15:00Z", 6 }, { "2026-11-22T09:15:01Z", 5 }, { "2026-11-22T09:59:59Z", 4 },
        { "2026-11-22T10:59:00Z", 3 }, { "2026-11-22T12:00:00Z", 1 }, { "2026-11-22T13:00:00+01:00", 1 },
        { "2026-11-22T12:00:01Z", 0 }, { "2027-01-01", 0 }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        ran = ctl("log show %s --since %s", directory, rows[i].since);
        assert_int_equal(ran.status, 0);

        if (count_lines(ran.out) != rows[i].n) {
            fail_msg("since %s:\n%s", rows[i].since, ran.out);
        }
    }

    assert_says(ctl("log show %s --since yesterday", directory), 2, "--since takes");
}


static void
a_subjects_entries_open_with_the_stores_keys(void **state)
{
    char     hex[2 * CONSENT_SUBJECT_LEN + 1] = "";
    uint8_t  subject[CONSENT_SUBJECT_LEN];
    ran_t    ran;

    (void) state;

    subject_of(subject, 1);
    consent_hex(hex, subject, sizeof(subject));
    ran = ctl("log show %s --subject %s", directory, hex);
    assert_int_equal(count_lines(ran.out), 2);
    assert_says(ran, 0, "       1  ");
    assert_says(ran, 0, "       4  ");
    assert_says(ran, 0, "  [opens]\n");
    assert_says(ctl("log show %s --subject %s --json", directory, hex), 0, "{\"index\":4,\"opens\":true,\"entry\":{");

    /* erased: the entry is there and opens for nobody */
    subject_of(subject, 2);
    consent_hex(hex, subject, sizeof(subject));
    ran = ctl("log show %s --subject %s", directory, hex);
    assert_int_equal(ran.status, 0);
    assert_string_equal(ran.out, "");

    assert_says(ctl("log show %s --subject 123", directory), 2, "32 hexadecimal digits");
}


static void
json_holds_the_exact_bytes(void **state)
{
    char               expected[8192];
    ran_t              ran = ctl("log show %s --json --type config", directory);
    consent_ledger_t  *ledger = open_ledger(directory, 0, true);

    (void) state;

    (void) snprintf(expected, sizeof(expected), "{\"index\":0,\"entry\":%s}\n", entry_at(ledger, 0));
    assert_int_equal(ran.status, 0);
    assert_string_equal(ran.out, expected);
    consent_ledger_close(ledger);
}


static void
spreadsheets_get_columns_and_no_formulas(void **state)
{
    ran_t  ran = ctl("log show --csv %s", directory);

    (void) state;

    assert_int_equal(ran.status, 0);
    assert_int_equal(count_lines(ran.out), 7);
    assert_int_equal(strncmp(ran.out, "\"index\",\"time\",\"type\",\"node\",", 28), 0);
    assert_says(ran, 0, "\r\n1,\"2026-11-22T09:00:00Z\",\"decision\",\"node1\",\"exempelkommun\",\"2026-11-22\",\"abab");
    assert_says(ran, 0, ",\"given\",\"personal\",\"contact;identity\",\"standing\",\"self\",\"anonymous\","
                "\"form\",\"sv\",\"\",\"");
    assert_says(ran, 0, ",\"'=SUM(A1)\",\"generated\",\"html\",\"sent\",");
    assert_says(ran, 0, "\"{\"\"hash\"\":\"\"00\"\",\"\"keys\"\":[\"\"=1+1\"\",\"\"b\\\"\"\"\"]");
    assert_says(ctl("log show --csv --json %s", directory), 2, "exclude each other");
}


static void
a_long_log_is_shown_whole(void **state)
{
    ran_t   ran;
    size_t  i;
    char    needle[32];

    (void) state;

    remove_directory(directory);
    assert_int_equal(mkdir(directory, 0700), 0);
    fill_store(directory, 2500);
    ran = ctl("log show %s | cut -c 1-8", directory);
    assert_int_equal(count_lines(ran.out), 2500);

    for (i = 0; i < 2500; i += 499) {
        (void) snprintf(needle, sizeof(needle), "%8zu\n", i);
        assert_non_null(strstr(ran.out, needle));
    }
}


static void
figures_of_a_store(void **state)
{
    ran_t  ran = ctl("store stat %s", directory);

    (void) state;

    assert_says(ran, 0, "log entries          6\n");
    assert_says(ran, 0, "last entry           2026-11-22T12:00:00Z\n");
    assert_says(ran, 0, "decisions in force   1\n");
    assert_says(ran, 0, "decisions kept       2\n");
    assert_says(ran, 0, "erased, remembered   1\n");
    assert_says(ran, 0, " of 16.8 MB (");

    ran = ctl("store stat --json %s", directory);
    assert_says(ran, 0, "\"restored\":null,\"entries\":6,\"pruned\":0,\"last_entry\":\"2026-11-22T12:00:00Z\",\"logs\":[],"
                "\"tiles\":0,\"checkpoints\":0,\"subjects\":1,\"states\":1,\"histories\":2,\"receipts\":2,"
                "\"longest_days\":0,\"policies\":0,\"texts\":0,\"tombstones\":1,\"holds\":0,\"handoffs\":0,\"outbox\":0,"
                "\"outbox_due\":null,\"outgoing\":0,\"map_size\":16777216,\"used\":");
}


static void
a_store_that_is_not_there_is_not_made(void **state)
{
    char         path[128];
    struct stat  st;

    (void) state;

    (void) snprintf(path, sizeof(path), "%s/none", directory);
    assert_says(ctl("log show %s", path), 2, "consentctl: cannot open ");
    assert_says(ctl("store stat %s", path), 2, "No such file or directory");
    assert_int_equal(stat(path, &st), -1);

    assert_int_equal(mkdir(path, 0700), 0);
    assert_says(ctl("log show %s", path), 2, "there is neither a store nor a log in");
    assert_int_equal(rmdir(path), 0);
}


/* Run by root on the store of www-data, no file in it may become root's. */
static void
root_takes_the_owners_identity(void **state)
{
    char         path[128];
    struct stat  st;

    (void) state;

    if (geteuid() != 0) {
        print_message("only root can become somebody else\n");
        skip();
    }

    (void) snprintf(path, sizeof(path), "%s/lock.mdb", directory);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(chown(directory, 33, 33), 0);
    (void) snprintf(path, sizeof(path), "%s/data.mdb", directory);
    assert_int_equal(chown(path, 33, 33), 0);

    assert_says(ctl("store stat %s", directory), 0, "log entries          6\n");
    (void) snprintf(path, sizeof(path), "%s/lock.mdb", directory);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_uid, 33);
    assert_int_equal(st.st_gid, 33);
}


static void
a_broken_store_is_a_sentence(void **state)
{
    char  path[128];

    (void) state;

    (void) snprintf(path, sizeof(path), "%s/data.mdb", directory);
    assert_int_equal(truncate(path, 20000), 0);
    assert_says(ctl("log show %s", directory), 2, "has been cut short");
    assert_int_equal(truncate(path, 0), 0);
    assert_int_equal(ctl("store stat %s", directory).status, 2);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(entries_are_shown_one_a_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_are_chosen_by_type, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_are_chosen_by_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_subjects_entries_open_with_the_stores_keys, set_up, tear_down),
        cmocka_unit_test_setup_teardown(json_holds_the_exact_bytes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(spreadsheets_get_columns_and_no_formulas, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_log_is_shown_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(figures_of_a_store, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_that_is_not_there_is_not_made, set_up, tear_down),
        cmocka_unit_test_setup_teardown(root_takes_the_owners_identity, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_broken_store_is_a_sentence, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
