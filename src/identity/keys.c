/*
 * The keys of a node, read once, and the pseudonyms that come of them.
 */

#include "identity/keys.h"
#include "identity/key_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static consent_rc_t keys_directory(const char *directory, char why[static 256]);
static consent_rc_t keys_cookie(consent_keys_t *k, const char *directory, char why[static 256]);
static consent_rc_t keys_pseudonym(consent_keys_t *k, const char *directory, char why[static 256]);
static consent_rc_t keys_subject(uint8_t *subject, consent_mac_t *key, consent_slice_t issuer, consent_slice_t claim);
static consent_rc_t keys_single(consent_key_line_t *line, const char *directory, const char *name,
    char why[static 256]);
static consent_rc_t keys_log(consent_keys_t *k, const char *directory, char why[static 256]);


consent_rc_t
consent_keys_load(consent_keys_t **keys, const char *directory, char why[static 256])
{
    consent_rc_t         rc;
    consent_keys_t      *k;
    consent_key_line_t   line;

    *keys = NULL;
    why[0] = '\0';

    k = calloc(1, sizeof(consent_keys_t));
    if (k == NULL) {
        snprintf(why, 256, "out of memory");
        return CONSENT_NOMEM;
    }

    rc = keys_directory(directory, why);

    if (rc == CONSENT_OK) {
        rc = keys_cookie(k, directory, why);
    }

    if (rc == CONSENT_OK) {
        rc = keys_pseudonym(k, directory, why);
    }

    /* a fault in the last is found at the start too, not when it is first needed */

    if (rc == CONSENT_OK) {
        rc = keys_single(&line, directory, "handoff.key", why);
    }

    if (rc == CONSENT_OK) {
        memcpy(k->handoff, line.secret, CONSENT_SEAL_KEY_LEN);
        rc = keys_single(&line, directory, "cluster.key", why);
    }

    if (rc == CONSENT_OK) {
        memcpy(k->cluster, line.secret, CONSENT_SEAL_KEY_LEN);
    }

    consent_wipe(&line, sizeof(line));

    if (rc == CONSENT_OK) {
        rc = keys_log(k, directory, why);
    }

    if (rc == CONSENT_OK) {
        rc = consent_random(k->run, sizeof(k->run));

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "the random number generator fails");
        }
    }

    if (rc != CONSENT_OK) {
        consent_keys_destroy(k);
        return rc;
    }

    *keys = k;

    return CONSENT_OK;
}


void
consent_keys_destroy(consent_keys_t *keys)
{
    size_t  i;

    if (keys == NULL) {
        return;
    }

    for (i = 0; i < keys->n_cookie; i++) {
        consent_jwt_key_destroy(keys->cookie[i]);
    }

    for (i = 0; i < keys->n_pseudonym; i++) {
        consent_mac_destroy(keys->pseudonym[i]);
    }

    consent_mac_destroy(keys->form);
    consent_wipe(keys, sizeof(consent_keys_t));
    free(keys);
}


consent_rc_t
consent_pseudonym(uint8_t subject[static CONSENT_SUBJECT_LEN], consent_keys_t *keys, consent_slice_t issuer,
    consent_slice_t claim)
{
    return keys_subject(subject, keys->pseudonym[0], issuer, claim);
}


consent_rc_t
consent_pseudonym_former(uint8_t subject[static CONSENT_SUBJECT_LEN], consent_keys_t *keys, consent_slice_t issuer,
    consent_slice_t claim)
{
    return keys->n_pseudonym > 1 ? keys_subject(subject, keys->pseudonym[1], issuer, claim) : CONSENT_NOTFOUND;
}


static consent_rc_t
keys_subject(uint8_t *subject, consent_mac_t *key, consent_slice_t issuer, consent_slice_t claim)
{
    size_t           i;
    uint8_t          mac[CONSENT_HASH_LEN], length[8];
    consent_rc_t     rc;
    consent_slice_t  parts[3];

    for (i = 0; i < sizeof(length); i++) {
        length[i] = (uint8_t) ((uint64_t) issuer.len >> (56 - 8 * i));
    }

    parts[0] = consent_slice(length, sizeof(length));
    parts[1] = issuer;
    parts[2] = claim;

    rc = consent_mac(key, mac, parts, 3);

    memcpy(subject, mac, CONSENT_SUBJECT_LEN);
    consent_wipe(mac, sizeof(mac));

    return rc;
}


/* Who may write in the directory may put other keys there. */
static consent_rc_t
keys_directory(const char *directory, char why[static 256])
{
    struct stat  st;

    if (stat(directory, &st) == -1) {
        snprintf(why, 256, "the key directory %s", errno == ENOENT ? "is missing" : "cannot be read");
        return errno == ENOENT ? CONSENT_NOTFOUND : CONSENT_IO;
    }

    if (!S_ISDIR(st.st_mode)) {
        snprintf(why, 256, "the key directory is no directory");
        return CONSENT_IO;
    }

    if (st.st_mode & 022) {
        snprintf(why, 256, "the key directory has mode %04o, others may write to it",
                 (unsigned) st.st_mode & 07777);
        return CONSENT_DENIED;
    }

    return CONSENT_OK;
}


static consent_rc_t
keys_cookie(consent_keys_t *k, const char *directory, char why[static 256])
{
    size_t               i, n, len;
    uint8_t              content[CONSENT_KEY_FILE_MAX], derived[CONSENT_HASH_LEN];
    consent_rc_t         rc;
    consent_slice_t      label;
    consent_key_line_t   lines[CONSENT_MAX_COOKIE_KEYS];

    rc = consent_key_file_read(content, &len, directory, "cookie.key", true, why);

    if (rc == CONSENT_OK) {
        rc = consent_key_lines_parse(lines, &n, CONSENT_MAX_COOKIE_KEYS, consent_slice(content, len));

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "cookie.key is not made of 1 to %d lines of key id and key",
                     CONSENT_MAX_COOKIE_KEYS);
        }
    }

    for (i = 0; rc == CONSENT_OK && i < n; i++) {
        memcpy(k->kids[i], lines[i].kid, sizeof(lines[i].kid));
        rc = consent_jwt_key_create(&k->cookie[i], CONSENT_ALG_HS256,
                                    consent_slice(lines[i].secret, CONSENT_SECRET_LEN),
                                    consent_cstr(lines[i].kid));

        if (rc == CONSENT_OK) {
            k->n_cookie++;

        } else {
            snprintf(why, 256, "a key of cookie.key cannot be used");
        }
    }

    if (rc == CONSENT_OK) {
        label = consent_lit("consent form token v1");
        rc = consent_hmac(derived, consent_slice(lines[0].secret, CONSENT_SECRET_LEN), &label, 1);

        if (rc == CONSENT_OK) {
            k->form = consent_mac_create(consent_slice(derived, sizeof(derived)));
            rc = k->form == NULL ? CONSENT_NOMEM : CONSENT_OK;
        }

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "the key of form tokens cannot be derived");
        }
    }

    consent_wipe(content, sizeof(content));
    consent_wipe(lines, sizeof(lines));
    consent_wipe(derived, sizeof(derived));

    return rc;
}


static consent_rc_t
keys_pseudonym(consent_keys_t *k, const char *directory, char why[static 256])
{
    size_t              i, n, len;
    uint8_t             content[CONSENT_KEY_FILE_MAX];
    consent_rc_t        rc;
    consent_key_line_t  lines[CONSENT_PSEUDONYM_KEYS];

    rc = consent_key_file_read(content, &len, directory, "pseudonym.key", true, why);

    if (rc == CONSENT_OK) {
        rc = consent_key_lines_parse(lines, &n, CONSENT_PSEUDONYM_KEYS, consent_slice(content, len));

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "pseudonym.key is not made of one line of key id and key, or two");
        }
    }

    for (i = 0; rc == CONSENT_OK && i < n; i++) {
        memcpy(k->pseudonym_kids[i], lines[i].kid, sizeof(lines[i].kid));
        k->pseudonym[i] = consent_mac_create(consent_slice(lines[i].secret, CONSENT_SECRET_LEN));

        if (k->pseudonym[i] == NULL) {
            snprintf(why, 256, "out of memory");
            rc = CONSENT_NOMEM;

        } else {
            k->n_pseudonym++;
        }
    }

    consent_wipe(content, sizeof(content));
    consent_wipe(lines, sizeof(lines));

    return rc;
}


static consent_rc_t
keys_single(consent_key_line_t *line, const char *directory, const char *name, char why[static 256])
{
    size_t        n, len;
    uint8_t       content[CONSENT_KEY_FILE_MAX];
    consent_rc_t  rc;

    rc = consent_key_file_read(content, &len, directory, name, true, why);

    if (rc == CONSENT_OK) {
        rc = consent_key_lines_parse(line, &n, 1, consent_slice(content, len));

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "%s is not one line of key id and key", name);
        }
    }

    consent_wipe(content, sizeof(content));

    return rc;
}


static consent_rc_t
keys_log(consent_keys_t *k, const char *directory, char why[static 256])
{
    size_t         len;
    uint8_t        content[CONSENT_KEY_FILE_MAX];
    consent_rc_t   rc;
    consent_buf_t  b;

    rc = consent_key_file_read(content, &len, directory, "log.key", true, why);

    if (rc == CONSENT_OK) {
        rc = consent_log_key_parse(k->origin, k->log_kid, k->log_seed, k->log_public,
                                   consent_slice(content, len));

        if (rc != CONSENT_OK) {
            snprintf(why, 256, "log.key is no private key of a log");
        }
    }

    consent_wipe(content, sizeof(content));

    if (rc != CONSENT_OK) {
        return rc;
    }

    /* auditors were given log.pub: where it lies beside the key, it must be of this key */

    rc = consent_key_file_read(content, &len, directory, "log.pub", false, why);

    if (rc == CONSENT_NOTFOUND) {
        why[0] = '\0';
        return CONSENT_OK;
    }

    if (rc != CONSENT_OK) {
        return rc;
    }

    consent_buf_init(&b, CONSENT_KEY_FILE_MAX);
    rc = consent_log_key_write(&b, k->origin, k->log_seed, false);

    if (rc == CONSENT_OK && !consent_slice_eq(consent_buf_view(&b), consent_slice(content, len))) {
        snprintf(why, 256, "log.pub does not belong to log.key");
        rc = CONSENT_MALFORMED;
    }

    consent_buf_free(&b);

    return rc;
}
