/*
 * Reading a citizen's own record, which may wait for a disk: in a thread, and then her request goes on.
 */

#include "nginx/reading.h"

#include "ledger/log.h"
#include "ledger/members.h"


#define NGX_CONSENT_LATELY  (24 * 60 * 60 * 1000)       /* ms */
#define NGX_CONSENT_READING_MAX  (CONSENT_EXPORT_MAX + 1024 * 1024)    /* bytes */
#define NGX_CONSENT_TEXTS   64                          /* pages she decided on, at most */

static void ngx_consent_reading_of(ngx_consent_reading_t *reading, ngx_consent_view_t *view);
static void ngx_consent_reading_work(ngx_consent_job_t *job);
static ngx_int_t ngx_consent_reading_done(ngx_consent_job_t *job, ngx_consent_view_t *view);
static void ngx_consent_reading_free(ngx_consent_job_t *job);
static void ngx_consent_reading_own(ngx_consent_reading_t *reading);
static bool ngx_consent_reading_each(void *arg, const consent_own_t *own);
static ngx_flag_t ngx_consent_reading_counts(const consent_own_t *own);
static void ngx_consent_reading_proofs(ngx_consent_reading_t *reading);
static void ngx_consent_reading_texts(ngx_consent_reading_t *reading);
static void ngx_consent_reading_text(ngx_consent_reading_t *reading, const uint8_t *hash);
static void ngx_consent_reading_in_force(ngx_consent_reading_t *reading);
static bool ngx_consent_reading_withheld(void *arg, const consent_recent_event_t *event);


ngx_flag_t
ngx_consent_visiting(ngx_consent_ctx_t *ctx)
{
    return ctx->identified
           || (ctx->has_cookie
               && ctx->now < consent_duration_add(ctx->cookie.issued, ctx->policy->policy->visit_for));
}


/* Without a store, or a thread, it goes on with nothing: rc is CONSENT_IO. */
ngx_int_t
ngx_consent_read(ngx_consent_view_t *view, const ngx_consent_wanted_t *wanted)
{
    u_char                 *p;
    ngx_int_t               rc;
    ngx_consent_ctx_t      *ctx;
    ngx_consent_reading_t  *reading;

    ctx = view->ctx;

    reading = ngx_consent_job_create(sizeof(ngx_consent_reading_t));
    if (reading == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    reading->wanted = *wanted;

    if (wanted->receipt) {
        ngx_memcpy(reading->receipt, wanted->receipt, CONSENT_ID_LEN);
        reading->wanted.receipt = reading->receipt;
    }

    if (wanted->max == 0 || wanted->max > CONSENT_HISTORY_MAX) {
        reading->wanted.max = CONSENT_HISTORY_MAX;
    }

    reading->ledger = ngx_consent_store_ledger();
    reading->id_key = ctx->policy->policy->id_key;
    reading->rc = CONSENT_IO;
    reading->since = ngx_max(ctx->now - NGX_CONSENT_LATELY, ctx->erased_at);
    ngx_memcpy(reading->subject, ctx->subject, CONSENT_SUBJECT_LEN);
    ngx_memcpy(reading->former, ctx->former, CONSENT_SUBJECT_LEN);
    reading->has_former = ctx->has_former;

    p = ngx_cpymem(reading->unique, "policy:", sizeof("policy:") - 1);
    (void) ngx_hex_dump(p, ctx->policy->entry.hash, CONSENT_HASH_LEN);

    ngx_consent_reading_of(reading, view);

    if (wanted->lately) {
        reading->recent = ngx_consent_store_recent();
        reading->tag = ngx_consent_store_tag(ctx->subject);
    }

    reading->job.work = ngx_consent_reading_work;
    reading->job.done = ngx_consent_reading_done;
    reading->job.free = ngx_consent_reading_free;

    if (reading->ledger && ngx_consent_job_start(&reading->job, view) == NGX_DONE) {
        return NGX_DONE;
    }

    /* what a thread would have made */

    if (reading->arena == NULL) {
        reading->arena = consent_arena_create(NGX_CONSENT_READING_MAX);
    }

    rc = reading->arena ? wanted->done(reading, view) : NGX_HTTP_INTERNAL_SERVER_ERROR;
    ngx_consent_job_destroy(&reading->job);

    return rc;
}


ngx_int_t
ngx_consent_read_nothing(ngx_consent_reading_t *reading, ngx_consent_view_t *view, const ngx_consent_wanted_t *wanted)
{
    ngx_memzero(reading, sizeof(ngx_consent_reading_t));
    reading->wanted = *wanted;
    reading->rc = CONSENT_OK;
    ngx_consent_reading_of(reading, view);
    reading->arena = consent_arena_create(NGX_CONSENT_READING_MAX);

    if (reading->arena && wanted->write) {
        wanted->write(reading);
    }

    return reading->arena ? NGX_OK : NGX_ERROR;
}


void
ngx_consent_read_end(ngx_consent_reading_t *reading)
{
    ngx_consent_reading_free(&reading->job);
}


static void
ngx_consent_reading_of(ngx_consent_reading_t *reading, ngx_consent_view_t *view)
{
    reading->policy = view->ctx->policy;
    reading->page = view->page;
    reading->effect = view->ctx->effect;
    consent_buf_init(&reading->document, CONSENT_EXPORT_MAX);
}


static ngx_int_t
ngx_consent_reading_done(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    ngx_consent_reading_t  *reading = (ngx_consent_reading_t *) job;

    return reading->wanted.done(reading, view);
}


static void
ngx_consent_reading_free(ngx_consent_job_t *job)
{
    ngx_consent_reading_t  *reading = (ngx_consent_reading_t *) job;

    if (reading->own) {
        consent_wipe(reading->own, CONSENT_HISTORY_MAX * sizeof(ngx_consent_own_t));
        ngx_free(reading->own);
    }

    consent_arena_destroy(reading->arena);
    consent_buf_free(&reading->document);
}


/* In a thread. */
static void
ngx_consent_reading_work(ngx_consent_job_t *job)
{
    ngx_consent_reading_t  *reading = (ngx_consent_reading_t *) job;

    reading->own = ngx_calloc(CONSENT_HISTORY_MAX * sizeof(ngx_consent_own_t), ngx_cycle->log);
    reading->arena = consent_arena_create(NGX_CONSENT_READING_MAX);

    if (reading->own == NULL || reading->arena == NULL) {
        reading->rc = CONSENT_NOMEM;
        return;
    }

    reading->at = CONSENT_HISTORY_MAX;
    ngx_consent_reading_own(reading);

    if (reading->rc == CONSENT_OK && reading->wanted.receipt && reading->at == CONSENT_HISTORY_MAX) {
        reading->rc = CONSENT_NOTFOUND;
    }

    if (reading->rc == CONSENT_OK && reading->wanted.evidence) {
        ngx_consent_reading_in_force(reading);
        ngx_consent_reading_proofs(reading);
    }

    if (reading->rc == CONSENT_OK && reading->wanted.texts) {
        ngx_consent_reading_texts(reading);
    }

    if (reading->failed) {
        reading->rc = CONSENT_NOMEM;
    }

    if (reading->recent && reading->tag) {
        consent_recent_each(reading->recent, ngx_consent_reading_withheld, reading);
    }

    if (reading->rc == CONSENT_OK && reading->wanted.write) {
        reading->wanted.write(reading);
    }
}


/* Under her pseudonym or the former one; and what was on its way from that to this in between is here by now. */
static void
ngx_consent_reading_own(ngx_consent_reading_t *reading)
{
    uint8_t     subject[CONSENT_SUBJECT_LEN];
    ngx_uint_t  i, times;

    times = reading->has_former ? 3 : 1;

    for (i = 0; i < times; i++) {

        if (i > 0) {
            ngx_memcpy(subject, reading->subject, CONSENT_SUBJECT_LEN);
            ngx_memcpy(reading->subject, reading->former, CONSENT_SUBJECT_LEN);
            ngx_memcpy(reading->former, subject, CONSENT_SUBJECT_LEN);
        }

        reading->rc = consent_ledger_own(reading->ledger, reading->subject, reading->id_key, ngx_consent_reading_each,
                                         reading);

        if (reading->rc != CONSENT_OK || reading->n > 0) {
            return;
        }
    }
}


static bool
ngx_consent_reading_each(void *arg, const consent_own_t *own)
{
    ngx_consent_reading_t  *reading = arg;

    ngx_flag_t           wanted;
    ngx_consent_own_t  *one;

    if (reading->n == reading->wanted.max) {
        reading->more = 1;
        return false;
    }

    wanted = reading->wanted.receipt == NULL
             || ngx_memcmp(own->decision.receipt, reading->receipt, CONSENT_ID_LEN) == 0;

    if (wanted && reading->wanted.receipt) {
        reading->at = reading->n;
    }

    one = &reading->own[reading->n++];
    one->own = *own;
    one->own.entry = consent_slice(NULL, 0);

    if (wanted && reading->wanted.evidence && own->entry.len) {
        one->own.entry = consent_arena_dup(reading->arena, own->entry);

        if (one->own.entry.data == NULL) {
            reading->failed = 1;
            return false;
        }
    }

    /* what was in force before the one that is wanted is the last to be of interest */

    return reading->wanted.receipt == NULL || reading->n <= reading->at + 1 || !ngx_consent_reading_counts(own);
}


/* What is decided for one request replaces nothing. */
static ngx_flag_t
ngx_consent_reading_counts(const consent_own_t *own)
{
    return own->decision.scope != CONSENT_SCOPE_ONCE;
}


static void
ngx_consent_reading_in_force(ngx_consent_reading_t *reading)
{
    consent_buf_t    entry;
    consent_slice_t  time;

    consent_buf_init(&entry, CONSENT_ENTRY_MAX);

    if (consent_ledger_named(reading->ledger, consent_slice(reading->unique, sizeof(reading->unique) - 1), &entry)
        == CONSENT_OK)
    {
        time = consent_members_find(consent_buf_view(&entry), "time");

        if (time.len <= 2
            || consent_when_parse(&reading->in_force, consent_slice(time.data + 1, time.len - 2)) != CONSENT_OK)
        {
            reading->in_force = 0;
        }
    }

    consent_buf_free(&entry);
}


/* What is not published yet has none. */
static void
ngx_consent_reading_proofs(ngx_consent_reading_t *reading)
{
    size_t                i;
    consent_buf_t         proof;
    ngx_consent_own_t    *one;

    consent_buf_init(&proof, CONSENT_LOG_PROOF_MAX);

    for (i = 0; i < reading->n; i++) {
        one = &reading->own[i];
        proof.len = 0;

        if (one->own.entry.len == 0 || consent_log_proof(reading->ledger, one->own.index, &proof) != CONSENT_OK) {
            continue;
        }

        one->proof = consent_arena_dup(reading->arena, consent_buf_view(&proof));

        if (one->proof.data == NULL) {
            reading->failed = 1;
            break;
        }
    }

    consent_buf_free(&proof);
}


static void
ngx_consent_reading_texts(ngx_consent_reading_t *reading)
{
    size_t           i, k;
    uint8_t          hash[CONSENT_HASH_LEN];
    consent_slice_t  value;

    reading->texts = consent_arena_array(reading->arena, NGX_CONSENT_TEXTS, sizeof(consent_seen_text_t));

    for (i = 0; reading->texts && i < reading->n && reading->n_texts < NGX_CONSENT_TEXTS; i++) {

        value = consent_members_find(reading->own[i].own.entry, "notice_hash");

        if (value.len != 2 * CONSENT_HASH_LEN + 2
            || consent_hex_decode(hash, CONSENT_HASH_LEN, consent_slice(value.data + 1, value.len - 2)) != CONSENT_OK)
        {
            continue;
        }

        for (k = 0; k < reading->n_texts; k++) {
            if (ngx_memcmp(reading->texts[k].hash, hash, CONSENT_HASH_LEN) == 0) {
                break;
            }
        }

        if (k == reading->n_texts) {
            ngx_consent_reading_text(reading, hash);
        }
    }
}


static void
ngx_consent_reading_text(ngx_consent_reading_t *reading, const uint8_t *hash)
{
    consent_buf_t         text;
    consent_seen_text_t  *seen;

    consent_buf_init(&text, CONSENT_PAGE_MAX);

    if (consent_ledger_text(reading->ledger, hash, &text) == CONSENT_OK) {
        seen = &reading->texts[reading->n_texts];
        seen->hash = consent_arena_dup(reading->arena, consent_slice(hash, CONSENT_HASH_LEN)).data;
        seen->text = consent_arena_dup(reading->arena, consent_buf_view(&text));

        if (seen->hash == NULL || seen->text.data == NULL) {
            reading->failed = 1;

        } else {
            reading->n_texts++;
        }
    }

    consent_buf_free(&text);
}


static bool
ngx_consent_reading_withheld(void *arg, const consent_recent_event_t *event)
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


consent_past_t *
ngx_consent_read_past(ngx_consent_reading_t *reading)
{
    size_t           i;
    consent_past_t  *past;

    past = consent_arena_array(reading->arena, reading->n + 1, sizeof(consent_past_t));
    if (past == NULL) {
        return NULL;
    }

    for (i = 0; i < reading->n; i++) {
        past[i].decision = reading->own[i].own.decision;
        past[i].policy = ngx_consent_policy_version(reading->policy, past[i].decision.policy);
    }

    return past;
}


consent_withheld_t *
ngx_consent_read_withheld(ngx_consent_reading_t *reading)
{
    size_t               i;
    consent_withheld_t  *withheld;

    withheld = consent_arena_array(reading->arena, reading->n_events + 1, sizeof(consent_withheld_t));
    if (withheld == NULL) {
        return NULL;
    }

    for (i = 0; i < reading->n_events; i++) {
        withheld[i].at = reading->events[i].at;
        withheld[i].location = consent_cstr(reading->events[i].location);
        withheld[i].categories = (reading->events[i].policy == reading->page.policy->key)
                                 ? reading->events[i].categories : 0;
    }

    return withheld;
}


consent_receipt_t *
ngx_consent_read_receipts(ngx_consent_reading_t *reading, const consent_past_t *past)
{
    size_t                       i, k, n, first;
    consent_receipt_t           *receipts, *receipt;
    ngx_consent_own_t          *one;
    const consent_policy_set_t  *set;

    set = &reading->policy->set;
    first = reading->wanted.receipt ? reading->at : 0;
    n = reading->wanted.receipt ? reading->at + 1 : reading->n;

    receipts = consent_arena_array(reading->arena, n - first + 1, sizeof(consent_receipt_t));
    if (receipts == NULL) {
        return NULL;
    }

    ngx_memzero(receipts, (n - first + 1) * sizeof(consent_receipt_t));

    for (i = first; i < n; i++) {
        receipt = &receipts[i - first];
        one = &reading->own[i];

        receipt->past = past[i];
        receipt->index = one->own.index;
        receipt->entry = one->own.entry;
        receipt->proof = one->proof;
        receipt->opening.subject = reading->subject;
        receipt->opening.key = consent_slice(one->own.key, one->own.has_key ? CONSENT_OWN_KEY : 0);
        receipt->opening.nonce = consent_slice(one->own.nonce, CONSENT_OWN_NONCE);
        receipt->opening.time = one->own.logged_at;

        for (k = i + 1; k < reading->n && !ngx_consent_reading_counts(&reading->own[k].own); k++) { /* void */ }

        receipt->before = k < reading->n ? &past[k] : NULL;

        for (k = i; k > 0 && !ngx_consent_reading_counts(&reading->own[k - 1].own); k--) { /* void */ }

        receipt->later = k > 0 && ngx_consent_reading_counts(&one->own) ? &past[k - 1] : NULL;

        for (k = 0; k < set->n_earlier; k++) {
            if (set->earlier[k].key == one->own.decision.policy) {
                receipt->lapsed = set->earlier[k].lapsed;
                receipt->lapsed_at = reading->in_force;
            }
        }
    }

    return receipts;
}
