/*
 * What became of a request to be contacted is known to who has its id, changes with an entry, and is forgotten in time.
 */

#include "ledger_fixture.h"

static consent_op_t
a_change(consent_handoff_t *handoff, consent_handoff_status_t status, consent_time_t now)
{
    static char   fields[128];
    consent_op_t  op;

    handoff->status = status;
    handoff->changed = now;
    (void) snprintf(fields, sizeof(fields), "{\"channel\":\"callback\",\"status\":\"%s\",\"topic\":\"legal\"}",
                    consent_handoff_status_name(status));
    op = an_entry("handoff", fields, now);
    op.handoff = handoff;

    return op;
}


static void
its_state_is_the_last_one_that_was_told(void **state)
{
    uint8_t             memory[CONSENT_HANDOFF_TAG + CONSENT_HANDOFF_TOPIC];
    consent_op_t        op;
    consent_handoff_t   handoff = { .created = NOW, .topic = consent_lit("legal") }, read;

    (void) state;

    memset(handoff.id, 9, CONSENT_ID_LEN);
    op = a_change(&handoff, CONSENT_HANDOFF_REQUESTED, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    handoff.tag = consent_lit("KC-118");
    op = a_change(&handoff, CONSENT_HANDOFF_TAKEN, NOW + 60000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    assert_int_equal(consent_ledger_handoff(ledger, handoff.id, &read, memory), CONSENT_OK);
    assert_int_equal(read.status, CONSENT_HANDOFF_TAKEN);
    assert_int_equal(read.created, NOW);
    assert_int_equal(read.changed, NOW + 60000);
    assert_true(consent_slice_eq(read.topic, consent_lit("legal")));
    assert_true(consent_slice_eq(read.tag, consent_lit("KC-118")));

    handoff.id[15] ^= 1;
    assert_int_equal(consent_ledger_handoff(ledger, handoff.id, &read, memory), CONSENT_NOTFOUND);
}


static void
what_is_too_long_is_refused_with_its_entry(void **state)
{
    static uint8_t          text[256];
    consent_op_t            op;
    consent_handoff_t       handoff = { .created = NOW };
    consent_ledger_stat_t   stat;

    (void) state;

    handoff.tag = consent_slice(text, CONSENT_HANDOFF_TAG + 1);
    op = a_change(&handoff, CONSENT_HANDOFF_REQUESTED, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_LIMIT);

    handoff.tag.len = CONSENT_HANDOFF_TAG;
    op = a_change(&handoff, CONSENT_HANDOFF_REQUESTED, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* only entries tell of it */
    op = a_grant(1, NOW);
    op.handoff = &handoff;
    assert_int_equal(do_op(ledger, &op), CONSENT_MALFORMED);

    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.entries, 1);
}


static void
old_ones_are_forgotten(void **state)
{
    size_t              i, left;
    uint8_t             memory[CONSENT_HANDOFF_TAG + CONSENT_HANDOFF_TOPIC], ids[24][CONSENT_ID_LEN];
    consent_op_t        op;
    consent_time_t      later;
    consent_handoff_t   handoff = { .created = NOW }, read;

    (void) state;

    later = NOW + CONSENT_HANDOFF_KEPT + 1;

    for (i = 0; i < consent_countof(ids); i++) {
        assert_int_equal(consent_random(handoff.id, CONSENT_ID_LEN), CONSENT_OK);
        memcpy(ids[i], handoff.id, CONSENT_ID_LEN);
        op = a_change(&handoff, CONSENT_HANDOFF_CLOSED, i == 0 ? NOW + 1000 : NOW);
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    }

    memset(handoff.id, 1, CONSENT_ID_LEN);

    for (i = 0; i < 1000; i++) {
        op = a_change(&handoff, CONSENT_HANDOFF_REQUESTED, later);
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    }

    for (i = 0, left = 0; i < consent_countof(ids); i++) {
        left += consent_ledger_handoff(ledger, ids[i], &read, memory) == CONSENT_OK;
    }

    /* not the one that is a second younger */
    assert_int_equal(consent_ledger_handoff(ledger, ids[0], &read, memory), CONSENT_OK);
    assert_int_equal(left, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(its_state_is_the_last_one_that_was_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_too_long_is_refused_with_its_entry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(old_ones_are_forgotten, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
