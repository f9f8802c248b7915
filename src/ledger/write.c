/*
 * The write transactions of the ledger: begin, what goes into them, commit; and the log, whose indexes have
 * no gap and whose times never run backwards.
 */

#include "ledger/log_inside.h"

static consent_rc_t log_check(consent_ledger_t *ledger);
static consent_rc_t refuse(consent_ledger_t *ledger, consent_rc_t rc, const char *what);
static bool is_own_fault(consent_rc_t rc);


consent_rc_t
consent_ledger_begin(consent_ledger_t *ledger)
{
    consent_rc_t     rc;
    consent_slice_t  value;

    ledger->what = NULL;

    if (ledger->open) {
        return refuse(ledger, CONSENT_BUSY, "a transaction of this process is still open");
    }

    rc = consent_store_begin(ledger->store, &ledger->view);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_get(&ledger->view, CONSENT_TABLE_META, consent_meta_key, &value);

    if (rc == CONSENT_OK) {
        rc = consent_meta_decode(&ledger->meta, value);
    }

    if (rc == CONSENT_OK) {
        rc = log_check(ledger);
    }

    if (rc != CONSENT_OK) {
        consent_store_abort(ledger->store, &ledger->view);
        return refuse(ledger, CONSENT_MALFORMED, "the store contradicts itself: its log does not end where it says");
    }

    rc = consent_ledger_guard(ledger, &ledger->view);

    if (rc != CONSENT_OK) {
        consent_store_abort(ledger->store, &ledger->view);
        return refuse(ledger, rc, ledger->refusal);
    }

    ledger->open = true;
    ledger->broken = CONSENT_OK;
    ledger->first_index = ledger->meta.next_index;
    ledger->put = 0;

    rc = consent_replica_begin(ledger);

    if (rc != CONSENT_OK) {
        consent_ledger_abort(ledger);
        return refuse(ledger, rc, "what the store knows of its cluster is damaged");
    }

    return CONSENT_OK;
}


consent_rc_t
consent_ledger_apply(consent_ledger_t *ledger, consent_op_t *op)
{
    consent_rc_t              rc;
    const consent_message_t  *message;

    if (!ledger->open) {
        op->rc = refuse(ledger, CONSENT_IO, "no transaction is open");
        return op->rc;
    }

    if (ledger->broken != CONSENT_OK) {
        op->rc = ledger->broken;
        return op->rc;
    }

    for (message = op->type == CONSENT_OP_MESSAGE ? NULL : op->message; message != NULL; message = message->next) {
        op->rc = consent_ledger_check_message(message);

        if (op->rc != CONSENT_OK) {
            return op->rc;
        }
    }

    if (op->handoff != NULL) {
        op->rc = op->type == CONSENT_OP_ENTRY ? consent_ledger_check_handoff(op->handoff) : CONSENT_MALFORMED;

        if (op->rc != CONSENT_OK) {
            return op->rc;
        }
    }

    switch (op->type) {
    case CONSENT_OP_DECISION:
        op->rc = consent_ledger_put_decision(ledger, op);
        break;

    case CONSENT_OP_ENTRY:
        op->rc = consent_ledger_put_entry(ledger, op);
        break;

    case CONSENT_OP_ERASURE:
        op->rc = consent_ledger_put_erasure(ledger, op);
        break;

    case CONSENT_OP_MESSAGE:
        op->rc = consent_ledger_move_message(ledger, op);
        break;

    case CONSENT_OP_LOG:
        op->rc = consent_log_apply(ledger, op->step);
        break;

    case CONSENT_OP_HOLD:
        op->rc = consent_ledger_put_hold(ledger, op);
        break;

    case CONSENT_OP_REKEY:
        op->rc = consent_ledger_put_rekey(ledger, op);
        break;

    case CONSENT_OP_REPLICA:
        op->rc = consent_replica_put(ledger, op);
        break;

    default:
        op->rc = CONSENT_MALFORMED;
    }

    if (op->rc == CONSENT_OK && op->handoff != NULL) {
        op->rc = consent_ledger_put_handoff(ledger, op->handoff, op->now);
    }

    for (message = op->type == CONSENT_OP_MESSAGE ? NULL : op->message; op->rc == CONSENT_OK && message != NULL;
         message = message->next)
    {
        op->rc = consent_ledger_put_message(ledger, message);
    }

    if (op->rc == CONSENT_OK) {
        op->rc = consent_outgoing_put(ledger, op);
    }

    if (op->rc == CONSENT_OK && op->type == CONSENT_OP_DECISION) {
        rc = consent_ledger_expire(ledger, op);

        if (rc != CONSENT_OK && !is_own_fault(rc)) {
            op->rc = rc;
        }
    }

    if (op->rc != CONSENT_OK && !is_own_fault(op->rc) && ledger->broken == CONSENT_OK) {
        ledger->broken = op->rc;
    }

    return op->rc;
}


consent_rc_t
consent_ledger_commit(consent_ledger_t *ledger)
{
    uint8_t       record[CONSENT_META_LEN];
    consent_rc_t  rc;

    if (!ledger->open) {
        return refuse(ledger, CONSENT_IO, "no transaction is open");
    }

    if (ledger->broken == CONSENT_OK) {
        (void) consent_replica_commit(ledger);
    }

    if (ledger->broken == CONSENT_OK && ledger->meta.next_index != ledger->first_index) {
        consent_meta_encode(record, &ledger->meta);
        (void) consent_ledger_put(ledger, CONSENT_TABLE_META, consent_meta_key,
                                  consent_slice(record, sizeof(record)), CONSENT_PUT_REPLACE);
    }

    if (ledger->broken == CONSENT_OK) {
        ledger->broken = consent_kept_sync(ledger);
    }

    if (ledger->broken != CONSENT_OK) {
        rc = ledger->broken;
        consent_ledger_abort(ledger);
        return rc;
    }

    ledger->open = false;

    return consent_store_commit(ledger->store, &ledger->view);
}


void
consent_ledger_abort(consent_ledger_t *ledger)
{
    if (ledger->open) {
        ledger->open = false;
        consent_store_abort(ledger->store, &ledger->view);
    }
}


const char *
consent_ledger_why(const consent_ledger_t *ledger)
{
    return ledger->what != NULL ? ledger->what : consent_store_why(ledger->store);
}


void
consent_ledger_housekeep(consent_ledger_t *ledger)
{
    consent_store_housekeep(ledger->store);
}


consent_rc_t
consent_ledger_put_entry(consent_ledger_t *ledger, consent_op_t *op)
{
    bool             is_new, is_new_text;
    uint8_t          key[8], index[8];
    consent_rc_t     rc;
    consent_buf_t    b;
    consent_slice_t  entry, fields, found, hash;

    is_new = is_new_text = false;
    hash = consent_slice(op->notice_hash, CONSENT_HASH_LEN);

    if (op->entry_type == NULL || op->unique.len > CONSENT_UNIQUE_MAX) {
        return op->entry_type == NULL ? CONSENT_MALFORMED : CONSENT_LIMIT;
    }

    if (op->unique.len > 0) {
        rc = consent_view_get(&ledger->view, CONSENT_TABLE_UNIQUE, op->unique, &found);

        if (rc != CONSENT_NOTFOUND) {
            return rc == CONSENT_OK ? CONSENT_CONFLICT : CONSENT_IO;
        }
    }

    if ((strcmp(op->entry_type, "disclosure") == 0 || strcmp(op->entry_type, "audit") == 0
         || strcmp(op->entry_type, "missed") == 0)
        && consent_store_is_tight(ledger->store, ledger->put))
    {
        return refuse(ledger, CONSENT_FULL, "the store is nearly full: it takes only what lessens a grant");
    }

    fields = op->fields;

    if (op->document.len > 0) {
        consent_put_u64(key, op->policy.key);
        rc = consent_ledger_check_text(ledger, CONSENT_TABLE_POLICIES, consent_slice(key, sizeof(key)),
                                       op->policy.hash, op->document, &is_new);

        if (rc != CONSENT_OK) {
            return rc;
        }

        if (fields.len == 0) {
            consent_buf_init_fixed(&b, ledger->fields, CONSENT_ENTRY_MAX + 1);
            consent_buf_str(&b, "{\"document\":");
            consent_buf_slice(&b, op->document);
            consent_buf_char(&b, '}');
            fields = consent_buf_view(&b);

            if (b.rc != CONSENT_OK) {
                return b.rc;
            }
        }
    }

    if (op->notice.len > 0) {
        rc = consent_ledger_check_text(ledger, CONSENT_TABLE_TEXTS, hash, op->notice_hash, op->notice, &is_new_text);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    rc = consent_ledger_build(ledger, op, op->entry_type, fields, &entry);

    if (rc == CONSENT_OK && is_new_text) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_TEXTS, hash, op->notice, CONSENT_PUT_NEW);
    }

    if (rc == CONSENT_OK && is_new) {
        rc = consent_ledger_put(ledger, CONSENT_TABLE_POLICIES, consent_slice(key, sizeof(key)), op->document,
                                CONSENT_PUT_NEW);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_append(ledger, op, entry);
    }

    if (rc == CONSENT_OK && op->unique.len > 0) {
        consent_put_u64(index, op->index);
        rc = consent_ledger_put(ledger, CONSENT_TABLE_UNIQUE, op->unique, consent_slice(index, sizeof(index)),
                                CONSENT_PUT_NEW);
    }

    return rc;
}


consent_rc_t
consent_ledger_build(consent_ledger_t *ledger, const consent_op_t *op, const char *type, consent_slice_t fields,
    consent_slice_t *entry)
{
    consent_rc_t     rc;
    consent_buf_t    b;
    consent_entry_t  parts;

    parts.type = type;
    parts.time = consent_ledger_time(ledger, op);
    parts.node = consent_cstr(ledger->node);
    parts.policy = &op->policy;

    consent_buf_init_fixed(&b, ledger->entry, CONSENT_ENTRY_MAX + 1);
    rc = consent_entry_write(&b, &parts, fields);
    *entry = consent_buf_view(&b);

    return rc;
}


consent_time_t
consent_ledger_time(const consent_ledger_t *ledger, const consent_op_t *op)
{
    return op->now > ledger->meta.last_time ? op->now : ledger->meta.last_time;
}


consent_rc_t
consent_ledger_append(consent_ledger_t *ledger, consent_op_t *op, consent_slice_t entry)
{
    uint8_t       key[8];
    consent_rc_t  rc;

    op->index = ledger->meta.next_index;
    consent_put_u64(key, op->index);

    rc = consent_ledger_put(ledger, CONSENT_TABLE_ENTRIES, consent_slice(key, sizeof(key)), entry,
                            CONSENT_PUT_APPEND);

    if (rc == CONSENT_OK) {
        ledger->meta.last_time = consent_ledger_time(ledger, op);
        ledger->meta.next_index++;
    }

    return rc;
}


consent_rc_t
consent_ledger_put(consent_ledger_t *ledger, consent_table_t table, consent_slice_t key, consent_slice_t value,
    consent_put_t how)
{
    consent_rc_t  rc;

    rc = consent_view_put(&ledger->view, table, key, value, how);
    ledger->put += key.len + value.len;

    if (rc == CONSENT_CONFLICT) {
        rc = refuse(ledger, CONSENT_IO, "the store contradicts itself: what must be new is there");
    }

    if (rc != CONSENT_OK) {
        ledger->broken = rc;
    }

    return rc;
}


consent_rc_t
consent_ledger_delete(consent_ledger_t *ledger, consent_table_t table, consent_slice_t key)
{
    consent_rc_t  rc;

    rc = consent_view_delete(&ledger->view, table, key);

    if (rc != CONSENT_OK && rc != CONSENT_NOTFOUND) {
        ledger->broken = rc;
        return rc;
    }

    return CONSENT_OK;
}


consent_rc_t
consent_ledger_check_text(consent_ledger_t *ledger, consent_table_t table, consent_slice_t key,
    const uint8_t hash[static CONSENT_HASH_LEN], consent_slice_t text, bool *is_new)
{
    uint8_t          computed[CONSENT_HASH_LEN];
    consent_rc_t     rc;
    consent_slice_t  found;

    *is_new = false;

    rc = consent_view_get(&ledger->view, table, key, &found);

    if (rc != CONSENT_NOTFOUND) {
        return rc == CONSENT_OK ? CONSENT_OK : CONSENT_IO;
    }

    rc = consent_digest_sha256(ledger->digest, computed, &text, 1);

    if (rc != CONSENT_OK) {
        return CONSENT_IO;
    }

    if (memcmp(computed, hash, CONSENT_HASH_LEN) != 0) {
        return refuse(ledger, CONSENT_MALFORMED, "a text does not have the hash it is to be kept under");
    }

    *is_new = true;

    return CONSENT_OK;
}


static consent_rc_t
log_check(consent_ledger_t *ledger)
{
    consent_rc_t     rc;
    consent_slice_t  key, value;

    rc = consent_view_near(&ledger->view, CONSENT_TABLE_ENTRIES, consent_slice(NULL, 0), true, &key, &value);

    if (rc == CONSENT_NOTFOUND) {
        return ledger->meta.next_index == 0 ? CONSENT_OK : CONSENT_MALFORMED;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    return key.len == 8 && consent_get_u64(key.data) + 1 == ledger->meta.next_index ? CONSENT_OK
                                                                                   : CONSENT_MALFORMED;
}


static consent_rc_t
refuse(consent_ledger_t *ledger, consent_rc_t rc, const char *what)
{
    ledger->what = what;

    return rc;
}


static bool
is_own_fault(consent_rc_t rc)
{
    return rc == CONSENT_CONFLICT || rc == CONSENT_MALFORMED || rc == CONSENT_LIMIT || rc == CONSENT_FULL
           || rc == CONSENT_DENIED;
}
