/*
 * Tags, comments and raw text, as the tokenization chapter of the HTML standard (13.2.5) has them.
 *
 * In Markdown a '<' within what HTML calls a tag ends all restoring: wherever another reader sees a tag begin, we saw
 * it too, or we stop. In pages a browser is the only reader, but whether an element's text is raw may depend on svg,
 * on scripting, on XML: such elements are read as markup, and a '<' within a tag of theirs stops us as well.
 */

#include "minimize/restore_place.h"

enum {
    STATE_TEXT = 0,
    STATE_OPEN,             /* behind '<' */
    STATE_END_OPEN,         /* behind '</' */
    STATE_NAME,
    STATE_BEFORE_ATTR,
    STATE_ATTR,
    STATE_AFTER_ATTR,
    STATE_BEFORE_VALUE,
    STATE_DOUBLE,
    STATE_SINGLE,
    STATE_BARE,
    STATE_MARKUP,           /* behind '<!' */
    STATE_MARKUP_DASH,
    STATE_COMMENT,
    STATE_DECLARATION,      /* of letters: DOCTYPE */
    STATE_PI,
    STATE_SCRIPT            /* text of a script, not markup */
};

#define TAG(a, b, c, d, e, f, g, h)                                                                                  \
    ((uint64_t) (a) | (uint64_t) (b) << 8 | (uint64_t) (c) << 16 | (uint64_t) (d) << 24 | (uint64_t) (e) << 32       \
     | (uint64_t) (f) << 40 | (uint64_t) (g) << 48 | (uint64_t) (h) << 56)

#define TAG_SCRIPT  TAG('s','c','r','i','p','t',0,0)
#define TAG_SVG     TAG('s','v','g',0,0,0,0,0)
#define TAG_MATH    TAG('m','a','t','h',0,0,0,0)
#define PLAINTEX    TAG('p','l','a','i','n','t','e','x')

static void place_tag(consent_place_t *p, uint8_t c);
static void place_markup(consent_place_t *p, uint8_t c);
static void place_comment(consent_place_t *p, uint8_t c);
static void place_script(consent_place_t *p, uint8_t c);
static void place_tag_end(consent_place_t *p);
static bool place_among(uint64_t name, const uint64_t *names, size_t n);


void
consent_place_init(consent_place_t *p, bool page)
{
    memset(p, 0, sizeof(consent_place_t));

    p->page = page;
    p->first = !page;
    p->prev = page ? ' ' : 'a';     /* nobody knows what a text will be put behind */
    p->mark = ' ';
    p->blank = true;
}


bool
consent_place_open(const consent_place_t *p)
{
    return !p->lost && p->state == STATE_TEXT && p->raw == 0 && !p->glued && !p->dotted && p->ref_len == 0
           && p->target == 0 && p->definition == 0;
}


bool
consent_place_at_rest(const consent_place_t *p)
{
    return consent_place_open(p) && strchr(":/\\?%=&[]", p->prev) == NULL && p->mark != ']' && !p->closed;
}


void
consent_place_step(consent_place_t *p, uint8_t c)
{
    bool  seen;

    if (p->lost) {
        return;
    }

    /* in a page raw text is no text to anybody */
    seen = p->raw == 0 || !p->page;

    if (seen) {
        consent_target_step(p, c);
    }

    if (c == '<' && p->state > STATE_OPEN && p->state != STATE_SCRIPT && (!p->page || p->raw != 0)) {
        p->lost = true;
        return;
    }

    if (!p->page && p->state > STATE_OPEN && c != '/' && c != '=' && !consent_place_space(c)) {
        /* who shows tags as they are may take an address for longer than its tag */
        consent_run_step(p, c);
    }

    switch (p->state) {

    case STATE_TEXT:
        if (c == '<') {
            p->state = STATE_OPEN;

        } else if (seen) {
            consent_run_step(p, c);
        }

        break;

    case STATE_OPEN:
        if (consent_place_letter(c)) {
            p->state = STATE_NAME;
            p->closing = false;
            p->name = consent_lower(c);
            p->name_len = 1;

            if (!p->page) {
                consent_run_step(p, '<');
                consent_run_step(p, c);
            }

        } else if (c == '/') {
            p->state = STATE_END_OPEN;

        } else if (c == '!') {
            p->state = STATE_MARKUP;

        } else if (c == '?') {
            p->state = STATE_PI;
            p->last = 0;

        } else if (c != '<') {
            p->state = STATE_TEXT;

            if (seen) {
                consent_run_step(p, '<');
                consent_run_step(p, c);
            }
        }

        break;

    case STATE_END_OPEN:
        if (!consent_place_letter(c)) {
            /* a comment to some, nothing to others, text to the third */
            p->lost = true;
            break;
        }

        p->state = STATE_NAME;
        p->closing = true;
        p->name = consent_lower(c);
        p->name_len = 1;
        break;

    case STATE_SCRIPT:
        place_script(p, c);
        break;

    case STATE_COMMENT:
        place_comment(p, c);
        break;

    case STATE_MARKUP:
    case STATE_MARKUP_DASH:
    case STATE_DECLARATION:
    case STATE_PI:
        place_markup(p, c);
        break;

    default:
        place_tag(p, c);
        break;
    }
}


const uint8_t *
consent_place_skip(consent_place_t *p, const uint8_t *text, const uint8_t *end)
{
    bool            words;
    const uint8_t  *at;

    if (p->first || p->closed || !consent_place_open(p)
        || !(p->prev == ' ' || p->prev == ',' || consent_place_word(p->prev)))
    {
        return text;
    }

    words = false;

    for (at = text; at < end; at++) {
        if (consent_place_word(*at) || *at == ',') {
            words = true;

        } else if (*at != ' ') {
            break;
        }
    }

    if (at > text) {
        p->prev = at[-1];
        p->mark = at[-1];
        p->blank = p->blank && !words;
    }

    return at;
}


static void
place_tag(consent_place_t *p, uint8_t c)
{
    bool  space;

    space = consent_place_space(c);

    switch (p->state) {

    case STATE_DOUBLE:
    case STATE_SINGLE:
        /* what stands directly behind a value begins another attribute */
        if (c == (p->state == STATE_DOUBLE ? '"' : '\'')) {
            p->state = STATE_BEFORE_ATTR;
        }

        return;

    case STATE_BEFORE_VALUE:
        if (c == '"' || c == '\'') {
            p->state = c == '"' ? STATE_DOUBLE : STATE_SINGLE;
            return;
        }

        if (space) {
            return;
        }

        if (c != '>') {
            p->state = STATE_BARE;
            return;
        }

        break;

    case STATE_BARE:
        if (space) {
            p->state = STATE_BEFORE_ATTR;
            return;
        }

        break;

    case STATE_NAME:
        if (space || c == '/') {
            p->state = STATE_BEFORE_ATTR;
            return;
        }

        if (c != '>') {
            if (p->name_len < 8) {
                p->name |= (uint64_t) consent_lower(c) << (p->name_len * 8);
            }

            p->name_len = (uint8_t) (p->name_len < 10 ? p->name_len + 1 : 10);
            return;
        }

        break;

    case STATE_BEFORE_ATTR:
    case STATE_AFTER_ATTR:
        if (space || c == '/') {
            p->state = c == '/' ? STATE_BEFORE_ATTR : p->state;
            return;
        }

        if (c == '=' && p->state == STATE_AFTER_ATTR) {
            p->state = STATE_BEFORE_VALUE;
            return;
        }

        if (c != '>') {
            /* a '=' at its beginning is part of an attribute's name */
            p->state = STATE_ATTR;
            return;
        }

        break;

    default:
        /* STATE_ATTR */

        if (space || c == '/') {
            p->state = c == '/' ? STATE_BEFORE_ATTR : STATE_AFTER_ATTR;
            return;
        }

        if (c == '=') {
            p->state = STATE_BEFORE_VALUE;
            return;
        }

        break;
    }

    if (c == '>') {
        place_tag_end(p);
    }
}


/* What '<!' and '<?' begin. Where an internal subset, a CDATA section or an instruction ends depends on the reader. */
static void
place_markup(consent_place_t *p, uint8_t c)
{
    switch (p->state) {

    case STATE_MARKUP:
        if (c == '-') {
            p->state = STATE_MARKUP_DASH;

        } else if (consent_place_letter(c)) {
            p->state = STATE_DECLARATION;
            p->last = 0;

        } else {
            p->lost = true;
        }

        break;

    case STATE_MARKUP_DASH:
        p->lost = c != '-';
        p->state = STATE_COMMENT;
        p->dashes = 0;
        p->length = 0;
        break;

    case STATE_DECLARATION:
        if (c == '"' || c == '\'') {
            p->last = p->last == 0 ? c : p->last == c ? 0 : p->last;

        } else if (c == '[' || (c == '>' && p->last != 0)) {
            p->lost = true;

        } else if (c == '>') {
            p->state = STATE_TEXT;
        }

        break;

    default:
        /* STATE_PI */

        if (c == '>') {
            p->lost = p->last != '?';
            p->state = STATE_TEXT;
        }

        p->last = c;
        break;
    }
}


/* Behind '<!--'. '<!-->', '<!--->' and '--!>' end it for browsers only. */
static void
place_comment(consent_place_t *p, uint8_t c)
{
    if (c == '>' && p->dashes >= 2) {
        p->state = STATE_TEXT;
        return;
    }

    if ((c == '>' && p->length == p->dashes) || (c == '!' && p->dashes >= 2)) {
        p->lost = true;
        return;
    }

    p->length = (uint8_t) (p->length < 2 ? p->length + 1 : 2);
    p->dashes = (uint8_t) (c != '-' ? 0 : p->dashes < 2 ? p->dashes + 1 : 2);
}


/* Up to </script. Within <!-- it may or may not end a script: there it is left only behind -->. */
static void
place_script(consent_place_t *p, uint8_t c)
{
    static const uint8_t  end[] = "</script";
    static const uint8_t  comment[] = "<!--";

    if (p->match == sizeof(end) - 1 && !p->escaped && (consent_place_space(c) || c == '/' || c == '>')) {
        p->closing = true;
        p->name = TAG_SCRIPT;
        p->name_len = sizeof(end) - 3;
        p->state = STATE_BEFORE_ATTR;
        place_tag(p, c);
        return;
    }

    p->match = (uint8_t) (p->match < sizeof(end) - 1 && consent_lower(c) == end[p->match] ? p->match + 1 : c == '<');

    /* bytes matched of <!--, then dashes before a '>' */
    if (!p->escaped) {
        p->dashes = (uint8_t) (c == comment[p->dashes] ? p->dashes + 1 : c == '<');

        if (p->dashes == sizeof(comment) - 1) {
            p->escaped = true;
            p->dashes = 2;
        }

    } else if (c == '>' && p->dashes >= 2) {
        p->escaped = false;
        p->dashes = 0;

    } else {
        p->dashes = (uint8_t) (c != '-' ? 0 : p->dashes < 2 ? p->dashes + 1 : 2);
    }
}


static void
place_tag_end(consent_place_t *p)
{
    static const uint64_t  raw[] = {
        TAG_SCRIPT, TAG('s','t','y','l','e',0,0,0), TAG('t','i','t','l','e',0,0,0),
        TAG('t','e','x','t','a','r','e','a'), TAG('n','o','s','c','r','i','p','t'),
        TAG('n','o','f','r','a','m','e','s'), TAG('n','o','e','m','b','e','d',0), TAG('i','f','r','a','m','e',0,0),
        TAG('x','m','p',0,0,0,0,0), TAG('t','e','m','p','l','a','t','e'), TAG('s','e','l','e','c','t',0,0)
    };

    static const uint64_t  lines[] = {
        TAG('p',0,0,0,0,0,0,0), TAG('b','r',0,0,0,0,0,0), TAG('l','i',0,0,0,0,0,0), TAG('u','l',0,0,0,0,0,0),
        TAG('o','l',0,0,0,0,0,0), TAG('d','i','v',0,0,0,0,0), TAG('t','d',0,0,0,0,0,0), TAG('t','h',0,0,0,0,0,0),
        TAG('t','r',0,0,0,0,0,0), TAG('t','a','b','l','e',0,0,0), TAG('d','d',0,0,0,0,0,0), TAG('d','t',0,0,0,0,0,0),
        TAG('h','1',0,0,0,0,0,0), TAG('h','2',0,0,0,0,0,0), TAG('h','3',0,0,0,0,0,0), TAG('h','4',0,0,0,0,0,0),
        TAG('p','r','e',0,0,0,0,0), TAG('b','o','d','y',0,0,0,0), TAG('h','e','a','d',0,0,0,0),
        TAG('h','t','m','l',0,0,0,0), TAG('m','a','i','n',0,0,0,0), TAG('s','e','c','t','i','o','n',0)
    };

    uint64_t  name;

    p->state = STATE_TEXT;
    name = p->name_len <= 8 ? p->name : 0;

    if (p->name_len == 9 && p->name == PLAINTEX) {
        p->lost = true;

    } else if (p->raw != 0) {

        if (p->closing && name == p->raw) {
            p->raw = 0;
        }

    } else if (!p->closing && place_among(name, raw, consent_countof(raw))) {
        p->raw = name;

        if (name == TAG_SCRIPT && p->page && !p->foreign) {
            p->state = STATE_SCRIPT;
            p->match = 0;
            p->dashes = 0;
            p->escaped = false;
        }

    } else if (name == TAG_SVG || name == TAG_MATH) {
        p->foreign = true;
    }

    if (place_among(name, lines, consent_countof(lines))) {
        consent_run_break(p);
    }
}


static bool
place_among(uint64_t name, const uint64_t *names, size_t n)
{
    size_t  i;

    for (i = 0; i < n; i++) {
        if (names[i] == name) {
            return true;
        }
    }

    return false;
}
