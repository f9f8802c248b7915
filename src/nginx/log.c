/*
 * consent_log: the log over HTTP, as tlog-tiles. The checkpoint is everybody's; all else is pseudonymous personal data,
 * for those whom allow= or if= lets in, and each reading of it leaves an entry.
 *
 * Each log of the store is under its number; the newest one is there without it, too, and gives way to the next: what is
 * read of it so is not for keeping.
 *
 * A path has one spelling, as it is sent: what a cache keeps under another name is not ours to guess.
 */

#include "nginx/log.h"


#define NGX_CONSENT_LOG_SECONDS  "max-age=1"
#define NGX_CONSENT_LOG_PRIVATE  "private, max-age=1"
#define NGX_CONSENT_LOG_FOREVER  "private, max-age=31536000, immutable"

typedef struct {
    ngx_consent_job_t        job;           /* first */
    consent_ledger_t        *ledger;
    ngx_consent_log_kind_t   kind;
    uint32_t                 number;        /* of the log */
    ngx_flag_t               newest;        /* whichever that is */
    consent_tile_t           tile;
    uint8_t                  hash[CONSENT_HASH_LEN];
    consent_rc_t             rc;
    consent_buf_t            b;
    u_char                   etag[2 + 32];
} ngx_consent_log_reading_t;

static ngx_int_t ngx_consent_log_path(ngx_http_request_t *r, consent_slice_t *path);
static ngx_int_t ngx_consent_log_parse(ngx_consent_log_reading_t *reading, consent_slice_t path);
static void ngx_consent_log_parse_number(ngx_consent_log_reading_t *reading, consent_slice_t *path);
static ngx_int_t ngx_consent_log_parse_hash(ngx_consent_log_reading_t *reading, consent_slice_t path,
    const char *prefix);
static ngx_int_t ngx_consent_log_read(ngx_consent_view_t *view, ngx_consent_log_reading_t *wanted);
static void ngx_consent_log_work(ngx_consent_job_t *job);
static consent_rc_t ngx_consent_log_policy(ngx_consent_log_reading_t *reading);
static void ngx_consent_log_free(ngx_consent_job_t *job);
static ngx_int_t ngx_consent_log_done(ngx_consent_job_t *job, ngx_consent_view_t *view);


static const struct {
    const char  *type;
    const char  *cache;
    size_t       max;
} ngx_consent_log_kinds[] = {
    [NGX_CONSENT_LOG_CHECKPOINT] = { "text/plain", NGX_CONSENT_LOG_SECONDS, CONSENT_LOG_CHECKPOINT_MAX },
    [NGX_CONSENT_LOG_COSIGNED] = { "text/plain", NGX_CONSENT_LOG_SECONDS, CONSENT_LOG_CHECKPOINT_MAX },
    [NGX_CONSENT_LOG_TILE] = { "application/octet-stream", NGX_CONSENT_LOG_FOREVER,
                               CONSENT_TILE_WIDTH * CONSENT_HASH_LEN },
    [NGX_CONSENT_LOG_BUNDLE] = { "application/octet-stream", NGX_CONSENT_LOG_FOREVER, CONSENT_LOG_BUNDLE_MAX },
    [NGX_CONSENT_LOG_NOTICE] = { "text/plain", NGX_CONSENT_LOG_FOREVER, CONSENT_PAGE_MAX },
    [NGX_CONSENT_LOG_POLICY] = { "application/json", NGX_CONSENT_LOG_FOREVER, CONSENT_POLICY_MAX_FILE }
};


ngx_int_t
ngx_consent_log_pages_handler(ngx_http_request_t *r)
{
    ngx_int_t                   rc;
    consent_slice_t             path;
    ngx_consent_view_t         *view;
    ngx_consent_log_conf_t     *log;
    ngx_consent_log_reading_t   reading;

    log = ngx_consent_loc_conf(r)->log;
    view = ngx_palloc(r->pool, sizeof(ngx_consent_view_t));

    if (log == NULL || view == NULL || ngx_consent_view(r, view, consent_slice(NULL, 0), 0) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    view->json = 1;

    ngx_memzero(&reading, sizeof(ngx_consent_log_reading_t));
    path = consent_slice(NULL, 0);
    rc = ngx_consent_log_path(r, &path);

    if (r->method == NGX_HTTP_POST && rc == NGX_OK && consent_slice_eq(path, consent_lit("add-checkpoint"))) {
        return ngx_consent_log_add(view);
    }

    if (ngx_http_discard_request_body(r) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return ngx_consent_reply_method(view, "GET, HEAD");
    }

    if (rc == NGX_OK) {
        rc = ngx_consent_log_parse(&reading, path);
    }

    /* who may not read is not told what there is */

    if ((rc != NGX_OK || reading.kind > NGX_CONSENT_LOG_COSIGNED) && !ngx_consent_allowed(r, &log->access)) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_OPEN, NULL);
    }

    if (rc != NGX_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    return ngx_consent_log_read(view, &reading);
}


/* What is below the location, if it was sent as it is: not escaped, not with arguments. */
static ngx_int_t
ngx_consent_log_path(ngx_http_request_t *r, consent_slice_t *path)
{
    ngx_str_t  *base;

    base = &ngx_consent_loc_conf(r)->log->base;

    if (r->uri.len < base->len || r->args.len || (!r->internal && (r->unparsed_uri.len != r->uri.len
                                                  || ngx_memcmp(r->unparsed_uri.data, r->uri.data, r->uri.len) != 0)))
    {
        return NGX_DECLINED;
    }

    *path = consent_slice(r->uri.data + base->len, r->uri.len - base->len);

    return NGX_OK;
}


static ngx_int_t
ngx_consent_log_parse(ngx_consent_log_reading_t *reading, consent_slice_t path)
{
    ngx_consent_log_parse_number(reading, &path);

    if (consent_slice_eq(path, consent_lit("checkpoint"))) {
        reading->kind = NGX_CONSENT_LOG_CHECKPOINT;
        return NGX_OK;
    }

    if (consent_slice_eq(path, consent_lit("checkpoint/cosigned"))) {
        reading->kind = NGX_CONSENT_LOG_COSIGNED;
        return NGX_OK;
    }

    if (ngx_consent_log_parse_hash(reading, path, "notice/") == NGX_OK) {
        reading->kind = NGX_CONSENT_LOG_NOTICE;
        return NGX_OK;
    }

    if (ngx_consent_log_parse_hash(reading, path, "policy/") == NGX_OK) {
        reading->kind = NGX_CONSENT_LOG_POLICY;
        return NGX_OK;
    }

    if (consent_tile_parse(&reading->tile, path) != CONSENT_OK) {
        return NGX_DECLINED;
    }

    reading->kind = reading->tile.entries ? NGX_CONSENT_LOG_BUNDLE : NGX_CONSENT_LOG_TILE;

    return NGX_OK;
}


/* "3/" in front. */
static void
ngx_consent_log_parse_number(ngx_consent_log_reading_t *reading, consent_slice_t *path)
{
    u_char    *slash;
    uint64_t   number;

    slash = path->len ? ngx_strlchr((u_char *) path->data, (u_char *) path->data + path->len, '/') : NULL;
    reading->newest = 1;

    if (slash && consent_note_number(&number, consent_slice(path->data, (size_t) (slash - path->data)))
        && number < CONSENT_LOG_NEWEST)
    {
        reading->newest = 0;
        reading->number = (uint32_t) number;
        *path = consent_slice(slash + 1, path->len - (size_t) (slash + 1 - path->data));
    }
}


static ngx_int_t
ngx_consent_log_parse_hash(ngx_consent_log_reading_t *reading, consent_slice_t path, const char *prefix)
{
    size_t  i, len;

    len = ngx_strlen(prefix);

    if (path.len != len + 2 * CONSENT_HASH_LEN || ngx_memcmp(path.data, prefix, len) != 0) {
        return NGX_DECLINED;
    }

    path = consent_slice(path.data + len, path.len - len);

    for (i = 0; i < path.len; i++) {
        if (path.data[i] >= 'A' && path.data[i] <= 'F') {
            return NGX_DECLINED;
        }
    }

    return consent_hex_decode(reading->hash, CONSENT_HASH_LEN, path) == CONSENT_OK ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_consent_log_read(ngx_consent_view_t *view, ngx_consent_log_reading_t *wanted)
{
    ngx_int_t                   rc;
    ngx_consent_log_reading_t  *reading;

    reading = ngx_consent_job_create(sizeof(ngx_consent_log_reading_t));

    if (reading == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    *reading = *wanted;
    reading->ledger = ngx_consent_store_ledger();
    reading->rc = CONSENT_IO;
    reading->job.work = ngx_consent_log_work;
    reading->job.done = ngx_consent_log_done;
    reading->job.free = ngx_consent_log_free;
    consent_buf_init(&reading->b, ngx_consent_log_kinds[reading->kind].max);

    if (reading->ledger && ngx_consent_job_start(&reading->job, view) == NGX_DONE) {
        return NGX_DONE;
    }

    rc = ngx_consent_log_done(&reading->job, view);
    ngx_consent_job_destroy(&reading->job);

    return rc;
}


/* In a thread. */
static void
ngx_consent_log_work(ngx_consent_job_t *job)
{
    ngx_consent_log_reading_t  *reading = (ngx_consent_log_reading_t *) job;

    uint8_t            hash[CONSENT_HASH_LEN];
    consent_slice_t    text;
    consent_digest_t  *digest;

    if (reading->newest) {
        reading->rc = consent_log_shown(reading->ledger, &reading->number);

        /* texts are of no log */

        if (reading->rc != CONSENT_OK && reading->kind < NGX_CONSENT_LOG_NOTICE) {
            return;
        }
    }

    switch (reading->kind) {

    case NGX_CONSENT_LOG_CHECKPOINT:
        reading->rc = consent_log_checkpoint_of(reading->ledger, reading->number, false, &reading->b);
        break;

    case NGX_CONSENT_LOG_COSIGNED:
        reading->rc = consent_log_checkpoint_of(reading->ledger, reading->number, true, &reading->b);
        break;

    case NGX_CONSENT_LOG_TILE:
    case NGX_CONSENT_LOG_BUNDLE:
        reading->rc = consent_log_tile_of(reading->ledger, reading->number, &reading->tile, &reading->b);
        break;

    case NGX_CONSENT_LOG_NOTICE:
        reading->rc = consent_ledger_text(reading->ledger, reading->hash, &reading->b);
        break;

    case NGX_CONSENT_LOG_POLICY:
        reading->rc = ngx_consent_log_policy(reading);
        break;
    }

    digest = consent_digest_create();

    if (reading->rc == CONSENT_OK) {
        text = consent_buf_view(&reading->b);
        reading->rc = digest ? consent_digest_sha256(digest, hash, &text, 1) : CONSENT_NOMEM;
    }

    if (reading->rc == CONSENT_OK) {
        reading->etag[0] = reading->etag[33] = '"';
        (void) ngx_hex_dump(&reading->etag[1], hash, 16);

        /* a document is named by its hash, and kept by part of it */

        if (reading->kind >= NGX_CONSENT_LOG_NOTICE && ngx_memcmp(hash, reading->hash, CONSENT_HASH_LEN) != 0) {
            reading->rc = CONSENT_NOTFOUND;
        }
    }

    consent_digest_destroy(digest);
}


static consent_rc_t
ngx_consent_log_policy(ngx_consent_log_reading_t *reading)
{
    uint64_t  key;

    ngx_memcpy(&key, reading->hash, sizeof(uint64_t));

    return consent_ledger_policy(reading->ledger, be64toh(key), &reading->b);
}


static void
ngx_consent_log_free(ngx_consent_job_t *job)
{
    consent_buf_free(&((ngx_consent_log_reading_t *) job)->b);
}


static ngx_int_t
ngx_consent_log_done(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    ngx_consent_log_reading_t  *reading = (ngx_consent_log_reading_t *) job;

    ngx_str_t            etag;
    const char          *cache;
    consent_buf_t        b;
    ngx_http_request_t  *r;

    r = view->request;

    if (reading->rc == CONSENT_NOTFOUND) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    if (reading->rc != CONSENT_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_UPSTREAM, "the log cannot be read now");
    }

    if (reading->kind > NGX_CONSENT_LOG_COSIGNED) {
        ngx_consent_log_audit(ngx_consent_loc_conf(r)->log, view->ctx->policy, reading->kind, reading->number,
                              reading->tile.index * CONSENT_TILE_WIDTH, reading->tile.width);
    }

    etag.len = sizeof(reading->etag);
    etag.data = ngx_pnalloc(r->pool, etag.len);
    if (etag.data == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(etag.data, reading->etag, etag.len);

    b = reading->b;
    consent_buf_init(&reading->b, 1);

    cache = reading->newest && (reading->kind == NGX_CONSENT_LOG_TILE || reading->kind == NGX_CONSENT_LOG_BUNDLE)
            ? NGX_CONSENT_LOG_PRIVATE : ngx_consent_log_kinds[reading->kind].cache;

    return ngx_consent_reply_kept(r, ngx_consent_log_kinds[reading->kind].type, &b, cache, &etag);
}
