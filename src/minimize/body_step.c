/*
 * How much of a body can be gone through without asking for the time. Most bytes cost next to nothing; what is costly is
 * a place where a number or an address could begin, or a document within a string. Those are counted before, in one of
 * four blocks of sixteen bytes, which nobody outside knows.
 */

#include "minimize/body.h"
#include "minimize/detect_scan.h"

#define STEP_GROUP   64
#define STEP_PLACES  12         /* in what is looked at: about five times as many, of some two thousand instructions each */


#if defined(__SSE2__)

/* A bit for each digit that begins anew close behind others, '@' and backslash. */
static inline unsigned
step_places(const uint8_t *p)
{
    __m128i   v, marks;
    unsigned  digits;

    v = _mm_loadu_si128((const __m128i *) (const void *) p);
    marks = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('@')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')));
    digits = (unsigned) _mm_movemask_epi8(consent_detect_digits(v));

    if (_mm_movemask_epi8(v) != 0) {
        digits |= (unsigned) _mm_movemask_epi8(consent_detect_leads(v));
    }

    return (unsigned) _mm_movemask_epi8(marks)
           | (digits & ~(digits << 1) & (digits << 2 | digits << 3 | digits << 4) & 0xffff);
}

#endif


size_t
consent_body_step(const uint8_t *in, size_t n)
{
    size_t  i, places;

    places = 0;
    i = 0;

#if defined(__SSE2__)

    unsigned  found;

    static uint32_t  which;

    for ( /* void */ ; i + STEP_GROUP <= n; i += STEP_GROUP) {
        which = which * 1664525 + 1013904223;
        found = step_places(in + i + (which >> 30) * 16);

        if (found != 0) {
            places += consent_detect_count(found);

            if (places > STEP_PLACES) {
                return i + STEP_GROUP;
            }
        }
    }

#else

    for ( /* void */ ; i < n && places <= 4 * STEP_PLACES; i++) {
        places += in[i] == '@' || in[i] == '\\' || (in[i] >= '0' && in[i] <= '9') || consent_detect_lead(in[i]);
    }

    return i;

#endif

    return n;
}
