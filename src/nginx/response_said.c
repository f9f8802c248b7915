/*
 * What a response says in its header: read in one pass, and added.
 */

#include "disclose/claim.h"
#include "nginx/response.h"

#define NGX_CONSENT_SAID  512               /* bytes of a header value that is kept for the second in which it is right */

static u_char *ngx_consent_response_disclosure(ngx_http_request_t *r, const consent_disclosure_t *disclosure,
    size_t *len);


static void ngx_consent_response_digest(ngx_consent_found_headers_t *found, ngx_table_elt_t *h);


/* One pass over the response header. An upstream's own claims about AI are ours to make where we make them, and what only
 * we may say to a client is taken out. */
void
ngx_consent_response_scan(ngx_http_request_t *r, ngx_consent_found_headers_t *found, ngx_flag_t enabled, ngx_flag_t ai)
{
    ngx_uint_t        i;
    ngx_flag_t        generated;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

    ngx_memzero(found, sizeof(ngx_consent_found_headers_t));
    found->claim = CONSENT_MODE_UNKNOWN;
    generated = 0;

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

        if (h[i].hash == 0) {
            continue;
        }

#define ngx_consent_header_named(s)                                                                                  \
    (h[i].key.len == sizeof(s) - 1 && ngx_strncasecmp(h[i].key.data, (u_char *) s, sizeof(s) - 1) == 0)

        switch (h[i].key.data[0] | 0x20) {

        case 's':
            if (ngx_consent_header_named("Set-Cookie")) {
                found->set_cookies = 1;

            } else if (ngx_consent_header_named("Signature") || ngx_consent_header_named("Signature-Input")) {
                found->signature = 1;
            }

            break;

        case 'c':
            if (ngx_consent_header_named("Content-Encoding")) {
                found->content_encoding = &h[i];

            } else if (ngx_consent_header_named("Cache-Control")) {
                found->no_store |= ngx_strlcasestrn(h[i].value.data, h[i].value.data + h[i].value.len,
                                                    (u_char *) "private", sizeof("private") - 2) != NULL
                                   || ngx_strlcasestrn(h[i].value.data, h[i].value.data + h[i].value.len,
                                                       (u_char *) "no-store", sizeof("no-store") - 2) != NULL;
                found->no_transform |= ngx_strlcasestrn(h[i].value.data, h[i].value.data + h[i].value.len,
                                                        (u_char *) "no-transform", sizeof("no-transform") - 2)
                                       != NULL;

            } else if (ngx_consent_header_named("Content-Disposition")) {
                found->content_disposition = &h[i];

            } else if (ngx_consent_header_named("Content-Language")) {
                found->content_language = &h[i];

            } else if (ngx_consent_header_named("Content-Digest") || ngx_consent_header_named("Content-MD5")) {
                ngx_consent_response_digest(found, &h[i]);

            } else if (enabled && (ngx_consent_header_named("Consent-Level")
                                   || ngx_consent_header_named("Consent-Withheld")))
            {
                h[i].hash = 0;
            }

            break;

        case 'd':
            if (ngx_consent_header_named("Digest")) {
                ngx_consent_response_digest(found, &h[i]);
            }

            break;

        case 'r':
            if (ngx_consent_header_named("Repr-Digest")) {
                ngx_consent_response_digest(found, &h[i]);
            }

            break;

        case 'a':
            if (ngx_consent_header_named("Access-Control-Allow-Origin")) {
                found->allow_origin = &h[i];

            } else if (ai && ngx_consent_header_named("AI-Disclosure")) {
                found->claim = consent_claim_more(found->claim,
                                                  consent_claim_header(ngx_consent_slice(&h[i].value)));
                h[i].hash = 0;

            } else if (ai && ngx_consent_header_named("AI-No-Answer")) {
                found->no_answer |= h[i].value.len == 2 && h[i].value.data[0] == '?' && h[i].value.data[1] == '1';
            }

            break;

        case 'x':
            if (ai && ngx_consent_header_named("X-AI-Generated")) {
                generated |= h[i].value.len == 4 && ngx_strncasecmp(h[i].value.data, (u_char *) "true", 4) == 0;
                h[i].hash = 0;

            } else if (ngx_consent_header_named("X-Vercel-AI-UI-Message-Stream")) {
                found->ui_stream = h[i].value.len == 2 && ngx_strncmp(h[i].value.data, "v1", 2) == 0;

            } else if (ngx_consent_header_named("X-JWS-Signature")) {
                found->signature = 1;
            }

            break;
        }

#undef ngx_consent_header_named
    }

    /* the older mark says less of how, and cannot be taken back by the other */

    if (generated && (found->claim == CONSENT_MODE_UNKNOWN || found->claim == CONSENT_MODE_HUMAN)) {
        found->claim = CONSENT_MODE_GENERATED;
    }
}


const consent_disclosure_t *
ngx_consent_response_says(const ngx_consent_response_t *response)
{
    const consent_stamp_t       *stamp;
    const consent_disclosure_t  *claimed;

    stamp = response->stamp;

    if (response->claimed == NULL || stamp == NULL || stamp->claim == CONSENT_MODE_UNKNOWN) {
        return response->disclosure;
    }

    claimed = response->claimed[stamp->claim];

    return claimed != NULL ? claimed : response->disclosure;
}


static void
ngx_consent_response_digest(ngx_consent_found_headers_t *found, ngx_table_elt_t *h)
{
    if (found->n_digests < consent_countof(found->digests)) {
        found->digests[found->n_digests++] = h;
    }
}


ngx_int_t
ngx_consent_response_push(ngx_http_request_t *r, const char *name, size_t name_len, u_char *value, size_t value_len)
{
    ngx_table_elt_t  *h;

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    h->hash = 1;
#if (nginx_version >= 1023000)
    h->next = NULL;
#endif
    h->key.data = (u_char *) name;
    h->key.len = name_len;
    h->value.data = value;
    h->value.len = value_len;
    h->lowcase_key = (u_char *) name;

    return NGX_OK;
}


/* Level and what was withheld, where no shared cache may keep them. */
ngx_int_t
ngx_consent_response_level(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    size_t                   i, len;
    u_char                  *p, *start;
    const consent_policy_t  *policy;

    policy = ctx->policy->policy;

    if (ctx->effect.level >= 0 && (size_t) ctx->effect.level < policy->n_levels) {
        if (ngx_consent_response_push(r, "Consent-Level", sizeof("Consent-Level") - 1,
                                      (u_char *) policy->levels[ctx->effect.level].id.data,
                                      policy->levels[ctx->effect.level].id.len)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (ctx->withheld == 0) {
        return NGX_OK;
    }

    len = 0;

    for (i = 0; i < policy->n_categories; i++) {
        if (ctx->withheld & (consent_mask_t) 1 << i) {
            len += policy->categories[i].id.len + 2;
        }
    }

    start = ngx_pnalloc(r->pool, len);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = start;

    for (i = 0; i < policy->n_categories; i++) {
        if (ctx->withheld & (consent_mask_t) 1 << i) {
            if (p != start) {
                *p++ = ',';
                *p++ = ' ';
            }

            p = ngx_cpymem(p, policy->categories[i].id.data, policy->categories[i].id.len);
        }
    }

    return ngx_consent_response_push(r, "Consent-Withheld", sizeof("Consent-Withheld") - 1, start,
                                     (size_t) (p - start));
}


ngx_int_t
ngx_consent_response_ai(ngx_http_request_t *r, const consent_disclosure_t *disclosure, ngx_flag_t cors)
{
    size_t   len;
    u_char  *p;

    if (disclosure->header.len == 0) {
        return NGX_OK;
    }

    p = ngx_consent_response_disclosure(r, disclosure, &len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    if (ngx_consent_response_push(r, "AI-Disclosure", sizeof("AI-Disclosure") - 1, p, len) != NGX_OK) {
        return NGX_ERROR;
    }

    if (ngx_strcmp(disclosure->mode, "none") != 0
        && ngx_consent_response_push(r, "X-AI-Generated", sizeof("X-AI-Generated") - 1, (u_char *) "true",
                                     sizeof("true") - 1) != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (cors) {
        return ngx_consent_response_push(r, "Access-Control-Expose-Headers",
                                         sizeof("Access-Control-Expose-Headers") - 1,
                                         (u_char *) "AI-Disclosure, Link", sizeof("AI-Disclosure, Link") - 1);
    }

    return NGX_OK;
}


/* The value with its date, which is written out once a second. */
static u_char *
ngx_consent_response_disclosure(ngx_http_request_t *r, const consent_disclosure_t *disclosure, size_t *len)
{
    u_char  *p;
    time_t   now;

    static time_t                       second;
    static size_t                       said_len;
    static u_char                       said[NGX_CONSENT_SAID];
    static const consent_disclosure_t  *of;
    static const ngx_cycle_t           *cycle;

    now = ngx_time();

    if (of == disclosure && second == now && cycle == ngx_cycle) {
        *len = said_len;
        p = ngx_pnalloc(r->pool, said_len);

        if (p) {
            ngx_memcpy(p, said, said_len);
        }

        return p;
    }

    *len = disclosure->header.len + sizeof(", date=@") + NGX_TIME_T_LEN;

    p = ngx_pnalloc(r->pool, *len);
    if (p == NULL) {
        return NULL;
    }

    *len = consent_disclosure_header(p, *len, disclosure, (consent_time_t) now * 1000);

    if (*len <= sizeof(said)) {
        ngx_memcpy(said, p, *len);
        said_len = *len;
        second = now;
        of = disclosure;
        cycle = (const ngx_cycle_t *) ngx_cycle;
    }

    return p;
}
