/*
 * Refusals: what is shown instead of a response, and what is remembered of it.
 */

#include "nginx/handler.h"


static void ngx_consent_record_why(ngx_http_request_t *r, consent_event_t event, consent_why_t why,
    consent_mask_t categories, uint32_t carriers, ngx_flag_t reported);
static uint64_t ngx_consent_record_tag(const ngx_consent_ctx_t *ctx);
static ngx_int_t ngx_consent_refuse_answer(ngx_consent_view_t *view, consent_problem_t *problem);


ngx_int_t
ngx_consent_refuse(ngx_http_request_t *r, const consent_problem_t *problem, consent_event_t event,
    uint32_t carriers)
{
    ngx_int_t            rc;
    consent_problem_t    said;
    ngx_consent_view_t  *view;

    said = *problem;
    said.categories = problem->categories;

    ngx_consent_record_problem(r, event, problem, carriers, 0);
    ngx_consent_count(event == CONSENT_EVENT_REQUIRED ? CONSENT_COUNT_REQUIRED
                      : event == CONSENT_EVENT_ROUTED ? CONSENT_COUNT_ROUTED : CONSENT_COUNT_BODIES_REFUSED, 1);

    view = ngx_palloc(r->pool, sizeof(ngx_consent_view_t));

    if (view == NULL || ngx_consent_view(r, view, consent_slice(NULL, 0), 0) != NGX_OK) {
        rc = NGX_HTTP_FORBIDDEN;

    } else {
        rc = ngx_consent_refuse_answer(view, &said);
    }

    ngx_http_finalize_request(r, rc);

    return NGX_DONE;
}


static ngx_int_t
ngx_consent_refuse_answer(ngx_consent_view_t *view, consent_problem_t *problem)
{
    consent_buf_t        b;
    ngx_http_request_t  *r;

    r = view->request;
    problem->code = consent_slice(view->ctx->code, NGX_CONSENT_CODE_LEN);

    consent_buf_init(&b, CONSENT_PAGE_MAX);

    if (!ngx_consent_wants_page(r)) {
        consent_json_problem(&b, &view->page, problem);
        return ngx_consent_reply(r, consent_problem_status(problem), "application/problem+json", &b);
    }

    if (problem->type == CONSENT_PROBLEM_CONSENT_REQUIRED) {

        /* where she wanted to go, with what may be known of it */

        if (r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD)) {
            ngx_consent_view_back(view, ngx_consent_slice(&r->unparsed_uri));
        }

        return ngx_consent_choice(view, consent_problem_status(problem), CONSENT_SAY_NOTHING, NULL,
                                  problem->level, problem->categories);
    }

    if (problem->type == CONSENT_PROBLEM_PERSON) {
        return ngx_consent_human_instead(view, consent_problem_status(problem), problem->topic);
    }

    consent_page_problem(&b, &view->page, problem);

    return ngx_consent_reply(r, consent_problem_status(problem), "text/html", &b);
}


void
ngx_consent_record(ngx_http_request_t *r, consent_event_t event, consent_mask_t categories, uint32_t carriers,
    ngx_flag_t reported)
{
    ngx_consent_record_why(r, event, CONSENT_WHY_UNSAID, categories, carriers, reported);
}


void
ngx_consent_record_problem(ngx_http_request_t *r, consent_event_t event, const consent_problem_t *problem,
    uint32_t carriers, ngx_flag_t reported)
{
    consent_why_t       why;
    ngx_consent_ctx_t  *ctx;

    static const uint8_t  whys[] = {
        [CONSENT_PROBLEM_BODY_SYNTAX] = CONSENT_WHY_SYNTAX,
        [CONSENT_PROBLEM_BODY_DEPTH] = CONSENT_WHY_DEPTH,
        [CONSENT_PROBLEM_BODY_NAME] = CONSENT_WHY_NAME,
        [CONSENT_PROBLEM_BODY_DUPLICATE] = CONSENT_WHY_DUPLICATE,
        [CONSENT_PROBLEM_BODY_CHARSET] = CONSENT_WHY_CHARSET,
        [CONSENT_PROBLEM_BODY_ENCODING] = CONSENT_WHY_ENCODING,
        [CONSENT_PROBLEM_BODY_TYPE] = CONSENT_WHY_TYPE,
        [CONSENT_PROBLEM_TOO_LARGE] = CONSENT_WHY_SIZE,
        [CONSENT_PROBLEM_NOT_OPEN] = CONSENT_WHY_UNSAID
    };

    why = (consent_why_t) whys[problem->type];

    if (problem->type == CONSENT_PROBLEM_PERSON) {
        ctx = ngx_consent_request_peek(r);
        why = problem->topic.len ? CONSENT_WHY_TOPIC
              : ctx && ctx->effect.ai == CONSENT_AI_NONE ? CONSENT_WHY_PERSON : CONSENT_WHY_UNSAID;
    }

    ngx_consent_record_why(r, event, why, problem->categories, carriers, reported);
}


static void
ngx_consent_record_why(ngx_http_request_t *r, consent_event_t event, consent_why_t why, consent_mask_t categories,
    uint32_t carriers, ngx_flag_t reported)
{
    size_t                      len;
    consent_recent_t           *recent;
    ngx_consent_ctx_t          *ctx;
    ngx_consent_loc_conf_t     *lcf;
    consent_recent_event_t      e;
    ngx_http_core_loc_conf_t   *clcf;

    recent = ngx_consent_store_recent();
    ctx = ngx_consent_request_peek(r);

    if (recent == NULL || ctx == NULL) {
        return;
    }

    lcf = ngx_consent_loc_conf(r);
    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    ngx_memzero(&e, sizeof(consent_recent_event_t));

    ngx_memcpy(e.code, ctx->id, sizeof(e.code));
    e.subject_tag = ngx_consent_record_tag(ctx);
    e.at = ctx->now;
    e.event = event;
    e.why = why;
    e.reported = reported ? true : false;
    e.sensitive = lcf->sensitive ? true : false;
    e.carriers = carriers;
    e.categories = categories;
    e.policy = ctx->policy->policy->key;
    e.required = (int8_t) lcf->required;

    len = ngx_min(clcf->name.len, CONSENT_RECENT_NAME);
    ngx_memcpy(e.location, clcf->name.data, len);
    e.location[len] = '\0';

    consent_recent_add(recent, &e);
}


/* Most subjects are those of cookies that were remembered with their tags. */
static uint64_t
ngx_consent_record_tag(const ngx_consent_ctx_t *ctx)
{
    if (!ctx->has_subject) {
        return 0;
    }

    if (ctx->has_cookie && ngx_memcmp(ctx->subject, ctx->cookie.subject, CONSENT_SUBJECT_LEN) == 0) {
        return ctx->cookie_tag;
    }

    return ngx_consent_store_tag(ctx->subject);
}
