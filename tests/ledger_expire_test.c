/*
 * What anonymous citizens decided goes when it has run out, a little behind each decision; the log says so, and nothing
 * that is left opens.
 */

#include "ledger_fixture.h"

#define MANY  60


typedef struct {
    size_t  expired;
} said_t;


static bool
each_entry(void *arg, uint64_t index, consent_slice_t entry)
{
    said_t  *said = arg;

    (void) index;
    said->expired += memmem(entry.data, entry.len, "\"status\":\"expired\"", 18) != NULL;

    return true;
}


static said_t
said(void)
{
    said_t  s = { 0 };

    assert_int_equal(consent_ledger_entries(ledger, 0, each_entry, &s), CONSENT_OK);

    return s;
}


static void
decide_some(uint64_t from, uint64_t n, consent_time_t now, bool identified, uint64_t policy)
{
    consent_op_t  op;

    for (; n > 0; n--) {
        op = a_grant(from++, now);
        op.identified = identified;
        op.policy.id_key += policy;
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    }
}


static void
what_has_run_out_goes(void **state)
{
    uint64_t               i;
    consent_op_t           op;
    consent_ledger_stat_t  stat;

    (void) state;

    decide_some(0, MANY, NOW, false, 0);                /* anonymous */
    decide_some(1000, 5, NOW, true, 0);                 /* known */
    decide_some(2000, 5, NOW, false, 1);                /* under another policy */
    decide_some(0, 1, NOW, false, 1);                   /* one of the first, too */
    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_HOLD;
    op.now = NOW;
    subject_of(op.subject, 7);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);   /* one of them is on hold */

    /* on the day on which it runs out nothing happens */
    decide_some(3000, 40, NOW + DAY + DAY / 2, false, 0);
    assert_int_equal(said().expired, 0);

    decide_some(3000, 60, NOW + 3 * DAY - DAY / 2 - 1, false, 0);
    assert_int_equal(said().expired, MANY - 1);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.states, 1 + 5 + 5 + 1 + 60);

    for (i = 0; i < MANY; i++) {
        assert_int_equal(history_of(i, some_policy().id_key).n, i == 7 ? 1 : 0);
        assert_int_equal(openings_of(i).closed, 0);
        assert_int_equal(openings_of(i).opened, i == 7 || i == 0 ? 1 : 0);
    }

    subject_of(op.subject, 3);
    assert_int_equal(consent_ledger_known(ledger, op.subject), CONSENT_NOTFOUND);
    subject_of(op.subject, 0);
    assert_int_equal(consent_ledger_known(ledger, op.subject), CONSENT_OK);

    assert_int_equal(history_of(1002, some_policy().id_key).n, 1);
    assert_int_equal(history_of(2002, some_policy().id_key + 1).n, 1);

    /* who comes back begins anew */
    op = a_grant(3, NOW + 3 * DAY);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(openings_of(3).opened, 1);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(what_has_run_out_goes, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
