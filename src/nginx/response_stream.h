/*
 * Runs a transform over a response body: nginx's chain in, shadow buffers out.
 *
 * What the transform borrows from its input is passed on without a copy. An input buffer counts as consumed when the
 * last piece that borrows from it has been sent.
 */

#ifndef NGX_CONSENT_RESPONSE_STREAM_H
#define NGX_CONSENT_RESPONSE_STREAM_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>

#include "base/transform.h"

#define NGX_CONSENT_STREAM_READY  6     /* buffers that a page usually needs at most, made together with its plan */

typedef struct {
    ngx_chain_t           link;
    ngx_buf_t             buf;
} ngx_consent_piece_t;

typedef struct {
    ngx_http_request_t   *request;
    consent_transform_t  *transform;
    ngx_chain_t          *out;          /* made and not yet passed on */
    ngx_chain_t         **last_out;
    ngx_chain_t          *busy;         /* passed on and not yet sent */
    ngx_chain_t          *free;         /* headers of buffers without memory of their own */
    ngx_chain_t          *free_own;     /* buffers with memory of their own */
    ngx_buf_t            *borrowed;     /* last piece of the buffer being fed */
    consent_rc_t          rc;           /* of the transform; after a failure the rest of the body is dropped */
    unsigned              ended:1;      /* the transform has seen the end */
    ngx_consent_piece_t   ready[NGX_CONSENT_STREAM_READY];
} ngx_consent_stream_t;

/* s is zeroed. */
void ngx_consent_stream_init(ngx_consent_stream_t *s, ngx_http_request_t *r, consent_transform_t *transform);

/* Feeds one buffer; output gathers in s->out. NGX_OK or NGX_ERROR (out of memory). */
ngx_int_t ngx_consent_stream_feed(ngx_consent_stream_t *s, ngx_buf_t *in);

/* Passes on s->out and behind it `rest`, which is not fed, and gives back what has been sent. Returns what `next`
 * returned. */
ngx_int_t ngx_consent_stream_send(ngx_consent_stream_t *s, ngx_chain_t *rest, ngx_http_output_body_filter_pt next);

#endif
