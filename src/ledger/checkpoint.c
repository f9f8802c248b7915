/*
 * Checkpoints of a log (C2SP tlog-checkpoint) and the cosignatures of its witnesses (C2SP tlog-cosignature v1).
 */

#include "ledger/note.h"

#define TIME_LEN       8
#define COSIGNATURE    (TIME_LEN + CONSENT_ED25519_SIG_LEN)
#define COSIGNED_LEAD  (sizeof("cosignature/v1\ntime \n") + 20)

static consent_rc_t cosigned_text(consent_buf_t *b, consent_slice_t text, uint64_t time);


consent_rc_t
consent_checkpoint_write(consent_buf_t *b, consent_slice_t origin, uint64_t size,
    const uint8_t root[static CONSENT_HASH_LEN])
{
    if (!consent_note_name_valid(origin)) {
        return CONSENT_MALFORMED;
    }

    consent_buf_slice(b, origin);
    consent_buf_char(b, '\n');
    consent_buf_u64(b, size);
    consent_buf_char(b, '\n');
    consent_note_hash_line(b, root);

    return b->rc;
}


consent_rc_t
consent_checkpoint_read(consent_checkpoint_t *c, consent_slice_t all)
{
    consent_rc_t     rc;
    consent_slice_t  rest, line;

    memset(c, 0, sizeof(consent_checkpoint_t));
    rc = consent_note_open(&c->note, all);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rest = c->note.text;

    if (!consent_note_line(&rest, &c->origin) || c->origin.len == 0 || !consent_note_line(&rest, &line)
        || !consent_note_number(&c->size, line) || !consent_note_line(&rest, &line)
        || !consent_note_hash(c->root, line))
    {
        return CONSENT_MALFORMED;
    }

    while (consent_note_line(&rest, &line)) {
        if (line.len == 0) {
            return CONSENT_MALFORMED;
        }
    }

    return CONSENT_OK;
}


consent_rc_t
consent_checkpoint_verify(const consent_checkpoint_t *c, const consent_note_key_t *key)
{
    if (!consent_slice_eq(c->origin, consent_note_key_name(key))) {
        return CONSENT_NOTFOUND;
    }

    return consent_note_verify(&c->note, key);
}


consent_rc_t
consent_cosignature_sign(consent_buf_t *b, consent_slice_t text, const consent_note_key_t *key,
    const uint8_t seed[static 32], uint64_t time)
{
    size_t         i;
    uint8_t        pub[32], signature[COSIGNATURE];
    consent_rc_t   rc;
    consent_buf_t  cosigned;

    if (key->type != CONSENT_NOTE_COSIGNATURE || text.len == 0 || text.len > CONSENT_NOTE_MAX || time == 0
        || time > INT64_MAX)
    {
        return CONSENT_MALFORMED;
    }

    rc = consent_ed25519_public(pub, seed);

    if (rc == CONSENT_OK && memcmp(pub, key->key, sizeof(pub)) != 0) {
        rc = CONSENT_DENIED;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    consent_buf_init(&cosigned, CONSENT_NOTE_MAX + COSIGNED_LEAD);
    rc = cosigned_text(&cosigned, text, time);

    if (rc == CONSENT_OK) {
        rc = consent_ed25519_sign(signature + TIME_LEN, seed, consent_buf_view(&cosigned));
    }

    consent_buf_free(&cosigned);

    if (rc != CONSENT_OK) {
        return rc;
    }

    for (i = 0; i < TIME_LEN; i++) {
        signature[i] = (uint8_t) (time >> (8 * (TIME_LEN - 1 - i)));
    }

    consent_note_line_add(b, key, signature, sizeof(signature));

    return b->rc;
}


consent_rc_t
consent_cosignature_verify(const consent_note_t *note, const consent_note_key_t *key, uint64_t *time)
{
    size_t           i;
    uint8_t          bytes[COSIGNATURE];
    uint64_t         at;
    consent_rc_t     rc, found;
    consent_buf_t    cosigned;
    consent_slice_t  rest, line, name, signature;

    *time = 0;

    if (key->type != CONSENT_NOTE_COSIGNATURE) {
        return CONSENT_NOTFOUND;
    }

    found = CONSENT_NOTFOUND;
    rest = note->lines;

    while ((rc = consent_note_next(&rest, &line, &name, &signature)) == CONSENT_OK) {
        rc = consent_note_line_of(bytes, sizeof(bytes), name, signature, key);

        if (rc == CONSENT_NOTFOUND) {
            continue;
        }

        if (rc != CONSENT_OK) {
            return rc;
        }

        for (i = 0, at = 0; i < TIME_LEN; i++) {
            at = at << 8 | bytes[i];
        }

        if (at == 0 || at > INT64_MAX) {
            return CONSENT_DENIED;
        }

        consent_buf_init(&cosigned, CONSENT_NOTE_MAX + COSIGNED_LEAD);
        rc = cosigned_text(&cosigned, note->text, at);

        if (rc == CONSENT_OK) {
            rc = consent_ed25519_verify(key->key, bytes + TIME_LEN, consent_buf_view(&cosigned));
        }

        consent_buf_free(&cosigned);

        if (rc != CONSENT_OK) {
            return rc;
        }

        *time = at > *time ? at : *time;
        found = CONSENT_OK;
    }

    return rc == CONSENT_NOTFOUND ? found : rc;
}


static consent_rc_t
cosigned_text(consent_buf_t *b, consent_slice_t text, uint64_t time)
{
    consent_buf_str(b, "cosignature/v1\ntime ");
    consent_buf_u64(b, time);
    consent_buf_char(b, '\n');
    consent_buf_slice(b, text);

    return b->rc;
}
