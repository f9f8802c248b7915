/*
 * Labels, cells, and texts that are broken into lines.
 */

#include "policy/layout.h"
#include "base/utf8.h"

static void layout_unit(consent_buf_t *b, uint64_t n, const char *unit, bool *first);
static size_t layout_columns(consent_slice_t s);


void
consent_layout_label(consent_buf_t *b, const char *label)
{
    consent_layout_cell(b, consent_cstr(label), CONSENT_LAYOUT_LABEL - 1);
}


void
consent_layout_cell(consent_buf_t *b, consent_slice_t s, size_t width)
{
    size_t          n;
    const uint8_t  *p, *end, *from;

    p = s.data;
    end = s.len == 0 ? p : p + s.len;

    if (layout_columns(s) <= width) {
        consent_buf_slice(b, s);
        n = layout_columns(s);

    } else {
        for (n = 0; n + 1 < width; n++) {
            from = p;
            (void) consent_utf8_next(&p, end);
            consent_buf_add(b, from, (size_t) (p - from));
        }

        consent_buf_str(b, "\xe2\x80\xa6");
        n++;
    }

    for (/* void */; n < width + 1; n++) {
        consent_buf_char(b, ' ');
    }
}


void
consent_layout_items(consent_buf_t *b, const char *label, const consent_slice_t *items, size_t n)
{
    size_t  i, column, width;

    column = 0;

    for (i = 0; i < n; i++) {
        width = layout_columns(items[i]) + (i + 1 < n);

        if (i > 0 && column + 1 + width <= CONSENT_LAYOUT_WIDTH) {
            consent_buf_char(b, ' ');
            column += 1 + width;

        } else {
            consent_buf_str(b, i > 0 ? "\n" : "");
            consent_layout_label(b, i > 0 ? "" : label);
            column = CONSENT_LAYOUT_LABEL + width;
        }

        consent_buf_slice(b, items[i]);
        consent_buf_str(b, i + 1 < n ? "," : "\n");
    }
}


void
consent_layout_text(consent_buf_t *b, const char *label, consent_slice_t text)
{
    size_t           column, width;
    consent_slice_t  word;
    const uint8_t   *p, *end, *space;

    consent_layout_label(b, label);
    column = CONSENT_LAYOUT_LABEL;

    p = text.data;

    for (end = text.len == 0 ? p : p + text.len; p < end; p = space + (space < end)) {
        space = memchr(p, ' ', (size_t) (end - p));
        space = space == NULL ? end : space;

        word = consent_slice(p, (size_t) (space - p));
        width = layout_columns(word) + 1;

        if (column + width > CONSENT_LAYOUT_WIDTH + 1 && column > CONSENT_LAYOUT_LABEL) {
            consent_layout_end(b);
            consent_layout_label(b, "");
            column = CONSENT_LAYOUT_LABEL;
        }

        consent_buf_slice(b, word);
        consent_buf_char(b, ' ');
        column += width;
    }

    consent_layout_end(b);
}


void
consent_layout_duration(consent_buf_t *b, consent_duration_t d)
{
    bool  first;

    first = true;

    layout_unit(b, d.months / 12, "year", &first);
    layout_unit(b, d.months % 12, "month", &first);
    layout_unit(b, d.seconds / 86400, "day", &first);
    layout_unit(b, d.seconds / 3600 % 24, "hour", &first);
    layout_unit(b, d.seconds / 60 % 60, "minute", &first);
    layout_unit(b, d.seconds % 60, "second", &first);

    if (first) {
        consent_buf_str(b, "no time");
    }
}


void
consent_layout_end(consent_buf_t *b)
{
    while (b->rc == CONSENT_OK && b->len > 0 && b->data[b->len - 1] == ' ') {
        b->len--;
    }

    consent_buf_char(b, '\n');
}


static void
layout_unit(consent_buf_t *b, uint64_t n, const char *unit, bool *first)
{
    if (n == 0) {
        return;
    }

    consent_buf_str(b, *first ? "" : " ");
    consent_buf_u64(b, n);
    consent_buf_char(b, ' ');
    consent_buf_str(b, unit);
    consent_buf_str(b, n == 1 ? "" : "s");

    *first = false;
}


/* Characters; those of our languages are one column wide. */
static size_t
layout_columns(consent_slice_t s)
{
    size_t  i, n;

    n = 0;

    for (i = 0; i < s.len; i++) {
        n += (s.data[i] & 0xc0) != 0x80;
    }

    return n;
}
