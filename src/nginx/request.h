/*
 * The request side of a context: what was taken out and may have to be given back.
 */

#ifndef NGX_CONSENT_REQUEST_H
#define NGX_CONSENT_REQUEST_H

#include "nginx/headers.h"
#include "nginx/module.h"

/* A header as it came; `line` is the element whose value was changed, NULL where the element was taken out. */
typedef struct {
    ngx_table_elt_t          *line;
    ngx_table_elt_t           was;
} ngx_consent_set_aside_t;

typedef struct {
    ngx_array_t              *set_aside;        /* ngx_consent_set_aside_t; NULL: nothing */
    ngx_str_t                 args;             /* as they came, where they were changed */
    ngx_str_t                 less_args;        /* as they are since then */
    ngx_str_t                 path;             /* the part of the request's URI before its arguments, as it came */
    ngx_uint_t                upgrade;          /* asks for another protocol */
    unsigned                  deferred:1;       /* who is logged in is known only after the access phase */
    unsigned                  args_aside:1;
    unsigned                  headers_seen:1;   /* the request's headers have been gone through */
    unsigned                  counted:1;
} ngx_consent_request_t;

/* What may be asked about a request's path: its URI as it came, up to the '?'. */
ngx_str_t ngx_consent_request_path(ngx_http_request_t *r);

/* Asks again who is logged in, once a variable says so, and weighs what she decided. NGX_OK, NGX_DECLINED: nothing new. */
ngx_int_t ngx_consent_request_again(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* Gives back what was set aside and may pass, now that it is known who asks. rewrite.c */
ngx_int_t ngx_consent_give_back(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* The categories that must not pass here although nothing can be taken out: those in the path. rewrite.c */
consent_mask_t ngx_consent_path_withheld(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);
ngx_int_t ngx_consent_path_refuse(ngx_http_request_t *r, consent_mask_t mask);

#endif
