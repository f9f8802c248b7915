/*
 * Paths within URLs.
 */

#ifndef CONSENT_PATH_H
#define CONSENT_PATH_H

#include "policy/policy.h"

/* The path of a URL without query and fragment, with or without scheme and host; empty if it has none, all of it if it
 * has no slash. */
consent_slice_t consent_path_of(consent_slice_t url);

/* What consent_minimize_path() says. `whole`: text is such a URL, and may show its path only once it is decoded. Linear
 * time, constant memory. */
consent_mask_t consent_path_carries(consent_slice_t text, const consent_policy_t *policy, bool whole);

#endif
