/*
 * Base64 and hex: RFC 4648's answers, and exactly one text for each value.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/digest.h"


static void
base64_gives_the_answers_of_rfc_4648(void **state)
{
    static const struct {
        const char  *plain;
        const char  *standard;
        const char  *url;
    } rows[] = {
        { "", "", "" },
        { "f", "Zg==", "Zg" },
        { "fo", "Zm8=", "Zm8" },
        { "foo", "Zm9v", "Zm9v" },
        { "foob", "Zm9vYg==", "Zm9vYg" },
        { "fooba", "Zm9vYmE=", "Zm9vYmE" },
        { "foobar", "Zm9vYmFy", "Zm9vYmFy" },
    };

    char     text[16];
    size_t   i, len, n;
    uint8_t  out[16];

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        len = strlen(rows[i].plain);

        n = consent_base64(text, (const uint8_t *) rows[i].plain, len);
        assert_int_equal(n, strlen(rows[i].standard));
        assert_memory_equal(text, rows[i].standard, n);
        assert_int_equal(consent_base64_decode(out, &n, consent_cstr(rows[i].standard)), CONSENT_OK);
        assert_int_equal(n, len);
        assert_memory_equal(out, rows[i].plain, len);

        n = consent_base64url(text, (const uint8_t *) rows[i].plain, len);
        assert_int_equal(n, strlen(rows[i].url));
        assert_memory_equal(text, rows[i].url, n);
        assert_int_equal(consent_base64url_decode(out, &n, consent_cstr(rows[i].url)), CONSENT_OK);
        assert_int_equal(n, len);
        assert_memory_equal(out, rows[i].plain, len);
    }

    /* the two alphabets differ in their last two letters only */
    n = consent_base64(text, (const uint8_t *) "\xff\xef\xbe\xfb\xef\xff", 6);
    assert_memory_equal(text, "/+++++//", 8);
    n = consent_base64url(text, (const uint8_t *) "\xff\xef\xbe\xfb\xef\xff", 6);
    assert_int_equal(n, 8);
    assert_memory_equal(text, "_-----__", 8);
}


static void
all_bytes_come_back(void **state)
{
    char     text[400];
    size_t   i, len, n;
    uint8_t  in[256], out[300];

    (void) state;

    for (i = 0; i < sizeof(in); i++) {
        in[i] = (uint8_t) (i * 7 + 3);
    }

    for (len = 0; len <= sizeof(in); len++) {
        n = consent_base64(text, in, len);
        assert_int_equal(n, (len + 2) / 3 * 4);
        assert_int_equal(consent_base64_decode(out, &n, consent_slice(text, n)), CONSENT_OK);
        assert_int_equal(n, len);
        assert_memory_equal(in, out, len);

        n = consent_base64url(text, in, len);
        assert_int_equal(consent_base64url_decode(out, &n, consent_slice(text, n)), CONSENT_OK);
        assert_int_equal(n, len);
        assert_memory_equal(in, out, len);
    }
}


static void
base64_has_one_text_for_each_value(void **state)
{
    static const char  *standard[] = {
        "Zg", "Zg=", "Zg===", "Z", "=", "==", "====", "Zh==", "Zm9=", "Zm8", "Zm9v=", "Zm9vYg=", "Zm 9v",
        "Zm9v\n",
        "Zm-v", "Zm_v", "Zg==Zg==", "Zm9vYg==Zm9v", "Z===", "Zm=v", "*m9v", ("\xc3\xa5" "9v")
    };
    static const char  *url[] = {
        "Zg==", "Zm8=", "Zh", "Zm9", "Z", "Zm9vY", "Zm 9", "Zm+v", "Zm/v", "Zg\n", "Zg.", "\x80m9v"
    };

    size_t   i, n;
    uint8_t  out[32];

    (void) state;

    for (i = 0; i < consent_countof(standard); i++) {
        if (consent_base64_decode(out, &n, consent_cstr(standard[i])) != CONSENT_MALFORMED) {
            fail_msg("%s", standard[i]);
        }
    }

    for (i = 0; i < consent_countof(url); i++) {
        if (consent_base64url_decode(out, &n, consent_cstr(url[i])) != CONSENT_MALFORMED) {
            fail_msg("%s", url[i]);
        }
    }

    assert_int_equal(consent_base64url_decode(out, &n, consent_slice("Zm9\0", 4)), CONSENT_MALFORMED);
}


static void
hex_is_written_low_and_read_in_both_cases(void **state)
{
    char     text[8];
    uint8_t  out[4];

    (void) state;

    consent_hex(text, (const uint8_t *) "\x00\x9f\xa0\xff", 4);
    assert_memory_equal(text, "009fa0ff", 8);

    assert_int_equal(consent_hex_decode(out, 4, consent_lit("009FaAfF")), CONSENT_OK);
    assert_memory_equal(out, "\x00\x9f\xaa\xff", 4);
    assert_int_equal(consent_hex_decode(out, 0, consent_lit("")), CONSENT_OK);

    assert_int_equal(consent_hex_decode(out, 4, consent_lit("009fa0f")), CONSENT_MALFORMED);
    assert_int_equal(consent_hex_decode(out, 4, consent_lit("009fa0ff0")), CONSENT_MALFORMED);
    assert_int_equal(consent_hex_decode(out, 4, consent_lit("009fa0fg")), CONSENT_MALFORMED);
    assert_int_equal(consent_hex_decode(out, 4, consent_lit("009fa0 f")), CONSENT_MALFORMED);
    assert_int_equal(consent_hex_decode(out, 4, consent_lit("0x9fa0ff")), CONSENT_MALFORMED);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(base64_gives_the_answers_of_rfc_4648),
        cmocka_unit_test(all_bytes_come_back),
        cmocka_unit_test(base64_has_one_text_for_each_value),
        cmocka_unit_test(hex_is_written_low_and_read_in_both_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
