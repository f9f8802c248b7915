/*
 * The way back of masks: when the answer to a request may show the values again that the request came with.
 *
 * Only an answer that an upstream gives to this very request: the masks in what a cache, a store or a file has stand for
 * somebody else's values.
 */

#include "nginx/request.h"
#include "nginx/response.h"


static ngx_flag_t ngx_consent_restore_shared(ngx_table_elt_t *h);
static void ngx_consent_restore_cleanup(void *data);


ngx_flag_t
ngx_consent_restore_due(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_found_headers_t *found)
{
    ngx_str_t               *charset;
    ngx_uint_t               status;
    ngx_http_upstream_t     *u;
    consent_restore_kind_t   kind;

    if (!lcf->restore || ctx == NULL || ctx->own || ngx_consent_mode(lcf) != NGX_CONSENT_ON) {
        return 0;
    }

    u = r->upstream;

    /* an upstream that nginx is done with has not sent what is sent now */

    if (!ngx_consent_masked(ctx) || u == NULL || u->cleanup == NULL) {
        return 0;
    }

#if (NGX_HTTP_CACHE)
    if (r->cached) {
        return 0;
    }
#endif

    u->cacheable = 0;
    u->store = 0;

    status = r->headers_out.status;

    if (status < NGX_HTTP_OK || status == NGX_HTTP_NO_CONTENT || status == NGX_HTTP_PARTIAL_CONTENT
        || status == NGX_HTTP_NOT_MODIFIED || found->signature || ngx_consent_response_coded(found))
    {
        return 0;
    }

    charset = r->headers_out.override_charset;

    if (charset != NULL && (charset->len != sizeof("utf-8") - 1
                            || ngx_strncasecmp(charset->data, (u_char *) "utf-8", sizeof("utf-8") - 1) != 0))
    {
        return 0;
    }

    return consent_restore_type(&kind, ngx_consent_slice(&r->headers_out.content_type));
}


/* The header of what is one person's, and not the bytes that the upstream sent. */
ngx_int_t
ngx_consent_restore_header(ngx_http_request_t *r, ngx_consent_found_headers_t *found)
{
    ngx_uint_t        i;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h;

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

        if (h[i].hash != 0 && ngx_consent_restore_shared(&h[i])) {
            h[i].hash = 0;
        }
    }

    found->no_store = 1;
    found->n_digests = 0;

    r->headers_out.etag = NULL;

    ngx_http_clear_last_modified(r);
    ngx_http_clear_accept_ranges(r);
    ngx_http_clear_content_length(r);

    r->allow_ranges = 0;

    return ngx_consent_response_push(r, "Cache-Control", sizeof("Cache-Control") - 1, (u_char *) "private, no-store",
                                     sizeof("private, no-store") - 1);
}


/* It lets others keep the answer, or says something of its bytes. */
static ngx_flag_t
ngx_consent_restore_shared(ngx_table_elt_t *h)
{
    size_t           n;
    ngx_uint_t       i;
    consent_slice_t  name;

    static const char *const  names[] = {
        "surrogate-control", "expires", "etag", "last-modified", "accept-ranges", "content-md5", "digest",
        "content-digest", "repr-digest"
    };

    name = ngx_consent_slice(&h->key);
    n = sizeof("cache-control") - 1;

    /* there is one of these for each kind of cache (RFC 9213) */

    if (name.len >= n && consent_slice_ieq(consent_slice(name.data + name.len - n, n), consent_lit("cache-control"))) {
        return 1;
    }

    for (i = 0; i < consent_countof(names); i++) {
        if (consent_slice_ieq(name, consent_cstr(names[i]))) {
            return 1;
        }
    }

    return 0;
}


/* Its state is wiped before the masks are: what was added to the pool last is cleaned up first. */
ngx_int_t
ngx_consent_restore_plan(ngx_http_request_t *r, ngx_consent_response_t *response)
{
    void                    *memory;
    ngx_consent_ctx_t       *ctx;
    ngx_pool_cleanup_t      *cln;
    ngx_consent_request_t   *own;
    consent_restore_kind_t   kind;

    if (r->header_only || r->method == NGX_HTTP_HEAD
        || !consent_restore_type(&kind, ngx_consent_slice(&r->headers_out.content_type)))
    {
        return NGX_OK;
    }

    ctx = ngx_consent_request_peek(r);

    if (ctx == NULL) {
        return NGX_ERROR;
    }

    own = ctx->request;

    cln = ngx_pool_cleanup_add(r->pool, 0);
    memory = ngx_palloc(r->pool, consent_restore_size());

    if (cln == NULL || memory == NULL) {
        return NGX_ERROR;
    }

    response->restore = consent_restore_init(memory, own->masks, kind);

    cln->handler = ngx_consent_restore_cleanup;
    cln->data = response->restore;

    return NGX_OK;
}


static void
ngx_consent_restore_cleanup(void *data)
{
    consent_transform_destroy(data);
}
