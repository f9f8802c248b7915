/*
 * The store as a whole: made smaller, backed up, restored. Each makes a new file record by record, so that no byte of what
 * was erased goes along, and puts it in its place when it is complete and durable.
 */

#ifndef CONSENT_WHOLE_H
#define CONSENT_WHOLE_H

#include "ledger/ledger.h"

/* Records done, of so many; called now and then. */
typedef struct {
    void  (*each)(void *arg, uint64_t done, uint64_t total);        /* NULL: nobody asks */
    void   *arg;
} consent_progress_t;

/* Bytes of the file before and after. Only while nobody else has the store open, and nobody can open it meanwhile.
 * Interrupted at any moment, the store is the old one or the new one. CONSENT_BUSY: in use. CONSENT_NOTFOUND, _MALFORMED,
 * _FULL, _IO, _NOMEM; `why` says so, and the store is as it was. */
consent_rc_t consent_ledger_compact(const char *directory, uint64_t *before, uint64_t *after,
    const consent_progress_t *progress, char why[static 256]);

/* A copy of one state of the store, which may be written to meanwhile, in `to`: a directory that is there and has no store.
 * CONSENT_CONFLICT: it has one. As above. entries: how many of the log are in it. */
consent_rc_t consent_ledger_backup(consent_ledger_t *ledger, const char *to, uint64_t *entries,
    const consent_progress_t *progress, char why[static 256]);

#endif
