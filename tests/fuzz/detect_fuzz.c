/*
 * Any bytes, in any pieces: the same is masked, little waits, what is masked is what the mask stands for, and a number
 * that stands in a line of its own never survives.
 */

#include "fuzz_detect.h"

typedef struct {
    consent_buf_t             out;
    const uint8_t            *in;
    size_t                    from;
    size_t                    fed;
    const consent_masks_t    *masks;
} fed_t;


static consent_rc_t
each(void *arg, size_t n, consent_slice_t mask)
{
    fed_t            *f = arg;
    consent_slice_t   value;

    if (n == 0 || n > f->fed - f->from) {
        abort();
    }

    if (mask.len == 0) {
        consent_buf_add(&f->out, f->in + f->from, n);

    } else {
        value = consent_masks_value(f->masks, mask);

        /* the first spelling is not longer than any can be */
        if (mask.len > CONSENT_MASK_LEN || value.len == 0 || n > CONSENT_MASK_MAX_VALUE) {
            abort();
        }

        consent_buf_slice(&f->out, mask);
    }

    f->from += n;

    return CONSENT_OK;
}


/* In pieces whose sizes come of `sizes`; 0 of them: in one. */
static void
run(fed_t *f, consent_found_t *found, const uint8_t *in, size_t n, consent_slice_t sizes, bool own,
    consent_mask_t granted)
{
    void               *memory;
    size_t              i, take;
    uint8_t            *piece;
    consent_detect_t   *d;
    consent_inspect_t   inspect;

    fuzz_inspect(&inspect, fuzz_detectors(own), granted);
    memory = malloc(consent_detect_size(inspect.detectors));
    d = consent_detect_init(memory, &inspect);

    consent_buf_init(&f->out, 1 << 24);
    f->in = in;
    f->masks = inspect.masks;
    f->from = f->fed = 0;
    i = 0;

    do {
        take = n - f->fed;

        if (sizes.len > 0 && take > 0) {
            i++;
            take = sizes.data[i % sizes.len] % 97u * (sizes.data[i % sizes.len] & 1 ? 31u : 1u);
            take = take == 0 ? 1 : take;
            take = take < n - f->fed ? take : n - f->fed;
        }

        piece = malloc(take + 1);

        if (take > 0) {
            memcpy(piece, in + f->fed, take);
        }

        f->fed += take;

        if (consent_detect_feed(d, piece, take, f->fed == n, each, f) != CONSENT_OK
            || f->fed - f->from > CONSENT_DETECT_HELD)
        {
            abort();
        }

        free(piece);
    } while (f->fed < n);

    if (f->from != n || f->out.len > n + inspect.found.pairs * CONSENT_MASK_LEN
        || (sizes.len == 0 && n > 0 && consent_detect_clear(d, in, n) && inspect.found.seen != 0)
        || (inspect.found.removed & granted))
    {
        abort();
    }

    *found = inspect.found;
    consent_detect_end(d);
    free(memory);
    consent_masks_destroy(inspect.masks);
}


static void
same(const uint8_t *in, size_t n, consent_slice_t sizes, bool own, consent_mask_t granted)
{
    fed_t            whole, pieces;
    consent_found_t  found, again;

    run(&whole, &found, in, n, consent_slice(NULL, 0), own, granted);
    run(&pieces, &again, in, n, sizes, own, granted);

    if (whole.out.len != pieces.out.len || memcmp(&found, &again, sizeof(found)) != 0
        || (whole.out.len > 0 && memcmp(whole.out.data, pieces.out.data, whole.out.len) != 0))
    {
        abort();
    }

    consent_buf_free(&whole.out);
    consent_buf_free(&pieces.out);
}


static void
planted(const uint8_t *in, size_t n, size_t at)
{
    static const char *const  values[] = {
        "811228-9874", "198112289874", "131052-308T", "kalle@example.se", "070-123 45 67", "+358 40 123 4567",
        "SE45 5000 0000 0583 9825 7466", "4111 1111 1111 1111"
    };

    fed_t             f;
    size_t            i;
    consent_buf_t     b;
    consent_found_t   found;

    for (i = 0; i < consent_countof(values); i++) {
        consent_buf_init(&b, 1 << 24);
        consent_buf_add(&b, in, at);
        consent_buf_str(&b, "\n");
        consent_buf_str(&b, values[i]);
        consent_buf_str(&b, "\n");
        consent_buf_add(&b, in + at, n - at);

        run(&f, &found, b.data, b.len, consent_slice(NULL, 0), false, 0);

        /* as often as the text around it shows it by itself, which is never */
        if (memmem(f.out.data, f.out.len, values[i], strlen(values[i])) != NULL
            && memmem(in, n, values[i], strlen(values[i])) == NULL)
        {
            abort();
        }

        consent_buf_free(&f.out);
        consent_buf_free(&b);
    }
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t           n;
    consent_slice_t  sizes;

    if (size < 10) {
        return 0;
    }

    sizes = consent_slice(data, 8);
    n = size - 8;
    data += 8;

    same(data, n, sizes, false, 0);
    same(data, n, sizes, true, 0);
    same(data, n, sizes, true, (consent_mask_t) sizes.data[0] << 1 | (sizes.data[1] & 1));

    if ((sizes.data[2] & 3) == 0) {
        planted(data, n, sizes.data[3] < n ? sizes.data[3] : n);
    }

    return 0;
}
