/*
 * Forms: fields decoded in place, and which paths a form may lead back to.
 */

#include "pages.h"

typedef struct {
    int           row;
    const char   *body;
    consent_rc_t  rc;
    const char   *fields;           /* name=value, with '|' after each */
} form_case_t;

static const form_case_t  forms[] = {
    { __LINE__, "", CONSENT_OK, "" },
    { __LINE__, "level=needed", CONSENT_OK, "level=needed|" },
    { __LINE__, "level=needed&scope=session", CONSENT_OK, "level=needed|scope=session|" },
    { __LINE__, "category=a&category=b", CONSENT_OK, "category=a|category=b|" },
    { __LINE__, "a=b+c", CONSENT_OK, "a=b c|" },
    { __LINE__, "a=%62%2Bc", CONSENT_OK, "a=b+c|" },
    { __LINE__, "%6Cevel=x", CONSENT_OK, "level=x|" },
    { __LINE__, "back=%2Fe-tj%C3%A4nst%3Fa%3D1%262", CONSENT_OK, "back=/e-tjänst?a=1&2|" },
    { __LINE__, "a", CONSENT_OK, "a=|" },
    { __LINE__, "a=", CONSENT_OK, "a=|" },
    { __LINE__, "=b", CONSENT_OK, "=b|" },
    { __LINE__, "a=b=c", CONSENT_OK, "a=b=c|" },
    { __LINE__, "&&a=b&", CONSENT_OK, "a=b|" },
    { __LINE__, "a=b;c=d", CONSENT_OK, "a=b;c=d|" },
    { __LINE__, "a=%", CONSENT_OK, "a=%|" },
    { __LINE__, "a=%4", CONSENT_OK, "a=%4|" },
    { __LINE__, "a=%zz", CONSENT_OK, "a=%zz|" },
    { __LINE__, "1=1&2=2&3=3&4=4", CONSENT_OK, "1=1|2=2|3=3|4=4|" },
    { __LINE__, "1=1&2=2&3=3&4=4&5=5", CONSENT_LIMIT, NULL },
    { __LINE__, "a=%00", CONSENT_MALFORMED, NULL },
    { __LINE__, "%00=a", CONSENT_MALFORMED, NULL },
    { __LINE__, "a=%ff", CONSENT_MALFORMED, NULL },
    { __LINE__, "a=%c3&b=%a4", CONSENT_MALFORMED, NULL },
    { __LINE__, "a=\xe4", CONSENT_MALFORMED, NULL }
};

typedef struct {
    int          row;
    const char  *path;
    bool         ok;
} back_case_t;

static const back_case_t  backs[] = {
    { __LINE__, "/", true },
    { __LINE__, "/e-tjanst/ansok?steg=2&a=%2F%2F", true },
    { __LINE__, "/a/b/c#d", true },
    { __LINE__, "/~a/@b:c", true },
    { __LINE__, "", false },
    { __LINE__, "a", false },
    { __LINE__, "?a", false },
    { __LINE__, "//evil.example", false },
    { __LINE__, "///evil.example", false },
    { __LINE__, "/a//evil.example", false },
    { __LINE__, "/..//evil.example", false },
    { __LINE__, "/?u=//evil.example", false },
    { __LINE__, "/\\evil.example", false },
    { __LINE__, "\\\\evil.example", false },
    { __LINE__, "/\t/evil.example", false },
    { __LINE__, "/\n/evil.example", false },
    { __LINE__, "/a\r\nSet-Cookie: a=b", false },
    { __LINE__, " /a", false },
    { __LINE__, "/a b", false },
    { __LINE__, "/\x7f", false },
    { __LINE__, "/\xe2\x80\xae", false },
    { __LINE__, "https://evil.example/", false },
    { __LINE__, "javascript:alert(1)", false },
    { __LINE__, "/\x01", false }
};


static void
test_fields_are_decoded(void **state)
{
    size_t            i, k, n;
    uint8_t           body[256];
    consent_rc_t      rc;
    consent_buf_t     b;
    consent_field_t   fields[4];

    (void) state;

    for (i = 0; i < consent_countof(forms); i++) {
        n = strlen(forms[i].body);
        memcpy(body, forms[i].body, n);
        k = n;
        n = consent_countof(fields);
        rc = consent_form_parse(fields, &n, body, k);

        if (rc != forms[i].rc) {
            fail_msg("line %d: %s", forms[i].row, consent_rc_name(rc));
        }

        if (rc != CONSENT_OK) {
            continue;
        }

        consent_buf_init(&b, 1024);

        for (k = 0; k < n; k++) {
            consent_buf_slice(&b, fields[k].name);
            consent_buf_char(&b, '=');
            consent_buf_slice(&b, fields[k].value);
            consent_buf_char(&b, '|');
        }

        if (!consent_slice_eq(consent_buf_view(&b), consent_cstr(forms[i].fields))) {
            fail_msg("line %d: %.*s", forms[i].row, (int) b.len, (const char *) b.data);
        }

        consent_buf_free(&b);
    }
}


static void
test_fields_are_found_by_name(void **state)
{
    size_t           n;
    uint8_t          body[] = "category=a&level=&category=b&category=c&Level=x";
    consent_field_t  fields[8];
    consent_slice_t  values[2];

    (void) state;

    n = consent_countof(fields);
    assert_int_equal(consent_form_parse(fields, &n, body, sizeof(body) - 1), CONSENT_OK);
    assert_int_equal(n, 5);

    assert_non_null(consent_form_get(fields, n, "level").data);
    assert_int_equal(consent_form_get(fields, n, "level").len, 0);
    assert_null(consent_form_get(fields, n, "scope").data);
    assert_true(consent_slice_eq(consent_form_get(fields, n, "category"), consent_lit("a")));

    assert_int_equal(consent_form_all(values, 2, fields, n, "category"), 3);
    assert_true(consent_slice_eq(values[0], consent_lit("a")));
    assert_true(consent_slice_eq(values[1], consent_lit("b")));
    assert_int_equal(consent_form_all(values, 2, fields, n, "scope"), 0);
}


static void
test_a_way_back_stays_within_the_origin(void **state)
{
    char    long_path[2002];
    size_t  i;

    (void) state;

    for (i = 0; i < consent_countof(backs); i++) {
        if (consent_back_path(consent_cstr(backs[i].path)) != backs[i].ok) {
            fail_msg("line %d: %s", backs[i].row, backs[i].path);
        }
    }

    assert_false(consent_back_path(consent_slice("/a\0b", 4)));

    memset(long_path, 'a', sizeof(long_path));
    long_path[0] = '/';
    assert_true(consent_back_path(consent_slice(long_path, 2000)));
    assert_false(consent_back_path(consent_slice(long_path, 2001)));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_fields_are_decoded),
        cmocka_unit_test(test_fields_are_found_by_name),
        cmocka_unit_test(test_a_way_back_stays_within_the_origin)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
