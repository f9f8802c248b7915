/*
 * Paths and widths of tiles.
 */

#include "ledger/tile.h"

#include <stdio.h>

#define INDEX_MAX  (UINT64_MAX / CONSENT_TILE_WIDTH)    /* of a tile with a hash below 2^64 */

static consent_rc_t tile_parse_level(consent_tile_t *tile, consent_slice_t *path);
static consent_rc_t tile_parse_index(consent_tile_t *tile, consent_slice_t *path);
static consent_rc_t tile_parse_width(consent_tile_t *tile, consent_slice_t path);
static bool tile_skip(consent_slice_t *path, consent_slice_t word);


size_t
consent_tile_path(char *out, const consent_tile_t *tile)
{
    int       n;
    uint64_t  unit;

    if (tile->entries) {
        n = snprintf(out, CONSENT_TILE_PATH_MAX, "tile/entries/");

    } else {
        n = snprintf(out, CONSENT_TILE_PATH_MAX, "tile/%u/", tile->level);
    }

    for (unit = 1; tile->index / unit >= 1000; unit *= 1000) { /* void */ }

    for ( /* void */ ; unit > 1; unit /= 1000) {
        n += snprintf(out + n, CONSENT_TILE_PATH_MAX - (size_t) n, "x%03u/", (unsigned) (tile->index / unit % 1000));
    }

    n += snprintf(out + n, CONSENT_TILE_PATH_MAX - (size_t) n, "%03u", (unsigned) (tile->index % 1000));

    if (tile->width < CONSENT_TILE_WIDTH) {
        n += snprintf(out + n, CONSENT_TILE_PATH_MAX - (size_t) n, ".p/%u", tile->width);
    }

    return (size_t) n;
}


consent_rc_t
consent_tile_parse(consent_tile_t *tile, consent_slice_t path)
{
    consent_rc_t  rc;

    memset(tile, 0, sizeof(consent_tile_t));
    rc = tile_parse_level(tile, &path);

    if (rc == CONSENT_OK) {
        rc = tile_parse_index(tile, &path);
    }

    if (rc == CONSENT_OK) {
        rc = tile_parse_width(tile, path);
    }

    return rc;
}


unsigned
consent_tile_width(unsigned level, uint64_t index, uint64_t size)
{
    uint64_t  n;

    if (level >= CONSENT_TILE_LEVELS || index > INDEX_MAX) {
        return 0;
    }

    n = size >> (8 * level);

    if (n <= index * CONSENT_TILE_WIDTH) {
        return 0;
    }

    n -= index * CONSENT_TILE_WIDTH;

    return n < CONSENT_TILE_WIDTH ? (unsigned) n : CONSENT_TILE_WIDTH;
}


static consent_rc_t
tile_parse_level(consent_tile_t *tile, consent_slice_t *path)
{
    if (!tile_skip(path, consent_lit("tile/"))) {
        return CONSENT_MALFORMED;
    }

    if (tile_skip(path, consent_lit("entries/"))) {
        tile->entries = true;
        return CONSENT_OK;
    }

    if (path->len < 2 || path->data[0] < '0' || path->data[0] >= '0' + CONSENT_TILE_LEVELS || path->data[1] != '/') {
        return CONSENT_MALFORMED;
    }

    tile->level = path->data[0] - (unsigned) '0';
    *path = consent_slice(path->data + 2, path->len - 2);

    return CONSENT_OK;
}


/* Groups of three digits, an 'x' before all but the last; the first is not 000 unless it is the last. */
static consent_rc_t
tile_parse_index(consent_tile_t *tile, consent_slice_t *path)
{
    bool      more, first;
    unsigned  i, group;

    first = true;

    do {
        more = tile_skip(path, consent_lit("x"));

        if (path->len < 3) {
            return CONSENT_MALFORMED;
        }

        for (i = 0, group = 0; i < 3; i++) {
            if (path->data[i] < '0' || path->data[i] > '9') {
                return CONSENT_MALFORMED;
            }

            group = group * 10 + (path->data[i] - (unsigned) '0');
        }

        if ((first && more && group == 0) || tile->index > (INDEX_MAX - group) / 1000) {
            return CONSENT_MALFORMED;
        }

        tile->index = tile->index * 1000 + group;
        *path = consent_slice(path->data + 3, path->len - 3);
        first = false;

        if (more && !tile_skip(path, consent_lit("/"))) {
            return CONSENT_MALFORMED;
        }
    } while (more);

    return CONSENT_OK;
}


static consent_rc_t
tile_parse_width(consent_tile_t *tile, consent_slice_t path)
{
    size_t  i;

    if (path.len == 0) {
        tile->width = CONSENT_TILE_WIDTH;
        return CONSENT_OK;
    }

    if (!tile_skip(&path, consent_lit(".p/")) || path.len == 0 || path.len > 3 || path.data[0] == '0') {
        return CONSENT_MALFORMED;
    }

    for (i = 0; i < path.len; i++) {
        if (path.data[i] < '0' || path.data[i] > '9') {
            return CONSENT_MALFORMED;
        }

        tile->width = tile->width * 10 + (path.data[i] - (unsigned) '0');
    }

    return tile->width < CONSENT_TILE_WIDTH ? CONSENT_OK : CONSENT_MALFORMED;
}


static bool
tile_skip(consent_slice_t *path, consent_slice_t word)
{
    if (path->len < word.len || memcmp(path->data, word.data, word.len) != 0) {
        return false;
    }

    *path = consent_slice(path->data + word.len, path->len - word.len);

    return true;
}
