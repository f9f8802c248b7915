/*
 * Events: the portal is told what a citizen does not share any more, so that it can delete what it has.
 */

#include "nginx/outbox.h"
#include "pages/loss.h"


static ngx_consent_commit_t *ngx_consent_event_make(ngx_consent_ctx_t *ctx, consent_loss_t *event);


ngx_consent_commit_t *
ngx_consent_event_commit(ngx_consent_ctx_t *ctx, consent_mask_t had, const consent_decision_t *decision)
{
    consent_loss_t  event;

    event.type = consent_loss_type(decision);
    event.at = decision->decided_at;
    event.lost = decision->scope == CONSENT_SCOPE_ONCE ? 0 : had & ~decision->granted;

    return event.lost == 0 ? ngx_consent_commit_create(0, NULL) : ngx_consent_event_make(ctx, &event);
}


/* What was granted long ago may be with the portal still: all that she could ever grant is named. */
ngx_consent_commit_t *
ngx_consent_event_erasure(ngx_consent_ctx_t *ctx)
{
    consent_loss_t  event;

    event.type = "erased";
    event.at = ngx_consent_now() / 1000 * 1000;
    event.lost = ctx->policy->policy->consent_mask;

    return ngx_consent_event_make(ctx, &event);
}


static ngx_consent_commit_t *
ngx_consent_event_make(ngx_consent_ctx_t *ctx, consent_loss_t *event)
{
    u_char                   *memory, document[CONSENT_LOSS_MAX];
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
    event->id = id;
    event->policy = ctx->policy->policy;
    event->subject = ctx->subject;
    event->former = ctx->has_former ? ctx->former : NULL;
    consent_json_loss(&b, event);

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
