/*
 * JSON-LD with the vocabulary of schema.org: WebPage, its publisher, and the publisher's ContactPoint.
 */

#include "disclose/jsonld.h"
#include "base/json.h"

static void jsonld_contact(consent_buf_t *b, const consent_elements_conf_t *conf);
static void jsonld_languages(consent_buf_t *b, const consent_list_t *languages);
static void jsonld_hours(consent_buf_t *b, const consent_channel_t *channel);
static void jsonld_member(consent_buf_t *b, const char *name, consent_slice_t value);


/* '<', '>' and '&' are escaped in JSON's own way, so that no text ends the script and XML can read it as well. */
void
consent_jsonld_write(consent_buf_t *b, const consent_elements_conf_t *conf, const char *source)
{
    const consent_controller_t  *controller;

    controller = &conf->policy->controller;

    consent_buf_str(b, "<script type=\"application/ld+json\" data-consent=\"data\">"
                       "{\"@context\":\"https://schema.org\",\"@type\":\"WebPage\"");

    if (source != NULL) {
        jsonld_member(b, "digitalSourceType", consent_cstr(source));
    }

    consent_buf_str(b, ",\"publisher\":{\"@type\":");
    consent_buf_str(b, controller->public_authority ? "\"GovernmentOrganization\"" : "\"Organization\"");
    jsonld_member(b, "name", controller->name);

    if (controller->url.len > 0) {
        jsonld_member(b, "url", controller->url);
    }

    consent_buf_str(b, ",\"contactPoint\":");
    jsonld_contact(b, conf);
    consent_buf_str(b, "}}</script>");
}


static void
jsonld_contact(consent_buf_t *b, const consent_elements_conf_t *conf)
{
    consent_buf_t             uri;
    uint8_t                   memory[1024];
    const consent_policy_t   *policy;
    const consent_channel_t  *phone, *email, *hours;

    policy = conf->policy;
    phone = consent_contact_channel(policy, CONSENT_CHANNEL_PHONE);
    email = consent_contact_channel(policy, CONSENT_CHANNEL_EMAIL);

    consent_buf_str(b, "{\"@type\":\"ContactPoint\",\"contactType\":\"customer service\"");

    if (policy->contact_name.in[conf->language].len > 0) {
        jsonld_member(b, "name", policy->contact_name.in[conf->language]);
    }

    if (phone != NULL && phone->value.len > 0) {
        jsonld_member(b, "telephone", phone->value);
    }

    if (email != NULL && email->value.len > 0) {
        jsonld_member(b, "email", email->value);
    }

    consent_buf_init_fixed(&uri, memory, sizeof(memory));
    consent_elements_human(&uri, policy, conf->conf->base);

    if (uri.len > 0) {
        jsonld_member(b, "url", consent_buf_view(&uri));
    }

    hours = phone != NULL ? phone : email;

    if (hours != NULL && hours->languages.n > 0) {
        jsonld_languages(b, &hours->languages);
    }

    if (hours != NULL && hours->n_hours > 0) {
        jsonld_hours(b, hours);
    }

    consent_buf_char(b, '}');
}


static void
jsonld_languages(consent_buf_t *b, const consent_list_t *languages)
{
    size_t  i;

    consent_buf_str(b, ",\"availableLanguage\":[");

    for (i = 0; i < languages->n; i++) {
        if (i > 0) {
            consent_buf_char(b, ',');
        }

        consent_json_write_string(b, languages->items[i], true);
    }

    consent_buf_char(b, ']');
}


static void
jsonld_hours(consent_buf_t *b, const consent_channel_t *channel)
{
    static const char *const  days[] = {
        "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"
    };

    size_t                  i;
    bool                    first;
    unsigned                day, closes;
    const consent_hours_t  *h;

    consent_buf_str(b, ",\"hoursAvailable\":[");

    for (i = 0; i < channel->n_hours; i++) {
        h = &channel->hours[i];

        consent_buf_str(b, i > 0 ? "," : "");
        consent_buf_str(b, "{\"@type\":\"OpeningHoursSpecification\",\"dayOfWeek\":[");

        for (day = 0, first = true; day < 7; day++) {
            if (h->days >> day & 1) {
                consent_buf_printf(b, "%s\"https://schema.org/%s\"", first ? "" : ",", days[day]);
                first = false;
            }
        }

        /* schema.org's Time has no 24:00 */
        closes = h->closes >= 1440 ? 1439 : h->closes;

        consent_buf_printf(b, "],\"opens\":\"%02u:%02u\",\"closes\":\"%02u:%02u\"}", h->opens / 60U, h->opens % 60U,
                           closes / 60U, closes % 60U);
    }

    consent_buf_char(b, ']');
}


static void
jsonld_member(consent_buf_t *b, const char *name, consent_slice_t value)
{
    consent_buf_str(b, ",\"");
    consent_buf_str(b, name);
    consent_buf_str(b, "\":");
    consent_json_write_string(b, value, true);
}
