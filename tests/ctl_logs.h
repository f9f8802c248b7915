/*
 * What the tests of published logs share: a store with entries as nginx writes them, and their publishing.
 */

#ifndef TESTS_CTL_LOGS_H
#define TESTS_CTL_LOGS_H

#include "ctl.h"
#include "ledger_log.h"

#include "ledger/audit.h"
#include "ledger/record.h"

#include <ctype.h>
#include <fcntl.h>
#include <sys/stat.h>

#define DOCUMENT    "{\"id\":\"exempelkommun\",\"version\":\"2026-11-22\"}"
#define NOTICE      "What you decide on"
#define SHOWN       "An AI wrote this"
#define SHOWN_HASH  "\"6ed432ba0795228b1344ce297355792b674ff3810a928e4b0be845719a455d5c\""


/* A command of the shell, which must do what it should. */
static inline void
run(const char *fmt, ...)
{
    char     command[1024];
    int      n;
    va_list  args;

    va_start(args, fmt);
    n = vsnprintf(command, sizeof(command), fmt, args);
    va_end(args);
    assert_true(n > 0 && (size_t) n < sizeof(command));
    assert_int_equal(system(command), 0);
}


static inline consent_ledger_t *
open_log(const char *directory, const char *origin)
{
    char                   why[256] = "";
    consent_ledger_t      *ledger = NULL;
    consent_ledger_conf_t  conf = { .directory = directory, .size = (size_t) 256 << 20, .node = origin };

    if (consent_ledger_open(&ledger, &conf, why) != CONSENT_OK) {
        fail_msg("cannot open the store: %s", why);
    }

    return ledger;
}


static inline consent_entry_policy_t
log_policy(void)
{
    consent_slice_t         document = consent_lit(DOCUMENT);
    consent_digest_t       *digest = consent_digest_create();
    consent_entry_policy_t  policy = some_policy();

    assert_int_equal(consent_digest_sha256(digest, policy.hash, &document, 1), CONSENT_OK);
    consent_digest_destroy(digest);
    policy.key = consent_get_u64(policy.hash);

    return policy;
}


/* n entries more: the policy first, then decisions on a page, withdrawals and disclosures. */
static inline void
add_to_log(const char *directory, const char *origin, size_t n)
{
    size_t                 i;
    uint64_t               from;
    consent_op_t           op;
    consent_slice_t        notice = consent_lit(NOTICE);
    consent_digest_t      *digest = consent_digest_create();
    consent_ledger_t      *ledger = open_log(directory, origin);
    consent_ledger_stat_t  stat = { 0 };

    (void) consent_ledger_stat(ledger, &stat);
    from = stat.entries;
    assert_int_equal(consent_ledger_begin(ledger), CONSENT_OK);

    for (i = from; i < from + n; i++) {
        if (i == 0) {
            op = an_entry("policy", "", NOW);
            op.document = consent_lit(DOCUMENT);

        } else if (i % 5 == 4) {
            op = an_entry("disclosure", "{\"kind\":\"html\",\"mode\":\"generated\",\"notice_first\":true,\"notice_hash\":"
                          SHOWN_HASH ",\"outcome\":\"sent\",\"service\":\"a\"}", NOW + (consent_time_t) i);
            op.notice = consent_lit(SHOWN);
            assert_int_equal(consent_digest_sha256(digest, op.notice_hash, &op.notice, 1), CONSENT_OK);

        } else if (i % 5 == 3) {
            op = a_withdrawal(i - 1, NOW + (consent_time_t) i);

        } else {
            op = a_grant(i, NOW + (consent_time_t) i);
            op.notice = notice;
            assert_int_equal(consent_digest_sha256(digest, op.notice_hash, &notice, 1), CONSENT_OK);
        }

        op.policy = log_policy();
        op.decision.policy = op.policy.key;
        assert_int_equal(consent_ledger_apply(ledger, &op), CONSENT_OK);
    }

    assert_int_equal(consent_ledger_commit(ledger), CONSENT_OK);
    consent_digest_destroy(digest);
    consent_ledger_close(ledger);
}


static inline void
publish_log(const char *directory, const char *origin)
{
    char                  why[256] = "";
    consent_ledger_t     *ledger = open_log(directory, origin);
    consent_publisher_t  *publisher = a_publisher(ledger, origin, -1);

    if (consent_log_publish(publisher, why) != CONSENT_OK) {
        fail_msg("cannot publish: %s", why);
    }

    consent_publisher_destroy(publisher);
    consent_ledger_close(ledger);
}


static inline void
write_text(const char *path, const void *data, size_t len)
{
    FILE  *f = fopen(path, "w");

    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}


/* Inverts a byte of a file; from its end if at is negative. */
static inline void
damage(const char *path, long at)
{
    int    c;
    FILE  *f = fopen(path, "r+");

    assert_non_null(f);
    assert_int_equal(fseek(f, at, at < 0 ? SEEK_END : SEEK_SET), 0);
    c = fgetc(f);
    assert_int_equal(fseek(f, -1, SEEK_CUR), 0);
    assert_int_equal(fputc(c ^ 1, f), c ^ 1);
    assert_int_equal(fclose(f), 0);
}


/* The first place at or in front of `at`, from the end, where damage leaves a letter: so Base64 stays Base64. */
static inline long
letter(const char *path, long at)
{
    int    c;
    FILE  *f = fopen(path, "r");

    assert_non_null(f);

    do {
        assert_int_equal(fseek(f, at--, SEEK_END), 0);
        c = fgetc(f);
    } while (!isalpha(c) || !isalpha(c ^ 1));

    assert_int_equal(fclose(f), 0);

    return at + 1;
}


static inline void
write_key(const char *path, const char *origin)
{
    consent_buf_t  b;

    consent_buf_init(&b, 1024);
    consent_note_key_write(&b, log_key(origin));
    consent_buf_char(&b, '\n');
    write_text(path, b.data, b.len);
    consent_buf_free(&b);
}

#endif
