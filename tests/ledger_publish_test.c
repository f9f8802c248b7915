/*
 * The log as it is published and read: tiles, bundles, checkpoints and proofs against a tree computed from the entries.
 */

#include "ledger.h"
#include "ledger_log.h"

#include "ledger/tree.h"


/* What every reader must be able to recompute, at this size. */
static void
assert_published(consent_ledger_t *ledger, uint64_t size)
{
    uint8_t               root[CONSENT_HASH_LEN], leaf[CONSENT_HASH_LEN];
    uint64_t              i, n;
    consent_buf_t         b, bundle;
    consent_tile_t        tile;
    consent_tree_t        tree;
    consent_digest_t     *digest = consent_digest_create();
    consent_checkpoint_t  c;

    memset(&tree, 0, sizeof(tree));
    consent_buf_init(&b, CONSENT_LOG_CHECKPOINT_MAX);
    assert_int_equal(consent_log_checkpoint(ledger, &b), CONSENT_OK);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(c.size, size);
    assert_int_equal(consent_checkpoint_verify(&c, log_key(ORIGIN)), CONSENT_OK);

    for (i = 0; i < size; i += CONSENT_TILE_WIDTH) {
        tile = (consent_tile_t) { true, 0, i / CONSENT_TILE_WIDTH, consent_tile_width(0, i / CONSENT_TILE_WIDTH, size) };
        consent_buf_init(&bundle, CONSENT_LOG_BUNDLE_MAX);
        assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &bundle), CONSENT_OK);
        n = add_bundle(&tree, digest, consent_buf_view(&bundle));
        assert_int_equal(n, tile.width);
        consent_buf_free(&bundle);
    }

    assert_int_equal(consent_tree_root(&tree, digest, root), CONSENT_OK);
    assert_memory_equal(root, c.root, sizeof(root));

    /* each tile's hashes are the roots of the tiles below it */
    for (tile.entries = false, tile.level = 0; size >> 8 * tile.level > 0; tile.level++) {
        for (tile.index = 0; (tile.width = consent_tile_width(tile.level, tile.index, size)) > 0; tile.index++) {
            consent_buf_init(&bundle, CONSENT_TILE_WIDTH * CONSENT_HASH_LEN);
            assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &bundle), CONSENT_OK);
            assert_int_equal(bundle.len, tile.width * CONSENT_HASH_LEN);

            for (i = 0; i < tile.width; i++) {
                hash_of(ledger, digest, tile.level, tile.index * CONSENT_TILE_WIDTH + i, leaf);
                assert_memory_equal(leaf, bundle.data + i * CONSENT_HASH_LEN, CONSENT_HASH_LEN);
            }

            consent_buf_free(&bundle);
        }
    }

    consent_buf_free(&b);
    consent_digest_destroy(digest);
}


static void
assert_proven(consent_ledger_t *ledger, uint64_t index)
{
    consent_buf_t       b, entry;
    consent_proof_t     proof;
    consent_digest_t   *digest = consent_digest_create();

    consent_buf_init(&b, CONSENT_LOG_PROOF_MAX);
    consent_buf_init(&entry, CONSENT_ENTRY_MAX);
    assert_int_equal(consent_log_entry(ledger, index, &entry), CONSENT_OK);
    assert_int_equal(consent_log_proof(ledger, index, &b), CONSENT_OK);
    assert_int_equal(consent_proof_read(&proof, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(proof.index, index);
    assert_int_equal(consent_proof_verify(&proof, digest, consent_buf_view(&entry), log_key(ORIGIN)), CONSENT_OK);
    consent_buf_free(&entry);
    consent_buf_free(&b);
    consent_digest_destroy(digest);
}


static void
every_size_is_whole(void **state)
{
    static const uint64_t  sizes[] = { 1, 2, 3, 5, 8, 255, 256, 257, 300, 511, 512, 513, 900 };
    char                   why[256];
    size_t                 i;
    uint64_t               n;
    const char            *directory = temporary_directory();
    consent_ledger_t      *ledger = open_ledger(directory, (size_t) 64 << 20, false);
    consent_publisher_t   *publisher = a_publisher(ledger, ORIGIN, -1);
    consent_buf_t          b;

    (void) state;

    consent_buf_init(&b, CONSENT_LOG_CHECKPOINT_MAX);
    assert_int_equal(consent_log_checkpoint(ledger, &b), CONSENT_NOTFOUND);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    assert_int_equal(consent_log_checkpoint(ledger, &b), CONSENT_NOTFOUND);

    for (i = 0, n = 0; i < consent_countof(sizes); i++) {
        add_entries(ledger, n, sizes[i]);
        assert_int_equal(consent_log_proof(ledger, sizes[i] - 1, &b), CONSENT_NOTFOUND);
        assert_int_equal(consent_log_entry(ledger, sizes[i] - 1, &b), CONSENT_NOTFOUND);
        assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
        assert_published(ledger, sizes[i]);

        for (n = 0; n < sizes[i]; n += sizes[i] < 10 ? 1 : 37) {
            assert_proven(ledger, n);
        }

        n = sizes[i];
        assert_proven(ledger, n - 1);
        assert_int_equal(consent_log_proof(ledger, n, &b), CONSENT_NOTFOUND);
    }

    consent_buf_free(&b);
    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


/* One publisher goes on where another stopped, at any size. */
static void
another_publisher_goes_on(void **state)
{
    char                  why[256];
    uint64_t              n, m;
    const char           *directory = temporary_directory();
    consent_ledger_t     *ledger = open_ledger(directory, (size_t) 64 << 20, false);
    consent_publisher_t  *publisher;

    (void) state;

    for (n = 0; n < 800; n = m) {
        m = n + 1 + n / 3;
        add_entries(ledger, n, m);
        publisher = a_publisher(ledger, ORIGIN, -1);
        assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
        consent_publisher_destroy(publisher);
        assert_published(ledger, m);
    }

    consent_ledger_close(ledger);
    remove_directory(directory);
}


/* More than a step at once: all of it under one checkpoint. */
static void
long_backlog_is_published_in_steps(void **state)
{
    char                  why[256];
    unsigned              steps;
    uint64_t              n = CONSENT_PUBLISHER_STEP * 2 + 300;
    consent_op_t          op;
    const char           *directory = temporary_directory();
    consent_ledger_t     *ledger = open_ledger(directory, (size_t) 256 << 20, false);
    consent_publisher_t  *publisher = a_publisher(ledger, ORIGIN, -1);

    (void) state;

    add_entries(ledger, 0, n);

    for (steps = 0; consent_publisher_next(publisher, &op, why) == CONSENT_OK; steps++) {
        consent_publisher_done(publisher, do_op(ledger, &op));
    }

    assert_int_equal(steps, 4);
    assert_published(ledger, n);
    assert_proven(ledger, 0);
    assert_proven(ledger, CONSENT_PUBLISHER_STEP);
    assert_proven(ledger, n - 1);

    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


/* Every partial tile that any size had is still there. */
static void
narrower_tiles_stay(void **state)
{
    char                  why[256];
    consent_buf_t         full, part;
    consent_tile_t        tile;
    const char           *directory = temporary_directory();
    consent_ledger_t     *ledger = open_ledger(directory, (size_t) 64 << 20, false);
    consent_publisher_t  *publisher = a_publisher(ledger, ORIGIN, -1);

    (void) state;

    add_entries(ledger, 0, 600);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);

    consent_buf_init(&full, CONSENT_LOG_BUNDLE_MAX);
    consent_buf_init(&part, CONSENT_LOG_BUNDLE_MAX);

    for (unsigned entries = 0; entries < 2; entries++) {
        tile = (consent_tile_t) { entries == 1, 0, 1, 256 };
        full.len = 0;
        assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &full), CONSENT_OK);

        for (tile.width = 1; tile.width < 256; tile.width++) {
            part.len = 0;
            assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &part), CONSENT_OK);
            assert_true(part.len < full.len);
            assert_memory_equal(part.data, full.data, part.len);
        }

        /* what the checkpoint does not cover, and what there is not */
        tile = (consent_tile_t) { entries == 1, 0, 2, 89 };
        assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &part), CONSENT_NOTFOUND);
        tile = (consent_tile_t) { entries == 1, 0, 3, 1 };
        assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &part), CONSENT_NOTFOUND);
        tile = (consent_tile_t) { entries == 1, 0, 0, 0 };
        assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &part), CONSENT_NOTFOUND);
        tile = (consent_tile_t) { entries == 1, 0, UINT64_MAX, 1 };
        assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &part), CONSENT_NOTFOUND);
    }

    tile = (consent_tile_t) { false, 2, 0, 1 };
    assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &part), CONSENT_NOTFOUND);
    tile = (consent_tile_t) { false, 99, 0, 1 };
    assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &part), CONSENT_NOTFOUND);

    consent_buf_free(&full);
    consent_buf_free(&part);
    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


/* Entries that come while a round is on its way are the next one's; nothing new, nothing done. */
static void
rounds_end(void **state)
{
    char                  why[256];
    consent_op_t          op;
    const char           *directory = temporary_directory();
    consent_ledger_t     *ledger = open_ledger(directory, (size_t) 64 << 20, false);
    consent_publisher_t  *publisher = a_publisher(ledger, ORIGIN, -1);

    (void) state;

    add_entries(ledger, 0, 10);
    assert_int_equal(consent_publisher_next(publisher, &op, why), CONSENT_OK);
    consent_publisher_done(publisher, do_op(ledger, &op));
    add_entries(ledger, 10, 20);
    assert_int_equal(consent_publisher_next(publisher, &op, why), CONSENT_OK);
    consent_publisher_done(publisher, do_op(ledger, &op));
    assert_int_equal(consent_publisher_next(publisher, &op, why), CONSENT_NOTFOUND);
    assert_published(ledger, 10);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    assert_published(ledger, 20);
    assert_int_equal(consent_publisher_next(publisher, &op, why), CONSENT_NOTFOUND);

    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


/* A step that the store did not take leaves nothing behind, here or there: also one that filled a tile. */
static void
what_failed_is_done_again(void **state)
{
    char                  why[256];
    consent_op_t          op;
    const char           *directory = temporary_directory();
    consent_ledger_t     *ledger = open_ledger(directory, (size_t) 64 << 20, false);
    consent_publisher_t  *publisher = a_publisher(ledger, ORIGIN, -1);

    (void) state;

    add_entries(ledger, 0, 200);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    add_entries(ledger, 200, 300);
    assert_int_equal(consent_publisher_next(publisher, &op, why), CONSENT_OK);
    consent_publisher_done(publisher, CONSENT_IO);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    assert_published(ledger, 300);

    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


/* Two at once, step by step in every order: each step of the slower one is refused by its own transaction. */
static void
two_publishers_make_one_log(void **state)
{
    char                  why[256];
    unsigned              order, i, who, conflicts;
    consent_op_t          op[2];
    consent_rc_t          rc, next[2];
    const char           *directory;
    consent_ledger_t     *ledger;
    consent_publisher_t  *publishers[2];

    (void) state;

    for (order = 0; order < 8; order++) {
        directory = temporary_directory();
        ledger = open_ledger(directory, (size_t) 64 << 20, false);
        publishers[0] = a_publisher(ledger, ORIGIN, -1);
        publishers[1] = a_publisher(ledger, ORIGIN, -1);
        add_entries(ledger, 0, 300);
        conflicts = 0;

        for (i = 0; i < 3; i++) {
            next[0] = consent_publisher_next(publishers[0], &op[0], why);
            add_entries(ledger, 300 + i, 301 + i);
            next[1] = consent_publisher_next(publishers[1], &op[1], why);
            who = order >> i & 1;

            for (unsigned turn = 0; turn < 2; turn++, who ^= 1) {
                if (next[who] == CONSENT_OK) {
                    rc = do_op(ledger, &op[who]);
                    conflicts += rc == CONSENT_CONFLICT;
                    assert_true(rc == CONSENT_OK || rc == CONSENT_CONFLICT);
                    consent_publisher_done(publishers[who], rc);
                }
            }
        }

        assert_true(conflicts > 0);
        assert_int_equal(consent_log_publish(publishers[order & 1], why), CONSENT_OK);
        assert_published(ledger, 303);

        consent_publisher_destroy(publishers[0]);
        consent_publisher_destroy(publishers[1]);
        consent_ledger_close(ledger);
        remove_directory(directory);
    }
}


/* A key of another name does not sign this store's log, and says so. */
static void
other_origin_is_not_signed(void **state)
{
    char                  why[256];
    const char           *directory = temporary_directory();
    consent_ledger_t     *ledger = open_ledger(directory, (size_t) 64 << 20, false);
    consent_publisher_t  *publisher = a_publisher(ledger, ORIGIN, -1);

    (void) state;

    add_entries(ledger, 0, 10);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    consent_publisher_destroy(publisher);

    add_entries(ledger, 10, 20);
    publisher = a_publisher(ledger, "other.example/node", -1);
    assert_int_not_equal(consent_log_publish(publisher, why), CONSENT_OK);
    assert_non_null(strstr(why, "other.example/node"));
    assert_published(ledger, 10);

    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


/* A log that ends, and one that follows it. */
static void
logs_follow_each_other(void **state)
{
    char                  why[256];
    consent_log_t         log;
    consent_buf_t         b;
    consent_proof_t       proof;
    consent_ledger_t     *ledger;
    const char           *directory = temporary_directory();
    consent_publisher_t  *publisher;
    consent_checkpoint_t  c;

    (void) state;

    ledger = open_ledger(directory, (size_t) 64 << 20, false);
    publisher = a_publisher(ledger, ORIGIN, -1);
    consent_buf_init(&b, CONSENT_LOG_PROOF_MAX);

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
    assert_int_equal(consent_log_begin(ledger, 1), CONSENT_NOTFOUND);
    consent_ledger_abort(ledger);

    add_entries(ledger, 0, 270);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    add_entries(ledger, 270, 280);

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);
    assert_int_equal(consent_log_begin(ledger, 2), CONSENT_CONFLICT);
    assert_int_equal(consent_log_begin(ledger, 1), CONSENT_OK);
    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);

    assert_int_equal(consent_log_find(ledger, 0, &log), CONSENT_OK);
    assert_true(log.ended);
    assert_int_equal(log.leaves, 280);

    /* until the new one has a checkpoint the old one is the newest to be read */
    assert_published(ledger, 270);
    add_entries(ledger, 280, 290);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);

    assert_int_equal(consent_log_find(ledger, 0, &log), CONSENT_OK);
    assert_int_equal(log.shown, 280);
    assert_int_equal(consent_log_find(ledger, CONSENT_LOG_NEWEST, &log), CONSENT_OK);
    assert_int_equal(log.number, 1);
    assert_int_equal(log.first, 280);
    assert_int_equal(log.shown, 10);
    assert_string_equal(log.origin, ORIGIN "/1");

    assert_int_equal(consent_log_checkpoint(ledger, &b), CONSENT_OK);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(consent_checkpoint_verify(&c, log_key(ORIGIN "/1")), CONSENT_OK);
    assert_int_equal(c.size, 10);

    /* a proof is of the log that its entry is in */
    assert_proven(ledger, 279);
    b.len = 0;
    assert_int_equal(consent_log_proof(ledger, 283, &b), CONSENT_OK);
    assert_int_equal(consent_proof_read(&proof, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(proof.index, 3);

    consent_buf_free(&b);
    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


static void
consistency_is_proven(void **state)
{
    char                  why[256];
    uint8_t               proof[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN], roots[301][CONSENT_HASH_LEN],
                          leaf[CONSENT_HASH_LEN];
    unsigned              n;
    uint64_t              i, size = 300;
    consent_tree_t        tree;
    const char           *directory = temporary_directory();
    consent_ledger_t     *ledger = open_ledger(directory, (size_t) 64 << 20, false);
    consent_digest_t     *digest = consent_digest_create();
    consent_publisher_t  *publisher = a_publisher(ledger, ORIGIN, -1);

    (void) state;

    add_entries(ledger, 0, size);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    memset(&tree, 0, sizeof(tree));

    for (i = 0; i < size; i++) {
        hash_of(ledger, digest, 0, i, leaf);
        assert_int_equal(consent_tree_add(&tree, digest, leaf), CONSENT_OK);
        assert_int_equal(consent_tree_root(&tree, digest, roots[i + 1]), CONSENT_OK);
    }

    for (i = 1; i <= size; i++) {
        assert_int_equal(consent_log_consistency(ledger, CONSENT_LOG_NEWEST, i, size, proof, &n), CONSENT_OK);
        assert_int_equal(consent_tree_check_consistency(digest, i, roots[i], size, roots[size],
                                                        (const uint8_t (*)[CONSENT_HASH_LEN]) proof, n), CONSENT_OK);
    }

    assert_int_equal(consent_log_consistency(ledger, CONSENT_LOG_NEWEST, 0, size, proof, &n), CONSENT_NOTFOUND);
    assert_int_equal(consent_log_consistency(ledger, CONSENT_LOG_NEWEST, 9, size + 1, proof, &n), CONSENT_NOTFOUND);
    assert_int_equal(consent_log_consistency(ledger, CONSENT_LOG_NEWEST, 9, 8, proof, &n), CONSENT_NOTFOUND);

    consent_digest_destroy(digest);
    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(every_size_is_whole),
        cmocka_unit_test(another_publisher_goes_on),
        cmocka_unit_test(long_backlog_is_published_in_steps),
        cmocka_unit_test(narrower_tiles_stay),
        cmocka_unit_test(rounds_end),
        cmocka_unit_test(what_failed_is_done_again),
        cmocka_unit_test(two_publishers_make_one_log),
        cmocka_unit_test(other_origin_is_not_signed),
        cmocka_unit_test(logs_follow_each_other),
        cmocka_unit_test(consistency_is_proven),
    };

    return cmocka_run_group_tests_name("ledger_publish", tests, NULL, NULL);
}
