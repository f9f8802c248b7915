/*
 * The JSON minimiser: pieces make no difference; what is valid stays valid, the strict parser says so too; what passes
 * stood there in this order; nothing is left to take out; no value under a protected name survives, nor one of an
 * argument in a string; the same unknown names are told of.
 */

#include "fuzz_minimize.h"

#include <stdio.h>

#include "base/json.h"
#include "minimize/body.h"

#define CANARY  "c4n4ry"

typedef struct {
    consent_rc_t      rc;
    consent_doubt_t   doubt;
    consent_found_t   found;
    uint64_t          told;
    uint8_t          *data;
    size_t            len;
    size_t            size;
} out_t;

static void fuzz_setup(void);
static void pass(out_t *out, consent_slice_t in, uint32_t cuts, unsigned flags);
static consent_rc_t collect(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
static void tell(void *arg, consent_carrier_t carrier, consent_slice_t name);
static bool same(const out_t *one, const out_t *two);
static void require(bool condition);
static void against_parser(const out_t *out, consent_slice_t in);
static void planted(const uint8_t *data, size_t size, unsigned flags);
static void surrounded(const uint8_t *data, size_t size, unsigned flags);
static void check_names(const consent_json_t *v);

static consent_policy_t      policy;
static consent_category_t    categories[2];
static consent_detector_t    detector;
static consent_detectors_t  *detectors;


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    out_t            whole, other, again;
    size_t           i, k;
    unsigned         flags;
    uint32_t         cuts;
    consent_slice_t  in;

    if (size < 3) {
        return 0;
    }

    fuzz_setup();

    flags = data[0];
    cuts = (uint32_t) data[1] | (uint32_t) data[2] << 8 | 1;
    in = consent_slice(data + 3, size - 3);

    pass(&whole, in, 0, flags);
    pass(&other, in, 1, flags ^ 8);

    require(whole.rc == other.rc && whole.doubt == other.doubt);
    require(whole.rc != CONSENT_OK || (same(&whole, &other)
                                       && memcmp(&whole.found, &other.found, sizeof(whole.found)) == 0));
    free(other.data);

    pass(&other, in, cuts | 2, flags);
    require(whole.rc == other.rc && whole.doubt == other.doubt);
    require(whole.rc != CONSENT_OK || same(&whole, &other));
    free(other.data);

    if (whole.rc == CONSENT_OK) {

        if (!(flags & 1)) {
            for (i = 0, k = 0; i < whole.len; i++, k++) {
                while (k < in.len && in.data[k] != whole.data[i]) {
                    k++;
                }

                require(k < in.len);
            }
        }

        pass(&again, consent_slice(whole.data, whole.len), 0, flags);
        again.told = whole.told;
        require(again.rc == CONSENT_OK && same(&again, &whole));
        free(again.data);
    }

    if (!(flags & 4)) {
        against_parser(&whole, in);
    }

    free(whole.data);
    planted(in.data, in.len, flags & ~4U);
    surrounded(in.data, in.len, flags);

    return 0;
}


static void
fuzz_setup(void)
{
    static const consent_json_pattern_t  patterns[] = {
        { { (const uint8_t *) "$..pnr", 6 }, 1, false }, { { (const uint8_t *) "$.a.id", 6 }, 1, false },
        { { (const uint8_t *) "$.l[*].s", 8 }, 1, false }, { { (const uint8_t *) "$..d[*]", 7 }, 1, false },
        { { (const uint8_t *) "$['p*'].q", 9 }, 1, false }, { { (const uint8_t *) "$.k", 3 }, 0, false }
    };

    if (policy.arena != NULL) {
        return;
    }

    policy.arena = consent_arena_create(1 << 20);
    policy.categories = categories;
    policy.n_categories = 2;
    policy.consent_mask = 3;
    detector.name = consent_lit("se.personnummer");
    categories[1].text = &detector;
    categories[1].n_text = 1;

    require(consent_json_paths_compile(&policy.json_paths, policy.arena, patterns, consent_countof(patterns)) == CONSENT_OK
            && consent_detectors_compile(&detectors, &policy, NULL) == CONSENT_OK && detectors != NULL);

    fuzz_names(&policy.fields, policy.arena);
}


/* flags: 1 text is looked at, 2 unknown names go, 4 lines, 8 no vector instructions, 16 unknown names are told of. */
static void
pass(out_t *out, consent_slice_t in, uint32_t cuts, unsigned flags)
{
    size_t                i, n;
    void                 *memory;
    uint8_t              *copy;
    consent_inspect_t     inspect;
    consent_transform_t  *t;

    memset(out, 0, sizeof(*out));
    memset(&inspect, 0, sizeof(inspect));

    inspect.how.policy = &policy;
    inspect.how.count_unknown = flags & (2 | 16);
    inspect.how.remove_unknown = flags & 2;
    inspect.how.unknown = tell;
    inspect.how.unknown_arg = out;
    inspect.detectors = detectors;
    inspect.masks = flags & 1 ? consent_masks_create() : NULL;

    memory = malloc(consent_json_size(detectors));
    t = consent_json_init(memory, &inspect, flags & 4);

    if (flags & 8) {
        consent_json_plain(t);
    }

    i = 0;

    do {
        n = in.len - i;

        if (cuts != 0) {
            n = cuts == 1 ? 1 : cuts % 41;
            n = n < in.len - i ? n : in.len - i;
            cuts = cuts == 1 ? 1 : (cuts * 1103515245 + 12345) | 2;
        }

        copy = malloc(n + 1);
        memcpy(copy, in.data == NULL ? (const uint8_t *) "" : in.data + i, n);
        i += n;
        out->rc = consent_transform_feed(t, copy, n, i == in.len, collect, out);
        free(copy);

    } while (out->rc == CONSENT_OK && i < in.len);

    require((out->rc == CONSENT_OK) == (inspect.doubt == CONSENT_DOUBT_NONE));

    consent_transform_destroy(t);
    consent_masks_destroy(inspect.masks);
    free(memory);

    out->doubt = inspect.doubt;
    out->found = inspect.found;
}


static consent_rc_t
collect(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    out_t  *out = arg;

    (void) kind;
    require(len > 0);

    if (out->len + len > out->size) {
        out->size = 2 * (out->len + len);
        out->data = realloc(out->data, out->size);
    }

    memcpy(out->data + out->len, data, len);
    out->len += len;

    return CONSENT_OK;
}


static void
tell(void *arg, consent_carrier_t carrier, consent_slice_t name)
{
    size_t  i;
    out_t  *out = arg;

    require(carrier == CONSENT_CARRIER_JSON);

    for (i = 0; i < name.len; i++) {
        out->told = (out->told ^ name.data[i]) * 0x100000001b3;
    }

    out->told = out->told * 31 + name.len;
}


/* It takes no lone surrogate and no name twice, and knows no byte order mark. */
static void
against_parser(const out_t *out, consent_slice_t in)
{
    consent_rc_t           rc;
    consent_json_t        *root;
    consent_arena_t       *arena;
    consent_json_error_t   err;

    if (in.len >= 3 && memcmp(in.data, "\xef\xbb\xbf", 3) == 0) {
        return;
    }

    arena = consent_arena_create(1 << 26);
    rc = consent_json_parse(&root, arena, in, 512, &err);

    if (out->rc == CONSENT_OK) {
        require(rc == CONSENT_OK || strstr(err.what, "second time") != NULL || strstr(err.what, "surrogate") != NULL);

    } else {
        require(rc != CONSENT_OK || (out->doubt != CONSENT_DOUBT_SYNTAX && out->doubt != CONSENT_DOUBT_CHARSET));
    }

    if (rc == CONSENT_OK && out->rc == CONSENT_OK) {
        rc = consent_json_parse(&root, arena, consent_slice(out->data, out->len), 512, &err);
        require(rc == CONSENT_OK || strstr(err.what, "second time") != NULL);

        if (rc == CONSENT_OK) {
            check_names(root);
        }
    }

    consent_arena_destroy(arena);
}


static void
check_names(const consent_json_t *v)
{
    const consent_json_t  *child;

    for (child = v->first; child != NULL; child = child->next) {
        require(v->type != CONSENT_JSON_OBJECT || !consent_slice_ieq(child->name, consent_lit("pnr")));
        check_names(child);
    }
}


/* A value under a protected name in some spelling, before, behind and within what the fuzzer says. */
static void
planted(const uint8_t *data, size_t size, unsigned flags)
{
    out_t     out;
    char      name[64], *in;
    size_t    i, n;
    unsigned  c;

    n = 0;

    for (i = 0; i < 3; i++) {
        c = size > i ? data[i] : 0;
        n += (size_t) sprintf(name + n, c & 1 ? "\\u00%02x" : "%c", (unsigned) "pnr"[i] ^ (c & 2 ? 0x20U : 0));
    }

    in = malloc(2 * size + 400);
    n = (size_t) sprintf(in, "{\"x\":1,\"%s\":\"" CANARY "\",\"y\":", name);
    memcpy(in + n, data, size);
    n += size;
    n += (size_t) sprintf(in + n, ",\"z\":\"{\\\"PNR\\\":\\\"" CANARY "\\\"}\",\"%s\":[\"" CANARY "\"],", name);
    n += (size_t) sprintf(in + n, "\"u\":\"/?%s=" CANARY "\"}", name);

    pass(&out, consent_slice(in, n), size > 3 ? data[3] : 0, flags);
    require(out.rc != CONSENT_OK || out.len == 0 || memmem(data, size, CANARY, 6) != NULL
            || memmem(out.data, out.len, CANARY, 6) == NULL);

    free(out.data);
    free(in);
}


/* In the middle of a document that is long enough to be read fast. */
static void
surrounded(const uint8_t *data, size_t size, unsigned flags)
{
    out_t   one, two;
    char   *in;
    size_t  n;

    in = malloc(size + 1000);
    n = (size_t) sprintf(in, "[{\"name\":\"value\",\"n\":1},");
    memcpy(in + n, data, size);
    n += size;
    n += (size_t) sprintf(in + n, ",\"%0600d\"]", 0);

    pass(&one, consent_slice(in, n), 0, flags & ~8U);
    pass(&two, consent_slice(in, n), 0, flags | 8);
    require(one.rc == two.rc && one.doubt == two.doubt && (one.rc != CONSENT_OK || same(&one, &two)));

    free(one.data);
    free(two.data);
    free(in);
}


static bool
same(const out_t *one, const out_t *two)
{
    return one->told == two->told && one->len == two->len && (one->len == 0 || memcmp(one->data, two->data, one->len) == 0);
}


static void
require(bool condition)
{
    if (!condition) {
        abort();
    }
}
