/*
 * Memory of stampers: small, and more of it only where bytes have to be held back.
 */

#include "disclose_stamp.h"

typedef struct {
    size_t  asked;
    bool    none;                       /* there is no memory */
} room_t;

static const struct {
    int             line;
    consent_kind_t  kind;
    const char     *body;
    size_t          cut;                /* something is held back where it is cut in two here */
} rows[] = {
    { __LINE__, CONSENT_KIND_HTML, "<!doctype html><html><head><link rel=\"a\"></head><body><p>Hej</body></html>", 36 },
    { __LINE__, CONSENT_KIND_JSON, "{\"id\":17}", 3 },
    { __LINE__, CONSENT_KIND_SSE, "data: {\"object\":\"chat.completion.chunk\",\"choices\":[]}\n\n", 9 },
    { __LINE__, CONSENT_KIND_NDJSON, "{\"model\":\"m\",\"message\":{\"content\":\"Hej\"}}\n", 9 },
    { __LINE__, CONSENT_KIND_TEXT, "Hej\n", 1 }
};


static void *
room(void *arg, size_t size)
{
    room_t  *r = arg;

    r->asked++;

    return r->none ? NULL : page_room(NULL, size);
}


static consent_rc_t
feed(const fixture_t *f, room_t *r, consent_kind_t kind, consent_slice_t body, size_t cut)
{
    void                 *memory = malloc(consent_stamp_size(kind));
    page_t                out;
    consent_rc_t          rc;
    consent_stamp_t      *h;
    consent_stamp_conf_t  conf = body_conf(f);

    page_init(&out);
    conf.contact = true;
    conf.room = room;
    conf.room_arg = r;

    h = consent_stamp_init(memory, kind, &conf);
    out.in = body.data;
    out.n = body.len;

    rc = consent_transform_feed(&h->base, body.data, cut, cut == body.len, page_emit, &out);

    if (rc == CONSENT_OK && cut < body.len) {
        rc = consent_transform_feed(&h->base, body.data + cut, body.len - cut, true, page_emit, &out);
    }

    free(out.data);
    free(memory);

    return rc;
}


static void
what_comes_whole_needs_no_room(void **state)
{
    size_t           i;
    room_t           r = { 0, false };
    consent_slice_t  body;

    for (i = 0; i < consent_countof(rows); i++) {
        body = consent_cstr(rows[i].body);
        assert_int_equal(feed(*state, &r, rows[i].kind, body, body.len), CONSENT_OK);

        if (r.asked != 0) {
            fail_msg("line %d: room was asked for", rows[i].line);
        }
    }
}


static void
room_is_asked_for_once(void **state)
{
    size_t  i;
    room_t  r;

    for (i = 0; i < consent_countof(rows); i++) {
        r = (room_t) { 0, false };
        assert_int_equal(feed(*state, &r, rows[i].kind, consent_cstr(rows[i].body), rows[i].cut), CONSENT_OK);

        if (r.asked != (rows[i].kind != CONSENT_KIND_TEXT)) {
            fail_msg("line %d: room was asked for %zu times", rows[i].line, r.asked);
        }
    }
}


/* Wherever it is cut, and whatever mark it begins with: no memory is no memory, and nothing is written anywhere. */
static void
without_room_it_says_so(void **state)
{
    size_t         i, cut, failed;
    room_t         r;
    consent_buf_t  body;

    static const char *const  marks[] = { "", "\xef\xbb\xbf", "\xef\xbb", "\xff\xfe", "---\n" };

    static const consent_kind_t  kinds[] = {
        CONSENT_KIND_HTML, CONSENT_KIND_JSON, CONSENT_KIND_SSE, CONSENT_KIND_NDJSON, CONSENT_KIND_MARKDOWN
    };

    for (i = 0; i < consent_countof(rows) * consent_countof(marks) * consent_countof(kinds); i++) {
        consent_buf_init(&body, 4096);
        consent_buf_str(&body, marks[i % 5]);
        consent_buf_str(&body, rows[i / 5 % 5].body);
        failed = 0;

        for (cut = 0; cut <= body.len; cut++) {
            r = (room_t) { 0, true };

            if (feed(*state, &r, kinds[i / 25], consent_buf_view(&body), cut) == CONSENT_NOMEM) {
                failed++;
                assert_int_equal(r.asked, 1);

            } else {
                assert_int_equal(r.asked, 0);
            }
        }

        if (i % 5 == 0 && i / 5 % 5 == i / 25) {
            assert_true(i / 25 == 4 || failed > 0);
        }

        consent_buf_free(&body);
    }
}


static void
stampers_are_small(void **state)
{
    (void) state;

    assert_true(consent_stamp_size(CONSENT_KIND_HTML) < 1024);
    assert_true(consent_stamp_size(CONSENT_KIND_JSON) < 256);
    assert_true(consent_stamp_size(CONSENT_KIND_SSE) < 2048);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(what_comes_whole_needs_no_room),
        cmocka_unit_test(room_is_asked_for_once),
        cmocka_unit_test(without_room_it_says_so),
        cmocka_unit_test(stampers_are_small)
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
