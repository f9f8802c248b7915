/*
 * One request on its way to the upstream: who asks, what may pass, what is taken out and given back.
 */

#ifndef NGX_CONSENT_REQUEST_H
#define NGX_CONSENT_REQUEST_H

#include "minimize/inspect.h"
#include "nginx/headers.h"
#include "nginx/module.h"
#include "nginx/store.h"

/* What was changed while it was not known for sure who asks, to be given back where she has granted it. */
typedef struct ngx_consent_aside_s  ngx_consent_aside_t;

struct ngx_consent_aside_s {
    ngx_table_elt_t          *header;       /* NULL: args */
    ngx_str_t                 before;
    ngx_str_t                 after;
    unsigned                  dropped:1;    /* the header is not in the list any more */
    ngx_consent_aside_t      *next;
};

/* The request side of a context. */
typedef struct {
    ngx_consent_identity_t   *identity;     /* by which it was asked who this is; NULL: the consent cookie alone */
    consent_mask_t            core;         /* public task on the path that was asked for */
    consent_mask_t            path;         /* what the path carries, granted or not */
    ngx_consent_aside_t      *aside;        /* what was changed last comes first */
    consent_masks_t          *masks;        /* of values found in text; NULL: none was looked for yet */
    void                     *less;         /* ngx_consent_less_t: the body; NULL: not looked at yet */
    uint32_t                  unknown_in;   /* bit per consent_carrier_t that had a name unknown to the policy */
    ngx_str_t                 uri;          /* unparsed_uri before it was changed; no data: it was not */
    ngx_str_t                 less_uri;     /* and after */
    ngx_str_t                 line;         /* request_line before */
    consent_doubt_t           doubt;        /* arguments that could not be looked into */
    unsigned                  late:1;       /* who asks, or what she grants, may turn out after the access phase */
    unsigned                  minimized:1;  /* the main request has been gone through */
    unsigned                  looked:1;     /* the path has been looked at */
    unsigned                  named:1;      /* the names that the policy does not know have been told */
    unsigned                  counted:1;
    unsigned                  refused:1;    /* what runs now is there to say so: no body goes with it */
    unsigned                  routed:1;     /* it has been sent to a person */
    unsigned                  decided:1;    /* what ADPC consents to has been decided, or could not be */
} ngx_consent_request_t;

/* One pass over one request. */
typedef struct {
    ngx_http_request_t       *request;
    ngx_consent_ctx_t        *ctx;
    ngx_consent_request_t    *own;
    ngx_consent_mode_t        mode;
    consent_minimize_t        how;
    consent_found_t           found;
    ngx_consent_policy_t     *policy;
    consent_doubt_t           doubt;        /* of arguments that cannot be looked into, and were cut off */
    unsigned                  keep:1;       /* set aside what is taken out */
    unsigned                  changed:1;    /* something that variables are made of */
} ngx_consent_pass_t;


/* The context, for phases before ACCESS: a variable that says who asks and has no value yet may get one. request.c */
ngx_consent_ctx_t *ngx_consent_request_early(ngx_http_request_t *r);

/* Weighs anew what is in force, after it has become known who asks or what she decided. request.c */
void ngx_consent_weigh(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* Finds out who asks: by the consent cookie, and by what the location calls an identity. who.c */
void ngx_consent_who_cookie(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);
void ngx_consent_who(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *id, ngx_flag_t early);

/* Goes through headers, arguments and lines of a request. Under report only looks. rewrite.c */
ngx_int_t ngx_consent_minimize(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf);

/* Takes out of a request that is over, and that nothing else has gone through, what may not be logged. rewrite.c */
ngx_int_t ngx_consent_minimize_logged(ngx_http_request_t *r, ngx_consent_policy_t *policy, consent_mask_t granted);

/* What looks into the text of a request, and into its body: it remembers in `own` what each mask stands for. inspect.c */
ngx_int_t ngx_consent_inspect(ngx_consent_policy_t *policy, ngx_consent_request_t *own, const consent_minimize_t *how,
    consent_inspect_t *inspect);

/* Text in the query of a URL that has been gone through by its names; `query`: the value is nothing else. What was found
 * is replaced in a copy; under report too, and then it is not for use. inspect.c */
ngx_int_t ngx_consent_pass_text(ngx_consent_pass_t *pass, ngx_str_t *value, ngx_flag_t query);

/* Arguments, unparsed URI and request line. uri.c */
ngx_int_t ngx_consent_pass_uri(ngx_consent_pass_t *pass);

/* The path as it was sent, whatever a redirect has made of it: neither decoded nor normalised. `all`: with its fragment,
 * which some servers take for a part of it. uri.c */
consent_slice_t ngx_consent_path_sent(ngx_http_request_t *r, ngx_flag_t all);

/* What the path carries and may not pass; a path cannot be rewritten. uri.c */
consent_mask_t ngx_consent_path_withheld(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* Refuses it for what its path carries. Returns what a phase handler returns. precontent.c */
ngx_int_t ngx_consent_path_refuse(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, consent_mask_t mask);

/* Makes the line of a request whose URI nginx could not read say no more than is sure. logged.c */
ngx_int_t ngx_consent_line_unread(ngx_http_request_t *r);

/* Makes the lines of a request that is refused for its path say nothing. uri.c */
ngx_int_t ngx_consent_path_hide(ngx_http_request_t *r);

/* Makes the lines of a subrequest say no more of its main request's path than where it leads. uri.c */
ngx_int_t ngx_consent_path_cover(ngx_http_request_t *sr);

/* Forgets what variables were made of the request as it was. cached.c */
ngx_int_t ngx_consent_forget_variables(ngx_http_request_t *r);

/* Remembers a change to a header (NULL: to args), and undoes all of them. aside.c */
ngx_int_t ngx_consent_aside(ngx_consent_pass_t *pass, ngx_table_elt_t *h, const ngx_str_t *before,
    const ngx_str_t *after, ngx_flag_t dropped);
ngx_int_t ngx_consent_give_back(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* Under `consent_unknown refuse`: refuses a request that has such names in its arguments or body (unknown_in); cookies
 * a browser sends by itself. NGX_DECLINED, or what a phase handler returns. gaps.c */
ngx_int_t ngx_consent_unknown_refuse(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf);

/* Sends what is for people to a person instead of an AI, once what may pass of its body is known. NGX_OK: it goes on; or
 * what a phase handler returns. route.c */
ngx_int_t ngx_consent_route(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_mode_t mode);

/* Makes less of the body. NGX_OK: what the request has for a body may pass; or what a phase handler returns. less.c */
ngx_int_t ngx_consent_less(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* The phases were waiting for it, and go on. less.c */
ngx_flag_t ngx_consent_less_waited(ngx_consent_request_t *own);

/* A body that could not be read to its end goes nowhere, not to an error page either. less.c */
ngx_int_t ngx_consent_less_broken(ngx_http_request_t *r, ngx_consent_request_t *own);

/* A subrequest has its main request's body, which may hold what must not pass where the subrequest goes. less.c */
ngx_int_t ngx_consent_less_subrequest(ngx_http_request_t *sr);

/* Refuses a request for its body, or for what is as good as one (CONSENT_DOUBT_NONE); under report only says so. NGX_OK
 * then, else what a phase handler returns. less.c */
ngx_int_t ngx_consent_less_refuse(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, consent_doubt_t doubt);

/* Values of the request went behind masks. inspect.c */
ngx_flag_t ngx_consent_masked(const ngx_consent_ctx_t *ctx);

/* Tells the upstream what is in force: Consent-Level and its like. tell.c */
ngx_int_t ngx_consent_tell(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf);

/* Records what a signal took away from a standing decision. signals.c */
void ngx_consent_signal_lowered(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, const consent_decision_t *stored);

/* Decides what ADPC consents to. NGX_DECLINED: nothing new, or it cannot be decided; NGX_OK: it is in force;
 * NGX_AGAIN: the request waits for its commit and then runs on in the phase it is in. signals.c */
ngx_int_t ngx_consent_signal_consent(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* The categories that she consents to by signal, and that are not in force. signals.c */
consent_mask_t ngx_consent_signal_wanted(ngx_consent_ctx_t *ctx);

#endif
