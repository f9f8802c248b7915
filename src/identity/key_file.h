/*
 * Key files as they lie on disk: reading them with care, writing them so that they are there whole or not at
 * all. Only keys.c and keygen.c need it.
 */

#ifndef CONSENT_KEY_FILE_H
#define CONSENT_KEY_FILE_H

#include "identity/keys.h"

#define CONSENT_KEY_FILE_MAX  4096          /* bytes */
#define CONSENT_SECRET_LEN    32

/* One line of a key file. */
typedef struct {
    char     kid[CONSENT_KID_LEN + 1];
    uint8_t  secret[CONSENT_SECRET_LEN];
} consent_key_line_t;

/* Reads directory/name into out. With `secret` the file must be of mode 0600 or stricter (CONSENT_DENIED).
 * CONSENT_NOTFOUND, CONSENT_LIMIT (too large) and CONSENT_IO with a sentence in why. */
consent_rc_t consent_key_file_read(uint8_t out[static CONSENT_KEY_FILE_MAX], size_t *len,
    const char *directory, const char *name, bool secret, char why[static 256]);

/* Writes a new file of that mode and syncs it; CONSENT_CONFLICT if it is there already. */
consent_rc_t consent_key_file_write(const char *directory, const char *name, consent_slice_t content,
    unsigned mode, char why[static 256]);

/* The lines of a key file, 1 to max, with different ids. CONSENT_MALFORMED otherwise. */
consent_rc_t consent_key_lines_parse(consent_key_line_t *lines, size_t *n, size_t max,
    consent_slice_t content);

/* Adds a line. */
void consent_key_line_write(consent_buf_t *b, const consent_key_line_t *line);

/* A new secret with a new id. */
consent_rc_t consent_key_line_random(consent_key_line_t *line);

/* A log's private key, PRIVATE+KEY+<origin>+<key id>+<base64>: origin holds 256 bytes, kid CONSENT_KID_LEN
 * + 1. */
consent_rc_t consent_log_key_parse(char *origin, char *kid, uint8_t seed[static 32], uint8_t pub[static 32],
    consent_slice_t content);

/* Adds the private or the verifier key's line for this origin. */
consent_rc_t consent_log_key_write(consent_buf_t *b, const char *origin, const uint8_t seed[static 32],
    bool is_private);

#endif
