/*
 * JSON members: which go, and that all the rest comes out as it came, whatever the pieces.
 */

#include "minimize_json.h"


static void
a_member_goes_with_its_comma(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "{\"pnr\":1}", "{}" },
        { __LINE__, "{\"pnr\":1,\"a\":2}", "{\"a\":2}" },
        { __LINE__, "{\"a\":2,\"pnr\":1}", "{\"a\":2}" },
        { __LINE__, "{\"a\":2,\"pnr\":1,\"b\":3}", "{\"a\":2,\"b\":3}" },
        { __LINE__, "{\"pnr\":1,\"pnr\":2,\"a\":3}", "{\"a\":3}" },
        { __LINE__, "{\"a\":3,\"pnr\":1,\"pnr\":2}", "{\"a\":3}" },
        { __LINE__, "{\"pnr\":1,\"a\":3,\"pnr\":2}", "{\"a\":3}" },
        { __LINE__, "{\"pnr\":1,\"task\":2,\"pnr\":2}", "{}" },
        { __LINE__, "{\"pnr\":{\"a\":[1,{\"pnr\":2}]},\"b\":{\"pnr\":{},\"c\":[]}}", "{\"b\":{\"c\":[]}}" },
        { __LINE__, "[{\"pnr\":[]},{\"a\":1,\"pnr\":\"x\\\"}\"},[[{\"pnr\":null}]]]", "[{},{\"a\":1},[[{}]]]" },
        { __LINE__, "{\"a\":\"pnr\",\"b\":[\"pnr\"],\"pnrx\":1,\"xpnr\":2,\"pn\":3,\"\":4}",
          "{\"a\":\"pnr\",\"b\":[\"pnr\"],\"pnrx\":1,\"xpnr\":2,\"pn\":3,\"\":4}" }
    };

    (void) state;
    CHECK(rows, .granted = 0);
}


static void
white_space_that_stays_keeps_its_bytes(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, " { \"pnr\" : 1 } ", " { } " },
        { __LINE__, "{\n  \"a\": 1,\n  \"pnr\": 2\n}\n", "{\n  \"a\": 1\n}\n" },
        { __LINE__, "{\n  \"pnr\": 2,\n  \"a\": 1\n}\n", "{\n  \"a\": 1\n}\n" },
        { __LINE__, "{\n  \"a\": 1,\n  \"pnr\": 2,\n  \"b\": 3\n}\n", "{\n  \"a\": 1,\n  \"b\": 3\n}\n" },
        { __LINE__, "{\t\"a\" :1 ,\r\n\"pnr\"\t:\t2 , \"b\":  3\t}", "{\t\"a\" :1  , \"b\":  3\t}" },
        { __LINE__, "[ 1 , 2 ,\n{ } , [ ] , {\"a\" : { \"b\":1 } } ]", "[ 1 , 2 ,\n{ } , [ ] , {\"a\" : { \"b\":1 } } ]" }
    };

    (void) state;
    CHECK(rows, .granted = 0);
}


static void
paths_match_where_they_say(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "{\"applicant\":{\"id\":1,\"x\":2},\"id\":3,\"b\":{\"applicant\":{\"id\":4}}}",
          "{\"applicant\":{\"x\":2},\"id\":3,\"b\":{\"applicant\":{\"id\":4}}}" },
        { __LINE__, "{\"list\":[{\"ssn\":1},{\"a\":2,\"ssn\":3},[{\"ssn\":4}]],\"ssn\":5}",
          "{\"list\":[{},{\"a\":2},[{\"ssn\":4}]],\"ssn\":5}" },
        { __LINE__, "{\"list\":{\"k\":{\"ssn\":1,\"a\":2}}}", "{\"list\":{\"k\":{\"a\":2}}}" },
        { __LINE__, "{\"drop\":[1,\"a\",{\"b\":[]} , [3]],\"e\":[1,2]}", "{\"drop\":[  ],\"e\":[1,2]}" },
        { __LINE__, "{\"drop\":{\"a\":1,\"b\":2}}", "{\"drop\":{}}" },
        { __LINE__, "{\"drop\":[]}", "{\"drop\":[]}" },
        { __LINE__, "{\"z\":[{\"applicant\":{\"email\":1,\"y\":2}}]}", "{\"z\":[{\"applicant\":{\"y\":2}}]}" },
        { __LINE__, "{\"a\":{\"b\":{\"c\":1,\"d\":2},\"q\":[{\"b\":{\"c\":3}}]},\"b\":{\"c\":4}}",
          "{\"a\":{\"b\":{\"d\":2},\"q\":[{\"b\":{}}]},\"b\":{\"c\":4}}" },
        { __LINE__, "{\"x\":{\"y\":1},\"xyz\":{\"y\":2,\"z\":3},\"z\":{\"y\":4}}",
          "{\"x\":{},\"xyz\":{\"z\":3},\"z\":{\"y\":4}}" },
        { __LINE__, "{\"formid\":1,\"utm_q\":2,\"UTM_\":3,\"a\":{\"formid\":4}}", "{\"a\":{\"formid\":4}}" }
    };

    (void) state;
    CHECK(rows, .granted = 0);
}


static void
names_match_in_any_spelling(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "{\"PNR\":1,\"Pnr\":2}", "{}" },
        { __LINE__, "{\"\\u0070nr\":1,\"p\\u006E\\u0072\":2,\"\\u0050NR\":3}", "{}" },
        { __LINE__, "{\" pnr\":1,\"pnr  \":2,\"\\tpnr\\n\":3,\"pnr\\u0000\":4}", "{}" },
        { __LINE__, "{\"ta\xc5\xbfk\":1,\"tas\xe2\x84\xaa\":2,\"\\u0074a\\u017fk\":3,\"TA\xc5\xbf\\u212a\":4}", "{}" },
        { __LINE__, "{\"h\xc3\xa4lsa\":1,\"H\xc3\x84LSA\":2,\"ha\xcc\x88lsa\":3,\"h\\u00c4lsa\":4,\"halsa\":5}",
          "{\"halsa\":5}" },
        { __LINE__, "{\"p\xe2\x80\x8bnr\":1,\"\xef\xbb\xbfpnr\":2,\"pnr\\ud800\":3,\"\\udc00pnr\":4}", "{}" },
        { __LINE__, "{\"\xef\xbd\x90\xef\xbd\x8e\xef\xbd\x92\":1}", "{}" },
        { __LINE__, "{\"\\ud83d\\ude00\":1,\"\\\\pnr\":2,\"p\\/nr\":3}", "{\"\\ud83d\\ude00\":1,\"\\\\pnr\":2,\"p\\/nr\":3}" }
    };

    (void) state;
    CHECK(rows, .granted = 0);
}


static void
what_is_granted_passes(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "{\"pnr\":1,\"applicant\":{\"id\":2,\"email\":3},\"pnr\":4}",
          "{\"pnr\":1,\"applicant\":{\"id\":2},\"pnr\":4}" },
        { __LINE__, "{\"drop\":[1,2]}", "{\"drop\":[1,2]}" },
        { __LINE__, "{\"pnr\":{\"applicant\":{\"email\":1,\"b\":2}}}", "{\"pnr\":{\"applicant\":{\"b\":2}}}" },
        { __LINE__, "{\"a\":\"{\\\"pnr\\\":1}\"}", "{\"a\":\"{\\\"pnr\\\":1}\"}" }
    };

    (void) state;
    CHECK(rows, .granted = BIT(IDENTITY));
}


static void
what_was_found_is_told(void **state)
{
    result_t    r;
    const char  in[] = "{\"pnr\":1,\"PNR\":2,\"applicant\":{\"id\":3,\"email\":4},\"case\":5,\"drop\":[6,7]}";

    (void) state;
    run_all(&r, (const uint8_t *) in, sizeof(in) - 1, &(how_t) { .granted = BIT(CONTACT) }, __LINE__);

    assert_int_equal(r.found.seen, BIT(IDENTITY) | BIT(CONTACT));
    assert_int_equal(r.found.removed, BIT(IDENTITY));
    assert_int_equal(r.found.pairs, 5);
    assert_int_equal(r.found.carriers, 1u << CONSENT_CARRIER_JSON);
    assert_int_equal(r.found.unknown, 0);
    free(r.out);
}


static void
a_name_that_a_nul_cuts_is_refused(void **state)
{
    size_t    i;
    result_t  r;

    static const char *const  rows[] = {
        "{\"pnr\\u0000x\":1}", "{\"a\":1,\"pnr\\u0000x\":1}", "[\"{\\\"pnr\\\\u0000x\\\":1}\"]"
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        run_all(&r, (const uint8_t *) rows[i], strlen(rows[i]), &(how_t) { .granted = 0 }, __LINE__);
        assert_int_equal(r.rc, CONSENT_MALFORMED);
        assert_int_equal(r.doubt, CONSENT_DOUBT_NAME);
        free(r.out);
    }

    run_all(&r, (const uint8_t *) "{\"q\\u0000x\":1}", 14, &(how_t) { .granted = 0 }, __LINE__);
    assert_int_equal(r.rc, CONSENT_OK);
    free(r.out);
}


static void
a_name_longer_than_is_looked_at_is_refused(void **state)
{
    size_t           len;
    char             in[6000];
    result_t         r;
    consent_doubt_t  doubt;

    (void) state;

    for (len = 2000; len < 5000; len += 100) {
        snprintf(in, sizeof(in), "{\"a\":1,\"pnr%*s\":2}", (int) len, "");
        run_all(&r, (const uint8_t *) in, strlen(in), &(how_t) { .granted = 0 }, __LINE__);
        doubt = len < 2040 ? CONSENT_DOUBT_NONE : CONSENT_DOUBT_NAME;
        assert_int_equal(r.doubt, doubt);

        if (doubt == CONSENT_DOUBT_NONE) {
            assert_int_equal(r.len, 7);
            assert_memory_equal(r.out, "{\"a\":1}", 7);
        }

        free(r.out);
    }
}


static void
untouched_bytes_are_one_span(void **state)
{
    result_t    r;
    const char  in[] = "{\"a\":[1,2,{\"b\":\"c\\n\"}],\"d\":{},\"e\":\"[text]\",\"f\":null,\"g\":\"198001011234\"}";

    (void) state;
    run(&r, (const uint8_t *) in, sizeof(in) - 1, 0, &(how_t) { .masks = true, .granted = BIT(CONTACT) });
    assert_int_equal(r.spans, 1);
    free(r.out);

    run(&r, (const uint8_t *) "{\"a\":1,\"pnr\":2,\"b\":3}", 21, 0, &(how_t) { .granted = 0 });
    assert_int_equal(r.spans, 2);
    free(r.out);
}


static void
unknown_names_are_told_once_and_go_where_they_must(void **state)
{
    char       *again;
    result_t    r;
    const char  in[] = "{\"model\":{\"x\":1},\"messages\":[{\"content\":{\"y\":1},\"role\":2,\"name\":{\"z\":3}}],"
                       "\"applicant\":{\"id\":1,\"name\":\"n\"},\"csrf\":1,\"case\":{\"q\":1},\"other\":{\"pnr\":2},"
                       "\"a b\":1,\"198001011234\":1,\"list\":[{\"v\":\"{\\\"w\\\":1}\"}]}";

    (void) state;
    run_all(&r, (const uint8_t *) in, sizeof(in) - 1, &(how_t) { .granted = ALL, .unknown = true }, __LINE__);
    assert_int_equal(r.rc, CONSENT_OK);
    assert_int_equal(r.len, sizeof(in) - 1);
    assert_string_equal(r.names, "$.messages[*].name $.applicant.name $.other $['a b'] $[*] $.list[*].v ");
    assert_int_equal(r.found.unknown, 6);
    free(r.out);

    run_all(&r, (const uint8_t *) in, sizeof(in) - 1, &(how_t) { .granted = ALL, .remove = true }, __LINE__);
    assert_int_equal(r.rc, CONSENT_OK);
    again = strndup((char *) r.out, r.len);
    assert_string_equal(again,
        "{\"model\":{\"x\":1},\"messages\":[{\"content\":{\"y\":1},\"role\":2}],"
        "\"applicant\":{\"id\":1},\"csrf\":1,\"case\":{\"q\":1},\"list\":[{}]}");
    free(again);
    free(r.out);

    run_all(&r, (const uint8_t *) in, sizeof(in) - 1, &(how_t) { .granted = ALL, .refuse = true }, __LINE__);
    assert_int_equal(r.rc, CONSENT_MALFORMED);
    assert_int_equal(r.doubt, CONSENT_DOUBT_UNKNOWN);
    free(r.out);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_member_goes_with_its_comma),
        cmocka_unit_test(white_space_that_stays_keeps_its_bytes),
        cmocka_unit_test(paths_match_where_they_say),
        cmocka_unit_test(names_match_in_any_spelling),
        cmocka_unit_test(what_is_granted_passes),
        cmocka_unit_test(what_was_found_is_told),
        cmocka_unit_test(a_name_that_a_nul_cuts_is_refused),
        cmocka_unit_test(a_name_longer_than_is_looked_at_is_refused),
        cmocka_unit_test(untouched_bytes_are_one_span),
        cmocka_unit_test(unknown_names_are_told_once_and_go_where_they_must)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
