/*
 * What the tests of the detectors share: a policy whose text carriers they choose, and feeding a text in pieces.
 */

#ifndef TESTS_MINIMIZE_DETECT_H
#define TESTS_MINIMIZE_DETECT_H

#include "minimize.h"
#include "minimize/detect.h"

/* Just what detectors look at of a policy: category i has the texts of row i. */
typedef struct {
    consent_policy_t    policy;
    consent_category_t  categories[8];
    consent_detector_t  texts[8][8];
} texts_t;

typedef struct {
    consent_buf_t   out;
    const uint8_t  *in;
    size_t          from;       /* bytes of the text that something has been said of */
    size_t          fed;
    size_t          most;       /* bytes that waited, at most */
} fed_t;


static inline void
texts_add(texts_t *t, size_t category, const char *name, const char *regex)
{
    consent_category_t  *c = &t->categories[category];

    t->policy.categories = t->categories;
    t->policy.n_categories = t->policy.n_categories > category ? t->policy.n_categories : category + 1;
    t->policy.consent_mask |= (consent_mask_t) 1 << category;

    c->text = t->texts[category];
    c->text[c->n_text].name = consent_cstr(name);
    c->text[c->n_text++].regex = consent_cstr(regex);
}


static inline consent_detectors_t *
texts_compile(texts_t *t)
{
    consent_detectors_t  *detectors;

    assert_int_equal(consent_detectors_compile(&detectors, &t->policy, NULL), CONSENT_OK);

    return detectors;
}


/* A category for each built-in detector, in this order. */
enum { PERSONNUMMER, HETU, EMAIL, PHONE, IBAN, CARD };

static inline consent_detectors_t *
texts_all(texts_t *t)
{
    size_t                    i;
    static const char *const  names[] = { "se.personnummer", "fi.hetu", "email", "phone", "iban", "card" };

    memset(t, 0, sizeof(*t));

    for (i = 0; i < consent_countof(names); i++) {
        texts_add(t, i, names[i], NULL);
    }

    return texts_compile(t);
}


static inline consent_rc_t
fed_each(void *arg, size_t n, consent_slice_t mask)
{
    fed_t  *f = arg;

    assert_true(n > 0 && f->from + n <= f->fed);

    if (mask.len > 0) {
        consent_buf_slice(&f->out, mask);

    } else {
        consent_buf_add(&f->out, f->in + f->from, n);
    }

    f->from += n;

    return CONSENT_OK;
}


/* A text in pieces of `first` bytes and then of `each`; each piece in memory of its own size. */
static inline void
feed(fed_t *f, consent_detect_t *d, const char *in, size_t n, size_t first, size_t each)
{
    size_t    from, take;
    uint8_t  *piece;

    consent_buf_init(&f->out, 1 << 24);
    f->in = (const uint8_t *) in;
    f->from = f->fed = f->most = 0;

    for (from = 0, take = first < n ? first : n; /* void */ ; from += take, take = each < n - from ? each : n - from) {
        piece = malloc(take + 1);
        memcpy(piece, in + from, take);
        f->fed = from + take;

        assert_int_equal(consent_detect_feed(d, piece, take, f->fed == n, fed_each, f), CONSENT_OK);

        free(piece);
        f->most = f->fed - f->from > f->most ? f->fed - f->from : f->most;

        if (f->fed == n) {
            break;
        }
    }

    assert_int_equal(f->from, n);
    assert_true(f->most <= CONSENT_DETECT_HELD);
    assert_int_equal(f->out.rc, CONSENT_OK);
}


/* What becomes of a text, with the masks of a request of its own. The caller frees it. */
static inline char *
detected(const consent_detectors_t *detectors, const char *in, size_t n, size_t first, size_t each,
    consent_mask_t granted, consent_found_t *found)
{
    char               *out;
    void               *memory;
    fed_t               f;
    consent_inspect_t   inspect;
    consent_detect_t   *d;

    memset(&inspect, 0, sizeof(inspect));
    inspect.detectors = detectors;
    inspect.masks = consent_masks_create();
    inspect.how.granted = granted;

    memory = malloc(consent_detect_size(detectors));
    d = consent_detect_init(memory, &inspect);

    feed(&f, d, in, n, first, each);
    consent_detect_end(d);

    consent_buf_char(&f.out, '\0');
    out = malloc(f.out.len);
    memcpy(out, f.out.data, f.out.len);
    consent_buf_free(&f.out);

    if (found != NULL) {
        *found = inspect.found;
    }

    free(memory);
    consent_masks_destroy(inspect.masks);

    return out;
}


/* In one piece, split at every place, and byte by byte: always `out`. */
static inline void
check_text(const consent_detectors_t *detectors, int line, const char *in, size_t n, const char *out,
    consent_mask_t granted)
{
    char             *got;
    size_t            i;
    consent_found_t   found, first;

    for (i = 0; i <= n; i++) {
        got = detected(detectors, in, n, i == 0 ? 1 : i, i == 0 ? 1 : n, granted, &found);

        if (strcmp(got, out) != 0) {
            fail_msg("line %d: \"%s\", split at %zu, gave \"%s\" instead of \"%s\"", line, in, i, got, out);
        }

        if (i > 0 && memcmp(&found, &first, sizeof(found)) != 0) {
            fail_msg("line %d: \"%s\", split at %zu, found something else", line, in, i);
        }

        first = found;
        free(got);
    }
}


/* The same far into a text, where what stands before the split has to be decided: more than may wait comes first. */
static inline void
check_text_far(const consent_detectors_t *detectors, int line, const char *in, const char *out, consent_mask_t granted)
{
    char            *got;
    size_t           i, k, n, before;
    consent_buf_t    text, expected;

    n = strlen(in);

    for (k = 0; k < 2; k++) {
        consent_buf_init(&text, 1 << 16);
        consent_buf_init(&expected, 1 << 16);

        for (before = 0; before < CONSENT_DETECT_HELD + 99; before++) {
            consent_buf_char(&text, before % 9 == 0 ? ' ' : 'a');
        }

        consent_buf_str(&text, "\n");
        consent_buf_slice(&expected, consent_buf_view(&text));

        before = text.len;
        consent_buf_str(&text, in);
        consent_buf_str(&expected, out);
        consent_buf_char(&expected, '\0');

        for (i = 0; i <= n; i++) {
            got = detected(detectors, (char *) text.data, text.len, before + i, k == 0 ? n + 1 : 1, granted, NULL);

            if (strcmp(got, (char *) expected.data) != 0) {
                fail_msg("line %d: \"%s\", far and split at %zu, gave \"%s\"", line, in, i, got + before);
            }

            free(got);
        }

        consent_buf_free(&text);
        consent_buf_free(&expected);
    }
}

#endif
