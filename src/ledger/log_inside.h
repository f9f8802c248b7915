/*
 * What the files of the log share: its record in the store, hashes out of stored tiles, and a publisher's step.
 */

#ifndef CONSENT_LOG_INSIDE_H
#define CONSENT_LOG_INSIDE_H

#include "ledger/inside.h"
#include "ledger/log.h"

#define CONSENT_LOG_KEY_LEN         4
#define CONSENT_LOG_TILE_KEY_LEN    13
#define CONSENT_LOG_NOTE_KEY_LEN    12
#define CONSENT_LOG_TILE_BYTES      (CONSENT_TILE_WIDTH * CONSENT_HASH_LEN)

/* One log as the store knows it; log_record.c. */
typedef struct {
    uint32_t  number;
    uint64_t  first;
    uint64_t  size;
    uint64_t  shown;
    uint64_t  cosigned;                         /* size of the newest checkpoint that a witness has signed; 0: none */
    uint8_t   root[CONSENT_HASH_LEN];           /* of the tree of that size; zeros while it is empty */
    char      origin[CONSENT_LOG_ORIGIN_MAX + 1];
} consent_log_record_t;

/* CONSENT_LOG_NEWEST: the one with the largest number. CONSENT_NOTFOUND, CONSENT_MALFORMED. */
consent_rc_t consent_log_record_get(consent_view_t *view, uint32_t number, consent_log_record_t *record);
/* In the open write transaction; breaks it when it fails. */
consent_rc_t consent_log_record_put(consent_ledger_t *ledger, const consent_log_record_t *record);

/* Where it ends: the index in the store of the entry behind its last one. */
consent_rc_t consent_log_record_end(consent_view_t *view, const consent_log_record_t *record, uint64_t *end, bool *ended);

/* The log that an entry of the store is in; the one of that origin. CONSENT_NOTFOUND. */
consent_rc_t consent_log_record_of(consent_view_t *view, uint64_t store_index, consent_log_record_t *record);
consent_rc_t consent_log_record_named(consent_view_t *view, consent_slice_t origin, consent_log_record_t *record);

void consent_log_tile_key(uint8_t key[static CONSENT_LOG_TILE_KEY_LEN], uint32_t number, unsigned level, uint64_t index);
void consent_log_note_key(uint8_t key[static CONSENT_LOG_NOTE_KEY_LEN], uint32_t number, uint64_t size);

/* The checkpoint of exactly that size. */
consent_rc_t consent_log_note_get(consent_view_t *view, uint32_t number, uint64_t size, consent_slice_t *note);

/* Hashes of a stored tree; log_tree.c. */
typedef struct {
    consent_view_t    *view;
    consent_digest_t  *digest;
    uint32_t           number;
} consent_log_tree_t;

/* A consent_tree_hash_pt; arg: a consent_log_tree_t. CONSENT_MALFORMED: the store has no such hashes. */
consent_rc_t consent_log_tree_hash(void *arg, unsigned level, uint64_t index, uint8_t out[static CONSENT_HASH_LEN]);
/* The root of its first `size` leaves, size > 0. */
consent_rc_t consent_log_tree_root(consent_log_tree_t *tree, uint64_t size, uint8_t out[static CONSENT_HASH_LEN]);

/* Does the store hold what was last signed? CONSENT_OK, also when nothing was; CONSENT_DENIED with a sentence; CONSENT_IO
 * and others when that cannot be told. log_signed.c */
consent_rc_t consent_log_guard(consent_view_t *view, consent_digest_t *digest, int directory, char why[static 256]);

/* What a publisher, or a witness's line, puts into a write transaction; log_step.c. */
typedef struct {
    unsigned  level;
    unsigned  width;
    uint64_t  index;
} consent_log_put_t;

#define CONSENT_LOG_STEP_TILES  (CONSENT_PUBLISHER_STEP / CONSENT_TILE_WIDTH + 1 + 2 * CONSENT_TILE_LEVELS)

struct consent_log_step_s {
    consent_log_record_t  from;             /* what the store must say, or nothing is put; of size 0: it may say nothing */
    consent_log_record_t  to;               /* what it says then */
    size_t                n;                /* tiles */
    consent_log_put_t     tiles[CONSENT_LOG_STEP_TILES];
    const uint8_t        *hashes;           /* CONSENT_LOG_TILE_BYTES for each */
    uint64_t              note_size;        /* 0: no checkpoint is put */
    bool                  cosigned;         /* lines for the one of its size; `from` and `to` name the log only */
    size_t                before;           /* where they begin in `note` */
    size_t                note_len;
    uint8_t               note[CONSENT_LOG_CHECKPOINT_MAX];
};

consent_rc_t consent_log_apply(consent_ledger_t *ledger, const consent_log_step_t *step);

/* The end of a tree that grows: the last tile of each level, as far as it goes, and those that a step puts; log_growth.c. */
typedef struct {
    uint8_t  last[CONSENT_TILE_LEVELS][CONSENT_TILE_WIDTH][CONSENT_HASH_LEN];
    uint8_t  kept[CONSENT_LOG_STEP_TILES][CONSENT_LOG_TILE_BYTES];
} consent_log_growth_t;

/* Out of the store. CONSENT_MALFORMED: the tiles do not have the root that the record says. */
consent_rc_t consent_log_growth_load(consent_log_growth_t *growth, consent_view_t *view, consent_digest_t *digest,
    const consent_log_record_t *log);

/* Adds a leaf to step->to, and the tiles that are full by it to the step; and, at its end, those that have grown. */
consent_rc_t consent_log_growth_add(consent_log_growth_t *growth, consent_digest_t *digest, consent_log_step_t *step,
    const uint8_t leaf[static CONSENT_HASH_LEN]);
void consent_log_growth_keep(consent_log_growth_t *growth, consent_log_step_t *step);

/* The root of the tree, which has this size. */
consent_rc_t consent_log_growth_root(consent_log_growth_t *growth, consent_digest_t *digest, uint64_t size,
    uint8_t out[static CONSENT_HASH_LEN]);

#endif
