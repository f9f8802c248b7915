/*
 * A node's keys: made once, read with care, rotated; and the pseudonyms that come of them.
 */

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "identity/key_file.h"
#include "identity/keys.h"

static char  root[] = "/tmp/consent-keys-XXXXXX";
static char  dir[sizeof(root) + 8];
static char  why[256];


static void
empty(const char *path)
{
    DIR            *d;
    char            name[512];
    struct dirent  *e;

    d = opendir(path);

    if (d == NULL) {
        return;
    }

    while ((e = readdir(d)) != NULL) {
        if (e->d_name[0] != '.') {
            snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
            unlink(name);
        }
    }

    closedir(d);
    rmdir(path);
}


static int
begin(void **state)
{
    (void) state;

    memcpy(root + sizeof(root) - 7, "XXXXXX", 6);

    if (mkdtemp(root) == NULL) {
        return 1;
    }

    snprintf(dir, sizeof(dir), "%s/a", root);

    return consent_keys_generate(dir, "example.org/node1", NULL, why) != CONSENT_OK;
}


static int
finish(void **state)
{
    char  other[sizeof(root) + 8];

    (void) state;

    empty(dir);
    snprintf(other, sizeof(other), "%s/b", root);
    empty(other);

    return rmdir(root);
}


static const char *
path_of(const char *name)
{
    static char  path[512];

    snprintf(path, sizeof(path), "%s/%s", dir, name);

    return path;
}


static size_t
read_file(const char *name, char *out, size_t size)
{
    FILE    *f;
    size_t   n;

    f = fopen(path_of(name), "r");
    assert_non_null(f);
    n = fread(out, 1, size - 1, f);
    fclose(f);
    out[n] = '\0';

    return n;
}


static void
write_file(const char *name, const char *content)
{
    FILE  *f;

    f = fopen(path_of(name), "w");
    assert_non_null(f);
    assert_int_equal(fwrite(content, 1, strlen(content), f), strlen(content));
    fclose(f);
}


static void
assert_refused(consent_rc_t expected, const char *named, int line)
{
    consent_rc_t     rc;
    consent_keys_t  *keys;

    rc = consent_keys_load(&keys, dir, why);

    if (rc != expected || keys != NULL || strstr(why, named) == NULL) {
        fail_msg("line %d: %s, %s", line, consent_rc_name(rc), why);
    }
}


static void
new_keys_are_private_and_can_be_read(void **state)
{
    size_t           i;
    struct stat      st;
    consent_keys_t  *keys;

    static const char  *names[] = { "cookie.key", "pseudonym.key", "handoff.key", "cluster.key", "log.key" };

    (void) state;

    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);

    for (i = 0; i < consent_countof(names); i++) {
        assert_int_equal(stat(path_of(names[i]), &st), 0);
        assert_int_equal(st.st_mode & 07777, 0600);
    }

    assert_int_equal(stat(path_of("log.pub"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0644);

    assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);
    assert_int_equal(keys->n_cookie, 1);
    assert_int_equal(strlen(keys->kids[0]), CONSENT_KID_LEN);
    assert_int_equal(strlen(keys->pseudonym_kids[0]), CONSENT_KID_LEN);
    assert_string_equal(keys->origin, "example.org/node1");
    assert_non_null(keys->pseudonym[0]);
    assert_int_equal(keys->n_pseudonym, 1);
    assert_non_null(keys->form);
    assert_memory_not_equal(keys->run, ((uint64_t[2]) { 0, 0 }), sizeof(keys->run));
    consent_keys_destroy(keys);
    consent_keys_destroy(NULL);
}


static void
keys_are_never_overwritten(void **state)
{
    char  before[4096], after[4096];

    (void) state;

    read_file("log.key", before, sizeof(before));
    assert_int_equal(consent_keys_generate(dir, "example.org/node1", NULL, why), CONSENT_CONFLICT);
    assert_non_null(strstr(why, "cookie.key"));
    read_file("log.key", after, sizeof(after));
    assert_string_equal(before, after);

    /* one file is enough */
    unlink(path_of("cookie.key"));
    unlink(path_of("pseudonym.key"));
    unlink(path_of("handoff.key"));
    unlink(path_of("cluster.key"));
    unlink(path_of("log.pub"));
    assert_int_equal(consent_keys_generate(dir, "example.org/node1", NULL, why), CONSENT_CONFLICT);
    assert_int_equal(access(path_of("cookie.key"), F_OK), -1);
}


static void
bad_origins_are_refused(void **state)
{
    size_t  i;
    char    other[64], large[300];

    static const char  *bad[] = {
        "", "a b", "a+b", "a\tb", "a\n", "\xc2\xa0", ("a\xe2\x80\x83" "b"), "a\xe3\x80\x80", "\xff", "a\x7f"
    };

    (void) state;

    snprintf(other, sizeof(other), "%s/b", root);

    for (i = 0; i < consent_countof(bad); i++) {
        if (consent_keys_generate(other, bad[i], NULL, why) != CONSENT_MALFORMED) {
            fail_msg("\"%s\"", bad[i]);
        }
    }

    memset(large, 'x', 256);
    large[256] = '\0';
    assert_int_equal(consent_keys_generate(other, large, NULL, why), CONSENT_MALFORMED);
    assert_int_equal(access(other, F_OK), -1);

    large[255] = '\0';
    assert_int_equal(consent_keys_generate(other, large, NULL, why), CONSENT_OK);
}


static void
a_second_node_shares_all_but_the_log_key(void **state)
{
    char             other[64], a[4096], b[4096];
    size_t           i;
    uint8_t          one[CONSENT_SUBJECT_LEN], two[CONSENT_SUBJECT_LEN];
    consent_keys_t  *first, *second;

    static const char  *shared[] = { "cookie.key", "pseudonym.key", "handoff.key", "cluster.key" };

    (void) state;

    snprintf(other, sizeof(other), "%s/b", root);
    assert_int_equal(consent_keys_rotate(dir, "cookie", why), CONSENT_OK);
    assert_int_equal(consent_keys_generate(other, "example.org/node2", dir, why), CONSENT_OK);

    assert_int_equal(consent_keys_load(&first, dir, why), CONSENT_OK);
    assert_int_equal(consent_keys_load(&second, other, why), CONSENT_OK);

    assert_int_equal(second->n_cookie, 2);
    assert_string_equal(first->kids[0], second->kids[0]);
    assert_string_equal(second->origin, "example.org/node2");
    assert_memory_not_equal(first->log_seed, second->log_seed, 32);
    assert_int_equal(consent_pseudonym(one, first, consent_lit("i"), consent_lit("c")), CONSENT_OK);
    assert_int_equal(consent_pseudonym(two, second, consent_lit("i"), consent_lit("c")), CONSENT_OK);
    assert_memory_equal(one, two, CONSENT_SUBJECT_LEN);

    consent_keys_destroy(first);
    consent_keys_destroy(second);

    for (i = 0; i < consent_countof(shared); i++) {
        read_file(shared[i], a, sizeof(a));
        memcpy(dir + strlen(dir) - 1, "b", 1);
        read_file(shared[i], b, sizeof(b));
        memcpy(dir + strlen(dir) - 1, "a", 1);
        assert_string_equal(a, b);
    }

    /* from a node that is not whole nothing is made */
    empty(other);
    unlink(path_of("cluster.key"));
    assert_int_equal(consent_keys_generate(other, "example.org/node2", dir, why), CONSENT_NOTFOUND);
    assert_non_null(strstr(why, "cluster.key"));
    assert_int_equal(rmdir(other), 0);
}


static void
files_that_others_may_read_are_refused(void **state)
{
    size_t  i;

    static const char  *names[] = { "cookie.key", "pseudonym.key", "handoff.key", "cluster.key", "log.key" };
    static const mode_t  modes[] = { 0640, 0604, 0644, 0660, 0601, 0700, 0622, 02600, 04600 };

    (void) state;

    for (i = 0; i < consent_countof(names); i++) {
        chmod(path_of(names[i]), modes[i]);
        assert_refused(CONSENT_DENIED, names[i], __LINE__);
        chmod(path_of(names[i]), 0600);
    }

    for (i = 0; i < consent_countof(modes); i++) {
        chmod(path_of("cookie.key"), modes[i]);
        assert_refused(CONSENT_DENIED, "cookie.key", __LINE__);
    }

    chmod(path_of("cookie.key"), 0400);
    assert_int_equal(chmod(dir, 0770), 0);
    assert_refused(CONSENT_DENIED, "directory", __LINE__);
    assert_int_equal(chmod(dir, 0750), 0);
    consent_keys_t  *keys;
    assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);
    consent_keys_destroy(keys);
}


static void
missing_files_are_named(void **state)
{
    char    before[4096];
    size_t  i;

    static const char  *names[] = { "cookie.key", "pseudonym.key", "handoff.key", "cluster.key", "log.key" };

    (void) state;

    for (i = 0; i < consent_countof(names); i++) {
        read_file(names[i], before, sizeof(before));
        unlink(path_of(names[i]));
        assert_refused(CONSENT_NOTFOUND, names[i], __LINE__);
        assert_int_equal(mkdir(path_of(names[i]), 0700), 0);
        assert_refused(CONSENT_IO, names[i], __LINE__);
        assert_int_equal(rmdir(path_of(names[i])), 0);
        write_file(names[i], before);
        chmod(path_of(names[i]), 0600);
    }

    consent_keys_t  *keys;
    assert_int_equal(consent_keys_load(&keys, "/nonexistent/keys", why), CONSENT_NOTFOUND);
    assert_int_equal(consent_keys_load(&keys, "/dev/null", why), CONSENT_IO);
}


static void
malformed_files_are_refused_and_not_quoted(void **state)
{
    size_t  i;
    char    large[5000];

    static const char  *cookie[] = {
        "", "\n", "0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\r\n",
        "0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n",
        "0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "0a1b2c3  AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "0A1B2C3D AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        "0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n\n",
        " 0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n",
        ("0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n"
         "0a1b2c3d AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE\n"),
    };

    (void) state;

    for (i = 0; i < consent_countof(cookie); i++) {
        write_file("cookie.key", cookie[i]);
        assert_refused(CONSENT_MALFORMED, "cookie.key", (int) i);
        assert_null(strstr(why, "AAAA"));
    }

    /* eight lines are the most */
    for (i = 0; i < 9; i++) {
        snprintf(large + i * 53, 60, "0000000%zu AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA%c\n", i, 'A');
    }

    write_file("cookie.key", large);
    assert_refused(CONSENT_MALFORMED, "cookie.key", __LINE__);
    large[8 * 53] = '\0';
    write_file("cookie.key", large);
    write_file("pseudonym.key", large);
    assert_refused(CONSENT_MALFORMED, "pseudonym.key", __LINE__);

    memset(large, 'A', 4999);
    large[4999] = '\0';
    write_file("cookie.key", large);
    assert_refused(CONSENT_LIMIT, "cookie.key", __LINE__);
}


static void
the_log_key_is_that_of_a_signed_note(void **state)
{
    char             text[4096], broken[4096];
    size_t           i, n;
    uint8_t          seed[32];
    consent_buf_t    b;
    consent_keys_t  *keys;

    (void) state;

    /* golang.org/x/mod/sumdb/note, its documented example */
    consent_buf_init(&b, 1000);
    assert_int_equal(consent_base64_decode((uint8_t *) text, &n,
                                           consent_lit("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")),
                                           CONSENT_OK);
    memcpy(seed, text + 1, 32);
    assert_int_equal(consent_log_key_write(&b, "PeterNeumann", seed, true), CONSENT_OK);
    assert_int_equal(consent_log_key_write(&b, "PeterNeumann", seed, false), CONSENT_OK);
    consent_buf_char(&b, '\0');
    assert_string_equal((char *) b.data,
                        "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n"
                        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n");
    consent_buf_free(&b);

    write_file("log.key", "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz\n");
    assert_refused(CONSENT_MALFORMED, "log.pub", __LINE__);
    write_file("log.pub", "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n");
    assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);
    assert_string_equal(keys->origin, "PeterNeumann");
    assert_string_equal(keys->log_kid, "c74f20a3");
    assert_memory_equal(keys->log_seed, seed, 32);
    consent_keys_destroy(keys);

    unlink(path_of("log.pub"));
    assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);
    consent_keys_destroy(keys);

    n = read_file("log.key", text, sizeof(text));

    for (i = 0; i < n; i++) {
        memcpy(broken, text, n + 1);
        broken[i] = broken[i] == 'B' ? 'C' : 'B';
        write_file("log.key", broken);
        assert_refused(CONSENT_MALFORMED, "log.key", (int) i);
        memcpy(broken, text, n + 1);
        broken[i] = '\0';
        write_file("log.key", broken);
        assert_refused(CONSENT_MALFORMED, "log.key", (int) i);
    }
}


static void
rotation_puts_a_new_key_in_front_and_keeps_eight(void **state)
{
    int              i;
    char             before[CONSENT_MAX_COOKIE_KEYS][CONSENT_KID_LEN + 1];
    struct stat      st;
    consent_keys_t  *keys;

    (void) state;

    for (i = 1; i <= 10; i++) {
        assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);
        assert_int_equal(keys->n_cookie, i < 8 ? i : 8);
        memcpy(before, keys->kids, sizeof(before));
        consent_keys_destroy(keys);

        assert_int_equal(consent_keys_rotate(dir, "cookie", why), CONSENT_OK);

        assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);
        assert_int_equal(keys->n_cookie, i < 8 ? i + 1 : 8);
        assert_string_not_equal(keys->kids[0], before[0]);
        assert_memory_equal(keys->kids[1], before[0], sizeof(before[0]));
        assert_memory_equal(keys->kids[keys->n_cookie - 1], before[keys->n_cookie - 2], sizeof(before[0]));
        consent_keys_destroy(keys);
    }

    assert_int_equal(stat(path_of("cookie.key"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(access(path_of("cookie.key.new"), F_OK), -1);

    write_file("cookie.key.new", "x");
    assert_int_equal(consent_keys_rotate(dir, "cookie", why), CONSENT_BUSY);
    assert_non_null(strstr(why, "cookie.key.new"));
}


static void
the_key_of_pseudonyms_has_one_former_key(void **state)
{
    char             other[64];
    uint8_t          before[CONSENT_SUBJECT_LEN], subject[CONSENT_SUBJECT_LEN], former[CONSENT_SUBJECT_LEN];
    struct stat      st;
    consent_keys_t  *keys;

    (void) state;

    assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);
    assert_int_equal(consent_pseudonym(before, keys, consent_lit("i"), consent_lit("c")), CONSENT_OK);
    assert_int_equal(consent_pseudonym_former(former, keys, consent_lit("i"), consent_lit("c")), CONSENT_NOTFOUND);
    consent_keys_destroy(keys);

    assert_int_equal(consent_keys_rotate(dir, "pseudonym", why), CONSENT_OK);
    assert_int_equal(stat(path_of("pseudonym.key"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);
    assert_int_equal(keys->n_pseudonym, 2);
    assert_string_not_equal(keys->pseudonym_kids[0], keys->pseudonym_kids[1]);
    assert_int_equal(consent_pseudonym(subject, keys, consent_lit("i"), consent_lit("c")), CONSENT_OK);
    assert_int_equal(consent_pseudonym_former(former, keys, consent_lit("i"), consent_lit("c")), CONSENT_OK);
    assert_memory_not_equal(subject, before, CONSENT_SUBJECT_LEN);
    assert_memory_equal(former, before, CONSENT_SUBJECT_LEN);
    consent_keys_destroy(keys);

    /* two steps behind nobody would be known */
    assert_int_equal(consent_keys_rotate(dir, "pseudonym", why), CONSENT_CONFLICT);
    assert_non_null(strstr(why, "pseudonym.key has a former key still"));
    assert_int_equal(access(path_of("pseudonym.key.new"), F_OK), -1);

    snprintf(other, sizeof(other), "%s/b", root);
    assert_int_equal(consent_keys_generate(other, "example.org/node2", dir, why), CONSENT_OK);
}


static void
pseudonyms_depend_on_issuer_and_claim_apart(void **state)
{
    uint8_t          one[CONSENT_SUBJECT_LEN], two[CONSENT_SUBJECT_LEN], mac[CONSENT_HASH_LEN];
    uint8_t          content[CONSENT_KEY_FILE_MAX];
    size_t           len, n;
    consent_slice_t  parts[3];
    consent_keys_t  *keys;
    consent_key_line_t  line;

    (void) state;

    assert_int_equal(consent_keys_load(&keys, dir, why), CONSENT_OK);

    assert_int_equal(consent_pseudonym(one, keys, consent_lit("https://idp"), consent_lit("19800101-1234")),
                     CONSENT_OK);
    assert_int_equal(consent_pseudonym(two, keys, consent_lit("https://idp"), consent_lit("19800101-1234")),
                     CONSENT_OK);
    assert_memory_equal(one, two, CONSENT_SUBJECT_LEN);

    /* where one ends and the other begins counts */
    assert_int_equal(consent_pseudonym(two, keys, consent_lit("https://idp1"), consent_lit("9800101-1234")),
                     CONSENT_OK);
    assert_memory_not_equal(one, two, CONSENT_SUBJECT_LEN);
    assert_int_equal(consent_pseudonym(two, keys, consent_lit("https://other"), consent_lit("19800101-1234")),
                     CONSENT_OK);
    assert_memory_not_equal(one, two, CONSENT_SUBJECT_LEN);

    /* the construction itself */
    assert_int_equal(consent_key_file_read(content, &len, dir, "pseudonym.key", true, why), CONSENT_OK);
    assert_int_equal(consent_key_lines_parse(&line, &n, 1, consent_slice(content, len)), CONSENT_OK);
    parts[0] = consent_lit("\0\0\0\0\0\0\0\x0b");
    parts[1] = consent_lit("https://idp");
    parts[2] = consent_lit("19800101-1234");
    assert_int_equal(consent_hmac(mac, consent_slice(line.secret, 32), parts, 3), CONSENT_OK);
    assert_memory_equal(one, mac, CONSENT_SUBJECT_LEN);

    consent_keys_destroy(keys);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(new_keys_are_private_and_can_be_read, begin, finish),
        cmocka_unit_test_setup_teardown(keys_are_never_overwritten, begin, finish),
        cmocka_unit_test_setup_teardown(bad_origins_are_refused, begin, finish),
        cmocka_unit_test_setup_teardown(a_second_node_shares_all_but_the_log_key, begin, finish),
        cmocka_unit_test_setup_teardown(files_that_others_may_read_are_refused, begin, finish),
        cmocka_unit_test_setup_teardown(missing_files_are_named, begin, finish),
        cmocka_unit_test_setup_teardown(malformed_files_are_refused_and_not_quoted, begin, finish),
        cmocka_unit_test_setup_teardown(the_log_key_is_that_of_a_signed_note, begin, finish),
        cmocka_unit_test_setup_teardown(rotation_puts_a_new_key_in_front_and_keeps_eight, begin, finish),
        cmocka_unit_test_setup_teardown(the_key_of_pseudonyms_has_one_former_key, begin, finish),
        cmocka_unit_test_setup_teardown(pseudonyms_depend_on_issuer_and_claim_apart, begin, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
