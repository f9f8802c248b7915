/*
 * Erasure: nothing that is left links a subject's entries to the subject or to each other. What stays is a
 * tombstone under an HMAC of the subject, so that a cookie of before raises nothing again.
 */

#include "ledger/inside.h"

#define SWEEP  16       /* tombstones looked at per erasure */

typedef struct {
    const uint8_t   *subject;
    consent_time_t   newest;
    consent_time_t   expires;
} newest_t;

static consent_rc_t erased_under(consent_time_t *erased_at, consent_view_t *view, consent_tombstone_mac_t *mac,
    const uint8_t tombstone_key[static CONSENT_KEY_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN]);
static consent_rc_t check(consent_ledger_t *ledger, const consent_op_t *op, consent_time_t *newest,
    consent_time_t *expires);
static bool newest_state(void *arg, consent_slice_t key, consent_slice_t value);
static bool newest_past(void *arg, consent_slice_t key, consent_slice_t value);
static bool newest_decision(newest_t *walk, const consent_decision_t *decision);
static consent_rc_t erase_states(consent_ledger_t *ledger, const uint8_t *subject);
static consent_rc_t erase_past(consent_ledger_t *ledger, const uint8_t *subject, uint64_t *erased);
static consent_rc_t sweep(consent_ledger_t *ledger, consent_time_t now);


consent_rc_t
consent_ledger_put_erasure(consent_ledger_t *ledger, consent_op_t *op)
{
    consent_rc_t     rc;
    consent_buf_t    fields;
    consent_time_t   newest, expires;
    consent_slice_t  entry;

    op->erased = 0;

    /* all of it under one pseudonym */
    if (op->has_former) {
        rc = consent_ledger_rekey(ledger, op);

        if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
            return rc;
        }
    }

    /* what the caller may have got wrong, before anything is deleted */
    rc = check(ledger, op, &newest, &expires);

    if (rc == CONSENT_OK) {
        rc = consent_kept_add(ledger, op->subject, newest, expires);
    }

    /* a backup may know her by that one */
    if (rc == CONSENT_OK && op->has_former) {
        rc = consent_kept_add(ledger, op->former, newest, expires);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    op->decision.stamp = newest;
    rc = consent_ledger_forget(ledger, op->subject, newest, expires, &op->erased);

    if (rc == CONSENT_OK) {
        rc = sweep(ledger, op->now);
    }

    if (rc == CONSENT_OK) {
        consent_buf_init_fixed(&fields, ledger->fields, CONSENT_ENTRY_MAX + 1);
        consent_entry_case(&fields, op);
        consent_buf_printf(&fields, "%c\"entries\":%llu}", fields.len == 0 ? '{' : ',', (unsigned long long) op->erased);
        rc = consent_ledger_build(ledger, op, "erasure", consent_buf_view(&fields), &entry);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_append(ledger, op, entry);
    }

    if (rc != CONSENT_OK && ledger->broken == CONSENT_OK) {
        ledger->broken = rc;
    }

    return rc;
}


consent_rc_t
consent_ledger_forget(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN], consent_time_t erased_at,
    consent_time_t keep_until, uint64_t *entries)
{
    uint8_t       key[CONSENT_TOMBSTONE_KEY_LEN];
    consent_rc_t  rc;

    rc = erase_states(ledger, subject);

    if (rc == CONSENT_OK) {
        rc = erase_past(ledger, subject, entries);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_KEYS, consent_slice(subject, CONSENT_SUBJECT_LEN));
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_tombstone_new(key, ledger, subject);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_tombstone_put(ledger, consent_slice(key, sizeof(key)), erased_at, keep_until);
    }

    if (rc != CONSENT_OK && ledger->broken == CONSENT_OK) {
        ledger->broken = rc;
    }

    return rc;
}


consent_rc_t
consent_ledger_erased_at(consent_time_t *erased_at, consent_view_t *view, consent_tombstone_mac_t mac[static 2],
    const uint8_t subject[static CONSENT_SUBJECT_LEN])
{
    consent_rc_t     rc;
    consent_meta_t   meta;
    consent_slice_t  value;

    *erased_at = 0;

    rc = consent_view_get(view, CONSENT_TABLE_META, consent_meta_key, &value);

    if (rc == CONSENT_OK) {
        rc = consent_meta_decode(&meta, value);
    }

    if (rc != CONSENT_OK) {
        return CONSENT_IO;
    }

    rc = consent_ledger_tombstone_of(erased_at, view, mac, &meta, subject);

    /* what this store does not know of from before it was restored is not to come back by a cookie */
    *erased_at = meta.floor > *erased_at ? meta.floor : *erased_at;

    return rc;
}


consent_rc_t
consent_ledger_tombstone_of(consent_time_t *erased_at, consent_view_t *view, consent_tombstone_mac_t mac[static 2],
    const consent_meta_t *meta, const uint8_t subject[static CONSENT_SUBJECT_LEN])
{
    uint8_t       key[CONSENT_KEY_LEN];
    consent_rc_t  rc;

    *erased_at = 0;

    if (consent_view_count(view, CONSENT_TABLE_TOMBSTONES) == 0) {
        return CONSENT_OK;
    }

    rc = erased_under(erased_at, view, &mac[0], meta->tombstone_key, subject);

    if (rc == CONSENT_OK) {
        rc = consent_replica_erasure_key(key, view);

        if (rc == CONSENT_NOTFOUND) {
            return CONSENT_OK;
        }
    }

    return rc == CONSENT_OK ? erased_under(erased_at, view, &mac[1], key, subject) : rc;
}


consent_rc_t
consent_ledger_tombstone_new(uint8_t key[static CONSENT_TOMBSTONE_KEY_LEN], consent_ledger_t *ledger,
    const uint8_t subject[static CONSENT_SUBJECT_LEN])
{
    uint8_t       shared[CONSENT_KEY_LEN];
    consent_rc_t  rc;

    rc = consent_replica_erasure_key(shared, &ledger->view);

    if (rc == CONSENT_OK) {
        return consent_ledger_tombstone_key(key, &ledger->write_mac[1], shared, subject);
    }

    return rc == CONSENT_NOTFOUND ? consent_ledger_tombstone_key(key, &ledger->write_mac[0],
                                                                 ledger->meta.tombstone_key, subject)
                                  : rc;
}


consent_rc_t
consent_ledger_tombstone_key(uint8_t key[static CONSENT_TOMBSTONE_KEY_LEN], consent_tombstone_mac_t *mac,
    const uint8_t tombstone_key[static CONSENT_KEY_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN])
{
    uint8_t          full[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_slice_t  part;

    if (mac->mac == NULL || !consent_digest_equal(mac->key, tombstone_key, CONSENT_KEY_LEN)) {
        consent_mac_destroy(mac->mac);
        mac->mac = consent_mac_create(consent_slice(tombstone_key, CONSENT_KEY_LEN));

        if (mac->mac == NULL) {
            return CONSENT_IO;
        }

        memcpy(mac->key, tombstone_key, CONSENT_KEY_LEN);
    }

    part = consent_slice(subject, CONSENT_SUBJECT_LEN);
    rc = consent_mac(mac->mac, full, &part, 1);
    memcpy(key, full, CONSENT_TOMBSTONE_KEY_LEN);

    return rc;
}


/* The later of what it is and what stands under this key. */
static consent_rc_t
erased_under(consent_time_t *erased_at, consent_view_t *view, consent_tombstone_mac_t *mac,
    const uint8_t tombstone_key[static CONSENT_KEY_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN])
{
    uint8_t          key[CONSENT_TOMBSTONE_KEY_LEN];
    consent_rc_t     rc;
    consent_time_t   at, keep_until;
    consent_slice_t  value;

    if (consent_ledger_tombstone_key(key, mac, tombstone_key, subject) != CONSENT_OK) {
        return CONSENT_IO;
    }

    rc = consent_view_get(view, CONSENT_TABLE_TOMBSTONES, consent_slice(key, sizeof(key)), &value);

    if (rc == CONSENT_NOTFOUND) {
        return CONSENT_OK;
    }

    if (rc == CONSENT_OK) {
        rc = consent_tombstone_decode(&at, &keep_until, value);
    }

    if (rc == CONSENT_OK && at > *erased_at) {
        *erased_at = at;
    }

    return rc;
}


/* newest: the stamp up to which she is erased, later than all that she decided; expires: when no cookie of hers is left. */
static consent_rc_t
check(consent_ledger_t *ledger, const consent_op_t *op, consent_time_t *newest, consent_time_t *expires)
{
    consent_rc_t     rc;
    consent_time_t   held;
    consent_slice_t  entry;

    rc = consent_ledger_hold(&ledger->view, op->subject, &held);

    if (rc == CONSENT_OK) {
        ledger->what = "there is a legal hold on this subject";
        return CONSENT_DENIED;
    }

    if (rc != CONSENT_NOTFOUND) {
        return rc;
    }

    rc = consent_ledger_build(ledger, op, "erasure", consent_slice(NULL, 0), &entry);

    if (rc == CONSENT_OK) {
        rc = consent_ledger_erased_at(newest, &ledger->view, ledger->write_mac, op->subject);
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    *newest = op->now > *newest ? op->now : *newest;
    *newest = op->decision.stamp > *newest ? op->decision.stamp : *newest;
    *expires = op->keep_until > op->now ? op->keep_until : op->now;

    return consent_ledger_newest(ledger, op->subject, newest, expires);
}


consent_rc_t
consent_ledger_newest(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN], consent_time_t *stamp,
    consent_time_t *expires)
{
    newest_t         walk = { subject, *stamp, *expires };
    consent_rc_t     rc;
    consent_slice_t  from;

    from = consent_slice(subject, CONSENT_SUBJECT_LEN);
    rc = consent_view_walk(&ledger->view, CONSENT_TABLE_STATE, from, newest_state, &walk);

    if (rc == CONSENT_OK) {
        rc = consent_view_walk(&ledger->view, CONSENT_TABLE_HISTORY, from, newest_past, &walk);
    }

    *stamp = walk.newest;
    *expires = walk.expires;

    return rc;
}


/* What is damaged says no time, and is erased all the same. */
static bool
newest_state(void *arg, consent_slice_t key, consent_slice_t value)
{
    newest_t         *walk = arg;
    consent_state_t   state;

    if (key.len != CONSENT_STATE_KEY_LEN || memcmp(key.data, walk->subject, CONSENT_SUBJECT_LEN) != 0) {
        return false;
    }

    return consent_state_decode(&state, value) != CONSENT_OK || newest_decision(walk, &state.decision);
}


static bool
newest_past(void *arg, consent_slice_t key, consent_slice_t value)
{
    newest_t        *walk = arg;
    consent_past_t   past;

    if (key.len != CONSENT_PAST_KEY_LEN || memcmp(key.data, walk->subject, CONSENT_SUBJECT_LEN) != 0) {
        return false;
    }

    return consent_past_decode(&past, value) != CONSENT_OK || newest_decision(walk, &past.decision);
}


static bool
newest_decision(newest_t *walk, const consent_decision_t *decision)
{
    walk->newest = decision->stamp > walk->newest ? decision->stamp : walk->newest;
    walk->expires = decision->expires_at > walk->expires ? decision->expires_at : walk->expires;

    return true;
}


static consent_rc_t
erase_states(consent_ledger_t *ledger, const uint8_t *subject)
{
    uint8_t          key[CONSENT_STATE_KEY_LEN];
    consent_rc_t     rc;
    consent_slice_t  value;

    while ((rc = consent_ledger_first_of(ledger, CONSENT_TABLE_STATE, subject, key, sizeof(key), &value)) == CONSENT_OK) {
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_STATE, consent_slice(key, sizeof(key)));

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


static consent_rc_t
erase_past(consent_ledger_t *ledger, const uint8_t *subject, uint64_t *erased)
{
    uint8_t          key[CONSENT_PAST_KEY_LEN];
    consent_rc_t     rc;
    consent_past_t   past;
    consent_slice_t  value;

    *erased = 0;

    while ((rc = consent_ledger_first_of(ledger, CONSENT_TABLE_HISTORY, subject, key, sizeof(key), &value)) == CONSENT_OK) {
        *erased += 1;

        if (consent_past_decode(&past, value) == CONSENT_OK) {
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_RECEIPTS,
                                       consent_slice(past.decision.receipt, CONSENT_ID_LEN));
        }

        if (rc == CONSENT_OK) {
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_HISTORY, consent_slice(key, sizeof(key)));
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}


consent_rc_t
consent_ledger_first_of(consent_ledger_t *ledger, consent_table_t table, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint8_t *key, size_t len, consent_slice_t *value)
{
    consent_rc_t     rc;
    consent_slice_t  found;

    rc = consent_view_near(&ledger->view, table, consent_slice(subject, CONSENT_SUBJECT_LEN), false, &found, value);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (found.len != len || memcmp(found.data, subject, CONSENT_SUBJECT_LEN) != 0) {
        return CONSENT_NOTFOUND;
    }

    memcpy(key, found.data, len);

    return CONSENT_OK;
}


/* Tombstones that no cookie can outlive any more: a few behind a random place, at each erasure. */
static consent_rc_t
sweep(consent_ledger_t *ledger, consent_time_t now)
{
    size_t           i;
    uint8_t          key[CONSENT_TOMBSTONE_KEY_LEN], here[CONSENT_TOMBSTONE_KEY_LEN];
    consent_rc_t     rc;
    consent_time_t   erased_at, keep_until;
    consent_slice_t  found, value;

    rc = consent_random(key, sizeof(key));

    for (i = 0; i < SWEEP && rc == CONSENT_OK; i++) {
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_TOMBSTONES, consent_slice(key, sizeof(key)), false,
                               &found, &value);

        if (rc != CONSENT_OK || found.len != sizeof(key)) {
            break;
        }

        memcpy(here, found.data, sizeof(here));

        if (consent_tombstone_decode(&erased_at, &keep_until, value) == CONSENT_OK && keep_until < now) {
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_TOMBSTONES, consent_slice(here, sizeof(here)));
        }

        /* on to the next: one bit behind this one */
        memcpy(key, here, sizeof(key));
        consent_put_u64(key + 8, consent_get_u64(here + 8) + 1);
    }

    return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
}
