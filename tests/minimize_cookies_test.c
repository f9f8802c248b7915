/*
 * Cookies: what goes, what stays, and the ways around.
 */

#include "minimize.h"

#define COOKIES  consent_minimize_cookies


static void
one_pair_goes_the_rest_keeps_bytes_and_order(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "", "" },
        { __LINE__, "JSESSIONID=1", "JSESSIONID=1" },
        { __LINE__, "pnr=198001011234", "" },
        { __LINE__, "a=1; pnr=2; b=3", "a=1; b=3" },
        { __LINE__, "pnr=2; a=1; b=3", "a=1; b=3" },
        { __LINE__, "a=1; b=3; pnr=2", "a=1; b=3" },
        { __LINE__, "pnr=2; epost=x", "" },
        { __LINE__, "a=1; pnr=2; epost=3; b=4", "a=1; b=4" },
        { __LINE__, "pnr=1; a=1; pnr=2; a=2; pnr=3", "a=1; a=2" },
        { __LINE__, "a=1;pnr=2;b=3", "a=1;b=3" },
        { __LINE__, "a=1;  pnr=2;   b=3", "a=1;   b=3" },
        { __LINE__, "a=b=c; pnr==; d", "a=b=c; d" },
        { __LINE__, "z=1; a=\"q\"; pnr=2; m=%7B%22x%22%3A1%7D", "z=1; a=\"q\"; m=%7B%22x%22%3A1%7D" }
    };

    (void) state;
    CHECK(COOKIES, rows, 0);
}


/* Where to go next, what was searched for. */
static void
a_query_or_json_in_a_value_is_read(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "a=1; last=/y?pnr=2; b=3", "a=1; b=3" },
        { __LINE__, "a=1; last=%2Fy%3Fpnr%3D2; b=3", "a=1; b=3" },
        { __LINE__, "a=1; f=c=1&pnr=2; b=3", "a=1; b=3" },
        { __LINE__, "a=1; f=pnr=2; b=3", "a=1; b=3" },
        { __LINE__, "a=1; j={\"c\":1,\"pnr\":2}; b=3", "a=1; b=3" },
        { __LINE__, "a=1; j=%7B%22pnr%22%3A2%7D; b=3", "a=1; b=3" },
        { __LINE__, "a=1; j=\"{\\\"pnr\\\":2}\"; b=3", "a=1; b=3" },
        { __LINE__, "j={\"pnrx\":\"pnr\"}; f=a=1&b=pnr; g=%7B%22a%22%3A%22pnr%22%7D",
          "j={\"pnrx\":\"pnr\"}; f=a=1&b=pnr; g=%7B%22a%22%3A%22pnr%22%7D" }
    };

    (void) state;
    CHECK(COOKIES, rows, 0);
}


static void
names_match_whatever_their_case(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "PNR=1; a=2", "a=2" },
        { __LINE__, "Pnr=1; a=2", "a=2" },
        { __LINE__, "_GA_X1=1; a=2; _ga=3", "a=2" },
        { __LINE__, "pnrx=1; xpnr=2; pn=3", "pnrx=1; xpnr=2; pn=3" }
    };

    (void) state;
    CHECK(COOKIES, rows, 0);
}


static void
white_space_and_quotes_around_a_name_hide_nothing(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "pnr =1; a=2", "a=2" },
        { __LINE__, "pnr\t=1; a=2", "a=2" },
        { __LINE__, "a=2;\tpnr=1", "a=2" },
        { __LINE__, "a=2;\x0bpnr=1", "a=2" },
        { __LINE__, "a=2; \xa0pnr\x85=1", "a=2" },
        { __LINE__, "\"pnr\"=1; a=2", "a=2" },
        { __LINE__, "a=2; =pnr=1", "a=2" },
        { __LINE__, "a=2; = pnr=1", "a=2" },
        { __LINE__, "a=2; pnr", "a=2" },
        { __LINE__, "a=2; pnr ", "a=2" },
        { __LINE__, "a=2; pnr=", "a=2" }
    };

    (void) state;
    CHECK(COOKIES, rows, 0);
}


static void
encoded_names_are_read_to_the_end(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "%70nr=1; a=2", "a=2" },
        { __LINE__, "p%6Er=1; a=2", "a=2" },
        { __LINE__, "%2570nr=1; a=2", "a=2" },
        { __LINE__, "pnr%3D=1; a=2", "a=2" },
        { __LINE__, "+pnr=1; a=2", "a=2" },
        { __LINE__, "pnr%20=1; a=2", "a=2" },
        { __LINE__, "pnr%00x=1; a=2", "a=2" },
        { __LINE__, "%zznr=1; a%=2; %=3", "%zznr=1; a%=2; %=3" }
    };

    (void) state;
    CHECK(COOKIES, rows, 0);
}


static void
php_spellings_are_read_as_php_reads_them(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "pnr[]=1; a=2", "a=2" },
        { __LINE__, "pnr[x][y]=1; a=2", "a=2" },
        { __LINE__, "person.nr=1; a=2", "a=2" },
        { __LINE__, "person nr=1; a=2", "a=2" },
        { __LINE__, "person[nr=1; a=2", "a=2" },
        { __LINE__, "pnr.sig=1; a=2", "pnr.sig=1; a=2" }
    };

    (void) state;
    CHECK(COOKIES, rows, 0);
}


static void
a_quoted_value_goes_whole(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "pnr=\"1; 2\"; a=3", "a=3" },
        { __LINE__, "pnr=\"1\\\"; 2\"; a=3", "a=3" },
        { __LINE__, "pnr= \"1; 2\"; a=3", "a=3" },
        { __LINE__, "x=\"1; 2\"; a=3", "x=\"1; 2\"; a=3" },
        { __LINE__, "x=\"1; pnr=2\"; a=3", "a=3" },
        { __LINE__, "x=\"1; pnr=2; c=4\"; a=3", "a=3" },
        { __LINE__, "x=\"1; a=2; pnr=3", "x=\"1; a=2" },
        { __LINE__, "x=\"1\\\\\"; pnr=\"2\"; a=3", "x=\"1\\\\\"; a=3" },
        { __LINE__, "x=\"1, pnr=2\"; a=3", "a=3" }
    };

    (void) state;
    CHECK(COOKIES, rows, 0);
}


static void
a_comma_may_separate(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "a=1, pnr=2; b=3", "b=3" },
        { __LINE__, "a=1,pnr=2", "" },
        { __LINE__, "a=1,2,3; b=x,y", "a=1,2,3; b=x,y" },
        { __LINE__, "a=1,pnr; b=2", "a=1,pnr; b=2" }
    };

    (void) state;
    CHECK(COOKIES, rows, 0);
}


static void
what_is_granted_stays(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "a=1; pnr=2; epost=3; b=4", "a=1; pnr=2; b=4" },
        { __LINE__, "arende=7; pnr=2", "arende=7; pnr=2" }
    };

    char             out[256];
    size_t           len;
    consent_found_t  found;

    (void) state;
    CHECK(COOKIES, rows, BIT(IDENTITY));

    run(COOKIES, "pnr=1; epost=2", 14, BIT(IDENTITY), NULL, out, &len, &found);
    assert_int_equal(found.seen, BIT(IDENTITY) | BIT(CONTACT));
    assert_int_equal(found.removed, BIT(CONTACT));
    assert_int_equal(found.pairs, 1);
}


static void
the_consent_cookie_is_never_passed_on(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "__Host-consent=abc; a=1", "a=1" },
        { __LINE__, "a=1; __Host-consent=abc", "a=1" },
        { __LINE__, "a=1; __host-CONSENT =abc; __Host-consent=d", "a=1" },
        { __LINE__, "__Host-consent=abc", "" },
        { __LINE__, "__Host-consents=abc; consents=1", "__Host-consents=abc; consents=1" },
        { __LINE__, "a=1; consent=b; b=2", "a=1; b=2" },
        { __LINE__, "a=1; Consent =b", "a=1" }
    };

    (void) state;
    check_rows(COOKIES, rows, consent_countof(rows), UINT64_MAX, "__Host-consent");
}


static void
unknown_names_are_counted_and_removed_when_asked(void **state)
{
    char                out[256];
    size_t              len;
    consent_found_t     found;
    consent_minimize_t  how;

    static const char  in[] = "JSESSIONID=1; arende=2; ny=3; pnr=4; ny.x=5; jsessionid=6";

    (void) state;

    run(COOKIES, in, sizeof(in) - 1, 0, NULL, out, &len, &found);
    assert_int_equal(found.unknown, 2);
    assert_string_equal(out, "JSESSIONID=1; arende=2; ny=3; ny.x=5; jsessionid=6");

    memset(&how, 0, sizeof(how));
    memset(&found, 0, sizeof(found));
    how.policy = policy;
    how.count_unknown = true;
    how.remove_unknown = true;

    COOKIES((uint8_t *) out, &len, consent_lit(in), &how, &found);
    out[len] = '\0';
    assert_string_equal(out, "JSESSIONID=1; arende=2; jsessionid=6");
}


static void
a_header_of_eight_kilobytes_is_read(void **state)
{
    char             in[8192], out[8193];
    size_t           len, n;
    consent_found_t  found;

    (void) state;

    n = 0;

    while (n < sizeof(in) - 64) {
        n += (size_t) snprintf(in + n, sizeof(in) - n, "c%zu=%032zu; ", n, n);
    }

    n += (size_t) snprintf(in + n, sizeof(in) - n, "pnr=198001011234");

    run(COOKIES, in, n, 0, NULL, out, &len, &found);
    assert_int_equal(len, n - 18);
    assert_memory_equal(in, out, len);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(one_pair_goes_the_rest_keeps_bytes_and_order),
        cmocka_unit_test(a_query_or_json_in_a_value_is_read),
        cmocka_unit_test(names_match_whatever_their_case),
        cmocka_unit_test(white_space_and_quotes_around_a_name_hide_nothing),
        cmocka_unit_test(encoded_names_are_read_to_the_end),
        cmocka_unit_test(php_spellings_are_read_as_php_reads_them),
        cmocka_unit_test(a_quoted_value_goes_whole),
        cmocka_unit_test(a_comma_may_separate),
        cmocka_unit_test(what_is_granted_stays),
        cmocka_unit_test(the_consent_cookie_is_never_passed_on),
        cmocka_unit_test(unknown_names_are_counted_and_removed_when_asked),
        cmocka_unit_test(a_header_of_eight_kilobytes_is_read)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
