/*
 * What was last signed, and stores that are not what it says; publishers that are killed at any moment.
 */

#include "ledger.h"
#include "ledger_log.h"

#include "ledger/log_inside.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>

#define KILLS  40

typedef struct {
    const char           *store;
    const char           *kept;
    int                   dir;
    consent_ledger_t     *ledger;
    consent_publisher_t  *publisher;
} node_t;

/* The checkpoint that a child has shown last; survives it. */
typedef struct {
    volatile uint64_t  size;
    volatile uint8_t   root[CONSENT_HASH_LEN];
    volatile uint64_t  entries;
    volatile uint64_t  rounds;
} promise_t;


/* What happens when the file of what was last signed is looked at next. */
static struct {
    int   begin;                /* 0: nothing */
    int   end;
    char  entries;              /* of the store before */
} between;


/* In the place of libc's. */
int
fstatat(int directory, const char *path, struct stat *st, int flags)
{
    char  c = between.entries;
    int   fd = between.begin;

    if (fd != 0) {
        between.begin = 0;
        between.entries++;
        assert_int_equal(write(fd, &c, 1), 1);
        assert_int_equal(read(between.end, &c, 1), 1);
    }

    return (int) syscall(SYS_newfstatat, directory, path, st, flags);
}


static consent_rc_t
open_guarded(node_t *node, char why[static 256])
{
    consent_ledger_conf_t  conf = { .directory = node->store, .size = (size_t) 64 << 20, .node = "node1", .guarded = true };
    consent_rc_t           rc;

    node->dir = open(node->kept, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_int_not_equal(node->dir, -1);
    conf.signed_dir = node->dir;
    why[0] = '\0';
    rc = consent_ledger_open(&node->ledger, &conf, why);
    assert_non_null(node->ledger);
    node->publisher = a_publisher(node->ledger, ORIGIN, node->dir);

    return rc;
}


static node_t
a_node(void)
{
    char    why[256];
    node_t  node = { .store = temporary_directory(), .kept = temporary_directory() };

    assert_int_equal(open_guarded(&node, why), CONSENT_OK);

    return node;
}


static void
close_node(node_t *node)
{
    consent_publisher_destroy(node->publisher);
    consent_ledger_close(node->ledger);
    (void) close(node->dir);
}


static void
remove_node(node_t *node)
{
    close_node(node);
    remove_directory(node->store);
    remove_directory(node->kept);
}


static void
publish(node_t *node)
{
    char  why[256];

    if (consent_log_publish(node->publisher, why) != CONSENT_OK) {
        fail_msg("not published: %s", why);
    }
}


static void
copy(const char *from, const char *to, const char *name)
{
    char  command[256];

    (void) snprintf(command, sizeof(command), "cp '%s/%s' '%s/'", from, name, to);
    assert_int_equal(system(command), 0);
}


static uint64_t
shown(consent_ledger_t *ledger)
{
    consent_log_t  log;

    return consent_log_find(ledger, CONSENT_LOG_NEWEST, &log) == CONSENT_OK ? log.shown : 0;
}


static void
assert_refused(node_t *node, const char *says)
{
    char                why[256];
    consent_op_t        op = a_grant(1, NOW);
    consent_time_t      erased_at;
    consent_decision_t  d;

    assert_true(consent_ledger_is_refused(node->ledger));
    assert_int_equal(consent_ledger_begin(node->ledger), CONSENT_DENIED);
    assert_non_null(strstr(consent_ledger_why(node->ledger), says));
    assert_int_equal(do_op(node->ledger, &op), CONSENT_DENIED);
    assert_int_equal(state_of(node->ledger, 0, &d, &erased_at), CONSENT_IO);
    assert_int_equal(consent_log_compare(node->ledger, node->dir, why), CONSENT_DENIED);
    assert_non_null(strstr(why, says));
    assert_int_not_equal(consent_log_publish(node->publisher, why), CONSENT_OK);
}


static void
old_copies_are_refused(void **state)
{
    char                why[256];
    node_t              node = a_node(), old;
    consent_op_t        op = a_grant(0, NOW);
    consent_time_t      erased_at;
    consent_decision_t  d;

    (void) state;

    old.store = temporary_directory();
    old.kept = node.kept;

    assert_int_equal(do_op(node.ledger, &op), CONSENT_OK);
    publish(&node);
    copy(node.store, old.store, "data.mdb");
    op = a_withdrawal(0, NOW);
    assert_int_equal(do_op(node.ledger, &op), CONSENT_OK);
    publish(&node);

    /* it never knew of the withdrawal: what it says is not asked for */
    assert_int_equal(open_guarded(&old, why), CONSENT_DENIED);
    assert_non_null(strstr(why, "its log has 1 entries, not 2"));
    assert_refused(&old, "shorter");
    close_node(&old);

    /* longer again, with something else */
    old.kept = temporary_directory();
    assert_int_equal(open_guarded(&old, why), CONSENT_OK);
    op = a_grant(0, NOW + 5000000);
    assert_int_equal(do_op(old.ledger, &op), CONSENT_OK);
    assert_int_equal(do_op(old.ledger, &op), CONSENT_OK);
    publish(&old);
    close_node(&old);
    remove_directory(old.kept);
    old.kept = node.kept;
    assert_int_equal(open_guarded(&old, why), CONSENT_DENIED);
    assert_refused(&old, "differs");
    close_node(&old);
    remove_directory(old.store);

    /* the right one is */
    assert_int_equal(state_of(node.ledger, 0, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_WITHDRAWN);
    remove_node(&node);
}


static void
new_stores_are_refused(void **state)
{
    char    why[256];
    node_t  node = a_node(), other;

    (void) state;

    add_entries(node.ledger, 0, 3);
    publish(&node);

    other.store = temporary_directory();
    other.kept = node.kept;
    assert_int_equal(open_guarded(&other, why), CONSENT_OK);        /* it has no tables yet */
    assert_int_equal(consent_ledger_begin(other.ledger), CONSENT_DENIED);
    assert_refused(&other, "nothing of the log");
    close_node(&other);
    remove_directory(other.store);
    remove_node(&node);
}


/* Another node with the same key: what it signs is seen before the next decision, and heals when it is gone. */
static void
what_changes_is_compared_again(void **state)
{
    int            fd;
    char           why[256];
    node_t         node = a_node(), other;
    consent_op_t   op;

    (void) state;

    add_entries(node.ledger, 0, 5);
    publish(&node);
    copy(node.kept, "/tmp", CONSENT_LOG_SIGNED);

    other.store = temporary_directory();
    other.kept = temporary_directory();
    assert_int_equal(open_guarded(&other, why), CONSENT_OK);
    add_entries(other.ledger, 0, 9);
    publish(&other);

    copy(other.kept, node.kept, CONSENT_LOG_SIGNED);
    op = a_grant(0, NOW);
    assert_int_equal(do_op(node.ledger, &op), CONSENT_DENIED);
    assert_refused(&node, "shorter than what was last signed: its log has 5 entries, not 9");

    /* damaged */
    fd = openat(node.dir, CONSENT_LOG_SIGNED, O_WRONLY | O_TRUNC);
    assert_int_equal(write(fd, "nonsense\n", 9), 9);
    (void) close(fd);
    assert_refused(&node, "is damaged");

    copy("/tmp", node.kept, CONSENT_LOG_SIGNED);
    assert_int_equal(do_op(node.ledger, &op), CONSENT_OK);
    assert_false(consent_ledger_is_refused(node.ledger));
    publish(&node);
    assert_int_equal(shown(node.ledger), 6);

    remove_node(&other);
    remove_node(&node);
}


/* What cannot be kept beside the keys is not shown. */
static void
nothing_is_shown_that_is_not_kept(void **state)
{
    char    why[256];
    node_t  node = a_node();

    (void) state;

    add_entries(node.ledger, 0, 5);
    assert_int_equal(mkdirat(node.dir, CONSENT_LOG_SIGNED ".new", 0700), 0);
    assert_int_equal(consent_log_publish(node.publisher, why), CONSENT_IO);
    assert_non_null(strstr(why, "beside the keys"));
    assert_int_equal(shown(node.ledger), 0);

    assert_int_equal(unlinkat(node.dir, CONSENT_LOG_SIGNED ".new", AT_REMOVEDIR), 0);
    publish(&node);
    assert_int_equal(shown(node.ledger), 5);
    remove_node(&node);
}


/* Tiles that do not have the root that the store says: nothing is signed over them. */
static void
damaged_tiles_are_not_signed(void **state)
{
    char                  why[256];
    uint8_t               key[CONSENT_LOG_TILE_KEY_LEN], hashes[10 * CONSENT_HASH_LEN] = { 0 };
    node_t                node = a_node();
    consent_publisher_t  *again;

    (void) state;

    add_entries(node.ledger, 0, 10);
    publish(&node);

    consent_log_tile_key(key, 0, 0, 0);
    assert_int_equal(consent_ledger_begin(node.ledger), CONSENT_OK);
    assert_int_equal(consent_ledger_put(node.ledger, CONSENT_TABLE_TILES, consent_slice(key, sizeof(key)),
                                        consent_slice(hashes, sizeof(hashes)), CONSENT_PUT_REPLACE), CONSENT_OK);
    assert_int_equal(consent_ledger_commit(node.ledger), CONSENT_OK);

    again = a_publisher(node.ledger, ORIGIN, node.dir);
    assert_int_equal(consent_log_publish(again, why), CONSENT_DENIED);
    assert_non_null(strstr(why, "contradicts itself"));
    consent_publisher_destroy(again);

    close_node(&node);
    assert_int_equal(open_guarded(&node, why), CONSENT_DENIED);
    assert_refused(&node, "differs");
    remove_node(&node);
}


/* Ended after each step of a round: the next publisher goes on, and nothing that was signed is lost. */
static void
each_step_may_be_the_last(void **state)
{
    int           status;
    char          why[256];
    pid_t         pid;
    unsigned      step, done;
    uint64_t      n = 300;
    node_t        node = a_node();
    consent_op_t  op;

    (void) state;

    add_entries(node.ledger, 0, n);
    close_node(&node);

    for (step = 0; step < 6; step++) {
        pid = fork();

        if (pid == 0) {
            if (open_guarded(&node, why) != CONSENT_OK) {
                _exit(1);
            }

            /* odd: after what comes next is prepared (and signed), even: after it is committed */
            for (done = 0; done < step; done++) {
                if (done % 2 == 0 && consent_publisher_next(node.publisher, &op, why) != CONSENT_OK) {
                    _exit(2);
                }

                if (done % 2 == 1) {
                    consent_publisher_done(node.publisher, do_op(node.ledger, &op));
                }
            }

            (void) kill(getpid(), SIGKILL);
        }

        assert_int_equal(waitpid(pid, &status, 0), pid);

        if (step < 5) {
            assert_true(WIFSIGNALED(status));
        }

        assert_int_equal(open_guarded(&node, why), CONSENT_OK);
        publish(&node);
        assert_int_equal(shown(node.ledger), n);
        add_entries(node.ledger, n, n + 100);
        n += 100;
        close_node(&node);
    }

    assert_int_equal(open_guarded(&node, why), CONSENT_OK);
    remove_node(&node);
}


static void
publish_for_ever(node_t *node, promise_t *promise)
{
    char                  why[256];
    uint64_t              n;
    consent_buf_t         b;
    consent_ledger_stat_t  stat;
    consent_checkpoint_t  c;

    if (open_guarded(node, why) != CONSENT_OK) {
        _exit(1);
    }

    consent_buf_init(&b, CONSENT_LOG_CHECKPOINT_MAX);
    n = consent_ledger_stat(node->ledger, &stat) == CONSENT_OK ? stat.entries : 0;

    for (;;) {
        add_entries(node->ledger, n, n + 1 + n % 50);
        n += 1 + n % 50;
        promise->entries = n;

        if (consent_log_publish(node->publisher, why) != CONSENT_OK) {
            _exit(2);
        }

        b.len = 0;

        if (consent_log_checkpoint(node->ledger, &b) != CONSENT_OK
            || consent_checkpoint_read(&c, consent_buf_view(&b)) != CONSENT_OK)
        {
            _exit(3);
        }

        promise->size = 0;
        memcpy((void *) promise->root, c.root, CONSENT_HASH_LEN);
        promise->size = c.size;
        promise->rounds++;
    }
}


/* Another process publishes just when this one compares an older snapshot with what was last signed. */
static void
publish_between(node_t *node, int begin, int end)
{
    char  c, why[256];

    while (read(begin, &c, 1) == 1) {
        if (open_guarded(node, why) != CONSENT_OK) {
            _exit(1);
        }

        add_entries(node->ledger, (uint64_t) c, (uint64_t) c + 1);

        if (consent_log_publish(node->publisher, why) != CONSENT_OK || write(end, &c, 1) != 1) {
            _exit(2);
        }

        close_node(node);
    }

    _exit(0);
}


static void
what_was_signed_meanwhile_is_no_doubt(void **state)
{
    int           status, begin[2], end[2];
    char          why[256];
    pid_t         pid;
    node_t        node = a_node();
    consent_op_t  op;

    (void) state;

    close_node(&node);
    assert_int_equal(pipe(begin), 0);
    assert_int_equal(pipe(end), 0);
    pid = fork();

    if (pid == 0) {
        (void) close(begin[1]);
        publish_between(&node, begin[0], end[1]);
    }

    assert_int_equal(open_guarded(&node, why), CONSENT_OK);
    add_entries(node.ledger, 0, 1);
    publish(&node);
    add_entries(node.ledger, 1, 2);

    for (between.entries = 2; between.entries < 5; /* void */) {
        between.begin = begin[1];
        between.end = end[0];
        assert_int_equal(consent_publisher_next(node.publisher, &op, why), CONSENT_NOTFOUND);
        assert_int_equal(between.begin, 0);
        assert_false(consent_ledger_is_refused(node.ledger));
        assert_int_equal(shown(node.ledger), between.entries);
    }

    (void) close(begin[1]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
    remove_node(&node);
}


static void
killed_at_any_moment(void **state)
{
    int                    status, i;
    char                   why[256];
    pid_t                  pid;
    node_t                 node = a_node();
    uint8_t                root[CONSENT_HASH_LEN];
    uint64_t               rounds;
    promise_t             *promise;
    consent_view_t         view;
    struct timespec        t = { 0, 0 };
    consent_log_tree_t     tree;

    (void) state;

    close_node(&node);
    promise = mmap(NULL, sizeof(promise_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(promise != MAP_FAILED);
    srand(7);

    for (i = 0; i < KILLS; i++) {
        pid = fork();

        if (pid == 0) {
            publish_for_ever(&node, promise);
        }

        /* it is under way: then at any moment */
        t.tv_nsec = 1000000;
        rounds = promise->rounds;

        while (promise->rounds == rounds && waitpid(pid, &status, WNOHANG) == 0) {
            (void) nanosleep(&t, NULL);
        }

        t.tv_nsec = rand() % 20000000;
        (void) nanosleep(&t, NULL);
        (void) kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status));

        if (open_guarded(&node, why) != CONSENT_OK) {
            fail_msg("kill %d: %s", i, why);
        }

        if (promise->size > 0) {
            assert_int_equal(consent_store_read(node.ledger->store, &view), CONSENT_OK);
            tree = (consent_log_tree_t) { &view, consent_digest_create(), 0 };
            assert_int_equal(consent_log_tree_root(&tree, promise->size, root), CONSENT_OK);
            assert_memory_equal(root, (void *) promise->root, sizeof(root));
            consent_digest_destroy(tree.digest);
            consent_store_read_end(node.ledger->store, &view);
        }

        if (promise->entries > 0) {
            publish(&node);
            assert_true(shown(node.ledger) >= promise->entries);
        }

        close_node(&node);
    }

    assert_true(promise->rounds >= KILLS);
    assert_int_equal(open_guarded(&node, why), CONSENT_OK);
    remove_node(&node);
    (void) munmap(promise, sizeof(promise_t));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(old_copies_are_refused),
        cmocka_unit_test(new_stores_are_refused),
        cmocka_unit_test(what_changes_is_compared_again),
        cmocka_unit_test(nothing_is_shown_that_is_not_kept),
        cmocka_unit_test(damaged_tiles_are_not_signed),
        cmocka_unit_test(each_step_may_be_the_last),
        cmocka_unit_test(what_was_signed_meanwhile_is_no_doubt),
        cmocka_unit_test(killed_at_any_moment),
    };

    return cmocka_run_group_tests_name("ledger_guard", tests, NULL, NULL);
}
