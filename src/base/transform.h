/*
 * The one interface at the heart: a resumable push parser that is fed bytes as they arrive and emits spans.
 * All minimisers and all stampers are transforms.
 *
 * Any chunking of the same bytes gives the same output bytes. Memory is constant whatever the body's size.
 * Untouched bytes come out identical. Time is linear.
 */

#ifndef CONSENT_TRANSFORM_H
#define CONSENT_TRANSFORM_H

#include "base/base.h"

typedef enum {
    CONSENT_SPAN_BORROWED = 0,  /* points into the input of the feed call under way, lives as long as it */
    CONSENT_SPAN_OWN,           /* valid until emit returns: what is to be kept is copied there */
    CONSENT_SPAN_LASTING        /* lives as long as the transform */
} consent_span_kind_t;

/* One span of output, len > 0. Returning anything but CONSENT_OK stops the feed, which returns the same
 * code. */
typedef consent_rc_t (*consent_emit_pt)(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);

typedef struct consent_transform_s  consent_transform_t;

struct consent_transform_s {
    /* in: n bytes (may be NULL when n is 0); last: no more will come */
    consent_rc_t  (*feed)(consent_transform_t *t, const uint8_t *in, size_t n, bool last,
                          consent_emit_pt emit, void *arg);
    void          (*destroy)(consent_transform_t *t);       /* NULL: nothing to release */
};

/* Feed n bytes; `last` marks the end. Calls emit() for every span of output, in order. Returns CONSENT_OK,
 * CONSENT_MALFORMED (input is not what it claims to be), CONSENT_LIMIT, or what emit returned. After
 * anything but CONSENT_OK the transform must only be destroyed. */
static inline consent_rc_t
consent_transform_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg)
{
    return t->feed(t, in, n, last, emit, arg);
}

static inline void
consent_transform_destroy(consent_transform_t *t)
{
    if (t->destroy != NULL) {
        t->destroy(t);
    }
}

/* Two transforms in a row: the emit of `first` is the feed of `second`. Spans that `first` borrows stay
 * borrowed where `second` borrows them; what `second` borrows from an own span of `first` is emitted as
 * own. Destroying the pair destroys both. The pair itself is the caller's memory. */
typedef struct {
    consent_transform_t   base;
    consent_transform_t  *first;
    consent_transform_t  *second;
} consent_transform_pair_t;

void consent_transform_pair(consent_transform_pair_t *pair, consent_transform_t *first,
    consent_transform_t *second);

#endif
