/*
 * The end of a log, and of its entries. A log that is sealed goes on under another name; once its retention is over, its
 * entries can be dropped by a decision that the log itself names. Its tree and its checkpoints stay: who kept an entry, or a
 * receipt, can still show that it was there.
 *
 * Logs are pruned in their order, so that one number in the store says what is gone: "pruned" in CONSENT_TABLE_META.
 */

#include "base/json.h"
#include "ledger/log_inside.h"
#include "ledger/members.h"
#include "ledger/seal.h"

#include <stdio.h>

#define SEAL_BATCH  4096            /* entries dropped in one transaction */

static const consent_slice_t  pruned_key = { (const uint8_t *) "pruned", 6 };
static const consent_slice_t  pruned_prefix = { (const uint8_t *) "pruned:", 7 };

/* An entry that names a decision, and under which key it stands once. */
typedef struct {
    consent_view_t  *view;
    uint64_t         first;         /* it is looked for from here, */
    uint64_t         end;           /* and in front of this */
    uint8_t          key[32];
    size_t           len;           /* of the key; 0: there is none */
    consent_rc_t     rc;
    consent_buf_t    fields;
    uint8_t          memory[1024];
} repeated_t;

static consent_rc_t say(consent_ledger_t *ledger, const char *type, consent_time_t now, const consent_buf_t *fields,
    consent_slice_t unique);
static consent_rc_t find_prunable(consent_ledger_t *ledger, consent_pruned_t *pruned, uint64_t *from, char why[static 256]);
static consent_rc_t repeat(consent_ledger_t *ledger, consent_time_t now, const consent_pruned_t *pruned);
static bool each_repeated(void *arg, consent_slice_t key, consent_slice_t value);
static consent_rc_t drop(consent_ledger_t *ledger, uint64_t *from, uint64_t end);


consent_rc_t
consent_ledger_seal(consent_ledger_t *ledger, consent_time_t now, consent_sealed_t *sealed, char why[static 256])
{
    char                  memory[128];
    bool                  ended;
    uint64_t              end;
    consent_rc_t          rc;
    consent_buf_t         fields;
    consent_log_record_t  record;

    rc = consent_ledger_begin(ledger);

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "%s", consent_ledger_why(ledger));
        return rc;
    }

    rc = consent_log_record_get(&ledger->view, CONSENT_LOG_NEWEST, &record);

    if (rc == CONSENT_OK) {
        rc = consent_log_record_end(&ledger->view, &record, &end, &ended);
    }

    if (rc == CONSENT_OK) {
        sealed->number = record.number;
        sealed->leaves = end - record.first + 1;

        consent_buf_init_fixed(&fields, memory, sizeof(memory));
        consent_buf_printf(&fields, "{\"leaves\":%llu,\"log\":%lu}", (unsigned long long) sealed->leaves,
                           (unsigned long) record.number);
        rc = say(ledger, "sealed", now, &fields, consent_slice(NULL, 0));
    }

    if (rc == CONSENT_OK) {
        rc = consent_log_begin(ledger, record.number + 1);
    }

    if (rc == CONSENT_OK) {
        rc = consent_log_record_get(&ledger->view, CONSENT_LOG_NEWEST, &record);
    }

    if (rc == CONSENT_OK) {
        memcpy(sealed->next, record.origin, sizeof(sealed->next));
        rc = consent_ledger_commit(ledger);
    }

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "%s", rc == CONSENT_NOTFOUND ? "nothing of the log was published yet: start nginx first"
                                        : consent_ledger_why(ledger)[0] != '\0' ? consent_ledger_why(ledger)
                                                                                : consent_rc_name(rc));
        consent_ledger_abort(ledger);
    }

    return rc;
}


consent_rc_t
consent_ledger_prune(consent_ledger_t *ledger, consent_time_t now, consent_time_t sealed_before, const char *decision,
    consent_pruned_t *pruned, char why[static 256])
{
    char           memory[1024], unique[32];
    uint64_t       from, end;
    consent_rc_t   rc;
    consent_buf_t  fields;

    memset(pruned, 0, sizeof(consent_pruned_t));
    pruned->sealed_before = sealed_before;

    do {
        rc = consent_ledger_begin(ledger);

        if (rc != CONSENT_OK) {
            (void) snprintf(why, 256, "%s", consent_ledger_why(ledger));
            return rc;
        }

        rc = find_prunable(ledger, pruned, &from, why);

        if (rc != CONSENT_OK) {
            consent_ledger_abort(ledger);
            return rc;
        }

        end = pruned->first + pruned->leaves;

        /* said in the transaction that drops the first of them; one that was cut off goes on */

        if (from == pruned->first) {
            consent_buf_init_fixed(&fields, memory, sizeof(memory));
            consent_buf_str(&fields, "{\"decision\":");
            consent_json_write_string(&fields, consent_cstr(decision), false);
            consent_buf_printf(&fields, ",\"leaves\":%llu,\"log\":%lu}", (unsigned long long) pruned->leaves,
                               (unsigned long) pruned->number);
            rc = repeat(ledger, now, pruned);

            if (rc == CONSENT_OK) {
                (void) snprintf(unique, sizeof(unique), "pruned:%010lu", (unsigned long) pruned->number);
                rc = say(ledger, "pruned", now, &fields, consent_cstr(unique));
            }
        }

        if (rc == CONSENT_OK) {
            rc = drop(ledger, &from, end);
        }

        if (rc == CONSENT_OK) {
            rc = consent_ledger_commit(ledger);
        } else {
            consent_ledger_abort(ledger);
        }
    } while (rc == CONSENT_OK && from < end);

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "%s", consent_ledger_why(ledger)[0] != '\0' ? consent_ledger_why(ledger)
                                                                              : consent_rc_name(rc));
    }

    return rc;
}


uint64_t
consent_ledger_pruned(consent_view_t *view)
{
    consent_slice_t  value;

    return consent_view_get(view, CONSENT_TABLE_META, pruned_key, &value) == CONSENT_OK && value.len == 8
           ? consent_get_u64(value.data) : 0;
}


static consent_rc_t
say(consent_ledger_t *ledger, const char *type, consent_time_t now, const consent_buf_t *fields, consent_slice_t unique)
{
    consent_op_t  op;

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_ENTRY;
    op.now = now;
    op.entry_type = type;
    op.fields = consent_buf_view(fields);
    op.unique = unique;

    return fields->rc == CONSENT_OK ? consent_ledger_apply(ledger, &op) : fields->rc;
}


/* The oldest log that has entries, if it may go. */
static consent_rc_t
find_prunable(consent_ledger_t *ledger, consent_pruned_t *pruned, uint64_t *from, char why[static 256])
{
    bool                  ended;
    uint8_t               key[8];
    uint64_t              end, started;
    consent_rc_t          rc;
    consent_slice_t       entry;
    consent_log_record_t  record;

    *from = consent_ledger_pruned(&ledger->view);
    rc = consent_log_record_of(&ledger->view, *from, &record);

    if (rc == CONSENT_OK) {
        rc = consent_log_record_end(&ledger->view, &record, &end, &ended);
    }

    if (rc != CONSENT_OK || !ended) {
        (void) snprintf(why, 256, "there is no sealed log that has its entries");
        return rc == CONSENT_OK || rc == CONSENT_NOTFOUND ? CONSENT_NOTFOUND : rc;
    }

    if (record.shown != end - record.first) {
        (void) snprintf(why, 256, "log %lu is not published to its end yet", (unsigned long) record.number);
        return CONSENT_CONFLICT;
    }

    pruned->number = record.number;
    pruned->first = record.first;
    pruned->leaves = end - record.first;

    /* its last entry says when it ended, and is the last to go */

    consent_put_u64(key, end - 1);
    rc = consent_view_get(&ledger->view, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), &entry);

    if (rc == CONSENT_OK) {
        rc = consent_entry_time(&pruned->sealed_at, entry);
    }

    if (rc != CONSENT_OK) {
        (void) snprintf(why, 256, "the end of log %lu cannot be read", (unsigned long) record.number);
        return CONSENT_MALFORMED;
    }

    if (pruned->sealed_at > pruned->sealed_before) {
        (void) snprintf(why, 256, "decisions in log %lu may still be in force: it ended too lately",
                        (unsigned long) record.number);
        return CONSENT_CONFLICT;
    }

    /* what is on hold is not to be lost */

    rc = consent_ledger_hold_within(&ledger->view, *from, end);

    if (rc != CONSENT_NOTFOUND) {
        (void) snprintf(why, 256, rc == CONSENT_OK
                        ? "somebody of whom there is a legal hold decided in log %lu: release it first"
                        : "whether there is a legal hold on somebody who decided in log %lu cannot be read",
                        (unsigned long) record.number);
        return rc == CONSENT_OK ? CONSENT_CONFLICT : rc;
    }

    /* what is in force must be told by what is left */

    rc = consent_ledger_started(&ledger->view, &started);

    if (rc == CONSENT_OK && started < end) {
        (void) snprintf(why, 256, "log %lu alone says what is in force: reload nginx first, so that a later one says it too",
                        (unsigned long) record.number);
        return CONSENT_CONFLICT;
    }

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        (void) snprintf(why, 256, "what nginx was started with cannot be read");
        return rc;
    }

    return CONSENT_OK;
}


/* The decisions that this log names are told once more behind it: they outlast it. */
static consent_rc_t
repeat(consent_ledger_t *ledger, consent_time_t now, const consent_pruned_t *pruned)
{
    consent_rc_t     rc;
    repeated_t       r;
    consent_slice_t  key;

    do {
        memset(&r, 0, sizeof(r));
        r.view = &ledger->view;
        r.first = pruned->first;
        r.end = pruned->first + pruned->leaves;
        consent_buf_init_fixed(&r.fields, r.memory, sizeof(r.memory));
        rc = consent_view_walk(&ledger->view, CONSENT_TABLE_UNIQUE, pruned_prefix, each_repeated, &r);
        rc = rc == CONSENT_OK ? r.rc : rc;

        if (rc == CONSENT_OK && r.len > 0) {
            key = consent_slice(r.key, r.len);
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_UNIQUE, key);
            rc = rc == CONSENT_OK ? say(ledger, "pruned", now, &r.fields, key) : rc;
        }
    } while (rc == CONSENT_OK && r.len > 0);

    return rc;
}


static bool
each_repeated(void *arg, consent_slice_t key, consent_slice_t value)
{
    uint8_t             index[8];
    repeated_t         *r = arg;
    consent_slice_t     entry, name, member;
    consent_members_t   members;

    if (key.len < pruned_prefix.len || memcmp(key.data, pruned_prefix.data, pruned_prefix.len) != 0) {
        return false;
    }

    if (value.len != 8 || key.len > sizeof(r->key) || consent_get_u64(value.data) < r->first
        || consent_get_u64(value.data) >= r->end)
    {
        return true;
    }

    memcpy(index, value.data, sizeof(index));
    r->rc = consent_view_get(r->view, CONSENT_TABLE_ENTRIES, consent_slice(index, sizeof(index)), &entry);

    if (r->rc != CONSENT_OK) {
        return false;
    }

    r->len = key.len;
    memcpy(r->key, key.data, key.len);

    for (consent_members_begin(&members, entry); consent_members_next(&members, &name, &member) == CONSENT_OK;) {
        if (consent_slice_eq(name, consent_lit("decision")) || consent_slice_eq(name, consent_lit("leaves"))
            || consent_slice_eq(name, consent_lit("log")))
        {
            consent_buf_str(&r->fields, r->fields.len == 0 ? "{\"" : ",\"");
            consent_buf_slice(&r->fields, name);
            consent_buf_str(&r->fields, "\":");
            consent_buf_slice(&r->fields, member);
        }
    }

    consent_buf_char(&r->fields, '}');

    return false;
}


static consent_rc_t
drop(consent_ledger_t *ledger, uint64_t *from, uint64_t end)
{
    size_t        n;
    uint8_t       key[8];
    consent_rc_t  rc;

    for (n = 0, rc = CONSENT_OK; rc == CONSENT_OK && n < SEAL_BATCH && *from < end; n++) {
        consent_put_u64(key, *from);
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)));
        *from += 1;
    }

    if (rc == CONSENT_OK) {
        consent_put_u64(key, *from);
        rc = consent_ledger_put(ledger, CONSENT_TABLE_META, pruned_key, consent_slice(key, sizeof(key)), CONSENT_PUT_REPLACE);
    }

    return rc;
}
