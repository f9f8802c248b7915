/*
 * POST add-checkpoint under consent_log: a witness brings its line for a checkpoint of ours. The body is that checkpoint,
 * with or without what tlog-witness has in front of it. Nothing but good lines of configured witnesses is kept.
 */

#include "nginx/log.h"


typedef struct {
    ngx_consent_job_t         job;          /* first */
    consent_ledger_t         *ledger;
    const consent_note_key_t *keys;
    size_t                    n_keys;
    consent_slice_t           note;
    consent_rc_t              rc;
    consent_op_t              op;
    uint64_t                  memory[CONSENT_LOG_COSIGN_MEMORY / 8];
    u_char                    body[];
} ngx_consent_log_add_t;

static void ngx_consent_log_add_body(ngx_consent_view_t *view, u_char *body, size_t len);
static consent_slice_t ngx_consent_log_add_note(consent_slice_t body);
static void ngx_consent_log_add_work(ngx_consent_job_t *job);
static ngx_int_t ngx_consent_log_add_done(ngx_consent_job_t *job, ngx_consent_view_t *view);
static void ngx_consent_log_add_kept(ngx_consent_view_t *view, const consent_op_t *op, void *data);
static ngx_int_t ngx_consent_log_add_answer(ngx_consent_view_t *view, consent_rc_t rc);


ngx_int_t
ngx_consent_log_add(ngx_consent_view_t *view)
{
    if (ngx_consent_main_conf(view->request)->witnesses.nelts == 0) {

        if (ngx_http_discard_request_body(view->request) != NGX_OK) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    return ngx_consent_read_body(view, NULL, ngx_consent_log_add_body);
}


static void
ngx_consent_log_add_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    ngx_int_t                 rc;
    ngx_http_request_t       *r;
    ngx_consent_log_add_t    *add;
    ngx_consent_main_conf_t  *mcf;

    r = view->request;
    mcf = ngx_consent_main_conf(r);
    add = ngx_consent_job_create(sizeof(ngx_consent_log_add_t) + len);

    if (add == NULL) {
        ngx_http_finalize_request(r, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return;
    }

    /* the thread may be at it when the request has gone */

    ngx_memcpy(add->body, body, len);

    add->note = ngx_consent_log_add_note(consent_slice(add->body, len));
    add->ledger = ngx_consent_store_ledger();
    add->keys = mcf->witnesses.elts;
    add->n_keys = mcf->witnesses.nelts;
    add->rc = CONSENT_IO;
    add->job.work = ngx_consent_log_add_work;
    add->job.done = ngx_consent_log_add_done;

    if (add->ledger && ngx_consent_job_start(&add->job, view) == NGX_DONE) {
        ngx_http_finalize_request(r, NGX_DONE);
        return;
    }

    ngx_consent_job_destroy(&add->job);
    rc = ngx_consent_log_add_answer(view, CONSENT_IO);
    ngx_http_finalize_request(r, rc);
}


/* Behind "old SIZE", hashes and an empty line, where there are any. */
static consent_slice_t
ngx_consent_log_add_note(consent_slice_t body)
{
    const uint8_t  *p;

    if (body.len > 4 && ngx_memcmp(body.data, "old ", 4) == 0) {
        p = memmem(body.data, body.len, "\n\n", 2);

        if (p) {
            return consent_slice(p + 2, body.len - (size_t) (p + 2 - body.data));
        }
    }

    return body;
}


/* In a thread. */
static void
ngx_consent_log_add_work(ngx_consent_job_t *job)
{
    ngx_consent_log_add_t  *add = (ngx_consent_log_add_t *) job;

    unsigned  added;

    add->rc = consent_log_cosign(add->ledger, add->note, add->keys, add->n_keys, &add->op, add->memory, &added);
}


static ngx_int_t
ngx_consent_log_add_done(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    ngx_consent_log_add_t  *add = (ngx_consent_log_add_t *) job;

    u_char                *memory;
    ngx_consent_commit_t  *commit;

    if (add->rc != CONSENT_OK) {
        return ngx_consent_log_add_answer(view, add->rc);
    }

    commit = ngx_consent_commit_create(CONSENT_LOG_COSIGN_MEMORY, &memory);

    if (commit == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(memory, add->memory, CONSENT_LOG_COSIGN_MEMORY);
    commit->op = add->op;
    commit->op.now = ngx_consent_now();
    commit->op.step = (consent_log_step_t *) memory;

    /* whoever waits finalizes once, as behind a body */

    view->request->main->count++;

    if (ngx_consent_wait(view, commit, ngx_consent_log_add_kept, NULL) != NGX_OK) {
        view->request->main->count--;
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return NGX_DONE;
}


static void
ngx_consent_log_add_kept(ngx_consent_view_t *view, const consent_op_t *op, void *data)
{
    ngx_http_finalize_request(view->request, ngx_consent_log_add_answer(view, op->rc));
}


static ngx_int_t
ngx_consent_log_add_answer(ngx_consent_view_t *view, consent_rc_t rc)
{
    consent_buf_t  b;

    switch (rc) {

    case CONSENT_OK:
    case CONSENT_CONFLICT:      /* it is there already */
        consent_buf_init(&b, 16);
        consent_buf_str(&b, "kept\n");
        return ngx_consent_reply(view->request, NGX_HTTP_OK, "text/plain", &b);

    case CONSENT_MALFORMED:
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_MALFORMED, "this is no checkpoint");

    case CONSENT_NOTFOUND:
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND,
                                         "no such checkpoint is kept here, or no witness of this log has signed it");

    case CONSENT_DENIED:
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_OPEN, "a witness's line does not hold");

    default:
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_UPSTREAM, "the log cannot be read now");
    }
}
