/*
 * What the tests of body transforms share: a policy with fields, members and texts, and feeding a body in pieces, of
 * which no division makes a difference.
 */

#ifndef TESTS_MINIMIZE_BODY_H
#define TESTS_MINIMIZE_BODY_H

#include "minimize.h"
#include "minimize/body.h"

enum { EMAIL, PERSON, USAGE };

static const char  body_policy_text[] =
    "{\"id\":\"kommun\",\"version\":\"1\",\"languages\":[\"sv\",\"en\"],"
    "\"controller\":{\"name\":\"Kommun\",\"type\":\"public authority\",\"jurisdiction\":\"SE\","
    "\"email\":\"a@kommun.example\"},"
    "\"categories\":["
    CATEGORY("email", "CommunicationManagement", CONSENT_BASIS,
        "\"fields\":[\"email\"],\"args\":[\"email\"],\"json\":[\"$..email\"],\"text\":[\"email\"]") ","
    CATEGORY("person", "RequestedServiceProvision", CONSENT_BASIS,
        "\"headers\":[\"X-Personnummer\"],\"fields\":[\"pnr\",\"person_nr\",\"personnummer\"],\"args\":[\"pnr\"],"
        "\"json\":[\"$..pnr\"],\"text\":[\"se.personnummer\"],\"paths\":[\"/person/*\"]") ","
    CATEGORY("usage", "ServiceUsageAnalytics",
        "\"legal_basis\":\"consent\",\"special\":false,\"gpc\":true", "\"fields\":[\"utm_*\"]")
    "],\"necessary\":{\"args\":[\"q\"],\"fields\":[\"csrf\",\"msg\",\"data\"],\"json\":[\"$.model\"]},"
    "\"levels\":["
    "{\"id\":\"none\",\"title\":{\"sv\":\"a\",\"en\":\"a\"},\"service\":{\"sv\":\"a\",\"en\":\"a\"},\"shares\":[]},"
    "{\"id\":\"more\",\"title\":{\"sv\":\"b\",\"en\":\"b\"},\"service\":{\"sv\":\"b\",\"en\":\"b\"},"
    "\"shares\":[\"email\",\"person\",\"usage\"]}],"
    "\"bodies\":{\"opaque\":\"block\",\"allow\":[\"image/*\",\"application/pdf\"]},"
    "\"human_contact\":{\"name\":{\"sv\":\"K\",\"en\":\"K\"},\"timezone\":\"Europe/Stockholm\","
    "\"channels\":[{\"type\":\"phone\",\"value\":\"+46 8 000 00 00\",\"languages\":[\"sv\"],"
    "\"hours\":[{\"days\":[\"Mo\"],\"opens\":\"08:00\",\"closes\":\"16:30\"}]}],\"topics\":[]}}";

static consent_policy_t     *body_policy;
static consent_detectors_t  *body_detectors;


static inline int
body_begin(void **state)
{
    (void) state;
    body_policy = load(body_policy_text);

    return body_policy == NULL || consent_detectors_compile(&body_detectors, body_policy, NULL) != CONSENT_OK;
}


static inline int
body_finish(void **state)
{
    (void) state;
    consent_detectors_destroy(body_detectors);
    consent_policy_destroy(body_policy);

    return 0;
}


/* How a body is fed; and what came of it. */
typedef struct {
    consent_mask_t     granted;
    bool               texts;           /* are looked for */
    bool               count_unknown;
    bool               remove_unknown;
    bool               refuse_unknown;
    consent_inspect_t  inspect;
    consent_rc_t       rc;
    consent_buf_t      out;
    const uint8_t     *piece;
    size_t             len;             /* of piece */
    size_t             own;             /* bytes of output that are not borrowed */
    char               unknown[256];
} body_run_t;

/* Makes the transform in memory that it allocates; its size is of no interest to the caller. */
typedef consent_transform_t *(*body_make_pt)(void **memory, consent_inspect_t *inspect, const void *arg);


static inline consent_rc_t
body_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    body_run_t  *r = arg;

    assert_true(len > 0);

    if (kind == CONSENT_SPAN_BORROWED) {
        assert_true(data >= r->piece && data + len <= r->piece + r->len);

    } else {
        r->own += len;
    }

    consent_buf_add(&r->out, data, len);

    return r->out.rc;
}


static inline void
body_unknown(void *arg, consent_carrier_t carrier, consent_slice_t name)
{
    size_t       n;
    body_run_t  *r = arg;

    (void) carrier;
    n = strlen(r->unknown);
    snprintf(r->unknown + n, sizeof(r->unknown) - n, "%.*s ", (int) name.len, (const char *) name.data);
}


/* Pieces of `first` bytes and then of `each`, every one in memory of its own size; each == 0: of one to nine bytes. */
static inline void
body_feed(body_run_t *r, body_make_pt make, const void *arg, const char *in, size_t n, size_t first, size_t each)
{
    size_t                from, take;
    uint8_t              *piece;
    void                 *memory;
    consent_transform_t  *t;

    memset(&r->inspect, 0, sizeof(r->inspect));
    r->inspect.how.policy = body_policy;
    r->inspect.how.granted = r->granted;
    r->inspect.how.count_unknown = r->count_unknown;
    r->inspect.how.remove_unknown = r->remove_unknown;
    r->inspect.how.unknown = body_unknown;
    r->inspect.how.unknown_arg = r;
    r->inspect.refuse_unknown = r->refuse_unknown;
    r->inspect.detectors = body_detectors;
    r->inspect.masks = r->texts ? consent_masks_create() : NULL;
    r->unknown[0] = '\0';
    r->own = 0;

    consent_buf_init(&r->out, 1 << 26);
    memory = NULL;
    t = make(&memory, &r->inspect, arg);

    if (t == NULL) {
        r->rc = CONSENT_MALFORMED;
        assert_int_not_equal(r->inspect.doubt, CONSENT_DOUBT_NONE);
        free(memory);
        consent_masks_destroy(r->inspect.masks);
        return;
    }

    for (from = 0, take = first; /* void */ ; from += take, take = each == 0 ? 1 + (from * 7 + n) % 9 : each) {

        take = take < n - from ? take : n - from;
        piece = malloc(take + 1);
        memcpy(piece, in + from, take);
        r->piece = piece;
        r->len = take;
        r->rc = consent_transform_feed(t, piece, take, from + take == n, body_emit, r);
        memset(piece, '#', take);
        free(piece);

        if (r->rc != CONSENT_OK || from + take == n) {
            break;
        }
    }

    if (r->rc == CONSENT_MALFORMED || r->rc == CONSENT_LIMIT) {
        assert_int_not_equal(r->inspect.doubt, CONSENT_DOUBT_NONE);
    }

    consent_transform_destroy(t);
    free(memory);
    consent_masks_destroy(r->inspect.masks);
}


/* Feeds it whole, and then in pieces: the same bytes and the same verdict. The caller frees r->out. */
static inline void
body_run(body_run_t *r, body_make_pt make, const void *arg, const char *in, size_t n)
{
    size_t      i;
    body_run_t  again;

    static const struct {
        size_t  first, each;
    } pieces[] = { { 1, 1 }, { 3, 0 }, { 7, 13 }, { 0, 64 }, { 100, 4096 } };

    body_feed(r, make, arg, in, n, n, n);

    for (i = 0; i < consent_countof(pieces); i++) {

        if (n > 100000 && pieces[i].each < 64) {
            continue;
        }

        again = *r;
        body_feed(&again, make, arg, in, n, pieces[i].first, pieces[i].each);

        if (again.rc != r->rc || again.inspect.doubt != r->inspect.doubt
            || (r->rc == CONSENT_OK && !consent_slice_eq(consent_buf_view(&again.out), consent_buf_view(&r->out)))
            || (r->rc == CONSENT_OK && again.inspect.found.removed != r->inspect.found.removed)
            || (r->rc == CONSENT_OK && again.inspect.found.pairs != r->inspect.found.pairs)
            || strcmp(again.unknown, r->unknown) != 0)
        {
            fail_msg("in pieces of %zu, \"%.200s\": %s, doubt %d, \"%.*s\" instead of %s, doubt %d, \"%.*s\"",
                     pieces[i].each, in, consent_rc_name(again.rc), again.inspect.doubt, (int) again.out.len,
                     (const char *) again.out.data, consent_rc_name(r->rc), r->inspect.doubt, (int) r->out.len,
                     (const char *) r->out.data);
        }

        consent_buf_free(&again.out);
    }
}


typedef struct {
    int              line;
    const char      *in;
    const char      *out;       /* NULL: it is refused */
    consent_doubt_t  doubt;
} body_row_t;


static inline void
body_check(const body_run_t *how, body_make_pt make, const void *arg, const body_row_t *rows, size_t n)
{
    size_t      i;
    body_run_t  r;

    for (i = 0; i < n; i++) {
        r = *how;
        body_run(&r, make, arg, rows[i].in, strlen(rows[i].in));

        if (r.inspect.doubt != rows[i].doubt || (r.rc == CONSENT_OK) != (rows[i].out != NULL)
            || (rows[i].out != NULL && !consent_slice_eq(consent_buf_view(&r.out), consent_cstr(rows[i].out))))
        {
            fail_msg("line %d: \"%s\" gave %s, doubt %d, \"%.*s\"", rows[i].line, rows[i].in, consent_rc_name(r.rc),
                     r.inspect.doubt, (int) r.out.len, (const char *) r.out.data);
        }

        consent_buf_free(&r.out);
    }
}

#endif
