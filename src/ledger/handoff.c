/*
 * What became of requests to be contacted. Who knows a request's id may see it; the store knows nobody's.
 *
 * handoff record:
 *   0  version 1 (1) | 1  status 1 | 2  bytes of the topic 1 | 3  bytes of the tag 1 | 4  zero 4
 *   8  created 8 | 16 changed 8 | 24 topic, tag
 */

#include "ledger/inside.h"

#define VERSION   1
#define HEAD_LEN  24
#define SWEEP     4         /* old ones looked at per change */

static consent_rc_t decode(consent_handoff_t *handoff, consent_slice_t value);
static consent_rc_t sweep(consent_ledger_t *ledger, consent_time_t now);


consent_rc_t
consent_ledger_handoff(consent_ledger_t *ledger, const uint8_t id[static CONSENT_ID_LEN], consent_handoff_t *handoff,
    uint8_t *memory)
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_slice_t  value;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_get(&view, CONSENT_TABLE_HANDOFFS, consent_slice(id, CONSENT_ID_LEN), &value);

    if (rc == CONSENT_OK) {
        rc = decode(handoff, value);
    }

    if (rc == CONSENT_OK) {
        memcpy(handoff->id, id, CONSENT_ID_LEN);
        memcpy(memory, value.data + HEAD_LEN, value.len - HEAD_LEN);
        handoff->topic.data = memory;
        handoff->tag.data = memory + handoff->topic.len;
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_ledger_check_handoff(const consent_handoff_t *handoff)
{
    if (handoff->topic.len > CONSENT_HANDOFF_TOPIC || handoff->tag.len > CONSENT_HANDOFF_TAG) {
        return CONSENT_LIMIT;
    }

    return handoff->status > CONSENT_HANDOFF_EXPIRED || handoff->created < 0 || handoff->changed < 0 ? CONSENT_MALFORMED
                                                                                                    : CONSENT_OK;
}


consent_rc_t
consent_ledger_put_handoff(consent_ledger_t *ledger, const consent_handoff_t *handoff, consent_time_t now)
{
    size_t        len;
    uint8_t       record[HEAD_LEN + CONSENT_HANDOFF_TOPIC + CONSENT_HANDOFF_TAG];
    consent_rc_t  rc;

    memset(record, 0, HEAD_LEN);
    record[0] = VERSION;
    record[1] = (uint8_t) handoff->status;
    record[2] = (uint8_t) handoff->topic.len;
    record[3] = (uint8_t) handoff->tag.len;
    consent_put_u64(record + 8, (uint64_t) handoff->created);
    consent_put_u64(record + 16, (uint64_t) handoff->changed);

    len = HEAD_LEN;

    if (handoff->topic.len != 0) {
        memcpy(record + len, handoff->topic.data, handoff->topic.len);
        len += handoff->topic.len;
    }

    if (handoff->tag.len != 0) {
        memcpy(record + len, handoff->tag.data, handoff->tag.len);
        len += handoff->tag.len;
    }

    rc = sweep(ledger, now);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_HANDOFFS, consent_slice(handoff->id, CONSENT_ID_LEN),
                                consent_slice(record, len), CONSENT_PUT_REPLACE);
    }

    if (rc != CONSENT_OK && ledger->broken == CONSENT_OK) {
        /* its entry has been put */
        ledger->broken = rc;
    }

    return rc;
}


static consent_rc_t
decode(consent_handoff_t *handoff, consent_slice_t value)
{
    const uint8_t  *p = value.data;

    if (value.len < HEAD_LEN || p[0] != VERSION || p[1] > CONSENT_HANDOFF_EXPIRED || p[2] > CONSENT_HANDOFF_TOPIC
        || p[3] > CONSENT_HANDOFF_TAG || value.len != (size_t) HEAD_LEN + p[2] + p[3]
        || memcmp(p + 4, (const uint8_t[4]) { 0 }, 4) != 0 || consent_get_u64(p + 8) > INT64_MAX
        || consent_get_u64(p + 16) > INT64_MAX)
    {
        return CONSENT_MALFORMED;
    }

    handoff->status = (consent_handoff_status_t) p[1];
    handoff->topic = consent_slice(p + HEAD_LEN, p[2]);
    handoff->tag = consent_slice(p + HEAD_LEN + p[2], p[3]);
    handoff->created = (consent_time_t) consent_get_u64(p + 8);
    handoff->changed = (consent_time_t) consent_get_u64(p + 16);

    return CONSENT_OK;
}


/* Those of long ago go: a few behind a random place, at each change. */
static consent_rc_t
sweep(consent_ledger_t *ledger, consent_time_t now)
{
    size_t             i;
    uint8_t            key[CONSENT_ID_LEN], here[CONSENT_ID_LEN];
    consent_rc_t       rc;
    consent_slice_t    found, value;
    consent_handoff_t  handoff;

    rc = consent_random(key, sizeof(key));

    for (i = 0; i < SWEEP && rc == CONSENT_OK; i++) {
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_HANDOFFS, consent_slice(key, sizeof(key)), false, &found,
                               &value);

        if (rc != CONSENT_OK || found.len != sizeof(key)) {
            break;
        }

        memcpy(here, found.data, sizeof(here));

        if (decode(&handoff, value) == CONSENT_OK && handoff.changed < now - CONSENT_HANDOFF_KEPT) {
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_HANDOFFS, consent_slice(here, sizeof(here)));
        }

        /* on to the next: one bit behind this one */
        memcpy(key, here, sizeof(key));
        consent_put_u64(key + 8, consent_get_u64(here + 8) + 1);
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}
