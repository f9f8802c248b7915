/*
 * Editing the list of request headers, which proxy, fastcgi, uwsgi and grpc read element by element.
 *
 * Elements are never moved: structures of nginx and of other modules point at them. A part is split around what is taken
 * out, no part but the first is ever left empty, and a later push never lands in a slot that was in use.
 */

#ifndef NGX_CONSENT_HEADERS_H
#define NGX_CONSENT_HEADERS_H

#include "nginx/compat.h"

/* Walks the list and can take out what it stands on. */
typedef struct {
    ngx_http_request_t  *request;
    ngx_list_part_t     *part;
    ngx_list_part_t     *before;        /* the part before it; NULL for the first */
    ngx_uint_t           i;             /* of the next element within the part */
} ngx_consent_headers_t;

void ngx_consent_headers_begin(ngx_consent_headers_t *it, ngx_http_request_t *r);

/* The next element, or NULL. */
static ngx_inline ngx_table_elt_t *
ngx_consent_headers_next(ngx_consent_headers_t *it)
{
    while (it->i >= it->part->nelts) {

        if (it->part->next == NULL) {
            return NULL;
        }

        it->before = it->part;
        it->part = it->part->next;
        it->i = 0;
    }

    return (ngx_table_elt_t *) it->part->elts + it->i++;
}

/* Takes out the element that _next() gave last, and every shortcut of headers_in to it but accept_encoding, which
 * speaks of the client. NGX_ERROR: out of memory; the element is then still there. */
ngx_int_t ngx_consent_headers_drop(ngx_consent_headers_t *it, ngx_table_elt_t *h);

/* The same for one element, wherever it stands; nothing happens if it is not in the list. */
ngx_int_t ngx_consent_header_remove(ngx_http_request_t *r, ngx_table_elt_t *h);

/* Line n of the Cookie header, from 0; NULL behind the last. */
ngx_table_elt_t *ngx_consent_cookie_line(ngx_http_request_t *r, ngx_uint_t n);

/* Name of a header that is added. The hash, of the lower-case name, is 0 until it is first made. */
typedef struct {
    ngx_str_t   key;
    ngx_str_t   lower;
    ngx_uint_t  hash;
} ngx_consent_header_name_t;

/* Adds a header. What the name and the value point to must live as long as the request. */
ngx_table_elt_t *ngx_consent_header_push(ngx_http_request_t *r, ngx_consent_header_name_t *name,
    const ngx_str_t *value);

/* A list of its own for a subrequest, which begins with its parent's: elements copied, shortcuts made anew. */
ngx_int_t ngx_consent_headers_own(ngx_http_request_t *r);

/* What an element is worth to nginx: sets the shortcut of headers_in to it, if it has one. */
ngx_int_t ngx_consent_header_link(ngx_http_request_t *r, ngx_table_elt_t *h);

#endif
