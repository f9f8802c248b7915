/*
 * May it pass: after all access rules. Then what may pass of its body, and the upstream is told what is in force.
 */

#include "nginx/deliver.h"
#include "nginx/request.h"
#include "nginx/response.h"


static ngx_int_t ngx_consent_precontent_off(ngx_http_request_t *r);
static ngx_int_t ngx_consent_may_pass(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_mode_t mode);
static ngx_int_t ngx_consent_settle(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf);
static ngx_int_t ngx_consent_required(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_mode_t mode);
static ngx_int_t ngx_consent_upgrade(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_mode_t mode);
static void ngx_consent_count_withheld(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_mode_t mode);


ngx_int_t
ngx_consent_precontent_handler(ngx_http_request_t *r)
{
    ngx_int_t                rc;
    ngx_consent_ctx_t       *ctx;
    ngx_consent_mode_t       mode;
    ngx_consent_loc_conf_t  *lcf;
    ngx_consent_srv_conf_t  *scf;

    scf = ngx_consent_srv_conf(r);

    if (scf->policy == NULL) {
        return NGX_DECLINED;
    }

    lcf = ngx_consent_loc_conf(r);
    mode = ngx_consent_mode(lcf);

    if (mode == NGX_CONSENT_OFF || ngx_consent_is_ours(lcf) || ngx_consent_is_delivery(r)) {
        return ngx_consent_precontent_off(r);
    }

    if (r != r->main) {
        return mode == NGX_CONSENT_REPORT || ngx_consent_less_subrequest(r) == NGX_OK
               ? NGX_DECLINED : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx = ngx_consent_request_early(r);

    if (ctx == NULL || ngx_consent_less_broken(r, ctx->request) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* once its body has been gone through, a request comes here again */

    rc = ngx_consent_less_waited(ctx->request) ? NGX_OK : ngx_consent_may_pass(r, ctx, lcf, mode);

    if (rc == NGX_OK) {
        rc = ngx_consent_less(r, ctx);
    }

    if (rc == NGX_OK && r->headers_in.upgrade) {
        rc = ngx_consent_upgrade(r, ctx, mode);
    }

    if (rc == NGX_OK) {
        rc = ngx_consent_route(r, ctx, lcf, mode);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    ngx_consent_count_withheld(r, ctx, mode);

    if (mode == NGX_CONSENT_REPORT) {
        return NGX_DECLINED;
    }

    if (lcf->restore && ngx_consent_masked(ctx)) {
        ngx_consent_validators_off(r);
    }

    return ngx_consent_tell(r, ctx, lcf) == NGX_OK ? NGX_DECLINED : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* What was refused where consent is on does not go on where it is off. */
static ngx_int_t
ngx_consent_precontent_off(ngx_http_request_t *r)
{
    ngx_consent_ctx_t      *ctx;
    ngx_consent_request_t  *own;

    if (r != r->main) {
        return NGX_DECLINED;
    }

    ctx = ngx_consent_request_peek(r);

    if (ctx == NULL) {
        return NGX_DECLINED;
    }

    own = ctx->request;

    if (ngx_consent_less_broken(r, own) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return own->refused && (r->headers_in.content_length_n > 0 || r->headers_in.chunked)
           ? NGX_HTTP_FORBIDDEN : NGX_DECLINED;
}


/* By all that is known without its body. */
static ngx_int_t
ngx_consent_may_pass(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_mode_t mode)
{
    ngx_int_t               rc;
    consent_mask_t          mask;
    ngx_consent_request_t  *own;

    own = ctx->request;

    if (own->late) {
        rc = ngx_consent_settle(r, ctx, lcf);

        if (rc != NGX_OK) {
            return rc;
        }

        if (own->doubt != CONSENT_DOUBT_NONE && mode == NGX_CONSENT_ON) {
            return ngx_consent_less_refuse(r, ctx, own->doubt);
        }
    }

    mask = own->refused ? 0 : ngx_consent_path_withheld(r, ctx);

    if (mask) {

        if (mode == NGX_CONSENT_ON) {
            return ngx_consent_path_refuse(r, ctx, mask);
        }

        ngx_consent_count(CONSENT_COUNT_WOULD_REFUSE, 1);
        ngx_consent_record(r, CONSENT_EVENT_PATH, mask, 1u << CONSENT_CARRIER_PATH, 1);
    }

    return ngx_consent_required(r, ctx, lcf, mode);
}


/* Now it is known who asks, or never. The request becomes what it would have been had that been known from the start. */
static ngx_int_t
ngx_consent_settle(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf)
{
    ngx_consent_request_t  *own;

    own = ctx->request;

    if (lcf->identity && !ctx->identified && !own->decided) {
        ngx_consent_who(r, ctx, lcf->identity, 0);
        ngx_consent_weigh(r, ctx);
    }

    own->late = 1;

    if (ngx_consent_mode(lcf) == NGX_CONSENT_ON && ngx_consent_signal_consent(r, ctx) == NGX_AGAIN) {
        return NGX_AGAIN;
    }

    own->late = 0;

    ctx->withheld = 0;
    ctx->carriers = 0;
    ctx->unknown = 0;

    if (ngx_consent_give_back(r, ctx) != NGX_OK || ngx_consent_forget_variables(r) != NGX_OK
        || ngx_consent_minimize(r, ctx, lcf) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_required(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_mode_t mode)
{
    ngx_int_t           level;
    consent_mask_t      missing;
    consent_problem_t   problem;

    level = lcf->required;

    /* the policy that the request began with is the configuration's own; `if` may have sent it to another location */

    if (level < 0 || (size_t) level >= ctx->policy->policy->n_levels) {
        return NGX_OK;
    }

    missing = ctx->policy->policy->levels[level].shares & ~ngx_consent_granted(r, ctx);

    if (missing == 0) {
        return NGX_OK;
    }

    if (mode == NGX_CONSENT_REPORT) {
        ngx_consent_count(CONSENT_COUNT_WOULD_REQUIRE, 1);
        ngx_consent_record(r, CONSENT_EVENT_REQUIRED, missing, 0, 1);
        return NGX_OK;
    }

    ngx_memzero(&problem, sizeof(consent_problem_t));
    problem.type = CONSENT_PROBLEM_CONSENT_REQUIRED;
    problem.categories = missing;
    problem.level = (int) level;

    return ngx_consent_refuse(r, &problem, CONSENT_EVENT_REQUIRED, 0);
}


/* What follows an upgrade is as good as a body that never ends. */
static ngx_int_t
ngx_consent_upgrade(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_mode_t mode)
{
    consent_mask_t          missing;
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    missing = ctx->policy->policy->body_mask & ~ngx_consent_granted(r, ctx);

    if (missing == 0) {
        return NGX_OK;
    }

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        if (h->key.len != sizeof("upgrade") - 1
            || ngx_strncasecmp(h->key.data, (u_char *) "upgrade", sizeof("upgrade") - 1) != 0)
        {
            continue;
        }

        if (h->value.len >= sizeof("websocket") - 1
            && ngx_strlcasestrn(h->value.data, h->value.data + h->value.len, (u_char *) "websocket",
                                sizeof("websocket") - 2)
               != NULL)
        {
            return ngx_consent_less_refuse(r, ctx, CONSENT_DOUBT_NONE);
        }

        /* other protocols are offers, which a server need not take up */

        if (mode == NGX_CONSENT_ON
            && (ngx_consent_headers_drop(&it, h) != NGX_OK || ngx_consent_forget_variables(r) != NGX_OK))
        {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    return NGX_OK;
}


/* A path cannot be rewritten. What is logged of this request shows none of it. */
ngx_int_t
ngx_consent_path_refuse(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, consent_mask_t mask)
{
    consent_problem_t       problem;
    ngx_consent_request_t  *own;

    own = ctx->request;
    own->refused = 1;

    if (ngx_consent_path_hide(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&problem, sizeof(consent_problem_t));
    problem.type = CONSENT_PROBLEM_PATH_REFUSED;
    problem.categories = mask;
    problem.level = -1;

    return ngx_consent_refuse(r, &problem, CONSENT_EVENT_PATH, 1u << CONSENT_CARRIER_PATH);
}


/* Once a request, whatever locations it is sent through. */
static void
ngx_consent_count_withheld(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_mode_t mode)
{
    ngx_flag_t              reported;
    consent_recent_t       *recent;
    ngx_consent_request_t  *own;

    own = ctx->request;
    recent = ngx_consent_store_recent();

    if (own->counted || recent == NULL) {
        return;
    }

    own->counted = 1;
    consent_recent_count(recent, CONSENT_COUNT_REQUESTS, 1);

    if (ctx->unknown) {
        consent_recent_count(recent, CONSENT_COUNT_UNKNOWN, ctx->unknown);
    }

    if (ctx->withheld == 0) {
        return;
    }

    reported = (mode == NGX_CONSENT_REPORT);

    consent_recent_count(recent, reported ? CONSENT_COUNT_WOULD_WITHHOLD : CONSENT_COUNT_WITHHELD, 1);
    consent_recent_count_categories(recent, ctx->policy->policy->key, ctx->withheld, reported ? true : false);
    ngx_consent_record(r, CONSENT_EVENT_WITHHELD, ctx->withheld, ctx->carriers, reported);
}
