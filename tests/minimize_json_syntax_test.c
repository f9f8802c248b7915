/*
 * What is JSON and what is not, to the letter: the same verdict as the strict parser's, in pieces of any size; other
 * charsets, depth, lines and sequences.
 */

#include "minimize_json.h"


static void
valid_json_passes_as_it_came(void **state)
{
    size_t        i;
    result_t      r;

    static const char *const  rows[] = {
        "null", "true", "false", " true\n", "0", "-0", "1", "-1", "10", "1.5", "0.0", "1e5", "1E+5", "1e-5", "-0.10e00",
        "123456789012345678901234567890123456789012345678901234567890", "\"\"", "\"a\"", "[]", "{}", " [ ] ", " { } ",
        "[1,2,3]", "[[],{},[[]]]", "{\"\":\"\"}", "{\"a\":{\"b\":[true,false,null]}}",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\uFFFF\\uabcd\"", "\"\xc3\xa5\xe2\x82\xac\xf0\x9f\x98\x80\"", "\"\x7f\"",
        "\"\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"",
        "\"\\ud83d\\ude00\"", "\t[\r\n1\t,\n2\r]\n", "\xef\xbb\xbf{\"a\":1}", "\xef\xbb\xbf 1 "
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        run_all(&r, (const uint8_t *) rows[i], strlen(rows[i]), &(how_t) { .masks = i & 1 }, (int) i);

        if (r.rc != CONSENT_OK || r.len != strlen(rows[i]) || memcmp(r.out, rows[i], r.len) != 0) {
            fail_msg("%s: %s", rows[i], consent_rc_name(r.rc));
        }

        free(r.out);
    }
}


static void
what_is_no_json_is_refused(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "", NULL }, { __LINE__, "  ", NULL }, { __LINE__, "\xef\xbb\xbf", NULL },
        { __LINE__, "\xef\xbb{}", NULL }, { __LINE__, " \xef\xbb\xbf{}", NULL },
        { __LINE__, "\xef\xbb\xbf\xef\xbb\xbf{}", NULL },
        { __LINE__, "tru", NULL }, { __LINE__, "truf", NULL }, { __LINE__, "True", NULL }, { __LINE__, "nul", NULL },
        { __LINE__, "NaN", NULL }, { __LINE__, "Infinity", NULL }, { __LINE__, "undefined", NULL },
        { __LINE__, "-", NULL }, { __LINE__, "+1", NULL }, { __LINE__, "01", NULL }, { __LINE__, "-01", NULL },
        { __LINE__, "1.", NULL }, { __LINE__, ".5", NULL }, { __LINE__, "1e", NULL }, { __LINE__, "1e+", NULL },
        { __LINE__, "1.e5", NULL }, { __LINE__, "1.5.5", NULL }, { __LINE__, "1e5e5", NULL }, { __LINE__, "0x10", NULL },
        { __LINE__, "1_0", NULL }, { __LINE__, "--1", NULL }, { __LINE__, "1-", NULL }, { __LINE__, "1e5.5", NULL },
        { __LINE__, "\"", NULL }, { __LINE__, "\"a", NULL }, { __LINE__, "\"\\\"", NULL }, { __LINE__, "'a'", NULL },
        { __LINE__, "\"\\x41\"", NULL }, { __LINE__, "\"\\u12g4\"", NULL }, { __LINE__, "\"\\u123\"", NULL },
        { __LINE__, "\"\\U1234\"", NULL }, { __LINE__, "\"\n\"", NULL }, { __LINE__, "\"\t\"", NULL },
        { __LINE__, "\"aaaaaaaaaaaaaaaaaaaaaaaaaaa\x1f\"", NULL }, { __LINE__, "\"\x01\"", NULL },
        { __LINE__, "\"\x80\"", NULL }, { __LINE__, "\"\xc0\xaf\"", NULL }, { __LINE__, "\"\xc1\x81\"", NULL },
        { __LINE__, "\"\xe0\x9f\xbf\"", NULL }, { __LINE__, "\"\xed\xa0\x80\"", NULL },
        { __LINE__, "\"\xf0\x8f\xbf\xbf\"", NULL }, { __LINE__, "\"\xf4\x90\x80\x80\"", NULL },
        { __LINE__, "\"\xf5\x80\x80\x80\"", NULL }, { __LINE__, "\"aaaa\xc3\"", NULL }, { __LINE__, "\"\xe2\x82\"", NULL },
        { __LINE__, "\"\xe2\x28\xa1\"", NULL }, { __LINE__, "\"\xf0\x9f\x98\"", NULL }, { __LINE__, "\"a\xffz\"", NULL },
        { __LINE__, "[", NULL }, { __LINE__, "]", NULL }, { __LINE__, "[1", NULL }, { __LINE__, "[1,", NULL },
        { __LINE__, "[1,]", NULL }, { __LINE__, "[,1]", NULL }, { __LINE__, "[1 2]", NULL }, { __LINE__, "[1}", NULL },
        { __LINE__, "[1,,2]", NULL }, { __LINE__, "{", NULL }, { __LINE__, "{\"a\"", NULL }, { __LINE__, "{\"a\":", NULL },
        { __LINE__, "{\"a\":1", NULL }, { __LINE__, "{\"a\":1,", NULL }, { __LINE__, "{\"a\":1,}", NULL },
        { __LINE__, "{\"a\" 1}", NULL }, { __LINE__, "{\"a\",1}", NULL }, { __LINE__, "{a:1}", NULL },
        { __LINE__, "{1:1}", NULL }, { __LINE__, "{'a':1}", NULL }, { __LINE__, "{\"a\":1]", NULL },
        { __LINE__, "{\"a\":1 \"b\":2}", NULL }, { __LINE__, "{\"a\":1,,\"b\":2}", NULL }, { __LINE__, "{,}", NULL },
        { __LINE__, "{\"a\":}", NULL }, { __LINE__, "{\"a\"::1}", NULL }, { __LINE__, "{\"a\\q\":1}", NULL },
        { __LINE__, "1 2", NULL }, { __LINE__, "{}{}", NULL }, { __LINE__, "[]x", NULL }, { __LINE__, "\"a\"\"b\"", NULL },
        { __LINE__, "{}\x0b", NULL }, { __LINE__, "{}\xc2\xa0", NULL }, { __LINE__, "/**/1", NULL },
        { __LINE__, "1//x", NULL }, { __LINE__, "{\"pnr\":01}", NULL }, { __LINE__, "{\"pnr\":[1,]}", NULL },
        { __LINE__, "{\"pnr\":\"\xc0\x80\"}", NULL }, { __LINE__, "{\"pnr\":1", NULL }, { __LINE__, "{\"pnr\":1,}", NULL },
        { __LINE__, "{\"a\":1,\"pnr\":1,}", NULL }, { __LINE__, "{\"pnr\"}", NULL }, { __LINE__, "{}\n{}", NULL }
    };

    (void) state;
    CHECK(rows, .granted = 0);
    CHECK(rows, .masks = true);
}


/* A number generator of its own, so that a failure can be repeated. */
static uint32_t
dice(uint32_t *seed, uint32_t n)
{
    *seed = *seed * 1664525U + 1013904223U;

    return (*seed >> 8) % n;
}


static void
the_strict_parser_agrees(void **state)
{
    size_t                  i, len, k;
    uint32_t                seed;
    result_t                r;
    consent_rc_t            rc;
    consent_json_t         *root;
    consent_arena_t        *arena;
    consent_json_error_t    err;
    char                    in[512];

    static const char *const  parts[] = {
        "{", "}", "[", "]", ",", ":", "\"", "\"a\"", "\"b\":", "\"c\":1", "1", "-", "0", ".", "e", "true", "null", "fals",
        " ", "\n", "\\", "\\n", "\\u00e5", "\xc3\xa5", "\xc3", "\xe2\x82\xac", "[]", "{}", ",\"d\":", "\x01"
    };
    static const char *const  whole[] = {
        "{\"a\":[1,2.5e3,{\"b\":\"x\\ny\"}],\"c\":null}", "[true,false,\"\xc3\xa5\xf0\x9f\x98\x80\",{\"z\":[[]]}]",
        "{\"n\":-0.5,\"s\":\"aaaaaaaaaaaaaaaaaaaaaaaa\\u1234aaaaaaaaaaaaaaaaaaaaa\",\"o\":{}}"
    };

    (void) state;
    seed = 7;

    for (i = 0; i < 20000; i++) {
        in[0] = '\0';

        if (i & 1) {
            for (k = dice(&seed, 12) + 1; k > 0; k--) {
                strcat(in, parts[dice(&seed, consent_countof(parts))]);
            }

        } else {
            strcpy(in, whole[dice(&seed, consent_countof(whole))]);
            len = strlen(in);
            k = dice(&seed, (uint32_t) len);
            in[k] = i & 2 ? (char) dice(&seed, 256) : "{}[],:\"\\ 0tn"[dice(&seed, 12)];
        }

        len = strlen(in);
        arena = consent_arena_create(1 << 20);
        rc = consent_json_parse(&root, arena, consent_slice(in, len), 512, &err);
        run(&r, (const uint8_t *) in, len, dice(&seed, 4), &(how_t) { .masks = i & 4, .plain = i & 8 });

        /* it takes no name twice and no lone surrogate, which pass here */
        if (rc != r.rc && strstr(err.what, "second time") == NULL && strstr(err.what, "surrogate") == NULL) {
            fail_msg("%s: %s, not %s (%s)", in, consent_rc_name(r.rc), consent_rc_name(rc), err.what);
        }

        if (r.rc == CONSENT_OK) {
            assert_int_equal(r.len, len);
            assert_memory_equal(r.out, in, len);
        }

        consent_arena_destroy(arena);
        free(r.out);
    }
}


/* A value, with white space of all kinds, names of the policy's and others, and values of every length. */
static size_t
make_value(char *out, uint32_t *seed, int depth)
{
    size_t  n, k;
    char    close;

    static const char *const  names[] = { "pnr", "id", "applicant", "name", "a", "list", "ssn", "x", "averyveryverylongname",
                                          "\\u0070nr", "n\xc3\xa5gon", "email", "drop", "y", "PNR", "zip " };
    static const char *const  values[] = { "1", "-0.5", "123456789012345678901234567890", "true", "false", "null", "\"\"",
                                           "\"short\"", "\"a string that is longer than sixteen\"", "\"\xc3\xa5\xc3\xa4\"",
                                           "\"esc\\n\\u00e5\"", "\"19800101-1231\"", "198001011231", "1e5", "\"[1]\"",
                                           "\"{\\\"pnr\\\":1}\"", "\"2026-11-01T08:00:00Z\"", "\"a@b.se\"", "0" };
    static const char *const  spaces[] = { "", "", "", "", " ", "\n  ", "\t", "\r\n                              " };

    if (depth == 0 || dice(seed, 3) == 0) {
        return (size_t) sprintf(out, "%s", values[dice(seed, consent_countof(values))]);
    }

    close = dice(seed, 3) == 0 ? ']' : '}';
    n = (size_t) sprintf(out, "%c%s", close == ']' ? '[' : '{', spaces[dice(seed, 8)]);

    for (k = dice(seed, 7); k > 0; k--) {

        if (close == '}') {
            n += (size_t) sprintf(out + n, "\"%s\"%s:", names[dice(seed, consent_countof(names))], spaces[dice(seed, 5)]);
        }

        n += (size_t) sprintf(out + n, "%s", spaces[dice(seed, 8)]);
        n += make_value(out + n, seed, depth - 1);
        n += (size_t) sprintf(out + n, "%s", spaces[dice(seed, 8)]);
        n += (size_t) sprintf(out + n, "%s%s", k > 1 ? "," : "", spaces[dice(seed, 8)]);
    }

    return n + (size_t) sprintf(out + n, "%c", close);
}


/* What is read sixteen bytes at a time comes out as what is read one by one, faults included. */
static void
long_documents_make_no_difference(void **state)
{
    int        i, k;
    char      *in;
    size_t     n, kept;
    how_t      how, other;
    result_t   r, again;
    uint32_t   seed;

    static const size_t  pieces[] = { 1, 3, 64, 257, 700 };

    (void) state;
    in = malloc(1 << 20);
    seed = 11;
    kept = 0;

    for (i = 0; i < 600; i++) {

        do {
            n = make_value(in, &seed, 5);
        } while (n < 400 || n > 20000);

        if (i % 4 == 3) {
            in[dice(&seed, (uint32_t) n)] = "{}[],:\"\\ 0tn\x01\xff"[dice(&seed, 14)];
        }

        memset(&how, 0, sizeof(how));
        how.masks = i & 1;
        how.granted = i & 2 ? BIT(CONTACT) : 0;
        how.remove = i % 5 == 0;
        other = how;
        other.plain = true;

        run(&r, (uint8_t *) in, n, 0, &how);
        kept += r.rc == CONSENT_OK;

        for (k = 0; k < 6; k++) {
            run(&again, (uint8_t *) in, n, k == 5 ? 0 : pieces[k], k & 1 ? &other : &how);

            if (again.rc != r.rc || again.doubt != r.doubt || (r.rc == CONSENT_OK
                && (again.len != r.len || memcmp(again.out, r.out, r.len) != 0
                    || memcmp(&again.found, &r.found, sizeof(r.found)) != 0)))
            {
                fail_msg("document %d, pieces %d: %.*s", i, k, (int) n, in);
            }

            free(again.out);
        }

        free(r.out);
    }

    assert_true(kept > 400 && kept < 600);
    free(in);
}


static void
other_charsets_are_refused(void **state)
{
    size_t    i;
    result_t  r;

    static const struct {
        const char  *in;
        size_t       len;
    } rows[] = {
        { "\xff\xfe{\0}\0", 6 }, { "\xfe\xff\0{\0}", 6 }, { "{\0}\0", 4 }, { "\0{\0}", 4 }, { "[\0\xe5\0]\0", 6 },
        { "\xff\xfe\0\0{\0\0\0", 8 }, { "\0\0\xfe\xff\0\0\0{", 8 }, { "{\0\0\0}\0\0\0", 8 }, { "\0\0\0{\0\0\0}", 8 },
        { "\"\0a\0\"\0", 6 }, { "1\0" "2\0", 4 }, { "t\0r\0", 4 }, { "-\0" "1\0", 4 }, { " \0{\0}\0", 6 }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        run_all(&r, (const uint8_t *) rows[i].in, rows[i].len, &(how_t) { .masks = i & 1 }, (int) i);
        assert_int_equal(r.doubt, CONSENT_DOUBT_CHARSET);
        free(r.out);
    }
}


static void
depth_has_an_end(void **state)
{
    size_t    i, n;
    char      in[2000];
    result_t  r;

    (void) state;

    for (n = 511; n < 515; n++) {
        for (i = 0; i < 2; i++) {
            memset(in, '[', n);
            memset(in + n, ']', n);

            if (i == 1) {
                memcpy(in + n - 1, "{}", 2);
            }

            run_all(&r, (const uint8_t *) in, 2 * n, &(how_t) { .masks = true }, (int) n);
            assert_int_equal(r.doubt, n <= 512 ? CONSENT_DOUBT_NONE : CONSENT_DOUBT_DEPTH);
            free(r.out);
        }
    }
}


static void
each_line_is_a_document(void **state)
{
    static const row_t  rows[] = {
        { __LINE__, "", "" },
        { __LINE__, "\n\n", "\n\n" },
        { __LINE__, "{\"a\":1}", "{\"a\":1}" },
        { __LINE__, "{\"a\":1}\n{\"pnr\":2}\n", "{\"a\":1}\n{}\n" },
        { __LINE__, "\n{\"pnr\":1}\r\n\n 3 \n[]\n\"x\"", "\n{}\r\n\n 3 \n[]\n\"x\"" },
        { __LINE__, "{\"applicant\":{\"id\":1}}\n{\"applicant\":{\"id\":2,\"b\":3}}", "{\"applicant\":{}}\n"
          "{\"applicant\":{\"b\":3}}" },
        { __LINE__, "{}{}", NULL },
        { __LINE__, "{} {}", NULL },
        { __LINE__, "1\r2", NULL },
        { __LINE__, "[\n{\"pnr\":1}\n]", NULL },
        { __LINE__, "{\"a\":\r1}", NULL },
        { __LINE__, "{\"a\":1}\n{", NULL },
        { __LINE__, "{}\n\x1e{}", NULL },
        { __LINE__, "\x1e{\"a\":\n1}\n\x1e{\"pnr\":2}\n", "\x1e{\"a\":\n1}\n\x1e{}\n" },
        { __LINE__, "\x1e\x1e[]\n", "\x1e\x1e[]\n" },
        { __LINE__, "\x1e{}\n{}\n", NULL },
        { __LINE__, "\x1e{\"a\":\x1e{}", NULL }
    };

    (void) state;
    CHECK(rows, .lines = true);
    CHECK(rows, .lines = true, .masks = true);
}


static void
memory_is_bounded(void **state)
{
    (void) state;
    assert_true(consent_json_size(NULL) <= 40000);
    assert_true(consent_json_size(detectors) <= CONSENT_BODY_MEMORY);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(valid_json_passes_as_it_came),
        cmocka_unit_test(what_is_no_json_is_refused),
        cmocka_unit_test(the_strict_parser_agrees),
        cmocka_unit_test(long_documents_make_no_difference),
        cmocka_unit_test(other_charsets_are_refused),
        cmocka_unit_test(depth_has_an_end),
        cmocka_unit_test(each_line_is_a_document),
        cmocka_unit_test(memory_is_bounded)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
