/*
 * Members of canonical JSON objects (RFC 8785), in place.
 */

#include "ledger/members.h"

static bool skip_value(consent_members_t *m, unsigned depth);
static bool skip_container(consent_members_t *m, unsigned depth, uint8_t close);
static bool skip_string(consent_members_t *m);
static bool skip_number(consent_members_t *m);
static bool skip_literal(consent_members_t *m, consent_slice_t word);
static bool skip_char(consent_members_t *m, uint8_t c);
static bool is_plain_name(consent_slice_t name);


void
consent_members_begin(consent_members_t *m, consent_slice_t object)
{
    memset(m, 0, sizeof(consent_members_t));
    m->p = object.data;
    m->end = object.len == 0 ? object.data : object.data + object.len;
}


consent_rc_t
consent_members_next(consent_members_t *m, consent_slice_t *name, consent_slice_t *value)
{
    const uint8_t  *from;

    if (!m->begun && !skip_char(m, '{')) {
        return CONSENT_MALFORMED;
    }

    if (skip_char(m, '}')) {
        return m->p == m->end ? CONSENT_NOTFOUND : CONSENT_MALFORMED;
    }

    if (m->begun && !skip_char(m, ',')) {
        return CONSENT_MALFORMED;
    }

    from = m->p;

    if (!skip_string(m)) {
        return CONSENT_MALFORMED;
    }

    *name = consent_slice(from + 1, (size_t) (m->p - from) - 2);

    if (!is_plain_name(*name) || (m->begun && consent_members_compare(m->last, *name) >= 0) || !skip_char(m, ':')) {
        return CONSENT_MALFORMED;
    }

    from = m->p;

    if (!skip_value(m, 0)) {
        return CONSENT_MALFORMED;
    }

    *value = consent_slice(from, (size_t) (m->p - from));
    m->last = *name;
    m->begun = true;

    return CONSENT_OK;
}


consent_slice_t
consent_members_find(consent_slice_t object, const char *name)
{
    consent_slice_t    n, value;
    consent_members_t  m;

    consent_members_begin(&m, object);

    while (consent_members_next(&m, &n, &value) == CONSENT_OK) {
        if (consent_slice_eq(n, consent_cstr(name))) {
            return value;
        }
    }

    return consent_slice(NULL, 0);
}


int
consent_members_compare(consent_slice_t a, consent_slice_t b)
{
    int     diff;
    size_t  len;

    len = a.len < b.len ? a.len : b.len;
    diff = len == 0 ? 0 : memcmp(a.data, b.data, len);

    return diff != 0 ? diff : (a.len > b.len) - (a.len < b.len);
}


static bool
skip_value(consent_members_t *m, unsigned depth)
{
    if (m->p == m->end || depth > CONSENT_MEMBERS_MAX_DEPTH) {
        return false;
    }

    switch (*m->p) {
    case '{':
        return skip_container(m, depth, '}');
    case '[':
        return skip_container(m, depth, ']');
    case '"':
        return skip_string(m);
    case 't':
        return skip_literal(m, consent_lit("true"));
    case 'f':
        return skip_literal(m, consent_lit("false"));
    case 'n':
        return skip_literal(m, consent_lit("null"));
    default:
        return skip_number(m);
    }
}


static bool
skip_container(consent_members_t *m, unsigned depth, uint8_t close)
{
    m->p++;

    if (skip_char(m, close)) {
        return true;
    }

    do {
        if (close == '}' && !(skip_string(m) && skip_char(m, ':'))) {
            return false;
        }

        if (!skip_value(m, depth + 1)) {
            return false;
        }
    } while (skip_char(m, ','));

    return skip_char(m, close);
}


static bool
skip_string(consent_members_t *m)
{
    size_t  i;

    if (!skip_char(m, '"')) {
        return false;
    }

    while (m->p < m->end && *m->p >= 0x20) {
        if (skip_char(m, '"')) {
            return true;
        }

        if (*m->p++ != '\\') {
            continue;
        }

        if (m->p == m->end) {
            return false;
        }

        if (*m->p != 'u') {
            if (strchr("\"\\/bfnrt", *m->p) == NULL || *m->p == '\0') {
                return false;
            }

            m->p++;
            continue;
        }

        for (m->p++, i = 0; i < 4; i++, m->p++) {
            if (m->p == m->end || strchr("0123456789abcdef", *m->p) == NULL || *m->p == '\0') {
                return false;
            }
        }
    }

    return false;
}


/* integers: canonical documents of ours hold no others */
static bool
skip_number(consent_members_t *m)
{
    const uint8_t  *from;

    (void) skip_char(m, '-');

    from = m->p;

    while (m->p < m->end && *m->p >= '0' && *m->p <= '9') {
        m->p++;
    }

    return m->p > from && (*from != '0' || m->p - from == 1);
}


static bool
skip_literal(consent_members_t *m, consent_slice_t word)
{
    if ((size_t) (m->end - m->p) < word.len || memcmp(m->p, word.data, word.len) != 0) {
        return false;
    }

    m->p += word.len;

    return true;
}


static bool
skip_char(consent_members_t *m, uint8_t c)
{
    if (m->p == m->end || *m->p != c) {
        return false;
    }

    m->p++;

    return true;
}


static bool
is_plain_name(consent_slice_t name)
{
    size_t  i;

    for (i = 0; i < name.len; i++) {
        if (name.data[i] < 0x20 || name.data[i] > 0x7e || name.data[i] == '\\') {
            return false;
        }
    }

    return true;
}
