/*
 * The record inside the consent cookie: its layout, and bounds that are kept both ways.
 */

#include "identity_cookie.h"


static void
the_record_is_read_as_its_layout_says(void **state)
{
    uint8_t           subject[CONSENT_SUBJECT_LEN], receipt[CONSENT_ID_LEN];
    consent_cookie_t  c;

    (void) state;

    assert_int_equal(consent_hex_decode(subject, 16, consent_lit("00112233445566778899aabbccddeeff")),
                     CONSENT_OK);
    assert_int_equal(consent_hex_decode(receipt, 16, consent_lit("ffeeddccbbaa99887766554433221100")),
                     CONSENT_OK);

    assert_int_equal(read_claims(&c, claims_of(RECORD)), CONSENT_OK);
    assert_memory_equal(c.subject, subject, CONSENT_SUBJECT_LEN);
    assert_false(c.identified);
    assert_true(c.has_decision);
    assert_int_equal(c.issued, NOW);
    assert_int_equal(c.expires, INT64_C(1795339900000));
    assert_int_equal(c.decision.status, CONSENT_STATUS_GIVEN);
    assert_int_equal(c.decision.scope, CONSENT_SCOPE_STANDING);
    assert_int_equal(c.decision.ai, CONSENT_AI_ANY);
    assert_int_equal(c.decision.by, CONSENT_BY_SELF);
    assert_int_equal(c.decision.method, CONSENT_METHOD_FORM);
    assert_int_equal(c.decision.gpc, 0);
    assert_int_equal(c.decision.level, 2);
    assert_int_equal(c.decision.granted, 5);
    assert_int_equal(c.decision.policy, UINT64_C(0x0123456789abcdef));
    assert_int_equal(c.decision.stamp, NOW + 1);
    assert_int_equal(c.decision.decided_at, NOW);
    assert_int_equal(c.decision.expires_at, INT64_C(1810000000000));
    assert_memory_equal(c.decision.receipt, receipt, CONSENT_ID_LEN);
}


static void
fields_out_of_bounds_are_refused(void **state)
{
    static const struct {
        int          at;
        size_t       offset;        /* in the record */
        const char  *bytes;
    } rows[] = {
        { __LINE__, 0, "00" },
        { __LINE__, 0, "02" },
        { __LINE__, 1, "04" },          /* a scope without a decision */
        { __LINE__, 1, "00" },          /* a decision that is said not to be there */
        { __LINE__, 1, "86" },          /* a bit without a meaning */
        { __LINE__, 1, "0e" },          /* scope 3 */
        { __LINE__, 1, "36" },          /* ai 3 */
        { __LINE__, 24, "00" },         /* status: none, expired, lapsed, 7 */
        { __LINE__, 24, "04" },
        { __LINE__, 24, "05" },
        { __LINE__, 24, "07" },
        { __LINE__, 24, "29" },         /* by 5 */
        { __LINE__, 24, "41" },
        { __LINE__, 24, "81" },
        { __LINE__, 25, "11" },         /* level 16 */
        { __LINE__, 25, "1f" },
        { __LINE__, 25, "a3" },         /* method 5 */
        { __LINE__, 25, "e3" },
        { __LINE__, 50, "058080808080800202c087f59d6d" },     /* a stamp before 1970 */
        { __LINE__, 50, "85000102c087f59d6d" },         /* longer than needed */
        { __LINE__, 50, "ffffffffffffffffff01010201" }, /* category 63 */
        { __LINE__, 50, "05ffffffffffffffffff010201" },
        { __LINE__, 50, "0501ffffffffffffff7f02" },     /* beyond the year 10889 */
        { __LINE__, 50, "050102ffffffffffffff7f" },
        { __LINE__, 50, "05010201ff" },
    };

    char               record[512];
    size_t             i, len;
    consent_rc_t       rc;
    consent_cookie_t   c;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        strcpy(record, RECORD);
        len = strlen(rows[i].bytes);

        if (rows[i].offset == 50 && len > 4) {
            strcpy(record + 100, rows[i].bytes);

        } else {
            memcpy(record + rows[i].offset * 2, rows[i].bytes, len);
        }

        rc = read_claims(&c, claims_of(record));

        if (rc != CONSENT_DENIED) {
            fail_msg("line %d: %s", rows[i].at, consent_rc_name(rc));
        }

        assert_empty(&c);
    }

    /* cut, and with more behind it */
    for (len = strlen(RECORD) - 2; len > 0; len -= 2) {
        strcpy(record, RECORD);
        record[len] = '\0';
        assert_int_equal(read_claims(&c, claims_of(record)), CONSENT_DENIED);
        assert_empty(&c);

        /* without a decision it is 24 bytes, no more and no less */
        memcpy(record + 2, "01", len > 2 ? 2 : 0);
        assert_int_equal(read_claims(&c, claims_of(record)), len == 48 ? CONSENT_OK : CONSENT_DENIED);
        assert_int_equal(c.identified, len == 48);
        assert_false(c.has_decision);
    }

    assert_int_equal(read_claims(&c, claims_of(RECORD "00")), CONSENT_DENIED);
}


static void
a_decision_that_could_not_be_read_is_not_written(void **state)
{
    int               i;
    consent_buf_t     b;
    consent_cookie_t  c;

    (void) state;

    consent_buf_init(&b, 4096);

    for (i = 0; i < 12; i++) {
        c = sample();

        switch (i) {
        case 0:
            c.decision.granted = UINT64_C(1) << 63;
            break;
        case 1:
            c.decision.level = CONSENT_MAX_LEVELS;
            break;
        case 2:
            c.decision.level = CONSENT_LEVEL_CUSTOM - 1;
            break;
        case 3:
            c.decision.status = CONSENT_STATUS_NONE;
            break;
        case 4:
            c.decision.status = CONSENT_STATUS_LAPSED;
            break;
        case 5:
            c.decision.scope = 3;
            break;
        case 6:
            c.decision.ai = 3;
            break;
        case 7:
            c.decision.by = 5;
            break;
        case 8:
            c.decision.method = 5;
            break;
        case 9:
            c.decision.stamp = -1;
            break;
        case 10:
            c.decision.expires_at = INT64_MAX;
            break;
        case 11:
            c.issued = INT64_C(1) << 48;
            break;
        }

        assert_int_equal(consent_cookie_write(&b, &keys, &c, consent_lit("kommun")), CONSENT_MALFORMED);
        assert_int_equal(b.len, 0);
    }

    consent_buf_free(&b);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(the_record_is_read_as_its_layout_says),
        cmocka_unit_test(fields_out_of_bounds_are_refused),
        cmocka_unit_test(a_decision_that_could_not_be_read_is_not_written),
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
