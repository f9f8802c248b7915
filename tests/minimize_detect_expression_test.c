/*
 * The operator's own expressions: which are taken, and what they match in any pieces of a text.
 */

#include "minimize_detect.h"


static void
check_rows_of(texts_t *t, const char *const rows[][2], size_t n, bool far)
{
    size_t                i;
    consent_detectors_t  *detectors = texts_compile(t);

    for (i = 0; i < n; i++) {
        check_text(detectors, (int) i, rows[i][0], strlen(rows[i][0]), rows[i][1], 0);

        if (far) {
            check_text_far(detectors, (int) i, rows[i][0], rows[i][1], 0);
        }
    }

    consent_detectors_destroy(detectors);
}


static void
the_longest_match_from_the_left(void **state)
{
    texts_t  t;

    static const char *const  rows[][2] = {
        { "K-123456", "[case 1]" }, { "\xc3\xa5" "K-123456\xc3\xa5", "\xc3\xa5[case 1]\xc3\xa5" },
        { "K-1234567", "[case 1]7" }, { "K-12", "K-12" }, { "K-123 K-123456 K-123", "[case 1] [case 2] [case 1]" },
        { "xK-123", "x[case 1]" }, { "abab", "[ab 1]" }, { "ab ba abba", "[ab 1] ba [ab 1]ba" },
        { "\xc3\x84RENDE 7", "[arende 1]" }, { "\xff" "ab\xc3", "\xff[ab 1]\xc3" }, { "", "" }
    };

    (void) state;

    memset(&t, 0, sizeof(t));
    texts_add(&t, 0, "case", "K-[0-9]{3,6}");
    texts_add(&t, 0, "ab", "(?:ab){1,10}");
    texts_add(&t, 0, "\xc3\xa4rende", "\xc3\x84RENDE [0-9]{1,9}");
    check_rows_of(&t, rows, consent_countof(rows), true);
}


/* Boundaries are those of the text, not of its pieces. */
static void
anchors_are_the_texts(void **state)
{
    texts_t  t;

    static const char *const  rows[][2] = {
        { "abc", "[whole 1]" }, { "abc ", "abc " }, { "xabc", "xabc" }, { "K12 K12", "[word 1] [word 1]" },
        { "K12x xK12 K12", "K12x xK12 [word 1]" },
        { "a\nL7\nb", "a\n[line 1]\nb" }, { "a\nL7b\nL7", "a\nL7b\n[line 1]" }
    };

    (void) state;

    memset(&t, 0, sizeof(t));
    texts_add(&t, 0, "whole", "^abc$");
    texts_add(&t, 0, "word", "\\bK[0-9]{2}\\b");
    texts_add(&t, 0, "line", "(?m)^L[0-9]$");
    check_rows_of(&t, rows, consent_countof(rows), false);
}


/* Also where the piece ends so that all before a word is decided, and the word is not. */
static void
what_was_decided_still_stands_before(void **state)
{
    char                 *got, text[2048], expected[2048];
    size_t                i;
    texts_t               t;
    consent_detectors_t  *detectors;

    (void) state;

    memset(&t, 0, sizeof(t));
    texts_add(&t, 0, "word", "\\bK[0-9]{2}\\b");
    detectors = texts_compile(&t);

    snprintf(text, sizeof(text), "%0600dxK12 K12 %0200d", 0, 0);
    snprintf(expected, sizeof(expected), "%0600dxK12 [word 1] %0200d", 0, 0);

    for (i = 600; i < 700; i++) {
        got = detected(detectors, text, strlen(text), i, 1, 0, NULL);
        assert_string_equal(got, expected);
        free(got);
    }

    consent_detectors_destroy(detectors);
}


/* What overlaps is masked to its end. */
static void
numbers_and_expressions_share_a_text(void **state)
{
    texts_t  t;

    static const char *const  rows[][2] = {
        { "nr 811228-9874", "[start 1][personnummer 1]" }, { "811228-9874", "[personnummer 1]" },
        { "K-1 811228-9874 K-1", "[case 1] [personnummer 1] [case 1]" },
        { "x811228-9874x", "[all 1]" }
    };

    (void) state;

    memset(&t, 0, sizeof(t));
    texts_add(&t, 0, "se.personnummer", NULL);
    texts_add(&t, 0, "start", "nr [0-9]{4}");
    texts_add(&t, 0, "case", "K-[0-9]");
    texts_add(&t, 0, "all", "x[0-9-]{11}x");
    check_rows_of(&t, rows, consent_countof(rows), true);
}


static void
long_texts_in_any_pieces(void **state)
{
    char                 *whole, *got;
    size_t                i;
    texts_t               t;
    consent_buf_t         b;
    consent_detectors_t  *detectors;

    static const size_t  sizes[] = { 1, 2, 17, 400, 511, 512, 513, 4095, 4096, 4097, 9000 };

    (void) state;

    memset(&t, 0, sizeof(t));
    texts_add(&t, 0, "long", "a[b-d]{1,12}e");
    texts_add(&t, 0, "wide", "Z[0-9 ]{300}z");
    texts_add(&t, 0, "se.personnummer", NULL);
    detectors = texts_compile(&t);

    consent_buf_init(&b, 1 << 20);

    for (i = 0; b.len < 40000; i++) {
        consent_buf_printf(&b, "%*cabcd%s Z%0300zuz 811228-9874 a%.*se ", (int) (i * 31 % 997 + 1), ' ', i % 3 ? "e" : "", i,
                           (int) (i % 14), "bcdbcdbcdbcdbcd");
    }

    whole = detected(detectors, (char *) b.data, b.len, b.len, b.len, 0, NULL);
    assert_non_null(strstr(whole, "[wide 30]"));
    assert_null(strstr(whole, "Z0"));
    assert_null(strstr(whole, "9874"));

    for (i = 0; i < consent_countof(sizes); i++) {
        got = detected(detectors, (char *) b.data, b.len, sizes[i], sizes[i], 0, NULL);
        assert_string_equal(got, whole);
        free(got);
    }

    free(whole);
    consent_buf_free(&b);
    consent_detectors_destroy(detectors);
}


static void
what_cannot_be_bounded_is_refused(void **state)
{
    size_t                i;
    texts_t               t;
    consent_detectors_t  *detectors;

    static const char *const  rows[] = {
        "a*", "a{0,3}", "K-[0-9]+", "(", "[0-9]{321}", ".{81}", "(?<=a)b", "\\"
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        memset(&t, 0, sizeof(t));
        texts_add(&t, 0, "own", rows[i]);
        assert_int_equal(consent_detectors_compile(&detectors, &t.policy, NULL), CONSENT_MALFORMED);
        assert_null(detectors);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_longest_match_from_the_left),
        cmocka_unit_test(anchors_are_the_texts),
        cmocka_unit_test(what_was_decided_still_stands_before),
        cmocka_unit_test(numbers_and_expressions_share_a_text),
        cmocka_unit_test(long_texts_in_any_pieces),
        cmocka_unit_test(what_cannot_be_bounded_is_refused)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
