/*
 * consentctl gaps: unknown names by location, what is seen most first.
 */

#include "ctl.h"
#include "ledger/gaps.h"

#define NOW_MS  INT64_C(1795338900000)          /* 2026-11-22T09:15:00Z */

static const char  *directory;


static int
set_up(void **state)
{
    (void) state;

    directory = temporary_directory();

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    remove_directory(directory);

    return 0;
}


static void
names_are_listed_by_location(void **state)
{
    int              i;
    ran_t            ran;
    consent_gaps_t  *gaps;

    (void) state;

    assert_says(ctl("gaps %s", directory), 2, "nginx makes it when it starts");

    assert_int_equal(consent_gaps_open(&gaps, directory, false), CONSENT_OK);
    assert_says(ctl("gaps %s", directory), 0, "The policy knows every name that was seen.\n");

    for (i = 0; i < 3; i++) {
        consent_gaps_add(gaps, consent_lit("/ansok"), CONSENT_CARRIER_FIELD, consent_lit("smeknamn"), NOW_MS);
    }

    consent_gaps_add(gaps, consent_lit("/ansok"), CONSENT_CARRIER_FIELD, consent_lit("alder"), NOW_MS);
    consent_gaps_add(gaps, consent_lit("/\x1b[31m"), CONSENT_CARRIER_COOKIE, consent_lit("_ga"), NOW_MS);
    consent_gaps_close(gaps);

    ran = ctl("gaps %s", directory);
    assert_says(ran, 0, "/ansok\n  form field   smeknamn                                  3  last 2026-11-22T09:15:00Z\n"
                        "  form field   alder                                     1  last ");
    assert_says(ran, 0, "/?[31m\n  cookie       _ga ");
    assert_says(ran, 0, "listed under \"necessary\"");

    ran = ctl("gaps %s --json", directory);
    assert_says(ran, 0, "{\"location\":\"/ansok\",\"carrier\":\"form field\",\"name\":\"smeknamn\",\"count\":3,");
    assert_says(ran, 0, "],\"lost\":0}\n");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(names_are_listed_by_location, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
