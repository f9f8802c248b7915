/*
 * The signed statement to the upstream: which policy, level and categories are in force. It names no citizen,
 * so that an upstream cannot follow one by it, and the same statement serves all requests with the same
 * answer.
 */

#ifndef CONSENT_ASSERTION_H
#define CONSENT_ASSERTION_H

#include "identity/jwt.h"
#include "policy/decision.h"

typedef struct {
    consent_slice_t  issuer;        /* the log's origin */
    consent_slice_t  audience;      /* may be empty */
    unsigned         ttl;           /* seconds, 1 to 3600 */
} consent_assertion_conf_t;

/* Adds a JWT with iss, aud, iat, exp, jti, policy, policy_version, policy_hash, level, categories, status.
 * CONSENT_MALFORMED: ttl or level out of bounds; otherwise as consent_jwt_sign(). */
consent_rc_t consent_assertion_make(consent_buf_t *b, const consent_jwt_key_t *key,
    const consent_assertion_conf_t *conf, const consent_policy_t *policy, const consent_effect_t *effect,
    consent_time_t now);

/* A small ring of statements by key, conf, policy key, granted, level and status; a statement is reused
 * for half its ttl. The keys and the texts of the confs must outlive it. */
typedef struct consent_assertions_s  consent_assertions_t;

consent_assertions_t *consent_assertions_create(void);
void consent_assertions_destroy(consent_assertions_t *cache);

/* The statement to send, made when needed. The slice is valid until the next call. */
consent_rc_t consent_assertion_get(consent_slice_t *out, consent_assertions_t *cache,
    const consent_jwt_key_t *key, const consent_assertion_conf_t *conf, const consent_policy_t *policy,
    const consent_effect_t *effect, consent_time_t now);

#endif
