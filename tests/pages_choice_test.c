/*
 * The choice page: what is offered, that nothing is chosen for her, and what it keeps and says.
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


/* Reads one level's card, with what differs between levels cut out, so that cards can be compared. */
static char *
card(const char *text, size_t n)
{
    bool         keep;
    char        *out, *p;
    const char  *end;

    while (n-- != 0) {
        text = strstr(text, "<div class=\"level\">") + 1;
    }

    text = strstr(text, "<div class=\"level\">");
    end = strstr(text, "</dl></div>");
    assert_non_null(end);
    out = p = malloc((size_t) (end - text) + 1);

    for (keep = true; text < end; text++) {
        if (*text == '"') {
            keep = !keep;
            *p++ = '"';

        } else if (keep && *text != ' ' && *text != '\n') {
            *p++ = *text;
        }
    }

    *p = '\0';

    return out;
}


/* Takes what is between tags out, and lists and the checked mark, which differ by what a level is. */
static void
skeleton(char *text)
{
    char  *p, *q;

    while ((p = strstr(text, "<ul>")) != NULL) {
        q = strstr(p, "</ul>") + 5;
        memmove(p, q, strlen(q) + 1);
    }

    if ((p = strstr(text, "\"checked>")) != NULL) {
        memmove(p + 1, p + 8, strlen(p + 8) + 1);
    }

    for (p = q = text; *p != '\0'; p++) {
        if (*p == '>') {
            *q++ = *p;
            p += strcspn(p, "<") - 1;

        } else {
            *q++ = *p;
        }
    }

    *q = '\0';
}


static void
test_without_a_decision_the_most_private_level_is_chosen(void **state)
{
    char              *text;
    size_t             language;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    for (language = SV; language <= EN; language++) {
        page = pages_page(policy, language);
        effect = pages_nothing();
        choice = pages_choice(&effect);
        text = pages_choice_text(&page, &choice);

        pages_assert_sound(text);
        assert_string_equal(pages_checked(text, "level"), "needed");
        assert_string_equal(pages_checked(text, "scope"), "session");
        assert_string_equal(pages_checked(text, "ai"), "any");
        assert_null(pages_checked(text, "category"));
        assert_int_equal(pages_count(text, " checked>"), 3);
        assert_int_equal(pages_count(text, "type=\"checkbox\""), 5);
        assert_int_equal(pages_count(text, "name=\"level\""), 5);
        assert_lacks(text, "action=\"/.privacy/withdraw\"");
        assert_lacks(text, "action=\"/.privacy/forget\"");
        assert_lacks(text, "autofocus");
        assert_lacks(text, "disabled");
        assert_lacks(text, "required");
        free(text);
    }
}


static void
test_all_levels_are_cards_of_one_kind(void **state)
{
    char              *text, *first, *other;
    size_t             i;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_nothing();
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    first = card(text, 0);
    skeleton(first);
    assert_int_equal(pages_count(text, "<div class=\"level\">"), policy->n_levels);

    for (i = 1; i < policy->n_levels; i++) {
        other = card(text, i);
        skeleton(other);
        assert_string_equal(first, other);
        free(other);
    }

    free(first);
    free(text);
}


static void
test_each_level_tells_what_is_shared_and_what_is_got(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, FI);
    effect = pages_nothing();
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    assert_has(text, "<dt>Annat meille</dt>\n<dd>Ei vapaaehtoisia tietoja.</dd>");
    assert_has(text, "<li>Sähköposti ja puhelinnumero</li>\n<li>Henkilötunnus</li>");
    assert_has(text, "<dt>Saat</dt>\n<dd>Lomakkeet, joissa tietosi ovat valmiina.</dd>");
    free(text);
}


static void
test_a_form_carries_what_saving_needs(void **state)
{
    char              *text, *form;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, EN);
    effect = pages_nothing();
    choice = pages_choice(&effect);
    choice.back = consent_lit("/back?a=\"b\"");
    text = pages_choice_text(&page, &choice);
    form = strstr(text, "<form method=\"post\" class=\"choice\" action=\"/.privacy/\">");
    assert_non_null(form);
    *strstr(form, "</form>") = '\0';

    assert_has(form, "<input type=\"hidden\" name=\"token\" value=\"T0KEN\">");
    assert_has(form, "<input type=\"hidden\" name=\"policy_version\" value=\"2026-11-22\">");
    assert_has(form, "<input type=\"hidden\" name=\"lang\" value=\"en\">");
    assert_has(form, "<input type=\"hidden\" name=\"back\" value=\"/back?a=&quot;b&quot;\">");
    free(text);
}


static void
test_the_present_choice_is_shown_and_chosen(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_chose(policy, 1);
    effect.ai = CONSENT_AI_NONE;
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    pages_assert_sound(text);
    assert_has(text, "<h2 id=\"now\">Ditt val nu: <strong>Vi kan höra av oss</strong></h2>");
    assert_has(text, "Du delar: E-post och telefon. Det gäller till den 23 maj 2027.");
    assert_string_equal(pages_checked(text, "level"), "contact");
    assert_string_equal(pages_checked(text, "scope"), "standing");
    assert_string_equal(pages_checked(text, "ai"), "none");
    assert_int_equal(pages_count(text, "Du delar den här uppgiften nu."), 1);
    assert_null(pages_checked(text, "category"));
    free(text);
}


static void
test_a_present_selection_is_shown_but_never_ticked(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_chose(policy, 0);
    effect.chosen = CONSENT_LEVEL_CUSTOM;
    effect.granted = policy->consent_mask;
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    assert_string_equal(pages_checked(text, "level"), "custom");
    assert_has(text, "Ditt val nu: <strong>Egna val</strong>");
    assert_int_equal(pages_count(text, " checked>"), 3);
    assert_int_equal(pages_count(text, "Du delar den här uppgiften nu."), 5);
    free(text);
}


static void
test_special_categories_have_their_own_sentence_and_tick(void **state)
{
    char              *text, *special;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, EN);
    effect = pages_nothing();
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    special = strstr(text, "<div class=\"special\"");
    assert_non_null(special);
    assert_int_equal(pages_count(special, "type=\"checkbox\""), 1);
    assert_has(special, "Yes, you may use: <strong>Information about your health</strong>");
    assert_has(special, "It is never part of the options above.");
    free(text);
}


static void
test_every_category_tells_why_how_long_where_and_who(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_nothing();
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    assert_int_equal(pages_count(text, "För att visa det som finns nära dig."), 2);
    assert_int_equal(pages_count(text, "Sparas i en månad. Lagras i Sverige. Tas emot av Exempelkommun."), 2);
    assert_int_equal(pages_count(text, "Tas emot av Exempelkommun, Meddelandetjänst AB (för Exempelkommun)."), 2);
    free(text);
}


static void
test_other_legal_bases_are_told_and_not_offered(void **state)
{
    static const struct {
        consent_basis_t  basis;
        const char      *sentence;
        bool             object;
    } cases[] = {
        { CONSENT_BASIS_LEGAL_OBLIGATION, "Krävs enligt lag. Du kan inte välja bort det.", false },
        { CONSENT_BASIS_PUBLIC_TASK, "Behövs för vårt uppdrag som myndighet. Du har rätt att invända.", true },
        { CONSENT_BASIS_CONTRACT, "Behövs för vårt avtal med dig.", false },
        { CONSENT_BASIS_VITAL_INTEREST, "Används bara när någons liv eller hälsa är i fara.", false },
        { CONSENT_BASIS_LEGITIMATE_INTEREST, "Vi har ett berättigat intresse av uppgiften.", true }
    };

    char              *text, *rest, *item;
    size_t             i;
    consent_page_t     page;
    consent_basis_t    before;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_nothing();
    choice = pages_choice(&effect);
    before = policy->categories[5].basis;

    for (i = 0; i < consent_countof(cases); i++) {
        policy->categories[5].basis = cases[i].basis;
        text = pages_choice_text(&page, &choice);
        rest = strstr(text, "id=\"rest\"");
        assert_non_null(rest);
        item = strstr(rest, "<strong>Uppgifter i ditt ärende</strong>");
        assert_non_null(item);
        *strstr(item, "</li>") = '\0';
        assert_has(item, cases[i].sentence);
        assert_int_equal(pages_count(item, "<a href=\"/.privacy/human\">Kontakta oss om du vill invända</a>"),
                         cases[i].object);
        assert_lacks(text, "value=\"case\"");
        assert_lacks(text, "value=\"register\"");
        free(text);
    }

    policy->categories[5].basis = before;
    text = pages_choice_text(&page, &choice);
    assert_has(text, "Lag: Offentlighets- och sekretesslagen (2009:400), 5 kap.</span>");
    free(text);
}


static void
test_who_is_responsible_is_told(void **state)
{
    char              *text;
    consent_page_t     page;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_nothing();
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);

    assert_has(text, "<strong>Exempelkommun</strong> ansvarar för uppgifterna.");
    assert_has(text, "Storgatan 1, 123 45 Exempel");
    assert_has(text, "href=\"mailto:dataskydd@exempelkommun.example\"");
    assert_has(text, "href=\"https://www.exempelkommun.example/personuppgifter\"");
    assert_has(text, "<a href=\"https://www.imy.se\">Integritetsskyddsmyndigheten</a>");
    assert_has(text, "<a href=\"tel:+4680000000\">+46 8 000 00 00</a>");
    free(text);
}


static void
test_who_may_answer_is_asked_where_the_policy_knows_ai(void **state)
{
    char              *text;
    consent_text_t     notice, chat;
    consent_page_t     page;
    consent_slice_t    principal;
    consent_choice_t   choice;
    consent_effect_t   effect;

    (void) state;

    page = pages_page(policy, EN);
    effect = pages_chose(policy, 0);
    choice = pages_choice(&effect);
    text = pages_choice_text(&page, &choice);
    assert_int_equal(pages_count(text, "name=\"ai\""), 2);
    free(text);

    effect.ai = CONSENT_AI_OWN;
    text = pages_choice_text(&page, &choice);
    assert_int_equal(pages_count(text, "name=\"ai\""), 3);
    assert_string_equal(pages_checked(text, "ai"), "own");
    free(text);

    principal = policy->principal;
    notice = policy->notice;
    chat = policy->chat_notice;
    policy->principal.len = 0;
    memset(&policy->notice, 0, sizeof(consent_text_t));
    memset(&policy->chat_notice, 0, sizeof(consent_text_t));
    text = pages_choice_text(&page, &choice);
    policy->principal = principal;
    policy->notice = notice;
    policy->chat_notice = chat;
    assert_lacks(text, "name=\"ai\"");
    free(text);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_without_a_decision_the_most_private_level_is_chosen),
        cmocka_unit_test(test_all_levels_are_cards_of_one_kind),
        cmocka_unit_test(test_each_level_tells_what_is_shared_and_what_is_got),
        cmocka_unit_test(test_a_form_carries_what_saving_needs),
        cmocka_unit_test(test_the_present_choice_is_shown_and_chosen),
        cmocka_unit_test(test_a_present_selection_is_shown_but_never_ticked),
        cmocka_unit_test(test_special_categories_have_their_own_sentence_and_tick),
        cmocka_unit_test(test_every_category_tells_why_how_long_where_and_who),
        cmocka_unit_test(test_other_legal_bases_are_told_and_not_offered),
        cmocka_unit_test(test_who_is_responsible_is_told),
        cmocka_unit_test(test_who_may_answer_is_asked_where_the_policy_knows_ai)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
