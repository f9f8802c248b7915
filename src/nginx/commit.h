/*
 * The queue of operations and the thread that commits them; used by the store's own files only.
 */

#ifndef NGX_CONSENT_COMMIT_H
#define NGX_CONSENT_COMMIT_H

#include "nginx/store.h"

/* Prepares the queue of this process. The ledger is used until the thread pool is gone. `turned` is called in the event
 * loop after each attempt: NGX_OK, or NGX_ERROR with a sentence why nothing could be written. */
typedef void (*ngx_consent_turned_pt)(ngx_int_t rc, const char *why);
ngx_int_t ngx_consent_commit_init(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger,
    ngx_consent_turned_pt turned);

/* After the thread pool is gone: frees what is left. */
void ngx_consent_commit_exit(void);

#endif
