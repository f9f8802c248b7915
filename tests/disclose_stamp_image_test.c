/*
 * Images say what made them in XMP; one that is signed, or has XMP of its own, is not touched.
 */

#include "disclose_stamp.h"

#include <zlib.h>

#define MACHINE   CONSENT_STAMP_MACHINE
#define METADATA  CONSENT_STAMP_METADATA
#define SIGNED    CONSENT_STAMP_SIGNED
#define FORMAT    CONSENT_STAMP_FORMAT
#define NO_PLACE  CONSENT_STAMP_NO_PLACE

#define SOURCE    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"


static void
chunk(consent_buf_t *b, const char *type, const char *content, size_t len)
{
    size_t    from = b->len + 4;
    uint32_t  crc;

    consent_buf_add(b, (uint8_t []) { (uint8_t) (len >> 24), (uint8_t) (len >> 16), (uint8_t) (len >> 8), (uint8_t) len },
                    4);
    consent_buf_add(b, type, 4);
    consent_buf_add(b, content, len);
    crc = (uint32_t) crc32(0, b->data + from, (uInt) (len + 4));
    consent_buf_add(b, (uint8_t []) { (uint8_t) (crc >> 24), (uint8_t) (crc >> 16), (uint8_t) (crc >> 8), (uint8_t) crc },
                    4);
}


/* One chunk for each letter: '!' is where ours is expected. */
static void
png_make(consent_buf_t *body, consent_buf_t *expected, const char *chunks, consent_slice_t ours)
{
    size_t          i;
    consent_buf_t  *b[2] = { body, expected };

    static char  large[300000];

    for (i = 0; i < 2; i++) {
        consent_buf_init(b[i], PAGE_ROOM);
        consent_buf_add(b[i], "\x89PNG\r\n\x1a\n", 8);

        for (const char *p = chunks; *p != '\0'; p++) {
            switch (*p) {
            case 'H':
                chunk(b[i], "IHDR", "\0\0\0\1\0\0\0\1\10\0\0\0\0", 13);
                break;
            case 'g':
                chunk(b[i], "gAMA", "\0\0\261\217", 4);
                break;
            case 't':
                chunk(b[i], "iTXt", "Comment\0\0\0\0\0Hej", 15);
                break;
            case 'T':
                chunk(b[i], "iTXt", "XML:com.adobe.xmq\0\0\0\0\0<x/>", 26);
                break;
            case 'x':
                chunk(b[i], "iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x/>", 26);
                break;
            case 'l':
                chunk(b[i], "iCCP", large, sizeof(large));
                break;
            case 'c':
                chunk(b[i], "caBX", "jumb", 4);
                break;
            case 'D':
                chunk(b[i], "IDAT", "\x78\x9c\x63\0\0\0\2\0\1", 9);
                break;
            case 'E':
                chunk(b[i], "IEND", "", 0);
                break;
            case '!':
                if (i == 1) {
                    consent_buf_slice(b[i], ours);
                }
                break;
            }
        }
    }
}


static void
png_has_a_text_chunk_before_its_data(void **state)
{
    static const struct {
        const char               *chunks;
        size_t                    cut;
        consent_stamp_outcome_t   outcome;
    } rows[] = {
        { "H!DE", 0, MACHINE }, { "Hgt!DDE", 0, MACHINE }, { "HlT!DxE", 0, MACHINE }, { "HxDE", 0, METADATA },
        { "HgxDE", 0, METADATA }, { "HcDE", 0, SIGNED }, { "HgtlcxDE", 0, SIGNED }, { "HHDE", 0, FORMAT },
        { "gHDE", 0, FORMAT }, { "HE", 0, FORMAT }, { "DE", 0, FORMAT }, { "H!D", 5, MACHINE }, { "Hg", 2, NO_PLACE },
        { "H", 20, FORMAT }, { "H", 16, NO_PLACE }, { "H", 26, FORMAT }, { "Ht", 18, NO_PLACE }
    };

    size_t                 i;
    fixture_t             *f = *state;
    consent_buf_t          body, expected;
    consent_stamp_conf_t   conf = body_conf(f);

    for (i = 0; i < consent_countof(rows); i++) {
        png_make(&body, &expected, rows[i].chunks, f->ai.png);

        if (body.len < 1000 || i % 3 == 0) {
            body_check_bytes(CONSENT_KIND_PNG, &conf, consent_slice(body.data, body.len - rows[i].cut),
                             consent_slice(expected.data, expected.len - rows[i].cut), rows[i].outcome, (int) i);
        }

        consent_buf_free(&body);
        consent_buf_free(&expected);
    }
}


static void
its_chunk_is_right(void **state)
{
    size_t          len;
    uint32_t        crc;
    fixture_t      *f = *state;
    const uint8_t  *p = f->ai.png.data;

    len = f->ai.png.len;
    assert_int_equal((size_t) p[2] << 8 | p[3], len - 12);
    assert_int_equal(memcmp(p + 4, "iTXtXML:com.adobe.xmp\0\0\0\0\0<?xpacket", 35), 0);

    crc = (uint32_t) crc32(0, p + 4, (uInt) (len - 8));
    assert_int_equal((uint32_t) p[len - 4] << 24 | (uint32_t) p[len - 3] << 16 | (uint32_t) p[len - 2] << 8 | p[len - 1],
                     crc);
    assert_non_null(memmem(p, len, ">" SOURCE "<", sizeof(SOURCE) + 1));
    assert_int_equal(f->people.png.len + f->people.jpeg.len, 0);
}


static void
segment(consent_buf_t *b, uint8_t marker, const char *content, size_t len)
{
    consent_buf_add(b, (uint8_t []) { 0xff, marker, (uint8_t) ((len + 2) >> 8), (uint8_t) (len + 2) }, 4);
    consent_buf_add(b, content, len);
}


static void
jpeg_make(consent_buf_t *body, consent_buf_t *expected, const char *segments, consent_slice_t ours)
{
    size_t          i;
    consent_buf_t  *b[2] = { body, expected };

    static char  large[60000];

    for (i = 0; i < 2; i++) {
        consent_buf_init(b[i], PAGE_ROOM);

        for (const char *p = segments; *p != '\0'; p++) {
            switch (*p) {
            case 'I':
                consent_buf_add(b[i], "\xff\xd8", 2);
                break;
            case '0':
                segment(b[i], 0xe0, "JFIF\0\1\1\0\0\1\0\1\0\0", 14);
                break;
            case 'e':
                segment(b[i], 0xe1, "Exif\0\0MM", 8);
                break;
            case 'E':
                segment(b[i], 0xe1, large, sizeof(large));
                break;
            case 'x':
                segment(b[i], 0xe1, "http://ns.adobe.com/xap/1.0/\0<x/>", 33);
                break;
            case 'c':
                segment(b[i], 0xeb, "JP\0\0", 4);
                break;
            case 'm':
                segment(b[i], 0xfe, "Hej", 3);
                break;
            case 'q':
                segment(b[i], 0xdb, large, 65);
                break;
            case 'Q':
                segment(b[i], 0xdb, large, 4092);
                break;
            case 'f':
                segment(b[i], 0xc0, large, 15);
                break;
            case 'S':
                segment(b[i], 0xda, "\1\1\0\0\77\0", 6);
                consent_buf_add(b[i], "\xff\xeb\x12\xff\0\xff\xd9", 7);
                break;
            case '?':
                consent_buf_add(b[i], "\xff\xff\xe0\0", 4);
                break;
            case '!':
                if (i == 1) {
                    consent_buf_slice(b[i], ours);
                }
                break;
            }
        }
    }
}


static void
jpeg_has_a_segment_behind_its_own(void **state)
{
    static const struct {
        const char               *segments;
        consent_stamp_outcome_t   outcome;
    } rows[] = {
        { "I0!qfqS", MACHINE }, { "I0eEm!qfS", MACHINE }, { "I!S", MACHINE }, { "I0exqfS", METADATA },
        { "I0qfxS", METADATA }, { "I0ecqfS", SIGNED }, { "I0qcfS", SIGNED }, { "I0!qmemfS", MACHINE },
        { "0qS", FORMAT }, { "I?", FORMAT }, { "I0Qff", NO_PLACE }, { "I0!QS", MACHINE }, { "I0qf", NO_PLACE },
        { "I", NO_PLACE }, { "", FORMAT }
    };

    size_t                 i;
    fixture_t             *f = *state;
    consent_buf_t          body, expected;
    consent_stamp_conf_t   conf = body_conf(f);

    for (i = 0; i < consent_countof(rows); i++) {
        jpeg_make(&body, &expected, rows[i].segments, f->ai.jpeg);
        body_check_bytes(CONSENT_KIND_JPEG, &conf, consent_buf_view(&body), consent_buf_view(&expected), rows[i].outcome,
                         (int) i);
        consent_buf_free(&body);
        consent_buf_free(&expected);
    }

    assert_int_equal(f->ai.jpeg.len, 2 + ((size_t) f->ai.jpeg.data[2] << 8 | f->ai.jpeg.data[3]));
    assert_int_equal(memcmp(f->ai.jpeg.data + 4, "http://ns.adobe.com/xap/1.0/\0<?xpacket", 38), 0);
}


/* Spaces would spoil an image: a length is promised when the place is known, and only then. */
static void
no_length_is_promised_before_it_is_known(void **state)
{
    size_t                 growth;
    void                  *memory = malloc(consent_stamp_size(CONSENT_KIND_PNG));
    page_t                 out;
    fixture_t             *f = *state;
    consent_buf_t          body, expected;
    consent_stamp_t       *h;
    consent_stamp_conf_t   conf = body_conf(f);

    page_init(&out);
    png_make(&body, &expected, "Hg!DE", f->ai.png);
    h = consent_stamp_init(memory, CONSENT_KIND_PNG, &conf);
    out.in = body.data;
    out.n = body.len;

    assert_int_equal(consent_transform_feed(&h->base, body.data, 40, false, page_emit, &out), CONSENT_OK);
    assert_false(consent_stamp_promise(h, &growth));
    assert_int_equal(consent_transform_feed(&h->base, body.data + 40, 40, false, page_emit, &out), CONSENT_OK);
    assert_true(consent_stamp_promise(h, &growth));
    assert_int_equal(growth, f->ai.png.len);
    assert_true(out.own < 40);

    consent_buf_free(&body);
    consent_buf_free(&expected);
    free(out.data);
    free(memory);
}


int
main(void)
{
    const struct CMUnitTest  tests[] = {
        cmocka_unit_test(png_has_a_text_chunk_before_its_data),
        cmocka_unit_test(its_chunk_is_right),
        cmocka_unit_test(jpeg_has_a_segment_behind_its_own),
        cmocka_unit_test(no_length_is_promised_before_it_is_known),
    };

    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
