/*
 * Masks: one for each value, numbered by label, the same for every spelling, and back again by its exact text.
 */

#include "minimize.h"
#include "minimize/masks.h"


static consent_slice_t
give(consent_masks_t *masks, const char *label, const char *value, const char *same)
{
    consent_slice_t  mask;

    assert_int_equal(consent_masks_give(masks, consent_cstr(label), consent_cstr(value), consent_cstr(same), &mask),
                     CONSENT_OK);

    return mask;
}


static void
assert_text(consent_slice_t s, const char *text)
{
    if (!consent_slice_eq(s, consent_cstr(text))) {
        fail_msg("\"%.*s\" instead of \"%s\"", (int) s.len, (const char *) s.data, text);
    }
}


static void
numbers_count_by_label(void **state)
{
    consent_masks_t  *masks = consent_masks_create();

    (void) state;

    assert_int_equal(consent_masks_count(masks), 0);
    assert_int_equal(consent_masks_longest(masks), 0);

    assert_text(give(masks, "email", "a@x.se", "A@X.SE"), "[email 1]");
    assert_text(give(masks, "phone", "070-1", "0701"), "[phone 1]");
    assert_text(give(masks, "email", "b@x.se", "B@X.SE"), "[email 2]");
    assert_text(give(masks, "phone", "a@x.se", "A@X.SE"), "[phone 2]");

    assert_int_equal(consent_masks_count(masks), 4);
    assert_int_equal(consent_masks_longest(masks), 9);

    consent_masks_destroy(masks);
}


static void
spellings_share_a_mask_and_the_first_comes_back(void **state)
{
    consent_masks_t  *masks = consent_masks_create();

    (void) state;

    assert_text(give(masks, "phone", "070-123 45 67", "46701234567"), "[phone 1]");
    assert_text(give(masks, "phone", "+46701234567", "46701234567"), "[phone 1]");
    assert_text(give(masks, "phone", "x", "4670123456"), "[phone 2]");

    assert_int_equal(consent_masks_count(masks), 2);
    assert_text(consent_masks_value(masks, consent_lit("[phone 1]")), "070-123 45 67");
    assert_text(consent_masks_value(masks, consent_lit("[phone 2]")), "x");

    consent_masks_destroy(masks);
}


static void
only_the_exact_mask_is_one(void **state)
{
    size_t            i;
    consent_masks_t  *masks = consent_masks_create();
    const char       *others[] = {
        "", "[phone 1", "phone 1]", "[phone 01]", "[Phone 1]", "[phone 2]", "[phone  1]", "[phone 1] ", "[phone]",
        "[0123456789012345678901234567890123456789012345678901234567890123456789 1]"
    };

    (void) state;

    assert_int_equal(consent_masks_value(masks, consent_lit("[phone 1]")).len, 0);
    give(masks, "phone", "1", "1");

    for (i = 0; i < consent_countof(others); i++) {
        assert_int_equal(consent_masks_value(masks, consent_cstr(others[i])).len, 0);
    }

    consent_masks_destroy(masks);
}


static void
labels_are_plain(void **state)
{
    size_t            i, k;
    consent_slice_t   mask;
    consent_masks_t  *masks = consent_masks_create();

    static const struct {
        const char  *label;
        const char  *mask;
    } rows[] = {
        { "case-number", "[case-number 1]" },
        { "\xc3\x84rendenummer", "[arendenummer 1]" },
        { "<b>\"x\"&\\%+=[1]\n", "[bx1 1]" },
        { "bx1", "[bx1 2]" },
        { " two words ", "[two words 1]" },
        { "\xe6\x97\xa5\xe6\x9c\xac", "[value 1]" },
        { "", "[value 2]" },
        { "0123456789012345678901234567890123456789012345678901234567890123456789",
          "[012345678901234567890123456789012345678901234567 1]" },
        { "end\xc3", "[end 1]" }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        mask = give(masks, rows[i].label, rows[i].mask, rows[i].mask);
        assert_text(mask, rows[i].mask);
        assert_true(mask.len <= CONSENT_MASK_LEN);

        for (k = 0; k < mask.len; k++) {
            assert_true(mask.data[k] >= 0x20 && mask.data[k] < 0x7f && strchr("\"'\\<>&%+=", mask.data[k]) == NULL);
        }
    }

    consent_masks_destroy(masks);
}


static void
beyond_the_bound_one_stands_for_nothing(void **state)
{
    char              value[16];
    size_t            i;
    consent_slice_t   mask, first;
    consent_masks_t  *masks = consent_masks_create();

    (void) state;

    first = give(masks, "card", "0", "0");

    for (i = 1; i < CONSENT_MASK_MAX; i++) {
        snprintf(value, sizeof(value), "%zu", i);
        mask = give(masks, "card", value, value);
    }

    assert_text(mask, "[card 4096]");
    assert_text(give(masks, "card", "new", "new"), "[withheld]");
    assert_text(give(masks, "email", "another", "another"), "[withheld]");
    assert_int_equal(consent_masks_value(masks, consent_lit("[withheld]")).len, 0);
    assert_int_equal(consent_masks_count(masks), CONSENT_MASK_MAX);

    /* those that were given stay, and are where they were */
    assert_ptr_equal(give(masks, "card", "0", "0").data, first.data);
    assert_text(give(masks, "card", "77", "77"), "[card 78]");
    assert_text(consent_masks_value(masks, consent_lit("[card 4096]")), "4095");

    consent_masks_destroy(masks);
}


static void
values_are_bounded(void **state)
{
    char              value[CONSENT_MASK_MAX_VALUE + 2];
    consent_masks_t  *masks = consent_masks_create();

    (void) state;

    memset(value, 'a', sizeof(value));
    value[CONSENT_MASK_MAX_VALUE + 1] = '\0';
    assert_text(give(masks, "x", value, value), "[withheld]");
    assert_int_equal(consent_masks_longest(masks), 10);

    value[CONSENT_MASK_MAX_VALUE] = '\0';
    assert_text(give(masks, "x", value, value), "[x 1]");
    assert_text(consent_masks_value(masks, consent_lit("[x 1]")), value);

    consent_masks_destroy(masks);
    consent_masks_destroy(NULL);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(numbers_count_by_label),
        cmocka_unit_test(spellings_share_a_mask_and_the_first_comes_back),
        cmocka_unit_test(only_the_exact_mask_is_one),
        cmocka_unit_test(labels_are_plain),
        cmocka_unit_test(beyond_the_bound_one_stands_for_nothing),
        cmocka_unit_test(values_are_bounded)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
