/*
 * The Merkle tree of RFC 6962 section 2.1 over SHA-256 (the same in RFC 9162): hashes of leaves and nodes, a frontier that
 * grows by one leaf at a time, proofs and their checks. No input or output, nothing allocated.
 */

#ifndef CONSENT_TREE_H
#define CONSENT_TREE_H

#include "base/digest.h"

#define CONSENT_TREE_PROOF_MAX  64          /* hashes of a proof at most */

/* The hash of an entry's exact bytes, and of a node over its two children. CONSENT_IO when OpenSSL fails. */
consent_rc_t consent_tree_leaf(consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN], consent_slice_t entry);
consent_rc_t consent_tree_node(consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN],
    const uint8_t left[static CONSENT_HASH_LEN], const uint8_t right[static CONSENT_HASH_LEN]);

/* What it takes to go on appending: the roots of the complete subtrees that a tree of this size is made of, the largest
 * first; as many as its size has bits that are set. All zeros: the empty tree. */
typedef struct {
    uint64_t  size;
    unsigned  n;
    uint8_t   hashes[64][CONSENT_HASH_LEN];
} consent_tree_t;

/* Appends a leaf. CONSENT_LIMIT: 2^64 - 1 leaves are the most. CONSENT_IO. */
consent_rc_t consent_tree_add(consent_tree_t *t, consent_digest_t *d, const uint8_t leaf[static CONSENT_HASH_LEN]);

/* The root of the tree so far; of the empty one the hash of nothing. CONSENT_IO. */
consent_rc_t consent_tree_root(const consent_tree_t *t, consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN]);

/* Gives the root of the complete subtree of 2^level leaves that begins at leaf index << level. */
typedef consent_rc_t (*consent_tree_hash_pt)(void *arg, unsigned level, uint64_t index,
    uint8_t out[static CONSENT_HASH_LEN]);

/* The frontier of a tree of that size, to go on from. What `get` returns, if it fails. */
consent_rc_t consent_tree_load(consent_tree_t *t, uint64_t size, consent_tree_hash_pt get, void *arg);

/* That the leaf is in the tree of that size: hashes from the leaf's sibling up. proof: CONSENT_TREE_PROOF_MAX hashes.
 * CONSENT_MALFORMED: no such leaf; what `get` returns, if it fails. */
consent_rc_t consent_tree_inclusion(uint8_t proof[][CONSENT_HASH_LEN], unsigned *n, uint64_t index, uint64_t size,
    consent_digest_t *d, consent_tree_hash_pt get, void *arg);

/* That the tree of `old` leaves is a prefix of the one of `size`. Nothing is a prefix of everything, by no hashes.
 * CONSENT_MALFORMED: old is the larger. */
consent_rc_t consent_tree_consistency(uint8_t proof[][CONSENT_HASH_LEN], unsigned *n, uint64_t old, uint64_t size,
    consent_digest_t *d, consent_tree_hash_pt get, void *arg);

/* Do these hashes prove it? CONSENT_OK, CONSENT_DENIED, CONSENT_IO. */
consent_rc_t consent_tree_check_inclusion(consent_digest_t *d, const uint8_t leaf[static CONSENT_HASH_LEN],
    uint64_t index, uint64_t size, const uint8_t proof[][CONSENT_HASH_LEN], unsigned n,
    const uint8_t root[static CONSENT_HASH_LEN]);
consent_rc_t consent_tree_check_consistency(consent_digest_t *d, uint64_t old,
    const uint8_t old_root[static CONSENT_HASH_LEN], uint64_t size, const uint8_t root[static CONSENT_HASH_LEN],
    const uint8_t proof[][CONSENT_HASH_LEN], unsigned n);

#endif
