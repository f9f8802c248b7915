/*
 * A store that is not the one whose log was last signed has forgotten something: a withdrawal, an erasure. Nothing is
 * looked up in it, and nothing written, until whoever is in charge has said what is to become of it.
 */

#include "ledger/log_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>


consent_rc_t
consent_ledger_guard(consent_ledger_t *ledger, consent_view_t *view)
{
    consent_rc_t       rc;
    consent_signed_t   now;
    consent_digest_t  *digest;

    if (!ledger->guarded) {
        return CONSENT_OK;
    }

    now = consent_ledger_signed(ledger, ledger->signed_dir);

    if (!ledger->refused && memcmp(&now, &ledger->compared, sizeof(now)) == 0) {
        return CONSENT_OK;
    }

    digest = consent_digest_create();
    rc = digest == NULL ? CONSENT_NOMEM : consent_log_guard(view, digest, ledger->signed_dir, ledger->refusal);
    consent_digest_destroy(digest);

    ledger->refused = rc != CONSENT_OK;

    if (rc == CONSENT_OK) {
        ledger->compared = now;
    }

    return rc;
}


consent_signed_t
consent_ledger_signed(const consent_ledger_t *ledger, int directory)
{
    struct stat       st;
    consent_signed_t  now;

    memset(&now, 0, sizeof(now));
    now.opened = consent_store_opened(ledger->store);

    if (fstatat(directory, CONSENT_LOG_SIGNED, &st, AT_SYMLINK_NOFOLLOW) == 0) {
        now.inode = st.st_ino;
        now.changed = st.st_ctim;
    }

    return now;
}


consent_rc_t
consent_log_compare(consent_ledger_t *ledger, int directory, char why[static 256])
{
    consent_rc_t       rc;
    consent_view_t     view;
    consent_digest_t  *digest;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "the store has nothing in it, or cannot be read: %.40s", consent_rc_name(rc));
        return rc == CONSENT_NOTFOUND ? CONSENT_DENIED : rc;
    }

    digest = consent_digest_create();
    rc = digest == NULL ? CONSENT_NOMEM : consent_log_guard(&view, digest, directory, why);
    consent_digest_destroy(digest);

    consent_store_read_end(ledger->store, &view);

    return rc;
}


bool
consent_ledger_is_refused(const consent_ledger_t *ledger)
{
    return ledger->refused;
}
