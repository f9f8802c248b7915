/*
 * A wish becomes a decision: made, queued, and answered when it is durable.
 */

#include "nginx/handler.h"
#include "nginx/outbox.h"
#include "nginx/request.h"


typedef struct {
    ngx_consent_saved_pt     done;
    unsigned                 fresh:1;       /* the subject is new: it exists if the decision does */
} ngx_consent_saving_t;

static consent_rc_t ngx_consent_save_minor(const consent_effect_t *before, consent_decision_t *decision);
static ngx_int_t ngx_consent_save_subject(ngx_consent_view_t *view, ngx_consent_saving_t *saving);
static void ngx_consent_save_answer(ngx_consent_view_t *view, const consent_op_t *op, void *data);


consent_rc_t
ngx_consent_save(ngx_consent_view_t *view, const consent_wish_t *wish, consent_method_t method,
    ngx_consent_saved_pt done, const char **what)
{
    consent_rc_t            rc;
    consent_wish_t          first;
    const uint8_t          *hash;
    consent_decision_t      decision;
    const consent_buf_t    *notice;
    ngx_consent_commit_t   *commit;
    ngx_consent_saving_t   *saving;

    rc = consent_decision_make(&decision, what, view->page.policy, wish, &view->ctx->effect,
                               ngx_consent_now());

    /* what cannot be wished at all is told to everybody alike; only then is it the first level for who is sheltered */

    if (rc == CONSENT_OK && view->ctx->sheltered) {
        first = *wish;
        first.level = view->page.policy->levels[0].id;
        first.n_categories = 0;

        rc = consent_decision_make(&decision, what, view->page.policy, &first, &view->ctx->effect, ngx_consent_now());
    }

    if (rc == CONSENT_OK && view->ctx->minor) {
        rc = ngx_consent_save_minor(&view->ctx->effect, &decision);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    decision.by = (uint8_t) view->ctx->by;
    decision.method = (uint8_t) method;

    saving = ngx_pcalloc(view->request->pool, sizeof(ngx_consent_saving_t));

    if (saving == NULL) {
        return CONSENT_NOMEM;
    }

    saving->done = done;

    if (ngx_consent_save_subject(view, saving) != NGX_OK) {
        return CONSENT_IO;
    }

    commit = ngx_consent_event_commit(view->ctx, view->ctx->effect.granted, &decision);

    if (commit == NULL) {
        return CONSENT_NOMEM;
    }

    commit->op.decision = decision;
    commit->op.identified = view->ctx->identified ? true : false;
    commit->op.lessens = view->ctx->minor ? true : false;
    commit->op.seen = view->ctx->effect.stamp;

    ngx_consent_commit_subject(commit, view->ctx);
    ngx_consent_commit_decision(commit, view->ctx->policy, view->page.language);

    notice = (method == CONSENT_METHOD_FORM)
             ? ngx_consent_choice_notice(view->pages, view->page.language, &hash) : NULL;

    if (notice) {
        ngx_memcpy(commit->op.notice_hash, hash, CONSENT_HASH_LEN);
        commit->op.notice = consent_buf_view(notice);
    }

    return ngx_consent_wait(view, commit, ngx_consent_save_answer, saving) == NGX_OK ? CONSENT_OK : CONSENT_NOMEM;
}


/* Who is under age shares less by herself, and no longer than was agreed; never more. The store holds her to it when it is
 * written: what her guardian has decided meanwhile counts. */
static consent_rc_t
ngx_consent_save_minor(const consent_effect_t *before, consent_decision_t *decision)
{
    if (decision->granted & ~before->granted) {
        return CONSENT_DENIED;
    }

    if (decision->granted && decision->expires_at > before->expires_at) {
        decision->expires_at = before->expires_at;
    }

    if (decision->ai < before->ai) {
        decision->ai = (uint8_t) before->ai;
    }

    return CONSENT_OK;
}


/* An anonymous citizen exists from her first decision on. */
static ngx_int_t
ngx_consent_save_subject(ngx_consent_view_t *view, ngx_consent_saving_t *saving)
{
    if (view->ctx->has_subject) {
        return NGX_OK;
    }

    if (consent_random(view->ctx->subject, CONSENT_SUBJECT_LEN) != CONSENT_OK) {
        return NGX_ERROR;
    }

    view->ctx->has_subject = 1;
    saving->fresh = 1;

    return NGX_OK;
}


static void
ngx_consent_save_answer(ngx_consent_view_t *view, const consent_op_t *op, void *data)
{
    ngx_consent_saving_t *saving = data;

    consent_decision_t   decision;
    ngx_consent_ctx_t   *ctx;

    ctx = view->ctx;
    decision = op->decision;

    if (op->rc == CONSENT_OK || op->rc == CONSENT_CONFLICT) {
        ngx_consent_count(CONSENT_COUNT_DECISIONS, 1);

        if (op->message) {
            ngx_consent_outbox_wake();
        }

        /* whoever has erased her, nothing of before is shown again */

        if (ctx->erased_at) {
            consent_recent_forget(ngx_consent_store_recent(), ngx_consent_store_tag(ctx->subject));
        }

        ctx->stored = 1;
        consent_decide(&ctx->effect, &ctx->policy->set, &decision, NULL, &ctx->signals, 0, ngx_consent_now());

    } else if (op->rc == CONSENT_DENIED) {

        /* the answer shows what is in force by now */
        ngx_consent_weigh(view->request, ctx);

    } else {
        ngx_consent_count(CONSENT_COUNT_DECISIONS_FAILED, 1);
        ngx_consent_record(view->request, CONSENT_EVENT_STORE, 0, 0, 0);

        if (saving->fresh) {
            ctx->has_subject = 0;
        }
    }

    saving->done(view, op->rc, &decision);
}
