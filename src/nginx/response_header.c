/*
 * The header filter: every response shows the way to a human being, an AI answer says so, and what will happen to the
 * body is planned.
 */

#include "nginx/request.h"
#include "nginx/response.h"


static ngx_http_output_header_filter_pt  ngx_consent_next_header_filter;


static ngx_int_t ngx_consent_header_filter(ngx_http_request_t *r);
static const consent_disclosure_t *ngx_consent_response_claimed(ngx_consent_loc_conf_t *lcf, ngx_uint_t kind,
    consent_mode_t claim);
static ngx_flag_t ngx_consent_response_listens(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, ngx_uint_t kind,
    consent_kind_t type, consent_mode_t claim);
static ngx_int_t ngx_consent_response_silent(ngx_http_request_t *r, ngx_consent_ctx_t *ctx,
    ngx_consent_found_headers_t *found);
static ngx_int_t ngx_consent_response_say(ngx_http_request_t *r, ngx_consent_response_t *response);


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
    ngx_flag_t                    own, listens, restores;
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
    listens = 0;
    disclosure = NULL;

    if (mode == NGX_CONSENT_ON) {
        kind = ngx_consent_ai_kind(r, lcf);

        if (ctx != NULL && ((ngx_consent_request_t *) ctx->request)->routed) {
            /* a person answers, or our page that shows the way to one */
            kind = CONSENT_AI_OFF;
        }

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

    restores = ngx_consent_restore_due(r, ctx, lcf, &found);

    if (restores && ngx_consent_restore_header(r, &found) != NGX_OK) {
        return NGX_ERROR;
    }

    /* a response of its own, also where one was planned and nginx then answered with an error instead */

    if (ctx != NULL) {
        ctx->response = NULL;
        ctx->passes = 0;
    }

    if (disclosure == NULL) {
        return restores ? ngx_consent_response_silent(r, ctx, &found) : ngx_consent_next_header_filter(r);
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

    type = consent_stamp_kind(ngx_consent_slice(&r->headers_out.content_type));
    own = lcf->pages != NULL || (ctx != NULL && ctx->own);

    if (kind != CONSENT_AI_OFF && disclosure != NULL) {
        listens = !own && ngx_consent_response_listens(r, lcf, kind, type, found.claim);
        disclosure = ngx_consent_response_claimed(lcf, kind, found.claim);

        if (!listens && ngx_consent_response_ai(r, disclosure, found.allow_origin != NULL) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (r->headers_out.etag != NULL && lcf->pages == NULL && ngx_consent_validators_out(r, lcf, kind) != NGX_OK) {
        return NGX_ERROR;
    }

    if (own) {
        return ngx_consent_next_header_filter(r);
    }

    if (disclosure->mode == NULL && kind != CONSENT_AI_CHAT && !listens && type != CONSENT_KIND_HTML
        && type != CONSENT_KIND_XHTML)
    {
        return restores ? ngx_consent_response_silent(r, ctx, &found) : ngx_consent_next_header_filter(r);
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
    response->ai = (disclosure->mode != NULL || kind == CONSENT_AI_CHAT);
    response->kind = type;
    response->unsaid = listens;
    response->cors = (found.allow_origin != NULL);

    if (listens || lcf->ai_trust) {
        response->claimed = lcf->claimed;
    }

    if (kind != CONSENT_AI_OFF) {
        ngx_consent_turn_begin(r, response, lcf, found.no_answer);
    }

    if (ctx != NULL) {
        ctx->response = response;

    } else if (ngx_consent_response_alone(r, response) != NGX_OK) {
        return NGX_ERROR;
    }

    if ((response->ai || response->claimed) && ngx_consent_response_entry(r, response) != NGX_OK) {
        return NGX_ERROR;
    }

    if ((restores && ngx_consent_restore_plan(r, response) != NGX_OK)
        || ngx_consent_response_plan(r, response, lcf, &found) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (response->ai && lcf->ai_block && ngx_consent_response_blocked(r, response)) {

        /* what nginx says instead comes here again, with a header of its own */

        ngx_http_clean_header(r);

        return NGX_HTTP_BAD_GATEWAY;
    }

    if (mode == NGX_CONSENT_ON && ngx_consent_error_possible(r)) {
        response->error = 1;
        response->held = 1;
    }

    if (response->held) {
        return NGX_OK;
    }

    if (response->unsaid && ngx_consent_response_say(r, response) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_next_header_filter(r);
}


/* What is said by what its header says. That a machine had no part in it counts only where it is trusted. */
static const consent_disclosure_t *
ngx_consent_response_claimed(ngx_consent_loc_conf_t *lcf, ngx_uint_t kind, consent_mode_t claim)
{
    if (claim != CONSENT_MODE_UNKNOWN && lcf->claimed[claim] != NULL
        && (kind == CONSENT_AI_AUTO || (claim == CONSENT_MODE_HUMAN && kind != CONSENT_AI_CHAT)))
    {
        return lcf->claimed[claim];
    }

    return lcf->disclosure[kind];
}


/* The body may say more than the header, and what it says still goes into it: where it has not said anything yet, or where
 * its word against ours is trusted. */
static ngx_flag_t
ngx_consent_response_listens(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, ngx_uint_t kind, consent_kind_t type,
    consent_mode_t claim)
{
    if (kind == CONSENT_AI_AUTO) {
        return (claim == CONSENT_MODE_UNKNOWN || lcf->claimed[claim] == NULL) && type != CONSENT_KIND_OTHER
               && type != CONSENT_KIND_TEXT && type != CONSENT_KIND_MARKDOWN;
    }

    return lcf->ai_trust && kind != CONSENT_AI_CHAT && claim != CONSENT_MODE_HUMAN
           && (type == CONSENT_KIND_HTML || type == CONSENT_KIND_XHTML || type == CONSENT_KIND_JSON);
}


/* Nothing is said in it, but masks in it become values again. */
static ngx_int_t
ngx_consent_response_silent(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_found_headers_t *found)
{
    ngx_consent_response_t  *response;

    response = ngx_pcalloc(r->pool, sizeof(ngx_consent_response_t));
    if (response == NULL) {
        return NGX_ERROR;
    }

    response->request = r;
    ctx->response = response;

    if (ngx_consent_restore_plan(r, response) != NGX_OK || ngx_consent_response_run(r, response, found) != NGX_OK) {
        return NGX_ERROR;
    }

    return ngx_consent_next_header_filter(r);
}


static ngx_int_t
ngx_consent_response_say(ngx_http_request_t *r, ngx_consent_response_t *response)
{
    response->unsaid = 0;

    return ngx_consent_response_ai(r, ngx_consent_response_says(response), response->cors);
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

    if (response->unsaid && ngx_consent_response_say(r, response) != NGX_OK) {
        return NGX_ERROR;
    }

    if (response->stamp == NULL) {
        r->headers_out.content_length_n = length;

    } else if (length >= 0 && consent_stamp_promise(response->stamp, &growth)) {
        response->promised = 1;
        response->promise = growth;
        r->headers_out.content_length_n = length + (off_t) growth;
    }

    return ngx_consent_next_header_filter(r);
}


