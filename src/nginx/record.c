/*
 * A citizen's own record: history, receipts and what was withheld lately, read on the thread pool.
 *
 * Who is not logged in sees her history only while her visit lasts: the next user of a shared device does
 * not.
 */

#include "nginx/handler.h"


#define NGX_CONSENT_PAST      50            /* decisions on the page */
#define NGX_CONSENT_PAST_ALL  CONSENT_HISTORY_MAX
#define NGX_CONSENT_WITHHELD  50
#define NGX_CONSENT_LATELY    (24 * 60 * 60 * 1000)     /* ms */

typedef struct {
    ngx_consent_job_t       job;            /* first */
    consent_ledger_t       *ledger;
    consent_recent_t       *recent;
    uint8_t                 subject[CONSENT_SUBJECT_LEN];
    uint64_t                id_key;
    uint64_t                tag;
    consent_time_t          since;
    uint8_t                 receipt[CONSENT_ID_LEN];
    unsigned                json:1;

    /* out */
    consent_rc_t            rc;
    consent_decision_t      decisions[NGX_CONSENT_PAST_ALL];
    size_t                  max;
    size_t                  n;
    unsigned                more:1;
    consent_recent_event_t  events[NGX_CONSENT_WITHHELD];
    size_t                  n_events;
} ngx_consent_reading_t;

static ngx_int_t ngx_consent_reading_start(ngx_consent_view_t *view, size_t max, ngx_flag_t lately,
    ngx_int_t (*done)(ngx_consent_job_t *job, ngx_consent_view_t *view), ngx_consent_reading_t *reading);
static ngx_flag_t ngx_consent_visiting(ngx_consent_ctx_t *ctx);
static void ngx_consent_history_work(ngx_consent_job_t *job);
static bool ngx_consent_history_each(void *arg, const consent_decision_t *decision, uint64_t log_index);
static bool ngx_consent_withheld_each(void *arg, const consent_recent_event_t *event);
static ngx_int_t ngx_consent_record_done(ngx_consent_job_t *job, ngx_consent_view_t *view);
static ngx_int_t ngx_consent_record_page(ngx_consent_view_t *view, ngx_consent_reading_t *reading);
static ngx_int_t ngx_consent_history_done(ngx_consent_job_t *job, ngx_consent_view_t *view);
static consent_past_t *ngx_consent_past(ngx_consent_view_t *view, ngx_consent_reading_t *reading, size_t *n);
static void ngx_consent_receipt_work(ngx_consent_job_t *job);
static ngx_int_t ngx_consent_receipt_done(ngx_consent_job_t *job, ngx_consent_view_t *view);


ngx_int_t
ngx_consent_record_get(ngx_consent_view_t *view)
{
    ngx_consent_ctx_t      *ctx;
    ngx_consent_reading_t  *reading;

    ctx = view->ctx;

    if (!ctx->has_subject || !ngx_consent_visiting(ctx)) {
        return ngx_consent_record_page(view, NULL);
    }

    reading = ngx_consent_job_create(sizeof(ngx_consent_reading_t));
    if (reading == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    reading->job.work = ngx_consent_history_work;

    return ngx_consent_reading_start(view, NGX_CONSENT_PAST, 1, ngx_consent_record_done, reading);
}


ngx_int_t
ngx_consent_history_get(ngx_consent_view_t *view)
{
    consent_buf_t           b;
    ngx_consent_ctx_t      *ctx;
    ngx_consent_reading_t  *reading;

    ctx = view->ctx;

    if (!ctx->has_subject || !ngx_consent_visiting(ctx)) {
        consent_buf_init(&b, CONSENT_PAGE_MAX);
        consent_json_history(&b, NULL, 0);
        return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
    }

    reading = ngx_consent_job_create(sizeof(ngx_consent_reading_t));
    if (reading == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    reading->job.work = ngx_consent_history_work;

    return ngx_consent_reading_start(view, NGX_CONSENT_PAST_ALL, 0, ngx_consent_history_done, reading);
}


ngx_int_t
ngx_consent_receipt_get(ngx_consent_view_t *view, consent_slice_t id, ngx_flag_t json)
{
    uint8_t                 receipt[CONSENT_ID_LEN];
    ngx_consent_ctx_t      *ctx;
    ngx_consent_reading_t  *reading;

    ctx = view->ctx;

    if (!ctx->has_subject || !ngx_consent_visiting(ctx)
        || consent_hex_decode(receipt, CONSENT_ID_LEN, id) != CONSENT_OK)
    {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    reading = ngx_consent_job_create(sizeof(ngx_consent_reading_t));
    if (reading == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(reading->receipt, receipt, CONSENT_ID_LEN);
    reading->json = json ? 1 : 0;
    reading->job.work = ngx_consent_receipt_work;

    return ngx_consent_reading_start(view, 1, 0, ngx_consent_receipt_done, reading);
}


/* Without a store, or a thread, the page is written with what is known. */
static ngx_int_t
ngx_consent_reading_start(ngx_consent_view_t *view, size_t max, ngx_flag_t lately,
    ngx_int_t (*done)(ngx_consent_job_t *job, ngx_consent_view_t *view), ngx_consent_reading_t *reading)
{
    ngx_int_t           rc;
    ngx_consent_ctx_t  *ctx;

    ctx = view->ctx;

    reading->ledger = ngx_consent_store_ledger();
    reading->id_key = ctx->policy->policy->id_key;
    reading->max = max;
    reading->rc = CONSENT_IO;
    reading->since = ctx->now - NGX_CONSENT_LATELY;
    reading->job.done = done;
    ngx_memcpy(reading->subject, ctx->subject, CONSENT_SUBJECT_LEN);

    if (lately) {
        reading->recent = ngx_consent_store_recent();
        reading->tag = ngx_consent_store_tag(ctx->subject);
    }

    if (reading->ledger && ngx_consent_job_start(&reading->job, view) == NGX_DONE) {
        return NGX_DONE;
    }

    rc = done(&reading->job, view);
    ngx_consent_job_destroy(&reading->job);

    return rc;
}


static ngx_flag_t
ngx_consent_visiting(ngx_consent_ctx_t *ctx)
{
    return ctx->identified
           || (ctx->has_cookie
               && ctx->now < consent_duration_add(ctx->cookie.issued, ctx->policy->policy->visit_for));
}


/* In a thread. */
static void
ngx_consent_history_work(ngx_consent_job_t *job)
{
    ngx_consent_reading_t  *reading = (ngx_consent_reading_t *) job;

    reading->rc = consent_ledger_history(reading->ledger, reading->subject, reading->id_key,
                                         ngx_consent_history_each, reading);

    if (reading->rc == CONSENT_NOTFOUND) {
        reading->rc = CONSENT_OK;
    }

    if (reading->recent && reading->tag) {
        consent_recent_each(reading->recent, ngx_consent_withheld_each, reading);
    }
}


static bool
ngx_consent_history_each(void *arg, const consent_decision_t *decision, uint64_t log_index)
{
    ngx_consent_reading_t  *reading = arg;

    if (reading->n == reading->max) {
        reading->more = 1;
        return false;
    }

    reading->decisions[reading->n++] = *decision;

    return true;
}


static bool
ngx_consent_withheld_each(void *arg, const consent_recent_event_t *event)
{
    ngx_consent_reading_t  *reading = arg;

    if (event->at < reading->since) {
        return false;
    }

    if (event->subject_tag == reading->tag && event->event == CONSENT_EVENT_WITHHELD && !event->reported
        && !event->sensitive)
    {
        reading->events[reading->n_events++] = *event;
    }

    return reading->n_events < NGX_CONSENT_WITHHELD;
}


static ngx_int_t
ngx_consent_record_done(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    return ngx_consent_record_page(view, (ngx_consent_reading_t *) job);
}


static ngx_int_t
ngx_consent_record_page(ngx_consent_view_t *view, ngx_consent_reading_t *reading)
{
    char                 token[CONSENT_FORM_TOKEN_LEN], forget[CONSENT_FORM_TOKEN_LEN];
    size_t               i, n;
    consent_buf_t        b;
    consent_record_t     record;
    ngx_consent_ctx_t   *ctx;
    consent_withheld_t   withheld[NGX_CONSENT_WITHHELD];

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

    if (reading) {
        record.unavailable = (reading->rc != CONSENT_OK);
        record.more_past = reading->more ? true : false;

        record.past = ngx_consent_past(view, reading, &n);
        record.n_past = n;

        for (i = 0; i < reading->n_events; i++) {
            withheld[i].at = reading->events[i].at;
            withheld[i].location = consent_cstr(reading->events[i].location);
            withheld[i].categories = (reading->events[i].policy == view->page.policy->key)
                                     ? reading->events[i].categories : 0;
        }

        record.withheld = withheld;
        record.n_withheld = reading->n_events;
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_record(&b, &view->page, &record);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "text/html", &b);
}


static ngx_int_t
ngx_consent_history_done(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    ngx_consent_reading_t  *reading = (ngx_consent_reading_t *) job;

    size_t           n;
    consent_buf_t    b;
    consent_past_t  *past;

    if (reading->rc != CONSENT_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_UPSTREAM, "the store cannot be read");
    }

    past = ngx_consent_past(view, reading, &n);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_json_history(&b, past, n);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
}


static consent_past_t *
ngx_consent_past(ngx_consent_view_t *view, ngx_consent_reading_t *reading, size_t *n)
{
    size_t           i;
    consent_past_t  *past;

    *n = 0;

    past = ngx_palloc(view->request->pool, (reading->n + 1) * sizeof(consent_past_t));
    if (past == NULL) {
        return NULL;
    }

    for (i = 0; i < reading->n; i++) {
        past[i].decision = reading->decisions[i];
        past[i].policy = ngx_consent_policy_version(view->ctx->policy, reading->decisions[i].policy);
    }

    *n = reading->n;

    return past;
}


/* In a thread. */
static void
ngx_consent_receipt_work(ngx_consent_job_t *job)
{
    ngx_consent_reading_t  *reading = (ngx_consent_reading_t *) job;

    uint64_t  log_index;

    reading->rc = consent_ledger_receipt(reading->ledger, reading->subject, reading->receipt,
                                         &reading->decisions[0], &log_index);
    reading->n = 1;
}


static ngx_int_t
ngx_consent_receipt_done(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    ngx_consent_reading_t  *reading = (ngx_consent_reading_t *) job;

    size_t           n;
    consent_buf_t    b;
    consent_past_t  *past;

    if (reading->rc == CONSENT_NOTFOUND) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    if (reading->rc != CONSENT_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_UPSTREAM, "the store cannot be read");
    }

    past = ngx_consent_past(view, reading, &n);

    if (past == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);

    if (reading->json) {
        consent_json_receipt(&b, &view->page, past);
        return ngx_consent_reply(view->request, NGX_HTTP_OK, "application/json", &b);
    }

    consent_page_receipt(&b, &view->page, past);

    return ngx_consent_reply(view->request, NGX_HTTP_OK, "text/html", &b);
}
