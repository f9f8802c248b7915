/*
 * The fixture of the ledger's tests: a store of its own for each, and what is known of a subject.
 */

#ifndef TESTS_LEDGER_FIXTURE_H
#define TESTS_LEDGER_FIXTURE_H

#include "ledger.h"

typedef struct {
    size_t              n;
    consent_decision_t  decisions[8];
    uint64_t            index[8];
} past_t;

static const char        *directory;
static consent_ledger_t  *ledger;


static inline int
set_up(void **state)
{
    (void) state;

    directory = temporary_directory();
    ledger = open_ledger(directory, 0, false);

    return 0;
}


static inline int
tear_down(void **state)
{
    (void) state;

    consent_ledger_close(ledger);
    remove_directory(directory);

    return 0;
}


static inline bool
each_past(void *arg, const consent_decision_t *decision, uint64_t index)
{
    past_t  *past = arg;

    if (past->n < consent_countof(past->index)) {
        past->decisions[past->n] = *decision;
        past->index[past->n] = index;
    }

    past->n++;

    return true;
}


static inline void
assert_decision(const consent_decision_t *d, const consent_decision_t *expected)
{
    assert_int_equal(d->policy, expected->policy);
    assert_int_equal(d->granted, expected->granted);
    assert_int_equal(d->level, expected->level);
    assert_int_equal(d->status, expected->status);
    assert_int_equal(d->scope, expected->scope);
    assert_int_equal(d->ai, expected->ai);
    assert_int_equal(d->by, expected->by);
    assert_int_equal(d->method, expected->method);
    assert_int_equal(d->gpc, expected->gpc);
    assert_int_equal(d->stamp, expected->stamp);
    assert_int_equal(d->decided_at, expected->decided_at);
    assert_int_equal(d->expires_at, expected->expires_at);
    assert_memory_equal(d->receipt, expected->receipt, CONSENT_ID_LEN);
}


static inline past_t
history_of(uint64_t n, uint64_t id_key)
{
    past_t   past = { 0 };
    uint8_t  subject[CONSENT_SUBJECT_LEN];

    subject_of(subject, n);
    assert_int_equal(consent_ledger_history(ledger, subject, id_key, each_past, &past), CONSENT_OK);

    return past;
}


typedef struct {
    size_t    opened;
    size_t    closed;
} openings_t;

static inline bool
each_opened(void *arg, uint64_t index, consent_time_t logged_at, bool opens)
{
    openings_t  *o = arg;

    (void) index;
    (void) logged_at;

    *(opens ? &o->opened : &o->closed) += 1;

    return true;
}


static inline openings_t
openings_of(uint64_t n)
{
    uint8_t     subject[CONSENT_SUBJECT_LEN];
    openings_t  o = { 0 };

    subject_of(subject, n);
    assert_int_equal(consent_ledger_opened(ledger, subject, each_opened, &o), CONSENT_OK);

    return o;
}

#endif
