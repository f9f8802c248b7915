/*
 * The log's publisher within a worker; used by the store's own files only.
 */

#ifndef NGX_CONSENT_PUBLISH_H
#define NGX_CONSENT_PUBLISH_H

#include "nginx/store.h"

/* Every worker is ready to publish; one of the node's does. */
void ngx_consent_publish_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf, consent_ledger_t *ledger);
/* After the thread pool is gone. */
void ngx_consent_publish_stop(void);

#endif
