/*
 * The stamper's output: input passed on, elements put between, bytes held back.
 */

#include "disclose/html_page.h"

#define PIECE  256          /* characters widened to UTF-16 together */

static void html_emit_text(consent_stamp_page_t *h, consent_slice_t text);


void
consent_stamp_emit(consent_stamp_page_t *h, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    if (len > 0 && h->rc == CONSENT_OK) {
        h->rc = h->emit(h->arg, data, len, kind);
    }
}


void
consent_stamp_emit_to(consent_stamp_page_t *h, uint64_t to)
{
    uint64_t  n;

    if (h->done < h->in_pos && h->done < to) {
        n = (to < h->in_pos ? to : h->in_pos) - h->done;

        consent_stamp_emit(h, h->held + (h->done - h->held_pos) * h->unit, (size_t) n * h->unit, CONSENT_SPAN_OWN);
        h->done += n;
    }

    if (h->done < to) {
        consent_stamp_emit(h, h->in + (h->done - h->in_pos) * h->unit, (size_t) (to - h->done) * h->unit, h->kind);
        h->done = to;
    }
}


void
consent_stamp_insert(consent_stamp_page_t *h, const consent_slice_t *texts, size_t n)
{
    size_t           i;
    consent_slice_t  run;

    run = consent_slice(NULL, 0);

    for (i = 0; i < n; i++) {

        if (run.len > 0 && texts[i].data == run.data + run.len) {
            run.len += texts[i].len;
            continue;
        }

        html_emit_text(h, run);
        run = texts[i];
    }

    html_emit_text(h, run);
}


void
consent_stamp_replace(consent_stamp_page_t *h, uint64_t to, consent_slice_t head, consent_slice_t tail)
{
    size_t  room, len;

    room = (size_t) (to - h->done) * h->unit;
    len = (head.len + tail.len) * h->unit;

    html_emit_text(h, head);
    consent_stamp_emit_spaces(h, room > len ? room - len : 0);
    html_emit_text(h, tail);

    h->pub.inserted -= room < len ? room : len;
    h->done = to;
}


bool
consent_stamp_was(const consent_stamp_page_t *h, uint64_t pos, consent_slice_t bytes)
{
    size_t  n;

    if (h->unit != 1 || pos < h->done || bytes.len > h->at - pos) {
        return false;
    }

    if (pos < h->in_pos) {
        n = (size_t) (h->in_pos - pos) < bytes.len ? (size_t) (h->in_pos - pos) : bytes.len;

        if (memcmp(h->held + (pos - h->held_pos), bytes.data, n) != 0) {
            return false;
        }

        bytes = consent_slice(bytes.data + n, bytes.len - n);
        pos += n;
    }

    return bytes.len == 0 || memcmp(h->in + (pos - h->in_pos), bytes.data, bytes.len) == 0;
}


bool
consent_stamp_room(consent_stamp_page_t *h)
{
    if (h->held == NULL) {
        h->held = h->conf->room(h->conf->room_arg, CONSENT_STAMP_HOLD);

        if (h->held == NULL) {
            h->rc = CONSENT_NOMEM;
            return false;
        }
    }

    return true;
}


void
consent_stamp_settle(consent_stamp_page_t *h, size_t units)
{
    size_t    gone, more;
    uint64_t  end, keep;

    end = h->in_pos + units;
    keep = end;

    if (h->hold != CONSENT_STAMP_NONE) {
        keep = h->hold;

    } else if (h->phase <= CONSENT_PHASE_AFTER_HEAD && h->templates == 0 && consent_scan_in_name(&h->scan)) {
        keep = h->scan.token;
    }

    consent_stamp_emit_to(h, keep);

    if (keep < h->in_pos) {
        gone = (size_t) (keep - h->held_pos) * h->unit;
        h->held_len -= gone;
        memmove(h->held, h->held + gone, h->held_len);
        more = units * h->unit;

    } else {
        h->held_len = 0;
        more = (size_t) (end - keep) * h->unit;
    }

    if (more > CONSENT_STAMP_HOLD - h->held_len) {
        h->rc = h->rc == CONSENT_OK ? CONSENT_LIMIT : h->rc;
        return;
    }

    if (more > 0) {
        if (!consent_stamp_room(h)) {
            return;
        }

        memcpy(h->held + h->held_len, h->in + units * h->unit - more, more);
        h->held_len += more;
    }

    h->held_pos = keep;
    h->in_pos = end;
}


void
consent_stamp_emit_spaces(consent_stamp_page_t *h, size_t n)
{
    size_t  len, inserted;

    static const uint8_t  spaces[] = "                                                                ";

    inserted = h->pub.inserted;

    for (n /= h->unit; n > 0; n -= len) {
        len = n < sizeof(spaces) - 1 ? n : sizeof(spaces) - 1;
        html_emit_text(h, consent_slice(spaces, len));
    }

    h->pub.inserted = inserted;
}


/* ASCII in UTF-16 has a zero beside each byte. */
static void
html_emit_text(consent_stamp_page_t *h, consent_slice_t text)
{
    size_t   i, n;
    uint8_t  wide[2 * PIECE];

    h->pub.inserted += text.len * h->unit;

    if (h->unit == 1) {
        consent_stamp_emit(h, text.data, text.len, CONSENT_SPAN_LASTING);
        return;
    }

    while (text.len > 0) {
        n = text.len < PIECE ? text.len : PIECE;
        memset(wide, 0, sizeof(wide));

        for (i = 0; i < n; i++) {
            wide[2 * i + (h->charset == CONSENT_CHARSET_UTF16BE)] = text.data[i];
        }

        consent_stamp_emit(h, wide, 2 * n, CONSENT_SPAN_OWN);
        text = consent_slice(text.data + n, text.len - n);
    }
}
