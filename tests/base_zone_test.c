/*
 * Time zones: local time, its gaps and overlaps, and the years after the table.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "base/when.h"
#include "base/zone_rule.h"

static consent_arena_t  *arena;


static int
begin(void **state)
{
    (void) state;
    arena = consent_arena_create(4 << 20);
    return arena == NULL;
}


static int
finish(void **state)
{
    (void) state;
    consent_arena_destroy(arena);
    return 0;
}


static consent_zone_t *
zone(const char *name)
{
    consent_zone_t  *z;

    if (consent_zone_load(&z, arena, consent_cstr(name)) != CONSENT_OK) {
        fail_msg("%s is not loaded", name);
    }

    return z;
}


static consent_time_t
at(const char *text)
{
    consent_time_t  t;

    assert_int_equal(consent_when_parse(&t, consent_cstr(text)), CONSENT_OK);

    return t;
}


static void
assert_local(const consent_zone_t *z, const char *instant, const char *expected, int line)
{
    char             text[64];
    consent_civil_t  c;

    consent_when_local(&c, z, at(instant));
    snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d %d", c.year, c.month, c.day, c.hour, c.minute,
             c.second, c.weekday);

    if (strcmp(text, expected) != 0) {
        fail_msg("line %d: %s, not %s", line, text, expected);
    }
}


static void
assert_instant(const consent_zone_t *z, const char *local, const char *expected, int line)
{
    consent_civil_t  c;

    memset(&c, 0, sizeof(c));
    assert_int_equal(sscanf(local, "%d-%d-%d %d:%d:%d", &c.year, &c.month, &c.day, &c.hour, &c.minute,
                            &c.second),
                     6);

    if (consent_when_instant(z, &c) != at(expected)) {
        fail_msg("line %d: %s is %lld", line, local, (long long) consent_when_instant(z, &c));
    }
}


static void
stockholm_and_helsinki_change_at_one_utc(void **state)
{
    consent_zone_t  *z;

    (void) state;

    z = zone("Europe/Stockholm");
    assert_local(z, "2026-03-29T00:59:59Z", "2026-03-29 01:59:59 6", __LINE__);
    assert_local(z, "2026-03-29T01:00:00Z", "2026-03-29 03:00:00 6", __LINE__);
    assert_local(z, "2026-10-25T00:59:59Z", "2026-10-25 02:59:59 6", __LINE__);
    assert_local(z, "2026-10-25T01:00:00Z", "2026-10-25 02:00:00 6", __LINE__);
    assert_local(z, "2026-11-22T23:30:00Z", "2026-11-23 00:30:00 0", __LINE__);

    z = zone("Europe/Helsinki");
    assert_local(z, "2026-03-29T00:59:59Z", "2026-03-29 02:59:59 6", __LINE__);
    assert_local(z, "2026-03-29T01:00:00Z", "2026-03-29 04:00:00 6", __LINE__);
    assert_local(z, "2026-10-25T00:59:59Z", "2026-10-25 03:59:59 6", __LINE__);
    assert_local(z, "2026-10-25T01:00:00Z", "2026-10-25 03:00:00 6", __LINE__);
}


static void
a_local_time_in_a_gap_is_the_end_of_the_gap(void **state)
{
    consent_zone_t  *z;

    (void) state;

    z = zone("Europe/Stockholm");
    assert_instant(z, "2026-03-29 01:59:59", "2026-03-29T00:59:59Z", __LINE__);
    assert_instant(z, "2026-03-29 02:00:00", "2026-03-29T01:00:00Z", __LINE__);
    assert_instant(z, "2026-03-29 02:30:00", "2026-03-29T01:00:00Z", __LINE__);
    assert_instant(z, "2026-03-29 02:59:59", "2026-03-29T01:00:00Z", __LINE__);
    assert_instant(z, "2026-03-29 03:00:00", "2026-03-29T01:00:00Z", __LINE__);
    assert_instant(z, "2026-03-29 03:00:01", "2026-03-29T01:00:01Z", __LINE__);

    z = zone("Europe/Helsinki");
    assert_instant(z, "2026-03-29 03:30:00", "2026-03-29T01:00:00Z", __LINE__);
    assert_instant(z, "2026-03-29 04:00:00", "2026-03-29T01:00:00Z", __LINE__);

    /* a whole day that never was */
    assert_instant(zone("Pacific/Apia"), "2011-12-30 12:00:00", "2011-12-30T10:00:00Z", __LINE__);
}


static void
a_local_time_that_is_twice_is_the_first(void **state)
{
    consent_zone_t  *z;

    (void) state;

    z = zone("Europe/Stockholm");
    assert_instant(z, "2026-10-25 01:59:59", "2026-10-24T23:59:59Z", __LINE__);
    assert_instant(z, "2026-10-25 02:00:00", "2026-10-25T00:00:00Z", __LINE__);
    assert_instant(z, "2026-10-25 02:59:59", "2026-10-25T00:59:59Z", __LINE__);
    assert_instant(z, "2026-10-25 03:00:00", "2026-10-25T02:00:00Z", __LINE__);

    assert_instant(zone("Europe/Helsinki"), "2026-10-25 03:30:00", "2026-10-25T00:30:00Z", __LINE__);
}


static void
the_rule_goes_on_after_the_table_ends(void **state)
{
    consent_zone_t  *z;

    (void) state;

    z = zone("Europe/Stockholm");
    assert_local(z, "2038-01-19T03:14:08Z", "2038-01-19 04:14:08 1", __LINE__);
    assert_local(z, "2050-03-27T00:59:59Z", "2050-03-27 01:59:59 6", __LINE__);
    assert_local(z, "2050-03-27T01:00:00Z", "2050-03-27 03:00:00 6", __LINE__);
    assert_local(z, "2050-10-30T00:59:59Z", "2050-10-30 02:59:59 6", __LINE__);
    assert_local(z, "2050-10-30T01:00:00Z", "2050-10-30 02:00:00 6", __LINE__);
    assert_instant(z, "2050-03-27 02:30:00", "2050-03-27T01:00:00Z", __LINE__);
    assert_instant(z, "2050-10-30 02:30:00", "2050-10-30T00:30:00Z", __LINE__);
    assert_instant(z, "2100-07-01 12:00:00", "2100-07-01T10:00:00Z", __LINE__);

    /* the year begins in summer south of the equator */
    z = zone("Australia/Sydney");
    assert_local(z, "2060-01-01T00:00:00Z", "2060-01-01 11:00:00 3", __LINE__);
    assert_instant(z, "2060-01-01 00:00:00", "2059-12-31T13:00:00Z", __LINE__);
}


static void
all_zones_agree_with_libc(void **state)
{
    static const char  *names[] = {
        "Europe/Stockholm", "Europe/Helsinki", "Europe/London", "Europe/Dublin", "Europe/Lisbon",
        "America/New_York",
        "America/St_Johns", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "Asia/Kolkata",
        "Etc/GMT+12",
        "Pacific/Apia", "Pacific/Kiritimati", "Africa/Casablanca", "Asia/Gaza", "Antarctica/Troll",
        "America/Nuuk",
        "UTC"
    };

    int               k;
    size_t            i;
    time_t            t;
    struct tm         tm;
    consent_zone_t   *z;
    consent_civil_t   c;

    (void) state;
    srandom(7);

    for (i = 0; i < consent_countof(names); i++) {
        z = zone(names[i]);
        assert_int_equal(setenv("TZ", names[i], 1), 0);
        tzset();

        for (k = 0; k < 4000; k++) {
            /* 1900 to 2120 */
            t = (time_t) (((uint64_t) random() << 31 | (uint64_t) random()) % 6942000000) - 2208988800;

            assert_non_null(localtime_r(&t, &tm));
            consent_when_local(&c, z, (consent_time_t) t * 1000);

            if (c.year != tm.tm_year + 1900 || c.month != tm.tm_mon + 1 || c.day != tm.tm_mday
                || c.hour != tm.tm_hour || c.minute != tm.tm_min || c.second != tm.tm_sec)
            {
                fail_msg("%s at %lld: %02d:%02d:%02d", names[i], (long long) t, c.hour, c.minute, c.second);
            }

            /* back again, to the first instant that shows this local time */

            t = (time_t) (consent_when_instant(z, &c) / 1000);

            if (t > mktime(&tm) || localtime_r(&t, &tm) == NULL || c.hour != tm.tm_hour
                || c.minute != tm.tm_min
                || c.day != tm.tm_mday || c.second != tm.tm_sec)
            {
                fail_msg("%s: %d-%d-%d %02d:%02d:%02d", names[i], c.year, c.month, c.day, c.hour, c.minute,
                         c.second);
            }
        }
    }

    unsetenv("TZ");
    tzset();
}


static void
names_lead_nowhere_else(void **state)
{
    static const char  *malformed[] = {
        "", "/etc/passwd", "../../../etc/passwd", "Europe/../../../../etc/passwd", "Europe/Stock holm",
        "Europe/.",
        "Europe/Stockholm\n", "posixrules.bak", "Europe/\xc3\x85land",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    };

    size_t           i;
    consent_zone_t  *z;

    (void) state;

    for (i = 0; i < consent_countof(malformed); i++) {
        if (consent_zone_load(&z, arena, consent_cstr(malformed[i])) != CONSENT_MALFORMED || z != NULL) {
            fail_msg("\"%s\"", malformed[i]);
        }
    }

    assert_int_equal(consent_zone_load(&z, arena, consent_slice("UTC\0x", 5)), CONSENT_MALFORMED);
    assert_int_equal(consent_zone_load(&z, arena, consent_lit("Europe/Atlantis")), CONSENT_NOTFOUND);
    assert_int_equal(consent_zone_load(&z, arena, consent_lit("Europe")), CONSENT_NOTFOUND);
    assert_int_equal(consent_zone_load(&z, arena, consent_lit("UTC/UTC")), CONSENT_NOTFOUND);
}


static void
put(consent_buf_t *b, uint64_t n, int bytes)
{
    while (bytes-- > 0) {
        consent_buf_char(b, (char) (n >> bytes * 8));
    }
}


/* A file of version 2 with one type at UTC+1, `times` transitions an hour apart and that footer. */
static consent_slice_t
tzif(consent_buf_t *b, unsigned times, const char *footer)
{
    int       block;
    unsigned  i;

    b->len = 0;

    for (block = 0; block < 2; block++) {
        consent_buf_add(b, "TZif2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 20);
        put(b, 0, 4);
        put(b, 0, 4);
        put(b, 0, 4);
        put(b, block == 0 ? 0 : times, 4);
        put(b, 1, 4);
        put(b, 4, 4);

        for (i = 0; block == 1 && i < times; i++) {
            put(b, 1000000 + i * 3600, 8);
        }

        for (i = 0; block == 1 && i < times; i++) {
            put(b, 0, 1);
        }

        put(b, 3600, 4);
        put(b, 0, 2);
        consent_buf_add(b, "ABC", 4);
    }

    consent_buf_str(b, footer);
    assert_int_equal(b->rc, CONSENT_OK);

    return consent_buf_view(b);
}


static void
truncated_and_inconsistent_files_are_refused(void **state)
{
    size_t            i, len;
    uint8_t           copy[512];
    consent_buf_t     b;
    consent_zone_t   *z;
    consent_slice_t   file;

    (void) state;

    consent_buf_init(&b, 4096);
    file = tzif(&b, 3, "\nCET-1CEST,M3.5.0,M10.5.0/3\n");
    assert_int_equal(consent_zone_parse(&z, arena, file), CONSENT_OK);
    assert_local(z, "2050-07-01T00:00:00Z", "2050-07-01 02:00:00 4", __LINE__);

    for (len = 0; len < file.len; len++) {
        if (consent_zone_parse(&z, arena, consent_slice(file.data, len)) != CONSENT_MALFORMED || z != NULL) {
            fail_msg("cut at %zu", len);
        }
    }

    /* counts that promise more than there is, in both headers */
    for (i = 20; i < 44; i++) {
        memcpy(copy, file.data, file.len);
        copy[i] = 0xff;
        assert_int_equal(consent_zone_parse(&z, arena, consent_slice(copy, file.len)), CONSENT_MALFORMED);
        memcpy(copy, file.data, file.len);
        copy[54 + i] = 0xff;
        assert_int_equal(consent_zone_parse(&z, arena, consent_slice(copy, file.len)), CONSENT_MALFORMED);
    }

    /* a transition to a type that is not there, and one that goes back in time */
    memcpy(copy, file.data, file.len);
    copy[98 + 24] = 1;
    assert_int_equal(consent_zone_parse(&z, arena, consent_slice(copy, file.len)), CONSENT_MALFORMED);
    memcpy(copy, file.data, file.len);
    copy[98 + 8] = 0x80;
    assert_int_equal(consent_zone_parse(&z, arena, consent_slice(copy, file.len)), CONSENT_MALFORMED);

    /* without a footer the last offset stays */
    assert_int_equal(consent_zone_parse(&z, arena, tzif(&b, 1, "\n\n")), CONSENT_OK);
    assert_local(z, "2050-07-01T00:00:00Z", "2050-07-01 01:00:00 4", __LINE__);

    consent_buf_free(&b);
}


static void
rules_of_every_form_are_read(void **state)
{
    static const struct {
        int          at;
        const char  *rule;
        const char  *instant;
        int32_t      offset;
    } rows[] = {
        { __LINE__, "UTC0", "2050-07-01", 0 },
        { __LINE__, "<+0545>-5:45", "2050-07-01", 20700 },
        { __LINE__, "<-03>3", "2050-07-01", -10800 },
        { __LINE__, "EST5EDT,M3.2.0,M11.1.0", "2050-03-13T06:59:59Z", -18000 },
        { __LINE__, "EST5EDT,M3.2.0,M11.1.0", "2050-03-13T07:00:00Z", -14400 },
        { __LINE__, "EST5EDT,M3.2.0,M11.1.0", "2050-11-06T05:59:59Z", -14400 },
        { __LINE__, "EST5EDT,M3.2.0,M11.1.0", "2050-11-06T06:00:00Z", -18000 },
        /* negative daylight saving: winter is the exception */
        { __LINE__, "IST-1GMT0,M10.5.0,M3.5.0/1", "2050-07-01", 3600 },
        { __LINE__, "IST-1GMT0,M10.5.0,M3.5.0/1", "2050-01-01", 0 },
        /* half an hour */
        { __LINE__, "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2050-01-01", 39600 },
        { __LINE__, "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2050-07-01", 37800 },
        /* J60 is 1 March in every year; 59 is 29 February in a leap year */
        { __LINE__, "AAA0BBB,J60/0,J100/0", "2048-02-29T12:00:00Z", 0 },
        { __LINE__, "AAA0BBB,J60/0,J100/0", "2048-03-01T00:00:00Z", 3600 },
        { __LINE__, "AAA0BBB,J60/0,J100/0", "2050-03-01T00:00:00Z", 3600 },
        { __LINE__, "AAA0BBB,59/0,J100/0", "2048-02-29T00:00:00Z", 3600 },
        { __LINE__, "AAA0BBB,59/0,J100/0", "2050-02-28T23:59:59Z", 0 },
        { __LINE__, "AAA0BBB,59/0,J100/0", "2050-03-01T00:00:00Z", 3600 },
        /* times before and after the day (version 3) */
        { __LINE__, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T00:59:59Z", -7200 },
        { __LINE__, "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T01:00:00Z", -3600 },
        /* summer all year */
        { __LINE__, "EST5EDT,0/0,J365/25", "2050-12-31T23:59:59Z", -14400 },
        { __LINE__, "EST5EDT,0/0,J365/25", "2051-01-01T05:00:00Z", -14400 },
        { __LINE__, "EST5EDT,0/0,J365/25", "2048-12-31T12:00:00Z", -14400 },
    };
    static const char  *malformed[] = {
        "", "U0", "UTC", "UTC25", "UTC0:60", "UTC0:", "<UTC0", "<U>0", "EST5EDT", "EST5EDT,",
        "EST5EDT,M3.2.0",
        "EST5EDT,M3.2.0,", "EST5EDT,M0.2.0,M11.1.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0",
        "EST5EDT,M3.0.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0", "EST5EDT,M3.2,M11.1.0", "EST5EDT,J0,J100",
        "EST5EDT,J366,J100", "EST5EDT,366,100", "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,M3.2.0,M11.1.0x",
        "EST5EDT,M3.2.0,M11.1.0/", "UTC99999999999999999999", "EST5EDT,,M11.1.0"
    };

    size_t               i;
    consent_zone_rule_t  rule;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(consent_zone_rule_parse(&rule, consent_cstr(rows[i].rule)), CONSENT_OK);

        if (consent_zone_rule_offset(&rule, at(rows[i].instant) / 1000) != rows[i].offset) {
            fail_msg("line %d: %d", rows[i].at, consent_zone_rule_offset(&rule, at(rows[i].instant) / 1000));
        }
    }

    for (i = 0; i < consent_countof(malformed); i++) {
        if (consent_zone_rule_parse(&rule, consent_cstr(malformed[i])) != CONSENT_MALFORMED) {
            fail_msg("\"%s\"", malformed[i]);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(stockholm_and_helsinki_change_at_one_utc),
        cmocka_unit_test(a_local_time_in_a_gap_is_the_end_of_the_gap),
        cmocka_unit_test(a_local_time_that_is_twice_is_the_first),
        cmocka_unit_test(the_rule_goes_on_after_the_table_ends),
        cmocka_unit_test(all_zones_agree_with_libc),
        cmocka_unit_test(names_lead_nowhere_else),
        cmocka_unit_test(truncated_and_inconsistent_files_are_refused),
        cmocka_unit_test(rules_of_every_form_are_read),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
