/*
 * Erasure, by the citizen herself or as her request to a person, as the policy says.
 *
 * Who acts for another does not erase the other's record: it is what shows both that she did.
 */

#include "nginx/callback.h"
#include "pages/erase.h"


#define NGX_CONSENT_ERASE_FORM  "application/x-www-form-urlencoded"

static ngx_int_t ngx_consent_erase_page(ngx_consent_view_t *view, ngx_uint_t status, consent_erase_say_t say,
    const consent_handoff_view_t *request);
static ngx_int_t ngx_consent_erase_asked(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff,
    void *data);
static void ngx_consent_erase_body(ngx_consent_view_t *view, u_char *body, size_t len);
static void ngx_consent_erase_delete_body(ngx_consent_view_t *view, u_char *body, size_t len);
static void ngx_consent_erase_do(ngx_consent_view_t *view, consent_slice_t contact);
static ngx_int_t ngx_consent_erase_commit(ngx_consent_view_t *view);
static consent_time_t ngx_consent_erase_keep(ngx_consent_ctx_t *ctx);
static void ngx_consent_erase_over(ngx_consent_view_t *view, const consent_op_t *op, void *data);
static ngx_int_t ngx_consent_erase_done(ngx_consent_view_t *view);
static void ngx_consent_erase_requested(ngx_consent_view_t *view, const consent_op_t *op, void *data);
static ngx_int_t ngx_consent_erase_failed(ngx_consent_view_t *view, consent_rc_t rc);
static ngx_int_t ngx_consent_erase_see(ngx_consent_view_t *view, const char *what, const uint8_t *id);


ngx_int_t
ngx_consent_erase_get(ngx_consent_view_t *view)
{
    uint8_t             id[CONSENT_ID_LEN];
    consent_slice_t     number;
    ngx_consent_ctx_t  *ctx;

    ctx = view->ctx;
    number = ngx_consent_view_query(view, "request");

    if (number.data) {
        return consent_hex_decode(id, CONSENT_ID_LEN, number) == CONSENT_OK
               ? ngx_consent_handoff_ask(view, id, ngx_consent_erase_asked, NULL)
               : ngx_consent_erase_page(view, NGX_HTTP_NOT_FOUND, CONSENT_ERASE_UNKNOWN, NULL);
    }

    if (ngx_consent_view_query(view, "done").data && ctx->effect.status == CONSENT_STATUS_NONE) {
        return ngx_consent_erase_page(view, NGX_HTTP_OK, CONSENT_ERASE_DONE, NULL);
    }

    return ngx_consent_erase_page(view, NGX_HTTP_OK,
                                  view->page.by != CONSENT_BY_SELF ? CONSENT_ERASE_NOT_HERS
                                  : ctx->has_subject ? CONSENT_ERASE_ASK : CONSENT_ERASE_NOTHING, NULL);
}


static ngx_int_t
ngx_consent_erase_page(ngx_consent_view_t *view, ngx_uint_t status, consent_erase_say_t say,
    const consent_handoff_view_t *request)
{
    char             token[CONSENT_FORM_TOKEN_LEN];
    consent_buf_t    b;
    consent_erase_t  erase;

    if (ngx_consent_token_make(view, "erase", token) != CONSENT_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&erase, sizeof(consent_erase_t));

    erase.say = say;
    erase.request = view->page.policy->erasure_by_request;
    erase.taken = view->pages->handoffs ? true : false;
    erase.token = consent_slice(token, CONSENT_FORM_TOKEN_LEN);
    erase.code = consent_slice(view->ctx->code, NGX_CONSENT_CODE_LEN);
    erase.status = request;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_erase(&b, &view->page, &erase);

    return ngx_consent_reply(view->request, status, "text/html", &b);
}


static ngx_int_t
ngx_consent_erase_asked(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff, void *data)
{
    consent_handoff_view_t  request;

    if (rc != CONSENT_OK) {
        return ngx_consent_erase_page(view, NGX_HTTP_NOT_FOUND, CONSENT_ERASE_UNKNOWN, NULL);
    }

    ngx_memzero(&request, sizeof(consent_handoff_view_t));
    request.status = handoff->status;
    request.tag = handoff->tag;
    request.at = handoff->changed;

    return ngx_consent_erase_page(view, NGX_HTTP_OK, CONSENT_ERASE_TAKEN, &request);
}


ngx_int_t
ngx_consent_erase_post(ngx_consent_view_t *view)
{
    return ngx_consent_read_body(view, NGX_CONSENT_ERASE_FORM, ngx_consent_erase_body);
}


ngx_int_t
ngx_consent_erase_delete(ngx_consent_view_t *view)
{
    /* a browser does not send it to another origin without asking first, and is never told that it may */

    if (!ngx_consent_same_origin(view->request)) {
        ngx_consent_count(CONSENT_COUNT_CSRF, 1);
        ngx_consent_record(view->request, CONSENT_EVENT_CSRF, 0, 0, 0);
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_CSRF, "made by another origin");
    }

    return ngx_consent_read_body(view, NULL, ngx_consent_erase_delete_body);
}


static void
ngx_consent_erase_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    size_t               n;
    ngx_flag_t           ours;
    consent_field_t      fields[16];
    consent_slice_t      tag, token;
    ngx_http_request_t  *r;

    r = view->request;
    n = consent_countof(fields);

    if (consent_form_parse(fields, &n, body, len) != CONSENT_OK) {
        ngx_consent_record(r, CONSENT_EVENT_UNREADABLE, 0, 0, 0);
        ngx_http_finalize_request(r, ngx_consent_erase_page(view, NGX_HTTP_BAD_REQUEST, CONSENT_ERASE_STALE, NULL));
        return;
    }

    tag = consent_form_get(fields, n, "lang");

    if (tag.len && !consent_slice_ieq(tag, view->page.policy->languages[view->page.language])) {
        ngx_consent_view_language(view, tag);
    }

    ours = ngx_consent_same_origin(r);
    token = consent_form_get(fields, n, "token");

    if (!ours || ngx_consent_token_check(view, "erase", token) != CONSENT_OK) {
        ngx_consent_count(CONSENT_COUNT_CSRF, 1);
        ngx_consent_record(r, CONSENT_EVENT_CSRF, 0, 0, 0);
        ngx_http_finalize_request(r, ours ? ngx_consent_erase_page(view, NGX_HTTP_FORBIDDEN, CONSENT_ERASE_STALE, NULL)
                                     : ngx_consent_reply_problem(view, CONSENT_PROBLEM_CSRF, "made by another origin"));
        return;
    }

    ngx_consent_erase_do(view, consent_form_get(fields, n, "contact"));
}


static void
ngx_consent_erase_delete_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    ngx_consent_erase_do(view, consent_slice(NULL, 0));
}


/* What she asked for is hers to ask, and comes from a page of ours. */
static void
ngx_consent_erase_do(ngx_consent_view_t *view, consent_slice_t contact)
{
    ngx_int_t                rc;
    ngx_consent_callback_t  *request;

    if (view->page.by != CONSENT_BY_SELF) {
        ngx_http_finalize_request(view->request, ngx_consent_erase_failed(view, CONSENT_CONFLICT));
        return;
    }

    if (!view->ctx->has_subject) {
        rc = view->json ? ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, "nothing is held")
             : ngx_consent_erase_page(view, NGX_HTTP_OK, CONSENT_ERASE_NOTHING, NULL);
        ngx_http_finalize_request(view->request, rc);
        return;
    }

    if (!view->page.policy->erasure_by_request) {

        if (ngx_consent_erase_commit(view) != NGX_OK) {
            ngx_http_finalize_request(view->request, ngx_consent_erase_failed(view, CONSENT_IO));
        }

        return;
    }

    request = ngx_pcalloc(view->request->pool, sizeof(ngx_consent_callback_t));

    if (request == NULL) {
        ngx_http_finalize_request(view->request, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    request->erasure = 1;
    request->contact = contact;

    if (!view->pages->handoffs || !ngx_consent_callback_good(view, request)) {
        rc = !view->json ? ngx_consent_erase_page(view, NGX_HTTP_BAD_REQUEST, CONSENT_ERASE_ASK, NULL)
             : ngx_consent_reply_problem(view, CONSENT_PROBLEM_PERSON, "a person decides; no requests are taken here");
        ngx_http_finalize_request(view->request, rc);
        return;
    }

    if (ngx_consent_callback_save(view, request, ngx_consent_erase_requested) != NGX_OK) {
        ngx_http_finalize_request(view->request, ngx_consent_erase_failed(view, CONSENT_IO));
    }
}


static ngx_int_t
ngx_consent_erase_commit(ngx_consent_view_t *view)
{
    ngx_consent_ctx_t     *ctx;
    ngx_consent_commit_t  *commit;

    ctx = view->ctx;
    commit = ngx_consent_event_erasure(ctx);

    if (commit == NULL) {
        return NGX_ERROR;
    }

    commit->op.type = CONSENT_OP_ERASURE;
    commit->op.policy = ctx->policy->entry;
    commit->op.now = ngx_consent_now();
    commit->op.keep_until = ngx_consent_erase_keep(ctx);
    commit->op.decision.stamp = ctx->effect.stamp;
    ngx_consent_commit_subject(commit, ctx);

    return ngx_consent_wait(view, commit, ngx_consent_erase_over, NULL);
}


/* As long as any cookie of before could live, under whichever version of whichever policy it was given. */
static consent_time_t
ngx_consent_erase_keep(ngx_consent_ctx_t *ctx)
{
    ngx_uint_t                 i, k;
    consent_time_t             one, keep;
    ngx_consent_policy_t     **policies;
    ngx_consent_main_conf_t   *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(ngx_cycle, ngx_consent_module);
    policies = mcf->policies.elts;
    keep = ngx_max(ctx->effect.expires_at, ctx->now);

    for (i = 0; i < mcf->policies.nelts; i++) {

        one = consent_duration_add(ctx->now, policies[i]->policy->valid_for);
        keep = ngx_max(keep, one);

        for (k = 0; k < policies[i]->n_earlier; k++) {
            one = consent_duration_add(ctx->now, policies[i]->earlier[k].policy->valid_for);
            keep = ngx_max(keep, one);
        }
    }

    return keep;
}


static void
ngx_consent_erase_over(ngx_consent_view_t *view, const consent_op_t *op, void *data)
{
    ngx_int_t  rc;

    if (op->rc != CONSENT_OK) {
        rc = ngx_consent_erase_failed(view, op->rc);

    } else {
        if (op->message) {
            ngx_consent_outbox_wake();
        }

        consent_recent_forget(ngx_consent_store_recent(), ngx_consent_store_tag(op->subject));

        if (op->has_former) {
            consent_recent_forget(ngx_consent_store_recent(), ngx_consent_store_tag(op->former));
        }

        rc = ngx_consent_erase_done(view);
    }

    ngx_http_finalize_request(view->request, rc);
}


/* She is somebody who has decided nothing, under a login as without one. */
static ngx_int_t
ngx_consent_erase_done(ngx_consent_view_t *view)
{
    consent_buf_t       b;
    ngx_consent_ctx_t  *ctx;

    ctx = view->ctx;
    ctx->stored = 0;
    ngx_memzero(&ctx->effect, sizeof(consent_effect_t));
    consent_decide(&ctx->effect, &ctx->policy->set, NULL, NULL, &ctx->signals, 0, ctx->now);

    if (ngx_consent_cookie_forget(view->request) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!view->json) {
        return ngx_consent_erase_see(view, "erase?done", NULL);
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_state(&b, view->page.policy, &ctx->effect);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
}


static void
ngx_consent_erase_requested(ngx_consent_view_t *view, const consent_op_t *op, void *data)
{
    ngx_consent_callback_t *request = data;

    ngx_int_t  rc;

    if (op->rc != CONSENT_OK) {
        rc = ngx_consent_erase_failed(view, op->rc);

    } else {
        ngx_consent_count(CONSENT_COUNT_HANDOFFS, 1);
        ngx_consent_outbox_wake();

        rc = view->json ? ngx_consent_handoff_object(view, NGX_HTTP_ACCEPTED, op->handoff)
             : ngx_consent_erase_see(view, "erase?request=", request->id);
    }

    ngx_http_finalize_request(view->request, rc);
}


/* CONSENT_DENIED: a legal hold. CONSENT_CONFLICT: it is another's record. */
static ngx_int_t
ngx_consent_erase_failed(ngx_consent_view_t *view, consent_rc_t rc)
{
    if (rc == CONSENT_DENIED) {
        return view->json ? ngx_consent_reply_problem(view, CONSENT_PROBLEM_HELD, NULL)
               : ngx_consent_erase_page(view, NGX_HTTP_FORBIDDEN, CONSENT_ERASE_HELD, NULL);
    }

    if (rc == CONSENT_CONFLICT) {
        return view->json ? ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_HERS, NULL)
               : ngx_consent_erase_page(view, NGX_HTTP_FORBIDDEN, CONSENT_ERASE_NOT_HERS, NULL);
    }

    ngx_consent_record(view->request, CONSENT_EVENT_STORE, 0, 0, 0);

    return view->json ? ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_SAVED, NULL)
           : ngx_consent_erase_page(view, NGX_HTTP_SERVICE_UNAVAILABLE, CONSENT_ERASE_FAILED, NULL);
}


/* A page to go to, so that reloading sends nothing again. id: behind it; NULL: nothing. */
static ngx_int_t
ngx_consent_erase_see(ngx_consent_view_t *view, const char *what, const uint8_t *id)
{
    consent_buf_t  b;

    consent_buf_init(&b, 4096);
    consent_buf_slice(&b, view->page.base);
    consent_buf_str(&b, what);

    if (id) {
        consent_buf_hex(&b, id, CONSENT_ID_LEN);
    }

    if (view->page.chosen_language) {
        consent_buf_str(&b, "&lang=");
        consent_buf_slice(&b, view->page.policy->languages[view->page.language]);
    }

    return ngx_consent_reply_see(view->request, &b);
}
