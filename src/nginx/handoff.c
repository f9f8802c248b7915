/*
 * Messages and hand-offs as operations of the store.
 */

#include "nginx/outbox.h"


#define NGX_CONSENT_HANDOFF_FIELDS  512

/* What lives behind a commit that carries a hand-off. */
typedef struct {
    consent_handoff_t  handoff;
    u_char             topic[CONSENT_HANDOFF_TOPIC];
    u_char             tag[CONSENT_HANDOFF_TAG];
    u_char             fields[NGX_CONSENT_HANDOFF_FIELDS];
} ngx_consent_handoff_memory_t;


ngx_consent_outlet_t *
ngx_consent_outlet(ngx_consent_main_conf_t *mcf, uint64_t policy_id_key, consent_message_kind_t kind)
{
    ngx_uint_t             i;
    ngx_consent_outlet_t  *outlets;

    outlets = mcf->outlets.elts;

    for (i = 0; i < mcf->outlets.nelts; i++) {
        if (outlets[i].policy->policy->id_key == policy_id_key
            && (kind == CONSENT_MESSAGE_EVENT ? outlets[i].event.len : outlets[i].handoff.len))
        {
            return &outlets[i];
        }
    }

    return NULL;
}


size_t
ngx_consent_outbox_room(size_t document)
{
    return sizeof(consent_message_t) + CONSENT_SEAL_OVERHEAD + document;
}


ngx_int_t
ngx_consent_outbox_put(ngx_consent_commit_t *commit, u_char *memory, consent_message_kind_t kind,
    const uint8_t id[CONSENT_ID_LEN], consent_slice_t document)
{
    consent_message_t        *message;
    ngx_consent_main_conf_t  *mcf;

    mcf = ngx_http_cycle_get_module_main_conf(ngx_cycle, ngx_consent_module);

    /* memory behind a commit may be another's before */

    message = (consent_message_t *) memory;
    ngx_memzero(message, sizeof(consent_message_t));
    ngx_memcpy(message->id, id, CONSENT_ID_LEN);
    message->kind = kind;

    if (consent_message_seal(message, memory + sizeof(consent_message_t), mcf->keys->handoff, document, ngx_consent_now())
        != CONSENT_OK)
    {
        return NGX_ERROR;
    }

    commit->op.message = message;

    return NGX_OK;
}


ngx_int_t
ngx_consent_outbox_token(char out[NGX_CONSENT_STATUS_TOKEN], const consent_keys_t *keys,
    const uint8_t id[CONSENT_ID_LEN])
{
    uint8_t          mac[CONSENT_HASH_LEN];
    consent_slice_t  parts[2];

    parts[0] = consent_lit("status of a hand-off:");
    parts[1] = consent_slice(id, CONSENT_ID_LEN);

    if (consent_hmac(mac, consent_slice(keys->handoff, CONSENT_SEAL_KEY_LEN), parts, 2) != CONSENT_OK) {
        return NGX_ERROR;
    }

    (void) consent_base64url(out, mac, CONSENT_HASH_LEN);

    return NGX_OK;
}


ngx_consent_commit_t *
ngx_consent_handoff_commit(ngx_consent_policy_t *policy, const consent_handoff_t *handoff, const char *channel,
    size_t extra, u_char **memory)
{
    u_char                        *room;
    consent_buf_t                  b;
    ngx_consent_commit_t          *commit;
    ngx_consent_handoff_memory_t  *own;

    commit = ngx_consent_commit_create(sizeof(ngx_consent_handoff_memory_t) + extra, &room);

    if (commit == NULL) {
        return NULL;
    }

    own = (ngx_consent_handoff_memory_t *) room;

    if (memory) {
        *memory = room + sizeof(ngx_consent_handoff_memory_t);
    }

    own->handoff = *handoff;
    own->handoff.topic.len = ngx_min(handoff->topic.len, CONSENT_HANDOFF_TOPIC);
    own->handoff.tag.len = ngx_min(handoff->tag.len, CONSENT_HANDOFF_TAG);

    /* what is absent has no address to copy from */

    if (own->handoff.topic.len) {
        ngx_memcpy(own->topic, handoff->topic.data, own->handoff.topic.len);
    }

    if (own->handoff.tag.len) {
        ngx_memcpy(own->tag, handoff->tag.data, own->handoff.tag.len);
    }

    own->handoff.topic.data = own->topic;
    own->handoff.tag.data = own->tag;

    /* words of the policy and of ours: the operator's reference may be anything, and is not among them */

    consent_buf_init_fixed(&b, own->fields, sizeof(own->fields));
    consent_buf_str(&b, "{\"channel\":\"");
    consent_buf_str(&b, channel);
    consent_buf_str(&b, "\",\"status\":\"");
    consent_buf_str(&b, consent_handoff_status_name(handoff->status));
    consent_buf_str(&b, "\",\"topic\":");

    if (own->handoff.topic.len) {
        consent_json_write_string(&b, own->handoff.topic, false);

    } else {
        consent_buf_str(&b, "null");
    }

    consent_buf_char(&b, '}');

    if (b.rc != CONSENT_OK) {
        ngx_consent_commit_free(commit);
        return NULL;
    }

    commit->op.type = CONSENT_OP_ENTRY;
    commit->op.entry_type = "handoff";
    commit->op.policy = policy->entry;
    commit->op.now = ngx_consent_now();
    commit->op.fields = consent_buf_view(&b);
    commit->op.handoff = &own->handoff;

    return commit;
}
