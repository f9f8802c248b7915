/*
 * Sets of carrier names. A name matches whatever its ASCII case; '*' at the end of a pattern matches any
 * rest. What servers read differently is read the private way: white space and control bytes around a name
 * count for nothing, what stands before a NUL counts as the name too, and so does, of arguments and fields,
 * what stands before '[' or '.'.
 */

#ifndef CONSENT_NAMES_H
#define CONSENT_NAMES_H

#include "base/arena.h"
#include "base/base.h"

typedef struct consent_name_s  consent_name_t;

typedef struct {
    const consent_name_t  **table;      /* open hash of exact names, power of two */
    size_t                  size;
    const consent_name_t  **prefixes;   /* patterns that end in '*' */
    size_t                  n_prefixes;
    uint64_t                lengths;    /* bit n: an exact name of n bytes exists (63: 63 or longer); a quick no */
    uint64_t                finals;     /* bit (c & 63) of the last letter of an exact name */
    uint64_t                initials;   /* bit (c & 63) of the first letter; a quick no; all ones with a pattern "*" */
} consent_names_t;

/* Compiles n patterns with the categories each belongs to (a name may be listed more than once: masks are
 * joined). Memory comes from the arena. CONSENT_MALFORMED: an empty name, white space around it, or '*'
 * elsewhere than at the end. CONSENT_NOMEM. An all-zero set is a valid empty one. */
consent_rc_t consent_names_compile(consent_names_t *names, consent_arena_t *a, const consent_slice_t *patterns,
    const consent_mask_t *masks, size_t n);

/* The categories that a decoded name carries; 0 when unknown. `structured`: name[...] and name.x count as
 * name (arguments and fields; not headers and cookies). A name that belongs to several categories gives
 * all of them: it may pass only where all are granted. Time is linear in the name's length. */
consent_mask_t consent_names_find(const consent_names_t *names, consent_slice_t name, bool structured);

/* The same for one of printable letters without a space: no control bytes; not empty, and not structured. */
consent_mask_t consent_names_find_plain(const consent_names_t *names, consent_slice_t name);

/* The same for header names: '_' and '-' are the same letter, for servers behind us fold them (CGI). */
consent_mask_t consent_names_find_header(const consent_names_t *names, consent_slice_t name);

/* Two patterns have a name in common. `header`: '_' and '-' are the same letter. */
bool consent_names_overlap(consent_slice_t a, consent_slice_t b, bool header);

/* Every name that `narrow` matches is matched by `wide`. */
bool consent_names_cover(consent_slice_t wide, consent_slice_t narrow, bool header);

#endif
