/*
 * Erasure, as the citizen asks for it: a page that says what goes and what stays, and one that says what was done. And all
 * that is held of her, as one document.
 */

#ifndef CONSENT_PAGES_ERASE_H
#define CONSENT_PAGES_ERASE_H

#include "pages/receipt.h"

typedef enum {
    CONSENT_ERASE_ASK = 0,                      /* the confirming page, or the form of a request to a person */
    CONSENT_ERASE_DONE,
    CONSENT_ERASE_NOTHING,                      /* there is nothing */
    CONSENT_ERASE_HELD,                         /* a legal hold */
    CONSENT_ERASE_FAILED,                       /* the store did not take it */
    CONSENT_ERASE_STALE,                        /* the form's token is too old or foreign */
    CONSENT_ERASE_NOT_HERS,                     /* who acts for another does not erase the other's record */
    CONSENT_ERASE_TAKEN,                        /* the request is with a person */
    CONSENT_ERASE_UNKNOWN                       /* she asks for a request that is not there */
} consent_erase_say_t;

typedef struct {
    consent_erase_say_t            say;
    bool                           request;     /* the policy leaves it to a person */
    bool                           taken;       /* such requests are taken here */
    consent_slice_t                token;
    consent_slice_t                code;        /* eight characters; shown with errors */
    const consent_handoff_view_t  *status;      /* of a request; NULL: none */
} consent_erase_t;

void consent_page_erase(consent_buf_t *b, const consent_page_t *page, const consent_erase_t *erase);

/* All that is held of a subject under a policy: what is in force, every decision as a receipt, the texts she decided on,
 * and what was withheld lately. */
typedef struct {
    const uint8_t    *hash;                     /* CONSENT_HASH_LEN bytes */
    consent_slice_t   text;
} consent_seen_text_t;

typedef struct {
    const consent_effect_t     *effect;
    const consent_receipt_t    *receipts;       /* newest first */
    size_t                      n;
    const consent_seen_text_t  *texts;
    size_t                      n_texts;
    const consent_withheld_t   *withheld;
    size_t                      n_withheld;
    const uint8_t              *subject;        /* CONSENT_SUBJECT_LEN bytes; NULL: nothing is held */
} consent_export_t;

#define CONSENT_EXPORT_MAX  (32 * 1024 * 1024)  /* ceiling of the document, bytes */

void consent_json_export(consent_buf_t *b, const consent_page_t *page, const consent_export_t *export);

#endif
