/*
 * What the pages say: every text in every language, with the same places to fill in.
 */

#include "pages.h"

#include "pages/catalogue.h"

static const struct {
    const char         *language;
    const char *const  *texts;
} catalogues[] = {
    { "sv", consent_catalogue_sv },
    { "fi", consent_catalogue_fi },
    { "en", consent_catalogue_en }
};


/* The names in braces, each once, as bits of a table; two texts with the same names have the same bits. */
static unsigned
names_of(const char *text)
{
    static char    known[32][16];
    static size_t  n;

    size_t    i, len;
    unsigned  bits;

    for (bits = 0; (text = strchr(text, '{')) != NULL; text++) {
        len = strcspn(text + 1, "{}");

        if (text[len + 1] != '}' || len == 0 || len > 15) {
            return ~0U;
        }

        for (i = 0; i < n && !(strlen(known[i]) == len && strncmp(known[i], text + 1, len) == 0); i++) { /* void */ }

        if (i == n) {
            assert_true(n < 31);
            strncpy(known[n++], text + 1, len);
        }

        bits |= 1U << i;
    }

    return bits;
}


static void
test_every_language_says_everything(void **state)
{
    size_t       i, m;
    const char  *text;

    (void) state;

    for (i = 0; i < consent_countof(catalogues); i++) {
        for (m = 0; m < CONSENT_M_COUNT; m++) {
            text = catalogues[i].texts[m];

            if (text == NULL || text[0] == '\0') {
                fail_msg("%s lacks message %zu: %s", catalogues[i].language, m, consent_catalogue_en[m]);
            }

            if (m != CONSENT_M_AND && (text[0] == ' ' || text[strlen(text) - 1] == ' ' || strstr(text, "  "))) {
                fail_msg("%s has spaces in message %zu: %s", catalogues[i].language, m, text);
            }
        }
    }
}


static void
test_every_language_fills_in_the_same(void **state)
{
    size_t    i, m;
    unsigned  names;

    (void) state;

    for (m = 0; m < CONSENT_M_COUNT; m++) {
        names = names_of(consent_catalogue_en[m]);
        assert_int_not_equal(names, ~0U);

        for (i = 0; i < consent_countof(catalogues); i++) {
            if (names_of(catalogues[i].texts[m]) != names) {
                fail_msg("%s: %s", catalogues[i].language, catalogues[i].texts[m]);
            }
        }
    }
}


/* Words that are never used: praise, and promises that are not ours to keep. */
static void
test_no_language_praises_or_promises(void **state)
{
    static const char *const  never[] = {
        "rekommend", "recommend", "suosittel", "bästa", "parhaa", "best ", "tyvärr", "valitettavasti", "unfortunately",
        "bara vi ser", "vain me näemme", "only we see", "samtycke", "suostumu", "consent"
    };

    size_t  i, k, m;

    (void) state;

    for (i = 0; i < consent_countof(catalogues); i++) {
        for (m = 0; m < CONSENT_M_COUNT; m++) {
            for (k = 0; k < consent_countof(never); k++) {
                if (strcasestr(catalogues[i].texts[m], never[k]) != NULL) {
                    fail_msg("%s: %s", catalogues[i].language, catalogues[i].texts[m]);
                }
            }
        }
    }
}


static void
test_a_language_is_found_by_its_primary_subtag(void **state)
{
    bool                        english;
    consent_slice_t             text;
    const consent_catalogue_t  *c;

    (void) state;

    assert_ptr_equal(consent_catalogue_for(consent_lit("sv"))->texts, consent_catalogue_sv);
    assert_ptr_equal(consent_catalogue_for(consent_lit("SV-fi"))->texts, consent_catalogue_sv);
    assert_ptr_equal(consent_catalogue_for(consent_lit("fi"))->texts, consent_catalogue_fi);
    assert_ptr_equal(consent_catalogue_for(consent_lit("fit"))->texts, consent_catalogue_en);
    assert_ptr_equal(consent_catalogue_for(consent_lit("se"))->texts, consent_catalogue_en);
    assert_ptr_equal(consent_catalogue_for(consent_lit(""))->texts, consent_catalogue_en);

    c = consent_catalogue_for(consent_lit("fi"));
    text = consent_catalogue_get(c, CONSENT_M_SAVE, &english);
    assert_true(consent_slice_eq(text, consent_lit("Tallenna valintani")));
    assert_false(english);

    c = consent_catalogue_for(consent_lit("se"));
    text = consent_catalogue_get(c, CONSENT_M_SAVE, &english);
    assert_true(consent_slice_eq(text, consent_lit("Save my choice")));
    assert_true(english);
}


static void
test_a_missing_text_is_said_in_english(void **state)
{
    bool                 english;
    consent_slice_t      text;
    consent_catalogue_t  half;
    static const char   *texts[CONSENT_M_COUNT];

    (void) state;

    texts[CONSENT_M_SAVE] = "Vurke";
    half = (consent_catalogue_t) { "se", texts };

    text = consent_catalogue_get(&half, CONSENT_M_SAVE, &english);
    assert_true(consent_slice_eq(text, consent_lit("Vurke")));
    assert_false(english);

    text = consent_catalogue_get(&half, CONSENT_M_WITHDRAW, &english);
    assert_true(consent_slice_eq(text, consent_lit("Stop sharing")));
    assert_true(english);
}


static void
test_languages_and_countries_have_names(void **state)
{
    const consent_catalogue_t  *c;

    (void) state;

    assert_true(consent_slice_eq(consent_language_name(consent_lit("sv")), consent_lit("Svenska")));
    assert_true(consent_slice_eq(consent_language_name(consent_lit("se")), consent_lit("Davvisámegiella")));
    assert_true(consent_slice_eq(consent_language_name(consent_lit("xx-YY")), consent_lit("xx-YY")));
    assert_true(consent_language_rtl(consent_lit("ar-SE")));
    assert_false(consent_language_rtl(consent_lit("sv")));

    c = consent_catalogue_for(consent_lit("fi"));
    assert_true(consent_slice_eq(consent_country_name(c, consent_lit("SE")), consent_lit("Ruotsi")));
    assert_true(consent_slice_eq(consent_country_name(c, consent_lit("ZZ")), consent_lit("ZZ")));
    c = consent_catalogue_for(consent_lit("sv"));
    assert_true(consent_slice_eq(consent_country_name(c, consent_lit("fi")), consent_lit("Finland")));
    c = consent_catalogue_for(consent_lit("en"));
    assert_true(consent_slice_eq(consent_country_name(c, consent_lit("DE")), consent_lit("Germany")));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_every_language_says_everything),
        cmocka_unit_test(test_every_language_fills_in_the_same),
        cmocka_unit_test(test_no_language_praises_or_promises),
        cmocka_unit_test(test_a_language_is_found_by_its_primary_subtag),
        cmocka_unit_test(test_a_missing_text_is_said_in_english),
        cmocka_unit_test(test_languages_and_countries_have_names)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
