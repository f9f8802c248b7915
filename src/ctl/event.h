/*
 * Events that go into the outbox with an operation, so that the portal is told of what is done beside nginx.
 */

#ifndef CONSENT_CTL_EVENT_H
#define CONSENT_CTL_EVENT_H

#include "ctl/ctl.h"
#include "identity/keys.h"
#include "pages/loss.h"

#define CONSENT_CTL_EVENTS_MAX  16

typedef struct {
    size_t             n;
    consent_message_t  messages[CONSENT_CTL_EVENTS_MAX];
    uint8_t            sealed[CONSENT_CTL_EVENTS_MAX][CONSENT_LOSS_MAX + CONSENT_SEAL_OVERHEAD];
} consent_ctl_events_t;

/* One event more, sealed with the keys' handoff.key; id is filled in. What nobody lost is none. False: it could not be made. */
bool consent_ctl_event(consent_ctl_events_t *events, const consent_keys_t *keys, consent_loss_t *loss);

/* All of them, as an operation's; NULL: none. */
const consent_message_t *consent_ctl_events(consent_ctl_events_t *events);

#endif
