/*
 * What is in force: the newer decision, less what time, policy versions and signals take; and never more.
 */

#include "policy.h"

/* categories of the small policy */
#define IDENTITY    1U
#define STATISTICS  2U
#define HEALTH      4U
#define REGISTER    8U

#define MINUTE  INT64_C(60000)
#define NOW     INT64_C(1795312800000)

static consent_policy_t      *policy;
static consent_policy_set_t   set;
static uint64_t               random_state;


static int
begin(void **state)
{
    (void) state;

    policy = policy_load(policy_small);
    set.policy = policy;
    random_state = UINT64_C(88172645463325252);

    return 0;
}


static int
finish(void **state)
{
    (void) state;
    consent_policy_destroy(policy);

    return 0;
}


static uint64_t
random_below(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;

    return random_state % n;
}


/* A standing decision of that age, in minutes. */
static consent_decision_t
decision(consent_mask_t granted, int level, int64_t age)
{
    consent_decision_t  d;

    memset(&d, 0, sizeof(d));

    d.policy = policy->key;
    d.granted = granted;
    d.level = (int8_t) level;
    d.status = granted == 0 ? CONSENT_STATUS_REFUSED : CONSENT_STATUS_GIVEN;
    d.scope = CONSENT_SCOPE_STANDING;
    d.stamp = NOW - age * MINUTE;
    d.decided_at = d.stamp;
    d.expires_at = NOW + 1000 * MINUTE;
    memset(d.receipt, (int) (age & 0xff), sizeof(d.receipt));

    return d;
}


static consent_effect_t
decide(const consent_decision_t *stored, const consent_decision_t *cookie)
{
    consent_effect_t  e;

    consent_decide(&e, &set, stored, cookie, NULL, 0, NOW);

    return e;
}


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


static consent_decision_t
random_decision(void)
{
    consent_decision_t  d;

    static const int64_t  ages[] = { -2, -1, 0, 1, 5, 9, 10, 11, 60, 5000 };

    d = decision(random_below(16), (int) random_below(4) - 1, ages[random_below(consent_countof(ages))]);
    d.status = (uint8_t) random_below(8);
    d.ai = (uint8_t) random_below(3);
    d.gpc = (uint8_t) random_below(2);
    d.decided_at += (int64_t) random_below(3) * MINUTE - MINUTE;
    d.expires_at = random_below(5) == 0 ? NOW - 1 : NOW + 1;
    d.receipt[0] = (uint8_t) random_below(3);

    return d;
}


/* What holds whatever is decided, in whatever order, with whatever signals. */
static void
never_more_than_the_newest_decision(void **state)
{
    int                        i;
    consent_time_t             erased;
    consent_mask_t             alone;
    consent_effect_t           e, quiet;
    consent_signals_t          signals, none;
    consent_decision_t         one, two, *stored, *cookie;
    const consent_decision_t  *newest;

    (void) state;
    memset(&none, 0, sizeof(none));

    for (i = 0; i < 300000; i++) {
        one = random_decision();
        two = random_decision();
        stored = random_below(5) == 0 ? NULL : &one;
        cookie = random_below(5) == 0 ? NULL : &two;
        erased = random_below(4) == 0 ? NOW - (consent_time_t) random_below(12) * MINUTE : 0;

        signals.gpc = random_below(2);
        signals.withdraw_all = random_below(8) == 0;
        signals.withdraw = random_below(4) == 0 ? random_below(16) : 0;

        consent_decide(&e, &set, stored, cookie, &signals, erased, NOW);
        consent_decide(&quiet, &set, stored, cookie, &none, erased, NOW);

        newest = consent_decision_newer(stored, cookie);

        /* only what rests on consent, and the newest decision granted while it had not ended or been erased */
        assert_int_equal(quiet.granted & ~policy->consent_mask, 0);
        assert_int_equal(quiet.granted & ~(newest == NULL ? 0 : newest->granted), 0);
        assert_true(quiet.granted == 0 || (newest->expires_at > NOW && (erased == 0 || newest->stamp > erased)));

        /* more than the store knows only from a young cookie */
        alone = stored != NULL && stored->expires_at > NOW && (erased == 0 || stored->stamp > erased)
                ? stored->granted : 0;

        if (quiet.granted & ~alone) {
            assert_ptr_equal(newest, cookie);
            assert_true(NOW - cookie->decided_at <= CONSENT_RAISE_WINDOW && cookie->decided_at - NOW <= MINUTE);
        }

        /* signals lower */
        assert_int_equal(e.granted & ~quiet.granted, 0);
        assert_int_equal(e.granted & signals.withdraw, 0);
        assert_true(!signals.withdraw_all || e.granted == 0);
        assert_true(!e.gpc_applied || (signals.gpc && !(e.granted & policy->gpc_mask)));

        if (signals.gpc && (e.granted & policy->gpc_mask)) {
            assert_true((stored != NULL && stored->gpc) || (cookie != NULL && cookie->gpc));
        }

        if (e.granted != quiet.granted) {
            assert_true(e.status == CONSENT_STATUS_LOWERED || e.status == CONSENT_STATUS_WITHDRAWN);

        } else {
            assert_int_equal(e.status, quiet.status);
        }

        /* the level follows from the grants */
        assert_int_equal(policy->levels[e.level].shares & ~e.granted, 0);
        assert_int_equal(e.level, consent_level_of(policy, e.granted));

        /* and the next decision comes after all of them */
        assert_true(stored == NULL || e.stamp >= stored->stamp);
        assert_true(cookie == NULL || e.stamp >= cookie->stamp);
        assert_true(e.stamp >= erased);
    }
}


/* A store that applies decisions as they come ends with the same, in whatever order. */
static void
the_order_of_arrival_does_not_matter(void **state)
{
    int                        round;
    size_t                     i, k, n;
    consent_decision_t         d[6], swap;
    const consent_decision_t  *first, *last;
    consent_decision_t         winner;

    (void) state;

    for (round = 0; round < 50000; round++) {
        n = 1 + random_below(consent_countof(d));

        for (i = 0; i < n; i++) {
            d[i] = random_decision();
            d[i].receipt[1] = (uint8_t) i;
        }

        for (first = NULL, i = 0; i < n; i++) {
            first = consent_decision_newer(first, &d[i]);
        }

        winner = *first;

        /* none is newer, and of the same time none is more private */
        for (i = 0; i < n; i++) {
            assert_true(d[i].stamp <= winner.stamp);
            assert_true(d[i].stamp < winner.stamp
                        || __builtin_popcountll(d[i].granted) >= __builtin_popcountll(winner.granted));
        }

        for (i = n; i > 1; i--) {
            k = random_below(i);
            swap = d[k];
            d[k] = d[i - 1];
            d[i - 1] = swap;
        }

        for (last = NULL, i = 0; i < n; i++) {
            last = consent_decision_newer(&d[i], last);
        }

        assert_memory_equal(&winner, last, sizeof(winner));
    }

    assert_null(consent_decision_newer(NULL, NULL));
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
        cmocka_unit_test(the_newer_of_store_and_cookie_counts),
        cmocka_unit_test(a_cookie_raises_only_within_ten_minutes),
        cmocka_unit_test(a_newer_cookie_always_lowers),
        cmocka_unit_test(who_may_answer_is_not_widened_by_an_old_cookie),
        cmocka_unit_test(nothing_comes_back_from_before_an_erasure),
        cmocka_unit_test(gpc_takes_away_what_was_decided_without_it),
        cmocka_unit_test(adpc_takes_away_at_once),
        cmocka_unit_test(grants_under_an_unknown_version_lapse),
        cmocka_unit_test(an_earlier_version_is_read_by_its_translation),
        cmocka_unit_test(records_of_any_bytes_are_read_the_private_way),
        cmocka_unit_test(never_more_than_the_newest_decision),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
