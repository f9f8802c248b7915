/*
 * The elements that go into a page, written once for each language.
 */

#ifndef CONSENT_ELEMENTS_H
#define CONSENT_ELEMENTS_H

#include "disclose/disclose.h"
#include "disclose/wording.h"

#define CONSENT_ELEMENT_MAX  65536          /* bytes of all elements of one language at most */

/* What the elements of one language are made from. */
typedef struct {
    const consent_policy_t         *policy;
    const consent_disclose_conf_t  *conf;
    const consent_wording_t        *wording;
    consent_slice_t                 tag;        /* language of the wording */
    size_t                          language;   /* index in the policy */
    consent_slice_t                 provider;
    const char                     *w3c;        /* NULL: no claim, hence no meta */
    const char                     *source;     /* digital source type, NULL: none is named */
    const char                     *icon;       /* text of the EU's icon */
    consent_slice_t                 notice;     /* plain words, or empty */
    consent_slice_t                 notice_tag; /* their language */
    bool                            offered;    /* a person is offered once more */
} consent_elements_conf_t;

/* Writes both variants. CONSENT_LIMIT: longer than CONSENT_ELEMENT_MAX; CONSENT_NOMEM. */
consent_rc_t consent_elements_build(consent_elements_t *utf8, consent_elements_t *ascii, consent_arena_t *a,
    const consent_elements_conf_t *conf);

/* Adds the address of a person, unescaped: our page about it, or where there is none, a number or mail address as a
 * URI. Adds nothing when the policy names neither. */
void consent_elements_human(consent_buf_t *b, const consent_policy_t *policy, consent_slice_t base);

/* The channel that a page names: by phone if there is one, and in the page's language if it can be. NULL: none. */
const consent_channel_t *consent_elements_channel(const consent_policy_t *policy, consent_slice_t tag);

/* Adds markup with character references for all that is not ASCII; within JSON they are escapes of UTF-16 units. */
void consent_elements_references(consent_buf_t *b, consent_slice_t utf8, bool json);

#endif
