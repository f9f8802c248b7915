/*
 * Signed texts of a log, as C2SP defines them: notes (signed-note), checkpoints (tlog-checkpoint), cosignatures of witnesses
 * (tlog-cosignature v1) and proofs (tlog-proof). Readers take one spelling only; what they give points into what was read.
 */

#ifndef CONSENT_NOTE_H
#define CONSENT_NOTE_H

#include "base/note_key.h"
#include "ledger/tree.h"

#define CONSENT_NOTE_LINES       100        /* signature lines of a note at most */
#define CONSENT_NOTE_MAX         65536      /* bytes that are read as a note, checkpoint or proof */
#define CONSENT_NOTE_LINE_MAX    (4 + CONSENT_NOTE_NAME_MAX + 1 + 104 + 1)      /* of a signature line of ours */
#define CONSENT_CHECKPOINT_TEXT  (CONSENT_NOTE_NAME_MAX + 1 + 20 + 1 + 44 + 1)  /* bytes of a checkpoint without its lines */

/* ---- Notes ---- */

typedef struct {
    consent_slice_t  text;          /* what is signed, its last LF included */
    consent_slice_t  lines;         /* the signature lines, each with its LF */
    unsigned         n;             /* how many */
} consent_note_t;

/* Adds a signature line over text, behind an empty line if b holds no more than the text itself; text may point into b.
 * CONSENT_DENIED: the seed is not that of the key. CONSENT_MALFORMED: no text of whole lines, or the key is a witness's.
 * CONSENT_LIMIT, CONSENT_NOMEM, CONSENT_IO. */
consent_rc_t consent_note_sign(consent_buf_t *b, consent_slice_t text, const consent_note_key_t *key,
    const uint8_t seed[static 32]);

/* Splits a note into its text and its signature lines. CONSENT_MALFORMED: it is none; CONSENT_LIMIT: more than
 * CONSENT_NOTE_MAX bytes or CONSENT_NOTE_LINES lines. */
consent_rc_t consent_note_open(consent_note_t *note, consent_slice_t all);

/* Did that key sign it? All lines of the key must hold. CONSENT_OK; CONSENT_NOTFOUND: no line is the key's; CONSENT_DENIED;
 * CONSENT_IO. */
consent_rc_t consent_note_verify(const consent_note_t *note, const consent_note_key_t *key);

/* One signature line, taken from the front of *lines (those of an opened note); CONSENT_NOTFOUND: none is left. `signature`
 * is base64 of the key's id and what it signed. */
consent_rc_t consent_note_next(consent_slice_t *lines, consent_slice_t *line, consent_slice_t *name,
    consent_slice_t *signature);

/* ---- Checkpoints ---- */

typedef struct {
    consent_slice_t  origin;
    uint64_t         size;
    uint8_t          root[CONSENT_HASH_LEN];
    consent_note_t   note;
} consent_checkpoint_t;

/* Adds a checkpoint's text, to be signed. CONSENT_MALFORMED: no origin. */
consent_rc_t consent_checkpoint_write(consent_buf_t *b, consent_slice_t origin, uint64_t size,
    const uint8_t root[static CONSENT_HASH_LEN]);

/* Reads a signed checkpoint; verifies nothing. Further lines of its text are allowed, and are signed with it. */
consent_rc_t consent_checkpoint_read(consent_checkpoint_t *c, consent_slice_t all);

/* Is it of the log of that key? Its origin is the key's name, and the key has signed it. As consent_note_verify, and
 * CONSENT_NOTFOUND for another origin. */
consent_rc_t consent_checkpoint_verify(const consent_checkpoint_t *c, const consent_note_key_t *key);

/* ---- Cosignatures: a witness has seen this checkpoint, at that time, and nothing that it contradicts ---- */

/* Adds a witness's line to a signed checkpoint, `text` being what the log has signed. time: seconds since 1970, 1 or more. */
consent_rc_t consent_cosignature_sign(consent_buf_t *b, consent_slice_t text, const consent_note_key_t *key,
    const uint8_t seed[static 32], uint64_t time);

/* As consent_note_verify; *time is the latest of that witness. */
consent_rc_t consent_cosignature_verify(const consent_note_t *note, const consent_note_key_t *key, uint64_t *time);

/* ---- Proofs: an entry's place, carried along with it ---- */

typedef struct {
    bool                  has_extra;
    consent_slice_t       extra;    /* base64, not authenticated */
    uint64_t              index;
    unsigned              n;
    uint8_t               hashes[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    consent_slice_t       signed_checkpoint;
    consent_checkpoint_t  checkpoint;
} consent_proof_t;

/* Adds a proof, without an extra line: the hashes of consent_tree_inclusion, and a signed checkpoint, verbatim. */
consent_rc_t consent_proof_write(consent_buf_t *b, uint64_t index, const uint8_t hashes[][CONSENT_HASH_LEN], unsigned n,
    consent_slice_t signed_checkpoint);

/* Reads one; verifies nothing. */
consent_rc_t consent_proof_read(consent_proof_t *p, consent_slice_t all);

/* Is the entry in that place of the log of that key? CONSENT_OK; CONSENT_NOTFOUND: the checkpoint is not that log's;
 * CONSENT_DENIED: its signature or the hashes do not hold; CONSENT_IO. */
consent_rc_t consent_proof_verify(const consent_proof_t *p, consent_digest_t *d, consent_slice_t entry,
    const consent_note_key_t *key);

/* ---- What all of these are made of ---- */

/* Takes a line from the front of *rest, without its LF. false: there is no LF. */
bool consent_note_line(consent_slice_t *rest, consent_slice_t *line);

/* A decimal number: digits only, no leading zero. */
bool consent_note_number(uint64_t *n, consent_slice_t text);

/* Base64 of 32 bytes, in its one spelling. */
bool consent_note_hash(uint8_t out[static CONSENT_HASH_LEN], consent_slice_t text);
void consent_note_hash_line(consent_buf_t *b, const uint8_t hash[static CONSENT_HASH_LEN]);

/* Adds a signature line: key name, key id, and `n` bytes of signature, at most 72. */
void consent_note_line_add(consent_buf_t *b, const consent_note_key_t *key, const uint8_t *signature, size_t n);

/* The n bytes of signature in a line, behind the id, if the line is that key's. CONSENT_NOTFOUND: it is not;
 * CONSENT_DENIED: it is, and not of that many bytes. */
consent_rc_t consent_note_line_of(uint8_t *out, size_t n, consent_slice_t name, consent_slice_t signature,
    const consent_note_key_t *key);

#endif
