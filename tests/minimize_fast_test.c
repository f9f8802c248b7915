/*
 * Quick answers are those of the slow ways: made-up bytes of the kinds that decide go through both.
 */

#include "minimize_body.h"

#include "minimize/detect_scan.h"
#include "minimize/form.h"
#include "minimize/form_quick.h"
#include "minimize/reading.h"

#define ROUNDS  200000

static uint32_t  seed;


/* The same each time. */
static uint32_t
draw(uint32_t n)
{
    seed = seed * 1103515245 + 12345;

    return (seed >> 8) % n;
}


static size_t
make(uint8_t *out, size_t most, const char *const *pieces, size_t n)
{
    size_t       len, k;
    const char  *piece;

    len = 0;

    for (k = draw((uint32_t) most); len < k; /* void */ ) {
        piece = pieces[draw((uint32_t) n)];
        memcpy(out + len, piece, strlen(piece));
        len += strlen(piece);
    }

    return len;
}


static bool
few(const uint8_t *p, size_t n, size_t least, bool at)
{
    size_t  i, digits;

    for (i = 0, digits = 0; i < n; i++) {
        if (at && (p[i] == '@' || p[i] == 0xef)) {
            return false;
        }

        digits += (p[i] >= '0' && p[i] <= '9') || consent_detect_lead(p[i]);
    }

    return digits < least;
}


static void
digits_are_counted_in_sixteens_as_one_by_one(void **state)
{
    size_t   i, n, least;
    bool     at;
    uint8_t  text[80], *copy;

    static const char *const  pieces[] = {
        "a", "  ", "plain", "words", "7", "19", "2026", "\xc2\xb9", "\xd9\xa3", "\xe3\x81\x82", "@", "\xef\xbc\x91",
        "\xc3\xa4",
        "-"
    };

    (void) state;

    for (i = 0; i < ROUNDS; i++) {
        n = make(text, 60, pieces, consent_countof(pieces) - draw(5));
        least = 1 + draw(12);
        at = draw(2) != 0;

        copy = malloc(n + 1);
        memcpy(copy, text, n);
        assert_int_equal(consent_detect_few(copy, n, (unsigned) least, at), few(text, n, least, at));
        free(copy);
    }
}


static void
what_is_dull_undecoded_is_so_decoded(void **state)
{
    size_t   i, n, len, used, dull;
    uint8_t  raw[96], text[96], *copy;

    static const char *const  pieces[] = {
        "a", "+", "falt", "=", "med", "%C3%A4", "%2C", "%20", "12", "7", "%37", "%3", "%", "%%", "%2537", "%25", "%u0037",
        "%uFF17", "%D9%A3", "\xd9\xa3", "%EF%BC%97", "@", "%40", "%2540", "\xef\xbc\x97", "%\xd9", "%5\xd9"
    };

    (void) state;

    for (i = 0, dull = 0; i < ROUNDS; i++) {
        n = make(raw, 70, pieces, consent_countof(pieces) - draw(18));
        len = consent_form_decode(text, &used, raw, n, true);

        copy = malloc(n + 1);
        memcpy(copy, raw, n);

        if (consent_form_dull(copy, n)) {
            assert_true(few(text, len, CONSENT_DETECT_DULL, true));
            dull++;
        }

        free(copy);
    }

    /* the answer would be true if it were always no */
    assert_true(dull > ROUNDS / 10);
}


static void
a_pair_is_read_as_all_of_it_would_be(void **state)
{
    size_t           i, n, found;
    uint8_t          raw[96], class, *copy;
    const uint8_t   *eq;
    consent_mask_t   quick, slow;

    static const char *const  pieces[] = {
        "a", "pnr", "=", "PNR", "next", "/x", "?", "&", "%3D", "%3d", "%253D", "%3%44", "%2%35", "%u003D", "%%33D",
        "%3", "%2C",
        "%20", "%70nr", "p", "nr", "+", ".", "[x]", "email", " ", "%C3%A4", "%", "0"
    };
    const consent_reading_t  reading = { &body_policy->fields, true, true, false, NULL, NULL };

    (void) state;

    for (i = 0, found = 0; i < ROUNDS; i++) {
        n = make(raw, 70, pieces, consent_countof(pieces));

        copy = malloc(n + 1);
        memcpy(copy, raw, n);

        for (eq = copy, class = 0; eq < copy + n && consent_reading_class[*eq] != CONSENT_READING_END; eq++) {
            class |= consent_reading_class[*eq];
        }

        quick = consent_reading_pair(&reading, copy, eq, copy + n, class, 4);
        slow = consent_reading_find(&reading, consent_slice(copy, n), 4);

        assert_int_equal(quick, slow);
        found += slow != 0;
        free(copy);
    }

    assert_true(found > ROUNDS / 10 && found < ROUNDS);
}


/* What is told at one look is what all ways of looking say: no name in it, no text, no JSON, no path. */
static void
a_quick_pair_is_one_that_says_nothing(void **state)
{
    size_t          i, n, len, used, quick;
    uint8_t         raw[128], text[128], *copy;
    const uint8_t  *eq, *end;

    static const char *const  pieces[] = {
        "Ett", "+uterum+om+", "24", "%2C+", "%C3%A5", "a", "%20", "-", "1", "%0D%0A", "www.", "%3A", "http", "/x", "pnr", "=",
        "%3D", "%3d", "%", "%4", "%40", "@", "%2540", "%253D", "%u003D", "\xc3", "\0", "1980", "%31", "%D9%A1",
        "%EF%BC%A0", "{", "[",
        "%7B%22", "?", "#", "%3%44"
    };
    const consent_reading_t  reading = {
        &body_policy->fields, true, true, false, &body_policy->args, body_policy->json_paths
    };

    (void) state;

    for (i = 0, quick = 0; i < ROUNDS; i++) {
        n = (size_t) sprintf((char *) raw, draw(4) == 0 ? "pnr=" : draw(4) == 0 ? "n%u_x-%u=" : "falt%u=", draw(100),
        draw(9));
        n += make(raw + n, 70, pieces, consent_countof(pieces) - draw(28));

        /* with what follows it, or with nothing */
        used = draw(2) == 0 ? 0 : 16;
        copy = malloc(n + used);
        memcpy(copy, raw, n);
        memset(copy + n, '9', used);
        end = copy + n;

        if (consent_form_quick(copy, end, end + used, &eq)) {
            quick++;
            assert_true(*eq == '=' && eq - copy < 16 && memchr(copy, '=', (size_t) (eq - copy)) == NULL);
            assert_int_equal(consent_reading_find(&reading, consent_slice(copy, n), 4),
                             consent_reading_find(&reading, consent_slice(copy, (size_t) (eq - copy)), 4));

            len = consent_form_decode(text, &used, copy, n, true);
            assert_true(few(text, len, CONSENT_DETECT_DULL, true));

            len = consent_form_decode(text, &used, eq + 1, (size_t) (end - eq - 1), true);
            assert_int_equal(len == 0 ? CONSENT_FORM_TEXT : consent_form_sight(text, len), CONSENT_FORM_TEXT);
            assert_true(len == 0 || consent_form_path(text, consent_slice(eq + 1, (size_t) (end - eq - 1)),
            body_policy) == 0);
        }

        free(copy);
    }

    assert_true(quick > ROUNDS / 20);
}


/* Feeding is stopped where it costs much, whatever it costs much for. */
static void
steps_are_short_where_bytes_are_costly(void **state)
{
    size_t   i, k, n;
    uint8_t  in[8192];

    static const struct {
        int          line;
        const char  *text;
        size_t       least;
        size_t       most;
    } rows[] = {
        { __LINE__, "Ett uterum om 24 kvadratmeter. ", 8192, 8192 },
        { __LINE__, "{\"id\": 17, \"pnr\": \"198001011234\", \"yta\": 24},\n", 8192, 8192 },
        { __LINE__, "1 ", 64, 320 },
        { __LINE__, "198 001 011 ", 128, 640 },
        { __LINE__, "a@", 64, 320 },
        { __LINE__, "%31%20", 64, 640 },
        { __LINE__, "\\u0031 ", 128, 1024 },
        { __LINE__, "{\\\"a\\\":1}", 128, 1024 },
        { __LINE__, "\xef\xbc\x91 ", 64, 640 },
        { __LINE__, "\xd9\xa1-", 64, 640 }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        for (k = 0; k < sizeof(in); k++) {
            in[k] = (uint8_t) rows[i].text[k % strlen(rows[i].text)];
        }

        n = consent_body_step(in, sizeof(in));

        if (n < rows[i].least || n > rows[i].most) {
            fail_msg("line %d: %zu", rows[i].line, n);
        }
    }

    for (n = 1; n < 40; n++) {
        k = consent_body_step(in, n);
        assert_true(k > 0 && k <= n);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(digits_are_counted_in_sixteens_as_one_by_one),
        cmocka_unit_test(what_is_dull_undecoded_is_so_decoded),
        cmocka_unit_test(a_pair_is_read_as_all_of_it_would_be),
        cmocka_unit_test(a_quick_pair_is_one_that_says_nothing),
        cmocka_unit_test(steps_are_short_where_bytes_are_costly)
    };

    return cmocka_run_group_tests(tests, body_begin, body_finish);
}
