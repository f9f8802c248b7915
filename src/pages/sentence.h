/*
 * A decision of the past, in sentences.
 */

#ifndef CONSENT_PAGES_SENTENCE_H
#define CONSENT_PAGES_SENTENCE_H

#include "pages/frame.h"

/* "Du valde ... Uppgifter: ...": texts are those of the policy the decision was taken under. */
void consent_sentence_decision(consent_html_t *h, const consent_past_t *past);

/* A text of a past decision's policy: in the page's language if that version had it, else in its first
 * language, then marked as such. */
void consent_sentence_text(consent_html_t *h, const consent_policy_t *policy, const consent_text_t *text);

/* The same, as an element of its own. */
void consent_sentence_in(consent_html_t *h, const char *name, const consent_policy_t *policy,
    const consent_text_t *text);

/* The level's name, or "own selection". */
void consent_sentence_level(consent_html_t *h, const consent_past_t *past);

/* Nobody chose it: an earlier choice has run out, or lapsed with the store's loss. */
bool consent_sentence_ended(const consent_decision_t *d);

consent_message_t consent_sentence_scope(const consent_decision_t *d);
consent_message_t consent_sentence_method(const consent_decision_t *d);
consent_message_t consent_sentence_ai(const consent_decision_t *d);

/* Who decided, where it was another than the citizen herself; CONSENT_M_COUNT otherwise. */
consent_message_t consent_sentence_by(const consent_decision_t *d);

#endif
