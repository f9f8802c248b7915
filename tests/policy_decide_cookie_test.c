/*
 * What is in force where store and cookie differ: the newer counts, and an old cookie only lowers.
 */

#include "policy_decide.h"


static void
the_newer_of_store_and_cookie_counts(void **state)
{
    consent_effect_t    e;
    consent_decision_t  stored, cookie;

    (void) state;

    /* the store's is newer: an old cookie raises nothing, however young it is */
    stored = decision(IDENTITY, 1, 1);
    cookie = decision(IDENTITY | STATISTICS, 2, 2);
    e = decide(&stored, &cookie);
    assert_int_equal(e.granted, IDENTITY);
    assert_false(e.from_cookie);

    /* the cookie's is newer, and was taken minutes ago on another node */
    stored = decision(IDENTITY, 1, 20);
    cookie = decision(IDENTITY | STATISTICS, 2, 2);
    e = decide(&stored, &cookie);
    assert_int_equal(e.granted, IDENTITY | STATISTICS);
    assert_int_equal(e.chosen, 2);
    assert_true(e.from_cookie);
    assert_memory_equal(e.receipt, cookie.receipt, CONSENT_ID_LEN);

    /* the same decision in both is the store's */
    e = decide(&stored, &stored);
    assert_int_equal(e.granted, IDENTITY);
    assert_false(e.from_cookie);
}


static void
a_cookie_raises_only_within_ten_minutes(void **state)
{
    size_t              i;
    consent_effect_t    e;
    consent_decision_t  cookie;

    static const struct {
        int64_t  age;       /* ms */
        bool     raises;
    } rows[] = {
        { 0, true }, { 1, true }, { CONSENT_RAISE_WINDOW, true }, { CONSENT_RAISE_WINDOW + 1, false },
        { 86400000, false }, { -1, true }, { -60000, true }, { -60001, false }, { -86400000, false }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        cookie = decision(IDENTITY, 1, 0);
        cookie.decided_at = NOW - rows[i].age;
        cookie.stamp = NOW - rows[i].age;
        e = decide(NULL, &cookie);

        assert_int_equal(e.granted, rows[i].raises ? IDENTITY : 0);
        assert_int_equal(e.status, rows[i].raises ? CONSENT_STATUS_GIVEN : CONSENT_STATUS_NONE);
        assert_int_equal(e.from_cookie, rows[i].raises);

        /* the next decision must be later all the same */
        assert_int_equal(e.stamp, cookie.stamp);
    }

    cookie.decided_at = INT64_MIN;
    assert_int_equal(decide(NULL, &cookie).granted, 0);
}


static void
a_newer_cookie_always_lowers(void **state)
{
    consent_effect_t    e;
    consent_decision_t  stored, cookie;

    (void) state;

    /* to less: it counts as a whole, whatever its age */
    stored = decision(IDENTITY | STATISTICS, 2, 9000);
    cookie = decision(IDENTITY, 1, 5000);
    cookie.status = CONSENT_STATUS_LOWERED;
    e = decide(&stored, &cookie);
    assert_int_equal(e.granted, IDENTITY);
    assert_int_equal(e.status, CONSENT_STATUS_LOWERED);
    assert_int_equal(e.chosen, 1);
    assert_true(e.from_cookie);

    /* to nothing */
    cookie = decision(0, 0, 5000);
    cookie.status = CONSENT_STATUS_WITHDRAWN;
    e = decide(&stored, &cookie);
    assert_int_equal(e.granted, 0);
    assert_int_equal(e.status, CONSENT_STATUS_WITHDRAWN);

    /* a refusal is believed without a store, too */
    cookie = decision(0, 0, 5000);
    e = decide(NULL, &cookie);
    assert_int_equal(e.status, CONSENT_STATUS_REFUSED);
    assert_true(e.from_cookie);

    /* more of one and less of another: what both grant */
    stored = decision(IDENTITY | HEALTH, CONSENT_LEVEL_CUSTOM, 9000);
    cookie = decision(IDENTITY | STATISTICS, 2, 5000);
    e = decide(&stored, &cookie);
    assert_int_equal(e.granted, IDENTITY);
    assert_int_equal(e.status, CONSENT_STATUS_LOWERED);
    assert_int_equal(e.chosen, CONSENT_LEVEL_CUSTOM);
    assert_int_equal(e.level, 1);
    assert_true(e.from_cookie);

    stored = decision(IDENTITY | STATISTICS, 2, 9000);
    cookie = decision(IDENTITY | HEALTH, 1, 5000);
    e = decide(&stored, &cookie);
    assert_int_equal(e.granted, IDENTITY);
    assert_int_equal(e.chosen, CONSENT_LEVEL_CUSTOM);
    cookie = decision(IDENTITY | STATISTICS, 2, 5000);

    /* only more: the store's stays as it is */
    stored = decision(IDENTITY, 1, 9000);
    e = decide(&stored, &cookie);
    assert_int_equal(e.granted, IDENTITY);
    assert_int_equal(e.status, CONSENT_STATUS_GIVEN);
    assert_int_equal(e.chosen, 1);
    assert_false(e.from_cookie);
    assert_memory_equal(e.receipt, stored.receipt, CONSENT_ID_LEN);
}


static void
who_may_answer_is_not_widened_by_an_old_cookie(void **state)
{
    consent_decision_t  stored, cookie;

    (void) state;

    stored = decision(IDENTITY, 1, 9000);
    stored.ai = CONSENT_AI_NONE;
    cookie = decision(IDENTITY, 1, 5000);
    assert_int_equal(decide(&stored, &cookie).ai, CONSENT_AI_NONE);

    cookie = decision(IDENTITY, 1, 5);
    assert_int_equal(decide(&stored, &cookie).ai, CONSENT_AI_ANY);

    cookie = decision(IDENTITY | STATISTICS, 2, 5000);
    assert_int_equal(decide(&stored, &cookie).ai, CONSENT_AI_NONE);

    /* and always narrowed */
    stored.ai = CONSENT_AI_ANY;
    cookie.ai = CONSENT_AI_OWN;
    assert_int_equal(decide(&stored, &cookie).ai, CONSENT_AI_OWN);
}


static void
nothing_comes_back_from_before_an_erasure(void **state)
{
    consent_effect_t    e;
    consent_decision_t  stored, cookie;

    (void) state;

    cookie = decision(IDENTITY, 1, 2);
    stored = decision(STATISTICS, CONSENT_LEVEL_CUSTOM, 3);

    /* erased in the same instant, or later */
    consent_decide(&e, &set, &stored, &cookie, NULL, cookie.stamp, NOW);
    assert_int_equal(e.granted, 0);
    assert_int_equal(e.status, CONSENT_STATUS_NONE);
    assert_int_equal(e.stamp, cookie.stamp);

    consent_decide(&e, &set, NULL, &cookie, NULL, NOW + 5, NOW);
    assert_int_equal(e.granted, 0);
    assert_int_equal(e.stamp, NOW + 5);

    /* erased before: a new beginning */
    consent_decide(&e, &set, NULL, &cookie, NULL, cookie.stamp - 1, NOW);
    assert_int_equal(e.granted, IDENTITY);

    /* a refusal from before is forgotten as well */
    cookie = decision(0, 0, 2);
    consent_decide(&e, &set, NULL, &cookie, NULL, cookie.stamp, NOW);
    assert_int_equal(e.status, CONSENT_STATUS_NONE);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_newer_of_store_and_cookie_counts),
        cmocka_unit_test(a_cookie_raises_only_within_ten_minutes),
        cmocka_unit_test(a_newer_cookie_always_lowers),
        cmocka_unit_test(who_may_answer_is_not_widened_by_an_old_cookie),
        cmocka_unit_test(nothing_comes_back_from_before_an_erasure),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
