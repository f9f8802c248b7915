/*
 * SHA-256, HMAC-SHA-256, Ed25519, AES-256-GCM and random numbers over OpenSSL.
 *
 * SHA-256 uses the low-level SHA256_* functions, deprecated since OpenSSL 3.0 but kept: copying a SHA256_CTX
 * is a memcpy, where EVP_MD_CTX_copy_ex allocates and frees, which would cost more than the hash of a short
 * message.
 */

#define OPENSSL_SUPPRESS_DEPRECATED

#include "base/digest.h"

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/sha.h>
#include <stdlib.h>

#define SEAL_NONCE_LEN  12
#define SEAL_TAG_LEN    16
#define SEAL_MAX        (1 << 30)

struct consent_digest_s {
    SHA256_CTX  sha;
};

struct consent_mac_s {
    SHA256_CTX  inner;      /* after the first block, the key xor ipad (RFC 2104) */
    SHA256_CTX  outer;
};

static bool sha256_parts(SHA256_CTX *sha, const consent_slice_t *parts, size_t n);
static consent_rc_t mac_init(consent_mac_t *m, consent_slice_t key);
static EVP_PKEY *pem_read(consent_slice_t pem, bool is_private);
static int pem_no_passphrase(char *buf, int size, int writing, void *arg);


consent_digest_t *
consent_digest_create(void)
{
    consent_digest_t  *d;

    d = malloc(sizeof(consent_digest_t));

    if (d != NULL && SHA256_Init(&d->sha) != 1) {
        free(d);
        return NULL;
    }

    return d;
}


void
consent_digest_destroy(consent_digest_t *d)
{
    if (d != NULL) {
        consent_wipe(d, sizeof(consent_digest_t));
        free(d);
    }
}


consent_rc_t
consent_digest_sha256(consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN], const consent_slice_t *parts,
    size_t n)
{
    if (SHA256_Init(&d->sha) != 1 || !sha256_parts(&d->sha, parts, n) || SHA256_Final(out, &d->sha) != 1) {
        return CONSENT_IO;
    }

    return CONSENT_OK;
}


consent_rc_t
consent_digest_begin(consent_digest_t *d)
{
    return SHA256_Init(&d->sha) == 1 ? CONSENT_OK : CONSENT_IO;
}


consent_rc_t
consent_digest_update(consent_digest_t *d, const void *data, size_t len)
{
    return len == 0 || SHA256_Update(&d->sha, data, len) == 1 ? CONSENT_OK : CONSENT_IO;
}


consent_rc_t
consent_digest_end(consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN])
{
    return SHA256_Final(out, &d->sha) == 1 ? CONSENT_OK : CONSENT_IO;
}


consent_mac_t *
consent_mac_create(consent_slice_t key)
{
    consent_mac_t  *m;

    m = malloc(sizeof(consent_mac_t));

    if (m != NULL && mac_init(m, key) != CONSENT_OK) {
        consent_mac_destroy(m);
        return NULL;
    }

    return m;
}


void
consent_mac_destroy(consent_mac_t *m)
{
    if (m != NULL) {
        consent_wipe(m, sizeof(consent_mac_t));
        free(m);
    }
}


consent_rc_t
consent_mac(consent_mac_t *m, uint8_t out[static CONSENT_HASH_LEN], const consent_slice_t *parts, size_t n)
{
    SHA256_CTX  sha;

    sha = m->inner;

    if (!sha256_parts(&sha, parts, n) || SHA256_Final(out, &sha) != 1) {
        return CONSENT_IO;
    }

    sha = m->outer;

    if (SHA256_Update(&sha, out, CONSENT_HASH_LEN) != 1 || SHA256_Final(out, &sha) != 1) {
        return CONSENT_IO;
    }

    return CONSENT_OK;
}


consent_rc_t
consent_hmac(uint8_t out[static CONSENT_HASH_LEN], consent_slice_t key, const consent_slice_t *parts,
    size_t n)
{
    consent_rc_t   rc;
    consent_mac_t  m;

    rc = mac_init(&m, key);

    if (rc == CONSENT_OK) {
        rc = consent_mac(&m, out, parts, n);
    }

    consent_wipe(&m, sizeof(m));

    return rc;
}


bool
consent_digest_equal(const void *a, const void *b, size_t len)
{
    return CRYPTO_memcmp(a, b, len) == 0;
}


consent_rc_t
consent_random(void *out, size_t len)
{
    int       piece;
    uint8_t  *p;

    for (p = out; len > 0; len -= (size_t) piece, p += piece) {
        piece = len > INT_MAX ? INT_MAX : (int) len;

        if (RAND_bytes(p, piece) != 1) {
            ERR_clear_error();
            return CONSENT_IO;
        }
    }

    return CONSENT_OK;
}


void
consent_wipe(void *secret, size_t len)
{
    OPENSSL_cleanse(secret, len);
}


consent_rc_t
consent_ed25519_public(uint8_t pub[static 32], const uint8_t seed[static 32])
{
    int        rc;
    size_t     len;
    EVP_PKEY  *key;

    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, CONSENT_ED25519_KEY_LEN);

    len = CONSENT_ED25519_KEY_LEN;
    rc = key == NULL ? 0 : EVP_PKEY_get_raw_public_key(key, pub, &len);

    EVP_PKEY_free(key);
    ERR_clear_error();

    return rc == 1 && len == CONSENT_ED25519_KEY_LEN ? CONSENT_OK : CONSENT_IO;
}


consent_rc_t
consent_ed25519_sign(uint8_t sig[static 64], const uint8_t seed[static 32], consent_slice_t msg)
{
    size_t         len;
    EVP_PKEY      *key;
    EVP_MD_CTX    *ctx;
    consent_rc_t   rc;

    rc = CONSENT_IO;
    len = CONSENT_ED25519_SIG_LEN;
    ctx = EVP_MD_CTX_new();
    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, CONSENT_ED25519_KEY_LEN);

    if (ctx != NULL && key != NULL && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1
        && EVP_DigestSign(ctx, sig, &len, msg.data, msg.len) == 1 && len == CONSENT_ED25519_SIG_LEN)
    {
        rc = CONSENT_OK;
    }

    EVP_PKEY_free(key);
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();

    return rc;
}


consent_rc_t
consent_ed25519_verify(const uint8_t pub[static 32], const uint8_t sig[static 64], consent_slice_t msg)
{
    EVP_PKEY      *key;
    EVP_MD_CTX    *ctx;
    consent_rc_t   rc;

    rc = CONSENT_DENIED;
    ctx = EVP_MD_CTX_new();
    key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, pub, CONSENT_ED25519_KEY_LEN);

    if (ctx == NULL || (key != NULL && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) != 1)) {
        rc = CONSENT_IO;

    } else if (key != NULL
               && EVP_DigestVerify(ctx, sig, CONSENT_ED25519_SIG_LEN, msg.data, msg.len) == 1)
    {
        rc = CONSENT_OK;
    }

    EVP_PKEY_free(key);
    EVP_MD_CTX_free(ctx);
    ERR_clear_error();

    return rc;
}


consent_rc_t
consent_seal(uint8_t *out, const uint8_t key[static CONSENT_SEAL_KEY_LEN], consent_slice_t with, consent_slice_t text)
{
    int              n, last;
    consent_rc_t     rc;
    EVP_CIPHER_CTX  *ctx;

    if (text.len > SEAL_MAX || with.len > SEAL_MAX) {
        return CONSENT_LIMIT;
    }

    rc = consent_random(out, SEAL_NONCE_LEN);
    ctx = rc == CONSENT_OK ? EVP_CIPHER_CTX_new() : NULL;

    if (ctx == NULL) {
        return CONSENT_IO;
    }

    if (EVP_EncryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, out) != 1
        || EVP_EncryptUpdate(ctx, NULL, &n, with.data, (int) with.len) != 1
        || EVP_EncryptUpdate(ctx, out + SEAL_NONCE_LEN, &n, text.data, (int) text.len) != 1
        || EVP_EncryptFinal_ex(ctx, out + SEAL_NONCE_LEN + n, &last) != 1
        || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG_LEN, out + SEAL_NONCE_LEN + text.len) != 1)
    {
        rc = CONSENT_IO;
    }

    EVP_CIPHER_CTX_free(ctx);
    consent_digest_clear_errors();

    return rc;
}


consent_rc_t
consent_unseal(uint8_t *out, const uint8_t key[static CONSENT_SEAL_KEY_LEN], consent_slice_t with,
    consent_slice_t sealed)
{
    int              n, last;
    size_t           len;
    uint8_t          tag[SEAL_TAG_LEN];
    consent_rc_t     rc;
    EVP_CIPHER_CTX  *ctx;

    if (sealed.len < CONSENT_SEAL_OVERHEAD) {
        return CONSENT_MALFORMED;
    }

    len = sealed.len - CONSENT_SEAL_OVERHEAD;

    if (len > SEAL_MAX || with.len > SEAL_MAX) {
        return CONSENT_LIMIT;
    }

    ctx = EVP_CIPHER_CTX_new();

    if (ctx == NULL) {
        return CONSENT_IO;
    }

    memcpy(tag, sealed.data + SEAL_NONCE_LEN + len, SEAL_TAG_LEN);
    rc = CONSENT_OK;

    if (EVP_DecryptInit_ex(ctx, EVP_aes_256_gcm(), NULL, key, sealed.data) != 1
        || EVP_DecryptUpdate(ctx, NULL, &n, with.data, (int) with.len) != 1
        || EVP_DecryptUpdate(ctx, out, &n, sealed.data + SEAL_NONCE_LEN, (int) len) != 1
        || EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG_LEN, tag) != 1)
    {
        rc = CONSENT_IO;

    } else if (EVP_DecryptFinal_ex(ctx, out + n, &last) != 1) {
        rc = CONSENT_DENIED;
    }

    if (rc != CONSENT_OK) {
        consent_wipe(out, len);
    }

    EVP_CIPHER_CTX_free(ctx);
    consent_digest_clear_errors();

    return rc;
}


consent_pem_t
consent_pem_inspect(consent_slice_t pem, bool *is_private)
{
    char            curve[32];
    EVP_PKEY       *key;
    consent_pem_t   kind;

    *is_private = false;
    kind = CONSENT_PEM_NONE;
    key = pem_read(pem, false);

    if (key == NULL) {
        *is_private = true;
        key = pem_read(pem, true);
    }

    if (key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) >= 2048) {
        kind = CONSENT_PEM_RSA;

    } else if (key != NULL && EVP_PKEY_get_base_id(key) == EVP_PKEY_EC
               && EVP_PKEY_get_group_name(key, curve, sizeof(curve), NULL) == 1
               && strcmp(curve, SN_X9_62_prime256v1) == 0)
    {
        kind = CONSENT_PEM_P256;
    }

    EVP_PKEY_free(key);
    ERR_clear_error();

    return kind;
}


void
consent_digest_clear_errors(void)
{
    /* looking is a twentieth of what clearing an empty queue costs */
    if (ERR_peek_error() != 0) {
        ERR_clear_error();
    }
}


static bool
sha256_parts(SHA256_CTX *sha, const consent_slice_t *parts, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (parts[i].len > 0 && SHA256_Update(sha, parts[i].data, parts[i].len) != 1) {
            return false;
        }
    }

    return true;
}


static consent_rc_t
mac_init(consent_mac_t *m, consent_slice_t key)
{
    size_t        i;
    consent_rc_t  rc;
    uint8_t       block[SHA256_CBLOCK], pad[SHA256_CBLOCK];

    rc = CONSENT_IO;
    memset(block, 0, sizeof(block));

    if (key.len > sizeof(block)) {
        if (SHA256_Init(&m->inner) != 1 || SHA256_Update(&m->inner, key.data, key.len) != 1
            || SHA256_Final(block, &m->inner) != 1)
        {
            goto done;
        }

    } else if (key.len > 0) {
        memcpy(block, key.data, key.len);
    }

    for (i = 0; i < sizeof(pad); i++) {
        pad[i] = block[i] ^ 0x36;
    }

    if (SHA256_Init(&m->inner) != 1 || SHA256_Update(&m->inner, pad, sizeof(pad)) != 1) {
        goto done;
    }

    for (i = 0; i < sizeof(pad); i++) {
        pad[i] = block[i] ^ 0x5c;
    }

    if (SHA256_Init(&m->outer) != 1 || SHA256_Update(&m->outer, pad, sizeof(pad)) != 1) {
        goto done;
    }

    rc = CONSENT_OK;

done:

    consent_wipe(block, sizeof(block));
    consent_wipe(pad, sizeof(pad));

    return rc;
}


static EVP_PKEY *
pem_read(consent_slice_t pem, bool is_private)
{
    BIO       *bio;
    EVP_PKEY  *key;

    if (pem.len == 0 || pem.len > INT_MAX) {
        return NULL;
    }

    bio = BIO_new_mem_buf(pem.data, (int) pem.len);

    if (bio == NULL) {
        return NULL;
    }

    if (is_private) {
        key = PEM_read_bio_PrivateKey(bio, NULL, pem_no_passphrase, NULL);

    } else {
        key = PEM_read_bio_PUBKEY(bio, NULL, pem_no_passphrase, NULL);
    }

    BIO_free(bio);

    return key;
}


/* OpenSSL's own would ask on the terminal. */
static int
pem_no_passphrase(char *buf, int size, int writing, void *arg)
{
    (void) buf;
    (void) size;
    (void) writing;
    (void) arg;

    return -1;
}
