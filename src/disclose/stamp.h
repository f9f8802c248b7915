/*
 * Stampers: transforms that put into a response's body what it says about itself, and nothing else.
 *
 * One interface for all kinds of bodies. Any chunking of a body gives the same output; memory is constant; what is not
 * ours comes out as it went in, in order. Where nothing can go in, the body passes as it came, and the outcome says why.
 */

#ifndef CONSENT_STAMP_H
#define CONSENT_STAMP_H

#include "base/transform.h"
#include "disclose/disclose.h"

typedef enum {
    CONSENT_KIND_OTHER = 0,                 /* has no stamper */
    CONSENT_KIND_HTML,
    CONSENT_KIND_XHTML,
    CONSENT_KIND_JSON,
    CONSENT_KIND_SSE,
    CONSENT_KIND_NDJSON,
    CONSENT_KIND_TEXT,
    CONSENT_KIND_MARKDOWN,
    CONSENT_KIND_PNG,
    CONSENT_KIND_JPEG
} consent_kind_t;

typedef enum {
    CONSENT_CHARSET_UNKNOWN = 0,            /* decide from BOM, meta, else ASCII-safe references */
    CONSENT_CHARSET_UTF8,
    CONSENT_CHARSET_ASCII_SUPERSET,         /* ISO-8859-x, windows-125x, ...: references */
    CONSENT_CHARSET_UTF16LE,
    CONSENT_CHARSET_UTF16BE,
    CONSENT_CHARSET_UNSUPPORTED             /* UTF-7, ISO-2022-*, UTF-32 ...: nothing is inserted */
} consent_charset_t;

/* Why a body carries what it carries; for $consent_disclosure and log entries. */
typedef enum {
    CONSENT_STAMP_PENDING = 0,
    CONSENT_STAMP_SENT,                     /* all that was to be inserted is in */
    CONSENT_STAMP_MACHINE,                  /* only what programs read is in, nothing that people see */
    CONSENT_STAMP_ALREADY,                  /* it was there already: once is enough */
    CONSENT_STAMP_FRAGMENT,                 /* HTML without doctype, html, head or body */
    CONSENT_STAMP_FRAMESET,
    CONSENT_STAMP_NO_PLACE,                 /* it ended, or too much was read, before there was a place */
    CONSENT_STAMP_CHARSET,                  /* no charset that we can write */
    CONSENT_STAMP_FORMAT,                   /* not what its type says, or a JSON value that is no object */
    CONSENT_STAMP_DIALECT,                  /* a stream of events that we do not know */
    CONSENT_STAMP_METADATA,                 /* an image with XMP of its own */
    CONSENT_STAMP_SIGNED                    /* an image with C2PA, which a change of one byte would break */
} consent_stamp_outcome_t;

typedef struct {
    const consent_policy_t      *policy;
    const consent_disclosure_t  *disclosure;
    bool                         ai;                /* an AI made this response */
    bool                         contact;           /* HTML: insert the contact element, its stylesheet and JSON-LD */
    bool                         at_end;            /* HTML: contact after the last byte; not in XHTML */
    bool                         xhtml;             /* application/xhtml+xml: stay well-formed */
    bool                         quiet;             /* chats: no words for people: not the first turn, or the request
                                                       asked for JSON */
    bool                         ui_stream;         /* SSE: x-vercel-ai-ui-message-stream: v1 */
    bool                         trusted;           /* an upstream's own mark that a person writes is believed */
    bool                         offered;           /* a person is offered once more */
    consent_disclosure_t *const *believed;          /* what is said where the body itself says that it is an AI's, by
                                                       consent_mode_t; NULL: it is not listened to. Without `ai` */
    consent_charset_t            charset;           /* of the Content-Type header */
    size_t                       language;          /* index used when the page has no lang of the policy's */
    size_t                       length;            /* bytes of the body where known, otherwise 0 */
    void                      *(*room)(void *arg, size_t size);     /* memory that lives as long as the stamper: asked for
                                                       once, where bytes have to be held back; NULL: there is none */
    void                        *room_arg;
} consent_stamp_conf_t;

typedef struct consent_stamp_s  consent_stamp_t;

struct consent_stamp_s {
    consent_transform_t      base;
    bool                   (*promise)(consent_stamp_t *h, size_t *growth);
    consent_stamp_outcome_t  outcome;
    size_t                   language;              /* index that was used */
    bool                     language_of_page;      /* the page's own lang decided it, nothing of the request */
    bool                     decided;               /* all that goes in before the end is in, nothing more is read */
    bool                     kept;                  /* the upstream's own ai-disclosure meta stands */
    bool                     preceded;              /* the notice for people stands before the first byte of the AI's */
    bool                     human;                 /* chats: a person has taken over */
    consent_mode_t           claim;                 /* what the body says of itself, where it is listened to */
    size_t                   inserted;              /* bytes by which the output has grown so far */
};

/* The kind of body that a Content-Type header value names: CONSENT_KIND_OTHER for all that may not be changed. Of the
 * types of JSON, those whose readers do not mind another member. */
consent_kind_t consent_stamp_kind(consent_slice_t content_type);

/* "html", "json", ...: the words that entries use. */
const char *consent_kind_name(consent_kind_t kind);

/* Bytes needed for a stamper, and at most what conf->room is asked for: less than 70,000 for chats, less than 6,000 for all
 * else. 0 for CONSENT_KIND_OTHER. The memory is the caller's (a request's pool), zeroed or not. */
size_t consent_stamp_size(consent_kind_t kind);

/* Prepares a stamper in memory of consent_stamp_size() bytes, aligned as for malloc. conf and what it points to must
 * outlive it. NULL for CONSENT_KIND_OTHER only. Its feed returns what emit returns, and CONSENT_NOMEM without room. */
consent_stamp_t *consent_stamp_init(void *memory, consent_kind_t kind, const consent_stamp_conf_t *conf);

/* Promises, once, by how many bytes the body will have grown at its end, so that Content-Length can be kept: the exact
 * number when `decided`, otherwise the largest that may be needed; what then finds no place is made up with spaces
 * behind the last byte. False: nothing can be promised (images whose place is not found yet, chats). */
static inline bool
consent_stamp_promise(consent_stamp_t *h, size_t *growth)
{
    return h->promise(h, growth);
}

/* The charset a Content-Type header value names, and the one that a label of it does. */
consent_charset_t consent_charset_of(consent_slice_t content_type);
consent_charset_t consent_charset_label(consent_slice_t label);

const char *consent_stamp_outcome_name(consent_stamp_outcome_t o);

#endif
