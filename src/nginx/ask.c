/*
 * A browser's form that holds what may not pass is answered with a question, and the answer to it is the form again.
 *
 * Nothing is kept between the two: what she sent travels in the page. "Send it this time" is a decision for this request,
 * durable before anything of it is passed on.
 */

#include "nginx/ask.h"
#include "nginx/handler.h"


#define NGX_CONSENT_ANSWER_MAX    (CONSENT_ASK_MAX / 3 * 4 + 8192)  /* bytes of an answer */
#define NGX_CONSENT_ANSWER_START  64                                /* ... by which it is known */

/* What she answered. */
struct ngx_consent_ask_s {
    consent_answer_t        answer;
    consent_say_t           say;
    ngx_consent_commit_t   *commit;         /* NULL: nothing is waited for */
    unsigned                settled:1;      /* one of the two buttons: not asked again for what the page named */
};

static ngx_flag_t ngx_consent_ask_begins(ngx_http_request_t *r, ngx_buf_t *b);
static ngx_int_t ngx_consent_ask_take(ngx_consent_less_t *less, ngx_consent_ctx_t *ctx, ngx_consent_ask_t *ask);
static ngx_int_t ngx_consent_ask_once(ngx_consent_less_t *less, ngx_consent_ctx_t *ctx, ngx_consent_ask_t *ask);
static ngx_int_t ngx_consent_ask_notice(ngx_consent_view_t *view, consent_mask_t categories, consent_buf_t *b,
    uint8_t *hash);
static void ngx_consent_ask_saved(ngx_consent_commit_t *commit);
static void ngx_consent_ask_detach(void *data);
static ngx_flag_t ngx_consent_ask_browser(ngx_http_request_t *r);
static ngx_flag_t ngx_consent_ask_is(ngx_http_request_t *r, const char *name, const char *value);


ngx_flag_t
ngx_consent_ask_expects(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf)
{
    return lcf->form == NGX_CONSENT_FORM_ASK && ngx_consent_mode(lcf) == NGX_CONSENT_ON
           && r->method == NGX_HTTP_POST
           && r->headers_in.content_length_n <= (off_t) NGX_CONSENT_ANSWER_MAX
           && ngx_consent_srv_conf(r)->pages != NULL
           && ngx_consent_body_is(r, "application/x-www-form-urlencoded");
}


ngx_int_t
ngx_consent_ask_read(ngx_consent_less_t *less, ngx_consent_ctx_t *ctx)
{
    size_t               len;
    u_char              *data;
    ngx_int_t            rc;
    ngx_chain_t         *cl;
    ngx_consent_ask_t   *ask;
    ngx_http_request_t  *r;

    r = less->request;

    if (!ngx_consent_ask_expects(r, ngx_consent_loc_conf(r))) {
        return NGX_DECLINED;
    }

    cl = r->request_body != NULL ? r->request_body->bufs : NULL;

    if (cl == NULL || !ngx_consent_ask_begins(r, cl->buf)) {
        return NGX_DECLINED;
    }

    rc = ngx_consent_body_collect(r, NGX_CONSENT_ANSWER_MAX, &data, &len);

    if (rc != NGX_OK) {
        return rc;
    }

    if (!consent_answer_is(ngx_consent_slice(&r->headers_in.content_type->value), consent_slice(data, len))) {
        return NGX_DECLINED;
    }

    ask = ngx_pcalloc(r->pool, sizeof(ngx_consent_ask_t));

    if (ask == NULL || consent_answer_parse(&ask->answer, ctx->policy->policy, data, len) != CONSENT_OK) {
        return NGX_ERROR;
    }

    less->ask = ask;

    return ngx_consent_ask_take(less, ctx, ask);
}


/* What does not begin as an answer need not be copied. */
static ngx_flag_t
ngx_consent_ask_begins(ngx_http_request_t *r, ngx_buf_t *b)
{
    size_t   n;
    u_char  *p, start[NGX_CONSENT_ANSWER_START];

    n = sizeof(start);

    if (ngx_buf_size(b) < (off_t) n) {
        return 1;
    }

    p = b->pos;

    if (!ngx_buf_in_memory(b)) {
        p = start;

        if (ngx_read_file(b->file, p, n, b->file_pos) != (ssize_t) n) {
            return 1;
        }
    }

    return consent_answer_is(ngx_consent_slice(&r->headers_in.content_type->value), consent_slice(p, n));
}


static ngx_int_t
ngx_consent_ask_take(ngx_consent_less_t *less, ngx_consent_ctx_t *ctx, ngx_consent_ask_t *ask)
{
    ngx_flag_t           ours;
    ngx_consent_view_t   view;
    ngx_http_request_t  *r;

    r = less->request;

    if (ngx_consent_view(r, &view, consent_slice(NULL, 0), 0) != NGX_OK
        || ngx_consent_less_put(r, (u_char *) ask->answer.body.data, ask->answer.body.len, &ask->answer.type) != NGX_OK)
    {
        return NGX_ERROR;
    }

    ours = ngx_consent_same_origin(r);

    if (!ours || ngx_consent_token_check(&view, "ask", ask->answer.token) != CONSENT_OK) {

        ngx_consent_count(CONSENT_COUNT_CSRF, 1);
        ngx_consent_record(r, CONSENT_EVENT_CSRF, 0, 0, 0);
        ask->say = CONSENT_SAY_FORM_STALE;

    } else if (!consent_slice_eq(ask->answer.version, ctx->policy->policy->version)) {
        ask->say = CONSENT_SAY_POLICY_CHANGED;

    } else if (ask->answer.kind == CONSENT_ANSWER_WITHOUT) {
        ask->settled = 1;

    } else if (ask->answer.kind == CONSENT_ANSWER_ONCE) {
        return ngx_consent_ask_once(less, ctx, ask);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_ask_once(ngx_consent_less_t *less, ngx_consent_ctx_t *ctx, ngx_consent_ask_t *ask)
{
    size_t                    i;
    uint8_t                   hash[CONSENT_HASH_LEN], subject[CONSENT_SUBJECT_LEN];
    const char               *what;
    consent_buf_t             notice;
    consent_mask_t            wanted;
    consent_wish_t            wish;
    consent_slice_t           categories[CONSENT_MAX_CATEGORIES];
    consent_decision_t        decision;
    ngx_consent_view_t        view;
    ngx_http_cleanup_t       *cln;
    ngx_http_request_t       *r;
    ngx_consent_commit_t     *commit;
    const consent_policy_t   *policy;

    r = less->request;
    policy = ctx->policy->policy;
    wanted = ask->answer.categories & policy->consent_mask & ~ngx_consent_granted(r, ctx);

    if (wanted == 0) {
        ask->settled = 1;
        return NGX_OK;
    }

    ngx_memzero(&wish, sizeof(consent_wish_t));
    wish.level = consent_lit("custom");
    wish.categories = categories;
    wish.scope = CONSENT_SCOPE_ONCE;
    wish.ai = ctx->effect.ai;
    wish.gpc = ctx->signals.gpc;

    if (ctx->minor) {
        ask->say = CONSENT_SAY_MINOR;
        return NGX_OK;
    }

    for (i = 0; i < policy->n_categories && !ctx->sheltered; i++) {
        if (wanted >> i & 1) {
            categories[wish.n_categories++] = policy->categories[i].id;
        }
    }

    ask->say = CONSENT_SAY_NOT_SAVED;

    /* whom this device belongs to is not remembered for it */

    if (ctx->has_subject) {
        ngx_memcpy(subject, ctx->subject, CONSENT_SUBJECT_LEN);

    } else if (consent_random(subject, CONSENT_SUBJECT_LEN) != CONSENT_OK) {
        return NGX_OK;
    }

    cln = ngx_http_cleanup_add(r, 0);

    if (cln == NULL || ngx_consent_view(r, &view, consent_slice(NULL, 0), 0) != NGX_OK
        || consent_decision_make(&decision, &what, policy, &wish, &ctx->effect, ngx_consent_now()) != CONSENT_OK)
    {
        return NGX_OK;
    }

    decision.by = (uint8_t) ctx->by;

    consent_buf_init(&notice, CONSENT_PAGE_MAX);
    commit = NULL;

    if (ngx_consent_ask_notice(&view, wanted, &notice, hash) == NGX_OK) {
        commit = ngx_consent_commit_create(notice.len, &less->notice);
    }

    if (commit == NULL) {
        consent_buf_free(&notice);
        return NGX_OK;
    }

    ngx_memcpy(less->notice, notice.data, notice.len);
    commit->op.notice = consent_slice(less->notice, notice.len);
    consent_buf_free(&notice);

    ngx_memcpy(commit->op.notice_hash, hash, CONSENT_HASH_LEN);
    commit->op.decision = decision;
    commit->op.identified = ctx->identified ? true : false;
    commit->handler = ngx_consent_ask_saved;
    commit->data = less;

    ngx_consent_commit_subject(commit, ctx);
    ngx_memcpy(commit->op.subject, subject, CONSENT_SUBJECT_LEN);
    ngx_consent_commit_decision(commit, ctx->policy, view.page.language);

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
        ngx_consent_count(CONSENT_COUNT_DECISIONS_FAILED, 1);
        ngx_consent_record(r, CONSENT_EVENT_STORE, 0, 0, 0);
        return NGX_OK;
    }

    ask->commit = commit;
    cln->handler = ngx_consent_ask_detach;
    cln->data = ask;

    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;

    return NGX_AGAIN;
}


/* The page as anybody would see it, who has these categories in a form. */
static ngx_int_t
ngx_consent_ask_notice(ngx_consent_view_t *view, consent_mask_t categories, consent_buf_t *b, uint8_t *hash)
{
    consent_rc_t       rc;
    consent_ask_t      ask;
    consent_page_t     page;
    consent_slice_t    text;
    consent_digest_t  *digest;

    page = view->page;
    page.neutral = true;

    ngx_memzero(&ask, sizeof(consent_ask_t));
    ask.categories = categories;
    consent_page_ask(b, &page, &ask);

    digest = consent_digest_create();
    text = consent_buf_view(b);
    rc = b->rc != CONSENT_OK || digest == NULL ? CONSENT_NOMEM : consent_digest_sha256(digest, hash, &text, 1);
    consent_digest_destroy(digest);

    return rc == CONSENT_OK ? NGX_OK : NGX_ERROR;
}


static void
ngx_consent_ask_saved(ngx_consent_commit_t *commit)
{
    consent_rc_t            rc;
    ngx_connection_t       *c;
    consent_mask_t          once;
    ngx_consent_ctx_t      *ctx;
    ngx_consent_ask_t      *ask;
    ngx_consent_less_t     *less;
    ngx_http_request_t     *r;

    less = commit->data;
    rc = commit->op.rc;
    once = commit->op.decision.granted;
    ngx_consent_commit_free(commit);

    ask = less->ask;
    ask->commit = NULL;

    r = less->request;
    c = r->connection;
    ctx = ngx_consent_request_peek(r);

    if (rc == CONSENT_OK) {
        ngx_consent_count(CONSENT_COUNT_DECISIONS, 1);

        /* in force for this request, and told to whom it goes */

        ctx->effect.granted |= once;
        ctx->effect.chosen = CONSENT_LEVEL_CUSTOM;
        ctx->effect.level = consent_level_of(ctx->policy->policy, ctx->effect.granted);

        ask->say = CONSENT_SAY_NOTHING;
        ask->settled = 1;

    } else {
        ngx_consent_count(CONSENT_COUNT_DECISIONS_FAILED, 1);
        ngx_consent_record(r, CONSENT_EVENT_STORE, 0, 0, 0);
    }

    ngx_consent_less_resume(less);
    ngx_http_run_posted_requests(c);
}


/* The client has left; the decision stays in the log, and nothing is passed on. */
static void
ngx_consent_ask_detach(void *data)
{
    ngx_consent_ask_t  *ask = data;

    if (ask->commit) {
        ask->commit->handler = NULL;
        ask->commit = NULL;
    }
}


ngx_int_t
ngx_consent_ask_page(ngx_consent_less_t *less, ngx_consent_ctx_t *ctx, consent_mask_t found)
{
    char                     token[CONSENT_FORM_TOKEN_LEN];
    size_t                   len;
    u_char                  *body;
    ngx_int_t                rc;
    consent_buf_t            b;
    consent_ask_t            page;
    ngx_consent_ask_t       *ask;
    ngx_consent_view_t      *view;
    ngx_http_request_t      *r;
    ngx_consent_request_t   *own;
    ngx_consent_loc_conf_t  *lcf;

    r = less->request;
    own = ctx->request;
    ask = less->ask;
    lcf = ngx_consent_loc_conf(r);

    if (found == 0 || lcf->form != NGX_CONSENT_FORM_ASK || ngx_consent_mode(lcf) != NGX_CONSENT_ON
        || ngx_consent_srv_conf(r)->pages == NULL)
    {
        return NGX_DECLINED;
    }

    if (ask == NULL ? !ngx_consent_ask_browser(r) : ask->settled && (found & ~ask->answer.categories) == 0) {
        return NGX_DECLINED;
    }

    view = ngx_palloc(r->pool, sizeof(ngx_consent_view_t));

    if (view == NULL || ngx_consent_view(r, view, consent_slice(NULL, 0), 0) != NGX_OK
        || ngx_consent_token_make(view, "ask", token) != CONSENT_OK)
    {
        return NGX_ERROR;
    }

    rc = ngx_consent_body_collect(r, CONSENT_ASK_MAX, &body, &len);

    if (rc == NGX_DECLINED) {
        /* more than a page can carry for her */
        return ngx_consent_less_refuse(r, ctx, CONSENT_DOUBT_NONE);
    }

    if (rc != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memzero(&page, sizeof(consent_ask_t));

    if (ask != NULL) {
        page.say = ask->say;

        if (ask->answer.language.len
            && !consent_slice_ieq(ask->answer.language, view->page.policy->languages[view->page.language]))
        {
            ngx_consent_view_language(view, ask->answer.language);
        }
    }

    page.action = ngx_consent_slice(&r->unparsed_uri);
    page.type = r->headers_in.content_type ? ngx_consent_slice(&r->headers_in.content_type->value)
                : consent_slice(NULL, 0);
    page.body = consent_slice(body, len);
    page.categories = found;
    page.token = consent_slice(token, CONSENT_FORM_TOKEN_LEN);
    page.code = consent_slice(ctx->code, NGX_CONSENT_CODE_LEN);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_ask(&b, &view->page, &page);

    ngx_consent_record(r, CONSENT_EVENT_ASKED, found, less->inspect.found.carriers, 0);
    ngx_consent_count(CONSENT_COUNT_ASKED, 1);

    own->refused = 1;
    less->state = NGX_CONSENT_LESS_DONE;
    less->granted = 0;
    (void) ngx_consent_less_drop(r, 0);

    ngx_http_finalize_request(r, ngx_consent_reply(r, NGX_HTTP_FORBIDDEN, "text/html", &b));

    return NGX_DONE;
}


/* A person looks at what comes back: a navigation, or, from a browser that does not say so, a form of our own origin. */
static ngx_flag_t
ngx_consent_ask_browser(ngx_http_request_t *r)
{
    ngx_str_t  value;

    if (r->method != NGX_HTTP_POST || !ngx_consent_wants_page(r)
        || !(ngx_consent_body_is(r, "application/x-www-form-urlencoded")
             || ngx_consent_body_is(r, "multipart/form-data") || ngx_consent_body_is(r, "text/plain")))
    {
        return 0;
    }

    if (ngx_consent_header(r, "sec-fetch-mode", &value)) {
        return ngx_consent_ask_is(r, "sec-fetch-mode", "navigate");
    }

    return ngx_consent_header(r, "origin", &value) && ngx_consent_same_origin(r);
}


static ngx_flag_t
ngx_consent_ask_is(ngx_http_request_t *r, const char *name, const char *value)
{
    ngx_str_t  found;

    return ngx_consent_header(r, name, &found) == 1
           && consent_slice_ieq(ngx_consent_slice(&found), consent_cstr(value));
}
