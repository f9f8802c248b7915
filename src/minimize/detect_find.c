/*
 * The matches of the built-in detectors in a range of text, one after another: every digit and every '@' is looked
 * at once, with what stands around it. A decision is made only where all is in the range that it can depend on.
 */

#include "minimize/detect_inside.h"
#include "minimize/detect_scan.h"

/* What is looked at behind a digit to tell whether it belongs to an address. */
#define FIND_AHEAD  (CONSENT_DETECT_BACK + 4 + CONSENT_DETECT_EMAIL_BEHIND)
#define FIND_UUID   36

static consent_find_t find_digit(consent_finder_t *f, const uint8_t *p, consent_match_t *m);
static consent_find_t find_number(consent_finder_t *f, const uint8_t *p, consent_match_t *m);
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
            if (f->range.end - p < 4 && !f->range.last) {
                f->next = p;
                return CONSENT_FIND_CUT;
            }

            c = consent_sight_read(p, f->range.end, &n);
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


/* A digit: the first of a row, or one that was looked at with the first. */
static consent_find_t
find_digit(consent_finder_t *f, const uint8_t *p, consent_match_t *m)
{
    uint8_t          c;
    consent_find_t   found;
    const uint8_t   *at;

    c = p > f->range.start && p[-1] < 0x80 ? p[-1] : consent_sight_back(&f->range, p, &at);
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
    bool              any, letter;
    unsigned          kind, n;
    const uint8_t    *at;
    consent_sight_t    v;
    consent_match_t   one;

    if (!consent_sight_fill(&v, &f->range, p, false)) {
        return CONSENT_FIND_CUT;
    }

    letter = (f->kinds & CONSENT_DETECT_BIT(CONSENT_DETECT_IBAN)) && p > f->range.start
             && (p[-1] >= 'A' || (v.c[1] != CONSENT_SIGHT_OTHER && (v.c[2] == ' ' || v.c[2] == '-')));

    if (v.digits < CONSENT_DETECT_DIGITS && !letter) {
        return CONSENT_FIND_NONE;
    }

    consent_sight_before(&v, &f->range, p);
    any = false;

    for (kind = 0; kind < CONSENT_DETECT_EMAIL; kind++) {

        if (!(f->kinds & CONSENT_DETECT_BIT(kind))) {
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


/* One detector. False: more text is needed. */
static bool
find_kind(const consent_finder_t *f, const consent_sight_t *v, consent_match_t *m)
{
    if (m->kind == CONSENT_DETECT_IBAN) {
        return find_iban(f, v, m);
    }

    if (v->digits < CONSENT_DETECT_DIGITS) {
        return true;
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
    uint8_t         country[2];
    unsigned        at;
    consent_sight_t  v;

    at = before->before[0] == ' ' ? 1 : 0;
    country[0] = before->before[at + 1];
    country[1] = before->before[at];

    if (!consent_sight_ascii(country[0]) || !consent_sight_ascii(country[1])
        || consent_sight_word(before->before[at + 2]) || consent_detect_iban_length(country) == 0)
    {
        return true;
    }

    if (!consent_sight_fill(&v, &f->range, before->from, true)) {
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
