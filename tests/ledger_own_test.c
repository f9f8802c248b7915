/*
 * What is held of a subject's decisions: her own, newest first, each with the entry it opens.
 */

#include "ledger_fixture.h"

#include "ledger/entry.h"
#include "ledger/own.h"

typedef struct {
    size_t          n;
    size_t          stop;
    consent_own_t  own[8];
    uint8_t         entries[8][2048];
} seen_t;


static bool
each(void *arg, const consent_own_t *own)
{
    seen_t  *seen = arg;

    assert_true(seen->n < consent_countof(seen->own));
    assert_true(own->entry.len != 0 && own->entry.len < sizeof(seen->entries[0]));
    seen->own[seen->n] = *own;
    memcpy(seen->entries[seen->n], own->entry.data, own->entry.len);
    seen->own[seen->n].entry.data = seen->entries[seen->n];

    return ++seen->n != seen->stop;
}


/* What is seen refers to itself: it stays where it is. */
static size_t
own_of(seen_t *seen, uint64_t n, size_t stop)
{
    uint8_t  subject[CONSENT_SUBJECT_LEN];

    memset(seen, 0, sizeof(*seen));
    seen->stop = stop;
    subject_of(subject, n);
    assert_int_equal(consent_ledger_own(ledger, subject, some_policy().id_key, each, seen), CONSENT_OK);

    return seen->n;
}


static void
decisions_come_with_what_opens_them(void **state)
{
    size_t        i;
    seen_t        seen, other;
    uint8_t       commitment[CONSENT_HASH_LEN];
    consent_op_t  ops[4];

    (void) state;

    assert_int_equal(own_of(&seen, 1, 8), 0);

    ops[0] = a_grant(1, NOW);
    ops[1] = a_grant(2, NOW + 1000);
    ops[2] = a_withdrawal(1, NOW + 2000);
    ops[3] = a_grant(1, NOW + 3000);

    for (i = 0; i < 4; i++) {
        assert_int_equal(do_op(ledger, &ops[i]), CONSENT_OK);
    }

    assert_int_equal(own_of(&seen, 1, 8), 3);
    assert_int_equal(seen.own[0].index, 3);
    assert_int_equal(seen.own[1].index, 2);
    assert_int_equal(seen.own[2].index, 0);
    assert_decision(&seen.own[0].decision, &ops[3].decision);
    assert_decision(&seen.own[1].decision, &ops[2].decision);

    for (i = 0; i < seen.n; i++) {
        assert_true(seen.own[i].has_key);
        assert_int_equal(consent_entry_commitment(commitment, seen.own[i].key, seen.own[i].nonce, ops[0].subject,
                                                  seen.own[i].index, seen.own[i].logged_at), CONSENT_OK);
        assert_true(consent_entry_holds(seen.own[i].entry, commitment));
    }

    assert_int_equal(seen.own[0].decision.receipt[6] >> 4, 4);
    assert_int_equal(seen.own[0].decision.receipt[8] >> 6, 2);
    assert_memory_not_equal(seen.own[0].nonce, seen.own[1].nonce, CONSENT_OWN_NONCE);
    assert_int_equal(own_of(&other, 1, 1), 1);
    assert_int_equal(own_of(&other, 2, 8), 1);
    assert_memory_not_equal(other.own[0].key, seen.own[0].key, CONSENT_OWN_KEY);
}


static void
another_policy_is_another_history(void **state)
{
    seen_t        seen = { .stop = 8 };
    consent_op_t  op = a_grant(1, NOW);

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(consent_ledger_own(ledger, op.subject, some_policy().id_key + 1, each, &seen), CONSENT_OK);
    assert_int_equal(seen.n, 0);
}


static void
nothing_is_held_of_who_was_erased(void **state)
{
    seen_t        seen;
    consent_op_t  op = a_grant(1, NOW), erasure = a_grant(1, NOW + 1000);
    uint8_t       key[CONSENT_OWN_KEY];

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    (void) own_of(&seen, 1, 8);
    memcpy(key, seen.own[0].key, sizeof(key));

    erasure.type = CONSENT_OP_ERASURE;
    assert_int_equal(do_op(ledger, &erasure), CONSENT_OK);
    assert_int_equal(own_of(&seen, 1, 8), 0);

    op = a_grant(1, NOW + 2000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(own_of(&seen, 1, 8), 1);
    assert_memory_not_equal(seen.own[0].key, key, sizeof(key));
}


static void
an_entry_is_found_by_its_unique_name(void **state)
{
    consent_buf_t  b;
    consent_op_t   op = an_entry("config", "{\"a\":1}", NOW);

    (void) state;

    op.unique = consent_lit("config:1");
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    consent_buf_init(&b, CONSENT_ENTRY_MAX);
    assert_int_equal(consent_ledger_named(ledger, consent_lit("config:2"), &b), CONSENT_NOTFOUND);
    assert_int_equal(b.len, 0);
    assert_int_equal(consent_ledger_named(ledger, consent_lit("config:1"), &b), CONSENT_OK);
    assert_memory_equal(b.data, "{\"a\":1,", 7);
    consent_buf_free(&b);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(decisions_come_with_what_opens_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(another_policy_is_another_history, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_held_of_who_was_erased, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_entry_is_found_by_its_unique_name, set_up, tear_down)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
