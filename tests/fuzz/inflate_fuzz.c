/*
 * Inflating: bytes of any kind are cut anywhere and give the same content or the same error, and no feed emits more than
 * its bound; what zlib compressed comes out as it went in.
 */

#include "base/inflate.h"

#include <stdlib.h>
#include <zlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define MAX_STEP  (256 * 1024)

typedef struct {
    uint8_t  *data;
    size_t    len;
    size_t    size;
    size_t    step;         /* emitted by the feed under way */
} sink_t;

static consent_rc_t feed(sink_t *s, void *memory, consent_inflate_format_t format, const uint8_t *in, size_t n,
    uint32_t cuts);
static consent_rc_t sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void compare(const uint8_t *data, size_t len, consent_inflate_format_t format);
static void round_trip(const uint8_t *data, size_t len, int bits, consent_inflate_format_t format);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    compare(data, len, CONSENT_INFLATE_GZIP);
    compare(data, len, CONSENT_INFLATE_DEFLATE);

    round_trip(data, len, 31, CONSENT_INFLATE_GZIP);
    round_trip(data, len, 15, CONSENT_INFLATE_DEFLATE);
    round_trip(data, len, -15, CONSENT_INFLATE_DEFLATE);

    return 0;
}


static void
compare(const uint8_t *data, size_t len, consent_inflate_format_t format)
{
    void          *memory;
    size_t         n;
    sink_t         one = { NULL, 0, 0, 0 }, two = { NULL, 0, 0, 0 };
    consent_rc_t   first, second;

    memory = malloc(consent_inflate_size());

    first = feed(&one, memory, format, data, len, 0);
    second = feed(&two, memory, format, data, len, (uint32_t) len * 2654435761U + 1);

    /* a step that is cut in two may emit twice as much, and so get further */
    if (first == CONSENT_LIMIT) {
        first = second;
    }

    n = one.len < two.len ? one.len : two.len;

    if (first != second || (first == CONSENT_OK && one.len != two.len && one.len < MAX_STEP / 2)
        || (n > 0 && memcmp(one.data, two.data, n) != 0))
    {
        abort();
    }

    free(one.data);
    free(two.data);
    free(memory);
}


static void
round_trip(const uint8_t *data, size_t len, int bits, consent_inflate_format_t format)
{
    void      *memory;
    size_t     size;
    sink_t     s = { NULL, 0, 0, 0 };
    uint8_t   *packed;
    z_stream   z;

    memset(&z, 0, sizeof(z));

    if (deflateInit2(&z, 6, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        abort();
    }

    size = deflateBound(&z, (uLong) len);
    packed = malloc(size);
    memory = malloc(consent_inflate_size());

    z.next_in = (Bytef *) (uintptr_t) data;
    z.avail_in = (uInt) len;
    z.next_out = packed;
    z.avail_out = (uInt) size;

    if (deflate(&z, Z_FINISH) != Z_STREAM_END
        || feed(&s, memory, format, packed, z.total_out, (uint32_t) len * 2246822519U + 1) != CONSENT_OK
        || s.len != len || (len > 0 && memcmp(s.data, data, len) != 0))
    {
        abort();
    }

    deflateEnd(&z);
    free(packed);
    free(s.data);
    free(memory);
}


/* cuts: a seed for pieces of 1 to 16 bytes; 0: all at once. */
static consent_rc_t
feed(sink_t *s, void *memory, consent_inflate_format_t format, const uint8_t *in, size_t n, uint32_t cuts)
{
    size_t                at, piece;
    consent_rc_t          rc;
    consent_transform_t  *t;

    t = consent_inflate_init(memory, format, MAX_STEP);

    if (t == NULL) {
        abort();
    }

    at = 0;

    do {
        piece = n - at;

        if (cuts != 0) {
            cuts = cuts * 1664525 + 1013904223;
            piece = piece < 1 + (cuts >> 28) ? piece : 1 + (cuts >> 28);
        }

        s->step = 0;
        rc = consent_transform_feed(t, in + at, piece, at + piece == n, sink_emit, s);
        at += piece;
    } while (rc == CONSENT_OK && at < n);

    return rc;
}


static consent_rc_t
sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    sink_t  *s = arg;

    s->step += len;

    if (len == 0 || kind != CONSENT_SPAN_OWN || s->step > MAX_STEP) {
        abort();
    }

    if (len > s->size - s->len) {
        s->size = 2 * (s->len + len);
        s->data = realloc(s->data, s->size);
    }

    memcpy(s->data + s->len, data, len);
    s->len += len;

    return CONSENT_OK;
}
