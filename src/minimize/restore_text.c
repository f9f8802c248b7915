/*
 * A mask is complete with its bracket, and restored when it is known that nothing behind it makes an address of it:
 * "[namn 1].example" would be a host name to those who make links of everything, "[namn 1],x@example" a mailbox. So a
 * mask waits for the byte behind it, and for the end of a word that is glued to it.
 */

#include "base/buf.h"
#include "base/digest.h"
#include "base/json.h"
#include "base/utf8.h"
#include "minimize/restore_text.h"

enum {
    TAIL_WORD = 0,
    TAIL_DOT,
    TAIL_COLON,
    TAIL_JOINED,            /* no host name any more, but maybe a mailbox */
    TAIL_REFERENCE,
    TAIL_RESTORE,           /* decided */
    TAIL_REFUSE
};

static void text_byte(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p, consent_escape_t escape);
static void text_complete(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p,
    consent_escape_t escape);
static uint8_t text_tail(consent_restore_text_t *t, uint8_t c);
static void text_step(consent_restore_text_t *t, size_t from);
static void text_flush(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p);
static void text_restore(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p,
    consent_escape_t escape);
static bool text_spell(consent_buf_t *b, consent_slice_t value, consent_escape_t escape);
static void text_escape(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p);
static uint8_t text_decoded(uint16_t code);
static void text_emit(consent_restore_out_t *o, const uint8_t *data, size_t len, consent_span_kind_t kind);


void
consent_restore_out(consent_restore_out_t *o, const uint8_t *from, consent_span_kind_t kind)
{
    o->from = from;
    o->held = NULL;
    o->kind = kind;
}


void
consent_restore_pass(consent_restore_out_t *o, const uint8_t *p)
{
    if (p > o->from) {
        text_emit(o, o->from, (size_t) (p - o->from), o->kind);
    }

    o->from = p;
}


void
consent_restore_text_init(consent_restore_text_t *t, bool page)
{
    memset(t, 0, offsetof(consent_restore_text_t, held));
    consent_place_init(&t->place, page);
}


void
consent_restore_text_piece(consent_restore_out_t *o, const uint8_t *p)
{
    consent_restore_pass(o, p);
    o->held = NULL;
}


void
consent_restore_text_read(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p, const uint8_t *end,
    consent_escape_t escape)
{
    for ( /* void */ ; p < end; p++) {

        if (t->n == 0) {
            p = consent_place_skip(&t->place, p, end);

            if (p == end) {
                return;
            }
        }

        text_byte(t, o, p, escape);
    }
}


const uint8_t *
consent_restore_text_string(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p,
    const uint8_t *end)
{
    for ( /* void */ ; p < end; p++) {

        if (t->n == 0 && t->escape == 0) {
            p = consent_place_skip(&t->place, p, end);

            if (p == end) {
                return end;
            }
        }

        if (t->escape > 0) {
            text_escape(t, o, p);

        } else if (*p == '"') {
            return p;

        } else if (*p < ' ') {
            t->place.lost = true;
            text_byte(t, o, p, CONSENT_ESCAPE_JSON);

        } else if (*p == '\\') {

            if (t->mask > 0) {
                t->held[t->n++] = *p;

            } else if (t->n > 0) {
                text_flush(t, o, p);
            }

            t->escape = 1;
            t->digits = 0;

        } else {
            text_byte(t, o, p, CONSENT_ESCAPE_JSON);
        }
    }

    return p;
}


void
consent_restore_text_keep(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p)
{
    if (t->n > 0) {

        if (o->held != NULL) {
            consent_restore_pass(o, o->held);
            o->held = NULL;
        }

        o->from = p;
        return;
    }

    consent_restore_pass(o, p);
}


void
consent_restore_text_end(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p, bool over,
    consent_escape_t escape)
{
    if (t->n > 0) {

        if (t->mask > 0 && over && t->escape == 0) {
            text_restore(t, o, p, escape);

        } else {
            text_flush(t, o, p);
        }
    }

    consent_restore_pass(o, p);
}


static void
text_byte(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p, consent_escape_t escape)
{
    uint8_t  c, tail;

    c = *p;

    if (t->mask > 0) {
        tail = text_tail(t, c);

        if (tail < TAIL_RESTORE) {
            t->tail = tail;
            t->held[t->n++] = c;
            return;
        }

        if (tail == TAIL_RESTORE) {
            text_restore(t, o, p, escape);

        } else {
            text_flush(t, o, p);
        }

    } else if (t->n > 0) {

        if (c == ']') {
            t->held[t->n++] = c;
            text_complete(t, o, p + 1, escape);
            return;
        }

        if (c >= ' ' && c < 0x7f && c != '[' && t->n + 1U < o->longest) {
            t->held[t->n++] = c;
            return;
        }

        text_flush(t, o, p);
    }

    if (c == '[') {
        t->held[0] = c;
        t->n = 1;
        o->held = p;
        return;
    }

    consent_place_step(&t->place, c);
}


/* Behind a candidate's bracket. */
static void
text_complete(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p, consent_escape_t escape)
{
    uint8_t          memory[CONSENT_RESTORE_VALUE + 2];
    consent_buf_t    b;
    consent_slice_t  value;

    value = consent_masks_value(o->masks, consent_slice(t->held, t->n));

    if (value.len > 0) {
        t->mask = t->n;
        t->tail = TAIL_WORD;
        consent_buf_init_fixed(&b, memory, sizeof(memory));

        if (value.len <= CONSENT_MASK_MAX_VALUE && consent_place_open(&t->place) && text_spell(&b, value, escape)) {
            consent_wipe(memory, sizeof(memory));
            return;
        }
    }

    text_flush(t, o, p);
}


/* What c makes of the tail. */
static uint8_t
text_tail(consent_restore_text_t *t, uint8_t c)
{
    uint8_t  ref;

    if (t->tail == TAIL_REFERENCE) {

        if (c == '#' || consent_place_word(c)) {
            return (uint8_t) (t->n < t->ref + CONSENT_PLACE_REF ? TAIL_REFERENCE : TAIL_REFUSE);
        }

        ref = c;

        if (c == ';') {
            ref = consent_place_reference(t->held + t->ref, (size_t) t->n - t->ref);
            return ref == 0 || consent_place_word(ref) ? TAIL_REFUSE
                   : ref == '"' || ref == '+' ? TAIL_JOINED : TAIL_RESTORE;
        }

        t->tail = TAIL_JOINED;
    }

    if (t->n >= t->mask + CONSENT_RESTORE_TAIL) {
        return TAIL_REFUSE;
    }

    if (consent_place_word(c)) {
        return (uint8_t) (t->tail == TAIL_WORD || t->tail == TAIL_JOINED ? t->tail : TAIL_REFUSE);
    }

    switch (c) {

    case '.':
        return (uint8_t) (t->tail == TAIL_WORD || t->tail == TAIL_DOT ? TAIL_DOT : TAIL_JOINED);

    case ':':
        return (uint8_t) (t->tail == TAIL_WORD ? TAIL_COLON : TAIL_JOINED);

    case ',':
    case ';':
    case '+':
    case '=':
    case '$':
    case '~':
    case '"':
        return TAIL_JOINED;

    case '/':
    case '\\':
    case '@':
    case '%':
    case '[':
        return TAIL_REFUSE;

    case '&':
        t->ref = (uint8_t) (t->n + 1);
        return TAIL_REFERENCE;

    default:
        return TAIL_RESTORE;
    }
}


/* What is held was no mask, or is none to be restored. */
static void
text_flush(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p)
{
    size_t  n;

    n = t->n;
    text_step(t, 0);

    if (o->held == NULL) {
        text_emit(o, t->held, n, CONSENT_SPAN_OWN);
        o->from = p;
    }

    o->held = NULL;
    t->n = 0;
    t->mask = 0;
}


/* What is held, from there on, is text. */
static void
text_step(consent_restore_text_t *t, size_t from)
{
    size_t   i;
    uint8_t  c;

    for (i = from; i < t->n; i++) {
        c = t->held[i];

        if (i >= t->mask && t->mask > 0 && c == '\\') {
            /* of an escaped quote */
            continue;
        }

        /* the space in a mask ends no address */
        consent_place_step(&t->place, (uint8_t) (i < t->mask && c == ' ' ? '_' : c));
    }
}


static void
text_restore(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p, consent_escape_t escape)
{
    size_t           i;
    uint8_t          memory[CONSENT_RESTORE_VALUE + 2];
    consent_buf_t    b;
    consent_slice_t  value, read;

    value = consent_masks_value(o->masks, consent_slice(t->held, t->mask));
    consent_buf_init_fixed(&b, memory, sizeof(memory));

    if (!text_spell(&b, value, escape)) {
        text_flush(t, o, p);
        return;
    }

    if (o->held != NULL) {
        consent_restore_pass(o, o->held);
    }

    read = consent_buf_view(&b);
    text_emit(o, read.data, read.len, CONSENT_SPAN_OWN);

    /* what is read as text, not as it is escaped */
    if (escape != CONSENT_ESCAPE_HTML) {
        read = value;
    }

    for (i = 0; i < read.len; i++) {
        consent_place_step(&t->place, read.data[i]);
    }

    consent_place_closed(&t->place);

    text_step(t, t->mask);

    if (o->held != NULL) {
        o->from = o->held + t->mask;

    } else {
        text_emit(o, t->held + t->mask, (size_t) t->n - t->mask, CONSENT_SPAN_OWN);
        o->from = p;
    }

    o->held = NULL;
    t->n = 0;
    t->mask = 0;

    consent_wipe(memory, sizeof(memory));
}


/* False: the value cannot be written there so that it is read as what it is, and as nothing else. */
static bool
text_spell(consent_buf_t *b, consent_slice_t value, consent_escape_t escape)
{
    size_t  i;

    if (!consent_utf8_valid(value)) {
        return false;
    }

    /* whoever cleaned the answer of markup has not seen the value */
    if (escape != CONSENT_ESCAPE_HTML
        && (memchr(value.data, '<', value.len) != NULL || memmem(value.data, value.len, "](", 2) != NULL))
    {
        return false;
    }

    switch (escape) {

    case CONSENT_ESCAPE_LINE:
        if (memchr(value.data, '\n', value.len) != NULL || memchr(value.data, '\r', value.len) != NULL) {
            return false;
        }

        /* fall through */

    case CONSENT_ESCAPE_NONE:
        consent_buf_slice(b, value);
        break;

    case CONSENT_ESCAPE_HTML:
        for (i = 0; i < value.len; i++) {
            if (value.data[i] == 0x7f || (value.data[i] < ' ' && value.data[i] != '\t' && value.data[i] != '\n')) {
                return false;
            }
        }

        consent_html_escape(b, value);
        break;

    default:
        consent_json_write_string(b, value, true);
        b->data++;
        b->len -= 2;
        break;
    }

    return b->rc == CONSENT_OK;
}


/* A byte of an escape behind its backslash. Behind a mask it is held with it until it is known what it stands for. */
static void
text_escape(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p)
{
    bool      earlier;
    size_t    len, from;
    uint8_t   c, tail;
    uint16_t  digit;

    c = *p;

    if (t->mask > 0) {
        t->held[t->n++] = c;
    }

    if (t->digits > 0) {

        if (!((c >= '0' && c <= '9') || (consent_lower(c) >= 'a' && consent_lower(c) <= 'f'))) {
            t->place.lost = true;
        }

        digit = (uint16_t) (c <= '9' ? c - '0' : consent_lower(c) - 'a' + 10);
        t->code = (uint16_t) (t->code << 4 | (digit & 15));
        t->digits--;

    } else if (c == 'u') {
        t->code = 0;
        t->digits = 4;

    } else {
        t->place.lost |= c == '\0' || strchr("\"\\/bfnrt", c) == NULL;
        t->code = c == 'n' ? '\n' : c == 'r' ? '\r' : c == 't' ? '\t' : c == 'b' ? '\b' : c == 'f' ? '\f' : c;
    }

    t->escape++;

    if (t->digits > 0) {
        return;
    }

    c = text_decoded(t->code);
    len = t->escape;
    t->escape = 0;

    if (t->mask > 0) {
        t->n = (uint8_t) (t->n - len);
        from = t->n;
        earlier = o->held == NULL;
        tail = t->place.lost ? TAIL_REFUSE : text_tail(t, c);

        if (c == '"' && tail < TAIL_RESTORE && len == 2) {
            t->tail = tail;
            t->n = (uint8_t) (t->n + len);
            return;
        }

        /* a word or dot that is spelled in an unusual way is not waited for */
        if (tail == TAIL_RESTORE) {
            text_restore(t, o, p + 1, CONSENT_ESCAPE_JSON);

        } else {
            text_flush(t, o, p + 1);
        }

        if (earlier) {
            text_emit(o, t->held + from, len, CONSENT_SPAN_OWN);
        }
    }

    consent_place_step(&t->place, c);
}


/* A letter for all beyond ASCII but signs and punctuation. */
static uint8_t
text_decoded(uint16_t code)
{
    if (code < 0x80) {
        return (uint8_t) code;
    }

    return (code >= 0xa0 && code <= 0xbf) || (code >= 0x2010 && code <= 0x205e) ? '!' : 0x80;
}


static void
text_emit(consent_restore_out_t *o, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    if (o->rc == CONSENT_OK && len > 0) {
        o->rc = o->emit(o->arg, data, len, kind);
    }
}
