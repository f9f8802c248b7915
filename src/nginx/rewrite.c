/*
 * Less: the first handler of the REWRITE phase takes out of the request what may not pass, before anything of the location
 * can read it. It runs again in every location that a request is sent on to, and finds nothing new there, or what an
 * outer location has let pass.
 *
 * Where it is not yet known who asks, all that is protected is taken out and set aside; PRECONTENT gives back what may
 * pass after all.
 */

#include "nginx/deliver.h"
#include "nginx/handler.h"
#include "nginx/request.h"
#include "nginx/response.h"


#define NGX_CONSENT_HEADER_MAX  256             /* bytes of a name that is looked at; a longer one is none of ours */
#define NGX_CONSENT_KINDS       64              /* names that a worker remembers; a power of two */
#define NGX_CONSENT_KIND_NAME   40              /* bytes of a name that is remembered */

/* What a name is to us. The same few are asked for in every request. */
typedef struct {
    uint64_t               policy;              /* its key */
    consent_mask_t         mask;
    consent_header_kind_t  kind;
    size_t                 len;                 /* 0: unused */
    u_char                 name[NGX_CONSENT_KIND_NAME];
} ngx_consent_kind_t;

static ngx_consent_kind_t  ngx_consent_kinds[NGX_CONSENT_KINDS];

static ngx_int_t ngx_consent_headers_pass(ngx_consent_pass_t *pass);
static ngx_int_t ngx_consent_header_pass(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h,
    consent_header_kind_t kind, consent_mask_t mask);
static ngx_int_t ngx_consent_header_drop(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h);
static ngx_int_t ngx_consent_value_pass(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h,
    ngx_flag_t cookie);
static ngx_inline consent_header_kind_t ngx_consent_header_kind(ngx_table_elt_t *h, ngx_flag_t odd,
    const consent_policy_t *policy, consent_mask_t *mask);
static consent_header_kind_t ngx_consent_header_look(ngx_table_elt_t *h, ngx_flag_t odd, const consent_policy_t *policy,
    consent_mask_t *mask);
static ngx_flag_t ngx_consent_headers_odd(ngx_http_request_t *r);
static ngx_int_t ngx_consent_ours_out(ngx_http_request_t *r, const consent_policy_t *policy);


ngx_int_t
ngx_consent_rewrite_handler(ngx_http_request_t *r)
{
    ngx_int_t                rc;
    consent_mask_t           mask;
    ngx_consent_ctx_t       *ctx;
    ngx_consent_request_t   *own;
    ngx_consent_loc_conf_t  *lcf;
    ngx_consent_srv_conf_t  *scf;

    scf = ngx_consent_srv_conf(r);

    if (scf->policy == NULL) {
        return NGX_DECLINED;
    }

    lcf = ngx_consent_loc_conf(r);

    if (ngx_consent_is_ours(lcf) || ngx_consent_is_delivery(r)) {
        return NGX_DECLINED;
    }

    if (ngx_consent_mode(lcf) == NGX_CONSENT_OFF) {
        return ngx_consent_ours_out(r, scf->policy->policy) == NGX_OK ? NGX_DECLINED : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx = ngx_consent_request_early(r);

    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    own = ctx->request;

    if (r == r->main) {

        if (own->identity != lcf->identity) {
            ngx_consent_who(r, ctx, lcf->identity, 1);
            ngx_consent_weigh(r, ctx);
        }

        if (ngx_consent_mode(lcf) == NGX_CONSENT_ON && ngx_consent_signal_wanted(ctx)) {
            own->late = 1;
        }
    }

    if (ngx_consent_minimize(r, ctx, lcf) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_consent_mode(lcf) == NGX_CONSENT_REPORT) {
        return NGX_DECLINED;
    }

    if (r != r->main) {

        /* a question about who asks comes before it is known whether the path may pass */

        return ngx_consent_path_withheld(r->main, ctx) == 0 || ngx_consent_path_cover(r) == NGX_OK
               ? NGX_DECLINED : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_consent_validators_in(r, lcf) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (own->refused) {
        return NGX_DECLINED;
    }

    rc = ngx_consent_unknown_refuse(r, ctx, lcf);

    if (rc != NGX_DECLINED || own->late) {
        return rc;
    }

    if (own->doubt != CONSENT_DOUBT_NONE) {
        return ngx_consent_less_refuse(r, ctx, own->doubt);
    }

    mask = ngx_consent_path_withheld(r, ctx);

    return mask ? ngx_consent_path_refuse(r, ctx, mask) : NGX_DECLINED;
}


ngx_int_t
ngx_consent_minimize(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf)
{
    ngx_str_t           name;
    ngx_consent_pass_t  pass;

    ngx_memzero(&pass, sizeof(ngx_consent_pass_t));

    ngx_consent_cookie_name(r, &name);

    pass.request = r;
    pass.ctx = ctx;
    pass.own = ctx->request;
    pass.mode = ngx_consent_mode(lcf);
    pass.keep = pass.own->late && r == r->main && pass.mode == NGX_CONSENT_ON;

    pass.policy = ctx->policy;
    pass.how.policy = ctx->policy->policy;
    pass.how.granted = ngx_consent_granted(r, ctx);
    pass.how.own = ngx_consent_slice(&name);

    ngx_consent_unknown(r, lcf, &pass.how);

    if (pass.own->named) {
        pass.how.unknown = NULL;
    }

    if (r == r->main || !pass.own->minimized) {

        /* a subrequest begins with its parent's list, which is not its own to change */

        if (r != r->main && pass.mode == NGX_CONSENT_ON && ngx_consent_headers_own(r) != NGX_OK) {
            return NGX_ERROR;
        }

        if (ngx_consent_headers_pass(&pass) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (ngx_consent_pass_uri(&pass) != NGX_OK) {
        return NGX_ERROR;
    }

    if (r == r->main) {
        pass.own->doubt = pass.doubt;
    }

    pass.own->named = 1;

    ctx->seen |= pass.found.seen;
    ctx->withheld |= pass.found.removed;
    ctx->unknown += pass.found.unknown;
    pass.own->unknown_in |= pass.found.unknown_in;

    if (r == r->main && pass.mode == NGX_CONSENT_ON) {
        pass.own->minimized = 1;
    }

    return pass.changed ? ngx_consent_forget_variables(r) : NGX_OK;
}


ngx_int_t
ngx_consent_minimize_logged(ngx_http_request_t *r, ngx_consent_policy_t *policy, consent_mask_t granted)
{
    ngx_int_t              rc;
    ngx_str_t              name;
    ngx_consent_ctx_t      ctx;
    ngx_consent_pass_t     pass;
    ngx_consent_request_t  own;

    /* nothing has been withheld from anybody: the request's own context does not hear of it */

    ngx_memzero(&pass, sizeof(ngx_consent_pass_t));
    ngx_memzero(&ctx, sizeof(ngx_consent_ctx_t));
    ngx_memzero(&own, sizeof(ngx_consent_request_t));

    ngx_consent_cookie_name(r, &name);

    pass.request = r;
    pass.ctx = &ctx;
    pass.own = &own;
    pass.mode = NGX_CONSENT_ON;
    pass.policy = policy;
    pass.how.policy = policy->policy;
    pass.how.granted = granted;
    pass.how.own = ngx_consent_slice(&name);

    rc = ngx_consent_headers_pass(&pass);

    if (rc == NGX_OK) {
        rc = ngx_consent_pass_uri(&pass);
    }

    consent_masks_destroy(own.masks);

    return rc == NGX_OK ? ngx_consent_forget_variables(r) : rc;
}


static ngx_int_t
ngx_consent_headers_pass(ngx_consent_pass_t *pass)
{
    ngx_flag_t               odd;
    consent_mask_t           mask;
    ngx_table_elt_t         *h;
    ngx_consent_headers_t    it;
    consent_header_kind_t    kind;

    odd = ngx_consent_headers_odd(pass->request);

    ngx_consent_headers_begin(&it, pass->request);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        kind = ngx_consent_header_kind(h, odd, pass->how.policy, &mask);

        if (kind == CONSENT_HEADER_PLAIN && mask == 0) {
            continue;
        }

        if (ngx_consent_header_pass(pass, &it, h, kind, mask) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_header_pass(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h,
    consent_header_kind_t kind, consent_mask_t mask)
{
    pass->found.seen |= mask;

    if (mask & ~pass->how.granted) {
        pass->found.removed |= mask & ~pass->how.granted;
        pass->ctx->carriers |= 1u << CONSENT_CARRIER_HEADER;

        return ngx_consent_header_drop(pass, it, h);
    }

    switch (kind) {

    case CONSENT_HEADER_OURS:
        pass->changed = 1;
        return ngx_consent_headers_drop(it, h);

    case CONSENT_HEADER_COOKIE:
        return ngx_consent_value_pass(pass, it, h, 1);

    case CONSENT_HEADER_URL:
        return ngx_consent_value_pass(pass, it, h, 0);

    case CONSENT_HEADER_ENCODING:

        /* the upstream is asked for what can be looked into; the shortcut stays, and speaks of the client */

        return pass->mode == NGX_CONSENT_ON ? ngx_consent_headers_drop(it, h) : NGX_OK;

    case CONSENT_HEADER_METHOD:

        /* what is decided here is decided by the method that we see */

        if (pass->how.policy->consent_mask & ~pass->how.granted) {
            return ngx_consent_header_drop(pass, it, h);
        }

        return NGX_OK;

    default:
        return NGX_OK;
    }
}


static ngx_int_t
ngx_consent_header_drop(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h)
{
    ngx_str_t  none;

    if (pass->mode == NGX_CONSENT_REPORT) {
        return NGX_OK;
    }

    ngx_str_null(&none);
    pass->changed = 1;

    if (ngx_consent_aside(pass, h, &h->value, &none, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_headers_drop(it, h);
}


/* A value that is a list of cookies, or a URL. It is written where it stands unless it is wanted again as it was. */
static ngx_int_t
ngx_consent_value_pass(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h, ngx_flag_t cookie)
{
    size_t               len;
    u_char              *p;
    ngx_str_t            after;
    consent_mask_t       removed;
    consent_doubt_t      doubt;
    consent_minimize_t   how;

    if (h->value.len == 0) {
        return NGX_OK;
    }

    p = h->value.data;

    if (pass->mode == NGX_CONSENT_REPORT || pass->keep || pass->request != pass->request->main) {
        p = ngx_pnalloc(pass->request->pool, h->value.len + 1);
        if (p == NULL) {
            return NGX_ERROR;
        }
    }

    removed = pass->found.removed;
    pass->found.removed = 0;

    if (cookie) {
        consent_minimize_cookies(p, &len, ngx_consent_slice(&h->value), &pass->how, &pass->found);

    } else {
        /* names of another page, or of this very request */

        how = pass->how;
        how.unknown = NULL;
        consent_minimize_referer(p, &len, ngx_consent_slice(&h->value), &how, &pass->found);
    }

    after.data = p;
    after.len = len;

    if (!cookie) {

        /* what cannot be looked into is cut off, and nobody misses it */

        doubt = pass->doubt;

        if (ngx_consent_pass_text(pass, &after, 0) != NGX_OK) {
            return NGX_ERROR;
        }

        pass->doubt = doubt;
    }

    if (pass->found.removed) {
        pass->ctx->carriers |= 1u << (cookie ? CONSENT_CARRIER_COOKIE : CONSENT_CARRIER_ARG);
    }

    pass->found.removed |= removed;

    if ((len == h->value.len && after.data == p) || pass->mode == NGX_CONSENT_REPORT) {
        return NGX_OK;
    }

    if (after.len == 0) {
        return ngx_consent_header_drop(pass, it, h);
    }

    after.data[after.len] = '\0';
    pass->changed = 1;

    if (ngx_consent_aside(pass, h, &h->value, &after, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    h->value = after;

    return NGX_OK;
}


/* What a header is to us, by its name and nothing else. `odd`: names may hold other bytes than letters, digits and '-',
 * which gateways behind us take for '_' or '-'. */
static ngx_inline consent_header_kind_t
ngx_consent_header_kind(ngx_table_elt_t *h, ngx_flag_t odd, const consent_policy_t *policy, consent_mask_t *mask)
{
    const ngx_consent_kind_t  *known;

    known = &ngx_consent_kinds[h->hash % NGX_CONSENT_KINDS];

    if (!odd && known->len == h->key.len && known->policy == policy->key && known->len != 0
        && h->lowcase_key != NULL && ngx_memcmp(known->name, h->lowcase_key, known->len) == 0)
    {
        *mask = known->mask;
        return known->kind;
    }

    return ngx_consent_header_look(h, odd, policy, mask);
}


static consent_header_kind_t
ngx_consent_header_look(ngx_table_elt_t *h, ngx_flag_t odd, const consent_policy_t *policy, consent_mask_t *mask)
{
    uint8_t              folded[NGX_CONSENT_HEADER_MAX];
    consent_slice_t      name;
    ngx_consent_kind_t  *known;

    name = consent_slice(h->lowcase_key, h->key.len);

    if (odd || h->lowcase_key == NULL) {

        name = consent_slice(folded, ngx_min(h->key.len, NGX_CONSENT_HEADER_MAX));
        consent_header_fold(folded, consent_slice(h->key.data, name.len));

        return consent_minimize_header(mask, name, policy);
    }

    if (name.len > NGX_CONSENT_KIND_NAME) {
        return consent_minimize_header(mask, name, policy);
    }

    known = &ngx_consent_kinds[h->hash % NGX_CONSENT_KINDS];

    known->kind = consent_minimize_header(&known->mask, name, policy);
    known->policy = policy->key;
    known->len = name.len;
    ngx_memcpy(known->name, name.data, name.len);

    *mask = known->mask;

    return known->kind;
}


static ngx_flag_t
ngx_consent_headers_odd(ngx_http_request_t *r)
{
    ngx_http_core_srv_conf_t  *cscf;

    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    return !cscf->ignore_invalid_headers || cscf->underscores_in_headers;
}


/* Where consent is off, nobody but us says what we say either. */
static ngx_int_t
ngx_consent_ours_out(ngx_http_request_t *r, const consent_policy_t *policy)
{
    ngx_flag_t               odd;
    consent_mask_t           mask;
    ngx_table_elt_t         *h;
    ngx_consent_headers_t    it;

    if (r != r->main) {
        return NGX_OK;
    }

    odd = ngx_consent_headers_odd(r);
    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        if (h->key.len == 0 || (h->key.data[0] | 0x20) != 'c') {
            continue;
        }

        if (ngx_consent_header_kind(h, odd, policy, &mask) == CONSENT_HEADER_OURS
            && ngx_consent_headers_drop(&it, h) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
