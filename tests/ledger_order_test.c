/*
 * Whatever was decided where, and comes in whatever order: all stores end the same, and each log names each decision once.
 * TEST_LOOPS=n takes n orders.
 */

#include "ledger_replica.h"


/* ---- Any order ---- */

#define SUBJECTS  6
#define ROUNDS    60
#define PENDING   512

static uint64_t  seed;

static uint64_t
next_random(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;

    return seed % below;
}


static void
decide_something(node_t *node, consent_time_t now)
{
    consent_op_t  op;

    op = next_random(2) ? a_grant(next_random(SUBJECTS), now) : a_withdrawal(next_random(SUBJECTS), now);
    op.policy.id_key += next_random(2);

    if (next_random(4) == 0) {
        op.decision.scope = CONSENT_SCOPE_ONCE;
    }

    if (next_random(8) == 0) {
        op.type = CONSENT_OP_ERASURE;
        op.decision.stamp = 0;
        op.keep_until = now + 30 * DAY;
    }

    assert_int_equal(do_op(node->ledger, &op), CONSENT_OK);
}


/* Every entry of every node stands once in every other log. */
static void
assert_logs_agree(void)
{
    size_t      i, j, found;
    char        want[128];
    uint64_t    e, k;
    const char *entry;

    for (i = 0; i < NODES; i++) {
        for (e = 0; e < count_entries(nodes[i].ledger); e++) {

            if (strstr(entry_at(nodes[i].ledger, e), "\"origin\"") != NULL) {
                continue;
            }

            (void) snprintf(want, sizeof(want), "\"origin\":\"%s\"", nodes[i].name);

            for (j = 0; j < NODES; j++) {
                for (k = 0, found = 0; j != i && k < count_entries(nodes[j].ledger); k++) {
                    char  index[64];

                    entry = entry_at(nodes[j].ledger, k);
                    (void) snprintf(index, sizeof(index), "\"origin_index\":%llu,", (unsigned long long) e);
                    found += strstr(entry, want) != NULL && strstr(entry, index) != NULL;
                }

                assert_int_equal(found, j != i);
            }
        }
    }
}


static void
any_order_gives_the_same_state(uint64_t from)
{
    size_t          i, j, n, k;
    batch_t        *pending, *batch;
    consent_time_t  now[NODES];
    size_t          to[PENDING];

    seed = from * UINT64_C(0x9e3779b97f4a7c15) | 1;
    pending = malloc(PENDING * sizeof(batch_t));
    assert_non_null(pending);
    n = 0;

    for (i = 0; i < NODES; i++) {
        /* clocks apart, some by minutes */
        now[i] = NOW + (consent_time_t) next_random(200000);
    }

    for (k = 0; k < ROUNDS; k++) {
        i = next_random(NODES);
        now[i] += (consent_time_t) next_random(3);
        decide_something(&nodes[i], now[i]);

        /* to each of the others: from anywhere, again, in pieces, or lost */
        for (j = 0; j < NODES; j++) {
            if (j == i || n == PENDING || next_random(3) == 0) {
                continue;
            }

            batch = &pending[n];

            if (tell(&nodes[i], 1 + next_random(k + 1), 1 + next_random(3), batch)) {
                to[n++] = j;
            }
        }

        while (n > 0 && next_random(3) != 0) {
            j = next_random(n);
            (void) hear(&nodes[to[j]], &pending[j]);
            n--;
            pending[j] = pending[n];
            to[j] = to[n];
        }
    }

    /* in the end all that is missing is told again, in one order or the other */
    for (i = 0; i < NODES; i++) {
        for (j = 0; j < NODES; j++) {
            k = from % 2 ? j : NODES - 1 - j;

            if (k != i) {
                tell_all(&nodes[k], place_at(i, nodes[k].name).sequence + 1, &nodes[i]);
            }
        }
    }

    free(pending);

    for (i = 0; i < NODES; i++) {
        for (j = 0; j < NODES; j++) {
            if (j != i) {
                assert_false(place_at(i, nodes[j].name).gaps);
            }
        }

        for (j = 0; j < SUBJECTS; j++) {
            assert_int_equal(openings_at(i, j).closed, 0);
            assert_int_equal(state_at(i, j).stamp, state_at(0, j).stamp);
            assert_int_equal(state_at(i, j).granted, state_at(0, j).granted);
            assert_memory_equal(state_at(i, j).receipt, state_at(0, j).receipt, CONSENT_ID_LEN);
        }

        assert_string_equal(content_of(nodes[i].ledger), content_of(nodes[0].ledger));
    }

    assert_logs_agree();
}


static void
whatever_the_order_all_stores_end_the_same(void **state)
{
    uint64_t     i, n;
    const char  *loops = getenv("TEST_LOOPS");

    n = loops == NULL ? 4 : strtoull(loops, NULL, 10);

    for (i = 0; i < n; i++) {
        if (i > 0) {
            (void) tear_down_nodes(state);
            (void) set_up_nodes(state);
        }

        any_order_gives_the_same_state(i + 1);
    }
}


#define on_nodes(f)  cmocka_unit_test_setup_teardown(f, set_up_nodes, tear_down_nodes)

int
main(void)
{
    const struct CMUnitTest  tests[] = {
        on_nodes(whatever_the_order_all_stores_end_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
