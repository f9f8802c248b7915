/*
 * A new store file with every record of a snapshot, and with nothing else.
 */

#ifndef CONSENT_COPY_H
#define CONSENT_COPY_H

#include "ledger/engine.h"
#include "ledger/whole.h"

/* Makes it in the place for copies inside `directory`, which the caller holds, and closes it; it is durable then.
 * size: of its memory map in bytes. On failure nothing of it is used. */
consent_rc_t consent_copy(const char *directory, consent_view_t *from, size_t size, const consent_progress_t *progress,
    char why[static 256]);

#endif
