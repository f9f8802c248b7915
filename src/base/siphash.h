/*
 * SipHash (Aumasson and Bernstein, 2012): a short keyed hash, where a MAC would cost more than what it protects.
 */

#ifndef CONSENT_SIPHASH_H
#define CONSENT_SIPHASH_H

#include "base/base.h"

#define CONSENT_SIPHASH_ROTATE(x, n)  ((x) << (n) | (x) >> (64 - (n)))

#define CONSENT_SIPHASH_ROUND                                                                                          \
    v0 += v1; v1 = CONSENT_SIPHASH_ROTATE(v1, 13); v1 ^= v0; v0 = CONSENT_SIPHASH_ROTATE(v0, 32);                      \
    v2 += v3; v3 = CONSENT_SIPHASH_ROTATE(v3, 16); v3 ^= v2;                                                           \
    v0 += v3; v3 = CONSENT_SIPHASH_ROTATE(v3, 21); v3 ^= v0;                                                           \
    v2 += v1; v1 = CONSENT_SIPHASH_ROTATE(v1, 17); v1 ^= v2; v2 = CONSENT_SIPHASH_ROTATE(v2, 32)

/* SipHash-`each`-`last`: 2 and 4 where nobody may learn anything of `in` from the result, 1 and 3 where it only spreads
 * entries of a table. The words of the key are those of the paper, least significant byte first, on a machine of that
 * byte order. */
static inline uint64_t
consent_siphash(const uint64_t key[static 2], consent_slice_t in, unsigned each, unsigned last)
{
    size_t          left;
    unsigned        i;
    uint64_t        v0, v1, v2, v3, word;
    const uint8_t  *p;

    v0 = key[0] ^ 0x736f6d6570736575U;
    v1 = key[1] ^ 0x646f72616e646f6dU;
    v2 = key[0] ^ 0x6c7967656e657261U;
    v3 = key[1] ^ 0x7465646279746573U;

    for (p = in.data, left = in.len; left >= 8; p += 8, left -= 8) {
        memcpy(&word, p, 8);
        v3 ^= word;

        for (i = 0; i < each; i++) {
            CONSENT_SIPHASH_ROUND;
        }

        v0 ^= word;
    }

    word = (uint64_t) in.len << 56;

    if (left > 0) {
        memcpy(&word, p, left);
    }

    v3 ^= word;

    for (i = 0; i < each; i++) {
        CONSENT_SIPHASH_ROUND;
    }

    v0 ^= word;
    v2 ^= 0xff;

    for (i = 0; i < last; i++) {
        CONSENT_SIPHASH_ROUND;
    }

    return v0 ^ v1 ^ v2 ^ v3;
}

#endif
