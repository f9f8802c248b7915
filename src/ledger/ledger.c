/*
 * The ledger of a process: opening it, looking up, and reading what is in it.
 */

#include "ledger/ledger.h"
#include "ledger/inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

typedef struct {
    const uint8_t            *subject;
    size_t                    prefix;       /* bytes of `key` that count */
    uint8_t                   key[CONSENT_STATE_KEY_LEN];
    consent_view_t           *view;
    consent_history_pt        history;
    consent_opened_pt         opened;
    consent_policy_each_pt    policy;
    consent_entry_each_pt     entry;
    void                     *arg;
    uint64_t                  index;
    consent_rc_t              rc;
} walk_t;

const consent_slice_t  consent_meta_key = { (const uint8_t *) "meta", 4 };

static consent_rc_t compare(consent_ledger_t *ledger, char why[static 256]);
static consent_rc_t make(consent_view_t *view);
static consent_rc_t check(consent_view_t *view);
static bool each_past(void *arg, consent_slice_t key, consent_slice_t value);
static bool each_opened(void *arg, consent_slice_t key, consent_slice_t value);
static bool each_policy(void *arg, consent_slice_t key, consent_slice_t value);
static bool each_entry(void *arg, consent_slice_t key, consent_slice_t value);
static bool opens(walk_t *walk, const consent_past_t *past);
static consent_rc_t walk_table(consent_ledger_t *ledger, consent_table_t table, consent_slice_t from,
    consent_walk_pt each, walk_t *walk);
static consent_rc_t copy_value(consent_ledger_t *ledger, consent_table_t table, consent_slice_t key,
    consent_buf_t *b);


consent_rc_t
consent_ledger_open(consent_ledger_t **out, const consent_ledger_conf_t *conf, char why[static 256])
{
    static const consent_store_hooks_t  hooks = { make, check };
    size_t                              size;
    consent_rc_t                        rc;
    consent_ledger_t                   *ledger;

    *out = NULL;
    (void) snprintf(why, 256, "out of memory");

    ledger = calloc(1, sizeof(consent_ledger_t));

    if (ledger == NULL) {
        return CONSENT_NOMEM;
    }

    ledger->kept_file = -1;
    ledger->node = strdup(conf->node == NULL ? "" : conf->node);
    ledger->digest = consent_digest_create();
    ledger->entry = malloc(CONSENT_ENTRY_MAX + 1);
    ledger->fields = malloc(CONSENT_ENTRY_MAX + 1);
    ledger->seen = calloc(CONSENT_LEDGER_SEEN, sizeof(consent_seen_t));

    if (ledger->node == NULL || ledger->digest == NULL || ledger->entry == NULL || ledger->fields == NULL
        || ledger->seen == NULL)
    {
        consent_ledger_close(ledger);
        return CONSENT_NOMEM;
    }

    ledger->guarded = conf->guarded;
    ledger->signed_dir = conf->signed_dir;
    ledger->cluster = conf->cluster;

    if (conf->cluster == CONSENT_CLUSTER_JOIN) {
        memcpy(ledger->erasure_key, conf->erasure_key, CONSENT_KEY_LEN);
    }

    size = conf->size == 0 && !conf->read_only ? CONSENT_LEDGER_SIZE
           : conf->size == CONSENT_LEDGER_AS_IS ? 0 : conf->size;
    size = size != 0 && size < CONSENT_LEDGER_MIN_SIZE ? CONSENT_LEDGER_MIN_SIZE : size;

    rc = consent_store_open(&ledger->store, conf->directory, size, conf->read_only, &hooks, why);

    if (rc == CONSENT_OK) {
        rc = compare(ledger, why);
    }

    if (rc == CONSENT_NOMEM || (rc != CONSENT_OK && conf->read_only)) {
        consent_ledger_close(ledger);
        return rc;
    }

    *out = ledger;

    return rc;
}


void
consent_ledger_close(consent_ledger_t *ledger)
{
    size_t  i;

    if (ledger == NULL || !consent_store_close(ledger->store)) {
        return;
    }

    consent_kept_close(ledger);

    for (i = 0; i < 2; i++) {
        consent_mac_destroy(ledger->look_mac[i].mac);
        consent_mac_destroy(ledger->write_mac[i].mac);
    }

    consent_digest_destroy(ledger->digest);
    free(ledger->seen);
    free(ledger->fields);
    free(ledger->entry);
    free(ledger->node);
    consent_wipe(ledger, sizeof(consent_ledger_t));
    free(ledger);
}


consent_rc_t
consent_ledger_history(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_history_pt each, void *arg)
{
    walk_t  walk = { .prefix = CONSENT_STATE_KEY_LEN, .history = each, .arg = arg };

    consent_state_key(walk.key, subject, policy_id_key);

    return walk_table(ledger, CONSENT_TABLE_HISTORY, consent_slice(walk.key, walk.prefix), each_past, &walk);
}


consent_rc_t
consent_ledger_receipt(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    const uint8_t receipt[static CONSENT_ID_LEN], consent_decision_t *decision, uint64_t *log_index)
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_past_t   past;
    consent_slice_t  key, value;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_get(&view, CONSENT_TABLE_RECEIPTS, consent_slice(receipt, CONSENT_ID_LEN), &key);

    if (rc == CONSENT_OK
        && (key.len != CONSENT_PAST_KEY_LEN || !consent_digest_equal(key.data, subject, CONSENT_SUBJECT_LEN)))
    {
        rc = CONSENT_NOTFOUND;
    }

    if (rc == CONSENT_OK) {
        rc = consent_view_get(&view, CONSENT_TABLE_HISTORY, key, &value);
    }

    if (rc == CONSENT_OK) {
        rc = consent_past_decode(&past, value);
    }

    if (rc == CONSENT_OK) {
        *decision = past.decision;
        *log_index = past.index;
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


consent_rc_t
consent_ledger_opened(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_opened_pt each, void *arg)
{
    walk_t  walk = { .prefix = CONSENT_SUBJECT_LEN, .subject = subject, .opened = each, .arg = arg };

    memcpy(walk.key, subject, CONSENT_SUBJECT_LEN);

    return walk_table(ledger, CONSENT_TABLE_HISTORY, consent_slice(walk.key, walk.prefix), each_opened, &walk);
}


consent_rc_t
consent_ledger_policy(consent_ledger_t *ledger, uint64_t key, consent_buf_t *b)
{
    uint8_t  k[8];

    consent_put_u64(k, key);

    return copy_value(ledger, CONSENT_TABLE_POLICIES, consent_slice(k, sizeof(k)), b);
}


consent_rc_t
consent_ledger_policies(consent_ledger_t *ledger, consent_policy_each_pt each, void *arg)
{
    walk_t  walk = { .policy = each, .arg = arg };

    return walk_table(ledger, CONSENT_TABLE_POLICIES, consent_slice(NULL, 0), each_policy, &walk);
}


consent_rc_t
consent_ledger_text(consent_ledger_t *ledger, const uint8_t hash[static CONSENT_HASH_LEN], consent_buf_t *b)
{
    return copy_value(ledger, CONSENT_TABLE_TEXTS, consent_slice(hash, CONSENT_HASH_LEN), b);
}


consent_rc_t
consent_ledger_entries(consent_ledger_t *ledger, uint64_t from, consent_entry_each_pt each, void *arg)
{
    uint8_t  key[8];
    walk_t   walk = { .entry = each, .arg = arg, .index = from };

    consent_put_u64(key, from);

    return walk_table(ledger, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), each_entry, &walk);
}


consent_rc_t
consent_ledger_stat(consent_ledger_t *ledger, consent_ledger_stat_t *stat)
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_meta_t   meta;
    consent_slice_t  key, value;
    consent_usage_t  usage;

    memset(stat, 0, sizeof(consent_ledger_stat_t));

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_store_usage(ledger->store, &view, &usage);

    if (rc == CONSENT_OK) {
        rc = consent_view_get(&view, CONSENT_TABLE_META, consent_meta_key, &value);
    }

    if (rc == CONSENT_OK) {
        rc = consent_meta_decode(&meta, value);
    }

    if (rc == CONSENT_OK) {
        stat->entries = meta.next_index;
        stat->pruned = consent_ledger_pruned(&view);
        stat->states = consent_view_count(&view, CONSENT_TABLE_STATE);
        stat->histories = consent_view_count(&view, CONSENT_TABLE_HISTORY);
        stat->policies = consent_view_count(&view, CONSENT_TABLE_POLICIES);
        stat->texts = consent_view_count(&view, CONSENT_TABLE_TEXTS);
        stat->tombstones = consent_view_count(&view, CONSENT_TABLE_TOMBSTONES);
        stat->subjects = consent_view_count(&view, CONSENT_TABLE_KEYS);
        stat->receipts = consent_view_count(&view, CONSENT_TABLE_RECEIPTS);
        stat->outbox = consent_view_count(&view, CONSENT_TABLE_OUTBOX);
        stat->handoffs = consent_view_count(&view, CONSENT_TABLE_HANDOFFS);
        stat->tiles = consent_view_count(&view, CONSENT_TABLE_TILES);
        stat->checkpoints = consent_view_count(&view, CONSENT_TABLE_CHECKPOINTS);
        stat->outgoing = consent_view_count(&view, CONSENT_TABLE_OUTGOING);
        stat->holds = consent_view_count(&view, CONSENT_TABLE_HOLDS);
        stat->map_size = usage.map_size;
        stat->used = usage.used;
        stat->room = usage.room;
        stat->readers = usage.readers;
        stat->last_entry = meta.last_time;
        stat->created = meta.created_at;
        stat->restored = meta.floor;
        rc = consent_view_near(&view, CONSENT_TABLE_OUTBOX, consent_slice(NULL, 0), false, &key, &value);

        if (rc == CONSENT_OK && key.len >= 8) {
            stat->next_message = (consent_time_t) consent_get_u64(key.data);
        }

        rc = rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}


/* Is it the store whose log was last signed? One without tables is asked when they have been made. */
static consent_rc_t
compare(consent_ledger_t *ledger, char why[static 256])
{
    consent_rc_t    rc;
    consent_view_t  view;

    if (!ledger->guarded) {
        return CONSENT_OK;
    }

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    rc = consent_ledger_guard(ledger, &view);
    consent_store_read_end(ledger->store, &view);

    if (rc != CONSENT_OK) {
        memcpy(why, ledger->refusal, sizeof(ledger->refusal));
    }

    return rc;
}


/* The meta record of a new store. */
static consent_rc_t
make(consent_view_t *view)
{
    uint8_t          record[CONSENT_META_LEN];
    consent_rc_t     rc;
    consent_meta_t   meta;
    struct timespec  now;

    (void) clock_gettime(CLOCK_REALTIME, &now);

    memset(&meta, 0, sizeof(meta));
    meta.created_at = (consent_time_t) now.tv_sec * 1000;

    rc = consent_random(meta.store_id, sizeof(meta.store_id));

    if (rc == CONSENT_OK) {
        rc = consent_random(meta.tombstone_key, sizeof(meta.tombstone_key));
    }

    if (rc == CONSENT_OK) {
        consent_meta_encode(record, &meta);
        rc = consent_view_put(view, CONSENT_TABLE_META, consent_meta_key, consent_slice(record, sizeof(record)),
                              CONSENT_PUT_NEW);
    }

    return rc;
}


static consent_rc_t
check(consent_view_t *view)
{
    consent_rc_t     rc;
    consent_meta_t   meta;
    consent_slice_t  value;

    rc = consent_view_get(view, CONSENT_TABLE_META, consent_meta_key, &value);

    return rc == CONSENT_OK ? consent_meta_decode(&meta, value) : rc;
}


static bool
each_past(void *arg, consent_slice_t key, consent_slice_t value)
{
    walk_t          *walk = arg;
    consent_past_t   past;

    if (key.len != CONSENT_PAST_KEY_LEN || memcmp(key.data, walk->key, walk->prefix) != 0) {
        return false;
    }

    walk->rc = consent_past_decode(&past, value);

    return walk->rc == CONSENT_OK && walk->history(walk->arg, &past.decision, past.index);
}


static bool
each_opened(void *arg, consent_slice_t key, consent_slice_t value)
{
    walk_t          *walk = arg;
    consent_past_t   past;

    if (key.len != CONSENT_PAST_KEY_LEN || memcmp(key.data, walk->key, walk->prefix) != 0) {
        return false;
    }

    walk->rc = consent_past_decode(&past, value);

    if (walk->rc == CONSENT_OK && past.index == CONSENT_NO_INDEX) {
        return true;
    }

    /* an entry that was pruned opens no more, and nobody has changed it */
    if (walk->rc == CONSENT_OK && past.index < consent_ledger_pruned(walk->view)) {
        return true;
    }

    return walk->rc == CONSENT_OK && walk->opened(walk->arg, past.index, past.logged_at, opens(walk, &past));
}


static bool
each_policy(void *arg, consent_slice_t key, consent_slice_t value)
{
    walk_t  *walk = arg;

    if (key.len != 8) {
        walk->rc = CONSENT_MALFORMED;
        return false;
    }

    return walk->policy(walk->arg, consent_get_u64(key.data), value);
}


static bool
each_entry(void *arg, consent_slice_t key, consent_slice_t value)
{
    walk_t  *walk = arg;

    /* what is in front of the first was pruned */
    if (key.len == 8 && consent_get_u64(key.data) > walk->index
        && consent_get_u64(key.data) == consent_ledger_pruned(walk->view))
    {
        walk->index = consent_get_u64(key.data);
    }

    if (key.len != 8 || consent_get_u64(key.data) != walk->index) {
        walk->rc = CONSENT_MALFORMED;
        return false;
    }

    return walk->entry(walk->arg, walk->index++, value);
}


static bool
opens(walk_t *walk, const consent_past_t *past)
{
    uint8_t          index[8], commitment[CONSENT_HASH_LEN];
    consent_slice_t  key, entry;

    consent_put_u64(index, past->index);

    return consent_view_get(walk->view, CONSENT_TABLE_KEYS, consent_slice(walk->subject, CONSENT_SUBJECT_LEN), &key)
           == CONSENT_OK
           && key.len == CONSENT_KEY_LEN
           && consent_view_get(walk->view, CONSENT_TABLE_ENTRIES, consent_slice(index, sizeof(index)), &entry)
           == CONSENT_OK
           && consent_entry_commitment(commitment, key.data, past->nonce, walk->subject, past->index,
                                       past->logged_at) == CONSENT_OK
           && consent_entry_holds(entry, commitment);
}


static consent_rc_t
walk_table(consent_ledger_t *ledger, consent_table_t table, consent_slice_t from, consent_walk_pt each, walk_t *walk)
{
    consent_rc_t    rc;
    consent_view_t  view;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    walk->view = &view;
    walk->rc = CONSENT_OK;

    rc = consent_view_walk(&view, table, from, each, walk);
    consent_store_read_end(ledger->store, &view);

    return rc == CONSENT_OK ? walk->rc : rc;
}


static consent_rc_t
copy_value(consent_ledger_t *ledger, consent_table_t table, consent_slice_t key, consent_buf_t *b)
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_slice_t  value;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_get(&view, table, key, &value);

    if (rc == CONSENT_OK) {
        consent_buf_slice(b, value);
        rc = b->rc;
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}
