/*
 * Fuzzes notes, checkpoints, proofs, verifier keys and paths of tiles: what is read is written again alike, and a key that
 * never signed has not signed.
 */

#include "base/note_key.h"
#include "ledger/note.h"
#include "ledger/tile.h"

#include <stdlib.h>

static void fuzz_note(consent_slice_t in, const consent_note_key_t *key);
static void fuzz_proof(consent_slice_t in, const consent_note_key_t *key);
static void fuzz_key(consent_slice_t in);
static void fuzz_tile(consent_slice_t in);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t             pub[32], seed[32] = { 1 };
    consent_slice_t     in;
    consent_note_key_t  keys[2];

    /* of the names in the seeds, with a secret that is nobody's */

    if (consent_ed25519_public(pub, seed) != CONSENT_OK
        || consent_note_key_make(&keys[0], consent_lit("consent.example.org/node1"), CONSENT_NOTE_ED25519, pub) != CONSENT_OK
        || consent_note_key_make(&keys[1], consent_lit("witness.example.net/w1"), CONSENT_NOTE_COSIGNATURE, pub)
           != CONSENT_OK)
    {
        abort();
    }

    in = consent_slice(data, size);
    keys[0].id = 0xcd28eb4d;
    keys[1].id = 0xf9706618;

    fuzz_note(in, &keys[0]);
    fuzz_note(in, &keys[1]);
    fuzz_proof(in, &keys[0]);
    fuzz_key(in);
    fuzz_tile(in);

    return 0;
}


static void
fuzz_note(consent_slice_t in, const consent_note_key_t *key)
{
    uint64_t              time;
    consent_buf_t         b;
    consent_note_t        note;
    consent_checkpoint_t  c;

    if (consent_note_open(&note, in) != CONSENT_OK) {
        if (consent_checkpoint_read(&c, in) == CONSENT_OK) {
            abort();
        }

        return;
    }

    if (note.text.len + 1 + note.lines.len != in.len || note.n == 0 || note.text.data[note.text.len - 1] != '\n') {
        abort();
    }

    if (consent_note_verify(&note, key) == CONSENT_OK || consent_cosignature_verify(&note, key, &time) == CONSENT_OK) {
        abort();
    }

    if (consent_checkpoint_read(&c, in) == CONSENT_OK && consent_note_name_valid(c.origin)) {
        consent_buf_init(&b, CONSENT_NOTE_MAX);

        if (consent_checkpoint_write(&b, c.origin, c.size, c.root) != CONSENT_OK || b.len > note.text.len
            || memcmp(b.data, note.text.data, b.len) != 0)
        {
            abort();
        }

        consent_buf_free(&b);
    }
}


static void
fuzz_proof(consent_slice_t in, const consent_note_key_t *key)
{
    consent_buf_t      b;
    consent_proof_t    p;
    consent_digest_t  *d;

    if (consent_proof_read(&p, in) != CONSENT_OK) {
        return;
    }

    d = consent_digest_create();

    if (d == NULL || consent_proof_verify(&p, d, in, key) == CONSENT_OK) {
        abort();
    }

    consent_digest_destroy(d);

    if (!p.has_extra) {
        consent_buf_init(&b, CONSENT_NOTE_MAX);

        if (consent_proof_write(&b, p.index, p.hashes, p.n, p.signed_checkpoint) != CONSENT_OK
            || !consent_slice_eq(consent_buf_view(&b), in))
        {
            abort();
        }

        consent_buf_free(&b);
    }
}


static void
fuzz_key(consent_slice_t in)
{
    consent_buf_t       b;
    consent_note_key_t  key;

    if (consent_note_key_parse(&key, in) == CONSENT_OK) {
        consent_buf_init(&b, CONSENT_NOTE_KEY_TEXT);
        consent_note_key_write(&b, &key);

        if (b.rc != CONSENT_OK || !consent_slice_eq(consent_buf_view(&b), in)) {
            abort();
        }

        consent_buf_free(&b);
    }
}


static void
fuzz_tile(consent_slice_t in)
{
    char            path[CONSENT_TILE_PATH_MAX];
    consent_tile_t  tile;

    if (consent_tile_parse(&tile, in) == CONSENT_OK
        && !consent_slice_eq(consent_slice(path, consent_tile_path(path, &tile)), in))
    {
        abort();
    }
}
