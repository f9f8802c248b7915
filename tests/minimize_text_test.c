/*
 * Plain text through its transform: masks in the place of what was found, all else borrowed where it can be.
 */

#include "minimize_detect.h"
#include "minimize/body.h"

typedef struct {
    consent_buf_t   out;
    const uint8_t  *piece;
    size_t          n;
    size_t          borrowed;
} sink_t;

static const char  in[] = "Hej, jag heter Kalle (811228-9874). Ring +46 70 123 45 67 eller skriv till kalle@example.se!\n"
                          "K-1234 \xe2\x80\x93 kalle@example.se, 19811228 9874, 070-123 45 67\n";
static const char  out[] = "Hej, jag heter Kalle ([personnummer 1]). Ring [phone 1] eller skriv till [email 1]!\n"
                           "[case 1] \xe2\x80\x93 [email 1], [personnummer 1], [phone 1]\n";


static consent_rc_t
emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    sink_t  *s = arg;

    assert_true(len > 0);

    if (kind == CONSENT_SPAN_BORROWED) {
        assert_true(data >= s->piece && data + len <= s->piece + s->n);
        s->borrowed += len;
    }

    consent_buf_add(&s->out, data, len);

    return CONSENT_OK;
}


static void
transform(sink_t *s, consent_transform_t *t, const char *text, size_t n, size_t each)
{
    size_t    from, take;
    uint8_t  *piece;

    consent_buf_init(&s->out, 1 << 20);
    s->borrowed = 0;
    from = 0;

    do {
        take = each < n - from ? each : n - from;
        piece = malloc(take + 1);
        memcpy(piece, text + from, take);
        from += take;
        s->piece = piece;
        s->n = take;

        assert_int_equal(consent_transform_feed(t, piece, take, from == n, emit, s), CONSENT_OK);
        free(piece);
    } while (from < n);
}


static void
masks_come_out_whatever_the_pieces(void **state)
{
    void                 *memory;
    size_t                each;
    texts_t               t;
    sink_t                sink;
    consent_inspect_t     inspect;
    consent_detectors_t  *detectors;
    consent_transform_t  *text;

    (void) state;

    consent_detectors_destroy(texts_all(&t));
    texts_add(&t, CARD, "case", "K-[0-9]{4}");
    detectors = texts_compile(&t);
    memory = malloc(consent_text_size(detectors));

    for (each = 1; each <= sizeof(in); each++) {
        memset(&inspect, 0, sizeof(inspect));
        inspect.detectors = detectors;
        inspect.masks = consent_masks_create();
        text = consent_text_init(memory, &inspect, false);

        transform(&sink, text, in, sizeof(in) - 1, each);
        consent_buf_char(&sink.out, '\0');
        assert_string_equal(sink.out.data, out);
        assert_int_equal(inspect.found.pairs, 7);
        assert_int_equal(inspect.found.carriers, 1 << CONSENT_CARRIER_TEXT);

        if (each >= sizeof(in) - 1) {
            assert_int_equal(sink.borrowed, 60);
        }

        assert_memory_equal(consent_masks_value(inspect.masks, consent_lit("[phone 1]")).data, "+46 70 123 45 67", 16);

        consent_buf_free(&sink.out);
        consent_transform_destroy(text);
        consent_masks_destroy(inspect.masks);
    }

    free(memory);
    consent_detectors_destroy(detectors);
}


static void
without_masks_all_is_borrowed(void **state)
{
    void                 *memory;
    sink_t                sink;
    consent_inspect_t     inspect;
    consent_transform_t  *text;

    (void) state;

    memset(&inspect, 0, sizeof(inspect));
    memory = malloc(consent_text_size(NULL));
    text = consent_text_init(memory, &inspect, false);

    transform(&sink, text, in, sizeof(in) - 1, 7);
    assert_int_equal(sink.out.len, sizeof(in) - 1);
    assert_memory_equal(sink.out.data, in, sizeof(in) - 1);
    assert_int_equal(sink.borrowed, sizeof(in) - 1);

    consent_buf_free(&sink.out);
    consent_transform_destroy(text);
    free(memory);
}


static void
an_empty_text_is_empty(void **state)
{
    void                 *memory;
    texts_t               t;
    sink_t                sink;
    consent_inspect_t     inspect;
    consent_detectors_t  *detectors = texts_all(&t);
    consent_transform_t  *text;

    (void) state;

    memset(&inspect, 0, sizeof(inspect));
    inspect.detectors = detectors;
    inspect.masks = consent_masks_create();
    memory = malloc(consent_text_size(detectors));
    text = consent_text_init(memory, &inspect, false);
    consent_buf_init(&sink.out, 16);

    assert_int_equal(consent_transform_feed(text, NULL, 0, false, emit, &sink), CONSENT_OK);
    assert_int_equal(consent_transform_feed(text, NULL, 0, true, emit, &sink), CONSENT_OK);
    assert_int_equal(sink.out.len, 0);

    consent_transform_destroy(text);
    free(memory);
    consent_masks_destroy(inspect.masks);
    consent_detectors_destroy(detectors);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(masks_come_out_whatever_the_pieces),
        cmocka_unit_test(without_masks_all_is_borrowed),
        cmocka_unit_test(an_empty_text_is_empty)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
