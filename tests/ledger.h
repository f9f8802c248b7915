/*
 * What the ledger's tests share: a store in a directory that is gone afterwards, and operations to apply.
 */

#ifndef TESTS_LEDGER_H
#define TESTS_LEDGER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/json.h"
#include "ledger/ledger.h"

#define NOW  ((consent_time_t) 1795338900000)       /* 2026-11-22T09:15:00Z */
#define DAY  ((consent_time_t) 24 * 60 * 60 * 1000)

static const consent_slice_t  both_categories[] = { { (const uint8_t *) "contact", 7 },
                                                    { (const uint8_t *) "identity", 8 } };


static inline const char *
temporary_directory(void)
{
    static char  path[4][64];
    static int   n;
    char        *p = path[n++ % 4];

    (void) snprintf(p, 64, "/tmp/consent-test-XXXXXX");
    assert_non_null(mkdtemp(p));

    return p;
}


static inline void
remove_directory(const char *directory)
{
    char  command[128];

    (void) snprintf(command, sizeof(command), "rm -rf '%s'", directory);
    assert_int_equal(system(command), 0);
}


static inline consent_ledger_t *
open_ledger(const char *directory, size_t size, bool read_only)
{
    char                   why[256] = "";
    consent_ledger_t      *ledger = NULL;
    consent_ledger_conf_t  conf = { .directory = directory, .size = size, .node = "node1", .read_only = read_only };

    if (consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        fail_msg("cannot open the ledger: %s", why);
    }

    return ledger;
}


static inline consent_entry_policy_t
some_policy(void)
{
    consent_entry_policy_t  policy = { .id = consent_lit("exempelkommun"), .version = consent_lit("2026-11-22"),
                                       .id_key = 0x1111222233334444, .key = 0xaaaabbbbccccdddd };

    memset(policy.hash, 0xab, sizeof(policy.hash));

    return policy;
}


/* A subject of its own for each n. */
static inline void
subject_of(uint8_t subject[static CONSENT_SUBJECT_LEN], uint64_t n)
{
    uint64_t  mixed = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);

    memcpy(subject, &mixed, 8);
    memcpy(subject + 8, &n, 8);
}


/* Subject n grants both categories for a day. */
static inline consent_op_t
a_grant(uint64_t n, consent_time_t now)
{
    consent_op_t  op;

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_DECISION;
    op.policy = some_policy();
    op.now = now;
    subject_of(op.subject, n);
    op.decision.policy = op.policy.key;
    op.decision.granted = 3;
    op.decision.level = 2;
    op.decision.status = CONSENT_STATUS_GIVEN;
    op.decision.scope = CONSENT_SCOPE_STANDING;
    op.decision.stamp = now;
    op.decision.decided_at = now;
    op.decision.expires_at = now + DAY;
    op.level = consent_lit("personal");
    op.categories = both_categories;
    op.n_categories = 2;
    op.language = consent_lit("sv");

    return op;
}


static inline consent_op_t
a_hold(uint64_t n, bool release)
{
    consent_op_t  op;

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_HOLD;
    op.now = NOW;
    op.release = release;
    subject_of(op.subject, n);

    return op;
}


static inline consent_op_t
a_withdrawal(uint64_t n, consent_time_t now)
{
    consent_op_t  op = a_grant(n, now);

    op.decision.granted = 0;
    op.decision.level = 0;
    op.decision.status = CONSENT_STATUS_WITHDRAWN;
    op.level = consent_lit("anonymous");
    op.n_categories = 0;

    return op;
}


static inline consent_op_t
an_entry(const char *type, const char *fields, consent_time_t now)
{
    consent_op_t  op;

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_ENTRY;
    op.policy = some_policy();
    op.now = now;
    op.entry_type = type;
    op.fields = consent_cstr(fields);

    return op;
}


/* In a transaction of its own: what became of it. */
static inline consent_rc_t
do_op(consent_ledger_t *ledger, consent_op_t *op)
{
    consent_rc_t  rc;

    rc = consent_ledger_begin(ledger);

    if (rc != CONSENT_OK) {
        return rc;
    }

    (void) consent_ledger_apply(ledger, op);
    rc = consent_ledger_commit(ledger);

    return rc == CONSENT_OK ? op->rc : rc;
}


/* n grants in one transaction. */
static inline void
fill_store(const char *directory, size_t n)
{
    size_t             i;
    consent_op_t       op;
    consent_ledger_t  *ledger = open_ledger(directory, (size_t) 64 << 20, false);

    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (i = 0; i < n; i++) {
        op = a_grant(i, NOW);
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    consent_ledger_close(ledger);
}


static inline consent_rc_t
state_of(consent_ledger_t *ledger, uint64_t n, consent_decision_t *decision, consent_time_t *erased_at)
{
    uint8_t       subject[CONSENT_SUBJECT_LEN];
    consent_rc_t  rc;

    subject_of(subject, n);

    rc = consent_ledger_state(ledger, subject, some_policy().id_key, decision, erased_at);
    consent_ledger_state_rest(ledger);

    return rc;
}


typedef struct {
    uint64_t  n;
    uint64_t  last;
    char      text[65536];      /* the entry `at`, NUL-terminated */
    uint64_t  at;
} entries_t;

static inline bool
entries_each(void *arg, uint64_t index, consent_slice_t entry)
{
    entries_t  *e = arg;

    e->n++;
    e->last = index;

    if (index == e->at) {
        memcpy(e->text, entry.data, entry.len);
        e->text[entry.len] = '\0';
    }

    return true;
}


/* The bytes of an entry. */
static inline const char *
entry_at(consent_ledger_t *ledger, uint64_t index)
{
    static entries_t  e;

    e.n = 0;
    e.at = index;
    e.text[0] = '\0';
    assert_int_equal(consent_ledger_entries(ledger, index, entries_each, &e), CONSENT_OK);

    return e.text;
}


static inline uint64_t
count_entries(consent_ledger_t *ledger)
{
    static entries_t  e;

    e.n = 0;
    e.at = UINT64_MAX;
    assert_int_equal(consent_ledger_entries(ledger, 0, entries_each, &e), CONSENT_OK);

    return e.n;
}


/* A string member of a JSON object; the empty string when it has none. */
static inline const char *
member(const char *json, const char *name)
{
    static char              value[2][4096];
    static int               n;
    char                    *out = value[n++ % 2];
    consent_json_t          *root;
    consent_arena_t         *arena = consent_arena_create(1 << 20);
    const consent_json_t    *v;
    consent_json_error_t     err;

    assert_int_equal(consent_json_parse(&root, arena, consent_cstr(json), 32, &err), CONSENT_OK);
    v = consent_json_get(root, name);
    (void) snprintf(out, sizeof(value[0]), "%.*s", v == NULL ? 0 : (int) v->text.len,
                    v == NULL ? "" : (const char *) v->text.data);
    consent_arena_destroy(arena);

    return out;
}

#endif
