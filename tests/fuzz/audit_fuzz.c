/*
 * Fuzzes audits: any bundle of up to 255 entries, rightly hashed and signed, is found to be the one that was published,
 * whatever its entries say, and whether they are still there; and policies of witnesses.
 */

#include "ledger/audit.h"
#include "ledger/quorum.h"

#include <stdlib.h>

typedef struct {
    consent_slice_t  bundle;
    size_t           n;
    bool             pruned;
    uint8_t          hashes[CONSENT_TILE_WIDTH][CONSENT_HASH_LEN];
} fuzz_log_t;

static void fuzz_audit(consent_slice_t in, consent_digest_t *d, const consent_note_key_t *key, const uint8_t *seed);


static consent_rc_t
fuzz_tile(void *arg, const consent_tile_t *tile, consent_buf_t *b)
{
    fuzz_log_t  *log = arg;

    if (tile->level > 0 || tile->index > 0 || tile->width != log->n) {
        abort();
    }

    if (tile->entries && log->pruned) {
        return CONSENT_NOTFOUND;
    }

    if (tile->entries) {
        consent_buf_slice(b, log->bundle);
    } else {
        consent_buf_add(b, log->hashes, log->n * CONSENT_HASH_LEN);
    }

    return b->rc;
}


static consent_rc_t
fuzz_text(void *arg, consent_audit_text_t kind, const uint8_t hash[static CONSENT_HASH_LEN], consent_buf_t *b)
{
    (void) arg;
    (void) kind;

    if (hash[0] < 0x80) {
        return CONSENT_NOTFOUND;
    }

    consent_buf_str(b, "another text");

    return b->rc;
}


static void
fuzz_fault(void *arg, const consent_audit_fault_t *fault)
{
    fuzz_log_t  *log = arg;

    /* what an entry says may be wrong, and that alone */

    if (fault->kind != CONSENT_FAULT_ENTRIES || fault->first != fault->last || fault->first >= log->n
        || strstr(fault->what, "as it was published") != NULL)
    {
        abort();
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t                    pub[32], seed[32] = { 1 };
    consent_digest_t          *d;
    static consent_quorum_t    quorum;
    static consent_note_key_t  key;

    if (key.name_len == 0
        && (consent_ed25519_public(pub, seed) != CONSENT_OK
            || consent_note_key_make(&key, consent_lit("consent.example.org/node1"), CONSENT_NOTE_ED25519, pub) != CONSENT_OK))
    {
        abort();
    }

    d = consent_digest_create();

    if (d == NULL) {
        abort();
    }

    fuzz_audit(consent_slice(data, size), d, &key, seed);
    consent_digest_destroy(d);

    if (consent_quorum_read(&quorum, consent_slice(data, size)) == CONSENT_OK
        && (quorum.what != NULL || !quorum.defined || quorum.quorum >= (int) quorum.n))
    {
        abort();
    }

    return 0;
}


static void
fuzz_audit(consent_slice_t in, consent_digest_t *d, const consent_note_key_t *key, const uint8_t *seed)
{
    uint8_t               root[CONSENT_HASH_LEN];
    fuzz_log_t            log = { .n = 0 };
    consent_buf_t         b;
    consent_tree_t        tree = { 0 };
    consent_slice_t       rest, entry;
    consent_audit_t       result;
    consent_audit_conf_t  conf = { .source = { &log, fuzz_tile, fuzz_text }, .keys = key, .n_keys = 1, .arg = &log,
                                   .fault = fuzz_fault };

    for (rest = in; log.n < CONSENT_TILE_WIDTH - 1 && consent_audit_next(&rest, &entry); log.n++) {
        if (consent_tree_leaf(d, log.hashes[log.n], entry) != CONSENT_OK
            || consent_tree_add(&tree, d, log.hashes[log.n]) != CONSENT_OK)
        {
            abort();
        }
    }

    log.bundle = consent_slice(in.data, in.len - rest.len);
    consent_buf_init(&b, CONSENT_NOTE_MAX);

    if (consent_tree_root(&tree, d, root) != CONSENT_OK
        || consent_checkpoint_write(&b, consent_note_key_name(key), log.n, root) != CONSENT_OK
        || consent_note_sign(&b, consent_buf_view(&b), key, seed) != CONSENT_OK
        || consent_audit(&conf, consent_buf_view(&b), &result) != CONSENT_OK || result.entries != log.n)
    {
        abort();
    }

    /* without them, their hashes lead to the same root */

    conf.pruned = log.pruned = true;

    if (consent_audit(&conf, consent_buf_view(&b), &result) != CONSENT_OK || result.pruned != log.n || result.entries != 0
        || result.faults != 0)
    {
        abort();
    }

    consent_buf_free(&b);
}
