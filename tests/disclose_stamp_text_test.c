/*
 * Plain text and Markdown: the notice, an empty line, the text.
 */

#include "disclose_stamp.h"

#define SENT     CONSENT_STAMP_SENT
#define ALREADY  CONSENT_STAMP_ALREADY


static void
text_begins_with_the_notice(void **state)
{
    static const body_row_t  utf8[] = {
        { __LINE__, "«$L»Hej", SENT },
        { __LINE__, "«$L»\n", SENT },
        { __LINE__, "\xef\xbb\xbf«$L»Hej", SENT },
        { __LINE__, "«$L»\xef\xbbHej", SENT },
        { __LINE__, "«$L»AI GENERATED: Texten är skapad av människor", SENT },
        { __LINE__, "", CONSENT_STAMP_NO_PLACE },
        { __LINE__, "\xef\xbb\xbf", CONSENT_STAMP_NO_PLACE },
        { __LINE__, "\xff\xfeH\1e\1", CONSENT_STAMP_CHARSET }
    };

    static const body_row_t  other[] = {
        { __LINE__, "«$A»Hej", SENT },
        { __LINE__, "\xef\xbb\xbf«$L»Hej", SENT },
        { __LINE__, "«$A»\xefkta", SENT }
    };

    fixture_t             *f = *state;
    consent_stamp_conf_t   conf = body_conf(f);

    assert_true(consent_slice_eq(f->ai.in[0].marks.line, consent_lit("AI GENERATED: Texten är skapad av AI på uppdrag "
                                 "av Malmö stad. Ingen människa har granskat den.\n\n")));
    assert_true(consent_slice_eq(f->ai.in[0].marks.line_ascii, consent_lit("AI GENERATED: Texten ar skapad av AI pa "
                                 "uppdrag av Malmo stad. Ingen manniska har granskat den.\n\n")));

    conf.charset = CONSENT_CHARSET_UTF8;
    body_check(CONSENT_KIND_TEXT, &conf, utf8, consent_countof(utf8));

    conf.charset = CONSENT_CHARSET_ASCII_SUPERSET;
    body_check(CONSENT_KIND_TEXT, &conf, other, consent_countof(other));

    conf.charset = CONSENT_CHARSET_UNKNOWN;
    body_check(CONSENT_KIND_TEXT, &conf, other, consent_countof(other));
}


static void
a_later_turn_is_left_alone(void **state)
{
    static const body_row_t  rows[] = { { __LINE__, "Hej", CONSENT_STAMP_MACHINE } };

    consent_stamp_conf_t  conf = body_conf(*state);

    conf.quiet = true;
    body_check(CONSENT_KIND_TEXT, &conf, rows, 1);
    body_check(CONSENT_KIND_MARKDOWN, &conf, rows, 1);
}


static void
markdown_has_a_quote_and_keys_in_its_front_matter(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "«$Q»# Bygglov\n", SENT },
        { __LINE__, "\xef\xbb\xbf«$Q»# Bygglov\n", SENT },
        { __LINE__, "---\n«$F»title: x\ntags: [a]\n---\n«$Q»\n# Bygglov\n", SENT },
        { __LINE__, "---\r\n«$F»title: x\r\n---\r\n«$Q»# Bygglov\r\n", SENT },
        { __LINE__, "--- \n«$F»title: x\n...\n«$Q»# Bygglov\n", SENT },
        { __LINE__, "---\n«$F»---\n«$Q»x", SENT },
        { __LINE__, "---\n«$F»title: x\n---\n«$Q»", SENT },
        { __LINE__, "---\n«$F»title: x\n---", CONSENT_STAMP_MACHINE },
        { __LINE__, "+++\ntitle = 1\n+++", CONSENT_STAMP_NO_PLACE },
        { __LINE__, "---\ntitle: x\nai_disclosure: no\n---\n«$Q»x", SENT },
        { __LINE__, "+++\ntitle = \"x\"\n+++\n«$Q»x", SENT },
        { __LINE__, "«$Q»---\nJust a rule, and a sentence: it is none\n---\n", SENT },
        { __LINE__, "«$Q»---\n\ntitle: x\n---\n", SENT },
        { __LINE__, "«$Q»---\ntitle: x\n", SENT },
        { __LINE__, "«$Q»---", SENT },
        { __LINE__, "«$Q»----\ntitle: x\n---\n", SENT },
        { __LINE__, "«$Q»- one\n- two\n", SENT },
        { __LINE__, "«$Q»> **AI", SENT },
        { __LINE__, "«$Q» ---\na: b\n---\n", SENT },
        { __LINE__, "", CONSENT_STAMP_NO_PLACE }
    };

    static const body_row_t  other[] = {
        { __LINE__, "«$R»# Bygglov\n", SENT },
        { __LINE__, "---\n«$F»title: x\n---\n«$R»\n# Bygglov\n", SENT }
    };

    fixture_t             *f = *state;
    consent_stamp_conf_t   conf = body_conf(f);

    assert_true(consent_slice_eq(f->ai.in[0].marks.quote, consent_lit("> **AI GENERATED** Texten är skapad av AI på "
                                 "uppdrag av Malmö stad. Ingen människa har granskat den.\n\n")));

    conf.charset = CONSENT_CHARSET_UTF8;
    body_check(CONSENT_KIND_MARKDOWN, &conf, rows, consent_countof(rows));

    conf.charset = CONSENT_CHARSET_UNKNOWN;
    body_check(CONSENT_KIND_MARKDOWN, &conf, other, consent_countof(other));
}


static void
a_name_breaks_out_of_nothing(void **state)
{
    fixture_t                *f = *state;
    const char               *escaped = "A\\*b\\*\\[c\\](d)\\<e\\>\\\\\\`f\\`  \\&amp;";
    consent_slice_t           keep = f->policy.principal;
    consent_disclosure_t      d;
    consent_disclose_conf_t   conf = { .kind = CONSENT_AI_ON, .base = consent_lit("/.privacy/") };

    f->policy.principal = consent_lit("A*b*[c](d)<e>\\`f`  &amp;");
    assert_int_equal(consent_disclosure_build(&d, f->arena, &f->policy, &conf), CONSENT_OK);
    f->policy.principal = keep;

    assert_non_null(memmem(d.in[0].marks.quote.data, d.in[0].marks.quote.len, escaped, strlen(escaped)));
    assert_null(memchr(d.in[0].marks.prose.data, '<', d.in[0].marks.prose.len));
    assert_null(memchr(d.in[0].marks.prose.data, '"', d.in[0].marks.prose.len));
}


static void
lengths_that_were_promised_are_kept(void **state)
{
    static const char *const  bodies[] = {
        "", "x", "Hej", "\xef\xbb\xbfHej", "---\na: b\n---\nx", "---\na: b\n", "AI GENERATED: Texten", "\xff\xfe"
    };

    static const consent_kind_t  kinds[] = { CONSENT_KIND_TEXT, CONSENT_KIND_MARKDOWN };

    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_TEXT));
    size_t                i, cut, len, growth;
    page_t                out;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = body_conf(*state);

    page_init(&out);

    for (i = 0; i < 2 * consent_countof(bodies); i++) {
        len = strlen(bodies[i / 2]);

        for (cut = 0; cut <= len; cut++) {
            h = consent_stamp_init(memory, kinds[i % 2], &conf);
            out.len = 0;
            out.in = (const uint8_t *) bodies[i / 2];
            out.n = len;

            assert_int_equal(consent_transform_feed(&h->base, out.in, cut, false, page_emit, &out), CONSENT_OK);
            assert_true(consent_stamp_promise(h, &growth));
            assert_int_equal(consent_transform_feed(&h->base, out.in + cut, len - cut, true, page_emit, &out),
                             CONSENT_OK);
            assert_int_equal(out.len, len + growth);
            assert_int_equal(h->preceded, h->outcome == SENT);
        }
    }

    free(out.data);
    free(memory);
}


/* A page with a chat was made by people, and so was a text beside it. */
static void
a_text_beside_a_chat_is_left_alone(void **state)
{
    static const body_row_t  rows[] = { { __LINE__, "Hej", SENT } };

    fixture_t                *f = *state;
    consent_disclosure_t      d;
    consent_stamp_conf_t      conf = body_conf(f);
    consent_disclose_conf_t   chat = { .kind = CONSENT_AI_CHAT, .base = consent_lit("/.privacy/") };

    assert_int_equal(consent_disclosure_build(&d, f->arena, &f->policy, &chat), CONSENT_OK);
    assert_true(d.in[0].marks.line.len > 0);

    conf.disclosure = &d;
    body_check(CONSENT_KIND_TEXT, &conf, rows, 1);
    body_check(CONSENT_KIND_MARKDOWN, &conf, rows, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(text_begins_with_the_notice),
        cmocka_unit_test(a_later_turn_is_left_alone),
        cmocka_unit_test(markdown_has_a_quote_and_keys_in_its_front_matter),
        cmocka_unit_test(a_text_beside_a_chat_is_left_alone),
        cmocka_unit_test(a_name_breaks_out_of_nothing),
        cmocka_unit_test(lengths_that_were_promised_are_kept),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
