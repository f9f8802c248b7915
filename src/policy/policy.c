/*
 * Looking into a policy: categories and levels by id.
 */

#include "policy/policy.h"


int
consent_policy_category(const consent_policy_t *policy, consent_slice_t id)
{
    size_t  i;

    for (i = 0; i < policy->n_categories; i++) {
        if (consent_slice_eq(policy->categories[i].id, id)) {
            return (int) i;
        }
    }

    return -1;
}


int
consent_policy_level(const consent_policy_t *policy, consent_slice_t id)
{
    size_t  i;

    for (i = 0; i < policy->n_levels; i++) {
        if (consent_slice_eq(policy->levels[i].id, id)) {
            return (int) i;
        }
    }

    return -1;
}
