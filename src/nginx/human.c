/*
 * The human contact page and its form.
 */

#include "nginx/callback.h"


#define NGX_CONSENT_HUMAN_FORM  "application/x-www-form-urlencoded"

static ngx_int_t ngx_consent_human_page(ngx_consent_view_t *view, ngx_uint_t status, const consent_human_t *human);
static ngx_int_t ngx_consent_human_asked(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff,
    void *data);
static void ngx_consent_human_body(ngx_consent_view_t *view, u_char *body, size_t len);
static void ngx_consent_human_saved(ngx_consent_view_t *view, const consent_op_t *op, void *data);
static ngx_int_t ngx_consent_human_see(ngx_consent_view_t *view, const uint8_t *id);


ngx_int_t
ngx_consent_human_get(ngx_consent_view_t *view)
{
    uint8_t           id[CONSENT_ID_LEN];
    consent_human_t   human;
    consent_slice_t   number;

    number = ngx_consent_view_query(view, "request");

    ngx_memzero(&human, sizeof(consent_human_t));
    human.topic = ngx_consent_view_query(view, "topic");

    if (number.data == NULL) {
        return ngx_consent_human_page(view, NGX_HTTP_OK, &human);
    }

    if (consent_hex_decode(id, CONSENT_ID_LEN, number) != CONSENT_OK) {
        human.say = CONSENT_CALLBACK_UNKNOWN;
        return ngx_consent_human_page(view, NGX_HTTP_NOT_FOUND, &human);
    }

    return ngx_consent_handoff_ask(view, id, ngx_consent_human_asked, NULL);
}


ngx_int_t
ngx_consent_human_post(ngx_consent_view_t *view)
{
    if (!view->page.callback) {
        return ngx_consent_reply_method(view, "GET, HEAD");
    }

    return ngx_consent_read_body(view, NGX_CONSENT_HUMAN_FORM, ngx_consent_human_body);
}


ngx_int_t
ngx_consent_human_instead(ngx_consent_view_t *view, ngx_uint_t status, consent_slice_t topic)
{
    consent_human_t  human;

    ngx_memzero(&human, sizeof(consent_human_t));
    human.say = CONSENT_CALLBACK_PERSON;
    human.topic = topic;

    return ngx_consent_human_page(view, status, &human);
}


static ngx_int_t
ngx_consent_human_page(ngx_consent_view_t *view, ngx_uint_t status, const consent_human_t *human)
{
    char             token[CONSENT_FORM_TOKEN_LEN];
    consent_buf_t    b;
    consent_human_t  said;

    if (ngx_consent_token_make(view, "human", token) != CONSENT_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    said = *human;
    said.token = consent_slice(token, CONSENT_FORM_TOKEN_LEN);
    said.code = consent_slice(view->ctx->code, NGX_CONSENT_CODE_LEN);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_human(&b, &view->page, &said);

    return ngx_consent_reply(view->request, status, "text/html", &b);
}


static ngx_int_t
ngx_consent_human_asked(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff, void *data)
{
    char                     number[2 * CONSENT_ID_LEN];
    consent_human_t          human;
    consent_handoff_view_t   request;

    ngx_memzero(&human, sizeof(consent_human_t));

    if (rc != CONSENT_OK) {
        human.say = CONSENT_CALLBACK_UNKNOWN;
        return ngx_consent_human_page(view, NGX_HTTP_NOT_FOUND, &human);
    }

    (void) ngx_hex_dump((u_char *) number, (u_char *) handoff->id, CONSENT_ID_LEN);
    request.number = consent_slice(number, sizeof(number));
    request.status = handoff->status;
    request.topic = handoff->topic;
    request.tag = handoff->tag;
    request.at = handoff->changed;
    human.request = &request;
    human.say = ngx_consent_view_query(view, "taken").data ? CONSENT_CALLBACK_TAKEN : CONSENT_CALLBACK_NOTHING;

    return ngx_consent_human_page(view, NGX_HTTP_OK, &human);
}


static void
ngx_consent_human_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    size_t                   n;
    ngx_flag_t               ours;
    consent_field_t          fields[16];
    consent_human_t          human;
    consent_slice_t          token;
    ngx_http_request_t      *r;
    ngx_consent_callback_t  *callback;

    r = view->request;
    n = consent_countof(fields);

    callback = ngx_pcalloc(r->pool, sizeof(ngx_consent_callback_t));
    if (callback == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    ngx_memzero(&human, sizeof(consent_human_t));

    if (consent_form_parse(fields, &n, body, len) != CONSENT_OK) {
        ngx_consent_record(r, CONSENT_EVENT_UNREADABLE, 0, 0, 0);
        human.say = CONSENT_CALLBACK_UNREADABLE;
        ngx_http_finalize_request(r, ngx_consent_human_page(view, NGX_HTTP_BAD_REQUEST, &human));
        return;
    }

    token = consent_form_get(fields, n, "lang");

    if (token.len && !consent_slice_ieq(token, view->page.policy->languages[view->page.language])) {
        ngx_consent_view_language(view, token);
    }

    callback->contact = consent_form_get(fields, n, "contact");
    callback->topic = consent_form_get(fields, n, "topic");
    human.contact = callback->contact;
    human.topic = callback->topic;

    ours = ngx_consent_same_origin(r);
    token = consent_form_get(fields, n, "token");

    if (!ours || ngx_consent_token_check(view, "human", token) != CONSENT_OK) {
        ngx_consent_count(CONSENT_COUNT_CSRF, 1);
        ngx_consent_record(r, CONSENT_EVENT_CSRF, 0, 0, 0);
        human.say = CONSENT_CALLBACK_STALE;
        ngx_http_finalize_request(r, ours ? ngx_consent_human_page(view, NGX_HTTP_FORBIDDEN, &human)
                                     : ngx_consent_reply_problem(view, CONSENT_PROBLEM_CSRF, "made by another origin"));
        return;
    }

    if (!ngx_consent_callback_good(view, callback)) {
        human.say = CONSENT_CALLBACK_UNREADABLE;
        ngx_http_finalize_request(r, ngx_consent_human_page(view, NGX_HTTP_BAD_REQUEST, &human));
        return;
    }

    if (ngx_consent_callback_save(view, callback, ngx_consent_human_saved) != NGX_OK) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
    }
}


static void
ngx_consent_human_saved(ngx_consent_view_t *view, const consent_op_t *op, void *data)
{
    ngx_consent_callback_t *callback = data;

    ngx_int_t        rc;
    consent_human_t  human;

    if (op->rc == CONSENT_OK) {
        ngx_consent_count(CONSENT_COUNT_HANDOFFS, 1);
        ngx_consent_outbox_wake();
        rc = ngx_consent_human_see(view, callback->id);

    } else {
        ngx_consent_record(view->request, CONSENT_EVENT_STORE, 0, 0, 0);

        ngx_memzero(&human, sizeof(consent_human_t));
        human.say = CONSENT_CALLBACK_NOT_SAVED;
        human.contact = callback->contact;
        human.topic = callback->topic;
        rc = ngx_consent_human_page(view, NGX_HTTP_SERVICE_UNAVAILABLE, &human);
    }

    ngx_http_finalize_request(view->request, rc);
}


/* The same page, so that reloading sends nothing again. */
static ngx_int_t
ngx_consent_human_see(ngx_consent_view_t *view, const uint8_t *id)
{
    consent_buf_t  b;

    consent_buf_init(&b, 4096);

    consent_buf_slice(&b, view->page.base);
    consent_buf_str(&b, "human?taken&request=");
    consent_buf_hex(&b, id, CONSENT_ID_LEN);

    if (view->page.chosen_language) {
        consent_buf_str(&b, "&lang=");
        consent_buf_slice(&b, view->page.policy->languages[view->page.language]);
    }

    return ngx_consent_reply_see(view->request, &b);
}
