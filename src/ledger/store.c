/*
 * The store of a process.
 *
 * An environment must never be open twice in a process: closing any descriptor of its lock file drops the
 * process's locks on it. So one that must be opened again is closed first. `gate` keeps the two apart:
 * whoever reads holds it shared, and gives up at once when it is not free, so that the event loop never
 * waits; the writing thread holds it alone while it closes and opens. Nothing but the writing thread changes
 * what it guards once the store is open.
 *
 * A lookup renews the one snapshot made for it, which is a few stores to shared memory, unless it is held and
 * nothing was committed since. Opening takes only snapshots, never the writer's lock: a stopped writer must not
 * hold up the start of a worker. Tables are made at the first begin.
 */

#include "ledger/store_inside.h"
#include "ledger/place.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define STORE_HOUSEKEEP  10         /* seconds */

static consent_rc_t enter(consent_store_t *store);
static consent_rc_t ready(consent_store_t *store);
static consent_rc_t up(consent_store_t *store, char why[static 256]);
static void down(consent_store_t *store);
static consent_rc_t open_tables(consent_store_t *store);
static consent_rc_t make(consent_store_t *store);
static consent_rc_t lookup_new(consent_store_t *store);
static void lookup_rest(consent_store_t *store);
static consent_rc_t failed(consent_store_t *store, consent_rc_t rc);


consent_rc_t
consent_store_open(consent_store_t **out, const char *directory, size_t size, bool read_only,
    const consent_store_hooks_t *hooks, char why[static 256])
{
    size_t            len;
    consent_rc_t      rc;
    consent_store_t  *store;

    *out = NULL;
    why[0] = '\0';

    len = strlen(directory) + 1;
    store = calloc(1, sizeof(consent_store_t) + len);

    if (store == NULL || pthread_rwlock_init(&store->gate, NULL) != 0) {
        free(store);
        (void) snprintf(why, 256, "out of memory");
        return CONSENT_NOMEM;
    }

    memcpy(store->directory, directory, len);
    store->size = size;
    store->read_only = read_only;
    store->hooks = *hooks;

    rc = up(store, why);

    if (rc == CONSENT_NOMEM) {
        (void) consent_store_close(store);
        return rc;
    }

    *out = store;

    return rc;
}


bool
consent_store_close(consent_store_t *store)
{
    if (store == NULL) {
        return true;
    }

    /* a thread that waits for the writer's lock waits inside the map that closing would take away */
    if (atomic_load(&store->writing)) {
        return false;
    }

    down(store);
    (void) pthread_rwlock_destroy(&store->gate);
    free(store);

    return true;
}


consent_rc_t
consent_store_look_begin(consent_store_t *store, consent_mark_t *mark)
{
    consent_rc_t  rc;

    rc = enter(store);

    if (rc == CONSENT_OK) {
        mark->number = consent_engine_newest(store->engine);
        mark->opened = store->opened;
    }

    return rc;
}


consent_rc_t
consent_store_look(consent_store_t *store, consent_view_t *view, consent_mark_t *mark)
{
    if (store->looking && mark->number != 0 && consent_view_number(&store->lookup) == mark->number) {
        *view = store->lookup;
        return CONSENT_OK;
    }

    lookup_rest(store);

    /* a snapshot that cannot be renewed has lost its slot */
    if ((store->lookup.txn == NULL || consent_view_renew(&store->lookup) != CONSENT_OK)
        && (consent_engine_health(store->engine) != CONSENT_ENGINE_WELL || lookup_new(store) != CONSENT_OK
            || consent_view_renew(&store->lookup) != CONSENT_OK))
    {
        return CONSENT_IO;
    }

    store->looking = true;
    *view = store->lookup;
    mark->number = consent_view_number(view);

    return CONSENT_OK;
}


void
consent_store_look_end(consent_store_t *store)
{
    (void) pthread_rwlock_unlock(&store->gate);
}


void
consent_store_look_rest(consent_store_t *store)
{
    /* who holds the gate closes the environment, and the snapshot with it */
    if (pthread_rwlock_tryrdlock(&store->gate) == 0) {
        lookup_rest(store);
        (void) pthread_rwlock_unlock(&store->gate);
    }
}


bool
consent_store_is_looking(const consent_store_t *store)
{
    return store->looking;
}


consent_rc_t
consent_store_read(consent_store_t *store, consent_view_t *view)
{
    consent_rc_t  rc;

    rc = enter(store);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_read(store->engine, view);

    if (rc != CONSENT_OK) {
        (void) pthread_rwlock_unlock(&store->gate);
    }

    return rc;
}


void
consent_store_read_end(consent_store_t *store, consent_view_t *view)
{
    consent_view_abort(view);
    (void) pthread_rwlock_unlock(&store->gate);
}


consent_rc_t
consent_store_begin(consent_store_t *store, consent_view_t *view)
{
    int           attempt;
    consent_rc_t  rc;

    if (store->read_only) {
        (void) snprintf(store->why, sizeof(store->why), "the store was opened for reading only");
        return CONSENT_DENIED;
    }

    atomic_store(&store->writing, true);

    for (attempt = 0; attempt < 2; attempt++) {
        rc = ready(store);

        if (rc != CONSENT_OK) {
            break;
        }

        rc = consent_view_write(store->engine, view);

        if (rc == CONSENT_OK) {
            store->usage_known = store->usage_exact = false;
            return CONSENT_OK;
        }

        rc = failed(store, rc);
    }

    atomic_store(&store->writing, false);

    return rc;
}


consent_rc_t
consent_store_commit(consent_store_t *store, consent_view_t *view)
{
    consent_rc_t      rc;
    consent_extent_t  extent;

    rc = consent_view_commit(view);

    if (rc != CONSENT_OK) {
        rc = failed(store, rc);

    } else if (consent_engine_extent(store->engine, &extent) == CONSENT_OK) {

        /* pages that came and went in one transaction need not have been written: the file is as long as it
         * must be all the same, so that up() can tell one that was cut */
        (void) consent_place_extend(extent.fd, extent.end);
    }

    atomic_store(&store->writing, false);

    return rc;
}


void
consent_store_abort(consent_store_t *store, consent_view_t *view)
{
    (void) failed(store, CONSENT_IO);
    consent_view_abort(view);
    atomic_store(&store->writing, false);
}


void
consent_store_housekeep(consent_store_t *store)
{
    if (store->engine != NULL) {
        consent_engine_housekeep(store->engine);
    }
}


uint64_t
consent_store_opened(const consent_store_t *store)
{
    return store->opened;
}


const char *
consent_store_why(const consent_store_t *store)
{
    return store->why;
}


/* Through the gate, for reading. */
static consent_rc_t
enter(consent_store_t *store)
{
    consent_rc_t  rc;

    if (pthread_rwlock_tryrdlock(&store->gate) != 0) {
        return CONSENT_IO;
    }

    if (store->engine != NULL && store->has_tables) {
        return CONSENT_OK;
    }

    rc = store->engine == NULL ? CONSENT_IO : CONSENT_NOTFOUND;
    (void) pthread_rwlock_unlock(&store->gate);

    /* another process may have made them */
    if (rc == CONSENT_NOTFOUND && pthread_rwlock_trywrlock(&store->gate) == 0) {
        if (store->engine != NULL && !store->has_tables
            && consent_engine_newest(store->engine) != store->without_tables)
        {
            rc = open_tables(store);
        }

        (void) pthread_rwlock_unlock(&store->gate);

        if (rc == CONSENT_OK) {
            return pthread_rwlock_tryrdlock(&store->gate) == 0 ? CONSENT_OK : CONSENT_IO;
        }

        rc = rc == CONSENT_NOTFOUND ? CONSENT_NOTFOUND : CONSENT_IO;
    }

    return rc;
}


/* An environment that is well and has tables, for the writing thread. */
static consent_rc_t
ready(consent_store_t *store)
{
    consent_rc_t             rc;
    struct timespec          now;
    consent_engine_health_t  health;

    health = store->engine == NULL ? CONSENT_ENGINE_REOPEN : consent_engine_health(store->engine);

    if (health != CONSENT_ENGINE_WELL) {
        (void) pthread_rwlock_wrlock(&store->gate);
        down(store);
        store->size = health == CONSENT_ENGINE_RESIZED ? 0 : store->size;
        rc = up(store, store->why);
        (void) pthread_rwlock_unlock(&store->gate);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    if (!store->has_tables) {
        rc = make(store);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    /* snapshots of processes that were killed keep the pages that they could see from being used again */
    (void) clock_gettime(CLOCK_MONOTONIC, &now);

    if (store->kept == 0 || now.tv_sec - store->kept >= STORE_HOUSEKEEP) {
        store->kept = now.tv_sec;
        consent_engine_housekeep(store->engine);
    }

    return CONSENT_OK;
}


static consent_rc_t
up(consent_store_t *store, char why[static 256])
{
    consent_rc_t      rc;
    consent_extent_t  extent;

    rc = consent_engine_open(&store->engine, store->directory, store->size,
                             store->read_only ? CONSENT_USE_READ : CONSENT_USE_WRITE, why);

    if (rc != CONSENT_OK) {
        store->engine = NULL;
        return rc;
    }

    rc = consent_engine_extent(store->engine, &extent);

    if (rc == CONSENT_OK && !consent_place_is_whole(extent.fd, extent.end)) {
        (void) snprintf(why, 256, "the store %.150s has been cut short: its file must have %llu bytes",
                        store->directory, (unsigned long long) extent.end);
        down(store);
        return CONSENT_MALFORMED;
    }

    store->opened++;

    if (rc == CONSENT_OK) {
        rc = open_tables(store);
    }

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        (void) snprintf(why, 256, rc == CONSENT_MALFORMED
                                  ? "%.150s holds another database, or a store of another layout"
                                  : "cannot read the store %.150s", store->directory);
        down(store);
        return rc;
    }

    return CONSENT_OK;
}


/* CONSENT_NOTFOUND: it has none. */
static consent_rc_t
open_tables(consent_store_t *store)
{
    consent_rc_t    rc;
    consent_view_t  view;

    rc = consent_view_read(store->engine, &view);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_IO : rc;
    }

    rc = consent_engine_tables(&view, false);

    if (rc == CONSENT_NOTFOUND) {
        store->without_tables = consent_view_number(&view);

    } else if (rc == CONSENT_OK) {
        rc = store->hooks.check(&view);
        rc = rc == CONSENT_NOTFOUND ? CONSENT_MALFORMED : rc;
    }

    if (rc != CONSENT_OK) {
        consent_view_abort(&view);
        return rc;
    }

    rc = consent_view_commit(&view);

    if (rc == CONSENT_OK) {
        rc = lookup_new(store);
    }

    store->has_tables = rc == CONSENT_OK;

    return rc == CONSENT_NOTFOUND ? CONSENT_IO : rc;
}


static void
down(consent_store_t *store)
{
    if (store->lookup.txn != NULL) {
        consent_view_abort(&store->lookup);
        store->looking = false;
    }

    consent_engine_close(store->engine);
    store->engine = NULL;
    store->has_tables = false;
    store->without_tables = UINT64_MAX;
}


static consent_rc_t
make(consent_store_t *store)
{
    consent_rc_t    rc;
    consent_view_t  view;

    /* two transactions of a process must not open tables at once; where there are none, nobody misses a lookup */
    (void) pthread_rwlock_wrlock(&store->gate);

    rc = store->has_tables ? CONSENT_CONFLICT : consent_view_write(store->engine, &view);

    if (rc != CONSENT_OK) {
        rc = rc == CONSENT_CONFLICT ? CONSENT_OK : failed(store, rc);
        (void) pthread_rwlock_unlock(&store->gate);
        return rc;
    }

    rc = consent_engine_tables(&view, true);

    /* another process may have been first */
    if (rc == CONSENT_OK && consent_view_count(&view, CONSENT_TABLE_META) == 0) {
        rc = store->hooks.make(&view);
    }

    if (rc == CONSENT_OK) {
        rc = consent_view_commit(&view);
    } else {
        consent_view_abort(&view);
    }

    if (rc == CONSENT_OK) {
        store->has_tables = true;
        rc = lookup_new(store);
    }

    if (rc != CONSENT_OK) {
        rc = failed(store, rc);
        down(store);
    }

    (void) pthread_rwlock_unlock(&store->gate);

    return rc;
}


static consent_rc_t
lookup_new(consent_store_t *store)
{
    consent_rc_t  rc;

    if (store->lookup.txn != NULL) {
        consent_view_abort(&store->lookup);
    }

    store->looking = false;
    rc = consent_view_read(store->engine, &store->lookup);

    if (rc == CONSENT_OK) {
        consent_view_reset(&store->lookup);
    }

    return rc;
}


static void
lookup_rest(consent_store_t *store)
{
    if (store->looking) {
        consent_view_reset(&store->lookup);
        store->looking = false;
    }
}


static consent_rc_t
failed(consent_store_t *store, consent_rc_t rc)
{
    (void) snprintf(store->why, sizeof(store->why), "%s", consent_engine_why(store->engine));

    return rc;
}
