/*
 * A decoded name, looked up the ways that frameworks spell it.
 */

#include "minimize/reading.h"

static consent_mask_t reading_underscored(const consent_reading_t *reading, consent_slice_t name);
static consent_mask_t reading_shortened(const consent_reading_t *reading, consent_slice_t name);
static size_t reading_overlong(const uint8_t *p, size_t n, uint8_t *c);


const uint8_t  consent_reading_class[256] = {
    [0x00] = 4, [0x01] = 4, [0x02] = 4, [0x03] = 4, [0x04] = 4, [0x05] = 4, [0x06] = 4, [0x07] = 4,
    [0x08] = 4, [0x09] = 4, [0x0a] = 4, [0x0b] = 4, [0x0c] = 4, [0x0d] = 4, [0x0e] = 4, [0x0f] = 4,
    [0x10] = 4, [0x11] = 4, [0x12] = 4, [0x13] = 4, [0x14] = 4, [0x15] = 4, [0x16] = 4, [0x17] = 4,
    [0x18] = 4, [0x19] = 4, [0x1a] = 4, [0x1b] = 4, [0x1c] = 4, [0x1d] = 4, [0x1e] = 4, [0x1f] = 4,
    ['%'] = 4, ['+'] = 4, ['"'] = 4, ['\''] = 4, ['!'] = 4, ['?'] = 4, ['#'] = 4, ['&'] = 4, [';'] = 4,
    [0x85] = 4, [0xa0] = 4, [0xc0] = 4, [0xc1] = 4, [0xe0] = 4, [0xef] = 4, [0xf0] = 4,
    [' '] = 2, ['.'] = 2, ['['] = 2, ['='] = 1
};


static inline bool
reading_is_around(uint8_t c)
{
    return c <= ' ' || c == '"' || c == '\'' || c == 0x85 || c == 0xa0;
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


consent_mask_t
consent_reading_lookup(const consent_reading_t *reading, consent_slice_t name)
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
