/*
 * Messages are kept with what gives rise to them, come out in the order they are due, and go when they are delivered.
 */

#include "ledger_fixture.h"

typedef struct {
    size_t             n;
    consent_message_t  messages[8];
    char               payloads[8][16];
} box_t;


static consent_message_t
a_message(uint8_t n, consent_time_t due)
{
    consent_message_t  message = { .kind = CONSENT_MESSAGE_EVENT, .created = NOW, .due = due, .expires = NOW + DAY,
                                   .payload = consent_lit("sealed") };

    memset(message.id, n, CONSENT_ID_LEN);

    return message;
}


static bool
each(void *arg, const consent_message_t *message)
{
    box_t  *box = arg;

    box->messages[box->n] = *message;
    memcpy(box->payloads[box->n], message->payload.data, message->payload.len < 16 ? message->payload.len : 16);
    box->n++;

    return box->n < consent_countof(box->messages);
}


static box_t
box_of(void)
{
    box_t  box = { 0 };

    assert_int_equal(consent_ledger_outbox(ledger, each, &box), CONSENT_OK);

    return box;
}


static consent_op_t
a_move(const consent_message_t *message, consent_time_t again)
{
    consent_op_t  op = { .type = CONSENT_OP_MESSAGE, .message = message, .again = again, .now = NOW };

    return op;
}


static void
a_message_goes_in_with_its_operation_or_not_at_all(void **state)
{
    box_t                   box;
    consent_op_t            op;
    consent_time_t          erased_at;
    consent_decision_t      d;
    consent_message_t       message = a_message(1, NOW + 5);
    consent_ledger_stat_t   stat;

    (void) state;

    op = a_withdrawal(1, NOW);
    op.message = &message;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    message = a_message(2, NOW + 3);
    message.kind = CONSENT_MESSAGE_HANDOFF;
    op = an_entry("handoff", "{\"channel\":\"callback\",\"status\":\"requested\",\"topic\":\"general\"}", NOW);
    op.message = &message;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    box = box_of();
    assert_int_equal(box.n, 2);
    assert_int_equal(box.messages[0].id[0], 2);
    assert_int_equal(box.messages[0].kind, CONSENT_MESSAGE_HANDOFF);
    assert_int_equal(box.messages[0].due, NOW + 3);
    assert_int_equal(box.messages[0].attempts, 0);
    assert_int_equal(box.messages[1].id[0], 1);
    assert_int_equal(box.messages[1].created, NOW);
    assert_int_equal(box.messages[1].expires, NOW + DAY);
    assert_int_equal(box.messages[1].payload.len, 6);
    assert_string_equal(box.payloads[1], "sealed");

    /* too large a message: nothing of it happened */

    message = a_message(3, NOW);
    message.payload.len = CONSENT_MESSAGE_MAX + 1;
    op = a_grant(2, NOW);
    op.message = &message;
    assert_int_equal(do_op(ledger, &op), CONSENT_LIMIT);
    assert_int_equal(state_of(ledger, 2, &d, &erased_at), CONSENT_NOTFOUND);

    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.outbox, 2);
    assert_int_equal(stat.entries, 2);
}


static void
a_message_is_tried_again_and_then_goes(void **state)
{
    box_t              box;
    consent_op_t       op = a_withdrawal(1, NOW);
    consent_message_t  first = a_message(1, NOW), second = a_message(2, NOW + 1), moved;

    (void) state;

    op.message = &first;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_withdrawal(2, NOW);
    op.message = &second;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    op = a_move(&first, NOW + 1000);
    op.holder = 0x12345678;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    box = box_of();
    assert_int_equal(box.n, 2);
    assert_int_equal(box.messages[0].id[0], 2);
    assert_int_equal(box.messages[1].id[0], 1);
    assert_int_equal(box.messages[1].due, NOW + 1000);
    assert_int_equal(box.messages[1].attempts, 1);
    assert_int_equal(box.messages[1].holder, 0x12345678);
    assert_string_equal(box.payloads[1], "sealed");
    moved = box.messages[1];

    /* what is put off belongs to nobody, and was not tried once more */

    op = a_move(&moved, NOW + 2000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    moved = box_of().messages[1];
    assert_int_equal(moved.due, NOW + 2000);
    assert_int_equal(moved.attempts, 1);
    assert_int_equal(moved.holder, 0);

    /* who still knows it by the time before comes too late */

    op = a_move(&first, 0);
    assert_int_equal(do_op(ledger, &op), CONSENT_CONFLICT);

    op = a_move(&moved, 0);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    op = a_move(&second, 0);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(box_of().n, 0);
}


static void
messages_live_on(void **state)
{
    box_t              box;
    consent_op_t       op = a_withdrawal(1, NOW);
    consent_message_t  message = a_message(7, NOW);

    (void) state;

    op.message = &message;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    consent_ledger_close(ledger);
    ledger = open_ledger(directory, 0, false);

    box = box_of();
    assert_int_equal(box.n, 1);
    assert_int_equal(box.messages[0].id[0], 7);
}


static void
several_go_in_with_one_operation(void **state)
{
    box_t              box;
    consent_op_t       op = a_withdrawal(1, NOW);
    consent_message_t  first = a_message(1, NOW), second = a_message(2, NOW);

    (void) state;

    first.next = &second;
    second.payload.len = 0;
    op.message = &first;
    assert_int_equal(do_op(ledger, &op), CONSENT_LIMIT);
    assert_int_equal(box_of().n, 0);
    assert_int_equal(count_entries(ledger), 0);

    second.payload = consent_lit("other");
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    box = box_of();
    assert_int_equal(box.n, 2);
    assert_string_equal(box.payloads[1], "other");
    assert_null(box.messages[0].next);
}


static void
an_event_that_nobody_took_goes_when_it_is_over(void **state)
{
    consent_op_t       op = a_withdrawal(1, NOW);
    consent_message_t  event = a_message(1, NOW), handoff = a_message(2, NOW + 5), late = a_message(3, NOW + DAY + 1);

    (void) state;

    handoff.kind = CONSENT_MESSAGE_HANDOFF;
    event.next = &handoff;
    op.message = &event;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* what became of a request is said to who asked: it stays for who says so */
    late.created = NOW + DAY + 1;
    op = a_withdrawal(1, NOW + DAY + 1);
    op.message = &late;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(box_of().n, 2);
    assert_int_equal(box_of().messages[0].id[0], 2);
    assert_int_equal(box_of().messages[1].id[0], 3);
}


static void
what_is_sealed_opens_as_what_it_is(void **state)
{
    uint8_t            key[CONSENT_SEAL_KEY_LEN] = { 1 }, sealed[3 + CONSENT_SEAL_OVERHEAD], out[4] = "";
    consent_message_t  message = { .kind = CONSENT_MESSAGE_EVENT };

    (void) state;

    memset(message.id, 9, CONSENT_ID_LEN);
    assert_int_equal(consent_message_seal(&message, sealed, key, consent_lit("abc"), NOW), CONSENT_OK);
    assert_int_equal(message.due, NOW);
    assert_int_equal(message.expires, NOW + CONSENT_MESSAGE_KEPT);
    assert_int_equal(consent_message_open(out, &message, key), CONSENT_OK);
    assert_string_equal((char *) out, "abc");

    message.kind = CONSENT_MESSAGE_HANDOFF;
    assert_int_equal(consent_message_open(out, &message, key), CONSENT_DENIED);
    message.kind = CONSENT_MESSAGE_EVENT;
    message.id[0]++;
    assert_int_equal(consent_message_open(out, &message, key), CONSENT_DENIED);
    message.id[0]--;
    key[0]++;
    assert_int_equal(consent_message_open(out, &message, key), CONSENT_DENIED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_message_goes_in_with_its_operation_or_not_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_message_is_tried_again_and_then_goes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(messages_live_on, set_up, tear_down),
        cmocka_unit_test_setup_teardown(several_go_in_with_one_operation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_event_that_nobody_took_goes_when_it_is_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_sealed_opens_as_what_it_is, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
