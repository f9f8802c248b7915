/*
 * Tiles and bundles as an audit reads them, and the hashes over them.
 */

#include "ledger/audit_inside.h"

typedef struct {
    consent_digest_t        *digest;
    consent_audit_levels_t  *levels;
} audit_frontier_t;

static consent_rc_t frontier_hash(void *arg, unsigned level, uint64_t index, uint8_t out[static CONSENT_HASH_LEN]);


consent_rc_t
consent_audit_tile(consent_auditor_t *a, unsigned level, uint64_t index, unsigned width)
{
    consent_rc_t    rc;
    consent_tile_t  tile = { .level = level, .index = index, .width = width };

    a->tile.len = 0;
    a->tile.rc = CONSENT_OK;
    rc = a->conf->source.tile(a->conf->source.arg, &tile, &a->tile);

    if (rc == CONSENT_LIMIT || (rc == CONSENT_OK && a->tile.len != (size_t) width * CONSENT_HASH_LEN)) {
        return CONSENT_MALFORMED;
    }

    return rc;
}


consent_rc_t
consent_audit_bundle(consent_auditor_t *a, uint64_t index, unsigned width)
{
    consent_tile_t  tile = { .entries = true, .index = index, .width = width };

    a->bundle.len = 0;
    a->bundle.rc = CONSENT_OK;

    return a->conf->source.tile(a->conf->source.arg, &tile, &a->bundle);
}


bool
consent_audit_next(consent_slice_t *bundle, consent_slice_t *entry)
{
    size_t  len;

    if (bundle->len < 2) {
        return false;
    }

    len = (size_t) bundle->data[0] << 8 | bundle->data[1];

    if (bundle->len - 2 < len) {
        return false;
    }

    *entry = consent_slice(bundle->data + 2, len);
    *bundle = consent_slice(bundle->data + 2 + len, bundle->len - 2 - len);

    return true;
}


consent_rc_t
consent_audit_reduce(consent_digest_t *d, uint8_t (*hashes)[CONSENT_HASH_LEN], size_t n)
{
    size_t        i;
    consent_rc_t  rc;

    for (rc = CONSENT_OK; n > 1; n /= 2) {
        for (i = 0; i < n / 2 && rc == CONSENT_OK; i++) {
            rc = consent_tree_node(d, hashes[i], hashes[2 * i], hashes[2 * i + 1]);
        }
    }

    return rc;
}


consent_rc_t
consent_audit_root(consent_auditor_t *a, consent_audit_levels_t *levels, uint64_t size,
    uint8_t out[static CONSENT_HASH_LEN])
{
    consent_rc_t      rc;
    consent_tree_t    tree;
    audit_frontier_t  frontier = { a->digest, levels };

    rc = consent_tree_load(&tree, size, frontier_hash, &frontier);

    return rc == CONSENT_OK ? consent_tree_root(&tree, a->digest, out) : rc;
}


/* The complete subtrees of a frontier are all within the tiles that are not full. */
static consent_rc_t
frontier_hash(void *arg, unsigned level, uint64_t index, uint8_t out[static CONSENT_HASH_LEN])
{
    size_t             n, from;
    consent_rc_t       rc;
    audit_frontier_t  *f = arg;

    consent_audit_hashes_t  hashes;

    n = (size_t) 1 << level % 8;
    from = (size_t) (index << level % 8) % CONSENT_TILE_WIDTH;
    memcpy(hashes, f->levels->hashes[level / 8][from], n * CONSENT_HASH_LEN);
    rc = consent_audit_reduce(f->digest, hashes, n);
    memcpy(out, hashes[0], CONSENT_HASH_LEN);

    return rc;
}
