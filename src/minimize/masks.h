/*
 * The masks of one request: which value each stands for. `[personnummer 1]` is the first personal number that was
 * found, wherever and however often it stands in the request; the second has another number. Values live here and
 * nowhere else, and are wiped with the request.
 */

#ifndef CONSENT_MASKS_H
#define CONSENT_MASKS_H

#include "base/base.h"

#define CONSENT_MASK_LEN         64     /* bytes of a mask at most: printable ASCII, no quote, backslash, < > & % + = */
#define CONSENT_MASK_MAX_VALUE  320     /* bytes of a value at most */
#define CONSENT_MASK_MAX       4096     /* masks of a request; beyond it all share one that is never restored */

typedef struct consent_masks_s  consent_masks_t;

/* A new, empty set; memory is allocated as values come. NULL: out of memory. */
consent_masks_t *consent_masks_create(void);
void consent_masks_destroy(consent_masks_t *masks);     /* wipes all values; NULL is allowed */

/* The mask for a value: the same value (by `same`, its canonical spelling: digits only, say) gets the same mask.
 * label: "personnummer", "email", or the operator's name for it. *mask lives as long as the set; its value to restore
 * is the first spelling that was seen. CONSENT_NOMEM. */
consent_rc_t consent_masks_give(consent_masks_t *masks, consent_slice_t label, consent_slice_t value,
    consent_slice_t same, consent_slice_t *mask);

/* The value that exactly this mask, brackets included, stands for; an empty slice when this request gave no such mask. */
consent_slice_t consent_masks_value(const consent_masks_t *masks, consent_slice_t mask);

size_t consent_masks_count(const consent_masks_t *masks);
size_t consent_masks_longest(const consent_masks_t *masks);     /* bytes of the longest mask; 0 without one */

#endif
