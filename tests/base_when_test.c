/*
 * Calendar, RFC 3339 and durations.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/when.h"


static consent_time_t
at(const char *text)
{
    consent_time_t  t;

    if (consent_when_parse(&t, consent_cstr(text)) != CONSENT_OK) {
        fail_msg("%s is refused", text);
    }

    return t;
}


static void
assert_written(consent_time_t t, const char *expected)
{
    char           memory[64];
    consent_buf_t  b;

    consent_buf_init_fixed(&b, memory, sizeof(memory) - 1);
    consent_when_rfc3339(&b, t);
    memory[b.len] = '\0';
    assert_string_equal(memory, expected);
}


static void
the_calendar_agrees_with_libc(void **state)
{
    int              i;
    time_t           t;
    struct tm        tm;
    consent_civil_t  c;

    (void) state;
    srandom(1);

    for (i = 0; i < 200000; i++) {
        /* the years 1 to 4000 */
        t = (time_t) (((uint64_t) random() << 31 | (uint64_t) random()) % 126200000000) - 62135596800;

        assert_non_null(gmtime_r(&t, &tm));
        consent_when_local(&c, NULL, (consent_time_t) t * 1000 + 999);

        if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday
            || c.hour != tm.tm_hour
            || c.minute != tm.tm_min || c.second != tm.tm_sec || (c.weekday + 1) % 7 != tm.tm_wday)
        {
            fail_msg("%lld", (long long) t);
        }

        assert_int_equal(consent_when_instant(NULL, &c), (consent_time_t) t * 1000);
    }
}


static void
writes_rfc_3339_in_utc(void **state)
{
    (void) state;

    assert_written(0, "1970-01-01T00:00:00Z");
    assert_written(999, "1970-01-01T00:00:00Z");
    assert_written(-1, "1969-12-31T23:59:59Z");
    assert_written(INT64_C(1795338900000), "2026-11-22T09:15:00Z");
    assert_written(INT64_C(951782400000), "2000-02-29T00:00:00Z");
    assert_written(INT64_C(4107542399000), "2100-02-28T23:59:59Z");
    assert_written(INT64_C(4107542400000), "2100-03-01T00:00:00Z");
    assert_written(INT64_C(253402300799999), "9999-12-31T23:59:59Z");
}


static void
reads_dates_and_times(void **state)
{
    static const struct {
        int             at;
        const char     *in;
        consent_time_t  t;
    } rows[] = {
        { __LINE__, "1970-01-01", 0 },
        { __LINE__, "2026-11-22", INT64_C(1795305600000) },
        { __LINE__, "2026-11-22T09:15:00Z", INT64_C(1795338900000) },
        { __LINE__, "2026-11-22t09:15:00z", INT64_C(1795338900000) },
        { __LINE__, "2026-11-22T09:15:00.5Z", INT64_C(1795338900500) },
        { __LINE__, "2026-11-22T09:15:00.0079999Z", INT64_C(1795338900007) },
        { __LINE__, "2026-11-22T10:15:00+01:00", INT64_C(1795338900000) },
        { __LINE__, "2026-11-21T23:45:00.123-09:30", INT64_C(1795338900123) },
        { __LINE__, "2026-11-22T09:15:00-00:00", INT64_C(1795338900000) },
        { __LINE__, "2024-02-29", INT64_C(1709164800000) },
        { __LINE__, "0000-02-29", INT64_C(-62162121600000) },
        { __LINE__, "2016-12-31T23:59:60Z", INT64_C(1483228800000) },
        { __LINE__, "2017-01-01T00:59:60+01:00", INT64_C(1483228800000) },
    };

    size_t  i;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (at(rows[i].in) != rows[i].t) {
            fail_msg("line %d: %s is %lld", rows[i].at, rows[i].in, (long long) at(rows[i].in));
        }
    }
}


static void
refuses_what_is_no_date(void **state)
{
    static const char  *rows[] = {
        "", "2026", "2026-11", "2026-11-2", "2026-11-222", "26-11-22", "2026/11/22", "2026-00-01",
        "2026-13-01",
        "2026-01-00", "2026-01-32", "2026-04-31", "2025-02-29", "1900-02-29", "2026-11-22T",
        "2026-11-22T09:15Z",
        "2026-11-22T09:15:00", "2026-11-22 09:15:00Z", "2026-11-22T24:00:00Z", "2026-11-22T09:60:00Z",
        "2026-11-22T09:15:61Z", "2026-11-22T09:15:60Z", "2026-11-22T09:15:00.Z", "2026-11-22T09:15:00Zx",
        "2026-11-22T09:15:00+1:00", "2026-11-22T09:15:00+0100", "2026-11-22T09:15:00+24:00",
        "2026-11-22T09:15:00+01:60", " 2026-11-22", "2026-11-22 ", "-026-11-22", "+026-11-22", "2026-1a-22"
    };

    size_t          i;
    consent_time_t  t;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_when_parse(&t, consent_cstr(rows[i])) != CONSENT_MALFORMED) {
            fail_msg("\"%s\" is accepted", rows[i]);
        }
    }
}


static void
reads_iso_8601_durations(void **state)
{
    static const struct {
        int          at;
        const char  *in;
        unsigned     months;
        uint64_t     seconds;
    } rows[] = {
        { __LINE__, "P6M", 6, 0 },
        { __LINE__, "P1Y", 12, 0 },
        { __LINE__, "P1Y6M", 18, 0 },
        { __LINE__, "P2W", 0, 1209600 },
        { __LINE__, "P90D", 0, 7776000 },
        { __LINE__, "PT12H", 0, 43200 },
        { __LINE__, "PT5M", 0, 300 },
        { __LINE__, "PT1H2M3S", 0, 3723 },
        { __LINE__, "P1Y2M3W4DT5H6M7S", 14, 25 * 86400 + 5 * 3600 + 6 * 60 + 7 },
        { __LINE__, "P0D", 0, 0 },
        { __LINE__, "P100Y", 1200, 0 },
        { __LINE__, "P36524D", 0, 36524U * UINT64_C(86400) },
    };

    size_t              i;
    consent_duration_t  d;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_duration_parse(&d, consent_cstr(rows[i].in)) != CONSENT_OK || d.months != rows[i].months
            || d.seconds != rows[i].seconds)
        {
            fail_msg("line %d: %s", rows[i].at, rows[i].in);
        }
    }
}


static void
refuses_what_is_no_duration(void **state)
{
    static const char  *malformed[] = {
        "", "P", "PT", "6M", "P6", "PM", "P6MT", "P-1D", "P1.5D", "P1,5D", "p6m", "P6m", "P1M1Y", "P1D1W",
        "P1M1M",
        "P1H", "PT1D", "PT1Y", "PT1S1M", "PT1HT1M", "P1D ", " P1D", "P1DX"
    };
    static const char  *beyond[] = {
        "P101Y", "P1201M", "P100Y1D", "P36600D", "PT99999999999S", "P99999999999999999999999999Y",
        "P18446744073709551617D"
    };

    size_t              i;
    consent_duration_t  d;

    (void) state;

    for (i = 0; i < consent_countof(malformed); i++) {
        if (consent_duration_parse(&d, consent_cstr(malformed[i])) != CONSENT_MALFORMED) {
            fail_msg("\"%s\"", malformed[i]);
        }
    }

    for (i = 0; i < consent_countof(beyond); i++) {
        if (consent_duration_parse(&d, consent_cstr(beyond[i])) != CONSENT_LIMIT) {
            fail_msg("\"%s\"", beyond[i]);
        }
    }
}


static void
adds_calendar_months_and_stays_in_the_month(void **state)
{
    static const struct {
        int          at;
        const char  *from;
        const char  *duration;
        const char  *to;
    } rows[] = {
        { __LINE__, "2026-11-22T09:15:00Z", "P6M", "2027-05-22T09:15:00Z" },
        { __LINE__, "2026-01-31T23:59:59Z", "P1M", "2026-02-28T23:59:59Z" },
        { __LINE__, "2028-01-31", "P1M", "2028-02-29T00:00:00Z" },
        { __LINE__, "2028-02-29", "P1Y", "2029-02-28T00:00:00Z" },
        { __LINE__, "2026-08-31", "P6M", "2027-02-28T00:00:00Z" },
        { __LINE__, "2026-12-31", "P1M", "2027-01-31T00:00:00Z" },
        { __LINE__, "2026-12-15", "P12M", "2027-12-15T00:00:00Z" },
        { __LINE__, "2026-10-31", "P1M1D", "2026-12-01T00:00:00Z" },
        { __LINE__, "2026-03-28T12:00:00Z", "P1D", "2026-03-29T12:00:00Z" },
        { __LINE__, "1969-12-31T23:59:59Z", "PT1S", "1970-01-01T00:00:00Z" },
        { __LINE__, "1960-01-31", "P1M", "1960-02-29T00:00:00Z" },
        { __LINE__, "2026-11-22", "P0D", "2026-11-22T00:00:00Z" },
    };

    size_t              i;
    consent_duration_t  d;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(consent_duration_parse(&d, consent_cstr(rows[i].duration)), CONSENT_OK);

        if (consent_duration_add(at(rows[i].from), d) != at(rows[i].to)) {
            fail_msg("line %d", rows[i].at);
        }
    }

    d.months = 1;
    d.seconds = 0;
    assert_int_equal(consent_duration_add(at("2026-01-31T00:00:00.250Z"), d), at("2026-02-28T00:00:00.250Z"));
    assert_int_equal(consent_duration_add(INT64_MAX - 5, d), INT64_MAX);
}


static void
compares_durations_by_length(void **state)
{
    size_t              i;
    consent_duration_t  a, b;

    static const struct {
        int          at;
        const char  *a;
        const char  *b;
        int          order;
    } rows[] = {
        { __LINE__, "P1Y", "P12M", 0 },
        { __LINE__, "P1M", "P30D", 1 },
        { __LINE__, "P1M", "P31D", -1 },
        { __LINE__, "PT24H", "P1D", 0 },
        { __LINE__, "P1W", "P6D", 1 },
        { __LINE__, "P6M", "P1Y", -1 },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(consent_duration_parse(&a, consent_cstr(rows[i].a)), CONSENT_OK);
        assert_int_equal(consent_duration_parse(&b, consent_cstr(rows[i].b)), CONSENT_OK);

        if (consent_duration_compare(a, b) != rows[i].order
            || consent_duration_compare(b, a) != -rows[i].order)
        {
            fail_msg("line %d", rows[i].at);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_calendar_agrees_with_libc),
        cmocka_unit_test(writes_rfc_3339_in_utc),
        cmocka_unit_test(reads_dates_and_times),
        cmocka_unit_test(refuses_what_is_no_date),
        cmocka_unit_test(reads_iso_8601_durations),
        cmocka_unit_test(refuses_what_is_no_duration),
        cmocka_unit_test(adds_calendar_months_and_stays_in_the_month),
        cmocka_unit_test(compares_durations_by_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
