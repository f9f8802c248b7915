/*
 * Which entry is wrong: the tiles of some level may still lead to the root that was signed; from there on down they tell, as
 * far as they hold, where the entries begin to differ.
 */

#include "ledger/audit_inside.h"

static consent_rc_t place_root(consent_auditor_t *a, unsigned level, bool tail_of_tiles, bool *holds);
static consent_rc_t place_push(consent_auditor_t *a, unsigned level, const uint8_t hash[static CONSENT_HASH_LEN]);
static consent_rc_t place_narrow(consent_auditor_t *a, unsigned level);
static consent_rc_t place_hashes(consent_auditor_t *a, consent_audit_hashes_t hashes, unsigned level, uint64_t index);
static bool place_absent(consent_rc_t rc);


consent_rc_t
consent_audit_place(consent_auditor_t *a)
{
    bool          holds;
    unsigned      level;
    consent_rc_t  rc;

    /* the lowest level that holds tells most; behind its last hash there are entries that only lower levels cover */

    for (level = 0; level < CONSENT_TILE_LEVELS && a->size >> (8 * level) > 0; level++) {
        if (!a->first[level].found) {
            continue;
        }

        rc = place_root(a, level, true, &holds);

        if (rc == CONSENT_OK && !holds && level > 0) {
            rc = place_root(a, level, false, &holds);
        }

        if (rc != CONSENT_OK) {
            return rc;
        }

        if (holds) {
            a->holds_from = level;
            return place_narrow(a, level);
        }
    }

    consent_audit_say(a, CONSENT_FAULT_ROOT, 0, 0, a->n_tiles == 0
                      ? "is not that of the entries and tiles, which agree: it was signed over others"
                      : "is not that of the entries, and which of them is wrong cannot be told from the tiles");

    return CONSENT_OK;
}


/* The root from the stored tiles of a level; of what they do not cover, from the lower levels, as stored or as the entries
 * have it. */
static consent_rc_t
place_root(consent_auditor_t *a, unsigned level, bool tail_of_tiles, bool *holds)
{
    uint8_t       root[CONSENT_HASH_LEN];
    unsigned      i, width, low;
    uint64_t      index;
    consent_rc_t  rc;

    *holds = false;
    memset(a->stored.counts, 0, sizeof(a->stored.counts));

    for (index = 0; (width = consent_tile_width(level, index, a->size)) > 0; index++) {
        rc = consent_audit_tile(a, level, index, width);

        for (i = 0; rc == CONSENT_OK && i < width; i++) {
            rc = place_push(a, level, a->tile.data + i * CONSENT_HASH_LEN);
        }

        if (rc != CONSENT_OK) {
            return place_absent(rc) ? CONSENT_OK : rc;
        }
    }

    for (low = 0; low < level; low++) {
        width = (unsigned) (a->size >> (8 * low)) % CONSENT_TILE_WIDTH;

        if (width == 0) {
            continue;
        }

        memcpy(a->stored.hashes[low], a->levels.hashes[low], (size_t) width * CONSENT_HASH_LEN);

        if (tail_of_tiles) {
            rc = consent_audit_tile(a, low, a->size >> (8 * (low + 1)), width);

            if (rc != CONSENT_OK) {
                return place_absent(rc) ? CONSENT_OK : rc;
            }

            memcpy(a->stored.hashes[low], a->tile.data, a->tile.len);
        }
    }

    rc = consent_audit_root(a, &a->stored, a->size, root);
    *holds = rc == CONSENT_OK && memcmp(root, a->result->checkpoint.root, CONSENT_HASH_LEN) == 0;

    return rc;
}


static consent_rc_t
place_push(consent_auditor_t *a, unsigned level, const uint8_t hash[static CONSENT_HASH_LEN])
{
    uint64_t        n;
    consent_rc_t    rc;
    uint8_t       (*hashes)[CONSENT_HASH_LEN];

    n = a->stored.counts[level]++;
    hashes = a->stored.hashes[level];
    memcpy(hashes[n % CONSENT_TILE_WIDTH], hash, CONSENT_HASH_LEN);

    if (n % CONSENT_TILE_WIDTH != CONSENT_TILE_WIDTH - 1) {
        return CONSENT_OK;
    }

    rc = consent_audit_reduce(a->digest, hashes, CONSENT_TILE_WIDTH);

    return rc == CONSENT_OK && level + 1 < CONSENT_TILE_LEVELS ? place_push(a, level + 1, hashes[0]) : rc;
}


/* The tiles of this level hold: from its first hash that differs down. */
static consent_rc_t
place_narrow(consent_auditor_t *a, unsigned level)
{
    uint8_t                 mine[CONSENT_HASH_LEN];
    unsigned                i;
    uint64_t                index, first, last;
    consent_rc_t            rc;
    consent_audit_hashes_t  hashes, known;

    index = a->first[level].index;

    while (level > 0) {
        rc = consent_audit_tile(a, level, index / CONSENT_TILE_WIDTH,
                                consent_tile_width(level, index / CONSENT_TILE_WIDTH, a->size));

        if (rc != CONSENT_OK) {
            return rc;
        }

        memcpy(mine, a->tile.data + index % CONSENT_TILE_WIDTH * CONSENT_HASH_LEN, CONSENT_HASH_LEN);
        rc = consent_audit_tile(a, level - 1, index, CONSENT_TILE_WIDTH);

        if (rc != CONSENT_OK && !place_absent(rc)) {
            return rc;
        }

        if (rc == CONSENT_OK) {
            memcpy(known, a->tile.data, sizeof(known));
            memcpy(hashes, known, sizeof(hashes));
            rc = consent_audit_reduce(a->digest, hashes, CONSENT_TILE_WIDTH);

            if (rc != CONSENT_OK) {
                return rc;
            }
        }

        if (a->tile.len != sizeof(known) || memcmp(hashes[0], mine, CONSENT_HASH_LEN) != 0) {
            break;
        }

        rc = place_hashes(a, hashes, level - 1, index);

        if (rc != CONSENT_OK) {
            return rc;
        }

        for (i = 0; i < CONSENT_TILE_WIDTH && memcmp(hashes[i], known[i], CONSENT_HASH_LEN) == 0; i++) { /* void */ }

        if (i == CONSENT_TILE_WIDTH) {
            break;
        }

        index = index * CONSENT_TILE_WIDTH + i;
        level--;
    }

    first = index << (8 * level);
    last = first + (((uint64_t) 1 << (8 * level)) - 1);

    consent_audit_say(a, CONSENT_FAULT_ENTRIES, first, last, first < a->result->pruned
                      ? "was pruned, and its hash is not as it was published" : "is not as it was published");

    return CONSENT_OK;
}


/* All hashes of a full tile, from the entries; zeros where they cannot be read. */
static consent_rc_t
place_hashes(consent_auditor_t *a, consent_audit_hashes_t hashes, unsigned level, uint64_t index)
{
    unsigned                i;
    consent_rc_t            rc;
    consent_slice_t         rest, entry;
    consent_audit_hashes_t  below;

    memset(hashes, 0, sizeof(consent_audit_hashes_t));

    if (level > 0) {
        for (i = 0, rc = CONSENT_OK; i < CONSENT_TILE_WIDTH && rc == CONSENT_OK; i++) {
            rc = place_hashes(a, below, level - 1, index * CONSENT_TILE_WIDTH + i);

            if (rc == CONSENT_OK) {
                rc = consent_audit_reduce(a->digest, below, CONSENT_TILE_WIDTH);
            }

            memcpy(hashes[i], below[0], CONSENT_HASH_LEN);
        }

        return rc;
    }

    if (index * CONSENT_TILE_WIDTH < a->result->pruned) {
        rc = consent_audit_tile(a, 0, index, CONSENT_TILE_WIDTH);

        if (rc == CONSENT_OK) {
            memcpy(hashes, a->tile.data, sizeof(consent_audit_hashes_t));
        }

        return place_absent(rc) ? CONSENT_OK : rc;
    }

    rc = consent_audit_bundle(a, index, CONSENT_TILE_WIDTH);

    if (rc != CONSENT_OK) {
        return place_absent(rc) || rc == CONSENT_LIMIT ? CONSENT_OK : rc;
    }

    rest = consent_buf_view(&a->bundle);

    for (i = 0; i < CONSENT_TILE_WIDTH && rc == CONSENT_OK && consent_audit_next(&rest, &entry); i++) {
        rc = consent_tree_leaf(a->digest, hashes[i], entry);
    }

    return rc;
}


static bool
place_absent(consent_rc_t rc)
{
    return rc == CONSENT_NOTFOUND || rc == CONSENT_MALFORMED;
}
