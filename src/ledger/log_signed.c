/*
 * What the log's key last signed, kept in a directory beside the keys: apart from the store and from its backups, so that
 * a store that was put back, cut or replaced is known by it. The directory is named by a descriptor, for it is the
 * workers' while the keys around it are not.
 */

#include "ledger/log_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define SIGNED_NEW  CONSENT_LOG_SIGNED ".new"

static consent_rc_t write_all(int fd, consent_slice_t content);
static consent_rc_t refuse(char why[static 256], const char *what);


consent_rc_t
consent_log_signed_read(int directory, uint8_t out[static CONSENT_LOG_CHECKPOINT_MAX], size_t *len)
{
    int           fd;
    ssize_t       n;
    consent_rc_t  rc;

    *len = 0;
    fd = openat(directory, CONSENT_LOG_SIGNED, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

    if (fd == -1) {
        return errno == ENOENT ? CONSENT_NOTFOUND : CONSENT_IO;
    }

    do {
        n = read(fd, out + *len, CONSENT_LOG_CHECKPOINT_MAX - *len);

        if (n > 0) {
            *len += (size_t) n;
        }
    } while (*len < CONSENT_LOG_CHECKPOINT_MAX && (n > 0 || (n == -1 && errno == EINTR)));

    rc = n == -1 ? CONSENT_IO : *len == CONSENT_LOG_CHECKPOINT_MAX ? CONSENT_LIMIT : CONSENT_OK;
    (void) close(fd);

    return rc;
}


consent_rc_t
consent_log_signed_write(int directory, consent_slice_t checkpoint)
{
    int           fd;
    consent_rc_t  rc;

    /* one that a killed process has left is of no use to anybody */
    fd = openat(directory, SIGNED_NEW, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);

    if (fd == -1) {
        return errno == ENOSPC || errno == EDQUOT ? CONSENT_FULL : CONSENT_IO;
    }

    rc = write_all(fd, checkpoint);

    if (rc == CONSENT_OK && fsync(fd) == -1) {
        rc = errno == ENOSPC || errno == EDQUOT ? CONSENT_FULL : CONSENT_IO;
    }

    (void) close(fd);

    if (rc == CONSENT_OK && (renameat(directory, SIGNED_NEW, directory, CONSENT_LOG_SIGNED) == -1
                             || fsync(directory) == -1))
    {
        rc = CONSENT_IO;
    }

    return rc;
}


consent_rc_t
consent_log_guard(consent_view_t *view, consent_digest_t *digest, int directory, char why[static 256])
{
    size_t                len;
    uint8_t               text[CONSENT_LOG_CHECKPOINT_MAX], root[CONSENT_HASH_LEN];
    consent_rc_t          rc;
    consent_log_tree_t    tree;
    consent_checkpoint_t  last;
    consent_log_record_t  record;

    rc = consent_log_signed_read(directory, text, &len);

    if (rc == CONSENT_NOTFOUND) {
        return CONSENT_OK;
    }

    if (rc == CONSENT_IO) {
        (void) snprintf(why, 256, "the log's last checkpoint, kept beside the keys, cannot be read: %.100s",
                        strerror(errno));
        return CONSENT_IO;
    }

    if (rc != CONSENT_OK || consent_checkpoint_read(&last, consent_slice(text, len)) != CONSENT_OK) {
        return refuse(why, "the log's last checkpoint, kept beside the keys, is damaged");
    }

    if (last.size == 0) {
        return CONSENT_OK;
    }

    rc = consent_log_record_named(view, last.origin, &record);

    if (rc == CONSENT_NOTFOUND) {
        return refuse(why, "the store has nothing of the log that was last signed");
    }

    if (rc == CONSENT_OK && record.size < last.size) {
        (void) snprintf(why, 256, "the store is shorter than what was last signed: its log has %llu entries, not %llu",
                        (unsigned long long) record.size, (unsigned long long) last.size);
        return CONSENT_DENIED;
    }

    tree = (consent_log_tree_t) { view, digest, record.number };

    if (rc == CONSENT_OK) {
        rc = consent_log_tree_root(&tree, last.size, root);
    }

    if (rc == CONSENT_MALFORMED || (rc == CONSENT_OK && memcmp(root, last.root, CONSENT_HASH_LEN) != 0)) {
        return refuse(why, "the store's log differs from what was last signed");
    }

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "the store cannot be compared with what was last signed: %s", consent_rc_name(rc));
    }

    return rc;
}


static consent_rc_t
write_all(int fd, consent_slice_t content)
{
    ssize_t  n;

    while (content.len > 0) {
        n = write(fd, content.data, content.len);

        if (n > 0) {
            content.data += n;
            content.len -= (size_t) n;

        } else if (n == 0 || errno != EINTR) {
            return n == -1 && (errno == ENOSPC || errno == EDQUOT) ? CONSENT_FULL : CONSENT_IO;
        }
    }

    return CONSENT_OK;
}


static consent_rc_t
refuse(char why[static 256], const char *what)
{
    (void) snprintf(why, 256, "%s", what);

    return CONSENT_DENIED;
}
