/*
 * UTF-8, percent-encoding, HTML text; and the words for return codes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/utf8.h"


static void
well_formed_text_is_valid(void **state)
{
    static const char  *rows[] = {
        "", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf",
        "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf", "sju sj\xc3\xb6sjuka sj\xc3\xb6m\xc3\xa4n",
        ("12345678\xe2\x82\xac" "12345678")
    };

    size_t  i;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (!consent_utf8_valid(consent_cstr(rows[i]))) {
            fail_msg("row %zu", i);
        }
    }

    assert_true(consent_utf8_valid(consent_slice("a\0b", 3)));
}


static void
ill_formed_text_is_not(void **state)
{
    static const char  *rows[] = {
        "\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xc2\xc2", "\xe0\x80\x80",
        "\xe0\x9f\xbf",
        "\xe2\x82", "\xe2\x82\x41", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf0\x8f\xbf\xbf",
        "\xf0\x9f\x98", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xf8\x88\x80\x80\x80", "\xfe", "\xff",
        "1234567\xe2\x82", "12345678\xff", "12345678abc\xa0"
    };

    size_t  i;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_utf8_valid(consent_cstr(rows[i]))) {
            fail_msg("row %zu", i);
        }
    }

    /* what would complete it is not looked at */
    assert_false(consent_utf8_valid(consent_slice("\xe2\x82\xac", 2)));
}


static void
every_code_point_is_decoded(void **state)
{
    uint8_t         s[4];
    uint32_t        c;
    const uint8_t  *p;

    (void) state;

    for (c = 0; c <= 0x10ffff; c++) {
        if (c >= 0xd800 && c <= 0xdfff) {
            continue;
        }

        if (c < 0x80) {
            s[0] = (uint8_t) c;
        } else if (c < 0x800) {
            s[0] = (uint8_t) (0xc0 | c >> 6);
            s[1] = (uint8_t) (0x80 | (c & 63));
        } else if (c < 0x10000) {
            s[0] = (uint8_t) (0xe0 | c >> 12);
            s[1] = (uint8_t) (0x80 | (c >> 6 & 63));
            s[2] = (uint8_t) (0x80 | (c & 63));
        } else {
            s[0] = (uint8_t) (0xf0 | c >> 18);
            s[1] = (uint8_t) (0x80 | (c >> 12 & 63));
            s[2] = (uint8_t) (0x80 | (c >> 6 & 63));
            s[3] = (uint8_t) (0x80 | (c & 63));
        }

        p = s;

        if (consent_utf8_next(&p, s + 4) != c || p - s != 1 + (c >= 0x80) + (c >= 0x800) + (c >= 0x10000)) {
            fail_msg("U+%04X", c);
        }
    }
}


static void
ill_formed_bytes_become_one_replacement_each(void **state)
{
    const uint8_t  *p, *end;

    (void) state;

    p = (const uint8_t *) "\xe2\x82" "a";
    end = p + 3;
    assert_int_equal(consent_utf8_next(&p, end), 0xfffd);
    assert_int_equal(consent_utf8_next(&p, end), 0xfffd);
    assert_int_equal(consent_utf8_next(&p, end), 'a');
    assert_ptr_equal(p, end);
}


static void
percent_decoding_keeps_what_is_no_escape(void **state)
{
    static const struct {
        const char  *in;
        const char  *plain;
        const char  *form;
    } rows[] = {
        { "a%20b", "a b", "a b" },
        { "a+b", "a+b", "a b" },
        { "%2B+", "++", "+ " },
        { "%C3%a5", "\xc3\xa5", "\xc3\xa5" },
        { "%", "%", "%" },
        { "%4", "%4", "%4" },
        { "%4g%zz%41", "%4g%zzA", "%4g%zzA" },
        { "%%41", "%A", "%A" },
        { "%2541", "%41", "%41" },
        { "%+1", "%+1", "% 1" },
        { "", "", "" },
    };

    size_t   i, n;
    uint8_t  out[32];

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        n = consent_percent_decode(out, consent_cstr(rows[i].in), false);
        assert_int_equal(n, strlen(rows[i].plain));
        assert_memory_equal(out, rows[i].plain, n);

        n = consent_percent_decode(out, consent_cstr(rows[i].in), true);
        assert_int_equal(n, strlen(rows[i].form));
        assert_memory_equal(out, rows[i].form, n);
    }

    /* digits behind the end of the slice are not read */
    assert_int_equal(consent_percent_decode(out, consent_slice("%41", 2), false), 2);
    assert_int_equal(consent_percent_decode(out, consent_slice("%00", 3), false), 1);
    assert_int_equal(out[0], 0);
}


static void
percent_encoding_leaves_unreserved_characters(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 1024);
    consent_percent_encode(&b, consent_lit("AZaz09-._~ !/?&=%+\xc3\xa5\x00\r\n\"<"));
    assert_int_equal(b.len, strlen("AZaz09-._~%20%21%2F%3F%26%3D%25%2B%C3%A5%00%0D%0A%22%3C"));
    assert_memory_equal(b.data, "AZaz09-._~%20%21%2F%3F%26%3D%25%2B%C3%A5%00%0D%0A%22%3C", b.len);
    consent_buf_free(&b);
}


static void
html_text_cannot_become_markup(void **state)
{
    static const struct {
        const char  *in;
        const char  *out;
    } rows[] = {
        { "<a href=\"x\" title='y'>&amp;", "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;" },
        { "plain sj\xc3\xb6 \xf0\x9f\x98\x80", "plain sj\xc3\xb6 \xf0\x9f\x98\x80" },
        { "a\tb\nc\rd", "a\tb\nc\rd" },
        { "a\x01\x1f\x7fz", "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbdz" },
        { "\xc2\x80\xc2\x9f\xc2\xa0", "\xef\xbf\xbd\xef\xbf\xbd\xc2\xa0" },
        { "\xff<\xe2\x82", "\xef\xbf\xbd&lt;\xef\xbf\xbd\xef\xbf\xbd" },
        { "\xef\xbf\xbd", "\xef\xbf\xbd" },
        { "", "" },
    };

    size_t         i;
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 1024);

    for (i = 0; i < consent_countof(rows); i++) {
        consent_html_escape(&b, consent_cstr(rows[i].in));
        assert_int_equal(b.len, strlen(rows[i].out));
        assert_memory_equal(b.data, rows[i].out, b.len);
        b.len = 0;
    }

    consent_html_escape(&b, consent_slice("\0", 1));
    assert_memory_equal(b.data, "\xef\xbf\xbd", 3);
    consent_buf_free(&b);
}


static void
every_return_code_has_a_word_of_its_own(void **state)
{
    int  a, b;

    (void) state;

    for (a = CONSENT_OK; a <= CONSENT_BUSY; a++) {
        assert_string_not_equal(consent_rc_name((consent_rc_t) a), "unknown");

        for (b = CONSENT_OK; b < a; b++) {
            assert_string_not_equal(consent_rc_name((consent_rc_t) a), consent_rc_name((consent_rc_t) b));
        }
    }

    assert_string_equal(consent_rc_name((consent_rc_t) (CONSENT_BUSY + 1)), "unknown");
}


static void
what_is_put_is_what_is_read(void **state)
{
    size_t          n;
    uint8_t         out[8];
    uint32_t        c;
    const uint8_t  *p;

    static const struct {
        uint32_t     c;
        const char  *bytes;
    } rows[] = {
        { 0x7f, "\x7f" }, { 0x80, "\xc2\x80" }, { 0x7ff, "\xdf\xbf" }, { 0x800, "\xe0\xa0\x80" }, { 0xffff, "\xef\xbf\xbf" },
        { 0x10000, "\xf0\x90\x80\x80" }, { 0x10ffff, "\xf4\x8f\xbf\xbf" }, { 0xd800, "\xed\xa0\x80" }
    };

    (void) state;

    for (n = 0; n < consent_countof(rows); n++) {
        memset(out, 'x', sizeof(out));
        assert_int_equal(consent_utf8_put(out, rows[n].c), strlen(rows[n].bytes));
        assert_memory_equal(out, rows[n].bytes, strlen(rows[n].bytes));
        assert_int_equal(out[strlen(rows[n].bytes)], 'x');
    }

    for (c = 0; c <= 0x10ffff; c++) {
        if (c >= 0xd800 && c <= 0xdfff) {
            continue;
        }

        n = consent_utf8_put(out, c);
        p = out;
        assert_int_equal(consent_utf8_next(&p, out + n), c);
        assert_ptr_equal(p, out + n);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(well_formed_text_is_valid),
        cmocka_unit_test(ill_formed_text_is_not),
        cmocka_unit_test(every_code_point_is_decoded),
        cmocka_unit_test(what_is_put_is_what_is_read),
        cmocka_unit_test(ill_formed_bytes_become_one_replacement_each),
        cmocka_unit_test(percent_decoding_keeps_what_is_no_escape),
        cmocka_unit_test(percent_encoding_leaves_unreserved_characters),
        cmocka_unit_test(html_text_cannot_become_markup),
        cmocka_unit_test(every_return_code_has_a_word_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
