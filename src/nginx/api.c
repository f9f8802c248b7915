/*
 * The JSON API under api/v1/: state, history, receipts, policy; errors are problem details (RFC 9457).
 */

#include "nginx/handler.h"


/* What a document says. */
typedef struct {
    consent_arena_t  *arena;
    consent_json_t   *root;
    consent_slice_t   version;
    consent_slice_t   categories[CONSENT_MAX_CATEGORIES];
    consent_wish_t    wish;
} ngx_consent_document_t;

static ngx_int_t ngx_consent_api_state(ngx_consent_view_t *view);
static ngx_int_t ngx_consent_api_state_get(ngx_consent_view_t *view);
static void ngx_consent_api_put(ngx_consent_view_t *view, u_char *body, size_t len);
static void ngx_consent_api_delete(ngx_consent_view_t *view, u_char *body, size_t len);
static const char *ngx_consent_document_read(ngx_consent_document_t *doc, const consent_json_t *root);
static const char *ngx_consent_document_categories(ngx_consent_document_t *doc, const consent_json_t *list);
static const char *ngx_consent_document_words(ngx_consent_document_t *doc, const consent_json_t *root);
static void ngx_consent_document_cleanup(void *data);
static void ngx_consent_api_save(ngx_consent_view_t *view, const consent_wish_t *wish);
static void ngx_consent_api_saved(ngx_consent_view_t *view, consent_rc_t rc,
    const consent_decision_t *decision);

#define ngx_consent_is(path, s)  consent_slice_eq(path, consent_lit(s))


ngx_int_t
ngx_consent_api(ngx_consent_view_t *view, consent_slice_t path)
{
    size_t               len;
    consent_buf_t        b;
    ngx_http_request_t  *r;

    r = view->request;
    view->json = 1;

    if (ngx_consent_is(path, "state")) {
        return ngx_consent_api_state(view);
    }

    if (ngx_consent_is(path, "record") && !(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return r->method == NGX_HTTP_DELETE ? ngx_consent_erase_delete(view)
               : ngx_consent_reply_method(view, "GET, HEAD, DELETE");
    }

    if (path.len >= sizeof("handoffs") - 1 && ngx_memcmp(path.data, "handoffs", sizeof("handoffs") - 1) == 0
        && (path.len == sizeof("handoffs") - 1 || path.data[sizeof("handoffs") - 1] == '/'))
    {
        len = ngx_min(path.len, sizeof("handoffs/") - 1);
        return ngx_consent_handoffs(view, consent_slice(path.data + len, path.len - len));
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_consent_reply_method(view, "GET, HEAD");
    }

    if (ngx_consent_is(path, "history")) {
        return ngx_consent_history_get(view);
    }

    if (ngx_consent_is(path, "record")) {
        return ngx_consent_export_get(view);
    }

    if (path.len > sizeof("receipts/") - 1 && ngx_memcmp(path.data, "receipts/",
                                                         sizeof("receipts/") - 1) == 0)
    {
        return ngx_consent_receipt_get(view, consent_slice(path.data + 9, path.len - 9), 1);
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);

    if (ngx_consent_is(path, "policy")) {
        consent_buf_slice(&b, view->page.policy->canonical);
        return ngx_consent_reply(r, NGX_HTTP_OK, "application/json", &b);
    }

    if (ngx_consent_is(path, "openapi.json")) {
        consent_json_openapi(&b, &view->page);
        return ngx_consent_reply(r, NGX_HTTP_OK, "application/json", &b);
    }

    return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
}


static ngx_int_t
ngx_consent_api_state(ngx_consent_view_t *view)
{
    ngx_http_request_t  *r;

    r = view->request;

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
        return ngx_consent_api_state_get(view);
    }

    if (r->method != NGX_HTTP_PUT && r->method != NGX_HTTP_DELETE) {
        return ngx_consent_reply_method(view, "GET, HEAD, PUT, DELETE");
    }

    /* a browser sends neither method to another origin without asking first, and is never told that it may */

    if (!ngx_consent_same_origin(r)) {
        ngx_consent_count(CONSENT_COUNT_CSRF, 1);
        ngx_consent_record(r, CONSENT_EVENT_CSRF, 0, 0, 0);
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_CSRF, "made by another origin");
    }

    if (r->method == NGX_HTTP_PUT) {
        return ngx_consent_read_body(view, "application/json", ngx_consent_api_put);
    }

    return ngx_consent_read_body(view, NULL, ngx_consent_api_delete);
}


static ngx_int_t
ngx_consent_api_state_get(ngx_consent_view_t *view)
{
    consent_buf_t  b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_state(&b, view->page.policy, &view->ctx->effect);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
}


static void
ngx_consent_api_put(ngx_consent_view_t *view, u_char *body, size_t len)
{
    ngx_int_t                rc;
    const char              *what;
    ngx_pool_cleanup_t      *cln;
    ngx_http_request_t      *r;
    consent_json_error_t     err;
    ngx_consent_document_t  *doc;

    r = view->request;

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_consent_document_t));
    if (cln == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    doc = cln->data;
    ngx_memzero(doc, sizeof(ngx_consent_document_t));
    cln->handler = ngx_consent_document_cleanup;

    doc->arena = consent_arena_create(64 * NGX_CONSENT_BODY_MAX);
    if (doc->arena == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    err.what = "not read";
    what = consent_json_parse(&doc->root, doc->arena, consent_slice(body, len), 4, &err) == CONSENT_OK
           ? ngx_consent_document_read(doc, doc->root) : err.what;

    if (what) {
        ngx_consent_record(r, CONSENT_EVENT_UNREADABLE, 0, 0, 0);
        rc = ngx_consent_reply_problem(view, CONSENT_PROBLEM_MALFORMED, what);
        ngx_http_finalize_request(r, rc);
        return;
    }

    if (!consent_slice_eq(doc->version, view->page.policy->version)) {
        rc = ngx_consent_reply_problem(view, CONSENT_PROBLEM_POLICY_CHANGED,
                                       "policy_version is not the one in force");
        ngx_http_finalize_request(r, rc);
        return;
    }

    doc->wish.gpc = view->ctx->signals.gpc;

    ngx_consent_api_save(view, &doc->wish);
}


static void
ngx_consent_document_cleanup(void *data)
{
    ngx_consent_document_t  *doc = data;

    consent_arena_destroy(doc->arena);
}


/* NULL, or what is wrong. */
static const char *
ngx_consent_document_read(ngx_consent_document_t *doc, const consent_json_t *root)
{
    const consent_json_t  *version, *level, *categories;

    if (root->type != CONSENT_JSON_OBJECT) {
        return "an object is expected";
    }

    version = consent_json_get(root, "policy_version");
    level = consent_json_get(root, "level");
    categories = consent_json_get(root, "categories");

    if (version == NULL || version->type != CONSENT_JSON_STRING) {
        return "policy_version is missing";
    }

    doc->version = version->text;

    if ((level == NULL) == (categories == NULL)) {
        return "either level or categories is expected";
    }

    if (level) {

        if (level->type != CONSENT_JSON_STRING || level->text.len == 0
            || consent_slice_eq(level->text, consent_lit("custom")))
        {
            return "level must be the id of a level";
        }

        doc->wish.level = level->text;
        return ngx_consent_document_words(doc, root);
    }

    if (ngx_consent_document_categories(doc, categories)) {
        return "categories must be a list of ids";
    }

    return ngx_consent_document_words(doc, root);
}


static const char *
ngx_consent_document_categories(ngx_consent_document_t *doc, const consent_json_t *list)
{
    const consent_json_t  *item;

    if (list->type != CONSENT_JSON_ARRAY || list->count > CONSENT_MAX_CATEGORIES) {
        return "categories";
    }

    doc->wish.level = consent_lit("custom");
    doc->wish.categories = doc->categories;

    for (item = list->first; item; item = item->next) {

        if (item->type != CONSENT_JSON_STRING) {
            return "categories";
        }

        doc->categories[doc->wish.n_categories++] = item->text;
    }

    return NULL;
}


static const char *
ngx_consent_document_words(ngx_consent_document_t *doc, const consent_json_t *root)
{
    const consent_json_t  *scope, *ai;

    scope = consent_json_get(root, "scope");
    ai = consent_json_get(root, "ai");

    doc->wish.scope = CONSENT_SCOPE_SESSION;
    doc->wish.ai = CONSENT_AI_ANY;

    if (scope) {

        if (scope->type == CONSENT_JSON_STRING && ngx_consent_is(scope->text, "standing")) {
            doc->wish.scope = CONSENT_SCOPE_STANDING;

        } else if (scope->type != CONSENT_JSON_STRING || !ngx_consent_is(scope->text, "session")) {
            return "scope must be session or standing";
        }
    }

    if (ai) {

        if (ai->type == CONSENT_JSON_STRING && ngx_consent_is(ai->text, "own")) {
            doc->wish.ai = CONSENT_AI_OWN;

        } else if (ai->type == CONSENT_JSON_STRING && ngx_consent_is(ai->text, "none")) {
            doc->wish.ai = CONSENT_AI_NONE;

        } else if (ai->type != CONSENT_JSON_STRING || !ngx_consent_is(ai->text, "any")) {
            return "ai must be any, own or none";
        }
    }

    return NULL;
}


static void
ngx_consent_api_delete(ngx_consent_view_t *view, u_char *body, size_t len)
{
    consent_wish_t  wish;

    ngx_memzero(&wish, sizeof(consent_wish_t));

    wish.withdraw = true;
    wish.scope = view->ctx->effect.scope;
    wish.ai = view->ctx->effect.ai;

    ngx_consent_api_save(view, &wish);
}


static void
ngx_consent_api_save(ngx_consent_view_t *view, const consent_wish_t *wish)
{
    ngx_int_t      rc;
    const char    *what;
    consent_rc_t   saved;

    what = NULL;
    saved = ngx_consent_save(view, wish, CONSENT_METHOD_API, ngx_consent_api_saved, &what);

    if (saved == CONSENT_OK) {
        return;
    }

    if (saved == CONSENT_MALFORMED) {
        ngx_consent_record(view->request, CONSENT_EVENT_UNREADABLE, 0, 0, 0);
        rc = ngx_consent_reply_problem(view, CONSENT_PROBLEM_MALFORMED, what);

    } else if (saved == CONSENT_DENIED) {
        rc = ngx_consent_reply_problem(view, CONSENT_PROBLEM_MINOR, NULL);

    } else {
        rc = ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_SAVED, NULL);
    }

    ngx_http_finalize_request(view->request, rc);
}


/* The new state, after it is durable. */
static void
ngx_consent_api_saved(ngx_consent_view_t *view, consent_rc_t rc, const consent_decision_t *decision)
{
    ngx_int_t  answer;

    if (rc == CONSENT_DENIED) {
        answer = ngx_consent_reply_problem(view, CONSENT_PROBLEM_MINOR, NULL);

    } else if (rc != CONSENT_OK && rc != CONSENT_CONFLICT) {
        answer = ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_SAVED, NULL);

    } else if (ngx_consent_cookie_set(view->request, view->ctx, decision) != NGX_OK) {
        answer = NGX_HTTP_INTERNAL_SERVER_ERROR;

    } else {
        answer = ngx_consent_api_state_get(view);
    }

    ngx_http_finalize_request(view->request, answer);
}
