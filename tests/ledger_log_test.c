/*
 * The log: entries in order, each once where that is asked, with the documents and texts that they name by hash.
 */

#include "ledger_fixture.h"


static void
times_in_the_log_never_run_backwards(void **state)
{
    consent_op_t  entry = an_entry("config", "{}", NOW);
    consent_op_t  decision = a_grant(1, NOW + 50 * 60000);

    (void) state;

    assert_int_equal(do_op(ledger, &entry), CONSENT_OK);
    assert_string_equal(member(entry_at(ledger, 0), "time"), "2026-11-22T09:15:00Z");

    entry.now = NOW - 2 * DAY;
    assert_int_equal(do_op(ledger, &entry), CONSENT_OK);
    assert_string_equal(member(entry_at(ledger, 1), "time"), "2026-11-22T09:15:00Z");

    /* 10:05, shown as ten o'clock, and what follows is not before it though the clock fell back to 09:15 */
    assert_int_equal(do_op(ledger, &decision), CONSENT_OK);
    assert_string_equal(member(entry_at(ledger, 2), "time"), "2026-11-22T10:00:00Z");

    entry.now = NOW;
    assert_int_equal(do_op(ledger, &entry), CONSENT_OK);
    assert_string_equal(member(entry_at(ledger, 3), "time"), "2026-11-22T10:05:00Z");
    assert_int_equal(openings_of(1).opened, 1);
}


static void
entries_with_one_unique_text_are_written_once(void **state)
{
    char          longest[CONSENT_UNIQUE_MAX + 2];
    consent_op_t  op = an_entry("config", "{\"a\":1}", NOW);

    (void) state;

    op.unique = consent_lit("config:run-1");
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_CONFLICT);
    op.unique = consent_lit("config:run-2");
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 1);

    memset(longest, 'x', sizeof(longest));
    op.unique = consent_slice(longest, CONSENT_UNIQUE_MAX);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_CONFLICT);
    op.unique = consent_slice(longest, CONSENT_UNIQUE_MAX + 1);
    assert_int_equal(do_op(ledger, &op), CONSENT_LIMIT);
    assert_int_equal(count_entries(ledger), 3);
}


static bool
each_policy(void *arg, uint64_t key, consent_slice_t canonical)
{
    assert_int_equal(key, some_policy().key);
    assert_true(consent_slice_eq(canonical, consent_lit("{\"id\":\"exempelkommun\"}")));
    ++*(int *) arg;

    return true;
}


static void
a_policy_entry_holds_the_document_and_keeps_it(void **state)
{
    int                n;
    consent_op_t       op = an_entry("policy", "", NOW);
    consent_buf_t      b;
    consent_digest_t  *digest = consent_digest_create();

    (void) state;

    op.document = consent_lit("{\"id\":\"exempelkommun\"}");

    /* not the document of that hash */
    assert_int_equal(do_op(ledger, &op), CONSENT_MALFORMED);

    assert_int_equal(consent_digest_sha256(digest, op.policy.hash, &op.document, 1), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 0);
    assert_non_null(strstr(entry_at(ledger, 0), "{\"document\":{\"id\":\"exempelkommun\"},\"node\":"));

    consent_buf_init(&b, 1000);
    assert_int_equal(consent_ledger_policy(ledger, op.policy.key, &b), CONSENT_OK);
    assert_true(consent_slice_eq(consent_buf_view(&b), op.document));
    consent_buf_free(&b);
    assert_int_equal(consent_ledger_policy(ledger, op.policy.key + 1, &b), CONSENT_NOTFOUND);

    n = 0;
    assert_int_equal(consent_ledger_policies(ledger, each_policy, &n), CONSENT_OK);
    assert_int_equal(n, 1);
    consent_digest_destroy(digest);
}


static void
the_page_as_served_is_kept_once_under_its_hash(void **state)
{
    consent_op_t           op = a_grant(1, NOW);
    consent_buf_t          b;
    consent_digest_t      *digest = consent_digest_create();
    consent_ledger_stat_t  stat;

    (void) state;

    op.notice = consent_lit("<!doctype html>");
    memset(op.notice_hash, 1, sizeof(op.notice_hash));
    assert_int_equal(do_op(ledger, &op), CONSENT_MALFORMED);
    assert_int_equal(count_entries(ledger), 0);

    assert_int_equal(consent_digest_sha256(digest, op.notice_hash, &op.notice, 1), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    subject_of(op.subject, 2);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    consent_buf_init(&b, 1000);
    assert_int_equal(consent_ledger_text(ledger, op.notice_hash, &b), CONSENT_OK);
    assert_true(consent_slice_eq(consent_buf_view(&b), op.notice));
    consent_buf_free(&b);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.texts, 1);

    /* what an AI's answer was marked with is kept alike */

    op = an_entry("disclosure", "{\"kind\":\"html\"}", NOW);
    op.notice = consent_lit("An AI wrote this");
    memset(op.notice_hash, 1, sizeof(op.notice_hash));
    assert_int_equal(do_op(ledger, &op), CONSENT_MALFORMED);
    assert_int_equal(count_entries(ledger), 2);
    assert_int_equal(consent_digest_sha256(digest, op.notice_hash, &op.notice, 1), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    consent_buf_init(&b, 1000);
    assert_int_equal(consent_ledger_text(ledger, op.notice_hash, &b), CONSENT_OK);
    assert_true(consent_slice_eq(consent_buf_view(&b), op.notice));
    consent_buf_free(&b);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.texts, 2);
    consent_digest_destroy(digest);
}


static void
what_a_caller_did_wrong_leaves_the_others_be(void **state)
{
    size_t        i;
    consent_op_t  ops[8];

    (void) state;

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (i = 0; i < consent_countof(ops); i++) {
        ops[i] = i == 2 ? an_entry("config", "not an object", NOW)
                 : i == 3 ? an_entry("NoWord", "{}", NOW) : a_grant(i, NOW);
        ops[i].decision.status = i == 5 ? CONSENT_STATUS_NONE : CONSENT_STATUS_GIVEN;
        ops[i].decision.granted |= i == 6 ? (uint64_t) 1 << 63 : 0;

        assert_int_equal(consent_ledger_apply(ledger, &ops[i]),
                         i == 2 || i == 3 || i == 5 || i == 6 ? CONSENT_MALFORMED : CONSENT_OK);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    assert_int_equal(ops[0].index, 0);
    assert_int_equal(ops[1].index, 1);
    assert_int_equal(ops[4].index, 2);
    assert_int_equal(ops[7].index, 3);
    assert_int_equal(count_entries(ledger), 4);
}


static void
an_aborted_transaction_leaves_nothing(void **state)
{
    consent_op_t        op = a_grant(1, NOW);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
    assert_int_equal(consent_ledger_begin(ledger), CONSENT_BUSY);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    consent_ledger_abort(ledger);

    assert_int_equal(state_of(ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(count_entries(ledger), 0);
    assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_IO);
    assert_int_equal(consent_ledger_commit(ledger), CONSENT_IO);

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(times_in_the_log_never_run_backwards, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_with_one_unique_text_are_written_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_policy_entry_holds_the_document_and_keeps_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_page_as_served_is_kept_once_under_its_hash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_caller_did_wrong_leaves_the_others_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_aborted_transaction_leaves_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
