/*
 * What a backup still says and must not be in force: who was erased since it was made, and every grant, for it may have been
 * withdrawn since. A lapse is a decision like others: she sees it in her record, and has a receipt of it.
 */

#include "ledger/restore_inside.h"
#include "policy/policy.h"

#include <stdlib.h>

#define LAPSE_BATCH     256         /* changes in one transaction */
#define LAPSE_LOOKS     65536       /* records looked at in one */
#define LAPSE_POLICIES  64          /* versions that are kept loaded */

typedef struct {
    consent_restoring_t  *r;
    uint8_t               next[CONSENT_STATE_KEY_LEN + 1];      /* where the next batch begins */
    size_t                next_len;
    size_t                looked;
    size_t                n;
    uint8_t               keys[LAPSE_BATCH][CONSENT_STATE_KEY_LEN];
    consent_state_t       states[LAPSE_BATCH];
    consent_time_t        kept_until[LAPSE_BATCH];
    consent_rc_t          rc;
    consent_policy_t     *policies[LAPSE_POLICIES];
    size_t                n_policies;
} lapse_t;

static consent_rc_t batches(lapse_t *lapse, consent_table_t table, consent_walk_pt each,
    consent_rc_t (*change)(lapse_t *lapse, size_t i));
static bool each_subject(void *arg, consent_slice_t key, consent_slice_t value);
static bool each_state(void *arg, consent_slice_t key, consent_slice_t value);
static bool look(lapse_t *lapse, consent_slice_t key);
static const consent_kept_t *find_kept(consent_restoring_t *r, const uint8_t mac[static CONSENT_TOMBSTONE_KEY_LEN]);
static consent_rc_t erase(lapse_t *lapse, size_t i);
static consent_rc_t take_back(lapse_t *lapse, size_t i);
static consent_rc_t keep_stamp(lapse_t *lapse, size_t i);
static const consent_message_t *tell(lapse_t *lapse, size_t i, const consent_policy_t *policy, consent_mask_t lost);
static consent_policy_t *policy_of(lapse_t *lapse, uint64_t key);


consent_rc_t
consent_restore_erase(consent_restoring_t *r)
{
    size_t        i;
    lapse_t      *lapse;
    consent_rc_t  rc;

    if (r->n_kept == 0) {
        return CONSENT_OK;
    }

    lapse = calloc(1, sizeof(lapse_t));

    if (lapse == NULL) {
        return CONSENT_NOMEM;
    }

    lapse->r = r;
    rc = batches(lapse, CONSENT_TABLE_KEYS, each_subject, erase);
    free(lapse);

    /* also of who is not in the backup: another node's word of her may be old, too */

    for (i = 0; rc == CONSENT_OK && i < r->n_kept;) {
        rc = consent_ledger_begin(r->ledger);

        do {
            if (rc == CONSENT_OK && r->kept[i].keep_until > r->conf->now) {
                rc = consent_ledger_tombstone_put(r->ledger, consent_slice(r->kept[i].mac, CONSENT_TOMBSTONE_KEY_LEN),
                                                  r->kept[i].erased_at, r->kept[i].keep_until);
            }
        } while (++i % LAPSE_BATCH != 0 && i < r->n_kept);

        if (rc == CONSENT_OK) {
            rc = consent_ledger_commit(r->ledger);
        }
    }

    return rc;
}


consent_rc_t
consent_restore_lapse(consent_restoring_t *r)
{
    size_t        i;
    lapse_t      *lapse;
    consent_rc_t  rc;

    lapse = calloc(1, sizeof(lapse_t));

    if (lapse == NULL) {
        return CONSENT_NOMEM;
    }

    lapse->r = r;
    rc = batches(lapse, CONSENT_TABLE_STATE, each_state, take_back);

    for (i = 0; i < lapse->n_policies; i++) {
        consent_policy_destroy(lapse->policies[i]);
    }

    free(lapse);

    return rc;
}


/* Looks for what has to be changed, from where the batch before ended, and changes it, in one transaction. */
static consent_rc_t
batches(lapse_t *lapse, consent_table_t table, consent_walk_pt each, consent_rc_t (*change)(lapse_t *lapse, size_t i))
{
    size_t        i;
    consent_rc_t  rc;

    do {
        lapse->n = lapse->looked = 0;
        rc = consent_ledger_begin(lapse->r->ledger);

        if (rc == CONSENT_OK) {
            rc = consent_view_walk(&lapse->r->ledger->view, table, consent_slice(lapse->next, lapse->next_len), each, lapse);
            rc = rc == CONSENT_OK ? lapse->rc : rc;
        }

        for (i = 0; rc == CONSENT_OK && i < lapse->n; i++) {
            rc = change(lapse, i);
        }

        if (rc == CONSENT_OK) {
            rc = consent_ledger_commit(lapse->r->ledger);
        }
    } while (rc == CONSENT_OK && lapse->looked > 0);

    return rc;
}


static bool
each_subject(void *arg, consent_slice_t key, consent_slice_t value)
{
    lapse_t               *lapse = arg;
    uint8_t                mac[CONSENT_TOMBSTONE_KEY_LEN];
    consent_time_t         newest, expires;
    consent_ledger_t      *ledger = lapse->r->ledger;
    const consent_kept_t  *kept;

    (void) value;

    if (key.len != CONSENT_SUBJECT_LEN) {
        lapse->rc = CONSENT_MALFORMED;
        return false;
    }

    lapse->rc = consent_ledger_tombstone_key(mac, &ledger->write_mac[0], ledger->meta.tombstone_key, key.data);
    kept = lapse->rc == CONSENT_OK ? find_kept(lapse->r, mac) : NULL;

    if (kept != NULL) {
        newest = expires = 0;
        lapse->rc = consent_ledger_newest(ledger, key.data, &newest, &expires);

        /* what she decided after the erasure is of after it */
        if (lapse->rc == CONSENT_OK && newest <= kept->erased_at) {
            memcpy(lapse->keys[lapse->n], key.data, CONSENT_SUBJECT_LEN);
            lapse->kept_until[lapse->n++] = kept->keep_until;
        }
    }

    return lapse->rc == CONSENT_OK && look(lapse, key);
}


static bool
each_state(void *arg, consent_slice_t key, consent_slice_t value)
{
    lapse_t          *lapse = arg;
    consent_state_t   state;

    if (key.len != CONSENT_STATE_KEY_LEN) {
        lapse->rc = CONSENT_MALFORMED;
        return false;
    }

    /* a damaged one is in force for nobody */
    if (consent_state_decode(&state, value) == CONSENT_OK
        && (state.decision.granted != 0 || state.decision.stamp < lapse->r->floor))
    {
        memcpy(lapse->keys[lapse->n], key.data, key.len);
        lapse->states[lapse->n++] = state;
    }

    return look(lapse, key);
}


/* On to the next: its key is at least one byte longer, or later. */
static bool
look(lapse_t *lapse, consent_slice_t key)
{
    memcpy(lapse->next, key.data, key.len);
    lapse->next[key.len] = 0;
    lapse->next_len = key.len + 1;
    lapse->looked++;

    return lapse->n < LAPSE_BATCH && lapse->looked < LAPSE_LOOKS;
}


static const consent_kept_t *
find_kept(consent_restoring_t *r, const uint8_t mac[static CONSENT_TOMBSTONE_KEY_LEN])
{
    int     order;
    size_t  low, high, middle;

    for (low = 0, high = r->n_kept; low < high;) {
        middle = low + (high - low) / 2;
        order = memcmp(r->kept[middle].mac, mac, CONSENT_TOMBSTONE_KEY_LEN);

        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }

    return low < r->n_kept && memcmp(r->kept[low].mac, mac, CONSENT_TOMBSTONE_KEY_LEN) == 0 ? &r->kept[low] : NULL;
}


/* A hold that the backup knows was released before she was erased. */
static consent_rc_t
erase(lapse_t *lapse, size_t i)
{
    consent_op_t   op;
    consent_rc_t   rc;

    memset(&op, 0, sizeof(op));
    memcpy(op.subject, lapse->keys[i], CONSENT_SUBJECT_LEN);
    op.now = lapse->r->conf->now;
    op.type = CONSENT_OP_HOLD;
    op.release = true;
    rc = consent_ledger_apply(lapse->r->ledger, &op);

    if (rc == CONSENT_OK || rc == CONSENT_CONFLICT) {
        op.type = CONSENT_OP_ERASURE;
        op.keep_until = lapse->kept_until[i];
        op.message = tell(lapse, i, NULL, 0);
        rc = consent_ledger_apply(lapse->r->ledger, &op);
        lapse->r->out->erased++;
    }

    return rc;
}


static consent_rc_t
take_back(lapse_t *lapse, size_t i)
{
    consent_op_t             op;
    const consent_state_t   *state = &lapse->states[i];
    const consent_policy_t  *policy;

    if (state->decision.granted == 0) {
        return keep_stamp(lapse, i);
    }

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_DECISION;
    op.now = lapse->r->conf->now;
    memcpy(op.subject, lapse->keys[i], CONSENT_SUBJECT_LEN);
    op.policy.id_key = consent_get_u64(lapse->keys[i] + CONSENT_SUBJECT_LEN);
    op.policy.key = state->decision.policy;
    op.level = consent_lit("custom");

    policy = policy_of(lapse, state->decision.policy);

    if (policy != NULL) {
        op.policy.id = policy->id;
        op.policy.version = policy->version;
        memcpy(op.policy.hash, policy->hash, CONSENT_HASH_LEN);
        op.level = policy->levels[0].id;
        op.language = policy->languages[0];
    }

    op.identified = state->identified;
    op.decision = state->decision;
    op.decision.granted = 0;
    op.decision.level = policy != NULL ? 0 : CONSENT_LEVEL_CUSTOM;
    op.decision.status = CONSENT_STATUS_LAPSED;
    op.decision.scope = op.decision.scope == CONSENT_SCOPE_ONCE ? CONSENT_SCOPE_SESSION : op.decision.scope;
    op.decision.by = CONSENT_BY_CLERK;
    op.decision.method = CONSENT_METHOD_OPERATOR;
    op.decision.decided_at = lapse->r->conf->now;
    op.decision.stamp = lapse->r->floor;
    op.message = policy != NULL ? tell(lapse, i, policy, state->decision.granted & policy->consent_mask) : NULL;
    lapse->r->out->lapsed++;

    return consent_ledger_apply(lapse->r->ledger, &op);
}


static const consent_message_t *
tell(lapse_t *lapse, size_t i, const consent_policy_t *policy, consent_mask_t lost)
{
    const consent_restore_t  *conf = lapse->r->conf;

    return conf->tell != NULL ? conf->tell(conf->arg, lapse->keys[i], policy, lost) : NULL;
}


/* A refusal or a withdrawal stays what it is, but no cookie of before comes after it. */
static consent_rc_t
keep_stamp(lapse_t *lapse, size_t i)
{
    uint8_t           record[CONSENT_STATE_LEN];
    consent_state_t  *state = &lapse->states[i];

    state->decision.stamp = lapse->r->floor;
    consent_state_encode(record, state);

    return consent_ledger_put(lapse->r->ledger, CONSENT_TABLE_STATE, consent_slice(lapse->keys[i], CONSENT_STATE_KEY_LEN),
                              consent_slice(record, sizeof(record)), CONSENT_PUT_REPLACE);
}


/* The version that a decision was under; NULL: the store does not know it any more. */
static consent_policy_t *
policy_of(lapse_t *lapse, uint64_t key)
{
    size_t             i;
    uint8_t            k[8];
    consent_rc_t       rc;
    consent_slice_t    document;
    consent_faults_t   faults = { NULL, NULL, NULL, 0, 0 };
    consent_policy_t  *policy;

    for (i = 0; i < lapse->n_policies; i++) {
        if (lapse->policies[i]->key == key) {
            return lapse->policies[i];
        }
    }

    consent_put_u64(k, key);
    rc = consent_view_get(&lapse->r->ledger->view, CONSENT_TABLE_POLICIES, consent_slice(k, sizeof(k)), &document);
    faults.arena = rc == CONSENT_OK ? consent_arena_create(1024 * 1024) : NULL;

    if (faults.arena == NULL) {
        return NULL;
    }

    rc = consent_policy_load(&policy, document, &faults);
    consent_arena_destroy(faults.arena);

    if (rc != CONSENT_OK) {
        return NULL;
    }

    if (lapse->n_policies == LAPSE_POLICIES) {
        consent_policy_destroy(lapse->policies[--lapse->n_policies]);
    }

    lapse->policies[lapse->n_policies++] = policy;

    return policy;
}
