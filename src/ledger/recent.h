/*
 * What happened lately: a file in the store's directory that all workers map, for `consentctl explain`, the
 * citizen's record page and the counters. Names of categories and places in the configuration only, never a
 * value; emptied when nginx starts. Nothing here is waited for: slots are claimed with atomics and readers
 * skip what is being written.
 */

#ifndef CONSENT_RECENT_H
#define CONSENT_RECENT_H

#include "policy/policy.h"

#define CONSENT_RECENT_SLOTS       65536
#define CONSENT_RECENT_NAME        47       /* bytes of a location or carrier name that are kept */

typedef enum {
    CONSENT_EVENT_WITHHELD = 0,     /* something was taken out, the request went on */
    CONSENT_EVENT_REQUIRED,         /* consent_require: the choice page or a problem document */
    CONSENT_EVENT_BODY,             /* a body that could not be passed */
    CONSENT_EVENT_PATH,             /* a protected path */
    CONSENT_EVENT_STORE,            /* the store did not take a decision */
    CONSENT_EVENT_CSRF,
    CONSENT_EVENT_UNREADABLE,       /* a form or document of our own pages that could not be read */
    CONSENT_EVENT_UNKNOWN,          /* a name that the policy does not know, where those are refused */
    CONSENT_EVENT_ROUTED,           /* went to a person instead of an AI */
    CONSENT_EVENT_ASKED             /* a form that holds what she does not share: she was asked first */
} consent_event_t;

/* Of several reasons for the same event, which it was. */
typedef enum {
    CONSENT_WHY_UNSAID = 0,
    CONSENT_WHY_SYNTAX,             /* a body: not what its type claims */
    CONSENT_WHY_DEPTH,
    CONSENT_WHY_NAME,
    CONSENT_WHY_DUPLICATE,
    CONSENT_WHY_CHARSET,
    CONSENT_WHY_ENCODING,
    CONSENT_WHY_TYPE,
    CONSENT_WHY_SIZE,
    CONSENT_WHY_TOPIC,              /* routed: the policy leaves the topic to people */
    CONSENT_WHY_PERSON              /* ... she has chosen it */
} consent_why_t;

typedef struct {
    uint8_t            code[4];         /* first 32 bits of the request id: the eight hex characters people see */
    uint64_t           subject_tag;     /* SipHash-2-4 of the subject with a key of this run; 0 none */
    consent_time_t     at;
    consent_event_t    event;
    bool               reported;        /* `consent report`: nothing was changed */
    bool               sensitive;       /* consent_sensitive: not for the record page */
    uint32_t           carriers;        /* bit per consent_carrier_t */
    consent_mask_t     categories;
    uint64_t           policy;          /* consent_policy_t.key */
    int8_t             required;        /* level index, or -1 */
    consent_why_t      why;
    char               location[CONSENT_RECENT_NAME + 1];
} consent_recent_event_t;

typedef struct consent_recent_s  consent_recent_t;

/* Maps `directory`/recent; `create` puts a new, empty one in its place (start of nginx; who still maps the
 * one before keeps it), of mode 0600 and the caller's: the master hands it to the user of the workers.
 * CONSENT_IO, CONSENT_FULL, CONSENT_NOTFOUND, CONSENT_MALFORMED (another layout), CONSENT_NOMEM. */
consent_rc_t consent_recent_open(consent_recent_t **recent, const char *directory, bool create, bool read_only);
void consent_recent_close(consent_recent_t *recent);            /* NULL is allowed */

/* Every function below is safe from any thread and process at once, never waits, and does nothing with a NULL
 * recent. */

void consent_recent_add(consent_recent_t *recent, const consent_recent_event_t *event);

/* Leaves nothing to be read of the events with this tag (0: none). */
void consent_recent_forget(consent_recent_t *recent, uint64_t subject_tag);

/* Newest first; return false to stop. */
typedef bool (*consent_recent_each_pt)(void *arg, const consent_recent_event_t *event);
void consent_recent_each(consent_recent_t *recent, consent_recent_each_pt each, void *arg);

/* Counters, shared by all workers. */
typedef enum {
    CONSENT_COUNT_REQUESTS = 0,
    CONSENT_COUNT_WITHHELD,         /* requests something was taken out of */
    CONSENT_COUNT_WOULD_WITHHOLD,   /* the same under `report` */
    CONSENT_COUNT_REQUIRED,
    CONSENT_COUNT_WOULD_REQUIRE,
    CONSENT_COUNT_BODIES_REFUSED,
    CONSENT_COUNT_WOULD_REFUSE,
    CONSENT_COUNT_SET_COOKIES,      /* dropped on the way back */
    CONSENT_COUNT_DECISIONS,        /* acknowledged */
    CONSENT_COUNT_DECISIONS_FAILED,
    CONSENT_COUNT_DISCLOSURES,
    CONSENT_COUNT_MISSED,
    CONSENT_COUNT_TOKENS_REFUSED,   /* forged, expired, malformed: treated as none */
    CONSENT_COUNT_CSRF,
    CONSENT_COUNT_ASKED,            /* forms that were answered with a question */
    CONSENT_COUNT_UNKNOWN,          /* names that the policy does not know */
    CONSENT_COUNT_HANDOFFS,         /* requests to be contacted, acknowledged */
    CONSENT_COUNT_DELIVERED,        /* messages that the portal took */
    CONSENT_COUNT_NOT_DELIVERED,    /* attempts that failed */
    CONSENT_COUNT_ROUTED,           /* requests that went to a person instead of an AI */
    CONSENT_COUNT_BODIES_CHANGED,   /* something was taken out of them or masked */
    CONSENT_COUNT_CLUSTER_APPLIED,  /* what other nodes decided */
    CONSENT_COUNT_CLUSTER_REPEATED, /* told again, and known */
    CONSENT_COUNT_CLUSTER_AHEAD,    /* stamps more than a minute ahead of our clock */
    CONSENT_COUNT_CLUSTER_REFUSED,  /* messages and records that are not what they claim to be */
    CONSENT_COUNT_CLUSTER_LAG,      /* ms from the telling of a decision until it was applied, of all together */
    CONSENT_COUNTERS
} consent_counter_t;

void consent_recent_count(consent_recent_t *recent, consent_counter_t counter, uint64_t n);
uint64_t consent_recent_counter(consent_recent_t *recent, consent_counter_t counter);

/* By category: what was withheld (or would have been). A category is an index into a policy version, so they
 * are counted by version (consent_policy_t.key); versions beyond CONSENT_RECENT_POLICIES are not counted. */
#define CONSENT_RECENT_POLICIES  32

void consent_recent_count_categories(consent_recent_t *recent, uint64_t policy, consent_mask_t mask, bool reported);
uint64_t consent_recent_category(consent_recent_t *recent, uint64_t policy, unsigned category, bool reported);
/* Keys of the versions counted so far; returns how many. */
size_t consent_recent_policies(consent_recent_t *recent, uint64_t keys[static CONSENT_RECENT_POLICIES]);

const char *consent_event_name(consent_event_t e);
const char *consent_why_name(consent_why_t why);
const char *consent_counter_name(consent_counter_t c);

#endif
