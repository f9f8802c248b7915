/*
 * The choice page as it answers a request.
 */

#include "nginx/handler.h"


static ngx_int_t ngx_consent_choice_link(ngx_consent_view_t *view);
static ngx_flag_t ngx_consent_choice_has_record(ngx_consent_view_t *view);


ngx_int_t
ngx_consent_choice(ngx_consent_view_t *view, ngx_uint_t status, consent_say_t say, const consent_wish_t *kept,
    int required_level, consent_mask_t missing)
{
    char               token[CONSENT_FORM_TOKEN_LEN], forget[CONSENT_FORM_TOKEN_LEN];
    consent_buf_t      b;
    consent_wish_t     before;
    consent_slice_t    categories[CONSENT_MAX_CATEGORIES];
    consent_choice_t   choice;
    ngx_consent_ctx_t *ctx;

    ctx = view->ctx;

    if (ngx_consent_token_make(view, "choice", token) != CONSENT_OK
        || ngx_consent_token_make(view, "forget", forget) != CONSENT_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    /* she has just logged in, and chose before that: the same choice is offered, not taken over */

    if (kept == NULL && say == CONSENT_SAY_NOTHING && ngx_consent_choice_before(view, &before, categories)) {
        kept = &before;
        say = CONSENT_SAY_LOGGED_IN;
    }

    ngx_memzero(&choice, sizeof(consent_choice_t));

    choice.effect = &ctx->effect;
    choice.token = consent_slice(token, CONSENT_FORM_TOKEN_LEN);
    choice.forget_token = consent_slice(forget, CONSENT_FORM_TOKEN_LEN);
    choice.say = say;
    choice.code = consent_slice(ctx->code, NGX_CONSENT_CODE_LEN);
    choice.has_record = ngx_consent_choice_has_record(view) ? true : false;
    choice.kept = kept;
    choice.back = view->back;
    choice.identified = ctx->identified ? true : false;
    choice.required_level = required_level;
    choice.missing = missing;

    if (ngx_consent_choice_link(view) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_choice(&b, &view->page, &choice);

    return ngx_consent_reply(view->request, status, "text/html", &b);
}


/* The same choices for programs that take them for her (Advanced Data Protection Control). */
static ngx_int_t
ngx_consent_choice_link(ngx_consent_view_t *view)
{
    u_char     *p, *start;
    ngx_str_t  *base;

    base = &view->pages->base;

    start = ngx_pnalloc(view->request->pool, base->len + sizeof("<adpc.json>; rel=consent-requests") - 1);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = ngx_sprintf(start, "<%Vadpc.json>; rel=consent-requests", base);

    return ngx_consent_reply_header(view->request, "Link", start, (size_t) (p - start));
}


static ngx_flag_t
ngx_consent_choice_has_record(ngx_consent_view_t *view)
{
    ngx_consent_ctx_t  *ctx;

    ctx = view->ctx;

    return ctx->has_subject && (ctx->has_cookie || ctx->stored || ctx->effect.status != CONSENT_STATUS_NONE);
}


ngx_flag_t
ngx_consent_choice_before(ngx_consent_view_t *view, consent_wish_t *wish,
    consent_slice_t categories[static CONSENT_MAX_CATEGORIES])
{
    size_t                   i;
    consent_effect_t         effect;
    ngx_consent_ctx_t       *ctx;
    const consent_policy_t  *policy;

    ctx = view->ctx;
    policy = view->page.policy;

    if (!ctx->identified || ctx->stored || ctx->effect.status != CONSENT_STATUS_NONE || !ctx->has_cookie
        || !ctx->cookie.has_decision
        || ngx_memcmp(ctx->cookie.subject, ctx->subject, CONSENT_SUBJECT_LEN) == 0)
    {
        return 0;
    }

    /* as if it were stored: only to be shown, so its age does not matter */

    consent_decide(&effect, &ctx->policy->set, &ctx->cookie.decision, NULL, NULL, 0, ctx->now);

    if (effect.status == CONSENT_STATUS_NONE || effect.status == CONSENT_STATUS_EXPIRED) {
        return 0;
    }

    ngx_memzero(wish, sizeof(consent_wish_t));

    wish->scope = effect.scope;
    wish->ai = effect.ai;

    if (effect.chosen >= 0 && (size_t) effect.chosen < policy->n_levels
        && policy->levels[effect.chosen].shares == effect.granted)
    {
        wish->level = policy->levels[effect.chosen].id;
        return 1;
    }

    wish->level = consent_lit("custom");
    wish->categories = categories;

    for (i = 0; i < policy->n_categories; i++) {
        if (effect.granted & ((consent_mask_t) 1 << i)) {
            categories[wish->n_categories++] = policy->categories[i].id;
        }
    }

    return 1;
}


const consent_buf_t *
ngx_consent_choice_notice(ngx_consent_pages_t *pages, size_t language, const uint8_t **hash)
{
    consent_rc_t       rc;
    consent_buf_t     *b;
    consent_page_t     page;
    consent_slice_t    text;
    consent_choice_t   choice;
    consent_digest_t  *digest;

    b = &pages->notice[language].text;
    *hash = pages->notice[language].hash;

    if (b->len) {
        return b;
    }

    ngx_memzero(&page, sizeof(consent_page_t));
    ngx_memzero(&choice, sizeof(consent_choice_t));

    page.policy = pages->policy->policy;
    page.shell = pages->has_shell ? &pages->shell : NULL;
    page.base = ngx_consent_slice(&pages->base);
    page.callback = pages->callback ? true : false;
    page.language = language;
    page.neutral = true;
    choice.required_level = -1;

    consent_page_choice(b, &page, &choice);

    digest = consent_digest_create();
    text = consent_buf_view(b);

    rc = b->rc != CONSENT_OK ? b->rc
         : digest == NULL ? CONSENT_NOMEM : consent_digest_sha256(digest, pages->notice[language].hash,
                                                                  &text, 1);

    consent_digest_destroy(digest);

    if (rc != CONSENT_OK) {
        consent_buf_free(b);
        return NULL;
    }

    return b;
}
