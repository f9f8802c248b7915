/*
 * A glance into JSON that lies in one piece.
 */

#include "disclose/peek.h"

static bool peek_open(consent_peek_t *it, consent_slice_t text, uint8_t open, uint8_t close, bool lines);
static bool peek_next(consent_peek_t *it);
static bool peek_space(consent_peek_t *it);
static bool peek_string(consent_peek_t *it);
static bool peek_skip(consent_peek_t *it);


bool
consent_peek_object(consent_peek_t *it, consent_slice_t text, bool lines)
{
    return peek_open(it, text, '{', '}', lines);
}


bool
consent_peek_array(consent_peek_t *it, consent_slice_t text, bool lines)
{
    return peek_open(it, text, '[', ']', lines);
}


bool
consent_peek_name(consent_peek_t *it, consent_slice_t *name)
{
    const uint8_t  *from;

    if (!peek_next(it) || *it->p != '"') {
        return false;
    }

    from = it->p + 1;

    if (!peek_string(it)) {
        return false;
    }

    *name = consent_slice(from, (size_t) (it->p - 1 - from));

    return true;
}


bool
consent_peek_value(consent_peek_t *it, consent_slice_t *value)
{
    const uint8_t  *from;

    if (!peek_space(it) || *it->p != ':') {
        return false;
    }

    it->p++;

    if (!peek_space(it)) {
        return false;
    }

    from = it->p;

    if (!peek_skip(it)) {
        return false;
    }

    *value = consent_slice(from, (size_t) (it->p - from));

    return true;
}


bool
consent_peek_element(consent_peek_t *it, consent_slice_t *value)
{
    const uint8_t  *from;

    if (!peek_next(it)) {
        return false;
    }

    from = it->p;

    if (!peek_skip(it)) {
        return false;
    }

    *value = consent_slice(from, (size_t) (it->p - from));

    return true;
}


consent_slice_t
consent_peek_get(consent_slice_t object, const char *name, bool lines)
{
    consent_peek_t   it;
    consent_slice_t  key, value;

    if (consent_peek_object(&it, object, lines)) {
        while (consent_peek_name(&it, &key) && consent_peek_value(&it, &value)) {
            if (consent_slice_eq(key, consent_cstr(name))) {
                return value;
            }
        }
    }

    return consent_slice(NULL, 0);
}


bool
consent_peek_is(consent_slice_t value, const char *string)
{
    return value.len == strlen(string) + 2 && value.data[0] == '"'
           && memcmp(value.data + 1, string, value.len - 2) == 0;
}


bool
consent_peek_says(consent_slice_t value)
{
    return value.len > 2 && value.data[0] == '"';
}


static bool
peek_open(consent_peek_t *it, consent_slice_t text, uint8_t open, uint8_t close, bool lines)
{
    if (text.len == 0) {
        return false;
    }

    it->p = text.data;
    it->end = text.data + text.len;
    it->lines = lines;
    it->begun = false;
    it->close = close;

    if (!peek_space(it) || *it->p != open) {
        return false;
    }

    it->p++;

    return true;
}


/* To the first byte of the next member or element. */
static bool
peek_next(consent_peek_t *it)
{
    if (!peek_space(it) || *it->p == it->close) {
        return false;
    }

    if (it->begun) {
        if (*it->p != ',') {
            return false;
        }

        it->p++;

        if (!peek_space(it)) {
            return false;
        }
    }

    it->begun = true;

    return true;
}


/* False at the end of the text. */
static bool
peek_space(consent_peek_t *it)
{
    uint8_t  c;

    static const char  field[] = "data:";

    for ( /* void */ ; it->p < it->end; it->p++) {
        c = *it->p;

        if (c == '\n' || c == '\r') {

            if (it->lines && (size_t) (it->end - it->p) > sizeof(field) - 1
                && memcmp(it->p + 1, field, sizeof(field) - 1) == 0)
            {
                it->p += sizeof(field) - 1;
            }

        } else if (c != ' ' && c != '\t') {
            return true;
        }
    }

    return false;
}


/* From a quote to behind the other. A line break cannot stand in a string. */
static bool
peek_string(consent_peek_t *it)
{
    uint8_t  c;

    for (it->p++; it->p < it->end; it->p++) {
        c = *it->p;

        if (c == '"') {
            it->p++;
            return true;
        }

        if (c == '\\') {
            it->p++;

        } else if (c < 0x20) {
            return false;
        }
    }

    it->p = it->end;

    return false;
}


/* Over a value of any depth, from its first byte. Brackets are counted, not told apart. */
static bool
peek_skip(consent_peek_t *it)
{
    uint8_t  c;
    size_t   depth;

    for (depth = 0; it->p < it->end; /* void */ ) {
        c = *it->p;

        if (c == '"') {
            if (!peek_string(it)) {
                return false;
            }

            if (depth == 0) {
                return true;
            }

        } else if (c == '{' || c == '[') {
            depth++;
            it->p++;

        } else if (c == '}' || c == ']') {

            if (depth == 0) {
                return false;
            }

            it->p++;

            if (--depth == 0) {
                return true;
            }

        } else if (depth > 0) {
            it->p++;

        } else {

            /* a number or a word */

            if (c == ',' || c == ':') {
                return false;
            }

            while (it->p < it->end && memchr(",:]} \t\r\n\"[{", *it->p, 11) == NULL) {
                it->p++;
            }

            return it->p < it->end;
        }
    }

    return false;
}
