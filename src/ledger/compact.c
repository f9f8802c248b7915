/*
 * Compaction: the store's file is replaced by a new one that holds what is there and nothing of what was.
 */

#include "ledger/copy.h"
#include "ledger/place.h"

#include <stdio.h>

static consent_rc_t compact(consent_engine_t *engine, const char *directory, uint64_t *before, uint64_t *after,
    const consent_progress_t *progress, char why[static 256]);


consent_rc_t
consent_ledger_compact(const char *directory, uint64_t *before, uint64_t *after, const consent_progress_t *progress,
    char why[static 256])
{
    consent_rc_t       rc;
    consent_engine_t  *engine;

    rc = consent_engine_open(&engine, directory, 0, CONSENT_USE_ALONE, why);

    if (rc == CONSENT_OK) {
        rc = compact(engine, directory, before, after, progress, why);
        consent_engine_close(engine);
    }

    return rc;
}


/* The directory is held until the engine is closed: whoever opens the store finds the new file. */
static consent_rc_t
compact(consent_engine_t *engine, const char *directory, uint64_t *before, uint64_t *after,
    const consent_progress_t *progress, char why[static 256])
{
    consent_rc_t      rc;
    consent_view_t    view;
    consent_extent_t  extent;

    rc = consent_engine_extent(engine, &extent);

    if (rc == CONSENT_OK && !consent_place_is_whole(extent.fd, extent.end)) {
        (void) snprintf(why, 256, "the store %.150s has been cut short", directory);
        return CONSENT_MALFORMED;
    }

    *before = extent.end;

    if (rc == CONSENT_OK) {
        rc = consent_view_read(engine, &view);
    }

    if (rc == CONSENT_OK) {
        rc = consent_engine_tables(&view, false);

        if (rc == CONSENT_NOTFOUND || rc == CONSENT_MALFORMED) {
            (void) snprintf(why, 256, "%.150s holds no store of ours, or one of another layout", directory);
            consent_view_abort(&view);
            return CONSENT_MALFORMED;
        }

        if (rc == CONSENT_OK) {
            rc = consent_copy(directory, &view, extent.map_size, progress, why);
            consent_view_abort(&view);

            return rc == CONSENT_OK ? consent_place_take(directory, after, why) : rc;
        }

        consent_view_abort(&view);
    }

    (void) snprintf(why, 256, "cannot read the store %.150s", directory);

    return rc;
}
