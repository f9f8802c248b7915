/*
 * The Merkle tree by the known answers of certificate transparency and by RFC 6962's own recursive definitions; proofs of
 * every leaf and every prefix of all sizes up to 130, and of some near the powers of 256.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger/tree.h"

#define MOST   130
#define LARGE  70000

static consent_digest_t  *digest;
static uint8_t            leaves[LARGE][CONSENT_HASH_LEN];
static unsigned           calls;


static int
begin(void **state)
{
    int     n;
    char    text[16];
    size_t  i;

    (void) state;

    digest = consent_digest_create();

    for (i = 0; i < LARGE; i++) {
        n = snprintf(text, sizeof(text), "%zu", i);
        consent_tree_leaf(digest, leaves[i], consent_slice(text, (size_t) n));
    }

    return digest == NULL;
}


static int
finish(void **state)
{
    (void) state;

    consent_digest_destroy(digest);

    return 0;
}


/* MTH of RFC 6962 section 2.1, as it stands there. */
static void
mth(uint8_t out[CONSENT_HASH_LEN], uint64_t from, uint64_t n)
{
    uint8_t   left[CONSENT_HASH_LEN], right[CONSENT_HASH_LEN];
    uint64_t  k;

    if (n == 1) {
        memcpy(out, leaves[from], CONSENT_HASH_LEN);
        return;
    }

    for (k = 1; 2 * k < n; k *= 2) { /* void */ }

    mth(left, from, k);
    mth(right, from + k, n - k);
    assert_int_equal(consent_tree_node(digest, out, left, right), CONSENT_OK);
}


/* PATH of section 2.1.1. */
static unsigned
path(uint8_t out[][CONSENT_HASH_LEN], uint64_t m, uint64_t from, uint64_t n)
{
    unsigned  i;
    uint64_t  k;

    if (n == 1) {
        return 0;
    }

    for (k = 1; 2 * k < n; k *= 2) { /* void */ }

    if (m < k) {
        i = path(out, m, from, k);
        mth(out[i], from + k, n - k);

    } else {
        i = path(out, m - k, from + k, n - k);
        mth(out[i], from, k);
    }

    return i + 1;
}


/* SUBPROOF of section 2.1.2. */
static unsigned
subproof(uint8_t out[][CONSENT_HASH_LEN], uint64_t m, uint64_t from, uint64_t n, bool known)
{
    unsigned  i;
    uint64_t  k;

    if (m == n) {
        if (!known) {
            mth(out[0], from, n);
        }

        return !known;
    }

    for (k = 1; 2 * k < n; k *= 2) { /* void */ }

    if (m <= k) {
        i = subproof(out, m, from, k, known);
        mth(out[i], from + k, n - k);

    } else {
        i = subproof(out, m - k, from + k, n - k, false);
        mth(out[i], from, k);
    }

    return i + 1;
}


static consent_rc_t
get(void *arg, unsigned level, uint64_t index, uint8_t out[CONSENT_HASH_LEN])
{
    uint64_t  size = *(uint64_t *) arg;

    calls++;

    /* complete subtrees of the tree only */

    assert_true(level < 32 && (index + 1) << level <= size);
    mth(out, index << level, (uint64_t) 1 << level);

    return CONSENT_OK;
}


static consent_rc_t
get_nothing(void *arg, unsigned level, uint64_t index, uint8_t out[CONSENT_HASH_LEN])
{
    (void) arg;
    (void) level;
    (void) index;
    (void) out;

    return CONSENT_NOTFOUND;
}


static void
assert_hex(const uint8_t hash[CONSENT_HASH_LEN], const char *expected)
{
    char  text[2 * CONSENT_HASH_LEN + 1];

    consent_hex(text, hash, CONSENT_HASH_LEN);
    text[2 * CONSENT_HASH_LEN] = '\0';
    assert_string_equal(text, expected);
}


static void
reference_leaves_give_the_known_roots(void **state)
{
    size_t          i;
    uint8_t         bytes[16], hash[CONSENT_HASH_LEN];
    consent_tree_t  tree = { 0 };

    static const char  *entries[] = {
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
    };
    static const char  *roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    };

    (void) state;

    for (i = 0; i < consent_countof(roots); i++) {
        assert_int_equal(consent_tree_root(&tree, digest, hash), CONSENT_OK);
        assert_hex(hash, roots[i]);
        assert_int_equal(tree.size, i);
        assert_int_equal(tree.n, __builtin_popcount((unsigned) i));

        if (i < consent_countof(entries)) {
            assert_int_equal(consent_hex_decode(bytes, strlen(entries[i]) / 2, consent_cstr(entries[i])), CONSENT_OK);
            assert_int_equal(consent_tree_leaf(digest, hash, consent_slice(bytes, strlen(entries[i]) / 2)), CONSENT_OK);
            assert_int_equal(consent_tree_add(&tree, digest, hash), CONSENT_OK);
        }
    }
}


static void
large_trees_give_the_known_roots(void **state)
{
    size_t          i, row;
    uint8_t         hash[CONSENT_HASH_LEN];
    consent_tree_t  tree = { 0 };

    static const struct {
        size_t       size;
        const char  *root;
    } rows[] = {
        { 255, "32f85bcaa87d7bcd05728f09e9aeba350ba6a2f733830087f0597682848be5cb" },
        { 256, "828515d033c19d8c901f37eccb8aed919667703486f8d2fff1cf7040321c5db1" },
        { 257, "1eda049a4351d86f76252bd7ec0b7746ad75b7fa0316ad5f541dbda458a312c4" },
        { 65535, "74f13a0e1a75689372efb990cf68c664e44c763d9304844955b2eaff624e8df1" },
        { 65536, "f025d06ed804859fd274a1bdacadd6e48ea87634aa91e1edb20143f9498cd02b" },
        { 65537, "dc8795a25fd4bd52a0b84f639fd3139ba160824023d188e428eb5db0f3ce221a" },
        { 70000, "1a4cdfcb66374a0c0dcbef49acbd4976d13ee864fb3cb241fc943cad04f02f7e" },
    };

    (void) state;

    for (i = 0, row = 0; row < consent_countof(rows); row++) {
        for ( /* void */ ; i < rows[row].size; i++) {
            assert_int_equal(consent_tree_add(&tree, digest, leaves[i]), CONSENT_OK);
        }

        assert_int_equal(consent_tree_root(&tree, digest, hash), CONSENT_OK);
        assert_hex(hash, rows[row].root);
    }
}


static void
a_frontier_goes_on_where_it_was_left(void **state)
{
    uint8_t         hash[CONSENT_HASH_LEN], expected[CONSENT_HASH_LEN];
    uint64_t        size;
    consent_tree_t  tree = { 0 }, loaded;

    (void) state;

    for (size = 0; size < MOST; size++) {
        assert_int_equal(consent_tree_load(&loaded, size, get, &size), CONSENT_OK);
        assert_int_equal(loaded.size, size);
        assert_int_equal(loaded.n, tree.n);
        assert_memory_equal(loaded.hashes, tree.hashes, tree.n * CONSENT_HASH_LEN);

        assert_int_equal(consent_tree_add(&tree, digest, leaves[size]), CONSENT_OK);
        assert_int_equal(consent_tree_root(&tree, digest, hash), CONSENT_OK);
        mth(expected, 0, size + 1);
        assert_memory_equal(hash, expected, CONSENT_HASH_LEN);
    }

    assert_int_equal(consent_tree_load(&loaded, 5, get_nothing, NULL), CONSENT_NOTFOUND);
}


static void
a_tree_has_an_end(void **state)
{
    unsigned        n;
    consent_tree_t  tree = { .size = UINT64_MAX - 1, .n = 63 };

    (void) state;

    assert_int_equal(consent_tree_add(&tree, digest, leaves[0]), CONSENT_OK);
    n = tree.n;
    assert_int_equal(n, 64);
    assert_int_equal(consent_tree_add(&tree, digest, leaves[0]), CONSENT_LIMIT);
    assert_int_equal(tree.n, n);
}


static void
check_inclusion(uint64_t index, uint64_t size, const uint8_t root[CONSENT_HASH_LEN])
{
    uint8_t    proof[CONSENT_TREE_PROOF_MAX + 1][CONSENT_HASH_LEN] = { { 0 } };
    uint8_t    expected[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    uint8_t    wrong[CONSENT_HASH_LEN];
    unsigned   n, i;

    assert_int_equal(consent_tree_inclusion(proof, &n, index, size, digest, get, &size), CONSENT_OK);
    assert_int_equal(n, path(expected, index, 0, size));
    assert_memory_equal(proof, expected, n * CONSENT_HASH_LEN);

    assert_int_equal(consent_tree_check_inclusion(digest, leaves[index], index, size, proof, n, root), CONSENT_OK);

    /* not with another leaf, root, place, size, a hash more or less, or any hash another */

    memcpy(wrong, leaves[index], CONSENT_HASH_LEN);
    wrong[31] ^= 1;
    assert_int_equal(consent_tree_check_inclusion(digest, wrong, index, size, proof, n, root), CONSENT_DENIED);

    memcpy(wrong, root, CONSENT_HASH_LEN);
    wrong[0] ^= 0x80;
    assert_int_equal(consent_tree_check_inclusion(digest, leaves[index], index, size, proof, n, wrong), CONSENT_DENIED);
    assert_int_equal(consent_tree_check_inclusion(digest, leaves[index], index ^ 1, size, proof, n, root),
                     CONSENT_DENIED);
    assert_int_equal(consent_tree_check_inclusion(digest, leaves[index], size, size, proof, n, root), CONSENT_DENIED);
    assert_int_equal(consent_tree_check_inclusion(digest, leaves[index], index, 0, proof, n, root), CONSENT_DENIED);
    assert_int_equal(consent_tree_check_inclusion(digest, leaves[index], index, size, proof, n + 1, root),
                     CONSENT_DENIED);

    if (n > 0) {
        assert_int_equal(consent_tree_check_inclusion(digest, leaves[index], index, size, proof, n - 1, root),
                         CONSENT_DENIED);
    }

    for (i = 0; i < n; i++) {
        proof[i][i % 32] ^= 4;
        assert_int_equal(consent_tree_check_inclusion(digest, leaves[index], index, size, proof, n, root),
                         CONSENT_DENIED);
        proof[i][i % 32] ^= 4;
    }
}


static void
every_leaf_of_every_tree_has_its_proof(void **state)
{
    size_t    i;
    uint8_t   root[CONSENT_HASH_LEN];
    uint64_t  size, index;

    static const uint64_t  rows[][2] = {
        { 0, 255 }, { 254, 255 }, { 255, 256 }, { 256, 257 }, { 0, 257 }, { 999, 1000 }, { 511, 1000 }, { 768, 1000 }
    };

    (void) state;

    for (size = 1; size <= MOST; size++) {
        mth(root, 0, size);

        for (index = 0; index < size; index++) {
            check_inclusion(index, size, root);
        }
    }

    for (i = 0; i < consent_countof(rows); i++) {
        mth(root, 0, rows[i][1]);
        check_inclusion(rows[i][0], rows[i][1], root);
    }
}


static void
check_consistency(uint64_t old, uint64_t size)
{
    uint8_t    proof[CONSENT_TREE_PROOF_MAX + 1][CONSENT_HASH_LEN] = { { 0 } };
    uint8_t    expected[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    uint8_t    before[CONSENT_HASH_LEN], after[CONSENT_HASH_LEN];
    unsigned   n, i;

    mth(before, 0, old);
    mth(after, 0, size);

    assert_int_equal(consent_tree_consistency(proof, &n, old, size, digest, get, &size), CONSENT_OK);
    assert_int_equal(n, subproof(expected, old, 0, size, true));
    assert_memory_equal(proof, expected, n * CONSENT_HASH_LEN);

    assert_int_equal(consent_tree_check_consistency(digest, old, before, size, after, proof, n), CONSENT_OK);
    assert_int_equal(consent_tree_check_consistency(digest, old, before, size, after, proof, n + 1), CONSENT_DENIED);

    before[7] ^= 1;
    assert_int_equal(consent_tree_check_consistency(digest, old, before, size, after, proof, n), CONSENT_DENIED);
    before[7] ^= 1;

    after[7] ^= 1;
    assert_int_equal(consent_tree_check_consistency(digest, old, before, size, after, proof, n), CONSENT_DENIED);
    after[7] ^= 1;

    if (n > 0) {
        assert_int_equal(consent_tree_check_consistency(digest, old, before, size, after, proof, n - 1), CONSENT_DENIED);
        assert_int_equal(consent_tree_check_consistency(digest, size, after, old, before, proof, n), CONSENT_DENIED);
    }

    for (i = 0; i < n; i++) {
        proof[i][i % 32] ^= 1;
        assert_int_equal(consent_tree_check_consistency(digest, old, before, size, after, proof, n), CONSENT_DENIED);
        proof[i][i % 32] ^= 1;
    }
}


static void
every_prefix_of_every_tree_has_its_proof(void **state)
{
    size_t    i;
    uint64_t  size, old;

    static const uint64_t  rows[][2] = {
        { 255, 256 }, { 255, 257 }, { 256, 257 }, { 256, 1000 }, { 257, 1000 }, { 999, 1000 }, { 512, 1024 }, { 768, 1024 }
    };

    (void) state;

    for (size = 1; size <= MOST; size++) {
        for (old = 1; old <= size; old++) {
            check_consistency(old, size);
        }
    }

    for (i = 0; i < consent_countof(rows); i++) {
        check_consistency(rows[i][0], rows[i][1]);
    }
}


static void
nothing_is_a_prefix_of_everything(void **state)
{
    uint8_t   proof[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN], empty[CONSENT_HASH_LEN], root[CONSENT_HASH_LEN];
    unsigned  n;
    uint64_t  size;

    (void) state;

    size = 5;
    mth(root, 0, size);
    assert_int_equal(consent_digest_sha256(digest, empty, NULL, 0), CONSENT_OK);
    assert_int_equal(consent_tree_consistency(proof, &n, 0, size, digest, get, &size), CONSENT_OK);
    assert_int_equal(n, 0);
    assert_int_equal(consent_tree_check_consistency(digest, 0, empty, size, root, proof, 0), CONSENT_OK);
    assert_int_equal(consent_tree_check_consistency(digest, 0, root, size, root, proof, 0), CONSENT_DENIED);
    assert_int_equal(consent_tree_check_consistency(digest, 0, empty, size, root, proof, 1), CONSENT_DENIED);
}


static void
what_is_not_there_has_no_proof(void **state)
{
    uint8_t   proof[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    unsigned  n;
    uint64_t  size;

    (void) state;

    size = 5;
    calls = 0;
    assert_int_equal(consent_tree_inclusion(proof, &n, 5, size, digest, get, &size), CONSENT_MALFORMED);
    assert_int_equal(consent_tree_inclusion(proof, &n, 0, 0, digest, get, &size), CONSENT_MALFORMED);
    assert_int_equal(consent_tree_consistency(proof, &n, 6, size, digest, get, &size), CONSENT_MALFORMED);
    assert_int_equal(calls, 0);

    assert_int_equal(consent_tree_inclusion(proof, &n, 1, size, digest, get_nothing, NULL), CONSENT_NOTFOUND);
    assert_int_equal(n, 0);
    assert_int_equal(consent_tree_consistency(proof, &n, 3, size, digest, get_nothing, NULL), CONSENT_NOTFOUND);
    assert_int_equal(n, 0);
}


/* 64 hashes are enough for any size: where the tree ends in a leaf of its own, and all its subtrees are above it. */
static consent_rc_t
get_any(void *arg, unsigned level, uint64_t index, uint8_t out[CONSENT_HASH_LEN])
{
    uint64_t  size = *(uint64_t *) arg;

    assert_true(level < 64 && index < size >> level);
    memset(out, (int) level, CONSENT_HASH_LEN);

    return CONSENT_OK;
}


static void
the_largest_trees_have_proofs(void **state)
{
    size_t    i;
    uint8_t   proof[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    unsigned  n;

    static const uint64_t  sizes[] = {
        UINT64_MAX, UINT64_MAX - 1, (uint64_t) 1 << 63, ((uint64_t) 1 << 63) + 1, ((uint64_t) 1 << 56) - 1
    };

    (void) state;

    for (i = 0; i < consent_countof(sizes); i++) {
        uint64_t  size = sizes[i];

        assert_int_equal(consent_tree_inclusion(proof, &n, size - 1, size, digest, get_any, &size), CONSENT_OK);
        assert_int_equal(consent_tree_inclusion(proof, &n, 0, size, digest, get_any, &size), CONSENT_OK);
        assert_int_equal(n, size == (uint64_t) 1 << 63 ? 63 : 64 - (unsigned) __builtin_clzll(size - 1));
        assert_int_equal(consent_tree_consistency(proof, &n, size - 1, size, digest, get_any, &size), CONSENT_OK);
        assert_int_equal(consent_tree_consistency(proof, &n, 1, size, digest, get_any, &size), CONSENT_OK);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(reference_leaves_give_the_known_roots),
        cmocka_unit_test(large_trees_give_the_known_roots),
        cmocka_unit_test(a_frontier_goes_on_where_it_was_left),
        cmocka_unit_test(a_tree_has_an_end),
        cmocka_unit_test(every_leaf_of_every_tree_has_its_proof),
        cmocka_unit_test(every_prefix_of_every_tree_has_its_proof),
        cmocka_unit_test(nothing_is_a_prefix_of_everything),
        cmocka_unit_test(what_is_not_there_has_no_proof),
        cmocka_unit_test(the_largest_trees_have_proofs),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
