/*
 * Free text, wherever a request has it: what looks into it is prepared here, for its body and its arguments alike, and
 * here arguments are looked into.
 */

#include "minimize/body.h"
#include "nginx/request.h"


static ngx_int_t ngx_consent_text_query(ngx_consent_pass_t *pass, ngx_str_t *value, size_t from,
    consent_inspect_t *inspect);


ngx_int_t
ngx_consent_inspect(ngx_consent_policy_t *policy, ngx_consent_request_t *own, const consent_minimize_t *how,
    consent_inspect_t *inspect)
{
    ngx_memzero(inspect, sizeof(consent_inspect_t));

    inspect->how = *how;
    inspect->detectors = policy->detectors;

    if (policy->detectors == NULL || (consent_detectors_mask(policy->detectors) & ~how->granted) == 0) {
        return NGX_OK;
    }

    /* the same value has the same mask in all of a request, and through redirects */

    if (own->masks == NULL) {
        own->masks = consent_masks_create();
    }

    inspect->masks = own->masks;

    return own->masks != NULL ? NGX_OK : NGX_ERROR;
}


ngx_flag_t
ngx_consent_masked(const ngx_consent_ctx_t *ctx)
{
    const ngx_consent_request_t  *own;

    own = ctx->request;

    return own->masks != NULL && consent_masks_count(own->masks) != 0;
}


ngx_int_t
ngx_consent_pass_text(ngx_consent_pass_t *pass, ngx_str_t *value, ngx_flag_t query)
{
    size_t             from;
    ngx_int_t          rc;
    consent_inspect_t  inspect;

    if ((pass->how.policy->body_mask & ~pass->how.granted) == 0) {
        return NGX_OK;
    }

    from = 0;

    if (!query) {
        for ( /* void */ ; from < value->len && value->data[from] != '?' && value->data[from] != '#'; from++) {
            /* void */
        }

        from++;
    }

    if (from >= value->len) {
        return NGX_OK;
    }

    if (ngx_consent_inspect(pass->policy, pass->own, &pass->how, &inspect) != NGX_OK) {
        return NGX_ERROR;
    }

    rc = ngx_consent_text_query(pass, value, from, &inspect);

    pass->found.seen |= inspect.found.seen;
    pass->found.removed |= inspect.found.removed;
    pass->ctx->carriers |= inspect.found.carriers;

    return rc;
}


/* What cannot be looked into is cut off; whether the request goes on is for the phase handler to say. */
static ngx_int_t
ngx_consent_text_query(ngx_consent_pass_t *pass, ngx_str_t *value, size_t from, consent_inspect_t *inspect)
{
    u_char         *p;
    consent_rc_t    rc;
    consent_buf_t   b;

    consent_buf_init(&b, value->len * 8 + CONSENT_MASK_LEN);

    rc = consent_minimize_args_text(&b, consent_slice(value->data + from, value->len - from), inspect);

    if (rc == CONSENT_MALFORMED || rc == CONSENT_LIMIT) {
        pass->doubt = inspect->doubt != CONSENT_DOUBT_NONE ? inspect->doubt : CONSENT_DOUBT_SYNTAX;
        b.len = 0;

    } else if (rc != CONSENT_OK) {
        consent_buf_free(&b);
        return NGX_ERROR;
    }

    if (b.len == value->len - from && ngx_memcmp(b.data, value->data + from, b.len) == 0) {
        consent_buf_free(&b);
        return NGX_OK;
    }

    p = ngx_pnalloc(pass->request->pool, from + b.len + 1);

    if (p != NULL) {
        ngx_memcpy(p, value->data, from);
        ngx_memcpy(p + from, b.data, b.len);
        p[from + b.len] = '\0';

        value->data = p;
        value->len = from + b.len;
    }

    consent_buf_free(&b);

    return p != NULL ? NGX_OK : NGX_ERROR;
}
