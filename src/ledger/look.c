/*
 * The lookup that each request makes. What was found is remembered until the store changes: a citizen's page asks for her
 * state a dozen times, and a decision is rare. A mark that is read without a lock or a system call says whether the store
 * is still the same; a decision that was acknowledged, in whatever process, has changed it.
 */

#include "ledger/inside.h"

static consent_seen_t *seen_of(consent_ledger_t *ledger, const uint8_t key[static CONSENT_STATE_KEY_LEN]);
static consent_rc_t look_up(consent_ledger_t *ledger, consent_seen_t *seen,
    const uint8_t subject[static CONSENT_SUBJECT_LEN], consent_mark_t mark);


consent_rc_t
consent_ledger_state(consent_ledger_t *ledger, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    uint64_t policy_id_key, consent_decision_t *decision, consent_time_t *erased_at)
{
    uint8_t          key[CONSENT_STATE_KEY_LEN];
    consent_rc_t     rc;
    consent_mark_t   mark;
    consent_seen_t  *seen;

    *erased_at = 0;

    if (ledger->refused) {
        return CONSENT_IO;
    }

    consent_state_key(key, subject, policy_id_key);
    seen = seen_of(ledger, key);

    rc = consent_store_look_begin(ledger->store, &mark);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (mark.number == 0 || seen->mark.number != mark.number || seen->mark.opened != mark.opened
        || memcmp(seen->key, key, sizeof(key)) != 0)
    {
        seen->mark.number = 0;
        memcpy(seen->key, key, sizeof(key));
        rc = look_up(ledger, seen, subject, mark);
    }

    consent_store_look_end(ledger->store);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (seen->rc == CONSENT_OK) {
        *decision = seen->decision;
    }

    *erased_at = seen->erased_at;

    return seen->rc;
}


uint64_t
consent_ledger_mark(consent_ledger_t *ledger)
{
    consent_mark_t  mark;

    if (consent_store_look_begin(ledger->store, &mark) != CONSENT_OK) {
        return 0;
    }

    consent_store_look_end(ledger->store);

    return mark.number;
}


bool
consent_ledger_is_looking(const consent_ledger_t *ledger)
{
    return consent_store_is_looking(ledger->store);
}


void
consent_ledger_state_rest(consent_ledger_t *ledger)
{
    consent_store_look_rest(ledger->store);
}


/* Subjects are random, or look so. */
static consent_seen_t *
seen_of(consent_ledger_t *ledger, const uint8_t key[static CONSENT_STATE_KEY_LEN])
{
    uint64_t  a, b;

    memcpy(&a, key, 8);
    memcpy(&b, key + CONSENT_SUBJECT_LEN, 8);

    return &ledger->seen[(a ^ b) % CONSENT_LEDGER_SEEN];
}


/* CONSENT_OK: seen->rc says what was found. */
static consent_rc_t
look_up(consent_ledger_t *ledger, consent_seen_t *seen, const uint8_t subject[static CONSENT_SUBJECT_LEN],
    consent_mark_t mark)
{
    consent_rc_t     rc;
    consent_view_t   view;
    consent_state_t  state;
    consent_slice_t  value;

    seen->erased_at = 0;

    rc = consent_store_look(ledger->store, &view, &mark);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = consent_view_get(&view, CONSENT_TABLE_STATE, consent_slice(seen->key, sizeof(seen->key)), &value);

    if (rc == CONSENT_OK) {
        rc = consent_state_decode(&state, value);

        if (rc == CONSENT_OK) {
            seen->decision = state.decision;
            seen->rc = CONSENT_OK;
        }

    } else if (rc == CONSENT_NOTFOUND) {
        rc = consent_ledger_erased_at(&seen->erased_at, &view, ledger->look_mac, subject);
        seen->rc = CONSENT_NOTFOUND;
    }

    if (rc == CONSENT_OK) {
        seen->mark = mark;
    }

    return rc == CONSENT_OK ? CONSENT_OK : CONSENT_IO;
}
