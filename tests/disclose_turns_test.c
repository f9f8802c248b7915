/*
 * Failed turns: counted in a row, forgotten with an answer, bounded whatever comes.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "disclose/turns.h"

static consent_turns_t  turns;


static uint64_t
hash_of(uint64_t n)
{
    n = (n + 1) * 0x9e3779b97f4a7c15u;
    n ^= n >> 29;
    n *= 0xbf58476d1ce4e5b9u;

    return n ^ n >> 32;
}


static void
test_in_a_row(void **state)
{
    unsigned  i;

    (void) state;

    memset(&turns, 0, sizeof(turns));
    assert_int_equal(consent_turns_failures(&turns, 0), 0);
    consent_turns_answered(&turns, 0);

    for (i = 1; i <= 300; i++) {
        consent_turns_failed(&turns, hash_of(1));
        assert_int_equal(consent_turns_failures(&turns, hash_of(1)), i < 255 ? i : 255);
    }

    assert_int_equal(consent_turns_failures(&turns, hash_of(2)), 0);
    consent_turns_answered(&turns, hash_of(2));
    consent_turns_answered(&turns, hash_of(1));
    assert_int_equal(consent_turns_failures(&turns, hash_of(1)), 0);

    consent_turns_failed(&turns, 0);
    assert_int_equal(consent_turns_failures(&turns, 0), 1);
}


/* Many others do not push out those that are about to be offered a person. */
static void
test_full(void **state)
{
    uint64_t  i;
    unsigned  kept;

    (void) state;

    memset(&turns, 0, sizeof(turns));

    for (i = 0; i < 100; i++) {
        consent_turns_failed(&turns, hash_of(i));
        consent_turns_failed(&turns, hash_of(i));
    }

    for (i = 100; i < 100000; i++) {
        consent_turns_failed(&turns, hash_of(i));
        assert_true(consent_turns_failures(&turns, hash_of(i)) >= 1);
    }

    for (i = 0, kept = 0; i < 100; i++) {
        kept += consent_turns_failures(&turns, hash_of(i)) == 2;
    }

    assert_int_equal(kept, 100);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_in_a_row),
        cmocka_unit_test(test_full)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
