/*
 * The policy document: what a portal may be told about a citizen, why, and where in a request it travels.
 *
 * A policy is loaded once, never changes, and is shared read-only by all requests that began under it.
 */

#ifndef CONSENT_POLICY_H
#define CONSENT_POLICY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "base/when.h"
#include "policy/json_path.h"
#include "policy/names.h"

#define CONSENT_POLICY_MAX_FILE       (1024 * 1024)     /* bytes of a policy file as written */
#define CONSENT_POLICY_MAX_CANONICAL  60000             /* bytes of its canonical form: it must fit in a log entry */

/* Where in a request, or on the way back, data travels. */
typedef enum {
    CONSENT_CARRIER_HEADER = 0,
    CONSENT_CARRIER_COOKIE,
    CONSENT_CARRIER_ARG,
    CONSENT_CARRIER_FIELD,
    CONSENT_CARRIER_JSON,
    CONSENT_CARRIER_TEXT,
    CONSENT_CARRIER_SET_COOKIE,
    CONSENT_CARRIER_PATH,
    CONSENT_CARRIER_BODY
} consent_carrier_t;

/* A text in each of the policy's languages, by index into consent_policy_t.languages. */
typedef struct {
    consent_slice_t  in[CONSENT_MAX_LANGUAGES];
} consent_text_t;

typedef enum {
    CONSENT_BASIS_CONSENT = 0,
    CONSENT_BASIS_LEGAL_OBLIGATION,
    CONSENT_BASIS_PUBLIC_TASK,
    CONSENT_BASIS_CONTRACT,
    CONSENT_BASIS_VITAL_INTEREST,
    CONSENT_BASIS_LEGITIMATE_INTEREST
} consent_basis_t;

typedef struct {
    consent_slice_t  *items;
    size_t            n;
} consent_list_t;

/* A free-text detector: one of the built-in ones by name, or the operator's own expression. */
typedef struct {
    consent_slice_t  name;
    consent_slice_t  regex;         /* empty: a built-in detector */
} consent_detector_t;

typedef struct {
    consent_slice_t      id;
    consent_text_t       title;
    consent_slice_t      purpose_type;      /* e.g. dpv:RequestedServiceProvision */
    consent_text_t       purpose;
    consent_slice_t      data_type;         /* e.g. pd:OfficialID */
    consent_basis_t      basis;
    consent_slice_t      law;               /* for a legal obligation */
    bool                 special;           /* GDPR Art. 9: in no preset */
    bool                 gpc;               /* Sec-GPC: 1 takes it away */
    consent_list_t       recipients;
    consent_list_t       storage;           /* ISO 3166 country codes */
    consent_slice_t      retention;         /* ISO 8601 duration as written */
    consent_duration_t   retention_time;
    consent_list_t       core_for;          /* path patterns where it is a public task */

    consent_list_t       headers;           /* the carriers, as written */
    consent_list_t       cookies;
    consent_list_t       args;
    consent_list_t       fields;
    consent_list_t       json;
    consent_list_t       set_cookies;
    consent_list_t       paths;
    consent_detector_t  *text;
    size_t               n_text;
} consent_category_t;

typedef struct {
    consent_slice_t  id;
    consent_text_t   title;
    consent_text_t   service;       /* what the citizen gets */
    consent_mask_t   shares;        /* categories whose basis is consent */
} consent_level_t;

typedef struct {
    uint8_t   days;                 /* bit 0 Monday .. bit 6 Sunday */
    uint16_t  opens;                /* minutes after midnight */
    uint16_t  closes;               /* > opens; 1440 is midnight */
} consent_hours_t;

typedef enum {
    CONSENT_CHANNEL_PHONE = 0,
    CONSENT_CHANNEL_EMAIL,
    CONSENT_CHANNEL_VISIT,
    CONSENT_CHANNEL_CALLBACK,
    CONSENT_CHANNEL_TEXT_RELAY,
    CONSENT_CHANNEL_SIGN_LANGUAGE,
    CONSENT_CHANNEL_SMS,
    CONSENT_CHANNEL_CHAT
} consent_channel_type_t;

typedef struct {
    consent_channel_type_t   type;
    consent_slice_t          value;         /* number, address, URL; empty for callback */
    consent_list_t           languages;
    consent_hours_t         *hours;
    size_t                   n_hours;       /* 0: no hours given */
} consent_channel_t;

typedef struct {
    consent_slice_t  id;
    consent_text_t   title;
    bool             human_only;
} consent_topic_t;

typedef struct {
    consent_slice_t   name;
    consent_slice_t   type;                 /* "public authority", ... */
    consent_slice_t   jurisdiction;
    consent_slice_t   address;
    consent_slice_t   email;
    consent_slice_t   phone;
    consent_slice_t   url;
    consent_slice_t   authority_name;
    consent_slice_t   authority_url;
    bool              public_authority;
} consent_controller_t;

typedef struct consent_policy_s  consent_policy_t;

struct consent_policy_s {
    consent_arena_t       *arena;
    const consent_json_t  *document;
    consent_slice_t        canonical;       /* RFC 8785 form of the whole document */
    uint8_t                hash[CONSENT_HASH_LEN];  /* SHA-256 of it */
    uint64_t               key;             /* first eight bytes of hash, big-endian: names this version in records */
    uint64_t               id_key;          /* the same of SHA-256(id): names the policy in record keys */

    consent_slice_t        id;
    consent_slice_t        version;
    bool                   test;            /* "environment": "test" */
    bool                   erasure_by_request;
    consent_slice_t        editorial;       /* name of who is responsible, or empty */

    consent_slice_t        languages[CONSENT_MAX_LANGUAGES];    /* BCP 47 tags; the first is the default */
    size_t                 n_languages;

    consent_controller_t   controller;
    consent_duration_t     valid_for;       /* of a standing choice; default P6M */
    consent_duration_t     visit_for;       /* of a choice for this visit; default PT12H */
    consent_slice_t        privacy_notice;

    consent_category_t    *categories;
    size_t                 n_categories;    /* <= CONSENT_MAX_CATEGORIES */
    consent_mask_t         consent_mask;    /* categories whose basis is consent: the only ones ever withheld */
    consent_mask_t         special_mask;
    consent_mask_t         gpc_mask;
    consent_mask_t         body_mask;       /* consent categories with a field, JSON or text carrier */
    consent_mask_t         path_mask;       /* consent categories with a path carrier */
    consent_mask_t         core_mask;       /* consent categories with core_for */
    uint64_t               path_firsts;     /* bits of the letters that paths of their patterns may begin with */
    uint64_t               core_firsts;

    consent_level_t       *levels;          /* from most private */
    size_t                 n_levels;        /* 1..CONSENT_MAX_LEVELS */

    /* Carriers of all consent categories, compiled: name -> set of categories. A name in one of these is
     * withheld unless all its categories are granted, whatever the necessary ones say. */
    consent_names_t        headers;
    consent_names_t        cookies;
    consent_names_t        args;
    consent_names_t        fields;
    consent_names_t        set_cookies;

    /* What always passes and is known: `necessary`, and the carriers of categories on other bases than
     * consent. */
    consent_names_t        necessary_cookies;
    consent_names_t        necessary_args;
    consent_names_t        necessary_fields;
    consent_names_t        necessary_set_cookies;
    consent_list_t         necessary_json;
    consent_json_paths_t  *json_paths;      /* of all categories and of necessary; fields are members of the root too */

    bool                   bodies_block;    /* "bodies.opaque": "block" (default) */
    consent_list_t         bodies_allow;    /* media types, with a wildcard for the subtype */

    consent_text_t         contact_name;
    consent_slice_t        timezone;
    consent_zone_t        *zone;
    consent_list_t         holidays;        /* YYYY-MM-DD */
    consent_channel_t     *channels;
    size_t                 n_channels;
    consent_topic_t       *topics;
    size_t                 n_topics;

    consent_slice_t        principal;       /* on whose behalf the AI answers */
    consent_text_t         notice;          /* empty slices: the wording of the disclose room */
    consent_text_t         chat_notice;
    consent_text_t         decision_notice;
};

/* One thing that is wrong with a document, or (warning) that deserves a second look. */
typedef struct consent_fault_s  consent_fault_t;

struct consent_fault_s {
    uint32_t          line;
    uint32_t          column;
    bool              warning;
    consent_slice_t   path;             /* $.categories[0].title */
    consent_slice_t   message;          /* a sentence, without the place */
    consent_fault_t  *next;
};

typedef struct {
    consent_arena_t  *arena;            /* the caller's, for the texts; ceiling of a megabyte is plenty */
    consent_fault_t  *first;
    consent_fault_t  *last;
    size_t            errors;
    size_t            warnings;
} consent_faults_t;

/* Loads and validates a policy document, form and meaning; every fault is found in one run, and faults are
 * in the order of their places. Once the faults' arena is full, more are counted but not kept. text: the
 * file's bytes, at most CONSENT_POLICY_MAX_FILE. On CONSENT_OK *policy is a new policy (there may be
 * warnings); the caller destroys it. CONSENT_MALFORMED: errors were added to faults. CONSENT_NOMEM.
 * CONSENT_IO: no hash could be made. */
consent_rc_t consent_policy_load(consent_policy_t **policy, consent_slice_t text, consent_faults_t *faults);
void consent_policy_destroy(consent_policy_t *policy);          /* NULL is allowed */

/* Adds "12:5: $.levels[0].shares: the first level must share nothing". */
void consent_fault_print(consent_buf_t *b, const consent_fault_t *f);

/* What the policy means, as a table for people: levels by categories, carriers, legal bases, hours. */
void consent_policy_print(consent_buf_t *b, const consent_policy_t *policy);

/* Index of the category or level with that id, or -1. */
int consent_policy_category(const consent_policy_t *policy, consent_slice_t id);
int consent_policy_level(const consent_policy_t *policy, consent_slice_t id);

/* Patterns of paths: '*' is one segment, '**' at the end any rest, none at all included (the pattern of
 * all below /case matches /case too). The path is decoded, without arguments. */

/* Categories that are public task on this path (core_for), read to the letter: a match lets data pass. */
consent_mask_t consent_policy_core_mask(const consent_policy_t *policy, consent_slice_t path);

/* Categories of the path carriers that this path matches as any server might read it, whatever its case, slashes and
 * backslashes, parameters behind ';', white space, dots at ends, "." and "..", or whether it begins with '/': a match
 * withholds. One deeper than anyone's matches every pattern. Linear time, constant memory. path.c */
consent_mask_t consent_policy_path_mask(const consent_policy_t *policy, consent_slice_t path);

/* The same, with a pattern that has matched; empty if none has, or the path is only in doubt. path.c */
consent_mask_t consent_policy_path_find(consent_slice_t *pattern, const consent_policy_t *policy, consent_slice_t path);

/* Every server reads this path alike: it begins with '/', has letters, digits, '-', '.', '_' and '~' in its segments,
 * of which none but the last is empty and none ends in a dot, and is not longer than 512 bytes. path_plain.c */
bool consent_policy_path_plain(consent_slice_t path);

/* consent_policy_path_find() of a plain path. path.c */
consent_mask_t consent_policy_path_find_plain(consent_slice_t *pattern, const consent_policy_t *policy,
    consent_slice_t path);

/* For path_firsts and core_firsts: the bit of a plain path's first letter, in either case. */
static inline uint64_t
consent_policy_path_bit(consent_slice_t path)
{
    return (uint64_t) 1 << (consent_lower(path.len > 1 ? path.data[1] : '/') & 63);
}


/* The bits of all plain paths that a list of patterns may match. path_plain.c */
uint64_t consent_policy_path_firsts(const consent_list_t *patterns);

/* The words used in documents, entries and APIs. */
const char *consent_basis_name(consent_basis_t basis);
const char *consent_channel_name(consent_channel_type_t type);
const char *consent_carrier_name(consent_carrier_t carrier);

#endif
