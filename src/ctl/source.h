/*
 * Where a subcommand reads a log from: a directory of plain tlog-tiles files, or a store.
 */

#ifndef CONSENT_CTL_SOURCE_H
#define CONSENT_CTL_SOURCE_H

#include "ctl/ctl.h"
#include "ledger/audit.h"

typedef struct {
    const char        *path;
    int                directory;       /* -1: it is a store */
    bool               has_texts;
    consent_ledger_t  *ledger;
    uint32_t           number;          /* of the log in a store */
} consent_ctl_source_t;

/* Opens it, and complains. number: the log in a store, as text; NULL: the newest. */
bool consent_ctl_source_open(consent_ctl_source_t *source, const char *path, const char *number);
void consent_ctl_source_close(consent_ctl_source_t *source);

/* The checkpoint, as it stands there; complains. */
bool consent_ctl_source_checkpoint(consent_ctl_source_t *source, consent_buf_t *b);

/* How an audit reads it. */
consent_audit_source_t consent_ctl_source_audit(consent_ctl_source_t *source);

/* How many entries there are; entries from one on, in order (false: stop). Of a store those too that are not published yet. */
consent_rc_t consent_ctl_source_count(consent_ctl_source_t *source, uint64_t *n);
consent_rc_t consent_ctl_source_entries(consent_ctl_source_t *source, uint64_t from, consent_entry_each_pt each, void *arg);

/* A regular file below a directory, at most `ceiling` bytes. CONSENT_NOTFOUND, CONSENT_LIMIT, CONSENT_IO. */
consent_rc_t consent_ctl_read_at(int directory, const char *path, size_t ceiling, consent_buf_t *b);

/* The verifier keys in a file, one a line, at most `max`; complains. */
bool consent_ctl_read_keys(const char *path, consent_note_key_t *keys, size_t *n, size_t max);

#endif
