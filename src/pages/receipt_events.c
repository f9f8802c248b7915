/*
 * The events of a consent record: the decision itself, and how it ended where nothing replaced it before.
 */

#include "pages/receipt_parts.h"
#include "pages/sentence.h"

static const char *const  fates[] = {
    [CONSENT_FATE_GIVEN] = "dpv:ConsentGiven",
    [CONSENT_FATE_REFUSED] = "dpv:ConsentRefused",
    [CONSENT_FATE_WITHDRAWN] = "dpv:ConsentWithdrawn",
    [CONSENT_FATE_EXPIRED] = "dpv:ConsentExpired",
    [CONSENT_FATE_INVALIDATED] = "dpv:ConsentInvalidated"
};

static void events_one(consent_buf_t *b, const consent_receipt_t *receipt, consent_fate_t fate, consent_time_t at);
static const char *events_by(const consent_decision_t *d);
static void events_duration(consent_buf_t *b, const consent_decision_t *d, consent_fate_t fate);


void
consent_receipt_events(consent_buf_t *b, const consent_receipt_t *receipt, consent_time_t now)
{
    bool                       withdrawn, lapsed;
    size_t                     i;
    consent_fate_t             fate;
    const consent_policy_t    *policy;
    const consent_decision_t  *d;

    d = &receipt->past.decision;
    policy = receipt->past.policy;
    withdrawn = d->status == CONSENT_STATUS_WITHDRAWN;
    lapsed = false;

    for (i = 0; policy != NULL && i < policy->n_categories; i++) {
        if (policy->consent_mask >> i & 1) {
            fate = consent_receipt_fate(receipt, i, now);
            withdrawn = withdrawn || fate == CONSENT_FATE_WITHDRAWN;
            lapsed = lapsed || fate == CONSENT_FATE_INVALIDATED;
        }
    }

    consent_object_open(b, "dpv:hasConsentStatus", '[');

    if (d->granted != 0) {
        events_one(b, receipt, CONSENT_FATE_GIVEN, d->decided_at);
    }

    if (consent_sentence_ended(d)) {
        events_one(b, receipt, d->status == CONSENT_STATUS_LAPSED ? CONSENT_FATE_INVALIDATED : CONSENT_FATE_EXPIRED,
                   d->status == CONSENT_STATUS_LAPSED ? d->decided_at : d->expires_at);

    } else if (withdrawn) {
        events_one(b, receipt, CONSENT_FATE_WITHDRAWN, d->decided_at);

    } else if (d->granted == 0) {
        events_one(b, receipt, CONSENT_FATE_REFUSED, d->decided_at);
    }

    if (lapsed && d->granted != 0) {
        events_one(b, receipt, CONSENT_FATE_INVALIDATED, receipt->lapsed_at);
    }

    if (consent_receipt_expired(receipt, now)) {
        events_one(b, receipt, CONSENT_FATE_EXPIRED, d->expires_at);
    }

    consent_object_close(b, ']');
}


/* Time and terms are the controller's; all else is hers, or theirs who act for her. */
static void
events_one(consent_buf_t *b, const consent_receipt_t *receipt, consent_fate_t fate, consent_time_t at)
{
    bool                       ended;
    const consent_decision_t  *d;

    d = &receipt->past.decision;
    ended = fate == CONSENT_FATE_EXPIRED || fate == CONSENT_FATE_INVALIDATED;

    consent_object_open(b, NULL, '{');
    consent_object_open(b, "@type", '[');
    consent_object_string(b, NULL, consent_receipt_fate_name(fate));

    if (fate == CONSENT_FATE_GIVEN) {
        consent_object_string(b, NULL, consent_lit("dpv:ExpressedConsent"));
    }

    consent_object_close(b, ']');

    if (at != 0) {
        consent_object_time(b, "dpv:isIndicatedAtTime", at);
    }

    consent_object_string(b, "dpv:isIndicatedBy", consent_cstr(ended ? "dpv:DataController" : events_by(d)));

    if (!ended) {
        consent_object_string(b, "dpv:hasIndicationMethod", consent_cstr(consent_method_name(d->method)));
    }

    events_duration(b, d, fate);
    consent_object_close(b, '}');
}


static const char *
events_by(const consent_decision_t *d)
{
    switch (d->by) {
    case CONSENT_BY_GUARDIAN:
        return "dpv:GuardianOfDataSubject";
    case CONSENT_BY_REPRESENTATIVE:
        return "dpv:Representative";
    case CONSENT_BY_CLERK:
        return "dpv:DataController";
    default:
        return "dpv:DataSubject";
    }
}


static void
events_duration(consent_buf_t *b, const consent_decision_t *d, consent_fate_t fate)
{
    consent_object_open(b, "dpv:hasDuration", '{');

    if (d->scope == CONSENT_SCOPE_ONCE) {
        consent_object_string(b, "@type", consent_lit("dpv:FixedOccurrencesDuration"));
        consent_object_string(b, "rdf:value", consent_lit("1"));

    } else if (fate == CONSENT_FATE_GIVEN || fate == CONSENT_FATE_REFUSED) {
        consent_object_string(b, "@type", consent_lit("dpv:UntilTimeDuration"));
        consent_object_time(b, "rdf:value", d->expires_at);

    } else {
        consent_object_string(b, "@type", consent_lit("dpv:UntilEventDuration"));
        consent_object_string(b, "rdf:value", consent_lit("a new decision"));
    }

    consent_object_close(b, '}');
}


consent_slice_t
consent_receipt_fate_name(consent_fate_t fate)
{
    return consent_cstr(fates[fate]);
}
