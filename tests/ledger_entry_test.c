/*
 * Entries are canonical JSON with the members that an auditor expects, and commit to a subject without naming it.
 */

#include "ledger.h"
#include "ledger/entry.h"


static consent_rc_t
write_entry(char *out, size_t size, const char *type, consent_time_t time, const char *fields)
{
    consent_rc_t            rc;
    consent_buf_t           b;
    consent_entry_t         entry;
    consent_entry_policy_t  policy = some_policy();

    entry.type = type;
    entry.time = time;
    entry.node = consent_lit("node1");
    entry.policy = &policy;

    consent_buf_init_fixed(&b, out, size - 1);
    rc = consent_entry_write(&b, &entry, consent_cstr(fields));
    out[b.len] = '\0';

    return rc;
}


static void
assert_canonical(const char *json)
{
    consent_buf_t          b;
    consent_json_t        *root;
    consent_arena_t       *arena = consent_arena_create(1 << 20);
    consent_json_error_t   err;

    consent_buf_init(&b, 1 << 20);
    assert_int_equal(consent_json_parse(&root, arena, consent_cstr(json), 64, &err), CONSENT_OK);
    assert_int_equal(consent_json_canonical(&b, root), CONSENT_OK);
    assert_int_equal(b.len, strlen(json));
    assert_memory_equal(b.data, json, b.len);
    consent_buf_free(&b);
    consent_arena_destroy(arena);
}


static void
own_members_and_fields_are_sorted_into_one_object(void **state)
{
    size_t  i;
    char    out[1024], expected[1024];

    static const struct {
        const char  *fields;
        const char  *expected;
    } rows[] = {
        { "", "{%s}" },
        { "{}", "{%s}" },
        { "{\"Z\":1,\"a\":{\"time\":\"x\"},\"m\":[]}", "{\"Z\":1,\"a\":{\"time\":\"x\"},\"m\":[],%s}" },
        { "{\"~\":null}", "{%s,\"~\":null}" },
        { "{\"notice_hash\":null,\"policy_id\":\"\xc3\xa5\",\"tim\":0,\"vv\":{}}", NULL },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(write_entry(out, sizeof(out), "config", NOW + 999, rows[i].fields), CONSENT_OK);
        assert_canonical(out);

        if (rows[i].expected != NULL) {
            (void) snprintf(expected, sizeof(expected), rows[i].expected,
                            "\"node\":\"node1\",\"policy\":\"exempelkommun\",\"policy_hash\":"
                            "\"abababababababababababababababababababababababababababababababab\","
                            "\"policy_version\":\"2026-11-22\",\"time\":\"2026-11-22T09:15:00Z\","
                            "\"type\":\"config\",\"v\":1");
            assert_string_equal(out, expected);
        }
    }
}


static void
decisions_and_hand_offs_tell_the_hour_and_the_rest_the_second(void **state)
{
    char  out[1024];

    (void) state;

    assert_int_equal(write_entry(out, sizeof(out), "decision", NOW + 44 * 60000 + 59999, ""), CONSENT_OK);
    assert_string_equal(member(out, "time"), "2026-11-22T09:00:00Z");
    assert_int_equal(write_entry(out, sizeof(out), "handoff", NOW, ""), CONSENT_OK);
    assert_string_equal(member(out, "time"), "2026-11-22T09:00:00Z");
    assert_int_equal(write_entry(out, sizeof(out), "decision", NOW + 45 * 60000, ""), CONSENT_OK);
    assert_string_equal(member(out, "time"), "2026-11-22T10:00:00Z");
    assert_int_equal(write_entry(out, sizeof(out), "disclosure", NOW + 61999, ""), CONSENT_OK);
    assert_string_equal(member(out, "time"), "2026-11-22T09:16:01Z");
}


static void
fields_cannot_replace_what_every_entry_has(void **state)
{
    size_t              i;
    char                out[1024];
    static const char  *bad[] = {
        "{\"v\":2}", "{\"type\":\"decision\"}", "{\"time\":\"\"}", "{\"node\":\"x\"}", "{\"policy\":\"\"}",
        "{\"policy_hash\":\"\"}", "{\"policy_version\":\"\"}", "{\"b\":1,\"a\":2}", "[]",
        "{\"a\":1}{", "{\"a\":\"\xff\"}", "{\"a\":\"\xed\xa0\x80\"}"
    };

    (void) state;

    for (i = 0; i < consent_countof(bad); i++) {
        if (write_entry(out, sizeof(out), "config", NOW, bad[i]) != CONSENT_MALFORMED) {
            fail_msg("taken: %s", bad[i]);
        }
    }

    assert_int_equal(write_entry(out, sizeof(out), "", NOW, ""), CONSENT_MALFORMED);
    assert_int_equal(write_entry(out, sizeof(out), "a\"b", NOW, ""), CONSENT_MALFORMED);
    assert_int_equal(write_entry(out, sizeof(out), "Config", NOW, ""), CONSENT_MALFORMED);
}


static void
an_entry_too_large_for_a_tile_is_refused(void **state)
{
    size_t  len, base;
    char   *fields = malloc(2 * CONSENT_ENTRY_MAX), *out = malloc(2 * CONSENT_ENTRY_MAX);

    (void) state;

    assert_int_equal(write_entry(out, 2 * CONSENT_ENTRY_MAX, "config", NOW, "{\"a\":\"\"}"), CONSENT_OK);
    base = strlen(out);

    for (len = CONSENT_ENTRY_MAX - base; len <= CONSENT_ENTRY_MAX - base + 1; len++) {
        (void) sprintf(fields, "{\"a\":\"%0*d\"}", (int) len, 0);
        assert_int_equal(write_entry(out, 2 * CONSENT_ENTRY_MAX, "config", NOW, fields),
                         len == CONSENT_ENTRY_MAX - base ? CONSENT_OK : CONSENT_LIMIT);
    }

    free(fields);
    free(out);
}


static void
a_decision_entry_has_every_field(void **state)
{
    char             out[2048];
    uint8_t          commitment[CONSENT_HASH_LEN];
    consent_op_t     op = a_grant(1, NOW);
    consent_buf_t    b;
    consent_slice_t  odd[] = { consent_lit("a\"\n\\\x01"), consent_lit("b\xc3\xa5") };

    (void) state;

    memset(commitment, 0xcd, sizeof(commitment));
    consent_buf_init_fixed(&b, out, sizeof(out) - 1);
    assert_int_equal(consent_entry_decision(&b, &op, commitment), CONSENT_OK);
    out[b.len] = '\0';
    assert_string_equal(out, "{\"assurance\":\"anonymous\",\"by\":\"self\","
                        "\"categories\":[\"contact\",\"identity\"],\"commitment\":"
                        "\"cdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcdcd\",\"language\":\"sv\","
                        "\"level\":\"personal\",\"method\":\"form\",\"notice_hash\":null,\"scope\":\"standing\","
                        "\"status\":\"given\"}");

    op.identified = true;
    op.decision.by = CONSENT_BY_SIGNAL;
    op.decision.method = CONSENT_METHOD_GPC;
    op.decision.status = CONSENT_STATUS_LOWERED;
    op.decision.scope = CONSENT_SCOPE_SESSION;
    op.categories = odd;
    memset(op.notice_hash, 0x12, sizeof(op.notice_hash));

    consent_buf_init_fixed(&b, out, sizeof(out) - 1);
    assert_int_equal(consent_entry_decision(&b, &op, commitment), CONSENT_OK);
    out[b.len] = '\0';
    assert_canonical(out);
    assert_string_equal(member(out, "assurance"), "identified");
    assert_string_equal(member(out, "by"), "signal");
    assert_string_equal(member(out, "method"), "gpc");
    assert_string_equal(member(out, "status"), "lowered");
    assert_string_equal(member(out, "scope"), "session");
    assert_string_equal(member(out, "notice_hash"), "1212121212121212121212121212121212121212121212121212121212121212");
}


static void
a_commitment_is_an_hmac_over_nonce_subject_index_and_time(void **state)
{
    size_t   i;
    char     hex[2 * CONSENT_HASH_LEN + 1], text[128];
    uint8_t  key[CONSENT_KEY_LEN], nonce[CONSENT_NONCE_LEN], subject[CONSENT_SUBJECT_LEN], out[CONSENT_HASH_LEN];

    (void) state;

    for (i = 0; i < sizeof(key); i++) {
        key[i] = (uint8_t) i;
    }

    for (i = 0; i < sizeof(nonce); i++) {
        nonce[i] = (uint8_t) (0xa0 + i);
        subject[i] = (uint8_t) (0x10 + i);
    }

    /* computed with another implementation */
    assert_int_equal(consent_entry_commitment(out, key, nonce, subject, 258, 1795338900123), CONSENT_OK);
    consent_hex(hex, out, sizeof(out));
    hex[2 * CONSENT_HASH_LEN] = '\0';
    assert_string_equal(hex, "0b38ace3c94c92e61a57e677fe6fdf398670d03f7f50f884ff6176fcaba58698");

    (void) snprintf(text, sizeof(text), "{\"commitment\":\"%s\"}", hex);
    assert_true(consent_entry_holds(consent_cstr(text), out));
    out[31] ^= 1;
    assert_false(consent_entry_holds(consent_cstr(text), out));
    assert_false(consent_entry_holds(consent_lit("{\"commitment\":\"\"}"), out));
    assert_false(consent_entry_holds(consent_lit("{}"), out));
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(own_members_and_fields_are_sorted_into_one_object),
        cmocka_unit_test(decisions_and_hand_offs_tell_the_hour_and_the_rest_the_second),
        cmocka_unit_test(fields_cannot_replace_what_every_entry_has),
        cmocka_unit_test(an_entry_too_large_for_a_tile_is_refused),
        cmocka_unit_test(a_decision_entry_has_every_field),
        cmocka_unit_test(a_commitment_is_an_hmac_over_nonce_subject_index_and_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
