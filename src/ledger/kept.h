/*
 * Reading the erasures that are kept beside the keys.
 */

#ifndef CONSENT_KEPT_H
#define CONSENT_KEPT_H

#include "ledger/inside.h"

typedef struct {
    uint8_t         mac[CONSENT_TOMBSTONE_KEY_LEN];
    consent_time_t  erased_at;
    consent_time_t  keep_until;
} consent_kept_t;

/* Those of the store that has this meta record, oldest first; anything but CONSENT_OK stops. CONSENT_NOTFOUND: there is no
 * file. CONSENT_MALFORMED: one that is not as it was written. CONSENT_IO. */
typedef consent_rc_t (*consent_kept_pt)(void *arg, const consent_kept_t *kept);
consent_rc_t consent_kept_read(int directory, const consent_meta_t *meta, consent_kept_pt each, void *arg);

#endif
