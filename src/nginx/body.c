/*
 * The bodies of requests to our own pages, and of answers to the question: small, of one type, read whole.
 */

#include "nginx/handler.h"


typedef struct {
    ngx_consent_view_t   *view;
    ngx_consent_body_pt   handler;
} ngx_consent_body_t;

static void ngx_consent_body_handler(ngx_http_request_t *r);


ngx_int_t
ngx_consent_read_body(ngx_consent_view_t *view, const char *type, ngx_consent_body_pt handler)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;
    ngx_consent_body_t  *body;

    r = view->request;

    if (type && !ngx_consent_body_is(r, type)) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_MEDIA_TYPE, NULL);
    }

    if (r->headers_in.content_length_n > NGX_CONSENT_BODY_MAX) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_TOO_LARGE, NULL);
    }

    body = ngx_palloc(r->pool, sizeof(ngx_consent_body_t));
    if (body == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body->view = view;
    body->handler = handler;
    view->ctx->page = body;

    rc = ngx_http_read_client_request_body(r, ngx_consent_body_handler);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    return NGX_DONE;
}


ngx_flag_t
ngx_consent_body_is(ngx_http_request_t *r, const char *type)
{
    size_t      len;
    ngx_str_t  *value;

    if (r->headers_in.content_type == NULL) {
        return 0;
    }

    len = ngx_strlen(type);
    value = &r->headers_in.content_type->value;

    /* most are written as it is */

    return value->len >= len
           && (ngx_memcmp(value->data, type, len) == 0
               || ngx_strncasecmp(value->data, (u_char *) type, len) == 0)
           && (value->len == len || value->data[len] == ';' || value->data[len] == ' ' || value->data[len] == '\t');
}


static void
ngx_consent_body_handler(ngx_http_request_t *r)
{
    size_t               len;
    u_char              *data;
    ngx_int_t            rc;
    ngx_consent_ctx_t   *ctx;
    ngx_consent_body_t  *body;

    ctx = ngx_consent_request_peek(r);

    if (ctx == NULL || ctx->page == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    body = ctx->page;

    rc = ngx_consent_body_collect(r, NGX_CONSENT_BODY_MAX, &data, &len);

    if (rc == NGX_OK) {
        body->handler(body->view, data, len);
        return;
    }

    if (rc == NGX_DECLINED) {
        rc = ngx_consent_reply_problem(body->view, CONSENT_PROBLEM_TOO_LARGE, NULL);

    } else {
        rc = NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_http_finalize_request(r, rc);
}


ngx_int_t
ngx_consent_body_collect(ngx_http_request_t *r, size_t max, u_char **body, size_t *len)
{
    off_t         size;
    u_char       *p;
    size_t        n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    size = 0;

    for (cl = r->request_body ? r->request_body->bufs : NULL; cl; cl = cl->next) {
        size += ngx_buf_size(cl->buf);

        if (size > (off_t) max) {
            return NGX_DECLINED;
        }
    }

    p = ngx_pnalloc(r->pool, (size_t) size + 1);
    if (p == NULL) {
        return NGX_ERROR;
    }

    *body = p;
    *len = (size_t) size;

    for (cl = r->request_body ? r->request_body->bufs : NULL; cl; cl = cl->next) {
        b = cl->buf;

        if (ngx_buf_size(b) == 0) {
            continue;
        }

        if (ngx_buf_in_memory(b)) {
            p = ngx_cpymem(p, b->pos, b->last - b->pos);
            continue;
        }

        n = (size_t) (b->file_last - b->file_pos);

        if (ngx_read_file(b->file, p, n, b->file_pos) != (ssize_t) n) {
            return NGX_ERROR;
        }

        p += n;
    }

    *p = '\0';

    return NGX_OK;
}
