/*
 * All other pages: that they are sound whatever a policy says, and tell what they are there for.
 */

#include "pages.h"

#define PAGES  8

static const consent_ai_place_t  places[] = {
    { consent_lit("/assistent"), consent_lit("chat"), consent_lit(""), consent_lit(""), consent_lit(""), false },
    { consent_lit("/svar"), consent_lit("on"), consent_lit("machine-generated"), consent_lit("m<1>"),
      consent_lit("P\"&"), true }
};

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


static consent_past_t
past(const consent_policy_t *of, int level, consent_status_t status)
{
    consent_past_t  p;

    memset(&p, 0, sizeof(consent_past_t));
    p.policy = of;
    p.decision.level = (int8_t) level;
    p.decision.granted = level >= 0 ? policy->levels[level].shares : policy->consent_mask;
    p.decision.status = (uint8_t) status;
    p.decision.scope = CONSENT_SCOPE_STANDING;
    p.decision.decided_at = PAGES_NOW - 16 * 60 * 1000;
    p.decision.expires_at = consent_duration_add(p.decision.decided_at, policy->valid_for);
    memset(p.decision.receipt, 0x5f, CONSENT_ID_LEN);

    return p;
}


/* Any of the pages, as full as it can be. */
static char *
any_page(const consent_page_t *page, size_t n)
{
    consent_buf_t       b;
    consent_past_t      pasts[4];
    consent_choice_t    choice;
    consent_effect_t    effect;
    consent_record_t    record;
    consent_problem_t   problem;
    consent_receipt_t   receipt;
    consent_withheld_t  withheld;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    effect = pages_chose(page->policy, 1);
    pasts[0] = past(page->policy, 1, CONSENT_STATUS_GIVEN);
    pasts[1] = past(page->policy, CONSENT_LEVEL_CUSTOM, CONSENT_STATUS_LOWERED);
    pasts[2] = past(NULL, 1, CONSENT_STATUS_GIVEN);
    pasts[3] = past(page->policy, 0, CONSENT_STATUS_WITHDRAWN);
    withheld = (consent_withheld_t) { PAGES_NOW, consent_lit("/a\"<b>"), 3 };

    switch (n) {
    case 0:
        choice = pages_choice(&effect);
        choice.required_level = 2;
        choice.missing = 2;
        choice.say = CONSENT_SAY_NOT_SAVED;
        consent_page_choice(&b, page, &choice);
        break;

    case 1:
        memset(&record, 0, sizeof(consent_record_t));
        record.effect = &effect;
        record.token = consent_lit("T0KEN");
        record.forget_token = consent_lit("F0RGET");
        record.has_record = true;
        record.past = pasts;
        record.n_past = 4;
        record.more_past = true;
        record.withheld = &withheld;
        record.n_withheld = 1;
        consent_page_record(&b, page, &record);
        break;

    case 2:
        receipt = pages_receipt(&pasts[0]);
        receipt.later = &pasts[3];
        receipt.lapsed = 1;
        consent_page_receipt(&b, page, &receipt);
        break;

    case 3:
        consent_page_human(&b, page, NULL);
        break;

    case 4:
        consent_page_policy(&b, page);
        break;

    case 5:
        consent_page_ai(&b, page, places, consent_countof(places));
        break;

    case 6:
        receipt = pages_receipt(&pasts[2]);
        receipt.proof.len = 0;
        consent_page_receipt(&b, page, &receipt);
        break;

    default:
        memset(&problem, 0, sizeof(consent_problem_t));
        problem.type = CONSENT_PROBLEM_UPSTREAM;
        problem.code = consent_lit("3f9a01c7");
        problem.categories = 3;
        problem.level = -1;
        consent_page_problem(&b, page, &problem);
        break;
    }

    return pages_text(&b);
}


static void
nasty_text(consent_text_t *text)
{
    size_t  i;

    for (i = 0; i < CONSENT_MAX_LANGUAGES; i++) {
        text->in[i] = consent_lit("</title></main>{level}{when}<script>x</script>\" onload='y' &lt;\x01\xff<!--");
    }
}


static void
nasty_list(consent_list_t *list)
{
    static consent_slice_t  items[] = {
        consent_lit("\"><script>z</script>"), consent_lit("javascript:alert(1)"), consent_lit("{recipients}")
    };

    *list = (consent_list_t) { items, consent_countof(items) };
}


/* Every text that a policy can hold, as bad as it can be: the loader accepts any words. */
static void
make_nasty(consent_policy_t *p)
{
    size_t           i;
    consent_slice_t  bad, url;

    bad = consent_lit("</title></a><script>x</script>\" onload='y' &{name}");
    url = consent_lit("javascript:alert(\"1\")");

    for (i = 0; i < p->n_categories; i++) {
        nasty_text(&p->categories[i].title);
        nasty_text(&p->categories[i].purpose);
        nasty_list(&p->categories[i].recipients);
        nasty_list(&p->categories[i].storage);
        nasty_list(&p->categories[i].core_for);
        p->categories[i].id = bad;
        p->categories[i].law = bad;
        p->categories[i].retention = bad;
    }

    for (i = 0; i < p->n_levels; i++) {
        nasty_text(&p->levels[i].title);
        nasty_text(&p->levels[i].service);
        p->levels[i].id = bad;
    }

    for (i = 0; i < p->n_channels; i++) {
        p->channels[i].value = i % 2 == 0 ? bad : url;
        nasty_list(&p->channels[i].languages);
    }

    for (i = 0; i < p->n_topics; i++) {
        nasty_text(&p->topics[i].title);
    }

    nasty_text(&p->contact_name);
    nasty_list(&p->holidays);
    p->version = bad;
    p->timezone = bad;
    p->privacy_notice = url;
    p->controller.name = bad;
    p->controller.address = bad;
    p->controller.email = bad;
    p->controller.phone = bad;
    p->controller.authority_name = bad;
    p->controller.authority_url = url;
}


static void
test_every_page_is_sound_in_every_language(void **state)
{
    char            *text;
    size_t           n, language;
    consent_page_t   page;

    (void) state;

    for (language = SV; language <= EN; language++) {
        for (n = 0; n < PAGES; n++) {
            page = pages_page(policy, language);
            page.chosen_language = true;
            text = any_page(&page, n);
            pages_assert_sound(text);
            assert_int_equal(pages_count(text, "<h1>"), 1);
            assert_int_equal(pages_count(text, "<main>"), 1);
            assert_int_equal(pages_count(text, " hreflang="), 3);
            assert_has(text, "/.privacy/human");
            assert_int_equal(pages_count(text, "{"), 0);
            free(text);
        }
    }
}


static void
test_no_text_of_a_policy_becomes_markup(void **state)
{
    char              *text;
    size_t             n;
    consent_page_t     page;
    consent_policy_t  *nasty;

    (void) state;

    nasty = pages_policy();
    make_nasty(nasty);

    for (n = 0; n < PAGES; n++) {
        page = pages_page(nasty, SV);
        text = any_page(&page, n);
        pages_assert_sound(text);
        assert_lacks(text, "<script");
        assert_lacks(text, "href=\"javascript");
        free(text);
    }

    consent_policy_destroy(nasty);
}


static void
test_a_language_without_a_catalogue_says_which_words_are_english(void **state)
{
    char              *text;
    size_t             n;
    consent_page_t     page;
    consent_policy_t  *somali;

    (void) state;

    somali = pages_policy();
    somali->languages[SV] = consent_lit("so");

    for (n = 0; n < PAGES; n++) {
        page = pages_page(somali, SV);
        text = any_page(&page, n);
        pages_assert_sound(text);
        assert_has(text, "<html lang=\"so\">");
        assert_has(text, "<h1><span lang=\"en\" dir=\"ltr\">");
        free(text);
    }

    somali->languages[SV] = consent_lit("ar");
    page = pages_page(somali, SV);
    text = any_page(&page, 0);
    assert_has(text, "<html lang=\"ar\" dir=\"rtl\">");
    free(text);

    consent_policy_destroy(somali);
}


static void
test_an_operators_shell_stands_around_every_page(void **state)
{
    char             *text;
    size_t            n;
    const char       *why;
    consent_page_t    page;
    consent_shell_t   shell;

    (void) state;

    assert_int_equal(consent_shell_parse(&shell, consent_lit(
        "<!doctype html><html lang=\"<!-- consent:language -->\"><head><title><!-- consent:title --></title>"
        "<!-- consent:head --></head><body><div id=\"own\">Vi</div><main><!-- consent:main --></main>"
        "<p lang=\"<!-- consent:language -->\">Slut</p></body></html>"), &why), CONSENT_OK);

    for (n = 0; n < PAGES; n++) {
        page = pages_page(policy, FI);
        page.shell = &shell;
        text = any_page(&page, n);
        pages_assert_sound(text);
        assert_int_equal(strncmp(text, "<!doctype html><html lang=\"fi\"><head><title>", 44), 0);
        assert_int_equal(pages_count(text, "<title>"), 1);
        assert_int_equal(pages_count(text, "<html"), 1);
        assert_has(text, "<link rel=\"stylesheet\" href=\"/.privacy/assets/consent.css?v=");
        assert_has(text, "<body><div id=\"own\">Vi</div><main>\n<div class=\"consent consent-within\" lang=\"fi\">");
        assert_has(text, "</div></main><p lang=\"fi\">Slut</p></body></html>");
        assert_int_equal(pages_count(text, " hreflang="), 3);
        free(text);
    }
}


static void
test_the_policy_page_tells_all_there_is(void **state)
{
    char             *text;
    size_t            i;
    consent_buf_t     b;
    consent_page_t    page;

    (void) state;

    page = pages_page(policy, EN);
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_policy(&b, &page);
    text = pages_text(&b);

    for (i = 0; i < policy->n_categories; i++) {
        consent_buf_init(&b, 1024);
        consent_buf_str(&b, "<strong>");
        consent_buf_slice(&b, policy->categories[i].title.in[EN]);
        consent_buf_str(&b, "</strong>");
        consent_buf_char(&b, '\0');
        assert_has(text, (const char *) b.data);
        consent_buf_free(&b);
    }

    assert_has(text, "Version 2026-11-22");
    assert_has(text, "applies for at most 12 hours");
    assert_has(text, "applies for six months");
    assert_has(text, "whatever you choose: <code>/overklaga/</code>");
    assert_has(text, "Not shared if your browser says no (Global Privacy Control).");
    assert_has(text, "Sensitive information. It is shared only if you tick it yourself.");
    assert_has(text, "What a page&#39;s scripts send to other websites.");
    assert_has(text, "href=\"/.privacy/api/v1/policy\"");
    free(text);
}


static void
test_the_ai_page_tells_where_and_what_is_not_promised(void **state)
{
    char             *text;
    consent_buf_t     b;
    consent_page_t    page;

    (void) state;

    page = pages_page(policy, EN);
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_ai(&b, &page, places, consent_countof(places));
    text = pages_text(&b);
    pages_assert_sound(text);
    assert_has(text, "<strong>/assistent</strong>");
    assert_has(text, "People made the page, but on it you can chat with an AI.");
    assert_has(text, "AI writes the answers here. No person checks the answers.");
    assert_has(text, "Model: m&lt;1&gt;. Provider: P&quot;&amp;.");
    assert_has(text, "What we do not promise");
    assert_has(text, "The AI answers on behalf of Exempelkommun.");
    assert_has(text, "What only a person answers");
    assert_has(text, "<li>Complaint</li>");
    assert_has(text, "Chats: a notice before the first answer.");
    assert_has(text, "Other files, such as PDF, sound and film.");
    assert_lacks(text, "Where the service itself says");
    assert_has(text, "That the marking is enough under the law.");
    free(text);

    /* where nothing sends them to people, nothing is said of topics */

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_ai(&b, &page, places, 1);
    text = pages_text(&b);
    assert_lacks(text, "What only a person answers");
    free(text);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_ai(&b, &page, NULL, 0);
    text = pages_text(&b);
    assert_has(text, "No AI answers on the pages that pass through this service.");
    assert_lacks(text, "Choose who may answer you");
    free(text);
}


static void
test_every_problem_says_what_to_do_and_whom_to_ask(void **state)
{
    char               *text;
    size_t              type, language;
    consent_buf_t       b;
    consent_page_t      page;
    consent_problem_t   problem;

    static const char *const  titles[] = { "<title>Fel – ", "<title>Virhe – ", "<title>Error – " };

    (void) state;

    for (language = SV; language <= EN; language++) {
        for (type = 0; type <= CONSENT_PROBLEM_NOT_OPEN; type++) {
            page = pages_page(policy, language);
            memset(&problem, 0, sizeof(consent_problem_t));
            problem.type = (consent_problem_type_t) type;
            problem.code = consent_lit("3f9a01c7");
            problem.level = -1;
            consent_buf_init(&b, CONSENT_PAGE_MAX);
            consent_page_problem(&b, &page, &problem);
            text = pages_text(&b);
            pages_assert_sound(text);
            assert_has(text, titles[language]);
            assert_has(text, "<code>3f9a01c7</code>");
            assert_has(text, "href=\"tel:+4680000000\"");
            assert_has(text, "href=\"/.privacy/human\"");
            assert_int_equal(pages_count(text, "tel:+4680000001"), type >= CONSENT_PROBLEM_UPSTREAM);
            free(text);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_every_page_is_sound_in_every_language),
        cmocka_unit_test(test_no_text_of_a_policy_becomes_markup),
        cmocka_unit_test(test_a_language_without_a_catalogue_says_which_words_are_english),
        cmocka_unit_test(test_an_operators_shell_stands_around_every_page),
        cmocka_unit_test(test_the_policy_page_tells_all_there_is),
        cmocka_unit_test(test_the_ai_page_tells_where_and_what_is_not_promised),
        cmocka_unit_test(test_every_problem_says_what_to_do_and_whom_to_ask)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
