/*
 * What the tests of the JSON minimiser share: a policy, and a run of a body in pieces of every size, which must make no
 * difference.
 */

#ifndef TESTS_MINIMIZE_JSON_H
#define TESTS_MINIMIZE_JSON_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/json.h"
#include "minimize/body.h"

#define CATEGORY(id, basis, carriers)                                                                              \
    "{\"id\":\"" id "\",\"title\":{\"en\":\"Title " id "\"},"                                                      \
    "\"purpose\":{\"type\":\"dpv:RequestedServiceProvision\",\"text\":{\"en\":\"Purpose " id "\"}},"               \
    "\"data_type\":\"pd:Identifying\",\"recipients\":[\"Kommun\"],\"storage\":[\"SE\"],"                           \
    "\"retention\":\"P12M\",\"legal_basis\":\"" basis "\",\"carriers\":{" carriers "}}"

enum { IDENTITY, CONTACT, TEXT, CASE };

#define BIT(category)  ((consent_mask_t) 1 << (category))
#define ALL            (BIT(IDENTITY) | BIT(CONTACT) | BIT(TEXT))

static const char  policy_text[] =
    "{\"id\":\"kommun\",\"version\":\"1\",\"languages\":[\"en\"],"
    "\"controller\":{\"name\":\"Kommun\",\"type\":\"public authority\",\"jurisdiction\":\"SE\","
    "\"email\":\"a@kommun.example\",\"phone\":\"+46 8 000 00 00\",\"address\":\"Storgatan 1\"},"
    "\"categories\":["
    CATEGORY("identity", "consent", "\"json\":[\"$..pnr\",\"$.applicant.id\",\"$.list[*].ssn\",\"$.drop[*]\","
             "\"$['h\xc3\xa4lsa']\",\"$..task\"],\"fields\":[\"formid\",\"utm_*\"]") ","
    CATEGORY("contact", "consent", "\"json\":[\"$..applicant.email\",\"$.a..b.c\",\"$['x*'].y\"]") ","
    CATEGORY("text", "consent", "\"text\":[\"se.personnummer\",\"email\"]") ","
    CATEGORY("case", "public-task", "\"json\":[\"$.case\"]")
    "],\"necessary\":{\"json\":[\"$.model\",\"$.messages[*].content\",\"$..role\"],\"fields\":[\"csrf\"]},"
    "\"levels\":[{\"id\":\"none\",\"title\":{\"en\":\"a\"},\"service\":{\"en\":\"a\"},\"shares\":[]}],"
    "\"human_contact\":{\"name\":{\"en\":\"K\"},\"channels\":[{\"type\":\"phone\",\"value\":\"+46 8 000 00 00\"}],"
    "\"topics\":[]}}";

typedef struct {
    consent_mask_t   granted;
    bool             masks;
    bool             lines;
    bool             plain;         /* without vector instructions */
    bool             unknown;
    bool             remove;
    bool             refuse;
} how_t;

typedef struct {
    consent_rc_t      rc;
    consent_doubt_t   doubt;
    consent_found_t   found;
    size_t            spans;
    size_t            len;
    size_t            size;
    uint8_t          *out;
    size_t            names_len;
    char              names[4096];
    const uint8_t    *in;
    size_t            n;
} result_t;

typedef struct {
    int          line;
    const char  *in;
    const char  *out;       /* NULL: refused as malformed JSON */
} row_t;

static consent_policy_t     *policy;
static consent_detectors_t  *detectors;


static inline int
begin(void **state)
{
    consent_buf_t           b;
    consent_faults_t        faults;
    const consent_fault_t  *f;

    (void) state;
    memset(&faults, 0, sizeof(faults));
    faults.arena = consent_arena_create(1 << 20);

    if (consent_policy_load(&policy, consent_cstr(policy_text), &faults) != CONSENT_OK) {
        consent_buf_init(&b, 65536);

        for (f = faults.first; f != NULL; f = f->next) {
            consent_fault_print(&b, f);
            consent_buf_char(&b, '\n');
        }

        fprintf(stderr, "%.*s", (int) b.len, (const char *) b.data);
        consent_buf_free(&b);
    }

    consent_arena_destroy(faults.arena);

    return policy == NULL || consent_detectors_compile(&detectors, policy, NULL) != CONSENT_OK;
}


static inline int
finish(void **state)
{
    (void) state;
    consent_detectors_destroy(detectors);
    consent_policy_destroy(policy);
    return 0;
}


static inline consent_rc_t
collect(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    result_t  *r = arg;

    assert_true(len > 0);
    assert_true(kind == CONSENT_SPAN_OWN || (data >= r->in && data + len <= r->in + r->n));

    if (r->len + len > r->size) {
        r->size = 2 * (r->len + len);
        r->out = realloc(r->out, r->size);
        assert_non_null(r->out);
    }

    memcpy(r->out + r->len, data, len);
    r->len += len;
    r->spans++;

    return CONSENT_OK;
}


static inline void
note_unknown(void *arg, consent_carrier_t carrier, consent_slice_t name)
{
    result_t  *r = arg;

    assert_int_equal(carrier, CONSENT_CARRIER_JSON);
    assert_true(r->names_len + name.len + 2 < sizeof(r->names));
    r->names_len += (size_t) sprintf(r->names + r->names_len, "%.*s ", (int) name.len, (const char *) name.data);
}


/* Runs a body in pieces of `piece` bytes (0: whole), each in memory of its own. */
static inline void
run(result_t *r, const uint8_t *in, size_t len, size_t piece, const how_t *how)
{
    size_t                i, n;
    void                 *memory;
    uint8_t              *copy;
    consent_inspect_t     inspect;
    consent_transform_t  *t;

    memset(r, 0, sizeof(*r));
    memset(&inspect, 0, sizeof(inspect));

    inspect.how.policy = policy;
    inspect.how.granted = how->granted;
    inspect.how.count_unknown = how->unknown || how->remove || how->refuse;
    inspect.how.remove_unknown = how->remove;
    inspect.how.unknown = note_unknown;
    inspect.how.unknown_arg = r;
    inspect.refuse_unknown = how->refuse;
    inspect.detectors = detectors;
    inspect.masks = how->masks ? consent_masks_create() : NULL;

    memory = malloc(consent_json_size(detectors));
    t = consent_json_init(memory, &inspect, how->lines);

    if (how->plain) {
        consent_json_plain(t);
    }

    i = 0;

    do {
        n = piece == 0 || piece > len - i ? len - i : piece;
        copy = malloc(n + (n == 0));
        memcpy(copy, in + i, n);
        i += n;

        r->in = copy;
        r->n = n;
        r->rc = consent_transform_feed(t, copy, n, i == len, collect, r);
        free(copy);

    } while (r->rc == CONSENT_OK && i < len);

    consent_transform_destroy(t);
    consent_masks_destroy(inspect.masks);
    free(memory);

    r->doubt = inspect.doubt;
    r->found = inspect.found;
}


/* The whole body at once, against pieces of any size, and without vector instructions. */
static inline void
run_all(result_t *r, const uint8_t *in, size_t len, const how_t *how, int line)
{
    size_t    piece, step;
    how_t     plain;
    result_t  other;

    run(r, in, len, 0, how);
    assert_true((r->rc == CONSENT_OK) == (r->doubt == CONSENT_DOUBT_NONE));

    plain = *how;
    plain.plain = true;
    step = len < 400 ? 1 : len / 40;

    for (piece = 0; piece < len + 1; piece += piece < 20 ? 1 : step) {
        run(&other, in, len, piece, &plain);
        plain.plain = !plain.plain;

        if (other.rc != r->rc || other.doubt != r->doubt) {
            fail_msg("line %d: in pieces of %zu: %s, doubt %d, not %d", line, piece, consent_rc_name(other.rc),
                     (int) other.doubt, (int) r->doubt);
        }

        if (r->rc == CONSENT_OK) {

            if (other.len != r->len || (r->len > 0 && memcmp(other.out, r->out, r->len) != 0)) {
                fail_msg("line %d: in pieces of %zu: %.*s\nnot %.*s", line, piece, (int) other.len,
                         (const char *) other.out, (int) r->len, (const char *) r->out);
            }

            assert_memory_equal(&other.found, &r->found, sizeof(r->found));
            assert_string_equal(other.names, r->names);
        }

        free(other.out);
    }
}


static inline void
check(const row_t *row, const how_t *how)
{
    result_t  r;

    run_all(&r, (const uint8_t *) row->in, strlen(row->in), how, row->line);

    if (row->out == NULL) {
        if (r.rc != CONSENT_MALFORMED || r.doubt != CONSENT_DOUBT_SYNTAX) {
            fail_msg("line %d: %s: not refused as no JSON: %s, doubt %d", row->line, row->in, consent_rc_name(r.rc),
                     (int) r.doubt);
        }

    } else if (r.rc != CONSENT_OK || r.len != strlen(row->out) || (r.len > 0 && memcmp(r.out, row->out, r.len) != 0)) {
        fail_msg("line %d: %s, doubt %d:\n%.*s\nnot\n%s", row->line, consent_rc_name(r.rc), (int) r.doubt, (int) r.len,
                 r.out == NULL ? "" : (const char *) r.out, row->out);
    }

    free(r.out);
}


#define CHECK(rows, ...)                                                                                           \
    do {                                                                                                           \
        size_t  i_;                                                                                                \
        for (i_ = 0; i_ < consent_countof(rows); i_++) {                                                           \
            check(&(rows)[i_], &(how_t) { __VA_ARGS__ });                                                          \
        }                                                                                                          \
    } while (0)

#endif
