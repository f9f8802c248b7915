/*
 * What the files of the shell share: configuration, the context of a request, and who offers what to whom.
 */

#ifndef NGX_CONSENT_MODULE_H
#define NGX_CONSENT_MODULE_H

#include <ngx_config.h>
#include <ngx_core.h>
#include <ngx_http.h>
#include <ngx_thread_pool.h>

#include "disclose/disclose.h"
#include "identity/assertion.h"
#include "identity/cookie.h"
#include "identity/keys.h"
#include "ledger/ledger.h"
#include "ledger/note.h"
#include "ledger/recent.h"
#include "minimize/detect.h"
#include "minimize/minimize.h"
#include "minimize/topic.h"
#include "pages/pages.h"
#include "policy/decision.h"
#include "policy/policy.h"

#define NGX_CONSENT_VERSION   "0.1.0"
#define NGX_CONSENT_CODE_LEN  8             /* of a request's id: what a refusal shows */
#define NGX_CONSENT_AI_KINDS  5             /* consent_ai_kind_t */

extern ngx_module_t  ngx_consent_module;


/* ---- configuration ---- */

/* Where a directive was written, for faults found after parsing. */
typedef struct {
    ngx_str_t                 file;
    ngx_uint_t                line;         /* 0: not written */
} ngx_consent_place_t;

/* An earlier version of a policy that decisions may refer to; owned by the process. */
typedef struct {
    uint64_t                  key;
    consent_policy_t         *policy;
} ngx_consent_earlier_t;

/* A policy file, loaded once however many servers name it. */
typedef struct {
    ngx_str_t                 file;         /* full path */
    time_t                    modified;     /* when the file was written */
    consent_policy_t         *policy;
    consent_detectors_t      *detectors;    /* of its text carriers; NULL: it has none */
    consent_entry_policy_t    entry;

    /* of the process: `set` always holds the policy in force; earlier versions come from the store when it
     * opens */
    consent_policy_set_t      set;
    consent_translation_t    *translations;
    ngx_consent_earlier_t    *earlier;      /* sorted by key, as set.earlier */
    ngx_uint_t                n_earlier;
    uint64_t                  unreadable;   /* key of a version in the store that was tried and could not be; 0: none */
    unsigned                  cleaned:1;    /* by the configuration's pool, when it goes */
} ngx_consent_policy_t;

/* What is said of one kind of location, shared by those that are alike. */
typedef struct {
    ngx_consent_policy_t     *policy;
    consent_disclose_conf_t   conf;
    consent_disclosure_t     *disclosure;
} ngx_consent_built_t;

/* One location or server of the configuration, as the `config` entry, the AI page and the checks see it. */
typedef struct {
    ngx_http_core_srv_conf_t  *server;
    ngx_http_core_loc_conf_t  *core;
    struct ngx_consent_loc_conf_s  *conf;
    ngx_consent_policy_t      *policy;      /* NULL: none */
    struct ngx_consent_pages_s  *pages;     /* of its server; NULL: none */
    unsigned                   outer:1;     /* the server itself */
} ngx_consent_location_t;

/* A key that the configuration before this one had. */
typedef struct {
    const char               *use;          /* "cookie", "pseudonym", "log" */
    char                      kid[CONSENT_KID_LEN + 1];
} ngx_consent_retired_t;

typedef struct {
    ngx_str_t                 store;        /* directory, full path; empty: none */
    size_t                    store_size;
    ngx_consent_place_t       store_place;
    ngx_str_t                 keys_path;
    consent_keys_t           *keys;         /* NULL: none */
    ngx_str_t                 signed_path;  /* directory beside them: what the log's key last signed; empty: none */
    ngx_fd_t                  signed_dir;   /* open, of the process */
    ngx_msec_t                log_interval;
    struct ngx_consent_cluster_conf_s  *cluster;    /* NULL: none */
    ngx_array_t               witnesses;    /* consent_note_key_t */
    ngx_array_t               witness_uris; /* ngx_str_t, of each; empty: it comes by itself */
    ngx_http_conf_ctx_t      *witness_conf; /* of the server that has them */
    ngx_array_t              *retired;      /* ngx_consent_retired_t; NULL: none */
    ngx_array_t               policies;     /* ngx_consent_policy_t * */
    ngx_array_t               locations;    /* ngx_consent_location_t */
    ngx_array_t               outlets;      /* ngx_consent_outlet_t: where the portal is told */
    ngx_array_t               disclosures;  /* ngx_consent_built_t */
    consent_arena_t          *arena;        /* what disclosures are made of */
    ngx_shm_zone_t           *zone;
    ngx_thread_pool_t        *threads;      /* "default" */
    ngx_flag_t                fresh;        /* nginx starts; no reload, no upgrade of the binary */
    uint32_t                  realms;       /* key sets of consent_identity, from 1; 0 is our own */
    ngx_flag_t                used;         /* any location has consent on or report */
} ngx_consent_main_conf_t;

typedef struct ngx_consent_pages_s  ngx_consent_pages_t;

typedef struct {
    ngx_consent_policy_t     *policy;       /* NULL: none */
    ngx_consent_place_t       policy_place;
    ngx_consent_pages_t      *pages;        /* of this server, the first; NULL: none */
    unsigned                  withholds:1;  /* consent is on somewhere in it, now or at a time to come */
} ngx_consent_srv_conf_t;

typedef enum {
    NGX_CONSENT_OFF = 0,
    NGX_CONSENT_ON,
    NGX_CONSENT_REPORT
} ngx_consent_mode_t;

#define NGX_CONSENT_BODY_LIMIT  (10 * 1024 * 1024)   /* consent_body_limit, where none is given */

/* consent_form: a browser's form with what may not pass */
typedef enum {
    NGX_CONSENT_FORM_ASK = 0,
    NGX_CONSENT_FORM_REMOVE
} ngx_consent_forms_t;

/* consent_unknown: names that the policy does not know */
typedef enum {
    NGX_CONSENT_UNKNOWN_PASS = 0,
    NGX_CONSENT_UNKNOWN_REPORT,
    NGX_CONSENT_UNKNOWN_REMOVE,
    NGX_CONSENT_UNKNOWN_REFUSE
} ngx_consent_unknown_t;

typedef enum {
    NGX_CONSENT_IDENTITY_COOKIE = 0,
    NGX_CONSENT_IDENTITY_HEADER,
    NGX_CONSENT_IDENTITY_VARIABLE
} ngx_consent_identity_source_t;

/* Claims beside the name: for whom somebody acts, and who is to be treated with more care. */
typedef enum {
    NGX_CONSENT_CLAIM_ACTING = 0,
    NGX_CONSENT_CLAIM_MINOR,
    NGX_CONSENT_CLAIM_PROTECTED,
    NGX_CONSENT_CLAIMS
} ngx_consent_claim_t;

/* consent_identity: who is logged in */
typedef struct {
    ngx_consent_identity_source_t  source;
    ngx_str_t                 name;         /* of the cookie; of the header in lower case */
    ngx_int_t                 variable;     /* index, for subject= */
    ngx_str_t                 variable_name;
    consent_jwt_key_t       **keys;
    size_t                    n_keys;
    consent_alg_t             alg;
    consent_slice_t           issuer;
    consent_slice_t           audience;     /* empty: not checked */
    consent_slice_t           claim;        /* "sub" */
    ngx_str_t                 claims[NGX_CONSENT_CLAIMS];   /* names of claims, or of variables; empty: none */
    ngx_int_t                 indexes[NGX_CONSENT_CLAIMS];  /* of those variables */
    uint32_t                  realm;        /* of the token cache */
} ngx_consent_identity_t;

/* consent_assertion: the signed statement to the upstream */
typedef struct {
    consent_jwt_key_t        *key;
    consent_alg_t             alg;
    consent_assertion_conf_t  conf;
    consent_assertions_t     *cache;        /* of the process; made at first use */
} ngx_consent_assertion_t;

/* Where in a request something stands: consent_topic, consent_conversation. */
typedef enum {
    NGX_CONSENT_SOURCE_VARIABLE = 0,
    NGX_CONSENT_SOURCE_ARG,
    NGX_CONSENT_SOURCE_HEADER,
    NGX_CONSENT_SOURCE_FIELD,
    NGX_CONSENT_SOURCE_JSON
} ngx_consent_source_type_t;

typedef struct {
    ngx_consent_source_type_t  type;
    ngx_str_t                 name;         /* of a variable with its '$'; of JSON the path */
    ngx_http_complex_value_t *value;        /* of a variable */
    consent_topic_path_t     *path;         /* of JSON */
} ngx_consent_source_t;

/* allow= and if= of what is denied to everybody else */
typedef struct {
    ngx_array_t              *allow;        /* ngx_cidr_t; NULL: none */
    ngx_http_complex_value_t *condition;    /* NULL: none */
} ngx_consent_access_t;

/* consent_log of one location */
typedef struct {
    ngx_str_t                 base;         /* the location's path, with '/' at its end */
    ngx_consent_place_t       place;
    ngx_consent_access_t      access;
    ngx_str_t                 role;         /* who reads, in `audit` entries: words of the configuration */
} ngx_consent_log_conf_t;

typedef struct ngx_consent_loc_conf_s {
    ngx_uint_t                mode;         /* ngx_consent_mode_t; ask ngx_consent_mode() */
    time_t                    until;        /* when report or off ends and on begins; 0: never */
    ngx_consent_place_t       mode_place;
    ngx_uint_t                unknown;      /* ngx_consent_unknown_t */
    ngx_str_t                 require;      /* level id; empty: none */
    ngx_int_t                 required;     /* its index, -1: none */
    ngx_consent_place_t       require_place;
    ngx_flag_t                sensitive;
    ngx_flag_t                core;
    ngx_consent_place_t       core_place;
    ngx_consent_identity_t   *identity;     /* NULL: the consent cookie alone */
    ngx_consent_assertion_t  *assertion;    /* NULL: none */
    size_t                    body_limit;
    ngx_flag_t                restore;      /* masks of a request become values again in its answer */
    ngx_uint_t                form;         /* ngx_consent_forms_t */

    ngx_uint_t                ai;           /* consent_ai_kind_t, without a variable */
    ngx_http_complex_value_t *ai_value;     /* consent_ai $variable: on, chat, decision; all else is off */
    consent_mode_t            ai_mode;      /* when given, else that of the kind */
    unsigned                  ai_mode_given:1;
    unsigned                  ai_trust:1;   /* its own word that no machine wrote something counts */
    ngx_str_t                 ai_model;
    ngx_str_t                 ai_provider;
    ngx_consent_place_t       ai_place;
    ngx_uint_t                ai_block;     /* 1: consent_ai_unmarkable block */
    ngx_uint_t                contact_end;  /* 1: consent_contact end */
    /* what pages and headers say, by consent_ai_kind_t; NULL where that kind cannot occur. Of
     * CONSENT_AI_OFF: contact and Link alone. All NULL where the server has no policy or no pages, or
     * consent is off. */
    consent_disclosure_t     *disclosure[NGX_CONSENT_AI_KINDS];

    /* the same by what an upstream says of itself and is believed, by consent_mode_t; NULL: it is not */
    consent_disclosure_t     *claimed[CONSENT_MODE_UNKNOWN];

    uint64_t                  tag[NGX_CONSENT_AI_KINDS];    /* of what pages say; 0: not yet known */

    ngx_array_t              *topic;        /* ngx_consent_source_t: where a request says what it is about; NULL: nowhere */
    ngx_consent_place_t       topic_place;
    ngx_str_t                 human_route;  /* named location with its '@'; empty: our own page */
    ngx_consent_place_t       route_place;
    ngx_consent_source_t     *conversation; /* NULL: turns are not counted */

    ngx_str_t                 handoff_pass; /* URI; empty: none */
    ngx_str_t                 event_pass;
    ngx_consent_pages_t      *pages;        /* this location's own consent_pages; not inherited */
    ngx_consent_access_t     *metrics;      /* consent_metrics; not inherited */
    ngx_consent_log_conf_t   *log;          /* consent_log; not inherited */
    unsigned                  listed:1;     /* stands in main conf's locations */
} ngx_consent_loc_conf_t;

/* consent_pages of one location */
struct ngx_consent_pages_s {
    ngx_str_t                 base;         /* the location's path, with '/' at its end */
    ngx_consent_place_t       place;
    ngx_str_t                 shell_file;
    ngx_array_t              *assets;       /* consent_asset_t: the operator's own, before ours; NULL: none */
    consent_shell_t           shell;
    unsigned                  has_shell:1;
    unsigned                  callback:1;   /* requests to be contacted are taken, and handed over */
    unsigned                  handoffs:1;   /* what is for a person is handed over */
    ngx_consent_policy_t     *policy;
    /* the choice page without anything of a request, by language: what decisions' notice_hash stands for */
    struct {
        consent_buf_t         text;
        uint8_t               hash[CONSENT_HASH_LEN];
    }                         notice[CONSENT_MAX_LANGUAGES];
};

#define ngx_consent_main_conf(r)                                              \
    ((ngx_consent_main_conf_t *) ngx_http_get_module_main_conf(r, ngx_consent_module))
#define ngx_consent_srv_conf(r)                                               \
    ((ngx_consent_srv_conf_t *) ngx_http_get_module_srv_conf(r, ngx_consent_module))
#define ngx_consent_loc_conf(r)                                               \
    ((ngx_consent_loc_conf_t *) ngx_http_get_module_loc_conf(r, ngx_consent_module))

/* on, report or off at this moment. */
static ngx_inline ngx_consent_mode_t
ngx_consent_mode(const ngx_consent_loc_conf_t *lcf)
{
    if (lcf->until && ngx_time() >= lcf->until) {
        return NGX_CONSENT_ON;
    }

    return (ngx_consent_mode_t) lcf->mode;
}

/* The location is answered by a handler of ours: there is no upstream, and nothing of a citizen's to withhold from it. */
static ngx_inline ngx_flag_t
ngx_consent_is_ours(const ngx_consent_loc_conf_t *lcf)
{
    return lcf->pages != NULL || lcf->metrics != NULL || lcf->log != NULL;
}

static ngx_inline consent_slice_t
ngx_consent_slice(const ngx_str_t *s)
{
    return consent_slice(s->data, s->len);
}

/* Milliseconds since the epoch, from nginx's cached time. */
static ngx_inline consent_time_t
ngx_consent_now(void)
{
    ngx_time_t  *tp = ngx_timeofday();

    return (consent_time_t) tp->sec * 1000 + (consent_time_t) tp->msec;
}


/* ---- the context of a request ---- */

/* Made in the first phase of ours and kept through internal redirects; subrequests use their main
 * request's. It keeps the policy that the request began with. */
typedef struct {
    ngx_consent_policy_t     *policy;
    uint8_t                   id[CONSENT_ID_LEN];           /* of the request, random */
    u_char                    code[NGX_CONSENT_CODE_LEN];   /* the first digits of it */
    consent_time_t            now;

    /* who */
    uint8_t                   subject[CONSENT_SUBJECT_LEN]; /* asked for and decided under */
    uint8_t                   former[CONSENT_SUBJECT_LEN];  /* the same under the former key of pseudonyms */
    consent_cookie_t          cookie;       /* what the consent cookie says; empty without a good one */
    unsigned                  has_subject:1;
    unsigned                  identified:1; /* the subject is a logged-in person's */
    unsigned                  has_former:1; /* and the key of pseudonyms was rotated */
    unsigned                  minor:1;      /* under age, and no guardian acts: decides only to share less */
    unsigned                  sheltered:1;  /* stays at the first level, whatever is decided; nothing says so */
    consent_by_t              by;           /* who acts: SELF, GUARDIAN or REPRESENTATIVE */
    unsigned                  has_cookie:1; /* the cookie is there and good, whosoever's it is */
    unsigned                  weighed:1;    /* effect is filled */
    unsigned                  stored:1;     /* the store has a decision of the subject */
    u_char                   *set_cookie;   /* value of the Set-Cookie line that is ours; NULL: none */
    unsigned                  own:1;        /* what is sent is a page of ours */
    unsigned                  passes:1;     /* nothing will be done to what is still to come of the response's body */
    unsigned                  fetched:1;    /* one Sec-Fetch-Dest, and it says "empty" */
    uint64_t                  cookie_tag;   /* the tag of the cookie's subject; with has_cookie */

    /* what is in force */
    consent_signals_t         signals;
    consent_adpc_t            adpc;
    consent_time_t            erased_at;
    consent_effect_t          effect;       /* zero: the most private level */

    /* what was found and taken out */
    consent_mask_t            seen;
    consent_mask_t            withheld;     /* under report: what would have been */
    uint32_t                  carriers;     /* bit per consent_carrier_t */
    ngx_uint_t                unknown;

    /* of the shell's files, each its own */
    void                     *request;      /* rewrite and precontent */
    void                     *response;     /* filters */
    void                     *page;         /* our own pages */
} ngx_consent_ctx_t;

/* The request's context, made at need: who asks is known, what she decided is weighed. NULL: the server
 * has no policy, or out of memory. For any request of a server with a policy, whatever the location's
 * mode. request.c */
ngx_consent_ctx_t *ngx_consent_request(ngx_http_request_t *r);

/* The context if there is one already; for filters, which also see requests that no phase has seen.
 * request.c */
ngx_consent_ctx_t *ngx_consent_request_peek(ngx_http_request_t *r);

/* Categories that may pass on this path: what she has granted, and what is a public task here. request.c */
consent_mask_t ngx_consent_granted(ngx_http_request_t *r, ngx_consent_ctx_t *ctx);

/* How many lines of a request header there are; *value is the first. name in lower case. headers.c */
ngx_uint_t ngx_consent_header(ngx_http_request_t *r, const char *name, ngx_str_t *value);


/* ---- phases, filters, handlers: each in the file of its name ---- */

/* Locations with pages or metrics of ours read their own bodies: nothing is refused before them. */
ngx_int_t ngx_consent_rewrite_handler(ngx_http_request_t *r);
ngx_int_t ngx_consent_precontent_handler(ngx_http_request_t *r);
ngx_int_t ngx_consent_add_variables(ngx_conf_t *cf);
ngx_int_t ngx_consent_header_filter_init(ngx_conf_t *cf);
ngx_int_t ngx_consent_body_filter_init(ngx_conf_t *cf);
ngx_int_t ngx_consent_chat_init(ngx_conf_t *cf);
ngx_int_t ngx_consent_pages_handler(ngx_http_request_t *r);
ngx_int_t ngx_consent_metrics_handler(ngx_http_request_t *r);
ngx_int_t ngx_consent_log_pages_handler(ngx_http_request_t *r);

/* All that is asked for must hold; nobody passes where nothing is, or where that cannot be told. access.c */
ngx_flag_t ngx_consent_allowed(ngx_http_request_t *r, const ngx_consent_access_t *access);
ngx_int_t ngx_consent_well_known_handler(ngx_http_request_t *r);    /* /.well-known/gpc.json */

/* What is logged of requests that no phase of ours goes through: the handler of the LOG phase, and error lines from now on.
 * logged.c */
ngx_int_t ngx_consent_logged_init(ngx_conf_t *cf);
void ngx_consent_logged_watch(ngx_http_request_t *r);

/* Answers a request with a refusal: the choice page (CONSENT_PROBLEM_CONSENT_REQUIRED, where a page is
 * wanted), a page, or problem details, with code and human contact. The request's body is discarded.
 * Counts and records the event. Returns what a phase handler returns: the request is finalized. carriers:
 * bits of consent_carrier_t. refuse.c */
ngx_int_t ngx_consent_refuse(ngx_http_request_t *r, const consent_problem_t *problem, consent_event_t event,
    uint32_t carriers);

/* Adds to what happened lately, with the request's code, subject, policy and location; the second with what a refusal says,
 * answered with or not. refuse.c */
void ngx_consent_record_problem(ngx_http_request_t *r, consent_event_t event, const consent_problem_t *problem,
    uint32_t carriers, ngx_flag_t reported);
void ngx_consent_record(ngx_http_request_t *r, consent_event_t event, consent_mask_t categories,
    uint32_t carriers, ngx_flag_t reported);

/* What is done here with names that the policy does not know, for anything that goes through a request or what
 * comes back: fills in count_unknown, remove_unknown and who is told. gaps.c */
void ngx_consent_unknown(ngx_http_request_t *r, ngx_consent_loc_conf_t *lcf, consent_minimize_t *how);

/* The words of consent_unknown. conf_location.c */
extern const char *const  ngx_consent_unknown_words[4];

/* The language to speak to this client: lang= if allowed, Accept-Language, the policy's first. language.c */
size_t ngx_consent_language(ngx_http_request_t *r, const consent_policy_t *policy);

/* A page is wanted rather than JSON. accept.c */
ngx_flag_t ngx_consent_wants_page(ngx_http_request_t *r);

#endif
