/*
 * Days, hours and durations in three languages.
 */

#include "pages.h"

#include "pages/words.h"

typedef struct {
    int          row;
    const char  *in;
    const char  *sv;
    const char  *fi;
    const char  *en;
} words_case_t;

/* times in UTC; it is Monday 2026-11-23 09:31 in Stockholm */
static const words_case_t  moments[] = {
    { __LINE__, "2026-11-23T08:15:00Z", "i dag kl. 9.15", "tänään klo 9.15", "today at 9:15" },
    { __LINE__, "2026-11-22T23:00:00Z", "i dag kl. 0.00", "tänään klo 0.00", "today at 0:00" },
    { __LINE__, "2026-11-22T22:59:59Z", "i går kl. 23.59", "eilen klo 23.59", "yesterday at 23:59" },
    { __LINE__, "2026-11-21T22:59:59Z", "21 november kl. 23.59", "21. marraskuuta klo 23.59",
      "21 November at 23:59" },
    { __LINE__, "2026-07-01T16:02:00Z", "1 juli kl. 18.02", "1. heinäkuuta klo 18.02", "1 July at 18:02" },
    { __LINE__, "2025-12-31T11:00:00Z", "31 december 2025 kl. 12.00", "31. joulukuuta 2025 klo 12.00",
      "31 December 2025 at 12:00" }
};

static const words_case_t  absolutes[] = {
    { __LINE__, "2026-11-23T08:15:00Z", "23 november 2026 kl. 9.15", "23. marraskuuta 2026 klo 9.15",
      "23 November 2026 at 9:15" }
};

static const words_case_t  durations[] = {
    { __LINE__, "P6M", "sex månader", "kuusi kuukautta", "six months" },
    { __LINE__, "P1M", "en månad", "yksi kuukausi", "one month" },
    { __LINE__, "P12M", "ett år", "yksi vuosi", "one year" },
    { __LINE__, "P18M", "18 månader", "18 kuukautta", "18 months" },
    { __LINE__, "P5Y", "fem år", "viisi vuotta", "five years" },
    { __LINE__, "P10Y", "tio år", "kymmenen vuotta", "ten years" },
    { __LINE__, "P11Y", "11 år", "11 vuotta", "11 years" },
    { __LINE__, "PT12H", "12 timmar", "12 tuntia", "12 hours" },
    { __LINE__, "PT1H", "en timme", "yksi tunti", "one hour" },
    { __LINE__, "P2W", "14 dagar", "14 päivää", "14 days" },
    { __LINE__, "P1D", "en dag", "yksi päivä", "one day" },
    { __LINE__, "PT30M", "30 minuter", "30 minuuttia", "30 minutes" },
    { __LINE__, "P1DT12H", "en dag och 12 timmar", "yksi päivä ja 12 tuntia", "one day and 12 hours" },
    { __LINE__, "P1M2DT3H", "en månad, två dagar och tre timmar", "yksi kuukausi, kaksi päivää ja kolme tuntia",
      "one month, two days and three hours" }
};

static const words_case_t  throughs[] = {
    { __LINE__, "P6M", "sex månader", "kuusi kuukautta", "six months" },
    { __LINE__, "P1M", "en månad", "yhden kuukauden", "one month" },
    { __LINE__, "P1Y", "ett år", "yhden vuoden", "one year" },
    { __LINE__, "PT1H", "en timme", "yhden tunnin", "one hour" },
    { __LINE__, "P1D", "en dag", "yhden päivän", "one day" },
    { __LINE__, "PT1M", "en minut", "yhden minuutin", "one minute" }
};

typedef enum { MOMENT, ABSOLUTE, DURATION, THROUGH } kind_t;


static void
check(const consent_policy_t *policy, const words_case_t *row, size_t language, kind_t kind)
{
    char                *text, *found, *end;
    const char          *expected;
    consent_buf_t        b;
    consent_html_t       h;
    consent_page_t       page;
    consent_time_t       t;
    consent_duration_t   d;

    page = pages_page(policy, language);
    expected = language == SV ? row->sv : language == FI ? row->fi : row->en;
    consent_buf_init(&b, 4096);
    consent_html_init(&h, &b, &page, NULL);

    if (kind == MOMENT || kind == ABSOLUTE) {
        assert_int_equal(consent_when_parse(&t, consent_cstr(row->in)), CONSENT_OK);
        consent_words_moment(&h, t, kind == MOMENT);

    } else {
        assert_int_equal(consent_duration_parse(&d, consent_cstr(row->in)), CONSENT_OK);
        consent_words_duration(&h, d, kind == THROUGH);
    }

    text = pages_text(&b);
    found = text;

    if (kind == MOMENT || kind == ABSOLUTE) {
        found = strchr(text, '>') + 1;
        end = strstr(text, "</time>");
        assert_non_null(end);
        *end = '\0';
        assert_has(text, "<time datetime=\"");
        assert_has(text, row->in);
    }

    if (strcmp(found, expected) != 0) {
        fail_msg("line %d: \"%s\"", row->row, found);
    }

    free(text);
}


static void
check_all(const words_case_t *rows, size_t n, kind_t kind)
{
    size_t             i, language;
    consent_policy_t  *policy;

    policy = pages_policy();

    for (i = 0; i < n; i++) {
        for (language = SV; language <= EN; language++) {
            check(policy, &rows[i], language, kind);
        }
    }

    consent_policy_destroy(policy);
}


static void
test_moments_are_told_as_people_do(void **state)
{
    (void) state;
    check_all(moments, consent_countof(moments), MOMENT);
}


static void
test_what_is_kept_names_its_day(void **state)
{
    (void) state;
    check_all(absolutes, consent_countof(absolutes), ABSOLUTE);
}


static void
test_durations_are_words(void **state)
{
    (void) state;
    check_all(durations, consent_countof(durations), DURATION);
}


static void
test_durations_that_go_on_have_their_own_form(void **state)
{
    (void) state;
    check_all(throughs, consent_countof(throughs), THROUGH);
}


static void
test_sentences_begin_with_a_capital(void **state)
{
    size_t             i;
    char              *text;
    consent_buf_t      b;
    consent_html_t     h;
    consent_page_t     page;
    consent_policy_t  *policy;

    static const char *const  cases[][2] = {
        { "sex", "Sex" }, { "åtta", "Åtta" }, { "öppet", "Öppet" }, { "tänään", "Tänään" }, { "1 maj", "1 maj" },
        { "", "" }, { "Redan", "Redan" }, { "ÿ", "ÿ" }, { "÷", "÷" }, { "ž", "ž" }
    };

    (void) state;

    policy = pages_policy();
    page = pages_page(policy, SV);

    for (i = 0; i < consent_countof(cases); i++) {
        consent_buf_init(&b, 4096);
        consent_html_init(&h, &b, &page, NULL);
        consent_html_open(&h, "b", NULL);
        consent_html_open(&h, "strong", NULL);
        consent_html_content(&h);
        consent_html_str(&h, cases[i][0]);
        consent_words_capital(&h, 0);
        text = pages_text(&b);

        if (strcmp(strrchr(text, '>') + 1, cases[i][1]) != 0) {
            fail_msg("%s", text);
        }

        free(text);
    }

    consent_policy_destroy(policy);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_moments_are_told_as_people_do),
        cmocka_unit_test(test_what_is_kept_names_its_day),
        cmocka_unit_test(test_durations_are_words),
        cmocka_unit_test(test_durations_that_go_on_have_their_own_form),
        cmocka_unit_test(test_sentences_begin_with_a_capital)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
