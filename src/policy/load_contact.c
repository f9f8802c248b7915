/*
 * Reads how a person can be reached: channels, hours, holidays, topics.
 */

#include "policy/loader.h"

static void load_channel(consent_loader_t *l, consent_channel_t *channel, const consent_json_t *v);
static void load_hours(consent_loader_t *l, consent_hours_t *hours, const consent_json_t *v);


void
consent_load_contact(consent_loader_t *l)
{
    size_t                 i;
    consent_policy_t      *policy;
    const consent_json_t  *contact, *array, *v;

    policy = l->policy;
    contact = consent_json_get(l->root, "human_contact");

    consent_load_text(l, &policy->contact_name, contact, "name");
    policy->timezone = consent_load_string(contact, "timezone");
    consent_load_list(l, &policy->holidays, contact, "holidays", CONSENT_FORM_MAX_LIST);

    array = consent_json_get(contact, "channels");
    policy->channels = consent_load_elements(l, &policy->n_channels, array, CONSENT_FORM_MAX_CHANNELS,
                                             sizeof(consent_channel_t));

    for (i = 0, v = array == NULL ? NULL : array->first; i < policy->n_channels; i++, v = v->next) {
        load_channel(l, &policy->channels[i], v);
    }

    array = consent_json_get(contact, "topics");
    policy->topics = consent_load_elements(l, &policy->n_topics, array, CONSENT_FORM_MAX_SMALL,
                                           sizeof(consent_topic_t));

    for (i = 0, v = array == NULL ? NULL : array->first; i < policy->n_topics; i++, v = v->next) {
        policy->topics[i].id = consent_load_string(v, "id");
        consent_load_text(l, &policy->topics[i].title, v, "title");
        policy->topics[i].human_only = consent_load_boolean(v, "human_only", false);
    }
}


static void
load_channel(consent_loader_t *l, consent_channel_t *channel, const consent_json_t *v)
{
    int                    type;
    size_t                 i;
    const consent_json_t  *array, *hours;

    type = consent_load_word(consent_load_string(v, "type"), consent_form_channels);

    channel->type = type < 0 ? CONSENT_CHANNEL_PHONE : (consent_channel_type_t) type;
    channel->value = consent_load_string(v, "value");
    consent_load_list(l, &channel->languages, v, "languages", CONSENT_FORM_MAX_SMALL);

    array = consent_json_get(v, "hours");
    channel->hours = consent_load_elements(l, &channel->n_hours, array, CONSENT_FORM_MAX_HOURS,
                                           sizeof(consent_hours_t));

    for (i = 0, hours = array == NULL ? NULL : array->first; i < channel->n_hours; i++, hours = hours->next) {
        load_hours(l, &channel->hours[i], hours);
    }
}


static void
load_hours(consent_loader_t *l, consent_hours_t *hours, const consent_json_t *v)
{
    int             day, opens, closes;
    size_t          i;
    consent_list_t  days;

    consent_load_list(l, &days, v, "days", 7);

    for (i = 0; i < days.n; i++) {
        day = consent_load_word(days.items[i], consent_form_days);

        if (day >= 0) {
            hours->days |= (uint8_t) (1 << day);
        }
    }

    opens = consent_form_minutes(consent_load_string(v, "opens"));
    closes = consent_form_minutes(consent_load_string(v, "closes"));

    if (opens >= 0 && closes >= 0) {
        hours->opens = (uint16_t) opens;
        hours->closes = (uint16_t) closes;
    }
}
