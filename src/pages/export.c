/*
 * All that is held of a citizen, as one document for her to take along.
 */

#include "pages/erase.h"
#include "pages/object.h"

static void export_history(consent_buf_t *b, const consent_export_t *export);
static void export_withheld(consent_buf_t *b, const consent_page_t *page, const consent_export_t *export);
static void export_texts(consent_buf_t *b, const consent_export_t *export);


void
consent_json_export(consent_buf_t *b, const consent_page_t *page, const consent_export_t *export)
{
    size_t  i;

    consent_object_open(b, NULL, '{');
    consent_object_string(b, "policy", page->policy->id);
    consent_object_string(b, "controller", page->policy->controller.name);

    if (page->policy->test) {
        consent_object_string(b, "environment", consent_lit("test"));
    }

    if (export->subject != NULL) {
        consent_object_id(b, "subject", export->subject);

    } else {
        consent_object_null(b, "subject");
    }

    consent_object_name(b, "state");
    consent_json_state(b, page->policy, export->effect);
    export_history(b, export);

    consent_object_open(b, "receipts", '[');

    for (i = 0; i < export->n; i++) {
        consent_json_receipt(b, page, &export->receipts[i]);
    }

    consent_object_close(b, ']');
    export_withheld(b, page, export);
    export_texts(b, export);
    consent_object_close(b, '}');
}


static void
export_history(consent_buf_t *b, const consent_export_t *export)
{
    size_t  i;

    consent_object_open(b, "history", '[');

    for (i = 0; i < export->n; i++) {
        consent_object_open(b, NULL, '{');
        consent_object_decision(b, &export->receipts[i].past);
        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
}


/* Kinds, never values: those are nowhere. */
static void
export_withheld(consent_buf_t *b, const consent_page_t *page, const consent_export_t *export)
{
    size_t  i;

    consent_object_open(b, "withheld", '[');

    for (i = 0; i < export->n_withheld; i++) {
        consent_object_open(b, NULL, '{');
        consent_object_time(b, "at", export->withheld[i].at);
        consent_object_string(b, "service", export->withheld[i].location);
        consent_object_categories(b, "categories", page->policy, export->withheld[i].categories);
        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
}


/* The pages she decided on, by the hash that entries and receipts name. */
static void
export_texts(consent_buf_t *b, const consent_export_t *export)
{
    size_t  i;

    consent_object_open(b, "texts", '[');

    for (i = 0; i < export->n_texts; i++) {
        consent_object_open(b, NULL, '{');
        consent_object_name(b, "hash");
        consent_buf_char(b, '"');
        consent_buf_hex(b, export->texts[i].hash, CONSENT_HASH_LEN);
        consent_buf_char(b, '"');
        consent_object_string(b, "text", export->texts[i].text);
        consent_object_close(b, '}');
    }

    consent_object_close(b, ']');
}
