/*
 * A request to our own pages: whose, in which language, wanting what.
 */

#include "nginx/handler.h"


static ngx_int_t ngx_consent_view_arguments(ngx_consent_view_t *view);
static ngx_uint_t ngx_consent_accept_quality(const ngx_str_t *accept, ngx_flag_t json);
static ngx_uint_t ngx_consent_accept_q(u_char *p, u_char *last);
static ngx_flag_t ngx_consent_accept_is(u_char *p, u_char *last, ngx_flag_t json);


ngx_int_t
ngx_consent_view(ngx_http_request_t *r, ngx_consent_view_t *view, consent_slice_t path, ngx_flag_t own)
{
    consent_slice_t          tag;
    ngx_consent_srv_conf_t  *scf;

    ngx_memzero(view, sizeof(ngx_consent_view_t));

    scf = ngx_consent_srv_conf(r);

    view->request = r;
    view->ctx = ngx_consent_request(r);
    view->pages = scf->pages;

    if (view->ctx == NULL || view->pages == NULL) {
        return NGX_ERROR;
    }

    view->page.policy = view->ctx->policy->policy;
    view->page.shell = view->pages->has_shell ? &view->pages->shell : NULL;
    view->page.base = ngx_consent_slice(&view->pages->base);
    view->page.callback = view->pages->callback ? true : false;
    view->page.path = path;
    view->page.now = view->ctx->now;
    view->page.by = view->ctx->by;
    view->page.minor = view->ctx->minor ? true : false;
    view->page.language = ngx_consent_language(r, view->page.policy);

    if (!own) {
        return NGX_OK;
    }

    if (ngx_consent_view_arguments(view) != NGX_OK) {
        return NGX_ERROR;
    }

    tag = ngx_consent_view_query(view, "lang");

    if (tag.len) {
        ngx_consent_view_language(view, tag);
    }

    ngx_consent_view_back(view, ngx_consent_view_query(view, "back"));

    return NGX_OK;
}


static ngx_int_t
ngx_consent_view_arguments(ngx_consent_view_t *view)
{
    u_char              *args;
    ngx_http_request_t  *r;

    r = view->request;

    if (r->args.len == 0 || r->args.len > 8192) {
        return NGX_OK;
    }

    args = ngx_pnalloc(r->pool, r->args.len);
    view->query = ngx_palloc(r->pool, NGX_CONSENT_QUERY * sizeof(consent_field_t));

    if (args == NULL || view->query == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(args, r->args.data, r->args.len);

    view->n_query = NGX_CONSENT_QUERY;

    if (consent_form_parse(view->query, &view->n_query, args, r->args.len) == CONSENT_MALFORMED) {
        view->n_query = 0;
    }

    return NGX_OK;
}


consent_slice_t
ngx_consent_view_query(ngx_consent_view_t *view, const char *name)
{
    return consent_form_get(view->query, view->n_query, name);
}


void
ngx_consent_view_language(ngx_consent_view_t *view, consent_slice_t tag)
{
    size_t                   i;
    const consent_policy_t  *policy;

    policy = view->page.policy;

    for (i = 0; i < policy->n_languages; i++) {
        if (consent_slice_ieq(policy->languages[i], tag)) {
            view->page.language = i;
            view->page.chosen_language = true;
        }
    }
}


void
ngx_consent_view_back(ngx_consent_view_t *view, consent_slice_t path)
{
    u_char  *p, *start;
    size_t   len;

    if (path.len == 0 || !consent_back_path(path)) {
        return;
    }

    len = path.len + 2 * ngx_escape_uri(NULL, (u_char *) path.data, path.len, NGX_ESCAPE_URI_COMPONENT);

    start = ngx_pnalloc(view->request->pool, path.len + sizeof("back=") - 1 + len);
    if (start == NULL) {
        return;
    }

    /* the path itself may stand in a body that is gone when the page is written */

    ngx_memcpy(start, path.data, path.len);
    view->back = consent_slice(start, path.len);

    p = ngx_cpymem(start + path.len, "back=", sizeof("back=") - 1);
    p = (u_char *) ngx_escape_uri(p, start, path.len, NGX_ESCAPE_URI_COMPONENT);

    view->page.query = consent_slice(start + path.len, (size_t) (p - start) - path.len);
}


size_t
ngx_consent_language(ngx_http_request_t *r, const consent_policy_t *policy)
{
    ngx_str_t  accept;

    ngx_str_null(&accept);
    (void) ngx_consent_header(r, "accept-language", &accept);

    return consent_policy_language(policy, consent_slice(NULL, 0), ngx_consent_slice(&accept));
}


ngx_flag_t
ngx_consent_wants_page(ngx_http_request_t *r)
{
    ngx_str_t   accept;
    ngx_uint_t  html;

    ngx_str_null(&accept);

    if (ngx_consent_header(r, "accept", &accept) == 0) {
        return 0;
    }

    html = ngx_consent_accept_quality(&accept, 0);

    return html > 0 && html >= ngx_consent_accept_quality(&accept, 1);
}


/* Of our own pages, which are HTML unless JSON is asked for. */
ngx_flag_t
ngx_consent_wants_json(ngx_http_request_t *r)
{
    ngx_str_t  accept;

    ngx_str_null(&accept);

    if (ngx_consent_header(r, "accept", &accept) == 0) {
        return 0;
    }

    return ngx_consent_accept_quality(&accept, 1) > ngx_consent_accept_quality(&accept, 0);
}


/* The highest q, in thousandths, of the types of one kind; 0: none of them is named (RFC 9110, 12.5.1). */
static ngx_uint_t
ngx_consent_accept_quality(const ngx_str_t *accept, ngx_flag_t json)
{
    u_char      *p, *end, *last, *type;
    ngx_uint_t   q, best;

    best = 0;
    last = accept->data + accept->len;

    for (p = accept->data; p < last; p = end + 1) {

        while (p < last && (*p == ' ' || *p == '\t')) {
            p++;
        }

        for (end = p; end < last && *end != ','; end++) { /* void */ }

        for (type = p; type < end && *type != ';' && *type != ' ' && *type != '\t'; type++) { /* void */ }

        if (!ngx_consent_accept_is(p, type, json)) {
            continue;
        }

        q = ngx_consent_accept_q(type, end);

        if (q > best) {
            best = q;
        }
    }

    return best;
}


static ngx_flag_t
ngx_consent_accept_is(u_char *p, u_char *last, ngx_flag_t json)
{
    consent_slice_t  type;

    type = consent_slice(p, (size_t) (last - p));

    if (!json) {
        return consent_slice_ieq(type, consent_lit("text/html"))
               || consent_slice_ieq(type, consent_lit("application/xhtml+xml"));
    }

    return consent_slice_ieq(type, consent_lit("application/json"))
           || (type.len > sizeof("application/+json") - 1
               && ngx_strncasecmp(p, (u_char *) "application/", sizeof("application/") - 1) == 0
               && ngx_strncasecmp(last - (sizeof("+json") - 1), (u_char *) "+json",
                                  sizeof("+json") - 1) == 0);
}


static ngx_uint_t
ngx_consent_accept_q(u_char *p, u_char *last)
{
    ngx_uint_t  q, digit;

    for ( /* void */ ; p + 2 < last; p++) {

        if ((*p != 'q' && *p != 'Q') || p[1] != '=' || (p[-1] != ';' && p[-1] != ' ' && p[-1] != '\t')) {
            continue;
        }

        p += 2;

        if (*p == '1') {
            return 1000;
        }

        if (*p != '0') {
            return 0;
        }

        q = 0;
        digit = 100;

        for (p += 2; p < last && *p >= '0' && *p <= '9' && digit; p++) {
            q += (ngx_uint_t) (*p - '0') * digit;
            digit /= 10;
        }

        return q;
    }

    return 1000;
}
