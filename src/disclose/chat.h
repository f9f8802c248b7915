/*
 * What a request to a chat says about the answer: whether a person may be told something in it. And what it repeats of
 * what people were told before, which is to be taken out: the machine shall not read it as words of its own.
 */

#ifndef CONSENT_CHAT_H
#define CONSENT_CHAT_H

#include "disclose/disclose.h"

typedef struct {
    bool  known;            /* it is a request to a chat: an object with messages, a prompt or the like */
    bool  later_turn;       /* the assistant has spoken before */
    bool  wants_json;       /* the answer is to be JSON */
} consent_chat_t;

/* Reads a request body, all of it in one piece: OpenAI's, Anthropic's, Ollama's and Vercel's. Linear in its length. What
 * cannot be read is not known, and says neither. */
void consent_chat_read(consent_chat_t *chat, consent_slice_t body);

/* Takes our words out of what a body, all of it in one piece, says that the assistant said: the notice of `d` at the
 * beginning of a message or of a part of one, in any of the policy's n languages, and Vercel's part for programs. Spaces
 * where JSON lets them stand make up for it: the body keeps its length. A message that holds nothing else stays as it
 * is, for an empty one is an error to many machines. Linear in its length. True: something was taken out, all of it
 * between *from and *to (offsets in the body; unchanged when false, and only ever widened). */
bool consent_chat_unsay(uint8_t *body, size_t len, const consent_disclosure_t *d, size_t n, size_t *from, size_t *to);

#endif
