/*
 * Remembered tokens: exactly these bytes, in this realm, for a while.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "identity/cache.h"

#define NOW  INT64_C(1795338900000)


static consent_slice_t
token(char *out, int n)
{
    return consent_slice(out, (size_t) sprintf(out, "header.payload-%06d.signature", n));
}


static void
exactly_the_same_token_is_remembered(void **state)
{
    char              text[64], changed[64];
    int               n, got;
    size_t            i;
    const int        *value;
    consent_slice_t   t;
    consent_cache_t  *cache;

    (void) state;

    cache = consent_cache_create(1024, sizeof(int), 100);
    assert_non_null(cache);

    n = 42;
    t = token(text, 1);
    assert_null(consent_cache_get(cache, 1, t, NOW));
    consent_cache_put(cache, 1, t, &n, NOW + 1000, NOW);

    value = consent_cache_get(cache, 1, t, NOW);
    assert_non_null(value);
    memcpy(&got, value, sizeof(got));
    assert_int_equal(got, 42);

    /* another realm, a byte more, a byte less, any other byte */
    assert_null(consent_cache_get(cache, 2, t, NOW));
    assert_null(consent_cache_get(cache, 1, consent_slice(text, t.len - 1), NOW));
    assert_null(consent_cache_get(cache, 1, consent_slice(text, t.len + 1), NOW));
    assert_null(consent_cache_get(cache, 1, consent_slice(text, 0), NOW));

    for (i = 0; i < t.len; i++) {
        memcpy(changed, text, t.len);
        changed[i] ^= 1;
        assert_null(consent_cache_get(cache, 1, consent_slice(changed, t.len), NOW));
    }

    consent_cache_destroy(cache);
    consent_cache_destroy(NULL);
}


static void
an_entry_outlives_neither_its_token_nor_its_time(void **state)
{
    int               n;
    consent_cache_t  *cache;

    (void) state;

    n = 1;
    cache = consent_cache_create(16, sizeof(int), 100);

    consent_cache_put(cache, 1, consent_lit("a"), &n, NOW + 1000, NOW);
    assert_non_null(consent_cache_get(cache, 1, consent_lit("a"), NOW + 999));
    assert_null(consent_cache_get(cache, 1, consent_lit("a"), NOW + 1000));
    assert_null(consent_cache_get(cache, 1, consent_lit("a"), NOW + 999));

    consent_cache_put(cache, 1, consent_lit("b"), &n, INT64_MAX, NOW);
    assert_non_null(consent_cache_get(cache, 1, consent_lit("b"), NOW + CONSENT_CACHE_TTL - 1));
    assert_null(consent_cache_get(cache, 1, consent_lit("b"), NOW + CONSENT_CACHE_TTL));

    /* the clock was set back */
    consent_cache_put(cache, 1, consent_lit("c"), &n, NOW + 1000, NOW);
    assert_null(consent_cache_get(cache, 1, consent_lit("c"), NOW - 1));

    /* over already */
    consent_cache_put(cache, 1, consent_lit("d"), &n, NOW, NOW);
    assert_null(consent_cache_get(cache, 1, consent_lit("d"), NOW));

    consent_cache_destroy(cache);
}


static void
a_token_is_replaced_not_doubled(void **state)
{
    int               i;
    const int        *value;
    consent_cache_t  *cache;

    (void) state;

    cache = consent_cache_create(4, sizeof(int), 100);

    for (i = 0; i < 100; i++) {
        consent_cache_put(cache, 1, consent_lit("first"), &i, NOW + 100000, NOW + i);
        consent_cache_put(cache, 1, consent_lit("second"), &i, NOW + 100000, NOW + i);
    }

    value = consent_cache_get(cache, 1, consent_lit("first"), NOW + 100);
    assert_non_null(value);
    assert_int_equal(*value, 99);
    assert_non_null(consent_cache_get(cache, 1, consent_lit("second"), NOW + 100));

    consent_cache_destroy(cache);
}


static void
the_oldest_gives_way(void **state)
{
    int               i, n;
    char              text[64];
    consent_cache_t  *cache;

    (void) state;

    n = 1;
    cache = consent_cache_create(4, sizeof(int), 100);

    for (i = 0; i < 10; i++) {
        consent_cache_put(cache, 1, token(text, i), &n, NOW + 100000, NOW + i);
    }

    for (i = 0; i < 10; i++) {
        assert_int_equal(consent_cache_get(cache, 1, token(text, i), NOW + 10) != NULL, i >= 6);
    }

    consent_cache_destroy(cache);
}


static void
a_full_cache_stays_right(void **state)
{
    int               i, hits;
    char              text[64];
    const int        *value;
    consent_cache_t  *cache;

    (void) state;

    cache = consent_cache_create(256, sizeof(int), 100);
    hits = 0;

    for (i = 0; i < 5000; i++) {
        consent_cache_put(cache, 1, token(text, i), &i, NOW + 100000, NOW + i);
    }

    for (i = 0; i < 5000; i++) {
        value = consent_cache_get(cache, 1, token(text, i), NOW + 5000);

        if (value != NULL) {
            assert_int_equal(*value, i);
            hits++;
        }
    }

    assert_in_range(hits, 200, 256);
    consent_cache_destroy(cache);
}


static void
long_tokens_are_not_kept(void **state)
{
    int               n;
    char              text[200];
    consent_cache_t  *cache;

    (void) state;

    n = 1;
    memset(text, 'x', sizeof(text));
    cache = consent_cache_create(4, sizeof(int), 100);

    consent_cache_put(cache, 1, consent_slice(text, 101), &n, NOW + 1000, NOW);
    assert_null(consent_cache_get(cache, 1, consent_slice(text, 101), NOW));
    consent_cache_put(cache, 1, consent_slice(text, 100), &n, NOW + 1000, NOW);
    assert_non_null(consent_cache_get(cache, 1, consent_slice(text, 100), NOW));
    consent_cache_put(cache, 1, consent_slice(NULL, 0), &n, NOW + 1000, NOW);
    assert_null(consent_cache_get(cache, 1, consent_slice(NULL, 0), NOW));

    consent_cache_destroy(cache);
}


static void
sizes_are_checked(void **state)
{
    consent_cache_t  *cache;

    (void) state;

    assert_null(consent_cache_create(0, 8, 100));
    assert_null(consent_cache_create(2, 8, 100));
    assert_null(consent_cache_create(100, 8, 100));
    assert_null(consent_cache_create(16, 513, 100));
    assert_null(consent_cache_create((size_t) 1 << 60, 512, 1000));

    cache = consent_cache_create(16, 0, 100);
    assert_non_null(cache);
    consent_cache_put(cache, 1, consent_lit("a"), NULL, NOW + 1000, NOW);
    assert_non_null(consent_cache_get(cache, 1, consent_lit("a"), NOW));
    consent_cache_destroy(cache);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(exactly_the_same_token_is_remembered),
        cmocka_unit_test(an_entry_outlives_neither_its_token_nor_its_time),
        cmocka_unit_test(a_token_is_replaced_not_doubled),
        cmocka_unit_test(the_oldest_gives_way),
        cmocka_unit_test(a_full_cache_stays_right),
        cmocka_unit_test(long_tokens_are_not_kept),
        cmocka_unit_test(sizes_are_checked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
