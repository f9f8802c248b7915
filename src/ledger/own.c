/*
 * What is held of a subject's decisions.
 */

#include "ledger/own.h"
#include "ledger/inside.h"

_Static_assert(CONSENT_OWN_KEY == CONSENT_KEY_LEN && CONSENT_OWN_NONCE == CONSENT_NONCE_LEN, "one length each");

typedef struct {
    uint8_t           prefix[CONSENT_STATE_KEY_LEN];
    consent_view_t   *view;
    consent_own_t    own;
    consent_own_pt   each;
    void             *arg;
    consent_rc_t      rc;
} own_walk_t;

static bool each_own(void *arg, consent_slice_t key, consent_slice_t value);
static consent_slice_t entry_at(consent_view_t *view, uint64_t index);


consent_rc_t
consent_ledger_own(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_own_pt each, void *arg)
{
    own_walk_t      walk;
    consent_rc_t     rc;
    consent_view_t   view;
    consent_slice_t  key;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    memset(&walk, 0, sizeof(walk));
    consent_state_key(walk.prefix, subject, policy_id_key);
    walk.view = &view;
    walk.each = each;
    walk.arg = arg;
    walk.rc = CONSENT_OK;

    rc = consent_view_get(&view, CONSENT_TABLE_KEYS, consent_slice(subject, CONSENT_SUBJECT_LEN), &key);

    if (rc == CONSENT_OK && key.len == CONSENT_KEY_LEN) {
        memcpy(walk.own.key, key.data, CONSENT_KEY_LEN);
        walk.own.has_key = true;
    }

    if (rc == CONSENT_OK || rc == CONSENT_NOTFOUND) {
        rc = consent_view_walk(&view, CONSENT_TABLE_HISTORY, consent_slice(walk.prefix, sizeof(walk.prefix)), each_own,
                               &walk);
    }

    consent_store_read_end(ledger->store, &view);

    if (rc == CONSENT_OK) {
        rc = walk.rc;
    }

    consent_wipe(&walk, sizeof(walk));

    return rc;
}


static bool
each_own(void *arg, consent_slice_t key, consent_slice_t value)
{
    own_walk_t     *walk = arg;
    consent_past_t   past;

    if (key.len != CONSENT_PAST_KEY_LEN || memcmp(key.data, walk->prefix, sizeof(walk->prefix)) != 0) {
        return false;
    }

    walk->rc = consent_past_decode(&past, value);

    if (walk->rc != CONSENT_OK) {
        return false;
    }

    walk->own.decision = past.decision;
    walk->own.identified = past.identified;
    walk->own.index = past.index;
    walk->own.logged_at = past.logged_at;
    memcpy(walk->own.nonce, past.nonce, CONSENT_NONCE_LEN);
    walk->own.entry = entry_at(walk->view, past.index);

    return walk->each(walk->arg, &walk->own);
}


static consent_slice_t
entry_at(consent_view_t *view, uint64_t index)
{
    uint8_t          key[8];
    consent_slice_t  entry;

    consent_put_u64(key, index);

    return consent_view_get(view, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), &entry) == CONSENT_OK
           ? entry : consent_slice(NULL, 0);
}


consent_rc_t
consent_ledger_named(consent_ledger_t *ledger, consent_slice_t unique, consent_buf_t *b)
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_slice_t  index, entry;

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_get(&view, CONSENT_TABLE_UNIQUE, unique, &index);

    if (rc == CONSENT_OK && index.len != 8) {
        rc = CONSENT_MALFORMED;
    }

    if (rc == CONSENT_OK) {
        entry = entry_at(&view, consent_get_u64(index.data));
        rc = entry.len == 0 ? CONSENT_NOTFOUND : CONSENT_OK;
    }

    if (rc == CONSENT_OK) {
        consent_buf_slice(b, entry);
        rc = b->rc;
    }

    consent_store_read_end(ledger->store, &view);

    return rc;
}
