/*
 * An audit: one pass over the bundles of entries, from which all tiles and the root are computed anew.
 */

#include "ledger/audit_inside.h"

#include <stdlib.h>

#define PROGRESS_EVERY  64      /* bundles */

static const char  differs[] = "does not hold the hashes of the entries";

static bool audit_checkpoint(consent_auditor_t *a, consent_slice_t checkpoint);
static consent_rc_t audit_signed(consent_auditor_t *a, const consent_checkpoint_t *c);
static void audit_origin(consent_auditor_t *a, consent_slice_t origin);
static bool audit_since(consent_auditor_t *a, consent_checkpoint_t *since);
static consent_rc_t audit_bundles(consent_auditor_t *a, const consent_checkpoint_t *since);
static consent_rc_t audit_entries(consent_auditor_t *a, uint64_t index, unsigned width);
static consent_rc_t audit_pruned(consent_auditor_t *a, uint64_t index, unsigned width);
static void audit_borrow(consent_auditor_t *a, uint64_t index, unsigned width, unsigned from);
static consent_rc_t audit_prefix(consent_auditor_t *a, const consent_checkpoint_t *since);
static consent_rc_t audit_push(consent_auditor_t *a, unsigned level, const uint8_t hash[static CONSENT_HASH_LEN]);
static consent_rc_t audit_compare(consent_auditor_t *a, unsigned level, uint64_t index, unsigned width);
static void audit_keep_tile(consent_auditor_t *a, const consent_tile_t *tile, const char *what);
static consent_rc_t audit_judge(consent_auditor_t *a);


consent_rc_t
consent_audit(const consent_audit_conf_t *conf, consent_slice_t checkpoint, consent_audit_t *result)
{
    consent_rc_t           rc;
    consent_auditor_t     *a;
    consent_checkpoint_t   since;

    memset(result, 0, sizeof(consent_audit_t));
    a = calloc(1, sizeof(consent_auditor_t));

    if (a == NULL) {
        return CONSENT_NOMEM;
    }

    a->conf = conf;
    a->result = result;
    a->holds_from = CONSENT_TILE_LEVELS;
    a->digest = consent_digest_create();
    consent_buf_init(&a->bundle, CONSENT_AUDIT_BUNDLE_MAX);
    consent_buf_init(&a->tile, sizeof(consent_audit_hashes_t));
    consent_buf_init(&a->text, CONSENT_AUDIT_TEXT_MAX);

    rc = a->digest == NULL ? CONSENT_NOMEM : CONSENT_OK;

    if (rc == CONSENT_OK && audit_checkpoint(a, checkpoint)) {
        rc = audit_bundles(a, audit_since(a, &since) ? &since : NULL);

        if (rc == CONSENT_OK) {
            rc = audit_judge(a);
        }
    }

    if (rc == CONSENT_OK) {
        rc = a->rc;
    }

    consent_buf_free(&a->bundle);
    consent_buf_free(&a->tile);
    consent_buf_free(&a->text);
    consent_digest_destroy(a->digest);
    free(a);

    return rc;
}


consent_rc_t
consent_audit_key(consent_note_key_t *out, const consent_note_key_t *key, consent_slice_t origin)
{
    uint64_t         number;
    consent_slice_t  name;

    name = consent_note_key_name(key);

    if (consent_slice_eq(name, origin)) {
        *out = *key;
        return CONSENT_OK;
    }

    if (origin.len < name.len + 2 || memcmp(origin.data, name.data, name.len) != 0 || origin.data[name.len] != '/'
        || !consent_note_number(&number, consent_slice(origin.data + name.len + 1, origin.len - name.len - 1))
        || number == 0)
    {
        return CONSENT_NOTFOUND;
    }

    return consent_note_key_make(out, origin, key->type, key->key);
}


void
consent_audit_say(consent_auditor_t *a, consent_audit_kind_t kind, uint64_t first, uint64_t last, const char *what)
{
    consent_audit_fault_t  fault = { .kind = kind, .first = first, .last = last, .what = what };

    a->result->faults++;

    if (a->conf->fault != NULL) {
        a->conf->fault(a->conf->arg, &fault);
    }
}


/* false: there is no size to go by. */
static bool
audit_checkpoint(consent_auditor_t *a, consent_slice_t checkpoint)
{
    consent_rc_t           rc;
    consent_checkpoint_t  *c = &a->result->checkpoint;

    if (consent_checkpoint_read(c, checkpoint) != CONSENT_OK) {
        consent_audit_say(a, CONSENT_FAULT_CHECKPOINT, 0, 0, "is no signed checkpoint");
        return false;
    }

    a->size = c->size;
    audit_origin(a, c->origin);
    rc = audit_signed(a, c);

    if (a->n_keys == 0) {
        consent_audit_say(a, CONSENT_FAULT_CHECKPOINT, 0, 0, "is of another log than the key");

    } else if (rc == CONSENT_NOTFOUND) {
        consent_audit_say(a, CONSENT_FAULT_CHECKPOINT, 0, 0, "is not signed by the log's key");

    } else if (rc != CONSENT_OK) {
        consent_audit_say(a, CONSENT_FAULT_CHECKPOINT, 0, 0, "has a signature that is not of the log's key");
    }

    return true;
}


/* One of the keys has signed, and none has signed something else. */
static consent_rc_t
audit_signed(consent_auditor_t *a, const consent_checkpoint_t *c)
{
    size_t        i;
    consent_rc_t  rc, found;

    found = CONSENT_NOTFOUND;

    for (i = 0; i < a->n_keys; i++) {
        rc = consent_checkpoint_verify(c, &a->keys[i]);

        if (rc == CONSENT_OK) {
            found = CONSENT_OK;

        } else if (rc != CONSENT_NOTFOUND) {
            return rc;
        }
    }

    return found;
}


static void
audit_origin(consent_auditor_t *a, consent_slice_t origin)
{
    size_t  i;

    a->node = origin;
    a->first_log = true;

    for (i = 0; i < a->conf->n_keys && a->n_keys < consent_countof(a->keys); i++) {
        if (consent_audit_key(&a->keys[a->n_keys], &a->conf->keys[i], origin) == CONSENT_OK) {
            a->node = consent_note_key_name(&a->conf->keys[i]);
            a->first_log = (a->node.len == origin.len);
            a->n_keys++;
        }
    }
}


static bool
audit_since(consent_auditor_t *a, consent_checkpoint_t *since)
{
    const char  *what;

    if (a->conf->since.len == 0) {
        return false;
    }

    what = NULL;

    if (consent_checkpoint_read(since, a->conf->since) != CONSENT_OK) {
        what = "is no signed checkpoint";

    } else if (!consent_slice_eq(since->origin, a->result->checkpoint.origin)) {
        what = "is of another log";

    } else if (audit_signed(a, since) != CONSENT_OK) {
        what = "is not signed by the log's key";

    } else if (since->size > a->size) {
        what = "is of a longer log: this one has been rolled back";
    }

    if (what != NULL) {
        consent_audit_say(a, CONSENT_FAULT_SINCE, 0, 0, what);
    }

    return what == NULL;
}


static consent_rc_t
audit_bundles(consent_auditor_t *a, const consent_checkpoint_t *since)
{
    unsigned      width, level, i;
    uint64_t      index;
    consent_rc_t  rc;

    rc = CONSENT_OK;

    for (index = 0; rc == CONSENT_OK && (width = consent_tile_width(0, index, a->size)) > 0; index++) {
        rc = audit_entries(a, index, width);

        /* a checkpoint may name any size, and nobody is to wait for what is not there */

        if (rc == CONSENT_OK && a->ended) {
            return CONSENT_OK;
        }

        if (rc == CONSENT_OK && since != NULL && since->size / CONSENT_TILE_WIDTH == index
            && since->size % CONSENT_TILE_WIDTH != 0)
        {
            rc = audit_prefix(a, since);
        }

        /* the last bundle, if it is not full, stays in its level; a full one goes up */

        for (i = 0; rc == CONSENT_OK && i < width; i++) {
            rc = audit_push(a, 0, a->levels.hashes[0][i]);
        }

        if (rc == CONSENT_OK && since != NULL && since->size == (index + 1) * CONSENT_TILE_WIDTH) {
            rc = audit_prefix(a, since);
        }

        if (a->conf->progress != NULL && index % PROGRESS_EVERY == 0) {
            a->conf->progress(a->conf->arg, index * CONSENT_TILE_WIDTH, a->size);
        }
    }

    if (rc == CONSENT_OK && since != NULL && since->size == 0) {
        rc = audit_prefix(a, since);
    }

    for (level = 0; rc == CONSENT_OK && level < CONSENT_TILE_LEVELS; level++) {
        width = a->levels.counts[level] % CONSENT_TILE_WIDTH;

        if (width > 0) {
            rc = audit_compare(a, level, a->levels.counts[level] / CONSENT_TILE_WIDTH, width);
        }
    }

    return rc;
}


/* The leaves of a bundle, into level 0. Where it cannot be read, its tile's hashes stand in for those of its entries, so that
 * the rest can be told. */
static consent_rc_t
audit_entries(consent_auditor_t *a, uint64_t index, unsigned width)
{
    unsigned              i;
    uint64_t              at;
    const char           *what;
    consent_rc_t          rc;
    consent_tile_t        tile = { .entries = true, .index = index, .width = width };
    consent_slice_t       rest, entry;

    rc = consent_audit_bundle(a, index, width);

    /* pruned in order: behind an entry that is there none has been dropped */

    if (rc == CONSENT_NOTFOUND && a->conf->pruned && a->result->pruned == index * CONSENT_TILE_WIDTH) {
        rc = audit_pruned(a, index, width);

        if (rc == CONSENT_OK) {
            return CONSENT_OK;
        }
    }

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND && rc != CONSENT_LIMIT) {
        return rc;
    }

    what = rc == CONSENT_OK ? NULL : rc == CONSENT_NOTFOUND ? "is missing" : "is larger than its entries could be";
    rest = rc == CONSENT_OK ? consent_buf_view(&a->bundle) : consent_slice(NULL, 0);
    at = index * CONSENT_TILE_WIDTH;

    for (i = 0; i < width && consent_audit_next(&rest, &entry); i++) {
        rc = consent_tree_leaf(a->digest, a->levels.hashes[0][i], entry);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    if (i < width || rest.len > 0) {
        audit_keep_tile(a, &tile, what != NULL ? what : i < width ? "ends before its last entry"
                                                       : "goes on behind its last entry");
        a->ended = (rc == CONSENT_NOTFOUND);
        a->end = at;
        audit_borrow(a, index, width, i);
        return a->rc;
    }

    rest = consent_buf_view(&a->bundle);

    for (i = 0; i < width && consent_audit_next(&rest, &entry); i++) {
        what = consent_audit_entry(a, at + i, entry);

        if (a->rc != CONSENT_OK) {
            return a->rc;
        }

        if (what != NULL) {
            consent_audit_say(a, CONSENT_FAULT_ENTRIES, at + i, at + i, what);
        }

        if (a->conf->entry != NULL) {
            a->conf->entry(a->conf->arg, at + i, entry, a->levels.hashes[0][i]);
        }

        a->result->entries++;
        a->result->bytes += entry.len;
    }

    return CONSENT_OK;
}


/* CONSENT_NOTFOUND: nor are their hashes there. */
static consent_rc_t
audit_pruned(consent_auditor_t *a, uint64_t index, unsigned width)
{
    consent_rc_t  rc;

    rc = consent_audit_tile(a, 0, index, width);

    if (rc == CONSENT_OK) {
        memcpy(a->levels.hashes[0], a->tile.data, (size_t) width * CONSENT_HASH_LEN);
        a->result->pruned += width;
    }

    return rc == CONSENT_MALFORMED ? CONSENT_NOTFOUND : rc;
}


/* `from`: how many of the bundle's entries could be read at all. */
static void
audit_borrow(consent_auditor_t *a, uint64_t index, unsigned width, unsigned from)
{
    unsigned      i;
    consent_rc_t  rc;

    rc = consent_audit_tile(a, 0, index, width);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND && rc != CONSENT_MALFORMED) {
        a->rc = rc;
        return;
    }

    a->ended = (a->ended && rc == CONSENT_NOTFOUND);

    /* the first that is not the tile's is where it went wrong; without a tile it may be any of them */

    for (i = 0; i < from && rc == CONSENT_OK; i++) {
        if (memcmp(a->levels.hashes[0][i], a->tile.data + i * CONSENT_HASH_LEN, CONSENT_HASH_LEN) != 0) {
            break;
        }
    }

    /* what goes on behind the last of them takes nothing away */

    if (!a->unread.found && i < width) {
        a->unread.found = true;
        a->unread.index = index * CONSENT_TILE_WIDTH + i;
    }

    if (rc == CONSENT_OK) {
        memcpy(a->levels.hashes[0], a->tile.data, (size_t) width * CONSENT_HASH_LEN);
    } else {
        memset(a->levels.hashes[0][from], 0, (size_t) (width - from) * CONSENT_HASH_LEN);
    }
}


static consent_rc_t
audit_prefix(consent_auditor_t *a, const consent_checkpoint_t *since)
{
    uint8_t       root[CONSENT_HASH_LEN];
    consent_rc_t  rc;

    rc = consent_audit_root(a, &a->levels, since->size, root);

    if (rc == CONSENT_OK && memcmp(root, since->root, CONSENT_HASH_LEN) != 0) {
        consent_audit_say(a, CONSENT_FAULT_SINCE, 0, 0, "was of other entries than these: the log has been rewritten");
    }

    return rc;
}


/* Adds a hash to a level; the root of a full tile is one of the next. */
static consent_rc_t
audit_push(consent_auditor_t *a, unsigned level, const uint8_t hash[static CONSENT_HASH_LEN])
{
    uint64_t        n;
    consent_rc_t    rc;
    uint8_t       (*hashes)[CONSENT_HASH_LEN];

    n = a->levels.counts[level]++;
    hashes = a->levels.hashes[level];
    memmove(hashes[n % CONSENT_TILE_WIDTH], hash, CONSENT_HASH_LEN);

    if (n % CONSENT_TILE_WIDTH != CONSENT_TILE_WIDTH - 1) {
        return CONSENT_OK;
    }

    rc = audit_compare(a, level, n / CONSENT_TILE_WIDTH, CONSENT_TILE_WIDTH);

    if (rc == CONSENT_OK) {
        rc = consent_audit_reduce(a->digest, hashes, CONSENT_TILE_WIDTH);
    }

    return rc == CONSENT_OK && level + 1 < CONSENT_TILE_LEVELS ? audit_push(a, level + 1, hashes[0]) : rc;
}


static consent_rc_t
audit_compare(consent_auditor_t *a, unsigned level, uint64_t index, unsigned width)
{
    unsigned         i;
    consent_rc_t     rc;
    consent_tile_t   tile = { .level = level, .index = index, .width = width };

    rc = consent_audit_tile(a, level, index, width);

    if (rc == CONSENT_NOTFOUND || rc == CONSENT_MALFORMED) {
        audit_keep_tile(a, &tile, rc == CONSENT_NOTFOUND ? "is missing" : "has another length than its hashes have");
        return CONSENT_OK;
    }

    if (rc != CONSENT_OK || memcmp(a->levels.hashes[level], a->tile.data, a->tile.len) == 0) {
        return rc;
    }

    for (i = 0; memcmp(a->levels.hashes[level][i], a->tile.data + i * CONSENT_HASH_LEN, CONSENT_HASH_LEN) == 0; i++) {
        /* void */
    }

    if (!a->first[level].found) {
        a->first[level].found = true;
        a->first[level].index = index * CONSENT_TILE_WIDTH + i;
    }

    audit_keep_tile(a, &tile, differs);

    return CONSENT_OK;
}


static void
audit_keep_tile(consent_auditor_t *a, const consent_tile_t *tile, const char *what)
{
    if (a->n_tiles < CONSENT_AUDIT_TILES) {
        a->tiles[a->n_tiles++] = (consent_audit_fault_t) { .kind = CONSENT_FAULT_TILE, .tile = *tile, .what = what };
    }
}


/* Do the entries lead to the root that was signed? If so, it is the tiles that are wrong where they differ. */
static consent_rc_t
audit_judge(consent_auditor_t *a)
{
    size_t        i;
    uint8_t       root[CONSENT_HASH_LEN];
    consent_rc_t  rc;

    rc = a->ended ? CONSENT_OK : consent_audit_root(a, &a->levels, a->size, root);

    if (a->ended) {
        consent_audit_say(a, CONSENT_FAULT_ENTRIES, a->end, a->size - 1, "is not there");

    } else if (rc == CONSENT_OK && memcmp(root, a->result->checkpoint.root, CONSENT_HASH_LEN) != 0) {
        rc = consent_audit_place(a);

    } else if (rc == CONSENT_OK && a->unread.found) {
        consent_audit_say(a, CONSENT_FAULT_ENTRIES, a->unread.index, a->unread.index,
                          "is not there as it was published");
    }

    for (i = 0; i < a->n_tiles; i++) {

        /* that entries are wrong has been said */

        if (a->tiles[i].what == differs && a->tiles[i].tile.level >= a->holds_from) {
            continue;
        }

        a->result->faults++;

        if (a->conf->fault != NULL) {
            a->conf->fault(a->conf->arg, &a->tiles[i]);
        }
    }

    return rc;
}
