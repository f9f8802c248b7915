/*
 * Inflating, in memory given once. zlib takes its state and its window of 32 KB from it.
 */

#include "base/inflate.h"

#include <zlib.h>

#define STATE_SIZE   (48 * 1024)
#define OUTPUT_SIZE  (8 * 1024)
#define ALIGNMENT    64

#define GZIP_ID1     0x1f           /* RFC 1952, section 2.3.1 */
#define WINDOW_BITS  15
#define GZIP_FORMAT  16             /* added to the window's bits: a gzip header and trailer */

typedef struct {
    consent_transform_t       base;
    consent_inflate_format_t  format;
    size_t                    max_step;
    bool                      begun;        /* a byte was seen */
    bool                      detected;     /* deflate: with or without zlib's header is known */
    bool                      ended;        /* what came so far is complete */
    bool                      rest;         /* what still comes is no content */
    bool                      more;         /* zlib may have output, or a complaint, without any input */
    uint8_t                   first;        /* deflate: a first byte, alone, waits for the second */
    size_t                    used;         /* of state */
    z_stream                  z;
    uint8_t                   out[OUTPUT_SIZE];
    _Alignas(ALIGNMENT) uint8_t  state[STATE_SIZE];
} inflate_t;

static consent_rc_t inflate_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static consent_rc_t inflate_detect(inflate_t *s, const uint8_t **in, size_t *n, consent_slice_t *out);
static consent_rc_t inflate_some(inflate_t *s, const uint8_t **in, size_t *n, consent_slice_t *out);
static voidpf inflate_alloc(voidpf opaque, uInt items, uInt size);
static void inflate_free(voidpf opaque, voidpf address);


size_t
consent_inflate_size(void)
{
    return sizeof(inflate_t) + ALIGNMENT;
}


consent_transform_t *
consent_inflate_init(void *memory, consent_inflate_format_t format, size_t max_step)
{
    int         bits;
    inflate_t  *s;
    uintptr_t   start;

    start = ((uintptr_t) memory + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    s = (inflate_t *) start;

    memset(s, 0, offsetof(inflate_t, out));

    s->base.feed = inflate_feed;
    s->format = format;
    s->max_step = max_step;
    s->z.zalloc = inflate_alloc;
    s->z.zfree = inflate_free;
    s->z.opaque = s;

    bits = format == CONSENT_INFLATE_GZIP ? WINDOW_BITS + GZIP_FORMAT : WINDOW_BITS;

    return inflateInit2(&s->z, bits) == Z_OK ? &s->base : NULL;
}


static consent_rc_t
inflate_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t            left;
    inflate_t        *s;
    consent_rc_t      rc;
    consent_slice_t   out;

    s = (inflate_t *) t;
    left = s->max_step;

    for ( ;; ) {
        rc = consent_inflate_block(t, &in, &n, &out);

        if (rc != CONSENT_OK) {
            return rc;
        }

        if (out.len == 0) {
            return last && s->begun && !s->ended ? CONSENT_MALFORMED : CONSENT_OK;
        }

        if (out.len > left) {
            return CONSENT_LIMIT;
        }

        left -= out.len;
        rc = emit(arg, out.data, out.len, CONSENT_SPAN_OWN);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }
}


consent_rc_t
consent_inflate_block(consent_transform_t *t, const uint8_t **in, size_t *n, consent_slice_t *out)
{
    inflate_t     *s = (inflate_t *) t;
    consent_rc_t   rc;

    *out = consent_slice(NULL, 0);

    if (*n > 0 && s->format == CONSENT_INFLATE_DEFLATE && !s->detected) {
        rc = inflate_detect(s, in, n, out);

        if (rc != CONSENT_OK || out->len > 0) {
            return rc;
        }
    }

    return inflate_some(s, in, n, out);
}


/* zlib's header (RFC 1950, section 2.2) names method 8 in its first byte and is a multiple of 31 in its first two. */
static consent_rc_t
inflate_detect(inflate_t *s, const uint8_t **in, size_t *n, consent_slice_t *out)
{
    size_t          one;
    uint8_t         second;
    const uint8_t  *first;

    if (!s->begun) {
        s->begun = true;
        s->first = **in;
        (*in)++;
        (*n)--;
    }

    if (*n == 0) {
        return CONSENT_OK;
    }

    s->detected = true;
    second = **in;

    if (((s->first & 0x0f) != 8 || (s->first << 8 | second) % 31 != 0) && inflateReset2(&s->z, -WINDOW_BITS) != Z_OK) {
        return CONSENT_MALFORMED;
    }

    first = &s->first;
    one = 1;

    return inflate_some(s, &first, &one, out);
}


static consent_rc_t
inflate_some(inflate_t *s, const uint8_t **in, size_t *n, consent_slice_t *out)
{
    int     zrc;
    size_t  piece;

    while (*n > 0 || s->more) {

        if (s->ended && (s->rest || s->format != CONSENT_INFLATE_GZIP || **in != GZIP_ID1)) {
            s->rest = true;
            *in += *n;
            *n = 0;
            return CONSENT_OK;
        }

        if (s->ended && inflateReset(&s->z) != Z_OK) {
            return CONSENT_MALFORMED;
        }

        s->begun = true;
        s->ended = false;
        piece = *n < UINT32_MAX / 2 ? *n : UINT32_MAX / 2;

        /* zlib reads this and no more; its interface predates const */
        s->z.next_in = (Bytef *) (uintptr_t) *in;
        s->z.avail_in = (uInt) piece;
        s->z.next_out = s->out;
        s->z.avail_out = OUTPUT_SIZE;

        zrc = inflate(&s->z, Z_SYNC_FLUSH);

        *out = consent_slice(s->out, OUTPUT_SIZE - s->z.avail_out);
        *in += piece - s->z.avail_in;
        *n -= piece - s->z.avail_in;

        s->ended = zrc == Z_STREAM_END;

        /* a full output may hide more; and what is wrong is said again, behind what was right */
        s->more = !s->ended && ((zrc != Z_OK && zrc != Z_BUF_ERROR) || s->z.avail_out == 0);

        if (out->len > 0) {
            return CONSENT_OK;
        }

        if (zrc == Z_BUF_ERROR) {
            return *n == 0 ? CONSENT_OK : CONSENT_MALFORMED;
        }

        if (s->more) {
            return zrc == Z_MEM_ERROR ? CONSENT_NOMEM : CONSENT_MALFORMED;
        }
    }

    return CONSENT_OK;
}


static voidpf
inflate_alloc(voidpf opaque, uInt items, uInt size)
{
    size_t      len;
    void       *p;
    inflate_t  *s;

    s = opaque;

    if (__builtin_mul_overflow((size_t) items, (size_t) size, &len) || len > STATE_SIZE - s->used) {
        return Z_NULL;
    }

    p = s->state + s->used;
    s->used += (len + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    s->used = s->used < STATE_SIZE ? s->used : STATE_SIZE;

    return p;
}


/* All of it is freed with the transform's own memory. */
static void
inflate_free(voidpf opaque, voidpf address)
{
    (void) opaque;
    (void) address;
}
