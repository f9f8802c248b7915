/*
 * What a publisher puts into a write transaction. The transaction itself sees to it that there is one log: nothing is put
 * unless the store still says what the publisher began with.
 */

#include "ledger/log_inside.h"

#define STEP_KEPT    128        /* checkpoints of a log */
#define STEP_DELETE  4          /* of those too many, at a time */

static bool goes_on(const consent_log_record_t *now, const consent_log_record_t *from);
static consent_rc_t put_tiles(consent_ledger_t *ledger, const consent_log_step_t *step);
static consent_rc_t put_note(consent_ledger_t *ledger, const consent_log_step_t *step);
static consent_rc_t forget_notes(consent_ledger_t *ledger, const consent_log_record_t *record);
static consent_rc_t put_cosigned(consent_ledger_t *ledger, const consent_log_step_t *step, consent_log_record_t *record);


consent_rc_t
consent_log_apply(consent_ledger_t *ledger, const consent_log_step_t *step)
{
    consent_rc_t          rc;
    consent_log_record_t  now, to;

    rc = consent_log_record_get(&ledger->view, step->from.number, &now);

    if (step->cosigned) {
        return rc == CONSENT_OK ? put_cosigned(ledger, step, &now) : rc == CONSENT_NOTFOUND ? CONSENT_CONFLICT : CONSENT_IO;
    }

    if (rc == CONSENT_NOTFOUND && step->from.number == 0 && step->from.size == 0) {
        now = step->from;

    } else if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_CONFLICT : CONSENT_IO;
    }

    if (!goes_on(&now, &step->from)) {
        return CONSENT_CONFLICT;
    }

    to = step->to;
    to.cosigned = now.cosigned;

    rc = put_tiles(ledger, step);

    if (rc == CONSENT_OK && step->note_size > 0) {
        rc = put_note(ledger, step);

        if (rc == CONSENT_OK) {
            rc = forget_notes(ledger, &to);
        }
    }

    return rc == CONSENT_OK ? consent_log_record_put(ledger, &to) : rc;
}


consent_rc_t
consent_log_begin(consent_ledger_t *ledger, uint32_t number)
{
    consent_rc_t          rc;
    consent_log_record_t  first, record;

    if (!ledger->open) {
        return CONSENT_IO;
    }

    rc = consent_log_record_get(&ledger->view, CONSENT_LOG_NEWEST, &record);

    if (rc == CONSENT_OK && (number == 0 || record.number != number - 1 || number == CONSENT_LOG_NEWEST)) {
        return CONSENT_CONFLICT;
    }

    if (rc == CONSENT_OK) {
        rc = consent_log_record_get(&ledger->view, 0, &first);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    memset(&record, 0, sizeof(record));
    record.number = number;
    record.first = ledger->meta.next_index;

    rc = consent_log_origin(record.origin, first.origin, number);

    return rc == CONSENT_OK ? consent_log_record_put(ledger, &record) : rc;
}


static bool
goes_on(const consent_log_record_t *now, const consent_log_record_t *from)
{
    return now->first == from->first && now->size == from->size && now->shown == from->shown
           && memcmp(now->root, from->root, CONSENT_HASH_LEN) == 0 && strcmp(now->origin, from->origin) == 0;
}


static consent_rc_t
put_tiles(consent_ledger_t *ledger, const consent_log_step_t *step)
{
    size_t        i;
    uint8_t       key[CONSENT_LOG_TILE_KEY_LEN];
    consent_rc_t  rc;

    for (i = 0, rc = CONSENT_OK; i < step->n && rc == CONSENT_OK; i++) {
        consent_log_tile_key(key, step->from.number, step->tiles[i].level, step->tiles[i].index);
        rc = consent_ledger_put(ledger, CONSENT_TABLE_TILES, consent_slice(key, sizeof(key)),
                                consent_slice(step->hashes + i * CONSENT_LOG_TILE_BYTES,
                                              step->tiles[i].width * CONSENT_HASH_LEN),
                                CONSENT_PUT_REPLACE);
    }

    return rc;
}


static consent_rc_t
put_note(consent_ledger_t *ledger, const consent_log_step_t *step)
{
    uint8_t  key[CONSENT_LOG_NOTE_KEY_LEN];

    consent_log_note_key(key, step->from.number, step->note_size);

    return consent_ledger_put(ledger, CONSENT_TABLE_CHECKPOINTS, consent_slice(key, sizeof(key)),
                              consent_slice(step->note, step->note_len), CONSENT_PUT_REPLACE);
}


/* The oldest, when there are too many; the newest and the newest with cosignatures stay. */
static consent_rc_t
forget_notes(consent_ledger_t *ledger, const consent_log_record_t *record)
{
    unsigned         n;
    uint8_t          key[CONSENT_LOG_NOTE_KEY_LEN];
    uint64_t         from, size;
    consent_rc_t     rc;
    consent_slice_t  found, note;

    from = 0;

    for (n = 0; n < STEP_DELETE && consent_view_count(&ledger->view, CONSENT_TABLE_CHECKPOINTS) > STEP_KEPT; n++) {
        consent_log_note_key(key, record->number, from);
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_CHECKPOINTS, consent_slice(key, sizeof(key)), false, &found,
                               &note);

        if (rc == CONSENT_NOTFOUND) {
            return CONSENT_OK;
        }

        if (rc != CONSENT_OK || found.len != sizeof(key)) {
            return CONSENT_IO;
        }

        size = consent_get_u64(found.data + 4);

        if (memcmp(found.data, key, 4) != 0 || size >= record->shown) {
            return CONSENT_OK;
        }

        from = size + 1;

        if (size != record->cosigned) {
            consent_log_note_key(key, record->number, size);
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_CHECKPOINTS, consent_slice(key, sizeof(key)));

            if (rc != CONSENT_OK) {
                return rc;
            }
        }
    }

    return CONSENT_OK;
}


/* Behind the lines that are there by now, which may be others than when this one was verified. */
static consent_rc_t
put_cosigned(consent_ledger_t *ledger, const consent_log_step_t *step, consent_log_record_t *record)
{
    uint8_t          key[CONSENT_LOG_NOTE_KEY_LEN], memory[CONSENT_LOG_CHECKPOINT_MAX];
    consent_rc_t     rc;
    consent_buf_t    b;
    consent_slice_t  note, lines, line, name, signature;

    rc = consent_log_note_get(&ledger->view, record->number, step->note_size, &note);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_CONFLICT : CONSENT_IO;
    }

    consent_buf_init_fixed(&b, memory, sizeof(memory));
    consent_buf_slice(&b, note);
    lines = consent_slice(step->note + step->before, step->note_len - step->before);

    while (consent_note_next(&lines, &line, &name, &signature) == CONSENT_OK) {

        /* up to its signature: one line of a witness is enough */
        if (memmem(note.data, note.len, line.data, (size_t) (signature.data - line.data)) == NULL) {
            consent_buf_add(&b, line.data, line.len + 1);
        }
    }

    if (b.rc != CONSENT_OK || b.len == note.len) {
        return b.rc != CONSENT_OK ? b.rc : CONSENT_CONFLICT;
    }

    consent_log_note_key(key, record->number, step->note_size);
    rc = consent_ledger_put(ledger, CONSENT_TABLE_CHECKPOINTS, consent_slice(key, sizeof(key)), consent_buf_view(&b),
                            CONSENT_PUT_REPLACE);

    if (rc == CONSENT_OK && step->note_size > record->cosigned) {
        record->cosigned = step->note_size;
        rc = consent_log_record_put(ledger, record);
    }

    return rc;
}
