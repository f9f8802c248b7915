/*
 * What is in force: the decision, less what time, policy versions and signals take; and never more.
 */

#include "policy_decide.h"


static void
without_a_decision_nothing_is_shared(void **state)
{
    consent_effect_t  e;

    (void) state;

    e = decide(NULL, NULL);
    assert_int_equal(e.status, CONSENT_STATUS_NONE);
    assert_int_equal(e.granted, 0);
    assert_int_equal(e.level, 0);
    assert_int_equal(e.chosen, 0);
    assert_int_equal(e.ai, CONSENT_AI_ANY);
    assert_int_equal(e.stamp, 0);
    assert_false(e.from_cookie);
}


static void
a_stored_decision_is_in_force(void **state)
{
    consent_effect_t    e;
    consent_decision_t  d;

    (void) state;

    d = decision(IDENTITY | STATISTICS, 2, 5000);
    d.ai = CONSENT_AI_OWN;
    e = decide(&d, NULL);

    assert_int_equal(e.status, CONSENT_STATUS_GIVEN);
    assert_int_equal(e.granted, IDENTITY | STATISTICS);
    assert_int_equal(e.level, 2);
    assert_int_equal(e.chosen, 2);
    assert_int_equal(e.scope, CONSENT_SCOPE_STANDING);
    assert_int_equal(e.ai, CONSENT_AI_OWN);
    assert_int_equal(e.stamp, d.stamp);
    assert_int_equal(e.decided_at, d.decided_at);
    assert_int_equal(e.expires_at, d.expires_at);
    assert_memory_equal(e.receipt, d.receipt, CONSENT_ID_LEN);
    assert_false(e.from_cookie);
}


static void
the_effective_level_is_the_highest_that_is_granted_in_full(void **state)
{
    size_t              i;
    consent_effect_t    e;
    consent_decision_t  d;

    static const struct {
        consent_mask_t  granted;
        int             level;
    } rows[] = {
        { 0, 0 },
        { IDENTITY, 1 },
        { STATISTICS, 0 },
        { IDENTITY | STATISTICS, 2 },
        { IDENTITY | HEALTH, 1 },
        { HEALTH, 0 },
        { REGISTER, 0 },
        { ~(consent_mask_t) 0, 2 }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        d = decision(rows[i].granted, CONSENT_LEVEL_CUSTOM, 1);
        e = decide(&d, NULL);

        assert_int_equal(e.level, rows[i].level);
        assert_int_equal(e.chosen, CONSENT_LEVEL_CUSTOM);
        assert_int_equal(e.granted, rows[i].granted & (IDENTITY | STATISTICS | HEALTH));
        assert_int_equal(consent_level_of(policy, rows[i].granted), rows[i].level);
    }
}


/* Such a policy is warned of; who shares nothing is at the first level all the same. */
static void
a_level_that_shares_nothing_is_never_above_the_first(void **state)
{
    consent_policy_t  *other;

    (void) state;

    other = policy_load_with("\"shares\": [\"identity\"]", "\"shares\": []");
    assert_int_equal(consent_level_of(other, 0), 0);
    assert_int_equal(consent_level_of(other, IDENTITY), 0);
    assert_int_equal(consent_level_of(other, IDENTITY | STATISTICS), 2);
    consent_policy_destroy(other);
}


static void
an_expired_decision_grants_nothing(void **state)
{
    consent_effect_t    e;
    consent_decision_t  d;

    (void) state;

    d = decision(IDENTITY, 1, 5000);
    d.ai = CONSENT_AI_NONE;
    d.expires_at = NOW + 1;
    assert_int_equal(decide(&d, NULL).granted, IDENTITY);

    d.expires_at = NOW;
    e = decide(&d, NULL);
    assert_int_equal(e.status, CONSENT_STATUS_EXPIRED);
    assert_int_equal(e.granted, 0);
    assert_int_equal(e.level, 0);
    assert_int_equal(e.chosen, 0);
    assert_int_equal(e.ai, CONSENT_AI_ANY);
    assert_int_equal(e.expires_at, NOW);

    /* nor does an older one that has not expired */
    d = decision(IDENTITY, 1, 1);
    d.expires_at = NOW - 1;
    consent_decision_t  older = decision(IDENTITY | STATISTICS, 2, 2);
    assert_int_equal(decide(&older, &d).granted, 0);
    assert_int_equal(decide(&d, &older).granted, 0);
}


static void
gpc_takes_away_what_was_decided_without_it(void **state)
{
    consent_effect_t    e;
    consent_decision_t  d;
    consent_signals_t   gpc = { .gpc = true };

    (void) state;

    d = decision(IDENTITY | STATISTICS, 2, 5000);
    consent_decide(&e, &set, &d, NULL, &gpc, 0, NOW);
    assert_int_equal(e.granted, IDENTITY);
    assert_int_equal(e.level, 1);
    assert_int_equal(e.chosen, 2);
    assert_int_equal(e.status, CONSENT_STATUS_LOWERED);
    assert_true(e.gpc_applied);

    /* who decided with the signal there meant it */
    d.gpc = 1;
    consent_decide(&e, &set, &d, NULL, &gpc, 0, NOW);
    assert_int_equal(e.granted, IDENTITY | STATISTICS);
    assert_int_equal(e.status, CONSENT_STATUS_GIVEN);
    assert_false(e.gpc_applied);

    /* nothing to take */
    d = decision(IDENTITY, 1, 5000);
    consent_decide(&e, &set, &d, NULL, &gpc, 0, NOW);
    assert_int_equal(e.granted, IDENTITY);
    assert_int_equal(e.status, CONSENT_STATUS_GIVEN);
    assert_false(e.gpc_applied);

    /* the signal without a decision is none */
    consent_decide(&e, &set, NULL, NULL, &gpc, 0, NOW);
    assert_int_equal(e.status, CONSENT_STATUS_NONE);
    assert_false(e.gpc_applied);

    /* of two that only agree in part, both must have known */
    consent_decision_t  cookie = decision(STATISTICS | HEALTH, CONSENT_LEVEL_CUSTOM, 5000);
    d = decision(IDENTITY | STATISTICS, 2, 9000);
    cookie.gpc = 1;
    consent_decide(&e, &set, &d, &cookie, &gpc, 0, NOW);
    assert_int_equal(e.granted, 0);
    d.gpc = 1;
    consent_decide(&e, &set, &d, &cookie, &gpc, 0, NOW);
    assert_int_equal(e.granted, STATISTICS);
}


static void
adpc_takes_away_at_once(void **state)
{
    consent_effect_t    e;
    consent_decision_t  d;
    consent_signals_t   all = { .withdraw_all = true }, one = { .withdraw = IDENTITY | HEALTH };

    (void) state;

    d = decision(IDENTITY | STATISTICS, 2, 1);
    d.gpc = 1;

    consent_decide(&e, &set, &d, NULL, &all, 0, NOW);
    assert_int_equal(e.granted, 0);
    assert_int_equal(e.status, CONSENT_STATUS_WITHDRAWN);

    consent_decide(&e, &set, &d, NULL, &one, 0, NOW);
    assert_int_equal(e.granted, STATISTICS);
    assert_int_equal(e.status, CONSENT_STATUS_LOWERED);
    assert_int_equal(e.level, 0);

    d = decision(0, 0, 1);
    consent_decide(&e, &set, &d, NULL, &all, 0, NOW);
    assert_int_equal(e.status, CONSENT_STATUS_REFUSED);
}


static void
grants_under_an_unknown_version_lapse(void **state)
{
    consent_effect_t    e;
    consent_decision_t  d;

    (void) state;

    d = decision(IDENTITY, 1, 1);
    d.policy ^= 1;
    e = decide(&d, NULL);
    assert_int_equal(e.granted, 0);
    assert_int_equal(e.status, CONSENT_STATUS_LAPSED);
    assert_int_equal(e.chosen, 0);

    e = decide(NULL, &d);
    assert_int_equal(e.granted, 0);

    /* a refusal stays one */
    d = decision(0, 0, 1);
    d.policy ^= 1;
    assert_int_equal(decide(&d, NULL).status, CONSENT_STATUS_REFUSED);
}


static void
an_earlier_version_is_read_by_its_translation(void **state)
{
    size_t                 i;
    consent_effect_t       e;
    consent_decision_t     d;
    consent_policy_set_t   with;
    consent_translation_t  t[5];

    (void) state;

    memset(t, 0, sizeof(t));

    for (i = 0; i < 5; i++) {
        t[i].key = 10 * (i + 1);
        memset(t[i].category, -1, sizeof(t[i].category));
        memset(t[i].level, -1, sizeof(t[i].level));
    }

    /* version 30: statistics stood first, identity second, and its level "all" was number 1; health has lapsed */
    t[2].category[0] = 1;
    t[2].category[1] = 0;
    t[2].lapsed = 1U << 2;
    t[2].level[1] = 2;

    with.policy = policy;
    with.earlier = t;
    with.n_earlier = 5;

    d = decision(1U << 1, 1, 1);
    d.policy = 30;
    consent_decide(&e, &with, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.granted, IDENTITY);
    assert_int_equal(e.status, CONSENT_STATUS_GIVEN);
    assert_int_equal(e.chosen, 2);

    d.granted = 1U << 0 | 1U << 2;
    consent_decide(&e, &with, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.granted, STATISTICS);
    assert_int_equal(e.status, CONSENT_STATUS_LAPSED);

    /* gone, and bits that no policy has */
    d.granted = ~(consent_mask_t) 0;
    consent_decide(&e, &with, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.granted, IDENTITY | STATISTICS);

    /* what has lapsed is not granted, wherever it would stand, nor what is no choice */
    t[2].category[2] = 2;
    t[2].category[3] = 3;
    consent_decide(&e, &with, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.granted, IDENTITY | STATISTICS);

    /* a level that is gone */
    d.granted = 1;
    d.level = 0;
    consent_decide(&e, &with, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.chosen, CONSENT_LEVEL_CUSTOM);

    /* the others are found too */
    for (i = 0; i < 5; i++) {
        t[i].category[0] = 0;
        d.policy = t[i].key;
        consent_decide(&e, &with, &d, NULL, NULL, 0, NOW);
        assert_int_equal(e.granted, IDENTITY);
    }

    d.policy = 35;
    consent_decide(&e, &with, &d, NULL, NULL, 0, NOW);
    assert_int_equal(e.status, CONSENT_STATUS_LAPSED);
}


static void
records_of_any_bytes_are_read_the_private_way(void **state)
{
    consent_effect_t    e;
    consent_decision_t  d;

    (void) state;

    d = decision(IDENTITY, 1, 1);
    d.level = 100;
    d.status = 200;
    d.scope = 200;
    d.ai = 200;
    e = decide(&d, NULL);
    assert_int_equal(e.chosen, CONSENT_LEVEL_CUSTOM);
    assert_int_equal(e.status, CONSENT_STATUS_NONE);
    assert_int_equal(e.scope, CONSENT_SCOPE_SESSION);
    assert_int_equal(e.ai, CONSENT_AI_NONE);

    d.level = -100;
    assert_int_equal(decide(&d, NULL).chosen, CONSENT_LEVEL_CUSTOM);

    d.policy ^= 1;
    assert_int_equal(decide(&d, NULL).granted, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(without_a_decision_nothing_is_shared),
        cmocka_unit_test(a_stored_decision_is_in_force),
        cmocka_unit_test(the_effective_level_is_the_highest_that_is_granted_in_full),
        cmocka_unit_test(a_level_that_shares_nothing_is_never_above_the_first),
        cmocka_unit_test(an_expired_decision_grants_nothing),
        cmocka_unit_test(gpc_takes_away_what_was_decided_without_it),
        cmocka_unit_test(adpc_takes_away_at_once),
        cmocka_unit_test(grants_under_an_unknown_version_lapse),
        cmocka_unit_test(an_earlier_version_is_read_by_its_translation),
        cmocka_unit_test(records_of_any_bytes_are_read_the_private_way),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
