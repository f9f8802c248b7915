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

#define CONSENT_HTML_LOOKAHEAD  65536       /* bytes read for an insertion point at most */

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
    CONSENT_STAMP_ALREADY,                  /* marked by the upstream; contact inserted */
    CONSENT_STAMP_FRAGMENT,                 /* no doctype, html, head or body: headers only */
    CONSENT_STAMP_FRAMESET,
    CONSENT_STAMP_NO_PLACE,                 /* look-ahead used up */
    CONSENT_STAMP_CHARSET
} consent_stamp_outcome_t;

typedef struct {
    const consent_policy_t      *policy;
    const consent_disclosure_t  *disclosure;
    bool                         ai;                /* insert meta and notice */
    bool                         contact;           /* insert the contact element and the stylesheet */
    bool                         at_end;            /* contact after the last byte */
    bool                         xhtml;             /* application/xhtml+xml: stay well-formed */
    consent_charset_t            charset;           /* of the Content-Type header */
    size_t                       language;          /* index used when the page has no lang of the policy's */
    bool                         pad;               /* keep the length: see consent_html_reserve() */
    size_t                       reserve;           /* bytes announced beyond the page's own length */
} consent_html_conf_t;

typedef struct {
    consent_transform_t      base;
    consent_stamp_outcome_t  outcome;
    size_t                   language;              /* that was used */
    bool                     decided;               /* everything that goes in before the end is known */
    size_t                   inserted;              /* bytes inserted so far */
    void                    *state;                 /* the tokenizer's own */
} consent_html_t;

/* Bytes needed for a consent_html_t with its state; memory is the caller's (a request's pool), zeroed or not. */
size_t consent_html_size(void);

/* Prepares a stamper in memory of consent_html_size() bytes. conf and what it points to must outlive it. Never fails. */
consent_html_t *consent_html_init(void *memory, const consent_html_conf_t *conf);

/* After a feed: when `decided`, the exact number of bytes that will have been inserted at the end of the page, so that
 * Content-Length can be kept. */
size_t consent_html_total(const consent_html_t *h);

/* The charset a Content-Type header value names. */
consent_charset_t consent_charset_of(consent_slice_t content_type);

const char *consent_stamp_outcome_name(consent_stamp_outcome_t o);

#endif
