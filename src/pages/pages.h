/*
 * What a citizen looks at: the pages under `consent_pages`, as HTML and JSON. Pure: a page is written from a
 * policy and a few facts of the request into a buffer.
 *
 * No script, no inline style, no personal value. Every text a citizen reads comes from the policy or the
 * catalogues.
 */

#ifndef CONSENT_PAGES_H
#define CONSENT_PAGES_H

#include "base/buf.h"
#include "policy/contact.h"
#include "policy/decision.h"

#define CONSENT_PAGE_MAX  (512 * 1024)          /* ceiling of a page, bytes */

/* An operator's own page around ours: split once at configuration. It must hold <!-- consent:main --> once
 * and may hold <!-- consent:title -->, <!-- consent:head --> and <!-- consent:language --> (the page's
 * language tag). */
typedef struct {
    consent_slice_t  pieces[9];
    uint8_t          slots[9];                  /* what stands before each piece */
    size_t           n;
} consent_shell_t;

/* text must outlive the shell. CONSENT_MALFORMED with *why a static sentence. */
consent_rc_t consent_shell_parse(consent_shell_t *shell, consent_slice_t text, const char **why);

/* What all pages of one request have in common. */
typedef struct {
    const consent_policy_t  *policy;
    const consent_shell_t   *shell;             /* NULL: our own frame */
    consent_slice_t          base;              /* "/.privacy/" */
    consent_slice_t          path;              /* of this page below base, for language links: "", "human" */
    consent_slice_t          query;             /* kept in language links, without lang=; may be empty */
    size_t                   language;
    bool                     chosen_language;   /* asked for with ?lang=: links keep it */
    consent_time_t           now;
    bool                     neutral;           /* nothing of the request or the hour: the text whose hash is
                                                   the notice_hash of decisions */
    bool                     callback;          /* requests to be contacted are taken on the human page */
    consent_by_t             by;                /* who looks: GUARDIAN and REPRESENTATIVE act for her; SELF otherwise */
    bool                     minor;             /* who looks is under age, and nobody acts for her */
    const char              *form;              /* id of the form that holds what she filled in: other languages
                                                   are buttons of it, for a link would lose it; NULL: links */
} consent_page_t;

/* What the choice page says at its top. */
typedef enum {
    CONSENT_SAY_NOTHING = 0,
    CONSENT_SAY_SAVED,
    CONSENT_SAY_WITHDRAWN,
    CONSENT_SAY_FORGOTTEN,
    CONSENT_SAY_NOT_SAVED,          /* the store did not take it */
    CONSENT_SAY_NO_COOKIE,          /* saved, but the browser does not keep our cookie */
    CONSENT_SAY_POLICY_CHANGED,     /* 409: input kept */
    CONSENT_SAY_FORM_STALE,         /* the form's token is too old or foreign: input kept */
    CONSENT_SAY_UNREADABLE,         /* 400 */
    CONSENT_SAY_MINOR,              /* 403: to share more, a guardian has to choose */
    CONSENT_SAY_LOGGED_IN           /* she has just logged in: the choice made before does not apply here */
} consent_say_t;

typedef struct {
    const consent_effect_t  *effect;            /* what is in force; NULL when neutral */
    consent_slice_t          token;             /* form token */
    consent_slice_t          forget_token;
    consent_say_t            say;
    consent_slice_t          code;              /* eight characters; shown with errors */
    bool                     has_record;        /* there is something to withdraw or forget */
    const consent_wish_t    *kept;              /* input to show again, or a choice to offer; NULL: none */
    consent_slice_t          back;              /* checked same-origin path to return to; may be empty */
    bool                     identified;        /* logged in: the choice stays with the login */

    /* consent_require: why this page stands in the way of another */
    int                      required_level;    /* -1: it does not */
    consent_mask_t           missing;           /* categories needed and not granted */
} consent_choice_t;

void consent_page_choice(consent_buf_t *b, const consent_page_t *page, const consent_choice_t *choice);

/* A form that holds what she has not agreed to share, before anything of it is passed on: she sends it this
 * time, sends it without, or turns to a person. What she filled in travels in this page and nowhere else. */
#define CONSENT_ASK_MAX  65536                  /* bytes of a body that travel so */

typedef struct {
    consent_slice_t          action;            /* where she sent it: path and query, as they may be shown */
    consent_slice_t          type;              /* Content-Type of what she sent */
    consent_slice_t          body;              /* at most CONSENT_ASK_MAX */
    consent_mask_t           categories;        /* in it, and not granted */
    consent_slice_t          token;
    consent_say_t            say;               /* NOTHING, NOT_SAVED, POLICY_CHANGED, FORM_STALE or MINOR */
    consent_slice_t          code;              /* eight characters */
} consent_ask_t;

/* page->form is set by it. Its text without anything of the request, for the notice_hash: page->neutral. */
void consent_page_ask(consent_buf_t *b, const consent_page_t *page, const consent_ask_t *ask);

typedef enum {
    CONSENT_ANSWER_NONE = 0,                    /* neither button: another language, or none that we made */
    CONSENT_ANSWER_ONCE,
    CONSENT_ANSWER_WITHOUT
} consent_answer_kind_t;

/* What comes back from that page. */
typedef struct {
    consent_answer_kind_t    kind;
    consent_slice_t          language;          /* tag of the language she asked for, or of the page */
    consent_slice_t          token;
    consent_slice_t          version;           /* of the policy that the page spoke of */
    consent_mask_t           categories;        /* that the page named, by ids of the policy */
    consent_slice_t          type;
    consent_slice_t          body;
} consent_answer_t;

/* A body that begins so is such an answer, or claims to be one. */
bool consent_answer_is(consent_slice_t content_type, consent_slice_t start);

/* Reads an answer in place: its slices point into `in`, which holds all of it. The type is one that a form can have.
 * CONSENT_MALFORMED. */
consent_rc_t consent_answer_parse(consent_answer_t *answer, const consent_policy_t *policy, uint8_t *in, size_t len);

/* My choices and receipts: present state, history as sentences, what was withheld lately (category names
 * only). */
typedef struct {
    consent_decision_t      decision;
    const consent_policy_t *policy;             /* the version it was taken under; NULL: not known any more */
} consent_past_t;

typedef struct {
    consent_time_t   at;
    consent_slice_t  location;
    consent_mask_t   categories;
} consent_withheld_t;

typedef struct {
    const consent_effect_t    *effect;
    consent_slice_t            token;           /* for withdraw */
    consent_slice_t            forget_token;
    bool                       has_record;
    bool                       identified;      /* as in consent_choice_t */
    bool                       unavailable;     /* the store cannot be read: says so */
    const consent_past_t      *past;            /* newest first */
    size_t                     n_past;
    bool                       more_past;
    const consent_withheld_t  *withheld;        /* newest first */
    size_t                     n_withheld;
} consent_record_t;

void consent_page_record(consent_buf_t *b, const consent_page_t *page, const consent_record_t *record);

/* The human contact. */
#define CONSENT_CONTACT_MAX  200                /* bytes of a way to be reached */

typedef enum {
    CONSENT_CALLBACK_NOTHING = 0,
    CONSENT_CALLBACK_TAKEN,
    CONSENT_CALLBACK_NOT_SAVED,                 /* the store did not take it */
    CONSENT_CALLBACK_UNREADABLE,                /* no contact, or too long a one: input kept */
    CONSENT_CALLBACK_STALE,                     /* the form's token is too old or foreign: input kept */
    CONSENT_CALLBACK_UNKNOWN,                   /* she asks for a request that is not there */
    CONSENT_CALLBACK_PERSON                     /* this page in the place of an AI's answer */
} consent_callback_say_t;

typedef struct {
    consent_slice_t           number;           /* hex; empty: it is not said */
    consent_handoff_status_t  status;
    consent_slice_t           topic;            /* id; empty: none */
    consent_slice_t           tag;              /* the operator's own reference; may be empty */
    consent_time_t            at;               /* of the status */
} consent_handoff_view_t;

typedef struct {
    consent_slice_t                token;
    consent_callback_say_t         say;
    consent_slice_t                code;        /* eight characters; shown with errors */
    consent_slice_t                contact;     /* input to show again */
    consent_slice_t                topic;       /* id that is chosen; may be empty */
    const consent_handoff_view_t  *request;     /* that she asks about; NULL: none */
} consent_human_t;

/* All channels with opening hours in the policy's time zone, "open now" or when it opens; topics; where
 * page->callback, the form that asks to be contacted. human may be NULL: nothing was asked or done. */
void consent_page_human(consent_buf_t *b, const consent_page_t *page, const consent_human_t *human);

/* The policy for people; what is shared, why, for how long, legal bases with their sentence, what is not
 * covered. */
void consent_page_policy(consent_buf_t *b, const consent_page_t *page);

/* Where AI answers on this portal and how it is marked, from the configuration in force. */
typedef struct {
    consent_slice_t  path;                      /* of the location */
    consent_slice_t  kind;                      /* "on", "chat", "decision", "auto"; "variable": it depends */
    consent_slice_t  mode;                      /* "machine-generated" ... */
    consent_slice_t  model;
    consent_slice_t  provider;
    bool             topics;                    /* what the policy leaves to people goes to a person */
} consent_ai_place_t;

void consent_page_ai(consent_buf_t *b, const consent_page_t *page, const consent_ai_place_t *places,
    size_t n);
void consent_json_ai(consent_buf_t *b, const consent_page_t *page, const consent_ai_place_t *places,
    size_t n);

/* Refusals and errors. */
typedef enum {
    CONSENT_PROBLEM_CONSENT_REQUIRED = 0,       /* 403, type .../problems/consent-required */
    CONSENT_PROBLEM_BODY_REFUSED,               /* 403 */
    CONSENT_PROBLEM_PATH_REFUSED,               /* 403: a protected value in the path */
    CONSENT_PROBLEM_POLICY_CHANGED,             /* 409 */
    CONSENT_PROBLEM_CSRF,                       /* 403 */
    CONSENT_PROBLEM_MALFORMED,                  /* 400 */
    CONSENT_PROBLEM_TOO_LARGE,                  /* 413 */
    CONSENT_PROBLEM_MEDIA_TYPE,                 /* 415 */
    CONSENT_PROBLEM_NOT_FOUND,                  /* 404 */
    CONSENT_PROBLEM_METHOD,                     /* 405 */
    CONSENT_PROBLEM_NOT_SAVED,                  /* 503 */
    CONSENT_PROBLEM_UNKNOWN_NAME,               /* 400 */
    CONSENT_PROBLEM_BODY_SYNTAX,                /* 400: a body that is not what it says */
    CONSENT_PROBLEM_BODY_DEPTH,                 /* 400: nested too deeply */
    CONSENT_PROBLEM_BODY_NAME,                  /* 400: a name that cannot be read for sure */
    CONSENT_PROBLEM_BODY_DUPLICATE,             /* 400: a name twice */
    CONSENT_PROBLEM_BODY_CHARSET,               /* 415 */
    CONSENT_PROBLEM_BODY_ENCODING,              /* 415: Content-Encoding */
    CONSENT_PROBLEM_BODY_TYPE,                  /* 415: of a kind that is not looked into */
    CONSENT_PROBLEM_UPSTREAM,                   /* 500, 502, 503, 504: nginx itself says so */
    CONSENT_PROBLEM_BUSY,                       /* 429 */
    CONSENT_PROBLEM_PERSON,                     /* 403: the policy, or she herself, leaves it to a person */
    CONSENT_PROBLEM_HELD,                       /* 403: a legal hold: nothing may be erased */
    CONSENT_PROBLEM_MINOR,                      /* 403: a guardian has to choose it */
    CONSENT_PROBLEM_NOT_HERS,                   /* 403: who acts for another does not erase the other's record */
    CONSENT_PROBLEM_NOT_OPEN                    /* 403: for those whom the operator lets in */
} consent_problem_type_t;

typedef struct {
    consent_problem_type_t  type;
    unsigned                status;             /* 0: the type's own */
    consent_slice_t         code;               /* eight characters, or empty */
    consent_mask_t          categories;         /* named with title and purpose */
    int                     level;              /* needed, or -1 */
    consent_slice_t         topic;              /* id of the policy's topic that it is about; JSON only; may be empty */
    const char             *detail;             /* static, technical, English; JSON only; may be NULL */
} consent_problem_t;

unsigned consent_problem_status(const consent_problem_t *problem);
void consent_page_problem(consent_buf_t *b, const consent_page_t *page, const consent_problem_t *problem);
/* RFC 9457, with members code, categories (id, title, purpose), level, choice (URL), human (name, url,
 * channels). */
void consent_json_problem(consent_buf_t *b, const consent_page_t *page, const consent_problem_t *problem);

/* The level that pages and API call hers: as chosen if all it shares is granted, else the effective one. */
int consent_page_level(const consent_policy_t *policy, const consent_effect_t *effect);

/* The API's objects. `policy` of a past decision may be NULL: level and categories are then null. */
void consent_json_state(consent_buf_t *b, const consent_policy_t *policy, const consent_effect_t *effect);
void consent_json_history(consent_buf_t *b, const consent_past_t *past, size_t n);
void consent_json_gpc(consent_buf_t *b, consent_time_t last_update);
void consent_json_openapi(consent_buf_t *b, const consent_page_t *page);

/* Stylesheet and icon, embedded. NULL when there is no such asset. */
typedef struct {
    const char      *name;                      /* "consent.css", "icon.svg" */
    const char      *type;
    const char      *version;                   /* changes with the data: the pages link to name?v=version */
    consent_slice_t  data;
} consent_asset_t;

const consent_asset_t *consent_asset(consent_slice_t name);

/* A request's form: application/x-www-form-urlencoded, decoded in place; at most n fields, CONSENT_LIMIT
 * beyond. */
typedef struct {
    consent_slice_t  name;
    consent_slice_t  value;
} consent_field_t;

consent_rc_t consent_form_parse(consent_field_t *fields, size_t *n, uint8_t *body, size_t len);

/* The value of the first field of that name; an empty slice with data NULL when there is none. */
consent_slice_t consent_form_get(const consent_field_t *fields, size_t n, const char *name);

/* The values of all fields of that name, in order, at most max of them; returns how many there are. */
size_t consent_form_all(consent_slice_t *values, size_t max, const consent_field_t *fields, size_t n,
    const char *name);

/* A same-origin path to go back to: begins with one '/', no "//", no '\\', no control characters, at most
 * 2000 bytes. */
bool consent_back_path(consent_slice_t path);

#endif
