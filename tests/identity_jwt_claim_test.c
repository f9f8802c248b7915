/*
 * Claims of a token: issuer, audience and times are as they must be, or it is refused.
 */

#include "identity_jwt.h"


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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(claims_are_checked),
        cmocka_unit_test(without_exp_a_token_lasts_only_where_that_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
