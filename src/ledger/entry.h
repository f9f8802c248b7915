/*
 * Log entries: canonical JSON objects, and the commitment that ties one to a subject for who holds the
 * subject's key.
 */

#ifndef CONSENT_ENTRY_H
#define CONSENT_ENTRY_H

#include "ledger/ledger.h"
#include "ledger/record.h"

#define CONSENT_ENTRY_VERSION  1

/* What every entry holds. */
typedef struct {
    const char                    *type;
    consent_time_t                 time;        /* exact; cut as the type asks */
    consent_slice_t                node;
    const consent_entry_policy_t  *policy;
} consent_entry_t;

/* Writes an entry: its own members and those of `fields`, a canonical JSON object (or empty), sorted into
 * one. CONSENT_MALFORMED: fields is no canonical object, names a member of ours, or is not in order; a type
 * that is not of [a-z]. CONSENT_LIMIT: larger than CONSENT_ENTRY_MAX. */
consent_rc_t consent_entry_write(consent_buf_t *b, const consent_entry_t *entry, consent_slice_t fields);

/* The fields of a "decision" entry, as a canonical JSON object. */
consent_rc_t consent_entry_decision(consent_buf_t *b, const consent_op_t *op,
    const uint8_t commitment[static CONSENT_HASH_LEN]);

/* Begins a canonical object with the member `case` of an operation that has one; nothing otherwise. */
void consent_entry_case(consent_buf_t *b, const consent_op_t *op);

/* HMAC-SHA-256(key, nonce ‖ subject ‖ index ‖ exact time); see entry.c for the bytes. */
consent_rc_t consent_entry_commitment(uint8_t out[static CONSENT_HASH_LEN], const uint8_t key[static CONSENT_KEY_LEN],
    const uint8_t nonce[static CONSENT_NONCE_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN], uint64_t index,
    consent_time_t logged_at);

/* The time that an entry tells. CONSENT_MALFORMED. */
consent_rc_t consent_entry_time(consent_time_t *time, consent_slice_t entry);

/* Does an entry's member `commitment` hold these bytes? */
bool consent_entry_holds(consent_slice_t entry, const uint8_t commitment[static CONSENT_HASH_LEN]);

#endif
