/*
 * Bodies: what looks into which type, what is inflated, and what cannot pass.
 */

#include <zlib.h>

#include "minimize_body.h"
#include "minimize/form_plain.h"
#include "minimize/media.h"

#define FORM  "application/x-www-form-urlencoded"

typedef struct {
    const char      *type;
    const char      *encoding;
    size_t           limit;
    bool             steps;     /* fed by consent_body_some() */
} head_t;

static const body_run_t  plain = { .granted = 0 };
static const body_run_t  texts = { .texts = true };


/* A transform that owns the body it is fed to, so that what feeds transforms can feed bodies. */
typedef struct {
    consent_transform_t   base;
    consent_transform_t  *to;
    consent_body_t       *body;
    bool                  steps;
    size_t                emitted;      /* in one step */
    consent_emit_pt       emit;
    void                 *arg;
} holder_t;


/* What one step emits is no more than was gone through in it, and what had waited before. */
static consent_rc_t
holder_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    holder_t  *h = arg;

    h->emitted += len;
    assert_true(h->emitted <= CONSENT_BODY_STEP + CONSENT_FORM_PLAIN_HELD);

    return h->emit(h->arg, data, len, kind);
}


static consent_rc_t
holder_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    bool           ended;
    size_t         used;
    holder_t      *h = (holder_t *) t;
    consent_rc_t   rc;

    if (!h->steps) {
        return consent_transform_feed(h->to, in, n, last, emit, arg);
    }

    h->emit = emit;
    h->arg = arg;

    do {
        h->emitted = 0;
        rc = consent_body_some(h->body, in, n, last, &used, &ended, holder_emit, h);

        assert_true(used <= n);
        in = n == 0 ? in : in + used;
        n -= used;

    } while (rc == CONSENT_OK && (last ? !ended : n > 0));

    return rc;
}


static void
holder_destroy(consent_transform_t *t)
{
    consent_body_close(((holder_t *) t)->body);
}


static consent_transform_t *
body(void **memory, consent_inspect_t *inspect, const void *arg)
{
    holder_t             *h;
    consent_body_head_t   head;
    const head_t         *how = arg;

    head.content_type = consent_cstr(how->type);
    head.content_encoding = consent_cstr(how->encoding);
    head.limit = how->limit;

    *memory = h = calloc(1, sizeof(holder_t));
    h->base.feed = holder_feed;
    h->base.destroy = holder_destroy;
    h->steps = how->steps;

    return consent_body_open(&h->body, &h->to, inspect, &head) == CONSENT_OK ? &h->base : NULL;
}


static void
each_type_is_looked_into_or_refused(void **state)
{
    size_t      i;
    head_t      head;
    body_run_t  r;

    static const struct {
        int              line;
        const char      *type;
        const char      *in;
        const char      *out;
        consent_doubt_t  doubt;
    } rows[] = {
        { __LINE__, FORM, "a=1&pnr=2", "a=1", 0 },
        { __LINE__, "Application/X-WWW-Form-Urlencoded ; Charset=\"utf-8\"", "a=1&pnr=2", "a=1", 0 },
        { __LINE__, FORM "; charset=utf-16", "a=1", NULL, CONSENT_DOUBT_CHARSET },
        { __LINE__, FORM "; charset=UTF-7", "a=1", NULL, CONSENT_DOUBT_CHARSET },
        { __LINE__, FORM ", application/json", "a=1", NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, FORM "; charset=utf-8; charset=utf-16", "a=1", NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, "application/json", "{\"pnr\":1}", "{}", 0 },
        { __LINE__, "application/problem+json", "{\"pnr\":1}", "{}", 0 },
        { __LINE__, "application/x-ndjson", "{\"pnr\":1}", "{}", 0 },
        { __LINE__, "application/json-seq", "{\"pnr\":1}", "{}", 0 },
        { __LINE__, "multipart/form-data; boundary=x",
          "--x\r\nContent-Disposition: form-data; name=pnr\r\n\r\n1\r\n--x--", "--x--", 0 },
        { __LINE__, "multipart/form-data", "--x--", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "text/plain", "hej 198001011231", "hej [personnummer 1]", 0 },
        { __LINE__, "text/plain", "{\"pnr\":1}", "{}", 0 },
        { __LINE__, "text/plain", "a=1\r\npnr=2\r\n", NULL, CONSENT_DOUBT_NAME },
        { __LINE__, "text/plain", "pnr=2", NULL, CONSENT_DOUBT_NAME },
        { __LINE__, "text/plain", "a; pnr=2 & pnr", "a; & pnr", 0 },
        { __LINE__, "text/plain", "a=1&pnr=2", NULL, CONSENT_DOUBT_NAME },
        { __LINE__, "text/plain", "b c\na=1&pnr=2", NULL, CONSENT_DOUBT_NAME },
        { __LINE__, "text/plain", "b c&pnr=2", "b c&", 0 },
        { __LINE__, "text/csv", "{\"pnr\":1}", "{}", 0 },
        { __LINE__, "text/html", "a=1&pnr=2", NULL, CONSENT_DOUBT_NAME },
        { __LINE__, "text/plain", "\x1f\x8b\x08", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, FORM, "\x1f\x8b\x08", NULL, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "text/html; charset=utf-8", "<p>198001011231", "<p>[personnummer 1]", 0 },
        { __LINE__, "text/csv; charset=utf-32", "1", NULL, CONSENT_DOUBT_CHARSET },
        { __LINE__, "text/xml", "<a/>", NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, "application/soap+xml", "<a/>", NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, "application/octet-stream", "x", NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, "", "x", NULL, CONSENT_DOUBT_TYPE },
        { __LINE__, "json", "{}", NULL, CONSENT_DOUBT_TYPE }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        memset(&head, 0, sizeof(head));
        head.type = rows[i].type;
        head.limit = 1 << 20;
        r = texts;
        body_run(&r, body, &head, rows[i].in, strlen(rows[i].in));

        if (r.inspect.doubt != rows[i].doubt
            || (rows[i].out != NULL && !consent_slice_eq(consent_buf_view(&r.out), consent_cstr(rows[i].out))))
        {
            fail_msg("line %d: doubt %d, \"%.*s\"", rows[i].line, r.inspect.doubt, (int) r.out.len, (char *) r.out.data);
        }

        consent_buf_free(&r.out);
    }
}


static consent_rc_t
open_and_close(consent_inspect_t *inspect, consent_mask_t granted, const char *type)
{
    consent_rc_t          rc;
    consent_body_t       *b;
    consent_body_head_t   head;
    consent_transform_t  *t;

    memset(&head, 0, sizeof(head));
    head.content_type = consent_cstr(type);
    head.limit = 100;
    inspect->how.policy = body_policy;
    inspect->how.granted = granted;
    inspect->detectors = body_detectors;

    rc = consent_body_open(&b, &t, inspect, &head);
    assert_int_equal(rc == CONSENT_OK, b != NULL);
    consent_body_close(b);

    return rc;
}


static void
some_bodies_pass_as_they_are(void **state)
{
    consent_inspect_t  inspect;

    (void) state;

    memset(&inspect, 0, sizeof(inspect));

    assert_int_equal(open_and_close(&inspect, 0, "image/png"), CONSENT_NOTFOUND);
    assert_int_equal(open_and_close(&inspect, 0, "Application/PDF; x=y"), CONSENT_NOTFOUND);
    assert_int_equal(open_and_close(&inspect, 0, "application/zip"), CONSENT_DENIED);
    assert_int_equal(open_and_close(&inspect, 0, "image/x+json"), CONSENT_OK);
    assert_int_equal(open_and_close(&inspect, 0, "image/x+json-seq"), CONSENT_OK);
    assert_int_equal(open_and_close(&inspect, 0, "image/svg+xml"), CONSENT_NOTFOUND);
    assert_int_equal(open_and_close(&inspect, 0, "images/png"), CONSENT_DENIED);
    assert_int_equal(open_and_close(&inspect, 0, "image/png, application/json"), CONSENT_DENIED);
    assert_int_equal(open_and_close(&inspect, 0, FORM), CONSENT_OK);
    assert_int_equal(open_and_close(&inspect, BIT(EMAIL) | BIT(PERSON), FORM), CONSENT_OK);
    assert_int_equal(open_and_close(&inspect, BIT(EMAIL) | BIT(PERSON) | BIT(USAGE), FORM), CONSENT_NOTFOUND);

    inspect.how.count_unknown = true;
    assert_int_equal(open_and_close(&inspect, BIT(EMAIL) | BIT(PERSON) | BIT(USAGE), FORM), CONSENT_OK);

    /* what can be looked into is, also where the rest may pass */

    body_policy->bodies_block = false;
    assert_int_equal(open_and_close(&inspect, 0, "application/zip"), CONSENT_NOTFOUND);
    assert_int_equal(open_and_close(&inspect, 0, ""), CONSENT_NOTFOUND);
    assert_int_equal(open_and_close(&inspect, 0, FORM), CONSENT_OK);
    body_policy->bodies_block = true;
}


static size_t
deflated(uint8_t *out, size_t size, const char *in, size_t n, int bits)
{
    z_stream  z;

    memset(&z, 0, sizeof(z));
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    z.next_in = (Bytef *) (uintptr_t) in;
    z.avail_in = (uInt) n;
    z.next_out = out;
    z.avail_out = (uInt) size;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    deflateEnd(&z);

    return size - z.avail_out;
}


static void
compressed_bodies_are_inflated_within_the_limit(void **state)
{
    char        *large;
    size_t       i, n;
    head_t       head;
    uint8_t      out[4096];
    body_run_t   r;

    static const char  in[] = "a=1&pnr=2&b=%C3%A5";

    static const struct {
        int              line;
        const char      *encoding;
        int              bits;
        size_t           limit;
        size_t           cut;       /* bytes missing at the end */
        consent_doubt_t  doubt;
    } rows[] = {
        { __LINE__, "gzip", 31, 18, 0, 0 },
        { __LINE__, " X-GZIP ", 31, 18, 0, 0 },
        { __LINE__, "deflate", 15, 18, 0, 0 },
        { __LINE__, "deflate", -15, 18, 0, 0 },
        { __LINE__, "gzip", 31, 17, 0, CONSENT_DOUBT_SIZE },
        { __LINE__, "gzip", 31, 100, 1, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "gzip", 15, 100, 0, CONSENT_DOUBT_SYNTAX },
        { __LINE__, "identity", 15, 100, 0, CONSENT_DOUBT_NONE },
        { __LINE__, "br", 31, 100, 0, CONSENT_DOUBT_ENCODING },
        { __LINE__, "gzip, gzip", 31, 100, 0, CONSENT_DOUBT_ENCODING },
        { __LINE__, "gzip,", 31, 100, 0, CONSENT_DOUBT_ENCODING }
    };

    (void) state;

    for (i = 0; i < consent_countof(rows); i++) {
        n = deflated(out, sizeof(out), in, sizeof(in) - 1, rows[i].bits);
        head = (head_t) { .type = FORM, .encoding = rows[i].encoding, .limit = rows[i].limit };
        r = plain;

        if (strcmp(rows[i].encoding, "identity") == 0) {
            n = sizeof(in) - 1;
            memcpy(out, in, n);
        }

        body_run(&r, body, &head, (char *) out, n - rows[i].cut);

        if (r.inspect.doubt != rows[i].doubt
            || (r.rc == CONSENT_OK && !consent_slice_eq(consent_buf_view(&r.out), consent_lit("a=1&b=%C3%A5"))))
        {
            fail_msg("line %d: doubt %d, \"%.*s\"", rows[i].line, r.inspect.doubt, (int) r.out.len, (char *) r.out.data);
        }

        consent_buf_free(&r.out);
    }

    /* a thousand times as many bytes as came */

    large = malloc(1 << 20);
    memset(large, 'x', 1 << 20);
    n = deflated(out, sizeof(out), large, 1 << 20, 31);
    free(large);

    head = (head_t) { .type = FORM, .encoding = "gzip", .limit = 100000 };
    r = plain;
    body_run(&r, body, &head, (char *) out, n);
    assert_int_equal(r.rc, CONSENT_MALFORMED);
    assert_int_equal(r.inspect.doubt, CONSENT_DOUBT_NAME);
    consent_buf_free(&r.out);

    head.type = "text/plain";
    r = plain;
    body_run(&r, body, &head, (char *) out, n);
    assert_int_equal(r.rc, CONSENT_LIMIT);
    assert_int_equal(r.inspect.doubt, CONSENT_DOUBT_SIZE);
    consent_buf_free(&r.out);
}


static void
a_body_is_gone_through_in_short_steps(void **state)
{
    char        *large;
    size_t       i, k, n;
    head_t       head;
    uint8_t     *packed;
    body_run_t   r, again;

    enum { LARGE = 300000 };

    static const struct {
        const char  *type;
        const char  *text;      /* again and again */
        const char  *behind;
    } rows[] = {
        { "text/plain", "x", "" },
        { "text/plain", "Ett uterum, 198001011231 eller a@example.com. ", "" },
        { FORM, "a=1&pnr=2&b=198001011231&", "" },
        { "application/x-ndjson", "{\"a\":[1,2],\"pnr\":\"3\",\"b\":\"198001011231\"}\n", "" },
        { "text/plain", "\x01", "1980" }
    };

    (void) state;

    large = malloc(LARGE + 4);
    packed = malloc(LARGE);
    assert_true(large != NULL && packed != NULL);

    for (i = 0; i < consent_countof(rows); i++) {

        n = strlen(rows[i].text);

        for (k = 0; k < LARGE / n * n; k++) {
            large[k] = rows[i].text[k % n];
        }

        memcpy(large + k, rows[i].behind, strlen(rows[i].behind));
        k += strlen(rows[i].behind);

        head = (head_t) { .type = rows[i].type, .limit = LARGE + 4 };
        r = texts;
        body_feed(&r, body, &head, large, k, k, k);
        assert_int_equal(r.rc, CONSENT_OK);

        head.steps = true;
        again = texts;
        body_run(&again, body, &head, large, k);
        assert_int_equal(again.rc, CONSENT_OK);
        assert_true(consent_slice_eq(consent_buf_view(&again.out), consent_buf_view(&r.out)));
        consent_buf_free(&again.out);

        n = deflated(packed, LARGE, large, k, 31);
        head.encoding = "gzip";
        again = texts;
        body_run(&again, body, &head, (char *) packed, n);
        assert_int_equal(again.rc, CONSENT_OK);
        assert_true(consent_slice_eq(consent_buf_view(&again.out), consent_buf_view(&r.out)));
        consent_buf_free(&again.out);

        /* more than there may be, and less than there should be */

        head.limit = k - 1;
        again = texts;
        body_run(&again, body, &head, (char *) packed, n);
        assert_int_equal(again.inspect.doubt, CONSENT_DOUBT_SIZE);
        consent_buf_free(&again.out);

        head.limit = k;
        again = texts;
        body_run(&again, body, &head, (char *) packed, n - 1);
        assert_int_equal(again.inspect.doubt, CONSENT_DOUBT_SYNTAX);
        consent_buf_free(&again.out);

        packed[n - 5] ^= 1;
        again = texts;
        body_run(&again, body, &head, (char *) packed, n);
        assert_int_equal(again.inspect.doubt, CONSENT_DOUBT_SYNTAX);
        consent_buf_free(&again.out);

        consent_buf_free(&r.out);
    }

    free(large);
    free(packed);
}


static void
an_empty_body_passes(void **state)
{
    size_t      i;
    head_t      head;
    body_run_t  r;

    static const char *const  types[] = {
        FORM, "application/json", "multipart/form-data; boundary=x", "text/plain", "application/x-ndjson"
    };

    (void) state;

    for (i = 0; i < consent_countof(types); i++) {
        head = (head_t) { .type = types[i] };
        r = texts;
        body_run(&r, body, &head, "", 0);
        assert_int_equal(r.rc, CONSENT_OK);
        assert_int_equal(r.out.len, 0);
        consent_buf_free(&r.out);
    }
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(each_type_is_looked_into_or_refused),
        cmocka_unit_test(some_bodies_pass_as_they_are),
        cmocka_unit_test(compressed_bodies_are_inflated_within_the_limit),
        cmocka_unit_test(a_body_is_gone_through_in_short_steps),
        cmocka_unit_test(an_empty_body_passes)
    };

    return cmocka_run_group_tests(tests, body_begin, body_finish);
}
