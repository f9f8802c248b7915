/*
 * What is in force, whatever was decided in whatever order: laws, tried on decisions made by chance.
 */

#include "policy_decide.h"


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
        cmocka_unit_test(never_more_than_the_newest_decision),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
