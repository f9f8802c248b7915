/*
 * The log's entry for an AI answer: written behind the response, without delaying it.
 */

#include "base/json.h"
#include "nginx/response.h"
#include "nginx/store.h"

#define NGX_CONSENT_ENTRY_MAX   2048    /* bytes of its fields */
#define NGX_CONSENT_ENTRY_KEPT  512     /* bytes of fields that are kept written out */
#define NGX_CONSENT_ENTRIES     16      /* how many are kept; a power of two */

/* All that an entry is made of: words and texts of the configuration, so that equal places are equal words. */
typedef struct {
    const consent_disclosure_t  *disclosure;
    const u_char                *service;
    const char                  *kind;
    const char                  *outcome;
    size_t                       language;
    size_t                       first;         /* 0 or 1, as what follows */
    size_t                       takeover;
    size_t                       offered;
} ngx_consent_entry_of_t;

/* Most answers have the same entry as one before. Of the process; belongs to its configuration. */
typedef struct {
    ngx_consent_entry_of_t       of;
    size_t                       len;           /* 0: unused */
    u_char                       fields[NGX_CONSENT_ENTRY_KEPT];
} ngx_consent_entry_kept_t;

static void ngx_consent_response_cleanup(void *data);
static ngx_consent_entry_kept_t *ngx_consent_entry_kept(const ngx_consent_entry_of_t *of);
static void ngx_consent_entry_fields(consent_buf_t *b, const ngx_consent_entry_of_t *of, const ngx_str_t *service);


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


static void
ngx_consent_response_cleanup(void *data)
{
    u_char                     memory[NGX_CONSENT_ENTRY_MAX];
    consent_buf_t              b;
    consent_slice_t            fields;
    ngx_http_request_t        *r;
    const consent_stamp_t     *stamp;
    ngx_consent_entry_of_t     of;
    ngx_consent_response_t    *response = data;
    ngx_consent_entry_kept_t  *kept;

    const consent_disclosure_text_t  *text;

    r = response->request;
    stamp = response->stamp;

    ngx_consent_turn_end(r, response);

    of.disclosure = ngx_consent_response_says(response);

    if (!r->header_sent || of.disclosure->mode == NULL) {
        return;
    }

    of.service = response->service.data;
    of.kind = consent_kind_name(response->kind);
    of.outcome = stamp != NULL ? consent_stamp_outcome_name(stamp->outcome) : response->outcome;
    of.language = stamp != NULL ? stamp->language : response->language;
    of.first = stamp != NULL && stamp->preceded;
    of.takeover = stamp != NULL && stamp->human && ngx_strcmp(of.disclosure->mode, "none") != 0;
    of.offered = response->offered;

    if (!r->header_only && !response->ended) {
        of.outcome = "cut off";
    }

    kept = ngx_consent_entry_kept(&of);
    fields = consent_slice(kept->fields, kept->len);

    if (kept->len == 0) {
        consent_buf_init_fixed(&b, memory, sizeof(memory));
        ngx_consent_entry_fields(&b, &of, &response->service);

        if (b.rc != CONSENT_OK) {
            return;
        }

        fields = consent_buf_view(&b);

        if (fields.len <= sizeof(kept->fields)) {
            ngx_memcpy(kept->fields, fields.data, fields.len);
            kept->len = fields.len;
        }
    }

    text = &of.disclosure->in[of.language];

    (void) ngx_consent_store_shown(response->policy, "disclosure", fields, of.offered ? text->offer_text : text->notice_text,
                                   of.offered ? text->offer_hash : text->notice_hash);
    ngx_consent_count(CONSENT_COUNT_DISCLOSURES, 1);
}


/* The place of such an entry; what stood there of another is gone. */
static ngx_consent_entry_kept_t *
ngx_consent_entry_kept(const ngx_consent_entry_of_t *of)
{
    uintptr_t                  n;
    ngx_consent_entry_kept_t  *kept;

    static const ngx_cycle_t         *cycle;
    static ngx_consent_entry_kept_t   entries[NGX_CONSENT_ENTRIES];

    if (cycle != ngx_cycle) {
        ngx_memzero(entries, sizeof(entries));
        cycle = (const ngx_cycle_t *) ngx_cycle;
    }

    n = (uintptr_t) of->disclosure ^ (uintptr_t) of->service ^ (uintptr_t) of->kind ^ (uintptr_t) of->outcome
        ^ of->language;
    kept = &entries[(n ^ n >> 4 ^ n >> 8) % NGX_CONSENT_ENTRIES];

    if (ngx_memcmp(&kept->of, of, sizeof(ngx_consent_entry_of_t)) != 0) {
        kept->of = *of;
        kept->len = 0;
    }

    return kept;
}


/* Words of policy and configuration only: nothing of the request, nothing that the upstream wrote. */
static void
ngx_consent_entry_fields(consent_buf_t *b, const ngx_consent_entry_of_t *of, const ngx_str_t *service)
{
    consent_buf_str(b, "{\"kind\":\"");
    consent_buf_str(b, of->kind);
    consent_buf_str(b, "\",\"mode\":\"");
    consent_buf_str(b, of->disclosure->mode);
    consent_buf_str(b, "\",\"notice_first\":");
    consent_buf_str(b, of->first ? "true" : "false");
    consent_buf_str(b, ",\"notice_hash\":\"");
    consent_buf_hex(b, of->offered ? of->disclosure->in[of->language].offer_hash
                       : of->disclosure->in[of->language].notice_hash, CONSENT_HASH_LEN);
    consent_buf_str(b, "\",\"outcome\":\"");
    consent_buf_str(b, of->outcome);
    consent_buf_str(b, "\",\"service\":");
    consent_json_write_string(b, ngx_consent_slice(service), false);
    consent_buf_str(b, of->takeover ? ",\"takeover\":true}" : "}");
}
