/*
 * The context of a request: who asks, what she decided, which signals she sends. Made once and kept with the request's
 * pool, for a redirect wipes the contexts of modules.
 */

#include "base/digest.h"
#include "identity/cache.h"
#include "nginx/handler.h"
#include "nginx/request.h"
#include "nginx/store.h"


#define NGX_CONSENT_TOKENS      4096            /* that a worker remembers */
#define NGX_CONSENT_TOKEN_MAX   2048            /* bytes of a token that is remembered */
#define NGX_CONSENT_RANDOM      (64 * CONSENT_ID_LEN)

/* What is remembered of a token that was verified. */
typedef struct {
    uint64_t          policy;                   /* its id_key, for our own cookie */
    consent_cookie_t  cookie;
} ngx_consent_token_t;

typedef struct {
    ngx_consent_ctx_t      ctx;
    ngx_consent_request_t  request;
} ngx_consent_both_t;

static void ngx_consent_request_forgotten(void *data);
static void ngx_consent_request_id(ngx_consent_ctx_t *ctx);
static void ngx_consent_request_signals(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);
static void ngx_consent_request_cookie(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);
static void ngx_consent_request_login(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *id);
static ngx_int_t ngx_consent_login_token(ngx_http_request_t *r, ngx_consent_identity_t *id, ngx_str_t *token);
static void ngx_consent_request_weigh(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);
static void ngx_consent_request_lowered(ngx_http_request_t *r, ngx_consent_ctx_t *ctx,
    const consent_decision_t *stored);
static consent_cache_t *ngx_consent_tokens(void);


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
}


ngx_consent_ctx_t *
ngx_consent_request(ngx_http_request_t *r)
{
    ngx_consent_ctx_t       *ctx;
    ngx_pool_cleanup_t      *cln;
    ngx_consent_both_t      *both;
    ngx_consent_loc_conf_t  *lcf;
    ngx_consent_srv_conf_t  *scf;

    ctx = ngx_consent_request_peek(r);

    if (ctx) {
        return ctx;
    }

    lcf = ngx_consent_loc_conf(r);
    r = r->main;
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
    ctx->request = &both->request;
    ctx->policy = scf->policy;
    ctx->now = ngx_consent_now();

    ngx_consent_request_id(ctx);
    ngx_consent_request_signals(r, ctx);
    ngx_consent_request_cookie(r, ctx);

    if (lcf->identity) {
        if (lcf->identity->source == NGX_CONSENT_IDENTITY_VARIABLE) {
            both->request.deferred = 1;

        } else {
            ngx_consent_request_login(r, ctx, lcf->identity);
        }
    }

    ngx_consent_request_weigh(r, ctx);
    ngx_http_set_ctx(r, ctx, ngx_consent_module);

    return ctx;
}


ngx_int_t
ngx_consent_request_again(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    ngx_consent_loc_conf_t  *lcf;

    lcf = ngx_consent_loc_conf(r);

    if (lcf->identity == NULL || ctx->identified) {
        return NGX_DECLINED;
    }

    ngx_consent_request_login(r->main, ctx, lcf->identity);

    if (!ctx->identified) {
        return NGX_DECLINED;
    }

    ngx_consent_request_weigh(r->main, ctx);

    return NGX_OK;
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
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        if (h->key.len == sizeof("sec-gpc") - 1 && h->lowcase_key[0] == 's'
            && ngx_memcmp(h->lowcase_key, "sec-gpc", sizeof("sec-gpc") - 1) == 0)
        {
            ctx->signals.gpc |= consent_gpc(ngx_consent_slice(&h->value));

        } else if (h->key.len == sizeof("adpc") - 1 && h->lowcase_key[0] == 'a'
                   && ngx_memcmp(h->lowcase_key, "adpc", sizeof("adpc") - 1) == 0)
        {
            consent_adpc_parse(&ctx->adpc, ngx_consent_slice(&h->value), ctx->policy->policy);
            ctx->signals.withdraw = consent_adpc_withdrawn(&ctx->adpc, ctx->policy->policy);
        }
    }
}


/* Our own cookie. More than one, and none counts: somebody else may have planted one of them. */
static void
ngx_consent_request_cookie(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    size_t                      n;
    ngx_str_t                   name;
    ngx_table_elt_t            *h;
    consent_cache_t            *cache;
    consent_slice_t             value, found;
    ngx_consent_token_t         token;
    ngx_consent_headers_t       it;
    const ngx_consent_token_t  *known;

    n = 0;
    value = consent_slice(NULL, 0);
    ngx_consent_cookie_name(r, &name);
    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        if (h->key.len != sizeof("cookie") - 1 || h->lowcase_key[0] != 'c'
            || ngx_memcmp(h->lowcase_key, "cookie", sizeof("cookie") - 1) != 0)
        {
            continue;
        }

        n += consent_cookie_find(&found, ngx_consent_slice(&h->value), ngx_consent_slice(&name));

        if (n == 1 && value.data == NULL) {
            value = found;
        }
    }

    if (n == 0) {
        return;
    }

    if (n > 1 || value.len == 0 || value.len > CONSENT_COOKIE_MAX) {
        ngx_consent_count(CONSENT_COUNT_TOKENS_REFUSED, 1);
        return;
    }

    cache = ngx_consent_tokens();
    known = cache ? consent_cache_get(cache, 0, value, ctx->now) : NULL;

    if (known && known->policy == ctx->policy->policy->id_key) {
        ctx->cookie = known->cookie;

    } else {

        if (consent_cookie_read(&token.cookie, ngx_consent_main_conf(r)->keys, value, ctx->policy->policy->id, ctx->now)
            != CONSENT_OK)
        {
            ngx_consent_count(CONSENT_COUNT_TOKENS_REFUSED, 1);
            return;
        }

        token.policy = ctx->policy->policy->id_key;
        ctx->cookie = token.cookie;

        if (cache) {
            consent_cache_put(cache, 0, value, &token, token.cookie.expires, ctx->now);
        }
    }

    ctx->has_cookie = 1;

    /* what somebody decided who was logged in is in force for nobody else who uses this device */

    if (!ctx->cookie.identified) {
        ngx_memcpy(ctx->subject, ctx->cookie.subject, CONSENT_SUBJECT_LEN);
        ctx->has_subject = 1;
    }
}


static void
ngx_consent_request_login(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *id)
{
    uint8_t                     subject[CONSENT_SUBJECT_LEN];
    ngx_str_t                   value;
    consent_jwt_t               jwt;
    consent_cache_t            *cache;
    consent_slice_t             claim;
    consent_jwt_check_t         check;
    ngx_consent_token_t         token;
    ngx_http_variable_value_t  *vv;
    const consent_json_t       *member;
    const ngx_consent_token_t  *known;

    if (id->source == NGX_CONSENT_IDENTITY_VARIABLE) {

        vv = ngx_http_get_indexed_variable(r, (ngx_uint_t) id->variable);

        if (vv == NULL || vv->not_found || vv->len == 0
            || consent_pseudonym(subject, ngx_consent_main_conf(r)->keys, id->issuer,
                                 consent_slice(vv->data, vv->len)) != CONSENT_OK)
        {
            return;
        }

        goto found;
    }

    if (ngx_consent_login_token(r, id, &value) != NGX_OK) {
        return;
    }

    cache = ngx_consent_tokens();
    known = cache ? consent_cache_get(cache, id->realm, ngx_consent_slice(&value), ctx->now) : NULL;

    if (known) {
        ngx_memcpy(subject, known->cookie.subject, CONSENT_SUBJECT_LEN);
        goto found;
    }

    ngx_memzero(&check, sizeof(consent_jwt_check_t));
    check.issuer = id->issuer;
    check.audience = id->audience;
    check.now = ctx->now;
    check.skew = CONSENT_JWT_CLOCK_SKEW;
    check.need_exp = true;

    if (consent_jwt_verify(&jwt, ngx_consent_slice(&value), id->keys, id->n_keys, &check) != CONSENT_OK) {
        ngx_consent_count(CONSENT_COUNT_TOKENS_REFUSED, 1);
        return;
    }

    member = consent_json_get(jwt.document, (const char *) id->claim.data);
    claim = member && member->type == CONSENT_JSON_STRING ? member->text : consent_slice(NULL, 0);

    if (claim.len == 0
        || consent_pseudonym(subject, ngx_consent_main_conf(r)->keys, id->issuer, claim) != CONSENT_OK)
    {
        consent_arena_destroy(jwt.arena);
        ngx_consent_count(CONSENT_COUNT_TOKENS_REFUSED, 1);
        return;
    }

    consent_arena_destroy(jwt.arena);

    if (cache) {
        ngx_memzero(&token, sizeof(ngx_consent_token_t));
        ngx_memcpy(token.cookie.subject, subject, CONSENT_SUBJECT_LEN);
        consent_cache_put(cache, id->realm, ngx_consent_slice(&value), &token, jwt.expires, ctx->now);
    }

found:

    ngx_memcpy(ctx->subject, subject, CONSENT_SUBJECT_LEN);
    ctx->has_subject = 1;
    ctx->identified = 1;
}


/* The token in its cookie or header: one, or none counts. A header may say "Bearer". */
static ngx_int_t
ngx_consent_login_token(ngx_http_request_t *r, ngx_consent_identity_t *id, ngx_str_t *token)
{
    size_t                  n;
    ngx_table_elt_t        *h;
    consent_slice_t         found;
    ngx_consent_headers_t   it;

    if (id->source == NGX_CONSENT_IDENTITY_HEADER) {

        if (ngx_consent_header(r, (char *) id->name.data, token) != 1) {
            return NGX_DECLINED;
        }

        if (token->len > sizeof("Bearer ") - 1
            && ngx_strncasecmp(token->data, (u_char *) "Bearer ", sizeof("Bearer ") - 1) == 0)
        {
            token->data += sizeof("Bearer ") - 1;
            token->len -= sizeof("Bearer ") - 1;
        }

        return token->len ? NGX_OK : NGX_DECLINED;
    }

    n = 0;
    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        if (h->key.len != sizeof("cookie") - 1
            || ngx_memcmp(h->lowcase_key, "cookie", sizeof("cookie") - 1) != 0)
        {
            continue;
        }

        n += consent_cookie_find(&found, ngx_consent_slice(&h->value), ngx_consent_slice(&id->name));

        if (n == 1 && found.len) {
            token->data = (u_char *) found.data;
            token->len = found.len;
        }
    }

    return n == 1 && token->len ? NGX_OK : NGX_DECLINED;
}


static void
ngx_consent_request_weigh(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    consent_rc_t               rc;
    consent_decision_t         stored;
    const consent_decision_t  *in_store, *in_cookie;

    in_store = NULL;
    in_cookie = NULL;
    ctx->stored = 0;

    if (ctx->has_subject) {

        rc = ngx_consent_store_state(ctx->subject, ctx->policy->policy->id_key, &stored, &ctx->erased_at);

        if (rc == CONSENT_OK) {
            in_store = &stored;
            ctx->stored = 1;

        } else if (rc != CONSENT_NOTFOUND) {

            /* whether she was erased, or has withdrawn since, cannot be known */

            ctx->erased_at = INT64_MAX;
        }

        if (ctx->has_cookie && ctx->cookie.has_decision
            && consent_digest_equal(ctx->cookie.subject, ctx->subject, CONSENT_SUBJECT_LEN))
        {
            in_cookie = &ctx->cookie.decision;
        }
    }

    consent_decide(&ctx->effect, &ctx->policy->set, in_store, in_cookie, &ctx->signals, ctx->erased_at, ctx->now);
    ctx->weighed = 1;

    if (in_store && (ctx->effect.gpc_applied || ctx->signals.withdraw)) {
        ngx_consent_request_lowered(r, ctx, in_store);
    }
}


/* What a signal took away from a standing decision is recorded, behind the request, once a day. */
static void
ngx_consent_request_lowered(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, const consent_decision_t *stored)
{
    consent_decision_t  decision;

    if (stored->policy != ctx->policy->policy->key || (stored->granted & ~ctx->effect.granted) == 0
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

    (void) ngx_consent_store_signal(ctx->policy, ctx->subject, ctx->identified, &decision,
                                    ngx_consent_language(r, ctx->policy->policy));
}


consent_mask_t
ngx_consent_granted(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    return ctx->effect.granted | consent_policy_core_mask(ctx->policy->policy, ngx_consent_slice(&r->uri));
}


ngx_str_t
ngx_consent_request_path(ngx_http_request_t *r)
{
    u_char     *p;
    ngx_str_t   path;

    path = r->unparsed_uri;
    p = ngx_strlchr(path.data, path.data + path.len, '?');

    if (p) {
        path.len = (size_t) (p - path.data);
    }

    return path;
}


/* Of the process. Its keys are those of one configuration: a worker never changes its own. */
static consent_cache_t *
ngx_consent_tokens(void)
{
    static consent_cache_t  *cache;
    static ngx_cycle_t      *cycle;

    if (cycle != ngx_cycle) {
        consent_cache_destroy(cache);
        cache = consent_cache_create(NGX_CONSENT_TOKENS, sizeof(ngx_consent_token_t), NGX_CONSENT_TOKEN_MAX);
        cycle = (ngx_cycle_t *) ngx_cycle;
    }

    return cache;
}
