/*
 * What an AI answer, and every page, says about itself: header values, what goes into bodies, wording.
 *
 * All of it is built once, when the configuration is read; nothing here depends on a citizen or the hour.
 */

#ifndef CONSENT_DISCLOSE_H
#define CONSENT_DISCLOSE_H

#include "base/arena.h"
#include "policy/contact.h"

typedef enum {
    CONSENT_MODE_GENERATED = 0,     /* machine-generated / ai-autonomous: default of consent_ai on */
    CONSENT_MODE_ORIGINATED,        /* ai-originated / ai-assisted */
    CONSENT_MODE_MODIFIED_REVIEWED, /* ai-modified / ai-assisted */
    CONSENT_MODE_MODIFIED,          /* ai-modified / ai-autonomous */
    CONSENT_MODE_HUMAN,             /* none / human-only */
    CONSENT_MODE_UNKNOWN            /* nothing is said */
} consent_mode_t;

typedef enum {
    CONSENT_AI_OFF = 0,
    CONSENT_AI_ON,                  /* responses are AI-generated */
    CONSENT_AI_CHAT,                /* people made the page; it hosts an assistant: a notice, no claim on the page */
    CONSENT_AI_DECISION,            /* a decision made by a machine */
    CONSENT_AI_AUTO                 /* what the upstream's own marks say; without one nothing is said */
} consent_ai_kind_t;

typedef struct {
    consent_ai_kind_t  kind;
    consent_mode_t     mode;
    consent_slice_t    model;       /* may be empty */
    consent_slice_t    provider;    /* empty: the policy's principal */
    consent_slice_t    base;        /* of our pages: "/.privacy/"; empty: there are none, contact is by phone or mail */
} consent_disclose_conf_t;

/* The elements for one language. Empty slices where nothing is to be inserted. All of it is well-formed as HTML and as
 * XHTML alike. Pages in other charsets than UTF-8 get the `ascii` variants, where everything beyond ASCII is a
 * character reference (in JSON-LD: an escape). */
typedef struct {
    consent_slice_t  meta;          /* <meta name="ai-disclosure" ...>; empty when no claim is made */
    consent_slice_t  data;          /* JSON-LD: who publishes, how to reach a person, what made the page */
    consent_slice_t  style;         /* <link rel="stylesheet" ...>; empty without pages of ours */
    consent_slice_t  data_plain;    /* the same without the last: for a page of the location that no AI made */
    consent_slice_t  contact;       /* <nav data-consent="contact" ...> */
    consent_slice_t  notice;        /* <aside data-consent="notice" ...> */
} consent_elements_t;

/* What goes into everything but HTML, for one language. Empty where nothing is to be inserted. */
typedef struct {
    consent_slice_t  member;        /* "ai_disclosure":{...}, of ASCII alone; one byte behind it: a comma */
    consent_slice_t  human;         /* the same, of what a person writes */
    consent_slice_t  front;         /* the same as a line of YAML */
    consent_slice_t  prose;         /* the notice, and an empty line, as they stand within a JSON string */
    consent_slice_t  line;          /* the notice as a line, and an empty line */
    consent_slice_t  line_ascii;    /* with ASCII's letters alone */
    consent_slice_t  quote;         /* the notice as a block quote of Markdown, and an empty line */
    consent_slice_t  quote_ascii;   /* with character references */
} consent_marks_t;

typedef struct {
    consent_elements_t  utf8;
    consent_elements_t  ascii;
    consent_marks_t     marks;
    consent_marks_t     offer;          /* the same, where a person is offered once more */
    consent_slice_t     link;           /* Link header value: <...>; rel="help"; hreflang=...; title*=... */
    consent_slice_t     notice_text;    /* the plain words; empty when there is no notice */
    consent_slice_t     offer_text;     /* the same of `offer` */
    uint8_t             notice_hash[CONSENT_HASH_LEN];  /* SHA-256 of notice_text; zeros when it is empty */
    uint8_t             offer_hash[CONSENT_HASH_LEN];   /* and of offer_text */
    char                version[9];     /* eight hex digits that any change to the elements changes, for validators */
} consent_disclosure_text_t;

typedef struct {
    consent_disclosure_text_t  in[CONSENT_MAX_LANGUAGES];   /* by index of the policy's languages */
    consent_slice_t            header;      /* AI-Disclosure value without date; empty when nothing is said */
    const char                *iptc;        /* digital source type; NULL when nothing is said */
    const char                *mode;        /* "machine-generated" ... for entries; NULL when nothing is said */
    consent_slice_t            w3c;         /* meta content: "ai-autonomous" ...; empty when nothing is said */
    consent_slice_t            png;         /* an iTXt chunk with XMP; empty when nothing is said */
    consent_slice_t            jpeg;        /* an APP1 segment with XMP */
} consent_disclosure_t;

#define CONSENT_DISCLOSURE_HEADER  512      /* bytes of an AI-Disclosure value at most */

/* Builds everything for one location; the arena must outlive it. Errors:
 * CONSENT_MALFORMED: model, provider or principal is no UTF-8 or holds control characters;
 * CONSENT_LIMIT: the header's value would be longer than CONSENT_DISCLOSURE_HEADER, or an element than 64 KB;
 * CONSENT_NOMEM. */
consent_rc_t consent_disclosure_build(consent_disclosure_t *out, consent_arena_t *a, const consent_policy_t *policy,
    const consent_disclose_conf_t *conf);

/* The AI-Disclosure value with its date member (RFC 9651), CONSENT_DISCLOSURE_HEADER bytes at most; returns its length,
 * 0 when nothing is said or `size` is too small. */
size_t consent_disclosure_header(uint8_t *out, size_t size, const consent_disclosure_t *d, consent_time_t date);

/* "machine-generated", "ai-originated", "ai-modified", "ai-modified-reviewed" or "none"; false: none of them. */
bool consent_mode_parse(consent_mode_t *mode, consent_slice_t word);

/* The stylesheet of the elements, to be served as `assets/in-page.css` under the pages' base. */
extern const consent_slice_t  consent_in_page_css;

#endif
