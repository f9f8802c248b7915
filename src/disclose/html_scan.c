/*
 * The HTML tokenizer's middle: text, tags, and who reads on.
 */

#include "disclose/html_state.h"

#define NAME_MAX_LEN  64        /* a tag's name is reported behind so many bytes at the latest */

#define PLAINTEX      CONSENT_TAG('p','l','a','i','n','t','e','x')

#define BREAK  (CONSENT_SCAN_SPACE | CONSENT_SCAN_ENDS_NAME | CONSENT_SCAN_ENDS_ATTR | CONSENT_SCAN_ENDS_BARE)

const uint8_t  consent_scan_classes[256] = {
    ['\t'] = BREAK, ['\n'] = BREAK, ['\f'] = BREAK, ['\r'] = BREAK, [' '] = BREAK,
    ['/'] = CONSENT_SCAN_ENDS_NAME | CONSENT_SCAN_ENDS_ATTR,
    ['>'] = CONSENT_SCAN_ENDS_NAME | CONSENT_SCAN_ENDS_ATTR | CONSENT_SCAN_ENDS_BARE,
    ['='] = CONSENT_SCAN_ENDS_ATTR
};

static consent_scan_event_t scan_data(consent_scan_t *s, const uint8_t **pp, const uint8_t *end);
static bool scan_name(consent_scan_t *s, const uint8_t **pp, const uint8_t *end);
static void scan_tag_end(consent_scan_t *s);


void
consent_scan_init(consent_scan_t *s, bool xml)
{
    memset(s, 0, offsetof(consent_scan_t, value));
    s->xml = xml;
}


bool
consent_scan_at_rest(const consent_scan_t *s)
{
    return s->state == STATE_DATA;
}


bool
consent_scan_in_name(const consent_scan_t *s)
{
    return s->state == STATE_OPEN || s->state == STATE_END_OPEN || s->state == STATE_NAME;
}


consent_scan_event_t
consent_scan(consent_scan_t *s, const uint8_t **pp, const uint8_t *end)
{
    consent_scan_event_t  event;

    while (*pp < end) {

        if (s->state <= STATE_END_OPEN) {
            event = scan_data(s, pp, end);

            if (event != CONSENT_SCAN_MORE) {
                return event;
            }

        } else if (s->state <= STATE_NAME_REST) {
            if (scan_name(s, pp, end)) {
                return CONSENT_SCAN_NAME;
            }

        } else if (s->state <= STATE_SLASH) {
            if (consent_scan_attributes(s, pp, end)) {
                scan_tag_end(s);
                return CONSENT_SCAN_TAG;
            }

        } else if (s->state <= STATE_SCRIPT_WORD) {
            consent_scan_raw(s, pp, end);

        } else {
            event = consent_scan_markup(s, pp, end);

            if (event != CONSENT_SCAN_MORE) {
                return event;
            }
        }
    }

    return CONSENT_SCAN_MORE;
}


/* Text, and what follows a '<'. */
static consent_scan_event_t
scan_data(consent_scan_t *s, const uint8_t **pp, const uint8_t *end)
{
    const uint8_t  *p;

    p = *pp;

    if (s->state == STATE_DATA) {

        if (s->skip_text) {
            p = memchr(p, '<', (size_t) (end - p));
            p = p == NULL ? end : p;

        } else {
            while (p < end && consent_scan_classes[*p] & CONSENT_SCAN_SPACE) {
                p++;
            }
        }

        if (p == end) {
            *pp = p;
            return CONSENT_SCAN_MORE;
        }

        s->token = s->pos + (uint64_t) (p - s->in);

        if (*p != '<') {
            *pp = p;
            return CONSENT_SCAN_TEXT;
        }

        s->state = STATE_OPEN;
        p++;

        if (p == end) {
            *pp = p;
            return CONSENT_SCAN_MORE;
        }
    }

    *pp = p;

    if (consent_scan_letter(*p)) {
        s->closing = s->state == STATE_END_OPEN;
        s->name = 0;
        s->name_len = 0;
        s->state = STATE_NAME;

    } else if (s->state == STATE_END_OPEN) {
        /* "</>" is nothing at all, others are a comment */
        s->state = STATE_BOGUS;

    } else if (*p == '/') {
        s->state = STATE_END_OPEN;
        (*pp)++;

    } else if (*p == '!' || *p == '?') {
        s->state = *p == '!' ? STATE_MARKUP : s->xml ? STATE_PI : STATE_BOGUS;
        s->match = 0;
        (*pp)++;

    } else {
        s->state = STATE_DATA;

        if (!s->skip_text) {
            return CONSENT_SCAN_TEXT;
        }
    }

    return CONSENT_SCAN_MORE;
}


/* True when the name is known. */
static bool
scan_name(consent_scan_t *s, const uint8_t **pp, const uint8_t *end)
{
    uint64_t        name;
    unsigned        len;
    const uint8_t  *p;

    p = *pp;

    if (s->state == STATE_NAME_REST) {
        while (p < end && !(consent_scan_classes[*p] & CONSENT_SCAN_ENDS_NAME)) {
            p++;
        }

        s->state = p < end ? STATE_BEFORE_ATTR : STATE_NAME_REST;
        *pp = p;

        return false;
    }

    name = s->name;
    len = s->name_len;

    while (p < end && !(consent_scan_classes[*p] & CONSENT_SCAN_ENDS_NAME) && len < NAME_MAX_LEN) {
        if (len < 8) {
            name |= (uint64_t) (*p | 0x20) << (len * 8);

        } else {
            /* the only longer name that matters */
            name = len == 8 && name == PLAINTEX && (*p | 0x20) == 't' ? CONSENT_TAG_PLAINTEXT : 0;
        }

        len++;
        p++;
    }

    *pp = p;
    s->name_len = (uint8_t) len;
    s->name = name;

    if (len < NAME_MAX_LEN && p == end) {
        return false;
    }

    s->state = len < NAME_MAX_LEN ? STATE_BEFORE_ATTR : STATE_NAME_REST;
    s->self_closing = false;
    s->capture = false;

    return true;
}


/* What the content of the element is: HTML 13.2.6.2 and "in head", with scripting enabled. */
static void
scan_tag_end(consent_scan_t *s)
{
    s->state = STATE_DATA;

    if (s->closing || s->xml || s->foreign) {
        return;
    }

    switch (s->name) {
    case CONSENT_TAG_SCRIPT:
    case CONSENT_TAG_STYLE:
    case CONSENT_TAG_TITLE:
    case CONSENT_TAG_TEXTAREA:
    case CONSENT_TAG_NOSCRIPT:
    case CONSENT_TAG_NOFRAMES:
    case CONSENT_TAG_NOEMBED:
    case CONSENT_TAG_IFRAME:
    case CONSENT_TAG_PLAINTEXT:
    case CONSENT_TAG_XMP:
        s->state = STATE_RAW;
        s->level = 0;
        s->dashes = 0;
        break;
    default:
        break;
    }
}
