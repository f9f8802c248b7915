/*
 * The detectors over a text: whatever its pieces, the same is masked; what is granted passes; what waits is bounded.
 */

#include "minimize_detect.h"


static void
any_pieces_give_the_same(void **state)
{
    size_t                i;
    texts_t               t;
    consent_detectors_t  *detectors = texts_all(&t);

    static const struct {
        int          line;
        const char  *in;
        const char  *out;
    } rows[] = {
        { __LINE__, "", "" },
        { __LINE__, "Hej!", "Hej!" },
        { __LINE__, "Jag heter Kalle, 811228-9874, ring 070-123 45 67.",
          "Jag heter Kalle, [personnummer 1], ring [phone 1]." },
        { __LINE__, "811228-9874", "[personnummer 1]" },
        { __LINE__, "kalle@example.se och 131052-308T och kalle@example.se, och 811228-9874 och 670919-9530",
          "[email 1] och [hetu 1] och [email 1], och [personnummer 1] och [personnummer 2]" },
        { __LINE__, "p\xc3\xa5 811228\xe2\x80\x93" "9874\xc3\xa5r 811228\xe2\x80\x93" "9874 \xc3\xa5r",
          "p\xc3\xa5 811228\xe2\x80\x93" "9874\xc3\xa5r [personnummer 1] \xc3\xa5r" },
        { __LINE__, "\xef\xbc\x98\xef\xbc\x91\xef\xbc\x91\xef\xbc\x92\xef\xbc\x92\xef\xbc\x98\xef\xbc\x8d\xef\xbc\x99"
          "\xef\xbc\x98\xef\xbc\x97\xef\xbc\x94!", "[personnummer 1]!" },
        { __LINE__, "8\xe2\x80\x8b" "1\xe2\x80\x8b\xe2\x80\x8b" "1228\xc2\xad" "9874.", "[personnummer 1]." },
        { __LINE__, "\x01" "81\x08" "1228-\x1f" "98\x7f" "74\x02.", "\x01[personnummer 1]\x02." },
        { __LINE__, "anna.811228-9874@example.se, 811228-9874@example.se", "[email 1], [email 2]" },
        { __LINE__, "GB29 NWBK 6016 1331 9268 19 4111 1111 1111 1111 (08-123 45 67)",
          "[iban 1] [card 1] ([phone 1])" },
        { __LINE__, "\xf0\x9f\x98\x80" "811228-9874\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80[personnummer 1]\xf0\x9f\x98\x80" },
        { __LINE__, "\xff\xfe" "811228-9874\xe4 811228\x96" "9874\xa0", "\xff\xfe" "811228-9874\xe4 [personnummer 1]\xa0" },
        { __LINE__, "19811228-9874-4abc-8def-0123456789ab 19811228-9874", "19811228-9874-4abc-8def-0123456789ab "
          "[personnummer 1]" },
        /* escapes of an address */
        { __LINE__, "https://x.se/?a=1&m=kalle%40example.se&b=811228%2D9874&c=811228%209874%26d", "https://x.se/?a=1&[email 1]&"
          "b=[personnummer 1]&c=[personnummer 1]%26d" },
        { __LINE__, "kalle%40example.se, kalle@example.se, anna%40example.se", "[email 1], [email 1], [email 2]" },
        { __LINE__, "/y?next=%2Fz%3Fpnr%3D811228-9874%26b=1", "/y?next=%2Fz%3Fpnr%3D[personnummer 1]%26b=1" },
        { __LINE__, "%2f811228-9874 %3d131052-308T %2B46701234567 %20070%20123%204567",
          "%2f[personnummer 1] %3d[hetu 1] [phone 1] %20[phone 1]" },
        { __LINE__, "%2019811228-9874 %20811228-9874 %19811228-9874 100%811228-9874 5%20",
          "%20[personnummer 1] %20[personnummer 1] %[personnummer 1] 100%[personnummer 1] 5%20" },
        { __LINE__, "%41811228-9874 a%4 %40 b%40c 811228%4109874 811228%2 9874 811228%",
          "%41811228-9874 a%4 %40 b%40c 811228%4109874 811228%2 9874 811228%" }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        check_text(detectors, rows[i].line, rows[i].in, strlen(rows[i].in), rows[i].out, 0);
        check_text_far(detectors, rows[i].line, rows[i].in, rows[i].out, 0);
    }

    consent_detectors_destroy(detectors);
}


/* UTF-16 and UTF-32 that do not say so. */
static void
zeros_between_letters_are_not_seen(void **state)
{
    texts_t               t;
    consent_detectors_t  *detectors = texts_all(&t);

    static const char  utf16[] = "8\0" "1\0" "1\0" "2\0" "2\0" "8\0" "-\0" "9\0" "8\0" "7\0" "4";
    static const char  utf32[] = "8\0\0\0" "1\0\0\0" "1\0\0\0" "2\0\0\0" "2\0\0\0" "8\0\0\0" "9\0\0\0"
        "8\0\0\0" "7\0\0\0" "4";
    static const char  email[] = "k\0" "@\0" "e\0" "x\0" "a\0" "m\0" "p\0" "l\0" "e\0" ".\0" "s\0" "e";

    (void) state;

    check_text(detectors, __LINE__, utf16, sizeof(utf16) - 1, "[personnummer 1]", 0);
    check_text(detectors, __LINE__, utf32, sizeof(utf32) - 1, "[personnummer 1]", 0);
    check_text(detectors, __LINE__, email, sizeof(email) - 1, "[email 1]", 0);

    consent_detectors_destroy(detectors);
}


static void
long_texts_are_the_same_in_pieces(void **state)
{
    char                 *whole, *got;
    size_t                i, n, size;
    texts_t               t;
    consent_buf_t         b;
    consent_detectors_t  *detectors = texts_all(&t);

    static const size_t  sizes[] = { 1, 2, 3, 7, 63, 64, 65, 255, 511, 512, 513, 1000, 4095, 4096, 4097, 8191, 20000 };

    (void) state;

    consent_buf_init(&b, 1 << 20);

    for (i = 0; b.len < 30000; i++) {
        consent_buf_printf(&b, "I dag, den %zu mars 2024, k\xc3\xb6pte n\xc3\xa5gon %zu ting f\xc3\xb6r 1 234:50. ", i % 31,
                           i * 7919);

        for (n = 0; n < i * 37 % 800; n++) {
            consent_buf_char(&b, n % 11 == 0 ? ' ' : (char) ('a' + n % 26));
        }

        consent_buf_printf(&b, " Det var 811228-9874, kalle.%zu@example.se, 070-123 %02zu %02zu eller 131052-308T.\n", i,
                           i % 100, i / 3 % 100);
    }

    whole = detected(detectors, (char *) b.data, b.len, b.len, b.len, 0, NULL);
    assert_null(strstr(whole, "9874"));
    assert_null(strstr(whole, "@"));
    assert_null(strstr(whole, "070"));
    assert_null(strstr(whole, "308T"));
    assert_non_null(strstr(whole, "[email 50]"));
    size = strlen(whole);

    for (i = 0; i < consent_countof(sizes); i++) {
        got = detected(detectors, (char *) b.data, b.len, sizes[i], sizes[i], 0, NULL);
        assert_int_equal(strlen(got), size);
        assert_string_equal(got, whole);
        free(got);
    }

    free(whole);
    consent_buf_free(&b);
    consent_detectors_destroy(detectors);
}


static void
what_is_granted_passes(void **state)
{
    texts_t               t;
    consent_found_t       found;
    consent_detectors_t  *detectors = texts_all(&t);

    static const char  in[] = "811228-9874 kalle@example.se";

    (void) state;

    free(detected(detectors, in, strlen(in), 99, 99, BIT(EMAIL), &found));
    check_text(detectors, __LINE__, in, strlen(in), "[personnummer 1] kalle@example.se", BIT(EMAIL));
    assert_true(found.seen == (BIT(PERSONNUMMER) | BIT(EMAIL)));
    assert_true(found.removed == BIT(PERSONNUMMER));
    assert_int_equal(found.pairs, 1);
    assert_int_equal(found.carriers, 1 << CONSENT_CARRIER_TEXT);

    free(detected(detectors, in, strlen(in), 99, 99, BIT(PERSONNUMMER), &found));
    check_text(detectors, __LINE__, in, strlen(in), "811228-9874 [email 1]", BIT(PERSONNUMMER));
    assert_true(found.seen == (BIT(PERSONNUMMER) | BIT(EMAIL)));
    assert_true(found.removed == BIT(EMAIL));

    consent_detectors_destroy(detectors);
}


/* A detector of two categories passes only where both are granted. */
static void
categories_share_a_detector(void **state)
{
    texts_t               t;
    consent_found_t       found;
    consent_detectors_t  *detectors;

    static const char  in[] = "K-1234 a@example.se";

    (void) state;

    memset(&t, 0, sizeof(t));
    texts_add(&t, 0, "email", NULL);
    texts_add(&t, 1, "email", NULL);
    texts_add(&t, 1, "case", "K-[0-9]{4}");
    texts_add(&t, 2, "case", "K-[0-9]{4}");
    detectors = texts_compile(&t);

    assert_true(consent_detectors_mask(detectors) == 7);
    check_text(detectors, __LINE__, in, strlen(in), "[case 1] [email 1]", 0);
    check_text(detectors, __LINE__, in, strlen(in), "[case 1] [email 1]", 1);
    check_text(detectors, __LINE__, in, strlen(in), "[case 1] [email 1]", 2);
    check_text(detectors, __LINE__, in, strlen(in), "[case 1] a@example.se", 3);
    check_text(detectors, __LINE__, in, strlen(in), "K-1234 [email 1]", 6);
    check_text(detectors, __LINE__, in, strlen(in), in, 7);

    free(detected(detectors, in, strlen(in), 99, 99, 1, &found));
    assert_true(found.removed == 6);
    assert_true(found.seen == 7);

    consent_detectors_destroy(detectors);
}


static void
a_policy_without_text_carriers_has_no_detectors(void **state)
{
    texts_t               t;
    consent_inspect_t     inspect;
    consent_detect_t     *d;
    consent_detectors_t  *detectors;
    fed_t                 f;

    (void) state;

    memset(&t, 0, sizeof(t));
    texts_add(&t, 0, "email", NULL);
    t.policy.consent_mask = 0;

    assert_int_equal(consent_detectors_compile(&detectors, &t.policy, NULL), CONSENT_OK);
    assert_null(detectors);
    assert_true(consent_detectors_mask(detectors) == 0);
    consent_detectors_destroy(detectors);

    memset(&inspect, 0, sizeof(inspect));
    d = consent_detect_init(malloc(consent_detect_size(NULL)), &inspect);
    feed(&f, d, "a@example.se", 12, 5, 5);
    assert_int_equal(f.out.len, 12);
    assert_int_equal(f.most, 0);
    consent_buf_free(&f.out);
    consent_detect_end(d);
    free(d);
}


static void
texts_do_not_touch(void **state)
{
    void                 *memory;
    fed_t                 f;
    texts_t               t;
    consent_inspect_t     inspect;
    consent_detect_t     *d;
    consent_detectors_t  *detectors = texts_all(&t);

    (void) state;

    memset(&inspect, 0, sizeof(inspect));
    inspect.detectors = detectors;
    inspect.masks = consent_masks_create();
    memory = malloc(consent_detect_size(detectors));
    d = consent_detect_init(memory, &inspect);

    /* in one piece and in pieces in turn */
    feed(&f, d, "x811228-9874", 12, 3, 3);
    assert_memory_equal(f.out.data, "x811228-9874", 12);
    consent_buf_free(&f.out);

    feed(&f, d, "811228", 6, 6, 6);
    consent_buf_free(&f.out);

    feed(&f, d, "-9874", 5, 2, 2);
    assert_memory_equal(f.out.data, "-9874", 5);
    consent_buf_free(&f.out);

    feed(&f, d, "811228-9874", 11, 11, 11);
    assert_memory_equal(f.out.data, "[personnummer 1]", f.out.len);
    consent_buf_free(&f.out);

    feed(&f, d, "198112289874", 12, 4, 4);
    assert_memory_equal(f.out.data, "[personnummer 1]", f.out.len);
    consent_buf_free(&f.out);

    consent_detect_end(d);
    free(memory);
    consent_masks_destroy(inspect.masks);
    consent_detectors_destroy(detectors);
}


static consent_rc_t
refuse(void *arg, size_t n, consent_slice_t mask)
{
    (void) n;
    (void) mask;

    return ++*(int *) arg == 2 ? CONSENT_FULL : CONSENT_OK;
}


static void
what_each_returns_stops_the_feed(void **state)
{
    int                   calls;
    void                 *memory;
    texts_t               t;
    consent_inspect_t     inspect;
    consent_detect_t     *d;
    consent_detectors_t  *detectors = texts_all(&t);

    static const char  in[] = "a 811228-9874 b 811228-9874 c";

    (void) state;

    memset(&inspect, 0, sizeof(inspect));
    inspect.detectors = detectors;
    inspect.masks = consent_masks_create();
    memory = malloc(consent_detect_size(detectors));
    d = consent_detect_init(memory, &inspect);
    calls = 0;

    assert_int_equal(consent_detect_feed(d, (const uint8_t *) in, strlen(in), true, refuse, &calls), CONSENT_FULL);
    assert_int_equal(calls, 2);

    consent_detect_end(d);
    free(memory);
    consent_masks_destroy(inspect.masks);
    consent_detectors_destroy(detectors);
}


/* No pieces of a text without digits and '@' are looked at, and the precheck never says so where there is a match. */
static void
clear_texts_are_told(void **state)
{
    size_t                i;
    texts_t               t;
    consent_inspect_t     inspect;
    consent_detect_t     *d;
    consent_detectors_t  *detectors = texts_all(&t);

    static const struct {
        const char  *in;
        bool         clear;
    } rows[] = {
        { "", true },
        { "Hej, h\xc3\xa4r \xc3\xa4r en l\xc3\xa5ng text utan n\xc3\xa5got att se, fr\xc3\xa5n 2024 och 300.", true },
        { "a@b.se", false },
        { "En l\xc3\xa5ng text med en adress p\xc3\xa5 slutet: a@b.se", false },
        { "811228-9874", false },
        { "123 4567", true },
        { "a%40b.se", false },
        { "\xef\xbc\xa0", false },
        { "\xd9\xa8\xd9\xa1\xd9\xa1\xd9\xa2\xd9\xa2\xd9\xa8\xd9\xa9\xd9\xa8", false }
    };

    (void) state;

    memset(&inspect, 0, sizeof(inspect));
    inspect.detectors = detectors;
    inspect.masks = consent_masks_create();
    d = consent_detect_init(malloc(consent_detect_size(detectors)), &inspect);

    for (i = 0; i < consent_countof(rows); i++) {
        if (consent_detect_clear(d, (const uint8_t *) rows[i].in, strlen(rows[i].in)) != rows[i].clear) {
            fail_msg("\"%s\"", rows[i].in);
        }
    }

    consent_detect_end(d);
    free(d);
    consent_masks_destroy(inspect.masks);
    consent_detectors_destroy(detectors);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(any_pieces_give_the_same),
        cmocka_unit_test(zeros_between_letters_are_not_seen),
        cmocka_unit_test(long_texts_are_the_same_in_pieces),
        cmocka_unit_test(what_is_granted_passes),
        cmocka_unit_test(categories_share_a_detector),
        cmocka_unit_test(a_policy_without_text_carriers_has_no_detectors),
        cmocka_unit_test(texts_do_not_touch),
        cmocka_unit_test(what_each_returns_stops_the_feed),
        cmocka_unit_test(clear_texts_are_told)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
