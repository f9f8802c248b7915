/*
 * Hashes, MACs and signatures by the answers of their specifications.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/digest.h"


static void
assert_hex(const uint8_t *data, size_t len, const char *expected, int line)
{
    char  text[256];

    consent_hex(text, data, len);
    text[len * 2] = '\0';

    if (strcmp(text, expected) != 0) {
        fail_msg("line %d: %s", line, text);
    }
}


static void
unhex(uint8_t *out, size_t len, const char *text)
{
    assert_int_equal(consent_hex_decode(out, len, consent_cstr(text)), CONSENT_OK);
}


static void
sha256_gives_the_known_answers(void **state)
{
    size_t             i;
    uint8_t            hash[CONSENT_HASH_LEN], thousand[1000];
    consent_slice_t    parts[4];
    consent_digest_t  *d;

    (void) state;

    d = consent_digest_create();
    assert_non_null(d);

    assert_int_equal(consent_digest_sha256(d, hash, NULL, 0), CONSENT_OK);
    assert_hex(hash, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", __LINE__);

    parts[0] = consent_lit("abc");
    assert_int_equal(consent_digest_sha256(d, hash, parts, 1), CONSENT_OK);
    assert_hex(hash, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", __LINE__);

    parts[0] = consent_lit("a");
    parts[1] = consent_slice(NULL, 0);
    parts[2] = consent_lit("bc");
    assert_int_equal(consent_digest_sha256(d, hash, parts, 3), CONSENT_OK);
    assert_hex(hash, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", __LINE__);

    parts[0] = consent_lit("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
    assert_int_equal(consent_digest_sha256(d, hash, parts, 1), CONSENT_OK);
    assert_hex(hash, 32, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", __LINE__);

    memset(thousand, 'a', sizeof(thousand));
    assert_int_equal(consent_digest_begin(d), CONSENT_OK);

    for (i = 0; i < 1000; i++) {
        assert_int_equal(consent_digest_update(d, thousand, sizeof(thousand)), CONSENT_OK);
        assert_int_equal(consent_digest_update(d, NULL, 0), CONSENT_OK);
    }

    assert_int_equal(consent_digest_end(d, hash), CONSENT_OK);
    assert_hex(hash, 32, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0", __LINE__);

    consent_digest_destroy(d);
    consent_digest_destroy(NULL);
}


static void
hmac_gives_the_answers_of_rfc_4231(void **state)
{
    static const struct {
        int          at;
        size_t       key_len;
        uint8_t      key;           /* repeated; 0: the bytes 1, 2, 3, ... */
        const char  *text;
        const char  *mac;
    } rows[] = {
        { __LINE__, 20, 0x0b, "Hi There",
          "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7" },
        { __LINE__, 25, 0,
          "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
          "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd"
          "\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd\xcd",
          "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b" },
        { __LINE__, 131, 0xaa, "Test Using Larger Than Block-Size Key - Hash Key First",
          "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54" },
        { __LINE__, 131, 0xaa,
          "This is a test using a larger than block-size key and a larger than block-size data. "
          "The key needs to be hashed before being used by the HMAC algorithm.",
          "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2" },
    };

    size_t           i, k;
    uint8_t          key[200], mac[CONSENT_HASH_LEN];
    consent_mac_t   *m;
    consent_slice_t  text, halves[2];

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        for (k = 0; k < rows[i].key_len; k++) {
            key[k] = rows[i].key == 0 ? (uint8_t) (k + 1) : rows[i].key;
        }

        text = consent_cstr(rows[i].text);
        m = consent_mac_create(consent_slice(key, rows[i].key_len));
        assert_non_null(m);

        /* the midstates serve again and again */
        for (k = 0; k <= text.len; k++) {
            halves[0] = consent_slice(text.data, k);
            halves[1] = consent_slice(text.data + k, text.len - k);
            assert_int_equal(consent_mac(m, mac, halves, 2), CONSENT_OK);
            assert_hex(mac, 32, rows[i].mac, rows[i].at);
        }

        consent_mac_destroy(m);

        assert_int_equal(consent_hmac(mac, consent_slice(key, rows[i].key_len), &text, 1), CONSENT_OK);
        assert_hex(mac, 32, rows[i].mac, rows[i].at);
    }

    text = consent_lit("what do ya want for nothing?");
    assert_int_equal(consent_hmac(mac, consent_lit("Jefe"), &text, 1), CONSENT_OK);
    assert_hex(mac, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843", __LINE__);

    assert_int_equal(consent_hmac(mac, consent_slice(NULL, 0), NULL, 0), CONSENT_OK);
    assert_hex(mac, 32, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad", __LINE__);

    consent_mac_destroy(NULL);
}


static void
ed25519_gives_the_answers_of_rfc_8032(void **state)
{
    static const struct {
        const char  *seed;
        const char  *pub;
        const char  *msg;
        const char  *sig;
    } rows[] = {
        { "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
          "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
          "d25bf5f0595bbe24655141438e7a100b" },
        { "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
          "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
          "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c"
          "387b2eaeb4302aeeb00d291612bb0c00" },
        { "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
          "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
          "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659"
          "4a7c15e9716ed28dc027beceea1ec40a" },
    };

    size_t           i, len;
    uint8_t          seed[32], pub[32], expected[32], sig[64], msg[2];
    consent_slice_t  text;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        len = strlen(rows[i].msg) / 2;
        unhex(seed, 32, rows[i].seed);
        unhex(expected, 32, rows[i].pub);
        unhex(msg, len, rows[i].msg);
        text = consent_slice(msg, len);

        assert_int_equal(consent_ed25519_public(pub, seed), CONSENT_OK);
        assert_memory_equal(pub, expected, 32);
        assert_int_equal(consent_ed25519_sign(sig, seed, text), CONSENT_OK);
        assert_hex(sig, 64, rows[i].sig, (int) i);
        assert_int_equal(consent_ed25519_verify(pub, sig, text), CONSENT_OK);

        sig[10] ^= 1;
        assert_int_equal(consent_ed25519_verify(pub, sig, text), CONSENT_DENIED);
        sig[10] ^= 1;
        assert_int_equal(consent_ed25519_verify(pub, sig, consent_lit("other")), CONSENT_DENIED);
        pub[0] ^= 1;
        assert_int_equal(consent_ed25519_verify(pub, sig, text), CONSENT_DENIED);
    }
}


static void
comparing_sees_every_byte(void **state)
{
    size_t   i;
    uint8_t  a[32], b[32];

    (void) state;

    memset(a, 7, sizeof(a));
    memset(b, 7, sizeof(b));
    assert_true(consent_digest_equal(a, b, 32));
    assert_true(consent_digest_equal(a, b, 0));

    for (i = 0; i < 32; i++) {
        b[i] ^= 0x80;
        assert_false(consent_digest_equal(a, b, 32));
        b[i] ^= 0x80;
    }
}


static void
random_bytes_fill_all_and_differ(void **state)
{
    int      round;
    size_t   i;
    uint8_t  seen[64], a[64], b[64];

    (void) state;

    memset(seen, 0, sizeof(seen));

    for (round = 0; round < 64; round++) {
        assert_int_equal(consent_random(a, sizeof(a)), CONSENT_OK);
        assert_int_equal(consent_random(b, sizeof(b)), CONSENT_OK);
        assert_memory_not_equal(a, b, sizeof(a));

        for (i = 0; i < sizeof(a); i++) {
            seen[i] |= a[i];
        }
    }

    for (i = 0; i < sizeof(seen); i++) {
        assert_int_not_equal(seen[i], 0);
    }

    assert_int_equal(consent_random(a, 0), CONSENT_OK);
}


/* NIST's GCM test vectors for 256 bits: case 16, whose nonce stands in front here. */
static void
what_is_sealed_opens_with_the_same_key_and_words_only(void **state)
{
    size_t           i, len;
    uint8_t          key[32], other[32], out[200], text[200], sealed[200 + CONSENT_SEAL_OVERHEAD];
    consent_slice_t  with, in;

    static const char  known[] =
        "cafebabefacedbaddecaf888"
        "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
        "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
        "76fc6ece0f4e1768cddf8853bb2d551b";
    static const char  plain[] =
        "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
        "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39";

    (void) state;

    assert_int_equal(consent_hex_decode(key, 16, consent_lit("feffe9928665731c6d6a8f9467308308")), CONSENT_OK);
    memcpy(key + 16, key, 16);
    assert_int_equal(consent_hex_decode(other, 20, consent_lit("feedfacedeadbeeffeedfacedeadbeefabaddad2")), CONSENT_OK);
    with = consent_slice(other, 20);
    len = 60 + CONSENT_SEAL_OVERHEAD;
    assert_int_equal(consent_hex_decode(sealed, len, consent_cstr(known)), CONSENT_OK);
    assert_int_equal(consent_hex_decode(text, 60, consent_cstr(plain)), CONSENT_OK);

    assert_int_equal(consent_unseal(out, key, with, consent_slice(sealed, len)), CONSENT_OK);
    assert_memory_equal(out, text, 60);

    assert_int_equal(consent_unseal(out, key, consent_lit("else"), consent_slice(sealed, len)), CONSENT_DENIED);
    assert_int_equal(consent_unseal(out, key, with, consent_slice(sealed, 27)), CONSENT_MALFORMED);

    for (i = 0; i < len; i++) {
        sealed[i] ^= 1;
        assert_int_equal(consent_unseal(out, key, with, consent_slice(sealed, len)), CONSENT_DENIED);
        sealed[i] ^= 1;
    }

    for (len = 0; len < sizeof(text); len += 33) {
        in = consent_slice(text, len);
        assert_int_equal(consent_random(text, sizeof(text)), CONSENT_OK);
        assert_int_equal(consent_seal(sealed, key, with, in), CONSENT_OK);
        assert_int_equal(consent_unseal(out, key, with, consent_slice(sealed, len + CONSENT_SEAL_OVERHEAD)), CONSENT_OK);
        assert_memory_equal(out, text, len);

        memset(other + 20, 7, 12);
        assert_int_equal(consent_unseal(out, other, with, consent_slice(sealed, len + CONSENT_SEAL_OVERHEAD)),
                         CONSENT_DENIED);
    }
}


static void
wiping_leaves_zeros(void **state)
{
    uint8_t  secret[40], zeros[40];

    (void) state;

    memset(secret, 0xa5, sizeof(secret));
    memset(zeros, 0, sizeof(zeros));
    consent_wipe(secret, sizeof(secret));
    assert_memory_equal(secret, zeros, sizeof(secret));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(sha256_gives_the_known_answers),
        cmocka_unit_test(hmac_gives_the_answers_of_rfc_4231),
        cmocka_unit_test(ed25519_gives_the_answers_of_rfc_8032),
        cmocka_unit_test(comparing_sees_every_byte),
        cmocka_unit_test(random_bytes_fill_all_and_differ),
        cmocka_unit_test(what_is_sealed_opens_with_the_same_key_and_words_only),
        cmocka_unit_test(wiping_leaves_zeros),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
