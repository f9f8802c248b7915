/*
 * A new pseudonym: what is in force stays in force and nothing more, what was erased stays erased, and nothing is left under the
 * former one.
 */

#include "ledger_secrets.h"

#include "ledger/whole.h"

#define FORMER  1
#define NEW     11


static consent_op_t
under_both(consent_op_t op)
{
    op.has_former = true;
    subject_of(op.former, FORMER);
    subject_of(op.subject, NEW);

    return op;
}


static consent_op_t
a_rekey(void)
{
    consent_op_t  op = { .type = CONSENT_OP_REKEY, .now = NOW + 5 };

    return under_both(op);
}


static consent_rc_t
state_of_both(consent_decision_t *d, consent_time_t *erased_at, bool *moves)
{
    consent_op_t  op = a_rekey();
    consent_rc_t  rc;

    rc = consent_ledger_state_of(ledger, op.subject, op.former, some_policy().id_key, d, erased_at, moves);
    consent_ledger_state_rest(ledger);

    return rc;
}


static void
what_is_held_moves_and_opens_no_entry(void **state)
{
    bool                moves;
    past_t              past;
    uint64_t            index;
    secrets_t           s;
    consent_op_t        first = a_grant(FORMER, NOW), second = a_withdrawal(FORMER, NOW + 1), rekey = a_rekey();
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(do_op(ledger, &first), CONSENT_OK);
    assert_int_equal(do_op(ledger, &second), CONSENT_OK);
    s = secrets_of(ledger, FORMER);

    /* before it moves, it is in force all the same */
    assert_int_equal(state_of_both(&d, &erased_at, &moves), CONSENT_OK);
    assert_decision(&d, &second.decision);
    assert_true(moves);

    assert_int_equal(do_op(ledger, &rekey), CONSENT_OK);
    assert_int_equal(state_of_both(&d, &erased_at, &moves), CONSENT_OK);
    assert_decision(&d, &second.decision);
    assert_false(moves);
    assert_int_equal(state_of(ledger, NEW, &d, &erased_at), CONSENT_OK);
    assert_int_equal(state_of(ledger, FORMER, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, second.decision.stamp);
    assert_int_equal(count_entries(ledger), 2);

    past = history_of(NEW, some_policy().id_key);
    assert_int_equal(past.n, 2);
    assert_decision(&past.decisions[1], &first.decision);
    assert_int_equal(past.index[0], CONSENT_NO_INDEX);
    assert_int_equal(history_of(FORMER, some_policy().id_key).n, 0);
    assert_int_equal(consent_ledger_receipt(ledger, rekey.subject, first.decision.receipt, &d, &index), CONSENT_OK);
    assert_int_equal(consent_ledger_receipt(ledger, rekey.former, first.decision.receipt, &d, &index), CONSENT_NOTFOUND);
    assert_int_equal(openings_of(NEW).opened + openings_of(NEW).closed, 0);
    assert_int_equal(openings_of(FORMER).opened, 0);

    /* what is decided now opens under the new one */
    first = under_both(a_grant(NEW, NOW + 10));
    assert_int_equal(do_op(ledger, &first), CONSENT_OK);
    assert_int_equal(openings_of(NEW).opened, 1);
    assert_int_equal(openings_of(NEW).closed, 0);

    /* once */
    assert_int_equal(do_op(ledger, &rekey), CONSENT_CONFLICT);

    /* the numbers of receipts stay; subject, key and nonces are gone for good */
    memcpy(s.bytes[4], s.bytes[5], 16);
    s.n = 6;
    consent_ledger_close(ledger);
    assert_int_equal(consent_ledger_compact(directory, &index, &index, &(consent_progress_t) { NULL, NULL }, (char[256]) { 0 }),
                     CONSENT_OK);
    assert_int_equal(secrets_in(&s, directory), 0);
    ledger = open_ledger(directory, 0, false);
    assert_int_equal(history_of(NEW, some_policy().id_key).n, 3);
}


static void
a_decision_moves_what_came_before_it(void **state)
{
    consent_op_t        op = a_grant(FORMER, NOW);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* what must lessen is held against what is under the former one */
    op = under_both(a_grant(NEW, NOW + 1));
    op.lessens = true;
    op.decision.granted = 7;
    assert_int_equal(do_op(ledger, &op), CONSENT_DENIED);
    assert_int_equal(state_of(ledger, NEW, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 3);

    op = under_both(a_withdrawal(NEW, NOW - 10));
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.stamp, NOW + 1);
    assert_int_equal(history_of(NEW, some_policy().id_key).n, 2);
    assert_int_equal(state_of(ledger, NEW, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_WITHDRAWN);
}


/* A worker of before, or a clerk with an old note, writes under the former one once more. */
static void
of_both_the_later_counts(void **state)
{
    bool                moves;
    consent_op_t        op = a_grant(FORMER, NOW), rekey = a_rekey();
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = under_both(a_grant(NEW, NOW + 10));
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    op = a_withdrawal(FORMER, NOW + 20);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of_both(&d, &erased_at, &moves), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_WITHDRAWN);
    assert_true(moves);
    assert_int_equal(do_op(ledger, &rekey), CONSENT_OK);
    assert_int_equal(state_of(ledger, NEW, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_WITHDRAWN);
    assert_int_equal(history_of(NEW, some_policy().id_key).n, 3);

    /* the earlier does not */
    op = under_both(a_grant(NEW, NOW + 60));
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_withdrawal(FORMER, NOW + 30);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of_both(&d, &erased_at, &moves), CONSENT_OK);
    assert_int_equal(d.granted, 3);
    assert_int_equal(do_op(ledger, &rekey), CONSENT_OK);
    assert_int_equal(state_of(ledger, NEW, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 3);
    assert_int_equal(history_of(NEW, some_policy().id_key).n, 5);
}


static void
who_was_erased_stays_erased(void **state)
{
    bool                   moves;
    consent_op_t           op = a_grant(FORMER, NOW);
    consent_time_t         erased_at;
    consent_decision_t     d;
    consent_ledger_stat_t  stat;

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* what is under the former one goes with the rest */
    op = under_both(an_erasure(NEW, NOW + 10));
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.erased, 1);
    assert_int_equal(state_of_both(&d, &erased_at, &moves), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, NOW + 10);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.states + stat.histories, 0);
    assert_int_equal(stat.tombstones, 2);

    /* what was decided before it, and is written late under the former one, does not come back */
    op = a_grant(FORMER, NOW + 5);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.stamp, NOW + 5);
    assert_int_equal(state_of_both(&d, &erased_at, &moves), CONSENT_NOTFOUND);
    op = a_rekey();
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of(ledger, NEW, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(history_of(NEW, some_policy().id_key).n, 0);

    /* who was erased under the former one alone was, too */
    op = an_erasure(FORMER, NOW + 50);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of_both(&d, &erased_at, &moves), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, NOW + 50);
}


static void
of_whom_there_is_a_hold_nothing_moves(void **state)
{
    bool                moves;
    consent_op_t        op = a_grant(FORMER, NOW), hold = under_both(a_grant(NEW, NOW + 1)), rekey = a_rekey();
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    hold.type = CONSENT_OP_HOLD;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(do_op(ledger, &hold), CONSENT_OK);
    assert_int_equal(consent_ledger_held(ledger, rekey.former, &erased_at), CONSENT_OK);
    assert_int_equal(do_op(ledger, &rekey), CONSENT_DENIED);
    assert_non_null(strstr(consent_ledger_why(ledger), "hold"));
    op = under_both(an_erasure(NEW, NOW + 2));
    assert_int_equal(do_op(ledger, &op), CONSENT_DENIED);

    /* she decides as before, and the entries open */
    op = under_both(a_withdrawal(NEW, NOW + 3));
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(openings_of(FORMER).opened, 2);
    assert_int_equal(state_of_both(&d, &erased_at, &moves), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_WITHDRAWN);

    hold = under_both(hold);
    hold.release = true;
    assert_int_equal(do_op(ledger, &hold), CONSENT_OK);
    assert_int_equal(do_op(ledger, &rekey), CONSENT_OK);
    assert_int_equal(history_of(NEW, some_policy().id_key).n, 2);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(what_is_held_moves_and_opens_no_entry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decision_moves_what_came_before_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_both_the_later_counts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(who_was_erased_stays_erased, set_up, tear_down),
        cmocka_unit_test_setup_teardown(of_whom_there_is_a_hold_nothing_moves, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
