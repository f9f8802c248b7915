/*
 * Names that the policy does not know are counted by all who map the file, live on, and never hold a value.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger/gaps.h"

#define NOW  INT64_C(1795312800000)

typedef struct {
    size_t         n;
    consent_gap_t  gaps[CONSENT_GAPS_SLOTS];
} seen_t;

static char    directory[64];
static char    path[80];
static seen_t  seen;


static int
set_up(void **state)
{
    (void) state;

    (void) strcpy(directory, "/tmp/consent-test-XXXXXX");
    (void) snprintf(path, sizeof(path), "%s/gaps", mkdtemp(directory));

    return 0;
}


static int
tear_down(void **state)
{
    char  command[128];

    (void) state;

    (void) snprintf(command, sizeof(command), "rm -rf '%s'", directory);

    return system(command);
}


static consent_gaps_t *
open_gaps(bool read_only)
{
    consent_gaps_t  *gaps;

    assert_int_equal(consent_gaps_open(&gaps, directory, read_only), CONSENT_OK);

    return gaps;
}


static bool
each(void *arg, const consent_gap_t *gap)
{
    seen_t  *s = arg;

    s->gaps[s->n++] = *gap;

    return s->n < CONSENT_GAPS_SLOTS;
}


static void
look(consent_gaps_t *gaps)
{
    seen.n = 0;
    consent_gaps_each(gaps, each, &seen);
}


static void
names_are_counted_by_location_and_carrier_and_live_on(void **state)
{
    size_t           i;
    uint64_t         total;
    consent_gaps_t  *gaps;

    (void) state;

    gaps = open_gaps(false);
    consent_gaps_add(gaps, consent_lit("/a"), CONSENT_CARRIER_ARG, consent_lit("x"), NOW);
    consent_gaps_add(gaps, consent_lit("/a"), CONSENT_CARRIER_ARG, consent_lit("x"), NOW + 5);
    consent_gaps_add(gaps, consent_lit("/b"), CONSENT_CARRIER_ARG, consent_lit("x"), NOW);
    consent_gaps_add(gaps, consent_lit("/a"), CONSENT_CARRIER_COOKIE, consent_lit("x"), NOW);
    consent_gaps_add(gaps, consent_lit("/a"), CONSENT_CARRIER_ARG, consent_lit("y"), NOW);
    consent_gaps_close(gaps);

    gaps = open_gaps(false);
    consent_gaps_add(gaps, consent_lit("/a"), CONSENT_CARRIER_ARG, consent_lit("x"), NOW + 9);
    look(gaps);
    consent_gaps_close(gaps);

    assert_int_equal(seen.n, 4);

    for (i = 0, total = 0; i < seen.n; i++) {
        total += seen.gaps[i].count;

        if (seen.gaps[i].count == 3) {
            assert_string_equal(seen.gaps[i].location, "/a");
            assert_string_equal(seen.gaps[i].name, "x");
            assert_int_equal(seen.gaps[i].carrier, CONSENT_CARRIER_ARG);
            assert_int_equal(seen.gaps[i].first, NOW);
            assert_int_equal(seen.gaps[i].last, NOW + 9);
        }
    }

    assert_int_equal(total, 6);
}


static void
what_looks_like_a_value_is_folded(void **state)
{
    char    out[CONSENT_GAPS_NAME + 1];
    size_t  i;

    static const struct {
        const char  *name;
        const char  *kept;
    } rows[] = {
        { "namn", "namn" },
        { "", "" },
        { "falt_12", "falt_12" },
        { "year2026", "year#" },
        { "19800101-1234", "#-#" },
        { "8001011234", "#" },
        { "items[123456].id", "items[#].id" },
        { "$.list[*].x", "$.list[*].x" },
        { "kim@example.org", "(other)" },
        { "Kim Larsson", "(other)" },
        { "\xc3\xa5r", "(other)" },
        { "a\nb", "(other)" },
        { "123456789012345678901234567890123456789012345678901234567890123456", "#" },
        { "a123b123c123d123e123f123g123h123i123j123k123l123m123n123o123p123q123",
          "a123b123c123d123e123f123g123h123i123j123k123l123m123n123o123p12" }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        consent_gaps_fold(out, consent_cstr(rows[i].name));
        assert_string_equal(out, rows[i].kept);
    }
}


static void
a_flood_of_names_drives_out_none_that_is_seen_often(void **state)
{
    char             name[32];
    size_t           i, n;
    consent_gaps_t  *gaps;

    (void) state;

    gaps = open_gaps(false);

    for (i = 0; i < 100; i++) {
        n = (size_t) snprintf(name, sizeof(name), "known%zu", i % 50);
        consent_gaps_add(gaps, consent_lit("/"), CONSENT_CARRIER_FIELD, consent_slice(name, n), NOW);
    }

    for (i = 0; i < 40000; i++) {
        n = (size_t) snprintf(name, sizeof(name), "n%zu_%zu_%zu", i % 100, i / 100 % 100, i / 10000);
        consent_gaps_add(gaps, consent_lit("/"), CONSENT_CARRIER_ARG, consent_slice(name, n), NOW + 1 + (int64_t) i);
    }

    look(gaps);

    for (i = 0, n = 0; i < seen.n; i++) {
        n += seen.gaps[i].carrier == CONSENT_CARRIER_FIELD && seen.gaps[i].count == 2;
    }

    assert_int_equal(n, 50);
    assert_true(seen.n <= CONSENT_GAPS_SLOTS && seen.n > CONSENT_GAPS_SLOTS / 2);
    consent_gaps_close(gaps);
}


static void
many_processes_count_the_same_names(void **state)
{
    int              p, status;
    char             name[16];
    size_t           i, n;
    uint64_t         total;
    consent_gaps_t  *gaps;

    (void) state;

    for (p = 0; p < 4; p++) {
        if (fork() == 0) {
            if (consent_gaps_open(&gaps, directory, false) != CONSENT_OK) {
                _exit(1);
            }

            for (i = 0; i < 20000; i++) {
                n = (size_t) snprintf(name, sizeof(name), "n%zu", i % 40);
                consent_gaps_add(gaps, consent_lit("/"), CONSENT_CARRIER_ARG, consent_slice(name, n), NOW);
            }

            _exit(0);
        }
    }

    for (p = 0; p < 4; p++) {
        assert_true(wait(&status) > 0 && status == 0);
    }

    gaps = open_gaps(true);
    look(gaps);

    for (i = 0, total = 0; i < seen.n; i++) {
        total += seen.gaps[i].count;
        assert_true(seen.gaps[i].name[0] == 'n');
    }

    assert_int_equal(total + consent_gaps_lost(gaps), 80000);
    consent_gaps_close(gaps);
}


static void
a_file_that_is_none_is_made_anew_by_writers_only(void **state)
{
    FILE            *f;
    struct stat      st;
    consent_gaps_t  *gaps;

    (void) state;

    assert_int_equal(consent_gaps_open(&gaps, directory, true), CONSENT_NOTFOUND);
    assert_int_equal(consent_gaps_open(&gaps, "/nowhere/at/all", false), CONSENT_NOTFOUND);

    f = fopen(path, "w");
    assert_non_null(f);
    (void) fputs("no such file", f);
    (void) fclose(f);

    assert_int_equal(consent_gaps_open(&gaps, directory, true), CONSENT_MALFORMED);

    gaps = open_gaps(false);
    look(gaps);
    assert_int_equal(seen.n, 0);
    consent_gaps_close(gaps);

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);

    gaps = open_gaps(true);
    consent_gaps_add(gaps, consent_lit("/"), CONSENT_CARRIER_ARG, consent_lit("x"), NOW);
    look(gaps);
    assert_int_equal(seen.n, 0);
    consent_gaps_close(gaps);

    consent_gaps_add(NULL, consent_lit("/"), CONSENT_CARRIER_ARG, consent_lit("x"), NOW);
    consent_gaps_close(NULL);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(names_are_counted_by_location_and_carrier_and_live_on, set_up, tear_down),
        cmocka_unit_test(what_looks_like_a_value_is_folded),
        cmocka_unit_test_setup_teardown(a_flood_of_names_drives_out_none_that_is_seen_often, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_processes_count_the_same_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_none_is_made_anew_by_writers_only, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
