/*
 * Finding the end of a cookie pair: the next ';', the first '=' before it, and whether bytes stand between that some
 * servers split at. Sixteen bytes at a time where the processor can.
 */

#ifndef CONSENT_SCAN_H
#define CONSENT_SCAN_H

#include "base/base.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define CONSENT_SCAN_BLOCKS  3      /* of sixteen bytes; a longer pair is left to memchr() */

#define CONSENT_SCAN_QUOTE  1       /* " */
#define CONSENT_SCAN_COMMA  2       /* , */

typedef struct {
    const uint8_t  *end;        /* at the ';', or the end of the input */
    const uint8_t  *equals;     /* NULL: none before end */
    unsigned        flags;      /* of what stands before end */
} consent_scan_t;


static inline void
consent_scan_bytes(consent_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    for ( /* void */ ; p < end && *p != ';'; p++) {

        if (*p == '=') {
            if (s->equals == NULL) {
                s->equals = p;
            }

        } else if (*p == '"') {
            s->flags |= CONSENT_SCAN_QUOTE;

        } else if (*p == ',') {
            s->flags |= CONSENT_SCAN_COMMA;
        }
    }

    s->end = p;
}


/* The rest of a value that is longer than most: the C library looks at more bytes at once than we would. */
static inline void
consent_scan_rest(consent_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    const uint8_t  *e;

    e = memchr(p, ';', (size_t) (end - p));
    s->end = e == NULL ? end : e;

    if (memchr(p, '"', (size_t) (s->end - p)) != NULL) {
        s->flags |= CONSENT_SCAN_QUOTE;
    }

    if (memchr(p, ',', (size_t) (s->end - p)) != NULL) {
        s->flags |= CONSENT_SCAN_COMMA;
    }
}


#if defined(__SSE2__)

static inline unsigned
consent_scan_mask(__m128i bytes, char c)
{
    return (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)));
}


/* Which of sixteen bytes are any of ; " , */
static inline unsigned
consent_scan_stops(__m128i bytes)
{
    return (unsigned) _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(';')),
                                                                  _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'))),
                                                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8(','))));
}

#endif


/* A pair that begins at p. */
static inline void
consent_scan_pair(consent_scan_t *s, const uint8_t *p, const uint8_t *end)
{
    s->equals = NULL;
    s->flags = 0;

#if defined(__SSE2__)

    __m128i   bytes;
    unsigned  n, stops, equals;

    if (end - p >= 16) {
        bytes = _mm_loadu_si128((const __m128i *) (const void *) p);
        stops = consent_scan_stops(bytes);
        equals = consent_scan_mask(bytes, '=');

        if (equals != 0) {
            s->equals = p + __builtin_ctz(equals);

            for (n = 1; stops == 0; n++) {
                p += 16;

                if (n == CONSENT_SCAN_BLOCKS || end - p < 16) {
                    consent_scan_rest(s, p, end);
                    return;
                }

                stops = consent_scan_stops(_mm_loadu_si128((const __m128i *) (const void *) p));
            }

            p += __builtin_ctz(stops);

            if (s->equals > p) {
                s->equals = NULL;
            }

            if (*p == ';') {
                s->end = p;
                return;
            }
        }
    }

#endif

    consent_scan_bytes(s, p, end);
}

#endif
