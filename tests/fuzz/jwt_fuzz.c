/*
 * Tokens: any bytes as a token, and any header and payload under a good MAC. What is accepted must be of the
 * key's algorithm, named once, in time and for us; what is refused must leave nothing behind.
 */

#include "identity/cookie.h"
#include "identity/jwt.h"

#include <stdlib.h>

#define NOW     INT64_C(1795338900000)
#define SECRET  "0123456789abcdef0123456789abcdef"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void make_key(consent_jwt_key_t **key, consent_alg_t alg, const char *secret, const char *kid);
static void any_bytes(consent_slice_t in);
static void good_mac(consent_slice_t in);
static void check_accepted(const consent_jwt_t *jwt, consent_slice_t header);

static const char  ec_public[] =
    "-----BEGIN PUBLIC KEY-----\n"
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7\n"
    "6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==\n"
    "-----END PUBLIC KEY-----\n";

static consent_jwt_key_t  *keys[2];


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    consent_slice_t  value;

    if (keys[0] == NULL) {
        make_key(&keys[0], CONSENT_ALG_HS256, SECRET, "k1");
        make_key(&keys[1], CONSENT_ALG_ES256, ec_public, "");
    }

    any_bytes(consent_slice(data, len));
    good_mac(consent_slice(data, len));
    (void) consent_cookie_find(&value, consent_slice(data, len), consent_lit("consent"));

    return 0;
}


static void
make_key(consent_jwt_key_t **key, consent_alg_t alg, const char *secret, const char *kid)
{
    if (consent_jwt_key_create(key, alg, consent_cstr(secret), consent_cstr(kid)) != CONSENT_OK) {
        abort();
    }
}


static void
any_bytes(consent_slice_t in)
{
    consent_rc_t         rc;
    consent_jwt_t        jwt;
    consent_cookie_t     cookie;
    consent_keys_t       set;
    consent_jwt_check_t  check;

    memset(&check, 0, sizeof(check));
    check.now = NOW;

    rc = consent_jwt_verify(&jwt, in, keys, 2, &check);

    if (rc == CONSENT_OK) {
        consent_arena_destroy(jwt.arena);

    } else if (jwt.arena != NULL || jwt.document != NULL) {
        abort();
    }

    memset(&set, 0, sizeof(set));
    set.cookie[0] = keys[0];
    set.n_cookie = 1;

    if (consent_cookie_read(&cookie, &set, in, consent_lit("kommun"), NOW) != CONSENT_OK
        && (cookie.has_decision || cookie.expires != 0))
    {
        abort();
    }
}


/* The first line is the header, the rest the payload. */
static void
good_mac(consent_slice_t in)
{
    char                  token[CONSENT_JWT_MAX * 2];
    size_t                n;
    uint8_t               mac[CONSENT_HASH_LEN];
    const uint8_t        *line;
    consent_keys_t        set;
    consent_rc_t          rc;
    consent_jwt_t         jwt;
    consent_slice_t       header, payload, text;
    consent_cookie_t      cookie;
    consent_jwt_check_t   check;

    line = in.len == 0 ? NULL : memchr(in.data, '\n', in.len);

    if (line == NULL || in.len > CONSENT_JWT_MAX) {
        return;
    }

    header = consent_slice(in.data, (size_t) (line - in.data));
    payload = consent_slice(line + 1, in.len - header.len - 1);

    n = consent_base64url(token, header.data, header.len);
    token[n++] = '.';
    n += consent_base64url(token + n, payload.data, payload.len);
    text = consent_slice(token, n);

    if (consent_hmac(mac, consent_lit(SECRET), &text, 1) != CONSENT_OK) {
        abort();
    }

    token[n++] = '.';
    n += consent_base64url(token + n, mac, sizeof(mac));

    memset(&check, 0, sizeof(check));
    check.now = NOW;
    check.skew = 60;
    check.audience = consent_lit("kommun");

    rc = consent_jwt_verify(&jwt, consent_slice(token, n), keys, 2, &check);

    if (rc == CONSENT_OK) {
        check_accepted(&jwt, header);
        consent_arena_destroy(jwt.arena);
    }

    memset(&set, 0, sizeof(set));
    set.cookie[0] = keys[0];
    set.n_cookie = 1;

    if (consent_cookie_read(&cookie, &set, consent_slice(token, n), check.audience, NOW) != CONSENT_OK) {
        return;
    }

    if (rc != CONSENT_OK || cookie.expires <= NOW || cookie.decision.granted >> CONSENT_MAX_CATEGORIES != 0
        || cookie.decision.level >= CONSENT_MAX_LEVELS || cookie.decision.level < CONSENT_LEVEL_CUSTOM)
    {
        abort();
    }
}


static void
check_accepted(const consent_jwt_t *jwt, consent_slice_t header)
{
    consent_buf_t          b;
    consent_json_t        *root;
    consent_arena_t       *a;
    const consent_json_t  *alg;

    a = consent_arena_create(1 << 20);

    if (a == NULL || consent_json_parse(&root, a, header, 16, NULL) != CONSENT_OK) {
        abort();
    }

    alg = consent_json_get(root, "alg");

    if (alg == NULL || !consent_slice_eq(alg->text, consent_lit("HS256"))
        || consent_json_get(root, "crit") != NULL
        || consent_json_get(jwt->document, "aud") == NULL || jwt->expires <= NOW - 60000)
    {
        abort();
    }

    consent_buf_init(&b, 1 << 20);
    consent_json_write(&b, jwt->document, false);

    if (b.rc != CONSENT_OK) {
        abort();
    }

    consent_buf_free(&b);
    consent_arena_destroy(a);
}
