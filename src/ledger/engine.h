/*
 * The engine under the store: an LMDB environment with our tables of bytes. engine.c is the only file that
 * knows LMDB.
 */

#ifndef CONSENT_ENGINE_H
#define CONSENT_ENGINE_H

#include "base/base.h"
#include "ledger/place.h"

typedef enum {
    CONSENT_TABLE_META = 0,
    CONSENT_TABLE_STATE,
    CONSENT_TABLE_HISTORY,
    CONSENT_TABLE_KEYS,
    CONSENT_TABLE_RECEIPTS,
    CONSENT_TABLE_ENTRIES,
    CONSENT_TABLE_POLICIES,
    CONSENT_TABLE_TEXTS,
    CONSENT_TABLE_UNIQUE,
    CONSENT_TABLE_TOMBSTONES,
    CONSENT_TABLE_OUTBOX,
    CONSENT_TABLE_HANDOFFS,
    CONSENT_TABLE_LOGS,
    CONSENT_TABLE_TILES,
    CONSENT_TABLE_CHECKPOINTS,
    CONSENT_TABLE_HOLDS,
    CONSENT_TABLE_CLUSTER,
    CONSENT_TABLE_OUTGOING,
    CONSENT_TABLES
} consent_table_t;

typedef enum {
    CONSENT_PUT_REPLACE = 0,
    CONSENT_PUT_NEW,            /* CONSENT_CONFLICT when the key is there */
    CONSENT_PUT_APPEND          /* the key is behind all others, or CONSENT_CONFLICT */
} consent_put_t;

/* What an environment needs before it can be used again. */
typedef enum {
    CONSENT_ENGINE_WELL = 0,
    CONSENT_ENGINE_REOPEN,
    CONSENT_ENGINE_RESIZED      /* another process made the store larger than our map: reopen with size 0 */
} consent_engine_health_t;

typedef struct consent_engine_s  consent_engine_t;

/* A snapshot, or the write transaction. Slices that come out of it live until it ends (in the write
 * transaction: until the next put or delete). */
typedef struct {
    consent_engine_t  *engine;
    void              *txn;
} consent_view_t;

typedef struct {
    int       fd;               /* of the data file; the engine's */
    uint64_t  page;             /* bytes */
    uint64_t  end;              /* bytes the data file must have: a page that the map has and the file has not ends the
                                 * process when it is read */
    uint64_t  map_size;         /* bytes */
    uint64_t  readers;          /* slots for snapshots that were ever in use at once, in all processes */
} consent_extent_t;

/* Opens the environment of a directory, not yet its tables. Takes no writer's lock.
 * size: of the memory map in bytes; 0: as the file says. At most once per process and directory.
 * CONSENT_MALFORMED: another kind of file. Otherwise as consent_place_enter. `why` says so. */
consent_rc_t consent_engine_open(consent_engine_t **engine, const char *directory, size_t size, consent_use_t use,
    char why[static 256]);
void consent_engine_close(consent_engine_t *engine);        /* no transaction is open; NULL is allowed */

/* Opens the tables, in a snapshot or, making what is missing, in a write transaction; they stay open when it
 * is committed. CONSENT_NOTFOUND: it has none; CONSENT_MALFORMED: it has others, so it is another
 * database. */
consent_rc_t consent_engine_tables(consent_view_t *view, bool make);

/* Set by whatever failed, from any thread. */
consent_engine_health_t consent_engine_health(const consent_engine_t *engine);

/* Frees reader slots of processes that are gone. */
void consent_engine_housekeep(consent_engine_t *engine);

/* Number of the newest transaction whose writing has begun to be seen; no system call. A snapshot of that number is
 * up to date. (While a commit waits for the disk, snapshots still get the number before.) 0 when it cannot be told. */
uint64_t consent_engine_newest(consent_engine_t *engine);
uint64_t consent_view_number(const consent_view_t *view);

consent_rc_t consent_engine_extent(consent_engine_t *engine, consent_extent_t *extent);

/* Pages that are free to be used again, in a snapshot; looks at each of them. */
consent_rc_t consent_engine_free_pages(consent_view_t *view, uint64_t *pages);

/* What the last failure of a writing function was; of the writing thread. */
const char *consent_engine_why(const consent_engine_t *engine);

/* A snapshot. CONSENT_BUSY: too many readers. Reset and renewed it costs no system call. */
consent_rc_t consent_view_read(consent_engine_t *engine, consent_view_t *view);
void consent_view_reset(consent_view_t *view);
consent_rc_t consent_view_renew(consent_view_t *view);

/* The write transaction: waits for other writers. One thread at a time, which also commits or aborts it. */
consent_rc_t consent_view_write(consent_engine_t *engine, consent_view_t *view);
consent_rc_t consent_view_commit(consent_view_t *view);     /* of a snapshot: keeps the tables it opened */
void consent_view_abort(consent_view_t *view);

/* CONSENT_OK, CONSENT_NOTFOUND, CONSENT_MALFORMED (damaged), CONSENT_IO. */
consent_rc_t consent_view_get(consent_view_t *view, consent_table_t table, consent_slice_t key, consent_slice_t *value);

/* The first record at or behind `key` (empty: of all), or, `before`, the last one in front of it (empty: of
 * all). */
consent_rc_t consent_view_near(consent_view_t *view, consent_table_t table, consent_slice_t key, bool before,
    consent_slice_t *found, consent_slice_t *value);

/* From the first at or behind `from` (empty: the first) on, in order; return false to stop. Nothing may be
 * written meanwhile. */
typedef bool (*consent_walk_pt)(void *arg, consent_slice_t key, consent_slice_t value);
consent_rc_t consent_view_walk(consent_view_t *view, consent_table_t table, consent_slice_t from, consent_walk_pt each,
    void *arg);

/* How many records; 0 when it cannot be told. */
uint64_t consent_view_count(consent_view_t *view, consent_table_t table);

/* CONSENT_OK, CONSENT_CONFLICT, CONSENT_FULL, CONSENT_IO, ... After anything but OK and CONFLICT only
 * abort. */
consent_rc_t consent_view_put(consent_view_t *view, consent_table_t table, consent_slice_t key, consent_slice_t value,
    consent_put_t how);
consent_rc_t consent_view_delete(consent_view_t *view, consent_table_t table, consent_slice_t key);

#endif
