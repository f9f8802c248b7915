/*
 * Leaves, nodes and the frontier of a Merkle tree.
 */

#include "ledger/tree.h"


consent_rc_t
consent_tree_leaf(consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN], consent_slice_t entry)
{
    consent_slice_t  parts[2];

    parts[0] = consent_slice("\x00", 1);
    parts[1] = entry;

    return consent_digest_sha256(d, out, parts, 2);
}


consent_rc_t
consent_tree_node(consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN],
    const uint8_t left[static CONSENT_HASH_LEN], const uint8_t right[static CONSENT_HASH_LEN])
{
    uint8_t          bytes[1 + 2 * CONSENT_HASH_LEN];
    consent_slice_t  all;

    /* out may be one of the two */

    bytes[0] = 1;
    memcpy(bytes + 1, left, CONSENT_HASH_LEN);
    memcpy(bytes + 1 + CONSENT_HASH_LEN, right, CONSENT_HASH_LEN);
    all = consent_slice(bytes, sizeof(bytes));

    return consent_digest_sha256(d, out, &all, 1);
}


consent_rc_t
consent_tree_add(consent_tree_t *t, consent_digest_t *d, const uint8_t leaf[static CONSENT_HASH_LEN])
{
    uint8_t       hash[CONSENT_HASH_LEN];
    uint64_t      bits;
    unsigned      n;
    consent_rc_t  rc;

    if (t->size == UINT64_MAX) {
        return CONSENT_LIMIT;
    }

    memcpy(hash, leaf, CONSENT_HASH_LEN);
    n = t->n;

    /* two complete subtrees of one size become one of the next */

    for (bits = t->size; bits & 1; bits >>= 1) {
        rc = consent_tree_node(d, hash, t->hashes[--n], hash);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    memcpy(t->hashes[n++], hash, CONSENT_HASH_LEN);
    t->n = n;
    t->size++;

    return CONSENT_OK;
}


consent_rc_t
consent_tree_root(const consent_tree_t *t, consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN])
{
    unsigned      n;
    consent_rc_t  rc;

    if (t->n == 0) {
        return consent_digest_sha256(d, out, NULL, 0);
    }

    n = t->n - 1;
    memcpy(out, t->hashes[n], CONSENT_HASH_LEN);
    rc = CONSENT_OK;

    while (n > 0 && rc == CONSENT_OK) {
        rc = consent_tree_node(d, out, t->hashes[--n], out);
    }

    return rc;
}


consent_rc_t
consent_tree_load(consent_tree_t *t, uint64_t size, consent_tree_hash_pt get, void *arg)
{
    unsigned      level;
    uint64_t      from;
    consent_rc_t  rc;

    memset(t, 0, sizeof(consent_tree_t));
    from = 0;

    for (level = 64; level-- > 0; /* void */ ) {
        if ((size >> level & 1) == 0) {
            continue;
        }

        rc = get(arg, level, from >> level, t->hashes[t->n]);

        if (rc != CONSENT_OK) {
            return rc;
        }

        t->n++;
        from += (uint64_t) 1 << level;
    }

    t->size = size;

    return CONSENT_OK;
}
