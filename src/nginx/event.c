/*
 * Events: the portal is told what a citizen does not share any more, so that it can delete what it has.
 */

#include "nginx/outbox.h"


#define NGX_CONSENT_EVENT_DOCUMENT  8192

/* What happened. */
typedef struct {
    const char       *type;
    consent_time_t    at;
    consent_mask_t    lost;
} ngx_consent_event_said_t;

static ngx_consent_commit_t *ngx_consent_event_make(ngx_consent_ctx_t *ctx, const ngx_consent_event_said_t *said);
static void ngx_consent_event_write(consent_buf_t *b, ngx_consent_ctx_t *ctx, const ngx_consent_event_said_t *said,
    const uint8_t id[CONSENT_ID_LEN]);


ngx_consent_commit_t *
ngx_consent_event_commit(ngx_consent_ctx_t *ctx, consent_mask_t had, const consent_decision_t *decision)
{
    ngx_consent_event_said_t  said;

    said.type = decision->status == CONSENT_STATUS_WITHDRAWN ? "withdrawn" : "lowered";
    said.at = decision->decided_at;
    said.lost = decision->scope == CONSENT_SCOPE_ONCE ? 0 : had & ~decision->granted;

    return said.lost == 0 ? ngx_consent_commit_create(0, NULL) : ngx_consent_event_make(ctx, &said);
}


/* What was granted long ago may be with the portal still: all that she could ever grant is named. */
ngx_consent_commit_t *
ngx_consent_event_erasure(ngx_consent_ctx_t *ctx)
{
    ngx_consent_event_said_t  said;

    said.type = "erased";
    said.at = ngx_consent_now() / 1000 * 1000;
    said.lost = ctx->policy->policy->consent_mask;

    return ngx_consent_event_make(ctx, &said);
}


static ngx_consent_commit_t *
ngx_consent_event_make(ngx_consent_ctx_t *ctx, const ngx_consent_event_said_t *said)
{
    u_char                   *memory, document[NGX_CONSENT_EVENT_DOCUMENT];
    uint8_t                   id[CONSENT_ID_LEN];
    consent_buf_t             b;
    ngx_consent_commit_t     *commit;
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(ngx_cycle, ngx_consent_module);

    if (!ctx->has_subject || ngx_consent_outlet(mcf, ctx->policy->policy->id_key, CONSENT_MESSAGE_EVENT) == NULL) {
        return ngx_consent_commit_create(0, NULL);
    }

    if (consent_random(id, CONSENT_ID_LEN) != CONSENT_OK) {
        return NULL;
    }

    consent_buf_init_fixed(&b, document, sizeof(document));
    ngx_consent_event_write(&b, ctx, said, id);

    if (b.rc != CONSENT_OK) {
        return NULL;
    }

    commit = ngx_consent_commit_create(ngx_consent_outbox_room(b.len), &memory);

    if (commit
        && ngx_consent_outbox_put(commit, memory, CONSENT_MESSAGE_EVENT, id, consent_buf_view(&b)) != NGX_OK)
    {
        ngx_consent_commit_free(commit);
        commit = NULL;
    }

    consent_wipe(document, sizeof(document));

    return commit;
}


static void
ngx_consent_event_write(consent_buf_t *b, ngx_consent_ctx_t *ctx, const ngx_consent_event_said_t *said,
    const uint8_t id[CONSENT_ID_LEN])
{
    size_t                   i;
    const char              *comma;
    const consent_policy_t  *policy;

    policy = ctx->policy->policy;

    consent_buf_str(b, "{\"id\":\"");
    consent_buf_hex(b, id, CONSENT_ID_LEN);
    consent_buf_str(b, "\",\"type\":\"");
    consent_buf_str(b, said->type);
    consent_buf_str(b, "\",\"policy\":");
    consent_json_write_string(b, policy->id, false);
    consent_buf_str(b, ",\"policy_version\":");
    consent_json_write_string(b, policy->version, false);
    consent_buf_str(b, ",\"subject\":\"");
    consent_buf_hex(b, ctx->subject, CONSENT_SUBJECT_LEN);
    consent_buf_str(b, "\",\"at\":\"");
    consent_when_rfc3339(b, said->at);
    consent_buf_str(b, "\",\"categories\":[");

    for (i = 0, comma = ""; i < policy->n_categories; i++) {
        if (said->lost >> i & 1) {
            consent_buf_str(b, comma);
            consent_json_write_string(b, policy->categories[i].id, false);
            comma = ",";
        }
    }

    consent_buf_str(b, "]}");
}
