/*
 * Reading characters: which of Unicode's digits, letters, dashes, spaces and hidden characters stand for what
 * (UnicodeData 15: decimal digits of all scripts; compatibility forms as NFKC reads them). What is not UTF-8 is read
 * as windows-1252.
 */

#include "minimize/detect_sight.h"
#include "base/utf8.h"

#define SIGHT_SEPARATORS  3          /* in a row, before a number ends */

typedef struct {
    uint32_t  first;
    uint32_t  last;
    uint8_t   c;
} sight_range_t;

/* The zero of each ten decimal digits beyond U+FFFF and below it, in order; U+1D7CE is followed by four more sets. */
static const uint32_t  sight_zeros[] = {
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6,
    0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0,
    0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x11066,
    0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50,
    0x11da0, 0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0,
    0x1e950, 0x1fbf0
};

/* What is not a letter, in order; all else beyond ASCII is one. */
static const sight_range_t  sight_ranges[] = {
    { 0x0080, 0x009f, CONSENT_SIGHT_OTHER },
    { 0x00a0, 0x00a0, ' ' },
    { 0x00a1, 0x00a9, CONSENT_SIGHT_OTHER },
    { 0x00ab, 0x00ac, CONSENT_SIGHT_OTHER },
    { 0x00ad, 0x00ad, CONSENT_SIGHT_SOFT },
    { 0x00ae, 0x00b1, CONSENT_SIGHT_OTHER },
    { 0x00b4, 0x00b4, CONSENT_SIGHT_OTHER },
    { 0x00b6, 0x00b8, CONSENT_SIGHT_OTHER },
    { 0x00bb, 0x00bf, CONSENT_SIGHT_OTHER },
    { 0x00d7, 0x00d7, CONSENT_SIGHT_OTHER },
    { 0x00f7, 0x00f7, CONSENT_SIGHT_OTHER },
    { 0x02d7, 0x02d7, '-' },
    { 0x0300, 0x036f, CONSENT_SIGHT_HIDDEN },
    { 0x055a, 0x055f, CONSENT_SIGHT_OTHER },
    { 0x058a, 0x058a, '-' },
    { 0x05be, 0x05be, '-' },
    { 0x060c, 0x060d, CONSENT_SIGHT_OTHER },
    { 0x061b, 0x061b, CONSENT_SIGHT_OTHER },
    { 0x061c, 0x061c, CONSENT_SIGHT_HIDDEN },
    { 0x061d, 0x061f, CONSENT_SIGHT_OTHER },
    { 0x066a, 0x066d, CONSENT_SIGHT_OTHER },
    { 0x06d4, 0x06d4, CONSENT_SIGHT_OTHER },
    { 0x115f, 0x1160, CONSENT_SIGHT_HIDDEN },
    { 0x1400, 0x1400, '-' },
    { 0x1680, 0x1680, ' ' },
    { 0x17b4, 0x17b5, CONSENT_SIGHT_HIDDEN },
    { 0x1806, 0x1806, '-' },
    { 0x180b, 0x180f, CONSENT_SIGHT_HIDDEN },
    { 0x1ab0, 0x1aff, CONSENT_SIGHT_HIDDEN },
    { 0x1dc0, 0x1dff, CONSENT_SIGHT_HIDDEN },
    { 0x2000, 0x200a, ' ' },
    { 0x200b, 0x200f, CONSENT_SIGHT_HIDDEN },
    { 0x2010, 0x2015, '-' },
    { 0x2016, 0x2027, CONSENT_SIGHT_OTHER },
    { 0x2028, 0x2029, CONSENT_SIGHT_OTHER },
    { 0x202a, 0x202e, CONSENT_SIGHT_HIDDEN },
    { 0x202f, 0x202f, ' ' },
    { 0x2030, 0x2042, CONSENT_SIGHT_OTHER },
    { 0x2043, 0x2043, '-' },
    { 0x2044, 0x2044, '/' },
    { 0x2045, 0x205e, CONSENT_SIGHT_OTHER },
    { 0x205f, 0x205f, ' ' },
    { 0x2060, 0x206f, CONSENT_SIGHT_HIDDEN },
    { 0x207a, 0x207a, '+' },
    { 0x207b, 0x207b, '-' },
    { 0x207c, 0x207e, CONSENT_SIGHT_OTHER },
    { 0x208a, 0x208a, '+' },
    { 0x208b, 0x208b, '-' },
    { 0x208c, 0x208e, CONSENT_SIGHT_OTHER },
    { 0x20a0, 0x20cf, CONSENT_SIGHT_OTHER },
    { 0x20d0, 0x20ff, CONSENT_SIGHT_HIDDEN },
    { 0x2190, 0x2211, CONSENT_SIGHT_OTHER },
    { 0x2212, 0x2212, '-' },
    { 0x2213, 0x245f, CONSENT_SIGHT_OTHER },
    { 0x2500, 0x2794, CONSENT_SIGHT_OTHER },
    { 0x2795, 0x2795, '+' },
    { 0x2796, 0x2796, '-' },
    { 0x2797, 0x27ff, CONSENT_SIGHT_OTHER },
    { 0x2800, 0x2800, ' ' },
    { 0x2801, 0x2bff, CONSENT_SIGHT_OTHER },
    { 0x2e00, 0x2e16, CONSENT_SIGHT_OTHER },
    { 0x2e17, 0x2e17, '-' },
    { 0x2e18, 0x2e19, CONSENT_SIGHT_OTHER },
    { 0x2e1a, 0x2e1a, '-' },
    { 0x2e1b, 0x2e39, CONSENT_SIGHT_OTHER },
    { 0x2e3a, 0x2e3b, '-' },
    { 0x2e3c, 0x2e7f, CONSENT_SIGHT_OTHER },
    { 0x3000, 0x3000, ' ' },
    { 0x3001, 0x3001, CONSENT_SIGHT_OTHER },
    { 0x3002, 0x3002, '.' },
    { 0x3003, 0x3003, CONSENT_SIGHT_OTHER },
    { 0x3008, 0x301b, CONSENT_SIGHT_OTHER },
    { 0x301c, 0x301c, '-' },
    { 0x301d, 0x301f, CONSENT_SIGHT_OTHER },
    { 0x3030, 0x3030, '-' },
    { 0x30a0, 0x30a0, '-' },
    { 0x30fb, 0x30fb, CONSENT_SIGHT_OTHER },
    { 0x3164, 0x3164, CONSENT_SIGHT_HIDDEN },
    { 0xd800, 0xf8ff, CONSENT_SIGHT_OTHER },
    { 0xfe00, 0xfe0f, CONSENT_SIGHT_HIDDEN },
    { 0xfe10, 0xfe19, CONSENT_SIGHT_OTHER },
    { 0xfe20, 0xfe2f, CONSENT_SIGHT_HIDDEN },
    { 0xfe30, 0xfe30, CONSENT_SIGHT_OTHER },
    { 0xfe31, 0xfe32, '-' },
    { 0xfe33, 0xfe4f, CONSENT_SIGHT_OTHER },
    { 0xfe50, 0xfe51, CONSENT_SIGHT_OTHER },
    { 0xfe52, 0xfe52, '.' },
    { 0xfe53, 0xfe57, CONSENT_SIGHT_OTHER },
    { 0xfe58, 0xfe58, '-' },
    { 0xfe59, 0xfe59, '(' },
    { 0xfe5a, 0xfe5a, ')' },
    { 0xfe5b, 0xfe61, CONSENT_SIGHT_OTHER },
    { 0xfe62, 0xfe62, '+' },
    { 0xfe63, 0xfe63, '-' },
    { 0xfe64, 0xfe6a, CONSENT_SIGHT_OTHER },
    { 0xfe6b, 0xfe6b, '@' },
    { 0xfeff, 0xfeff, CONSENT_SIGHT_HIDDEN },
    { 0xff61, 0xff61, '.' },
    { 0xff62, 0xff65, CONSENT_SIGHT_OTHER },
    { 0xffa0, 0xffa0, CONSENT_SIGHT_HIDDEN },
    { 0xffe0, 0xfff8, CONSENT_SIGHT_OTHER },
    { 0xfff9, 0xfffb, CONSENT_SIGHT_HIDDEN },
    { 0xfffc, 0xffff, CONSENT_SIGHT_OTHER },
    { 0x1d173, 0x1d17a, CONSENT_SIGHT_HIDDEN },
    { 0x1f000, 0x1f12f, CONSENT_SIGHT_OTHER },
    { 0x1f200, 0x1fbef, CONSENT_SIGHT_OTHER },
    { 0xe0000, 0xe0fff, CONSENT_SIGHT_HIDDEN },
    { 0xf0000, 0x10ffff, CONSENT_SIGHT_OTHER }
};

/* Controls are not seen: the zeros between the letters of UTF-16 too. */
const uint8_t  consent_sight_plain[128] = {
    3,   3,   3,   3,   3,   3,   3,   3,   3,   1,   1,   1,   1,   1,   3,   3,
    3,   3,   3,   3,   3,   3,   3,   3,   3,   3,   3,   3,   3,   3,   3,   3,
    ' ', '!', '"', '#', '$', '%', '&', '\'', '(', ')', '*', '+', ',', '-', '.', '/',
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ':', ';', '<', '=', '>', '?',
    '@', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '[', '\\', ']', '^', '_',
    '`', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J', 'K', 'L', 'M', 'N', 'O',
    'P', 'Q', 'R', 'S', 'T', 'U', 'V', 'W', 'X', 'Y', 'Z', '{', '|', '}', '~', 3
};

static uint8_t sight_wide(uint32_t c);
static uint8_t sight_byte(uint8_t c);
static uint8_t sight_digit(uint32_t c);
static bool sight_separator(uint8_t c);


uint8_t
consent_sight_read_any(const uint8_t *p, const uint8_t *end, unsigned *n)
{
    uint8_t         c;
    uint32_t        wide;
    const uint8_t  *from;

    c = *p;

    if (c < 0x80) {
        *n = 1;
        return consent_sight_plain[c];
    }

    from = p;
    wide = consent_utf8_next(&p, end);
    *n = (unsigned) (p - from);

    return *n == 1 ? sight_byte(c) : sight_wide(wide);
}


uint8_t
consent_sight_back_any(const consent_range_t *range, const uint8_t *p, const uint8_t **at)
{
    uint8_t         c;
    unsigned        n, hidden;
    const uint8_t  *from;

    for (hidden = 0; p > range->start; hidden++) {
        from = p - 1;

        while (from > range->start && p - from < 4 && (*from & 0xc0) == 0x80) {
            from--;
        }

        c = consent_sight_read(from, p, &n);

        /* bytes that are no character stand alone */
        if (from + n != p) {
            from = p - 1;
            c = sight_byte(*from);
        }

        if ((c != CONSENT_SIGHT_HIDDEN && c != CONSENT_SIGHT_SOFT) || hidden == CONSENT_SIGHT_HIDE) {
            *at = from;
            return c == CONSENT_SIGHT_HIDDEN || c == CONSENT_SIGHT_SOFT ? CONSENT_SIGHT_OTHER : c;
        }

        p = from;
    }

    *at = p;

    return CONSENT_SIGHT_END;
}


void
consent_sight_before(consent_sight_t *v, const consent_range_t *range, const uint8_t *p)
{
    size_t  i;

    for (i = 0; i < consent_countof(v->before); i++) {
        v->before[i] = consent_sight_back(range, p, &p);
        v->before_at[i] = p;
    }
}


size_t
consent_sight_alone(const consent_range_t *range, const uint8_t *p)
{
    uint8_t         c, next;
    const uint8_t  *to;

    for (to = p; to < range->end && consent_sight_digit(*to); to++) { /* void */ }

    if (range->end - to < 2 || to[0] >= 0x80) {
        return 0;
    }

    c = consent_sight_plain[to[0]];

    if (sight_separator(c)) {

        if (to[1] >= 0x80) {
            return 0;
        }

        next = consent_sight_plain[to[1]];

        if (c == ' ' && consent_sight_ascii(next)) {
            return (size_t) (to - p);
        }

        c = next;
    }

    return consent_sight_digit(c) || consent_sight_ascii(c) || sight_separator(c) || c == CONSENT_SIGHT_HIDDEN || c == '%'
           ? 0 : (size_t) (to - p);
}


void
consent_sight_fill(consent_stretch_t *s, const consent_range_t *range, const uint8_t *p, bool letters, unsigned most)
{
    bool      stop, raised;
    uint8_t   c, digits;
    unsigned  i, n, hidden, separators, words, row;

    s->from = p;
    s->cut = false;
    s->i = 0;
    hidden = separators = words = row = 0;
    digits = 0;
    raised = stop = false;

    for (i = 0; i < most && !stop; p += n) {

        if (p == range->end) {
            if (!range->last) {
                s->cut = true;
                break;
            }

            c = CONSENT_SIGHT_END;
            n = 0;

        } else if (consent_sight_digit(*p) && !raised) {

            /* the most of what is read */
            s->c[i] = *p;
            s->at[i] = (uint16_t) (p - s->from);
            s->to[i] = (uint16_t) (p - s->from + 1);
            s->digits[i++] = digits++;
            hidden = separators = words = 0;
            row++;
            n = 1;
            continue;

        } else if (*p == '%') {

            if (range->end - p < 3 && !range->last) {
                s->cut = true;
                break;
            }

            c = range->end - p < 3 ? 0 : consent_sight_escape(p);
            n = c == 0 ? 1 : 3;
            c = c == 0 ? '%' : c;

        } else if (*p < 0x80) {
            c = consent_sight_plain[*p];
            n = 1;

        } else if (range->end - p < 4 && !range->last) {
            s->cut = true;
            break;

        } else {
            c = consent_sight_read(p, range->end, &n);
        }

        if (c == CONSENT_SIGHT_SOFT) {
            /* where a sign is expected it is one */
            c = row == 6 || row == 8 ? '-' : CONSENT_SIGHT_HIDDEN;
        }

        if (c == CONSENT_SIGHT_HIDDEN) {
            if (hidden++ < CONSENT_SIGHT_HIDE) {
                continue;
            }

            c = CONSENT_SIGHT_OTHER;
        }

        hidden = 0;

        if (consent_sight_digit(c & (uint8_t) ~CONSENT_SIGHT_RAISED)) {

            if (((c & CONSENT_SIGHT_RAISED) != 0) != raised) {

                /* behind a digit on the line it is a power or a note */
                c = !raised && row > 0 ? CONSENT_SIGHT_OTHER : c;
                raised = !raised;
                row = 0;
            }

            c &= (uint8_t) ~CONSENT_SIGHT_RAISED;
        }

        s->digits[i] = digits;

        if (consent_sight_digit(c)) {
            digits++;
            separators = words = 0;
            row++;

        } else if (consent_sight_ascii(c)) {
            stop = !letters && (++words > 2 || (i > 0 && s->c[i - 1] == ' '));
            separators = row = 0;

        } else {
            stop = !sight_separator(c) || ++separators > SIGHT_SEPARATORS;
            words = row = 0;
        }

        s->c[i] = c;
        s->at[i] = (uint16_t) (p - s->from);
        s->to[i] = (uint16_t) (p - s->from + n);
        i++;
    }

    s->n = i;
    s->full = !stop && !s->cut;
    s->end = p;
    s->at[i] = (uint16_t) (p - s->from);
    s->digits[i] = digits;
}


bool
consent_sight_view(consent_sight_t *v, const consent_stretch_t *s)
{
    unsigned  i, n;

    i = s->i;
    n = s->n - i;

    if (n > CONSENT_SIGHT_MAX || s->at[i + n] - s->at[i] > CONSENT_SIGHT_BYTES) {

        n = n > CONSENT_SIGHT_MAX ? CONSENT_SIGHT_MAX : n;

        while (s->at[i + n] - s->at[i] > CONSENT_SIGHT_BYTES) {
            n--;
        }

    } else if (s->cut) {
        return false;
    }

    memcpy(v->c, s->c + i, n);
    v->c[n] = CONSENT_SIGHT_OTHER;
    v->n = n;
    v->to = s->to + i;
    v->base = s->from;
    v->from = s->from + s->at[i];
    v->digits = (unsigned) (s->digits[i + n] - s->digits[i]);

    return true;
}


static bool
sight_separator(uint8_t c)
{
    return c == ' ' || c == '-' || c == '+' || c == '.' || c == '/' || c == '(' || c == ')';
}


/* A byte that is not UTF-8, in text of windows-1252 or ISO 8859-1. */
static uint8_t
sight_byte(uint8_t c)
{
    switch (c) {
    case 0x96:
    case 0x97:
        return '-';

    case 0xa0:
        return ' ';

    case 0xad:
        return CONSENT_SIGHT_SOFT;

    default:
        return c >= 0xc0 && c != 0xd7 && c != 0xf7 ? CONSENT_SIGHT_LETTER : CONSENT_SIGHT_OTHER;
    }
}


static uint8_t
sight_wide(uint32_t c)
{
    uint8_t  digit;
    size_t   left, right, i;

    digit = sight_digit(c);

    if (digit != 0) {
        return digit;
    }

    /* forms of another width, or of mathematics: upper and lower case in turn */

    if (c >= 0xff01 && c <= 0xff5e) {
        c = c - 0xff01 + '!';
        return (uint8_t) (c >= 'a' && c <= 'z' ? c - 0x20 : c);
    }

    if (c >= 0x1d400 && c <= 0x1d6a3) {
        return (uint8_t) ('A' + (c - 0x1d400) % 26);
    }

    left = 0;
    right = consent_countof(sight_ranges);

    while (left < right) {
        i = (left + right) / 2;

        if (c > sight_ranges[i].last) {
            left = i + 1;

        } else if (c < sight_ranges[i].first) {
            right = i;

        } else {
            return sight_ranges[i].c;
        }
    }

    return CONSENT_SIGHT_LETTER;
}


static uint8_t
sight_digit(uint32_t c)
{
    size_t  left, right, i;

    if (c < 0x660) {
        return (uint8_t) (c == 0xb9 ? '1' | CONSENT_SIGHT_RAISED : c == 0xb2 || c == 0xb3
                          ? ('0' + c - 0xb0) | CONSENT_SIGHT_RAISED : 0);
    }

    if (c >= 0x2070 && c <= 0x2089) {
        return (uint8_t) (c == 0x2070 || (c >= 0x2074 && c <= 0x2079) || c >= 0x2080
                          ? ('0' + (c & 0x0f)) | CONSENT_SIGHT_RAISED : 0);
    }

    if (c >= 0x2460 && c <= 0x24ff) {
        return (uint8_t) (c <= 0x2468 ? '1' + c - 0x2460 : c >= 0x2474 && c <= 0x247c ? '1' + c - 0x2474
                          : c >= 0x2488 && c <= 0x2490 ? '1' + c - 0x2488 : c == 0x24ea || c == 0x24ff ? '0'
                          : c >= 0x24f5 && c <= 0x24fd ? '1' + c - 0x24f5 : 0);
    }

    if (c >= 0x2776 && c <= 0x2793) {
        return (uint8_t) ((c - 0x2776) % 10 == 9 ? 0 : '1' + (c - 0x2776) % 10);
    }

    left = 0;
    right = consent_countof(sight_zeros);

    while (left < right) {
        i = (left + right) / 2;

        if (c < sight_zeros[i]) {
            right = i;

        } else if (c > sight_zeros[i] + 9) {
            left = i + 1;

        } else {
            return (uint8_t) ('0' + c - sight_zeros[i]);
        }
    }

    return 0;
}
