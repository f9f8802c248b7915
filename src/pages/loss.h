/*
 * Events: what the portal is told when a citizen does not share something any more, so that it can delete what it has.
 */

#ifndef CONSENT_PAGES_LOSS_H
#define CONSENT_PAGES_LOSS_H

#include "pages/pages.h"

#define CONSENT_LOSS_MAX  8192         /* bytes of a document, at most */

typedef struct {
    const uint8_t           *id;        /* CONSENT_ID_LEN bytes, random */
    const char              *type;      /* "withdrawn", "lowered", "lapsed", "erased" */
    const consent_policy_t  *policy;
    const uint8_t           *subject;   /* CONSENT_SUBJECT_LEN bytes */
    const uint8_t           *former;    /* the same, under the former key of pseudonyms; NULL: there is none */
    consent_time_t           at;
    consent_mask_t           lost;      /* categories of the policy that she does not share any more */
} consent_loss_t;

/* A JSON object (docs/directives.md, consent_event_pass). */
void consent_json_loss(consent_buf_t *b, const consent_loss_t *loss);

/* The type of the event of a decision that takes something away. */
const char *consent_loss_type(const consent_decision_t *decision);

#endif
