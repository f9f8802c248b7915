/*
 * Who asks: by the consent cookie, which names a device, and by the identity provider's token or a variable, which name a
 * person.
 */

#include "identity/cache.h"
#include "nginx/handler.h"
#include "nginx/request.h"


#define NGX_CONSENT_TOKENS      4096            /* that a worker remembers */
#define NGX_CONSENT_TOKEN_MAX   2048            /* bytes of a token that is remembered */
#define NGX_CONSENT_NAME_MAX    1024            /* bytes of a variable that says who is logged in */

/* Who is logged in. */
typedef struct {
    uint8_t           subject[CONSENT_SUBJECT_LEN];
    uint8_t           former[CONSENT_SUBJECT_LEN];
    consent_by_t      by;
    unsigned          has_former:1;
    unsigned          minor:1;
    unsigned          sheltered:1;
} ngx_consent_login_t;

/* What is remembered of a token that was verified. */
typedef struct {
    uint64_t             policy;                /* its id_key, for our own cookie */
    uint64_t             tag;                   /* of its subject */
    consent_cookie_t     cookie;
    ngx_consent_login_t  login;
} ngx_consent_token_t;

static ngx_uint_t ngx_consent_who_find(ngx_http_request_t *r, const ngx_str_t *name, consent_slice_t *value);
static ngx_int_t ngx_consent_who_login(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *id,
    ngx_flag_t early, ngx_consent_login_t *login);
static consent_rc_t ngx_consent_who_named(ngx_http_request_t *r, ngx_consent_identity_t *id, consent_slice_t claim,
    ngx_consent_login_t *login);
static ngx_int_t ngx_consent_who_variable(ngx_http_request_t *r, ngx_consent_identity_t *id, ngx_flag_t early,
    ngx_consent_login_t *login);
static ngx_int_t ngx_consent_who_variables(ngx_http_request_t *r, ngx_consent_identity_t *id, ngx_flag_t early,
    ngx_consent_login_t *login);
static ngx_http_variable_value_t *ngx_consent_who_value(ngx_http_request_t *r, ngx_uint_t index, ngx_flag_t early);
static ngx_int_t ngx_consent_who_token(ngx_http_request_t *r, ngx_consent_identity_t *id, consent_slice_t *token);
static ngx_int_t ngx_consent_who_verify(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *id,
    consent_slice_t token, ngx_consent_login_t *login);
static ngx_int_t ngx_consent_who_claims(ngx_consent_identity_t *id, const consent_json_t *document,
    ngx_consent_login_t *login);
static ngx_int_t ngx_consent_who_claim(ngx_consent_login_t *login, ngx_uint_t claim, consent_slice_t value);
static consent_cache_t *ngx_consent_tokens(void);
static void ngx_consent_tokens_cleanup(void *data);


/* More than one, and none counts: somebody else may have planted one of them. */
void
ngx_consent_who_cookie(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    ngx_str_t                   name;
    ngx_uint_t                  n;
    consent_cache_t            *cache;
    consent_slice_t             value;
    ngx_consent_token_t         token;
    const ngx_consent_token_t  *known;

    ngx_consent_cookie_name(r, &name);

    n = ngx_consent_who_find(r, &name, &value);

    if (n == 0) {
        return;
    }

    if (n > 1 || value.len == 0 || value.len > CONSENT_COOKIE_MAX) {
        ngx_consent_count(CONSENT_COUNT_TOKENS_REFUSED, 1);
        return;
    }

    cache = ngx_consent_tokens();
    known = cache ? consent_cache_get(cache, 0, value, ctx->now) : NULL;

    if (known == NULL || known->policy != ctx->policy->policy->id_key) {

        if (consent_cookie_read(&token.cookie, ngx_consent_main_conf(r)->keys, value, ctx->policy->policy->id, ctx->now)
            != CONSENT_OK)
        {
            ngx_consent_count(CONSENT_COUNT_TOKENS_REFUSED, 1);
            return;
        }

        token.policy = ctx->policy->policy->id_key;
        token.tag = ngx_consent_store_tag(token.cookie.subject);
        known = &token;

        if (cache) {
            consent_cache_put(cache, 0, value, &token, token.cookie.expires, ctx->now);
        }
    }

    ctx->cookie = known->cookie;
    ctx->cookie_tag = known->tag;
    ctx->has_cookie = 1;
}


void
ngx_consent_who(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *id, ngx_flag_t early)
{
    ngx_int_t               rc;
    ngx_consent_login_t     login;
    ngx_consent_request_t  *own;

    own = ctx->request;
    own->identity = id;
    own->late = 0;

    ctx->has_subject = 0;
    ctx->has_former = 0;
    ctx->identified = 0;
    ctx->minor = 0;
    ctx->sheltered = 0;
    ctx->by = CONSENT_BY_SELF;

    ngx_memzero(&login, sizeof(ngx_consent_login_t));

    rc = id ? ngx_consent_who_login(r, ctx, id, early, &login) : NGX_DECLINED;

    if (rc == NGX_OK) {
        ngx_memcpy(ctx->subject, login.subject, CONSENT_SUBJECT_LEN);
        ngx_memcpy(ctx->former, login.former, CONSENT_SUBJECT_LEN);
        ctx->has_subject = 1;
        ctx->has_former = login.has_former;
        ctx->identified = 1;
        ctx->by = login.by;
        ctx->minor = login.minor && login.by != CONSENT_BY_GUARDIAN;
        ctx->sheltered = login.sheltered;
        return;
    }

    if (rc == NGX_AGAIN) {

        /* until it is known who she is, the device's own choice is not hers */

        own->late = 1;
        return;
    }

    /* what somebody decided who was logged in is in force for nobody else who uses this device */

    if (ctx->has_cookie && !ctx->cookie.identified) {
        ngx_memcpy(ctx->subject, ctx->cookie.subject, CONSENT_SUBJECT_LEN);
        ctx->has_subject = 1;
    }
}


/* How many cookies of that name there are in all lines; *value is the first. */
static ngx_uint_t
ngx_consent_who_find(ngx_http_request_t *r, const ngx_str_t *name, consent_slice_t *value)
{
    size_t            n, found;
    ngx_uint_t        i;
    consent_slice_t   first;
    ngx_table_elt_t  *h;

    n = 0;
    *value = consent_slice(NULL, 0);

    for (i = 0; (h = ngx_consent_cookie_line(r, i)) != NULL; i++) {

        found = consent_cookie_find(&first, ngx_consent_slice(&h->value), ngx_consent_slice(name));

        if (n == 0 && found) {
            *value = first;
        }

        n += found;
    }

    return n;
}


/* NGX_AGAIN: it may turn out later. */
static ngx_int_t
ngx_consent_who_login(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *id, ngx_flag_t early,
    ngx_consent_login_t *login)
{
    consent_slice_t  token;

    if (id->source == NGX_CONSENT_IDENTITY_VARIABLE) {
        return ngx_consent_who_variable(r, id, early, login);
    }

    if (ngx_consent_who_token(r, id, &token) != NGX_OK) {
        return NGX_DECLINED;
    }

    return ngx_consent_who_verify(r, ctx, id, token, login);
}


static ngx_int_t
ngx_consent_who_variable(ngx_http_request_t *r, ngx_consent_identity_t *id, ngx_flag_t early,
    ngx_consent_login_t *login)
{
    ngx_http_variable_value_t  *value;

    value = ngx_consent_who_value(r, (ngx_uint_t) id->variable, early);

    if (value == NULL || value->not_found || value->len == 0) {
        return early ? NGX_AGAIN : NGX_DECLINED;
    }

    if (value->len > NGX_CONSENT_NAME_MAX) {
        return NGX_DECLINED;
    }

    if (ngx_consent_who_named(r, id, consent_slice(value->data, value->len), login) != CONSENT_OK) {
        return NGX_DECLINED;
    }

    return ngx_consent_who_variables(r, id, early, login);
}


/* Her pseudonym, and the one that the store may know her by still. */
static consent_rc_t
ngx_consent_who_named(ngx_http_request_t *r, ngx_consent_identity_t *id, consent_slice_t claim, ngx_consent_login_t *login)
{
    consent_rc_t     rc;
    consent_keys_t  *keys;

    keys = ngx_consent_main_conf(r)->keys;
    rc = consent_pseudonym(login->subject, keys, id->issuer, claim);

    if (rc == CONSENT_OK && keys->n_pseudonym > 1) {
        rc = consent_pseudonym_former(login->former, keys, id->issuer, claim);
        login->has_former = 1;
    }

    return rc;
}


/* What has no value yet may say later that more care is needed. */
static ngx_int_t
ngx_consent_who_variables(ngx_http_request_t *r, ngx_consent_identity_t *id, ngx_flag_t early,
    ngx_consent_login_t *login)
{
    ngx_uint_t                  i;
    ngx_http_variable_value_t  *value;

    for (i = 0; i < NGX_CONSENT_CLAIMS; i++) {

        if (id->claims[i].len == 0) {
            continue;
        }

        value = ngx_consent_who_value(r, (ngx_uint_t) id->indexes[i], early);

        if (value == NULL || value->not_found || value->len == 0) {

            if (early) {
                return NGX_AGAIN;
            }

            continue;
        }

        if (ngx_consent_who_claim(login, i, consent_slice(value->data, value->len)) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* Looking at a variable too early must not settle it: what a map was made of may get its value later. */
static ngx_http_variable_value_t *
ngx_consent_who_value(ngx_http_request_t *r, ngx_uint_t index, ngx_flag_t early)
{
    u_char                     *settled;
    ngx_uint_t                  i;
    ngx_http_variable_t        *v;
    ngx_http_variable_value_t  *value;
    ngx_http_core_main_conf_t  *cmcf;

    if (!early) {
        return ngx_http_get_indexed_variable(r, index);
    }

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);
    v = cmcf->variables.elts;

    if (!r->variables[index].valid && (v[index].flags & NGX_HTTP_VAR_WEAK)) {
        /* `set` has not been there yet, and says so in the log if it is asked */
        return NULL;
    }

    settled = ngx_pnalloc(r->pool, cmcf->variables.nelts);
    if (settled == NULL) {
        return NULL;
    }

    for (i = 0; i < cmcf->variables.nelts; i++) {
        settled[i] = r->variables[i].valid || r->variables[i].not_found;
    }

    value = ngx_http_get_indexed_variable(r, index);

    if (value && !value->not_found && value->len) {
        return value;
    }

    for (i = 0; i < cmcf->variables.nelts; i++) {
        if (!settled[i]) {
            r->variables[i].valid = 0;
            r->variables[i].not_found = 0;
        }
    }

    return NULL;
}


/* The token in its cookie or header: one, or none counts. A header may say "Bearer". */
static ngx_int_t
ngx_consent_who_token(ngx_http_request_t *r, ngx_consent_identity_t *id, consent_slice_t *token)
{
    ngx_str_t  value;

    if (id->source == NGX_CONSENT_IDENTITY_COOKIE) {
        return ngx_consent_who_find(r, &id->name, token) == 1 && token->len ? NGX_OK : NGX_DECLINED;
    }

    if (ngx_consent_header(r, (char *) id->name.data, &value) != 1) {
        return NGX_DECLINED;
    }

    if (value.len > sizeof("Bearer ") - 1
        && ngx_strncasecmp(value.data, (u_char *) "Bearer ", sizeof("Bearer ") - 1) == 0)
    {
        value.data += sizeof("Bearer ") - 1;
        value.len -= sizeof("Bearer ") - 1;
    }

    *token = ngx_consent_slice(&value);

    return value.len ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_consent_who_verify(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_identity_t *id, consent_slice_t token,
    ngx_consent_login_t *login)
{
    consent_rc_t                rc;
    consent_jwt_t               jwt;
    consent_cache_t            *cache;
    consent_slice_t             claim;
    consent_jwt_check_t         check;
    ngx_consent_token_t         made;
    const consent_json_t       *member;
    const ngx_consent_token_t  *known;

    cache = ngx_consent_tokens();
    known = cache ? consent_cache_get(cache, id->realm, token, ctx->now) : NULL;

    if (known) {
        *login = known->login;
        return NGX_OK;
    }

    ngx_memzero(&check, sizeof(consent_jwt_check_t));
    check.issuer = id->issuer;
    check.audience = id->audience;
    check.now = ctx->now;
    check.skew = CONSENT_JWT_CLOCK_SKEW;
    check.need_exp = true;

    rc = consent_jwt_verify(&jwt, token, id->keys, id->n_keys, &check);

    if (rc == CONSENT_OK) {
        member = consent_json_get(jwt.document, (const char *) id->claim.data);
        claim = member && member->type == CONSENT_JSON_STRING ? member->text : consent_slice(NULL, 0);

        rc = claim.len ? ngx_consent_who_named(r, id, claim, login) : CONSENT_DENIED;

        if (rc == CONSENT_OK && ngx_consent_who_claims(id, jwt.document, login) != NGX_OK) {
            rc = CONSENT_DENIED;
        }

        consent_arena_destroy(jwt.arena);
    }

    if (rc != CONSENT_OK) {
        ngx_consent_count(CONSENT_COUNT_TOKENS_REFUSED, 1);
        return NGX_DECLINED;
    }

    if (cache) {
        ngx_memzero(&made, sizeof(ngx_consent_token_t));
        made.login = *login;
        consent_cache_put(cache, id->realm, token, &made, jwt.expires, ctx->now);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_who_claims(ngx_consent_identity_t *id, const consent_json_t *document, ngx_consent_login_t *login)
{
    ngx_uint_t             i;
    consent_slice_t        value;
    const consent_json_t  *v;

    for (i = 0; i < NGX_CONSENT_CLAIMS; i++) {

        v = id->claims[i].len ? consent_json_get(document, (const char *) id->claims[i].data) : NULL;

        if (v == NULL || v->type == CONSENT_JSON_NULL || v->type == CONSENT_JSON_FALSE) {
            continue;
        }

        /* an array or an object is no clear answer, and so not "no" */

        value = v->type == CONSENT_JSON_STRING || v->type == CONSENT_JSON_NUMBER ? v->text : consent_lit("true");

        if (ngx_consent_who_claim(login, i, value) != NGX_OK) {
            return NGX_DECLINED;
        }
    }

    return NGX_OK;
}


/* Who acts in a role that we do not know is nobody; and but for a clear "no" there is a reason for care. */
static ngx_int_t
ngx_consent_who_claim(ngx_consent_login_t *login, ngx_uint_t claim, consent_slice_t value)
{
    ngx_flag_t  no;

    no = value.len == 0 || consent_slice_ieq(value, consent_lit("0")) || consent_slice_ieq(value, consent_lit("no"))
         || consent_slice_ieq(value, consent_lit("false"));

    switch (claim) {

    case NGX_CONSENT_CLAIM_ACTING:

        if (consent_slice_eq(value, consent_lit("guardian"))) {
            login->by = CONSENT_BY_GUARDIAN;
            return NGX_OK;
        }

        if (consent_slice_eq(value, consent_lit("representative"))) {
            login->by = CONSENT_BY_REPRESENTATIVE;
            return NGX_OK;
        }

        return no || consent_slice_eq(value, consent_lit("self")) ? NGX_OK : NGX_DECLINED;

    case NGX_CONSENT_CLAIM_MINOR:
        login->minor |= !no;
        return NGX_OK;

    default:
        login->sheltered |= !no;
        return NGX_OK;
    }
}


/* Of the process, and of its configuration's keys, with which it goes. */
static consent_cache_t *
ngx_consent_tokens(void)
{
    ngx_pool_cleanup_t  *cln;

    static consent_cache_t  *cache;
    static ngx_cycle_t      *cycle;

    if (cycle != ngx_cycle) {
        cycle = (ngx_cycle_t *) ngx_cycle;
        cache = NULL;

        cln = ngx_pool_cleanup_add(cycle->pool, 0);

        if (cln) {
            cache = consent_cache_create(NGX_CONSENT_TOKENS, sizeof(ngx_consent_token_t), NGX_CONSENT_TOKEN_MAX);
            cln->handler = ngx_consent_tokens_cleanup;
            cln->data = cache;
        }
    }

    return cache;
}


static void
ngx_consent_tokens_cleanup(void *data)
{
    consent_cache_destroy(data);
}
