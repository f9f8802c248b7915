/*
 * The table of a policy document's form. docs/policy.schema.json says the same to editors, and a test
 * compares the two.
 */

#include "policy/form.h"

#define STRING(f)            { .kind = CONSENT_SHAPE_STRING, .format = &consent_format_##f }
#define ENUM(v)              { .kind = CONSENT_SHAPE_ENUM, .values = v }
#define OBJECT(m)            { .kind = CONSENT_SHAPE_OBJECT, .members = m }
#define LIST(i, least, most)  { .kind = CONSENT_SHAPE_ARRAY, .items = &i, .min = least, .max = most }

static const consent_shape_t  shape_id = STRING(id);
static const consent_shape_t  shape_name = STRING(name);
static const consent_shape_t  shape_language = STRING(language);
static const consent_shape_t  shape_country = STRING(country);
static const consent_shape_t  shape_url = STRING(url);
static const consent_shape_t  shape_email = STRING(email);
static const consent_shape_t  shape_phone = STRING(phone);
static const consent_shape_t  shape_duration = STRING(duration);
static const consent_shape_t  shape_date = STRING(date);
static const consent_shape_t  shape_clock = STRING(clock);
static const consent_shape_t  shape_term = STRING(term);
static const consent_shape_t  shape_zone = STRING(zone);
static const consent_shape_t  shape_media = STRING(media);
static const consent_shape_t  shape_header = STRING(header);
static const consent_shape_t  shape_cookie = STRING(cookie);
static const consent_shape_t  shape_argument = STRING(argument);
static const consent_shape_t  shape_json = STRING(json);
static const consent_shape_t  shape_path = STRING(path);
static const consent_shape_t  shape_regex = STRING(regex);

static const consent_shape_t  shape_boolean = { .kind = CONSENT_SHAPE_BOOLEAN };
static const consent_shape_t  shape_text = { .kind = CONSENT_SHAPE_TEXT };

static const consent_shape_t  shape_languages = LIST(shape_language, 1, CONSENT_MAX_LANGUAGES);
static const consent_shape_t  shape_spoken = LIST(shape_language, 1, CONSENT_FORM_MAX_SMALL);
static const consent_shape_t  shape_names = LIST(shape_name, 1, CONSENT_FORM_MAX_SMALL);
static const consent_shape_t  shape_countries = LIST(shape_country, 1, CONSENT_FORM_MAX_SMALL);
static const consent_shape_t  shape_dates = LIST(shape_date, 0, CONSENT_FORM_MAX_LIST);
static const consent_shape_t  shape_medias = LIST(shape_media, 0, CONSENT_FORM_MAX_SMALL);
static const consent_shape_t  shape_headers = LIST(shape_header, 0, CONSENT_FORM_MAX_LIST);
static const consent_shape_t  shape_cookies = LIST(shape_cookie, 0, CONSENT_FORM_MAX_LIST);
static const consent_shape_t  shape_arguments = LIST(shape_argument, 0, CONSENT_FORM_MAX_LIST);
static const consent_shape_t  shape_jsons = LIST(shape_json, 0, CONSENT_FORM_MAX_LIST);
static const consent_shape_t  shape_paths = LIST(shape_path, 0, CONSENT_FORM_MAX_LIST);
static const consent_shape_t  shape_shares = LIST(shape_id, 0, CONSENT_MAX_CATEGORIES);


static const char *const  environments[] = { "production", "test", NULL };
static const consent_shape_t  shape_environment = ENUM(environments);

static const char *const  erasures[] = { "self", "request", NULL };
static const consent_shape_t  shape_erasure = ENUM(erasures);

static const consent_member_t  editorial[] = {
    { "name", &shape_name, true },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_editorial = OBJECT(editorial);


static const char *const  controller_types[] = {
    "public authority", "public company", "private company", "association", "other", NULL
};
static const consent_shape_t  shape_controller_type = ENUM(controller_types);

static const consent_member_t  authority[] = {
    { "name", &shape_name, true },
    { "url", &shape_url, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_authority = OBJECT(authority);

static const consent_member_t  controller[] = {
    { "name", &shape_name, true },
    { "type", &shape_controller_type, true },
    { "jurisdiction", &shape_country, true },
    { "address", &shape_name, false },
    { "email", &shape_email, false },
    { "phone", &shape_phone, false },
    { "url", &shape_url, false },
    { "authority", &shape_authority, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_controller = OBJECT(controller);


static const consent_member_t  consent[] = {
    { "valid_for", &shape_duration, false },
    { "visit_for", &shape_duration, false },
    { "privacy_notice", &shape_url, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_consent = OBJECT(consent);


static const consent_member_t  purpose[] = {
    { "type", &shape_term, true },
    { "text", &shape_text, true },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_purpose = OBJECT(purpose);

const char *const  consent_form_bases[] = {
    "consent", "legal-obligation", "public-task", "contract", "vital-interest", "legitimate-interest", NULL
};
static const consent_shape_t  shape_basis = ENUM(consent_form_bases);

const char *const  consent_form_detectors[] = { "se.personnummer", "fi.hetu", "email", "phone", "iban", "card", NULL };
static const consent_member_t  detector[] = {
    { "name", &shape_id, true },
    { "regex", &shape_regex, true },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_detector = {
    .kind = CONSENT_SHAPE_EITHER, .values = consent_form_detectors, .members = detector
};
static const consent_shape_t  shape_detectors = LIST(shape_detector, 0, CONSENT_FORM_MAX_DETECTORS);

static const consent_member_t  carriers[] = {
    { "headers", &shape_headers, false },
    { "cookies", &shape_cookies, false },
    { "args", &shape_arguments, false },
    { "fields", &shape_arguments, false },
    { "json", &shape_jsons, false },
    { "text", &shape_detectors, false },
    { "set_cookies", &shape_cookies, false },
    { "paths", &shape_paths, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_carriers = OBJECT(carriers);

static const consent_member_t  category[] = {
    { "id", &shape_id, true },
    { "title", &shape_text, true },
    { "purpose", &shape_purpose, true },
    { "data_type", &shape_term, true },
    { "legal_basis", &shape_basis, true },
    { "law", &shape_name, false },
    { "special", &shape_boolean, false },
    { "gpc", &shape_boolean, false },
    { "recipients", &shape_names, true },
    { "storage", &shape_countries, true },
    { "retention", &shape_duration, true },
    { "core_for", &shape_paths, false },
    { "carriers", &shape_carriers, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_category = OBJECT(category);
static const consent_shape_t  shape_categories = LIST(shape_category, 0, CONSENT_MAX_CATEGORIES);


static const consent_member_t  necessary[] = {
    { "cookies", &shape_cookies, false },
    { "args", &shape_arguments, false },
    { "fields", &shape_arguments, false },
    { "json", &shape_jsons, false },
    { "set_cookies", &shape_cookies, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_necessary = OBJECT(necessary);


static const consent_member_t  level[] = {
    { "id", &shape_id, true },
    { "title", &shape_text, true },
    { "service", &shape_text, true },
    { "shares", &shape_shares, true },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_level = OBJECT(level);
static const consent_shape_t  shape_levels = LIST(shape_level, 1, CONSENT_MAX_LEVELS);


static const char *const  opaques[] = { "block", "pass", NULL };
static const consent_shape_t  shape_opaque = ENUM(opaques);

static const consent_member_t  bodies[] = {
    { "opaque", &shape_opaque, false },
    { "allow", &shape_medias, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_bodies = OBJECT(bodies);


const char *const  consent_form_days[] = { "Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", NULL };
static const consent_shape_t  shape_day = ENUM(consent_form_days);
static const consent_shape_t  shape_days = LIST(shape_day, 1, 7);

static const consent_member_t  hours[] = {
    { "days", &shape_days, true },
    { "opens", &shape_clock, true },
    { "closes", &shape_clock, true },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_hours = OBJECT(hours);
static const consent_shape_t  shape_hours_list = LIST(shape_hours, 1, CONSENT_FORM_MAX_HOURS);

const char *const  consent_form_channels[] = {
    "phone", "email", "visit", "callback", "text_relay", "sign_language", "sms", "chat", NULL
};
static const consent_shape_t  shape_channel_type = ENUM(consent_form_channels);

static const consent_member_t  channel[] = {
    { "type", &shape_channel_type, true },
    { "value", &shape_name, false },
    { "languages", &shape_spoken, false },
    { "hours", &shape_hours_list, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_channel = OBJECT(channel);
static const consent_shape_t  shape_channels = LIST(shape_channel, 1, CONSENT_FORM_MAX_CHANNELS);

static const consent_member_t  topic[] = {
    { "id", &shape_id, true },
    { "title", &shape_text, true },
    { "human_only", &shape_boolean, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_topic = OBJECT(topic);
static const consent_shape_t  shape_topics = LIST(shape_topic, 0, CONSENT_FORM_MAX_SMALL);

static const consent_member_t  human_contact[] = {
    { "name", &shape_text, true },
    { "timezone", &shape_zone, false },
    { "holidays", &shape_dates, false },
    { "channels", &shape_channels, true },
    { "topics", &shape_topics, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_human_contact = OBJECT(human_contact);


static const consent_member_t  disclosure[] = {
    { "principal", &shape_name, false },
    { "notice", &shape_text, false },
    { "chat_notice", &shape_text, false },
    { "decision_notice", &shape_text, false },
    { NULL, NULL, false }
};
static const consent_shape_t  shape_disclosure = OBJECT(disclosure);


static const consent_member_t  policy[] = {
    { "$schema", &shape_name, false },
    { "id", &shape_id, true },
    { "version", &shape_id, true },
    { "environment", &shape_environment, false },
    { "languages", &shape_languages, true },
    { "controller", &shape_controller, true },
    { "consent", &shape_consent, false },
    { "categories", &shape_categories, true },
    { "necessary", &shape_necessary, false },
    { "levels", &shape_levels, true },
    { "bodies", &shape_bodies, false },
    { "erasure", &shape_erasure, false },
    { "editorial", &shape_editorial, false },
    { "human_contact", &shape_human_contact, true },
    { "disclosure", &shape_disclosure, false },
    { NULL, NULL, false }
};

const consent_shape_t  consent_policy_shape = OBJECT(policy);


const char *
consent_basis_name(consent_basis_t basis)
{
    return consent_form_bases[basis];
}


const char *
consent_channel_name(consent_channel_type_t type)
{
    return consent_form_channels[type];
}


const char *
consent_carrier_name(consent_carrier_t carrier)
{
    static const char  *names[] = {
        "header", "cookie", "argument", "form field", "JSON member", "text", "Set-Cookie", "path", "body"
    };

    return (size_t) carrier < consent_countof(names) ? names[carrier] : "unknown";
}
