/*
 * Records: the bytes are as specified, and nothing else is taken for a record.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/digest.h"
#include "ledger/record.h"


static consent_decision_t
some_decision(void)
{
    consent_decision_t  d = {
        .policy = 0x0102030405060708, .granted = 0x4000000000000003, .level = CONSENT_LEVEL_CUSTOM,
        .status = CONSENT_STATUS_LOWERED, .scope = CONSENT_SCOPE_STANDING, .ai = CONSENT_AI_OWN,
        .by = CONSENT_BY_GUARDIAN, .method = CONSENT_METHOD_ADPC, .gpc = 1, .stamp = 0x1122, .decided_at = 0x3344,
        .expires_at = 0x5566
    };

    memset(d.receipt, 0xee, sizeof(d.receipt));

    return d;
}


static void
assert_hex(const uint8_t *bytes, size_t len, const char *expected)
{
    char  hex[512];

    consent_hex(hex, bytes, len);
    hex[2 * len] = '\0';
    assert_string_equal(hex, expected);
}


static void
records_are_written_as_specified(void **state)
{
    uint8_t         out[128];
    consent_meta_t  meta = { .next_index = 7, .last_time = 8, .created_at = 9 };
    consent_past_t  past = { .decision = some_decision(), .identified = true, .index = 10, .logged_at = 11 };
    consent_state_t s = { .decision = some_decision(), .identified = false, .index = 10, .count = 12 };

    (void) state;

    memset(meta.store_id, 0x55, sizeof(meta.store_id));
    memset(meta.tombstone_key, 0x66, sizeof(meta.tombstone_key));
    memset(past.nonce, 0x77, sizeof(past.nonce));

    consent_meta_encode(out, &meta);
    assert_hex(out, CONSENT_META_LEN, "0000000200000000" "0000000000000007" "0000000000000008" "0000000000000009"
               "55555555555555555555555555555555" "6666666666666666666666666666666666666666666666666666666666666666"
               "00000000000000000000000000000000");

    consent_state_encode(out, &s);
    assert_hex(out, CONSENT_STATE_LEN, "01060101010301ff" "0102030405060708" "4000000000000003" "0000000000001122"
               "0000000000003344" "0000000000005566" "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
               "000000000000000a" "0000000c" "00000000");

    consent_past_encode(out, &past);
    assert_hex(out, CONSENT_PAST_LEN, "01060101010303ff" "0102030405060708" "4000000000000003" "0000000000001122"
               "0000000000003344" "0000000000005566" "eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"
               "000000000000000a" "000000000000000b" "77777777777777777777777777777777");

    consent_tombstone_encode(out, 1, 2);
    assert_hex(out, CONSENT_TOMBSTONE_LEN, "0000000000000001" "0000000000000002");
}


static void
later_decisions_have_smaller_keys(void **state)
{
    uint8_t  early[CONSENT_PAST_KEY_LEN], late[CONSENT_PAST_KEY_LEN];
    uint8_t  subject[CONSENT_SUBJECT_LEN] = { 0xf0 };

    (void) state;

    consent_past_key(early, subject, 0x0102030405060708, 1000);
    consent_past_key(late, subject, 0x0102030405060708, 1001);
    assert_true(memcmp(late, early, sizeof(early)) < 0);
    assert_hex(early, sizeof(early), "f0000000000000000000000000000000" "0102030405060708" "fffffffffffffc17");
}


static void
what_was_written_is_read(void **state)
{
    uint8_t             bytes[128];
    consent_decision_t  d = some_decision();
    consent_past_t      past = { .decision = d, .identified = true, .index = UINT64_MAX, .logged_at = INT64_MAX };
    consent_past_t      past_read;
    consent_state_t     s = { .decision = d, .identified = true, .index = 5, .count = UINT32_MAX };
    consent_state_t     s_read;
    consent_meta_t      meta = { .next_index = 1, .last_time = 2, .created_at = 3 };
    consent_meta_t      meta_read;
    consent_time_t      erased_at, keep_until;

    (void) state;

    memset(&past_read, 0, sizeof(past_read));
    consent_past_encode(bytes, &past);
    assert_int_equal(consent_past_decode(&past_read, consent_slice(bytes, CONSENT_PAST_LEN)), CONSENT_OK);
    assert_int_equal(past_read.index, UINT64_MAX);
    assert_int_equal(past_read.logged_at, INT64_MAX);
    assert_true(past_read.identified);
    assert_int_equal(past_read.decision.policy, d.policy);
    assert_int_equal(past_read.decision.granted, d.granted);
    assert_int_equal(past_read.decision.level, d.level);
    assert_int_equal(past_read.decision.status, d.status);
    assert_int_equal(past_read.decision.scope, d.scope);
    assert_int_equal(past_read.decision.ai, d.ai);
    assert_int_equal(past_read.decision.by, d.by);
    assert_int_equal(past_read.decision.method, d.method);
    assert_int_equal(past_read.decision.gpc, d.gpc);
    assert_int_equal(past_read.decision.stamp, d.stamp);
    assert_int_equal(past_read.decision.decided_at, d.decided_at);
    assert_int_equal(past_read.decision.expires_at, d.expires_at);
    assert_memory_equal(past_read.decision.receipt, d.receipt, CONSENT_ID_LEN);

    consent_state_encode(bytes, &s);
    assert_int_equal(consent_state_decode(&s_read, consent_slice(bytes, CONSENT_STATE_LEN)), CONSENT_OK);
    assert_int_equal(s_read.count, UINT32_MAX);
    assert_int_equal(s_read.index, 5);
    assert_true(s_read.identified);

    consent_meta_encode(bytes, &meta);
    assert_int_equal(consent_meta_decode(&meta_read, consent_slice(bytes, CONSENT_META_LEN)), CONSENT_OK);
    assert_memory_equal(&meta, &meta_read, sizeof(meta));

    consent_tombstone_encode(bytes, 4, 5);
    assert_int_equal(consent_tombstone_decode(&erased_at, &keep_until, consent_slice(bytes, CONSENT_TOMBSTONE_LEN)),
                     CONSENT_OK);
    assert_int_equal(erased_at, 4);
    assert_int_equal(keep_until, 5);
}


static void
a_record_that_is_not_as_specified_is_refused(void **state)
{
    size_t           i;
    uint8_t          good[CONSENT_PAST_LEN], bytes[CONSENT_PAST_LEN + 1];
    consent_past_t   past = { .decision = some_decision() };
    consent_meta_t   meta = { .next_index = 1 };
    consent_state_t  s = { .decision = some_decision() };

    static const struct {
        size_t   at;
        uint8_t  value;
    } bad[] = {
        { 0, 0 }, { 0, 2 }, { 1, 0 }, { 1, 7 }, { 2, 3 }, { 3, 3 }, { 4, 5 }, { 5, 5 }, { 6, 4 }, { 6, 0x83 }, { 7, 0xfe },
        { 7, CONSENT_MAX_LEVELS }, { 16, 0x80 }, { 24, 0x80 }, { 32, 0x80 }, { 40, 0xff }
    };

    (void) state;

    consent_past_encode(good, &past);

    for (i = 0; i < consent_countof(bad); i++) {
        memcpy(bytes, good, sizeof(good));
        bytes[bad[i].at] = bad[i].value;
        assert_int_equal(consent_past_decode(&past, consent_slice(bytes, CONSENT_PAST_LEN)), CONSENT_MALFORMED);
        assert_int_equal(consent_state_decode(&s, consent_slice(bytes, CONSENT_STATE_LEN)), CONSENT_MALFORMED);
    }

    memcpy(bytes, good, sizeof(good));

    for (i = 0; i <= sizeof(bytes); i++) {
        assert_int_equal(consent_past_decode(&past, consent_slice(bytes, i)),
                         i == CONSENT_PAST_LEN ? CONSENT_OK : CONSENT_MALFORMED);
    }

    consent_meta_encode(bytes, &meta);
    assert_int_equal(consent_meta_decode(&meta, consent_slice(bytes, CONSENT_META_LEN)), CONSENT_OK);
    bytes[3] = CONSENT_LAYOUT + 1;
    assert_int_equal(consent_meta_decode(&meta, consent_slice(bytes, CONSENT_META_LEN)), CONSENT_MALFORMED);
    bytes[3] = CONSENT_LAYOUT;
    bytes[95] = 1;
    assert_int_equal(consent_meta_decode(&meta, consent_slice(bytes, CONSENT_META_LEN)), CONSENT_MALFORMED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(records_are_written_as_specified),
        cmocka_unit_test(later_decisions_have_smaller_keys),
        cmocka_unit_test(what_was_written_is_read),
        cmocka_unit_test(a_record_that_is_not_as_specified_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
