/*
 * Requests to be contacted, as the page and the API share them.
 */

#ifndef NGX_CONSENT_CALLBACK_H
#define NGX_CONSENT_CALLBACK_H

#include "nginx/handler.h"
#include "nginx/outbox.h"

/* What a form or a document says. */
typedef struct {
    consent_slice_t          contact;
    consent_slice_t          topic;
    unsigned                 erasure:1;             /* she asks for her record to be erased: contact may be empty */
    uint8_t                  id[CONSENT_ID_LEN];    /* given when it is saved */
} ngx_consent_callback_t;

/* Something to reach her by, and a topic of the policy or none. */
ngx_flag_t ngx_consent_callback_good(ngx_consent_view_t *view, const ngx_consent_callback_t *callback);

/* Commits it with its entry and its message; `done` gets the callback as its data. NGX_ERROR: done is not called. */
ngx_int_t ngx_consent_callback_save(ngx_consent_view_t *view, ngx_consent_callback_t *callback,
    ngx_consent_waited_pt done);

/* The request as the API shows it. handoffs.c */
ngx_int_t ngx_consent_handoff_object(ngx_consent_view_t *view, ngx_uint_t status, const consent_handoff_t *handoff);

/* Reads a request on the thread pool, and answers with what became of it. Returns what the content handler returns;
 * `answer` too, and what it gets lives as long as its call. */
typedef ngx_int_t (*ngx_consent_asked_pt)(ngx_consent_view_t *view, consent_rc_t rc, const consent_handoff_t *handoff,
    void *data);
ngx_int_t ngx_consent_handoff_ask(ngx_consent_view_t *view, const uint8_t *id, ngx_consent_asked_pt answer, void *data);

#endif
