/*
 * The store and the log: what was decided, and the entries that prove it. One LMDB environment per process.
 *
 * A decision's new state, its history, its key material and its log entry are one write transaction. State lookups read
 * the memory map without a lock or a system call.
 */

#ifndef CONSENT_LEDGER_H
#define CONSENT_LEDGER_H

#include "base/buf.h"
#include "base/digest.h"
#include "policy/decision.h"

typedef struct consent_ledger_s  consent_ledger_t;

typedef struct {
    const char  *directory;         /* exists; not created here */
    size_t       size;              /* of the memory map, bytes */
    const char  *node;              /* name of this node in entries */
    bool         read_only;         /* tools: no locks are waited for, nothing is created */
} consent_ledger_conf_t;

/* Opens the environment; creates its databases unless read_only. Call after fork, once per process.
 * CONSENT_IO, CONSENT_FULL, CONSENT_MALFORMED (not our store, or another layout version), CONSENT_NOTFOUND (read_only and
 * nothing there). On failure `why` (256 bytes) holds a sentence without personal data. */
consent_rc_t consent_ledger_open(consent_ledger_t **ledger, const consent_ledger_conf_t *conf, char why[static 256]);
void consent_ledger_close(consent_ledger_t *ledger);

/* The decision in the store for a subject under a policy (id_key). One lookup in the memory map: below 2 us with a
 * million subjects, no system call. Also the tombstone time of an erasure of that subject, 0 if none.
 * CONSENT_OK, CONSENT_NOTFOUND, CONSENT_IO. Only from the thread that opened the ledger. */
consent_rc_t consent_ledger_state(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_decision_t *decision, consent_time_t *erased_at);

/* A citizen's own past decision, newest first; `decision->policy` names the version. Return false to stop. */
typedef bool (*consent_history_pt)(void *arg, const consent_decision_t *decision, uint64_t log_index);
consent_rc_t consent_ledger_history(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_history_pt each, void *arg);

/* The canonical document of a policy version that the store has seen; the slice is copied into b. */
consent_rc_t consent_ledger_policy(consent_ledger_t *ledger, uint64_t key, consent_buf_t *b);
typedef bool (*consent_policy_each_pt)(void *arg, uint64_t key, consent_slice_t canonical);
consent_rc_t consent_ledger_policies(consent_ledger_t *ledger, consent_policy_each_pt each, void *arg);

/* ---- writing: begin, apply what is queued, commit; from one thread at a time per process ---- */

typedef enum {
    CONSENT_OP_DECISION = 0,
    CONSENT_OP_ENTRY
} consent_op_type_t;

/* Which policy an entry is under. All slices from policy or configuration, never from a request. */
typedef struct {
    consent_slice_t  id;
    consent_slice_t  version;
    uint8_t          hash[CONSENT_HASH_LEN];
    uint64_t         id_key;
    uint64_t         key;
} consent_entry_policy_t;

typedef struct {
    consent_op_type_t       type;
    consent_entry_policy_t  policy;
    consent_time_t          now;
    consent_rc_t            rc;             /* out: what became of this one */

    /* CONSENT_OP_DECISION */
    uint8_t                 subject[CONSENT_SUBJECT_LEN];
    consent_decision_t      decision;       /* in; out: stamp (made later than what it replaces), receipt, index below */
    uint64_t                index;          /* out: of its log entry */
    bool                    once_a_day;     /* signals: CONSENT_CONFLICT, nothing written, when the state already says so */
    consent_slice_t         level;          /* level id or "custom" */
    const consent_slice_t  *categories;     /* granted ids, sorted */
    size_t                  n_categories;
    bool                    identified;     /* assurance */
    consent_slice_t         language;
    uint8_t                 notice_hash[CONSENT_HASH_LEN];
    consent_slice_t         notice;         /* the text behind notice_hash; stored once under its hash */

    /* CONSENT_OP_ENTRY */
    const char             *entry_type;     /* "policy", "config", "key", "disclosure", "missed", ... */
    consent_slice_t         fields;         /* its more fields: a canonical JSON object */
    consent_slice_t         unique;         /* not empty: skip silently (CONSENT_CONFLICT) if an entry with it exists */
    consent_slice_t         document;       /* "policy": canonical document, kept by its key */
    uint64_t                weight;         /* "missed": for tools only */
} consent_op_t;

/* Waits for other processes' commits; call from the commit thread only, before taking what is queued. */
consent_rc_t consent_ledger_begin(consent_ledger_t *ledger);

/* One operation into the open transaction. op->rc is set; CONSENT_CONFLICT leaves the transaction usable, any other
 * failure makes commit fail for all. */
consent_rc_t consent_ledger_apply(consent_ledger_t *ledger, consent_op_t *op);

/* Durable when it returns CONSENT_OK. After CONSENT_IO the environment is reopened by the next begin. CONSENT_FULL: the
 * store is at its size (grants stop at 90 % of it: apply gives CONSENT_FULL for them; withdrawals still go in). */
consent_rc_t consent_ledger_commit(consent_ledger_t *ledger);
void consent_ledger_abort(consent_ledger_t *ledger);

/* ---- reading the log ---- */

/* Entries from index on, in order; return false to stop. */
typedef bool (*consent_entry_each_pt)(void *arg, uint64_t index, consent_slice_t entry);
consent_rc_t consent_ledger_entries(consent_ledger_t *ledger, uint64_t from, consent_entry_each_pt each, void *arg);

typedef struct {
    uint64_t        entries;
    uint64_t        states;
    uint64_t        histories;
    uint64_t        policies;
    uint64_t        texts;
    uint64_t        tombstones;
    uint64_t        map_size;       /* bytes */
    uint64_t        used;           /* bytes of pages in use */
    uint64_t        readers;
    consent_time_t  last_entry;
} consent_ledger_stat_t;

consent_rc_t consent_ledger_stat(consent_ledger_t *ledger, consent_ledger_stat_t *stat);

/* Frees reader slots of processes that are gone. Cheap; on a timer. */
void consent_ledger_housekeep(consent_ledger_t *ledger);

#endif
