/*
 * Who has claimed a message, and whether it is still there.
 */

#ifndef NGX_CONSENT_HOLDER_H
#define NGX_CONSENT_HOLDER_H

#include "nginx/module.h"

/* Life of a worker. The number that its claims carry, until it ends. */
uint32_t ngx_consent_holder_start(ngx_cycle_t *cycle, const ngx_str_t *store);
void ngx_consent_holder_stop(void);

/* No process has that number any more; false also where that cannot be told. From any thread. */
ngx_flag_t ngx_consent_holder_gone(uint32_t holder);

#endif
