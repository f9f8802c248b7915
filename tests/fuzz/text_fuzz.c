/*
 * Text of any bytes in any pieces: the same comes out, borrowed spans are the input's, and what is not masked is
 * unchanged.
 */

#include "fuzz_detect.h"

typedef struct {
    consent_buf_t   out;
    const uint8_t  *piece;
    size_t          n;
} sink_t;


static consent_rc_t
emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    sink_t  *s = arg;

    if (len == 0 || (kind == CONSENT_SPAN_BORROWED && (data < s->piece || data + len > s->piece + s->n))) {
        abort();
    }

    consent_buf_add(&s->out, data, len);

    return CONSENT_OK;
}


static void
run(consent_buf_t *out, const uint8_t *in, size_t n, size_t each)
{
    void                 *memory;
    size_t                from, take;
    sink_t                sink;
    uint8_t              *piece;
    consent_inspect_t     inspect;
    consent_transform_t  *t;

    fuzz_inspect(&inspect, fuzz_detectors(true), 0);
    memory = malloc(consent_text_size(inspect.detectors));
    t = consent_text_init(memory, &inspect, false);
    consent_buf_init(&sink.out, 1 << 24);
    from = 0;

    do {
        take = each < n - from ? each : n - from;
        piece = malloc(take + 1);

        if (take > 0) {
            memcpy(piece, in + from, take);
        }

        from += take;
        sink.piece = piece;
        sink.n = take;

        if (consent_transform_feed(t, piece, take, from == n, emit, &sink) != CONSENT_OK) {
            abort();
        }

        free(piece);
    } while (from < n);

    if (inspect.found.pairs == 0 && (sink.out.len != n || (n > 0 && memcmp(sink.out.data, in, n) != 0))) {
        abort();
    }

    *out = sink.out;
    consent_transform_destroy(t);
    free(memory);
    consent_masks_destroy(inspect.masks);
}


int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t         i;
    consent_buf_t  whole, pieces;

    static const size_t  sizes[] = { 1, 5, 600 };

    run(&whole, data, size, size + 1);

    for (i = 0; i < consent_countof(sizes); i++) {
        run(&pieces, data, size, sizes[i]);

        if (whole.len != pieces.len || (whole.len > 0 && memcmp(whole.data, pieces.data, whole.len) != 0)) {
            abort();
        }

        consent_buf_free(&pieces);
    }

    consent_buf_free(&whole);

    return 0;
}
