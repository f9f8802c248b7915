/*
 * What is done to one response: planned when its header passes, carried out on its body.
 */

#ifndef NGX_CONSENT_RESPONSE_H
#define NGX_CONSENT_RESPONSE_H

#include "base/inflate.h"
#include "disclose/chat.h"
#include "disclose/stamp.h"
#include "minimize/restore.h"
#include "nginx/module.h"
#include "nginx/response_stream.h"

/* The response headers that matter to us, found in one pass over the list. Later lines win; hidden ones do not count. */
typedef struct {
    ngx_table_elt_t          *content_encoding;
    ngx_table_elt_t          *content_disposition;
    ngx_table_elt_t          *content_language;
    ngx_table_elt_t          *allow_origin;
    ngx_table_elt_t          *digests[4];       /* Content-MD5, Digest, Content-Digest, Repr-Digest */
    ngx_uint_t                n_digests;
    unsigned                  signature:1;      /* a signature of the body, or of a digest of it */
    unsigned                  ui_stream:1;      /* X-Vercel-AI-UI-Message-Stream: v1 */
    unsigned                  set_cookies:1;    /* at least one Set-Cookie */
    unsigned                  no_transform:1;   /* Cache-Control says so */
    unsigned                  no_store:1;       /* no shared cache keeps it: private or no-store */
    unsigned                  no_answer:1;      /* AI-No-Answer: the machine has none */
    consent_mode_t            claim;            /* what it says of a machine's part in it */
} ngx_consent_found_headers_t;

typedef struct {
    ngx_http_request_t           *request;
    ngx_consent_policy_t         *policy;
    const consent_disclosure_t   *disclosure;
    consent_disclosure_t *const  *claimed;      /* what is said in its place by what the body says of itself; NULL: it is
                                                   not listened to */
    uint64_t                      conversation; /* whose turn it is; 0: none */
    ngx_str_t                     service;      /* location, as configured */
    consent_kind_t                kind;
    const char                   *outcome;      /* of what has no stamper; NULL: ask the stamper */
    size_t                        language;
    consent_stamp_conf_t          conf;
    consent_stamp_t              *stamp;        /* NULL: nothing is put into the body */
    consent_transform_t          *restore;      /* NULL: masks stay in it */
    consent_transform_pair_t      inner;        /* restore, then stamp */
    consent_transform_pair_t      pair;         /* inflate, then what else there is */
    ngx_consent_stream_t          stream;       /* without a transform the body passes as it is */
    size_t                        promise;      /* bytes that Content-Length has more than the upstream's */
    unsigned                      promised:1;
    unsigned                      ai:1;         /* says that it is AI-generated */
    unsigned                      held:1;       /* the header waits for the first piece of the body */
    unsigned                      inflates:1;   /* the body comes compressed */
    unsigned                      ended:1;      /* the last byte has passed */
    unsigned                      unsaid:1;     /* what it is goes into the header when the body has begun */
    unsigned                      cors:1;       /* scripts of other origins may read it */
    unsigned                      offered:1;    /* a person is offered once more */
    unsigned                      failed:1;     /* the machine has no answer */
    unsigned                     error:1;       /* it may be a page of nginx's own, which gives way to ours */
} ngx_consent_response_t;

/* One pass over the response header. An upstream's own claims about AI are ours to make where we make them (`ai`), and
 * what only we may say to a client is taken out (`enabled`). response_said.c */
void ngx_consent_response_scan(ngx_http_request_t *r, ngx_consent_found_headers_t *found, ngx_flag_t enabled,
    ngx_flag_t ai);

/* Level and what was withheld, where no shared cache may keep them. response_said.c */
ngx_int_t ngx_consent_response_level(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* AI-Disclosure and what goes with it. response_said.c */
ngx_int_t ngx_consent_response_ai(ngx_http_request_t *r, const consent_disclosure_t *disclosure, ngx_flag_t cors);

/* What is sent may turn out to be an error page of nginx's own, which gives way to ours: `in` becomes ours, and the header
 * that of ours; NGX_DECLINED: it is none, or ours cannot be written. response_error.c */
ngx_flag_t ngx_consent_error_possible(ngx_http_request_t *r);
ngx_int_t ngx_consent_error_replace(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_chain_t **in);

/* Whose turn it is, whether it has failed, and whether a person is offered once more; and when it is over. turns.c */
void ngx_consent_turn_begin(ngx_http_request_t *r, ngx_consent_response_t *response, ngx_consent_loc_conf_t *lcf,
    ngx_flag_t no_answer);
void ngx_consent_turn_end(ngx_http_request_t *r, ngx_consent_response_t *response);

/* What is said of it, by what its body has said so far. response_said.c */
const consent_disclosure_t *ngx_consent_response_says(const ngx_consent_response_t *response);

/* What becomes of the body. Whatever cannot carry the notice has headers only, and the outcome says why.
 * response_plan.c */
ngx_int_t ngx_consent_response_plan(ngx_http_request_t *r, ngx_consent_response_t *response,
    ngx_consent_loc_conf_t *lcf, ngx_consent_found_headers_t *found);

/* Puts together what runs over the body: inflate, restore, stamp, where there is something to restore or to stamp.
 * response_plan.c */
ngx_int_t ngx_consent_response_run(ngx_http_request_t *r, ngx_consent_response_t *response,
    ngx_consent_found_headers_t *found);

/* The body is in a coding that we cannot read. response_plan.c */
ngx_flag_t ngx_consent_response_coded(ngx_consent_found_headers_t *found);

/* Whether masks of this request become values again in the response. Where it may hold any, nginx keeps it in no cache.
 * response_restore.c */
ngx_flag_t ngx_consent_restore_due(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_found_headers_t *found);

/* Makes the header that of an answer to one person alone, and the transform of a response's plan. response_restore.c */
ngx_int_t ngx_consent_restore_header(ngx_http_request_t *r, ngx_consent_found_headers_t *found);
ngx_int_t ngx_consent_restore_plan(ngx_http_request_t *r, ngx_consent_response_t *response);

/* What the request asked of a chat. chat.c */
void ngx_consent_chat_read(ngx_http_request_t *r, consent_chat_t *chat);

/* Keeps the plan of a request that has no context. response_plan.c */
ngx_int_t ngx_consent_response_alone(ngx_http_request_t *r, ngx_consent_response_t *response);

/* The body cannot be marked, and is there to be looked at. response_plan.c */
ngx_flag_t ngx_consent_response_blocked(ngx_http_request_t *r, ngx_consent_response_t *response);

/* The value is `what`, perhaps with parameters. response_plan.c */
ngx_flag_t ngx_consent_response_is(ngx_str_t *type, const char *what, size_t len);

/* The plan for this response, or NULL. response_plan.c */
ngx_consent_response_t *ngx_consent_response(ngx_http_request_t *r);

/* Passes a held header on. response_header.c */
ngx_int_t ngx_consent_header_release(ngx_http_request_t *r, ngx_consent_response_t *response);

/* Why the response carries what it carries: "sent", "headers only: json", ...; NULL when nothing is said. */
const char *ngx_consent_response_outcome(ngx_http_request_t *r);

/* Drops Set-Cookie lines that the citizen has not agreed to, and those of our own cookie's name; after a withdrawal
 * makes the browser drop them. response_cookies.c */
ngx_int_t ngx_consent_response_cookies(ngx_http_request_t *r, ngx_consent_ctx_t *ctx, ngx_consent_loc_conf_t *lcf,
    ngx_consent_policy_t *policy, ngx_flag_t any);

/* Adds a line to the response header. The value must live as long as the request. */
ngx_int_t ngx_consent_response_push(ngx_http_request_t *r, const char *name, size_t name_len, u_char *value,
    size_t value_len);

/* Entity tags name our wording, so that a copy without it is never taken for current. out: on responses; in: takes our
 * suffix off what the client sends back, and removes conditions and ranges that would let an unmarked copy live on.
 * validators.c */
ngx_int_t ngx_consent_validators_out(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, ngx_uint_t kind);
ngx_int_t ngx_consent_validators_in(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf);

/* All of an answer is asked for, whatever its client has of an older one. validators.c */
void ngx_consent_validators_off(ngx_http_request_t *r);

/* Sees to it that the log gets an entry when the response has ended. response_entry.c */
ngx_int_t ngx_consent_response_entry(ngx_http_request_t *r, ngx_consent_response_t *response);

/* What consent_ai says of this request. */
consent_ai_kind_t ngx_consent_ai_kind(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf);

#endif
