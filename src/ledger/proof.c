/*
 * Proofs that an entry is in a log (C2SP tlog-proof): its index, the hashes from its leaf up, the signed checkpoint.
 */

#include "ledger/note.h"

#define HEADER  "c2sp.org/tlog-proof@v1"

static bool proof_word(consent_slice_t *line, consent_slice_t word);
static bool proof_extra(consent_slice_t text);


consent_rc_t
consent_proof_write(consent_buf_t *b, uint64_t index, const uint8_t hashes[][CONSENT_HASH_LEN], unsigned n,
    consent_slice_t signed_checkpoint)
{
    unsigned  i;

    if (n > CONSENT_TREE_PROOF_MAX) {
        return CONSENT_LIMIT;
    }

    consent_buf_str(b, HEADER "\nindex ");
    consent_buf_u64(b, index);
    consent_buf_char(b, '\n');

    for (i = 0; i < n; i++) {
        consent_note_hash_line(b, hashes[i]);
    }

    consent_buf_char(b, '\n');
    consent_buf_slice(b, signed_checkpoint);

    return b->rc;
}


consent_rc_t
consent_proof_read(consent_proof_t *p, consent_slice_t all)
{
    consent_slice_t  rest, line;

    memset(p, 0, sizeof(consent_proof_t));

    if (all.len > CONSENT_NOTE_MAX) {
        return CONSENT_LIMIT;
    }

    rest = all;

    if (!consent_note_line(&rest, &line) || !consent_slice_eq(line, consent_lit(HEADER))
        || !consent_note_line(&rest, &line))
    {
        return CONSENT_MALFORMED;
    }

    if (proof_word(&line, consent_lit("extra "))) {
        p->has_extra = true;
        p->extra = line;

        if (!proof_extra(line) || !consent_note_line(&rest, &line)) {
            return CONSENT_MALFORMED;
        }
    }

    if (!proof_word(&line, consent_lit("index ")) || !consent_note_number(&p->index, line)) {
        return CONSENT_MALFORMED;
    }

    for ( ;; ) {
        if (!consent_note_line(&rest, &line)) {
            return CONSENT_MALFORMED;
        }

        if (line.len == 0) {
            break;
        }

        if (p->n == CONSENT_TREE_PROOF_MAX || !consent_note_hash(p->hashes[p->n], line)) {
            return CONSENT_MALFORMED;
        }

        p->n++;
    }

    p->signed_checkpoint = rest;

    return consent_checkpoint_read(&p->checkpoint, rest);
}


consent_rc_t
consent_proof_verify(const consent_proof_t *p, consent_digest_t *d, consent_slice_t entry, const consent_note_key_t *key)
{
    uint8_t       leaf[CONSENT_HASH_LEN];
    consent_rc_t  rc;

    rc = consent_checkpoint_verify(&p->checkpoint, key);

    if (rc == CONSENT_OK) {
        rc = consent_tree_leaf(d, leaf, entry);
    }

    if (rc == CONSENT_OK) {
        rc = consent_tree_check_inclusion(d, leaf, p->index, p->checkpoint.size, p->hashes, p->n, p->checkpoint.root);
    }

    return rc;
}


static bool
proof_word(consent_slice_t *line, consent_slice_t word)
{
    if (line->len < word.len || memcmp(line->data, word.data, word.len) != 0) {
        return false;
    }

    *line = consent_slice(line->data + word.len, line->len - word.len);

    return true;
}


static bool
proof_extra(consent_slice_t text)
{
    size_t   len;
    uint8_t  bytes[CONSENT_NOTE_MAX / 4 * 3 + 3];

    return consent_base64_decode(bytes, &len, text) == CONSENT_OK;
}
