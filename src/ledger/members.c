/*
 * Members of canonical JSON objects (RFC 8785), in place.
 */

#include "ledger/members.h"
#include "base/utf8.h"

#include <endian.h>

#define MEMBERS_MAX_NUMBER  (((uint64_t) 1 << 53) - 1)

static bool skip_value(consent_members_t *m, unsigned depth);
static bool skip_container(consent_members_t *m, unsigned depth, uint8_t close);
static bool skip_string(consent_members_t *m);
static const uint8_t *skip_ordinary(const uint8_t *p, const uint8_t *end);
static bool is_control(const uint8_t *digits);
static bool is_before(consent_slice_t a, consent_slice_t b);
static uint32_t next_point(const uint8_t **p, const uint8_t *end);
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
    bool             first;
    const uint8_t   *from;
    consent_slice_t  name, last;

    m->p++;

    if (skip_char(m, close)) {
        return true;
    }

    first = true;
    last = consent_slice(NULL, 0);

    do {
        if (close == '}') {
            from = m->p;

            if (!skip_string(m)) {
                return false;
            }

            name = consent_slice(from + 1, (size_t) (m->p - from) - 2);

            if ((!first && !is_before(last, name)) || !skip_char(m, ':')) {
                return false;
            }

            last = name;
            first = false;
        }

        if (!skip_value(m, depth + 1)) {
            return false;
        }
    } while (skip_char(m, ','));

    return skip_char(m, close);
}


/* Only what must be escaped is, in its shortest form. */
static bool
skip_string(consent_members_t *m)
{
    const uint8_t  *p, *end;

    if (!skip_char(m, '"')) {
        return false;
    }

    p = m->p;
    end = m->end;

    for ( ;; ) {
        p = skip_ordinary(p, end);

        if (p == end || *p < 0x20) {
            return false;
        }

        if (*p == '"') {
            m->p = p + 1;
            return true;
        }

        if (*p++ != '\\') {
            continue;
        }

        if (p == end) {
            return false;
        }

        if (*p != 'u') {
            if (*p == '\0' || strchr("\"\\bfnrt", *p) == NULL) {
                return false;
            }

            p++;
            continue;
        }

        if (end - p < 5 || !is_control(p + 1)) {
            return false;
        }

        p += 5;
    }
}


/* To the next control character, quote or backslash, or the end. Of eight bytes at once: w - 0x20 borrows into the top bit of
 * a byte that is less, as does w ^ q - 1 where it is q; what is above the lowest that does may be wrong. */
static const uint8_t *
skip_ordinary(const uint8_t *p, const uint8_t *end)
{
    uint64_t  w, quotes, backslashes, found;

    const uint64_t  ones = UINT64_C(0x0101010101010101), tops = UINT64_C(0x8080808080808080);

    while (end - p >= 8) {
        memcpy(&w, p, sizeof(w));
        w = le64toh(w);
        quotes = w ^ ones * '"';
        backslashes = w ^ ones * '\\';
        found = (((w - ones * 0x20) & ~w) | ((quotes - ones) & ~quotes) | ((backslashes - ones) & ~backslashes)) & tops;

        if (found != 0) {
            return p + __builtin_ctzll(found) / 8;
        }

        p += 8;
    }

    while (p < end && *p >= 0x20 && *p != '"' && *p != '\\') {
        p++;
    }

    return p;
}


/* Four digits of a control character that has no escape of one letter. */
static bool
is_control(const uint8_t *digits)
{
    if (digits[0] != '0' || digits[1] != '0' || digits[3] == '\0') {
        return false;
    }

    return digits[2] == '1' ? strchr("0123456789abcdef", digits[3]) != NULL
                            : digits[2] == '0' && strchr("01234567bef", digits[3]) != NULL;
}


/* In the order of their UTF-16 code units, which is that of their bytes but for what lies beyond U+FFFF, and but for escapes. */
static bool
is_before(consent_slice_t a, consent_slice_t b)
{
    uint32_t        x, y;
    const uint8_t  *p = a.data, *q = b.data, *p_end = p + a.len, *q_end = q + b.len;

    while (p < p_end && q < q_end) {
        x = next_point(&p, p_end);
        y = next_point(&q, q_end);

        if (x != y) {
            if ((x > 0xffff) != (y > 0xffff)) {
                x = x > 0xffff ? 0xd800 : x;
                y = y > 0xffff ? 0xd800 : y;
            }

            return x < y;
        }
    }

    return p == p_end && q < q_end;
}


static uint32_t
next_point(const uint8_t **p, const uint8_t *end)
{
    uint8_t  c, low;

    c = **p;

    if (c >= 0x80) {
        return consent_utf8_next(p, end);
    }

    (*p)++;

    if (c != '\\' || *p == end) {
        return c;
    }

    c = *(*p)++;

    switch (c) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'u':
        /* checked before: 00, a digit of 0 or 1, and any */
        low = (*p)[3];
        c = (uint8_t) ((*p)[2] == '1' ? 0x10 : 0);
        *p += 4;
        return (uint32_t) c + (uint32_t) (low <= '9' ? low - '0' : low - 'a' + 10);
    default:
        return c;
    }
}


/* Integers that a double holds exactly: canonical documents of ours hold no others. */
static bool
skip_number(consent_members_t *m)
{
    bool            negative;
    uint64_t        n;
    const uint8_t  *from;

    negative = skip_char(m, '-');
    from = m->p;

    for (n = 0; m->p < m->end && *m->p >= '0' && *m->p <= '9'; m->p++) {
        n = n * 10 + (uint64_t) (*m->p - '0');

        if (n > MEMBERS_MAX_NUMBER) {
            return false;
        }
    }

    return m->p > from && (*from != '0' || (m->p - from == 1 && !negative));
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
