/*
 * JSON Web Tokens over libjwt.
 *
 * libjwt 1.x lets the token choose the algorithm, takes tokens that are spelled loosely or name a claim
 * twice, and compares an HMAC with strcmp(). So form, algorithm and, for HS256, the MAC itself are checked
 * here first: libjwt sees only tokens that are well-formed and of the pinned algorithm, and its word is
 * needed on top.
 */

#include "identity/claims.h"
#include "identity/jwt.h"
#include "base/digest.h"

#include <errno.h>
#include <jwt.h>
#include <limits.h>
#include <stdlib.h>

#define JWT_SECRET_MIN     32
#define JWT_SECRET_MAX     16384
#define JWT_KID_MAX        128
#define JWT_HEADER_DEPTH   4
#define JWT_HEADER_KEPT    128
#define JWT_PAYLOAD_DEPTH  16
#define JWT_ARENA_CEILING  ((size_t) 1 << 20)

struct consent_jwt_key_s {
    consent_alg_t    alg;
    bool             is_private;        /* of RS256, ES256: signs, cannot verify */
    consent_mac_t   *mac;               /* of HS256 */
    consent_slice_t  kid;
    size_t           len;
    uint8_t         *secret;            /* NUL-terminated; kid stands behind it */
    size_t           header_len;        /* a good one with this kid: most are alike */
    uint8_t          header[JWT_HEADER_KEPT];
};

typedef struct {
    const char       *token;            /* NUL-terminated */
    consent_slice_t   signing_input;    /* header and payload with their dot */
    consent_slice_t   header;           /* base64url */
    consent_slice_t   payload;
    uint8_t           signature[CONSENT_JWT_MAX];
    size_t            signature_len;

    consent_slice_t   alg;
    bool              has_kid;
    consent_slice_t   kid;
} jwt_parts_t;

static consent_rc_t jwt_begin(jwt_parts_t *parts, char copy[static CONSENT_JWT_MAX + 1], consent_slice_t token);
static consent_rc_t jwt_split(jwt_parts_t *parts, consent_slice_t token);
static bool jwt_known_header(jwt_parts_t *parts, consent_jwt_key_t *const *keys, size_t n);
static void jwt_keep_header(consent_jwt_key_t *key, const jwt_parts_t *parts);
static consent_rc_t jwt_read_header(jwt_parts_t *parts, consent_arena_t *a);
static consent_rc_t jwt_read_json(consent_json_t **out, consent_arena_t *a, consent_slice_t in, size_t depth);
static consent_rc_t jwt_verify_signature(jwt_parts_t *parts, consent_jwt_key_t *const *keys, size_t n,
    consent_arena_t *a, consent_json_t **payload);
static bool jwt_key_fits(const consent_jwt_key_t *key, const jwt_parts_t *parts);
static consent_rc_t jwt_check_mac(const consent_jwt_key_t *key, const jwt_parts_t *parts);
static consent_rc_t jwt_ask_library(const consent_jwt_key_t *key, const jwt_parts_t *parts);

static const struct {
    const char  *name;
    jwt_alg_t    alg;
} jwt_algs[] = {
    { "HS256", JWT_ALG_HS256 },
    { "RS256", JWT_ALG_RS256 },
    { "ES256", JWT_ALG_ES256 }
};


bool
consent_alg_parse(consent_alg_t *alg, consent_slice_t word)
{
    size_t  i;

    for (i = 0; i < consent_countof(jwt_algs); i++) {
        if (consent_slice_eq(word, consent_cstr(jwt_algs[i].name))) {
            *alg = (consent_alg_t) i;
            return true;
        }
    }

    return false;
}


consent_rc_t
consent_jwt_key_create(consent_jwt_key_t **key, consent_alg_t alg, consent_slice_t secret,
    consent_slice_t kid)
{
    bool                is_private;
    consent_pem_t       kind;
    consent_jwt_key_t  *k;

    *key = NULL;

    if (secret.len > JWT_SECRET_MAX || kid.len > JWT_KID_MAX
        || (kid.len > 0 && memchr(kid.data, '\0', kid.len) != NULL))
    {
        return CONSENT_MALFORMED;
    }

    kind = consent_pem_inspect(secret, &is_private);

    switch (alg) {
    case CONSENT_ALG_HS256:
        /* a PEM text as shared secret is a public key in the wrong place: everybody could sign */

        if (secret.len < JWT_SECRET_MIN || memmem(secret.data, secret.len, "-----BEGIN ", 11) != NULL) {
            return CONSENT_MALFORMED;
        }

        is_private = true;
        break;

    case CONSENT_ALG_RS256:
        if (kind != CONSENT_PEM_RSA) {
            return CONSENT_MALFORMED;
        }

        break;

    case CONSENT_ALG_ES256:
        if (kind != CONSENT_PEM_P256) {
            return CONSENT_MALFORMED;
        }

        break;

    default:
        return CONSENT_MALFORMED;
    }

    k = calloc(1, sizeof(consent_jwt_key_t));
    if (k == NULL) {
        return CONSENT_NOMEM;
    }

    k->alg = alg;
    k->is_private = is_private;
    k->len = secret.len;
    k->secret = calloc(1, secret.len + 1 + kid.len + 1);

    if (k->secret != NULL && alg == CONSENT_ALG_HS256) {
        k->mac = consent_mac_create(secret);
    }

    if (k->secret == NULL || (alg == CONSENT_ALG_HS256 && k->mac == NULL)) {
        consent_jwt_key_destroy(k);
        return CONSENT_NOMEM;
    }

    memcpy(k->secret, secret.data, secret.len);

    if (kid.len > 0) {
        memcpy(k->secret + secret.len + 1, kid.data, kid.len);
        k->kid = consent_slice(k->secret + secret.len + 1, kid.len);
    }

    *key = k;

    return CONSENT_OK;
}


void
consent_jwt_key_destroy(consent_jwt_key_t *key)
{
    if (key == NULL) {
        return;
    }

    if (key->secret != NULL) {
        consent_wipe(key->secret, key->len);
        free(key->secret);
    }

    consent_mac_destroy(key->mac);
    free(key);
}


consent_rc_t
consent_jwt_verify(consent_jwt_t *out, consent_slice_t token, consent_jwt_key_t *const *keys, size_t n,
    const consent_jwt_check_t *check)
{
    char             copy[CONSENT_JWT_MAX + 1];
    jwt_parts_t      parts;
    consent_rc_t     rc;
    consent_json_t  *payload;

    memset(out, 0, sizeof(consent_jwt_t));

    rc = jwt_begin(&parts, copy, token);

    if (rc != CONSENT_OK) {
        return rc;
    }

    out->arena = consent_arena_create(JWT_ARENA_CEILING);
    if (out->arena == NULL) {
        return CONSENT_NOMEM;
    }

    rc = jwt_known_header(&parts, keys, n) ? CONSENT_OK : jwt_read_header(&parts, out->arena);

    if (rc == CONSENT_OK) {
        rc = jwt_verify_signature(&parts, keys, n, out->arena, &payload);
    }

    if (rc == CONSENT_OK) {
        out->document = payload;
        rc = consent_claims_check(&out->expires, out->document, check);
    }

    if (rc != CONSENT_OK) {
        consent_arena_destroy(out->arena);
        memset(out, 0, sizeof(consent_jwt_t));
    }

    return rc;
}


consent_rc_t
consent_jwt_open(uint8_t *payload, size_t *len, consent_slice_t token, consent_jwt_key_t *const *keys, size_t n)
{
    char              copy[CONSENT_JWT_MAX + 1];
    jwt_parts_t       parts;
    consent_rc_t      rc;
    consent_arena_t  *a;

    a = NULL;
    rc = jwt_begin(&parts, copy, token);

    if (rc == CONSENT_OK && !jwt_known_header(&parts, keys, n)) {
        a = consent_arena_create(JWT_ARENA_CEILING);
        rc = a == NULL ? CONSENT_NOMEM : jwt_read_header(&parts, a);
    }

    if (rc == CONSENT_OK) {
        rc = jwt_verify_signature(&parts, keys, n, a, NULL);
    }

    if (rc == CONSENT_OK && consent_base64url_decode(payload, len, parts.payload) != CONSENT_OK) {
        rc = CONSENT_DENIED;
    }

    consent_arena_destroy(a);

    return rc;
}


consent_rc_t
consent_jwt_sign(consent_buf_t *b, const consent_jwt_key_t *key, consent_slice_t claims)
{
    char          *json, *token;
    jwt_t         *jwt;
    consent_rc_t   rc;

    if (!key->is_private) {
        return CONSENT_DENIED;
    }

    if (claims.len > CONSENT_JWT_MAX) {
        return CONSENT_LIMIT;
    }

    json = malloc(claims.len + 1);
    if (json == NULL) {
        return CONSENT_NOMEM;
    }

    if (claims.len > 0) {
        memcpy(json, claims.data, claims.len);
    }

    json[claims.len] = '\0';

    jwt = NULL;
    token = NULL;
    rc = CONSENT_NOMEM;

    if (jwt_new(&jwt) != 0) {
        goto done;
    }

    if (jwt_add_grants_json(jwt, json) != 0) {
        rc = CONSENT_MALFORMED;
        goto done;
    }

    if (key->kid.len > 0 && jwt_add_header(jwt, "kid", (const char *) key->kid.data) != 0) {
        goto done;
    }

    if (jwt_set_alg(jwt, jwt_algs[key->alg].alg, key->secret, (int) key->len) != 0) {
        goto done;
    }

    token = jwt_encode_str(jwt);

    if (token == NULL) {
        rc = CONSENT_IO;
        goto done;
    }

    consent_buf_str(b, token);
    rc = b->rc;

done:

    free(token);
    jwt_free(jwt);
    free(json);
    consent_digest_clear_errors();

    return rc;
}


/* `copy` is what the library reads. */
static consent_rc_t
jwt_begin(jwt_parts_t *parts, char copy[static CONSENT_JWT_MAX + 1], consent_slice_t token)
{
    if (token.len > CONSENT_JWT_MAX) {
        return CONSENT_LIMIT;
    }

    if (jwt_split(parts, token) != CONSENT_OK) {
        return CONSENT_DENIED;
    }

    /* no NUL is in it: it is base64url with two dots */

    memcpy(copy, token.data, token.len);
    copy[token.len] = '\0';
    parts->token = copy;

    return CONSENT_OK;
}


/* Three parts, none empty, all of strict base64url: a token has one spelling. RFC 7515, section 7.1. */
static consent_rc_t
jwt_split(jwt_parts_t *parts, consent_slice_t token)
{
    consent_slice_t  rest;
    const uint8_t   *dot;

    memset(&parts->alg, 0, sizeof(parts->alg));

    dot = token.len == 0 ? NULL : memchr(token.data, '.', token.len);

    if (dot == NULL) {
        return CONSENT_DENIED;
    }

    parts->header = consent_slice(token.data, (size_t) (dot - token.data));
    rest = consent_slice(dot + 1, token.len - parts->header.len - 1);

    dot = rest.len == 0 ? NULL : memchr(rest.data, '.', rest.len);

    if (dot == NULL) {
        return CONSENT_DENIED;
    }

    parts->payload = consent_slice(rest.data, (size_t) (dot - rest.data));
    parts->signing_input = consent_slice(token.data, (size_t) (dot - token.data));
    rest = consent_slice(dot + 1, rest.len - parts->payload.len - 1);

    if (parts->header.len == 0 || parts->payload.len == 0 || rest.len == 0) {
        return CONSENT_DENIED;
    }

    return consent_base64url_decode(parts->signature, &parts->signature_len, rest);
}


/* The very bytes of a header that a token verified by that key had. */
static bool
jwt_known_header(jwt_parts_t *parts, consent_jwt_key_t *const *keys, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (keys[i]->header_len > 0
            && consent_slice_eq(parts->header, consent_slice(keys[i]->header, keys[i]->header_len)))
        {
            parts->alg = consent_cstr(jwt_algs[keys[i]->alg].name);
            parts->has_kid = true;
            parts->kid = keys[i]->kid;

            return true;
        }
    }

    return false;
}


/* Only where its kid is this key's own: then it can be no other key's header. */
static void
jwt_keep_header(consent_jwt_key_t *key, const jwt_parts_t *parts)
{
    if (key->header_len == 0 && key->kid.len > 0 && parts->has_kid && parts->header.len <= JWT_HEADER_KEPT) {
        memcpy(key->header, parts->header.data, parts->header.len);
        key->header_len = parts->header.len;
    }
}


static consent_rc_t
jwt_read_header(jwt_parts_t *parts, consent_arena_t *a)
{
    consent_rc_t           rc;
    consent_json_t        *header;
    const consent_json_t  *v;

    rc = jwt_read_json(&header, a, parts->header, JWT_HEADER_DEPTH);

    if (rc != CONSENT_OK) {
        return rc;
    }

    /* an extension that must be understood is not: RFC 7515, section 4.1.11 */

    if (consent_json_get(header, "crit") != NULL) {
        return CONSENT_DENIED;
    }

    v = consent_json_get(header, "typ");

    if (v != NULL && (v->type != CONSENT_JSON_STRING || !consent_slice_ieq(v->text, consent_lit("JWT")))) {
        return CONSENT_DENIED;
    }

    v = consent_json_get(header, "alg");

    if (v == NULL || v->type != CONSENT_JSON_STRING) {
        return CONSENT_DENIED;
    }

    parts->alg = v->text;

    v = consent_json_get(header, "kid");

    if (v != NULL && v->type != CONSENT_JSON_STRING) {
        return CONSENT_DENIED;
    }

    parts->has_kid = v != NULL;
    parts->kid = v == NULL ? consent_slice(NULL, 0) : v->text;

    return CONSENT_OK;
}


/* A JSON object in base64url. */
static consent_rc_t
jwt_read_json(consent_json_t **out, consent_arena_t *a, consent_slice_t in, size_t depth)
{
    size_t                 len;
    uint8_t                text[CONSENT_JWT_MAX];
    consent_rc_t           rc;
    consent_json_error_t   err;

    if (consent_base64url_decode(text, &len, in) != CONSENT_OK) {
        return CONSENT_DENIED;
    }

    rc = consent_json_parse(out, a, consent_slice(text, len), depth, &err);

    if (rc == CONSENT_NOMEM) {
        return rc;
    }

    return rc == CONSENT_OK && (*out)->type == CONSENT_JSON_OBJECT ? CONSENT_OK : CONSENT_DENIED;
}


/* Without `payload` only keys of HS256 are tried: what others have not signed yet is read here before the library reads
 * it. */
static consent_rc_t
jwt_verify_signature(jwt_parts_t *parts, consent_jwt_key_t *const *keys, size_t n, consent_arena_t *a,
    consent_json_t **payload)
{
    bool          is_read;
    size_t        i;
    consent_rc_t  rc;

    is_read = false;

    for (i = 0; i < n; i++) {
        if (!jwt_key_fits(keys[i], parts) || (payload == NULL && keys[i]->alg != CONSENT_ALG_HS256)) {
            continue;
        }

        if (keys[i]->alg == CONSENT_ALG_HS256) {
            rc = jwt_check_mac(keys[i], parts);

            if (rc == CONSENT_DENIED) {
                continue;
            }

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        if (payload != NULL && !is_read) {
            rc = jwt_read_json(payload, a, parts->payload, JWT_PAYLOAD_DEPTH);

            if (rc != CONSENT_OK) {
                return rc;
            }

            is_read = true;
        }

        rc = jwt_ask_library(keys[i], parts);

        if (rc == CONSENT_OK) {
            jwt_keep_header(keys[i], parts);
        }

        if (rc != CONSENT_DENIED) {
            return rc;
        }
    }

    return CONSENT_DENIED;
}


/* The key decides the algorithm. A key without a name is tried on every token. */
static bool
jwt_key_fits(const consent_jwt_key_t *key, const jwt_parts_t *parts)
{
    if (!consent_slice_eq(parts->alg, consent_cstr(jwt_algs[key->alg].name))) {
        return false;
    }

    if (key->is_private && key->alg != CONSENT_ALG_HS256) {
        return false;
    }

    return !parts->has_kid || key->kid.len == 0 || consent_slice_eq(key->kid, parts->kid);
}


static consent_rc_t
jwt_check_mac(const consent_jwt_key_t *key, const jwt_parts_t *parts)
{
    uint8_t       mac[CONSENT_HASH_LEN];
    consent_rc_t  rc;

    if (parts->signature_len != CONSENT_HASH_LEN) {
        return CONSENT_DENIED;
    }

    rc = consent_mac(key->mac, mac, &parts->signing_input, 1);

    if (rc != CONSENT_OK) {
        return rc;
    }

    return consent_digest_equal(mac, parts->signature, CONSENT_HASH_LEN) ? CONSENT_OK : CONSENT_DENIED;
}


static consent_rc_t
jwt_ask_library(const consent_jwt_key_t *key, const jwt_parts_t *parts)
{
    int      rc;
    bool     pinned;
    jwt_t   *jwt;

    jwt = NULL;
    rc = jwt_decode(&jwt, parts->token, key->secret, (int) key->len);
    pinned = rc == 0 && jwt != NULL && jwt_get_alg(jwt) == jwt_algs[key->alg].alg;

    jwt_free(jwt);
    consent_digest_clear_errors();

    if (pinned) {
        return CONSENT_OK;
    }

    return rc == ENOMEM ? CONSENT_NOMEM : CONSENT_DENIED;
}
