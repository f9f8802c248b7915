/*
 * Opening hours: by the wall clock of the policy's time zone, through daylight saving and holidays.
 */

#include "policy.h"

#include "policy/contact.h"

static consent_time_t
at(const char *text)
{
    consent_time_t  t;

    if (consent_when_parse(&t, consent_cstr(text)) != CONSENT_OK) {
        fail_msg("no time: %s", text);
    }

    return t;
}


/* "open until 2026-11-23 16:30", "opens 2026-11-23 08:00 Mo +1", "open always", "closed", "unknown" */
static void
tell(char out[64], const consent_open_t *o)
{
    if (!o->known) {
        strcpy(out, "unknown");

    } else if (o->open && o->always) {
        strcpy(out, "open always");

    } else if (o->open) {
        snprintf(out, 64, "open until %04d-%02d-%02d %02d:%02d", o->until.year, o->until.month, o->until.day, o->until.hour,
                 o->until.minute);

    } else if (o->days_ahead < 0) {
        strcpy(out, "closed");

    } else {
        snprintf(out, 64, "opens %04d-%02d-%02d %02d:%02d %s +%d", o->opens.year, o->opens.month, o->opens.day, o->opens.hour,
                 o->opens.minute, consent_form_days[o->opens.weekday], o->days_ahead);
    }
}


typedef struct {
    int          line;
    const char  *now;
    const char  *tells;
} hours_case_t;


static void
check_hours(const consent_policy_t *policy, const hours_case_t *cases, size_t n)
{
    char            text[64];
    size_t          i;
    consent_open_t  o;

    for (i = 0; i < n; i++) {
        consent_contact_open(&o, policy, at(cases[i].now));
        tell(text, &o);

        if (strcmp(text, cases[i].tells) != 0) {
            fail_msg("line %d: %s", cases[i].line, text);
        }
    }
}


static void
hours_are_those_of_the_wall_clock(void **state)
{
    consent_policy_t  *policy;

    /* Monday to Friday 8.00 to 16.30 in Stockholm; 24 and 25 December are holidays */
    static const hours_case_t  cases[] = {
        /* winter: an hour ahead of UTC */
        { __LINE__, "2026-11-23T06:59:59Z", "opens 2026-11-23 08:00 Mo +0" },
        { __LINE__, "2026-11-23T07:00:00Z", "open until 2026-11-23 16:30" },
        { __LINE__, "2026-11-23T15:29:59Z", "open until 2026-11-23 16:30" },
        { __LINE__, "2026-11-23T15:30:00Z", "opens 2026-11-24 08:00 Tu +1" },

        /* summer: two hours */
        { __LINE__, "2026-07-01T05:59:59Z", "opens 2026-07-01 08:00 We +0" },
        { __LINE__, "2026-07-01T06:00:00Z", "open until 2026-07-01 16:30" },
        { __LINE__, "2026-07-01T14:30:00Z", "opens 2026-07-02 08:00 Th +1" },

        /* the days around a change of the clock, in spring and in autumn */
        { __LINE__, "2026-03-27T15:30:00Z", "opens 2026-03-30 08:00 Mo +3" },
        { __LINE__, "2026-03-30T05:59:59Z", "opens 2026-03-30 08:00 Mo +0" },
        { __LINE__, "2026-03-30T06:00:00Z", "open until 2026-03-30 16:30" },
        { __LINE__, "2026-10-23T06:00:00Z", "open until 2026-10-23 16:30" },
        { __LINE__, "2026-10-26T06:30:00Z", "opens 2026-10-26 08:00 Mo +0" },
        { __LINE__, "2026-10-26T07:00:00Z", "open until 2026-10-26 16:30" },

        /* midnight in Stockholm is an hour before midnight in UTC */
        { __LINE__, "2026-11-22T22:59:59Z", "opens 2026-11-23 08:00 Mo +1" },
        { __LINE__, "2026-11-22T23:00:00Z", "opens 2026-11-23 08:00 Mo +0" },

        /* weekend */
        { __LINE__, "2026-11-20T16:00:00Z", "opens 2026-11-23 08:00 Mo +3" },
        { __LINE__, "2026-11-21T10:00:00Z", "opens 2026-11-23 08:00 Mo +2" },
        { __LINE__, "2026-11-22T10:00:00Z", "opens 2026-11-23 08:00 Mo +1" },

        /* holidays: Thursday and Friday, and then the weekend */
        { __LINE__, "2026-12-23T16:00:00Z", "opens 2026-12-28 08:00 Mo +5" },
        { __LINE__, "2026-12-24T10:00:00Z", "opens 2026-12-28 08:00 Mo +4" },
        { __LINE__, "2026-12-23T22:59:00Z", "opens 2026-12-28 08:00 Mo +5" },
        { __LINE__, "2026-12-25T10:00:00Z", "opens 2026-12-28 08:00 Mo +3" },

        /* over the end of a year */
        { __LINE__, "2026-12-31T20:00:00Z", "opens 2027-01-01 08:00 Fr +1" },
    };

    (void) state;

    policy = policy_load(policy_small);
    check_hours(policy, cases, consent_countof(cases));
    consent_policy_destroy(policy);
}


#define PHONE_HOURS  "\"hours\": [{\"days\": [\"Mo\", \"Tu\", \"We\", \"Th\", \"Fr\"], " \
                     "\"opens\": \"08:00\", \"closes\": \"16:30\"}]"


static void
hours_that_touch_or_overlap_are_one(void **state)
{
    consent_policy_t  *policy;

    static const hours_case_t  cases[] = {
        { __LINE__, "2026-11-23T07:30:00Z", "open until 2026-11-23 17:00" },
        { __LINE__, "2026-11-23T11:30:00Z", "open until 2026-11-23 17:00" },
        { __LINE__, "2026-11-23T16:00:00Z", "opens 2026-11-23 18:00 Mo +0" },
        { __LINE__, "2026-11-23T17:30:00Z", "open until 2026-11-23 19:00" },
        { __LINE__, "2026-11-23T18:00:00Z", "opens 2026-11-30 08:00 Mo +7" },
    };

    (void) state;

    /* not in their order, one within another */
    policy = policy_load_with(PHONE_HOURS, "\"hours\": ["
                              "{\"days\": [\"Mo\"], \"opens\": \"18:00\", \"closes\": \"19:00\"},"
                              "{\"days\": [\"Mo\"], \"opens\": \"14:00\", \"closes\": \"17:00\"},"
                              "{\"days\": [\"Mo\"], \"opens\": \"09:00\", \"closes\": \"10:00\"},"
                              "{\"days\": [\"Mo\"], \"opens\": \"12:00\", \"closes\": \"14:00\"},"
                              "{\"days\": [\"Mo\"], \"opens\": \"08:00\", \"closes\": \"12:30\"}]");
    check_hours(policy, cases, consent_countof(cases));
    consent_policy_destroy(policy);
}


static void
hours_go_on_after_midnight(void **state)
{
    consent_policy_t  *policy;

    static const hours_case_t  night[] = {
        { __LINE__, "2026-11-23T22:00:00Z", "open until 2026-11-24 02:00" },
        { __LINE__, "2026-11-24T00:30:00Z", "open until 2026-11-24 02:00" },
        { __LINE__, "2026-11-24T01:00:00Z", "opens 2026-11-30 22:00 Mo +6" },
    };

    static const hours_case_t  evening[] = {
        { __LINE__, "2026-11-23T22:00:00Z", "open until 2026-11-24 00:00" },
        { __LINE__, "2026-11-23T23:00:00Z", "opens 2026-11-30 20:00 Mo +6" },
    };

    static const hours_case_t  always[] = {
        { __LINE__, "2026-11-23T22:00:00Z", "open always" },
        { __LINE__, "2026-12-20T10:00:00Z", "open until 2026-12-24 00:00" },
        { __LINE__, "2026-12-24T10:00:00Z", "opens 2026-12-26 00:00 Sa +2" },
        { __LINE__, "2026-03-29T01:30:00Z", "open always" },
    };

    (void) state;

    policy = policy_load_with(PHONE_HOURS, "\"hours\": [{\"days\": [\"Mo\"], \"opens\": \"22:00\", \"closes\": \"24:00\"},"
                              "{\"days\": [\"Tu\"], \"opens\": \"00:00\", \"closes\": \"02:00\"}]");
    check_hours(policy, night, consent_countof(night));
    consent_policy_destroy(policy);

    policy = policy_load_with(PHONE_HOURS, "\"hours\": [{\"days\": [\"Mo\"], \"opens\": \"20:00\", \"closes\": \"24:00\"}]");
    check_hours(policy, evening, consent_countof(evening));
    consent_policy_destroy(policy);

    policy = policy_load_with(PHONE_HOURS, "\"hours\": [{\"days\": [\"Mo\", \"Tu\", \"We\", \"Th\", \"Fr\", \"Sa\", \"Su\"], "
                              "\"opens\": \"00:00\", \"closes\": \"24:00\"}]");
    check_hours(policy, always, consent_countof(always));
    consent_policy_destroy(policy);
}


/* From 2.00 to 3.00 there is no time in spring, and twice in autumn. */
static void
hours_within_a_change_of_the_clock_are_told(void **state)
{
    consent_policy_t  *policy;

    static const hours_case_t  cases[] = {
        { __LINE__, "2026-03-29T00:59:00Z", "opens 2026-03-29 02:30 Su +0" },
        { __LINE__, "2026-03-29T01:00:00Z", "open until 2026-03-29 03:30" },
        { __LINE__, "2026-03-29T01:30:00Z", "opens 2026-04-05 02:30 Su +7" },
        { __LINE__, "2026-10-25T00:30:00Z", "open until 2026-10-25 03:30" },
        { __LINE__, "2026-10-25T01:00:00Z", "opens 2026-10-25 02:30 Su +0" },
        { __LINE__, "2026-10-25T01:30:00Z", "open until 2026-10-25 03:30" },
    };

    (void) state;

    policy = policy_load_with(PHONE_HOURS, "\"hours\": [{\"days\": [\"Su\"], \"opens\": \"02:30\", \"closes\": \"03:30\"}]");
    check_hours(policy, cases, consent_countof(cases));
    consent_policy_destroy(policy);
}


static void
the_telephone_speaks_for_all(void **state)
{
    consent_open_t     o;
    consent_policy_t  *policy;

    (void) state;

    /* a visit with other hours stands first, a phone without any second */
    policy = policy_load_with("\"channels\": [\n", "\"channels\": [\n{\"type\": \"visit\", \"value\": \"Torget 1\", \"hours\": "
                              "[{\"days\": [\"Sa\"], \"opens\": \"10:00\", \"closes\": \"12:00\"}]},\n"
                              "{\"type\": \"phone\", \"value\": \"112\"},\n");

    consent_contact_open(&o, policy, at("2026-11-23T08:00:00Z"));
    assert_true(o.known && o.open);

    assert_ptr_equal(consent_contact_channel(policy, CONSENT_CHANNEL_PHONE), &policy->channels[1]);
    assert_ptr_equal(consent_contact_channel(policy, CONSENT_CHANNEL_EMAIL), &policy->channels[3]);
    assert_null(consent_contact_channel(policy, CONSENT_CHANNEL_SMS));

    consent_channel_open(&o, policy, &policy->channels[1], 0);
    assert_false(o.known);
    assert_int_equal(o.days_ahead, -1);

    consent_channel_open(&o, policy, &policy->channels[0], at("2026-11-21T09:30:00Z"));
    assert_true(o.open);
    consent_policy_destroy(policy);

    /* no phone with hours: the first channel that has some */
    policy = policy_load_with("{\"type\": \"phone\", \"value\": \"+46 8 000 00 00\"",
                              "{\"type\": \"visit\", \"value\": \"Torget\"");
    consent_contact_open(&o, policy, at("2026-11-23T08:00:00Z"));
    assert_true(o.known && o.open);
    consent_policy_destroy(policy);

    policy = policy_load_with(", \"value\": \"+46 8 000 00 00\",\n       " PHONE_HOURS, ", \"value\": \"112\"");
    consent_contact_open(&o, policy, at("2026-11-23T08:00:00Z"));
    assert_false(o.known);
    assert_false(o.open);
    consent_policy_destroy(policy);
}


static void
a_channel_that_never_opens_is_closed(void **state)
{
    size_t             i, n;
    char               holidays[2000];
    consent_policy_t  *policy;

    static const hours_case_t  cases[] = {
        { __LINE__, "2026-11-23T08:00:00Z", "closed" },
    };

    (void) state;

    /* ten Mondays in a row */
    n = (size_t) sprintf(holidays, "\"holidays\": [");

    for (i = 0; i < 10; i++) {
        consent_buf_t  b;

        consent_buf_init_fixed(&b, holidays + n, sizeof(holidays) - n);
        consent_buf_str(&b, i == 0 ? "\"" : "\", \"");
        consent_when_rfc3339(&b, at("2026-11-23") + (consent_time_t) i * 7 * 86400 * 1000);
        n += b.len - 10;
    }

    strcpy(holidays + n, "\"]");

    char  *text = policy_replace(policy_small, "\"holidays\": [\"2026-12-24\", \"2026-12-25\"]", holidays);
    char  *monday = policy_replace(text, "[\"Mo\", \"Tu\", \"We\", \"Th\", \"Fr\"]", "[\"Mo\"]");

    policy = policy_load(monday);
    assert_int_equal(policy->holidays.n, 10);
    check_hours(policy, cases, consent_countof(cases));

    consent_policy_destroy(policy);
    free(text);
    free(monday);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(hours_are_those_of_the_wall_clock),
        cmocka_unit_test(hours_that_touch_or_overlap_are_one),
        cmocka_unit_test(hours_go_on_after_midnight),
        cmocka_unit_test(hours_within_a_change_of_the_clock_are_told),
        cmocka_unit_test(the_telephone_speaks_for_all),
        cmocka_unit_test(a_channel_that_never_opens_is_closed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
