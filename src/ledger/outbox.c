/*
 * The outbox: messages that wait to be delivered to the portal, in the order they are due.
 *
 * message record:
 *   0  version 1 (1) | 1  kind 1 | 2  attempts 2 | 4  holder 4 | 8  created 8 | 16 expires 8 | 24 payload, not empty
 */

#include "ledger/inside.h"

#include <stdlib.h>

#define VERSION   1
#define HEAD_LEN  24
#define KEY_LEN   (8 + CONSENT_ID_LEN)
#define SWEEP     4         /* events that are over, looked at with a new one */

typedef struct {
    consent_message_pt  each;
    void               *arg;
    bool                malformed;
} walk_t;

static void key_of(uint8_t key[static KEY_LEN], consent_time_t due, const uint8_t id[static CONSENT_ID_LEN]);
static consent_rc_t decode(consent_message_t *message, consent_slice_t key, consent_slice_t value);
static void put_holder(uint8_t *p, uint32_t holder);
static uint32_t get_holder(const uint8_t *p);
static bool each_message(void *arg, consent_slice_t key, consent_slice_t value);
static consent_rc_t sweep(consent_ledger_t *ledger, consent_time_t now);
static void with_of(uint8_t with[static CONSENT_ID_LEN + 1], const consent_message_t *message);


consent_rc_t
consent_ledger_outbox(consent_ledger_t *ledger, consent_message_pt each, void *arg)
{
    walk_t          walk = { each, arg, false };
    consent_rc_t    rc;
    consent_view_t  view;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_walk(&view, CONSENT_TABLE_OUTBOX, consent_slice(NULL, 0), each_message, &walk);
    consent_store_read_end(ledger->store, &view);

    return rc == CONSENT_OK && walk.malformed ? CONSENT_MALFORMED : rc;
}


consent_rc_t
consent_message_seal(consent_message_t *message, uint8_t *sealed, const uint8_t key[static CONSENT_SEAL_KEY_LEN],
    consent_slice_t document, consent_time_t now)
{
    uint8_t       with[CONSENT_ID_LEN + 1];
    consent_rc_t  rc;

    with_of(with, message);
    rc = consent_seal(sealed, key, consent_slice(with, sizeof(with)), document);

    message->attempts = 0;
    message->created = now;
    message->due = now;
    message->expires = now + CONSENT_MESSAGE_KEPT;
    message->payload = consent_slice(sealed, document.len + CONSENT_SEAL_OVERHEAD);
    message->next = NULL;

    return rc;
}


consent_rc_t
consent_message_open(uint8_t *out, const consent_message_t *message, const uint8_t key[static CONSENT_SEAL_KEY_LEN])
{
    uint8_t  with[CONSENT_ID_LEN + 1];

    with_of(with, message);

    return consent_unseal(out, key, consent_slice(with, sizeof(with)), message->payload);
}


static void
with_of(uint8_t with[static CONSENT_ID_LEN + 1], const consent_message_t *message)
{
    memcpy(with, message->id, CONSENT_ID_LEN);
    with[CONSENT_ID_LEN] = (uint8_t) message->kind;
}


consent_rc_t
consent_ledger_check_message(const consent_message_t *message)
{
    if (message->kind > CONSENT_MESSAGE_EVENT || message->due < 0 || message->expires < 0 || message->created < 0) {
        return CONSENT_MALFORMED;
    }

    return message->payload.len == 0 || message->payload.len > CONSENT_MESSAGE_MAX ? CONSENT_LIMIT : CONSENT_OK;
}


consent_rc_t
consent_ledger_put_message(consent_ledger_t *ledger, const consent_message_t *message)
{
    uint8_t        key[KEY_LEN], *record;
    unsigned       attempts;
    consent_buf_t  b;
    consent_rc_t   rc;

    attempts = message->attempts < UINT16_MAX ? message->attempts : UINT16_MAX;
    key_of(key, message->due, message->id);

    consent_buf_init(&b, HEAD_LEN + CONSENT_MESSAGE_MAX);
    consent_buf_add(&b, (const uint8_t[HEAD_LEN]) { VERSION }, HEAD_LEN);
    consent_buf_slice(&b, message->payload);

    rc = b.rc;

    if (rc == CONSENT_OK) {
        record = b.data;
        record[1] = (uint8_t) message->kind;
        record[2] = (uint8_t) (attempts >> 8);
        record[3] = (uint8_t) attempts;
        put_holder(record + 4, message->holder);
        consent_put_u64(record + 8, (uint64_t) message->created);
        consent_put_u64(record + 16, (uint64_t) message->expires);

        rc = consent_ledger_put(ledger, CONSENT_TABLE_OUTBOX, consent_slice(key, sizeof(key)), consent_buf_view(&b),
                                CONSENT_PUT_NEW);
    }

    if (rc == CONSENT_OK && message->kind == CONSENT_MESSAGE_EVENT) {
        rc = sweep(ledger, message->created);
    }

    if (rc != CONSENT_OK && ledger->broken == CONSENT_OK) {
        /* what it belongs to has been put */
        ledger->broken = rc;
    }

    consent_buf_free(&b);

    return rc;
}


consent_rc_t
consent_ledger_move_message(consent_ledger_t *ledger, consent_op_t *op)
{
    uint8_t            key[KEY_LEN], *payload;
    consent_rc_t       rc;
    consent_slice_t    value;
    consent_message_t  message;

    if (op->message == NULL || op->again < 0) {
        return CONSENT_MALFORMED;
    }

    key_of(key, op->message->due, op->message->id);
    rc = consent_view_get(&ledger->view, CONSENT_TABLE_OUTBOX, consent_slice(key, sizeof(key)), &value);

    if (rc != CONSENT_OK) {
        /* another process has seen to it */
        return rc == CONSENT_NOTFOUND ? CONSENT_CONFLICT : CONSENT_IO;
    }

    if (op->again == 0) {
        return consent_ledger_delete(ledger, CONSENT_TABLE_OUTBOX, consent_slice(key, sizeof(key)));
    }

    rc = decode(&message, consent_slice(key, sizeof(key)), value);

    if (rc != CONSENT_OK) {
        return rc;
    }

    /* deleting moves what slices point to */

    payload = malloc(message.payload.len);

    if (payload == NULL) {
        return CONSENT_NOMEM;
    }

    memcpy(payload, message.payload.data, message.payload.len);
    message.payload.data = payload;
    message.due = op->again;
    message.holder = op->holder;
    message.attempts += op->holder != 0;

    rc = consent_ledger_delete(ledger, CONSENT_TABLE_OUTBOX, consent_slice(key, sizeof(key)));

    if (rc == CONSENT_OK) {
        rc = consent_ledger_put_message(ledger, &message);
    }

    free(payload);

    return rc;
}


/* Events that nobody took while it was time: where no location does, nobody else removes them. */
static consent_rc_t
sweep(consent_ledger_t *ledger, consent_time_t now)
{
    int                i;
    uint8_t            first[KEY_LEN];
    consent_rc_t       rc;
    consent_slice_t    key, value;
    consent_message_t  message;

    for (i = 0; i < SWEEP; i++) {
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_OUTBOX, consent_slice(NULL, 0), false, &key, &value);

        if (rc != CONSENT_OK || key.len != KEY_LEN || decode(&message, key, value) != CONSENT_OK
            || message.kind != CONSENT_MESSAGE_EVENT || message.expires >= now)
        {
            return rc == CONSENT_OK || rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
        }

        memcpy(first, key.data, KEY_LEN);
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_OUTBOX, consent_slice(first, KEY_LEN));

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


static void
key_of(uint8_t key[static KEY_LEN], consent_time_t due, const uint8_t id[static CONSENT_ID_LEN])
{
    consent_put_u64(key, (uint64_t) due);
    memcpy(key + 8, id, CONSENT_ID_LEN);
}


static consent_rc_t
decode(consent_message_t *message, consent_slice_t key, consent_slice_t value)
{
    const uint8_t  *p = value.data;

    if (key.len != KEY_LEN || value.len <= HEAD_LEN || value.len > HEAD_LEN + CONSENT_MESSAGE_MAX || p[0] != VERSION
        || p[1] > CONSENT_MESSAGE_EVENT || consent_get_u64(key.data) > INT64_MAX || consent_get_u64(p + 8) > INT64_MAX
        || consent_get_u64(p + 16) > INT64_MAX)
    {
        return CONSENT_MALFORMED;
    }

    memcpy(message->id, key.data + 8, CONSENT_ID_LEN);
    message->kind = (consent_message_kind_t) p[1];
    message->attempts = (unsigned) p[2] << 8 | p[3];
    message->holder = get_holder(p + 4);
    message->due = (consent_time_t) consent_get_u64(key.data);
    message->created = (consent_time_t) consent_get_u64(p + 8);
    message->expires = (consent_time_t) consent_get_u64(p + 16);
    message->payload = consent_slice(p + HEAD_LEN, value.len - HEAD_LEN);
    message->next = NULL;

    return CONSENT_OK;
}


static void
put_holder(uint8_t *p, uint32_t holder)
{
    p[0] = (uint8_t) (holder >> 24);
    p[1] = (uint8_t) (holder >> 16);
    p[2] = (uint8_t) (holder >> 8);
    p[3] = (uint8_t) holder;
}


static uint32_t
get_holder(const uint8_t *p)
{
    return (uint32_t) p[0] << 24 | (uint32_t) p[1] << 16 | (uint32_t) p[2] << 8 | p[3];
}


/* A damaged message does not keep the others from being delivered. */
static bool
each_message(void *arg, consent_slice_t key, consent_slice_t value)
{
    walk_t             *walk = arg;
    consent_message_t   message;

    if (decode(&message, key, value) != CONSENT_OK) {
        walk->malformed = true;
        return true;
    }

    return walk->each(walk->arg, &message);
}
