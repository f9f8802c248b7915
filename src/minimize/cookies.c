/*
 * Cookie header values: one pair among many goes, the rest stays as it was.
 *
 * Browsers and most servers split at ';' alone (RFC 6265bis). Others let a quoted value hold ';', split at ',' as well
 * (RFC 2109), or decode names. A pair goes when any of these readings finds a protected name in it, and it goes as far as
 * the longest of them reaches.
 */

#include "minimize/minimize.h"
#include "minimize/reading.h"
#include "minimize/scan.h"

typedef struct {
    const consent_minimize_t  *how;
    consent_found_t           *found;
    consent_reading_t          reading;
    consent_reading_t          necessary;
    consent_reading_t          queries;         /* of a value that is a query, a URL or JSON */
} cookies_t;

static bool cookies_quoted(consent_scan_t *s, const uint8_t *end);
static bool cookies_goes(const cookies_t *c, const uint8_t *p, const consent_scan_t *s, bool quoted);
static bool cookies_is_own(const consent_minimize_t *how, const uint8_t *name, size_t len);
static consent_mask_t cookies_inside(const cookies_t *c, const uint8_t *p, const uint8_t *end);
static bool cookies_holds(const uint8_t *p, const uint8_t *end);
static consent_mask_t cookies_held(const cookies_t *c, const uint8_t *p, const uint8_t *end);
static consent_mask_t cookies_find(const consent_reading_t *reading, const uint8_t *name, size_t len, uint8_t class,
    consent_mask_t doubt);


void
consent_minimize_cookies(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found)
{
    bool            quoted;
    size_t          n;
    uint8_t        *w;
    cookies_t       c;
    consent_scan_t  s;
    const uint8_t  *p, *name, *end, *keep;

    if (in.len == 0) {
        *len = 0;
        return;
    }

    c.how = how;
    c.found = found;
    c.reading = (consent_reading_t) { &how->policy->cookies, false, false, false, NULL, NULL };
    c.necessary = (consent_reading_t) { &how->policy->necessary_cookies, false, false, false, NULL, NULL };

    c.queries = (consent_reading_t) { &how->policy->args, true, true, true, &how->policy->fields, how->policy->json_paths };

    end = in.data + in.len;
    keep = in.data;         /* what is not yet copied, with the ';' in front of it */
    w = out;

    for (p = in.data; /* void */; p = s.end + 1) {

        for (name = p; name < end && (*name == ' ' || *name == '='); name++) { /* void */ }

        consent_scan_pair(&s, name, end);

        quoted = (s.flags & CONSENT_SCAN_QUOTE) && cookies_quoted(&s, end);

        if (name < s.end && cookies_goes(&c, name, &s, quoted)) {

            if (p > in.data && p - 1 > keep) {
                n = (size_t) (p - 1 - keep);
                memmove(w, keep, n);
                w += n;
            }

            keep = s.end;

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

        if (s.end == end) {
            break;
        }
    }

    n = (size_t) (end - keep);

    if (w != keep && n != 0) {
        memmove(w, keep, n);
    }

    *len = (size_t) (w - out) + n;
}


/* Where the value is quoted and closed behind the pair's ';', the pair ends at the ';' behind that. */
static bool
cookies_quoted(consent_scan_t *s, const uint8_t *end)
{
    const uint8_t  *q;

    if (s->equals == NULL || s->end == end) {
        return false;
    }

    q = s->equals;

    do {
        q++;
    } while (*q == ' ' || *q == '\t');

    if (*q != '"') {
        return false;
    }

    for (q++; q < end && *q != '"'; q++) {
        if (*q == '\\') {
            q++;
        }
    }

    if (q >= end || q < s->end) {
        return false;
    }

    q = memchr(q, ';', (size_t) (end - q));
    s->end = q == NULL ? end : q;

    return true;
}


static bool
cookies_goes(const cookies_t *c, const uint8_t *p, const consent_scan_t *s, bool quoted)
{
    bool                       holds;
    size_t                     i, len;
    uint8_t                    class;
    uint64_t                   initials;
    consent_mask_t             mask;
    const consent_minimize_t  *how;

    how = c->how;
    len = (size_t) ((s->equals == NULL ? s->end : s->equals) - p);

    if (how->own.len != 0 && cookies_is_own(how, p, len)) {
        return true;
    }

    holds = s->equals != NULL && cookies_holds(s->equals + 1, s->end);

    /* however the rest of it is written, no name begins with this letter */

    initials = c->reading.names->initials;

    if (how->count_unknown) {
        initials |= c->necessary.names->initials;
    }

    if (!(initials & consent_reading_bit(*p)) && consent_reading_class[*p] == 0 && s->flags == 0 && !holds) {
        return how->count_unknown
               && consent_minimize_unknown(how, c->found, CONSENT_CARRIER_COOKIE, consent_slice(p, len));
    }

    for (class = 0, i = 0; i < len; i++) {
        class |= consent_reading_class[p[i]];
    }

    mask = cookies_find(&c->reading, p, len, class, how->policy->consent_mask);

    if (quoted || (s->flags & CONSENT_SCAN_COMMA)) {
        mask |= cookies_inside(c, p + len, s->end);
    }

    if (holds) {
        mask |= cookies_held(c, s->equals + 1, s->end);
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

    if (!how->count_unknown || cookies_find(&c->necessary, p, len, class, 0) != 0) {
        return false;
    }

    return consent_minimize_unknown(how, c->found, CONSENT_CARRIER_COOKIE, consent_slice(p, len));
}


/* The consent cookie under either of its names, for a browser that knows us over TLS and without may send both; with
 * white space behind the name or without. */
static bool
cookies_is_own(const consent_minimize_t *how, const uint8_t *name, size_t len)
{
    consent_slice_t  found;

    if (len == 0 || (consent_lower(name[0]) != 'c' && name[0] != '_'
                     && consent_lower(name[0]) != consent_lower(how->own.data[0])))
    {
        return false;
    }

    while (len > 1 && name[len - 1] <= ' ') {
        len--;
    }

    found = consent_slice(name, len);

    return consent_slice_ieq(found, how->own) || consent_slice_ieq(found, consent_lit("consent"))
           || consent_slice_ieq(found, consent_lit("__Host-consent"));
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


/* A value may be a query, a URL or JSON: where to go next, what was searched for. */
static bool
cookies_holds(const uint8_t *p, const uint8_t *end)
{
    return p < end && (*p == '{' || *p == '[' || *p == '%' || *p == '"' || consent_reading_nests(p, end));
}


static consent_mask_t
cookies_held(const cookies_t *c, const uint8_t *p, const uint8_t *end)
{
    consent_reading_state_t  s;

    while (p < end && (*p == '"' || *p <= ' ')) {
        p++;
    }

    consent_reading_begin(&s, &c->queries, c->how->policy->consent_mask);
    s.opens = true;
    consent_reading_feed(&s, p, (size_t) (end - p));

    return consent_reading_end(&s);
}


/* `class`: of all bytes of the name together. */
static consent_mask_t
cookies_find(const consent_reading_t *reading, const uint8_t *name, size_t len, uint8_t class, consent_mask_t doubt)
{
    if (class == 0) {
        return consent_reading_not(reading->names, name, len)
               ? 0 : consent_names_find_plain(reading->names, consent_slice(name, len));
    }

    if (class == CONSENT_READING_SPELLED) {
        return consent_reading_find_plain(reading, consent_slice(name, len));
    }

    return consent_reading_find(reading, consent_slice(name, len), doubt);
}
