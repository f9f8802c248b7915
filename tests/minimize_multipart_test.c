/*
 * Multipart: which parts go, which stay, and what is refused because servers read it differently.
 */

#include <unistd.h>

#include "minimize_body.h"

#define TYPE  "multipart/form-data; boundary=xyz"

#define PART(name, content)     "\r\n--xyz\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" content
#define FIRST(name, content)    "--xyz\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n" content
#define HEAD(lines, content)    "--xyz\r\n" lines "\r\n\r\n" content
#define NAMED(disposition)      HEAD("Content-Disposition: form-data; " disposition, "1") PART("a", "2") END
#define TYPED(lines, content)   HEAD("Content-Disposition: form-data; name=a\r\n" lines, content) END
#define CHOSEN(lines, content)  HEAD("Content-Disposition: form-data; name=a; filename=f\r\n" lines, content) END
#define END                     "\r\n--xyz--\r\n"
#define REST                    FIRST("a", "2") END

static const body_run_t  plain = { .granted = 0 };
static const body_run_t  texts = { .texts = true };


static consent_transform_t *
multipart(void **memory, consent_inspect_t *inspect, const void *arg)
{
    *memory = malloc(consent_multipart_size(inspect->detectors));

    return consent_multipart_init(*memory, inspect, consent_cstr(arg));
}

#define MULTIPART(how, rows)  body_check(&how, multipart, TYPE, rows, consent_countof(rows))


static void
one_part_goes_the_rest_keeps_bytes_and_order(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, FIRST("a", "1") END, FIRST("a", "1") END, 0 },
        { __LINE__, FIRST("pnr", "1") END, "--xyz--\r\n", 0 },
        { __LINE__, FIRST("pnr", "1") PART("a", "2") END, REST, 0 },
        { __LINE__, FIRST("a", "2") PART("pnr", "1") END, REST, 0 },
        { __LINE__, FIRST("a", "1") PART("pnr", "2") PART("email", "3") PART("b", "") END,
          FIRST("a", "1") PART("b", "") END, 0 },
        { __LINE__, FIRST("pnr", "1") PART("a", "2\r\n") PART("pnr", "") "\r\n--xyz--",
          FIRST("a", "2\r\n") "\r\n--xyz--", 0 },
        { __LINE__, PART("a", "1") END, PART("a", "1") END, 0 },
        { __LINE__, PART("pnr", "1") PART("a", "2") END, REST, 0 },
        { __LINE__, "--xyz--", "--xyz--", 0 },
        { __LINE__, "\r\n--xyz--\r\n\r\n", "\r\n--xyz--\r\n\r\n", 0 },
        { __LINE__, FIRST("a", "\r\n--xy\r\n-\r\r\n\n--xy--x--xy-xy") END,
          FIRST("a", "\r\n--xy\r\n-\r\r\n\n--xy--x--xy-xy") END, 0 },
        { __LINE__, FIRST("a", "xyz=xyz; -xy-z") END, FIRST("a", "xyz=xyz; -xy-z") END, 0 }
    };

    (void) state;
    MULTIPART(plain, rows);
    MULTIPART(texts, rows);
}


static void
names_match_in_every_spelling(void **state)
{
    size_t  i;

    static const body_row_t  rows[] = {
        { __LINE__, NAMED("name=pnr"), REST, 0 },
        { __LINE__, NAMED("name=PNR"), REST, 0 },
        { __LINE__, NAMED("NAME = \"pnr\""), REST, 0 },
        { __LINE__, NAMED("name='pnr'"), REST, 0 },
        { __LINE__, NAMED("name=\"pnr[]\""), REST, 0 },
        { __LINE__, NAMED("name=\"pnr.x\""), REST, 0 },
        { __LINE__, NAMED("name=\" pnr \""), REST, 0 },
        { __LINE__, NAMED("name=\"person.nr\""), REST, 0 },
        { __LINE__, NAMED("name=\"%70nr\""), REST, 0 },
        { __LINE__, NAMED("name=\"%2570nr\""), REST, 0 },
        { __LINE__, NAMED("name=\"pn\\r\""), REST, 0 },
        { __LINE__, NAMED("name=\"\\p\\n\\r\""), REST, 0 },
        { __LINE__, NAMED("name=\"pnr\\\" x\""), REST, 0 },
        { __LINE__, NAMED("name*=UTF-8''pnr"), REST, 0 },
        { __LINE__, NAMED("name*=utf-8'sv'p%6er"), REST, 0 },
        { __LINE__, NAMED("name=a; name*=UTF-8''pnr"), REST, 0 },
        { __LINE__, NAMED("name=\"a\"; name=\"pnr\""), REST, 0 },
        { __LINE__, NAMED("name=\"pnr\"; name=\"a\""), REST, 0 },
        { __LINE__, NAMED("filename=\"x; name=pnr\"; name=\"a\""), REST, 0 },
        { __LINE__, NAMED("\r\n name=pnr"), REST, 0 },
        { __LINE__, NAMED("name=\r\n\tpnr"), REST, 0 },
        { __LINE__, NAMED("name=\"a\"\r\nContent-Disposition: form-data; name=\"pnr\""), REST, 0 },
        { __LINE__, NAMED("name=\"a\"\r\nContent-Type: text/plain; name=\"pnr\""), REST, 0 },
        { __LINE__, NAMED("name=\"a\"\r\nX-Personnummer: 1"), REST, 0 },
        { __LINE__, NAMED("name=\"a\"\r\nx_personnummer: 1"), REST, 0 }
    };

    static const body_row_t  stay[] = {
        { __LINE__, NAMED("name=\"pnrx\""), NAMED("name=\"pnrx\""), 0 },
        { __LINE__, NAMED("name=\"a\"; filename=\"pnr.pdf\""), NAMED("name=\"a\"; filename=\"pnr.pdf\""), 0 },
        { __LINE__, NAMED("name=\"a\\\"b\""), NAMED("name=\"a\\\"b\""), 0 },
        { __LINE__, NAMED("name=\"\""), NAMED("name=\"\""), 0 }
    };

    static const body_row_t  refused[] = {
        { __LINE__, NAMED("name*0=\"p\"; name*1=\"nr\""), NULL, CONSENT_DOUBT_NAME },
        { __LINE__, NAMED("name=\"=?utf-8?B?cG5y?=\""), NULL, CONSENT_DOUBT_NAME },
        { __LINE__, NAMED("name*=utf-16''pnr"), NULL, CONSENT_DOUBT_NAME },
        { __LINE__, NAMED("name*=pnr"), NULL, CONSENT_DOUBT_NAME },
        { __LINE__, NAMED("name=pn\\r"), NULL, CONSENT_DOUBT_NAME },
        { __LINE__, NAMED("name=\"pnr"), NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, NAMED("filename=pnr"), NULL, CONSENT_DOUBT_NAME },
        { __LINE__, "--xyz\r\n\r\n1" END, NULL, CONSENT_DOUBT_NAME }
    };

    (void) state;
    MULTIPART(plain, rows);
    MULTIPART(plain, stay);
    MULTIPART(plain, refused);

    for (i = 0; i < consent_countof(rows); i++) {
        assert_null(strstr(rows[i].out, "pnr"));
    }
}


/* Some split at the boundary wherever it stands, with what dashes there are before it. */
static void
the_boundary_inside_a_line_is_refused(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, FIRST("a", "x--xyz") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "x-xyzzy") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "--xyz") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "---xyz") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "\r\n-xyz") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "\r--xy--xyz\r\nContent-Disposition: form-data; name=pnr\r\n\r\n1") END, NULL,
          CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1--xyz--\r\n") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, NAMED("name=\"a--xyz\""), NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, NAMED("name=a;\r\n --xyz"), NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, NAMED("name=a\r\nX: -xyz"), NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, HEAD("Content-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=i",
                         "--i\r\n\r\n1 --xyz\r\n--i--") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, HEAD("Content-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=i",
                         "--i\r\nX: --xyz\r\n\r\n1\r\n--i--") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, HEAD("Content-Disposition: form-data; name=a\r\nContent-Type: multipart/mixed; boundary=i",
                         "--i\r\n\r\n1 -i\r\n--i--") END, NULL, CONSENT_DOUBT_SYNTAX }
    };

    static const body_row_t  gone[] = {
        { __LINE__, FIRST("pnr", "x--xyz") PART("a", "2") END, REST, 0 },
        { __LINE__, FIRST("a", "2") PART("pnr", "-xyz-xyz") END, REST, 0 }
    };

    /* one that is no word, without a dash too */

    static const body_row_t  of_a_browser[] = {
        { __LINE__, "----WebKitFormBoundaryA1b2\r\nContent-Disposition: form-data; name=a\r\n\r\nx --WebKitFormBoundaryA1b2"
          "\r\n----WebKitFormBoundaryA1b2--\r\n", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "----WebKitFormBoundaryA1b2\r\nContent-Disposition: form-data; name=a\r\n\r\n--WebKitFormBoundaryA1b"
          "\r\n----WebKitFormBoundaryA1b2--\r\n",
          "----WebKitFormBoundaryA1b2\r\nContent-Disposition: form-data; name=a\r\n\r\n--WebKitFormBoundaryA1b"
          "\r\n----WebKitFormBoundaryA1b2--\r\n", 0 }
    };

    (void) state;
    MULTIPART(plain, rows);
    MULTIPART(texts, rows);
    MULTIPART(plain, gone);
    body_check(&plain, multipart, "multipart/form-data; boundary=--WebKitFormBoundaryA1b2", of_a_browser,
               consent_countof(of_a_browser));
}


static void
what_servers_read_differently_is_refused(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, "", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "x" FIRST("a", "1") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "pnr=1\r\n" FIRST("a", "1") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "\n" FIRST("a", "1") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "\r\n" PART("a", "1") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") END "pnr=1", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r\n--xyz--x", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r\n--xyz-x", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r\n--xyz--\r", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1"), NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r\n--xyz", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r\n--xyz-", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r\n--xyz\r\nContent-Dis", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r\n--xyzz\r\n" END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r\n--xyz \r\nContent-Disposition: form-data; name=pnr\r\n\r\n1" END, NULL,
          CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\n--xyz\nContent-Disposition: form-data; name=pnr\n\n1" END, NULL,
          CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "1") "\r--xyz\r\nContent-Disposition: form-data; name=pnr\r\n\r\n1" END, NULL,
          CONSENT_DOUBT_SYNTAX },
        { __LINE__, FIRST("a", "--xyz\r\nContent-Disposition: form-data; name=pnr\r\n\r\n1") END, NULL,
          CONSENT_DOUBT_SYNTAX },
        { __LINE__, HEAD("Content-Disposition: form-data; name=a\nContent-Type: text/plain", "1") END, NULL,
          CONSENT_DOUBT_SYNTAX },
        { __LINE__, HEAD("Content-Disposition: form-data; name=a\n\nx", "1") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, HEAD("Content-Disposition : form-data; name=a", "1") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, HEAD(" Content-Disposition: form-data; name=a", "1") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, HEAD("name=a", "1") END, NULL, CONSENT_DOUBT_SYNTAX }
    };

    (void) state;
    MULTIPART(plain, rows);
    MULTIPART(texts, rows);
}


static void
a_boundary_has_to_be_one(void **state)
{
    size_t      i;
    body_run_t  r;

    static const struct {
        const char  *type;
        bool         good;
    } rows[] = {
        { "multipart/form-data; boundary=xyz", true },
        { "Multipart/Form-Data; charset=utf-8; BOUNDARY=\"xyz\"", true },
        { "multipart/mixed;boundary=xyz;", true },
        { "multipart/form-data", false },
        { "multipart/form-data; boundary=", false },
        { "multipart/form-data; boundary=\"\"", false },
        { "multipart/form-data; boundary=xyz; boundary=abc", false },
        { "multipart/form-data; boundary=xyz, multipart/form-data; boundary=abc", false },
        { "multipart/form-data; boundary*=utf-8''xyz", false },
        { "multipart/form-data; boundary*0=x; boundary*1=yz", false },
        { "multipart/form-data; boundary = xyz", false },
        { "multipart/form-data; boundary=\"x\\yz\"", false },
        { "multipart/form-data; boundary=\"xyz", false },
        { "multipart/form-data; boundary=\"xyz\"abc", false },
        { "multipart/form-data; boundary=\"x yz\"", false },
        { "multipart/form-data boundary=xyz", false },
        { "multipart/form-data; xboundary=abc; boundary=xyz", false },
        { "multipart/form-data; x=\"Boundary=abc\"; boundary=xyz", false },
        { "multipart/form-data; charset=\"boundary=abc\"; boundary=xyz", false },
        { "multipart/form-data; boundary=\"boundary=abc\"", false },
        { "multipart/form-data; boundary=1234567890123456789012345678901234567890123456789012345678901234567890x", false }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        r = plain;
        body_run(&r, multipart, rows[i].type, NAMED("name=pnr"), strlen(NAMED("name=pnr")));

        if ((r.rc == CONSENT_OK) != rows[i].good) {
            fail_msg("%s", rows[i].type);
        }

        consent_buf_free(&r.out);
    }
}


static void
content_is_read_by_its_type(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, TYPED("Content-Type: application/json", "{\"pnr\":1,\"b\":2}"),
          TYPED("Content-Type: application/json", "{\"b\":2}"), 0 },
        { __LINE__, TYPED("Content-Type: application/json", "{\"pnr\":1"), NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, TYPED("Content-Type: application/x-www-form-urlencoded", "b=2&pnr=1"),
          TYPED("Content-Type: application/x-www-form-urlencoded", "b=2"), 0 },
        { __LINE__, TYPED("Content-Type: text/plain; charset=UTF-8", "{\"pnr\":1,\"b\":2}"),
          TYPED("Content-Type: text/plain; charset=UTF-8", "{\"b\":2}"), 0 },
        { __LINE__, TYPED("X-A: b", " {\"pnr\":1}"), TYPED("X-A: b", " {}"), 0 },
        { __LINE__, TYPED("Content-Type: text/plain; charset=utf-16", "x"), NULL, CONSENT_DOUBT_CHARSET },
        { __LINE__, CHOSEN("Content-Type: image/png", "\r\r\n\r\n-"), CHOSEN("Content-Type: image/png", "\r\r\n\r\n-"), 0 },
        { __LINE__, CHOSEN("Content-Type: image/x+json", "{\"pnr\":1,\"b\":2}"),
          CHOSEN("Content-Type: image/x+json", "{\"b\":2}"), 0 },
        { __LINE__, TYPED("Content-Type: image/png", "{\"pnr\":1}"), NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, TYPED("Content-Type: application/zip", "PK"), NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, TYPED("Content-Type: text/xml", "<pnr>1</pnr>"), NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, TYPED("Content-Type: text/plain\r\nContent-Type: image/png", "1"), NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, TYPED("Content-Type: plain", "1"), NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, TYPED("Content-Transfer-Encoding: base64", "MQ=="), NULL, CONSENT_DOUBT_ENCODING },
        { __LINE__, TYPED("content-transfer-encoding:\tQuoted-Printable", "MQ=="), NULL, CONSENT_DOUBT_ENCODING },
        { __LINE__, TYPED("Content-Transfer-Encoding: 8BIT", "1"), TYPED("Content-Transfer-Encoding: 8BIT", "1"), 0 },
        { __LINE__, CHOSEN("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", "MQ=="),
          CHOSEN("Content-Type: image/png\r\nContent-Transfer-Encoding: base64", "MQ=="), 0 },
        { __LINE__, TYPED("Content-Encoding: gzip", "1"), NULL, CONSENT_DOUBT_ENCODING },
        { __LINE__, FIRST("a", "2") PART("next", "/form?pnr=1") END, REST, 0 },
        { __LINE__, FIRST("a", "2") PART("next", "https://x.example/person/1") END, REST, 0 },
        { __LINE__, FIRST("_charset_", "utf-8") END, FIRST("_charset_", "utf-8") END, 0 },
        { __LINE__, FIRST("_charset_", "utf-16") END, NULL, CONSENT_DOUBT_CHARSET }
    };

    (void) state;
    MULTIPART(plain, rows);
    MULTIPART(texts, rows);
}


static void
texts_in_contents_and_headers_are_masked(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, FIRST("a", "hej 19800101-1231!") END, FIRST("a", "hej [personnummer 1]!") END, 0 },
        { __LINE__, NAMED("name=a; filename=\"19800101-1231.txt\"\r\nContent-Type: image/png"),
          NAMED("name=a; filename=\"%5Bpersonnummer+1%5D.txt\"\r\nContent-Type: image/png"), 0 },
        { __LINE__, NAMED("name=a; filename*=UTF-8''19800101%2D1231.txt"),
          NAMED("name=a; filename*=UTF-8''%5Bpersonnummer+1%5D.txt"), 0 },
        { __LINE__, NAMED("name=a; filename=\"=?utf-8?b?MTk4MDAxMDExMjMx?=\""), NULL, CONSENT_DOUBT_NAME },
        { __LINE__, NAMED("name=a; filename=\"=?utf-8?Q?x?=\""), NULL, CONSENT_DOUBT_NAME },
        { __LINE__, NAMED("name=a; filename=\"=?x?y=?b??.txt\""), NAMED("name=a; filename=\"=?x?y=?b??.txt\""), 0 },
        { __LINE__, HEAD("Content-Disposition: form-data; name=a; filename=b\r\nContent-Type: text/csv",
                         "1;198001011231\r\n2;anna@kommun.se\r\n") END,
          HEAD("Content-Disposition: form-data; name=a; filename=b\r\nContent-Type: text/csv",
               "1;[personnummer 1]\r\n2;[email 1]\r\n") END, 0 },
        { __LINE__, FIRST("198001011231", "1") END, FIRST("%5Bpersonnummer+1%5D", "1") END, 0 }
    };

    (void) state;
    MULTIPART(texts, rows);
}


#define INNER(lines, content)  \
    "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n" \
    "--in\r\n" lines "\r\n\r\n" content

static void
multiparts_nest(void **state)
{
    static const body_row_t  rows[] = {
        { __LINE__, INNER("X: y", "1") "\r\n--in--" END, INNER("X: y", "1") "\r\n--in--" END, 0 },
        { __LINE__, INNER("Content-Disposition: file; name=pnr", "1") "\r\n--in--\r\n" PART("b", "2") END,
          "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\nContent-Type: multipart/mixed; boundary=in\r\n\r\n"
          "--in--\r\n" PART("b", "2") END, 0 },
        { __LINE__, INNER("X: y", "1") END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, INNER("X: y", "1") "\r\n--in--x" END, NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, INNER("Content-Type: multipart/mixed; boundary=c",
            "--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\n\r\nx\r\n--d--\r\n--c--\r\n--in--") END,
          INNER("Content-Type: multipart/mixed; boundary=c",
            "--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n--d\r\n\r\nx\r\n--d--\r\n--c--\r\n--in--") END, 0 },
        { __LINE__, INNER("Content-Type: multipart/mixed; boundary=c",
            "--c\r\nContent-Type: multipart/mixed; boundary=d\r\n\r\n"
            "--d\r\nContent-Type: multipart/mixed; boundary=e\r\n\r\n--e--\r\n--d--\r\n--c--\r\n--in--") END,
          NULL, CONSENT_DOUBT_DEPTH }
    };

    (void) state;
    MULTIPART(plain, rows);
    MULTIPART(texts, rows);
}


static void
unknown_names_are_counted_removed_or_refused(void **state)
{
    body_run_t  r;

    static const char  in[] = FIRST("ny", "1") PART("csrf", "2") PART("pnr", "3") END;

    (void) state;

    r = plain;
    r.count_unknown = r.remove_unknown = true;
    body_run(&r, multipart, TYPE, in, sizeof(in) - 1);
    assert_string_equal(r.unknown, "ny ");
    assert_int_equal(r.inspect.found.pairs, 1);
    assert_int_equal(r.inspect.found.carriers, 1u << CONSENT_CARRIER_FIELD);
    assert_true(consent_slice_eq(consent_buf_view(&r.out), consent_lit(FIRST("csrf", "2") END)));
    consent_buf_free(&r.out);

    r.refuse_unknown = true;
    body_run(&r, multipart, TYPE, in, sizeof(in) - 1);
    assert_int_equal(r.inspect.doubt, CONSENT_DOUBT_UNKNOWN);
    consent_buf_free(&r.out);
}


static void
what_was_left_empty_goes_and_is_not_counted(void **state)
{
    size_t       i;
    body_run_t   r;

    static const struct {
        const char     *in;
        consent_mask_t  removed;
    } rows[] = {
        { FIRST("pnr", "") PART("a", "2") END, 0 },
        { HEAD("Content-Disposition: form-data; name=\"pnr\"; filename=\"\"\r\n"
               "Content-Type: application/octet-stream", "") PART("a", "2") END, 0 },
        { FIRST("email", "") PART("pnr", "1") PART("a", "2") END, BIT(PERSON) },
        { FIRST("pnr", "1") PART("email", "") PART("a", "2") END, BIT(PERSON) },
        { FIRST("pnr", "\r\n") PART("a", "2") END, BIT(PERSON) },
        { FIRST("pnr", "-") PART("a", "2") END, BIT(PERSON) },
        { HEAD("Content-Disposition: form-data; name=pnr; filename=\"x\"", "") PART("a", "2") END, BIT(PERSON) },
        { HEAD("Content-Disposition: form-data; name=pnr; filename=x", "") PART("a", "2") END, BIT(PERSON) },
        { HEAD("Content-Disposition: form-data; name=pnr; filename=\"\"x", "") PART("a", "2") END, BIT(PERSON) },
        { HEAD("Content-Disposition: form-data; name=pnr; filename=\"\"; filename*=UTF-8''x", "") PART("a", "2") END,
          BIT(PERSON) },
        { HEAD("Content-Disposition: form-data; name=a\r\nX-Personnummer: 1", "") PART("a", "2") END, BIT(PERSON) },
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        r = plain;
        body_run(&r, multipart, TYPE, rows[i].in, strlen(rows[i].in));
        assert_true(consent_slice_eq(consent_buf_view(&r.out), consent_lit(REST)));
        assert_int_equal(r.inspect.found.removed, rows[i].removed);
        assert_int_equal(r.inspect.found.carriers != 0, rows[i].removed != 0);
        consent_buf_free(&r.out);
    }
}


static void
what_is_granted_stays(void **state)
{
    static const body_run_t  one = { .granted = BIT(PERSON) };
    static const body_row_t  rows[] = {
        { __LINE__, FIRST("pnr", "1") PART("email", "2") END, FIRST("pnr", "1") END, 0 }
    };

    (void) state;
    MULTIPART(one, rows);
}


/* Contents of any length, with line ends that may begin a delimiter, pass or are found too late. */
static void
long_contents(void **state)
{
    size_t         i, k;
    body_run_t     r;
    consent_buf_t  b;

    static const struct {
        const char       *end;
        consent_doubt_t   doubt;
    } rows[] = { { "x" END, 0 }, { "?pn=1" END, 0 }, { "?pnr=1" END, CONSENT_DOUBT_NAME } };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        consent_buf_init(&b, 1 << 20);
        consent_buf_str(&b, FIRST("a", ""));

        for (k = 0; k < 2000; k++) {
            consent_buf_add(&b, "hej\r\n--xy\r\n-\n--\r", 16 - k % 12);
        }

        consent_buf_str(&b, rows[i].end);
        r = texts;
        body_run(&r, multipart, TYPE, (char *) b.data, b.len);
        assert_int_equal(r.inspect.doubt, rows[i].doubt);

        if (r.rc == CONSENT_OK) {
            assert_true(consent_slice_eq(consent_buf_view(&r.out), consent_buf_view(&b)));
        }

        consent_buf_free(&r.out);
        consent_buf_free(&b);
    }
}


static void
headers_have_an_end(void **state)
{
    body_run_t     r;
    size_t         i, k;
    consent_buf_t  b;

    static const struct {
        const char       *unit;
        size_t            n;
        consent_doubt_t   doubt;
    } rows[] = {
        { "x", 3000, 0 }, { "x", 5000, CONSENT_DOUBT_NAME }, { "\r\nX: y", 28, 0 }, { "\r\nX: y", 40, CONSENT_DOUBT_SYNTAX }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        consent_buf_init(&b, 1 << 20);
        consent_buf_str(&b, "--xyz\r\nContent-Disposition: form-data; name=a; filename=");

        for (k = 0; k < rows[i].n; k++) {
            consent_buf_str(&b, rows[i].unit);
        }

        consent_buf_str(&b, "\r\n\r\n" END);
        r = texts;
        body_run(&r, multipart, TYPE, (char *) b.data, b.len);
        assert_int_equal(r.inspect.doubt, rows[i].doubt);
        consent_buf_free(&r.out);
        consent_buf_free(&b);
    }
}


static void
memory_is_bounded_and_time_is_linear(void **state)
{
    size_t      i, k, n;
    char       *in;
    body_run_t  r;

    static const char *const  units[] = { "\r", "\n", "\r\n", "\r\n-", "\r\n--xy", "--xyz", "a=%25&", "{", "[1,", "1@" };

    enum { SIZE = 1 << 20 };

    (void) state;

    assert_true(consent_multipart_size(body_detectors) <= CONSENT_BODY_MEMORY);

    /* what grows with the square of a megabyte does not end in this time */
    alarm(120);
    in = malloc(SIZE + 100);
    n = (size_t) sprintf(in, FIRST("a", ""));

    for (i = 0; i < consent_countof(units); i++) {
        for (k = 0; k < SIZE; k++) {
            in[k + n] = units[i][k % strlen(units[i])];
        }

        r = texts;
        body_feed(&r, multipart, TYPE, in, SIZE + n, SIZE, 1);
        consent_buf_free(&r.out);
        body_feed(&r, multipart, TYPE, in, SIZE + n, 1, 1);
        consent_buf_free(&r.out);
    }

    alarm(0);
    free(in);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(one_part_goes_the_rest_keeps_bytes_and_order),
        cmocka_unit_test(names_match_in_every_spelling),
        cmocka_unit_test(the_boundary_inside_a_line_is_refused),
        cmocka_unit_test(what_servers_read_differently_is_refused),
        cmocka_unit_test(a_boundary_has_to_be_one),
        cmocka_unit_test(content_is_read_by_its_type),
        cmocka_unit_test(texts_in_contents_and_headers_are_masked),
        cmocka_unit_test(multiparts_nest),
        cmocka_unit_test(unknown_names_are_counted_removed_or_refused),
        cmocka_unit_test(what_was_left_empty_goes_and_is_not_counted),
        cmocka_unit_test(what_is_granted_stays),
        cmocka_unit_test(long_contents),
        cmocka_unit_test(headers_have_an_end),
        cmocka_unit_test(memory_is_bounded_and_time_is_linear)
    };

    return cmocka_run_group_tests(tests, body_begin, body_finish);
}
