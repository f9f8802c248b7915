/*
 * What anonymous citizens decided is removed when it has run out: a few states behind each decision, so that the store grows
 * with those who are there and not with those who ever were. The log says of each that it has expired, and opens no more.
 *
 * Who is logged in keeps her record: she can ask for it, and erase it.
 */

#include "ledger/inside.h"
#include "ledger/members.h"

#define EXPIRE_LOOKS  4                                             /* states looked at behind a decision */
#define EXPIRE_AFTER  ((consent_time_t) 24 * 60 * 60 * 1000)        /* ms that it is kept longer: clocks may be wrong */

static consent_rc_t next_state(consent_ledger_t *ledger, uint8_t key[static CONSENT_STATE_KEY_LEN], consent_state_t *state);
static consent_rc_t expire(consent_ledger_t *ledger, const consent_op_t *behind,
    const uint8_t key[static CONSENT_STATE_KEY_LEN], const consent_state_t *state);
static consent_slice_t first_level(consent_ledger_t *ledger, uint64_t policy);
static consent_rc_t remove_past(consent_ledger_t *ledger, const uint8_t state_key[static CONSENT_STATE_KEY_LEN]);
static consent_rc_t remove_key(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN]);


consent_rc_t
consent_ledger_expire(consent_ledger_t *ledger, const consent_op_t *behind)
{
    int              i;
    uint8_t          key[CONSENT_STATE_KEY_LEN];
    consent_rc_t     rc;
    consent_state_t  state;
    consent_time_t   held;

    for (i = 0; i < EXPIRE_LOOKS; i++) {
        rc = next_state(ledger, key, &state);

        if (rc != CONSENT_OK) {
            return rc == CONSENT_NOTFOUND || rc == CONSENT_MALFORMED ? CONSENT_OK : rc;
        }

        /* an entry is under the policy in force: what is of another waits for a decision under that one */

        if (state.identified || consent_get_u64(key + CONSENT_SUBJECT_LEN) != behind->policy.id_key
            || state.decision.expires_at >= behind->now - EXPIRE_AFTER
            || memcmp(key, behind->subject, CONSENT_SUBJECT_LEN) == 0
            || consent_ledger_hold(&ledger->view, key, &held) != CONSENT_NOTFOUND)
        {
            continue;
        }

        rc = expire(ledger, behind, key, &state);

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


/* In their order, each worker from where it was last. CONSENT_MALFORMED: this one cannot be read. */
static consent_rc_t
next_state(consent_ledger_t *ledger, uint8_t key[static CONSENT_STATE_KEY_LEN], consent_state_t *state)
{
    size_t           i;
    consent_rc_t     rc;
    consent_slice_t  found, value;

    rc = consent_view_near(&ledger->view, CONSENT_TABLE_STATE, consent_slice(ledger->expired, sizeof(ledger->expired)), false,
                           &found, &value);

    if (rc == CONSENT_NOTFOUND) {
        /* again from the first */
        memset(ledger->expired, 0, sizeof(ledger->expired));
        return rc;
    }

    if (rc != CONSENT_OK || found.len != CONSENT_STATE_KEY_LEN) {
        return rc == CONSENT_OK ? CONSENT_MALFORMED : rc;
    }

    memcpy(key, found.data, CONSENT_STATE_KEY_LEN);
    memcpy(ledger->expired, found.data, CONSENT_STATE_KEY_LEN);

    for (i = CONSENT_STATE_KEY_LEN; i > 0 && ++ledger->expired[i - 1] == 0; i--) { /* void */ }

    return consent_state_decode(state, value);
}


/* A decision like others, so that other nodes hear of it; then all that would open it goes. */
static consent_rc_t
expire(consent_ledger_t *ledger, const consent_op_t *behind, const uint8_t key[static CONSENT_STATE_KEY_LEN],
    const consent_state_t *state)
{
    consent_op_t  op;
    consent_rc_t  rc;

    memset(&op, 0, sizeof(op));
    op.type = CONSENT_OP_DECISION;
    op.policy = behind->policy;
    op.now = behind->now;
    memcpy(op.subject, key, CONSENT_SUBJECT_LEN);
    op.language = behind->language;
    op.level = first_level(ledger, behind->policy.key);

    op.decision = state->decision;
    op.decision.policy = behind->policy.key;
    op.decision.granted = 0;
    op.decision.level = op.level.len > 0 ? 0 : CONSENT_LEVEL_CUSTOM;
    op.decision.status = CONSENT_STATUS_EXPIRED;
    op.decision.scope = op.decision.scope == CONSENT_SCOPE_ONCE ? CONSENT_SCOPE_SESSION : op.decision.scope;
    op.decision.stamp = 0;

    if (op.level.len == 0) {
        op.level = consent_lit("custom");
    }

    rc = consent_ledger_put_decision(ledger, &op);

    if (rc == CONSENT_OK) {
        rc = consent_outgoing_put(ledger, &op);
    }

    if (rc == CONSENT_OK) {
        rc = consent_ledger_delete(ledger, CONSENT_TABLE_STATE, consent_slice(key, CONSENT_STATE_KEY_LEN));
    }

    if (rc == CONSENT_OK) {
        rc = remove_past(ledger, key);
    }

    return rc == CONSENT_OK ? remove_key(ledger, key) : rc;
}


/* Its id, out of the policy's document; empty: the store has not got it. */
static consent_slice_t
first_level(consent_ledger_t *ledger, uint64_t policy)
{
    uint8_t          key[8];
    consent_slice_t  document, levels, id;

    consent_put_u64(key, policy);

    if (consent_view_get(&ledger->view, CONSENT_TABLE_POLICIES, consent_slice(key, sizeof(key)), &document) != CONSENT_OK) {
        return consent_slice(NULL, 0);
    }

    levels = consent_members_find(document, "levels");

    if (levels.len < 2) {
        return consent_slice(NULL, 0);
    }

    /* of the first object behind '[': the end of the list is the end of what is read */
    id = consent_members_find(consent_slice(levels.data + 1, levels.len - 1), "id");

    return id.len < 2 || id.len - 2 > sizeof(ledger->level) || memchr(id.data, '\\', id.len) != NULL
           ? consent_slice(NULL, 0)
           : consent_slice(memcpy(ledger->level, id.data + 1, id.len - 2), id.len - 2);
}


static consent_rc_t
remove_past(consent_ledger_t *ledger, const uint8_t state_key[static CONSENT_STATE_KEY_LEN])
{
    uint8_t          key[CONSENT_PAST_KEY_LEN];
    consent_rc_t     rc;
    consent_past_t   past;
    consent_slice_t  found, value;

    for ( ;; ) {
        rc = consent_view_near(&ledger->view, CONSENT_TABLE_HISTORY, consent_slice(state_key, CONSENT_STATE_KEY_LEN), false,
                               &found, &value);

        if (rc != CONSENT_OK || found.len != sizeof(key) || memcmp(found.data, state_key, CONSENT_STATE_KEY_LEN) != 0) {
            return rc == CONSENT_OK || rc == CONSENT_NOTFOUND ? CONSENT_OK : rc;
        }

        memcpy(key, found.data, sizeof(key));

        if (consent_past_decode(&past, value) == CONSENT_OK) {
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_RECEIPTS, consent_slice(past.decision.receipt, CONSENT_ID_LEN));
        }

        if (rc == CONSENT_OK) {
            rc = consent_ledger_delete(ledger, CONSENT_TABLE_HISTORY, consent_slice(key, sizeof(key)));
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }
}


/* Unless she has something under another policy. */
static consent_rc_t
remove_key(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN])
{
    consent_rc_t     rc;
    consent_slice_t  found, value;

    rc = consent_view_near(&ledger->view, CONSENT_TABLE_STATE, consent_slice(subject, CONSENT_SUBJECT_LEN), false, &found,
                           &value);

    if (rc == CONSENT_OK && found.len >= CONSENT_SUBJECT_LEN && memcmp(found.data, subject, CONSENT_SUBJECT_LEN) == 0) {
        return CONSENT_OK;
    }

    return rc == CONSENT_OK || rc == CONSENT_NOTFOUND
           ? consent_ledger_delete(ledger, CONSENT_TABLE_KEYS, consent_slice(subject, CONSENT_SUBJECT_LEN)) : rc;
}
