/*
 * The form of the choice page.
 */

#ifndef CONSENT_PAGES_CHOICE_H
#define CONSENT_PAGES_CHOICE_H

#include "pages/frame.h"

/* The form: levels, own choice, how long, who may answer, save. */
void consent_choice_form(consent_html_t *h, const consent_choice_t *choice);

#endif
