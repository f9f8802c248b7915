/*
 * JSON paths as an automaton: which places in a document they name.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/json_path.h"

typedef struct {
    int             line;
    const char     *paths[6];       /* the nth carries category n; "=..." is necessary, "field ..." a form field */
    const char     *place;          /* names and '*' for elements and '@' for documents in strings, with '/' between */
    consent_mask_t  mask;
    bool            known;
    bool            way;
} row_t;

static consent_arena_t  *arena;


static consent_rc_t
compile(consent_json_paths_t **paths, const char *const *all, size_t most)
{
    size_t                  n;
    const char             *path;
    consent_json_pattern_t  patterns[6];

    for (n = 0; n < most && all[n] != NULL; n++) {
        path = all[n];
        patterns[n].mask = (consent_mask_t) 1 << n;
        patterns[n].field = strncmp(path, "field ", 6) == 0;

        if (path[0] == '=') {
            patterns[n].mask = 0;
            path++;
        }

        patterns[n].path = consent_cstr(path + (patterns[n].field ? 6 : 0));
    }

    return consent_json_paths_compile(paths, arena, patterns, n);
}


static void
paths_name_places(void **state)
{
    size_t                 i;
    char                   place[200], *step, *rest;
    uint16_t               at, symbol;
    consent_json_place_t   found;
    consent_json_paths_t  *paths;

    static const row_t  rows[] = {
        { __LINE__, { NULL }, "a", 0, false, false },
        { __LINE__, { "$.a" }, "a", 1, false, false },
        { __LINE__, { "$.a" }, "A", 1, false, false },
        { __LINE__, { "$.A" }, "a", 1, false, false },
        { __LINE__, { "$.a" }, "b", 0, false, false },
        { __LINE__, { "$.a" }, "b/a", 0, false, false },
        { __LINE__, { "$.a" }, "a/a", 0, false, false },
        { __LINE__, { "$.a" }, "*/a", 0, false, false },
        { __LINE__, { "$['a b']", "$['\\'']" }, "a b", 1, false, false },
        { __LINE__, { "$['a b']", "$['\\'\\\\']" }, "'\\", 2, false, false },
        { __LINE__, { "$.a.b" }, "a", 0, false, true },
        { __LINE__, { "$.a.b" }, "a/b", 1, false, false },
        { __LINE__, { "$..a" }, "a", 1, false, false },
        { __LINE__, { "$..a" }, "x", 0, false, false },
        { __LINE__, { "$..a" }, "x/*/y/a", 1, false, false },
        { __LINE__, { "$..a.b" }, "x/a/b", 1, false, false },
        { __LINE__, { "$..a.b" }, "a/a/b", 1, false, false },
        { __LINE__, { "$..a.b" }, "a/x/b", 0, false, false },
        { __LINE__, { "$..a.b" }, "x/a", 0, false, true },
        { __LINE__, { "$.a..b" }, "a/b", 1, false, false },
        { __LINE__, { "$.a..b" }, "a/x/*/b", 1, false, false },
        { __LINE__, { "$.a..b" }, "x/a/b", 0, false, false },
        { __LINE__, { "$..a..b" }, "x/a/y/b", 1, false, false },
        { __LINE__, { "$..a..b" }, "b/a", 0, false, true },
        { __LINE__, { "$.l[*].s" }, "l/*/s", 1, false, false },
        { __LINE__, { "$.l[*].s" }, "l/x/s", 1, false, false },
        { __LINE__, { "$.l[*].s" }, "l/*", 0, false, true },
        { __LINE__, { "$.l[*].s" }, "l/s", 0, false, true },
        { __LINE__, { "$.l[*].s" }, "l/*/*/s", 0, false, false },
        { __LINE__, { "$[*]" }, "*", 1, false, false },
        { __LINE__, { "$[*]" }, "x", 1, false, false },
        { __LINE__, { "$[*][*]" }, "x/*", 1, false, false },
        { __LINE__, { "$.a", "$..a", "$[*]" }, "a", 7, false, false },
        { __LINE__, { "$.a.b", "$..b", "$.a[*]" }, "a/b", 7, false, false },
        { __LINE__, { "$['a*']" }, "abc", 1, false, false },
        { __LINE__, { "$['a*']" }, "a", 1, false, false },
        { __LINE__, { "$['a*']" }, "ba", 0, false, false },
        { __LINE__, { "$['a*']", "$['ab*']", "$.abc" }, "abc", 7, false, false },
        { __LINE__, { "$['a*']", "$['ab*']", "$.abc" }, "abx", 3, false, false },
        { __LINE__, { "$['a*'].x", "$.ab.x" }, "ab/x", 3, false, false },
        { __LINE__, { "$['*'].x" }, "q/x", 1, false, false },
        { __LINE__, { "$['*'].x" }, "*/x", 0, false, false },
        { __LINE__, { "=$.a", "$.a.b" }, "a", 0, true, true },
        { __LINE__, { "=$..a" }, "x/a", 0, true, false },
        { __LINE__, { "field a", "field u*" }, "a", 1, false, false },
        { __LINE__, { "field a", "field u*" }, "utm", 2, false, false },
        { __LINE__, { "field a" }, "x/a", 0, false, false },
        { __LINE__, { "field a.b" }, "a.b", 1, false, false },
        { __LINE__, { "$.a.b" }, "a/@/b", 1, false, false },
        { __LINE__, { "$.a.b" }, "x/@/a/b", 1, false, false },
        { __LINE__, { "$.a.b" }, "x/@/b", 0, false, false },
        { __LINE__, { "$..a" }, "x/@/@/a", 1, false, false },
        { __LINE__, { "$.l[*].s" }, "l/*/@/s", 1, false, false },
        { __LINE__, { "$['\xc3\x85']" }, "\xc3\xa5", 1, false, false }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(compile(&paths, rows[i].paths, 6), CONSENT_OK);

        at = 0;
        memset(&found, 0, sizeof(found));
        strcpy(place, rows[i].place);

        for (step = strtok_r(place, "/", &rest); step != NULL; step = strtok_r(NULL, "/", &rest)) {

            if (strcmp(step, "*") == 0) {
                symbol = CONSENT_JSON_INDEX;

            } else if (strcmp(step, "@") == 0) {
                symbol = CONSENT_JSON_NEST;

            } else {
                symbol = consent_json_paths_symbol(paths, (const uint8_t *) step, strlen(step));

                if (symbol != CONSENT_JSON_OTHER && (uint8_t) step[0] < 0x80) {
                    assert_false(consent_json_paths_not(paths, (const uint8_t *) step, strlen(step)));
                }
            }

            at = consent_json_paths_next(paths, at, symbol);
            found = paths->places[at];
            found.mask |= paths->anywhere[symbol].mask;
            found.known |= paths->anywhere[symbol].known;
        }

        if (found.mask != rows[i].mask || found.known != rows[i].known || found.way != rows[i].way) {
            fail_msg("line %d: mask %d, known %d, way %d", rows[i].line, (int) found.mask, found.known, found.way);
        }
    }
}


static void
names_are_read_the_private_way(void **state)
{
    size_t                 i;
    uint16_t               symbol;
    consent_json_paths_t  *paths;

    static const char *const  all[] = { "$.task", "$['\xc3\xa5r']", NULL };
    static const struct {
        const char  *name;
        size_t       len;
        int          is;        /* 1: task, 2: år, 0: neither, -1: unsure */
    } rows[] = {
        { "task", 4, 1 }, { "TASK", 4, 1 }, { " task\t", 6, 1 }, { "task\0", 5, 1 }, { "\0task", 5, 1 },
        { "task\0x", 6, -1 }, { "x\0task", 6, 0 }, { "ta\xc5\xbfk", 5, 1 }, { "tas\xe2\x84\xaa", 6, 1 },
        { "t\xe2\x80\x8b" "ask", 7, 1 }, { "t\xc2\xad" "ask", 6, 1 }, { "task\xc2\xa0", 6, 1 },
        { "\xef\xbd\x94\xef\xbd\x81sk", 8, 1 }, { "t_ask", 5, 0 }, { "tasks", 5, 0 }, { "tas", 3, 0 }, { "", 0, 0 },
        { "\xc3\xa5r", 3, 2 }, { "\xc3\x85R", 3, 2 }, { "a\xcc\x8ar", 4, 2 }, { "A\xcc\x8aR", 4, 2 },
        { "\xe2\x84\xabr", 4, 2 }, { "ar", 2, 0 }, { "\xc3\xa4r", 3, 0 }, { "\xff", 1, 0 }
    };

    (void) state;
    assert_int_equal(compile(&paths, all, 2), CONSENT_OK);

    for (i = 0; i < consent_countof(rows); i++) {
        symbol = consent_json_paths_symbol(paths, (const uint8_t *) rows[i].name, rows[i].len);
        assert_int_equal(symbol, rows[i].is == -1 ? CONSENT_JSON_UNSURE
                                                  : rows[i].is == 0 ? CONSENT_JSON_OTHER
                                                                    : CONSENT_JSON_NAMES + rows[i].is - 1);
    }

    assert_int_equal(consent_json_paths_symbol(paths, (const uint8_t *) all, CONSENT_JSON_NAME_MAX + 1),
                     CONSENT_JSON_UNSURE);
}


static void
many_paths_compile_and_entangled_ones_do_not(void **state)
{
    size_t                   i;
    char                    *text;
    consent_json_paths_t    *paths;
    consent_json_pattern_t   patterns[1000];

    static const char *const  entangled[] = {
        "$..a[*][*][*][*][*][*][*][*][*][*][*][*][*][*][*][*][*].x", NULL
    };

    (void) state;
    text = malloc(1000 * 32);

    for (i = 0; i < 1000; i++) {
        patterns[i].mask = 1;
        patterns[i].field = false;
        patterns[i].path = consent_slice(text + i * 32,
                                         (size_t) sprintf(text + i * 32, i & 1 ? "$..n%zu" : "$..q.n%zu.m", i));
    }

    assert_int_equal(consent_json_paths_compile(&paths, arena, patterns, 1000), CONSENT_OK);
    assert_true(paths->n_states < 2000);
    assert_int_equal(compile(&paths, entangled, 1), CONSENT_LIMIT);
    free(text);
}


static void
what_is_no_path_is_refused(void **state)
{
    size_t                 i;
    consent_json_paths_t  *paths;

    static const char *const  rows[][2] = {
        { "$", NULL }, { "$x", NULL }, { "$.", NULL }, { "$..", NULL }, { "$['a'", NULL }, { "$[a]", NULL }, { "$['']", NULL }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(compile(&paths, rows[i], 1), CONSENT_MALFORMED);
        assert_null(paths);
    }
}


static int
begin(void **state)
{
    (void) state;
    arena = consent_arena_create(32 << 20);
    return arena == NULL;
}


static int
finish(void **state)
{
    (void) state;
    consent_arena_destroy(arena);
    return 0;
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(paths_name_places),
        cmocka_unit_test(names_are_read_the_private_way),
        cmocka_unit_test(many_paths_compile_and_entangled_ones_do_not),
        cmocka_unit_test(what_is_no_path_is_refused)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
