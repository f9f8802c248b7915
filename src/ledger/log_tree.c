/*
 * Hashes of the stored tree. A tile holds every eighth level; the seven between are hashed when they are asked for, which
 * is at most 127 nodes.
 */

#include "ledger/log_inside.h"


consent_rc_t
consent_log_tree_hash(void *arg, unsigned level, uint64_t index, uint8_t out[static CONSENT_HASH_LEN])
{
    size_t               i, n, offset;
    uint8_t              key[CONSENT_LOG_TILE_KEY_LEN], hashes[CONSENT_TILE_WIDTH / 2][CONSENT_HASH_LEN];
    uint64_t             position;
    consent_rc_t         rc;
    consent_slice_t      tile;
    consent_log_tree_t  *tree = arg;

    n = (size_t) 1 << level % 8;
    position = index << level % 8;
    offset = (size_t) (position % CONSENT_TILE_WIDTH);

    consent_log_tile_key(key, tree->number, level / 8, position / CONSENT_TILE_WIDTH);
    rc = consent_view_get(tree->view, CONSENT_TABLE_TILES, consent_slice(key, sizeof(key)), &tile);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_MALFORMED : rc;
    }

    if (tile.len % CONSENT_HASH_LEN != 0 || tile.len / CONSENT_HASH_LEN < offset + n) {
        return CONSENT_MALFORMED;
    }

    memcpy(hashes, tile.data + offset * CONSENT_HASH_LEN, n * CONSENT_HASH_LEN);

    for (/* void */; n > 1; n /= 2) {
        for (i = 0; i < n / 2 && rc == CONSENT_OK; i++) {
            rc = consent_tree_node(tree->digest, hashes[i], hashes[2 * i], hashes[2 * i + 1]);
        }
    }

    memcpy(out, hashes[0], CONSENT_HASH_LEN);

    return rc;
}


consent_rc_t
consent_log_tree_root(consent_log_tree_t *tree, uint64_t size, uint8_t out[static CONSENT_HASH_LEN])
{
    consent_rc_t    rc;
    consent_tree_t  frontier;

    rc = consent_tree_load(&frontier, size, consent_log_tree_hash, tree);

    return rc == CONSENT_OK ? consent_tree_root(&frontier, tree->digest, out) : rc;
}
