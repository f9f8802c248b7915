/*
 * What the portal is told: messages that wait in the store until an internal location of the operator's has taken them.
 */

#ifndef NGX_CONSENT_OUTBOX_H
#define NGX_CONSENT_OUTBOX_H

#include "nginx/store.h"

#define NGX_CONSENT_STATUS_TOKEN  43        /* characters: base64url of a MAC */

/* Where messages under a policy go. */
typedef struct {
    ngx_consent_policy_t   *policy;
    ngx_http_conf_ctx_t    *conf;           /* of the server */
    ngx_str_t               handoff;        /* URI; empty: nowhere */
    ngx_str_t               event;
} ngx_consent_outlet_t;

/* The outlet for a policy that has one of that kind, or NULL. */
ngx_consent_outlet_t *ngx_consent_outlet(ngx_consent_main_conf_t *mcf, uint64_t policy_id_key,
    consent_message_kind_t kind);

/* Bytes behind a commit (consent_commit_create's `extra`) that hold a message with a document of that length. */
size_t ngx_consent_outbox_room(size_t document);

/* Seals a document (JSON, an object) as a message that goes with the commit; `memory` is room of that size, which lives
 * with the commit. id: its number, random. NGX_ERROR: no random numbers, or it cannot be sealed. */
ngx_int_t ngx_consent_outbox_put(ngx_consent_commit_t *commit, u_char *memory, consent_message_kind_t kind,
    const uint8_t id[CONSENT_ID_LEN], consent_slice_t document);

/* A message has become durable: look soon. */
void ngx_consent_outbox_wake(void);

/* What only we and who got the hand-off know of it: who shows it may say what became of it. */
ngx_int_t ngx_consent_outbox_token(char out[NGX_CONSENT_STATUS_TOKEN], const consent_keys_t *keys,
    const uint8_t id[CONSENT_ID_LEN]);

/* A commit for this decision of the request's subject; where it takes away something that she `had` granted, and the
 * portal wants to know, with the event that says so. NULL: out of memory. event.c */
ngx_consent_commit_t *ngx_consent_event_commit(ngx_consent_ctx_t *ctx, consent_mask_t had,
    const consent_decision_t *decision);

/* The same for the erasure of all that is held of the subject, for the caller to fill in. */
ngx_consent_commit_t *ngx_consent_event_erasure(ngx_consent_ctx_t *ctx);

/* Makes the entry of a hand-off, and what is kept of it. `extra`, `memory`: as of ngx_consent_commit_create, for the
 * caller. NULL: out of memory. handoff.c */
ngx_consent_commit_t *ngx_consent_handoff_commit(ngx_consent_policy_t *policy, const consent_handoff_t *handoff,
    const char *channel, size_t extra, u_char **memory);

/* Life of a worker. */
void ngx_consent_outbox_start(ngx_cycle_t *cycle, ngx_consent_main_conf_t *mcf);
void ngx_consent_outbox_stop(void);

#endif
