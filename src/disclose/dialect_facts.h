/*
 * What dialect.c reads in an event, and dialect_say.c answers it with.
 */

#ifndef CONSENT_DIALECT_FACTS_H
#define CONSENT_DIALECT_FACTS_H

#include "disclose/dialect.h"

/* The members that any dialect looks at, as they are written; empty where they are not there. */
typedef struct {
    consent_slice_t  type;
    consent_slice_t  object;
    consent_slice_t  id;
    consent_slice_t  created;
    consent_slice_t  created_at;
    consent_slice_t  model;
    consent_slice_t  fingerprint;
    consent_slice_t  choices;
    consent_slice_t  message;
    consent_slice_t  response;
    consent_slice_t  thinking;
    consent_slice_t  done;
    consent_slice_t  index;
    consent_slice_t  block;
    consent_slice_t  delta;
    consent_slice_t  data;
    consent_slice_t  mark;
    const uint8_t   *inside;    /* behind the opening bracket; NULL: no object */
    size_t           n;         /* members */
    bool             lines;
} consent_facts_t;

/* One for each dialect: what goes in before the event, or into it. */
void consent_dialect_openai(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f);
void consent_dialect_ollama(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f);
void consent_dialect_anthropic(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f);
void consent_dialect_vercel(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f);

/* The member goes first into the object, unless one of that name is there. */
void consent_dialect_key(consent_dialect_t *d, consent_action_t *action, const consent_facts_t *f);

#endif
