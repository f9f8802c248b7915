/*
 * What an operator does to a record is written under the name of a node, or not at all.
 */

#include "ctl.h"


static void
a_store_of_no_node_takes_nothing(void **state)
{
    ran_t              ran;
    char               subject[33];
    uint8_t            id[CONSENT_SUBJECT_LEN];
    const char        *directory = temporary_directory(), *keys = temporary_directory();
    consent_ledger_t  *ledger;

    (void) state;

    fill_store(directory, 2);
    subject_of(id, 1);
    consent_hex(subject, id, sizeof(id));
    subject[32] = '\0';

    assert_says(ctl("hold %s %s", directory, subject), 2, "does not say of which node it is");
    assert_says(ctl("erase %s %s", directory, subject), 2, "nothing was written");
    assert_says(ctl("withdraw %s %s", directory, subject), 2, "nginx was never started on it");
    assert_int_equal(count_lines(ctl("log show %s", directory).out), 2);

    /* the keys of the node say it */
    assert_says(ctl("keygen %s/k --name a.example", keys), 0, "");
    ran = ctl("hold %s %s --keys %s/k", directory, subject, keys);
    assert_says(ran, 0, "Entry 2 of the log");
    ledger = open_ledger(directory, CONSENT_LEDGER_AS_IS, false);
    assert_string_equal(member(entry_at(ledger, 2), "node"), "a.example");
    consent_ledger_close(ledger);

    remove_directory(directory);
    remove_directory(keys);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_store_of_no_node_takes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
