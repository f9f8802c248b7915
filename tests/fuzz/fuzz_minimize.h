/*
 * What the fuzzers of the minimize room share: a policy of a few names, and what holds of every pass.
 */

#ifndef FUZZ_MINIMIZE_H
#define FUZZ_MINIMIZE_H

#include <stdlib.h>

#include "minimize/minimize.h"

typedef void (*fuzz_pass_pt)(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found);


static inline void
fuzz_names(consent_names_t *names, consent_arena_t *a)
{
    static const consent_mask_t  masks[] = { 1, 2, 2, 4, 8 };

    consent_slice_t  patterns[] = {
        consent_lit("epost"), consent_lit("pnr"), consent_lit("person_nr"), consent_lit("utm_*"), consent_lit("\xc3\xa5")
    };

    if (consent_names_compile(names, a, patterns, masks, consent_countof(patterns)) != CONSENT_OK) {
        abort();
    }
}


static inline const consent_policy_t *
fuzz_policy(void)
{
    static consent_policy_t    policy;
    static consent_category_t  categories[4];

    if (policy.arena == NULL) {
        policy.arena = consent_arena_create(1 << 20);
        policy.consent_mask = 15;
        policy.special_mask = 8;
        policy.categories = categories;
        policy.n_categories = 4;
        categories[0].id = consent_lit("a");
        categories[1].id = consent_lit("b");
        categories[2].id = consent_lit("c");
        categories[3].id = consent_lit("d");

        fuzz_names(&policy.cookies, policy.arena);
        fuzz_names(&policy.args, policy.arena);
        fuzz_names(&policy.set_cookies, policy.arena);
    }

    return &policy;
}


static inline void
fuzz_pass(fuzz_pass_pt pass, consent_slice_t in, consent_mask_t granted, consent_slice_t own)
{
    size_t              n, m, i, k;
    uint8_t            *out, *copy;
    consent_found_t     found, again;
    consent_minimize_t  how;

    memset(&how, 0, sizeof(how));
    memset(&found, 0, sizeof(found));
    memset(&again, 0, sizeof(again));
    how.policy = fuzz_policy();
    how.granted = granted;
    how.own = own;
    how.count_unknown = true;

    out = malloc(in.len + 1);
    copy = malloc(in.len + 1);
    memcpy(copy, in.data == NULL ? (const uint8_t *) "" : in.data, in.len);

    pass(out, &n, in, &how, &found);
    pass(copy, &m, consent_slice(copy, in.len), &how, &again);

    if (n > in.len || n != m || memcmp(out, copy, n) != 0 || (found.removed & granted)
        || (found.removed != 0) != (found.pairs != 0))
    {
        abort();
    }

    /* every byte of it stood there, in this order */
    for (i = 0, k = 0; i < n; i++, k++) {
        while (k < in.len && in.data[k] != out[i]) {
            k++;
        }

        if (k == in.len) {
            abort();
        }
    }

    memset(&again, 0, sizeof(again));
    pass(copy, &m, consent_slice(out, n), &how, &again);

    if (m != n || again.pairs != 0) {
        abort();
    }

    free(out);
    free(copy);
}

#endif
