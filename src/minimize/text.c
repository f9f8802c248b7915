/*
 * text/plain and other text: what the detectors find becomes a mask, all else passes as it came.
 */

#include "minimize/body.h"
#include "base/digest.h"

typedef struct {
    consent_transform_t   base;
    consent_detect_t     *detect;
    consent_emit_pt       emit;
    void                 *arg;
    const uint8_t        *in;                           /* what of the input nothing has been said of */
    size_t                held;
    uint8_t               hold[CONSENT_DETECT_HELD];    /* the same of earlier input */
} text_t;

static consent_rc_t text_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static void text_destroy(consent_transform_t *t);
static consent_rc_t text_each(void *arg, size_t n, consent_slice_t mask);


size_t
consent_text_size(const consent_detectors_t *detectors)
{
    return sizeof(text_t) + consent_detect_size(detectors);
}


consent_transform_t *
consent_text_init(void *memory, consent_inspect_t *inspect)
{
    text_t  *t = memory;

    memset(t, 0, offsetof(text_t, hold));

    t->base.feed = text_feed;
    t->base.destroy = text_destroy;
    t->detect = consent_detect_init(t + 1, inspect);

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
    t->in = in;

    rc = consent_detect_feed(t->detect, in, n, last, text_each, t);
    if (rc != CONSENT_OK) {
        return rc;
    }

    left = n == 0 ? 0 : (size_t) (in + n - t->in);

    if (left > sizeof(t->hold) - t->held) {
        return CONSENT_LIMIT;
    }

    if (left > 0) {
        memcpy(t->hold + t->held, t->in, left);
        t->held += left;
    }

    return CONSENT_OK;
}


static void
text_destroy(consent_transform_t *base)
{
    text_t  *t = (text_t *) base;

    consent_detect_end(t->detect);
    consent_wipe(t->hold, sizeof(t->hold));
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
        rc = t->emit(t->arg, t->in, n, CONSENT_SPAN_BORROWED);
    }

    if (n > 0) {
        t->in += n;
    }

    return rc;
}
