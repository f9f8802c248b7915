/*
 * Keys, a sample and forged claims for tests of the consent cookie.
 */

#ifndef CONSENT_TEST_COOKIE_H
#define CONSENT_TEST_COOKIE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "identity/cookie.h"
#include "identity_tokens.h"

#define NOW       INT64_C(1795338900000)

/* level 2 and the first and third category, decided a millisecond before the cookie was issued, for 170
 * days */
#define RECORD    "010600112233445566778899aabbccddeeff01a202899220" \
                  "01030123456789abcdefffeeddccbbaa99887766554433221100" \
                  "050102c087f59d6d"

#define HEADER    "{\"alg\":\"HS256\",\"typ\":\"JWT\",\"kid\":\"0a1b2c3d\"}"

static const char      *secret_text = "0123456789abcdef0123456789abcdef";
static consent_keys_t   keys;


static inline int
begin(void **state)
{
    (void) state;

    memset(&keys, 0, sizeof(keys));
    keys.n_cookie = 2;

    return consent_jwt_key_create(&keys.cookie[0], CONSENT_ALG_HS256, consent_cstr(secret_text),
                                  consent_lit("0a1b2c3d")) != CONSENT_OK
           || consent_jwt_key_create(&keys.cookie[1], CONSENT_ALG_HS256,
                                     consent_lit("old-old-old-old-old-old-old-old-old"),
                                     consent_lit("99999999"))
              != CONSENT_OK;
}


static inline int
finish(void **state)
{
    (void) state;

    consent_jwt_key_destroy(keys.cookie[0]);
    consent_jwt_key_destroy(keys.cookie[1]);

    return 0;
}


static inline consent_rc_t
read_claims(consent_cookie_t *out, const char *claims)
{
    char  token[16384];

    return consent_cookie_read(out, &keys, hs256(token, consent_cstr(secret_text), HEADER, claims),
                               consent_lit("kommun"), NOW);
}


/* The claims around a record given in hex. */
static inline const char *
claims_of(const char *hex)
{
    char         text[512];
    size_t       len;
    uint8_t      record[256];
    static char  claims[1024];

    len = strlen(hex) / 2;
    assert_int_equal(consent_hex_decode(record, len, consent_cstr(hex)), CONSENT_OK);
    text[consent_base64url(text, record, len)] = '\0';
    snprintf(claims, sizeof(claims), "{\"aud\":\"kommun\",\"exp\":1795339900,\"d\":\"%s\"}", text);

    return claims;
}


static inline void
assert_empty(const consent_cookie_t *c)
{
    consent_cookie_t  nothing;

    memset(&nothing, 0, sizeof(nothing));
    assert_memory_equal(c->subject, nothing.subject, sizeof(c->subject));
    assert_false(c->identified);
    assert_false(c->has_decision);
    assert_int_equal(c->decision.granted, 0);
    assert_int_equal(c->expires, 0);
}


static inline consent_cookie_t
sample(void)
{
    size_t            i;
    consent_cookie_t  c;

    memset(&c, 0, sizeof(c));

    for (i = 0; i < CONSENT_SUBJECT_LEN; i++) {
        c.subject[i] = (uint8_t) (i * 17);
        c.decision.receipt[i] = (uint8_t) (255 - i);
    }

    c.identified = true;
    c.has_decision = true;
    c.issued = NOW;
    c.expires = NOW + 1000000;
    c.decision.policy = UINT64_C(0xfedcba9876543210);
    c.decision.granted = UINT64_C(0x7fffffffffffffff);
    c.decision.level = CONSENT_LEVEL_CUSTOM;
    c.decision.status = CONSENT_STATUS_LOWERED;
    c.decision.scope = CONSENT_SCOPE_ONCE;
    c.decision.ai = CONSENT_AI_NONE;
    c.decision.by = CONSENT_BY_SIGNAL;
    c.decision.method = CONSENT_METHOD_OPERATOR;
    c.decision.gpc = 1;
    c.decision.stamp = NOW + 123;
    c.decision.decided_at = NOW - 5;
    c.decision.expires_at = NOW + INT64_C(15768000000);

    return c;
}

#endif
