/*
 * What an audit is made of; for its own files only.
 */

#ifndef CONSENT_AUDIT_INSIDE_H
#define CONSENT_AUDIT_INSIDE_H

#include "ledger/audit.h"

#define CONSENT_AUDIT_POLICIES  256
#define CONSENT_AUDIT_SEEN      4096        /* texts that are remembered to be there or not; a power of two */
#define CONSENT_AUDIT_UNDER     256         /* bytes of what names the policy of the entry before */
#define CONSENT_AUDIT_TILES     64          /* tiles that differ, kept until it is known whose fault it is */

typedef uint8_t  consent_audit_hashes_t[CONSENT_TILE_WIDTH][CONSENT_HASH_LEN];

/* A tree as it grows: of each level the tile that is not full yet. */
typedef struct {
    uint64_t                counts[CONSENT_TILE_LEVELS];     /* hashes of that level so far */
    consent_audit_hashes_t  hashes[CONSENT_TILE_LEVELS];
} consent_audit_levels_t;

/* The first hash of a level that is not what the entries lead to. */
typedef struct {
    bool      found;
    uint64_t  index;
} consent_audit_first_t;

/* What the entries before this one have said. */
typedef struct {
    char     hour[21];                      /* the latest time of an entry, the latest of one with seconds */
    char     second[21];
    bool     sealed;                        /* nothing comes behind */
    size_t   n_policies;
    size_t   next_policy;
    struct {
        uint8_t  hash[CONSENT_HASH_LEN];
        uint8_t  names[CONSENT_HASH_LEN];   /* of id and version */
    } policies[CONSENT_AUDIT_POLICIES];
    uint8_t  under[CONSENT_AUDIT_UNDER];    /* policy of the last entry that had one that is known */
    size_t   notice_len;
    uint8_t  notice[2 * CONSENT_HASH_LEN + 2];      /* the last text that was there */
    struct {
        bool     absent;
        uint8_t  hash[CONSENT_HASH_LEN];
    } texts[CONSENT_AUDIT_SEEN];
} consent_audit_said_t;

typedef struct {
    const consent_audit_conf_t  *conf;
    consent_audit_t             *result;
    consent_digest_t            *digest;
    uint64_t                     size;
    bool                         first_log;         /* of the node: its policies are in it */
    consent_slice_t              node;              /* name in its entries */
    consent_note_key_t           keys[16];          /* those of conf that may be this log's */
    size_t                       n_keys;
    consent_buf_t                bundle;
    consent_buf_t                tile;
    consent_buf_t                text;
    consent_audit_levels_t       levels;            /* from the entries */
    consent_audit_levels_t       stored;            /* for a closer look: from the tiles */
    consent_audit_first_t        first[CONSENT_TILE_LEVELS];
    consent_audit_first_t        unread;            /* first entry of a bundle that is none */
    bool                         ended;             /* neither entries nor hashes are there */
    uint64_t                     end;               /* from this one on */
    consent_audit_fault_t        tiles[CONSENT_AUDIT_TILES];
    size_t                       n_tiles;
    unsigned                     holds_from;        /* the tiles from this level up lead to the root, if not the entries */
    consent_audit_said_t         said;
    char                         what[128];         /* room for a sentence */
    consent_rc_t                 rc;                /* of a failure that ends it */
} consent_auditor_t;

void consent_audit_say(consent_auditor_t *a, consent_audit_kind_t kind, uint64_t first, uint64_t last, const char *what);

/* Reads a tile of hashes into a->tile. CONSENT_NOTFOUND; CONSENT_MALFORMED: it has another length; CONSENT_IO. */
consent_rc_t consent_audit_tile(consent_auditor_t *a, unsigned level, uint64_t index, unsigned width);

/* Reads a bundle into a->bundle. CONSENT_NOTFOUND, CONSENT_IO. */
consent_rc_t consent_audit_bundle(consent_auditor_t *a, uint64_t index, unsigned width);

/* The root over n hashes, a power of two, in place: it is hashes[0] then. */
consent_rc_t consent_audit_reduce(consent_digest_t *d, uint8_t (*hashes)[CONSENT_HASH_LEN], size_t n);

/* The root of the tree of `size` leaves that these levels are of. */
consent_rc_t consent_audit_root(consent_auditor_t *a, consent_audit_levels_t *levels, uint64_t size,
    uint8_t out[static CONSENT_HASH_LEN]);

/* The entries do not lead to the root: says which one is wrong, as closely as the tiles tell. CONSENT_IO, CONSENT_NOMEM. */
consent_rc_t consent_audit_place(consent_auditor_t *a);

/* What an entry says. NULL: as it should; else what is wrong with it. a->rc is set when it cannot be told. */
const char *consent_audit_entry(consent_auditor_t *a, uint64_t index, consent_slice_t entry);

/* Parts of it; values are as they stand in the entry, canonical JSON. */
bool consent_audit_is_hash(consent_slice_t value);
bool consent_audit_hash(uint8_t out[static CONSENT_HASH_LEN], consent_slice_t value);
const char *consent_audit_policy(consent_auditor_t *a, consent_slice_t id, consent_slice_t version, consent_slice_t hash,
    consent_slice_t document);
const char *consent_audit_under(consent_auditor_t *a, consent_slice_t id, consent_slice_t version, consent_slice_t hash,
    bool foreign);
const char *consent_audit_config(consent_auditor_t *a, consent_slice_t locations, consent_slice_t total,
    consent_slice_t hash);
const char *consent_audit_key_entry(consent_auditor_t *a, consent_slice_t by, consent_slice_t change, consent_slice_t kid,
    consent_slice_t use, consent_slice_t signature);

/* kept: the store keeps such texts, so that one must be there if any are. */
const char *consent_audit_notice(consent_auditor_t *a, consent_slice_t hash, bool kept);

#endif
