/*
 * All other pages: that they are sound whatever a policy says, and tell what they are there for.
 */

#include "pages.h"

#define PAGES  8

static const consent_ai_place_t  places[] = {
    { consent_lit("/assistent"), consent_lit("chat"), consent_lit(""), consent_lit(""), consent_lit("") },
    { consent_lit("/svar"), consent_lit("on"), consent_lit("machine-generated"), consent_lit("m<1>"),
      consent_lit("P\"&") }
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


static char *
record_text(const consent_page_t *page, const consent_record_t *record)
{
    consent_buf_t  b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_record(&b, page, record);

    return pages_text(&b);
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
        consent_page_receipt(&b, page, &pasts[0]);
        break;

    case 3:
        consent_page_human(&b, page);
        break;

    case 4:
        consent_page_policy(&b, page);
        break;

    case 5:
        consent_page_ai(&b, page, places, consent_countof(places));
        break;

    case 6:
        consent_page_receipt(&b, page, &pasts[2]);
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
test_the_record_tells_what_is_in_force(void **state)
{
    char               *text;
    consent_page_t      page;
    consent_effect_t    effect;
    consent_record_t    record;

    (void) state;

    page = pages_page(policy, SV);
    memset(&record, 0, sizeof(consent_record_t));
    record.effect = &effect;

    effect = pages_nothing();
    text = record_text(&page, &record);
    assert_has(text, "Du har inte gjort något val här. Du delar inga valfria uppgifter.");
    assert_has(text, "Inget de senaste 24 timmarna.");
    assert_lacks(text, "<form");
    assert_lacks(text, "Dina val");
    free(text);

    effect = pages_chose(policy, 1);
    record.has_record = true;
    text = record_text(&page, &record);
    assert_has(text, "Ditt val är <strong>Vi kan höra av oss</strong> sedan <time datetime=\"2026-11-23T08:15:00Z\">"
               "i dag kl. 9.15</time>. Det gäller till den 23 maj 2027.");
    assert_has(text, "action=\"/.privacy/withdraw\"");
    assert_has(text, "action=\"/.privacy/forget\"");
    free(text);

    record.identified = true;
    text = record_text(&page, &record);
    assert_lacks(text, "action=\"/.privacy/forget\"");
    free(text);

    record.unavailable = true;
    text = record_text(&page, &record);
    assert_has(text, "<title>Fel – ");
    assert_has(text, "Vi kan inte visa dina val just nu.");
    assert_lacks(text, "Ditt val är");
    assert_has(text, "Få kontakt med en människa");
    free(text);
}


static void
test_the_record_tells_what_was_not_passed_on(void **state)
{
    char                *text;
    consent_page_t       page;
    consent_effect_t     effect;
    consent_record_t     record;
    consent_withheld_t   withheld[] = {
        { PAGES_NOW - 60 * 1000, consent_lit("/assistent?<q>"), 2 },
        { PAGES_NOW - 60 * 60 * 1000, consent_lit("/ansok"), 12 }
    };

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_chose(policy, 1);
    memset(&record, 0, sizeof(consent_record_t));
    record.effect = &effect;
    record.withheld = withheld;
    record.n_withheld = 2;
    text = record_text(&page, &record);

    pages_assert_sound(text);
    assert_has(text, "I dag kl. 9.30</time></td>\n<td>/assistent?&lt;q&gt;</td>\n<td>Personnummer</td>");
    assert_has(text, "<td>Plats, Besöksstatistik</td>");
    assert_has(text, "Vi sparar aldrig innehållet, bara vilken sort det var.");
    free(text);
}


static void
test_every_choice_of_the_past_is_a_sentence(void **state)
{
    char              *text;
    size_t             i;
    consent_page_t     page;
    consent_past_t     p;
    consent_effect_t   effect;
    consent_record_t   record;

    static const struct {
        int               row;
        int               level;
        consent_status_t  status;
        consent_by_t      by;
        bool              known;
        const char       *says;
    } cases[] = {
        { __LINE__, 0, CONSENT_STATUS_REFUSED, CONSENT_BY_SELF, true,
          "Du valde <strong>Bara det nödvändiga</strong>. <a" },
        { __LINE__, 2, CONSENT_STATUS_GIVEN, CONSENT_BY_SELF, true,
          "Du valde <strong>Ifyllda blanketter</strong>. Uppgifter: E-post och telefon, Personnummer. <a" },
        { __LINE__, -1, CONSENT_STATUS_GIVEN, CONSENT_BY_GUARDIAN, true,
          "Du valde uppgift för uppgift. Uppgifter: E-post och telefon, Personnummer, Plats, Besöksstatistik, "
          "Uppgifter om din hälsa. Valet gjordes av en vårdnadshavare. <a" },
        { __LINE__, 1, CONSENT_STATUS_LOWERED, CONSENT_BY_SELF, true,
          "Du minskade det du delar, till <strong>Vi kan höra av oss</strong>. Uppgifter:" },
        { __LINE__, 1, CONSENT_STATUS_LOWERED, CONSENT_BY_SIGNAL, true,
          "Din webbläsare bad oss att ta emot mindre. Uppgifter: E-post" },
        { __LINE__, 0, CONSENT_STATUS_WITHDRAWN, CONSENT_BY_SELF, true, "Du slutade dela. <a" },
        { __LINE__, 0, CONSENT_STATUS_WITHDRAWN, CONSENT_BY_CLERK, false,
          "Du slutade dela. Valet registrerades av vår personal. <a" },
        { __LINE__, 2, CONSENT_STATUS_GIVEN, CONSENT_BY_REPRESENTATIVE, false,
          "Ett val enligt en äldre version som vi inte längre kan visa. Valet gjordes av ett ombud. <a" }
    };

    (void) state;

    page = pages_page(policy, SV);
    effect = pages_chose(policy, 1);
    memset(&record, 0, sizeof(consent_record_t));
    record.effect = &effect;
    record.past = &p;
    record.n_past = 1;

    for (i = 0; i < consent_countof(cases); i++) {
        p = past(cases[i].known ? policy : NULL, cases[i].level, cases[i].status);
        p.decision.by = (uint8_t) cases[i].by;
        text = record_text(&page, &record);

        if (strstr(text, cases[i].says) == NULL) {
            print_message("%s\n", strstr(text, "<ol"));
            fail_msg("line %d", cases[i].row);
        }

        assert_has(text, "href=\"/.privacy/receipt/5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f\">Kvitto för <time");
        assert_has(text, "href=\"/.privacy/api/v1/history\"");
        free(text);
    }
}


/* An older version may know other languages, in another order. */
static void
test_words_of_an_older_version_keep_their_language(void **state)
{
    char              *text;
    consent_buf_t      b;
    consent_page_t     page;
    consent_past_t     p;
    consent_policy_t  *older;

    (void) state;

    older = pages_policy();
    older->n_languages = 1;
    page = pages_page(policy, EN);
    p = past(older, 1, CONSENT_STATUS_GIVEN);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_receipt(&b, &page, &p);
    text = pages_text(&b);
    pages_assert_sound(text);
    assert_has(text, "<span lang=\"sv\">Vi kan höra av oss</span>");
    assert_has(text, "<li><strong><span lang=\"sv\">E-post och telefon</span></strong>");
    free(text);
    consent_policy_destroy(older);
}


static void
test_a_receipt_tells_when_what_and_under_which_terms(void **state)
{
    char             *text;
    consent_buf_t     b;
    consent_page_t    page;
    consent_past_t    p;

    (void) state;

    page = pages_page(policy, FI);
    p = past(policy, 2, CONSENT_STATUS_GIVEN);
    p.decision.ai = CONSENT_AI_NONE;
    p.decision.method = CONSENT_METHOD_API;
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_receipt(&b, &page, &p);
    text = pages_text(&b);

    assert_has(text, "<strong>Esitäytetyt lomakkeet</strong>");
    assert_has(text, ">23. marraskuuta 2026 klo 9.15</time>");
    assert_has(text, ">23. toukokuuta 2027 klo 10.15</time>");
    assert_has(text, "<dd>Kuusi kuukautta tällä laitteella</dd>");
    assert_has(text, "<dd>Vain ihminen</dd>");
    assert_has(text, "<dd>Sovelluksen tai ohjelman kautta</dd>");
    assert_has(text, "<dd>2026-11-22</dd>");
    assert_has(text, "<code>5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f</code>");
    assert_has(text, "<li>Kävijätilastot</li>");
    assert_lacks(text, "<li>Henkilötunnus</li>");
    assert_has(text, "href=\"/.privacy/api/v1/receipts/5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f5f\"");
    free(text);
}


static void
test_the_human_page_knows_the_hour(void **state)
{
    size_t           i;
    char            *text;
    consent_buf_t    b;
    consent_page_t   page;

    static const struct {
        int          row;
        const char  *now;
        size_t       language;
        const char  *says;
    } cases[] = {
        { __LINE__, "2026-11-23T08:31:00Z", SV, "<p class=\"open\">Öppet nu, till kl. 16.30</p>" },
        { __LINE__, "2026-11-23T08:31:00Z", FI, "<p class=\"open\">Avoinna nyt klo 16.30 asti</p>" },
        { __LINE__, "2026-11-23T08:31:00Z", EN, "<p class=\"open\">Open now, until 16:30</p>" },
        { __LINE__, "2026-11-23T06:00:00Z", SV, "<p class=\"closed\">Stängt nu. Öppnar i dag kl. 8.00.</p>" },
        { __LINE__, "2026-11-23T20:00:00Z", FI, "<p class=\"closed\">Suljettu nyt. Avautuu huomenna klo 8.00.</p>" },
        { __LINE__, "2026-11-21T12:00:00Z", SV, "<p class=\"closed\">Stängt nu. Öppnar på måndag kl. 8.00.</p>" },
        { __LINE__, "2026-11-21T12:00:00Z", FI,
          "<p class=\"closed\">Suljettu nyt. Avautuu maanantaina klo 8.00.</p>" },
        { __LINE__, "2026-11-21T12:00:00Z", EN, "<p class=\"closed\">Closed now. Opens on Monday at 8:00.</p>" },
        { __LINE__, "2026-12-24T12:00:00Z", EN, "<p class=\"closed\">Closed now. Opens on Monday at 8:00.</p>" }
    };

    (void) state;

    for (i = 0; i < consent_countof(cases); i++) {
        page = pages_page(policy, cases[i].language);
        assert_int_equal(consent_when_parse(&page.now, consent_cstr(cases[i].now)), CONSENT_OK);
        consent_buf_init(&b, CONSENT_PAGE_MAX);
        consent_page_human(&b, &page);
        text = pages_text(&b);

        if (strstr(text, cases[i].says) == NULL) {
            print_message("%s\n", text);
            fail_msg("line %d", cases[i].row);
        }

        free(text);
    }
}


static void
test_more_than_a_week_ahead_is_a_date(void **state)
{
    char              *text;
    size_t             i;
    consent_buf_t      b;
    consent_page_t     page;
    consent_list_t     holidays;
    consent_slice_t    days[7] = {
        consent_lit("2026-12-28"), consent_lit("2026-12-29"), consent_lit("2026-12-30"), consent_lit("2026-12-31"),
        consent_lit("2027-01-01"), consent_lit("2026-12-24"), consent_lit("2026-12-25")
    };

    static const char *const  says[] = {
        "Öppnar den 4 januari kl. 8.00.", "Avautuu 4. tammikuuta klo 8.00.", "Opens on 4 January at 8:00."
    };

    (void) state;

    holidays = policy->holidays;
    policy->holidays = (consent_list_t) { days, consent_countof(days) };

    for (i = SV; i <= EN; i++) {
        page = pages_page(policy, i);
        assert_int_equal(consent_when_parse(&page.now, consent_lit("2026-12-24T12:00:00Z")), CONSENT_OK);
        consent_buf_init(&b, CONSENT_PAGE_MAX);
        consent_page_human(&b, &page);
        text = pages_text(&b);
        assert_has(text, says[i]);
        free(text);
    }

    policy->holidays = holidays;
}


static void
test_the_human_page_lists_channels_hours_and_languages(void **state)
{
    char             *text;
    consent_buf_t     b;
    consent_page_t    page;

    (void) state;

    page = pages_page(policy, SV);
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_human(&b, &page);
    text = pages_text(&b);

    assert_int_equal(pages_count(text, "<section class=\"channel\">"), policy->n_channels);
    assert_has(text, "<a href=\"tel:+4680000000\">+46 8 000 00 00</a>");
    assert_has(text, "<a href=\"mailto:kontakt@exempelkommun.example\">");
    assert_has(text, "<li>Måndag–fredag kl. 8.00–16.30</li>");
    assert_has(text, "<li>Måndag–onsdag, fredag kl. 9.00–16.00</li>");
    assert_has(text, "<li>Torsdag kl. 9.00–18.00</li>");
    assert_has(text, "Språk: <span lang=\"sv\">Svenska</span>, <span lang=\"fi\">Suomi</span>, "
               "<span lang=\"en\">English</span>");
    assert_has(text, "Stängt även 24 december, 25 december, 26 december, 31 december, 1 januari, 6 januari.");
    assert_has(text, "tidszonen Europe/Stockholm");
    assert_has(text, "<li>Klagomål</li>\n<li>Beslut och överklagande</li>");
    free(text);
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
        for (type = 0; type <= CONSENT_PROBLEM_UPSTREAM; type++) {
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
            assert_int_equal(pages_count(text, "tel:+4680000001"), type == CONSENT_PROBLEM_UPSTREAM);
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
        cmocka_unit_test(test_the_record_tells_what_is_in_force),
        cmocka_unit_test(test_the_record_tells_what_was_not_passed_on),
        cmocka_unit_test(test_every_choice_of_the_past_is_a_sentence),
        cmocka_unit_test(test_words_of_an_older_version_keep_their_language),
        cmocka_unit_test(test_a_receipt_tells_when_what_and_under_which_terms),
        cmocka_unit_test(test_the_human_page_knows_the_hour),
        cmocka_unit_test(test_more_than_a_week_ahead_is_a_date),
        cmocka_unit_test(test_the_human_page_lists_channels_hours_and_languages),
        cmocka_unit_test(test_the_policy_page_tells_all_there_is),
        cmocka_unit_test(test_the_ai_page_tells_where_and_what_is_not_promised),
        cmocka_unit_test(test_every_problem_says_what_to_do_and_whom_to_ask)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
