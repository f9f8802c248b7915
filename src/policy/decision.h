/*
 * Decisions, and what is in force because of them.
 */

#ifndef CONSENT_DECISION_H
#define CONSENT_DECISION_H

#include "policy/policy.h"

typedef enum {
    CONSENT_STATUS_NONE = 0,
    CONSENT_STATUS_GIVEN,
    CONSENT_STATUS_REFUSED,         /* chose the first level, or nothing */
    CONSENT_STATUS_WITHDRAWN,
    CONSENT_STATUS_EXPIRED,
    CONSENT_STATUS_LAPSED,          /* a category it granted has widened */
    CONSENT_STATUS_LOWERED          /* fewer categories than before, by her own choice or a signal */
} consent_status_t;

typedef enum {
    CONSENT_SCOPE_SESSION = 0,      /* this visit */
    CONSENT_SCOPE_STANDING,
    CONSENT_SCOPE_ONCE              /* this request */
} consent_scope_t;

typedef enum {
    CONSENT_AI_ANY = 0,
    CONSENT_AI_OWN,
    CONSENT_AI_NONE
} consent_ai_t;

typedef enum {
    CONSENT_BY_SELF = 0,
    CONSENT_BY_GUARDIAN,
    CONSENT_BY_REPRESENTATIVE,
    CONSENT_BY_CLERK,
    CONSENT_BY_SIGNAL
} consent_by_t;

typedef enum {
    CONSENT_METHOD_FORM = 0,
    CONSENT_METHOD_API,
    CONSENT_METHOD_GPC,
    CONSENT_METHOD_ADPC,
    CONSENT_METHOD_OPERATOR
} consent_method_t;

#define CONSENT_LEVEL_CUSTOM  (-1)

/* A decision as it is recorded (store, cookie): its categories and level are indexes into the policy
 * version `policy`. */
typedef struct {
    uint64_t        policy;         /* consent_policy_t.key */
    consent_mask_t  granted;        /* consent categories only */
    int8_t          level;          /* index, or CONSENT_LEVEL_CUSTOM */
    uint8_t         status;         /* consent_status_t: GIVEN, REFUSED, WITHDRAWN or LOWERED */
    uint8_t         scope;
    uint8_t         ai;
    uint8_t         by;
    uint8_t         method;
    uint8_t         gpc;            /* taken while Sec-GPC: 1 was there: the later, more specific word wins */
    consent_time_t  stamp;          /* hybrid logical clock: orders decisions of one subject */
    consent_time_t  decided_at;
    consent_time_t  expires_at;
    uint8_t         receipt[CONSENT_ID_LEN];
} consent_decision_t;

/* How an earlier version of a policy reads under the one in force. */
typedef struct {
    uint64_t        key;                            /* the earlier version */
    int8_t          category[CONSENT_MAX_CATEGORIES];   /* index in the version in force, or -1: gone or lapsed */
    consent_mask_t  lapsed;                         /* bits of the earlier version whose grants lapse */
    int8_t          level[CONSENT_MAX_LEVELS];      /* index in the version in force, or -1 */
} consent_translation_t;

/* The policy in force and all earlier versions that decisions may refer to. */
typedef struct {
    const consent_policy_t       *policy;
    const consent_translation_t  *earlier;          /* sorted by key */
    size_t                        n_earlier;
} consent_policy_set_t;

/* Compares two versions. A category lapses where it widens: new data (a carrier, a detector or a data
 * type), a new recipient (or controller), storage country or purpose (its type, or other words in a
 * language), longer retention, consent where it was none, when it becomes special, or when Sec-GPC no
 * longer takes it away. Versions of different policies or environments: all lapses. */
void consent_policy_translate(consent_translation_t *out, const consent_policy_t *earlier,
    const consent_policy_t *current);

/* One line for each difference: "widens" (grants lapse), "narrows" or "changes"; for `consentctl policy
 * diff`. Nothing when there is none. */
void consent_policy_diff(consent_buf_t *b, const consent_policy_t *earlier, const consent_policy_t *current);

/* What is in force for a request. */
typedef struct {
    consent_status_t  status;
    consent_mask_t    granted;      /* by the policy in force, consent categories only, after signals */
    int               level;        /* effective: the highest-ranked whose categories are all granted */
    int               chosen;       /* level as chosen, by the policy in force; CONSENT_LEVEL_CUSTOM */
    consent_scope_t   scope;
    consent_ai_t      ai;
    bool              from_cookie;  /* the cookie's decision was newer than the store's, and counted */
    bool              gpc_applied;  /* the signal took something away */
    bool              restored;     /* lapsed with the store's loss, not because the terms have changed */
    consent_time_t    stamp;        /* newest seen, also when it is not in force: the next decision must be later */
    consent_time_t    decided_at;
    consent_time_t    expires_at;
    uint8_t           receipt[CONSENT_ID_LEN];
} consent_effect_t;

typedef struct {
    bool            gpc;            /* Sec-GPC: 1 */
    bool            withdraw_all;   /* ADPC: withdraw=* */
    consent_mask_t  withdraw;       /* ADPC: single requests, objections */
} consent_signals_t;

#define CONSENT_RAISE_WINDOW  (10 * 60 * 1000)      /* ms in which a decision in a cookie may raise */

/* Weighs the stored decision and the one in the cookie (either may be NULL) at time now. The newer counts;
 * the cookie's may raise only within CONSENT_RAISE_WINDOW of being taken, it may always lower: a newer
 * cookie that asks for more and is too old for that leaves what both grant. A decision not later than
 * `erased_at` (0: never) is none, and so is one of the scope once. An expired decision grants nothing; of an
 * earlier policy version it grants what has not widened (status lapsed if something has), of an unknown version
 * nothing. Then the signals (NULL: none) take away; gpc only from decisions that were taken without it. Never fails,
 * whatever the records hold. */
void consent_decide(consent_effect_t *out, const consent_policy_set_t *set, const consent_decision_t *stored,
    const consent_decision_t *cookie, const consent_signals_t *signals, consent_time_t erased_at, consent_time_t now);

/* The one of two decisions of a subject that counts: the later stamp; of equal stamps the more private;
 * then by receipt. A total order, so that a store ends the same in whatever order decisions arrive. Either
 * may be NULL. */
const consent_decision_t *consent_decision_newer(const consent_decision_t *a, const consent_decision_t *b);

/* What a citizen asked for, before it is a decision. */
typedef struct {
    consent_slice_t         level;          /* id, "custom", or empty with categories */
    const consent_slice_t  *categories;     /* ids; count only with "custom" or an empty level, and then not NULL */
    size_t                  n_categories;
    consent_scope_t         scope;
    consent_ai_t            ai;
    bool                    gpc;            /* the signal was there when she decided */
    bool                    withdraw;       /* "stop sharing" */
} consent_wish_t;

/* Turns a wish into a decision under the policy in force: `before` is what was in force (NULL: nothing).
 * Fills all but receipt; by and method are self and form until the caller says otherwise. stamp = max(now,
 * before->stamp + 1); a scope of once ends when it begins, so that it is in force for no request but the
 * one that carries it. CONSENT_MALFORMED with *what pointing to a static text ("unknown level", "unknown
 * category", "category is not a choice", "level or categories"). */
consent_rc_t consent_decision_make(consent_decision_t *out, const char **what, const consent_policy_t *policy,
    const consent_wish_t *wish, const consent_effect_t *before, consent_time_t now);

/* Highest-ranked level whose categories are all in granted; 0 at least. */
int consent_level_of(const consent_policy_t *policy, consent_mask_t granted);

const char *consent_status_name(consent_status_t s);
const char *consent_scope_name(consent_scope_t s);
const char *consent_ai_name(consent_ai_t a);
const char *consent_by_name(consent_by_t b);
const char *consent_method_name(consent_method_t m);

#endif
