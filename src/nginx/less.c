/*
 * What becomes of the body of a request: it passes as it is, or what may pass of it, or the request is refused.
 *
 * A body is gone through once for what may pass, and again only where less may pass: in a location that a redirect leads
 * to.
 */

#include "nginx/ask.h"


static ngx_consent_less_t *ngx_consent_less_of(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);
static ngx_int_t ngx_consent_less_look(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_less_t *less);
static ngx_flag_t ngx_consent_less_enough(const ngx_consent_less_t *less, const consent_policy_t *policy,
    consent_mask_t granted, ngx_uint_t unknown);
static ngx_int_t ngx_consent_less_fed(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_less_t *less);
static ngx_int_t ngx_consent_less_found(ngx_http_request_t *r, ngx_consent_less_t *less);
static ngx_int_t ngx_consent_less_passed(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_less_t *less);


static const consent_problem_type_t  ngx_consent_less_problems[] = {
    [CONSENT_DOUBT_NONE] = CONSENT_PROBLEM_BODY_REFUSED,
    [CONSENT_DOUBT_SYNTAX] = CONSENT_PROBLEM_BODY_SYNTAX,
    [CONSENT_DOUBT_DEPTH] = CONSENT_PROBLEM_BODY_DEPTH,
    [CONSENT_DOUBT_NAME] = CONSENT_PROBLEM_BODY_NAME,
    [CONSENT_DOUBT_DUPLICATE] = CONSENT_PROBLEM_BODY_DUPLICATE,
    [CONSENT_DOUBT_CHARSET] = CONSENT_PROBLEM_BODY_CHARSET,
    [CONSENT_DOUBT_ENCODING] = CONSENT_PROBLEM_BODY_ENCODING,
    [CONSENT_DOUBT_TYPE] = CONSENT_PROBLEM_BODY_TYPE,
    [CONSENT_DOUBT_SIZE] = CONSENT_PROBLEM_TOO_LARGE,
    [CONSENT_DOUBT_UNKNOWN] = CONSENT_PROBLEM_UNKNOWN_NAME
};


ngx_int_t
ngx_consent_less(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    off_t                    length;
    ngx_consent_less_t      *less;
    ngx_consent_request_t   *own;
    ngx_consent_loc_conf_t  *lcf;

    own = ctx->request;
    less = own->less;
    lcf = ngx_consent_loc_conf(r);

    if (less != NULL && less->state == NGX_CONSENT_LESS_FED) {
        return ngx_consent_less_fed(r, ctx, less);
    }

    length = r->headers_in.content_length_n;

    if (length == 0 || (length < 0 && !r->headers_in.chunked) || r->discard_body) {
        return NGX_OK;
    }

    if (own->refused) {
        /* the page that says so does not get the body either */
        return NGX_HTTP_FORBIDDEN;
    }

    if (length > 0 && (size_t) length > lcf->body_limit) {
        return ngx_consent_less_refuse(r, ctx, CONSENT_DOUBT_SIZE);
    }

    if (less != NULL
        && ngx_consent_less_enough(less, ctx->policy->policy, ngx_consent_granted(r, ctx), lcf->unknown))
    {
        return NGX_OK;
    }

    if (r->reading_body) {

        /* half of it is with a server by now, where nothing was asked */

        return ngx_consent_less_refuse(r, ctx, CONSENT_DOUBT_NONE);
    }

    less = ngx_consent_less_of(r, ctx);

    return less != NULL ? ngx_consent_less_look(r, ctx, less) : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


ngx_flag_t
ngx_consent_less_waited(ngx_consent_request_t *own)
{
    ngx_consent_less_t  *less;

    less = own->less;

    return less != NULL && less->state == NGX_CONSENT_LESS_FED;
}


ngx_int_t
ngx_consent_less_broken(ngx_http_request_t *r, ngx_consent_request_t *own)
{
    ngx_consent_less_t  *less;

    less = own->less;

    if (less == NULL || (less->state != NGX_CONSENT_LESS_READING && less->state != NGX_CONSENT_LESS_FEEDING)) {
        return NGX_OK;
    }

    less->state = NGX_CONSENT_LESS_DONE;
    less->granted = 0;

    return ngx_consent_less_drop(r, 1);
}


ngx_int_t
ngx_consent_less_subrequest(ngx_http_request_t *sr)
{
    consent_mask_t          held;
    ngx_consent_ctx_t      *ctx;
    ngx_consent_less_t     *less;
    ngx_consent_request_t  *own;

    ctx = ngx_consent_request_peek(sr);

    if (ctx == NULL || sr->request_body == NULL || sr->request_body->bufs == NULL) {
        return NGX_OK;
    }

    own = ctx->request;
    less = own->less;
    held = less != NULL && less->state == NGX_CONSENT_LESS_DONE ? less->granted : ~(consent_mask_t) 0;

    if ((ctx->policy->policy->body_mask & held & ~ngx_consent_granted(sr, ctx)) == 0) {
        return NGX_OK;
    }

    /* its main request is where nothing is taken out: this one does without the body */

    sr->request_body = NULL;

    return ngx_consent_less_drop(sr, 1);
}


static ngx_consent_less_t *
ngx_consent_less_of(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    ngx_consent_less_t     *less;
    ngx_consent_request_t  *own;

    own = ctx->request;

    if (own->less == NULL) {
        less = ngx_pcalloc(r->pool, sizeof(ngx_consent_less_t));
        if (less == NULL) {
            return NULL;
        }

        less->request = r;
        own->less = less;
    }

    return own->less;
}


/* What was last taken out of it, or that nothing had to be, is enough here as well. */
static ngx_flag_t
ngx_consent_less_enough(const ngx_consent_less_t *less, const consent_policy_t *policy, consent_mask_t granted,
    ngx_uint_t unknown)
{
    return less->state == NGX_CONSENT_LESS_DONE
           && (less->granted & policy->body_mask & ~granted) == 0
           && (unknown < NGX_CONSENT_UNKNOWN_REMOVE || unknown <= less->unknown);
}


static ngx_int_t
ngx_consent_less_look(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_less_t *less)
{
    ngx_int_t  rc;

    less->state = NGX_CONSENT_LESS_NEW;

    if ((ctx->policy->policy->body_mask & ~ngx_consent_granted(r, ctx)) == 0
        && ngx_consent_loc_conf(r)->unknown < NGX_CONSENT_UNKNOWN_REMOVE
        && !ngx_consent_ask_expects(r, ngx_consent_loc_conf(r)))
    {
        /* nothing has to go: it need not even be read before it is passed on */

        return ngx_consent_less_passed(r, ctx, less);
    }

    switch (ngx_consent_less_prepare(less)) {

    case CONSENT_OK:
        break;

    case CONSENT_NOTFOUND:

        /* what she answered when she was asked is unpacked, whatever she has granted meanwhile */

        if (ngx_consent_ask_expects(r, ngx_consent_loc_conf(r))) {
            break;
        }

        return ngx_consent_less_passed(r, ctx, less);

    case CONSENT_DENIED:

        if (r->headers_in.content_length_n >= 0) {
            return ngx_consent_less_refuse(r, ctx, less->inspect.doubt);
        }

        /* a body without a byte carries nothing, and whether there is one is not known before it is read */

        break;

    default:
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_consent_less_start(less);

    return rc == NGX_OK ? ngx_consent_less_fed(r, ctx, less) : rc;
}


consent_rc_t
ngx_consent_less_prepare(ngx_consent_less_t *less)
{
    consent_inspect_t       *inspect;
    consent_minimize_t       how;
    ngx_consent_ctx_t       *ctx;
    ngx_http_request_t      *r;
    ngx_consent_loc_conf_t  *lcf;

    r = less->request;
    ctx = ngx_consent_request_peek(r);
    lcf = ngx_consent_loc_conf(r);

    ngx_memzero(&how, sizeof(consent_minimize_t));
    how.policy = ctx->policy->policy;
    how.granted = ngx_consent_granted(r, ctx);

    ngx_consent_unknown(r, lcf, &how);

    inspect = &less->inspect;

    if (ngx_consent_inspect(ctx->policy, ctx->request, &how, inspect) != NGX_OK) {
        return CONSENT_NOMEM;
    }

    inspect->refuse_unknown = lcf->unknown == NGX_CONSENT_UNKNOWN_REFUSE && ngx_consent_mode(lcf) == NGX_CONSENT_ON;

    ngx_consent_sink_init(&less->sink, r);
    less->sink.discard = (ngx_consent_mode(lcf) == NGX_CONSENT_REPORT);

    return ngx_consent_less_open(less);
}


/* All of it has been gone through, or as much as was needed to know that it cannot pass. */
static ngx_int_t
ngx_consent_less_fed(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_less_t *less)
{
    ngx_int_t               rc;
    consent_found_t        *found;
    ngx_consent_request_t  *own;

    own = ctx->request;
    found = &less->inspect.found;

    ctx->seen |= found->seen;
    ctx->unknown += found->unknown;
    own->unknown_in |= found->unknown_in;

    switch (less->rc) {

    case NGX_OK:
        rc = ngx_consent_ask_page(less, ctx, found->removed);

        if (rc != NGX_DECLINED) {
            if (rc == NGX_ERROR) {
                break;
            }

            return rc;
        }

        ctx->withheld |= found->removed;
        ctx->carriers |= found->carriers;

        if (less->sink.discard || !ngx_consent_less_changed(less)) {
            return ngx_consent_less_passed(r, ctx, less);
        }

        if (ngx_consent_less_found(r, less) != NGX_OK) {
            break;
        }

        return ngx_consent_less_passed(r, ctx, less);

    case NGX_DECLINED:
        return ngx_consent_less_refuse(r, ctx, less->inspect.doubt);
    }

    /* what an error page gets has no body */

    less->state = NGX_CONSENT_LESS_DONE;
    less->granted = 0;
    (void) ngx_consent_less_drop(r, 1);

    return NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* Something has to go: it is what may pass that goes on. */
static ngx_int_t
ngx_consent_less_found(ngx_http_request_t *r, ngx_consent_less_t *less)
{
    if (ngx_consent_less_replace(less) != NGX_OK) {
        return NGX_ERROR;
    }

    if (less->inspect.found.removed || less->inspect.found.pairs) {
        ngx_consent_count(CONSENT_COUNT_BODIES_CHANGED, 1);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_less_passed(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_less_t *less)
{
    ngx_consent_loc_conf_t  *lcf;

    lcf = ngx_consent_loc_conf(r);

    less->state = NGX_CONSENT_LESS_DONE;
    less->granted = ngx_consent_granted(r, ctx);
    less->unknown = lcf->unknown;

    if (ngx_consent_mode(lcf) == NGX_CONSENT_REPORT) {
        less->granted = ~(consent_mask_t) 0;
        less->unknown = NGX_CONSENT_UNKNOWN_PASS;
    }

    return NGX_OK;
}


ngx_int_t
ngx_consent_less_refuse(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, consent_doubt_t doubt)
{
    uint32_t                carriers;
    consent_event_t         event;
    consent_problem_t       problem;
    ngx_consent_less_t     *less;
    ngx_consent_request_t  *own;

    own = ctx->request;
    less = own->less;

    ngx_memzero(&problem, sizeof(consent_problem_t));
    problem.type = ngx_consent_less_problems[doubt];
    problem.level = -1;

    event = CONSENT_EVENT_BODY;
    carriers = 1u << CONSENT_CARRIER_BODY;

    if (doubt == CONSENT_DOUBT_UNKNOWN) {
        event = CONSENT_EVENT_UNKNOWN;
        carriers = less != NULL ? less->inspect.found.unknown_in : carriers;

    } else if (doubt != CONSENT_DOUBT_SIZE) {
        problem.categories = ctx->policy->policy->body_mask & ~ngx_consent_granted(r, ctx);
    }

    if (ngx_consent_mode(ngx_consent_loc_conf(r)) == NGX_CONSENT_REPORT) {
        ngx_consent_count(CONSENT_COUNT_WOULD_REFUSE, 1);
        ngx_consent_record_problem(r, event, &problem, carriers, 1);

        return less != NULL ? ngx_consent_less_passed(r, ctx, less) : NGX_OK;
    }

    own->refused = 1;

    if (less != NULL) {
        less->state = NGX_CONSENT_LESS_DONE;
        less->granted = 0;
    }

    (void) ngx_consent_less_drop(r, 0);

    return ngx_consent_refuse(r, &problem, event, carriers);
}
