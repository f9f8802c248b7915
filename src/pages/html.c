/*
 * The HTML writer: elements, attributes, texts, and messages with what fills them.
 */

#include "pages/html.h"

#include "base/utf8.h"

#include <stdarg.h>

static void html_tag(consent_html_t *h, const char *name, va_list args);
static void html_message(consent_html_t *h, consent_slice_t text, const consent_fill_t *fills, size_t n);
static void html_one_fill(consent_html_t *h, const consent_fill_t *fill);
static bool html_is_english(const consent_html_t *h);
static bool html_inline(const char *name);


void
consent_html_init(consent_html_t *h, consent_buf_t *b, const consent_page_t *page, const char *current)
{
    memset(h, 0, sizeof(consent_html_t));
    h->b = b;
    h->page = page;
    h->current = current;
    h->catalogue = consent_catalogue_for(page->policy->languages[page->language]);
}


void
consent_html_open(consent_html_t *h, const char *name, ...)
{
    va_list  args;

    if (h->depth == CONSENT_HTML_DEPTH) {
        h->b->rc = CONSENT_LIMIT;
        return;
    }

    va_start(args, name);
    html_tag(h, name, args);
    va_end(args);

    h->open[h->depth++] = name;
}


void
consent_html_void(consent_html_t *h, const char *name, ...)
{
    va_list  args;

    va_start(args, name);
    html_tag(h, name, args);
    va_end(args);
}


void
consent_html_attr_begin(consent_html_t *h, const char *name)
{
    consent_buf_char(h->b, ' ');
    consent_buf_str(h->b, name);
    consent_buf_str(h->b, "=\"");
}


void
consent_html_attr_end(consent_html_t *h)
{
    consent_buf_char(h->b, '"');
}


void
consent_html_attr(consent_html_t *h, const char *name, consent_slice_t value)
{
    consent_html_attr_begin(h, name);
    consent_html_escape(h->b, value);
    consent_html_attr_end(h);
}


void
consent_html_attr_number(consent_html_t *h, const char *name, const char *prefix, size_t n)
{
    consent_html_attr_begin(h, name);
    consent_buf_str(h->b, prefix);
    consent_buf_u64(h->b, n);
    consent_html_attr_end(h);
}


void
consent_html_attr_say(consent_html_t *h, const char *name, consent_message_t m)
{
    consent_html_attr(h, name, consent_catalogue_get(h->catalogue, m, NULL));
}


void
consent_html_flag(consent_html_t *h, const char *name, bool on)
{
    if (on) {
        consent_buf_char(h->b, ' ');
        consent_buf_str(h->b, name);
    }
}


void
consent_html_content(consent_html_t *h)
{
    if (h->in_tag) {
        consent_buf_char(h->b, '>');
        h->in_tag = false;
    }
}


void
consent_html_text(consent_html_t *h, consent_slice_t text)
{
    consent_html_content(h);
    consent_html_escape(h->b, text);
}


void
consent_html_str(consent_html_t *h, const char *text)
{
    consent_html_text(h, consent_cstr(text));
}


void
consent_html_close(consent_html_t *h)
{
    if (h->depth == 0) {
        return;
    }

    consent_html_content(h);
    h->depth--;
    consent_buf_str(h->b, "</");
    consent_buf_str(h->b, h->open[h->depth]);
    consent_buf_char(h->b, '>');
}


void
consent_html_element(consent_html_t *h, const char *name, const char *class, consent_slice_t text)
{
    consent_html_open(h, name, "class", class, NULL);
    consent_html_text(h, text);
    consent_html_close(h);
}


void
consent_html_say(consent_html_t *h, consent_message_t m)
{
    consent_html_fill(h, m, NULL, 0);
}


void
consent_html_fill(consent_html_t *h, consent_message_t m, const consent_fill_t *fills, size_t n)
{
    bool             english;
    consent_slice_t  text;

    text = consent_catalogue_get(h->catalogue, m, &english);

    if (!english || h->english || html_is_english(h)) {
        html_message(h, text, fills, n);
        return;
    }

    consent_html_open(h, "span", "lang", "en", "dir", "ltr", NULL);
    h->english = true;
    html_message(h, text, fills, n);
    h->english = false;
    consent_html_close(h);
}


void
consent_html_say_in(consent_html_t *h, const char *name, const char *class, consent_message_t m)
{
    consent_html_fill_in(h, name, class, m, NULL, 0);
}


void
consent_html_fill_in(consent_html_t *h, const char *name, const char *class, consent_message_t m,
    const consent_fill_t *fills, size_t n)
{
    consent_html_open(h, name, "class", class, NULL);
    consent_html_fill(h, m, fills, n);
    consent_html_close(h);
}


void
consent_html_hidden(consent_html_t *h, const char *name, consent_slice_t value)
{
    if (value.len != 0) {
        consent_html_void(h, "input", "type", "hidden", "name", name, NULL);
        consent_html_attr(h, "value", value);
    }
}


consent_slice_t
consent_html_own(const consent_html_t *h, const consent_text_t *text)
{
    return text->in[h->page->language];
}


/* Block elements begin on a line of their own, so that the source reads well and words never run together. */
static void
html_tag(consent_html_t *h, const char *name, va_list args)
{
    const char  *attr, *value;

    consent_html_content(h);

    if (!html_inline(name)) {
        consent_buf_char(h->b, '\n');
    }

    consent_buf_char(h->b, '<');
    consent_buf_str(h->b, name);
    h->in_tag = true;

    for ( ;; ) {
        attr = va_arg(args, const char *);

        if (attr == NULL) {
            return;
        }

        value = va_arg(args, const char *);

        if (value != NULL) {
            consent_html_attr(h, attr, consent_cstr(value));
        }
    }
}


/* A brace without a matching fill stays as it is. */
static void
html_message(consent_html_t *h, consent_slice_t text, const consent_fill_t *fills, size_t n)
{
    size_t           i, from, end, k;
    consent_slice_t  name;

    from = 0;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] != '{') {
            continue;
        }

        for (end = i + 1; end < text.len && text.data[end] != '}'; end++) { /* void */ }

        name = consent_slice(&text.data[i + 1], end - i - 1);

        for (k = 0; k < n && !consent_slice_eq(name, consent_cstr(fills[k].name)); k++) { /* void */ }

        if (end == text.len || k == n) {
            continue;
        }

        consent_html_text(h, consent_slice(&text.data[from], i - from));
        html_one_fill(h, &fills[k]);
        from = end + 1;
        i = end;
    }

    consent_html_text(h, consent_slice(&text.data[from], text.len - from));
}


/* Within an English text the policy's words are in the page's language still. */
static void
html_one_fill(consent_html_t *h, const consent_fill_t *fill)
{
    bool             english;
    consent_slice_t  tag;

    english = h->english;
    h->english = false;
    tag = h->page->policy->languages[h->page->language];

    if (english) {
        consent_html_open(h, "span", "dir", consent_language_rtl(tag) ? "rtl" : "ltr", NULL);
        consent_html_attr(h, "lang", tag);
    }

    if (fill->element != NULL) {
        consent_html_open(h, fill->element, NULL);
    }

    if (fill->write != NULL) {
        fill->write(h, fill);

    } else {
        consent_html_text(h, fill->text);
    }

    if (fill->element != NULL) {
        consent_html_close(h);
    }

    if (english) {
        consent_html_close(h);
    }

    h->english = english;
}


static bool
html_is_english(const consent_html_t *h)
{
    consent_slice_t  tag;

    tag = h->page->policy->languages[h->page->language];

    return tag.len >= 2 && consent_slice_ieq(consent_slice(tag.data, 2), consent_lit("en"))
           && (tag.len == 2 || tag.data[2] == '-');
}


static bool
html_inline(const char *name)
{
    static const char *const  names[] = { "a", "b", "bdi", "code", "span", "strong", "time" };

    size_t  i;

    for (i = 0; i < consent_countof(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }

    return false;
}
