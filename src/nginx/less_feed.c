/*
 * Feeds a body to its transform, a little at a time: each turn ends when its time is over, however much of what kind it
 * was, and the next one waits until others have had theirs.
 */

#include "nginx/less.h"

#include <time.h>


#define NGX_CONSENT_TURN         40         /* microseconds after which a turn ends */
#define NGX_CONSENT_READ         16384      /* bytes read from a file at once, and moved to another */
#define NGX_CONSENT_READ_LEAST   4096

static ngx_int_t ngx_consent_less_step(ngx_consent_less_t *less);
static ngx_int_t ngx_consent_less_fill(ngx_consent_less_t *less);
static consent_rc_t ngx_consent_less_pass_on(ngx_consent_less_t *less);
static ngx_int_t ngx_consent_less_end(ngx_consent_less_t *less);
static ngx_int_t ngx_consent_less_move(ngx_consent_less_t *less);
static ngx_int_t ngx_consent_less_memory(ngx_consent_less_t *less);
static void ngx_consent_less_skip(ngx_consent_less_t *less);
static uint64_t ngx_consent_less_clock(void);


void
ngx_consent_less_begin(ngx_consent_less_t *less)
{
    ngx_chain_t         *cl;
    ngx_http_request_t  *r;

    r = less->request;

    less->in = r->request_body != NULL ? r->request_body->bufs : NULL;
    less->offset = 0;
    less->pos = NULL;
    less->last = NULL;
    less->fed = 0;
    less->moved = 0;
    less->rc = NGX_OK;

    ngx_consent_less_skip(less);

    for (cl = less->in; cl != NULL; cl = cl->next) {
        if (cl->buf->in_file && !ngx_buf_in_memory(cl->buf)) {
            less->sink.to_file = 1;
        }
    }

    /* nginx keeps a body that did not fit into its buffer in one file, from its beginning */

    less->lazy = less->sink.to_file && !less->packed && less->in->next == NULL && less->in->buf->file_pos == 0;
}


ngx_int_t
ngx_consent_less_turn(ngx_consent_less_t *less)
{
    off_t      looked;
    ngx_int_t  rc;
    uint64_t   began;

    began = ngx_consent_less_clock();
    looked = less->fed;

    for ( ;; ) {
        rc = less->transform != NULL ? ngx_consent_less_step(less) : ngx_consent_less_move(less);

        if (rc == NGX_OK && less->transform != NULL) {
            ngx_consent_less_close(less);

            rc = less->moved < less->sink.prefix && less->sink.file != NULL ? NGX_AGAIN : NGX_OK;
        }

        if (rc != NGX_AGAIN) {
            break;
        }

        if (less->transform != NULL && !less->hard && less->fed - looked < CONSENT_BODY_STEP) {
            continue;
        }

        looked = less->fed;

        if (ngx_consent_less_clock() - began >= NGX_CONSENT_TURN) {
            return NGX_AGAIN;
        }
    }

    ngx_consent_less_close(less);
    less->rc = rc;

    return NGX_OK;
}


/* NGX_OK: that was the end; NGX_AGAIN; NGX_DECLINED: it cannot pass; NGX_ERROR. */
static ngx_int_t
ngx_consent_less_step(ngx_consent_less_t *less)
{
    bool           ended;
    size_t         n, all;
    consent_rc_t   rc;

    if (less->pos == less->last && less->in != NULL && ngx_consent_less_fill(less) != NGX_OK) {
        return NGX_ERROR;
    }

    all = (size_t) (less->last - less->pos);
    rc = consent_body_some(less->body, less->pos, all, less->in == NULL, &n, &ended, ngx_consent_sink_emit, &less->sink);

    less->hard = less->packed || n < ngx_min(all, CONSENT_BODY_STEP);
    less->pos += n;
    less->fed += (off_t) n;

    switch (rc) {

    case CONSENT_OK:
        return ended ? ngx_consent_less_end(less) : NGX_AGAIN;

    case CONSENT_MALFORMED:
    case CONSENT_LIMIT:

        if (less->inspect.doubt == CONSENT_DOUBT_NONE) {
            less->inspect.doubt = CONSENT_DOUBT_SYNTAX;
        }

        return NGX_DECLINED;

    default:
        ngx_log_error(NGX_LOG_ERR, less->request->connection->log, 0, "consent: a body could not be gone through: %s",
                      consent_rc_name(rc));
        return NGX_ERROR;
    }
}


/* The next bytes: where they stand in memory, or read into it. */
static ngx_int_t
ngx_consent_less_fill(ngx_consent_less_t *less)
{
    off_t        left;
    size_t       n;
    ngx_buf_t   *b;

    b = less->in->buf;

    if (ngx_buf_in_memory(b)) {
        less->pos = b->pos;
        less->last = b->last;
        less->in = less->in->next;

        ngx_consent_less_skip(less);

        return NGX_OK;
    }

    /* what is pointed at is about to be overwritten */

    if (ngx_consent_less_pass_on(less) != CONSENT_OK
        || (less->read == NULL && ngx_consent_less_memory(less) != NGX_OK))
    {
        return NGX_ERROR;
    }

    left = b->file_last - b->file_pos - less->offset;
    n = (size_t) ngx_min(left, (off_t) ngx_min(less->read->end - less->read->start, NGX_CONSENT_READ));

    if (ngx_read_file(b->file, less->read->start, n, b->file_pos + less->offset) != (ssize_t) n) {
        return NGX_ERROR;
    }

    less->pos = less->read->start;
    less->last = less->pos + n;
    less->offset += (off_t) n;

    if (less->offset == b->file_last - b->file_pos) {
        less->in = less->in->next;
        less->offset = 0;

        ngx_consent_less_skip(less);
    }

    return NGX_OK;
}


static void
ngx_consent_less_skip(ngx_consent_less_t *less)
{
    while (less->in != NULL && ngx_buf_size(less->in->buf) == 0) {
        less->in = less->in->next;
    }
}


/* nginx's own buffer is free once the body is in a file. */
static ngx_int_t
ngx_consent_less_memory(ngx_consent_less_t *less)
{
    ngx_buf_t  *b;

    b = less->request->request_body->buf;

    if (b == NULL || b->end - b->start < NGX_CONSENT_READ_LEAST || less->request->request_body->temp_file == NULL) {

        b = ngx_create_temp_buf(less->request->pool, NGX_CONSENT_READ);
        if (b == NULL) {
            return NGX_ERROR;
        }
    }

    less->read = b;

    return NGX_OK;
}


/* As long as all that came out is what went in, nothing is written. */
static consent_rc_t
ngx_consent_less_pass_on(ngx_consent_less_t *less)
{
    ngx_consent_sink_t  *s;

    s = &less->sink;

    if (s->discard) {
        return CONSENT_OK;
    }

    if (less->lazy && s->file == NULL && !ngx_consent_less_changed(less)) {
        ngx_consent_sink_drop(s);
        s->prefix = s->length;
        return CONSENT_OK;
    }

    return s->to_file ? ngx_consent_sink_flush(s) : CONSENT_OK;
}


ngx_flag_t
ngx_consent_less_changed(ngx_consent_less_t *less)
{
    const consent_found_t  *found;

    found = &less->inspect.found;

    return less->packed || found->removed || found->pairs || (found->unknown && less->inspect.how.remove_unknown);
}


static ngx_int_t
ngx_consent_less_end(ngx_consent_less_t *less)
{
    if (ngx_consent_less_pass_on(less) != CONSENT_OK) {
        return NGX_ERROR;
    }

    if (ngx_consent_less_changed(less)) {
        return less->sink.to_file ? ngx_consent_sink_file(&less->sink) : NGX_OK;
    }

    if (less->sink.length != less->fed) {

        /* what is called unchanged is so to the byte, or goes nowhere */

        ngx_log_error(NGX_LOG_ALERT, less->request->connection->log, 0,
                      "consent: a body of %O bytes in which nothing was found became %O bytes", less->fed,
                      less->sink.length);
        return NGX_ERROR;
    }

    return NGX_OK;
}


/* What had been passed over as unchanged goes to the new file after all, before what is there already. */
static ngx_int_t
ngx_consent_less_move(ngx_consent_less_t *less)
{
    size_t      n;
    ngx_buf_t  *in, *b;

    in = less->request->request_body->bufs->buf;
    b = less->read;

    n = (size_t) ngx_min(less->sink.prefix - less->moved, (off_t) ngx_min(b->end - b->start, NGX_CONSENT_READ));

    if (ngx_read_file(in->file, b->start, n, less->moved) != (ssize_t) n
        || ngx_write_file(&less->sink.file->file, b->start, n, less->moved) != (ssize_t) n)
    {
        return NGX_ERROR;
    }

    less->moved += (off_t) n;

    return less->moved < less->sink.prefix ? NGX_AGAIN : NGX_OK;
}


static uint64_t
ngx_consent_less_clock(void)
{
    struct timespec  ts;

    (void) clock_gettime(CLOCK_MONOTONIC, &ts);

    return (uint64_t) ts.tv_sec * 1000000 + (uint64_t) ts.tv_nsec / 1000;
}
