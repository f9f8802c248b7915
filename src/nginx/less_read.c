/*
 * Reads the body of a request and goes through it, in turns between which everybody else has theirs.
 */

#include "nginx/ask.h"


#define NGX_CONSENT_TURN_LATEST  1000       /* ms: a turn that does not come by itself; no worker leaves before it */

static consent_slice_t ngx_consent_less_header(ngx_http_request_t *r, const char *name, ngx_uint_t *n);
static void ngx_consent_less_read(ngx_http_request_t *r);
static void ngx_consent_less_feed(ngx_consent_less_t *less);
static void ngx_consent_less_event(ngx_event_t *ev);
static void ngx_consent_less_rest(ngx_consent_less_t *less);
static void ngx_consent_less_detach(void *data);


consent_rc_t
ngx_consent_less_open(ngx_consent_less_t *less)
{
    ngx_uint_t               types, encodings;
    ngx_http_request_t      *r;
    consent_body_head_t      head;
    ngx_consent_loc_conf_t  *lcf;

    r = less->request;
    lcf = ngx_consent_loc_conf(r);

    head.content_type = ngx_consent_less_header(r, "content-type", &types);
    head.content_encoding = ngx_consent_less_header(r, "content-encoding", &encodings);
    head.limit = lcf->body_limit;

    less->packed = (head.content_encoding.len != 0);

    /* of two lines, nobody knows which one the next server believes */

    if (types > 1 || encodings > 1) {
        less->inspect.doubt = types > 1 ? CONSENT_DOUBT_TYPE : CONSENT_DOUBT_ENCODING;
        return CONSENT_DENIED;
    }

    return consent_body_open(&less->body, &less->transform, &less->inspect, &head);
}


void
ngx_consent_less_close(ngx_consent_less_t *less)
{
    consent_body_close(less->body);

    less->body = NULL;
    less->transform = NULL;
}


/* A header whatever it is spelled like: gateways behind us make variables of names, and what they do not tell apart is one
 * header. */
static consent_slice_t
ngx_consent_less_header(ngx_http_request_t *r, const char *name, ngx_uint_t *n)
{
    size_t                  len;
    uint8_t                 folded[sizeof("content-encoding")];
    consent_slice_t         value;
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    *n = 0;
    len = ngx_strlen(name);
    value = consent_slice(NULL, 0);

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        if (h->key.len != len || (h->key.data[0] | 0x20) != 'c') {
            continue;
        }

        consent_header_fold(folded, ngx_consent_slice(&h->key));

        if (ngx_memcmp(folded, name, len) == 0) {
            value = ngx_consent_slice(&h->value);
            (*n)++;
        }
    }

    return value;
}


ngx_int_t
ngx_consent_less_start(ngx_consent_less_t *less)
{
    ngx_int_t            rc;
    ngx_http_request_t  *r;
    ngx_http_cleanup_t  *cln;

    r = less->request;

    if (!less->attached) {
        cln = ngx_http_cleanup_add(r, 0);
        if (cln == NULL) {
            ngx_consent_less_close(less);
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        cln->handler = ngx_consent_less_detach;
        cln->data = less;
        less->attached = 1;
    }

    less->event.handler = ngx_consent_less_event;
    less->event.data = less;
    less->event.log = r->connection->log;

    less->state = NGX_CONSENT_LESS_READING;
    less->inside = 1;

    rc = ngx_http_read_client_request_body(r, ngx_consent_less_read);

    less->inside = 0;

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        ngx_consent_less_close(less);
        return rc;
    }

    if (less->state == NGX_CONSENT_LESS_FED) {

        /* the phase handler goes on itself, as if there had been nothing to wait for */

        r->main->count--;
        ngx_consent_less_rest(less);

        return NGX_OK;
    }

    if (less->state == NGX_CONSENT_LESS_READING) {

        /* a client may take its time: nothing of ours waits with it */

        ngx_consent_less_close(less);
    }

    ngx_http_finalize_request(r, NGX_DONE);

    return NGX_DONE;
}


/* The body has been read. */
static void
ngx_consent_less_read(ngx_http_request_t *r)
{
    ngx_consent_ctx_t      *ctx;
    ngx_consent_less_t     *less;
    ngx_consent_request_t  *own;

    ctx = ngx_consent_request_peek(r);
    own = ctx->request;
    less = own->less;

    switch (ngx_consent_ask_read(less, ctx)) {

    case NGX_DECLINED:
        break;

    case NGX_AGAIN:
        return;

    case NGX_OK:
        ngx_consent_less_close(less);
        break;

    default:
        ngx_consent_less_close(less);
        less->state = NGX_CONSENT_LESS_FED;
        less->rc = NGX_DECLINED;
        less->inspect.doubt = CONSENT_DOUBT_SYNTAX;
        ngx_consent_less_feed(less);
        return;
    }

    if (less->transform == NULL) {
        ngx_consent_less_resume(less);
        return;
    }

    less->state = NGX_CONSENT_LESS_FEEDING;
    ngx_consent_less_begin(less);

    if (less->in == NULL) {
        ngx_consent_less_close(less);
        less->state = NGX_CONSENT_LESS_FED;
    }

    ngx_consent_less_feed(less);
}


void
ngx_consent_less_resume(ngx_consent_less_t *less)
{
    consent_rc_t  rc;

    ngx_consent_less_close(less);

    rc = ngx_consent_less_prepare(less);
    ngx_consent_less_begin(less);

    if (less->in == NULL) {
        ngx_consent_less_close(less);
        rc = CONSENT_NOTFOUND;
    }

    less->state = rc == CONSENT_OK ? NGX_CONSENT_LESS_FEEDING : NGX_CONSENT_LESS_FED;
    less->rc = rc == CONSENT_OK || rc == CONSENT_NOTFOUND ? NGX_OK : rc == CONSENT_DENIED ? NGX_DECLINED : NGX_ERROR;

    ngx_consent_less_feed(less);
}


/* One turn. After the last the phases run on, where they are not waiting for it in the call. */
static void
ngx_consent_less_feed(ngx_consent_less_t *less)
{
    ngx_http_request_t  *r;

    r = less->request;

    if (less->state == NGX_CONSENT_LESS_FEEDING && ngx_consent_less_turn(less) == NGX_AGAIN) {

        r->read_event_handler = ngx_http_test_reading;
        r->write_event_handler = ngx_http_request_empty_handler;

        ngx_post_event(&less->event, &ngx_posted_next_events);
        ngx_add_timer(&less->event, NGX_CONSENT_TURN_LATEST);
        return;
    }

    less->state = NGX_CONSENT_LESS_FED;

    if (less->inside) {
        return;
    }

    ngx_consent_less_rest(less);
    ngx_http_core_run_phases(r);
}


static void
ngx_consent_less_event(ngx_event_t *ev)
{
    ngx_connection_t    *c;
    ngx_consent_less_t  *less;

    less = ev->data;
    c = less->request->connection;

    ngx_http_set_log_request(c->log, less->request);

    if (ev->posted) {
        ngx_delete_posted_event(ev);
    }

    ngx_consent_less_feed(less);
    ngx_http_run_posted_requests(c);
}


/* No more turns: the request is as the phases expect it. */
static void
ngx_consent_less_rest(ngx_consent_less_t *less)
{
    ngx_http_request_t  *r;

    r = less->request;

    if (less->event.timer_set) {
        ngx_del_timer(&less->event);
    }

    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_http_core_run_phases;
}


/* The request is over. What had not been gone through is not shown to those who log it. */
static void
ngx_consent_less_detach(void *data)
{
    ngx_consent_less_t  *less = data;

    ngx_consent_less_close(less);

    if (less->event.posted) {
        ngx_delete_posted_event(&less->event);
    }

    if (less->event.timer_set) {
        ngx_del_timer(&less->event);
    }

    if (less->state == NGX_CONSENT_LESS_READING || less->state == NGX_CONSENT_LESS_FEEDING) {
        (void) ngx_consent_less_drop(less->request, 0);
    }
}
