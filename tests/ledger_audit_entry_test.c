/*
 * What an audit finds in entries that lead to the root that was signed, and do not say what they should.
 */

#include "ledger_audited.h"


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
        { 3, "2026-11-22T09", "2027-02-29T09", "has no time as it should be" },
        { 4, "09:00:03Z", "09:60:03Z", "has no time as it should be" },
        { 3, "09:00:00Z", "08:00:00Z", "is earlier than the entry before" },
        { 3, "2026-11-22T09", "2026-11-21T23", "is earlier than the entry before" },
        { 4, "09:00:03Z", "09:00:01Z", "is earlier than the entry before" },
        { 4, "true", "1", "has something in \"notice_first\" that does not belong there" },
        { 5, "null", "5", "has something in \"topic\" that does not belong there" },
        { 6, "\"entries\":1", "\"entries\":-1", "has something in \"entries\" that does not belong there" },
        { 5, "\"route\"", "\"fax\"", "has something in \"channel\" that does not belong there" },
        { 5, "\"routed\"", "\"lost\"", "has something in \"status\" that does not belong there" },
        { 9, "\"bundles\":2", "\"bundles\":null", "has something in \"bundles\" that does not belong there" },
        { 9, ",\"role\":\"allow\"", "", "lacks \"role\"" },
        { 10, "\"lost\":null", "\"lost\":\"3\"", "has something in \"lost\" that does not belong there" },
        { 10, "\"signed_size\":null", "\"signed_size\":true", "has something in \"signed_size\" that does not belong there" },
        { 11, "\"decision\":\"2026:17\",", "", "lacks \"decision\"" },
        { 11, "\"leaves\":7", "\"leaves\":[]", "has something in \"leaves\" that does not belong there" },
        { 12, "\"placed\"", "\"lifted\"", "has something in \"change\" that does not belong there" },
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
    char                  path[80] = "", *place;
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
    log_put(&log_, path, NOTICE, sizeof(NOTICE) - 1);

    /* what an AI's answer was marked with, too */

    (void) snprintf(path, sizeof(path), "notice/%s", shown_hash);
    log_put(&log_, path, "something else", 14);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "4-4 refers to a text, and what is at hand under its hash is another");
    log_remove(&log_, path);
    assert_int_equal(audit(), 1);
    assert_fault(&log_, 0, "4-4 refers to a text that is not there");

    /* it may have been marked without words */

    place = strstr((char *) log_.entry[4].data, shown_hash);
    assert_non_null(place);
    memset(place, '0', 64);
    log_write(&log_, SMALL);
    assert_int_equal(audit(), 0);

    /* without any texts at hand it is counted, and no fault */

    checkpoint = log_file(&log_, "checkpoint");
    assert_int_equal(consent_audit(&conf, consent_slice(checkpoint->data, checkpoint->len), &result), CONSENT_OK);
    assert_int_equal(result.faults, 0);
    assert_int_equal(result.texts_unknown, 1);
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


static void
nothing_comes_behind_the_end(void **state)
{
    size_t  i;

    static const struct {
        size_t       entries;
        size_t       leaves;
        const char  *fault;
    } rows[] = {
        { SMALL + 1, SMALL + 1, NULL },
        { SMALL + 1, SMALL, "13-13 ends the log with another number of entries than it has" },
        { SMALL + 2, SMALL + 1, "14-14 comes behind the end of its log" },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        make(SMALL);
        log_add(&log_, "{\"leaves\":%zu,\"log\":1,\"node\":\"" ORIGIN "\",%s,\"time\":\"2026-11-22T09:00:04Z\",\"type\":"
                "\"sealed\",\"v\":1}", rows[i].leaves, under);

        if (rows[i].entries > SMALL + 1) {
            add_decision(SMALL + 1);
        }

        log_write(&log_, rows[i].entries);
        assert_int_equal(audit(), rows[i].fault != NULL);

        if (rows[i].fault != NULL) {
            assert_fault(&log_, 0, rows[i].fault);
        }

        log_end(&log_);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test_setup_teardown(entries_say_what_they_should, small, finish),
        cmocka_unit_test_setup_teardown(texts_are_those_of_their_hashes, small, finish),
        cmocka_unit_test(nothing_comes_behind_the_end),
        cmocka_unit_test_setup_teardown(a_later_log_is_under_the_same_key, small, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
