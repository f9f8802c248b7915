/*
 * The API's objects: state, history, where AI answers, and gpc.json.
 */

#include "pages/object.h"
#include "pages/pages.h"

static void api_ai_marks(consent_buf_t *b, const consent_page_t *page);


void
consent_json_state(consent_buf_t *b, const consent_policy_t *policy, const consent_effect_t *effect)
{
    consent_object_open(b, NULL, '{');
    consent_object_string(b, "policy", policy->id);
    consent_object_string(b, "policy_version", policy->version);
    consent_object_level(b, "level", policy, consent_page_level(policy, effect));
    consent_object_categories(b, "categories", policy, effect->granted);
    consent_object_string(b, "status", consent_cstr(consent_status_name(effect->status)));
    consent_object_string(b, "scope", consent_cstr(consent_scope_name(effect->scope)));
    consent_object_string(b, "ai", consent_cstr(consent_ai_name(effect->ai)));
    consent_object_time(b, "decided_at", effect->decided_at);
    consent_object_time(b, "expires_at", effect->expires_at);
    consent_object_id(b, "receipt", effect->receipt);
    consent_object_close(b, '}');
}


void
consent_json_history(consent_buf_t *b, const consent_past_t *past, size_t n)
{
    size_t  i;

    consent_object_open(b, NULL, '{');
    consent_object_open(b, "decisions", '[');

    for (i = 0; i < n; i++) {
        consent_object_open(b, NULL, '{');
        consent_object_decision(b, &past[i]);
        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
    consent_object_close(b, '}');
}


void
consent_json_ai(consent_buf_t *b, const consent_page_t *page, const consent_ai_place_t *places, size_t n)
{
    size_t  i;

    consent_object_open(b, NULL, '{');
    consent_object_string(b, "policy", page->policy->id);
    consent_object_string(b, "principal", page->policy->principal);
    consent_object_open(b, "places", '[');

    for (i = 0; i < n; i++) {
        consent_object_open(b, NULL, '{');
        consent_object_string(b, "path", places[i].path);
        consent_object_string(b, "kind", places[i].kind);

        if (places[i].mode.len != 0) {
            consent_object_string(b, "mode", places[i].mode);
        }

        if (places[i].model.len != 0) {
            consent_object_string(b, "model", places[i].model);
        }

        if (places[i].provider.len != 0) {
            consent_object_string(b, "provider", places[i].provider);
        }

        if (places[i].topics) {
            consent_object_bool(b, "topics", true);
        }

        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
    api_ai_marks(b, page);
    consent_object_human(b, page);
    consent_object_close(b, '}');
}


/* What is done about all of them, in the words that the log's entries use. */
static void
api_ai_marks(consent_buf_t *b, const consent_page_t *page)
{
    size_t  i;

    static const char *const  marks[][2] = {
        { "html", "notice, meta, json-ld, headers" }, { "json", "member, headers" }, { "sse", "notice, member, headers" },
        { "ndjson", "notice, member, headers" }, { "text", "notice, headers" }, { "markdown", "notice, headers" },
        { "png", "xmp, headers" }, { "jpeg", "xmp, headers" }, { "other", "headers" }
    };

    static const char *const  not_claimed[] = {
        "that an answer is right", "that marks stay when a text is copied", "that AI text is found where nothing says so",
        "that the marks satisfy a law"
    };

    consent_object_open(b, "marks", '{');

    for (i = 0; i < consent_countof(marks); i++) {
        consent_object_string(b, marks[i][0], consent_cstr(marks[i][1]));
    }

    consent_object_close(b, '}');
    consent_object_open(b, "not_claimed", '[');

    for (i = 0; i < consent_countof(not_claimed); i++) {
        consent_object_string(b, NULL, consent_cstr(not_claimed[i]));
    }

    consent_object_close(b, ']');
    consent_object_open(b, "human_only_topics", '[');

    for (i = 0; i < page->policy->n_topics; i++) {
        if (page->policy->topics[i].human_only) {
            consent_object_string(b, NULL, page->policy->topics[i].id);
        }
    }

    consent_object_close(b, ']');
}


/* https://w3c.github.io/gpc/#well-known: a full-date is enough. */
void
consent_json_gpc(consent_buf_t *b, consent_time_t last_update)
{
    uint8_t        memory[32];
    consent_buf_t  date;

    consent_buf_init_fixed(&date, memory, sizeof(memory));
    consent_when_rfc3339(&date, last_update);

    consent_object_open(b, NULL, '{');
    consent_object_bool(b, "gpc", true);
    consent_object_string(b, "lastUpdate", consent_slice(date.data, date.len < 10 ? date.len : 10));
    consent_object_close(b, '}');
}
