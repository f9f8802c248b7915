/*
 * What is read fast in JSON: sixteen bytes at a time, whether they are there is not asked.
 */

#ifndef CONSENT_JSON_FAST_H
#define CONSENT_JSON_FAST_H

#include "minimize/json_token.h"
#include "minimize/detect_scan.h"

#if defined(__SSE2__)

#define FAST_MARGIN  128
#define FAST_GAP     (JSON_PENDING - 64)     /* bytes before a name: the reader counts precisely */
#define FAST_NUMBER  24         /* bytes of a number */
#define FAST_COLON   ('"' | ':' << 8)


static inline __m128i
fast_load(const uint8_t *p)
{
    return _mm_loadu_si128((const __m128i *) (const void *) p);
}


/* A bit for each of the bytes that is no plain letter of a string, or one that arguments have. As signed numbers, controls
 * and what is beyond ASCII are below the space, so that the difference has its sign. */
static inline unsigned
fast_stops(__m128i v)
{
    __m128i  arguments;

    arguments = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('=')), _mm_cmpeq_epi8(v, _mm_set1_epi8('%')));

    return (unsigned) _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
                                                                  _mm_cmpeq_epi8(v, _mm_set1_epi8('\\'))),
                                                     _mm_or_si128(_mm_subs_epi8(v, _mm_set1_epi8(0x20)), arguments)));
}


/* It may be a path of the policy, or a URL with one. */
static inline bool
fast_path(const json_all_t *all, const uint8_t *p)
{
    return all->paths_too && (*p == '/' || (*p | 0x20) == 'h');
}


/* Nothing for the detectors in the plain letters before the first stop, which are n. */
static inline bool
fast_dull(const json_all_t *all, __m128i v, unsigned stops, size_t n)
{
    __m128i  marks;

    marks = _mm_cmpeq_epi8(v, _mm_set1_epi8('@'));

    if (n >= CONSENT_DETECT_DULL) {
        marks = _mm_or_si128(marks, consent_detect_digits(v));
    }

    return n < all->dull && ((unsigned) _mm_movemask_epi8(marks) & (stops ^ (stops - 1))) == 0;
}


static inline const uint8_t *
fast_space(const uint8_t *p, const uint8_t *stop)
{
    __m128i   bytes;
    unsigned  others;

    for ( /* void */ ; p < stop && (consent_json_class[*p] & JSON_IS_SPACE); p += __builtin_ctz(others | 0x10000)) {
        bytes = fast_load(p);
        others = 0xffff ^ (unsigned) _mm_movemask_epi8(
                     _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))),
                                  _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')),
                                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')))));
    }

    return p;
}


static inline size_t
fast_word(const uint8_t *p)
{
    return memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0 ? 4 : memcmp(p, "false", 5) == 0 ? 5 : 0;
}


/* The same as fast_number() for longer ones. */
static inline const uint8_t *
fast_number_long(const uint8_t *p)
{
    const uint8_t  *start, *most;

    most = p + FAST_NUMBER;
    p += *p == '-';
    start = p;

    while ((unsigned) (*p - '0') < 10) {
        if (++p > most) {
            return NULL;
        }
    }

    if (p == start || (*start == '0' && p - start > 1)) {
        return NULL;
    }

    if (*p == '.') {
        start = ++p;

        while ((unsigned) (*p - '0') < 10) {
            if (++p > most) {
                return NULL;
            }
        }

        if (p == start) {
            return NULL;
        }
    }

    return (*p | 0x20) == 'e' ? NULL : p;
}


/* Where a number ends that is not too long, or NULL. */
static inline __attribute__((always_inline)) const uint8_t *
fast_number(const uint8_t *p)
{
    uint8_t         c;
    unsigned        others, n, more;
    const uint8_t  *start;

    start = p + (*p == '-');
    others = ~(unsigned) _mm_movemask_epi8(consent_detect_digits(fast_load(start)));
    n = (unsigned) __builtin_ctz(others);
    c = start[n];

    if (c == '.') {
        more = (unsigned) __builtin_ctz(others >> (n + 1));

        if (n + more >= 15) {
            return fast_number_long(p);
        }

        if (more == 0) {
            return NULL;
        }

        c = start[n + 1 + more];

        return n == 0 || (n > 1 && *start == '0') || (c | 0x20) == 'e' ? NULL : start + n + 1 + more;
    }

    return n == 0 || n == 16 || (n > 1 && *start == '0') || (c | 0x20) == 'e' ? NULL : start + n;
}

#endif

#endif
