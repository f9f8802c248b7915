/*
 * Strings that are longer than a few letters, that have escapes or letters beyond ASCII, or that come in pieces.
 */

#include "base/utf8.h"
#include "minimize/json_scan.h"

static const uint8_t *scan_resume(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end);
static const uint8_t *scan_escape(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end);
static const uint8_t *scan_wide(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end);
static bool scan_lead(consent_json_scan_t *s, uint8_t c);
static uint32_t scan_hex(const uint8_t *p);

#define X  0xff

/* Hexadecimal digits. */
static const uint8_t  scan_digits[256] = {
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, X, X, X, X, X, X,
    X, 10, 11, 12, 13, 14, 15, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, 10, 11, 12, 13, 14, 15, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X,  X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X
};

#undef X

/* What a letter after a backslash stands for. */
static const uint8_t  scan_escapes[256] = {
    ['"'] = '"', ['\\'] = '\\', ['/'] = '/', ['b'] = '\b', ['f'] = '\f', ['n'] = '\n', ['r'] = '\r', ['t'] = '\t'
};


const uint8_t *
consent_json_scan_rest(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    uint8_t  c;

#if defined(__SSE2__)

    __m128i   bytes;
    unsigned  stops;

#endif

    if (s->escape != 0 || s->more != 0) {
        p = scan_resume(s, p, end);
    }

    while (p != NULL && p < end) {

#if defined(__SSE2__)

        if (!s->plain) {

            while (end - p >= 16) {
                bytes = _mm_loadu_si128((const __m128i *) (const void *) p);
                stops = (unsigned) _mm_movemask_epi8(
                            _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                      _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
                                         _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20))));

                if (stops != 0) {
                    p += __builtin_ctz(stops);
                    break;
                }

                p += 16;
            }

            if (p == end) {
                break;
            }
        }

#endif

        c = *p;

        if (c == '"') {
            return p;
        }

        if (c == '\\') {
            p = scan_escape(s, p, end);

        } else if (c >= 0x80) {
            p = scan_wide(s, p, end);

        } else if (c < 0x20) {
            s->bad = p;
            return NULL;

        } else {
            p++;
        }
    }

    return p;
}


/* Byte by byte through what was begun in an earlier piece. */
static const uint8_t *
scan_resume(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    uint8_t  c;

    for ( /* void */ ; p < end && (s->escape != 0 || s->more != 0); p++) {
        c = *p;

        if (s->more != 0) {

            if (c < s->low || c > s->high) {
                s->bad = p;
                return NULL;
            }

            s->more--;
            s->low = 0x80;
            s->high = 0xbf;

        } else if (s->escape == 1) {

            if (c != 'u' && scan_escapes[c] == 0) {
                s->bad = p;
                return NULL;
            }

            s->escape = c == 'u' ? 5 : 0;
            s->seen |= c == 'u' ? CONSENT_JSON_UNICODE : 0;

        } else {

            if (scan_digits[c] == 0xff) {
                s->bad = p;
                return NULL;
            }

            s->escape = s->escape == 2 ? 0 : (uint8_t) (s->escape - 1);
        }
    }

    return p;
}


/* At a backslash. */
static const uint8_t *
scan_escape(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    s->seen |= CONSENT_JSON_ESCAPED;

    if (end - p >= 6) {

        if (scan_escapes[p[1]] != 0) {
            return p + 2;
        }

        if (p[1] == 'u' && ((scan_digits[p[2]] | scan_digits[p[3]] | scan_digits[p[4]] | scan_digits[p[5]]) & 0x80) == 0)
        {
            s->seen |= CONSENT_JSON_UNICODE;
            return p + 6;
        }
    }

    s->escape = 1;

    return scan_resume(s, p + 1, end);
}


/* At bytes beyond ASCII, as many as there are in a row. RFC 3629, section 4. */
static const uint8_t *
scan_wide(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    uint8_t  c;

    s->seen |= CONSENT_JSON_WIDE;

    while (p < end && *p >= 0x80) {
        c = *p;

        if (end - p >= 4) {

            if (c >= 0xc2 && c < 0xe0) {
                if ((p[1] & 0xc0) == 0x80) {
                    p += 2;
                    continue;
                }

            } else if (c >= 0xe1 && c < 0xf0 && c != 0xed) {
                if ((p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80) {
                    p += 3;
                    continue;
                }

            } else if (c >= 0xf1 && c < 0xf4) {
                if ((p[1] & 0xc0) == 0x80 && (p[2] & 0xc0) == 0x80 && (p[3] & 0xc0) == 0x80) {
                    p += 4;
                    continue;
                }
            }
        }

        if (!scan_lead(s, c)) {
            s->bad = p;
            return NULL;
        }

        p = scan_resume(s, p + 1, end);

        if (p == NULL) {
            return NULL;
        }
    }

    return p;
}


/* The first byte of a character: what must follow it. */
static bool
scan_lead(consent_json_scan_t *s, uint8_t c)
{
    s->low = 0x80;
    s->high = 0xbf;

    if (c < 0xc2 || c > 0xf4) {
        return false;
    }

    if (c < 0xe0) {
        s->more = 1;

    } else if (c < 0xf0) {
        s->more = 2;
        s->low = c == 0xe0 ? 0xa0 : 0x80;
        s->high = c == 0xed ? 0x9f : 0xbf;

    } else {
        s->more = 3;
        s->low = c == 0xf0 ? 0x90 : 0x80;
        s->high = c == 0xf4 ? 0x8f : 0xbf;
    }

    return true;
}


size_t
consent_json_unescape_one(uint8_t out[static 4], size_t *len, const uint8_t *p, const uint8_t *end, bool last)
{
    uint32_t  c, low;

    *len = 1;

    if (*p != '\\') {
        out[0] = *p;
        return 1;
    }

    if (end - p < 2 || (p[1] == 'u' && end - p < 6)) {
        *len = 0;
        return last ? (size_t) (end - p) : 0;       /* a string that does not end: nobody will read it */
    }

    if (p[1] != 'u') {
        out[0] = scan_escapes[p[1]];
        return 2;
    }

    c = scan_hex(p + 2);

    if (c < 0xd800 || c > 0xdfff) {
        *len = consent_utf8_put(out, c);
        return 6;
    }

    if (c < 0xdc00) {

        if (!last && (end - p < 7 || (p[6] == '\\' && (end - p < 8 || (p[7] == 'u' && end - p < 12))))) {
            *len = 0;
            return 0;
        }

        if (end - p >= 12 && p[6] == '\\' && p[7] == 'u') {
            low = scan_hex(p + 8);

            if (low >= 0xdc00 && low <= 0xdfff) {
                *len = consent_utf8_put(out, 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00));
                return 12;
            }
        }
    }

    *len = consent_utf8_put(out, 0xfffd);

    return 6;
}


static uint32_t
scan_hex(const uint8_t *p)
{
    return (uint32_t) (scan_digits[p[0]] & 15) << 12 | (uint32_t) (scan_digits[p[1]] & 15) << 8
           | (uint32_t) (scan_digits[p[2]] & 15) << 4 | (scan_digits[p[3]] & 15);
}
