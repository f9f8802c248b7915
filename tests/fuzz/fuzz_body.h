/*
 * What the fuzzers of body transforms share: a policy of a few names with members, a personal number to look for, and
 * feeding in any pieces.
 */

#ifndef FUZZ_BODY_H
#define FUZZ_BODY_H

#include "fuzz_minimize.h"
#include "minimize/body.h"

typedef consent_transform_t *(*fuzz_make_pt)(void **memory, consent_inspect_t *inspect);

typedef struct {
    consent_rc_t     rc;
    consent_doubt_t  doubt;
    consent_found_t  found;
    consent_buf_t    out;
} fuzz_body_t;


static inline consent_rc_t
fuzz_body_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_buf_t  *b = arg;

    (void) kind;

    if (len == 0) {
        abort();
    }

    consent_buf_add(b, data, len);

    return b->rc;
}


/* The policy of the other passes, whose second category also has a member and a text. */
static inline const consent_policy_t *
fuzz_body_policy(consent_detectors_t **detectors)
{
    static consent_policy_t      policy;
    static consent_category_t    categories[4];
    static consent_slice_t       paths[1];
    static consent_detector_t    texts[1];
    static consent_detectors_t  *compiled;

    if (compiled == NULL) {
        policy = *fuzz_policy();
        memcpy(categories, policy.categories, sizeof(categories));
        paths[0] = consent_lit("$..pnr");
        texts[0].name = consent_lit("se.personnummer");
        categories[1].json = (consent_list_t) { paths, 1 };
        categories[1].text = texts;
        categories[1].n_text = 1;
        policy.categories = categories;
        policy.body_mask = 15;
        policy.bodies_block = true;
        fuzz_names(&policy.fields, policy.arena);

        if (consent_detectors_compile(&compiled, &policy, NULL) != CONSENT_OK) {
            abort();
        }
    }

    *detectors = compiled;

    return &policy;
}


/* Pieces of `step` bytes, each in memory of its own size; 0: of lengths that the bytes themselves choose. */
static inline void
fuzz_body(fuzz_body_t *f, fuzz_make_pt make, const uint8_t *in, size_t n, size_t step)
{
    size_t                from, take;
    uint8_t              *piece;
    void                 *memory;
    consent_inspect_t     inspect;
    consent_transform_t  *t;
    consent_detectors_t  *detectors;

    memset(&inspect, 0, sizeof(inspect));
    inspect.how.policy = fuzz_body_policy(&detectors);
    inspect.detectors = detectors;
    inspect.masks = consent_masks_create();
    consent_buf_init(&f->out, 1 << 24);

    t = make(&memory, &inspect);
    from = 0;

    do {
        take = step == 0 && n > from ? in[from] % 16u : step;
        take = take < n - from ? take : n - from;
        take = step == 0 && take == 0 && n > from ? 1 : take;

        piece = malloc(take + 1);
        memcpy(piece, in + from, take);
        from += take;
        f->rc = consent_transform_feed(t, piece, take, from == n, fuzz_body_emit, &f->out);
        free(piece);

    } while (f->rc == CONSENT_OK && from < n);

    f->doubt = inspect.doubt;
    f->found = inspect.found;

    if (f->rc != CONSENT_OK && f->doubt == CONSENT_DOUBT_NONE) {
        abort();
    }

    consent_transform_destroy(t);
    free(memory);
    consent_masks_destroy(inspect.masks);
}


static inline size_t
fuzz_body_masks(const consent_buf_t *b)
{
    size_t          n;
    const uint8_t  *p, *end;

    static const char  word[] = "personnummer";

    if (b->len == 0) {
        return 0;
    }

    n = 0;
    end = b->data + b->len;

    for (p = b->data; (p = memmem(p, (size_t) (end - p), word, sizeof(word) - 1)) != NULL; p++) {
        n++;
    }

    return n;
}


/* However it comes, the same comes of it; and what is left passes once more as it is. But where a mask was put in: its
 * bracket may be the end of a name, and its word one, so that more may go; no more is found to be masked. */
static inline void
fuzz_body_pass(fuzz_body_t *f, fuzz_make_pt make, const uint8_t *in, size_t n)
{
    size_t       i;
    fuzz_body_t  again;

    static const size_t  steps[] = { 1, 0, 7 };

    fuzz_body(f, make, in, n, n + 1);

    for (i = 0; i < consent_countof(steps); i++) {
        fuzz_body(&again, make, in, n, steps[i]);

        if (again.rc != f->rc || again.doubt != f->doubt
            || (f->rc == CONSENT_OK && (!consent_slice_eq(consent_buf_view(&again.out), consent_buf_view(&f->out))
                                        || again.found.removed != f->found.removed
                                        || again.found.pairs != f->found.pairs)))
        {
            abort();
        }

        consent_buf_free(&again.out);
    }

    if (f->rc != CONSENT_OK) {
        return;
    }

    fuzz_body(&again, make, f->out.data == NULL ? (const uint8_t *) "" : f->out.data, f->out.len, f->out.len + 1);

    if (fuzz_body_masks(&f->out) > 0) {
        if (fuzz_body_masks(&again.out) > fuzz_body_masks(&f->out)) {
            abort();
        }

    } else if (again.rc != CONSENT_OK || again.found.removed != 0
               || !consent_slice_eq(consent_buf_view(&again.out), consent_buf_view(&f->out)))
    {
        abort();
    }

    consent_buf_free(&again.out);
}

#endif
