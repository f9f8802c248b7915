/*
 * Editing the list of request headers.
 */

#include "nginx/headers.h"
#include "nginx/module.h"


#define NGX_CONSENT_HEADERS_ROOM  8         /* elements of a part that is made for pushes */

static void ngx_consent_header_unlink(ngx_http_request_t *r, ngx_table_elt_t *h);
static ngx_http_header_t *ngx_consent_header_known(ngx_http_request_t *r, ngx_table_elt_t *h);
#if !(NGX_CONSENT_LINKED_HEADERS)
static void ngx_consent_header_unlist(ngx_array_t *lines, ngx_table_elt_t *h);
#endif


void
ngx_consent_headers_begin(ngx_consent_headers_t *it, ngx_http_request_t *r)
{
    it->request = r;
    it->part = &r->headers_in.headers.part;
    it->before = NULL;
    it->i = 0;
}


ngx_int_t
ngx_consent_headers_drop(ngx_consent_headers_t *it, ngx_table_elt_t *h)
{
    ngx_uint_t        i;
    ngx_list_t       *list;
    ngx_list_part_t  *part, *rest;

    list = &it->request->headers_in.headers;
    part = it->part;
    i = it->i - 1;

    if (i == 0) {
        part->elts = (ngx_table_elt_t *) part->elts + 1;
        part->nelts--;
        it->i = 0;

        if (list->last == part) {
            list->nalloc--;
        }

    } else if (i == part->nelts - 1) {
        part->nelts--;
        it->i = part->nelts;

        /* its slot has been in use: a push shall begin a part of its own */

        if (list->last == part) {
            list->nalloc = part->nelts;
        }

    } else {
        rest = ngx_palloc(it->request->pool, sizeof(ngx_list_part_t));
        if (rest == NULL) {
            return NGX_ERROR;
        }

        rest->elts = (ngx_table_elt_t *) part->elts + i + 1;
        rest->nelts = part->nelts - i - 1;
        rest->next = part->next;

        part->nelts = i;
        part->next = rest;

        if (list->last == part) {
            list->last = rest;
            list->nalloc -= i + 1;
        }

        it->before = part;
        it->part = rest;
        it->i = 0;
    }

    ngx_consent_header_unlink(it->request, h);

    /* nginx's own loops look at the first element of a part before they count */

    if (it->part->nelts == 0) {

        if (it->before) {
            it->before->next = it->part->next;

            if (list->last == it->part) {
                list->last = it->before;
                list->nalloc = it->before->nelts;
            }

            it->part = it->before;
            it->i = it->part->nelts;

        } else if (it->part->next) {
            rest = it->part->next;

            if (list->last == rest) {
                list->last = it->part;
            }

            *it->part = *rest;
            it->i = 0;
        }
    }

    if (list->last->nelts) {
        return NGX_OK;
    }

    /* the list is empty, and its first part is the last */

    list->last->elts = ngx_palloc(it->request->pool, NGX_CONSENT_HEADERS_ROOM * sizeof(ngx_table_elt_t));
    if (list->last->elts == NULL) {
        return NGX_ERROR;
    }

    list->nalloc = NGX_CONSENT_HEADERS_ROOM;

    return NGX_OK;
}


ngx_int_t
ngx_consent_header_remove(ngx_http_request_t *r, ngx_table_elt_t *h)
{
    ngx_table_elt_t        *e;
    ngx_consent_headers_t   it;

    ngx_consent_headers_begin(&it, r);

    while ((e = ngx_consent_headers_next(&it)) != NULL) {
        if (e == h) {
            return ngx_consent_headers_drop(&it, h);
        }
    }

    return NGX_OK;
}


ngx_table_elt_t *
ngx_consent_header_push(ngx_http_request_t *r, ngx_consent_header_name_t *name, const ngx_str_t *value)
{
    ngx_list_t       *list;
    ngx_table_elt_t  *h;

    list = &r->headers_in.headers;

    /* nginx makes no list for HTTP/0.9, which has no headers */

    if (list->last == NULL
        && ngx_list_init(list, r->pool, NGX_CONSENT_HEADERS_ROOM, sizeof(ngx_table_elt_t)) != NGX_OK)
    {
        return NULL;
    }

    /* `nalloc` may be what the last part happens to hold: a part that is too small would be made often */

    if (list->last->nelts == list->nalloc && list->nalloc < NGX_CONSENT_HEADERS_ROOM) {
        list->nalloc = NGX_CONSENT_HEADERS_ROOM;

        list->last->next = ngx_palloc(r->pool, sizeof(ngx_list_part_t));
        if (list->last->next == NULL) {
            return NULL;
        }

        list->last->next->elts = ngx_palloc(r->pool, NGX_CONSENT_HEADERS_ROOM * sizeof(ngx_table_elt_t));
        if (list->last->next->elts == NULL) {
            list->last->next = NULL;
            list->nalloc = list->last->nelts;
            return NULL;
        }

        list->last = list->last->next;
        list->last->nelts = 0;
        list->last->next = NULL;
    }

    h = ngx_list_push(list);
    if (h == NULL) {
        return NULL;
    }

    if (name->hash == 0) {
        name->hash = ngx_hash_key(name->lower.data, name->lower.len);
    }

    h->hash = name->hash;
    h->key = name->key;
    h->lowcase_key = name->lower.data;
    h->value = *value;
#if (NGX_CONSENT_LINKED_HEADERS)
    h->next = NULL;
#endif

    return h;
}


static ngx_http_header_t *
ngx_consent_header_known(ngx_http_request_t *r, ngx_table_elt_t *h)
{
    ngx_http_core_main_conf_t  *cmcf;

    cmcf = ngx_http_get_module_main_conf(r, ngx_http_core_module);

    return ngx_hash_find(&cmcf->headers_in_hash, h->hash, h->lowcase_key, h->key.len);
}


static void
ngx_consent_header_unlink(ngx_http_request_t *r, ngx_table_elt_t *h)
{
    ngx_table_elt_t    **shortcut;
    ngx_http_header_t   *known;

    known = ngx_consent_header_known(r, h);

    if (known == NULL) {
        return;
    }

#if (NGX_HTTP_GZIP)
    if (known->offset == offsetof(ngx_http_headers_in_t, accept_encoding)) {
        return;
    }
#endif

#if (NGX_CONSENT_LINKED_HEADERS)

    shortcut = (ngx_table_elt_t **) ((char *) &r->headers_in + known->offset);

    while (*shortcut) {
        if (*shortcut == h) {
            *shortcut = h->next;
            return;
        }

        shortcut = &(*shortcut)->next;
    }

#else

    if (known->offset == offsetof(ngx_http_headers_in_t, cookies)) {
        ngx_consent_header_unlist(&r->headers_in.cookies, h);
        return;
    }

#if (NGX_HTTP_X_FORWARDED_FOR)
    if (known->offset == offsetof(ngx_http_headers_in_t, x_forwarded_for)) {
        ngx_consent_header_unlist(&r->headers_in.x_forwarded_for, h);
        return;
    }
#endif

    shortcut = (ngx_table_elt_t **) ((char *) &r->headers_in + known->offset);

    if (*shortcut == h) {
        *shortcut = NULL;
    }

#endif
}


#if !(NGX_CONSENT_LINKED_HEADERS)

static void
ngx_consent_header_unlist(ngx_array_t *lines, ngx_table_elt_t *h)
{
    ngx_uint_t         i, n;
    ngx_table_elt_t  **line;

    if (lines->elts == NULL) {
        return;
    }

    line = lines->elts;

    for (i = 0, n = 0; i < lines->nelts; i++) {
        if (line[i] != h) {
            line[n++] = line[i];
        }
    }

    lines->nelts = n;
}

#endif


ngx_int_t
ngx_consent_header_link(ngx_http_request_t *r, ngx_table_elt_t *h)
{
    ngx_table_elt_t    **shortcut;
    ngx_http_header_t   *known;

    known = ngx_consent_header_known(r, h);

    if (known == NULL) {
        return NGX_OK;
    }

#if (NGX_CONSENT_LINKED_HEADERS)

    for (shortcut = (ngx_table_elt_t **) ((char *) &r->headers_in + known->offset);
         *shortcut;
         shortcut = &(*shortcut)->next)
    {
        if (*shortcut == h) {
            return NGX_OK;
        }
    }

    *shortcut = h;

    return NGX_OK;

#else

    if (known->offset == offsetof(ngx_http_headers_in_t, cookies)
#if (NGX_HTTP_X_FORWARDED_FOR)
        || known->offset == offsetof(ngx_http_headers_in_t, x_forwarded_for)
#endif
       )
    {
        ngx_array_t  *lines;

        lines = (ngx_array_t *) ((char *) &r->headers_in + known->offset);

        if (lines->elts == NULL && ngx_array_init(lines, r->pool, 1, sizeof(ngx_table_elt_t *)) != NGX_OK) {
            return NGX_ERROR;
        }

        shortcut = ngx_array_push(lines);
        if (shortcut == NULL) {
            return NGX_ERROR;
        }

        *shortcut = h;

        return NGX_OK;
    }

    shortcut = (ngx_table_elt_t **) ((char *) &r->headers_in + known->offset);

    if (*shortcut == NULL) {
        *shortcut = h;
    }

    return NGX_OK;

#endif
}


ngx_int_t
ngx_consent_headers_own(ngx_http_request_t *r)
{
    ngx_list_t              list;
    ngx_table_elt_t        *h, *copy;
    ngx_http_header_t      *known;
    ngx_consent_headers_t   it;

    if (ngx_list_init(&list, r->pool, 20, sizeof(ngx_table_elt_t)) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        copy = ngx_list_push(&list);
        if (copy == NULL) {
            return NGX_ERROR;
        }

        *copy = *h;
#if (NGX_CONSENT_LINKED_HEADERS)
        copy->next = NULL;
#endif

        /* the parent's shortcut goes; the copy's is made below */

        known = ngx_consent_header_known(r, h);

        if (known) {
#if !(NGX_CONSENT_LINKED_HEADERS)
            if (known->offset == offsetof(ngx_http_headers_in_t, cookies)
#if (NGX_HTTP_X_FORWARDED_FOR)
                || known->offset == offsetof(ngx_http_headers_in_t, x_forwarded_for)
#endif
               )
            {
                ngx_memzero((char *) &r->headers_in + known->offset, sizeof(ngx_array_t));
                continue;
            }
#endif
            *(ngx_table_elt_t **) ((char *) &r->headers_in + known->offset) = NULL;
        }
    }

    /* the list holds its first part in itself: where it was the last, it has to be so again */

    r->headers_in.headers = list;

    if (list.last == &list.part) {
        r->headers_in.headers.last = &r->headers_in.headers.part;
    }

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {
        if (ngx_consent_header_link(r, h) != NGX_OK) {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


ngx_table_elt_t *
ngx_consent_cookie_line(ngx_http_request_t *r, ngx_uint_t n)
{
#if (NGX_CONSENT_LINKED_HEADERS)

    ngx_table_elt_t  *h;

    for (h = r->headers_in.cookie; h != NULL && n > 0; h = h->next) {
        n--;
    }

    return h;

#else

    ngx_table_elt_t  **line;

    if (n >= r->headers_in.cookies.nelts) {
        return NULL;
    }

    line = r->headers_in.cookies.elts;

    return line[n];

#endif
}


ngx_uint_t
ngx_consent_header(ngx_http_request_t *r, const char *name, ngx_str_t *value)
{
    size_t                  len;
    ngx_uint_t              n;
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    n = 0;
    len = ngx_strlen(name);

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {
        if (h->key.len == len && h->lowcase_key != NULL && ngx_memcmp(h->lowcase_key, name, len) == 0) {
            if (n++ == 0) {
                *value = h->value;
            }
        }
    }

    return n;
}
