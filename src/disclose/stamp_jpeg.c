/*
 * The JPEG stamper: one APP1 segment with XMP, behind the image's own application segments.
 *
 * Application segments and comments are passed on while their headers are read. From the first other segment on (tables,
 * the frame) up to HOLD bytes are held back until the first scan, for only then is it known that the image has no XMP of
 * its own (APP1) and is not signed with C2PA (APP11): then not one byte is changed. Nor is it where the tables do not fit.
 */

#include "disclose/stamper.h"

#define HOLD    4096
#define XMP     (sizeof("http://ns.adobe.com/xap/1.0/"))        /* with its NUL */
#define HEADER  (4 + XMP)

enum {
    MARKER_SOI = 0xd8, MARKER_EOI = 0xd9, MARKER_SOS = 0xda, MARKER_APP0 = 0xe0, MARKER_APP1 = 0xe1,
    MARKER_APP11 = 0xeb, MARKER_APP15 = 0xef, MARKER_COM = 0xfe
};

typedef struct {
    consent_stamper_t  s;
    bool               begun;           /* SOI was there */
    bool               holding;         /* the segment has its place before held[0] */
    size_t             skip;            /* bytes of the segment under way that are not looked at */
    size_t             len;
    size_t             held_len;
    uint8_t            head[HEADER];    /* of the segment under way, as far as it is there */
    uint8_t            held[HOLD];
} stamp_jpeg_t;

static consent_rc_t jpeg_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static bool jpeg_promise(consent_stamp_t *h, size_t *growth);
static size_t jpeg_need(const stamp_jpeg_t *j);
static void jpeg_head(stamp_jpeg_t *j);
static size_t jpeg_length(const stamp_jpeg_t *j);
static void jpeg_pass(stamp_jpeg_t *j, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void jpeg_end(stamp_jpeg_t *j, consent_stamp_outcome_t outcome);


size_t
consent_stamp_jpeg_size(void)
{
    return sizeof(stamp_jpeg_t);
}


consent_stamp_t *
consent_stamp_jpeg_init(void *memory, const consent_stamp_conf_t *conf)
{
    stamp_jpeg_t  *j;

    j = memory;
    memset(j, 0, offsetof(stamp_jpeg_t, held));
    consent_stamper_init(&j->s, conf, jpeg_feed, jpeg_promise);

    if (!conf->ai || conf->disclosure->jpeg.len == 0) {
        consent_stamper_finish(&j->s, CONSENT_STAMP_SENT);
    }

    return &j->s.pub;
}


static consent_rc_t
jpeg_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t         more;
    stamp_jpeg_t  *j;

    j = (stamp_jpeg_t *) t;
    consent_stamper_begin(&j->s, emit, arg);

    while (n > 0 && !j->s.pub.decided) {

        if (j->skip > 0) {
            more = n < j->skip ? n : j->skip;
            jpeg_pass(j, in, more, CONSENT_SPAN_BORROWED);
            j->skip -= more;

        } else {
            more = jpeg_need(j) - j->len;
            more = n < more ? n : more;
            memcpy(j->head + j->len, in, more);
            j->len += more;

            if (j->len == jpeg_need(j)) {
                jpeg_head(j);
            }
        }

        in += more;
        n -= more;
    }

    if (last && !j->s.pub.decided) {
        jpeg_end(j, j->begun ? CONSENT_STAMP_NO_PLACE : CONSENT_STAMP_FORMAT);
    }

    consent_stamper_emit(&j->s, in, n, CONSENT_SPAN_BORROWED);

    return j->s.rc;
}


static bool
jpeg_promise(consent_stamp_t *h, size_t *growth)
{
    *growth = h->inserted;

    return h->decided;
}


/* How much of a segment is needed to know what it is. */
static size_t
jpeg_need(const stamp_jpeg_t *j)
{
    if (!j->begun) {
        return 2;
    }

    if (j->len < 4 || j->head[1] != MARKER_APP1 || jpeg_length(j) < 2 + XMP) {
        return 4;
    }

    return HEADER;
}


static void
jpeg_head(stamp_jpeg_t *j)
{
    size_t   len;
    uint8_t  marker;

    marker = j->head[1];

    if (!j->begun) {
        if (j->head[0] != 0xff || marker != MARKER_SOI) {
            jpeg_end(j, CONSENT_STAMP_FORMAT);
            return;
        }

        j->begun = true;
        j->len = 0;
        jpeg_pass(j, j->head, 2, CONSENT_SPAN_OWN);
        return;
    }

    /* fill bytes (0xff) before a marker are allowed, and so rare that they may stay unread; the other markers without
     * a length have no business here */

    if (j->head[0] != 0xff || marker < 0xc0 || marker == 0xff || (marker >= 0xd0 && marker <= MARKER_EOI)
        || jpeg_length(j) < 2)
    {
        jpeg_end(j, CONSENT_STAMP_FORMAT);
        return;
    }

    if (marker == MARKER_APP11) {
        jpeg_end(j, CONSENT_STAMP_SIGNED);
        return;
    }

    if (j->len == HEADER && memcmp(j->head + 4, "http://ns.adobe.com/xap/1.0/", XMP) == 0) {
        jpeg_end(j, CONSENT_STAMP_METADATA);
        return;
    }

    if (!j->holding && !(marker >= MARKER_APP0 && marker <= MARKER_APP15) && marker != MARKER_COM) {
        j->holding = true;
    }

    if (marker == MARKER_SOS) {
        jpeg_end(j, CONSENT_STAMP_MACHINE);
        return;
    }

    len = j->len;
    j->len = 0;
    j->skip = jpeg_length(j) + 2 - len;
    jpeg_pass(j, j->head, len, CONSENT_SPAN_OWN);
}


static size_t
jpeg_length(const stamp_jpeg_t *j)
{
    return (size_t) j->head[2] << 8 | j->head[3];
}


/* Bytes of the image that were read: held back, where our segment may yet go in before them. */
static void
jpeg_pass(stamp_jpeg_t *j, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    size_t  more;

    if (!j->holding) {
        consent_stamper_emit(&j->s, data, len, kind);
        return;
    }

    more = len < HOLD - j->held_len ? len : HOLD - j->held_len;
    memcpy(j->held + j->held_len, data, more);
    j->held_len += more;

    if (more < len) {
        jpeg_end(j, CONSENT_STAMP_NO_PLACE);
        consent_stamper_emit(&j->s, data + more, len - more, kind);
    }
}


/* Hands out what was held back, ours before it where it is to go in. */
static void
jpeg_end(stamp_jpeg_t *j, consent_stamp_outcome_t outcome)
{
    if (outcome == CONSENT_STAMP_MACHINE) {
        consent_stamper_insert(&j->s, j->s.conf->disclosure->jpeg, CONSENT_SPAN_LASTING);
    }

    consent_stamper_emit(&j->s, j->held, j->held_len, CONSENT_SPAN_OWN);
    consent_stamper_emit(&j->s, j->head, j->len, CONSENT_SPAN_OWN);
    consent_stamper_finish(&j->s, outcome);
}
