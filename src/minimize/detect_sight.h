/*
 * Text as somebody reads it who looks for numbers: letters and digits of every width and script as plain ASCII, all
 * dashes one dash, all spaces one space, and nothing that cannot be seen. Detectors look at these characters, not at
 * bytes.
 */

#ifndef CONSENT_DETECT_SIGHT_H
#define CONSENT_DETECT_SIGHT_H

#include "base/base.h"

/* What a character is read as: an ASCII character (letters in upper case, '-', '+', ' ' and '@' for all their
 * kinds), or one of these. */
#define CONSENT_SIGHT_END      0     /* of the text */
#define CONSENT_SIGHT_OTHER    1     /* stands apart: a line break, a symbol, an invalid byte */
#define CONSENT_SIGHT_LETTER   2     /* of another alphabet */
#define CONSENT_SIGHT_HIDDEN   3     /* not seen: zero-width characters, marks */
#define CONSENT_SIGHT_SOFT     4     /* a soft hyphen: hidden, or a dash */
#define CONSENT_SIGHT_RAISED   0x80  /* added to a digit that stands above or below the line */

#define CONSENT_SIGHT_MAX    80      /* characters of a view */
#define CONSENT_SIGHT_ROW    240     /* ... and of a stretch */
#define CONSENT_SIGHT_BYTES  344     /* ... and bytes: a value, and what follows it */
#define CONSENT_SIGHT_HIDE   4       /* hidden characters in a row that are passed over */

/* Text around a place. Bytes before `start` are not there; `last`: nor is there anything behind `end`. */
typedef struct {
    const uint8_t  *start;
    const uint8_t  *end;
    bool            last;
} consent_range_t;

/* Characters in a row that may belong to numbers, from a digit on: read once for all numbers in it. */
typedef struct {
    const uint8_t  *from;                               /* NULL: nothing was read */
    const uint8_t  *end;
    unsigned        n;
    bool            cut;                                /* nobody knows what follows */
    bool            full;                               /* it goes on, beyond what there is room for */
    unsigned        i;                                  /* which is looked at */
    uint8_t         c[CONSENT_SIGHT_ROW];
    uint16_t        at[CONSENT_SIGHT_ROW + 1];          /* where each begins, from `from`, */
    uint16_t        to[CONSENT_SIGHT_ROW + 1];          /* and ends; */
    uint8_t         digits[CONSENT_SIGHT_ROW + 1];      /* digits before it */
} consent_stretch_t;

/* Of a stretch what a number could be that begins at one of its digits. */
typedef struct {
    uint8_t          c[CONSENT_SIGHT_MAX + 1];          /* c[n] is CONSENT_SIGHT_OTHER */
    const uint16_t  *to;                                /* where each ends, from `base` */
    const uint8_t   *base;
    unsigned         n;
    unsigned         digits;
    const uint8_t   *from;

    uint8_t          before[4];                         /* what stands before `from`, the nearest first */
    const uint8_t   *before_at[4];
} consent_sight_t;

/* What an ASCII character is read as. */
extern const uint8_t  consent_sight_plain[128];

/* consent_sight_read() and consent_sight_back() of any character. */
uint8_t consent_sight_read_any(const uint8_t *p, const uint8_t *end, unsigned *n);
uint8_t consent_sight_back_any(const consent_range_t *range, const uint8_t *p, const uint8_t **at);

/* How many digits of ASCII stand at p where it is plain that nothing behind them belongs to the same number; 0: it is not. */
size_t consent_sight_alone(const consent_range_t *range, const uint8_t *p);

/* Reads what begins with a digit at p, as far as it may belong to a number: `most` characters at most,
 * CONSENT_SIGHT_ROW at the very most. letters: words may, too. */
void consent_sight_fill(consent_stretch_t *s, const consent_range_t *range, const uint8_t *p, bool letters,
    unsigned most);

/* The view from s->i on, without what stands before it. False: what decides about it may be beyond the range. */
bool consent_sight_view(consent_sight_t *v, const consent_stretch_t *s);

/* What stands before p. */
void consent_sight_before(consent_sight_t *v, const consent_range_t *range, const uint8_t *p);


/* Reads one character, n bytes long. */
static inline uint8_t
consent_sight_read(const uint8_t *p, const uint8_t *end, unsigned *n)
{
    if (*p >= 0x80) {
        return consent_sight_read_any(p, end, n);
    }

    *n = 1;

    return consent_sight_plain[*p];
}


/* What the percent escape at p is read as, three bytes long, in an address say; 0: it is none of a sign. Digits and letters
 * are not escaped by anybody. */
static inline uint8_t
consent_sight_escape(const uint8_t *p)
{
    uint8_t  high, low, c;

    if (p[0] != '%' || p[1] < '2' || p[1] > '7') {
        return 0;
    }

    high = (uint8_t) (p[1] - '0');
    low = (uint8_t) (p[2] - '0');
    low = low < 10 ? low : (uint8_t) ((p[2] | 0x20) - 'a') < 6 ? (uint8_t) ((p[2] | 0x20) - 'a' + 10) : 0x80;
    c = (uint8_t) (high << 4 | low);

    return c >= 0x7f || (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ? 0 : c;
}


/* The same of the one that ends before p. */
static inline uint8_t
consent_sight_escape_before(const consent_range_t *range, const uint8_t *p)
{
    return p - range->start >= 3 && p[-3] == '%' ? consent_sight_escape(p - 3) : 0;
}


/* Reads the character before p, which begins at *at; hidden ones are passed over. CONSENT_SIGHT_END: there is none. */
static inline uint8_t
consent_sight_back(const consent_range_t *range, const uint8_t *p, const uint8_t **at)
{
    uint8_t  c;

    c = consent_sight_escape_before(range, p);

    if (c != 0) {
        *at = p - 3;
        return c;
    }

    if (p == range->start || p[-1] >= 0x80 || consent_sight_plain[p[-1]] == CONSENT_SIGHT_HIDDEN) {
        return consent_sight_back_any(range, p, at);
    }

    *at = p - 1;

    return consent_sight_plain[p[-1]];
}


static inline bool
consent_sight_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}


static inline bool
consent_sight_ascii(uint8_t c)
{
    return c >= 'A' && c <= 'Z';
}


/* What may not touch a number. */
static inline bool
consent_sight_word(uint8_t c)
{
    return consent_sight_digit(c) || consent_sight_ascii(c) || c == CONSENT_SIGHT_LETTER;
}

#endif
