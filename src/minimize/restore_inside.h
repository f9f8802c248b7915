/*
 * What the files of the way back share: a transform, its document, and its events.
 */

#ifndef CONSENT_RESTORE_INSIDE_H
#define CONSENT_RESTORE_INSIDE_H

#include "minimize/restore.h"
#include "minimize/restore_json.h"
#include "minimize/restore_text.h"

#define CONSENT_RESTORE_EVENT     49152     /* bytes of an event or line in which is restored */
#define CONSENT_RESTORE_TEXTS     8         /* texts under way at once */
#define CONSENT_RESTORE_TEMPLATE  1024      /* bytes of an event around its text, to be sent once more with the rest */
#define CONSENT_RESTORE_STRINGS   32        /* strings of an event in which is restored */

/* A text that comes in pieces: a choice, a content block. */
typedef struct {
    bool                    used;
    uint64_t                key;            /* where its pieces stand, and whose they are */
    uint64_t                who;            /* the choice or block; 0: nobody said */
    uint64_t                ids;            /* of its events, where their dialect is not known */
    consent_escape_t        escape;
    uint16_t                before;         /* bytes of the template before its text */
    uint16_t                len;
    consent_restore_text_t  text;
    uint8_t                 event[CONSENT_RESTORE_TEMPLATE];
} consent_restore_stream_t;

typedef struct {
    bool                      lines;        /* NDJSON: each line is an event */
    bool                      lost;         /* something passed unread: nothing is restored any more */
    bool                      evicted;      /* a text of an unknown dialect was forgotten: no others are begun */
    bool                      oversize;     /* the event under way is passed on as it comes */
    bool                      empty;        /* nothing stands on the line under way */
    bool                      cr;           /* the byte before was a CR that ended a line */
    bool                      json;         /* the data of events is JSON; is plain text */
    bool                      plain;
    uint8_t                   bom;          /* bytes of one at the beginning */
    size_t                    len;          /* of what is kept of the event under way */
    consent_restore_stream_t  streams[CONSENT_RESTORE_TEXTS];
    uint8_t                   event[CONSENT_RESTORE_EVENT];
} consent_restore_events_t;

/* A whole JSON document. Strings of one name may be pieces of one text: what one leaves open holds for the next. */
typedef struct {
    bool                    broken;         /* what follows is passed on */
    bool                    within;         /* a string */
    bool                    reading;        /* it is restored in */
    bool                    type;           /* it is the type of its object */
    size_t                  bom;
    uint64_t                key;
    consent_restore_json_t  json;
    consent_restore_text_t  text;
    struct {
        uint64_t            key;            /* 0: free */
        consent_place_t     place;
    } open[CONSENT_RESTORE_TEXTS];
} consent_restore_document_t;

/* One string of an event. */
typedef struct {
    const uint8_t  *at;
    const uint8_t  *end;
    uint64_t        path;
} consent_restore_string_t;

typedef enum {
    CONSENT_RESTORE_PASS = 0,   /* says nothing about any text */
    CONSENT_RESTORE_DELTA,      /* has pieces of texts */
    CONSENT_RESTORE_WHOLE,      /* has whole texts */
    CONSENT_RESTORE_UNKNOWN     /* may come between a text's pieces or not */
} consent_restore_sort_t;

/* What an event is. */
typedef struct {
    consent_restore_sort_t    sort;
    bool                      ends;         /* texts end with it: those of `who`, or all where it is 0 */
    bool                      unread;       /* it has texts that nobody can tell apart */
    uint64_t                  who;
    uint64_t                  ids;          /* 0: the dialect is known */
    uint64_t                  salt;         /* of keys */
    size_t                    n;
    consent_restore_string_t  strings[CONSENT_RESTORE_STRINGS];
} consent_restore_record_t;

void consent_restore_document_init(consent_restore_document_t *d);
void consent_restore_document_feed(consent_restore_document_t *d, consent_restore_out_t *o, const uint8_t *in,
    size_t n, bool last);

void consent_restore_events_init(consent_restore_events_t *s, bool lines);
void consent_restore_events_feed(consent_restore_events_t *s, consent_restore_out_t *o, const uint8_t *in, size_t n,
    bool last);

/* One event or line: reads it, and passes it on. */
void consent_restore_event(consent_restore_events_t *s, consent_restore_out_t *o, consent_slice_t event);

/* Passes on what texts hold back, each in an event like the one it came in: those of `who`, or all where it is 0.
 * `over`: they have ended. */
void consent_restore_release(consent_restore_events_t *s, consent_restore_out_t *o, uint64_t who, bool over);

/* The next line of an event: [*line, return value), and *p behind its end. */
const uint8_t *consent_restore_line(const uint8_t **p, const uint8_t *end, const uint8_t **line);

/* The data of an event's line, NULL: it has none. In NDJSON a line is data. */
const uint8_t *consent_restore_data(const uint8_t *line, const uint8_t *end, bool lines);

/* Reads the JSON of an event; false: it is none. */
bool consent_restore_record(consent_restore_record_t *r, consent_slice_t event, bool lines);

/* A string that no citizen reads: an id, a role. */
bool consent_restore_dull(const uint8_t *name, size_t len);

#endif
