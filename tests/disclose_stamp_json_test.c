/*
 * JSON that a machine made says so in a first member, and is otherwise byte for byte what it was.
 */

#include "disclose_stamp.h"

#include "base/json.h"

#define MACHINE  CONSENT_STAMP_MACHINE
#define FORMAT   CONSENT_STAMP_FORMAT
#define ALREADY  CONSENT_STAMP_ALREADY


static void
an_object_gets_a_first_member(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "{«$K»\"a\":1}", MACHINE },
        { __LINE__, "{«$k»}", MACHINE },
        { __LINE__, " \r\n\t{«$k» \n}\n", MACHINE },
        { __LINE__, "{«$K» \"a\" : {\"ai_disclosure\":1}, \"b\":[\"ai_disclosure\"]}  ", MACHINE },
        { __LINE__, "\xef\xbb\xbf{«$K»\"\":null}", MACHINE },
        { __LINE__, "{«$K»\"a\":\"\\\"ai_disclosure\\\":1\",\"x\":\"ai_disclosure\"}", MACHINE },
        { __LINE__, "{«$K»\"ai_disclosure_\":1,\"\\\"\":2}", MACHINE },
        { __LINE__, "{«$K»\"a\":1", MACHINE },
        { __LINE__, "{\"a\":1,\"ai_disclosure\":{\"mode\":\"x\"}}", ALREADY },
        { __LINE__, "{\"a\":\"\\\"\",\"b\":\"\\\\\",\"ai_disclosure\":1}", ALREADY },
        { __LINE__, "{\"a\":[{\"x\":\"}\"}],\"b\":-1.5e3,\"c\":true, \"ai_disclosure\":", ALREADY }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    body_check(CONSENT_KIND_JSON, &conf, rows, consent_countof(rows));
}


static void
what_is_no_object_passes(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "[{\"a\":1}]", FORMAT },
        { __LINE__, "\"{}\"", FORMAT },
        { __LINE__, "17", FORMAT },
        { __LINE__, ")]}',\n{\"a\":1}", FORMAT },
        { __LINE__, "while(1);{\"a\":1}", FORMAT },
        { __LINE__, "{{\"a\":1}}", FORMAT },
        { __LINE__, "{a:1}", FORMAT },
        { __LINE__, "{", FORMAT },
        { __LINE__, "  { ", FORMAT },
        { __LINE__, "", FORMAT },
        { __LINE__, " ", FORMAT },
        { __LINE__, "\xef\xbb", FORMAT },
        { __LINE__, "\xef\xbb\xbf", FORMAT },
        { __LINE__, "\xef\xbb{\"a\":1}", FORMAT },
        { __LINE__, "\xff\xfe{", FORMAT }
    };

    consent_stamp_conf_t  conf = body_conf(*state);

    body_check(CONSENT_KIND_JSON, &conf, rows, consent_countof(rows));
}


/* 2048 bytes are looked at, wherever the input is cut. */
static void
the_window_is_where_it_is_said_to_be(void **state)
{
    size_t                i, pad;
    fixture_t            *f = *state;
    consent_buf_t         body, expected;
    consent_stamp_conf_t  conf = body_conf(f);

    static const struct {
        size_t                    pad;
        const char               *before, *after;
        consent_stamp_outcome_t   outcome;
    } rows[] = {
        { 2020, "", "{\"a\":1}", MACHINE }, { 2047, "", "{\"a\":1}", CONSENT_STAMP_NO_PLACE },
        { 9000, "", "{\"a\":1}", CONSENT_STAMP_NO_PLACE },
        { 2000, "{\"b\":0,", "\"ai_disclosure\":1}", ALREADY }, { 2030, "{\"b\":0,", "\"ai_disclosure\":1}", MACHINE }
    };

    for (i = 0; i < consent_countof(rows); i++) {
        consent_buf_init(&body, PAGE_ROOM);
        consent_buf_init(&expected, PAGE_ROOM);
        consent_buf_str(&body, rows[i].before);

        if (rows[i].outcome == MACHINE && *rows[i].before != '\0') {
            consent_buf_char(&expected, '{');
            consent_buf_add(&expected, f->ai.in[0].marks.member.data, f->ai.in[0].marks.member.len + 1);
            consent_buf_str(&expected, rows[i].before + 1);

        } else {
            consent_buf_str(&expected, rows[i].before);
        }

        for (pad = 0; pad < rows[i].pad; pad++) {
            consent_buf_char(&body, ' ');
            consent_buf_char(&expected, ' ');
        }

        consent_buf_str(&body, rows[i].after);

        if (rows[i].outcome == MACHINE && *rows[i].before == '\0') {
            consent_buf_char(&expected, '{');
            consent_buf_add(&expected, f->ai.in[0].marks.member.data, f->ai.in[0].marks.member.len + 1);
            consent_buf_str(&expected, rows[i].after + 1);

        } else {
            consent_buf_str(&expected, rows[i].after);
        }

        body_check_bytes(CONSENT_KIND_JSON, &conf, consent_buf_view(&body), consent_buf_view(&expected),
                         rows[i].outcome, (int) i);
        consent_buf_free(&body);
        consent_buf_free(&expected);
    }
}


static void
a_length_that_was_promised_is_kept(void **state)
{
    static const char *const  bodies[] = { "{}", "{\"a\":1}", "[]", "{\"ai_disclosure\":1}", "", "x", "\xef\xbb\xbf{}" };

    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_JSON));
    size_t                i, cut, len, growth, again;
    page_t                out;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = body_conf(*state);

    page_init(&out);

    for (i = 0; i < consent_countof(bodies); i++) {
        len = strlen(bodies[i]);

        for (cut = 0; cut <= len; cut++) {
            h = consent_stamp_init(memory, CONSENT_KIND_JSON, &conf);
            out.len = 0;
            out.in = (const uint8_t *) bodies[i];
            out.n = len;

            assert_int_equal(consent_transform_feed(&h->base, out.in, cut, false, page_emit, &out), CONSENT_OK);
            assert_true(consent_stamp_promise(h, &growth));
            assert_int_equal(consent_transform_feed(&h->base, out.in + cut, len - cut, true, page_emit, &out),
                             CONSENT_OK);
            assert_true(consent_stamp_promise(h, &again));
            assert_int_equal(again, growth);
            assert_int_equal(out.len, len + growth);
        }
    }

    free(out.data);
    free(memory);
}


/* A body whose length is known is decided with its first bytes, if they are all: nothing waits for the end. */
static void
a_known_length_needs_no_end(void **state)
{
    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_JSON));
    page_t                out;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = body_conf(*state);

    page_init(&out);
    conf.length = 7;
    out.in = (const uint8_t *) "{\"a\":1}";
    out.n = 7;
    h = consent_stamp_init(memory, CONSENT_KIND_JSON, &conf);

    assert_int_equal(consent_transform_feed(&h->base, out.in, 7, false, page_emit, &out), CONSENT_OK);
    assert_true(h->decided && h->outcome == MACHINE);
    assert_int_equal(out.len, 7 + h->inserted);
    assert_int_equal(out.own, 0);

    free(out.data);
    free(memory);
}


/* The member, by a strict parser; and whoever reads it finds the way to a person in it. */
static void
the_member_says_what_it_should(void **state)
{
    size_t                 i;
    fixture_t             *f = *state;
    consent_buf_t          b;
    consent_json_t        *root;
    const consent_json_t  *mark, *human;
    consent_json_error_t   err;

    for (i = 0; i < 2 * f->policy.n_languages; i++) {
        consent_buf_init(&b, 10000);
        consent_buf_char(&b, '{');
        consent_buf_slice(&b, i % 2 == 0 ? f->ai.in[i / 2].marks.member : f->ai.in[i / 2].marks.human);
        consent_buf_char(&b, '}');

        assert_int_equal(consent_json_parse(&root, f->arena, consent_buf_view(&b), 8, &err), CONSENT_OK);
        mark = consent_json_get(root, "ai_disclosure");

        assert_true(consent_slice_eq(consent_json_get(mark, "mode")->text,
                                     i % 2 == 0 ? consent_lit("machine-generated") : consent_lit("none")));
        assert_true(consent_slice_eq(consent_json_get(mark, "w3c")->text,
                                     i % 2 == 0 ? consent_lit("ai-autonomous") : consent_lit("human-only")));
        assert_true(consent_slice_eq(consent_json_get(mark, "digital_source_type")->text, i % 2 == 0
            ? consent_lit("http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia")
            : consent_lit("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation")));

        human = consent_json_get(mark, "human");
        assert_true(consent_slice_eq(consent_json_get(human, "url")->text, consent_lit("/.privacy/human")));
        assert_true(consent_slice_eq(consent_json_get(human, "tel")->text, consent_lit("+46 8 000 00 00")));
        assert_true(consent_slice_eq(consent_json_get(human, "email")->text, consent_lit("kontakt@malmo.example")));
        assert_non_null(consent_json_get(human, "hours"));

        if (i % 2 == 0) {
            assert_true(consent_slice_eq(consent_json_get(mark, "notice")->text, f->ai.in[i / 2].notice_text));
            assert_true(consent_slice_eq(consent_json_get(mark, "provider")->text, consent_lit("Malmö stad")));

        } else {
            assert_null(consent_json_get(mark, "notice"));
        }

        assert_int_equal(f->ai.in[i / 2].marks.member.data[f->ai.in[i / 2].marks.member.len], ',');
        consent_buf_free(&b);
    }

    assert_int_equal(f->people.in[0].marks.member.len, 0);
}


static void
only_types_that_tolerate_it_are_json(void **state)
{
    static const struct {
        const char      *type;
        consent_kind_t   kind;
    } rows[] = {
        { "application/json", CONSENT_KIND_JSON }, { "Application/JSON; charset=utf-8", CONSENT_KIND_JSON },
        { "application/hal+json", CONSENT_KIND_JSON }, { "application/geo+json ", CONSENT_KIND_JSON },
        { "application/problem+json", CONSENT_KIND_OTHER }, { "application/jwk-set+json", CONSENT_KIND_OTHER },
        { "application/schema+json", CONSENT_KIND_OTHER }, { "application/manifest+json", CONSENT_KIND_OTHER },
        { "application/ld+json", CONSENT_KIND_OTHER }, { "application/fhir+json", CONSENT_KIND_OTHER },
        { "application/vnd.api+json", CONSENT_KIND_OTHER }, { "application/jose+json", CONSENT_KIND_OTHER },
        { "application/json-seq", CONSENT_KIND_OTHER }, { "application/jsonx", CONSENT_KIND_OTHER },
        { "application/x-ndjson", CONSENT_KIND_NDJSON }, { "text/event-stream;charset=UTF-8", CONSENT_KIND_SSE },
        { "text/html", CONSENT_KIND_HTML }, { "application/xhtml+xml", CONSENT_KIND_XHTML },
        { "image/svg+xml", CONSENT_KIND_OTHER }, { "image/png", CONSENT_KIND_PNG }, { "", CONSENT_KIND_OTHER },
        { "text/plain", CONSENT_KIND_TEXT }, { "text/markdown; variant=GFM", CONSENT_KIND_MARKDOWN },
        { "image/jpeg", CONSENT_KIND_JPEG }
    };

    size_t  i;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_stamp_kind(consent_cstr(rows[i].type)) != rows[i].kind) {
            fail_msg("%s is %s", rows[i].type, consent_kind_name(consent_stamp_kind(consent_cstr(rows[i].type))));
        }
    }
}


static void
utf16_and_people_are_left_alone(void **state)
{
    fixture_t             *f = *state;
    consent_stamp_conf_t   conf = body_conf(f);

    static const body_row_t  charset[] = { { __LINE__, "{\"a\":1}", CONSENT_STAMP_CHARSET } };
    static const body_row_t  people[] = { { __LINE__, "{\"a\":1}", CONSENT_STAMP_SENT } };

    conf.charset = CONSENT_CHARSET_UTF16BE;
    body_check(CONSENT_KIND_JSON, &conf, charset, 1);

    conf = body_conf(f);
    conf.ai = false;
    body_check(CONSENT_KIND_JSON, &conf, people, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(an_object_gets_a_first_member),
        cmocka_unit_test(what_is_no_object_passes),
        cmocka_unit_test(the_window_is_where_it_is_said_to_be),
        cmocka_unit_test(a_length_that_was_promised_is_kept),
        cmocka_unit_test(a_known_length_needs_no_end),
        cmocka_unit_test(the_member_says_what_it_should),
        cmocka_unit_test(only_types_that_tolerate_it_are_json),
        cmocka_unit_test(utf16_and_people_are_left_alone),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
