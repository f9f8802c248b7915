/*
 * Paths: read the private way, whichever way that is.
 */

#include <unistd.h>

#include "minimize.h"

typedef struct {
    int             line;
    const char     *path;
    consent_mask_t  mask;
} path_row_t;

#define CHECK_PATHS(f, rows)  check_paths(f, rows, consent_countof(rows))


static void
check_paths(consent_mask_t (*f)(consent_slice_t path, const consent_policy_t *policy), const path_row_t *rows, size_t n)
{
    size_t          i;
    uint8_t        *exact;
    consent_mask_t  mask;

    for (i = 0; i < n; i++) {

        /* a buffer of its length, so that reading past its end is seen */

        exact = malloc(strlen(rows[i].path) + !strlen(rows[i].path));
        assert_non_null(exact);
        memcpy(exact, rows[i].path, strlen(rows[i].path));

        mask = f(consent_slice(exact, strlen(rows[i].path)), policy);
        free(exact);

        if (mask != rows[i].mask) {
            fail_msg("line %d: %s: %llx", rows[i].line, rows[i].path, (unsigned long long) mask);
        }
    }
}


static void
paths_say_what_they_carry(void **state)
{
    static const path_row_t  rows[] = {
        { __LINE__, "", 0 },
        { __LINE__, "/", 0 },
        { __LINE__, "*", 0 },
        { __LINE__, "/sok/pnr=1", 0 },
        { __LINE__, "/sok;v=1/pnr", 0 },
        { __LINE__, "/sok;pnr=1", BIT(IDENTITY) },
        { __LINE__, "/a;b=1;PNR=1/c", BIT(IDENTITY) },
        { __LINE__, "/a%3Bpnr=1/c", BIT(IDENTITY) },
        { __LINE__, "/a%3Femail%3D1", BIT(CONTACT) },
        { __LINE__, "/a&email=1", BIT(CONTACT) },
        { __LINE__, "/person/1", BIT(IDENTITY) },
        { __LINE__, "/Person/1", BIT(IDENTITY) },
        { __LINE__, "/p%65rson/1", BIT(IDENTITY) },
        { __LINE__, "/p%2565rson/1", BIT(IDENTITY) },
        { __LINE__, "/p%25252565rson/1", BIT(IDENTITY) }
    };

    (void) state;
    CHECK_PATHS(consent_minimize_path, rows);
}


static void
every_spelling_of_a_path_is_read(void **state)
{
    static const path_row_t  rows[] = {

        /* separators */
        { __LINE__, "/person\\1", BIT(IDENTITY) },
        { __LINE__, "/person%5c1", BIT(IDENTITY) },
        { __LINE__, "/person%5C1", BIT(IDENTITY) },
        { __LINE__, "/person%255c1", BIT(IDENTITY) },
        { __LINE__, "/person%2f1", BIT(IDENTITY) },
        { __LINE__, "/person%252F1", BIT(IDENTITY) },
        { __LINE__, "/person%u002f1", BIT(IDENTITY) },
        { __LINE__, "/person%U005C1", BIT(IDENTITY) },
        { __LINE__, "/person%c0%af1", BIT(IDENTITY) },
        { __LINE__, "/person%e0%80%af1", BIT(IDENTITY) },
        { __LINE__, "/person%f0%80%80%af1", BIT(IDENTITY) },
        { __LINE__, "/person%c1%9c1", BIT(IDENTITY) },
        { __LINE__, "/person%25c0%25af1", BIT(IDENTITY) },
        { __LINE__, "/person%ef%bc%8f1", BIT(IDENTITY) },
        { __LINE__, "/person%uff0f1", BIT(IDENTITY) },
        { __LINE__, "/person%u22151", BIT(IDENTITY) },
        { __LINE__, "/person%u20441", BIT(IDENTITY) },
        { __LINE__, "/person%ef%bc%bc1", BIT(IDENTITY) },
        { __LINE__, "/person%e2%88%961", BIT(IDENTITY) },
        { __LINE__, "//person//1", BIT(IDENTITY) },
        { __LINE__, "/person/1%2f2", BIT(IDENTITY) },
        { __LINE__, "/person/1%5c2", BIT(IDENTITY) },
        { __LINE__, "/person/1\\2", BIT(IDENTITY) },
        { __LINE__, "/person/1%ef%bc%8f2", BIT(IDENTITY) },

        /* letters */
        { __LINE__, "/%c1%b0erson/1", BIT(IDENTITY) },
        { __LINE__, "/%ef%bd%90erson/1", BIT(IDENTITY) },
        { __LINE__, "/%u0070erson/1", BIT(IDENTITY) },
        { __LINE__, "/%uFF30ERSON/1", BIT(IDENTITY) },
        { __LINE__, "/PeRsOn/1", BIT(IDENTITY) },

        /* dots */
        { __LINE__, "/x/../person/1", BIT(IDENTITY) },
        { __LINE__, "/x/%2e%2e/person/1", BIT(IDENTITY) },
        { __LINE__, "/x%2f..%2fperson/1", BIT(IDENTITY) },
        { __LINE__, "/x/%252e%252e/person/1", BIT(IDENTITY) },
        { __LINE__, "/x/..;/person/1", BIT(IDENTITY) },
        { __LINE__, "/x/..%3b/person/1", BIT(IDENTITY) },
        { __LINE__, "/x/..\\person/1", BIT(IDENTITY) },
        { __LINE__, "/x\\..%5cperson\\1", BIT(IDENTITY) },
        { __LINE__, "/person/./1", BIT(IDENTITY) },
        { __LINE__, "/person/%2e/1", BIT(IDENTITY) },
        { __LINE__, "/person./1", BIT(IDENTITY) },
        { __LINE__, "/person/1/../../x", BIT(IDENTITY) },
        { __LINE__, "/person/1%2f..%2f..%2fx", BIT(IDENTITY) },

        /* what is no part of a segment */
        { __LINE__, "/;a/person/1", BIT(IDENTITY) },
        { __LINE__, "/;/person/1", BIT(IDENTITY) },
        { __LINE__, "/person;a=b;c/1", BIT(IDENTITY) },
        { __LINE__, "/person;a%2fb/1", BIT(IDENTITY) },
        { __LINE__, "/person/;1", BIT(IDENTITY) },
        { __LINE__, "/person/;v/1;w", BIT(IDENTITY) },
        { __LINE__, "/person%20/1", BIT(IDENTITY) },
        { __LINE__, "/%09person/1", BIT(IDENTITY) },
        { __LINE__, "/person%00x/1", BIT(IDENTITY) },
        { __LINE__, "/person/%001", BIT(IDENTITY) },
        { __LINE__, "/person%3fx/1", BIT(IDENTITY) },
        { __LINE__, "/person%23/1", BIT(IDENTITY) },

        /* a host to some */
        { __LINE__, "//x.example/person/1", BIT(IDENTITY) },
        { __LINE__, "/\\x.example/person/1", BIT(IDENTITY) },
        { __LINE__, "/%2fx.example/person/1", BIT(IDENTITY) },

        /* other paths */
        { __LINE__, "/personal/1", 0 },
        { __LINE__, "/person", 0 },
        { __LINE__, "/person/", 0 },
        { __LINE__, "/person%2f", 0 },
        { __LINE__, "/person/..", 0 },
        { __LINE__, "/person/1/2", 0 },
        { __LINE__, "/x/person/1", 0 },
        { __LINE__, "/x%2fperson/1", 0 },
        { __LINE__, "/%zzperson/1", 0 },
        { __LINE__, "/person%2", 0 },
        { __LINE__, "/person%u00", 0 },
        { __LINE__, "/%", 0 },
        { __LINE__, "/%u", 0 },
        { __LINE__, "/%c0", 0 },
        { __LINE__, "/sm%C3%B6rg%C3%A5s.html", 0 }
    };

    (void) state;
    CHECK_PATHS(consent_minimize_path, rows);
}


static void
what_nobody_needs_is_in_doubt(void **state)
{
    size_t          i;
    char            path[8192];
    consent_mask_t  mask;

    (void) state;

    memset(path, 'x', sizeof(path));
    path[0] = '/';
    memcpy(path + 1, "%41", 3);
    assert_int_equal(consent_minimize_path(consent_slice(path, sizeof(path)), policy), BIT(IDENTITY));

    /* encoded more often than it is decoded */

    strcpy(path, "/%");

    for (i = 0; i < 12; i++) {
        strcat(path, "25");
    }

    strcat(path, "70erson/1");
    mask = consent_minimize_path(consent_cstr(path), policy);
    assert_int_equal(mask, BIT(IDENTITY));
}


static void
what_is_shown_of_a_path_carries_nothing(void **state)
{
    static const struct {
        const char  *path;
        const char  *shown;
    } rows[] = {
        { "/person/1912", "/person/*" },
        { "/PERSON/1912", "/person/*" },
        { "/person%2f1912", "/person/*" },
        { "/person/1912;pnr=1912", "/person/*" },
        { "/person/1912/../../x", "/person/*" },
        { "/sok;pnr=1912", "/sok" },
        { "/sok/a&pnr=1912", "/sok/a" },
        { "/sok%3Fpnr=1912", "/" },
        { "/s%C3%B6k;pnr=1912", "/" },
        { ";pnr=1912", "/" }
    };

    size_t           i;
    consent_slice_t  shown;

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        shown = consent_minimize_path_shown(consent_cstr(rows[i].path), policy);

        if (!consent_slice_eq(shown, consent_cstr(rows[i].shown))) {
            fail_msg("%s: %.*s", rows[i].path, (int) shown.len, shown.data);
        }
    }
}


static void
a_public_task_is_one_to_every_server(void **state)
{
    static const path_row_t  rows[] = {
        { __LINE__, "/overklaga", BIT(IDENTITY) },
        { __LINE__, "/overklaga/", BIT(IDENTITY) },
        { __LINE__, "/overklaga/a/b.html", BIT(IDENTITY) },
        { __LINE__, "/overklaga/f%C3%B6rst%C3%A5", BIT(IDENTITY) },
        { __LINE__, "/overklaga/f\xc3\xb6r", BIT(IDENTITY) },
        { __LINE__, "/overklaga/a%20b,c=d&e:f@g+h", BIT(IDENTITY) },
        { __LINE__, "/%C3%A4rende/1", BIT(IDENTITY) },
        { __LINE__, "/overklaga/a..b/...x", BIT(IDENTITY) },

        { __LINE__, "", 0 },
        { __LINE__, "/", 0 },
        { __LINE__, "/Overklaga/", 0 },
        { __LINE__, "/overklagax", 0 },
        { __LINE__, "/%C3%A4rende/1/2", 0 },
        { __LINE__, "/%C3%84rende/1", 0 },
        { __LINE__, "/x/../overklaga/a", 0 },
        { __LINE__, "/overklaga/../x", 0 },
        { __LINE__, "/overklaga/..", 0 },
        { __LINE__, "/overklaga/./x", 0 },
        { __LINE__, "/overklaga/..;/x", 0 },
        { __LINE__, "/overklaga/..%3b/x", 0 },
        { __LINE__, "/overklaga/..%5cx", 0 },
        { __LINE__, "/overklaga/..\\x", 0 },
        { __LINE__, "/overklaga\\..\\x", 0 },
        { __LINE__, "/overklaga/%2e%2e/x", 0 },
        { __LINE__, "/overklaga/%252e%252e/x", 0 },
        { __LINE__, "/overklaga/.%u002e/x", 0 },
        { __LINE__, "/overklaga/%2e%2e%2fx", 0 },
        { __LINE__, "/overklaga/..%2fx", 0 },
        { __LINE__, "/overklaga/..%00/x", 0 },
        { __LINE__, "/overklaga/..%20/x", 0 },
        { __LINE__, "/overklaga/.../x", 0 },
        { __LINE__, "/overklaga/%c0%ae%c0%ae/x", 0 },
        { __LINE__, "/overklaga/..%c0%afx", 0 },
        { __LINE__, "/overklaga/..%ef%bc%8fx", 0 },
        { __LINE__, "/overklaga/\xef\xbc\x8e\xef\xbc\x8e/x", 0 },
        { __LINE__, "/overklaga/%ff", 0 },
        { __LINE__, "/overklaga//x", 0 },
        { __LINE__, "//overklaga/x", 0 },
        { __LINE__, "/overklaga/;x", 0 },
        { __LINE__, "/overklaga/x;a=b", 0 },
        { __LINE__, "/overklaga/x#/../../y", 0 },
        { __LINE__, "/overklaga/x%23y", 0 },
        { __LINE__, "/overklaga/x%3fy", 0 },
        { __LINE__, "/overkl%61ga/x", 0 },
        { __LINE__, "/overklaga/%zz", 0 },
        { __LINE__, "/overklaga/%", 0 },
        { __LINE__, "/overklaga/%2", 0 },
        { __LINE__, "/overklaga/%0a", 0 }
    };

    char  path[8192];

    (void) state;
    CHECK_PATHS(consent_minimize_core, rows);

    memset(path, 'x', sizeof(path));
    memcpy(path, "/overklaga/", 11);
    assert_int_equal(consent_minimize_core(consent_slice(path, sizeof(path)), policy), 0);
    assert_int_equal(consent_minimize_core(consent_slice(path, 4096), policy), BIT(IDENTITY));
}


/* "/." before a path, and a comma behind it where any rest matches, change nothing but how it is read. */
static void
a_short_reading_says_what_the_full_one_says(void **state)
{
    char            path[2000];
    size_t          k, n, len, found;
    uint64_t        seed;
    consent_mask_t  mask;

    static const char *const  pieces[] = {
        "/", "/", "/", "person", "Person", "overklaga", "x", ".", "1", "~", "..", ";", "\\", " ", "\303\244",
        "%70erson", ";pnr=1", "&email=1", "%", "@", "{"
    };

    (void) state;

    seed = 4;
    found = 0;

    for (k = 0; k < 200000; k++) {
        strcpy(path, "/.");
        len = 2;

        for (n = 1 + k % 7; n > 0; n--) {
            seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
            path[len] = '/';
            strcpy(path + len + (n & 1), pieces[(seed >> 33) % (k & 1 ? 10 : consent_countof(pieces))]);
            len += strlen(path + len);
        }

        if (path[2] != '/' || path[3] == '/' || path[3] == '\\') {
            continue;
        }

        mask = consent_minimize_path(consent_slice(path + 2, len - 2), policy);
        found += mask != 0;

        if (mask != consent_minimize_path(consent_slice(path, len), policy)) {
            fail_msg("%s", path + 2);
        }

        if (len > 3 && consent_policy_path_plain(consent_slice(path + 2, len - 2))) {
            memmove(path + 10, path + 2, len - 1);
            memcpy(path, "/overklaga", 10);
            len += 8;
            assert_int_equal(consent_minimize_core(consent_slice(path, len), policy), BIT(IDENTITY));
            path[len] = ',';
            assert_int_equal(consent_minimize_core(consent_slice(path, len + 1), policy), BIT(IDENTITY));
        }
    }

    assert_true(found > 1000);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(paths_say_what_they_carry),
        cmocka_unit_test(every_spelling_of_a_path_is_read),
        cmocka_unit_test(what_nobody_needs_is_in_doubt),
        cmocka_unit_test(what_is_shown_of_a_path_carries_nothing),
        cmocka_unit_test(a_public_task_is_one_to_every_server),
        cmocka_unit_test(a_short_reading_says_what_the_full_one_says)
    };

    return cmocka_run_group_tests(tests, begin, finish);
}
