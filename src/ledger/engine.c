/*
 * Tables, transactions and snapshots over LMDB 0.9. LMDB refuses all use of an environment whose meta page
 * could not be written; after any failed sync it is opened again, so that nothing rests on pages that may not
 * be on the disk.
 */

#include "ledger/engine.h"

#include <endian.h>
#include <errno.h>
#include <lmdb.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ENGINE_MAX_READERS  1022
#define ENGINE_FULL         (256 * 1024)        /* bytes: a file system with less room is full */

struct consent_engine_s {
    MDB_env     *env;
    int          hold;              /* of the directory, or -1 */
    MDB_dbi      tables[CONSENT_TABLES];
    atomic_int   health;            /* consent_engine_health_t */
    char         why[256];
    char         directory[];
};

static const char  *table_names[CONSENT_TABLES] = {
    "meta", "state", "history", "keys", "receipts", "entries", "policies", "texts", "unique", "tombstones",
    "outbox", "handoffs", "logs", "tiles", "checkpoints", "holds", "cluster", "outgoing"
};

static int compare(const MDB_val *a, const MDB_val *b);
static int env_open(consent_engine_t *engine, size_t size, bool read_only);
static int snapshot(consent_engine_t *engine, MDB_txn **txn);
static consent_rc_t failed(consent_engine_t *engine, int err);
static void note_health(consent_engine_t *engine, int err);
static consent_rc_t explain(char why[static 256], const char *what, const char *directory, int err);
static consent_rc_t rc_of(int err);
static MDB_val val(consent_slice_t s);
static consent_slice_t slice(MDB_val v);


consent_rc_t
consent_engine_open(consent_engine_t **out, const char *directory, size_t size, consent_use_t use, char why[static 256])
{
    int                err;
    size_t             len;
    consent_rc_t       rc;
    consent_engine_t  *engine;

    *out = NULL;

    len = strlen(directory) + 1;
    engine = calloc(1, sizeof(consent_engine_t) + len);

    if (engine == NULL) {
        return explain(why, "cannot open the store", directory, ENOMEM);
    }

    memcpy(engine->directory, directory, len);

    rc = consent_place_enter(&engine->hold, directory, use, why);

    if (rc != CONSENT_OK) {
        consent_engine_close(engine);
        return rc;
    }

    err = env_open(engine, size, use != CONSENT_USE_WRITE);

    if (err != 0) {
        rc = explain(why, "cannot open the store", directory, err);
        consent_engine_close(engine);
        return rc;
    }

    *out = engine;

    return CONSENT_OK;
}


void
consent_engine_close(consent_engine_t *engine)
{
    if (engine == NULL) {
        return;
    }

    if (engine->env != NULL) {
        mdb_env_close(engine->env);
    }

    if (engine->hold != -1) {
        (void) close(engine->hold);
    }

    free(engine);
}


consent_rc_t
consent_engine_tables(consent_view_t *view, bool make)
{
    int       err;
    size_t    i;
    MDB_dbi   names;
    MDB_stat  stat;

    for (i = 0, err = 0; i < CONSENT_TABLES && err == 0; i++) {
        err = mdb_dbi_open(view->txn, table_names[i], make ? MDB_CREATE : 0, &view->engine->tables[i]);

        if (err == 0) {
            err = mdb_set_compare(view->txn, view->engine->tables[i], compare);
        }
    }

    if (err == MDB_NOTFOUND && mdb_dbi_open(view->txn, NULL, 0, &names) == 0
        && mdb_stat(view->txn, names, &stat) == 0 && stat.ms_entries != 0)
    {
        return CONSENT_MALFORMED;
    }

    return err == MDB_NOTFOUND ? CONSENT_NOTFOUND : failed(view->engine, err);
}


consent_engine_health_t
consent_engine_health(const consent_engine_t *engine)
{
    return (consent_engine_health_t) atomic_load(&engine->health);
}


void
consent_engine_housekeep(consent_engine_t *engine)
{
    int  dead;

    (void) mdb_reader_check(engine->env, &dead);
}


consent_rc_t
consent_engine_extent(consent_engine_t *engine, consent_extent_t *extent)
{
    MDB_stat     stat;
    MDB_envinfo  info;

    if (mdb_env_info(engine->env, &info) != 0 || mdb_env_stat(engine->env, &stat) != 0
        || mdb_env_get_fd(engine->env, &extent->fd) != 0)
    {
        return CONSENT_IO;
    }

    extent->page = stat.ms_psize;
    extent->end = (uint64_t) (info.me_last_pgno + 1) * stat.ms_psize;
    extent->map_size = info.me_mapsize;
    extent->readers = info.me_numreaders;

    return CONSENT_OK;
}


consent_rc_t
consent_engine_free_pages(consent_view_t *view, uint64_t *pages)
{
    int          err;
    size_t       n;
    MDB_val      k, v;
    MDB_cursor  *cursor;

    *pages = 0;

    err = mdb_cursor_open(view->txn, 0, &cursor);

    if (err != 0) {
        return rc_of(err);
    }

    /* LMDB's own table of them: each value is a count, then that many page numbers */
    while ((err = mdb_cursor_get(cursor, &k, &v, MDB_NEXT)) == 0 && v.mv_size >= sizeof(n)) {
        memcpy(&n, v.mv_data, sizeof(n));
        *pages += n;
    }

    mdb_cursor_close(cursor);

    return err == 0 || err == MDB_NOTFOUND ? CONSENT_OK : rc_of(err);
}


uint64_t
consent_engine_newest(consent_engine_t *engine)
{
    MDB_envinfo  info;

    return mdb_env_info(engine->env, &info) == 0 ? info.me_last_txnid : 0;
}


uint64_t
consent_view_number(const consent_view_t *view)
{
    return mdb_txn_id(view->txn);
}


const char *
consent_engine_why(const consent_engine_t *engine)
{
    return engine->why;
}


consent_rc_t
consent_view_read(consent_engine_t *engine, consent_view_t *view)
{
    int       err;
    MDB_txn  *txn;

    view->engine = engine;
    view->txn = NULL;

    err = snapshot(engine, &txn);

    if (err != 0) {
        note_health(engine, err);
        return rc_of(err);
    }

    view->txn = txn;

    return CONSENT_OK;
}


void
consent_view_reset(consent_view_t *view)
{
    mdb_txn_reset(view->txn);
}


consent_rc_t
consent_view_renew(consent_view_t *view)
{
    int  err;

    err = mdb_txn_renew(view->txn);

    if (err != 0) {
        note_health(view->engine, err);
    }

    return rc_of(err);
}


consent_rc_t
consent_view_write(consent_engine_t *engine, consent_view_t *view)
{
    int       err;
    MDB_txn  *txn;

    view->engine = engine;
    view->txn = NULL;

    err = mdb_txn_begin(engine->env, NULL, 0, &txn);

    if (err != 0) {
        return failed(engine, err);
    }

    view->txn = txn;

    return CONSENT_OK;
}


consent_rc_t
consent_view_commit(consent_view_t *view)
{
    int       err, fd;
    uint64_t  room, allocated;

    err = mdb_txn_commit(view->txn);
    view->txn = NULL;

    /* LMDB takes a short write for a broken disk, where it may be the last bytes of a full one */
    if (err == EIO && mdb_env_get_fd(view->engine->env, &fd) == 0
        && consent_place_room(fd, &room, &allocated) == CONSENT_OK && room < ENGINE_FULL)
    {
        err = ENOSPC;
    }

    return failed(view->engine, err);
}


void
consent_view_abort(consent_view_t *view)
{
    mdb_txn_abort(view->txn);
    view->txn = NULL;
}


consent_rc_t
consent_view_get(consent_view_t *view, consent_table_t table, consent_slice_t key, consent_slice_t *value)
{
    int      err;
    MDB_val  k, v;

    k = val(key);
    err = mdb_get(view->txn, view->engine->tables[table], &k, &v);

    if (err != 0) {
        return rc_of(err);
    }

    *value = slice(v);

    return CONSENT_OK;
}


consent_rc_t
consent_view_near(consent_view_t *view, consent_table_t table, consent_slice_t key, bool before,
    consent_slice_t *found, consent_slice_t *value)
{
    int          err;
    MDB_val      k, v;
    MDB_cursor  *cursor;

    err = mdb_cursor_open(view->txn, view->engine->tables[table], &cursor);

    if (err != 0) {
        return rc_of(err);
    }

    k = val(key);
    err = key.len == 0 ? MDB_NOTFOUND : mdb_cursor_get(cursor, &k, &v, MDB_SET_RANGE);

    if (before && err == 0) {
        err = mdb_cursor_get(cursor, &k, &v, MDB_PREV);

    } else if (err == MDB_NOTFOUND && (before || key.len == 0)) {
        err = mdb_cursor_get(cursor, &k, &v, before ? MDB_LAST : MDB_FIRST);
    }

    mdb_cursor_close(cursor);

    if (err != 0) {
        return rc_of(err);
    }

    *found = slice(k);
    *value = slice(v);

    return CONSENT_OK;
}


consent_rc_t
consent_view_walk(consent_view_t *view, consent_table_t table, consent_slice_t from, consent_walk_pt each, void *arg)
{
    int          err;
    MDB_val      k, v;
    MDB_cursor  *cursor;

    err = mdb_cursor_open(view->txn, view->engine->tables[table], &cursor);

    if (err != 0) {
        return rc_of(err);
    }

    k = val(from);
    err = mdb_cursor_get(cursor, &k, &v, from.len == 0 ? MDB_FIRST : MDB_SET_RANGE);

    while (err == 0 && each(arg, slice(k), slice(v))) {
        err = mdb_cursor_get(cursor, &k, &v, MDB_NEXT);
    }

    mdb_cursor_close(cursor);

    return err == MDB_NOTFOUND ? CONSENT_OK : rc_of(err);
}


uint64_t
consent_view_count(consent_view_t *view, consent_table_t table)
{
    MDB_stat  stat;

    return mdb_stat(view->txn, view->engine->tables[table], &stat) == 0 ? stat.ms_entries : 0;
}


consent_rc_t
consent_view_put(consent_view_t *view, consent_table_t table, consent_slice_t key, consent_slice_t value,
    consent_put_t how)
{
    static const unsigned  flags[] = { 0, MDB_NOOVERWRITE, MDB_APPEND };
    int                    err;
    MDB_val                k, v;

    k = val(key);
    v = val(value);
    err = mdb_put(view->txn, view->engine->tables[table], &k, &v, flags[how]);

    return err == MDB_KEYEXIST ? CONSENT_CONFLICT : failed(view->engine, err);
}


consent_rc_t
consent_view_delete(consent_view_t *view, consent_table_t table, consent_slice_t key)
{
    int      err;
    MDB_val  k;

    k = val(key);
    err = mdb_del(view->txn, view->engine->tables[table], &k, NULL);

    return err == MDB_NOTFOUND ? CONSENT_NOTFOUND : failed(view->engine, err);
}


/* LMDB's own order, in fewer steps: most keys differ within their first eight bytes. */
static int
compare(const MDB_val *a, const MDB_val *b)
{
    int       diff;
    uint64_t  x, y;

    if (a->mv_size >= 8 && b->mv_size >= 8) {
        memcpy(&x, a->mv_data, 8);
        memcpy(&y, b->mv_data, 8);

        if (x != y) {
            return be64toh(x) < be64toh(y) ? -1 : 1;
        }
    }

    diff = memcmp(a->mv_data, b->mv_data, a->mv_size < b->mv_size ? a->mv_size : b->mv_size);

    return diff != 0 ? diff : (a->mv_size > b->mv_size) - (a->mv_size < b->mv_size);
}


static int
env_open(consent_engine_t *engine, size_t size, bool read_only)
{
    int     err;
    size_t  page;

    err = mdb_env_create(&engine->env);

    if (err != 0) {
        engine->env = NULL;
        return err;
    }

    page = (size_t) sysconf(_SC_PAGESIZE);

    if (size != 0) {
        err = mdb_env_set_mapsize(engine->env, (size + page - 1) / page * page);
    }

    if (err == 0) {
        err = mdb_env_set_maxdbs(engine->env, 2 * CONSENT_TABLES);
    }

    if (err == 0) {
        err = mdb_env_set_maxreaders(engine->env, ENGINE_MAX_READERS);
    }

    if (err == 0) {
        err = mdb_env_open(engine->env, engine->directory, MDB_NOTLS | (read_only ? MDB_RDONLY : 0), 0600);
    }

    return err;
}


static int
snapshot(consent_engine_t *engine, MDB_txn **txn)
{
    int  err, dead;

    err = mdb_txn_begin(engine->env, NULL, MDB_RDONLY, txn);

    if (err == MDB_READERS_FULL && mdb_reader_check(engine->env, &dead) == 0 && dead > 0) {
        err = mdb_txn_begin(engine->env, NULL, MDB_RDONLY, txn);
    }

    return err;
}


/* of the writing thread; 0 passes */
static consent_rc_t
failed(consent_engine_t *engine, int err)
{
    if (err == 0) {
        return CONSENT_OK;
    }

    note_health(engine, err);

    return explain(engine->why, "cannot write to the store", engine->directory, err);
}


static void
note_health(consent_engine_t *engine, int err)
{
    switch (err) {
    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case MDB_READERS_FULL:
    case MDB_BAD_RSLOT:
    case ENOMEM:
        break;

    case MDB_MAP_RESIZED:
        atomic_store(&engine->health, CONSENT_ENGINE_RESIZED);
        break;

    default:
        atomic_store(&engine->health, CONSENT_ENGINE_REOPEN);
    }
}


static consent_rc_t
explain(char why[static 256], const char *what, const char *directory, int err)
{
    (void) snprintf(why, 256, "%s %.120s: %.100s", what, directory, mdb_strerror(err));

    return rc_of(err);
}


static consent_rc_t
rc_of(int err)
{
    switch (err) {
    case 0:
        return CONSENT_OK;

    case MDB_NOTFOUND:
        return CONSENT_NOTFOUND;

    case MDB_KEYEXIST:
        return CONSENT_CONFLICT;

    case MDB_MAP_FULL:
    case MDB_TXN_FULL:
    case ENOSPC:
    case EDQUOT:
        return CONSENT_FULL;

    case MDB_READERS_FULL:
        return CONSENT_BUSY;

    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INCOMPATIBLE:
        return CONSENT_MALFORMED;

    case ENOMEM:
        return CONSENT_NOMEM;

    default:
        return CONSENT_IO;
    }
}


static MDB_val
val(consent_slice_t s)
{
    return (MDB_val) { s.len, (void *) (uintptr_t) s.data };
}


static consent_slice_t
slice(MDB_val v)
{
    return consent_slice(v.mv_data, v.mv_size);
}
