/*
 * How often an assistant has failed in a row in a conversation, for all workers: a table of fixed size in shared memory, whose
 * entries are words changed by atomics. It holds keyed hashes, never a conversation's name; a new conversation may take the
 * place of an old one, whose count then begins anew.
 */

#ifndef CONSENT_TURNS_H
#define CONSENT_TURNS_H

#include "base/base.h"

#define CONSENT_TURNS_SLOTS  4096
#define CONSENT_TURNS_OFFER  3          /* failed turns after which a person is offered once more */

/* Zeroed at first. */
typedef struct {
    uint64_t  slots[CONSENT_TURNS_SLOTS];
} consent_turns_t;

/* Each is safe from any thread and process at once, and takes the same short time. hash: of the conversation, under a key
 * that nobody outside knows. */

unsigned consent_turns_failures(consent_turns_t *turns, uint64_t hash);     /* so far */
void consent_turns_failed(consent_turns_t *turns, uint64_t hash);
void consent_turns_answered(consent_turns_t *turns, uint64_t hash);

#endif
