/*
 * What the stamper costs: spans, bytes held back, announced lengths, limits, time.
 */

#include "disclose.h"

#include <time.h>

static consent_stamp_conf_t
conf_make(const fixture_t *f)
{
    consent_stamp_conf_t  conf = {
        .policy = &f->policy, .disclosure = &f->ai, .ai = true, .contact = true, .charset = CONSENT_CHARSET_UTF8,
        .room = page_room
    };

    return conf;
}


static void
a_large_page_is_passed_on_and_not_copied(void **state)
{
    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    size_t                at, n, size = 1024 * 1024;
    page_t                out;
    uint8_t              *in = malloc(size);
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = conf_make(*state);

    static const char  head[] = "<!doctype html>\n<html lang=\"sv\">\n<head>\n<meta charset=\"utf-8\">\n<title>x</title>\n"
                                "</head>\n<body class=\"x\">\n<div>Hej</div>";

    page_init(&out);
    memset(in, 'x', size);
    memcpy(in, head, sizeof(head) - 1);

    assert_true(consent_stamp_size(CONSENT_KIND_HTML) < 4000);
    h = consent_stamp_init(memory, CONSENT_KIND_HTML, &conf);

    for (at = 0; at < size; at += n) {
        n = size - at < 16384 ? size - at : 16384;
        out.in = in + at;
        out.n = n;
        assert_int_equal(consent_transform_feed(&h->base, in + at, n, at + n == size, page_emit, &out), CONSENT_OK);
        assert_true(h->decided);
    }

    assert_int_equal(out.len, size + h->inserted);
    assert_int_equal(out.own, 0);
    assert_int_equal(out.spans, 64 + 4);

    free(in);
    free(out.data);
    free(memory);
}


/* What is fed is out at once, but for the last bytes where something may yet go in before them. */
static void
a_flush_is_not_held_up(void **state)
{
    static const struct {
        int          line;
        const char  *fed;
        size_t       kept;
    } rows[] = {
        { __LINE__, "<!doctype html>\n", 0 },
        { __LINE__, "<!doctype html>\n<html>\n<head>\n", 0 },
        { __LINE__, "<!doctype html><html><head><title>half a ti", 0 },
        { __LINE__, "<!doctype html><html><head><!-- half a com", 0 },
        { __LINE__, "<!doctype html><html><head><style>a{", 0 },
        { __LINE__, "<!doctype html><html><head><html lan", 0 },
        { __LINE__, "<!doctype html><html><head><", 1 },
        { __LINE__, "<!doctype html><html><head></he", 4 },
        { __LINE__, "<!doctype html><html><head><tit", 4 },
        { __LINE__, "<!doctype html><html><head><meta name", 10 },
        { __LINE__, "<!doctype html><html><head><meta name=x>", 0 },
        { __LINE__, "<!doctype html><html><head></head>\n", 8 },
        { __LINE__, "<!doctype html><html><head></head>\n<body cla", 0 },
        { __LINE__, "<!doctype html><html><head></head>\n<body>\n", 1 },
        { __LINE__, "<!doctype html><html><head></head>\n<body>\n<h1", 4 },
        { __LINE__, "<!doctype html><html><head></head>\n<body>\n<h1>", 0 },
        { __LINE__, "<!doctype html><html><head></head>\n<body>\nH", 0 },
        { __LINE__, "<!doctype html><html><head></head>\n<body><a href=#x>skip", 15 },
        { __LINE__, "<!doctype html><html><head></head>\n<body><a href=#x>skip</a>", 0 },
        { __LINE__, "<!doctype html><html><head></head>\n<body><p>Hej<", 0 },
        { __LINE__, "<p>Hej", 0 },
        { __LINE__, "<", 1 },
        { __LINE__, "\xef\xbb", 2 }
    };

    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    size_t                i, n;
    page_t                out;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = conf_make(*state);

    page_init(&out);

    for (i = 0; i < consent_countof(rows); i++) {
        n = strlen(rows[i].fed);
        h = consent_stamp_init(memory, CONSENT_KIND_HTML, &conf);
        out.len = 0;
        out.in = (const uint8_t *) rows[i].fed;
        out.n = n;

        assert_int_equal(consent_transform_feed(&h->base, out.in, n, false, page_emit, &out), CONSENT_OK);

        if (n + h->inserted - out.len != rows[i].kept) {
            fail_msg("line %d: %zu bytes kept, not %zu", rows[i].line, n + h->inserted - out.len, rows[i].kept);
        }
    }

    free(out.data);
    free(memory);
}


static void
a_promise_of_the_length_is_kept(void **state)
{
    static const char *const  pages[] = {
        ("<!doctype html><html lang=fi><head><meta charset=utf-8><meta name=ai-disclosure content=none>"
         "<meta name=ai-disclosure content=ai-assisted></head><body><a href=#x>y</a><p>Hej</p></body></html>"),
        "<html><head></head><frameset></frameset></html>",
        "<p>a fragment</p>",
        "<html><head><title>cut off",
        "<!doctype html>",
        ""
    };

    static const consent_charset_t  charsets[] = {
        CONSENT_CHARSET_UTF8, CONSENT_CHARSET_UNKNOWN, CONSENT_CHARSET_UNSUPPORTED
    };

    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    bool                  decided;
    size_t                i, j, cut, len, promise, again, spaces;
    page_t                out;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = conf_make(*state);

    page_init(&out);

    for (i = 0; i < consent_countof(pages) * 6; i++) {
        j = i / 6;
        len = strlen(pages[j]);
        conf.charset = charsets[i % 3];
        conf.at_end = i % 2;
        conf.ai = i % 4 != 0;

        for (cut = 0; cut <= len; cut++) {
            h = consent_stamp_init(memory, CONSENT_KIND_HTML, &conf);
            out.len = 0;
            out.in = (const uint8_t *) pages[j];
            out.n = len;

            assert_int_equal(consent_transform_feed(&h->base, out.in, cut, false, page_emit, &out), CONSENT_OK);
            decided = h->decided;
            assert_true(consent_stamp_promise(h, &promise));
            assert_true(consent_stamp_promise(h, &again));
            assert_int_equal(again, promise);
            assert_int_equal(consent_transform_feed(&h->base, out.in + cut, len - cut, true, page_emit, &out),
                             CONSENT_OK);

            assert_int_equal(out.len, len + promise);
            assert_int_equal(h->inserted, promise);

            for (spaces = 0; spaces < out.len && out.data[out.len - spaces - 1] == ' '; spaces++) {
                /* void */
            }

            /* what was decided needs no filling up; and what is filled up is what all elements would take */
            assert_true(decided ? spaces == 0 : spaces <= promise);
        }
    }

    free(out.data);
    free(memory);
}


static void
an_error_of_emit_comes_out(void **state)
{
    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    size_t                left;
    page_t                out;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = conf_make(*state);

    static const char  page[] = "<html><head><meta name=ai-disclosure content=x></head><body><p>Hej";

    page_init(&out);

    for (left = 0; left < 12; left++) {
        h = consent_stamp_init(memory, CONSENT_KIND_HTML, &conf);
        out.len = 0;
        out.left = left;
        out.in = (const uint8_t *) page;
        out.n = sizeof(page) - 1;

        if (consent_transform_feed(&h->base, out.in, out.n, true, page_emit, &out) == CONSENT_OK) {
            break;
        }
    }

    /* the page, our meta, room, its end, the page, elements, the page, elements, the page */
    assert_in_range(left, 7, 9);

    free(out.data);
    free(memory);
}


/* A head may be long; what is held back, and what is read at all, may not. */
static void
bounds_are_where_they_are_said_to_be(void **state)
{
    static const struct {
        int                       line;
        const char               *before;
        const char               *filler;
        size_t                    n;
        const char               *after;
        consent_stamp_outcome_t   outcome;
    } rows[] = {
        { __LINE__, "<html><head><style>", "a{b:c}", 100000, "</style>{H}</head><body>{B}<p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><!--", "<body>", 150000, "-->{H}</head><body>{B}<p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>", "<link rel=x>", 5000, "{H}</head><body>{B}<p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>", "<meta name=x content=y>", 5000, "{H}</head><body>{B}<p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head><body data-x='", "0123456789", 30000, "'>{B}<p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head>{B}<div data-x='", "0123456789", 30000, "'><p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><link href='", "0123456789", 30000, "'>{H}</head><body>{B}<p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head>", "\n", 5000, "<body>{B}<p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head>", "<!-- -->", 1000, "<frameset>", CONSENT_STAMP_FRAMESET },
        { __LINE__, "<html><head></head>", "<!-- -->", 200, "<frameset>", CONSENT_STAMP_FRAMESET },
        { __LINE__, "<html><head>{H}</head><body>", "\n", 2000, "<a href=#x>y</a>{B}<p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head><body>{B}", "\n", 2040, "<a href=#x>y</a><p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head><body>{B}<a href=#x>", "y", 2040, "</a><p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head><body><script>", "y", 1990, "</script><a href=#x>y</a>{B}<p>",
          CONSENT_STAMP_SENT },
        { __LINE__, "<html><head>{H}</head><body>{B}<script>", "y", 2040, "</script><a href=#x>y</a><p>",
          CONSENT_STAMP_SENT },
        { __LINE__, "<html><head><style>", "a{b:c}", 175000, "</style></head><body><p>", CONSENT_STAMP_NO_PLACE },
        { __LINE__, "<html><head><style ", "x", 1050000, "></style></head><body><p>", CONSENT_STAMP_NO_PLACE },
        { __LINE__, "<html><head>{H}{B}<", "x", 1050000, "></head><body><p>", CONSENT_STAMP_SENT },
        { __LINE__, "<html>", " ", 1050000, "<body><p>", CONSENT_STAMP_NO_PLACE }
    };

    static const size_t  pieces[] = { 0, 1, 4096 };

    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    size_t                i, j;
    page_t                out;
    fixture_t            *f = *state;
    consent_buf_t         template, page, expected;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = conf_make(f);

    page_init(&out);

    for (i = 0; i < consent_countof(rows); i++) {
        consent_buf_init(&template, PAGE_ROOM);
        consent_buf_init(&page, PAGE_ROOM);
        consent_buf_init(&expected, PAGE_ROOM);
        consent_buf_str(&template, rows[i].before);

        for (j = 0; j < rows[i].n; j++) {
            consent_buf_str(&template, rows[i].filler);
        }

        consent_buf_add(&template, rows[i].after, strlen(rows[i].after) + 1);
        template_read(&page, &expected, (char *) template.data, &f->ai.in[0].utf8, false);

        for (j = 0; j < consent_countof(pieces); j++) {
            if (j == 1 && page.len > 200000) {
                continue;
            }

            h = page_stamp(&out, memory, &conf, consent_buf_view(&page), pieces[j], 0);

            if (h->outcome != rows[i].outcome || out.len != expected.len
                || memcmp(out.data, expected.data, out.len) != 0)
            {
                fail_msg("line %d, pieces of %zu: %s", rows[i].line, pieces[j], consent_stamp_outcome_name(h->outcome));
            }
        }

        consent_buf_free(&template);
        consent_buf_free(&page);
        consent_buf_free(&expected);
    }

    free(out.data);
    free(memory);
}


/* Ten times as much takes ten times as long, whatever it is: a square would take minutes. */
static void
time_is_linear_on_any_input(void **state)
{
    static const char *const  fillers[] = {
        "<", "</", "<!", "<!-", "<!--", "--", "-->", "<a ", "<meta ", "<link", "=\"", "'", "\"", "<script>", "</script",
        "<style><", "<title></titl", "<template>", "<svg>", "<!doctype ", "<meta name=ai-disclosure content=x>",
        "<link rel=\"x", "<meta content=\"ai-\" ", "</head>", "<html lang=\"", "<script><!--<script>", "x", " "
    };

    static const char *const  heads[] = { "<html><head>", "<html><head><script>", "<html><head><template>", "" };

    void                 *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    size_t                i, j, len, size = 1000000;
    page_t                out;
    clock_t               start;
    uint8_t              *in = malloc(size);
    consent_stamp_conf_t  conf = conf_make(*state);

    page_init(&out);
    start = clock();

    for (i = 0; i < consent_countof(fillers) * consent_countof(heads); i++) {
        len = strlen(heads[i % 4]);
        memcpy(in, heads[i % 4], len);

        for (j = len; j < size; j++) {
            in[j] = (uint8_t) fillers[i / 4][(j - len) % strlen(fillers[i / 4])];
        }

        page_stamp(&out, memory, &conf, consent_slice(in, size), i % 2 ? 0 : 1000, 0);
    }

    assert_true((double) (clock() - start) / CLOCKS_PER_SEC < 30);

    free(in);
    free(out.data);
    free(memory);
}


static void
every_outcome_has_a_name(void **state)
{
    int  i;

    (void) state;

    for (i = CONSENT_STAMP_PENDING; i <= CONSENT_STAMP_SIGNED; i++) {
        assert_string_not_equal(consent_stamp_outcome_name((consent_stamp_outcome_t) i), "unknown");
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_large_page_is_passed_on_and_not_copied),
        cmocka_unit_test(a_flush_is_not_held_up),
        cmocka_unit_test(a_promise_of_the_length_is_kept),
        cmocka_unit_test(an_error_of_emit_comes_out),
        cmocka_unit_test(bounds_are_where_they_are_said_to_be),
        cmocka_unit_test(time_is_linear_on_any_input),
        cmocka_unit_test(every_outcome_has_a_name),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
