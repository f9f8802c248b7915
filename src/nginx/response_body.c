/*
 * The body filter: runs the planned transform over the body and gets out of the way when it is done.
 */

#include "nginx/response.h"


static ngx_http_output_body_filter_pt  ngx_consent_next_body_filter;


static ngx_int_t ngx_consent_body_filter(ngx_http_request_t *r, ngx_chain_t *in);


ngx_int_t
ngx_consent_body_filter_init(ngx_conf_t *cf)
{
    ngx_consent_next_body_filter = ngx_http_top_body_filter;
    ngx_http_top_body_filter = ngx_consent_body_filter;

    return NGX_OK;
}


static ngx_int_t
ngx_consent_body_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_int_t                rc;
    ngx_chain_t             *cl;
    ngx_consent_response_t  *response;

    response = ngx_consent_response(r);

    if (response == NULL) {
        return ngx_consent_next_body_filter(r, in);
    }

    for (cl = in; cl; cl = cl->next) {
        response->began |= ngx_buf_size(cl->buf) != 0;
        response->ended |= cl->buf->last_buf;
    }

    if (response->html == NULL) {
        return ngx_consent_next_body_filter(r, in);
    }

    /* all is in and all that came of it has been sent: the rest is none of ours */

    if (response->html->decided && !response->html_conf.at_end && !response->held && response->stream.busy == NULL
        && response->stream.out == NULL)
    {
        return ngx_consent_next_body_filter(r, in);
    }

    if (ngx_consent_stream_feed(&response->stream, in) != NGX_OK) {
        return NGX_ERROR;
    }

    if (response->held) {
        rc = ngx_consent_header_release(r, response);

        if (rc == NGX_ERROR || rc > NGX_OK || r->header_only) {
            return rc;
        }
    }

    if (response->stream.out == NULL && response->stream.busy == NULL) {
        return in == NULL ? ngx_consent_next_body_filter(r, NULL) : NGX_OK;
    }

    return ngx_consent_stream_send(&response->stream, ngx_consent_next_body_filter);
}
