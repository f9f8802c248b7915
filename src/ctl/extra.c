/*
 * What else stands in the directory of a log: narrower tiles of earlier checkpoints, and the texts.
 */

#include "ctl/verify.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    int                directory;
    uint64_t           size;
    consent_digest_t  *digest;
    consent_buf_t      file;
    consent_buf_t      whole;
    void             (*say)(void *arg, const char *name, const char *what);
    void              *arg;
} extra_t;

static consent_rc_t look(extra_t *extra, const char *name);
static consent_rc_t look_at_tile(extra_t *extra, const char *name, const consent_tile_t *tile);
static consent_rc_t look_at_text(extra_t *extra, const char *name, const char *hash);
static consent_rc_t read_into(extra_t *extra, consent_buf_t *b, const char *name);
static int by_name(const FTSENT **a, const FTSENT **b);


consent_rc_t
consent_ctl_extra(int directory, uint64_t size, void (*say)(void *arg, const char *name, const char *what), void *arg)
{
    FTS           *fts;
    FTSENT        *found;
    char           root[64], *roots[2] = { root, NULL };
    size_t         len;
    extra_t        extra = { .directory = directory, .size = size, .say = say, .arg = arg };
    consent_rc_t   rc;

    len = (size_t) snprintf(root, sizeof(root), "/proc/self/fd/%d/.", directory);
    extra.digest = consent_digest_create();
    fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);

    if (extra.digest == NULL || fts == NULL) {
        consent_digest_destroy(extra.digest);
        return CONSENT_NOMEM;
    }

    consent_buf_init(&extra.file, CONSENT_AUDIT_BUNDLE_MAX);
    consent_buf_init(&extra.whole, CONSENT_AUDIT_BUNDLE_MAX);
    rc = CONSENT_OK;

    while (rc == CONSENT_OK && (errno = 0, found = fts_read(fts)) != NULL) {
        if (found->fts_info == FTS_D && found->fts_level > 0 && found->fts_name[0] == '.') {
            (void) fts_set(fts, found, FTS_SKIP);

        } else if (found->fts_info == FTS_F && found->fts_pathlen > len + 1 && found->fts_name[0] != '.') {
            rc = look(&extra, found->fts_path + len + 1);

        } else if (found->fts_info == FTS_DNR || found->fts_info == FTS_ERR || found->fts_info == FTS_NS) {
            rc = CONSENT_IO;
        }
    }

    if (rc == CONSENT_OK && errno != 0) {
        rc = CONSENT_IO;
    }

    (void) fts_close(fts);
    consent_buf_free(&extra.file);
    consent_buf_free(&extra.whole);
    consent_digest_destroy(extra.digest);

    return rc;
}


static consent_rc_t
look(extra_t *extra, const char *name)
{
    consent_tile_t  tile;

    if (consent_tile_parse(&tile, consent_cstr(name)) == CONSENT_OK) {
        return look_at_tile(extra, name, &tile);
    }

    if (strncmp(name, "notice/", 7) == 0 || strncmp(name, "policy/", 7) == 0) {
        return look_at_text(extra, name, name + 7);
    }

    return CONSENT_OK;
}


static consent_rc_t
look_at_tile(extra_t *extra, const char *name, const consent_tile_t *tile)
{
    char             path[CONSENT_TILE_PATH_MAX];
    unsigned         i, width;
    consent_rc_t     rc;
    consent_tile_t   today = *tile;
    consent_slice_t  rest, entry;

    width = consent_tile_width(tile->level, tile->index, extra->size);

    /* today's were looked at; one that goes beyond the checkpoint is not published yet */

    if (width <= tile->width) {
        return CONSENT_OK;
    }

    today.width = width;
    consent_tile_path(path, &today);
    rc = read_into(extra, &extra->file, name);

    if (rc == CONSENT_OK) {
        rc = read_into(extra, &extra->whole, path);
    }

    /* that today's is missing has been said */

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND || rc == CONSENT_LIMIT ? CONSENT_OK : rc;
    }

    rest = consent_buf_view(&extra->file);

    if (extra->file.len > extra->whole.len || (extra->file.len > 0
        && memcmp(extra->file.data, extra->whole.data, extra->file.len) != 0))
    {
        extra->say(extra->arg, name, "is not the beginning of the one of today: two logs were shown under one name");
        return CONSENT_OK;
    }

    for (i = 0; tile->entries && i < tile->width && consent_audit_next(&rest, &entry); i++) { /* void */ }

    if (tile->entries ? i < tile->width || rest.len > 0 : extra->file.len != tile->width * CONSENT_HASH_LEN) {
        extra->say(extra->arg, name, "is not as wide as it is called");
    }

    return CONSENT_OK;
}


static consent_rc_t
look_at_text(extra_t *extra, const char *name, const char *hash)
{
    uint8_t          expected[CONSENT_HASH_LEN], computed[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_slice_t  text;

    if (consent_hex_decode(expected, sizeof(expected), consent_cstr(hash)) != CONSENT_OK) {
        return CONSENT_OK;
    }

    rc = read_into(extra, &extra->file, name);

    if (rc == CONSENT_LIMIT) {
        extra->say(extra->arg, name, "is not the text of that hash");
        return CONSENT_OK;
    }

    text = consent_buf_view(&extra->file);

    if (rc == CONSENT_OK) {
        rc = consent_digest_sha256(extra->digest, computed, &text, 1);
    }

    if (rc == CONSENT_OK && memcmp(expected, computed, sizeof(expected)) != 0) {
        extra->say(extra->arg, name, "is not the text of that hash");
    }

    return rc;
}


static consent_rc_t
read_into(extra_t *extra, consent_buf_t *b, const char *name)
{
    b->len = 0;
    b->rc = CONSENT_OK;

    return consent_ctl_read_at(extra->directory, name, CONSENT_AUDIT_BUNDLE_MAX, b);
}


static int
by_name(const FTSENT **a, const FTSENT **b)
{
    return strcmp((*a)->fts_name, (*b)->fts_name);
}
