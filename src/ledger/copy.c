/*
 * Copies a store record by record. Copying pages would be faster, and would take along what was erased: pages that are free,
 * and what is left in the unused part of those that are not.
 *
 * Each table is walked in the order of its keys and appended to, so that its pages are full; transactions are small, so that
 * memory stays small. A copy is looked at only when the last one is committed.
 */

#include "ledger/copy.h"
#include "ledger/place.h"

#include <stdio.h>

#define COPY_BYTES    (16 * 1024 * 1024)    /* in one transaction */
#define COPY_RECORDS  65536                 /* the same */
#define COPY_SAY      8192                  /* records between calls of progress */

typedef struct {
    consent_engine_t          *engine;
    consent_view_t             to;
    consent_table_t            table;
    const consent_progress_t  *progress;
    uint64_t                   done;
    uint64_t                   total;
    size_t                     bytes;
    size_t                     records;
    bool                       open;
    consent_rc_t               rc;
} copy_t;

static consent_rc_t copy_all(copy_t *copy, consent_view_t *from);
static consent_rc_t copy_begin(copy_t *copy);
static consent_rc_t copy_end(copy_t *copy);
static bool copy_each(void *arg, consent_slice_t key, consent_slice_t value);


consent_rc_t
consent_copy(const char *directory, consent_view_t *from, size_t size, const consent_progress_t *progress,
    char why[static 256])
{
    char          path[4096];
    copy_t        copy;
    consent_rc_t  rc;

    memset(&copy, 0, sizeof(copy));
    copy.progress = progress;

    rc = consent_place_copying(path, sizeof(path), directory, why);

    if (rc == CONSENT_OK) {
        rc = consent_engine_open(&copy.engine, path, size, CONSENT_USE_WRITE, why);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = copy_all(&copy, from);

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "cannot copy the store to %.100s: %.100s", path,
                        consent_engine_why(copy.engine)[0] != '\0' ? consent_engine_why(copy.engine)
                                                                   : consent_rc_name(rc));
    }

    consent_engine_close(copy.engine);

    return rc;
}


static consent_rc_t
copy_all(copy_t *copy, consent_view_t *from)
{
    unsigned      table;
    consent_rc_t  rc;

    for (table = 0; table < CONSENT_TABLES; table++) {
        copy->total += consent_view_count(from, (consent_table_t) table);
    }

    rc = copy_begin(copy);

    if (rc == CONSENT_OK) {
        rc = consent_engine_tables(&copy->to, true);
    }

    for (table = 0; table < CONSENT_TABLES && rc == CONSENT_OK; table++) {
        copy->table = (consent_table_t) table;
        rc = consent_view_walk(from, copy->table, consent_slice(NULL, 0), copy_each, copy);
        rc = rc == CONSENT_OK ? copy->rc : rc;
    }

    if (rc == CONSENT_OK) {
        rc = copy->done == copy->total ? copy_end(copy) : CONSENT_MALFORMED;
    }

    if (copy->open) {
        consent_view_abort(&copy->to);
    }

    return rc;
}


static consent_rc_t
copy_begin(copy_t *copy)
{
    consent_rc_t  rc;

    rc = consent_view_write(copy->engine, &copy->to);
    copy->open = rc == CONSENT_OK;
    copy->bytes = copy->records = 0;

    return rc;
}


static consent_rc_t
copy_end(copy_t *copy)
{
    consent_rc_t      rc;
    consent_extent_t  extent;

    copy->open = false;
    rc = consent_view_commit(&copy->to);

    /* as long as who opens it will want it to be */
    if (rc == CONSENT_OK) {
        rc = consent_engine_extent(copy->engine, &extent);
    }

    return rc == CONSENT_OK ? consent_place_extend(extent.fd, extent.end) : rc;
}


static bool
copy_each(void *arg, consent_slice_t key, consent_slice_t value)
{
    copy_t  *copy = arg;

    if (copy->bytes >= COPY_BYTES || copy->records == COPY_RECORDS) {
        copy->rc = copy_end(copy);

        if (copy->rc == CONSENT_OK) {
            copy->rc = copy_begin(copy);
        }
    }

    if (copy->rc == CONSENT_OK) {
        copy->rc = consent_view_put(&copy->to, copy->table, key, value, CONSENT_PUT_APPEND);
    }

    copy->bytes += key.len + value.len;
    copy->records++;

    if (copy->done++ % COPY_SAY == 0 && copy->progress->each != NULL) {
        copy->progress->each(copy->progress->arg, copy->done, copy->total);
    }

    return copy->rc == CONSENT_OK;
}
