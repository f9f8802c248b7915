/*
 * Whether people can be reached as the policy says: values of channels, hours, time zone, topics.
 */

#include "policy/loader.h"

static void check_channel(const consent_loader_t *l, const consent_json_t *v);
static const char *check_value(consent_channel_type_t type, consent_slice_t value);
static void check_hours(const consent_loader_t *l, const consent_channel_t *channel, const consent_json_t *array);
static void check_zone(consent_loader_t *l, const consent_json_t *contact);


void
consent_check_contact(consent_loader_t *l)
{
    int                      type;
    bool                     reachable;
    size_t                   i;
    const consent_json_t    *contact, *array, *v;
    const consent_policy_t  *policy;

    policy = l->policy;
    contact = consent_json_get(l->root, "human_contact");
    array = consent_json_get(contact, "channels");
    reachable = policy->n_channels == 0;

    for (i = 0, v = array == NULL ? NULL : array->first; i < policy->n_channels; i++, v = v->next) {
        check_channel(l, v);
        check_hours(l, &policy->channels[i], consent_json_get(v, "hours"));

        type = consent_load_word(consent_load_string(v, "type"), consent_form_channels);
        reachable |= type == CONSENT_CHANNEL_PHONE || type == CONSENT_CHANNEL_VISIT || type == CONSENT_CHANNEL_SMS
                     || type == CONSENT_CHANNEL_TEXT_RELAY;
    }

    if (!reachable) {
        consent_fault_warn(l->faults, array, "nobody can be reached without a computer: a phone or a visiting "
                           "address helps");
    }

    check_zone(l, contact);
    consent_check_ids(l, consent_json_get(contact, "topics"), CONSENT_FORM_MAX_SMALL, "topic");
}


static void
check_channel(const consent_loader_t *l, const consent_json_t *v)
{
    int                    type;
    const char            *wrong;
    const consent_json_t  *value;

    type = consent_load_word(consent_load_string(v, "type"), consent_form_channels);
    value = consent_json_get(v, "value");

    if (type < 0) {
        return;
    }

    if (type == CONSENT_CHANNEL_CALLBACK) {
        if (value != NULL) {
            consent_fault_warn(l->faults, value, "a call-back needs no value: it is asked for on a page of ours");
        }

        return;
    }

    if (value == NULL) {
        consent_fault_at(l->faults, v, "\"value\" is missing: the number or address of the %s channel",
                         consent_form_channels[type]);
        return;
    }

    if (value->type != CONSENT_JSON_STRING || consent_format_name.check(value->text) != NULL) {
        return;
    }

    wrong = check_value((consent_channel_type_t) type, value->text);

    if (wrong != NULL) {
        consent_fault_at(l->faults, value, "\"%s\" %s", consent_quote(value->text).text, wrong);
    }
}


static const char *
check_value(consent_channel_type_t type, consent_slice_t value)
{
    switch (type) {

    case CONSENT_CHANNEL_PHONE:
    case CONSENT_CHANNEL_SMS:
        return consent_format_phone.check(value);

    case CONSENT_CHANNEL_EMAIL:
        return consent_format_email.check(value);

    case CONSENT_CHANNEL_CHAT:
        return consent_format_url.check(value);

    case CONSENT_CHANNEL_TEXT_RELAY:
    case CONSENT_CHANNEL_SIGN_LANGUAGE:
        return consent_format_phone.check(value) != NULL && consent_format_url.check(value) != NULL
               && consent_format_email.check(value) != NULL
               ? "must be a telephone number, an https:// address or an e-mail address" : NULL;

    case CONSENT_CHANNEL_VISIT:
    case CONSENT_CHANNEL_CALLBACK:
        break;
    }

    return NULL;
}


static void
check_hours(const consent_loader_t *l, const consent_channel_t *channel, const consent_json_t *array)
{
    int                     opens, closes;
    size_t                  i, k;
    const consent_hours_t  *one, *two;
    const consent_json_t   *v;

    for (i = 0, v = array == NULL ? NULL : array->first; i < channel->n_hours; i++, v = v->next) {
        opens = consent_form_minutes(consent_load_string(v, "opens"));
        closes = consent_form_minutes(consent_load_string(v, "closes"));

        if (opens < 0 || closes < 0) {
            continue;
        }

        if (opens >= closes) {
            consent_fault_at(l->faults, consent_json_get(v, "closes"), "must be later than \"opens\"; hours "
                             "that go on after midnight are two, the first until 24:00");
            continue;
        }

        one = &channel->hours[i];

        for (k = 0; k < i; k++) {
            two = &channel->hours[k];

            if ((one->days & two->days) && one->opens < two->closes && two->opens < one->closes) {
                consent_fault_warn(l->faults, v, "these hours overlap with earlier ones of the same day");
                break;
            }
        }
    }
}


/* The zone is loaded here, so that an unknown name has its place in the document. */
static void
check_zone(consent_loader_t *l, const consent_json_t *contact)
{
    bool                     needed;
    size_t                   i;
    consent_rc_t             rc;
    consent_policy_t        *policy;
    const consent_json_t    *v;

    policy = l->policy;
    v = consent_json_get(contact, "timezone");

    if (v == NULL) {
        needed = policy->holidays.n > 0;

        for (i = 0; i < policy->n_channels; i++) {
            needed |= policy->channels[i].n_hours > 0;
        }

        if (needed) {
            consent_fault_at(l->faults, contact, "\"timezone\" is missing: hours and holidays are told by it");
        }

        return;
    }

    if (v->type != CONSENT_JSON_STRING || consent_format_zone.check(v->text) != NULL) {
        return;
    }

    rc = consent_zone_load(&policy->zone, policy->arena, v->text);

    if (rc == CONSENT_NOMEM) {
        l->failed = true;

    } else if (rc != CONSENT_OK) {
        consent_fault_at(l->faults, v, "the time zone \"%s\" is not known on this machine (package tzdata)",
                         consent_quote(v->text).text);
    }
}
