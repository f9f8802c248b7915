/*
 * consentctl explain and report: why a request was refused or changed, in words, with the names that people know.
 */

#include "ctl.h"
#include "ledger/recent.h"

static const char        *directory;
static uint64_t           key;              /* of the sample policy */
static consent_policy_t  *policy;
static consent_arena_t   *arena;


static int
load_policy(void **state)
{
    FILE              *f;
    size_t             n;
    static char        text[CONSENT_POLICY_MAX_FILE];
    consent_faults_t   faults = { NULL, NULL, NULL, 0, 0 };

    (void) state;

    f = fopen("demo/policy.json", "r");
    assert_non_null(f);
    n = fread(text, 1, sizeof(text), f);
    (void) fclose(f);

    arena = faults.arena = consent_arena_create(1 << 20);
    assert_int_equal(consent_policy_load(&policy, consent_slice(text, n), &faults), CONSENT_OK);
    key = policy->key;

    return 0;
}


static int
drop_policy(void **state)
{
    (void) state;

    consent_policy_destroy(policy);
    consent_arena_destroy(arena);

    return 0;
}


static int
set_up(void **state)
{
    consent_op_t       op;
    consent_ledger_t  *ledger;
    consent_recent_t  *recent;

    (void) state;

    directory = temporary_directory();
    ledger = open_ledger(directory, (size_t) 16 << 20, false);
    op = an_entry("policy", "", NOW);
    op.policy.id = policy->id;
    op.policy.version = policy->version;
    op.policy.key = policy->key;
    op.policy.id_key = policy->id_key;
    memcpy(op.policy.hash, policy->hash, sizeof(policy->hash));
    op.document = policy->canonical;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    consent_ledger_close(ledger);

    assert_int_equal(consent_recent_open(&recent, directory, true, false), CONSENT_OK);
    consent_recent_close(recent);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    remove_directory(directory);

    return 0;
}


static consent_mask_t
bit(const char *category)
{
    int  i = consent_policy_category(policy, consent_cstr(category));

    assert_true(i >= 0);

    return (consent_mask_t) 1 << i;
}


/* "Email and phone number (contact)" */
static const char *
named(const char *category)
{
    static char           text[256];
    size_t                i;
    const consent_text_t *title = &policy->categories[consent_policy_category(policy, consent_cstr(category))].title;

    for (i = 0; i < policy->n_languages && !consent_slice_eq(policy->languages[i], consent_lit("en")); i++) {
        /* void */
    }

    assert_true(i > 0 && i < policy->n_languages);
    (void) snprintf(text, sizeof(text), "%.*s (%s)", (int) title->in[i].len, (const char *) title->in[i].data, category);

    return text;
}


/* Something happened to the request with the code 0a1b2c3d. */
static void
happened_since(consent_event_t what, consent_why_t why, uint32_t carriers, consent_mask_t categories, int required, bool reported)
{
    consent_recent_t        *recent;
    consent_recent_event_t   e = {
        .code = { 0x0a, 0x1b, 0x2c, 0x3d }, .at = NOW, .event = what, .why = why, .reported = reported, .carriers = carriers,
        .categories = categories, .policy = key, .required = (int8_t) required, .location = "/bygglov/"
    };

    assert_int_equal(consent_recent_open(&recent, directory, false, false), CONSENT_OK);
    consent_recent_add(recent, &e);
    consent_recent_close(recent);
}


static void
happened(consent_event_t what, uint32_t carriers, consent_mask_t categories, int required, bool reported)
{
    happened_since(what, CONSENT_WHY_UNSAID, carriers, categories, required, reported);
}


static void
what_was_withheld_is_named_with_carrier_and_location(void **state)
{
    ran_t  ran;

    (void) state;

    happened(CONSENT_EVENT_WITHHELD, 1 << CONSENT_CARRIER_HEADER | 1 << CONSENT_CARRIER_ARG, bit("identity") | bit("contact"),
             -1, false);
    ran = ctl("explain %s 0a1b2c3d", directory);
    assert_says(ran, 0, "When       2026-11-22T09:15:00Z\n");
    assert_says(ran, 0, "Location   /bygglov/\n");
    assert_says(ran, 0, "Carrier    header, argument\n");
    assert_says(ran, 0, "Policy     exempelkommun, version ");
    assert_says(ran, 0, " (contact) and ");
    assert_says(ran, 0, " (identity).\n");
    assert_says(ran, 0, "The request went on without ");
    assert_says_not(ran, "only reports");

    /* in English where the policy has it, in any case of letters, and by the whole request id */
    assert_says(ctl("explain %s 0A1B2C3D", directory), 0, named("identity"));
    assert_says(ctl("explain %s 0a1b2c3d00112233445566778899aabb", directory), 0, "The request went on without ");
}


static void
a_location_that_only_reports_is_said(void **state)
{
    ran_t  ran;

    (void) state;

    happened(CONSENT_EVENT_WITHHELD, 1, bit("identity"), -1, true);
    ran = ctl("explain %s 0a1b2c3d", directory);
    assert_says(ran, 0, "would have gone on without ");
    assert_says(ran, 0, "nothing was changed");
}


static void
each_rule_has_its_sentence(void **state)
{
    size_t  i;

    static const struct {
        consent_event_t  what;
        int              required;
        const char      *rule;
        const char      *words;
    } rows[] = {
        { CONSENT_EVENT_REQUIRED, 2, "Rule       consent_require\n", ") shares. Not agreed to: " },
        { CONSENT_EVENT_REQUIRED, -1, "Rule       consent_require\n", "asks for what a level shares" },
        { CONSENT_EVENT_BODY, -1, "a body that cannot be inspected", "What was sent was not passed on. It asks for a" },
        { CONSENT_EVENT_PATH, -1, "a path that carries", "The address itself tells " },
        { CONSENT_EVENT_STORE, -1, "durable", "The store did not take the decision" },
        { CONSENT_EVENT_CSRF, -1, "the portal's own pages", "did not come from a page of this portal" },
        { CONSENT_EVENT_UNREADABLE, -1, "well-formed", "could not be read" },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
        happened(rows[i].what, 0, bit("identity"), rows[i].required, false);
        assert_says(ctl("explain %s 0a1b2c3d", directory), 0, rows[i].rule);
        assert_says(ctl("explain %s 0a1b2c3d", directory), 0, rows[i].words);
    }
}


/* Where it is not known which of several it was, all are named. */
static void
what_a_body_was_refused_for_is_said(void **state)
{
    size_t  i;
    char    path[160];

    static const struct {
        consent_event_t  what;
        consent_why_t    why;
        const char      *words;
        const char      *name;
    } rows[] = {
        { CONSENT_EVENT_BODY, CONSENT_WHY_SYNTAX, "It is not what its\nContent-Type says", "syntax" },
        { CONSENT_EVENT_BODY, CONSENT_WHY_DEPTH, "nested too\ndeeply", "depth" },
        { CONSENT_EVENT_BODY, CONSENT_WHY_NAME, "A name in it is too\nlong, or", "name" },
        { CONSENT_EVENT_BODY, CONSENT_WHY_DUPLICATE, "stands in it\ntwice", "duplicate" },
        { CONSENT_EVENT_BODY, CONSENT_WHY_CHARSET, "in a charset", "charset" },
        { CONSENT_EVENT_BODY, CONSENT_WHY_ENCODING, "(Content-Encoding, or base64 in a part)", "encoding" },
        { CONSENT_EVENT_BODY, CONSENT_WHY_TYPE, "the policy does not let it pass (bodies)", "type" },
        { CONSENT_EVENT_BODY, CONSENT_WHY_SIZE, "larger than\nconsent_body_limit.", "size" },
        { CONSENT_EVENT_BODY, CONSENT_WHY_UNSAID, "(Upgrade), or is a form too large to ask about", NULL },
        { CONSENT_EVENT_ROUTED, CONSENT_WHY_TOPIC, "The policy leaves its topic to people: it went to", "topic" },
        { CONSENT_EVENT_ROUTED, CONSENT_WHY_PERSON, "The citizen has chosen that only a person answers: it went", "person" },
        { CONSENT_EVENT_ROUTED, CONSENT_WHY_UNSAID, "to people, or the citizen has chosen", NULL }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
        happened_since(rows[i].what, rows[i].why, 0, 0, -1, false);
        assert_says(ctl("explain %s 0a1b2c3d", directory), 0, rows[i].words);
        assert_says_not(ctl("explain %s 0a1b2c3d", directory), "may hold");
        (void) snprintf(path, sizeof(path), "\"why\":\"%s\"", rows[i].name != NULL ? rows[i].name : "");

        if (rows[i].name != NULL) {
            assert_says(ctl("explain %s 0a1b2c3d --json", directory), 0, path);

        } else {
            assert_says_not(ctl("explain %s 0a1b2c3d --json", directory), "\"why\"");
        }
    }

    happened_since(CONSENT_EVENT_BODY, CONSENT_WHY_TYPE, 0, bit("identity"), -1, true);
    assert_says(ctl("explain %s 0a1b2c3d", directory), 0, "would not have been passed on");
    assert_says(ctl("explain %s 0a1b2c3d", directory), 0, "So it may hold what the citizen has not agreed to share: ");
}


static void
several_events_of_one_request_are_all_told(void **state)
{
    ran_t  ran;

    (void) state;

    happened(CONSENT_EVENT_WITHHELD, 1 << CONSENT_CARRIER_COOKIE, bit("statistics"), -1, false);
    happened(CONSENT_EVENT_BODY, 1 << CONSENT_CARRIER_BODY, bit("identity"), -1, false);
    ran = ctl("explain %s 0a1b2c3d", directory);
    assert_says(ran, 0, "Carrier    body\n");
    assert_says(ran, 0, "Carrier    cookie\n");

    ran = ctl("explain %s 0a1b2c3d --json", directory);
    assert_says(ran, 0, "[{\"code\":\"0a1b2c3d\",\"at\":\"2026-11-22T09:15:00Z\",\"location\":\"/bygglov/\",\"event\":\"body\",");
    assert_says(ran, 0, "\"reported\":false,\"carriers\":[\"cookie\"],\"categories\":[\"statistics\"],"
                "\"policy\":\"exempelkommun\",");
}


static void
an_unknown_code_does_not_hold(void **state)
{
    (void) state;

    happened(CONSENT_EVENT_WITHHELD, 1, 1, -1, false);
    assert_says(ctl("explain %s 0a1b2c3e", directory), 1, "Nothing is known of this code.");
    assert_says(ctl("explain %s 0a1b2c3e --json", directory), 1, "[]\n");
    assert_says(ctl("explain %s 0a1b2c3", directory), 2, "eight hexadecimal digits");
    assert_says(ctl("explain %s 0a1b2c3g", directory), 2, "eight hexadecimal digits");
    assert_says(ctl("explain %s", directory), 2, "an argument is missing");
}


/* A support desk can do without the store's names better than without an answer. */
static void
without_the_store_categories_have_numbers(void **state)
{
    char  path[128];

    (void) state;

    happened(CONSENT_EVENT_WITHHELD, 1, 6, -1, false);
    (void) snprintf(path, sizeof(path), "%s/data.mdb", directory);
    assert_int_equal(unlink(path), 0);
    assert_says(ctl("explain %s 0a1b2c3d", directory), 0, "without category 1 and category 2.");

    (void) snprintf(path, sizeof(path), "%s/recent", directory);
    assert_int_equal(unlink(path), 0);
    assert_says(ctl("explain %s 0a1b2c3d", directory), 2, "no record of recent events");
    assert_says(ctl("report %s", directory), 2, "recent events");
}


static void
a_place_with_control_characters_does_not_reach_the_terminal(void **state)
{
    ran_t                    ran;
    consent_recent_t        *recent;
    consent_recent_event_t   e = { .code = { 1, 1, 1, 1 }, .required = -1, .location = "/a\033[31m\n/b\xc3\xa5" };

    (void) state;

    assert_int_equal(consent_recent_open(&recent, directory, false, false), CONSENT_OK);
    consent_recent_add(recent, &e);
    consent_recent_close(recent);
    ran = ctl("explain %s 01010101", directory);
    assert_says(ran, 0, "Location   /a?[31m?/b\xc3\xa5\n");
}


static void
the_report_counts_by_category(void **state)
{
    ran_t              ran;
    char               line[300];
    consent_recent_t  *recent;

    (void) state;

    assert_int_equal(consent_recent_open(&recent, directory, false, false), CONSENT_OK);
    consent_recent_count(recent, CONSENT_COUNT_REQUESTS, 1234);
    consent_recent_count(recent, CONSENT_COUNT_WOULD_WITHHOLD, 17);
    consent_recent_count_categories(recent, key, bit("identity"), true);
    consent_recent_count_categories(recent, key, bit("identity") | bit("contact"), true);
    consent_recent_count_categories(recent, key, bit("contact"), false);
    consent_recent_count_categories(recent, 5, 1, false);
    consent_recent_close(recent);

    ran = ctl("report %s", directory);
    assert_says(ran, 0, "        1234  requests\n");
    assert_says(ran, 0, "          17  would have gone on without something\n");
    (void) snprintf(line, sizeof(line), "           0             2  %s\n", named("identity"));
    assert_says(ran, 0, line);
    (void) snprintf(line, sizeof(line), "           1             1  %s\n", named("contact"));
    assert_says(ran, 0, line);
    assert_says(ran, 0, "Under the policy 0000000000000005, which the store does not have:\n");

    ran = ctl("report %s --json", directory);
    assert_says(ran, 0, "{\"requests\":1234,\"withheld\":0,\"would_withhold\":17,");
    assert_says(ran, 0, "{\"category\":\"identity\",\"withheld\":0,\"would_withhold\":2}");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(what_was_withheld_is_named_with_carrier_and_location, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_location_that_only_reports_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_rule_has_its_sentence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_body_was_refused_for_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_events_of_one_request_are_all_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_unknown_code_does_not_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_the_store_categories_have_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_place_with_control_characters_does_not_reach_the_terminal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_report_counts_by_category, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, load_policy, drop_policy);
}
