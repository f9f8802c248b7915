/*
 * Writers of JSON: compact, canonical (RFC 8785), and strings.
 */

#include "base/json.h"
#include "base/utf8.h"

#include <stdlib.h>

static consent_rc_t canonical_value(consent_buf_t *b, const consent_json_t *v, size_t depth);
static consent_rc_t canonical_object(consent_buf_t *b, const consent_json_t *v, size_t depth);
static int utf16_compare(const void *one, const void *two);
static void write_open(consent_buf_t *b, const consent_json_t *v, bool html);


void
consent_json_write_string(consent_buf_t *b, consent_slice_t text, bool html)
{
    char            escape[6];
    size_t          len;
    uint32_t        c;
    const uint8_t  *p, *end, *from, *at;

    if (text.len == 0) {
        consent_buf_str(b, "\"\"");
        return;
    }

    consent_buf_char(b, '"');

    p = text.data;
    end = p + text.len;
    from = p;

    while (p < end) {
        at = p;
        c = *p < 0x80 ? *p++ : consent_utf8_next(&p, end);

        if (html && (c == '<' || c == '>' || c == '&' || c == 0x2028 || c == 0x2029)) {
            consent_buf_add(b, from, (size_t) (at - from));
            consent_buf_printf(b, "\\u%04x", c);
            from = p;

        } else if (c < 0x80 && (len = consent_json_escape(escape, (uint8_t) c, '"')) > 0) {
            consent_buf_add(b, from, (size_t) (at - from));
            consent_buf_add(b, escape, len);
            from = p;

        } else if (c == 0xfffd && p - at == 1) {
            consent_buf_add(b, from, (size_t) (at - from));
            consent_buf_str(b, "\xef\xbf\xbd");
            from = p;
        }
    }

    consent_buf_add(b, from, (size_t) (end - from));
    consent_buf_char(b, '"');
}


consent_rc_t
consent_json_canonical(consent_buf_t *b, const consent_json_t *v)
{
    consent_rc_t  rc;

    rc = canonical_value(b, v, 0);

    return rc == CONSENT_OK ? b->rc : rc;
}


void
consent_json_write(consent_buf_t *b, const consent_json_t *v, bool html)
{
    const consent_json_t  *root;

    for (root = v; /* void */ ; /* void */ ) {
        write_open(b, v, html);

        if (v->first != NULL) {
            v = v->first;

        } else {
            while (v != root && v->next == NULL) {
                v = v->parent;
                consent_buf_char(b, v->type == CONSENT_JSON_OBJECT ? '}' : ']');
            }

            if (v == root) {
                return;
            }

            v = v->next;
            consent_buf_char(b, ',');
        }

        if (v->parent->type == CONSENT_JSON_OBJECT) {
            consent_json_write_string(b, v->name, html);
            consent_buf_char(b, ':');
        }
    }
}


static consent_rc_t
canonical_value(consent_buf_t *b, const consent_json_t *v, size_t depth)
{
    int64_t                n;
    consent_rc_t           rc;
    const consent_json_t  *child;

    if (depth > CONSENT_JSON_MAX_DEPTH) {
        return CONSENT_LIMIT;
    }

    switch (v->type) {
    case CONSENT_JSON_NUMBER:
        rc = consent_json_int(&n, v);

        if (rc == CONSENT_OK) {
            consent_buf_i64(b, n);
        }

        return rc;

    case CONSENT_JSON_STRING:
        consent_json_write_string(b, v->text, false);
        return CONSENT_OK;

    case CONSENT_JSON_ARRAY:
        consent_buf_char(b, '[');

        for (child = v->first; child != NULL; child = child->next) {
            if (child != v->first) {
                consent_buf_char(b, ',');
            }

            rc = canonical_value(b, child, depth + 1);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        consent_buf_char(b, ']');
        return CONSENT_OK;

    case CONSENT_JSON_OBJECT:
        return canonical_object(b, v, depth);

    case CONSENT_JSON_NULL:
    case CONSENT_JSON_FALSE:
    case CONSENT_JSON_TRUE:
        write_open(b, v, false);
        return CONSENT_OK;
    }

    return CONSENT_MALFORMED;
}


static consent_rc_t
canonical_object(consent_buf_t *b, const consent_json_t *v, size_t depth)
{
    size_t                  i, n;
    consent_rc_t            rc;
    const consent_json_t   *child, **sorted, *few[16];

    for (n = 0, child = v->first; child != NULL; child = child->next) {
        n++;
    }

    sorted = few;

    if (n > consent_countof(few)) {
        sorted = calloc(n, sizeof(consent_json_t *));

        if (sorted == NULL) {
            return CONSENT_NOMEM;
        }
    }

    for (i = 0, child = v->first; child != NULL; child = child->next) {
        sorted[i++] = child;
    }

    qsort(sorted, n, sizeof(consent_json_t *), utf16_compare);

    rc = CONSENT_OK;
    consent_buf_char(b, '{');

    for (i = 0; i < n && rc == CONSENT_OK; i++) {
        if (i > 0) {
            consent_buf_char(b, ',');
        }

        consent_json_write_string(b, sorted[i]->name, false);
        consent_buf_char(b, ':');
        rc = canonical_value(b, sorted[i], depth + 1);
    }

    consent_buf_char(b, '}');

    if (sorted != few) {
        free(sorted);
    }

    return rc;
}


/* RFC 8785, section 3.2.3. UTF-8 order differs from UTF-16 order only where one side is beyond the basic
 * plane and the other is U+E000 to U+FFFF. */
static int
utf16_compare(const void *one, const void *two)
{
    uint32_t        c, d;
    const uint8_t  *p, *q, *p_end, *q_end;

    p = (*(const consent_json_t *const *) one)->name.data;
    p_end = p + (*(const consent_json_t *const *) one)->name.len;
    q = (*(const consent_json_t *const *) two)->name.data;
    q_end = q + (*(const consent_json_t *const *) two)->name.len;

    while (p < p_end && q < q_end) {
        c = consent_utf8_next(&p, p_end);
        d = consent_utf8_next(&q, q_end);

        if (c != d) {
            if (c >= 0x10000 && d >= 0x10000) {
                return c < d ? -1 : 1;
            }

            c = c >= 0x10000 ? 0xd800 : c;
            d = d >= 0x10000 ? 0xd800 : d;

            return c < d ? -1 : 1;
        }
    }

    return p < p_end ? 1 : q < q_end ? -1 : 0;
}


/* A scalar, an empty array or object, or the opening bracket of a full one. */
static void
write_open(consent_buf_t *b, const consent_json_t *v, bool html)
{
    switch (v->type) {
    case CONSENT_JSON_NULL:
        consent_buf_str(b, "null");
        break;
    case CONSENT_JSON_FALSE:
        consent_buf_str(b, "false");
        break;
    case CONSENT_JSON_TRUE:
        consent_buf_str(b, "true");
        break;
    case CONSENT_JSON_NUMBER:
        consent_buf_slice(b, v->text);
        break;
    case CONSENT_JSON_STRING:
        consent_json_write_string(b, v->text, html);
        break;
    case CONSENT_JSON_ARRAY:
        consent_buf_str(b, v->first == NULL ? "[]" : "[");
        break;
    case CONSENT_JSON_OBJECT:
        consent_buf_str(b, v->first == NULL ? "{}" : "{");
        break;
    }
}
