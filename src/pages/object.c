/*
 * JSON for the API, written member by member.
 */

#include "pages/object.h"


void
consent_object_open(consent_buf_t *b, const char *name, char bracket)
{
    consent_object_name(b, name);
    consent_buf_char(b, bracket);
}


void
consent_object_close(consent_buf_t *b, char bracket)
{
    consent_buf_char(b, bracket);
}


void
consent_object_string(consent_buf_t *b, const char *name, consent_slice_t value)
{
    consent_object_name(b, name);
    consent_json_write_string(b, value, true);
}


void
consent_object_number(consent_buf_t *b, const char *name, uint64_t value)
{
    consent_object_name(b, name);
    consent_buf_u64(b, value);
}


void
consent_object_raw(consent_buf_t *b, const char *name, consent_slice_t json)
{
    consent_object_name(b, name);
    consent_buf_slice(b, json);
}


void
consent_object_bool(consent_buf_t *b, const char *name, bool value)
{
    consent_object_name(b, name);
    consent_buf_str(b, value ? "true" : "false");
}


void
consent_object_null(consent_buf_t *b, const char *name)
{
    consent_object_name(b, name);
    consent_buf_str(b, "null");
}


void
consent_object_time(consent_buf_t *b, const char *name, consent_time_t t)
{
    if (t == 0) {
        consent_object_null(b, name);
        return;
    }

    consent_object_name(b, name);
    consent_buf_char(b, '"');
    consent_when_rfc3339(b, t);
    consent_buf_char(b, '"');
}


bool
consent_object_no_id(const uint8_t id[static CONSENT_ID_LEN])
{
    size_t  i;

    for (i = 0; i < CONSENT_ID_LEN && id[i] == 0; i++) { /* void */ }

    return i == CONSENT_ID_LEN;
}


void
consent_object_id(consent_buf_t *b, const char *name, const uint8_t id[static CONSENT_ID_LEN])
{
    if (consent_object_no_id(id)) {
        consent_object_null(b, name);
        return;
    }

    consent_object_name(b, name);
    consent_buf_char(b, '"');
    consent_buf_hex(b, id, CONSENT_ID_LEN);
    consent_buf_char(b, '"');
}


void
consent_object_categories(consent_buf_t *b, const char *name, const consent_policy_t *policy,
    consent_mask_t categories)
{
    size_t  i;

    consent_object_open(b, name, '[');

    for (i = 0; i < policy->n_categories; i++) {
        if (categories >> i & 1) {
            consent_object_string(b, NULL, policy->categories[i].id);
        }
    }

    consent_object_close(b, ']');
}


void
consent_object_level(consent_buf_t *b, const char *name, const consent_policy_t *policy, int level)
{
    if (level < 0 || (size_t) level >= policy->n_levels) {
        consent_object_string(b, name, consent_lit("custom"));
        return;
    }

    consent_object_string(b, name, policy->levels[level].id);
}


/* What a version meant is known only while that version is. */
void
consent_object_decision(consent_buf_t *b, const consent_past_t *past)
{
    const consent_decision_t  *d;

    d = &past->decision;

    consent_object_id(b, "receipt", d->receipt);

    if (past->policy != NULL) {
        consent_object_string(b, "policy", past->policy->id);
        consent_object_string(b, "policy_version", past->policy->version);
        consent_object_level(b, "level", past->policy, d->level);
        consent_object_categories(b, "categories", past->policy, d->granted);

    } else {
        consent_object_null(b, "policy");
        consent_object_null(b, "policy_version");
        consent_object_null(b, "level");
        consent_object_null(b, "categories");
    }

    consent_object_string(b, "status", consent_cstr(consent_status_name(d->status)));
    consent_object_string(b, "scope", consent_cstr(consent_scope_name(d->scope)));
    consent_object_string(b, "ai", consent_cstr(consent_ai_name(d->ai)));
    consent_object_string(b, "by", consent_cstr(consent_by_name(d->by)));
    consent_object_string(b, "method", consent_cstr(consent_method_name(d->method)));
    consent_object_time(b, "decided_at", d->decided_at);
    consent_object_time(b, "expires_at", d->expires_at);
}


void
consent_object_name(consent_buf_t *b, const char *name)
{
    uint8_t  last;

    last = b->len != 0 ? b->data[b->len - 1] : '[';

    if (last != '{' && last != '[' && last != ':') {
        consent_buf_char(b, ',');
    }

    if (name != NULL) {
        consent_buf_char(b, '"');
        consent_buf_str(b, name);
        consent_buf_str(b, "\":");
    }
}


void
consent_object_human(consent_buf_t *b, const consent_page_t *page)
{
    size_t                    i;
    const consent_channel_t  *channel;

    consent_object_open(b, "human", '{');
    consent_object_string(b, "name", page->policy->contact_name.in[page->language]);
    consent_object_page(b, "url", page, "human", "");
    consent_object_open(b, "channels", '[');

    for (i = 0; i < page->policy->n_channels; i++) {
        channel = &page->policy->channels[i];

        consent_object_open(b, NULL, '{');
        consent_object_string(b, "type", consent_cstr(consent_channel_name(channel->type)));

        if (channel->value.len != 0) {
            consent_object_string(b, "value", channel->value);
        }

        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
    consent_object_close(b, '}');
}


/* base is a path of the configuration; the rest are literals of ours. */
void
consent_object_page(consent_buf_t *b, const char *name, const consent_page_t *page, const char *path,
    const char *last)
{
    uint8_t        memory[1024];
    consent_buf_t  url;

    consent_buf_init_fixed(&url, memory, sizeof(memory));
    consent_buf_slice(&url, page->base);
    consent_buf_str(&url, path);
    consent_buf_str(&url, last);
    consent_object_string(b, name, consent_buf_view(&url));
}
