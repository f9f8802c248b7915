/*
 * What becomes of a response's body, and what is known of it afterwards.
 */

#include "nginx/response.h"


/* bytes that one piece of a compressed body may become: an upstream's, not a client's */
#define NGX_CONSENT_INFLATE_STEP  (64 * 1024 * 1024)

static const char *ngx_consent_response_unfit(ngx_http_request_t *r, ngx_consent_response_t *response,
    ngx_consent_found_headers_t *found);
static void ngx_consent_response_conf(ngx_http_request_t *r, ngx_consent_response_t *response,
    ngx_consent_loc_conf_t *lcf, ngx_consent_found_headers_t *found);
static ngx_flag_t ngx_consent_response_fetched(ngx_http_request_t *r);
static void *ngx_consent_response_room(void *arg, size_t size);
static ngx_flag_t ngx_consent_response_inflatable(ngx_consent_found_headers_t *found,
    consent_inflate_format_t *format);
static ngx_int_t ngx_consent_response_inflate(ngx_http_request_t *r, ngx_consent_response_t *response,
    ngx_consent_found_headers_t *found, consent_inflate_format_t format);
static void ngx_consent_response_decoded(ngx_http_request_t *r, ngx_consent_found_headers_t *found);
static void ngx_consent_response_marker(void *data);


/* What becomes of the body. Whatever cannot carry the notice has headers only, and the outcome says why. */
ngx_int_t
ngx_consent_response_plan(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_consent_loc_conf_t *lcf,
    ngx_consent_found_headers_t *found)
{
    void                      *memory;
    consent_inflate_format_t   format;

    response->outcome = ngx_consent_response_unfit(r, response, found);

    if (response->outcome != NULL) {

        if (r->method == NGX_HTTP_HEAD && response->kind != CONSENT_KIND_OTHER) {
            ngx_http_clear_content_length(r);
            ngx_http_clear_accept_ranges(r);

            if (ngx_consent_response_inflatable(found, &format)) {
                ngx_consent_response_decoded(r, found);
            }
        }

        return ngx_consent_response_run(r, response, found);
    }

    memory = ngx_palloc(r->pool, consent_stamp_size(response->kind));
    if (memory == NULL) {
        return NGX_ERROR;
    }

    ngx_consent_response_conf(r, response, lcf, found);

    response->stamp = consent_stamp_init(memory, response->kind, &response->conf);

    return ngx_consent_response_run(r, response, found);
}


ngx_int_t
ngx_consent_response_run(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_consent_found_headers_t *found)
{
    ngx_uint_t                 i;
    consent_transform_t       *transform;
    consent_inflate_format_t   format;

    transform = response->stamp != NULL ? &response->stamp->base : NULL;

    if (response->restore != NULL && transform != NULL) {
        consent_transform_pair(&response->inner, response->restore, transform);
        transform = &response->inner.base;

    } else if (response->restore != NULL) {
        transform = response->restore;
    }

    if (transform == NULL) {
        return NGX_OK;
    }

    ngx_consent_stream_init(&response->stream, r, transform);

    r->filter_need_in_memory = 1;
    r->main_filter_need_in_memory = 1;

    ngx_http_clear_accept_ranges(r);
    r->allow_ranges = 0;

    for (i = 0; i < found->n_digests; i++) {
        found->digests[i]->hash = 0;
    }

    if (ngx_consent_response_inflatable(found, &format)) {
        return ngx_consent_response_inflate(r, response, found, format);
    }

    /* a stream is never held; where values come back no length can be promised, and there is none any more */

    if (response->stamp != NULL && (r->headers_out.content_length_n >= 0 || response->unsaid)
        && (r->upstream == NULL || r->upstream->buffering) && response->kind != CONSENT_KIND_SSE
        && response->kind != CONSENT_KIND_NDJSON)
    {
        response->held = 1;

    } else {
        ngx_http_clear_content_length(r);
    }

    return NGX_OK;
}


/* Why the body cannot be changed; NULL: it can. */
static const char *
ngx_consent_response_unfit(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_consent_found_headers_t *found)
{
    ngx_uint_t      status;
    consent_kind_t  kind;

    kind = response->kind;
    status = r->headers_out.status;

    if (kind == CONSENT_KIND_OTHER || ((kind == CONSENT_KIND_PNG || kind == CONSENT_KIND_JPEG) && status != NGX_HTTP_OK))
    {
        return "headers only: type";
    }

    if (r->header_only || r->method == NGX_HTTP_HEAD || status == NGX_HTTP_NO_CONTENT
        || status == NGX_HTTP_NOT_MODIFIED)
    {
        return "headers only: no body";
    }

    if (status == NGX_HTTP_PARTIAL_CONTENT) {
        return "headers only: partial content";
    }

    if (status >= NGX_HTTP_SPECIAL_RESPONSE && status < NGX_HTTP_BAD_REQUEST) {
        return "headers only: redirect";
    }

    if (found->no_transform) {
        return "headers only: no-transform";
    }

    if (ngx_consent_response_coded(found)) {
        return "headers only: content encoding";
    }

    if (found->content_disposition != NULL
        && ngx_consent_response_is(&found->content_disposition->value, "attachment", sizeof("attachment") - 1))
    {
        return "headers only: attachment";
    }

    /* a program that checks a digest of JSON would refuse all of it; of pages the digest is dropped */

    if (found->signature || (kind == CONSENT_KIND_JSON && found->n_digests != 0)) {
        return "headers only: signed";
    }

    if ((kind == CONSENT_KIND_HTML || kind == CONSENT_KIND_XHTML) && ngx_consent_response_fetched(r)) {
        return "headers only: fragment";
    }

    return NULL;
}


/* A script asked for it, by Sec-Fetch-Dest: empty, and puts it where it likes. */
static ngx_flag_t
ngx_consent_response_fetched(ngx_http_request_t *r)
{
    ngx_str_t           dest;
    ngx_consent_ctx_t  *ctx;

    ctx = ngx_consent_request_peek(r);

    if (ctx != NULL) {
        return ctx->fetched;
    }

    return ngx_consent_header(r, "sec-fetch-dest", &dest) == 1
           && dest.len == sizeof("empty") - 1 && ngx_strncmp(dest.data, "empty", dest.len) == 0;
}


/* As far as the header tells. A fragment goes into a page that is marked itself. */
ngx_flag_t
ngx_consent_response_blocked(ngx_http_request_t *r, ngx_consent_response_t *response)
{
    ngx_uint_t  status;

    status = r->headers_out.status;

    return response->stamp == NULL && response->disclosure->mode != NULL && status >= NGX_HTTP_OK
           && status < NGX_HTTP_SPECIAL_RESPONSE && status != NGX_HTTP_NO_CONTENT && !r->header_only
           && r->method != NGX_HTTP_HEAD && ngx_strcmp(response->outcome, "headers only: fragment") != 0;
}


static void
ngx_consent_response_conf(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_consent_loc_conf_t *lcf,
    ngx_consent_found_headers_t *found)
{
    ngx_str_t              accept, resumed;
    consent_chat_t         chat;
    consent_slice_t        language;
    consent_stamp_conf_t  *conf;

    conf = &response->conf;
    conf->policy = response->policy->policy;
    conf->disclosure = response->disclosure;
    conf->ai = response->ai;
    conf->trusted = lcf->ai_trust;
    conf->offered = response->offered;
    conf->believed = response->ai ? NULL : response->claimed;
    conf->charset = consent_charset_of(ngx_consent_slice(&r->headers_out.content_type));
    conf->ui_stream = found->ui_stream;
    conf->room = ngx_consent_response_room;
    conf->room_arg = r->pool;

    if (r->headers_out.content_length_n > 0) {
        conf->length = (size_t) r->headers_out.content_length_n;
    }

    if (conf->charset == CONSENT_CHARSET_UNKNOWN && r->headers_out.charset.len == sizeof("utf-8") - 1
        && ngx_strncasecmp(r->headers_out.charset.data, (u_char *) "utf-8", sizeof("utf-8") - 1) == 0)
    {
        conf->charset = CONSENT_CHARSET_UTF8;
    }

    switch (response->kind) {

    case CONSENT_KIND_HTML:
    case CONSENT_KIND_XHTML:
        conf->contact = true;
        conf->at_end = lcf->contact_end;
        conf->xhtml = response->kind == CONSENT_KIND_XHTML;
        break;

    case CONSENT_KIND_SSE:
    case CONSENT_KIND_NDJSON:
    case CONSENT_KIND_TEXT:
    case CONSENT_KIND_MARKDOWN:
        ngx_consent_chat_read(r, &chat);

        /* what goes on where a stream broke off has said it before */

        conf->quiet = (chat.later_turn && !response->offered) || chat.wants_json
                      || ngx_consent_header(r, "last-event-id", &resumed) != 0;
        break;

    default:
        break;
    }

    /* what no cache keeps may speak the language that was asked for */

    if (response->kind == CONSENT_KIND_SSE || response->kind == CONSENT_KIND_NDJSON
        || !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)))
    {
        if (ngx_consent_header(r, "accept-language", &accept) == 1) {
            language = consent_lit("");

            if (found->content_language != NULL) {
                language = ngx_consent_slice(&found->content_language->value);
            }

            response->language = consent_policy_language(conf->policy, language, ngx_consent_slice(&accept));
        }
    }

    conf->language = response->language;
}


static void *
ngx_consent_response_room(void *arg, size_t size)
{
    return ngx_palloc(arg, size);
}


ngx_flag_t
ngx_consent_response_coded(ngx_consent_found_headers_t *found)
{
    consent_inflate_format_t  format;

    return found->content_encoding != NULL
           && !ngx_consent_response_is(&found->content_encoding->value, "identity", sizeof("identity") - 1)
           && !ngx_consent_response_inflatable(found, &format);
}


/* We ask for no coding, but a file may be there compressed, and a server may not listen. */
static ngx_flag_t
ngx_consent_response_inflatable(ngx_consent_found_headers_t *found, consent_inflate_format_t *format)
{
    ngx_str_t  *value;

    if (found->content_encoding == NULL) {
        return 0;
    }

    value = &found->content_encoding->value;

    if (ngx_consent_response_is(value, "gzip", sizeof("gzip") - 1)
        || ngx_consent_response_is(value, "x-gzip", sizeof("x-gzip") - 1))
    {
        *format = CONSENT_INFLATE_GZIP;
        return 1;
    }

    *format = CONSENT_INFLATE_DEFLATE;

    return ngx_consent_response_is(value, "deflate", sizeof("deflate") - 1);
}


static ngx_int_t
ngx_consent_response_inflate(ngx_http_request_t *r, ngx_consent_response_t *response,
    ngx_consent_found_headers_t *found, consent_inflate_format_t format)
{
    void                 *memory;
    consent_transform_t  *inflate;

    memory = ngx_palloc(r->pool, consent_inflate_size());
    if (memory == NULL) {
        return NGX_ERROR;
    }

    inflate = consent_inflate_init(memory, format, NGX_CONSENT_INFLATE_STEP);

    if (inflate == NULL) {
        response->stamp = NULL;
        response->restore = NULL;
        response->stream.transform = NULL;
        response->outcome = "headers only: content encoding";
        return NGX_OK;
    }

    consent_transform_pair(&response->pair, inflate, response->stream.transform);
    ngx_consent_stream_init(&response->stream, r, &response->pair.base);
    response->inflates = 1;

    ngx_consent_response_decoded(r, found);
    ngx_http_clear_content_length(r);

    return NGX_OK;
}


static void
ngx_consent_response_decoded(ngx_http_request_t *r, ngx_consent_found_headers_t *found)
{
    found->content_encoding->hash = 0;
    r->headers_out.content_encoding = NULL;
}


ngx_consent_response_t *
ngx_consent_response(ngx_http_request_t *r)
{
    ngx_consent_ctx_t   *ctx;
    ngx_pool_cleanup_t  *cln;

    if (r != r->main) {
        return NULL;
    }

    ctx = ngx_http_get_module_ctx(r, ngx_consent_module);

    if (ctx == NULL) {
        ctx = ngx_consent_request_peek(r);
    }

    if (ctx != NULL) {
        return ctx->response;
    }

    for (cln = r->pool->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_consent_response_marker) {
            return *(ngx_consent_response_t **) cln->data;
        }
    }

    return NULL;
}


/* A request that no phase has seen has no context: its pool keeps the plan. */
ngx_int_t
ngx_consent_response_alone(ngx_http_request_t *r, ngx_consent_response_t *response)
{
    ngx_pool_cleanup_t  *cln;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_consent_response_t *));
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_consent_response_marker;
    *(ngx_consent_response_t **) cln->data = response;

    return NGX_OK;
}


static void
ngx_consent_response_marker(void *data)
{
    /* only marks a cleanup as ours */
}


const char *
ngx_consent_response_outcome(ngx_http_request_t *r)
{
    ngx_consent_response_t  *response;

    response = ngx_consent_response(r->main);

    if (response == NULL) {
        return NULL;
    }

    if (response->stamp == NULL) {
        return response->outcome;
    }

    return consent_stamp_outcome_name(response->stamp->outcome);
}


consent_ai_kind_t
ngx_consent_ai_kind(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf)
{
    ngx_str_t  value;

    if (lcf->ai_value == NULL) {
        return (consent_ai_kind_t) lcf->ai;
    }

    if (ngx_http_complex_value(r, lcf->ai_value, &value) != NGX_OK) {
        return CONSENT_AI_OFF;
    }

    if (value.len == 2 && ngx_strncmp(value.data, "on", 2) == 0) {
        return CONSENT_AI_ON;
    }

    if (value.len == 4 && ngx_strncmp(value.data, "chat", 4) == 0) {
        return CONSENT_AI_CHAT;
    }

    if (value.len == 8 && ngx_strncmp(value.data, "decision", 8) == 0) {
        return CONSENT_AI_DECISION;
    }

    if (value.len == 4 && ngx_strncmp(value.data, "auto", 4) == 0) {
        return CONSENT_AI_AUTO;
    }

    return CONSENT_AI_OFF;
}


/* The value is `what`, perhaps with parameters. */
ngx_flag_t
ngx_consent_response_is(ngx_str_t *type, const char *what, size_t len)
{
    return type->len >= len
           && ngx_strncasecmp(type->data, (u_char *) what, len) == 0
           && (type->len == len || type->data[len] == ';' || type->data[len] == ' ' || type->data[len] == '\t');
}
