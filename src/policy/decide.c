/*
 * What is in force for a request: the newer of two decisions, read under the policy in force, less what
 * signals take.
 */

#include "policy/decision.h"

#define DECIDE_SKEW  (60 * 1000)        /* ms that another node's clock may be ahead of ours */

/* One decision, read under the policy in force at a time. */
typedef struct {
    const consent_decision_t  *decision;
    consent_status_t           status;
    consent_mask_t             granted;
    int                        chosen;
} decide_reading_t;

static bool decide_counts(const consent_decision_t *d, consent_time_t erased_at);
static void decide_read(decide_reading_t *r, const consent_policy_set_t *set, const consent_decision_t *d,
    consent_time_t now);
static void decide_translate(decide_reading_t *r, const consent_policy_set_t *set);
static const consent_translation_t *decide_translation(const consent_policy_set_t *set, uint64_t key);
static bool decide_may_raise(const consent_decision_t *cookie, consent_time_t now);
static void decide_take(consent_effect_t *out, const decide_reading_t *r);
static void decide_lower(consent_effect_t *out, const decide_reading_t *stored, const decide_reading_t *cookie);
static void decide_keep_ai(consent_effect_t *out, const decide_reading_t *r);
static consent_ai_t decide_ai(const consent_decision_t *d);
static void decide_signal(consent_effect_t *out, const consent_policy_t *policy, const consent_signals_t *signals,
    bool gpc_known);


void
consent_decide(consent_effect_t *out, const consent_policy_set_t *set, const consent_decision_t *stored,
    const consent_decision_t *cookie, const consent_signals_t *signals, consent_time_t erased_at, consent_time_t now)
{
    bool              gpc_known, may_raise;
    decide_reading_t  in_store, in_cookie;

    memset(out, 0, sizeof(consent_effect_t));
    out->stamp = erased_at;

    if (stored != NULL && stored->stamp > out->stamp) {
        out->stamp = stored->stamp;
    }

    if (cookie != NULL && cookie->stamp > out->stamp) {
        out->stamp = cookie->stamp;
    }

    if (!decide_counts(stored, erased_at)) {
        stored = NULL;
    }

    if (!decide_counts(cookie, erased_at)) {
        cookie = NULL;
    }

    if (cookie == stored || consent_decision_newer(stored, cookie) != cookie) {
        cookie = NULL;
    }

    decide_read(&in_store, set, stored, now);
    decide_read(&in_cookie, set, cookie, now);

    may_raise = cookie != NULL && decide_may_raise(cookie, now);

    if (cookie == NULL) {
        decide_take(out, &in_store);
        gpc_known = stored != NULL && stored->gpc;

    } else if (may_raise || !(in_cookie.granted & ~in_store.granted)) {
        decide_take(out, &in_cookie);
        out->from_cookie = true;
        gpc_known = cookie->gpc;

        if (!may_raise) {
            decide_keep_ai(out, &in_store);
        }

    } else {
        decide_lower(out, &in_store, &in_cookie);
        gpc_known = stored != NULL && stored->gpc && cookie->gpc;
    }

    decide_signal(out, set->policy, signals, gpc_known);

    out->level = consent_level_of(set->policy, out->granted);
}


const consent_decision_t *
consent_decision_newer(const consent_decision_t *a, const consent_decision_t *b)
{
    int  one, two, order;

    if (a == NULL || b == NULL) {
        return a == NULL ? b : a;
    }

    if (a->stamp != b->stamp) {
        return a->stamp > b->stamp ? a : b;
    }

    one = __builtin_popcountll(a->granted);
    two = __builtin_popcountll(b->granted);

    if (one != two) {
        return one < two ? a : b;
    }

    if (a->ai != b->ai) {
        return a->ai > b->ai ? a : b;
    }

    order = memcmp(a->receipt, b->receipt, CONSENT_ID_LEN);

    return order <= 0 ? a : b;
}


int
consent_level_of(const consent_policy_t *policy, consent_mask_t granted)
{
    size_t  i;

    for (i = policy->n_levels; i > 1; i--) {
        if (policy->levels[i - 1].shares != 0 && !(policy->levels[i - 1].shares & ~granted)) {
            return (int) i - 1;
        }
    }

    return 0;
}


/* An erased decision is none; one that was taken for one request is none for another. */
static bool
decide_counts(const consent_decision_t *d, consent_time_t erased_at)
{
    return d != NULL && d->scope != CONSENT_SCOPE_ONCE && (erased_at == 0 || d->stamp > erased_at);
}


static void
decide_read(decide_reading_t *r, const consent_policy_set_t *set, const consent_decision_t *d, consent_time_t now)
{
    memset(r, 0, sizeof(decide_reading_t));
    r->decision = d;

    if (d == NULL) {
        return;
    }

    if (d->expires_at <= now) {
        r->status = CONSENT_STATUS_EXPIRED;
        return;
    }

    r->status = d->status <= CONSENT_STATUS_LOWERED ? (consent_status_t) d->status : CONSENT_STATUS_NONE;

    if (d->policy == set->policy->key) {
        r->granted = d->granted & set->policy->consent_mask;
        r->chosen = d->level >= 0 && (size_t) d->level < set->policy->n_levels ? d->level : CONSENT_LEVEL_CUSTOM;

    } else {
        decide_translate(r, set);
    }
}


/* A decision under an earlier version of the policy. Under a version that nobody knows, nothing is granted. */
static void
decide_translate(decide_reading_t *r, const consent_policy_set_t *set)
{
    int                           category;
    size_t                        i;
    consent_mask_t                left;
    const consent_decision_t     *d;
    const consent_translation_t  *t;

    d = r->decision;
    t = decide_translation(set, d->policy);

    if (t == NULL) {
        r->status = d->granted != 0 ? CONSENT_STATUS_LAPSED : r->status;
        r->chosen = 0;
        return;
    }

    for (left = d->granted; left != 0; left &= left - 1) {
        i = (size_t) __builtin_ctzll(left);
        category = i < CONSENT_MAX_CATEGORIES ? t->category[i] : -1;

        if (category >= 0 && (size_t) category < set->policy->n_categories && !(t->lapsed >> i & 1)) {
            r->granted |= (consent_mask_t) 1 << category;
        }
    }

    r->granted &= set->policy->consent_mask;
    r->chosen = d->level >= 0 && d->level < CONSENT_MAX_LEVELS ? t->level[d->level] : CONSENT_LEVEL_CUSTOM;

    if (r->chosen >= (int) set->policy->n_levels) {
        r->chosen = CONSENT_LEVEL_CUSTOM;
    }

    if (d->granted & t->lapsed) {
        r->status = CONSENT_STATUS_LAPSED;
    }
}


static const consent_translation_t *
decide_translation(const consent_policy_set_t *set, uint64_t key)
{
    size_t  low, high, middle;

    low = 0;
    high = set->n_earlier;

    while (low < high) {
        middle = low + (high - low) / 2;

        if (set->earlier[middle].key == key) {
            return &set->earlier[middle];
        }

        if (set->earlier[middle].key < key) {
            low = middle + 1;

        } else {
            high = middle;
        }
    }

    return NULL;
}


/* Only for a while after it was taken: until then it may not have reached this node's store. A time that
 * has not come is no such time, but for clocks that differ a little. */
static bool
decide_may_raise(const consent_decision_t *cookie, consent_time_t now)
{
    int64_t  age;

    if (__builtin_sub_overflow(now, cookie->decided_at, &age)) {
        return false;
    }

    return age <= CONSENT_RAISE_WINDOW && age >= -DECIDE_SKEW;
}


static void
decide_take(consent_effect_t *out, const decide_reading_t *r)
{
    const consent_decision_t  *d;

    d = r->decision;

    if (d == NULL) {
        return;
    }

    out->status = r->status;
    out->decided_at = d->decided_at;
    out->expires_at = d->expires_at;
    memcpy(out->receipt, d->receipt, CONSENT_ID_LEN);

    if (r->status == CONSENT_STATUS_EXPIRED) {
        return;
    }

    out->restored = d->status == CONSENT_STATUS_LAPSED;
    out->granted = r->granted;
    out->chosen = r->chosen;
    out->scope = d->scope <= CONSENT_SCOPE_ONCE ? (consent_scope_t) d->scope : CONSENT_SCOPE_SESSION;
    out->ai = decide_ai(d);
}


/* A newer cookie that asks for more than the store knows, and is too old for that: what both grant is in
 * force. */
static void
decide_lower(consent_effect_t *out, const decide_reading_t *stored, const decide_reading_t *cookie)
{
    consent_mask_t  granted;

    decide_take(out, stored);
    decide_keep_ai(out, cookie);

    granted = out->granted & cookie->granted;

    if (granted == out->granted) {
        return;
    }

    out->granted = granted;
    out->chosen = CONSENT_LEVEL_CUSTOM;
    out->status = CONSENT_STATUS_LOWERED;
    out->from_cookie = true;
}


/* Who may answer is a choice as well: the narrower of the two. */
static void
decide_keep_ai(consent_effect_t *out, const decide_reading_t *r)
{
    consent_ai_t  ai;

    if (r->decision == NULL || r->status == CONSENT_STATUS_EXPIRED) {
        return;
    }

    ai = decide_ai(r->decision);

    if (ai > out->ai) {
        out->ai = ai;
    }
}


static consent_ai_t
decide_ai(const consent_decision_t *d)
{
    return d->ai <= CONSENT_AI_NONE ? (consent_ai_t) d->ai : CONSENT_AI_NONE;
}


/* gpc_known: the citizen decided while the signal was there; the later, more specific word wins. */
static void
decide_signal(consent_effect_t *out, const consent_policy_t *policy, const consent_signals_t *signals, bool gpc_known)
{
    consent_mask_t  granted;

    if (signals == NULL) {
        return;
    }

    granted = out->granted;

    if (signals->gpc && !gpc_known) {
        out->gpc_applied = (granted & policy->gpc_mask) != 0;
        granted &= ~policy->gpc_mask;
    }

    granted &= ~signals->withdraw;

    if (signals->withdraw_all) {
        granted = 0;
    }

    if (granted == out->granted) {
        return;
    }

    out->granted = granted;
    out->status = signals->withdraw_all ? CONSENT_STATUS_WITHDRAWN : CONSENT_STATUS_LOWERED;
}
