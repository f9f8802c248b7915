/*
 * Reading the log out of the store: each reading is of one snapshot, and gives what the newest checkpoint in it covers.
 */

#include "ledger/log_inside.h"

typedef struct {
    consent_buf_t  *b;
    uint64_t        index;
    uint64_t        end;
} bundle_t;

static consent_rc_t find_shown(consent_view_t *view, consent_log_record_t *record);
static consent_rc_t read_note(consent_view_t *view, uint32_t number, uint64_t size, consent_buf_t *b);
static consent_rc_t read_tile(consent_view_t *view, const consent_log_record_t *record, const consent_tile_t *tile,
    consent_buf_t *b);
static consent_rc_t read_bundle(consent_view_t *view, const consent_log_record_t *record, const consent_tile_t *tile,
    consent_buf_t *b);
static bool each_entry(void *arg, consent_slice_t key, consent_slice_t value);
static consent_rc_t find_entry(consent_view_t *view, uint64_t store_index, consent_log_record_t *record);
static consent_rc_t read_proof(consent_view_t *view, uint64_t store_index, consent_buf_t *b);


consent_rc_t
consent_log_find(consent_ledger_t *ledger, uint32_t number, consent_log_t *log)
{
    uint64_t              end;
    consent_rc_t          rc;
    consent_view_t        view;
    consent_log_record_t  record;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_log_record_get(&view, number, &record);

    if (rc == CONSENT_OK) {
        rc = consent_log_record_end(&view, &record, &end, &log->ended);
    }

    if (rc == CONSENT_OK) {
        log->number = record.number;
        log->first = record.first;
        log->leaves = end - record.first;
        log->size = record.size;
        log->shown = record.shown;
        memcpy(log->origin, record.origin, sizeof(log->origin));
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_log_shown(consent_ledger_t *ledger, uint32_t *number)
{
    consent_rc_t          rc;
    consent_view_t        view;
    consent_log_record_t  record;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = find_shown(&view, &record);

    if (rc == CONSENT_OK) {
        *number = record.number;
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_log_checkpoint(consent_ledger_t *ledger, consent_buf_t *b)
{
    consent_rc_t          rc;
    consent_view_t        view;
    consent_log_record_t  record;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = find_shown(&view, &record);

    if (rc == CONSENT_OK) {
        rc = read_note(&view, record.number, record.shown, b);
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_log_checkpoint_of(consent_ledger_t *ledger, uint32_t number, bool cosigned, consent_buf_t *b)
{
    consent_rc_t          rc;
    consent_view_t        view;
    consent_log_record_t  record;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_log_record_get(&view, number, &record);

    if (rc == CONSENT_OK) {
        rc = read_note(&view, record.number, cosigned ? record.cosigned : record.shown, b);
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_log_tile_of(consent_ledger_t *ledger, uint32_t number, const consent_tile_t *tile, consent_buf_t *b)
{
    consent_rc_t          rc;
    consent_view_t        view;
    consent_log_record_t  record;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    /* the tiles that go with the checkpoint that is served */
    rc = number == CONSENT_LOG_NEWEST ? find_shown(&view, &record) : consent_log_record_get(&view, number, &record);

    if (rc == CONSENT_OK && (tile->width == 0 || tile->level >= CONSENT_TILE_LEVELS
                             || tile->width > consent_tile_width(tile->level, tile->index, record.shown)))
    {
        rc = CONSENT_NOTFOUND;
    }

    if (rc == CONSENT_OK) {
        rc = tile->entries ? read_bundle(&view, &record, tile, b) : read_tile(&view, &record, tile, b);
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_log_entry(consent_ledger_t *ledger, uint64_t store_index, consent_buf_t *b)
{
    uint8_t               key[8];
    consent_rc_t          rc;
    consent_view_t        view;
    consent_slice_t       entry;
    consent_log_record_t  record;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = find_entry(&view, store_index, &record);

    if (rc == CONSENT_OK) {
        consent_put_u64(key, store_index);
        rc = consent_view_get(&view, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), &entry);
    }

    if (rc == CONSENT_OK) {
        consent_buf_slice(b, entry);
        rc = b->rc;
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_log_proof(consent_ledger_t *ledger, uint64_t store_index, consent_buf_t *b)
{
    consent_rc_t    rc;
    consent_view_t  view;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = read_proof(&view, store_index, b);
    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_log_consistency(consent_ledger_t *ledger, uint32_t number, uint64_t old, uint64_t size,
    uint8_t proof[][CONSENT_HASH_LEN], unsigned *n)
{
    consent_rc_t          rc;
    consent_view_t        view;
    consent_log_tree_t    tree;
    consent_log_record_t  record;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = number == CONSENT_LOG_NEWEST ? find_shown(&view, &record) : consent_log_record_get(&view, number, &record);

    if (rc == CONSENT_OK && (old == 0 || old > size || size > record.shown)) {
        rc = CONSENT_NOTFOUND;
    }

    if (rc == CONSENT_OK) {
        tree = (consent_log_tree_t) { &view, consent_digest_create(), record.number };
        rc = tree.digest == NULL ? CONSENT_NOMEM
             : consent_tree_consistency(proof, n, old, size, tree.digest, consent_log_tree_hash, &tree);
        consent_digest_destroy(tree.digest);
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


/* The newest log that has a checkpoint. */
static consent_rc_t
find_shown(consent_view_t *view, consent_log_record_t *record)
{
    consent_rc_t  rc;

    rc = consent_log_record_get(view, CONSENT_LOG_NEWEST, record);

    while (rc == CONSENT_OK && record->shown == 0) {
        rc = record->number == 0 ? CONSENT_NOTFOUND : consent_log_record_get(view, record->number - 1, record);
    }

    return rc;
}


static consent_rc_t
read_note(consent_view_t *view, uint32_t number, uint64_t size, consent_buf_t *b)
{
    consent_rc_t     rc;
    consent_slice_t  note;

    rc = size == 0 ? CONSENT_NOTFOUND : consent_log_note_get(view, number, size, &note);

    if (rc == CONSENT_OK) {
        consent_buf_slice(b, note);
        rc = b->rc;
    }

    return rc;
}


static consent_rc_t
read_tile(consent_view_t *view, const consent_log_record_t *record, const consent_tile_t *tile, consent_buf_t *b)
{
    size_t           len;
    uint8_t          key[CONSENT_LOG_TILE_KEY_LEN];
    consent_rc_t     rc;
    consent_slice_t  hashes;

    len = tile->width * CONSENT_HASH_LEN;
    consent_log_tile_key(key, record->number, tile->level, tile->index);

    rc = consent_view_get(view, CONSENT_TABLE_TILES, consent_slice(key, sizeof(key)), &hashes);

    if (rc != CONSENT_OK || hashes.len < len) {
        return rc == CONSENT_OK || rc == CONSENT_NOTFOUND ? CONSENT_MALFORMED : rc;
    }

    consent_buf_add(b, hashes.data, len);

    return b->rc;
}


static consent_rc_t
read_bundle(consent_view_t *view, const consent_log_record_t *record, const consent_tile_t *tile, consent_buf_t *b)
{
    uint8_t       key[8];
    bundle_t      bundle;
    consent_rc_t  rc;

    bundle.b = b;
    bundle.index = record->first + tile->index * CONSENT_TILE_WIDTH;
    bundle.end = bundle.index + tile->width;

    consent_put_u64(key, bundle.index);
    rc = consent_view_walk(view, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), each_entry, &bundle);

    if (rc == CONSENT_OK && b->rc != CONSENT_OK) {
        rc = b->rc;
    }

    /* what is missing was pruned */
    return rc == CONSENT_OK && bundle.index != bundle.end ? CONSENT_NOTFOUND : rc;
}


static bool
each_entry(void *arg, consent_slice_t key, consent_slice_t value)
{
    bundle_t  *bundle = arg;

    if (bundle->index == bundle->end || key.len != 8 || consent_get_u64(key.data) != bundle->index
        || value.len > CONSENT_ENTRY_MAX)
    {
        return false;
    }

    consent_buf_char(bundle->b, (char) (value.len >> 8));
    consent_buf_char(bundle->b, (char) (value.len & 0xff));
    consent_buf_slice(bundle->b, value);
    bundle->index++;

    return bundle->b->rc == CONSENT_OK;
}


/* The log of an entry that its newest checkpoint covers. */
static consent_rc_t
find_entry(consent_view_t *view, uint64_t store_index, consent_log_record_t *record)
{
    consent_rc_t  rc;

    rc = consent_log_record_of(view, store_index, record);

    return rc == CONSENT_OK && store_index - record->first >= record->shown ? CONSENT_NOTFOUND : rc;
}


static consent_rc_t
read_proof(consent_view_t *view, uint64_t store_index, consent_buf_t *b)
{
    uint8_t               hashes[CONSENT_TREE_PROOF_MAX][CONSENT_HASH_LEN];
    uint64_t              leaf;
    unsigned              n;
    consent_rc_t          rc;
    consent_slice_t       note;
    consent_log_tree_t    tree;
    consent_log_record_t  record;

    rc = find_entry(view, store_index, &record);

    if (rc == CONSENT_OK) {
        rc = consent_log_note_get(view, record.number, record.shown, &note);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    tree = (consent_log_tree_t) { view, consent_digest_create(), record.number };
    leaf = store_index - record.first;

    rc = tree.digest == NULL ? CONSENT_NOMEM
         : consent_tree_inclusion(hashes, &n, leaf, record.shown, tree.digest, consent_log_tree_hash, &tree);
    consent_digest_destroy(tree.digest);

    return rc == CONSENT_OK ? consent_proof_write(b, leaf, hashes, n, note) : rc;
}
