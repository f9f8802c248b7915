/*
 * The body filter: runs the planned transform over the body and gets out of the way when it is done.
 */

#include "disclose/claim.h"
#include "nginx/deliver.h"
#include "nginx/response.h"


static ngx_http_output_body_filter_pt  ngx_consent_next_body_filter;


static ngx_int_t ngx_consent_body_filter(ngx_http_request_t *r, ngx_chain_t *in);
static ngx_int_t ngx_consent_body_work(ngx_http_request_t *r, ngx_chain_t *in) __attribute__((noinline));
static ngx_inline void ngx_consent_body_watch(ngx_consent_response_t *response, ngx_chain_t *in);
static ngx_int_t ngx_consent_body_answer(ngx_http_request_t *r, ngx_chain_t *in);
static ngx_int_t ngx_consent_body_change(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_chain_t *in);
static ngx_flag_t ngx_consent_body_done(const ngx_consent_response_t *response);


ngx_int_t
ngx_consent_body_filter_init(ngx_conf_t *cf)
{
    ngx_consent_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_consent_body_filter;

    return NGX_OK;
}


/* Of a large body nearly all comes by here when nothing is left to do: this way is kept short. A subrequest has no
 * context of its own. */
static ngx_int_t
ngx_consent_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_consent_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_consent_module);

    if (ctx == NULL || !ctx->passes) {
        return ngx_consent_body_work(r, in);
    }

    ngx_consent_body_watch(ctx->response, in);

    return ngx_consent_next_body_filter(r, in);
}


static ngx_int_t
ngx_consent_body_work(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_consent_response_t  *response;

    response = ngx_consent_response(r);

    if (response == NULL) {
        return ngx_consent_is_delivery(r) ? ngx_consent_body_answer(r, in) : ngx_consent_next_body_filter(r, in);
    }

    ngx_consent_body_watch(response, in);

    return ngx_consent_body_change(r, response, in);
}


static ngx_inline void
ngx_consent_body_watch(ngx_consent_response_t *response, ngx_chain_t *in)
{
    for ( /* void */ ; in; in = in->next) {
        if (in->buf->last_buf) {
            response->ended = 1;
        }
    }
}


/* What is answered to a request of our own. */
static ngx_int_t
ngx_consent_body_answer(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_int_t  rc;

    rc = ngx_consent_deliver_take(r, in);

    return rc == NGX_DECLINED ? ngx_consent_next_body_filter(r, in) : rc;
}


static ngx_int_t
ngx_consent_body_change(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_chain_t *in)
{
    ngx_int_t           rc;
    ngx_chain_t        *fed;
    ngx_consent_ctx_t  *ctx;

    if (response->error && in) {
        response->error = 0;
        (void) ngx_consent_error_replace(r, response, &in);
    }

    if (response->stream.transform == NULL) {

        if (response->held) {
            rc = ngx_consent_header_release(r, response);

            if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
                return rc;
            }
        }

        return ngx_consent_next_body_filter(r, in);
    }

    fed = in;

    for ( /* void */ ; in && !ngx_consent_body_done(response); in = in->next) {
        if (ngx_consent_stream_feed(&response->stream, in->buf) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (response->unsaid && (response->kind == CONSENT_KIND_PNG || response->kind == CONSENT_KIND_JPEG)
        && fed != NULL && ngx_buf_in_memory(fed->buf))
    {
        response->stamp->claim = consent_claim_image(consent_slice(fed->buf->pos,
                                                                   (size_t) (fed->buf->last - fed->buf->pos)));
    }

    if (response->held) {
        rc = ngx_consent_header_release(r, response);

        if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
            return rc;
        }
    }

    if (response->stream.out == NULL && response->stream.busy == NULL) {

        /* what was fed is held back, unless there was nothing to feed */

        ctx = ngx_http_get_module_ctx(r, ngx_consent_module);

        if (ctx) {
            ctx->passes = !response->error && ngx_consent_body_done(response);
        }

        return in || fed == NULL ? ngx_consent_next_body_filter(r, in) : NGX_OK;
    }

    return ngx_consent_stream_send(&response->stream, in, ngx_consent_next_body_filter);
}


/* All is in: the rest of the body is none of ours. Not where a length was promised that is yet to be filled up. */
static ngx_flag_t
ngx_consent_body_done(const ngx_consent_response_t *response)
{
    return response->restore == NULL && response->stamp->decided && !response->conf.at_end && !response->inflates
           && (!response->promised || response->promise == response->stamp->inserted);
}
