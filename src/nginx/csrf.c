/*
 * Is this request made by a page of ours: Origin, Sec-Fetch-Site, and the token of a form.
 */

#include "nginx/handler.h"


#define NGX_CONSENT_BINDING  320

static ngx_flag_t ngx_consent_origin_is_ours(ngx_http_request_t *r, const ngx_str_t *origin);
static consent_slice_t ngx_consent_without_port(consent_slice_t host, consent_slice_t scheme);
static consent_slice_t ngx_consent_token_binding(ngx_consent_view_t *view, u_char *memory);
static size_t ngx_consent_network(ngx_http_request_t *r, u_char *p);


ngx_flag_t
ngx_consent_same_origin(ngx_http_request_t *r)
{
    ngx_str_t   value;
    ngx_uint_t  n;

    n = ngx_consent_header(r, "sec-fetch-site", &value);

    if (n > 1) {
        return 0;
    }

    /* none: typed or from a bookmark */

    if (n == 1
        && !consent_slice_eq(ngx_consent_slice(&value), consent_lit("same-origin"))
        && !consent_slice_eq(ngx_consent_slice(&value), consent_lit("none")))
    {
        return 0;
    }

    n = ngx_consent_header(r, "origin", &value);

    if (n > 1) {
        return 0;
    }

    return n == 0 || ngx_consent_origin_is_ours(r, &value);
}


/* scheme://host[:port] (RFC 6454) against Host. Where TLS ends before us the scheme is the balancer's
 * business. */
static ngx_flag_t
ngx_consent_origin_is_ours(ngx_http_request_t *r, const ngx_str_t *origin)
{
    consent_slice_t  o, scheme, host;

    if (r->headers_in.host == NULL) {
        return 0;
    }

    o = ngx_consent_slice(origin);

    if (o.len > 8 && ngx_strncmp(o.data, "https://", 8) == 0) {
        scheme = consent_lit("https");
        o = consent_slice(o.data + 8, o.len - 8);

    } else if (o.len > 7 && ngx_strncmp(o.data, "http://", 7) == 0) {
        scheme = consent_lit("http");
        o = consent_slice(o.data + 7, o.len - 7);

#if (NGX_HTTP_SSL)
        if (r->connection->ssl) {
            return 0;
        }
#endif

    } else {
        return 0;
    }

    host = ngx_consent_slice(&r->headers_in.host->value);

    return consent_slice_ieq(ngx_consent_without_port(o, scheme), ngx_consent_without_port(host, scheme));
}


/* Without the scheme's own port. */
static consent_slice_t
ngx_consent_without_port(consent_slice_t host, consent_slice_t scheme)
{
    const char  *port;
    size_t       len;

    port = scheme.len == 5 ? ":443" : ":80";
    len = ngx_strlen(port);

    if (host.len > len && ngx_memcmp(host.data + host.len - len, port, len) == 0) {
        host.len -= len;
    }

    return host;
}


consent_rc_t
ngx_consent_token_make(ngx_consent_view_t *view, const char *purpose, char *out)
{
    u_char  memory[NGX_CONSENT_BINDING];

    return consent_form_token_make(out, ngx_consent_main_conf(view->request)->keys, consent_cstr(purpose),
                                   ngx_consent_token_binding(view, memory), view->ctx->now);
}


consent_rc_t
ngx_consent_token_check(ngx_consent_view_t *view, const char *purpose, consent_slice_t token)
{
    u_char  memory[NGX_CONSENT_BINDING];

    return consent_form_token_check(token, ngx_consent_main_conf(view->request)->keys, consent_cstr(purpose),
                                    ngx_consent_token_binding(view, memory), view->ctx->now);
}


/* What ties a form to its reader: who she is, else her network and browser. The policy too: portals that
 * share keys do not share forms. */
static consent_slice_t
ngx_consent_token_binding(ngx_consent_view_t *view, u_char *memory)
{
    size_t              len;
    u_char             *p;
    ngx_str_t           agent;
    ngx_consent_ctx_t  *ctx;

    ctx = view->ctx;
    p = memory;

    p = ngx_cpymem(p, &ctx->policy->policy->id_key, sizeof(uint64_t));

    if (ctx->has_subject) {
        *p++ = 's';
        p = ngx_cpymem(p, ctx->subject, CONSENT_SUBJECT_LEN);
        return consent_slice(memory, (size_t) (p - memory));
    }

    *p++ = 'a';
    p += ngx_consent_network(view->request, p);

    if (ngx_consent_header(view->request, "user-agent", &agent)) {
        len = ngx_min(agent.len, (size_t) (memory + NGX_CONSENT_BINDING - p));
        p = ngx_cpymem(p, agent.data, len);
    }

    return consent_slice(memory, (size_t) (p - memory));
}


/* The first 24 bits of an IPv4 address, 48 of an IPv6 one: a phone changes the rest as it goes. */
static size_t
ngx_consent_network(ngx_http_request_t *r, u_char *p)
{
    struct sockaddr_in   *sin;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6;
#endif

    switch (r->connection->sockaddr->sa_family) {

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;
        ngx_memcpy(p, sin6->sin6_addr.s6_addr, 6);
        return 6;
#endif

    case AF_INET:
        sin = (struct sockaddr_in *) r->connection->sockaddr;
        ngx_memcpy(p, &sin->sin_addr, 3);
        return 3;

    default:
        return 0;
    }
}
