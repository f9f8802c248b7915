/*
 * A browser's form that holds what may not pass is answered with a question, and the answer to it is the form again.
 */

#ifndef NGX_CONSENT_ASK_H
#define NGX_CONSENT_ASK_H

#include "nginx/less.h"

/* A request that may be such an answer: its body has to be read, whatever else needs it. */
ngx_flag_t ngx_consent_ask_expects(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf);

/* The body has been read. NGX_DECLINED: it is no answer. NGX_OK: what she sent at first is the body again; less->ask says
 * what she wants. NGX_AGAIN: her decision is on its way to the store; ngx_consent_less_resume() is called when it is
 * durable, or has failed. NGX_ERROR: it cannot be read, or there is no memory. */
ngx_int_t ngx_consent_ask_read(ngx_consent_less_t *less, ngx_consent_ctx_t *ctx);

/* All has been gone through, and these categories may not pass. Answers with the question, where this is a browser's form
 * and she has not answered yet: what a phase handler returns. NGX_DECLINED: nothing is to be asked. */
ngx_int_t ngx_consent_ask_page(ngx_consent_less_t *less, ngx_consent_ctx_t *ctx, consent_mask_t found);

#endif
