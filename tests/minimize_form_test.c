/*
 * Forms: what goes, what stays, and the ways around, in any pieces.
 */

#include <unistd.h>

#include "minimize_body.h"

static const consent_carrier_t  field = CONSENT_CARRIER_FIELD;
static const consent_carrier_t  argument = CONSENT_CARRIER_ARG;

static const body_run_t  plain = { .granted = 0 };
static const body_run_t  texts = { .texts = true };


static consent_transform_t *
form(void **memory, consent_inspect_t *inspect, const void *arg)
{
    *memory = malloc(consent_form_size(inspect->detectors));

    return consent_form_init(*memory, inspect, *(const consent_carrier_t *) arg);
}

#define FORM(how, rows)  body_check(&how, form, &field, rows, consent_countof(rows))


static void
one_pair_goes_the_rest_keeps_bytes_and_order(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "", "", 0 },
        { __LINE__, "q=1", "q=1", 0 },
        { __LINE__, "pnr=1", "", 0 },
        { __LINE__, "a=1&pnr=2&b=3", "a=1&b=3", 0 },
        { __LINE__, "pnr=2&a=1&b=3", "a=1&b=3", 0 },
        { __LINE__, "a=1&b=3&pnr=2", "a=1&b=3", 0 },
        { __LINE__, "a=1&pnr=2&email=3&b=4", "a=1&b=4", 0 },
        { __LINE__, "pnr=1&a=1&pnr=2&a=2&pnr=3", "a=1&a=2", 0 },
        { __LINE__, "a=%C3%A5&pnr=2&b=+x+%20", "a=%C3%A5&b=+x+%20", 0 },
        { __LINE__, "&&a=1&&pnr=2&", "&&a=1&&", 0 },
        { __LINE__, "&pnr=1&a=2", "a=2", 0 },
        { __LINE__, "a=b=c&pnr==&=d&=", "a=b=c&=d&=", 0 },
        { __LINE__, "pnr", "", 0 },
        { __LINE__, "a&pnr&b", "a&b", 0 },
        { __LINE__, "a=1;pnr=2;b=3", "a=1;b=3", 0 },
        { __LINE__, "pnr=1;2;3;c=4;5&b=3", "c=4;5&b=3", 0 },
        { __LINE__, "next=/form?pnr=1&a=2", "a=2", 0 },
        { __LINE__, "next=%252Fform%253Fpnr%253D1&a=2", "a=2", 0 },
        { __LINE__, "next=/person/198001011231&a=/x/1", "a=/x/1", 0 },
        { __LINE__, "next=%2568ttps%3A%2F%2Fx.example%2Fperson%2F1&a=2", "a=2", 0 },
        { __LINE__, "%2570nr=1&person.nr[x]=1&PNR%00=2&a=2", "a=2", 0 }
    };

    (void) state;
    FORM(plain, rows);
    FORM(texts, rows);
}


/* They go, but there is nothing to ask her about. */
static void
fields_left_empty_are_nothing_that_was_withheld(void **state)
{
    size_t      i;
    body_run_t  r;

    static const struct {
        const char      *in;
        consent_mask_t   removed;
    } rows[] = {
        { "a=1&pnr=&email&b=2", 0 },
        { "pnr=&a=1&email=x&b=2", BIT(EMAIL) },
        { "a=1&pnr=+&b=2", BIT(PERSON) },
        { "a=1&pnr==&b=2", BIT(PERSON) },
        { "a=1&pnr=&pnr=1&b=2", BIT(PERSON) }
    };

    (void) state;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        r = plain;
        body_run(&r, form, &field, rows[i].in, strlen(rows[i].in));
        assert_true(consent_slice_eq(consent_buf_view(&r.out), consent_lit("a=1&b=2")));
        assert_int_equal(r.inspect.found.removed, rows[i].removed);
        assert_true(r.inspect.found.pairs > 0);
        consent_buf_free(&r.out);
    }
}


/* The same rules as for arguments, whatever the bytes. */
static void
bodies_and_arguments_are_read_alike(void **state)
{
    char                in[64], out[65];
    size_t              i, k, n, len;
    uint64_t            seed;
    body_run_t          r;
    consent_found_t     found;
    consent_minimize_t  how;

    static const char *const  tokens[] = {
        "&", ";", "=", "pnr", "a", "%70nr", "email", "?", "%26", "%3D", "%", "+", "[", "]", ".", "x", "#", "%25", "q"
    };

    (void) state;

    for (seed = 1, i = 0; i < 20000; i++) {

        for (n = 0, k = 0; k < 12; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            len = strlen(tokens[(seed >> 33) % consent_countof(tokens)]);

            if (n + len < sizeof(in)) {
                memcpy(in + n, tokens[(seed >> 33) % consent_countof(tokens)], len);
                n += len;
            }
        }

        memset(&how, 0, sizeof(how));
        memset(&found, 0, sizeof(found));
        how.policy = body_policy;
        how.count_unknown = how.remove_unknown = i % 2;
        consent_minimize_args((uint8_t *) out, &len, consent_slice(in, n), &how, &found);

        r = plain;
        r.count_unknown = r.remove_unknown = i % 2;

        in[n] = '\0';
        body_feed(&r, form, &argument, in, n, i % (n + 1), 1 + i % 5);

        if (r.rc != CONSENT_OK || r.out.len != len || (len > 0 && memcmp(r.out.data, out, len) != 0)
            || r.inspect.found.pairs != found.pairs || r.inspect.found.unknown != found.unknown)
        {
            fail_msg("\"%s\" gave \"%.*s\" instead of \"%.*s\"", in, (int) r.out.len, (char *) r.out.data, (int) len, out);
        }

        consent_buf_free(&r.out);
    }
}


static void
what_stays_is_borrowed_in_one_span(void **state)
{
    body_run_t   r = texts;

    static const char  in[] = "a=1&b=hej&c=%C3%A5ngstr%C3%B6m&d=x+y";

    (void) state;

    body_run(&r, form, &field, in, sizeof(in) - 1);
    assert_int_equal(r.own, 0);
    assert_int_equal(r.inspect.found.seen, 0);
    consent_buf_free(&r.out);
}


static void
texts_in_names_and_values_are_masked(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "msg=hej+19800101-1231+d%C3%A5&a=1", "msg=hej+%5Bpersonnummer+1%5D+d%C3%A5&a=1", 0 },
        { __LINE__, "msg=19800101%2D1231", "msg=%5Bpersonnummer+1%5D", 0 },
        { __LINE__, "msg=%31%39800101-1231%26", "msg=%5Bpersonnummer+1%5D%26", 0 },
        { __LINE__, "msg=%2531%2539800101-1231", "msg=%5Bpersonnummer+1%5D", 0 },
        { __LINE__, "msg=%u0031%u0039800101-1231.", "msg=%5Bpersonnummer+1%5D.", 0 },
        { __LINE__, "msg=%uD83D%uDE00+198001011231", "msg=%uD83D%uDE00+%5Bpersonnummer+1%5D", 0 },
        { __LINE__, "a=198001011231&b=19800101-1231", "a=%5Bpersonnummer+1%5D&b=%5Bpersonnummer+1%5D", 0 },
        { __LINE__, "198001011231=1&198001011231", "%5Bpersonnummer+1%5D=1&%5Bpersonnummer+1%5D", 0 },
        { __LINE__, "msg=anna%40kommun.se+x", "msg=%5Bemail+1%5D+x", 0 },
        { __LINE__, "msg=198001011233&a=100%25&b=%", "msg=198001011233&a=100%25&b=%", 0 }
    };

    (void) state;
    FORM(texts, rows);
}


static void
json_in_a_value_is_looked_into(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "data={\"a\":1,\"pnr\":2}&b=1", "data={\"a\":1}&b=1", 0 },
        { __LINE__, "data=%7B%22pnr%22:2,+%22a%22:%22%C3%A5%22%7D", "data=%7B+%22a%22:%22%C3%A5%22%7D", 0 },
        { __LINE__, "data=+%5B%7b%22pnr%22:2%7d]", "data=+%5B%7b%7d]", 0 },
        { __LINE__, "data={\"a\":1}", "data={\"a\":1}", 0 },
        { __LINE__, "data=[hej]", "data=[hej]", 0 },
        { __LINE__, "data={hej} \"du\"", "data={hej} \"du\"", 0 },
        { __LINE__, "data=[1", "data=[1", 0 },
        { __LINE__, "data={\"pnr\":1", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "data={\"a\":\"x;y\",\"pnr\":1}", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "{\"pnr\":1}", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, " {\"a\":\"x&y\",\"pnr\":1}", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "a=1&%7B%22pnr%22:1%7D=", NULL, CONSENT_DOUBT_SYNTAX }
    };

    (void) state;
    FORM(plain, rows);
    FORM(texts, rows);
}


static void
what_is_granted_stays(void **state)
{
    static const body_run_t  all = { .granted = BIT(EMAIL) | BIT(PERSON) | BIT(USAGE) };
    static const body_run_t  one = { .granted = BIT(PERSON) };

    static const body_row_t  everything[] = {
        { __LINE__, "pnr=1&email=2&utm_x=3", "pnr=1&email=2&utm_x=3", 0 },
        { __LINE__, "{\"pnr\":1}", "{\"pnr\":1}", 0 }
    };

    static const body_row_t  some[] = {
        { __LINE__, "pnr=1&email=2&utm_x=3", "pnr=1", 0 },
        { __LINE__, "pnr=/x?email=1&a=2", "a=2", 0 }
    };

    (void) state;
    FORM(all, everything);
    FORM(one, some);
}


static void
other_charsets_are_refused(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "_charset_=UTF-8&a=1", "_charset_=UTF-8&a=1", 0 },
        { __LINE__, "_charset_=&a=1", "_charset_=&a=1", 0 },
        { __LINE__, "_charset_=iso-8859-15", "_charset_=iso-8859-15", 0 },
        { __LINE__, "_charset_=utf-7", NULL, CONSENT_DOUBT_CHARSET },
        { __LINE__, "a=1&%5Fcharset_=UTF-16LE", NULL, CONSENT_DOUBT_CHARSET },
        { __LINE__, "a=1&_CHARSET_=shift_jis", NULL, CONSENT_DOUBT_CHARSET }
    };

    (void) state;
    FORM(plain, rows);
}


static void
unknown_names_are_counted_removed_or_refused(void **state)
{
    body_run_t  r;

    static const char  in[] = "csrf=1&ny=2&pnr=3&n%C3%A4sta=4&&=5&csrf[x]=6";

    (void) state;

    r = plain;
    r.count_unknown = true;
    body_run(&r, form, &field, in, sizeof(in) - 1);
    assert_string_equal(r.unknown, "ny n\xc3\xa4sta ");
    assert_int_equal(r.inspect.found.unknown, 2);
    assert_int_equal(r.inspect.found.unknown_in, 1u << CONSENT_CARRIER_FIELD);
    assert_int_equal(r.inspect.found.carriers, 1u << CONSENT_CARRIER_FIELD);
    consent_buf_free(&r.out);

    r.remove_unknown = true;
    body_run(&r, form, &field, in, sizeof(in) - 1);
    assert_true(consent_slice_eq(consent_buf_view(&r.out), consent_lit("csrf=1&&=5&csrf[x]=6")));
    consent_buf_free(&r.out);

    r.refuse_unknown = true;
    body_run(&r, form, &field, in, sizeof(in) - 1);
    assert_int_equal(r.rc, CONSENT_MALFORMED);
    assert_int_equal(r.inspect.doubt, CONSENT_DOUBT_UNKNOWN);
    consent_buf_free(&r.out);
}


/* A body of `before`, n times `unit`, and `after`. */
static void
long_value(const body_run_t *how, const char *before, const char *unit, size_t n, const char *after, const char *out,
    consent_doubt_t doubt, int line)
{
    char           expected[64];
    size_t         i;
    body_run_t     r;
    consent_buf_t  b;

    consent_buf_init(&b, 1 << 24);
    consent_buf_str(&b, before);

    for (i = 0; i < n; i++) {
        consent_buf_str(&b, unit);
    }

    consent_buf_str(&b, after);
    consent_buf_char(&b, '\0');
    r = *how;
    body_run(&r, form, &field, (const char *) b.data, b.len - 1);

    if (r.inspect.doubt != doubt) {
        fail_msg("line %d: doubt %d", line, r.inspect.doubt);
    }

    if (out != NULL) {
        snprintf(expected, sizeof(expected), "%s", out);

        if (r.out.len < strlen(out)
            || memcmp(r.out.data + r.out.len - strlen(expected), expected, strlen(expected)) != 0)
        {
            fail_msg("line %d: ends in \"%.60s\"", line, (char *) r.out.data + r.out.len - strlen(expected));
        }
    }

    consent_buf_free(&r.out);
    consent_buf_free(&b);
}


static void
a_long_pair_passes_as_it_comes(void **state)
{
    (void) state;

    long_value(&plain, "msg=", "0123456789abcdef", 2000, "&pnr=1&b=2", "cdef&b=2", 0, __LINE__);
    long_value(&texts, "msg=", "0123456789abcdef", 2000, "&pnr=1&b=2", "cdef&b=2", 0, __LINE__);
    long_value(&texts, "msg=", "r%C3%A4ksm%25C3%25B6rg%E5s+", 2000, "198001011231;pnr=4;b=2",
        "g%E5s+%5Bpersonnummer+1%5D;b=2", 0, __LINE__);
    long_value(&texts, "a=1&msg=", "%u0e01x", 3000, "%20anna%40kommun.se", "%u0e01x%20%5Bemail+1%5D", 0, __LINE__);
    long_value(&plain, "pnr=", "0123456789abcdef", 2000, "&b=2", "b=2", 0, __LINE__);
    long_value(&plain, "b=1&next=/x?pnr=", "0123456789abcdef", 2000, "&b=2", "b=1&b=2", 0, __LINE__);
    long_value(&plain, "b=1&next=/person/1?a=", "0123456789abcdef", 2000, "", "b=1", 0, __LINE__);
    long_value(&plain, "b=1&next=/person/1%3Fa=", "0123456789abcdef", 300, "", "b=1", 0, __LINE__);
    long_value(&plain, "photo=%2F9j%2F", "4AAQSkZJ%2BRgAB", 2000, "&b=1", "AB&b=1", 0, __LINE__);
    long_value(&plain, "b=1&pnr=", "0123456789abcdef", 2000, "", "b=1", 0, __LINE__);
}


static void
what_is_found_too_late_is_refused(void **state)
{
    (void) state;

    long_value(&plain, "next=/x?a=", "0123456789abcdef", 2000, "%26pnr=1", NULL, CONSENT_DOUBT_NAME, __LINE__);
    long_value(&plain, "next=/x?a=", "0123456789abcdef", 2000, "%26pn", "ef%26pn", 0, __LINE__);
    long_value(&plain, "data={\"a\":[", "\"0123456789abcdef\",", 2000, "0],\"b\":1}&b=2", "\"b\":1}&b=2", 0, __LINE__);
    long_value(&plain, "data={\"a\":[", "\"0123456789abcdef\",", 2000, "0],\"pnr\":1}", NULL, CONSENT_DOUBT_SIZE, __LINE__);
    long_value(&plain, "data={\"a\":[", "\"0123456789abcdef\",", 2000, "0],\"b\":1", NULL, CONSENT_DOUBT_SYNTAX, __LINE__);
    long_value(&plain, "", "a", 600, "=1", NULL, CONSENT_DOUBT_NAME, __LINE__);
    long_value(&plain, "", "%61", 500, "=1", "%61=1", 0, __LINE__);
    long_value(&plain, "", "%61", 600, "=1", NULL, CONSENT_DOUBT_NAME, __LINE__);
    long_value(&plain, "", "%61", 6000, "=1", NULL, CONSENT_DOUBT_NAME, __LINE__);
    long_value(&plain, "_charset_=", "utf-8", 6000, "", NULL, CONSENT_DOUBT_CHARSET, __LINE__);
}


/* The border between what is seen whole and what is not is the same however the bytes come. */
static void
lengths_around_what_is_held_make_no_difference(void **state)
{
    size_t  n;

    (void) state;

    for (n = 8150; n < 8210; n++) {
        long_value(&texts, "msg=", "x", n, "+198001011231&a=1", "x+%5Bpersonnummer+1%5D&a=1", 0, __LINE__);
    }
}


static void
arguments_are_masked_and_nothing_else(void **state)
{
    size_t             i;
    consent_buf_t      b;
    consent_inspect_t  inspect;

    static const struct {
        const char  *in;
        const char  *out;
    } rows[] = {
        { "", "" },
        { "q=hej", "q=hej" },
        { "q=198001011231&x", "q=%5Bpersonnummer+1%5D&x" },
        { "pnr=x&198001011231;a=1", "pnr=x&%5Bpersonnummer+1%5D;a=1" }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        memset(&inspect, 0, sizeof(inspect));
        inspect.how.policy = body_policy;
        inspect.how.count_unknown = inspect.how.remove_unknown = true;
        inspect.detectors = body_detectors;
        inspect.masks = consent_masks_create();

        consent_buf_init(&b, 4096);
        assert_int_equal(consent_minimize_args_text(&b, consent_cstr(rows[i].in), &inspect), CONSENT_OK);
        assert_true(consent_slice_eq(consent_buf_view(&b), consent_cstr(rows[i].out)));
        assert_int_equal(inspect.found.unknown, 0);

        consent_buf_free(&b);
        consent_masks_destroy(inspect.masks);
    }
}


static void
hostile_input_takes_linear_time(void **state)
{
    size_t      i, k;
    char       *in;
    body_run_t  r;

    static const char *const  units[] = { "%", "%25", ";", "&", "%u", "%%%2", "a=%3", "?=", "[", ".", "a=", "1@", "+" };

    enum { SIZE = 1 << 20 };

    (void) state;

    /* what grows with the square of a megabyte does not end in this time */
    alarm(120);
    in = malloc(SIZE + 2);
    memcpy(in, "a=", 2);

    for (i = 0; i < consent_countof(units); i++) {
        for (k = 0; k < SIZE; k++) {
            in[k + 2] = units[i][k % strlen(units[i])];
        }

        r = texts;
        body_feed(&r, form, &field, in, SIZE + 2, SIZE + 2, 1);
        consent_buf_free(&r.out);
        body_feed(&r, form, &field, in, SIZE + 2, 1, 1);
        consent_buf_free(&r.out);
    }

    alarm(0);
    free(in);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(one_pair_goes_the_rest_keeps_bytes_and_order),
        cmocka_unit_test(fields_left_empty_are_nothing_that_was_withheld),
        cmocka_unit_test(bodies_and_arguments_are_read_alike),
        cmocka_unit_test(what_stays_is_borrowed_in_one_span),
        cmocka_unit_test(texts_in_names_and_values_are_masked),
        cmocka_unit_test(json_in_a_value_is_looked_into),
        cmocka_unit_test(what_is_granted_stays),
        cmocka_unit_test(other_charsets_are_refused),
        cmocka_unit_test(unknown_names_are_counted_removed_or_refused),
        cmocka_unit_test(a_long_pair_passes_as_it_comes),
        cmocka_unit_test(what_is_found_too_late_is_refused),
        cmocka_unit_test(lengths_around_what_is_held_make_no_difference),
        cmocka_unit_test(arguments_are_masked_and_nothing_else),
        cmocka_unit_test(hostile_input_takes_linear_time)
    };

    return cmocka_run_group_tests(tests, body_begin, body_finish);
}
