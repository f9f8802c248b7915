/*
 * Embedded files: the same as those in the tree, and a stylesheet that asks nothing of anyone else.
 */

#include "pages.h"

#include "pages/assets.h"


static void
test_embedded_files_are_those_of_the_tree(void **state)
{
    char    *text;
    char     path[256];
    size_t   i, len;

    (void) state;

    assert_int_equal(consent_n_assets, 3);

    for (i = 0; i < consent_n_assets; i++) {
        snprintf(path, sizeof(path), "src/pages/assets/%s", consent_assets[i].name);
        text = policy_file(path, &len);

        if (len != consent_assets[i].data.len || memcmp(text, consent_assets[i].data.data, len) != 0) {
            fail_msg("%s has changed: run tools/embed-assets", path);
        }

        free(text);
    }
}


static void
test_assets_are_found_by_name(void **state)
{
    (void) state;

    assert_string_equal(consent_asset(consent_lit("consent.css"))->type, "text/css");
    assert_string_equal(consent_asset(consent_lit("icon.svg"))->type, "image/svg+xml");
    assert_int_equal(strlen(consent_asset(consent_lit("icon.svg"))->version), 8);
    assert_null(consent_asset(consent_lit("openapi.json")));
    assert_null(consent_asset(consent_lit("consent.css2")));
    assert_null(consent_asset(consent_lit("consent.cs")));
    assert_null(consent_asset(consent_lit("")));
    assert_null(consent_asset(consent_lit("../pages.h")));
}


/* A rule that reaches beyond .consent would change an operator's own page around ours. */
static void
test_the_stylesheet_stays_at_home(void **state)
{
    char        *css, *p;
    size_t       len;

    (void) state;

    css = policy_file("src/pages/assets/consent.css", &len);

    assert_lacks(css, "url(");
    assert_lacks(css, "@import");
    assert_lacks(css, "@font-face");
    assert_lacks(css, "http");
    assert_lacks(css, "!important");

    for (p = css; (p = strstr(p, "/*")) != NULL; ) {
        memset(p, ' ', (size_t) (strstr(p, "*/") + 2 - p));
    }

    /* every selector, which is what stands before a brace and is no at-rule, names .consent in each of its
     * parts */

    for (p = css; (p = strchr(p, '{')) != NULL; p++) {
        char  *from, *part, *end;
        char   selector[512];

        for (from = p; from > css && from[-1] != '}' && from[-1] != '{' && from[-1] != ';'; from--) { /* void */ }
        from += strspn(from, " \n");

        if (*from == '@') {
            continue;
        }

        assert_true((size_t) (p - from) < sizeof(selector));
        snprintf(selector, sizeof(selector), "%.*s", (int) (p - from), from);

        for (part = strtok_r(selector, ",", &end); part != NULL; part = strtok_r(NULL, ",", &end)) {
            part += strspn(part, " \n");

            if (strncmp(part, ".consent", 8) != 0 && strncmp(part, "body.consent", 12) != 0) {
                fail_msg("a selector of its own: %s", part);
            }
        }
    }

    free(css);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_embedded_files_are_those_of_the_tree),
        cmocka_unit_test(test_assets_are_found_by_name),
        cmocka_unit_test(test_the_stylesheet_stays_at_home)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
