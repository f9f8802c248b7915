/*
 * The words in other people's pages: languages, printed hours, names filled in; and the stylesheet that goes with them.
 */

#include "disclose.h"

#include "disclose/wording.h"



static void
hours_are_printed_as_people_do(void **state)
{
    static const struct {
        int               line;
        consent_hours_t   hours[3];
        size_t            n;
        const char       *sv;
        const char       *fi;
        const char       *en;
    } rows[] = {
        { __LINE__, { { 0x1f, 480, 990 } }, 1,
          "vardagar kl. 8–16.30", "arkisin klo 8–16.30", "weekdays 8:00–16:30" },
        { __LINE__, { { 0x7f, 485, 1200 } }, 1,
          "alla dagar kl. 8.05–20", "joka päivä klo 8.05–20", "every day 8:05–20:00" },
        { __LINE__, { { 0x17, 540, 960 }, { 0x08, 540, 1080 } }, 2,
          "måndag–onsdag och fredag kl. 9–16, torsdag kl. 9–18",
          "maanantai–keskiviikko ja perjantai klo 9–16, torstai klo 9–18",
          "Monday–Wednesday and Friday 9:00–16:00, Thursday 9:00–18:00" },
        { __LINE__, { { 0x1f, 780, 990 }, { 0x1f, 540, 720 } }, 2,
          "vardagar kl. 9–12 och 13–16.30", "arkisin klo 9–12 ja 13–16.30", "weekdays 9:00–12:00 and 13:00–16:30" },
        { __LINE__, { { 0x15, 600, 660 } }, 1,
          "måndag, onsdag och fredag kl. 10–11", "maanantai, keskiviikko ja perjantai klo 10–11",
          "Monday, Wednesday and Friday 10:00–11:00" },
        { __LINE__, { { 0x55, 600, 660 } }, 1,
          "måndag, onsdag, fredag och söndag kl. 10–11", "maanantai, keskiviikko, perjantai ja sunnuntai klo 10–11",
          "Monday, Wednesday, Friday and Sunday 10:00–11:00" },
        { __LINE__, { { 0x60, 0, 1440 }, { 0x10, 1, 1440 } }, 2,
          "fredag kl. 0.01–24, lördag–söndag dygnet runt",
          "perjantai klo 0.01–24, lauantai–sunnuntai ympäri vuorokauden",
          "Friday 0:01–24:00, Saturday–Sunday day and night" },
        { __LINE__, { { 0x01, 480, 540 }, { 0x02, 480, 540 }, { 0x01, 600, 660 } }, 3,
          "måndag kl. 8–9 och 10–11, tisdag kl. 8–9", "maanantai klo 8–9 ja 10–11, tiistai klo 8–9",
          "Monday 8:00–9:00 and 10:00–11:00, Tuesday 8:00–9:00" },
        { __LINE__, { { 0x40, 600, 720 } }, 1, "söndag kl. 10–12", "sunnuntai klo 10–12", "Sunday 10:00–12:00" },
        { __LINE__, { { 0, 0, 0 } }, 0, "", "", "" }
    };

    static const char *const  tags[] = { "sv", "fi", "en" };

    size_t             i, j;
    const char        *want;
    consent_buf_t      b;
    consent_hours_t    hours[3];
    consent_channel_t  channel = { .type = CONSENT_CHANNEL_PHONE, .hours = hours };

    (void) state;

    for (i = 0; i < consent_countof(rows) * 3; i++) {
        j = i / 3;
        memcpy(hours, rows[j].hours, sizeof(hours));
        channel.n_hours = rows[j].n;
        want = i % 3 == 0 ? rows[j].sv : i % 3 == 1 ? rows[j].fi : rows[j].en;

        consent_buf_init(&b, 1000);
        consent_wording_hours(&b, consent_wording_find(consent_cstr(tags[i % 3])), &channel);

        if (!consent_slice_eq(consent_buf_view(&b), consent_cstr(want))) {
            fail_msg("line %d: \"%.*s\", not \"%s\"", rows[j].line, (int) b.len, (char *) b.data, want);
        }

        consent_buf_free(&b);
    }
}


static void
a_language_that_is_not_spoken_here_borrows_words_and_says_so(void **state)
{
    fixture_t                *f = *state;
    consent_slice_t           tag;
    consent_policy_t          policy = f->policy;
    consent_disclosure_t      d;
    consent_disclose_conf_t   conf = { .base = consent_lit("/p/"), .kind = CONSENT_AI_ON };

    assert_ptr_equal(consent_wording_find(consent_lit("sv-FI")), consent_wording_find(consent_lit("SV")));
    assert_non_null(consent_wording_find(consent_lit("en-GB")));
    assert_null(consent_wording_find(consent_lit("svx")));
    assert_null(consent_wording_find(consent_lit("s")));
    assert_null(consent_wording_find(consent_lit("")));
    assert_null(consent_wording_find(consent_lit("de")));

    policy.languages[0] = consent_lit("se");
    assert_ptr_equal(consent_wording_for(&tag, &policy, 0), consent_wording_find(consent_lit("fi")));
    assert_true(consent_slice_eq(tag, consent_lit("fi")));

    policy.n_languages = 1;
    assert_ptr_equal(consent_wording_for(&tag, &policy, 0), consent_wording_find(consent_lit("en")));
    assert_true(consent_slice_eq(tag, consent_lit("en")));

    /* the policy's own notice is in its language, and its label is not */
    policy.n_languages = 2;
    policy.notice.in[0] = consent_lit("AI.");
    assert_int_equal(consent_disclosure_build(&d, f->arena, &policy, &conf), CONSENT_OK);
    assert_non_null(memmem(d.in[0].utf8.notice.data, d.in[0].utf8.notice.len, " lang=\"se\"><p>", 14));
    assert_non_null(memmem(d.in[0].utf8.contact.data, d.in[0].utf8.contact.len, " lang=\"fi\" aria-label", 21));
}


static void
the_channel_speaks_the_pages_language_where_it_can(void **state)
{
    consent_slice_t    english[] = { consent_lit("en") }, swedish[] = { consent_lit("sv") };
    consent_policy_t   policy;
    consent_channel_t  channels[] = {
        { .type = CONSENT_CHANNEL_EMAIL, .value = consent_lit("mail@kommun.example") },
        { .type = CONSENT_CHANNEL_PHONE, .value = consent_lit("1"), .languages = { swedish, 1 } },
        { .type = CONSENT_CHANNEL_PHONE, .value = consent_lit("2"), .languages = { english, 1 } },
        { .type = CONSENT_CHANNEL_CALLBACK }
    };

    consent_disclosure_t      d;
    consent_disclose_conf_t   conf = { .base = consent_lit("/p/") };
    fixture_t                *f = *state;

    policy = f->policy;
    policy.channels = channels;
    policy.n_channels = 4;

    assert_int_equal(consent_disclosure_build(&d, f->arena, &policy, &conf), CONSENT_OK);
    assert_non_null(memmem(d.in[0].utf8.contact.data, d.in[0].utf8.contact.len, ": 1</a>", 7));
    assert_non_null(memmem(d.in[1].utf8.contact.data, d.in[1].utf8.contact.len, ": 1</a>", 7));

    policy.languages[2] = consent_lit("en");
    assert_int_equal(consent_disclosure_build(&d, f->arena, &policy, &conf), CONSENT_OK);
    assert_non_null(memmem(d.in[2].utf8.contact.data, d.in[2].utf8.contact.len, ": 2</a>", 7));

    policy.n_channels = 1;
    assert_int_equal(consent_disclosure_build(&d, f->arena, &policy, &conf), CONSENT_OK);
    assert_non_null(memmem(d.in[0].utf8.contact.data, d.in[0].utf8.contact.len, ": mail@kommun.example</a>", 25));

    policy.channels = channels + 3;
    assert_int_equal(consent_disclosure_build(&d, f->arena, &policy, &conf), CONSENT_OK);
    assert_non_null(memmem(d.in[0].utf8.contact.data, d.in[0].utf8.contact.len, "m\xc3\xa4nniska</a>", 13));
}


static void
names_are_filled_in(void **state)
{
    consent_buf_t      b;
    consent_policy_t   policy = { .editorial = consent_lit("Eva") };

    (void) state;

    policy.controller.name = consent_lit("Kommun");
    consent_buf_init(&b, 1000);
    consent_wording_fill(&b, consent_lit("{{principal} och {editorial}: {principa} {editorial}{"), &policy);
    assert_true(consent_slice_eq(consent_buf_view(&b), consent_lit("{Kommun och Eva: {principa} Eva{")));
    consent_buf_free(&b);

    policy.principal = consent_lit("N\xc3\xa4mnden");
    assert_true(consent_slice_eq(consent_wording_principal(&policy), consent_lit("N\xc3\xa4mnden")));
}


/* Every word in every language: there, and naming on whose behalf the machine speaks. */
static void
no_word_is_missing(void **state)
{
    static const char *const  tags[] = { "sv", "fi", "en" };

    size_t                    i;
    int                       w;
    consent_slice_t           s;
    const consent_wording_t  *wording;

    (void) state;

    for (i = 0; i < 3; i++) {
        wording = consent_wording_find(consent_cstr(tags[i]));

        for (w = 0; w < CONSENT_WORD_COUNT; w++) {
            s = consent_wording_say(wording, (consent_word_t) w);
            assert_true(s.len > 0);

            if (w >= CONSENT_WORD_GENERATED) {
                assert_non_null(memmem(s.data, s.len, "{principal}", 11));
                assert_int_equal(s.data[s.len - 1], '.');
            }

            assert_int_equal(memmem(s.data, s.len, "{editorial}", 11) != NULL,
                             w == CONSENT_WORD_CHECKED || w == CONSENT_WORD_CHANGED_CHECKED);
        }
    }
}


/* x to the power of 2.4: the fifth root of its twelfth power, by Newton's method. */
static double
power24(double x)
{
    int     i;
    double  root = 1, twelfth = x * x * x * x * x * x * x * x * x * x * x * x;

    for (i = 0; i < 100; i++) {
        root -= (root * root * root * root * root - twelfth) / (5 * root * root * root * root);
    }

    return root;
}


/* Relative luminance and contrast of WCAG 2.2. */
static double
luminance(const char *hex)
{
    int     i;
    char    two[3] = "";
    double  c, sum = 0;

    static const double  weights[] = { 0.2126, 0.7152, 0.0722 };

    for (i = 0; i < 3; i++) {
        memcpy(two, hex + 1 + 2 * i, 2);
        c = (double) strtoul(two, NULL, 16) / 255;
        sum += weights[i] * (c <= 0.04045 ? c / 12.92 : power24((c + 0.055) / 1.055));
    }

    return sum;
}


static double
contrast(const char *a, const char *b)
{
    double  x = luminance(a), y = luminance(b);

    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}


static void
the_stylesheet_touches_our_elements_only(void **state)
{
    char    *css, *p, *brace, *selector, *save;
    size_t   rules;

    (void) state;

    css = strndup((const char *) consent_in_page_css.data, consent_in_page_css.len);
    rules = 0;

    p = strstr(css, "*/");
    assert_non_null(p);

    for (p += 2; (brace = strchr(p, '{')) != NULL; p = brace + 1) {
        *brace = '\0';
        p += strspn(p, " \n}");

        if (*p == '@') {
            continue;
        }

        for (selector = strtok_r(p, ",", &save); selector != NULL; selector = strtok_r(NULL, ",", &save)) {
            selector += strspn(selector, " \n");

            if (strncmp(selector, "nav[data-consent=\"contact\"]", 27) != 0
                && strncmp(selector, "aside[data-consent=\"notice\"]", 28) != 0)
            {
                fail_msg("selector %s", selector);
            }

            assert_null(strchr(selector, '~'));
            assert_null(strchr(selector, '+'));
            rules++;
        }

        brace = strchr(brace + 1, '}');
        assert_non_null(brace);
    }

    assert_true(rules >= 8);
    free(css);

    assert_true(contrast("#000000", "#ffffff") > 20.99 && contrast("#777777", "#ffffff") < 4.5);
    assert_true(contrast("#767676", "#ffffff") > 4.5);

    /* text and links, light and dark: AA asks for 4.5 */
    assert_true(contrast("#1b2430", "#f3f6f4") > 7);
    assert_true(contrast("#0b5d4b", "#f3f6f4") > 4.5);
    assert_true(contrast("#e6ece9", "#16211d") > 7);
    assert_true(contrast("#8fdcc5", "#16211d") > 4.5);

    css = strndup((const char *) consent_in_page_css.data, consent_in_page_css.len);

    for (p = css; (p = strchr(p, '#')) != NULL; p++) {
        assert_non_null(strstr("#1b2430 #f3f6f4 #0b5d4b #e6ece9 #16211d #8fdcc5 #7fd1b9 #000;", strndupa(p, 4)));
    }

    assert_null(strstr(css, "url("));
    assert_null(strstr(css, "@import"));
    assert_null(strstr(css, "!important"));
    free(css);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(hours_are_printed_as_people_do),
        cmocka_unit_test(a_language_that_is_not_spoken_here_borrows_words_and_says_so),
        cmocka_unit_test(the_channel_speaks_the_pages_language_where_it_can),
        cmocka_unit_test(names_are_filled_in),
        cmocka_unit_test(no_word_is_missing),
        cmocka_unit_test(the_stylesheet_touches_our_elements_only),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
