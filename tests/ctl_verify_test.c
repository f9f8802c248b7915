/*
 * consentctl log export and log verify: a store's log as files, and both verified; what is wrong with one is named.
 */

#include "ctl_logs.h"

#include <signal.h>

#define FIRST  700

static const char  *work;
static char         store[128], out[128], key[128];


static int
set_up(void **state)
{
    (void) state;

    work = temporary_directory();
    (void) snprintf(store, sizeof(store), "%s/store", work);
    (void) snprintf(out, sizeof(out), "%s/log", work);
    (void) snprintf(key, sizeof(key), "%s/log.pub", work);
    assert_int_equal(mkdir(store, 0700), 0);
    write_key(key, ORIGIN);
    add_to_log(store, ORIGIN, FIRST);
    publish_log(store, ORIGIN);

    return 0;
}


static int
tear_down(void **state)
{
    (void) state;

    remove_directory(work);

    return 0;
}


static ran_t
verify(const char *what)
{
    return ctl("log verify --key %s %s", key, what);
}


static const char *
in(const char *name)
{
    static char  path[4][256];
    static int   n;

    (void) snprintf(path[n % 4], sizeof(path[0]), "%s/%s", out, name);

    return path[n++ % 4];
}


static bool
is_there(const char *name)
{
    return access(in(name), F_OK) == 0;
}


static void
a_store_and_its_export_hold(void **state)
{
    ran_t  ran;

    (void) state;

    assert_says(verify(store), 0, "log          consent.example.org/node1\nentries      700, 2026-11-22T09:15:00Z to ");
    assert_says(verify(store), 0, "\nThe log holds.\n");
    assert_says(ctl("log export %s %s", store, out), 0, "consent.example.org/node1: 700 entries, 700 of them new\n");
    assert_says(verify(out), 0, "\n\nThe log holds.\n");

    assert_true(is_there("checkpoint") && is_there("tile/0/000") && is_there("tile/0/001") && is_there("tile/0/002.p/188"));
    assert_true(is_there("tile/1/000.p/2") && is_there("tile/entries/000") && is_there("tile/entries/002.p/188"));
    assert_false(is_there("tile/0/003") || is_there("tile/2") || is_there(".new"));

    ran = ctl("log verify %s --key=%s --json", out, key);
    assert_says(ran, 0, "{\"holds\":true,\"origin\":\"consent.example.org/node1\",\"size\":700,\"root\":\"");
    assert_says(ran, 0, ",\"entries\":700,\"bytes\":");
    assert_says(ran, 0, ",\"texts_unknown\":0,\"policies_unknown\":0,\"n_faults\":0,\"faults\":[]}\n");
    assert_says(ctl("log export %s %s --json", store, out), 0,
                "{\"origin\":\"consent.example.org/node1\",\"size\":700,\"new\":0,\"texts\":0}\n");
}


static void
an_export_goes_on_where_it_was(void **state)
{
    ran_t   ran;
    size_t  i;
    static const size_t  more[] = { 1, 67, 1, 255, 1, 300 };

    (void) state;

    assert_int_equal(ctl("log export %s %s", store, out).status, 0);

    for (i = 0; i < consent_countof(more); i++) {
        assert_int_equal(ctl("log verify %s --key %s --since %s/checkpoint", store, key, out).status, 0);
        run("cp %s/checkpoint %s/since", out, work);
        add_to_log(store, ORIGIN, more[i]);
        publish_log(store, ORIGIN);

        ran = ctl("log export %s %s", store, out);
        assert_int_equal(ran.status, 0);
        ran = ctl("log verify %s --key %s --since %s/since", out, key, work);
        assert_says(ran, 0, "The log holds, and goes on from that checkpoint.\n");
    }

    /* what has become whole is not there in parts, and what has not is */

    assert_false(is_there("tile/0/002.p") || is_there("tile/entries/002.p"));
    assert_true(is_there("tile/0/002") && is_there("tile/1/000.p/2") && is_there("tile/1/000.p/5"));
}


static void
nothing_is_written_over_another_log(void **state)
{
    char  other[128];

    (void) state;

    assert_int_equal(ctl("log export %s %s", store, out).status, 0);

    /* another log's */

    (void) snprintf(other, sizeof(other), "%s/other", work);
    assert_int_equal(mkdir(other, 0700), 0);
    add_to_log(other, "consent.example.org/node2", 3);
    publish_log(other, "consent.example.org/node2");
    assert_says(ctl("log export %s %s", other, out), 1, "holds another log; nothing was written");

    /* the same name, other entries; and a store that was set back */

    run("rm -rf %s && mkdir -m 700 %s", other, other);
    add_to_log(other, ORIGIN, 10);
    publish_log(other, ORIGIN);
    assert_says(ctl("log export %s %s", other, out), 1,
                "is ahead of the store: it holds 700 entries, the store has published 10");
    add_to_log(other, ORIGIN, 790);
    publish_log(other, ORIGIN);
    assert_says(ctl("log export %s %s", other, out), 1, "holds other entries than the store under the same name");
    assert_says(verify(out), 0, "The log holds.\n");

    assert_says(ctl("log export %s %s", out, other), 2, "is no store");
    assert_says(ctl("log export %s %s", store, other), 2, "is a store");
    run("echo x > %s/checkpoint", out);
    assert_says(ctl("log export %s %s", store, out), 2, "holds a checkpoint that is none");
}


/* Killed at any moment, there is the old log or the new one. */
static void
an_export_may_be_killed(void **state)
{
    int     status;
    pid_t   pid;
    size_t  i;
    char    program[256];
    ran_t   ran;

    (void) state;

    (void) snprintf(program, sizeof(program), "%s/consentctl", getenv("BUILD") == NULL ? "build" : getenv("BUILD"));
    assert_int_equal(ctl("log export %s %s", store, out).status, 0);

    for (i = 0; i < 12; i++) {
        add_to_log(store, ORIGIN, 130);
        publish_log(store, ORIGIN);

        pid = fork();
        assert_true(pid >= 0);

        if (pid == 0) {
            (void) execl(program, "consentctl", "log", "export", store, out, (char *) NULL);
            _exit(127);
        }

        (void) usleep((useconds_t) (i * 700));
        (void) kill(pid, SIGKILL);
        assert_int_equal(waitpid(pid, &status, 0), pid);

        ran = verify(out);
        assert_int_equal(ran.status, 0);
    }

    assert_int_equal(ctl("log export %s %s", store, out).status, 0);
    assert_says(verify(out), 0, "entries      2260, ");
    assert_false(is_there(".new"));
}


static void
what_is_damaged_is_named(void **state)
{
    long    at;
    size_t  i;

    static const struct {
        const char  *file;
        long         at;
        const char  *says;
    } rows[] = {
        { "tile/entries/001", 3, "entry 256 is no canonical JSON object\nentry 256 is not as it was published\n\nThe log" },
        { "tile/entries/002.p/188", -1, "entry 699 is no canonical JSON object\nentry 699 is not as it was published\n" },
        { "tile/0/001", 40, "tile/0/001 does not hold the hashes of the entries\n\nThe log does not hold.\n" },
        { "tile/1/000.p/2", 0, "tile/1/000.p/2 does not hold the hashes of the entries\n" },
        { "tile/entries/000", 0, "entry 0 is not there as it was published\ntile/entries/000 " },
        { "checkpoint", 0, "checkpoint is of another log than the key\n" },
        { "checkpoint", -30, "checkpoint has a signature that is not of the log's key\n" },
    };

    (void) state;

    assert_int_equal(ctl("log export %s %s", store, out).status, 0);

    for (i = 0; i < consent_countof(rows); i++) {
        at = rows[i].at == -30 ? letter(in(rows[i].file), rows[i].at) : rows[i].at;
        damage(in(rows[i].file), at);
        assert_says(verify(out), 1, rows[i].says);
        damage(in(rows[i].file), at);
        assert_int_equal(verify(out).status, 0);
    }

    damage(in("tile/entries/001"), 3);
    assert_says(ctl("log verify --json --key %s %s", key, out), 1, "\"n_faults\":2,\"faults\":[{\"first\":256,\"last\":256,"
                "\"what\":\"is no canonical JSON object\"},{\"first\":256,\"last\":256,"
                "\"what\":\"is not as it was published\"}]");
    damage(in("tile/entries/001"), 3);

    /* a pipe, a directory and a link to something endless in the place of a file keep nobody waiting */

    run("cd %s/tile && rm 0/000 0/001 entries/000 && mkfifo 0/000 && mkdir entries/000 "
                    "&& ln -s /dev/zero 0/001", out);
    assert_says(verify(out), 1, "tile/0/000 has another length than its hashes have\n");
    assert_says(verify(out), 1, "tile/entries/000 is larger than its entries could be\n");
}


static void
what_else_lies_there_is_looked_at(void **state)
{
    (void) state;

    assert_int_equal(ctl("log export %s %s", store, out).status, 0);
    run("cd %s && mkdir tile/0/000.p tile/entries/000.p && head -c 96 tile/0/000 > "
                    "tile/0/000.p/3 && touch README tile/0/new tile/.x && head -c 22400 tile/0/000 > tile/0/003", out);
    assert_int_equal(verify(out).status, 0);

    run("cd %s && head -c 64 tile/0/000 > tile/0/000.p/3", out);
    assert_says(verify(out), 1, "tile/0/000.p/3 is not as wide as it is called\n");
    run("cd %s && head -c 96 tile/0/001 > tile/0/000.p/3", out);
    assert_says(verify(out), 1, "tile/0/000.p/3 is not the beginning of the one of today: two logs were shown");
    run("cd %s && rm tile/0/000.p/3 && head -c 5 tile/entries/000 > tile/entries/000.p/1",
                    out);
    assert_says(verify(out), 1, "tile/entries/000.p/1 is not as wide as it is called\n");
    run("cd %s && rm tile/entries/000.p/1 && for f in policy/*; do echo x >> $f; done", out);
    assert_says(verify(out), 1, " is not the text of that hash\n");
    run("cd %s && rm policy/* && rm notice/*", out);
    assert_says(verify(out), 1, "entry 1 refers to a text that is not there\n");
    assert_says(verify(out), 1, "\nand ");

    /* without any texts: they are not checked */

    run("cd %s && rmdir policy notice", out);
    assert_says(verify(out), 0, "not checked  559 entries");
}


static void
a_log_that_was_set_back_or_rewritten_is_found(void **state)
{
    char  other[128];

    (void) state;

    assert_int_equal(ctl("log export %s %s", store, out).status, 0);
    (void) snprintf(other, sizeof(other), "%s/other", work);
    assert_int_equal(mkdir(other, 0700), 0);
    add_to_log(other, ORIGIN, 600);
    publish_log(other, ORIGIN);

    assert_int_equal(verify(other).status, 0);
    assert_says(ctl("log verify %s --key %s --since %s/checkpoint", other, key, out), 1,
                "the older checkpoint is of a longer log: this one has been rolled back\n");
    add_to_log(other, ORIGIN, 200);
    publish_log(other, ORIGIN);
    assert_says(ctl("log verify %s --key %s --since %s/checkpoint", other, key, out), 1,
                "the older checkpoint was of other entries than these: the log has been rewritten\n");
}


static void
witnesses_are_counted(void **state)
{
    size_t              i;
    char                policy[128], text[2048];
    uint8_t             seeds[3][32], pub[32];
    consent_buf_t       b, vkeys[3];
    consent_checkpoint_t c;
    consent_note_key_t  w;

    (void) state;

    assert_int_equal(ctl("log export %s %s", store, out).status, 0);
    (void) snprintf(policy, sizeof(policy), "%s/policy", work);
    consent_buf_init(&b, CONSENT_NOTE_MAX);

    {
        FILE  *f = fopen(in("checkpoint"), "r");

        assert_non_null(f);
        consent_buf_add(&b, text, fread(text, 1, sizeof(text), f));
        (void) fclose(f);
    }

    for (i = 0; i < 3; i++) {
        memset(seeds[i], 0x40 + (int) i, 32);
        assert_int_equal(consent_ed25519_public(pub, seeds[i]), CONSENT_OK);
        assert_int_equal(consent_note_key_make(&w, consent_lit("witness.example.net"), CONSENT_NOTE_COSIGNATURE, pub),
                         CONSENT_OK);
        consent_buf_init(&vkeys[i], 1024);
        consent_note_key_write(&vkeys[i], &w);
        consent_buf_char(&vkeys[i], '\0');

        if (i < 2) {
            assert_int_equal(consent_checkpoint_read(&c, consent_buf_view(&b)), CONSENT_OK);
            memcpy(text, c.note.text.data, c.note.text.len);
            assert_int_equal(consent_cosignature_sign(&b, consent_slice(text, c.note.text.len), &w, seeds[i], 1795338900 + i),
                             CONSENT_OK);
        }
    }

    write_text(in("checkpoint"), b.data, b.len);
    consent_buf_free(&b);

    static const struct {
        const char  *quorum;
        int          status;
        const char  *says;
    } rows[] = {
        { "quorum none\n", 0, "The log holds" },
        { "quorum a\n", 0, "witness      a 2026-11-22T09:15:00Z\nwitness      b 2026-11-22T09:15:01Z\n" },
        { "quorum c\n", 1, "checkpoint has not been signed by as many witnesses as the policy asks for" },
        { "group g 2 a b c\nquorum g\n", 0, "The log holds" },
        { "group g all a b c\nquorum g\n", 1, "has not been signed" },
        { "group g any b c\ngroup h all a g\nquorum h\n", 0, "The log holds" },
        { "group g 3 a b c\nquorum g\n", 1, "has not been signed" },
        { "", 2, "there is no quorum" },
        { "quorum d\n", 2, ":4: the quorum is a witness or group that stands before it" },
        { "group g 4 a b c\nquorum g\n", 2, "how many of them is all, any, or a number" },
        { "group g any a a\nquorum g\n", 2, "a name is a member of one group, once" },
        { "group a any b\nquorum a\n", 2, "that name is taken" },
        { "quorum a\nquorum a\n", 2, "there is a quorum already" },
        { "quorum a", 2, "the last line has no end" },
        { "quorum a\r\n", 2, "there is a control character" },
        { "# a comment\n\n \t\nquorum\ta \n", 0, "The log holds" },
        { "log " "consent.example.org/node1+00000000+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4" "\nquorum none\n", 2,
          "that is no verifier key of a log" },
        { "log " "consent.example.org/node1+cd28eb4d+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4" "\nquorum none\n", 2,
          "does not name the log of that key" },
        { "witness d " "witness.example.net/w1+f9706618+BHzXSeTnFGflVNdpvUzJJSdTidWFoEeQGE0UWOaVJvl\n", 2,
          "that is no verifier key of a witness" },
    };

    for (i = 0; i < consent_countof(rows); i++) {
        (void) snprintf(text, sizeof(text), "witness a %s\nwitness b %s https://b.example/\nwitness c %s\n%s",
                        vkeys[0].data, vkeys[1].data, vkeys[2].data, rows[i].quorum);
        write_text(policy, text, strlen(text));
        assert_says(ctl("log verify %s --key %s --policy %s", out, key, policy), rows[i].status, rows[i].says);
    }

    for (i = 0; i < 3; i++) {
        consent_buf_free(&vkeys[i]);
    }
}


static void
what_cannot_be_read_is_said(void **state)
{
    char  path[128];

    (void) state;

    assert_says(ctl("log verify %s", store), 2, "--key is missing");
    assert_says(ctl("log verify --key %s %s/none", key, work), 2, "cannot open ");
    assert_says(ctl("log verify --key %s %s", key, work), 2, "there is neither a store nor a log in ");
    assert_says(ctl("log verify --key %s/none %s", work, store), 2, "cannot open ");
    assert_says(ctl("log verify --key %s %s --log 1", key, store), 2, "nothing of the log in ");
    assert_says(ctl("log verify --key %s %s --log x", key, store), 2, "numbered from 0");
    (void) snprintf(path, sizeof(path), "%s/bad.pub", work);
    write_text(path, "x\n", 2);
    assert_says(ctl("log verify --key %s %s", path, store), 2, "holds no verifier key of a log");
    write_text(path, "", 0);
    assert_says(ctl("log verify --key %s %s", path, store), 2, "holds no verifier key of a log");
    assert_says(ctl("log verify --key %s --since %s %s", key, path, store), 1, "the older checkpoint is no signed checkpoint");

    /* the key of another log */

    write_key(path, "consent.example.org/node2");
    assert_says(ctl("log verify --key %s %s", path, store), 1, "checkpoint is of another log than the key");
}


/* Entries that came after the checkpoint are not verified with it. */
static void
a_store_is_verified_as_far_as_it_is_published(void **state)
{
    (void) state;

    add_to_log(store, ORIGIN, 50);
    assert_says(verify(store), 0, "entries      700, ");
    publish_log(store, ORIGIN);
    assert_says(verify(store), 0, "entries      750, ");
}


static void
exported_entries_are_shown_as_those_of_the_store(void **state)
{
    char  *text;
    ran_t  ran;

    (void) state;

    assert_int_equal(ctl("log export %s %s", store, out).status, 0);
    ran = ctl("log show %s --json", store);
    assert_int_equal(ran.status, 0);
    assert_int_equal(count_lines(ran.out), FIRST);
    text = strdup(ran.out);
    ran = ctl("log show %s --json", out);
    assert_int_equal(ran.status, 0);
    assert_string_equal(ran.out, text);
    free(text);

    assert_int_equal(count_lines(ctl("log show %s --type disclosure", out).out), FIRST / 5);
    assert_int_equal(count_lines(ctl("log show %s --since 2026-11-23", out).out), 0);
    assert_int_equal(count_lines(ctl("log show %s --since 2026-11-22", out).out), FIRST);
    assert_says(ctl("log show %s --subject 00112233445566778899aabbccddeeff", out), 2, "--subject needs it");
    assert_says(ctl("log show %s", work), 2, "there is neither a store nor a log in ");
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(a_store_and_its_export_hold, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_export_goes_on_where_it_was, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_written_over_another_log, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_export_may_be_killed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(exported_entries_are_shown_as_those_of_the_store, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_damaged_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_else_lies_there_is_looked_at, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_log_that_was_set_back_or_rewritten_is_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(witnesses_are_counted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_said, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_store_is_verified_as_far_as_it_is_published, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
