/*
 * What a request to a chat says about the answer: whether a person may be told something in it.
 */

#ifndef CONSENT_CHAT_H
#define CONSENT_CHAT_H

#include "base/base.h"

typedef struct {
    bool  known;            /* it is a request to a chat: an object with messages, a prompt or the like */
    bool  later_turn;       /* the assistant has spoken before */
    bool  wants_json;       /* the answer is to be JSON */
} consent_chat_t;

/* Reads a request body, all of it in one piece: OpenAI's, Anthropic's, Ollama's and Vercel's. Linear in its length. What
 * cannot be read is not known, and says neither. */
void consent_chat_read(consent_chat_t *chat, consent_slice_t body);

#endif
