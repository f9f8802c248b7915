/*
 * The rule that a TZif file's footer gives for the time after its last transition: a TZ string of POSIX with
 * the extension of RFC 8536, section 3.3.1, e.g. CET-1CEST,M3.5.0,M10.5.0/3. Only zone.c needs it.
 */

#ifndef CONSENT_ZONE_RULE_H
#define CONSENT_ZONE_RULE_H

#include "base/base.h"

typedef enum {
    CONSENT_ZONE_MONTH_WEEK_DAY = 0,        /* Mm.w.d */
    CONSENT_ZONE_JULIAN,                    /* Jn: 1 to 365, never 29 February */
    CONSENT_ZONE_DAY_OF_YEAR                /* n: 0 to 365 */
} consent_zone_day_kind_t;

typedef struct {
    consent_zone_day_kind_t  kind;
    int                      month;
    int                      week;
    int                      day;
    int                      time;         /* seconds of local time, -167 to 167 hours */
} consent_zone_change_t;

typedef struct {
    bool                   seasons;
    int32_t                standard;        /* seconds east of UTC */
    int32_t                summer;
    consent_zone_change_t  begin;           /* of summer time */
    consent_zone_change_t  end;
} consent_zone_rule_t;

/* CONSENT_OK or CONSENT_MALFORMED. Summer time without a rule for its days is malformed. */
consent_rc_t consent_zone_rule_parse(consent_zone_rule_t *rule, consent_slice_t text);

/* Seconds east of UTC at an instant in seconds. */
int32_t consent_zone_rule_offset(const consent_zone_rule_t *rule, int64_t seconds);

/* The first change after an instant; false if the offset never changes. */
bool consent_zone_rule_next(const consent_zone_rule_t *rule, int64_t seconds, int64_t *next);

#endif
