/*
 * A small HTML writer. Whatever a text holds, it cannot become markup: names of elements and attributes are
 * literals of ours, every text and every value is escaped, every element that is opened is closed.
 */

#ifndef CONSENT_PAGES_HTML_H
#define CONSENT_PAGES_HTML_H

#include "pages/catalogue.h"
#include "pages/pages.h"

#define CONSENT_HTML_DEPTH  32

typedef struct {
    consent_buf_t                *b;
    const consent_page_t         *page;
    const consent_catalogue_t    *catalogue;    /* of the page's language, or English */
    const char                   *open[CONSENT_HTML_DEPTH];
    size_t                        depth;
    const char                   *current;      /* path of this page among the links; NULL: none of them */
    bool                          in_tag;       /* attributes may still follow */
    bool                          english;      /* within a text that is English on a page that is not */
} consent_html_t;

/* Begins to write a page's markup into b. current: its path among the links of every page, or NULL. */
void consent_html_init(consent_html_t *h, consent_buf_t *b, const consent_page_t *page, const char *current);

/* Opens an element, with pairs of attribute names and values up to a NULL. A value of NULL leaves its
 * attribute out. More than CONSENT_HTML_DEPTH open elements set b->rc to CONSENT_LIMIT. */
void consent_html_open(consent_html_t *h, const char *name, ...) __attribute__((sentinel));

/* The same for an element without content and end tag: input, meta, link, br. */
void consent_html_void(consent_html_t *h, const char *name, ...) __attribute__((sentinel));

/* More attributes of the element that was just opened. */
void consent_html_attr(consent_html_t *h, const char *name, consent_slice_t value);
void consent_html_attr_number(consent_html_t *h, const char *name, const char *prefix, size_t n);
void consent_html_attr_say(consent_html_t *h, const char *name, consent_message_t m);
void consent_html_flag(consent_html_t *h, const char *name, bool on);

/* An attribute in pieces: what is written to b between the two is escaped by the caller. */
void consent_html_attr_begin(consent_html_t *h, const char *name);
void consent_html_attr_end(consent_html_t *h);

/* href of a page of ours: base, path, and the language when the citizen chose it. */
void consent_html_attr_page(consent_html_t *h, const char *path);
/* The same for a place in it. */
void consent_html_attr_place(consent_html_t *h, const char *path, const char *fragment);

/* href of this same page in another language, and of an asset. */
void consent_html_attr_language(consent_html_t *h, consent_slice_t tag);
void consent_html_attr_asset(consent_html_t *h, const char *name);

/* href of a receipt: base, path and its number. action of a form: base and path. */
void consent_html_attr_receipt(consent_html_t *h, const char *path, const uint8_t id[static CONSENT_ID_LEN]);
void consent_html_attr_action(consent_html_t *h, const char *path);

/* href of an address that a policy gives; left out unless its scheme is https, http, mailto, tel or sms. */
void consent_html_attr_url(consent_html_t *h, consent_slice_t url);

/* href of a phone number or mail address: the scheme and what may stand behind it. */
void consent_html_attr_call(consent_html_t *h, const char *scheme, consent_slice_t value);

/* Ends the attributes of the element just opened, so that text may be added to b by other writers that
 * escape. */
void consent_html_content(consent_html_t *h);

void consent_html_text(consent_html_t *h, consent_slice_t text);
void consent_html_str(consent_html_t *h, const char *text);

/* Closes the element opened last. */
void consent_html_close(consent_html_t *h);

/* An element that holds a text only. class may be NULL. */
void consent_html_element(consent_html_t *h, const char *name, const char *class, consent_slice_t text);

/* What replaces {name} in a message: a text, or what `write` writes, within `element` if there is one. */
typedef struct consent_fill_s  consent_fill_t;

struct consent_fill_s {
    const char       *name;
    consent_slice_t   text;
    const char       *element;
    void            (*write)(consent_html_t *h, const consent_fill_t *fill);
    const void       *arg;
    consent_mask_t    mask;
    consent_time_t    time;
};

/* A message of the catalogue, marked as English where the page's own language lacks it. */
void consent_html_say(consent_html_t *h, consent_message_t m);
void consent_html_fill(consent_html_t *h, consent_message_t m, const consent_fill_t *fills, size_t n);

/* An element that holds a message only. class may be NULL. */
void consent_html_say_in(consent_html_t *h, const char *name, const char *class, consent_message_t m);
void consent_html_fill_in(consent_html_t *h, const char *name, const char *class, consent_message_t m,
    const consent_fill_t *fills, size_t n);

/* <input type="hidden">; nothing when value is empty. */
void consent_html_hidden(consent_html_t *h, const char *name, consent_slice_t value);

/* A text of the policy in the page's language. */
consent_slice_t consent_html_own(const consent_html_t *h, const consent_text_t *text);

#endif
