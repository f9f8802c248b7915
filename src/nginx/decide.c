/*
 * The forms of our pages: a choice, its withdrawal, and being forgotten on this device.
 *
 * A form that cannot be taken comes back with what was filled in. One that is taken is answered, after its
 * commit, with a page to go to, so that reloading sends nothing again.
 */

#include "nginx/handler.h"


#define NGX_CONSENT_FORM  "application/x-www-form-urlencoded"

/* What a form says, decoded. */
typedef struct {
    consent_field_t   fields[NGX_CONSENT_FIELDS];
    size_t            n;
    consent_wish_t    wish;
    consent_slice_t   categories[CONSENT_MAX_CATEGORIES];
} ngx_consent_form_t;

static void ngx_consent_decide_body(ngx_consent_view_t *view, u_char *body, size_t len);
static void ngx_consent_withdraw_body(ngx_consent_view_t *view, u_char *body, size_t len);
static void ngx_consent_forget_body(ngx_consent_view_t *view, u_char *body, size_t len);
static ngx_consent_form_t *ngx_consent_form_read(ngx_consent_view_t *view, u_char *body, size_t len);
static void ngx_consent_form_wish(ngx_consent_view_t *view, ngx_consent_form_t *form);
static ngx_flag_t ngx_consent_form_check(ngx_consent_view_t *view, ngx_consent_form_t *form,
    const char *purpose, const consent_wish_t *kept);
static void ngx_consent_decide_save(ngx_consent_view_t *view, const consent_wish_t *wish,
    ngx_consent_saved_pt done);
static void ngx_consent_decide_saved(ngx_consent_view_t *view, consent_rc_t rc,
    const consent_decision_t *decision);
static void ngx_consent_withdraw_saved(ngx_consent_view_t *view, consent_rc_t rc,
    const consent_decision_t *decision);
static void ngx_consent_decide_see(ngx_consent_view_t *view, const char *what, consent_rc_t rc,
    const consent_decision_t *decision);
static ngx_int_t ngx_consent_see(ngx_consent_view_t *view, const char *what);


ngx_int_t
ngx_consent_decide_post(ngx_consent_view_t *view)
{
    return ngx_consent_read_body(view, NGX_CONSENT_FORM, ngx_consent_decide_body);
}


ngx_int_t
ngx_consent_withdraw_post(ngx_consent_view_t *view)
{
    return ngx_consent_read_body(view, NGX_CONSENT_FORM, ngx_consent_withdraw_body);
}


ngx_int_t
ngx_consent_forget_post(ngx_consent_view_t *view)
{
    return ngx_consent_read_body(view, NGX_CONSENT_FORM, ngx_consent_forget_body);
}


static void
ngx_consent_decide_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    ngx_int_t            rc;
    consent_slice_t      version;
    ngx_consent_form_t  *form;

    form = ngx_consent_form_read(view, body, len);
    if (form == NULL) {
        return;
    }

    ngx_consent_form_wish(view, form);

    if (!ngx_consent_form_check(view, form, "choice", &form->wish)) {
        return;
    }

    version = consent_form_get(form->fields, form->n, "policy_version");

    if (!consent_slice_eq(version, view->page.policy->version)) {
        rc = ngx_consent_choice(view, NGX_HTTP_CONFLICT, CONSENT_SAY_POLICY_CHANGED, &form->wish, -1, 0);
        ngx_http_finalize_request(view->request, rc);
        return;
    }

    ngx_consent_decide_save(view, &form->wish, ngx_consent_decide_saved);
}


static void
ngx_consent_withdraw_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    ngx_consent_form_t  *form;

    form = ngx_consent_form_read(view, body, len);

    if (form == NULL || !ngx_consent_form_check(view, form, "choice", NULL)) {
        return;
    }

    ngx_memzero(&form->wish, sizeof(consent_wish_t));

    form->wish.withdraw = true;
    form->wish.scope = view->ctx->effect.scope;
    form->wish.ai = view->ctx->effect.ai;

    ngx_consent_decide_save(view, &form->wish, ngx_consent_withdraw_saved);
}


static void
ngx_consent_forget_body(ngx_consent_view_t *view, u_char *body, size_t len)
{
    ngx_int_t            rc;
    ngx_consent_form_t  *form;

    form = ngx_consent_form_read(view, body, len);

    if (form == NULL || !ngx_consent_form_check(view, form, "forget", NULL)) {
        return;
    }

    rc = ngx_consent_cookie_forget(view->request) == NGX_OK ? ngx_consent_see(view, "forgotten")
                                                            : NGX_HTTP_INTERNAL_SERVER_ERROR;
    ngx_http_finalize_request(view->request, rc);
}


/* NULL: answered. */
static ngx_consent_form_t *
ngx_consent_form_read(ngx_consent_view_t *view, u_char *body, size_t len)
{
    consent_rc_t         rc;
    consent_slice_t      tag;
    ngx_consent_form_t  *form;

    form = ngx_pcalloc(view->request->pool, sizeof(ngx_consent_form_t));
    if (form == NULL) {
        ngx_http_finalize_request(view->request, NGX_HTTP_INTERNAL_SERVER_ERROR);
        return NULL;
    }

    form->n = NGX_CONSENT_FIELDS;

    rc = consent_form_parse(form->fields, &form->n, body, len);

    if (rc != CONSENT_OK) {
        ngx_consent_record(view->request, CONSENT_EVENT_UNREADABLE, 0, 0, 0);
        ngx_http_finalize_request(view->request,
                                  ngx_consent_choice(view, NGX_HTTP_BAD_REQUEST, CONSENT_SAY_UNREADABLE,
                                                     NULL, -1, 0));
        return NULL;
    }

    tag = consent_form_get(form->fields, form->n, "lang");

    /* links and the page to go to keep the language only where the browser would not ask for it by itself */

    if (tag.len && !consent_slice_ieq(tag, view->page.policy->languages[view->page.language])) {
        ngx_consent_view_language(view, tag);
    }

    ngx_consent_view_back(view, consent_form_get(form->fields, form->n, "back"));

    return form;
}


static void
ngx_consent_form_wish(ngx_consent_view_t *view, ngx_consent_form_t *form)
{
    size_t            n;
    consent_slice_t   value;
    consent_wish_t   *wish;

    wish = &form->wish;

    wish->level = consent_form_get(form->fields, form->n, "level");

    n = consent_form_all(form->categories, CONSENT_MAX_CATEGORIES, form->fields, form->n, "category");

    wish->categories = form->categories;
    wish->n_categories = ngx_min(n, CONSENT_MAX_CATEGORIES);
    wish->gpc = view->ctx->signals.gpc;

    value = consent_form_get(form->fields, form->n, "scope");
    wish->scope = consent_slice_eq(value, consent_lit("standing")) ? CONSENT_SCOPE_STANDING
                                                                   : CONSENT_SCOPE_SESSION;

    value = consent_form_get(form->fields, form->n, "ai");
    wish->ai = consent_slice_eq(value, consent_lit("none")) ? CONSENT_AI_NONE
               : consent_slice_eq(value, consent_lit("own")) ? CONSENT_AI_OWN : CONSENT_AI_ANY;
}


/* False: answered. A request that another site has made gets nothing to send again; a form that has grown
 * old gets itself, with a new token. */
static ngx_flag_t
ngx_consent_form_check(ngx_consent_view_t *view, ngx_consent_form_t *form, const char *purpose,
    const consent_wish_t *kept)
{
    ngx_int_t        rc;
    ngx_flag_t       ours;
    consent_slice_t  token;

    ours = ngx_consent_same_origin(view->request);
    token = consent_form_get(form->fields, form->n, "token");

    if (ours && ngx_consent_token_check(view, purpose, token) == CONSENT_OK) {
        return 1;
    }

    ngx_consent_count(CONSENT_COUNT_CSRF, 1);
    ngx_consent_record(view->request, CONSENT_EVENT_CSRF, 0, 0, 0);

    rc = ours ? ngx_consent_choice(view, NGX_HTTP_FORBIDDEN, CONSENT_SAY_FORM_STALE, kept, -1, 0)
         : ngx_consent_reply_problem(view, CONSENT_PROBLEM_CSRF, "made by another origin");

    ngx_http_finalize_request(view->request, rc);

    return 0;
}


static void
ngx_consent_decide_save(ngx_consent_view_t *view, const consent_wish_t *wish, ngx_consent_saved_pt done)
{
    ngx_int_t      rc;
    const char    *what;
    consent_rc_t   saved;

    what = NULL;
    view->wish = wish;
    saved = ngx_consent_save(view, wish, CONSENT_METHOD_FORM, done, &what);

    if (saved == CONSENT_OK) {
        return;
    }

    if (saved == CONSENT_MALFORMED) {
        ngx_consent_record(view->request, CONSENT_EVENT_UNREADABLE, 0, 0, 0);
        rc = ngx_consent_choice(view, NGX_HTTP_BAD_REQUEST, CONSENT_SAY_UNREADABLE, NULL, -1, 0);

    } else if (saved == CONSENT_DENIED) {
        rc = ngx_consent_choice(view, NGX_HTTP_FORBIDDEN, CONSENT_SAY_MINOR, NULL, -1, 0);

    } else {
        rc = ngx_consent_choice(view, NGX_HTTP_SERVICE_UNAVAILABLE, CONSENT_SAY_NOT_SAVED, wish, -1, 0);
    }

    ngx_http_finalize_request(view->request, rc);
}


static void
ngx_consent_decide_saved(ngx_consent_view_t *view, consent_rc_t rc, const consent_decision_t *decision)
{
    ngx_consent_decide_see(view, "saved", rc, decision);
}


static void
ngx_consent_withdraw_saved(ngx_consent_view_t *view, consent_rc_t rc, const consent_decision_t *decision)
{
    ngx_consent_decide_see(view, "withdrawn", rc, decision);
}


static void
ngx_consent_decide_see(ngx_consent_view_t *view, const char *what, consent_rc_t rc,
    const consent_decision_t *decision)
{
    ngx_int_t  answer;

    if (rc == CONSENT_OK || rc == CONSENT_CONFLICT) {
        answer = ngx_consent_cookie_set(view->request, view->ctx, decision) == NGX_OK
                 ? ngx_consent_see(view, what) : NGX_HTTP_INTERNAL_SERVER_ERROR;

    } else if (rc == CONSENT_DENIED) {
        answer = ngx_consent_choice(view, NGX_HTTP_FORBIDDEN, CONSENT_SAY_MINOR, NULL, -1, 0);

    } else {
        answer = ngx_consent_choice(view, NGX_HTTP_SERVICE_UNAVAILABLE, CONSENT_SAY_NOT_SAVED, view->wish,
                                    -1, 0);
    }

    ngx_http_finalize_request(view->request, answer);
}


/* The choice page, which says what was done. */
static ngx_int_t
ngx_consent_see(ngx_consent_view_t *view, const char *what)
{
    consent_buf_t    b;
    consent_page_t  *page;

    page = &view->page;

    consent_buf_init(&b, 16384);

    consent_buf_slice(&b, page->base);
    consent_buf_char(&b, '?');
    consent_buf_str(&b, what);

    if (page->chosen_language) {
        consent_buf_str(&b, "&lang=");
        consent_buf_slice(&b, page->policy->languages[page->language]);
    }

    if (page->query.len) {
        consent_buf_char(&b, '&');
        consent_buf_slice(&b, page->query);
    }

    return ngx_consent_reply_see(view->request, &b);
}
