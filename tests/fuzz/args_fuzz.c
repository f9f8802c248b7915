/*
 * Queries, URLs, paths and ADPC lines of any bytes: nothing is invented, what is left passes once more as it is, and no
 * signal grants a special category.
 */

#include "fuzz_minimize.h"


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    consent_adpc_t           adpc;
    consent_slice_t          in;
    const consent_policy_t  *policy;

    in = consent_slice(data, size);
    policy = fuzz_policy();

    fuzz_pass(consent_minimize_args, in, 0, consent_slice(NULL, 0));
    fuzz_pass(consent_minimize_args, in, 2, consent_slice(NULL, 0));
    fuzz_pass(consent_minimize_url, in, 0, consent_slice(NULL, 0));
    fuzz_pass(consent_minimize_referer, in, 0, consent_slice(NULL, 0));

    if (consent_minimize_path(in, policy) & ~policy->consent_mask) {
        abort();
    }

    memset(&adpc, 0, sizeof(adpc));
    consent_adpc_parse(&adpc, in, policy);

    if (consent_adpc_consented(&adpc, policy) & (policy->special_mask | consent_adpc_withdrawn(&adpc, policy))) {
        abort();
    }

    (void) consent_gpc(in);

    return 0;
}
