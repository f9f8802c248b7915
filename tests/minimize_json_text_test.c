/*
 * Personal data in strings, names and numbers of JSON, and documents in strings.
 */

#include "minimize_json.h"

#define P  "[personnummer 1]"


static void
text_in_strings_names_and_numbers_is_masked(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "\"19800101-1231\"", "\"" P "\"" },
        { __LINE__, "{\"a\":\"mitt nummer \xc3\xa4r 19800101-1231, tack\"}", "{\"a\":\"mitt nummer \xc3\xa4r " P ", tack\"}" },
        { __LINE__, "[\"a\\n19800101-1231\\n\\u00e5\"]", "[\"a\\n" P "\\n\\u00e5\"]" },
        { __LINE__, "[\"\\u0031980\\u00301\\u00301\\u002d1231\\\"\"]", "[\"" P "\\\"\"]" },
        { __LINE__, "{\"19800101-1231\":1,\"b\":2}", "{\"" P "\":1,\"b\":2}" },
        { __LINE__, "{\"b\":2 , \"x \\u0031980010112\\u00331\":1}", "{\"b\":2 , \"x " P "\":1}" },
        { __LINE__, "198001011231", "\"" P "\"" },
        { __LINE__, "[1, 198001011231 ,198001011239]", "[1, \"" P "\" ,198001011239]" },
        { __LINE__, "{\"a\":1.98001011231e11,\"b\":198001011231.000,\"c\":1980010112310e-1,\"d\":1.5}",
          "{\"a\":\"" P "\",\"b\":\"" P "\",\"c\":\"" P "\",\"d\":1.5}" },
        { __LINE__, "[\"\xc3\xa5\\/\\t\",\"x\\\\y\",\"\\ud83d\\ude00 1234567\"]",
          "[\"\xc3\xa5\\/\\t\",\"x\\\\y\",\"\\ud83d\\ude00 1234567\"]" },
        { __LINE__, "{\"a\":\"19800101-1231\",\"pnr\":\"19800101-1231\",\"c\":\"19800101-1231\"}",
          "{\"a\":\"" P "\",\"c\":\"" P "\"}" },
        { __LINE__, "\"[19800101 -1231, or [800101-1231]\"", "\"[" P ", or [" P "]\"" },
        { __LINE__, "\"{800101-1231}\"", "\"{" P "}\"" }
    };

    (void) state;
    CHECK(rows, .masks = true);
}


static void
nothing_is_masked_where_it_passes(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "[\"19800101-1231\",198001011231,{\"19800101-1231\":1}]",
          "[\"19800101-1231\",198001011231,{\"19800101-1231\":1}]" },
        { __LINE__, "[\"{\\\"a\\\":198001011231}\"]", "[\"{\\\"a\\\":198001011231}\"]" }
    };

    (void) state;
    CHECK(rows, .masks = true, .granted = ALL);
    CHECK(rows, .granted = 0);
}


static void
a_document_in_a_string_is_one(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "\"{\\\"pnr\\\":1}\"", "\"{}\"" },
        { __LINE__, "{\"arguments\":\"{\\\"pnr\\\":\\\"1\\\",\\\"b\\\":2}\"}", "{\"arguments\":\"{\\\"b\\\":2}\"}" },
        { __LINE__, "{\"arguments\":\"{\\\"b\\\":2 , \\\"pnr\\\":\\\"1\\\"}\",\"c\":3}",
          "{\"arguments\":\"{\\\"b\\\":2 }\",\"c\":3}" },
        { __LINE__, "{\"x\":\"{\\u0022\\u0070nr\\u0022:\\u00221\\u0022,\\u0022b\\u0022:\\u0022\\/\\u0022}\"}",
          "{\"x\":\"{\\u0022b\\u0022:\\u0022\\/\\u0022}\"}" },
        { __LINE__, "[\" \\n\\t[{\\\"a\\\":{\\\"pnr\\\":[]}}] \"]", "[\" \\n\\t[{\\\"a\\\":{}}] \"]" },
        { __LINE__, "[\"\\u007b\\\"pnr\\\":1}\",\"\\ufeff{\\\"pnr\\\":1}\"]", "[\"\\u007b}\",\"\\ufeff{}\"]" },
        { __LINE__, "[\"{\\\"\\\\u0070nr\\\":1,\\\"P\\\\u006er\\\":2,\\\"c\\\":3}\"]", "[\"{\\\"c\\\":3}\"]" },
        /* as its own document, and as what stands there */
        { __LINE__, "{\"z\":\"{\\\"applicant\\\":{\\\"id\\\":1,\\\"x\\\":2}}\"}",
          "{\"z\":\"{\\\"applicant\\\":{\\\"x\\\":2}}\"}" },
        { __LINE__, "{\"applicant\":\"{\\\"id\\\":1,\\\"x\\\":2}\"}", "{\"applicant\":\"{\\\"x\\\":2}\"}" },
        /* encoded twice, nested twice */
        { __LINE__, "[\"\\\"{\\\\\\\"pnr\\\\\\\":1}\\\"\"]", "[\"\\\"{}\\\"\"]" },
        { __LINE__, "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"pnr\\\\\\\":1,\\\\\\\"q\\\\\\\":2}\\\",\\\"pnr\\\":3}\"}",
          "{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"q\\\\\\\":2}\\\"}\"}" },
        /* several */
        { __LINE__, "[\"{\\\"pnr\\\":1}\\n{\\\"pnr\\\":2}{\\\"a\\\":3}\"]", "[\"{}\\n{}{\\\"a\\\":3}\"]" },
        /* none */
        { __LINE__, "[\"[text] {x\",\"{pnr: 1}\",\"[\",\"{\",\"\\\"Hej\\\" sa hon\",\"\\\\\",\"\\n\"]",
          "[\"[text] {x\",\"{pnr: 1}\",\"[\",\"{\",\"\\\"Hej\\\" sa hon\",\"\\\\\",\"\\n\"]" },
        { __LINE__, "[\"[1,2,\\\"a\\\"\",\"{\\\"a\\\":1,}\",\"{\\\"a\\\":tru}\",\"{\\\"a\\\\q\\\":1}\"]",
          "[\"[1,2,\\\"a\\\"\",\"{\\\"a\\\":1,}\",\"{\\\"a\\\":tru}\",\"{\\\"a\\\\q\\\":1}\"]" },
        /* none any more, where something was taken out already: the rest of that goes too */
        { __LINE__, "[\"{\\\"a\\\":1,\\\"pnr\\\":x1980}\",2]", "[\"{\\\"a\\\":1\",2]" },
        { __LINE__, "[\"{\\\"pnr\\\":\\\"1980\",2]", "[\"{\",2]" },
        { __LINE__, "[\"{\\\"pnr\\\":1,\\\"a\\\":tru}\"]", "[\"{\\\"a\\\":tru}\"]" },
        { __LINE__, "[\"{\\\"pnr\\\":1, ...}\"]", "[\"{ ...}\"]" },
        /* nor is what was none made one by taking something out */
        { __LINE__, "[\"{\\\"pnr\\\":1\\\"pnr\\\":2}\",3]", "[\"{\",3]" },
        { __LINE__, "[\"{\\\"pnr\\\":1 \\\"a\\\":2,\\\"pnr\\\":3}\"]", "[\"{ \"]" },
        { __LINE__, "[\"{\\\"pnr\\\":1,\\\"PNR\\\":[2]\\\"pnr\\\":3}\"]", "[\"{\"]" },
        { __LINE__, "[\"{\\\"b\\\":{\\\"pnr\\\":{}\\\"pnr\\\":2}}\"]", "[\"{\\\"b\\\":{\"]" }
    };

    (void) state;
    CHECK(rows, .granted = 0);
    CHECK(rows, .masks = true);
}


static void
what_is_in_a_document_in_a_string_is_masked(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "[\"{\\\"a\\\":\\\"19800101-1231\\\"}\"]", "[\"{\\\"a\\\":\\\"" P "\\\"}\"]" },
        { __LINE__, "[\"{\\\"a\\\":\\\"19800101\\\\u002d1231\\\",\\\"b\\\":\\\"\\\\n\\\"}\"]",
          "[\"{\\\"a\\\":\\\"" P "\\\",\\\"b\\\":\\\"\\\\n\\\"}\"]" },
        { __LINE__, "[\"{\\\"a\\\":198001011231,\\\"19800101-1231\\\":2}\"]",
          "[\"{\\\"a\\\":\\\"" P "\\\",\\\"" P "\\\":2}\"]" },
        { __LINE__, "[\"{\\\"a\\\":\\\"{\\\\\\\"b\\\\\\\":198001011231}\\\"}\"]",
          "[\"{\\\"a\\\":\\\"{\\\\\\\"b\\\\\\\":\\\\\\\"" P "\\\\\\\"}\\\"}\"]" },
        { __LINE__, "[\"[1] och 19800101-1231\",\"[\\\"a\\\"] 19800101-1231 [\\\"\"]", "[\"[1] och " P "\",\"[\\\"a\\\"] " P
          " [\\\"\"]" },
        { __LINE__, "[\"[\\\"a\\n 19800101-1231\"]", "[\"[\\\"a\\n " P "\"]" },
        { __LINE__, "[\"{\\\"pnr\\\":1,\\\"a\\\":\\\"19800101-1231\\\",\\\"pnr\\\":2}\"]", "[\"{\\\"a\\\":\\\"" P "\\\"}\"]" }
    };

    (void) state;
    CHECK(rows, .masks = true);
}


/* A text as a string, n times over; to be freed. */
static char *
quoted(const char *text, int n)
{
    char        *in, *out, *w;
    const char  *p;

    in = strdup(text);

    for ( /* void */ ; n > 0; n--) {
        w = out = malloc(2 * strlen(in) + 3);
        *w++ = '"';

        for (p = in; *p != '\0'; p++) {
            if (*p == '"' || *p == '\\' || *p == '\n') {
                *w++ = '\\';
            }

            *w++ = (char) (*p == '\n' ? 'n' : *p);
        }

        *w++ = '"';
        *w = '\0';
        free(in);
        in = out;
    }

    return in;
}


static void
what_is_nested_deeper_than_is_looked_at_is_refused(void **state)
{
    size_t     i;
    char      *in;
    result_t   r;

    static const struct {
        const char  *what;
        int          strings;
        bool         passes;
    } rows[] = {
        { "{}", 4, true }, { "[]", 4, true }, { "\"a\"", 4, true }, { "x{}\n", 5, true }, { "", 5, true }, { " \n", 5, true },
        { "{}", 5, false }, { "[]", 5, false }, { "\"a\"", 5, false }, { " \n{}", 5, false }, { "{}", 6, false },
        { "{}", 9, false }, { "\"", 5, false }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        in = quoted(rows[i].what, rows[i].strings);
        run_all(&r, (const uint8_t *) in, strlen(in), &(how_t) { .masks = true }, (int) i);

        if (r.doubt != (rows[i].passes ? CONSENT_DOUBT_NONE : CONSENT_DOUBT_DEPTH)
            || (rows[i].passes && (r.len != strlen(in) || memcmp(r.out, in, r.len) != 0)))
        {
            fail_msg("\"%s\" in %d strings: doubt %d", rows[i].what, rows[i].strings, (int) r.doubt);
        }

        free(r.out);
        free(in);
    }
}


/* At any of these depths a member goes and what is beside it stays. */
static void
members_go_at_every_depth_that_is_read(void **state)
{
    int        strings;
    char      *in, *out;
    result_t   r;

    (void) state;

    for (strings = 0; strings <= 4; strings++) {
        in = quoted("{\"a\":\"x\",\"pnr\":\"1\",\"b\":\"19800101-1231\"}", strings);
        out = quoted("{\"a\":\"x\",\"b\":\"" P "\"}", strings);

        run_all(&r, (const uint8_t *) in, strlen(in), &(how_t) { .masks = true }, strings);
        assert_int_equal(r.rc, CONSENT_OK);
        assert_int_equal(r.len, strlen(out));
        assert_memory_equal(r.out, out, r.len);

        free(r.out);
        free(in);
        free(out);
    }
}


/* Levels of objects and levels of documents share one depth. */
static void
depth_counts_through_strings(void **state)
{
    size_t    n, inside;
    char      in[4000];
    result_t  r;

    (void) state;

    for (inside = 10; inside < 14; inside++) {
        n = 0;
        memset(in, '[', 500);
        n = 500;
        in[n++] = '"';
        memset(in + n, '[', inside);
        n += inside;
        memset(in + n, ']', inside);
        n += inside;
        in[n++] = '"';
        memset(in + n, ']', 500);
        n += 500;

        run_all(&r, (const uint8_t *) in, n, &(how_t) { .granted = 0 }, (int) inside);
        assert_int_equal(r.doubt, inside <= 12 ? CONSENT_DOUBT_NONE : CONSENT_DOUBT_DEPTH);
        free(r.out);
    }
}


static void
long_texts_keep_their_spelling(void **state)
{
    size_t     i, k, n, m;
    char      *in, *out;
    result_t   r;

    static const char *const  parts[] = {
        "Hej p\\u00e5 dig, ", "\xc3\xa5\xc3\xa4\xc3\xb6 \\\"citat\\\" \\\\ \\n\\t", "ingenting att se h\xc3\xa4r ",
        "kontonummer 123456 och 20240101 ", "\\ud83d\\ude00 ", "19800101-1231 ", "\\u0031980\\u00301\\u00301\\u002d1231 "
    };
    static const char *const  become[] = {
        NULL, NULL, NULL, NULL, NULL, P " ", P " "
    };

    (void) state;
    in = malloc(200000);
    out = malloc(200000);
    n = (size_t) sprintf(in, "{\"messages\":[{\"content\":\"");
    m = (size_t) sprintf(out, "%s", in);

    for (i = 0; i < 3000; i++) {
        k = i * 5 % 7;
        n += (size_t) sprintf(in + n, "%s", parts[k]);
        m += (size_t) sprintf(out + m, "%s", become[k] != NULL ? become[k] : parts[k]);
    }

    n += (size_t) sprintf(in + n, "\"}]}");
    m += (size_t) sprintf(out + m, "\"}]}");

    run_all(&r, (const uint8_t *) in, n, &(how_t) { .masks = true }, __LINE__);
    assert_int_equal(r.rc, CONSENT_OK);
    assert_int_equal(r.len, m);
    assert_memory_equal(r.out, out, m);

    free(r.out);
    free(in);
    free(out);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(text_in_strings_names_and_numbers_is_masked),
        cmocka_unit_test(nothing_is_masked_where_it_passes),
        cmocka_unit_test(a_document_in_a_string_is_one),
        cmocka_unit_test(what_is_in_a_document_in_a_string_is_masked),
        cmocka_unit_test(what_is_nested_deeper_than_is_looked_at_is_refused),
        cmocka_unit_test(members_go_at_every_depth_that_is_read),
        cmocka_unit_test(depth_counts_through_strings),
        cmocka_unit_test(long_texts_keep_their_spelling)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
