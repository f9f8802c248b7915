/*
 * What an entry refers to: the policy it is under, the text that was shown, the table of locations behind its hash, the key
 * that signed it.
 */

#include "ledger/audit_inside.h"
#include "ledger/members.h"

static void refer_keep(uint8_t kept[static CONSENT_AUDIT_UNDER], consent_slice_t id, consent_slice_t version,
    consent_slice_t hash);
static bool refer_same(const uint8_t kept[static CONSENT_AUDIT_UNDER], consent_slice_t id, consent_slice_t version,
    consent_slice_t hash);
static const char *refer_unknown(consent_auditor_t *a, bool foreign);
static bool refer_names(consent_auditor_t *a, uint8_t out[static CONSENT_HASH_LEN], consent_slice_t id,
    consent_slice_t version);
static const char *refer_learn(consent_auditor_t *a, const uint8_t hash[static CONSENT_HASH_LEN],
    const uint8_t names[static CONSENT_HASH_LEN], consent_slice_t document);
static uint64_t refer_elements(consent_slice_t array);
static consent_rc_t refer_text(consent_auditor_t *a, consent_audit_text_t kind,
    const uint8_t hash[static CONSENT_HASH_LEN]);


bool
consent_audit_is_hash(consent_slice_t value)
{
    size_t   i;
    uint8_t  c;

    if (value.len != 2 * CONSENT_HASH_LEN + 2 || value.data[0] != '"') {
        return false;
    }

    for (i = 1; i <= 2 * CONSENT_HASH_LEN; i++) {
        c = value.data[i];

        if ((uint8_t) (c - '0') > 9 && (uint8_t) (c - 'a') > 5) {
            return false;
        }
    }

    return true;
}


bool
consent_audit_hash(uint8_t out[static CONSENT_HASH_LEN], consent_slice_t value)
{
    return consent_audit_is_hash(value)
           && consent_hex_decode(out, CONSENT_HASH_LEN, consent_slice(value.data + 1, value.len - 2)) == CONSENT_OK;
}


const char *
consent_audit_policy(consent_auditor_t *a, consent_slice_t id, consent_slice_t version, consent_slice_t hash,
    consent_slice_t document)
{
    uint8_t  expected[CONSENT_HASH_LEN], names[CONSENT_HASH_LEN], computed[CONSENT_HASH_LEN];

    if (!consent_audit_hash(expected, hash)) {
        return "has something in \"policy_hash\" that does not belong there";
    }

    a->rc = consent_digest_sha256(a->digest, computed, &document, 1);

    if (a->rc != CONSENT_OK || !refer_names(a, names, id, version)) {
        return NULL;
    }

    return memcmp(expected, computed, CONSENT_HASH_LEN) != 0 ? "has a policy in it that its hash is not of"
                                                             : refer_learn(a, expected, names, document);
}


const char *
consent_audit_under(consent_auditor_t *a, consent_slice_t id, consent_slice_t version, consent_slice_t hash, bool foreign)
{
    size_t        i;
    uint8_t       expected[CONSENT_HASH_LEN], names[CONSENT_HASH_LEN];
    const char   *what;
    consent_rc_t  rc;

    /* as most are under the same as the one before */

    if (refer_same(a->said.under, id, version, hash)) {
        return NULL;
    }

    /* under none: three empty strings */

    if (hash.len == 2) {
        return id.len == 2 && version.len == 2 ? NULL : "names a policy and not its hash";
    }

    if (!consent_audit_hash(expected, hash)) {
        return "has something in \"policy_hash\" that does not belong there";
    }

    if (!refer_names(a, names, id, version)) {
        return NULL;
    }

    for (i = 0; i < a->said.n_policies; i++) {
        if (memcmp(a->said.policies[i].hash, expected, CONSENT_HASH_LEN) == 0) {
            break;
        }
    }

    if (i < a->said.n_policies) {
        what = memcmp(a->said.policies[i].names, names, CONSENT_HASH_LEN) == 0
               ? NULL : "names another policy than that of its hash";

    } else {
        /* told by another log, or too long ago to be remembered */

        rc = refer_text(a, CONSENT_TEXT_POLICY, expected);

        if (rc == CONSENT_NOTFOUND) {
            return refer_unknown(a, foreign);
        }

        what = rc == CONSENT_DENIED ? "is under a policy whose text at hand is another"
               : rc == CONSENT_OK ? refer_learn(a, expected, names, consent_buf_view(&a->text)) : NULL;
    }

    if (what == NULL && a->rc == CONSENT_OK) {
        refer_keep(a->said.under, id, version, hash);
    }

    return what;
}


const char *
consent_audit_notice(consent_auditor_t *a, consent_slice_t hash, bool kept)
{
    size_t        place;
    uint8_t       expected[CONSENT_HASH_LEN];
    consent_rc_t  rc;

    static const uint8_t  none[CONSENT_HASH_LEN];

    /* no page was served, or the same as before */

    if (hash.len == a->said.notice_len && memcmp(a->said.notice, hash.data, hash.len) == 0) {
        return NULL;
    }

    /* nor was a text */

    if (!consent_audit_hash(expected, hash) || memcmp(expected, none, sizeof(none)) == 0) {
        return NULL;
    }

    place = ((size_t) expected[0] << 8 | expected[1]) % CONSENT_AUDIT_SEEN;

    if (memcmp(a->said.texts[place].hash, expected, CONSENT_HASH_LEN) != 0) {
        rc = refer_text(a, CONSENT_TEXT_NOTICE, expected);

        if (rc == CONSENT_DENIED) {
            return "refers to a text, and what is at hand under its hash is another";
        }

        memcpy(a->said.texts[place].hash, expected, CONSENT_HASH_LEN);
        a->said.texts[place].absent = (rc != CONSENT_OK);
    }

    if (!a->said.texts[place].absent) {
        a->said.notice_len = hash.len;
        memcpy(a->said.notice, hash.data, hash.len);
        return NULL;
    }

    if (kept && a->conf->source.text != NULL) {
        return "refers to a text that is not there";
    }

    a->result->texts_unknown++;

    return NULL;
}


const char *
consent_audit_config(consent_auditor_t *a, consent_slice_t locations, consent_slice_t total, consent_slice_t hash)
{
    uint8_t   expected[CONSENT_HASH_LEN], computed[CONSENT_HASH_LEN];
    uint64_t  n, listed;

    listed = refer_elements(locations);

    if (!consent_note_number(&n, total) || !consent_audit_hash(expected, hash) || listed > n) {
        return "lists more locations than it counts";
    }

    /* the hash is of all, and a long table is not listed whole */

    if (listed < n) {
        return NULL;
    }

    a->rc = consent_digest_sha256(a->digest, computed, &locations, 1);

    return a->rc == CONSENT_OK && memcmp(expected, computed, CONSENT_HASH_LEN) != 0
           ? "has a table of locations in it that its hash is not of" : NULL;
}


const char *
consent_audit_key_entry(consent_auditor_t *a, consent_slice_t by, consent_slice_t change, consent_slice_t kid,
    consent_slice_t use, consent_slice_t signature)
{
    char           id[16];
    size_t         i, len;
    uint8_t        bytes[CONSENT_ED25519_SIG_LEN + 8];
    consent_rc_t   rc;
    consent_buf_t  b;
    uint8_t        memory[512];

    consent_buf_init_fixed(&b, memory, sizeof(memory));
    consent_buf_str(&b, "{\"by\":");
    consent_buf_slice(&b, by);
    consent_buf_str(&b, ",\"change\":");
    consent_buf_slice(&b, change);
    consent_buf_str(&b, ",\"kid\":");
    consent_buf_slice(&b, kid);
    consent_buf_str(&b, ",\"use\":");
    consent_buf_slice(&b, use);
    consent_buf_char(&b, '}');

    if (b.rc != CONSENT_OK || signature.len != 2 + (CONSENT_ED25519_SIG_LEN + 2) / 3 * 4
        || consent_base64_decode(bytes, &len, consent_slice(signature.data + 1, signature.len - 2)) != CONSENT_OK
        || len != CONSENT_ED25519_SIG_LEN)
    {
        return "tells of a key, and has no signature";
    }

    /* the node's keys, whatever log of it this is */

    for (i = 0; i < a->conf->n_keys; i++) {
        consent_buf_t  text;

        consent_buf_init_fixed(&text, id, sizeof(id));
        consent_buf_printf(&text, "\"%08x\"", (unsigned) a->conf->keys[i].id);

        if (consent_slice_eq(consent_buf_view(&text), by)) {
            rc = consent_ed25519_verify(a->conf->keys[i].key, bytes, consent_buf_view(&b));

            if (rc != CONSENT_OK && rc != CONSENT_DENIED) {
                a->rc = rc;
            }

            return rc == CONSENT_DENIED ? "tells of a key, and its signature is not the log key's" : NULL;
        }
    }

    return "tells of a key, signed by one that was not given";
}


/* id, version and hash, as they stand in entries, in a row behind their length; kept if there is room. */
static void
refer_keep(uint8_t kept[static CONSENT_AUDIT_UNDER], consent_slice_t id, consent_slice_t version, consent_slice_t hash)
{
    size_t  len = id.len + version.len + hash.len;

    if (len > CONSENT_AUDIT_UNDER - 1 || len > UINT8_MAX) {
        kept[0] = 0;
        return;
    }

    kept[0] = (uint8_t) len;
    memcpy(kept + 1, id.data, id.len);
    memcpy(kept + 1 + id.len, version.data, version.len);
    memcpy(kept + 1 + id.len + version.len, hash.data, hash.len);
}


static bool
refer_same(const uint8_t kept[static CONSENT_AUDIT_UNDER], consent_slice_t id, consent_slice_t version,
    consent_slice_t hash)
{
    return kept[0] == id.len + version.len + hash.len && memcmp(kept + 1, id.data, id.len) == 0
           && memcmp(kept + 1 + id.len, version.data, version.len) == 0
           && memcmp(kept + 1 + id.len + version.len, hash.data, hash.len) == 0;
}


/* A node logs the versions that it used itself: what another decided may be under one that it never had. */
static const char *
refer_unknown(consent_auditor_t *a, bool foreign)
{
    if (!foreign && ((a->first_log && a->result->pruned == 0) || a->conf->source.text != NULL)) {
        return "is under a policy that the log does not hold";
    }

    a->result->policies_unknown++;

    return NULL;
}


/* A fingerprint of the policy's id and version, as they stand in entries. */
static bool
refer_names(consent_auditor_t *a, uint8_t out[static CONSENT_HASH_LEN], consent_slice_t id, consent_slice_t version)
{
    consent_slice_t  parts[2] = { id, version };

    a->rc = consent_digest_sha256(a->digest, out, parts, 2);

    return a->rc == CONSENT_OK;
}


static const char *
refer_learn(consent_auditor_t *a, const uint8_t hash[static CONSENT_HASH_LEN],
    const uint8_t names[static CONSENT_HASH_LEN], consent_slice_t document)
{
    size_t   place;
    uint8_t  of[CONSENT_HASH_LEN];

    if (!refer_names(a, of, consent_members_find(document, "id"), consent_members_find(document, "version"))) {
        return NULL;
    }

    if (memcmp(of, names, CONSENT_HASH_LEN) != 0) {
        return "names another policy than that of its hash";
    }

    place = a->said.next_policy;
    a->said.next_policy = (place + 1) % CONSENT_AUDIT_POLICIES;
    a->said.n_policies += a->said.n_policies < CONSENT_AUDIT_POLICIES;
    memcpy(a->said.policies[place].hash, hash, CONSENT_HASH_LEN);
    memcpy(a->said.policies[place].names, names, CONSENT_HASH_LEN);

    return NULL;
}


/* How many an array has that is canonical JSON. */
static uint64_t
refer_elements(consent_slice_t array)
{
    size_t    i;
    uint64_t  n;
    unsigned  depth;

    n = array.len > 2;

    for (i = 1, depth = 0; i + 1 < array.len; i++) {
        switch (array.data[i]) {
        case '"':
            for (i++; array.data[i] != '"'; i++) {
                i += array.data[i] == '\\';
            }

            break;
        case '[':
        case '{':
            depth++;
            break;
        case ']':
        case '}':
            depth--;
            break;
        case ',':
            n += depth == 0;
            break;
        }
    }

    return n;
}


/* Reads a text into a->text. CONSENT_NOTFOUND; CONSENT_DENIED: it is not what its hash says. a->rc is set otherwise. */
static consent_rc_t
refer_text(consent_auditor_t *a, consent_audit_text_t kind, const uint8_t hash[static CONSENT_HASH_LEN])
{
    uint8_t          computed[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_slice_t  text;

    if (a->conf->source.text == NULL) {
        return CONSENT_NOTFOUND;
    }

    a->text.len = 0;
    a->text.rc = CONSENT_OK;
    rc = a->conf->source.text(a->conf->source.arg, kind, hash, &a->text);

    if (rc == CONSENT_LIMIT) {
        return CONSENT_DENIED;
    }

    if (rc == CONSENT_OK) {
        text = consent_buf_view(&a->text);
        rc = consent_digest_sha256(a->digest, computed, &text, 1);

        if (rc == CONSENT_OK && memcmp(computed, hash, CONSENT_HASH_LEN) != 0) {
            return CONSENT_DENIED;
        }
    }

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        a->rc = rc;
    }

    return rc;
}
