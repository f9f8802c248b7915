/*
 * What the fuzzers of free text share: a policy with every detector and a few expressions.
 */

#ifndef FUZZ_DETECT_H
#define FUZZ_DETECT_H

#include <stdlib.h>

#include "base/buf.h"
#include "minimize/body.h"

#define FUZZ_DETECTORS  9

/* Category i has detector i. own: the operator's expressions too. */
static inline const consent_detectors_t *
fuzz_detectors(bool own)
{
    static const char *const  rows[FUZZ_DETECTORS][2] = {
        { "se.personnummer", "" }, { "fi.hetu", "" }, { "email", "" }, { "phone", "" }, { "iban", "" }, { "card", "" },
        { "case", "K-[0-9]{2,6}" }, { "word", "\\b[a-c]{2,5}\\b" }, { "line", "^x.{0,9}[0-9]$" }
    };

    static consent_detectors_t  *detectors[2];
    static consent_policy_t      policy;
    static consent_category_t    categories[FUZZ_DETECTORS];
    static consent_detector_t    texts[FUZZ_DETECTORS];

    size_t  i;

    if (detectors[own] == NULL) {

        for (i = 0; i < FUZZ_DETECTORS; i++) {
            texts[i].name = consent_cstr(rows[i][0]);
            texts[i].regex = consent_cstr(rows[i][1]);
            categories[i].text = &texts[i];
            categories[i].n_text = 1;
        }

        policy.categories = categories;
        policy.n_categories = own ? FUZZ_DETECTORS : FUZZ_DETECTORS - 3;
        policy.consent_mask = ((consent_mask_t) 1 << policy.n_categories) - 1;

        if (consent_detectors_compile(&detectors[own], &policy, NULL) != CONSENT_OK) {
            abort();
        }
    }

    return detectors[own];
}


static inline void
fuzz_inspect(consent_inspect_t *inspect, const consent_detectors_t *detectors, consent_mask_t granted)
{
    memset(inspect, 0, sizeof(*inspect));
    inspect->detectors = detectors;
    inspect->how.granted = granted;
    inspect->masks = consent_masks_create();

    if (inspect->masks == NULL) {
        abort();
    }
}

#endif
