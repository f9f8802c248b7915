/*
 * What the files of a restoration share.
 */

#ifndef CONSENT_RESTORE_INSIDE_H
#define CONSENT_RESTORE_INSIDE_H

#include "ledger/kept.h"
#include "ledger/log_inside.h"
#include "ledger/whole.h"

/* What was last signed with the log's key, as far as it is kept beside the keys. */
typedef struct {
    bool      known;
    uint32_t  number;                       /* of the log */
    uint64_t  size;
    size_t    len;
    uint8_t   text[CONSENT_LOG_CHECKPOINT_MAX];
} consent_restore_last_t;

typedef struct {
    const consent_restore_t  *conf;
    consent_restored_t       *out;
    consent_ledger_t         *ledger;       /* of the copy */
    consent_restore_last_t    last;
    consent_time_t            floor;        /* a stamp: nothing up to it counts but what the store says */
    consent_kept_t           *kept;         /* sorted by mac */
    size_t                    n_kept;
} consent_restoring_t;

/* Ends the backup's logs and begins one of its own with the entry that says so; restore_log.c. */
consent_rc_t consent_restore_begin(consent_restoring_t *r);
/* Publishes all of it, and puts it in the place of what was last signed. */
consent_rc_t consent_restore_sign(consent_restoring_t *r, char why[static 256]);

/* Reads what was last signed. CONSENT_DENIED: it is of other keys, or damaged. */
consent_rc_t consent_restore_last(consent_restoring_t *r, char why[static 256]);

/* Erases who was erased since, and takes every grant back; restore_lapse.c. */
consent_rc_t consent_restore_erase(consent_restoring_t *r);
consent_rc_t consent_restore_lapse(consent_restoring_t *r);

#endif
