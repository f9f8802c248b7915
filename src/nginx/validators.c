/*
 * Entity tags and conditions. A page with our elements is another representation than the one the upstream knows, so its
 * tag gets a suffix that names our wording; on the way in the suffix is taken off again, and a tag without it, which
 * belongs to a copy without our elements, is no reason to answer "not modified".
 *
 * "abc" becomes "abc.c1f3a09b2e": a point, a 'c' and ten hex digits, inside the quotes.
 */

#include "nginx/headers.h"
#include "nginx/response.h"

#define NGX_CONSENT_TAG_LEN  (sizeof(".c0123456789") - 1)


static void ngx_consent_validators_tag(u_char tag[static NGX_CONSENT_TAG_LEN], ngx_consent_loc_conf_t *lcf,
    ngx_uint_t kind);
static size_t ngx_consent_validators_list(u_char *out, ngx_str_t *value, const u_char *tag);


ngx_int_t
ngx_consent_validators_out(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, ngx_uint_t kind)
{
    u_char           *p;
    ngx_table_elt_t  *etag;

    etag = r->headers_out.etag;

    if (etag->hash == 0 || etag->value.len < 2 || etag->value.data[etag->value.len - 1] != '"') {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, etag->value.len + NGX_CONSENT_TAG_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    ngx_memcpy(p, etag->value.data, etag->value.len - 1);
    ngx_consent_validators_tag(p + etag->value.len - 1, lcf, kind);
    p[etag->value.len - 1 + NGX_CONSENT_TAG_LEN] = '"';

    etag->value.data = p;
    etag->value.len += NGX_CONSENT_TAG_LEN;

    return NGX_OK;
}


ngx_int_t
ngx_consent_validators_in(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf)
{
    size_t            len;
    u_char           *p, tag[NGX_CONSENT_TAG_LEN];
    ngx_uint_t        i, kind;
    ngx_table_elt_t  *lines[3];

    if (lcf->disclosure[CONSENT_AI_OFF] == NULL) {
        return NGX_OK;
    }

    /* most requests have none of them */

    if (r->headers_in.if_modified_since == NULL && r->headers_in.if_none_match == NULL
        && r->headers_in.if_match == NULL && r->headers_in.range == NULL && r->headers_in.if_range == NULL)
    {
        return NGX_OK;
    }

    kind = ngx_consent_ai_kind(r, lcf);

    if (r->headers_in.if_modified_since != NULL) {
        ngx_consent_header_remove(r, r->headers_in.if_modified_since);
    }

    /* part of a page could come without the notice */

    if (kind != CONSENT_AI_OFF) {

        if (r->headers_in.range != NULL) {
            ngx_consent_header_remove(r, r->headers_in.range);
        }

        if (r->headers_in.if_range != NULL) {
            ngx_consent_header_remove(r, r->headers_in.if_range);
        }
    }

    ngx_consent_validators_tag(tag, lcf, kind);

    for (i = 0; i < 3; i++) {

        /* a removal moves the elements behind it: ask for each again */

        lines[0] = r->headers_in.if_none_match;
        lines[1] = r->headers_in.if_match;
        lines[2] = r->headers_in.if_range;

        if (lines[i] == NULL || lines[i]->value.len == 0 || lines[i]->value.data[0] == '*') {
            continue;
        }

        p = ngx_pnalloc(r->pool, lines[i]->value.len);
        if (p == NULL) {
            return NGX_ERROR;
        }

        /* If-Range may hold a date */

        if (i == 2 && ngx_strlchr(lines[i]->value.data, lines[i]->value.data + lines[i]->value.len, '"') == NULL) {
            len = 0;

        } else {
            len = ngx_consent_validators_list(p, &lines[i]->value, tag);
        }

        if (len != 0) {
            lines[i]->value.data = p;
            lines[i]->value.len = len;
            continue;
        }

        if (i == 1) {
            /* If-Match that can match nothing still has to fail */
            ngx_str_set(&lines[i]->value, "\"\"");
            continue;
        }

        ngx_consent_header_remove(r, lines[i]);

        /* a part was wanted of that very copy only */

        if (i == 2 && r->headers_in.range != NULL) {
            ngx_consent_header_remove(r, r->headers_in.range);
        }
    }

    return NGX_OK;
}


void
ngx_consent_validators_off(ngx_http_request_t *r)
{
    ngx_uint_t        i;
    ngx_table_elt_t  *h;

    for (i = 0; i < 4; i++) {

        /* a removal moves the elements behind it: ask for each again */

        h = i == 0 ? r->headers_in.range : i == 1 ? r->headers_in.if_range
            : i == 2 ? r->headers_in.if_none_match : r->headers_in.if_modified_since;

        if (h != NULL) {
            ngx_consent_header_remove(r, h);
        }
    }
}


/* Keeps the tags that end in our present suffix, without it. */
static size_t
ngx_consent_validators_list(u_char *out, ngx_str_t *value, const u_char *tag)
{
    size_t   len;
    u_char  *p, *end, *start, *close, *dst;

    dst = out;
    p = value->data;
    end = p + value->len;

    while (p < end) {

        while (p < end && (*p == ' ' || *p == '\t' || *p == ',')) {
            p++;
        }

        start = p;

        if (end - p > 2 && p[0] == 'W' && p[1] == '/') {
            p += 2;
        }

        if (p == end || *p != '"') {
            break;
        }

        close = ngx_strlchr(p + 1, end, '"');

        if (close == NULL) {
            break;
        }

        if ((size_t) (close - p) > NGX_CONSENT_TAG_LEN
            && ngx_memcmp(close - NGX_CONSENT_TAG_LEN, tag, NGX_CONSENT_TAG_LEN) == 0)
        {
            len = (size_t) (close - NGX_CONSENT_TAG_LEN - start);

            if (dst != out) {
                *dst++ = ',';
                *dst++ = ' ';
            }

            dst = ngx_cpymem(dst, start, len);
            *dst++ = '"';
        }

        p = close + 1;
    }

    return (size_t) (dst - out);
}


/* FNV-1a over the versions of everything that may be put into a page of this location: computed once per process. */
static void
ngx_consent_validators_tag(u_char tag[static NGX_CONSENT_TAG_LEN], ngx_consent_loc_conf_t *lcf, ngx_uint_t kind)
{
    size_t       i, j;
    u_char       c;
    uint64_t     hash;
    const char  *version;

    hash = lcf->tag[kind];

    if (hash == 0) {
        hash = 0xcbf29ce484222325;

        for (i = 0; i < CONSENT_MAX_LANGUAGES; i++) {
            version = lcf->disclosure[kind]->in[i].version;

            for (j = 0; version[j] != '\0'; j++) {
                hash = (hash ^ (u_char) version[j]) * 0x100000001b3;
            }
        }

        for (i = 0; kind == CONSENT_AI_AUTO && i < consent_countof(lcf->claimed); i++) {
            for (j = 0; lcf->claimed[i] != NULL && lcf->claimed[i]->in[0].version[j] != '\0'; j++) {
                hash = (hash ^ (u_char) lcf->claimed[i]->in[0].version[j]) * 0x100000001b3;
            }
        }

        hash = (hash ^ (uint64_t) lcf->contact_end) * 0x100000001b3;
        lcf->tag[kind] = hash;
    }

    tag[0] = '.';
    tag[1] = 'c';

    for (i = 2; i < NGX_CONSENT_TAG_LEN; i++) {
        c = (u_char) (hash >> 60);
        tag[i] = (u_char) (c < 10 ? '0' + c : 'a' + c - 10);
        hash <<= 4;
    }
}
