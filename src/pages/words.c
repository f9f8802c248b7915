/*
 * Days, hours and durations in words. Grammar that differs from language to language lies in the catalogues.
 */

#include "pages/words.h"

#include <stdio.h>

static void words_fill_day(consent_html_t *h, const consent_fill_t *fill);
static void words_number(consent_html_t *h, const consent_fill_t *fill);
static void words_units(consent_html_t *h, uint64_t n, consent_message_t one, bool through);
static bool words_same_day(const consent_civil_t *a, const consent_civil_t *b);


void
consent_words_clock(consent_html_t *h, unsigned minutes, bool bare)
{
    int             n;
    char            hour[8], minute[8];
    consent_fill_t  fills[2];

    n = snprintf(hour, sizeof(hour), "%u", minutes / 60);
    fills[0] = consent_fill_text("h", consent_slice(hour, (size_t) n));
    n = snprintf(minute, sizeof(minute), "%02u", minutes % 60);
    fills[1] = consent_fill_text("m", consent_slice(minute, (size_t) n));

    consent_html_fill(h, bare ? CONSENT_M_CLOCK_BARE : CONSENT_M_CLOCK, fills, 2);
}


void
consent_words_date(consent_html_t *h, const consent_civil_t *date, bool year)
{
    int                n;
    char               day[16], number[16];
    consent_fill_t     fills[3];
    consent_message_t  month;

    n = snprintf(day, sizeof(day), "%d", date->day);
    fills[0] = consent_fill_text("day", consent_slice(day, (size_t) n));
    month = CONSENT_M_MONTH + (consent_message_t) (date->month - 1);
    fills[1] = consent_fill_text("month", consent_catalogue_get(h->catalogue, month, NULL));
    n = snprintf(number, sizeof(number), "%d", date->year);
    fills[2] = consent_fill_text("year", consent_slice(number, (size_t) n));

    consent_html_fill(h, year ? CONSENT_M_DATE_YEAR : CONSENT_M_DATE, fills, 3);
}


void
consent_words_moment(consent_html_t *h, consent_time_t t, bool relative)
{
    uint8_t          memory[32];
    consent_buf_t    rfc;
    consent_civil_t  local;
    consent_fill_t   fills[2];

    consent_buf_init_fixed(&rfc, memory, sizeof(memory));
    consent_when_rfc3339(&rfc, t);
    consent_when_local(&local, h->page->policy->zone, t);

    fills[0] = relative ? (consent_fill_t) { .name = "date", .write = words_fill_day, .time = t }
                        : consent_fill_date("date", t);
    fills[1] = consent_fill_clock("clock", &local);

    consent_html_open(h, "time", NULL);
    consent_html_attr(h, "datetime", consent_buf_view(&rfc));
    consent_html_fill(h, CONSENT_M_DATE_CLOCK, fills, 2);
    consent_html_close(h);
}


void
consent_words_duration(consent_html_t *h, consent_duration_t d, bool through)
{
    size_t    i, left;
    uint64_t  parts[5];

    static const consent_message_t  units[] = {
        CONSENT_M_YEAR, CONSENT_M_MONTH_LONG, CONSENT_M_DAY_LONG, CONSENT_M_HOUR, CONSENT_M_MINUTE
    };

    parts[0] = d.months % 12 == 0 ? d.months / 12 : 0;
    parts[1] = d.months % 12 == 0 ? 0 : d.months;
    parts[2] = d.seconds / 86400;
    parts[3] = d.seconds % 86400 / 3600;
    parts[4] = d.seconds % 3600 / 60;

    for (i = 0, left = 0; i < 5; i++) {
        left += parts[i] != 0;
    }

    if (left == 0) {
        words_units(h, 0, CONSENT_M_MINUTE, through);
        return;
    }

    for (i = 0; i < 5; i++) {
        if (parts[i] == 0) {
            continue;
        }

        words_units(h, parts[i], units[i], through);
        left--;

        if (left == 1) {
            consent_html_say(h, CONSENT_M_AND);

        } else if (left != 0) {
            consent_html_str(h, ", ");
        }
    }
}


void
consent_words_capital(consent_html_t *h, size_t from)
{
    uint8_t  *p, *end;

    p = h->b->data + from;
    end = h->b->data + h->b->len;

    while (p < end && *p == '<') {
        while (p < end && *p != '>') {
            p++;
        }

        p += p < end;
    }

    if (p < end && *p >= 'a' && *p <= 'z') {
        *p = (uint8_t) (*p - 0x20);

    } else if (end - p > 1 && p[0] == 0xc3 && p[1] >= 0xa0 && p[1] <= 0xbe && p[1] != 0xb7) {
        p[1] = (uint8_t) (p[1] - 0x20);     /* U+00E0 to U+00FE */
    }
}


static void
words_fill_day(consent_html_t *h, const consent_fill_t *fill)
{
    consent_civil_t  date, today, yesterday;

    consent_when_local(&date, h->page->policy->zone, fill->time);
    consent_when_local(&today, h->page->policy->zone, h->page->now);

    yesterday = today;
    yesterday.hour = 12;
    yesterday.minute = 0;
    consent_when_local(&yesterday, h->page->policy->zone,
                       consent_when_instant(h->page->policy->zone, &yesterday) - 24 * 60 * 60 * 1000);

    if (words_same_day(&date, &today)) {
        consent_html_say(h, CONSENT_M_TODAY);

    } else if (words_same_day(&date, &yesterday)) {
        consent_html_say(h, CONSENT_M_YESTERDAY);

    } else {
        consent_words_date(h, &date, date.year != today.year);
    }
}


/* Two to ten are words, the rest digits. */
static void
words_number(consent_html_t *h, const consent_fill_t *fill)
{
    if (fill->mask >= 2 && fill->mask <= 10) {
        consent_html_say(h, CONSENT_M_NUMBER + (consent_message_t) (fill->mask - 2));
        return;
    }

    consent_html_content(h);
    consent_buf_u64(h->b, fill->mask);
}


/* Behind `one` in the catalogue stand its form for a length that goes on, and that of several. */
static void
words_units(consent_html_t *h, uint64_t n, consent_message_t one, bool through)
{
    consent_fill_t  fill;

    if (n == 1) {
        consent_html_say(h, through ? one + 1 : one);
        return;
    }

    fill = (consent_fill_t) { .name = "n", .write = words_number, .mask = n };
    consent_html_fill(h, one + 2, &fill, 1);
}


static bool
words_same_day(const consent_civil_t *a, const consent_civil_t *b)
{
    return a->year == b->year && a->month == b->month && a->day == b->day;
}
