/*
 * Tokens: the key pins the algorithm, and everything that is not as it must be is refused.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "identity/jwt.h"
#include "identity_tokens.h"

#define NOW      INT64_C(1795338900000)
#define NOW_SEC  "1795338900"

static const char  secret_text[] = "0123456789abcdef0123456789abcdef";


static consent_jwt_key_t *
key_with(consent_alg_t alg, consent_slice_t secret, const char *kid)
{
    consent_jwt_key_t  *key;

    assert_int_equal(consent_jwt_key_create(&key, alg, secret, consent_cstr(kid)), CONSENT_OK);

    return key;
}


static consent_jwt_key_t *
hs_key(const char *kid)
{
    return key_with(CONSENT_ALG_HS256, consent_cstr(secret_text), kid);
}


static consent_jwt_check_t
no_checks(void)
{
    consent_jwt_check_t  check;

    memset(&check, 0, sizeof(check));
    check.now = NOW;

    return check;
}


static consent_rc_t
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


static consent_rc_t
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


static void
tokens_of_rfc_7515_are_verified(void **state)
{
    size_t                i, len;
    uint8_t               secret[128];
    consent_jwt_t         jwt;
    consent_jwt_key_t    *keys[3];
    const char           *tokens[3];
    consent_jwt_check_t   check;

    (void) state;

    assert_int_equal(consent_base64url_decode(secret, &len, consent_cstr(rfc_secret)), CONSENT_OK);
    keys[0] = key_with(CONSENT_ALG_HS256, consent_slice(secret, len), "");
    keys[1] = key_with(CONSENT_ALG_RS256, consent_cstr(rsa_public), "");
    keys[2] = key_with(CONSENT_ALG_ES256, consent_cstr(ec_public), "");
    tokens[0] = rfc_hs256;
    tokens[1] = rfc_rs256;
    tokens[2] = rfc_es256;

    check = no_checks();
    check.issuer = consent_lit("joe");
    check.need_exp = true;

    for (i = 0; i < 3; i++) {
        check.now = INT64_C(1300819379999);
        assert_int_equal(consent_jwt_verify(&jwt, consent_cstr(tokens[i]), &keys[i], 1, &check), CONSENT_OK);
        assert_int_equal(jwt.expires, INT64_C(1300819380000));
        assert_int_equal(consent_json_get(jwt.document, "http://example.com/is_root")->type,
                         CONSENT_JSON_TRUE);
        consent_arena_destroy(jwt.arena);

        check.now = INT64_C(1300819380000);
        assert_int_equal(verify(consent_cstr(tokens[i]), keys[i], &check), CONSENT_EXPIRED);
        check.now = 0;

        /* no key takes the token of another algorithm */
        assert_int_equal(verify(consent_cstr(tokens[i]), keys[(i + 1) % 3], &check), CONSENT_DENIED);
        assert_int_equal(verify(consent_cstr(tokens[i]), keys[(i + 2) % 3], &check), CONSENT_DENIED);
    }

    for (i = 0; i < 3; i++) {
        consent_jwt_key_destroy(keys[i]);
    }
}


static void
every_changed_byte_is_noticed(void **state)
{
    size_t                i, k, len;
    uint8_t               copy[2048];
    consent_jwt_key_t    *keys[2];
    const char           *tokens[2];
    consent_jwt_check_t   check;

    (void) state;

    keys[0] = key_with(CONSENT_ALG_ES256, consent_cstr(ec_public), "");
    tokens[0] = rfc_es256;
    keys[1] = key_with(CONSENT_ALG_RS256, consent_cstr(rsa_public), "");
    tokens[1] = rfc_rs256;
    check = no_checks();
    check.now = 0;

    for (k = 0; k < 2; k++) {
        len = strlen(tokens[k]);

        for (i = 0; i < len; i++) {
            memcpy(copy, tokens[k], len);
            copy[i] = copy[i] == 'A' ? 'B' : 'A';
            assert_int_equal(verify(consent_slice(copy, len), keys[k], &check), CONSENT_DENIED);
        }

        for (i = 0; i < len; i++) {
            assert_int_equal(verify(consent_slice(tokens[k], i), keys[k], &check), CONSENT_DENIED);
        }

        consent_jwt_key_destroy(keys[k]);
    }
}


static void
forged_and_cut_hs256_tokens_are_refused(void **state)
{
    char                  token[16384], copy[16384];
    size_t                i, bit;
    consent_slice_t       good;
    consent_jwt_key_t    *key, *other;
    consent_jwt_check_t   check;

    (void) state;

    check = no_checks();
    key = hs_key("k1");
    other = key_with(CONSENT_ALG_HS256, consent_lit("fedcba9876543210fedcba9876543210"), "k1");
    good = hs256(token, consent_cstr(secret_text), "{\"alg\":\"HS256\",\"kid\":\"k1\"}",
                 "{\"sub\":\"anna\"}");

    assert_int_equal(verify(good, key, &check), CONSENT_OK);
    assert_int_equal(verify(good, other, &check), CONSENT_DENIED);

    for (i = 0; i < good.len; i++) {
        assert_int_equal(verify(consent_slice(good.data, i), key, &check), CONSENT_DENIED);

        for (bit = 0; bit < 8; bit++) {
            memcpy(copy, good.data, good.len);
            copy[i] = (char) (copy[i] ^ 1 << bit);
            assert_int_equal(verify(consent_slice(copy, good.len), key, &check), CONSENT_DENIED);
        }
    }

    consent_jwt_key_destroy(key);
    consent_jwt_key_destroy(other);
}


static void
a_token_has_one_spelling(void **state)
{
    char                  token[16384], copy[16400];
    size_t                i, len;
    consent_jwt_key_t    *key;
    consent_jwt_check_t   check;

    static const char  *tails[] = {
        ".", "=", ".x", " ", "\n", "A", "AA", "AAAA", "==", ".e30", "%20", ",", ";"
    };

    (void) state;

    check = no_checks();
    key = hs_key("k1");
    len = hs256(token, consent_cstr(secret_text), "{\"alg\":\"HS256\"}", "{\"sub\":\"anna\"}").len;
    assert_int_equal(verify(consent_slice(token, len), key, &check), CONSENT_OK);

    for (i = 0; i < consent_countof(tails); i++) {
        snprintf(copy, sizeof(copy), "%s%s", token, tails[i]);
        assert_int_equal(verify(consent_cstr(copy), key, &check), CONSENT_DENIED);
        snprintf(copy, sizeof(copy), "%s%s", tails[i], token);
        assert_int_equal(verify(consent_cstr(copy), key, &check), CONSENT_DENIED);
    }

    /* a NUL and what is behind it belong to the slice */
    memcpy(copy, token, len);
    memcpy(copy + len, "\0x", 2);
    assert_int_equal(verify(consent_slice(copy, len + 1), key, &check), CONSENT_DENIED);
    assert_int_equal(verify(consent_slice(copy, len + 2), key, &check), CONSENT_DENIED);

    /* the last letter of a MAC has two spare bits: three other letters would decode to the same bytes */
    for (i = 1; i < 4; i++) {
        memcpy(copy, token, len);
        copy[len - 1] = (char) (copy[len - 1] + (int) i);
        assert_int_equal(verify(consent_slice(copy, len), key, &check), CONSENT_DENIED);
    }

    assert_int_equal(verify(consent_slice(NULL, 0), key, &check), CONSENT_DENIED);
    assert_int_equal(verify(consent_lit("."), key, &check), CONSENT_DENIED);
    assert_int_equal(verify(consent_lit(".."), key, &check), CONSENT_DENIED);
    assert_int_equal(verify(consent_lit("..."), key, &check), CONSENT_DENIED);
    assert_int_equal(verify(consent_lit("e30.e30.e30"), key, &check), CONSENT_DENIED);

    consent_jwt_key_destroy(key);
}


static void
the_token_does_not_choose_the_algorithm(void **state)
{
    size_t   i;
    char     token[16384];
    char    *dot;

    static const char  *headers[] = {
        "{\"alg\":\"none\"}", "{\"alg\":\"None\"}", "{\"alg\":\"NONE\"}", "{\"alg\":\"\"}", "{\"alg\":null}",
        "{\"alg\":[\"HS256\"]}", "{\"alg\":256}", "{}", "{\"typ\":\"JWT\"}", "{\"alg\":\"hs256\"}",
        "{\"alg\":\"HS384\"}", "{\"alg\":\"HS512\"}", "{\"alg\":\"RS256\"}", "{\"alg\":\"ES256\"}",
        "{\"alg\":\"HS256\",\"alg\":\"none\"}", "{\"alg\":\"none\",\"alg\":\"HS256\"}",
        "{\"alg\":\"HS256 \"}",
        "{\"alg\":\"HS256\\u0000\"}", "{\"ALG\":\"HS256\"}", "[\"alg\",\"HS256\"]", "\"HS256\"", "null", "",
        "{\"alg\":\"HS256\"", "{\"alg\":\"HS256\"} x", "\xef\xbb\xbf{\"alg\":\"HS256\"}",
        "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false}", "{\"alg\":\"HS256\",\"typ\":\"at+jwt\"}",
        "{\"alg\":\"HS256\",\"typ\":1}", "{\"alg\":\"HS256\",\"kid\":1}", "{\"alg\":\"HS256\",\"kid\":null}",
        "{\"alg\":\"HS256\",\"x\":[[[[[1]]]]]}"
    };

    consent_jwt_key_t    *key;
    consent_jwt_check_t   check;

    (void) state;

    check = no_checks();

    for (i = 0; i < consent_countof(headers); i++) {
        if (verify_text(headers[i], "{\"sub\":\"anna\"}", &check) != CONSENT_DENIED) {
            fail_msg("%s", headers[i]);
        }
    }

    assert_int_equal(verify_text("{\"alg\":\"HS256\",\"typ\":\"jwt\"}", "{}", &check), CONSENT_OK);
    assert_int_equal(verify_text("{\"alg\":\"\\u0048S256\"}", "{}", &check), CONSENT_OK);

    /* without a signature at all */
    key = hs_key("");
    hs256(token, consent_cstr(secret_text), "{\"alg\":\"none\"}", "{\"sub\":\"anna\"}");
    dot = strrchr(token, '.');
    dot[1] = '\0';
    assert_int_equal(verify(consent_cstr(token), key, &check), CONSENT_DENIED);
    dot[0] = '\0';
    assert_int_equal(verify(consent_cstr(token), key, &check), CONSENT_DENIED);
    consent_jwt_key_destroy(key);
}


static void
a_public_key_never_serves_as_a_shared_secret(void **state)
{
    char                  token[16384];
    size_t                i;
    consent_jwt_t         jwt;
    consent_slice_t       forged;
    consent_jwt_key_t    *keys[2], *wrong;
    consent_jwt_check_t   check;

    static const char  *pems[] = { rsa_public, ec_public };

    (void) state;

    check = no_checks();
    keys[0] = key_with(CONSENT_ALG_RS256, consent_cstr(rsa_public), "");
    keys[1] = key_with(CONSENT_ALG_ES256, consent_cstr(ec_public), "");

    for (i = 0; i < 2; i++) {
        forged = hs256(token, consent_cstr(pems[i]), "{\"alg\":\"HS256\"}", "{\"sub\":\"anna\"}");
        assert_int_equal(consent_jwt_verify(&jwt, forged, keys, 2, &check), CONSENT_DENIED);

        forged = hs256(token, consent_cstr(pems[i]), i == 0 ? "{\"alg\":\"RS256\"}" : "{\"alg\":\"ES256\"}",
                       "{}");
        assert_int_equal(consent_jwt_verify(&jwt, forged, keys, 2, &check), CONSENT_DENIED);

        /* nor is it taken where a secret belongs */
        assert_int_equal(consent_jwt_key_create(&wrong, CONSENT_ALG_HS256, consent_cstr(pems[i]),
                                                consent_lit("")),
                         CONSENT_MALFORMED);
        assert_null(wrong);
    }

    consent_jwt_key_destroy(keys[0]);
    consent_jwt_key_destroy(keys[1]);
}


static void
only_fitting_keys_are_made(void **state)
{
    size_t               i;
    char                 large[20000];
    consent_jwt_key_t   *key;

    static const struct {
        int            at;
        consent_alg_t  alg;
        const char    *secret;
        bool           good;
    } rows[] = {
        { __LINE__, CONSENT_ALG_HS256, "0123456789abcdef0123456789abcdef", true },
        { __LINE__, CONSENT_ALG_HS256, "0123456789abcdef0123456789abcde", false },
        { __LINE__, CONSENT_ALG_HS256, "", false },
        { __LINE__, CONSENT_ALG_HS256, rsa_private, false },
        { __LINE__, CONSENT_ALG_RS256, rsa_public, true },
        { __LINE__, CONSENT_ALG_RS256, rsa_private, true },
        { __LINE__, CONSENT_ALG_RS256, rsa_1024_public, false },
        { __LINE__, CONSENT_ALG_RS256, ec_public, false },
        { __LINE__, CONSENT_ALG_RS256, "0123456789abcdef0123456789abcdef", false },
        { __LINE__, CONSENT_ALG_RS256, "", false },
        { __LINE__, CONSENT_ALG_ES256, ec_public, true },
        { __LINE__, CONSENT_ALG_ES256, ec_private, true },
        { __LINE__, CONSENT_ALG_ES256, ec_private_sec1, true },
        { __LINE__, CONSENT_ALG_ES256, p384_public, false },
        { __LINE__, CONSENT_ALG_ES256, rsa_public, false },
        { __LINE__, CONSENT_ALG_ES256, ec_encrypted, false },
        { __LINE__, (consent_alg_t) 7, "0123456789abcdef0123456789abcdef", false },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_jwt_key_create(&key, rows[i].alg, consent_cstr(rows[i].secret), consent_lit(""))
            != (rows[i].good ? CONSENT_OK : CONSENT_MALFORMED) || (key != NULL) != rows[i].good)
        {
            fail_msg("line %d", rows[i].at);
        }

        consent_jwt_key_destroy(key);
    }

    memset(large, 'x', sizeof(large));
    assert_int_equal(consent_jwt_key_create(&key, CONSENT_ALG_HS256, consent_slice(large, sizeof(large)),
                                            consent_lit("")), CONSENT_MALFORMED);
    assert_int_equal(consent_jwt_key_create(&key, CONSENT_ALG_HS256, consent_slice(large, 64),
                                            consent_slice(large, 200)), CONSENT_MALFORMED);
    assert_int_equal(consent_jwt_key_create(&key, CONSENT_ALG_HS256, consent_slice(large, 64),
                                            consent_slice("a\0b", 3)), CONSENT_MALFORMED);
    consent_jwt_key_destroy(NULL);
}


static void
the_key_id_selects_among_our_keys_and_nowhere_else(void **state)
{
    char                  token[16384];
    size_t                i;
    consent_jwt_t         jwt;
    consent_slice_t       old, new;
    consent_jwt_key_t    *keys[2], *nameless;
    consent_jwt_check_t   check;

    static const char  *foreign[] = {
        "{\"alg\":\"HS256\",\"kid\":\"\"}", "{\"alg\":\"HS256\",\"kid\":\"../../../../dev/null\"}",
        "{\"alg\":\"HS256\",\"kid\":\"https://evil.example/key\"}", "{\"alg\":\"HS256\",\"kid\":\"k3\"}",
        "{\"alg\":\"HS256\",\"kid\":\"K2\"}", "{\"alg\":\"HS256\",\"kid\":\"k2\\u0000\"}",
        "{\"alg\":\"HS256\",\"kid\":\"k\"}", "{\"alg\":\"HS256\",\"kid\":\"k22\"}",
        "{\"alg\":\"HS256\",\"kid\":\"k1\"}"
    };

    (void) state;

    old = consent_lit("old-old-old-old-old-old-old-old-old");
    new = consent_lit("new-new-new-new-new-new-new-new-new");
    keys[0] = key_with(CONSENT_ALG_HS256, new, "k2");
    keys[1] = key_with(CONSENT_ALG_HS256, old, "k1");
    check = no_checks();

    /* a header seen with one key says nothing about which key is next */
    for (i = 0; i < 3; i++) {
        hs256(token, i == 1 ? new : old, "{\"alg\":\"HS256\"}", "{}");
        assert_int_equal(consent_jwt_verify(&jwt, consent_cstr(token), keys, 2, &check), CONSENT_OK);
        consent_arena_destroy(jwt.arena);
    }

    /* both keys of a rotation serve, by name and without one */
    hs256(token, new, "{\"alg\":\"HS256\",\"kid\":\"k2\"}", "{}");
    assert_int_equal(consent_jwt_verify(&jwt, consent_cstr(token), keys, 2, &check), CONSENT_OK);
    consent_arena_destroy(jwt.arena);
    hs256(token, old, "{\"alg\":\"HS256\",\"kid\":\"k1\"}", "{}");
    assert_int_equal(consent_jwt_verify(&jwt, consent_cstr(token), keys, 2, &check), CONSENT_OK);
    consent_arena_destroy(jwt.arena);
    hs256(token, old, "{\"alg\":\"HS256\"}", "{}");
    assert_int_equal(consent_jwt_verify(&jwt, consent_cstr(token), keys, 2, &check), CONSENT_OK);
    consent_arena_destroy(jwt.arena);

    /* retired */
    assert_int_equal(consent_jwt_verify(&jwt, consent_cstr(token), keys, 1, &check), CONSENT_DENIED);
    assert_int_equal(consent_jwt_verify(&jwt, consent_cstr(token), keys, 0, &check), CONSENT_DENIED);

    /* a good MAC by k2 under another key's name, or under none of ours */
    for (i = 0; i < consent_countof(foreign); i++) {
        hs256(token, new, foreign[i], "{}");

        if (consent_jwt_verify(&jwt, consent_cstr(token), keys, 2, &check) != CONSENT_DENIED) {
            fail_msg("%s", foreign[i]);
        }
    }

    /* a key that was given no name serves whatever its issuer calls it */
    nameless = key_with(CONSENT_ALG_HS256, new, "");
    hs256(token, new, "{\"alg\":\"HS256\",\"kid\":\"idp-2026\"}", "{}");
    assert_int_equal(verify(consent_cstr(token), nameless, &check), CONSENT_OK);

    consent_jwt_key_destroy(nameless);
    consent_jwt_key_destroy(keys[0]);
    consent_jwt_key_destroy(keys[1]);
}


static void
claims_are_checked(void **state)
{
    static const struct {
        int           at;
        const char   *payload;
        consent_rc_t  rc;
    } rows[] = {
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9}", CONSENT_OK },
        { __LINE__, "{\"aud\":\"portal\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp2\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":null,\"aud\":\"portal\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":[\"idp\"],\"aud\":\"portal\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\\u0000\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"other\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"porta\",\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":[\"other\",\"portal\"],\"exp\":" NOW_SEC "9}", CONSENT_OK },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":[\"other\"],\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":[],\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":[[\"portal\"]],\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":[\"portal\",1],\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":{\"portal\":1},\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":true,\"exp\":" NOW_SEC "9}", CONSENT_DENIED },

        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\"}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "}", CONSENT_OK },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":1795338841}", CONSENT_OK },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":1795338841.0}", CONSENT_OK },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":1795338840}", CONSENT_EXPIRED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":1795338840.999}", CONSENT_EXPIRED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":0}", CONSENT_EXPIRED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":-9007199254740991}", CONSENT_EXPIRED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":9007199254740991}", CONSENT_OK },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":9007199254740992}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":1e30}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":1.9e10}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":\"" NOW_SEC "9\"}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":null}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":true}", CONSENT_DENIED },

        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"nbf\":" NOW_SEC "}",
          CONSENT_OK },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"nbf\":1795338960}",
          CONSENT_OK },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"nbf\":1795338960.1}",
          CONSENT_EXPIRED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"nbf\":1795338961}",
          CONSENT_EXPIRED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"nbf\":\"0\"}",
          CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"nbf\":null}",
          CONSENT_DENIED },

        /* a claim twice, whichever would win */
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":1,\"exp\":" NOW_SEC "9}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"exp\":1}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"x\",\"\\u0069ss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9}",
          CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"a\":{\"b\":1,\"b\":2}}",
          CONSENT_DENIED },

        /* no JSON object */
        { __LINE__, "[]", CONSENT_DENIED },
        { __LINE__, "\"idp\"", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9} {}", CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"n\":\"\xff\"}",
          CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,\"sub\":\"a\\u0000b\"}",
          CONSENT_DENIED },
        { __LINE__, "{\"iss\":\"idp\",\"aud\":\"portal\",\"exp\":" NOW_SEC "9,"
          "\"n\":[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]}", CONSENT_DENIED },
    };

    size_t               i;
    consent_rc_t         rc;
    consent_jwt_check_t  check;

    (void) state;

    check = no_checks();
    check.issuer = consent_lit("idp");
    check.audience = consent_lit("portal");
    check.skew = CONSENT_JWT_CLOCK_SKEW;
    check.need_exp = true;

    for (i = 0; i < consent_countof(rows); i++) {
        rc = verify_text("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", rows[i].payload, &check);

        if (rc != rows[i].rc) {
            fail_msg("line %d: %s", rows[i].at, consent_rc_name(rc));
        }
    }
}


static void
without_exp_a_token_lasts_only_where_that_is_allowed(void **state)
{
    char                  token[16384];
    consent_jwt_t         jwt;
    consent_jwt_key_t    *key;
    consent_jwt_check_t   check;

    (void) state;

    check = no_checks();
    key = hs_key("");
    hs256(token, consent_cstr(secret_text), "{\"alg\":\"HS256\"}", "{\"sub\":\"anna\"}");

    assert_int_equal(consent_jwt_verify(&jwt, consent_cstr(token), &key, 1, &check), CONSENT_OK);
    assert_int_equal(jwt.expires, INT64_MAX);
    assert_memory_equal(consent_json_get(jwt.document, "sub")->text.data, "anna", 4);
    consent_arena_destroy(jwt.arena);

    check.need_exp = true;
    assert_int_equal(verify(consent_cstr(token), key, &check), CONSENT_DENIED);
    consent_jwt_key_destroy(key);
}


static void
size_is_looked_at_first(void **state)
{
    char                  token[16384], payload[9000];
    size_t                pad;
    consent_slice_t       t;
    consent_jwt_key_t    *key;
    consent_jwt_check_t   check;

    (void) state;

    check = no_checks();
    key = hs_key("");

    for (pad = 6000; pad < 6300; pad++) {
        snprintf(payload, sizeof(payload), "{\"p\":\"%0*d\"}", (int) pad, 0);
        t = hs256(token, consent_cstr(secret_text), "{\"alg\":\"HS256\"}", payload);

        assert_int_equal(verify(t, key, &check), t.len > CONSENT_JWT_MAX ? CONSENT_LIMIT : CONSENT_OK);
    }

    assert_true(t.len > CONSENT_JWT_MAX);
    consent_jwt_key_destroy(key);
}


static void
what_we_sign_the_other_side_verifies(void **state)
{
    static const struct {
        consent_alg_t  alg;
        const char    *private;
        const char    *public;
    } rows[] = {
        { CONSENT_ALG_HS256, secret_text, secret_text },
        { CONSENT_ALG_RS256, rsa_private, rsa_public },
        { CONSENT_ALG_ES256, ec_private, ec_public },
        { CONSENT_ALG_ES256, ec_private_sec1, ec_public },
    };

    int                    round;
    size_t                 i;
    int64_t                n;
    consent_buf_t          b;
    consent_jwt_t          jwt;
    consent_jwt_key_t     *signer, *verifier;
    consent_jwt_check_t    check;

    (void) state;

    check = no_checks();
    check.audience = consent_lit("upstream");

    for (i = 0; i < consent_countof(rows); i++) {
        signer = key_with(rows[i].alg, consent_cstr(rows[i].private), "k7");
        verifier = key_with(rows[i].alg, consent_cstr(rows[i].public), "k7");

        /* ECDSA's numbers are now and then a byte shorter */
        for (round = 0; round < (rows[i].alg == CONSENT_ALG_ES256 ? 300 : 1); round++) {
            consent_buf_init(&b, 4096);
            assert_int_equal(consent_jwt_sign(&b, signer,
                                              consent_lit("{\"aud\":\"upstream\",\"n\":9007199254740991,"
                                                                      "\"t\":\"\xc3\xa5\\n\",\"l\":[]}")),
                             CONSENT_OK);
            assert_int_equal(consent_jwt_verify(&jwt, consent_buf_view(&b), &verifier, 1, &check),
                             CONSENT_OK);
            assert_int_equal(consent_json_int(&n, consent_json_get(jwt.document, "n")), CONSENT_OK);
            assert_int_equal(n, INT64_C(9007199254740991));
            assert_memory_equal(consent_json_get(jwt.document, "t")->text.data, "\xc3\xa5\n", 3);
            assert_int_equal(consent_json_get(jwt.document, "l")->type, CONSENT_JSON_ARRAY);
            consent_arena_destroy(jwt.arena);
            consent_buf_free(&b);
        }

        consent_jwt_key_destroy(signer);
        consent_jwt_key_destroy(verifier);
    }
}


static void
only_private_keys_sign_and_only_objects_are_signed(void **state)
{
    consent_buf_t        b;
    consent_jwt_key_t   *key;

    (void) state;

    consent_buf_init(&b, 4096);

    key = key_with(CONSENT_ALG_RS256, consent_cstr(rsa_public), "");
    assert_int_equal(consent_jwt_sign(&b, key, consent_lit("{}")), CONSENT_DENIED);
    consent_jwt_key_destroy(key);

    /* and a private key is not the one to verify with */
    key = key_with(CONSENT_ALG_RS256, consent_cstr(rsa_private), "");
    assert_int_equal(verify(consent_cstr(rfc_rs256), key, &(consent_jwt_check_t) { .now = 0 }),
                     CONSENT_DENIED);
    consent_jwt_key_destroy(key);

    key = hs_key("");
    assert_int_equal(consent_jwt_sign(&b, key, consent_lit("[]")), CONSENT_MALFORMED);
    assert_int_equal(consent_jwt_sign(&b, key, consent_lit("{")), CONSENT_MALFORMED);
    assert_int_equal(consent_jwt_sign(&b, key, consent_lit("")), CONSENT_MALFORMED);
    assert_int_equal(b.len, 0);
    consent_buf_free(&b);

    consent_buf_init(&b, 20);
    assert_int_equal(consent_jwt_sign(&b, key, consent_lit("{\"a\":1}")), CONSENT_LIMIT);
    consent_buf_free(&b);
    consent_jwt_key_destroy(key);
}


static void
algorithms_have_one_name_each(void **state)
{
    consent_alg_t  alg;

    (void) state;

    assert_true(consent_alg_parse(&alg, consent_lit("HS256")));
    assert_int_equal(alg, CONSENT_ALG_HS256);
    assert_true(consent_alg_parse(&alg, consent_lit("RS256")));
    assert_int_equal(alg, CONSENT_ALG_RS256);
    assert_true(consent_alg_parse(&alg, consent_lit("ES256")));
    assert_int_equal(alg, CONSENT_ALG_ES256);
    assert_false(consent_alg_parse(&alg, consent_lit("none")));
    assert_false(consent_alg_parse(&alg, consent_lit("hs256")));
    assert_false(consent_alg_parse(&alg, consent_lit("HS2566")));
    assert_false(consent_alg_parse(&alg, consent_lit("")));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(tokens_of_rfc_7515_are_verified),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(forged_and_cut_hs256_tokens_are_refused),
        cmocka_unit_test(a_token_has_one_spelling),
        cmocka_unit_test(the_token_does_not_choose_the_algorithm),
        cmocka_unit_test(a_public_key_never_serves_as_a_shared_secret),
        cmocka_unit_test(only_fitting_keys_are_made),
        cmocka_unit_test(the_key_id_selects_among_our_keys_and_nowhere_else),
        cmocka_unit_test(claims_are_checked),
        cmocka_unit_test(without_exp_a_token_lasts_only_where_that_is_allowed),
        cmocka_unit_test(size_is_looked_at_first),
        cmocka_unit_test(what_we_sign_the_other_side_verifies),
        cmocka_unit_test(only_private_keys_sign_and_only_objects_are_signed),
        cmocka_unit_test(algorithms_have_one_name_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
