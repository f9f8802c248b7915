/*
 * Paths: generous where a match withholds, to the letter where it lets data pass.
 */

#include "policy.h"

#include <unistd.h>

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
    { "/pnr/*", "pnr/1", true, false },
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
    { "/pnr/*", "/pnr/;a", true, true },
    { "/a", "/A/", true, false },
    { "/a/", "/a", true, false },
    { "/a/", "/a/", true, true },
    { "/a/**", "//A", true, false },
    { "/å/*", "/Å/1", true, false },
    { "/×/*", "/÷/1", false, false },
    { "/pnr/*", "/pnr\\1", true, false },
    { "/pnr/*", "\\pnr\\1", true, false },
    { "/pnr/*", "/pnr/1\\2", true, true },
    { "/pnr/*", "/;a/pnr/1", true, false },
    { "/pnr/*", "/x/..;/pnr/1", true, false },
    { "/pnr/*", "/x/..;v=1/pnr/1", true, false },
    { "/pnr/*", "/x/../pnr/1", true, false },
    { "/pnr/*", "/../../pnr/1", true, false },
    { "/pnr/*", "/pnr/./1", true, false },
    { "/pnr/*", "/pnr/x/../1", true, false },
    { "/pnr/*", "/pnr/1/.", true, false },
    { "/pnr/*", "/pnr/1/..", true, false },
    { "/pnr/*", "/pnr/1/../..", true, false },
    { "/pnr/*", "/pnr/1/../../x", true, false },
    { "/pnr/*", "/pnr/;1/..;/../x", true, false },
    { "/pnr/*", "/pnr/1/..\\..\\x", true, false },
    { "/pnr/*", "/x\\..\\pnr/1", true, false },
    { "/pnr/*", "/pnr./1", true, false },
    { "/pnr/*", "/pnr /1", true, false },
    { "/pnr/*", "/ pnr/1", true, false },
    { "/pnr/*", "/pnr;a;b/;c/1", true, false },
    { "/pnr/*", "/pnr?x/1", true, false },
    { "/pnr/*", "/.../pnr/1", true, false },
    { "/pnr/*", "/x/.. /pnr/1", true, false },
    { "/pnr/*", "/pnr/1.", true, true },
    { "/pnr/*", "/pnr/..", false, true },
    { "/pnr/*", "/pnr/../x", false, false },
    { "/pnr/*", "/x/pnr/../1", false, false },
    { "/pnr/*", "/pnr.x/1", false, false },
    { "/pnr/*", "/pnr1;/2", false, false },
    { "/a/*/b", "/a/1;x/b;y", true, false },
    { "/a/*/b", "/a/;1/b", true, true },
    { "/a/*/b", "/a/1/../2/b", true, false },
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


/* In doubt it matches, and it takes no longer. */
static void
a_path_deeper_than_anyones_matches(void **state)
{
    size_t             i, len;
    char              *path;
    consent_policy_t  *policy;

    static const char *const  steps[] = { "/a", "/a/..", "/..", "\\a", "/;a/..;" };

    (void) state;

    policy = policy_load(policy_small);

    for (i = 0; i < consent_countof(steps); i++) {
        len = 0;
        path = malloc(1 << 20);
        assert_non_null(path);

        while (len + strlen(steps[i]) < 1 << 20) {
            memcpy(path + len, steps[i], strlen(steps[i]));
            len += strlen(steps[i]);
        }

        alarm(10);
        assert_int_equal(consent_policy_path_mask(policy, consent_slice(path, len)), policy->path_mask);
        alarm(0);
        free(path);
    }

    consent_policy_destroy(policy);
}


static void
a_nul_ends_a_segment(void **state)
{
    consent_policy_t  *policy;

    (void) state;

    policy = policy_load(policy_small);
    assert_int_equal(consent_policy_path_mask(policy, consent_lit("/pnr\0x/1")), 1);
    assert_int_equal(consent_policy_path_mask(policy, consent_lit("/pnr/\0")), 1);
    assert_int_equal(consent_policy_core_mask(policy, consent_lit("/pnr\0x/1")), 0);
    consent_policy_destroy(policy);
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
        cmocka_unit_test(a_path_deeper_than_anyones_matches),
        cmocka_unit_test(a_nul_ends_a_segment),
        cmocka_unit_test(a_policy_without_patterns_matches_nothing),
        cmocka_unit_test(paths_of_what_is_no_choice_withhold_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
