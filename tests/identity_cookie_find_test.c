/*
 * The consent cookie in a Cookie header: found among others, and counted.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "identity/cookie.h"


static void
the_cookie_is_found_among_others_and_counted(void **state)
{
    static const struct {
        int          at;
        const char  *header;
        size_t       n;
        const char  *value;
    } rows[] = {
        { __LINE__, "consent=abc", 1, "abc" },
        { __LINE__, "a=1; consent=abc; b=2", 1, "abc" },
        { __LINE__, "a=1;consent=abc;b=2", 1, "abc" },
        { __LINE__, "a=1;\t consent = abc ;b=2", 1, "abc" },
        { __LINE__, "consent=", 1, "" },
        { __LINE__, "consent=a=b", 1, "a=b" },
        { __LINE__, "consent=first; consent=second", 2, "first" },
        { __LINE__, "consent=x; a=1; consent=x", 2, "x" },
        { __LINE__, "xconsent=1; consent2=2; Consent=3; __Host-consent=4", 0, NULL },
        { __LINE__, "a=consent=1", 0, NULL },
        { __LINE__, "consent", 0, NULL },
        { __LINE__, "consent; consent=1", 1, "1" },
        { __LINE__, "", 0, NULL },
        { __LINE__, ";;; ; =;consent=1;", 1, "1" },
        { __LINE__, "=consent=1", 0, NULL },
    };

    size_t           i, n;
    consent_slice_t  value;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        value = consent_slice(NULL, 0);
        n = consent_cookie_find(&value, consent_cstr(rows[i].header), consent_lit("consent"));

        if (n != rows[i].n || !consent_slice_eq(value, consent_cstr(rows[i].value))) {
            fail_msg("line %d: %zu", rows[i].at, n);
        }
    }

    assert_int_equal(consent_cookie_find(&value, consent_slice("consent=1; consent=2", 9),
                                         consent_lit("consent")), 1);
    assert_int_equal(value.len, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_cookie_is_found_among_others_and_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
