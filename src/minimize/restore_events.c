/*
 * Where events end: server-sent events (WHATWG HTML 9.2.6) and lines of JSON. An event is kept until it is complete, as
 * its reader does; one that is too long is passed on as it comes, and with it ends all restoring.
 */

#include "minimize/restore_inside.h"

static void events_bom(consent_restore_events_t *s, const uint8_t **p, const uint8_t *end);
static void events_take(consent_restore_events_t *s, consent_restore_out_t *o, const uint8_t *from, const uint8_t *p,
    bool whole);
static bool events_byte(consent_restore_events_t *s, uint8_t c);


void
consent_restore_events_init(consent_restore_events_t *s, bool lines)
{
    size_t  i;

    memset(s, 0, offsetof(consent_restore_events_t, streams));
    s->lines = lines;
    s->empty = true;

    for (i = 0; i < CONSENT_RESTORE_TEXTS; i++) {
        s->streams[i].used = false;
    }
}


void
consent_restore_events_feed(consent_restore_events_t *s, consent_restore_out_t *o, const uint8_t *in, size_t n,
    bool last)
{
    const uint8_t  *p, *end, *from;

    p = in;
    end = in + n;

    events_bom(s, &p, end);
    consent_restore_pass(o, p);
    from = p;

    while (p < end) {

        if (s->cr && *p == '\n' && s->len == 0 && p == from && !s->oversize) {
            /* the end of the event before: its reader may be waiting for it */
            s->cr = false;
            consent_restore_out(o, p, CONSENT_SPAN_BORROWED);
            consent_restore_pass(o, ++p);
            from = p;
            continue;
        }

        if (events_byte(s, *p++)) {
            events_take(s, o, from, p, true);
            from = p;
        }
    }

    if (p > from) {
        events_take(s, o, from, p, false);
    }

    if (!last) {
        return;
    }

    if (s->lines && s->len > 0) {
        o->kind = CONSENT_SPAN_OWN;
        consent_restore_event(s, o, consent_slice(s->event, s->len));
        s->len = 0;
    }

    consent_restore_release(s, o, 0, true);

    if (s->len > 0) {
        /* an event that was not finished has no reader */
        consent_restore_out(o, s->event, CONSENT_SPAN_OWN);
        consent_restore_pass(o, s->event + s->len);
        s->len = 0;
    }
}


static void
events_bom(consent_restore_events_t *s, const uint8_t **p, const uint8_t *end)
{
    static const uint8_t  bom[] = { 0xef, 0xbb, 0xbf };

    while (s->bom < sizeof(bom) && *p < end) {

        if (**p != bom[s->bom]) {
            s->bom = sizeof(bom);
            return;
        }

        s->bom++;
        (*p)++;
    }
}


/* The next piece of the event under way; `whole`: its last. */
static void
events_take(consent_restore_events_t *s, consent_restore_out_t *o, const uint8_t *from, const uint8_t *p, bool whole)
{
    size_t  n;

    n = (size_t) (p - from);

    if (!s->oversize && n > CONSENT_RESTORE_EVENT - s->len) {
        consent_restore_release(s, o, 0, false);
        s->oversize = true;
        s->lost = true;

        if (s->len > 0) {
            consent_restore_out(o, s->event, CONSENT_SPAN_OWN);
            consent_restore_pass(o, s->event + s->len);
            s->len = 0;
        }
    }

    if (s->oversize) {
        consent_restore_out(o, from, CONSENT_SPAN_BORROWED);
        consent_restore_pass(o, p);
        s->oversize = !whole;

    } else if (whole && s->len == 0) {
        o->kind = CONSENT_SPAN_BORROWED;
        consent_restore_event(s, o, consent_slice(from, n));

    } else {
        memcpy(s->event + s->len, from, n);
        s->len += n;

        if (whole) {
            n = s->len;
            s->len = 0;
            o->kind = CONSENT_SPAN_OWN;
            consent_restore_event(s, o, consent_slice(s->event, n));
        }
    }

    consent_restore_out(o, p, CONSENT_SPAN_BORROWED);
}


/* True: c is the last byte of an event. */
static bool
events_byte(consent_restore_events_t *s, uint8_t c)
{
    if (s->lines) {
        return c == '\n';
    }

    if (c == '\n' && s->cr) {
        s->cr = false;
        return false;
    }

    s->cr = c == '\r';

    if (c != '\n' && c != '\r') {
        s->empty = false;
        return false;
    }

    if (s->empty) {
        return true;
    }

    s->empty = true;

    return false;
}


const uint8_t *
consent_restore_line(const uint8_t **pp, const uint8_t *end, const uint8_t **line)
{
    const uint8_t  *p;

    *line = *pp;

    for (p = *pp; p < end && *p != '\n' && *p != '\r'; p++) { /* void */ }

    *pp = p;

    if (p < end) {
        *pp += p + 1 < end && p[0] == '\r' && p[1] == '\n' ? 2 : 1;
    }

    return p;
}


const uint8_t *
consent_restore_data(const uint8_t *line, const uint8_t *end, bool lines)
{
    size_t  n;

    n = (size_t) (end - line);

    if (lines) {
        return n > 0 ? line : NULL;
    }

    if (n < 4 || memcmp(line, "data", 4) != 0 || (n > 4 && line[4] != ':')) {
        return NULL;
    }

    if (n == 4) {
        return end;
    }

    return line + (n > 5 && line[5] == ' ' ? 6 : 5);
}
