/*
 * What is set aside: where it turns out only after the access phase who asks, all that is protected is taken out before,
 * and given back then as far as she has granted it.
 */

#include "nginx/request.h"


static ngx_int_t ngx_consent_give_back_header(ngx_http_request_t *r, ngx_consent_aside_t *aside);
static ngx_flag_t ngx_consent_still(const ngx_str_t *is, const ngx_str_t *was);


ngx_int_t
ngx_consent_aside(ngx_consent_pass_t *pass, ngx_table_elt_t *h, const ngx_str_t *before, const ngx_str_t *after,
    ngx_flag_t dropped)
{
    ngx_consent_aside_t  *aside;

    if (!pass->keep) {
        return NGX_OK;
    }

    aside = ngx_palloc(pass->request->pool, sizeof(ngx_consent_aside_t));
    if (aside == NULL) {
        return NGX_ERROR;
    }

    aside->header = h;
    aside->before = *before;
    aside->after = *after;
    aside->dropped = dropped ? 1 : 0;
    aside->next = pass->own->aside;
    pass->own->aside = aside;

    return NGX_OK;
}


/* What somebody else has changed since stays as they left it. */
ngx_int_t
ngx_consent_give_back(ngx_http_request_t *r, ngx_consent_ctx_t *ctx)
{
    ngx_consent_aside_t    *aside, *next, *list;
    ngx_consent_request_t  *own;

    own = ctx->request;

    for (aside = own->aside; aside; aside = aside->next) {

        if (aside->header == NULL) {
            if (ngx_consent_still(&r->args, &aside->after)) {
                r->args = aside->before;
            }

            continue;
        }

        if (!aside->dropped && ngx_consent_still(&aside->header->value, &aside->after)) {
            aside->header->value = aside->before;
        }
    }

    /* headers that were taken out come back in the order they had */

    list = NULL;

    for (aside = own->aside; aside; aside = next) {
        next = aside->next;
        aside->next = list;
        list = aside;
    }

    for (aside = list; aside; aside = aside->next) {
        if (aside->dropped && ngx_consent_give_back_header(r, aside) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    own->aside = NULL;

    if (own->uri.data && ngx_consent_still(&r->unparsed_uri, &own->less_uri)) {
        r->unparsed_uri = own->uri;
        r->request_line = own->line;
    }

    own->uri.data = NULL;

    return NGX_OK;
}


static ngx_int_t
ngx_consent_give_back_header(ngx_http_request_t *r, ngx_consent_aside_t *aside)
{
    ngx_table_elt_t            *h;
    ngx_consent_header_name_t   name;

    name.key = aside->header->key;
    name.lower.len = name.key.len;
    name.lower.data = aside->header->lowcase_key;
    name.hash = 0;

    if (name.lower.data == NULL) {
        name.lower.data = ngx_pnalloc(r->pool, name.lower.len);
        if (name.lower.data == NULL) {
            return NGX_ERROR;
        }

        ngx_strlow(name.lower.data, name.key.data, name.lower.len);
    }

    h = ngx_consent_header_push(r, &name, &aside->before);

    return h ? ngx_consent_header_link(r, h) : NGX_ERROR;
}


static ngx_flag_t
ngx_consent_still(const ngx_str_t *is, const ngx_str_t *was)
{
    return is->len == was->len && (is->len == 0 || is->data == was->data);
}
