/*
 * What happened lately is seen by every process that maps it, whole or not at all.
 */

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "ledger/recent.h"

static char  directory[64];
static char  path[80];


static int
set_up(void **state)
{
    (void) state;

    (void) strcpy(directory, "/tmp/consent-test-XXXXXX");
    (void) snprintf(path, sizeof(path), "%s/recent", mkdtemp(directory));

    return 0;
}


static int
tear_down(void **state)
{
    char  command[128];

    (void) state;

    (void) umount2(directory, MNT_DETACH);      /* after a failed test */
    (void) snprintf(command, sizeof(command), "rm -rf '%s'", directory);

    return system(command);
}


static consent_recent_t *
open_recent(bool create, bool read_only)
{
    consent_recent_t  *recent;

    assert_int_equal(consent_recent_open(&recent, directory, create, read_only), CONSENT_OK);

    return recent;
}


/* Every field follows from n, so that a mixture of two events is seen. */
static consent_recent_event_t
event_of(uint64_t n)
{
    consent_recent_event_t  e = {
        .subject_tag = n * 3, .at = (consent_time_t) n * 5, .event = (consent_event_t) (n % 7), .reported = n % 2,
        .sensitive = n % 3 == 0, .carriers = (uint32_t) n % 512, .categories = n * 7, .policy = n * 11,
        .required = (int8_t) ((int) (n % 17) - 1)
    };

    memcpy(e.code, &n, 4);
    (void) snprintf(e.location, sizeof(e.location), "/place/%llu/of/a/certain/length/%llu", (unsigned long long) n,
                    (unsigned long long) n);

    return e;
}


typedef struct {
    size_t    n;
    size_t    stop_after;
    uint64_t  first;
    uint64_t  last;
} seen_t;

static bool
each(void *arg, const consent_recent_event_t *e)
{
    seen_t                  *seen = arg;
    uint64_t                 n = e->subject_tag / 3;
    consent_recent_event_t   expected = event_of(n);

    assert_memory_equal(e->code, expected.code, 4);
    assert_int_equal(e->subject_tag, expected.subject_tag);
    assert_int_equal(e->at, expected.at);
    assert_int_equal(e->event, expected.event);
    assert_int_equal(e->reported, expected.reported);
    assert_int_equal(e->sensitive, expected.sensitive);
    assert_int_equal(e->carriers, expected.carriers);
    assert_int_equal(e->categories, expected.categories);
    assert_int_equal(e->policy, expected.policy);
    assert_int_equal(e->required, expected.required);
    assert_string_equal(e->location, expected.location);

    if (seen->n++ == 0) {
        seen->first = n;
    }

    seen->last = n;

    return seen->n != seen->stop_after;
}


static void
events_are_seen_by_other_processes_newest_first(void **state)
{
    int                      status;
    pid_t                    pid;
    seen_t                   seen = { 0 };
    uint64_t                 n;
    struct stat              st;
    consent_recent_t        *recent = open_recent(true, false), *reader;
    consent_recent_event_t   e;

    (void) state;

    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    consent_recent_each(recent, each, &seen);
    assert_int_equal(seen.n, 0);

    for (n = 1; n <= 100; n++) {
        e = event_of(n);
        consent_recent_add(recent, &e);
    }

    pid = fork();

    if (pid == 0) {
        reader = open_recent(false, true);
        consent_recent_each(reader, each, &seen);
        _exit(seen.n == 100 && seen.first == 100 && seen.last == 1 ? 0 : 1);
    }

    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);

    seen.n = 0;
    seen.stop_after = 7;
    consent_recent_each(recent, each, &seen);
    assert_int_equal(seen.n, 7);
    consent_recent_close(recent);
}


static void
the_oldest_make_room(void **state)
{
    seen_t                   seen = { 0 };
    uint64_t                 n;
    consent_recent_t        *recent = open_recent(true, false);
    consent_recent_event_t   e;

    (void) state;

    for (n = 1; n <= 2 * CONSENT_RECENT_SLOTS + 1000; n++) {
        e = event_of(n);
        consent_recent_add(recent, &e);
    }

    consent_recent_each(recent, each, &seen);
    assert_int_equal(seen.n, CONSENT_RECENT_SLOTS);
    assert_int_equal(seen.first, n - 1);
    assert_int_equal(seen.last, n - CONSENT_RECENT_SLOTS);
    consent_recent_close(recent);
}


static bool
each_place(void *arg, const consent_recent_event_t *e)
{
    (void) strcpy(arg, e->location);

    return true;
}


static void
a_long_place_is_cut(void **state)
{
    char                     place[64] = "";
    consent_recent_t        *recent = open_recent(true, false);
    consent_recent_event_t   e = event_of(1234567890123);

    (void) state;

    memset(e.location, 'x', sizeof(e.location));        /* not even a NUL */
    consent_recent_add(recent, &e);
    consent_recent_close(recent);

    recent = open_recent(false, true);
    consent_recent_each(recent, each_place, place);
    assert_int_equal(strlen(place), CONSENT_RECENT_NAME);
    assert_int_equal(strspn(place, "x"), CONSENT_RECENT_NAME);
    consent_recent_close(recent);
    consent_recent_close(NULL);
    consent_recent_add(NULL, &e);
    consent_recent_count(NULL, CONSENT_COUNT_REQUESTS, 1);
    assert_int_equal(consent_recent_counter(NULL, CONSENT_COUNT_REQUESTS), 0);
}


/* Writers are killed in the middle of it; what is seen is whole (each() compares), and slots are not lost for good. */
static void
writers_and_readers_do_not_meet_half_an_event(void **state)
{
    int                      i, w;
    pid_t                    pid[3];
    seen_t                   seen;
    uint64_t                 n;
    struct timespec          t = { 0, 3000000 };
    consent_recent_t        *recent = open_recent(true, false);
    consent_recent_event_t   e;

    (void) state;

    for (i = 0; i < 40; i++) {
        for (w = 0; w < 3; w++) {
            pid[w] = fork();

            if (pid[w] == 0) {
                for (n = (uint64_t) w;; n += 3) {
                    e = event_of(n);
                    consent_recent_add(recent, &e);
                    consent_recent_count(recent, CONSENT_COUNT_REQUESTS, 1);
                }
            }
        }

        (void) nanosleep(&t, NULL);
        memset(&seen, 0, sizeof(seen));
        consent_recent_each(recent, each, &seen);

        for (w = 0; w < 3; w++) {
            assert_int_equal(kill(pid[w], SIGKILL), 0);
            assert_int_equal(waitpid(pid[w], NULL, 0), pid[w]);
        }
    }

    for (n = 0; n < CONSENT_RECENT_SLOTS; n++) {
        e = event_of(n);
        consent_recent_add(recent, &e);
    }

    memset(&seen, 0, sizeof(seen));
    consent_recent_each(recent, each, &seen);
    assert_int_equal(seen.n, CONSENT_RECENT_SLOTS);
    assert_true(consent_recent_counter(recent, CONSENT_COUNT_REQUESTS) > 10000);
    consent_recent_close(recent);
}


static void
counters_are_shared(void **state)
{
    int                w, i;
    consent_recent_t  *recent = open_recent(true, false);

    (void) state;

    for (w = 0; w < 4; w++) {
        if (fork() == 0) {
            for (i = 0; i < 10000; i++) {
                consent_recent_count(recent, CONSENT_COUNT_DECISIONS, 2);
                consent_recent_count_categories(recent, 77, 5, w % 2);
                consent_recent_count_categories(recent, 78 + (uint64_t) w, (consent_mask_t) 1 << 62, false);
            }

            _exit(0);
        }
    }

    while (wait(NULL) > 0) {
        /* void */
    }

    assert_int_equal(consent_recent_counter(recent, CONSENT_COUNT_DECISIONS), 80000);
    assert_int_equal(consent_recent_counter(recent, CONSENT_COUNTERS), 0);
    assert_int_equal(consent_recent_category(recent, 77, 0, true), 20000);
    assert_int_equal(consent_recent_category(recent, 77, 0, false), 20000);
    assert_int_equal(consent_recent_category(recent, 77, 1, false), 0);
    assert_int_equal(consent_recent_category(recent, 77, 2, false), 20000);
    assert_int_equal(consent_recent_category(recent, 81, 62, false), 10000);
    assert_int_equal(consent_recent_category(recent, 81, 63, false), 0);
    assert_int_equal(consent_recent_category(recent, 999, 0, false), 0);
    consent_recent_close(recent);
}


static void
more_policies_than_there_is_room_for_are_not_counted(void **state)
{
    size_t             i;
    uint64_t           keys[CONSENT_RECENT_POLICIES];
    consent_recent_t  *recent = open_recent(true, false);

    (void) state;

    assert_int_equal(consent_recent_policies(recent, keys), 0);

    for (i = 1; i <= CONSENT_RECENT_POLICIES + 3; i++) {
        consent_recent_count_categories(recent, i, 1, false);
    }

    assert_int_equal(consent_recent_policies(recent, keys), CONSENT_RECENT_POLICIES);
    assert_int_equal(keys[0], 1);
    assert_int_equal(consent_recent_category(recent, CONSENT_RECENT_POLICIES, 0, false), 1);
    assert_int_equal(consent_recent_category(recent, CONSENT_RECENT_POLICIES + 1, 0, false), 0);
    consent_recent_close(recent);
}


static void
a_new_start_leaves_those_who_still_map_the_old_file(void **state)
{
    seen_t                   seen = { 0 };
    consent_recent_t        *old = open_recent(true, false), *new;
    consent_recent_event_t   e = event_of(5);

    (void) state;

    consent_recent_add(old, &e);
    new = open_recent(true, false);
    consent_recent_each(new, each, &seen);
    assert_int_equal(seen.n, 0);
    consent_recent_each(old, each, &seen);
    assert_int_equal(seen.n, 1);
    consent_recent_close(old);
    consent_recent_close(new);
}


static void
what_is_no_such_file_is_refused(void **state)
{
    int                      fd;
    off_t                    size;
    struct stat              st;
    consent_recent_t        *recent;
    consent_recent_event_t   e = event_of(5);

    (void) state;

    assert_int_equal(consent_recent_open(&recent, directory, false, true), CONSENT_NOTFOUND);
    assert_int_equal(consent_recent_open(&recent, "/nonexistent", true, false), CONSENT_NOTFOUND);

    recent = open_recent(true, false);
    consent_recent_close(recent);
    assert_int_equal(stat(path, &st), 0);

    /* cut short: a map over it would end the process */
    for (size = 0; size < st.st_size; size += 1000000) {
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(consent_recent_open(&recent, directory, false, true), CONSENT_MALFORMED);
    }

    /* of another layout */
    recent = open_recent(true, false);
    consent_recent_close(recent);
    fd = open(path, O_RDWR);
    assert_int_equal(pwrite(fd, "Xrecent1", 8, 0), 8);
    (void) close(fd);
    assert_int_equal(consent_recent_open(&recent, directory, false, false), CONSENT_MALFORMED);

    /* who only reads writes nothing */
    recent = open_recent(true, false);
    consent_recent_close(recent);
    recent = open_recent(false, true);
    consent_recent_add(recent, &e);
    consent_recent_count(recent, CONSENT_COUNT_CSRF, 1);
    consent_recent_count_categories(recent, 1, 1, true);
    assert_int_equal(consent_recent_counter(recent, CONSENT_COUNT_CSRF), 0);
    consent_recent_close(recent);

    /* a link is not followed */
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_int_equal(consent_recent_open(&recent, directory, false, true), CONSENT_IO);
}


static void
a_full_file_system_is_an_error_and_not_a_signal(void **state)
{
    consent_recent_t  *recent;

    (void) state;

    if (mount("none", directory, "tmpfs", 0, "size=1m") != 0) {
        print_message("no tmpfs can be mounted here\n");
        skip();
    }

    assert_int_equal(consent_recent_open(&recent, directory, true, false), CONSENT_FULL);
    assert_int_equal(consent_recent_open(&recent, directory, false, false), CONSENT_NOTFOUND);
    assert_int_equal(umount(directory), 0);
}


/* first: the tag of the oldest, last: that of the newest. */
static bool
count_of_tag(void *arg, const consent_recent_event_t *e)
{
    seen_t  *seen = arg;

    seen->last = seen->n++ == 0 ? e->subject_tag : seen->last;
    seen->first = e->subject_tag;

    return true;
}


static void
what_is_forgotten_is_not_seen(void **state)
{
    uint64_t                n;
    seen_t                  seen = { .stop_after = SIZE_MAX };
    consent_recent_t       *recent, *other;
    consent_recent_event_t  e;

    (void) state;

    recent = open_recent(true, false);
    other = open_recent(false, true);

    for (n = 1; n <= 20; n++) {
        e = event_of(n);
        e.subject_tag = 100 + n % 2;
        consent_recent_add(recent, &e);
    }

    consent_recent_forget(other, 100);
    consent_recent_forget(NULL, 100);
    consent_recent_forget(recent, 0);
    consent_recent_each(other, count_of_tag, &seen);
    assert_int_equal(seen.n, 20);

    seen.n = 0;
    consent_recent_forget(recent, 100);
    consent_recent_each(other, count_of_tag, &seen);
    assert_int_equal(seen.n, 10);
    assert_int_equal(seen.last, 101);
    assert_int_equal(seen.first, 101);

    e = event_of(21);
    e.subject_tag = 100;
    consent_recent_add(recent, &e);
    seen.n = 0;
    consent_recent_each(other, count_of_tag, &seen);
    assert_int_equal(seen.n, 11);
    assert_int_equal(seen.last, 100);

    consent_recent_close(other);
    consent_recent_close(recent);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(events_are_seen_by_other_processes_newest_first, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_oldest_make_room, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_long_place_is_cut, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_forgotten_is_not_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(writers_and_readers_do_not_meet_half_an_event, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counters_are_shared, set_up, tear_down),
        cmocka_unit_test_setup_teardown(more_policies_than_there_is_room_for_are_not_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_new_start_leaves_those_who_still_map_the_old_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_such_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_file_system_is_an_error_and_not_a_signal, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
