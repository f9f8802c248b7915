/*
 * What the portal is told: sealed as nginx does it, which delivers it.
 */

#include "ctl/event.h"


bool
consent_ctl_event(consent_ctl_events_t *events, const consent_keys_t *keys, consent_loss_t *loss)
{
    uint8_t             document[CONSENT_LOSS_MAX];
    consent_rc_t        rc;
    consent_buf_t       b;
    consent_message_t  *message;

    if (loss->lost == 0) {
        return true;
    }

    if (events->n == CONSENT_CTL_EVENTS_MAX) {
        return false;
    }

    message = &events->messages[events->n];
    memset(message, 0, sizeof(consent_message_t));
    message->kind = CONSENT_MESSAGE_EVENT;
    rc = consent_random(message->id, CONSENT_ID_LEN);

    if (rc == CONSENT_OK) {
        consent_buf_init_fixed(&b, document, sizeof(document));
        loss->id = message->id;
        consent_json_loss(&b, loss);
        rc = b.rc == CONSENT_OK ? consent_message_seal(message, events->sealed[events->n], keys->handoff, consent_buf_view(&b),
                                                       loss->at)
                                : b.rc;
        consent_wipe(document, sizeof(document));
    }

    if (rc != CONSENT_OK) {
        return false;
    }

    if (events->n > 0) {
        events->messages[events->n - 1].next = message;
    }

    events->n++;

    return true;
}


const consent_message_t *
consent_ctl_events(consent_ctl_events_t *events)
{
    return events->n == 0 ? NULL : &events->messages[0];
}
