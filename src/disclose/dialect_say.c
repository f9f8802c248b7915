/*
 * What is said in each dialect: in OpenAI's chunks, Anthropic's events, Vercel's parts and Ollama's lines.
 */

#include "base/buf.h"
#include "disclose/dialect_facts.h"
#include "disclose/peek.h"

#define COPIED  256             /* bytes of a value of the stream's that a chunk of ours repeats at most */

static bool dialect_told(consent_dialect_t *d, consent_slice_t content);
static bool dialect_speaks(consent_slice_t value);
static void dialect_clone(consent_dialect_t *d, consent_action_t *action, consent_buf_t *head, const char *tail);
static void dialect_copy(consent_buf_t *b, const char *name, consent_slice_t value);
static void dialect_prose_is_in(consent_dialect_t *d);
static consent_slice_t dialect_member(const consent_dialect_t *d, bool comma);
static void action_add(consent_action_t *action, consent_slice_t piece);


void
consent_dialect_openai(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f)
{
    bool             speaks;
    consent_buf_t    head;
    consent_peek_t   it;
    consent_slice_t  name, value, choice, delta, index, content;

    choice = consent_slice(NULL, 0);
    delta = choice;
    index = choice;
    content = choice;
    speaks = false;

    if (consent_peek_array(&it, f->choices, f->lines)) {
        (void) consent_peek_element(&it, &choice);
    }

    if (d->prose_due && !d->human && consent_peek_object(&it, choice, f->lines)) {

        while (consent_peek_name(&it, &name) && consent_peek_value(&it, &value)) {
            if (consent_slice_eq(name, consent_lit("delta"))) {
                delta = value;

            } else if (consent_slice_eq(name, consent_lit("index"))) {
                index = value;

            } else if (consent_slice_eq(name, consent_lit("finish_reason")) && value.data[0] == '"') {

                /* also in the chunk that has all of a short answer: before it there is still room */
                d->prose_due = false;
            }
        }

        if (consent_peek_object(&it, delta, f->lines)) {

            while (consent_peek_name(&it, &name) && consent_peek_value(&it, &value)) {

                if (consent_slice_eq(name, consent_lit("content"))) {
                    content = value;
                    speaks |= dialect_speaks(value);

                } else if (consent_slice_eq(name, consent_lit("reasoning_content"))
                           || consent_slice_eq(name, consent_lit("reasoning"))
                           || consent_slice_eq(name, consent_lit("refusal")))
                {
                    speaks |= dialect_speaks(value);

                } else if ((consent_slice_eq(name, consent_lit("tool_calls"))
                            || consent_slice_eq(name, consent_lit("function_call"))
                            || consent_slice_eq(name, consent_lit("audio"))) && value.data[0] != 'n')
                {
                    d->prose_due = false;
                }
            }
        }

        if (speaks && !dialect_told(d, content)) {
            consent_buf_init_fixed(&head, d->head, sizeof(d->head));
            dialect_copy(&head, "id", f->id);
            dialect_copy(&head, "object", f->object);
            dialect_copy(&head, "created", f->created);
            dialect_copy(&head, "model", f->model);
            dialect_copy(&head, "system_fingerprint", f->fingerprint);
            consent_buf_str(&head, "\"choices\":[{\"index\":");
            consent_buf_slice(&head, index.len > 0 && index.len < 8 ? index : consent_lit("0"));
            consent_buf_str(&head, ",\"delta\":{\"content\":\"");
            dialect_clone(d, action, &head, "\"},\"logprobs\":null,\"finish_reason\":null}]}\n");
        }
    }

    consent_dialect_key(d, action, f);
}


void
consent_dialect_ollama(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f)
{
    consent_buf_t    head;
    consent_slice_t  content, tools;

    if (d->prose_due && !d->human) {
        content = f->response.len > 0 ? f->response : consent_peek_get(f->message, "content", f->lines);
        tools = consent_peek_get(f->message, "tool_calls", f->lines);

        if (tools.len > 0 && tools.data[0] != 'n') {
            d->prose_due = false;

        } else if ((dialect_speaks(content) || dialect_speaks(f->thinking)
                    || dialect_speaks(consent_peek_get(f->message, "thinking", f->lines)))
                   && !dialect_told(d, content))
        {
            consent_buf_init_fixed(&head, d->head, sizeof(d->head));
            dialect_copy(&head, "model", f->model);
            dialect_copy(&head, "created_at", f->created_at);

            if (f->response.len > 0) {
                consent_buf_str(&head, "\"response\":\"");
                dialect_clone(d, action, &head, "\",\"done\":false}\n");

            } else {
                consent_buf_str(&head, "\"message\":{\"role\":\"assistant\",\"content\":\"");
                dialect_clone(d, action, &head, "\"},\"done\":false}\n");
            }
        }

        if (f->done.len > 0 && f->done.data[0] == 't') {
            d->prose_due = false;
        }
    }

    consent_dialect_key(d, action, f);
}


/* An event of a name of our own would be an error to Vercel's client, which knows Anthropic's alone. */
void
consent_dialect_anthropic(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f)
{
    bool             stop, delta;
    consent_slice_t  text, type;

    if (f->type.len == 0 || consent_peek_is(f->type, "ai_disclosure")) {
        return;
    }

    stop = consent_peek_is(f->type, "message_stop") || consent_peek_is(f->type, "error");
    delta = consent_peek_is(f->type, "content_block_delta");

    if (!stop) {
        consent_dialect_key(d, action, f);
    }

    if (d->open && d->prose_due && !d->human && (delta || consent_peek_is(f->type, "ping"))) {
        text = consent_peek_get(f->delta, "text", f->lines);

        if (!dialect_told(d, text)) {
            action_add(action, consent_lit("event: content_block_delta\n"
                                           "data: {\"type\":\"content_block_delta\",\"index\":"));
            action_add(action, consent_slice(d->index, d->index_len));
            action_add(action, consent_lit(",\"delta\":{\"type\":\"text_delta\",\"text\":\""));
            action_add(action, d->marks->prose);
            action_add(action, consent_lit("\"}}\n\n"));
            dialect_prose_is_in(d);
        }
    }

    d->open = false;
    d->spoke |= delta;

    if (consent_peek_is(f->type, "content_block_start")) {
        type = consent_peek_get(f->block, "type", f->lines);
        d->spoke |= dialect_speaks(consent_peek_get(f->block, "text", f->lines));

        if (consent_peek_is(type, "text") && f->index.len > 0 && f->index.len <= sizeof(d->index)) {
            d->open = true;
            d->index_len = f->index.len;
            memcpy(d->index, f->index.data, f->index.len);

        } else if (!consent_peek_is(type, "thinking") && !consent_peek_is(type, "redacted_thinking")) {
            d->prose_due = false;
        }

    } else if (stop || consent_peek_is(f->type, "message_delta")) {
        d->prose_due = false;
        d->key_due &= !stop;
    }
}


/* Data parts and further text parts are the protocol's own; both go before the first part behind "start". */
void
consent_dialect_vercel(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f)
{
    consent_slice_t  member;

    if (consent_peek_is(f->type, "start") || consent_peek_is(f->type, "data-ai-disclosure")) {
        return;
    }

    if (consent_peek_is(f->type, "finish") || consent_peek_is(f->type, "abort") || consent_peek_is(f->type, "error")) {
        d->key_due = false;
        d->prose_due = false;
        return;
    }

    if (d->key_due) {
        member = dialect_member(d, false);

        action_add(action, consent_lit("data: {\"type\":\"data-ai-disclosure\",\"id\":\"ai-disclosure\",\"data\":"));
        action_add(action, consent_slice(member.data + sizeof("\"ai_disclosure\":") - 1,
                                         member.len - (sizeof("\"ai_disclosure\":") - 1)));
        action_add(action, consent_lit("}\n\n"));
        d->key_due = false;
        d->key_in = true;
    }

    if (d->prose_due && !d->human
        && (consent_peek_is(f->type, "text-start") || consent_peek_is(f->type, "reasoning-start")))
    {
        if (consent_peek_is(f->id, "ai-disclosure")) {
            d->already = true;
            d->prose_due = false;
            return;
        }

        action_add(action, consent_lit("data: {\"type\":\"text-start\",\"id\":\"ai-disclosure\"}\n\n"
                                       "data: {\"type\":\"text-delta\",\"id\":\"ai-disclosure\",\"delta\":\""));
        action_add(action, d->marks->prose);
        action_add(action, consent_lit("\"}\n\ndata: {\"type\":\"text-end\",\"id\":\"ai-disclosure\"}\n\n"));
        dialect_prose_is_in(d);
    }
}


/* What the machine says first are our words: the stream has been through here before. */
static bool
dialect_told(consent_dialect_t *d, consent_slice_t content)
{
    if (content.len <= d->marks->prose.len
        || memcmp(content.data + 1, d->marks->prose.data, d->marks->prose.len) != 0)
    {
        return false;
    }

    d->already = true;
    d->prose_due = false;

    return true;
}


static bool
dialect_speaks(consent_slice_t value)
{
    return consent_peek_says(value) || (value.len > 2 && value.data[0] == '[');
}


void
consent_dialect_key(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f)
{
    if (!d->key_due || f->mark.len > 0) {
        return;
    }

    action->at = f->inside;
    action->member = dialect_member(d, f->n > 0);
    d->key_due = false;
    d->key_in = true;
}


/* An object of the stream's own kind with our words in it. Where the key is still due it goes into this one, which is
 * the first. */
static void
dialect_clone(consent_dialect_t *d, consent_action_t *action, consent_buf_t *head, const char *tail)
{
    if (head->rc != CONSENT_OK) {
        return;
    }

    action_add(action, d->sse ? consent_lit("data: {") : consent_lit("{"));

    if (d->key_due) {
        action_add(action, dialect_member(d, true));
        d->key_due = false;
        d->key_in = true;
    }

    action_add(action, consent_buf_view(head));
    action_add(action, d->marks->prose);
    action_add(action, consent_cstr(tail));

    if (d->sse) {
        action_add(action, consent_lit("\n"));
    }

    dialect_prose_is_in(d);
}


/* A string or a number of the stream's, as it is written there. */
static void
dialect_copy(consent_buf_t *b, const char *name, consent_slice_t value)
{
    if (value.len == 0 || value.len > COPIED || value.data[0] == '{' || value.data[0] == '[') {
        return;
    }

    consent_buf_char(b, '"');
    consent_buf_str(b, name);
    consent_buf_str(b, "\":");
    consent_buf_slice(b, value);
    consent_buf_char(b, ',');
}


static void
dialect_prose_is_in(consent_dialect_t *d)
{
    d->prose_due = false;
    d->prose_in = true;
    d->preceded = !d->spoke && d->strangers == 0;
}


static consent_slice_t
dialect_member(const consent_dialect_t *d, bool comma)
{
    consent_slice_t  member;

    member = d->human ? d->marks->human : d->marks->member;
    member.len += comma;

    return member;
}


static void
action_add(consent_action_t *action, consent_slice_t piece)
{
    action->before[action->n++] = piece;
}
