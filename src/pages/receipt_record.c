/*
 * The consent record within a receipt: who, under which notice, with which rights, and one process for each category that
 * she decides on.
 */

#include "pages/receipt_parts.h"

static void record_identifier(consent_buf_t *b, const consent_receipt_parts_t *parts);
static void record_parties(consent_buf_t *b, const consent_controller_t *c);
static void record_notices(consent_buf_t *b, const consent_receipt_parts_t *parts);
static void record_rights(consent_buf_t *b, const consent_receipt_parts_t *parts);
static void record_right(consent_buf_t *b, const consent_page_t *page, const char *article, const char *path);
static void record_process(consent_buf_t *b, const consent_receipt_parts_t *parts, size_t i);
static void record_text(consent_buf_t *b, const char *name, const consent_policy_t *policy, const consent_text_t *text);
static void record_prefixed(consent_buf_t *b, const char *name, const char *prefix, consent_slice_t value);


void
consent_receipt_record(consent_buf_t *b, const consent_receipt_parts_t *parts)
{
    size_t                    i;
    consent_receipt_urn_t     urn;
    const consent_receipt_t  *receipt;

    receipt = parts->receipt;

    consent_object_open(b, "dpv:hasRecordOfActivity", '{');
    consent_object_string(b, "@id", consent_receipt_urn(&urn, receipt->past.decision.receipt, "#record"));
    consent_object_string(b, "@type", consent_lit("dpv:ConsentRecord"));
    consent_object_string(b, "dct:conformsTo", consent_lit("https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"));
    record_identifier(b, parts);

    consent_object_open(b, "dpv:hasDataSubject", '{');
    consent_object_string(b, "@type", consent_lit("dpv:DataSubject"));
    consent_receipt_hex(b, "dct:identifier", consent_slice(receipt->opening.subject, CONSENT_SUBJECT_LEN));
    consent_object_close(b, '}');

    record_parties(b, &parts->policy->controller);
    record_notices(b, parts);
    record_rights(b, parts);

    consent_object_open(b, "dpv:hasProcess", '[');

    for (i = 0; receipt->past.policy != NULL && i < parts->policy->n_categories; i++) {
        if (parts->policy->consent_mask >> i & 1) {
            record_process(b, parts, i);
        }
    }

    consent_object_close(b, ']');
    consent_receipt_events(b, receipt, parts->page->now);
    consent_object_close(b, '}');
}


/* The entry's place in its node's log; what has none there has no name but the receipt's own. */
static void
record_identifier(consent_buf_t *b, const consent_receipt_parts_t *parts)
{
    uint8_t        memory[512];
    consent_buf_t  id;

    if (parts->receipt->index == CONSENT_RECEIPT_NO_INDEX) {
        consent_object_id(b, "dct:identifier", parts->receipt->past.decision.receipt);
        return;
    }

    consent_buf_init_fixed(&id, memory, sizeof(memory));
    consent_buf_slice(&id, parts->node);
    consent_buf_char(&id, '/');
    consent_buf_u64(&id, parts->receipt->index);
    consent_object_string(b, "dct:identifier", consent_buf_view(&id));
}


static void
record_parties(consent_buf_t *b, const consent_controller_t *c)
{
    consent_object_open(b, "dpv:hasDataController", '{');

    if (c->url.len != 0) {
        consent_object_string(b, "@id", c->url);
    }

    consent_object_string(b, "@type", consent_lit("dpv:DataController"));
    consent_object_string(b, "dpv:hasName", c->name);

    if (c->address.len != 0) {
        consent_object_string(b, "dpv:hasAddress", c->address);
    }

    consent_object_open(b, "dpv:hasContact", '[');

    if (c->email.len != 0) {
        consent_object_string(b, NULL, c->email);
    }

    if (c->phone.len != 0) {
        consent_object_string(b, NULL, c->phone);
    }

    consent_object_close(b, ']');
    consent_object_close(b, '}');

    if (c->authority_name.len != 0) {
        consent_object_open(b, "dpv:hasAuthority", '{');

        if (c->authority_url.len != 0) {
            consent_object_string(b, "@id", c->authority_url);
        }

        consent_object_string(b, "@type", consent_lit("dpv:DataProtectionAuthority"));
        consent_object_string(b, "dpv:hasName", c->authority_name);
        consent_object_close(b, '}');
    }

    if (c->jurisdiction.len != 0) {
        record_prefixed(b, "dpv:hasJurisdiction", "loc:", c->jurisdiction);
    }

    consent_object_string(b, "dpv:hasApplicableLaw", consent_lit("eu-gdpr:GDPR"));
}


/* The page she decided on, by its hash; without a page the policy itself was the notice. */
static void
record_notices(consent_buf_t *b, const consent_receipt_parts_t *parts)
{
    consent_object_open(b, "dpv:hasNotice", '[');
    consent_object_open(b, NULL, '{');
    consent_object_string(b, "@type", consent_lit("dpv:ConsentNotice"));

    if (parts->notice.len != 0) {
        record_prefixed(b, "dct:identifier", "sha256:", parts->notice);
    }

    if (parts->language.len != 0) {
        consent_object_string(b, "dct:language", parts->language);
    }

    consent_object_close(b, '}');

    if (parts->policy->privacy_notice.len != 0) {
        consent_object_open(b, NULL, '{');
        consent_object_string(b, "@id", parts->policy->privacy_notice);
        consent_object_string(b, "@type", consent_lit("dpv:PrivacyNotice"));
        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
}


static void
record_rights(consent_buf_t *b, const consent_receipt_parts_t *parts)
{
    consent_object_open(b, "dpv:hasConsentControl", '{');
    consent_object_open(b, "@type", '[');
    consent_object_string(b, NULL, consent_lit("dpv:ProvideConsent"));
    consent_object_string(b, NULL, consent_lit("dpv:WithdrawConsent"));
    consent_object_close(b, ']');
    consent_object_page(b, "dpv:isExercisedAt", parts->page, "", "");
    consent_object_close(b, '}');

    consent_object_open(b, "dpv:hasRight", '[');
    record_right(b, parts->page, "eu-gdpr:A7-3", "");
    record_right(b, parts->page, "eu-gdpr:A15", "record");
    record_right(b, parts->page, "eu-gdpr:A17", "erase");

    if (parts->policy->controller.authority_url.len != 0) {
        consent_object_open(b, NULL, '{');
        consent_object_open(b, "@type", '[');
        consent_object_string(b, NULL, consent_lit("dpv:DataSubjectRight"));
        consent_object_string(b, NULL, consent_lit("eu-gdpr:A77"));
        consent_object_close(b, ']');
        consent_object_string(b, "dpv:isExercisedAt", parts->policy->controller.authority_url);
        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
}


static void
record_right(consent_buf_t *b, const consent_page_t *page, const char *article, const char *path)
{
    consent_object_open(b, NULL, '{');
    consent_object_open(b, "@type", '[');
    consent_object_string(b, NULL, consent_lit("dpv:DataSubjectRight"));
    consent_object_string(b, NULL, consent_cstr(article));
    consent_object_close(b, ']');
    consent_object_page(b, "dpv:isExercisedAt", page, path, "");
    consent_object_close(b, '}');
}


static void
record_process(consent_buf_t *b, const consent_receipt_parts_t *parts, size_t i)
{
    size_t                     k;
    const consent_policy_t    *policy;
    const consent_category_t  *category;

    policy = parts->policy;
    category = &policy->categories[i];

    consent_object_open(b, NULL, '{');
    consent_object_string(b, "@type", consent_lit("dpv:Process"));
    consent_object_string(b, "dct:identifier", category->id);
    record_text(b, "dct:title", policy, &category->title);

    consent_object_open(b, "dpv:hasPurpose", '{');
    consent_object_string(b, "@type", category->purpose_type.len != 0 ? category->purpose_type
                                                                      : consent_lit("dpv:Purpose"));
    record_text(b, "dct:description", policy, &category->purpose);
    consent_object_close(b, '}');

    consent_object_string(b, "dpv:hasLegalBasis", category->special ? consent_lit("eu-gdpr:A9-2-a")
                                                                    : consent_lit("eu-gdpr:A6-1-a"));

    consent_object_open(b, "dpv:hasPersonalData", '[');
    consent_object_string(b, NULL, category->data_type.len != 0 ? category->data_type
                                                                : consent_lit("dpv:PersonalData"));

    if (category->special) {
        consent_object_string(b, NULL, consent_lit("dpv:SpecialCategoryPersonalData"));
    }

    consent_object_close(b, ']');
    consent_object_open(b, "dpv:hasRecipient", '[');

    for (k = 0; k < category->recipients.n; k++) {
        consent_object_open(b, NULL, '{');
        consent_object_string(b, "@type", consent_lit("dpv:Recipient"));
        consent_object_string(b, "dpv:hasName", category->recipients.items[k]);
        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
    consent_object_open(b, "dpv:hasStorageCondition", '[');
    consent_object_open(b, NULL, '{');
    consent_object_string(b, "@type", consent_lit("dpv:StorageLocation"));
    consent_object_open(b, "dpv:hasLocation", '[');

    for (k = 0; k < category->storage.n; k++) {
        record_prefixed(b, NULL, "loc:", category->storage.items[k]);
    }

    consent_object_close(b, ']');
    consent_object_close(b, '}');
    consent_object_open(b, NULL, '{');
    consent_object_string(b, "@type", consent_lit("dpv:StorageDuration"));
    consent_object_string(b, "dpv:hasDuration", category->retention);
    consent_object_close(b, '}');
    consent_object_close(b, ']');

    consent_object_string(b, "dpv:hasConsentStatus",
                          consent_receipt_fate_name(consent_receipt_fate(parts->receipt, i, parts->page->now)));
    consent_object_close(b, '}');
}


/* In all languages of the version it was taken under. */
static void
record_text(consent_buf_t *b, const char *name, const consent_policy_t *policy, const consent_text_t *text)
{
    size_t  i;

    consent_object_open(b, name, '{');

    for (i = 0; i < policy->n_languages; i++) {
        consent_json_write_string(b, policy->languages[i], true);
        consent_buf_char(b, ':');
        consent_json_write_string(b, text->in[i], true);

        if (i + 1 < policy->n_languages) {
            consent_buf_char(b, ',');
        }
    }

    consent_object_close(b, '}');
}


static void
record_prefixed(consent_buf_t *b, const char *name, const char *prefix, consent_slice_t value)
{
    uint8_t        memory[256];
    consent_buf_t  iri;

    consent_buf_init_fixed(&iri, memory, sizeof(memory));
    consent_buf_str(&iri, prefix);
    consent_buf_slice(&iri, value);
    consent_object_string(b, name, iri.rc == CONSENT_OK ? consent_buf_view(&iri) : value);
}
