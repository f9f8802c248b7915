/*
 * The consent cookie on its way to the browser.
 */

#include "nginx/handler.h"


static ngx_flag_t
ngx_consent_over_tls(ngx_http_request_t *r)
{
#if (NGX_HTTP_SSL)
    return r->connection->ssl != NULL;
#else
    return 0;
#endif
}


void
ngx_consent_cookie_name(ngx_http_request_t *r, ngx_str_t *name)
{
    if (ngx_consent_over_tls(r)) {
        ngx_str_set(name, "__Host-consent");

    } else {
        ngx_str_set(name, "consent");
    }
}


/* A choice for this visit goes with the browser, a standing one lives as long as it is valid. */
ngx_int_t
ngx_consent_cookie_set(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, const consent_decision_t *decision)
{
    u_char            *value;
    size_t             len;
    int64_t            age;
    ngx_str_t          name;
    consent_rc_t       rc;
    consent_buf_t      b;
    consent_cookie_t   cookie;

    ngx_memzero(&cookie, sizeof(consent_cookie_t));

    ngx_memcpy(cookie.subject, ctx->subject, CONSENT_SUBJECT_LEN);
    cookie.identified = ctx->identified ? true : false;
    cookie.has_decision = true;
    cookie.decision = *decision;
    cookie.issued = ctx->now;
    cookie.expires = decision->expires_at;

    ngx_consent_cookie_name(r, &name);
    consent_buf_init(&b, CONSENT_COOKIE_MAX + 256);

    consent_buf_add(&b, name.data, name.len);
    consent_buf_char(&b, '=');

    rc = consent_cookie_write(&b, ngx_consent_main_conf(r)->keys, &cookie, ctx->policy->policy->id);

    consent_buf_str(&b, "; Path=/");

    if (decision->scope == CONSENT_SCOPE_STANDING) {
        age = (decision->expires_at - ctx->now) / 1000;
        consent_buf_str(&b, "; Max-Age=");
        consent_buf_i64(&b, age > 0 ? age : 0);
    }

    if (ngx_consent_over_tls(r)) {
        consent_buf_str(&b, "; Secure");
    }

    consent_buf_str(&b, "; HttpOnly; SameSite=Lax");

    if (rc == CONSENT_OK) {
        rc = b.rc;
    }

    len = b.len;
    value = rc == CONSENT_OK ? ngx_pnalloc(r->pool, len) : NULL;

    if (value) {
        ngx_memcpy(value, b.data, len);
    }

    consent_buf_free(&b);

    if (value == NULL) {
        return NGX_ERROR;
    }

    ctx->set_cookie = value;

    return ngx_consent_reply_header(r, "Set-Cookie", value, len);
}


ngx_int_t
ngx_consent_cookie_forget(ngx_http_request_t *r)
{
    ngx_str_t  line;

    if (ngx_consent_over_tls(r)) {
        ngx_str_set(&line, "__Host-consent=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax");

    } else {
        ngx_str_set(&line, "consent=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    }

    return ngx_consent_reply_header(r, "Set-Cookie", line.data, line.len);
}
