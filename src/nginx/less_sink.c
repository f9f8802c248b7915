/*
 * Where the output of a transform goes: pieces of the input's own memory, copies, or a file.
 */

#include "nginx/less.h"


static consent_rc_t ngx_consent_sink_settle(ngx_consent_sink_t *s);
static consent_rc_t ngx_consent_sink_piece(ngx_consent_sink_t *s, u_char *data, size_t len);
static consent_rc_t ngx_consent_sink_room(ngx_consent_sink_t *s);
static ngx_chain_t *ngx_consent_sink_link(ngx_consent_sink_t *s);


void
ngx_consent_sink_init(ngx_consent_sink_t *s, ngx_http_request_t *r)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_memzero(s, sizeof(ngx_consent_sink_t));

    s->request = r;
    s->last = &s->out;
    s->most = clcf->client_body_buffer_size;
}


consent_rc_t
ngx_consent_sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    size_t               n;
    u_char              *p;
    consent_rc_t         rc;
    ngx_consent_sink_t  *s = arg;

    s->length += (off_t) len;

    if (s->discard) {
        return CONSENT_OK;
    }

    if (kind == CONSENT_SPAN_BORROWED && s->tail != NULL && s->shared && s->tail->buf->last == data) {
        return ngx_consent_sink_piece(s, (u_char *) data, len);
    }

    rc = ngx_consent_sink_settle(s);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (kind == CONSENT_SPAN_BORROWED) {
        rc = ngx_consent_sink_piece(s, (u_char *) data, len);
        s->shared = s->tail != NULL;

        return rc;
    }

    while (len != 0) {

        if (s->own == s->own_end) {
            rc = ngx_consent_sink_room(s);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        n = ngx_min(len, (size_t) (s->own_end - s->own));
        p = s->own;

        ngx_memcpy(p, data, n);
        s->own += n;

        rc = ngx_consent_sink_piece(s, p, n);

        if (rc != CONSENT_OK) {
            return rc;
        }

        data += n;
        len -= n;
    }

    return CONSENT_OK;
}


/* What stays in memory is not scattered: a small piece that has another behind it is copied to what was copied before. */
static consent_rc_t
ngx_consent_sink_settle(ngx_consent_sink_t *s)
{
    size_t         len;
    u_char        *p;
    ngx_buf_t     *b;
    ngx_chain_t   *cl;
    consent_rc_t   rc;

    if (!s->shared) {
        return CONSENT_OK;
    }

    s->shared = 0;
    cl = s->tail;
    b = cl->buf;
    len = (size_t) (b->last - b->pos);

    if (s->to_file || len >= NGX_CONSENT_SINK_SHARE) {
        return CONSENT_OK;
    }

    if ((size_t) (s->own_end - s->own) < len) {
        rc = ngx_consent_sink_room(s);

        if (rc != CONSENT_OK || s->to_file) {
            return rc;
        }
    }

    p = s->own;
    ngx_memcpy(p, b->pos, len);
    s->own += len;

    if (s->before != NULL && s->before->buf->last == p) {
        s->before->buf->last += len;
        s->before->buf->end = s->before->buf->last;
        s->before->next = NULL;

        s->last = &s->before->next;
        s->tail = s->before;
        s->pieces--;

        cl->next = s->free;
        s->free = cl;

        return CONSENT_OK;
    }

    b->start = p;
    b->pos = p;
    b->last = p + len;
    b->end = b->last;

    return CONSENT_OK;
}


/* Lengthens the last piece where it can. nginx sends a request again from the start of its buffers: each begins with what
 * is to be sent. */
static consent_rc_t
ngx_consent_sink_piece(ngx_consent_sink_t *s, u_char *data, size_t len)
{
    ngx_buf_t     *b;
    ngx_chain_t   *cl;

    if (s->tail == NULL || s->tail->buf->last != data) {

        cl = ngx_consent_sink_link(s);
        if (cl == NULL) {
            return CONSENT_NOMEM;
        }

        b = cl->buf;
        b->memory = 1;
        b->start = data;
        b->pos = data;
        b->last = data;

        *s->last = cl;
        s->last = &cl->next;
        s->before = s->tail;
        s->tail = cl;
        s->pieces++;
    }

    b = s->tail->buf;
    b->last += len;
    b->end = b->last;

    if (s->to_file && s->pieces >= NGX_CONSENT_SINK_PIECES) {
        return ngx_consent_sink_flush(s);
    }

    return CONSENT_OK;
}


static ngx_chain_t *
ngx_consent_sink_link(ngx_consent_sink_t *s)
{
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    cl = s->free;

    if (cl != NULL) {
        s->free = cl->next;
        b = cl->buf;

    } else {
        cl = ngx_alloc_chain_link(s->request->pool);
        if (cl == NULL) {
            return NULL;
        }

        b = ngx_palloc(s->request->pool, sizeof(ngx_buf_t));
        if (b == NULL) {
            return NULL;
        }
    }

    ngx_memzero(b, sizeof(ngx_buf_t));
    b->tag = (ngx_buf_tag_t) &ngx_consent_sink_emit;

    cl->buf = b;
    cl->next = NULL;

    return cl;
}


/* Memory for copies: more of it, or, when that is as much as a body may take, the same again after it has been written. */
static consent_rc_t
ngx_consent_sink_room(ngx_consent_sink_t *s)
{
    consent_rc_t  rc;

    if (s->block != NULL && (s->to_file || s->copied + NGX_CONSENT_SINK_BLOCK > s->most)) {

        s->to_file = 1;
        rc = ngx_consent_sink_flush(s);

        if (rc != CONSENT_OK) {
            return rc;
        }

    } else {
        s->block = ngx_palloc(s->request->pool, NGX_CONSENT_SINK_BLOCK);
        if (s->block == NULL) {
            return CONSENT_NOMEM;
        }

        s->copied += NGX_CONSENT_SINK_BLOCK;
    }

    s->own = s->block;
    s->own_end = s->block + NGX_CONSENT_SINK_BLOCK;

    return CONSENT_OK;
}


consent_rc_t
ngx_consent_sink_flush(ngx_consent_sink_t *s)
{
    ssize_t  n;

    if (s->out == NULL) {
        return CONSENT_OK;
    }

    if (ngx_consent_sink_file(s) != NGX_OK) {
        return CONSENT_IO;
    }

    n = ngx_write_chain_to_temp_file(s->file, s->out);

    if (n == NGX_ERROR) {
        return CONSENT_IO;
    }

    s->file->offset += n;

    ngx_consent_sink_drop(s);

    return CONSENT_OK;
}


void
ngx_consent_sink_drop(ngx_consent_sink_t *s)
{
    if (s->out != NULL) {
        *s->last = s->free;
        s->free = s->out;
        s->out = NULL;
        s->last = &s->out;
    }

    s->tail = NULL;
    s->before = NULL;
    s->shared = 0;
    s->pieces = 0;
    s->own = s->block;
}


ngx_int_t
ngx_consent_sink_file(ngx_consent_sink_t *s)
{
    ngx_temp_file_t           *tf;
    ngx_http_request_t        *r;
    ngx_http_core_loc_conf_t  *clcf;

    if (s->file != NULL) {
        return NGX_OK;
    }

    r = s->request;

    tf = ngx_pcalloc(r->pool, sizeof(ngx_temp_file_t));
    if (tf == NULL) {
        return NGX_ERROR;
    }

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    tf->file.fd = NGX_INVALID_FILE;
    tf->file.log = r->connection->log;
    tf->path = clcf->client_body_temp_path;
    tf->pool = r->pool;
    tf->persistent = r->request_body_in_persistent_file;
    tf->clean = r->request_body_in_clean_file;
    tf->offset = s->prefix;

    if (r->request_body_file_group_access) {
        tf->access = 0660;
    }

    if (ngx_create_temp_file(&tf->file, tf->path, tf->pool, tf->persistent, tf->clean, tf->access) != NGX_OK) {
        return NGX_ERROR;
    }

    s->file = tf;

    return NGX_OK;
}
