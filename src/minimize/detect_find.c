/*
 * The matches of the built-in detectors in a range of text, one after another: every digit and every '@' is looked
 * at once, with what stands around it. A decision is made only where all is in the range that it can depend on.
 */

#include "minimize/detect_inside.h"
#include "minimize/detect_scan.h"

/* What is looked at behind a digit to tell whether it belongs to an address. */
#define FIND_AHEAD  (CONSENT_DETECT_BACK + 4 + CONSENT_DETECT_EMAIL_BEHIND)
#define FIND_UUID   36

static consent_find_t find_escape(consent_finder_t *f, const uint8_t *p, consent_match_t *m);
static consent_find_t find_digit(consent_finder_t *f, const uint8_t *p, consent_match_t *m);
static consent_find_t find_number(consent_finder_t *f, const uint8_t *p, consent_match_t *m);
static bool find_look(consent_finder_t *f, const uint8_t *p, consent_sight_t *v);
static unsigned find_possible(const consent_range_t *range, const consent_sight_t *v);
static bool find_country(const consent_range_t *range, const uint8_t *p, bool apart);
static bool find_kind(const consent_finder_t *f, const consent_sight_t *v, consent_match_t *m);
static bool find_iban(const consent_finder_t *f, const consent_sight_t *before, consent_match_t *m);
static consent_find_t find_email(consent_finder_t *f, const uint8_t *p, unsigned n, consent_match_t *m);
static bool find_uuid(const consent_range_t *range, const uint8_t *from, const uint8_t *to);
static bool find_hex(uint8_t c);


consent_find_t
consent_detect_find(consent_finder_t *f, consent_match_t *m)
{
    uint8_t          c;
    unsigned         n;
    const uint8_t   *p;
    consent_find_t   found;

    if (f->kinds == 0) {
        f->next = f->range.end;
        return CONSENT_FIND_NONE;
    }

    for (p = f->next; /* void */ ; p = f->next) {
        p = consent_detect_next(p, f->range.end);

        if (p == f->range.end) {
            f->next = p;
            return CONSENT_FIND_NONE;
        }

        c = *p;
        n = 1;

        if (c >= 0x80) {

            /* dashes and quotes, and what is no superscript: the most of what is not ASCII in most texts */
            if (f->range.end - p >= 2 && ((c == 0xe2 && p[1] == 0x80) || (c == 0xc2 && (p[1] & 0xf0) != 0xb0))) {
                f->next = p + 2;
                continue;
            }

            if (f->range.end - p < 4 && !f->range.last) {
                f->next = p;
                return CONSENT_FIND_CUT;
            }

            c = consent_sight_read(p, f->range.end, &n);
        }

        if (c < 0x80 && p > f->range.start && p[-1] == '%' && consent_sight_digit(c)) {

            if (f->range.end - p < 2 && !f->range.last) {
                f->next = p;
                return CONSENT_FIND_CUT;
            }

            found = find_escape(f, p, m);

            if (found != CONSENT_FIND_NONE) {
                f->next = p;
                return found;
            }

            if (f->next > p) {
                continue;
            }
        }

        f->next = p + n;

        if (c == '@') {
            found = f->kinds & CONSENT_DETECT_BIT(CONSENT_DETECT_EMAIL) ? find_email(f, p, n, m) : CONSENT_FIND_NONE;

        } else if (consent_sight_digit(c & (uint8_t) ~CONSENT_SIGHT_RAISED)) {
            found = f->kinds & CONSENT_DETECT_NUMBERS ? find_digit(f, p, m) : CONSENT_FIND_NONE;

        } else {
            continue;
        }

        if (found != CONSENT_FIND_NONE) {
            f->next = p;
            return found;
        }
    }
}


/* Behind a '%': the escape of a sign, behind which f->next goes then. A digit may also be one, behind a per cent. */
static consent_find_t
find_escape(consent_finder_t *f, const uint8_t *p, consent_match_t *m)
{
    uint8_t         c;
    consent_find_t  found;

    c = f->range.end - p < 2 ? 0 : consent_sight_escape(p - 1);

    if (c == 0) {
        f->next = p;
        return CONSENT_FIND_NONE;
    }

    found = c == '@' && f->kinds & CONSENT_DETECT_BIT(CONSENT_DETECT_EMAIL) ? find_email(f, p - 1, 3, m) : CONSENT_FIND_NONE;

    if (found == CONSENT_FIND_NONE && f->kinds & CONSENT_DETECT_NUMBERS) {

        if (f->range.end - p > 2 && consent_sight_digit(p[2])) {
            found = find_number(f, p + 2, m);
        }

        found = found == CONSENT_FIND_NONE ? find_number(f, p, m) : found;
    }

    f->next = p + 2;

    return found;
}


/* A digit: the first of a row, or one that was looked at with the first. */
static consent_find_t
find_digit(consent_finder_t *f, const uint8_t *p, consent_match_t *m)
{
    uint8_t          c;
    consent_find_t   found;
    const uint8_t   *at;

    c = p > f->range.start && p[-1] < 0x80 && consent_sight_escape_before(&f->range, p) == 0 ? p[-1]
        : consent_sight_back(&f->range, p, &at);
    found = consent_sight_digit(c) ? CONSENT_FIND_NONE : find_number(f, p, m);

    if (found == CONSENT_FIND_NONE) {
        while (f->next < f->range.end && consent_sight_digit(*f->next)) {
            f->next++;
        }
    }

    return found;
}


static consent_find_t
find_number(consent_finder_t *f, const uint8_t *p, consent_match_t *m)
{
    bool              any;
    size_t            alone;
    unsigned          kind, kinds, n;
    const uint8_t    *at;
    consent_sight_t    v;
    consent_match_t   one;

    alone = consent_sight_alone(&f->range, p);

    if (alone > 0 && alone < CONSENT_DETECT_DIGITS && !find_country(&f->range, p, alone == 2)) {
        return CONSENT_FIND_NONE;
    }

    if (!find_look(f, p, &v)) {
        return CONSENT_FIND_CUT;
    }

    kinds = f->kinds & find_possible(&f->range, &v);

    if (kinds == 0) {
        return CONSENT_FIND_NONE;
    }

    consent_sight_before(&v, &f->range, p);
    any = false;

    for (kind = 0; kind < CONSENT_DETECT_EMAIL; kind++) {

        if (!(kinds & CONSENT_DETECT_BIT(kind))) {
            continue;
        }

        one.kind = kind;
        one.from = p;
        one.to = NULL;
        one.same_len = 0;

        if (!find_kind(f, &v, &one)) {
            return CONSENT_FIND_CUT;
        }

        if (one.to == NULL || one.to - one.from > CONSENT_MASK_MAX_VALUE) {
            continue;
        }

        if (!f->range.last && f->range.end - p < FIND_AHEAD) {
            return CONSENT_FIND_CUT;
        }

        if (find_uuid(&f->range, one.from, one.to)) {
            continue;
        }

        f->seen |= CONSENT_DETECT_BIT(kind);

        if ((f->withheld & CONSENT_DETECT_BIT(kind))
            && (!any || one.from < m->from || (one.from == m->from && one.to > m->to)))
        {
            *m = one;
            any = true;
        }
    }

    if (!any) {
        return CONSENT_FIND_NONE;
    }

    /* digits may be a part of an address */

    if (f->withheld & CONSENT_DETECT_BIT(CONSENT_DETECT_EMAIL)) {
        at = consent_detect_email_at(&f->range, p, &n);

        if (at != NULL && consent_detect_email(&f->range, at, n, f->done, &one) && one.from <= m->from) {
            f->seen |= CONSENT_DETECT_BIT(CONSENT_DETECT_EMAIL);
            *m = one;
        }
    }

    return CONSENT_FIND_MATCH;
}


/* The view of what begins with the digit at p. False: more text is needed. */
static bool
find_look(consent_finder_t *f, const uint8_t *p, consent_sight_t *v)
{
    consent_stretch_t  *s;

    s = &f->stretch;

    if (s->from != NULL && p >= s->from + s->at[s->i] && p < s->end) {

        while (s->from + s->at[s->i] < p) {
            s->i++;
        }

        if (s->from + s->at[s->i] == p && (!s->full || s->n - s->i > CONSENT_SIGHT_MAX)) {
            return consent_sight_view(v, s);
        }
    }

    consent_sight_fill(s, &f->range, p, false, CONSENT_SIGHT_ROW);

    return consent_sight_view(v, s);
}


/* Which detectors can find anything, by how many digits stand in the first two rows: a quick no for most numbers. */
static unsigned
find_possible(const consent_range_t *range, const consent_sight_t *v)
{
    uint8_t         one, two;
    unsigned        kinds, first, second;
    const uint8_t  *p;

    p = v->from;
    one = p > range->start ? p[-1] : 0;
    two = p > range->start + 1 ? p[-2] : 0;

    for (first = 0; consent_sight_digit(v->c[first]); first++) { /* void */ }

    kinds = find_country(range, p, first == 2 || v->digits >= CONSENT_DETECT_DIGITS)
            ? CONSENT_DETECT_BIT(CONSENT_DETECT_IBAN) : 0;

    if (v->digits < CONSENT_DETECT_DIGITS) {
        return kinds;
    }

    for (second = 0; first + 1 < v->n && consent_sight_digit(v->c[first + 1 + second]); second++) { /* void */ }

    if (first == 6) {
        kinds |= CONSENT_DETECT_BIT(CONSENT_DETECT_PERSONNUMMER) | CONSENT_DETECT_BIT(CONSENT_DETECT_HETU);

    } else if (first == 1 || first == 8 || first == 10 || first == 12
               || ((first == 2 || first == 4) && (second == 2 || second == 4 || second == 8)))
    {
        kinds |= CONSENT_DETECT_BIT(CONSENT_DETECT_PERSONNUMMER);
    }

    if (first == 4 || first >= 13 || (first == 1 && second == 1)) {
        kinds |= CONSENT_DETECT_BIT(CONSENT_DETECT_CARD);
    }

    if (v->c[0] == '0' || one == '+' || two == '+' || one >= 0x80 || two >= 0x80
        || (first >= 11 && (v->c[0] == '4' || v->c[0] == '3')) || consent_sight_escape_before(range, p) == '+')
    {
        kinds |= CONSENT_DETECT_BIT(CONSENT_DETECT_PHONE);
    }

    return kinds;
}


/* What stands before p may be a country; `apart`: with a space behind it. */
static bool
find_country(const consent_range_t *range, const uint8_t *p, bool apart)
{
    return p > range->start
           && (p[-1] >= 'A' || (apart && p[-1] == ' ' && p - range->start > 1 && p[-2] >= 'A'));
}


/* One detector. False: more text is needed. */
static bool
find_kind(const consent_finder_t *f, const consent_sight_t *v, consent_match_t *m)
{
    if (m->kind == CONSENT_DETECT_IBAN) {
        return find_iban(f, v, m);
    }

    if (m->kind == CONSENT_DETECT_PHONE) {
        m->to = consent_detect_phone(v, &f->range, m);
        return true;
    }

    if (!consent_sight_word(v->before[0])) {
        m->to = m->kind == CONSENT_DETECT_PERSONNUMMER ? consent_detect_personnummer(v, m, f->year)
                : m->kind == CONSENT_DETECT_HETU ? consent_detect_hetu(v, m) : consent_detect_card(v, m);
    }

    return true;
}


static bool
find_iban(const consent_finder_t *f, const consent_sight_t *before, consent_match_t *m)
{
    uint8_t            country[2];
    unsigned           at;
    consent_sight_t    v;
    consent_stretch_t  s;

    at = before->before[0] == ' ' ? 1 : 0;
    country[0] = before->before[at + 1];
    country[1] = before->before[at];

    if (!consent_sight_ascii(country[0]) || !consent_sight_ascii(country[1])
        || consent_sight_word(before->before[at + 2]) || consent_detect_iban_length(country) == 0)
    {
        return true;
    }

    consent_sight_fill(&s, &f->range, before->from, true, 2 * consent_detect_iban_length(country));

    if (!consent_sight_view(&v, &s)) {
        return false;
    }

    m->to = consent_detect_iban(&v, country, m);
    m->from = before->before_at[at + 1];

    return true;
}


static consent_find_t
find_email(consent_finder_t *f, const uint8_t *p, unsigned n, consent_match_t *m)
{
    if (!f->range.last && f->range.end - p < CONSENT_DETECT_EMAIL_BEHIND) {
        return CONSENT_FIND_CUT;
    }

    if (!consent_detect_email(&f->range, p, n, f->done, m)) {
        return CONSENT_FIND_NONE;
    }

    f->seen |= CONSENT_DETECT_BIT(CONSENT_DETECT_EMAIL);

    return f->withheld & CONSENT_DETECT_BIT(CONSENT_DETECT_EMAIL) ? CONSENT_FIND_MATCH : CONSENT_FIND_NONE;
}


/* The match is a part of a UUID (RFC 9562, 4), whose digits prove nothing. */
static bool
find_uuid(const consent_range_t *range, const uint8_t *from, const uint8_t *to)
{
    size_t  i;

    while (from > range->start && to - from < FIND_UUID && (find_hex(from[-1]) || from[-1] == '-')) {
        from--;
    }

    if (range->end - from < FIND_UUID || to - from > FIND_UUID) {
        return false;
    }

    for (i = 0; i < FIND_UUID; i++) {
        if (i == 8 || i == 13 || i == 18 || i == 23 ? from[i] != '-' : !find_hex(from[i])) {
            return false;
        }
    }

    from += FIND_UUID;

    return from == range->end || (!find_hex(*from) && *from != '-');
}


static bool
find_hex(uint8_t c)
{
    return consent_sight_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}
