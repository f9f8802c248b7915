/*
 * The key directory that `consentctl keygen` makes, and the pseudonyms that come of it.
 *
 * cookie.key holds one or more lines "KID BASE64URL(32 random bytes)", the newest first: the first signs, all
 * verify. pseudonym.key holds one such line, or two: the second is the former key, under which the store may know
 * somebody still. handoff.key and cluster.key hold one; log.key holds the signed-note form
 * "PRIVATE+KEY+<origin>+<key id>+<base64>"; log.pub the verifier key "<origin>+<key id>+<base64>".
 */

#ifndef CONSENT_KEYS_H
#define CONSENT_KEYS_H

#include "base/digest.h"
#include "identity/jwt.h"

#define CONSENT_MAX_COOKIE_KEYS  8
#define CONSENT_PSEUDONYM_KEYS   2
#define CONSENT_KID_LEN          8          /* hex digits */
#define CONSENT_KEYS_KEPT        "kept"     /* directory inside: what was signed and erased; of the workers' user */

typedef struct {
    consent_jwt_key_t  *cookie[CONSENT_MAX_COOKIE_KEYS];
    char                kids[CONSENT_MAX_COOKIE_KEYS][CONSENT_KID_LEN + 1];
    size_t              n_cookie;
    consent_mac_t      *pseudonym[CONSENT_PSEUDONYM_KEYS];
    consent_mac_t      *form;               /* form tokens; derived from the first cookie key */
    uint8_t             handoff[CONSENT_SEAL_KEY_LEN];      /* seals what waits to be delivered */
    uint8_t             cluster[CONSENT_SEAL_KEY_LEN];      /* that all that nodes say to each other is sealed with */
    uint64_t            run[2];             /* key of the tags in `recent`; random at start */
    char                pseudonym_kids[CONSENT_PSEUDONYM_KEYS][CONSENT_KID_LEN + 1];
    size_t              n_pseudonym;
    char                origin[256];        /* of the log */
    char                log_kid[CONSENT_KID_LEN + 1];
    uint8_t             log_seed[32];
    uint8_t             log_public[32];
} consent_keys_t;

/* Reads all keys. A file that others may read (mode not 0600 or stricter) or a directory that they may
 * write to, one that is missing or malformed is CONSENT_DENIED, CONSENT_NOTFOUND or CONSENT_MALFORMED with
 * a sentence in `why` that names the file, never its content. log.pub may be missing; if it is there it
 * must be of log.key. Also CONSENT_LIMIT, CONSENT_IO, CONSENT_NOMEM. */
consent_rc_t consent_keys_load(consent_keys_t **keys, const char *directory, char why[static 256]);
void consent_keys_destroy(consent_keys_t *keys);            /* wipes them */

/* Makes a directory (0700) with new keys (0600); `with`: share a first node's keys, own log key only;
 * NULL: all new. Existing key files are never overwritten: CONSENT_CONFLICT. `name` is the log's origin:
 * no white space, no '+'. */
consent_rc_t consent_keys_generate(const char *directory, const char *name, const char *with,
    char why[static 256]);

/* Puts a new key in front of the others of "cookie" (of which it keeps at most CONSENT_MAX_COOKIE_KEYS) or "pseudonym"
 * (CONSENT_CONFLICT: there is a former one already); keeps mode and owner. Atomic. CONSENT_BUSY: another rotation is under
 * way, or one was cut off and left NAME.key.new. */
consent_rc_t consent_keys_rotate(const char *directory, const char *name, char why[static 256]);

/* HMAC-SHA-256(pseudonym key, issuer length-prefixed, claim) cut to 128 bits. */
consent_rc_t consent_pseudonym(uint8_t subject[static CONSENT_SUBJECT_LEN], consent_keys_t *keys,
    consent_slice_t issuer, consent_slice_t claim);

/* The same under the former key. CONSENT_NOTFOUND: there is none. */
consent_rc_t consent_pseudonym_former(uint8_t subject[static CONSENT_SUBJECT_LEN], consent_keys_t *keys,
    consent_slice_t issuer, consent_slice_t claim);

#endif
