/*
 * The directory a store lives in: is it there, may we, is there room.
 */

#include "ledger/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* more than the lock file of any number of readers we ask for */
#define LOCK_FILE_ROOM  (256 * 1024)

static consent_rc_t take_hold(int *hold, const char *directory, bool alone, char why[static 256]);
static consent_rc_t check_file(const char *directory, bool must_be, char why[static 256]);
static consent_rc_t tidy(const char *directory, char why[static 256]);
static consent_rc_t sync_directory(const char *directory, char why[static 256]);
static consent_rc_t reserve_lock_file(const char *directory, char why[static 256]);
static consent_rc_t fail(char why[static 256], const char *what, const char *path, int err);


consent_rc_t
consent_place_enter(int *hold, const char *directory, consent_use_t use, char why[static 256])
{
    consent_rc_t  rc;

    rc = take_hold(hold, directory, use == CONSENT_USE_ALONE, why);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = check_file(directory, use != CONSENT_USE_WRITE, why);

    if (rc == CONSENT_OK && use == CONSENT_USE_WRITE) {
        rc = tidy(directory, why);

        if (rc == CONSENT_OK) {
            rc = reserve_lock_file(directory, why);
        }
    }

    if (rc != CONSENT_OK) {
        (void) close(*hold);
        *hold = -1;
    }

    return rc;
}


consent_rc_t
consent_place_hold(int *hold, const char *directory, char why[static 256])
{
    return take_hold(hold, directory, true, why);
}


consent_rc_t
consent_place_copying(char *path, size_t size, const char *directory, char why[static 256])
{
    consent_rc_t  rc;

    rc = tidy(directory, why);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (snprintf(path, size, "%s/" CONSENT_PLACE_COPYING, directory) >= (int) size) {
        return fail(why, "cannot use the store", directory, ENAMETOOLONG);
    }

    return mkdir(path, 0700) == 0 ? CONSENT_OK : fail(why, "cannot make", path, errno);
}


/* A lock file says nothing without who holds it: the next who opens the store makes it anew. */
consent_rc_t
consent_place_take(const char *directory, uint64_t *size, char why[static 256])
{
    char          from[4096], to[4096];
    struct stat   st;
    consent_rc_t  rc;

    if (snprintf(from, sizeof(from), "%s/" CONSENT_PLACE_COPYING "/data.mdb", directory) >= (int) sizeof(from)
        || snprintf(to, sizeof(to), "%s/lock.mdb", directory) >= (int) sizeof(to))
    {
        return fail(why, "cannot use the store", directory, ENAMETOOLONG);
    }

    if (unlink(to) != 0 && errno != ENOENT) {
        return fail(why, "cannot take away", to, errno);
    }

    (void) snprintf(to, sizeof(to), "%.4080s/data.mdb", directory);

    if (stat(from, &st) != 0) {
        return fail(why, "cannot find", from, errno);
    }

    *size = (uint64_t) st.st_size;

    if (rename(from, to) != 0) {
        return fail(why, "cannot replace", to, errno);
    }

    rc = sync_directory(directory, why);

    return rc == CONSENT_OK ? tidy(directory, why) : rc;
}


consent_rc_t
consent_place_room(int fd, uint64_t *room, uint64_t *allocated)
{
    struct stat     st;
    struct statvfs  fs;

    if (fstatvfs(fd, &fs) != 0 || fstat(fd, &st) != 0) {
        return CONSENT_IO;
    }

    *room = (uint64_t) fs.f_bavail * fs.f_frsize;
    *allocated = (uint64_t) st.st_blocks * 512;

    return CONSENT_OK;
}


bool
consent_place_is_whole(int fd, uint64_t size)
{
    struct stat  st;

    return fstat(fd, &st) == 0 && (uint64_t) st.st_size >= size;
}


consent_rc_t
consent_place_extend(int fd, uint64_t size)
{
    struct stat  st;

    if (fstat(fd, &st) != 0) {
        return CONSENT_IO;
    }

    if ((uint64_t) st.st_size >= size) {
        return CONSENT_OK;
    }

    /* not ftruncate(): another process may have made it longer since */
    return fallocate(fd, 0, st.st_size, (off_t) size - st.st_size) == 0 ? CONSENT_OK : CONSENT_IO;
}


static consent_rc_t
take_hold(int *hold, const char *directory, bool alone, char why[static 256])
{
    int          err;
    struct stat  st;

    *hold = -1;

    if (stat(directory, &st) != 0) {
        return fail(why, "cannot find the store", directory, errno);
    }

    if (!S_ISDIR(st.st_mode)) {
        return fail(why, "cannot use the store", directory, ENOTDIR);
    }

    *hold = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (*hold == -1) {
        return fail(why, "cannot open the store", directory, errno);
    }

    if (flock(*hold, (alone ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) {
        return CONSENT_OK;
    }

    err = errno;
    (void) close(*hold);
    *hold = -1;

    if (err == EWOULDBLOCK) {
        (void) snprintf(why, 256, alone ? "the store %.150s is in use: stop nginx, and whatever else has it open, first"
                                        : "the store %.150s is being compacted or restored", directory);
        return CONSENT_BUSY;
    }

    return fail(why, "cannot hold the store", directory, err);
}


static consent_rc_t
check_file(const char *directory, bool must_be, char why[static 256])
{
    char         path[4096];
    struct stat  st;

    if (snprintf(path, sizeof(path), "%s/data.mdb", directory) >= (int) sizeof(path)) {
        return fail(why, "cannot use the store", directory, ENAMETOOLONG);
    }

    if (stat(path, &st) == 0) {
        if (!S_ISREG(st.st_mode)) {
            (void) snprintf(why, 256, "%.200s is not a file", path);
            return CONSENT_MALFORMED;
        }

    } else if (errno != ENOENT) {
        return fail(why, "cannot open the store", path, errno);

    } else if (must_be) {
        (void) snprintf(why, 256, "there is no store in %.200s", directory);
        return CONSENT_NOTFOUND;
    }

    return CONSENT_OK;
}


/* What a copy that was cut off has left. */
static consent_rc_t
tidy(const char *directory, char why[static 256])
{
    int                 i;
    char                path[4096];
    static const char  *names[] = { "/data.mdb", "/lock.mdb", "" };

    for (i = 0; i < 3; i++) {
        (void) snprintf(path, sizeof(path), "%.4070s/" CONSENT_PLACE_COPYING "%s", directory, names[i]);

        if ((names[i][0] == '\0' ? rmdir(path) : unlink(path)) != 0 && errno != ENOENT) {
            return fail(why, "cannot take away", path, errno);
        }
    }

    return CONSENT_OK;
}


static consent_rc_t
sync_directory(const char *directory, char why[static 256])
{
    int  fd, err;

    fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    err = fd == -1 || fsync(fd) != 0 ? errno : 0;

    if (fd != -1) {
        (void) close(fd);
    }

    return err == 0 ? CONSENT_OK : fail(why, "cannot sync", directory, err);
}


static consent_rc_t
reserve_lock_file(const char *directory, char why[static 256])
{
    int   fd, err;
    char  path[4096];

    (void) snprintf(path, sizeof(path), "%.4080s/lock.mdb", directory);

    fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd == -1) {
        return fail(why, "cannot open the store", path, errno);
    }

    /* its length stays the engine's to set */
    err = fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, LOCK_FILE_ROOM) == 0 ? 0 : errno;
    (void) close(fd);

    if (err == ENOSPC || err == EDQUOT) {
        return fail(why, "no room for the store", directory, err);
    }

    return CONSENT_OK;
}


static consent_rc_t
fail(char why[static 256], const char *what, const char *path, int err)
{
    char  text[64];

    (void) snprintf(why, 256, "%s %.150s: %s", what, path, strerror_r(err, text, sizeof(text)));

    switch (err) {
    case ENOENT:
    case ENOTDIR:
        return CONSENT_NOTFOUND;
    case ENOSPC:
    case EDQUOT:
        return CONSENT_FULL;
    default:
        return CONSENT_IO;
    }
}
