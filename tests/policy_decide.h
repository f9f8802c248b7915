/*
 * Decisions for tests of what is in force: a small policy, decisions of any age under it, and chance.
 */

#ifndef TESTS_POLICY_DECIDE_H
#define TESTS_POLICY_DECIDE_H

#include "policy.h"

/* categories of the small policy */
#define IDENTITY    1U
#define STATISTICS  2U
#define HEALTH      4U
#define REGISTER    8U

#define MINUTE  INT64_C(60000)
#define NOW     INT64_C(1795312800000)

static consent_policy_t      *policy;
static consent_policy_set_t   set;
static uint64_t               random_state;


static inline int
begin(void **state)
{
    (void) state;

    policy = policy_load(policy_small);
    set.policy = policy;
    random_state = UINT64_C(88172645463325252);

    return 0;
}


static inline int
finish(void **state)
{
    (void) state;
    consent_policy_destroy(policy);

    return 0;
}


static inline uint64_t
random_below(uint64_t n)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;

    return random_state % n;
}


/* A standing decision of that age, in minutes. */
static inline consent_decision_t
decision(consent_mask_t granted, int level, int64_t age)
{
    consent_decision_t  d;

    memset(&d, 0, sizeof(d));

    d.policy = policy->key;
    d.granted = granted;
    d.level = (int8_t) level;
    d.status = granted == 0 ? CONSENT_STATUS_REFUSED : CONSENT_STATUS_GIVEN;
    d.scope = CONSENT_SCOPE_STANDING;
    d.stamp = NOW - age * MINUTE;
    d.decided_at = d.stamp;
    d.expires_at = NOW + 1000 * MINUTE;
    memset(d.receipt, (int) (age & 0xff), sizeof(d.receipt));

    return d;
}


static inline consent_effect_t
decide(const consent_decision_t *stored, const consent_decision_t *cookie)
{
    consent_effect_t  e;

    consent_decide(&e, &set, stored, cookie, NULL, 0, NOW);

    return e;
}

#endif
