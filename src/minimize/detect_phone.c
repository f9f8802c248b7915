/*
 * Telephone numbers (E.123, E.164; the Swedish and the Finnish numbering plan). They have no check digit: how they
 * begin, how long they are and how people group them is all there is to tell them from other numbers.
 */

#include "minimize/detect_inside.h"

#define PHONE_MAX     15        /* digits (E.164) */
#define PHONE_GROUPS  16
#define TEN_DIGITS    10

/* Digits in groups, as far as a number may reach. */
typedef struct {
    uint8_t   digits[PHONE_MAX + 4];
    unsigned  n;
    unsigned  count;
    unsigned  sum[PHONE_GROUPS];        /* digits up to the end of each group, */
    unsigned  end[PHONE_GROUPS];        /* where it ends in the view, */
    uint8_t   sign[PHONE_GROUPS];       /* and what stands behind it: ' ', or one that says more */
} phone_t;

static void phone_read(phone_t *p, const consent_sight_t *v, unsigned i, unsigned most, bool dots);
static const uint8_t *phone_international(const consent_sight_t *v, unsigned i, consent_match_t *m);
static bool phone_country(const uint8_t *d, unsigned *code, unsigned *least, unsigned *most);
static const uint8_t *phone_national(const consent_sight_t *v, consent_match_t *m);
static bool phone_grouped(const phone_t *p, unsigned count);
static bool phone_mobile_se(const uint8_t *d);
static bool phone_mobile_fi(const uint8_t *d);
static bool phone_isbn(const consent_sight_t *v, const consent_range_t *range, const uint8_t *to);
static unsigned phone_two(const uint8_t *d);


const uint8_t *
consent_detect_phone(const consent_sight_t *v, const consent_range_t *range, consent_match_t *m)
{
    unsigned        sign;
    const uint8_t  *to;

    sign = v->before[0] == ' ' ? 1 : 0;

    if (v->before[sign] == '+' && !consent_sight_word(v->before[sign + 1])) {
        m->from = v->before_at[sign];
        return phone_international(v, 0, m);
    }

    /* a part of something longer */
    if (consent_sight_word(v->before[0])
        || ((v->before[0] == '-' || v->before[0] == '.' || v->before[0] == ',' || v->before[0] == '/'
             || v->before[0] == ':' || v->before[0] == '+') && consent_sight_digit(v->before[1])))
    {
        return NULL;
    }

    m->from = v->from;

    if (v->c[0] == '0' && v->c[1] == '0') {
        return phone_international(v, v->c[2] == ' ' || v->c[2] == '-' ? 3 : 2, m);
    }

    if (v->c[0] == '0') {
        to = phone_national(v, m);

        if (to != NULL && phone_isbn(v, range, to)) {
            return NULL;
        }

        /* (08) 123 45 67 */

        for (sign = 0; consent_sight_digit(v->c[sign]); sign++) { /* void */ }

        if (to != NULL && v->before[0] == '(' && v->c[sign] == ')') {
            m->from = v->before_at[0];
        }

        return to;
    }

    /* without any sign, as programs write it: only mobile numbers can be told */

    if ((v->c[0] == '4' && v->c[1] == '6' && v->c[2] == '7') || (v->c[0] == '3' && v->c[1] == '5' && v->c[2] == '8')) {
        phone_t  p;

        phone_read(&p, v, 0, PHONE_MAX, false);

        if (p.count > 0 && p.end[0] == p.sum[0] && !consent_sight_word(v->c[p.end[0]])
            && ((p.sum[0] == 11 && v->c[1] == '6' && strchr("02369", p.digits[3]) != NULL)
                || (p.sum[0] == 12 && v->c[1] == '5'
                    && (p.digits[3] == '4' || (p.digits[3] == '5' && p.digits[4] == '0')))))
        {
            m->same_len = p.sum[0];
            memcpy(m->same, p.digits, p.sum[0]);
            return consent_sight_to(v, p.end[0]);
        }
    }

    return NULL;
}


/* Behind + or 00. */
static const uint8_t *
phone_international(const consent_sight_t *v, unsigned i, consent_match_t *m)
{
    phone_t   p;
    unsigned  code, least, most, n, k;

    if (!consent_sight_digit(v->c[i])) {
        return NULL;
    }

    phone_read(&p, v, i, PHONE_MAX + 1, true);

    if (!phone_country(p.digits, &code, &least, &most) || p.n < least) {
        return NULL;
    }

    for (k = p.count; k > 0; k--) {
        n = p.sum[k - 1];

        if (n >= least && n <= most && !consent_sight_word(v->c[p.end[k - 1]])) {
            consent_match_same(m, '+');

            for (i = 0; i < n; i++) {
                consent_match_same(m, p.digits[i]);
            }

            if (phone_two(p.digits) == 46 || code == 358) {
                /* as the same number is spelled without a sign */
                m->same_len--;
                memmove(m->same, m->same + 1, m->same_len);
            }

            return consent_sight_to(v, p.end[k - 1]);
        }
    }

    return NULL;
}


/* Which country a number belongs to, and how many digits it can have, country code included. */
static bool
phone_country(const uint8_t *d, unsigned *code, unsigned *least, unsigned *most)
{
    static const struct {
        uint16_t  code;
        uint8_t   least;
        uint8_t   most;
    } known[] = {
        { 1, 11, 11 }, { 7, 11, 11 }, { 30, 12, 12 }, { 31, 11, 11 }, { 32, 10, 11 }, { 33, 11, 11 }, { 34, 11, 11 },
        { 41, 11, 11 }, { 45, 10, 10 }, { 46, 9, 11 }, { 47, 10, 10 }, { 48, 11, 11 }, { 354, 10, 12 }, { 358, 8, 13 },
        { 370, 11, 11 }, { 371, 11, 11 }, { 372, 10, 11 }, { 298, 9, 9 }, { 299, 9, 9 }
    };

    static const char  two[] = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 "
                               "63 64 65 66 81 82 84 86 90 91 92 93 94 95 98 ";

    size_t    i;
    unsigned  length;

    if (d[0] == '0' || phone_two(d) == 28 || phone_two(d) == 83 || phone_two(d) == 89) {
        return false;
    }

    length = d[0] == '1' || d[0] == '7' ? 1 : 3;

    for (i = 0; length == 3 && i < sizeof(two) - 1; i += 3) {
        if (d[0] == (uint8_t) two[i] && d[1] == (uint8_t) two[i + 1]) {
            length = 2;
        }
    }

    for (i = 0, *code = 0; i < length; i++) {
        *code = 10 * *code + (unsigned) (d[i] - '0');
    }

    *least = 9;
    *most = PHONE_MAX;

    for (i = 0; i < consent_countof(known); i++) {
        if (known[i].code == *code) {
            *least = known[i].least;
            *most = known[i].most;
        }
    }

    /* nor does a number begin with zero behind it, where that is not Italy's */
    return (d[length] != '0' || *code == 39) && (*code != 1 || d[1] >= '2');
}


static const uint8_t *
phone_national(const consent_sight_t *v, consent_match_t *m)
{
    phone_t   p;
    unsigned  most, k, n, i;

    if (v->c[1] < '1' || v->c[1] > '9') {
        return NULL;
    }

    phone_read(&p, v, 0, 12, false);

    if (p.n < CONSENT_DETECT_DIGITS) {
        return NULL;
    }

    most = phone_mobile_fi(p.digits) ? 11 : 10;

    for (k = p.count; k > 0; k--) {
        n = p.sum[k - 1];

        if (n < CONSENT_DETECT_DIGITS || n > most || consent_sight_word(v->c[p.end[k - 1]]) || !phone_grouped(&p, k)) {
            continue;
        }

        if (n == 10 && phone_mobile_se(p.digits)) {
            consent_match_same(m, '4');
            consent_match_same(m, '6');

        } else if (n >= 10 && phone_mobile_fi(p.digits)) {
            consent_match_same(m, '3');
            consent_match_same(m, '5');
            consent_match_same(m, '8');

        } else {
            consent_match_same(m, '0');
        }

        for (i = 1; i < n; i++) {
            consent_match_same(m, p.digits[i]);
        }

        return consent_sight_to(v, p.end[k - 1]);
    }

    return NULL;
}


/* Whether people write a number in such groups. */
static bool
phone_grouped(const phone_t *p, unsigned count)
{
    bool      wide, signs;
    unsigned  i, first, size;

    first = p->sum[0];

    if (count == 1) {
        return first >= 9;
    }

    for (i = 1, wide = false, signs = false; i < count; i++) {
        size = p->sum[i] - p->sum[i - 1];
        wide = wide || size >= 3;
        signs = signs || (i > 1 && p->sign[i - 1] != ' ');

        if (size < 2) {
            return false;
        }
    }

    if (first > 4) {
        return phone_mobile_se(p->digits) || phone_mobile_fi(p->digits);
    }

    if (first == 2) {
        /* a day, a month, a year */
        if (count == 3 && p->sum[1] == 4 && p->sum[2] == 8) {
            return false;
        }

        /* one digit of an area code: not lists of two digits, nor times of the day */
        return strchr("235689", p->digits[1]) != NULL && (wide || (p->sign[0] != ' ' && !signs));
    }

    return first >= 3;
}


/* Groups of digits up to `most` in all: a group that would have more is no part of it. */
static void
phone_read(phone_t *p, const consent_sight_t *v, unsigned i, unsigned most, bool dots)
{
    uint8_t   sign;
    unsigned  from, k;

    p->n = 0;
    p->count = 0;

    while (p->count < PHONE_GROUPS) {

        for (from = i; consent_sight_digit(v->c[i]); i++) { /* void */ }

        if (i == from || p->n + i - from > most) {
            break;
        }

        memcpy(p->digits + p->n, v->c + from, i - from);
        p->n += i - from;
        p->sum[p->count] = p->n;
        p->end[p->count] = i;
        sign = ' ';

        /* the zero that one does not dial from abroad */
        if (dots) {
            k = v->c[i] == ' ' ? i + 1 : i;

            if (v->c[k] == '(' && v->c[k + 1] == '0' && v->c[k + 2] == ')') {
                i = k + 3;
            }
        }

        for (k = 0; k < 3; k++, i++) {
            if (v->c[i] == '-' || v->c[i] == '/' || v->c[i] == ')' || (dots && (v->c[i] == '.' || v->c[i] == '('))) {
                sign = v->c[i];

            } else if (v->c[i] != ' ') {
                break;
            }
        }

        p->sign[p->count++] = sign;
    }

    /* what is compared with a number's beginning is there */
    memset(p->digits + p->n, '0', sizeof(p->digits) - p->n);
}


static bool
phone_mobile_se(const uint8_t *d)
{
    return d[0] == '0' && d[1] == '7' && strchr("02369", d[2]) != NULL;
}


static bool
phone_mobile_fi(const uint8_t *d)
{
    return d[0] == '0' && (d[1] == '4' || (d[1] == '5' && d[2] == '0'));
}


/* Ten digits without a sign that are said to be a book's number, and check as one. */
static bool
phone_isbn(const consent_sight_t *v, const consent_range_t *range, const uint8_t *to)
{
    uint8_t         c;
    unsigned        i, sum;
    const uint8_t  *p;

    if (to != v->from + TEN_DIGITS) {
        return false;
    }

    for (i = 0, sum = 0; i < TEN_DIGITS; i++) {
        if (!consent_sight_digit(v->c[i])) {
            return false;
        }

        sum += (TEN_DIGITS - i) * (unsigned) (v->c[i] - '0');
    }

    if (sum % 11 != 0) {
        return false;
    }

    for (i = 0, p = v->from; i < 8; i++) {
        c = consent_sight_back(range, p, &p);

        if (c == 'N') {
            break;
        }
    }

    return i < 8 && consent_sight_back(range, p, &p) == 'B' && consent_sight_back(range, p, &p) == 'S'
           && consent_sight_back(range, p, &p) == 'I';
}


static unsigned
phone_two(const uint8_t *d)
{
    return 10u * (unsigned) (d[0] - '0') + (unsigned) (d[1] - '0');
}
