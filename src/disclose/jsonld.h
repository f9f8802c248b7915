/*
 * The page's JSON-LD: schema.org's words for who publishes it, how to reach a person, and what made it.
 */

#ifndef CONSENT_JSONLD_H
#define CONSENT_JSONLD_H

#include "disclose/elements.h"

/* Adds the script element. source: a digital source type (URI), NULL to say nothing of it. */
void consent_jsonld_write(consent_buf_t *b, const consent_elements_conf_t *conf, const char *source);

#endif
