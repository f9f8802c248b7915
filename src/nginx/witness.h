/*
 * Witnesses that this node brings its checkpoints to; used by the store's own files only.
 */

#ifndef NGX_CONSENT_WITNESS_H
#define NGX_CONSENT_WITNESS_H

#include "nginx/store.h"

void ngx_consent_witness_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger);
/* After the thread pool is gone. */
void ngx_consent_witness_stop(void);

/* There may be a new checkpoint; of the worker that publishes. */
void ngx_consent_witness_wake(void);

#endif
