/*
 * The directory a store lives in: is it there, may we, is there room.
 */

#include "ledger/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* more than the lock file of any number of readers we ask for */
#define LOCK_FILE_ROOM  (256 * 1024)

static consent_rc_t reserve_lock_file(const char *directory, char why[static 256]);
static consent_rc_t fail(char why[static 256], const char *what, const char *path, int err);


consent_rc_t
consent_place_check(const char *directory, bool read_only, char why[static 256])
{
    char         path[4096];
    struct stat  st;

    if (stat(directory, &st) != 0) {
        return fail(why, "cannot find the store", directory, errno);
    }

    if (!S_ISDIR(st.st_mode)) {
        return fail(why, "cannot use the store", directory, ENOTDIR);
    }

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

    } else if (read_only) {
        (void) snprintf(why, 256, "there is no store in %.200s", directory);
        return CONSENT_NOTFOUND;
    }

    return read_only ? CONSENT_OK : reserve_lock_file(directory, why);
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
