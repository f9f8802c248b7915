/*
 * Tokens verified lately, by their exact bytes: one per worker. Bounded memory; the oldest of a bucket gives
 * way. An entry never outlives its token, nor CONSENT_CACHE_TTL, and belongs to one key set: drop the cache
 * when keys change.
 */

#ifndef CONSENT_CACHE_H
#define CONSENT_CACHE_H

#include "base/digest.h"

#define CONSENT_CACHE_TTL  (5 * 60 * 1000)      /* ms */

typedef struct consent_cache_s  consent_cache_t;

/* slots: power of two; value_size: bytes of what is remembered (0-512); token_max: longer tokens are not
 * cached. */
consent_cache_t *consent_cache_create(size_t slots, size_t value_size, size_t token_max);
void consent_cache_destroy(consent_cache_t *cache);         /* wipes it */

/* The remembered value of exactly this token within this realm (an id of who verifies: location key set),
 * or NULL. Compared in full: a hash alone never vouches. */
const void *consent_cache_get(consent_cache_t *cache, uint32_t realm, consent_slice_t token,
    consent_time_t now);

void consent_cache_put(consent_cache_t *cache, uint32_t realm, consent_slice_t token, const void *value,
    consent_time_t expires, consent_time_t now);

#endif
