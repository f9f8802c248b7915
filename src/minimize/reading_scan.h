/*
 * Finding what means something in a text of names and values: what a query has between them, and an escape. Sixteen bytes
 * at a time where the processor can.
 */

#ifndef CONSENT_READING_SCAN_H
#define CONSENT_READING_SCAN_H

#include "base/base.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif


/* One of # $ % & or ; < = > ?, of which some mean nothing. */
static inline bool
consent_reading_scan_is(uint8_t c)
{
    return (uint8_t) (c - '#') <= '&' - '#' || (uint8_t) (c - ';') <= '?' - ';';
}


#if defined(__SSE2__)

static inline __m128i
consent_reading_scan_between(__m128i v, char first, char last)
{
    __m128i  d;

    d = _mm_sub_epi8(v, _mm_set1_epi8(first));

    return _mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8((char) (last - first))), d);
}


static inline __m128i
consent_reading_scan_marks(__m128i v)
{
    return _mm_or_si128(consent_reading_scan_between(v, '#', '&'), consent_reading_scan_between(v, ';', '?'));
}

#endif


/* The next such byte in [p, end), or end. */
static inline const uint8_t *
consent_reading_scan(const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)

    int  found;

    for ( /* void */ ; end - p >= 16; p += 16) {
        found = _mm_movemask_epi8(consent_reading_scan_marks(_mm_loadu_si128((const __m128i *) (const void *) p)));

        if (found != 0) {
            return p + __builtin_ctz((unsigned) found);
        }
    }

#endif

    while (p < end && !consent_reading_scan_is(*p)) {
        p++;
    }

    return p;
}


/* The next CR or LF. */
static inline const uint8_t *
consent_reading_scan_break(const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)

    int      found;
    __m128i  v;

    for ( /* void */ ; end - p >= 16; p += 16) {
        v = _mm_loadu_si128((const __m128i *) (const void *) p);
        found = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\r')),
                                               _mm_cmpeq_epi8(v, _mm_set1_epi8('\n'))));

        if (found != 0) {
            return p + __builtin_ctz((unsigned) found);
        }
    }

#endif

    while (p < end && *p != '\r' && *p != '\n') {
        p++;
    }

    return p;
}


/* The next as of consent_reading_scan(), or a line break; or, where `spaces`, any byte up to the space. */
static inline const uint8_t *
consent_reading_scan_line(const uint8_t *p, const uint8_t *end, bool spaces)
{
    uint8_t  first, last;

    first = spaces ? 0 : '\n';
    last = spaces ? ' ' : '\r';

#if defined(__SSE2__)

    int      found;
    __m128i  v;

    for ( /* void */ ; end - p >= 16; p += 16) {
        v = _mm_loadu_si128((const __m128i *) (const void *) p);
        found = _mm_movemask_epi8(_mm_or_si128(consent_reading_scan_marks(v),
                                               consent_reading_scan_between(v, (char) first, (char) last)));

        if (found != 0) {
            return p + __builtin_ctz((unsigned) found);
        }
    }

#endif

    while (p < end && !consent_reading_scan_is(*p) && (uint8_t) (*p - first) > last - first) {
        p++;
    }

    return p;
}

#endif
