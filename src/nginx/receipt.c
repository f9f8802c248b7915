/*
 * Receipts: for people, as JSON-LD, and what proves them, each by itself.
 */

#include "nginx/reading.h"


typedef enum {
    NGX_CONSENT_RECEIPT_PAGE = 0,
    NGX_CONSENT_RECEIPT_JSON,
    NGX_CONSENT_RECEIPT_PROOF,
    NGX_CONSENT_RECEIPT_ENTRY
} ngx_consent_receipt_kind_t;

static ngx_int_t ngx_consent_receipt_done(ngx_consent_reading_t *reading, ngx_consent_view_t *view);
static ngx_int_t ngx_consent_receipt_reply(ngx_consent_view_t *view, ngx_uint_t kind,
    const consent_receipt_t *receipt);


/* What cannot be hers is not there. */
ngx_int_t
ngx_consent_receipt_get(ngx_consent_view_t *view, consent_slice_t id, ngx_flag_t json)
{
    uint8_t                receipt[CONSENT_ID_LEN];
    consent_slice_t        number, part;
    ngx_consent_ctx_t     *ctx;
    ngx_consent_wanted_t   wanted;

    ctx = view->ctx;
    number = consent_slice(id.data, ngx_min(id.len, 2 * CONSENT_ID_LEN));
    part = consent_slice(id.data + number.len, id.len - number.len);

    ngx_memzero(&wanted, sizeof(ngx_consent_wanted_t));

    if (part.len == 0) {
        wanted.kind = json ? NGX_CONSENT_RECEIPT_JSON : NGX_CONSENT_RECEIPT_PAGE;

    } else if (view->json && consent_slice_eq(part, consent_lit("/proof"))) {
        wanted.kind = NGX_CONSENT_RECEIPT_PROOF;

    } else if (view->json && consent_slice_eq(part, consent_lit("/entry"))) {
        wanted.kind = NGX_CONSENT_RECEIPT_ENTRY;

    } else {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    if (!ctx->has_subject || !ngx_consent_visiting(ctx)
        || consent_hex_decode(receipt, CONSENT_ID_LEN, number) != CONSENT_OK)
    {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    wanted.receipt = receipt;
    wanted.evidence = 1;
    wanted.done = ngx_consent_receipt_done;

    return ngx_consent_read(view, &wanted);
}


static ngx_int_t
ngx_consent_receipt_done(ngx_consent_reading_t *reading, ngx_consent_view_t *view)
{
    consent_past_t     *past;
    consent_receipt_t  *receipt;

    if (reading->rc == CONSENT_NOTFOUND) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, NULL);
    }

    if (reading->rc != CONSENT_OK) {
        return ngx_consent_reply_problem(view, CONSENT_PROBLEM_UPSTREAM, "the store cannot be read");
    }

    past = ngx_consent_read_past(reading);
    receipt = past ? ngx_consent_read_receipts(reading, past) : NULL;

    if (receipt == NULL) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_consent_receipt_reply(view, reading->wanted.kind, receipt);
}


static ngx_int_t
ngx_consent_receipt_reply(ngx_consent_view_t *view, ngx_uint_t kind, const consent_receipt_t *receipt)
{
    const char     *type;
    consent_buf_t   b;

    consent_buf_init(&b, CONSENT_PAGE_MAX);

    switch (kind) {

    case NGX_CONSENT_RECEIPT_PROOF:

        if (receipt->proof.len == 0) {
            return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, "the entry is not published yet");
        }

        consent_buf_slice(&b, receipt->proof);
        type = "text/plain";
        break;

    case NGX_CONSENT_RECEIPT_ENTRY:

        if (receipt->entry.len == 0) {
            return ngx_consent_reply_problem(view, CONSENT_PROBLEM_NOT_FOUND, "the store has lost the entry");
        }

        consent_buf_slice(&b, receipt->entry);
        type = "application/json";
        break;

    case NGX_CONSENT_RECEIPT_JSON:
        consent_json_receipt(&b, &view->page, receipt);
        type = "application/ld+json";
        break;

    default:
        consent_page_receipt(&b, &view->page, receipt);
        type = "text/html";
        break;
    }

    return ngx_consent_reply(view->request, NGX_HTTP_OK, type, &b);
}
