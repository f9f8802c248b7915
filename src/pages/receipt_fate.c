/*
 * What became of what was decided, told by the decision, what stood before it, and what came after it.
 */

#include "pages/receipt.h"
#include "pages/sentence.h"

static consent_fate_t fate_end(const consent_decision_t *d);
static bool fate_had(const consent_past_t *before, const consent_decision_t *d, consent_slice_t id);


consent_fate_t
consent_receipt_fate(const consent_receipt_t *receipt, size_t i, consent_time_t now)
{
    const consent_decision_t  *d;

    d = &receipt->past.decision;

    if (d->granted >> i & 1) {
        return receipt->lapsed >> i & 1 ? CONSENT_FATE_INVALIDATED
               : consent_receipt_expired(receipt, now) ? CONSENT_FATE_EXPIRED : CONSENT_FATE_GIVEN;
    }

    if (d->scope == CONSENT_SCOPE_ONCE) {
        return CONSENT_FATE_REFUSED;
    }

    /* "stop sharing", or an end by itself, takes back whatever there was, known here or not */

    if (receipt->before == NULL || receipt->before->policy == NULL) {
        return d->status == CONSENT_STATUS_WITHDRAWN || consent_sentence_ended(d) ? fate_end(d) : CONSENT_FATE_REFUSED;
    }

    return fate_had(receipt->before, d, receipt->past.policy->categories[i].id) ? fate_end(d) : CONSENT_FATE_REFUSED;
}


/* Of what was granted before. */
static consent_fate_t
fate_end(const consent_decision_t *d)
{
    switch (d->status) {
    case CONSENT_STATUS_LAPSED:
        return CONSENT_FATE_INVALIDATED;

    case CONSENT_STATUS_EXPIRED:
        return CONSENT_FATE_EXPIRED;

    default:
        return CONSENT_FATE_WITHDRAWN;
    }
}


bool
consent_receipt_expired(const consent_receipt_t *receipt, consent_time_t now)
{
    const consent_decision_t  *d;

    d = &receipt->past.decision;

    return d->granted != 0 && d->scope != CONSENT_SCOPE_ONCE && d->expires_at <= now
           && (receipt->later == NULL || receipt->later->decision.decided_at > d->expires_at);
}


/* Versions of a policy need not have their categories in one order. */
static bool
fate_had(const consent_past_t *before, const consent_decision_t *d, consent_slice_t id)
{
    size_t  i;

    if (before->decision.expires_at <= d->decided_at) {
        return false;
    }

    for (i = 0; i < before->policy->n_categories; i++) {
        if (consent_slice_eq(before->policy->categories[i].id, id)) {
            return before->decision.granted >> i & 1;
        }
    }

    return false;
}


bool
consent_receipt_waits(const consent_receipt_t *receipt)
{
    return receipt->proof.len == 0 && receipt->entry.len != 0;
}
