/*
 * Tokens that we sign: who has the key verifies them.
 */

#include "identity_jwt.h"


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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_we_sign_the_other_side_verifies),
        cmocka_unit_test(only_private_keys_sign_and_only_objects_are_signed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
