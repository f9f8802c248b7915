/*
 * Names that traffic carries and the policy does not know: a file in the store's directory that all workers map. It
 * lives on through restarts, for a service is learned over weeks. Names only, never a value; what looks like one is
 * folded away before it is written.
 */

#ifndef CONSENT_GAPS_H
#define CONSENT_GAPS_H

#include "policy/policy.h"

#define CONSENT_GAPS_SLOTS     8192
#define CONSENT_GAPS_LOCATION  47           /* bytes of a location that are kept */
#define CONSENT_GAPS_NAME      63           /* bytes of a name */

typedef struct {
    char               location[CONSENT_GAPS_LOCATION + 1];
    char               name[CONSENT_GAPS_NAME + 1];
    consent_carrier_t  carrier;
    uint64_t           count;
    consent_time_t     first;
    consent_time_t     last;
} consent_gap_t;

typedef struct consent_gaps_s  consent_gaps_t;

/* Maps `directory`/gaps; writers make it where there is none, or one of another layout, of mode 0600. CONSENT_NOTFOUND,
 * CONSENT_MALFORMED (readers only: another layout), CONSENT_IO, CONSENT_FULL, CONSENT_NOMEM. */
consent_rc_t consent_gaps_open(consent_gaps_t **gaps, const char *directory, bool read_only);
void consent_gaps_close(consent_gaps_t *gaps);      /* NULL is allowed */

/* Both are safe from any process at once, and by one thread of it at a time, never wait, and do nothing with NULL gaps. A
 * full table gives up names that were seen once only. */
void consent_gaps_add(consent_gaps_t *gaps, consent_slice_t location, consent_carrier_t carrier, consent_slice_t name,
    consent_time_t now);

/* In no order; return false to stop. Workers that met a new name at the same moment may have given it two entries. */
typedef bool (*consent_gaps_each_pt)(void *arg, const consent_gap_t *gap);
void consent_gaps_each(consent_gaps_t *gaps, consent_gaps_each_pt each, void *arg);

/* Names that found no room. */
uint64_t consent_gaps_lost(consent_gaps_t *gaps);

/* A name as it is kept, NUL-terminated: four and more digits in a row become '#', and a name with letters that names do
 * not have becomes "(other)": somebody may have written anything there. */
void consent_gaps_fold(char out[static CONSENT_GAPS_NAME + 1], consent_slice_t name);

#endif
