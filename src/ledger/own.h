/*
 * What is held of a subject's decisions: each with its entry and with what opens it, for her own receipts and her export.
 */

#ifndef CONSENT_OWN_H
#define CONSENT_OWN_H

#include "ledger/ledger.h"

#define CONSENT_OWN_KEY    32          /* bytes of a subject's own key */
#define CONSENT_OWN_NONCE  16

typedef struct {
    consent_decision_t  decision;
    bool                identified;
    uint64_t            index;          /* of its log entry */
    consent_time_t      logged_at;      /* the exact time in the commitment */
    uint8_t             nonce[CONSENT_OWN_NONCE];
    uint8_t             key[CONSENT_OWN_KEY];
    bool                has_key;        /* not where the store is damaged */
    consent_slice_t     entry;          /* its exact bytes, valid during the call; empty where the store is damaged */
} consent_own_t;

/* A subject's decisions under one policy, newest first, from any thread. What `own` points to is wiped after the walk.
 * Return false to stop. CONSENT_OK also when there are none; CONSENT_IO, CONSENT_MALFORMED. */
typedef bool (*consent_own_pt)(void *arg, const consent_own_t *own);
consent_rc_t consent_ledger_own(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_own_pt each, void *arg);

/* The entry that was written under a unique name (consent_op_t.unique), copied into b. CONSENT_NOTFOUND, CONSENT_IO, and
 * b's own failures. */
consent_rc_t consent_ledger_named(consent_ledger_t *ledger, consent_slice_t unique, consent_buf_t *b);

#endif
