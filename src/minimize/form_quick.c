/*
 * Forms: telling the plain pairs.
 */

#include "minimize/form_quick.h"
#include "minimize/detect.h"
#include "minimize/detect_scan.h"

#if defined(__SSE2__)

static bool quick_begins(const uint8_t *p, const uint8_t *end);
static bool quick_escape(const uint8_t *p, const uint8_t *end, int *digits);


/* Of sixteen bytes a bit for each that a plain name may have. */
static inline unsigned
quick_plain(__m128i v)
{
    __m128i  small;

    small = _mm_sub_epi8(_mm_or_si128(v, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));

    return (unsigned) _mm_movemask_epi8(
               _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(small, _mm_set1_epi8(25)), small),
                                         consent_detect_digits(v)),
                            _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('_')),
                                         _mm_cmpeq_epi8(v, _mm_set1_epi8('-')))));
}


bool
consent_form_quick(const uint8_t *p, const uint8_t *end, const uint8_t *limit, const uint8_t **eq)
{
    int             escaped;
    __m128i         v, digits;
    unsigned        equals, percents;
    const uint8_t  *q;

    static const uint8_t  keep[32] = {
        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
    };

    if (limit - p < 16) {
        return false;
    }

    v = _mm_loadu_si128((const __m128i *) (const void *) p);
    equals = (unsigned) __builtin_ctz(~quick_plain(v));

    if (equals >= 16 || end - p <= (ptrdiff_t) equals || p[equals] != '=' || (uint8_t) (consent_lower(*p) - 'a') > 25) {
        return false;
    }

    *eq = p + equals;

    if (!quick_begins(*eq + 1, end)) {
        return false;
    }

    /* but for the one behind the name */
    equals = 1U << equals;
    escaped = 0;
    digits = _mm_setzero_si128();

    for (q = p; q < end; q += 16) {

        if (limit - q < 16) {
            return false;
        }

        v = _mm_loadu_si128((const __m128i *) (const void *) q);

        if (end - q < 16) {
            v = _mm_and_si128(v, _mm_loadu_si128((const __m128i *) (const void *) (keep + 16 - (end - q))));
        }

        /* whatever is beyond ASCII may be read as something else */

        if (_mm_movemask_epi8(_mm_or_si128(v, _mm_cmpeq_epi8(v, _mm_set1_epi8('@')))) != 0
            || (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('='))) != equals)
        {
            return false;
        }

        equals = 0;
        digits = _mm_sub_epi8(digits, consent_detect_digits(v));
        percents = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('%')));

        for ( /* void */ ; percents != 0; percents &= percents - 1) {
            if (!quick_escape(q + __builtin_ctz(percents), end, &escaped)) {
                return false;
            }
        }

        if (q - p >= 16 * 255) {
            return false;
        }
    }

    digits = _mm_sad_epu8(digits, _mm_setzero_si128());

    return _mm_cvtsi128_si32(digits) + _mm_cvtsi128_si32(_mm_srli_si128(digits, 8)) + escaped < CONSENT_DETECT_DULL;
}


/* A value that begins so may be text, and nothing else. */
static bool
quick_begins(const uint8_t *p, const uint8_t *end)
{
    if (p == end) {
        return true;
    }

    switch (*p) {
    case '/':
    case '\\':
    case '{':
    case '[':
    case '%':
    case '+':
        return false;
    case 'h':
    case 'H':
        return end - p < 4 || !consent_slice_ieq(consent_slice(p, 4), consent_lit("http"));
    default:
        return *p > ' ';
    }
}


static inline unsigned
quick_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return (unsigned) (c - '0');
    }

    c |= 0x20;

    return c >= 'a' && c <= 'f' ? (unsigned) (c - 'a' + 10) : 16;
}


/* At a '%': a whole escape, of what is neither '=' nor '%' nor may be an '@'. */
static bool
quick_escape(const uint8_t *p, const uint8_t *end, int *digits)
{
    unsigned  c, high, low;

    if (end - p < 3) {
        return false;
    }

    high = quick_hex(p[1]);
    low = quick_hex(p[2]);
    c = high << 4 | low;

    if ((high | low) > 15 || c == '@' || c == '=' || c == '%' || c == 0xef) {
        return false;
    }

    /* those of its letters that are digits are counted elsewhere */

    *digits -= (high < 10) + (low < 10);
    *digits += (c >= '0' && c <= '9') || consent_detect_lead((uint8_t) c);

    return true;
}

#else

bool
consent_form_quick(const uint8_t *p, const uint8_t *end, const uint8_t *limit, const uint8_t **eq)
{
    (void) p;
    (void) end;
    (void) limit;
    (void) eq;

    return false;
}

#endif
