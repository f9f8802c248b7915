/*
 * What an operator does to the record of a citizen, beside a running nginx or without one: the store opened to write, the
 * policies in force, and the case it belongs to.
 */

#ifndef CONSENT_CTL_ACT_H
#define CONSENT_CTL_ACT_H

#include "ctl/event.h"

#define CONSENT_CTL_CASE_KEY  32
#define CONSENT_CTL_CASE_MAX  4096      /* bytes of a case's words */

typedef struct {
    consent_ledger_t  *ledger;
    consent_keys_t    *keys;            /* NULL: none were given */
    int                signed_dir;      /* beside them, or -1 */
    char               node[256];
    consent_policy_t  *policies[16];    /* in force, one of each id */
    size_t             n_policies;
    uint8_t            subject[CONSENT_SUBJECT_LEN];
    bool               has_former;      /* a pseudonym under the former key, too */
    uint8_t            former[CONSENT_SUBJECT_LEN];
    const char        *words;           /* of the case; NULL: none */
    uint8_t            case_key[CONSENT_CTL_CASE_KEY];
    consent_mask_t     lost;            /* categories that an event should tell of, whether it can or not */
    consent_ctl_events_t  events;
} consent_ctl_act_t;

/* Reads keys (a directory, or NULL) while it still may, then opens the store as its owner. subject: 32 hexadecimal digits,
 * or two times so many with a "/" between them: the second is the pseudonym under the former key.
 * words: of the case, or NULL. Complains. Close it in any case. */
bool consent_ctl_act_open(consent_ctl_act_t *act, const char *store, const char *subject, const char *keys,
    const char *words);
void consent_ctl_act_close(consent_ctl_act_t *act);

/* Has the store anything of the subject, or a hold on it? As consent_ledger_known() and consent_ledger_held(). */
consent_rc_t consent_ctl_act_known(const consent_ctl_act_t *act);

/* The policy of that id, or the only one. Complains. */
const consent_policy_t *consent_ctl_act_policy(const consent_ctl_act_t *act, const char *id);

/* In a transaction of its own, with subject, case and time filled in. CONSENT_OK: it is durable. CONSENT_CONFLICT or
 * CONSENT_DENIED: what the operation says. CONSENT_IO after a complaint: it could not be written. */
consent_rc_t consent_ctl_act_do(consent_ctl_act_t *act, consent_op_t *op);

/* Tells the portal of what the operation takes away under a policy, in the same transaction; without keys it cannot.
 * Complains. */
bool consent_ctl_act_tell(consent_ctl_act_t *act, consent_op_t *op, const consent_policy_t *policy, const char *type,
    consent_mask_t lost);

/* What is said at the end: the entry, how the case is shown to be its, and whether the portal is told. */
void consent_ctl_act_said(consent_buf_t *b, const consent_ctl_act_t *act, const consent_op_t *op, bool json);

consent_time_t consent_ctl_now(void);

/* The policies that nginx was last started with on a store, and its node. Complains. */
bool consent_ctl_act_read(consent_ctl_act_t *act, const char *store);

/* The keys of a directory, and what is beside them. Complains. */
bool consent_ctl_open_keys(consent_keys_t **keys, int *signed_dir, const char *directory);

/* How long a decision under any version of any policy that the store knows can be in force. false: one cannot be read.
 * seal.c */
bool consent_ctl_longest(consent_time_t *ms, consent_ledger_t *ledger);

#endif
