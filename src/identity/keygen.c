/*
 * Making a node's keys, and a new key of one kind in front of the old ones.
 */

#include "identity/keys.h"
#include "identity/key_file.h"
#include "base/note_key.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    const char  *name;
    bool         shared;        /* by the nodes of a cluster */
    unsigned     mode;
} keygen_file_t;

static consent_rc_t keygen_directory(const char *directory, char why[static 256]);
static consent_rc_t keygen_content(consent_buf_t *b, const keygen_file_t *file, const char *name,
    const uint8_t seed[static 32], const char *with, char why[static 256]);
static consent_rc_t keygen_copy(consent_buf_t *b, const char *name, const char *with, char why[static 256]);
static size_t keygen_max(const char *file);
static consent_rc_t keygen_rotate_content(consent_buf_t *b, const char *directory, const char *file, char why[static 256]);
static consent_rc_t keygen_replace(const char *directory, const char *file, const char *fresh, char why[static 256]);
static consent_rc_t keygen_sync(const char *directory, char why[static 256]);
static void keygen_unlink(const char *directory, const char *name);

static const keygen_file_t  keygen_files[] = {
    { "cookie.key", true, 0600 },
    { "pseudonym.key", true, 0600 },
    { "handoff.key", true, 0600 },
    { "cluster.key", true, 0600 },
    { "log.key", false, 0600 },
    { "log.pub", false, 0644 }
};


consent_rc_t
consent_keys_generate(const char *directory, const char *name, const char *with, char why[static 256])
{
    size_t         i;
    uint8_t        seed[32], memory[CONSENT_KEY_FILE_MAX];
    consent_rc_t   rc;
    consent_buf_t  b;

    why[0] = '\0';

    if (!consent_note_name_valid(consent_cstr(name))) {
        snprintf(why, 256, "a log's origin is 1 to 255 bytes without white space and '+'");
        return CONSENT_MALFORMED;
    }

    if (consent_random(seed, sizeof(seed)) != CONSENT_OK) {
        snprintf(why, 256, "the random number generator fails");
        return CONSENT_IO;
    }

    rc = keygen_directory(directory, why);

    for (i = 0; rc == CONSENT_OK && i < consent_countof(keygen_files); i++) {
        consent_buf_init_fixed(&b, memory, sizeof(memory));
        rc = keygen_content(&b, &keygen_files[i], name, seed, with, why);

        if (rc == CONSENT_OK) {
            rc = consent_key_file_write(directory, keygen_files[i].name, consent_buf_view(&b),
                                        keygen_files[i].mode, why);
        }

        if (rc != CONSENT_OK) {
            /* the files before this one are new: nobody uses them yet */

            while (i-- > 0) {
                keygen_unlink(directory, keygen_files[i].name);
            }

            break;
        }
    }

    consent_wipe(seed, sizeof(seed));
    consent_wipe(memory, sizeof(memory));

    return rc == CONSENT_OK ? keygen_sync(directory, why) : rc;
}


consent_rc_t
consent_keys_rotate(const char *directory, const char *name, char why[static 256])
{
    char           file[64], fresh[64];
    uint8_t        memory[CONSENT_KEY_FILE_MAX];
    consent_rc_t   rc;
    consent_buf_t  b;

    why[0] = '\0';
    consent_buf_init_fixed(&b, memory, sizeof(memory));

    (void) snprintf(file, sizeof(file), "%s.key", name);
    (void) snprintf(fresh, sizeof(fresh), "%s.key.new", name);

    rc = keygen_rotate_content(&b, directory, file, why);

    if (rc == CONSENT_OK) {
        rc = consent_key_file_write(directory, fresh, consent_buf_view(&b), 0600, why);

        if (rc == CONSENT_OK) {
            rc = keygen_replace(directory, file, fresh, why);

        } else if (rc == CONSENT_CONFLICT) {
            snprintf(why, 256, "%s exists: another rotation is under way, or one was cut off", fresh);
            rc = CONSENT_BUSY;
        }
    }

    consent_wipe(memory, sizeof(memory));

    return rc;
}


/* The directory, made if it is not there, without any of our files in it. */
static consent_rc_t
keygen_directory(const char *directory, char why[static 256])
{
    int          n;
    char         path[PATH_MAX];
    size_t       i;
    struct stat  st;

    if (mkdir(directory, 0700) == -1 && errno != EEXIST) {
        snprintf(why, 256, "the directory cannot be made: %s", strerror(errno));
        return CONSENT_IO;
    }

    if (stat(directory, &st) == -1 || !S_ISDIR(st.st_mode)) {
        snprintf(why, 256, "there is a file where the directory should be");
        return CONSENT_IO;
    }

    if (st.st_mode & 022) {
        snprintf(why, 256, "the directory has mode %04o, others may write to it",
                 (unsigned) st.st_mode & 07777);
        return CONSENT_DENIED;
    }

    for (i = 0; i < consent_countof(keygen_files); i++) {
        n = snprintf(path, sizeof(path), "%s/%s", directory, keygen_files[i].name);

        if (n < 0 || (size_t) n >= sizeof(path)) {
            snprintf(why, 256, "the directory's name is too long");
            return CONSENT_LIMIT;
        }

        if (lstat(path, &st) == 0 || errno != ENOENT) {
            snprintf(why, 256, "%s exists already", keygen_files[i].name);
            return CONSENT_CONFLICT;
        }
    }

    return CONSENT_OK;
}


static consent_rc_t
keygen_content(consent_buf_t *b, const keygen_file_t *file, const char *name, const uint8_t seed[static 32],
    const char *with, char why[static 256])
{
    consent_rc_t        rc;
    consent_key_line_t  line;

    if (!file->shared) {
        rc = consent_log_key_write(b, name, seed, file->mode == 0600);

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "the log's key cannot be made");
        }

        return rc;
    }

    if (with != NULL) {
        return keygen_copy(b, file->name, with, why);
    }

    rc = consent_key_line_random(&line);

    if (rc != CONSENT_OK) {
        snprintf(why, 256, "the random number generator fails");
        return rc;
    }

    consent_key_line_write(b, &line);
    consent_wipe(&line, sizeof(line));

    return b->rc;
}


/* A first node's file, if it is a good one. */
static consent_rc_t
keygen_copy(consent_buf_t *b, const char *name, const char *with, char why[static 256])
{
    size_t              n, len, max;
    uint8_t             content[CONSENT_KEY_FILE_MAX];
    consent_rc_t        rc;
    consent_key_line_t  lines[CONSENT_MAX_COOKIE_KEYS];

    max = keygen_max(name);
    rc = consent_key_file_read(content, &len, with, name, true, why);

    if (rc == CONSENT_OK) {
        rc = consent_key_lines_parse(lines, &n, max, consent_slice(content, len));

        if (rc == CONSENT_OK) {
            consent_buf_add(b, content, len);
            rc = b->rc;

        } else {
            snprintf(why, 256, "the first node's %s is malformed", name);
        }
    }

    consent_wipe(content, sizeof(content));
    consent_wipe(lines, sizeof(lines));

    return rc;
}


/* How many lines a file may have. */
static size_t
keygen_max(const char *file)
{
    return strcmp(file, "cookie.key") == 0 ? CONSENT_MAX_COOKIE_KEYS
           : strcmp(file, "pseudonym.key") == 0 ? CONSENT_PSEUDONYM_KEYS : 1;
}


static consent_rc_t
keygen_rotate_content(consent_buf_t *b, const char *directory, const char *file, char why[static 256])
{
    size_t              i, n, len, max;
    uint8_t             content[CONSENT_KEY_FILE_MAX];
    consent_rc_t        rc;
    consent_key_line_t  fresh, lines[CONSENT_MAX_COOKIE_KEYS];

    max = keygen_max(file);
    memset(&fresh, 0, sizeof(fresh));
    rc = consent_key_file_read(content, &len, directory, file, true, why);

    if (rc == CONSENT_OK) {
        rc = consent_key_lines_parse(lines, &n, max, consent_slice(content, len));

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "%s is malformed", file);
        }
    }

    /* who has not been here since the last time is known under the former key alone */

    if (rc == CONSENT_OK && max == CONSENT_PSEUDONYM_KEYS && n == max) {
        snprintf(why, 256, "%s has a former key still: take its last line away first, when all who are to be known again have"
                 " logged in", file);
        rc = CONSENT_CONFLICT;
    }

    if (rc == CONSENT_OK) {
        do {
            rc = consent_key_line_random(&fresh);

            for (i = 0; i < n && strcmp(lines[i].kid, fresh.kid) != 0; i++) { /* void */ }

        } while (rc == CONSENT_OK && i < n);

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "the random number generator fails");
        }
    }

    if (rc == CONSENT_OK) {
        consent_key_line_write(b, &fresh);

        for (i = 0; i < n && i < max - 1; i++) {
            consent_key_line_write(b, &lines[i]);
        }

        rc = b->rc;
    }

    consent_wipe(content, sizeof(content));
    consent_wipe(lines, sizeof(lines));
    consent_wipe(&fresh, sizeof(fresh));

    return rc;
}


/* The new file takes the old one's place and owner. */
static consent_rc_t
keygen_replace(const char *directory, const char *file, const char *fresh, char why[static 256])
{
    char         from[PATH_MAX], to[PATH_MAX];
    struct stat  st;

    (void) snprintf(from, sizeof(from), "%s/%s", directory, fresh);
    (void) snprintf(to, sizeof(to), "%s/%s", directory, file);

    if (stat(to, &st) == -1
        || ((st.st_uid != geteuid() || st.st_gid != getegid()) && chown(from, st.st_uid, st.st_gid) == -1)
        || rename(from, to) == -1)
    {
        snprintf(why, 256, "%s cannot be replaced: %s", file, strerror(errno));
        (void) unlink(from);
        return CONSENT_IO;
    }

    return keygen_sync(directory, why);
}


static consent_rc_t
keygen_sync(const char *directory, char why[static 256])
{
    int  fd, rc;

    fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    rc = fd == -1 ? -1 : fsync(fd);

    if (fd != -1) {
        (void) close(fd);
    }

    if (rc == -1) {
        snprintf(why, 256, "the directory cannot be synced: %s", strerror(errno));
        return CONSENT_IO;
    }

    return CONSENT_OK;
}


static void
keygen_unlink(const char *directory, const char *name)
{
    char  path[PATH_MAX];

    if (snprintf(path, sizeof(path), "%s/%s", directory, name) < (int) sizeof(path)) {
        (void) unlink(path);
    }
}
