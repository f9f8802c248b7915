/*
 * Less: the first handler of the REWRITE phase takes out of the request what may not pass, before anything of the location
 * can read it. It runs again in every location that a request is sent on to, and finds nothing new there, or what an
 * outer location has let pass.
 *
 * Where it is not yet known who is logged in, everything protected is taken out and set aside; PRECONTENT gives back what
 * may pass after all.
 */

#include "nginx/handler.h"
#include "nginx/request.h"
#include "nginx/response.h"
#include "nginx/store.h"


#define NGX_CONSENT_NAME_MAX  128               /* bytes of a header name that may be one of those we know */

/* One pass over one request. */
typedef struct {
    ngx_http_request_t       *request;
    ngx_consent_ctx_t        *ctx;
    ngx_consent_request_t    *own;
    ngx_consent_mode_t        mode;
    consent_minimize_t        how;
    consent_found_t           found;
    unsigned                  aside:1;          /* keep what is taken out */
} ngx_consent_pass_t;

static ngx_int_t ngx_consent_headers_pass(ngx_consent_pass_t *pass);
static ngx_int_t ngx_consent_header_pass(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h);
static ngx_int_t ngx_consent_value_pass(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h,
    ngx_flag_t cookie);
static ngx_int_t ngx_consent_args_pass(ngx_consent_pass_t *pass);
static ngx_int_t ngx_consent_line_set(ngx_http_request_t *r, ngx_str_t *path, ngx_str_t *args);
static ngx_int_t ngx_consent_keep(ngx_consent_pass_t *pass, ngx_table_elt_t *h, ngx_flag_t dropped);
static void ngx_consent_variables_again(ngx_http_request_t *r, ngx_flag_t all);
static void ngx_consent_pass_begin(ngx_consent_pass_t *pass, ngx_http_request_t *r, ngx_consent_ctx_t *ctx,
    ngx_consent_loc_conf_t *lcf);
static ngx_int_t ngx_consent_ours_out(ngx_http_request_t *r);


ngx_int_t
ngx_consent_rewrite_handler(ngx_http_request_t *r)
{
    consent_mask_t           mask;
    ngx_consent_ctx_t       *ctx;
    ngx_consent_pass_t       pass;
    ngx_consent_loc_conf_t  *lcf;
    ngx_consent_srv_conf_t  *scf;

    scf = ngx_consent_srv_conf(r);

    if (scf->policy == NULL) {
        return NGX_DECLINED;
    }

    lcf = ngx_consent_loc_conf(r);

    if (lcf->pages || lcf->metrics) {
        return NGX_DECLINED;
    }

    if (ngx_consent_mode(lcf) == NGX_CONSENT_OFF) {
        return ngx_consent_ours_out(r) == NGX_OK ? NGX_DECLINED : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx = ngx_consent_request(r);

    if (ctx == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_consent_pass_begin(&pass, r, ctx, lcf);

    /* a subrequest begins with its parent's list; what the parent may pass is not yet what the subrequest may */

    if (r != r->main && !pass.own->headers_seen && ngx_consent_headers_own(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if ((r == r->main || !pass.own->headers_seen) && ngx_consent_headers_pass(&pass) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (r->args.len && ngx_consent_args_pass(&pass) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ctx->seen |= pass.found.seen;
    ctx->withheld |= pass.found.removed;
    ctx->unknown += pass.found.unknown;

    if (pass.mode == NGX_CONSENT_REPORT) {
        return NGX_DECLINED;
    }

    if (r == r->main) {
        pass.own->headers_seen = 1;

        if (ngx_consent_validators_in(r, lcf) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }
    }

    if (pass.found.pairs) {
        ngx_consent_variables_again(r, 1);
    }

    if (!pass.own->deferred) {
        mask = ngx_consent_path_withheld(r, ctx);

        if (mask) {
            return ngx_consent_path_refuse(r, mask);
        }
    }

    return NGX_DECLINED;
}


static void
ngx_consent_pass_begin(ngx_consent_pass_t *pass, ngx_http_request_t *r, ngx_consent_ctx_t *ctx,
    ngx_consent_loc_conf_t *lcf)
{
    ngx_str_t  name;

    ngx_memzero(pass, sizeof(ngx_consent_pass_t));

    ngx_consent_cookie_name(r, &name);

    pass->request = r;
    pass->ctx = ctx;
    pass->own = ctx->request;
    pass->mode = ngx_consent_mode(lcf);
    pass->aside = pass->own->deferred && r == r->main;

    pass->how.policy = ctx->policy->policy;
    pass->how.granted = ngx_consent_granted(r, ctx);
    pass->how.own = ngx_consent_slice(&name);
    pass->how.count_unknown = (lcf->unknown == 1);
}


static ngx_int_t
ngx_consent_headers_pass(ngx_consent_pass_t *pass)
{
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    ngx_consent_headers_begin(&it, pass->request);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {
        if (ngx_consent_header_pass(pass, &it, h) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_header_pass(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h)
{
    uint8_t                 name[NGX_CONSENT_NAME_MAX];
    uint8_t                *p;
    consent_mask_t          mask;
    consent_header_kind_t   kind;

    p = name;

    if (h->key.len > sizeof(name)) {
        p = ngx_pnalloc(pass->request->pool, h->key.len);
        if (p == NULL) {
            return NGX_ERROR;
        }
    }

    consent_header_fold(p, ngx_consent_slice(&h->key));
    kind = consent_minimize_header(&mask, consent_slice(p, h->key.len), pass->how.policy);

    switch (kind) {

    case CONSENT_HEADER_OURS:
        return ngx_consent_headers_drop(it, h);

    case CONSENT_HEADER_COOKIE:
        return ngx_consent_value_pass(pass, it, h, 1);

    case CONSENT_HEADER_URL:
        if (h->value.len == 0) {
            return NGX_OK;
        }

        return ngx_consent_value_pass(pass, it, h, 0);

    case CONSENT_HEADER_METHOD:

        /* another method than the one we have looked at */

        if (pass->mode == NGX_CONSENT_ON && (pass->how.policy->body_mask & ~pass->how.granted)) {
            if (ngx_consent_keep(pass, h, 1) != NGX_OK) {
                return NGX_ERROR;
            }

            return ngx_consent_headers_drop(it, h);
        }

        return NGX_OK;

    case CONSENT_HEADER_UPGRADE:
        pass->own->upgrade = 1;
        break;

    case CONSENT_HEADER_ENCODING:

        /* the shortcut stays and speaks of the client; the upstream is asked for what can be looked into */

        return pass->mode == NGX_CONSENT_ON ? ngx_consent_headers_drop(it, h) : NGX_OK;

    default:
        break;
    }

    if (mask == 0) {
        return NGX_OK;
    }

    pass->found.seen |= mask;
    mask &= ~pass->how.granted;

    if (mask == 0) {
        return NGX_OK;
    }

    pass->found.removed |= mask;
    pass->ctx->carriers |= 1u << CONSENT_CARRIER_HEADER;

    if (pass->mode == NGX_CONSENT_REPORT) {
        return NGX_OK;
    }

    pass->found.pairs++;

    if (ngx_consent_keep(pass, h, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_headers_drop(it, h);
}


/* A value that is a list of cookies, or a URL. It is written where it stands unless it may be wanted again. */
static ngx_int_t
ngx_consent_value_pass(ngx_consent_pass_t *pass, ngx_consent_headers_t *it, ngx_table_elt_t *h, ngx_flag_t cookie)
{
    size_t            len, before;
    u_char           *p;
    consent_mask_t    removed;

    before = pass->found.pairs;
    removed = pass->found.removed;

    p = h->value.data;

    if (pass->mode == NGX_CONSENT_REPORT || pass->aside) {
        p = ngx_pnalloc(pass->request->pool, h->value.len + 1);
        if (p == NULL) {
            return NGX_ERROR;
        }
    }

    pass->found.removed = 0;

    if (cookie) {
        consent_minimize_cookies(p, &len, ngx_consent_slice(&h->value), &pass->how, &pass->found);

    } else {
        consent_minimize_referer(p, &len, ngx_consent_slice(&h->value), &pass->how, &pass->found);
    }

    if (pass->found.removed) {
        pass->ctx->carriers |= 1u << (cookie ? CONSENT_CARRIER_COOKIE : CONSENT_CARRIER_ARG);
    }

    pass->found.removed |= removed;

    if (pass->mode == NGX_CONSENT_REPORT) {
        pass->found.pairs = before;
        return NGX_OK;
    }

    if (len == h->value.len) {
        return NGX_OK;
    }

    if (ngx_consent_keep(pass, h, len == 0) != NGX_OK) {
        return NGX_ERROR;
    }

    if (len == 0) {
        return ngx_consent_headers_drop(it, h);
    }

    h->value.data = p;
    h->value.len = len;
    p[len] = '\0';

    return NGX_OK;
}


static ngx_int_t
ngx_consent_args_pass(ngx_consent_pass_t *pass)
{
    size_t                len;
    ngx_str_t             args, path;
    consent_mask_t        removed;
    ngx_http_request_t   *r;

    r = pass->request;
    removed = pass->found.removed;

    args.data = ngx_pnalloc(r->pool, r->args.len);
    if (args.data == NULL) {
        return NGX_ERROR;
    }

    pass->found.removed = 0;
    consent_minimize_args(args.data, &len, ngx_consent_slice(&r->args), &pass->how, &pass->found);

    if (pass->found.removed) {
        pass->ctx->carriers |= 1u << CONSENT_CARRIER_ARG;
    }

    pass->found.removed |= removed;

    if (pass->mode == NGX_CONSENT_REPORT) {
        pass->found.pairs = 0;
        return NGX_OK;
    }

    if (len == r->args.len) {
        return NGX_OK;
    }

    args.len = len;
    path = ngx_consent_request_path(r->main);

    if (pass->aside && !pass->own->args_aside) {
        pass->own->args = r->args;
        pass->own->less_args = args;
        pass->own->path = path;
        pass->own->args_aside = 1;
    }

    r->args = args;

    /* the line as it came is the main request's; a subrequest's arguments are its own */

    if (r != r->main) {
        return NGX_OK;
    }

    return ngx_consent_line_set(r, &path, &args);
}


/* unparsed_uri and request_line say what is left. A fragment, which no browser sends, goes. */
static ngx_int_t
ngx_consent_line_set(ngx_http_request_t *r, ngx_str_t *path, ngx_str_t *args)
{
    u_char  *p, *start;

    start = ngx_pnalloc(r->pool, r->method_name.len + 1 + path->len + 1 + args->len + 1 + r->http_protocol.len);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = ngx_cpymem(start, r->method_name.data, r->method_name.len);
    *p++ = ' ';

    r->unparsed_uri.data = p;
    p = ngx_cpymem(p, path->data, path->len);

    if (args->len) {
        *p++ = '?';
        p = ngx_cpymem(p, args->data, args->len);
    }

    r->unparsed_uri.len = (size_t) (p - r->unparsed_uri.data);

    if (r->http_protocol.len) {
        *p++ = ' ';
        p = ngx_cpymem(p, r->http_protocol.data, r->http_protocol.len);
    }

    r->request_line.data = start;
    r->request_line.len = (size_t) (p - start);

    return NGX_OK;
}


static ngx_int_t
ngx_consent_keep(ngx_consent_pass_t *pass, ngx_table_elt_t *h, ngx_flag_t dropped)
{
    ngx_consent_set_aside_t  *kept;

    if (!pass->aside) {
        return NGX_OK;
    }

    if (pass->own->set_aside == NULL) {
        pass->own->set_aside = ngx_array_create(pass->request->pool, 4, sizeof(ngx_consent_set_aside_t));

        if (pass->own->set_aside == NULL) {
            return NGX_ERROR;
        }
    }

    kept = ngx_array_push(pass->own->set_aside);
    if (kept == NULL) {
        return NGX_ERROR;
    }

    kept->line = dropped ? NULL : h;
    kept->was = *h;

    return NGX_OK;
}


/* The request as it would be had it been known from the start who asks: put together as it came, and gone through again. */
ngx_int_t
ngx_consent_give_back(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    ngx_uint_t                i;
    ngx_table_elt_t          *h;
    ngx_consent_pass_t        pass;
    ngx_consent_request_t    *own;
    ngx_consent_set_aside_t  *kept;

    own = ctx->request;
    own->deferred = 0;

    if (own->set_aside) {

        kept = own->set_aside->elts;

        for (i = 0; i < own->set_aside->nelts; i++) {

            if (kept[i].line) {
                kept[i].line->value = kept[i].was.value;
                continue;
            }

            h = ngx_list_push(&r->headers_in.headers);
            if (h == NULL) {
                return NGX_ERROR;
            }

            *h = kept[i].was;
#if (NGX_CONSENT_LINKED_HEADERS)
            h->next = NULL;
#endif

            if (ngx_consent_header_link(r, h) != NGX_OK) {
                return NGX_ERROR;
            }
        }

        own->set_aside = NULL;
    }

    /* unless the location has made arguments of its own */

    if (own->args_aside && r->args.data == own->less_args.data && r->args.len == own->less_args.len) {

        r->args = own->args;

        if (ngx_consent_line_set(r, &own->path, &own->args) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    own->args_aside = 0;

    ngx_consent_pass_begin(&pass, r, ctx, ngx_consent_loc_conf(r));

    ctx->withheld = 0;
    ctx->carriers = 0;

    if (ngx_consent_headers_pass(&pass) != NGX_OK || (r->args.len && ngx_consent_args_pass(&pass) != NGX_OK)) {
        return NGX_ERROR;
    }

    ctx->withheld |= pass.found.removed;
    ngx_consent_variables_again(r, 0);

    return NGX_OK;
}


/* What was read of the request before is forgotten, so that it is read again; what `set` made stays. A variable of set's
 * carries its own index, a map's or a module's does not. `all`: also those that configurations compute (map, geo);
 * otherwise only those that are part of the request, for others may have been set on the way. */
static void
ngx_consent_variables_again(ngx_http_request_t *r, ngx_flag_t all)
{
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);
    v = cmcf->variables.elts;

    for (i = 0; i < cmcf->variables.nelts; i++) {

        if (v[i].get_handler == NULL
            || ((v[i].flags & NGX_HTTP_VAR_CHANGEABLE) && (v[i].data == i || !all)))
        {
            continue;
        }

        r->variables[i].valid = 0;
        r->variables[i].not_found = 0;
    }
}


consent_mask_t
ngx_consent_path_withheld(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    ngx_str_t       path;
    consent_mask_t  mask;

    path = ngx_consent_request_path(r);
    mask = consent_minimize_path(ngx_consent_slice(&path), ctx->policy->policy)
           | consent_policy_path_mask(ctx->policy->policy, ngx_consent_slice(&r->uri));

    return mask & ~ngx_consent_granted(r, ctx);
}


/* A path cannot be rewritten. What is logged of this request shows none of it. */
ngx_int_t
ngx_consent_path_refuse(ngx_http_request_t *r, consent_mask_t mask)
{
    ngx_str_t           path, args;
    consent_problem_t   problem;

    ngx_str_set(&path, "/");
    ngx_str_null(&args);

    if (r == r->main && ngx_consent_line_set(r, &path, &args) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    r->uri = path;
    r->args = args;

    if (r != r->main) {
        return NGX_HTTP_FORBIDDEN;
    }

    ngx_consent_variables_again(r, 1);

    ngx_memzero(&problem, sizeof(consent_problem_t));
    problem.type = CONSENT_PROBLEM_PATH_REFUSED;
    problem.categories = mask;
    problem.level = -1;

    return ngx_consent_refuse(r, &problem, CONSENT_EVENT_PATH, 1u << CONSENT_CARRIER_PATH);
}


/* Where consent is off, nobody but us says what we say either. */
static ngx_int_t
ngx_consent_ours_out(ngx_http_request_t *r)
{
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    if (r != r->main) {
        return NGX_OK;
    }

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        if (h->key.len > sizeof("consent") - 1
            && ngx_strncasecmp(h->key.data, (u_char *) "consent", sizeof("consent") - 1) == 0
            && ngx_consent_headers_drop(&it, h) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}
