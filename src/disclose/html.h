/*
 * The HTML stamper: a transform that puts our elements into a page, and nothing else.
 *
 * Only the beginning of a page is read (head and the first of body); the rest passes through untouched. See the rules
 * of insertion at the top of html.c.
 */

#ifndef CONSENT_HTML_H
#define CONSENT_HTML_H

#include "disclose/stamp.h"

/* Bytes read in search of a place; all but an unfinished tag are passed on while they are read. */
#define CONSENT_STAMP_MAX_READ   (1024 * 1024)

/* For consent_stamp_size() and consent_stamp_init(). */
size_t consent_stamp_html_size(void);
consent_stamp_t *consent_stamp_html_init(void *memory, const consent_stamp_conf_t *conf);

#endif
