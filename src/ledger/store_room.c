/*
 * How much room a store has: for what is asked, and for grants, which end before it is full.
 */

#include "ledger/place.h"
#include "ledger/store_inside.h"

#define STORE_RESERVE  ((uint64_t) 64 << 20)    /* bytes of the file system kept for what takes away, at most */
#define STORE_SPREAD   3                        /* bytes that a byte put takes up, with pages that are half full */


consent_rc_t
consent_store_usage(consent_store_t *store, consent_view_t *view, consent_usage_t *usage)
{
    uint64_t          free;
    consent_rc_t      rc;
    consent_extent_t  extent;

    free = 0;
    rc = view == NULL ? CONSENT_OK : consent_engine_free_pages(view, &free);

    if (rc == CONSENT_OK) {
        rc = consent_engine_extent(store->engine, &extent);
    }

    if (rc == CONSENT_OK) {
        rc = consent_place_room(extent.fd, &usage->fs_room, &usage->allocated);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    free *= extent.page;
    usage->map_size = extent.map_size;
    usage->used = extent.end - (free < extent.end ? free : extent.end);
    usage->room = usage->fs_room + free;
    usage->readers = extent.readers;

    if (usage->room > usage->map_size - usage->used) {
        usage->room = usage->map_size - usage->used;
    }

    return CONSENT_OK;
}


bool
consent_store_is_tight(consent_store_t *store, uint64_t put)
{
    uint64_t        reserve, needed;
    consent_view_t  view;

    if (!store->usage_known && consent_store_usage(store, NULL, &store->usage) != CONSENT_OK) {
        return false;
    }

    store->usage_known = true;
    needed = STORE_SPREAD * put;
    reserve = (store->usage.fs_room + store->usage.allocated) / 10;
    reserve = reserve < STORE_RESERVE ? reserve : STORE_RESERVE;

    if (store->usage.fs_room < reserve || store->usage.fs_room - reserve < needed) {
        return true;
    }

    if (store->usage.used + needed < store->usage.map_size / 10 * 9) {
        return false;
    }

    /* only where it matters, since counting free pages takes a while */
    if (!store->usage_exact && consent_view_read(store->engine, &view) == CONSENT_OK) {
        store->usage_exact = consent_store_usage(store, &view, &store->usage) == CONSENT_OK;
        consent_view_abort(&view);
    }

    return store->usage.used + needed >= store->usage.map_size / 10 * 9;
}
