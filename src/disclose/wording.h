/*
 * The words of what is put into other people's pages: notices, links, labels and printed opening hours.
 */

#ifndef CONSENT_WORDING_H
#define CONSENT_WORDING_H

#include "disclose/disclose.h"

typedef enum {
    CONSENT_WORD_CONTACT_LABEL = 0,     /* accessible name of the contact element */
    CONSENT_WORD_NOTICE_LABEL,          /* accessible name of the notice */
    CONSENT_WORD_HUMAN,                 /* the link to a person */
    CONSENT_WORD_CHANGE,                /* the link to one's choice */
    CONSENT_WORD_GENERATED,
    CONSENT_WORD_CHAT,
    CONSENT_WORD_DECISION,
    CONSENT_WORD_ASSISTED,              /* made with the help of AI; nothing said of a check */
    CONSENT_WORD_CHECKED,               /* the same, and a person who is named answers for the text */
    CONSENT_WORD_CHANGED,               /* written by people, changed by AI; nothing said of a check */
    CONSENT_WORD_CHANGED_UNCHECKED,
    CONSENT_WORD_CHANGED_CHECKED,
    CONSENT_WORD_COUNT
} consent_word_t;

typedef struct consent_wording_s  consent_wording_t;

/* The wording for a language tag: "sv-FI" speaks Swedish. NULL when the language is not spoken here. */
const consent_wording_t *consent_wording_find(consent_slice_t tag);

/* The wording for a language of the policy: its own, else that of the first of the policy's languages that is spoken
 * here, else English. *tag: the language of the words, for a lang attribute. */
const consent_wording_t *consent_wording_for(consent_slice_t *tag, const consent_policy_t *policy, size_t language);

/* One of the words; {principal} and {editorial} are still to be filled. */
consent_slice_t consent_wording_say(const consent_wording_t *w, consent_word_t word);

/* Adds text with {principal} and {editorial} replaced by the policy's names. */
void consent_wording_fill(consent_buf_t *b, consent_slice_t text, const consent_policy_t *policy);

/* Adds the hours of a channel as people print them, "vardagar kl. 8–16.30"; nothing when it has none. */
void consent_wording_hours(consent_buf_t *b, const consent_wording_t *w, const consent_channel_t *channel);

/* On whose behalf the machine speaks: the policy's principal, else its controller. */
consent_slice_t consent_wording_principal(const consent_policy_t *policy);

#endif
