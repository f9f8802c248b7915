/*
 * JSON values: looking into them, their paths, and the escapes of their strings.
 */

#include "base/json.h"
#include "base/utf8.h"

#define JSON_MAX_INT  INT64_C(9007199254740991)     /* 2^53 - 1 */

static void path_step(consent_buf_t *b, const consent_json_t *v);
static bool path_plain(consent_slice_t name);
static int32_t json_hex4(const uint8_t *p, const uint8_t *end);


const consent_json_t *
consent_json_get(const consent_json_t *obj, const char *name)
{
    consent_slice_t        wanted;
    const consent_json_t  *v;

    if (obj == NULL || obj->type != CONSENT_JSON_OBJECT) {
        return NULL;
    }

    wanted = consent_cstr(name);

    for (v = obj->first; v != NULL; v = v->next) {
        if (consent_slice_eq(v->name, wanted)) {
            return v;
        }
    }

    return NULL;
}


consent_rc_t
consent_json_int(int64_t *out, const consent_json_t *v)
{
    bool      negative;
    size_t    i;
    int64_t   n;

    *out = 0;

    if (v == NULL || v->type != CONSENT_JSON_NUMBER) {
        return CONSENT_MALFORMED;
    }

    n = 0;
    negative = v->text.len > 0 && v->text.data[0] == '-';

    /* "-" and numbers longer than 2^53 - 1 with its sign */
    if (v->text.len <= (negative ? 1 : 0) || v->text.len > 17) {
        return CONSENT_MALFORMED;
    }

    for (i = negative ? 1 : 0; i < v->text.len; i++) {
        if (v->text.data[i] < '0' || v->text.data[i] > '9') {
            return CONSENT_MALFORMED;
        }

        n = n * 10 + (v->text.data[i] - '0');
    }

    if (n > JSON_MAX_INT) {
        return CONSENT_MALFORMED;
    }

    *out = negative ? -n : n;

    return CONSENT_OK;
}


void
consent_json_path(consent_buf_t *b, const consent_json_t *v)
{
    size_t                 depth;
    const consent_json_t  *chain[CONSENT_JSON_MAX_DEPTH + 1];

    consent_buf_char(b, '$');

    for (depth = 0; v != NULL && v->parent != NULL && depth < consent_countof(chain); v = v->parent) {
        chain[depth++] = v;
    }

    while (depth > 0) {
        path_step(b, chain[--depth]);
    }
}


const char *
consent_json_unescape(uint8_t *out, size_t *out_len, size_t *used, consent_slice_t raw)
{
    int32_t         c, low;
    uint8_t        *to;
    const uint8_t  *from, *end;

    to = out;
    end = raw.data + raw.len;
    *out_len = 0;

    for (from = raw.data; from < end; /* void */ ) {
        if (*from != '\\') {
            *to++ = *from++;
            continue;
        }

        *used = (size_t) (from - raw.data);

        if (end - from < 2) {
            return "an unknown escape";
        }

        from += 2;

        switch (from[-1]) {
        case '"':
        case '\\':
        case '/':
            *to++ = from[-1];
            break;
        case 'b':
            *to++ = '\b';
            break;
        case 'f':
            *to++ = '\f';
            break;
        case 'n':
            *to++ = '\n';
            break;
        case 'r':
            *to++ = '\r';
            break;
        case 't':
            *to++ = '\t';
            break;

        case 'u':
            c = json_hex4(from, end);

            if (c < 0) {
                return "expected four hexadecimal digits after \\u";
            }

            from += 4;

            if (c >= 0xd800 && c <= 0xdfff) {
                low = end - from > 2 && from[0] == '\\' && from[1] == 'u' ? json_hex4(from + 2, end) : -1;

                if (c > 0xdbff || low < 0xdc00 || low > 0xdfff) {
                    return "a lone surrogate";
                }

                from += 6;
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
            }

            to += consent_utf8_put(to, (uint32_t) c);
            break;

        default:
            return "an unknown escape";
        }
    }

    *used = raw.len;
    *out_len = (size_t) (to - out);

    return NULL;
}


size_t
consent_json_escape(char escape[static 6], uint8_t c, char quote)
{
    static const char  digits[] = "0123456789abcdef";
    static const char  shorts[] = "btn\0fr";            /* U+0008 to U+000D; U+000B has none */

    escape[0] = '\\';

    if (c == (uint8_t) quote || c == '\\') {
        escape[1] = (char) c;
        return 2;
    }

    if (c >= 0x20) {
        return 0;
    }

    if (c >= 8 && c <= 13 && shorts[c - 8] != '\0') {
        escape[1] = shorts[c - 8];
        return 2;
    }

    memcpy(escape + 1, "u00", 3);
    escape[4] = digits[c >> 4];
    escape[5] = digits[c & 15];

    return 6;
}


static void
path_step(consent_buf_t *b, const consent_json_t *v)
{
    char                   escape[6];
    size_t                 i, len;
    const consent_json_t  *sibling;

    if (v->parent->type == CONSENT_JSON_ARRAY) {
        for (i = 0, sibling = v->parent->first; sibling != NULL && sibling != v; sibling = sibling->next) {
            i++;
        }

        consent_buf_printf(b, "[%zu]", i);
        return;
    }

    if (path_plain(v->name)) {
        consent_buf_char(b, '.');
        consent_buf_slice(b, v->name);
        return;
    }

    consent_buf_str(b, "['");

    for (i = 0; i < v->name.len; i++) {
        len = consent_json_escape(escape, v->name.data[i], '\'');

        if (len > 0) {
            consent_buf_add(b, escape, len);

        } else {
            consent_buf_char(b, (char) v->name.data[i]);
        }
    }

    consent_buf_str(b, "']");
}


static bool
path_plain(consent_slice_t name)
{
    size_t   i;
    uint8_t  c;

    for (i = 0; i < name.len; i++) {
        c = name.data[i];

        if (c != '_' && (c < '0' || c > '9' || i == 0)
            && (consent_lower(c) < 'a' || consent_lower(c) > 'z'))
        {
            return false;
        }
    }

    return name.len > 0;
}


/* -1 if p does not begin with four hexadecimal digits. */
static int32_t
json_hex4(const uint8_t *p, const uint8_t *end)
{
    int       i;
    uint8_t   c;
    int32_t   n;

    if (end - p < 4) {
        return -1;
    }

    n = 0;

    for (i = 0; i < 4; i++) {
        c = consent_lower(p[i]);

        if (c >= '0' && c <= '9') {
            n = n << 4 | (c - '0');

        } else if (c >= 'a' && c <= 'f') {
            n = n << 4 | (c - 'a' + 10);

        } else {
            return -1;
        }
    }

    return n;
}
