/*
 * The requests of a chat: what they say about the answer, and the words of ours that they bring back.
 */

#include "nginx/response.h"


#define NGX_CONSENT_CHAT_MAX  (256 * 1024)      /* bytes of a request's body that are looked at, at most */

static ngx_int_t ngx_consent_chat_filter(ngx_http_request_t *r, ngx_chain_t *in);
static ngx_flag_t ngx_consent_chat_plain(ngx_http_request_t *r);
static ngx_int_t ngx_consent_chat_unsay(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, size_t languages);
static ngx_int_t ngx_consent_chat_body(ngx_http_request_t *r, u_char **body, size_t *len, u_char **copy);
static ngx_int_t ngx_consent_chat_put(ngx_http_request_t *r, u_char *body, size_t from, size_t to);

static ngx_http_request_body_filter_pt  ngx_consent_next_request_body_filter;


ngx_int_t
ngx_consent_chat_init(ngx_conf_t *cf)
{
    ngx_consent_next_request_body_filter = ngx_http_top_request_body_filter;
    ngx_http_top_request_body_filter = ngx_consent_chat_filter;

    return NGX_OK;
}


/* When the last of a body has been read, nobody has looked at it yet. */
static ngx_int_t
ngx_consent_chat_filter(ngx_http_request_t *r, ngx_chain_t *in)
{
    ngx_int_t                rc;
    ngx_consent_loc_conf_t  *lcf;
    ngx_consent_srv_conf_t  *scf;

    rc = ngx_consent_next_request_body_filter(r, in);

    if (rc != NGX_OK || r != r->main || r->request_body_no_buffering || r->request_body == NULL
        || r->request_body->rest != 0 || !r->request_body->last_saved)
    {
        return rc;
    }

    scf = ngx_consent_srv_conf(r);
    lcf = ngx_consent_loc_conf(r);

    if (scf->policy == NULL || lcf->pages != NULL || (lcf->ai == CONSENT_AI_OFF && lcf->ai_value == NULL)
        || ngx_consent_mode(lcf) != NGX_CONSENT_ON || !ngx_consent_chat_plain(r))
    {
        return NGX_OK;
    }

    return ngx_consent_chat_unsay(r, lcf, scf->policy->policy->n_languages);
}


/* Neither compressed nor signed. */
static ngx_flag_t
ngx_consent_chat_plain(ngx_http_request_t *r)
{
    ngx_str_t   value;
    ngx_uint_t  i;

    static const char *const  names[] = {
        "content-encoding", "content-digest", "repr-digest", "digest", "content-md5", "signature", "x-jws-signature"
    };

    for (i = 0; i < consent_countof(names); i++) {
        if (ngx_consent_header(r, names[i], &value) != 0) {
            return 0;
        }
    }

    return 1;
}


/* Where what is said depends on a variable, that has no value yet. */
static ngx_int_t
ngx_consent_chat_unsay(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, size_t languages)
{
    size_t      len, from, to;
    u_char     *body, *copy;
    ngx_int_t   rc;
    ngx_uint_t  kind;

    rc = ngx_consent_chat_body(r, &body, &len, &copy);

    if (rc != NGX_OK) {
        return rc == NGX_DECLINED ? NGX_OK : NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    from = len;
    to = 0;

    for (kind = CONSENT_AI_ON; kind < NGX_CONSENT_AI_KINDS; kind++) {
        if (lcf->disclosure[kind] != NULL) {
            (void) consent_chat_unsay(body, len, lcf->disclosure[kind], languages, &from, &to);
        }
    }

    /* and what is said where the answer itself says what it is */

    for (kind = 0; kind < consent_countof(lcf->claimed); kind++) {
        if (lcf->claimed[kind] != NULL) {
            (void) consent_chat_unsay(body, len, lcf->claimed[kind], languages, &from, &to);
        }
    }

    if (copy != NULL) {
        rc = to > 0 ? ngx_consent_chat_put(r, body, from, to) : NGX_OK;
        ngx_free(copy);
    }

    return rc == NGX_OK ? NGX_OK : NGX_HTTP_INTERNAL_SERVER_ERROR;
}


/* A longer body than NGX_CONSENT_CHAT_MAX says nothing: then the words are said once more. */
void
ngx_consent_chat_read(ngx_http_request_t *r, consent_chat_t *chat)
{
    size_t   len;
    u_char  *body, *copy;

    if (ngx_consent_chat_body(r, &body, &len, &copy) != NGX_OK) {
        ngx_memzero(chat, sizeof(consent_chat_t));
        return;
    }

    consent_chat_read(chat, consent_slice(body, len));

    if (copy != NULL) {
        ngx_free(copy);
    }
}


/* The body in one piece: where it stands, or in a copy that is to be freed. NGX_DECLINED: there is none, or it is longer
 * than NGX_CONSENT_CHAT_MAX. */
static ngx_int_t
ngx_consent_chat_body(ngx_http_request_t *r, u_char **body, size_t *len, u_char **copy)
{
    off_t         size;
    u_char       *p;
    size_t        n;
    ngx_buf_t    *b;
    ngx_chain_t  *cl, *bufs;

    bufs = r->request_body != NULL ? r->request_body->bufs : NULL;
    *copy = NULL;
    size = 0;

    for (cl = bufs; cl; cl = cl->next) {
        size += ngx_buf_size(cl->buf);
    }

    if (size <= 0 || size > NGX_CONSENT_CHAT_MAX) {
        return NGX_DECLINED;
    }

    *len = (size_t) size;

    if (bufs->next == NULL && ngx_buf_in_memory(bufs->buf)) {
        *body = bufs->buf->pos;
        return NGX_OK;
    }

    p = ngx_alloc(*len, r->connection->log);
    if (p == NULL) {
        return NGX_ERROR;
    }

    *body = p;
    *copy = p;

    for (cl = bufs; cl; cl = cl->next, p += n) {
        b = cl->buf;
        n = (size_t) ngx_buf_size(b);

        if (n == 0) {
            continue;
        }

        if (ngx_buf_in_memory(b)) {
            ngx_memcpy(p, b->pos, n);

        } else if (ngx_read_file(b->file, p, n, b->file_pos) != (ssize_t) n) {
            ngx_free(*copy);
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


/* Writes what was changed in a copy back to where it stands. */
static ngx_int_t
ngx_consent_chat_put(ngx_http_request_t *r, u_char *body, size_t from, size_t to)
{
    size_t        at, n, skip;
    off_t         offset;
    ngx_buf_t    *b;
    ngx_chain_t  *cl;

    for (cl = r->request_body->bufs, at = 0; cl && at < to; cl = cl->next, at += n) {
        b = cl->buf;
        n = (size_t) ngx_buf_size(b);
        skip = from > at ? ngx_min(from - at, n) : 0;

        if (skip == n) {
            continue;
        }

        if (ngx_buf_in_memory(b)) {
            ngx_memcpy(b->pos + skip, body + at + skip, ngx_min(to - at, n) - skip);
            continue;
        }

        /* where nginx would write on is no matter of ours */

        offset = b->file->offset;

        if (ngx_write_file(b->file, body + at + skip, ngx_min(to - at, n) - skip, b->file_pos + (off_t) skip)
            == NGX_ERROR)
        {
            return NGX_ERROR;
        }

        b->file->offset = offset;
    }

    return NGX_OK;
}
