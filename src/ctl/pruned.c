/*
 * By which decision the entries of a log were dropped: an entry of a later log says so, and is taken at its word only if that
 * log holds.
 */

#include "ctl/verify.h"
#include "ledger/log.h"
#include "ledger/members.h"

typedef struct {
    consent_ctl_pruning_t  *pruning;
    uint64_t                number;         /* of the log that was pruned */
} pruned_t;

static consent_rc_t look(pruned_t *in, const consent_audit_conf_t *conf, consent_slice_t checkpoint,
    consent_slice_t origin);
static void each_entry(void *arg, uint64_t index, consent_slice_t entry, const uint8_t leaf[static CONSENT_HASH_LEN]);
static void each_fault(void *arg, const consent_audit_fault_t *fault);
static bool number_of(uint64_t *number, consent_slice_t *name, consent_slice_t origin, const consent_audit_conf_t *conf);


consent_rc_t
consent_ctl_pruning_find(consent_ctl_pruning_t *pruning, consent_ctl_source_t *later, const consent_note_key_t *keys,
    size_t n_keys, consent_slice_t origin)
{
    uint32_t              number, last;
    consent_rc_t          rc;
    consent_buf_t         checkpoint;
    consent_log_t         newest;
    pruned_t              in = { pruning, 0 };
    consent_audit_conf_t  conf = { .keys = keys, .n_keys = n_keys, .pruned = true, .arg = &in, .entry = each_entry,
                                   .fault = each_fault };

    number = last = 0;

    if (later->ledger != NULL) {
        rc = consent_log_find(later->ledger, CONSENT_LOG_NEWEST, &newest);

        if (rc != CONSENT_OK) {
            return rc;
        }

        last = newest.number;
    }

    consent_buf_init(&checkpoint, CONSENT_NOTE_MAX);

    for (rc = CONSENT_OK; rc == CONSENT_OK && number <= last && !pruning->found; number++) {
        later->number = number;
        checkpoint.len = 0;
        rc = later->ledger != NULL ? consent_log_checkpoint_of(later->ledger, number, false, &checkpoint)
                                   : consent_ctl_read_at(later->directory, "checkpoint", CONSENT_NOTE_MAX, &checkpoint);

        if (rc == CONSENT_OK) {
            conf.source = consent_ctl_source_audit(later);
            rc = look(&in, &conf, consent_buf_view(&checkpoint), origin);

        } else if (rc == CONSENT_NOTFOUND && later->ledger != NULL) {
            rc = CONSENT_OK;
        }
    }

    consent_buf_free(&checkpoint);

    return rc;
}


void
consent_ctl_pruning_init(consent_ctl_pruning_t *pruning)
{
    memset(pruning, 0, sizeof(consent_ctl_pruning_t));
    consent_buf_init(&pruning->origin, CONSENT_NOTE_NAME_MAX);
    consent_buf_init(&pruning->decision, CONSENT_ENTRY_MAX);
}


void
consent_ctl_pruning_free(consent_ctl_pruning_t *pruning)
{
    consent_buf_free(&pruning->origin);
    consent_buf_free(&pruning->decision);
}


/* In one log, if it is a later one of the same node. */
static consent_rc_t
look(pruned_t *in, const consent_audit_conf_t *conf, consent_slice_t checkpoint, consent_slice_t origin)
{
    uint64_t              number;
    consent_rc_t          rc;
    consent_audit_t       result;
    consent_slice_t       name, of;
    consent_checkpoint_t  c;

    if (consent_checkpoint_read(&c, checkpoint) != CONSENT_OK || !number_of(&in->number, &of, origin, conf)
        || !number_of(&number, &name, c.origin, conf) || !consent_slice_eq(name, of) || number <= in->number)
    {
        return CONSENT_OK;
    }

    in->pruning->faults = 0;
    rc = consent_audit(conf, checkpoint, &result);

    if (rc == CONSENT_OK && in->pruning->found) {
        consent_buf_slice(&in->pruning->origin, c.origin);
        rc = in->pruning->origin.rc;
    }

    return rc;
}


static void
each_entry(void *arg, uint64_t index, consent_slice_t entry, const uint8_t leaf[static CONSENT_HASH_LEN])
{
    uint64_t   number, leaves;
    pruned_t  *in = arg;

    (void) leaf;

    /* a look at the bytes spares reading most entries */

    if (in->pruning->found || memmem(entry.data, entry.len, "\"pruned\"", 8) == NULL
        || !consent_slice_eq(consent_members_find(entry, "type"), consent_lit("\"pruned\""))
        || !consent_note_number(&number, consent_members_find(entry, "log")) || number != in->number
        || !consent_note_number(&leaves, consent_members_find(entry, "leaves")))
    {
        return;
    }

    in->pruning->found = true;
    in->pruning->index = index;
    in->pruning->leaves = leaves;
    consent_buf_slice(&in->pruning->decision, consent_members_find(entry, "decision"));
}


static void
each_fault(void *arg, const consent_audit_fault_t *fault)
{
    (void) fault;

    ((pruned_t *) arg)->pruning->faults++;
}


/* The number of a log of one of these keys, and the key's name. */
static bool
number_of(uint64_t *number, consent_slice_t *name, consent_slice_t origin, const consent_audit_conf_t *conf)
{
    size_t              i;
    consent_note_key_t  key;

    for (i = 0; i < conf->n_keys; i++) {
        if (consent_audit_key(&key, &conf->keys[i], origin) == CONSENT_OK) {
            *name = consent_note_key_name(&conf->keys[i]);
            *number = 0;

            return origin.len == name->len
                   || consent_note_number(number, consent_slice(origin.data + name->len + 1, origin.len - name->len - 1));
        }
    }

    return false;
}
