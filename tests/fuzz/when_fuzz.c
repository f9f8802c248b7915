/*
 * Dates, durations and time zones in any bytes: what is read is written and read as the same again, and local times go
 * forth and back.
 */

#include "base/when.h"
#include "base/zone_rule.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void date(consent_slice_t in);
static void duration(consent_slice_t in);
static void rule(consent_slice_t in);
static void zone(consent_slice_t in);
static void require(bool condition);


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    uint8_t          *alone;
    consent_slice_t   in;

    alone = malloc(len + 1);
    memcpy(alone, data, len);
    in = consent_slice(alone, len);

    date(in);
    duration(in);
    rule(in);
    zone(in);

    free(alone);

    return 0;
}


static void
date(consent_slice_t in)
{
    consent_buf_t   b;
    consent_time_t  t, again;

    if (consent_when_parse(&t, in) != CONSENT_OK) {
        return;
    }

    again = 0;
    consent_buf_init(&b, 64);
    consent_when_rfc3339(&b, t);
    require(b.rc == CONSENT_OK && consent_when_parse(&again, consent_buf_view(&b)) == CONSENT_OK);
    require(again <= t && t - again < 1000);
    consent_buf_free(&b);
}


static void
duration(consent_slice_t in)
{
    consent_time_t      t;
    consent_duration_t  d;

    if (consent_duration_parse(&d, in) != CONSENT_OK) {
        return;
    }

    t = INT64_C(1795312800000);
    require(d.months <= 1200 && d.seconds <= UINT64_C(101) * 366 * 86400);
    require(consent_duration_add(t, d) >= t && consent_duration_compare(d, d) == 0);
}


static void
rule(consent_slice_t in)
{
    int64_t              next;
    int32_t              offset;
    consent_zone_rule_t  r;

    if (consent_zone_rule_parse(&r, in) != CONSENT_OK) {
        return;
    }

    offset = consent_zone_rule_offset(&r, 1795312800);
    require(offset == r.standard || (r.seasons && offset == r.summer));
    require(!consent_zone_rule_next(&r, 1795312800, &next) || next > 1795312800);
}


static void
zone(consent_slice_t in)
{
    consent_zone_t   *z;
    consent_civil_t   c;
    consent_arena_t  *arena;

    arena = consent_arena_create(1 << 20);
    require(arena != NULL);

    if (consent_zone_parse(&z, arena, in) == CONSENT_OK) {
        consent_when_local(&c, z, INT64_C(1795312800000));
        require(c.month >= 1 && c.month <= 12 && c.day >= 1 && c.day <= 31 && c.hour >= 0 && c.hour <= 23);
        (void) consent_when_instant(z, &c);
    }

    consent_arena_destroy(arena);
}


static void
require(bool condition)
{
    if (!condition) {
        abort();
    }
}
