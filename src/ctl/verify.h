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

/* The entry "pruned" of a later log. */
typedef struct {
    bool           found;
    uint64_t       leaves;          /* how many entries were dropped */
    uint64_t       index;           /* of the entry */
    uint64_t       faults;          /* of the log that it is in */
    consent_buf_t  origin;          /* of that log */
    consent_buf_t  decision;        /* the words that name the decision, as they stand there: JSON */
} consent_ctl_pruning_t;

void consent_ctl_pruning_init(consent_ctl_pruning_t *pruning);
void consent_ctl_pruning_free(consent_ctl_pruning_t *pruning);

/* Looks in the log of a directory, or in the logs of a store, for the decision to prune the log of that origin; a log must be
 * a later one of the same key, and is verified on the way. CONSENT_OK, found or not; CONSENT_IO, CONSENT_NOMEM and others. */
consent_rc_t consent_ctl_pruning_find(consent_ctl_pruning_t *pruning, consent_ctl_source_t *later,
    const consent_note_key_t *keys, size_t n_keys, consent_slice_t origin);

/* Looks at every file of an exported log. Files that a log of that size has no place for are nobody's and are left alone;
 * narrower tiles of earlier must be the beginnings of today's, and a text must have the hash that it is called by: `say` is
 * told of those that are not. CONSENT_OK, CONSENT_IO, CONSENT_NOMEM. */
consent_rc_t consent_ctl_extra(int directory, uint64_t size, void (*say)(void *arg, const char *name, const char *what),
    void *arg);

#endif
