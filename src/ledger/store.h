/*
 * The store of a process: its environment, kept usable. Opening, opening again after a failure, and who may
 * use it when.
 */

#ifndef CONSENT_STORE_H
#define CONSENT_STORE_H

#include "ledger/engine.h"

typedef struct consent_store_s  consent_store_t;

typedef struct {
    /* once for a store without tables, inside the transaction that makes them */
    consent_rc_t  (*make)(consent_view_t *view);
    /* whenever it was opened: is it a store that we can use? CONSENT_MALFORMED: no */
    consent_rc_t  (*check)(consent_view_t *view);
} consent_store_hooks_t;

/* *store is set but for CONSENT_NOMEM; after another failure it has no environment, and each begin tries
 * again. */
consent_rc_t consent_store_open(consent_store_t **store, const char *directory, size_t size, bool read_only,
    const consent_store_hooks_t *hooks, char why[static 256]);

/* false: a thread is writing, or waits to; nothing was closed. NULL is allowed. */
bool consent_store_close(consent_store_t *store);

/* Names a state of the store: the number of its newest transaction, 0 when there is none or it cannot be told; and how
 * often the store has been opened. Equal marks, equal content. */
typedef struct {
    uint64_t  number;
    uint64_t  opened;
} consent_mark_t;

/* Lookups of the opening thread: no lock is waited for, no system call. Begin says what one would see now, for a fraction
 * of its cost. CONSENT_OK, and end must follow; CONSENT_NOTFOUND (no tables yet) or CONSENT_IO (no environment, or it is
 * being opened again). */
consent_rc_t consent_store_look_begin(consent_store_t *store, consent_mark_t *mark);
void consent_store_look_end(consent_store_t *store);

/* The snapshot, between begin and end, of what is committed now; `mark`, which is begin's, becomes its own. CONSENT_OK or
 * CONSENT_IO. */
consent_rc_t consent_store_look(consent_store_t *store, consent_view_t *view, consent_mark_t *mark);

/* Lets go of the snapshot, which is kept for lookups that follow at once: while it is held, no page of what it sees can be
 * used again by a writer. */
void consent_store_look_rest(consent_store_t *store);
bool consent_store_is_looking(const consent_store_t *store);

/* A snapshot for any thread. As consent_store_look, and CONSENT_BUSY when there are too many readers. */
consent_rc_t consent_store_read(consent_store_t *store, consent_view_t *view);
void consent_store_read_end(consent_store_t *store, consent_view_t *view);

/* The write transaction: waits for other writers. One thread at a time, which also commits or aborts it. */
consent_rc_t consent_store_begin(consent_store_t *store, consent_view_t *view);
consent_rc_t consent_store_commit(consent_store_t *store, consent_view_t *view);
void consent_store_abort(consent_store_t *store, consent_view_t *view);

typedef struct {
    uint64_t  map_size;         /* bytes */
    uint64_t  used;             /* bytes of pages in use */
    uint64_t  room;             /* bytes that may still be used: of the map, of free pages, of the file system */
    uint64_t  fs_room;          /* bytes free in the file system */
    uint64_t  allocated;        /* bytes of the data file on it */
    uint64_t  readers;          /* slots for snapshots that were ever in use at once, in all processes */
} consent_usage_t;

/* view: a snapshot of the store, to count free pages; NULL: they count as used, which is quicker. */
consent_rc_t consent_store_usage(consent_store_t *store, consent_view_t *view, consent_usage_t *usage);

/* In a write transaction that has put so many bytes: is the store at 90 % of its map, or its file system nearly full?
 * Cheap. */
bool consent_store_is_tight(consent_store_t *store, uint64_t put);

/* Frees what dead processes left, at once. From the writing thread. */
void consent_store_housekeep(consent_store_t *store);

/* How often it has been opened; of the writing thread. */
uint64_t consent_store_opened(const consent_store_t *store);

/* What the last failure on the writing thread was. */
const char *consent_store_why(const consent_store_t *store);

#endif
