/*
 * What nginx logs of requests that the REWRITE phase has not gone through: those to our own pages, which need their
 * arguments as they came, and those that nginx itself refuses or answers before. Their access line is written when all is
 * done, and everything protected is taken out just before. Their error lines are written from copies that have become less.
 */

#include "nginx/conf.h"
#include "nginx/request.h"


#define NGX_CONSENT_LINE_MAX    NGX_MAX_ERROR_STR   /* bytes of a line of nginx's, and of what is copied into it */
#define NGX_CONSENT_METHOD_MAX  32                  /* bytes of a method in a line that nginx could not read */

static ngx_int_t ngx_consent_log_handler(ngx_http_request_t *r);
static u_char *ngx_consent_log_error(ngx_http_request_t *r, ngx_http_request_t *sr, u_char *buf, size_t len);
static ngx_flag_t ngx_consent_log_unseen(ngx_http_request_t *r);
static ngx_int_t ngx_consent_log_less(ngx_http_request_t *r);
static consent_mask_t ngx_consent_log_granted(ngx_http_request_t *r);
static consent_mask_t ngx_consent_log_path(ngx_http_request_t *r);
static size_t ngx_consent_log_line(u_char *out, const ngx_str_t *line, const consent_policy_t *policy);


static ngx_http_log_handler_pt  ngx_consent_next_log_error;


/* Goes before those who write. */
ngx_int_t
ngx_consent_logged_init(ngx_conf_t *cf)
{
    ngx_array_t                *handlers;
    ngx_http_handler_pt        *h;
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_conf_get_module_main_conf(cf, ngx_http_core_module);
    handlers = &cmcf->phases[NGX_HTTP_LOG_PHASE].handlers;

    if (ngx_array_push(handlers) == NULL) {
        return NGX_ERROR;
    }

    h = handlers->elts;
    ngx_memmove(h + 1, h, (handlers->nelts - 1) * sizeof(ngx_http_handler_pt));
    h[0] = ngx_consent_log_handler;

    return NGX_OK;
}


void
ngx_consent_logged_watch(ngx_http_request_t *r)
{
    if (ngx_consent_srv_conf(r)->withholds && r->log_handler != ngx_consent_log_error) {
        ngx_consent_next_log_error = r->log_handler;
        r->log_handler = ngx_consent_log_error;
    }
}


static ngx_int_t
ngx_consent_log_handler(ngx_http_request_t *r)
{
    if (ngx_consent_log_unseen(r) && ngx_consent_log_less(r) != NGX_OK) {

        /* without memory: nothing is written of it */

        ngx_str_set(&r->request_line, "-");
        ngx_str_null(&r->unparsed_uri);
        ngx_str_null(&r->uri);
        ngx_str_null(&r->args);
        ngx_memzero(&r->headers_in, sizeof(ngx_http_headers_in_t));
        (void) ngx_consent_forget_variables(r);
    }

    return NGX_OK;
}


static ngx_flag_t
ngx_consent_log_unseen(ngx_http_request_t *r)
{
    ngx_consent_ctx_t         *ctx;
    ngx_consent_loc_conf_t    *lcf;
    ngx_consent_srv_conf_t    *scf;
    ngx_http_core_srv_conf_t  *cscf;

    scf = ngx_consent_srv_conf(r);

    if (r != r->main || scf->policy == NULL || !scf->withholds) {
        return 0;
    }

    ctx = ngx_consent_request_peek(r);

    if (ctx && ((ngx_consent_request_t *) ctx->request)->minimized) {
        return 0;
    }

    lcf = ngx_consent_loc_conf(r);
    cscf = ngx_http_get_module_srv_conf(r, ngx_http_core_module);

    /* as long as no location has been found, it may be one where consent is on */

    return ngx_consent_is_ours(lcf) || r->loc_conf == cscf->ctx->loc_conf
           || ngx_consent_mode(lcf) == NGX_CONSENT_ON;
}


static ngx_int_t
ngx_consent_log_less(ngx_http_request_t *r)
{
    if (r->unparsed_uri.len == 0) {
        ngx_str_null(&r->uri);

    } else if (ngx_consent_log_path(r) && ngx_consent_path_hide(r) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_minimize_logged(r, ngx_consent_srv_conf(r)->policy, ngx_consent_log_granted(r));
}


ngx_int_t
ngx_consent_line_unread(ngx_http_request_t *r)
{
    u_char     *p;
    ngx_str_t   line;

    line = r->request_line;

    if (line.data == NULL && r->request_start) {

        /* a line that could not be read is found by nginx where it began */

        line.data = r->request_start;

        for (p = line.data; p < r->header_in->last && *p != CR && *p != LF; p++) { /* void */ }

        line.len = (size_t) (p - line.data);
    }

    if (line.data == NULL) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, NGX_CONSENT_LINE_MAX);
    if (p == NULL) {
        return NGX_ERROR;
    }

    r->request_line.len = ngx_consent_log_line(p, &line, ngx_consent_srv_conf(r)->policy->policy);
    r->request_line.data = p;

    return NGX_OK;
}


/* What she has granted may stand in a log; who asks may not have been found out yet. */
static consent_mask_t
ngx_consent_log_granted(ngx_http_request_t *r)
{
    ngx_consent_ctx_t  *ctx;

    ctx = ngx_consent_request_peek(r);

    return ctx && ctx->weighed ? ngx_consent_granted(r, ctx) : 0;
}


/* What a path carries that a log may not have. Where a pattern is as wide as our own pages, their paths carry nothing. */
static consent_mask_t
ngx_consent_log_path(ngx_http_request_t *r)
{
    consent_mask_t           mask, plain;
    ngx_consent_loc_conf_t  *lcf;
    const consent_policy_t  *policy;

    policy = ngx_consent_srv_conf(r)->policy->policy;
    lcf = ngx_consent_loc_conf(r);

    mask = consent_minimize_path(ngx_consent_path_sent(r, 0), policy)
           | consent_policy_path_mask(policy, ngx_consent_path_sent(r, 1));
    plain = consent_policy_path_mask(policy, ngx_consent_slice(&r->uri));

    return (ngx_consent_is_ours(lcf) ? mask & ~plain : mask | plain) & ~ngx_consent_log_granted(r);
}


/* Calls nginx's own with a request whose lines are copies, for the request itself may still be needed as it is. */
static u_char *
ngx_consent_log_error(ngx_http_request_t *r, ngx_http_request_t *sr, u_char *buf, size_t len)
{
    size_t              n;
    u_char             *p;
    u_char              uri[NGX_CONSENT_LINE_MAX], text[2 * NGX_CONSENT_LINE_MAX], from[NGX_CONSENT_LINE_MAX];
    ngx_str_t           line, value;
    consent_found_t     found;
    ngx_table_elt_t    *referer;
    consent_minimize_t  how;

    if (!ngx_consent_log_unseen(r)) {
        return ngx_consent_next_log_error(r, sr, buf, len);
    }

    ngx_memzero(&how, sizeof(consent_minimize_t));
    ngx_memzero(&found, sizeof(consent_found_t));
    how.policy = ngx_consent_srv_conf(r)->policy->policy;
    how.granted = ngx_consent_log_granted(r);

    line = r->request_line;
    referer = r->headers_in.referer;
    ngx_str_null(&value);

    if (r->unparsed_uri.len == 0 || r->unparsed_uri.len > sizeof(uri)
        || r->method_name.len > NGX_CONSENT_METHOD_MAX || ngx_consent_log_path(r))
    {
        r->request_line.len = line.data ? ngx_consent_log_line(text, &line, how.policy) : 0;

    } else {
        consent_minimize_url(uri, &n, ngx_consent_slice(&r->unparsed_uri), &how, &found);

        p = ngx_cpymem(text, r->method_name.data, r->method_name.len);
        *p++ = ' ';
        p = ngx_cpymem(p, uri, n);
        *p++ = ' ';
        p = ngx_cpymem(p, r->http_protocol.data, ngx_min(r->http_protocol.len, NGX_CONSENT_METHOD_MAX));
        r->request_line.len = (size_t) (p - text);
    }

    r->request_line.data = text;

    if (referer) {
        value = referer->value;

        if (value.len > sizeof(from)) {
            referer->value.len = 0;

        } else {
            consent_minimize_referer(from, &n, ngx_consent_slice(&value), &how, &found);
            referer->value.data = from;
            referer->value.len = n;
        }
    }

    buf = ngx_consent_next_log_error(r, sr, buf, len);

    r->request_line = line;

    if (referer) {
        referer->value = value;
    }

    return buf;
}


/* A line that nginx could not read, or that is too long: method, path where there is no doubt about it, protocol. */
static size_t
ngx_consent_log_line(u_char *out, const ngx_str_t *line, const consent_policy_t *policy)
{
    u_char  *p, *last, *path, *end, *tail, *start, c;

    start = out;
    last = line->data + line->len;

    for (p = line->data; p < last && ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z'); p++) { /* void */ }

    if (p == line->data || p == last || *p != ' ' || p - line->data > NGX_CONSENT_METHOD_MAX) {
        out[0] = '-';
        return 1;
    }

    out = ngx_cpymem(out, line->data, p + 1 - line->data);

    path = ++p;

    while (p < last) {
        c = *p | 0x20;

        if (!(c >= 'a' && c <= 'z') && !(*p >= '0' && *p <= '9') && *p != '/' && *p != '.' && *p != '-' && *p != '_') {
            break;
        }

        p++;
    }

    end = p;

    for ( /* void */ ; p < last && *p != ' '; p++) { /* void */ }

    tail = p;

    if (end == path || (end < last && *end != '?' && *end != ' ')
        || (tail < last && (last - tail > (ssize_t) sizeof(" HTTP/1.1") - 1
                            || ngx_strncmp(tail, " HTTP/", ngx_min((size_t) (last - tail), 6)) != 0))
        || end - path > NGX_CONSENT_LINE_MAX / 2
        || consent_minimize_path(consent_slice(path, (size_t) (end - path)), policy))
    {
        *out++ = '/';
        return (size_t) (out - start);
    }

    out = ngx_cpymem(out, path, end - path);

    out = ngx_cpymem(out, tail, last - tail);

    return (size_t) (out - start);
}
