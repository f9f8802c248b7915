/*
 * The JSON paths of a policy as one automaton, which walks down a document with the reader: a state is all that the
 * members above say, a symbol is a member's name. What is deeper than the paths look costs nothing but a table row.
 *
 * `['name*']` matches any rest, `[*]` members of objects as well as elements of arrays (RFC 9535, 2.3.2), `..name` at any
 * depth. An array is a level of its own, as there. Names match whatever their case; consent_json_paths_symbol() says how
 * they are read beyond that.
 */

#ifndef CONSENT_JSON_PATH_H
#define CONSENT_JSON_PATH_H

#include "base/arena.h"
#include "base/base.h"

#define CONSENT_JSON_NAME_MAX  2048         /* bytes of a decoded name that are looked at */

/* Symbols. Names that the policy has follow. */
#define CONSENT_JSON_OTHER  0               /* a member whose name it has not */
#define CONSENT_JSON_INDEX  1               /* an element of an array */
#define CONSENT_JSON_NEST   2               /* the string that stands here is a document itself */
#define CONSENT_JSON_NAMES  3

#define CONSENT_JSON_UNSURE  0xffff         /* no symbol: spelled as no two servers read it */

/* What a path, or a form field's name, stands for. */
typedef struct {
    consent_slice_t  path;
    consent_mask_t   mask;      /* categories that it carries; 0: it is necessary */
    bool             field;     /* the name of a form field, which is a member of the root when it comes as JSON */
} consent_json_pattern_t;

/* What is at a place in a document. */
typedef struct {
    consent_mask_t  mask;       /* categories */
    bool            known;      /* necessary, and all below it */
    bool            way;        /* a path goes on from here, by a step of its own */
} consent_json_place_t;

typedef struct consent_json_name_s  consent_json_name_t;

typedef struct {
    uint16_t                    *next;          /* n_states rows of n_symbols */
    consent_json_place_t        *places;        /* of each state */
    consent_json_place_t        *anywhere;      /* of each symbol: $..name */
    size_t                       n_states;      /* 0 is the root */
    size_t                       n_symbols;
    uint32_t                     first[64];     /* by a name's length: bit (c & 31) of the first letter, */
    uint32_t                     middle[64];    /* of the one in the middle, */
    uint32_t                     last[64];      /* and of the last; a quick no */
    const consent_json_name_t  **table;         /* open hash of exact names, power of two */
    size_t                       size;
    const consent_json_name_t  **prefixes;      /* longest first */
    size_t                       n_prefixes;
    consent_mask_t               mask;          /* all categories that have a path */
} consent_json_paths_t;

/* Compiles n well-formed patterns; memory comes from the arena. CONSENT_MALFORMED: one is not well-formed.
 * CONSENT_LIMIT: they are so entangled, with `..` and `[*]`, that there are too many states. CONSENT_NOMEM. */
consent_rc_t consent_json_paths_compile(consent_json_paths_t **paths, consent_arena_t *a,
    const consent_json_pattern_t *patterns, size_t n);

/* The symbol of a decoded name of CONSENT_JSON_NAME_MAX bytes at most. Names are read the private way: ASCII case, and
 * that of the letters that some servers fold, counts for nothing, nor does white space or control bytes around it, nor
 * what cannot be seen; a letter and its accent are one letter. CONSENT_JSON_UNSURE: a NUL cuts it after a name of the
 * policy's. */
uint16_t consent_json_paths_symbol(const consent_json_paths_t *paths, const uint8_t *name, size_t len);

/* Writes a name as it is compared, at most len bytes; out may be name. Returns the length. */
size_t consent_json_name_fold(uint8_t *out, const uint8_t *name, size_t len);

/* A sure no for a name of plain ASCII, in a few instructions. */
static inline bool
consent_json_paths_not(const consent_json_paths_t *paths, const uint8_t *name, size_t len)
{
    size_t  n;

    n = len < 63 ? len : 63;

    return len > 0 && name[0] > ' ' && name[len - 1] > ' '
           && !(paths->first[n] >> (name[0] & 31) & paths->last[n] >> (name[len - 1] & 31)
                & paths->middle[n] >> (name[len / 2] & 31) & 1);
}

static inline uint16_t
consent_json_paths_next(const consent_json_paths_t *paths, uint16_t state, uint16_t symbol)
{
    return paths->next[state * paths->n_symbols + symbol];
}

#endif
