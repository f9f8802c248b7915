/*
 * SipHash: the authors' own vectors, and nothing but the bytes given.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/siphash.h"


/* vectors_sip64 of the reference implementation: key 00 01 ... 0f, message 00 01 ... of so many bytes */
static void
the_reference_vectors_are_met(void **state)
{
    size_t    i, n;
    uint64_t  key[2], hash;
    uint8_t   bytes[64], *exact;

    static const struct {
        size_t   len;
        uint8_t  hash[8];
    } rows[] = {
        { 0, { 0x31, 0x0e, 0x0e, 0xdd, 0x47, 0xdb, 0x6f, 0x72 } },
        { 1, { 0xfd, 0x67, 0xdc, 0x93, 0xc5, 0x39, 0xf8, 0x74 } },
        { 2, { 0x5a, 0x4f, 0xa9, 0xd9, 0x09, 0x80, 0x6c, 0x0d } },
        { 7, { 0x37, 0xd1, 0x01, 0x8b, 0xf5, 0x00, 0x02, 0xab } },
        { 8, { 0x62, 0x24, 0x93, 0x9a, 0x79, 0xf5, 0xf5, 0x93 } },
        { 15, { 0xe5, 0x45, 0xbe, 0x49, 0x61, 0xca, 0x29, 0xa1 } },
    };

    (void) state;

    for (i = 0; i < sizeof(bytes); i++) {
        bytes[i] = (uint8_t) i;
    }

    memcpy(key, bytes, sizeof(key));

    for (i = 0; i < consent_countof(rows); i++) {
        n = rows[i].len;

        /* exactly as many bytes as there are, for who watches reads */
        exact = malloc(n == 0 ? 1 : n);
        assert_non_null(exact);
        memcpy(exact, bytes, n);

        hash = consent_siphash(key, consent_slice(exact, n), 2, 4);
        assert_memory_equal(&hash, rows[i].hash, sizeof(hash));

        free(exact);
    }
}


static void
key_length_and_each_byte_count(void **state)
{
    size_t    i;
    uint8_t   bytes[40] = { 0 };
    uint64_t  key[2] = { 1, 2 }, other[2] = { 1, 3 }, hash;

    (void) state;

    hash = consent_siphash(key, consent_slice(bytes, 40), 1, 3);

    assert_int_not_equal(consent_siphash(other, consent_slice(bytes, 40), 1, 3), hash);
    assert_int_not_equal(consent_siphash(key, consent_slice(bytes, 39), 1, 3), hash);

    for (i = 0; i < sizeof(bytes); i++) {
        bytes[i] = 1;
        assert_int_not_equal(consent_siphash(key, consent_slice(bytes, 40), 1, 3), hash);
        bytes[i] = 0;
    }

    assert_int_equal(consent_siphash(key, consent_slice(NULL, 0), 1, 3),
                     consent_siphash(key, consent_slice(bytes, 0), 1, 3));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_reference_vectors_are_met),
        cmocka_unit_test(key_length_and_each_byte_count),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
