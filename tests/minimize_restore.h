/*
 * What the tests of the way back share: the masks of one request, and a transform fed in every way.
 */

#ifndef TESTS_MINIMIZE_RESTORE_H
#define TESTS_MINIMIZE_RESTORE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "minimize/restore.h"

#define PNR     "[personnummer 1]"      /* 19800101-1234 */
#define OTHER   "[personnummer 2]"      /* 19121212-1212 */
#define MAIL    "[email 1]"             /* anna@example.org */
#define NAME    "[namn 1]"              /* Åsa */
#define QUOTES  "[eget 1]"              /* "'\& and > */
#define LINES   "[eget 2]"              /* a, LF, b */
#define BYTES   "[eget 3]"              /* no UTF-8 */
#define CONTROL "[eget 4]"              /* a control byte */
#define ADDRESS "[eget 5]"              /* https://evil.example/?q= */
#define MARKUP  "[eget 6]"              /* <b> */
#define LINK    "[eget 7]"              /* [a](b */

#define VALUE   "19800101-1234"

typedef struct {
    int          line;
    const char  *in;
    const char  *out;
} row_t;

typedef struct {
    char    *data;
    size_t   len;
    size_t   size;
} sink_t;

static consent_masks_t  *masks;


static inline void
give(const char *label, const char *value, size_t len, const char *expected)
{
    consent_slice_t  mask;

    assert_int_equal(consent_masks_give(masks, consent_cstr(label), consent_slice(value, len),
                                        consent_slice(value, len), &mask), CONSENT_OK);
    assert_int_equal(mask.len, strlen(expected));
    assert_memory_equal(mask.data, expected, mask.len);
}


static inline int
begin(void **state)
{
    (void) state;
    masks = consent_masks_create();
    give("personnummer", VALUE, sizeof(VALUE) - 1, PNR);
    give("personnummer", "19121212-1212", 13, OTHER);
    give("email", "anna@example.org", 16, MAIL);
    give("namn", "\xc3\x85sa", 4, NAME);
    give("eget", "\"'\\&>", 5, QUOTES);
    give("eget", "a\nb", 3, LINES);
    give("eget", "\xff\xfe", 2, BYTES);
    give("eget", "a\001b", 3, CONTROL);
    give("eget", "https://evil.example/?q=", 24, ADDRESS);
    give("eget", "<b>", 3, MARKUP);
    give("eget", "[a](b", 5, LINK);

    return 0;
}


static inline int
finish(void **state)
{
    (void) state;
    consent_masks_destroy(masks);
    return 0;
}


static consent_rc_t
sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    sink_t  *s = arg;

    (void) kind;

    if (s->len + len + 1 > s->size) {
        s->size = (s->len + len + 1) * 2;
        s->data = realloc(s->data, s->size);
    }

    memcpy(s->data + s->len, data, len);
    s->len += len;
    s->data[s->len] = '\0';

    return CONSENT_OK;
}


/* Each piece in memory of its own size, so that reading past it is seen. */
static inline void
feed(consent_transform_t *t, sink_t *s, const char *in, size_t n, bool last)
{
    uint8_t  *copy;

    copy = malloc(n > 0 ? n : 1);
    memcpy(copy, in, n);
    assert_int_equal(consent_transform_feed(t, copy, n, last, sink_emit, s), CONSENT_OK);
    memset(copy, 'x', n);
    free(copy);
}


/* step: bytes of a piece; cut: of the first piece. */
static inline void
restore(sink_t *s, consent_restore_kind_t kind, const char *in, size_t n, size_t cut, size_t step)
{
    void                 *memory;
    size_t                at, piece;
    consent_transform_t  *t;

    memset(s, 0, sizeof(sink_t));
    (void) sink_emit(s, (const uint8_t *) "", 0, CONSENT_SPAN_OWN);
    memory = malloc(consent_restore_size());
    memset(memory, 0xa5, consent_restore_size());
    t = consent_restore_init(memory, masks, kind);

    feed(t, s, in, cut, false);

    for (at = cut; at < n; at += piece) {
        piece = n - at < step ? n - at : step;
        feed(t, s, in + at, piece, false);
    }

    feed(t, s, "", 0, true);
    consent_transform_destroy(t);
    free(memory);
}


static inline void
check_rows(consent_restore_kind_t kind, const row_t *rows, size_t n)
{
    size_t  i, cut, len;
    sink_t  s;

    for (i = 0; i < n; i++) {
        len = strlen(rows[i].in);

        /* whole, byte by byte, and cut in two at every place */
        for (cut = 0; cut <= len + 1; cut++) {
            restore(&s, kind, rows[i].in, len, cut <= len ? cut : 0, cut <= len ? len + 1 : 1);

            if (strcmp(s.data, rows[i].out) != 0) {
                fail_msg("line %d, cut at %zu: \"%s\" gave \"%s\" instead of \"%s\"", rows[i].line, cut, rows[i].in,
                         s.data, rows[i].out);
            }

            free(s.data);
        }
    }
}

#define CHECK(kind, rows)  check_rows(kind, rows, consent_countof(rows))

/* A text that comes out as it went in. */
#define SAME(text)  { __LINE__, text, text }

#endif
