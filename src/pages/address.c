/*
 * Addresses in pages: of our own pages and assets, of what a policy names, of phones and mail.
 */

#include "pages/html.h"

#include "base/utf8.h"


void
consent_html_attr_page(consent_html_t *h, const char *path)
{
    consent_html_attr_place(h, path, "");
}


void
consent_html_attr_place(consent_html_t *h, const char *path, const char *fragment)
{
    const consent_page_t  *page;

    page = h->page;

    consent_html_attr_begin(h, "href");
    consent_html_escape(h->b, page->base);
    consent_html_escape(h->b, consent_cstr(path));

    if (page->chosen_language) {
        consent_buf_str(h->b, "?lang=");
        consent_percent_encode(h->b, page->policy->languages[page->language]);
    }

    consent_buf_str(h->b, fragment);
    consent_html_attr_end(h);
}


void
consent_html_attr_language(consent_html_t *h, consent_slice_t tag)
{
    consent_html_attr_begin(h, "href");
    consent_html_escape(h->b, h->page->base);
    consent_html_escape(h->b, h->page->path);
    consent_buf_char(h->b, '?');

    if (h->page->query.len != 0) {
        consent_html_escape(h->b, h->page->query);
        consent_buf_str(h->b, "&amp;");
    }

    consent_buf_str(h->b, "lang=");
    consent_percent_encode(h->b, tag);
    consent_html_attr_end(h);
}


/* The version in its address lets browsers keep an asset, and no longer than it is true. */
void
consent_html_attr_asset(consent_html_t *h, const char *name)
{
    const consent_asset_t  *asset;

    asset = consent_asset(consent_cstr(name));

    consent_html_attr_begin(h, "href");
    consent_html_escape(h->b, h->page->base);
    consent_buf_str(h->b, "assets/");
    consent_html_escape(h->b, consent_cstr(name));

    if (asset != NULL && !h->page->neutral) {
        consent_buf_str(h->b, "?v=");
        consent_buf_str(h->b, asset->version);
    }

    consent_html_attr_end(h);
}


void
consent_html_attr_receipt(consent_html_t *h, const char *path, const uint8_t id[static CONSENT_ID_LEN])
{
    const consent_page_t  *page;

    page = h->page;

    consent_html_attr_begin(h, "href");
    consent_html_escape(h->b, page->base);
    consent_buf_str(h->b, path);
    consent_buf_hex(h->b, id, CONSENT_ID_LEN);

    if (page->chosen_language) {
        consent_buf_str(h->b, "?lang=");
        consent_percent_encode(h->b, page->policy->languages[page->language]);
    }

    consent_html_attr_end(h);
}


void
consent_html_attr_action(consent_html_t *h, const char *path)
{
    consent_html_attr_begin(h, "action");
    consent_html_escape(h->b, h->page->base);
    consent_html_escape(h->b, consent_cstr(path));
    consent_html_attr_end(h);
}


void
consent_html_attr_url(consent_html_t *h, consent_slice_t url)
{
    static const consent_slice_t  schemes[] = {
        consent_lit("https://"), consent_lit("http://"), consent_lit("mailto:"), consent_lit("tel:"),
        consent_lit("sms:")
    };

    size_t  i;

    for (i = 0; i < consent_countof(schemes); i++) {
        if (url.len > schemes[i].len
            && consent_slice_ieq(consent_slice(url.data, schemes[i].len), schemes[i]))
        {
            consent_html_attr(h, "href", url);
            return;
        }
    }
}


void
consent_html_attr_call(consent_html_t *h, const char *scheme, consent_slice_t value)
{
    size_t   i;
    uint8_t  c;

    consent_html_attr_begin(h, "href");
    consent_buf_str(h->b, scheme);

    for (i = 0; i < value.len; i++) {
        c = value.data[i];

        if (c == '+' || c == '@' || c == '*') {
            consent_buf_char(h->b, (char) c);

        } else if (c > ' ' && !(scheme[0] != 'm' && (c == '-' || c == '(' || c == ')' || c == '/'))) {
            consent_percent_encode(h->b, consent_slice(&value.data[i], 1));
        }
    }

    consent_html_attr_end(h);
}
