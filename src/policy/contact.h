/*
 * When a person can be reached: opening hours and holidays in the policy's time zone; and which language to
 * speak.
 */

#ifndef CONSENT_CONTACT_H
#define CONSENT_CONTACT_H

#include "policy/policy.h"

#define CONSENT_CONTACT_DAYS  60    /* how far ahead the next opening is looked for */

typedef struct {
    bool             known;         /* the channel has hours */
    bool             open;
    bool             always;        /* open, and for a week to come: until is not told */
    consent_civil_t  until;         /* when open: closing time, local; midnight is 0:00 of the day that begins */
    consent_civil_t  opens;         /* when closed: next opening, local; weekday filled */
    int              days_ahead;    /* of opens: 0 today, 1 tomorrow, ...; -1: not within CONSENT_CONTACT_DAYS */
} consent_open_t;

/* Is the channel open at that instant? Holidays are closed. Hours that touch or overlap count as one.
 * Times are those of the wall clock in the policy's time zone, UTC where it has none. */
void consent_channel_open(consent_open_t *out, const consent_policy_t *policy, const consent_channel_t *channel,
    consent_time_t now);

/* The same for the human contact as a whole: the first phone channel with hours, or the first channel with
 * hours. */
void consent_contact_open(consent_open_t *out, const consent_policy_t *policy, consent_time_t now);

/* What has become of a request to be contacted. */
typedef enum {
    CONSENT_HANDOFF_REQUESTED = 0,      /* durable, not yet handed over */
    CONSENT_HANDOFF_DELIVERED,          /* the operator's system has it */
    CONSENT_HANDOFF_TAKEN,              /* a person works on it */
    CONSENT_HANDOFF_CLOSED,
    CONSENT_HANDOFF_EXPIRED             /* it could not be handed over in time; the contact is gone */
} consent_handoff_status_t;

/* "requested", ...: the words of entries and of the API. */
const char *consent_handoff_status_name(consent_handoff_status_t status);
bool consent_handoff_status_parse(consent_handoff_status_t *status, consent_slice_t word);

/* Index of the topic with that id, or -1. */
int consent_contact_topic(const consent_policy_t *policy, consent_slice_t id);

/* The first channel of that type, or NULL. */
const consent_channel_t *consent_contact_channel(const consent_policy_t *policy, consent_channel_type_t type);

/* Index of the policy's language that fits: an explicit tag (may be empty) if it fits one of the policy's,
 * else the best of an Accept-Language value (RFC 9110, q-values, prefixes: "sv-FI" fits "sv", and "sv"
 * fits "sv-FI"), else 0. Bounded work on any input: a longer list is read in part. */
size_t consent_policy_language(const consent_policy_t *policy, consent_slice_t explicit_tag, consent_slice_t accept);

#endif
