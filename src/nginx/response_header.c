/*
 * The header filter: every response shows the way to a human being, an AI answer says so, and what will happen to the
 * body is planned.
 */

#include "nginx/response.h"


static ngx_http_output_header_filter_pt  ngx_consent_next_header_filter;


static ngx_int_t ngx_consent_header_filter(ngx_http_request_t *r);
static void ngx_consent_header_scan(ngx_http_request_t *r, ngx_consent_found_headers_t *found, ngx_flag_t enabled,
    ngx_flag_t ai);
static ngx_int_t ngx_consent_header_level(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);
static ngx_int_t ngx_consent_header_ai(ngx_http_request_t *r, const consent_disclosure_t *disclosure,
    ngx_consent_found_headers_t *found);
static ngx_int_t ngx_consent_header_plan(ngx_http_request_t *r, ngx_consent_response_t *response,
    ngx_consent_loc_conf_t *lcf, ngx_consent_found_headers_t *found);
static ngx_int_t ngx_consent_response_alone(ngx_http_request_t *r, ngx_consent_response_t *response);
static void ngx_consent_response_marker(void *data);
static const char *ngx_consent_response_kind(ngx_http_request_t *r);
static ngx_flag_t ngx_consent_is(ngx_str_t *type, const char *what, size_t len);


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

    ngx_consent_header_scan(r, &found, mode == NGX_CONSENT_ON, kind != CONSENT_AI_OFF);

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
        if (ngx_consent_header_level(r, ctx) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    if (kind != CONSENT_AI_OFF && ngx_consent_header_ai(r, disclosure, &found) != NGX_OK) {
        return NGX_ERROR;
    }

    if (r->headers_out.etag != NULL && lcf->pages == NULL && ngx_consent_validators_out(r, lcf, kind) != NGX_OK) {
        return NGX_ERROR;
    }

    if (lcf->pages != NULL || (ctx != NULL && ctx->own)) {
        return ngx_consent_next_header_filter(r);
    }

    /* a response of its own, also where one was planned and nginx then answered with an error instead */

    if (kind == CONSENT_AI_OFF
        && !ngx_consent_is(&r->headers_out.content_type, "text/html", sizeof("text/html") - 1)
        && !ngx_consent_is(&r->headers_out.content_type, "application/xhtml+xml",
                           sizeof("application/xhtml+xml") - 1))
    {
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
    response->kind = ngx_consent_response_kind(r);

    if (ctx != NULL) {
        ctx->response = response;

    } else if (ngx_consent_response_alone(r, response) != NGX_OK) {
        return NGX_ERROR;
    }

    if (response->ai && ngx_consent_response_entry(r, response) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_consent_header_plan(r, response, lcf, &found) != NGX_OK) {
        return NGX_ERROR;
    }

    if (response->held) {
        return NGX_OK;
    }

    return ngx_consent_next_header_filter(r);
}


/* One pass over the response header. An upstream's own claims about AI are ours to make where we make them, and what only
 * we may say to a client is taken out. */

static void
ngx_consent_header_scan(ngx_http_request_t *r, ngx_consent_found_headers_t *found, ngx_flag_t enabled, ngx_flag_t ai)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    ngx_memzero(found, sizeof(ngx_consent_found_headers_t));

    part = &r->headers_out.headers.part;
    h = part->elts;

    for (i = 0; /* void */ ; i++) {

        if (i >= part->nelts) {
            if (part->next == NULL) {
                break;
            }

            part = part->next;
            h = part->elts;
            i = 0;
        }

        if (h[i].hash == 0) {
            continue;
        }

#define ngx_consent_header_named(s)                                                                                  \
    (h[i].key.len == sizeof(s) - 1 && ngx_strncasecmp(h[i].key.data, (u_char *) s, sizeof(s) - 1) == 0)

        switch (h[i].key.data[0] | 0x20) {

        case 's':
            if (ngx_consent_header_named("Set-Cookie")) {
                found->set_cookies = 1;
            }

            break;

        case 'c':
            if (ngx_consent_header_named("Content-Encoding")) {
                found->content_encoding = &h[i];

            } else if (ngx_consent_header_named("Cache-Control")) {
                found->no_store |= ngx_strlcasestrn(h[i].value.data, h[i].value.data + h[i].value.len,
                                                    (u_char *) "private", sizeof("private") - 2) != NULL
                                   || ngx_strlcasestrn(h[i].value.data, h[i].value.data + h[i].value.len,
                                                       (u_char *) "no-store", sizeof("no-store") - 2) != NULL;
                found->no_transform |= ngx_strlcasestrn(h[i].value.data, h[i].value.data + h[i].value.len,
                                                        (u_char *) "no-transform", sizeof("no-transform") - 2)
                                       != NULL;

            } else if (ngx_consent_header_named("Content-Disposition")) {
                found->content_disposition = &h[i];

            } else if (ngx_consent_header_named("Content-Language")) {
                found->content_language = &h[i];

            } else if (enabled && (ngx_consent_header_named("Consent-Level")
                                   || ngx_consent_header_named("Consent-Withheld")))
            {
                h[i].hash = 0;
            }

            break;

        case 'a':
            if (ngx_consent_header_named("Access-Control-Allow-Origin")) {
                found->allow_origin = &h[i];

            } else if (ai && ngx_consent_header_named("AI-Disclosure")) {
                h[i].hash = 0;
            }

            break;

        case 'x':
            if (ai && ngx_consent_header_named("X-AI-Generated")) {
                h[i].hash = 0;
            }

            break;
        }

#undef ngx_consent_header_named
    }
}


ngx_int_t
ngx_consent_response_push(ngx_http_request_t *r, const char *name, size_t name_len, u_char *value, size_t value_len)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    h->key.data = (u_char *) name;
    h->key.len = name_len;
    h->value.data = value;
    h->value.len = value_len;
    h->lowcase_key = (u_char *) name;

    return NGX_OK;
}


/* Level and what was withheld, where no shared cache may keep them. */

static ngx_int_t
ngx_consent_header_level(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    size_t                   i, len;
    u_char                  *p, *start;
    const consent_policy_t  *policy;

    policy = ctx->policy->policy;

    if (ctx->effect.level >= 0 && (size_t) ctx->effect.level < policy->n_levels) {
        if (ngx_consent_response_push(r, "Consent-Level", sizeof("Consent-Level") - 1,
                                      (u_char *) policy->levels[ctx->effect.level].id.data,
                                      policy->levels[ctx->effect.level].id.len)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ctx->withheld == 0) {
        return NGX_OK;
    }

    len = 0;

    for (i = 0; i < policy->n_categories; i++) {
        if (ctx->withheld & (consent_mask_t) 1 << i) {
            len += policy->categories[i].id.len + 2;
        }
    }

    start = ngx_pnalloc(r->pool, len);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = start;

    for (i = 0; i < policy->n_categories; i++) {
        if (ctx->withheld & (consent_mask_t) 1 << i) {
            if (p != start) {
                *p++ = ',';
                *p++ = ' ';
            }

            p = ngx_cpymem(p, policy->categories[i].id.data, policy->categories[i].id.len);
        }
    }

    return ngx_consent_response_push(r, "Consent-Withheld", sizeof("Consent-Withheld") - 1, start,
                                     (size_t) (p - start));
}


static ngx_int_t
ngx_consent_header_ai(ngx_http_request_t *r, const consent_disclosure_t *disclosure,
    ngx_consent_found_headers_t *found)
{
    size_t   len;
    u_char  *p;

    if (disclosure->header.len == 0) {
        return NGX_OK;
    }

    len = disclosure->header.len + sizeof(", date=@") + NGX_TIME_T_LEN;

    p = ngx_pnalloc(r->pool, len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    len = consent_disclosure_header(p, len, disclosure, ngx_consent_now());

    if (ngx_consent_response_push(r, "AI-Disclosure", sizeof("AI-Disclosure") - 1, p, len) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_strcmp(disclosure->mode, "none") != 0
        && ngx_consent_response_push(r, "X-AI-Generated", sizeof("X-AI-Generated") - 1, (u_char *) "true",
                                     sizeof("true") - 1) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (found->allow_origin != NULL) {
        return ngx_consent_response_push(r, "Access-Control-Expose-Headers",
                                         sizeof("Access-Control-Expose-Headers") - 1,
                                         (u_char *) "AI-Disclosure, Link", sizeof("AI-Disclosure, Link") - 1);
    }

    return NGX_OK;
}


/* What becomes of the body. Whatever cannot carry the notice has headers only, and the outcome says why. */

static ngx_int_t
ngx_consent_header_plan(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_consent_loc_conf_t *lcf,
    ngx_consent_found_headers_t *found)
{
    void                 *memory;
    ngx_str_t             dest;
    consent_stamp_conf_t  *conf;

    if (ngx_strcmp(response->kind, "html") != 0) {
        response->outcome = "headers only: type";
        return NGX_OK;
    }

    if (r->header_only || r->method == NGX_HTTP_HEAD || r->headers_out.status == NGX_HTTP_NO_CONTENT
        || r->headers_out.status == NGX_HTTP_NOT_MODIFIED)
    {
        response->outcome = "headers only: no body";

        if (r->method == NGX_HTTP_HEAD) {
            ngx_http_clear_content_length(r);
            ngx_http_clear_accept_ranges(r);
        }

        return NGX_OK;
    }

    if (r->headers_out.status == NGX_HTTP_PARTIAL_CONTENT) {
        response->outcome = "headers only: partial content";
        return NGX_OK;
    }

    if (r->headers_out.status >= NGX_HTTP_SPECIAL_RESPONSE && r->headers_out.status < NGX_HTTP_BAD_REQUEST) {
        response->outcome = "headers only: redirect";
        return NGX_OK;
    }

    if (found->no_transform) {
        response->outcome = "headers only: no-transform";
        return NGX_OK;
    }

    if (found->content_encoding != NULL
        && !ngx_consent_is(&found->content_encoding->value, "identity", sizeof("identity") - 1))
    {
        response->outcome = "headers only: content encoding";
        return NGX_OK;
    }

    if (found->content_disposition != NULL
        && ngx_consent_is(&found->content_disposition->value, "attachment", sizeof("attachment") - 1))
    {
        response->outcome = "headers only: attachment";
        return NGX_OK;
    }

    if (ngx_consent_header(r, "sec-fetch-dest", &dest) == 1
        && dest.len == sizeof("empty") - 1 && ngx_strncmp(dest.data, "empty", dest.len) == 0)
    {
        response->outcome = "headers only: fragment";
        return NGX_OK;
    }

    memory = ngx_palloc(r->pool, consent_stamp_size());
    if (memory == NULL) {
        return NGX_ERROR;
    }

    conf = &response->html_conf;
    conf->policy = response->policy->policy;
    conf->disclosure = response->disclosure;
    conf->ai = response->ai;
    conf->contact = true;
    conf->at_end = lcf->contact_end;
    conf->xhtml = (r->headers_out.content_type.data[0] | 0x20) == 'a';
    conf->charset = consent_charset_of(ngx_consent_slice(&r->headers_out.content_type));
    conf->language = response->language;

    if (conf->charset == CONSENT_CHARSET_UNKNOWN && r->headers_out.charset.len == sizeof("utf-8") - 1
        && ngx_strncasecmp(r->headers_out.charset.data, (u_char *) "utf-8", sizeof("utf-8") - 1) == 0)
    {
        conf->charset = CONSENT_CHARSET_UTF8;
    }

    response->html = consent_stamp_init(memory, conf);
    ngx_consent_stream_init(&response->stream, r, &response->html->base);

    r->filter_need_in_memory = 1;
    r->main_filter_need_in_memory = 1;

    ngx_http_clear_accept_ranges(r);
    r->allow_ranges = 0;

    if (r->headers_out.content_length_n >= 0 && (r->upstream == NULL || r->upstream->buffering)) {
        response->held = 1;

    } else {
        ngx_http_clear_content_length(r);
    }

    return NGX_OK;
}


ngx_int_t
ngx_consent_header_release(ngx_http_request_t *r, ngx_consent_response_t *response)
{
    off_t  length;

    response->held = 0;
    length = r->headers_out.content_length_n;

    ngx_http_clear_content_length(r);

    r->headers_out.content_length_n = length + (off_t) consent_stamp_promise(response->html);

    return ngx_consent_next_header_filter(r);
}


ngx_consent_response_t *
ngx_consent_response(ngx_http_request_t *r)
{
    ngx_consent_ctx_t   *ctx;
    ngx_pool_cleanup_t  *cln;

    if (r != r->main) {
        return NULL;
    }

    ctx = ngx_consent_request_peek(r);

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

static ngx_int_t
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

    if (response->html == NULL) {
        return response->outcome;
    }

    return consent_stamp_outcome_name(response->html->outcome);
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

    return CONSENT_AI_OFF;
}


/* The words that entries use. */

static const char *
ngx_consent_response_kind(ngx_http_request_t *r)
{
    size_t      i, len;
    ngx_str_t  *type;

    static const struct {
        const char  *type;
        const char  *kind;
    } kinds[] = {
        { "text/html", "html" },
        { "application/xhtml+xml", "html" },
        { "application/json", "json" },
        { "text/event-stream", "sse" },
        { "application/x-ndjson", "ndjson" },
        { "text/plain", "text" },
        { "text/markdown", "markdown" },
        { "image/png", "png" },
        { "image/jpeg", "jpeg" },
    };

    type = &r->headers_out.content_type;

    for (i = 0; i < consent_countof(kinds); i++) {
        len = ngx_strlen(kinds[i].type);

        if (ngx_consent_is(type, kinds[i].type, len)) {
            return kinds[i].kind;
        }
    }

    return "other";
}


/* The value is `what`, perhaps with parameters. */

static ngx_flag_t
ngx_consent_is(ngx_str_t *type, const char *what, size_t len)
{
    return type->len >= len
           && ngx_strncasecmp(type->data, (u_char *) what, len) == 0
           && (type->len == len || type->data[len] == ';' || type->data[len] == ' ' || type->data[len] == '\t');
}
