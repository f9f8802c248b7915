/*
 * The HTML tokenizer where tags are none: raw text and scripts, comments, doctypes, CDATA sections.
 */

#include "disclose/html_state.h"

static const uint8_t *raw_text(consent_scan_t *s, const uint8_t *p, const uint8_t *end);
static const uint8_t *raw_open(consent_scan_t *s, const uint8_t *p);
static const uint8_t *raw_end(consent_scan_t *s, const uint8_t *p);
static const uint8_t *script_word(consent_scan_t *s, const uint8_t *p);
static const uint8_t *markup_open(consent_scan_t *s, const uint8_t *p);
static const uint8_t *markup_skip(consent_scan_t *s, const uint8_t *p, const uint8_t *end);
static const uint8_t *comment(consent_scan_t *s, const uint8_t *p, const uint8_t *end);


void
consent_scan_raw(consent_scan_t *s, const uint8_t **pp, const uint8_t *end)
{
    const uint8_t  *p;

    p = *pp;

    while (p < end && s->state >= STATE_RAW) {

        switch (s->state) {

        case STATE_RAW:
            p = raw_text(s, p, end);
            break;

        case STATE_RAW_OPEN:
            p = raw_open(s, p);
            break;

        case STATE_RAW_END:
            p = raw_end(s, p);
            break;

        case STATE_SCRIPT_BANG:
        case STATE_SCRIPT_BANG_DASH:
            if (*p != '-') {
                s->state = STATE_RAW;
                break;
            }

            p++;

            if (s->state == STATE_SCRIPT_BANG) {
                s->state = STATE_SCRIPT_BANG_DASH;

            } else {
                s->state = STATE_RAW;
                s->level = 1;
                s->dashes = 2;
            }

            break;

        case STATE_SCRIPT_WORD:
            p = script_word(s, p);
            break;
        }
    }

    *pp = p;
}


/* Text of an element up to the next '<'. In a script after "<!--", dashes count: "-->" ends the escape. */
static const uint8_t *
raw_text(consent_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    if (s->level == 0) {
        p = memchr(p, '<', (size_t) (end - p));

        if (p == NULL) {
            return end;
        }

        s->state = STATE_RAW_OPEN;

        return p + 1;
    }

    for ( /* void */ ; p < end; p++) {

        if (*p == '-') {
            s->dashes = s->dashes == 0 ? 1 : 2;
            continue;
        }

        if (*p == '>' && s->dashes == 2) {
            s->level = 0;
            s->dashes = 0;
            return p + 1;
        }

        s->dashes = 0;

        if (*p == '<') {
            s->state = STATE_RAW_OPEN;
            return p + 1;
        }
    }

    return p;
}


/* Behind a '<'. */
static const uint8_t *
raw_open(consent_scan_t *s, const uint8_t *p)
{
    s->match = 0;

    if (*p == '/') {
        s->state = s->level == 2 ? STATE_SCRIPT_WORD : STATE_RAW_END;
        return p + 1;
    }

    if (s->name == CONSENT_TAG_SCRIPT) {

        if (s->level == 0 && *p == '!') {
            s->state = STATE_SCRIPT_BANG;
            return p + 1;
        }

        if (s->level == 1 && consent_scan_letter(*p)) {
            s->state = STATE_SCRIPT_WORD;
            return p;
        }
    }

    s->state = STATE_RAW;

    return p;
}


/* Behind "</": the element's own name ends it, and nothing else does. */
static const uint8_t *
raw_end(consent_scan_t *s, const uint8_t *p)
{
    uint64_t  next;

    next = s->match < 8 ? s->name >> (s->match * 8) & 0xff : 0;

    if (next != 0 && (*p | 0x20) == next) {
        s->match++;
        return p + 1;
    }

    if (next == 0 && consent_scan_classes[*p] & CONSENT_SCAN_ENDS_NAME) {
        s->closing = true;
        s->self_closing = false;
        s->capture = false;
        s->state = STATE_BEFORE_ATTR;

    } else {
        s->state = STATE_RAW;
    }

    return p;
}


/* Within escaped script text a "<script" begins, and a "</script" ends, a second escape (HTML 13.2.5.26 and .31). */
static const uint8_t *
script_word(consent_scan_t *s, const uint8_t *p)
{
    static const char  script[] = "script";

    if (consent_scan_letter(*p)) {

        if (s->match < 6 && (*p | 0x20) == script[s->match]) {
            s->match++;

        } else {
            s->match = 7;
        }

        return p + 1;
    }

    s->state = STATE_RAW;

    if (!(consent_scan_classes[*p] & CONSENT_SCAN_ENDS_NAME)) {
        return p;
    }

    if (s->match == 6) {
        s->level = s->level == 1 ? 2 : 1;
    }

    return p + 1;
}


consent_scan_event_t
consent_scan_markup(consent_scan_t *s, const uint8_t **pp, const uint8_t *end)
{
    const uint8_t  *p;

    p = *pp;

    while (p < end && s->state >= STATE_MARKUP) {

        switch (s->state) {

        case STATE_MARKUP:
        case STATE_MARKUP_DASH:
        case STATE_CDATA_WORD:
            p = markup_open(s, p);
            break;

        case STATE_DOCTYPE_WORD:
            if ((*p | 0x20) != "doctype"[s->match]) {
                s->state = STATE_BOGUS;
                break;
            }

            p++;

            if (++s->match == 7) {
                s->state = s->xml ? STATE_XML_DOCTYPE : STATE_BOGUS;
                s->match = 0;
                *pp = p;
                return CONSENT_SCAN_DOCTYPE;
            }

            break;

        case STATE_XML_DOCTYPE:
            if (*p == '[' && s->match == 0) {
                *pp = p;
                return CONSENT_SCAN_SUBSET;
            }

            if (s->match != 0) {
                s->match = *p == s->match ? 0 : s->match;

            } else if (*p == '"' || *p == '\'') {
                s->match = *p;

            } else if (*p == '>') {
                s->state = STATE_DATA;
            }

            p++;
            break;

        case STATE_BOGUS:
            p = memchr(p, '>', (size_t) (end - p));

            if (p == NULL) {
                p = end;

            } else {
                p++;
                s->state = STATE_DATA;
            }

            break;

        case STATE_CDATA:
        case STATE_PI:
            p = markup_skip(s, p, end);
            break;

        default:
            p = comment(s, p, end);
            break;
        }
    }

    *pp = p;

    return CONSENT_SCAN_MORE;
}


/* Behind "<!": a comment, a doctype or a CDATA section begins; all else is a comment to the next '>'. */
static const uint8_t *
markup_open(consent_scan_t *s, const uint8_t *p)
{
    if (s->state == STATE_CDATA_WORD) {

        if (*p != "[CDATA["[s->match]) {
            s->state = STATE_BOGUS;
            return p;
        }

        if (++s->match == 7) {
            s->state = STATE_CDATA;
            s->match = 0;
        }

        return p + 1;
    }

    if (s->state == STATE_MARKUP_DASH) {
        s->state = *p == '-' ? STATE_COMMENT_START : STATE_BOGUS;
        return *p == '-' ? p + 1 : p;
    }

    s->match = 0;

    if (*p == '-') {
        s->state = STATE_MARKUP_DASH;
        return p + 1;
    }

    if ((*p | 0x20) == 'd') {
        s->state = STATE_DOCTYPE_WORD;

    } else if (*p == '[' && (s->xml || s->foreign)) {
        s->state = STATE_CDATA_WORD;

    } else {
        s->state = STATE_BOGUS;
    }

    return p;
}


/* To "]]>", or to "?>": s->match counts the bytes before the '>' that were seen. */
static const uint8_t *
markup_skip(consent_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    uint8_t  c, needed;

    c = s->state == STATE_CDATA ? ']' : '?';
    needed = s->state == STATE_CDATA ? 2 : 1;

    if (s->match == 0) {
        p = memchr(p, c, (size_t) (end - p));

        if (p == NULL) {
            return end;
        }
    }

    if (*p == c) {
        s->match = (uint8_t) (s->match < needed ? s->match + 1 : needed);

    } else if (*p == '>' && s->match == needed) {
        s->state = STATE_DATA;

    } else {
        s->match = 0;
    }

    return p + 1;
}


/* HTML 13.2.5.43 to .52: "<!-->" and "<!--->" are whole comments, "--!>" ends one like "-->". */
static const uint8_t *
comment(consent_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    switch (s->state) {

    case STATE_COMMENT_START:
    case STATE_COMMENT_START_DASH:
        if (*p == '>') {
            s->state = STATE_DATA;
            return p + 1;
        }

        if (*p == '-') {
            s->state = s->state == STATE_COMMENT_START ? STATE_COMMENT_START_DASH : STATE_COMMENT_END;
            return p + 1;
        }

        s->state = STATE_COMMENT;

        /* fall through */

    case STATE_COMMENT:
        p = memchr(p, '-', (size_t) (end - p));

        if (p == NULL) {
            return end;
        }

        s->state = STATE_COMMENT_DASH;
        return p + 1;

    case STATE_COMMENT_DASH:
        s->state = *p == '-' ? STATE_COMMENT_END : STATE_COMMENT;
        return p + 1;

    case STATE_COMMENT_END:
        if (*p == '>') {
            s->state = STATE_DATA;

        } else if (*p == '!') {
            s->state = STATE_COMMENT_BANG;

        } else if (*p != '-') {
            s->state = STATE_COMMENT;
        }

        return p + 1;

    default:
        /* behind "--!" */
        s->state = *p == '>' ? STATE_DATA : *p == '-' ? STATE_COMMENT_DASH : STATE_COMMENT;
        return p + 1;
    }
}
