/*
 * What is forgotten: the oldest of a long history, and by an erasure everything that links entries to a person.
 */

#include "ledger_fixture.h"


static void
a_long_history_keeps_its_newest(void **state)
{
    size_t        i;
    uint8_t       first[CONSENT_ID_LEN];
    uint64_t      index;
    past_t        past;
    consent_op_t  op;
    consent_ledger_stat_t  stat;
    consent_decision_t     d;

    (void) state;

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (i = 0; i < CONSENT_HISTORY_MAX + 5; i++) {
        op = a_grant(1, NOW);
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);

        if (i == 0) {
            memcpy(first, op.decision.receipt, sizeof(first));
        }
    }

    op = a_grant(2, NOW);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);

    past = history_of(1, some_policy().id_key);
    assert_int_equal(past.n, CONSENT_HISTORY_MAX);
    assert_int_equal(past.index[0], CONSENT_HISTORY_MAX + 4);
    assert_int_equal(history_of(2, some_policy().id_key).n, 1);
    assert_int_equal(count_entries(ledger), CONSENT_HISTORY_MAX + 6);

    op = a_grant(1, NOW);
    assert_int_equal(consent_ledger_receipt(ledger, op.subject, first, &d, &index), CONSENT_NOTFOUND);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.histories, CONSENT_HISTORY_MAX + 1);
}


static void
an_erasure_leaves_the_log_and_nothing_that_opens_it(void **state)
{
    uint64_t               index;
    consent_op_t           op, erasure, other;
    consent_time_t         erased_at;
    consent_decision_t     d;
    consent_ledger_stat_t  stat;
    uint8_t                receipt[CONSENT_ID_LEN];

    (void) state;

    op = a_grant(1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    memcpy(receipt, op.decision.receipt, sizeof(receipt));
    op.policy.id_key++;
    op.decision.stamp = NOW + 500;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    other = a_grant(2, NOW);
    assert_int_equal(do_op(ledger, &other), CONSENT_OK);

    erasure = a_grant(1, NOW + 100);
    erasure.type = CONSENT_OP_ERASURE;
    erasure.keep_until = NOW + 180 * DAY;
    assert_int_equal(do_op(ledger, &erasure), CONSENT_OK);
    assert_int_equal(erasure.erased, 2);
    assert_int_equal(erasure.index, 3);
    assert_non_null(strstr(entry_at(ledger, 3), "{\"entries\":2,\"node\":"));
    assert_string_equal(member(entry_at(ledger, 3), "type"), "erasure");

    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, NOW + 500);         /* of the newest state, which was ahead of the clock */
    assert_int_equal(history_of(1, some_policy().id_key).n, 0);
    assert_int_equal(openings_of(1).opened, 0);
    assert_int_equal(consent_ledger_receipt(ledger, op.subject, receipt, &d, &index), CONSENT_NOTFOUND);

    /* the other one is as before */
    assert_int_equal(state_of(ledger, 2, &d, &erased_at), CONSENT_OK);
    assert_int_equal(erased_at, 0);
    assert_int_equal(openings_of(2).opened, 1);

    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.entries, 4);
    assert_int_equal(stat.states, 1);
    assert_int_equal(stat.histories, 1);
    assert_int_equal(stat.tombstones, 1);

    /* a decision after it is later than it, and opens under a new key */
    op = a_grant(1, NOW + 200);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.stamp, NOW + 501);
    assert_int_equal(openings_of(1).opened, 1);
    assert_int_equal(openings_of(1).closed, 0);
}


static void
tombstones_go_when_no_cookie_can_be_left(void **state)
{
    size_t                 i;
    consent_op_t           op;
    consent_ledger_stat_t  stat;

    (void) state;

    for (i = 0; i < 200; i++) {
        op = a_grant(i % 100, NOW + (consent_time_t) (i / 100) * 10 * DAY);
        subject_of(op.subject, i);
        op.type = CONSENT_OP_ERASURE;
        op.keep_until = op.now + DAY;
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    }

    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_in_range(stat.tombstones, 100, 130);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_long_history_keeps_its_newest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_erasure_leaves_the_log_and_nothing_that_opens_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tombstones_go_when_no_cookie_can_be_left, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
