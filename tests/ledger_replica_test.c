/*
 * What one node decided is in force on the others, and stands in their logs.
 */

#include "ledger_replica.h"

#include <fcntl.h>


static void
a_withdrawal_on_one_node_is_in_force_on_another(void **state)
{
    consent_op_t  grant = a_grant(1, NOW), withdrawal = a_withdrawal(1, NOW + 1);

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);
    assert_int_equal(state_at(1, 1).granted, 3);

    assert_int_equal(do_op(nodes[0].ledger, &withdrawal), CONSENT_OK);
    tell_all(&nodes[0], 2, &nodes[1]);
    assert_int_equal(state_at(1, 1).granted, 0);
    assert_int_equal(state_at(1, 1).status, CONSENT_STATUS_WITHDRAWN);
    assert_int_equal(place_at(1, "a.example").sequence, 2);
    assert_true(place_at(1, "a.example").whole);
}


static void
an_entry_of_another_names_it_and_holds_a_commitment_of_its_own(void **state)
{
    char          hex[65], there[2048];
    uint8_t       hash[32];
    const char   *here;
    consent_op_t  grant = a_grant(1, NOW), other = a_grant(9, NOW);
    consent_digest_t  *digest = consent_digest_create();

    (void) state;

    assert_int_equal(do_op(nodes[1].ledger, &other), CONSENT_OK);
    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);

    (void) snprintf(there, sizeof(there), "%s", entry_at(nodes[0].ledger, 0));
    here = entry_at(nodes[1].ledger, 1);

    assert_string_equal(member(here, "type"), "decision");
    assert_string_equal(member(here, "node"), "b.example");
    assert_string_equal(member(here, "origin"), "a.example");
    assert_non_null(strstr(here, "\"origin_index\":0,"));
    assert_string_equal(member(here, "level"), "personal");
    assert_string_equal(member(here, "policy_version"), "2026-11-22");
    assert_string_not_equal(member(here, "commitment"), member(there, "commitment"));

    assert_int_equal(consent_digest_sha256(digest, hash, (consent_slice_t[2]) { consent_lit("\0"), consent_cstr(there) },
                                           2), CONSENT_OK);
    consent_hex(hex, hash, sizeof(hash));
    hex[64] = '\0';
    assert_string_equal(member(here, "origin_hash"), hex);
    consent_digest_destroy(digest);
}


static void
what_another_decided_opens_here_for_its_subject(void **state)
{
    consent_op_t  grant = a_grant(1, NOW);

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);

    assert_int_equal(openings_at(1, 1).opened, 1);
    assert_int_equal(openings_at(1, 1).closed, 0);
}


static void
of_two_of_the_same_moment_the_more_private_counts_everywhere(void **state)
{
    size_t        i;
    consent_op_t  grant = a_grant(1, NOW), withdrawal = a_withdrawal(1, NOW);

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    assert_int_equal(do_op(nodes[1].ledger, &withdrawal), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);
    tell_all(&nodes[1], 1, &nodes[0]);
    tell_all(&nodes[1], 1, &nodes[2]);
    tell_all(&nodes[0], 1, &nodes[2]);

    for (i = 0; i < NODES; i++) {
        assert_int_equal(state_at(i, 1).granted, 0);
        assert_string_equal(content_of(nodes[i].ledger), content_of(nodes[0].ledger));
        assert_int_equal(count_entries(nodes[i].ledger), 2);
        assert_int_equal(openings_at(i, 1).opened, 1);
        assert_int_equal(openings_at(i, 1).closed, 0);
    }
}


static void
a_repeated_batch_changes_nothing(void **state)
{
    batch_t               batch;
    consent_op_t          grant = a_grant(1, NOW);
    consent_replica_op_t  heard;

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    assert_true(tell(&nodes[0], 1, 64, &batch));
    assert_int_equal(hear(&nodes[1], &batch).applied, 1);

    heard = hear(&nodes[1], &batch);
    assert_int_equal(heard.applied, 0);
    assert_int_equal(heard.repeated, 1);
    assert_int_equal(count_entries(nodes[1].ledger), 1);
}


static void
what_comes_behind_a_gap_is_in_force_and_the_gap_stays_open(void **state)
{
    batch_t       first, second;
    consent_op_t  grant = a_grant(1, NOW), withdrawal = a_withdrawal(2, NOW);

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    assert_int_equal(do_op(nodes[0].ledger, &withdrawal), CONSENT_OK);
    assert_true(tell(&nodes[0], 1, 1, &first));
    assert_true(tell(&nodes[0], 2, 1, &second));

    assert_true(hear(&nodes[1], &second).place.gaps);
    assert_int_equal(state_at(1, 2).status, CONSENT_STATUS_WITHDRAWN);
    assert_int_equal(place_at(1, "a.example").sequence, 0);
    assert_int_equal(hear(&nodes[1], &second).repeated, 1);

    assert_false(hear(&nodes[1], &first).place.gaps);
    assert_int_equal(place_at(1, "a.example").sequence, 2);
    assert_int_equal(count_entries(nodes[1].ledger), 2);
}


static void
an_erasure_reaches_the_others_and_nothing_comes_back(void **state)
{
    batch_t             before;
    consent_op_t        grant = a_grant(1, NOW), erasure = a_grant(1, NOW + 10);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    assert_true(tell(&nodes[0], 1, 1, &before));
    tell_all(&nodes[0], 1, &nodes[1]);
    assert_int_equal(state_at(1, 1).granted, 3);

    erasure.type = CONSENT_OP_ERASURE;
    erasure.keep_until = NOW + 180 * DAY;
    assert_int_equal(do_op(nodes[0].ledger, &erasure), CONSENT_OK);
    tell_all(&nodes[0], 2, &nodes[1]);
    tell_all(&nodes[0], 2, &nodes[2]);

    assert_int_equal(state_of(nodes[1].ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, NOW + 10);
    assert_int_equal(openings_at(1, 1).opened, 0);
    assert_non_null(strstr(entry_at(nodes[1].ledger, 1), "{\"entries\":1,\"node\":\"b.example\",\"origin\":\"a.example\""));

    /* the third had not heard of her: what is late is an entry, and no state */
    assert_int_equal(hear(&nodes[2], &before).applied, 1);
    assert_int_equal(state_of(nodes[2].ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, NOW + 10);
    assert_int_equal(openings_at(2, 1).opened, 0);
    assert_int_equal(openings_at(2, 1).closed, 0);
    assert_int_equal(count_entries(nodes[2].ledger), 2);

    /* and once she is erased she is in no message any more */
    assert_true(tell(&nodes[0], 1, 1, &before));
    assert_null(memmem(before.bytes, before.len, erasure.subject, sizeof(erasure.subject)));
    assert_int_equal(before.bytes[4], CONSENT_RECORD_LOGGED);
}


static void
what_was_decided_after_an_erasure_stays(void **state)
{
    consent_op_t  grant = a_grant(1, NOW), erasure = a_grant(1, NOW + 10), later = a_grant(1, NOW + 20);

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);
    erasure.type = CONSENT_OP_ERASURE;
    erasure.keep_until = NOW + DAY;
    assert_int_equal(do_op(nodes[0].ledger, &erasure), CONSENT_OK);

    later.decision.stamp = NOW + 20;
    assert_int_equal(do_op(nodes[1].ledger, &later), CONSENT_OK);
    tell_all(&nodes[0], 2, &nodes[1]);
    tell_all(&nodes[1], 1, &nodes[0]);

    assert_int_equal(state_at(1, 1).stamp, NOW + 20);
    assert_int_equal(openings_at(1, 1).opened, 1);
    assert_int_equal(openings_at(1, 1).closed, 0);
    assert_string_equal(content_of(nodes[1].ledger), content_of(nodes[0].ledger));
}


static void
of_whom_there_is_a_hold_here_an_erasure_elsewhere_leaves_the_history(void **state)
{
    int                 dir;
    const char         *keys = temporary_directory();
    consent_op_t        grant = a_grant(1, NOW), erasure = a_grant(1, NOW + 10), hold = a_grant(1, NOW);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    dir = open(keys, O_RDONLY | O_DIRECTORY);
    assert_true(dir > 0);
    consent_ledger_close(nodes[1].ledger);
    open_node_beside(&nodes[1], CONSENT_CLUSTER_JOIN, dir);

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);
    hold.type = CONSENT_OP_HOLD;
    assert_int_equal(do_op(nodes[1].ledger, &hold), CONSENT_OK);

    erasure.type = CONSENT_OP_ERASURE;
    erasure.keep_until = NOW + DAY;
    assert_int_equal(do_op(nodes[0].ledger, &erasure), CONSENT_OK);
    tell_all(&nodes[0], 2, &nodes[1]);

    assert_int_equal(state_of(nodes[1].ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(erased_at, NOW + 10);
    assert_int_equal(openings_at(1, 1).opened, 1);
    assert_int_equal(faccessat(dir, "erasures", F_OK, 0), -1);

    /* she decides again; what was erased goes with the release, and what came since stays */
    grant = a_grant(1, NOW + 20);
    assert_int_equal(do_op(nodes[1].ledger, &grant), CONSENT_OK);
    hold.release = true;
    assert_int_equal(do_op(nodes[1].ledger, &hold), CONSENT_OK);
    assert_int_equal(hold.erased, 1);
    assert_int_equal(hold.index, 4);
    assert_string_equal(member(entry_at(nodes[1].ledger, 4), "change"), "released");
    assert_string_equal(member(entry_at(nodes[1].ledger, 5), "type"), "erasure");
    assert_non_null(strstr(entry_at(nodes[1].ledger, 5), "\"entries\":1"));
    assert_int_equal(openings_at(1, 1).opened, 1);
    assert_int_equal(state_of(nodes[1].ledger, 1, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.stamp, grant.decision.stamp);
    assert_int_equal(faccessat(dir, "erasures", F_OK, 0), 0);

    /* once */
    hold.release = false;
    assert_int_equal(do_op(nodes[1].ledger, &hold), CONSENT_OK);
    hold.release = true;
    assert_int_equal(do_op(nodes[1].ledger, &hold), CONSENT_OK);
    assert_int_equal(hold.erased, 0);

    (void) close(dir);
    remove_directory(keys);
}


/* All nodes would have to change at one moment: until then nothing moves, and nothing is lost. */
static void
pseudonyms_do_not_change_in_a_cluster(void **state)
{
    uint8_t             former[CONSENT_SUBJECT_LEN];
    consent_op_t        op = a_grant(1, NOW), rekey = { .type = CONSENT_OP_REKEY, .now = NOW, .has_former = true };
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    memcpy(former, op.subject, sizeof(former));
    memcpy(rekey.former, former, sizeof(former));
    subject_of(rekey.subject, 2);
    assert_int_equal(do_op(nodes[0].ledger, &rekey), CONSENT_DENIED);
    assert_non_null(strstr(consent_ledger_why(nodes[0].ledger), "cluster"));

    op = a_withdrawal(2, NOW + 1);
    op.has_former = true;
    memcpy(op.former, former, sizeof(former));
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    assert_int_equal(state_of(nodes[0].ledger, 2, &d, &erased_at), CONSENT_NOTFOUND);
    tell_all(&nodes[0], 1, &nodes[1]);
    assert_int_equal(state_at(1, 1).status, CONSENT_STATUS_WITHDRAWN);
    assert_string_equal(content_of(nodes[1].ledger), content_of(nodes[0].ledger));

    op.type = CONSENT_OP_ERASURE;
    subject_of(op.subject, 2);
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_DENIED);
    assert_int_equal(state_at(0, 1).status, CONSENT_STATUS_WITHDRAWN);
}


static void
an_erasure_takes_what_only_her_cookie_knew_of(void **state)
{
    consent_op_t    elsewhere = a_grant(1, NOW + 5000), erasure = a_grant(1, NOW);
    consent_time_t  erased_at;
    consent_decision_t  d;

    (void) state;

    /* decided where the clock is five seconds ahead, and erased where nobody has heard of it */
    assert_int_equal(do_op(nodes[1].ledger, &elsewhere), CONSENT_OK);
    erasure.type = CONSENT_OP_ERASURE;
    erasure.keep_until = NOW + DAY;
    erasure.decision.stamp = NOW + 5000;
    assert_int_equal(do_op(nodes[0].ledger, &erasure), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);
    tell_all(&nodes[1], 1, &nodes[0]);

    assert_int_equal(state_of(nodes[1].ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(state_of(nodes[0].ledger, 1, &d, &erased_at), CONSENT_NOTFOUND);
}


static void
a_stamp_far_ahead_is_applied_and_counted_and_can_be_followed(void **state)
{
    batch_t       batch;
    consent_op_t  ahead = a_grant(1, NOW + DAY), later = a_withdrawal(1, NOW);

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &ahead), CONSENT_OK);
    assert_true(tell(&nodes[0], 1, 64, &batch));
    assert_int_equal(hear(&nodes[1], &batch).ahead, 1);
    assert_int_equal(state_at(1, 1).stamp, NOW + DAY);

    assert_int_equal(do_op(nodes[1].ledger, &later), CONSENT_OK);
    assert_int_equal(later.decision.stamp, NOW + DAY + 1);
    tell_all(&nodes[1], 1, &nodes[0]);
    assert_int_equal(state_at(0, 1).status, CONSENT_STATUS_WITHDRAWN);

    /* nobody else's clock has moved */
    later = a_grant(2, NOW);
    assert_int_equal(do_op(nodes[1].ledger, &later), CONSENT_OK);
    assert_int_equal(later.decision.stamp, NOW);
}


static void
what_is_malformed_is_left_out_and_what_follows_is_not(void **state)
{
    size_t                i;
    batch_t               batch, bad;
    consent_op_t          grant = a_grant(1, NOW), other = a_grant(2, NOW);
    consent_replica_op_t  heard;
    static const struct {
        size_t   at;
        uint8_t  value;
    }  rows[] = {
        { 4, 0 },                       /* kind */
        { 4, 99 },
        { 5 + 24, 9 },                  /* decision block: version */
        { 5 + 24 + 1, 0 },              /* status */
        { 5 + 24 + 24, 0x7f },          /* a stamp that nothing could follow */
        { 5 + 88 + 8, '[' },            /* the entry */
        { 5 + 88 + 8 + 20, 0xff },
    };

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    assert_int_equal(do_op(nodes[0].ledger, &other), CONSENT_OK);
    assert_true(tell(&nodes[0], 1, 64, &batch));

    for (i = 0; i < consent_countof(rows); i++) {
        bad = batch;
        bad.sequence = 1 + 2 * i;
        bad.bytes[rows[i].at] = rows[i].value;
        heard = hear(&nodes[1], &bad);
        assert_int_equal(heard.malformed, 1);
        assert_int_equal(heard.applied, 1);
        assert_int_equal(state_at(1, 1).granted, 0);
        assert_int_equal(heard.place.sequence, 2 + 2 * i);
    }
}


static void
an_entry_that_was_itself_anothers_is_refused(void **state)
{
    consent_op_t  grant = a_grant(1, NOW);
    batch_t       batch;
    const char   *entry;
    uint8_t      *p;

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &grant), CONSENT_OK);
    tell_all(&nodes[0], 1, &nodes[1]);
    assert_true(tell(&nodes[0], 1, 1, &batch));

    entry = entry_at(nodes[1].ledger, 0);
    p = batch.bytes + 5 + 88 + 8;
    memcpy(p, entry, strlen(entry));
    batch.len = (size_t) (p - batch.bytes) + strlen(entry);
    batch.bytes[2] = (uint8_t) ((batch.len - 4) >> 8);
    batch.bytes[3] = (uint8_t) (batch.len - 4);
    assert_int_equal(hear(&nodes[2], &batch).malformed, 1);
}


static void
a_node_that_began_anew_is_followed_from_its_beginning(void **state)
{
    batch_t               batch, old;
    consent_op_t          op = a_grant(1, NOW), epoch;
    consent_replica_op_t  replica;
    consent_replica_self_t  self;

    (void) state;

    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    assert_true(tell(&nodes[0], 1, 64, &old));
    (void) hear(&nodes[1], &old);
    assert_int_equal(consent_replica_self(nodes[0].ledger, &self), CONSENT_OK);

    memset(&epoch, 0, sizeof(epoch));
    memset(&replica, 0, sizeof(replica));
    epoch.type = CONSENT_OP_REPLICA;
    epoch.replica = &replica;
    replica.action = CONSENT_REPLICA_EPOCH;
    replica.epoch = self.epoch;

    /* others have no more of it than it has given */
    replica.sequence = 1;
    assert_int_equal(do_op(nodes[0].ledger, &epoch), CONSENT_CONFLICT);
    replica.later = self.epoch;
    assert_int_equal(do_op(nodes[0].ledger, &epoch), CONSENT_CONFLICT);
    assert_int_equal(consent_replica_self(nodes[0].ledger, &self), CONSENT_OK);
    assert_int_equal(self.epoch, replica.epoch);
    assert_false(self.lacks);

    replica.sequence = 2;
    assert_int_equal(do_op(nodes[0].ledger, &epoch), CONSENT_OK);
    assert_int_equal(do_op(nodes[0].ledger, &epoch), CONSENT_CONFLICT);

    op = a_withdrawal(1, NOW + 1);
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    assert_true(tell(&nodes[0], 1, 64, &batch));
    assert_true(batch.epoch > old.epoch);
    assert_int_equal(hear(&nodes[1], &batch).applied, 1);
    assert_int_equal(state_at(1, 1).status, CONSENT_STATUS_WITHDRAWN);
    assert_false(place_at(1, "a.example").whole);

    /* what is told again of before is not taken for new */
    assert_int_equal(hear(&nodes[1], &old).applied, 0);
    assert_int_equal(place_at(1, "a.example").epoch, batch.epoch);
}


static void
what_everybody_has_is_told_no_more(void **state)
{
    size_t                  i, n;
    uint8_t                 memory[4096];
    consent_op_t            op;
    consent_buf_t           b;
    consent_replica_op_t    replica;
    consent_replica_self_t  self;

    (void) state;

    for (i = 0; i < 5; i++) {
        op = a_grant(i, NOW);
        assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    }

    assert_int_equal(consent_replica_self(nodes[0].ledger, &self), CONSENT_OK);
    assert_int_equal(self.first, 1);
    assert_int_equal(self.next, 6);

    memset(&op, 0, sizeof(op));
    memset(&replica, 0, sizeof(replica));
    op.type = CONSENT_OP_REPLICA;
    op.replica = &replica;
    replica.action = CONSENT_REPLICA_CONFIRMED;
    replica.epoch = self.epoch;
    replica.sequence = 3;
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);

    assert_int_equal(consent_replica_self(nodes[0].ledger, &self), CONSENT_OK);
    assert_int_equal(self.first, 4);

    consent_buf_init_fixed(&b, memory, sizeof(memory));
    assert_int_equal(consent_replica_outgoing(nodes[0].ledger, 2, &b, &n), CONSENT_LIMIT);
    assert_int_equal(consent_replica_outgoing(nodes[0].ledger, 4, &b, &n), CONSENT_OK);
    assert_int_equal(n, 2);

    /* of another epoch it says nothing */
    replica.epoch--;
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_CONFLICT);
}


static void
tools_tell_too_and_a_node_that_leaves_keeps_nothing_to_tell(void **state)
{
    consent_op_t            op = a_grant(1, NOW);
    consent_replica_self_t  self;

    (void) state;

    consent_ledger_close(nodes[0].ledger);
    open_node(&nodes[0], CONSENT_CLUSTER_KEEP);
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);
    assert_int_equal(consent_replica_self(nodes[0].ledger, &self), CONSENT_OK);
    assert_int_equal(self.next, 2);

    consent_ledger_close(nodes[0].ledger);
    open_node(&nodes[0], CONSENT_CLUSTER_LEAVE);
    assert_int_equal(consent_replica_self(nodes[0].ledger, &self), CONSENT_NOTFOUND);
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);

    consent_ledger_close(nodes[0].ledger);
    open_node(&nodes[0], CONSENT_CLUSTER_JOIN);
    assert_int_equal(consent_replica_self(nodes[0].ledger, &self), CONSENT_OK);
    assert_int_equal(self.next, 1);
    assert_int_equal(self.first, 1);
    assert_false(self.empty);
}


static void
the_place_in_the_stream_is_kept_with_what_was_applied(void **state)
{
    consent_op_t                op;
    consent_replica_op_t        replica;
    consent_replica_position_t  position;

    (void) state;

    memset(&op, 0, sizeof(op));
    memset(&replica, 0, sizeof(replica));
    op.type = CONSENT_OP_REPLICA;
    op.replica = &replica;
    replica.position = (consent_replica_position_t) { 1764000000000, 7 };
    assert_int_equal(do_op(nodes[0].ledger, &op), CONSENT_OK);

    assert_int_equal(consent_replica_position(nodes[0].ledger, &position), CONSENT_OK);
    assert_int_equal(position.ms, 1764000000000);
    assert_int_equal(position.n, 7);
}


#define on_nodes(f)  cmocka_unit_test_setup_teardown(f, set_up_nodes, tear_down_nodes)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        on_nodes(a_withdrawal_on_one_node_is_in_force_on_another),
        on_nodes(an_entry_of_another_names_it_and_holds_a_commitment_of_its_own),
        on_nodes(what_another_decided_opens_here_for_its_subject),
        on_nodes(of_two_of_the_same_moment_the_more_private_counts_everywhere),
        on_nodes(a_repeated_batch_changes_nothing),
        on_nodes(what_comes_behind_a_gap_is_in_force_and_the_gap_stays_open),
        on_nodes(an_erasure_reaches_the_others_and_nothing_comes_back),
        on_nodes(what_was_decided_after_an_erasure_stays),
        on_nodes(of_whom_there_is_a_hold_here_an_erasure_elsewhere_leaves_the_history),
        on_nodes(pseudonyms_do_not_change_in_a_cluster),
        on_nodes(an_erasure_takes_what_only_her_cookie_knew_of),
        on_nodes(a_stamp_far_ahead_is_applied_and_counted_and_can_be_followed),
        on_nodes(what_is_malformed_is_left_out_and_what_follows_is_not),
        on_nodes(an_entry_that_was_itself_anothers_is_refused),
        on_nodes(a_node_that_began_anew_is_followed_from_its_beginning),
        on_nodes(what_everybody_has_is_told_no_more),
        on_nodes(tools_tell_too_and_a_node_that_leaves_keeps_nothing_to_tell),
        on_nodes(the_place_in_the_stream_is_kept_with_what_was_applied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
