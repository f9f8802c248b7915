/*
 * Reading a log from a directory of files or from a store, and the keys that are to have signed it.
 */

#include "ctl/source.h"
#include "ledger/log.h"
#include "ledger/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE  65536

static bool source_open_store(consent_ctl_source_t *source, const char *number);
static consent_rc_t source_tile(void *arg, const consent_tile_t *tile, consent_buf_t *b);
static consent_rc_t source_text(void *arg, consent_audit_text_t kind, const uint8_t hash[static CONSENT_HASH_LEN],
    consent_buf_t *b);


bool
consent_ctl_source_open(consent_ctl_source_t *source, const char *path, const char *number)
{
    memset(source, 0, sizeof(consent_ctl_source_t));
    source->path = path;
    source->number = CONSENT_LOG_NEWEST;
    source->directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (source->directory == -1) {
        (void) consent_ctl_complain("cannot open %s: %s", path, strerror(errno));
        return false;
    }

    if (faccessat(source->directory, "data.mdb", F_OK, 0) == 0) {
        return source_open_store(source, number);
    }

    if (number != NULL) {
        (void) consent_ctl_complain("%s is no store: it holds one log", path);
        consent_ctl_source_close(source);
        return false;
    }

    if (faccessat(source->directory, "checkpoint", F_OK, 0) != 0) {
        (void) consent_ctl_complain("there is neither a store nor a log in %s", path);
        consent_ctl_source_close(source);
        return false;
    }

    source->has_texts = faccessat(source->directory, "notice", F_OK, 0) == 0
                        || faccessat(source->directory, "policy", F_OK, 0) == 0;

    return true;
}


void
consent_ctl_source_close(consent_ctl_source_t *source)
{
    consent_ledger_close(source->ledger);
    source->ledger = NULL;

    if (source->directory != -1) {
        (void) close(source->directory);
        source->directory = -1;
    }
}


bool
consent_ctl_source_checkpoint(consent_ctl_source_t *source, consent_buf_t *b)
{
    consent_rc_t  rc;

    rc = source->ledger != NULL ? consent_log_checkpoint_of(source->ledger, source->number, false, b)
                                : consent_ctl_read_at(source->directory, "checkpoint", CONSENT_NOTE_MAX, b);

    if (rc == CONSENT_OK) {
        return true;
    }

    (void) consent_ctl_complain(rc == CONSENT_NOTFOUND ? "nothing of the log in %s has been published yet"
                                                       : "the checkpoint in %s cannot be read", source->path);

    return false;
}


consent_rc_t
consent_ctl_source_count(consent_ctl_source_t *source, uint64_t *n)
{
    consent_rc_t            rc;
    consent_buf_t           b;
    consent_checkpoint_t    checkpoint;
    consent_ledger_stat_t   stat;

    *n = 0;

    if (source->ledger != NULL) {
        rc = consent_ledger_stat(source->ledger, &stat);
        *n = rc == CONSENT_OK ? stat.entries : 0;

        return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    rc = consent_ctl_read_at(source->directory, "checkpoint", CONSENT_NOTE_MAX, &b);

    if (rc == CONSENT_OK) {
        rc = consent_checkpoint_read(&checkpoint, consent_buf_view(&b));
    }

    *n = rc == CONSENT_OK ? checkpoint.size : 0;
    consent_buf_free(&b);

    return rc;
}


consent_rc_t
consent_ctl_source_entries(consent_ctl_source_t *source, uint64_t from, consent_entry_each_pt each, void *arg)
{
    uint64_t         n, at;
    consent_rc_t     rc;
    consent_buf_t    b;
    consent_tile_t   tile = { .entries = true };
    consent_slice_t  rest, entry;

    if (source->ledger != NULL) {
        return consent_ledger_entries(source->ledger, from, each, arg);
    }

    rc = consent_ctl_source_count(source, &n);
    consent_buf_init(&b, CONSENT_AUDIT_BUNDLE_MAX);

    for (tile.index = from / CONSENT_TILE_WIDTH; rc == CONSENT_OK; tile.index++) {
        tile.width = consent_tile_width(0, tile.index, n);

        if (tile.width == 0) {
            break;
        }

        b.len = 0;
        rc = source_tile(source, &tile, &b);
        rest = consent_buf_view(&b);

        for (at = tile.index * CONSENT_TILE_WIDTH; rc == CONSENT_OK && rest.len > 0; at++) {
            if (!consent_audit_next(&rest, &entry)) {
                rc = CONSENT_MALFORMED;

            } else if (at >= from && !each(arg, at, entry)) {
                goto done;
            }
        }
    }

done:

    consent_buf_free(&b);

    return rc;
}


consent_audit_source_t
consent_ctl_source_audit(consent_ctl_source_t *source)
{
    return (consent_audit_source_t) { source, source_tile, source->has_texts ? source_text : NULL };
}


consent_rc_t
consent_ctl_read_at(int directory, const char *path, size_t ceiling, consent_buf_t *b)
{
    int           fd;
    ssize_t       n;
    uint8_t       piece[PIECE];
    struct stat   st;
    consent_rc_t  rc;

    /* whoever made the directory may have put a pipe there */

    fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);

    if (fd == -1) {
        return errno == ENOENT || errno == ENOTDIR ? CONSENT_NOTFOUND : errno == ELOOP ? CONSENT_LIMIT : CONSENT_IO;
    }

    rc = CONSENT_OK;

    if (fstat(fd, &st) == -1) {
        rc = CONSENT_IO;

    } else if (!S_ISREG(st.st_mode) || (uint64_t) st.st_size > ceiling) {
        rc = CONSENT_LIMIT;
    }

    while (rc == CONSENT_OK) {
        n = read(fd, piece, sizeof(piece));

        if (n == 0) {
            break;
        }

        if (n > 0 && (size_t) n <= ceiling) {
            ceiling -= (size_t) n;
            consent_buf_add(b, piece, (size_t) n);
            rc = b->rc;

        } else if (n > 0 || errno != EINTR) {
            rc = n > 0 ? CONSENT_LIMIT : CONSENT_IO;
        }
    }

    (void) close(fd);

    return rc;
}


bool
consent_ctl_read_keys(const char *path, consent_note_key_t *keys, size_t *n, size_t max)
{
    bool             valid;
    consent_buf_t    b;
    consent_slice_t  rest, line;

    *n = 0;

    if (!consent_ctl_read_file(&b, path, 65536)) {
        return false;
    }

    valid = true;

    for (rest = consent_buf_view(&b); valid && rest.len > 0; (*n)++) {
        valid = *n < max && consent_note_line(&rest, &line) && consent_note_key_parse(&keys[*n], line) == CONSENT_OK
                && keys[*n].type == CONSENT_NOTE_ED25519;
    }

    consent_buf_free(&b);

    if (!valid || *n == 0) {
        (void) consent_ctl_complain("%s holds no verifier key of a log, or something else besides: it is log.pub that is "
                                    "wanted, one key a line", path);
        return false;
    }

    return true;
}


/* The newest log that something has been published of, if none is named: it stays the same while it is read. */
static bool
source_open_store(consent_ctl_source_t *source, const char *number)
{
    uint64_t       n;
    consent_log_t  log;

    (void) close(source->directory);
    source->directory = -1;
    source->has_texts = true;

    if (number != NULL) {
        if (!consent_note_number(&n, consent_cstr(number)) || n >= CONSENT_LOG_NEWEST) {
            (void) consent_ctl_complain("the logs of a store are numbered from 0");
            return false;
        }

        source->number = (uint32_t) n;
    }

    source->ledger = consent_ctl_open_store(source->path);

    if (source->ledger == NULL) {
        return false;
    }

    if (number == NULL && consent_log_find(source->ledger, CONSENT_LOG_NEWEST, &log) == CONSENT_OK) {
        source->number = log.shown == 0 && log.number > 0 ? log.number - 1 : log.number;
    }

    return true;
}


static consent_rc_t
source_tile(void *arg, const consent_tile_t *tile, consent_buf_t *b)
{
    char                   path[CONSENT_TILE_PATH_MAX];
    consent_ctl_source_t  *source = arg;

    if (source->ledger != NULL) {
        return consent_log_tile_of(source->ledger, source->number, tile, b);
    }

    consent_tile_path(path, tile);

    return consent_ctl_read_at(source->directory, path, tile->entries ? CONSENT_AUDIT_BUNDLE_MAX
                                                                      : CONSENT_TILE_WIDTH * CONSENT_HASH_LEN, b);
}


static consent_rc_t
source_text(void *arg, consent_audit_text_t kind, const uint8_t hash[static CONSENT_HASH_LEN], consent_buf_t *b)
{
    char                   path[8 + 2 * CONSENT_HASH_LEN + 1];
    consent_ctl_source_t  *source = arg;

    if (source->ledger != NULL) {
        return kind == CONSENT_TEXT_NOTICE ? consent_ledger_text(source->ledger, hash, b)
                                           : consent_ledger_policy(source->ledger, consent_get_u64(hash), b);
    }

    memcpy(path, kind == CONSENT_TEXT_NOTICE ? "notice/" : "policy/", 7);
    consent_hex(path + 7, hash, CONSENT_HASH_LEN);
    path[7 + 2 * CONSENT_HASH_LEN] = '\0';

    return consent_ctl_read_at(source->directory, path, CONSENT_AUDIT_TEXT_MAX, b);
}
