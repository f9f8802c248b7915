/*
 * Cookie header values: one pair among many goes, the rest stays as it was.
 *
 * Browsers and most servers split at ';' alone (RFC 6265bis). Others let a quoted value hold ';', split at ',' as well
 * (RFC 2109), or decode names. A pair goes when any of these readings finds a protected name in it, and it goes as far as
 * the longest of them reaches.
 */

#include "minimize/minimize.h"
#include "minimize/reading.h"

typedef struct {
    const consent_minimize_t  *how;
    consent_found_t           *found;
    consent_reading_t          reading;
    consent_reading_t          necessary;
    bool                       quotes;          /* anywhere in the header: then values are looked into */
    bool                       commas;
} cookies_t;

static const uint8_t *cookies_end_of_pair(const cookies_t *c, const uint8_t *p, const uint8_t *end, bool *quoted);
static bool cookies_goes(cookies_t *c, const uint8_t *p, const uint8_t *end, bool quoted);
static consent_mask_t cookies_inside(const cookies_t *c, const uint8_t *p, const uint8_t *end);
static bool cookies_unknown(cookies_t *c, const uint8_t *p, size_t len, bool odd);


/* Bytes that end a plain name (1: '=') or make it one that servers may read otherwise (2). */
static const uint8_t  cookies_class[256] = {
    [0x00] = 2, [0x01] = 2, [0x02] = 2, [0x03] = 2, [0x04] = 2, [0x05] = 2, [0x06] = 2, [0x07] = 2,
    [0x08] = 2, [0x09] = 2, [0x0a] = 2, [0x0b] = 2, [0x0c] = 2, [0x0d] = 2, [0x0e] = 2, [0x0f] = 2,
    [0x10] = 2, [0x11] = 2, [0x12] = 2, [0x13] = 2, [0x14] = 2, [0x15] = 2, [0x16] = 2, [0x17] = 2,
    [0x18] = 2, [0x19] = 2, [0x1a] = 2, [0x1b] = 2, [0x1c] = 2, [0x1d] = 2, [0x1e] = 2, [0x1f] = 2,
    [' '] = 2, ['%'] = 2, ['+'] = 2, ['.'] = 2, ['['] = 2, ['"'] = 2, ['\''] = 2, ['!'] = 2, ['='] = 1,
    [0x85] = 2, [0xa0] = 2
};


void
consent_minimize_cookies(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found)
{
    bool            quoted;
    size_t          n;
    uint8_t        *w;
    cookies_t       c;
    const uint8_t  *p, *e, *end, *keep;

    if (in.len == 0) {
        *len = 0;
        return;
    }

    c.how = how;
    c.found = found;
    c.reading = (consent_reading_t) { &how->policy->cookies, false, false, false };
    c.necessary = (consent_reading_t) { &how->policy->necessary_cookies, false, false, false };
    c.quotes = memchr(in.data, '"', in.len) != NULL;
    c.commas = memchr(in.data, ',', in.len) != NULL;

    end = in.data + in.len;
    keep = in.data;         /* what is not yet copied, with the ';' in front of it */
    w = out;

    for (p = in.data; /* void */; p = e + 1) {

        e = cookies_end_of_pair(&c, p, end, &quoted);

        if (cookies_goes(&c, p, e, quoted)) {

            if (p > in.data && p - 1 > keep) {
                n = (size_t) (p - 1 - keep);
                memmove(w, keep, n);
                w += n;
            }

            keep = e;

            if (w == out) {
                /* the first pair that stays needs no ';' */

                if (keep < end) {
                    keep++;
                }

                while (keep < end && *keep == ' ') {
                    keep++;
                }
            }
        }

        if (e == end) {
            break;
        }
    }

    n = (size_t) (end - keep);

    if (w != keep && n != 0) {
        memmove(w, keep, n);
    }

    *len = (size_t) (w - out) + n;
}


/* The next ';', or where a quoted value is closed behind it, the one behind that. */
static const uint8_t *
cookies_end_of_pair(const cookies_t *c, const uint8_t *p, const uint8_t *end, bool *quoted)
{
    const uint8_t  *e, *q;

    *quoted = false;

    e = memchr(p, ';', (size_t) (end - p));

    if (e == NULL) {
        return end;
    }

    if (!c->quotes) {
        return e;
    }

    q = memchr(p, '=', (size_t) (e - p));

    if (q == NULL) {
        return e;
    }

    do {
        q++;
    } while (*q == ' ' || *q == '\t');

    if (*q != '"') {
        return e;
    }

    for (q++; q < end && *q != '"'; q++) {
        if (*q == '\\') {
            q++;
        }
    }

    if (q >= end || q < e) {
        return e;
    }

    *quoted = true;
    e = memchr(q, ';', (size_t) (end - q));

    return e == NULL ? end : e;
}


static bool
cookies_goes(cookies_t *c, const uint8_t *p, const uint8_t *end, bool quoted)
{
    bool                       odd;
    size_t                     len;
    uint8_t                    class;
    const uint8_t             *name;
    consent_mask_t             mask;
    const consent_names_t     *names;
    const consent_minimize_t  *how;

    how = c->how;
    names = c->reading.names;

    while (p < end && (*p == ' ' || *p == '=')) {
        p++;
    }

    if (p == end) {
        return false;
    }

    name = p;
    odd = false;

    for (class = 0; p < end && (class = cookies_class[*p]) != 1; p++) {
        odd |= class;
    }

    len = (size_t) (p - name);

    if (how->own.len != 0 && len >= how->own.len && (odd || len == how->own.len)
        && consent_slice_ieq(consent_slice(name, how->own.len), how->own))
    {
        while (len > how->own.len && name[len - 1] <= ' ') {
            len--;
        }

        if (len == how->own.len) {
            return true;
        }
    }

    if (odd) {
        mask = consent_reading_find(&c->reading, consent_slice(name, len), how->policy->consent_mask);

    } else {
        mask = consent_reading_not(names, name, len) ? 0 : consent_names_find(names, consent_slice(name, len), false);
    }

    if (quoted || c->commas) {
        mask |= cookies_inside(c, p, end);
    }

    if (mask != 0) {
        c->found->seen |= mask;

        if (mask & ~how->granted) {
            c->found->removed |= mask & ~how->granted;
            c->found->pairs++;
            return true;
        }

        return false;
    }

    return how->count_unknown && cookies_unknown(c, name, len, odd);
}


/* Names that other readings find in a value. */
static consent_mask_t
cookies_inside(const cookies_t *c, const uint8_t *p, const uint8_t *end)
{
    const uint8_t   *e;
    consent_mask_t   mask;

    mask = 0;

    for ( ;; ) {
        while (p < end && *p != ',' && *p != ';') {
            p++;
        }

        if (p == end) {
            return mask;
        }

        for (e = ++p; e < end && *e != '=' && *e != ',' && *e != ';'; e++) { /* void */ }

        if (e < end && *e == '=') {
            mask |= consent_reading_find(&c->reading, consent_slice(p, (size_t) (e - p)),
                                         c->how->policy->consent_mask);
        }

        p = e;
    }
}


/* Counts it; true when it has to go for that. */
static bool
cookies_unknown(cookies_t *c, const uint8_t *p, size_t len, bool odd)
{
    consent_slice_t         name;
    const consent_names_t  *names;

    names = c->necessary.names;
    name = consent_slice(p, len);

    if (odd ? consent_reading_find(&c->necessary, name, 0) != 0
            : !consent_reading_not(names, p, len) && consent_names_find(names, name, false) != 0)
    {
        return false;
    }

    c->found->unknown++;

    return c->how->remove_unknown;
}
