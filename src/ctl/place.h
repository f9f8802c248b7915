/*
 * Files that are there whole or not at all, below one directory.
 */

#ifndef CONSENT_CTL_PLACE_H
#define CONSENT_CTL_PLACE_H

#include "base/base.h"

typedef struct {
    int   directory;
    int   error;            /* errno of what failed */
    char  parent[96];       /* made last */
} consent_ctl_place_t;

/* Writes a file of mode 0640 by another name, which begins with a dot, and renames it; directories on its way are made. With
 * `sync` it is durable before it gets its name. CONSENT_FULL, CONSENT_IO. */
consent_rc_t consent_ctl_place_write(consent_ctl_place_t *place, const char *path, consent_slice_t content, bool sync);

/* All that was written is durable when it returns CONSENT_OK. */
consent_rc_t consent_ctl_place_sync(consent_ctl_place_t *place);

#endif
