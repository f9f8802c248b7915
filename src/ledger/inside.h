/*
 * What the files of the ledger share: its handle, and the transaction that is open.
 */

#ifndef CONSENT_LEDGER_INSIDE_H
#define CONSENT_LEDGER_INSIDE_H

#include "ledger/entry.h"
#include "ledger/ledger.h"
#include "ledger/record.h"
#include "ledger/replica.h"
#include "ledger/store.h"

#include <stdatomic.h>
#include <sys/types.h>
#include <time.h>

/* An HMAC under the store's tombstone key, remade when the store has another. */
typedef struct {
    consent_mac_t  *mac;
    uint8_t         key[CONSENT_KEY_LEN];
} consent_tombstone_mac_t;

/* What a lookup gave, and in which state of the store. */
typedef struct {
    consent_mark_t      mark;               /* number 0: unused */
    uint8_t             key[CONSENT_STATE_KEY_LEN];
    consent_rc_t        rc;                 /* CONSENT_OK or CONSENT_NOTFOUND */
    consent_decision_t  decision;
    consent_time_t      erased_at;
} consent_seen_t;

#define CONSENT_LEDGER_SEEN  1024           /* a power of two */

/* Which file it is, and how it was. */
typedef struct {
    ino_t            inode;                 /* 0: there is none */
    struct timespec  changed;
    uint64_t         opened;                /* how often the store had been opened */
} consent_signed_t;

struct consent_ledger_s {
    consent_store_t         *store;
    char                    *node;
    bool                     guarded;
    int                      signed_dir;
    atomic_bool              refused;       /* the store is not what was last signed */

    /* of the lookup thread */
    consent_tombstone_mac_t  look_mac[2];   /* of the store's own key, and of the cluster's */
    consent_seen_t          *seen;          /* CONSENT_LEDGER_SEEN of them */

    /* of the writing thread */
    consent_view_t           view;
    bool                     open;          /* between begin and commit */
    consent_rc_t             broken;        /* why nothing more can be committed */
    consent_meta_t           meta;
    uint64_t                 first_index;   /* of this transaction */
    uint64_t                 put;           /* bytes, in this transaction */
    uint8_t                  expired[CONSENT_STATE_KEY_LEN];    /* from where on states are looked at that may have run out */
    uint8_t                  level[128];    /* id of a level */
    int                      kept_file;     /* of erasures, beside the keys; -1: not open */
    bool                     kept_waits;    /* written, not yet synced */
    consent_tombstone_mac_t  write_mac[2];
    consent_cluster_t        cluster;
    uint8_t                  erasure_key[CONSENT_KEY_LEN];      /* of CONSENT_CLUSTER_JOIN */
    consent_replica_self_t   self;          /* epoch 0: of no cluster */
    bool                     self_changed;
    consent_digest_t        *digest;
    const char              *what;          /* a failure that is not the store's own, or NULL */
    uint8_t                 *entry;         /* CONSENT_ENTRY_MAX + 1 bytes */
    uint8_t                 *fields;        /* as many */
    consent_signed_t         compared;      /* the checkpoint beside the keys that this store was last compared with */
    char                     refusal[256];
};

extern const consent_slice_t  consent_meta_key;

/* The stamp up to which a subject was erased; 0: never. */
consent_rc_t consent_ledger_erased_at(consent_time_t *erased_at, consent_view_t *view,
    consent_tombstone_mac_t mac[static 2], const uint8_t subject[static CONSENT_SUBJECT_LEN]);

#define CONSENT_TOMBSTONE_KEY_LEN  16
consent_rc_t consent_ledger_tombstone_key(uint8_t key[static CONSENT_TOMBSTONE_KEY_LEN],
    consent_tombstone_mac_t *mac, const uint8_t tombstone_key[static CONSENT_KEY_LEN],
    const uint8_t subject[static CONSENT_SUBJECT_LEN]);

/* What tombstones alone say. */
consent_rc_t consent_ledger_tombstone_of(consent_time_t *erased_at, consent_view_t *view,
    consent_tombstone_mac_t mac[static 2], const consent_meta_t *meta,
    const uint8_t subject[static CONSENT_SUBJECT_LEN]);
/* Under which a new one of a subject stands. */
consent_rc_t consent_ledger_tombstone_new(uint8_t key[static CONSENT_TOMBSTONE_KEY_LEN], consent_ledger_t *ledger,
    const uint8_t subject[static CONSENT_SUBJECT_LEN]);

/* The operations, in the open write transaction. What a caller did wrong is found before anything is put; a
 * put that fails breaks the transaction. */
consent_rc_t consent_ledger_put_decision(consent_ledger_t *ledger, consent_op_t *op);
consent_rc_t consent_ledger_put_entry(consent_ledger_t *ledger, consent_op_t *op);
consent_rc_t consent_ledger_put_erasure(consent_ledger_t *ledger, consent_op_t *op);
consent_rc_t consent_ledger_move_message(consent_ledger_t *ledger, consent_op_t *op);
consent_rc_t consent_ledger_put_hold(consent_ledger_t *ledger, consent_op_t *op);
consent_rc_t consent_ledger_put_rekey(consent_ledger_t *ledger, consent_op_t *op);

/* Is a subject on hold? CONSENT_OK, CONSENT_NOTFOUND, CONSENT_IO. */
consent_rc_t consent_ledger_hold(consent_view_t *view, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_time_t *since);

/* Did somebody of whom there is a legal hold decide in the entries from `first` to in front of `end`? CONSENT_OK: yes;
 * CONSENT_NOTFOUND: no. */
consent_rc_t consent_ledger_hold_within(consent_view_t *view, uint64_t first, uint64_t end);

/* The same for what became of a request to be contacted. */
consent_rc_t consent_ledger_check_handoff(const consent_handoff_t *handoff);
consent_rc_t consent_ledger_put_handoff(consent_ledger_t *ledger, const consent_handoff_t *handoff, consent_time_t now);

/* A message with an operation: checked before it, and put behind it. */
consent_rc_t consent_ledger_check_message(const consent_message_t *message);
consent_rc_t consent_ledger_put_message(consent_ledger_t *ledger, const consent_message_t *message);

/* Later than it is, if it is there. */
consent_rc_t consent_ledger_tombstone_put(consent_ledger_t *ledger, consent_slice_t key, consent_time_t erased_at,
    consent_time_t keep_until);

/* Of two decisions of a subject under a policy, is it the first that is in force? One of the scope once is, beside none that
 * stands. */
bool consent_ledger_stands_before(const consent_decision_t *a, const consent_decision_t *b);
/* The oldest past of a subject is counted only: its entry stays in the log, but opens no more. Not of who is on hold. */
consent_rc_t consent_ledger_forget_oldest(consent_ledger_t *ledger,
    const uint8_t state_key[static CONSENT_STATE_KEY_LEN]);

/* replica.c: at the begin of a transaction and at its end, and its operations. */
consent_rc_t consent_replica_begin(consent_ledger_t *ledger);
consent_rc_t consent_replica_commit(consent_ledger_t *ledger);
consent_rc_t consent_replica_put(consent_ledger_t *ledger, consent_op_t *op);
/* The key of tombstones that the nodes of a cluster share. CONSENT_NOTFOUND: none. */
consent_rc_t consent_replica_erasure_key(uint8_t key[static CONSENT_KEY_LEN], consent_view_t *view);

/* outgoing.c: tells the others of an operation that has been put, and of a text that is new. */
consent_rc_t consent_outgoing_put(consent_ledger_t *ledger, const consent_op_t *op);
consent_rc_t consent_outgoing_text(consent_ledger_t *ledger, const uint8_t hash[static CONSENT_HASH_LEN]);

/* Builds the next entry in ledger->entry, */
consent_rc_t consent_ledger_build(consent_ledger_t *ledger, const consent_op_t *op, const char *type,
    consent_slice_t fields, consent_slice_t *entry);
/* with this exact time, which is never before that of the one in front of it, */
consent_time_t consent_ledger_time(const consent_ledger_t *ledger, const consent_op_t *op);
/* and puts it behind the others; op->index says where. */
consent_rc_t consent_ledger_append(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t entry);

/* Behind a decision: removes some of what anonymous citizens decided and has run out. */
consent_rc_t consent_ledger_expire(consent_ledger_t *ledger, const consent_op_t *behind);

/* The index of the first entry that was not pruned. */
uint64_t consent_ledger_pruned(consent_view_t *view);

/* The index of the first "config" entry of the newest start or reload. CONSENT_NOTFOUND: there never was one. in_force.c */
consent_rc_t consent_ledger_started(consent_view_t *view, uint64_t *index);

/* A subject's first record in a table: key is of len bytes, and copied, since deleting moves what slices point to.
 * CONSENT_NOTFOUND: there is none. */
consent_rc_t consent_ledger_first_of(consent_ledger_t *ledger, consent_table_t table,
    const uint8_t subject[static CONSENT_SUBJECT_LEN], uint8_t *key, size_t len, consent_slice_t *value);

/* Moves what is under op->former to op->subject. CONSENT_NOTFOUND: there is nothing. CONSENT_DENIED: it stays where it is, for
 * there is a legal hold, or in a cluster; ledger->what says which. rekey.c */
consent_rc_t consent_ledger_rekey(consent_ledger_t *ledger, const consent_op_t *op);

/* The newest stamp of all that a subject has decided, and when the last of it ends, if later than what they are. */
consent_rc_t consent_ledger_newest(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_time_t *stamp, consent_time_t *expires);

/* Takes away all that is known of a subject, and leaves a tombstone; *entries: how many no longer open. */
consent_rc_t consent_ledger_forget(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_time_t erased_at, consent_time_t keep_until, uint64_t *entries);

/* Erasures beside the keys: written in a transaction, durable before it. CONSENT_FULL: it could not be written, and the
 * transaction is usable. */
consent_rc_t consent_kept_add(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_time_t erased_at, consent_time_t keep_until);
consent_rc_t consent_kept_sync(consent_ledger_t *ledger);
void consent_kept_close(consent_ledger_t *ledger);

/* Puts and deletes that must succeed: anything but CONSENT_OK breaks the transaction. */
consent_rc_t consent_ledger_put(consent_ledger_t *ledger, consent_table_t table, consent_slice_t key,
    consent_slice_t value, consent_put_t how);
consent_rc_t consent_ledger_delete(consent_ledger_t *ledger, consent_table_t table, consent_slice_t key);

/* Which file is there now. */
consent_signed_t consent_ledger_signed(const consent_ledger_t *ledger, int directory);

/* Compares the store with what was last signed, if either has changed since: in a snapshot, or the write transaction
 * that is open. CONSENT_OK; CONSENT_DENIED, ledger->refusal says why; CONSENT_IO. guard.c */
consent_rc_t consent_ledger_guard(consent_ledger_t *ledger, consent_view_t *view);

/* Puts a text under its hash unless it is there. CONSENT_MALFORMED, nothing put: it is not the text of that
 * hash. */
consent_rc_t consent_ledger_check_text(consent_ledger_t *ledger, consent_table_t table, consent_slice_t key,
    const uint8_t hash[static CONSENT_HASH_LEN], consent_slice_t text, bool *is_new);

#endif
