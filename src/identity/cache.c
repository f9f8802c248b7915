/*
 * Tokens verified lately. Four entries to a bucket; a keyed hash, SipHash-1-3, finds the bucket, so that
 * nobody outside can aim at one, and comparing all bytes decides.
 */

#include "base/siphash.h"
#include "identity/cache.h"

#include <stdlib.h>

#define BUCKET_ENTRIES  4
#define VALUE_MAX       512
#define ALIGN           16
#define HASHED          32          /* bytes at the end of a token: 192 bits of its signature */

typedef struct {
    uint64_t        hash;
    uint32_t        realm;
    uint32_t        len;        /* of the token; 0: the entry is empty */
    consent_time_t  made;
    consent_time_t  expires;
} cache_entry_t;

struct consent_cache_s {
    uint64_t         key[2];
    size_t           buckets;
    size_t           token_max;
    size_t           value_size;
    size_t           stride;        /* bytes of a value and a token */
    cache_entry_t   *entries;
    uint8_t         *memory;        /* value and token of each entry */
};

static uint64_t cache_hash(const consent_cache_t *cache, uint32_t realm, consent_slice_t token);
static cache_entry_t *cache_find(consent_cache_t *cache, uint64_t hash, uint32_t realm,
    consent_slice_t token);
static uint8_t *cache_value(const consent_cache_t *cache, const cache_entry_t *e);
static uint8_t *cache_token(const consent_cache_t *cache, const cache_entry_t *e);
static void cache_drop(consent_cache_t *cache, cache_entry_t *e);


consent_cache_t *
consent_cache_create(size_t slots, size_t value_size, size_t token_max)
{
    size_t            size;
    consent_cache_t  *c;

    if (slots < BUCKET_ENTRIES || (slots & (slots - 1)) != 0 || value_size > VALUE_MAX
        || token_max > UINT32_MAX)
    {
        return NULL;
    }

    c = calloc(1, sizeof(consent_cache_t));
    if (c == NULL) {
        return NULL;
    }

    c->buckets = slots / BUCKET_ENTRIES;
    c->token_max = token_max;
    c->value_size = value_size;
    c->stride = (value_size + ALIGN - 1) / ALIGN * ALIGN + (token_max + ALIGN - 1) / ALIGN * ALIGN;

    if (__builtin_mul_overflow(slots, c->stride, &size)) {
        free(c);
        return NULL;
    }

    /* calloc, so that what is never used is never there */

    c->entries = calloc(slots, sizeof(cache_entry_t));
    c->memory = calloc(1, size == 0 ? 1 : size);

    if (c->entries == NULL || c->memory == NULL || consent_random(c->key, sizeof(c->key)) != CONSENT_OK) {
        consent_cache_destroy(c);
        return NULL;
    }

    return c;
}


void
consent_cache_destroy(consent_cache_t *cache)
{
    size_t  i;

    if (cache == NULL) {
        return;
    }

    if (cache->entries != NULL && cache->memory != NULL) {
        for (i = 0; i < cache->buckets * BUCKET_ENTRIES; i++) {
            if (cache->entries[i].len > 0) {
                cache_drop(cache, &cache->entries[i]);
            }
        }
    }

    free(cache->entries);
    free(cache->memory);
    consent_wipe(cache, sizeof(consent_cache_t));
    free(cache);
}


const void *
consent_cache_get(consent_cache_t *cache, uint32_t realm, consent_slice_t token, consent_time_t now)
{
    cache_entry_t  *e;

    if (token.len == 0 || token.len > cache->token_max) {
        return NULL;
    }

    e = cache_find(cache, cache_hash(cache, realm, token), realm, token);

    if (e == NULL) {
        return NULL;
    }

    /* a clock that went back says nothing about how old an entry is */

    if (now >= e->expires || now < e->made) {
        cache_drop(cache, e);
        return NULL;
    }

    return cache_value(cache, e);
}


void
consent_cache_put(consent_cache_t *cache, uint32_t realm, consent_slice_t token, const void *value,
    consent_time_t expires, consent_time_t now)
{
    size_t          i;
    uint64_t        hash;
    cache_entry_t  *bucket, *e;

    if (token.len == 0 || token.len > cache->token_max || now >= expires) {
        return;
    }

    hash = cache_hash(cache, realm, token);
    e = cache_find(cache, hash, realm, token);

    if (e == NULL) {
        bucket = &cache->entries[(hash & (cache->buckets - 1)) * BUCKET_ENTRIES];
        e = bucket;

        for (i = 0; i < BUCKET_ENTRIES; i++) {
            if (bucket[i].len == 0) {
                e = &bucket[i];
                break;
            }

            if (bucket[i].made < e->made) {
                e = &bucket[i];
            }
        }

        if (e->len > 0) {
            cache_drop(cache, e);
        }
    }

    e->hash = hash;
    e->realm = realm;
    e->len = (uint32_t) token.len;
    e->made = now;
    e->expires = expires - now > CONSENT_CACHE_TTL ? now + CONSENT_CACHE_TTL : expires;

    if (cache->value_size > 0) {
        memcpy(cache_value(cache, e), value, cache->value_size);
    }

    memcpy(cache_token(cache, e), token.data, token.len);
}


/* Of the realm and the end of the token: a signature's last bytes tell those apart that were ever put here. */
static uint64_t
cache_hash(const consent_cache_t *cache, uint32_t realm, consent_slice_t token)
{
    uint64_t  key[2] = { cache->key[0] ^ realm, cache->key[1] };

    if (token.len > HASHED) {
        token = consent_slice(token.data + token.len - HASHED, HASHED);
    }

    return consent_siphash(key, token, 1, 3);
}


/* The bytes are compared only where 64 bits of a secret hash agree already: a guess learns nothing from
 * how long that takes. */
static cache_entry_t *
cache_find(consent_cache_t *cache, uint64_t hash, uint32_t realm, consent_slice_t token)
{
    size_t          i;
    cache_entry_t  *e;

    e = &cache->entries[(hash & (cache->buckets - 1)) * BUCKET_ENTRIES];

    for (i = 0; i < BUCKET_ENTRIES; i++, e++) {
        if (e->hash == hash && e->len == token.len && e->realm == realm
            && memcmp(cache_token(cache, e), token.data, token.len) == 0)
        {
            return e;
        }
    }

    return NULL;
}


static uint8_t *
cache_value(const consent_cache_t *cache, const cache_entry_t *e)
{
    return cache->memory + (size_t) (e - cache->entries) * cache->stride;
}


static uint8_t *
cache_token(const consent_cache_t *cache, const cache_entry_t *e)
{
    return cache_value(cache, e) + (cache->value_size + ALIGN - 1) / ALIGN * ALIGN;
}


static void
cache_drop(consent_cache_t *cache, cache_entry_t *e)
{
    consent_wipe(cache_value(cache, e), cache->stride);
    memset(e, 0, sizeof(cache_entry_t));
}
