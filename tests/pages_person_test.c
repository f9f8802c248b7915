/*
 * The human page: channels, opening hours and languages, as people tell them.
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
        consent_page_human(&b, &page, NULL);
        text = pages_text(&b);

        if (strstr(text, cases[i].says) == NULL) {
            print_message("%s\n", text);
            fail_msg("line %d", cases[i].row);
        }

        free(text);
    }
}


/* Thursday, and every day until then closed: "on Thursday" would be today. */
static void
test_a_week_ahead_and_more_is_a_date(void **state)
{
    char              *text;
    size_t             i;
    consent_buf_t      b;
    consent_page_t     page;
    consent_list_t     holidays;
    consent_slice_t    days[] = {
        consent_lit("2026-12-24"), consent_lit("2026-12-25"), consent_lit("2026-12-28"), consent_lit("2026-12-29"),
        consent_lit("2026-12-30"), consent_lit("2026-12-31"), consent_lit("2027-01-01")
    };

    static const struct {
        int          row;
        size_t       n;
        size_t       language;
        const char  *says;
    } cases[] = {
        { __LINE__, 4, SV, "Öppnar på onsdag kl. 8.00." },
        { __LINE__, 5, SV, "Öppnar den 31 december kl. 8.00." },
        { __LINE__, 7, SV, "Öppnar den 4 januari kl. 8.00." },
        { __LINE__, 7, FI, "Avautuu 4. tammikuuta klo 8.00." },
        { __LINE__, 7, EN, "Opens on 4 January at 8:00." }
    };

    (void) state;

    holidays = policy->holidays;

    for (i = 0; i < consent_countof(cases); i++) {
        policy->holidays = (consent_list_t) { days, cases[i].n };
        page = pages_page(policy, cases[i].language);
        assert_int_equal(consent_when_parse(&page.now, consent_lit("2026-12-24T12:00:00Z")), CONSENT_OK);
        consent_buf_init(&b, CONSENT_PAGE_MAX);
        consent_page_human(&b, &page, NULL);
        text = pages_text(&b);

        if (strstr(text, cases[i].says) == NULL) {
            print_message("%s\n", text);
            fail_msg("line %d", cases[i].row);
        }

        free(text);
    }

    policy->holidays = holidays;
}


static void
test_days_in_a_row_are_named_by_their_ends(void **state)
{
    char            *text;
    size_t           i;
    uint8_t          days;
    consent_buf_t    b;
    consent_page_t   page;

    static const struct {
        int          row;
        uint8_t      days;
        const char  *says;
    } cases[] = {
        { __LINE__, 0x1f, "<li>Måndag–fredag kl. " },
        { __LINE__, 0x7f, "<li>Måndag–söndag kl. " },
        { __LINE__, 0x60, "<li>Lördag, söndag kl. " },
        { __LINE__, 0x03, "<li>Måndag, tisdag kl. " },
        { __LINE__, 0x77, "<li>Måndag–onsdag, fredag–söndag kl. " },
        { __LINE__, 0x15, "<li>Måndag, onsdag, fredag kl. " },
        { __LINE__, 0x40, "<li>Söndag kl. " }
    };

    (void) state;

    page = pages_page(policy, SV);
    days = policy->channels[0].hours[0].days;

    for (i = 0; i < consent_countof(cases); i++) {
        policy->channels[0].hours[0].days = cases[i].days;
        consent_buf_init(&b, CONSENT_PAGE_MAX);
        consent_page_human(&b, &page, NULL);
        text = pages_text(&b);

        if (strstr(text, cases[i].says) == NULL) {
            print_message("%s\n", text);
            fail_msg("line %d", cases[i].row);
        }

        free(text);
    }

    policy->channels[0].hours[0].days = days;
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
    consent_page_human(&b, &page, NULL);
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


static char *
human_text(const consent_page_t *page, const consent_human_t *human)
{
    consent_buf_t  b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);
    consent_page_human(&b, page, human);

    return pages_text(&b);
}


static void
test_a_form_asks_to_be_contacted_where_that_is_possible(void **state)
{
    char             *text;
    consent_page_t    page;
    consent_human_t   human = { .token = consent_lit("T0KEN"), .topic = consent_lit("legal") };

    (void) state;

    page = pages_page(policy, SV);
    text = human_text(&page, &human);
    assert_null(strstr(text, "<form"));
    assert_has(text, "Säg det när du ringer");
    free(text);

    page.callback = true;
    text = human_text(&page, &human);
    assert_has(text, "action=\"/.privacy/human\"");
    assert_has(text, "name=\"token\" value=\"T0KEN\"");
    assert_has(text, "<option value=\"complaint\">Klagomål</option>");
    assert_has(text, "<option value=\"legal\" selected>");
    assert_has(text, "<a href=\"/.privacy/human#callback\">Be oss höra av oss</a>");
    assert_null(strstr(text, "Säg det när du ringer"));
    free(text);

    page.chosen_language = true;
    human.say = CONSENT_CALLBACK_UNREADABLE;
    human.contact = consent_lit("\"><script>");
    human.code = consent_lit("3f9a01c7");
    text = human_text(&page, &human);
    assert_has(text, "<title>Fel – ");
    assert_has(text, "aria-describedby=\"said\" aria-invalid=\"true\"");
    assert_has(text, "value=\"&quot;&gt;&lt;script&gt;\"");
    assert_has(text, "3f9a01c7");
    assert_has(text, "href=\"/.privacy/human?lang=sv#callback\"");
    free(text);
}


static void
test_what_became_of_a_request_is_told(void **state)
{
    int                      i;
    char                    *text;
    consent_page_t           page;
    consent_human_t          human = { .say = CONSENT_CALLBACK_TAKEN };
    consent_handoff_view_t   request = {
        .number = consent_lit("00ff"), .topic = consent_lit("complaint"), .at = PAGES_NOW
    };

    static const char *const  says[] = {
        "</time>. Den är på väg till en människa.", "Överlämnad till en människa <time", "arbetar med den sedan",
        "Avslutad", "Vi kunde inte lämna över"
    };

    (void) state;

    page = pages_page(policy, SV);
    page.callback = true;
    human.request = &request;

    for (i = 0; i <= CONSENT_HANDOFF_EXPIRED; i++) {
        request.status = (consent_handoff_status_t) i;
        request.tag = i == CONSENT_HANDOFF_TAKEN ? consent_lit("KC-<1>") : consent_lit("");
        text = human_text(&page, &human);

        assert_has(text, "Din begäran: <strong>Klagomål</strong>");
        assert_has(text, "En människa hör av sig till dig.");
        assert_int_equal(pages_count(text, "KC-&lt;1&gt;"), i == CONSENT_HANDOFF_TAKEN);
        assert_has(text, "Kvitto: <code>00ff</code>");
        assert_int_equal(pages_count(text, "Nu lämnar vi över din begäran"), i == CONSENT_HANDOFF_REQUESTED);

        /* she has asked: nobody asks her to do it again, and whoever cannot wait finds a person here */

        assert_int_equal(pages_count(text, "name=\"contact\""), 0);
        assert_has(text, "<a href=\"/.privacy/human#callback\">Be oss höra av oss</a>");
        assert_has(text, "href=\"tel:");
        assert_int_equal(pages_count(text, "Vill du inte vänta?"), i <= CONSENT_HANDOFF_DELIVERED);

        if (strstr(text, says[i]) == NULL) {
            fail_msg("%s: %s", says[i], text);
        }

        free(text);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_the_human_page_knows_the_hour),
        cmocka_unit_test(test_a_week_ahead_and_more_is_a_date),
        cmocka_unit_test(test_days_in_a_row_are_named_by_their_ends),
        cmocka_unit_test(test_the_human_page_lists_channels_hours_and_languages),
        cmocka_unit_test(test_a_form_asks_to_be_contacted_where_that_is_possible),
        cmocka_unit_test(test_what_became_of_a_request_is_told)
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
