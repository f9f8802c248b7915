/*
 * Addresses and Markdown's link targets, in what is text between tags.
 *
 * No list of schemes is kept: a word with a colon, a dot or a slash inside may be an address to somebody, and nothing
 * may stand in it up to the next white space.
 */

#include "minimize/restore_place.h"

enum {
    TARGET_NONE = 0,
    TARGET_BEGIN,           /* behind '](' */
    TARGET_ANGLE,           /* within <> */
    TARGET_PLAIN,
    TARGET_QUOTED
};

enum {
    DEFINITION_NONE = 0,
    DEFINITION_BEGIN,       /* behind ']:', before the address */
    DEFINITION_NEXT,        /* the same, in the next line */
    DEFINITION_LINE
};

static void run_begin(consent_place_t *p, uint8_t c);
static void target_line(consent_place_t *p);


void
consent_run_step(consent_place_t *p, uint8_t c)
{
    uint8_t  prev;

    if (p->ref_len > 0) {

        if (consent_place_word(c) || c == '#') {

            if (p->ref_len <= CONSENT_PLACE_REF) {
                p->ref[p->ref_len++ - 1] = c;

            } else {
                p->glued = true;
            }

            p->prev = c;
            return;
        }

        prev = c == ';' ? consent_place_reference(p->ref, p->ref_len - 1U) : c;
        p->ref_len = 0;

        if (prev == 0) {
            p->glued = true;
            p->prev = c;
            return;
        }

        c = prev;
    }

    if (consent_place_space(c)) {
        p->glued = false;
        p->dotted = false;
        p->scheme = false;
        p->first = p->first && p->count == 0;
        p->prev = ' ';
        return;
    }

    prev = p->prev;
    p->prev = c;

    if (p->first) {
        run_begin(p, c);
    }

    p->glued |= p->dotted;
    p->dotted = false;

    if (consent_place_word(c)) {
        p->glued |= c != '-' && (prev == '?' || prev == '%');

        if (p->scheme && prev == ':') {
            p->lost = true;
        }

        return;
    }

    switch (c) {

    case '.':
        p->dotted = consent_place_word(prev);
        break;

    case ':':
        p->glued |= consent_place_word(prev) || prev == '.' || prev == '+';
        break;

    case '/':
        p->glued |= consent_place_word(prev) || prev == '/' || prev == ':';

        if (p->scheme && prev == ':') {
            p->lost = true;
        }

        break;

    case '\\':
        p->glued |= prev == '\\' || prev == '/' || prev == ':';
        break;

    case '=':
        p->glued |= consent_place_word(prev);
        break;

    case '@':
        p->glued = true;
        break;

    case '&':
        p->ref_len = 1;
        break;

    default:
        break;
    }
}


/* The first word. A text that begins as an address does may be one as a whole, spaces or not; one that begins as JSON
 * does is for programs. */
static void
run_begin(consent_place_t *p, uint8_t c)
{
    if (p->count == 0) {
        p->scheme = consent_place_letter(c);
        p->lost = c == '/' || c == '\\' || c == '{';

    } else if (p->count < 3) {
        /* "./", "../", '["', '[{', '[["' */
        p->lost |= (c == '/' && p->dotted) || (c == '/' && p->ref[0] == '.')
                   || (p->ref[0] == '[' && (c == '"' || c == '{'));
    }

    if (p->count == 0) {
        p->ref[0] = c;
    }

    p->count = (uint8_t) (p->count < 3 ? p->count + 1 : 3);
}


void
consent_run_break(consent_place_t *p)
{
    if (p->raw == 0 && p->page) {
        p->ref_len = 0;
        consent_run_step(p, '\n');

        if (p->definition != DEFINITION_NONE) {
            target_line(p);
        }
    }
}


/* Inline links and reference definitions (CommonMark 6.3, 4.7), unfinished ones too: up to a blank line. */
void
consent_target_step(consent_place_t *p, uint8_t c)
{
    bool     space, line, closed;
    uint8_t  mark;

    mark = p->mark;
    p->mark = c;
    closed = p->closed;
    p->closed = false;
    space = consent_place_space(c);
    line = (c == '\n' && mark != '\r') || c == '\r';

    if (line) {

        if (p->blank) {
            p->target = TARGET_NONE;
        }

        p->blank = true;

        if (p->definition != DEFINITION_NONE) {
            target_line(p);
        }

    } else if (!space) {
        p->blank = false;

        if (p->definition != DEFINITION_NONE) {
            p->definition = DEFINITION_LINE;
        }
    }

    if (p->target == TARGET_NONE) {

        if (c == '(' && (mark == ']' || closed)) {
            p->target = TARGET_BEGIN;
            p->depth = 0;
            p->escape = false;

        } else if (c == ':' && mark == ']') {
            p->definition = DEFINITION_BEGIN;
        }

        return;
    }

    if (p->escape) {
        p->escape = false;
        return;
    }

    if (c == '\\') {
        p->escape = true;
        p->target = (uint8_t) (p->target == TARGET_BEGIN ? TARGET_PLAIN : p->target);
        return;
    }

    switch (p->target) {

    case TARGET_ANGLE:
        if (c == '>' || line) {
            p->target = TARGET_PLAIN;
        }

        return;

    case TARGET_QUOTED:
        if (c == p->quote) {
            p->target = TARGET_PLAIN;
        }

        return;

    case TARGET_BEGIN:
        if (space) {
            return;
        }

        if (c == '<') {
            p->target = TARGET_ANGLE;
            return;
        }

        p->target = TARGET_PLAIN;
        break;

    default:
        break;
    }

    if (c == '(') {
        p->depth = (uint8_t) (p->depth < 255 ? p->depth + 1 : 255);

    } else if (c == ')') {

        if (p->depth == 0) {
            p->target = TARGET_NONE;
            return;
        }

        /* so deep that it was not counted: up to a blank line */
        p->depth = (uint8_t) (p->depth < 255 ? p->depth - 1 : 255);

    } else if ((c == '"' || c == '\'') && consent_place_space(mark)) {
        p->quote = c;
        p->target = TARGET_QUOTED;
    }
}


static void
target_line(consent_place_t *p)
{
    p->definition = (uint8_t) (p->definition == DEFINITION_BEGIN ? DEFINITION_NEXT : DEFINITION_NONE);
}


uint8_t
consent_place_reference(const uint8_t *name, size_t len)
{
    size_t  i;

    static const struct {
        const char  *name;
        uint8_t      c;
    } known[] = {
        { "nbsp", ',' }, { "#160", ',' }, { "#xa0", ',' }, { "quot", '"' }, { "#34", '"' }, { "#x22", '"' },
        { "apos", '\'' }, { "#39", '\'' }, { "#039", '\'' }, { "#x27", '\'' }, { "lt", '<' }, { "gt", '>' },
        { "amp", '+' }, { "ndash", ',' }, { "mdash", ',' }, { "hellip", ',' }, { "raquo", ',' }, { "rdquo", ',' },
        { "rsquo", ',' }, { "laquo", ',' }, { "ldquo", ',' }, { "aring", 'a' }, { "auml", 'a' }, { "ouml", 'o' },
        { "Aring", 'a' }, { "Auml", 'a' }, { "Ouml", 'o' }, { "eacute", 'e' }
    };

    for (i = 0; i < consent_countof(known); i++) {
        if (consent_slice_eq(consent_slice(name, len), consent_cstr(known[i].name))) {
            return known[i].c;
        }
    }

    return 0;
}
