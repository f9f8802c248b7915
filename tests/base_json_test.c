/*
 * JSON: what is read, where, what is refused, and how it is written.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"

static consent_arena_t  *arena;


static int
begin(void **state)
{
    (void) state;
    arena = consent_arena_create(16 << 20);
    return arena == NULL;
}


static int
finish(void **state)
{
    (void) state;
    consent_arena_destroy(arena);
    return 0;
}


static consent_json_t *
parse(const char *text)
{
    consent_json_t        *root;
    consent_json_error_t   err;

    if (consent_json_parse(&root, arena, consent_cstr(text), 32, &err) != CONSENT_OK) {
        fail_msg("%s: %u:%u %s", text, err.line, err.column, err.what);
    }

    return root;
}


static void
assert_slice(consent_slice_t s, const char *expected)
{
    assert_int_equal(s.len, strlen(expected));
    assert_memory_equal(s.data, expected, s.len);
}


static void
assert_canonical(const char *in, const char *expected)
{
    consent_buf_t  b;

    consent_buf_init(&b, 1 << 20);
    assert_int_equal(consent_json_canonical(&b, parse(in)), CONSENT_OK);
    assert_slice(consent_buf_view(&b), expected);
    consent_buf_free(&b);
}


static void
reads_every_kind_of_value_with_its_place(void **state)
{
    const consent_json_t  *root, *v;

    (void) state;

    root = parse("{\"a\": [1, -2.5e+3, true,\n  false, null],\r\n"
                 " \"\xc3\xa5\xc3\xa4\": \"\xe2\x82\xac\", \"o\": {}}");

    assert_int_equal(root->type, CONSENT_JSON_OBJECT);
    assert_int_equal(root->count, 3);
    assert_int_equal(root->line, 1);
    assert_int_equal(root->column, 1);
    assert_null(root->parent);

    v = consent_json_get(root, "a");
    assert_int_equal(v->type, CONSENT_JSON_ARRAY);
    assert_int_equal(v->count, 5);
    assert_int_equal(v->column, 7);
    assert_int_equal(v->name_line, 1);
    assert_int_equal(v->name_column, 2);
    assert_ptr_equal(v->parent, root);

    v = v->first;
    assert_int_equal(v->type, CONSENT_JSON_NUMBER);
    assert_slice(v->text, "1");
    v = v->next;
    assert_slice(v->text, "-2.5e+3");
    assert_int_equal(v->column, 11);
    v = v->next;
    assert_int_equal(v->type, CONSENT_JSON_TRUE);
    v = v->next;
    assert_int_equal(v->type, CONSENT_JSON_FALSE);
    assert_int_equal(v->line, 2);
    assert_int_equal(v->column, 3);
    v = v->next;
    assert_int_equal(v->type, CONSENT_JSON_NULL);
    assert_null(v->next);

    /* columns count characters, not bytes */
    v = consent_json_get(root, "\xc3\xa5\xc3\xa4");
    assert_int_equal(v->line, 3);
    assert_int_equal(v->name_column, 2);
    assert_int_equal(v->column, 8);
    assert_slice(v->text, "\xe2\x82\xac");

    v = consent_json_get(root, "o");
    assert_int_equal(v->column, 18);
    assert_int_equal(v->type, CONSENT_JSON_OBJECT);
    assert_int_equal(v->count, 0);

    assert_null(consent_json_get(root, "b"));
    assert_null(consent_json_get(v, "b"));
    assert_null(consent_json_get(root->first, "b"));
    assert_null(consent_json_get(NULL, "b"));
}


static void
reads_any_scalar_as_a_document(void **state)
{
    (void) state;

    assert_slice(parse(" \t\r\n\"x\" ")->text, "x");
    assert_int_equal(parse("null")->type, CONSENT_JSON_NULL);
    assert_slice(parse("0")->text, "0");
    assert_slice(parse("-0.0E-07")->text, "-0.0E-07");
}


static void
decodes_escapes(void **state)
{
    const consent_json_t  *root;

    (void) state;

    root = parse("{\"\\u0070nr\": \"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e5\\u20AC\\ud83D\\uDe00\","
                 " \"z\": \"a\\u0000b\"}");
    assert_slice(root->first->name, "pnr");
    assert_slice(root->first->text, "\"\\/\b\f\n\r\t\xc3\xa5\xe2\x82\xac\xf0\x9f\x98\x80");
    assert_int_equal(consent_json_get(root, "z")->text.len, 3);
    assert_memory_equal(consent_json_get(root, "z")->text.data, "a\0b", 3);
}


static void
refuses_what_is_no_json_and_says_where(void **state)
{
    static const struct {
        int          at;
        const char  *in;
        unsigned     line;
        unsigned     column;
    } rows[] = {
        { __LINE__, "", 1, 1 },
        { __LINE__, " \n ", 2, 2 },
        { __LINE__, "{", 1, 2 },
        { __LINE__, "[", 1, 2 },
        { __LINE__, "[1", 1, 3 },
        { __LINE__, "[1,", 1, 4 },
        { __LINE__, "[1,]", 1, 4 },
        { __LINE__, "[,1]", 1, 2 },
        { __LINE__, "[1 2]", 1, 4 },
        { __LINE__, "[1}", 1, 3 },
        { __LINE__, "{\"a\":1]", 1, 7 },
        { __LINE__, "{\"a\"}", 1, 5 },
        { __LINE__, "{\"a\":}", 1, 6 },
        { __LINE__, "{\"a\":1,}", 1, 8 },
        { __LINE__, "{a:1}", 1, 2 },
        { __LINE__, "{'a':1}", 1, 2 },
        { __LINE__, "{1:1}", 1, 2 },
        { __LINE__, "1 2", 1, 3 },
        { __LINE__, "{} x", 1, 4 },
        { __LINE__, "]", 1, 1 },
        { __LINE__, "01", 1, 1 },
        { __LINE__, "-01", 1, 1 },
        { __LINE__, "+1", 1, 1 },
        { __LINE__, "-", 1, 2 },
        { __LINE__, "1.", 1, 3 },
        { __LINE__, ".5", 1, 1 },
        { __LINE__, "1e", 1, 3 },
        { __LINE__, "1e+", 1, 4 },
        { __LINE__, "0x10", 1, 2 },
        { __LINE__, "NaN", 1, 1 },
        { __LINE__, "tru", 1, 1 },
        { __LINE__, "nulll", 1, 5 },
        { __LINE__, "True", 1, 1 },
        { __LINE__, "// x\n1", 1, 1 },
        { __LINE__, "\"abc", 1, 1 },
        { __LINE__, "\"abc\\", 1, 1 },
        { __LINE__, "[\"a\nb\"]", 1, 4 },
        { __LINE__, "[\"a\tb\"]", 1, 4 },
        { __LINE__, "\"a\\x\"", 1, 3 },
        { __LINE__, "\"a\\u12g4\"", 1, 3 },
        { __LINE__, "\"a\\u123\"", 1, 3 },
        { __LINE__, "\"\\ud83d\"", 1, 2 },
        { __LINE__, "\"\\ud83d\\u0041\"", 1, 2 },
        { __LINE__, "\"ab\\ude00\"", 1, 4 },
        { __LINE__, "\"\\ud83dx\\ude00\"", 1, 2 },
        { __LINE__, "\xef\xbb\xbf{}", 1, 1 },
        { __LINE__, "[\n \"\xff\"]", 2, 3 },
        { __LINE__, "\"\xc0\xaf\"", 1, 2 },
        { __LINE__, "\"\xed\xa0\x80\"", 1, 2 },
        { __LINE__, "\"\xef\xbf\xbd\xe2\x82\"", 1, 3 },
        { __LINE__, "{\"a\":1,\n \"b\":2, \"a\":3}", 2, 9 },
        { __LINE__, "{\"a\":1, \"\\u0061\":3}", 1, 9 },
        { __LINE__, "[{\"\":1,\"\":1}]", 1, 8 },
    };

    size_t                 i;
    consent_json_t        *root;
    consent_json_error_t   err;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_json_parse(&root, arena, consent_cstr(rows[i].in), 32, &err) != CONSENT_MALFORMED
            || root != NULL || err.what == NULL || err.line != rows[i].line || err.column != rows[i].column)
        {
            fail_msg("line %d: %s at %u:%u (%s)", rows[i].at, rows[i].in, err.line, err.column,
                     err.what == NULL ? "accepted" : err.what);
        }
    }
}


static void
refuses_a_nul_and_bytes_behind_the_slice_are_not_read(void **state)
{
    consent_json_t        *root;
    consent_json_error_t   err;

    (void) state;

    assert_int_equal(consent_json_parse(&root, arena, consent_slice("[1]\0", 4), 32, &err),
                     CONSENT_MALFORMED);
    assert_int_equal(consent_json_parse(&root, arena, consent_slice("\"a\0b\"", 5), 32, &err),
                     CONSENT_MALFORMED);
    assert_int_equal(consent_json_parse(&root, arena, consent_slice("[12]", 3), 32, &err), CONSENT_MALFORMED);
    assert_int_equal(consent_json_parse(&root, arena, consent_slice("12345", 2), 32, NULL), CONSENT_OK);
    assert_slice(root->text, "12");
    assert_int_equal(consent_json_parse(&root, arena, consent_slice(NULL, 0), 32, &err), CONSENT_MALFORMED);
}


static void
nesting_is_bounded(void **state)
{
    char                  *deep;
    consent_json_t        *root;
    consent_json_error_t   err;

    (void) state;

    assert_int_equal(consent_json_parse(&root, arena, consent_lit("[[[]]]"), 3, &err), CONSENT_OK);
    assert_int_equal(consent_json_parse(&root, arena, consent_lit("[[\n[[]]]]"), 3, &err), CONSENT_LIMIT);
    assert_int_equal(err.line, 2);
    assert_int_equal(err.column, 2);
    assert_int_equal(consent_json_parse(&root, arena, consent_lit("1"), 0, &err), CONSENT_OK);
    assert_int_equal(consent_json_parse(&root, arena, consent_lit("{}"), 0, &err), CONSENT_LIMIT);

    /* siblings do not add up */
    assert_int_equal(consent_json_parse(&root, arena, consent_lit("[[1],[2],{\"a\":[3]}]"), 3, &err),
                     CONSENT_OK);

    deep = malloc(1000000);
    assert_non_null(deep);
    memset(deep, '[', 1000000);
    assert_int_equal(consent_json_parse(&root, arena, consent_slice(deep, 1000000), 1000000, &err),
                     CONSENT_LIMIT);
    assert_int_equal(err.column, CONSENT_JSON_MAX_DEPTH + 1);
    free(deep);
}


static void
a_full_arena_is_out_of_memory(void **state)
{
    size_t                 ceiling;
    consent_rc_t           rc;
    consent_json_t        *root;
    consent_arena_t       *small;
    consent_json_error_t   err;

    (void) state;

    for (ceiling = 0; ; ceiling += 16) {
        small = consent_arena_create(ceiling);
        rc = consent_json_parse(&root, small, consent_lit("{\"a\": [1, \"\\n\"], \"b\": \"c\"}"), 32, &err);
        consent_arena_destroy(small);

        if (rc == CONSENT_OK) {
            break;
        }

        assert_int_equal(rc, CONSENT_NOMEM);
        assert_null(root);
        assert_true(ceiling < 4096);
    }

    assert_true(ceiling >= 5 * sizeof(consent_json_t));
}


static void
integers_are_exact_or_refused(void **state)
{
    static const struct {
        int           at;
        const char   *in;
        consent_rc_t  rc;
        int64_t       n;
    } rows[] = {
        { __LINE__, "0", CONSENT_OK, 0 },
        { __LINE__, "-0", CONSENT_OK, 0 },
        { __LINE__, "-42", CONSENT_OK, -42 },
        { __LINE__, "9007199254740991", CONSENT_OK, 9007199254740991 },
        { __LINE__, "-9007199254740991", CONSENT_OK, -9007199254740991 },
        { __LINE__, "9007199254740992", CONSENT_MALFORMED, 0 },
        { __LINE__, "-9007199254740992", CONSENT_MALFORMED, 0 },
        { __LINE__, "18446744073709551617", CONSENT_MALFORMED, 0 },
        { __LINE__, "1.0", CONSENT_MALFORMED, 0 },
        { __LINE__, "1e2", CONSENT_MALFORMED, 0 },
        { __LINE__, "\"1\"", CONSENT_MALFORMED, 0 },
        { __LINE__, "true", CONSENT_MALFORMED, 0 },
    };

    size_t   i;
    int64_t  n;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_json_int(&n, parse(rows[i].in)) != rows[i].rc || n != rows[i].n) {
            fail_msg("line %d: %s", rows[i].at, rows[i].in);
        }
    }

    assert_int_equal(consent_json_int(&n, NULL), CONSENT_MALFORMED);
}


static void
canonical_form_is_that_of_rfc_8785(void **state)
{
    (void) state;

    /* section 3.2.3 */
    assert_canonical("{\n"
                     "  \"\\u20ac\": \"Euro Sign\",\n"
                     "  \"\\r\": \"Carriage Return\",\n"
                     "  \"\\ufb33\": \"Hebrew Letter Dalet With Dagesh\",\n"
                     "  \"1\": \"One\",\n"
                     "  \"\\ud83d\\ude00\": \"Emoji: Grinning Face\",\n"
                     "  \"\\u0080\": \"Control\",\n"
                     "  \"\\u00f6\": \"Latin Small Letter O With Diaeresis\"\n"
                     "}",
                     "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\","
                     "\"\xc3\xb6\":\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
                     "\"\xf0\x9f\x98\x80\":\"Emoji: Grinning Face\","
                     "\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}");

    /* section 3.2.2, without the numbers that are no integers */
    assert_canonical("{\n"
                     "  \"numbers\": [333333333, 2, -0],\n"
                     "  \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\",\n"
                     "  \"literals\": [null, true, false]\n"
                     "}",
                     "{\"literals\":[null,true,false],\"numbers\":[333333333,2,0],"
                     "\"string\":\"\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");

    assert_canonical("\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001F\x7f<>&\\u2028\"",
                     "\"\\u0000\\u0001\\b\\t\\n\\u000b\\f\\r\\u001f\x7f<>&\xe2\x80\xa8\"");
    assert_canonical(" [ ] ", "[]");
    assert_canonical("{\"b\":{\"d\":[],\"c\":{}},\"a\":[{\"f\":1,\"e\":2}],\"\":0,\"aa\":1}",
                     "{\"\":0,\"a\":[{\"e\":2,\"f\":1}],\"aa\":1,\"b\":{\"c\":{},\"d\":[]}}");
    assert_canonical("{\"\\ud83d\\ude01\":1,\"\\ud83d\\ude00\":2,\"\\ud800\\udc00\":3}",
                     "{\"\xf0\x90\x80\x80\":3,\"\xf0\x9f\x98\x80\":2,\"\xf0\x9f\x98\x81\":1}");

    /* beyond the basic plane comes before the plane's end, whichever is written first */
    assert_canonical("{\"\\ud83d\\ude00\":1,\"\\ufb33\":2}",
                     "{\"\xf0\x9f\x98\x80\":1,\"\xef\xac\xb3\":2}");
    assert_canonical("{\"\\ufb33\":2,\"\\ud83d\\ude00\":1}",
                     "{\"\xf0\x9f\x98\x80\":1,\"\xef\xac\xb3\":2}");

    /* more members than fit on the stack */
    assert_canonical("{\"t\":0,\"s\":0,\"r\":0,\"q\":0,\"p\":0,\"o\":0,\"n\":0,\"m\":0,\"l\":0,\"k\":0,"
                     "\"j\":0,\"i\":0,\"h\":0,\"g\":0,\"f\":0,\"e\":0,\"d\":0,\"c\":0,\"b\":0,\"a\":0}",
                     "{\"a\":0,\"b\":0,\"c\":0,\"d\":0,\"e\":0,\"f\":0,\"g\":0,\"h\":0,\"i\":0,\"j\":0,"
                     "\"k\":0,\"l\":0,\"m\":0,\"n\":0,\"o\":0,\"p\":0,\"q\":0,\"r\":0,\"s\":0,\"t\":0}");
}


static void
canonical_form_refuses_numbers_it_cannot_keep_exact(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 1024);
    assert_int_equal(consent_json_canonical(&b, parse("[1, {\"a\": 1.5}]")), CONSENT_MALFORMED);
    consent_buf_free(&b);
    assert_int_equal(consent_json_canonical(&b, parse("9007199254740993")), CONSENT_MALFORMED);
    consent_buf_free(&b);

    consent_buf_init(&b, 10);
    assert_int_equal(consent_json_canonical(&b, parse("\"0123456789\"")), CONSENT_LIMIT);
    consent_buf_free(&b);
}


static void
compact_form_keeps_order_and_spelling(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 1024);
    consent_json_write(&b, parse(" { \"b\" : [ 1.50 , [ ] , { } , [ [ \"</script>&\\u2028\" ] ] ] ,"
                                 " \"a\" : null } "), false);
    assert_slice(consent_buf_view(&b), "{\"b\":[1.50,[],{},[[\"</script>&\xe2\x80\xa8\"]]],\"a\":null}");
    consent_buf_free(&b);

    /* a part of a document, without what comes after it */
    consent_json_write(&b, parse("[[1, [2]], 3]")->first, false);
    assert_slice(consent_buf_view(&b), "[1,[2]]");
    consent_buf_free(&b);
}


static void
html_safe_strings_cannot_end_a_script(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 1024);
    consent_json_write(&b, parse("{\"<!--\": \"</script>&\\u2028\\u2029\xc3\xa5\"}"), true);
    assert_slice(consent_buf_view(&b),
                 "{\"\\u003c!--\":\"\\u003c/script\\u003e\\u0026\\u2028\\u2029\xc3\xa5\"}");
    consent_buf_free(&b);
}


static void
strings_of_any_bytes_become_valid_json(void **state)
{
    size_t                 i;
    uint8_t                bytes[256];
    consent_buf_t          b;
    consent_json_t        *root;
    consent_json_error_t   err;

    (void) state;

    for (i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t) i;
    }

    consent_buf_init(&b, 4096);
    consent_json_write_string(&b, consent_slice(bytes, sizeof(bytes)), true);
    assert_int_equal(consent_json_parse(&root, arena, consent_buf_view(&b), 0, &err), CONSENT_OK);
    assert_int_equal(root->text.len, 128 + 128 * 3);
    assert_memory_equal(root->text.data, bytes, 128);
    consent_buf_free(&b);

    consent_json_write_string(&b, consent_lit("a\xf0\x9f\x98"), false);
    assert_slice(consent_buf_view(&b), "\"a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    consent_buf_free(&b);
}


static void
paths_name_a_value_as_rfc_9535_does(void **state)
{
    consent_buf_t          b;
    const consent_json_t  *root;

    (void) state;

    root = parse("{\"categories\": [0, 1, {\"title\": {\"sv\": \"x\"}}], \"it's\\n\": [[]],"
                 " \"\xc3\xa5\": 1, \"9a\": 1}");

    consent_buf_init(&b, 1024);
    consent_json_path(&b, root);
    assert_slice(consent_buf_view(&b), "$");
    consent_buf_free(&b);

    consent_json_path(&b, root->first->first->next->next->first->first);
    assert_slice(consent_buf_view(&b), "$.categories[2].title.sv");
    consent_buf_free(&b);

    consent_json_path(&b, root->first->next->first);
    assert_slice(consent_buf_view(&b), "$['it\\'s\\n'][0]");
    consent_buf_free(&b);

    consent_json_path(&b, consent_json_get(root, "\xc3\xa5"));
    assert_slice(consent_buf_view(&b), "$['\xc3\xa5']");
    consent_buf_free(&b);

    consent_json_path(&b, consent_json_get(root, "9a"));
    assert_slice(consent_buf_view(&b), "$['9a']");
    consent_buf_free(&b);
}


static void
unescaping_judges_escapes_and_says_where(void **state)
{
    size_t   len, used;
    uint8_t  text[64];

    (void) state;

    memcpy(text, "a\\u00e5\\n", 9);
    assert_null(consent_json_unescape(text, &len, &used, consent_slice(text, 9)));
    assert_slice(consent_slice(text, len), "a\xc3\xa5\n");
    assert_int_equal(used, 9);

    assert_non_null(consent_json_unescape(text, &len, &used, consent_lit("ab\\")));
    assert_int_equal(used, 2);
    assert_non_null(consent_json_unescape(text, &len, &used, consent_lit("a\\u00")));
    assert_int_equal(used, 1);
    assert_non_null(consent_json_unescape(text, &len, &used, consent_lit("\\ud800\\u")));
    assert_int_equal(used, 0);
}


static void
many_members_and_one_long_line_take_linear_time(void **state)
{
    size_t                 i;
    consent_buf_t          b;
    consent_json_t        *root;
    consent_arena_t       *large;
    consent_json_error_t   err;

    (void) state;

    consent_buf_init(&b, 16 << 20);
    consent_buf_char(&b, '{');

    for (i = 0; i < 200000; i++) {
        consent_buf_printf(&b, "%s\"name%zu\":%zu", i == 0 ? "" : ",", (i * 7919) % 200000, i);
    }

    consent_buf_char(&b, '}');
    assert_int_equal(b.rc, CONSENT_OK);

    large = consent_arena_create(256 << 20);
    assert_int_equal(consent_json_parse(&root, large, consent_buf_view(&b), 2, &err), CONSENT_OK);
    assert_int_equal(root->count, 200000);

    consent_arena_destroy(large);
    consent_buf_free(&b);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(reads_every_kind_of_value_with_its_place),
        cmocka_unit_test(reads_any_scalar_as_a_document),
        cmocka_unit_test(decodes_escapes),
        cmocka_unit_test(refuses_what_is_no_json_and_says_where),
        cmocka_unit_test(refuses_a_nul_and_bytes_behind_the_slice_are_not_read),
        cmocka_unit_test(nesting_is_bounded),
        cmocka_unit_test(a_full_arena_is_out_of_memory),
        cmocka_unit_test(integers_are_exact_or_refused),
        cmocka_unit_test(canonical_form_is_that_of_rfc_8785),
        cmocka_unit_test(canonical_form_refuses_numbers_it_cannot_keep_exact),
        cmocka_unit_test(compact_form_keeps_order_and_spelling),
        cmocka_unit_test(html_safe_strings_cannot_end_a_script),
        cmocka_unit_test(strings_of_any_bytes_become_valid_json),
        cmocka_unit_test(paths_name_a_value_as_rfc_9535_does),
        cmocka_unit_test(unescaping_judges_escapes_and_says_where),
        cmocka_unit_test(many_members_and_one_long_line_take_linear_time),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
