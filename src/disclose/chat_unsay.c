/*
 * What people were told before is taken out of a conversation that is sent back.
 *
 * A client keeps the notice as a part of the answer, and sends it with the next question. Whatever wrote the JSON since
 * may have written other escapes than ours, so the text is compared by its characters. Only what is ours, to the letter
 * and at its place, is taken out.
 */

#include "base/utf8.h"
#include "disclose/chat.h"
#include "disclose/peek.h"

#define UNSAY_KINDS  5              /* in which the words are said, with the offer of a person and without */

typedef struct {
    uint8_t                     *body;
    const consent_disclosure_t  *d;
    size_t                       languages;
    size_t                       from;
    size_t                       to;
} unsay_t;

typedef enum {
    PART_STAYS = 0,
    PART_BEGINS,                /* with words of ours */
    PART_GOES                   /* it holds nothing else */
} part_t;

static void unsay_messages(unsay_t *u, consent_slice_t messages);
static void unsay_parts(unsay_t *u, consent_slice_t parts);
static part_t unsay_part(const unsay_t *u, consent_slice_t part, consent_slice_t *text, size_t *used);
static void unsay_blank(unsay_t *u, const uint8_t *from, const uint8_t *to);
static void unsay_shorten(unsay_t *u, consent_slice_t string, size_t used);
static size_t unsay_begins(const unsay_t *u, consent_slice_t string);
static consent_slice_t unsay_words(const consent_disclosure_text_t *in, size_t kind);
static const uint8_t *unsay_line(const uint8_t *p, const uint8_t *end);
static const uint8_t *unsay_match(const uint8_t *p, const uint8_t *end, consent_slice_t text);
static uint32_t unsay_next(const uint8_t **p, const uint8_t *end);
static uint32_t unsay_unit(const uint8_t *p, const uint8_t *end);


bool
consent_chat_unsay(uint8_t *body, size_t len, const consent_disclosure_t *d, size_t n, size_t *from, size_t *to)
{
    unsay_t          u;
    consent_peek_t   it;
    consent_slice_t  name, value;

    u.body = body;
    u.d = d;
    u.languages = n;
    u.from = len;
    u.to = 0;

    if (consent_peek_object(&it, consent_slice(body, len), false)) {

        while (consent_peek_name(&it, &name) && consent_peek_value(&it, &value)) {
            if (consent_slice_eq(name, consent_lit("messages")) || consent_slice_eq(name, consent_lit("input"))) {
                unsay_messages(&u, value);
            }
        }
    }

    if (u.to == 0) {
        return false;
    }

    *from = u.from < *from ? u.from : *from;
    *to = u.to > *to ? u.to : *to;

    return true;
}


static void
unsay_messages(unsay_t *u, consent_slice_t messages)
{
    size_t           used;
    consent_peek_t   it, members;
    consent_slice_t  message, role, name, value;

    if (!consent_peek_array(&it, messages, false)) {
        return;
    }

    while (consent_peek_element(&it, &message)) {
        role = consent_peek_get(message, "role", false);

        if ((!consent_peek_is(role, "assistant") && !consent_peek_is(role, "model"))
            || !consent_peek_object(&members, message, false))
        {
            continue;
        }

        while (consent_peek_name(&members, &name) && consent_peek_value(&members, &value)) {

            if (!consent_slice_eq(name, consent_lit("content")) && !consent_slice_eq(name, consent_lit("parts"))) {
                continue;
            }

            if (value.data[0] == '[') {
                unsay_parts(u, value);
                continue;
            }

            used = unsay_begins(u, value);

            if (used > 0 && used < value.len - 2) {
                unsay_shorten(u, value, used);
            }
        }
    }
}


/* A part that goes takes a comma with it: the one behind it, or before it where it was the last. The bytes up to the
 * next part are blanked only when that has been found, for it is found by them. */
static void
unsay_parts(unsay_t *u, consent_slice_t parts)
{
    size_t           stay, used;
    part_t           what;
    consent_peek_t   it;
    const uint8_t   *before;
    consent_slice_t  part, text, going;

    stay = 0;

    if (!consent_peek_array(&it, parts, false)) {
        return;
    }

    while (consent_peek_element(&it, &part)) {
        stay += unsay_part(u, part, &text, &used) != PART_GOES;
    }

    if (stay == 0) {
        return;
    }

    (void) consent_peek_array(&it, parts, false);
    before = NULL;
    going = consent_slice(NULL, 0);

    while (consent_peek_element(&it, &part)) {

        if (going.len > 0) {
            unsay_blank(u, going.data, part.data);
        }

        what = unsay_part(u, part, &text, &used);
        going = consent_slice(part.data, what == PART_GOES ? part.len : 0);

        if (what == PART_BEGINS) {
            unsay_shorten(u, text, used);
        }

        if (what != PART_GOES) {
            before = part.data + part.len;
        }
    }

    if (going.len > 0 && before != NULL) {
        unsay_blank(u, before, going.data + going.len);
    }
}


static part_t
unsay_part(const unsay_t *u, consent_slice_t part, consent_slice_t *text, size_t *used)
{
    consent_slice_t  type;

    type = consent_peek_get(part, "type", false);

    if (consent_peek_is(type, "data-ai-disclosure")) {
        return PART_GOES;
    }

    if (!consent_peek_is(type, "text") && !consent_peek_is(type, "output_text")) {
        return PART_STAYS;
    }

    *text = consent_peek_get(part, "text", false);
    *used = unsay_begins(u, *text);

    if (*used == 0) {
        return PART_STAYS;
    }

    return *used < text->len - 2 ? PART_BEGINS : PART_GOES;
}


static void
unsay_blank(unsay_t *u, const uint8_t *from, const uint8_t *to)
{
    size_t  at;

    at = (size_t) (from - u->body);
    memset(u->body + at, ' ', (size_t) (to - from));

    u->from = at < u->from ? at : u->from;
    at += (size_t) (to - from);
    u->to = at > u->to ? at : u->to;
}


/* The string begins where its first `used` bytes have ended. */
static void
unsay_shorten(unsay_t *u, consent_slice_t string, size_t used)
{
    unsay_blank(u, string.data, string.data + used + 1);
    u->body[(size_t) (string.data - u->body) + used] = '"';
}


/* How many bytes of a string, behind its quote, are words of ours and what ends their line; 0: none. */
static size_t
unsay_begins(const unsay_t *u, consent_slice_t string)
{
    size_t          i, kind;
    const uint8_t  *p, *end, *behind;

    if (!consent_peek_says(string)) {
        return 0;
    }

    p = string.data + 1;
    end = string.data + string.len - 1;

    for (i = 0; i < u->languages; i++) {

        for (kind = 0; kind < 2 * UNSAY_KINDS; kind++) {
            behind = unsay_match(p, end, unsay_words(&u->d->in[i], kind));

            if (behind != NULL) {
                return (size_t) (unsay_line(unsay_line(behind, end), end) - p);
            }
        }
    }

    return 0;
}


/* The words as they stand in a chat, a text, and Markdown, without the empty line. */
static consent_slice_t
unsay_words(const consent_disclosure_text_t *in, size_t kind)
{
    consent_slice_t         words;
    const consent_marks_t  *marks;

    /* the longer ones first, for they begin with the others */

    marks = kind < UNSAY_KINDS ? &in->offer : &in->marks;

    switch (kind % UNSAY_KINDS) {
    case 0:
        words = kind < UNSAY_KINDS ? in->offer_text : in->notice_text;
        break;
    case 1:
        words = marks->line;
        break;
    case 2:
        words = marks->line_ascii;
        break;
    case 3:
        words = marks->quote;
        break;
    default:
        words = marks->quote_ascii;
        break;
    }

    while (words.len > 0 && words.data[words.len - 1] == '\n') {
        words.len--;
    }

    return words;
}


/* Behind a line break, where there is one. */
static const uint8_t *
unsay_line(const uint8_t *p, const uint8_t *end)
{
    const uint8_t  *next;

    next = p;

    return p < end && unsay_next(&next, end) == '\n' ? next : p;
}


/* Behind the text, where the string begins with it. */
static const uint8_t *
unsay_match(const uint8_t *p, const uint8_t *end, consent_slice_t text)
{
    const uint8_t  *t, *t_end;

    t = text.data;
    t_end = t + text.len;

    if (t == t_end) {
        return NULL;
    }

    while (t < t_end) {
        if (p >= end || unsay_next(&p, end) != consent_utf8_next(&t, t_end)) {
            return NULL;
        }
    }

    return p;
}


/* The next character of a JSON string, UINT32_MAX for what is none; *p moves on, never behind the end. */
static uint32_t
unsay_next(const uint8_t **p, const uint8_t *end)
{
    uint32_t     c, low;
    const char  *at;

    static const char  escapes[] = "\"\\/bfnrt";
    static const char  stand_for[] = "\"\\/\b\f\n\r\t";

    if (**p != '\\') {
        return consent_utf8_next(p, end);
    }

    if (end - *p < 2) {
        *p = end;
        return UINT32_MAX;
    }

    if ((*p)[1] != 'u') {
        at = memchr(escapes, (*p)[1], sizeof(escapes) - 1);
        *p += 2;

        return at != NULL ? (uint32_t) stand_for[at - escapes] : UINT32_MAX;
    }

    c = unsay_unit(*p, end);

    if (c == UINT32_MAX) {
        *p = end;
        return UINT32_MAX;
    }

    *p += 6;

    if (c >= 0xd800 && c < 0xdc00) {
        low = unsay_unit(*p, end);

        if (low >= 0xdc00 && low < 0xe000) {
            *p += 6;
            c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        }
    }

    return c;
}


/* The unit of UTF-16 that \uXXXX stands for. */
static uint32_t
unsay_unit(const uint8_t *p, const uint8_t *end)
{
    size_t    i;
    uint8_t   c;
    uint32_t  unit;

    if (end - p < 6 || p[0] != '\\' || p[1] != 'u') {
        return UINT32_MAX;
    }

    unit = 0;

    for (i = 2; i < 6; i++) {
        c = p[i] | 0x20;

        if (p[i] >= '0' && p[i] <= '9') {
            unit = unit << 4 | (uint32_t) (p[i] - '0');

        } else if (c >= 'a' && c <= 'f') {
            unit = unit << 4 | (uint32_t) (c - 'a' + 10);

        } else {
            return UINT32_MAX;
        }
    }

    return unit;
}
