/*
 * The consent cookie: what is written comes back, and nothing else is believed.
 */

#include "identity_cookie.h"


static void
what_is_written_comes_back(void **state)
{
    consent_buf_t     b;
    consent_cookie_t  c, back;

    (void) state;

    c = sample();
    consent_buf_init(&b, 4096);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("kommun")), CONSENT_OK);
    assert_true(b.len <= CONSENT_COOKIE_MAX);

    /* letters that a cookie value may hold, and no more */
    consent_buf_char(&b, '\0');
    assert_int_equal(strspn((char *) b.data,
                            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."),
                     b.len - 1);
    b.len--;

    assert_int_equal(consent_cookie_read(&back, &keys, consent_buf_view(&b), consent_lit("kommun"), NOW),
                     CONSENT_OK);
    assert_memory_equal(back.subject, c.subject, CONSENT_SUBJECT_LEN);
    assert_true(back.identified);
    assert_true(back.has_decision);
    assert_int_equal(back.issued, c.issued);
    assert_int_equal(back.expires, c.expires);
    assert_int_equal(back.decision.policy, c.decision.policy);
    assert_int_equal(back.decision.granted, c.decision.granted);
    assert_int_equal(back.decision.level, c.decision.level);
    assert_int_equal(back.decision.status, c.decision.status);
    assert_int_equal(back.decision.scope, c.decision.scope);
    assert_int_equal(back.decision.ai, c.decision.ai);
    assert_int_equal(back.decision.by, c.decision.by);
    assert_int_equal(back.decision.method, c.decision.method);
    assert_int_equal(back.decision.gpc, c.decision.gpc);
    assert_int_equal(back.decision.stamp, c.decision.stamp);
    assert_int_equal(back.decision.decided_at, c.decision.decided_at);
    assert_int_equal(back.decision.expires_at, c.decision.expires_at);
    assert_memory_equal(back.decision.receipt, c.decision.receipt, CONSENT_ID_LEN);
    consent_buf_free(&b);

    c.identified = false;
    c.has_decision = false;
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("kommun")), CONSENT_OK);
    assert_int_equal(consent_cookie_read(&back, &keys, consent_buf_view(&b), consent_lit("kommun"), NOW),
                     CONSENT_OK);
    assert_false(back.identified);
    assert_false(back.has_decision);
    assert_int_equal(back.decision.granted, 0);
    consent_buf_free(&b);
}


static void
a_cookie_ends_when_it_says_and_to_the_second(void **state)
{
    consent_buf_t     b;
    consent_cookie_t  c, back;

    (void) state;

    c = sample();
    consent_buf_init(&b, 4096);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("kommun")), CONSENT_OK);

    assert_int_equal(consent_cookie_read(&back, &keys, consent_buf_view(&b), consent_lit("kommun"),
                                         c.expires - 1),
                     CONSENT_OK);
    assert_int_equal(consent_cookie_read(&back, &keys, consent_buf_view(&b), consent_lit("kommun"),
                                         c.expires),
                     CONSENT_EXPIRED);
    assert_empty(&back);
    consent_buf_free(&b);
}


/* What is written as we write it is read without a parser, all else with one: with the same result. */
static void
claims_may_be_spelled_in_other_ways(void **state)
{
    size_t               i;
    char                 claims[1024];
    consent_buf_t        b;
    consent_jwt_t        jwt;
    consent_cookie_t     c, back;
    consent_jwt_check_t  check = { .audience = consent_lit("kommun"), .now = NOW };

    static const struct {
        const char    *claims;                  /* of seconds and record */
        consent_rc_t   rc;
    } rows[] = {
        { "{\"aud\":\"kommun\",\"exp\":%lld,\"d\":\"%s\"}", CONSENT_OK },
        { "{\"aud\":\"kommun\",\"exp\":%lld,\"d\":\"%s\",\"iat\":1}", CONSENT_OK },
        { "{\"aud\":[\"another\",\"kommun\"],\"exp\":%lld,\"d\":\"%s\"}", CONSENT_OK },
        { "{\"aud\":[\"another\"],\"exp\":%lld,\"d\":\"%s\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommu\",\"exp\":%lld,\"d\":\"%s\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommun2\",\"exp\":%lld,\"d\":\"%s\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommun\",\"exp\":\"%lld\",\"d\":\"%s\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommun\",\"exp\":-%lld,\"d\":\"%s\"}", CONSENT_EXPIRED },
        { "{\"aud\":\"kommun\",\"exp\":0,\"iat\":%lld,\"d\":\"%s\"}", CONSENT_EXPIRED },
        { "{\"aud\":\"kommun\",\"iat\":%lld,\"d\":\"%s\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommun\",\"exp\":%lld,\"e\":\"%s\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommun\",\"exp\":%lld,\"d\":\"%s\\\\\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommun\",\"exp\":%lld,\"d\":\"%s=\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommun\",\"exp\":%lld,\"d\":\"\",\"e\":\"%s\"}", CONSENT_DENIED },
        { "{\"aud\":\"kommun\",\"nbf\":%lld,\"exp\":99999999999,\"d\":\"%s\"}", CONSENT_EXPIRED },
    };

    (void) state;

    c = sample();
    consent_buf_init(&b, 4096);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("kommun")), CONSENT_OK);
    assert_int_equal(consent_jwt_verify(&jwt, consent_buf_view(&b), keys.cookie, keys.n_cookie, &check), CONSENT_OK);

    for (i = 0; i < consent_countof(rows); i++) {
        b.len = 0;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        (void) snprintf(claims, sizeof(claims), rows[i].claims, (long long) c.expires / 1000,
                        (const char *) consent_json_get(jwt.document, "d")->text.data);
#pragma GCC diagnostic pop

        assert_int_equal(consent_jwt_sign(&b, keys.cookie[0], consent_cstr(claims)), CONSENT_OK);
        assert_int_equal(consent_cookie_read(&back, &keys, consent_buf_view(&b), consent_lit("kommun"), NOW),
                         rows[i].rc);

        if (rows[i].rc == CONSENT_OK) {
            assert_memory_equal(back.subject, c.subject, CONSENT_SUBJECT_LEN);
            assert_int_equal(back.expires, c.expires / 1000 * 1000);

        } else {
            assert_empty(&back);
        }
    }

    consent_arena_destroy(jwt.arena);
    consent_buf_free(&b);
}


static void
another_portals_cookie_is_none(void **state)
{
    consent_buf_t     b;
    consent_cookie_t  c, back;
    consent_keys_t    others;

    (void) state;

    c = sample();
    consent_buf_init(&b, 4096);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("kommun")), CONSENT_OK);

    assert_int_equal(consent_cookie_read(&back, &keys, consent_buf_view(&b), consent_lit("kommun2"), NOW),
                     CONSENT_DENIED);
    assert_empty(&back);
    assert_int_equal(consent_cookie_read(&back, &keys, consent_buf_view(&b), consent_lit(""), NOW),
                     CONSENT_DENIED);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("")), CONSENT_DENIED);

    memset(&others, 0, sizeof(others));
    others.n_cookie = 1;
    assert_int_equal(consent_jwt_key_create(&others.cookie[0], CONSENT_ALG_HS256,
                                            consent_lit("another-another-another-another-a"),
                                            consent_lit("0a1b2c3d")), CONSENT_OK);
    assert_int_equal(consent_cookie_read(&back, &others, consent_buf_view(&b), consent_lit("kommun"), NOW),
                     CONSENT_DENIED);
    assert_empty(&back);
    consent_jwt_key_destroy(others.cookie[0]);
    consent_buf_free(&b);
}


static void
an_older_key_verifies_and_the_newest_signs(void **state)
{
    char              token[16384];
    consent_buf_t     b;
    consent_cookie_t  c, back;
    consent_keys_t    newest;

    (void) state;

    hs256(token, consent_lit("old-old-old-old-old-old-old-old-old"),
          "{\"alg\":\"HS256\",\"kid\":\"99999999\"}",
          claims_of(RECORD));
    assert_int_equal(consent_cookie_read(&back, &keys, consent_cstr(token), consent_lit("kommun"), NOW),
                     CONSENT_OK);
    assert_true(back.has_decision);

    newest = keys;
    newest.n_cookie = 1;
    assert_int_equal(consent_cookie_read(&back, &newest, consent_cstr(token), consent_lit("kommun"), NOW),
                     CONSENT_DENIED);

    c = sample();
    consent_buf_init(&b, 4096);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("kommun")), CONSENT_OK);
    assert_int_equal(consent_cookie_read(&back, &newest, consent_buf_view(&b), consent_lit("kommun"), NOW),
                     CONSENT_OK);
    consent_buf_free(&b);
}


static void
claims_that_are_not_ours_are_refused(void **state)
{
    static const struct {
        int          at;
        const char  *good;
        const char  *bad;
    } rows[] = {
        { __LINE__, "kommun", "kommun2" },
        { __LINE__, "\"aud\"", "\"aux\"" },
        { __LINE__, "\"exp\":", "\"exx\":" },
        { __LINE__, "1795339900", "\"1795339900\"" },
        { __LINE__, "1795339900", "1795338900" },
        { __LINE__, "1795339900", "1795339900,\"nbf\":1795338901" },
        { __LINE__, "1795339900", "1795339900,\"exp\":1795339900" },
        { __LINE__, "\"d\":", "\"e\":" },
        { __LINE__, "\"d\":\"", "\"d\":\"A" },
        { __LINE__, "\"d\":\"", "\"d\":\"." },
        { __LINE__, "\"d\":\"", "\"d\":1,\"x\":\"" },
        { __LINE__, "\"d\":\"", "\"d\":[],\"x\":\"" },
        { __LINE__, "\"d\":\"", "\"d\":\"AA==\",\"x\":\"" },
        { __LINE__, "\"d\":\"", "\"d\":\"\",\"x\":\"" },
    };

    size_t             i;
    char               claims[2048];
    const char        *whole, *at;
    consent_rc_t       rc;
    consent_cookie_t   c;

    (void) state;

    whole = claims_of(RECORD);
    assert_int_equal(read_claims(&c, whole), CONSENT_OK);

    for (i = 0; i < consent_countof(rows); i++) {
        at = strstr(whole, rows[i].good);
        assert_non_null(at);
        snprintf(claims, sizeof(claims), "%.*s%s%s", (int) (at - whole), whole, rows[i].bad,
                 at + strlen(rows[i].good));

        rc = read_claims(&c, claims);

        if (rc != CONSENT_DENIED && rc != CONSENT_EXPIRED) {
            fail_msg("line %d: %s", rows[i].at, consent_rc_name(rc));
        }

        assert_empty(&c);
    }
}


static void
giants_are_not_looked_at(void **state)
{
    char              token[16384], claims[2048];
    consent_slice_t   t;
    consent_cookie_t  c;

    (void) state;

    snprintf(claims, sizeof(claims), "{\"x\":\"%0700d\",%s", 0, claims_of(RECORD) + 1);
    t = hs256(token, consent_cstr(secret_text), HEADER, claims);
    assert_true(t.len > CONSENT_COOKIE_MAX);
    assert_int_equal(consent_cookie_read(&c, &keys, t, consent_lit("kommun"), NOW), CONSENT_LIMIT);
    assert_empty(&c);

    snprintf(claims, sizeof(claims), "{\"x\":\"%0500d\",%s", 0, claims_of(RECORD) + 1);
    t = hs256(token, consent_cstr(secret_text), HEADER, claims);
    assert_true(t.len <= CONSENT_COOKIE_MAX);
    assert_int_equal(consent_cookie_read(&c, &keys, t, consent_lit("kommun"), NOW), CONSENT_OK);
}


static void
a_policy_id_too_long_for_a_cookie_is_not_written(void **state)
{
    char              id[1100];
    consent_buf_t     b;
    consent_cookie_t  c;

    (void) state;

    memset(id, 'x', sizeof(id));
    c = sample();
    consent_buf_init(&b, 4096);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_slice(id, 1100)), CONSENT_LIMIT);
    consent_buf_free(&b);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_slice(id, 620)), CONSENT_LIMIT);
    consent_buf_free(&b);
    assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_slice(id, 64)), CONSENT_OK);
    consent_buf_free(&b);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(a_cookie_ends_when_it_says_and_to_the_second),
        cmocka_unit_test(another_portals_cookie_is_none),
        cmocka_unit_test(an_older_key_verifies_and_the_newest_signs),
        cmocka_unit_test(claims_may_be_spelled_in_other_ways),
        cmocka_unit_test(claims_that_are_not_ours_are_refused),
        cmocka_unit_test(giants_are_not_looked_at),
        cmocka_unit_test(a_policy_id_too_long_for_a_cookie_is_not_written),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
