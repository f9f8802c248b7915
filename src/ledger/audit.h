/*
 * Verifies a published log from what anybody can read of it: entries, tiles, checkpoint, texts. All hashes are computed anew
 * from the entries; what was published is compared with them. Memory is constant, whatever the size.
 */

#ifndef CONSENT_AUDIT_H
#define CONSENT_AUDIT_H

#include "ledger/ledger.h"
#include "ledger/note.h"
#include "ledger/tile.h"

#define CONSENT_AUDIT_BUNDLE_MAX  (CONSENT_TILE_WIDTH * (2 + (size_t) CONSENT_ENTRY_MAX))    /* bytes of a bundle */
#define CONSENT_AUDIT_TEXT_MAX    ((size_t) 16 << 20)       /* of a text */

typedef enum {
    CONSENT_TEXT_NOTICE = 0,        /* a text as it was shown; its hash is in `notice_hash` */
    CONSENT_TEXT_POLICY             /* a policy's canonical document; `policy_hash` */
} consent_audit_text_t;

/* Where a log is read from. What is read takes the place of what b holds. CONSENT_OK; CONSENT_NOTFOUND; CONSENT_LIMIT:
 * larger than it could be; CONSENT_IO. */
typedef struct {
    void          *arg;
    consent_rc_t  (*tile)(void *arg, const consent_tile_t *tile, consent_buf_t *b);
    /* NULL: texts are not at hand */
    consent_rc_t  (*text)(void *arg, consent_audit_text_t kind, const uint8_t hash[static CONSENT_HASH_LEN],
        consent_buf_t *b);
} consent_audit_source_t;

typedef enum {
    CONSENT_FAULT_CHECKPOINT = 0,
    CONSENT_FAULT_SINCE,            /* the older checkpoint is not of a prefix */
    CONSENT_FAULT_ROOT,             /* the entries are not those of the checkpoint, and which it is cannot be told */
    CONSENT_FAULT_ENTRIES,          /* one from first to last; that one if they are the same */
    CONSENT_FAULT_TILE
} consent_audit_kind_t;

typedef struct {
    consent_audit_kind_t  kind;
    uint64_t              first;
    uint64_t              last;
    consent_tile_t        tile;
    const char           *what;     /* a sentence without its subject: "is missing"; valid during the call */
} consent_audit_fault_t;

typedef struct {
    consent_audit_source_t     source;
    const consent_note_key_t  *keys;        /* of this log, past ones too: a checkpoint must be signed by one of them */
    size_t                     n_keys;
    consent_slice_t            since;       /* a signed checkpoint of before; empty: none */
    bool                       pruned;      /* entries may have been dropped, from the first on: their hashes stand for them */
    void                      *arg;
    void                     (*fault)(void *arg, const consent_audit_fault_t *fault);
    void                     (*entry)(void *arg, uint64_t index, consent_slice_t entry,     /* each that can be read */
        const uint8_t leaf[static CONSENT_HASH_LEN]);
    void                     (*progress)(void *arg, uint64_t done, uint64_t of);
} consent_audit_conf_t;         /* callbacks may be NULL */

typedef struct {
    consent_checkpoint_t  checkpoint;       /* as it was read; valid as long as what was given */
    uint64_t              entries;          /* that were read */
    uint64_t              bytes;            /* of them */
    uint64_t              pruned;           /* entries of which the hashes alone were there */
    uint64_t              texts_unknown;    /* entries whose notice was not at hand to be compared */
    uint64_t              policies_unknown; /* entries under a policy that is in another log of this node */
    uint64_t              faults;
    char                  first_time[21];   /* of the first and the last entry; empty: none */
    char                  last_time[21];
} consent_audit_t;

/* The key of a log of that origin, from the node's own: its n-th log is called after it, "/" and n. CONSENT_NOTFOUND: it is
 * no log of that key. */
consent_rc_t consent_audit_key(consent_note_key_t *out, const consent_note_key_t *key, consent_slice_t origin);

/* The next entry of a bundle, which is taken from its front; false: what is left is none. */
bool consent_audit_next(consent_slice_t *bundle, consent_slice_t *entry);

/* Verifies the log as far as this checkpoint goes. CONSENT_OK when it was verified to the end, whether it holds
 * (result->faults is 0) or not; CONSENT_IO, CONSENT_NOMEM when it was not. */
consent_rc_t consent_audit(const consent_audit_conf_t *conf, consent_slice_t checkpoint, consent_audit_t *result);

#endif
