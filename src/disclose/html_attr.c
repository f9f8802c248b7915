/*
 * The HTML tokenizer's attributes: where a tag ends, and the few values that are kept.
 */

#include "disclose/html_state.h"

static const uint8_t *scan_value(consent_scan_t *s, const uint8_t *p, const uint8_t *end);
static void scan_attr_name(consent_scan_t *s, const uint8_t *from, const uint8_t *to);
static void scan_attr_known(consent_scan_t *s);
static void scan_keep(consent_scan_t *s, const uint8_t *from, const uint8_t *to);


void
consent_scan_capture(consent_scan_t *s)
{
    size_t  i;

    s->capture = true;

    for (i = 0; i < CONSENT_ATTR_COUNT; i++) {
        s->value[i].len = 0;
        s->value[i].seen = false;
    }
}


bool
consent_scan_value(consent_slice_t *value, const consent_scan_t *s, consent_scan_attr_t attr)
{
    const consent_scan_value_t  *v;

    v = &s->value[attr];
    *value = consent_slice(v->data, v->len);

    return v->seen && v->len <= CONSENT_SCAN_VALUE;
}


bool
consent_scan_attributes(consent_scan_t *s, const uint8_t **pp, const uint8_t *end)
{
    const uint8_t  *p, *from;

    p = *pp;

    while (p < end) {

        switch (s->state) {

        case STATE_BEFORE_ATTR:
            while (consent_scan_classes[*p] & CONSENT_SCAN_SPACE) {
                if (++p == end) {
                    *pp = p;
                    return false;
                }
            }

            if (*p == '>') {
                *pp = p + 1;
                return true;
            }

            if (*p == '/') {
                s->state = STATE_SLASH;
                p++;
                break;
            }

            s->state = STATE_ATTR;
            s->attr = CONSENT_ATTR_NONE;
            s->attr_len = 0;

            /* a '=' in the first place belongs to the name */
            from = p++;
            goto name;

        case STATE_ATTR:
            from = p;

        name:
            while (p < end && !(consent_scan_classes[*p] & CONSENT_SCAN_ENDS_ATTR)) {
                p++;
            }

            if (s->capture) {
                scan_attr_name(s, from, p);
            }

            if (p == end) {
                break;
            }

            if (s->capture) {
                scan_attr_known(s);
            }

            s->state = STATE_AFTER_ATTR;

            /* fall through */

        case STATE_AFTER_ATTR:
            if (consent_scan_classes[*p] & CONSENT_SCAN_SPACE) {
                p++;
                break;
            }

            if (*p != '=') {
                s->state = STATE_BEFORE_ATTR;
                break;
            }

            s->state = STATE_BEFORE_VALUE;

            if (++p == end) {
                break;
            }

            /* fall through */

        case STATE_BEFORE_VALUE:
            if (consent_scan_classes[*p] & CONSENT_SCAN_SPACE) {
                p++;
                break;
            }

            s->state = *p == '"' ? STATE_VALUE_DOUBLE : *p == '\'' ? STATE_VALUE_SINGLE : STATE_VALUE_BARE;

            if (s->state != STATE_VALUE_BARE && ++p == end) {
                break;
            }

            /* fall through */

        case STATE_VALUE_DOUBLE:
        case STATE_VALUE_SINGLE:
        case STATE_VALUE_BARE:
            p = scan_value(s, p, end);
            break;

        case STATE_SLASH:
            s->self_closing = *p == '>';
            s->state = STATE_BEFORE_ATTR;
            break;
        }
    }

    *pp = p;

    return false;
}


static const uint8_t *
scan_value(consent_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    const uint8_t  *from;

    from = p;

    if (s->state == STATE_VALUE_BARE) {
        while (p < end && !(consent_scan_classes[*p] & CONSENT_SCAN_ENDS_BARE)) {
            p++;
        }

    } else {
        p = memchr(p, s->state == STATE_VALUE_DOUBLE ? '"' : '\'', (size_t) (end - p));
        p = p == NULL ? end : p;
    }

    if (s->attr != CONSENT_ATTR_NONE) {
        scan_keep(s, from, p);
    }

    if (p == end) {
        return p;
    }

    p += s->state != STATE_VALUE_BARE;
    s->state = STATE_BEFORE_ATTR;

    return p;
}


static void
scan_attr_name(consent_scan_t *s, const uint8_t *from, const uint8_t *to)
{
    for ( /* void */ ; from < to && s->attr_len <= sizeof(s->attr_name); from++) {
        if (s->attr_len < sizeof(s->attr_name)) {
            s->attr_name[s->attr_len] = consent_lower(*from);
        }

        s->attr_len++;
    }
}


static void
scan_attr_known(consent_scan_t *s)
{
    consent_scan_attr_t  attr;

    attr = CONSENT_ATTR_NONE;

    switch (s->attr_len) {

    case 4:
        if (memcmp(s->attr_name, "lang", 4) == 0) {
            attr = CONSENT_ATTR_LABEL;

        } else if (memcmp(s->attr_name, "href", 4) == 0) {
            attr = CONSENT_ATTR_CONTENT;

        } else if (memcmp(s->attr_name, "name", 4) == 0) {
            attr = CONSENT_ATTR_NAME;
        }

        break;

    case 7:
        if (memcmp(s->attr_name, "content", 7) == 0) {
            attr = CONSENT_ATTR_CONTENT;

        } else if (memcmp(s->attr_name, "charset", 7) == 0) {
            attr = CONSENT_ATTR_LABEL;
        }

        break;

    case 8:
        if (s->xml && memcmp(s->attr_name, "xml:lang", 8) == 0) {
            attr = CONSENT_ATTR_LABEL;
        }

        break;

    case 10:
        if (memcmp(s->attr_name, "http-equiv", 10) == 0) {
            attr = CONSENT_ATTR_EQUIV;
        }

        break;
    }

    if (attr != CONSENT_ATTR_NONE && !s->value[attr].seen) {
        s->value[attr].seen = true;
        s->attr = (uint8_t) attr;
    }
}


static void
scan_keep(consent_scan_t *s, const uint8_t *from, const uint8_t *to)
{
    size_t                 len;
    consent_scan_value_t  *v;

    v = &s->value[s->attr];
    len = (size_t) (to - from);

    if (v->len > CONSENT_SCAN_VALUE || len > (size_t) CONSENT_SCAN_VALUE - v->len) {
        v->len = CONSENT_SCAN_VALUE + 1;
        return;
    }

    memcpy(v->data + v->len, from, len);
    v->len = (uint8_t) (v->len + len);
}
