/*
 * The pairs that most forms are made of: a short plain name, and a value in which there is nothing to look for. One pass
 * tells them; what it says no to is looked at in all the ways there are.
 */

#ifndef CONSENT_FORM_QUICK_H
#define CONSENT_FORM_QUICK_H

#include "base/base.h"

/* The pair from p to end, of which bytes up to `limit` may be read, is: a name that begins with a letter and is of fewer
 * than sixteen letters, digits, '-' and '_'; a '=', at *eq; a value that holds no query, path, URL or JSON, however often
 * it is decoded; and nothing in it is for the detectors, by consent_form_dull(). */
bool consent_form_quick(const uint8_t *p, const uint8_t *end, const uint8_t *limit, const uint8_t **eq);

#endif
