/*
 * Statements to the upstream, and a ring of those made lately.
 */

#include "identity/assertion.h"
#include "base/digest.h"

#include <stdlib.h>

#define CLAIMS_MAX     8192
#define TOKEN_MAX      16384
#define RING_SETS      32
#define SET_ENTRIES    4

typedef struct {
    const consent_jwt_key_t   *key;             /* NULL: the entry is empty */
    consent_assertion_conf_t   conf;
    uint64_t                   policy;
    consent_mask_t             granted;
    int                        level;
    consent_status_t           status;
    consent_time_t             made;
    consent_buf_t              token;
} assertion_entry_t;

struct consent_assertions_s {
    assertion_entry_t  entries[RING_SETS * SET_ENTRIES];
};

static consent_rc_t assertion_claims(consent_buf_t *json, const consent_assertion_conf_t *conf,
    const consent_policy_t *policy, const consent_effect_t *effect, consent_time_t now);
static bool assertion_serves(const assertion_entry_t *e, const consent_jwt_key_t *key,
    const consent_assertion_conf_t *conf, const consent_policy_t *policy, const consent_effect_t *effect);


consent_rc_t
consent_assertion_make(consent_buf_t *b, const consent_jwt_key_t *key, const consent_assertion_conf_t *conf,
    const consent_policy_t *policy, const consent_effect_t *effect, consent_time_t now)
{
    consent_rc_t   rc;
    consent_buf_t  json;

    consent_buf_init(&json, CLAIMS_MAX);
    rc = assertion_claims(&json, conf, policy, effect, now);

    if (rc == CONSENT_OK) {
        rc = consent_jwt_sign(b, key, consent_buf_view(&json));
    }

    consent_buf_free(&json);

    return rc;
}


consent_assertions_t *
consent_assertions_create(void)
{
    size_t                 i;
    consent_assertions_t  *cache;

    cache = calloc(1, sizeof(consent_assertions_t));

    if (cache != NULL) {
        for (i = 0; i < consent_countof(cache->entries); i++) {
            consent_buf_init(&cache->entries[i].token, TOKEN_MAX);
        }
    }

    return cache;
}


void
consent_assertions_destroy(consent_assertions_t *cache)
{
    size_t  i;

    if (cache == NULL) {
        return;
    }

    for (i = 0; i < consent_countof(cache->entries); i++) {
        consent_buf_free(&cache->entries[i].token);
    }

    free(cache);
}


consent_rc_t
consent_assertion_get(consent_slice_t *out, consent_assertions_t *cache, const consent_jwt_key_t *key,
    const consent_assertion_conf_t *conf, const consent_policy_t *policy, const consent_effect_t *effect,
    consent_time_t now)
{
    size_t              i;
    uint64_t            hash;
    consent_rc_t        rc;
    consent_time_t      half;
    assertion_entry_t  *set, *e;

    *out = consent_slice(NULL, 0);

    hash = (policy->key ^ effect->granted ^ (uint64_t) (uintptr_t) key) * 0x9e3779b97f4a7c15U;
    set = &cache->entries[(hash >> 32) % RING_SETS * SET_ENTRIES];
    half = (consent_time_t) conf->ttl * 500;
    e = set;

    for (i = 0; i < SET_ENTRIES; i++) {
        if (assertion_serves(&set[i], key, conf, policy, effect)) {
            e = &set[i];

            if (now >= e->made && now - e->made < half) {
                *out = consent_buf_view(&e->token);
                return CONSENT_OK;
            }

            break;
        }

        if (set[i].key == NULL || (e->key != NULL && set[i].made < e->made)) {
            e = &set[i];
        }
    }

    e->key = NULL;
    consent_buf_free(&e->token);
    rc = consent_assertion_make(&e->token, key, conf, policy, effect, now);

    if (rc != CONSENT_OK) {
        return rc;
    }

    e->key = key;
    e->conf = *conf;
    e->policy = policy->key;
    e->granted = effect->granted;
    e->level = effect->level;
    e->status = effect->status;
    e->made = now;

    *out = consent_buf_view(&e->token);

    return CONSENT_OK;
}


static consent_rc_t
assertion_claims(consent_buf_t *json, const consent_assertion_conf_t *conf, const consent_policy_t *policy,
    const consent_effect_t *effect, consent_time_t now)
{
    bool     any;
    size_t   i;
    uint8_t  id[CONSENT_ID_LEN];

    if (effect->level < 0 || (size_t) effect->level >= policy->n_levels || conf->ttl < 1
        || conf->ttl > 3600)
    {
        return CONSENT_MALFORMED;
    }

    if (consent_random(id, sizeof(id)) != CONSENT_OK) {
        return CONSENT_IO;
    }

    consent_buf_str(json, "{\"iss\":");
    consent_json_write_string(json, conf->issuer, false);

    if (conf->audience.len > 0) {
        consent_buf_str(json, ",\"aud\":");
        consent_json_write_string(json, conf->audience, false);
    }

    consent_buf_printf(json, ",\"iat\":%lld,\"exp\":%lld,\"jti\":\"", (long long) (now / 1000),
                       (long long) (now / 1000 + conf->ttl));
    consent_buf_hex(json, id, sizeof(id));
    consent_buf_str(json, "\",\"policy\":");
    consent_json_write_string(json, policy->id, false);
    consent_buf_str(json, ",\"policy_version\":");
    consent_json_write_string(json, policy->version, false);
    consent_buf_str(json, ",\"policy_hash\":\"");
    consent_buf_hex(json, policy->hash, CONSENT_HASH_LEN);
    consent_buf_str(json, "\",\"level\":");
    consent_json_write_string(json, policy->levels[effect->level].id, false);
    consent_buf_str(json, ",\"categories\":[");

    any = false;

    for (i = 0; i < policy->n_categories; i++) {
        if (effect->granted >> i & 1) {
            if (any) {
                consent_buf_char(json, ',');
            }

            consent_json_write_string(json, policy->categories[i].id, false);
            any = true;
        }
    }

    consent_buf_printf(json, "],\"status\":\"%s\"}", consent_status_name(effect->status));

    return json->rc;
}


static bool
assertion_serves(const assertion_entry_t *e, const consent_jwt_key_t *key,
    const consent_assertion_conf_t *conf, const consent_policy_t *policy, const consent_effect_t *effect)
{
    return e->key == key && e->policy == policy->key && e->granted == effect->granted
           && e->level == effect->level
           && e->status == effect->status && e->conf.ttl == conf->ttl
           && consent_slice_eq(e->conf.issuer, conf->issuer)
           && consent_slice_eq(e->conf.audience, conf->audience);
}
