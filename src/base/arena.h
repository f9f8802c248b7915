/*
 * Memory that is freed in one piece: documents and what is built from them.
 */

#ifndef CONSENT_ARENA_H
#define CONSENT_ARENA_H

#include "base/base.h"

typedef struct consent_arena_s  consent_arena_t;

/* ceiling: the most bytes it may ever hand out (CONSENT_LIMIT behaviour: alloc returns NULL). NULL when
 * malloc fails. */
consent_arena_t *consent_arena_create(size_t ceiling);
void consent_arena_destroy(consent_arena_t *a);         /* NULL is allowed */

/* Zeroed, aligned to 16 bytes, len of 0 included; NULL when out of memory or over the ceiling. */
void *consent_arena_alloc(consent_arena_t *a, size_t len);

/* Room for n elements of `size` bytes, the product checked for overflow; NULL as above. */
void *consent_arena_array(consent_arena_t *a, size_t n, size_t size);

/* A copy of s with a NUL behind it (not counted in len); data is NULL when out of memory. */
consent_slice_t consent_arena_dup(consent_arena_t *a, consent_slice_t s);

#endif
