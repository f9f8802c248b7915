/*
 * A short way through an ordinary head: whole elements that nothing hangs on are passed over at once, many bytes at a
 * time.
 *
 * It knows less than the tokenizer and never decides anything. Whatever is spelled in another way, is not complete, or
 * may matter (a charset, a claim, an element of ours) is left to the tokenizer from its first byte on.
 */

#include "disclose/html_page.h"
#include "disclose/html_state.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#define BLOCK        16
#define WINDOW       64         /* bytes of which most tags have fewer */
#define OPENING      ('=' | '"' << 8)
#define CHARSET_LEN  (sizeof("<meta charset=\"utf-8\">") - 1)
#define SCRIPT_DATA  (sizeof("<script type=\"application/ld+json\" data-consent=\"data\">") - 1)

static const uint8_t *skip_frame(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end);
static const uint8_t *skip_head_end(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end, uint64_t pos);
static bool skip_charset(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end, uint64_t pos);
static inline const uint8_t *skip_tag(const uint8_t *p, const uint8_t *end);
static const uint8_t *skip_long_tag(const uint8_t *p, const uint8_t *end);
static const uint8_t *skip_raw(const uint8_t *p, const uint8_t *end, const char *name, size_t len);
static inline bool skip_claim(const uint8_t *p, const uint8_t *next, const uint8_t *end);
static bool skip_long_claim(const uint8_t *p, const uint8_t *next);
static inline unsigned skip_block(const uint8_t *p);
#ifdef __SSE2__
static inline uint64_t skip_marks(const uint8_t *p);
static inline uint64_t skip_dashes(const uint8_t *p);
#endif
static inline bool skip_space(uint8_t c);


const uint8_t *
consent_stamp_skip(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end)
{
    bool            meta;
    size_t          len, matters, style;
    const char     *raw;
    const uint8_t  *next, *from;

    from = p;
    style = consent_stamp_elements(h)->style.len;

    for ( ;; ) {
        if (end - p > BLOCK && p[0] == '\n' && p[1] == '<') {
            p++;

        } else {
            while (p < end && *p <= ' ' && skip_space(*p)) {
                p++;
            }

            if (end - p < BLOCK || *p != '<') {
                return p;
            }
        }

        /* lengths of tags that may be ours, or bytes that must not be passed over */
        meta = false;
        matters = 0;
        raw = NULL;
        len = 5;

        if (memcmp(p + 1, "link", 4) == 0) {
            len = 4;
            matters = style;

        } else if (memcmp(p + 1, "meta", 4) == 0) {

            if (h->charset == CONSENT_CHARSET_UNKNOWN) {

                if (!skip_charset(h, p, end, h->at + (uint64_t) (p - from))) {
                    return p;
                }

                style = consent_stamp_elements(h)->style.len;
                p += CHARSET_LEN;
                continue;
            }

            len = 4;
            meta = h->listens;

        } else if (memcmp(p + 1, "script", 6) == 0) {
            len = 6;
            raw = "script";
            matters = SCRIPT_DATA;

        } else if (memcmp(p + 1, "style", 5) == 0) {
            raw = "style";

        } else if (memcmp(p + 1, "title", 5) == 0) {
            raw = "title";

        } else {
            if (memcmp(p, "</head>", 7) == 0) {
                return skip_head_end(h, p, end, h->at + (uint64_t) (p - from));
            }

            next = skip_frame(h, p, end);

            if (next == p) {
                return p;
            }

            p = next;
            continue;
        }

        next = skip_tag(p + 1 + len, end);

        if (next == NULL || next - p > CONSENT_STAMP_HOLD / 2 || (size_t) (next - p) == matters
            || (meta && skip_claim(p + 1 + len, next, end)))
        {
            return p;
        }

        if (raw != NULL) {
            next = skip_raw(next, end, raw, len);

            if (next == NULL) {
                return p;
            }
        }

        h->begun = true;
        p = next;
    }
}


/* What nearly all pages have around their heads; there are BLOCK bytes at p. */
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
            return p - 12;
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

    return p;
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

    next = skip_tag(body + 5, end);

    if (next == NULL) {
        return p;
    }

    consent_stamp_head_leave(h, pos, pos + (uint64_t) (next - p));

    return next;
}


/* The declaration that nearly all pages have, at p, which is position pos, and so early that it counts. */
static bool
skip_charset(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end, uint64_t pos)
{
    if ((size_t) (end - p) < CHARSET_LEN || pos > CONSENT_STAMP_PRESCAN - CHARSET_LEN
        || (memcmp(p, "<meta charset=\"utf-8\">", CHARSET_LEN) != 0
            && memcmp(p, "<meta charset=\"UTF-8\">", CHARSET_LEN) != 0))
    {
        return false;
    }

    h->charset = CONSENT_CHARSET_UTF8;
    h->begun = true;

    return true;
}


/* Behind the '>' of a tag whose name ends at p; NULL when it is not plain.
 *
 * Plain: no apostrophe and, up to the first '>', quotes in pairs, of which the first stands right behind a '=' and the
 * second neither behind a '=' nor behind white space. So the second of a pair never opens a value, each value that is
 * opened is closed by the very next quote, and that '>' is in none of them: it ends the tag, whatever else is in it. */
static inline const uint8_t *
skip_tag(const uint8_t *p, const uint8_t *end)
{
#ifdef __SSE2__
    uint16_t        pair;
    uint64_t        marks;
    const uint8_t  *at;

    if (end - p >= WINDOW) {

        if (*p != '>' && !skip_space(*p)) {
            return NULL;
        }

        for (marks = skip_marks(p); marks != 0; marks &= marks - 1) {
            at = p + (unsigned) __builtin_ctzll(marks);
            memcpy(&pair, at - 1, 2);

            if (pair != OPENING) {
                return *at == '>' ? at + 1 : NULL;
            }

            marks &= marks - 1;

            if (marks == 0) {
                break;
            }

            at = p + (unsigned) __builtin_ctzll(marks);

            if (*at != '"' || at[-1] <= ' ' || at[-1] == '=') {
                return NULL;
            }
        }
    }
#endif

    return skip_long_tag(p, end);
}


/* The same, of any length and wherever the input ends. */
static const uint8_t *
skip_long_tag(const uint8_t *p, const uint8_t *end)
{
    bool            open;
    unsigned        bits;
    const uint8_t  *at;

    if (*p != '>' && !skip_space(*p)) {
        return NULL;
    }

    for (open = false; end - p >= BLOCK; p += BLOCK) {

        for (bits = skip_block(p); bits != 0; bits &= bits - 1) {
            at = p + __builtin_ctz(bits);

            if (*at != '"') {
                return *at == '>' && !open ? at + 1 : NULL;
            }

            if (open ? at[-1] == '=' || skip_space(at[-1]) : at[-1] != '=') {
                return NULL;
            }

            open = !open;
        }
    }

    return NULL;
}


/* The bytes of a tag between the end of its name and `next` hold "ai-", as each claim does. */
static inline bool
skip_claim(const uint8_t *p, const uint8_t *next, const uint8_t *end)
{
#ifdef __SSE2__
    uint64_t        dashes;
    const uint8_t  *at;

    if (next - p <= WINDOW && end - p >= WINDOW) {

        for (dashes = skip_dashes(p); dashes != 0; dashes &= dashes - 1) {
            at = p + __builtin_ctzll(dashes);

            if (at >= next) {
                return false;
            }

            if ((at[-1] | 0x20) == 'i' && (at[-2] | 0x20) == 'a') {
                return true;
            }
        }

        return false;
    }
#endif

    return skip_long_claim(p, next);
}


/* The same of any length. */
static bool
skip_long_claim(const uint8_t *p, const uint8_t *next)
{
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


/* Which of the bytes of a block are quotes, apostrophes or '>', the first in bit 0. */
static inline unsigned
skip_block(const uint8_t *p)
{
#ifdef __SSE2__
    __m128i  bytes, found;

    bytes = _mm_loadu_si128((const __m128i *) (const void *) p);
    found = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
    found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\'')));
    found = _mm_or_si128(found, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('>')));

    return (unsigned) _mm_movemask_epi8(found);
#else
    unsigned  i, found;

    for (i = 0, found = 0; i < BLOCK; i++) {
        found |= (unsigned) (p[i] == '"' || p[i] == '\'' || p[i] == '>') << i;
    }

    return found;
#endif
}


#ifdef __SSE2__

/* The same of a window. */
static inline uint64_t
skip_marks(const uint8_t *p)
{
    return skip_block(p) | (uint64_t) skip_block(p + BLOCK) << BLOCK
           | ((uint64_t) skip_block(p + 2 * BLOCK) | (uint64_t) skip_block(p + 3 * BLOCK) << BLOCK) << 2 * BLOCK;
}


static inline unsigned
skip_dashes_block(const uint8_t *p)
{
    return (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *) (const void *) p),
                                                       _mm_set1_epi8('-')));
}


/* Where a window has a '-'. */
static inline uint64_t
skip_dashes(const uint8_t *p)
{
    return skip_dashes_block(p) | (uint64_t) skip_dashes_block(p + BLOCK) << BLOCK
           | ((uint64_t) skip_dashes_block(p + 2 * BLOCK) | (uint64_t) skip_dashes_block(p + 3 * BLOCK) << BLOCK)
             << 2 * BLOCK;
}

#endif


static inline bool
skip_space(uint8_t c)
{
    return (consent_scan_classes[c] & CONSENT_SCAN_SPACE) != 0;
}
