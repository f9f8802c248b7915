/*
 * How values are written: what each format takes, and what it refuses.
 */

#include "policy.h"

#define LONG_ID  "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijkl"

typedef struct {
    const consent_format_t  *format;
    const char              *takes[24];
    const char              *refuses[32];
} format_case_t;

static const format_case_t  cases[] = {
    { &consent_format_id,
      { "a", "2026-11-22", "A.b_c-9", LONG_ID },
      { "", "a b", "å", "a/b", "a:b", "a\"", LONG_ID "m" } },

    { &consent_format_name,
      { "x", "Storgatan 1, 123 45 Exempel", " x ", "Åäö", "Ελληνικά" },
      { "", " ", "\t", "\xc2\xa0", "\xe2\x80\x8b", "a\nb", "a\x7f", "a\xc2\x85" "b", "a\xe2\x80\xae", "a\xe2\x81\xa6",
        "a\xe2\x80\xa8" "b", "\xef\xbb\xbf" "a" } },

    { &consent_format_language,
      { "sv", "SV", "fil", "en-GB", "sv-FI", "zh-Hant-TW", "sv-x-lattlast", "ca-valencia", "de-1996" },
      { "", "s", "svenska", "sv-", "-sv", "sv--FI", "sv_FI", "1sv", "sv-abcdefghi", "sv FI",
        "sv-aaaaaaaa-bbbbbbbb-cccccccc-dddddd" } },

    { &consent_format_country,
      { "SE", "FI", "AX", "DE", "ZW", "AD", "EU" },
      { "", "se", "S", "SWE", "XX", "UK", "E ", " D", "D " } },

    { &consent_format_url,
      { "https://a", "http://a.example/b?c=d#e", "https://[2001:db8::1]/", "https://a/%C3%A5" },
      { "", "https://", "http://", "ftp://a", "HTTPS://a", "//a", "a.example", "https:///a", "https://a b", "https://a\"",
        "https://a<", "https://å", "https://a\\b", "https://-a", "javascript:alert(1)", "https://a\n" } },

    { &consent_format_email,
      { "a@b", "a.b@c.d", "a+b@c-d.example", "o'neil@x.y" },
      { "", "@", "a@", "@b", "a", "a@b@c", ".a@b", "a.@b", "a..b@c", "a@.b", "a@b.", "a@b..c", "a b@c", "a@b c", "a@b_c",
        "\"a\"@b", "a@b\n", "å@b" } },

    { &consent_format_phone,
      { "112", "+46 8 000 00 00", "08-000 00 00", "(08) 000/00.00" },
      { "", "11", "+", "12+3", "08-ABC", "phone", "+46 8 000 00 00 ext 5", "123456789012345678901", "08\xe2\x80\x91" "100" } },

    { &consent_format_duration,
      { "P6M", "P1Y", "P1Y6M", "P2W", "P30D", "PT12H", "P1DT12H", "PT0S", "P100Y" },
      { "", "P", "PT", "6M", "P6", "P-6M", "P6m", "P1M1Y", "PT6", "P1.5M", "P101Y", "P6M ", "P99999999999999999999M" } },

    { &consent_format_date,
      { "2026-12-24", "2028-02-29" },
      { "", "2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "20261224", "2026-12-24Z", "2026-12-24T00:00:00Z",
        "24.12.2026" } },

    { &consent_format_clock,
      { "00:00", "08:30", "23:59", "24:00" },
      { "", "8:30", "24:01", "25:00", "12:60", "12.30", "12:3", "12:300", "ab:cd", "1 :00" } },

    { &consent_format_term,
      { "dpv:ServiceProvision", "pd:OfficialID", "dpv-pd:A_b-9", "https://example.com/terms#x" },
      { "", "dpv", "dpv:", ":a", "dpv:a:b", "dpv:a b", "1:a", "dpv:1", "dpv:-a", "dpv:å" } },

    { &consent_format_zone,
      { "Europe/Stockholm", "UTC", "Etc/GMT+2", "America/Argentina/Buenos_Aires" },
      { "", "/etc/passwd", "../a", "Europe/Stock holm", "Europe/../x", "+1" } },

    { &consent_format_media,
      { "image/*", "application/pdf", "application/vnd.a.b+json" },
      { "", "image", "image/", "/png", "*/*", "*", "image/*x", "image/p*", "a/b/c", "a/b; c=d", "a /b", "i*/png" } },

    { &consent_format_header,
      { "X-Personnummer", "x_user", "X-User-*", "Authorization", "From" },
      { "", "*", "c*", "C*", "X Y", "X:", "X-a*b", "å", "Consent-Level", "consent_level", "CONSENT-*", "Consent-x", "Host",
        "host", "Cookie", "Co*", "Content-Type", "content_length", "Transfer-Encoding", "T*", "TE", "Sec-GPC", "S*",
        "Upgrade" } },

    { &consent_format_cookie,
      { "pnr", "stat_*", "consent_id", "__Host-pnr", "x*" },
      { "", "*", "a b", "a=b", "a;b", "consent", "Consent", "cons*", "c*", "__Host-consent", "__host-CONSENT", "_*",
        "__Host-*", "å", "a,b", "a*b" } },

    { &consent_format_argument,
      { "pnr", "utm_*", "*", "a[b]", "user.email", "förnamn", "first name", "a=b" },
      { "", " a", "a ", "a*b", "**", "a\nb", "a\x7f" } },

    { &consent_format_json,
      { "$..pnr", "$.a", "$.a.b", "$['a b'].c", "$['it\\'s']", "$['\\\\']", "$[*]", "$.a[*].b", "$..a.b[*]", "$..åäö",
        "$._a1" },
      { "", "$", "a", ".a", "$.", "$..", "$...a", "$.a.", "$a", "$.1", "$[0]", "$['']", "$['a]", "$['a'", "$['a\\n']",
        "$[\"a\"]", "$[a]", "$.a b", "$.*", "$..*", "$..[*]", "$[?(@.a)]", "$[1:2]", "$.a-b", "$['a']x", "$[*", "@.a" } },

    { &consent_format_path,
      { "/", "/a", "/a/", "/a/*", "/a/*/b", "/a/**", "/**", "/å", "/a b", "/a.b" },
      { "", "a", "*", "/a*", "/*a", "/a/***", "/**/a", "//", "/a//b", "/./a", "/a/..", "/a?b", "/a#b", "/a%20b", "/a\n",
        "/a/x**" } },

    { &consent_format_regex,
      { "K-[0-9]{6}", "a|b", "(", "å" },
      { "", "a\nb", "a\tb", "a\x7f" } },
};


static void
each_format_takes_what_it_should_and_nothing_else(void **state)
{
    size_t       i, k;
    const char  *wrong;

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        for (k = 0; cases[i].takes[k] != NULL; k++) {
            wrong = cases[i].format->check(consent_cstr(cases[i].takes[k]));

            if (wrong != NULL) {
                fail_msg("%s: \"%s\" %s", cases[i].format->name, cases[i].takes[k], wrong);
            }
        }

        for (k = 0; cases[i].refuses[k] != NULL; k++) {
            if (cases[i].format->check(consent_cstr(cases[i].refuses[k])) == NULL) {
                fail_msg("%s takes \"%s\"", cases[i].format->name, cases[i].refuses[k]);
            }
        }
    }
}


/* A NUL in the middle, which a JSON string may hold, is no end. */
static void
a_nul_is_never_well_formed(void **state)
{
    size_t           i, k, len;
    uint8_t          text[256];

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        for (k = 0; cases[i].takes[k] != NULL; k++) {
            len = strlen(cases[i].takes[k]);
            assert_true(len < sizeof(text) - 1);

            memcpy(text, cases[i].takes[k], len);
            text[len] = '\0';
            assert_non_null(cases[i].format->check(consent_slice(text, len + 1)));

            memmove(text + 1, text, len);
            text[0] = '\0';
            assert_non_null(cases[i].format->check(consent_slice(text, len + 1)));
        }
    }
}


static void
empty_slices_without_data_are_refused(void **state)
{
    size_t  i;

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        assert_non_null(cases[i].format->check(consent_slice(NULL, 0)));
    }
}


static void
characters_are_counted_not_bytes(void **state)
{
    size_t  i;
    char    text[404];

    (void) state;

    for (i = 0; i < 201; i++) {
        memcpy(text + 2 * i, "å", 2);
    }

    assert_null(consent_format_name.check(consent_slice(text, 400)));
    assert_non_null(consent_format_name.check(consent_slice(text, 402)));
}


static void
clock_times_are_minutes(void **state)
{
    (void) state;

    assert_int_equal(consent_form_minutes(consent_lit("00:00")), 0);
    assert_int_equal(consent_form_minutes(consent_lit("08:05")), 485);
    assert_int_equal(consent_form_minutes(consent_lit("24:00")), 1440);
    assert_int_equal(consent_form_minutes(consent_lit("24:01")), -1);
    assert_int_equal(consent_form_minutes(consent_lit("x")), -1);
}


static void
what_was_meant_is_suggested(void **state)
{
    size_t       i;
    const char  *found;

    static const char *const  words[] = { "id", "title", "purpose", "data_type", "legal_basis", "recipients", NULL };

    static const char *const  pairs[][2] = {
        { "titel", "title" }, { "TITLE", "title" }, { "titles", "title" }, { "itle", "title" }, { "legalbasis", "legal_basis" },
        { "legal-basis", "legal_basis" }, { "recipient", "recipients" }, { "ids", "id" }, { "datatype", "data_type" },
        { "x", NULL }, { "", NULL }, { "colour", NULL }, { "porpoises", "purpose" },
        { "a_very_long_word_that_nobody_meant", NULL }
    };

    (void) state;

    for (i = 0; i < consent_countof(pairs); i++) {
        found = consent_form_suggest(consent_cstr(pairs[i][0]), words);

        if (pairs[i][1] == NULL) {
            assert_null(found);

        } else {
            assert_non_null(found);
            assert_string_equal(found, pairs[i][1]);
        }
    }
}


static void
values_in_messages_are_cut_and_harmless(void **state)
{
    size_t           i;
    char             text[600];
    consent_quote_t  quote;

    (void) state;

    quote = consent_quote(consent_lit("a\r\nb\x1b[0m\xff\xc2\x9b"));
    assert_string_equal(quote.text, "a??b?[0m??");

    for (i = 0; i < sizeof(text); i += 3) {
        memcpy(text + i, "\xe2\x82\xac", 3);
    }

    quote = consent_quote(consent_slice(text, sizeof(text)));
    assert_true(strlen(quote.text) < sizeof(quote.text));
    assert_int_equal(strlen(quote.text), 99 + 3);
    assert_memory_equal(quote.text + 99, "\xe2\x80\xa6", 4);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(each_format_takes_what_it_should_and_nothing_else),
        cmocka_unit_test(a_nul_is_never_well_formed),
        cmocka_unit_test(empty_slices_without_data_are_refused),
        cmocka_unit_test(characters_are_counted_not_bytes),
        cmocka_unit_test(clock_times_are_minutes),
        cmocka_unit_test(what_was_meant_is_suggested),
        cmocka_unit_test(values_in_messages_are_cut_and_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
