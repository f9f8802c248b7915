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


/* To the letter, as a table would say it. */
static bool
matches(const char *pattern, const char *path)
{
    size_t  n, m;

    if (*pattern == '\0') {
        return *path == '\0';
    }

    if (strcmp(pattern, "/**") == 0) {
        return true;
    }

    if (*path != '/') {
        return false;
    }

    n = strcspn(pattern + 1, "/") + 1;
    m = strcspn(path + 1, "/") + 1;

    if (n == 2 && pattern[1] == '*' ? m == 1 : n != m || memcmp(pattern, path, n) != 0) {
        return false;
    }

    return matches(pattern + n, path + m);
}


static bool
is_plain(const char *path)
{
    size_t  len;

    len = strlen(path);

    return len > 0 && len <= 512 && *path == '/' && path[len - 1] != '.' && strstr(path, "//") == NULL
           && strstr(path, "./") == NULL
           && strspn(path, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/") == len;
}


/* A path is read in full once it has "/." before it, which changes nothing of what it means. */
static void
a_short_reading_says_what_the_full_one_says(void **state)
{
    char               *text, *both, *exact;
    char                patterns[200], path[2000];
    size_t              i, k, n, len, plain, found;
    uint64_t            seed;
    const char         *pattern;
    consent_mask_t      mask;
    consent_policy_t   *policy;

    static const char *const  sets[] = {
        "/pnr/*", "/Ab/**", "/*/b", "/**", "/", "/a", "/a./b",
        "/~a/_/*", "/\303\245/*"
    };
    static const char *const  pieces[] = {
        "/", "/", "/", "/", "a", "A", "b", "B", "pnr", "PNR", "ab", "Ab", ".", "..", ";", "\\", " ", "\303\245",
        "\303\205", "%2e", "~", "~a", "_", "*", "x", "*x", "1", "-", "?", "&", "\177", "@", "[", "`", "{", ",", ":",
        "abcdefghijklmno"
    };

    (void) state;

    seed = 17;
    plain = 0;
    found = 0;

    for (i = 0; i < consent_countof(sets); i++) {
        pattern = sets[i];
        snprintf(patterns, sizeof(patterns), "\"paths\": [\"%s\"]", pattern);
        text = policy_replace(policy_small, "\"paths\": [\"/pnr/*\"]", patterns);
        snprintf(patterns, sizeof(patterns), "\"special\": true, \"core_for\": [\"%s\"]", pattern);
        both = policy_replace(text, "\"special\": true", patterns);
        policy = policy_load(both);

        for (k = 0; k < 20000; k++) {
            strcpy(path, "/./");
            len = 3;

            /* most often of pieces that a plain path may have */

            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;

            for (n = 1 + (seed >> 60) % 9 * (k % 50 == 0 ? 12 : 1); n > 0; n--) {
                seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
                strcpy(path + len, pieces[(seed >> 33) % (k & 1 ? 12 : consent_countof(pieces))]);
                len += strlen(path + len);
            }

            exact = malloc(len - 2);
            assert_non_null(exact);
            memcpy(exact, path + 2, len - 2);

            mask = consent_policy_path_mask(policy, consent_slice(exact, len - 2));

            if (consent_policy_path_plain(consent_slice(exact, len - 2)) != is_plain(path + 2)
                || mask != consent_policy_path_mask(policy, consent_slice(path, len))
                || (consent_policy_core_mask(policy, consent_slice(exact, len - 2)) != 0) != matches(pattern, path + 2))
            {
                fail_msg("%s of %s", path + 2, pattern);
            }

            plain += is_plain(path + 2);
            found += mask != 0 && is_plain(path + 2);
            free(exact);
        }

        consent_policy_destroy(policy);
        free(text);
        free(both);
    }

    assert_true(plain > 10000 && found > 1000);
}


static void
a_plain_path_is_one_to_every_server(void **state)
{
    int     c;
    size_t  i, len;
    char    path[600];

    (void) state;

    /* each byte at each place of a block */

    for (c = 0; c < 256; c++) {
        for (i = 1; i < 40; i++) {
            memset(path, 'x', 40);
            path[0] = '/';
            path[i] = (char) c;
            path[40] = '\0';

            assert_int_equal(consent_policy_path_plain(consent_slice(path, 40)),
                             c != 0 && is_plain(path) && (c != '/' || i > 1));
        }
    }

    for (len = 0; len < sizeof(path) - 1; len++) {
        memset(path, 'x', len);
        path[0] = '/';
        path[len] = '\0';
        assert_int_equal(consent_policy_path_plain(consent_slice(path, len)), len > 0 && len <= 512);

        for (i = 1; i + 1 < len && i < 64; i++) {
            path[i] = '.';
            path[i + 1] = '/';
            assert_false(consent_policy_path_plain(consent_slice(path, len)));
            path[i] = '/';
            assert_false(consent_policy_path_plain(consent_slice(path, len)));
            path[i + 1] = 'x';
            assert_int_equal(consent_policy_path_plain(consent_slice(path, len)), len <= 512 && i > 1);
            path[i] = 'x';
        }
    }
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
        cmocka_unit_test(a_short_reading_says_what_the_full_one_says),
        cmocka_unit_test(a_plain_path_is_one_to_every_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
