/*
 * The layout of the store, version 2.
 *
 * Tables are named databases of one LMDB environment. All integers are unsigned and big-endian unless said
 * otherwise; times are milliseconds since the epoch, UTC. Keys compare as bytes.
 *
 *   table       key                                        value
 *   meta        "meta"                                     meta record
 *   state       subject 16, policy 8                       state record: the decision in force
 *   history     subject 16, policy 8, ~stamp 8             past record; ~stamp: all bits inverted, so that
 *                                                          the newest comes first
 *   keys        subject 16                                 the subject's own random key, 32 bytes
 *   receipts    receipt 16                                 key of its past record, 32 bytes
 *   entries     index 8, from 0 without a gap              canonical entry (entry.c), 1 to 65535 bytes
 *   policies    version 8                                  canonical policy document
 *   texts       SHA-256 of the text, 32                    the text
 *   unique      what makes an entry unique, 1 to 256       index 8 of the entry
 *   tombstones  first 16 bytes of HMAC-SHA-256(            tombstone record
 *               tombstone key, subject)
 *   outbox      due 8, message id 16                       message record (outbox.c)
 *   handoffs    id of the request 16, random               handoff record (handoff.c)
 *   logs        log 4                                      log record (log_record.c)
 *   tiles       log 4, level 1, index 8                    1 to 256 hashes of 32 bytes each: a tile of that log, the
 *                                                          last of its level as wide as it has grown
 *   checkpoints log 4, size 8                              a signed checkpoint, verbatim
 *   holds       subject 16                                 since when it must not be erased, 8 bytes
 *   cluster     what it is of                              what is known of this node and the others (replica.c)
 *   outgoing    sequence 8                                 what others have not confirmed yet (outgoing.c)
 *
 * `policy` is the first 8 bytes of SHA-256(policy id), `version` those of SHA-256(canonical document).
 *
 * meta record, 96 bytes:
 *   0  layout 4 (2) | 4  zero 4 | 8  index of the next entry 8 | 16  time of the last entry 8
 *   24 created at 8 | 32 store id 16, random | 48 tombstone key 32, random | 80 floor 8: what was
 *   decided up to this stamp and is not in the store is no decision (a restored store) | 88 zero 8
 *
 * decision block, 64 bytes:
 *   0  version 1 (1) | 1  status 1 | 2  scope 1 | 3  ai 1 | 4  by 1 | 5  method 1
 *   6  flags 1: bit 0 taken while Sec-GPC was there, bit 1 identified; others zero
 *   7  level 1, signed: index in the policy version, -1 chosen category by category
 *   8  policy version 8 | 16 granted categories 8, bit n is index n | 24 stamp 8 | 32 decided at 8
 *   40 expires at 8 | 48 receipt 16
 *
 * state record, 80 bytes:     0 decision block | 64 index of its entry 8 | 72 decisions so far 4 | 76 zero 4
 * past record, 96 bytes:      0 decision block | 64 index of its entry 8 | 72 exact time 8 | 80 nonce 16
 * tombstone record, 16 bytes: 0 erased up to this stamp 8 | 8 keep until 8
 *
 * A reader refuses a record whose length, version, reserved bits or enumerations are not as above.
 */

#include "ledger/record.h"

#define DECISION_VERSION  1
#define FLAG_GPC          0x01
#define FLAG_IDENTIFIED   0x02

static void decision_encode(uint8_t out[static CONSENT_DECISION_LEN], const consent_decision_t *d, bool identified);
static bool is_time(uint64_t v);
static bool is_zero(const uint8_t *p, size_t len);


void
consent_state_key(uint8_t key[static CONSENT_STATE_KEY_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key)
{
    memcpy(key, subject, CONSENT_SUBJECT_LEN);
    consent_put_u64(key + CONSENT_SUBJECT_LEN, policy_id_key);
}


void
consent_past_key(uint8_t key[static CONSENT_PAST_KEY_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_time_t stamp)
{
    consent_state_key(key, subject, policy_id_key);
    consent_put_u64(key + CONSENT_STATE_KEY_LEN, ~(uint64_t) stamp);
}


void
consent_meta_encode(uint8_t out[static CONSENT_META_LEN], const consent_meta_t *meta)
{
    memset(out, 0, CONSENT_META_LEN);
    out[3] = CONSENT_LAYOUT;
    consent_put_u64(out + 8, meta->next_index);
    consent_put_u64(out + 16, (uint64_t) meta->last_time);
    consent_put_u64(out + 24, (uint64_t) meta->created_at);
    memcpy(out + 32, meta->store_id, sizeof(meta->store_id));
    memcpy(out + 48, meta->tombstone_key, CONSENT_KEY_LEN);
    consent_put_u64(out + 80, (uint64_t) meta->floor);
}


consent_rc_t
consent_meta_decode(consent_meta_t *meta, consent_slice_t in)
{
    static const uint8_t  head[8] = { 0, 0, 0, CONSENT_LAYOUT, 0, 0, 0, 0 };
    const uint8_t        *p = in.data;

    if (in.len != CONSENT_META_LEN || memcmp(p, head, sizeof(head)) != 0 || !is_time(consent_get_u64(p + 16))
        || !is_time(consent_get_u64(p + 24)) || !is_time(consent_get_u64(p + 80)) || !is_zero(p + 88, 8))
    {
        return CONSENT_MALFORMED;
    }

    meta->next_index = consent_get_u64(p + 8);
    meta->last_time = (consent_time_t) consent_get_u64(p + 16);
    meta->created_at = (consent_time_t) consent_get_u64(p + 24);
    memcpy(meta->store_id, p + 32, sizeof(meta->store_id));
    memcpy(meta->tombstone_key, p + 48, CONSENT_KEY_LEN);
    meta->floor = (consent_time_t) consent_get_u64(p + 80);

    return CONSENT_OK;
}


void
consent_state_encode(uint8_t out[static CONSENT_STATE_LEN], const consent_state_t *state)
{
    uint32_t  count = htobe32(state->count);

    decision_encode(out, &state->decision, state->identified);
    consent_put_u64(out + 64, state->index);
    memcpy(out + 72, &count, 4);
    memset(out + 76, 0, 4);
}


consent_rc_t
consent_state_decode(consent_state_t *state, consent_slice_t in)
{
    uint32_t  count;

    if (in.len != CONSENT_STATE_LEN || !is_zero(in.data + 76, 4)) {
        return CONSENT_MALFORMED;
    }

    state->index = consent_get_u64(in.data + 64);
    memcpy(&count, in.data + 72, 4);
    state->count = be32toh(count);

    return consent_decision_decode(&state->decision, &state->identified, in.data);
}


void
consent_past_encode(uint8_t out[static CONSENT_PAST_LEN], const consent_past_t *past)
{
    decision_encode(out, &past->decision, past->identified);
    consent_put_u64(out + 64, past->index);
    consent_put_u64(out + 72, (uint64_t) past->logged_at);
    memcpy(out + 80, past->nonce, CONSENT_NONCE_LEN);
}


consent_rc_t
consent_past_decode(consent_past_t *past, consent_slice_t in)
{
    if (in.len != CONSENT_PAST_LEN || !is_time(consent_get_u64(in.data + 72))) {
        return CONSENT_MALFORMED;
    }

    past->index = consent_get_u64(in.data + 64);
    past->logged_at = (consent_time_t) consent_get_u64(in.data + 72);
    memcpy(past->nonce, in.data + 80, CONSENT_NONCE_LEN);

    return consent_decision_decode(&past->decision, &past->identified, in.data);
}


void
consent_tombstone_encode(uint8_t out[static CONSENT_TOMBSTONE_LEN], consent_time_t erased_at,
    consent_time_t keep_until)
{
    consent_put_u64(out, (uint64_t) erased_at);
    consent_put_u64(out + 8, (uint64_t) keep_until);
}


consent_rc_t
consent_tombstone_decode(consent_time_t *erased_at, consent_time_t *keep_until, consent_slice_t in)
{
    if (in.len != CONSENT_TOMBSTONE_LEN || !is_time(consent_get_u64(in.data))
        || !is_time(consent_get_u64(in.data + 8)))
    {
        return CONSENT_MALFORMED;
    }

    *erased_at = (consent_time_t) consent_get_u64(in.data);
    *keep_until = (consent_time_t) consent_get_u64(in.data + 8);

    return CONSENT_OK;
}


static void
decision_encode(uint8_t out[static CONSENT_DECISION_LEN], const consent_decision_t *d, bool identified)
{
    out[0] = DECISION_VERSION;
    out[1] = d->status;
    out[2] = d->scope;
    out[3] = d->ai;
    out[4] = d->by;
    out[5] = d->method;
    out[6] = (uint8_t) ((d->gpc ? FLAG_GPC : 0) | (identified ? FLAG_IDENTIFIED : 0));
    out[7] = (uint8_t) d->level;
    consent_put_u64(out + 8, d->policy);
    consent_put_u64(out + 16, d->granted);
    consent_put_u64(out + 24, (uint64_t) d->stamp);
    consent_put_u64(out + 32, (uint64_t) d->decided_at);
    consent_put_u64(out + 40, (uint64_t) d->expires_at);
    memcpy(out + 48, d->receipt, CONSENT_ID_LEN);
}


consent_rc_t
consent_decision_decode(consent_decision_t *d, bool *identified, const uint8_t in[static CONSENT_DECISION_LEN])
{
    int8_t  level;

    level = (int8_t) in[7];

    if (in[0] != DECISION_VERSION
        || in[1] == CONSENT_STATUS_NONE || in[1] > CONSENT_STATUS_LOWERED
        || in[2] > CONSENT_SCOPE_ONCE
        || in[3] > CONSENT_AI_NONE
        || in[4] > CONSENT_BY_SIGNAL
        || in[5] > CONSENT_METHOD_OPERATOR
        || (in[6] & ~(FLAG_GPC | FLAG_IDENTIFIED)) != 0
        || level < CONSENT_LEVEL_CUSTOM || level >= CONSENT_MAX_LEVELS
        || consent_get_u64(in + 16) >> CONSENT_MAX_CATEGORIES != 0
        || !is_time(consent_get_u64(in + 24))
        || !is_time(consent_get_u64(in + 32))
        || !is_time(consent_get_u64(in + 40)))
    {
        return CONSENT_MALFORMED;
    }

    d->status = in[1];
    d->scope = in[2];
    d->ai = in[3];
    d->by = in[4];
    d->method = in[5];
    d->gpc = (in[6] & FLAG_GPC) != 0;
    *identified = (in[6] & FLAG_IDENTIFIED) != 0;
    d->level = level;
    d->policy = consent_get_u64(in + 8);
    d->granted = consent_get_u64(in + 16);
    d->stamp = (consent_time_t) consent_get_u64(in + 24);
    d->decided_at = (consent_time_t) consent_get_u64(in + 32);
    d->expires_at = (consent_time_t) consent_get_u64(in + 40);
    memcpy(d->receipt, in + 48, CONSENT_ID_LEN);

    return CONSENT_OK;
}


static bool
is_time(uint64_t v)
{
    return v <= INT64_MAX;
}


static bool
is_zero(const uint8_t *p, size_t len)
{
    uint8_t  any = 0;

    while (len > 0) {
        any |= p[--len];
    }

    return any == 0;
}
