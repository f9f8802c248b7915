/*
 * Names as servers may read them: decoded to the end in one pass, then looked up the ways that frameworks spell them.
 *
 * Decoding again and again until nothing changes equals rewriting "%41" to "A" wherever it occurs, also where it only
 * comes about through another rewriting. A partly read escape waits on a stack while the bytes that may complete it are
 * themselves being decoded; a byte that cannot complete it settles everything that waits.
 */

#include "base/utf8.h"
#include "minimize/reading.h"
#include "minimize/reading_scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

typedef consent_reading_escape_t  reading_escape_t;
typedef consent_reading_state_t   reading_state_t;

static void reading_decode(reading_state_t *s, uint8_t c);
static void reading_settle(reading_state_t *s);
static void reading_byte(reading_state_t *s, uint8_t c);
static void reading_bytes(reading_state_t *s, const uint8_t *p, size_t n);
static bool reading_member(reading_state_t *s, uint8_t c);
static consent_mask_t reading_members(const reading_state_t *s);
static void reading_end_name(reading_state_t *s);
static inline bool reading_may_nest(const uint8_t *p, const uint8_t *end);
static int reading_hex(uint8_t c);


static inline bool
reading_is_space(uint8_t c)
{
    return c <= ' ';
}


consent_mask_t
consent_reading_find(const consent_reading_t *reading, consent_slice_t pair, consent_mask_t doubt)
{
    reading_state_t  s;

    consent_reading_begin(&s, reading, doubt);
    consent_reading_feed(&s, pair.data, pair.len);

    return consent_reading_end(&s);
}


void
consent_reading_begin(consent_reading_state_t *s, const consent_reading_t *reading, consent_mask_t doubt)
{
    s->reading = reading;
    s->mask = 0;
    s->doubt = doubt;
    s->len = 0;
    s->in_name = true;
    s->first = !reading->rest;
    s->begun = 0;
    s->ended = 0;
    s->opens = s->members = s->closed = false;
    s->depth = 0;
}


void
consent_reading_feed(consent_reading_state_t *s, const uint8_t *data, size_t n)
{
    const uint8_t  *p, *end, *next;

    for (p = data, end = data + n; p < end; p = next) {

        if (s->depth == 0 && *p != '%') {
            reading_byte(s, *p);

        } else {
            reading_decode(s, *p);
        }

        next = p + 1;

        if (s->depth > 0) {
            continue;
        }

        if (!s->in_name && !s->reading->nested) {
            return;
        }

        if (s->opens || s->members) {
            continue;
        }

        next = consent_reading_scan(next, end);

        if (s->in_name) {
            reading_bytes(s, p + 1, (size_t) (next - p - 1));
        }
    }
}


consent_mask_t
consent_reading_end(consent_reading_state_t *s)
{
    reading_settle(s);

    if (s->in_name && s->first) {
        reading_end_name(s);
    }

    return s->mask;
}


consent_mask_t
consent_reading_pair(const consent_reading_t *reading, const uint8_t *p, const uint8_t *eq, const uint8_t *end,
    uint8_t class, consent_mask_t doubt)
{
    consent_mask_t     mask;
    consent_slice_t    name;
    consent_reading_t  plain;

    name = consent_slice(p, (size_t) (eq - p));

    if (class == 0) {
        mask = consent_reading_not(reading->names, p, name.len) ? 0 : consent_names_find(reading->names, name, true);

    } else if (class == CONSENT_READING_SPELLED) {
        mask = consent_reading_find_plain(reading, name);

    } else {
        plain = *reading;
        plain.nested = false;
        mask = consent_reading_find(&plain, name, doubt);
    }

    /* of a name that is nothing but spaces, the '=' may be a part of the next */

    if (reading->nested && (class >= CONSENT_READING_ENCODED || eq == p || *p == ' '
                            || (eq < end && consent_reading_nests(eq + 1, end))))
    {
        mask |= consent_reading_find(reading, consent_slice(p, (size_t) (end - p)), doubt);
    }

    return mask;
}


/* One byte, which may begin, continue, complete or break an escape; a completed one is a byte again. */
static void
reading_decode(reading_state_t *s, uint8_t c)
{
    int                h;
    size_t             i, n;
    uint8_t            bytes[4];
    uint32_t           code;
    reading_escape_t  *e;

    for ( ;; ) {

        if (c == '%') {
            if (s->depth == CONSENT_READING_DEPTH) {
                s->mask |= s->doubt;
                reading_settle(s);
            }

            e = &s->stack[s->depth++];
            e->len = 1;
            e->wide = 0;
            e->raw[0] = '%';
            return;
        }

        if (s->depth == 0) {
            reading_byte(s, c);
            return;
        }

        e = &s->stack[s->depth - 1];

        if (e->len == 1 && (c == 'u' || c == 'U')) {
            e->wide = 1;
            e->raw[e->len++] = c;
            return;
        }

        h = reading_hex(c);

        if (h < 0) {
            reading_settle(s);
            reading_byte(s, c);
            return;
        }

        if (e->len < (e->wide ? 5 : 2)) {
            e->raw[e->len++] = c;
            return;
        }

        code = (uint32_t) h;

        for (i = e->wide ? 2 : 1; i < e->len; i++) {
            code |= (uint32_t) reading_hex(e->raw[i]) << 4 * (e->len - i);
        }

        s->depth--;

        if (!e->wide || code < 0x80) {
            c = (uint8_t) code;
            continue;
        }

        /* beyond ASCII: nothing that waits can be completed by it */
        reading_settle(s);

        n = consent_utf8_put(bytes, code);

        for (i = 0; i < n; i++) {
            reading_byte(s, bytes[i]);
        }

        return;
    }
}


/* What waits is not an escape after all. */
static void
reading_settle(reading_state_t *s)
{
    size_t  i, k;

    for (i = 0; i < s->depth; i++) {
        for (k = 0; k < s->stack[i].len; k++) {
            reading_byte(s, s->stack[i].raw[k]);
        }
    }

    s->depth = 0;
}


static void
reading_byte(reading_state_t *s, uint8_t c)
{
    if (s->reading->nested && (c == '&' || c == ';' || c == '?' || c == '#')) {

        if (s->in_name && s->first) {
            reading_end_name(s);
        }

        s->in_name = true;
        s->first = false;
        s->opens = s->closed = false;
        s->begun++;
        s->len = 0;
        return;
    }

    if (s->opens && !reading_is_space(c)) {
        s->opens = false;
        s->members = s->members || c == '{' || c == '[';
    }

    if ((s->members && reading_member(s, c)) || !s->in_name) {
        return;
    }

    if (c == '=') {
        if (s->len != 0) {
            reading_end_name(s);

            /* the value may begin with a name of its own */
            s->in_name = s->reading->nested;
            s->first = false;
            s->opens = s->reading->nested && (s->reading->rest || s->ended > 0);
            s->ended++;
            s->len = 0;
        }

        return;
    }

    reading_bytes(s, &c, 1);
}


/* The same of each of n bytes of a name that mean nothing else. */
static void
reading_bytes(reading_state_t *s, const uint8_t *p, size_t n)
{
    size_t  take;

    while (s->len == 0 && n > 0 && reading_is_space(*p)) {
        p++;
        n--;
    }

    take = n < CONSENT_READING_MAX - s->len ? n : CONSENT_READING_MAX - s->len;

    if (take > 0) {
        memcpy(s->name + s->len, p, take);
        s->len += take;
    }

    if (take < n && !s->first) {
        /* longer than any; of what it belongs to, this much shows */
        reading_end_name(s);
        s->in_name = false;
    }
}


/* True: the byte has been dealt with. A quote may end a name and begin another, for the JSON may stand in a string itself,
 * its quotes escaped. */
static bool
reading_member(reading_state_t *s, uint8_t c)
{
    if (s->closed && reading_is_space(c)) {
        return true;
    }

    if (s->closed && c == ':') {
        s->mask |= reading_members(s);
        reading_end_name(s);
        s->closed = false;
        s->ended++;
        s->len = 0;
        return true;
    }

    if (s->closed) {
        s->closed = false;
        s->len = 0;
    }

    if (c != '"') {
        return false;
    }

    while (s->in_name && s->len > 0 && s->name[s->len - 1] == '\\') {
        s->len--;
    }

    s->len = s->in_name ? s->len : 0;
    s->closed = s->in_name = true;
    s->first = false;
    s->begun++;

    return true;
}


/* A name of JSON as its own reader has it, but for its escapes. */
static consent_mask_t
reading_members(const reading_state_t *s)
{
    uint16_t  symbol;

    if (s->reading->members == NULL) {
        return 0;
    }

    symbol = memmem(s->name, s->len, "\\u", 2) != NULL ? CONSENT_JSON_UNSURE
             : consent_json_paths_symbol(s->reading->members, s->name, s->len);

    return symbol == CONSENT_JSON_UNSURE ? s->doubt : s->reading->members->anywhere[symbol].mask;
}


static void
reading_end_name(reading_state_t *s)
{
    s->mask |= consent_reading_now(s);
}


consent_mask_t
consent_reading_now(const consent_reading_state_t *s)
{
    consent_mask_t     mask;
    consent_reading_t  also;

    mask = consent_reading_lookup(s->reading, consent_slice(s->name, s->len));

    if (!s->first && s->reading->also != NULL) {
        also = *s->reading;
        also.names = s->reading->also;
        mask |= consent_reading_lookup(&also, consent_slice(s->name, s->len));
    }

    return mask;
}


/* Of escapes within escapes, the innermost that decodes to a '%' or '=' is written "%25", "%2%..", "%3d", "%3%..", "%%.."
 * or "%u....". */
bool
consent_reading_nests(const uint8_t *p, const uint8_t *end)
{
#if defined(__SSE2__)

    size_t    n, k;
    unsigned  percents;
    __m128i   v;

    n = (size_t) (end - p);

    /* of the last sixteen bytes, some are looked at again */

    for ( /* void */ ; n >= 16; n = n < 32 ? 16 : n - 16) {

        v = _mm_loadu_si128((const __m128i *) (const void *) (end - n));

        if (_mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('='))) != 0) {
            return true;
        }

        percents = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('%')));

        for ( /* void */ ; percents != 0; percents &= percents - 1) {
            k = (size_t) __builtin_ctz(percents);

            if (reading_may_nest(end - n + k, end)) {
                return true;
            }
        }

        if (n == 16) {
            return false;
        }
    }

    p = end - n;

#endif

    for ( /* void */ ; p < end; p++) {
        if (*p == '=' || (*p == '%' && reading_may_nest(p, end))) {
            return true;
        }
    }

    return false;
}


/* At a '%': it begins an escape that becomes a '=' or '%', or holds another. */
static inline bool
reading_may_nest(const uint8_t *p, const uint8_t *end)
{
    uint8_t  c;

    if (end - p < 3) {
        return false;
    }

    c = p[1];

    if (c == '2' || c == '3') {
        return p[2] == '%' || (p[2] | 0x20) == (c == '2' ? '5' | 0x20 : 'd');
    }

    return c == 'u' || c == 'U' || c == '%';
}


static int
reading_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = consent_lower(c);

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
