/*
 * The way back: masks in the answer to the same request become the values again that they stand for.
 */

#ifndef CONSENT_RESTORE_H
#define CONSENT_RESTORE_H

#include "base/transform.h"
#include "minimize/masks.h"

/* Where masks land, and so how a value is escaped and where it must not stand. */
typedef enum {
    CONSENT_RESTORE_TEXT = 0,       /* plain text and Markdown */
    CONSENT_RESTORE_HTML,
    CONSENT_RESTORE_JSON,
    CONSENT_RESTORE_NDJSON,
    CONSENT_RESTORE_SSE             /* JSON or text in the data of events, whole or in deltas */
} consent_restore_kind_t;

/* How masks are restored in a body of a type: the value of its Content-Type line. False: they stay, for programs read it,
 * or nobody knows how, or it is written in a charset that is neither UTF-8 nor ASCII. */
bool consent_restore_type(consent_restore_kind_t *kind, consent_slice_t content_type);

/* A transform in memory of its size; masks must outlive it, and be complete. Its feed returns only what emit returns:
 * what cannot be read as its kind passes unchanged. Holds back one mask's length at most. */
size_t consent_restore_size(void);
consent_transform_t *consent_restore_init(void *memory, const consent_masks_t *masks, consent_restore_kind_t kind);

#endif
