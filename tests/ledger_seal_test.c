/*
 * The end of a log: the next one begins where it ends. Its entries can be dropped later, by a decision that is named, and
 * what was signed stays signed.
 */

#include "ledger_fixture.h"
#include "ledger_log.h"

#include <signal.h>

#include "ledger/seal.h"

#define OLD  (NOW - 400 * DAY)


static void
publish(void)
{
    char                  why[256] = "";
    consent_publisher_t  *publisher = a_publisher(ledger, ORIGIN, -1);

    if (consent_log_publish(publisher, why) != CONSENT_OK) {
        fail_msg("cannot publish: %s", why);
    }

    consent_publisher_destroy(publisher);
}


static consent_log_t
log_of(uint32_t number)
{
    consent_log_t  log;

    assert_int_equal(consent_log_find(ledger, number, &log), CONSENT_OK);

    return log;
}


static void
a_sealed_log_ends_and_the_next_begins(void **state)
{
    char              why[256];
    consent_op_t      op = a_grant(1, NOW);
    consent_log_t     log;
    consent_sealed_t  sealed;

    (void) state;

    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(consent_ledger_seal(ledger, NOW, &sealed, why), CONSENT_NOTFOUND);
    assert_non_null(strstr(why, "published"));
    assert_int_equal(count_entries(ledger), 1);

    publish();
    op = a_grant(2, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(consent_ledger_seal(ledger, NOW + 1000, &sealed, why), CONSENT_OK);
    assert_int_equal(sealed.number, 0);
    assert_int_equal(sealed.leaves, 3);
    assert_string_equal(sealed.next, ORIGIN "/1");
    assert_string_equal(member(entry_at(ledger, 2), "type"), "sealed");
    assert_non_null(strstr(entry_at(ledger, 2), "{\"leaves\":3,\"log\":0,\"node\":"));

    op = a_grant(3, NOW + 2000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 3);
    publish();

    log = log_of(0);
    assert_true(log.ended);
    assert_int_equal(log.shown, 3);
    log = log_of(CONSENT_LOG_NEWEST);
    assert_int_equal(log.number, 1);
    assert_int_equal(log.first, 3);
    assert_int_equal(log.shown, 1);

    /* once more, with nothing in between */
    assert_int_equal(consent_ledger_seal(ledger, NOW + 3000, &sealed, why), CONSENT_OK);
    assert_int_equal(sealed.leaves, 2);
    assert_int_equal(consent_ledger_seal(ledger, NOW + 3000, &sealed, why), CONSENT_OK);
    assert_int_equal(sealed.leaves, 1);
    assert_string_equal(sealed.next, ORIGIN "/3");
    publish();
    assert_int_equal(log_of(2).shown, 1);
}


static void
what_is_pruned_is_gone_and_its_tree_stays(void **state)
{
    char                    why[256];
    uint8_t                 memory[2][16384];
    uint64_t                i;
    openings_t              o;
    consent_op_t            op;
    consent_buf_t           before, after;
    consent_tile_t          tile = { .entries = false, .level = 0, .index = 0, .width = 12 };
    consent_pruned_t        pruned;
    consent_sealed_t        sealed;
    consent_ledger_stat_t   stat;

    (void) state;

    for (i = 0; i < 11; i++) {
        op = a_grant(i % 3, OLD);
        op.identified = true;
        assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    }

    publish();
    assert_int_equal(consent_ledger_prune(ledger, NOW, NOW, "KS 2026/55", &pruned, why), CONSENT_NOTFOUND);

    assert_int_equal(consent_ledger_seal(ledger, OLD + DAY, &sealed, why), CONSENT_OK);
    assert_int_equal(consent_ledger_prune(ledger, NOW, NOW, "KS 2026/55", &pruned, why), CONSENT_CONFLICT);
    assert_non_null(strstr(why, "published"));

    op = a_grant(1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    publish();
    assert_int_equal(consent_ledger_prune(ledger, NOW, OLD, "KS 2026/55", &pruned, why), CONSENT_CONFLICT);
    assert_non_null(strstr(why, "in force"));
    assert_int_equal(count_entries(ledger), 13);

    consent_buf_init_fixed(&before, memory[0], sizeof(memory[0]));
    assert_int_equal(consent_log_checkpoint_of(ledger, 0, false, &before), CONSENT_OK);

    assert_int_equal(consent_ledger_prune(ledger, NOW + 1, NOW - 180 * DAY, "KS 2026/55", &pruned, why), CONSENT_OK);
    assert_int_equal(pruned.number, 0);
    assert_int_equal(pruned.leaves, 12);

    assert_int_equal(count_entries(ledger), 2);
    assert_string_equal(member(entry_at(ledger, 13), "type"), "pruned");
    assert_string_equal(member(entry_at(ledger, 13), "decision"), "KS 2026/55");
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.entries, 14);
    assert_int_equal(stat.pruned, 12);

    /* tree and checkpoint are as they were; the bundle is not there */
    consent_buf_init_fixed(&after, memory[1], sizeof(memory[1]));
    assert_int_equal(consent_log_checkpoint_of(ledger, 0, false, &after), CONSENT_OK);
    assert_int_equal(before.len, after.len);
    assert_memory_equal(before.data, after.data, after.len);
    consent_buf_init_fixed(&after, memory[1], sizeof(memory[1]));
    assert_int_equal(consent_log_tile_of(ledger, 0, &tile, &after), CONSENT_OK);
    assert_int_equal(after.len, 12 * 32);
    tile.entries = true;
    consent_buf_init_fixed(&after, memory[1], sizeof(memory[1]));
    assert_int_equal(consent_log_tile_of(ledger, 0, &tile, &after), CONSENT_NOTFOUND);

    /* whose entries are gone is not taken for somebody whose entries were changed */
    o = openings_of(0);
    assert_int_equal(o.opened + o.closed, 0);
    o = openings_of(1);
    assert_int_equal(o.opened, 1);
    assert_int_equal(o.closed, 0);

    /* the store goes on */
    op = a_grant(5, NOW + 2);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(op.index, 14);
    publish();
    consent_ledger_close(ledger);
    ledger = open_ledger(directory, 0, false);
    publish();
    assert_int_equal(log_of(1).shown, 3);
    assert_int_equal(consent_ledger_prune(ledger, NOW, NOW, "KS 2026/55", &pruned, why), CONSENT_NOTFOUND);
}


/* As nginx writes it at a start: one of each policy. */
static void
start(char id, char policy)
{
    char          unique[7 + 32 + 1 + 64 + 1] = "config:";
    consent_op_t  op = an_entry("config", "", OLD);

    memset(unique + 7, id, 32);
    unique[39] = ':';
    memset(unique + 40, policy, 64);
    op.unique = consent_cstr(unique);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
}


static void
what_is_in_force_is_not_pruned(void **state)
{
    char              why[256];
    size_t            i;
    consent_pruned_t  pruned;
    consent_sealed_t  sealed;

    static const struct {
        const char  *before;        /* starts and policies in the log that is sealed */
        const char  *behind;
        bool         goes;
    } rows[] = {
        { "a1", "", false },
        { "a1", "b1", true },
        { "b1", "a1", true },           /* their names are no order */
        { "a1b1", "", false },
        { "b1a1", "", false },
        { "b1c1a1", "d2", true },
        { "a1a2", "b1b2", true },
        { "a1b1", "b2", false },        /* the log ended while it started */
        { "c1b1", "b2", false },
        { "", "a1", true },
        { "", "", true },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        const char  *p;

        add_entries(ledger, 0, 1);

        for (p = rows[i].before; *p != '\0'; p += 2) {
            start(p[0], p[1]);
        }

        publish();
        assert_int_equal(consent_ledger_seal(ledger, OLD + DAY, &sealed, why), CONSENT_OK);

        for (p = rows[i].behind; *p != '\0'; p += 2) {
            start(p[0], p[1]);
        }

        publish();
        why[0] = '\0';

        if (consent_ledger_prune(ledger, NOW, NOW, "KS 2026/55", &pruned, why)
            != (rows[i].goes ? CONSENT_OK : CONSENT_CONFLICT)
            || (strstr(why, "reload nginx first") == NULL) != rows[i].goes)
        {
            fail_msg("row %zu: %s", i, why);
        }

        tear_down(state);
        set_up(state);
    }
}


/* Not what she decided, as long as she is not to be erased; what only others decided goes. */
static void
what_is_on_hold_is_not_pruned(void **state)
{
    char              why[256] = "";
    consent_op_t      op = a_grant(1, OLD), hold = a_hold(2, false);
    consent_pruned_t  pruned;
    consent_sealed_t  sealed;

    (void) state;

    op.identified = true;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    publish();
    assert_int_equal(consent_ledger_seal(ledger, OLD + DAY, &sealed, why), CONSENT_OK);
    op = a_grant(2, OLD + 2 * DAY);
    op.identified = true;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    publish();
    assert_int_equal(consent_ledger_seal(ledger, OLD + 3 * DAY, &sealed, why), CONSENT_OK);
    assert_int_equal(do_op(ledger, &hold), CONSENT_OK);
    publish();

    assert_int_equal(consent_ledger_prune(ledger, NOW, NOW, "KS 1", &pruned, why), CONSENT_OK);
    assert_int_equal(pruned.number, 0);
    assert_int_equal(consent_ledger_prune(ledger, NOW, NOW, "KS 2", &pruned, why), CONSENT_CONFLICT);
    assert_non_null(strstr(why, "a legal hold decided in log 1"));

    hold = a_hold(2, true);
    assert_int_equal(do_op(ledger, &hold), CONSENT_OK);
    assert_int_equal(consent_ledger_prune(ledger, NOW, NOW, "KS 2", &pruned, why), CONSENT_OK);
    assert_int_equal(pruned.number, 1);
}


/* So many that they do not go in one transaction; cut off behind the first. */
static void
a_pruning_that_was_cut_off_goes_on(void **state)
{
    char               why[256];
    uint64_t           i;
    pid_t              pid;
    consent_op_t       op;
    consent_pruned_t   pruned;
    consent_sealed_t   sealed;
    consent_ledger_stat_t  stat;

    (void) state;

    for (i = 0; i < 10; i++) {
        add_entries(ledger, i * 1000, i * 1000 + 1000);
    }

    publish();
    assert_int_equal(consent_ledger_seal(ledger, NOW, &sealed, why), CONSENT_OK);
    op = a_grant(1, NOW);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    publish();
    consent_ledger_close(ledger);

    pid = fork();

    if (pid == 0) {
        ledger = open_ledger(directory, 0, false);
        (void) consent_ledger_prune(ledger, NOW, NOW, "first", &pruned, why);
        _exit(0);
    }

    ledger = open_ledger(directory, 0, true);

    do {
        (void) usleep(200);
        assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    } while (stat.pruned == 0);

    (void) kill(pid, SIGKILL);
    assert_int_equal(waitpid(pid, NULL, 0), pid);
    consent_ledger_close(ledger);
    ledger = open_ledger(directory, 0, false);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(count_entries(ledger), stat.entries - stat.pruned);

    assert_int_equal(consent_ledger_prune(ledger, NOW, NOW, "again", &pruned, why),
                     stat.pruned == 10001 ? CONSENT_NOTFOUND : CONSENT_OK);
    assert_int_equal(consent_ledger_stat(ledger, &stat), CONSENT_OK);
    assert_int_equal(stat.pruned, 10001);
    assert_int_equal(count_entries(ledger), 2);
    assert_string_equal(member(entry_at(ledger, 10002), "decision"), "first");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_sealed_log_ends_and_the_next_begins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_pruned_is_gone_and_its_tree_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_in_force_is_not_pruned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_on_hold_is_not_pruned, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pruning_that_was_cut_off_goes_on, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
