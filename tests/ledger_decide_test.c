/*
 * A decision is in the store as a whole: state, history, receipt, and an entry that opens for who holds the subject's key.
 */

#include "ledger_fixture.h"

static void
a_new_store_knows_nobody(void **state)
{
    consent_time_t      erased_at = 1;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, 0);
    assert_int_equal(count_entries(ledger), 0);
    assert_int_equal(history_of(1, some_policy().id_key).n, 0);
}


static void
a_decision_is_state_history_receipt_and_entry(void **state)
{
    past_t               past;
    uint64_t             index;
    consent_op_t         op = a_grant(1, NOW + 123);
    consent_time_t       erased_at;
    consent_decision_t   d;
    static const uint8_t  zero[CONSENT_ID_LEN];

    (void) state;

    op.decision.scope = CONSENT_SCOPE_SESSION;
    op.decision.ai = CONSENT_AI_NONE;
    op.decision.gpc = 1;
    op.identified = true;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 0);
    assert_memory_not_equal(op.decision.receipt, zero, sizeof(zero));

    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
    assert_decision(&d, &op.decision);
    assert_int_equal(d.ai, CONSENT_AI_NONE);
    assert_int_equal(d.gpc, 1);
    assert_int_equal(d.stamp, NOW + 123);

    past = history_of(1, some_policy().id_key);
    assert_int_equal(past.n, 1);
    assert_int_equal(past.index[0], 0);
    assert_decision(&past.decisions[0], &op.decision);

    memset(&d, 0, sizeof(d));
    assert_int_equal(consent_ledger_receipt(ledger, op.subject, op.decision.receipt, &d, &index), CONSENT_OK);
    assert_int_equal(index, 0);
    assert_decision(&d, &op.decision);

    assert_string_equal(member(entry_at(ledger, 0), "type"), "decision");
    assert_string_equal(member(entry_at(ledger, 0), "status"), "given");
    assert_string_equal(member(entry_at(ledger, 0), "assurance"), "identified");
    assert_string_equal(member(entry_at(ledger, 0), "node"), "node1");
    assert_int_equal(openings_of(1).opened, 1);
    assert_int_equal(openings_of(1).closed, 0);
    assert_int_equal(openings_of(2).opened, 0);
}


static void
a_receipt_is_only_its_own_subjects(void **state)
{
    uint8_t             other[CONSENT_SUBJECT_LEN];
    uint64_t            index;
    consent_op_t        op = a_grant(1, NOW);
    consent_decision_t  d;

    (void) state;

    subject_of(other, 2);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(consent_ledger_receipt(ledger, other, op.decision.receipt, &d, &index), CONSENT_NOTFOUND);
    op.decision.receipt[0] ^= 1;
    assert_int_equal(consent_ledger_receipt(ledger, op.subject, op.decision.receipt, &d, &index), CONSENT_NOTFOUND);
}


static void
two_entries_of_one_person_do_not_look_alike(void **state)
{
    char          first[128];
    consent_op_t  op = a_grant(1, NOW);

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    (void) strcpy(first, member(entry_at(ledger, 0), "commitment"));
    assert_int_equal(strlen(first), 64);
    assert_string_not_equal(first, member(entry_at(ledger, 1), "commitment"));
    assert_int_equal(openings_of(1).opened, 2);
}


static void
the_later_decision_wins_whatever_the_clock_says(void **state)
{
    past_t              past;
    consent_op_t        op = a_grant(1, NOW);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* an hour back */
    op = a_withdrawal(1, NOW - 3600000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.stamp, NOW + 1);

    /* the same millisecond, twice */
    op = a_grant(1, NOW + 1);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.stamp, NOW + 2);

    /* a cookie's stamp that is further on */
    op = a_withdrawal(1, NOW + 5);
    op.decision.stamp = NOW + 60000;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.stamp, NOW + 60000);

    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_WITHDRAWN);

    past = history_of(1, some_policy().id_key);
    assert_int_equal(past.n, 4);
    assert_int_equal(past.index[0], 3);
    assert_int_equal(past.index[1], 2);
    assert_int_equal(past.index[2], 1);
    assert_int_equal(past.index[3], 0);
}


static void
what_is_decided_for_one_request_changes_no_state(void **state)
{
    int                 i;
    past_t              past;
    consent_op_t        op = a_grant(1, NOW), once;
    consent_time_t      erased_at;
    consent_decision_t  standing, d;

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of(ledger, 1, &standing, &erased_at), CONSENT_OK);

    for (i = 0; i < 2; i++) {
        once = a_grant(1, NOW);
        once.decision.granted = 8;
        once.decision.scope = CONSENT_SCOPE_ONCE;
        once.decision.expires_at = NOW;
        assert_int_equal(do_op(ledger, &once), CONSENT_OK);
        assert_int_equal(once.decision.stamp, NOW + 1 + i);

        assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
        assert_decision(&d, &standing);
    }

    /* one that comes in the same millisecond finds a stamp of its own */
    op = a_withdrawal(1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.stamp, NOW + 3);

    past = history_of(1, some_policy().id_key);
    assert_int_equal(past.n, 4);
    assert_int_equal(past.decisions[1].scope, CONSENT_SCOPE_ONCE);
    assert_int_equal(openings_of(1).opened, 4);
}


/* What was looked up before is remembered; never longer than it holds. */
static void
what_another_process_decides_is_seen_at_once(void **state)
{
    int                 i, status;
    pid_t               pid;
    consent_op_t        op;
    consent_rc_t        rc;
    consent_time_t      erased_at;
    consent_ledger_t   *child;
    consent_decision_t  d;

    static const struct {
        int           what;         /* 0 grant, 1 withdraw, 2 erase, 3 another subject's grant */
        consent_rc_t  rc;
        uint64_t      granted;
    } rows[] = {
        { 0, CONSENT_OK, 3 }, { 1, CONSENT_OK, 0 }, { 3, CONSENT_OK, 0 }, { 0, CONSENT_OK, 3 }, { 2, CONSENT_NOTFOUND, 0 },
        { 3, CONSENT_NOTFOUND, 0 }, { 0, CONSENT_OK, 3 }
    };

    (void) state;

    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);

    for (i = 0; i < (int) consent_countof(rows); i++) {
        pid = fork();

        if (pid == 0) {
            child = open_ledger(directory, 0, false);
            op = rows[i].what == 1 ? a_withdrawal(1, NOW) : a_grant(rows[i].what == 3 ? 2 : 1, NOW);
            op.type = rows[i].what == 2 ? CONSENT_OP_ERASURE : CONSENT_OP_DECISION;
            rc = do_op(child, &op);
            consent_ledger_close(child);
            _exit(rc == CONSENT_OK ? 0 : 1);
        }

        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);

        for (int again = 0; again < 2; again++) {
            rc = state_of(ledger, 1, &d, &erased_at);
            assert_int_equal(rc, rows[i].rc);
            assert_int_equal(rc == CONSENT_OK ? d.granted : 0, rows[i].granted);
            assert_int_equal(erased_at != 0, rc == CONSENT_NOTFOUND);
        }
    }
}


static void
many_subjects_are_kept_apart(void **state)
{
    size_t              i, n = 5000;
    int                 again;
    consent_op_t        op;
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (i = 0; i < n; i++) {
        op = a_grant(i, NOW + (consent_time_t) i);
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);

    for (again = 0; again < 3; again++) {
        for (i = 0; i < n; i++) {
            assert_int_equal(state_of(ledger, i, &d, &erased_at), CONSENT_OK);
            assert_int_equal(d.stamp, NOW + (consent_time_t) i);
            assert_int_equal(state_of(ledger, n + i, &d, &erased_at), CONSENT_NOTFOUND);
        }
    }
}


static void
policies_are_decided_under_apart(void **state)
{
    consent_op_t        a = a_grant(1, NOW), b = a_withdrawal(1, NOW);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    b.policy.id_key++;
    assert_int_equal(do_op(ledger, &a), CONSENT_OK);
    assert_int_equal(do_op(ledger, &b), CONSENT_OK);

    assert_int_equal(consent_ledger_state(ledger, a.subject, a.policy.id_key, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 3);
    assert_int_equal(consent_ledger_state(ledger, b.subject, b.policy.id_key, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 0);
    assert_int_equal(history_of(1, a.policy.id_key).n, 1);
    assert_int_equal(openings_of(1).opened, 2);
}


/* Without a rest between them, as within one turn of an event loop. */
static void
lookups_that_share_a_snapshot_see_each_commit(void **state)
{
    uint64_t            i;
    consent_op_t        op;
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    op = a_grant(100, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_false(consent_ledger_is_looking(ledger));

    for (i = 1; i < 20; i++) {
        op = a_grant(i, NOW);

        assert_int_equal(consent_ledger_state(ledger, op.subject, op.policy.id_key, &d, &erased_at), CONSENT_NOTFOUND);
        assert_true(consent_ledger_is_looking(ledger));
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
        assert_int_equal(consent_ledger_state(ledger, op.subject, op.policy.id_key, &d, &erased_at), CONSENT_OK);

        op = a_grant(1, NOW);
        assert_int_equal(consent_ledger_state(ledger, op.subject, op.policy.id_key, &d, &erased_at), CONSENT_OK);
    }

    consent_ledger_state_rest(ledger);
    assert_false(consent_ledger_is_looking(ledger));
    assert_int_equal(consent_ledger_state(ledger, op.subject, op.policy.id_key, &d, &erased_at), CONSENT_OK);
}


static void
a_signal_is_written_once(void **state)
{
    consent_op_t  grant = a_grant(1, NOW), signal;

    (void) state;

    assert_int_equal(do_op(ledger, &grant), CONSENT_OK);

    signal = a_withdrawal(1, NOW + 10);
    signal.once_a_day = true;
    signal.decision.by = CONSENT_BY_SIGNAL;
    signal.decision.method = CONSENT_METHOD_GPC;
    signal.decision.status = CONSENT_STATUS_LOWERED;
    signal.decision.granted = 1;
    assert_int_equal(do_op(ledger, &signal), CONSENT_OK);
    assert_int_equal(do_op(ledger, &signal), CONSENT_CONFLICT);
    signal.now += 1000;
    assert_int_equal(do_op(ledger, &signal), CONSENT_CONFLICT);
    assert_int_equal(count_entries(ledger), 2);

    /* takes away more */
    signal.decision.granted = 0;
    assert_int_equal(do_op(ledger, &signal), CONSENT_OK);

    /* she grants again, and the signal comes again */
    grant.now += 5000;
    assert_int_equal(do_op(ledger, &grant), CONSENT_OK);
    assert_int_equal(do_op(ledger, &signal), CONSENT_OK);
    assert_int_equal(count_entries(ledger), 5);
}


static consent_op_t
a_lessening(consent_time_t now, consent_mask_t granted)
{
    consent_op_t  op = a_grant(1, now);

    op.lessens = true;
    op.seen = NOW;
    op.decision.granted = granted;
    op.decision.level = CONSENT_LEVEL_CUSTOM;

    return op;
}


static void
what_must_lessen_is_held_against_what_is_in_force_by_then(void **state)
{
    consent_op_t        op = a_lessening(NOW, 1);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    /* nothing is in force: nothing can be shared, and less than nothing can be said */
    assert_int_equal(do_op(ledger, &op), CONSENT_DENIED);
    assert_int_equal(count_entries(ledger), 0);
    op = a_withdrawal(1, NOW);
    op.lessens = true;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* a category, a time, an AI that are not in force */
    op = a_grant(1, NOW);
    op.decision.granted = 1;
    op.decision.ai = CONSENT_AI_OWN;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_lessening(NOW + 1, 3);
    assert_int_equal(do_op(ledger, &op), CONSENT_DENIED);
    assert_non_null(strstr(consent_ledger_why(ledger), "more"));
    op = a_lessening(NOW + 1, 1);
    op.decision.expires_at = NOW + 2 * DAY;
    op.decision.status = CONSENT_STATUS_LOWERED;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.expires_at, NOW + DAY);
    assert_int_equal(d.ai, CONSENT_AI_OWN);
    assert_int_equal(d.status, CONSENT_STATUS_GIVEN);
    op = a_lessening(NOW + 2, 1);
    op.decision.ai = CONSENT_AI_NONE;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.ai, CONSENT_AI_NONE);

    /* it was lowered more than she had in mind */
    op = a_grant(1, NOW + 3);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_lessening(NOW + 4, 2);
    op.decision.status = CONSENT_STATUS_GIVEN;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.decision.status, CONSENT_STATUS_LOWERED);

    /* it is over */
    op = a_lessening(NOW + 2 * DAY, 2);
    assert_int_equal(do_op(ledger, &op), CONSENT_DENIED);
}


static void
what_another_version_says_must_have_been_read(void **state)
{
    consent_op_t  op = a_grant(1, NOW), less;

    (void) state;

    op.decision.policy ^= 1;
    op.policy.key ^= 1;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    less = a_lessening(NOW + 10, 4);
    less.seen = NOW - 1;
    assert_int_equal(do_op(ledger, &less), CONSENT_DENIED);
    less.seen = op.decision.stamp;
    assert_int_equal(do_op(ledger, &less), CONSENT_OK);
    assert_int_equal(less.decision.expires_at, NOW + DAY);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_new_store_knows_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decision_is_state_history_receipt_and_entry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_receipt_is_only_its_own_subjects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_entries_of_one_person_do_not_look_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_later_decision_wins_whatever_the_clock_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_decided_for_one_request_changes_no_state, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_another_process_decides_is_seen_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_subjects_are_kept_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(policies_are_decided_under_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lookups_that_share_a_snapshot_see_each_commit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_signal_is_written_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_must_lessen_is_held_against_what_is_in_force_by_then, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_another_version_says_must_have_been_read, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
