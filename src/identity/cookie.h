/*
 * The consent cookie: a JWT of ours that says which subject this device is, and what she decided last.
 *
 * Claims: aud (policy id), exp, and d, which is all the rest in base64url, packed because verifying a token
 * costs by the byte. No iss: the key signs nothing else. The bytes of d, numbers big-endian, times in ms; a
 * varint is 7 bits a byte, the lowest first, bit 7 set on all but the last, no longer than needed; a signed
 * one is zigzag (0, -1, 1, -2, ...):
 *
 *      1  version of this layout, 1
 *      1  bit 0: the subject comes from an identity provider; bit 1: there is a decision;
 *         bits 2 and 3: scope; bits 4 and 5: ai; bit 6: decided while Sec-GPC: 1 was there
 *     16  subject
 *      6  when the cookie was issued
 *         with a decision also
 *      1  bits 0 to 2: status; bits 3 to 5: by
 *      1  bits 0 to 4: level + 1; bits 5 to 7: method
 *      8  policy version key
 *     16  receipt
 *     v.  granted
 *     v.  issued - stamp, signed
 *     v.  stamp - decided_at, signed
 *     v.  expires_at - decided_at, signed
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

/* Verifies and reads a cookie value. audience: the policy's id. Anything wrong: CONSENT_DENIED,
 * CONSENT_EXPIRED or CONSENT_LIMIT, and *out is empty. Goes to libjwt each time: see cache.h. */
consent_rc_t consent_cookie_read(consent_cookie_t *out, const consent_keys_t *keys, consent_slice_t value,
    consent_slice_t audience, consent_time_t now);

/* Adds the cookie's value (the token alone) for what `cookie` says; expires is cut to the second.
 * CONSENT_MALFORMED: a field that consent_cookie_read() would refuse; CONSENT_LIMIT: longer than
 * CONSENT_COOKIE_MAX; otherwise as consent_jwt_sign(). */
consent_rc_t consent_cookie_write(consent_buf_t *b, const consent_keys_t *keys,
    const consent_cookie_t *cookie, consent_slice_t audience);

/* Finds our cookie in a Cookie header value: counts occurrences of `name`; *value is the first, untouched
 * if there is none. Call for each header line and add up: more than one in all means none (somebody
 * planted one). */
size_t consent_cookie_find(consent_slice_t *value, consent_slice_t header, consent_slice_t name);

#endif
