/*
 * Which versions of policies nginx was last started with, for tools that write beside it: the newest "config" entry of each
 * policy says so. They are found by what makes such entries unique, and not by reading the log.
 */

#include "ledger/inside.h"
#include "ledger/members.h"

#include <stdlib.h>

#define IN_FORCE_PREFIX  consent_lit("config:")
#define IN_FORCE_START   (IN_FORCE_PREFIX.len + 2 * CONSENT_ID_LEN)    /* bytes that the keys of one start have in common */
#define IN_FORCE_MAX     64             /* policies */

typedef struct {
    consent_view_t  *view;
    uint64_t         index[IN_FORCE_MAX];
    uint8_t          hash[IN_FORCE_MAX][CONSENT_HASH_LEN];
    size_t           n;
    consent_rc_t     rc;
} in_force_t;

typedef struct {
    consent_slice_t  start;
    uint64_t         first;
    uint64_t         last;
} in_force_start_t;

static bool each_config(void *arg, consent_slice_t key, consent_slice_t value);
static bool each_start(void *arg, consent_slice_t key, consent_slice_t value);
static consent_rc_t tell(consent_view_t *view, uint64_t index, const uint8_t hash[static CONSENT_HASH_LEN],
    consent_in_force_pt each, void *arg, bool *more);


/* A key of a "config" entry ends with its policy's hash. Of versions of one policy the caller gets the newest last. */
consent_rc_t
consent_ledger_in_force(consent_ledger_t *ledger, consent_in_force_pt each, void *arg)
{
    bool             more;
    size_t           i, first;
    consent_rc_t     rc;
    in_force_t      *found;
    consent_view_t   view;

    found = calloc(1, sizeof(in_force_t));

    if (found == NULL) {
        return CONSENT_NOMEM;
    }

    rc = consent_store_read(ledger->store, &view);

    if (rc != CONSENT_OK) {
        free(found);
        return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
    }

    found->view = &view;
    rc = consent_view_walk(&view, CONSENT_TABLE_UNIQUE, IN_FORCE_PREFIX, each_config, found);
    rc = rc == CONSENT_OK ? found->rc : rc;

    for (more = true; rc == CONSENT_OK && more && found->n > 0;) {

        for (i = 1, first = 0; i < found->n; i++) {
            first = found->index[i] < found->index[first] ? i : first;
        }

        rc = tell(&view, found->index[first], found->hash[first], each, arg, &more);

        found->n--;
        found->index[first] = found->index[found->n];
        memcpy(found->hash[first], found->hash[found->n], CONSENT_HASH_LEN);
    }

    consent_store_read_end(ledger->store, &view);
    free(found);

    return rc;
}


consent_rc_t
consent_ledger_started(consent_view_t *view, uint64_t *index)
{
    consent_rc_t      rc;
    in_force_start_t  newest[2];

    /* of the start that is walked over, and of the newest before it */
    memset(newest, 0, sizeof(newest));
    rc = consent_view_walk(view, CONSENT_TABLE_UNIQUE, IN_FORCE_PREFIX, each_start, newest);

    if (rc == CONSENT_OK && newest[0].start.len == 0) {
        return CONSENT_NOTFOUND;
    }

    *index = newest[1].start.len > 0 && newest[1].last > newest[0].last ? newest[1].first : newest[0].first;

    return rc;
}


static bool
each_start(void *arg, consent_slice_t key, consent_slice_t value)
{
    uint64_t           index;
    in_force_start_t  *newest = arg;

    if (key.len < IN_FORCE_PREFIX.len || memcmp(key.data, IN_FORCE_PREFIX.data, IN_FORCE_PREFIX.len) != 0) {
        return false;
    }

    if (value.len != 8 || key.len < IN_FORCE_START) {
        return true;
    }

    index = consent_get_u64(value.data);
    key.len = IN_FORCE_START;

    if (!consent_slice_eq(newest[0].start, key)) {
        newest[1] = newest[1].start.len > 0 && newest[1].last > newest[0].last ? newest[1] : newest[0];
        newest[0] = (in_force_start_t) { key, index, index };
    }

    newest[0].first = index < newest[0].first ? index : newest[0].first;
    newest[0].last = index > newest[0].last ? index : newest[0].last;

    return true;
}


/* The newest of each hash; of more than there is room for, the newest ones. */
static bool
each_config(void *arg, consent_slice_t key, consent_slice_t value)
{
    size_t       i, oldest;
    uint8_t      hash[CONSENT_HASH_LEN];
    uint64_t     index;
    in_force_t  *found = arg;

    if (key.len < IN_FORCE_PREFIX.len || memcmp(key.data, IN_FORCE_PREFIX.data, IN_FORCE_PREFIX.len) != 0) {
        return false;
    }

    if (value.len != 8 || key.len < IN_FORCE_PREFIX.len + 2 * CONSENT_HASH_LEN
        || consent_hex_decode(hash, sizeof(hash), consent_slice(key.data + key.len - 2 * CONSENT_HASH_LEN,
                                                                2 * CONSENT_HASH_LEN)) != CONSENT_OK)
    {
        return true;
    }

    index = consent_get_u64(value.data);

    for (i = 0, oldest = 0; i < found->n && memcmp(found->hash[i], hash, sizeof(hash)) != 0; i++) {
        oldest = found->index[i] < found->index[oldest] ? i : oldest;
    }

    if (i == IN_FORCE_MAX) {
        i = oldest;

    } else if (i == found->n) {
        found->index[found->n++] = 0;
    }

    if (index >= found->index[i]) {
        found->index[i] = index;
        memcpy(found->hash[i], hash, sizeof(hash));
    }

    return true;
}


static consent_rc_t
tell(consent_view_t *view, uint64_t index, const uint8_t hash[static CONSENT_HASH_LEN], consent_in_force_pt each, void *arg,
    bool *more)
{
    uint8_t             key[8];
    consent_rc_t        rc;
    consent_slice_t     entry, document;
    consent_in_force_t  found;

    consent_put_u64(key, index);
    rc = consent_view_get(view, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), &entry);

    if (rc == CONSENT_OK) {
        rc = consent_view_get(view, CONSENT_TABLE_POLICIES, consent_slice(hash, 8), &document);
    }

    if (rc != CONSENT_OK) {
        return rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;        /* pruned, or not written yet */
    }

    found.index = index;
    found.document = document;
    found.node = consent_members_find(entry, "node");
    *more = each(arg, &found);

    return CONSENT_OK;
}
