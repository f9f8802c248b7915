/*
 * What a request to a chat says about the answer.
 */

#include "disclose/chat.h"
#include "disclose/peek.h"

static bool chat_spoke(consent_slice_t messages);
static bool chat_json(consent_slice_t format);


void
consent_chat_read(consent_chat_t *chat, consent_slice_t body)
{
    consent_peek_t   it;
    consent_slice_t  name, value;

    memset(chat, 0, sizeof(consent_chat_t));

    if (!consent_peek_object(&it, body, false)) {
        return;
    }

    while (consent_peek_name(&it, &name) && consent_peek_value(&it, &value)) {

        if (consent_slice_eq(name, consent_lit("messages")) || consent_slice_eq(name, consent_lit("input"))) {
            chat->known = true;
            chat->later_turn |= chat_spoke(value);

        } else if (consent_slice_eq(name, consent_lit("prompt"))) {
            chat->known = true;

        } else if (consent_slice_eq(name, consent_lit("previous_response_id"))
                   || consent_slice_eq(name, consent_lit("context")))
        {
            /* OpenAI's Responses and Ollama's generate keep the conversation elsewhere */
            chat->later_turn |= value.data[0] == '"' || value.data[0] == '[';

        } else if (consent_slice_eq(name, consent_lit("response_format"))
                   || consent_slice_eq(name, consent_lit("output_format"))
                   || consent_slice_eq(name, consent_lit("format")))
        {
            chat->wants_json |= chat_json(value);

        } else if (consent_slice_eq(name, consent_lit("text")) || consent_slice_eq(name, consent_lit("output_config"))) {
            chat->wants_json |= chat_json(consent_peek_get(value, "format", false));
        }
    }
}


/* A message of the assistant is among them, by whatever name. */
static bool
chat_spoke(consent_slice_t messages)
{
    consent_peek_t   it;
    consent_slice_t  message, role;

    if (consent_peek_array(&it, messages, false)) {

        while (consent_peek_element(&it, &message)) {
            role = consent_peek_get(message, "role", false);

            if (consent_peek_is(role, "assistant") || consent_peek_is(role, "model")) {
                return true;
            }
        }
    }

    return false;
}


/* "json", a schema, or an object whose type is anything but text. */
static bool
chat_json(consent_slice_t format)
{
    consent_slice_t  type;

    if (format.len == 0) {
        return false;
    }

    if (format.data[0] == '"') {
        return consent_peek_is(format, "json") || consent_peek_is(format, "json_object");
    }

    type = consent_peek_get(format, "type", false);

    return format.data[0] == '{' && !consent_peek_is(type, "text");
}
