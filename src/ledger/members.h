/*
 * Reads the members of a canonical JSON object one by one, in place and without memory of its own: what is
 * merged into a log entry, and what is looked up in one.
 */

#ifndef CONSENT_MEMBERS_H
#define CONSENT_MEMBERS_H

#include "base/base.h"

#define CONSENT_MEMBERS_MAX_DEPTH  64

typedef struct {
    const uint8_t   *p;
    const uint8_t   *end;
    consent_slice_t  last;      /* name of the member before */
    bool             begun;
} consent_members_t;

void consent_members_begin(consent_members_t *m, consent_slice_t object);

/* The next member: its name without quotes, and its value as it stands there. Names are ASCII without escapes
 * and in ascending order, each once; no white space; values are canonical too, their numbers integers, nested at most
 * CONSENT_MEMBERS_MAX_DEPTH deep. That it is UTF-8 is not looked at. CONSENT_OK, CONSENT_NOTFOUND after the last, or
 * CONSENT_MALFORMED. */
consent_rc_t consent_members_next(consent_members_t *m, consent_slice_t *name, consent_slice_t *value);

/* The value of that member; empty when there is none or the object is malformed in front of it. */
consent_slice_t consent_members_find(consent_slice_t object, const char *name);

/* <0, 0, >0 as in canonical order of ASCII names. */
int consent_members_compare(consent_slice_t a, consent_slice_t b);

#endif
