/*
 * Cookies on the way back: what a citizen has not agreed to is not set, and after a withdrawal the browser is told to
 * drop what it still sends.
 *
 * A browser does not say with which Domain and Path a cookie was set, and drops one only if told with the same. So each
 * worker remembers the few variants that it has seen the upstream use.
 */

#include "nginx/response.h"
#include "nginx/store.h"

#define NGX_CONSENT_SEEN          64        /* variants that a worker remembers; the oldest gives way */
#define NGX_CONSENT_SEEN_LINE     256       /* bytes of an expiring line; longer ones are not remembered */
#define NGX_CONSENT_EXPIRE_LINES  16        /* that one response carries at most */

typedef struct {
    uint64_t        id_key;                 /* of the policy */
    consent_mask_t  mask;                   /* categories whose cookie it is */
    uint16_t        len;
    u_char          line[NGX_CONSENT_SEEN_LINE];
} ngx_consent_seen_t;

static ngx_consent_seen_t  ngx_consent_seen[NGX_CONSENT_SEEN];
static ngx_uint_t          ngx_consent_seen_next;
static ngx_uint_t          ngx_consent_seen_n;


static ngx_int_t ngx_consent_cookie_line(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_table_elt_t *h, const consent_policy_t *policy, consent_mask_t granted, ngx_consent_mode_t mode);
static ngx_int_t ngx_consent_cookie_unknown(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, ngx_table_elt_t *h,
    const consent_policy_t *policy, ngx_consent_mode_t mode);
static void ngx_consent_cookie_remember(const consent_policy_t *policy, consent_mask_t mask, consent_buf_t *line);
static ngx_int_t ngx_consent_cookie_expire(ngx_http_request_t *r, ngx_consent_ctx_t *ctx,
    const consent_policy_t *policy);
static ngx_int_t ngx_consent_cookie_expire_named(ngx_http_request_t *r, const consent_list_t *names,
    const consent_list_t *said, ngx_uint_t *n);
static ngx_flag_t ngx_consent_cookie_listed(const consent_list_t *names, consent_slice_t name);
static ngx_flag_t ngx_consent_cookie_ours(ngx_str_t *line);


ngx_int_t
ngx_consent_response_cookies(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_policy_t *policy, ngx_flag_t any)
{
    ngx_uint_t           i;
    consent_mask_t       granted;
    ngx_list_part_t     *part;
    ngx_table_elt_t     *h;
    ngx_consent_mode_t   mode;

    mode = ngx_consent_mode(lcf);
    granted = ctx != NULL ? ngx_consent_granted(r, ctx) : 0;

    if (any && lcf->pages == NULL && !(ctx != NULL && ctx->own)) {

        part = &r->headers_out.headers.part;
        h = part->elts;

        for (i = 0; /* void */ ; i++) {

            if (i >= part->nelts) {
                if (part->next == NULL) {
                    break;
                }

                part = part->next;
                h = part->elts;
                i = 0;
            }

            if (h[i].hash != 0 && h[i].key.len == sizeof("Set-Cookie") - 1
                && ngx_strncasecmp(h[i].key.data, (u_char *) "Set-Cookie", sizeof("Set-Cookie") - 1) == 0
                && ngx_consent_cookie_line(r, ctx, lcf, &h[i], policy->policy, granted, mode) != NGX_OK)
            {
                return NGX_ERROR;
            }
        }
    }

    /* the request carried cookies that she has not agreed to, after she said something */

    if (mode == NGX_CONSENT_ON && ctx != NULL && ctx->withheld != 0
        && (ctx->carriers & (1u << CONSENT_CARRIER_COOKIE)) && ctx->effect.status != CONSENT_STATUS_NONE)
    {
        return ngx_consent_cookie_expire(r, ctx, policy->policy);
    }

    return NGX_OK;
}


static ngx_int_t
ngx_consent_cookie_line(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_table_elt_t *h, const consent_policy_t *policy, consent_mask_t granted, ngx_consent_mode_t mode)
{
    u_char          memory[NGX_CONSENT_SEEN_LINE];
    consent_buf_t   b;
    consent_mask_t  mask, all;

    /* the consent cookie is only ours to set, wherever the upstream stands */

    if (ctx != NULL && h->value.data == ctx->set_cookie) {
        return NGX_OK;
    }

    if (ngx_consent_cookie_ours(&h->value)) {
        h->hash = 0;
        return NGX_OK;
    }

    if (mode == NGX_CONSENT_OFF) {
        return NGX_OK;
    }

    all = consent_minimize_set_cookie(ngx_consent_slice(&h->value), policy, 0);

    if (all == 0) {
        return ngx_consent_cookie_unknown(r, lcf, h, policy, mode);
    }

    consent_buf_init_fixed(&b, memory, sizeof(memory));

    if (consent_set_cookie_expire(&b, ngx_consent_slice(&h->value)) == CONSENT_OK && b.rc == CONSENT_OK) {
        ngx_consent_cookie_remember(policy, all, &b);
    }

    mask = consent_minimize_set_cookie(ngx_consent_slice(&h->value), policy, granted);

    if (mask == 0) {
        return NGX_OK;
    }

    ngx_consent_count(CONSENT_COUNT_SET_COOKIES, 1);

    if (mode == NGX_CONSENT_ON) {
        h->hash = 0;
    }

    if (ctx != NULL) {
        ngx_consent_record(r, CONSENT_EVENT_WITHHELD, mask, 1u << CONSENT_CARRIER_SET_COOKIE,
                           mode == NGX_CONSENT_REPORT);
    }

    return NGX_OK;
}


/* Refusing is for requests: a cookie that the policy does not know is not set. */
static ngx_int_t
ngx_consent_cookie_unknown(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, ngx_table_elt_t *h,
    const consent_policy_t *policy, ngx_consent_mode_t mode)
{
    consent_slice_t     name;
    consent_minimize_t  how;

    ngx_memzero(&how, sizeof(consent_minimize_t));
    ngx_consent_unknown(r, lcf, &how);

    if (!how.count_unknown || consent_minimize_set_cookie_known(&name, ngx_consent_slice(&h->value), policy)) {
        return NGX_OK;
    }

    ngx_consent_count(CONSENT_COUNT_UNKNOWN, 1);
    how.unknown(how.unknown_arg, CONSENT_CARRIER_SET_COOKIE, name);

    if (how.remove_unknown && mode == NGX_CONSENT_ON) {
        ngx_consent_count(CONSENT_COUNT_SET_COOKIES, 1);
        h->hash = 0;
    }

    return NGX_OK;
}


static void
ngx_consent_cookie_remember(const consent_policy_t *policy, consent_mask_t mask, consent_buf_t *line)
{
    ngx_uint_t           i;
    ngx_consent_seen_t  *seen;

    for (i = 0; i < ngx_consent_seen_n; i++) {
        seen = &ngx_consent_seen[i];

        if (seen->len == line->len && seen->id_key == policy->id_key
            && ngx_memcmp(seen->line, line->data, line->len) == 0)
        {
            return;
        }
    }

    seen = &ngx_consent_seen[ngx_consent_seen_next];
    ngx_consent_seen_next = (ngx_consent_seen_next + 1) % NGX_CONSENT_SEEN;
    ngx_consent_seen_n = ngx_min(ngx_consent_seen_n + 1, NGX_CONSENT_SEEN);

    seen->id_key = policy->id_key;
    seen->mask = mask;
    seen->len = (uint16_t) line->len;
    ngx_memcpy(seen->line, line->data, line->len);
}


static ngx_int_t
ngx_consent_cookie_expire(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, const consent_policy_t *policy)
{
    u_char                    *p;
    ngx_uint_t                 i, n;
    ngx_consent_seen_t        *seen;
    const consent_category_t  *category;

    n = 0;

    for (i = 0; i < policy->n_categories; i++) {

        if (!(ctx->withheld & ((consent_mask_t) 1 << i))) {
            continue;
        }

        category = &policy->categories[i];

        if (ngx_consent_cookie_expire_named(r, &category->cookies, NULL, &n) != NGX_OK
            || ngx_consent_cookie_expire_named(r, &category->set_cookies, &category->cookies, &n) != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    for (i = 0; i < ngx_consent_seen_n && n < NGX_CONSENT_EXPIRE_LINES; i++) {
        seen = &ngx_consent_seen[i];

        if (seen->id_key != policy->id_key || !(seen->mask & ctx->withheld)) {
            continue;
        }

        p = ngx_pnalloc(r->pool, seen->len);
        if (p == NULL) {
            return NGX_ERROR;
        }

        ngx_memcpy(p, seen->line, seen->len);

        if (ngx_consent_response_push(r, "Set-Cookie", sizeof("Set-Cookie") - 1, p, seen->len) != NGX_OK) {
            return NGX_ERROR;
        }

        n++;
    }

    return NGX_OK;
}


/* The names of the policy, with the Path that most cookies have; but for those that were `said` before. */
static ngx_int_t
ngx_consent_cookie_expire_named(ngx_http_request_t *r, const consent_list_t *names, const consent_list_t *said,
    ngx_uint_t *n)
{
    size_t           i;
    u_char          *p, *start;
    consent_slice_t  name;

    for (i = 0; i < names->n && *n < NGX_CONSENT_EXPIRE_LINES; i++) {
        name = names->items[i];

        if (name.data[name.len - 1] == '*' || (said != NULL && ngx_consent_cookie_listed(said, name))) {
            continue;
        }

        start = ngx_pnalloc(r->pool, name.len + sizeof("=; Path=/; Max-Age=0") - 1);
        if (start == NULL) {
            return NGX_ERROR;
        }

        p = ngx_cpymem(start, name.data, name.len);
        p = ngx_cpymem(p, "=; Path=/; Max-Age=0", sizeof("=; Path=/; Max-Age=0") - 1);

        if (ngx_consent_response_push(r, "Set-Cookie", sizeof("Set-Cookie") - 1, start, (size_t) (p - start))
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        (*n)++;
    }

    return NGX_OK;
}


static ngx_flag_t
ngx_consent_cookie_listed(const consent_list_t *names, consent_slice_t name)
{
    size_t  i;

    for (i = 0; i < names->n; i++) {
        if (consent_slice_eq(names->items[i], name)) {
            return 1;
        }
    }

    return 0;
}


static ngx_flag_t
ngx_consent_cookie_ours(ngx_str_t *line)
{
    size_t      i, len;
    u_char     *p, *end;
    ngx_uint_t  k;

    static const ngx_str_t  names[] = { ngx_string("consent"), ngx_string("__Host-consent") };

    p = line->data;
    end = p + line->len;

    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }

    for (i = 0; p + i < end && p[i] != '=' && p[i] != ';'; i++) { /* void */ }

    for (len = i; len > 0 && (p[len - 1] == ' ' || p[len - 1] == '\t'); len--) { /* void */ }

    for (k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        if (len == names[k].len && ngx_strncasecmp(p, names[k].data, len) == 0) {
            return 1;
        }
    }

    return 0;
}
