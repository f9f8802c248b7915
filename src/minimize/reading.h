/*
 * Names as the servers behind us may read them, whatever they decode, how often, and where they split.
 */

#ifndef CONSENT_READING_H
#define CONSENT_READING_H

#include "policy/json_path.h"
#include "policy/names.h"

/* How names of one kind are written and looked up. */
typedef struct {
    const consent_names_t       *names;
    bool                         structured;    /* name[...] and name.x count as name; also where only some think so */
    bool                         nested;        /* a value may hold a query of its own */
    bool                         rest;          /* all of it is a value: a name has a '=' behind it */
    const consent_names_t       *also;          /* of a query in a value: names too; NULL: none */
    const consent_json_paths_t  *members;       /* of JSON in such a query: names too; NULL: none */
} consent_reading_t;

/* Bytes of a decoded name that are looked at. A policy's names are at most 128 bytes long. */
#define CONSENT_READING_MAX    512
#define CONSENT_READING_DEPTH   64      /* escapes within escapes; deeper is nobody's name, and in doubt */

/* Categories of every name that some server may find in `pair`, a name with or without '=' and value. Decoded to the end,
 * percent and %uXXXX, however often it was encoded. Where `nested`, names at the beginning of the value and behind '?',
 * '&', ';' and '#' are found too, those with a '=', and those of JSON in a query in it. Escapes nested deeper than anyone
 * would give `doubt`. Linear time, constant memory. */
consent_mask_t consent_reading_find(const consent_reading_t *reading, consent_slice_t pair, consent_mask_t doubt);

typedef struct {
    uint8_t  len;               /* 1: "%", 2: "%4" or "%u", up to 5: "%u004" */
    uint8_t  wide;
    uint8_t  raw[5];
} consent_reading_escape_t;

typedef struct {
    const consent_reading_t   *reading;
    consent_mask_t             mask;        /* found so far */
    consent_mask_t             doubt;
    size_t                     len;         /* of name */
    bool                       in_name;
    bool                       first;       /* of the names: it may stand without '=' */
    size_t                     begun;       /* names behind a separator, up to now */
    size_t                     ended;       /* ... and by a '=' */
    bool                       opens;       /* the value of a query in a value begins */
    bool                       members;     /* one of those was JSON: a name may stand between quotes before a ':', */
    bool                       closed;      /* ... and does, if that comes now */
    size_t                     depth;
    consent_reading_escape_t   stack[CONSENT_READING_DEPTH];
    uint8_t                    name[CONSENT_READING_MAX];
} consent_reading_state_t;

/* The same for a pair that comes in pieces; the reading must outlive it. What has been found does not get less. */
void consent_reading_begin(consent_reading_state_t *s, const consent_reading_t *reading, consent_mask_t doubt);
void consent_reading_feed(consent_reading_state_t *s, const uint8_t *data, size_t n);
consent_mask_t consent_reading_end(consent_reading_state_t *s);

/* The categories of the name that is being read, as if it ended here. */
consent_mask_t consent_reading_now(const consent_reading_state_t *s);

/* Categories of a pair whose name ends at eq, a '=' or the pair's end; class: the name's consent_reading_class, all
 * together. No more is done than these ask for. */
consent_mask_t consent_reading_pair(const consent_reading_t *reading, const uint8_t *p, const uint8_t *eq,
    const uint8_t *end, uint8_t class, consent_mask_t doubt);

/* A value in which there may be a query: it has a '=', or an escape that may become one. */
bool consent_reading_nests(const uint8_t *p, const uint8_t *end);

/* The categories of a decoded name, in every spelling of it. */
consent_mask_t consent_reading_lookup(const consent_reading_t *reading, consent_slice_t name);

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
