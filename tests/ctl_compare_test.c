/*
 * consentctl log compare: two nodes' logs that agree, and what is said when they do not.
 */

#include "ctl_logs.h"

#define OTHER  "consent.example.org/node2"

static const char  *work;
static char         one[128], two[128], keys[128];


/* What node `there` has at an index, in the log of node `here`. */
static void
add_foreign(const char *here, const char *origin_here, const char *there, const char *origin_there, uint64_t index, bool wrong)
{
    char               hex[65] = "", fields[2048];
    uint8_t            leaf[CONSENT_HASH_LEN];
    consent_op_t       op;
    consent_buf_t      b;
    consent_digest_t  *digest = consent_digest_create();
    consent_ledger_t  *ledger;

    consent_buf_init(&b, CONSENT_ENTRY_MAX);
    ledger = open_log(there, origin_there);
    assert_int_equal(consent_log_entry(ledger, index, &b), CONSENT_OK);
    consent_ledger_close(ledger);
    assert_int_equal(consent_tree_leaf(digest, leaf, consent_buf_view(&b)), CONSENT_OK);
    leaf[0] ^= wrong;
    consent_hex(hex, leaf, sizeof(leaf));
    consent_buf_free(&b);
    consent_digest_destroy(digest);

    (void) snprintf(fields, sizeof(fields), "{\"assurance\":\"anonymous\",\"by\":\"self\",\"categories\":[],\"commitment\":"
                    "\"%s\",\"language\":\"sv\",\"level\":\"anonymous\",\"method\":\"form\",\"notice_hash\":null,"
                    "\"origin\":\"%s\","
                    "\"origin_hash\":\"%s\",\"origin_index\":%llu,\"scope\":\"standing\",\"status\":\"withdrawn\"}",
                    hex, origin_there, hex, (unsigned long long) index);

    ledger = open_log(here, origin_here);
    op = an_entry("decision", fields, NOW + 60000);
    op.policy = log_policy();
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    consent_ledger_close(ledger);
}


/* Each has 0 policy, 1 and 2 grants, 3 a withdrawal, 4 a disclosure, 5 a grant, and then what the other has of these. */
static int
set_up(void **state)
{
    size_t         i;
    consent_buf_t  b;

    static const uint64_t  shared[] = { 1, 2, 3, 5 };

    (void) state;

    work = temporary_directory();
    (void) snprintf(one, sizeof(one), "%s/one", work);
    (void) snprintf(two, sizeof(two), "%s/two", work);
    (void) snprintf(keys, sizeof(keys), "%s/keys", work);
    assert_int_equal(mkdir(one, 0700), 0);
    assert_int_equal(mkdir(two, 0700), 0);

    consent_buf_init(&b, 1024);
    consent_note_key_write(&b, log_key(ORIGIN));
    consent_buf_char(&b, '\n');
    consent_note_key_write(&b, log_key(OTHER));
    consent_buf_char(&b, '\n');
    write_text(keys, b.data, b.len);
    consent_buf_free(&b);

    add_to_log(one, ORIGIN, 6);
    add_to_log(two, OTHER, 6);
    publish_log(one, ORIGIN);
    publish_log(two, OTHER);

    for (i = 0; i < consent_countof(shared); i++) {
        add_foreign(two, OTHER, one, ORIGIN, shared[i], false);
        add_foreign(one, ORIGIN, two, OTHER, shared[i], false);
    }

    publish_log(one, ORIGIN);
    publish_log(two, OTHER);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    remove_directory(work);

    return 0;
}


static ran_t
compare(const char *more)
{
    return ctl("log compare %s %s --key %s %s", one, two, keys, more);
}


static void
logs_that_agree(void **state)
{
    ran_t  ran;

    (void) state;

    ran = compare("");
    assert_says(ran, 0, "consent.example.org/node1: 10 entries, 4 decided here, 4 elsewhere\n"
                "consent.example.org/node2: 10 entries, 4 decided here, 4 elsewhere\n\nThe logs agree.\n");
    assert_says(compare("--json"), 0, "{\"agree\":true,\"logs\":[{\"node\":\"consent.example.org/node1\",\"size\":10,\"own\":4,"
                "\"foreign\":4,\"snapshot\":false},");

    /* exported, the same */

    assert_int_equal(ctl("log export %s %s/out1", one, work).status, 0);
    assert_int_equal(ctl("log export %s %s/out2", two, work).status, 0);
    assert_says(ctl("log compare %s/out1 %s/out2 --key %s", work, work, keys), 0, "The logs agree.\n");
    assert_says(ctl("log compare %s/out1 %s --key %s", work, two, keys), 0, "The logs agree.\n");
}


static void
a_decision_that_the_other_does_not_have(void **state)
{
    (void) state;

    add_to_log(one, ORIGIN, 2);
    publish_log(one, ORIGIN);
    assert_says(compare(""), 1, "consent.example.org/node2: entry 10 of consent.example.org/node1 is missing here\n");
    assert_says(compare("--lag 2"), 0, "The logs agree.\n");
    assert_says(compare("--json"), 1, "{\"node\":\"consent.example.org/node2\",\"what\":\"entry 10 of consent.example.org/node1 "
                "is missing here\"}");

    add_foreign(two, OTHER, one, ORIGIN, 10, false);
    add_foreign(two, OTHER, one, ORIGIN, 11, false);
    publish_log(two, OTHER);
    assert_says(compare(""), 0, "The logs agree.\n");
}


static void
a_decision_that_was_rewritten(void **state)
{
    (void) state;

    add_to_log(one, ORIGIN, 1);
    publish_log(one, ORIGIN);
    add_foreign(two, OTHER, one, ORIGIN, 10, true);
    publish_log(two, OTHER);
    assert_says(compare(""), 1, "consent.example.org/node2: entry 10 is of another entry 10 than consent.example.org/node1 has: "
                "one of them has been rewritten\n");
    assert_says(compare(""), 1, "entry 10 of consent.example.org/node1 is missing here\n");
}


static void
a_decision_that_was_counted_twice(void **state)
{
    (void) state;

    add_foreign(two, OTHER, one, ORIGIN, 5, false);
    publish_log(two, OTHER);
    assert_says(compare(""), 1, "consent.example.org/node2: entry 10 is entry 5 of consent.example.org/node1 once more\n");
}


static void
a_log_that_does_not_hold(void **state)
{
    (void) state;

    assert_int_equal(ctl("log export %s %s/out1", one, work).status, 0);
    run("f=$(ls %s/out1/tile/entries/000.p/*) && printf x | dd of=$f bs=1 seek=900 conv=notrunc 2>/dev/null", work);
    assert_says(ctl("log compare %s/out1 %s --key %s", work, two, keys), 1, "consent.example.org/node1: entry ");
}


/* Nodes that share nothing are not asked for each other's decisions. */
static void
logs_of_no_cluster(void **state)
{
    char  three[128];

    (void) state;

    (void) snprintf(three, sizeof(three), "%s/three", work);
    assert_int_equal(mkdir(three, 0700), 0);
    run("rm -rf %s && mkdir -m 700 %s", one, one);
    add_to_log(one, ORIGIN, 10);
    publish_log(one, ORIGIN);
    add_to_log(three, OTHER, 10);
    publish_log(three, OTHER);
    assert_says(ctl("log compare %s %s --key %s", one, three, keys), 0, "The logs agree.\n");
}


static void
what_cannot_be_compared(void **state)
{
    (void) state;

    assert_says(ctl("log compare %s %s", one, two), 2, "--key is missing");
    assert_says(ctl("log compare %s --key %s", one, keys), 2, "an argument is missing");
    assert_says(ctl("log compare %s %s --key %s", one, one, keys), 2, "are of one node");
    assert_says(ctl("log compare %s %s --key %s --lag -1", one, two, keys), 2, "--lag takes a number");
    assert_says(ctl("log compare %s %s --key %s", one, work, keys), 2, "there is neither a store nor a log in ");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(logs_that_agree, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decision_that_the_other_does_not_have, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decision_that_was_rewritten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decision_that_was_counted_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_that_does_not_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(logs_of_no_cluster, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_compared, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
