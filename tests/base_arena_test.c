/*
 * Arenas: zeroed, aligned, bounded.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/arena.h"


static void
memory_is_zeroed_aligned_and_apart(void **state)
{
    size_t            i, k, sizes[300];
    uint8_t          *pieces[300];
    consent_arena_t  *a;

    (void) state;
    srandom(3);

    a = consent_arena_create(64 << 20);
    assert_non_null(a);

    for (i = 0; i < 300; i++) {
        sizes[i] = i % 50 == 49 ? 100000 : (size_t) random() % 6000;
        pieces[i] = consent_arena_alloc(a, sizes[i]);
        assert_non_null(pieces[i]);
        assert_int_equal((uintptr_t) pieces[i] % 16, 0);

        for (k = 0; k < sizes[i]; k++) {
            assert_int_equal(pieces[i][k], 0);
        }

        memset(pieces[i], (int) (i % 255 + 1), sizes[i]);
    }

    for (i = 0; i < 300; i++) {
        for (k = 0; k < sizes[i]; k++) {
            assert_int_equal(pieces[i][k], i % 255 + 1);
        }
    }

    consent_arena_destroy(a);
    consent_arena_destroy(NULL);
}


static void
the_ceiling_holds(void **state)
{
    size_t            n;
    consent_arena_t  *a;

    (void) state;

    a = consent_arena_create(1600);

    for (n = 0; consent_arena_alloc(a, 16) != NULL; n++) {
        assert_true(n < 100);
    }

    assert_int_equal(n, 100);
    assert_null(consent_arena_alloc(a, 1));
    consent_arena_destroy(a);

    a = consent_arena_create(1 << 20);
    assert_null(consent_arena_alloc(a, (1 << 20) + 1));
    assert_non_null(consent_arena_alloc(a, 1 << 20));
    assert_null(consent_arena_alloc(a, 1));
    consent_arena_destroy(a);

    a = consent_arena_create(0);
    assert_null(consent_arena_alloc(a, 0));
    consent_arena_destroy(a);
}


static void
sizes_that_would_wrap_are_refused(void **state)
{
    consent_arena_t  *a;

    (void) state;

    a = consent_arena_create(SIZE_MAX);
    assert_null(consent_arena_alloc(a, SIZE_MAX));
    assert_null(consent_arena_alloc(a, SIZE_MAX - 15));
    assert_null(consent_arena_array(a, SIZE_MAX / 8 + 2, 8));
    assert_null(consent_arena_dup(a, consent_slice("x", SIZE_MAX)).data);
    assert_non_null(consent_arena_array(a, 10, 8));
    assert_non_null(consent_arena_array(a, 0, 8));
    consent_arena_destroy(a);
}


static void
copies_end_in_a_nul(void **state)
{
    consent_slice_t   copy;
    consent_arena_t  *a;

    (void) state;

    a = consent_arena_create(4096);

    copy = consent_arena_dup(a, consent_lit("hej"));
    assert_int_equal(copy.len, 3);
    assert_string_equal((const char *) copy.data, "hej");

    copy = consent_arena_dup(a, consent_slice(NULL, 0));
    assert_int_equal(copy.len, 0);
    assert_string_equal((const char *) copy.data, "");

    consent_arena_destroy(a);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(the_ceiling_holds),
        cmocka_unit_test(sizes_that_would_wrap_are_refused),
        cmocka_unit_test(copies_end_in_a_nul),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
