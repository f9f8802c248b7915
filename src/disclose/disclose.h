/*
 * What an AI answer, and every page, says about itself: header values, fragments for HTML, wording.
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
    CONSENT_AI_CHAT,                /* people made the page; it hosts an assistant */
    CONSENT_AI_DECISION             /* a decision made by a machine */
} consent_ai_kind_t;

typedef struct {
    consent_ai_kind_t  kind;
    consent_mode_t     mode;
    consent_slice_t    model;       /* may be empty */
    consent_slice_t    provider;    /* empty: the policy's principal */
    consent_slice_t    base;        /* of our pages: "/.privacy/" */
    bool               at_end;      /* consent_contact end */
} consent_disclose_conf_t;

/* The parts for one language. Empty slices where nothing is to be inserted. All bytes are UTF-8; pages in other
 * charsets get the `ascii` variants, where everything beyond ASCII is a character reference. */
typedef struct {
    consent_slice_t  head;          /* meta (if AI), stylesheet link, JSON-LD */
    consent_slice_t  head_no_meta;  /* for a page that is marked already */
    consent_slice_t  contact;       /* <nav data-consent="contact" ...> */
    consent_slice_t  notice;        /* <aside data-consent="notice" ...>, or empty */
    consent_slice_t  ascii_head, ascii_head_no_meta, ascii_contact, ascii_notice;
    consent_slice_t  link;          /* Link header value: <...>; rel="help"; hreflang=...; title*=... */
    uint8_t          notice_hash[CONSENT_HASH_LEN];     /* of the notice's text */
    consent_slice_t  notice_text;   /* the plain words */
} consent_disclosure_text_t;

typedef struct {
    consent_disclosure_text_t  in[CONSENT_MAX_LANGUAGES];
    consent_slice_t            header;      /* AI-Disclosure value without date; empty when nothing is said */
    const char                *mode;        /* "machine-generated" ... for entries; NULL when nothing is said */
    consent_slice_t            w3c;         /* meta content: "ai-autonomous" ... */
} consent_disclosure_t;

/* Builds everything for one location. CONSENT_NOMEM; CONSENT_MALFORMED when model or provider hold control characters. */
consent_rc_t consent_disclosure_build(consent_disclosure_t *out, consent_arena_t *a, const consent_policy_t *policy,
    const consent_disclose_conf_t *conf);

/* The AI-Disclosure value with its date member (RFC 9651), into 512 bytes at most; returns its length. */
size_t consent_disclosure_header(uint8_t *out, size_t size, const consent_disclosure_t *d, consent_time_t date);

/* "machine-generated", "ai-originated", "ai-modified", "ai-modified-reviewed", "none" -> mode; false if none of them. */
bool consent_mode_parse(consent_mode_t *mode, consent_slice_t word);

#endif
