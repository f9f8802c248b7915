/*
 * UTF-8 well-formedness (RFC 3629), percent-encoding (RFC 3986) and HTML text.
 */

#include "base/utf8.h"

#define REPLACEMENT  0xfffd

static size_t utf8_length(const uint8_t *p, const uint8_t *end);
static int hex_digit(uint8_t c);


bool
consent_utf8_valid(consent_slice_t s)
{
    size_t          n;
    uint64_t        word;
    const uint8_t  *p, *end;

    if (s.len == 0) {
        return true;
    }

    p = s.data;
    end = p + s.len;

    while (p < end) {
        while (end - p >= 8) {
            memcpy(&word, p, 8);

            if (word & 0x8080808080808080U) {
                break;
            }

            p += 8;
        }

        if (p == end) {
            break;
        }

        n = utf8_length(p, end);

        if (n == 0) {
            return false;
        }

        p += n;
    }

    return true;
}


uint32_t
consent_utf8_next(const uint8_t **p, const uint8_t *end)
{
    const uint8_t  *s;

    s = *p;

    switch (utf8_length(s, end)) {
    case 1:
        *p += 1;
        return s[0];

    case 2:
        *p += 2;
        return (uint32_t) (s[0] & 0x1f) << 6 | (s[1] & 0x3f);

    case 3:
        *p += 3;
        return (uint32_t) (s[0] & 0x0f) << 12 | (uint32_t) (s[1] & 0x3f) << 6 | (s[2] & 0x3f);

    case 4:
        *p += 4;
        return (uint32_t) (s[0] & 0x07) << 18 | (uint32_t) (s[1] & 0x3f) << 12 | (uint32_t) (s[2] & 0x3f) << 6
               | (s[3] & 0x3f);

    default:
        *p += 1;
        return REPLACEMENT;
    }
}


size_t
consent_utf8_put(uint8_t *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (uint8_t) c;
        return 1;
    }

    if (c < 0x800) {
        out[0] = (uint8_t) (0xc0 | c >> 6);
        out[1] = (uint8_t) (0x80 | (c & 0x3f));
        return 2;
    }

    if (c < 0x10000) {
        out[0] = (uint8_t) (0xe0 | c >> 12);
        out[1] = (uint8_t) (0x80 | (c >> 6 & 0x3f));
        out[2] = (uint8_t) (0x80 | (c & 0x3f));
        return 3;
    }

    out[0] = (uint8_t) (0xf0 | c >> 18);
    out[1] = (uint8_t) (0x80 | (c >> 12 & 0x3f));
    out[2] = (uint8_t) (0x80 | (c >> 6 & 0x3f));
    out[3] = (uint8_t) (0x80 | (c & 0x3f));

    return 4;
}


size_t
consent_percent_decode(uint8_t *out, consent_slice_t in, bool form)
{
    int       high, low;
    size_t    i;
    uint8_t   c, *p;

    p = out;

    for (i = 0; i < in.len; i++) {
        c = in.data[i];

        if (c == '%' && in.len - i > 2) {
            high = hex_digit(in.data[i + 1]);
            low = hex_digit(in.data[i + 2]);

            if (high >= 0 && low >= 0) {
                c = (uint8_t) (high << 4 | low);
                i += 2;
            }

        } else if (c == '+' && form) {
            c = ' ';
        }

        *p++ = c;
    }

    return (size_t) (p - out);
}


void
consent_percent_encode(consent_buf_t *b, consent_slice_t s)
{
    static const char  digits[] = "0123456789ABCDEF";

    size_t   i;
    uint8_t  c;
    char     escape[3];

    for (i = 0; i < s.len; i++) {
        c = s.data[i];

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.'
            || c == '_' || c == '~')
        {
            consent_buf_char(b, (char) c);
            continue;
        }

        escape[0] = '%';
        escape[1] = digits[c >> 4];
        escape[2] = digits[c & 15];
        consent_buf_add(b, escape, 3);
    }
}


void
consent_html_escape(consent_buf_t *b, consent_slice_t s)
{
    uint32_t        c;
    const char     *as;
    const uint8_t  *p, *end, *from, *at;

    p = s.data;
    end = p + s.len;
    from = p;

    while (p < end) {
        at = p;

        if (*p < 0x80) {
            c = *p++;

            switch (c) {
            case '&':
                as = "&amp;";
                break;
            case '<':
                as = "&lt;";
                break;
            case '>':
                as = "&gt;";
                break;
            case '"':
                as = "&quot;";
                break;
            case '\'':
                as = "&#39;";
                break;
            default:
                as = (c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f ? "\xef\xbf\xbd" : NULL;
                break;
            }

        } else {
            c = consent_utf8_next(&p, end);
            as = c < 0xa0 || c == REPLACEMENT ? "\xef\xbf\xbd" : NULL;
        }

        if (as != NULL) {
            consent_buf_add(b, from, (size_t) (at - from));
            consent_buf_str(b, as);
            from = p;
        }
    }

    consent_buf_add(b, from, (size_t) (end - from));
}


/* The length of the well-formed sequence at p (< end), 0 if there is none. RFC 3629, section 4. */
static size_t
utf8_length(const uint8_t *p, const uint8_t *end)
{
    size_t   n, i, left;
    uint8_t  low, high;

    if (p[0] < 0x80) {
        return 1;
    }

    low = 0x80;
    high = 0xbf;

    if (p[0] < 0xc2) {
        return 0;

    } else if (p[0] < 0xe0) {
        n = 2;

    } else if (p[0] < 0xf0) {
        n = 3;

        if (p[0] == 0xe0) {
            low = 0xa0;

        } else if (p[0] == 0xed) {
            high = 0x9f;
        }

    } else if (p[0] < 0xf5) {
        n = 4;

        if (p[0] == 0xf0) {
            low = 0x90;

        } else if (p[0] == 0xf4) {
            high = 0x8f;
        }

    } else {
        return 0;
    }

    left = (size_t) (end - p);

    if (left < n || p[1] < low || p[1] > high) {
        return 0;
    }

    for (i = 2; i < n; i++) {
        if ((p[i] & 0xc0) != 0x80) {
            return 0;
        }
    }

    return n;
}


static int
hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = consent_lower(c);

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
