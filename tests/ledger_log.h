/*
 * What the tests of the log share: a key, a publisher, entries, and the tree as a reader computes it.
 */

#ifndef TESTS_LEDGER_LOG_H
#define TESTS_LEDGER_LOG_H

#include "ledger/log.h"

#define ORIGIN  "consent.example.org/node1"

static const uint8_t  log_seed[32] = { 1, 2, 3, 4, 5, 6, 7, 8 };


static inline const consent_note_key_t *
log_key(const char *origin)
{
    static consent_note_key_t  key;
    uint8_t                    public_key[32];

    assert_int_equal(consent_ed25519_public(public_key, log_seed), CONSENT_OK);
    assert_int_equal(consent_note_key_make(&key, consent_cstr(origin), CONSENT_NOTE_ED25519, public_key), CONSENT_OK);

    return &key;
}


static inline consent_publisher_t *
a_publisher(consent_ledger_t *ledger, const char *origin, int signed_dir)
{
    consent_publisher_t            *publisher;
    const consent_publisher_conf_t  conf = { origin, log_seed, signed_dir };

    assert_int_equal(consent_publisher_create(&publisher, ledger, &conf), CONSENT_OK);

    return publisher;
}


/* Entries from index `from` up to `to`, in one transaction. */
static inline void
add_entries(consent_ledger_t *ledger, uint64_t from, uint64_t to)
{
    char          fields[32];
    consent_op_t  op;

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (/* void */; from < to; from++) {
        (void) snprintf(fields, sizeof(fields), "{\"n\":%llu}", (unsigned long long) from);
        op = an_entry("audit", fields, NOW);
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
        assert_int_equal(op.index, from);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
}


/* Adds the entries of a bundle to a tree; returns how many they are. */
static inline uint64_t
add_bundle(consent_tree_t *tree, consent_digest_t *digest, consent_slice_t bundle)
{
    size_t    len;
    uint8_t   leaf[CONSENT_HASH_LEN];
    uint64_t  n;

    for (n = 0; bundle.len > 0; n++) {
        assert_true(bundle.len >= 2);
        len = (size_t) bundle.data[0] << 8 | bundle.data[1];
        assert_true(bundle.len >= 2 + len);
        assert_int_equal(consent_tree_leaf(digest, leaf, consent_slice(bundle.data + 2, len)), CONSENT_OK);
        assert_int_equal(consent_tree_add(tree, digest, leaf), CONSENT_OK);
        bundle.data += 2 + len;
        bundle.len -= 2 + len;
    }

    return n;
}


/* A hash of a tile from what is below it: an entry, or a full tile. */
static inline void
hash_of(consent_ledger_t *ledger, consent_digest_t *digest, unsigned level, uint64_t index, uint8_t out[32])
{
    size_t          i;
    uint8_t         hashes[CONSENT_TILE_WIDTH][CONSENT_HASH_LEN];
    consent_buf_t   b;
    consent_tile_t  tile = { false, level - 1, index, CONSENT_TILE_WIDTH };

    consent_buf_init(&b, CONSENT_LOG_BUNDLE_MAX);

    if (level == 0) {
        assert_int_equal(consent_log_entry(ledger, index, &b), CONSENT_OK);
        assert_int_equal(consent_tree_leaf(digest, out, consent_buf_view(&b)), CONSENT_OK);
        consent_buf_free(&b);
        return;
    }

    assert_int_equal(consent_log_tile_of(ledger, CONSENT_LOG_NEWEST, &tile, &b), CONSENT_OK);
    memcpy(hashes, b.data, sizeof(hashes));
    consent_buf_free(&b);

    for (i = CONSENT_TILE_WIDTH; i > 1; i /= 2) {
        for (size_t j = 0; j < i / 2; j++) {
            assert_int_equal(consent_tree_node(digest, hashes[j], hashes[2 * j], hashes[2 * j + 1]), CONSENT_OK);
        }
    }

    memcpy(out, hashes[0], CONSENT_HASH_LEN);
}

#endif
