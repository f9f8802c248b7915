/*
 * Dates, times and time zones without libc's process-wide TZ: TZif files are read once and looked up purely.
 */

#ifndef CONSENT_WHEN_H
#define CONSENT_WHEN_H

#include "base/arena.h"
#include "base/buf.h"

typedef struct {
    int  year;          /* e.g. 2026 */
    int  month;         /* 1-12 */
    int  day;           /* 1-31 */
    int  weekday;       /* 0 Monday - 6 Sunday */
    int  hour;          /* 0-23 */
    int  minute;
    int  second;
} consent_civil_t;

typedef struct consent_zone_s  consent_zone_t;

/* Loads a time zone of the IANA database by name from /usr/share/zoneinfo (RFC 8536, version 2 footer
 * included). Names with "..", a leading '/' or other bytes than [A-Za-z0-9_+/-] are CONSENT_MALFORMED;
 * unknown: CONSENT_NOTFOUND. */
consent_rc_t consent_zone_load(consent_zone_t **zone, consent_arena_t *a, consent_slice_t name);

/* The same from a file's content, which may go away afterwards. CONSENT_MALFORMED unless it is a TZif
 * file. */
consent_rc_t consent_zone_parse(consent_zone_t **zone, consent_arena_t *a, consent_slice_t tzif);

/* Local civil time in the zone; zone NULL means UTC. */
void consent_when_local(consent_civil_t *out, const consent_zone_t *zone, consent_time_t t);

/* The instant of a local civil time (weekday ignored). In a gap: the instant at its end; in an overlap:
 * the first. */
consent_time_t consent_when_instant(const consent_zone_t *zone, const consent_civil_t *c);

/* RFC 3339 in UTC with seconds: 2026-11-22T09:15:00Z */
void consent_when_rfc3339(consent_buf_t *b, consent_time_t t);

/* Reads YYYY-MM-DD (midnight UTC), or RFC 3339: the above, optionally with a fraction, which is cut to
 * milliseconds, and with an offset in the place of Z. CONSENT_MALFORMED otherwise. */
consent_rc_t consent_when_parse(consent_time_t *t, consent_slice_t in);

/* An ISO 8601 duration of years, months, weeks, days, hours, minutes and seconds: P6M, P1Y, PT12H. */
typedef struct {
    unsigned  months;       /* years are 12 of them */
    uint64_t  seconds;      /* weeks, days and the rest; at most 100 years in all */
} consent_duration_t;

/* CONSENT_MALFORMED, or CONSENT_LIMIT above 100 years. */
consent_rc_t consent_duration_parse(consent_duration_t *d, consent_slice_t in);

/* t plus d: calendar months first in UTC (31 January + P1M is the last of February), then seconds. */
consent_time_t consent_duration_add(consent_time_t t, consent_duration_t d);

/* -1, 0, 1 by length, a month being 30.44 days. */
int consent_duration_compare(consent_duration_t a, consent_duration_t b);

/* What the above stand on: days from 1970-01-01 to a date, civil time in UTC of seconds since then (years
 * beyond int wrap), and seconds as a consent_time_t, cut to its range. */
int64_t consent_when_days(int64_t year, int month, int day);
void consent_when_civil(consent_civil_t *out, int64_t seconds);
consent_time_t consent_when_from_seconds(int64_t seconds);

#endif
