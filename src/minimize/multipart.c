/*
 * multipart/form-data (RFC 7578) and other multipart (RFC 2046): one part among many goes, with the delimiter in front of
 * it; the rest stays as it was.
 *
 * A delimiter is CR LF "--" boundary CR LF, at the very beginning without the first CR LF, and nothing else. What some
 * servers would read as one too is refused: other line ends, spaces behind it, a line that only begins like it, and the
 * boundary in the middle of a line, for there are those who split at it wherever it stands. So is what stands before the
 * first or behind the last, which nobody reads and which would get past us.
 */

#include "minimize/multipart.h"
#include "minimize/form.h"
#include "minimize/form_plain.h"
#include "minimize/reading_scan.h"
#include "base/digest.h"

static consent_rc_t multipart_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static void multipart_destroy(consent_transform_t *t);
static consent_rc_t multipart_level(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, consent_span_kind_t kind);
static consent_rc_t multipart_behind(consent_multipart_t *m, consent_multipart_level_t *l, uint8_t c);
static consent_rc_t multipart_head(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, size_t *used);
static consent_rc_t multipart_content(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, size_t *used,
    consent_span_kind_t kind);
static consent_rc_t multipart_bytes(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, bool last,
    consent_span_kind_t kind);
static consent_rc_t multipart_pass(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, bool last,
    consent_span_kind_t kind);
static consent_rc_t multipart_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);


size_t
consent_multipart_size(const consent_detectors_t *detectors)
{
    size_t  a, b;

    /* the transform of a form is larger than those of JSON and text, which it holds */

    a = consent_form_size(detectors);
    b = consent_form_plain_size(detectors);

    return CONSENT_MULTIPART_ROOM + (a > b ? a : b);
}


consent_transform_t *
consent_multipart_init(void *memory, consent_inspect_t *inspect, consent_slice_t content_type)
{
    consent_multipart_t      *m = memory;
    consent_media_t   media;

    memset(m, 0, offsetof(consent_multipart_t, levels));

    m->base.feed = multipart_feed;
    m->base.destroy = multipart_destroy;
    m->inspect = inspect;
    m->head_len = 0;

    if (consent_media_parse(&media, content_type) != CONSENT_OK) {
        consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
        return NULL;
    }

    return consent_multipart_open(m, 0, &media) == CONSENT_OK ? &m->base : NULL;
}


static void
multipart_destroy(consent_transform_t *t)
{
    consent_multipart_t  *m = (consent_multipart_t *) t;

    if (m->inner != NULL) {
        consent_transform_destroy(m->inner);
        m->inner = NULL;
    }

    consent_wipe(m->head, m->head_len);
}


static consent_rc_t
multipart_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    consent_multipart_t   *m = (consent_multipart_t *) t;
    consent_rc_t   rc;

    m->emit = emit;
    m->arg = arg;

    rc = multipart_level(m, 0, in, n, CONSENT_SPAN_BORROWED);

    if (rc == CONSENT_OK && last && (m->levels[0].state != CONSENT_MULTIPART_END || m->levels[0].second != 0)) {
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
    }

    if (rc == CONSENT_MALFORMED || rc == CONSENT_LIMIT) {
        consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
    }

    return rc;
}


/* The next n bytes of a multipart at level i. */
static consent_rc_t
multipart_level(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, consent_span_kind_t kind)
{
    size_t                      used;
    consent_rc_t                rc;
    const uint8_t              *p, *end;
    consent_multipart_level_t  *l;

    if (n == 0) {
        return CONSENT_OK;
    }

    l = &m->levels[i];
    rc = CONSENT_OK;

    for (p = in, end = in + n; p < end && rc == CONSENT_OK; p += used) {
        used = 1;

        switch (l->state) {

        case CONSENT_MULTIPART_BEHIND:
            rc = multipart_behind(m, l, *p);
            break;

        case CONSENT_MULTIPART_HEAD:
            rc = multipart_head(m, i, p, (size_t) (end - p), &used);
            break;

        case CONSENT_MULTIPART_END:
            /* line ends, and nothing else */
            if (*p != (l->second == 0 ? '\r' : '\n')) {
                return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
            }

            l->second = l->second == 0 ? '\n' : 0;
            rc = m->emit(m->arg, p, 1, kind);
            break;

        case CONSENT_MULTIPART_START:
        case CONSENT_MULTIPART_CONTENT:
            rc = multipart_content(m, i, p, (size_t) (end - p), &used, kind);
            break;
        }
    }

    return rc;
}


static consent_rc_t
multipart_behind(consent_multipart_t *m, consent_multipart_level_t *l, uint8_t c)
{
    size_t        from;
    consent_rc_t  rc;

    if (l->second == 0) {

        if (c != '\r' && c != '-') {
            return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
        }

        l->second = c == '\r' ? '\n' : '-';
        return CONSENT_OK;
    }

    if (c != l->second) {
        return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
    }

    l->second = 0;

    if (c == '\n') {
        l->state = CONSENT_MULTIPART_HEAD;
        m->head_len = 0;
        return CONSENT_OK;
    }

    l->state = CONSENT_MULTIPART_END;

    /* where all parts went, what is left is a multipart of none */

    from = l->any || l->led ? 0 : 2;
    rc = m->emit(m->arg, l->line + from, l->len - 2 - from, CONSENT_SPAN_LASTING);

    return rc != CONSENT_OK ? rc : m->emit(m->arg, (const uint8_t *) "--", 2, CONSENT_SPAN_LASTING);
}


/* Up to the empty line. */
static consent_rc_t
multipart_head(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, size_t *used)
{
    size_t  k;

    for (k = 0; k < n; k++) {

        if (m->head_len == sizeof(m->head)) {
            return consent_form_doubt(m->inspect, CONSENT_DOUBT_NAME);
        }

        m->head[m->head_len++] = in[k];

        if (in[k] == '\n' && (m->head_len == 2
            || (m->head_len >= 4 && memcmp(m->head + m->head_len - 4, "\r\n\r\n", 4) == 0)))
        {
            *used = k + 1;
            return consent_multipart_part(m, i);
        }
    }

    *used = n;

    return CONSENT_OK;
}


/* Content, up to the delimiter. A line end that may begin it waits; what it was is known without keeping it. */
static consent_rc_t
multipart_content(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, size_t *used, consent_span_kind_t kind)
{
    bool                        ends;
    size_t                      k, to, early, dashes;
    consent_rc_t                rc;
    const uint8_t              *boundary;
    consent_multipart_lead_t    lead;
    consent_multipart_level_t  *l;

    l = &m->levels[i];
    boundary = l->line + 2;
    dashes = l->len - 4;

    /* what of a delimiter came with earlier input */
    lead = l->lead;
    early = l->matched;

    to = k = 0;

    while (k < n) {

        if (l->lead == CONSENT_MULTIPART_NOTHING) {

            k = (size_t) (consent_reading_scan_break(in + k, in + n) - in);
            to = k;

            if (k == n) {
                break;
            }

            l->lead = in[k++] == '\r' ? CONSENT_MULTIPART_CR : CONSENT_MULTIPART_LF;
            l->matched = 0;
            continue;
        }

        if (l->lead == CONSENT_MULTIPART_CR && l->matched == 0 && in[k] == '\n') {
            l->lead = CONSENT_MULTIPART_CRLF;
            k++;
            continue;
        }

        if (in[k] == boundary[l->matched]) {
            k++;

            if (++l->matched < dashes) {
                continue;
            }

            ends = l->lead == CONSENT_MULTIPART_CRLF
                   || (l->lead == CONSENT_MULTIPART_AT_ONCE && l->state == CONSENT_MULTIPART_START);

            rc = l->state == CONSENT_MULTIPART_START ? CONSENT_OK : multipart_bytes(m, i, in, to, ends, kind);
            if (rc != CONSENT_OK) {
                return rc;
            }

            if (!ends) {
                /* no line end before it, or half of one: a delimiter to some */
                return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
            }

            l->led = l->state == CONSENT_MULTIPART_START ? l->lead == CONSENT_MULTIPART_CRLF : l->led;
            l->state = CONSENT_MULTIPART_BEHIND;
            l->second = 0;
            *used = k;

            return CONSENT_OK;
        }

        if (l->state == CONSENT_MULTIPART_START) {

            if (l->lead == CONSENT_MULTIPART_AT_ONCE && l->matched == 0 && in[k] == '\r') {
                l->lead = CONSENT_MULTIPART_CR;
                k++;
                continue;
            }

            return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
        }

        /* no delimiter: all of it was content */

        if (lead != CONSENT_MULTIPART_NOTHING) {

            rc = CONSENT_OK;

            if (lead == CONSENT_MULTIPART_CR || lead == CONSENT_MULTIPART_CRLF) {
                rc = multipart_bytes(m, i, l->line, lead == CONSENT_MULTIPART_CR ? 1 : 2, false, CONSENT_SPAN_LASTING);

            } else if (lead == CONSENT_MULTIPART_LF) {
                rc = multipart_bytes(m, i, l->line + 1, 1, false, CONSENT_SPAN_LASTING);
            }

            if (rc == CONSENT_OK) {
                rc = multipart_bytes(m, i, boundary, early, false, CONSENT_SPAN_LASTING);
            }

            if (rc != CONSENT_OK) {
                return rc;
            }

            lead = CONSENT_MULTIPART_NOTHING;
        }

        l->lead = CONSENT_MULTIPART_NOTHING;
        l->matched = 0;
    }

    *used = n;

    if (l->state == CONSENT_MULTIPART_START) {
        return CONSENT_OK;
    }

    return multipart_bytes(m, i, in, l->lead == CONSENT_MULTIPART_NOTHING ? n : to, false, kind);
}


/* n bytes of the content of the part at level i; last: they end it. */
static consent_rc_t
multipart_bytes(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, bool last, consent_span_kind_t kind)
{
    size_t                      within;
    consent_rc_t                rc;
    consent_multipart_level_t  *l;

    l = &m->levels[i];

    if (l->gone) {
        if (n > 0) {
            consent_multipart_count(m, l);
        }

        return CONSENT_OK;
    }

    within = consent_multipart_within(l, in, n);

    if (within == 0) {
        return multipart_pass(m, i, in, n, last, kind);
    }

    /* what is wrong before it comes first, however the body came */
    rc = multipart_pass(m, i, in, within, false, kind);

    return rc != CONSENT_OK || l->gone ? rc : consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
}


static consent_rc_t
multipart_pass(consent_multipart_t *m, size_t i, const uint8_t *in, size_t n, bool last, consent_span_kind_t kind)
{
    consent_rc_t                rc;
    consent_multipart_level_t  *l;

    l = &m->levels[i];

    if (i < m->deepest) {
        rc = multipart_level(m, i + 1, in, n, kind);

        if (rc == CONSENT_OK && last) {

            if (m->levels[i + 1].state != CONSENT_MULTIPART_END || m->levels[i + 1].second != 0) {
                return consent_form_doubt(m->inspect, CONSENT_DOUBT_SYNTAX);
            }

            m->deepest = i;
        }

        return rc;
    }

    if (m->part.charset) {

        if (n > sizeof(m->charset) - m->charset_len) {
            return consent_form_doubt(m->inspect, CONSENT_DOUBT_CHARSET);
        }

        if (n > 0) {
            memcpy(m->charset + m->charset_len, in, n);
            m->charset_len += n;
        }

        if (last && !consent_media_ascii(consent_slice(m->charset, m->charset_len))) {
            return consent_form_doubt(m->inspect, CONSENT_DOUBT_CHARSET);
        }
    }

    if (m->inner == NULL) {
        return n == 0 ? CONSENT_OK : m->emit(m->arg, in, n, kind);
    }

    if (n == 0 && !last) {
        return CONSENT_OK;
    }

    m->kind = kind;
    rc = consent_transform_feed(m->inner, in, n, last, multipart_emit, m);

    if (rc == CONSENT_DENIED && m->waits) {
        m->inspect->found.carriers |= 1u << CONSENT_CARRIER_FIELD;
        m->inspect->found.pairs++;
        m->waits = l->led = false;
        l->gone = true;
        rc = CONSENT_OK;

    } else if (rc == CONSENT_OK && last && m->waits) {
        rc = consent_multipart_emit_head(m, l);
    }

    if (rc == CONSENT_OK && (last || l->gone)) {
        consent_transform_destroy(m->inner);
        m->inner = NULL;
    }

    return rc;
}


static consent_rc_t
multipart_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    consent_multipart_t   *m = arg;
    consent_rc_t   rc;

    if (m->waits) {
        rc = consent_multipart_emit_head(m, &m->levels[m->deepest]);
        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return m->emit(m->arg, data, len, kind == CONSENT_SPAN_BORROWED ? m->kind : kind);
}
