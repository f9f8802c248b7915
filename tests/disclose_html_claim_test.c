/*
 * What a page says about itself already: an upstream's own claim, its language, its charset; and XHTML.
 */

#include "disclose.h"

typedef struct {
    int                      line;
    const char              *page;
    consent_charset_t        header;        /* the charset of Content-Type */
    consent_charset_t        used;
    size_t                   language;
    consent_stamp_outcome_t  outcome;
} row_t;

#define UNKNOWN  CONSENT_CHARSET_UNKNOWN
#define UTF8     CONSENT_CHARSET_UTF8
#define OTHER    CONSENT_CHARSET_ASCII_SUPERSET


static void
check(const fixture_t *f, const consent_disclosure_t *d, const row_t *rows, size_t n, bool xhtml)
{
    size_t                i;
    consent_stamp_conf_t  conf;

    for (i = 0; i < n; i++) {
        memset(&conf, 0, sizeof(conf));
        conf.policy = &f->policy;
        conf.disclosure = d;
        conf.ai = true;
        conf.contact = true;
        conf.xhtml = xhtml;
        conf.charset = rows[i].header;
        conf.room = page_room;

        template_check(rows[i].page, &conf, rows[i].used, rows[i].language, rows[i].outcome, rows[i].line);
    }
}


static const consent_disclosure_t *
build(fixture_t *f, const char *mode, consent_ai_kind_t kind)
{
    consent_disclosure_t     *d = consent_arena_alloc(f->arena, sizeof(consent_disclosure_t));
    consent_disclose_conf_t   conf = { .base = consent_lit("/.privacy/"), .kind = kind };

    assert_true(consent_mode_parse(&conf.mode, consent_cstr(mode)));
    assert_int_equal(consent_disclosure_build(d, f->arena, &f->policy, &conf), CONSENT_OK);

    return d;
}

#define ROW(page)          { __LINE__, page, UTF8, UTF8, 0, CONSENT_STAMP_SENT }
#define CHECK(d, rows)     check(f, d, rows, consent_countof(rows), false)
#define CHECK_XML(d, rows) check(f, d, rows, consent_countof(rows), true)


static void
a_claim_as_strong_as_ours_is_kept_and_ours_is_not_added(void **state)
{
    static const row_t  rows[] = {
        ROW("<html><head><meta name=\"ai-disclosure\" content=\"ai-autonomous\">{h}</head><body>{B}"),
        ROW("<html><head><META NAME=ai-disclosure CONTENT=AI-Autonomous>{h}</head><body>{B}"),
        ROW("<html><head><meta content='ai-autonomous' name='AI-Disclosure' ai-model=x>{h}</head><body>{B}"),
        ROW("<!doctype html><meta name=ai-disclosure content=ai-autonomous>{h}{B}<p>"),
        ROW("<html><head><meta name=ai-disclosure name=x content=ai-autonomous content=none />{h}</head><body>{B}")
    };

    size_t                i;
    page_t                out;
    fixture_t            *f = *state;
    consent_stamp_conf_t  conf = { .policy = &f->policy, .disclosure = &f->ai, .ai = true, .charset = UTF8, .room = page_room };
    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));

    CHECK(&f->ai, rows);

    /* and the caller learns of it */
    page_init(&out);

    for (i = 0; i < 2; i++) {
        conf.ai = i == 0;
        assert_int_equal(page_stamp(&out, memory, &conf, consent_cstr(
            "<html><head><meta name=ai-disclosure content=ai-autonomous></head><body>"), 0, 0)->kept, i == 0);
    }

    free(out.data);
    free(memory);
}


static void
a_weaker_claim_or_none_of_the_three_words_becomes_ours(void **state)
{
    static const row_t  rows[] = {
        ROW("<html><head>[[<meta name=\"ai-disclosure\" content=\"human-only\">]]{h}</head><body>{B}"),
        ROW("<html><head>[[<meta name=\"ai-disclosure\" content=\"ai-assisted\">]]{h}</head><body>{B}"),
        ROW("<html><head>[[<meta name=ai-disclosure content=none>]]{h}</head><body>{B}"),
        ROW("<html><head>[[<meta name=ai-disclosure content=ai-generated>]]{h}</head><body>{B}"),
        ROW("<html><head>[[<meta name=ai-disclosure content=autonomous>]]{h}</head><body>{B}"),
        ROW("<html><head>[[<meta name=ai-disclosure content=mixed>]]{h}</head><body>{B}"),
        ROW("<html><head>[[<meta name=ai-disclosure content=' ai-autonomous'>]]{h}</head><body>{B}"),
        ROW("<html><head>[[<meta name=ai-disclosure>]]{h}</head><body>{B}"),
        ROW("<html><head>[[<meta content=\"human-only\" name=\"ai-disclosure\" data-consent=\"meta\"/>]]{h}</head>"
            "<body>{B}"),
        ROW("<html><head>[[<meta name=\"ai-disclosure\" content=\"human-only\" title=\"long, so that what takes its place "
            "is filled up with spaces; far longer than our own meta could ever be, and yet a meta like any other\">]]"
            "{h}</head><body>{B}"),
        ROW("<!doctype html>[[<meta name=ai-disclosure content=x>]]{h}{B}text")
    };

    fixture_t  *f = *state;

    CHECK(&f->ai, rows);
}


static void
only_the_first_claim_stands(void **state)
{
    static const row_t  rows[] = {
        ROW("<html><head>[[<meta name=ai-disclosure content=none>]]((<meta name=ai-disclosure content=human-only>)){h}"
            "</head><body>{B}"),
        ROW("<html><head><meta name=ai-disclosure content=ai-autonomous>\n((<meta name=ai-disclosure content=ai-assisted"
            " />))((<meta content=\"\" name=\"ai-disclosure\">)){h}</head><body>{B}"),
        ROW("<html><head>{H}</head>((<meta name=ai-disclosure content=human-only>))<body>{B}")
    };

    fixture_t  *f = *state;

    CHECK(&f->ai, rows);
}


static void
what_is_no_claim_of_the_page_is_left_alone(void **state)
{
    static const row_t  rows[] = {
        ROW("<html><head><!-- <meta name=ai-disclosure content=none> -->{H}</head><body>{B}"),
        ROW("<html><head><template><meta name=ai-disclosure content=none></template>{H}</head><body>{B}"),
        ROW("<html><head><script>'<meta name=ai-disclosure content=none>'</script>{H}</head><body>{B}"),
        ROW("<html><head><meta property=ai-disclosure content=none><meta name=ai-disclosures>{H}</head><body>{B}"),
        ROW("<html><head><meta name=description content=\"name=ai-disclosure\">{H}</head><body>{B}"),
        ROW("<html><head>{H}</head><body>{B}<meta name=ai-disclosure content=none>")
    };
    static const row_t  chat[] = {
        ROW("<html><head><meta name=ai-disclosure content=human-only>{h}</head><body>{B}")
    };

    fixture_t  *f = *state;

    CHECK(&f->ai, rows);

    /* nothing is claimed of a page that hosts a chat: it has no meta of ours */
    CHECK(build(f, "machine-generated", CONSENT_AI_CHAT), chat);
}


static void
ours_may_be_the_weaker_claim(void **state)
{
    static const row_t  assisted[] = {
        ROW("<html><head><meta name=ai-disclosure content=ai-autonomous>{h}</head><body>{B}"),
        ROW("<html><head><meta name=ai-disclosure content=ai-assisted>{h}</head><body>{B}"),
        ROW("<html><head>[[<meta name=ai-disclosure content=human-only>]]{h}</head><body>{B}")
    };
    static const row_t  human[] = {
        ROW("<html><head><meta name=ai-disclosure content=ai-assisted>{h}</head><body>{C}"),
        ROW("<html><head>[[<meta name=ai-disclosure content=none>]]{h}</head><body>{C}"),
        ROW("<html><head>{H}</head><body>{C}")
    };

    fixture_t  *f = *state;

    CHECK(build(f, "ai-originated", CONSENT_AI_ON), assisted);
    CHECK(build(f, "none", CONSENT_AI_ON), human);
}


/* A meta that is longer than what is held back cannot be changed any more: ours goes before it. */
static void
a_meta_too_long_to_judge_comes_second(void **state)
{
    char       *page, *filler;
    size_t      i, len;
    fixture_t  *f = *state;

    static const struct {
        const char  *before;
        const char  *after;
    } rows[] = {
        { "<html><head><title>x</title>{H}<meta title=\"", "\" name=ai-disclosure content=human-only></head><body>{B}" },
        { "<html><head>{H}<meta name=\"ai-disclosure\" title=\"", "\" content=human-only><title>x</title><body>{B}" }
    };

    for (len = 1900; len < 2300; len += 31) {
        filler = malloc(len + 1);
        memset(filler, 'x', len);
        filler[len] = '\0';

        for (i = 0; i < consent_countof(rows); i++) {
            page = malloc(len + 500);

            if (len + strlen(rows[i].after) > 2048 + 60) {
                sprintf(page, "%s%s%s", rows[i].before, filler, rows[i].after);

            } else if (len + strlen(rows[i].before) + strlen(rows[i].after) < 2000) {
                sprintf(page, "<html><head>[[<meta title=\"%s\" name=ai-disclosure content=human-only>]]{h}</head>"
                        "<body>{B}", filler);

            } else {
                free(page);
                continue;
            }

            row_t  row[] = { { __LINE__, page, UTF8, UTF8, 0, CONSENT_STAMP_SENT } };

            CHECK(&f->ai, row);
            free(page);
        }

        free(filler);
    }
}


static void
the_pages_language_is_ours(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "<html lang=fi><head>{H}</head><body>{B}", UTF8, UTF8, 1, CONSENT_STAMP_SENT },
        { __LINE__, "<html lang=\"fi-FI\"><head>{H}</head><body>{B}", UTF8, UTF8, 1, CONSENT_STAMP_SENT },
        { __LINE__, "<!doctype html>\n<html lang=\"fi\">\n<head>\n{H}</head>\n<body>{B}\n<p>", UTF8, UTF8, 1,
          CONSENT_STAMP_SENT },
        { __LINE__, "<HTML LANG='FI'><head>{H}</head><body>{B}", UTF8, UTF8, 1, CONSENT_STAMP_SENT },
        { __LINE__, "<html class=x lang=en><head>{H}</head><body>{B}", UTF8, UTF8, 2, CONSENT_STAMP_SENT },
        { __LINE__, "<html lang=en-US><head>{H}</head><body>{B}", UTF8, UTF8, 2, CONSENT_STAMP_SENT },
        { __LINE__, "<html lang=en-GB><head>{H}</head><body>{B}", UTF8, UTF8, 2, CONSENT_STAMP_SENT },
        { __LINE__, "<html lang=de><head>{H}</head><body>{B}", UTF8, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html lang=finnish><head>{H}</head><body>{B}", UTF8, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html lang=\"\"><head>{H}</head><body>{B}", UTF8, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html lang=fi lang=en><head>{H}</head><body>{B}", UTF8, UTF8, 1, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head><body lang=fi>{B}", UTF8, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html xml:lang=fi><head>{H}</head><body>{B}", UTF8, UTF8, 0, CONSENT_STAMP_SENT }
    };

    size_t                i;
    page_t                out;
    fixture_t            *f = *state;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = { .policy = &f->policy, .disclosure = &f->ai, .ai = true, .charset = UTF8, .room = page_room };
    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));

    CHECK(&f->ai, rows);

    page_init(&out);

    for (i = 0; i < 8; i++) {
        conf.language = i % 4;
        h = page_stamp(&out, memory, &conf, consent_cstr(i < 4 ? "<html lang=de><body>" : "<html lang=fi><body>"), 0, 0);

        assert_int_equal(h->language, i < 4 ? i % 3 : 1);
        assert_int_equal(h->language_of_page, i >= 4);
    }

    free(out.data);
    free(memory);
}


static void
the_charset_decides_how_words_are_written(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "<html><head>{H}</head><body>{B}\xe5", OTHER, OTHER, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head><body>{B}", UNKNOWN, OTHER, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><meta charset=utf-8>{H}</head><body>{B}", UNKNOWN, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><meta charset=\"UTF8\">{H}</head><body>{B}", UNKNOWN, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><meta charset=iso-8859-1><meta charset=utf-8>{H}</head><body>{B}", UNKNOWN, OTHER, 0,
          CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><meta charset=utf-8>{H}</head><body>{B}", OTHER, OTHER, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><meta http-equiv=Content-Type content='text/html; charset=utf-8'>{H}</head><body>{B}",
          UNKNOWN, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><meta http-equiv=refresh content='text/html; charset=utf-8'>{H}</head><body>{B}",
          UNKNOWN, OTHER, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><meta charset=utf-16le>{H}</head><body>{B}", UNKNOWN, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><meta charset=iso-2022-jp></head><body>", UNKNOWN, OTHER, 0, CONSENT_STAMP_CHARSET },
        { __LINE__, "<html><head></head><body>", CONSENT_CHARSET_UNSUPPORTED, OTHER, 0, CONSENT_STAMP_CHARSET },
        { __LINE__, "\xef\xbb\xbf<html><head>{H}</head><body>{B}", UNKNOWN, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "\xef\xbb\xbf<!doctype html>{H}{B}x", OTHER, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "\xef\xbb\xbf<!doctype html>{H}{B}x", CONSENT_CHARSET_UTF16LE, UTF8, 0, CONSENT_STAMP_SENT },
        { __LINE__, "\xef\xbb\xbf", UTF8, UTF8, 0, CONSENT_STAMP_FRAGMENT }
    };

    char       *page;
    fixture_t  *f = *state;

    CHECK(&f->ai, rows);

    /* a declaration counts within the first 1024 bytes */
    page = malloc(2000);

    sprintf(page, "<html><head><!--%*s--><meta charset=utf-8>{H}</head><body>{B}", 1024 - 39, "");
    row_t  within[] = { { __LINE__, page, UNKNOWN, UTF8, 0, CONSENT_STAMP_SENT } };
    CHECK(&f->ai, within);

    sprintf(page, "<html><head><!--%*s--><meta charset=utf-8>{H}</head><body>{B}", 1025 - 39, "");
    row_t  beyond[] = { { __LINE__, page, UNKNOWN, OTHER, 0, CONSENT_STAMP_SENT } };
    CHECK(&f->ai, beyond);

    free(page);
}


static void
labels_name_charsets(void **state)
{
    static const struct {
        const char         *type;
        consent_charset_t   charset;
    } rows[] = {
        { "text/html; charset=utf-8", UTF8 },
        { "text/html;charset=\"UTF-8\"", UTF8 },
        { "text/html; Charset = utf8 ; x=y", UTF8 },
        { "text/html; x=charset; charset='unicode-1-1-utf-8'", UTF8 },
        { "text/html; charset=iso-8859-1", OTHER },
        { "text/html; charset=shift_jis", OTHER },
        { "text/html; charset=x-never-heard-of", OTHER },
        { "text/html; charset=UTF-16", CONSENT_CHARSET_UTF16LE },
        { "text/html; charset=utf-16be", CONSENT_CHARSET_UTF16BE },
        { "text/html; charset=utf-7", CONSENT_CHARSET_UNSUPPORTED },
        { "text/html; charset=UTF-32LE", CONSENT_CHARSET_UNSUPPORTED },
        { "text/html; charset=ISO-2022-KR", CONSENT_CHARSET_UNSUPPORTED },
        { "text/html", UNKNOWN },
        { "text/html; charset", UNKNOWN },
        { "text/html; charset=", UNKNOWN },
        { "text/html; charset=\"", UNKNOWN },
        { "", UNKNOWN }
    };

    size_t  i;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_charset_of(consent_cstr(rows[i].type)) != rows[i].charset) {
            fail_msg("%s", rows[i].type);
        }
    }

    assert_int_equal(consent_charset_label(consent_lit(" utf-8\t")), UTF8);
    assert_int_equal(consent_charset_label(consent_lit("utf-80")), OTHER);
}


static size_t
widen(uint8_t *out, const uint8_t *text, size_t len, bool big)
{
    size_t  i;

    for (i = 0; i < len; i++) {
        out[2 * i + (big ? 1 : 0)] = text[i];
        out[2 * i + (big ? 0 : 1)] = 0;
    }

    return 2 * len;
}


static void
utf16_is_transcoded(void **state)
{
    static const char *const  templates[] = {
        "<!doctype html><html lang=\"fi\"><head><title>x</title>{H}</head><body class=\"x\">{B}<p>text",
        "<html lang=fi>{H}{B}<p>",
        "<html lang=fi><head>[[<meta name=ai-disclosure content=none>]]{h}</head>\n<body><a href=#x>y</a>{B}text",
        "<html lang=fi><head><template><body></template>{H}</head><body>{B}<!-- \x80\x80 -->"
    };

    static const size_t  pieces[] = { 0, 1, 2, 3, 5, 7, 64 };

    void                      *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    bool                       big, bom;
    size_t                     i, j, n, m, variant;
    page_t                     out;
    uint8_t                   *in = malloc(20000), *want = malloc(40000);
    fixture_t                 *f = *state;
    consent_buf_t              page, expected;
    consent_stamp_t           *h;
    const consent_elements_t  *e = &f->ai.in[1].ascii;
    consent_stamp_conf_t       conf = {
        .policy = &f->policy, .disclosure = &f->ai, .ai = true, .contact = true, .room = page_room
    };

    page_init(&out);

    for (i = 0; i < consent_countof(templates) * 4; i++) {
        variant = i % 4;
        big = variant & 1;
        bom = variant & 2;
        conf.charset = bom ? (big ? UTF8 : UNKNOWN) : big ? CONSENT_CHARSET_UTF16BE : CONSENT_CHARSET_UTF16LE;

        consent_buf_init(&page, PAGE_ROOM);
        consent_buf_init(&expected, PAGE_ROOM);
        template_read(&page, &expected, templates[i / 4], e, false);

        n = bom ? 2 : 0;
        memcpy(in, big ? "\xfe\xff" : "\xff\xfe", 2);
        memcpy(want, in, 2);
        m = n + widen(want + n, expected.data, expected.len, big);
        n += widen(in + n, page.data, page.len, big);

        /* letters beyond ASCII, and a byte that has lost its other half */
        in[n] = want[m] = big ? 1 : '<';
        in[n + 1] = want[m + 1] = big ? '<' : 1;
        in[n + 2] = want[m + 2] = 0x3c;
        n += 3;
        m += 3;

        for (j = 0; j < consent_countof(pieces); j++) {
            h = page_stamp(&out, memory, &conf, consent_slice(in, n), pieces[j], 0);

            assert_int_equal(h->outcome, CONSENT_STAMP_SENT);
            assert_int_equal(h->language, 1);
            assert_int_equal(out.len, m);
            assert_memory_equal(out.data, want, m);
            assert_int_equal(h->inserted, m - n);
        }

        consent_buf_free(&page);
        consent_buf_free(&expected);
    }

    free(in);
    free(want);
    free(out.data);
    free(memory);
}


static void
xhtml_stays_well_formed(void **state)
{
    static const row_t  rows[] = {
        ROW("<?xml version=\"1.0\"?><!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"a>b\">\n<html "
            "xmlns=\"http://www.w3.org/1999/xhtml\"><head><title>x</title>{H}</head><body>{B}<p>Hej</p></body></html>"),
        { __LINE__, "<html xml:lang=\"fi\"><head>{H}</head><body>{B}</body></html>", UTF8, UTF8, 1, CONSENT_STAMP_SENT },
        ROW("<html><?x <body> ?><head><!-- </head> --><title><![CDATA[</head><body>]]></title>{H}</head><body>{B}"),
        ROW("<html><head><script>//<![CDATA[\n</head>]]></script>{H}</head><body>{B}</body></html>"),
        ROW("<html><head><title/><style>a{}</style>{H}</head><body>{B}text</body></html>"),
        ROW("<html><head/><body>{B}</body></html>"),
        ROW("<html><body>{B}</body></html>"),
        ROW("<html><head>[[<meta name=\"ai-disclosure\" content=\"none\"/>]]{h}</head><body>{B}</body></html>"),
        ROW("<html><head>[[<meta name=\"ai-disclosure\" content=\"none\">]]</meta>{h}</head><body>{B}</body></html>"),
        ROW("<html><head><meta name=\"ai-disclosure\" content=\"ai-autonomous\"/>((<meta name=\"ai-disclosure\" "
            "content=\"human-only\"/>))((<meta name=\"ai-disclosure\">))</meta>{h}</head><body>{B}</body></html>"),
        ROW("<html><head>{H}</head><body><a href=\"#m\">m</a>{B}<p/></body></html>"),
        ROW("<html><head>{H}</head><body>{B}<script>x</script><a href=\"#m\">m</a></body></html>"),
        { __LINE__, "<html><head>{H}</head><body/></html>", UTF8, UTF8, 0, CONSENT_STAMP_NO_PLACE },
        { __LINE__, "<html><p>Hej</p></html>", UTF8, UTF8, 0, CONSENT_STAMP_NO_PLACE },
        { __LINE__, "<div>Hej</div>", UTF8, UTF8, 0, CONSENT_STAMP_FRAGMENT },
        { __LINE__, "<!DOCTYPE html [ <!ENTITY x \"<body>\"> ]><html><body></body></html>", UTF8, UTF8, 0,
          CONSENT_STAMP_NO_PLACE },
        { __LINE__, "<html><head>{H}</head><body>{B}</body></html>", UNKNOWN, OTHER, 0, CONSENT_STAMP_SENT }
    };

    page_t                out;
    fixture_t            *f = *state;
    consent_stamp_conf_t  conf = {
        .policy = &f->policy, .disclosure = &f->ai, .contact = true, .at_end = true, .xhtml = true, .charset = UTF8,
        .room = page_room
    };
    void  *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));

    CHECK_XML(&f->ai, rows);

    /* nothing may stand behind the root element: contact stays at the start */
    page_init(&out);
    page_stamp(&out, memory, &conf, consent_lit("<html><body><p/></body></html>"), 0, 0);
    assert_memory_equal(out.data + out.len - 14, "</body></html>", 14);
    assert_true(out.len > 60);

    free(out.data);
    free(memory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_claim_as_strong_as_ours_is_kept_and_ours_is_not_added),
        cmocka_unit_test(a_weaker_claim_or_none_of_the_three_words_becomes_ours),
        cmocka_unit_test(only_the_first_claim_stands),
        cmocka_unit_test(what_is_no_claim_of_the_page_is_left_alone),
        cmocka_unit_test(ours_may_be_the_weaker_claim),
        cmocka_unit_test(a_meta_too_long_to_judge_comes_second),
        cmocka_unit_test(the_pages_language_is_ours),
        cmocka_unit_test(the_charset_decides_how_words_are_written),
        cmocka_unit_test(labels_name_charsets),
        cmocka_unit_test(utf16_is_transcoded),
        cmocka_unit_test(xhtml_stays_well_formed),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
