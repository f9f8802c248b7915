/*
 * Reading a citizen's own record on the thread pool: her decisions with what proves them, and what was withheld lately.
 */

#ifndef NGX_CONSENT_READING_H
#define NGX_CONSENT_READING_H

#include "ledger/own.h"
#include "nginx/handler.h"
#include "pages/erase.h"

#define NGX_CONSENT_PAST      50                /* decisions on the page */
#define NGX_CONSENT_WITHHELD  50

/* A decision as it was read; entry and proof are the reading's memory. */
typedef struct {
    consent_own_t            own;
    consent_slice_t           proof;
} ngx_consent_own_t;

typedef struct ngx_consent_reading_s  ngx_consent_reading_t;

typedef ngx_int_t (*ngx_consent_read_pt)(ngx_consent_reading_t *reading, ngx_consent_view_t *view);

/* What of all that is wanted. */
typedef struct {
    size_t                    max;              /* decisions at most; 0: CONSENT_HISTORY_MAX */
    const uint8_t            *receipt;          /* only this one, with what came before and after; NULL: all */
    unsigned                  evidence:1;       /* entries, proofs and what opens them */
    unsigned                  texts:1;          /* that she decided on */
    unsigned                  lately:1;         /* what was withheld */
    void                    (*write)(ngx_consent_reading_t *reading);   /* in the thread, of what was read; NULL: nothing */
    ngx_consent_read_pt       done;
    ngx_uint_t                kind;             /* done's own */
} ngx_consent_wanted_t;

struct ngx_consent_reading_s {
    ngx_consent_job_t         job;              /* first */
    ngx_consent_wanted_t      wanted;
    consent_ledger_t         *ledger;
    consent_recent_t         *recent;
    uint8_t                   subject[CONSENT_SUBJECT_LEN];     /* out: under which it was found */
    uint8_t                   former[CONSENT_SUBJECT_LEN];
    uint8_t                   receipt[CONSENT_ID_LEN];
    uint64_t                  id_key;
    uint64_t                  tag;
    consent_time_t            since;
    u_char                    unique[sizeof("policy:") + 2 * CONSENT_HASH_LEN];     /* of the version in force */
    ngx_consent_policy_t     *policy;
    consent_page_t            page;             /* policy and time; its texts are the request's, and not for the thread */
    consent_effect_t          effect;

    /* out */
    consent_rc_t              rc;               /* CONSENT_NOTFOUND: no such receipt */
    ngx_consent_own_t       *own;             /* newest first */
    size_t                    n;
    size_t                    at;               /* the receipt's place in them */
    unsigned                  more:1;           /* there are older ones */
    unsigned                  has_former:1;     /* the store may know her by that one still */
    unsigned                  failed:1;         /* out of memory */
    consent_arena_t          *arena;            /* of entries, proofs and texts */
    consent_time_t            in_force;         /* when that version came into force; 0: not known */
    consent_seen_text_t      *texts;
    size_t                    n_texts;
    consent_recent_event_t    events[NGX_CONSENT_WITHHELD];
    size_t                    n_events;
    consent_buf_t             document;         /* that wanted.write has written */
};

/* May she be shown what was? Who is logged in may; else while her visit lasts, so that the next user of a shared device
 * does not. */
ngx_flag_t ngx_consent_visiting(ngx_consent_ctx_t *ctx);

/* Reads, and calls wanted->done in the event loop. Returns what a content handler returns. */
ngx_int_t ngx_consent_read(ngx_consent_view_t *view, const ngx_consent_wanted_t *wanted);

/* A reading without a past: what a request goes on with that has none. NGX_ERROR: out of memory. */
ngx_int_t ngx_consent_read_nothing(ngx_consent_reading_t *reading, ngx_consent_view_t *view,
    const ngx_consent_wanted_t *wanted);
void ngx_consent_read_end(ngx_consent_reading_t *reading);

/* What was read, in the words of the versions it was decided under; from any thread, of the reading's memory. NULL: out of
 * memory. */
consent_past_t *ngx_consent_read_past(ngx_consent_reading_t *reading);
/* past: of the above. Of all that was read, or, with wanted.receipt, the one. */
consent_receipt_t *ngx_consent_read_receipts(ngx_consent_reading_t *reading, const consent_past_t *past);
consent_withheld_t *ngx_consent_read_withheld(ngx_consent_reading_t *reading);

#endif
