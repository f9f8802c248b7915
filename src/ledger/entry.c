/*
 * Log entries, version 1: one canonical JSON object (RFC 8785) each, UTF-8, at most 65535 bytes.
 *
 * Every entry has
 *   v               1
 *   type            what it is: decision, policy, config, key, disclosure, handoff, erasure, audit, missed...
 *   time            RFC 3339 in UTC; cut to the hour for "decision" and "handoff", to the second otherwise
 *   node            name of the node that wrote it
 *   policy          id of the policy that was in force, policy_version its version, policy_hash the SHA-256
 *                   of its canonical document in lower-case hex; three empty strings where there is none
 *
 * The times behind `time` never run backwards within a log: an entry that is written while the clock stands
 * before the entry in front of it takes that one's exact time. What is cut to the hour is cut after that, so
 * that the hours of all entries, and the seconds of those that have seconds, are in order.
 *
 * A "decision" has besides
 *   assurance       "anonymous" or "identified"
 *   by              self, guardian, representative, clerk, signal
 *   categories      ids of what is granted, sorted
 *   commitment      64 lower-case hex digits, below
 *   language        BCP 47 tag of the page
 *   level           id of a level of the policy, or "custom"
 *   method          form, api, gpc, adpc, operator
 *   notice_hash     SHA-256 of the page as served, lower-case hex; null where no page was
 *   scope           session, standing, once
 *   status          given, refused, withdrawn, expired, lapsed, lowered
 * and, where an operator wrote it,
 *   case            HMAC-SHA-256(key, the operator's words), lower-case hex; the key is random and known to
 *                   who keeps the case. An "erasure" and a "hold" may have it too
 *
 * A commitment is HMAC-SHA-256 under the subject's own random key of 32 bytes, over 48 bytes:
 *   0  nonce 16, random, fresh for each entry
 *   16 subject 16
 *   32 index of the entry 8, big-endian
 *   40 exact time of the entry 8, big-endian, milliseconds since the epoch, UTC
 */

#include "ledger/entry.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/when.h"
#include "ledger/members.h"

#define ENTRY_HOUR    (60 * 60 * 1000)
#define ENTRY_SECOND  1000

static void own_member(consent_buf_t *b, const consent_entry_t *entry, const char *name);
static bool is_word(const char *s);
static void word(consent_buf_t *b, const char *text);
static bool has_case(const consent_op_t *op);
static void hash_or_null(consent_buf_t *b, const uint8_t hash[static CONSENT_HASH_LEN]);

/* in canonical order */
static const char  *own_names[] = { "node", "policy", "policy_hash", "policy_version", "time", "type", "v" };


consent_rc_t
consent_entry_write(consent_buf_t *b, const consent_entry_t *entry, consent_slice_t fields)
{
    int                order;
    size_t             own, from;
    consent_rc_t       rc;
    consent_slice_t    name, value;
    consent_members_t  members;

    from = b->len;

    if (!is_word(entry->type) || !consent_utf8_valid(fields)) {
        return CONSENT_MALFORMED;
    }

    consent_members_begin(&members, fields.len == 0 ? consent_lit("{}") : fields);
    rc = consent_members_next(&members, &name, &value);

    for (own = 0; own < consent_countof(own_names) || rc == CONSENT_OK;) {
        if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
            return rc;
        }

        consent_buf_char(b, b->len == from ? '{' : ',');

        order = rc != CONSENT_OK ? 1
                : own == consent_countof(own_names) ? -1
                : consent_members_compare(name, consent_cstr(own_names[own]));

        if (order == 0) {
            return CONSENT_MALFORMED;
        }

        if (order > 0) {
            own_member(b, entry, own_names[own++]);
            continue;
        }

        consent_buf_char(b, '"');
        consent_buf_slice(b, name);
        consent_buf_str(b, "\":");
        consent_buf_slice(b, value);

        rc = consent_members_next(&members, &name, &value);
    }

    consent_buf_char(b, '}');

    if (rc != CONSENT_NOTFOUND) {
        return rc;
    }

    if (b->rc == CONSENT_OK && b->len - from > CONSENT_ENTRY_MAX) {
        return CONSENT_LIMIT;
    }

    return b->rc;
}


consent_rc_t
consent_entry_decision(consent_buf_t *b, const consent_op_t *op, const uint8_t commitment[static CONSENT_HASH_LEN])
{
    size_t                     i;
    const consent_decision_t  *d = &op->decision;

    consent_buf_str(b, "{\"assurance\":");
    word(b, op->identified ? "identified" : "anonymous");
    consent_buf_str(b, ",\"by\":");
    word(b, consent_by_name(d->by));

    if (has_case(op)) {
        consent_buf_str(b, ",\"case\":\"");
        consent_buf_hex(b, op->case_hash, CONSENT_HASH_LEN);
        consent_buf_char(b, '"');
    }

    consent_buf_str(b, ",\"categories\":[");

    for (i = 0; i < op->n_categories; i++) {
        if (i > 0) {
            consent_buf_char(b, ',');
        }

        consent_json_write_string(b, op->categories[i], false);
    }

    consent_buf_str(b, "],\"commitment\":\"");
    consent_buf_hex(b, commitment, CONSENT_HASH_LEN);
    consent_buf_str(b, "\",\"language\":");
    consent_json_write_string(b, op->language, false);
    consent_buf_str(b, ",\"level\":");
    consent_json_write_string(b, op->level, false);
    consent_buf_str(b, ",\"method\":");
    word(b, consent_method_name(d->method));
    consent_buf_str(b, ",\"notice_hash\":");
    hash_or_null(b, op->notice_hash);
    consent_buf_str(b, ",\"scope\":");
    word(b, consent_scope_name(d->scope));
    consent_buf_str(b, ",\"status\":");
    word(b, consent_status_name(d->status));
    consent_buf_char(b, '}');

    return b->rc;
}


void
consent_entry_case(consent_buf_t *b, const consent_op_t *op)
{
    if (has_case(op)) {
        consent_buf_str(b, "{\"case\":\"");
        consent_buf_hex(b, op->case_hash, CONSENT_HASH_LEN);
        consent_buf_char(b, '"');
    }
}


consent_rc_t
consent_entry_commitment(uint8_t out[static CONSENT_HASH_LEN], const uint8_t key[static CONSENT_KEY_LEN],
    const uint8_t nonce[static CONSENT_NONCE_LEN], const uint8_t subject[static CONSENT_SUBJECT_LEN], uint64_t index,
    consent_time_t logged_at)
{
    uint8_t          message[CONSENT_NONCE_LEN + CONSENT_SUBJECT_LEN + 8 + 8];
    consent_slice_t  part;

    memcpy(message, nonce, CONSENT_NONCE_LEN);
    memcpy(message + CONSENT_NONCE_LEN, subject, CONSENT_SUBJECT_LEN);
    consent_put_u64(message + CONSENT_NONCE_LEN + CONSENT_SUBJECT_LEN, index);
    consent_put_u64(message + CONSENT_NONCE_LEN + CONSENT_SUBJECT_LEN + 8, (uint64_t) logged_at);
    part = consent_slice(message, sizeof(message));

    return consent_hmac(out, consent_slice(key, CONSENT_KEY_LEN), &part, 1);
}


consent_rc_t
consent_entry_time(consent_time_t *time, consent_slice_t entry)
{
    consent_slice_t  value;

    value = consent_members_find(entry, "time");

    return value.len >= 2 ? consent_when_parse(time, consent_slice(value.data + 1, value.len - 2)) : CONSENT_MALFORMED;
}


bool
consent_entry_holds(consent_slice_t entry, const uint8_t commitment[static CONSENT_HASH_LEN])
{
    uint8_t          held[CONSENT_HASH_LEN];
    consent_slice_t  value;

    value = consent_members_find(entry, "commitment");

    if (value.len != 2 + 2 * CONSENT_HASH_LEN || value.data[0] != '"') {
        return false;
    }

    return consent_hex_decode(held, sizeof(held), consent_slice(value.data + 1, value.len - 2)) == CONSENT_OK
           && consent_digest_equal(held, commitment, sizeof(held));
}


static void
own_member(consent_buf_t *b, const consent_entry_t *entry, const char *name)
{
    bool                           hours;
    const consent_entry_policy_t  *policy = entry->policy;

    word(b, name);
    consent_buf_char(b, ':');

    if (strcmp(name, "node") == 0) {
        consent_json_write_string(b, entry->node, false);

    } else if (strcmp(name, "policy") == 0) {
        consent_json_write_string(b, policy->id, false);

    } else if (strcmp(name, "policy_hash") == 0) {
        consent_buf_char(b, '"');
        consent_buf_hex(b, policy->hash, policy->id.len == 0 ? 0 : CONSENT_HASH_LEN);
        consent_buf_char(b, '"');

    } else if (strcmp(name, "policy_version") == 0) {
        consent_json_write_string(b, policy->version, false);

    } else if (strcmp(name, "time") == 0) {
        hours = strcmp(entry->type, "decision") == 0 || strcmp(entry->type, "handoff") == 0;
        consent_buf_char(b, '"');
        consent_when_rfc3339(b, entry->time - entry->time % (hours ? ENTRY_HOUR : ENTRY_SECOND));
        consent_buf_char(b, '"');

    } else if (strcmp(name, "type") == 0) {
        word(b, entry->type);

    } else {
        consent_buf_u64(b, CONSENT_ENTRY_VERSION);
    }
}


static bool
is_word(const char *s)
{
    size_t  i;

    for (i = 0; s != NULL && s[i] != '\0'; i++) {
        if (s[i] < 'a' || s[i] > 'z' || i == 32) {
            return false;
        }
    }

    return i > 0;
}


/* One that needs no escaping. */
static void
word(consent_buf_t *b, const char *text)
{
    consent_buf_char(b, '"');
    consent_buf_str(b, text);
    consent_buf_char(b, '"');
}


static bool
has_case(const consent_op_t *op)
{
    static const uint8_t  none[CONSENT_HASH_LEN];

    return memcmp(op->case_hash, none, CONSENT_HASH_LEN) != 0;
}


static void
hash_or_null(consent_buf_t *b, const uint8_t hash[static CONSENT_HASH_LEN])
{
    static const uint8_t  none[CONSENT_HASH_LEN];

    if (memcmp(hash, none, CONSENT_HASH_LEN) == 0) {
        consent_buf_str(b, "null");
        return;
    }

    consent_buf_char(b, '"');
    consent_buf_hex(b, hash, CONSENT_HASH_LEN);
    consent_buf_char(b, '"');
}
