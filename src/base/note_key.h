/*
 * Verifier keys of signed notes (C2SP signed-note): "<name>+<key id>+<base64 of type and key>". A log's origin is the name
 * of its key.
 */

#ifndef CONSENT_NOTE_KEY_H
#define CONSENT_NOTE_KEY_H

#include "base/buf.h"

#define CONSENT_NOTE_NAME_MAX     255       /* bytes */
#define CONSENT_NOTE_ED25519      0x01      /* a signature over the note's text */
#define CONSENT_NOTE_COSIGNATURE  0x04      /* a witness's: Ed25519 over time and text (C2SP tlog-cosignature v1) */

/* Room for a verifier key's text. */
#define CONSENT_NOTE_KEY_TEXT     (CONSENT_NOTE_NAME_MAX + 1 + 8 + 1 + 44)

typedef struct {
    char      name[CONSENT_NOTE_NAME_MAX + 1];      /* and a NUL */
    size_t    name_len;
    uint32_t  id;
    uint8_t   type;
    uint8_t   key[32];                              /* Ed25519, public */
} consent_note_key_t;

/* 1 to CONSENT_NOTE_NAME_MAX bytes of UTF-8, no white space of Unicode or control character, no '+'. */
bool consent_note_name_valid(consent_slice_t name);

/* A key of these parts, its id computed. CONSENT_MALFORMED: not a name, or another type than the two above. CONSENT_NOMEM,
 * CONSENT_IO. */
consent_rc_t consent_note_key_make(consent_note_key_t *key, consent_slice_t name, uint8_t type,
    const uint8_t pub[static 32]);

/* Reads a verifier key, strictly, without an LF behind it. CONSENT_MALFORMED: it is none, of another type, or its id is not
 * that of name and key. */
consent_rc_t consent_note_key_parse(consent_note_key_t *key, consent_slice_t vkey);

/* Adds the verifier key, without an LF. */
void consent_note_key_write(consent_buf_t *b, const consent_note_key_t *key);

static inline consent_slice_t
consent_note_key_name(const consent_note_key_t *key)
{
    return consent_slice(key->name, key->name_len);
}

#endif
