/*
 * What an upstream says of itself: dictionaries of RFC 9651, members of JSON, images.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "disclose/claim.h"

#define NOTHING  CONSENT_MODE_UNKNOWN

typedef struct {
    const char      *text;
    consent_mode_t   mode;
} row_t;


static void
test_header(void **state)
{
    char    *copy;
    size_t   i, len;

    static const row_t  rows[] = {
        { "mode=machine-generated", CONSENT_MODE_GENERATED },
        { "mode=ai-originated, model=\"x, mode=none\", date=@1", CONSENT_MODE_ORIGINATED },
        { "  model=\"a\\\"b\" ,\tmode=ai-modified;q=1;r", CONSENT_MODE_MODIFIED },
        { "mode=\"machine-generated\"", CONSENT_MODE_GENERATED },
        { "mode=ai-originated; model=\"gpt\"; provider=\"x\"", CONSENT_MODE_ORIGINATED },
        { "mode=none", CONSENT_MODE_HUMAN },
        { "mode=none, mode=machine-generated", CONSENT_MODE_GENERATED },
        { "mode=machine-generated, mode=none", CONSENT_MODE_HUMAN },
        { "a=(1 \"b\" c;d);e, x=:YWJj:, f=?1, p=%\"%c3%b6\", n=-1.5, mode=ai-modified", CONSENT_MODE_MODIFIED },
        { "a, mode=ai-modified", CONSENT_MODE_MODIFIED },
        { "", NOTHING }, { " ", NOTHING }, { "mode", NOTHING }, { "mode=", NOTHING }, { "mode=x", NOTHING },
        { "Mode=none", NOTHING }, { "model=none", NOTHING }, { "mode=Machine-Generated", NOTHING },
        { "mode=machine-generated,", NOTHING }, { "mode=machine-generated,,a", NOTHING },
        { "mode=machine-generated x", NOTHING }, { "mode=machine-generated; ", NOTHING },
        { "mode=machine-generated, model=\"", NOTHING }, { "mode=machine-generated, model=\"\\", NOTHING },
        { "mode=machine-generated, m=\"\xc3\xb6\"", NOTHING }, { "mode=machine-generated, a=(", NOTHING },
        { "mode=machine-generated, a=(1", NOTHING }, { "mode=machine-generated, a=:x", NOTHING },
        { "mode=machine-generated, a=%", NOTHING }, { "mode=machine-generated, =1", NOTHING },
        { "mode=ai-modified-reviewed", NOTHING }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        len = strlen(rows[i].text);
        copy = malloc(len + (len == 0));
        memcpy(copy, rows[i].text, len);
        print_message("%s\n", rows[i].text);
        assert_int_equal(consent_claim_header(consent_slice((uint8_t *) copy, len)), rows[i].mode);
        free(copy);
    }
}


static void
test_member(void **state)
{
    size_t  i;

    static const row_t  rows[] = {
        { "{\"v\":1,\"mode\":\"ai-modified\"}", CONSENT_MODE_MODIFIED }, { "{\"mode\":\"none\"}", CONSENT_MODE_HUMAN },
        { "{\"mode\":\"x\",\"w3c\":\"ai-assisted\"}", CONSENT_MODE_ORIGINATED },
        { "{\"w3c\":\"human-only\"}", CONSENT_MODE_HUMAN }, { "{\"w3c\":\"ai-autonomous\"}", CONSENT_MODE_GENERATED },
        { "{\"mode\":1}", NOTHING }, { "{\"mode\":\"\"}", NOTHING }, { "\"machine-generated\"", NOTHING },
        { "true", NOTHING }, { "", NOTHING }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        assert_int_equal(consent_claim_member(consent_cstr(rows[i].text), false), rows[i].mode);
    }
}


static void
test_image(void **state)
{
    char  *image;

    static const char  type[] = "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia";

    (void) state;

    image = calloc(1, CONSENT_CLAIM_IMAGE + 100);
    assert_int_equal(consent_claim_image(consent_slice((uint8_t *) image, CONSENT_CLAIM_IMAGE + 100)), NOTHING);
    memcpy(image + CONSENT_CLAIM_IMAGE - 10, type, sizeof(type));
    assert_int_equal(consent_claim_image(consent_slice((uint8_t *) image, CONSENT_CLAIM_IMAGE + 100)), NOTHING);
    memcpy(image + 1000, type, sizeof(type));
    assert_int_equal(consent_claim_image(consent_slice((uint8_t *) image, CONSENT_CLAIM_IMAGE)), CONSENT_MODE_MODIFIED);
    assert_int_equal(consent_claim_image(consent_slice(NULL, 0)), NOTHING);
    free(image);
}


static void
test_more(void **state)
{
    (void) state;

    assert_int_equal(consent_claim_more(CONSENT_MODE_HUMAN, CONSENT_MODE_ORIGINATED), CONSENT_MODE_ORIGINATED);
    assert_int_equal(consent_claim_more(CONSENT_MODE_GENERATED, CONSENT_MODE_MODIFIED), CONSENT_MODE_GENERATED);
    assert_int_equal(consent_claim_more(NOTHING, CONSENT_MODE_HUMAN), CONSENT_MODE_HUMAN);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_member),
        cmocka_unit_test(test_image),
        cmocka_unit_test(test_more)
    };

    cmocka_set_message_output(CM_OUTPUT_TAP);

    return cmocka_run_group_tests(tests, NULL, NULL);
}
