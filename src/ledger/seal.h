/*
 * Ending a log, and dropping the entries of one that has ended.
 */

#ifndef CONSENT_SEAL_H
#define CONSENT_SEAL_H

#include "ledger/log.h"

typedef struct {
    uint32_t  number;
    uint64_t  leaves;                               /* with the entry that says so */
    char      next[CONSENT_LOG_ORIGIN_MAX + 1];     /* origin of the log that follows */
} consent_sealed_t;

/* The log that goes on ends with an entry "sealed", and the next one begins: in one transaction, beside nginx or without it. Its
 * last checkpoint is signed by whoever publishes next. CONSENT_NOTFOUND: nothing was ever published; others; `why` says so. */
consent_rc_t consent_ledger_seal(consent_ledger_t *ledger, consent_time_t now, consent_sealed_t *sealed,
    char why[static 256]);

typedef struct {
    uint32_t        number;
    uint64_t        first;                          /* index in the store of its leaf 0 */
    uint64_t        leaves;
    consent_time_t  sealed_at;
    consent_time_t  sealed_before;
} consent_pruned_t;

/* Drops the entries of the oldest log that still has some, if it is published to its end and ended before `sealed_before`; an
 * entry "pruned" names the decision (at most 256 bytes; printable). Not while the newest "config" entry is in it, nor a
 * decision of somebody of whom there is a legal hold. In many small transactions: cut off, the next call goes on.
 * CONSENT_NOTFOUND: there is none; CONSENT_CONFLICT: it may not go yet; `why` says so. */
consent_rc_t consent_ledger_prune(consent_ledger_t *ledger, consent_time_t now, consent_time_t sealed_before,
    const char *decision, consent_pruned_t *pruned, char why[static 256]);

#endif
