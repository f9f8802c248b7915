/*
 * Names of carriers: which names match, in every spelling that a server may read as the same.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "policy/names.h"

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


static consent_names_t
compile(const char *const *patterns)
{
    size_t           n;
    consent_mask_t   masks[64];
    consent_names_t  names;
    consent_slice_t  slices[64];

    for (n = 0; patterns[n] != NULL; n++) {
        slices[n] = consent_cstr(patterns[n]);
        masks[n] = (consent_mask_t) 1 << n;
    }

    assert_int_equal(consent_names_compile(&names, arena, slices, masks, n), CONSENT_OK);

    return names;
}


typedef struct {
    int              line;
    bool             structured;
    consent_slice_t  name;
    consent_mask_t   mask;
} name_case_t;

#define NAME(structured, name, mask)  { __LINE__, structured, { (const uint8_t *) (name), sizeof(name) - 1 }, mask }


static void
a_name_is_found_in_every_spelling_that_a_server_may_read(void **state)
{
    size_t           i;
    consent_mask_t   mask;
    consent_names_t  names;

    static const char *const  patterns[] = { "pnr", "Personnummer", "utm_*", "applicant[id]", "user.email", "a", NULL };

    static const name_case_t  cases[] = {
        NAME(true, "pnr", 1),
        NAME(true, "PNR", 1),
        NAME(true, "pNr", 1),
        NAME(true, "personnummer", 2),
        NAME(true, "PERSONNUMMER", 2),

        /* not those */
        NAME(true, "", 0),
        NAME(true, "pn", 0),
        NAME(true, "pnrx", 0),
        NAME(true, "xpnr", 0),
        NAME(true, "p nr", 0),
        NAME(true, "pnr-x", 0),
        NAME(true, "pnr_", 0),
        NAME(true, "personnummerx", 0),
        NAME(true, "[pnr]", 0),
        NAME(true, ".pnr", 0),

        /* structure counts as the name before it */
        NAME(true, "pnr[]", 1),
        NAME(true, "pnr[0][x]", 1),
        NAME(true, "pnr[", 1),
        NAME(true, "pnr.x", 1),
        NAME(true, "pnr.", 1),
        NAME(true, "PNR.x[1]", 1),
        NAME(true, "pnr [x]", 1),
        NAME(true, "pnr\t.x", 1),
        NAME(false, "pnr[]", 0),
        NAME(false, "pnr.x", 0),

        /* a carrier may be structured itself */
        NAME(true, "applicant[id]", 8),
        NAME(true, "applicant[id][]", 8),
        NAME(true, "APPLICANT[ID]", 8),
        NAME(true, "applicant[name]", 0),
        NAME(true, "applicant", 0),
        NAME(true, "user.email", 16),
        NAME(true, "user.email.home", 16),
        NAME(true, "user.name", 0),
        NAME(false, "user.email", 16),

        /* white space and control bytes around it */
        NAME(true, " pnr", 1),
        NAME(true, "pnr ", 1),
        NAME(true, "\t\r\n pnr \x01", 1),
        NAME(false, "pnr ", 1),
        NAME(false, " \tPnr", 1),

        /* what stands before a NUL, as C reads it */
        NAME(true, "pnr\0x", 1),
        NAME(false, "pnr\0x", 1),
        NAME(true, "pnr \0x", 1),
        NAME(false, "\0pnr", 1),
        NAME(true, "xpnr\0", 0),

        /* prefixes */
        NAME(true, "utm_", 4),
        NAME(true, "utm_source", 4),
        NAME(true, "UTM_Source[x]", 4),
        NAME(false, "utm_source", 4),
        NAME(true, " utm_source", 4),
        NAME(true, "utm", 0),
        NAME(true, "utm-source", 0),
        NAME(true, "xutm_source", 0),

        NAME(true, "a", 32),
        NAME(true, "a.b.c", 32),
        NAME(true, "b.a", 0),
    };

    (void) state;
    names = compile(patterns);

    for (i = 0; i < consent_countof(cases); i++) {
        mask = consent_names_find(&names, cases[i].name, cases[i].structured);

        if (mask != cases[i].mask) {
            fail_msg("line %d: %llx", cases[i].line, (unsigned long long) mask);
        }
    }
}


static void
headers_fold_underscore_and_dash(void **state)
{
    size_t           i;
    consent_names_t  names;

    static const char *const  patterns[] = { "X-Personnummer", "x_user_*", "_id", NULL };

    static const struct {
        const char      *name;
        consent_mask_t   header;
        consent_mask_t   plain;
    } cases[] = {
        { "x-personnummer", 1, 1 },
        { "X_PERSONNUMMER", 1, 0 },
        { "X-Personnummer2", 0, 0 },
        { "x-user-email", 2, 0 },
        { "X_User-Email", 2, 0 },
        { "x_user_email", 2, 2 },
        { "-ID", 4, 0 },
        { "_id", 4, 4 },
        { "x-personnummer.x", 0, 0 }
    };

    (void) state;
    names = compile(patterns);

    for (i = 0; i < consent_countof(cases); i++) {
        assert_int_equal(consent_names_find_header(&names, consent_cstr(cases[i].name)), cases[i].header);
        assert_int_equal(consent_names_find(&names, consent_cstr(cases[i].name), false), cases[i].plain);
    }
}


static void
a_name_of_several_categories_belongs_to_all_of_them(void **state)
{
    consent_names_t  names;

    static const char *const  patterns[] = { "pnr", "PNR", "p*", "pnr.old", "*", NULL };

    (void) state;
    names = compile(patterns);

    assert_int_equal(consent_names_find(&names, consent_lit("pnr"), true), 1 | 2 | 4 | 16);
    assert_int_equal(consent_names_find(&names, consent_lit("pnr.old"), true), 1 | 2 | 4 | 8 | 16);
    assert_int_equal(consent_names_find(&names, consent_lit("pnr.old"), false), 4 | 8 | 16);
    assert_int_equal(consent_names_find(&names, consent_lit("q"), true), 16);
}


static void
a_lone_star_covers_all_names_and_none(void **state)
{
    consent_names_t  names;

    static const char *const  patterns[] = { "*", NULL };

    (void) state;
    names = compile(patterns);

    assert_int_equal(consent_names_find(&names, consent_lit("anything"), true), 1);
    assert_int_equal(consent_names_find(&names, consent_lit(""), true), 1);
    assert_int_equal(consent_names_find(&names, consent_lit(" "), true), 1);
    assert_int_equal(consent_names_find_header(&names, consent_lit("Accept")), 1);
}


static void
an_empty_set_has_no_names(void **state)
{
    consent_names_t  names;

    (void) state;

    memset(&names, 0, sizeof(names));
    assert_int_equal(consent_names_find(&names, consent_lit("pnr"), true), 0);
    assert_int_equal(consent_names_find(&names, consent_lit(""), true), 0);

    assert_int_equal(consent_names_compile(&names, arena, NULL, NULL, 0), CONSENT_OK);
    assert_int_equal(consent_names_find(&names, consent_lit("pnr"), true), 0);
}


static void
malformed_patterns_are_refused(void **state)
{
    size_t           i;
    consent_mask_t   mask;
    consent_names_t  names;

    static const struct {
        const char  *text;
        size_t       len;
    } patterns[] = {
        { "", 0 }, { "*a", 2 }, { "a*b", 3 }, { "**", 2 }, { " a", 2 }, { "a ", 2 }, { "a\0b", 3 }, { "a\n", 2 }
    };

    (void) state;
    mask = 1;

    for (i = 0; i < consent_countof(patterns); i++) {
        consent_slice_t  s = consent_slice(patterns[i].text, patterns[i].len);

        assert_int_equal(consent_names_compile(&names, arena, &s, &mask, 1), CONSENT_MALFORMED);
        assert_int_equal(consent_names_find(&names, consent_lit("a"), true), 0);
    }
}


/* Every name of a large set is found, whatever its length, and no other. */
static void
thousands_of_names_are_all_found(void **state)
{
    size_t            i, len, n;
    char             *text;
    consent_mask_t   *masks;
    consent_names_t   names;
    consent_slice_t  *patterns, other;

    (void) state;

    n = 5000;
    text = malloc(n * 128);
    masks = malloc(n * sizeof(consent_mask_t));
    patterns = malloc(n * sizeof(consent_slice_t));
    assert_true(text != NULL && masks != NULL && patterns != NULL);

    for (i = 0; i < n; i++) {
        len = (size_t) sprintf(text + i * 128, "n%zu%.*s", i, (int) (i % 100),
                               "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
                               "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy");
        patterns[i] = consent_slice(text + i * 128, len);
        masks[i] = (consent_mask_t) 1 << (i % 63);
    }

    assert_int_equal(consent_names_compile(&names, arena, patterns, masks, n), CONSENT_OK);

    for (i = 0; i < n; i++) {
        assert_int_equal(consent_names_find(&names, patterns[i], true), masks[i]);

        other = patterns[i];
        ((uint8_t *) text)[i * 128 + other.len - 1] = '!';
        assert_int_equal(consent_names_find(&names, other, true), 0);
    }

    free(patterns);
    free(masks);
    free(text);
}


/* A name made of nothing but boundaries is hashed once, not once for each. */
static void
a_long_name_takes_linear_time(void **state)
{
    size_t           i, len;
    char            *text;
    consent_names_t  names;

    static const char *const  patterns[] = {
        "a.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "a", NULL
    };

    (void) state;
    names = compile(patterns);

    len = 4 << 20;
    text = malloc(len);
    assert_non_null(text);

    for (i = 0; i < len; i++) {
        text[i] = i % 2 == 0 ? 'a' : '.';
    }

    assert_int_equal(consent_names_find(&names, consent_slice(text, len), true), 2);

    memset(text, ' ', len);
    text[0] = 'b';
    assert_int_equal(consent_names_find(&names, consent_slice(text, len), true), 0);

    free(text);
}


static void
patterns_overlap_where_a_name_matches_both(void **state)
{
    size_t  i;

    static const struct {
        const char  *a;
        const char  *b;
        bool         overlap;
        bool         a_covers_b;
        bool         b_covers_a;
    } cases[] = {
        { "pnr", "pnr", true, true, true },
        { "pnr", "PNR", true, true, true },
        { "pnr", "pnrx", false, false, false },
        { "pn*", "pnr", true, true, false },
        { "pnr*", "pnr", true, true, false },
        { "pnrx*", "pnr", false, false, false },
        { "p*", "pn*", true, true, false },
        { "pa*", "pb*", false, false, false },
        { "*", "x", true, true, false },
        { "*", "*", true, true, true },
        { "x-y", "x_y", false, false, false }
    };

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        consent_slice_t  a = consent_cstr(cases[i].a);
        consent_slice_t  b = consent_cstr(cases[i].b);

        assert_int_equal(consent_names_overlap(a, b, false), cases[i].overlap);
        assert_int_equal(consent_names_overlap(b, a, false), cases[i].overlap);
        assert_int_equal(consent_names_cover(a, b, false), cases[i].a_covers_b);
        assert_int_equal(consent_names_cover(b, a, false), cases[i].b_covers_a);
    }

    assert_true(consent_names_overlap(consent_lit("X-Y"), consent_lit("x_y"), true));
    assert_true(consent_names_cover(consent_lit("X-*"), consent_lit("x_y"), true));
}


static void
no_memory_leaves_an_empty_set(void **state)
{
    size_t            ceiling;
    consent_rc_t      rc;
    consent_mask_t    masks[2] = { 1, 2 };
    consent_names_t   names;
    consent_arena_t  *small;
    consent_slice_t   patterns[2] = { consent_lit("abc"), consent_lit("def*") };

    (void) state;
    rc = CONSENT_NOMEM;

    for (ceiling = 1; rc != CONSENT_OK; ceiling++) {
        assert_true(ceiling < 4096);

        small = consent_arena_create(ceiling);
        assert_non_null(small);
        rc = consent_names_compile(&names, small, patterns, masks, 2);

        assert_int_equal(consent_names_find(&names, consent_lit("abc"), true), rc == CONSENT_OK ? 1 : 0);
        consent_arena_destroy(small);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_name_is_found_in_every_spelling_that_a_server_may_read),
        cmocka_unit_test(headers_fold_underscore_and_dash),
        cmocka_unit_test(a_name_of_several_categories_belongs_to_all_of_them),
        cmocka_unit_test(a_lone_star_covers_all_names_and_none),
        cmocka_unit_test(an_empty_set_has_no_names),
        cmocka_unit_test(malformed_patterns_are_refused),
        cmocka_unit_test(thousands_of_names_are_all_found),
        cmocka_unit_test(a_long_name_takes_linear_time),
        cmocka_unit_test(patterns_overlap_where_a_name_matches_both),
        cmocka_unit_test(no_memory_leaves_an_empty_set),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
