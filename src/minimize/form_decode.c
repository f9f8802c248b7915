/*
 * Forms: what raw bytes stand for, and whether a text is JSON, or a path.
 */

#include "base/utf8.h"
#include "minimize/form.h"
#include "minimize/detect_scan.h"
#include "minimize/path.h"

#define FORM_LEVELS    4       /* escapes in escapes that are read: nobody decodes a value more often */
#define FORM_MAX_PATH  2048    /* bytes before the query of a URL in a value, escapes and all */

static size_t form_plain(uint8_t *out, const uint8_t *raw, size_t len);
static inline bool form_dull_escape(const uint8_t *p, const uint8_t *end, unsigned *digits, unsigned *skip);
static size_t form_escape(uint32_t *code, const uint8_t *p, size_t len, bool last);


/* One more than its value; 0: no hexadecimal digit. */
static const uint8_t  form_digit[256] = {
    ['0'] = 1, ['1'] = 2, ['2'] = 3, ['3'] = 4, ['4'] = 5, ['5'] = 6, ['6'] = 7, ['7'] = 8, ['8'] = 9, ['9'] = 10,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
    ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16
};


static inline int
form_hex(uint8_t c)
{
    return form_digit[c] - 1;
}


size_t
consent_form_unit(uint8_t out[static 3], size_t *out_len, const uint8_t *raw, size_t len, bool last)
{
    size_t    i, n, used;
    uint32_t  code;

    out[0] = raw[0] == '+' ? ' ' : raw[0];
    *out_len = 1;

    if (raw[0] != '%') {
        return 1;
    }

    for (used = 1, i = 0; i < FORM_LEVELS; i++) {

        n = form_escape(&code, raw + used, len - used, last);

        if (n == 0) {
            return 0;
        }

        if (n == SIZE_MAX) {
            return used;
        }

        used += n;

        if (code != '%') {
            break;
        }
    }

    if (n == 2) {
        /* a byte, as it is */
        out[0] = (uint8_t) code;

    } else {
        *out_len = consent_utf8_put(out, code);
    }

    return used;
}


size_t
consent_form_decode(uint8_t *out, size_t *used, const uint8_t *raw, size_t len, bool last)
{
    int      high, low;
    size_t   i, k, n, w;
    uint8_t  unit[3];

    w = 0;

    for (i = 0; i < len; i += n) {

        if (raw[i] != '%') {
            n = form_plain(out + w, raw + i, len - i);
            w += n;
            continue;
        }

        if (len - i >= 3) {
            high = form_hex(raw[i + 1]);
            low = form_hex(raw[i + 2]);

            if ((high | low) >= 0 && (high << 4 | low) != '%') {
                out[w++] = (uint8_t) (high << 4 | low);
                n = 3;
                continue;
            }
        }

        n = consent_form_unit(unit, &k, raw + i, len - i, last);

        if (n == 0) {
            break;
        }

        memcpy(out + w, unit, k);
        w += k;
    }

    *used = i;

    return w;
}


bool
consent_form_dull(const uint8_t *raw, size_t len)
{
    unsigned        digits, skip, here;
    const uint8_t  *p, *end;

    digits = 0;
    skip = 0;           /* a bit for each of the bytes that come which belong to an escape */
    end = raw + len;
    p = raw;

#if defined(__SSE2__)

    __m128i   v;
    unsigned  k, found, ats, percents, done;

    while (len >= 16 && p < end) {
        done = end - p >= 16 ? 0 : (unsigned) (16 - (end - p));
        v = _mm_loadu_si128((const __m128i *) (const void *) (p - done));
        found = consent_detect_bits(v, &ats) >> done;
        percents = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('%'))) >> done;

        if (ats >> done != 0) {
            return false;
        }

        for ( /* void */ ; percents != 0; percents &= percents - 1) {
            k = (unsigned) __builtin_ctz(percents);

            if (!form_dull_escape(p + k, end, &digits, &here)) {
                return false;
            }

            skip |= here << k;
        }

        found &= ~skip;
        skip >>= 16;
        digits += found == 0 ? 0 : consent_detect_count(found & 0xffff);

        if (digits >= CONSENT_DETECT_DULL) {
            return false;
        }

        p += 16;
    }

#endif

    for ( /* void */ ; p < end; p++, skip >>= 1) {

        if (*p == '@' || *p == 0xef) {
            return false;
        }

        if (*p == '%') {

            if (!form_dull_escape(p, end, &digits, &here)) {
                return false;
            }

            skip |= here;

        } else if (!(skip & 1)) {
            digits += (*p >= '0' && *p <= '9') || consent_detect_lead(*p);
        }
    }

    return digits < CONSENT_DETECT_DULL;
}


/* At a '%'; *skip: a bit for each byte of what follows it that is not read by itself. False: it has to be decoded. */
static inline bool
form_dull_escape(const uint8_t *p, const uint8_t *end, unsigned *digits, unsigned *skip)
{
    int      high, low;
    uint8_t  c;

    *skip = 0;

    if (end - p < 3) {
        return true;
    }

    if (p[1] == 'u' || p[1] == 'U') {
        return false;
    }

    high = form_hex(p[1]);
    low = form_hex(p[2]);

    if ((high | low) < 0) {
        return true;
    }

    c = (uint8_t) (high << 4 | low);
    *skip = 6;
    *digits += (c >= '0' && c <= '9') || consent_detect_lead(c);

    return c != '%' && c != '@' && c != 0xef;
}


/* What needs no decoding but of '+', up to the next '%', some of it at a time. */
static size_t
form_plain(uint8_t *out, const uint8_t *raw, size_t len)
{
    size_t  i;

#if defined(__SSE2__)

    __m128i   v, plus;
    unsigned  percents;

    if (len >= 16) {
        v = _mm_loadu_si128((const __m128i *) (const void *) raw);
        percents = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('%')));
        plus = _mm_and_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('+')), _mm_set1_epi8('+' ^ ' '));
        _mm_storeu_si128((__m128i *) (void *) out, _mm_xor_si128(v, plus));

        return percents == 0 ? 16 : (size_t) __builtin_ctz(percents);
    }

#endif

    for (i = 0; i < len && raw[i] != '%'; i++) {
        out[i] = raw[i] == '+' ? ' ' : raw[i];
    }

    return i;
}


/* What follows a '%': the length of an escape, 0 if more is needed to tell, SIZE_MAX if it is none. */
static size_t
form_escape(uint32_t *code, const uint8_t *p, size_t len, bool last)
{
    int     h;
    size_t  i, n;

    *code = 0;
    i = len > 0 && (p[0] == 'u' || p[0] == 'U');
    n = i == 0 ? 2 : 5;

    for ( /* void */ ; i < n; i++) {

        if (i >= len) {
            return last ? SIZE_MAX : 0;
        }

        h = form_hex(p[i]);

        if (h < 0) {
            return SIZE_MAX;
        }

        *code = *code << 4 | (uint32_t) h;
    }

    return n;
}


consent_form_sight_t
consent_form_sight(const uint8_t *text, size_t len)
{
    bool     open;
    size_t   i;
    uint8_t  c;

    static const char  before[] = " \t\r\n0123456789.,+-eE[]{}:truefalsn";

    i = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    open = false;

    for ( /* void */ ; i < len; i++) {
        c = text[i];

        if (!open) {

            if (c == '{' || c == '[') {
                open = true;

            } else if (c != ' ' && c != '\t' && c != '\r' && c != '\n') {
                return CONSENT_FORM_TEXT;
            }

        } else if (c == '"') {
            return CONSENT_FORM_JSON;

        } else if (memchr(before, c, sizeof(before) - 1) == NULL) {
            return CONSENT_FORM_TEXT;
        }
    }

    return CONSENT_FORM_EITHER;
}


consent_mask_t
consent_form_path(uint8_t *text, consent_slice_t value, const consent_policy_t *policy)
{
    size_t  len, used;

    if (memchr("/\\%hH", value.data[0], 5) == NULL) {
        return 0;
    }

    len = consent_form_decode(text, &used, value.data, value.len < 64 ? value.len : 64, true);

    if (len == 0 || (text[0] != '/' && text[0] != '\\'
                     && (len < 5 || !consent_slice_ieq(consent_slice(text, 4), consent_lit("http")))))
    {
        return 0;
    }

    if (value.len > FORM_MAX_PATH) {

        for (len = 0; len < FORM_MAX_PATH && value.data[len] != '?' && value.data[len] != '#'; len++) {
            if (value.data[len] == '%' && value.len - len >= 3 && (memcmp(value.data + len, "%3F", 3) == 0
                || memcmp(value.data + len, "%3f", 3) == 0 || memcmp(value.data + len, "%23", 3) == 0))
            {
                break;
            }
        }

        if (len == FORM_MAX_PATH) {
            /* a picture, say: in base64 most photographs begin with a '/' */
            return 0;
        }

        value.len = len;
    }

    return consent_path_carries(value, policy, true);
}
