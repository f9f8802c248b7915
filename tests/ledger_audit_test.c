/*
 * Audits: a log that holds, and every way in which one does not; the first wrong entry is named wherever the tiles tell.
 */

#include "ledger_audit.h"

#include "base/json.h"

#define SMALL    9
#define MIDDLE   600
#define LARGE    66000

#define DOCUMENT  "{\"id\":\"exempelkommun\",\"title\":{\"en\":\"x\",\"fi\":\"x\",\"sv\":\"\xc3\xa5\"},\"version\":\"2026-11-22\"}"
#define PLACES    "[{\"ai\":\"off\",\"path\":\"/\"},{\"ai\":\"on\",\"path\":\"/a\\\\,[\\\"\"}]"
#define NOTICE    "Vad du bestämmer om"

static memory_log_t  log_;
static char          under[200], notice_hash[65];


static void
add_decision(size_t i)
{
    log_add(&log_, "{\"assurance\":\"anonymous\",\"by\":\"self\",\"categories\":[\"contact\",\"identity\"],\"commitment\":"
            "\"%064zx\",\"language\":\"sv\",\"level\":\"personal\",\"method\":\"form\",\"node\":\"" ORIGIN "\","
            "\"notice_hash\":\"%s\",%s,\"scope\":\"standing\",\"status\":\"given\",\"time\":\"2026-11-22T%02zu:00:00Z\","
            "\"type\":\"decision\",\"v\":1}", i, notice_hash, under, 9 + i / 20000);
}


static void
add_key(void)
{
    char           text[128];
    uint8_t        signature[CONSENT_ED25519_SIG_LEN];
    consent_buf_t  b;

    consent_buf_init(&b, 1024);
    consent_buf_printf(&b, "{\"by\":\"%08x\",\"change\":\"new\",\"kid\":\"00112233\",\"use\":\"cookie\"}", log_.key.id);
    assert_int_equal(consent_ed25519_sign(signature, log_.seed, consent_buf_view(&b)), CONSENT_OK);
    consent_buf_free(&b);
    text[consent_base64(text, signature, sizeof(signature))] = '\0';

    log_add(&log_, "{\"by\":\"%08x\",\"change\":\"new\",\"kid\":\"00112233\",\"node\":\"" ORIGIN "\",%s,\"signature\":\"%s\","
            "\"time\":\"2026-11-22T09:00:02Z\",\"type\":\"key\",\"use\":\"cookie\",\"v\":1}", log_.key.id, under, text);
}


static void
make(size_t n)
{
    char    hex[65];
    size_t  i;

    log_begin(&log_);

    log_hex_of(&log_, hex, consent_lit(DOCUMENT));
    (void) snprintf(under, sizeof(under), "\"policy\":\"exempelkommun\",\"policy_hash\":\"%s\",\"policy_version\":"
                    "\"2026-11-22\"", hex);
    log_hex_of(&log_, notice_hash, consent_lit(NOTICE));

    log_add(&log_, "{\"document\":" DOCUMENT ",\"node\":\"" ORIGIN "\",%s,\"time\":\"2026-11-22T09:00:00Z\","
            "\"type\":\"policy\",\"v\":1}", under);
    log_hex_of(&log_, hex, consent_lit(PLACES));
    log_add(&log_, "{\"keys\":[\"00112233\"],\"locations\":" PLACES ",\"locations_hash\":\"%s\",\"locations_total\":2,"
            "\"module\":\"0.1.0\",\"nginx\":\"1.22.1\",\"node\":\"" ORIGIN "\",%s,\"time\":\"2026-11-22T09:00:01Z\","
            "\"type\":\"config\",\"v\":1}", hex, under);
    add_key();
    add_decision(3);
    log_add(&log_, "{\"kind\":\"html\",\"mode\":\"generated\",\"node\":\"" ORIGIN "\",\"notice_first\":true,\"notice_hash\":"
            "\"%064x\",\"outcome\":\"sent\",%s,\"service\":\"a\",\"time\":\"2026-11-22T09:00:03Z\",\"type\":\"disclosure\","
            "\"v\":1}", 5, under);
    log_add(&log_, "{\"channel\":\"route\",\"node\":\"" ORIGIN "\",%s,\"status\":\"routed\",\"time\":"
            "\"2026-11-22T09:00:00Z\",\"topic\":null,\"type\":\"handoff\",\"v\":1}", under);
    log_add(&log_, "{\"entries\":1,\"node\":\"" ORIGIN "\",%s,\"time\":\"2026-11-22T09:00:03Z\",\"type\":\"erasure\","
            "\"v\":1}", under);
    log_add(&log_, "{\"count\":3,\"node\":\"" ORIGIN "\",\"policy\":\"\",\"policy_hash\":\"\",\"policy_version\":\"\",\"time\":"
            "\"2026-11-22T09:00:03Z\",\"type\":\"missed\",\"v\":1}");
    log_add(&log_, "{\"node\":\"" ORIGIN "\",\"policy\":\"\",\"policy_hash\":\"\",\"policy_version\":\"\",\"time\":"
            "\"2026-11-22T09:00:04Z\",\"type\":\"later\",\"v\":1,\"vv\":{\"a\":[]}}");

    for (i = SMALL; i < n; i++) {
        add_decision(i);
    }

    (void) strcpy(hex, notice_hash);
    {
        char  path[80] = "";

        (void) snprintf(path, sizeof(path), "notice/%s", notice_hash);
        log_put(&log_, path, NOTICE, sizeof(NOTICE) - 1);
    }

    log_write(&log_, n);
}


static int
small(void **state)
{
    (void) state;

    make(SMALL);

    return 0;
}


static int
middle(void **state)
{
    (void) state;

    make(MIDDLE);

    return 0;
}


static int
finish(void **state)
{
    (void) state;

    log_end(&log_);

    return 0;
}


static size_t
audit(void)
{
    return log_audit(&log_, consent_slice(NULL, 0));
}


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
        assert_int_equal(log_.result.texts_unknown, 1);
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


/* What an entry says: the log is written anew with it, signed and all. */
static void
entries_say_what_they_should(void **state)
{
    char    *was, *place;
    size_t   i, k;
    char     now[4096];

    static const struct {
        size_t       entry;
        const char  *from;
        const char  *to;
        const char  *fault;
    } rows[] = {
        { 3, "\"by\":", "\"by\": ", "is no canonical JSON object" },
        { 3, "\"sv\"", "\"\\/v\"", "is no canonical JSON object" },
        { 3, "\"sv\"", "\"\xff\xff\"", "is no UTF-8" },
        { 3, ",\"v\":1}", "}", "lacks \"v\"" },
        { 3, ",\"v\":1}", ",\"v\":2}", "is of a version that this program does not know" },
        { 3, "node1", "node2", "is of another node than the log" },
        { 3, "\"language\":\"sv\",", "", "lacks \"language\"" },
        { 3, "\"status\":\"given\",", "", "lacks \"status\"" },
        { 3, "\"given\"", "\"forgiven\"", "has something in \"status\" that does not belong there" },
        { 3, "\"self\"", "\"other\"", "has something in \"by\" that does not belong there" },
        { 3, "\"form\"", "\"fax\"", "has something in \"method\" that does not belong there" },
        { 3, "\"standing\"", "\"forever\"", "has something in \"scope\" that does not belong there" },
        { 3, "\"anonymous\"", "null", "has something in \"assurance\" that does not belong there" },
        { 3, "[\"contact\",\"identity\"]", "[\"identity\",\"contact\"]",
          "has something in \"categories\" that does not belong there" },
        { 3, "[\"contact\",\"identity\"]", "[\"contact\",\"contact\"]",
          "has something in \"categories\" that does not belong there" },
        { 3, "[\"contact\",\"identity\"]", "[1]", "has something in \"categories\" that does not belong there" },
        { 3, "[\"contact\",\"identity\"]", "{}", "has something in \"categories\" that does not belong there" },
        { 3, "\"commitment\":\"0", "\"commitment\":\"A", "has something in \"commitment\" that does not belong there" },
        { 3, "09:00:00Z", "09:00:01Z", "has no time as it should be" },
        { 3, "09:00:00Z", "9:00:00Z", "has no time as it should be" },
        { 3, "09:00:00Z", "08:00:00Z", "is earlier than the entry before" },
        { 3, "2026-11-22T09", "2026-11-21T23", "is earlier than the entry before" },
        { 4, "09:00:03Z", "09:00:01Z", "is earlier than the entry before" },
        { 4, "true", "1", "has something in \"notice_first\" that does not belong there" },
        { 5, "null", "5", "has something in \"topic\" that does not belong there" },
        { 6, "\"entries\":1", "\"entries\":-1", "has something in \"entries\" that does not belong there" },
        { 0, "\"title\"", "\"titel\"", "has a policy in it that its hash is not of" },
        { 0, "{\"id\":\"exempelkommun\"", "{\"id\":\"exempelkommuN\"", "has a policy in it that its hash is not of" },
        { 0, "\"policy\":\"exempelkommun\"", "\"policy\":\"exempel\"", "names another policy than that of its hash" },
        { 3, "\"policy\":\"exempelkommun\"", "\"policy\":\"exempel\"", "names another policy than that of its hash" },
        { 3, "\"policy_version\":\"2026-11-22\"", "\"policy_version\":\"2026-11-23\"",
          "names another policy than that of its hash" },
        { 3, "\"policy_hash\":\"", "\"policy_hash\":\"0", "has something in \"policy_hash\" that does not belong there" },
        { 7, "\"policy\":\"\"", "\"policy\":\"a\"", "names a policy and not its hash" },
        { 1, "\"path\":\"/\"", "\"path\":\"/x\"", "has a table of locations in it that its hash is not of" },
        { 1, "_total\":2", "_total\":1", "lists more locations than it counts" },
        { 2, "\"use\":\"cookie\"", "\"use\":\"log\"", "tells of a key, and its signature is not the log key's" },
        { 2, "\"kid\":\"00112233\"", "\"kid\":\"00112234\"", "tells of a key, and its signature is not the log key's" },
        { 2, "\"by\":\"", "\"by\":\"0", "tells of a key, signed by one that was not given" },
        { 2, "\"signature\":\"", "\"signature\":\"AA", "tells of a key, and has no signature" },
        { 2, "\"change\":\"new\"", "\"change\":\"gone\"", "has something in \"change\" that does not belong there" },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        k = rows[i].entry;
        was = (char *) log_.entry[k].data;
        place = strstr(was, rows[i].from);
        assert_non_null(place);
        (void) snprintf(now, sizeof(now), "%.*s%s%s", (int) (place - was), was, rows[i].to, place + strlen(rows[i].from));
        log_.entry[k] = consent_cstr(now);
        log_write(&log_, SMALL);

        if (audit() == 0 || strcmp(strchr(log_.faults[0], ' ') + 1, rows[i].fault) != 0) {
            fail_msg("row %zu: %s", i, log_.n_faults == 0 ? "no fault" : log_.faults[0]);
        }

        assert_int_equal(strtoull(log_.faults[0], NULL, 10), k);
        log_.entry[k] = consent_slice(was, strlen(was));
        log_write(&log_, SMALL);
        assert_int_equal(audit(), 0);
    }
}


static void
texts_are_those_of_their_hashes(void **state)
{
    char                  path[80] = "";
    file_t               *checkpoint;
    consent_audit_t       result;
    consent_audit_conf_t  conf = { .source = { &log_, log_tile, NULL }, .keys = &log_.key, .n_keys = 1 };

    (void) state;

    (void) snprintf(path, sizeof(path), "notice/%s", notice_hash);
    log_put(&log_, path, "something else", 14);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "3-3 refers to a text, and what is at hand under its hash is another");
    log_remove(&log_, path);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "3-3 refers to a text that is not there");

    /* without any texts at hand it is counted, and no fault */

    checkpoint = log_file(&log_, "checkpoint");
    assert_int_equal(consent_audit(&conf, consent_slice(checkpoint->data, checkpoint->len), &result), CONSENT_OK);
    assert_int_equal(result.faults, 0);
    assert_int_equal(result.texts_unknown, 2);
}


/* A later log of the node, for a new year or a restored store, has an origin of its own and the same key. */
static void
a_later_log_is_under_the_same_key(void **state)
{
    size_t              i;
    char                path[80];
    consent_note_key_t  own, later;

    (void) state;

    own = log_.key;
    assert_int_equal(consent_audit_key(&later, &own, consent_lit(ORIGIN "/2")), CONSENT_OK);
    assert_string_equal(later.name, ORIGIN "/2");
    assert_int_not_equal(later.id, own.id);
    assert_int_equal(consent_audit_key(&later, &own, consent_lit(ORIGIN "/0")), CONSENT_NOTFOUND);
    assert_int_equal(consent_audit_key(&later, &own, consent_lit(ORIGIN "/02")), CONSENT_NOTFOUND);
    assert_int_equal(consent_audit_key(&later, &own, consent_lit(ORIGIN "/")), CONSENT_NOTFOUND);
    assert_int_equal(consent_audit_key(&later, &own, consent_lit(ORIGIN "/x")), CONSENT_NOTFOUND);
    assert_int_equal(consent_audit_key(&later, &own, consent_lit(ORIGIN "2")), CONSENT_NOTFOUND);
    assert_int_equal(consent_audit_key(&later, &own, consent_lit("consent.example.org/node")), CONSENT_NOTFOUND);

    assert_int_equal(consent_audit_key(&log_.key, &own, consent_lit(ORIGIN "/2")), CONSENT_OK);

    /* its policy was told in the one before */

    free((void *) log_.entry[0].data);

    for (i = 0; i + 1 < SMALL; i++) {
        log_.entry[i] = log_.entry[i + 1];
    }

    log_.entries = SMALL - 1;
    log_write(&log_, SMALL - 1);
    log_.key = own;
    assert_true(audit() > 0);
    assert_fault(&log_, 0, "0-0 is under a policy that the log does not hold");

    (void) snprintf(path, sizeof(path), "policy/%.64s", strstr(under, "hash\":\"") + 7);
    log_put(&log_, path, DOCUMENT, sizeof(DOCUMENT) - 1);
    assert_int_equal(audit(), 0);
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
        cmocka_unit_test_setup_teardown(two_logs_mixed_are_found, middle, finish),
        cmocka_unit_test_setup_teardown(entries_say_what_they_should, small, finish),
        cmocka_unit_test_setup_teardown(texts_are_those_of_their_hashes, small, finish),
        cmocka_unit_test_setup_teardown(a_later_log_is_under_the_same_key, small, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
