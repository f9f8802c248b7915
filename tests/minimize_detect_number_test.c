/*
 * What each built-in detector takes for personal data, and what it leaves: numbers whose checks hold, in the
 * spellings that people use, and the numbers that only look like them.
 */

#include "minimize_detect.h"

typedef struct {
    int          line;
    const char  *in;
    const char  *out;       /* NULL: stays as it is */
} number_row_t;

static consent_detectors_t  *detectors;
static texts_t               texts;


static int
compile(void **state)
{
    (void) state;
    detectors = texts_all(&texts);
    return 0;
}


static int
destroy(void **state)
{
    (void) state;
    consent_detectors_destroy(detectors);
    return 0;
}


static void
check_numbers(const number_row_t *rows, size_t n, consent_mask_t granted)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        check_text(detectors, rows[i].line, rows[i].in, strlen(rows[i].in), rows[i].out == NULL ? rows[i].in : rows[i].out,
                   granted);
        check_text_far(detectors, rows[i].line, rows[i].in, rows[i].out == NULL ? rows[i].in : rows[i].out, granted);
    }
}

#define NUMBERS(rows, granted)  check_numbers(rows, consent_countof(rows), granted)
#define ONLY(category)          (~BIT(category))
#define P                       "[personnummer 1]"


static void
personnummer(void **state)
{
    static const number_row_t  rows[] = {
        { __LINE__, "811228-9874", P }, { __LINE__, "8112289874", P }, { __LINE__, "811228 9874", P },
        { __LINE__, "19811228-9874", P }, { __LINE__, "198112289874", P }, { __LINE__, "19811228 9874", P },
        { __LINE__, "1981-12-28-9874", P }, { __LINE__, "1981-12-28 9874", P }, { __LINE__, "1981 12 28 9874", P },
        { __LINE__, "81-12-28-9874", P }, { __LINE__, "81 12 28-9874", P }, { __LINE__, "1981/12/28-9874", P },
        { __LINE__, "1981.12.28-9874", P }, { __LINE__, "811228 - 9874", P }, { __LINE__, "811228- 9874", P },
        { __LINE__, "8 1 1 2 2 8 - 9 8 7 4", P }, { __LINE__, "1 9 8 1 1 2 2 8 9 8 7 4", P },
        { __LINE__, "811228+9874", P }, { __LINE__, "18811228+9874", P },
        { __LINE__, "670919-9530 811228-9874", P " [personnummer 2]" },

        /* every dash and space */
        { __LINE__, "811228\xe2\x80\x90" "9874", P }, { __LINE__, "811228\xe2\x80\x91" "9874", P },
        { __LINE__, "811228\xe2\x80\x92" "9874", P }, { __LINE__, "811228\xe2\x80\x93" "9874", P },
        { __LINE__, "811228\xe2\x80\x94" "9874", P }, { __LINE__, "811228\xe2\x80\x95" "9874", P },
        { __LINE__, "811228\xe2\x88\x92" "9874", P }, { __LINE__, "811228\xc2\xad" "9874", P },
        { __LINE__, "811228\xc2\xa0" "9874", P }, { __LINE__, "811228\xe2\x80\x89" "9874", P },
        { __LINE__, "811228\xe2\x80\xaf" "9874", P }, { __LINE__, "811228\xef\xbc\x8d" "9874", P },
        { __LINE__, "811228\xef\xbc\x8b" "9874", P }, { __LINE__, "811228\xe3\x80\x80" "9874", P },

        /* digits of other widths and scripts, and what is not seen */
        { __LINE__, "\xef\xbc\x98\xef\xbc\x91\xef\xbc\x91\xef\xbc\x92\xef\xbc\x92\xef\xbc\x98" "9874", P },
        { __LINE__, "\xd9\xa8\xd9\xa1\xd9\xa1\xd9\xa2\xd9\xa2\xd9\xa8-\xd9\xa9\xd9\xa8\xd9\xa7\xd9\xa4", P },
        { __LINE__, "\xf0\x9d\x9f\x96" "11228-9874", P },
        { __LINE__, "8\xe2\x80\x8b" "1\xe2\x80\x8c" "1\xe2\x80\x8d" "2\xe2\x81\xa0" "2\xef\xbb\xbf" "8-98\xc2\xad" "74", P },
        { __LINE__, "8\xef\xb8\x8f\xe2\x83\xa3" "11228-9874", P },
        { __LINE__, "811228-9874\xc2\xb9", P "\xc2\xb9" },

        /* samordningsnummer */
        { __LINE__, "701063-2391", P }, { __LINE__, "19701063-2391", P }, { __LINE__, "701063 2391", P },

        /* temporary numbers */
        { __LINE__, "800101-T23X", P }, { __LINE__, "19800101-T123", P }, { __LINE__, "19800101-TF10", P },
        { __LINE__, "800101-P123", P }, { __LINE__, "800101-Q123", NULL }, { __LINE__, "801301-T123", NULL },
        { __LINE__, "800101-TABC", NULL }, { __LINE__, "800101-T1234", NULL },

        /* what stands around it */
        { __LINE__, "(811228-9874)", "(" P ")" }, { __LINE__, "pnr:811228-9874,", "pnr:" P "," },
        { __LINE__, "pnr_811228-9874_", "pnr_" P "_" }, { __LINE__, "\"811228-9874\"", "\"" P "\"" },
        { __LINE__, "x811228-9874", NULL }, { __LINE__, "811228-9874x", NULL }, { __LINE__, "1811228-9874", NULL },
        { __LINE__, "811228-98741", NULL }, { __LINE__, "\xc3\xa5" "811228-9874", NULL },
        { __LINE__, "811228-9874\xc3\xa5", NULL }, { __LINE__, "2 811228-9874 2", "2 " P " 2" },

        /* not one */
        { __LINE__, "811228-9875", NULL }, { __LINE__, "811328-9874", NULL }, { __LINE__, "811232-9873", NULL },
        { __LINE__, "810229-9878", NULL }, { __LINE__, "171228-987", NULL }, { __LINE__, "556036-0793", NULL },
        { __LINE__, "165560360793", NULL }, { __LINE__, "811228\n9874", NULL }, { __LINE__, "811228:9874", NULL },
        { __LINE__, "2024-01-15", NULL }, { __LINE__, "2024-01-15 10:30", NULL }, { __LINE__, "20240115", NULL },
        { __LINE__, "order 8112289875", NULL }, { __LINE__, "12 345 678,90 kr", NULL }, { __LINE__, "123 45", NULL },
        { __LINE__, "2019-2020", NULL }, { __LINE__, "0123456789abcdef8112289874abcdef", NULL },
        { __LINE__, "19811228-9874-4abc-8def-0123456789ab", NULL },
        { __LINE__, "01234567-89ab-4cde-8f01-198112289874", NULL }
    };

    (void) state;

    NUMBERS(rows, ONLY(PERSONNUMMER));
}


/* Every tenth number is one, whatever its date; leap days are there where the calendar has them. */
static void
personnummer_by_the_formula(void **state)
{
    char      in[32], *got;
    size_t    year, serial, i, sum, d, found;
    bool      leap, masked;

    (void) state;

    for (year = 1901, found = 0; year < 2027; year += 5) {
        leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        for (serial = 9990; serial < 10000; serial++) {
            snprintf(in, sizeof(in), "%zu0229-%zu", year, serial);

            for (i = 0, sum = 0; i < 10; i++) {
                d = (size_t) (in[i < 6 ? i + 2 : i + 3] - '0') << (i % 2 == 0);
                sum += d > 9 ? d - 9 : d;
            }

            got = detected(detectors, in, strlen(in), 99, 99, ONLY(PERSONNUMMER), NULL);
            masked = strcmp(got, P) == 0;
            found += masked;

            if (masked != (leap && sum % 10 == 0)) {
                fail_msg("%s gave %s", in, got);
            }

            free(got);
        }
    }

    assert_int_equal(found, 6);
}


static void
hetu(void **state)
{
    size_t  i;
    char    in[16], out[16];

    static const number_row_t  rows[] = {
        { __LINE__, "131052-308T", "[hetu 1]" }, { __LINE__, "131052-308t", "[hetu 1]" },
        { __LINE__, "131052\xe2\x80\x93" "308T", "[hetu 1]" }, { __LINE__, "131052 - 308T", "[hetu 1]" },
        { __LINE__, "010594Y9032", "[hetu 1]" }, { __LINE__, "010594y9021", "[hetu 1]" },
        { __LINE__, "131052-308T 131052A308T", "[hetu 1] [hetu 2]" }, { __LINE__, "131052-308T:n", "[hetu 1]:n" },
        { __LINE__, "\xef\xbc\x91" "31052-308\xef\xbc\xb4", "[hetu 1]" },
        { __LINE__, "131052\xc2\xad" "308T", "[hetu 1]" },
        { __LINE__, "131052-308U", NULL }, { __LINE__, "131052G308T", NULL }, { __LINE__, "311152-308T", NULL },
        { __LINE__, "131052-308TT", NULL }, { __LINE__, "1131052-308T", NULL }, { __LINE__, "131052 308T", NULL },
        { __LINE__, "131052308T", NULL }, { __LINE__, "131352-308T", NULL }, { __LINE__, "131052-308I", NULL }
    };

    (void) state;

    NUMBERS(rows, ONLY(HETU));

    for (i = 0; "+-UVWXYABCDEF"[i] != '\0'; i++) {
        snprintf(in, sizeof(in), "131052%c308T", "+-UVWXYABCDEF"[i]);
        snprintf(out, sizeof(out), "[hetu 1]");
        check_text(detectors, __LINE__, in, strlen(in), out, ONLY(HETU));
    }
}


/* Of all control characters one holds; 000 and 001 are nobody's. */
static void
hetu_by_the_formula(void **state)
{
    char    in[16], *got;
    size_t  number, i, found;

    static const char  control[] = "0123456789ABCDEFHJKLMNPRSTUVWXY";

    (void) state;

    for (number = 0; number < 1000; number += number < 3 ? 1 : 83) {
        for (i = 0, found = 0; i < 31; i++) {
            snprintf(in, sizeof(in), "290200A%03zu%c", number, control[i]);
            got = detected(detectors, in, strlen(in), 99, 99, ONLY(HETU), NULL);

            if (strcmp(got, "[hetu 1]") == 0) {
                found++;
                assert_int_equal(i, (290200000 + number) % 31);
            }

            free(got);
        }

        assert_int_equal(found, number >= 2);
    }
}


#define E  "[email 1]"

static void
email(void **state)
{
    static const number_row_t  rows[] = {
        { __LINE__, "kalle@example.se", E }, { __LINE__, "Kalle.Anka+x_y-z@mail.example.co.uk", E },
        { __LINE__, "k@example.se. K", E ". K" }, { __LINE__, "<k@example.se>", "<" E ">" },
        { __LINE__, "mailto:k@example.se?subject=a", "mailto:" E "?subject=a" }, { __LINE__, "'k@example.se'", "'" E "'" },
        { __LINE__, "*k@example.se*", "*" E "*" }, { __LINE__, "k@example.se-adress", E "-adress" },
        { __LINE__, "o'brien@example.ie", E }, { __LINE__, "\"kalle anka\"@example.se", E },
        { __LINE__, "k@[192.0.2.1]", E }, { __LINE__, "k@[IPv6:2001:db8::1]", E },
        { __LINE__, "\xc3\xa5sa@\xc3\xb6rebro.se", E }, { __LINE__, "k@xn--rebro-yxa.xn--p1ai", E },
        { __LINE__, "k\xef\xbc\xa0" "example.se", E }, { __LINE__, "k@example\xe3\x80\x82" "se", E },
        { __LINE__, "k@example.\xe2\x80\x8b" "se", E }, { __LINE__, "k@ex\xe2\x80\x8b" "ample.se", E },
        { __LINE__, "a=b@example.se", E },
        { __LINE__, "K@EXAMPLE.SE k@example.se", E " " E }, { __LINE__, "a@example.se,b@example.se", E ",[email 2]" },
        { __LINE__, "https://x.se/?e=k@example.se&a=1", "https://x.se/?" E "&a=1" },
        { __LINE__, "811228-9874@example.se", E }, { __LINE__, "k@811228-9874.se", E },
        { __LINE__, "k@example", NULL }, { __LINE__, "@kalle", NULL }, { __LINE__, "k @ example.se", NULL },
        { __LINE__, "lodash@4.17.21", NULL }, { __LINE__, "k@example.s", NULL }, { __LINE__, "k@-.se", NULL },
        { __LINE__, "k@.se", NULL }, { __LINE__, "@@@", NULL }, { __LINE__, "k@", NULL }, { __LINE__, "a@b@c", NULL },
        { __LINE__, "k@[x]", NULL }
    };

    (void) state;

    NUMBERS(rows, ONLY(EMAIL));
}


static void
email_of_bounded_length(void **state)
{
    char  in[512], out[512];

    (void) state;

    /* the last 64 bytes of a local part, and not more than a mask stands for */
    snprintf(in, sizeof(in), "%0100d@example.se", 0);
    snprintf(out, sizeof(out), "%036d" E, 0);
    check_text(detectors, __LINE__, in, strlen(in), out, ONLY(EMAIL));

    snprintf(in, sizeof(in), "k@%064d.se", 0);
    check_text(detectors, __LINE__, in, strlen(in), in, ONLY(EMAIL));

    snprintf(in, sizeof(in), "k@a%061d.b%061d.c%061d.d%050d.se", 0, 0, 0, 0);
    check_text(detectors, __LINE__, in, strlen(in), E, ONLY(EMAIL));
}


#define T  "[phone 1]"

static void
phone(void **state)
{
    static const number_row_t  rows[] = {
        { __LINE__, "070-123 45 67", T }, { __LINE__, "0701234567", T }, { __LINE__, "070 123 45 67", T },
        { __LINE__, "070-1234567", T }, { __LINE__, "070-123-45-67", T }, { __LINE__, "0701-23 45 67", T },
        { __LINE__, "08-123 456 78", T }, { __LINE__, "08-12 34 56", T }, { __LINE__, "08/123 45 67", T },
        { __LINE__, "(08) 123 45 67", T }, { __LINE__, "(08-123 45 67)", "(" T ")" }, { __LINE__, "0911-123 45", T },
        { __LINE__, "0911-12 34 56", T }, { __LINE__, "010-123 45 67", T }, { __LINE__, "020-12 34 56", T },
        { __LINE__, "040 123 4567", T }, { __LINE__, "050 123 4567", T }, { __LINE__, "09 123 4567", T },
        { __LINE__, "0457 123 4567", T }, { __LINE__, "019-123 4567", T },
        { __LINE__, "+46701234567", T }, { __LINE__, "+46 70-123 45 67", T }, { __LINE__, "+46 (0)70-123 45 67", T },
        { __LINE__, "+46(0)8-123 45 67", T }, { __LINE__, "0046 70 123 45 67", T }, { __LINE__, "0046701234567", T },
        { __LINE__, "+358 40 123 4567", T }, { __LINE__, "+358401234567", T }, { __LINE__, "+1 212 555 0123", T },
        { __LINE__, "+1 (212) 555-0123", T }, { __LINE__, "+45 12 34 56 78", T }, { __LINE__, "+47 12 34 56 78", T },
        { __LINE__, "+44 20 7946 0958", T }, { __LINE__, "tel:+46-70-123-45-67", "tel:" T },
        { __LINE__, "\xef\xbc\x8b" "46 70 123 45 67", T }, { __LINE__, "46701234567", T }, { __LINE__, "358401234567", T },
        { __LINE__, "070-123 45 67, +46701234567", T ", " T }, { __LINE__, "070\xe2\x80\x93" "123\xc2\xa0" "45 67", T },
        { __LINE__, "08-123 45 67 070-123 45 67", T " [phone 2]" },

        { __LINE__, "2024-01-15", NULL }, { __LINE__, "01-02-2024", NULL }, { __LINE__, "01.02.2024", NULL },
        { __LINE__, "08:30-16:00", NULL }, { __LINE__, "kl 08-17 09-16", NULL },
        { __LINE__, "kl. 08.30\xe2\x80\x93" "16.00", NULL },
        { __LINE__, "0-18 \xc3\xa5r", NULL }, { __LINE__, "12 345 678 kr", NULL }, { __LINE__, "0,12345678", NULL },
        { __LINE__, "3.0812345678", NULL }, { __LINE__, "02 07 13 21 35 40", NULL }, { __LINE__, "123 45", NULL },
        { __LINE__, "order 12345678", NULL }, { __LINE__, "20240115-0712345", NULL }, { __LINE__, "556036-0793", NULL },
        { __LINE__, "556036-0793 12345", NULL }, { __LINE__, "978-0-306-40615-7", NULL },
        { __LINE__, "ISBN 0306406152", NULL }, { __LINE__, "+20 000 000 kr", NULL }, { __LINE__, "1+46701234567", NULL },
        { __LINE__, "0701234567x", NULL }, { __LINE__, "a0701234567", NULL }, { __LINE__, "00123456", NULL },
        { __LINE__, "07012345", NULL }, { __LINE__, "1234567890", NULL }, { __LINE__, "0123456789012345", NULL },
        { __LINE__, "deadbeef0701234567", NULL }, { __LINE__, "12345678-0701-4abc-8def-070123456789", NULL }
    };

    (void) state;

    NUMBERS(rows, ONLY(PHONE));
}


static void
iban(void **state)
{
    static const number_row_t  rows[] = {
        { __LINE__, "SE4550000000058398257466", "[iban 1]" }, { __LINE__, "SE45 5000 0000 0583 9825 7466", "[iban 1]" },
        { __LINE__, "se45 5000 0000 0583 9825 7466", "[iban 1]" }, { __LINE__, "SE 45 5000 0000 0583 9825 7466", "[iban 1]" },
        { __LINE__, "IBAN:SE45-5000-0000-0583-9825-7466.", "IBAN:[iban 1]." },
        { __LINE__, "FI2112345600000785", "[iban 1]" }, { __LINE__, "FI21 1234 5600 0007 85", "[iban 1]" },
        { __LINE__, "GB29 NWBK 6016 1331 9268 19", "[iban 1]" }, { __LINE__, "NL91ABNA0417164300", "[iban 1]" },
        { __LINE__, "DE89 3704 0044 0532 0130 00 och", "[iban 1] och" }, { __LINE__, "NO9386011117947", "[iban 1]" },
        { __LINE__, "MT84MALT011000012345MTLCAST001S", "[iban 1]" },
        { __LINE__, "SE45\xc2\xa0" "5000\xc2\xa0" "0000\xc2\xa0" "0583\xc2\xa0" "9825\xc2\xa0" "7466", "[iban 1]" },
        { __LINE__, "SE4550000000058398257466 SE45 5000 0000 0583 9825 7466", "[iban 1] [iban 1]" },
        { __LINE__, "SE4650000000058398257466", NULL }, { __LINE__, "SE45500000000583982574660", NULL },
        { __LINE__, "SE455000000005839825746", NULL }, { __LINE__, "XX4550000000058398257466", NULL },
        { __LINE__, "ASE4550000000058398257466", NULL }, { __LINE__, "SE4550000000058398257466A", NULL },
        { __LINE__, "de 45 personer", NULL }, { __LINE__, "se 12 och 13", NULL }
    };

    (void) state;

    NUMBERS(rows, ONLY(IBAN));
}


static void
card(void **state)
{
    static const number_row_t  rows[] = {
        { __LINE__, "4111111111111111", "[card 1]" }, { __LINE__, "4111 1111 1111 1111", "[card 1]" },
        { __LINE__, "4111-1111-1111-1111", "[card 1]" }, { __LINE__, "5555 5555 5555 4444", "[card 1]" },
        { __LINE__, "2223003122003222", "[card 1]" }, { __LINE__, "378282246310005", "[card 1]" },
        { __LINE__, "3782 822463 10005", "[card 1]" }, { __LINE__, "6011111111111117", "[card 1]" },
        { __LINE__, "30569309025904", "[card 1]" }, { __LINE__, "3056 930902 5904", "[card 1]" },
        { __LINE__, "3530111333300000", "[card 1]" }, { __LINE__, "6759649826438453", "[card 1]" },
        { __LINE__, "4222222222222", "[card 1]" }, { __LINE__, "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[card 1]" },
        { __LINE__, "4111 1111 1111 1111 123 12/27", "[card 1] 123 12/27" },
        { __LINE__, "4111\xe2\x80\xaf" "1111\xe2\x80\xaf" "1111\xe2\x80\xaf" "1111", "[card 1]" },
        { __LINE__, "4111111111111112", NULL }, { __LINE__, "41111111111111111", NULL },
        { __LINE__, "a4111111111111111", NULL }, { __LINE__, "1111111111111117", NULL },
        { __LINE__, "9111111111111111", NULL }, { __LINE__, "7310865004703", NULL }, { __LINE__, "9789100123456", NULL },
        { __LINE__, "411 111111 1111111", NULL }, { __LINE__, "0000000000000000", NULL },
        { __LINE__, "4111  1111  1111  1111", NULL }
    };

    (void) state;

    NUMBERS(rows, ONLY(CARD));
}


/* Of two the longer; of two of one length the one that proves more. */
static void
the_longest_wins(void **state)
{
    static const number_row_t  rows[] = {
        { __LINE__, "010101-2391", P }, { __LINE__, "0701011231", P },
        { __LINE__, "anna.811228-9874@example.se", E }, { __LINE__, "070-123 45 67@example.se", T "@example.se" },
        { __LINE__, "811228-9874 811228-9874@example.se", P " " E }
    };

    (void) state;

    NUMBERS(rows, 0);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(personnummer),
        cmocka_unit_test(personnummer_by_the_formula),
        cmocka_unit_test(hetu),
        cmocka_unit_test(hetu_by_the_formula),
        cmocka_unit_test(email),
        cmocka_unit_test(email_of_bounded_length),
        cmocka_unit_test(phone),
        cmocka_unit_test(iban),
        cmocka_unit_test(card),
        cmocka_unit_test(the_longest_wins)
    };

    return cmocka_run_group_tests(tests, compile, destroy);
}
