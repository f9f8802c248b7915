/*
 * Erasures, kept beside the keys as well: a store that is restored from a backup learns from them whom it must not bring
 * back. A tombstone is written and synced before the transaction that erases is; one whose transaction fails then does
 * no harm.
 *
 * The file "erasures" is a row of records of 64 bytes, written under the lock of the store's writer:
 *   0  store id 16 | 16 tombstone's key 16: the HMAC of the subject, as in the store | 32 erased up to this stamp 8
 *   40 keep until 8 | 48 first 16 bytes of HMAC-SHA-256(tombstone key of the store, what is in front)
 * Integers are big-endian. What a write that was cut off has left behind the last whole record is cut off by the next.
 */

#include "ledger/inside.h"
#include "ledger/kept.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_NAME   "erasures"
#define KEPT_LEN    64
#define KEPT_BATCH  1024

static consent_rc_t kept_open(consent_ledger_t *ledger);
static consent_rc_t kept_failed(consent_ledger_t *ledger, int err);
static consent_rc_t kept_check(uint8_t check[static 16], const uint8_t tombstone_key[static CONSENT_KEY_LEN],
    const uint8_t record[static KEPT_LEN]);


consent_rc_t
consent_kept_add(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN], consent_time_t erased_at,
    consent_time_t keep_until)
{
    ssize_t       n;
    uint8_t       record[KEPT_LEN];
    struct stat   st;
    consent_rc_t  rc;

    if (!ledger->guarded) {
        return CONSENT_OK;
    }

    rc = kept_open(ledger);

    if (rc != CONSENT_OK) {
        return rc;
    }

    memcpy(record, ledger->meta.store_id, 16);
    consent_put_u64(record + 32, (uint64_t) erased_at);
    consent_put_u64(record + 40, (uint64_t) keep_until);

    rc = consent_ledger_tombstone_key(record + 16, ledger->write_mac, ledger->meta.tombstone_key, subject);

    if (rc == CONSENT_OK) {
        rc = kept_check(record + 48, ledger->meta.tombstone_key, record);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (fstat(ledger->kept_file, &st) != 0
        || (st.st_size % KEPT_LEN != 0 && ftruncate(ledger->kept_file, st.st_size - st.st_size % KEPT_LEN) != 0))
    {
        return kept_failed(ledger, errno);
    }

    n = write(ledger->kept_file, record, sizeof(record));

    if (n != (ssize_t) sizeof(record)) {
        return kept_failed(ledger, n == -1 ? errno : ENOSPC);
    }

    ledger->kept_waits = true;

    return CONSENT_OK;
}


consent_rc_t
consent_kept_sync(consent_ledger_t *ledger)
{
    if (!ledger->kept_waits) {
        return CONSENT_OK;
    }

    ledger->kept_waits = false;

    return fdatasync(ledger->kept_file) == 0 ? CONSENT_OK : kept_failed(ledger, errno);
}


void
consent_kept_close(consent_ledger_t *ledger)
{
    if (ledger->kept_file != -1) {
        (void) close(ledger->kept_file);
        ledger->kept_file = -1;
    }
}


consent_rc_t
consent_kept_read(int directory, const consent_meta_t *meta, consent_kept_pt each, void *arg)
{
    int             fd;
    size_t          i;
    ssize_t         n;
    uint8_t         check[16], records[KEPT_BATCH][KEPT_LEN];
    consent_rc_t    rc;
    consent_kept_t  kept;

    fd = openat(directory, KEPT_NAME, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);

    if (fd == -1) {
        return errno == ENOENT ? CONSENT_NOTFOUND : CONSENT_IO;
    }

    rc = CONSENT_OK;

    /* a file is read as far as asked but at its end */
    while (rc == CONSENT_OK && (n = read(fd, records, sizeof(records))) != 0) {
        rc = n == -1 ? CONSENT_IO : CONSENT_OK;

        for (i = 0; rc == CONSENT_OK && i < (size_t) n / KEPT_LEN; i++) {
            if (memcmp(records[i], meta->store_id, sizeof(meta->store_id)) != 0) {
                continue;
            }

            rc = kept_check(check, meta->tombstone_key, records[i]);

            if (rc == CONSENT_OK && !consent_digest_equal(check, records[i] + 48, sizeof(check))) {
                rc = CONSENT_MALFORMED;
            }

            if (rc == CONSENT_OK) {
                memcpy(kept.mac, records[i] + 16, sizeof(kept.mac));
                kept.erased_at = (consent_time_t) consent_get_u64(records[i] + 32);
                kept.keep_until = (consent_time_t) consent_get_u64(records[i] + 40);
                rc = each(arg, &kept);
            }
        }
    }

    (void) close(fd);

    return rc;
}


static consent_rc_t
kept_open(consent_ledger_t *ledger)
{
    if (ledger->kept_file != -1) {
        return CONSENT_OK;
    }

    ledger->kept_file = openat(ledger->signed_dir, KEPT_NAME, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
                               0600);

    if (ledger->kept_file == -1 || fsync(ledger->signed_dir) != 0) {
        return kept_failed(ledger, errno);
    }

    return CONSENT_OK;
}


static consent_rc_t
kept_failed(consent_ledger_t *ledger, int err)
{
    ledger->what = err == ENOSPC || err == EDQUOT ? "no room to keep an erasure beside the keys"
                                                  : "an erasure cannot be kept beside the keys";

    /* another of this transaction may have been written, and waits to be synced */
    if (!ledger->kept_waits) {
        consent_kept_close(ledger);
    }

    return CONSENT_FULL;
}


static consent_rc_t
kept_check(uint8_t check[static 16], const uint8_t tombstone_key[static CONSENT_KEY_LEN],
    const uint8_t record[static KEPT_LEN])
{
    uint8_t          mac[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_slice_t  part;

    part = consent_slice(record, 48);
    rc = consent_hmac(mac, consent_slice(tombstone_key, CONSENT_KEY_LEN), &part, 1);
    memcpy(check, mac, 16);

    return rc == CONSENT_OK ? CONSENT_OK : CONSENT_IO;
}
