/*
 * The tokenizer's states, and what its parts know of each other: html_scan.c reads text and names, html_attr.c the
 * attributes, html_text.c what may look like tags but is none.
 */

#ifndef CONSENT_HTML_STATE_H
#define CONSENT_HTML_STATE_H

#include "disclose/html_scan.h"

enum {
    STATE_DATA = 0,
    STATE_OPEN,                 /* "<" */
    STATE_END_OPEN,             /* "</" */
    STATE_NAME,
    STATE_NAME_REST,            /* of a name too long to be of interest */

    STATE_BEFORE_ATTR,
    STATE_ATTR,
    STATE_AFTER_ATTR,
    STATE_BEFORE_VALUE,
    STATE_VALUE_DOUBLE,
    STATE_VALUE_SINGLE,
    STATE_VALUE_BARE,
    STATE_SLASH,

    STATE_RAW,
    STATE_RAW_OPEN,             /* "<" */
    STATE_RAW_END,              /* "</" */
    STATE_SCRIPT_BANG,          /* "<!" */
    STATE_SCRIPT_BANG_DASH,     /* "<!-" */
    STATE_SCRIPT_WORD,          /* "<" or "</" within escaped text */

    STATE_MARKUP,               /* "<!" */
    STATE_MARKUP_DASH,          /* "<!-" */
    STATE_DOCTYPE_WORD,
    STATE_XML_DOCTYPE,
    STATE_CDATA_WORD,
    STATE_CDATA,
    STATE_BOGUS,                /* to the next '>' */
    STATE_PI,                   /* XML: to "?>" */

    STATE_COMMENT_START,
    STATE_COMMENT_START_DASH,
    STATE_COMMENT,
    STATE_COMMENT_DASH,
    STATE_COMMENT_END,
    STATE_COMMENT_BANG
};

static inline bool
consent_scan_letter(uint8_t c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/* What a byte ends, by its value. */
enum {
    CONSENT_SCAN_SPACE = 1,
    CONSENT_SCAN_ENDS_NAME = 2,
    CONSENT_SCAN_ENDS_ATTR = 4,
    CONSENT_SCAN_ENDS_BARE = 8      /* a value without quotes */
};

extern const uint8_t  consent_scan_classes[256];

/* From STATE_BEFORE_ATTR to STATE_SLASH: true behind the tag's '>', false when p is end. */
bool consent_scan_attributes(consent_scan_t *s, const uint8_t **p, const uint8_t *end);

/* From STATE_RAW to STATE_SCRIPT_WORD: reads on within the element s->name. Stops behind "</name". */
void consent_scan_raw(consent_scan_t *s, const uint8_t **p, const uint8_t *end);

/* From STATE_MARKUP on: comments, doctypes, CDATA sections. CONSENT_SCAN_MORE: the state has changed, or p is end. */
consent_scan_event_t consent_scan_markup(consent_scan_t *s, const uint8_t **p, const uint8_t *end);

#endif
