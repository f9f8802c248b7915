/*
 * The log: a Merkle tree over the store's entries, published behind them. Tiles are stored as they grow, a checkpoint is
 * signed over what is durable, kept beside the keys, and only then shown.
 *
 * A store holds one log after another, each with an origin of its own: the first has the name of the log's key, number n
 * that name, "/" and n. Log n begins with the entry of the store at `first`, which is its leaf 0; where a log begins the
 * one before it ends. The numbers of the store's entries go on through all of them. Whoever ends a log (a sealed year, a
 * restored store) adds the next record to CONSENT_TABLE_LOGS in the transaction that writes its last entry, with
 * consent_log_begin(); the publisher finishes the old one before it turns to the new. Indexes in this file are the
 * store's where they are called so, else leaves of a log.
 */

#ifndef CONSENT_LOG_H
#define CONSENT_LOG_H

#include "ledger/ledger.h"
#include "ledger/note.h"
#include "ledger/tile.h"

#define CONSENT_LOG_ORIGIN_MAX      255         /* bytes */
#define CONSENT_LOG_CHECKPOINT_MAX  16384       /* bytes of a checkpoint with all its signature lines */
#define CONSENT_LOG_PROOF_MAX       (CONSENT_LOG_CHECKPOINT_MAX + 4096)
#define CONSENT_LOG_BUNDLE_MAX      (CONSENT_TILE_WIDTH * (2 + CONSENT_ENTRY_MAX))
#define CONSENT_LOG_NEWEST          UINT32_MAX  /* the log that goes on */

typedef struct {
    uint32_t  number;
    uint64_t  first;                            /* index in the store of its leaf 0 */
    uint64_t  leaves;                           /* entries so far, published or not */
    uint64_t  size;                             /* of the tree that is stored */
    uint64_t  shown;                            /* of the newest checkpoint shown; 0: none */
    bool      ended;                            /* another log follows */
    char      origin[CONSENT_LOG_ORIGIN_MAX + 1];
} consent_log_t;

/* ---- Reading: from any thread but the event loop's, never beyond what the newest checkpoint covers ---- */

/* The log of that number, or the newest. CONSENT_NOTFOUND: nothing was published yet, or there is none. */
consent_rc_t consent_log_find(consent_ledger_t *ledger, uint32_t number, consent_log_t *log);

/* The number of the newest log that has a checkpoint. CONSENT_NOTFOUND: none has. */
consent_rc_t consent_log_shown(consent_ledger_t *ledger, uint32_t *number);

/* The newest checkpoint of the newest log that has one, verbatim, with the cosignatures that came for it.
 * CONSENT_NOTFOUND: none yet. */
consent_rc_t consent_log_checkpoint(consent_ledger_t *ledger, consent_buf_t *b);

/* The same of any log; `cosigned`: the newest one that a witness has signed. */
consent_rc_t consent_log_checkpoint_of(consent_ledger_t *ledger, uint32_t number, bool cosigned, consent_buf_t *b);

/* A tile of hashes or a bundle of entries, full or partial, of any width that the newest checkpoint covers: the bytes of a
 * narrower one never change. CONSENT_NOTFOUND. */
consent_rc_t consent_log_tile_of(consent_ledger_t *ledger, uint32_t number, const consent_tile_t *tile,
    consent_buf_t *b);

/* The exact bytes of an entry, by its index in the store. CONSENT_NOTFOUND: none, or not yet covered. */
consent_rc_t consent_log_entry(consent_ledger_t *ledger, uint64_t store_index, consent_buf_t *b);

/* The whole tlog-proof of an entry, by its index in the store, under the newest checkpoint of its log.
 * CONSENT_NOTFOUND: none, or not yet covered. */
consent_rc_t consent_log_proof(consent_ledger_t *ledger, uint64_t store_index, consent_buf_t *b);

/* That the tree of `old` leaves is a prefix of the one of `size`: at most CONSENT_TREE_PROOF_MAX hashes.
 * 0 < old <= size <= shown; CONSENT_NOTFOUND otherwise. */
consent_rc_t consent_log_consistency(consent_ledger_t *ledger, uint32_t number, uint64_t old, uint64_t size,
    uint8_t proof[][CONSENT_HASH_LEN], unsigned *n);

/* ---- Publishing: one publisher a node; a second one does no harm, its transactions find what the first has done ---- */

typedef struct consent_publisher_s  consent_publisher_t;

typedef struct {
    const char     *origin;             /* name of the log's key */
    const uint8_t  *seed;               /* its private half, 32 bytes; copied */
    int             signed_dir;         /* descriptor of the directory beside the keys; -1: none */
} consent_publisher_conf_t;

/* CONSENT_NOMEM, CONSENT_IO (OpenSSL), CONSENT_MALFORMED (the origin). */
consent_rc_t consent_publisher_create(consent_publisher_t **publisher, consent_ledger_t *ledger,
    const consent_publisher_conf_t *conf);
void consent_publisher_destroy(consent_publisher_t *publisher);     /* wipes the key; NULL is allowed */

/* The next step, from any thread, one at a time; takes a snapshot and no lock. CONSENT_OK: *op is to be applied in a write
 * transaction, with whatever else is in it, and consent_publisher_done() told what became of it. CONSENT_NOTFOUND: all
 * that was there when the round began is published; the next call begins another. CONSENT_DENIED: the store is not what
 * was last signed; nothing is published. CONSENT_IO and others: try again later. `why` says so.
 *
 * A step hashes at most CONSENT_PUBLISHER_STEP entries, and its part of the transaction is a few milliseconds. */
#define CONSENT_PUBLISHER_STEP  (64 * CONSENT_TILE_WIDTH)

consent_rc_t consent_publisher_next(consent_publisher_t *publisher, consent_op_t *op, char why[static 256]);

/* rc: CONSENT_OK when the step is durable, else why not. CONSENT_CONFLICT: somebody else has published. */
void consent_publisher_done(consent_publisher_t *publisher, consent_rc_t rc);

/* A whole round in transactions of its own, for tools: on the ledger's writing thread. CONSENT_OK: published, or nothing
 * was new. */
consent_rc_t consent_log_publish(consent_publisher_t *publisher, char why[static 256]);

/* ---- What was last signed: a file beside the keys ---- */

#define CONSENT_LOG_SIGNED  "checkpoint"        /* its name in the directory */

/* Verbatim; CONSENT_NOTFOUND: nothing was signed yet. CONSENT_IO, CONSENT_LIMIT. */
consent_rc_t consent_log_signed_read(int directory, uint8_t out[static CONSENT_LOG_CHECKPOINT_MAX], size_t *len);

/* Durable when it returns CONSENT_OK. CONSENT_IO, CONSENT_FULL. */
consent_rc_t consent_log_signed_write(int directory, consent_slice_t checkpoint);

/* Does the store hold what was last signed? CONSENT_OK, also when nothing was; CONSENT_DENIED with a sentence; CONSENT_IO
 * and others when that cannot be told. */
consent_rc_t consent_log_compare(consent_ledger_t *ledger, int directory, char why[static 256]);

/* ---- Ending a log ---- */

/* In the open write transaction, behind the last entry of the log before: the next entry begins log `number` (one more
 * than the newest). CONSENT_CONFLICT: that is not its number; CONSENT_NOTFOUND: nothing was ever published. */
consent_rc_t consent_log_begin(consent_ledger_t *ledger, uint32_t number);

/* The origin of log `number` of a key of that name. CONSENT_LIMIT: too long. */
consent_rc_t consent_log_origin(char out[static CONSENT_LOG_ORIGIN_MAX + 1], const char *name, uint32_t number);

/* ---- Cosignatures ---- */

#define CONSENT_LOG_COSIGN_MEMORY  24576        /* bytes */

/* A checkpoint of ours with lines of witnesses: those of `witnesses` (no more than CONSENT_LOG_WITNESSES) are to be kept
 * with it, if it is still there. Verifies them; *op is then to be applied in a write transaction, and `memory` to live as
 * long: CONSENT_CONFLICT there: it is gone, or somebody else has brought the same. `added`: how many lines.
 * CONSENT_NOTFOUND: no such checkpoint, or no line of a witness; CONSENT_CONFLICT: all are there already; CONSENT_DENIED: a
 * line of a witness does not hold, and nothing is kept; CONSENT_MALFORMED. */
#define CONSENT_LOG_WITNESSES  16

consent_rc_t consent_log_cosign(consent_ledger_t *ledger, consent_slice_t note, const consent_note_key_t *witnesses,
    size_t n, consent_op_t *op, void *memory, unsigned *added);

#endif
