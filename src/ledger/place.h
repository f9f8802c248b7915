/*
 * The directory a store lives in, as the file system sees it.
 */

#ifndef CONSENT_PLACE_H
#define CONSENT_PLACE_H

#include "base/base.h"

typedef enum {
    CONSENT_USE_WRITE = 0,
    CONSENT_USE_READ,           /* nothing is made or changed */
    CONSENT_USE_ALONE           /* for reading, while nobody else has the store open or can open it */
} consent_use_t;

/* Can a store be opened there? Holds the directory until `*hold` is closed or the process ends, and waits for nobody. For
 * writing, takes away what a copy that was cut off has left, and sees to the room the lock file needs, so that writing to
 * that file's map never meets a full file system (a signal, not an error). Not while this process has the store open: closing
 * a descriptor of the lock file gives up the process's locks on it.
 * CONSENT_OK, CONSENT_NOTFOUND (no directory, or no store in it to be read), CONSENT_BUSY (others use it, or somebody
 * alone), CONSENT_FULL, CONSENT_IO; `why` says so, and *hold is -1. */
consent_rc_t consent_place_enter(int *hold, const char *directory, consent_use_t use, char why[static 256]);

/* Holds a directory alone, whether or not there is a store in it. As above. */
consent_rc_t consent_place_hold(int *hold, const char *directory, char why[static 256]);

/* A copy that is being made of the store, or was cut off, is in a directory of its own inside. */
#define CONSENT_PLACE_COPYING  "copying"

/* Makes the directory for a copy, of mode 0700; `path` is its name. The store's directory is held. */
consent_rc_t consent_place_copying(char *path, size_t size, const char *directory, char why[static 256]);

/* Puts the copy, of *size bytes, in the place of the store, all at once and durably, and takes its directory away. */
consent_rc_t consent_place_take(const char *directory, uint64_t *size, char why[static 256]);

/* Bytes that an unprivileged process may still write to the file system of an open file; bytes the file has
 * on it. */
consent_rc_t consent_place_room(int fd, uint64_t *room, uint64_t *allocated);

/* Is the file at least that long? */
bool consent_place_is_whole(int fd, uint64_t size);

/* Makes it so, and never shorter. */
consent_rc_t consent_place_extend(int fd, uint64_t size);

#endif
