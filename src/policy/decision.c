/*
 * Makes a decision of what a citizen asked for, and the words that decisions are told in.
 */

#include "policy/decision.h"

static consent_rc_t decision_level(consent_decision_t *out, const char **what, const consent_policy_t *policy,
    consent_slice_t id);
static consent_rc_t decision_categories(consent_decision_t *out, const char **what, const consent_policy_t *policy,
    const consent_wish_t *wish);
static consent_time_t decision_stamp(consent_time_t now, const consent_effect_t *before);
static consent_time_t decision_end(const consent_policy_t *policy, consent_scope_t scope, consent_time_t now);
static const char *decision_word(const char *const *words, size_t n, size_t i);


consent_rc_t
consent_decision_make(consent_decision_t *out, const char **what, const consent_policy_t *policy,
    const consent_wish_t *wish, const consent_effect_t *before, consent_time_t now)
{
    consent_rc_t     rc;
    consent_mask_t   had;
    consent_scope_t  scope;

    memset(out, 0, sizeof(consent_decision_t));
    scope = wish->scope;
    had = before != NULL ? before->granted : 0;

    if (wish->withdraw) {
        rc = CONSENT_OK;

    } else if (wish->level.len > 0 && !consent_slice_eq(wish->level, consent_lit("custom"))) {
        rc = decision_level(out, what, policy, wish->level);

    } else if (wish->level.len > 0 || wish->n_categories > 0 || wish->categories != NULL) {
        rc = decision_categories(out, what, policy, wish);

    } else {
        *what = "level or categories";
        rc = CONSENT_MALFORMED;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (wish->withdraw) {
        out->status = CONSENT_STATUS_WITHDRAWN;

        /* nobody stops sharing for one request */
        scope = scope == CONSENT_SCOPE_ONCE ? CONSENT_SCOPE_SESSION : scope;

    } else if (out->granted == 0) {
        out->status = CONSENT_STATUS_REFUSED;

    } else if (out->granted != had && !(out->granted & ~had)) {
        out->status = CONSENT_STATUS_LOWERED;

    } else {
        out->status = CONSENT_STATUS_GIVEN;
    }

    out->policy = policy->key;
    out->scope = (uint8_t) scope;
    out->ai = (uint8_t) wish->ai;
    out->by = CONSENT_BY_SELF;
    out->method = CONSENT_METHOD_FORM;
    out->gpc = wish->gpc;
    out->stamp = decision_stamp(now, before);
    out->decided_at = now;
    out->expires_at = decision_end(policy, scope, now);

    return CONSENT_OK;
}


const char *
consent_status_name(consent_status_t s)
{
    static const char *const  words[] = { "none", "given", "refused", "withdrawn", "expired", "lapsed", "lowered" };

    return decision_word(words, consent_countof(words), (size_t) s);
}


const char *
consent_scope_name(consent_scope_t s)
{
    static const char *const  words[] = { "session", "standing", "once" };

    return decision_word(words, consent_countof(words), (size_t) s);
}


const char *
consent_ai_name(consent_ai_t a)
{
    static const char *const  words[] = { "any", "own", "none" };

    return decision_word(words, consent_countof(words), (size_t) a);
}


const char *
consent_by_name(consent_by_t b)
{
    static const char *const  words[] = { "self", "guardian", "representative", "clerk", "signal" };

    return decision_word(words, consent_countof(words), (size_t) b);
}


const char *
consent_method_name(consent_method_t m)
{
    static const char *const  words[] = { "form", "api", "gpc", "adpc", "operator" };

    return decision_word(words, consent_countof(words), (size_t) m);
}


static consent_rc_t
decision_level(consent_decision_t *out, const char **what, const consent_policy_t *policy, consent_slice_t id)
{
    int  level;

    level = consent_policy_level(policy, id);

    if (level < 0) {
        *what = "unknown level";
        return CONSENT_MALFORMED;
    }

    out->level = (int8_t) level;

    /* the check of the policy holds the same: no preset grants a special category */
    out->granted = policy->levels[level].shares & policy->consent_mask & ~policy->special_mask;

    return CONSENT_OK;
}


static consent_rc_t
decision_categories(consent_decision_t *out, const char **what, const consent_policy_t *policy,
    const consent_wish_t *wish)
{
    int     category;
    size_t  i;

    for (i = 0; i < wish->n_categories; i++) {
        category = consent_policy_category(policy, wish->categories[i]);

        if (category < 0) {
            *what = "unknown category";
            return CONSENT_MALFORMED;
        }

        if (!(policy->consent_mask >> category & 1)) {
            *what = "category is not a choice";
            return CONSENT_MALFORMED;
        }

        out->granted |= (consent_mask_t) 1 << category;
    }

    out->level = out->granted == 0 ? 0 : CONSENT_LEVEL_CUSTOM;

    return CONSENT_OK;
}


/* Later than all that was seen, whatever this machine's clock says. */
static consent_time_t
decision_stamp(consent_time_t now, const consent_effect_t *before)
{
    if (before == NULL || before->stamp < now) {
        return now;
    }

    return before->stamp == INT64_MAX ? INT64_MAX : before->stamp + 1;
}


static consent_time_t
decision_end(const consent_policy_t *policy, consent_scope_t scope, consent_time_t now)
{
    switch (scope) {

    case CONSENT_SCOPE_SESSION:
        return consent_duration_add(now, policy->visit_for);

    case CONSENT_SCOPE_STANDING:
        return consent_duration_add(now, policy->valid_for);

    case CONSENT_SCOPE_ONCE:
        break;
    }

    /* in force for the request that carries it, and for no other */
    return now;
}


static const char *
decision_word(const char *const *words, size_t n, size_t i)
{
    return i < n ? words[i] : "unknown";
}
