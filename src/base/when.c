/*
 * The proleptic Gregorian calendar in UTC: RFC 3339 and ISO 8601 texts, durations.
 */

#include "base/when.h"

#define DAY_SECONDS     86400
#define MONTH_SECONDS   2630016                         /* 30.44 days */
#define MAX_MONTHS      1200
#define MAX_SECONDS     ((uint64_t) MAX_MONTHS * MONTH_SECONDS)

typedef struct {
    const uint8_t  *pos;
    const uint8_t  *end;
} when_scan_t;

static bool scan_number(when_scan_t *s, size_t digits, int *out);
static bool scan_char(when_scan_t *s, char c);
static bool scan_fraction(when_scan_t *s, int *ms);
static bool scan_offset(when_scan_t *s, int *seconds);
static int month_length(int64_t year, int month);
static int64_t floor_div(int64_t a, int64_t b);
static consent_time_t saturate(int64_t seconds, int64_t ms);


int64_t
consent_when_days(int64_t year, int month, int day)
{
    int64_t  era, of_era, of_year;

    /* years that begin in March, in eras of 400 */

    year -= month <= 2;
    era = floor_div(year, 400);
    of_era = year - era * 400;
    of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}


void
consent_when_civil(consent_civil_t *out, int64_t seconds)
{
    int64_t  days, rest, era, of_era, year, of_year, month;

    days = floor_div(seconds, DAY_SECONDS);
    rest = seconds - days * DAY_SECONDS;

    out->hour = (int) (rest / 3600);
    out->minute = (int) (rest / 60 % 60);
    out->second = (int) (rest % 60);
    out->weekday = (int) (days + 3 - floor_div(days + 3, 7) * 7);

    days += 719468;
    era = floor_div(days, 146097);
    of_era = days - era * 146097;
    year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    of_year = of_era - (365 * year + year / 4 - year / 100);
    month = (5 * of_year + 2) / 153;

    out->day = (int) (of_year - (153 * month + 2) / 5 + 1);
    out->month = (int) (month < 10 ? month + 3 : month - 9);
    out->year = (int) (year + era * 400 + (out->month <= 2));
}


consent_time_t
consent_when_from_seconds(int64_t seconds)
{
    return saturate(seconds, 0);
}


void
consent_when_rfc3339(consent_buf_t *b, consent_time_t t)
{
    consent_civil_t  c;

    consent_when_civil(&c, floor_div(t, 1000));
    consent_buf_printf(b, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year, c.month, c.day, c.hour, c.minute,
                       c.second);
}


consent_rc_t
consent_when_parse(consent_time_t *t, consent_slice_t in)
{
    int              ms, offset;
    int64_t          seconds;
    when_scan_t      s;
    consent_civil_t  c;

    *t = 0;
    s.pos = in.data;
    s.end = in.data + in.len;

    if (!scan_number(&s, 4, &c.year) || !scan_char(&s, '-') || !scan_number(&s, 2, &c.month)
        || !scan_char(&s, '-') || !scan_number(&s, 2, &c.day))
    {
        return CONSENT_MALFORMED;
    }

    if (c.month < 1 || c.month > 12 || c.day < 1 || c.day > month_length(c.year, c.month)) {
        return CONSENT_MALFORMED;
    }

    seconds = consent_when_days(c.year, c.month, c.day) * DAY_SECONDS;

    if (s.pos == s.end) {
        *t = saturate(seconds, 0);
        return CONSENT_OK;
    }

    if ((!scan_char(&s, 'T') && !scan_char(&s, 't')) || !scan_number(&s, 2, &c.hour) || !scan_char(&s, ':')
        || !scan_number(&s, 2, &c.minute) || !scan_char(&s, ':') || !scan_number(&s, 2, &c.second)
        || !scan_fraction(&s, &ms) || !scan_offset(&s, &offset) || s.pos != s.end)
    {
        return CONSENT_MALFORMED;
    }

    if (c.hour > 23 || c.minute > 59 || c.second > 60) {
        return CONSENT_MALFORMED;
    }

    seconds += c.hour * 3600 + c.minute * 60 + c.second - offset;

    if (c.second == 60) {
        /* a leap second ends a UTC day, and counts as the second after it */

        if (floor_div(seconds, DAY_SECONDS) * DAY_SECONDS != seconds) {
            return CONSENT_MALFORMED;
        }
    }

    *t = saturate(seconds, ms);

    return CONSENT_OK;
}


consent_rc_t
consent_duration_parse(consent_duration_t *d, consent_slice_t in)
{
    static const struct {
        char      letter;
        bool      time;
        unsigned  months;
        unsigned  seconds;
    } units[] = {
        { 'Y', false, 12, 0 },
        { 'M', false, 1, 0 },
        { 'W', false, 0, 7 * DAY_SECONDS },
        { 'D', false, 0, DAY_SECONDS },
        { 'H', true, 0, 3600 },
        { 'M', true, 0, 60 },
        { 'S', true, 0, 1 }
    };

    bool            time, any;
    size_t          unit;
    uint64_t        n, months;
    const uint8_t  *p, *end, *start;

    memset(d, 0, sizeof(consent_duration_t));

    p = in.data;
    end = p + in.len;

    if (p == end || *p++ != 'P') {
        return CONSENT_MALFORMED;
    }

    unit = 0;
    time = false;
    any = false;
    months = 0;

    while (p < end) {
        if (*p == 'T') {
            if (time) {
                return CONSENT_MALFORMED;
            }

            time = true;
            any = false;
            p++;
            continue;
        }

        for (n = 0, start = p; p < end && *p >= '0' && *p <= '9'; p++) {
            n = n * 10 + (uint64_t) (*p - '0');

            if (n > MAX_SECONDS) {
                return CONSENT_LIMIT;
            }
        }

        if (p == start || p == end) {
            return CONSENT_MALFORMED;
        }

        while (unit < consent_countof(units)
               && (units[unit].letter != (char) *p || units[unit].time != time))
        {
            unit++;
        }

        if (unit == consent_countof(units)) {
            return CONSENT_MALFORMED;
        }

        months += n * units[unit].months;
        d->seconds += n * units[unit].seconds;
        unit++;
        any = true;
        p++;

        if (months > MAX_MONTHS || d->seconds + months * MONTH_SECONDS > MAX_SECONDS) {
            return CONSENT_LIMIT;
        }
    }

    d->months = (unsigned) months;

    return any ? CONSENT_OK : CONSENT_MALFORMED;
}


consent_time_t
consent_duration_add(consent_time_t t, consent_duration_t d)
{
    int              last;
    int64_t          seconds, ms, month, added;
    consent_civil_t  c;

    seconds = floor_div(t, 1000);
    ms = t - seconds * 1000;

    if (d.months > 0) {
        consent_when_civil(&c, seconds);

        month = (int64_t) c.year * 12 + (c.month - 1) + d.months;
        last = month_length(floor_div(month, 12), (int) (month - floor_div(month, 12) * 12) + 1);

        seconds = consent_when_days(floor_div(month, 12), (int) (month - floor_div(month, 12) * 12) + 1,
                                    c.day < last ? c.day : last)
                  * DAY_SECONDS + c.hour * 3600 + c.minute * 60 + c.second;
    }

    added = d.seconds > MAX_SECONDS ? (int64_t) MAX_SECONDS : (int64_t) d.seconds;

    return saturate(seconds + added, ms);
}


int
consent_duration_compare(consent_duration_t a, consent_duration_t b)
{
    uint64_t  x, y;

    x = (uint64_t) a.months * MONTH_SECONDS + a.seconds;
    y = (uint64_t) b.months * MONTH_SECONDS + b.seconds;

    return x < y ? -1 : x > y;
}


/* Exactly so many digits. */
static bool
scan_number(when_scan_t *s, size_t digits, int *out)
{
    *out = 0;

    for ( /* void */ ; digits > 0; digits--, s->pos++) {
        if (s->pos == s->end || *s->pos < '0' || *s->pos > '9') {
            return false;
        }

        *out = *out * 10 + (*s->pos - '0');
    }

    return true;
}


static bool
scan_char(when_scan_t *s, char c)
{
    if (s->pos == s->end || *s->pos != (uint8_t) c) {
        return false;
    }

    s->pos++;

    return true;
}


/* Optional; cut to milliseconds. */
static bool
scan_fraction(when_scan_t *s, int *ms)
{
    int             weight;
    const uint8_t  *start;

    *ms = 0;

    if (!scan_char(s, '.')) {
        return true;
    }

    weight = 100;

    for (start = s->pos; s->pos < s->end && *s->pos >= '0' && *s->pos <= '9'; s->pos++) {
        *ms += (*s->pos - '0') * weight;
        weight /= 10;
    }

    return s->pos > start;
}


static bool
scan_offset(when_scan_t *s, int *seconds)
{
    int   hours, minutes;
    bool  west;

    *seconds = 0;

    if (scan_char(s, 'Z') || scan_char(s, 'z')) {
        return true;
    }

    west = scan_char(s, '-');

    if ((!west && !scan_char(s, '+')) || !scan_number(s, 2, &hours) || !scan_char(s, ':')
        || !scan_number(s, 2, &minutes) || hours > 23 || minutes > 59)
    {
        return false;
    }

    *seconds = hours * 3600 + minutes * 60;

    if (west) {
        *seconds = -*seconds;
    }

    return true;
}


static int
month_length(int64_t year, int month)
{
    if (month == 2) {
        return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
    }

    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}


static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}


static consent_time_t
saturate(int64_t seconds, int64_t ms)
{
    int64_t  t;

    if (__builtin_mul_overflow(seconds, 1000, &t) || __builtin_add_overflow(t, ms, &t)) {
        return seconds < 0 ? INT64_MIN : INT64_MAX;
    }

    return t;
}
