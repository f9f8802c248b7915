/*
 * Writing files below a directory, so that whoever reads or is killed meanwhile finds each of them whole.
 */

#include "ctl/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEMPORARY  ".new"

static consent_rc_t place_parents(consent_ctl_place_t *place, const char *path);
static consent_rc_t place_fill(consent_ctl_place_t *place, int fd, consent_slice_t content);
static consent_rc_t place_failed(consent_ctl_place_t *place);


consent_rc_t
consent_ctl_place_write(consent_ctl_place_t *place, const char *path, consent_slice_t content, bool sync)
{
    int           fd;
    consent_rc_t  rc;

    rc = place_parents(place, path);

    if (rc != CONSENT_OK) {
        return rc;
    }

    /* what a run before this one has left */

    if (unlinkat(place->directory, TEMPORARY, 0) == -1 && errno != ENOENT) {
        return place_failed(place);
    }

    fd = openat(place->directory, TEMPORARY, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);

    if (fd == -1) {
        return place_failed(place);
    }

    rc = place_fill(place, fd, content);

    if (rc == CONSENT_OK && sync && fsync(fd) == -1) {
        rc = place_failed(place);
    }

    if (close(fd) == -1 && rc == CONSENT_OK) {
        rc = place_failed(place);
    }

    if (rc == CONSENT_OK && renameat(place->directory, TEMPORARY, place->directory, path) == -1) {
        rc = place_failed(place);
    }

    if (rc != CONSENT_OK) {
        (void) unlinkat(place->directory, TEMPORARY, 0);
    }

    return rc;
}


consent_rc_t
consent_ctl_place_sync(consent_ctl_place_t *place)
{
    return syncfs(place->directory) == 0 && fsync(place->directory) == 0 ? CONSENT_OK : place_failed(place);
}


static consent_rc_t
place_parents(consent_ctl_place_t *place, const char *path)
{
    char         parent[sizeof(place->parent)];
    size_t       len;
    const char  *slash;

    slash = strrchr(path, '/');
    len = slash == NULL ? 0 : (size_t) (slash - path);

    if (len == 0 || (strncmp(place->parent, path, len) == 0 && place->parent[len] == '\0')) {
        return CONSENT_OK;
    }

    if (len >= sizeof(parent)) {
        return CONSENT_LIMIT;
    }

    for (slash = strchr(path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        memcpy(parent, path, (size_t) (slash - path));
        parent[slash - path] = '\0';

        if (mkdirat(place->directory, parent, 0750) == -1 && errno != EEXIST) {
            return place_failed(place);
        }
    }

    memcpy(place->parent, parent, len + 1);

    return CONSENT_OK;
}


static consent_rc_t
place_fill(consent_ctl_place_t *place, int fd, consent_slice_t content)
{
    ssize_t  n;

    while (content.len > 0) {
        n = write(fd, content.data, content.len);

        if (n > 0) {
            content = consent_slice(content.data + n, content.len - (size_t) n);

        } else if (n == 0 || errno != EINTR) {
            return place_failed(place);
        }
    }

    return CONSENT_OK;
}


static consent_rc_t
place_failed(consent_ctl_place_t *place)
{
    place->error = errno;

    return errno == ENOSPC || errno == EDQUOT ? CONSENT_FULL : CONSENT_IO;
}
