/*
 * Statements to the upstream: what they say, to whom, and when an old one serves again.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "identity/assertion.h"
#include "identity_tokens.h"

#define NOW  INT64_C(1795338900000)

static consent_jwt_key_t         *signer, *verifier;
static consent_category_t         categories[3];
static consent_level_t            levels[2];
static consent_policy_t           policy;
static consent_effect_t           effect;
static consent_assertion_conf_t   conf;


static int
begin(void **state)
{
    (void) state;

    memset(&policy, 0, sizeof(policy));
    memset(&effect, 0, sizeof(effect));

    categories[0].id = consent_lit("identity");
    categories[1].id = consent_lit("contact");
    categories[2].id = consent_lit("usage");
    levels[0].id = consent_lit("anonymous");
    levels[1].id = consent_lit("personal");

    policy.id = consent_lit("kommun");
    policy.version = consent_lit("2026-11-22 \"a\"");
    memset(policy.hash, 0xab, CONSENT_HASH_LEN);
    policy.key = UINT64_C(0xabababababababab);
    policy.categories = categories;
    policy.n_categories = 3;
    policy.levels = levels;
    policy.n_levels = 2;

    effect.status = CONSENT_STATUS_GIVEN;
    effect.granted = 5;
    effect.level = 1;

    conf.issuer = consent_lit("example.org/node1");
    conf.audience = consent_lit("portal");
    conf.ttl = 60;

    return consent_jwt_key_create(&signer, CONSENT_ALG_ES256, consent_cstr(ec_private), consent_lit("k1"))
           != CONSENT_OK
           || consent_jwt_key_create(&verifier, CONSENT_ALG_ES256, consent_cstr(ec_public), consent_lit("k1"))
              != CONSENT_OK;
}


static int
finish(void **state)
{
    (void) state;
    consent_jwt_key_destroy(signer);
    consent_jwt_key_destroy(verifier);
    return 0;
}


/* The claims of a verified statement, compact; jti, which is random, cut down to its length. */
static void
assert_says(consent_slice_t token, const char *audience, const char *expected)
{
    consent_buf_t         b;
    consent_jwt_t         jwt;
    consent_json_t       *v;
    consent_jwt_check_t   check;

    memset(&check, 0, sizeof(check));
    check.issuer = conf.issuer;
    check.audience = consent_cstr(audience);
    check.now = NOW;
    check.need_exp = true;

    assert_int_equal(consent_jwt_verify(&jwt, token, &verifier, 1, &check), CONSENT_OK);

    v = (consent_json_t *) consent_json_get(jwt.document, "jti");
    assert_non_null(v);
    assert_int_equal(v->text.len, 32);
    v->text = consent_lit("*");

    consent_buf_init(&b, 8192);
    assert_int_equal(consent_json_canonical(&b, jwt.document), CONSENT_OK);
    consent_buf_char(&b, '\0');
    assert_string_equal((char *) b.data, expected);
    consent_buf_free(&b);
    consent_arena_destroy(jwt.arena);
}


static void
it_says_what_is_in_force_and_not_about_whom(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 8192);
    assert_int_equal(consent_assertion_make(&b, signer, &conf, &policy, &effect, NOW), CONSENT_OK);
    assert_says(consent_buf_view(&b), "portal",
                "{\"aud\":\"portal\",\"categories\":[\"identity\",\"usage\"],\"exp\":1795338960,"
                "\"iat\":1795338900,\"iss\":\"example.org/node1\",\"jti\":\"*\",\"level\":\"personal\","
                "\"policy\":\"kommun\","
                "\"policy_hash\":\"abababababababababababababababababababababababababababababababab\","
                "\"policy_version\":\"2026-11-22 \\\"a\\\"\",\"status\":\"given\"}");
    consent_buf_free(&b);

    conf.audience = consent_lit("");
    effect.granted = 0;
    effect.level = 0;
    effect.status = CONSENT_STATUS_NONE;
    assert_int_equal(consent_assertion_make(&b, signer, &conf, &policy, &effect, NOW), CONSENT_OK);
    assert_says(consent_buf_view(&b), "",
                "{\"categories\":[],\"exp\":1795338960,\"iat\":1795338900,"
                "\"iss\":\"example.org/node1\",\"jti\":\"*\",\"level\":\"anonymous\",\"policy\":\"kommun\","
                "\"policy_hash\":\"abababababababababababababababababababababababababababababababab\","
                "\"policy_version\":\"2026-11-22 \\\"a\\\"\",\"status\":\"none\"}");
    consent_buf_free(&b);
}


static void
a_level_or_time_that_cannot_be_is_refused(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 8192);
    effect.level = 2;
    assert_int_equal(consent_assertion_make(&b, signer, &conf, &policy, &effect, NOW), CONSENT_MALFORMED);
    effect.level = -1;
    assert_int_equal(consent_assertion_make(&b, signer, &conf, &policy, &effect, NOW), CONSENT_MALFORMED);
    effect.level = 0;
    conf.ttl = 0;
    assert_int_equal(consent_assertion_make(&b, signer, &conf, &policy, &effect, NOW), CONSENT_MALFORMED);
    conf.ttl = 3601;
    assert_int_equal(consent_assertion_make(&b, signer, &conf, &policy, &effect, NOW), CONSENT_MALFORMED);
    assert_int_equal(b.len, 0);
    consent_buf_free(&b);
}


static consent_slice_t
get(consent_assertions_t *cache, consent_time_t now)
{
    consent_slice_t  out;

    assert_int_equal(consent_assertion_get(&out, cache, signer, &conf, &policy, &effect, now), CONSENT_OK);
    assert_true(out.len > 0);

    return out;
}


static void
a_statement_serves_again_for_half_its_time(void **state)
{
    char                   first[4096];
    consent_slice_t        a;
    consent_assertions_t  *cache;

    (void) state;

    cache = consent_assertions_create();
    assert_non_null(cache);

    a = get(cache, NOW);
    memcpy(first, a.data, a.len);
    a.data = (uint8_t *) first;

    assert_true(consent_slice_eq(get(cache, NOW), a));
    assert_true(consent_slice_eq(get(cache, NOW + 29999), a));
    assert_false(consent_slice_eq(get(cache, NOW + 30000), a));

    /* and the new one from then on; a clock that went back makes a new one too */
    a = get(cache, NOW + 30000);
    memcpy(first, a.data, a.len);
    a.data = (uint8_t *) first;
    assert_true(consent_slice_eq(get(cache, NOW + 59999), a));
    assert_false(consent_slice_eq(get(cache, NOW + 29999), a));

    consent_assertions_destroy(cache);
    consent_assertions_destroy(NULL);
}


static void
only_the_same_answer_to_the_same_reader_serves_again(void **state)
{
    int                    i;
    char                   first[4096];
    consent_slice_t        a;
    consent_jwt_key_t     *other, *kept;
    consent_assertions_t  *cache;

    (void) state;

    cache = consent_assertions_create();
    assert_int_equal(consent_jwt_key_create(&other, CONSENT_ALG_HS256,
                                            consent_lit("0123456789abcdef0123456789abcdef"),
                                            consent_lit("k2")),
                     CONSENT_OK);
    kept = signer;

    for (i = 0; i < 8; i++) {
        a = get(cache, NOW);
        memcpy(first, a.data, a.len);
        a.data = (uint8_t *) first;
        assert_true(consent_slice_eq(get(cache, NOW), a));

        switch (i) {
        case 0:
            effect.granted = 1;
            break;
        case 1:
            effect.level = 0;
            break;
        case 2:
            effect.status = CONSENT_STATUS_LOWERED;
            break;
        case 3:
            conf.audience = consent_lit("portal2");
            break;
        case 4:
            conf.issuer = consent_lit("example.org/node2");
            break;
        case 5:
            conf.ttl = 61;
            break;
        case 6:
            policy.key ^= 1;
            break;
        case 7:
            signer = other;
            break;
        }

        assert_false(consent_slice_eq(get(cache, NOW), a));
    }

    signer = kept;
    consent_jwt_key_destroy(other);
    consent_assertions_destroy(cache);
}


static void
many_answers_stay_apart(void **state)
{
    int                    round;
    uint64_t               granted;
    consent_jwt_t          jwt;
    consent_jwt_key_t     *key, *kept;
    consent_jwt_check_t    check;
    consent_assertions_t  *cache;

    (void) state;

    cache = consent_assertions_create();
    memset(&check, 0, sizeof(check));
    check.now = NOW;
    kept = signer;
    assert_int_equal(consent_jwt_key_create(&key, CONSENT_ALG_HS256,
                                            consent_lit("0123456789abcdef0123456789abcdef"),
                                            consent_lit("k2")),
                     CONSENT_OK);
    signer = key;
    policy.n_categories = 3;

    for (round = 0; round < 600; round++) {
        granted = (uint64_t) (round * 5) % 8;
        effect.granted = granted | (uint64_t) round << 8;     /* more answers than the ring holds */

        assert_int_equal(consent_jwt_verify(&jwt, get(cache, NOW + round), &key, 1, &check), CONSENT_OK);
        assert_int_equal(consent_json_get(jwt.document, "categories")->count,
                         __builtin_popcountll(granted));
        consent_arena_destroy(jwt.arena);
    }

    signer = kept;
    consent_jwt_key_destroy(key);
    consent_assertions_destroy(cache);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(it_says_what_is_in_force_and_not_about_whom, begin, finish),
        cmocka_unit_test_setup_teardown(a_level_or_time_that_cannot_be_is_refused, begin, finish),
        cmocka_unit_test_setup_teardown(a_statement_serves_again_for_half_its_time, begin, finish),
        cmocka_unit_test_setup_teardown(only_the_same_answer_to_the_same_reader_serves_again, begin, finish),
        cmocka_unit_test_setup_teardown(many_answers_stay_apart, begin, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
