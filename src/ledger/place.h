/*
 * The directory a store lives in, as the file system sees it.
 */

#ifndef CONSENT_PLACE_H
#define CONSENT_PLACE_H

#include "base/base.h"

/* Can a store be opened there? Sees to the room its lock file needs, so that writing to that file's map never
 * meets a full file system (a signal, not an error). Not while this process has the store open: closing a
 * descriptor of the lock file gives up the process's locks on it.
 * CONSENT_OK, CONSENT_NOTFOUND (no directory, or read_only and no store in it), CONSENT_FULL, CONSENT_IO;
 * `why` says so. */
consent_rc_t consent_place_check(const char *directory, bool read_only, char why[static 256]);

/* Bytes that an unprivileged process may still write to the file system of an open file; bytes the file has
 * on it. */
consent_rc_t consent_place_room(int fd, uint64_t *room, uint64_t *allocated);

/* Is the file at least that long? */
bool consent_place_is_whole(int fd, uint64_t size);

/* Makes it so, and never shorter. */
consent_rc_t consent_place_extend(int fd, uint64_t size);

#endif
