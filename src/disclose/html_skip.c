/*
 * A short way through an ordinary head: whole elements that nothing hangs on are passed over at once, many bytes at a
 * time.
 *
 * It knows less than the tokenizer, and says nothing that the tokenizer would not say. Whatever is spelled in another way,
 * is not complete, or may matter (a charset, a claim, an element of ours, a skip link) is left to the tokenizer from its
 * first byte on.
 */

#include "disclose/html_page.h"
#include "disclose/html_state.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK        16
#define CHARSET_LEN  (sizeof("<meta charset=\"utf-8\">") - 1)
#define SCRIPT_DATA  (sizeof("<script type=\"application/ld+json\" data-consent=\"data\">") - 1)

static const uint8_t *skip_frame(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end);
static const uint8_t *skip_head_end(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end, uint64_t pos);
static bool skip_no_links(const uint8_t *p, const uint8_t *end);
static const uint8_t *skip_charset(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end, uint64_t pos);
static inline const uint8_t *skip_tag(const uint8_t *p, size_t len, const uint8_t *last);
static inline bool skip_claim(const uint8_t *p, const uint8_t *next);
static const uint8_t *skip_raw(const uint8_t *p, const uint8_t *end, const char *name, size_t len);
static inline const uint8_t *skip_mark(const uint8_t *p, const uint8_t *last);
static inline bool skip_space(uint8_t c);


const uint8_t *
consent_stamp_skip(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end)
{
    size_t          style;
    const uint8_t  *next, *from, *last;

    if (end - p < BLOCK) {
        return p;
    }

    from = p;
    last = end - BLOCK;
    style = consent_stamp_elements(h)->style.len;

    for ( ;; p = next) {

        if (p < last && p[0] == '\n' && p[1] == '<') {
            p++;

        } else {
            while (p <= last && *p <= ' ' && skip_space(*p)) {
                p++;
            }

            if (p > last || *p != '<') {
                return p;
            }
        }

        /* a tag of that length may be ours */

        if (memcmp(p + 1, "link", 4) == 0) {
            next = skip_tag(p, 4, last);

            if (next == NULL || (size_t) (next - p) == style) {
                return p;
            }

        } else if (memcmp(p + 1, "meta", 4) == 0) {

            if (h->charset == CONSENT_CHARSET_UNKNOWN) {
                next = skip_charset(h, p, end, h->at + (uint64_t) (p - from));
                style = consent_stamp_elements(h)->style.len;

            } else {
                next = skip_tag(p, 4, last);

                if (next != NULL && h->listens && skip_claim(p + 5, next)) {
                    return p;
                }
            }

            if (next == NULL) {
                return p;
            }

        } else if (memcmp(p + 1, "script", 6) == 0) {
            next = skip_tag(p, 6, last);

            if (next == NULL || next - p == SCRIPT_DATA) {
                return p;
            }

            next = skip_raw(next, end, "script", 6);

        } else if (memcmp(p + 1, "style", 5) == 0) {
            next = skip_tag(p, 5, last);
            next = next != NULL ? skip_raw(next, end, "style", 5) : NULL;

        } else if (memcmp(p + 1, "title", 5) == 0) {
            next = skip_tag(p, 5, last);
            next = next != NULL ? skip_raw(next, end, "title", 5) : NULL;

        } else if (memcmp(p, "</head>", 7) == 0) {
            return skip_head_end(h, p, end, h->at + (uint64_t) (p - from));

        } else {
            next = skip_frame(h, p, end);

            if (next == NULL) {
                return p;
            }

            continue;
        }

        if (next == NULL) {
            return p;
        }

        h->begun = true;
    }
}


/* Behind what nearly all pages have around their heads, or NULL; there are BLOCK bytes at p. */
static const uint8_t *
skip_frame(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end)
{
    size_t          len;
    const uint8_t  *quote;

    if (memcmp(p, "<head>", 6) == 0) {
        h->document = true;
        h->begun = true;
        return p + 6;
    }

    if (memcmp(p, "<html lang=\"", 12) == 0 && !h->begun) {
        p += 12;
        len = (size_t) (end - p) < CONSENT_SCAN_VALUE ? (size_t) (end - p) : CONSENT_SCAN_VALUE;
        quote = memchr(p, '"', len);

        if (quote == NULL || quote == p + len - 1 || quote[1] != '>') {
            return NULL;
        }

        h->document = true;
        h->begun = true;
        consent_stamp_language(h, consent_slice(p, (size_t) (quote - p)));
        return quote + 2;
    }

    if (memcmp(p, "<!doctype html>", 15) == 0 || memcmp(p, "<!DOCTYPE html>", 15) == 0) {
        h->document |= !h->begun;
        return p + 15;
    }

    return NULL;
}


/* </head>, white space, and a plain <body ...> at p, which is position pos: then both places are known. */
static const uint8_t *
skip_head_end(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end, uint64_t pos)
{
    const uint8_t  *body, *next;

    for (body = p + 7; body < end && skip_space(*body); body++) {
        /* void */
    }

    if (!h->document || end - body < BLOCK || memcmp(body, "<body", 5) != 0) {
        return p;
    }

    next = skip_tag(body, 4, end - BLOCK);

    if (next == NULL) {
        return p;
    }

    consent_stamp_head_leave(h, pos, pos + (uint64_t) (next - p));

    if (h->phase == CONSENT_PHASE_BODY && skip_no_links(next, end)) {
        consent_stamp_body_insert(h);
    }

    return next;
}


/* No skip link and nothing of ours stands at p, where a body begins: but for wrappers, in plain tags, the first thing there
 * is text or the tag of something else. */
static bool
skip_no_links(const uint8_t *p, const uint8_t *end)
{
    size_t    len, depth;
    uint64_t  name;

    for (depth = 0; depth < CONSENT_STAMP_DEPTH; depth++) {

        while (p < end && skip_space(*p)) {
            p++;
        }

        if (end - p < BLOCK) {
            return false;
        }

        if (*p != '<') {
            return true;
        }

        if (!consent_scan_letter(p[1])) {
            return false;
        }

        for (name = 0, len = 0; len < 8 && !(consent_scan_classes[p[1 + len]] & CONSENT_SCAN_ENDS_NAME); len++) {
            name |= (uint64_t) (p[1 + len] | 0x20) << (len * 8);
        }

        if (!consent_stamp_body_leads(name)) {
            return true;
        }

        if (!consent_stamp_body_wraps(name) || name == CONSENT_TAG_NAV || name == CONSENT_TAG_ASIDE) {
            return false;
        }

        p = skip_tag(p, len, end - BLOCK);

        if (p == NULL) {
            return false;
        }
    }

    return false;
}


/* Behind the declaration that nearly all pages have, at p, which is position pos, and so early that it counts; or NULL. */
static const uint8_t *
skip_charset(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end, uint64_t pos)
{
    if ((size_t) (end - p) < CHARSET_LEN || pos > CONSENT_STAMP_PRESCAN - CHARSET_LEN
        || (memcmp(p, "<meta charset=\"utf-8\">", CHARSET_LEN) != 0
            && memcmp(p, "<meta charset=\"UTF-8\">", CHARSET_LEN) != 0))
    {
        return NULL;
    }

    h->charset = CONSENT_CHARSET_UTF8;

    return p + CHARSET_LEN;
}


/* Behind the '>' of a tag at p with a name of len bytes; NULL when it is not plain, too long, or runs into the last block.
 *
 * Plain: up to the first '>' there is no apostrophe, and the last quote before it stands neither behind a '=' nor behind
 * white space. Only there a quote opens a value. So behind the last one no value is open, whether it has closed one or is
 * a letter like any other: that '>' ends the tag, whatever else is in it. */
static inline const uint8_t *
skip_tag(const uint8_t *p, size_t len, const uint8_t *last)
{
    const uint8_t  *name_end, *at, *quote;

    name_end = p + 1 + len;

    if (*name_end != ' ' && *name_end != '>' && !skip_space(*name_end)) {
        return NULL;
    }

    at = skip_mark(name_end, last);

    if (at == NULL || *at != '>' || at - p >= CONSENT_STAMP_HOLD / 2) {
        return NULL;
    }

    for (quote = at - 1; *quote != '"'; quote--) {
        if (quote <= name_end) {
            return at + 1;
        }
    }

    return quote[-1] == '=' || quote[-1] <= ' ' ? NULL : at + 1;
}


/* The bytes of a meta between the end of its name and `next` hold "ai-", as each claim does; there are BLOCK bytes at p.
 * A claim is made by its name, of which the first counts. */
static inline bool
skip_claim(const uint8_t *p, const uint8_t *next)
{
    if (memcmp(p, " name=\"", 7) == 0 && (p[7] | 0x20) != 'a') {
        return false;
    }

    while ((p = memchr(p, '-', (size_t) (next - p))) != NULL) {

        if ((p[-1] | 0x20) == 'i' && (p[-2] | 0x20) == 'a') {
            return true;
        }

        p++;
    }

    return false;
}


/* Behind "</name>" in just this spelling; NULL where something else may end the text, or escapes it. */
static const uint8_t *
skip_raw(const uint8_t *p, const uint8_t *end, const char *name, size_t len)
{
    for ( ;; ) {
        p = memchr(p, '<', (size_t) (end - p));

        if (p == NULL || (size_t) (end - p) < len + sizeof("</>") - 1) {
            return NULL;
        }

        if (p[1] == '/') {

            if ((p[2] | 0x20) == name[0]) {
                return memcmp(p + 2, name, len) == 0 && p[len + 2] == '>' ? p + len + 3 : NULL;
            }

        } else if (p[1] == '!') {
            return NULL;
        }

        p++;
    }
}


/* The first apostrophe or '>' from p on; NULL: none of them in blocks that begin at `last` at the latest. */
static inline const uint8_t *
skip_mark(const uint8_t *p, const uint8_t *last)
{
#ifdef __SSE2__
    int      found;
    __m128i  bytes;

    for ( /* void */ ; p <= last; p += BLOCK) {
        bytes = _mm_loadu_si128((const __m128i *) (const void *) p);
        found = _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('>')),
                                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\''))));

        if (found != 0) {
            return p + __builtin_ctz((unsigned) found);
        }
    }

#else

    for ( /* void */ ; p <= last; p++) {
        if (*p == '>' || *p == '\'') {
            return p;
        }
    }

#endif

    return NULL;
}


static inline bool
skip_space(uint8_t c)
{
    return (consent_scan_classes[c] & CONSENT_SCAN_SPACE) != 0;
}
