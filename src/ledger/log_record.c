/*
 * The records of the log. All integers are big-endian.
 *
 * log record, 72 bytes and the origin:
 *   0  version 1 (1) | 1  zero 7 | 8  index in the store of its leaf 0, 8 | 16 size of the tree whose tiles are stored 8
 *   24 size of the newest checkpoint shown 8 | 32 root of the tree of `size` 32, zeros when that is 0
 *   64 size of the newest checkpoint that a witness has signed 8 | 72 origin, 1 to 255 bytes
 *
 * Checkpoints are kept as they were signed, with the cosignatures that came: the newest, and the newest that has
 * cosignatures; of the others the last few, which a witness may still be busy with (log_step.c).
 */

#include "ledger/log_inside.h"

#include <stdio.h>

#define RECORD_VERSION  1
#define RECORD_LEN      72

static consent_rc_t record_decode(consent_log_record_t *record, consent_slice_t key, consent_slice_t value);
static void put_u32(uint8_t *p, uint32_t v);


consent_rc_t
consent_log_record_get(consent_view_t *view, uint32_t number, consent_log_record_t *record)
{
    uint8_t          k[CONSENT_LOG_KEY_LEN];
    consent_rc_t     rc;
    consent_slice_t  key, value;

    put_u32(k, number);
    key = consent_slice(k, sizeof(k));

    if (number == CONSENT_LOG_NEWEST) {
        rc = consent_view_near(view, CONSENT_TABLE_LOGS, consent_slice(NULL, 0), true, &key, &value);
    } else {
        rc = consent_view_get(view, CONSENT_TABLE_LOGS, key, &value);
    }

    return rc == CONSENT_OK ? record_decode(record, key, value) : rc;
}


consent_rc_t
consent_log_record_put(consent_ledger_t *ledger, const consent_log_record_t *record)
{
    size_t   len;
    uint8_t  key[CONSENT_LOG_KEY_LEN], value[RECORD_LEN + CONSENT_LOG_ORIGIN_MAX];

    len = strlen(record->origin);

    put_u32(key, record->number);
    memset(value, 0, 8);
    value[0] = RECORD_VERSION;
    consent_put_u64(value + 8, record->first);
    consent_put_u64(value + 16, record->size);
    consent_put_u64(value + 24, record->shown);
    memcpy(value + 32, record->root, CONSENT_HASH_LEN);
    consent_put_u64(value + 64, record->cosigned);
    memcpy(value + RECORD_LEN, record->origin, len);

    return consent_ledger_put(ledger, CONSENT_TABLE_LOGS, consent_slice(key, sizeof(key)),
                              consent_slice(value, RECORD_LEN + len), CONSENT_PUT_REPLACE);
}


consent_rc_t
consent_log_record_end(consent_view_t *view, const consent_log_record_t *record, uint64_t *end, bool *ended)
{
    consent_rc_t          rc;
    consent_meta_t        meta;
    consent_slice_t       value;
    consent_log_record_t  next;

    rc = consent_log_record_get(view, record->number + 1, &next);
    *ended = rc == CONSENT_OK;

    if (rc == CONSENT_OK) {
        *end = next.first;

    } else if (rc == CONSENT_NOTFOUND) {
        rc = consent_view_get(view, CONSENT_TABLE_META, consent_meta_key, &value);

        if (rc == CONSENT_OK) {
            rc = consent_meta_decode(&meta, value);
            *end = meta.next_index;
        }
    }

    return rc == CONSENT_OK && *end - record->first < record->size ? CONSENT_MALFORMED : rc;
}


consent_rc_t
consent_log_record_of(consent_view_t *view, uint64_t store_index, consent_log_record_t *record)
{
    consent_rc_t  rc;

    rc = consent_log_record_get(view, CONSENT_LOG_NEWEST, record);

    while (rc == CONSENT_OK && record->first > store_index) {
        rc = record->number == 0 ? CONSENT_NOTFOUND : consent_log_record_get(view, record->number - 1, record);
    }

    return rc;
}


consent_rc_t
consent_log_record_named(consent_view_t *view, consent_slice_t origin, consent_log_record_t *record)
{
    consent_rc_t  rc;

    rc = consent_log_record_get(view, CONSENT_LOG_NEWEST, record);

    while (rc == CONSENT_OK && !consent_slice_eq(origin, consent_cstr(record->origin))) {
        rc = record->number == 0 ? CONSENT_NOTFOUND : consent_log_record_get(view, record->number - 1, record);
    }

    return rc;
}


void
consent_log_tile_key(uint8_t key[static CONSENT_LOG_TILE_KEY_LEN], uint32_t number, unsigned level, uint64_t index)
{
    put_u32(key, number);
    key[4] = (uint8_t) level;
    consent_put_u64(key + 5, index);
}


void
consent_log_note_key(uint8_t key[static CONSENT_LOG_NOTE_KEY_LEN], uint32_t number, uint64_t size)
{
    put_u32(key, number);
    consent_put_u64(key + 4, size);
}


consent_rc_t
consent_log_note_get(consent_view_t *view, uint32_t number, uint64_t size, consent_slice_t *note)
{
    uint8_t  key[CONSENT_LOG_NOTE_KEY_LEN];

    consent_log_note_key(key, number, size);

    return consent_view_get(view, CONSENT_TABLE_CHECKPOINTS, consent_slice(key, sizeof(key)), note);
}


consent_rc_t
consent_log_origin(char out[static CONSENT_LOG_ORIGIN_MAX + 1], const char *name, uint32_t number)
{
    int  n;

    n = number == 0 ? snprintf(out, CONSENT_LOG_ORIGIN_MAX + 1, "%s", name)
        : snprintf(out, CONSENT_LOG_ORIGIN_MAX + 1, "%s/%lu", name, (unsigned long) number);

    return n > 0 && n <= CONSENT_LOG_ORIGIN_MAX ? CONSENT_OK : CONSENT_LIMIT;
}


static consent_rc_t
record_decode(consent_log_record_t *record, consent_slice_t key, consent_slice_t value)
{
    size_t                len;
    uint32_t              number;
    static const uint8_t  head[8] = { RECORD_VERSION };

    if (key.len != CONSENT_LOG_KEY_LEN || value.len <= RECORD_LEN || value.len > RECORD_LEN + CONSENT_LOG_ORIGIN_MAX
        || memcmp(value.data, head, sizeof(head)) != 0)
    {
        return CONSENT_MALFORMED;
    }

    memcpy(&number, key.data, sizeof(number));
    len = value.len - RECORD_LEN;

    record->number = be32toh(number);
    record->first = consent_get_u64(value.data + 8);
    record->size = consent_get_u64(value.data + 16);
    record->shown = consent_get_u64(value.data + 24);
    memcpy(record->root, value.data + 32, CONSENT_HASH_LEN);
    record->cosigned = consent_get_u64(value.data + 64);
    memcpy(record->origin, value.data + RECORD_LEN, len);
    record->origin[len] = '\0';

    return record->shown > record->size || record->cosigned > record->shown || memchr(record->origin, '\0', len) != NULL
           ? CONSENT_MALFORMED : CONSENT_OK;
}


static void
put_u32(uint8_t *p, uint32_t v)
{
    v = htobe32(v);
    memcpy(p, &v, 4);
}
