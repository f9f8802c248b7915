/*
 * Cosignatures: those of witnesses that are known and right are kept with the checkpoint that they are for.
 */

#include "ledger.h"
#include "ledger_log.h"

static uint8_t  memory[CONSENT_LOG_COSIGN_MEMORY], memory_of_other[CONSENT_LOG_COSIGN_MEMORY];


static consent_note_key_t
a_witness(const char *name, uint8_t seed[static 32], uint8_t n)
{
    uint8_t             public_key[32];
    consent_note_key_t  key;

    memset(seed, n, 32);
    assert_int_equal(consent_ed25519_public(public_key, seed), CONSENT_OK);
    assert_int_equal(consent_note_key_make(&key, consent_cstr(name), CONSENT_NOTE_COSIGNATURE, public_key), CONSENT_OK);

    return key;
}


/* The newest checkpoint with that witness's line, or, with another root, one that was never signed here. */
static void
cosigned(consent_buf_t *b, consent_ledger_t *ledger, const consent_note_key_t *key, const uint8_t *seed)
{
    consent_checkpoint_t  c;

    consent_buf_init(b, CONSENT_LOG_CHECKPOINT_MAX);
    assert_int_equal(consent_log_checkpoint(ledger, b), CONSENT_OK);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(b)), CONSENT_OK);
    assert_int_equal(consent_cosignature_sign(b, c.note.text, key, seed, 1767225600), CONSENT_OK);
}


static void
lines_are_kept(void **state)
{
    char                  why[256];
    uint8_t               seeds[3][32];
    unsigned              added;
    uint64_t              n, time;
    consent_rc_t          rc;
    consent_op_t          op, other;
    const char           *directory = temporary_directory();
    consent_ledger_t     *ledger = open_ledger(directory, (size_t) 64 << 20, false);
    consent_publisher_t  *publisher = a_publisher(ledger, ORIGIN, -1);
    consent_note_key_t    keys[3];
    consent_buf_t         first, b, got;
    consent_checkpoint_t  c;

    (void) state;

    keys[0] = a_witness("witness.example/a", seeds[0], 1);
    keys[1] = a_witness("witness.example/b", seeds[1], 2);
    keys[2] = a_witness("stranger.example", seeds[2], 3);
    consent_buf_init(&got, CONSENT_LOG_CHECKPOINT_MAX);

    add_entries(ledger, 0, 10);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    assert_int_equal(consent_log_checkpoint_of(ledger, CONSENT_LOG_NEWEST, true, &got), CONSENT_NOTFOUND);

    cosigned(&first, ledger, &keys[0], seeds[0]);
    assert_int_equal(consent_log_cosign(ledger, consent_buf_view(&first), keys, 2, &op, memory, &added), CONSENT_OK);
    assert_int_equal(added, 1);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);

    /* in the newest checkpoint, and in each proof */
    assert_int_equal(consent_log_checkpoint(ledger, &got), CONSENT_OK);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&got)), CONSENT_OK);
    assert_int_equal(consent_cosignature_verify(&c.note, &keys[0], &time), CONSENT_OK);
    assert_int_equal(time, 1767225600);
    assert_int_equal(consent_checkpoint_verify(&c, log_key(ORIGIN)), CONSENT_OK);
    consent_buf_init(&b, CONSENT_LOG_PROOF_MAX);
    assert_int_equal(consent_log_proof(ledger, 3, &b), CONSENT_OK);
    assert_non_null(memmem(b.data, b.len, "witness.example/a", 17));
    consent_buf_free(&b);

    /* once is enough */
    assert_int_equal(consent_log_cosign(ledger, consent_buf_view(&first), keys, 2, &op, memory, &added), CONSENT_CONFLICT);

    /* a second witness, and a stranger beside it */
    cosigned(&b, ledger, &keys[1], seeds[1]);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(consent_cosignature_sign(&b, c.note.text, &keys[2], seeds[2], 5), CONSENT_OK);
    assert_int_equal(consent_log_cosign(ledger, consent_buf_view(&b), keys, 2, &op, memory, &added), CONSENT_OK);
    assert_int_equal(added, 1);

    /* two that were verified at the same time are both kept */
    assert_int_equal(consent_log_cosign(ledger, consent_buf_view(&b), &keys[2], 1, &other, memory_of_other, &added),
                     CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_CONFLICT);
    consent_buf_free(&b);

    got.len = 0;
    assert_int_equal(consent_log_checkpoint(ledger, &got), CONSENT_OK);
    assert_non_null(memmem(got.data, got.len, "witness.example/a", 17));
    assert_non_null(memmem(got.data, got.len, "witness.example/b", 17));
    assert_null(memmem(got.data, got.len, "stranger", 8));
    assert_int_equal(do_op(ledger, &other), CONSENT_OK);
    got.len = 0;
    assert_int_equal(consent_log_checkpoint(ledger, &got), CONSENT_OK);
    assert_non_null(memmem(got.data, got.len, "witness.example/b", 17));
    assert_non_null(memmem(got.data, got.len, "stranger", 8));

    /* a stranger alone, a line that does not hold, another text */
    cosigned(&b, ledger, &keys[2], seeds[2]);
    assert_int_equal(consent_log_cosign(ledger, consent_buf_view(&b), &keys[1], 0, &op, memory, &added), CONSENT_NOTFOUND);
    consent_buf_free(&b);

    cosigned(&b, ledger, &keys[0], seeds[0]);
    b.data[b.len - 20] ^= 1;                        /* within the signature */
    rc = consent_log_cosign(ledger, consent_buf_view(&b), keys, 2, &op, memory, &added);
    assert_true(rc == CONSENT_DENIED || rc == CONSENT_MALFORMED);
    b.data[b.len - 20] ^= 1;
    b.data[0] ^= 1;                                 /* of another log */
    assert_int_equal(consent_log_cosign(ledger, consent_buf_view(&b), keys, 2, &op, memory, &added), CONSENT_NOTFOUND);
    assert_int_equal(consent_log_cosign(ledger, consent_lit("text\n"), keys, 2, &op, memory, &added), CONSENT_MALFORMED);
    consent_buf_free(&b);

    /* the newest with a cosignature stays, however many follow without */
    for (n = 10; n < 150; n++) {
        add_entries(ledger, n, n + 1);
        assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    }

    got.len = 0;
    assert_int_equal(consent_log_checkpoint(ledger, &got), CONSENT_OK);
    assert_null(memmem(got.data, got.len, "witness", 7));
    got.len = 0;
    assert_int_equal(consent_log_checkpoint_of(ledger, CONSENT_LOG_NEWEST, true, &got), CONSENT_OK);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&got)), CONSENT_OK);
    assert_int_equal(c.size, 10);
    assert_int_equal(consent_cosignature_verify(&c.note, &keys[1], &time), CONSENT_OK);

    /* late: one of a while ago still finds its checkpoint; it is not the newest with cosignatures for that */
    cosigned(&b, ledger, &keys[0], seeds[0]);
    add_entries(ledger, 150, 151);
    assert_int_equal(consent_log_publish(publisher, why), CONSENT_OK);
    assert_int_equal(consent_log_cosign(ledger, consent_buf_view(&b), keys, 2, &op, memory, &added), CONSENT_OK);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    got.len = 0;
    assert_int_equal(consent_log_checkpoint_of(ledger, CONSENT_LOG_NEWEST, true, &got), CONSENT_OK);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&got)), CONSENT_OK);
    assert_int_equal(c.size, 150);
    consent_buf_free(&b);

    consent_buf_free(&got);
    consent_buf_free(&first);
    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
    remove_directory(directory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(lines_are_kept),
    };

    return cmocka_run_group_tests_name("ledger_cosign", tests, NULL, NULL);
}
