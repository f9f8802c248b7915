/*
 * What is verified besides the log itself: that nothing else stands in its directory under a log's names.
 */

#ifndef CONSENT_CTL_VERIFY_H
#define CONSENT_CTL_VERIFY_H

#include "ctl/source.h"

/* Looks at every file of an exported log. Files that a log of that size has no place for are nobody's and are left alone;
 * narrower tiles of earlier must be the beginnings of today's, and a text must have the hash that it is called by: `say` is
 * told of those that are not. CONSENT_OK, CONSENT_IO, CONSENT_NOMEM. */
consent_rc_t consent_ctl_extra(int directory, uint64_t size, void (*say)(void *arg, const char *name, const char *what),
    void *arg);

#endif
