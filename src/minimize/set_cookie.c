/*
 * Set-Cookie lines on the way back (RFC 6265bis, section 5.6): one cookie each, whatever commas its dates hold.
 */

#include "minimize/minimize.h"
#include "minimize/reading.h"

typedef struct {
    consent_slice_t  name;
    consent_slice_t  path;          /* the last one counts, as to a browser */
    consent_slice_t  domain;
    consent_slice_t  same_site;
    bool             has_same_site;
    bool             secure;
    bool             partitioned;
} set_cookie_t;

static void set_cookie_parse(set_cookie_t *c, consent_slice_t line);
static consent_slice_t set_cookie_until(consent_slice_t *rest, uint8_t end);
static consent_slice_t set_cookie_trim(consent_slice_t s);
static bool set_cookie_has_prefix(consent_slice_t name, consent_slice_t prefix);
static bool set_cookie_clean(consent_slice_t s);
static void set_cookie_attribute(consent_buf_t *b, const char *name, consent_slice_t value);


consent_mask_t
consent_minimize_set_cookie(consent_slice_t line, const consent_policy_t *policy, consent_mask_t granted)
{
    consent_slice_t    pair, name;
    consent_reading_t  reading;

    pair = set_cookie_until(&line, ';');
    name = set_cookie_trim(set_cookie_until(&pair, '='));

    reading = (consent_reading_t) { &policy->set_cookies, false, false, false, NULL, NULL };

    return consent_reading_find(&reading, name, policy->consent_mask) & ~granted;
}


bool
consent_minimize_set_cookie_known(consent_slice_t *name, consent_slice_t line, const consent_policy_t *policy)
{
    consent_slice_t    pair;
    consent_reading_t  carriers, necessary;

    pair = set_cookie_until(&line, ';');
    *name = set_cookie_trim(set_cookie_until(&pair, '='));

    carriers = (consent_reading_t) { &policy->set_cookies, false, false, false, NULL, NULL };
    necessary = (consent_reading_t) { &policy->necessary_set_cookies, false, false, false, NULL, NULL };

    return consent_reading_find(&carriers, *name, policy->consent_mask) != 0
           || consent_reading_find(&necessary, *name, 0) != 0;
}


consent_rc_t
consent_set_cookie_expire(consent_buf_t *b, consent_slice_t line)
{
    set_cookie_t  c;

    set_cookie_parse(&c, line);

    if (c.name.len == 0 || !set_cookie_clean(c.name)) {
        return CONSENT_MALFORMED;
    }

    if (set_cookie_has_prefix(c.name, consent_lit("__Host-"))) {
        c.path = consent_lit("/");
        c.domain.len = 0;
        c.secure = true;
    }

    if (set_cookie_has_prefix(c.name, consent_lit("__Secure-"))) {
        c.secure = true;
    }

    consent_buf_slice(b, c.name);
    consent_buf_str(b, "=; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT");

    if (c.path.len != 0 && c.path.data[0] == '/') {
        set_cookie_attribute(b, "; Path=", c.path);
    }

    if (c.domain.len != 0) {
        set_cookie_attribute(b, "; Domain=", c.domain);
    }

    if (c.secure) {
        consent_buf_str(b, "; Secure");
    }

    /* where a browser would not take the line without them */

    if (c.has_same_site) {
        set_cookie_attribute(b, "; SameSite=", c.same_site);
    }

    if (c.partitioned) {
        consent_buf_str(b, "; Partitioned");
    }

    return b->rc;
}


static void
set_cookie_parse(set_cookie_t *c, consent_slice_t line)
{
    consent_slice_t  part, name;

    memset(c, 0, sizeof(set_cookie_t));

    part = set_cookie_until(&line, ';');

    if (part.len != 0 && memchr(part.data, '=', part.len) != NULL) {
        c->name = set_cookie_trim(set_cookie_until(&part, '='));
    }

    while (line.len > 0) {
        part = set_cookie_until(&line, ';');
        name = set_cookie_trim(set_cookie_until(&part, '='));
        part = set_cookie_trim(part);

        if (consent_slice_ieq(name, consent_lit("path"))) {
            c->path = part;

        } else if (consent_slice_ieq(name, consent_lit("domain"))) {
            c->domain = part;

        } else if (consent_slice_ieq(name, consent_lit("samesite"))) {
            c->same_site = part;
            c->has_same_site = part.len != 0;

        } else if (consent_slice_ieq(name, consent_lit("secure"))) {
            c->secure = true;

        } else if (consent_slice_ieq(name, consent_lit("partitioned"))) {
            c->partitioned = true;
        }
    }
}


/* What stands before the next `end`; *rest is what follows it. */
static consent_slice_t
set_cookie_until(consent_slice_t *rest, uint8_t end)
{
    size_t           n;
    const uint8_t   *p;
    consent_slice_t  part;

    p = rest->len == 0 ? NULL : memchr(rest->data, end, rest->len);
    n = p == NULL ? rest->len : (size_t) (p - rest->data);

    part = consent_slice(rest->data, n);

    if (p != NULL) {
        n++;
    }

    if (n != 0) {
        rest->data += n;
        rest->len -= n;
    }

    return part;
}


static consent_slice_t
set_cookie_trim(consent_slice_t s)
{
    while (s.len > 0 && (s.data[0] == ' ' || s.data[0] == '\t')) {
        s.data++;
        s.len--;
    }

    while (s.len > 0 && (s.data[s.len - 1] == ' ' || s.data[s.len - 1] == '\t')) {
        s.len--;
    }

    return s;
}


/* Browsers compare these whatever their case. */
static bool
set_cookie_has_prefix(consent_slice_t name, consent_slice_t prefix)
{
    return name.len >= prefix.len && consent_slice_ieq(consent_slice(name.data, prefix.len), prefix);
}


static bool
set_cookie_clean(consent_slice_t s)
{
    size_t  i;

    for (i = 0; i < s.len; i++) {
        if (s.data[i] < 0x20 || s.data[i] == 0x7f) {
            return false;
        }
    }

    return true;
}


static void
set_cookie_attribute(consent_buf_t *b, const char *name, consent_slice_t value)
{
    if (set_cookie_clean(value)) {
        consent_buf_str(b, name);
        consent_buf_slice(b, value);
    }
}
