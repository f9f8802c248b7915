/*
 * The consent cookie: what is written comes back, and nothing else is believed.
 */

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


static int
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


static int
finish(void **state)
{
    (void) state;

    consent_jwt_key_destroy(keys.cookie[0]);
    consent_jwt_key_destroy(keys.cookie[1]);

    return 0;
}


static consent_rc_t
read_claims(consent_cookie_t *out, const char *claims)
{
    char  token[16384];

    return consent_cookie_read(out, &keys, hs256(token, consent_cstr(secret_text), HEADER, claims),
                               consent_lit("kommun"), NOW);
}


/* The claims around a record given in hex. */
static const char *
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


static void
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


static consent_cookie_t
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
the_record_is_read_as_its_layout_says(void **state)
{
    uint8_t           subject[CONSENT_SUBJECT_LEN], receipt[CONSENT_ID_LEN];
    consent_cookie_t  c;

    (void) state;

    assert_int_equal(consent_hex_decode(subject, 16, consent_lit("00112233445566778899aabbccddeeff")),
                     CONSENT_OK);
    assert_int_equal(consent_hex_decode(receipt, 16, consent_lit("ffeeddccbbaa99887766554433221100")),
                     CONSENT_OK);

    assert_int_equal(read_claims(&c, claims_of(RECORD)), CONSENT_OK);
    assert_memory_equal(c.subject, subject, CONSENT_SUBJECT_LEN);
    assert_false(c.identified);
    assert_true(c.has_decision);
    assert_int_equal(c.issued, NOW);
    assert_int_equal(c.expires, INT64_C(1795339900000));
    assert_int_equal(c.decision.status, CONSENT_STATUS_GIVEN);
    assert_int_equal(c.decision.scope, CONSENT_SCOPE_STANDING);
    assert_int_equal(c.decision.ai, CONSENT_AI_ANY);
    assert_int_equal(c.decision.by, CONSENT_BY_SELF);
    assert_int_equal(c.decision.method, CONSENT_METHOD_FORM);
    assert_int_equal(c.decision.gpc, 0);
    assert_int_equal(c.decision.level, 2);
    assert_int_equal(c.decision.granted, 5);
    assert_int_equal(c.decision.policy, UINT64_C(0x0123456789abcdef));
    assert_int_equal(c.decision.stamp, NOW + 1);
    assert_int_equal(c.decision.decided_at, NOW);
    assert_int_equal(c.decision.expires_at, INT64_C(1810000000000));
    assert_memory_equal(c.decision.receipt, receipt, CONSENT_ID_LEN);
}


static void
fields_out_of_bounds_are_refused(void **state)
{
    static const struct {
        int          at;
        size_t       offset;        /* in the record */
        const char  *bytes;
    } rows[] = {
        { __LINE__, 0, "00" },
        { __LINE__, 0, "02" },
        { __LINE__, 1, "04" },          /* a scope without a decision */
        { __LINE__, 1, "00" },          /* a decision that is said not to be there */
        { __LINE__, 1, "86" },          /* a bit without a meaning */
        { __LINE__, 1, "0e" },          /* scope 3 */
        { __LINE__, 1, "36" },          /* ai 3 */
        { __LINE__, 24, "00" },         /* status: none, expired, lapsed, 7 */
        { __LINE__, 24, "04" },
        { __LINE__, 24, "05" },
        { __LINE__, 24, "07" },
        { __LINE__, 24, "29" },         /* by 5 */
        { __LINE__, 24, "41" },
        { __LINE__, 24, "81" },
        { __LINE__, 25, "11" },         /* level 16 */
        { __LINE__, 25, "1f" },
        { __LINE__, 25, "a3" },         /* method 5 */
        { __LINE__, 25, "e3" },
        { __LINE__, 50, "058080808080800202c087f59d6d" },     /* a stamp before 1970 */
        { __LINE__, 50, "85000102c087f59d6d" },         /* longer than needed */
        { __LINE__, 50, "ffffffffffffffffff01010201" }, /* category 63 */
        { __LINE__, 50, "05ffffffffffffffffff010201" },
        { __LINE__, 50, "0501ffffffffffffff7f02" },     /* beyond the year 10889 */
        { __LINE__, 50, "050102ffffffffffffff7f" },
        { __LINE__, 50, "05010201ff" },
    };

    char               record[512];
    size_t             i, len;
    consent_rc_t       rc;
    consent_cookie_t   c;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        strcpy(record, RECORD);
        len = strlen(rows[i].bytes);

        if (rows[i].offset == 50 && len > 4) {
            strcpy(record + 100, rows[i].bytes);

        } else {
            memcpy(record + rows[i].offset * 2, rows[i].bytes, len);
        }

        rc = read_claims(&c, claims_of(record));

        if (rc != CONSENT_DENIED) {
            fail_msg("line %d: %s", rows[i].at, consent_rc_name(rc));
        }

        assert_empty(&c);
    }

    /* cut, and with more behind it */
    for (len = strlen(RECORD) - 2; len > 0; len -= 2) {
        strcpy(record, RECORD);
        record[len] = '\0';
        assert_int_equal(read_claims(&c, claims_of(record)), CONSENT_DENIED);
        assert_empty(&c);

        /* without a decision it is 24 bytes, no more and no less */
        memcpy(record + 2, "01", len > 2 ? 2 : 0);
        assert_int_equal(read_claims(&c, claims_of(record)), len == 48 ? CONSENT_OK : CONSENT_DENIED);
        assert_int_equal(c.identified, len == 48);
        assert_false(c.has_decision);
    }

    assert_int_equal(read_claims(&c, claims_of(RECORD "00")), CONSENT_DENIED);
}


static void
a_decision_that_could_not_be_read_is_not_written(void **state)
{
    int               i;
    consent_buf_t     b;
    consent_cookie_t  c;

    (void) state;

    consent_buf_init(&b, 4096);

    for (i = 0; i < 12; i++) {
        c = sample();

        switch (i) {
        case 0:
            c.decision.granted = UINT64_C(1) << 63;
            break;
        case 1:
            c.decision.level = CONSENT_MAX_LEVELS;
            break;
        case 2:
            c.decision.level = CONSENT_LEVEL_CUSTOM - 1;
            break;
        case 3:
            c.decision.status = CONSENT_STATUS_NONE;
            break;
        case 4:
            c.decision.status = CONSENT_STATUS_LAPSED;
            break;
        case 5:
            c.decision.scope = 3;
            break;
        case 6:
            c.decision.ai = 3;
            break;
        case 7:
            c.decision.by = 5;
            break;
        case 8:
            c.decision.method = 5;
            break;
        case 9:
            c.decision.stamp = -1;
            break;
        case 10:
            c.decision.expires_at = INT64_MAX;
            break;
        case 11:
            c.issued = INT64_C(1) << 48;
            break;
        }

        assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("kommun")), CONSENT_MALFORMED);
        assert_int_equal(b.len, 0);
    }

    consent_buf_free(&b);
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


static void
the_cookie_is_found_among_others_and_counted(void **state)
{
    static const struct {
        int          at;
        const char  *header;
        size_t       n;
        const char  *value;
    } rows[] = {
        { __LINE__, "consent=abc", 1, "abc" },
        { __LINE__, "a=1; consent=abc; b=2", 1, "abc" },
        { __LINE__, "a=1;consent=abc;b=2", 1, "abc" },
        { __LINE__, "a=1;\t consent = abc ;b=2", 1, "abc" },
        { __LINE__, "consent=", 1, "" },
        { __LINE__, "consent=a=b", 1, "a=b" },
        { __LINE__, "consent=first; consent=second", 2, "first" },
        { __LINE__, "consent=x; a=1; consent=x", 2, "x" },
        { __LINE__, "xconsent=1; consent2=2; Consent=3; __Host-consent=4", 0, NULL },
        { __LINE__, "a=consent=1", 0, NULL },
        { __LINE__, "consent", 0, NULL },
        { __LINE__, "consent; consent=1", 1, "1" },
        { __LINE__, "", 0, NULL },
        { __LINE__, ";;; ; =;consent=1;", 1, "1" },
        { __LINE__, "=consent=1", 0, NULL },
    };

    size_t           i, n;
    consent_slice_t  value;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        value = consent_slice(NULL, 0);
        n = consent_cookie_find(&value, consent_cstr(rows[i].header), consent_lit("consent"));

        if (n != rows[i].n || !consent_slice_eq(value, consent_cstr(rows[i].value))) {
            fail_msg("line %d: %zu", rows[i].at, n);
        }
    }

    assert_int_equal(consent_cookie_find(&value, consent_slice("consent=1; consent=2", 9),
                                         consent_lit("consent")), 1);
    assert_int_equal(value.len, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_is_written_comes_back),
        cmocka_unit_test(a_cookie_ends_when_it_says_and_to_the_second),
        cmocka_unit_test(another_portals_cookie_is_none),
        cmocka_unit_test(an_older_key_verifies_and_the_newest_signs),
        cmocka_unit_test(claims_that_are_not_ours_are_refused),
        cmocka_unit_test(the_record_is_read_as_its_layout_says),
        cmocka_unit_test(fields_out_of_bounds_are_refused),
        cmocka_unit_test(a_decision_that_could_not_be_read_is_not_written),
        cmocka_unit_test(giants_are_not_looked_at),
        cmocka_unit_test(a_policy_id_too_long_for_a_cookie_is_not_written),
        cmocka_unit_test(the_cookie_is_found_among_others_and_counted),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
