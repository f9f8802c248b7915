/*
 * nginx's own error pages: where it says that a service does not answer, that too much was sent or too often, our page
 * takes the place of its own and shows the way to a person; to programs that want JSON, problem details do. An operator's
 * error_page is his, and an upstream's page the upstream's: both pass, with the contact.
 */

#include "nginx/handler.h"
#include "nginx/response.h"


#define NGX_CONSENT_ERROR_HEAD  "<html>" CRLF "<head><title>"
#define NGX_CONSENT_ERROR_TAIL  "<hr><center>nginx"

static ngx_flag_t ngx_consent_error_is(ngx_chain_t *in);
static ngx_int_t ngx_consent_error_page(ngx_http_request_t *r, consent_buf_t *b, const char **type);
static void ngx_consent_error_cleanup(void *data);


ngx_flag_t
ngx_consent_error_possible(ngx_http_request_t *r)
{
    if (r->err_status != r->headers_out.status || r->method == NGX_HTTP_HEAD || r->header_only
        || ngx_consent_srv_conf(r)->pages == NULL
        || !ngx_consent_response_is(&r->headers_out.content_type, "text/html", sizeof("text/html") - 1))
    {
        return 0;
    }

    switch (r->headers_out.status) {
    case NGX_HTTP_REQUEST_ENTITY_TOO_LARGE:
    case NGX_HTTP_TOO_MANY_REQUESTS:
    case NGX_HTTP_INTERNAL_SERVER_ERROR:
    case NGX_HTTP_BAD_GATEWAY:
    case NGX_HTTP_SERVICE_UNAVAILABLE:
    case NGX_HTTP_GATEWAY_TIME_OUT:
        return 1;
    }

    return 0;
}


ngx_int_t
ngx_consent_error_replace(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_chain_t **in)
{
    ngx_buf_t           *buf;
    const char          *type;
    ngx_chain_t         *cl;
    consent_buf_t        b, *kept;
    ngx_consent_ctx_t   *ctx;
    ngx_pool_cleanup_t  *cln;

    if (!ngx_consent_error_is(*in)) {
        return NGX_DECLINED;
    }

    cln = ngx_pool_cleanup_add(r->pool, sizeof(consent_buf_t));
    buf = ngx_calloc_buf(r->pool);
    cl = ngx_alloc_chain_link(r->pool);

    if (cln == NULL || buf == NULL || cl == NULL) {
        return NGX_DECLINED;
    }

    consent_buf_init(&b, CONSENT_PAGE_MAX);

    /* a page of ours that cannot be written leaves nginx's in its place */

    if (ngx_consent_error_page(r, &b, &type) != NGX_OK || b.rc != CONSENT_OK
        || ngx_consent_reply_private(r, type) != NGX_OK)
    {
        consent_buf_free(&b);
        return NGX_DECLINED;
    }

    kept = cln->data;
    *kept = b;
    cln->handler = ngx_consent_error_cleanup;

    buf->pos = kept->data;
    buf->last = buf->pos + kept->len;
    buf->memory = 1;
    buf->last_buf = 1;
    buf->last_in_chain = 1;

    cl->buf = buf;
    cl->next = NULL;
    *in = cl;

    /* it may have been made only now; the plan stays the request's */

    ctx = ngx_consent_request_peek(r);

    if (ctx) {
        ctx->response = response;
    }

    response->stamp = NULL;
    response->stream.transform = NULL;
    response->outcome = "error page";
    r->headers_out.content_length_n = (off_t) kept->len;

    return NGX_OK;
}


/* Nothing else says so of itself. */
static ngx_flag_t
ngx_consent_error_is(ngx_chain_t *in)
{
    ngx_buf_t  *head, *tail;

    if (in == NULL || in->next == NULL) {
        return 0;
    }

    head = in->buf;
    tail = in->next->buf;

    return ngx_buf_in_memory(head) && ngx_buf_in_memory(tail)
           && (size_t) (head->last - head->pos) > sizeof(NGX_CONSENT_ERROR_HEAD) - 1
           && ngx_strncmp(head->pos, NGX_CONSENT_ERROR_HEAD, sizeof(NGX_CONSENT_ERROR_HEAD) - 1) == 0
           && (size_t) (tail->last - tail->pos) > sizeof(NGX_CONSENT_ERROR_TAIL) - 1
           && ngx_strncmp(tail->pos, NGX_CONSENT_ERROR_TAIL, sizeof(NGX_CONSENT_ERROR_TAIL) - 1) == 0;
}


static ngx_int_t
ngx_consent_error_page(ngx_http_request_t *r, consent_buf_t *b, const char **type)
{
    consent_problem_t    problem;
    ngx_consent_view_t  *view;

    view = ngx_palloc(r->pool, sizeof(ngx_consent_view_t));

    if (view == NULL || ngx_consent_view(r, view, consent_slice(NULL, 0), 0) != NGX_OK) {
        return NGX_ERROR;
    }

    ngx_memzero(&problem, sizeof(consent_problem_t));
    problem.status = (unsigned) r->headers_out.status;
    problem.level = -1;
    problem.code = consent_slice(view->ctx->code, NGX_CONSENT_CODE_LEN);
    problem.type = problem.status == NGX_HTTP_REQUEST_ENTITY_TOO_LARGE ? CONSENT_PROBLEM_TOO_LARGE
                   : problem.status == NGX_HTTP_TOO_MANY_REQUESTS ? CONSENT_PROBLEM_BUSY : CONSENT_PROBLEM_UPSTREAM;

    if (ngx_consent_wants_json(r)) {
        *type = "application/problem+json";
        consent_json_problem(b, &view->page, &problem);

    } else {
        *type = "text/html";
        consent_page_problem(b, &view->page, &problem);
    }

    return NGX_OK;
}


static void
ngx_consent_error_cleanup(void *data)
{
    consent_buf_free(data);
}
