/*
 * Paths: generous where a match withholds, to the letter where it lets data pass.
 */

#include "policy.h"

typedef struct {
    const char  *pattern;
    const char  *path;
    bool         withholds;
    bool         lets_pass;
} path_case_t;

static const path_case_t  cases[] = {
    { "/pnr/*", "/pnr/1", true, true },
    { "/pnr/*", "/pnr/", false, false },
    { "/pnr/*", "/pnr", false, false },
    { "/pnr/*", "/pnr/1/2", false, false },
    { "/pnr/*", "/x/pnr/1", false, false },
    { "/pnr/*", "/pnrx/1", false, false },
    { "/pnr/*", "/", false, false },
    { "/pnr/*", "", false, false },
    { "/pnr/*", "pnr/1", false, false },
    { "/pnr/*", "*", false, false },

    { "/a/*/b", "/a/1/b", true, true },
    { "/a/*/b", "/a//b", false, false },
    { "/a/*/b", "/a/1/2/b", false, false },
    { "/a/*/b", "/a/1/bc", false, false },

    { "/a/**", "/a", true, true },
    { "/a/**", "/a/", true, true },
    { "/a/**", "/a/b/c/", true, true },
    { "/a/**", "/ab", false, false },
    { "/a/**", "/", false, false },
    { "/**", "/", true, true },
    { "/**", "/a/b", true, true },
    { "/*/**", "/a", true, true },
    { "/*/**", "/", false, false },

    { "/a", "/a", true, true },
    { "/a", "/ab", false, false },
    { "/a", "/a/b", false, false },
    { "/", "/", true, true },
    { "/", "/a", false, false },
    { "/a b/å", "/a b/å", true, true },

    /* as other servers may read it */
    { "/pnr/*", "/PNR/1", true, false },
    { "/pnr/*", "//pnr///1", true, false },
    { "/pnr/*", "/pnr/1/", true, false },
    { "/pnr/*", "/pnr/1//", true, false },
    { "/pnr/*", "/pnr;x=1/1", true, false },
    { "/pnr/*", "/pnr;/1", true, false },
    { "/pnr/*", "/pnr/1;a=b", true, true },
    { "/pnr/*", "/pnr/;a", false, true },
    { "/a", "/A/", true, false },
    { "/a/", "/a", true, false },
    { "/a/", "/a/", true, true },
    { "/a/**", "//A", true, false },
};


static void
a_path_matches_its_pattern(void **state)
{
    char              *text, *both;
    char               pattern[200];
    bool               withholds, lets_pass;
    size_t             i;
    consent_policy_t  *policy;

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        snprintf(pattern, sizeof(pattern), "\"paths\": [\"/none\", \"%s\"]", cases[i].pattern);
        text = policy_replace(policy_small, "\"paths\": [\"/pnr/*\"]", pattern);
        snprintf(pattern, sizeof(pattern), "\"special\": true, \"core_for\": [\"/none\", \"%s\"]", cases[i].pattern);
        both = policy_replace(text, "\"special\": true", pattern);
        policy = policy_load(both);

        withholds = consent_policy_path_mask(policy, consent_cstr(cases[i].path)) == 1;
        lets_pass = consent_policy_core_mask(policy, consent_cstr(cases[i].path)) == 4;

        if (withholds != cases[i].withholds || lets_pass != cases[i].lets_pass) {
            fail_msg("%s of %s: %d %d", cases[i].path, cases[i].pattern, withholds, lets_pass);
        }

        assert_int_equal(consent_policy_path_mask(policy, consent_lit("/none")), 1);
        assert_int_equal(consent_policy_core_mask(policy, consent_lit("/none")), 4);

        consent_policy_destroy(policy);
        free(text);
        free(both);
    }
}


static void
a_policy_without_patterns_matches_nothing(void **state)
{
    consent_policy_t  *policy;

    (void) state;

    policy = policy_load_with(", \"paths\": [\"/pnr/*\"]", "");
    assert_int_equal(consent_policy_path_mask(policy, consent_lit("/pnr/1")), 0);
    assert_int_equal(consent_policy_core_mask(policy, consent_lit("/pnr/1")), 0);
    consent_policy_destroy(policy);
}


/* Only what rests on consent is ever withheld. */
static void
paths_of_what_is_no_choice_withhold_nothing(void **state)
{
    consent_policy_t  *policy;

    (void) state;

    policy = policy_load_with("\"carriers\": {\"args\": [\"dnr\"]",
                              "\"carriers\": {\"paths\": [\"/dnr/*\"], \"args\": [\"dnr\"]");
    assert_int_equal(consent_policy_path_mask(policy, consent_lit("/dnr/1")), 0);
    assert_int_equal(consent_policy_path_mask(policy, consent_lit("/pnr/1")), 1);
    consent_policy_destroy(policy);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_path_matches_its_pattern),
        cmocka_unit_test(a_policy_without_patterns_matches_nothing),
        cmocka_unit_test(paths_of_what_is_no_choice_withhold_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
