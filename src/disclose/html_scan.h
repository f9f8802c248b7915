/*
 * A resumable HTML tokenizer that reports tags and text, and nothing else. It follows the tokenization chapter of the
 * HTML standard (13.2.5) as far as it decides where a tag begins and ends: comments in all their endings, raw text, the
 * escaped states of scripts, attribute values. In XML mode: XML's comments, CDATA sections and processing instructions.
 *
 * The state is small and holds no pointer into the input; a token may be split anywhere.
 */

#ifndef CONSENT_HTML_SCAN_H
#define CONSENT_HTML_SCAN_H

#include "base/base.h"

typedef enum {
    CONSENT_SCAN_MORE = 0,      /* the input is used up */
    CONSENT_SCAN_TEXT,          /* at `token` a text begins that is no white space (not reported while skip_text) */
    CONSENT_SCAN_NAME,          /* a tag's name is known, its attributes are not */
    CONSENT_SCAN_TAG,           /* behind a tag's '>' */
    CONSENT_SCAN_DOCTYPE,       /* within a doctype */
    CONSENT_SCAN_SUBSET         /* XML: within the doctype, before its internal subset */
} consent_scan_event_t;

/* What is kept of the attributes of a tag that consent_scan_capture() was called for; the first of a name counts. */
typedef enum {
    CONSENT_ATTR_NAME = 0,      /* name */
    CONSENT_ATTR_CONTENT,       /* content, href */
    CONSENT_ATTR_LABEL,         /* charset, lang; in XML xml:lang too */
    CONSENT_ATTR_EQUIV,         /* http-equiv */
    CONSENT_ATTR_COUNT,
    CONSENT_ATTR_NONE = CONSENT_ATTR_COUNT
} consent_scan_attr_t;

#define CONSENT_SCAN_VALUE  62  /* bytes kept of a value */

typedef struct {
    bool     seen;
    uint8_t  len;               /* CONSENT_SCAN_VALUE + 1: longer than what is kept */
    uint8_t  data[CONSENT_SCAN_VALUE];
} consent_scan_value_t;

typedef struct {
    uint64_t              token;        /* position of the tag or text that was reported last, or of the tag under way */
    uint64_t              name;         /* CONSENT_TAG(...) of its name, 0 for longer names */
    bool                  closing;      /* </...> */
    bool                  self_closing; /* .../> */

    bool                  xml;
    bool                  foreign;      /* within svg or math: CDATA sections exist, raw text does not */
    bool                  skip_text;
    bool                  capture;      /* attributes of this tag are kept */

    const uint8_t        *in;           /* the input under way and its position */
    uint64_t              pos;

    uint8_t               state;
    uint8_t               name_len;
    uint8_t               match;        /* bytes matched of a word */
    uint8_t               level;        /* escaping of a script: 0, 1, 2 */
    uint8_t               dashes;
    uint8_t               attr;         /* consent_scan_attr_t of the value under way */
    uint8_t               attr_len;
    uint8_t               attr_name[11];
    consent_scan_value_t  value[CONSENT_ATTR_COUNT];
} consent_scan_t;

/* A tag's name of at most eight letters and digits as one number: CONSENT_TAG('b','r'). */
#define CONSENT_TAG(...)  CONSENT_TAG_PACK(__VA_ARGS__, 0, 0, 0, 0, 0, 0, 0, 0)
#define CONSENT_TAG_PACK(a, b, c, d, e, f, g, h, ...)                                                                \
    ((uint64_t) (a) | (uint64_t) (b) << 8 | (uint64_t) (c) << 16 | (uint64_t) (d) << 24 | (uint64_t) (e) << 32       \
     | (uint64_t) (f) << 40 | (uint64_t) (g) << 48 | (uint64_t) (h) << 56)

#define CONSENT_TAG_A         CONSENT_TAG('a')
#define CONSENT_TAG_ASIDE     CONSENT_TAG('a','s','i','d','e')
#define CONSENT_TAG_B         CONSENT_TAG('b')
#define CONSENT_TAG_BASE      CONSENT_TAG('b','a','s','e')
#define CONSENT_TAG_BASEFONT  CONSENT_TAG('b','a','s','e','f','o','n','t')
#define CONSENT_TAG_BGSOUND   CONSENT_TAG('b','g','s','o','u','n','d')
#define CONSENT_TAG_BODY      CONSENT_TAG('b','o','d','y')
#define CONSENT_TAG_BR        CONSENT_TAG('b','r')
#define CONSENT_TAG_DIV       CONSENT_TAG('d','i','v')
#define CONSENT_TAG_EM        CONSENT_TAG('e','m')
#define CONSENT_TAG_FRAMESET  CONSENT_TAG('f','r','a','m','e','s','e','t')
#define CONSENT_TAG_HEAD      CONSENT_TAG('h','e','a','d')
#define CONSENT_TAG_HEADER    CONSENT_TAG('h','e','a','d','e','r')
#define CONSENT_TAG_HTML      CONSENT_TAG('h','t','m','l')
#define CONSENT_TAG_I         CONSENT_TAG('i')
#define CONSENT_TAG_IFRAME    CONSENT_TAG('i','f','r','a','m','e')
#define CONSENT_TAG_LI        CONSENT_TAG('l','i')
#define CONSENT_TAG_LINK      CONSENT_TAG('l','i','n','k')
#define CONSENT_TAG_MATH      CONSENT_TAG('m','a','t','h')
#define CONSENT_TAG_META      CONSENT_TAG('m','e','t','a')
#define CONSENT_TAG_NAV       CONSENT_TAG('n','a','v')
#define CONSENT_TAG_NOEMBED   CONSENT_TAG('n','o','e','m','b','e','d')
#define CONSENT_TAG_NOFRAMES  CONSENT_TAG('n','o','f','r','a','m','e','s')
#define CONSENT_TAG_NOSCRIPT  CONSENT_TAG('n','o','s','c','r','i','p','t')
#define CONSENT_TAG_OL        CONSENT_TAG('o','l')
#define CONSENT_TAG_P         CONSENT_TAG('p')
#define CONSENT_TAG_PLAINTEXT CONSENT_TAG(1)     /* nothing matches it, nothing ends it */
#define CONSENT_TAG_SCRIPT    CONSENT_TAG('s','c','r','i','p','t')
#define CONSENT_TAG_SECTION   CONSENT_TAG('s','e','c','t','i','o','n')
#define CONSENT_TAG_SPAN      CONSENT_TAG('s','p','a','n')
#define CONSENT_TAG_STRONG    CONSENT_TAG('s','t','r','o','n','g')
#define CONSENT_TAG_STYLE     CONSENT_TAG('s','t','y','l','e')
#define CONSENT_TAG_SVG       CONSENT_TAG('s','v','g')
#define CONSENT_TAG_TEMPLATE  CONSENT_TAG('t','e','m','p','l','a','t','e')
#define CONSENT_TAG_TEXTAREA  CONSENT_TAG('t','e','x','t','a','r','e','a')
#define CONSENT_TAG_TITLE     CONSENT_TAG('t','i','t','l','e')
#define CONSENT_TAG_UL        CONSENT_TAG('u','l')
#define CONSENT_TAG_XMP       CONSENT_TAG('x','m','p')

void consent_scan_init(consent_scan_t *s, bool xml);

/* The next bytes of the input, which stand at position pos of it. */
static inline void
consent_scan_input(consent_scan_t *s, const uint8_t *in, uint64_t pos)
{
    s->in = in;
    s->pos = pos;
}

/* Reads on from *p (within what consent_scan_input named) to the next event. Never reads at or behind end. */
consent_scan_event_t consent_scan(consent_scan_t *s, const uint8_t **p, const uint8_t *end);

/* From a CONSENT_SCAN_NAME event: keep this tag's attributes. */
void consent_scan_capture(consent_scan_t *s);

/* Between tokens: neither within a tag, a comment nor raw text. */
bool consent_scan_at_rest(const consent_scan_t *s);

/* Within a tag whose name is not known yet: it may still be one that something is inserted before. */
bool consent_scan_in_name(const consent_scan_t *s);

/* What was kept of an attribute's value; false when it was not there, or is longer than CONSENT_SCAN_VALUE. */
bool consent_scan_value(consent_slice_t *value, const consent_scan_t *s, consent_scan_attr_t attr);

#endif
