/*
 * Answers of our own: headers that keep them private and unframed, and the body.
 */

#include "nginx/handler.h"
#include "nginx/response.h"


static consent_buf_t *ngx_consent_reply_begin(ngx_http_request_t *r, consent_buf_t *b, ngx_int_t *rc);
static void ngx_consent_reply_type(ngx_http_request_t *r, const char *type);
static ngx_int_t ngx_consent_reply_security(ngx_http_request_t *r);
static ngx_int_t ngx_consent_reply_body(ngx_http_request_t *r, const u_char *data, size_t len);
static void ngx_consent_reply_cleanup(void *data);

static const struct {
    const char  *name;
    ngx_str_t    value;
} ngx_consent_security[] = {
    { "Content-Security-Policy",
      ngx_string("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
                 "frame-ancestors 'none'") },
    { "X-Content-Type-Options", ngx_string("nosniff") },
    { "Referrer-Policy", ngx_string("same-origin") },
    { "Cross-Origin-Opener-Policy", ngx_string("same-origin") },
    { "Cross-Origin-Resource-Policy", ngx_string("same-origin") }
};


ngx_int_t
ngx_consent_reply(ngx_http_request_t *r, ngx_uint_t status, const char *type, consent_buf_t *b)
{
    ngx_int_t  rc;

    b = ngx_consent_reply_begin(r, b, &rc);

    if (b == NULL) {
        return rc;
    }

    r->headers_out.status = status;

    if (ngx_consent_reply_private(r, type) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_consent_reply_body(r, b->data, b->len);
}


ngx_int_t
ngx_consent_reply_kept(ngx_http_request_t *r, const char *type, consent_buf_t *b, const char *cache,
    const ngx_str_t *etag)
{
    ngx_int_t         rc;
    ngx_list_part_t  *last;
    ngx_table_elt_t  *h;

    b = ngx_consent_reply_begin(r, b, &rc);

    if (b == NULL) {
        return rc;
    }

    r->headers_out.status = NGX_HTTP_OK;
    ngx_consent_reply_type(r, type);

    if (ngx_consent_reply_security(r) != NGX_OK
        || ngx_consent_reply_header(r, "Cache-Control", (u_char *) cache, ngx_strlen(cache)) != NGX_OK
        || ngx_consent_reply_header(r, "ETag", etag->data, etag->len) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    last = r->headers_out.headers.last;
    h = last->elts;
    r->headers_out.etag = &h[last->nelts - 1];

    return ngx_consent_reply_body(r, b->data, b->len);
}


/* Takes over the buffer, and the request's body is not read. NULL: *rc is what to finalize the request with. */
static consent_buf_t *
ngx_consent_reply_begin(ngx_http_request_t *r, consent_buf_t *b, ngx_int_t *rc)
{
    ngx_pool_cleanup_t  *cln;
    ngx_consent_ctx_t   *ctx;

    *rc = NGX_HTTP_INTERNAL_SERVER_ERROR;

    if (b->rc != CONSENT_OK) {
        ngx_log_error(NGX_LOG_ERR, r->connection->log, 0, "consent: a page could not be written: %s",
                      consent_rc_name(b->rc));
        consent_buf_free(b);
        return NULL;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(consent_buf_t));
    if (cln == NULL) {
        consent_buf_free(b);
        return NULL;
    }

    cln->handler = ngx_consent_reply_cleanup;
    ngx_memcpy(cln->data, b, sizeof(consent_buf_t));

    ctx = ngx_consent_request_peek(r);
    if (ctx) {
        ctx->own = 1;
    }

    *rc = ngx_http_discard_request_body(r);

    return *rc == NGX_OK ? cln->data : NULL;
}


ngx_int_t
ngx_consent_reply_private(ngx_http_request_t *r, const char *type)
{
    ngx_consent_reply_type(r, type);

    if (ngx_consent_reply_security(r) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_reply_header(r, "Cache-Control", (u_char *) "no-store", sizeof("no-store") - 1);
}


static void
ngx_consent_reply_cleanup(void *data)
{
    consent_buf_free(data);
}


ngx_int_t
ngx_consent_reply_static(ngx_http_request_t *r, const char *type, consent_slice_t data, time_t max_age)
{
    u_char             *p, *start;
    ngx_int_t           rc;
    ngx_consent_ctx_t  *ctx;

    ctx = ngx_consent_request_peek(r);
    if (ctx) {
        ctx->own = 1;
    }

    rc = ngx_http_discard_request_body(r);
    if (rc != NGX_OK) {
        return rc;
    }

    r->headers_out.status = NGX_HTTP_OK;
    ngx_consent_reply_type(r, type);

    start = ngx_pnalloc(r->pool, sizeof("public, max-age=") + NGX_TIME_T_LEN);
    if (start == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    p = ngx_sprintf(start, "public, max-age=%T", max_age);

    if (ngx_consent_reply_security(r) != NGX_OK
        || ngx_consent_reply_header(r, "Cache-Control", start, (size_t) (p - start)) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_consent_reply_body(r, data.data, data.len);
}


/* Texts are UTF-8; nginx's own charset filter has its say when it knows that. */
static void
ngx_consent_reply_type(ngx_http_request_t *r, const char *type)
{
    r->headers_out.content_type.data = (u_char *) type;
    r->headers_out.content_type.len = ngx_strlen(type);
    r->headers_out.content_type_len = r->headers_out.content_type.len;
    r->headers_out.content_type_lowcase = NULL;

    if (ngx_strncmp(type, "text/", 5) == 0) {
        ngx_str_set(&r->headers_out.charset, "utf-8");
    }
}


static ngx_int_t
ngx_consent_reply_body(ngx_http_request_t *r, const u_char *data, size_t len)
{
    ngx_int_t    rc;
    ngx_buf_t   *b;
    ngx_chain_t  out;

    r->headers_out.content_length_n = (off_t) len;

    rc = ngx_http_send_header(r);

    if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
        return rc;
    }

    b = ngx_calloc_buf(r->pool);
    if (b == NULL) {
        return NGX_ERROR;
    }

    b->pos = (u_char *) data;
    b->last = b->pos + len;
    b->memory = len ? 1 : 0;
    b->last_buf = 1;
    b->last_in_chain = 1;

    out.buf = b;
    out.next = NULL;

    return ngx_http_output_filter(r, &out);
}


static ngx_int_t
ngx_consent_reply_security(ngx_http_request_t *r)
{
    ngx_uint_t  i;

    for (i = 0; i < consent_countof(ngx_consent_security); i++) {
        if (ngx_consent_reply_header(r, ngx_consent_security[i].name, ngx_consent_security[i].value.data,
                                     ngx_consent_security[i].value.len)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_int_t
ngx_consent_reply_header(ngx_http_request_t *r, const char *name, const u_char *value, size_t len)
{
    return ngx_consent_response_push(r, name, ngx_strlen(name), (u_char *) value, len);
}


/* The Location stays a path, as it is made: nginx would put a name and port of its own before it, which
 * need not be the citizen's. */
ngx_int_t
ngx_consent_reply_see(ngx_http_request_t *r, consent_buf_t *path)
{
    u_char         *location;
    size_t          len;
    consent_buf_t   empty;

    if (path->rc != CONSENT_OK) {
        consent_buf_free(path);
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    len = path->len;
    location = ngx_pnalloc(r->pool, len);

    if (location) {
        ngx_memcpy(location, path->data, len);
    }

    consent_buf_free(path);

    if (location == NULL || ngx_consent_reply_header(r, "Location", location, len) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    consent_buf_init(&empty, 1);

    return ngx_consent_reply(r, NGX_HTTP_SEE_OTHER, "text/plain", &empty);
}


ngx_int_t
ngx_consent_reply_problem(ngx_consent_view_t *view, consent_problem_type_t type, const char *detail)
{
    consent_buf_t      b;
    consent_problem_t  problem;

    ngx_memzero(&problem, sizeof(consent_problem_t));

    problem.type = type;
    problem.level = -1;
    problem.code = consent_slice(view->ctx->code, NGX_CONSENT_CODE_LEN);
    problem.detail = detail;
    problem.status = (type == CONSENT_PROBLEM_UPSTREAM) ? NGX_HTTP_SERVICE_UNAVAILABLE : 0;

    consent_buf_init(&b, CONSENT_PAGE_MAX);

    if (view->json || ngx_consent_wants_json(view->request)) {
        consent_json_problem(&b, &view->page, &problem);
        return ngx_consent_reply(view->request, consent_problem_status(&problem), "application/problem+json",
                                 &b);
    }

    consent_page_problem(&b, &view->page, &problem);

    return ngx_consent_reply(view->request, consent_problem_status(&problem), "text/html", &b);
}


ngx_int_t
ngx_consent_reply_method(ngx_consent_view_t *view, const char *allow)
{
    if (ngx_consent_reply_header(view->request, "Allow", (u_char *) allow, ngx_strlen(allow)) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_consent_reply_problem(view, CONSENT_PROBLEM_METHOD, NULL);
}
