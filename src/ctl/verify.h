/*
 * What is verified besides the log itself: whom an auditor trusts to have seen it, and what else stands in its directory.
 */

#ifndef CONSENT_CTL_VERIFY_H
#define CONSENT_CTL_VERIFY_H

#include "ctl/source.h"
#include "ledger/quorum.h"

/* A policy file of C2SP tlog-policy. */
typedef struct {
    consent_quorum_t  *quorum;          /* NULL: none was read */
    consent_buf_t      text;
    uint64_t           times[CONSENT_QUORUM_NAMES];     /* for consent_quorum_check() */
} consent_ctl_quorum_t;

/* Reads one; if it names logs, one of them must be that of a key. Complains. `quorum` is all zeros before. */
bool consent_ctl_quorum_read(consent_ctl_quorum_t *quorum, const char *path, const consent_note_key_t *keys, size_t n);
void consent_ctl_quorum_free(consent_ctl_quorum_t *quorum);

/* Looks at every file of an exported log. Files that a log of that size has no place for are nobody's and are left alone;
 * narrower tiles of earlier must be the beginnings of today's, and a text must have the hash that it is called by: `say` is
 * told of those that are not. CONSENT_OK, CONSENT_IO, CONSENT_NOMEM. */
consent_rc_t consent_ctl_extra(int directory, uint64_t size, void (*say)(void *arg, const char *name, const char *what),
    void *arg);

#endif
