/*
 * Keys and checks for tests of tokens, and verification that leaves nothing behind.
 */

#ifndef CONSENT_TEST_JWT_H
#define CONSENT_TEST_JWT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "identity/jwt.h"
#include "identity_tokens.h"

#define NOW      INT64_C(1795338900000)
#define NOW_SEC  "1795338900"

static const char  secret_text[] = "0123456789abcdef0123456789abcdef";


static inline consent_jwt_key_t *
key_with(consent_alg_t alg, consent_slice_t secret, const char *kid)
{
    consent_jwt_key_t  *key;

    assert_int_equal(consent_jwt_key_create(&key, alg, secret, consent_cstr(kid)), CONSENT_OK);

    return key;
}


static inline consent_jwt_key_t *
hs_key(const char *kid)
{
    return key_with(CONSENT_ALG_HS256, consent_cstr(secret_text), kid);
}


static inline consent_jwt_check_t
no_checks(void)
{
    consent_jwt_check_t  check;

    memset(&check, 0, sizeof(check));
    check.now = NOW;

    return check;
}


static inline consent_rc_t
verify(consent_slice_t token, consent_jwt_key_t *key, const consent_jwt_check_t *check)
{
    consent_rc_t   rc;
    consent_jwt_t  jwt;

    rc = consent_jwt_verify(&jwt, token, &key, 1, check);

    if (rc == CONSENT_OK) {
        assert_non_null(jwt.document);
        consent_arena_destroy(jwt.arena);

    } else {
        assert_null(jwt.arena);
        assert_null(jwt.document);
    }

    return rc;
}


static inline consent_rc_t
verify_text(const char *header, const char *payload, const consent_jwt_check_t *check)
{
    char                 token[16384];
    consent_rc_t         rc;
    consent_jwt_key_t   *key;

    key = hs_key("k1");
    rc = verify(hs256(token, consent_cstr(secret_text), header, payload), key, check);
    consent_jwt_key_destroy(key);

    return rc;
}

#endif
