/*
 * The request to be contacted, on the human contact page.
 */

#ifndef CONSENT_PAGES_CALLBACK_H
#define CONSENT_PAGES_CALLBACK_H

#include "pages/frame.h"

/* What begins the title. */
consent_message_t consent_callback_outcome(const consent_human_t *human);

/* What was done, and what has become of the request that she asks about. */
void consent_callback_say(consent_html_t *h, const consent_human_t *human);

void consent_callback_form(consent_html_t *h, const consent_human_t *human);

/* The channel among the others: a link to the form, or what to do where there is none. */
void consent_callback_channel(consent_html_t *h);

#endif
