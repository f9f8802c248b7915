/*
 * Verifier keys of signed notes: their names, their ids, their one spelling.
 */

#include "base/note_key.h"
#include "base/digest.h"
#include "base/utf8.h"

#define ID_TEXT_LEN   8                     /* hex */
#define KEY_LEN       (1 + 32)              /* type, public key */
#define KEY_TEXT_LEN  44                    /* base64 of it */


bool
consent_note_name_valid(consent_slice_t name)
{
    uint32_t        c;
    const uint8_t  *p, *end;

    if (name.len == 0 || name.len > CONSENT_NOTE_NAME_MAX || !consent_utf8_valid(name)) {
        return false;
    }

    p = name.data;
    end = p + name.len;

    while (p < end) {
        c = consent_utf8_next(&p, end);

        if (c <= 0x20 || c == '+' || (c >= 0x7f && c <= 0xa0) || c == 0x1680 || (c >= 0x2000 && c <= 0x200a)
            || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000)
        {
            return false;
        }
    }

    return true;
}


consent_rc_t
consent_note_key_make(consent_note_key_t *key, consent_slice_t name, uint8_t type, const uint8_t pub[static 32])
{
    uint8_t            hash[CONSENT_HASH_LEN], lead[2] = { '\n', type };
    consent_rc_t       rc;
    consent_slice_t    parts[3];
    consent_digest_t  *d;

    if (!consent_note_name_valid(name) || (type != CONSENT_NOTE_ED25519 && type != CONSENT_NOTE_COSIGNATURE)) {
        return CONSENT_MALFORMED;
    }

    d = consent_digest_create();
    if (d == NULL) {
        return CONSENT_NOMEM;
    }

    parts[0] = name;
    parts[1] = consent_slice(lead, sizeof(lead));
    parts[2] = consent_slice(pub, 32);
    rc = consent_digest_sha256(d, hash, parts, 3);
    consent_digest_destroy(d);

    if (rc != CONSENT_OK) {
        return rc;
    }

    memset(key, 0, sizeof(consent_note_key_t));
    memcpy(key->name, name.data, name.len);
    memcpy(key->key, pub, 32);
    key->name_len = name.len;
    key->type = type;
    key->id = (uint32_t) hash[0] << 24 | (uint32_t) hash[1] << 16 | (uint32_t) hash[2] << 8 | hash[3];

    return CONSENT_OK;
}


consent_rc_t
consent_note_key_parse(consent_note_key_t *key, consent_slice_t vkey)
{
    char              id[ID_TEXT_LEN + 1];
    size_t            len;
    uint8_t           bytes[KEY_TEXT_LEN];
    consent_rc_t      rc;
    const uint8_t    *plus;
    consent_slice_t   name;

    /* the base64 may hold a '+': behind the name and the id, neither of which does */

    plus = vkey.len == 0 ? NULL : memchr(vkey.data, '+', vkey.len);

    if (plus == NULL) {
        return CONSENT_MALFORMED;
    }

    name = consent_slice(vkey.data, (size_t) (plus - vkey.data));

    if (vkey.len - name.len != 1 + ID_TEXT_LEN + 1 + KEY_TEXT_LEN || plus[1 + ID_TEXT_LEN] != '+') {
        return CONSENT_MALFORMED;
    }

    rc = consent_base64_decode(bytes, &len, consent_slice(plus + 1 + ID_TEXT_LEN + 1, KEY_TEXT_LEN));

    if (rc != CONSENT_OK || len != KEY_LEN) {
        return CONSENT_MALFORMED;
    }

    rc = consent_note_key_make(key, name, bytes[0], bytes + 1);

    if (rc != CONSENT_OK) {
        return rc;
    }

    bytes[0] = (uint8_t) (key->id >> 24);
    bytes[1] = (uint8_t) (key->id >> 16);
    bytes[2] = (uint8_t) (key->id >> 8);
    bytes[3] = (uint8_t) key->id;
    consent_hex(id, bytes, ID_TEXT_LEN / 2);

    return memcmp(id, plus + 1, ID_TEXT_LEN) == 0 ? CONSENT_OK : CONSENT_MALFORMED;
}


void
consent_note_key_write(consent_buf_t *b, const consent_note_key_t *key)
{
    char     text[KEY_TEXT_LEN];
    uint8_t  bytes[KEY_LEN];

    bytes[0] = key->type;
    memcpy(bytes + 1, key->key, 32);

    consent_buf_slice(b, consent_note_key_name(key));
    consent_buf_printf(b, "+%08x+", (unsigned) key->id);
    consent_buf_add(b, text, consent_base64(text, bytes, sizeof(bytes)));
}
