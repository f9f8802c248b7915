/*
 * The store within a worker: opened after fork, read in place, written by one thread in groups. No fault of
 * it stops a worker; without it everything is as for somebody who has not decided, and no decision is taken.
 */

#ifndef NGX_CONSENT_STORE_H
#define NGX_CONSENT_STORE_H

#include "nginx/module.h"

#define NGX_CONSENT_COMMIT_QUEUE  4096      /* operations of one worker that may wait */
#define NGX_CONSENT_COMMIT_WAIT   5000      /* ms that a client waits for a commit to begin */

typedef struct ngx_consent_commit_s  ngx_consent_commit_t;

/* Called in the event loop when the operation is durable (op.rc is CONSENT_OK or CONSENT_CONFLICT) or has
 * failed, with nothing changed. May free the commit. */
typedef void (*ngx_consent_commit_pt)(ngx_consent_commit_t *commit);

struct ngx_consent_commit_s {
    ngx_queue_t            queue;
    consent_op_t           op;
    ngx_consent_commit_pt  handler;     /* NULL: nobody waits; it is freed */
    void                  *data;        /* the handler's own */
    ngx_msec_t             deadline;
    unsigned               entry:1;     /* waits however long it takes: nobody would write it again */
    unsigned               gathers:1;   /* an entry that need not be written at once */
    unsigned               bulk:1;      /* goes with the next transaction when this one has lasted long enough */
    unsigned               small:1;     /* of the size that is kept for the next */
    consent_slice_t        categories[];    /* CONSENT_MAX_CATEGORIES of them, but for entries */
};

/* The stored decision of a request's subject, as consent_ledger_state_of() gives it. CONSENT_NOTFOUND: none; CONSENT_IO: the
 * store is not there. *erased_at is 0 where the subject was never erased. No lock, no system call. */
consent_rc_t ngx_consent_store_state(const ngx_consent_ctx_t *ctx, consent_decision_t *decision, consent_time_t *erased_at,
    bool *moves);

/* Fills an operation's subject, and the pseudonym that the store may know her by still. */
void ngx_consent_commit_subject(ngx_consent_commit_t *commit, const ngx_consent_ctx_t *ctx);

/* What is under the former pseudonym moves to the new one, soon; nobody waits. */
void ngx_consent_store_rekey(const ngx_consent_ctx_t *ctx);

/* For reading beyond the state; NULL while the store is not there. */
consent_ledger_t *ngx_consent_store_ledger(void);

/* What happened lately and the counters; NULL while they cannot be mapped. */
consent_recent_t *ngx_consent_store_recent(void);
/* The record of unknown names, within a worker. gaps.c */
void ngx_consent_gaps_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf);
void ngx_consent_gaps_stop(void);

void ngx_consent_count(consent_counter_t counter, uint64_t n);      /* nothing without it */

/* A zeroed operation outside any pool; `extra` bytes follow at *memory, for texts it must keep. NULL: out
 * of memory. */
ngx_consent_commit_t *ngx_consent_commit_create(size_t extra, u_char **memory);

/* The same, of an entry: a third as large, with `entry` set and op's type and time. */
ngx_consent_commit_t *ngx_consent_commit_entry(size_t extra, u_char **memory);
void ngx_consent_commit_free(ngx_consent_commit_t *commit);

/* Fills op for a decision: policy, level, categories, language. op.decision is already there, and so is its subject. */
void ngx_consent_commit_decision(ngx_consent_commit_t *commit, ngx_consent_policy_t *policy, size_t language);

/* Queues it. NGX_OK: the commit is the queue's until its handler is called. NGX_ERROR: the store is not
 * there (rc CONSENT_IO) or the queue is full (CONSENT_BUSY); the commit is still the caller's. */
ngx_int_t ngx_consent_store_commit(ngx_consent_commit_t *commit);

/* Queues an entry ("disclosure", ...): its fields are a canonical JSON object and copied. Nobody waits for
 * it, so it is written together with those of the next moments, and not lost when the worker leaves; NGX_ERROR when it
 * cannot be queued, then it is counted as missed. */
ngx_int_t ngx_consent_store_entry(ngx_consent_policy_t *policy, const char *type, consent_slice_t fields);

/* The same for one that says that a text was shown, which is kept under its hash; the text lives as long as the
 * configuration, and may be empty. */
ngx_int_t ngx_consent_store_shown(ngx_consent_policy_t *policy, const char *type, consent_slice_t fields,
    consent_slice_t text, const uint8_t hash[static CONSENT_HASH_LEN]);

/* A tag for recent events that only this run of nginx can make. */
uint64_t ngx_consent_store_tag(const uint8_t *subject);

/* The version of a policy by its key: the one in force, an earlier one, or NULL. */
const consent_policy_t *ngx_consent_policy_version(ngx_consent_policy_t *policy, uint64_t key);

/* Reads the version that a decision was taken under, where another node told it since the store was opened; nothing where it
 * is known, or is not there yet. NULL: no decision. */
void ngx_consent_earlier_learn(ngx_consent_policy_t *policy, const consent_decision_t *decision);

/* The module's calls: configuration and life of a process. */
ngx_int_t ngx_consent_store_zone(ngx_conf_t *cf, ngx_consent_main_conf_t *mcf);
ngx_int_t ngx_consent_store_init_process(ngx_cycle_t *cycle);
void ngx_consent_store_exit_process(ngx_cycle_t *cycle);

#endif
