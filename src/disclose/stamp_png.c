/*
 * The PNG stamper: one iTXt chunk with XMP, right before the image's data.
 *
 * The chunks before the first IDAT are passed on while their headers are read, so nothing but a few bytes of a header
 * is ever held back. Only when all of them are known is it known whether the image has XMP already, or is signed with
 * C2PA (a caBX chunk): then not one byte is changed. A text chunk may stand anywhere (PNG, third edition, 5.6).
 */

#include "disclose/stamper.h"

#define KEYWORD    (sizeof("XML:com.adobe.xmp"))        /* with its NUL */
#define HEADER     (8 + KEYWORD)                        /* of a chunk, and the keyword of a text chunk */

typedef struct {
    consent_stamper_t  s;
    bool               signature;       /* it was there */
    bool               first;           /* the first chunk, which is IHDR, was there */
    uint64_t           skip;            /* bytes of the chunk under way that are passed on unread */
    size_t             len;
    uint8_t            head[HEADER];    /* of the chunk under way, as far as it is there */
} stamp_png_t;

static const uint8_t  png_signature[8] = { 0x89, 'P', 'N', 'G', 0x0d, 0x0a, 0x1a, 0x0a };

static consent_rc_t png_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static bool png_promise(consent_stamp_t *h, size_t *growth);
static size_t png_need(const stamp_png_t *p);
static void png_head(stamp_png_t *p);
static uint32_t png_length(const stamp_png_t *p);
static bool png_is(const stamp_png_t *p, const char *type);


size_t
consent_stamp_png_size(void)
{
    return sizeof(stamp_png_t);
}


consent_stamp_t *
consent_stamp_png_init(void *memory, const consent_stamp_conf_t *conf)
{
    stamp_png_t  *p;

    p = memory;
    memset(p, 0, sizeof(stamp_png_t));
    consent_stamper_init(&p->s, conf, png_feed, png_promise);

    if (!conf->ai || conf->disclosure->png.len == 0) {
        consent_stamper_finish(&p->s, CONSENT_STAMP_SENT);
    }

    return &p->s.pub;
}


static consent_rc_t
png_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t        more;
    stamp_png_t  *p;

    p = (stamp_png_t *) t;
    consent_stamper_begin(&p->s, emit, arg);

    while (n > 0 && !p->s.pub.decided) {

        if (p->skip > 0) {
            more = n < p->skip ? n : (size_t) p->skip;
            consent_stamper_emit(&p->s, in, more, CONSENT_SPAN_BORROWED);
            p->skip -= more;

        } else {
            more = png_need(p) - p->len;
            more = n < more ? n : more;
            memcpy(p->head + p->len, in, more);
            p->len += more;

            if (p->len == png_need(p) || (!p->signature && memcmp(p->head, png_signature, p->len) != 0)) {
                png_head(p);
            }
        }

        in += more;
        n -= more;
    }

    if (last && !p->s.pub.decided) {
        consent_stamper_finish(&p->s, p->first ? CONSENT_STAMP_NO_PLACE : CONSENT_STAMP_FORMAT);
        consent_stamper_emit(&p->s, p->head, p->len, CONSENT_SPAN_OWN);
    }

    consent_stamper_emit(&p->s, in, n, CONSENT_SPAN_BORROWED);

    return p->s.rc;
}


static bool
png_promise(consent_stamp_t *h, size_t *growth)
{
    *growth = h->inserted;

    return h->decided;
}


/* How much of a header is needed to know what it is. */
static size_t
png_need(const stamp_png_t *p)
{
    if (p->len < 8 || !p->signature || !png_is(p, "iTXt") || png_length(p) < KEYWORD) {
        return 8;
    }

    return HEADER;
}


static void
png_head(stamp_png_t *p)
{
    size_t                   len;
    consent_stamp_outcome_t  outcome;

    len = p->len;
    p->len = 0;
    outcome = CONSENT_STAMP_PENDING;

    if (!p->signature) {
        p->signature = memcmp(p->head, png_signature, len) == 0;
        outcome = p->signature ? CONSENT_STAMP_PENDING : CONSENT_STAMP_FORMAT;

    } else if (png_length(p) > INT32_MAX || png_is(p, "IHDR") == p->first || png_is(p, "IEND")) {
        outcome = CONSENT_STAMP_FORMAT;

    } else if (png_is(p, "caBX")) {
        outcome = CONSENT_STAMP_SIGNED;

    } else if (len == HEADER && memcmp(p->head + 8, "XML:com.adobe.xmp", KEYWORD) == 0) {
        outcome = CONSENT_STAMP_METADATA;

    } else if (png_is(p, "IDAT")) {
        outcome = CONSENT_STAMP_MACHINE;
        consent_stamper_insert(&p->s, p->s.conf->disclosure->png, CONSENT_SPAN_LASTING);

    } else {
        /* length, type, content and checksum */
        p->first = true;
        p->skip = (uint64_t) png_length(p) + 12 - len;
    }

    consent_stamper_emit(&p->s, p->head, len, CONSENT_SPAN_OWN);

    if (outcome != CONSENT_STAMP_PENDING) {
        consent_stamper_finish(&p->s, outcome);
    }
}


static uint32_t
png_length(const stamp_png_t *p)
{
    return (uint32_t) p->head[0] << 24 | (uint32_t) p->head[1] << 16 | (uint32_t) p->head[2] << 8 | p->head[3];
}


static bool
png_is(const stamp_png_t *p, const char *type)
{
    return memcmp(p->head + 4, type, 4) == 0;
}
