/*
 * A wish becomes a decision: made, queued, and answered when it is durable. A client that leaves meanwhile
 * detaches the answer, not the decision.
 */

#include "nginx/handler.h"


typedef struct {
    ngx_consent_view_t      *view;
    ngx_consent_saved_pt     done;
    ngx_consent_commit_t    *commit;        /* NULL once it is answered */
    unsigned                 fresh:1;       /* the subject is new: it exists if the decision does */
} ngx_consent_waiter_t;

static ngx_int_t ngx_consent_save_subject(ngx_consent_view_t *view, ngx_consent_waiter_t *waiter);
static void ngx_consent_save_wait(ngx_http_request_t *r);
static void ngx_consent_save_done(ngx_consent_commit_t *commit);
static void ngx_consent_save_answer(ngx_consent_waiter_t *waiter, consent_rc_t rc,
    const consent_decision_t *decision);
static void ngx_consent_save_detach(void *data);


consent_rc_t
ngx_consent_save(ngx_consent_view_t *view, const consent_wish_t *wish, consent_method_t method,
    ngx_consent_saved_pt done, const char **what)
{
    consent_rc_t            rc;
    const uint8_t          *hash;
    consent_decision_t      decision;
    ngx_http_request_t     *r;
    ngx_http_cleanup_t     *cln;
    const consent_buf_t    *notice;
    ngx_consent_waiter_t   *waiter;
    ngx_consent_commit_t   *commit;

    r = view->request;

    rc = consent_decision_make(&decision, what, view->page.policy, wish, &view->ctx->effect,
                               ngx_consent_now());

    if (rc != CONSENT_OK) {
        return rc;
    }

    decision.by = CONSENT_BY_SELF;
    decision.method = (uint8_t) method;

    waiter = ngx_pcalloc(r->pool, sizeof(ngx_consent_waiter_t));
    cln = ngx_http_cleanup_add(r, 0);
    commit = ngx_consent_commit_create(0, NULL);

    if (waiter == NULL || cln == NULL || commit == NULL) {
        if (commit) {
            ngx_consent_commit_free(commit);
        }

        return CONSENT_NOMEM;
    }

    waiter->view = view;
    waiter->done = done;

    cln->handler = ngx_consent_save_detach;
    cln->data = waiter;

    if (ngx_consent_save_subject(view, waiter) != NGX_OK) {
        ngx_consent_commit_free(commit);
        return CONSENT_IO;
    }

    commit->op.decision = decision;
    commit->op.identified = view->ctx->identified ? true : false;
    commit->handler = ngx_consent_save_done;
    commit->data = waiter;

    ngx_consent_commit_decision(commit, view->ctx->policy, view->ctx->subject, view->page.language);

    notice = (method == CONSENT_METHOD_FORM)
             ? ngx_consent_choice_notice(view->pages, view->page.language, &hash) : NULL;

    if (notice) {
        ngx_memcpy(commit->op.notice_hash, hash, CONSENT_HASH_LEN);
        commit->op.notice = consent_buf_view(notice);
    }

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        rc = commit->op.rc;
        ngx_consent_commit_free(commit);
        ngx_consent_save_answer(waiter, rc, &decision);
        return CONSENT_OK;
    }

    waiter->commit = commit;
    ngx_consent_save_wait(r);

    return CONSENT_OK;
}


/* An anonymous citizen exists from her first decision on. */
static ngx_int_t
ngx_consent_save_subject(ngx_consent_view_t *view, ngx_consent_waiter_t *waiter)
{
    if (view->ctx->has_subject) {
        return NGX_OK;
    }

    if (consent_random(view->ctx->subject, CONSENT_SUBJECT_LEN) != CONSENT_OK) {
        return NGX_ERROR;
    }

    view->ctx->has_subject = 1;
    waiter->fresh = 1;

    return NGX_OK;
}


/* Reading the body has counted this request once more, and whoever answers finalizes it. */
static void
ngx_consent_save_wait(ngx_http_request_t *r)
{
    r->read_event_handler = ngx_http_test_reading;
    r->write_event_handler = ngx_http_request_empty_handler;
}


static void
ngx_consent_save_done(ngx_consent_commit_t *commit)
{
    consent_rc_t           rc;
    ngx_connection_t      *c;
    consent_decision_t     decision;
    ngx_consent_waiter_t  *waiter;

    waiter = commit->data;
    rc = commit->op.rc;
    decision = commit->op.decision;

    ngx_consent_commit_free(commit);

    waiter->commit = NULL;
    c = waiter->view->request->connection;

    ngx_consent_save_answer(waiter, rc, &decision);
    ngx_http_run_posted_requests(c);
}


static void
ngx_consent_save_answer(ngx_consent_waiter_t *waiter, consent_rc_t rc, const consent_decision_t *decision)
{
    ngx_consent_ctx_t  *ctx;

    ctx = waiter->view->ctx;

    if (rc == CONSENT_OK || rc == CONSENT_CONFLICT) {
        ngx_consent_count(CONSENT_COUNT_DECISIONS, 1);

        ctx->stored = 1;
        consent_decide(&ctx->effect, &ctx->policy->set, decision, NULL, &ctx->signals, 0, ngx_consent_now());

    } else {
        ngx_consent_count(CONSENT_COUNT_DECISIONS_FAILED, 1);
        ngx_consent_record(waiter->view->request, CONSENT_EVENT_STORE, 0, 0, 0);

        if (waiter->fresh) {
            ctx->has_subject = 0;
        }
    }

    waiter->done(waiter->view, rc, decision);
}


static void
ngx_consent_save_detach(void *data)
{
    ngx_consent_waiter_t  *waiter = data;

    if (waiter->commit) {
        waiter->commit->handler = NULL;
        waiter->commit = NULL;
    }
}
