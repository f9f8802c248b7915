/*
 * Hashes, MACs, signatures, sealing and random numbers: the only file that knows OpenSSL. Nothing is
 * fetched or allocated per hash, and no context is shared between threads.
 */

#ifndef CONSENT_DIGEST_H
#define CONSENT_DIGEST_H

#include "base/buf.h"

/* Reusable SHA-256 and HMAC-SHA-256 machinery of one thread. Create one per thread that hashes. */
typedef struct consent_digest_s  consent_digest_t;

consent_digest_t *consent_digest_create(void);              /* NULL when OpenSSL fails */
void consent_digest_destroy(consent_digest_t *d);           /* NULL is allowed */

/* SHA-256 over the concatenation of n slices. */
consent_rc_t consent_digest_sha256(consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN],
    const consent_slice_t *parts, size_t n);

/* Incremental SHA-256; one at a time per consent_digest_t. */
consent_rc_t consent_digest_begin(consent_digest_t *d);
consent_rc_t consent_digest_update(consent_digest_t *d, const void *data, size_t len);
consent_rc_t consent_digest_end(consent_digest_t *d, uint8_t out[static CONSENT_HASH_LEN]);

/* A key whose HMAC-SHA-256 midstates are kept, so that a short MAC costs two compressions. */
typedef struct consent_mac_s  consent_mac_t;

consent_mac_t *consent_mac_create(consent_slice_t key);     /* NULL when out of memory or OpenSSL fails */
void consent_mac_destroy(consent_mac_t *m);                 /* wipes the key; NULL is allowed */

/* HMAC-SHA-256 over the concatenation of n slices. Not safe for two threads on one consent_mac_t. */
consent_rc_t consent_mac(consent_mac_t *m, uint8_t out[static CONSENT_HASH_LEN], const consent_slice_t *parts,
    size_t n);

/* One-shot convenience for rare use: HMAC-SHA-256 with a key given as bytes. */
consent_rc_t consent_hmac(uint8_t out[static CONSENT_HASH_LEN], consent_slice_t key,
    const consent_slice_t *parts, size_t n);

/* Equal, in time that does not depend on where they differ. */
bool consent_digest_equal(const void *a, const void *b, size_t len);

/* len cryptographically strong random bytes; CONSENT_IO when the generator fails. */
consent_rc_t consent_random(void *out, size_t len);

/* Overwrites a secret; not optimised away. */
void consent_wipe(void *secret, size_t len);

/* Ed25519 (RFC 8032). seed: 32 bytes. */
#define CONSENT_ED25519_KEY_LEN  32
#define CONSENT_ED25519_SIG_LEN  64

consent_rc_t consent_ed25519_public(uint8_t pub[static 32], const uint8_t seed[static 32]);
consent_rc_t consent_ed25519_sign(uint8_t sig[static 64], const uint8_t seed[static 32], consent_slice_t msg);
consent_rc_t consent_ed25519_verify(const uint8_t pub[static 32], const uint8_t sig[static 64],
    consent_slice_t msg);

/* AES-256-GCM (NIST SP 800-38D) with a random nonce. Sealed: nonce, ciphertext, tag. `with` is authenticated and not part
 * of what is sealed: it has to be given again. */
#define CONSENT_SEAL_KEY_LEN   32
#define CONSENT_SEAL_OVERHEAD  28           /* bytes by which a sealed text is longer */

/* out: text.len + CONSENT_SEAL_OVERHEAD bytes, apart from text. CONSENT_IO, CONSENT_LIMIT (2^30 bytes). */
consent_rc_t consent_seal(uint8_t *out, const uint8_t key[static CONSENT_SEAL_KEY_LEN], consent_slice_t with,
    consent_slice_t text);
/* out: sealed.len - CONSENT_SEAL_OVERHEAD bytes, apart from sealed. CONSENT_DENIED: not sealed by that key, or not with
 * that; out is then wiped. CONSENT_MALFORMED: too short. CONSENT_IO, CONSENT_LIMIT. */
consent_rc_t consent_unseal(uint8_t *out, const uint8_t key[static CONSENT_SEAL_KEY_LEN], consent_slice_t with,
    consent_slice_t sealed);

/* What a PEM text (RFC 7468) holds: an unencrypted public key (SubjectPublicKeyInfo) or private key. */
typedef enum {
    CONSENT_PEM_NONE = 0,       /* no usable key: encrypted, of another algorithm, RSA below 2048 bits */
    CONSENT_PEM_RSA,
    CONSENT_PEM_P256            /* an elliptic curve key on NIST P-256 */
} consent_pem_t;

/* Never asks anybody for a passphrase. *is_private tells which half the text holds. */
consent_pem_t consent_pem_inspect(consent_slice_t pem, bool *is_private);

/* Forgets the thread's queue of OpenSSL errors. Who calls a library that fails inside OpenSSL calls this
 * after it, or the next TLS operation in this thread takes the error for its own. Functions of this file
 * leave none behind. */
void consent_digest_clear_errors(void);

/* Base64 (RFC 4648): standard with padding, and URL-safe without. Decoders are strict: alphabet, length,
 * zero spare bits; CONSENT_MALFORMED otherwise. out must hold (len + 2) / 3 * 4 bytes to encode, len / 4 *
 * 3 + 3 to decode. */
size_t consent_base64(char *out, const uint8_t *in, size_t len);
size_t consent_base64url(char *out, const uint8_t *in, size_t len);
consent_rc_t consent_base64_decode(uint8_t *out, size_t *out_len, consent_slice_t in);
consent_rc_t consent_base64url_decode(uint8_t *out, size_t *out_len, consent_slice_t in);

/* Lower-case hex. Decoding takes both cases; CONSENT_MALFORMED unless in.len == 2 * len and all are
 * digits. */
void consent_hex(char *out, const uint8_t *in, size_t len);
consent_rc_t consent_hex_decode(uint8_t *out, size_t len, consent_slice_t in);

#endif
