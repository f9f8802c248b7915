/*
 * The consent cookie: a JWT of ours that says which subject this device is, and what she decided last.
 *
 * Claims: iss "ngx_consent", aud (policy id), sub (subject, hex), iat, exp, idt (1: from an identity provider), and the
 * decision: pv (policy version key, hex), g (granted mask, hex), l, st, sc, ai, by, m, gpc, ts (stamp, ms), da, ex, rc.
 */

#ifndef CONSENT_COOKIE_H
#define CONSENT_COOKIE_H

#include "identity/keys.h"
#include "policy/decision.h"

#define CONSENT_COOKIE_MAX  1024            /* bytes; a longer one is treated as no cookie */

typedef struct {
    uint8_t             subject[CONSENT_SUBJECT_LEN];
    bool                identified;
    bool                has_decision;
    consent_decision_t  decision;
    consent_time_t      issued;
    consent_time_t      expires;
} consent_cookie_t;

/* Verifies and reads a cookie value. audience: the policy's id. Anything wrong: CONSENT_DENIED, CONSENT_EXPIRED or
 * CONSENT_LIMIT, and *out is empty. Goes to libjwt each time: see cache.h. */
consent_rc_t consent_cookie_read(consent_cookie_t *out, const consent_keys_t *keys, consent_slice_t value,
    consent_slice_t audience, consent_time_t now);

/* Adds the cookie's value (the token alone) for what `cookie` says. */
consent_rc_t consent_cookie_write(consent_buf_t *b, const consent_keys_t *keys, const consent_cookie_t *cookie,
    consent_slice_t audience);

/* Finds our cookie in a Cookie header value: counts occurrences of `name`; *value is the first. Call for each header line
 * and add up: more than one in all means none (somebody planted one). */
size_t consent_cookie_find(consent_slice_t *value, consent_slice_t header, consent_slice_t name);

#endif
