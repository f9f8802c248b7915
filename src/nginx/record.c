/*
 * A citizen's own record: the page, her history, and all that is held of her as one document.
 */

#include "nginx/reading.h"


typedef enum {
    NGX_CONSENT_RECORD_PAGE = 0,
    NGX_CONSENT_RECORD_HISTORY,
    NGX_CONSENT_RECORD_EXPORT
} ngx_consent_record_kind_t;

static ngx_int_t ngx_consent_record_read(ngx_consent_view_t *view, ngx_consent_wanted_t *wanted);
static ngx_int_t ngx_consent_record_done(ngx_consent_reading_t *reading, ngx_consent_view_t *view);
static ngx_int_t ngx_consent_record_page(ngx_consent_view_t *view, ngx_consent_reading_t *reading);
static ngx_int_t ngx_consent_record_history(ngx_consent_view_t *view, ngx_consent_reading_t *reading);
static void ngx_consent_record_write(ngx_consent_reading_t *reading);
static ngx_int_t ngx_consent_record_export(ngx_consent_view_t *view, ngx_consent_reading_t *reading);


ngx_int_t
ngx_consent_record_get(ngx_consent_view_t *view)
{
    ngx_consent_wanted_t  wanted;

    ngx_memzero(&wanted, sizeof(ngx_consent_wanted_t));
    wanted.kind = NGX_CONSENT_RECORD_PAGE;
    wanted.max = NGX_CONSENT_PAST;
    wanted.lately = 1;

    return ngx_consent_record_read(view, &wanted);
}


ngx_int_t
ngx_consent_history_get(ngx_consent_view_t *view)
{
    ngx_consent_wanted_t  wanted;

    ngx_memzero(&wanted, sizeof(ngx_consent_wanted_t));
    wanted.kind = NGX_CONSENT_RECORD_HISTORY;

    return ngx_consent_record_read(view, &wanted);
}


ngx_int_t
ngx_consent_export_get(ngx_consent_view_t *view)
{
    ngx_consent_wanted_t  wanted;

    ngx_memzero(&wanted, sizeof(ngx_consent_wanted_t));
    wanted.kind = NGX_CONSENT_RECORD_EXPORT;
    wanted.evidence = 1;
    wanted.texts = 1;
    wanted.lately = 1;
    wanted.write = ngx_consent_record_write;

    return ngx_consent_record_read(view, &wanted);
}


/* Who has no past, or may not be shown it, has an empty one. */
static ngx_int_t
ngx_consent_record_read(ngx_consent_view_t *view, ngx_consent_wanted_t *wanted)
{
    ngx_int_t              rc;
    ngx_consent_reading_t  none;

    wanted->done = ngx_consent_record_done;

    if (view->ctx->has_subject && ngx_consent_visiting(view->ctx)) {
        return ngx_consent_read(view, wanted);
    }

    if (ngx_consent_read_nothing(&none, view, wanted) != NGX_OK) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    rc = ngx_consent_record_done(&none, view);
    ngx_consent_read_end(&none);

    return rc;
}


static ngx_int_t
ngx_consent_record_done(ngx_consent_reading_t *reading, ngx_consent_view_t *view)
{
    if (reading->wanted.kind == NGX_CONSENT_RECORD_PAGE) {
        return ngx_consent_record_page(view, reading);
    }

    if (reading->rc != CONSENT_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_UPSTREAM, "the store cannot be read");
    }

    return reading->wanted.kind == NGX_CONSENT_RECORD_HISTORY ? ngx_consent_record_history(view, reading)
                                                              : ngx_consent_record_export(view, reading);
}


static ngx_int_t
ngx_consent_record_page(ngx_consent_view_t *view, ngx_consent_reading_t *reading)
{
    char                token[CONSENT_FORM_TOKEN_LEN], forget[CONSENT_FORM_TOKEN_LEN];
    consent_buf_t       b;
    consent_record_t    record;
    ngx_consent_ctx_t  *ctx;

    ctx = view->ctx;

    if (ngx_consent_token_make(view, "choice", token) != CONSENT_OK
        || ngx_consent_token_make(view, "forget", forget) != CONSENT_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memzero(&record, sizeof(consent_record_t));

    record.effect = &ctx->effect;
    record.token = consent_slice(token, CONSENT_FORM_TOKEN_LEN);
    record.forget_token = consent_slice(forget, CONSENT_FORM_TOKEN_LEN);
    record.has_record = ctx->has_subject ? true : false;
    record.identified = ctx->identified ? true : false;
    record.unavailable = reading->rc != CONSENT_OK;
    record.more_past = reading->more ? true : false;

    record.past = ngx_consent_read_past(reading);
    record.n_past = reading->n;
    record.withheld = ngx_consent_read_withheld(reading);
    record.n_withheld = reading->n_events;

    if (record.past == NULL || record.withheld == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_record(&b, &view->page, &record);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "text/html", &b);
}


static ngx_int_t
ngx_consent_record_history(ngx_consent_view_t *view, ngx_consent_reading_t *reading)
{
    consent_buf_t    b;
    consent_past_t  *past;

    past = ngx_consent_read_past(reading);
    if (past == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_history(&b, past, reading->n);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
}


/* In the thread: of many receipts it takes long. */
static void
ngx_consent_record_write(ngx_consent_reading_t *reading)
{
    consent_past_t    *past;
    consent_export_t   export;

    ngx_memzero(&export, sizeof(consent_export_t));

    past = ngx_consent_read_past(reading);
    export.receipts = past ? ngx_consent_read_receipts(reading, past) : NULL;
    export.withheld = ngx_consent_read_withheld(reading);

    if (export.receipts == NULL || export.withheld == NULL) {
        reading->rc = CONSENT_NOMEM;
        return;
    }

    export.effect = &reading->effect;
    export.n = reading->n;
    export.n_withheld = reading->n_events;
    export.texts = reading->texts;
    export.n_texts = reading->n_texts;
    export.subject = reading->n ? reading->subject : NULL;

    consent_json_export(&reading->document, &reading->page, &export);
}


static ngx_int_t
ngx_consent_record_export(ngx_consent_view_t *view, ngx_consent_reading_t *reading)
{
    consent_buf_t  b;

    b = reading->document;
    consent_buf_init(&reading->document, 1);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
}
