/*
 * The body of a request: which transform makes less of it, by its media type, behind what inflates it.
 *
 * What can be looked into is; what cannot, passes only where the policy says so. The limit counts bytes of content,
 * however few stood for them.
 */

#include "minimize/body.h"
#include "minimize/form.h"
#include "minimize/form_plain.h"
#include "minimize/media.h"
#include "base/inflate.h"

#include <stdlib.h>

struct consent_body_s {
    consent_transform_t    base;
    consent_inspect_t     *inspect;
    consent_transform_t   *inner;
    consent_transform_t   *inflate;         /* NULL: it is not compressed */
    void                  *inflate_memory;
    consent_slice_t        waits;           /* of what is inflated, what is to be fed next */
    size_t                 left;            /* bytes that may still come */
    bool                   begun;           /* one did */
    consent_emit_pt        emit;
    void                  *arg;
    consent_span_kind_t    kind;            /* of what inner is fed */
};

typedef enum {
    BODY_PLAIN = 0,
    BODY_GZIP,
    BODY_DEFLATE,
    BODY_UNREADABLE
} body_encoding_t;

static consent_rc_t body_denied(consent_inspect_t *inspect, consent_doubt_t doubt);
static size_t body_size(const consent_inspect_t *inspect, const consent_media_t *media);
static consent_transform_t *body_inner(void *memory, consent_inspect_t *inspect, const consent_media_t *media,
    consent_slice_t content_type);
static body_encoding_t body_encoding(consent_slice_t value);
static consent_rc_t body_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static consent_rc_t body_inflated(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static consent_rc_t body_content(consent_body_t *b, const uint8_t *in, size_t n, bool last, consent_span_kind_t kind);
static consent_rc_t body_fault(consent_body_t *b, consent_rc_t rc);
static consent_rc_t body_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);


consent_rc_t
consent_body_open(consent_body_t **out, consent_transform_t **transform, consent_inspect_t *inspect,
    const consent_body_head_t *head)
{
    size_t                    room;
    consent_body_t           *b;
    consent_media_t           media;
    body_encoding_t           encoding;
    const consent_policy_t   *policy;

    *out = NULL;
    *transform = NULL;
    policy = inspect->how.policy;

    if ((policy->body_mask & ~inspect->how.granted) == 0 && !inspect->how.count_unknown && !inspect->refuse_unknown) {
        return CONSENT_NOTFOUND;
    }

    if (head->content_type.len == 0) {
        memset(&media, 0, sizeof(media));
        media.type = consent_lit("application/octet-stream");

    } else if (consent_media_parse(&media, head->content_type) != CONSENT_OK) {
        return body_denied(inspect, CONSENT_DOUBT_TYPE);
    }

    if (consent_media_listed(media.type, policy) || (media.kind == CONSENT_MEDIA_OPAQUE && !policy->bodies_block)) {
        return CONSENT_NOTFOUND;
    }

    if (media.kind == CONSENT_MEDIA_OPAQUE) {
        return body_denied(inspect, CONSENT_DOUBT_TYPE);
    }

    if (!consent_media_ascii(media.charset)) {
        return body_denied(inspect, CONSENT_DOUBT_CHARSET);
    }

    encoding = body_encoding(head->content_encoding);

    if (encoding == BODY_UNREADABLE) {
        return body_denied(inspect, CONSENT_DOUBT_ENCODING);
    }

    room = (sizeof(consent_body_t) + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1);

    b = malloc(room + body_size(inspect, &media));
    if (b == NULL) {
        return CONSENT_NOMEM;
    }

    memset(b, 0, sizeof(consent_body_t));
    b->base.feed = body_feed;
    b->inspect = inspect;
    b->left = head->limit;

    b->inner = body_inner((uint8_t *) b + room, inspect, &media, head->content_type);

    if (b->inner == NULL) {
        consent_body_close(b);
        return CONSENT_DENIED;
    }

    if (encoding != BODY_PLAIN) {

        b->inflate_memory = malloc(consent_inflate_size());

        if (b->inflate_memory != NULL) {
            b->inflate = consent_inflate_init(b->inflate_memory,
                encoding == BODY_GZIP ? CONSENT_INFLATE_GZIP : CONSENT_INFLATE_DEFLATE, SIZE_MAX);
        }

        if (b->inflate == NULL) {
            consent_body_close(b);
            return CONSENT_NOMEM;
        }
    }

    *out = b;
    *transform = &b->base;

    return CONSENT_OK;
}


void
consent_body_close(consent_body_t *b)
{
    if (b == NULL) {
        return;
    }

    if (b->inflate != NULL) {
        consent_transform_destroy(b->inflate);
    }

    if (b->inner != NULL) {
        consent_transform_destroy(b->inner);
    }

    free(b->inflate_memory);
    free(b);
}


static consent_rc_t
body_denied(consent_inspect_t *inspect, consent_doubt_t doubt)
{
    (void) consent_form_doubt(inspect, doubt);

    return CONSENT_DENIED;
}


static size_t
body_size(const consent_inspect_t *inspect, const consent_media_t *media)
{
    switch (media->kind) {

    case CONSENT_MEDIA_FORM:
        return consent_form_size(inspect->detectors);

    case CONSENT_MEDIA_MULTIPART:
        return consent_multipart_size(inspect->detectors);

    case CONSENT_MEDIA_JSON:
    case CONSENT_MEDIA_JSON_LINES:
        return consent_json_size(inspect->detectors);

    default:
        return consent_form_plain_size(inspect->detectors);
    }
}


static consent_transform_t *
body_inner(void *memory, consent_inspect_t *inspect, const consent_media_t *media, consent_slice_t content_type)
{
    switch (media->kind) {

    case CONSENT_MEDIA_FORM:
        return consent_form_init(memory, inspect, CONSENT_CARRIER_FIELD);

    case CONSENT_MEDIA_MULTIPART:
        return consent_multipart_init(memory, inspect, content_type);

    case CONSENT_MEDIA_JSON:
    case CONSENT_MEDIA_JSON_LINES:
        return consent_json_init(memory, inspect, media->kind == CONSENT_MEDIA_JSON_LINES);

    default:
        /* servers read text as what it looks like */
        return consent_form_plain_init(memory, inspect, true);
    }
}


static body_encoding_t
body_encoding(consent_slice_t value)
{
    while (value.len > 0 && (value.data[0] == ' ' || value.data[0] == '\t')) {
        value.data++;
        value.len--;
    }

    while (value.len > 0 && (value.data[value.len - 1] == ' ' || value.data[value.len - 1] == '\t')) {
        value.len--;
    }

    if (value.len == 0 || consent_slice_ieq(value, consent_lit("identity"))) {
        return BODY_PLAIN;
    }

    if (consent_slice_ieq(value, consent_lit("gzip")) || consent_slice_ieq(value, consent_lit("x-gzip"))) {
        return BODY_GZIP;
    }

    return consent_slice_ieq(value, consent_lit("deflate")) ? BODY_DEFLATE : BODY_UNREADABLE;
}


static consent_rc_t
body_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    consent_rc_t     rc;
    consent_body_t  *b = (consent_body_t *) t;

    b->emit = emit;
    b->arg = arg;

    if (b->inflate == NULL) {
        rc = body_content(b, in, n, last, CONSENT_SPAN_BORROWED);

    } else {
        rc = consent_transform_feed(b->inflate, in, n, last, body_inflated, b);

        if (rc == CONSENT_OK && last) {
            rc = body_content(b, NULL, 0, true, CONSENT_SPAN_OWN);
        }
    }

    return body_fault(b, rc);
}


consent_rc_t
consent_body_some(consent_body_t *b, const uint8_t *in, size_t n, bool last, size_t *used, bool *ended,
    consent_emit_pt emit, void *arg)
{
    size_t          step;
    consent_rc_t    rc;
    const uint8_t  *p;

    if (b->inflate == NULL) {
        step = n < CONSENT_BODY_STEP ? n : CONSENT_BODY_STEP;
        *used = step == 0 ? 0 : consent_body_step(in, step);
        *ended = last && *used == n;

        return consent_transform_feed(&b->base, in, *used, *ended, emit, arg);
    }

    *used = 0;
    *ended = false;

    if (b->waits.len == 0) {
        p = in;
        step = n;

        rc = consent_inflate_block(b->inflate, &p, &step, &b->waits);
        *used = n - step;

        if (rc != CONSENT_OK) {
            return body_fault(b, rc);
        }
    }

    if (b->waits.len == 0) {
        *ended = last;

        return *ended ? consent_transform_feed(&b->base, NULL, 0, true, emit, arg) : CONSENT_OK;
    }

    b->emit = emit;
    b->arg = arg;

    step = b->waits.len < CONSENT_BODY_STEP ? b->waits.len : CONSENT_BODY_STEP;
    step = consent_body_step(b->waits.data, step);

    rc = body_content(b, b->waits.data, step, false, CONSENT_SPAN_OWN);
    b->waits = consent_slice(b->waits.data + step, b->waits.len - step);

    return body_fault(b, rc);
}


/* Why it does not pass, where nobody said so. */
static consent_rc_t
body_fault(consent_body_t *b, consent_rc_t rc)
{
    if (rc == CONSENT_DENIED && b->inspect->doubt == CONSENT_DOUBT_NONE) {
        /* text that is a form, of which nothing can be taken out */
        return consent_form_doubt(b->inspect, CONSENT_DOUBT_NAME);
    }

    if (rc == CONSENT_MALFORMED) {
        (void) consent_form_doubt(b->inspect, CONSENT_DOUBT_SYNTAX);

    } else if (rc == CONSENT_LIMIT) {
        (void) consent_form_doubt(b->inspect, CONSENT_DOUBT_SIZE);
    }

    return rc;
}


static consent_rc_t
body_inflated(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    return body_content(arg, data, len, false, kind);
}


/* An empty body is one of any type. What begins as gzip does is no text of any kind: there are servers that look. */
static consent_rc_t
body_content(consent_body_t *b, const uint8_t *in, size_t n, bool last, consent_span_kind_t kind)
{
    if (n > b->left) {
        return CONSENT_LIMIT;
    }

    if (!b->begun && n > 0 && in[0] == 0x1f) {
        return CONSENT_MALFORMED;
    }

    b->left -= n;
    b->begun = b->begun || n > 0;
    b->kind = kind;

    return b->begun ? consent_transform_feed(b->inner, in, n, last, body_emit, b) : CONSENT_OK;
}


static consent_rc_t
body_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_body_t  *b = arg;

    return b->emit(b->arg, data, len, kind == CONSENT_SPAN_BORROWED ? b->kind : kind);
}
