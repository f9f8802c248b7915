/*
 * Key files: their modes, their lines, the signed-note form of the log's key.
 */

#include "identity/key_file.h"
#include "base/note_key.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define SECRET_TEXT_LEN  43                     /* base64url of 32 bytes */
#define LINE_LEN         (CONSENT_KID_LEN + 1 + SECRET_TEXT_LEN)
#define PRIVATE_PREFIX   "PRIVATE+KEY+"
#define NOTE_KEY_LEN     (1 + 32)
#define NOTE_TEXT_LEN    44                     /* base64 of it */

static consent_rc_t key_path(char path[static PATH_MAX], const char *directory, const char *name,
    char why[static 256]);
static consent_rc_t key_read_all(int fd, uint8_t *out, size_t *len);
static bool key_kid_valid(consent_slice_t kid);
static consent_rc_t log_key_make(consent_note_key_t *key, char kid[static CONSENT_KID_LEN + 1], consent_slice_t origin,
    const uint8_t seed[static 32]);


consent_rc_t
consent_key_file_read(uint8_t out[static CONSENT_KEY_FILE_MAX], size_t *len, const char *directory,
    const char *name, bool secret, char why[static 256])
{
    int           fd;
    char          path[PATH_MAX];
    struct stat   st;
    consent_rc_t  rc;

    *len = 0;
    rc = key_path(path, directory, name, why);

    if (rc != CONSENT_OK) {
        return rc;
    }

    fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

    if (fd == -1) {
        rc = errno == ENOENT || errno == ENOTDIR ? CONSENT_NOTFOUND : CONSENT_IO;
        snprintf(why, 256, "%s %s", name, rc == CONSENT_NOTFOUND ? "is missing" : "cannot be opened");
        return rc;
    }

    if (fstat(fd, &st) == -1 || !S_ISREG(st.st_mode)) {
        snprintf(why, 256, "%s is no regular file", name);
        rc = CONSENT_IO;

    } else if (secret && (st.st_mode & 07177) != 0) {
        snprintf(why, 256, "%s has mode %04o, it must be 0600", name, (unsigned) st.st_mode & 07777);
        rc = CONSENT_DENIED;

    } else {
        rc = key_read_all(fd, out, len);

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "%s %s", name, rc == CONSENT_LIMIT ? "is too large" : "cannot be read");
        }
    }

    close(fd);

    return rc;
}


consent_rc_t
consent_key_file_write(const char *directory, const char *name, consent_slice_t content, unsigned mode,
    char why[static 256])
{
    int           fd;
    char          path[PATH_MAX];
    size_t        done;
    ssize_t       n;
    consent_rc_t  rc;

    rc = key_path(path, directory, name, why);

    if (rc != CONSENT_OK) {
        return rc;
    }

    fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);

    if (fd == -1) {
        rc = errno == EEXIST ? CONSENT_CONFLICT : errno == ENOSPC ? CONSENT_FULL : CONSENT_IO;
        snprintf(why, 256, "%s %s", name, rc == CONSENT_CONFLICT ? "exists already" : "cannot be created");
        return rc;
    }

    /* whatever the umask */

    rc = fchmod(fd, mode) == 0 ? CONSENT_OK : CONSENT_IO;

    for (done = 0; rc == CONSENT_OK && done < content.len; /* void */ ) {
        n = write(fd, content.data + done, content.len - done);

        if (n > 0) {
            done += (size_t) n;

        } else if (n == 0 || errno != EINTR) {
            rc = n == -1 && errno == ENOSPC ? CONSENT_FULL : CONSENT_IO;
        }
    }

    if (rc == CONSENT_OK && fsync(fd) == -1) {
        rc = CONSENT_IO;
    }

    if (close(fd) == -1 && rc == CONSENT_OK) {
        rc = CONSENT_IO;
    }

    if (rc != CONSENT_OK) {
        snprintf(why, 256, "%s cannot be written", name);
        (void) unlink(path);
    }

    return rc;
}


consent_rc_t
consent_key_lines_parse(consent_key_line_t *lines, size_t *n, size_t max, consent_slice_t content)
{
    size_t                i, len;
    uint8_t               secret[SECRET_TEXT_LEN];
    consent_rc_t          rc;
    consent_slice_t       kid;
    consent_key_line_t   *line;

    rc = CONSENT_OK;
    *n = 0;

    while (content.len > 0 && rc == CONSENT_OK) {
        if (*n == max || content.len < LINE_LEN + 1 || content.data[LINE_LEN] != '\n'
            || content.data[CONSENT_KID_LEN] != ' ')
        {
            rc = CONSENT_MALFORMED;
            break;
        }

        line = &lines[*n];
        kid = consent_slice(content.data, CONSENT_KID_LEN);
        rc = consent_base64url_decode(secret, &len,
                                      consent_slice(content.data + CONSENT_KID_LEN + 1, SECRET_TEXT_LEN));

        if (rc != CONSENT_OK || len != CONSENT_SECRET_LEN || !key_kid_valid(kid)) {
            rc = CONSENT_MALFORMED;
            break;
        }

        memcpy(line->kid, kid.data, CONSENT_KID_LEN);
        line->kid[CONSENT_KID_LEN] = '\0';
        memcpy(line->secret, secret, CONSENT_SECRET_LEN);

        for (i = 0; i < *n; i++) {
            if (strcmp(lines[i].kid, line->kid) == 0) {
                rc = CONSENT_MALFORMED;
            }
        }

        (*n)++;
        content.data += LINE_LEN + 1;
        content.len -= LINE_LEN + 1;
    }

    consent_wipe(secret, sizeof(secret));

    return rc == CONSENT_OK && *n == 0 ? CONSENT_MALFORMED : rc;
}


void
consent_key_line_write(consent_buf_t *b, const consent_key_line_t *line)
{
    char    text[SECRET_TEXT_LEN + 1];
    size_t  len;

    len = consent_base64url(text, line->secret, CONSENT_SECRET_LEN);

    consent_buf_add(b, line->kid, CONSENT_KID_LEN);
    consent_buf_char(b, ' ');
    consent_buf_add(b, text, len);
    consent_buf_char(b, '\n');

    consent_wipe(text, sizeof(text));
}


consent_rc_t
consent_key_line_random(consent_key_line_t *line)
{
    uint8_t  kid[CONSENT_KID_LEN / 2];

    if (consent_random(kid, sizeof(kid)) != CONSENT_OK
        || consent_random(line->secret, CONSENT_SECRET_LEN) != CONSENT_OK)
    {
        return CONSENT_IO;
    }

    consent_hex(line->kid, kid, sizeof(kid));
    line->kid[CONSENT_KID_LEN] = '\0';

    return CONSENT_OK;
}


consent_rc_t
consent_log_key_parse(char *origin, char *kid, uint8_t seed[static 32], uint8_t pub[static 32],
    consent_slice_t content)
{
    size_t              len;
    uint8_t             key[NOTE_TEXT_LEN];
    const uint8_t      *plus;
    consent_rc_t        rc;
    consent_slice_t     name, id, text;
    consent_note_key_t  note;

    if (content.len <= sizeof(PRIVATE_PREFIX) || content.data[content.len - 1] != '\n'
        || memcmp(content.data, PRIVATE_PREFIX, sizeof(PRIVATE_PREFIX) - 1) != 0)
    {
        return CONSENT_MALFORMED;
    }

    name = consent_slice(content.data + sizeof(PRIVATE_PREFIX) - 1, content.len - sizeof(PRIVATE_PREFIX));

    /* the key itself may hold a '+': after the name and the id, neither of which does */

    plus = memchr(name.data, '+', name.len);

    if (plus == NULL) {
        return CONSENT_MALFORMED;
    }

    id = consent_slice(plus + 1, name.len - (size_t) (plus - name.data) - 1);
    name.len = (size_t) (plus - name.data);

    if (id.len != CONSENT_KID_LEN + 1 + NOTE_TEXT_LEN || id.data[CONSENT_KID_LEN] != '+'
        || !consent_note_name_valid(name))
    {
        return CONSENT_MALFORMED;
    }

    text = consent_slice(id.data + CONSENT_KID_LEN + 1, NOTE_TEXT_LEN);
    id.len = CONSENT_KID_LEN;

    rc = consent_base64_decode(key, &len, text);

    if (rc == CONSENT_OK && (len != NOTE_KEY_LEN || key[0] != CONSENT_NOTE_ED25519)) {
        rc = CONSENT_MALFORMED;
    }

    if (rc == CONSENT_OK) {
        memcpy(seed, key + 1, 32);
        memcpy(origin, name.data, name.len);
        origin[name.len] = '\0';
        rc = log_key_make(&note, kid, name, seed);
    }

    if (rc == CONSENT_OK) {
        memcpy(pub, note.key, 32);
        rc = memcmp(kid, id.data, CONSENT_KID_LEN) == 0 ? CONSENT_OK : CONSENT_MALFORMED;
    }

    consent_wipe(key, sizeof(key));

    return rc;
}


consent_rc_t
consent_log_key_write(consent_buf_t *b, const char *origin, const uint8_t seed[static 32], bool is_private)
{
    char                kid[CONSENT_KID_LEN + 1], text[NOTE_TEXT_LEN];
    uint8_t             key[NOTE_KEY_LEN];
    consent_rc_t        rc;
    consent_note_key_t  note;

    rc = log_key_make(&note, kid, consent_cstr(origin), seed);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (is_private) {
        key[0] = CONSENT_NOTE_ED25519;
        memcpy(key + 1, seed, 32);

        consent_buf_printf(b, PRIVATE_PREFIX "%s+%s+", origin, kid);
        consent_buf_add(b, text, consent_base64(text, key, sizeof(key)));

        consent_wipe(key, sizeof(key));
        consent_wipe(text, sizeof(text));

    } else {
        consent_note_key_write(b, &note);
    }

    consent_buf_char(b, '\n');

    return b->rc;
}


static consent_rc_t
key_path(char path[static PATH_MAX], const char *directory, const char *name, char why[static 256])
{
    int  n;

    n = snprintf(path, PATH_MAX, "%s/%s", directory, name);

    if (n < 0 || n >= PATH_MAX) {
        snprintf(why, 256, "the directory's name is too long");
        return CONSENT_LIMIT;
    }

    return CONSENT_OK;
}


static consent_rc_t
key_read_all(int fd, uint8_t *out, size_t *len)
{
    ssize_t  n;

    while (*len < CONSENT_KEY_FILE_MAX) {
        n = read(fd, out + *len, CONSENT_KEY_FILE_MAX - *len);

        if (n == 0) {
            return CONSENT_OK;
        }

        if (n > 0) {
            *len += (size_t) n;

        } else if (errno != EINTR) {
            return CONSENT_IO;
        }
    }

    return CONSENT_LIMIT;
}


static bool
key_kid_valid(consent_slice_t kid)
{
    size_t  i;

    for (i = 0; i < kid.len; i++) {
        if ((kid.data[i] < '0' || kid.data[i] > '9') && (kid.data[i] < 'a' || kid.data[i] > 'f')) {
            return false;
        }
    }

    return true;
}


static consent_rc_t
log_key_make(consent_note_key_t *key, char kid[static CONSENT_KID_LEN + 1], consent_slice_t origin,
    const uint8_t seed[static 32])
{
    uint8_t       pub[32];
    consent_rc_t  rc;

    rc = consent_ed25519_public(pub, seed);

    if (rc == CONSENT_OK) {
        rc = consent_note_key_make(key, origin, CONSENT_NOTE_ED25519, pub);
    }

    if (rc == CONSENT_OK) {
        snprintf(kid, CONSENT_KID_LEN + 1, "%08x", (unsigned) key->id);
    }

    return rc;
}
