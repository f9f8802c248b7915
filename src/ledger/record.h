/*
 * Records of the store: fixed layouts, written and read here. record.c's opening comment is their
 * specification.
 */

#ifndef CONSENT_RECORD_H
#define CONSENT_RECORD_H

#include "base/base.h"
#include "policy/decision.h"

#include <endian.h>

#define CONSENT_LAYOUT         2        /* of the whole store: which tables there are, and their records */

#define CONSENT_KEY_LEN        32       /* a subject's own random key */
#define CONSENT_NONCE_LEN      16
#define CONSENT_STATE_KEY_LEN  (CONSENT_SUBJECT_LEN + 8)
#define CONSENT_PAST_KEY_LEN   (CONSENT_SUBJECT_LEN + 8 + 8)

#define CONSENT_META_LEN       96
#define CONSENT_DECISION_LEN   64       /* at the beginning of states and pasts */
#define CONSENT_STATE_LEN      80
#define CONSENT_PAST_LEN       96
#define CONSENT_TOMBSTONE_LEN  16
#define CONSENT_HOLD_LEN       8

typedef struct {
    uint64_t        next_index;                     /* of the next log entry */
    consent_time_t  last_time;                      /* of the last log entry, exact */
    consent_time_t  created_at;
    uint8_t         store_id[16];
    uint8_t         tombstone_key[CONSENT_KEY_LEN];
    consent_time_t  floor;                          /* a stamp; 0: the store was never restored */
} consent_meta_t;

typedef struct {
    consent_decision_t  decision;
    bool                identified;
    uint64_t            index;                      /* of its log entry */
    uint32_t            count;                      /* decisions so far, this one included */
} consent_state_t;

typedef struct {
    consent_decision_t  decision;
    bool                identified;
    uint64_t            index;
    consent_time_t      logged_at;                  /* the exact time in the commitment */
    uint8_t             nonce[CONSENT_NONCE_LEN];
} consent_past_t;

static inline void
consent_put_u64(uint8_t *p, uint64_t v)
{
    v = htobe64(v);
    memcpy(p, &v, 8);
}

static inline uint64_t
consent_get_u64(const uint8_t *p)
{
    uint64_t  v;

    memcpy(&v, p, 8);

    return be64toh(v);
}

/* Keys. */
void consent_state_key(uint8_t key[static CONSENT_STATE_KEY_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key);
void consent_past_key(uint8_t key[static CONSENT_PAST_KEY_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_time_t stamp);

/* Encoders never fail. Decoders take what is in the store: CONSENT_MALFORMED unless length, version and every
 * field are as specified; what they point to is then undefined. */
void consent_meta_encode(uint8_t out[static CONSENT_META_LEN], const consent_meta_t *meta);
consent_rc_t consent_meta_decode(consent_meta_t *meta, consent_slice_t in);

void consent_state_encode(uint8_t out[static CONSENT_STATE_LEN], const consent_state_t *state);
consent_rc_t consent_state_decode(consent_state_t *state, consent_slice_t in);

void consent_past_encode(uint8_t out[static CONSENT_PAST_LEN], const consent_past_t *past);
consent_rc_t consent_past_decode(consent_past_t *past, consent_slice_t in);

/* A decision block by itself. */
consent_rc_t consent_decision_decode(consent_decision_t *decision, bool *identified,
    const uint8_t in[static CONSENT_DECISION_LEN]);

void consent_tombstone_encode(uint8_t out[static CONSENT_TOMBSTONE_LEN], consent_time_t erased_at,
    consent_time_t keep_until);
consent_rc_t consent_tombstone_decode(consent_time_t *erased_at, consent_time_t *keep_until, consent_slice_t in);

#endif
