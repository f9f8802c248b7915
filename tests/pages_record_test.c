/*
 * The record and receipts: what is in force, what was not passed on, every choice as a sentence.
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
    assert_has(text, "download=\"record.json\" href=\"/.privacy/api/v1/record\"");
    assert_has(text, "href=\"/.privacy/erase\">Radera mina val, min historik och mina kvitton …</a>");
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
        { __LINE__, 0, CONSENT_STATUS_LAPSED, CONSENT_BY_CLERK, false,
          "Ditt val slutade gälla, för vi fick återställa våra uppgifter från en kopia. <a" },
        { __LINE__, 0, CONSENT_STATUS_EXPIRED, CONSENT_BY_SELF, true, "Ditt val gick ut. <a" },
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
    consent_receipt_t  receipt;

    (void) state;

    older = pages_policy();
    older->n_languages = 1;
    page = pages_page(policy, EN);
    p = past(older, 1, CONSENT_STATUS_GIVEN);

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    receipt = pages_receipt(&p);
    consent_page_receipt(&b, &page, &receipt);
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
    consent_receipt_t receipt;

    (void) state;

    page = pages_page(policy, FI);
    p = past(policy, 2, CONSENT_STATUS_GIVEN);
    p.decision.ai = CONSENT_AI_NONE;
    p.decision.method = CONSENT_METHOD_API;
    consent_buf_init(&b, CONSENT_PAGE_MAX);
    receipt = pages_receipt(&p);
    consent_page_receipt(&b, &page, &receipt);
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


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_the_record_tells_what_is_in_force),
        cmocka_unit_test(test_the_record_tells_what_was_not_passed_on),
        cmocka_unit_test(test_every_choice_of_the_past_is_a_sentence),
        cmocka_unit_test(test_words_of_an_older_version_keep_their_language),
        cmocka_unit_test(test_a_receipt_tells_when_what_and_under_which_terms)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
