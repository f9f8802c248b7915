/*
 * The context of a request: who asks, what she decided, which signals she sends. Made once and kept with the request's
 * pool, for a redirect wipes the contexts of modules.
 */

#include "base/digest.h"
#include "nginx/handler.h"
#include "nginx/request.h"


#define NGX_CONSENT_RANDOM  (64 * CONSENT_ID_LEN)

typedef struct {
    ngx_consent_ctx_t      ctx;
    ngx_consent_request_t  own;
} ngx_consent_both_t;

static ngx_consent_ctx_t *ngx_consent_request_create(ngx_http_request_t *r, ngx_flag_t early);
static void ngx_consent_request_forgotten(void *data);
static void ngx_consent_request_id(ngx_consent_ctx_t *ctx);
static void ngx_consent_shelter(consent_effect_t *effect);
static void ngx_consent_request_signals(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);


ngx_consent_ctx_t *
ngx_consent_request_peek(ngx_http_request_t *r)
{
    ngx_consent_ctx_t   *ctx;
    ngx_pool_cleanup_t  *cln;

    r = r->main;
    ctx = ngx_http_get_module_ctx(r, ngx_consent_module);

    if (ctx == NULL && (r->internal || r->filter_finalize)) {

        for (cln = r->pool->cleanup; cln; cln = cln->next) {
            if (cln->handler == ngx_consent_request_forgotten) {
                ctx = cln->data;
                ngx_http_set_ctx(r, ctx, ngx_consent_module);
                break;
            }
        }
    }

    return ctx;
}


/* Marks the cleanup that keeps a context; its memory is the pool's. */
static void
ngx_consent_request_forgotten(void *data)
{
    ngx_consent_both_t  *both = data;

    consent_wipe(both->ctx.subject, CONSENT_SUBJECT_LEN);
    consent_masks_destroy(both->own.masks);
}


ngx_consent_ctx_t *
ngx_consent_request(ngx_http_request_t *r)
{
    ngx_consent_ctx_t       *ctx;
    ngx_consent_request_t   *own;
    ngx_consent_identity_t  *id;

    ctx = ngx_consent_request_peek(r);

    if (ctx == NULL) {
        return ngx_consent_request_create(r->main, 0);
    }

    own = ctx->request;
    id = ngx_consent_loc_conf(r->main)->identity;

    if (own->identity != id || (own->late && id && !ctx->identified)) {
        ngx_consent_who(r->main, ctx, id, 0);
        ngx_consent_weigh(r->main, ctx);
    }

    return ctx;
}


ngx_consent_ctx_t *
ngx_consent_request_early(ngx_http_request_t *r)
{
    ngx_consent_ctx_t  *ctx;

    ctx = ngx_consent_request_peek(r);

    return ctx ? ctx : ngx_consent_request_create(r->main, 1);
}


static ngx_consent_ctx_t *
ngx_consent_request_create(ngx_http_request_t *r, ngx_flag_t early)
{
    ngx_consent_ctx_t       *ctx;
    ngx_pool_cleanup_t      *cln;
    ngx_consent_both_t      *both;
    ngx_consent_srv_conf_t  *scf;

    scf = ngx_consent_srv_conf(r);

    if (scf->policy == NULL) {
        return NULL;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(ngx_consent_both_t));
    if (cln == NULL) {
        return NULL;
    }

    both = cln->data;
    ngx_memzero(both, sizeof(ngx_consent_both_t));
    cln->handler = ngx_consent_request_forgotten;

    ctx = &both->ctx;
    ctx->request = &both->own;
    ctx->policy = scf->policy;
    ctx->now = ngx_consent_now();

    /* what is a public task is told by the path that was asked for, wherever a rewrite or a redirect leads */
    both->own.core = consent_minimize_core(ngx_consent_path_sent(r, 1), ctx->policy->policy);

    ngx_http_set_ctx(r, ctx, ngx_consent_module);

    ngx_consent_request_id(ctx);
    ngx_consent_request_signals(r, ctx);
    ngx_consent_who_cookie(r, ctx);

    /* a subrequest may be the first to ask; what its location calls an identity is not what the request's does */

    ngx_consent_who(r, ctx, ngx_consent_loc_conf(r)->identity, early);
    ngx_consent_weigh(r, ctx);

    return ctx;
}


/* Random bytes are drawn for many requests at once: one call of the generator costs more than the rest of this. */
static void
ngx_consent_request_id(ngx_consent_ctx_t *ctx)
{
    static uint8_t  pool[NGX_CONSENT_RANDOM];
    static size_t   left;

    if (left == 0) {

        /* an id that says nothing is better than no answer; it is no secret */

        if (consent_random(pool, sizeof(pool)) != CONSENT_OK) {
            ngx_memzero(pool, sizeof(pool));
        }

        left = sizeof(pool);
    }

    left -= CONSENT_ID_LEN;
    ngx_memcpy(ctx->id, pool + left, CONSENT_ID_LEN);
    (void) ngx_hex_dump(ctx->code, ctx->id, NGX_CONSENT_CODE_LEN / 2);
}


static void
ngx_consent_request_signals(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    ngx_uint_t              n_dest;
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    n_dest = 0;
    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        switch (h->key.len) {

        case sizeof("adpc") - 1:
            if (ngx_memcmp(h->lowcase_key, "adpc", sizeof("adpc") - 1) == 0) {
                consent_adpc_parse(&ctx->adpc, ngx_consent_slice(&h->value), ctx->policy->policy);
                ctx->signals.withdraw = consent_adpc_withdrawn(&ctx->adpc, ctx->policy->policy);
            }

            break;

        case sizeof("sec-gpc") - 1:
            if (ngx_memcmp(h->lowcase_key, "sec-gpc", sizeof("sec-gpc") - 1) == 0) {
                ctx->signals.gpc |= consent_gpc(ngx_consent_slice(&h->value));
            }

            break;

        case sizeof("sec-fetch-dest") - 1:
            if (ngx_memcmp(h->lowcase_key, "sec-fetch-dest", sizeof("sec-fetch-dest") - 1) == 0) {
                ctx->fetched = (n_dest++ == 0 && h->value.len == sizeof("empty") - 1
                                && ngx_strncmp(h->value.data, "empty", sizeof("empty") - 1) == 0);
            }

            break;
        }
    }
}


void
ngx_consent_weigh(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    bool                       moves;
    consent_rc_t               rc;
    consent_time_t             stamp;
    consent_decision_t         stored;
    const consent_decision_t  *in_store, *in_cookie;

    stamp = 0;
    in_store = NULL;
    in_cookie = NULL;
    ctx->stored = 0;
    ctx->erased_at = 0;

    if (ctx->has_subject) {

        rc = ngx_consent_store_state(ctx, &stored, &ctx->erased_at, &moves);

        if (moves) {
            ngx_consent_store_rekey(ctx);
        }

        if (rc == CONSENT_OK) {
            in_store = &stored;
            ctx->stored = 1;
        }

        if (ctx->has_cookie && ctx->cookie.has_decision
            && (consent_digest_equal(ctx->cookie.subject, ctx->subject, CONSENT_SUBJECT_LEN)
                || (ctx->has_former
                    && consent_digest_equal(ctx->cookie.subject, ctx->former, CONSENT_SUBJECT_LEN))))
        {
            in_cookie = &ctx->cookie.decision;
        }

        if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {

            /* whether she was erased, or has withdrawn since, cannot be known: only what she decides next comes later */

            stamp = in_cookie ? in_cookie->stamp : 0;
            in_cookie = NULL;
        }
    }

    ngx_consent_earlier_learn(ctx->policy, in_store);
    ngx_consent_earlier_learn(ctx->policy, in_cookie);

    consent_decide(&ctx->effect, &ctx->policy->set, in_store, in_cookie, &ctx->signals, ctx->erased_at, ctx->now);
    ctx->effect.stamp = ngx_max(ctx->effect.stamp, stamp);
    ctx->weighed = 1;

    if (in_store && (ctx->effect.gpc_applied || ctx->signals.withdraw)) {
        ngx_consent_signal_lowered(r, ctx, in_store);
    }

    if (ctx->sheltered) {
        ngx_consent_shelter(&ctx->effect);
    }
}


/* As for anybody who has chosen the first level. */
static void
ngx_consent_shelter(consent_effect_t *effect)
{
    effect->granted = 0;
    effect->level = 0;
    effect->chosen = 0;
    effect->gpc_applied = false;

    if (effect->status == CONSENT_STATUS_GIVEN || effect->status == CONSENT_STATUS_LOWERED
        || effect->status == CONSENT_STATUS_LAPSED)
    {
        effect->status = CONSENT_STATUS_REFUSED;
    }
}


consent_mask_t
ngx_consent_granted(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    ngx_consent_request_t  *own;

    own = ctx->request;

    return ctx->effect.granted | own->core;
}
