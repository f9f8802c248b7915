/*
 * The document of an event.
 */

#include "pages/loss.h"
#include "pages/object.h"


void
consent_json_loss(consent_buf_t *b, const consent_loss_t *loss)
{
    consent_object_open(b, NULL, '{');
    consent_object_id(b, "id", loss->id);
    consent_object_string(b, "type", consent_cstr(loss->type));
    consent_object_string(b, "policy", loss->policy->id);
    consent_object_string(b, "policy_version", loss->policy->version);
    consent_object_id(b, "subject", loss->subject);

    if (loss->former != NULL) {
        consent_object_id(b, "former", loss->former);
    }

    consent_object_time(b, "at", loss->at);
    consent_object_categories(b, "categories", loss->policy, loss->lost);
    consent_object_close(b, '}');
}


const char *
consent_loss_type(const consent_decision_t *decision)
{
    return decision->status == CONSENT_STATUS_WITHDRAWN ? "withdrawn"
           : decision->status == CONSENT_STATUS_LAPSED ? "lapsed" : "lowered";
}
