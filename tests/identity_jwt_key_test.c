/*
 * Keys of tokens: each is of one algorithm, fits it, and is found by its name among ours only.
 */

#include "identity_jwt.h"


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
        cmocka_unit_test(a_public_key_never_serves_as_a_shared_secret),
        cmocka_unit_test(only_fitting_keys_are_made),
        cmocka_unit_test(the_key_id_selects_among_our_keys_and_nowhere_else),
        cmocka_unit_test(algorithms_have_one_name_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
