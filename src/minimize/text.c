/*
 * text/plain and other text: arguments of what is a URL or a query in it go, what the detectors find becomes a mask, all
 * else passes as it came.
 */

#include "minimize/body.h"
#include "minimize/query.h"
#include "base/digest.h"

typedef struct {
    consent_transform_t   base;
    consent_detect_t     *detect;
    bool                  masks;                        /* detectors look for something */
    bool                  queries;                      /* arguments may have to go */
    consent_emit_pt       emit;
    void                 *arg;
    const uint8_t        *in;                           /* what of the input nothing has been said of */
    const uint8_t        *end;
    const uint8_t        *seen;                         /* ... by the detectors, of what they are fed */
    consent_span_kind_t   kind;                         /* of that */
    size_t                waits;                        /* what is read of a name in earlier input */
    size_t                held;                         /* what the detectors have said nothing of */
    uint8_t               hold[CONSENT_DETECT_HELD];
    uint8_t               name[CONSENT_QUERY_HELD];
    consent_query_t       query;
} text_t;

static consent_rc_t text_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static void text_destroy(consent_transform_t *t);
static consent_rc_t text_said(void *arg, size_t n, bool goes);
static consent_rc_t text_detect(text_t *t, const uint8_t *text, size_t n, bool last, consent_span_kind_t kind);
static consent_rc_t text_each(void *arg, size_t n, consent_slice_t mask);


size_t
consent_text_size(const consent_detectors_t *detectors)
{
    return sizeof(text_t) + consent_detect_size(detectors);
}


consent_transform_t *
consent_text_init(void *memory, consent_inspect_t *inspect, bool arguments)
{
    text_t  *t = memory;

    memset(t, 0, offsetof(text_t, hold));

    t->base.feed = text_feed;
    t->base.destroy = text_destroy;
    t->detect = consent_detect_init(t + 1, inspect);
    t->masks = inspect->masks != NULL && inspect->detectors != NULL;
    t->queries = arguments && consent_query_wanted(inspect);

    if (t->queries) {
        consent_query_begin(&t->query, inspect, CONSENT_CARRIER_FIELD);
    }

    return &t->base;
}


static consent_rc_t
text_feed(consent_transform_t *base, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t         left;
    text_t        *t = (text_t *) base;
    consent_rc_t   rc;

    t->emit = emit;
    t->arg = arg;

    if (!t->queries) {
        return text_detect(t, in, n, last, CONSENT_SPAN_BORROWED);
    }

    t->in = in;
    t->end = n == 0 ? in : in + n;

    rc = consent_query_feed(&t->query, in, n, last, text_said, t);
    if (rc != CONSENT_OK) {
        return rc;
    }

    left = n == 0 ? 0 : (size_t) (t->end - t->in);

    if (left > sizeof(t->name) - t->waits) {
        return CONSENT_LIMIT;
    }

    if (left > 0) {
        memcpy(t->name + t->waits, t->in, left);
        t->waits += left;
    }

    return last ? text_detect(t, NULL, 0, true, CONSENT_SPAN_OWN) : CONSENT_OK;
}


static void
text_destroy(consent_transform_t *base)
{
    text_t  *t = (text_t *) base;

    consent_detect_end(t->detect);
    consent_wipe(t->hold, sizeof(text_t) - offsetof(text_t, hold));
}


/* The next n bytes pass, or go: then a new text begins for the detectors. */
static consent_rc_t
text_said(void *arg, size_t n, bool goes)
{
    size_t         early;
    text_t        *t = arg;
    consent_rc_t   rc;

    early = n < t->waits ? n : t->waits;
    rc = CONSENT_OK;

    if (goes) {
        rc = text_detect(t, NULL, 0, true, CONSENT_SPAN_OWN);

    } else if (early > 0) {
        rc = text_detect(t, t->name, early, false, CONSENT_SPAN_OWN);
    }

    if (early > 0) {
        t->waits -= early;
        memmove(t->name, t->name + early, t->waits);
        n -= early;
    }

    if (n == 0 || rc != CONSENT_OK) {
        return rc;
    }

    if (!goes) {
        rc = text_detect(t, t->in, n, false, CONSENT_SPAN_BORROWED);
    }

    t->in += n;

    return rc;
}


static consent_rc_t
text_detect(text_t *t, const uint8_t *text, size_t n, bool last, consent_span_kind_t kind)
{
    size_t        left;
    consent_rc_t  rc;

    if (!t->masks) {
        return n == 0 ? CONSENT_OK : t->emit(t->arg, text, n, kind);
    }

    t->seen = text;
    t->kind = kind;

    rc = consent_detect_feed(t->detect, text, n, last, text_each, t);
    if (rc != CONSENT_OK) {
        return rc;
    }

    left = n == 0 ? 0 : (size_t) (text + n - t->seen);

    if (left > sizeof(t->hold) - t->held) {
        return CONSENT_LIMIT;
    }

    if (left > 0) {
        memcpy(t->hold + t->held, t->seen, left);
        t->held += left;
    }

    return CONSENT_OK;
}


static consent_rc_t
text_each(void *arg, size_t n, consent_slice_t mask)
{
    size_t         held;
    text_t        *t = arg;
    consent_rc_t   rc;

    held = n < t->held ? n : t->held;
    n -= held;
    rc = CONSENT_OK;

    if (mask.len > 0) {
        rc = t->emit(t->arg, mask.data, mask.len, CONSENT_SPAN_LASTING);

    } else if (held > 0) {
        rc = t->emit(t->arg, t->hold, held, CONSENT_SPAN_OWN);
    }

    if (held > 0) {
        t->held -= held;
        memmove(t->hold, t->hold + held, t->held);
    }

    if (rc == CONSENT_OK && n > 0 && mask.len == 0) {
        rc = t->emit(t->arg, t->seen, n, t->kind);
    }

    if (n > 0) {
        t->seen += n;
    }

    return rc;
}
