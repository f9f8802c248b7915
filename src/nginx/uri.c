/*
 * Arguments, and the lines that hold them: args for variables and upstreams, the unparsed URI for a proxy_pass without a
 * path of its own, the request line for logs.
 */

#include "nginx/request.h"


static ngx_int_t ngx_consent_pass_args(ngx_consent_pass_t *pass, ngx_flag_t *whole);
static ngx_int_t ngx_consent_pass_line(ngx_consent_pass_t *pass);
static ngx_int_t ngx_consent_line_set(ngx_http_request_t *r, const ngx_str_t *uri);


ngx_int_t
ngx_consent_pass_uri(ngx_consent_pass_t *pass)
{
    ngx_flag_t           whole;
    consent_mask_t       removed;
    ngx_http_request_t  *r;

    r = pass->request;
    removed = pass->found.removed;
    pass->found.removed = 0;
    whole = 0;

    if (r->args.len && ngx_consent_pass_args(pass, &whole) != NGX_OK) {
        return NGX_ERROR;
    }

    /* what was asked for may hold more than the arguments of this moment: a fragment, or what a rewrite has dropped */

    if (!whole && r->unparsed_uri.len && (r != r->main || r->args_start || r->complex_uri)
        && ngx_consent_pass_line(pass) != NGX_OK)
    {
        return NGX_ERROR;
    }

    /* an error page may take the place of what could not be read */

    if (r->unparsed_uri.len == 0 && pass->mode == NGX_CONSENT_ON && ngx_consent_line_unread(r) != NGX_OK) {
        return NGX_ERROR;
    }

    if (pass->found.removed) {
        pass->ctx->carriers |= 1u << CONSENT_CARRIER_ARG;
    }

    pass->found.removed |= removed;

    return NGX_OK;
}


/* *whole: nothing had to go, and the arguments are all that stands behind the path. */
static ngx_int_t
ngx_consent_pass_args(ngx_consent_pass_t *pass, ngx_flag_t *whole)
{
    size_t               len;
    u_char              *p;
    ngx_str_t            args;
    ngx_http_request_t  *r;

    r = pass->request;

    args.data = ngx_pnalloc(r->pool, r->args.len);
    if (args.data == NULL) {
        return NGX_ERROR;
    }

    consent_minimize_args(args.data, &len, ngx_consent_slice(&r->args), &pass->how, &pass->found);

    args.len = len;
    p = args.data;

    if (ngx_consent_pass_text(pass, &args, 1) != NGX_OK) {
        return NGX_ERROR;
    }

    if (len == r->args.len && args.data == p) {
        *whole = r->args.data > r->unparsed_uri.data
                 && r->args.data + r->args.len == r->unparsed_uri.data + r->unparsed_uri.len;
        return NGX_OK;
    }

    if (pass->mode == NGX_CONSENT_REPORT) {
        return NGX_OK;
    }

    if (ngx_consent_aside(pass, NULL, &r->args, &args, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    r->args = args;
    pass->changed = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_consent_pass_line(ngx_consent_pass_t *pass)
{
    size_t               len;
    u_char              *p;
    ngx_str_t            uri;
    consent_found_t      found;
    consent_minimize_t   how;
    ngx_http_request_t  *r;

    r = pass->request;

    uri.data = ngx_pnalloc(r->pool, r->unparsed_uri.len);
    if (uri.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memzero(&found, sizeof(consent_found_t));

    /* the same names once more */

    how = pass->how;
    how.unknown = NULL;
    consent_minimize_url(uri.data, &len, ngx_consent_slice(&r->unparsed_uri), &how, &found);

    pass->found.seen |= found.seen;
    pass->found.removed |= found.removed;

    uri.len = len;
    p = uri.data;

    if (ngx_consent_pass_text(pass, &uri, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    if ((len == r->unparsed_uri.len && uri.data == p) || pass->mode == NGX_CONSENT_REPORT) {
        return NGX_OK;
    }

    if (pass->keep && pass->own->uri.data == NULL) {
        pass->own->uri = r->unparsed_uri;
        pass->own->less_uri = uri;
        pass->own->line = r->request_line;
    }

    pass->changed = 1;

    return ngx_consent_line_set(r, &uri);
}


static ngx_int_t
ngx_consent_line_set(ngx_http_request_t *r, const ngx_str_t *uri)
{
    u_char  *p;

    p = ngx_pnalloc(r->pool, r->method_name.len + 1 + uri->len + 1 + r->http_protocol.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    r->unparsed_uri = *uri;
    r->request_line.data = p;

    p = ngx_cpymem(p, r->method_name.data, r->method_name.len);
    *p++ = ' ';
    p = ngx_cpymem(p, uri->data, uri->len);

    if (r->http_protocol.len) {
        *p++ = ' ';
        p = ngx_cpymem(p, r->http_protocol.data, r->http_protocol.len);
    }

    r->request_line.len = (size_t) (p - r->request_line.data);

    return NGX_OK;
}


consent_slice_t
ngx_consent_path_sent(ngx_http_request_t *r, ngx_flag_t all)
{
    u_char  *p;
    size_t   n;

    n = r->unparsed_uri.len;

    if (n == 0) {
        return consent_slice(NULL, 0);
    }

    p = memchr(r->unparsed_uri.data, '?', n);

    if (p) {
        n = (size_t) (p - r->unparsed_uri.data);
    }

    if (!all && n) {
        p = memchr(r->unparsed_uri.data, '#', n);

        if (p) {
            n = (size_t) (p - r->unparsed_uri.data);
        }
    }

    return consent_slice(r->unparsed_uri.data, n);
}


consent_mask_t
ngx_consent_path_withheld(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    consent_slice_t          sent, pattern;
    const consent_policy_t  *policy;
    ngx_consent_request_t   *own;

    own = ctx->request;
    policy = ctx->policy->policy;

    /* once: a path that a location makes is no citizen's */

    if (!own->looked) {
        own->looked = 1;

        sent = ngx_consent_path_sent(r, 1);

        if (consent_slice_eq(sent, ngx_consent_slice(&r->uri)) && consent_policy_path_plain(sent)) {

            /* all read it alike, nginx too */

            own->path = consent_policy_path_find_plain(&pattern, policy, sent);

        } else {
            own->path = consent_minimize_path(ngx_consent_path_sent(r, 0), policy)
                        | consent_policy_path_mask(policy, ngx_consent_slice(&r->uri))
                        | consent_policy_path_mask(policy, sent);
        }
    }

    ctx->seen |= own->path;

    return own->path & ~ngx_consent_granted(r, ctx);
}


ngx_int_t
ngx_consent_path_cover(ngx_http_request_t *sr)
{
    size_t           query;
    u_char          *p;
    ngx_str_t        uri;
    consent_slice_t  shown;

    shown = consent_minimize_path_shown(ngx_consent_path_sent(sr->main, 0),
                                        ngx_consent_srv_conf(sr)->policy->policy);

    query = ngx_consent_path_sent(sr, 1).len;

    uri.data = ngx_pnalloc(sr->pool, shown.len * 3 + sr->unparsed_uri.len - query);
    if (uri.data == NULL) {
        return NGX_ERROR;
    }

    p = (u_char *) ngx_escape_uri(uri.data, (u_char *) shown.data, shown.len, NGX_ESCAPE_URI);
    p = ngx_cpymem(p, sr->unparsed_uri.data + query, sr->unparsed_uri.len - query);
    uri.len = (size_t) (p - uri.data);

    if (ngx_consent_line_set(sr, &uri) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_forget_variables(sr);
}


ngx_int_t
ngx_consent_path_hide(ngx_http_request_t *r)
{
    ngx_str_t  root;

    ngx_str_set(&root, "/");

    if (ngx_consent_line_set(r, &root) != NGX_OK) {
        return NGX_ERROR;
    }

    r->uri = root;
    r->args.len = 0;
    r->exten.len = 0;

    return ngx_consent_forget_variables(r);
}
