/*
 * Tiles of a log (C2SP tlog-tiles): what they are called and how wide they are. A hash tile holds up to 256 hashes of 32
 * bytes of every eighth level of the tree; a bundle as many entries, each behind two bytes of its length, big-endian.
 */

#ifndef CONSENT_TILE_H
#define CONSENT_TILE_H

#include "base/base.h"

#define CONSENT_TILE_WIDTH     256
#define CONSENT_TILE_LEVELS    8            /* of a tree of up to 2^64 - 1 leaves */
#define CONSENT_TILE_PATH_MAX  64           /* bytes, a NUL included */

typedef struct {
    bool      entries;      /* a bundle of entries; level is 0 */
    unsigned  level;        /* a tile of level l holds roots of complete subtrees of 256^l leaves */
    uint64_t  index;
    unsigned  width;        /* 1 to CONSENT_TILE_WIDTH; less is a partial tile */
} consent_tile_t;

/* Its path, "tile/0/x001/234.p/5", with a NUL behind; out: CONSENT_TILE_PATH_MAX bytes. Returns its length. */
size_t consent_tile_path(char *out, const consent_tile_t *tile);

/* Reads a path, without a slash in front. There is one spelling of each: CONSENT_MALFORMED for any other. */
consent_rc_t consent_tile_parse(consent_tile_t *tile, consent_slice_t path);

/* How wide that tile (or, at level 0, bundle) is in a tree of that size; 0: it has no such tile. */
unsigned consent_tile_width(unsigned level, uint64_t index, uint64_t size);

#endif
