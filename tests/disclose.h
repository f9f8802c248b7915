/*
 * For tests of disclosure: a policy made by hand, what is built from it, and pages written with marks where something
 * is expected to go in:
 *
 *   {H}  elements of the head          {h}  the same without the meta        {P}  those of a page no AI made
 *   {S}  the stylesheet alone          {B}  contact and notice               {C}  contact alone      {N}  notice alone
 *   [[<meta ...>]]  becomes our meta   ((<meta ...>))  is emptied
 */

#ifndef TESTS_DISCLOSE_H
#define TESTS_DISCLOSE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "disclose/html.h"

#define PAGE_ROOM  (4 * 1024 * 1024)

typedef struct {
    consent_arena_t       *arena;
    consent_policy_t       policy;
    consent_channel_t      channels[4];
    consent_hours_t        hours[4];
    consent_slice_t        phone_languages[2];
    consent_disclosure_t   ai;
    consent_disclosure_t   people;          /* of a location without AI */
} fixture_t;

/* What came out of a stamper. */
typedef struct {
    uint8_t         *data;
    size_t           len;
    size_t           spans;
    size_t           own;                   /* bytes in spans that are neither borrowed nor lasting */
    size_t           left;                  /* emits until it fails */
    const uint8_t   *in;                    /* input of the feed under way */
    size_t           n;
} page_t;


static inline int
fixture_setup(void **state)
{
    fixture_t                *f = calloc(1, sizeof(fixture_t));
    consent_policy_t         *p = &f->policy;
    consent_disclose_conf_t   conf = { .base = consent_lit("/.privacy/"), .kind = CONSENT_AI_ON };

    f->arena = consent_arena_create(16 << 20);

    p->languages[0] = consent_lit("sv");
    p->languages[1] = consent_lit("fi");
    p->languages[2] = consent_lit("en-GB");
    p->n_languages = 3;
    p->principal = consent_lit("Malmö stad");
    p->controller.name = consent_lit("Malmö stad");
    p->controller.url = consent_lit("https://malmo.example");
    p->controller.public_authority = true;
    p->contact_name.in[0] = consent_lit("Kontaktcenter");
    p->contact_name.in[1] = consent_lit("Asiakaspalvelu");
    p->contact_name.in[2] = consent_lit("Contact centre");

    f->hours[0] = (consent_hours_t) { 0x1f, 8 * 60, 16 * 60 + 30 };
    f->phone_languages[0] = consent_lit("sv");
    f->phone_languages[1] = consent_lit("fi");
    f->channels[0] = (consent_channel_t) {
        .type = CONSENT_CHANNEL_PHONE, .value = consent_lit("+46 8 000 00 00"), .hours = f->hours, .n_hours = 1,
        .languages = { f->phone_languages, 2 }
    };
    f->channels[1] = (consent_channel_t) {
        .type = CONSENT_CHANNEL_EMAIL, .value = consent_lit("kontakt@malmo.example")
    };
    p->channels = f->channels;
    p->n_channels = 2;

    if (consent_disclosure_build(&f->ai, f->arena, p, &conf) != CONSENT_OK) {
        return 1;
    }

    conf.kind = CONSENT_AI_OFF;
    *state = f;

    return consent_disclosure_build(&f->people, f->arena, p, &conf) != CONSENT_OK;
}


static inline int
fixture_teardown(void **state)
{
    fixture_t  *f = *state;

    consent_arena_destroy(f->arena);
    free(f);

    return 0;
}


/* Room for what a stamper holds back: of one at a time, and with an end that a sanitizer sees. */
static inline void *
page_room(void *arg, size_t size)
{
    static uint8_t  *room;

    (void) arg;

    free(room);
    room = malloc(size);
    memset(room, 0xa5, size);

    return room;
}


static inline void
page_init(page_t *out)
{
    memset(out, 0, sizeof(page_t));
    out->data = malloc(PAGE_ROOM);
    out->left = SIZE_MAX;
    assert_non_null(out->data);
}


static inline consent_rc_t
page_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    page_t  *out = arg;

    assert_true(len > 0);
    assert_true(len <= PAGE_ROOM - out->len);

    if (out->left-- == 0) {
        return CONSENT_FULL;
    }

    if (kind == CONSENT_SPAN_BORROWED) {
        assert_true(data >= out->in && data + len <= out->in + out->n);

    } else if (kind == CONSENT_SPAN_OWN) {
        out->own += len;
    }

    out->spans++;
    memcpy(out->data + out->len, data, len);
    out->len += len;

    return CONSENT_OK;
}


/* Feeds a page in pieces: 0 all at once, otherwise of so many bytes; seed != 0: of 1 to `piece` bytes at random, some
 * of them empty. Returns the stamper, of which `memory` is freed by the caller. */
static inline consent_stamp_t *
body_stamp(page_t *out, void *memory, consent_kind_t kind, const consent_stamp_conf_t *conf, consent_slice_t in,
    size_t piece, uint32_t seed)
{
    size_t            at, len;
    consent_stamp_t  *h;

    memset(memory, 0xa5, consent_stamp_size(kind));
    h = consent_stamp_init(memory, kind, conf);
    out->len = 0;
    out->spans = 0;
    out->own = 0;
    at = 0;

    do {
        len = in.len - at;

        if (seed != 0) {
            seed = seed * 1664525 + 1013904223;
            len = (seed >> 16) % (piece + 1) < len ? (seed >> 16) % (piece + 1) : len;

        } else if (piece != 0 && piece < len) {
            len = piece;
        }

        /* a copy of its own, so that a sanitizer sees any reading beside it */
        uint8_t  *copy = malloc(len);

        if (len > 0) {
            memcpy(copy, in.data + at, len);
        }

        out->in = copy;
        out->n = len;
        at += len;

        assert_int_equal(consent_transform_feed(&h->base, copy, len, at == in.len, page_emit, out), CONSENT_OK);
        free(copy);
    } while (at < in.len);

    return h;
}


static inline consent_stamp_t *
page_stamp(page_t *out, void *memory, const consent_stamp_conf_t *conf, consent_slice_t in, size_t piece, uint32_t seed)
{
    return body_stamp(out, memory, CONSENT_KIND_HTML, conf, in, piece, seed);
}


/* The page a template stands for, and what is expected of it. Both are grown by malloc. */
static inline void
template_read(consent_buf_t *page, consent_buf_t *expected, const char *template, const consent_elements_t *e, bool xml)
{
    size_t       room, len;
    const char  *p, *end, *tail;

    for (p = template; *p != '\0'; /* void */ ) {

        if (p[0] == '{' && p[1] != '\0' && strchr("HhPSBCN", p[1]) != NULL && p[2] == '}') {

            switch (p[1]) {
            case 'H':
                consent_buf_slice(expected, e->meta);
                consent_buf_slice(expected, e->data);
                consent_buf_slice(expected, e->style);
                break;
            case 'h':
                consent_buf_slice(expected, e->data);
                consent_buf_slice(expected, e->style);
                break;
            case 'P':
                consent_buf_slice(expected, e->style);
                consent_buf_slice(expected, e->data_plain);
                break;
            case 'S':
                consent_buf_slice(expected, e->style);
                break;
            case 'B':
                consent_buf_slice(expected, e->contact);
                consent_buf_slice(expected, e->notice);
                break;
            case 'C':
                consent_buf_slice(expected, e->contact);
                break;
            case 'N':
                consent_buf_slice(expected, e->notice);
                break;
            }

            p += 3;
            continue;
        }

        if (strncmp(p, "[[<", 3) == 0 || strncmp(p, "((<", 3) == 0) {
            end = strstr(p, p[0] == '[' ? ">]]" : ">))");
            room = (size_t) (end + 1 - (p + 2));
            consent_buf_add(page, p + 2, room);
            tail = xml && end[-1] == '/' ? "/>" : ">";
            len = expected->len;

            if (p[0] == '[') {
                consent_buf_add(expected, e->meta.data, e->meta.len - 2);

            } else {
                consent_buf_str(expected, "<meta");
            }

            while (expected->len - len + strlen(tail) < room) {
                consent_buf_char(expected, ' ');
            }

            consent_buf_str(expected, tail);
            p = end + 3;
            continue;
        }

        consent_buf_char(page, *p);
        consent_buf_char(expected, *p);
        p++;
    }

    assert_int_equal(page->rc, CONSENT_OK);
    assert_int_equal(expected->rc, CONSENT_OK);
}


/* The template's page comes out as expected, whatever pieces it comes in. */
static inline void
template_check(const char *template, const consent_stamp_conf_t *conf, consent_charset_t charset, size_t language,
    consent_stamp_outcome_t outcome, int line)
{
    static const size_t  pieces[] = { 0, 1, 2, 3, 5, 16, 61 };
    static const size_t  most[] = { 4, 40, 400 };

    void                      *memory = malloc(consent_stamp_size(CONSENT_KIND_HTML));
    size_t                     i;
    page_t                     out;
    consent_buf_t              page, expected;
    consent_stamp_t           *h;
    const consent_elements_t  *e;

    consent_buf_init(&page, PAGE_ROOM);
    consent_buf_init(&expected, PAGE_ROOM);
    page_init(&out);

    e = charset == CONSENT_CHARSET_UTF8 ? &conf->disclosure->in[language].utf8 : &conf->disclosure->in[language].ascii;
    template_read(&page, &expected, template, e, conf->xhtml);

    for (i = 0; i < consent_countof(pieces) + 24; i++) {

        if (i < consent_countof(pieces)) {
            h = page_stamp(&out, memory, conf, consent_buf_view(&page), pieces[i], 0);

        } else {
            h = page_stamp(&out, memory, conf, consent_buf_view(&page), most[i % 3],
                           (uint32_t) (i * 2654435761U) ^ (uint32_t) page.len);
        }

        if (h->outcome != outcome) {
            fail_msg("line %d, run %zu: outcome %s, not %s", line, i, consent_stamp_outcome_name(h->outcome),
                     consent_stamp_outcome_name(outcome));
        }

        if (out.len != expected.len || (out.len > 0 && memcmp(out.data, expected.data, out.len) != 0)) {
            fail_msg("line %d, run %zu:\n%.*s\nnot\n%.*s", line, i, (int) out.len, (char *) out.data,
                     (int) expected.len, (char *) expected.data);
        }

        if (h->language != language || !h->decided || h->inserted != expected.len - page.len) {
            fail_msg("line %d, run %zu: language %zu, inserted %zu, not %zu", line, i, h->language, h->inserted,
                     expected.len - page.len);
        }
    }

    free(memory);
    free(out.data);
    consent_buf_free(&page);
    consent_buf_free(&expected);
}

#endif
