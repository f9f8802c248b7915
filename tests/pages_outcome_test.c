/*
 * The choice page after something was done: what it says, what it keeps, and where it leads.
 */

#include "pages.h"

static consent_policy_t  *policy;


static int
setup(void **state)
{
    (void) state;
    policy = pages_policy();

    return 0;
}


static int
teardown(void **state)
{
    (void) state;
    consent_policy_destroy(policy);

    return 0;
}


static void
test_a_level_that_is_not_in_force_is_not_chosen(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_chose(policy, 3);
    effect.status = CONSENT_STATUS_LAPSED;
    effect.granted = 0;
    effect.level = 0;
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    assert_string_equal(pages_checked(text, "level"), "needed");
    assert_has(text, "Vi har ändrat hur vi använder en del uppgifter.");
    free(text);

    effect = pages_chose(policy, 3);
    effect.granted &= ~policy->gpc_mask;
    effect.level = 0;
    effect.gpc_applied = true;
    text = pages_choice_text(&page, &choice);

    assert_string_equal(pages_checked(text, "level"), "needed");
    assert_has(text, "Din webbläsare ber oss att inte ta emot: Besöksstatistik.");
    free(text);

    effect = pages_nothing();
    effect.status = CONSENT_STATUS_EXPIRED;
    effect.scope = CONSENT_SCOPE_STANDING;
    text = pages_choice_text(&page, &choice);

    assert_string_equal(pages_checked(text, "level"), "needed");
    assert_string_equal(pages_checked(text, "scope"), "session");
    assert_has(text, "Ditt tidigare val har gått ut.");
    free(text);
}


static void
test_withdrawing_is_one_step_and_a_form_of_its_own(void **state)
{
    char              *text, *form;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, EN);
    effect = pages_chose(policy, 2);
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    form = strstr(text, "<form method=\"post\" action=\"/.privacy/withdraw\">");
    assert_non_null(form);
    *strstr(form, "</form>") = '\0';
    assert_has(form, "name=\"token\" value=\"T0KEN\"");
    assert_has(form, "name=\"lang\" value=\"en\"");
    assert_has(form, ">Stop sharing</button>");
    assert_int_equal(pages_count(form, "<input"), 2);
    form += strlen(form) + 1;

    form = strstr(form, "action=\"/.privacy/forget\"");
    assert_non_null(form);
    *strstr(form, "</form>") = '\0';
    assert_has(form, "name=\"token\" value=\"F0RGET\"");
    free(text);

    /* who is logged in is not known by her device, and has nothing to withdraw while she shares nothing */

    effect = pages_chose(policy, 0);
    effect.status = CONSENT_STATUS_REFUSED;
    choice.identified = true;
    text = pages_choice_text(&page, &choice);
    assert_lacks(text, "/.privacy/withdraw");
    assert_lacks(text, "/.privacy/forget");
    assert_has(text, "Six months, when you are logged in");
    free(text);
}


static void
test_input_is_kept_when_it_could_not_be_saved(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_wish_t     wish;
    consent_choice_t   choice;
    consent_effect_t   effect;
    consent_slice_t    ids[] = { consent_lit("identity"), consent_lit("health"), consent_lit("no\"such") };

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_chose(policy, 1);
    choice = pages_choice(&effect);
    choice.say = CONSENT_SAY_POLICY_CHANGED;
    choice.kept = &wish;

    memset(&wish, 0, sizeof(consent_wish_t));
    wish.level = consent_lit("custom");
    wish.categories = ids;
    wish.n_categories = consent_countof(ids);
    wish.scope = CONSENT_SCOPE_STANDING;
    wish.ai = CONSENT_AI_NONE;
    text = pages_choice_text(&page, &choice);

    pages_assert_sound(text);
    assert_has(text, "<title>Fel – Vilka uppgifter");
    assert_has(text, "role=\"alert\"");
    assert_has(text, "<code>3f9a01c7</code>");
    assert_string_equal(pages_checked(text, "level"), "custom");
    assert_string_equal(pages_checked(text, "scope"), "standing");
    assert_string_equal(pages_checked(text, "ai"), "none");
    assert_int_equal(pages_count(text, " checked>"), 5);
    assert_has(text, "value=\"identity\" aria-describedby=\"about-category-1\" checked>");
    assert_has(text, "value=\"health\" aria-describedby=\"about-category-4\" checked>");
    assert_lacks(text, "no&quot;such");
    free(text);

    /* after a login the same choice is offered, but a special category is ticked anew */

    choice.say = CONSENT_SAY_LOGGED_IN;
    text = pages_choice_text(&page, &choice);
    assert_int_equal(pages_count(text, " checked>"), 4);
    assert_lacks(text, "aria-describedby=\"about-category-4\" checked>");
    assert_has(text, "<title>Vilka uppgifter");
    free(text);

    wish.level = consent_lit("forms");
    text = pages_choice_text(&page, &choice);
    assert_string_equal(pages_checked(text, "level"), "forms");
    free(text);

    wish.level = consent_lit("<no such>");
    wish.n_categories = 0;
    text = pages_choice_text(&page, &choice);
    assert_string_equal(pages_checked(text, "level"), "needed");
    free(text);
}


static void
test_titles_begin_with_the_outcome(void **state)
{
    static const struct {
        consent_say_t  say;
        const char    *title[3];
        const char    *role;
    } cases[] = {
        { CONSENT_SAY_NOTHING, { "<title>Vilka ", "<title>Mitä ", "<title>What " }, NULL },
        { CONSENT_SAY_SAVED, { "<title>Sparat – ", "<title>Tallennettu – ", "<title>Saved – " }, "status" },
        { CONSENT_SAY_WITHDRAWN, { "<title>Sparat – ", "<title>Tallennettu – ", "<title>Saved – " }, "status" },
        { CONSENT_SAY_FORGOTTEN, { "<title>Klart – ", "<title>Valmis – ", "<title>Done – " }, "status" },
        { CONSENT_SAY_NOT_SAVED, { "<title>Fel – ", "<title>Virhe – ", "<title>Error – " }, "alert" },
        { CONSENT_SAY_NO_COOKIE, { "<title>Fel – ", "<title>Virhe – ", "<title>Error – " }, "alert" },
        { CONSENT_SAY_POLICY_CHANGED, { "<title>Fel – ", "<title>Virhe – ", "<title>Error – " }, "alert" },
        { CONSENT_SAY_FORM_STALE, { "<title>Fel – ", "<title>Virhe – ", "<title>Error – " }, "alert" },
        { CONSENT_SAY_UNREADABLE, { "<title>Fel – ", "<title>Virhe – ", "<title>Error – " }, "alert" },
        { CONSENT_SAY_LOGGED_IN, { "<title>Vilka ", "<title>Mitä ", "<title>What " }, "status" }
    };

    char               role[32];
    char              *text;
    size_t             i, language;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        for (language = SV; language <= EN; language++) {
            page = pages_page(policy, language);
            effect = pages_chose(policy, 1);
            choice = pages_choice(&effect);
            choice.say = cases[i].say;
            text = pages_choice_text(&page, &choice);

            pages_assert_sound(text);
            assert_has(text, cases[i].title[language]);

            if (cases[i].role == NULL) {
                assert_lacks(text, "role=\"alert\"");
                assert_lacks(text, "role=\"status\"");

            } else {
                snprintf(role, sizeof(role), "role=\"%s\"", cases[i].role);
                assert_has(text, role);
            }

            free(text);
        }
    }
}


static void
test_a_saved_choice_leads_to_its_receipt_and_back(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_chose(policy, 1);
    choice = pages_choice(&effect);
    choice.back = consent_lit("/back");
    choice.say = CONSENT_SAY_SAVED;
    text = pages_choice_text(&page, &choice);
    assert_has(text, "<a class=\"button\" href=\"/back\">Fortsätt till tjänsten</a>");
    assert_has(text, "<a href=\"/.privacy/receipt/abababababababababababababababab\">Visa kvittot</a>");
    free(text);

    choice.say = CONSENT_SAY_NOT_SAVED;
    text = pages_choice_text(&page, &choice);
    assert_lacks(text, "Fortsätt till tjänsten");
    assert_lacks(text, "/.privacy/receipt/");
    assert_has(text, "Inget har ändrats.");
    free(text);
}


static void
test_a_service_that_needs_more_says_what_and_why(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_chose(policy, 1);
    choice = pages_choice(&effect);
    choice.required_level = 2;
    choice.missing = policy->levels[2].shares & ~effect.granted;
    text = pages_choice_text(&page, &choice);

    pages_assert_sound(text);
    assert_has(text, "<h1>Den här tjänsten behöver fler uppgifter</h1>");
    assert_has(text, "För den här tjänsten behöver vi:");
    assert_has(text, "<li><strong>Personnummer</strong> <span>För att fylla i blanketter åt dig.</span>");
    assert_has(text, "Det ingår i: <strong>Ifyllda blanketter</strong>.");
    assert_string_equal(pages_checked(text, "level"), "contact");
    assert_true(strstr(text, "id=\"person\"") < strstr(text, "class=\"choice\""));
    assert_int_equal(pages_count(text, "id=\"person\""), 1);
    free(text);

    /* a special category is in no level */

    choice.missing = policy->special_mask;
    text = pages_choice_text(&page, &choice);
    assert_lacks(text, "Det ingår i:");
    assert_has(text, "Du kan också välja uppgift för uppgift.");
    free(text);
}


/* Its hash stands for what a citizen read: nothing of her, the request or the hour may be in it. */
static void
test_the_neutral_text_is_the_same_for_everyone(void **state)
{
    char              *one, *other;
    consent_page_t     page;
    consent_wish_t     wish;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    page.neutral = true;
    memset(&choice, 0, sizeof(consent_choice_t));
    choice.required_level = -1;
    one = pages_choice_text(&page, &choice);
    pages_assert_sound(one);
    assert_string_equal(pages_checked(one, "level"), "needed");

    memset(&wish, 0, sizeof(consent_wish_t));
    wish.level = consent_lit("fitted");
    wish.ai = CONSENT_AI_NONE;
    effect = pages_chose(policy, 2);
    choice = pages_choice(&effect);
    choice.say = CONSENT_SAY_NOT_SAVED;
    choice.back = consent_lit("/back");
    choice.kept = &wish;
    choice.required_level = 2;
    choice.missing = 2;
    choice.identified = true;
    page.now += 12345678901;
    page.chosen_language = true;
    page.path = consent_lit("x");
    page.query = consent_lit("back=%2Fback");
    other = pages_choice_text(&page, &choice);

    assert_string_equal(one, other);
    free(other);

    page.neutral = false;
    other = pages_choice_text(&page, &choice);
    assert_string_not_equal(one, other);
    free(one);
    free(other);
}


static void
test_a_test_environment_is_stamped(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, EN);
    effect = pages_nothing();
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);
    assert_lacks(text, "test environment");
    free(text);

    policy->test = true;
    text = pages_choice_text(&page, &choice);
    policy->test = false;
    assert_has(text, "<p class=\"test\">This is a test environment.");
    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_a_level_that_is_not_in_force_is_not_chosen),
        cmocka_unit_test(test_withdrawing_is_one_step_and_a_form_of_its_own),
        cmocka_unit_test(test_input_is_kept_when_it_could_not_be_saved),
        cmocka_unit_test(test_titles_begin_with_the_outcome),
        cmocka_unit_test(test_a_saved_choice_leads_to_its_receipt_and_back),
        cmocka_unit_test(test_a_service_that_needs_more_says_what_and_why),
        cmocka_unit_test(test_the_neutral_text_is_the_same_for_everyone),
        cmocka_unit_test(test_a_test_environment_is_stamped)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
