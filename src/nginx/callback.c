/*
 * A request to be contacted: durable before it is acknowledged, sealed until the operator's system has taken it, and
 * read for who has its number.
 */

#include "nginx/callback.h"
#include "pages/object.h"


#define NGX_CONSENT_CALLBACK_DOCUMENT  (8 * 1024)

typedef struct {
    ngx_consent_job_t        job;           /* first */
    consent_ledger_t        *ledger;
    uint8_t                  id[CONSENT_ID_LEN];
    consent_rc_t             rc;
    consent_handoff_t        handoff;
    uint8_t                  memory[CONSENT_HANDOFF_TAG + CONSENT_HANDOFF_TOPIC];
    ngx_consent_asked_pt     answer;
    void                    *data;
} ngx_consent_asking_t;

static void ngx_consent_callback_document(consent_buf_t *b, ngx_consent_view_t *view,
    const ngx_consent_callback_t *callback, const char *token);
static void ngx_consent_handoff_ask_work(ngx_consent_job_t *job);
static ngx_int_t ngx_consent_handoff_ask_done(ngx_consent_job_t *job, ngx_consent_view_t *view);


ngx_flag_t
ngx_consent_callback_good(ngx_consent_view_t *view, const ngx_consent_callback_t *callback)
{
    size_t  i, seen;

    if (callback->erasure && callback->contact.len == 0) {
        return 1;
    }

    if (callback->contact.len == 0 || callback->contact.len > CONSENT_CONTACT_MAX
        || (callback->topic.len && consent_contact_topic(view->page.policy, callback->topic) < 0))
    {
        return 0;
    }

    for (i = 0, seen = 0; i < callback->contact.len; i++) {

        if (callback->contact.data[i] < ' ' || callback->contact.data[i] == 0x7f) {
            return 0;
        }

        seen += callback->contact.data[i] != ' ';
    }

    return seen >= 3;
}


ngx_int_t
ngx_consent_callback_save(ngx_consent_view_t *view, ngx_consent_callback_t *callback, ngx_consent_waited_pt done)
{
    char                      token[NGX_CONSENT_STATUS_TOKEN];
    u_char                   *memory, document[NGX_CONSENT_CALLBACK_DOCUMENT];
    ngx_int_t                 rc;
    consent_buf_t             b;
    consent_handoff_t         handoff;
    ngx_consent_commit_t     *commit;
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_consent_main_conf(view->request);

    if (consent_random(callback->id, CONSENT_ID_LEN) != CONSENT_OK
        || ngx_consent_outbox_token(token, mcf->keys, callback->id) != NGX_OK)
    {
        return NGX_ERROR;
    }

    consent_buf_init_fixed(&b, document, sizeof(document));
    ngx_consent_callback_document(&b, view, callback, token);

    ngx_memzero(&handoff, sizeof(consent_handoff_t));
    ngx_memcpy(handoff.id, callback->id, CONSENT_ID_LEN);
    handoff.status = CONSENT_HANDOFF_REQUESTED;
    handoff.created = ngx_consent_now();
    handoff.changed = handoff.created;
    handoff.topic = callback->topic;

    commit = b.rc != CONSENT_OK ? NULL
             : ngx_consent_handoff_commit(view->ctx->policy, &handoff, callback->erasure ? "erasure" : "callback",
                                          ngx_consent_outbox_room(b.len), &memory);

    if (commit == NULL) {
        return NGX_ERROR;
    }

    rc = ngx_consent_outbox_put(commit, memory, CONSENT_MESSAGE_HANDOFF, callback->id, consent_buf_view(&b));
    consent_wipe(document, sizeof(document));

    if (rc != NGX_OK) {
        ngx_consent_commit_free(commit);
        return NGX_ERROR;
    }

    return ngx_consent_wait(view, commit, done, callback);
}


/* For the clerk: what she asked for, and what she shares, by names only; her pseudonym where it is needed. */
static void
ngx_consent_callback_document(consent_buf_t *b, ngx_consent_view_t *view, const ngx_consent_callback_t *callback,
    const char *token)
{
    consent_buf_t            url;
    ngx_consent_ctx_t       *ctx;
    const consent_policy_t  *policy;

    ctx = view->ctx;
    policy = view->page.policy;

    consent_buf_init(&url, 4096);
    consent_buf_slice(&url, view->page.base);
    consent_buf_str(&url, "api/v1/handoffs/");
    consent_buf_hex(&url, callback->id, CONSENT_ID_LEN);

    consent_object_open(b, NULL, '{');
    consent_object_id(b, "id", callback->id);
    consent_object_string(b, "type", callback->erasure ? consent_lit("erasure") : consent_lit("handoff"));
    consent_object_string(b, "policy", policy->id);
    consent_object_string(b, "policy_version", policy->version);

    if (callback->topic.len) {
        consent_object_string(b, "topic", callback->topic);

    } else {
        consent_object_null(b, "topic");
    }

    consent_object_string(b, "channel", callback->erasure ? consent_lit("erasure") : consent_lit("callback"));

    if (callback->contact.len) {
        consent_object_string(b, "contact", callback->contact);

    } else {
        consent_object_null(b, "contact");
    }

    /* what is to be erased has to be found */

    if (callback->erasure) {
        consent_object_id(b, "subject", ctx->subject);

        if (ctx->has_former) {
            consent_object_id(b, "former", ctx->former);
        }
    }

    consent_object_string(b, "language", policy->languages[view->page.language]);
    consent_object_time(b, "requested_at", ctx->now / 1000 * 1000);
    consent_object_level(b, "level", policy, ctx->effect.level);
    consent_object_categories(b, "shared", policy, ctx->effect.granted);
    consent_object_categories(b, "withheld", policy, policy->consent_mask & ~ctx->effect.granted);
    consent_object_string(b, "status_url", consent_buf_view(&url));
    consent_object_string(b, "status_token", consent_slice(token, NGX_CONSENT_STATUS_TOKEN));
    consent_object_close(b, '}');

    consent_buf_free(&url);
}


ngx_int_t
ngx_consent_handoff_ask(ngx_consent_view_t *view, const uint8_t *id,
    ngx_consent_asked_pt answer, void *data)
{
    ngx_int_t              rc;
    ngx_consent_asking_t  *asking;

    asking = ngx_consent_job_create(sizeof(ngx_consent_asking_t));
    if (asking == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    ngx_memcpy(asking->id, id, CONSENT_ID_LEN);
    asking->ledger = ngx_consent_store_ledger();
    asking->rc = CONSENT_IO;
    asking->answer = answer;
    asking->data = data;
    asking->job.work = ngx_consent_handoff_ask_work;
    asking->job.done = ngx_consent_handoff_ask_done;

    if (asking->ledger && ngx_consent_job_start(&asking->job, view) == NGX_DONE) {
        return NGX_DONE;
    }

    rc = ngx_consent_handoff_ask_done(&asking->job, view);
    ngx_consent_job_destroy(&asking->job);

    return rc;
}


static void
ngx_consent_handoff_ask_work(ngx_consent_job_t *job)
{
    ngx_consent_asking_t  *asking = (ngx_consent_asking_t *) job;

    asking->rc = consent_ledger_handoff(asking->ledger, asking->id, &asking->handoff, asking->memory);
}


static ngx_int_t
ngx_consent_handoff_ask_done(ngx_consent_job_t *job, ngx_consent_view_t *view)
{
    ngx_consent_asking_t  *asking = (ngx_consent_asking_t *) job;

    return asking->answer(view, asking->rc, &asking->handoff, asking->data);
}
