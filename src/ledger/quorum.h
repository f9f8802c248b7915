/*
 * Whom an auditor trusts to have seen a checkpoint: a policy file of C2SP tlog-policy, its logs, witnesses, groups of them,
 * and the quorum.
 */

#ifndef CONSENT_QUORUM_H
#define CONSENT_QUORUM_H

#include "ledger/note.h"

#define CONSENT_QUORUM_LOGS   32
#define CONSENT_QUORUM_NAMES  128           /* witnesses and groups */
#define CONSENT_QUORUM_MAX    ((size_t) 256 << 10)      /* bytes of a policy file */

typedef struct {
    consent_slice_t     name;               /* in the file */
    bool                is_group;
    bool                taken;              /* is a member of a group */
    consent_note_key_t  key;                /* a witness's */
    unsigned            threshold;          /* a group's: so many of its members */
    int16_t             parent;             /* the group that it is a member of, or -1 */
} consent_quorum_name_t;

typedef struct {
    size_t                 n_logs;
    consent_note_key_t     logs[CONSENT_QUORUM_LOGS];
    size_t                 n;
    consent_quorum_name_t  names[CONSENT_QUORUM_NAMES];
    bool                   defined;
    int                    quorum;          /* index of a name, or -1: none */
    unsigned               line;            /* of what is wrong */
    const char            *what;
} consent_quorum_t;

/* Reads a policy file, which must outlive q. CONSENT_MALFORMED, CONSENT_LIMIT; q->line and q->what say why. */
consent_rc_t consent_quorum_read(consent_quorum_t *q, consent_slice_t text);

/* Have enough witnesses signed it? times: of each name, when its witness did, in seconds; 0: it has not.
 * CONSENT_OK, CONSENT_DENIED (not enough), CONSENT_IO, CONSENT_NOMEM. A line of a witness that is wrong does not count. */
consent_rc_t consent_quorum_check(const consent_quorum_t *q, const consent_note_t *note,
    uint64_t times[static CONSENT_QUORUM_NAMES]);

#endif
