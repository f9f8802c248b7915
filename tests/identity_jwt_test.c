/*
 * Tokens: the key pins the algorithm, and everything that is not as it must be is refused.
 */

#include "identity_jwt.h"


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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(tokens_of_rfc_7515_are_verified),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(forged_and_cut_hs256_tokens_are_refused),
        cmocka_unit_test(a_token_has_one_spelling),
        cmocka_unit_test(the_token_does_not_choose_the_algorithm),
        cmocka_unit_test(size_is_looked_at_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
