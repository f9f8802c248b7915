/*
 * The dialects of chat streams: what goes in before an event, or into it.
 *
 * Everything goes in before or into the event at hand, never behind it, so that nothing has to wait for what comes next
 * and nothing is doubled where the next event is ours already. Never an id or a retry of ours, never a comment, nothing
 * but a chunk of the stream's own kind where a strict client would choke on anything else.
 */

#ifndef CONSENT_DIALECT_H
#define CONSENT_DIALECT_H

#include "disclose/stamp.h"

#define CONSENT_DIALECT_STRANGERS  8        /* events that nobody knows, after which the stream counts as unknown */
#define CONSENT_DIALECT_LISTENS    4        /* events in which a stream may say what it is */
#define CONSENT_DIALECT_PIECES     12

typedef enum {
    CONSENT_DIALECT_NONE = 0,               /* not known yet */
    CONSENT_DIALECT_OPENAI,                 /* chat.completion.chunk */
    CONSENT_DIALECT_KEY,                    /* text_completion, and OpenAI's Responses: a key, and no words */
    CONSENT_DIALECT_ANTHROPIC,
    CONSENT_DIALECT_VERCEL,                 /* UI message stream, version 1 */
    CONSENT_DIALECT_OLLAMA                  /* /api/chat and /api/generate */
} consent_dialect_kind_t;

typedef struct {
    const consent_stamp_conf_t  *conf;
    const consent_marks_t       *marks;
    consent_dialect_kind_t       kind;
    bool                         sse;       /* events; otherwise one object a line */
    bool                         key_due;   /* what programs read is still to go in */
    bool                         prose_due; /* the words for people are */
    bool                         key_in;
    bool                         prose_in;
    bool                         already;   /* either was there */
    bool                         preceded;
    bool                         spoke;     /* the machine has said something */
    bool                         human;     /* a person writes: the upstream says so, and is trusted */
    bool                         listens;   /* to what the stream says of itself, before anything is said of it */
    size_t                       heard;     /* events since then */
    consent_mode_t               claim;     /* and what it said */
    bool                         open;      /* Anthropic: a block of text has begun, the words go before what follows */
    size_t                       strangers;
    size_t                       index_len;
    uint8_t                      index[8];  /* of that block */
    uint8_t                      head[1024];
} consent_dialect_t;

/* An event, or a line. */
typedef struct {
    consent_slice_t  name;                  /* of its "event" line */
    consent_slice_t  data;                  /* from the first byte of its data to the last, where it has any */
    bool             mixed;                 /* other lines stand between those of the data */
} consent_unit_t;

/* What is to be done with it. */
typedef struct {
    consent_slice_t  before[CONSENT_DIALECT_PIECES];    /* goes before it, '\n' for an end of line */
    size_t           n;
    const uint8_t   *at;                    /* where `member` goes in, or NULL */
    consent_slice_t  member;
} consent_action_t;

/* marks and conf must outlive it. */
void consent_dialect_init(consent_dialect_t *d, const consent_stamp_conf_t *conf, const consent_marks_t *marks,
    bool sse);

/* The pieces of the action live until the next call, those of d->head too; all others as long as the configuration. */
void consent_dialect_unit(consent_dialect_t *d, consent_action_t *action, const consent_unit_t *unit);

/* An event passed that was too long to be read. */
void consent_dialect_stranger(consent_dialect_t *d);

/* Nothing will be done any more, whatever comes. */
bool consent_dialect_done(const consent_dialect_t *d);

consent_stamp_outcome_t consent_dialect_outcome(const consent_dialect_t *d);

#endif
