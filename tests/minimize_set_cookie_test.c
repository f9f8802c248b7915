/*
 * Set-Cookie lines: which may pass on the way back, and how a browser is told to drop one.
 */

#include "minimize.h"


static void
a_line_is_judged_by_its_name(void **state)
{
    static const struct {
        int             line;
        const char     *in;
        consent_mask_t  mask;
    } rows[] = {
        { __LINE__, "JSESSIONID=1; Path=/", 0 },
        { __LINE__, "pnr=1", BIT(IDENTITY) },
        { __LINE__, "PNR=1; Expires=Thu, 01 Jan 2027 00:00:00 GMT; Path=/", BIT(IDENTITY) },
        { __LINE__, " pnr =1; HttpOnly", BIT(IDENTITY) },
        { __LINE__, "%70nr=1", BIT(IDENTITY) },
        { __LINE__, "__Host-pnr=1; Secure; Path=/", BIT(IDENTITY) },
        { __LINE__, "epost=a%40b.example; Path=/", BIT(CONTACT) },
        { __LINE__, "pnr", BIT(IDENTITY) },
        { __LINE__, "x=1; Path=/, pnr=2", 0 },
        { __LINE__, "x=pnr=1; Expires=Thu, 01 Jan 2027 00:00:00 GMT", 0 },
        { __LINE__, "", 0 },
        { __LINE__, ";", 0 },
        { __LINE__, "=pnr", 0 }
    };

    size_t          i;
    consent_mask_t  mask;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        mask = consent_minimize_set_cookie(consent_cstr(rows[i].in), policy, 0);

        if (mask != rows[i].mask) {
            fail_msg("line %d: %s: %llx", rows[i].line, rows[i].in, (unsigned long long) mask);
        }
    }

    assert_int_equal(consent_minimize_set_cookie(consent_lit("pnr=1"), policy, BIT(IDENTITY)), 0);
    assert_int_equal(consent_minimize_set_cookie(consent_lit("pnr=1"), policy, BIT(CONTACT)), BIT(IDENTITY));
}


static void
an_expiring_line_hits_the_same_cookie(void **state)
{
#define GONE  "=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT"

    static const struct {
        int          line;
        const char  *in;
        const char  *out;
    } rows[] = {
        { __LINE__, "pnr=1", "pnr" GONE },
        { __LINE__, "pnr=1; Path=/a; Domain=x.example", "pnr" GONE "; Path=/a; Domain=x.example" },
        { __LINE__, "pnr=1;path=/a;PATH=/b", "pnr" GONE "; Path=/b" },
        { __LINE__, "pnr=1; Path=; Domain=", "pnr" GONE },
        { __LINE__, "pnr=1; Path=relative", "pnr" GONE },
        { __LINE__, "pnr=1; Expires=Thu, 01 Jan 2027 00:00:00 GMT; Max-Age=9; HttpOnly", "pnr" GONE },
        { __LINE__, "pnr=1; secure; SameSite=None; Partitioned", "pnr" GONE "; Secure; SameSite=None; Partitioned" },
        { __LINE__, "__Host-pnr=1", "__Host-pnr" GONE "; Path=/; Secure" },
        { __LINE__, "__host-pnr=1; Domain=x; Path=/a", "__host-pnr" GONE "; Path=/; Secure" },
        { __LINE__, "__Secure-pnr=1; Path=/a", "__Secure-pnr" GONE "; Path=/a; Secure" },
        { __LINE__, "pnr=1; Path=/a\x01", "pnr" GONE },
        { __LINE__, "pnr", NULL },
        { __LINE__, "=1", NULL },
        { __LINE__, "", NULL },
        { __LINE__, "p\x01nr=1", NULL }
    };

    char           text[512];
    size_t         i;
    consent_rc_t   rc;
    consent_buf_t  b;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        consent_buf_init_fixed(&b, text, sizeof(text) - 1);
        rc = consent_set_cookie_expire(&b, consent_cstr(rows[i].in));
        text[b.len] = '\0';

        if (rows[i].out == NULL ? rc != CONSENT_MALFORMED || b.len != 0
                                : rc != CONSENT_OK || strcmp(text, rows[i].out) != 0)
        {
            fail_msg("line %d: %s: %s, \"%s\"", rows[i].line, rows[i].in, consent_rc_name(rc), text);
        }
    }

    consent_buf_init_fixed(&b, text, 20);
    assert_int_equal(consent_set_cookie_expire(&b, consent_lit("pnr=1")), CONSENT_LIMIT);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_line_is_judged_by_its_name),
        cmocka_unit_test(an_expiring_line_hits_the_same_cookie)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
