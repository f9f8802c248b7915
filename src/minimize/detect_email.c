/*
 * E-mail addresses: a local part of up to 64 bytes, an '@', and a name in the DNS or an address literal (RFC 5321,
 * 4.1.2 and 4.5.3.1; RFC 6531 for what is not ASCII).
 */

#include "minimize/detect_inside.h"

#define EMAIL_LOCAL   CONSENT_DETECT_BACK
#define EMAIL_DOMAIN  255
#define EMAIL_LABEL   63

static bool email_local(uint8_t c);
static bool email_edge(uint8_t c);
static const uint8_t *email_begins(const consent_range_t *range, const uint8_t *at, const uint8_t *first);
static const uint8_t *email_quoted(const uint8_t *at, const uint8_t *first);
static const uint8_t *email_domain(const uint8_t *p, const uint8_t *end);
static const uint8_t *email_literal(const uint8_t *p, const uint8_t *end);
static bool email_letter(uint8_t c);


bool
consent_detect_email(const consent_range_t *range, const uint8_t *at, unsigned n, const uint8_t *first,
    consent_match_t *m)
{
    uint8_t         c;
    unsigned        len;
    const uint8_t  *p;

    if (at - first > EMAIL_LOCAL) {
        first = at - EMAIL_LOCAL;
    }

    /* nothing that an address could end its local part with */
    if (at == first || (at[-1] < 0x80 && at[-1] != '"' && !email_local(consent_sight_read(at - 1, at, &len)))) {
        return false;
    }

    m->kind = CONSENT_DETECT_EMAIL;
    m->from = email_begins(range, at, first);

    if (m->from == NULL) {
        m->from = email_quoted(at, first);
    }

    if (m->from == NULL) {
        return false;
    }

    m->to = email_domain(at + n, range->end);

    if (m->to == NULL) {
        return false;
    }

    /* of ASCII letters the case counts for nothing, whatever a server could make of the local part's */

    for (p = m->from, m->same_len = 0; p < m->to; p += len) {
        c = m->to - p > 3 ? consent_sight_escape(p) : 0;
        len = 3;

        if (c == 0) {
            c = consent_sight_read(p, m->to, &len);
        }

        if (c == CONSENT_SIGHT_HIDDEN || c == CONSENT_SIGHT_SOFT) {
            continue;
        }

        if (c != CONSENT_SIGHT_LETTER && c != CONSENT_SIGHT_OTHER && !(c & CONSENT_SIGHT_RAISED)) {
            consent_match_same(m, c);
            continue;
        }

        for (n = 0; n < len; n++) {
            consent_match_same(m, p[n]);
        }
    }

    return true;
}


const uint8_t *
consent_detect_email_at(const consent_range_t *range, const uint8_t *p, unsigned *n)
{
    uint8_t         c;
    const uint8_t  *from;

    for (from = p; p < range->end && p - from <= EMAIL_LOCAL; p += *n) {
        c = consent_sight_read(p, range->end, n);

        if (c == '@') {
            return p;
        }

        if (!email_local(c)) {
            break;
        }
    }

    return NULL;
}


/* Back from the '@' over all that may stand in a local part, and forth again to what one begins with. NULL: nothing. */
static const uint8_t *
email_begins(const consent_range_t *range, const uint8_t *at, const uint8_t *first)
{
    uint8_t           c;
    unsigned          n;
    consent_range_t   part;
    const uint8_t    *p, *from;

    (void) range;

    part.start = first;
    part.end = at;
    part.last = true;

    for (from = at; from > first; from = p) {
        c = consent_sight_back(&part, from, &p);

        if (!email_local(c)) {
            break;
        }
    }

    while (from < at) {
        c = consent_sight_read(from, at, &n);

        if (email_edge(c)) {
            return from;
        }

        from += n;
    }

    return NULL;
}


/* "any text"@example.org, in one line. */
static const uint8_t *
email_quoted(const uint8_t *at, const uint8_t *first)
{
    const uint8_t  *p;

    if (at - first < 3 || at[-1] != '"') {
        return NULL;
    }

    for (p = at - 2; p > first || (p == first && *p == '"'); p--) {
        if (*p == '"' && (p == first || p[-1] != '\\')) {
            return p < at - 2 ? p : NULL;
        }

        if (*p < 0x20 || p == first) {
            break;
        }
    }

    return NULL;
}


static bool
email_local(uint8_t c)
{
    return email_edge(c) || c == '.' || c == '-' || c == '\'' || c == '=' || c == '~' || c == '%' || c == '!'
           || c == '$' || c == '*' || c == CONSENT_SIGHT_HIDDEN || c == CONSENT_SIGHT_SOFT;
}


/* What an address may begin with, in practice: a dash or a quote before it belongs to the text. */
static bool
email_edge(uint8_t c)
{
    return email_letter(c) || c == '_' || c == '+';
}


static bool
email_letter(uint8_t c)
{
    return consent_sight_word(c) || (c & CONSENT_SIGHT_RAISED);
}


/* Where the name in the DNS that begins at p ends: the longest one whose last label is that of a top-level domain.
 * NULL: there is none. */
static const uint8_t *
email_domain(const uint8_t *p, const uint8_t *end)
{
    bool            letters, dash;
    uint8_t         c, next;
    unsigned        n, k, labels, seen;
    const uint8_t  *from, *label, *good, *to;

    if (p < end && *p == '[') {
        return email_literal(p, end);
    }

    good = NULL;
    from = p;
    labels = 0;

    for ( ;; ) {
        label = p;
        letters = false;
        dash = false;
        seen = 0;
        to = NULL;          /* where the label could end: before its first dash, or at its end */

        for (next = CONSENT_SIGHT_END, n = 0; p < end && p - from < EMAIL_DOMAIN && p - label <= EMAIL_LABEL; p += n) {
            c = consent_sight_read(p, end, &n);

            if (c == '-') {
                dash = true;

            } else if (email_letter(c)) {
                letters = seen == 0 ? !consent_sight_digit(c) : letters;
                seen++;

                if (!dash) {
                    to = p + n;
                }

            } else if (c != CONSENT_SIGHT_HIDDEN && c != CONSENT_SIGHT_SOFT) {
                next = c;
                break;
            }
        }

        if (seen == 0 || p - label > EMAIL_LABEL) {
            return good;
        }

        /* xn-- and its like may be a top-level domain as a whole */
        if (dash && p - label > 4 && label[2] == '-' && label[3] == '-') {

            for (to = p; to[-1] == '-'; to--) { /* void */ }
        }

        labels++;

        if (labels > 1 && letters && to != NULL && to - label > 1) {
            good = to;
        }

        if (next != '.') {
            return good;
        }

        /* a dot, and a letter behind it that is seen next */
        p += n;

        for (to = p; to < end; to += k) {
            c = consent_sight_read(to, end, &k);

            if (email_letter(c)) {
                break;
            }

            if (c != CONSENT_SIGHT_HIDDEN && c != CONSENT_SIGHT_SOFT) {
                return good;
            }
        }
    }
}


static const uint8_t *
email_literal(const uint8_t *p, const uint8_t *end)
{
    bool            digits;
    const uint8_t  *from;

    for (from = p++, digits = false; p < end && p - from < EMAIL_LOCAL; p++) {

        if (*p == ']') {
            return digits ? p + 1 : NULL;
        }

        if (*p >= '0' && *p <= '9') {
            digits = true;

        } else if (strchr(".:abcdefABCDEFIPvp", *p) == NULL || *p == '\0') {
            return NULL;
        }
    }

    return NULL;
}
