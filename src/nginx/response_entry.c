/*
 * The log's entry for an AI answer: written behind the response, without delaying it.
 */

#include "base/json.h"
#include "nginx/response.h"
#include "nginx/store.h"

#define NGX_CONSENT_ENTRY_MAX  2048     /* bytes of its fields */


static void ngx_consent_response_cleanup(void *data);


ngx_int_t
ngx_consent_response_entry(ngx_http_request_t *r, ngx_consent_response_t *response)
{
    ngx_http_cleanup_t  *cln;

    /* a response planned before this one in the same request was never sent */

    for (cln = r->cleanup; cln; cln = cln->next) {
        if (cln->handler == ngx_consent_response_cleanup) {
            cln->data = response;
            return NGX_OK;
        }
    }

    cln = ngx_http_cleanup_add(r, 0);
    if (cln == NULL) {
        return NGX_ERROR;
    }

    cln->handler = ngx_consent_response_cleanup;
    cln->data = response;

    return NGX_OK;
}


/* Words of policy and configuration only: nothing of the request, nothing that the upstream wrote. */
static void
ngx_consent_response_cleanup(void *data)
{
    bool                      first;
    u_char                    memory[NGX_CONSENT_ENTRY_MAX];
    const char               *outcome;
    consent_buf_t             b;
    ngx_http_request_t       *r;
    ngx_consent_response_t   *response = data;
    const consent_stamp_t     *stamp;

    r = response->request;
    stamp = response->stamp;

    if (!r->header_sent || response->disclosure->mode == NULL) {
        return;
    }

    first = stamp != NULL && stamp->preceded;
    outcome = stamp != NULL ? consent_stamp_outcome_name(stamp->outcome) : response->outcome;

    if (!r->header_only && !response->ended) {
        outcome = "cut off";
    }

    consent_buf_init_fixed(&b, memory, sizeof(memory));

    consent_buf_str(&b, "{\"kind\":\"");
    consent_buf_str(&b, consent_kind_name(response->kind));
    consent_buf_str(&b, "\",\"mode\":\"");
    consent_buf_str(&b, response->disclosure->mode);
    consent_buf_str(&b, "\",\"notice_first\":");
    consent_buf_str(&b, first ? "true" : "false");
    consent_buf_str(&b, ",\"notice_hash\":\"");
    consent_buf_hex(&b, response->disclosure->in[stamp != NULL ? stamp->language : response->language].notice_hash,
                    CONSENT_HASH_LEN);
    consent_buf_str(&b, "\",\"outcome\":\"");
    consent_buf_str(&b, outcome);
    consent_buf_str(&b, "\",\"service\":");
    consent_json_write_string(&b, ngx_consent_slice(&response->service), false);
    consent_buf_char(&b, '}');

    if (b.rc == CONSENT_OK) {
        (void) ngx_consent_store_entry(response->policy, "disclosure", consent_buf_view(&b));
        ngx_consent_count(CONSENT_COUNT_DISCLOSURES, 1);
    }
}
