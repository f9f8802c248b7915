/*
 * Cookie headers and Set-Cookie lines of any bytes: nothing is invented, what is left passes once more as it is, and an
 * expiring line has no line break in it.
 */

#include "fuzz_minimize.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t          memory[4096];
    consent_buf_t    b;
    consent_slice_t  in;

    in = consent_slice(data, size);

    fuzz_pass(consent_minimize_cookies, in, 0, consent_lit("__Host-consent"));
    fuzz_pass(consent_minimize_cookies, in, 1, consent_lit("consent"));
    fuzz_pass(consent_minimize_cookies, in, UINT64_MAX, consent_slice(NULL, 0));

    if (consent_minimize_set_cookie(in, fuzz_policy(), UINT64_MAX) != 0) {
        abort();
    }

    (void) consent_minimize_set_cookie(in, fuzz_policy(), 0);

    consent_buf_init_fixed(&b, memory, sizeof(memory));

    if (consent_set_cookie_expire(&b, in) == CONSENT_OK
        && (b.len == 0 || memchr(b.data, '\n', b.len) != NULL || memchr(b.data, '\r', b.len) != NULL
            || memchr(b.data, '\0', b.len) != NULL))
    {
        abort();
    }

    return 0;
}
