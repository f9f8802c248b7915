/*
 * May it pass: after all access rules, before the body is read. Then the upstream is told what is in force.
 */

#include "nginx/request.h"
#include "nginx/store.h"


#define NGX_CONSENT_TOLD  64                    /* sets of categories whose names are kept written out */

/* What the upstream is told, written once for each set of categories. Of the process; belongs to its configuration. */
typedef struct {
    const consent_policy_t  *policy;
    consent_mask_t           granted;
    ngx_str_t                categories;
} ngx_consent_told_t;

static ngx_int_t ngx_consent_required(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_mode_t mode);
static ngx_int_t ngx_consent_body_pass(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_mode_t mode);
static ngx_flag_t ngx_consent_websocket(ngx_http_request_t *r);
static ngx_int_t ngx_consent_tell(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf);
static ngx_int_t ngx_consent_tell_categories(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_consent_tell_policy(ngx_http_request_t *r, const consent_policy_t *policy, ngx_str_t *value);
static ngx_int_t ngx_consent_tell_assertion(ngx_http_request_t *r, ngx_consent_ctx_t *ctx,
    ngx_consent_assertion_t *assertion);
static void ngx_consent_count_request(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_mode_t mode);


ngx_int_t
ngx_consent_precontent_handler(ngx_http_request_t *r)
{
    ngx_int_t                rc;
    consent_mask_t           mask;
    ngx_consent_ctx_t       *ctx;
    ngx_consent_mode_t       mode;
    ngx_consent_request_t   *own;
    ngx_consent_loc_conf_t  *lcf;
    ngx_consent_srv_conf_t  *scf;

    scf = ngx_consent_srv_conf(r);

    if (scf->policy == NULL || r != r->main) {
        return NGX_DECLINED;
    }

    lcf = ngx_consent_loc_conf(r);
    mode = ngx_consent_mode(lcf);

    if (mode == NGX_CONSENT_OFF || lcf->pages || lcf->metrics) {
        return NGX_DECLINED;
    }

    ctx = ngx_consent_request(r);

    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    own = ctx->request;

    if (own->deferred || (lcf->identity && !ctx->identified)) {

        rc = ngx_consent_request_again(r, ctx);

        if (own->deferred && mode == NGX_CONSENT_ON && ngx_consent_give_back(r, ctx) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        own->deferred = 0;
    }

    if (mode == NGX_CONSENT_ON) {
        mask = ngx_consent_path_withheld(r, ctx);

        if (mask) {
            return ngx_consent_path_refuse(r, mask);
        }
    }

    rc = ngx_consent_required(r, ctx, lcf, mode);

    if (rc != NGX_OK) {
        return rc;
    }

    rc = ngx_consent_body_pass(r, ctx, lcf, mode);

    if (rc != NGX_OK) {
        return rc;
    }

    ngx_consent_count_request(r, ctx, mode);

    if (mode == NGX_CONSENT_REPORT) {
        return NGX_DECLINED;
    }

    return ngx_consent_tell(r, ctx, lcf) == NGX_OK ? NGX_DECLINED : NGX_HTTP_INTERNAL_SERVER_ERROR;
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


/* A body cannot be looked into: it passes as a whole, or not at all. The same goes for what follows an upgrade. */
static ngx_int_t
ngx_consent_body_pass(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_mode_t mode)
{
    off_t               length;
    ngx_uint_t          upgrade;
    consent_mask_t      missing;
    consent_problem_t   problem;

    length = r->headers_in.content_length_n;
    upgrade = ((ngx_consent_request_t *) ctx->request)->upgrade && ngx_consent_websocket(r);

    if (length <= 0 && !r->headers_in.chunked && !upgrade) {
        return NGX_OK;
    }

    ngx_memzero(&problem, sizeof(consent_problem_t));
    problem.level = -1;

    if (length > 0 && (size_t) length > lcf->body_limit) {
        problem.type = CONSENT_PROBLEM_TOO_LARGE;
        missing = 0;

    } else {
        missing = ctx->policy->policy->body_mask & ~ngx_consent_granted(r, ctx);

        if (missing == 0) {
            return NGX_OK;
        }

        problem.type = CONSENT_PROBLEM_BODY_REFUSED;
        problem.categories = missing;
    }

    if (mode == NGX_CONSENT_REPORT) {
        ngx_consent_count(CONSENT_COUNT_WOULD_REFUSE, 1);
        ngx_consent_record(r, CONSENT_EVENT_BODY, missing, 1u << CONSENT_CARRIER_BODY, 1);
        return NGX_OK;
    }

    return ngx_consent_refuse(r, &problem, CONSENT_EVENT_BODY, 1u << CONSENT_CARRIER_BODY);
}


static ngx_flag_t
ngx_consent_websocket(ngx_http_request_t *r)
{
    ngx_str_t  value;

    return ngx_consent_header(r, "upgrade", &value) != 0
           && ngx_strlcasestrn(value.data, value.data + value.len, (u_char *) "websocket",
                               sizeof("websocket") - 2) != NULL;
}


static ngx_int_t
ngx_consent_tell(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf)
{
    ngx_str_t                value;
    const consent_slice_t   *id;

    static const ngx_str_t  level = ngx_string("Consent-Level");
    static const ngx_str_t  level_low = ngx_string("consent-level");
    static const ngx_str_t  categories = ngx_string("Consent-Categories");
    static const ngx_str_t  categories_low = ngx_string("consent-categories");
    static const ngx_str_t  policy = ngx_string("Consent-Policy");
    static const ngx_str_t  policy_low = ngx_string("consent-policy");

    id = &ctx->policy->policy->levels[ctx->effect.level].id;
    value.data = (u_char *) id->data;
    value.len = id->len;

    if (ngx_consent_header_push(r, &level, &level_low, &value) == NULL) {
        return NGX_ERROR;
    }

    if (ngx_consent_tell_categories(r, ctx, &value) != NGX_OK
        || ngx_consent_header_push(r, &categories, &categories_low, &value) == NULL)
    {
        return NGX_ERROR;
    }

    if (ngx_consent_tell_policy(r, ctx->policy->policy, &value) != NGX_OK
        || ngx_consent_header_push(r, &policy, &policy_low, &value) == NULL)
    {
        return NGX_ERROR;
    }

    if (lcf->assertion) {
        return ngx_consent_tell_assertion(r, ctx, lcf->assertion);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_tell_categories(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_str_t *value)
{
    size_t                   i, len;
    u_char                  *p;
    ngx_uint_t               slot;
    ngx_consent_told_t      *told;
    const consent_policy_t  *policy;

    static ngx_consent_told_t  cache[NGX_CONSENT_TOLD];
    static const ngx_cycle_t  *cycle;

    if (cycle != ngx_cycle) {
        ngx_memzero(cache, sizeof(cache));
        cycle = (const ngx_cycle_t *) ngx_cycle;
    }

    policy = ctx->policy->policy;
    slot = (ngx_uint_t) (((ctx->effect.granted ^ policy->key) * 0x9e3779b97f4a7c15) >> 58);
    told = &cache[slot];

    if (told->policy == policy && told->granted == ctx->effect.granted) {
        *value = told->categories;
        return NGX_OK;
    }

    len = 0;

    for (i = 0; i < policy->n_categories; i++) {
        if (ctx->effect.granted & ((consent_mask_t) 1 << i)) {
            len += policy->categories[i].id.len + 1;
        }
    }

    /* the first to come is kept for all, the rest is written out for one request */

    value->data = told->policy == NULL ? ngx_pnalloc(ngx_cycle->pool, len + 1) : ngx_pnalloc(r->pool, len + 1);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    p = value->data;

    for (i = 0; i < policy->n_categories; i++) {
        if (ctx->effect.granted & ((consent_mask_t) 1 << i)) {
            if (p != value->data) {
                *p++ = ',';
            }

            p = ngx_cpymem(p, policy->categories[i].id.data, policy->categories[i].id.len);
        }
    }

    value->len = (size_t) (p - value->data);

    if (told->policy == NULL) {
        told->policy = policy;
        told->granted = ctx->effect.granted;
        told->categories = *value;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_tell_policy(ngx_http_request_t *r, const consent_policy_t *policy, ngx_str_t *value)
{
    u_char  *p;

    value->data = ngx_pnalloc(r->pool, policy->id.len + 1 + policy->version.len);
    if (value->data == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(value->data, policy->id.data, policy->id.len);
    *p++ = ';';
    p = ngx_cpymem(p, policy->version.data, policy->version.len);
    value->len = (size_t) (p - value->data);

    return NGX_OK;
}


static ngx_int_t
ngx_consent_tell_assertion(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_assertion_t *assertion)
{
    ngx_str_t        value;
    consent_slice_t  token;

    static const ngx_str_t  name = ngx_string("Consent-Assertion");
    static const ngx_str_t  name_low = ngx_string("consent-assertion");

    if (assertion->cache == NULL) {
        assertion->cache = consent_assertions_create();

        if (assertion->cache == NULL) {
            return NGX_ERROR;
        }
    }

    if (consent_assertion_get(&token, assertion->cache, assertion->key, &assertion->conf, ctx->policy->policy,
                              &ctx->effect, ctx->now)
        != CONSENT_OK)
    {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "consent: the statement to the upstream cannot be signed");
        return NGX_ERROR;
    }

    value.len = token.len;
    value.data = ngx_pnalloc(r->pool, token.len);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(value.data, token.data, token.len);

    return ngx_consent_header_push(r, &name, &name_low, &value) ? NGX_OK : NGX_ERROR;
}


/* Once a request, whatever locations it is sent through. */
static void
ngx_consent_count_request(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_mode_t mode)
{
    consent_recent_t       *recent;
    ngx_consent_request_t  *own;

    own = ctx->request;
    recent = ngx_consent_store_recent();

    if (own->counted || recent == NULL) {
        return;
    }

    own->counted = 1;
    consent_recent_count(recent, CONSENT_COUNT_REQUESTS, 1);

    if (ctx->withheld) {
        consent_recent_count(recent, mode == NGX_CONSENT_REPORT ? CONSENT_COUNT_WOULD_WITHHOLD : CONSENT_COUNT_WITHHELD,
                             1);
        consent_recent_count_categories(recent, ctx->policy->policy->key, ctx->withheld,
                                        mode == NGX_CONSENT_REPORT);
        ngx_consent_record(r, CONSENT_EVENT_WITHHELD, ctx->withheld, ctx->carriers, mode == NGX_CONSENT_REPORT);
    }
}
