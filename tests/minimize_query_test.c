/*
 * Arguments inside texts: what goes of a URL, of a query, of prose with one in it, and of strings of JSON.
 */

#include "minimize_body.h"
#include "minimize/query.h"

typedef struct {
    char           out[4096];
    size_t         len;
    const char    *in;          /* of which nothing was said */
    consent_rc_t   rc;
} told_t;


static consent_rc_t
said(void *arg, size_t n, bool goes)
{
    told_t  *told = arg;

    assert_true(n > 0);

    if (!goes) {
        memcpy(told->out + told->len, told->in, n);
        told->len += n;
    }

    told->in += n;

    return CONSENT_OK;
}


/* In pieces of `step` bytes, each in memory of its own size. */
static void
tell(told_t *told, consent_inspect_t *inspect, const char *in, size_t n, size_t step)
{
    size_t                  from, take;
    uint8_t                *piece;
    static consent_query_t  q;

    memset(told, 0, sizeof(told_t));
    told->in = in;
    from = 0;

    consent_query_begin(&q, inspect, CONSENT_CARRIER_JSON);

    do {
        take = n - from < step ? n - from : step;
        piece = malloc(take + 1);
        memcpy(piece, in + from, take);
        from += take;
        told->rc = consent_query_feed(&q, piece, take, from == n, said, told);
        free(piece);

        assert_true(told->rc != CONSENT_OK || (size_t) (in + from - told->in) <= CONSENT_QUERY_HELD);

    } while (told->rc == CONSENT_OK && from < n);

    assert_true(told->rc != CONSENT_OK || told->in == in + n);
}


typedef struct {
    int          line;
    const char  *in;
    const char  *out;       /* NULL: as it is */
} query_row_t;


static void
check(const query_row_t *rows, size_t n_rows)
{
    size_t             i, k, n;
    told_t             told;
    const char        *out;
    consent_inspect_t  inspect;

    static const size_t  steps[] = { 4096, 1, 2, 3, 7, 16 };

    for (i = 0; i < n_rows; i++) {
        n = strlen(rows[i].in);
        out = rows[i].out == NULL ? rows[i].in : rows[i].out;

        for (k = 0; k < consent_countof(steps); k++) {
            memset(&inspect, 0, sizeof(inspect));
            inspect.how.policy = body_policy;
            tell(&told, &inspect, rows[i].in, n, steps[k]);

            if (told.rc != CONSENT_OK || told.len != strlen(out) || memcmp(told.out, out, told.len) != 0) {
                fail_msg("line %d, by %zu: \"%s\" gave \"%.*s\"", rows[i].line, steps[k], rows[i].in, (int) told.len, told.out);
            }

            assert_int_equal(inspect.found.pairs > 0, rows[i].out != NULL);
            assert_true(rows[i].out == NULL || rows[i].in[0] == ' '
                        || !consent_query_clear((const uint8_t *) rows[i].in, n, true));
        }

        memset(&inspect, 0, sizeof(inspect));
        inspect.how.policy = body_policy;
        inspect.how.granted = (consent_mask_t) -1;
        tell(&told, &inspect, rows[i].in, n, 5);
        assert_int_equal(told.len, n);
        assert_int_equal(inspect.found.removed, 0);
    }
}


static void
a_pair_goes_and_its_separators_stay(void **state)
{
    static const query_row_t  rows[] = {
        { __LINE__, "https://x/?pnr=1", "https://x/?" },
        { __LINE__, "https://x/?pnr=1&b=2", "https://x/?&b=2" },
        { __LINE__, "https://x/?a=1&pnr=1&b=2#c", "https://x/?a=1&&b=2#c" },
        { __LINE__, "/x?a=1&PNR[]=1&b=2", "/x?a=1&&b=2" },
        { __LINE__, "a=1&pnr=V", "a=1&" },
        { __LINE__, "pnr=V&a=1", "&a=1" },
        { __LINE__, "pnr=V", "" },
        { __LINE__, "pnr=V&pnr=W&email=a", "&&" },
        { __LINE__, "a=1;pnr=V;w", "a=1;" },
        { __LINE__, "?a=1&amp;pnr=V&amp;b=2", "?a=1&amp;&amp;b=2" },
        { __LINE__, "x#pnr=V", "x#" },
        { __LINE__, "#/route?pnr=V", "#/route?" },
        { __LINE__, "a=1&pnr=V W&b=3", "a=1&&b=3" },
        { __LINE__, "fornamn=Anna Maria&pnr=V W", "fornamn=Anna Maria&" },
        { __LINE__, "a=1& pnr=V", "a=1& " },
        { __LINE__, "a=1&person nr=V", "a=1&" },
        { __LINE__, "a=1&person.nr=V", "a=1&" },
        { __LINE__, "utm_source=x&a=1", "&a=1" },
        { __LINE__, "\xef\xbb\xbfpnr=V", "" },
        { __LINE__, "  pnr=V", "  " },
        /* encoded */
        { __LINE__, "?%70nr=V&a=1", "?&a=1" },
        { __LINE__, "?%2570nr=V&a=1", "?&a=1" },
        { __LINE__, "?%u0070nr=V&a=1", "?&a=1" },
        { __LINE__, "?pnr%3DV&a=1", "?&a=1" },
        { __LINE__, "https://x/?next=%2Fy%3Fa%3D1%26pnr%3DV&b=2", "https://x/?next=%2Fy%3Fa%3D1%26&b=2" },
        { __LINE__, "https://x/?next=%252Fy%253Fpnr%253DV", "https://x/?next=%252Fy%253F" },
        { __LINE__, "f=pnr%3DV", "f=" },
        { __LINE__, "f=/x?g=pnr%3DV&h=1", "f=/x?g=&h=1" },
        { __LINE__, "a%3D1%26pnr%3DV", "a%3D1%26" }
    };

    (void) state;
    check(rows, consent_countof(rows));
}


/* JSON in an argument: names between quotes, before a ':'. */
static void
members_in_an_argument_go(void **state)
{
    static const query_row_t  rows[] = {
        { __LINE__, "/y?d={\"pnr\":\"V\"}&b=2", "/y?d={\"pnr\"&b=2" },
        { __LINE__, "/y?d={\"c\":1,\"PNR\" : \"V\"}&b=2", "/y?d={\"c\":1,\"PNR\"&b=2" },
        { __LINE__, "/y?d= [{\"c\":{\"email\":\"V\"}}]", "/y?d= [{\"c\":{\"email\"" },
        { __LINE__, "/y?d=%7B%22pnr%22%3A%22V%22%7D&b=2", "/y?d=%7B%22pnr%22&b=2" },
        { __LINE__, "/y?d=%257B%2522pnr%2522%253A%2522V%2522%257D&b=2", "/y?d=%257B%2522pnr%2522&b=2" },
        { __LINE__, "/y?d={\"c\":\"{\\\"pnr\\\":1}\"}", "/y?d={\"c\":\"{\\\"pnr\\\"" },
        { __LINE__, "/y?d={\"c\":\"a;b?c\",\"pnr\":1}", "/y?d={\"c\":\"a;b?c\",\"pnr\"" },
        { __LINE__, "/y?d={\"\\u0070nr\":1}", "/y?d={\"\\u0070nr\"" },
        { __LINE__, "/y?d={\"c\":\"/z?pnr=1\"}&b=2", "/y?d={\"c\":\"/z?&b=2" },
        { __LINE__, "d={\"pnr\":1}", "d={\"pnr\"" },
        { __LINE__, "/y?d={\"a\":\"pnr\",\"b\":[\"pnr\",\"email\"],\"pnrx\":\"pnr\"}", NULL },
        { __LINE__, "/y?d={\"pnr\",\"email\"}", NULL },
        { __LINE__, "hon sa \"email\": nej", NULL },
        { __LINE__, "x=\"pnr\":1", NULL }
    };

    char               in[1000];
    size_t             n;
    told_t             told;
    consent_inspect_t  inspect;

    (void) state;
    check(rows, consent_countof(rows));

    /* behind more than is read of a name */
    n = (size_t) sprintf(in, "/y?d={\"c\":\"%0600d\",\"pnr\":\"V\"}&b=2", 0);
    memset(&inspect, 0, sizeof(inspect));
    inspect.how.policy = body_policy;
    tell(&told, &inspect, in, n, 7);
    assert_int_equal(told.len, n - 5);
    assert_null(memchr(told.out, 'V', told.len));
}


static void
in_prose_a_value_ends_where_a_url_does(void **state)
{
    static const query_row_t  rows[] = {
        { __LINE__, "Se https://x/?pnr=V och hej", "Se https://x/? och hej" },
        { __LINE__, "Se <https://x/?a=1&pnr=V>, tack", "Se <https://x/?a=1&>, tack" },
        { __LINE__, "<p><a href=\"/x?pnr=V\">h\xc3\xa4r</a>", "<p><a href=\"/x?\">h\xc3\xa4r</a>" },
        { __LINE__, "Hej!\nhttps://x/?pnr=V\nTack", "Hej!\nhttps://x/?\nTack" },
        { __LINE__, "rad\r\npnr=V W\r\nb=2", "rad\r\n\r\nb=2" },
        { __LINE__, "Cookie: a=1; pnr=V; b=2", "Cookie: a=1;  b=2" },
        { __LINE__, "GET /x?pnr=V HTTP/1.1", "GET /x? HTTP/1.1" }
    };

    (void) state;
    check(rows, consent_countof(rows));
}


static void
what_only_looks_like_it_stays(void **state)
{
    static const query_row_t  rows[] = {
        { __LINE__, "", NULL },
        { __LINE__, "pnr", NULL },
        { __LINE__, "?pnr", NULL },
        { __LINE__, "pnr: V", NULL },
        { __LINE__, "?pnrx=1&xpnr=2&pnr-x=3", NULL },
        { __LINE__, "Vad är ditt pnr? pnr eller email?", NULL },
        { __LINE__, "Tom & Jerry; pnr och a=b", NULL },
        { __LINE__, "Har du email? email. Det blir 2 = 1 + 1", NULL },
        { __LINE__, "i texten st\xc3\xa5r pnr=V, inte i en adress", NULL },
        { __LINE__, "a=1&b=pnr&c=email", NULL },
        { __LINE__, "100 % & 20 %; x = y", NULL },
        { __LINE__, "data:image/png;base64,iVBORw0KGgoAAAANSUhEUg==", NULL },
        { __LINE__, "x==y", NULL },
        { __LINE__, "&&&;;;???###", NULL },
        { __LINE__, "%", NULL },
        { __LINE__, "?%7", NULL },
        { __LINE__, "\n\n\r\n", NULL },
        { __LINE__, "https://x/#!/a?b=%3F%26%23%3D", NULL }
    };

    (void) state;
    check(rows, consent_countof(rows));
}


static void
a_path_of_the_policy_goes(void **state)
{
    static const query_row_t  rows[] = {
        { __LINE__, "/person/19800101", "" },
        { __LINE__, "/person/19800101?a=1", "?a=1" },
        { __LINE__, "https://x/person/19800101#top", "#top" },
        { __LINE__, "\\person\\19800101", "" },
        { __LINE__, "%2Fperson%2F19800101", "" },
        { __LINE__, " /person/19800101", " " },
        { __LINE__, "/person/19800101 finns", " finns" },
        { __LINE__, "/x/?next=/a&pnr=V", "/x/?next=/a&" },
        { __LINE__, "/personal/19800101", NULL },
        { __LINE__, "/9j/4AAQSkZJRgABAQAAAQABAAD", NULL },
        { __LINE__, "hej /person/1", NULL },
        { __LINE__, "https://x/person", NULL }
    };

    (void) state;
    check(rows, consent_countof(rows));
}


/* An empty value goes, but nothing of hers was in it. */
static void
what_goes_is_counted(void **state)
{
    told_t             told;
    consent_inspect_t  inspect;

    (void) state;

    memset(&inspect, 0, sizeof(inspect));
    inspect.how.policy = body_policy;

    tell(&told, &inspect, "?pnr=&a=1", 9, 9);
    assert_int_equal(told.len, 5);
    assert_int_equal(inspect.found.removed, 0);

    tell(&told, &inspect, "?pnr=1&email=2", 14, 3);
    assert_int_equal(inspect.found.removed, BIT(PERSON) | BIT(EMAIL));
    assert_int_equal(inspect.found.seen, BIT(PERSON) | BIT(EMAIL));
    assert_int_equal(inspect.found.carriers, 1u << CONSENT_CARRIER_JSON);
    assert_int_equal(inspect.found.pairs, 3);
}


/* A name longer than any is none, but for what it belongs to; one that is escapes and no end is refused. */
static void
long_names_are_judged_by_what_shows(void **state)
{
    char               in[2000];
    size_t             n;
    told_t             told;
    consent_inspect_t  inspect;

    (void) state;

    memset(&inspect, 0, sizeof(inspect));
    inspect.how.policy = body_policy;

    n = (size_t) sprintf(in, "?%01000d=V&pnr=W", 0);
    tell(&told, &inspect, in, n, 10);
    assert_int_equal(told.len, n - 5);

    n = (size_t) sprintf(in, "?pnr[%01000d]=V&b=2", 0);
    tell(&told, &inspect, in, n, 10);
    assert_int_equal(told.len, 5);

    n = (size_t) sprintf(in, "?%*spnr=V", 1000, "");
    tell(&told, &inspect, in, n, 10);
    assert_int_equal(told.len, n - 5);

    memset(in, 0, sizeof(in));
    strcpy(in, "a=1&%");

    while (strlen(in) < 1500) {
        strcat(in, "25");
    }

    strcat(in, "70nr=V");
    tell(&told, &inspect, in, strlen(in), 10);
    assert_int_equal(told.rc, CONSENT_MALFORMED);
    assert_int_equal(inspect.doubt, CONSENT_DOUBT_NAME);
}


static consent_transform_t *
json(void **memory, consent_inspect_t *inspect, const void *arg)
{
    *memory = malloc(consent_json_size(inspect->detectors));

    return consent_json_init(*memory, inspect, arg != NULL);
}


static void
strings_of_json_are_read_for_arguments(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "{\"url\":\"https://x/?pnr=V\"}", "{\"url\":\"https://x/?\"}", 0 },
        { __LINE__, "{\"url\":\"https:\\/\\/x\\/?a=1&pnr=V&b=2\",\"c\":1}",
          "{\"url\":\"https:\\/\\/x\\/?a=1&&b=2\",\"c\":1}", 0 },
        { __LINE__, "[\"a=1&pnr=V\",\"pnr=V\",\"?PNR=\\u0031&a=\\u00e5\"]",
          "[\"a=1&\",\"\",\"?&a=\\u00e5\"]", 0 },
        { __LINE__, "[\"?\\u0070nr=V&a=1\",\"?pnr\\u003dV\",\"\\u003fpnr=V\",\"?\\u002570nr=V\"]",
          "[\"?&a=1\",\"?\",\"\\u003f\",\"?\"]", 0 },
        { __LINE__, "[\"https%3A%2F%2Fx%2F%3Fpnr%3DV\"]", "[\"\"]", 0 },
        { __LINE__, "[\"a\\n?pnr=V\\nb\"]", "[\"a\\n?\\nb\"]", 0 },
        { __LINE__, "{\"https://x/?pnr=V\":1,\"?pnr=V\":2}", "{\"https://x/?\":1,\"?\":2}", 0 },
        { __LINE__, "\"?pnr=V\"", "\"?\"", 0 },
        /* that turn out to be no documents */
        { __LINE__, "[\"[x](https://x/?pnr=V)\",\" https://x/?pnr=V\",\"\\\"a\\\" ?pnr=V\",\"{?pnr=V}\",\"\\/x?pnr=V\"]",
          "[\"[x](https://x/?\",\" https://x/?\",\"\\\"a\\\" ?\",\"{?\",\"\\/x?\"]", 0 },
        { __LINE__, "[\"[1,\\\"a\\\", x?pnr=V&b=2\"]", "[\"[1,\\\"a\\\", x?&b=2\"]", 0 },
        /* documents in strings */
        { __LINE__, "[\"{\\\"url\\\":\\\"https://x/?pnr=V\\\",\\\"b\\\":1}\"]",
          "[\"{\\\"url\\\":\\\"https://x/?\\\",\\\"b\\\":1}\"]", 0 },
        { __LINE__, "[\"[\\\"{\\\\\\\"u\\\\\\\":\\\\\\\"a=1&pnr=V\\\\\\\"}\\\"]\"]",
          "[\"[\\\"{\\\\\\\"u\\\\\\\":\\\\\\\"a=1&\\\\\\\"}\\\"]\"]", 0 },
        /* paths */
        { __LINE__, "[\"/person/19800101\",\"\\/person\\/1\",\"http://x/person/1?a=1\",\"/x\"]",
          "[\"\",\"\",\"?a=1\",\"/x\"]", 0 },
        { __LINE__, "[\"h\",\"ht\",\"/\",\"http\",\"hej\"]", "[\"h\",\"ht\",\"/\",\"http\",\"hej\"]", 0 },
        /* what stays */
        { __LINE__, "[\"a=b\",\"50 %\",\"%3D\",\"iVBORw0KGgo=\",\"\\u003d\\u0025\",\"x?y&z\"]",
          "[\"a=b\",\"50 %\",\"%3D\",\"iVBORw0KGgo=\",\"\\u003d\\u0025\",\"x?y&z\"]", 0 }
    };

    static const body_row_t  masked[] = {
        { __LINE__, "[\"Se https://x/?pnr=V&q=19800101-1231 och 19800101-1231\"]",
          "[\"Se https://x/?&q=[personnummer 1] och [personnummer 1]\"]", 0 },
        { __LINE__, "[\"1980010?pnr=V&1-1231\"]", "[\"1980010?&1-1231\"]", 0 },
        { __LINE__, "[\"{\\\"a\\\":\\\"?pnr=V&b=19800101-1231\\\"}\"]", "[\"{\\\"a\\\":\\\"?&b=[personnummer 1]\\\"}\"]", 0 }
    };

    static const body_run_t  plain = { .granted = 0 }, texts = { .texts = true };

    (void) state;
    body_check(&plain, json, NULL, rows, consent_countof(rows));
    body_check(&texts, json, NULL, rows, consent_countof(rows));
    body_check(&texts, json, NULL, masked, consent_countof(masked));
}


/* In front of it so much that it is read fast, and comes in pieces. */
static void
strings_are_read_wherever_they_stand(void **state)
{
    size_t      before, n;
    char        in[2000], out[2000];
    body_run_t  r;

    (void) state;

    for (before = 0; before < 300; before++) {
        n = (size_t) sprintf(in, "[{\"a\":\"%0*d\",\"url\":\"https://x/?pnr=V&b=2\",\"u\":\"?pnr=V\",\"b\":\"%0600d\"}]",
                             (int) before + 1, 0, 0);
        sprintf(out, "[{\"a\":\"%0*d\",\"url\":\"https://x/?&b=2\",\"u\":\"?\",\"b\":\"%0600d\"}]", (int) before + 1, 0, 0);

        memset(&r, 0, sizeof(r));
        r.texts = before % 2;
        body_feed(&r, json, NULL, in, n, before % 3 == 0 ? n : before, before % 3 == 0 ? n : 1 + before % 40);
        assert_int_equal(r.rc, CONSENT_OK);
        assert_int_equal(r.out.len, strlen(out));
        assert_memory_equal(r.out.data, out, r.out.len);
        consent_buf_free(&r.out);
    }
}


/* Whatever the bytes: any pieces of them are told the same, and nothing is left to take out. */
static void
pieces_make_no_difference(void **state)
{
    char               in[128];
    size_t             i, k, n, len;
    told_t             whole, told;
    uint64_t           seed;
    consent_inspect_t  inspect;

    static const char *const  tokens[] = {
        "&", ";", "=", "pnr", "a", "%70nr", "email", "?", "%26", "%3D", "%", "+", " ", "\n", "[", "]", ".", "x", "#", "%25",
        "\"", "/", "person/", "http://h"
    };

    (void) state;

    for (seed = 1, i = 0; i < 20000; i++) {

        for (n = 0, k = 0; k < 14; k++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            len = strlen(tokens[(seed >> 33) % consent_countof(tokens)]);
            memcpy(in + n, tokens[(seed >> 33) % consent_countof(tokens)], len);
            n += len;
        }

        memset(&inspect, 0, sizeof(inspect));
        inspect.how.policy = body_policy;
        tell(&whole, &inspect, in, n, n);
        k = inspect.found.pairs;

        memset(&inspect, 0, sizeof(inspect));
        inspect.how.policy = body_policy;
        tell(&told, &inspect, in, n, 1 + i % 5);

        if (told.len != whole.len || memcmp(told.out, whole.out, told.len) != 0 || k != inspect.found.pairs) {
            fail_msg("\"%.*s\" gave \"%.*s\" and \"%.*s\"", (int) n, in, (int) whole.len, whole.out, (int) told.len, told.out);
        }

        if (k > 0 && in[0] > ' ' && consent_query_clear((const uint8_t *) in, n, true)) {
            fail_msg("\"%.*s\" is not clear", (int) n, in);
        }

        memset(&inspect, 0, sizeof(inspect));
        inspect.how.policy = body_policy;
        tell(&told, &inspect, whole.out, whole.len, whole.len);

        if (inspect.found.pairs > 0 && inspect.found.removed != 0) {
            fail_msg("of \"%.*s\" is left \"%.*s\"", (int) n, in, (int) whole.len, whole.out);
        }
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(a_pair_goes_and_its_separators_stay),
        cmocka_unit_test(members_in_an_argument_go),
        cmocka_unit_test(in_prose_a_value_ends_where_a_url_does),
        cmocka_unit_test(what_only_looks_like_it_stays),
        cmocka_unit_test(a_path_of_the_policy_goes),
        cmocka_unit_test(what_goes_is_counted),
        cmocka_unit_test(long_names_are_judged_by_what_shows),
        cmocka_unit_test(strings_of_json_are_read_for_arguments),
        cmocka_unit_test(strings_are_read_wherever_they_stand),
        cmocka_unit_test(pieces_make_no_difference)
    };

    return cmocka_run_group_tests(tests, body_begin, body_finish);
}
