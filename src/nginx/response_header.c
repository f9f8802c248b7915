/*
 * The header filter: every response shows the way to a human being, an AI answer says so, and what will happen to the
 * body is planned.
 */

#include "nginx/response.h"


static ngx_http_output_header_filter_pt  ngx_consent_next_header_filter;


static ngx_int_t ngx_consent_header_filter(ngx_http_request_t *r);


ngx_int_t
ngx_consent_header_filter_init(ngx_conf_t *cf)
{
    ngx_consent_next_header_filter = ngx_http_top_header_filter;
    ngx_http_top_header_filter = ngx_consent_header_filter;

    return NGX_OK;
}


static ngx_int_t
ngx_consent_header_filter(ngx_http_request_t *r)
{
    size_t                        language;
    ngx_uint_t                    kind;
    consent_kind_t                type;
    ngx_consent_ctx_t            *ctx;
    ngx_consent_mode_t            mode;
    consent_slice_t               link;
    ngx_consent_response_t       *response;
    ngx_consent_loc_conf_t       *lcf;
    ngx_consent_srv_conf_t       *scf;
    const consent_disclosure_t   *disclosure;
    ngx_consent_found_headers_t   found;

    if (r != r->main) {
        return ngx_consent_next_header_filter(r);
    }

    lcf = ngx_consent_loc_conf(r);
    scf = ngx_consent_srv_conf(r);

    if (scf->policy == NULL) {
        return ngx_consent_next_header_filter(r);
    }

    mode = ngx_consent_mode(lcf);
    ctx = ngx_consent_request_peek(r);

    kind = CONSENT_AI_OFF;
    disclosure = NULL;

    if (mode == NGX_CONSENT_ON) {
        kind = ngx_consent_ai_kind(r, lcf);
        disclosure = lcf->disclosure[kind];
    }

    ngx_consent_response_scan(r, &found, mode == NGX_CONSENT_ON, kind != CONSENT_AI_OFF);

    if (found.set_cookies || (ctx != NULL && mode == NGX_CONSENT_ON)) {
        if (ngx_consent_response_cookies(r, ctx, lcf, ctx != NULL ? ctx->policy : scf->policy, found.set_cookies)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (disclosure == NULL) {
        return ngx_consent_next_header_filter(r);
    }

    language = 0;

    if (found.content_language != NULL) {
        language = consent_policy_language((ctx != NULL ? ctx->policy : scf->policy)->policy,
                                           ngx_consent_slice(&found.content_language->value), consent_lit(""));
    }

    link = disclosure->in[language].link;

    if (link.len != 0
        && ngx_consent_response_push(r, "Link", sizeof("Link") - 1, (u_char *) link.data, link.len) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ctx != NULL && ctx->weighed && (found.no_store || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)))) {
        if (ngx_consent_response_level(r, ctx) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (kind != CONSENT_AI_OFF && ngx_consent_response_ai(r, disclosure, &found) != NGX_OK) {
        return NGX_ERROR;
    }

    if (r->headers_out.etag != NULL && lcf->pages == NULL && ngx_consent_validators_out(r, lcf, kind) != NGX_OK) {
        return NGX_ERROR;
    }

    if (lcf->pages != NULL || (ctx != NULL && ctx->own)) {
        return ngx_consent_next_header_filter(r);
    }

    /* a response of its own, also where one was planned and nginx then answered with an error instead */

    type = consent_stamp_kind(ngx_consent_slice(&r->headers_out.content_type));

    if (kind == CONSENT_AI_OFF && type != CONSENT_KIND_HTML && type != CONSENT_KIND_XHTML) {
        if (ctx != NULL) {
            ctx->response = NULL;
        }

        return ngx_consent_next_header_filter(r);
    }

    response = ngx_pcalloc(r->pool, sizeof(ngx_consent_response_t));
    if (response == NULL) {
        return NGX_ERROR;
    }

    response->request = r;
    response->policy = ctx != NULL ? ctx->policy : scf->policy;
    response->disclosure = disclosure;
    response->service = ((ngx_http_core_loc_conf_t *) ngx_http_get_module_loc_conf(r, ngx_http_core_module))->name;
    response->language = language;
    response->ai = (kind != CONSENT_AI_OFF);
    response->kind = type;

    if (ctx != NULL) {
        ctx->response = response;

    } else if (ngx_consent_response_alone(r, response) != NGX_OK) {
        return NGX_ERROR;
    }

    if (response->ai && ngx_consent_response_entry(r, response) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_consent_response_plan(r, response, lcf, &found) != NGX_OK) {
        return NGX_ERROR;
    }

    if (response->ai && lcf->ai_block && ngx_consent_response_blocked(r, response)) {

        /* what nginx says instead comes here again, with a header of its own */

        ngx_http_clean_header(r);

        return NGX_HTTP_BAD_GATEWAY;
    }

    if (response->held) {
        return NGX_OK;
    }

    return ngx_consent_next_header_filter(r);
}


ngx_int_t
ngx_consent_header_release(ngx_http_request_t *r, ngx_consent_response_t *response)
{
    off_t   length;
    size_t  growth;

    response->held = 0;
    length = r->headers_out.content_length_n;

    ngx_http_clear_content_length(r);

    /* of an image whose place is not found yet nothing can be promised */

    if (consent_stamp_promise(response->stamp, &growth)) {
        response->promised = 1;
        response->promise = growth;
        r->headers_out.content_length_n = length + (off_t) growth;
    }

    return ngx_consent_next_header_filter(r);
}


