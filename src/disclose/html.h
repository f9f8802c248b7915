/*
 * The HTML stamper: a transform that puts our elements into a page, and nothing else.
 *
 * Only the beginning of a page is read (head and the first of body); the rest passes through untouched. See the rules
 * of insertion at the top of html.c.
 */

#ifndef CONSENT_HTML_H
#define CONSENT_HTML_H

#include "base/transform.h"
#include "disclose/disclose.h"

/* A response whose header waits for consent_stamp_t.decided waits for no more bytes of the page than this. */
#define CONSENT_HTML_LOOKAHEAD  65536

/* Bytes read in search of a place; all but an unfinished tag are passed on while they are read. */
#define CONSENT_STAMP_MAX_READ   (1024 * 1024)

typedef enum {
    CONSENT_CHARSET_UNKNOWN = 0,            /* decide from BOM, meta, else ASCII-safe references */
    CONSENT_CHARSET_UTF8,
    CONSENT_CHARSET_ASCII_SUPERSET,         /* ISO-8859-x, windows-125x, ...: references */
    CONSENT_CHARSET_UTF16LE,
    CONSENT_CHARSET_UTF16BE,
    CONSENT_CHARSET_UNSUPPORTED             /* UTF-7, ISO-2022-*, UTF-32 ...: nothing is inserted */
} consent_charset_t;

/* Why a page carries what it carries; for $consent_disclosure and log entries. */
typedef enum {
    CONSENT_STAMP_PENDING = 0,
    CONSENT_STAMP_SENT,                     /* all that was to be inserted is in */
    CONSENT_STAMP_ALREADY,                  /* our very elements stood in the body already: once is enough */
    CONSENT_STAMP_FRAGMENT,                 /* no doctype, html, head or body: headers only */
    CONSENT_STAMP_FRAMESET,
    CONSENT_STAMP_NO_PLACE,                 /* ended, or CONSENT_STAMP_MAX_READ was read, before the body began */
    CONSENT_STAMP_CHARSET
} consent_stamp_outcome_t;

typedef struct {
    const consent_policy_t      *policy;
    const consent_disclosure_t  *disclosure;
    bool                         ai;                /* an AI made this response: insert meta and notice */
    bool                         contact;           /* insert the contact element, its stylesheet and JSON-LD */
    bool                         at_end;            /* contact after the last byte; not in XHTML */
    bool                         xhtml;             /* application/xhtml+xml: stay well-formed */
    consent_charset_t            charset;           /* of the Content-Type header */
    size_t                       language;          /* index used when the page has no lang of the policy's */
} consent_stamp_conf_t;

typedef struct {
    consent_transform_t      base;
    consent_stamp_outcome_t  outcome;
    size_t                   language;              /* index that was used */
    bool                     language_of_page;      /* the page's own lang decided it, nothing of the request */
    bool                     decided;               /* all that goes in before the end is in */
    bool                     kept;                  /* the upstream's own ai-disclosure meta stands */
    size_t                   inserted;              /* bytes by which the output has grown so far */
} consent_stamp_t;

/* Bytes needed for a stamper, less than 4000; the memory is the caller's (a request's pool), zeroed or not. */
size_t consent_stamp_size(void);

/* Prepares a stamper in memory of consent_stamp_size() bytes, aligned as for malloc. conf and what it points to must
 * outlive it. Never fails. Its feed returns only what emit returns. */
consent_stamp_t *consent_stamp_init(void *memory, const consent_stamp_conf_t *conf);

/* Promises, once, by how many bytes the page will have grown at its end, so that Content-Length can be kept: the exact
 * number when `decided`, otherwise the largest that may be needed; what then finds no place is made up with spaces
 * behind the last byte. */
size_t consent_stamp_promise(consent_stamp_t *h);

/* The charset a Content-Type header value names, and the one that a label of it does. */
consent_charset_t consent_charset_of(consent_slice_t content_type);
consent_charset_t consent_charset_label(consent_slice_t label);

const char *consent_stamp_outcome_name(consent_stamp_outcome_t o);

#endif
