/*
 * The stamper of chat streams: server-sent events (WHATWG HTML 9.2), and one JSON object a line.
 *
 * The stream is cut into events, which dialect.c looks at one by one. An event that comes in pieces is held back until it
 * is whole, up to HOLD bytes; a longer one is passed on unread. So each flush of the upstream that ends with an event
 * passes on all there is. When nothing is to be done any more nothing is read any more, unless the upstream is trusted to
 * say when a person takes over.
 */

#include "disclose/dialect.h"
#include "disclose/stamper.h"

#define HOLD  65536             /* bytes of an event that is read */

typedef struct {
    consent_stamper_t  s;
    bool               sse;
    bool               begins;          /* a line begins here */
    bool               cr;              /* the last byte was CR: a line feed now is the rest of that line's end */
    bool               skip;            /* the event under way is too long */
    consent_dialect_t  dialect;
    size_t             held_len;
    uint8_t           *held;            /* HOLD + 1 bytes of the event under way, and the line feed of CR LF at its end;
                                           or NULL */
} stamp_stream_t;

static consent_rc_t stream_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static size_t stream_take(stamp_stream_t *x, const uint8_t *in, size_t n);
static const uint8_t *stream_end(stamp_stream_t *x, const uint8_t *p, const uint8_t *end);
static size_t stream_length(const stamp_stream_t *x, const uint8_t *p, size_t len);
static void stream_event(stamp_stream_t *x, consent_slice_t raw, consent_span_kind_t kind);
static void stream_read(consent_unit_t *unit, consent_slice_t raw, bool sse);
static bool stream_field(consent_slice_t *value, consent_slice_t line, const char *name);
static void stream_before(stamp_stream_t *x, const consent_action_t *action, consent_slice_t raw);
static consent_slice_t stream_eol(const stamp_stream_t *x, consent_slice_t raw);


size_t
consent_stamp_stream_size(void)
{
    return sizeof(stamp_stream_t);
}


consent_stamp_t *
consent_stamp_stream_init(void *memory, const consent_stamp_conf_t *conf, bool sse)
{
    stamp_stream_t  *x;

    x = memory;
    memset(x, 0, offsetof(stamp_stream_t, dialect));
    consent_stamper_init(&x->s, conf, stream_feed, NULL);
    consent_dialect_init(&x->dialect, conf, x->s.said, sse);

    x->sse = sse;
    x->begins = true;
    x->held_len = 0;
    x->held = NULL;

    if (!x->dialect.key_due && !x->dialect.prose_due && !x->dialect.listens) {
        consent_stamper_finish(&x->s, CONSENT_STAMP_SENT);
    }

    return &x->s.pub;
}


static consent_rc_t
stream_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t           used;
    stamp_stream_t  *x;

    x = (stamp_stream_t *) t;
    consent_stamper_begin(&x->s, emit, arg);

    if (!x->s.pub.decided && x->s.bom == CONSENT_BOM_PENDING) {
        used = consent_stamper_bom(&x->s, in, n);
        in += used;
        n -= used;

        if (x->s.bom == CONSENT_BOM_NONE || (last && x->s.bom == CONSENT_BOM_PENDING)) {

            if (x->s.marks > 0) {
                if (!consent_stamper_room(&x->s, &x->held, HOLD + 1)) {
                    return x->s.rc;
                }

                memcpy(x->held, consent_stamper_mark, x->s.marks);
            }

            x->held_len = x->s.marks;
            x->begins = x->held_len == 0;
        }
    }

    while (n > 0 && !x->s.pub.decided && x->s.rc == CONSENT_OK) {
        used = stream_take(x, in, n);
        in += used;
        n -= used;
    }

    if (last && !x->s.pub.decided) {

        /* an event without its end is none, but some read it all the same */

        if (x->held_len > 0) {
            stream_event(x, consent_slice(x->held, x->held_len), CONSENT_SPAN_OWN);
        }

        consent_stamper_finish(&x->s, consent_dialect_outcome(&x->dialect));
    }

    consent_stamper_emit(&x->s, in, n, CONSENT_SPAN_BORROWED);

    return x->s.rc;
}


/* Reads up to the end of an event, or of the input. Returns how much was taken. */
static size_t
stream_take(stamp_stream_t *x, const uint8_t *in, size_t n)
{
    bool            fits;
    size_t          len;
    const uint8_t  *end;

    if (x->cr && x->held_len == 0 && !x->skip && in[0] == '\n') {

        /* the rest of the end of the event before */
        x->cr = false;
        consent_stamper_emit(&x->s, in, 1, CONSENT_SPAN_BORROWED);
        return 1;
    }

    end = stream_end(x, in, in + n);
    len = end != NULL ? (size_t) (end - in) : n;

    if (x->skip) {
        consent_stamper_emit(&x->s, in, len, CONSENT_SPAN_BORROWED);
        x->skip = end == NULL;
        return len;
    }

    fits = x->held_len + (end != NULL ? stream_length(x, in, len) : len) <= HOLD;

    if (!fits) {
        consent_stamper_emit(&x->s, x->held, x->held_len, CONSENT_SPAN_OWN);
        consent_stamper_emit(&x->s, in, len, CONSENT_SPAN_BORROWED);
        consent_dialect_stranger(&x->dialect);
        x->held_len = 0;
        x->skip = end == NULL;

    } else if (end != NULL && x->held_len == 0) {
        stream_event(x, consent_slice(in, len), CONSENT_SPAN_BORROWED);

    } else {
        if (!consent_stamper_room(&x->s, &x->held, HOLD + 1)) {
            return len;
        }

        memcpy(x->held + x->held_len, in, len);
        x->held_len += len;

        if (end != NULL) {
            stream_event(x, consent_slice(x->held, x->held_len), CONSENT_SPAN_OWN);
            x->held_len = 0;
        }
    }

    return len;
}


/* Behind the end of the event under way: of its empty line, or of its line. NULL: it is not there. */
static const uint8_t *
stream_end(stamp_stream_t *x, const uint8_t *p, const uint8_t *end)
{
    uint8_t  c;

    if (!x->sse) {
        p = memchr(p, '\n', (size_t) (end - p));
        return p != NULL ? p + 1 : NULL;
    }

    while (p < end) {
        c = *p++;

        if (c == '\n' && x->cr) {
            x->cr = false;
            continue;
        }

        x->cr = c == '\r';

        if (c != '\n' && c != '\r') {
            x->begins = false;

        } else if (x->begins) {

            if (x->cr && p < end && *p == '\n') {
                x->cr = false;
                p++;
            }

            return p;

        } else {
            x->begins = true;
        }
    }

    return NULL;
}


/* Without the line feed of CR LF at its end, which may come late: the limit is to be the same however it comes. */
static size_t
stream_length(const stamp_stream_t *x, const uint8_t *p, size_t len)
{
    return x->sse && len > 1 && p[len - 1] == '\n' && p[len - 2] == '\r' ? len - 1 : len;
}


static void
stream_event(stamp_stream_t *x, consent_slice_t raw, consent_span_kind_t kind)
{
    size_t            at;
    consent_unit_t    unit;
    consent_action_t  action;

    stream_read(&unit, raw, x->sse);
    consent_dialect_unit(&x->dialect, &action, &unit);

    if (action.n > 0) {
        stream_before(x, &action, raw);
    }

    at = 0;

    if (action.at != NULL) {
        at = (size_t) (action.at - raw.data);
        consent_stamper_emit(&x->s, raw.data, at, kind);
        consent_stamper_insert(&x->s, action.member, CONSENT_SPAN_LASTING);
    }

    consent_stamper_emit(&x->s, raw.data + at, raw.len - at, kind);

    x->s.pub.human = x->dialect.human;
    x->s.pub.claim = x->dialect.claim;
    x->s.pub.preceded = x->dialect.preceded;

    if (consent_dialect_done(&x->dialect)) {
        consent_stamper_finish(&x->s, consent_dialect_outcome(&x->dialect));
    }
}


static void
stream_read(consent_unit_t *unit, consent_slice_t raw, bool sse)
{
    bool             follows;
    size_t           at, len;
    consent_slice_t  line, value;

    memset(unit, 0, sizeof(consent_unit_t));

    if (!sse) {
        unit->data = raw;

        while (unit->data.len > 0 && unit->data.data[unit->data.len - 1] <= ' ') {
            unit->data.len--;
        }

        return;
    }

    follows = false;

    for (at = 0; at < raw.len; at += len + 1) {

        for (len = 0; at + len < raw.len && raw.data[at + len] != '\n' && raw.data[at + len] != '\r'; len++) {
            /* void */
        }

        line = consent_slice(raw.data + at, len);

        if (stream_field(&value, line, "data")) {

            if (unit->data.data == NULL) {
                unit->data = value;

            } else {
                unit->mixed |= !follows;
                unit->data.len = (size_t) (value.data + value.len - unit->data.data);
            }

            follows = true;

        } else if (len > 0) {
            follows = false;

            if (stream_field(&value, line, "event")) {
                unit->name = value;
            }
        }
    }
}


static bool
stream_field(consent_slice_t *value, consent_slice_t line, const char *name)
{
    size_t  len;

    len = strlen(name);

    if (line.len < len || memcmp(line.data, name, len) != 0 || (line.len > len && line.data[len] != ':')) {
        return false;
    }

    len += line.len > len;
    len += line.len > len && line.data[len] == ' ';

    *value = consent_slice(line.data + len, line.len - len);

    return true;
}


/* Pieces of ours before an event, with the stream's own ends of lines: some clients cut at those alone. */
static void
stream_before(stamp_stream_t *x, const consent_action_t *action, consent_slice_t raw)
{
    size_t               i, len;
    consent_slice_t      eol, rest;
    const uint8_t       *lf;
    consent_span_kind_t  kind;

    eol = stream_eol(x, raw);

    for (i = 0; i < action->n; i++) {
        rest = action->before[i];
        kind = CONSENT_SPAN_LASTING;

        if (rest.data >= (const uint8_t *) &x->dialect && rest.data < (const uint8_t *) (&x->dialect + 1)) {
            kind = CONSENT_SPAN_OWN;
        }

        while (rest.len > 0) {
            lf = eol.len == 1 && eol.data[0] == '\n' ? NULL : memchr(rest.data, '\n', rest.len);
            len = lf != NULL ? (size_t) (lf - rest.data) : rest.len;
            consent_stamper_insert(&x->s, consent_slice(rest.data, len), kind);

            if (lf != NULL) {
                consent_stamper_insert(&x->s, eol, CONSENT_SPAN_LASTING);
                len++;
            }

            rest = consent_slice(rest.data + len, rest.len - len);
        }
    }
}


/* How the first line of the event ends. */
static consent_slice_t
stream_eol(const stamp_stream_t *x, consent_slice_t raw)
{
    size_t  i;

    for (i = 0; i < raw.len; i++) {

        if (raw.data[i] == '\n') {
            return consent_lit("\n");
        }

        if (raw.data[i] == '\r') {
            return i + 1 < raw.len && raw.data[i + 1] == '\n' ? consent_lit("\r\n")
                   : x->sse ? consent_lit("\r") : consent_lit("\n");
        }
    }

    return consent_lit("\n");
}
