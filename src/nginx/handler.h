/*
 * What the handlers of our own pages share: a view of the request, reading, deciding, answering.
 */

#ifndef NGX_CONSENT_HANDLER_H
#define NGX_CONSENT_HANDLER_H

#include "identity/form_token.h"
#include "nginx/store.h"

#define NGX_CONSENT_BODY_MAX   65536        /* bytes of a form or document of our own pages */
#define NGX_CONSENT_FIELDS     256
#define NGX_CONSENT_QUERY      32           /* arguments of our own pages that are looked at */

/* One request to our own pages, or one that such a page answers. */
typedef struct {
    ngx_http_request_t   *request;
    ngx_consent_ctx_t    *ctx;
    ngx_consent_pages_t  *pages;
    consent_page_t        page;
    consent_field_t      *query;            /* decoded arguments */
    size_t                n_query;
    consent_slice_t       back;             /* from the query or a form, checked; may be empty */
    unsigned              json:1;           /* the API, which speaks JSON whatever is accepted */
    const consent_wish_t *wish;             /* what a form asked for, to be shown again; NULL: nothing */
} ngx_consent_view_t;

/* view.c. path: of the page below base; must outlive the view. `own`: the arguments are ours, lang= and
 * back= count. NGX_ERROR: no memory, or no context. */
ngx_int_t ngx_consent_view(ngx_http_request_t *r, ngx_consent_view_t *view, consent_slice_t path,
    ngx_flag_t own);
/* lang= of a form: its page speaks the language of the page it came from. */
void ngx_consent_view_language(ngx_consent_view_t *view, consent_slice_t tag);
void ngx_consent_view_back(ngx_consent_view_t *view, consent_slice_t path);
consent_slice_t ngx_consent_view_query(ngx_consent_view_t *view, const char *name);
ngx_flag_t ngx_consent_wants_json(ngx_http_request_t *r);

/* reply.c: answers with what b holds, and takes it over. Returns what to finalize the request with. */
ngx_int_t ngx_consent_reply(ngx_http_request_t *r, ngx_uint_t status, const char *type, consent_buf_t *b);
/* The same for what lives as long as the configuration and may be kept by caches for max_age seconds. */
ngx_int_t ngx_consent_reply_static(ngx_http_request_t *r, const char *type, consent_slice_t data,
    time_t max_age);
/* The same with the caching and the validator that are given; both live as long as the request. */
ngx_int_t ngx_consent_reply_kept(ngx_http_request_t *r, const char *type, consent_buf_t *b, const char *cache,
    const ngx_str_t *etag);
/* What headers of ours a private answer has; type: as of ngx_consent_reply(). */
ngx_int_t ngx_consent_reply_private(ngx_http_request_t *r, const char *type);
/* 303 See Other to a path of this server. */
ngx_int_t ngx_consent_reply_see(ngx_http_request_t *r, consent_buf_t *path);
ngx_int_t ngx_consent_reply_header(ngx_http_request_t *r, const char *name, const u_char *value, size_t len);
/* A page or problem details, as the view's request wants it. */
ngx_int_t ngx_consent_reply_problem(ngx_consent_view_t *view, consent_problem_type_t type,
    const char *detail);
/* 405 with what is allowed. */
ngx_int_t ngx_consent_reply_method(ngx_consent_view_t *view, const char *allow);

/* choice.c: the choice page. kept: input to show again, or NULL. */
ngx_int_t ngx_consent_choice(ngx_consent_view_t *view, ngx_uint_t status, consent_say_t say,
    const consent_wish_t *kept, int required_level, consent_mask_t missing);
/* The choice page without anything of a request; NULL when out of memory. Kept with the configuration. */
const consent_buf_t *ngx_consent_choice_notice(ngx_consent_pages_t *pages, size_t language,
    const uint8_t **hash);
/* What the device's cookie says, in the words of the policy in force; false when it says nothing. */
ngx_flag_t ngx_consent_choice_before(ngx_consent_view_t *view, consent_wish_t *wish,
    consent_slice_t categories[static CONSENT_MAX_CATEGORIES]);

/* csrf.c */
ngx_flag_t ngx_consent_same_origin(ngx_http_request_t *r);
consent_rc_t ngx_consent_token_make(ngx_consent_view_t *view, const char *purpose, char *out);
consent_rc_t ngx_consent_token_check(ngx_consent_view_t *view, const char *purpose, consent_slice_t token);

/* cookie.c */
void ngx_consent_cookie_name(ngx_http_request_t *r, ngx_str_t *name);
ngx_int_t ngx_consent_cookie_set(ngx_http_request_t *r, ngx_consent_ctx_t *ctx,
    const consent_decision_t *decision);
ngx_int_t ngx_consent_cookie_forget(ngx_http_request_t *r);

/* body.c: reads the whole body and calls `handler`, which finalizes the request, now or later. type: of
 * the body; NULL: whatever it is, it does not matter. Returns what the content handler returns. */
typedef void (*ngx_consent_body_pt)(ngx_consent_view_t *view, u_char *body, size_t len);
ngx_int_t ngx_consent_read_body(ngx_consent_view_t *view, const char *type, ngx_consent_body_pt handler);

/* Whether the request's Content-Type is that media type, whatever its parameters. The whole body that nginx has read, of max
 * bytes at most, in one piece with a zero behind it: NGX_OK, NGX_DECLINED when it is larger, NGX_ERROR. body.c */
ngx_flag_t ngx_consent_body_is(ngx_http_request_t *r, const char *type);
ngx_int_t ngx_consent_body_collect(ngx_http_request_t *r, size_t max, u_char **body, size_t *len);

/* wait.c: gives the commit to the store, and calls `done` when it is durable or has failed (op->rc), now or later; done
 * finalizes. From a body's handler only. The commit is freed. NGX_ERROR: out of memory, done is not called. */
typedef void (*ngx_consent_waited_pt)(ngx_consent_view_t *view, const consent_op_t *op, void *data);
ngx_int_t ngx_consent_wait(ngx_consent_view_t *view, ngx_consent_commit_t *commit, ngx_consent_waited_pt done,
    void *data);

/* save.c: makes the wish a decision, commits it, and calls `done` when it is durable or has failed (rc),
 * with the decision as it was stored. From a body's handler only; `done` finalizes. CONSENT_MALFORMED with
 * *what: no such wish; CONSENT_DENIED: a minor's wish to share more; then, and for any other failure, done is not
 * called. With `done`, CONSENT_DENIED: it would be more than what is in force by then, which ctx->effect says. */
typedef void (*ngx_consent_saved_pt)(ngx_consent_view_t *view, consent_rc_t rc,
    const consent_decision_t *decision);
consent_rc_t ngx_consent_save(ngx_consent_view_t *view, const consent_wish_t *wish, consent_method_t method,
    ngx_consent_saved_pt done, const char **what);

/* job.c: what may wait for a disk, on the thread pool. `work` runs in a thread and touches nothing but its
 * job; `done` runs in the event loop, if the request is still there, and finalizes it. `free` frees what
 * work allocated. */
typedef struct ngx_consent_job_s  ngx_consent_job_t;

struct ngx_consent_job_s {
    ngx_thread_task_t     task;
    ngx_consent_view_t   *view;             /* NULL once the request is gone */
    void                (*work)(ngx_consent_job_t *job);
    ngx_int_t           (*done)(ngx_consent_job_t *job, ngx_consent_view_t *view);
    void                (*free)(ngx_consent_job_t *job);
    ngx_consent_job_t   **cleanup;          /* of the request */
};

/* size: of a structure that begins with ngx_consent_job_t. Zeroed; NULL when out of memory. */
void *ngx_consent_job_create(size_t size);
/* NGX_DONE: the job is on its way, and is freed when it is done. NGX_ERROR: it is still the caller's. */
ngx_int_t ngx_consent_job_start(ngx_consent_job_t *job, ngx_consent_view_t *view);
void ngx_consent_job_destroy(ngx_consent_job_t *job);

/* decide.c, record.c, receipt.c, api.c: the pages' parts */
ngx_int_t ngx_consent_decide_post(ngx_consent_view_t *view);
ngx_int_t ngx_consent_withdraw_post(ngx_consent_view_t *view);
ngx_int_t ngx_consent_forget_post(ngx_consent_view_t *view);
ngx_int_t ngx_consent_record_get(ngx_consent_view_t *view);
ngx_int_t ngx_consent_history_get(ngx_consent_view_t *view);
ngx_int_t ngx_consent_export_get(ngx_consent_view_t *view);
/* id: what follows "receipt/" or, in the API, "receipts/", with "/proof" or "/entry". */
ngx_int_t ngx_consent_receipt_get(ngx_consent_view_t *view, consent_slice_t id, ngx_flag_t json);
/* erase.c: the page that asks, its form, and the API's DELETE of the record */
ngx_int_t ngx_consent_erase_get(ngx_consent_view_t *view);
ngx_int_t ngx_consent_erase_post(ngx_consent_view_t *view);
ngx_int_t ngx_consent_erase_delete(ngx_consent_view_t *view);
ngx_int_t ngx_consent_human_get(ngx_consent_view_t *view);
ngx_int_t ngx_consent_human_post(ngx_consent_view_t *view);
/* The same page in the place of an AI's answer. topic: id; may be empty. */
ngx_int_t ngx_consent_human_instead(ngx_consent_view_t *view, ngx_uint_t status, consent_slice_t topic);
/* number: what follows "handoffs/"; empty: nothing does. */
ngx_int_t ngx_consent_handoffs(ngx_consent_view_t *view, consent_slice_t number);
ngx_int_t ngx_consent_ai_get(ngx_consent_view_t *view);
ngx_int_t ngx_consent_api(ngx_consent_view_t *view, consent_slice_t path);

#endif
