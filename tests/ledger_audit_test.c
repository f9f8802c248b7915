/*
 * Audits: a log that holds, and every way in which one does not; the first wrong entry is named wherever the tiles tell.
 */

#include "ledger_audited.h"


static void
a_log_as_it_was_published_holds(void **state)
{
    size_t  i;

    static const size_t  sizes[] = { SMALL, 255, 256, 257, 511, 512, 513, MIDDLE };

    (void) state;

    for (i = 0; i < consent_countof(sizes); i++) {
        make(sizes[i]);

        if (audit() != 0) {
            assert_fault(&log_, 0, "");
        }

        assert_int_equal(log_.result.entries, sizes[i]);
        assert_int_equal(log_.seen, sizes[i]);
        assert_int_equal(log_.result.texts_unknown, 0);
        assert_int_equal(log_.result.checkpoint.size, sizes[i]);
        assert_string_equal(log_.result.first_time, "2026-11-22T09:00:00Z");
        assert_true(log_.progressed > 0);
        log_end(&log_);
    }

    /* the empty one, too */

    log_begin(&log_);
    log_write(&log_, 0);
    assert_int_equal(audit(), 0);
    log_end(&log_);
}


static void
a_large_log_holds_and_its_entries_are_found(void **state)
{
    file_t  *file;

    (void) state;

    make(LARGE);
    assert_int_equal(audit(), 0);

    /* entry and leaf rewritten alike: the tile above tells */

    file = log_file(&log_, "tile/entries/100");
    file->data[10] ^= 1;
    assert_true(audit() > 0);
    assert_fault(&log_, 0, "25600-25600 lacks \"assurance\"");
    assert_fault(&log_, 1, "25600-25600 is not as it was published");

    consent_tree_leaf(log_.digest, log_file(&log_, "tile/0/100")->data, consent_slice(file->data + 2, log_.entry[25600].len));
    assert_true(audit() > 0);
    assert_fault(&log_, 1, "25600-25855 is not as it was published");

    /* and above that again the next, which is the root of 65,536 */

    log_file(&log_, "tile/1/000")->data[100 * 32] ^= 1;
    assert_true(audit() > 0);
    assert_fault(&log_, 1, "0-65535 is not as it was published");
    log_end(&log_);
}


/* No byte of any file can change without being found: all bits of those in front, and one of each of the others. */
static void
every_byte_counts(void **state)
{
    size_t   i, bit, faults;
    file_t  *file;

    (void) state;

    for (i = 0; i < log_.n; i++) {
        file = &log_.files[i];

        for (bit = 0; bit < 8 * file->len; bit++) {
            if (bit >= 8 * 40 && bit % 8 != bit / 8 % 8) {
                continue;
            }

            file->data[bit / 8] ^= (uint8_t) (1 << bit % 8);
            faults = audit();
            file->data[bit / 8] ^= (uint8_t) (1 << bit % 8);

            if (faults == 0) {
                fail_msg("%s, bit %zu of byte %zu", file->path, bit % 8, bit / 8);
            }
        }
    }

    assert_int_equal(audit(), 0);
}


static void
no_file_can_be_missing_or_longer_or_shorter(void **state)
{
    size_t    i, len;
    char      path[80];
    uint8_t  *data;

    (void) state;

    for (i = 0; i < log_.n; i++) {
        (void) strcpy(path, log_.files[i].path);
        len = log_.files[i].len;
        data = malloc(len + 1);
        memcpy(data, log_.files[i].data, len);
        data[len] = '\n';

        log_put(&log_, path, data, len - 1);
        assert_true(audit() > 0);
        log_put(&log_, path, data, len + 1);
        assert_true(audit() > 0);
        log_put(&log_, path, data, 0);
        assert_true(audit() > 0);

        if (strcmp(path, "checkpoint") != 0) {
            log_remove(&log_, path);
            assert_true(audit() > 0);
        }

        log_put(&log_, path, data, len);
        assert_int_equal(audit(), 0);
        free(data);
    }
}


/* The bytes of a bundle with entry a in the place of b and the other way round; a == b: it is taken out; b of MIDDLE: it is put
 * in twice. */
static void
rewrite_bundle(const char *path, size_t from, size_t n, size_t a, size_t b)
{
    size_t         i, at;
    uint8_t        len[2];
    consent_buf_t  bundle;

    consent_buf_init(&bundle, CONSENT_AUDIT_BUNDLE_MAX);

    for (i = from; i < from + n; i++) {
        at = i == a ? b : i == b ? a : i;

        if (i == a && a == b) {
            continue;
        }

        if (i == a && b == MIDDLE) {
            at = a;
            len[0] = (uint8_t) (log_.entry[at].len >> 8);
            len[1] = (uint8_t) log_.entry[at].len;
            consent_buf_add(&bundle, len, 2);
            consent_buf_slice(&bundle, log_.entry[at]);
        }

        len[0] = (uint8_t) (log_.entry[at].len >> 8);
        len[1] = (uint8_t) log_.entry[at].len;
        consent_buf_add(&bundle, len, 2);
        consent_buf_slice(&bundle, log_.entry[at]);
    }

    log_put(&log_, path, bundle.data, bundle.len);
    consent_buf_free(&bundle);
}


static void
entries_that_are_swapped_cut_out_or_put_in_are_named(void **state)
{
    (void) state;

    rewrite_bundle("tile/entries/001", 256, 256, 300, 310);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "300-300 is not as it was published");

    rewrite_bundle("tile/entries/001", 256, 256, 400, 400);
    assert_int_equal(audit(), 2);
    assert_fault(&log_, 0, "400-400 is not there as it was published");
    assert_fault(&log_, 1, "tile/entries/001 ends before its last entry");

    rewrite_bundle("tile/entries/001", 256, 256, 410, MIDDLE);
    assert_int_equal(audit(), 2);
    assert_fault(&log_, 0, "411-411 is not there as it was published");
    assert_fault(&log_, 1, "tile/entries/001 goes on behind its last entry");

    /* the same in the partial one at the end */

    rewrite_bundle("tile/entries/001", 256, 256, MIDDLE, MIDDLE + 1);
    assert_int_equal(audit(), 0);
    rewrite_bundle("tile/entries/002.p/88", 512, 88, 520, 599);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "520-520 is not as it was published");
    rewrite_bundle("tile/entries/002.p/88", 512, 88, 599, 599);
    assert_int_equal(audit(), 2);
    assert_fault(&log_, 0, "599-599 is not there as it was published");
    log_remove(&log_, "tile/entries/002.p/88");
    assert_int_equal(audit(), 2);
    assert_fault(&log_, 0, "512-512 is not there as it was published");
    assert_fault(&log_, 1, "tile/entries/002.p/88 is missing");
}


static void
tiles_that_are_wrong_are_not_held_against_the_entries(void **state)
{
    file_t  *file;

    (void) state;

    /* stale: that of the neighbour */

    file = log_file(&log_, "tile/0/001");
    log_put(&log_, "tile/0/000", file->data, file->len);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "tile/0/000 does not hold the hashes of the entries");

    log_remove(&log_, "tile/1/000.p/2");
    assert_int_equal(audit(), 2);
    assert_fault(&log_, 0, "tile/0/000 does not hold the hashes of the entries");
    assert_fault(&log_, 1, "tile/1/000.p/2 is missing");

    file = log_file(&log_, "tile/0/002.p/88");
    file->len -= 32;
    assert_int_equal(audit(), 3);
    assert_fault(&log_, 1, "tile/0/002.p/88 has another length than its hashes have");
}


static void
entries_and_tiles_rewritten_alike_do_not_lead_to_the_root(void **state)
{
    file_t         *file;
    consent_buf_t   old, checkpoint;

    (void) state;

    file = log_file(&log_, "checkpoint");
    consent_buf_init(&old, CONSENT_NOTE_MAX);
    consent_buf_add(&old, file->data, file->len);

    /* all but the checkpoint */

    free((void *) log_.entry[100].data);
    log_.entry[100] = consent_slice(strndup((const char *) log_.entry[101].data, log_.entry[101].len), log_.entry[101].len);
    log_write(&log_, MIDDLE);
    file = log_file(&log_, "checkpoint");
    consent_buf_init(&checkpoint, CONSENT_NOTE_MAX);
    consent_buf_add(&checkpoint, file->data, file->len);
    log_put(&log_, "checkpoint", old.data, old.len);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "root is not that of the entries and tiles, which agree: it was signed over others");

    /* and signed anew: only who kept the old one can tell */

    log_put(&log_, "checkpoint", checkpoint.data, checkpoint.len);
    assert_int_equal(audit(), 0);
    assert_int_equal(log_audit(&log_, consent_buf_view(&old)), 1);
    assert_fault(&log_, 0, "since was of other entries than these: the log has been rewritten");

    consent_buf_free(&old);
    consent_buf_free(&checkpoint);
}


static void
an_older_checkpoint_is_of_a_prefix(void **state)
{
    size_t         i;
    uint8_t       *data;
    consent_buf_t  b;

    static const uint64_t  sizes[] = { 0, 1, 2, 100, 255, 256, 257, 511, 512, 513, 599, 600 };

    (void) state;

    for (i = 0; i < consent_countof(sizes); i++) {
        log_sign(&log_, &b, sizes[i]);
        assert_int_equal(log_audit(&log_, consent_buf_view(&b)), 0);
        consent_buf_free(&b);
    }

    /* of a log that went another way from entry 300 on: the first 300 are the same */

    data = (uint8_t *) log_.entry[300].data;
    data[80] ^= 1;
    log_sign(&log_, &b, 300);
    data[80] ^= 1;
    assert_int_equal(log_audit(&log_, consent_buf_view(&b)), 0);
    consent_buf_free(&b);
    data[80] ^= 1;
    log_sign(&log_, &b, 301);
    data[80] ^= 1;
    assert_int_equal(log_audit(&log_, consent_buf_view(&b)), 1);
    consent_buf_free(&b);

    /* rolled back */

    log_sign(&log_, &b, 600);
    log_write(&log_, 500);
    assert_int_equal(log_audit(&log_, consent_buf_view(&b)), 1);
    assert_fault(&log_, 0, "since is of a longer log: this one has been rolled back");

    b.data[b.len - 10] ^= 1;
    assert_int_equal(log_audit(&log_, consent_buf_view(&b)), 1);
    assert_fault(&log_, 0, "since is not signed by the log's key");
    assert_int_equal(log_audit(&log_, consent_lit("x\n")), 1);
    assert_fault(&log_, 0, "since is no signed checkpoint");
    consent_buf_free(&b);
}


static void
another_key_or_another_log_is_found(void **state)
{
    uint8_t             pub[32];
    consent_buf_t       b;
    consent_note_key_t  own = log_.key, other;

    (void) state;

    /* a forger's key under the log's name, with all signed by it: the auditor has the key from elsewhere */

    log_.seed[0] ^= 1;
    assert_int_equal(consent_ed25519_public(pub, log_.seed), CONSENT_OK);
    assert_int_equal(consent_note_key_make(&other, consent_lit(ORIGIN), CONSENT_NOTE_ED25519, pub), CONSENT_OK);
    log_.key = other;
    log_sign(&log_, &b, SMALL);
    log_.key = own;
    log_put(&log_, "checkpoint", b.data, b.len);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "checkpoint is not signed by the log's key");
    consent_buf_free(&b);

    /* under the key's id as well */

    log_.key = other;
    log_.key.id = own.id;
    log_sign(&log_, &b, SMALL);
    log_.key = own;
    log_put(&log_, "checkpoint", b.data, b.len);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "checkpoint has a signature that is not of the log's key");
    consent_buf_free(&b);
    log_.seed[0] ^= 1;

    /* the log of another node, and its entries under our name */

    assert_int_equal(consent_note_key_make(&log_.key, consent_lit("consent.example.org/node2"), CONSENT_NOTE_ED25519, own.key),
                     CONSENT_OK);
    log_sign(&log_, &b, SMALL);
    log_.key = own;
    log_put(&log_, "checkpoint", b.data, b.len);
    assert_true(audit() > 0);
    assert_fault(&log_, 0, "checkpoint is of another log than the key");
    assert_fault(&log_, 1, "0-0 is of another node than the log");
    consent_buf_free(&b);
}


/* A checkpoint of as many entries as there could be, from whoever: nobody waits for them. */
static void
what_is_not_there_is_not_waited_for(void **state)
{
    consent_buf_t  b;

    (void) state;

    consent_buf_init(&b, CONSENT_NOTE_MAX);
    assert_int_equal(consent_checkpoint_write(&b, consent_lit(ORIGIN), UINT64_MAX, log_.key.key), CONSENT_OK);
    assert_int_equal(consent_note_sign(&b, consent_buf_view(&b), &log_.key, log_.seed), CONSENT_OK);
    log_put(&log_, "checkpoint", b.data, b.len);
    assert_true(audit() > 0);
    assert_fault(&log_, 0, "512-18446744073709551614 is not there");
    consent_buf_free(&b);

    /* cut off in the middle */

    log_write(&log_, MIDDLE);
    log_remove(&log_, "tile/entries/001");
    log_remove(&log_, "tile/0/001");
    assert_true(audit() > 0);
    assert_fault(&log_, 0, "256-599 is not there");
}


static void
two_logs_mixed_are_found(void **state)
{
    size_t         i;
    file_t        *file;
    consent_buf_t  kept[3];
    static const char  *paths[] = { "tile/entries/001", "tile/0/001", "tile/1/000.p/2" };

    (void) state;

    for (i = 0; i < 3; i++) {
        file = log_file(&log_, paths[i]);
        consent_buf_init(&kept[i], CONSENT_AUDIT_BUNDLE_MAX);
        consent_buf_add(&kept[i], file->data, file->len);
    }

    ((uint8_t *) log_.entry[256].data)[80] ^= 1;
    ((uint8_t *) log_.entry[20].data)[80] ^= 1;
    log_write(&log_, MIDDLE);
    assert_true(audit() > 0);       /* what stands in those two entries is not right */

    log_put(&log_, paths[0], kept[0].data, kept[0].len);
    (void) audit();
    assert_fault(&log_, log_.n_faults - 1, "256-256 is not as it was published");

    log_put(&log_, paths[1], kept[1].data, kept[1].len);
    (void) audit();
    assert_fault(&log_, 1, "256-511 is not as it was published");

    log_put(&log_, paths[2], kept[2].data, kept[2].len);
    (void) audit();
    assert_fault(&log_, 1, "root is not that of the entries, and which of them is wrong cannot be told from the tiles");

    for (i = 0; i < 3; i++) {
        consent_buf_free(&kept[i]);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_log_as_it_was_published_holds),
        cmocka_unit_test(a_large_log_holds_and_its_entries_are_found),
        cmocka_unit_test_setup_teardown(every_byte_counts, small, finish),
        cmocka_unit_test_setup_teardown(no_file_can_be_missing_or_longer_or_shorter, middle, finish),
        cmocka_unit_test_setup_teardown(entries_that_are_swapped_cut_out_or_put_in_are_named, middle, finish),
        cmocka_unit_test_setup_teardown(tiles_that_are_wrong_are_not_held_against_the_entries, middle, finish),
        cmocka_unit_test_setup_teardown(entries_and_tiles_rewritten_alike_do_not_lead_to_the_root, middle, finish),
        cmocka_unit_test_setup_teardown(an_older_checkpoint_is_of_a_prefix, middle, finish),
        cmocka_unit_test_setup_teardown(another_key_or_another_log_is_found, small, finish),
        cmocka_unit_test_setup_teardown(what_is_not_there_is_not_waited_for, middle, finish),
        cmocka_unit_test_setup_teardown(two_logs_mixed_are_found, middle, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
