/*
 * Numbers that prove themselves by a date or a check digit: Swedish and Finnish personal numbers, payment cards, IBAN.
 */

#include "minimize/detect_inside.h"

#define TEN         10
#define CARD_MAX    19
#define NUMBER_MAX  40

/* A personal number as it is written: where in the view its ten characters stand. */
typedef struct {
    unsigned  year;         /* two digits, or four */
    unsigned  month;
    unsigned  day;
    bool      century;      /* year has four digits */
    bool      plus;
    uint8_t   last[4];
    unsigned  i;            /* behind it */
} person_t;

static bool person_date(person_t *p, const consent_sight_t *v, bool century);
static bool person_spaced(person_t *p, const consent_sight_t *v);
static bool person_gap(uint8_t c);
static bool person_holds(const person_t *p);
static bool person_temporary(person_t *p, const consent_sight_t *v, unsigned i);
static unsigned number_two(const uint8_t *c);
static bool number_pair(const consent_sight_t *v, unsigned i);
static bool luhn(const uint8_t *digits, size_t n);
static bool ean(const uint8_t *digits, size_t n);
static bool card_issuer(const uint8_t *d, size_t n);
static bool card_groups(const unsigned *groups, unsigned n);


bool
consent_detect_date(unsigned year, unsigned month, unsigned day)
{
    static const uint8_t  days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    if (month < 1 || month > 12 || day < 1) {
        return false;
    }

    if (month == 2 && day == 29) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    return day <= days[month - 1];
}


const uint8_t *
consent_detect_personnummer(const consent_sight_t *v, consent_match_t *m, int year)
{
    size_t    i;
    unsigned  full;
    person_t  p;

    if (v->digits < 8
        || (!person_date(&p, v, true) && !person_date(&p, v, false) && !person_spaced(&p, v)))
    {
        return NULL;
    }

    full = p.year;

    if (!p.century) {
        full += (unsigned) (year - year % 100);

        if (full > (unsigned) year) {
            full -= 100;
        }

        if (p.plus) {
            full -= 100;
        }
    }

    for (i = 1000; i > 0; i /= 10) {
        consent_match_same(m, (uint8_t) ('0' + full / i % 10));
    }

    consent_match_same(m, (uint8_t) ('0' + p.month / 10));
    consent_match_same(m, (uint8_t) ('0' + p.month % 10));
    consent_match_same(m, (uint8_t) ('0' + p.day / 10));
    consent_match_same(m, (uint8_t) ('0' + p.day % 10));

    for (i = 0; i < 4; i++) {
        consent_match_same(m, p.last[i]);
    }

    return consent_sight_to(v, p.i);
}


/* YYYYMMDD or YYMMDD, with one separator or none between the parts, a sign or up to three separators, and four
 * characters. */
static bool
person_date(person_t *p, const consent_sight_t *v, bool century)
{
    unsigned  i, sign, k;

    i = 0;
    p->century = century;
    p->plus = false;

    if (!number_pair(v, i) || (century && !number_pair(v, i + 2))) {
        return false;
    }

    p->year = century ? 100 * number_two(v->c) + number_two(v->c + 2) : number_two(v->c);
    i += century ? 4 : 2;

    for (k = 0; k < 2; k++) {
        if (v->c[i] == '-' || v->c[i] == ' ' || v->c[i] == '.' || v->c[i] == '/') {
            i++;
        }

        if (!number_pair(v, i)) {
            return false;
        }

        *(k == 0 ? &p->month : &p->day) = number_two(v->c + i);
        i += 2;
    }

    for (sign = 0; sign < 3 && (v->c[i] == '-' || v->c[i] == '+' || v->c[i] == ' '); sign++, i++) {
        p->plus = p->plus || v->c[i] == '+';
    }

    if (sign > 0 && person_temporary(p, v, i)) {
        return true;
    }

    if (!number_pair(v, i) || !number_pair(v, i + 2) || consent_sight_word(v->c[i + 4])) {
        return false;
    }

    memcpy(p->last, v->c + i, 4);
    p->i = i + 4;

    return person_holds(p);
}


/* Each digit stands by itself, as in the boxes of a form: twelve of them, or ten. */
static bool
person_spaced(person_t *p, const consent_sight_t *v)
{
    uint8_t   d[12];
    bool      plus[12];
    unsigned  i, k, n, ends[12];

    if (!person_gap(v->c[1])) {
        return false;
    }

    for (i = 0, k = 0; k < 12 && consent_sight_digit(v->c[i]); k++) {
        d[k] = v->c[i++];
        ends[k] = i;
        plus[k] = false;

        if (!person_gap(v->c[i])) {
            k++;
            break;
        }

        for ( /* void */ ; person_gap(v->c[i]); i++) {
            plus[k] = plus[k] || v->c[i] == '+';
        }
    }

    for (n = 12; n >= TEN; n -= 2) {

        if (k < n || consent_sight_word(v->c[ends[n - 1]])) {
            continue;
        }

        p->century = n == 12;
        p->plus = plus[n - 5];
        p->year = number_two(d + n - TEN) + (n == TEN ? 0 : 100 * number_two(d));
        p->month = number_two(d + n - 8);
        p->day = number_two(d + n - 6);
        memcpy(p->last, d + n - 4, 4);
        p->i = ends[n - 1];

        if (person_holds(p)) {
            return true;
        }
    }

    return false;
}


static bool
person_gap(uint8_t c)
{
    return c == ' ' || c == '-' || c == '+' || c == '.' || c == '/';
}


static bool
person_holds(const person_t *p)
{
    uint8_t   d[TEN];
    unsigned  day;

    if (p->century && (p->year < 1840 || p->year > 2099)) {
        return false;
    }

    day = p->day > 60 ? p->day - 60 : p->day;

    /* of a samordningsnummer month and day may be unknown, and zero */

    if (!(p->day >= 60 && p->day <= 91 && (p->month == 0 || day == 60))
        && !consent_detect_date(p->century ? p->year : 2000 + p->year, p->month, day)
        && (p->century || !consent_detect_date(1900 + p->year, p->month, day)))
    {
        return false;
    }

    d[0] = (uint8_t) ('0' + p->year / 10 % 10);
    d[1] = (uint8_t) ('0' + p->year % 10);
    d[2] = (uint8_t) ('0' + p->month / 10);
    d[3] = (uint8_t) ('0' + p->month % 10);
    d[4] = (uint8_t) ('0' + p->day / 10);
    d[5] = (uint8_t) ('0' + p->day % 10);
    memcpy(d + 6, p->last, 4);

    return luhn(d, TEN);
}


/* 800101-T123, -TF12, -P123, -R12X: no check digit, so the letters that are in use and the date have to do. */
static bool
person_temporary(person_t *p, const consent_sight_t *v, unsigned i)
{
    unsigned  k, digits;

    if ((v->c[i] != 'T' && v->c[i] != 'P' && v->c[i] != 'R') || v->c[i - 1] == ' ') {
        return false;
    }

    for (k = 1, digits = 0; k < 4; k++) {
        if (!consent_sight_digit(v->c[i + k]) && !consent_sight_ascii(v->c[i + k])) {
            return false;
        }

        digits += consent_sight_digit(v->c[i + k]);
    }

    if (digits < 2 || consent_sight_word(v->c[i + 4])
        || (p->century && (p->year < 1840 || p->year > 2099))
        || (!consent_detect_date(p->century ? p->year : 2000 + p->year, p->month, p->day)
            && (p->century || !consent_detect_date(1900 + p->year, p->month, p->day))))
    {
        return false;
    }

    memcpy(p->last, v->c + i, 4);
    p->i = i + 4;

    return true;
}


const uint8_t *
consent_detect_hetu(const consent_sight_t *v, consent_match_t *m)
{
    static const char  control[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    uint8_t   sign;
    unsigned  i, k, century, number, check;

    for (i = 0; i < 6; i++) {
        if (!consent_sight_digit(v->c[i])) {
            return NULL;
        }
    }

    if (v->c[i] == ' ' && (v->c[i + 1] == '-' || v->c[i + 1] == '+')) {
        i++;
    }

    sign = v->c[i++];

    if (sign == '+') {
        century = 1800;

    } else if (sign == '-' || (sign >= 'U' && sign <= 'Y')) {
        century = 1900;

    } else if (sign >= 'A' && sign <= 'F') {
        century = 2000;

    } else {
        return NULL;
    }

    if ((sign == '+' || sign == '-') && v->c[i] == ' ') {
        i++;
    }

    for (k = 0, number = 0; k < 3; k++, i++) {
        if (!consent_sight_digit(v->c[i])) {
            return NULL;
        }

        number = 10 * number + (unsigned) (v->c[i] - '0');
    }

    check = 10000 * number_two(v->c) + 100 * number_two(v->c + 2) + number_two(v->c + 4);

    if (number < 2 || v->c[i] != (uint8_t) control[(1000 * check + number) % 31] || consent_sight_word(v->c[i + 1])
        || !consent_detect_date(century + number_two(v->c + 4), number_two(v->c + 2), number_two(v->c)))
    {
        return NULL;
    }

    /* the signs of one century tell people apart, so the sign is part of the number */

    for (k = 0; k < 6; k++) {
        consent_match_same(m, v->c[k]);
    }

    consent_match_same(m, sign);

    for (k = i - 3; k <= i; k++) {
        consent_match_same(m, v->c[k]);
    }

    return consent_sight_to(v, i + 1);
}


const uint8_t *
consent_detect_card(const consent_sight_t *v, consent_match_t *m)
{
    uint8_t   d[CARD_MAX + 1];
    unsigned  i, n, count, groups[CARD_MAX + 1], ends[CARD_MAX + 1];

    if (v->digits < 13 || v->c[0] < '2' || v->c[0] > '6') {
        return NULL;
    }

    /* groups of digits with one space or dash between them */

    for (i = 0, n = 0, count = 0; /* void */ ; i++) {

        if (consent_sight_digit(v->c[i])) {
            if (n == CARD_MAX) {
                /* of this group nobody knows the end */
                break;
            }

            d[n++] = v->c[i];
            continue;
        }

        if (i == 0 || !consent_sight_digit(v->c[i - 1])) {
            break;
        }

        groups[count] = n;
        ends[count++] = i;

        if (v->c[i] != ' ' && v->c[i] != '-') {
            break;
        }
    }

    while (count > 0) {
        i = ends[--count];
        n = groups[count];

        if (n >= 13 && !consent_sight_word(v->c[i]) && card_issuer(d, n) && luhn(d, n)
            && (n != 13 || count > 0 || !ean(d, n)) && card_groups(groups, count + 1))
        {
            for (i = 0; i < n; i++) {
                consent_match_same(m, d[i]);
            }

            return consent_sight_to(v, ends[count]);
        }
    }

    return NULL;
}


static bool
card_issuer(const uint8_t *d, size_t n)
{
    unsigned  two, three, four;

    two = number_two(d);
    three = 10 * two + (unsigned) (d[2] - '0');
    four = 10 * three + (unsigned) (d[3] - '0');

    switch (d[0]) {
    case '4':
        return n == 13 || n == 16 || n == 19;                                           /* Visa */

    case '2':
        return (four >= 2221 && four <= 2720 && n == 16)                                /* Mastercard */
               || (four >= 2200 && four <= 2205 && n >= 16);                            /* Mir */

    case '3':
        return ((two == 34 || two == 37) && n == 15)                                    /* American Express */
               || (((three >= 300 && three <= 305) || three == 309 || two == 36 || two == 38 || two == 39) && n >= 14)
               || (four >= 3528 && four <= 3589 && n >= 16);                            /* JCB */

    case '5':
        return (two >= 51 && two <= 55 && n == 16)
               || ((two == 50 || two >= 56) && n >= 13);                                /* Maestro, Dankort */

    case '6':
        return ((two == 60 || two == 65 || (three >= 644 && three <= 649) || two == 62) && n >= 16)
               || (n >= 13 && two != 60 && two != 62 && two != 65);

    default:
        return false;
    }
}


/* groups: digits up to the end of each. All in one, fours, 4-6-5 and 4-6-4, or each by itself. */
static bool
card_groups(const unsigned *groups, unsigned n)
{
    unsigned  i, last;

    last = groups[n - 1];

    if (n == 1 || n == last || (n == 3 && groups[0] == 4 && groups[1] == 10)) {
        return true;
    }

    for (i = 0; i + 1 < n; i++) {
        if (groups[i] != 4 * (i + 1)) {
            return false;
        }
    }

    return last - groups[n - 2] <= 4;
}


const uint8_t *
consent_detect_iban(const consent_sight_t *v, const uint8_t country[static 2], consent_match_t *m)
{
    uint8_t   c[NUMBER_MAX];
    unsigned  i, n, length, digits, check;

    length = consent_detect_iban_length(country);

    if (length == 0 || !number_pair(v, 0)) {
        return NULL;
    }

    c[0] = country[0];
    c[1] = country[1];
    digits = 0;

    for (i = 0, n = 2; n < length; i++) {

        if (consent_sight_digit(v->c[i]) || consent_sight_ascii(v->c[i])) {
            digits += consent_sight_digit(v->c[i]);
            c[n++] = v->c[i];

        } else if ((v->c[i] != ' ' && v->c[i] != '-') || i == 0
                   || (!consent_sight_digit(v->c[i - 1]) && !consent_sight_ascii(v->c[i - 1])))
        {
            return NULL;
        }
    }

    if (digits < CONSENT_DETECT_DIGITS || consent_sight_word(v->c[i])) {
        return NULL;
    }

    for (n = 0, check = 0; n < length; n++) {
        const uint8_t  one = c[(n + 4) % length];

        check = consent_sight_digit(one) ? (10 * check + (unsigned) (one - '0')) % 97
                : (100 * check + (unsigned) (one - 'A' + 10)) % 97;
    }

    if (check != 1) {
        return NULL;
    }

    for (n = 0; n < length; n++) {
        consent_match_same(m, c[n]);
    }

    return consent_sight_to(v, i);
}


unsigned
consent_detect_iban_length(const uint8_t country[static 2])
{
    static const char  lengths[] =
        "AD24AE23AL28AT20AZ28BA20BE16BG22BH22BI27BR29BY28CH21CR22CY28CZ24DE22DJ27DK18DO28EE20EG29ES24FI18FK18"
        "FO18FR27GB22GE22GI23GL18GR27GT28HN28HR21HU28IE22IL23IQ23IS26IT27JO30KW30KZ20LB28LC32LI21LT20LU20LV21"
        "LY25MC27MD24ME22MK19MN20MR27MT31MU30NI28NL18NO15OM23PK24PL28PS29PT25QA29RO24RS22RU33SA24SC31SD18SE24"
        "SI19SK24SM27SO23ST25SV28TL23TN24TR26UA29VA22VG24XK20YE30";

    size_t  left, right, i;

    left = 0;
    right = sizeof(lengths) / 4;

    while (left < right) {
        i = (left + right) / 2;

        if (memcmp(lengths + 4 * i, country, 2) == 0) {
            return number_two((const uint8_t *) lengths + 4 * i + 2);
        }

        if (memcmp(lengths + 4 * i, country, 2) < 0) {
            left = i + 1;

        } else {
            right = i;
        }
    }

    return 0;
}


static unsigned
number_two(const uint8_t *c)
{
    return 10u * (unsigned) (c[0] - '0') + (unsigned) (c[1] - '0');
}


static bool
number_pair(const consent_sight_t *v, unsigned i)
{
    return i + 1 < v->n && consent_sight_digit(v->c[i]) && consent_sight_digit(v->c[i + 1]);
}


/* ISO/IEC 7812-1, annex B: the last of n digits checks the others. */
static bool
luhn(const uint8_t *digits, size_t n)
{
    size_t    i;
    unsigned  sum, d;

    for (i = 0, sum = 0; i < n; i++) {
        d = (unsigned) (digits[n - 1 - i] - '0') << (i & 1);
        sum += d > 9 ? d - 9 : d;
    }

    return sum % 10 == 0;
}


/* The check digit of article numbers (GS1). */
static bool
ean(const uint8_t *digits, size_t n)
{
    size_t    i;
    unsigned  sum;

    for (i = 0, sum = 0; i < n; i++) {
        sum += (unsigned) (digits[n - 1 - i] - '0') * (i & 1 ? 3u : 1u);
    }

    return sum % 10 == 0;
}
