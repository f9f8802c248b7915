/*
 * Making a decision of what a citizen asked for.
 */

#include "policy.h"

#define IDENTITY    1U
#define STATISTICS  2U
#define HEALTH      4U

#define NOW  INT64_C(1795312800000)

static consent_policy_t  *policy;


static int
begin(void **state)
{
    (void) state;
    policy = policy_load(policy_small);

    return 0;
}


static int
finish(void **state)
{
    (void) state;
    consent_policy_destroy(policy);

    return 0;
}


typedef struct {
    int               line;
    const char       *level;
    const char       *categories[4];    /* NULL ends */
    bool              list;             /* categories were given, none maybe */
    bool              withdraw;
    consent_mask_t    before;
    const char       *wrong;            /* NULL: it is a decision */
    consent_mask_t    granted;
    int               as;
    consent_status_t  status;
} wish_case_t;

#define NOT_LISTED  { NULL }, false

static const wish_case_t  cases[] = {
    { __LINE__, "forms", NOT_LISTED, false, 0, NULL, IDENTITY, 1, CONSENT_STATUS_GIVEN },
    { __LINE__, "all", NOT_LISTED, false, 0, NULL, IDENTITY | STATISTICS, 2, CONSENT_STATUS_GIVEN },
    { __LINE__, "needed", NOT_LISTED, false, 0, NULL, 0, 0, CONSENT_STATUS_REFUSED },
    { __LINE__, "needed", NOT_LISTED, false, IDENTITY, NULL, 0, 0, CONSENT_STATUS_REFUSED },
    { __LINE__, "forms", NOT_LISTED, false, IDENTITY, NULL, IDENTITY, 1, CONSENT_STATUS_GIVEN },
    { __LINE__, "forms", NOT_LISTED, false, IDENTITY | STATISTICS, NULL, IDENTITY, 1, CONSENT_STATUS_LOWERED },
    { __LINE__, "forms", NOT_LISTED, false, STATISTICS, NULL, IDENTITY, 1, CONSENT_STATUS_GIVEN },

    /* ticks count only with custom, or without a level */
    { __LINE__, "forms", { "statistics", "health" }, true, false, 0, NULL, IDENTITY, 1, CONSENT_STATUS_GIVEN },
    { __LINE__, "needed", { "statistics" }, true, false, 0, NULL, 0, 0, CONSENT_STATUS_REFUSED },
    { __LINE__, "custom", { "statistics" }, true, false, 0, NULL, STATISTICS, -1, CONSENT_STATUS_GIVEN },
    { __LINE__, "custom", { "identity" }, true, false, 0, NULL, IDENTITY, -1, CONSENT_STATUS_GIVEN },
    { __LINE__, "", { "identity", "statistics" }, true, false, 0, NULL, IDENTITY | STATISTICS, -1,
      CONSENT_STATUS_GIVEN },
    { __LINE__, "custom", { "identity", "identity" }, true, false, 0, NULL, IDENTITY, -1, CONSENT_STATUS_GIVEN },
    { __LINE__, "custom", NOT_LISTED, false, 0, NULL, 0, 0, CONSENT_STATUS_REFUSED },
    { __LINE__, "custom", { NULL }, true, false, IDENTITY, NULL, 0, 0, CONSENT_STATUS_REFUSED },
    { __LINE__, "", { NULL }, true, false, 0, NULL, 0, 0, CONSENT_STATUS_REFUSED },

    /* a special category by its own tick */
    { __LINE__, "custom", { "health" }, true, false, 0, NULL, HEALTH, -1, CONSENT_STATUS_GIVEN },

    /* stop sharing */
    { __LINE__, "", NOT_LISTED, true, IDENTITY, NULL, 0, 0, CONSENT_STATUS_WITHDRAWN },
    { __LINE__, "all", { "health" }, true, true, IDENTITY, NULL, 0, 0, CONSENT_STATUS_WITHDRAWN },
    { __LINE__, "", NOT_LISTED, true, 0, NULL, 0, 0, CONSENT_STATUS_WITHDRAWN },

    /* what is no wish */
    { __LINE__, "", NOT_LISTED, false, 0, "level or categories", 0, 0, CONSENT_STATUS_NONE },
    { __LINE__, "Forms", NOT_LISTED, false, 0, "unknown level", 0, 0, CONSENT_STATUS_NONE },
    { __LINE__, "identity", NOT_LISTED, false, 0, "unknown level", 0, 0, CONSENT_STATUS_NONE },
    { __LINE__, "custom", { "identity", "forms" }, true, false, 0, "unknown category", 0, 0, CONSENT_STATUS_NONE },
    { __LINE__, "custom", { "" }, true, false, 0, "unknown category", 0, 0, CONSENT_STATUS_NONE },
    { __LINE__, "custom", { "register" }, true, false, 0, "category is not a choice", 0, 0, CONSENT_STATUS_NONE },
};


static void
a_wish_becomes_a_decision_or_is_refused(void **state)
{
    size_t              i, n;
    const char         *wrong;
    consent_rc_t        rc;
    consent_wish_t      wish;
    consent_slice_t     ids[4];
    consent_effect_t    before;
    consent_decision_t  d;

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        memset(&wish, 0, sizeof(wish));
        memset(&before, 0, sizeof(before));

        for (n = 0; cases[i].categories[n] != NULL; n++) {
            ids[n] = consent_cstr(cases[i].categories[n]);
        }

        wish.level = consent_cstr(cases[i].level);
        wish.categories = cases[i].list ? ids : NULL;
        wish.n_categories = n;
        wish.withdraw = cases[i].withdraw;
        before.granted = cases[i].before;
        wrong = NULL;

        rc = consent_decision_make(&d, &wrong, policy, &wish, &before, NOW);

        if (cases[i].wrong != NULL) {
            if (rc != CONSENT_MALFORMED || wrong == NULL || strcmp(wrong, cases[i].wrong) != 0) {
                fail_msg("line %d: %s", cases[i].line, wrong == NULL ? "taken" : wrong);
            }

        } else if (rc != CONSENT_OK || d.granted != cases[i].granted || d.level != cases[i].as
                   || d.status != cases[i].status || d.policy != policy->key)
        {
            fail_msg("line %d: %s %llx %d %s", cases[i].line, consent_rc_name(rc), (unsigned long long) d.granted,
                     d.level, consent_status_name((consent_status_t) d.status));
        }
    }
}


/* A policy whose level shares a special category does not load; were there one, nothing would come of it. */
static void
no_preset_grants_a_special_category(void **state)
{
    const char         *wrong;
    consent_mask_t      shares;
    consent_wish_t      wish;
    consent_decision_t  d;

    (void) state;

    shares = policy->levels[1].shares;
    policy->levels[1].shares |= HEALTH | 8;

    memset(&wish, 0, sizeof(wish));
    wish.level = consent_lit("forms");
    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, NULL, NOW), CONSENT_OK);
    assert_int_equal(d.granted, IDENTITY);

    policy->levels[1].shares = shares;
}


static void
a_decision_lasts_as_its_scope_says(void **state)
{
    const char         *wrong;
    consent_wish_t      wish;
    consent_decision_t  d;

    (void) state;

    memset(&wish, 0, sizeof(wish));
    wish.level = consent_lit("forms");

    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, NULL, NOW), CONSENT_OK);
    assert_int_equal(d.scope, CONSENT_SCOPE_SESSION);
    assert_int_equal(d.decided_at, NOW);
    assert_int_equal(d.expires_at, NOW + 12 * 3600 * 1000);

    /* 2026-11-22 and six months */
    wish.scope = CONSENT_SCOPE_STANDING;
    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, NULL, NOW), CONSENT_OK);
    assert_int_equal(d.expires_at, NOW + INT64_C(181) * 86400 * 1000);

    wish.scope = CONSENT_SCOPE_ONCE;
    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, NULL, NOW), CONSENT_OK);
    assert_int_equal(d.scope, CONSENT_SCOPE_ONCE);
    assert_int_equal(d.granted, IDENTITY);
    assert_int_equal(d.expires_at, NOW);

    wish.withdraw = true;
    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, NULL, NOW), CONSENT_OK);
    assert_int_equal(d.scope, CONSENT_SCOPE_SESSION);
    assert_true(d.expires_at > NOW);
}


static void
a_decision_is_later_than_all_before_it(void **state)
{
    const char         *wrong;
    consent_wish_t      wish;
    consent_effect_t    before;
    consent_decision_t  d;

    (void) state;

    memset(&wish, 0, sizeof(wish));
    memset(&before, 0, sizeof(before));
    wish.level = consent_lit("forms");

    before.stamp = NOW - 1;
    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, &before, NOW), CONSENT_OK);
    assert_int_equal(d.stamp, NOW);

    before.stamp = NOW;
    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, &before, NOW), CONSENT_OK);
    assert_int_equal(d.stamp, NOW + 1);

    /* a clock that went back */
    before.stamp = NOW + 86400000;
    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, &before, NOW), CONSENT_OK);
    assert_int_equal(d.stamp, NOW + 86400001);
    assert_int_equal(d.decided_at, NOW);

    before.stamp = INT64_MAX;
    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, &before, NOW), CONSENT_OK);
    assert_int_equal(d.stamp, INT64_MAX);
}


static void
the_wish_is_kept_as_it_was_said(void **state)
{
    const char            *wrong;
    consent_wish_t         wish;
    consent_effect_t       e;
    consent_signals_t      gpc = { .gpc = true };
    consent_decision_t     d;
    consent_policy_set_t   set = { policy, NULL, 0 };

    (void) state;

    memset(&wish, 0, sizeof(wish));
    wish.level = consent_lit("all");
    wish.ai = CONSENT_AI_NONE;
    wish.gpc = true;

    assert_int_equal(consent_decision_make(&d, &wrong, policy, &wish, NULL, NOW), CONSENT_OK);
    assert_int_equal(d.ai, CONSENT_AI_NONE);
    assert_int_equal(d.gpc, 1);
    assert_int_equal(d.by, CONSENT_BY_SELF);
    assert_int_equal(d.method, CONSENT_METHOD_FORM);

    /* and is in force, with the signal too */
    consent_decide(&e, &set, &d, NULL, &gpc, 0, NOW + 1);
    assert_int_equal(e.granted, IDENTITY | STATISTICS);
    assert_int_equal(e.ai, CONSENT_AI_NONE);
    assert_int_equal(e.level, 2);
}


static void
words_are_those_of_the_documents(void **state)
{
    (void) state;

    assert_string_equal(consent_status_name(CONSENT_STATUS_NONE), "none");
    assert_string_equal(consent_status_name(CONSENT_STATUS_GIVEN), "given");
    assert_string_equal(consent_status_name(CONSENT_STATUS_REFUSED), "refused");
    assert_string_equal(consent_status_name(CONSENT_STATUS_WITHDRAWN), "withdrawn");
    assert_string_equal(consent_status_name(CONSENT_STATUS_EXPIRED), "expired");
    assert_string_equal(consent_status_name(CONSENT_STATUS_LAPSED), "lapsed");
    assert_string_equal(consent_status_name(CONSENT_STATUS_LOWERED), "lowered");
    assert_string_equal(consent_status_name((consent_status_t) 99), "unknown");
    assert_string_equal(consent_scope_name(CONSENT_SCOPE_SESSION), "session");
    assert_string_equal(consent_scope_name(CONSENT_SCOPE_STANDING), "standing");
    assert_string_equal(consent_scope_name(CONSENT_SCOPE_ONCE), "once");
    assert_string_equal(consent_ai_name(CONSENT_AI_ANY), "any");
    assert_string_equal(consent_ai_name(CONSENT_AI_OWN), "own");
    assert_string_equal(consent_ai_name(CONSENT_AI_NONE), "none");
    assert_string_equal(consent_by_name(CONSENT_BY_SELF), "self");
    assert_string_equal(consent_by_name(CONSENT_BY_GUARDIAN), "guardian");
    assert_string_equal(consent_by_name(CONSENT_BY_REPRESENTATIVE), "representative");
    assert_string_equal(consent_by_name(CONSENT_BY_CLERK), "clerk");
    assert_string_equal(consent_by_name(CONSENT_BY_SIGNAL), "signal");
    assert_string_equal(consent_method_name(CONSENT_METHOD_FORM), "form");
    assert_string_equal(consent_method_name(CONSENT_METHOD_API), "api");
    assert_string_equal(consent_method_name(CONSENT_METHOD_GPC), "gpc");
    assert_string_equal(consent_method_name(CONSENT_METHOD_ADPC), "adpc");
    assert_string_equal(consent_method_name(CONSENT_METHOD_OPERATOR), "operator");
    assert_string_equal(consent_basis_name(CONSENT_BASIS_PUBLIC_TASK), "public-task");
    assert_string_equal(consent_basis_name(CONSENT_BASIS_LEGITIMATE_INTEREST), "legitimate-interest");
    assert_string_equal(consent_channel_name(CONSENT_CHANNEL_TEXT_RELAY), "text_relay");
    assert_string_equal(consent_channel_name(CONSENT_CHANNEL_CHAT), "chat");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_wish_becomes_a_decision_or_is_refused),
        cmocka_unit_test(no_preset_grants_a_special_category),
        cmocka_unit_test(a_decision_lasts_as_its_scope_says),
        cmocka_unit_test(a_decision_is_later_than_all_before_it),
        cmocka_unit_test(the_wish_is_kept_as_it_was_said),
        cmocka_unit_test(words_are_those_of_the_documents),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
