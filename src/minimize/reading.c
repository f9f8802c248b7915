/*
 * Names as servers may read them: decoded to the end in one pass, then looked up the ways that frameworks spell them.
 *
 * Decoding again and again until nothing changes equals rewriting "%41" to "A" wherever it occurs, also where it only
 * comes about through another rewriting. A partly read escape waits on a stack while the bytes that may complete it are
 * themselves being decoded; a byte that cannot complete it settles everything that waits.
 */

#include "minimize/reading.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef consent_reading_escape_t  reading_escape_t;
typedef consent_reading_state_t   reading_state_t;

static void reading_decode(reading_state_t *s, uint8_t c);
static void reading_settle(reading_state_t *s);
static void reading_byte(reading_state_t *s, uint8_t c);
static void reading_end_name(reading_state_t *s);
static consent_mask_t reading_lookup(const consent_reading_t *reading, consent_slice_t name);
static consent_mask_t reading_underscored(const consent_reading_t *reading, consent_slice_t name);
static consent_mask_t reading_shortened(const consent_reading_t *reading, consent_slice_t name);
static size_t reading_overlong(const uint8_t *p, size_t n, uint8_t *c);
static bool reading_nests(const uint8_t *p, const uint8_t *end);
static inline bool reading_may_nest(const uint8_t *p, const uint8_t *end);
static int reading_hex(uint8_t c);


const uint8_t  consent_reading_class[256] = {
    [0x00] = 4, [0x01] = 4, [0x02] = 4, [0x03] = 4, [0x04] = 4, [0x05] = 4, [0x06] = 4, [0x07] = 4,
    [0x08] = 4, [0x09] = 4, [0x0a] = 4, [0x0b] = 4, [0x0c] = 4, [0x0d] = 4, [0x0e] = 4, [0x0f] = 4,
    [0x10] = 4, [0x11] = 4, [0x12] = 4, [0x13] = 4, [0x14] = 4, [0x15] = 4, [0x16] = 4, [0x17] = 4,
    [0x18] = 4, [0x19] = 4, [0x1a] = 4, [0x1b] = 4, [0x1c] = 4, [0x1d] = 4, [0x1e] = 4, [0x1f] = 4,
    ['%'] = 4, ['+'] = 4, ['"'] = 4, ['\''] = 4, ['!'] = 4, ['?'] = 4, ['#'] = 4, ['&'] = 4, [';'] = 4,
    [0x85] = 4, [0xa0] = 4, [0xc0] = 4, [0xc1] = 4, [0xe0] = 4, [0xef] = 4, [0xf0] = 4,
    [' '] = 2, ['.'] = 2, ['['] = 2, ['='] = 1
};


/* Of the bytes of a value: % & ; ? # */
static const uint64_t  reading_stop[4] = {
    (uint64_t) 1 << '%' | (uint64_t) 1 << '&' | (uint64_t) 1 << ';' | (uint64_t) 1 << '?' | (uint64_t) 1 << '#',
    0, 0, 0
};


static inline bool
reading_is_space(uint8_t c)
{
    return c <= ' ';
}


static inline bool
reading_is_around(uint8_t c)
{
    return c <= ' ' || c == '"' || c == '\'' || c == 0x85 || c == 0xa0;
}


consent_mask_t
consent_reading_find(const consent_reading_t *reading, consent_slice_t pair, consent_mask_t doubt)
{
    reading_state_t  s;

    consent_reading_begin(&s, reading, doubt);
    consent_reading_feed(&s, pair.data, pair.len);

    return consent_reading_end(&s);
}


void
consent_reading_begin(consent_reading_state_t *s, const consent_reading_t *reading, consent_mask_t doubt)
{
    s->reading = reading;
    s->mask = 0;
    s->doubt = doubt;
    s->len = 0;
    s->in_name = !reading->rest;
    s->first = true;
    s->depth = 0;
}


void
consent_reading_feed(consent_reading_state_t *s, const uint8_t *data, size_t n)
{
    const uint8_t  *p, *end;

    for (p = data, end = data + n; p < end; p++) {

        if (s->depth == 0 && *p != '%') {
            reading_byte(s, *p);

        } else {
            reading_decode(s, *p);
        }

        if (s->in_name || s->depth > 0) {
            continue;
        }

        if (!s->reading->nested) {
            return;
        }

        /* in a value, which only these bytes end */
        while (p + 1 < end && !(reading_stop[p[1] >> 6] >> (p[1] & 63) & 1)) {
            p++;
        }
    }
}


consent_mask_t
consent_reading_end(consent_reading_state_t *s)
{
    reading_settle(s);

    if (s->in_name && s->first) {
        reading_end_name(s);
    }

    return s->mask;
}


consent_mask_t
consent_reading_pair(const consent_reading_t *reading, const uint8_t *p, const uint8_t *eq, const uint8_t *end,
    uint8_t class, consent_mask_t doubt)
{
    consent_mask_t     mask;
    consent_slice_t    name;
    consent_reading_t  plain;

    name = consent_slice(p, (size_t) (eq - p));

    if (class == 0) {
        mask = consent_reading_not(reading->names, p, name.len) ? 0 : consent_names_find(reading->names, name, true);

    } else if (class == CONSENT_READING_SPELLED) {
        mask = consent_reading_find_plain(reading, name);

    } else {
        plain = *reading;
        plain.nested = false;
        mask = consent_reading_find(&plain, name, doubt);
    }

    /* of a name that is nothing but spaces, the '=' may be a part of the next */

    if (reading->nested && (class >= CONSENT_READING_ENCODED || eq == p || *p == ' '
                            || (eq < end && reading_nests(eq + 1, end))))
    {
        mask |= consent_reading_find(reading, consent_slice(p, (size_t) (end - p)), doubt);
    }

    return mask;
}


consent_mask_t
consent_reading_find_plain(const consent_reading_t *reading, consent_slice_t name)
{
    uint8_t  c;

    if (name.len == 0) {
        return consent_names_find(reading->names, name, reading->structured);
    }

    c = name.data[0];

    /* no spelling changes the first letter */

    if (consent_reading_class[c] == 0 && !(reading->names->initials & consent_reading_bit(c))) {
        return 0;
    }

    return consent_names_find(reading->names, name, reading->structured) | reading_underscored(reading, name);
}


/* One byte, which may begin, continue, complete or break an escape; a completed one is a byte again. */
static void
reading_decode(reading_state_t *s, uint8_t c)
{
    int                h;
    uint32_t           code;
    size_t             i;
    reading_escape_t  *e;

    for ( ;; ) {

        if (c == '%') {
            if (s->depth == CONSENT_READING_DEPTH) {
                s->mask |= s->doubt;
                reading_settle(s);
            }

            e = &s->stack[s->depth++];
            e->len = 1;
            e->wide = 0;
            e->raw[0] = '%';
            return;
        }

        if (s->depth == 0) {
            reading_byte(s, c);
            return;
        }

        e = &s->stack[s->depth - 1];

        if (e->len == 1 && (c == 'u' || c == 'U')) {
            e->wide = 1;
            e->raw[e->len++] = c;
            return;
        }

        h = reading_hex(c);

        if (h < 0) {
            reading_settle(s);
            reading_byte(s, c);
            return;
        }

        if (e->len < (e->wide ? 5 : 2)) {
            e->raw[e->len++] = c;
            return;
        }

        code = (uint32_t) h;

        for (i = e->wide ? 2 : 1; i < e->len; i++) {
            code |= (uint32_t) reading_hex(e->raw[i]) << 4 * (e->len - i);
        }

        s->depth--;

        if (!e->wide || code < 0x80) {
            c = (uint8_t) code;
            continue;
        }

        /* beyond ASCII: nothing that waits can be completed by it */
        reading_settle(s);

        if (code < 0x800) {
            reading_byte(s, (uint8_t) (0xc0 | code >> 6));

        } else {
            reading_byte(s, (uint8_t) (0xe0 | code >> 12));
            reading_byte(s, (uint8_t) (0x80 | (code >> 6 & 0x3f)));
        }

        reading_byte(s, (uint8_t) (0x80 | (code & 0x3f)));
        return;
    }
}


/* What waits is not an escape after all. */
static void
reading_settle(reading_state_t *s)
{
    size_t  i, k;

    for (i = 0; i < s->depth; i++) {
        for (k = 0; k < s->stack[i].len; k++) {
            reading_byte(s, s->stack[i].raw[k]);
        }
    }

    s->depth = 0;
}


static void
reading_byte(reading_state_t *s, uint8_t c)
{
    if (s->reading->nested && (c == '&' || c == ';' || c == '?' || c == '#')) {

        if (s->in_name && s->first) {
            reading_end_name(s);
        }

        s->in_name = true;
        s->first = false;
        s->len = 0;
        return;
    }

    if (!s->in_name) {
        return;
    }

    if (c == '=') {
        if (s->len != 0) {
            reading_end_name(s);
            s->in_name = false;
        }

        return;
    }

    if (s->len < CONSENT_READING_MAX && (s->len != 0 || !reading_is_space(c))) {
        s->name[s->len++] = c;
    }
}


static void
reading_end_name(reading_state_t *s)
{
    s->mask |= reading_lookup(s->reading, consent_slice(s->name, s->len));
}


/* A decoded name and its other spellings. */
static consent_mask_t
reading_lookup(const consent_reading_t *reading, consent_slice_t name)
{
    bool             plus;
    size_t           i, n;
    uint8_t          spaced[CONSENT_READING_MAX];
    consent_mask_t   mask;
    consent_slice_t  inner;

    mask = consent_names_find(reading->names, name, reading->structured)
           | reading_underscored(reading, name) | reading_shortened(reading, name);

    /* quotes and the white space of ISO 8859-1 around it; Spring's "!name" is a default for name */

    inner = name;

    while (inner.len > 0 && (reading_is_around(inner.data[0]) || inner.data[0] == '!')) {
        inner.data++;
        inner.len--;
    }

    while (inner.len > 0 && reading_is_around(inner.data[inner.len - 1])) {
        inner.len--;
    }

    if (inner.len != name.len) {
        mask |= consent_names_find(reading->names, inner, reading->structured);
    }

    plus = false;
    n = name.len;

    for (i = 0; i < n; i++) {
        spaced[i] = name.data[i];

        if (spaced[i] == '+') {
            spaced[i] = ' ';
            plus = true;
        }
    }

    if (plus) {
        mask |= consent_names_find(reading->names, consent_slice(spaced, n), reading->structured)
                | reading_underscored(reading, consent_slice(spaced, n));
    }

    return mask;
}


/* Without a byte order mark before it, which those drop who decode a body as text, and with letters that take more bytes
 * than UTF-8 allows. */
static consent_mask_t
reading_shortened(const consent_reading_t *reading, consent_slice_t name)
{
    size_t   i, n, took;
    uint8_t  out[CONSENT_READING_MAX];

    i = name.len >= 3 && memcmp(name.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

    for (n = 0; i < name.len; n++) {
        took = reading_overlong(name.data + i, name.len - i, &out[n]);

        if (took == 0) {
            out[n] = name.data[i];
            took = 1;
        }

        i += took;
    }

    if (n == name.len) {
        return 0;
    }

    return consent_names_find(reading->names, consent_slice(out, n), reading->structured)
           | reading_underscored(reading, consent_slice(out, n));
}


/* Bytes at p that stand for one of ASCII in two, three or four bytes; 0: none do. */
static size_t
reading_overlong(const uint8_t *p, size_t n, uint8_t *c)
{
    size_t  i, len;

    len = (p[0] & 0xfe) == 0xc0 ? 2 : p[0] == 0xe0 ? 3 : p[0] == 0xf0 ? 4 : 0;

    if (len == 0 || len > n || (len > 2 && (p[len - 2] & 0xfe) != 0x80)) {
        return 0;
    }

    for (i = 1; i < len; i++) {
        if ((p[i] & 0xc0) != 0x80 || (i + 2 < len && p[i] != 0x80)) {
            return 0;
        }
    }

    *c = (uint8_t) ((p[len - 2] & 1) << 6 | (p[len - 1] & 0x3f));

    return len;
}


/* PHP makes '_' of '.' and ' ' in a name, and of a '[' that is never closed; of "a.b[c]" it makes "a_b". */
static consent_mask_t
reading_underscored(const consent_reading_t *reading, consent_slice_t name)
{
    bool            changed;
    size_t          i, n;
    uint8_t         out[CONSENT_READING_MAX];
    const uint8_t  *open;

    while (name.len > 0 && name.data[0] <= ' ') {
        name.data++;
        name.len--;
    }

    n = name.len < sizeof(out) ? name.len : sizeof(out);
    changed = false;
    open = memchr(name.data, '[', n);

    if (open != NULL && memchr(open, ']', (size_t) (name.data + n - open)) != NULL) {
        n = (size_t) (open - name.data);
        changed = true;
    }

    for (i = 0; i < n; i++) {
        out[i] = name.data[i];

        if (out[i] == '.' || out[i] == ' ' || out[i] == '[') {
            out[i] = '_';
            changed = true;
        }
    }

    return changed ? consent_names_find(reading->names, consent_slice(out, n), false) : 0;
}


/* A value may hold a query: it has a '=', or an escape that may become one. Of escapes within escapes, the innermost that
 * decodes to a '%' or '=' is written "%25", "%2%..", "%3d", "%3%..", "%%.." or "%u....". */
static bool
reading_nests(const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)

    size_t    n, k;
    unsigned  percents;
    __m128i   v;

    n = (size_t) (end - p);

    /* of the last sixteen bytes, some are looked at again */

    for ( /* void */ ; n >= 16; n = n < 32 ? 16 : n - 16) {

        v = _mm_loadu_si128((const __m128i *) (const void *) (end - n));

        if (_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('='))) != 0) {
            return true;
        }

        percents = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('%')));

        for ( /* void */ ; percents != 0; percents &= percents - 1) {
            k = (size_t) __builtin_ctz(percents);

            if (reading_may_nest(end - n + k, end)) {
                return true;
            }
        }

        if (n == 16) {
            return false;
        }
    }

    p = end - n;

#endif

    for ( /* void */ ; p < end; p++) {
        if (*p == '=' || (*p == '%' && reading_may_nest(p, end))) {
            return true;
        }
    }

    return false;
}


/* At a '%': it begins an escape that becomes a '=' or '%', or holds another. */
static inline bool
reading_may_nest(const uint8_t *p, const uint8_t *end)
{
    uint8_t  c;

    if (end - p < 3) {
        return false;
    }

    c = p[1];

    if (c == '2' || c == '3') {
        return p[2] == '%' || (p[2] | 0x20) == (c == '2' ? '5' | 0x20 : 'd');
    }

    return c == 'u' || c == 'U' || c == '%';
}


static int
reading_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = consent_lower(c);

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
