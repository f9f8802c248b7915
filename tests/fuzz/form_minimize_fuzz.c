/*
 * Forms of any bytes: pieces make no difference, what is left passes once more as it is, and no reader that splits at '&'
 * and decodes once finds a protected name.
 */

#include <strings.h>

#include "fuzz_body.h"
#include "base/utf8.h"


static consent_transform_t *
form(void **memory, consent_inspect_t *inspect)
{
    *memory = malloc(consent_form_size(inspect->detectors));

    return consent_form_init(*memory, inspect, CONSENT_CARRIER_FIELD);
}


/* As most servers read it; with `semicolons` as those that split at them too. */
static void
look(consent_slice_t body, bool semicolons)
{
    size_t          n;
    uint8_t        *name;
    const uint8_t  *p, *e, *eq, *end;

    name = malloc(body.len + 1);
    end = body.data + body.len;

    for (p = body.data; p < end; p = e + 1) {

        for (e = p; e < end && *e != '&' && !(semicolons && *e == ';'); e++) { /* void */ }
        for (eq = p; eq < e && *eq != '='; eq++) { /* void */ }

        n = consent_percent_decode(name, consent_slice(p, (size_t) (eq - p)), true);
        name[n] = '\0';
        name[strcspn((char *) name, "[.")] = '\0';

        if (strcasecmp((char *) name, "pnr") == 0 || strcasecmp((char *) name, "epost") == 0) {
            abort();
        }
    }

    free(name);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_body_t  f;

    fuzz_body_pass(&f, form, data, size);

    if (f.rc == CONSENT_OK && f.out.len > 0) {
        look(consent_buf_view(&f.out), false);
        look(consent_buf_view(&f.out), true);
    }

    consent_buf_free(&f.out);

    return 0;
}
