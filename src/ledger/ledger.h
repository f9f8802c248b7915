/*
 * The store and the log: what was decided, and the entries that prove it. One LMDB environment per process.
 *
 * A decision's new state, its history, its key material and its log entry are one write transaction. State
 * lookups read the memory map without a lock or a system call.
 */

#ifndef CONSENT_LEDGER_H
#define CONSENT_LEDGER_H

#include "base/buf.h"
#include "base/digest.h"
#include "policy/contact.h"
#include "policy/decision.h"

#define CONSENT_LEDGER_SIZE      ((size_t) 64 << 30)    /* default of the memory map, bytes: a ceiling, not a file size */
#define CONSENT_LEDGER_MIN_SIZE  ((size_t) 1 << 20)
#define CONSENT_LEDGER_AS_IS     SIZE_MAX               /* as it was made, or as another process has it now */
#define CONSENT_ENTRY_MAX        65535                  /* bytes of a log entry */
#define CONSENT_UNIQUE_MAX       256                    /* bytes of consent_op_t.unique */
#define CONSENT_NO_INDEX         UINT64_MAX             /* no entry here: of what was taken over from another node, or moved to a
                                                         * new pseudonym */
#define CONSENT_HISTORY_MAX      500                    /* decisions kept for one subject under one policy */

typedef struct consent_ledger_s  consent_ledger_t;

typedef enum {
    CONSENT_CLUSTER_KEEP = 0,       /* as the store is: tools */
    CONSENT_CLUSTER_JOIN,           /* from the next transaction on other nodes are told */
    CONSENT_CLUSTER_LEAVE
} consent_cluster_t;

typedef struct {
    const char  *directory;         /* exists; not created here */
    size_t       size;              /* of the memory map, bytes; 0: CONSENT_LEDGER_SIZE (read_only: as it is) */
    const char  *node;              /* name of this node in entries; NULL is "" */
    bool         read_only;         /* tools: nothing is created or changed */
    bool         guarded;           /* the store must hold what the checkpoint in this directory says, and erasures are kept
                                     * there too, so that a store that is restored brings nobody back: */
    int          signed_dir;        /* descriptor of a directory beside the keys; the caller's */

    consent_cluster_t  cluster;
    const uint8_t     *erasure_key; /* CONSENT_CLUSTER_JOIN: the key of tombstones that the nodes share, 32 bytes */
} consent_ledger_conf_t;

/* Opens the store of a directory. Call after fork, once per process and directory. Never waits for a writer:
 * a store without tables gets them at the first begin.
 * CONSENT_IO, CONSENT_FULL, CONSENT_MALFORMED (not our store, another layout version, a file cut short),
 * CONSENT_NOTFOUND (no directory; or read_only and nothing in it), CONSENT_NOMEM. On failure `why` holds a
 * sentence without personal data.
 *
 * Unless read_only, a failure other than CONSENT_NOMEM still gives a ledger: every lookup is CONSENT_IO, and
 * each begin tries to open the store again, so that it heals without a restart. It is closed like any
 * other. */
consent_rc_t consent_ledger_open(consent_ledger_t **ledger, const consent_ledger_conf_t *conf, char why[static 256]);

/* The store is shorter than what was last signed, or differs: every lookup is CONSENT_IO and every begin CONSENT_DENIED
 * until it is not. Only where the ledger is guarded; from any thread. */
bool consent_ledger_is_refused(const consent_ledger_t *ledger);

/* NULL is allowed. No other thread may be reading. With a transaction still open, or a thread waiting in
 * begin, nothing is closed or freed: the process is about to exit, and the system sees to it. */
void consent_ledger_close(consent_ledger_t *ledger);

/* The decision in the store for a subject under a policy (id_key). One lookup in the memory map: below 2 us
 * with a million subjects, no system call. Only from the thread that opened the ledger.
 * erased_at: without a state, the stamp up to which this subject was erased, or 0. (With a state it is 0: a
 * state is always later than the erasure before it.)
 * CONSENT_OK, CONSENT_NOTFOUND, CONSENT_IO (also for a moment while the store is opened again). */
consent_rc_t consent_ledger_state(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_decision_t *decision, consent_time_t *erased_at);

/* The same for a subject with a former pseudonym (NULL: none): of what is under both, what counts. moves: there is something
 * under the former one. */
consent_rc_t consent_ledger_state_of(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    const uint8_t *former, uint64_t policy_id_key, consent_decision_t *decision, consent_time_t *erased_at, bool *moves);

/* Another number than before: something may have been written since. 0: it cannot be told. No lock, no system call; only
 * from the thread that opened the ledger. */
uint64_t consent_ledger_mark(consent_ledger_t *ledger);

/* Lookups that follow each other at once share a snapshot of the store, which keeps pages from being used again: where it
 * is held, the thread that looked up says when it goes on to something else. */
bool consent_ledger_is_looking(const consent_ledger_t *ledger);
void consent_ledger_state_rest(consent_ledger_t *ledger);

/* ---- Reading: from any thread, on a snapshot of its own; may wait for the disk, so not for the event loop ---- */

/* A citizen's own past decision, newest first; `decision->policy` names the version. Return false to stop. */
typedef bool (*consent_history_pt)(void *arg, const consent_decision_t *decision, uint64_t log_index);
consent_rc_t consent_ledger_history(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_history_pt each, void *arg);

/* Has the store anything of a subject? CONSENT_OK; CONSENT_NOTFOUND: nothing. */
consent_rc_t consent_ledger_known(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN]);

/* Is a subject on hold, and since when? CONSENT_NOTFOUND: it is not. */
consent_rc_t consent_ledger_held(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_time_t *since);

/* The decision that a receipt is of. CONSENT_NOTFOUND: none, erased, or not that subject's. */
consent_rc_t consent_ledger_receipt(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    const uint8_t receipt[static CONSENT_ID_LEN], consent_decision_t *decision, uint64_t *log_index);

/* Every entry of a subject, under any policy: the commitment is recomputed from the subject's key, nonce and
 * exact time. `opens` is false where the entry does not hold it: the store was tampered with. Order is by
 * policy, newest first. */
typedef bool (*consent_opened_pt)(void *arg, uint64_t log_index, consent_time_t logged_at, bool opens);
consent_rc_t consent_ledger_opened(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_opened_pt each, void *arg);

/* The canonical document of a policy version that the store has seen; it is copied into b. */
consent_rc_t consent_ledger_policy(consent_ledger_t *ledger, uint64_t key, consent_buf_t *b);
typedef bool (*consent_policy_each_pt)(void *arg, uint64_t key, consent_slice_t canonical);
consent_rc_t consent_ledger_policies(consent_ledger_t *ledger, consent_policy_each_pt each, void *arg);

/* Versions of policies that nginx was started with, oldest start first: the last one of a policy is the one in force.
 * Valid during the call; return false to stop. */
typedef struct {
    uint64_t         index;             /* of the "config" entry of the start */
    consent_slice_t  node;              /* a JSON string: the name of the node */
    consent_slice_t  document;          /* the policy's canonical document */
} consent_in_force_t;

typedef bool (*consent_in_force_pt)(void *arg, const consent_in_force_t *found);
consent_rc_t consent_ledger_in_force(consent_ledger_t *ledger, consent_in_force_pt each, void *arg);

/* The text behind a notice_hash, copied into b. */
consent_rc_t consent_ledger_text(consent_ledger_t *ledger, const uint8_t hash[static CONSENT_HASH_LEN],
    consent_buf_t *b);

/* Entries from index on, in order; return false to stop. `entry` is valid during the call. */
typedef bool (*consent_entry_each_pt)(void *arg, uint64_t index, consent_slice_t entry);
consent_rc_t consent_ledger_entries(consent_ledger_t *ledger, uint64_t from, consent_entry_each_pt each, void *arg);

typedef struct {
    uint64_t        entries;        /* that were ever written, */
    uint64_t        pruned;         /* those that are gone included */
    uint64_t        states;
    uint64_t        histories;
    uint64_t        subjects;       /* who has a key, and so a history */
    uint64_t        receipts;
    uint64_t        policies;
    uint64_t        texts;
    uint64_t        tombstones;
    uint64_t        outbox;         /* messages that wait to be delivered */
    uint64_t        handoffs;       /* what became of requests to be contacted */
    uint64_t        holds;
    uint64_t        tiles;
    uint64_t        checkpoints;
    uint64_t        outgoing;       /* what other nodes have not confirmed yet */
    uint64_t        map_size;       /* bytes */
    uint64_t        used;           /* bytes of pages in use; freed pages do not count */
    uint64_t        room;           /* bytes until the map or the file system is full */
    uint64_t        readers;
    consent_time_t  last_entry;     /* 0: none */
    consent_time_t  created;
    consent_time_t  restored;       /* 0: never */
    consent_time_t  next_message;   /* when the first in the outbox is due; 0: none waits */
} consent_ledger_stat_t;

consent_rc_t consent_ledger_stat(consent_ledger_t *ledger, consent_ledger_stat_t *stat);

/* ---- The outbox: what the portal is told, kept from the transaction that gives rise to it until it is delivered ---- */

#define CONSENT_MESSAGE_MAX  32768              /* bytes of a payload */

typedef enum {
    CONSENT_MESSAGE_HANDOFF = 0,                /* somebody wants to be called back */
    CONSENT_MESSAGE_EVENT                       /* a withdrawal, a lapse, an erasure */
} consent_message_kind_t;

typedef struct consent_message_s {
    uint8_t                 id[CONSENT_ID_LEN]; /* random: its Idempotency-Key */
    consent_message_kind_t  kind;
    unsigned                attempts;           /* so far; at most 65535 are counted */
    uint32_t                holder;             /* who has claimed it, by a number of its own; 0: nobody */
    consent_time_t          created;
    consent_time_t          due;                /* not to be tried before, but when its holder is gone */
    consent_time_t          expires;            /* to be given up then, delivered or not */
    consent_slice_t         payload;            /* sealed, with a key that is not in the store */
    const struct consent_message_s  *next;      /* of an operation's: another one that goes with it, or NULL */
} consent_message_t;

#define CONSENT_MESSAGE_KEPT  ((consent_time_t) 14 * 24 * 60 * 60 * 1000)   /* ms; then it is given up */

/* Fills all but id and kind, which are there. sealed: room for document.len + CONSENT_SEAL_OVERHEAD bytes, which lives as long
 * as the message. CONSENT_IO, CONSENT_LIMIT. */
consent_rc_t consent_message_seal(consent_message_t *message, uint8_t *sealed, const uint8_t key[static CONSENT_SEAL_KEY_LEN],
    consent_slice_t document, consent_time_t now);
/* out: payload.len - CONSENT_SEAL_OVERHEAD bytes. CONSENT_DENIED: it was not sealed with that key, as this message. */
consent_rc_t consent_message_open(uint8_t *out, const consent_message_t *message,
    const uint8_t key[static CONSENT_SEAL_KEY_LEN]);

/* Messages in the order they are due; the payload is valid during the call. Return false to stop. */
typedef bool (*consent_message_pt)(void *arg, const consent_message_t *message);
consent_rc_t consent_ledger_outbox(consent_ledger_t *ledger, consent_message_pt each, void *arg);

/* ---- Requests to be contacted: what became of them, for who knows the id. No subject, no contact ---- */

#define CONSENT_HANDOFF_TAG    64               /* bytes of the operator's reference at most */
#define CONSENT_HANDOFF_TOPIC  128              /* bytes of a topic's id at most */
#define CONSENT_HANDOFF_KEPT   ((consent_time_t) 90 * 24 * 60 * 60 * 1000)     /* ms after the last change */

typedef struct {
    uint8_t                   id[CONSENT_ID_LEN];
    consent_handoff_status_t  status;
    consent_time_t            created;
    consent_time_t            changed;          /* of the status */
    consent_slice_t           topic;            /* id, from the policy; may be empty */
    consent_slice_t           tag;              /* the operator's own reference; may be empty */
} consent_handoff_t;

/* memory: of CONSENT_HANDOFF_TAG + CONSENT_HANDOFF_TOPIC bytes, for topic and tag. CONSENT_NOTFOUND: none, or it was too
 * long ago. */
consent_rc_t consent_ledger_handoff(consent_ledger_t *ledger, const uint8_t id[static CONSENT_ID_LEN],
    consent_handoff_t *handoff, uint8_t *memory);

/* ---- Writing: begin, apply what is queued, commit, all on one thread, one at a time per process ---- */

typedef enum {
    CONSENT_OP_DECISION = 0,
    CONSENT_OP_ENTRY,
    CONSENT_OP_ERASURE,
    CONSENT_OP_MESSAGE,         /* of the outbox: try it again later, or take it out; no entry */
    CONSENT_OP_LOG,             /* of the log's publisher (log.h); no entry */
    CONSENT_OP_HOLD,            /* a subject must not be erased, or may be again */
    CONSENT_OP_REPLICA,         /* what other nodes decided or confirmed: replica.h */
    CONSENT_OP_REKEY            /* what is held under a former pseudonym moves to the new one; no entry */
} consent_op_type_t;

typedef struct consent_log_step_s  consent_log_step_t;

/* Which policy an entry is under. All slices from policy or configuration, never from a request. An empty id:
 * none, its members in the entry are empty strings. */
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
    uint64_t                index;          /* out: of its log entry */

    /* CONSENT_OP_DECISION, CONSENT_OP_ERASURE, CONSENT_OP_HOLD, CONSENT_OP_REKEY (CONSENT_CONFLICT: there is nothing to move) */
    uint8_t                 subject[CONSENT_SUBJECT_LEN];

    /* The same, and CONSENT_OP_REKEY: the pseudonym under the former key. What is held under it moves to `subject` with the
     * operation; of whom there is a legal hold (and in a cluster) it stays, and a decision or a hold is put there too. */
    bool                    has_former;
    uint8_t                 former[CONSENT_SUBJECT_LEN];

    /* The same but the last: the operator's case, as a hash that says nothing to who does not know the case; zeros: none. */
    uint8_t                 case_hash[CONSENT_HASH_LEN];

    /* CONSENT_OP_DECISION */
    consent_decision_t      decision;       /* in; out: stamp (made later than what it replaces), receipt. Of an
                                             * erasure its stamp alone: in, what the subject's cookie is known to hold; out,
                                             * up to which it erases */
    bool                    once_a_day;     /* signals: CONSENT_CONFLICT, nothing written, when the state already says so */
    bool                    lessens;        /* CONSENT_DENIED, nothing written, when it would share more than what is in force
                                             * as it is written; it lasts no longer, and lets no more AI answer */
    consent_time_t          seen;           /* lessens: the newest stamp that was known when it was made */
    consent_slice_t         level;          /* level id or "custom" */
    const consent_slice_t  *categories;     /* granted ids, sorted */
    size_t                  n_categories;
    bool                    identified;     /* assurance */
    consent_slice_t         language;

    /* The same, CONSENT_OP_ENTRY */
    uint8_t                 notice_hash[CONSENT_HASH_LEN];  /* zeros: no page was served; null in a decision's entry */
    consent_slice_t         notice;         /* the text behind notice_hash; stored once under its hash; may be empty */

    /* CONSENT_OP_ENTRY */
    const char             *entry_type;     /* "policy", "config", "key", "disclosure", "missed", ... */
    consent_slice_t         fields;         /* its more fields: a canonical JSON object; empty: none */
    consent_slice_t         unique;         /* not empty: CONSENT_CONFLICT, nothing written, if an entry with it exists */
    consent_slice_t         document;       /* "policy": canonical document, kept by its key; also the entry's
                                             * member "document" */
    uint64_t                weight;         /* the caller's own; not read here */

    /* Of any operation but CONSENT_OP_MESSAGE: goes into the outbox with it, or not at all; NULL: none. Of that one: its
     * id and due name the message. */
    const consent_message_t  *message;
    /* CONSENT_OP_ENTRY: put with it, new or in the place of the one with its id; NULL: none */
    const consent_handoff_t  *handoff;
    consent_time_t            again;        /* CONSENT_OP_MESSAGE: due then; 0: it is taken out */
    uint32_t                  holder;       /* CONSENT_OP_MESSAGE: claims it until then, an attempt more; 0: puts it off */
    const consent_log_step_t  *step;        /* CONSENT_OP_LOG; CONSENT_CONFLICT: the log has gone on without it */

    /* CONSENT_OP_ERASURE: of all states, history, receipts and the key of a subject, under every policy */
    consent_time_t          keep_until;     /* how long a cookie of before could live: so long the tombstone is kept */
    uint64_t                erased;         /* out: how many entries no longer open; of CONSENT_OP_HOLD too */

    /* CONSENT_OP_HOLD: CONSENT_CONFLICT when it is so already. What another node erased meanwhile goes with the release */
    bool                    release;

    struct consent_replica_op_s  *replica;  /* CONSENT_OP_REPLICA */
} consent_op_t;

/* Waits for other processes' commits; call from the commit thread only, before taking what is queued. Opens
 * the store again where that is needed, makes its tables if it has none, and frees what dead processes left.
 * CONSENT_OK, or as consent_ledger_open; consent_ledger_why() says what happened. */
consent_rc_t consent_ledger_begin(consent_ledger_t *ledger);

/* One operation into the open transaction; returns op->rc. CONSENT_CONFLICT, CONSENT_MALFORMED, CONSENT_LIMIT (the
 * operation's own fault), CONSENT_DENIED (the erasure of a subject that is on hold; more than what is in force, where it
 * lessens) and CONSENT_FULL (a store at 90 %, or an erasure that could not be kept beside the keys) leave nothing of this
 * one, and the transaction usable; after any other failure commit fails for all. Acknowledge what has rc CONSENT_OK after a
 * commit that is CONSENT_OK.
 *
 * At 90 % of the map, or when the file system is nearly full, grants, "disclosure", "audit" and "missed"
 * entries get CONSENT_FULL; what takes away still goes in. */
consent_rc_t consent_ledger_apply(consent_ledger_t *ledger, consent_op_t *op);

/* Durable when it returns CONSENT_OK; otherwise nothing was written. After CONSENT_IO the store is opened
 * again by the next begin. CONSENT_FULL: no room. */
consent_rc_t consent_ledger_commit(consent_ledger_t *ledger);
void consent_ledger_abort(consent_ledger_t *ledger);

/* A sentence on the last failure of begin, apply or commit, without personal data; for the log of errors.
 * Read it on the commit thread. */
const char *consent_ledger_why(const consent_ledger_t *ledger);

/* Frees reader slots of processes that are gone, at once; begin does it every ten seconds. From the commit
 * thread or a tool. */
void consent_ledger_housekeep(consent_ledger_t *ledger);

#endif
