/*
 * Requests to be contacted, for programs: api/v1/handoffs. Whoever has a request's number may follow it; whoever got the
 * hand-off may say what became of it.
 */

#include "nginx/callback.h"
#include "pages/object.h"


/* What the operator's system says of one. */
typedef struct {
    consent_handoff_status_t status;
    u_char                   tag[CONSENT_HANDOFF_TAG];
    size_t                   tag_len;
} ngx_consent_news_t;

static void ngx_consent_handoffs_body(ngx_consent_view_t *view, u_char *body, size_t len);
static void ngx_consent_handoffs_saved(ngx_consent_view_t *view, const consent_op_t *op, void *data);
static ngx_int_t ngx_consent_handoffs_asked(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff,
    void *data);
static ngx_flag_t ngx_consent_news_allowed(ngx_consent_view_t *view, const uint8_t *id);
static void ngx_consent_news_body(ngx_consent_view_t *view, u_char *body, size_t len);
static ngx_int_t ngx_consent_news_asked(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff,
    void *data);
static void ngx_consent_news_saved(ngx_consent_view_t *view, const consent_op_t *op, void *data);


ngx_int_t
ngx_consent_handoffs(ngx_consent_view_t *view, consent_slice_t number)
{
    uint8_t              id[CONSENT_ID_LEN];
    ngx_http_request_t  *r;

    r = view->request;

    if (number.len == 0) {

        if (r->method != NGX_HTTP_POST) {
            return ngx_consent_reply_method(view, "POST");
        }

        if (!view->page.callback) {
            return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, "no requests are taken here");
        }

        if (!ngx_consent_same_origin(r)) {
            ngx_consent_count(CONSENT_COUNT_CSRF, 1);
            ngx_consent_record(r, CONSENT_EVENT_CSRF, 0, 0, 0);
            return ngx_consent_reply_problem(view, CONSENT_PROBLEM_CSRF, "made by another origin");
        }

        return ngx_consent_read_body(view, "application/json", ngx_consent_handoffs_body);
    }

    if (consent_hex_decode(id, CONSENT_ID_LEN, number) != CONSENT_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
        return ngx_consent_handoff_ask(view, id, ngx_consent_handoffs_asked, NULL);
    }

    if (r->method != NGX_HTTP_POST) {
        return ngx_consent_reply_method(view, "GET, HEAD, POST");
    }

    if (!ngx_consent_news_allowed(view, id)) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    return ngx_consent_read_body(view, "application/json", ngx_consent_news_body);
}


static void
ngx_consent_handoffs_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    consent_json_t          *root;
    consent_arena_t         *arena;
    ngx_http_request_t      *r;
    consent_json_error_t     err;
    const consent_json_t    *contact, *topic;
    ngx_consent_callback_t  *callback;

    r = view->request;
    arena = consent_arena_create(64 * NGX_CONSENT_BODY_MAX);
    callback = ngx_pcalloc(r->pool, sizeof(ngx_consent_callback_t));

    if (arena == NULL || callback == NULL) {
        consent_arena_destroy(arena);
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    err.what = "not read";

    if (consent_json_parse(&root, arena, consent_slice(body, len), 4, &err) != CONSENT_OK) {
        ngx_consent_record(r, CONSENT_EVENT_UNREADABLE, 0, 0, 0);
        ngx_http_finalize_request(r, ngx_consent_reply_problem(view, CONSENT_PROBLEM_MALFORMED, err.what));
        consent_arena_destroy(arena);
        return;
    }

    contact = consent_json_get(root, "contact");
    topic = consent_json_get(root, "topic");

    if (contact && contact->type == CONSENT_JSON_STRING) {
        callback->contact = contact->text;
    }

    if (topic && topic->type == CONSENT_JSON_STRING) {
        callback->topic = topic->text;
    }

    if (!ngx_consent_callback_good(view, callback)) {
        ngx_consent_record(r, CONSENT_EVENT_UNREADABLE, 0, 0, 0);
        ngx_http_finalize_request(r, ngx_consent_reply_problem(view, CONSENT_PROBLEM_MALFORMED,
                                                               "contact (1 to 200 bytes) and, if any, a topic of the "
                                                               "policy are expected"));

    } else if (ngx_consent_callback_save(view, callback, ngx_consent_handoffs_saved) != NGX_OK) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
    }

    consent_arena_destroy(arena);
}


static void
ngx_consent_handoffs_saved(ngx_consent_view_t *view, const consent_op_t *op, void *data)
{
    ngx_int_t  rc;

    if (op->rc == CONSENT_OK) {
        ngx_consent_count(CONSENT_COUNT_HANDOFFS, 1);
        ngx_consent_outbox_wake();
        rc = ngx_consent_handoff_object(view, NGX_HTTP_ACCEPTED, op->handoff);

    } else {
        ngx_consent_record(view->request, CONSENT_EVENT_STORE, 0, 0, 0);
        rc = ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_SAVED, NULL);
    }

    ngx_http_finalize_request(view->request, rc);
}


static ngx_int_t
ngx_consent_handoffs_asked(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff, void *data)
{
    if (rc != CONSENT_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    return ngx_consent_handoff_object(view, NGX_HTTP_OK, handoff);
}


ngx_int_t
ngx_consent_handoff_object(ngx_consent_view_t *view, ngx_uint_t status, const consent_handoff_t *handoff)
{
    consent_buf_t  b, url;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_buf_init(&url, 4096);

    consent_buf_slice(&url, view->page.base);
    consent_buf_str(&url, "human?request=");
    consent_buf_hex(&url, handoff->id, CONSENT_ID_LEN);

    consent_object_open(&b, NULL, '{');
    consent_object_id(&b, "id", handoff->id);
    consent_object_string(&b, "status", consent_cstr(consent_handoff_status_name(handoff->status)));
    consent_object_time(&b, "changed_at", handoff->changed);

    if (handoff->topic.len) {
        consent_object_string(&b, "topic", handoff->topic);

    } else {
        consent_object_null(&b, "topic");
    }

    if (handoff->tag.len) {
        consent_object_string(&b, "tag", handoff->tag);

    } else {
        consent_object_null(&b, "tag");
    }

    consent_object_string(&b, "url", consent_buf_view(&url));
    consent_object_close(&b, '}');

    consent_buf_free(&url);

    return ngx_consent_reply(view->request, status, "application/json", &b);
}


/* Whoever got the hand-off got a word with it that nobody else has. */
static ngx_flag_t
ngx_consent_news_allowed(ngx_consent_view_t *view, const uint8_t *id)
{
    char        token[NGX_CONSENT_STATUS_TOKEN];
    ngx_str_t   value;

    if (ngx_consent_header(view->request, "authorization", &value) != 1
        || value.len != sizeof("Bearer ") - 1 + NGX_CONSENT_STATUS_TOKEN
        || ngx_strncasecmp(value.data, (u_char *) "Bearer ", sizeof("Bearer ") - 1) != 0
        || ngx_consent_outbox_token(token, ngx_consent_main_conf(view->request)->keys, id) != NGX_OK)
    {
        return 0;
    }

    return consent_digest_equal(value.data + sizeof("Bearer ") - 1, token, NGX_CONSENT_STATUS_TOKEN);
}


static void
ngx_consent_news_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    uint8_t                 id[CONSENT_ID_LEN];
    ngx_int_t               rc;
    const char             *what;
    consent_json_t         *root;
    consent_slice_t         path;
    consent_arena_t        *arena;
    ngx_http_request_t     *r;
    ngx_consent_news_t     *news;
    consent_json_error_t    err;
    const consent_json_t   *status, *tag;

    r = view->request;
    path = view->page.path;
    arena = consent_arena_create(64 * NGX_CONSENT_BODY_MAX);
    news = ngx_pcalloc(r->pool, sizeof(ngx_consent_news_t));

    if (arena == NULL || news == NULL || path.len < 2 * CONSENT_ID_LEN
        || consent_hex_decode(id, CONSENT_ID_LEN,
                              consent_slice(path.data + path.len - 2 * CONSENT_ID_LEN, 2 * CONSENT_ID_LEN))
           != CONSENT_OK)
    {
        consent_arena_destroy(arena);
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    err.what = "not read";
    what = NULL;

    if (consent_json_parse(&root, arena, consent_slice(body, len), 4, &err) != CONSENT_OK) {
        what = err.what;

    } else {
        status = consent_json_get(root, "status");
        tag = consent_json_get(root, "tag");

        if (status == NULL || status->type != CONSENT_JSON_STRING
            || !consent_handoff_status_parse(&news->status, status->text)
            || (news->status != CONSENT_HANDOFF_TAKEN && news->status != CONSENT_HANDOFF_CLOSED))
        {
            what = "status must be taken or closed";

        } else if (tag && (tag->type != CONSENT_JSON_STRING || tag->text.len > CONSENT_HANDOFF_TAG)) {
            what = "tag must be a text of at most 64 bytes";

        } else if (tag) {
            news->tag_len = tag->text.len;
            ngx_memcpy(news->tag, tag->text.data, tag->text.len);
        }
    }

    consent_arena_destroy(arena);

    rc = what ? ngx_consent_reply_problem(view, CONSENT_PROBLEM_MALFORMED, what)
         : ngx_consent_handoff_ask(view, id, ngx_consent_news_asked, news);

    if (rc != NGX_DONE) {
        ngx_http_finalize_request(r, rc);
        return;
    }

    /* the job has counted the request once more, and so has reading the body */

    ngx_http_finalize_request(r, NGX_DONE);
}


static ngx_int_t
ngx_consent_news_asked(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff, void *data)
{
    ngx_consent_news_t *news = data;

    consent_handoff_t      changed;
    ngx_consent_commit_t  *commit;

    if (rc != CONSENT_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    changed = *handoff;
    changed.status = news->status;
    changed.changed = ngx_consent_now();

    if (news->tag_len) {
        changed.tag = consent_slice(news->tag, news->tag_len);
    }

    commit = ngx_consent_handoff_commit(view->ctx->policy, &changed, "callback", 0, NULL);

    if (commit == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    view->request->main->count++;

    if (ngx_consent_wait(view, commit, ngx_consent_news_saved, NULL) != NGX_OK) {
        view->request->main->count--;
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_DONE;
}


static void
ngx_consent_news_saved(ngx_consent_view_t *view, const consent_op_t *op, void *data)
{
    ngx_int_t  rc;

    rc = op->rc == CONSENT_OK ? ngx_consent_handoff_object(view, NGX_HTTP_OK, op->handoff)
         : ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_SAVED, NULL);

    ngx_http_finalize_request(view->request, rc);
}
