/*
 * The end of the tree: what it takes to go on hashing, and the tiles that come of it. Memory is the same however many
 * leaves there are.
 */

#include "ledger/log_inside.h"

typedef struct {
    consent_log_growth_t  *growth;
    consent_digest_t      *digest;
} end_t;

static consent_rc_t tile_root(consent_digest_t *digest, uint8_t (*hashes)[CONSENT_HASH_LEN], size_t n,
    uint8_t out[static CONSENT_HASH_LEN]);
static consent_rc_t last_hash(void *arg, unsigned level, uint64_t index, uint8_t out[static CONSENT_HASH_LEN]);
static void keep(consent_log_growth_t *growth, consent_log_step_t *step, unsigned level, uint64_t index, unsigned width);


consent_rc_t
consent_log_growth_load(consent_log_growth_t *growth, consent_view_t *view, consent_digest_t *digest,
    const consent_log_record_t *log)
{
    size_t           n;
    uint8_t          key[CONSENT_LOG_TILE_KEY_LEN], found[CONSENT_HASH_LEN];
    uint64_t         hashes;
    unsigned         level;
    consent_rc_t     rc;
    consent_slice_t  tile;

    if (log->size == 0) {
        return CONSENT_OK;
    }

    for (level = 0, hashes = log->size; level < CONSENT_TILE_LEVELS && hashes > 0; level++, hashes /= CONSENT_TILE_WIDTH) {
        n = (size_t) (hashes % CONSENT_TILE_WIDTH);

        if (n == 0) {
            continue;
        }

        consent_log_tile_key(key, log->number, level, hashes / CONSENT_TILE_WIDTH);
        rc = consent_view_get(view, CONSENT_TABLE_TILES, consent_slice(key, sizeof(key)), &tile);

        if (rc != CONSENT_OK) {
            return rc == CONSENT_NOTFOUND ? CONSENT_MALFORMED : rc;
        }

        if (tile.len < n * CONSENT_HASH_LEN) {
            return CONSENT_MALFORMED;
        }

        memcpy(growth->last[level], tile.data, n * CONSENT_HASH_LEN);
    }

    rc = consent_log_growth_root(growth, digest, log->size, found);

    return rc != CONSENT_OK ? rc : memcmp(found, log->root, CONSENT_HASH_LEN) == 0 ? CONSENT_OK : CONSENT_MALFORMED;
}


/* A tile that is full is hashed into the one above it. */
consent_rc_t
consent_log_growth_add(consent_log_growth_t *growth, consent_digest_t *digest, consent_log_step_t *step,
    const uint8_t leaf[static CONSENT_HASH_LEN])
{
    size_t        at;
    uint8_t       hash[CONSENT_HASH_LEN];
    uint64_t      hashes;
    unsigned      level;
    consent_rc_t  rc;

    memcpy(hash, leaf, sizeof(hash));
    hashes = step->to.size++;

    for (level = 0; level < CONSENT_TILE_LEVELS; level++) {
        at = (size_t) (hashes % CONSENT_TILE_WIDTH);
        hashes /= CONSENT_TILE_WIDTH;
        memcpy(growth->last[level][at], hash, sizeof(hash));

        if (at + 1 < CONSENT_TILE_WIDTH) {
            break;
        }

        keep(growth, step, level, hashes, CONSENT_TILE_WIDTH);
        rc = tile_root(digest, growth->last[level], CONSENT_TILE_WIDTH, hash);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


void
consent_log_growth_keep(consent_log_growth_t *growth, consent_log_step_t *step)
{
    uint64_t  hashes;
    unsigned  level;

    for (level = 0, hashes = step->to.size; level < CONSENT_TILE_LEVELS && hashes > 0;
         level++, hashes /= CONSENT_TILE_WIDTH)
    {
        if (hashes % CONSENT_TILE_WIDTH != 0 && hashes != step->from.size >> 8 * level) {
            keep(growth, step, level, hashes / CONSENT_TILE_WIDTH, (unsigned) (hashes % CONSENT_TILE_WIDTH));
        }
    }
}


consent_rc_t
consent_log_growth_root(consent_log_growth_t *growth, consent_digest_t *digest, uint64_t size,
    uint8_t out[static CONSENT_HASH_LEN])
{
    end_t           end = { growth, digest };
    consent_rc_t    rc;
    consent_tree_t  frontier;

    rc = consent_tree_load(&frontier, size, last_hash, &end);

    return rc == CONSENT_OK ? consent_tree_root(&frontier, digest, out) : rc;
}


/* n: a power of two. */
static consent_rc_t
tile_root(consent_digest_t *digest, uint8_t (*hashes)[CONSENT_HASH_LEN], size_t n, uint8_t out[static CONSENT_HASH_LEN])
{
    size_t        i;
    uint8_t       row[CONSENT_TILE_WIDTH][CONSENT_HASH_LEN];
    consent_rc_t  rc;

    memcpy(row, hashes, n * CONSENT_HASH_LEN);

    for (rc = CONSENT_OK; n > 1; n /= 2) {
        for (i = 0; i < n / 2 && rc == CONSENT_OK; i++) {
            rc = consent_tree_node(digest, row[i], row[2 * i], row[2 * i + 1]);
        }
    }

    memcpy(out, row[0], CONSENT_HASH_LEN);

    return rc;
}


/* All complete subtrees at the end of the tree are in tiles that still grow. */
static consent_rc_t
last_hash(void *arg, unsigned level, uint64_t index, uint8_t out[static CONSENT_HASH_LEN])
{
    end_t  *end = arg;

    return tile_root(end->digest, &end->growth->last[level / 8][(index << level % 8) % CONSENT_TILE_WIDTH],
                     (size_t) 1 << level % 8, out);
}


static void
keep(consent_log_growth_t *growth, consent_log_step_t *step, unsigned level, uint64_t index, unsigned width)
{
    memcpy(growth->kept[step->n], growth->last[level], width * CONSENT_HASH_LEN);
    step->tiles[step->n++] = (consent_log_put_t) { level, width, index };
}
