/*
 * The HTML stamper: moves a page's bytes along and puts our elements between them.
 *
 * The tokenizer (html_scan.c) is fed until the body has begun; html_head.c and html_body.c say at which position what
 * is to be inserted. Everything else is passed on as it came: borrowed, where it lies in the input under way, or from
 * the few bytes that had to be held back since an earlier one. After that nothing is read at all.
 *
 * All decisions depend on positions in the page alone, never on where the input was cut: the bytes held back, and the
 * bytes read, are limited at exact positions.
 */

#include "disclose/html_page.h"

#define WINDOW  256         /* characters of UTF-16 that are looked at together */

static consent_rc_t html_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static size_t html_start(consent_stamp_page_t *h, const uint8_t *in, size_t n);
static void html_input(consent_stamp_page_t *h, const uint8_t *in, size_t n);
static void html_units(consent_stamp_page_t *h, const uint8_t *in, size_t n, consent_span_kind_t kind);
static void html_read(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end);
static inline bool html_plain(const consent_stamp_page_t *h);
static const uint8_t *html_follow(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *limit);
static void html_bound(consent_stamp_page_t *h);
static void html_end(consent_stamp_page_t *h);
static bool html_promise(consent_stamp_t *pub, size_t *growth);
static size_t html_believed(const consent_stamp_page_t *h);
static size_t html_missing(const consent_stamp_page_t *h);


size_t
consent_stamp_html_size(void)
{
    return sizeof(consent_stamp_page_t);
}


consent_stamp_t *
consent_stamp_html_init(void *memory, const consent_stamp_conf_t *conf)
{
    consent_stamp_page_t  *h;

    h = memory;
    memset(h, 0, offsetof(consent_stamp_page_t, scan));

    h->pub.base.feed = html_feed;
    h->pub.promise = html_promise;
    h->pub.language = conf->language < conf->policy->n_languages ? conf->language : 0;
    h->conf = conf;
    h->hold = CONSENT_STAMP_NONE;
    h->charset = conf->charset;
    h->unit = conf->charset == CONSENT_CHARSET_UTF16LE || conf->charset == CONSENT_CHARSET_UTF16BE ? 2 : 1;
    h->disclosure = conf->disclosure;
    h->ai = conf->ai;
    h->asserts = conf->ai && conf->disclosure->w3c.len > 0;
    h->listens = h->asserts || conf->believed != NULL;
    h->pub.claim = CONSENT_MODE_UNKNOWN;

    consent_scan_init(&h->scan, conf->xhtml);
    h->scan.skip_text = conf->xhtml;

    if (conf->charset == CONSENT_CHARSET_UNSUPPORTED) {
        consent_stamp_finish(h, CONSENT_STAMP_CHARSET);

    } else if (!conf->ai && !conf->contact && conf->believed == NULL) {
        consent_stamp_finish(h, CONSENT_STAMP_SENT);
    }

    return &h->pub;
}


void
consent_stamp_finish(consent_stamp_page_t *h, consent_stamp_outcome_t outcome)
{
    h->phase = CONSENT_PHASE_PASS;
    h->hold = CONSENT_STAMP_NONE;
    h->pub.outcome = outcome;
    h->pub.decided = true;
    h->pub.preceded = outcome == CONSENT_STAMP_SENT && h->ai;
}


const consent_elements_t *
consent_stamp_elements(const consent_stamp_page_t *h)
{
    const consent_disclosure_text_t  *text;

    text = &h->disclosure->in[h->pub.language];

    return h->charset == CONSENT_CHARSET_UTF8 ? &text->utf8 : &text->ascii;
}


size_t
consent_stamp_body(const consent_stamp_page_t *h, consent_slice_t elements[static 2])
{
    size_t                     n;
    const consent_elements_t  *e;

    e = consent_stamp_elements(h);
    n = 0;

    if (h->conf->contact && (!h->conf->at_end || h->scan.xml)) {
        elements[n++] = e->contact;
    }

    if (h->ai && e->notice.len > 0) {
        elements[n++] = e->notice;
    }

    return n;
}


static consent_rc_t
html_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t                 used;
    consent_stamp_page_t  *h;

    h = (consent_stamp_page_t *) t;
    h->emit = emit;
    h->arg = arg;
    h->rc = CONSENT_OK;

    if (h->phase == CONSENT_PHASE_START) {
        used = html_start(h, in, n);
        in += used;
        n -= used;
    }

    if (h->phase == CONSENT_PHASE_PASS) {
        consent_stamp_emit(h, in, n, CONSENT_SPAN_BORROWED);

    } else if (n > 0) {
        html_input(h, in, n);
    }

    if (last) {
        html_end(h);
    }

    return h->rc;
}


/* A byte order mark decides the charset whatever else is said, as in browsers. Returns how many bytes were taken. */
static size_t
html_start(consent_stamp_page_t *h, const uint8_t *in, size_t n)
{
    size_t  used;

    for (used = 0; used < n && h->phase == CONSENT_PHASE_START; used++) {

        if (h->held_len == 0 && in[used] != 0xef && in[used] != 0xfe && in[used] != 0xff) {
            h->phase = CONSENT_PHASE_HEAD;
            break;
        }

        if (!consent_stamp_room(h)) {
            return n;
        }

        h->held[h->held_len++] = in[used];

        if (h->held_len == 2 && (h->held[0] ^ h->held[1]) == 1 && h->held[0] >= 0xfe) {
            h->charset = h->held[0] == 0xfe ? CONSENT_CHARSET_UTF16BE : CONSENT_CHARSET_UTF16LE;
            h->unit = 2;
            h->phase = CONSENT_PHASE_HEAD;

        } else if (h->held_len == 3 && h->held[2] == 0xbf) {
            h->charset = CONSENT_CHARSET_UTF8;
            h->unit = 1;
            h->phase = CONSENT_PHASE_HEAD;

        } else if (h->held_len > 1 && (h->held_len == 3 || h->held[0] != 0xef || h->held[1] != 0xbb)) {
            /* some other text: no page begins like this */
            consent_stamp_emit(h, h->held, h->held_len, CONSENT_SPAN_OWN);
            consent_stamp_finish(h, CONSENT_STAMP_FRAGMENT);
        }
    }

    h->in_pos = h->held_len / h->unit;
    h->at = h->in_pos;

    return used;
}


/* UTF-16 is read in whole units; one that is cut in two waits for its other half. */
static void
html_input(consent_stamp_page_t *h, const uint8_t *in, size_t n)
{
    bool     odd;
    uint8_t  pair[2];

    if (h->unit == 1) {
        html_units(h, in, n, CONSENT_SPAN_BORROWED);
        return;
    }

    if (h->has_half) {
        h->has_half = false;
        pair[0] = h->half;
        pair[1] = *in++;
        n--;
        html_units(h, pair, 2, CONSENT_SPAN_OWN);
    }

    odd = n % 2 == 1;

    html_units(h, in, n - odd, CONSENT_SPAN_BORROWED);

    if (odd && h->phase == CONSENT_PHASE_PASS) {
        consent_stamp_emit(h, in + n - 1, 1, CONSENT_SPAN_BORROWED);

    } else if (odd) {
        h->half = in[n - 1];
        h->has_half = true;
    }
}


static void
html_units(consent_stamp_page_t *h, const uint8_t *in, size_t n, consent_span_kind_t kind)
{
    size_t   i, j, units;
    uint8_t  c, high, window[WINDOW];

    h->in = in;
    h->kind = kind;
    units = n / h->unit;

    if (h->unit == 1) {
        html_read(h, in, in + n);

    } else {
        /* what is not ASCII is the same to the tokenizer */
        high = h->charset == CONSENT_CHARSET_UTF16LE ? 1 : 0;

        for (i = 0; i < units && h->phase != CONSENT_PHASE_PASS; i += j) {

            for (j = 0; j < WINDOW && i + j < units; j++) {
                c = in[2 * (i + j) + 1 - high];
                window[j] = in[2 * (i + j) + high] != 0 || c > 0x7f ? 0x80 : c;
            }

            html_read(h, window, window + j);
        }
    }

    consent_stamp_settle(h, units);
}


/* Reads a window of the input that begins at position h->at. */
static void
html_read(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end)
{
    uint64_t              bound, start;
    const uint8_t        *from, *limit;
    consent_scan_event_t  event;

    from = p;
    start = h->at;
    consent_scan_input(&h->scan, p, start);

    while (h->phase != CONSENT_PHASE_PASS) {

        bound = CONSENT_STAMP_MAX_READ;

        if (h->hold < CONSENT_STAMP_MAX_READ - CONSENT_STAMP_HOLD) {
            bound = h->hold + CONSENT_STAMP_HOLD / h->unit;
        }

        limit = bound - h->at < (uint64_t) (end - p) ? p + (bound - h->at) : end;

        if (h->follow.len > 0) {
            limit = html_follow(h, p, limit);
        }

        event = CONSENT_SCAN_MORE;

        if (h->phase == CONSENT_PHASE_HEAD && html_plain(h)) {
            p = consent_stamp_skip(h, p, limit);

            if (h->phase != CONSENT_PHASE_HEAD) {
                h->at = start + (uint64_t) (p - from);
                continue;
            }
        }

        if (h->phase == CONSENT_PHASE_MATCH || h->phase == CONSENT_PHASE_PASS) {
            p = limit;

        } else {
            event = consent_scan(&h->scan, &p, limit);
        }

        h->at = start + (uint64_t) (p - from);

        if (event == CONSENT_SCAN_MORE) {

            if (h->at == bound) {
                html_bound(h);

            } else if (p == end) {
                return;
            }

        } else if (h->phase >= CONSENT_PHASE_BODY) {
            consent_stamp_body_event(h, event);

        } else {
            consent_stamp_head_event(h, event);
        }
    }
}


/* Nothing is under way in a head but the head. */
static inline bool
html_plain(const consent_stamp_page_t *h)
{
    return consent_scan_at_rest(&h->scan) && h->templates == 0 && h->hold == CONSENT_STAMP_NONE && !h->scan.xml
           && h->follow.len == 0;
}


/* What is expected next is compared as far as it lies before limit; returns up to where it was there. */
static const uint8_t *
html_follow(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *limit)
{
    size_t  n;

    n = (size_t) (limit - p) < h->follow.len ? (size_t) (limit - p) : h->follow.len;

    if (memcmp(p, h->follow.data, n) != 0) {
        h->follow.len = 0;

        if (h->phase == CONSENT_PHASE_MATCH) {
            consent_stamp_body_insert(h);
        }

        return limit;
    }

    h->follow.data += n;
    h->follow.len -= n;

    if (h->follow.len == 0) {
        h->followed = true;

        if (h->phase == CONSENT_PHASE_MATCH) {
            consent_stamp_finish(h, CONSENT_STAMP_ALREADY);
        }
    }

    return p + n;
}


/* As much is held back, or was read, as may be. */
static void
html_bound(consent_stamp_page_t *h)
{
    if (h->phase >= CONSENT_PHASE_BODY) {
        consent_stamp_body_insert(h);

    } else if (h->at < CONSENT_STAMP_MAX_READ) {
        consent_stamp_head_overflow(h);

    } else {
        consent_stamp_finish(h, CONSENT_STAMP_NO_PLACE);
    }
}


static void
html_end(consent_stamp_page_t *h)
{
    consent_slice_t  contact;

    if (h->phase == CONSENT_PHASE_START) {
        consent_stamp_finish(h, CONSENT_STAMP_FRAGMENT);
        consent_stamp_emit(h, h->held, h->held_len, CONSENT_SPAN_OWN);

    } else if (h->phase >= CONSENT_PHASE_BODY && h->phase < CONSENT_PHASE_PASS) {
        consent_stamp_body_insert(h);
        consent_stamp_emit_to(h, h->in_pos);

    } else if (h->phase < CONSENT_PHASE_PASS) {
        consent_stamp_head_end(h);
        consent_stamp_emit_to(h, h->in_pos);
    }

    if (h->has_half) {
        consent_stamp_emit(h, &h->half, 1, CONSENT_SPAN_OWN);
    }

    if (html_missing(h) > 0) {
        contact = consent_stamp_elements(h)->contact;
        consent_stamp_insert(h, &contact, 1);
    }

    if (h->promised && h->promise > h->pub.inserted) {
        consent_stamp_emit_spaces(h, h->promise - h->pub.inserted);
        h->pub.inserted = h->promise;
    }
}


static bool
html_promise(consent_stamp_t *pub, size_t *growth)
{
    size_t                 i, most, missing;
    consent_stamp_page_t  *h;

    h = (consent_stamp_page_t *) pub;

    if (!h->promised) {
        most = 0;
        i = pub->language;

        if (pub->decided) {
            most = html_missing(h);

        } else {
            for (pub->language = 0; pub->language < h->conf->policy->n_languages; pub->language++) {
                missing = html_missing(h);
                most = missing > most ? missing : most;
            }

            pub->language = i;
        }

        h->promised = true;
        h->promise = pub->inserted + most;
    }

    *growth = h->promise;

    return true;
}


/* How many bytes may still be inserted: the exact number when all but the end is decided. */
/* What a page may need more than is missing, should it turn out to say that it is an AI's. */
static size_t
html_believed(const consent_stamp_page_t *h)
{
    size_t                            i, len, most;
    const consent_disclosure_text_t  *text;

    for (i = 0, most = 0; i < CONSENT_MODE_UNKNOWN; i++) {

        if (h->conf->believed[i] != NULL) {
            text = &h->conf->believed[i]->in[h->pub.language];
            len = text->ascii.data.len + text->ascii.notice.len;
            most = len > most ? len : most;
        }
    }

    return most;
}


static size_t
html_missing(const consent_stamp_page_t *h)
{
    size_t                     len;
    const consent_elements_t  *e;

    e = consent_stamp_elements(h);
    len = 0;

    if (h->conf->contact && (!h->pub.decided
                             || (h->conf->at_end && !h->scan.xml && h->pub.outcome == CONSENT_STAMP_SENT)))
    {
        len += e->contact.len;
    }

    if (h->pub.decided) {
        return len * h->unit;
    }

    if (h->phase == CONSENT_PHASE_START) {
        /* it may yet turn out to be UTF-16 */
        e = &h->disclosure->in[h->pub.language].ascii;
        len = h->conf->contact ? e->contact.len : 0;
    }

    if (h->asserts && !h->have_meta) {
        len += e->meta.len;
    }

    if (!h->head_done) {
        len += e->style.len + (h->ai ? e->data.len : e->data_plain.len);
    }

    if (h->ai) {
        len += e->notice.len;
    }

    if (!h->ai && !h->head_done && h->conf->believed != NULL) {
        len += html_believed(h);
    }

    return len * (h->phase == CONSENT_PHASE_START ? 2 : h->unit);
}
