/*
 * The queue of operations and the thread that commits them; used by the store's own files only.
 */

#ifndef NGX_CONSENT_COMMIT_H
#define NGX_CONSENT_COMMIT_H

#include "nginx/store.h"

typedef void (*ngx_consent_turned_pt)(ngx_int_t rc, const char *why);

typedef struct {
    ngx_thread_pool_t      *pool;
    ngx_thread_task_t       task;
    ngx_thread_mutex_t      mutex;
    ngx_queue_t             waiting;        /* under the mutex */
    ngx_uint_t              n_waiting;      /* the same */
    ngx_uint_t              n_pressing;     /* of those, how many do not gather; the same */
    ngx_queue_t             taken;          /* the thread's while the task is active, else the event loop's */
    consent_ledger_t       *ledger;
    u_char                 *file;           /* where the store's file is */
    dev_t                   device;         /* which it was when it was first written; the thread's */
    ino_t                   inode;
    consent_rc_t            rc;             /* of begin or commit, when the task is done */
    char                    why[256];
    ngx_consent_turned_pt   turned;
    ngx_msec_t              pause;          /* before the next attempt */
    ngx_event_t             gather;
    ngx_event_t             retry;
    ngx_event_t             expire;
    ngx_event_t             hold;
    ngx_log_t              *log;
    unsigned                ready:1;
    unsigned                refused:1;      /* by the thread pool */
} ngx_consent_queue_t;

/* Prepares the queue of this process. The ledger is used until the thread pool is gone. `turned` is called
 * in the event loop after each attempt: NGX_OK, or NGX_ERROR with a sentence why nothing could be written. */
ngx_int_t ngx_consent_commit_init(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger,
    ngx_consent_turned_pt turned);

/* commit_thread.c: the task's handler; data is the queue. */
void ngx_consent_commit_thread(void *data, ngx_log_t *log);

/* commit_memory.c: frees what is kept for entries to come. */
void ngx_consent_commit_spare_exit(void);

/* After the thread pool is gone: writes the entries that are left, which may wait for other processes' commits, and frees
 * the rest. */
void ngx_consent_commit_exit(void);

#endif
