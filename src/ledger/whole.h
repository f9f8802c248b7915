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

/* What a backup is restored with. */
typedef struct {
    const char         *from;               /* directory of the backup */
    const char         *to;                 /* directory for the store: there, and without one */
    int                 signed_dir;         /* beside the keys: what was last signed, and the erasures; -1: nothing is known */
    const char         *origin;             /* name of the log's key */
    const uint8_t      *seed;               /* its private half, 32 bytes */
    consent_time_t      now;

    /* The messages that go into the outbox when a subject is erased again (policy NULL) or what she granted under a policy
     * lapses; NULL: none. They are valid until the next call. tell NULL: nobody is told. */
    const consent_message_t  *(*tell)(void *arg, const uint8_t subject[static CONSENT_SUBJECT_LEN],
                                      const struct consent_policy_s *policy, consent_mask_t lost);
    void                     *arg;
    consent_progress_t  progress;
} consent_restore_t;

typedef struct {
    uint64_t  entries;                      /* that were in the backup */
    uint64_t  lost;                         /* that were signed and are not in it, as far as is known */
    uint64_t  erased;                       /* subjects that were erased since it was made */
    uint64_t  lapsed;                       /* grants */
    uint32_t  log;                          /* the number of the log that begins */
} consent_restored_t;

/* A store out of a backup. Nobody has more in force than before: every grant lapses, what was erased since is erased
 * again, and no cookie of before counts. A log of its own begins with an entry "restored". What was last signed stays beside
 * the keys under another name. CONSENT_CONFLICT: there is a store. CONSENT_DENIED: what is beside the keys is of other keys, or
 * was changed. Otherwise as a backup. */
consent_rc_t consent_ledger_restore(const consent_restore_t *restore, consent_restored_t *restored, char why[static 256]);

#endif
