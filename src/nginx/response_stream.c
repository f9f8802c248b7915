/*
 * Runs a transform over a response body: nginx's chain in, shadow buffers out.
 */

#include "response_stream.h"

#define NGX_CONSENT_STREAM_OWN  16384       /* bytes of an own span that one buffer takes */


static ngx_buf_t *ngx_consent_stream_push(ngx_consent_stream_t *s, ngx_chain_t **free);
static ngx_int_t ngx_consent_stream_copy(ngx_consent_stream_t *s, const uint8_t *data, size_t len);
static consent_rc_t ngx_consent_stream_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);


void
ngx_consent_stream_init(ngx_consent_stream_t *s, ngx_http_request_t *r, consent_transform_t *transform)
{
    ngx_uint_t  i;

    s->request = r;
    s->transform = transform;
    s->last_out = &s->out;

    for (i = 0; i < NGX_CONSENT_STREAM_READY; i++) {
        s->ready[i].link.buf = &s->ready[i].buf;
        s->ready[i].link.next = i + 1 < NGX_CONSENT_STREAM_READY ? &s->ready[i + 1].link : NULL;
    }

    s->free = &s->ready[0].link;
}


ngx_int_t
ngx_consent_stream_feed(ngx_consent_stream_t *s, ngx_buf_t *in)
{
    size_t       size;
    ngx_buf_t   *b;
    ngx_uint_t   last;
    ngx_chain_t **mark;

    size = ngx_buf_in_memory(in) ? (size_t) (in->last - in->pos) : 0;
    last = in->last_buf;
    mark = s->last_out;
    s->borrowed = NULL;

    if (s->rc == CONSENT_OK && !s->ended && (size != 0 || last)) {
        s->ended = last;
        s->rc = consent_transform_feed(s->transform, in->pos, size, last, ngx_consent_stream_emit, s);

        if (s->rc == CONSENT_NOMEM) {
            return NGX_ERROR;
        }
    }

    if (s->borrowed != NULL) {
        s->borrowed->shadow = in;
        s->borrowed->recycled = in->recycled;

    } else if (size != 0) {
        in->pos = in->last;
    }

    if (!(in->flush || in->sync || in->last_buf || in->last_in_chain)) {
        return NGX_OK;
    }

    /* the flags travel on the last piece that came of this buffer, or on a buffer of their own */

    if (s->last_out != mark) {
        b = ((ngx_chain_t *) ((u_char *) s->last_out - offsetof(ngx_chain_t, next)))->buf;

    } else {
        b = ngx_consent_stream_push(s, &s->free);
        if (b == NULL) {
            return NGX_ERROR;
        }

        b->sync = 1;
    }

    b->flush = in->flush;
    b->last_buf = in->last_buf;
    b->last_in_chain = in->last_in_chain;

    return NGX_OK;
}


static ngx_buf_t *
ngx_consent_stream_push(ngx_consent_stream_t *s, ngx_chain_t **free)
{
    u_char       *start, *end;
    ngx_chain_t  *cl;

    cl = ngx_chain_get_free_buf(s->request->pool, free);
    if (cl == NULL) {
        return NULL;
    }

    start = cl->buf->start;
    end = cl->buf->end;

    ngx_memzero(cl->buf, sizeof(ngx_buf_t));

    cl->buf->start = start;
    cl->buf->end = end;
    cl->buf->tag = (ngx_buf_tag_t) ngx_consent_stream_push;

    *s->last_out = cl;
    s->last_out = &cl->next;

    return cl->buf;
}


/* A copy in a buffer that is used again once it has been sent, so that memory does not grow with the body. */
static ngx_int_t
ngx_consent_stream_copy(ngx_consent_stream_t *s, const uint8_t *data, size_t len)
{
    size_t      size;
    ngx_buf_t  *b;

    b = ngx_consent_stream_push(s, &s->free_own);
    if (b == NULL) {
        return NGX_ERROR;
    }

    if (b->start == NULL || (size_t) (b->end - b->start) < len) {
        size = ngx_align(len, 1024);

        b->start = ngx_palloc(s->request->pool, size);
        if (b->start == NULL) {
            return NGX_ERROR;
        }

        b->end = b->start + size;
    }

    b->temporary = 1;
    b->pos = b->start;
    b->last = ngx_cpymem(b->pos, data, len);

    return NGX_OK;
}


static consent_rc_t
ngx_consent_stream_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    size_t                 n;
    ngx_buf_t             *b;
    ngx_consent_stream_t  *s = arg;

    if (kind == CONSENT_SPAN_OWN) {

        for ( /* void */ ; len != 0; data += n, len -= n) {
            n = ngx_min(len, NGX_CONSENT_STREAM_OWN);

            if (ngx_consent_stream_copy(s, data, n) != NGX_OK) {
                return CONSENT_NOMEM;
            }
        }

        return CONSENT_OK;
    }

    b = ngx_consent_stream_push(s, &s->free);
    if (b == NULL) {
        return CONSENT_NOMEM;
    }

    b->memory = 1;
    b->pos = (u_char *) data;
    b->last = b->pos + len;

    if (kind == CONSENT_SPAN_BORROWED) {
        s->borrowed = b;
    }

    return CONSENT_OK;
}


ngx_int_t
ngx_consent_stream_send(ngx_consent_stream_t *s, ngx_chain_t *rest, ngx_http_output_body_filter_pt next)
{
    ngx_int_t     rc;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    /* filters make links of their own for what they keep: those of `rest` can stand behind ours for this call */

    *s->last_out = rest;
    rc = next(s->request, s->out);
    *s->last_out = NULL;

    if (s->busy == NULL) {
        s->busy = s->out;

    } else if (s->out != NULL) {
        for (cl = s->busy; cl->next; cl = cl->next) { /* void */ }
        cl->next = s->out;
    }

    s->out = NULL;
    s->last_out = &s->out;

    while (s->busy) {
        cl = s->busy;
        b = cl->buf;

        if (ngx_buf_size(b) != 0) {
            break;
        }

        if (b->shadow) {
            b->shadow->pos = b->shadow->last;
        }

        s->busy = cl->next;

        if (b->start != NULL) {
            cl->next = s->free_own;
            s->free_own = cl;

        } else {
            cl->next = s->free;
            s->free = cl;
        }
    }

    return rc;
}
