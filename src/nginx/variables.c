/*
 * The module's variables.
 */

#include "nginx/request.h"
#include "nginx/response.h"


typedef enum {
    NGX_CONSENT_VAR_LEVEL = 0,
    NGX_CONSENT_VAR_RANK,
    NGX_CONSENT_VAR_CATEGORIES,
    NGX_CONSENT_VAR_STATUS,
    NGX_CONSENT_VAR_VERSION,
    NGX_CONSENT_VAR_SUBJECT,
    NGX_CONSENT_VAR_WITHHELD,
    NGX_CONSENT_VAR_AI,
    NGX_CONSENT_VAR_ID
} ngx_consent_var_t;

static ngx_int_t ngx_consent_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_consent_variable_disclosure(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_consent_variable_address(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data);
static ngx_int_t ngx_consent_variable_set(ngx_http_variable_value_t *v, const void *data, size_t len);
static ngx_int_t ngx_consent_variable_names(ngx_http_request_t *r, ngx_http_variable_value_t *v,
    const consent_policy_t *policy, consent_mask_t mask);

#define NGX_CONSENT_VARIABLE(name, handler, data)                                                                     \
    { ngx_string("consent_" name), NULL, handler, data, NGX_HTTP_VAR_NOCACHEABLE, 0 }

static ngx_http_variable_t  ngx_consent_variables[] = {
    NGX_CONSENT_VARIABLE("level", ngx_consent_variable, NGX_CONSENT_VAR_LEVEL),
    NGX_CONSENT_VARIABLE("level_rank", ngx_consent_variable, NGX_CONSENT_VAR_RANK),
    NGX_CONSENT_VARIABLE("categories", ngx_consent_variable, NGX_CONSENT_VAR_CATEGORIES),
    NGX_CONSENT_VARIABLE("status", ngx_consent_variable, NGX_CONSENT_VAR_STATUS),
    NGX_CONSENT_VARIABLE("policy_version", ngx_consent_variable, NGX_CONSENT_VAR_VERSION),
    NGX_CONSENT_VARIABLE("subject", ngx_consent_variable, NGX_CONSENT_VAR_SUBJECT),
    NGX_CONSENT_VARIABLE("withheld", ngx_consent_variable, NGX_CONSENT_VAR_WITHHELD),
    NGX_CONSENT_VARIABLE("ai_choice", ngx_consent_variable, NGX_CONSENT_VAR_AI),
    NGX_CONSENT_VARIABLE("request_id", ngx_consent_variable, NGX_CONSENT_VAR_ID),
    NGX_CONSENT_VARIABLE("disclosure", ngx_consent_variable_disclosure, 0),
    NGX_CONSENT_VARIABLE("remote_addr", ngx_consent_variable_address, 0),
    ngx_http_null_variable
};


ngx_int_t
ngx_consent_add_variables(ngx_conf_t *cf)
{
    ngx_http_variable_t  *var, *v;

    for (v = ngx_consent_variables; v->name.len; v++) {

        var = ngx_http_add_variable(cf, &v->name, v->flags);
        if (var == NULL) {
            return NGX_ERROR;
        }

        var->get_handler = v->get_handler;
        var->data = v->data;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_variable(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char                  *p;
    const char              *word;
    ngx_consent_ctx_t       *ctx;
    const consent_policy_t  *policy;

    /* a variable of ours may be asked for before it is known who asks */

    ctx = ngx_consent_request_early(r);

    if (ctx == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    policy = ctx->policy->policy;

    switch ((ngx_consent_var_t) data) {

    case NGX_CONSENT_VAR_LEVEL:
        return ngx_consent_variable_set(v, policy->levels[ctx->effect.level].id.data,
                                        policy->levels[ctx->effect.level].id.len);

    case NGX_CONSENT_VAR_RANK:
        p = ngx_pnalloc(r->pool, NGX_INT_T_LEN);
        if (p == NULL) {
            return NGX_ERROR;
        }

        return ngx_consent_variable_set(v, p, (size_t) (ngx_sprintf(p, "%d", ctx->effect.level) - p));

    case NGX_CONSENT_VAR_CATEGORIES:
        return ngx_consent_variable_names(r, v, policy, ctx->effect.granted);

    case NGX_CONSENT_VAR_STATUS:
        word = consent_status_name(ctx->effect.status);
        return ngx_consent_variable_set(v, word, ngx_strlen(word));

    case NGX_CONSENT_VAR_VERSION:
        return ngx_consent_variable_set(v, policy->version.data, policy->version.len);

    case NGX_CONSENT_VAR_SUBJECT:
        if (!ctx->has_subject) {
            v->not_found = 1;
            return NGX_OK;
        }

        p = ngx_pnalloc(r->pool, CONSENT_SUBJECT_LEN * 2);
        if (p == NULL) {
            return NGX_ERROR;
        }

        (void) ngx_hex_dump(p, ctx->subject, CONSENT_SUBJECT_LEN);
        return ngx_consent_variable_set(v, p, CONSENT_SUBJECT_LEN * 2);

    case NGX_CONSENT_VAR_WITHHELD:
        return ngx_consent_variable_names(r, v, policy, ctx->withheld);

    case NGX_CONSENT_VAR_AI:
        word = consent_ai_name(ctx->effect.ai);
        return ngx_consent_variable_set(v, word, ngx_strlen(word));

    case NGX_CONSENT_VAR_ID:
        p = ngx_pnalloc(r->pool, CONSENT_ID_LEN * 2);
        if (p == NULL) {
            return NGX_ERROR;
        }

        (void) ngx_hex_dump(p, ctx->id, CONSENT_ID_LEN);
        return ngx_consent_variable_set(v, p, CONSENT_ID_LEN * 2);
    }

    v->not_found = 1;

    return NGX_OK;
}


static ngx_int_t
ngx_consent_variable_disclosure(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    const char  *outcome;

    outcome = ngx_consent_response_outcome(r);

    if (outcome == NULL) {
        v->not_found = 1;
        return NGX_OK;
    }

    return ngx_consent_variable_set(v, outcome, ngx_strlen(outcome));
}


/* The client's address without the part that tells one household from the next: /24, or /48. */
static ngx_int_t
ngx_consent_variable_address(ngx_http_request_t *r, ngx_http_variable_value_t *v, uintptr_t data)
{
    u_char               *p;
    struct sockaddr_in   *sin, cut;
#if (NGX_HAVE_INET6)
    struct sockaddr_in6  *sin6, cut6;
#endif

    p = ngx_pnalloc(r->pool, NGX_SOCKADDR_STRLEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    switch (r->connection->sockaddr->sa_family) {

    case AF_INET:
        sin = (struct sockaddr_in *) r->connection->sockaddr;
        cut = *sin;
        cut.sin_addr.s_addr &= htonl(0xffffff00);

        return ngx_consent_variable_set(v, p, ngx_sock_ntop((struct sockaddr *) &cut, sizeof(cut), p,
                                                            NGX_SOCKADDR_STRLEN, 0));

#if (NGX_HAVE_INET6)
    case AF_INET6:
        sin6 = (struct sockaddr_in6 *) r->connection->sockaddr;
        cut6 = *sin6;
        ngx_memzero(cut6.sin6_addr.s6_addr + (IN6_IS_ADDR_V4MAPPED(&cut6.sin6_addr) ? 15 : 6),
                    IN6_IS_ADDR_V4MAPPED(&cut6.sin6_addr) ? 1 : 10);

        return ngx_consent_variable_set(v, p, ngx_sock_ntop((struct sockaddr *) &cut6, sizeof(cut6), p,
                                                            NGX_SOCKADDR_STRLEN, 0));
#endif

    default:
        v->not_found = 1;
        return NGX_OK;
    }
}


static ngx_int_t
ngx_consent_variable_set(ngx_http_variable_value_t *v, const void *data, size_t len)
{
    v->data = (u_char *) data;
    v->len = (unsigned) len;
    v->valid = 1;
    v->no_cacheable = 0;
    v->not_found = 0;

    return NGX_OK;
}


static ngx_int_t
ngx_consent_variable_names(ngx_http_request_t *r, ngx_http_variable_value_t *v, const consent_policy_t *policy,
    consent_mask_t mask)
{
    size_t   i, len;
    u_char  *p, *start;

    len = 1;

    for (i = 0; i < policy->n_categories; i++) {
        if (mask & ((consent_mask_t) 1 << i)) {
            len += policy->categories[i].id.len + 1;
        }
    }

    start = ngx_pnalloc(r->pool, len);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = start;

    for (i = 0; i < policy->n_categories; i++) {
        if (mask & ((consent_mask_t) 1 << i)) {
            if (p != start) {
                *p++ = ',';
            }

            p = ngx_cpymem(p, policy->categories[i].id.data, policy->categories[i].id.len);
        }
    }

    return ngx_consent_variable_set(v, start, (size_t) (p - start));
}
