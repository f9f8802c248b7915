/*
 * Buffers: they grow to their ceiling, and the first error stays.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"


static void
assert_text(const consent_buf_t *b, const char *expected)
{
    assert_int_equal(b->rc, CONSENT_OK);
    assert_int_equal(b->len, strlen(expected));
    assert_memory_equal(b->data, expected, b->len);
}


static void
everything_is_added_in_order(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 1000);
    assert_null(b.data);

    consent_buf_add(&b, "ab", 2);
    consent_buf_add(&b, NULL, 0);
    consent_buf_slice(&b, consent_lit("cd"));
    consent_buf_slice(&b, consent_slice(NULL, 0));
    consent_buf_str(&b, "ef");
    consent_buf_char(&b, '-');
    consent_buf_hex(&b, (const uint8_t *) "\x00\xfe", 2);
    consent_buf_printf(&b, " %s %d", "x", -5);
    assert_text(&b, "abcdef-00fe x -5");

    consent_buf_free(&b);
    assert_null(b.data);

    /* usable again */
    consent_buf_str(&b, "again");
    assert_text(&b, "again");
    consent_buf_free(&b);
}


static void
numbers_are_written_whole(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 1000);
    consent_buf_u64(&b, 0);
    consent_buf_char(&b, ' ');
    consent_buf_u64(&b, UINT64_MAX);
    consent_buf_char(&b, ' ');
    consent_buf_i64(&b, INT64_MIN);
    consent_buf_char(&b, ' ');
    consent_buf_i64(&b, INT64_MAX);
    consent_buf_char(&b, ' ');
    consent_buf_i64(&b, -1);
    assert_text(&b, "0 18446744073709551615 -9223372036854775808 9223372036854775807 -1");
    consent_buf_free(&b);
}


static void
it_grows_to_its_ceiling_and_no_further(void **state)
{
    size_t         i, ceiling;
    consent_buf_t  b;

    (void) state;

    for (ceiling = 0; ceiling < 3000; ceiling += 77) {
        consent_buf_init(&b, ceiling);

        for (i = 0; i < ceiling; i++) {
            consent_buf_char(&b, (char) i);
        }

        assert_int_equal(b.rc, CONSENT_OK);
        assert_int_equal(b.len, ceiling);
        assert_true(b.size <= ceiling);

        consent_buf_char(&b, 'x');
        assert_int_equal(b.rc, CONSENT_LIMIT);
        assert_int_equal(b.len, ceiling);

        for (i = 0; i < ceiling; i++) {
            assert_int_equal(b.data[i], (uint8_t) i);
        }

        consent_buf_free(&b);
        assert_int_equal(b.rc, CONSENT_OK);
    }
}


static void
the_first_error_stays(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 4);
    consent_buf_str(&b, "abc");
    consent_buf_str(&b, "de");
    assert_int_equal(b.rc, CONSENT_LIMIT);

    consent_buf_str(&b, "f");
    consent_buf_printf(&b, "f");
    consent_buf_u64(&b, 1);
    consent_buf_hex(&b, (const uint8_t *) "", 0);
    assert_int_equal(b.rc, CONSENT_LIMIT);
    assert_int_equal(b.len, 3);
    assert_memory_equal(b.data, "abc", 3);
    consent_buf_free(&b);

    consent_buf_init(&b, 400);
    consent_buf_printf(&b, "%500d", 1);
    assert_int_equal(b.rc, CONSENT_LIMIT);
    assert_int_equal(b.len, 0);
    consent_buf_free(&b);

    /* lengths that would wrap around */
    consent_buf_init(&b, 400);
    consent_buf_str(&b, "abc");
    consent_buf_add(&b, "x", SIZE_MAX - 1);
    assert_int_equal(b.rc, CONSENT_LIMIT);
    consent_buf_free(&b);
    consent_buf_hex(&b, (const uint8_t *) "x", SIZE_MAX / 2 + 1);
    assert_int_equal(b.rc, CONSENT_LIMIT);
    consent_buf_free(&b);
}


static void
long_formats_are_kept_whole(void **state)
{
    size_t         i;
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, 10000);
    consent_buf_printf(&b, "<%*d>", 5000, 7);
    assert_int_equal(b.rc, CONSENT_OK);
    assert_int_equal(b.len, 5002);
    assert_int_equal(b.data[0], '<');

    for (i = 1; i < 5000; i++) {
        assert_int_equal(b.data[i], ' ');
    }

    assert_memory_equal(b.data + 5000, "7>", 2);
    consent_buf_free(&b);
}


static void
fixed_memory_is_filled_and_never_replaced(void **state)
{
    char           memory[8];
    consent_buf_t  b;

    (void) state;

    memset(memory, '#', sizeof(memory));
    consent_buf_init_fixed(&b, memory, 7);
    consent_buf_str(&b, "1234567");
    assert_text(&b, "1234567");
    assert_ptr_equal(b.data, memory);

    consent_buf_char(&b, '8');
    assert_int_equal(b.rc, CONSENT_LIMIT);
    assert_memory_equal(memory, "1234567#", 8);

    consent_buf_free(&b);
    consent_buf_str(&b, "x");
    assert_text(&b, "x");
    assert_ptr_equal(b.data, memory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(everything_is_added_in_order),
        cmocka_unit_test(numbers_are_written_whole),
        cmocka_unit_test(it_grows_to_its_ceiling_and_no_further),
        cmocka_unit_test(the_first_error_stays),
        cmocka_unit_test(long_formats_are_kept_whole),
        cmocka_unit_test(fixed_memory_is_filled_and_never_replaced),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
