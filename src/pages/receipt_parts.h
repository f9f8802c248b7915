/*
 * The two halves of a receipt's JSON-LD: the receipt, and the record in it.
 */

#ifndef CONSENT_PAGES_RECEIPT_PARTS_H
#define CONSENT_PAGES_RECEIPT_PARTS_H

#include "pages/object.h"
#include "pages/receipt.h"

typedef struct {
    const consent_page_t     *page;
    const consent_receipt_t  *receipt;
    const consent_policy_t   *policy;           /* the version it was taken under, or the one in force */
    /* from the entry; each may be empty */
    consent_slice_t           node;
    consent_slice_t           notice;           /* hash of the page she decided on; of the policy where there was none */
    consent_slice_t           language;
} consent_receipt_parts_t;

/* "dpv:hasRecordOfActivity": the consent record. receipt_record.c */
void consent_receipt_record(consent_buf_t *b, const consent_receipt_parts_t *parts);

/* Its dpv:hasConsentStatus: the decision, and how it ended. receipt_events.c */
void consent_receipt_events(consent_buf_t *b, const consent_receipt_t *receipt, consent_time_t now);

/* "dpv:ConsentGiven", ... */
consent_slice_t consent_receipt_fate_name(consent_fate_t fate);

typedef struct {
    uint8_t  memory[64];
} consent_receipt_urn_t;

/* The receipt's number as a URN (RFC 9562), with a part behind it. */
consent_slice_t consent_receipt_urn(consent_receipt_urn_t *urn, const uint8_t id[static CONSENT_ID_LEN],
    const char *part);

/* Hexadecimal, of at most 64 bytes. */
void consent_receipt_hex(consent_buf_t *b, const char *name, consent_slice_t bytes);

#endif
