/*
 * Proofs of a Merkle tree: RFC 6962 sections 2.1.1 and 2.1.2, and their checks of RFC 9162 sections 2.1.3.2 and 2.1.4.2.
 */

#include "ledger/tree.h"

/* Where the hashes of a proof come from, and where they go. */
typedef struct {
    uint8_t               (*proof)[CONSENT_HASH_LEN];
    unsigned                n;
    consent_digest_t       *digest;
    consent_tree_hash_pt    get;
    void                   *arg;
} tree_path_t;

static consent_rc_t tree_path_add(tree_path_t *path, uint64_t from, uint64_t size);
static void tree_path_turn(tree_path_t *path);
static uint64_t tree_split(uint64_t size);


consent_rc_t
consent_tree_inclusion(uint8_t proof[][CONSENT_HASH_LEN], unsigned *n, uint64_t index, uint64_t size,
    consent_digest_t *d, consent_tree_hash_pt get, void *arg)
{
    uint64_t      from, half;
    tree_path_t   path = { proof, 0, d, get, arg };
    consent_rc_t  rc;

    *n = 0;

    if (index >= size) {
        return CONSENT_MALFORMED;
    }

    rc = CONSENT_OK;

    for (from = 0; size > 1 && rc == CONSENT_OK; /* void */ ) {
        half = tree_split(size);

        if (index - from < half) {
            rc = tree_path_add(&path, from + half, size - half);
            size = half;

        } else {
            rc = tree_path_add(&path, from, half);
            from += half;
            size -= half;
        }
    }

    if (rc == CONSENT_OK) {
        tree_path_turn(&path);
        *n = path.n;
    }

    return rc;
}


consent_rc_t
consent_tree_consistency(uint8_t proof[][CONSENT_HASH_LEN], unsigned *n, uint64_t old, uint64_t size,
    consent_digest_t *d, consent_tree_hash_pt get, void *arg)
{
    uint64_t      from, half;
    tree_path_t   path = { proof, 0, d, get, arg };
    consent_rc_t  rc;

    *n = 0;

    if (old > size) {
        return CONSENT_MALFORMED;
    }

    if (old == 0) {
        return CONSENT_OK;
    }

    rc = CONSENT_OK;

    for (from = 0; old - from < size && rc == CONSENT_OK; /* void */ ) {
        half = tree_split(size);

        if (old - from <= half) {
            rc = tree_path_add(&path, from + half, size - half);
            size = half;

        } else {
            rc = tree_path_add(&path, from, half);
            from += half;
            size -= half;
        }
    }

    /* the old tree's own root is known to who checks; a part of it is not */

    if (rc == CONSENT_OK && from > 0) {
        rc = tree_path_add(&path, from, size);
    }

    if (rc == CONSENT_OK) {
        tree_path_turn(&path);
        *n = path.n;
    }

    return rc;
}


consent_rc_t
consent_tree_check_inclusion(consent_digest_t *d, const uint8_t leaf[static CONSENT_HASH_LEN], uint64_t index,
    uint64_t size, const uint8_t proof[][CONSENT_HASH_LEN], unsigned n, const uint8_t root[static CONSENT_HASH_LEN])
{
    uint8_t       hash[CONSENT_HASH_LEN];
    unsigned      i;
    uint64_t      fn, sn;
    consent_rc_t  rc;

    if (index >= size) {
        return CONSENT_DENIED;
    }

    memcpy(hash, leaf, CONSENT_HASH_LEN);
    fn = index;
    sn = size - 1;

    for (i = 0; i < n; i++) {
        if (sn == 0) {
            return CONSENT_DENIED;
        }

        if ((fn & 1) != 0 || fn == sn) {
            rc = consent_tree_node(d, hash, proof[i], hash);

            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }

        } else {
            rc = consent_tree_node(d, hash, hash, proof[i]);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }

        fn >>= 1;
        sn >>= 1;
    }

    return sn == 0 && memcmp(hash, root, CONSENT_HASH_LEN) == 0 ? CONSENT_OK : CONSENT_DENIED;
}


consent_rc_t
consent_tree_check_consistency(consent_digest_t *d, uint64_t old, const uint8_t old_root[static CONSENT_HASH_LEN],
    uint64_t size, const uint8_t root[static CONSENT_HASH_LEN], const uint8_t proof[][CONSENT_HASH_LEN], unsigned n)
{
    uint8_t       before[CONSENT_HASH_LEN], after[CONSENT_HASH_LEN];
    unsigned      i;
    uint64_t      fn, sn;
    consent_rc_t  rc;

    if (old == 0) {
        rc = consent_digest_sha256(d, before, NULL, 0);

        return rc != CONSENT_OK ? rc
               : n == 0 && memcmp(before, old_root, CONSENT_HASH_LEN) == 0 ? CONSENT_OK : CONSENT_DENIED;
    }

    if (old >= size) {
        return old == size && n == 0 && memcmp(old_root, root, CONSENT_HASH_LEN) == 0 ? CONSENT_OK : CONSENT_DENIED;
    }

    if (n == 0) {
        return CONSENT_DENIED;
    }

    fn = old - 1;
    sn = size - 1;

    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }

    /* a complete subtree is its own first hash, which is not sent */

    i = 0;
    memcpy(before, fn == 0 ? old_root : proof[i++], CONSENT_HASH_LEN);
    memcpy(after, before, CONSENT_HASH_LEN);

    for ( /* void */ ; i < n; i++) {
        if (sn == 0) {
            return CONSENT_DENIED;
        }

        if ((fn & 1) != 0 || fn == sn) {
            rc = consent_tree_node(d, before, proof[i], before);

            if (rc == CONSENT_OK) {
                rc = consent_tree_node(d, after, proof[i], after);
            }

            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }

        } else {
            rc = consent_tree_node(d, after, after, proof[i]);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }

        fn >>= 1;
        sn >>= 1;
    }

    return sn == 0 && memcmp(before, old_root, CONSENT_HASH_LEN) == 0 && memcmp(after, root, CONSENT_HASH_LEN) == 0
           ? CONSENT_OK : CONSENT_DENIED;
}


/* Adds the root over `size` leaves from `from` on, a multiple of the largest power of two that fits. */
static consent_rc_t
tree_path_add(tree_path_t *path, uint64_t from, uint64_t size)
{
    uint8_t       hash[CONSENT_HASH_LEN];
    uint8_t      *out;
    unsigned      level;
    uint64_t      end;
    consent_rc_t  rc;

    if (path->n == CONSENT_TREE_PROOF_MAX) {
        return CONSENT_LIMIT;
    }

    out = path->proof[path->n++];

    /* its complete subtrees, the smallest and last one first */

    level = (unsigned) __builtin_ctzll(size);
    end = from + size - ((uint64_t) 1 << level);
    rc = path->get(path->arg, level, end >> level, out);

    while (rc == CONSENT_OK && end > from) {
        level = (unsigned) __builtin_ctzll(end - from);
        end -= (uint64_t) 1 << level;
        rc = path->get(path->arg, level, end >> level, hash);

        if (rc == CONSENT_OK) {
            rc = consent_tree_node(path->digest, out, hash, out);
        }
    }

    return rc;
}


/* It was walked from the root down; a proof goes up. */
static void
tree_path_turn(tree_path_t *path)
{
    uint8_t   hash[CONSENT_HASH_LEN];
    unsigned  i, k;

    for (i = 0, k = path->n; i + 1 < k; i++) {
        k--;
        memcpy(hash, path->proof[i], CONSENT_HASH_LEN);
        memcpy(path->proof[i], path->proof[k], CONSENT_HASH_LEN);
        memcpy(path->proof[k], hash, CONSENT_HASH_LEN);
    }
}


/* The largest power of two below size, which is 2 or more. */
static uint64_t
tree_split(uint64_t size)
{
    return (uint64_t) 1 << (63 - __builtin_clzll(size - 1));
}
