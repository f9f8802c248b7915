/*
 * The inside of JSON strings, resumable at any byte: escapes (RFC 8259, section 7), no control characters, UTF-8
 * (RFC 3629). Sixteen bytes at a time where the processor can.
 */

#ifndef CONSENT_JSON_SCAN_H
#define CONSENT_JSON_SCAN_H

#include "base/base.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define CONSENT_JSON_ESCAPED  1         /* the string has an escape */
#define CONSENT_JSON_WIDE     2         /* ... or bytes beyond ASCII */
#define CONSENT_JSON_UNICODE  4         /* ... or \u escapes: else its text has no letter that is not written */

typedef struct {
    uint8_t         seen;       /* CONSENT_JSON_ESCAPED, ... */
    uint8_t         escape;     /* 1: after a backslash; 2 to 5: hexadecimal digits are to come, one less */
    uint8_t         more;       /* bytes of this character that are to come */
    uint8_t         low;        /* of the next of them, at least */
    uint8_t         high;       /* at most */
    bool            plain;      /* no vector instructions, whatever there is; for tests */
    const uint8_t  *bad;        /* where a string went wrong */
} consent_json_scan_t;

/* Before a string's first byte. */
static inline void
consent_json_scan_begin(consent_json_scan_t *s)
{
    s->seen = 0;
    s->escape = 0;
    s->more = 0;
}

/* Returns where the closing quote is, `end` when it is not there yet, or NULL: s->bad says where. */
const uint8_t *consent_json_scan_rest(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end);

/* The same; short strings of plain letters end here. */
static inline const uint8_t *
consent_json_scan(consent_json_scan_t *s, const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)

    __m128i   bytes;
    unsigned  stops;

    if (end - p >= 16 && !s->plain && s->escape == 0 && s->more == 0) {
        bytes = _mm_loadu_si128((const __m128i *) (const void *) p);

        /* as signed numbers, what is beyond ASCII is below the control characters */
        stops = (unsigned) _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                                       _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
                                                          _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20))));

        if (stops != 0) {
            p += __builtin_ctz(stops);

            if (*p == '"') {
                return p;
            }

        } else {
            p += 16;
        }
    }

#endif

    return consent_json_scan_rest(s, p, end);
}

/* Resolves what stands at p (< end): a byte, an escape, or two that are one character. out holds 4 bytes; *len is how many
 * it has become. A surrogate without its partner becomes U+FFFD. Returns the bytes taken, 0 when more are needed to tell;
 * `last`: no more will come. The string has been scanned. */
size_t consent_json_unescape_one(uint8_t out[static 4], size_t *len, const uint8_t *p, const uint8_t *end, bool last);

#endif
