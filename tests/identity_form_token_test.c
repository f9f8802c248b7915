/*
 * Form tokens: for one form, one reader, and a while.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "identity/form_token.h"

#define NOW  INT64_C(1795338900000)

static consent_keys_t  keys;


static int
begin(void **state)
{
    (void) state;
    memset(&keys, 0, sizeof(keys));
    keys.form = consent_mac_create(consent_lit("0123456789abcdef0123456789abcdef"));
    return keys.form == NULL;
}


static int
finish(void **state)
{
    (void) state;
    consent_mac_destroy(keys.form);
    return 0;
}


static consent_rc_t
check(consent_slice_t token, const char *purpose, const char *binding, consent_time_t now)
{
    return consent_form_token_check(token, &keys, consent_cstr(purpose), consent_cstr(binding), now);
}


static void
a_token_is_for_one_form_and_one_reader(void **state)
{
    char             text[CONSENT_FORM_TOKEN_LEN];
    consent_slice_t  t;

    (void) state;

    assert_int_equal(consent_form_token_make(text, &keys, consent_lit("choice"), consent_lit("anna"), NOW),
                     CONSENT_OK);
    t = consent_slice(text, sizeof(text));

    assert_int_equal(check(t, "choice", "anna", NOW), CONSENT_OK);
    assert_int_equal(check(t, "erase", "anna", NOW), CONSENT_DENIED);
    assert_int_equal(check(t, "forget", "anna", NOW), CONSENT_DENIED);
    assert_int_equal(check(t, "choice", "bo", NOW), CONSENT_DENIED);
    assert_int_equal(check(t, "choice", "", NOW), CONSENT_DENIED);
    assert_int_equal(check(t, "", "choiceanna", NOW), CONSENT_DENIED);
    assert_int_equal(check(t, "choicea", "nna", NOW), CONSENT_DENIED);
}


static void
a_token_lasts_twelve_hours(void **state)
{
    char             text[CONSENT_FORM_TOKEN_LEN];
    consent_slice_t  t;

    (void) state;

    assert_int_equal(consent_form_token_make(text, &keys, consent_lit("choice"), consent_lit("anna"), NOW),
                     CONSENT_OK);
    t = consent_slice(text, sizeof(text));

    assert_int_equal(check(t, "choice", "anna", NOW + CONSENT_FORM_TOKEN_TTL), CONSENT_OK);
    assert_int_equal(check(t, "choice", "anna", NOW + CONSENT_FORM_TOKEN_TTL + 1), CONSENT_EXPIRED);

    /* another node's clock */
    assert_int_equal(check(t, "choice", "anna", NOW - CONSENT_FORM_TOKEN_SKEW), CONSENT_OK);
    assert_int_equal(check(t, "choice", "anna", NOW - CONSENT_FORM_TOKEN_SKEW - 1), CONSENT_EXPIRED);
}


static void
changed_and_cut_tokens_are_refused(void **state)
{
    char             text[CONSENT_FORM_TOKEN_LEN + 1];
    size_t           i;
    consent_keys_t   others;

    (void) state;

    assert_int_equal(consent_form_token_make(text, &keys, consent_lit("choice"), consent_lit("anna"), NOW),
                     CONSENT_OK);
    text[CONSENT_FORM_TOKEN_LEN] = 'A';

    for (i = 0; i < CONSENT_FORM_TOKEN_LEN; i++) {
        assert_int_equal(check(consent_slice(text, i), "choice", "anna", NOW), CONSENT_DENIED);
        text[i] ^= 1;
        assert_int_equal(check(consent_slice(text, CONSENT_FORM_TOKEN_LEN), "choice", "anna", NOW),
                         CONSENT_DENIED);
        text[i] ^= 1;
    }

    assert_int_equal(check(consent_slice(text, CONSENT_FORM_TOKEN_LEN), "choice", "anna", NOW), CONSENT_OK);
    assert_int_equal(check(consent_slice(text, CONSENT_FORM_TOKEN_LEN + 1), "choice", "anna", NOW),
                     CONSENT_DENIED);
    assert_int_equal(check(consent_slice(NULL, 0), "choice", "anna", NOW), CONSENT_DENIED);

    memset(&others, 0, sizeof(others));
    others.form = consent_mac_create(consent_lit("fedcba9876543210fedcba9876543210"));
    assert_int_equal(consent_form_token_check(consent_slice(text, CONSENT_FORM_TOKEN_LEN), &others,
                                              consent_lit("choice"), consent_lit("anna"), NOW),
                                              CONSENT_DENIED);
    consent_mac_destroy(others.form);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_token_is_for_one_form_and_one_reader),
        cmocka_unit_test(a_token_lasts_twelve_hours),
        cmocka_unit_test(changed_and_cut_tokens_are_refused),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
