/*
 * Forms of any bytes: fields lie within the body, hold UTF-8 without NUL, and no way back leaves the origin.
 */

#include "base/utf8.h"
#include "pages/pages.h"

#include <stdlib.h>

#define FIELDS  32


static void
check(consent_slice_t part, const uint8_t *body, size_t size)
{
    if (part.len != 0
        && (part.data < body || part.data + part.len > body + size || memchr(part.data, 0, part.len) != NULL
            || !consent_utf8_valid(part)))
    {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t            i, n;
    uint8_t          *body;
    consent_rc_t      rc;
    consent_field_t   fields[FIELDS];
    consent_slice_t   values[4];

    body = malloc(size + 1);

    if (body == NULL) {
        return 0;
    }

    memcpy(body, data, size);
    n = FIELDS;
    rc = consent_form_parse(fields, &n, body, size);

    if (n > FIELDS || (rc != CONSENT_OK && rc != CONSENT_MALFORMED && rc != CONSENT_LIMIT)) {
        abort();
    }

    for (i = 0; i < n; i++) {
        check(fields[i].name, body, size);
        check(fields[i].value, body, size);

        if (consent_back_path(fields[i].value)
            && (fields[i].value.data[0] != '/' || (fields[i].value.len > 1 && fields[i].value.data[1] == '/')
                || memchr(fields[i].value.data, '\\', fields[i].value.len) != NULL))
        {
            abort();
        }
    }

    (void) consent_form_get(fields, n, "level");

    if (consent_form_all(values, consent_countof(values), fields, n, "category") > n) {
        abort();
    }

    free(body);

    return 0;
}
