/*
 * Paths that every server reads alike, which are most: known sixteen bytes at a time where the processor can, and told from
 * those that no pattern can match by their first letter.
 */

#include "policy/policy.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define PLAIN_MAX_LEN  512      /* bytes: no more segments than are read */

static bool plain_bytes(const uint8_t *p, size_t len);
#if defined(__SSE2__)
static bool plain_block(const uint8_t *p, unsigned *carry);
#endif


bool
consent_policy_path_plain(consent_slice_t path)
{
    if (path.len == 0 || path.len > PLAIN_MAX_LEN || path.data[0] != '/' || path.data[path.len - 1] == '.') {
        return false;
    }

    return plain_bytes(path.data, path.len);
}


uint64_t
consent_policy_path_firsts(const consent_list_t *patterns)
{
    size_t           i;
    uint64_t         firsts;
    consent_slice_t  pattern;

    firsts = 0;

    for (i = 0; i < patterns->n; i++) {
        pattern = patterns->items[i];

        /* a star is the first of "*" and "**", or a letter that no plain path has */

        firsts |= pattern.len > 1 && pattern.data[1] == '*' ? UINT64_MAX : consent_policy_path_bit(pattern);
    }

    return firsts;
}


#if defined(__SSE2__)

static bool
plain_bytes(const uint8_t *p, size_t len)
{
    uint8_t   rest[16];
    unsigned  carry;

    carry = 0;

    for ( /* void */ ; len >= 16; p += 16, len -= 16) {
        if (!plain_block(p, &carry)) {
            return false;
        }
    }

    if (len == 0) {
        return true;
    }

    _mm_storeu_si128((__m128i *) (void *) rest, _mm_set1_epi8('x'));
    memcpy(rest, p, len);

    return plain_block(rest, &carry);
}


/* *carry: the byte before was a slash or a dot, behind which no slash may stand. */
static bool
plain_block(const uint8_t *p, unsigned *carry)
{
    __m128i   bytes, letter, digit, good, slash, dot;
    unsigned  slashes, ends;

    bytes = _mm_loadu_si128((const __m128i *) (const void *) p);

    letter = _mm_sub_epi8(_mm_or_si128(bytes, _mm_set1_epi8(0x20)), _mm_set1_epi8('a'));
    digit = _mm_sub_epi8(bytes, _mm_set1_epi8('-'));        /* "-./0123456789" stand in a row */

    good = _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8('z' - 'a')), letter),
                        _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8('9' - '-')), digit));
    good = _mm_or_si128(good, _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('_')),
                                           _mm_cmpeq_epi8(bytes, _mm_set1_epi8('~'))));

    slash = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('/'));
    dot = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('.'));

    slashes = (unsigned) _mm_movemask_epi8(slash);
    ends = (unsigned) _mm_movemask_epi8(_mm_or_si128(slash, dot)) << 1 | *carry;
    *carry = ends >> 16 & 1;

    return _mm_movemask_epi8(good) == 0xffff && (slashes & ends) == 0;
}

#else

static bool
plain_bytes(const uint8_t *p, size_t len)
{
    size_t   i;
    uint8_t  c, before;

    before = 'x';

    for (i = 0; i < len; i++) {
        c = consent_lower(p[i]);

        if (!(c >= 'a' && c <= 'z') && !(c >= '-' && c <= '9') && c != '_' && c != '~') {
            return false;
        }

        if (c == '/' && (before == '/' || before == '.')) {
            return false;
        }

        before = c;
    }

    return true;
}

#endif
