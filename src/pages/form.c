/*
 * application/x-www-form-urlencoded (https://url.spec.whatwg.org/#urlencoded-parsing), decoded in place, and
 * the path that a form leads back to.
 */

#include "base/utf8.h"
#include "pages/pages.h"

#define BACK_MAX  2000

static bool form_part(consent_slice_t *out, uint8_t *p, size_t len);


consent_rc_t
consent_form_parse(consent_field_t *fields, size_t *n, uint8_t *body, size_t len)
{
    size_t  max, from, to, equals;

    max = *n;
    *n = 0;

    for (from = 0; from < len; from = to + 1) {
        equals = len;

        for (to = from; to < len && body[to] != '&'; to++) {
            if (body[to] == '=' && equals == len) {
                equals = to;
            }
        }

        if (to == from) {
            continue;
        }

        if (*n == max) {
            return CONSENT_LIMIT;
        }

        if (equals == len) {
            equals = to;
        }

        fields[*n].value = consent_slice(&body[to], 0);

        if (!form_part(&fields[*n].name, &body[from], equals - from)
            || (equals < to && !form_part(&fields[*n].value, &body[equals + 1], to - equals - 1)))
        {
            return CONSENT_MALFORMED;
        }

        (*n)++;
    }

    return CONSENT_OK;
}


consent_slice_t
consent_form_get(const consent_field_t *fields, size_t n, const char *name)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (consent_slice_eq(fields[i].name, consent_cstr(name))) {
            return fields[i].value;
        }
    }

    return consent_slice(NULL, 0);
}


size_t
consent_form_all(consent_slice_t *values, size_t max, const consent_field_t *fields, size_t n,
    const char *name)
{
    size_t  i, found;

    found = 0;

    for (i = 0; i < n; i++) {
        if (consent_slice_eq(fields[i].name, consent_cstr(name))) {
            if (found < max) {
                values[found] = fields[i].value;
            }

            found++;
        }
    }

    return found;
}


/* Nothing in it may turn into another origin, in a Location header or in a browser that reads '\\' as '/'. */
bool
consent_back_path(consent_slice_t path)
{
    size_t   i;
    uint8_t  c;

    if (path.len == 0 || path.len > BACK_MAX || path.data[0] != '/') {
        return false;
    }

    for (i = 0; i < path.len; i++) {
        c = path.data[i];

        if (c <= 0x20 || c >= 0x7f || c == '\\' || (c == '/' && i != 0 && path.data[i - 1] == '/')) {
            return false;
        }
    }

    return true;
}


/* Texts that are not UTF-8, or hold NUL, are nobody's honest input. */
static bool
form_part(consent_slice_t *out, uint8_t *p, size_t len)
{
    *out = consent_slice(p, consent_percent_decode(p, consent_slice(p, len), true));

    return memchr(p, 0, out->len) == NULL && consent_utf8_valid(*out);
}
