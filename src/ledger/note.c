/*
 * Signed notes (C2SP signed-note): a text, an empty line, and lines of signatures over the text.
 */

#include "ledger/note.h"
#include "base/utf8.h"

#define DASH           "\xe2\x80\x94 "      /* U+2014 and a space begin a signature line */
#define DASH_LEN       4
#define ID_LEN         4
#define SIGNATURE_MAX  (8 + CONSENT_ED25519_SIG_LEN)

static bool note_plain(consent_slice_t all);


consent_rc_t
consent_note_sign(consent_buf_t *b, consent_slice_t text, const consent_note_key_t *key, const uint8_t seed[static 32])
{
    bool          first;
    uint8_t       pub[32], signature[CONSENT_ED25519_SIG_LEN];
    consent_rc_t  rc;

    if (key->type != CONSENT_NOTE_ED25519 || text.len == 0 || text.data[text.len - 1] != '\n') {
        return CONSENT_MALFORMED;
    }

    rc = consent_ed25519_public(pub, seed);

    if (rc == CONSENT_OK && memcmp(pub, key->key, sizeof(pub)) != 0) {
        rc = CONSENT_DENIED;
    }

    if (rc == CONSENT_OK) {
        rc = consent_ed25519_sign(signature, seed, text);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    /* the text may move with the first byte that is added */

    first = (b->len == text.len);

    if (first) {
        consent_buf_char(b, '\n');
    }

    consent_note_line_add(b, key, signature, sizeof(signature));

    return b->rc;
}


consent_rc_t
consent_note_open(consent_note_t *note, consent_slice_t all)
{
    size_t           i;
    consent_rc_t     rc;
    consent_slice_t  rest, line, name, signature;

    memset(note, 0, sizeof(consent_note_t));

    if (all.len > CONSENT_NOTE_MAX) {
        return CONSENT_LIMIT;
    }

    if (all.len == 0 || all.data[all.len - 1] != '\n' || !note_plain(all)) {
        return CONSENT_MALFORMED;
    }

    /* the last empty line is between text and signatures */

    for (i = all.len - 1; i > 0; i--) {
        if (all.data[i] == '\n' && all.data[i - 1] == '\n') {
            break;
        }
    }

    if (i < 2) {
        return CONSENT_MALFORMED;
    }

    note->text = consent_slice(all.data, i);
    note->lines = consent_slice(all.data + i + 1, all.len - i - 1);

    rest = note->lines;

    while ((rc = consent_note_next(&rest, &line, &name, &signature)) == CONSENT_OK) {
        if (note->n == CONSENT_NOTE_LINES) {
            return CONSENT_LIMIT;
        }

        note->n++;
    }

    return rc == CONSENT_NOTFOUND && note->n > 0 ? CONSENT_OK : CONSENT_MALFORMED;
}


consent_rc_t
consent_note_verify(const consent_note_t *note, const consent_note_key_t *key)
{
    uint8_t          bytes[CONSENT_ED25519_SIG_LEN];
    consent_rc_t     rc, found;
    consent_slice_t  rest, line, name, signature;

    if (key->type != CONSENT_NOTE_ED25519) {
        return CONSENT_NOTFOUND;
    }

    found = CONSENT_NOTFOUND;
    rest = note->lines;

    while ((rc = consent_note_next(&rest, &line, &name, &signature)) == CONSENT_OK) {
        rc = consent_note_line_of(bytes, sizeof(bytes), name, signature, key);

        if (rc == CONSENT_NOTFOUND) {
            continue;
        }

        if (rc == CONSENT_OK) {
            rc = consent_ed25519_verify(key->key, bytes, note->text);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }

        found = CONSENT_OK;
    }

    return rc == CONSENT_NOTFOUND ? found : rc;
}


consent_rc_t
consent_note_next(consent_slice_t *lines, consent_slice_t *line, consent_slice_t *name, consent_slice_t *signature)
{
    size_t           len;
    uint8_t          bytes[CONSENT_NOTE_MAX / 4 * 3 + 3];
    const uint8_t   *space;
    consent_slice_t  rest;

    if (lines->len == 0) {
        return CONSENT_NOTFOUND;
    }

    if (lines->len > CONSENT_NOTE_MAX || !consent_note_line(lines, line) || line->len <= DASH_LEN
        || memcmp(line->data, DASH, DASH_LEN) != 0)
    {
        return CONSENT_MALFORMED;
    }

    rest = consent_slice(line->data + DASH_LEN, line->len - DASH_LEN);
    space = memchr(rest.data, ' ', rest.len);

    if (space == NULL) {
        return CONSENT_MALFORMED;
    }

    *name = consent_slice(rest.data, (size_t) (space - rest.data));
    *signature = consent_slice(space + 1, rest.len - name->len - 1);

    /* of whatever algorithm, it is an id and something behind it */

    if (!consent_note_name_valid(*name) || consent_base64_decode(bytes, &len, *signature) != CONSENT_OK || len <= ID_LEN) {
        return CONSENT_MALFORMED;
    }

    return CONSENT_OK;
}


bool
consent_note_line(consent_slice_t *rest, consent_slice_t *line)
{
    const uint8_t  *lf;

    lf = rest->len == 0 ? NULL : memchr(rest->data, '\n', rest->len);

    if (lf == NULL) {
        return false;
    }

    *line = consent_slice(rest->data, (size_t) (lf - rest->data));
    *rest = consent_slice(lf + 1, rest->len - line->len - 1);

    return true;
}


bool
consent_note_number(uint64_t *n, consent_slice_t text)
{
    size_t    i;
    uint64_t  digit;

    *n = 0;

    if (text.len == 0 || (text.len > 1 && text.data[0] == '0')) {
        return false;
    }

    for (i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }

        digit = text.data[i] - (uint64_t) '0';

        if (*n > (UINT64_MAX - digit) / 10) {
            return false;
        }

        *n = *n * 10 + digit;
    }

    return true;
}


bool
consent_note_hash(uint8_t out[static CONSENT_HASH_LEN], consent_slice_t text)
{
    size_t   len;
    uint8_t  bytes[44 / 4 * 3 + 3];

    if (text.len != 44 || consent_base64_decode(bytes, &len, text) != CONSENT_OK || len != CONSENT_HASH_LEN) {
        return false;
    }

    memcpy(out, bytes, CONSENT_HASH_LEN);

    return true;
}


void
consent_note_hash_line(consent_buf_t *b, const uint8_t hash[static CONSENT_HASH_LEN])
{
    char  text[44];

    consent_buf_add(b, text, consent_base64(text, hash, CONSENT_HASH_LEN));
    consent_buf_char(b, '\n');
}


void
consent_note_line_add(consent_buf_t *b, const consent_note_key_t *key, const uint8_t *signature, size_t n)
{
    char     text[(ID_LEN + SIGNATURE_MAX + 2) / 3 * 4];
    uint8_t  bytes[ID_LEN + SIGNATURE_MAX];

    if (n > SIGNATURE_MAX) {
        b->rc = CONSENT_LIMIT;
        return;
    }

    bytes[0] = (uint8_t) (key->id >> 24);
    bytes[1] = (uint8_t) (key->id >> 16);
    bytes[2] = (uint8_t) (key->id >> 8);
    bytes[3] = (uint8_t) key->id;
    memcpy(bytes + ID_LEN, signature, n);

    consent_buf_str(b, DASH);
    consent_buf_slice(b, consent_note_key_name(key));
    consent_buf_char(b, ' ');
    consent_buf_add(b, text, consent_base64(text, bytes, ID_LEN + n));
    consent_buf_char(b, '\n');
}


consent_rc_t
consent_note_line_of(uint8_t *out, size_t n, consent_slice_t name, consent_slice_t signature,
    const consent_note_key_t *key)
{
    size_t    len;
    uint8_t   bytes[(ID_LEN + SIGNATURE_MAX + 2) / 3 * 3 + 3], id[9];
    uint32_t  of;

    if (n > SIGNATURE_MAX || !consent_slice_eq(name, consent_note_key_name(key)) || signature.len < 8
        || consent_base64_decode(id, &len, consent_slice(signature.data, 8)) != CONSENT_OK)
    {
        return CONSENT_NOTFOUND;
    }

    of = (uint32_t) id[0] << 24 | (uint32_t) id[1] << 16 | (uint32_t) id[2] << 8 | id[3];

    if (of != key->id) {
        return CONSENT_NOTFOUND;
    }

    if (signature.len != (ID_LEN + n + 2) / 3 * 4 || consent_base64_decode(bytes, &len, signature) != CONSENT_OK
        || len != ID_LEN + n)
    {
        return CONSENT_DENIED;
    }

    memcpy(out, bytes + ID_LEN, n);

    return CONSENT_OK;
}


/* UTF-8 without control characters but LF. */
static bool
note_plain(consent_slice_t all)
{
    size_t  i;

    for (i = 0; i < all.len; i++) {
        if (all.data[i] < 0x20 && all.data[i] != '\n') {
            return false;
        }
    }

    return consent_utf8_valid(all);
}
