/*
 * Backup: what the store held at one moment, while it is used. The snapshot keeps pages from being used again until the copy
 * is made, so a store that is written to meanwhile grows.
 */

#include "ledger/copy.h"
#include "ledger/inside.h"
#include "ledger/place.h"

#include <stdio.h>
#include <unistd.h>

static consent_rc_t backup(consent_ledger_t *ledger, const char *to, uint64_t *entries,
    const consent_progress_t *progress, char why[static 256]);


consent_rc_t
consent_ledger_backup(consent_ledger_t *ledger, const char *to, uint64_t *entries, const consent_progress_t *progress,
    char why[static 256])
{
    int           hold;
    char          path[4096];
    uint64_t      size;
    consent_rc_t  rc;

    if (snprintf(path, sizeof(path), "%s/data.mdb", to) >= (int) sizeof(path)) {
        (void) snprintf(why, 256, "the directory's name is too long");
        return CONSENT_LIMIT;
    }

    rc = consent_place_hold(&hold, to, why);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (access(path, F_OK) == 0) {
        (void) snprintf(why, 256, "there is a store in %.150s already", to);
        rc = CONSENT_CONFLICT;

    } else {
        rc = backup(ledger, to, entries, progress, why);

        if (rc == CONSENT_OK) {
            rc = consent_place_take(to, &size, why);
        }
    }

    (void) close(hold);

    return rc;
}


static consent_rc_t
backup(consent_ledger_t *ledger, const char *to, uint64_t *entries, const consent_progress_t *progress,
    char why[static 256])
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_usage_t  usage;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, rc == CONSENT_NOTFOUND ? "nothing was ever written to the store"
                                                         : "cannot read the store");
        return rc;
    }

    rc = consent_store_usage(ledger->store, NULL, &usage);

    if (rc == CONSENT_OK) {
        *entries = consent_view_count(&view, CONSENT_TABLE_ENTRIES);
        rc = consent_copy(to, &view, usage.map_size, progress, why);

    } else {
        (void) snprintf(why, 256, "cannot read the store");
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}
