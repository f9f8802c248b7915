/*
 * What must not be left of a subject, and looking for it in every byte of every file.
 */

#ifndef TESTS_LEDGER_SECRETS_H
#define TESTS_LEDGER_SECRETS_H

#include "ledger_fixture.h"

#include <dirent.h>
#include <sys/stat.h>

#include "ledger/inside.h"

typedef struct {
    size_t   n;
    uint8_t  bytes[64][16];         /* subject, both halves of its key, nonces, receipts */
} secrets_t;


static inline void
secret_add(secrets_t *s, const uint8_t *bytes)
{
    assert_true(s->n < consent_countof(s->bytes));
    memcpy(s->bytes[s->n++], bytes, 16);
}


static inline bool
secrets_each_past(void *arg, consent_slice_t key, consent_slice_t value)
{
    secrets_t       *s = arg;
    consent_past_t   past;

    if (memcmp(key.data, s->bytes[0], CONSENT_SUBJECT_LEN) != 0) {
        return false;
    }

    assert_int_equal(consent_past_decode(&past, value), CONSENT_OK);
    secret_add(s, past.nonce);
    secret_add(s, past.decision.receipt);

    return true;
}


static inline secrets_t
secrets_of(consent_ledger_t *l, uint64_t n)
{
    uint8_t          subject[CONSENT_SUBJECT_LEN];
    secrets_t        s = { 0 };
    consent_view_t   view;
    consent_slice_t  key;

    subject_of(subject, n);
    secret_add(&s, subject);

    assert_int_equal(consent_store_read(l->store, &view), CONSENT_OK);
    assert_int_equal(consent_view_get(&view, CONSENT_TABLE_KEYS, consent_slice(subject, sizeof(subject)), &key), CONSENT_OK);
    secret_add(&s, key.data);
    secret_add(&s, key.data + 16);
    assert_int_equal(consent_view_walk(&view, CONSENT_TABLE_HISTORY, consent_slice(subject, sizeof(subject)),
                                       secrets_each_past, &s), CONSENT_OK);
    consent_store_read_end(l->store, &view);

    return s;
}


/* How many of them stand somewhere in the files of a directory, or of one inside. */
static inline size_t
secrets_in(const secrets_t *s, const char *dir)
{
    DIR            *d = opendir(dir);
    char            path[512];
    FILE           *f;
    size_t          i, found = 0;
    uint8_t        *bytes;
    struct stat     st;
    struct dirent  *e;

    assert_non_null(d);

    while ((e = readdir(d)) != NULL) {
        (void) snprintf(path, sizeof(path), "%s/%s", dir, e->d_name);

        if (e->d_name[0] == '.' || lstat(path, &st) != 0) {
            continue;
        }

        if (S_ISDIR(st.st_mode)) {
            found += secrets_in(s, path);
            continue;
        }

        bytes = malloc((size_t) st.st_size + 1);
        f = fopen(path, "rb");
        assert_non_null(f);
        assert_int_equal(fread(bytes, 1, (size_t) st.st_size, f), st.st_size);
        (void) fclose(f);

        for (i = 0; i < s->n; i++) {
            found += memmem(bytes, (size_t) st.st_size, s->bytes[i], 16) != NULL;
        }

        free(bytes);
    }

    (void) closedir(d);

    return found;
}


/* An erasure of subject n. */
static inline consent_op_t
an_erasure(uint64_t n, consent_time_t now)
{
    consent_op_t  op = a_grant(n, now);

    op.type = CONSENT_OP_ERASURE;
    op.keep_until = now + 180 * DAY;

    return op;
}

#endif
