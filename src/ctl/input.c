/*
 * What the subcommands read: files, and stores as their owner.
 */

#include "ctl/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <unistd.h>


bool
consent_ctl_read_file(consent_buf_t *b, const char *path, size_t ceiling)
{
    int      fd;
    char     block[16384];
    ssize_t  n;

    consent_buf_init(b, ceiling);
    fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (fd == -1) {
        (void) consent_ctl_complain("cannot open %s: %s", path, strerror(errno));
        return false;
    }

    while ((n = read(fd, block, sizeof(block))) != 0) {
        if (n == -1 && errno == EINTR) {
            continue;
        }

        if (n == -1) {
            (void) consent_ctl_complain("cannot read %s: %s", path, strerror(errno));
            break;
        }

        consent_buf_add(b, block, (size_t) n);

        if (b->rc != CONSENT_OK) {
            (void) consent_ctl_complain("%s is larger than %zu bytes", path, ceiling);
            break;
        }
    }

    if (fd != STDIN_FILENO) {
        (void) close(fd);
    }

    if (n != 0) {
        consent_buf_free(b);
        return false;
    }

    return true;
}


bool
consent_ctl_become_owner(const char *directory)
{
    struct stat  st;

    /* a store that is not there is said by who opens it */
    if (geteuid() != 0 || stat(directory, &st) != 0 || st.st_uid == 0) {
        return true;
    }

    if (setgroups(0, NULL) != 0 || setgid(st.st_gid) != 0 || setuid(st.st_uid) != 0) {
        (void) consent_ctl_complain("cannot become the owner of %s: %s", directory, strerror(errno));
        return false;
    }

    return true;
}


consent_ledger_t *
consent_ctl_open_store(const char *directory)
{
    char                   why[256];
    consent_ledger_t      *ledger;
    consent_ledger_conf_t  conf = { .directory = directory, .read_only = true };

    if (!consent_ctl_become_owner(directory)) {
        return NULL;
    }

    if (consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        (void) consent_ctl_complain("%s", why);
        return NULL;
    }

    return ledger;
}


consent_ledger_t *
consent_ctl_open_to_write(const char *directory, const char *node, int signed_dir)
{
    char                   why[256];
    consent_ledger_t      *ledger;
    consent_ledger_conf_t  conf = { .directory = directory, .node = node, .size = CONSENT_LEDGER_AS_IS };

    conf.guarded = signed_dir != -1;
    conf.signed_dir = signed_dir;

    if (consent_ledger_open(&ledger, &conf, why) == CONSENT_OK) {
        return ledger;
    }

    (void) consent_ctl_complain("%s", why);
    consent_ledger_close(ledger);

    return NULL;
}


bool
consent_ctl_make_directory(const char *directory, const char *like)
{
    struct stat  st;

    if (mkdir(directory, 0700) != 0) {
        if (errno == EEXIST) {
            return true;
        }

        (void) consent_ctl_complain("cannot make %s: %s", directory, strerror(errno));
        return false;
    }

    if (geteuid() == 0 && stat(like, &st) == 0 && chown(directory, st.st_uid, st.st_gid) != 0) {
        (void) consent_ctl_complain("cannot give %s to its owner: %s", directory, strerror(errno));
        (void) rmdir(directory);
        return false;
    }

    return true;
}
