/*
 * Bounds of a policy: how large a file, a list and the checking of both may become.
 */

#include "policy_fault.h"

#include <time.h>


static void
a_document_that_fits_no_log_entry_is_refused(void **state)
{
    char              *text, *many;
    size_t             i, n;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;

    /* texts of 1000 characters each, until there are more than 60,000 bytes */
    many = malloc(120000);
    assert_non_null(many);
    n = (size_t) sprintf(many, "\"topics\": [");

    for (i = 0; i < 30; i++) {
        n += (size_t) sprintf(many + n, "%s{\"id\": \"t%zu\", \"title\": {\"sv\": \"%01000d\", \"en\": \"%01000d\"}}",
                              i == 0 ? "" : ",", i, 7, 7);
    }

    strcpy(many + n, "]");
    text = policy_replace(policy_small, "\"topics\": [{\"id\": \"legal\", \"title\": {\"sv\": \"Juridik\", \"en\": \"Law\"}, "
                          "\"human_only\": true}]", many);

    policy_faults_init(&faults);
    assert_int_equal(consent_policy_load(&policy, consent_cstr(text), &faults), CONSENT_MALFORMED);
    assert_int_equal(faults.errors, 1);
    assert_int_equal(faults.first->line, 1);
    assert_int_equal(faults.first->column, 1);
    assert_non_null(strstr((const char *) faults.first->message.data, "there may be 60000, so that"));

    consent_arena_destroy(faults.arena);
    free(many);
    free(text);
}


static void
a_file_beyond_the_limit_is_not_read(void **state)
{
    char              *text;
    size_t             len;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;

    len = CONSENT_POLICY_MAX_FILE + 1;
    text = malloc(len);
    assert_non_null(text);
    memset(text, ' ', len);
    memcpy(text, policy_small, strlen(policy_small));

    policy_faults_init(&faults);
    assert_int_equal(consent_policy_load(&policy, consent_slice(text, len), &faults), CONSENT_MALFORMED);
    assert_int_equal(faults.errors, 1);

    /* one byte less, and it loads */
    assert_int_equal(consent_policy_load(&policy, consent_slice(text, len - 1), &faults), CONSENT_OK);

    consent_policy_destroy(policy);
    consent_arena_destroy(faults.arena);
    free(text);
}


static void
faults_beyond_their_memory_are_counted(void **state)
{
    size_t             i, n;
    char               text[60000];
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;

    n = (size_t) sprintf(text, "{");

    for (i = 0; i < 3000; i++) {
        n += (size_t) sprintf(text + n, "%s\"x%zu\":1", i == 0 ? "" : ",", i);
    }

    n += (size_t) sprintf(text + n, "}");

    memset(&faults, 0, sizeof(faults));
    faults.arena = consent_arena_create(20000);
    assert_int_equal(consent_policy_load(&policy, consent_slice(text, n), &faults), CONSENT_MALFORMED);
    assert_int_equal(faults.errors, 3007);
    assert_non_null(faults.first);

    consent_arena_destroy(faults.arena);
}


static void
lists_end_where_the_form_says(void **state)
{
    static const fault_case_t  rows[] = {
        FAULT("[\"Mo\", \"Tu\", \"We\", \"Th\", \"Fr\"]", "\1[\"Mo\", \"Tu\", \"We\", \"Th\", \"Fr\", \"Sa\", \"Su\", \"Mo\"]",
              "$.human_contact.channels[0].hours[0].days", "has 8 elements; there may be 7"),
    };

    char              *text;
    char               many[4000];
    size_t             i, n;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    (void) state;
    check_rows(rows, consent_countof(rows));

    /* 64 categories more: none of them is kept beyond the sixty-third, and it is said */
    n = (size_t) sprintf(many, "\"categories\": [");

    for (i = 0; i < 64; i++) {
        n += (size_t) sprintf(many + n, "{\"id\": \"c%zu\"}, ", i);
    }

    text = policy_replace(policy_small, "\"categories\": [", many);
    policy_faults_init(&faults);
    assert_int_equal(consent_policy_load(&policy, consent_cstr(text), &faults), CONSENT_MALFORMED);
    assert_true(consent_slice_eq(faults.first->message, consent_lit("has 68 elements; there may be 63")));
    assert_int_equal(faults.first->line, 7);
    assert_int_equal(faults.first->column, 17);

    consent_arena_destroy(faults.arena);
    free(text);
}


/* A document as large as may be, full of one thing each that is compared with others. */
static void
checking_takes_bounded_time_on_any_document(void **state)
{
    char              *text;
    clock_t            start;
    size_t             i, k, n;
    consent_rc_t       rc;
    consent_faults_t   faults;
    consent_policy_t  *policy;

    static const char *const  documents[][3] = {
        { "{\"categories\": [", "{\"id\":\"%06zu\"},", "{}]}" },
        { "{\"categories\": [{\"id\":\"abcdefgh\"}], \"levels\": [{}, {\"shares\": [", "\"c%06zu\",", "\"\"]}]}" },
        { "{\"languages\": [", "\"s%06zu\",", "\"\"]}" },
        { "{\"categories\": [{\"carriers\": {\"args\": [", "\"a%06zu\",", "\"\"]}}]}" },
        { "{\"categories\": [{\"carriers\": {\"text\": [", "{\"name\":\"%06zu\"},", "\"\"]}}]}" },
        { "{\"necessary\": {\"args\": [", "\"n%06zu\",", "\"\"]}}" },
        { "{\"human_contact\": {\"topics\": [", "{\"id\":\"%06zu\"},", "{}]}}" },
        { "{\"human_contact\": {\"holidays\": [", "\"2026-12-24\",", "\"\"]}}" },
        { "{\"human_contact\": {\"channels\": [{\"hours\": [", "{\"days\":[\"Mo\"]},", "{}]}]}}" }
    };

    (void) state;

    text = malloc(CONSENT_POLICY_MAX_FILE + 1);
    assert_non_null(text);

    for (i = 0; i < consent_countof(documents); i++) {
        n = (size_t) sprintf(text, "%s", documents[i][0]);

        for (k = 0; n + 100 < CONSENT_POLICY_MAX_FILE; k++) {
            n += (size_t) sprintf(text + n, documents[i][1], k);
        }

        n += (size_t) sprintf(text + n, "%s", documents[i][2]);

        policy_faults_init(&faults);
        start = clock();
        rc = consent_policy_load(&policy, consent_slice(text, n), &faults);

        if (clock() - start > 5 * CLOCKS_PER_SEC) {
            fail_msg("%s... takes %ld ms", documents[i][0], (long) ((clock() - start) * 1000 / CLOCKS_PER_SEC));
        }

        assert_true(rc == CONSENT_MALFORMED || rc == CONSENT_NOMEM);
        assert_null(policy);
        consent_arena_destroy(faults.arena);
    }

    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_document_that_fits_no_log_entry_is_refused),
        cmocka_unit_test(a_file_beyond_the_limit_is_not_read),
        cmocka_unit_test(faults_beyond_their_memory_are_counted),
        cmocka_unit_test(lists_end_where_the_form_says),
        cmocka_unit_test(checking_takes_bounded_time_on_any_document),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
