/*
 * What the upstream is told: Consent-Level, Consent-Categories, Consent-Policy, and the signed Consent-Assertion.
 */

#include "nginx/request.h"


#define NGX_CONSENT_TOLD  64                    /* sets of categories whose names are kept written out */

/* Names of a set of categories, written once. Of the process; belongs to its configuration. */
typedef struct {
    const consent_policy_t  *policy;
    consent_mask_t           granted;
    ngx_str_t                categories;
} ngx_consent_told_t;

static ngx_int_t ngx_consent_tell_categories(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_str_t *value);
static ngx_int_t ngx_consent_tell_policy(ngx_http_request_t *r, const consent_policy_t *policy, ngx_str_t *value);
static ngx_int_t ngx_consent_tell_assertion(ngx_http_request_t *r, ngx_consent_ctx_t *ctx,
    ngx_consent_assertion_t *assertion);


ngx_int_t
ngx_consent_tell(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf)
{
    ngx_str_t                value;
    const consent_slice_t   *id;

    static ngx_consent_header_name_t  level = { ngx_string("Consent-Level"), ngx_string("consent-level"), 0 };
    static ngx_consent_header_name_t  categories = {
        ngx_string("Consent-Categories"), ngx_string("consent-categories"), 0
    };
    static ngx_consent_header_name_t  policy = { ngx_string("Consent-Policy"), ngx_string("consent-policy"), 0 };

    id = &ctx->policy->policy->levels[ctx->effect.level].id;
    value.data = (u_char *) id->data;
    value.len = id->len;

    if (ngx_consent_header_push(r, &level, &value) == NULL) {
        return NGX_ERROR;
    }

    if (ngx_consent_tell_categories(r, ctx, &value) != NGX_OK
        || ngx_consent_header_push(r, &categories, &value) == NULL)
    {
        return NGX_ERROR;
    }

    if (ngx_consent_tell_policy(r, ctx->policy->policy, &value) != NGX_OK
        || ngx_consent_header_push(r, &policy, &value) == NULL)
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

    static ngx_consent_header_name_t  name = {
        ngx_string("Consent-Assertion"), ngx_string("consent-assertion"), 0
    };

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

    return ngx_consent_header_push(r, &name, &value) ? NGX_OK : NGX_ERROR;
}
