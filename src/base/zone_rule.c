/*
 * Seasons of a time zone by the rule of its footer.
 */

#include "base/when.h"
#include "base/zone_rule.h"

static bool footer_name(const uint8_t **p, const uint8_t *end);
static bool footer_time(const uint8_t **p, const uint8_t *end, int max_hours, int32_t *out);
static bool footer_change(const uint8_t **p, const uint8_t *end, consent_zone_change_t *change);
static bool footer_number(const uint8_t **p, const uint8_t *end, int max, int *out);
static bool footer_dot(const uint8_t **p, const uint8_t *end);
static int64_t rule_instant(const consent_zone_rule_t *rule, int64_t year, bool summer);
static int64_t rule_year(int64_t seconds);


consent_rc_t
consent_zone_rule_parse(consent_zone_rule_t *rule, consent_slice_t text)
{
    const uint8_t  *p, *end;

    memset(rule, 0, sizeof(consent_zone_rule_t));

    p = text.data;
    end = p + text.len;

    if (!footer_name(&p, end) || !footer_time(&p, end, 24, &rule->standard)) {
        return CONSENT_MALFORMED;
    }

    rule->standard = -rule->standard;           /* POSIX counts westwards */

    if (p == end) {
        return CONSENT_OK;
    }

    rule->seasons = true;
    rule->summer = rule->standard + 3600;

    if (!footer_name(&p, end)) {
        return CONSENT_MALFORMED;
    }

    if (p < end && *p != ',') {
        if (!footer_time(&p, end, 24, &rule->summer)) {
            return CONSENT_MALFORMED;
        }

        rule->summer = -rule->summer;
    }

    if (!footer_change(&p, end, &rule->begin) || !footer_change(&p, end, &rule->end) || p != end) {
        return CONSENT_MALFORMED;
    }

    return CONSENT_OK;
}


int32_t
consent_zone_rule_offset(const consent_zone_rule_t *rule, int64_t seconds)
{
    int      summer;
    int32_t  offset;
    int64_t  first, year, at, latest;

    offset = rule->standard;

    if (!rule->seasons) {
        return offset;
    }

    /* the latest change wins; of two at once that to summer time: so a summer all year is written */

    latest = INT64_MIN;
    first = rule_year(seconds) - 1;

    for (year = first; year <= first + 2; year++) {
        for (summer = 0; summer < 2; summer++) {
            at = rule_instant(rule, year, summer == 1);

            if (at <= seconds && (at > latest || (at == latest && summer == 1))) {
                latest = at;
                offset = summer == 1 ? rule->summer : rule->standard;
            }
        }
    }

    return offset;
}


bool
consent_zone_rule_next(const consent_zone_rule_t *rule, int64_t seconds, int64_t *next)
{
    int      summer;
    int64_t  first, year, at;

    if (!rule->seasons) {
        return false;
    }

    *next = INT64_MAX;
    first = rule_year(seconds) - 1;

    for (year = first; year <= first + 3; year++) {
        for (summer = 0; summer < 2; summer++) {
            at = rule_instant(rule, year, summer == 1);

            if (at > seconds && at < *next) {
                *next = at;
            }
        }
    }

    return true;
}


static bool
footer_name(const uint8_t **p, const uint8_t *end)
{
    bool            quoted;
    uint8_t         c;
    const uint8_t  *start;

    quoted = *p < end && **p == '<';

    if (quoted) {
        (*p)++;
    }

    for (start = *p; *p < end; (*p)++) {
        c = consent_lower(**p);

        if ((c < 'a' || c > 'z') && (!quoted || ((c < '0' || c > '9') && c != '+' && c != '-'))) {
            break;
        }
    }

    if (*p - start < 3) {
        return false;
    }

    if (quoted) {
        if (*p == end || **p != '>') {
            return false;
        }

        (*p)++;
    }

    return true;
}


/* [+-]hh[:mm[:ss]] in seconds. */
static bool
footer_time(const uint8_t **p, const uint8_t *end, int max_hours, int32_t *out)
{
    int   hours, minutes, seconds;
    bool  negative;

    negative = *p < end && **p == '-';

    if (*p < end && (**p == '-' || **p == '+')) {
        (*p)++;
    }

    minutes = 0;
    seconds = 0;

    if (!footer_number(p, end, max_hours, &hours)) {
        return false;
    }

    if (*p < end && **p == ':') {
        (*p)++;

        if (!footer_number(p, end, 59, &minutes)) {
            return false;
        }

        if (*p < end && **p == ':') {
            (*p)++;

            if (!footer_number(p, end, 59, &seconds)) {
                return false;
            }
        }
    }

    *out = hours * 3600 + minutes * 60 + seconds;

    if (negative) {
        *out = -*out;
    }

    return true;
}


/* A comma, the day, and the time if it is not two o'clock. */
static bool
footer_change(const uint8_t **p, const uint8_t *end, consent_zone_change_t *change)
{
    bool  good;

    if (end - *p < 2 || **p != ',') {
        return false;
    }

    (*p)++;
    change->time = 2 * 3600;

    switch (**p) {
    case 'M':
        (*p)++;
        change->kind = CONSENT_ZONE_MONTH_WEEK_DAY;
        good = footer_number(p, end, 12, &change->month) && change->month > 0 && footer_dot(p, end)
               && footer_number(p, end, 5, &change->week) && change->week > 0 && footer_dot(p, end)
               && footer_number(p, end, 6, &change->day);
        break;

    case 'J':
        (*p)++;
        change->kind = CONSENT_ZONE_JULIAN;
        good = footer_number(p, end, 365, &change->day) && change->day > 0;
        break;

    default:
        change->kind = CONSENT_ZONE_DAY_OF_YEAR;
        good = footer_number(p, end, 365, &change->day);
        break;
    }

    if (good && *p < end && **p == '/') {
        (*p)++;
        good = footer_time(p, end, 167, &change->time);
    }

    return good;
}


static bool
footer_number(const uint8_t **p, const uint8_t *end, int max, int *out)
{
    const uint8_t  *start;

    *out = 0;

    for (start = *p; *p < end && **p >= '0' && **p <= '9'; (*p)++) {
        *out = *out * 10 + (**p - '0');

        if (*out > max) {
            return false;
        }
    }

    return *p > start;
}


static bool
footer_dot(const uint8_t **p, const uint8_t *end)
{
    return *p < end && *(*p)++ == '.';
}


/* The instant of a year's change to summer time, or back. */
static int64_t
rule_instant(const consent_zone_rule_t *rule, int64_t year, bool summer)
{
    bool                          leap;
    int64_t                       day, next;
    const consent_zone_change_t  *change;

    change = summer ? &rule->begin : &rule->end;
    leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    switch (change->kind) {
    case CONSENT_ZONE_JULIAN:
        day = consent_when_days(year, 1, 1) + change->day - 1 + (leap && change->day >= 60);
        break;

    case CONSENT_ZONE_DAY_OF_YEAR:
        day = consent_when_days(year, 1, 1) + change->day;
        break;

    default:
        day = consent_when_days(year, change->month, 1);
        next = consent_when_days(change->month == 12 ? year + 1 : year, change->month % 12 + 1, 1);

        /* day 0 was a Thursday; rules count from Sunday */
        day += (change->day - (day + 4) % 7 + 14) % 7 + (change->week - 1) * 7;

        if (day >= next) {
            day -= 7;
        }
    }

    return day * 86400 + change->time - (summer ? rule->standard : rule->summer);
}


static int64_t
rule_year(int64_t seconds)
{
    consent_civil_t  c;

    consent_when_civil(&c, seconds);

    return c.year;
}
