/*
 * A restored store: nobody has more in force than before, nobody who was erased is back, and the log says what was lost and
 * contradicts nothing that it ever signed.
 */

#include "ledger_secrets.h"
#include "ledger_log.h"

#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "ledger/kept.h"
#include "ledger/log.h"
#include "ledger/whole.h"

enum {
    GRANTED = 0,            /* and it is in force when the store is lost */
    WITHDRAWN,              /* after the backup */
    ERASED,                 /* after the backup */
    REFUSED,
    BACK,                   /* erased, and has decided again, before the backup */
    HELD,                   /* in the backup; released and erased after it */
    LATER,                  /* decided after the backup */
    GONE                    /* decided and was erased after the backup */
};

static const consent_progress_t  quiet;
static const char               *backup, *keys, *to;
static int                       signed_dir;


static consent_ledger_t *
open_guarded(const char *dir)
{
    char                   why[256] = "";
    consent_ledger_t      *l = NULL;
    consent_ledger_conf_t  conf = { .directory = dir, .node = ORIGIN, .guarded = true, .signed_dir = signed_dir };

    if (consent_ledger_open(&l, &conf, why) != CONSENT_OK) {
        fail_msg("cannot open %s: %s", dir, why);
    }

    return l;
}


static void
publish(consent_ledger_t *l)
{
    char                  why[256] = "";
    consent_publisher_t  *publisher = a_publisher(l, ORIGIN, signed_dir);

    if (consent_log_publish(publisher, why) != CONSENT_OK) {
        fail_msg("cannot publish: %s", why);
    }

    consent_publisher_destroy(publisher);
}


static void
decide(uint64_t n, consent_time_t now, consent_status_t status)
{
    consent_op_t  op = status == CONSENT_STATUS_GIVEN ? a_grant(n, now) : a_withdrawal(n, now);

    op.decision.status = status;
    op.decision.ai = status == CONSENT_STATUS_REFUSED ? CONSENT_AI_NONE : CONSENT_AI_ANY;
    op.decision.expires_at = now + 180 * DAY;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
}


static void
do_to(uint64_t n, consent_op_type_t type, bool release, consent_time_t now)
{
    consent_op_t  op = an_erasure(n, now);

    op.type = type;
    op.release = release;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
}


/* A life of a store, a backup in the middle of it, and its loss. */
static int
set_up_loss(void **state)
{
    char      why[256];
    uint64_t  entries;

    (void) state;

    directory = strdup(temporary_directory());
    backup = strdup(temporary_directory());
    keys = strdup(temporary_directory());
    to = strdup(temporary_directory());
    signed_dir = open(keys, O_RDONLY | O_DIRECTORY);
    assert_true(signed_dir > 0);
    ledger = open_guarded(directory);

    decide(GRANTED, NOW, CONSENT_STATUS_GIVEN);
    decide(WITHDRAWN, NOW, CONSENT_STATUS_GIVEN);
    decide(ERASED, NOW, CONSENT_STATUS_GIVEN);
    decide(REFUSED, NOW, CONSENT_STATUS_REFUSED);
    decide(BACK, NOW, CONSENT_STATUS_GIVEN);
    do_to(BACK, CONSENT_OP_ERASURE, false, NOW + 1);
    decide(BACK, NOW + 2, CONSENT_STATUS_GIVEN);
    publish(ledger);
    decide(HELD, NOW + 3, CONSENT_STATUS_GIVEN);
    do_to(HELD, CONSENT_OP_HOLD, false, NOW + 3);

    assert_int_equal(consent_ledger_backup(ledger, backup, &entries, &quiet, why), CONSENT_OK);
    assert_int_equal(entries, 9);

    decide(WITHDRAWN, NOW + 10, CONSENT_STATUS_WITHDRAWN);
    do_to(ERASED, CONSENT_OP_ERASURE, false, NOW + 10);
    do_to(HELD, CONSENT_OP_HOLD, true, NOW + 11);
    do_to(HELD, CONSENT_OP_ERASURE, false, NOW + 12);
    decide(LATER, NOW + 13, CONSENT_STATUS_GIVEN);
    decide(GONE, NOW + 13, CONSENT_STATUS_GIVEN);
    do_to(GONE, CONSENT_OP_ERASURE, false, NOW + 14);
    publish(ledger);
    decide(LATER, NOW + 15, CONSENT_STATUS_GIVEN);
    consent_ledger_close(ledger);
    ledger = NULL;

    return 0;
}


/* As set_up_loss() made it. */
static void
drop(const char *path)
{
    remove_directory(path);
    free((char *) path);
}


static int
tear_down_loss(void **state)
{
    (void) state;

    consent_ledger_close(ledger);
    (void) close(signed_dir);
    drop(directory);
    drop(backup);
    drop(keys);
    drop(to);

    return 0;
}


static consent_restore_t
a_restore(const char *from, const char *where, consent_time_t now)
{
    return (consent_restore_t) { .from = from, .to = where, .signed_dir = signed_dir, .origin = ORIGIN, .seed = log_seed,
                                 .now = now };
}


/* What is in force for a subject who has such a cookie. */
static consent_effect_t
in_force(uint64_t n, const consent_decision_t *cookie, consent_time_t now)
{
    consent_rc_t           rc;
    consent_time_t         erased_at;
    consent_effect_t       effect;
    consent_policy_t       policy = { .key = some_policy().key, .n_categories = 2, .consent_mask = 3, .n_levels = 1 };
    consent_level_t        level = { .shares = 0 };
    consent_decision_t     d;
    consent_policy_set_t   set = { .policy = &policy };

    policy.levels = &level;
    rc = state_of(ledger, n, &d, &erased_at);
    assert_true(rc == CONSENT_OK || rc == CONSENT_NOTFOUND);
    consent_decide(&effect, &set, rc == CONSENT_OK ? &d : NULL, cookie, NULL, erased_at, now);

    return effect;
}


static const char *
file_of(const char *name)
{
    int           fd = openat(signed_dir, name, O_RDONLY);
    ssize_t       n;
    static char   text[16384];

    if (fd == -1) {
        return NULL;
    }

    n = read(fd, text, sizeof(text) - 1);
    assert_true(n >= 0);
    text[n] = '\0';
    (void) close(fd);

    return text;
}


static void
nobody_has_more_than_before_and_nobody_erased_is_back(void **state)
{
    char                   why[256] = "";
    uint64_t               i;
    secrets_t              erased;
    consent_op_t           op;
    consent_time_t         now = NOW + 60000, erased_at, since;
    consent_effect_t       e;
    consent_restore_t      restore = a_restore(backup, to, now);
    consent_decision_t     d, cookie;
    consent_restored_t     restored;

    (void) state;

    ledger = open_ledger(backup, 0, true);
    erased = secrets_of(ledger, ERASED);
    consent_ledger_close(ledger);
    ledger = NULL;

    if (consent_ledger_restore(&restore, &restored, why) != CONSENT_OK) {
        fail_msg("%s", why);
    }

    assert_int_equal(restored.entries, 9);
    assert_int_equal(restored.lost, 7);
    assert_int_equal(restored.erased, 2);
    assert_int_equal(restored.lapsed, 3);
    assert_int_equal(restored.log, 1);
    assert_int_equal(secrets_in(&erased, to), 0);

    ledger = open_guarded(to);

    /* a cookie that she took a moment before the loss, which would count in a store that lost it in another way */
    memset(&cookie, 0, sizeof(cookie));
    cookie = a_grant(0, NOW + 59000).decision;
    cookie.expires_at = NOW + 180 * DAY;

    for (i = 0; i <= GONE; i++) {
        e = in_force(i, NULL, now);
        assert_int_equal(e.granted, 0);
        e = in_force(i, &cookie, now);
        assert_int_equal(e.granted, 0);
    }

    assert_int_equal(state_of(ledger, GRANTED, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_LAPSED);
    assert_int_equal(history_of(GRANTED, some_policy().id_key).n, 2);
    assert_int_equal(openings_of(GRANTED).opened, 2);
    assert_int_equal(openings_of(GRANTED).closed, 0);
    assert_int_equal(state_of(ledger, WITHDRAWN, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.granted, 0);

    assert_int_equal(state_of(ledger, ERASED, &d, &erased_at), CONSENT_NOTFOUND);
    assert_int_equal(history_of(ERASED, some_policy().id_key).n, 0);
    assert_int_equal(openings_of(ERASED).opened + openings_of(ERASED).closed, 0);

    assert_int_equal(state_of(ledger, REFUSED, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_REFUSED);
    assert_int_equal(d.ai, CONSENT_AI_NONE);
    assert_true(d.stamp >= now);
    assert_int_equal(in_force(REFUSED, &cookie, now).ai, CONSENT_AI_NONE);

    assert_int_equal(state_of(ledger, BACK, &d, &erased_at), CONSENT_OK);
    assert_int_equal(d.status, CONSENT_STATUS_LAPSED);
    assert_int_equal(history_of(BACK, some_policy().id_key).n, 2);

    assert_int_equal(state_of(ledger, HELD, &d, &erased_at), CONSENT_NOTFOUND);
    subject_of(op.subject, HELD);
    assert_int_equal(consent_ledger_held(ledger, op.subject, &since), CONSENT_NOTFOUND);

    assert_int_equal(state_of(ledger, LATER, &d, &erased_at), CONSENT_NOTFOUND);
    assert_true(erased_at >= now);

    /* what is decided from now on counts, whatever the clock says */
    op = a_grant(GRANTED, NOW);
    op.decision.expires_at = NOW + DAY;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_true(op.decision.stamp > now);
    assert_int_equal(in_force(GRANTED, NULL, now + 1).granted, 3);
    op = a_grant(LATER, NOW);
    op.decision.expires_at = NOW + DAY;
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    assert_true(op.decision.stamp > now);
    assert_int_equal(in_force(LATER, &cookie, now + 1).granted, 3);
}


static bool
each_entry(void *arg, uint64_t index, consent_slice_t entry)
{
    size_t  *n = arg;

    (void) index;
    n[memmem(entry.data, entry.len, "\"type\":\"restored\"", 17) != NULL ? 0
      : memmem(entry.data, entry.len, "\"status\":\"lapsed\"", 17) != NULL ? 1
      : memmem(entry.data, entry.len, "\"type\":\"erasure\"", 16) != NULL ? 2 : 3]++;

    return true;
}


static void
the_log_says_what_was_lost_and_contradicts_nothing(void **state)
{
    char                   why[256] = "", before[16384];
    size_t                 n[4] = { 0 };
    uint64_t               shown;
    uint8_t                memory[16384];
    consent_op_t           op;
    consent_log_t          log;
    consent_buf_t          b;
    consent_restore_t      restore = a_restore(backup, to, NOW + 60000);
    consent_restored_t     restored;
    consent_checkpoint_t   c;

    (void) state;

    (void) strcpy(before, file_of("checkpoint"));

    /* the backup by itself is no store for these keys */
    assert_int_equal(consent_ledger_open(&ledger, &(consent_ledger_conf_t) { .directory = backup, .guarded = true,
                                                                              .signed_dir = signed_dir }, why), CONSENT_DENIED);
    op = a_grant(GRANTED, NOW + 50000);
    assert_int_equal(do_op(ledger, &op), CONSENT_DENIED);
    consent_ledger_close(ledger);
    ledger = NULL;

    if (consent_ledger_restore(&restore, &restored, why) != CONSENT_OK) {
        fail_msg("%s", why);
    }

    assert_string_equal(file_of("lost.1"), before);
    ledger = open_guarded(to);

    assert_int_equal(consent_log_find(ledger, 0, &log), CONSENT_OK);
    assert_string_equal(log.origin, ORIGIN);
    assert_true(log.ended);
    assert_int_equal(log.leaves, 9);
    assert_int_equal(log.shown, 9);
    assert_int_equal(consent_log_find(ledger, CONSENT_LOG_NEWEST, &log), CONSENT_OK);
    assert_string_equal(log.origin, ORIGIN "/1");
    assert_int_equal(log.first, 9);
    assert_int_equal(log.shown, log.leaves);

    /* its checkpoint is signed, and is what is beside the keys now */
    consent_buf_init_fixed(&b, memory, sizeof(memory));
    assert_int_equal(consent_log_checkpoint(ledger, &b), CONSENT_OK);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(consent_checkpoint_verify(&c, log_key(ORIGIN "/1")), CONSENT_OK);
    assert_memory_equal(file_of("checkpoint"), b.data, b.len);

    /* that of the old log is of the tree that was signed before it was lost */
    consent_buf_init_fixed(&b, memory, sizeof(memory));
    assert_int_equal(consent_log_checkpoint_of(ledger, 0, false, &b), CONSENT_OK);
    assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&b)), CONSENT_OK);
    assert_int_equal(consent_checkpoint_verify(&c, log_key(ORIGIN)), CONSENT_OK);
    assert_int_equal(c.size, 9);

    assert_int_equal(consent_ledger_entries(ledger, 9, each_entry, n), CONSENT_OK);
    assert_int_equal(n[0], 1);
    assert_int_equal(n[1], restored.lapsed);
    assert_int_equal(n[2], restored.erased);
    assert_string_equal(member(entry_at(ledger, 9), "type"), "restored");
    assert_string_equal(member(entry_at(ledger, 9), "signed_origin"), ORIGIN);
    assert_non_null(strstr(entry_at(ledger, 9), "\"entries\":9,\"lost\":7,"));
    assert_non_null(strstr(entry_at(ledger, 9), "\"signed_size\":16,"));

    /* and it goes on */
    op = a_grant(GRANTED, NOW + 70000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    publish(ledger);
    assert_int_equal(consent_log_find(ledger, 1, &log), CONSENT_OK);
    shown = log.shown;
    consent_ledger_close(ledger);
    ledger = NULL;

    /* lost once more, with the same backup: again a log that no checkpoint has had */
    remove_directory(to);
    assert_int_equal(mkdir(to, 0700), 0);
    assert_int_equal(consent_ledger_restore(&restore, &restored, why), CONSENT_OK);
    assert_int_equal(restored.log, 2);
    assert_int_equal(restored.lost, shown);
    ledger = open_guarded(to);
    assert_int_equal(consent_log_find(ledger, 1, &log), CONSENT_OK);
    assert_int_equal(log.leaves, 0);
    assert_non_null(strstr(entry_at(ledger, 9), "\"lost\":null,"));
    assert_string_equal(member(entry_at(ledger, 9), "signed_origin"), ORIGIN "/1");
    op = a_grant(GRANTED, NOW + 80000);
    assert_int_equal(do_op(ledger, &op), CONSENT_OK);
    publish(ledger);
}


static void
what_cannot_be_right_is_not_restored(void **state)
{
    int                    fd;
    char                   why[256] = "", path[256];
    struct stat            st;
    consent_restore_t      restore = a_restore(backup, to, NOW + 60000);
    consent_restored_t     restored;

    (void) state;

    (void) snprintf(path, sizeof(path), "%s/data.mdb", to);

    /* erasures that somebody has changed */
    fd = openat(signed_dir, "erasures", O_RDWR);
    assert_int_equal(pwrite(fd, "x", 1, 20), 1);
    assert_int_equal(consent_ledger_restore(&restore, &restored, why), CONSENT_DENIED);
    assert_non_null(strstr(why, "erasures"));
    assert_int_not_equal(stat(path, &st), 0);
    (void) close(fd);
    assert_int_equal(unlinkat(signed_dir, "erasures", 0), 0);

    /* keys of another node */
    restore.origin = "consent.example.org/node2";
    assert_int_equal(consent_ledger_restore(&restore, &restored, why), CONSENT_DENIED);
    restore.origin = "consent.example.org/node";
    assert_int_equal(consent_ledger_restore(&restore, &restored, why), CONSENT_DENIED);
    assert_int_not_equal(stat(path, &st), 0);
    restore.origin = ORIGIN;

    /* no backup, or half of one */
    restore.from = keys;
    assert_int_not_equal(consent_ledger_restore(&restore, &restored, why), CONSENT_OK);
    (void) snprintf(path, sizeof(path), "%s/data.mdb", backup);
    restore.from = backup;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(truncate(path, st.st_size / 2), 0);
    assert_int_not_equal(consent_ledger_restore(&restore, &restored, why), CONSENT_OK);

    /* a store in the place */
    assert_int_equal(consent_ledger_restore(&(consent_restore_t) { .from = directory, .to = directory, .signed_dir = -1,
                                                                   .origin = ORIGIN, .seed = log_seed, .now = NOW },
                                            &restored, why), CONSENT_CONFLICT);

    /* one that was never published, and of which nothing is kept, is restored all the same */
    restore.from = directory;
    restore.signed_dir = -1;
    assert_int_equal(consent_ledger_restore(&restore, &restored, why), CONSENT_OK);
    assert_int_equal(restored.log, 1);
    assert_int_equal(restored.erased, 0);
}


static void
cut_off_at_any_moment_there_is_no_store_or_a_whole_one(void **state)
{
    int                    i, status, whole;
    char                   why[256] = "", path[256];
    pid_t                  pid;
    struct stat            st;
    consent_op_t           op;
    consent_restore_t      restore = a_restore(backup, to, NOW + 60000);
    consent_restored_t     restored;
    struct timespec        t = { 0, 0 };

    (void) state;

    (void) snprintf(path, sizeof(path), "%s/data.mdb", to);
    srand(7);

    for (i = 0, whole = 0; i < 30; i++) {
        pid = fork();

        if (pid == 0) {
            _exit(consent_ledger_restore(&restore, &restored, why) == CONSENT_OK ? 0 : 1);
        }

        t.tv_nsec = rand() % 12000000;
        (void) nanosleep(&t, NULL);
        (void) kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);

        if (stat(path, &st) == 0) {
            whole++;
            ledger = open_guarded(to);
            assert_int_equal(in_force(GRANTED, NULL, NOW + 60000).granted, 0);
            assert_int_equal(in_force(ERASED, NULL, NOW + 60000).status, CONSENT_STATUS_NONE);
            op = a_grant(GRANTED, NOW + 70000);
            assert_int_equal(do_op(ledger, &op), CONSENT_OK);
            publish(ledger);
            consent_ledger_close(ledger);
            ledger = NULL;
            remove_directory(to);
            assert_int_equal(mkdir(to, 0700), 0);
        }
    }

    assert_in_range(whole, 0, 30);
    assert_int_equal(consent_ledger_restore(&restore, &restored, why), CONSENT_OK);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(nobody_has_more_than_before_and_nobody_erased_is_back, set_up_loss, tear_down_loss),
        cmocka_unit_test_setup_teardown(the_log_says_what_was_lost_and_contradicts_nothing, set_up_loss, tear_down_loss),
        cmocka_unit_test_setup_teardown(what_cannot_be_right_is_not_restored, set_up_loss, tear_down_loss),
        cmocka_unit_test_setup_teardown(cut_off_at_any_moment_there_is_no_store_or_a_whole_one, set_up_loss, tear_down_loss),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
