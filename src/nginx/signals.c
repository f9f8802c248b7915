/*
 * What a citizen's browser says for her is recorded as a decision: what a signal takes away, behind the request, once a
 * day; what it consents to, before it is in force.
 */

#include "nginx/handler.h"
#include "nginx/outbox.h"
#include "nginx/request.h"


/* A request that waits for its decision to be durable. */
typedef struct {
    ngx_http_request_t    *request;
    ngx_consent_ctx_t     *ctx;
    ngx_consent_commit_t  *commit;          /* NULL: it does not wait any more */
    unsigned               fresh:1;         /* the subject is new: it exists if the decision does */
} ngx_consent_signal_t;

static ngx_int_t ngx_consent_signal_decide(ngx_consent_ctx_t *ctx, consent_mask_t wanted, consent_decision_t *decision);
static ngx_int_t ngx_consent_signal_subject(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_signal_t *signal);
static void ngx_consent_signal_done(ngx_consent_commit_t *commit);
static void ngx_consent_signal_detach(void *data);


void
ngx_consent_signal_lowered(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, const consent_decision_t *stored)
{
    consent_decision_t     decision;
    ngx_consent_commit_t  *commit;

    if (ngx_consent_mode(ngx_consent_loc_conf(r)) == NGX_CONSENT_REPORT
        || stored->policy != ctx->policy->policy->key || (stored->granted & ~ctx->effect.granted) == 0
        || stored->expires_at <= ctx->now)
    {
        return;
    }

    decision = *stored;
    decision.granted = stored->granted & ctx->effect.granted;
    decision.level = (int8_t) (decision.granted ? CONSENT_LEVEL_CUSTOM : 0);
    decision.status = CONSENT_STATUS_LOWERED;
    decision.by = CONSENT_BY_SIGNAL;
    decision.method = ctx->effect.gpc_applied ? CONSENT_METHOD_GPC : CONSENT_METHOD_ADPC;
    decision.decided_at = ctx->now;
    decision.stamp = ngx_max(ctx->now, stored->stamp + 1);

    /* by GET: written once per subject and day, and nobody waits */

    commit = ngx_consent_event_commit(ctx, stored->granted, &decision);
    if (commit == NULL) {
        return;
    }

    commit->op.decision = decision;
    commit->op.once_a_day = true;
    commit->op.lessens = true;
    commit->op.seen = stored->stamp;
    commit->op.identified = ctx->identified ? true : false;

    ngx_consent_commit_subject(commit, ctx);
    ngx_consent_commit_decision(commit, ctx->policy, ngx_consent_language(r, ctx->policy->policy));

    if (ngx_consent_store_commit(commit) != NGX_OK) {
        ngx_consent_commit_free(commit);
        return;
    }

    ngx_consent_outbox_wake();
}


consent_mask_t
ngx_consent_signal_wanted(ngx_consent_ctx_t *ctx)
{
    ngx_consent_request_t  *own;

    own = ctx->request;

    if (ctx->adpc.consent == 0 || own->decided || ctx->minor || ctx->sheltered) {
        return 0;
    }

    return consent_adpc_consented(&ctx->adpc, ctx->policy->policy) & ~ctx->effect.granted;
}


ngx_int_t
ngx_consent_signal_consent(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    consent_mask_t          wanted;
    consent_decision_t      decision;
    ngx_http_cleanup_t     *cln;
    ngx_consent_signal_t   *signal;
    ngx_consent_commit_t   *commit;
    ngx_consent_request_t  *own;

    own = ctx->request;
    wanted = ngx_consent_signal_wanted(ctx);

    if (wanted == 0) {
        return NGX_DECLINED;
    }

    own->decided = 1;

    cln = ngx_http_cleanup_add(r, sizeof(ngx_consent_signal_t));
    if (cln == NULL) {
        return NGX_DECLINED;
    }

    signal = cln->data;
    ngx_memzero(signal, sizeof(ngx_consent_signal_t));
    signal->request = r;
    signal->ctx = ctx;

    if (ngx_consent_signal_decide(ctx, wanted, &decision) != NGX_OK
        || ngx_consent_signal_subject(r, ctx, signal) != NGX_OK)
    {
        return NGX_DECLINED;
    }

    commit = ngx_consent_commit_create(0, NULL);

    if (commit) {
        commit->op.decision = decision;
        commit->op.identified = ctx->identified ? true : false;
        commit->handler = ngx_consent_signal_done;
        commit->data = signal;

        ngx_consent_commit_subject(commit, ctx);
        ngx_consent_commit_decision(commit, ctx->policy, ngx_consent_language(r, ctx->policy->policy));

        if (ngx_consent_store_commit(commit) == NGX_OK) {
            signal->commit = commit;
            cln->handler = ngx_consent_signal_detach;

            r->read_event_handler = ngx_http_test_reading;
            r->write_event_handler = ngx_http_request_empty_handler;

            return NGX_AGAIN;
        }

        ngx_consent_commit_free(commit);
    }

    if (signal->fresh) {
        ctx->has_subject = 0;
    }

    ngx_consent_count(CONSENT_COUNT_DECISIONS_FAILED, 1);

    return NGX_DECLINED;
}


static ngx_int_t
ngx_consent_signal_decide(ngx_consent_ctx_t *ctx, consent_mask_t wanted, consent_decision_t *decision)
{
    size_t                   i, n;
    const char              *what;
    consent_wish_t           wish;
    consent_slice_t          categories[CONSENT_MAX_CATEGORIES];
    const consent_policy_t  *policy;

    policy = ctx->policy->policy;
    n = 0;

    for (i = 0; i < policy->n_categories; i++) {
        if ((ctx->effect.granted | wanted) & ((consent_mask_t) 1 << i)) {
            categories[n++] = policy->categories[i].id;
        }
    }

    ngx_memzero(&wish, sizeof(consent_wish_t));
    wish.level = consent_lit("custom");
    wish.categories = categories;
    wish.n_categories = n;
    wish.scope = ctx->effect.scope;
    wish.ai = ctx->effect.ai;
    wish.gpc = ctx->signals.gpc;

    if (consent_decision_make(decision, &what, policy, &wish, &ctx->effect, ctx->now) != CONSENT_OK) {
        return NGX_ERROR;
    }

    decision->by = CONSENT_BY_SIGNAL;
    decision->method = CONSENT_METHOD_ADPC;

    return NGX_OK;
}


/* A device that has not decided yet gets a subject where a person goes to a page, not where one is fetched: a browser
 * that keeps no cookie would leave a record with everything it loads. */
static ngx_int_t
ngx_consent_signal_subject(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_signal_t *signal)
{
    ngx_str_t  mode;

    if (ctx->has_subject) {
        return NGX_OK;
    }

    if (r->method != NGX_HTTP_GET || ngx_consent_header(r, "sec-fetch-mode", &mode) != 1
        || mode.len != sizeof("navigate") - 1 || ngx_memcmp(mode.data, "navigate", mode.len) != 0)
    {
        return NGX_DECLINED;
    }

    if (consent_random(ctx->subject, CONSENT_SUBJECT_LEN) != CONSENT_OK) {
        return NGX_ERROR;
    }

    ctx->has_subject = 1;
    signal->fresh = 1;

    return NGX_OK;
}


static void
ngx_consent_signal_done(ngx_consent_commit_t *commit)
{
    consent_rc_t           rc;
    ngx_connection_t      *c;
    consent_decision_t     decision;
    ngx_consent_ctx_t     *ctx;
    ngx_http_request_t    *r;
    ngx_consent_signal_t  *signal;

    signal = commit->data;
    rc = commit->op.rc;
    decision = commit->op.decision;

    ngx_consent_commit_free(commit);

    signal->commit = NULL;
    ctx = signal->ctx;
    r = signal->request;
    c = r->connection;

    if (rc == CONSENT_OK || rc == CONSENT_CONFLICT) {
        ngx_consent_count(CONSENT_COUNT_DECISIONS, 1);

        ctx->stored = 1;
        consent_decide(&ctx->effect, &ctx->policy->set, &decision, NULL, &ctx->signals, 0, ctx->now);

        if (signal->fresh && ngx_consent_cookie_set(r, ctx, &decision) == NGX_OK) {

            /* whoever keeps this page must not hand the cookie to others */

            (void) ngx_consent_reply_header(r, "Cache-Control", (u_char *) "no-store", sizeof("no-store") - 1);
        }

    } else {
        ngx_consent_count(CONSENT_COUNT_DECISIONS_FAILED, 1);
        ngx_consent_record(r, CONSENT_EVENT_STORE, 0, 0, 0);

        if (signal->fresh) {
            ctx->has_subject = 0;
        }
    }

    r->read_event_handler = ngx_http_block_reading;
    r->write_event_handler = ngx_http_core_run_phases;

    ngx_http_core_run_phases(r);
    ngx_http_run_posted_requests(c);
}


/* The client has left; the decision stays. */
static void
ngx_consent_signal_detach(void *data)
{
    ngx_consent_signal_t  *signal = data;

    if (signal->commit) {
        signal->commit->handler = NULL;
        signal->commit = NULL;
    }
}
