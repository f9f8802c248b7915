/*
 * One request on its way to the upstream: who asks, what may pass, what is taken out and given back.
 */

#ifndef NGX_CONSENT_REQUEST_H
#define NGX_CONSENT_REQUEST_H

#include "nginx/headers.h"
#include "nginx/module.h"
#include "nginx/store.h"

/* What was taken out while it was not known who asks, to be given back if she has granted it. */
typedef struct ngx_consent_aside_s  ngx_consent_aside_t;

struct ngx_consent_aside_s {
    ngx_table_elt_t          *header;       /* the element, in the list or out of it; NULL: a line of the request */
    ngx_str_t                *line;         /* args, unparsed_uri or request_line */
    ngx_str_t                 before;
    ngx_str_t                 after;        /* empty: the header was taken out whole */
    unsigned                  out:1;        /* the element is not in the list */
    ngx_consent_aside_t      *next;
};

/* The part of the context that is ours alone. */
typedef struct {
    ngx_consent_identity_t   *identity;     /* by which it was asked who this is; NULL: by the consent cookie alone */
    consent_mask_t            counted;      /* categories that the counters know of already */
    ngx_consent_aside_t      *aside;        /* newest first */
    unsigned                  asked:1;      /* who this is has been asked */
    unsigned                  late:1;       /* and may yet turn out: a variable that is set after ACCESS */
    unsigned                  signalled:1;  /* what the signals took has been written */
    unsigned                  refused:1;    /* a refusal was sent: what runs now is an error page's location */
    unsigned                  emptied:1;    /* the request's body has been read and is empty */
    unsigned                  waiting:1;
} ngx_consent_request_t;

/* What there is to do with one header. */
typedef struct {
    consent_minimize_t        how;
    consent_found_t           found;
    ngx_http_request_t       *request;
    ngx_consent_ctx_t        *ctx;
    ngx_consent_request_t    *own;
    ngx_consent_mode_t        mode;
    unsigned                  keep:1;       /* set aside what is taken out */
    unsigned                  changed:1;    /* something a variable may have been made of */
} ngx_consent_pass_t;

/* The context, with who asks as far as it is known before ACCESS. request.c */
ngx_consent_ctx_t *ngx_consent_request_early(ngx_http_request_t *r);

static ngx_inline ngx_consent_request_t *
ngx_consent_request_own(ngx_consent_ctx_t *ctx)
{
    return ctx->request;
}

/* Weighs what she decided; after who she is has changed. request.c */
void ngx_consent_weigh(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* Finds out who asks. early: a variable without a value may yet get one. who.c */
void ngx_consent_who(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *identity, ngx_flag_t early);

/* Random bytes of which nobody makes a key: cheap. request.c */
ngx_int_t ngx_consent_random(u_char *p, size_t len);

/* Lines of the Cookie header, whatever the version of nginx. NULL ends. headers.c */

/* Takes out of args, URI and request line what may not pass. NGX_OK or NGX_ERROR. uri.c */
ngx_int_t ngx_consent_pass_uri(ngx_consent_pass_t *pass);

/* Forgets what indexed variables hold that was made of what is no longer there. cached.c */
void ngx_consent_forget_variables(ngx_http_request_t *r);

/* Remembers and gives back. aside.c */
ngx_int_t ngx_consent_aside_header(ngx_consent_pass_t *pass, ngx_table_elt_t *h, const ngx_str_t *before, ngx_flag_t out);
ngx_int_t ngx_consent_aside_line(ngx_consent_pass_t *pass, ngx_str_t *line, const ngx_str_t *before);
ngx_int_t ngx_consent_give_back(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* Takes out of the request what may not pass; again after who asks is known. rewrite.c */
ngx_int_t ngx_consent_minimize(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_mode_t mode);

/* Tells the upstream what is in force: Consent-Level and its like. tell.c */
ngx_int_t ngx_consent_tell(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf);

/* Writes down what signals took; signals.c */
void ngx_consent_signal_lowered(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, const consent_effect_t *before);

/* Makes a decision of what ADPC consents to. NGX_OK: there is none to make, or it is made; NGX_AGAIN: the request waits
 * for its commit and then runs on. signals.c */
ngx_int_t ngx_consent_signal_consent(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

#endif
