/*
 * Restoring: the backup is copied, and the copy becomes the store when all that a restored store owes is done in it: who was
 * erased since is erased, no grant is in force, and the log says that something was lost. Until then there is no store.
 */

#include "ledger/copy.h"
#include "ledger/place.h"
#include "ledger/restore_inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static consent_rc_t copy(consent_restoring_t *r, char why[static 256]);
static consent_rc_t rework(consent_restoring_t *r, char why[static 256]);
static consent_rc_t read_kept(consent_restoring_t *r, char why[static 256]);
static consent_rc_t each_kept(void *arg, const consent_kept_t *kept);
static int compare_kept(const void *a, const void *b);


consent_rc_t
consent_ledger_restore(const consent_restore_t *conf, consent_restored_t *restored, char why[static 256])
{
    int                   hold;
    char                  path[4096];
    uint64_t              size;
    consent_rc_t          rc;
    consent_restoring_t  *r;

    memset(restored, 0, sizeof(consent_restored_t));

    if (snprintf(path, sizeof(path), "%s/data.mdb", conf->to) >= (int) sizeof(path)) {
        (void) snprintf(why, 256, "the directory's name is too long");
        return CONSENT_LIMIT;
    }

    rc = consent_place_hold(&hold, conf->to, why);

    if (rc != CONSENT_OK) {
        return rc;
    }

    r = calloc(1, sizeof(consent_restoring_t));

    if (r == NULL) {
        (void) snprintf(why, 256, "out of memory");
        rc = CONSENT_NOMEM;

    } else if (access(path, F_OK) == 0) {
        (void) snprintf(why, 256, "there is a store in %.150s: move it away, it is what was lost", conf->to);
        rc = CONSENT_CONFLICT;

    } else {
        r->conf = conf;
        r->out = restored;
        rc = consent_restore_last(r, why);
    }

    if (rc == CONSENT_OK) {
        rc = copy(r, why);
    }

    if (rc == CONSENT_OK) {
        rc = rework(r, why);
    }

    if (rc == CONSENT_OK) {
        rc = consent_place_take(conf->to, &size, why);
    }

    if (r != NULL) {
        free(r->kept);
        free(r);
    }

    (void) close(hold);

    return rc;
}


static consent_rc_t
copy(consent_restoring_t *r, char why[static 256])
{
    consent_rc_t           rc;
    consent_view_t         view;
    consent_usage_t        usage;
    consent_ledger_t      *from;
    consent_ledger_conf_t  conf = { .directory = r->conf->from, .read_only = true };

    rc = consent_ledger_open(&from, &conf, why);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_store_read(from->store, &view);

    if (rc == CONSENT_OK) {
        rc = consent_store_usage(from->store, NULL, &usage);

        if (rc == CONSENT_OK) {
            rc = consent_copy(r->conf->to, &view, usage.map_size, &r->conf->progress, why);
        } else {
            (void) snprintf(why, 256, "cannot read the backup");
        }

        consent_store_read_end(from->store, &view);

    } else {
        (void) snprintf(why, 256, "there is nothing in the backup");
    }

    consent_ledger_close(from);

    return rc;
}


static consent_rc_t
rework(consent_restoring_t *r, char why[static 256])
{
    char                   path[4096];
    consent_rc_t           rc;
    consent_ledger_conf_t  conf = { .directory = path, .node = r->conf->origin, .size = CONSENT_LEDGER_AS_IS };

    if (snprintf(path, sizeof(path), "%s/" CONSENT_PLACE_COPYING, r->conf->to) >= (int) sizeof(path)) {
        (void) snprintf(why, 256, "the directory's name is too long");
        return CONSENT_LIMIT;
    }

    rc = consent_ledger_open(&r->ledger, &conf, why);

    if (rc == CONSENT_OK) {
        rc = consent_restore_begin(r);

        if (rc == CONSENT_OK) {
            rc = read_kept(r, why);

            if (rc == CONSENT_DENIED) {
                consent_ledger_close(r->ledger);
                return rc;
            }
        }

        if (rc == CONSENT_OK) {
            rc = consent_restore_erase(r);
        }

        if (rc == CONSENT_OK) {
            rc = consent_restore_lapse(r);
        }

        if (rc != CONSENT_OK) {
            consent_ledger_abort(r->ledger);
            (void) snprintf(why, 256, "the restored store cannot be written: %.150s",
                            consent_ledger_why(r->ledger)[0] != '\0' ? consent_ledger_why(r->ledger)
                                                                     : consent_rc_name(rc));
        }
    }

    if (rc == CONSENT_OK) {
        rc = consent_restore_sign(r, why);
    }

    consent_ledger_close(r->ledger);

    return rc;
}


static consent_rc_t
read_kept(consent_restoring_t *r, char why[static 256])
{
    consent_rc_t  rc;

    if (r->conf->signed_dir == -1) {
        return CONSENT_OK;
    }

    rc = consent_kept_read(r->conf->signed_dir, &r->ledger->meta, each_kept, r);

    if (rc == CONSENT_MALFORMED) {
        (void) snprintf(why, 256, "the erasures that are kept beside the keys have been changed");
        return CONSENT_DENIED;
    }

    if (rc == CONSENT_OK && r->n_kept > 0) {
        qsort(r->kept, r->n_kept, sizeof(consent_kept_t), compare_kept);
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


static consent_rc_t
each_kept(void *arg, const consent_kept_t *kept)
{
    consent_kept_t       *grown;
    consent_restoring_t  *r = arg;

    if ((r->n_kept & (r->n_kept - 1)) == 0) {
        grown = realloc(r->kept, (r->n_kept == 0 ? 1 : 2 * r->n_kept) * sizeof(consent_kept_t));

        if (grown == NULL) {
            return CONSENT_NOMEM;
        }

        r->kept = grown;
    }

    r->kept[r->n_kept++] = *kept;

    return CONSENT_OK;
}


/* Of one subject, the latest first. */
static int
compare_kept(const void *a, const void *b)
{
    int                    order;
    const consent_kept_t  *x = a, *y = b;

    order = memcmp(x->mac, y->mac, sizeof(x->mac));

    return order != 0 ? order : (x->erased_at < y->erased_at) - (x->erased_at > y->erased_at);
}
