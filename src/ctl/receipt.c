/*
 * consentctl receipt verify: a citizen's receipt, held against the log's key alone. No server is asked.
 */

#include "ctl/source.h"
#include "base/json.h"
#include "base/utf8.h"
#include "base/when.h"
#include "ctl/verify.h"
#include "ledger/entry.h"
#include "ledger/members.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FILE_MAX   ((size_t) 8 << 20)
#define KEYS_MAX   16
#define HOUR       (60 * 60 * 1000)

typedef struct {
    consent_arena_t       *arena;
    consent_digest_t      *digest;
    const consent_json_t  *root;            /* NULL: there is but a proof and an entry */
    const consent_json_t  *said;            /* the entry, parsed */
    consent_slice_t        entry;           /* its bytes */
    consent_slice_t        proof_text;
    bool                   is_without;      /* it says that there will be no proof */
    consent_proof_t        proof;
    consent_note_key_t     key;             /* of the log that the proof is of */
    bool                   as_json;
    size_t                 n;
    consent_buf_t          faults;
} receipt_t;

static consent_rc_t read_receipt(receipt_t *r, consent_slice_t file);
static void check(receipt_t *r, const consent_note_key_t *keys, size_t n_keys);
static bool check_proof(receipt_t *r, const consent_note_key_t *keys, size_t n_keys);
static void check_opening(receipt_t *r);
static void check_decision(receipt_t *r);
static void check_record(receipt_t *r);
static void check_processes(receipt_t *r);
static size_t count(const consent_json_t *processes, consent_slice_t id);
static bool is_granted(const receipt_t *r, const consent_json_t *status);
static bool has(const consent_json_t *list, consent_slice_t text);
static bool same(const consent_json_t *a, const consent_json_t *b);
static consent_slice_t text_of(const consent_json_t *v);
static void fault(receipt_t *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
static void print(receipt_t *r, consent_buf_t *out);
static void print_row(consent_buf_t *out, const char *name, const consent_json_t *v);
static void json(receipt_t *r, consent_buf_t *out);


int
consent_ctl_receipt_verify(int argc, char **argv)
{
    int                   status;
    size_t                n_keys;
    receipt_t            *r;
    const char           *path;
    consent_rc_t          rc;
    consent_buf_t         file, entry, out;
    consent_note_key_t    keys[KEYS_MAX];
    consent_ctl_quorum_t  quorum = { 0 };
    consent_ctl_option_t  options[] = { { "--key", true, NULL }, { "--entry", true, NULL }, { "--policy", true, NULL },
                                        { "--json", false, NULL } };

    if (!consent_ctl_arguments(argc, argv, options, consent_countof(options), &path, 1)) {
        return CONSENT_CTL_USAGE;
    }

    if (options[0].value == NULL) {
        return consent_ctl_complain("--key is missing: the log's verifier key, log.pub");
    }

    r = calloc(1, sizeof(receipt_t));

    if (r == NULL) {
        return consent_ctl_complain("out of memory");
    }

    consent_buf_init(&file, FILE_MAX);
    consent_buf_init(&entry, CONSENT_ENTRY_MAX);
    consent_buf_init(&out, 1 << 20);
    consent_buf_init(&r->faults, 1 << 20);
    r->as_json = options[3].value != NULL;
    r->arena = consent_arena_create(8 * FILE_MAX);
    r->digest = consent_digest_create();
    status = CONSENT_CTL_USAGE;

    if (r->arena == NULL || r->digest == NULL) {
        (void) consent_ctl_complain("out of memory");

    } else if (consent_ctl_read_keys(options[0].value, keys, &n_keys, KEYS_MAX)
               && consent_ctl_read_file(&file, path, FILE_MAX)
               && (options[1].value == NULL || consent_ctl_read_file(&entry, options[1].value, CONSENT_ENTRY_MAX))
               && (options[2].value == NULL || consent_ctl_quorum_read(&quorum, options[2].value, keys, n_keys)))
    {
        r->entry = consent_buf_view(&entry);
        rc = read_receipt(r, consent_buf_view(&file));

        if (rc != CONSENT_OK) {
            (void) consent_ctl_complain(rc == CONSENT_NOTFOUND ? "%s is a proof without its entry: --entry is missing"
                                        : "%s is no receipt, and no proof of a log (tlog-proof)", path);

        } else {
            check(r, keys, n_keys);

            if (quorum.quorum != NULL && r->proof_text.len > 0
                && consent_quorum_check(quorum.quorum, &r->proof.checkpoint.note, quorum.times) != CONSENT_OK)
            {
                fault(r, "the checkpoint has not been signed by as many witnesses as the policy asks for");
            }

            (r->as_json ? json : print)(r, &out);
            status = !consent_ctl_flush(&out) ? CONSENT_CTL_USAGE : r->n == 0 ? CONSENT_CTL_HOLDS : CONSENT_CTL_FAILS;
        }
    }

    consent_ctl_quorum_free(&quorum);
    consent_buf_free(&file);
    consent_buf_free(&entry);
    consent_buf_free(&out);
    consent_buf_free(&r->faults);
    consent_arena_destroy(r->arena);
    consent_digest_destroy(r->digest);
    free(r);

    return status;
}


/* CONSENT_NOTFOUND: a proof, and no entry was given with it. */
static consent_rc_t
read_receipt(receipt_t *r, consent_slice_t file)
{
    consent_rc_t           rc;
    consent_json_t        *root;
    consent_json_error_t   error;
    const consent_json_t  *evidence;

    if (consent_proof_read(&r->proof, file) == CONSENT_OK) {
        r->proof_text = file;
        return r->entry.data == NULL ? CONSENT_NOTFOUND : CONSENT_OK;
    }

    rc = consent_json_parse(&root, r->arena, file, 64, &error);

    if (rc != CONSENT_OK) {
        return rc;
    }

    evidence = consent_json_get(root, "evidence");
    r->root = root;
    r->entry = text_of(consent_json_get(evidence, "entry"));
    r->proof_text = text_of(consent_json_get(evidence, "proof"));
    r->is_without = consent_slice_eq(text_of(consent_json_get(evidence, "status")), consent_lit("none"));

    return evidence != NULL && (r->entry.len > 0 || r->is_without) ? CONSENT_OK : CONSENT_MALFORMED;
}


static void
check(receipt_t *r, const consent_note_key_t *keys, size_t n_keys)
{
    consent_rc_t           rc;
    consent_json_t        *said;
    consent_json_error_t   error;

    if (!check_proof(r, keys, n_keys)) {
        return;
    }

    rc = consent_json_parse(&said, r->arena, r->entry, CONSENT_MEMBERS_MAX_DEPTH, &error);

    if (rc != CONSENT_OK) {
        fault(r, "the entry is no JSON object");
        return;
    }

    r->said = said;

    if (r->root == NULL) {
        return;
    }

    if (!consent_slice_eq(text_of(consent_json_get(said, "type")), consent_lit("decision"))) {
        fault(r, "the entry is not of a decision");
        return;
    }

    check_opening(r);
    check_decision(r);
    check_record(r);
    check_processes(r);
}


static bool
check_proof(receipt_t *r, const consent_note_key_t *keys, size_t n_keys)
{
    size_t        i;
    int64_t       index;
    consent_rc_t  rc;

    if (r->root != NULL) {
        if (r->is_without || r->entry.len == 0) {
            fault(r, "it carries no proof, and says so: whoever gave it has no entry of this decision, or none that opens");
            return false;
        }

        if (r->proof_text.len == 0) {
            fault(r, "it carries no proof yet: the log is published a moment after a decision. Get the receipt again");
            return false;
        }

        if (consent_proof_read(&r->proof, r->proof_text) != CONSENT_OK) {
            fault(r, "its proof is none (tlog-proof)");
            r->proof_text = consent_slice(NULL, 0);
            return false;
        }
    }

    rc = CONSENT_NOTFOUND;

    for (i = 0; i < n_keys && rc == CONSENT_NOTFOUND; i++) {
        if (consent_audit_key(&r->key, &keys[i], r->proof.checkpoint.origin) == CONSENT_OK) {
            rc = consent_proof_verify(&r->proof, r->digest, r->entry, &r->key);
        }
    }

    if (rc == CONSENT_NOTFOUND) {
        fault(r, "its checkpoint is of another log than the key, or not signed by it");

    } else if (rc != CONSENT_OK) {
        fault(r, "%s", consent_checkpoint_verify(&r->proof.checkpoint, &r->key) == CONSENT_OK
              ? "the entry is not in the log that was signed: its proof does not lead to the checkpoint"
              : "its checkpoint has a signature that is not of the log's key");
    }

    /* the number among all entries of the node; a later log of it counts from where it began */

    if (rc == CONSENT_OK && r->root != NULL
        && (consent_json_int(&index, consent_json_get(consent_json_get(r->root, "evidence"), "index")) != CONSENT_OK
            || index < 0 || (uint64_t) index < r->proof.index
            || (r->key.name_len == keys[i - 1].name_len && (uint64_t) index != r->proof.index)))
    {
        fault(r, "it names another index than its proof");
    }

    return rc == CONSENT_OK;
}


/* Was the entry made for this pseudonym, in this place, at this time? */
static void
check_opening(receipt_t *r)
{
    int64_t                index, time;
    uint8_t                key[CONSENT_KEY_LEN], nonce[CONSENT_NONCE_LEN], subject[CONSENT_SUBJECT_LEN];
    uint8_t                commitment[CONSENT_HASH_LEN];
    consent_time_t         hour;
    const consent_json_t  *evidence, *opening;

    evidence = consent_json_get(r->root, "evidence");
    opening = consent_json_get(evidence, "opening");

    if (consent_hex_decode(key, sizeof(key), text_of(consent_json_get(opening, "key"))) != CONSENT_OK
        || consent_hex_decode(nonce, sizeof(nonce), text_of(consent_json_get(opening, "nonce"))) != CONSENT_OK
        || consent_hex_decode(subject, sizeof(subject), text_of(consent_json_get(opening, "subject"))) != CONSENT_OK
        || consent_json_int(&index, consent_json_get(evidence, "index")) != CONSENT_OK
        || consent_json_int(&time, consent_json_get(opening, "time")) != CONSENT_OK)
    {
        fault(r, "it has nothing that opens the entry: whose decision it is cannot be told");
        return;
    }

    if (consent_entry_commitment(commitment, key, nonce, subject, (uint64_t) index, time) != CONSENT_OK
        || !consent_entry_holds(r->entry, commitment))
    {
        fault(r, "the entry does not open: it was not made for this pseudonym, in this place, at this time");
        return;
    }

    if (consent_when_parse(&hour, text_of(consent_json_get(r->said, "time"))) != CONSENT_OK || hour != time - time % HOUR) {
        fault(r, "the entry's hour is not that of the decision");
    }
}


/* What the receipt says of the decision is what the entry says. */
static void
check_decision(receipt_t *r)
{
    size_t                 i;
    int64_t                time;
    consent_time_t         decided;
    const consent_json_t  *decision;

    static const char *const  members[] = {
        "status", "level", "categories", "scope", "by", "method", "policy", "policy_version"
    };

    decision = consent_json_get(r->root, "decision");

    if (decision == NULL) {
        fault(r, "it does not say what was decided");
        return;
    }

    for (i = 0; i < consent_countof(members); i++) {
        if (!same(consent_json_get(decision, members[i]), consent_json_get(r->said, members[i]))) {
            fault(r, "it says something else than the entry: \"%s\"", members[i]);
        }
    }

    if (consent_when_parse(&decided, text_of(consent_json_get(decision, "decided_at"))) != CONSENT_OK
        || (consent_json_int(&time, consent_json_get(consent_json_get(consent_json_get(r->root, "evidence"), "opening"),
                                                     "time")) == CONSENT_OK && decided > time))
    {
        fault(r, "it says that the decision came after its entry");
    }
}


/* It is of who opens the entry, and names the notice that the entry names; where there was no page, the policy. */
static void
check_record(receipt_t *r)
{
    consent_slice_t        hash, id;
    const consent_json_t  *record, *notice;

    record = consent_json_get(r->root, "dpv:hasRecordOfActivity");

    if (!same(consent_json_get(consent_json_get(record, "dpv:hasDataSubject"), "dct:identifier"),
              consent_json_get(consent_json_get(consent_json_get(r->root, "evidence"), "opening"), "subject")))
    {
        fault(r, "it names another pseudonym than the one that opens the entry");
    }

    hash = text_of(consent_json_get(r->said, "notice_hash"));
    hash = hash.len > 0 ? hash : text_of(consent_json_get(r->said, "policy_hash"));
    notice = consent_json_get(record, "dpv:hasNotice");

    for (notice = notice == NULL ? NULL : notice->first; notice != NULL; notice = notice->next) {
        id = text_of(consent_json_get(notice, "dct:identifier"));

        if (id.len > 0 && (id.len != 7 + hash.len || memcmp(id.data, "sha256:", 7) != 0
                           || memcmp(id.data + 7, hash.data, hash.len) != 0))
        {
            fault(r, "it names another notice than the entry");
            return;
        }
    }
}


/* A process says that its category was given exactly if the entry says so, and each that was given has one process. */
static void
check_processes(receipt_t *r)
{
    size_t                 n;
    consent_slice_t        id;
    const consent_json_t  *processes, *process, *given, *category;

    given = consent_json_get(r->said, "categories");
    processes = consent_json_get(consent_json_get(r->root, "dpv:hasRecordOfActivity"), "dpv:hasProcess");

    for (process = processes == NULL ? NULL : processes->first; process != NULL; process = process->next) {
        id = text_of(consent_json_get(process, "dct:identifier"));

        if (is_granted(r, consent_json_get(process, "dpv:hasConsentStatus")) != has(given, id) || count(processes, id) != 1) {
            fault(r, "it says something else of a category than the entry");
            return;
        }
    }

    for (category = given == NULL ? NULL : given->first, n = 0; category != NULL; category = category->next) {
        n += count(processes, text_of(category)) == 0;
    }

    if (n > 0) {
        fault(r, "it leaves out %zu of the categories that the entry says were given", n);
    }
}


/* How many processes are of a category. */
static size_t
count(const consent_json_t *processes, consent_slice_t id)
{
    size_t                 n = 0;
    const consent_json_t  *process;

    for (process = processes == NULL ? NULL : processes->first; process != NULL; process = process->next) {
        n += consent_slice_eq(text_of(consent_json_get(process, "dct:identifier")), id);
    }

    return n;
}


/* What an entry takes back by itself was granted by one before it. */
static bool
is_granted(const receipt_t *r, const consent_json_t *status)
{
    size_t           i;
    consent_slice_t  said;

    static const char *const  granted[] = { "dpv:ConsentGiven", "dpv:ConsentExpired", "dpv:ConsentInvalidated" };

    said = text_of(consent_json_get(r->said, "status"));

    if (consent_slice_eq(said, consent_lit("lapsed")) || consent_slice_eq(said, consent_lit("expired"))) {
        return consent_slice_eq(text_of(status), consent_cstr(granted[0]));
    }

    for (i = 0; i < consent_countof(granted); i++) {
        if (consent_slice_eq(text_of(status), consent_cstr(granted[i]))) {
            return true;
        }
    }

    return false;
}


static bool
has(const consent_json_t *list, consent_slice_t text)
{
    const consent_json_t  *item;

    for (item = list == NULL ? NULL : list->first; item != NULL; item = item->next) {
        if (item->type == CONSENT_JSON_STRING && consent_slice_eq(item->text, text)) {
            return true;
        }
    }

    return false;
}


/* Two strings, or two lists of strings; of the lists, whatever their order. */
static bool
same(const consent_json_t *a, const consent_json_t *b)
{
    const consent_json_t  *item;

    if (a == NULL || b == NULL || a->type != b->type) {
        return false;
    }

    if (a->type == CONSENT_JSON_STRING) {
        return consent_slice_eq(a->text, b->text);
    }

    if (a->type != CONSENT_JSON_ARRAY || a->count != b->count) {
        return false;
    }

    for (item = a->first; item != NULL; item = item->next) {
        if (item->type != CONSENT_JSON_STRING || !has(b, item->text)) {
            return false;
        }
    }

    for (item = b->first; item != NULL; item = item->next) {
        if (!has(a, text_of(item))) {
            return false;
        }
    }

    return true;
}


static consent_slice_t
text_of(const consent_json_t *v)
{
    return v != NULL && v->type == CONSENT_JSON_STRING ? v->text : consent_slice(NULL, 0);
}


static void
fault(receipt_t *r, const char *fmt, ...)
{
    char     text[256];
    va_list  args;

    va_start(args, fmt);
    (void) vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);

    r->n++;

    if (r->as_json) {
        consent_buf_str(&r->faults, r->faults.len == 0 ? "" : ",");
        consent_json_write_string(&r->faults, consent_cstr(text), false);

    } else {
        consent_buf_printf(&r->faults, "%s\n", text);
    }
}


static void
print(receipt_t *r, consent_buf_t *out)
{
    size_t  i;

    static const char *const  members[] = {
        "status", "level", "categories", "scope", "by", "assurance", "method", "language", "policy", "policy_version", "time"
    };

    if (r->proof_text.len > 0) {
        consent_buf_printf(out, "%-15s ", "log");
        consent_ctl_plain(out, r->proof.checkpoint.origin);
        consent_buf_printf(out, "\n%-15s %llu of %llu\n", "entry", (unsigned long long) r->proof.index,
                           (unsigned long long) r->proof.checkpoint.size);
    }

    for (i = 0; r->said != NULL && i < consent_countof(members); i++) {
        print_row(out, members[i], consent_json_get(r->said, members[i]));
    }

    print_row(out, "pseudonym", consent_json_get(consent_json_get(consent_json_get(r->root, "evidence"), "opening"),
                                                 "subject"));

    if (text_of(consent_json_get(r->root, "environment")).len > 0) {
        consent_buf_printf(out, "%-15s it was given by a system that is not in use for real\n", "test");
    }

    consent_buf_char(out, '\n');
    consent_buf_slice(out, consent_buf_view(&r->faults));
    consent_buf_str(out, r->n != 0 ? "\nThe receipt does not hold.\n"
                    : r->root != NULL ? "The receipt holds: this decision is in the log, in this place, for this pseudonym.\n"
                                      : "The proof holds: this entry is in the log, in this place.\n");
}


static void
print_row(consent_buf_t *out, const char *name, const consent_json_t *v)
{
    const consent_json_t  *item;

    if (v == NULL || (v->type != CONSENT_JSON_STRING && v->type != CONSENT_JSON_ARRAY)) {
        return;
    }

    consent_buf_printf(out, "%-15s ", name);

    if (v->type == CONSENT_JSON_STRING) {
        consent_ctl_plain(out, v->text);
    }

    for (item = v->first; item != NULL; item = item->next) {
        consent_ctl_plain(out, text_of(item));
        consent_buf_str(out, item->next == NULL ? "" : ", ");
    }

    consent_buf_char(out, '\n');
}


static void
json(receipt_t *r, consent_buf_t *out)
{
    consent_buf_char(out, '{');
    consent_ctl_json_flag(out, "holds", r->n == 0);

    if (r->proof_text.len > 0) {
        consent_ctl_json_text(out, "origin", r->proof.checkpoint.origin);
        consent_ctl_json_number(out, "index", r->proof.index);
        consent_ctl_json_number(out, "size", r->proof.checkpoint.size);
    }

    if (r->said != NULL) {
        consent_ctl_json_name(out, "entry");
        consent_buf_slice(out, r->entry);
    }

    consent_ctl_json_name(out, "faults");
    consent_buf_char(out, '[');
    consent_buf_slice(out, consent_buf_view(&r->faults));
    consent_buf_str(out, "]}\n");
}
