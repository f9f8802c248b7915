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

/* The same for a name that needs no decoding: no '%', '+', quotes or control bytes in it, no '=' behind it. */
consent_mask_t consent_reading_find_plain(const consent_reading_t *reading, consent_slice_t name);

/* Bytes of names: CONSENT_READING_END ends one, CONSENT_READING_SPELLED asks for consent_reading_find_plain(),
 * CONSENT_READING_ENCODED for consent_reading_find(). */
#define CONSENT_READING_END      1
#define CONSENT_READING_SPELLED  2
#define CONSENT_READING_ENCODED  4

extern const uint8_t  consent_reading_class[256];

/* For the bit sets of consent_names_t. */
static inline uint64_t
consent_reading_bit(uint8_t c)
{
    c = consent_lower(c);

    return (uint64_t) 1 << ((c == '_' ? '-' : c) & 63);
}


/* A sure no for a name of other bytes than these, in a few instructions. */
static inline bool
consent_reading_not(const consent_names_t *names, const uint8_t *name, size_t len)
{
    if (len == 0) {
        return names->initials != UINT64_MAX;
    }

    if (!(names->initials & consent_reading_bit(name[0]))) {
        return true;
    }

    return names->n_prefixes == 0
           && (!(names->lengths >> (len < 63 ? len : 63) & 1)
               || !(names->finals & consent_reading_bit(name[len - 1])));
}

#endif
