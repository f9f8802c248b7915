/*
 * Gives a request another body, and headers that tell the truth about it.
 */

#include "nginx/less.h"


static ngx_int_t ngx_consent_less_single(ngx_consent_sink_t *s);
static ngx_int_t ngx_consent_less_headers(ngx_http_request_t *r, ngx_flag_t packed);
static ngx_flag_t ngx_consent_less_outdated(consent_slice_t name, ngx_flag_t packed);
static ngx_int_t ngx_consent_less_length(ngx_http_request_t *r, off_t length);
static void ngx_consent_less_unfile(ngx_http_request_t *r, ngx_temp_file_t *tf);


/* Headers that say something of the bytes as they were: of their coding, or a digest, which for a short text is as good as
 * the text. */
static const char *const  ngx_consent_less_digests[] = {
    "transfer-encoding", "content-md5", "content-digest", "repr-digest", "digest", "trailer"
};


ngx_int_t
ngx_consent_less_replace(ngx_consent_less_t *less)
{
    ngx_buf_t                *b;
    ngx_chain_t              *out;
    ngx_temp_file_t          *before;
    ngx_consent_sink_t       *s;
    ngx_http_request_t       *r;
    ngx_http_request_body_t  *rb;

    r = less->request;
    rb = r->request_body;
    s = &less->sink;

    if (s->to_file && s->file == NULL && ngx_consent_sink_file(s) != NGX_OK) {
        return NGX_ERROR;
    }

    out = s->out;

    if (s->file != NULL) {
        out = NULL;

        if (s->file->offset > 0) {
            out = ngx_alloc_chain_link(r->pool);
            b = ngx_calloc_buf(r->pool);

            if (out == NULL || b == NULL) {
                return NGX_ERROR;
            }

            b->in_file = 1;
            b->file_last = s->file->offset;
            b->file = &s->file->file;

            out->buf = b;
            out->next = NULL;
        }

    } else if (r->request_body_in_single_buf) {

        if (ngx_consent_less_single(s) != NGX_OK) {
            return NGX_ERROR;
        }

        out = s->out;
    }

    before = rb->temp_file;

    /* nginx takes the buffer for its own where the body is in a file: here the buffer may be what it was made of */

    if (s->file != NULL && before == NULL) {
        rb->buf = NULL;
    }

    rb->bufs = out;
    rb->temp_file = s->file;

    ngx_consent_less_unfile(r, before);

    if (ngx_consent_less_headers(r, less->packed) != NGX_OK || ngx_consent_less_length(r, s->length) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_forget_variables(r);
}


ngx_int_t
ngx_consent_less_put(ngx_http_request_t *r, u_char *data, size_t len, const consent_slice_t *type)
{
    ngx_buf_t                *b;
    ngx_chain_t              *out;
    ngx_table_elt_t          *h;
    ngx_temp_file_t          *before;
    ngx_http_request_body_t  *rb;

    rb = r->request_body;
    h = r->headers_in.content_type;
    out = ngx_alloc_chain_link(r->pool);
    b = ngx_calloc_buf(r->pool);

    if (h == NULL || out == NULL || b == NULL) {
        return NGX_ERROR;
    }

    b->pos = data;
    b->last = data + len;
    b->start = data;
    b->end = b->last;
    b->temporary = 1;

    out->buf = b;
    out->next = NULL;

    before = rb->temp_file;
    rb->bufs = len != 0 ? out : NULL;
    rb->buf = len != 0 ? b : NULL;
    rb->temp_file = NULL;

    ngx_consent_less_unfile(r, before);

    h->value.len = type->len;
    h->value.data = ngx_pnalloc(r->pool, type->len + 1);

    if (h->value.data == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(h->value.data, type->data, type->len);
    h->value.data[type->len] = '\0';

    if (ngx_consent_less_headers(r, 0) != NGX_OK || ngx_consent_less_length(r, (off_t) len) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_forget_variables(r);
}


ngx_int_t
ngx_consent_less_drop(ngx_http_request_t *r, ngx_flag_t headers)
{
    ngx_temp_file_t  *before;

    if (r->request_body != NULL) {
        before = r->request_body->temp_file;

        r->request_body->bufs = NULL;
        r->request_body->temp_file = NULL;

        ngx_consent_less_unfile(r, before);
    }

    if (!headers) {
        return NGX_OK;
    }

    if (ngx_consent_less_headers(r, 1) != NGX_OK || ngx_consent_less_length(r, 0) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_forget_variables(r);
}


/* client_body_in_single_buffer */
static ngx_int_t
ngx_consent_less_single(ngx_consent_sink_t *s)
{
    u_char       *p;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    if (s->out == NULL || s->out->next == NULL) {
        return NGX_OK;
    }

    b = ngx_create_temp_buf(s->request->pool, (size_t) s->length);
    if (b == NULL) {
        return NGX_ERROR;
    }

    p = b->pos;

    for (cl = s->out; cl != NULL; cl = cl->next) {
        p = ngx_cpymem(p, cl->buf->pos, cl->buf->last - cl->buf->pos);
    }

    b->last = p;
    s->out->buf = b;
    s->out->next = NULL;

    return NGX_OK;
}


static ngx_int_t
ngx_consent_less_headers(ngx_http_request_t *r, ngx_flag_t packed)
{
    uint8_t                 folded[sizeof("transfer-encoding")];
    consent_slice_t         name;
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    r->headers_in.chunked = 0;

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        /* none of them begins otherwise, nor changes its length */

        if (h->key.len >= sizeof(folded) || ngx_strchr("cdrt", h->key.data[0] | 0x20) == NULL) {
            continue;
        }

        name = consent_slice(folded, h->key.len);
        consent_header_fold(folded, ngx_consent_slice(&h->key));

        if (ngx_consent_less_outdated(name, packed) && ngx_consent_headers_drop(&it, h) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static ngx_flag_t
ngx_consent_less_outdated(consent_slice_t name, ngx_flag_t packed)
{
    ngx_uint_t  i;

    for (i = 0; i < consent_countof(ngx_consent_less_digests); i++) {
        if (consent_slice_eq(name, consent_cstr(ngx_consent_less_digests[i]))) {
            return 1;
        }
    }

    return packed && consent_slice_eq(name, consent_lit("content-encoding"));
}


static ngx_int_t
ngx_consent_less_length(ngx_http_request_t *r, off_t length)
{
    ngx_str_t         value;
    ngx_table_elt_t  *h;

    static ngx_consent_header_name_t  name = { ngx_string("Content-Length"), ngx_string("content-length"), 0 };

    value.data = ngx_pnalloc(r->pool, NGX_OFF_T_LEN + 1);
    if (value.data == NULL) {
        return NGX_ERROR;
    }

    value.len = (size_t) (ngx_sprintf(value.data, "%O", length) - value.data);
    value.data[value.len] = '\0';

    r->headers_in.content_length_n = length;

    h = r->headers_in.content_length;

    if (h != NULL) {
        h->value = value;
        return NGX_OK;
    }

    h = ngx_consent_header_push(r, &name, &value);

    return h != NULL ? ngx_consent_header_link(r, h) : NGX_ERROR;
}


/* Closes it. Most temporary files have no name any more; those that client_body_in_file_only leaves behind have. */
static void
ngx_consent_less_unfile(ngx_http_request_t *r, ngx_temp_file_t *tf)
{
    if (tf == NULL || tf->file.fd == NGX_INVALID_FILE) {
        return;
    }

    ngx_pool_run_cleanup_file(r->pool, tf->file.fd);
    tf->file.fd = NGX_INVALID_FILE;

    if (tf->persistent && !tf->clean && ngx_delete_file(tf->file.name.data) == NGX_FILE_ERROR) {
        ngx_log_error(NGX_LOG_CRIT, r->connection->log, ngx_errno, ngx_delete_file_n " \"%s\" failed",
                      tf->file.name.data);
    }
}
