/*
 * Names as the servers behind us may read them, whatever they decode, how often, and where they split.
 */

#ifndef CONSENT_READING_H
#define CONSENT_READING_H

#include "policy/names.h"

/* How names of one kind are written and looked up. */
typedef struct {
    const consent_names_t  *names;
    bool                    structured;     /* name[...] and name.x count as name; also where only some think so */
    bool                    nested;         /* a value may hold a query of its own */
    bool                    rest;           /* only what stands behind a '?', '&', ';' or '#' is a name */
} consent_reading_t;

/* Bytes of a decoded name that are looked at. A policy's names are at most 128 bytes long. */
#define CONSENT_READING_MAX  512

/* Categories of every name that some server may find in `pair`, a name with or without '=' and value. Decoded to the end,
 * percent and %uXXXX, however often it was encoded; where `nested`, names behind '?', '&', ';' and '#' are found too.
 * Escapes nested deeper than anyone would give `doubt`. Linear time, constant memory. */
consent_mask_t consent_reading_find(const consent_reading_t *reading, consent_slice_t pair, consent_mask_t doubt);

/* A sure no for a plain name, in a few instructions: no white space around it, no '[', '.', '%' or NUL in it. */
static inline bool
consent_reading_not(const consent_names_t *names, const uint8_t *name, size_t len)
{
    uint8_t  c;

    if (len == 0) {
        return names->initials != UINT64_MAX;
    }

    c = consent_lower(name[0]);
    c = (uint8_t) (c == '_' ? '-' : c);

    return !(names->initials >> (c & 63) & 1)
           || (names->n_prefixes == 0 && !(names->lengths >> (len < 63 ? len : 63) & 1));
}

#endif
