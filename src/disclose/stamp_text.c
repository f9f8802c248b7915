/*
 * The stamper for plain text and Markdown: the notice, an empty line, the body.
 *
 * Plain text: one line. Markdown: a block quote; and where the document begins with YAML front matter, also a key in
 * it, the quote behind it. Front matter is never added where there was none: much of what renders Markdown does not
 * know it, and shows it as a rule and a heading.
 *
 * What already begins with our very notice is left alone: the input is compared with it as it comes, and what was
 * equal so far is handed out from our own copy, so that nothing has to be kept.
 */

#include "disclose/stamper.h"

#define FRONT  4096             /* bytes of front matter that are held back at most */

typedef enum {
    PHASE_START = 0,            /* a byte order mark may stand here */
    PHASE_FRONT,                /* front matter, perhaps */
    PHASE_MATCH                 /* the notice goes here, unless it is there already */
} phase_t;

typedef struct {
    consent_stamper_t  s;
    bool               markdown;
    phase_t            phase;
    consent_slice_t    notice;
    size_t             matched;         /* bytes of the notice that the body had here */
    size_t             front_len;
    uint8_t           *front;           /* FRONT bytes, or NULL */
} stamp_text_t;

typedef struct {
    bool               found;
    bool               more;            /* nothing can be said yet */
    bool               yaml;
    bool               has_key;
    size_t             first;           /* behind the opening line */
    size_t             end;             /* behind the closing line */
} front_t;

static consent_rc_t text_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit,
    void *arg);
static bool text_promise(consent_stamp_t *h, size_t *growth);
static size_t text_front(stamp_text_t *x, const uint8_t *in, size_t n, bool last);
static void text_front_read(front_t *f, consent_slice_t text, bool last);
static bool text_line(consent_slice_t *line, consent_slice_t text, size_t *at, bool last);
static bool text_fence(consent_slice_t line, uint8_t c);
static bool text_key(consent_slice_t line);
static void text_match(stamp_text_t *x, const uint8_t *in, size_t n, bool last, consent_span_kind_t kind);
static void text_insert(stamp_text_t *x);


size_t
consent_stamp_text_size(void)
{
    return sizeof(stamp_text_t);
}


consent_stamp_t *
consent_stamp_text_init(void *memory, const consent_stamp_conf_t *conf, bool markdown)
{
    stamp_text_t           *x;
    const consent_marks_t  *marks;

    x = memory;
    consent_stamper_init(&x->s, conf, text_feed, text_promise);

    marks = x->s.said;

    x->markdown = markdown;
    x->phase = PHASE_START;
    x->matched = 0;
    x->front_len = 0;
    x->front = NULL;
    x->notice = markdown ? marks->quote_ascii : marks->line_ascii;

    if (conf->charset == CONSENT_CHARSET_UTF8) {
        x->notice = markdown ? marks->quote : marks->line;
    }

    /* of a text on a page that hosts a chat nothing is claimed: people wrote it */

    if (!conf->ai || x->notice.len == 0 || marks->member.len == 0) {
        consent_stamper_finish(&x->s, CONSENT_STAMP_SENT);

    } else if (conf->quiet) {
        consent_stamper_finish(&x->s, CONSENT_STAMP_MACHINE);

    } else if (conf->charset >= CONSENT_CHARSET_UTF16LE) {
        consent_stamper_finish(&x->s, CONSENT_STAMP_CHARSET);
    }

    return &x->s.pub;
}


static consent_rc_t
text_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    size_t         used;
    stamp_text_t  *x;

    x = (stamp_text_t *) t;
    consent_stamper_begin(&x->s, emit, arg);

    if (!x->s.pub.decided && x->phase == PHASE_START) {
        used = consent_stamper_bom(&x->s, in, n);

        if (x->s.bom == CONSENT_BOM_FOUND) {
            x->notice = x->markdown ? x->s.said->quote : x->s.said->line;

        } else if (used < n && in[used] >= 0xfe && x->s.marks == 0) {

            /* the mark of UTF-16 or UTF-32; no text begins like this in any other */
            consent_stamper_finish(&x->s, CONSENT_STAMP_CHARSET);
        }

        if (x->s.bom != CONSENT_BOM_PENDING || last) {
            x->phase = x->markdown ? PHASE_FRONT : PHASE_MATCH;
        }

        if (x->s.bom != CONSENT_BOM_FOUND && x->phase != PHASE_START && x->s.marks > 0) {

            /* what looked like a mark was the beginning of the text */
            text_insert(x);
            consent_stamper_emit(&x->s, consent_stamper_mark, x->s.marks, CONSENT_SPAN_LASTING);
        }

        in += used;
        n -= used;
    }

    if (!x->s.pub.decided && x->phase == PHASE_FRONT) {
        used = text_front(x, in, n, last);
        in += used;
        n -= used;
    }

    if (x->s.pub.decided) {
        consent_stamper_emit(&x->s, in, n, CONSENT_SPAN_BORROWED);

    } else if (x->phase == PHASE_MATCH) {
        text_match(x, in, n, last, CONSENT_SPAN_BORROWED);
    }

    if (last) {
        consent_stamper_fill(&x->s);
    }

    return x->s.rc;
}


static bool
text_promise(consent_stamp_t *h, size_t *growth)
{
    size_t                  most;
    stamp_text_t           *x;
    const consent_marks_t  *marks;

    x = (stamp_text_t *) h;
    marks = x->s.said;

    /* a byte order mark may yet say that it is UTF-8 */

    if (x->markdown) {
        most = marks->quote.len > marks->quote_ascii.len ? marks->quote.len : marks->quote_ascii.len;
        most += x->phase < PHASE_MATCH ? marks->front.len : 0;

    } else {
        most = marks->line.len > marks->line_ascii.len ? marks->line.len : marks->line_ascii.len;
    }

    return consent_stamper_promise(&x->s, growth, most);
}


/* Gathers what may be front matter. Returns how much of the input was taken. */
static size_t
text_front(stamp_text_t *x, const uint8_t *in, size_t n, bool last)
{
    size_t   more;
    front_t  f;

    if (x->front_len == 0) {
        if (n == 0 && !last) {
            return 0;
        }

        if (n == 0 || (in[0] != '-' && in[0] != '+')) {
            x->phase = PHASE_MATCH;
            return 0;
        }

        if (!consent_stamper_room(&x->s, &x->front, FRONT)) {
            return n;
        }
    }

    more = n < FRONT - x->front_len ? n : FRONT - x->front_len;

    if (more > 0) {
        memcpy(x->front + x->front_len, in, more);
        x->front_len += more;
    }

    text_front_read(&f, consent_slice(x->front, x->front_len), last && more == n);

    if (f.more && x->front_len < FRONT && !last) {
        return more;
    }

    if (f.found) {
        consent_stamper_emit(&x->s, x->front, f.first, CONSENT_SPAN_OWN);

        if (f.yaml && !f.has_key) {
            consent_stamper_insert(&x->s, x->s.said->front, CONSENT_SPAN_LASTING);
        }

        consent_stamper_emit(&x->s, x->front + f.first, f.end - f.first, CONSENT_SPAN_OWN);

        if (x->front[f.end - 1] != '\n') {

            /* there is nothing behind it, not even the end of its line */
            consent_stamper_finish(&x->s, x->s.pub.inserted > 0 ? CONSENT_STAMP_MACHINE : CONSENT_STAMP_NO_PLACE);
            return more;
        }

    } else {
        f.end = 0;
    }

    x->phase = PHASE_MATCH;
    text_match(x, x->front + f.end, x->front_len - f.end, last && more == n, CONSENT_SPAN_OWN);

    return more;
}


/* An opening line of three dashes (YAML) or pluses (TOML), a line that could be a key of it, and a closing line. */
static void
text_front_read(front_t *f, consent_slice_t text, bool last)
{
    size_t           at;
    uint8_t          c;
    consent_slice_t  line;

    memset(f, 0, sizeof(front_t));

    at = 0;
    c = text.data[0];
    f->yaml = c == '-';
    f->more = !text_line(&line, text, &at, last);

    if (f->more || !text_fence(line, c)) {
        /* not if what is there of the line can be none already */
        f->more &= text.len < 4 || (text.data[1] == c && text.data[2] == c && text.data[3] <= ' ');
        return;
    }

    f->first = at;
    f->more = !text_line(&line, text, &at, last);

    if (f->more || (!text_key(line) && !text_fence(line, c))) {
        return;
    }

    for ( ;; ) {

        if (text_fence(line, c) || (f->yaml && text_fence(line, '.'))) {
            f->found = true;
            f->end = at;
            return;
        }

        if (line.len >= sizeof("ai_disclosure:") - 1
            && memcmp(line.data, "ai_disclosure:", sizeof("ai_disclosure:") - 1) == 0)
        {
            f->has_key = true;
        }

        if (!text_line(&line, text, &at, last)) {
            f->more = true;
            return;
        }
    }
}


/* The line at that place, without its end; false: it has no end yet. */
static bool
text_line(consent_slice_t *line, consent_slice_t text, size_t *at, bool last)
{
    size_t          len, left;
    const uint8_t  *lf;

    left = text.len - *at;
    lf = left > 0 ? memchr(text.data + *at, '\n', left) : NULL;

    if (lf == NULL && (!last || left == 0)) {
        return false;
    }

    len = lf != NULL ? (size_t) (lf - (text.data + *at)) : left;
    *line = consent_slice(text.data + *at, len);
    *at += len + (lf != NULL);

    if (line->len > 0 && line->data[line->len - 1] == '\r') {
        line->len--;
    }

    return true;
}


static bool
text_fence(consent_slice_t line, uint8_t c)
{
    while (line.len > 3 && (line.data[line.len - 1] == ' ' || line.data[line.len - 1] == '\t')) {
        line.len--;
    }

    return line.len == 3 && line.data[0] == c && line.data[1] == c && line.data[2] == c;
}


/* A name and a colon, or an equals sign; or a comment, or a table of TOML. */
static bool
text_key(consent_slice_t line)
{
    size_t   i;
    uint8_t  c;

    for (i = 0; i < line.len; i++) {
        c = line.data[i];

        if (i == 0 && (c == '#' || c == '[')) {
            return true;
        }

        if (c == ':' || c == '=') {
            return i > 0;
        }

        if (!(c == '_' || c == '-' || c == '.' || c == '"' || c == '\'' || (c == ' ' && i > 0) || (c >= '0' && c <= '9')
              || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z')))
        {
            return false;
        }
    }

    return false;
}


static void
text_match(stamp_text_t *x, const uint8_t *in, size_t n, bool last, consent_span_kind_t kind)
{
    size_t  more;

    more = x->notice.len - x->matched;
    more = n < more ? n : more;

    if (more > 0 && memcmp(in, x->notice.data + x->matched, more) == 0) {
        x->matched += more;
        in += more;
        n -= more;

        if (x->matched == x->notice.len) {
            consent_stamper_finish(&x->s, CONSENT_STAMP_ALREADY);
            consent_stamper_emit(&x->s, x->notice.data, x->matched, CONSENT_SPAN_LASTING);
            consent_stamper_emit(&x->s, in, n, kind);
            return;
        }
    }

    if (n == 0 && !last) {
        return;
    }

    if (n == 0 && x->matched == 0 && x->front_len == 0) {

        /* nothing was said by anyone */
        consent_stamper_finish(&x->s, CONSENT_STAMP_NO_PLACE);
        return;
    }

    text_insert(x);
    consent_stamper_emit(&x->s, x->notice.data, x->matched, CONSENT_SPAN_LASTING);
    consent_stamper_emit(&x->s, in, n, kind);
}


static void
text_insert(stamp_text_t *x)
{
    if (x->s.pub.decided) {
        return;
    }

    consent_stamper_insert(&x->s, x->notice, CONSENT_SPAN_LASTING);
    consent_stamper_finish(&x->s, CONSENT_STAMP_SENT);
    x->s.pub.preceded = true;
}
