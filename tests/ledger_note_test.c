/*
 * Notes, checkpoints, cosignatures and proofs: the worked example to the byte, the example of C2SP signed-note, and all that
 * is not quite one of them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "ledger/note.h"

#define NODE        "consent.example.org/node1+cd28eb4d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define WITNESS     "witness.example.net/w1+f9706618+BHzXSeTnFGflVNdpvUzJJSdTidWFoEeQGE0UWOaVJvlD"
#define FOO         "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

#define DASH        "\xe2\x80\x94 "
#define TEXT        "consent.example.org/node1\n5\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n"
#define SIGNATURE   "zSjrTa+DOY+WL3idsg+dn/trlljpgfQaJ+qaE9NozQNlbviCEj9GM4VVv89jaSvNuyuZ+KBM8klfCn1GvYEMEXIj2wM="
#define LINE        DASH "consent.example.org/node1 " SIGNATURE "\n"
#define CHECKPOINT  TEXT "\n" LINE
#define COSIGNED    DASH "witness.example.net/w1 +XBmGAAAAABpVbkARloRfzPNAr5Gn60l2PN0wHbrWBRo9Ry1t2jIiYOKIKOpAwmSwNVz2znl" \
                    "pSAMMmaoBZhGtjhtGcAmLJzmDYx8CA==\n"
#define PROOF       "c2sp.org/tlog-proof@v1\nindex 2\n" \
                    "llMLZipDPByVEmArG0SGBQf77czSQRnD7hm9WZNcABc=\n" \
                    "mDy1fATN3VJjTtqzinvvhXCKl08RS72aqexdTOZla0s=\n" \
                    "rpdNSnTCNx2M/oQreqT2aY3oVwUm7rPbGUGwtyMR1HA=\n\n" CHECKPOINT

static const consent_slice_t  entries[] = {
    { (const uint8_t *) "alpha", 5 }, { (const uint8_t *) "beta", 4 }, { (const uint8_t *) "", 0 },
    { (const uint8_t *) "delta\n", 6 }, { (const uint8_t *) "\x00\xff", 2 }
};

static consent_digest_t    *digest;
static consent_note_key_t   node, witness;
static uint8_t              leaves[5][CONSENT_HASH_LEN], seed[32];


static int
begin(void **state)
{
    size_t  i;

    (void) state;

    digest = consent_digest_create();

    for (i = 0; i < 32; i++) {
        seed[i] = (uint8_t) i;
    }

    for (i = 0; i < 5; i++) {
        consent_tree_leaf(digest, leaves[i], entries[i]);
    }

    return consent_note_key_parse(&node, consent_lit(NODE)) != CONSENT_OK
           || consent_note_key_parse(&witness, consent_lit(WITNESS)) != CONSENT_OK;
}


static int
finish(void **state)
{
    (void) state;

    consent_digest_destroy(digest);

    return 0;
}


static void
assert_text(const consent_buf_t *b, const char *expected)
{
    assert_int_equal(b->rc, CONSENT_OK);
    assert_int_equal(b->len, strlen(expected));
    assert_memory_equal(b->data, expected, b->len);
}


static consent_rc_t
get(void *arg, unsigned level, uint64_t index, uint8_t out[CONSENT_HASH_LEN])
{
    uint8_t       left[CONSENT_HASH_LEN], right[CONSENT_HASH_LEN];
    consent_rc_t  rc;

    if (level == 0) {
        memcpy(out, leaves[index], CONSENT_HASH_LEN);
        return CONSENT_OK;
    }

    rc = get(arg, level - 1, 2 * index, left);

    if (rc == CONSENT_OK) {
        rc = get(arg, level - 1, 2 * index + 1, right);
    }

    return rc == CONSENT_OK ? consent_tree_node(digest, out, left, right) : rc;
}


static void
the_worked_example_comes_out_to_the_byte(void **state)
{
    size_t          i;
    uint8_t         root[CONSENT_HASH_LEN], hashes[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    unsigned        n;
    consent_buf_t   b, proof;
    consent_tree_t  tree = { 0 };

    (void) state;

    for (i = 0; i < 5; i++) {
        assert_int_equal(consent_tree_add(&tree, digest, leaves[i]), CONSENT_OK);
    }

    assert_int_equal(consent_tree_root(&tree, digest, root), CONSENT_OK);

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    assert_int_equal(consent_checkpoint_write(&b, consent_lit("consent.example.org/node1"), tree.size, root), CONSENT_OK);
    assert_text(&b, TEXT);
    assert_int_equal(b.len, 73);
    assert_int_equal(consent_note_sign(&b, consent_buf_view(&b), &node, seed), CONSENT_OK);
    assert_text(&b, CHECKPOINT);
    assert_int_equal(b.len, 197);

    consent_buf_init(&proof, CONSENT_NOTE_MAX);
    assert_int_equal(consent_tree_inclusion(hashes, &n, 2, 5, digest, get, NULL), CONSENT_OK);
    assert_int_equal(consent_proof_write(&proof, 2, hashes, n, consent_buf_view(&b)), CONSENT_OK);
    assert_text(&proof, PROOF);
    assert_int_equal(proof.len, 364);
    consent_buf_free(&proof);

    consent_buf_init(&proof, CONSENT_NOTE_MAX);
    assert_int_equal(consent_tree_inclusion(hashes, &n, 4, 5, digest, get, NULL), CONSENT_OK);
    assert_int_equal(consent_proof_write(&proof, 4, hashes, n, consent_buf_view(&b)), CONSENT_OK);
    assert_text(&proof, "c2sp.org/tlog-proof@v1\nindex 4\nK1zcaI7Lxny2B2YyfdON1dAB/K+7e6p66woUPdXxCqw=\n\n" CHECKPOINT);
    consent_buf_free(&proof);

    consent_buf_init(&proof, CONSENT_NOTE_MAX);
    assert_int_equal(consent_tree_consistency(hashes, &n, 3, 5, digest, get, NULL), CONSENT_OK);

    for (i = 0; i < n; i++) {
        consent_note_hash_line(&proof, hashes[i]);
    }

    assert_text(&proof, "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=\nllMLZipDPByVEmArG0SGBQf77czSQRnD7hm9WZNcABc=\n"
                        "mDy1fATN3VJjTtqzinvvhXCKl08RS72aqexdTOZla0s=\nrpdNSnTCNx2M/oQreqT2aY3oVwUm7rPbGUGwtyMR1HA=\n");
    consent_buf_free(&proof);
    consent_buf_free(&b);
}


static void
a_second_line_stands_behind_the_first(void **state)
{
    consent_buf_t       b;
    consent_note_t      note;
    consent_note_key_t  other;

    (void) state;

    assert_int_equal(consent_note_key_make(&other, consent_lit("other"), CONSENT_NOTE_ED25519, node.key), CONSENT_OK);

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    consent_buf_str(&b, TEXT);
    assert_int_equal(consent_note_sign(&b, consent_lit(TEXT), &node, seed), CONSENT_OK);
    assert_int_equal(consent_note_sign(&b, consent_lit(TEXT), &other, seed), CONSENT_OK);
    assert_memory_equal(b.data, CHECKPOINT, sizeof(CHECKPOINT) - 1);

    assert_int_equal(consent_note_open(&note, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(note.n, 2);
    assert_int_equal(consent_note_verify(&note, &node), CONSENT_OK);
    assert_int_equal(consent_note_verify(&note, &other), CONSENT_OK);
    assert_int_equal(consent_note_verify(&note, &witness), CONSENT_NOTFOUND);
    consent_buf_free(&b);
}


static void
nobody_signs_with_a_key_that_is_not_theirs(void **state)
{
    uint8_t        wrong[32];
    consent_buf_t  b;

    (void) state;

    memcpy(wrong, seed, sizeof(wrong));
    wrong[0] ^= 1;

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    assert_int_equal(consent_note_sign(&b, consent_lit(TEXT), &node, wrong), CONSENT_DENIED);
    assert_int_equal(consent_note_sign(&b, consent_lit(""), &node, seed), CONSENT_MALFORMED);
    assert_int_equal(consent_note_sign(&b, consent_lit("no line"), &node, seed), CONSENT_MALFORMED);
    assert_int_equal(consent_note_sign(&b, consent_lit(TEXT), &witness, seed), CONSENT_MALFORMED);
    assert_int_equal(consent_cosignature_sign(&b, consent_lit(TEXT), &witness, seed, 1), CONSENT_DENIED);
    assert_int_equal(consent_cosignature_sign(&b, consent_lit(TEXT), &node, seed, 1), CONSENT_MALFORMED);
    assert_int_equal(consent_cosignature_sign(&b, consent_lit(TEXT), &witness, seed, 0), CONSENT_MALFORMED);
    assert_int_equal(b.len, 0);
    consent_buf_free(&b);
}


static void
the_example_of_the_specification_verifies(void **state)
{
    consent_note_t      note;
    consent_note_key_t  foo;

    static const char  example[] = "This is an example message.\n\n" DASH "example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    (void) state;

    assert_int_equal(consent_note_key_parse(&foo, consent_lit(FOO)), CONSENT_OK);
    assert_int_equal(consent_note_open(&note, consent_cstr(example)), CONSENT_OK);
    assert_true(consent_slice_eq(note.text, consent_lit("This is an example message.\n")));
    assert_int_equal(note.n, 1);
    assert_int_equal(consent_note_verify(&note, &foo), CONSENT_OK);
    assert_int_equal(consent_note_verify(&note, &node), CONSENT_NOTFOUND);
}


static void
a_witness_signs_the_time_with_it(void **state)
{
    uint8_t             pub[32];
    uint64_t            time;
    consent_buf_t       b;
    consent_note_t      note;
    consent_note_key_t  own;

    (void) state;

    assert_int_equal(consent_note_open(&note, consent_lit(CHECKPOINT COSIGNED)), CONSENT_OK);
    assert_int_equal(note.n, 2);
    assert_int_equal(consent_note_verify(&note, &node), CONSENT_OK);
    assert_int_equal(consent_cosignature_verify(&note, &witness, &time), CONSENT_OK);
    assert_int_equal(time, 1767225600);
    assert_int_equal(consent_cosignature_verify(&note, &node, &time), CONSENT_NOTFOUND);
    assert_int_equal(consent_note_verify(&note, &witness), CONSENT_NOTFOUND);

    assert_int_equal(consent_note_open(&note, consent_lit(CHECKPOINT)), CONSENT_OK);
    assert_int_equal(consent_cosignature_verify(&note, &witness, &time), CONSENT_NOTFOUND);

    /* what we sign we verify; the later of two times counts */

    assert_int_equal(consent_ed25519_public(pub, seed), CONSENT_OK);
    assert_int_equal(consent_note_key_make(&own, consent_lit("w"), CONSENT_NOTE_COSIGNATURE, pub), CONSENT_OK);

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    consent_buf_str(&b, CHECKPOINT);
    assert_int_equal(consent_cosignature_sign(&b, consent_lit(TEXT), &own, seed, 1767225700), CONSENT_OK);
    assert_int_equal(consent_cosignature_sign(&b, consent_lit(TEXT), &own, seed, 1767225600), CONSENT_OK);
    assert_int_equal(consent_note_open(&note, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(consent_cosignature_verify(&note, &own, &time), CONSENT_OK);
    assert_int_equal(time, 1767225700);

    /* another text under the same lines */

    b.data[26] = '6';
    assert_int_equal(consent_note_open(&note, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(consent_cosignature_verify(&note, &own, &time), CONSENT_DENIED);
    consent_buf_free(&b);
}


static void
a_checkpoint_is_read(void **state)
{
    size_t                i;
    consent_checkpoint_t  c;

    static const char  *malformed[] = {
        "", "\n", "\n\n", "a\n", TEXT, TEXT "\n", TEXT LINE, "\n" CHECKPOINT, "\n\n" LINE,
        TEXT "\n" DASH "consent.example.org/node1 " SIGNATURE,                          /* no LF at the end */
        CHECKPOINT "\n", CHECKPOINT "x\n", CHECKPOINT "\n" "x\n",
        "consent.example.org/node1\r\n5\r\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\r\n\r\n" LINE,
        "consent.example.org/node1\n5\t\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE,
        "\xef\xbb\xbf\xff" CHECKPOINT,
        "a\n05\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE,
        "a\n+5\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE,
        "a\n-5\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE,
        "a\n 5\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE,
        "a\n\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE,
        "a\n18446744073709551616\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE,
        "a\n5\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEN=\n\n" LINE,                  /* spare bits */
        "a\n5\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM\n\n" LINE,
        "a\n5\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9\n\n" LINE,
        "a\n5\n\n" LINE,
        "a\n5\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\nmore\n\n" LINE,           /* an empty line in the text */
        TEXT "\n- consent.example.org/node1 " SIGNATURE "\n",
        TEXT "\n" DASH "consent.example.org/node1  " SIGNATURE "\n",
        TEXT "\n" DASH "consent.example.org/node1 " SIGNATURE " \n",
        TEXT "\n" DASH "consent.example.org/node1\n",
        TEXT "\n" DASH " " SIGNATURE "\n",
        TEXT "\n" DASH "a+b " SIGNATURE "\n",
        TEXT "\n" DASH "a zSjrTQ==\n",                                                  /* an id without a signature */
        TEXT "\n" DASH "a zSjrTa9=\n",
        TEXT "\n" LINE "\n" "\n",
    };

    (void) state;

    assert_int_equal(consent_checkpoint_read(&c, consent_lit(CHECKPOINT)), CONSENT_OK);
    assert_true(consent_slice_eq(c.origin, consent_lit("consent.example.org/node1")));
    assert_int_equal(c.size, 5);
    assert_true(consent_slice_eq(c.note.text, consent_lit(TEXT)));
    assert_int_equal(consent_checkpoint_verify(&c, &node), CONSENT_OK);
    assert_int_equal(consent_checkpoint_verify(&c, &witness), CONSENT_NOTFOUND);

    for (i = 0; i < consent_countof(malformed); i++) {
        if (consent_checkpoint_read(&c, consent_cstr(malformed[i])) != CONSENT_MALFORMED) {
            fail_msg("taken: row %zu", i);
        }
    }

    assert_int_equal(consent_checkpoint_read(&c, consent_slice("a\0b\n5\n", 6)), CONSENT_MALFORMED);

    /* further lines are the log's own; zero and the largest size are sizes */

    assert_int_equal(consent_checkpoint_read(&c, consent_lit(TEXT "more\n\n" LINE)), CONSENT_OK);
    assert_int_equal(consent_checkpoint_verify(&c, &node), CONSENT_DENIED);
    assert_int_equal(consent_checkpoint_read(&c, consent_lit("a\n18446744073709551615\n"
                                                              "u8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE)),
                     CONSENT_OK);
    assert_true(c.size == UINT64_MAX);
    assert_int_equal(consent_checkpoint_read(&c, consent_lit("a\n0\nu8uES7G91CaU8rg6ZKYI9FPA5V5JrLK6c0AUgjd9tEM=\n\n" LINE)),
                     CONSENT_OK);
    assert_int_equal(c.size, 0);
}


static void
no_bit_of_a_checkpoint_can_change(void **state)
{
    char                  text[sizeof(CHECKPOINT)];
    size_t                i;
    consent_rc_t          rc;
    consent_checkpoint_t  c;

    (void) state;

    for (i = 0; i < 8 * (sizeof(CHECKPOINT) - 1); i++) {
        memcpy(text, CHECKPOINT, sizeof(CHECKPOINT));
        text[i / 8] = (char) (text[i / 8] ^ 1 << i % 8);
        rc = consent_checkpoint_read(&c, consent_slice(text, sizeof(CHECKPOINT) - 1));

        if (rc == CONSENT_OK) {
            rc = consent_checkpoint_verify(&c, &node);
        }

        if (rc == CONSENT_OK) {
            fail_msg("bit %zu", i);
        }
    }

    for (i = 0; i < sizeof(CHECKPOINT) - 1; i++) {
        assert_int_not_equal(consent_checkpoint_read(&c, consent_slice(CHECKPOINT, i)), CONSENT_OK);
    }
}


static void
every_line_of_a_key_must_hold(void **state)
{
    size_t                i;
    consent_buf_t         b;
    consent_note_t        note;

    static const char  *rows[] = {
        /* the same key again, its signature another; and one that is too short for one */
        CHECKPOINT DASH "consent.example.org/node1 "
        "zSjrTa+DOY+WL3idsg+dn/trlljpgfQaJ+qaE9NozQNlbviCEj9GM4VVv89jaSvNuyuZ+KBM8klfCn1GvYEMEXIj2gM=\n",
        CHECKPOINT DASH "consent.example.org/node1 zSjrTa+D\n",
        TEXT "\n" DASH "consent.example.org/node1 zSjrTa+D\n" LINE,
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(consent_note_open(&note, consent_cstr(rows[i])), CONSENT_OK);
        assert_int_equal(note.n, 2);
        assert_int_equal(consent_note_verify(&note, &node), CONSENT_DENIED);
    }

    /* twice the same holds twice; other names and other ids are other keys */

    assert_int_equal(consent_note_open(&note, consent_lit(CHECKPOINT LINE)), CONSENT_OK);
    assert_int_equal(consent_note_verify(&note, &node), CONSENT_OK);
    assert_int_equal(consent_note_open(&note, consent_lit(CHECKPOINT DASH "a zSjrTa+D\n" DASH "consent.example.org/node1 "
                                                          "ASjrTa+D\n")), CONSENT_OK);
    assert_int_equal(consent_note_verify(&note, &node), CONSENT_OK);

    /* as many as that, and no more */

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    consent_buf_str(&b, CHECKPOINT);

    for (i = 1; i < CONSENT_NOTE_LINES; i++) {
        consent_buf_str(&b, DASH "a zSjrTa+D\n");
    }

    assert_int_equal(consent_note_open(&note, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(consent_note_verify(&note, &node), CONSENT_OK);
    consent_buf_str(&b, DASH "a zSjrTa+D\n");
    assert_int_equal(consent_note_open(&note, consent_buf_view(&b)), CONSENT_LIMIT);
    consent_buf_free(&b);
}


static void
a_proof_is_read_and_holds(void **state)
{
    char             text[sizeof(PROOF)];
    size_t           i;
    consent_rc_t     rc;
    consent_proof_t  p;

    static const char  *malformed[] = {
        "", "c2sp.org/tlog-proof@v1", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v1\nindex 2\n",
        "c2sp.org/tlog-proof@v2\nindex 2\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex 02\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nIndex 2\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex 2\nindex 2\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex 2\nextra AAAA\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nextra AAAA\nextra AAAA\nindex 2\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nextra AAA\nindex 2\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nextra AAB=\nindex 2\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex 2\nK1zcaI7Lxny2B2YyfdON1dAB/K+7e6p66woUPdXxCqw\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex 2\nK1zcaI7Lxny2B2YyfdON1dAB/K+7e6p66woUPdXxCqx=\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex 2\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex 2\n\n\n" CHECKPOINT,
        "c2sp.org/tlog-proof@v1\nindex 2\n\n" TEXT,
    };

    (void) state;

    assert_int_equal(consent_proof_read(&p, consent_lit(PROOF)), CONSENT_OK);
    assert_int_equal(p.index, 2);
    assert_int_equal(p.n, 3);
    assert_false(p.has_extra);
    assert_true(consent_slice_eq(p.signed_checkpoint, consent_lit(CHECKPOINT)));
    assert_int_equal(consent_proof_verify(&p, digest, entries[2], &node), CONSENT_OK);
    assert_int_equal(consent_proof_verify(&p, digest, entries[1], &node), CONSENT_DENIED);
    assert_int_equal(consent_proof_verify(&p, digest, entries[2], &witness), CONSENT_NOTFOUND);

    assert_int_equal(consent_proof_read(&p, consent_lit("c2sp.org/tlog-proof@v1\nextra AAE=\nindex 4\n"
                                                        "K1zcaI7Lxny2B2YyfdON1dAB/K+7e6p66woUPdXxCqw=\n\n" CHECKPOINT)),
                     CONSENT_OK);
    assert_true(p.has_extra);
    assert_true(consent_slice_eq(p.extra, consent_lit("AAE=")));
    assert_int_equal(consent_proof_verify(&p, digest, entries[4], &node), CONSENT_OK);

    for (i = 0; i < consent_countof(malformed); i++) {
        if (consent_proof_read(&p, consent_cstr(malformed[i])) != CONSENT_MALFORMED) {
            fail_msg("taken: row %zu", i);
        }
    }

    for (i = 0; i < 8 * (sizeof(PROOF) - 1); i++) {
        memcpy(text, PROOF, sizeof(PROOF));
        text[i / 8] = (char) (text[i / 8] ^ 1 << i % 8);
        rc = consent_proof_read(&p, consent_slice(text, sizeof(PROOF) - 1));

        if (rc == CONSENT_OK) {
            rc = consent_proof_verify(&p, digest, entries[2], &node);
        }

        if (rc == CONSENT_OK) {
            fail_msg("bit %zu", i);
        }
    }
}


static void
a_proof_has_at_most_64_hashes(void **state)
{
    unsigned         i;
    consent_buf_t    b;
    consent_proof_t  p;

    static uint8_t  hashes[CONSENT_TREE_PROOF_MAX + 1][CONSENT_HASH_LEN];

    (void) state;

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    assert_int_equal(consent_proof_write(&b, 0, hashes, CONSENT_TREE_PROOF_MAX + 1, consent_lit(CHECKPOINT)), CONSENT_LIMIT);
    assert_int_equal(b.len, 0);
    assert_int_equal(consent_proof_write(&b, 0, hashes, CONSENT_TREE_PROOF_MAX, consent_lit(CHECKPOINT)), CONSENT_OK);
    assert_int_equal(consent_proof_read(&p, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(p.n, CONSENT_TREE_PROOF_MAX);
    consent_buf_free(&b);

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    consent_buf_str(&b, "c2sp.org/tlog-proof@v1\nindex 2\n");

    for (i = 0; i <= CONSENT_TREE_PROOF_MAX; i++) {
        consent_note_hash_line(&b, hashes[i]);
    }

    consent_buf_str(&b, "\n" CHECKPOINT);
    assert_int_equal(consent_proof_read(&p, consent_buf_view(&b)), CONSENT_MALFORMED);
    consent_buf_free(&b);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_worked_example_comes_out_to_the_byte),
        cmocka_unit_test(a_second_line_stands_behind_the_first),
        cmocka_unit_test(nobody_signs_with_a_key_that_is_not_theirs),
        cmocka_unit_test(the_example_of_the_specification_verifies),
        cmocka_unit_test(a_witness_signs_the_time_with_it),
        cmocka_unit_test(a_checkpoint_is_read),
        cmocka_unit_test(no_bit_of_a_checkpoint_can_change),
        cmocka_unit_test(every_line_of_a_key_must_hold),
        cmocka_unit_test(a_proof_is_read_and_holds),
        cmocka_unit_test(a_proof_has_at_most_64_hashes),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
