/*
 * The rules of insertion before the body, after HTML 13.2.6.4, "initial" to "after head":
 *
 * - Our elements of the head go to its end: before </head>, or before what ends it where the tag is missing. So nothing
 *   is held back for them, no charset declaration is pushed out of the first 1024 bytes, and all metas are seen first.
 * - The page's first ai-disclosure meta counts. One of the upstream's that claims as much as ours, or more, stays as it
 *   is; a weaker one, or one with a word that is no declaration, becomes ours on the spot, and ours is not inserted.
 *   Any further one is emptied. A page that no claim is made about keeps its metas.
 * - What ends the head without a tag of its own begins the body. Before that, a page without doctype, html, head and
 *   body is a fragment and gets nothing.
 * - From </head> on the input is held until the next tag is known: a frameset gets nothing.
 * - In XML, what is not written does not exist: only <head> and <body> that stand there are places.
 */

#include "disclose/html_page.h"

static void head_start_name(consent_stamp_page_t *h);
static void head_end_name(consent_stamp_page_t *h);
static void head_tag(consent_stamp_page_t *h);
static void head_template(consent_stamp_page_t *h, consent_scan_event_t event);
static void head_content(consent_stamp_page_t *h, consent_scan_event_t event);
static void head_insert(consent_stamp_page_t *h);
static void head_release(consent_stamp_page_t *h);


void
consent_stamp_head_event(consent_stamp_page_t *h, consent_scan_event_t event)
{
    if (h->phase == CONSENT_PHASE_BODY_TAG) {

        if (event == CONSENT_SCAN_TAG) {
            if (h->scan.xml && h->scan.self_closing) {
                consent_stamp_finish(h, CONSENT_STAMP_NO_PLACE);

            } else {
                consent_stamp_body_begin(h, h->at);
            }
        }

        return;
    }

    if (h->templates > 0) {
        head_template(h, event);
        return;
    }

    switch (event) {

    case CONSENT_SCAN_DOCTYPE:
        h->document |= !h->begun;
        break;

    case CONSENT_SCAN_SUBSET:
        /* an internal subset may declare anything */
        consent_stamp_finish(h, CONSENT_STAMP_NO_PLACE);
        break;

    case CONSENT_SCAN_TEXT:
        head_content(h, event);
        break;

    case CONSENT_SCAN_NAME:
        if (h->scan.closing) {
            head_end_name(h);

        } else {
            head_start_name(h);
        }

        break;

    case CONSENT_SCAN_TAG:
        head_tag(h);
        break;

    case CONSENT_SCAN_MORE:
        break;
    }
}


void
consent_stamp_head_leave(consent_stamp_page_t *h, uint64_t end, uint64_t body)
{
    h->phase = CONSENT_PHASE_AFTER_HEAD;
    h->scan.token = end;
    head_insert(h);
    consent_stamp_body_begin(h, body);
}


/* Ours goes before a meta that is too long to be judged: the first counts. */
void
consent_stamp_head_overflow(consent_stamp_page_t *h)
{
    if (h->phase == CONSENT_PHASE_AFTER_HEAD
        || (h->scan.name == CONSENT_TAG_META && h->document && !h->scan.xml && !h->have_meta))
    {
        head_insert(h);
    }

    head_release(h);
}


void
consent_stamp_head_end(consent_stamp_page_t *h)
{
    uint64_t  pos;

    if (!h->document) {
        consent_stamp_finish(h, CONSENT_STAMP_FRAGMENT);
        return;
    }

    /* an unfinished tag is dropped by the parser: what stands before it is the end */

    pos = CONSENT_STAMP_NONE;

    if (h->templates == 0 && h->phase != CONSENT_PHASE_BODY_TAG && !h->scan.xml) {

        if (consent_scan_at_rest(&h->scan)) {
            pos = h->at;

        } else if (consent_scan_in_name(&h->scan) || h->hold == h->scan.token) {
            pos = h->scan.token;
        }
    }

    if (pos != CONSENT_STAMP_NONE) {
        h->scan.token = pos;
    }

    if (pos != CONSENT_STAMP_NONE || h->hold != CONSENT_STAMP_NONE) {
        head_insert(h);
    }

    if (pos == CONSENT_STAMP_NONE) {
        consent_stamp_finish(h, CONSENT_STAMP_NO_PLACE);
        return;
    }

    consent_stamp_body_begin(h, pos);

    if (h->phase == CONSENT_PHASE_BODY) {
        consent_stamp_body_insert(h);
    }
}


static void
head_start_name(consent_stamp_page_t *h)
{
    h->begun = true;

    switch (h->scan.name) {

    case CONSENT_TAG_HTML:
        h->document = true;

        if (!h->pub.language_of_page && !h->head_done) {
            consent_scan_capture(&h->scan);
        }

        return;

    case CONSENT_TAG_HEAD:
        h->document = true;
        return;

    case CONSENT_TAG_BODY:
        h->document = true;
        head_insert(h);
        h->phase = CONSENT_PHASE_BODY_TAG;
        return;

    case CONSENT_TAG_FRAMESET:
        consent_stamp_finish(h, h->document ? CONSENT_STAMP_FRAMESET : CONSENT_STAMP_FRAGMENT);
        return;

    case CONSENT_TAG_META:
        if (h->phase == CONSENT_PHASE_AFTER_HEAD) {
            head_insert(h);
        }

        if (h->listens || h->charset == CONSENT_CHARSET_UNKNOWN) {
            consent_scan_capture(&h->scan);
        }

        if (h->listens) {
            h->hold = h->scan.token;
        }

        return;

    case CONSENT_TAG_LINK:
    case CONSENT_TAG_SCRIPT:
        if (h->phase == CONSENT_PHASE_AFTER_HEAD) {
            head_insert(h);
        }

        if (!h->head_done) {
            h->hold = h->scan.token;
        }

        return;

    case CONSENT_TAG_NOSCRIPT:
        if (h->phase == CONSENT_PHASE_HEAD) {
            return;
        }

        break;

    case CONSENT_TAG_BASE:
    case CONSENT_TAG_BASEFONT:
    case CONSENT_TAG_BGSOUND:
    case CONSENT_TAG_NOFRAMES:
    case CONSENT_TAG_STYLE:
    case CONSENT_TAG_TEMPLATE:
    case CONSENT_TAG_TITLE:
        if (h->phase == CONSENT_PHASE_AFTER_HEAD) {
            head_insert(h);
        }

        return;

    default:
        break;
    }

    head_content(h, CONSENT_SCAN_NAME);
}


static void
head_end_name(consent_stamp_page_t *h)
{
    switch (h->scan.name) {

    case CONSENT_TAG_HEAD:
        if (h->phase != CONSENT_PHASE_HEAD) {
            return;
        }

        h->phase = CONSENT_PHASE_AFTER_HEAD;

        if (h->scan.xml) {
            head_insert(h);

        } else if (!h->head_done && h->document) {
            h->hold = h->scan.token;
        }

        return;

    case CONSENT_TAG_BODY:
    case CONSENT_TAG_HTML:
    case CONSENT_TAG_BR:
        head_content(h, CONSENT_SCAN_NAME);
        return;

    default:
        return;
    }
}


static void
head_tag(consent_stamp_page_t *h)
{
    size_t                     len;
    consent_slice_t            data, lang;
    const consent_elements_t  *elements;

    if (h->scan.closing) {

        if (h->scan.name == CONSENT_TAG_SCRIPT && h->followed) {
            h->have_data = true;
            h->followed = false;
        }

        return;
    }

    elements = consent_stamp_elements(h);
    len = (size_t) (h->at - h->scan.token);

    switch (h->scan.name) {

    case CONSENT_TAG_HTML:
        if (h->scan.capture && consent_scan_value(&lang, &h->scan, CONSENT_ATTR_LABEL)) {
            consent_stamp_language(h, lang);
        }

        break;

    case CONSENT_TAG_HEAD:
        /* XML: an empty element has no room */
        h->head_done |= h->scan.xml && h->scan.self_closing;
        break;

    case CONSENT_TAG_META:
        consent_stamp_meta(h);
        head_release(h);
        break;

    case CONSENT_TAG_LINK:
        if (h->hold != CONSENT_STAMP_NONE) {
            h->have_style |= len == elements->style.len && consent_stamp_was(h, h->scan.token, elements->style);
            head_release(h);
        }

        break;

    case CONSENT_TAG_SCRIPT:
        if (h->hold != CONSENT_STAMP_NONE) {
            data = h->ai ? elements->data : elements->data_plain;

            if (len < data.len && consent_stamp_was(h, h->scan.token, consent_slice(data.data, len))) {
                h->follow = consent_slice(data.data + len, data.len - len);
            }

            head_release(h);
        }

        break;

    case CONSENT_TAG_TEMPLATE:
        if (!h->scan.xml || !h->scan.self_closing) {
            h->templates = 1;
            h->scan.skip_text = true;
        }

        break;

    default:
        break;
    }
}


/* Within a template nothing is inserted; only its end matters. */
static void
head_template(consent_stamp_page_t *h, consent_scan_event_t event)
{
    bool  xml_empty;

    xml_empty = h->scan.xml && h->scan.self_closing;

    if (event != CONSENT_SCAN_TAG) {
        return;
    }

    switch (h->scan.name) {

    case CONSENT_TAG_TEMPLATE:
        if (h->scan.closing) {
            h->templates--;

        } else if (!xml_empty) {
            h->templates++;
        }

        break;

    case CONSENT_TAG_SVG:
    case CONSENT_TAG_MATH:
        if (!h->scan.closing) {
            h->foreign += !h->scan.self_closing;

        } else if (h->foreign > 0) {
            h->foreign--;
        }

        break;

    default:
        break;
    }

    if (h->templates == 0) {
        h->foreign = 0;
        h->scan.skip_text = h->scan.xml;
    }

    h->scan.foreign = h->foreign > 0;
}


/* Something that is no part of a head: here the body begins, whether it says so or not. */
static void
head_content(consent_stamp_page_t *h, consent_scan_event_t event)
{
    if (!h->document) {
        consent_stamp_finish(h, CONSENT_STAMP_FRAGMENT);
        return;
    }

    if (h->scan.xml) {
        return;
    }

    head_insert(h);
    consent_stamp_body_begin(h, h->scan.token);

    if (h->phase == CONSENT_PHASE_BODY) {
        consent_stamp_body_event(h, event);
    }
}


/* Inserts the elements of the head, once, where the input is held, else before the tag or text under way. */
static void
head_insert(consent_stamp_page_t *h)
{
    size_t                     n;
    uint64_t                   pos;
    consent_slice_t            elements[3];
    const consent_elements_t  *e;

    pos = h->hold != CONSENT_STAMP_NONE ? h->hold : h->scan.token;
    h->hold = CONSENT_STAMP_NONE;

    if (h->head_done || !h->document || (h->scan.xml && h->phase != CONSENT_PHASE_AFTER_HEAD)) {
        return;
    }

    h->head_done = true;
    e = consent_stamp_elements(h);
    n = 0;

    if (h->asserts && !h->have_meta) {
        h->have_meta = true;
        elements[n++] = e->meta;
    }

    if (h->ai && !h->have_data) {
        elements[n++] = e->data;
    }

    if (!h->have_style) {
        elements[n++] = e->style;
    }

    if (!h->ai && !h->have_data) {
        elements[n++] = e->data_plain;
    }

    consent_stamp_emit_to(h, pos);
    consent_stamp_insert(h, elements, n);
}


static void
head_release(consent_stamp_page_t *h)
{
    h->hold = CONSENT_STAMP_NONE;
}
