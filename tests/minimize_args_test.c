/*
 * Arguments: what goes, what stays, and the ways around.
 */

#include <unistd.h>

#include "minimize.h"

#define ARGS  consent_minimize_args


static void
one_pair_goes_the_rest_keeps_bytes_and_order(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "", "" },
        { __LINE__, "q=1", "q=1" },
        { __LINE__, "pnr=1", "" },
        { __LINE__, "a=1&pnr=2&b=3", "a=1&b=3" },
        { __LINE__, "pnr=2&a=1&b=3", "a=1&b=3" },
        { __LINE__, "a=1&b=3&pnr=2", "a=1&b=3" },
        { __LINE__, "a=1&pnr=2&email=3&b=4", "a=1&b=4" },
        { __LINE__, "pnr=1&a=1&pnr=2&a=2&pnr=3", "a=1&a=2" },
        { __LINE__, "a=%C3%A5&pnr=2&b=+x+%20", "a=%C3%A5&b=+x+%20" },
        { __LINE__, "&&a=1&&pnr=2&", "&&a=1&&" },
        { __LINE__, "a=b=c&pnr==&=d&=", "a=b=c&=d&=" }
    };

    (void) state;
    CHECK(ARGS, rows, 0);
}


static void
names_match_in_every_spelling(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "PNR=1&a=2", "a=2" },
        { __LINE__, "%70nr=1&a=2", "a=2" },
        { __LINE__, "%50%4E%52=1&a=2", "a=2" },
        { __LINE__, "%2570nr=1&a=2", "a=2" },
        { __LINE__, "%25%37%30nr=1&a=2", "a=2" },
        { __LINE__, "%252525252570nr=1&a=2", "a=2" },
        { __LINE__, "%%37%30nr=1&a=2", "a=2" },
        { __LINE__, "%u0070nr=1&a=2", "a=2" },
        { __LINE__, "%25u0070nr=1&a=2", "a=2" },
        { __LINE__, "pnr[]=1&a=2", "a=2" },
        { __LINE__, "pnr%5B%5D=1&a=2", "a=2" },
        { __LINE__, "pnr[a][b]=1&a=2", "a=2" },
        { __LINE__, "pnr.x=1&a=2", "a=2" },
        { __LINE__, "pnr%2Ex=1&a=2", "a=2" },
        { __LINE__, "pnr.x[1].y=1&a=2", "a=2" },
        { __LINE__, "pnr+=1&a=2", "a=2" },
        { __LINE__, "+pnr=1&a=2", "a=2" },
        { __LINE__, "%20pnr%20=1&a=2", "a=2" },
        { __LINE__, "pnr%00=1&a=2", "a=2" },
        { __LINE__, "pnr%00x=1&a=2", "a=2" },
        { __LINE__, "pnr%0A=1&a=2", "a=2" },
        { __LINE__, "person.nr=1&a=2", "a=2" },
        { __LINE__, "person%20nr=1&a=2", "a=2" },
        { __LINE__, "person+nr=1&a=2", "a=2" },
        { __LINE__, "person[nr=1&a=2", "a=2" },
        { __LINE__, "person.nr[x]=1&a=2", "a=2" },
        { __LINE__, "!pnr=1&a=2", "a=2" },
        { __LINE__, "?pnr=1&a=2", "a=2" },
        { __LINE__, "utm_source=1&a=2&UTM_x=3", "a=2" },
        { __LINE__, "a=2&=pnr=1", "a=2" },
        { __LINE__, "\xef\xbb\xbfpnr=1&a=2", "a=2" },
        { __LINE__, "%EF%BB%BFpnr=1&a=2", "a=2" },
        { __LINE__, "%C1%B0nr=1&a=2", "a=2" },
        { __LINE__, "p\xc1\xaer=1&a=2", "a=2" },
        { __LINE__, "%E0%81%B0nr=1&a=2", "a=2" },
        { __LINE__, "%F0%80%81%B0nr=1&a=2", "a=2" },
        { __LINE__, "%EF%BB%BFperson.nr=1&a=2", "a=2" }
    };

    (void) state;
    CHECK(ARGS, rows, 0);
}


static void
names_that_only_resemble_a_protected_one_stay(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "pnrx=1&xpnr=2&pn=3&p.nr=4&pn[r]=5&[pnr]=6", "pnrx=1&xpnr=2&pn=3&p.nr=4&pn[r]=5&[pnr]=6" },
        { __LINE__, "q=pnr&a=pnr%26&b=email", "q=pnr&a=pnr%26&b=email" },
        { __LINE__, "q=1%2B1%3D2&r=a=b", "q=1%2B1%3D2&r=a=b" },
        { __LINE__, "%7=1&a%=2&%&%zz=3&%u00=4", "%7=1&a%=2&%&%zz=3&%u00=4" },
        { __LINE__, "t=eyJhbGciOiJIUzI1NiJ9==", "t=eyJhbGciOiJIUzI1NiJ9==" }
    };

    (void) state;
    CHECK(ARGS, rows, 0);
}


static void
a_bare_name_and_an_empty_value_go(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "pnr", "" },
        { __LINE__, "pnr&a=1", "a=1" },
        { __LINE__, "a=1&pnr", "a=1" },
        { __LINE__, "a=1&pnr=", "a=1" },
        { __LINE__, "a&b&pnr[]", "a&b" },
        { __LINE__, "pnr%3D198001011234", "" },
        { __LINE__, "198001011234", "198001011234" }
    };

    (void) state;
    CHECK(ARGS, rows, 0);
}


static void
a_semicolon_may_separate_and_may_not(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "a=1;pnr=2;b=3", "a=1;b=3" },
        { __LINE__, "a=1;pnr=2&b=3", "a=1&b=3" },
        { __LINE__, "a=1&pnr=2;b=3", "a=1;b=3" },
        { __LINE__, "pnr=1;2&b=3", "b=3" },
        { __LINE__, "pnr=1;2;3;c=4;5&b=3", "c=4;5&b=3" },
        { __LINE__, "pnr=1;=2&b=3", "b=3" },
        { __LINE__, "a=1;2&b=3", "a=1;2&b=3" },
        { __LINE__, "a=1%3Bpnr=2&b=3", "b=3" }
    };

    (void) state;
    CHECK(ARGS, rows, 0);
}


static void
a_query_inside_a_value_is_read(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "next=/form?pnr=1&a=2", "a=2" },
        { __LINE__, "next=%2Fform%3Fpnr%3D1&a=2", "a=2" },
        { __LINE__, "next=form%3Fpnr%3D1&a=2", "a=2" },
        { __LINE__, "next=%2Fform%3Fb%3D1%26%70nr%3D1&a=2", "a=2" },
        { __LINE__, "next=%252Fform%253Fpnr%253D1&a=2", "a=2" },
        { __LINE__, "next=/form?x=1%23pnr=1&a=2", "a=2" },
        { __LINE__, "x=1%26pnr=2&a=2", "a=2" },
        { __LINE__, "x=1%26pnr%3D2&a=2", "a=2" },
        { __LINE__, "next=%2Fform%3Fq%3D1&a=2", "next=%2Fform%3Fq%3D1&a=2" }
    };

    (void) state;
    CHECK(ARGS, rows, 0);
}


static void
a_path_inside_a_value_is_read(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "a=1&next=/person/1&b=2", "a=1&b=2" },
        { __LINE__, "next=%2Fperson%2F1", "" },
        { __LINE__, "next=%252Fperson%252F1&b=2", "b=2" },
        { __LINE__, "next=https://x.example/person/1&b=2", "b=2" },
        { __LINE__, "next=https%3A%2F%2Fx.example%2Fperson%2F1%3Fq%3D1&b=2", "b=2" },
        { __LINE__, "next=HTTP:/person/1", "" },
        { __LINE__, "next=/x/..%3b/person/1", "" },
        { __LINE__, "next=/personal/1", "next=/personal/1" },
        { __LINE__, "next=https://x.example/person", "next=https://x.example/person" },
        { __LINE__, "next=", "next=" },
        { __LINE__, "next=http", "next=http" },
        { __LINE__, "next=%", "next=%" }
    };

    (void) state;
    CHECK(ARGS, rows, 0);
}


static void
a_granted_name_does_not_vouch_for_what_its_value_holds(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "pnr=/x?email=1&a=2", "a=2" },
        { __LINE__, "pnr=1&email=2&arende=3", "pnr=1&arende=3" }
    };

    (void) state;
    CHECK(ARGS, rows, BIT(IDENTITY));
}


static void
unknown_names_are_counted_and_removed_when_asked(void **state)
{
    char                out[256];
    size_t              len;
    consent_found_t     found;
    consent_minimize_t  how;

    static const char  in[] = "q=1&arende=2&ny=3&pnr=4&ny.x=5&q[]=6&%71=7&&=8";

    (void) state;

    run(ARGS, in, sizeof(in) - 1, 0, NULL, out, &len, &found);
    assert_int_equal(found.unknown, 2);

    memset(&how, 0, sizeof(how));
    memset(&found, 0, sizeof(found));
    how.policy = policy;
    how.count_unknown = true;
    how.remove_unknown = true;

    ARGS((uint8_t *) out, &len, consent_lit(in), &how, &found);
    out[len] = '\0';
    assert_string_equal(out, "q=1&arende=2&q[]=6&%71=7&&=8");
}


static void
urls_lose_what_their_query_and_fragment_carry(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "", "" },
        { __LINE__, "/sok", "/sok" },
        { __LINE__, "/sok?", "/sok?" },
        { __LINE__, "/sok?q=1", "/sok?q=1" },
        { __LINE__, "/sok?pnr=1", "/sok" },
        { __LINE__, "/sok?a=1&pnr=2&b=3", "/sok?a=1&b=3" },
        { __LINE__, "https://x.example/sok?pnr=2&b=3#del", "https://x.example/sok?b=3#del" },
        { __LINE__, "/sok?pnr=2#del", "/sok#del" },
        { __LINE__, "/sok#pnr=1", "/sok" },
        { __LINE__, "/sok#a=1&pnr=1", "/sok" },
        { __LINE__, "/sok#/vy?pnr=1", "/sok" },
        { __LINE__, "/sok?q=1#%70nr=1", "/sok?q=1" },
        { __LINE__, "/sok#/person/1", "/sok" },
        { __LINE__, "/sok?q=1#!/person/1", "/sok?q=1" },
        { __LINE__, "/sok#/personal/1", "/sok#/personal/1" },
        { __LINE__, "/sok#!", "/sok#!" },
        { __LINE__, "/sok?q=1#avsnitt-2", "/sok?q=1#avsnitt-2" }
    };

    (void) state;
    CHECK(consent_minimize_url, rows, 0);
}


static void
a_referer_with_a_protected_path_is_cut_to_its_origin(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "https://x.example/person/198001011234", "https://x.example/" },
        { __LINE__, "https://x.example/person/198001011234?q=1#x", "https://x.example/" },
        { __LINE__, "https://x.example/%70erson/198001011234", "https://x.example/" },
        { __LINE__, "/person/198001011234", "/" },
        { __LINE__, "https://x.example/sok;pnr=1/x?q=1", "https://x.example/" },
        { __LINE__, "https://x.example/sok%3Fpnr=1", "https://x.example/" },
        { __LINE__, "sok;pnr=1", "" },
        { __LINE__, "https://x.example/personal/1?q=1", "https://x.example/personal/1?q=1" },
        { __LINE__, "https://x.example/sok?pnr=1&q=2", "https://x.example/sok?q=2" },
        { __LINE__, "https://x.example?pnr=1&q=2", "https://x.example?q=2" },
        { __LINE__, "https://x.example/x/../person/1", "https://x.example/" },
        { __LINE__, "https://x.example/person/./1", "https://x.example/" },
        { __LINE__, "https://x.example//person//1", "https://x.example/" },
        { __LINE__, "https://x.example/x/%2e%2e/person/1?q=1", "https://x.example/" },
        { __LINE__, "https://x.example/person%5c1", "https://x.example/" },
        { __LINE__, "https://x.example\\person\\1", "https://x.example" },
        { __LINE__, "https:\\\\x.example\\person\\1", "https:\\\\x.example" },
        { __LINE__, "https:%2f%2fx.example%2fperson%2f1", "" },
        { __LINE__, "https://x.example/a%3f%2f..%2fperson%2f1", "https://x.example/" },
        { __LINE__, "//x.example/person/1", "//x.example/" },
        { __LINE__, "//person/1", "//person/" },
        { __LINE__, "person/1", "" },
        { __LINE__, "?q=1", "?q=1" },
        { __LINE__, "#x", "#x" },
        { __LINE__, "https://x.example/a/../personal/1?q=1", "https://x.example/a/../personal/1?q=1" },
        { __LINE__, "about:blank", "about:blank" }
    };

    static const row_t  granted[] = {
        { __LINE__, "https://x.example/person/1?email=2&q=1", "https://x.example/person/1?q=1" }
    };

    (void) state;
    CHECK(consent_minimize_referer, rows, 0);
    CHECK(consent_minimize_referer, granted, BIT(IDENTITY));
}


static void
hostile_input_takes_linear_time(void **state)
{
    size_t           i, k, len;
    char            *in, *out;
    consent_found_t  found;

    static const char *const  units[] = { "%", "%25", ";", "&", "%u", "%%%2", "a=%3", "=\"", "?=", "[", "." };

    enum { SIZE = 1 << 20 };

    (void) state;

    /* what grows with the square of a megabyte does not end in this time */
    alarm(120);

    in = malloc(SIZE);
    out = malloc(SIZE + 1);

    for (i = 0; i < consent_countof(units); i++) {
        for (k = 0; k < SIZE; k++) {
            in[k] = units[i][k % strlen(units[i])];
        }

        run(ARGS, in, SIZE, 0, NULL, out, &len, &found);
        run(consent_minimize_cookies, in, SIZE, 0, NULL, out, &len, &found);
        run(consent_minimize_url, in, SIZE, 0, NULL, out, &len, &found);
    }

    alarm(0);
    free(in);
    free(out);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(one_pair_goes_the_rest_keeps_bytes_and_order),
        cmocka_unit_test(names_match_in_every_spelling),
        cmocka_unit_test(names_that_only_resemble_a_protected_one_stay),
        cmocka_unit_test(a_bare_name_and_an_empty_value_go),
        cmocka_unit_test(a_semicolon_may_separate_and_may_not),
        cmocka_unit_test(a_query_inside_a_value_is_read),
        cmocka_unit_test(a_path_inside_a_value_is_read),
        cmocka_unit_test(a_granted_name_does_not_vouch_for_what_its_value_holds),
        cmocka_unit_test(unknown_names_are_counted_and_removed_when_asked),
        cmocka_unit_test(urls_lose_what_their_query_and_fragment_carry),
        cmocka_unit_test(a_referer_with_a_protected_path_is_cut_to_its_origin),
        cmocka_unit_test(hostile_input_takes_linear_time)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
