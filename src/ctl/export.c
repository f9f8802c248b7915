/*
 * consentctl log export: the log of a store as plain files, as mirrors and auditors read it.
 *
 * What a checkpoint covers is there and durable before the checkpoint is. Killed at any moment, the directory holds the old
 * checkpoint or the new one, and all that it covers.
 */

#include "ctl/place.h"
#include "ctl/source.h"
#include "ledger/log.h"
#include "ledger/members.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEEN  4096          /* texts that are remembered to be there; a power of two */

typedef struct {
    consent_ctl_source_t   source;
    const char            *path;
    consent_ctl_place_t    place;
    consent_buf_t          checkpoint;      /* of the store */
    consent_buf_t          there;           /* in the directory */
    consent_checkpoint_t   new;
    uint64_t               old_size;        /* 0: none */
    consent_buf_t          tile;
    consent_buf_t          text;
    uint64_t               texts;           /* written */
    uint64_t               pruned;          /* entries that are gone, from the first on */
    uint8_t                seen[SEEN][2 * CONSENT_HASH_LEN];
} export_t;

static bool prepare(const char *store, const char *directory);
static int export_all(export_t *e, bool as_json);
static bool open_directory(export_t *e);
static int compare(export_t *e);
static consent_rc_t find_pruned(export_t *e);
static consent_rc_t write_tiles(export_t *e, bool entries, unsigned level);
static consent_rc_t write_texts(export_t *e, consent_slice_t bundle);
static consent_rc_t write_text(export_t *e, consent_audit_text_t kind, consent_slice_t hash);
static consent_rc_t remove_narrow(export_t *e, bool entries, unsigned level);
static consent_rc_t remove_below(int directory, const char *path, unsigned width);


int
consent_ctl_log_export(int argc, char **argv)
{
    int                    status;
    export_t              *e;
    const char            *operands[2];
    consent_ctl_option_t   options[] = { { "--log", true, NULL }, { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), operands, 2)) {
        return CONSENT_CTL_USAGE;
    }

    e = calloc(1, sizeof(export_t));

    if (e == NULL) {
        return consent_ctl_complain("out of memory");
    }

    consent_buf_init(&e->checkpoint, CONSENT_NOTE_MAX);
    consent_buf_init(&e->there, CONSENT_NOTE_MAX);
    consent_buf_init(&e->tile, CONSENT_AUDIT_BUNDLE_MAX);
    consent_buf_init(&e->text, CONSENT_AUDIT_TEXT_MAX);
    e->path = operands[1];
    e->place.directory = -1;
    status = CONSENT_CTL_USAGE;

    if (prepare(operands[0], operands[1]) && consent_ctl_source_open(&e->source, operands[0], options[0].value)) {

        if (consent_ctl_source_checkpoint(&e->source, &e->checkpoint)) {
            status = export_all(e, options[1].value != NULL);
        }

        consent_ctl_source_close(&e->source);
    }

    if (e->place.directory != -1) {
        (void) close(e->place.directory);
    }

    consent_buf_free(&e->checkpoint);
    consent_buf_free(&e->there);
    consent_buf_free(&e->tile);
    consent_buf_free(&e->text);
    free(e);

    return status;
}


/* The directory is made by who calls, for the owner of the store, who writes there. */
static bool
prepare(const char *store, const char *directory)
{
    char  path[PATH_MAX];

    if (snprintf(path, sizeof(path), "%s/data.mdb", store) >= (int) sizeof(path) || access(path, F_OK) != 0) {
        (void) consent_ctl_complain("%s is no store", store);
        return false;
    }

    return consent_ctl_make_directory(directory, store);
}


static int
export_all(export_t *e, bool as_json)
{
    int            status;
    unsigned       level;
    consent_rc_t   rc;
    consent_buf_t  out;

    if (consent_checkpoint_read(&e->new, consent_buf_view(&e->checkpoint)) != CONSENT_OK) {
        return consent_ctl_complain("the checkpoint in %s is none", e->source.path);
    }

    if (!open_directory(e)) {
        return CONSENT_CTL_USAGE;
    }

    status = compare(e);

    if (status != CONSENT_CTL_HOLDS) {
        return status;
    }

    rc = find_pruned(e);

    if (rc == CONSENT_OK) {
        rc = write_tiles(e, true, 0);
    }

    for (level = 0; rc == CONSENT_OK && level < CONSENT_TILE_LEVELS; level++) {
        rc = write_tiles(e, false, level);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ctl_place_sync(&e->place);
    }

    if (rc == CONSENT_OK && !consent_slice_eq(consent_buf_view(&e->there), consent_buf_view(&e->checkpoint))) {
        rc = consent_ctl_place_write(&e->place, "checkpoint", consent_buf_view(&e->checkpoint), true);

        if (rc == CONSENT_OK) {
            rc = consent_ctl_place_sync(&e->place);
        }
    }

    /* what was narrow is whole now: nobody needs it any more */

    for (level = 0; rc == CONSENT_OK && level < CONSENT_TILE_LEVELS; level++) {
        rc = remove_narrow(e, false, level);
    }

    if (rc == CONSENT_OK) {
        rc = remove_narrow(e, true, 0);
    }

    if (rc != CONSENT_OK) {
        return e->place.error != 0 ? consent_ctl_complain("cannot write to %s: %s", e->path, strerror(e->place.error))
                                   : consent_ctl_complain("cannot read the log in %s: %s", e->source.path,
                                                          consent_rc_name(rc));
    }

    consent_buf_init(&out, 4096);

    if (as_json) {
        consent_buf_char(&out, '{');
        consent_ctl_json_text(&out, "origin", e->new.origin);
        consent_ctl_json_number(&out, "size", e->new.size);
        consent_ctl_json_number(&out, "new", e->new.size - e->old_size);
        consent_ctl_json_number(&out, "texts", e->texts);
        consent_buf_str(&out, "}\n");

    } else {
        consent_ctl_plain(&out, e->new.origin);
        consent_buf_printf(&out, ": %llu entries, %llu of them new\n", (unsigned long long) e->new.size,
                           (unsigned long long) (e->new.size - e->old_size));
    }

    return consent_ctl_flush(&out) ? CONSENT_CTL_HOLDS : CONSENT_CTL_USAGE;
}


static bool
open_directory(export_t *e)
{
    e->place.directory = open(e->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (e->place.directory == -1) {
        (void) consent_ctl_complain("cannot open %s: %s", e->path, strerror(errno));
        return false;
    }

    if (faccessat(e->place.directory, "data.mdb", F_OK, 0) == 0) {
        (void) consent_ctl_complain("%s is a store: a log is exported to a directory of its own", e->path);
        return false;
    }

    if (flock(e->place.directory, LOCK_EX | LOCK_NB) == -1) {
        (void) consent_ctl_complain("another export to %s is under way", e->path);
        return false;
    }

    return true;
}


/* Does what is there belong to this log, and is it not ahead? */
static int
compare(export_t *e)
{
    uint8_t               proof[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    unsigned              n;
    consent_rc_t          rc;
    consent_digest_t     *digest;
    consent_checkpoint_t  old;

    rc = consent_ctl_read_at(e->place.directory, "checkpoint", CONSENT_NOTE_MAX, &e->there);

    if (rc == CONSENT_NOTFOUND) {
        return CONSENT_CTL_HOLDS;
    }

    if (rc != CONSENT_OK || consent_checkpoint_read(&old, consent_buf_view(&e->there)) != CONSENT_OK) {
        return consent_ctl_complain("%s holds a checkpoint that is none; nothing was written", e->path);
    }

    if (!consent_slice_eq(old.origin, e->new.origin)) {
        (void) consent_ctl_complain("%s holds another log; nothing was written", e->path);
        return CONSENT_CTL_FAILS;
    }

    if (old.size > e->new.size) {
        (void) consent_ctl_complain("%s is ahead of the store: it holds %llu entries, the store has published %llu; nothing "
                                    "was written", e->path, (unsigned long long) old.size, (unsigned long long) e->new.size);
        return CONSENT_CTL_FAILS;
    }

    n = 0;
    digest = consent_digest_create();
    rc = digest == NULL ? CONSENT_NOMEM : CONSENT_OK;

    if (rc == CONSENT_OK && old.size > 0) {
        rc = consent_log_consistency(e->source.ledger, e->source.number, old.size, e->new.size, proof, &n);
    }

    if (rc == CONSENT_OK) {
        rc = consent_tree_check_consistency(digest, old.size, old.root, e->new.size, e->new.root, proof, n);
    }

    consent_digest_destroy(digest);

    if (rc == CONSENT_DENIED) {
        (void) consent_ctl_complain("%s holds other entries than the store under the same name: one of them has been "
                                    "rewritten; nothing was written", e->path);
        return CONSENT_CTL_FAILS;
    }

    if (rc != CONSENT_OK) {
        return consent_ctl_complain("cannot read the log in %s: %s", e->source.path, consent_rc_name(rc));
    }

    e->old_size = old.size;

    return CONSENT_CTL_HOLDS;
}


static consent_rc_t
find_pruned(export_t *e)
{
    consent_rc_t           rc;
    consent_log_t          log;
    consent_ledger_stat_t  stat;

    rc = consent_log_find(e->source.ledger, e->source.number, &log);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_stat(e->source.ledger, &stat);
    }

    e->pruned = rc == CONSENT_OK && stat.pruned > log.first ? stat.pruned - log.first : 0;

    return rc;
}


/* The tiles of a level that the directory does not have yet. */
static consent_rc_t
write_tiles(export_t *e, bool entries, unsigned level)
{
    char            path[CONSENT_TILE_PATH_MAX];
    consent_rc_t    rc;
    consent_tile_t  tile = { .entries = entries, .level = level };

    rc = CONSENT_OK;

    for (tile.index = e->old_size >> (8 * level) >> 8; rc == CONSENT_OK; tile.index++) {
        tile.width = consent_tile_width(level, tile.index, e->new.size);

        if (tile.width == 0) {
            break;
        }

        if (tile.width == consent_tile_width(level, tile.index, e->old_size)) {
            continue;
        }

        e->tile.len = 0;
        e->tile.rc = CONSENT_OK;
        rc = consent_log_tile_of(e->source.ledger, e->source.number, &tile, &e->tile);

        if (rc == CONSENT_NOTFOUND && entries && tile.index * CONSENT_TILE_WIDTH < e->pruned) {
            rc = CONSENT_OK;
            continue;
        }

        if (rc == CONSENT_OK) {
            consent_tile_path(path, &tile);
            rc = consent_ctl_place_write(&e->place, path, consent_buf_view(&e->tile), false);
        }

        if (rc == CONSENT_OK && entries) {
            rc = write_texts(e, consent_buf_view(&e->tile));
        }
    }

    return rc;
}


/* The texts that the entries of a bundle refer to. */
static consent_rc_t
write_texts(export_t *e, consent_slice_t bundle)
{
    consent_rc_t       rc;
    consent_slice_t    entry, name, value;
    consent_members_t  members;

    rc = CONSENT_OK;

    while (rc == CONSENT_OK && consent_audit_next(&bundle, &entry)) {

        for (consent_members_begin(&members, entry);
             rc == CONSENT_OK && consent_members_next(&members, &name, &value) == CONSENT_OK;)
        {
            if (consent_slice_eq(name, consent_lit("notice_hash"))) {
                rc = write_text(e, CONSENT_TEXT_NOTICE, value);

            } else if (consent_slice_eq(name, consent_lit("policy_hash"))) {
                rc = write_text(e, CONSENT_TEXT_POLICY, value);
                break;
            }
        }
    }

    return rc;
}


/* hash: as it stands in an entry. Texts that the store does not keep are left out. */
static consent_rc_t
write_text(export_t *e, consent_audit_text_t kind, consent_slice_t hash)
{
    char                     path[7 + 2 * CONSENT_HASH_LEN + 1];
    uint8_t                  bytes[CONSENT_HASH_LEN];
    uint8_t                 *seen;
    consent_rc_t             rc;
    consent_audit_source_t   source;

    if (hash.len != 2 * CONSENT_HASH_LEN + 2
        || consent_hex_decode(bytes, sizeof(bytes), consent_slice(hash.data + 1, hash.len - 2)) != CONSENT_OK)
    {
        return CONSENT_OK;
    }

    seen = e->seen[((size_t) bytes[0] << 8 | bytes[1]) % SEEN] + (kind == CONSENT_TEXT_POLICY ? CONSENT_HASH_LEN : 0);

    if (memcmp(seen, bytes, CONSENT_HASH_LEN) == 0) {
        return CONSENT_OK;
    }

    memcpy(seen, bytes, CONSENT_HASH_LEN);
    memcpy(path, kind == CONSENT_TEXT_NOTICE ? "notice/" : "policy/", 7);
    consent_hex(path + 7, bytes, sizeof(bytes));
    path[sizeof(path) - 1] = '\0';

    if (faccessat(e->place.directory, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
        return CONSENT_OK;
    }

    source = consent_ctl_source_audit(&e->source);
    e->text.len = 0;
    e->text.rc = CONSENT_OK;
    rc = source.text(source.arg, kind, bytes, &e->text);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    e->texts++;

    /* it is not written again, so it must be whole when it gets its name */

    return consent_ctl_place_write(&e->place, path, consent_buf_view(&e->text), true);
}


static consent_rc_t
remove_narrow(export_t *e, bool entries, unsigned level)
{
    char            path[CONSENT_TILE_PATH_MAX];
    consent_rc_t    rc;
    consent_tile_t  tile = { .entries = entries, .level = level, .width = CONSENT_TILE_WIDTH };

    rc = CONSENT_OK;

    for (tile.index = e->old_size >> (8 * level) >> 8; rc == CONSENT_OK; tile.index++) {
        if (consent_tile_width(level, tile.index, e->new.size) < CONSENT_TILE_WIDTH
            || consent_tile_width(level, tile.index, e->old_size) == 0)
        {
            break;
        }

        consent_tile_path(path, &tile);
        rc = remove_below(e->place.directory, path, CONSENT_TILE_WIDTH);

        if (rc != CONSENT_OK) {
            e->place.error = errno;
        }
    }

    return rc;
}


/* All widths of a tile below `width`, and their directory. */
static consent_rc_t
remove_below(int directory, const char *path, unsigned width)
{
    char      name[CONSENT_TILE_PATH_MAX + 16];
    unsigned  i;

    (void) snprintf(name, sizeof(name), "%s.p", path);

    if (faccessat(directory, name, F_OK, AT_SYMLINK_NOFOLLOW) == -1) {
        return errno == ENOENT ? CONSENT_OK : CONSENT_IO;
    }

    for (i = 1; i < width; i++) {
        (void) snprintf(name, sizeof(name), "%s.p/%u", path, i);

        if (unlinkat(directory, name, 0) == -1 && errno != ENOENT) {
            return CONSENT_IO;
        }
    }

    (void) snprintf(name, sizeof(name), "%s.p", path);

    return unlinkat(directory, name, AT_REMOVEDIR) == 0 || errno == ENOTEMPTY || errno == EEXIST ? CONSENT_OK : CONSENT_IO;
}
