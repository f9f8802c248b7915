/*
 * Two transforms in a row.
 */

#include "base/transform.h"

typedef struct {
    consent_transform_t  *second;
    consent_emit_pt       emit;
    void                 *arg;
    consent_span_kind_t   kind;     /* of the span of the first that the second is reading */
} pair_call_t;

static consent_rc_t pair_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last,
    consent_emit_pt emit, void *arg);
static consent_rc_t pair_emit_first(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static consent_rc_t pair_emit_second(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void pair_destroy(consent_transform_t *t);


void
consent_transform_pair(consent_transform_pair_t *pair, consent_transform_t *first,
    consent_transform_t *second)
{
    pair->base.feed = pair_feed;
    pair->base.destroy = pair_destroy;
    pair->first = first;
    pair->second = second;
}


static consent_rc_t
pair_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    pair_call_t                call;
    consent_rc_t               rc;
    consent_transform_pair_t  *pair;

    pair = (consent_transform_pair_t *) t;

    call.second = pair->second;
    call.emit = emit;
    call.arg = arg;
    call.kind = CONSENT_SPAN_OWN;

    rc = consent_transform_feed(pair->first, in, n, last, pair_emit_first, &call);

    if (rc != CONSENT_OK || !last) {
        return rc;
    }

    call.kind = CONSENT_SPAN_OWN;

    return consent_transform_feed(pair->second, NULL, 0, true, pair_emit_second, &call);
}


static consent_rc_t
pair_emit_first(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    pair_call_t  *call = arg;

    call->kind = kind;

    return consent_transform_feed(call->second, data, len, false, pair_emit_second, call);
}


/* What the second borrows lives exactly as long as the span of the first it points into. */
static consent_rc_t
pair_emit_second(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    pair_call_t  *call = arg;

    return call->emit(call->arg, data, len, kind == CONSENT_SPAN_BORROWED ? call->kind : kind);
}


static void
pair_destroy(consent_transform_t *t)
{
    consent_transform_pair_t  *pair;

    pair = (consent_transform_pair_t *) t;

    consent_transform_destroy(pair->first);
    consent_transform_destroy(pair->second);
}
