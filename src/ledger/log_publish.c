/*
 * The publisher. Each round: hash what is new from a snapshot and store the tiles; when that is durable, sign it, keep the
 * checkpoint beside the keys, and then show it.
 *
 * Only what this publisher has seen committed is signed: a snapshot may show what another process has written and the disk
 * not yet has. What it finds in the store and has not put there itself is therefore put once more.
 */

#include "ledger/log_inside.h"
#include "base/note_key.h"

#include <stdio.h>
#include <stdlib.h>

#define STEP_BYTES  ((uint64_t) 16 << 20)       /* of entries hashed from one snapshot */

typedef enum {
    PUBLISHER_IDLE = 0,
    PUBLISHER_STORES,
    PUBLISHER_SHOWS
} publisher_phase_t;

struct consent_publisher_s {
    consent_ledger_t      *ledger;
    consent_digest_t      *digest;
    int                    signed_dir;
    uint8_t                seed[32];
    uint8_t                public_key[32];
    publisher_phase_t      phase;           /* of what was handed out last */
    bool                   known;           /* `log` and `growing` are what the store had when last seen */
    bool                   durable;         /* and this publisher has committed it */
    bool                   in_round;
    uint64_t               target;          /* leaves to be published in this round */
    consent_log_record_t   log;
    uint64_t               hashed;          /* bytes, in this step */
    consent_rc_t           rc;              /* of hashing */
    consent_log_step_t     step;
    uint8_t              (*blocks)[CONSENT_LOG_TILE_BYTES];     /* CONSENT_LOG_STEP_TILES of them */
    /* the last tile of each level, as far as it has grown */
    uint8_t                growing[CONSENT_TILE_LEVELS][CONSENT_TILE_WIDTH][CONSENT_HASH_LEN];
    char                   origin[CONSENT_LOG_ORIGIN_MAX + 1];
};

typedef struct {
    consent_publisher_t  *publisher;
    uint64_t              index;            /* in the store, of the next entry */
    uint64_t              end;              /* not to be hashed */
} publisher_walk_t;

static consent_rc_t look(consent_publisher_t *p, consent_view_t *view, uint64_t *leaves, bool *ended);
static consent_rc_t find(consent_publisher_t *p, consent_view_t *view, consent_log_record_t *record, uint64_t *leaves,
    bool *ended);
static consent_rc_t load(consent_publisher_t *p, consent_view_t *view);
static consent_rc_t round_step(consent_publisher_t *p, consent_view_t *view, char why[static 256]);
static consent_rc_t extend(consent_publisher_t *p, consent_view_t *view, uint64_t leaves);
static bool each_entry(void *arg, consent_slice_t key, consent_slice_t value);
static consent_rc_t add_leaf(consent_publisher_t *p, const uint8_t leaf[static CONSENT_HASH_LEN]);
static consent_rc_t tile_root(consent_publisher_t *p, uint8_t (*hashes)[CONSENT_HASH_LEN], size_t n,
    uint8_t out[static CONSENT_HASH_LEN]);
static consent_rc_t root(consent_publisher_t *p, uint64_t size, uint8_t out[static CONSENT_HASH_LEN]);
static consent_rc_t growing_hash(void *arg, unsigned level, uint64_t index, uint8_t out[static CONSENT_HASH_LEN]);
static void keep_tile(consent_publisher_t *p, unsigned level, uint64_t index, unsigned width);
static consent_rc_t sign(consent_publisher_t *p, consent_view_t *view, char why[static 256]);
static void new_step(consent_publisher_t *p);
static consent_rc_t say(char why[static 256], consent_rc_t rc, const char *what);


consent_rc_t
consent_publisher_create(consent_publisher_t **out, consent_ledger_t *ledger, const consent_publisher_conf_t *conf)
{
    consent_rc_t          rc;
    consent_publisher_t  *p;

    *out = NULL;

    if (!consent_note_name_valid(consent_cstr(conf->origin))) {
        return CONSENT_MALFORMED;
    }

    p = calloc(1, sizeof(consent_publisher_t));

    if (p == NULL) {
        return CONSENT_NOMEM;
    }

    p->ledger = ledger;
    p->signed_dir = conf->signed_dir;
    memcpy(p->seed, conf->seed, sizeof(p->seed));
    p->digest = consent_digest_create();
    p->blocks = calloc(CONSENT_LOG_STEP_TILES, CONSENT_LOG_TILE_BYTES);

    rc = p->digest == NULL || p->blocks == NULL ? CONSENT_NOMEM : consent_log_origin(p->origin, conf->origin, 0);

    if (rc == CONSENT_OK) {
        rc = consent_ed25519_public(p->public_key, p->seed);
    }

    if (rc != CONSENT_OK) {
        consent_publisher_destroy(p);
        return rc;
    }

    *out = p;

    return CONSENT_OK;
}


void
consent_publisher_destroy(consent_publisher_t *p)
{
    if (p == NULL) {
        return;
    }

    consent_digest_destroy(p->digest);
    free(p->blocks);
    consent_wipe(p->seed, sizeof(p->seed));
    free(p);
}


consent_rc_t
consent_publisher_next(consent_publisher_t *p, consent_op_t *op, char why[static 256])
{
    bool            ended;
    uint64_t        leaves;
    consent_rc_t    rc;
    consent_view_t  view;

    why[0] = '\0';
    p->phase = PUBLISHER_IDLE;

    rc = consent_store_read(p->ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_NOTFOUND : say(why, rc, "the store cannot be read");
    }

    rc = look(p, &view, &leaves, &ended);

    if (rc == CONSENT_OK && !p->in_round) {
        p->target = leaves;
        p->in_round = true;
    }

    if (rc == CONSENT_OK) {
        rc = round_step(p, &view, why);

    } else if (rc == CONSENT_MALFORMED) {
        rc = say(why, CONSENT_DENIED, "the store contradicts itself: the log's tiles do not have the root it says");

    } else {
        (void) say(why, rc, "the log cannot be read");
    }

    consent_store_read_end(p->ledger->store, &view);

    if (rc != CONSENT_OK) {
        p->in_round = false;
        return rc;
    }

    memset(op, 0, sizeof(consent_op_t));
    op->type = CONSENT_OP_LOG;
    op->step = &p->step;

    return CONSENT_OK;
}


void
consent_publisher_done(consent_publisher_t *p, consent_rc_t rc)
{
    if (rc != CONSENT_OK) {
        p->known = p->durable = p->in_round = false;

    } else if (p->phase == PUBLISHER_STORES) {
        p->log = p->step.to;
        p->durable = true;

    } else if (p->phase == PUBLISHER_SHOWS) {
        p->log.shown = p->step.note_size;
    }

    p->phase = PUBLISHER_IDLE;
}


consent_rc_t
consent_log_publish(consent_publisher_t *p, char why[static 256])
{
    consent_op_t  op;
    consent_rc_t  rc;

    while ((rc = consent_publisher_next(p, &op, why)) == CONSENT_OK) {
        rc = consent_ledger_begin(p->ledger);

        if (rc == CONSENT_OK) {
            (void) consent_ledger_apply(p->ledger, &op);
            rc = consent_ledger_commit(p->ledger);
            rc = rc == CONSENT_OK ? op.rc : rc;
        }

        consent_publisher_done(p, rc);

        if (rc != CONSENT_OK && rc != CONSENT_CONFLICT) {
            return say(why, rc, consent_ledger_why(p->ledger));
        }
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


/* What the store has now. */
static consent_rc_t
look(consent_publisher_t *p, consent_view_t *view, uint64_t *leaves, bool *ended)
{
    consent_rc_t          rc;
    consent_log_record_t  now;

    rc = find(p, view, &now, leaves, ended);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (p->known && now.number == p->log.number && now.size == p->log.size && now.shown == p->log.shown
        && memcmp(now.root, p->log.root, CONSENT_HASH_LEN) == 0)
    {
        return CONSENT_OK;
    }

    p->known = p->durable = p->in_round = false;
    p->log = now;

    rc = load(p, view);
    p->known = rc == CONSENT_OK;

    return rc;
}


/* The first log that is not all published, or the newest. */
static consent_rc_t
find(consent_publisher_t *p, consent_view_t *view, consent_log_record_t *record, uint64_t *leaves, bool *ended)
{
    uint64_t      end;
    consent_rc_t  rc;

    rc = consent_log_record_get(view, p->known ? p->log.number : 0, record);

    if (rc == CONSENT_NOTFOUND) {
        memset(record, 0, sizeof(consent_log_record_t));
        memcpy(record->origin, p->origin, sizeof(p->origin));
        rc = CONSENT_OK;
    }

    while (rc == CONSENT_OK) {
        rc = consent_log_record_end(view, record, &end, ended);

        if (rc != CONSENT_OK) {
            break;
        }

        *leaves = end - record->first;

        if (!*ended || record->shown < *leaves) {
            break;
        }

        rc = consent_log_record_get(view, record->number + 1, record);
    }

    return rc;
}


/* The last tile of each level, out of the store; together they must have the root that the store says. */
static consent_rc_t
load(consent_publisher_t *p, consent_view_t *view)
{
    size_t           n;
    uint8_t          key[CONSENT_LOG_TILE_KEY_LEN], found[CONSENT_HASH_LEN];
    uint64_t         hashes;
    unsigned         level;
    consent_rc_t     rc;
    consent_slice_t  tile;

    if (p->log.size == 0) {
        return CONSENT_OK;
    }

    for (level = 0, hashes = p->log.size; level < CONSENT_TILE_LEVELS && hashes > 0; level++, hashes /= CONSENT_TILE_WIDTH) {
        n = (size_t) (hashes % CONSENT_TILE_WIDTH);

        if (n == 0) {
            continue;
        }

        consent_log_tile_key(key, p->log.number, level, hashes / CONSENT_TILE_WIDTH);
        rc = consent_view_get(view, CONSENT_TABLE_TILES, consent_slice(key, sizeof(key)), &tile);

        if (rc != CONSENT_OK) {
            return rc == CONSENT_NOTFOUND ? CONSENT_MALFORMED : rc;
        }

        if (tile.len < n * CONSENT_HASH_LEN) {
            return CONSENT_MALFORMED;
        }

        memcpy(p->growing[level], tile.data, n * CONSENT_HASH_LEN);
    }

    rc = root(p, p->log.size, found);

    return rc != CONSENT_OK ? rc
           : memcmp(found, p->log.root, CONSENT_HASH_LEN) == 0 ? CONSENT_OK : CONSENT_MALFORMED;
}


static consent_rc_t
round_step(consent_publisher_t *p, consent_view_t *view, char why[static 256])
{
    consent_rc_t  rc;

    if (p->log.shown >= p->target && p->log.shown == p->log.size) {
        return CONSENT_NOTFOUND;
    }

    if (p->log.size < p->target || !p->durable) {
        rc = extend(p, view, p->target);
        p->phase = PUBLISHER_STORES;

        return rc == CONSENT_OK ? rc : say(why, rc, "the log's entries cannot be read");
    }

    rc = sign(p, view, why);
    p->phase = PUBLISHER_SHOWS;

    return rc;
}


static consent_rc_t
extend(consent_publisher_t *p, consent_view_t *view, uint64_t leaves)
{
    uint8_t           key[8];
    uint64_t          n, hashes;
    unsigned          level;
    consent_rc_t      rc;
    publisher_walk_t  walk;

    new_step(p);

    n = leaves - p->log.size < CONSENT_PUBLISHER_STEP ? leaves - p->log.size : CONSENT_PUBLISHER_STEP;
    walk = (publisher_walk_t) { p, p->log.first + p->log.size, p->log.first + p->log.size + n };
    p->hashed = 0;
    p->rc = CONSENT_OK;

    if (n > 0) {
        consent_put_u64(key, walk.index);
        rc = consent_view_walk(view, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), each_entry, &walk);

        /* from here on `growing` is ahead of the store */
        p->known = false;

        if (rc != CONSENT_OK || p->rc != CONSENT_OK || p->step.to.size == p->log.size) {
            return rc != CONSENT_OK ? rc : p->rc != CONSENT_OK ? p->rc : CONSENT_IO;
        }

        p->known = true;
    }

    for (level = 0, hashes = p->step.to.size; level < CONSENT_TILE_LEVELS && hashes > 0;
         level++, hashes /= CONSENT_TILE_WIDTH)
    {
        if (hashes % CONSENT_TILE_WIDTH != 0 && hashes != p->log.size >> 8 * level) {
            keep_tile(p, level, hashes / CONSENT_TILE_WIDTH, (unsigned) (hashes % CONSENT_TILE_WIDTH));
        }
    }

    return root(p, p->step.to.size, p->step.to.root);
}


static bool
each_entry(void *arg, consent_slice_t key, consent_slice_t value)
{
    uint8_t               leaf[CONSENT_HASH_LEN];
    publisher_walk_t     *walk = arg;
    consent_publisher_t  *p = walk->publisher;

    if (walk->index == walk->end || p->hashed >= STEP_BYTES) {
        return false;
    }

    if (key.len != 8 || consent_get_u64(key.data) != walk->index) {
        p->rc = CONSENT_IO;
        return false;
    }

    p->rc = consent_tree_leaf(p->digest, leaf, value);

    if (p->rc == CONSENT_OK) {
        p->rc = add_leaf(p, leaf);
    }

    walk->index++;
    p->hashed += value.len;

    return p->rc == CONSENT_OK;
}


/* A tile that is full is hashed into the one above it. */
static consent_rc_t
add_leaf(consent_publisher_t *p, const uint8_t leaf[static CONSENT_HASH_LEN])
{
    size_t        at;
    uint8_t       hash[CONSENT_HASH_LEN];
    uint64_t      hashes;
    unsigned      level;
    consent_rc_t  rc;

    memcpy(hash, leaf, sizeof(hash));
    hashes = p->step.to.size++;

    for (level = 0; level < CONSENT_TILE_LEVELS; level++) {
        at = (size_t) (hashes % CONSENT_TILE_WIDTH);
        hashes /= CONSENT_TILE_WIDTH;
        memcpy(p->growing[level][at], hash, sizeof(hash));

        if (at + 1 < CONSENT_TILE_WIDTH) {
            break;
        }

        keep_tile(p, level, hashes, CONSENT_TILE_WIDTH);
        rc = tile_root(p, p->growing[level], CONSENT_TILE_WIDTH, hash);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


/* n: a power of two. */
static consent_rc_t
tile_root(consent_publisher_t *p, uint8_t (*hashes)[CONSENT_HASH_LEN], size_t n, uint8_t out[static CONSENT_HASH_LEN])
{
    size_t        i;
    uint8_t       row[CONSENT_TILE_WIDTH][CONSENT_HASH_LEN];
    consent_rc_t  rc;

    memcpy(row, hashes, n * CONSENT_HASH_LEN);

    for (rc = CONSENT_OK; n > 1; n /= 2) {
        for (i = 0; i < n / 2 && rc == CONSENT_OK; i++) {
            rc = consent_tree_node(p->digest, row[i], row[2 * i], row[2 * i + 1]);
        }
    }

    memcpy(out, row[0], CONSENT_HASH_LEN);

    return rc;
}


static consent_rc_t
root(consent_publisher_t *p, uint64_t size, uint8_t out[static CONSENT_HASH_LEN])
{
    consent_rc_t    rc;
    consent_tree_t  frontier;

    rc = consent_tree_load(&frontier, size, growing_hash, p);

    return rc == CONSENT_OK ? consent_tree_root(&frontier, p->digest, out) : rc;
}


/* All complete subtrees at the end of the tree are in tiles that still grow. */
static consent_rc_t
growing_hash(void *arg, unsigned level, uint64_t index, uint8_t out[static CONSENT_HASH_LEN])
{
    consent_publisher_t  *p = arg;

    return tile_root(p, &p->growing[level / 8][(index << level % 8) % CONSENT_TILE_WIDTH], (size_t) 1 << level % 8, out);
}


static void
keep_tile(consent_publisher_t *p, unsigned level, uint64_t index, unsigned width)
{
    memcpy(p->blocks[p->step.n], p->growing[level], width * CONSENT_HASH_LEN);
    p->step.tiles[p->step.n++] = (consent_log_put_t) { level, width, index };
}


static consent_rc_t
sign(consent_publisher_t *p, consent_view_t *view, char why[static 256])
{
    char                  origin[CONSENT_LOG_ORIGIN_MAX + 1];
    consent_rc_t          rc;
    consent_buf_t         b;
    consent_note_key_t    key;

    rc = consent_log_origin(origin, p->origin, p->log.number);

    if (rc != CONSENT_OK || strcmp(origin, p->log.origin) != 0) {
        (void) snprintf(why, 256, "the store's log is \"%.80s\", which the key of \"%.80s\" does not sign", p->log.origin,
                        p->origin);
        return CONSENT_CONFLICT;
    }

    rc = p->signed_dir == -1 ? CONSENT_OK : consent_log_guard(view, p->digest, p->signed_dir, why);

    if (rc != CONSENT_OK) {
        /* no lookup either, until the next begin finds that all is well */
        p->ledger->refused = p->ledger->guarded;
        return rc;
    }

    new_step(p);
    p->step.to.shown = p->step.note_size = p->log.size;

    consent_buf_init_fixed(&b, p->step.note, sizeof(p->step.note));
    rc = consent_checkpoint_write(&b, consent_cstr(origin), p->log.size, p->log.root);

    if (rc == CONSENT_OK) {
        rc = consent_note_key_make(&key, consent_cstr(origin), CONSENT_NOTE_ED25519, p->public_key);
    }

    if (rc == CONSENT_OK) {
        rc = consent_note_sign(&b, consent_buf_view(&b), &key, p->seed);
    }

    if (rc != CONSENT_OK) {
        return say(why, rc, "the log's checkpoint cannot be signed");
    }

    p->step.note_len = b.len;

    if (p->signed_dir != -1) {
        rc = consent_log_signed_write(p->signed_dir, consent_buf_view(&b));
    }

    return rc == CONSENT_OK ? rc : say(why, rc, "the log's checkpoint cannot be kept beside the keys");
}


static void
new_step(consent_publisher_t *p)
{
    p->step.from = p->step.to = p->log;
    p->step.n = 0;
    p->step.hashes = p->blocks[0];
    p->step.note_size = 0;
    p->step.note_len = 0;
    p->step.cosigned = false;
}


static consent_rc_t
say(char why[static 256], consent_rc_t rc, const char *what)
{
    (void) snprintf(why, 256, "%.200s (%.40s)", what, consent_rc_name(rc));

    return rc;
}
