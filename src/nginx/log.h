/*
 * What the files of consent_log share.
 */

#ifndef NGX_CONSENT_LOG_H
#define NGX_CONSENT_LOG_H

#include "ledger/log.h"
#include "nginx/handler.h"

typedef enum {
    NGX_CONSENT_LOG_CHECKPOINT = 0,
    NGX_CONSENT_LOG_COSIGNED,
    NGX_CONSENT_LOG_TILE,
    NGX_CONSENT_LOG_BUNDLE,
    NGX_CONSENT_LOG_NOTICE,
    NGX_CONSENT_LOG_POLICY
} ngx_consent_log_kind_t;

/* log_add.c: POST add-checkpoint, by a witness. Returns what a content handler returns. */
ngx_int_t ngx_consent_log_add(ngx_consent_view_t *view);

/* log_audit.c: that something was read, for an `audit` entry. The first one is written at once; those that follow it
 * gather. number: of the log; first, n: the entries of a bundle. */
void ngx_consent_log_audit(ngx_consent_log_conf_t *log, ngx_consent_policy_t *policy, ngx_consent_log_kind_t kind,
    uint32_t number, uint64_t first, unsigned n);

#endif
