/*
 * For tests of all stampers but that of HTML: bodies written with what is expected to go in between « and »:
 *
 *   $K  the JSON member and a comma    $k  without it     $H  that of a person, and a comma     $h  without it
 *   $V  the member's value             $P  the notice within a JSON string
 *   $L  the line of text               $A  of ASCII       $Q  the quote of Markdown             $R  of ASCII
 *   $F  the line of front matter
 */

#ifndef TESTS_DISCLOSE_STAMP_H
#define TESTS_DISCLOSE_STAMP_H

#include "disclose.h"

typedef struct {
    int                       line;
    const char               *template;
    consent_stamp_outcome_t   outcome;
} body_row_t;


static inline consent_stamp_conf_t
body_conf(const fixture_t *f)
{
    consent_stamp_conf_t  conf = { .policy = &f->policy, .disclosure = &f->ai, .ai = true, .room = page_room };

    return conf;
}


static inline void
body_read(consent_buf_t *body, consent_buf_t *expected, const char *template, const consent_disclosure_t *d)
{
    bool                    ours = false;
    consent_slice_t         text;
    const consent_marks_t  *m = &d->in[0].marks;

    for ( /* void */ ; *template != '\0'; template++) {

        if (strncmp(template, "«", 2) == 0 || strncmp(template, "»", 2) == 0) {
            ours = strncmp(template, "«", 2) == 0;
            template++;
            continue;
        }

        if (!ours || *template != '$') {
            if (!ours) {
                consent_buf_char(body, *template);
            }

            consent_buf_char(expected, *template);
            continue;
        }

        template++;
        text = *template == 'K' || *template == 'k' || *template == 'V' ? m->member : *template == 'P' ? m->prose
               : *template == 'H' || *template == 'h' ? m->human : *template == 'L' ? m->line
               : *template == 'A' ? m->line_ascii : *template == 'Q' ? m->quote : *template == 'R' ? m->quote_ascii
               : *template == 'F' ? m->front : consent_lit("?");

        text.len += *template == 'K' || *template == 'H';

        if (*template == 'V') {
            text = consent_slice(text.data + 16, text.len - 16);
        }

        consent_buf_slice(expected, text);
    }

    assert_int_equal(body->rc, CONSENT_OK);
    assert_int_equal(expected->rc, CONSENT_OK);
}


/* The body comes out as expected, whatever pieces it comes in, and what came out comes out of a second pass as it is. */
static inline void
body_check_bytes(consent_kind_t kind, const consent_stamp_conf_t *conf, consent_slice_t body, consent_slice_t expected,
    consent_stamp_outcome_t outcome, int line)
{
    static const size_t  pieces[] = { 0, 1, 2, 3, 5, 16, 61 };

    void             *memory = malloc(consent_stamp_size(kind));
    size_t            i, piece;
    page_t            out;
    consent_stamp_t  *h;

    page_init(&out);

    for (i = 0; i < consent_countof(pieces) + 20 + (body.len < 700 ? body.len : 0); i++) {

        /* then pieces at random, then each cut in two */
        piece = i < consent_countof(pieces) ? pieces[i] : i < consent_countof(pieces) + 20 ? 40
                : i - consent_countof(pieces) - 19;

        h = body_stamp(&out, memory, kind, conf, body, piece,
                       i >= consent_countof(pieces) && i < consent_countof(pieces) + 20 ? (uint32_t) i * 2654435761U : 0);

        if (h->outcome != outcome || !h->decided) {
            fail_msg("line %d, run %zu: outcome %s, not %s", line, i, consent_stamp_outcome_name(h->outcome),
                     consent_stamp_outcome_name(outcome));
        }

        if (out.len != expected.len || (out.len > 0 && memcmp(out.data, expected.data, out.len) != 0)) {
            fail_msg("line %d, run %zu:\n%.*s\nnot\n%.*s", line, i, (int) out.len, (char *) out.data,
                     (int) expected.len, (char *) expected.data);
        }

        if (h->inserted != expected.len - body.len) {
            fail_msg("line %d, run %zu: inserted %zu, not %zu", line, i, h->inserted, expected.len - body.len);
        }
    }

    h = body_stamp(&out, memory, kind, conf, expected, 0, 0);

    if (h->inserted != 0 && expected.len != body.len) {
        fail_msg("line %d: a second pass adds to it\n%.*s", line, (int) out.len, (char *) out.data);
    }

    free(memory);
    free(out.data);
}


static inline void
body_check(consent_kind_t kind, const consent_stamp_conf_t *conf, const body_row_t *rows, size_t n)
{
    size_t         i;
    consent_buf_t  body, expected;

    for (i = 0; i < n; i++) {
        consent_buf_init(&body, PAGE_ROOM);
        consent_buf_init(&expected, PAGE_ROOM);
        body_read(&body, &expected, rows[i].template, conf->disclosure);

        body_check_bytes(kind, conf, consent_buf_view(&body), consent_buf_view(&expected), rows[i].outcome,
                         rows[i].line);

        consent_buf_free(&body);
        consent_buf_free(&expected);
    }
}

#endif
