/*
 * Names as servers may read them: decoded to the end in one pass, then looked up the ways that frameworks spell them.
 *
 * Decoding again and again until nothing changes equals rewriting "%41" to "A" wherever it occurs, also where it only
 * comes about through another rewriting. A partly read escape waits on a stack while the bytes that may complete it are
 * themselves being decoded; a byte that cannot complete it settles everything that waits.
 */

#include "minimize/reading.h"

#define READING_DEPTH  64       /* escapes within escapes; deeper is nobody's name, and in doubt */

typedef struct {
    uint8_t  len;               /* 1: "%", 2: "%4" or "%u", up to 5: "%u004" */
    uint8_t  wide;
    uint8_t  raw[5];
} reading_escape_t;

typedef struct {
    const consent_reading_t  *reading;
    consent_mask_t            mask;
    consent_mask_t            doubt;
    size_t                    len;          /* of name */
    bool                      in_name;
    bool                      first;        /* of the names: it may stand without '=' */
    size_t                    depth;
    reading_escape_t          stack[READING_DEPTH];
    uint8_t                   name[CONSENT_READING_MAX];
} reading_state_t;

static void reading_decode(reading_state_t *s, uint8_t c);
static void reading_settle(reading_state_t *s);
static void reading_byte(reading_state_t *s, uint8_t c);
static void reading_end_name(reading_state_t *s);
static consent_mask_t reading_lookup(const consent_reading_t *reading, consent_slice_t name);
static consent_mask_t reading_underscored(const consent_reading_t *reading, consent_slice_t name);
static int reading_hex(uint8_t c);


const uint8_t  consent_reading_class[256] = {
    [0x00] = 4, [0x01] = 4, [0x02] = 4, [0x03] = 4, [0x04] = 4, [0x05] = 4, [0x06] = 4, [0x07] = 4,
    [0x08] = 4, [0x09] = 4, [0x0a] = 4, [0x0b] = 4, [0x0c] = 4, [0x0d] = 4, [0x0e] = 4, [0x0f] = 4,
    [0x10] = 4, [0x11] = 4, [0x12] = 4, [0x13] = 4, [0x14] = 4, [0x15] = 4, [0x16] = 4, [0x17] = 4,
    [0x18] = 4, [0x19] = 4, [0x1a] = 4, [0x1b] = 4, [0x1c] = 4, [0x1d] = 4, [0x1e] = 4, [0x1f] = 4,
    ['%'] = 4, ['+'] = 4, ['"'] = 4, ['\''] = 4, ['!'] = 4, ['?'] = 4, ['#'] = 4, ['&'] = 4, [';'] = 4,
    [0x85] = 4, [0xa0] = 4, [' '] = 2, ['.'] = 2, ['['] = 2, ['='] = 1
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
    size_t           i;
    reading_state_t  s;

    s.reading = reading;
    s.mask = 0;
    s.doubt = doubt;
    s.len = 0;
    s.in_name = !reading->rest;
    s.first = true;
    s.depth = 0;

    for (i = 0; i < pair.len; i++) {
        if (s.depth == 0 && pair.data[i] != '%') {
            reading_byte(&s, pair.data[i]);

        } else {
            reading_decode(&s, pair.data[i]);
        }

        if (!s.in_name && !reading->nested) {
            return s.mask;
        }
    }

    reading_settle(&s);

    if (s.in_name && s.first) {
        reading_end_name(&s);
    }

    return s.mask;
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
            if (s->depth == READING_DEPTH) {
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
           | reading_underscored(reading, name);

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


static int
reading_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = consent_lower(c);

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
