/*
 * To a person instead of an AI: a topic that the policy leaves to people, or a citizen who has chosen that only a person
 * answers. The request goes on, as little as it has become, to the location that consent_human_route names; without one our
 * page about reaching a person takes the answer's place.
 */

#include "base/json.h"
#include "nginx/handler.h"
#include "nginx/request.h"
#include "nginx/response.h"


#define NGX_CONSENT_ROUTE_LOOK  (256 * 1024)    /* bytes of a body that are looked at for a topic */
#define NGX_CONSENT_ROUTE_ENTRY  1024

static ngx_int_t ngx_consent_route_topic(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf,
    const consent_policy_t *policy);
static int ngx_consent_route_source(ngx_http_request_t *r, ngx_consent_source_t *source, const consent_policy_t *policy,
    consent_slice_t *body);
static int ngx_consent_route_header(ngx_http_request_t *r, const ngx_str_t *name, const consent_policy_t *policy);
static ngx_flag_t ngx_consent_route_unread(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf);
static ngx_int_t ngx_consent_route_read(ngx_http_request_t *r);
static void ngx_consent_route_body_read(ngx_http_request_t *r);
static ngx_int_t ngx_consent_route_body(ngx_http_request_t *r, consent_slice_t *body);
static void ngx_consent_route_problem(consent_problem_t *problem, consent_slice_t topic);
static ngx_int_t ngx_consent_route_go(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    consent_slice_t topic);
static void ngx_consent_route_entry(ngx_consent_ctx_t *ctx, consent_slice_t topic, ngx_flag_t routed);


ngx_int_t
ngx_consent_route(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf, ngx_consent_mode_t mode)
{
    ngx_int_t                topic;
    consent_slice_t          id;
    consent_ai_kind_t        kind;
    consent_problem_t        problem;
    ngx_consent_request_t   *own;
    const consent_policy_t  *policy;

    kind = ngx_consent_ai_kind(r, lcf);
    own = ctx->request;

    if (kind == CONSENT_AI_OFF || own->refused) {
        return NGX_OK;
    }

    policy = ctx->policy->policy;
    id = consent_slice(NULL, 0);

    if (lcf->topic) {

        if (ngx_consent_route_unread(r, lcf)) {
            return ngx_consent_route_read(r);
        }

        topic = ngx_consent_route_topic(r, lcf, policy);

        if (topic == NGX_ERROR) {
            return NGX_HTTP_INTERNAL_SERVER_ERROR;
        }

        if (topic >= 0) {
            id = policy->topics[topic].id;
        }
    }

    /* where the upstream itself says what is an AI's, pages of people stay open to everybody */

    if (id.len == 0 && (ctx->effect.ai != CONSENT_AI_NONE || kind == CONSENT_AI_AUTO) && !own->routed) {
        return NGX_OK;
    }

    if (mode == NGX_CONSENT_REPORT) {
        ngx_consent_count(CONSENT_COUNT_WOULD_REFUSE, 1);
        ngx_consent_route_problem(&problem, id);
        ngx_consent_record_problem(r, CONSENT_EVENT_ROUTED, &problem, 0, 1);
        return NGX_OK;
    }

    return ngx_consent_route_go(r, ctx, lcf, id);
}


/* The index of a topic for people, NGX_DECLINED, or NGX_ERROR. */
static ngx_int_t
ngx_consent_route_topic(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, const consent_policy_t *policy)
{
    int                    topic;
    ngx_uint_t             i;
    consent_slice_t        body;
    ngx_consent_source_t  *source;

    source = lcf->topic->elts;
    body = consent_slice(NULL, 0);

    for (i = 0; i < lcf->topic->nelts; i++) {

        if (source[i].type >= NGX_CONSENT_SOURCE_FIELD && body.data == NULL
            && ngx_consent_route_body(r, &body) != NGX_OK)
        {
            return NGX_ERROR;
        }

        topic = ngx_consent_route_source(r, &source[i], policy, &body);

        if (topic >= 0) {
            return topic;
        }
    }

    return NGX_DECLINED;
}


static int
ngx_consent_route_source(ngx_http_request_t *r, ngx_consent_source_t *source, const consent_policy_t *policy,
    consent_slice_t *body)
{
    ngx_str_t        value;
    consent_slice_t  type;

    switch (source->type) {

    case NGX_CONSENT_SOURCE_VARIABLE:
        return ngx_http_complex_value(r, source->value, &value) == NGX_OK
               ? consent_topic_named(policy, ngx_consent_slice(&value)) : -1;

    case NGX_CONSENT_SOURCE_ARG:
        return consent_topic_form(policy, ngx_consent_slice(&r->args), ngx_consent_slice(&source->name));

    case NGX_CONSENT_SOURCE_HEADER:
        return ngx_consent_route_header(r, &source->name, policy);

    case NGX_CONSENT_SOURCE_FIELD:
        type = r->headers_in.content_type ? ngx_consent_slice(&r->headers_in.content_type->value)
               : consent_slice(NULL, 0);

        return type.len >= sizeof("multipart/") - 1
               && ngx_strncasecmp((u_char *) type.data, (u_char *) "multipart/", sizeof("multipart/") - 1) == 0
               ? consent_topic_multipart(policy, *body, type, ngx_consent_slice(&source->name))
               : consent_topic_form(policy, *body, ngx_consent_slice(&source->name));

    case NGX_CONSENT_SOURCE_JSON:
        return consent_topic_json(policy, *body, source->path);
    }

    return -1;
}


/* All its lines. */
static int
ngx_consent_route_header(ngx_http_request_t *r, const ngx_str_t *name, const consent_policy_t *policy)
{
    int                     topic;
    ngx_table_elt_t        *h;
    ngx_consent_headers_t   it;

    ngx_consent_headers_begin(&it, r);

    while ((h = ngx_consent_headers_next(&it)) != NULL) {

        if (h->key.len == name->len && ngx_strncasecmp(h->key.data, name->data, name->len) == 0) {
            topic = consent_topic_named(policy, ngx_consent_slice(&h->value));

            if (topic >= 0) {
                return topic;
            }
        }
    }

    return -1;
}


/* A topic may stand in the body, and that is still to come. */
static ngx_flag_t
ngx_consent_route_unread(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf)
{
    ngx_uint_t             i;
    ngx_consent_source_t  *source;

    if (r->request_body || (r->headers_in.content_length_n <= 0 && !r->headers_in.chunked)) {
        return 0;
    }

    source = lcf->topic->elts;

    for (i = 0; i < lcf->topic->nelts; i++) {
        if (source[i].type >= NGX_CONSENT_SOURCE_FIELD) {
            return 1;
        }
    }

    return 0;
}


static ngx_int_t
ngx_consent_route_read(ngx_http_request_t *r)
{
    ngx_int_t  rc;

    rc = ngx_http_read_client_request_body(r, ngx_consent_route_body_read);

    if (rc >= NGX_HTTP_SPECIAL_RESPONSE) {
        return rc;
    }

    ngx_http_finalize_request(r, NGX_DONE);

    return NGX_DONE;
}


static void
ngx_consent_route_body_read(ngx_http_request_t *r)
{
    r->preserve_body = 1;

    r->write_event_handler = ngx_http_core_run_phases;
    ngx_http_core_run_phases(r);
}


/* Its beginning, in one piece. */
static ngx_int_t
ngx_consent_route_body(ngx_http_request_t *r, consent_slice_t *body)
{
    off_t         size;
    u_char       *p, *start;
    size_t        n, left;
    ngx_buf_t    *b;
    ngx_chain_t  *cl, *bufs;

    bufs = r->request_body ? r->request_body->bufs : NULL;
    *body = consent_slice((u_char *) "", 0);

    if (bufs == NULL) {
        return NGX_OK;
    }

    if (bufs->next == NULL && ngx_buf_in_memory(bufs->buf)) {
        n = (size_t) (bufs->buf->last - bufs->buf->pos);
        *body = consent_slice(bufs->buf->pos, ngx_min(n, NGX_CONSENT_ROUTE_LOOK));
        return NGX_OK;
    }

    for (cl = bufs, size = 0; cl; cl = cl->next) {
        size += ngx_buf_size(cl->buf);
    }

    left = (size_t) ngx_min(size, NGX_CONSENT_ROUTE_LOOK);

    start = ngx_palloc(r->pool, left + 1);
    if (start == NULL) {
        return NGX_ERROR;
    }

    p = start;

    for (cl = bufs; cl && left; cl = cl->next, p += n, left -= n) {
        b = cl->buf;
        n = (size_t) ngx_min(ngx_buf_size(b), (off_t) left);

        if (ngx_buf_in_memory(b)) {
            ngx_memcpy(p, b->pos, n);

        } else if (n && ngx_read_file(b->file, p, n, b->file_pos) != (ssize_t) n) {
            return NGX_ERROR;
        }
    }

    *body = consent_slice(start, (size_t) (p - start));

    return NGX_OK;
}


static ngx_int_t
ngx_consent_route_go(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf, consent_slice_t topic)
{
    ngx_flag_t              again;
    consent_problem_t       problem;
    ngx_consent_request_t  *own;

    /* the redirect wipes the context: what keeps it is found by the phases of the location it leads to */

    own = ctx->request;
    again = own->routed;
    own->routed = 1;

    ngx_consent_route_problem(&problem, topic);

    if (lcf->human_route.len && !again) {

        ngx_consent_record_problem(r, CONSENT_EVENT_ROUTED, &problem, 0, 0);
        ngx_consent_count(CONSENT_COUNT_ROUTED, 1);
        ngx_consent_route_entry(ctx, topic, 1);

        r->write_event_handler = ngx_http_core_run_phases;

        (void) ngx_http_named_location(r, &lcf->human_route);
        ngx_http_finalize_request(r, NGX_DONE);

        return NGX_DONE;
    }

    /* also where a person's location has sent it back to an AI */

    ngx_consent_route_entry(ctx, topic, 0);

    return ngx_consent_refuse(r, &problem, CONSENT_EVENT_ROUTED, 0);
}


/* No topic: she has chosen it herself. */
static void
ngx_consent_route_problem(consent_problem_t *problem, consent_slice_t topic)
{
    ngx_memzero(problem, sizeof(consent_problem_t));
    problem->type = CONSENT_PROBLEM_PERSON;
    problem->level = -1;
    problem->topic = topic;
}


/* Words of the policy and of ours. */
static void
ngx_consent_route_entry(ngx_consent_ctx_t *ctx, consent_slice_t topic, ngx_flag_t routed)
{
    consent_buf_t  b;
    u_char         memory[NGX_CONSENT_ROUTE_ENTRY];

    consent_buf_init_fixed(&b, memory, sizeof(memory));
    consent_buf_str(&b, routed ? "{\"channel\":\"route\",\"status\":\"routed\",\"topic\":"
                               : "{\"channel\":\"page\",\"status\":\"offered\",\"topic\":");

    if (topic.len) {
        consent_json_write_string(&b, topic, false);

    } else {
        consent_buf_str(&b, "null");
    }

    consent_buf_char(&b, '}');

    if (b.rc == CONSENT_OK) {
        (void) ngx_consent_store_entry(ctx->policy, "handoff", consent_buf_view(&b));
    }
}
