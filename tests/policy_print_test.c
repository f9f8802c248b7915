/*
 * The table that tells people what a policy means.
 */

#include "policy.h"

#include "policy/layout.h"

static char *
print(const consent_policy_t *policy)
{
    consent_buf_t  b;

    consent_buf_init(&b, 1 << 20);
    consent_policy_print(&b, policy);
    consent_buf_char(&b, '\0');
    assert_int_equal(b.rc, CONSENT_OK);

    return (char *) b.data;
}


static void
check_lines(const char *text)
{
    size_t       columns;
    const char  *p;

    for (p = text, columns = 0; *p != '\0'; p++) {
        if (*p == '\n') {
            assert_true(p == text || p[-1] != ' ');
            columns = 0;
            continue;
        }

        columns += (*p & 0xc0) != 0x80;

        if (columns > CONSENT_LAYOUT_WIDTH) {
            fail_msg("a line is too long at: %s", p);
        }
    }
}


static void
levels_and_categories_stand_in_a_table(void **state)
{
    char              *text;
    size_t             len;
    consent_policy_t  *policy;

    static const char  table[] =
        "What each level shares                     1  2  3  4\n"
        "  contact        E-post och telefon        -  x  x  -\n"
        "  identity       Personnummer              -  -  x  -\n"
        "  location       Plats                     -  -  -  x\n"
        "  statistics     Besöksstatistik           -  -  -  x  GPC\n"
        "  health         Uppgifter om din hälsa    -  -  -  -  own tick\n";

    static const char *const  lines[] = {
        "Policy        exempelkommun, version 2026-11-22\n",
        "Controller    Exempelkommun, public authority in SE\n",
        "Languages     sv, fi, en\n",
        "A choice      lasts 6 months; for one visit 12 hours\n",
        "   1  needed         Bara det nödvändiga\n",
        "  register       Diarieföring              legal-obligation\n",
        "  rests on    legal-obligation: Offentlighets- och sekretesslagen (2009:400), 5 kap.\n",
        "  rests on    consent; special, granted only by its own tick\n",
        "  JSON        $..pnr, $..personnummer, $.applicant.id\n",
        "  free text   se.personnummer, fi.hetu\n",
        "  public task /overklaga/**\n",
        "  cookies     JSESSIONID\n",
        "Human contact: Kontaktcenter, times of Europe/Stockholm\n",
        "  phone       +46 8 000 00 00 (sv, fi, en)\n              Mo-Fr 08:00-16:30\n",
        "              Mo-We, Fr 09:00-16:00\n",
        "  callback\n",
        "  topics      complaint (only a person answers)\n"
    };

    (void) state;

    text = policy_file(POLICY_DEMO, &len);
    policy = policy_load(text);
    free(text);
    text = print(policy);

    assert_non_null(strstr(text, table));

    for (size_t i = 0; i < consent_countof(lines); i++) {
        if (strstr(text, lines[i]) == NULL) {
            fail_msg("%s is not in:\n%s", lines[i], text);
        }
    }

    check_lines(text);
    free(text);
    consent_policy_destroy(policy);
}


static void
long_texts_and_many_levels_fit(void **state)
{
    char              *text, *next;
    char               levels[8000];
    size_t             i, n;
    consent_policy_t  *policy;

    (void) state;

    /* sixteen levels, each sharing something of its own, as far as three categories go */
    n = 0;

    for (i = 0; i < 13; i++) {
        n += (size_t) sprintf(levels + n, "{\"id\": \"level-with-a-long-id-%zu\", \"title\": {\"sv\": "
                              "\"En rätt så lång rubrik som är till för att se vad som "
                              "händer med en rubrik som inte får plats %zu\", \"en\": \"T\"}, "
                              "\"service\": {\"sv\": \"S\", \"en\": \"S\"}, \"shares\": [\"identity\"]},\n", i, i);
    }

    sprintf(levels + n, "{\"id\": \"all\"");

    text = policy_replace(policy_small, "{\"id\": \"all\"", levels);
    next = policy_replace(text, "För svar.",
                          "Ett mycket långt svar som säger det mesta om varför uppgiften behövs och vad den ska "
                          "användas till, utan att bli för tydligt, så att det står på flera rader i tabellen "
                          "för människor");
    policy = policy_load(next);
    assert_int_equal(policy->n_levels, 16);
    free(text);
    text = print(policy);

    check_lines(text);
    assert_non_null(strstr(text, " 15 16\n"));
    assert_non_null(strstr(text, "level-with-a-…"));
    assert_non_null(strstr(text,
                           "\n  purpose     Ett mycket långt svar som säger det mesta om varför uppgiften "
                           "behövs och vad den ska\n"
                           "              användas till, utan att bli för tydligt, så att det står på flera "
                           "rader i tabellen för\n"
                           "              människor\n"));

    free(text);
    free(next);
    consent_policy_destroy(policy);
}


static void
durations_are_told_in_words(void **state)
{
    size_t              i;
    consent_buf_t       b;
    consent_duration_t  d;

    static const char *const  pairs[][2] = {
        { "P6M", "6 months" }, { "P12M", "1 year" }, { "P1Y1M", "1 year 1 month" }, { "PT12H", "12 hours" },
        { "P1DT90M", "1 day 1 hour 30 minutes" }, { "PT1S", "1 second" }, { "P0D", "no time" }, { "P2W", "14 days" }
    };

    (void) state;

    for (i = 0; i < consent_countof(pairs); i++) {
        assert_int_equal(consent_duration_parse(&d, consent_cstr(pairs[i][0])), CONSENT_OK);
        consent_buf_init(&b, 1000);
        consent_layout_duration(&b, d);
        consent_buf_char(&b, '\0');
        assert_string_equal(b.data, pairs[i][1]);
        consent_buf_free(&b);
    }
}


/* A buffer that is too small is no fault of the table's. */
static void
a_full_buffer_ends_quietly(void **state)
{
    uint8_t            memory[300];
    size_t             size;
    consent_buf_t      b;
    consent_policy_t  *policy;

    (void) state;
    policy = policy_load(policy_small);

    for (size = 0; size < sizeof(memory); size++) {
        consent_buf_init_fixed(&b, memory, size);
        consent_policy_print(&b, policy);
        assert_int_equal(b.rc, CONSENT_LIMIT);
        assert_true(b.len <= size);
    }

    consent_policy_destroy(policy);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(levels_and_categories_stand_in_a_table),
        cmocka_unit_test(long_texts_and_many_levels_fit),
        cmocka_unit_test(durations_are_told_in_words),
        cmocka_unit_test(a_full_buffer_ends_quietly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
