/*
 * A node that is new, or was away too long, takes over what another has.
 */

#include "ledger_replica.h"


/* ---- A snapshot ---- */

static void
take_snapshot(size_t from, size_t to, bool sweep)
{
    size_t                   n, n_vector;
    consent_op_t             op;
    consent_buf_t            b;
    consent_snapshot_t       at = { 0 };
    consent_replica_op_t     replica;
    consent_replica_self_t   self;
    consent_replica_place_t  vector[CONSENT_NODES_MAX + 1];

    assert_int_equal(consent_replica_vector(nodes[from].ledger, vector, &n_vector), CONSENT_OK);
    assert_int_equal(consent_replica_self(nodes[from].ledger, &self), CONSENT_OK);
    vector[n_vector] = (consent_replica_place_t) { .node_len = strlen(nodes[from].name), .epoch = self.epoch,
                                                   .sequence = self.next - 1, .whole = true };
    memcpy(vector[n_vector].node, nodes[from].name, strlen(nodes[from].name));
    n_vector++;

    memset(&op, 0, sizeof(op));
    memset(&replica, 0, sizeof(replica));
    op.type = CONSENT_OP_REPLICA;
    op.now = NOW;
    op.replica = &replica;
    replica.node = consent_cstr(nodes[from].name);

    while (!at.done) {
        consent_buf_init(&b, CONSENT_BATCH_MAX);
        assert_int_equal(consent_replica_snapshot(nodes[from].ledger, &at, 1000, &b, &n), CONSENT_OK);
        replica.action = CONSENT_REPLICA_SNAPSHOT;
        replica.records = consent_buf_view(&b);
        assert_int_equal(do_op(nodes[to].ledger, &op), CONSENT_OK);
        assert_int_equal(replica.malformed, 0);
        replica.count += n;
        consent_buf_free(&b);
    }

    replica.action = CONSENT_REPLICA_SWEEP;

    while (sweep && !replica.done) {
        assert_int_equal(do_op(nodes[to].ledger, &op), CONSENT_OK);
    }

    replica.action = CONSENT_REPLICA_COMPLETE;
    replica.vector = vector;
    replica.n_vector = n_vector;
    assert_int_equal(do_op(nodes[to].ledger, &op), CONSENT_OK);
}


static void
a_new_node_takes_a_snapshot_and_follows(void **state)
{
    size_t        i;
    consent_op_t  op;

    (void) state;

    for (i = 0; i < 300; i++) {
        op = i % 3 ? a_grant(i, NOW) : a_withdrawal(i, NOW);
        assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    }

    tell_all(&nodes[0], 1, &nodes[1]);
    op = a_withdrawal(1, NOW + 5);
    assert_int_equal(do_op(nodes[1].ledger, &op), CONSENT_OK);

    take_snapshot(1, 2, true);
    assert_string_equal(content_of(nodes[2].ledger), content_of(nodes[1].ledger));
    assert_int_equal(place_at(2, "a.example").sequence, 300);
    assert_true(place_at(2, "a.example").whole);
    assert_int_equal(place_at(2, "b.example").sequence, 1);
    assert_int_equal(count_entries(nodes[2].ledger), 1);
    assert_string_equal(member(entry_at(nodes[2].ledger, 0), "type"), "snapshot");
    assert_string_equal(member(entry_at(nodes[2].ledger, 0), "origin"), "b.example");

    /* what it took over opens nothing here, and says so without being called a forgery */
    assert_int_equal(openings_at(2, 1).opened, 0);
    assert_int_equal(openings_at(2, 1).closed, 0);

    op = a_withdrawal(2, NOW + 6);
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    tell_all(&nodes[0], 301, &nodes[2]);
    assert_int_equal(state_at(2, 2).status, CONSENT_STATUS_WITHDRAWN);
    assert_int_equal(place_at(2, "a.example").sequence, 301);
}


static void
a_snapshot_erases_whom_the_others_have_erased(void **state)
{
    consent_op_t        op = a_grant(1, NOW), other = a_grant(2, NOW), erasure = a_grant(1, NOW + 10);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    assert_int_equal(do_op(nodes[0].ledger, &other), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);
    tell_all(&nodes[0], 1, &nodes[2]);

    /* the third is away while she is erased */
    erasure.type = CONSENT_OP_ERASURE;
    erasure.keep_until = NOW + DAY;
    assert_int_equal(do_op(nodes[0].ledger, &erasure), CONSENT_OK);
    tell_all(&nodes[0], 3, &nodes[1]);

    take_snapshot(1, 2, true);
    assert_int_equal(state_of(nodes[2].ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, NOW + 10);
    assert_int_equal(openings_at(2, 1).opened, 0);
    assert_int_equal(openings_at(2, 2).opened, 1);
    assert_string_equal(content_of(nodes[2].ledger), content_of(nodes[1].ledger));
}


static void
a_snapshot_never_sets_back_what_is_later(void **state)
{
    consent_op_t  grant = a_grant(1, NOW), withdrawal = a_withdrawal(1, NOW + 1);

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    assert_int_equal(do_op(nodes[2].ledger, &withdrawal), CONSENT_OK);
    take_snapshot(0, 2, true);
    assert_int_equal(state_at(2, 1).status, CONSENT_STATUS_WITHDRAWN);
    assert_int_equal(openings_at(2, 1).opened, 1);
}


#define on_nodes(f)  cmocka_unit_test_setup_teardown(f, set_up_nodes, tear_down_nodes)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        on_nodes(a_new_node_takes_a_snapshot_and_follows),
        on_nodes(a_snapshot_erases_whom_the_others_have_erased),
        on_nodes(a_snapshot_never_sets_back_what_is_later),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
