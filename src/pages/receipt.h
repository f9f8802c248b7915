/*
 * A receipt: a decision of the past, what came before and after it, and what proves it.
 */

#ifndef CONSENT_PAGES_RECEIPT_H
#define CONSENT_PAGES_RECEIPT_H

#include "pages/pages.h"

#define CONSENT_RECEIPT_NO_INDEX  UINT64_MAX

/* What opens an entry's commitment. */
typedef struct {
    const uint8_t   *subject;               /* CONSENT_SUBJECT_LEN bytes */
    consent_slice_t  key;                   /* the subject's own; empty: the store has lost it */
    consent_slice_t  nonce;
    consent_time_t   time;                  /* exact */
} consent_opening_t;

typedef struct {
    consent_past_t         past;
    const consent_past_t  *before;          /* what was in force when it was taken, or NULL: nothing */
    const consent_past_t  *later;           /* what replaced it, or NULL: nothing did */
    consent_mask_t         lapsed;          /* categories of past.policy that a later version has widened */
    consent_time_t         lapsed_at;       /* when that version came into force; 0: not known */

    uint64_t               index;           /* of its entry in the log; CONSENT_RECEIPT_NO_INDEX: the log has none */
    consent_slice_t        entry;           /* its exact bytes; empty: they are not here (any more) */
    consent_slice_t        proof;           /* its tlog-proof; empty: not published yet, if there is an entry */
    consent_opening_t      opening;
} consent_receipt_t;

/* What became of a category that she decides on, and of the decision. */
typedef enum {
    CONSENT_FATE_GIVEN = 0,
    CONSENT_FATE_REFUSED,
    CONSENT_FATE_WITHDRAWN,                 /* it was granted before */
    CONSENT_FATE_EXPIRED,                   /* its time was over before anything replaced it */
    CONSENT_FATE_INVALIDATED                /* lapsed: its meaning was widened later */
} consent_fate_t;

/* past.policy must be known, and i be one of its categories. */
consent_fate_t consent_receipt_fate(const consent_receipt_t *receipt, size_t i, consent_time_t now);

/* Its proof comes when the log is published; else it is there, or none comes. */
bool consent_receipt_waits(const consent_receipt_t *receipt);

/* It granted something, and its time was over before anything replaced it. */
bool consent_receipt_expired(const consent_receipt_t *receipt, consent_time_t now);

/* For people, and as JSON-LD (docs/receipts.md). */
void consent_page_receipt(consent_buf_t *b, const consent_page_t *page, const consent_receipt_t *receipt);
void consent_json_receipt(consent_buf_t *b, const consent_page_t *page, const consent_receipt_t *receipt);

#endif
