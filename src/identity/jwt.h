/*
 * JSON Web Tokens (RFC 7519): the only file that knows libjwt.
 *
 * The algorithm is pinned by the key, never chosen by the token. A token is refused, without saying why to
 * its bearer, when anything about it is not as it must be.
 */

#ifndef CONSENT_JWT_H
#define CONSENT_JWT_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"

#define CONSENT_JWT_MAX         8192        /* bytes of a token */
#define CONSENT_JWT_CLOCK_SKEW  60          /* seconds allowed on nbf and exp of other issuers' tokens */

typedef enum {
    CONSENT_ALG_HS256 = 0,
    CONSENT_ALG_RS256,
    CONSENT_ALG_ES256
} consent_alg_t;

typedef struct consent_jwt_key_s  consent_jwt_key_t;

/* HS256: raw secret of 32 bytes or more, no PEM; RS256 (2048 bits or more), ES256 (P-256): unencrypted
 * PEM, public to verify, private to sign. kid, at most 128 bytes, may be empty: such a key is tried on
 * every token. CONSENT_MALFORMED: not such a key; CONSENT_NOMEM. The secret is copied, and wiped on
 * destroy. A key serves one thread at a time. */
consent_rc_t consent_jwt_key_create(consent_jwt_key_t **key, consent_alg_t alg, consent_slice_t secret,
    consent_slice_t kid);
void consent_jwt_key_destroy(consent_jwt_key_t *key);

typedef struct {
    consent_slice_t  issuer;        /* empty: not checked */
    consent_slice_t  audience;      /* empty: not checked; `aud` may be a string or an array that holds it */
    consent_time_t   now;
    unsigned         skew;          /* seconds */
    bool             need_exp;      /* a token without exp is refused */
} consent_jwt_check_t;

/* Verified claims; claims are read from `document` (JSON object). */
typedef struct {
    consent_arena_t       *arena;   /* the caller destroys it */
    const consent_json_t  *document;
    consent_time_t         expires; /* exp in ms; INT64_MAX when there is none */
} consent_jwt_t;

/* Verifies a token against n keys: where the token has a kid only a key of that kid, or without any, is
 * tried (a kid is compared, never looked up anywhere else); without a kid all are. Refused are also: crit,
 * a typ other than JWT, a name twice in an object, base64url with padding or spare bits, a NUL in a text.
 * CONSENT_OK, CONSENT_DENIED (signature, algorithm, issuer, audience, form), CONSENT_EXPIRED (exp, nbf),
 * CONSENT_LIMIT (size), CONSENT_NOMEM. */
consent_rc_t consent_jwt_verify(consent_jwt_t *out, consent_slice_t token, consent_jwt_key_t *const *keys,
    size_t n, const consent_jwt_check_t *check);

/* Verifies a token against those of n keys that are HS256, and leaves its claims to the caller: payload, room for
 * token.len bytes, gets the JSON text, *len bytes, that the owner of the key has signed; nothing in it was looked at.
 * Return codes of consent_jwt_verify(). */
consent_rc_t consent_jwt_open(uint8_t *payload, size_t *len, consent_slice_t token, consent_jwt_key_t *const *keys,
    size_t n);

/* Signs a JSON object of claims, at most CONSENT_JWT_MAX bytes. The token is added to b. CONSENT_DENIED: a
 * public key; CONSENT_MALFORMED: no JSON object; CONSENT_LIMIT, CONSENT_NOMEM, CONSENT_IO. */
consent_rc_t consent_jwt_sign(consent_buf_t *b, const consent_jwt_key_t *key, consent_slice_t claims);

/* "HS256", "RS256", "ES256". */
bool consent_alg_parse(consent_alg_t *alg, consent_slice_t word);

#endif
