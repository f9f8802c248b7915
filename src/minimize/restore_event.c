/*
 * Restoring in one event. A mask that comes in pieces holds back the end of each event's text; the value then stands
 * in the event in which it is decided. What is left when a text ends is sent in a copy of the event it came in.
 */

#include "minimize/restore_inside.h"

static void event_json(consent_restore_events_t *s, consent_restore_out_t *o, consent_slice_t event,
    const consent_restore_record_t *r);
static void event_release_others(consent_restore_events_t *s, consent_restore_out_t *o,
    const consent_restore_record_t *r, consent_restore_stream_t *const *streams);
static void event_whole(consent_restore_out_t *o, const consent_restore_record_t *r);
static void event_text(consent_restore_events_t *s, consent_restore_out_t *o, consent_slice_t event);
static bool event_data(consent_slice_t event, bool lines, consent_slice_t *first);
static bool event_object(consent_slice_t data, const consent_restore_record_t *r);
static consent_restore_stream_t *event_stream(consent_restore_events_t *s, uint64_t key, uint64_t who, uint64_t ids,
    consent_escape_t escape);
static void event_end(consent_restore_events_t *s, consent_restore_stream_t *stream, consent_restore_out_t *o,
    consent_slice_t event, const consent_restore_record_t *r, size_t i);
static bool event_template(consent_restore_stream_t *stream, consent_slice_t event,
    const consent_restore_record_t *r, size_t i, bool lines);
static void event_rest(consent_restore_events_t *s, consent_restore_stream_t *stream, consent_restore_out_t *o,
    bool over);
static bool event_add(consent_restore_stream_t *stream, const uint8_t *data, size_t len);


void
consent_restore_event(consent_restore_events_t *s, consent_restore_out_t *o, consent_slice_t event)
{
    bool                      json;
    consent_slice_t           data;
    consent_span_kind_t       kind;
    consent_restore_record_t  r;

    kind = o->kind;

    if (!event_data(event, s->lines, &data)) {
        consent_restore_out(o, event.data, kind);
        consent_restore_pass(o, event.data + event.len);
        return;
    }

    json = !s->plain && consent_restore_record(&r, event, s->lines);

    if (consent_slice_eq(data, consent_lit("[DONE]"))) {
        consent_restore_release(s, o, 0, true);
        json = false;

    } else if (!s->lines && !s->json && (!json || !event_object(data, &r))) {

        if (s->plain || data.len == 0 || data.data[0] != '{') {
            s->plain = true;
            event_text(s, o, event);
            return;
        }

        json = false;
        consent_restore_release(s, o, 0, false);
        s->lost = true;

    } else if (!json || r.unread) {
        consent_restore_release(s, o, 0, false);
        s->lost = true;

    } else if (r.sort == CONSENT_RESTORE_DELTA) {
        s->json = true;
        event_json(s, o, event, &r);
        return;

    } else if (r.sort != CONSENT_RESTORE_PASS) {
        consent_restore_release(s, o, r.who, r.ends);
    }

    consent_restore_out(o, event.data, kind);

    if (json && !s->lost && r.sort == CONSENT_RESTORE_WHOLE) {
        event_whole(o, &r);
    }

    consent_restore_pass(o, event.data + event.len);
}


static void
event_json(consent_restore_events_t *s, consent_restore_out_t *o, consent_slice_t event,
    const consent_restore_record_t *r)
{
    size_t                     i;
    consent_span_kind_t        kind;
    consent_restore_stream_t  *stream, *streams[CONSENT_RESTORE_STRINGS];

    kind = o->kind;

    for (i = 0; i < r->n; i++) {
        streams[i] = s->lost ? NULL
                     : event_stream(s, r->strings[i].path ^ r->salt ^ r->who, r->who, r->ids, CONSENT_ESCAPE_JSON);
    }

    if (r->ends) {
        event_release_others(s, o, r, streams);
    }

    consent_restore_out(o, event.data, kind);

    for (i = 0; i < r->n; i++) {
        stream = streams[i];

        if (stream == NULL) {
            continue;
        }

        consent_restore_text_piece(o, r->strings[i].at);
        (void) consent_restore_text_string(&stream->text, o, r->strings[i].at, r->strings[i].end);

        if (r->ends) {
            consent_restore_text_end(&stream->text, o, r->strings[i].end, true, CONSENT_ESCAPE_JSON);

        } else {
            event_end(s, stream, o, event, r, i);
        }
    }

    consent_restore_pass(o, event.data + event.len);

    if (r->ends) {
        /* nothing is held any more */
        consent_restore_release(s, o, r->who, true);
    }
}


/* Texts that end with an event that does not carry them on. */
static void
event_release_others(consent_restore_events_t *s, consent_restore_out_t *o, const consent_restore_record_t *r,
    consent_restore_stream_t *const *streams)
{
    size_t                     i, k;
    consent_restore_stream_t  *stream;

    for (i = 0; i < CONSENT_RESTORE_TEXTS; i++) {
        stream = &s->streams[i];

        if (!stream->used || (r->who != 0 && stream->who != r->who)) {
            continue;
        }

        for (k = 0; k < r->n && streams[k] != stream; k++) { /* void */ }

        if (k == r->n) {
            event_rest(s, stream, o, true);
        }
    }
}


/* Texts that end within the event; what one leaves open may be meant for the next. */
static void
event_whole(consent_restore_out_t *o, const consent_restore_record_t *r)
{
    size_t                  i;
    consent_restore_text_t  text;

    for (i = 0; i < r->n; i++) {
        consent_restore_text_init(&text, false);
        consent_restore_text_piece(o, r->strings[i].at);
        (void) consent_restore_text_string(&text, o, r->strings[i].at, r->strings[i].end);
        consent_restore_text_end(&text, o, r->strings[i].end, true, CONSENT_ESCAPE_JSON);

        if (!consent_place_at_rest(&text.place)) {
            break;
        }
    }
}


/* Data that is no JSON: a piece of the one text of its kind of event. */
static void
event_text(consent_restore_events_t *s, consent_restore_out_t *o, consent_slice_t event)
{
    bool                       first;
    uint64_t                   key;
    const uint8_t             *p, *end, *line, *line_end, *data;
    consent_restore_record_t   r;
    consent_restore_stream_t  *stream;

    consent_restore_out(o, event.data, o->kind);

    key = 2;
    p = event.data;
    end = p + event.len;

    while (p < end) {
        line_end = consent_restore_line(&p, end, &line);

        if (line_end - line > 6 && memcmp(line, "event:", 6) == 0) {
            key = consent_restore_path(2, consent_slice(line, (size_t) (line_end - line)));
        }
    }

    stream = s->lost ? NULL : event_stream(s, key, 0, 1, CONSENT_ESCAPE_LINE);

    if (stream == NULL) {
        consent_restore_pass(o, end);
        return;
    }

    first = true;
    r.n = 1;
    p = event.data;

    while (p < end) {
        line_end = consent_restore_line(&p, end, &line);
        data = consent_restore_data(line, line_end, false);

        if (data == NULL) {
            continue;
        }

        if (!first) {
            consent_restore_text_end(&stream->text, o, r.strings[0].end, true, CONSENT_ESCAPE_LINE);
            consent_place_step(&stream->text.place, '\n');
        }

        first = false;
        consent_restore_text_piece(o, data);
        consent_restore_text_read(&stream->text, o, data, line_end, CONSENT_ESCAPE_LINE);
        r.strings[0] = (consent_restore_string_t) { data, line_end, 0 };
    }

    event_end(s, stream, o, event, &r, 0);

    consent_restore_pass(o, end);
}


static bool
event_data(consent_slice_t event, bool lines, consent_slice_t *first)
{
    const uint8_t  *p, *end, *line, *line_end, *data;

    p = event.data;
    end = p + event.len;

    while (p < end) {
        line_end = consent_restore_line(&p, end, &line);
        data = consent_restore_data(line, line_end, lines);

        if (data != NULL) {
            while (data < line_end && (*data == ' ' || *data == '\t')) {
                data++;
            }

            *first = consent_slice(data, (size_t) (line_end - data));
            return true;
        }
    }

    return false;
}


/* JSON that is no piece of plain text, as a footnote's "[1]" is. */
static bool
event_object(consent_slice_t data, const consent_restore_record_t *r)
{
    return data.len > 0 && (data.data[0] == '{' || (r->n > 0 && (data.data[0] == '[' || data.data[0] == '"')));
}


/* NULL: nothing is restored in it. */
static consent_restore_stream_t *
event_stream(consent_restore_events_t *s, uint64_t key, uint64_t who, uint64_t ids, consent_escape_t escape)
{
    size_t                     i;
    consent_restore_stream_t  *stream, *free;

    free = NULL;

    for (i = 0; i < CONSENT_RESTORE_TEXTS; i++) {
        stream = &s->streams[i];

        if (!stream->used) {
            free = stream;
            continue;
        }

        if (stream->key == key) {

            if (stream->ids != ids) {
                /* other texts under the same name */
                stream->text.place.lost = true;
            }

            return stream;
        }
    }

    if (free == NULL && ids == 0) {
        for (i = 0; i < CONSENT_RESTORE_TEXTS; i++) {
            if (s->streams[i].ids != 0 && s->streams[i].text.n == 0) {
                free = &s->streams[i];
                s->evicted = true;
                break;
            }
        }
    }

    if (free == NULL || (ids != 0 && s->evicted)) {
        return NULL;
    }

    free->used = true;
    free->key = key;
    free->who = who;
    free->ids = ids;
    free->escape = escape;
    consent_restore_text_init(&free->text, false);

    return free;
}


/* The event's piece of a text ends, the text does not. */
static void
event_end(consent_restore_events_t *s, consent_restore_stream_t *stream, consent_restore_out_t *o,
    consent_slice_t event, const consent_restore_record_t *r, size_t i)
{
    if (stream->text.n > 0 && event_template(stream, event, r, i, s->lines)) {
        consent_restore_text_keep(&stream->text, o, r->strings[i].end);

    } else {
        consent_restore_text_end(&stream->text, o, r->strings[i].end, false, stream->escape);
    }
}


/* The event without its texts, and without what counts events. False: it is too long to be kept. */
static bool
event_template(consent_restore_stream_t *stream, consent_slice_t event, const consent_restore_record_t *r, size_t i,
    bool lines)
{
    size_t          k;
    const uint8_t  *p, *end, *line, *line_end, *from;

    stream->len = 0;
    stream->before = 0;
    p = event.data;
    end = p + event.len;
    k = 0;

    while (p < end) {
        line_end = consent_restore_line(&p, end, &line);

        if (!lines && (line_end - line < 6 || memcmp(line, "event:", 6) != 0)
            && (consent_restore_data(line, line_end, false) == NULL
                || (stream->escape == CONSENT_ESCAPE_LINE && line_end != r->strings[0].end)))
        {
            continue;
        }

        from = line;

        for ( /* void */ ; k < r->n && r->strings[k].end <= line_end; k++) {

            if (!event_add(stream, from, (size_t) (r->strings[k].at - from))) {
                return false;
            }

            if (k == i) {
                stream->before = stream->len;
            }

            from = r->strings[k].end;
        }

        if (!event_add(stream, from, (size_t) (line_end - from)) || !event_add(stream, (const uint8_t *) "\n", 1)) {
            return false;
        }
    }

    return lines || event_add(stream, (const uint8_t *) "\n", 1);
}


static bool
event_add(consent_restore_stream_t *stream, const uint8_t *data, size_t len)
{
    if (len > (size_t) CONSENT_RESTORE_TEMPLATE - stream->len) {
        return false;
    }

    memcpy(stream->event + stream->len, data, len);
    stream->len = (uint16_t) (stream->len + len);

    return true;
}


void
consent_restore_release(consent_restore_events_t *s, consent_restore_out_t *o, uint64_t who, bool over)
{
    size_t  i;

    for (i = 0; i < CONSENT_RESTORE_TEXTS; i++) {
        if (s->streams[i].used && (who == 0 || s->streams[i].who == who)) {
            event_rest(s, &s->streams[i], o, over);
        }
    }
}


static void
event_rest(consent_restore_events_t *s, consent_restore_stream_t *stream, consent_restore_out_t *o, bool over)
{
    static const uint8_t  nothing[1];

    if (stream->text.n > 0) {
        consent_restore_out(o, stream->event, CONSENT_SPAN_OWN);
        consent_restore_pass(o, stream->event + stream->before);
        consent_restore_out(o, nothing, CONSENT_SPAN_OWN);
        consent_restore_text_end(&stream->text, o, nothing, over && !s->lost, stream->escape);
        consent_restore_out(o, stream->event + stream->before, CONSENT_SPAN_OWN);
        consent_restore_pass(o, stream->event + stream->len);
    }

    if (over) {
        stream->used = false;
    }
}
