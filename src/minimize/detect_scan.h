/*
 * Finding what a detector could begin to look at: a digit of any script, or an '@'. Sixteen bytes at a time where the
 * processor can.
 */

#ifndef CONSENT_DETECT_SCAN_H
#define CONSENT_DETECT_SCAN_H

#include "base/base.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif


/* The first byte of a character beyond ASCII that may be a digit or an '@': superscripts, and from U+0640 on all but
 * the scripts of the Far East. */
static inline bool
consent_detect_lead(uint8_t c)
{
    return c == 0xc2 || (c >= 0xd9 && (uint8_t) (c - 0xe3) > 6);
}


#if defined(__SSE2__)

static inline __m128i
consent_detect_digits(__m128i v)
{
    __m128i  d;

    d = _mm_sub_epi8(v, _mm_set1_epi8('0'));

    return _mm_cmpeq_epi8(_mm_min_epu8(d, _mm_set1_epi8(9)), d);
}


static inline __m128i
consent_detect_leads(__m128i v)
{
    __m128i  east;

    east = _mm_sub_epi8(v, _mm_set1_epi8((char) 0xe3));

    return _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8((char) 0xc2)),
                        _mm_andnot_si128(_mm_cmpeq_epi8(_mm_min_epu8(east, _mm_set1_epi8(6)), east),
                                         _mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8((char) 0xd9)), v)));
}

#endif


/* The next such byte in [p, end), or end. */
static inline const uint8_t *
consent_detect_next(const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)

    int      found;
    __m128i  v;

    while (end - p >= 16) {
        v = _mm_loadu_si128((const __m128i *) (const void *) p);

        found = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(consent_detect_digits(v), consent_detect_leads(v)),
                                               _mm_cmpeq_epi8(v, _mm_set1_epi8('@'))));

        if (found != 0) {
            return p + __builtin_ctz((unsigned) found);
        }

        p += 16;
    }

#endif

    for ( /* void */ ; p < end; p++) {
        if ((*p >= '0' && *p <= '9') || *p == '@' || consent_detect_lead(*p)) {
            break;
        }
    }

    return p;
}


/* Of a block of sixteen bytes, a bit for each that may be a digit; *ats: one for each that may be an '@', or begin the escape
 * of one. */
#if defined(__SSE2__)

static inline unsigned
consent_detect_bits(__m128i v, unsigned *ats)
{
    *ats = (unsigned) _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('@')),
                                                                  _mm_cmpeq_epi8(v, _mm_set1_epi8('%'))),
                                                     _mm_cmpeq_epi8(v, _mm_set1_epi8((char) 0xef))));

    return (unsigned) _mm_movemask_epi8(_mm_or_si128(consent_detect_digits(v), consent_detect_leads(v)));
}

#endif


static inline unsigned
consent_detect_count(unsigned bits)
{
    bits -= bits >> 1 & 0x5555;
    bits = (bits & 0x3333) + (bits >> 2 & 0x3333);
    bits = (bits + (bits >> 4)) & 0x0f0f;

    return (bits + (bits >> 8)) & 0x1f;
}


/* Fewer than `least` bytes in n that may be digits, and, where `at`, none that may be an '@'. */
static inline bool
consent_detect_few(const uint8_t *p, size_t n, unsigned least, bool at)
{
    size_t          count;
    const uint8_t  *end;

    count = 0;
    end = p + n;

#if defined(__SSE2__)

    __m128i   v;
    unsigned  digits, ats;

    if (n >= 16) {

        for ( /* void */ ; p < end; p += 16) {

            if (end - p >= 16) {
                digits = consent_detect_bits(_mm_loadu_si128((const __m128i *) (const void *) p), &ats);

            } else {
                /* of the last sixteen bytes, some have been counted */
                digits = consent_detect_bits(_mm_loadu_si128((const __m128i *) (const void *) (end - 16)), &ats)
                         >> (16 - (end - p));
            }

            if (at && ats != 0) {
                return false;
            }

            if (digits != 0) {
                count += consent_detect_count(digits);

                if (count >= least) {
                    return false;
                }
            }
        }

        return true;
    }

    if (n >= 8) {
        v = _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *) (const void *) p),
                               _mm_loadl_epi64((const __m128i *) (const void *) (end - 8)));
        digits = consent_detect_bits(v, &ats);
        digits = (digits & 0xff) | (digits >> 8 >> (16 - n)) << 8;

        return !(at && ats != 0) && (digits == 0 || consent_detect_count(digits) < least);
    }

#endif

    for ( /* void */ ; p < end; p++) {
        if (at && (*p == '@' || *p == '%' || *p == 0xef)) {
            return false;
        }

        count += (*p >= '0' && *p <= '9') || consent_detect_lead(*p);
    }

    return count < least;
}

#endif
