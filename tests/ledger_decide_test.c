/*
 * A decision is in the store as a whole: state, history, receipt, and an entry that opens for who holds the subject's key.
 */

#include "ledger.h"

typedef struct {
    size_t              n;
    consent_decision_t  decisions[8];
    uint64_t            index[8];
} past_t;

static const char        *directory;
static consent_ledger_t  *ledger;


static int
set_up(void **state)
{
    (void) state;

    directory = temporary_directory();
    ledger = open_ledger(directory, 0, false);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    consent_ledger_close(ledger);
    remove_directory(directory);

    return 0;
}


static bool
each_past(void *arg, const consent_decision_t *decision, uint64_t index)
{
    past_t  *past = arg;

    if (past->n < consent_countof(past->index)) {
        past->decisions[past->n] = *decision;
        past->index[past->n] = index;
    }

    past->n++;

    return true;
}


static void
assert_decision(const consent_decision_t *d, const consent_decision_t *expected)
{
    assert_int_equal(d->policy, expected->policy);
    assert_int_equal(d->granted, expected->granted);
    assert_int_equal(d->level, expected->level);
    assert_int_equal(d->status, expected->status);
    assert_int_equal(d->scope, expected->scope);
    assert_int_equal(d->ai, expected->ai);
    assert_int_equal(d->by, expected->by);
    assert_int_equal(d->method, expected->method);
    assert_int_equal(d->gpc, expected->gpc);
    assert_int_equal(d->stamp, expected->stamp);
    assert_int_equal(d->decided_at, expected->decided_at);
    assert_int_equal(d->expires_at, expected->expires_at);
    assert_memory_equal(d->receipt, expected->receipt, CONSENT_ID_LEN);
}


static past_t
history_of(uint64_t n, uint64_t id_key)
{
    past_t   past = { 0 };
    uint8_t  subject[CONSENT_SUBJECT_LEN];

    subject_of(subject, n);
    assert_int_equal(consent_ledger_history(ledger, subject, id_key, each_past, &past), CONSENT_OK);

    return past;
}


typedef struct {
    size_t    opened;
    size_t    closed;
} openings_t;

static bool
each_opened(void *arg, uint64_t index, consent_time_t logged_at, bool opens)
{
    openings_t  *o = arg;

    (void) index;
    (void) logged_at;

    *(opens ? &o->opened : &o->closed) += 1;

    return true;
}


static openings_t
openings_of(uint64_t n)
{
    uint8_t     subject[CONSENT_SUBJECT_LEN];
    openings_t  o = { 0 };

    subject_of(subject, n);
    assert_int_equal(consent_ledger_opened(ledger, subject, each_opened, &o), CONSENT_OK);

    return o;
}


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
        cmocka_unit_test_setup_teardown(a_new_store_knows_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_decision_is_state_history_receipt_and_entry, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_receipt_is_only_its_own_subjects, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_entries_of_one_person_do_not_look_alike, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_later_decision_wins_whatever_the_clock_says, set_up, tear_down),
        cmocka_unit_test_setup_teardown(times_in_the_log_never_run_backwards, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_another_process_decides_is_seen_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_subjects_are_kept_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(policies_are_decided_under_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_signal_is_written_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(entries_with_one_unique_text_are_written_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_policy_entry_holds_the_document_and_keeps_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_page_as_served_is_kept_once_under_its_hash, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_a_caller_did_wrong_leaves_the_others_be, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_aborted_transaction_leaves_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_history_keeps_its_newest, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_erasure_leaves_the_log_and_nothing_that_opens_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tombstones_go_when_no_cookie_can_be_left, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
