/*
 * A request of our own, made without a client: a document is handed to an internal location of the operator's.
 */

#ifndef NGX_CONSENT_DELIVER_H
#define NGX_CONSENT_DELIVER_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "base/base.h"

/* Told once, in the event loop: the status that the location answered with, an error of nginx's own included; 0 when it
 * ended without one. */
typedef void (*ngx_consent_delivered_pt)(void *data, ngx_uint_t status);

/* The same with what was answered, whole; of more than NGX_CONSENT_DELIVER_ANSWER bytes, nothing. */
#define NGX_CONSENT_DELIVER_ANSWER  16384

typedef void (*ngx_consent_answered_pt)(void *data, ngx_uint_t status, consent_slice_t body);

typedef struct {
    ngx_http_conf_ctx_t       *conf;        /* of the server */
    ngx_str_t                  uri;         /* with its arguments or without */
    ngx_str_t                  key;         /* Idempotency-Key, as a structured string without its quotes; empty: none */
    ngx_str_t                  document;    /* copied */
    const char                *type;        /* of it; NULL: application/json */
    ngx_consent_delivered_pt   done;        /* or */
    ngx_consent_answered_pt    answered;
    void                      *data;
} ngx_consent_delivery_t;

/* NGX_OK: `done` will be called, perhaps before this returns. NGX_ERROR: it could not begin. */
ngx_int_t ngx_consent_deliver(const ngx_consent_delivery_t *delivery);

/* What is answered to such a request whose answer is wanted, piece by piece: taken, and sent to nobody. NGX_DECLINED: it is
 * another request. */
ngx_int_t ngx_consent_deliver_take(ngx_http_request_t *r, ngx_chain_t *in);

/* It is such a request: nothing of it is a citizen's to take out, and no page is made of its answer. */
ngx_flag_t ngx_consent_is_delivery(const ngx_http_request_t *r);

#endif
