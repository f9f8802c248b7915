/*
 * Inflating: formats, members, cuts anywhere, ends before the end, bounds.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/inflate.h"

#define ROOM  (4 * 1024 * 1024)

typedef struct {
    uint8_t  *data;
    size_t    len;
    size_t    left;         /* emits until it fails */
} sink_t;

enum { GZIP = 31, ZLIB = 15, RAW = -15 };


static consent_rc_t
sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    sink_t  *s = arg;

    assert_int_equal(kind, CONSENT_SPAN_OWN);
    assert_true(len > 0);
    assert_true(len <= ROOM - s->len);

    if (s->left-- == 0) {
        return CONSENT_FULL;
    }

    memcpy(s->data + s->len, data, len);
    s->len += len;

    return CONSENT_OK;
}


static int
setup(void **state)
{
    sink_t  *s = calloc(1, sizeof(sink_t));

    s->data = malloc(ROOM);
    *state = s;

    return s->data == NULL;
}


static int
teardown(void **state)
{
    sink_t  *s = *state;

    free(s->data);
    free(s);

    return 0;
}


/* Feeds `in` in pieces of `piece` bytes (0: all at once). */
static consent_rc_t
inflate_all(sink_t *s, consent_inflate_format_t format, const uint8_t *in, size_t n, size_t piece, size_t max_step)
{
    void                 *memory = malloc(consent_inflate_size());
    size_t                at, len;
    consent_rc_t          rc;
    consent_transform_t  *t;

    s->len = 0;
    s->left = SIZE_MAX;
    t = consent_inflate_init(memory, format, max_step);
    assert_non_null(t);

    at = 0;

    do {
        len = piece == 0 || n - at < piece ? n - at : piece;
        rc = consent_transform_feed(t, in + at, len, at + len == n, sink_emit, s);
        at += len;
    } while (rc == CONSENT_OK && at < n);

    consent_transform_destroy(t);
    free(memory);

    return rc;
}


static size_t
pack(uint8_t *out, size_t size, const void *text, size_t len, int bits)
{
    z_stream  z;

    memset(&z, 0, sizeof(z));
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);

    z.next_in = (Bytef *) (uintptr_t) text;
    z.avail_in = (uInt) len;
    z.next_out = out;
    z.avail_out = (uInt) size;

    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    len = z.total_out;
    deflateEnd(&z);

    return len;
}


/* Text that compresses a little, and reaches back over more than a window. */
static uint8_t *
text_make(size_t len)
{
    size_t    i;
    uint8_t  *text = malloc(len);
    uint32_t  x = 12345;

    for (i = 0; i < len; i++) {
        x = x * 1664525 + 1013904223;
        text[i] = i > 30000 && i / 100 % 2 ? text[i - 30000] : (uint8_t) ('a' + (x >> 24) % 20);
    }

    return text;
}


static void
every_format_comes_out_as_it_went_in_however_it_is_cut(void **state)
{
    static const struct {
        int                       bits;
        consent_inflate_format_t  format;
    } rows[] = { { GZIP, CONSENT_INFLATE_GZIP }, { ZLIB, CONSENT_INFLATE_DEFLATE }, { RAW, CONSENT_INFLATE_DEFLATE } };

    static const size_t  pieces[] = { 0, 1, 2, 3, 7, 1000, 16384 };

    size_t    i, j, n, len = 200000;
    sink_t   *s = *state;
    uint8_t  *text = text_make(len), *in = malloc(len);

    for (i = 0; i < consent_countof(rows); i++) {
        n = pack(in, len, text, len, rows[i].bits);

        for (j = 0; j < consent_countof(pieces); j++) {
            assert_int_equal(inflate_all(s, rows[i].format, in, n, pieces[j], ROOM), CONSENT_OK);
            assert_int_equal(s->len, len);
            assert_memory_equal(s->data, text, len);
        }
    }

    free(text);
    free(in);
}


static void
members_of_gzip_follow_each_other(void **state)
{
    size_t    n, piece;
    sink_t   *s = *state;
    uint8_t   in[256];

    n = pack(in, sizeof(in), "one ", 4, GZIP);
    n += pack(in + n, sizeof(in) - n, "", 0, GZIP);
    n += pack(in + n, sizeof(in) - n, "two", 3, GZIP);

    for (piece = 0; piece < 5; piece++) {
        assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n, piece, ROOM), CONSENT_OK);
        assert_int_equal(s->len, 7);
        assert_memory_equal(s->data, "one two", 7);
    }

    /* padding and other bytes behind the last are dropped, half a member is not */
    memcpy(in + n, "\0\0\x1f\x8b", 4);
    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n + 4, 1, ROOM), CONSENT_OK);
    assert_int_equal(s->len, 7);

    in[n] = 0x1f;
    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n + 1, 0, ROOM), CONSENT_MALFORMED);
    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n + 2, 1, ROOM), CONSENT_MALFORMED);
}


static void
an_end_before_the_end_is_malformed(void **state)
{
    static const int  bits[] = { GZIP, ZLIB, RAW };

    size_t    i, n, cut;
    sink_t   *s = *state;
    uint8_t   in[256];

    for (i = 0; i < consent_countof(bits); i++) {
        n = pack(in, sizeof(in), "what is cut off is not whole, and is not said to be", 51, bits[i]);

        for (cut = 1; cut < n; cut++) {
            if (inflate_all(s, i == 0 ? CONSENT_INFLATE_GZIP : CONSENT_INFLATE_DEFLATE, in, cut, cut % 3, ROOM)
                != CONSENT_MALFORMED)
            {
                fail_msg("format %zu cut at %zu", i, cut);
            }
        }
    }
}


static void
no_bytes_stand_for_no_bytes(void **state)
{
    sink_t  *s = *state;

    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, NULL, 0, 0, ROOM), CONSENT_OK);
    assert_int_equal(s->len, 0);
    assert_int_equal(inflate_all(s, CONSENT_INFLATE_DEFLATE, NULL, 0, 0, ROOM), CONSENT_OK);
}


static void
what_is_not_of_the_format_is_malformed(void **state)
{
    size_t    i, n;
    sink_t   *s = *state;
    uint8_t   in[256];

    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, (const uint8_t *) "<!doctype html>", 15, 1, ROOM),
                     CONSENT_MALFORMED);
    assert_int_equal(inflate_all(s, CONSENT_INFLATE_DEFLATE, (const uint8_t *) "<!doctype html>", 15, 1, ROOM),
                     CONSENT_MALFORMED);

    /* a wrong checksum, a wrong length */
    n = pack(in, sizeof(in), "checked", 7, GZIP);

    for (i = 1; i <= 8; i++) {
        in[n - i] ^= 1;
        assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n, i % 4, ROOM), CONSENT_MALFORMED);
        in[n - i] ^= 1;
    }

    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n, 0, ROOM), CONSENT_OK);
}


static void
a_step_emits_no_more_than_its_bound(void **state)
{
    size_t    n, len = 3 * 1024 * 1024;
    sink_t   *s = *state;
    uint8_t  *zeros = calloc(1, len), *in = malloc(len);

    n = pack(in, len, zeros, len, GZIP);
    assert_true(n < 4000);

    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n, 0, len - 1), CONSENT_LIMIT);
    assert_true(s->len < len);
    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n, 0, len), CONSENT_OK);
    assert_int_equal(s->len, len);

    /* the bound is each step's, not the content's */
    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n, 100, 256 * 1024), CONSENT_OK);
    assert_int_equal(s->len, len);
    assert_int_equal(inflate_all(s, CONSENT_INFLATE_GZIP, in, n, 100, 1024), CONSENT_LIMIT);

    free(zeros);
    free(in);
}


static void
an_error_of_emit_comes_out(void **state)
{
    void                 *memory = malloc(consent_inflate_size());
    size_t                n;
    sink_t               *s = *state;
    uint8_t               in[64];
    consent_transform_t  *t;

    n = pack(in, sizeof(in), "x", 1, GZIP);
    s->len = 0;
    s->left = 0;
    t = consent_inflate_init(memory, CONSENT_INFLATE_GZIP, ROOM);
    assert_int_equal(consent_transform_feed(t, in, n, true, sink_emit, s), CONSENT_FULL);
    free(memory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(every_format_comes_out_as_it_went_in_however_it_is_cut, setup, teardown),
        cmocka_unit_test_setup_teardown(members_of_gzip_follow_each_other, setup, teardown),
        cmocka_unit_test_setup_teardown(an_end_before_the_end_is_malformed, setup, teardown),
        cmocka_unit_test_setup_teardown(no_bytes_stand_for_no_bytes, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_not_of_the_format_is_malformed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_step_emits_no_more_than_its_bound, setup, teardown),
        cmocka_unit_test_setup_teardown(an_error_of_emit_comes_out, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
