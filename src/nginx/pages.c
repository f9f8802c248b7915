/*
 * The citizen's pages under consent_pages: which path is what.
 */

#include "nginx/handler.h"


#define NGX_CONSENT_ASSET_AGE   3600            /* seconds */
#define NGX_CONSENT_ASSET_LONG  31536000

static ngx_int_t ngx_consent_pages_get(ngx_consent_view_t *view, consent_slice_t path);
static ngx_int_t ngx_consent_pages_choice(ngx_consent_view_t *view);
static ngx_int_t ngx_consent_pages_asset(ngx_consent_view_t *view, consent_slice_t name);
static const consent_asset_t *ngx_consent_pages_own_asset(ngx_consent_pages_t *pages, consent_slice_t name);
static ngx_int_t ngx_consent_pages_plain(ngx_consent_view_t *view,
    void (*write)(consent_buf_t *b, const consent_page_t *page));
static ngx_int_t ngx_consent_pages_policy(ngx_consent_view_t *view);
static ngx_int_t ngx_consent_pages_adpc(ngx_consent_view_t *view);
static ngx_flag_t ngx_consent_pages_below(consent_slice_t *rest, consent_slice_t path, const char *prefix);

#define ngx_consent_is(path, s)  consent_slice_eq(path, consent_lit(s))


ngx_int_t
ngx_consent_pages_handler(ngx_http_request_t *r)
{
    ngx_flag_t            get;
    consent_slice_t       path, rest;
    ngx_consent_pages_t  *pages;
    ngx_consent_view_t   *view;

    pages = ngx_consent_loc_conf(r)->pages;
    view = ngx_palloc(r->pool, sizeof(ngx_consent_view_t));

    if (pages == NULL || view == NULL || r->uri.len < pages->base.len) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    path = consent_slice(r->uri.data + pages->base.len, r->uri.len - pages->base.len);

    if (ngx_consent_view(r, view, path, 1) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (ngx_consent_pages_below(&rest, path, "api/v1/")) {
        return ngx_consent_api(view, rest);
    }

    get = (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) != 0;

    if (ngx_consent_is(path, "")) {
        return get ? ngx_consent_pages_choice(view)
               : r->method == NGX_HTTP_POST ? ngx_consent_decide_post(view)
               : ngx_consent_reply_method(view, "GET, HEAD, POST");
    }

    if (ngx_consent_is(path, "withdraw") || ngx_consent_is(path, "forget")) {

        if (r->method != NGX_HTTP_POST) {
            return ngx_consent_reply_method(view, "POST");
        }

        return ngx_consent_is(path,
                              "withdraw") ? ngx_consent_withdraw_post(view) : ngx_consent_forget_post(view);
    }

    if (ngx_consent_is(path, "human") && r->method == NGX_HTTP_POST) {
        return ngx_consent_human_post(view);
    }

    if (ngx_consent_is(path, "erase")) {
        return get ? ngx_consent_erase_get(view)
               : r->method == NGX_HTTP_POST ? ngx_consent_erase_post(view)
               : ngx_consent_reply_method(view, "GET, HEAD, POST");
    }

    if (!get) {
        return ngx_consent_reply_method(view, "GET, HEAD");
    }

    return ngx_consent_pages_get(view, path);
}


static ngx_int_t
ngx_consent_pages_get(ngx_consent_view_t *view, consent_slice_t path)
{
    consent_slice_t  rest;

    if (ngx_consent_is(path, "record")) {
        return ngx_consent_record_get(view);
    }

    if (ngx_consent_pages_below(&rest, path, "receipt/")) {
        return ngx_consent_receipt_get(view, rest, ngx_consent_wants_json(view->request));
    }

    if (ngx_consent_is(path, "human")) {
        return ngx_consent_human_get(view);
    }

    if (ngx_consent_is(path, "ai")) {
        return ngx_consent_ai_get(view);
    }

    if (ngx_consent_is(path, "policy")) {
        return ngx_consent_pages_policy(view);
    }

    if (ngx_consent_is(path, "adpc.json")) {
        return ngx_consent_pages_adpc(view);
    }

    if (ngx_consent_pages_below(&rest, path, "assets/")) {
        return ngx_consent_pages_asset(view, rest);
    }

    return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
}


static ngx_flag_t
ngx_consent_pages_below(consent_slice_t *rest, consent_slice_t path, const char *prefix)
{
    size_t  len;

    len = ngx_strlen(prefix);

    if (path.len < len || ngx_memcmp(path.data, prefix, len) != 0) {
        return 0;
    }

    *rest = consent_slice(path.data + len, path.len - len);

    return 1;
}


/* What was done before the browser was sent here stands in the arguments; whether her cookie came along is
 * seen. */
static ngx_int_t
ngx_consent_pages_choice(ngx_consent_view_t *view)
{
    consent_say_t       say;
    ngx_consent_ctx_t  *ctx;

    ctx = view->ctx;
    say = CONSENT_SAY_NOTHING;

    if (ngx_consent_view_query(view, "saved").data) {
        say = (ctx->effect.status == CONSENT_STATUS_NONE) ? CONSENT_SAY_NO_COOKIE : CONSENT_SAY_SAVED;

    } else if (ngx_consent_view_query(view, "withdrawn").data) {
        say = (ctx->effect.granted == 0) ? CONSENT_SAY_WITHDRAWN : CONSENT_SAY_NOTHING;

    } else if (ngx_consent_view_query(view, "forgotten").data) {
        say = (ctx->has_cookie) ? CONSENT_SAY_NOTHING : CONSENT_SAY_FORGOTTEN;
    }

    return ngx_consent_choice(view, NGX_HTTP_OK, say, NULL, -1, 0);
}


static ngx_int_t
ngx_consent_pages_plain(ngx_consent_view_t *view, void (*write)(consent_buf_t *b, const consent_page_t *page))
{
    consent_buf_t  b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    write(&b, &view->page);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "text/html", &b);
}


static ngx_int_t
ngx_consent_pages_policy(ngx_consent_view_t *view)
{
    consent_buf_t  b;

    if (!ngx_consent_wants_json(view->request)) {
        return ngx_consent_pages_plain(view, consent_page_policy);
    }

    consent_buf_init(&b, CONSENT_POLICY_MAX_CANONICAL);
    consent_buf_slice(&b, view->page.policy->canonical);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
}


static ngx_int_t
ngx_consent_pages_adpc(ngx_consent_view_t *view)
{
    consent_buf_t  b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_adpc_document(&b, view->page.policy, view->page.language);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
}


/* A stylesheet that is asked for by its version never changes under that name. */
static ngx_int_t
ngx_consent_pages_asset(ngx_consent_view_t *view, consent_slice_t name)
{
    consent_slice_t         version;
    const consent_asset_t  *asset;

    asset = ngx_consent_pages_own_asset(view->pages, name);

    if (asset == NULL && ngx_consent_is(name, "in-page.css")) {
        return ngx_consent_reply_static(view->request, "text/css", consent_in_page_css,
                                        NGX_CONSENT_ASSET_AGE);
    }

    if (asset == NULL) {
        asset = consent_asset(name);
    }

    if (asset == NULL) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    version = ngx_consent_view_query(view, "v");

    return ngx_consent_reply_static(view->request, asset->type, asset->data,
                                    asset->version && consent_slice_eq(version, consent_cstr(asset->version))
                                    ? NGX_CONSENT_ASSET_LONG : NGX_CONSENT_ASSET_AGE);
}


/* An operator's file goes before ours of the same name. */
static const consent_asset_t *
ngx_consent_pages_own_asset(ngx_consent_pages_t *pages, consent_slice_t name)
{
    ngx_uint_t        i;
    consent_asset_t  *asset;

    if (pages->assets == NULL) {
        return NULL;
    }

    asset = pages->assets->elts;

    for (i = 0; i < pages->assets->nelts; i++) {
        if (consent_slice_eq(consent_cstr(asset[i].name), name)) {
            return &asset[i];
        }
    }

    return NULL;
}
