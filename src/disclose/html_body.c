/*
 * The rules of insertion at the beginning of the body.
 *
 * Our elements come first, but for a leading skip link of the page's own: white space, comments, scripts and the like,
 * then <a href="#...">, alone or in wrappers that hold nothing but such links. At most MAX_LINKS of them, and at most
 * CONSENT_STAMP_HOLD bytes are held back while that is decided. Where our very elements stand there already, byte for
 * byte, nothing is inserted; any others are the page's own, whatever they call themselves.
 */

#include "disclose/html_page.h"

#define MAX_LINKS  4

static void body_name(consent_stamp_page_t *h);
static void body_tag(consent_stamp_page_t *h);
static void body_start_tag(consent_stamp_page_t *h);
static void body_end_tag(consent_stamp_page_t *h);
static void body_block_end(consent_stamp_page_t *h);
static void body_match(consent_stamp_page_t *h);
static bool body_phrase(uint64_t name);
static bool body_invisible(uint64_t name);


void
consent_stamp_body_begin(consent_stamp_page_t *h, uint64_t pos)
{
    consent_slice_t  elements[2];

    if (consent_stamp_body(h, elements) == 0) {
        consent_stamp_finish(h, CONSENT_STAMP_SENT);
        return;
    }

    h->phase = CONSENT_PHASE_BODY;
    h->hold = pos;
    h->scan.skip_text = false;
}


void
consent_stamp_body_insert(consent_stamp_page_t *h)
{
    size_t           n;
    consent_slice_t  elements[2];

    n = consent_stamp_body(h, elements);

    consent_stamp_emit_to(h, h->hold);
    consent_stamp_insert(h, elements, n);
    consent_stamp_finish(h, CONSENT_STAMP_SENT);
}


void
consent_stamp_body_event(consent_stamp_page_t *h, consent_scan_event_t event)
{
    switch (event) {

    case CONSENT_SCAN_TEXT:
    case CONSENT_SCAN_SUBSET:
        consent_stamp_body_insert(h);
        break;

    case CONSENT_SCAN_NAME:
        body_name(h);
        break;

    case CONSENT_SCAN_TAG:
        body_tag(h);
        break;

    case CONSENT_SCAN_DOCTYPE:
    case CONSENT_SCAN_MORE:
        break;
    }
}


static void
body_name(consent_stamp_page_t *h)
{
    bool      fits;
    uint64_t  name;

    name = h->scan.name;

    if (h->in_link) {
        fits = body_phrase(name) || (h->scan.closing && name == CONSENT_TAG_A);

    } else if (h->scan.closing) {
        fits = h->depth > 0 && h->stack[h->depth - 1] == name;

    } else if (name == CONSENT_TAG_A) {
        consent_scan_capture(&h->scan);
        fits = true;

    } else if (consent_stamp_body_wraps(name)) {
        fits = h->depth < CONSENT_STAMP_DEPTH;

    } else {
        fits = body_invisible(name) && !h->scan.xml;
    }

    if (!fits) {
        consent_stamp_body_insert(h);
    }
}


static void
body_tag(consent_stamp_page_t *h)
{
    if (h->scan.closing) {
        body_end_tag(h);
        return;
    }

    if (h->in_link) {
        return;
    }

    body_start_tag(h);
}


static void
body_start_tag(consent_stamp_page_t *h)
{
    consent_slice_t  href;

    if (h->scan.name == CONSENT_TAG_A) {

        if (consent_scan_value(&href, &h->scan, CONSENT_ATTR_CONTENT) && href.len > 1 && href.data[0] == '#'
            && h->links < MAX_LINKS && !(h->scan.xml && h->scan.self_closing))
        {
            h->in_link = true;
            h->scan.skip_text = true;
            h->links++;
            return;
        }

        consent_stamp_body_insert(h);
        return;
    }

    if (!consent_stamp_body_wraps(h->scan.name)) {
        return;
    }

    if (h->depth == 0) {
        h->block_links = false;
    }

    h->stack[h->depth++] = h->scan.name;

    if (h->scan.xml && h->scan.self_closing) {
        body_block_end(h);
        return;
    }

    if (h->depth == 1) {
        body_match(h);
    }
}


static void
body_end_tag(consent_stamp_page_t *h)
{
    if (h->in_link) {

        if (h->scan.name == CONSENT_TAG_A) {
            h->in_link = false;
            h->scan.skip_text = false;
            h->block_links = true;

            if (h->depth == 0) {
                consent_stamp_emit_to(h, h->at);
                h->hold = h->at;
            }
        }

        return;
    }

    /* the end tag of a script, too, is reported here */
    if (h->depth > 0 && h->stack[h->depth - 1] == h->scan.name) {
        body_block_end(h);
    }
}


static void
body_block_end(consent_stamp_page_t *h)
{
    h->depth--;

    if (h->depth == 0 && h->block_links) {
        consent_stamp_emit_to(h, h->at);
        h->hold = h->at;
    }
}


/* The tag just read is the first of our elements: the input must go on as they do. */
static void
body_match(consent_stamp_page_t *h)
{
    size_t           n, len;
    consent_slice_t  elements[2], all;

    n = consent_stamp_body(h, elements);
    all = elements[0];

    if (n == 2) {
        if (elements[1].data != all.data + all.len) {
            return;
        }

        all.len += elements[1].len;
    }

    len = (size_t) (h->at - h->scan.token);

    if (len < all.len && consent_stamp_was(h, h->scan.token, consent_slice(all.data, len))) {
        h->follow = consent_slice(all.data + len, all.len - len);
        h->phase = CONSENT_PHASE_MATCH;
    }
}


bool
consent_stamp_body_leads(uint64_t name)
{
    return name == CONSENT_TAG_A || consent_stamp_body_wraps(name) || body_invisible(name);
}


bool
consent_stamp_body_wraps(uint64_t name)
{
    switch (name) {
    case CONSENT_TAG_ASIDE:
    case CONSENT_TAG_DIV:
    case CONSENT_TAG_HEADER:
    case CONSENT_TAG_LI:
    case CONSENT_TAG_NAV:
    case CONSENT_TAG_OL:
    case CONSENT_TAG_P:
    case CONSENT_TAG_SECTION:
    case CONSENT_TAG_SPAN:
    case CONSENT_TAG_UL:
        return true;
    default:
        return false;
    }
}


/* What may stand within a skip link. */
static bool
body_phrase(uint64_t name)
{
    switch (name) {
    case CONSENT_TAG_B:
    case CONSENT_TAG_EM:
    case CONSENT_TAG_I:
    case CONSENT_TAG_SPAN:
    case CONSENT_TAG_STRONG:
        return true;
    default:
        return false;
    }
}


/* What may stand before a skip link and is not seen. */
static bool
body_invisible(uint64_t name)
{
    switch (name) {
    case CONSENT_TAG_LINK:
    case CONSENT_TAG_NOSCRIPT:
    case CONSENT_TAG_SCRIPT:
    case CONSENT_TAG_STYLE:
        return true;
    default:
        return false;
    }
}
