/*
 * The entry here of an entry in another node's log: the same members, but
 *
 *   node, time      of this log
 *   commitment      of this log: made with the key that the subject has here. A decision that came when its subject had been
 *                   erased has one that nobody can open
 *   entries         of an erasure: how many no longer open here
 *   origin          the name of the node that wrote the other
 *   origin_hash     SHA-256(0x00 ‖ the other entry), its leaf hash (RFC 6962) in lower-case hex
 *   origin_index    its index there
 *
 * So logs can be held against one another: what one node rewrites, the others' logs still tell.
 */

#include "base/json.h"
#include "base/utf8.h"
#include "base/when.h"
#include "ledger/members.h"
#include "ledger/replica_inside.h"

#define ENTRY_HOUR    (60 * 60 * 1000)
#define ENTRY_SECOND  1000

static bool is_sound(consent_slice_t there, const char *type);
static void origin(consent_buf_t *b, consent_slice_t node, const uint8_t hash[static CONSENT_HASH_LEN], uint64_t index);
static bool is(consent_slice_t name, const char *word);


consent_rc_t
consent_entry_foreign(consent_buf_t *b, consent_digest_t *digest, const consent_entry_t *here, consent_slice_t there,
    uint64_t index, const uint8_t commitment[CONSENT_HASH_LEN], uint64_t entries)
{
    bool               told;
    uint8_t            hash[CONSENT_HASH_LEN];
    consent_slice_t    name, value, node;
    consent_members_t  members;

    if (!is_sound(there, here->type)) {
        return CONSENT_MALFORMED;
    }

    if (consent_digest_sha256(digest, hash, (consent_slice_t[2]) { consent_lit("\0"), there }, 2) != CONSENT_OK) {
        return CONSENT_IO;
    }

    told = false;
    node = consent_members_find(there, "node");
    consent_members_begin(&members, there);

    while (consent_members_next(&members, &name, &value) == CONSENT_OK) {

        if (!told && consent_members_compare(name, consent_lit("origin_index")) > 0) {
            origin(b, node, hash, index);
            told = true;
        }

        consent_buf_char(b, b->len == 0 ? '{' : ',');
        consent_buf_char(b, '"');
        consent_buf_slice(b, name);
        consent_buf_str(b, "\":");

        if (is(name, "node")) {
            consent_json_write_string(b, here->node, false);

        } else if (is(name, "time")) {
            consent_buf_char(b, '"');
            consent_when_rfc3339(b, here->time - here->time % (commitment != NULL ? ENTRY_HOUR : ENTRY_SECOND));
            consent_buf_char(b, '"');

        } else if (is(name, "commitment") && commitment != NULL) {
            consent_buf_char(b, '"');
            consent_buf_hex(b, commitment, CONSENT_HASH_LEN);
            consent_buf_char(b, '"');

        } else if (is(name, "entries") && commitment == NULL) {
            consent_buf_u64(b, entries);

        } else {
            consent_buf_slice(b, value);
        }
    }

    consent_buf_char(b, '}');

    return b->rc == CONSENT_OK && b->len > CONSENT_ENTRY_MAX ? CONSENT_LIMIT : b->rc;
}


/* An entry of that type, of our version, and not one that was itself another's. */
static bool
is_sound(consent_slice_t there, const char *type)
{
    size_t             known;
    consent_rc_t       rc;
    consent_slice_t    name, value;
    consent_members_t  members;

    if (there.len > CONSENT_ENTRY_MAX || !consent_utf8_valid(there)) {
        return false;
    }

    known = 0;
    consent_members_begin(&members, there);

    while ((rc = consent_members_next(&members, &name, &value)) == CONSENT_OK) {

        if (is(name, "v")) {
            known += is(value, "1");

        } else if (is(name, "type")) {
            known += value.len == strlen(type) + 2 && memcmp(value.data + 1, type, value.len - 2) == 0;

        } else if (is(name, "node") || is(name, "time") || is(name, "policy")) {
            known += value.data[0] == '"';

        } else if (is(name, "commitment") || is(name, "entries")) {
            known++;

        } else if (is(name, "origin") || is(name, "origin_hash") || is(name, "origin_index")) {
            return false;
        }
    }

    return rc == CONSENT_NOTFOUND && known == 6;
}


static void
origin(consent_buf_t *b, consent_slice_t node, const uint8_t hash[static CONSENT_HASH_LEN], uint64_t index)
{
    consent_buf_str(b, b->len == 0 ? "{\"origin\":" : ",\"origin\":");
    consent_buf_slice(b, node);
    consent_buf_str(b, ",\"origin_hash\":\"");
    consent_buf_hex(b, hash, CONSENT_HASH_LEN);
    consent_buf_str(b, "\",\"origin_index\":");
    consent_buf_u64(b, index);
}


static bool
is(consent_slice_t name, const char *word)
{
    return consent_slice_eq(name, consent_cstr(word));
}
