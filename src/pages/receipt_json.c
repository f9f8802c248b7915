/*
 * A receipt as JSON-LD: ISO/IEC TS 27560:2023 in the terms of the W3C Data Privacy Vocabulary, with the record it is of, and
 * with what proves it. docs/receipts.md describes every member.
 *
 * The context stands in the document, so that nobody has to fetch one; it makes links of what names something. No name
 * stands twice in an object: what there is several of is an array.
 */

#include "pages/receipt_parts.h"

#define ENTRY_ARENA  (512 * 1024)

static const char  context[] =
    "{\"@version\":1.1,\"dpv\":\"https://w3id.org/dpv#\",\"pd\":\"https://w3id.org/dpv/pd#\","
    "\"loc\":\"https://w3id.org/dpv/loc#\",\"eu-gdpr\":\"https://w3id.org/dpv/legal/eu/gdpr#\","
    "\"dct\":\"http://purl.org/dc/terms/\",\"rdf\":\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\","
    "\"xsd\":\"http://www.w3.org/2001/XMLSchema#\","
    "\"dct:conformsTo\":{\"@type\":\"@id\"},\"dct:isReplacedBy\":{\"@type\":\"@id\"},"
    "\"dct:created\":{\"@type\":\"xsd:dateTime\"},"
    "\"dct:title\":{\"@container\":\"@language\"},\"dct:description\":{\"@container\":\"@language\"},"
    "\"dpv:hasJurisdiction\":{\"@type\":\"@id\"},\"dpv:hasApplicableLaw\":{\"@type\":\"@id\"},"
    "\"dpv:hasLegalBasis\":{\"@type\":\"@id\"},\"dpv:hasPersonalData\":{\"@type\":\"@id\"},"
    "\"dpv:hasConsentStatus\":{\"@type\":\"@id\"},\"dpv:hasLocation\":{\"@type\":\"@id\"},"
    "\"dpv:isIndicatedBy\":{\"@type\":\"@id\"},\"dpv:isExercisedAt\":{\"@type\":\"@id\"},"
    "\"dpv:isIndicatedAtTime\":{\"@type\":\"xsd:dateTime\"},"
    "\"receipt\":null,\"environment\":\"dct:type\",\"decision\":{\"@id\":\"dct:source\",\"@type\":\"@json\"},"
    "\"evidence\":{\"@id\":\"dct:provenance\",\"@type\":\"@json\"}}";

static void json_entry(consent_receipt_parts_t *parts, consent_arena_t *arena);
static consent_slice_t json_member(const consent_json_t *entry, const char *name);
static void json_evidence(consent_buf_t *b, const consent_receipt_t *receipt);



void
consent_json_receipt(consent_buf_t *b, const consent_page_t *page, const consent_receipt_t *receipt)
{
    consent_arena_t           *arena;
    const consent_policy_t    *policy;
    consent_receipt_urn_t      urn;
    const consent_decision_t  *d;
    consent_receipt_parts_t    parts;

    d = &receipt->past.decision;
    policy = receipt->past.policy != NULL ? receipt->past.policy : page->policy;
    arena = consent_arena_create(ENTRY_ARENA);

    if (arena == NULL) {
        b->rc = CONSENT_NOMEM;
        return;
    }

    memset(&parts, 0, sizeof(parts));
    parts.page = page;
    parts.receipt = receipt;
    parts.policy = policy;
    json_entry(&parts, arena);

    consent_object_open(b, NULL, '{');
    consent_object_raw(b, "@context", consent_lit(context));
    consent_object_string(b, "@id", consent_receipt_urn(&urn, d->receipt, ""));
    consent_object_string(b, "@type", consent_lit("dpv:ConsentReceipt"));
    consent_object_string(b, "dct:conformsTo", consent_lit("https://w3id.org/dpv/schema/dpv-27560#receipt-eu-gdpr"));
    consent_object_id(b, "dct:identifier", d->receipt);
    consent_object_id(b, "dpv:hasIdentifier", d->receipt);
    consent_object_id(b, "receipt", d->receipt);
    consent_object_time(b, "dct:created", d->decided_at);

    if (policy->controller.url.len != 0) {
        consent_object_open(b, "dct:publisher", '{');
        consent_object_string(b, "@id", policy->controller.url);
        consent_object_close(b, '}');

    } else {
        consent_object_string(b, "dct:publisher", policy->controller.name);
    }

    if (receipt->later != NULL) {
        consent_object_string(b, "dct:isReplacedBy", consent_receipt_urn(&urn, receipt->later->decision.receipt, ""));
    }

    if (policy->test) {
        consent_object_string(b, "environment", consent_lit("test"));
    }

    consent_receipt_record(b, &parts);

    consent_object_open(b, "decision", '{');
    consent_object_decision(b, &receipt->past);
    consent_object_close(b, '}');

    json_evidence(b, receipt);
    consent_object_close(b, '}');

    consent_arena_destroy(arena);
}


/* What it says of the notice; an entry that was damaged says nothing. */
static void
json_entry(consent_receipt_parts_t *parts, consent_arena_t *arena)
{
    consent_json_t        *root;
    consent_json_error_t   err;

    if (consent_json_parse(&root, arena, parts->receipt->entry, 8, &err) != CONSENT_OK) {
        return;
    }

    parts->node = json_member(root, "node");
    parts->language = json_member(root, "language");
    parts->notice = json_member(root, "notice_hash");

    if (parts->notice.len == 0) {
        parts->notice = json_member(root, "policy_hash");
    }
}


static consent_slice_t
json_member(const consent_json_t *entry, const char *name)
{
    const consent_json_t  *v;

    v = consent_json_get(entry, name);

    return v != NULL && v->type == CONSENT_JSON_STRING ? v->text : consent_slice(NULL, 0);
}


static void
json_evidence(consent_buf_t *b, const consent_receipt_t *receipt)
{
    const consent_opening_t  *opening;

    opening = &receipt->opening;

    consent_object_open(b, "evidence", '{');
    consent_object_string(b, "status", receipt->proof.len != 0 ? consent_lit("complete")
                                       : consent_receipt_waits(receipt) ? consent_lit("pending") : consent_lit("none"));

    if (receipt->index != CONSENT_RECEIPT_NO_INDEX) {
        consent_object_number(b, "index", receipt->index);

    } else {
        consent_object_null(b, "index");
    }

    if (receipt->entry.len != 0) {
        consent_object_string(b, "entry", receipt->entry);

    } else {
        consent_object_null(b, "entry");
    }

    if (opening->key.len != 0 && receipt->index != CONSENT_RECEIPT_NO_INDEX) {
        consent_object_open(b, "opening", '{');
        consent_receipt_hex(b, "key", opening->key);
        consent_receipt_hex(b, "nonce", opening->nonce);
        consent_receipt_hex(b, "subject", consent_slice(opening->subject, CONSENT_SUBJECT_LEN));
        consent_object_number(b, "time", (uint64_t) opening->time);
        consent_object_close(b, '}');

    } else {
        consent_object_null(b, "opening");
    }

    if (receipt->proof.len != 0) {
        consent_object_string(b, "proof", receipt->proof);

    } else {
        consent_object_null(b, "proof");
    }

    consent_object_close(b, '}');
}


void
consent_receipt_hex(consent_buf_t *b, const char *name, consent_slice_t bytes)
{
    uint8_t        memory[2 * 64];
    consent_buf_t  hex;

    consent_buf_init_fixed(&hex, memory, sizeof(memory));
    consent_buf_hex(&hex, bytes.data, bytes.len);
    consent_object_string(b, name, consent_buf_view(&hex));
}


/* RFC 9562: 32 hexadecimal digits in five groups. */
consent_slice_t
consent_receipt_urn(consent_receipt_urn_t *urn, const uint8_t id[static CONSENT_ID_LEN], const char *part)
{
    consent_buf_t  b;

    consent_buf_init_fixed(&b, urn->memory, sizeof(urn->memory));
    consent_buf_str(&b, "urn:uuid:");
    consent_buf_hex(&b, id, 4);
    consent_buf_char(&b, '-');
    consent_buf_hex(&b, id + 4, 2);
    consent_buf_char(&b, '-');
    consent_buf_hex(&b, id + 6, 2);
    consent_buf_char(&b, '-');
    consent_buf_hex(&b, id + 8, 2);
    consent_buf_char(&b, '-');
    consent_buf_hex(&b, id + 10, 6);
    consent_buf_str(&b, part);

    return consent_buf_view(&b);
}
