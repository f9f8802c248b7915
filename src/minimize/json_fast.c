/*
 * The plain parts of most documents: members whose names say nothing or are only told of, short strings, numbers,
 * brackets. Everything else, and all that is near the end of the input, is left to the reader, which goes on where this
 * stops and says what is wrong.
 *
 * Bytes are read in sixteens without asking whether they are there: the input goes on for FAST_MARGIN bytes more.
 */

#include "minimize/json_token.h"

#if defined(__SSE2__)

#define FAST_MARGIN  128
#define FAST_GAP     (JSON_PENDING - 64)     /* bytes before a name: the reader counts precisely */
#define FAST_NUMBER  24         /* bytes of a number */

#define FAST_CARRIER  0xffff

static uint16_t fast_known(const consent_json_paths_t *paths, uint16_t state, const uint8_t *name, size_t len,
    bool *known);
static bool fast_tell(json_reader_t *r, const uint8_t *name, size_t len);
static size_t fast_word(const uint8_t *p);
static const uint8_t *fast_number(const uint8_t *p);


/* Bytes before the first that is no plain letter of a string, or one that arguments have; 16: all are. */
static inline unsigned
fast_letters(const uint8_t *p)
{
    __m128i   bytes, arguments;
    unsigned  stops;

    bytes = _mm_loadu_si128((const __m128i *) (const void *) p);
    arguments = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('=')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('%')));
    stops = (unsigned) _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                                                                   _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\'))),
                                                      _mm_or_si128(_mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)),
                                                                   arguments)));

    return (unsigned) __builtin_ctz(stops | 0x10000);
}


/* It may be a path of the policy, or a URL with one. */
static inline bool
fast_path(const json_all_t *all, const uint8_t *p)
{
    return all->paths_too && (*p == '/' || (*p | 0x20) == 'h');
}


/* Nothing for the detectors in a text of plain letters: n < 16, and sixteen bytes are there. */
static inline bool
fast_dull(const json_all_t *all, const uint8_t *p, size_t n)
{
    __m128i  bytes, digits;

    bytes = _mm_loadu_si128((const __m128i *) (const void *) p);

    digits = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
    digits = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);

    if (n >= CONSENT_DETECT_DULL) {
        bytes = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('@')), digits);

    } else {
        bytes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('@'));
    }

    return (n < all->dull && ((unsigned) _mm_movemask_epi8(bytes) & ((1u << n) - 1)) == 0)
           || consent_detect_clear(all->detect, p, n);
}


static inline const uint8_t *
fast_space(const uint8_t *p, const uint8_t *stop)
{
    __m128i   bytes;
    unsigned  others;

    for ( /* void */ ; p < stop && (consent_json_class[*p] & JSON_IS_SPACE); p += __builtin_ctz(others | 0x10000)) {
        bytes = _mm_loadu_si128((const __m128i *) (const void *) p);
        others = 0xffff ^ (unsigned) _mm_movemask_epi8(
                     _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')),
                                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))),
                                  _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\t')),
                                               _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\r')))));
    }

    return p;
}


const uint8_t *
consent_json_fast(json_reader_t *r, const uint8_t *p, const uint8_t *end)
{
    bool                         known, looks;
    size_t                       n, len;
    uint8_t                      at;
    uint16_t                     child, state;
    json_all_t                  *all;
    json_frame_t                *frame, *base;
    const uint8_t               *q, *stop, *cut;
    const uint16_t              *next;
    const consent_json_paths_t  *paths;
    const consent_json_place_t  *places;

    all = r->all;
    paths = all->paths;
    places = paths->places;
    looks = all->masks || all->queries;
    next = paths->next;
    n = paths->n_symbols;
    stop = end - FAST_MARGIN;
    frame = &all->frames[r->depth];
    base = &all->frames[r->base + 1];
    cut = NULL;

    /* child: where every member whose name says nothing, or every element, leads; state: where the value that comes is;
     * known: all names in it are */

enter:

    at = JSON_AT_NEXT;
    child = next[frame->state * n + (frame->flags & JSON_OBJECT ? CONSENT_JSON_OTHER : CONSENT_JSON_INDEX)];
    state = child;
    known = true;

    if (places[child].mask != 0 || !(frame->flags & JSON_KEPT)) {
        goto out;
    }

after:

    if (*p <= ' ') {
        p = fast_space(p, stop);
    }

    if (p >= stop) {
        at = JSON_AT_NEXT;
        goto out;
    }

    if (*p != ',') {
        goto close;
    }

    if (!(frame->flags & JSON_OBJECT)) {
        p++;
        goto element;
    }

    at = JSON_AT_NAME;
    cut = p++;

name:

    if (*p <= ' ') {
        p = fast_space(p, stop);

        if (p >= stop || p - cut > FAST_GAP) {
            goto out;
        }
    }

    if (*p != '"') {
        goto out;
    }

    q = p + 1;
    len = fast_letters(q);

    if (len - 1 >= 15 || q[len] != '"' || q[len + 1] != ':' || q[0] == ' ' || q[len - 1] == ' ') {
        goto out;
    }

    state = child;
    known = frame->flags & JSON_KNOWN;

    if (paths->first[len] >> (q[0] & 31) & paths->last[len] >> (q[len - 1] & 31) & 1) {
        state = fast_known(paths, frame->state, q, len, &known);

        if (state == FAST_CARRIER) {
            goto out;
        }
    }

    if ((all->masks && !fast_dull(all, q, len)) || fast_path(all, q)) {
        goto out;
    }

    if (all->names && !known) {

        if (!all->tells || places[state].way) {
            goto out;
        }

        known = places[state].known || fast_tell(r, q, len);
    }

    cut = NULL;
    p = q + len + 2;

    if (*p == ' ') {
        p++;
    }

    goto value;

element:

    state = child;
    known = (frame->flags & JSON_KNOWN) || places[child].known;

    if (*p <= ' ') {
        p = fast_space(p, stop);
    }

    if (p >= stop) {
        goto value_out;
    }

value:

    if (*p == '"') {
        q = p + 1;

        if (consent_json_class[*q] & JSON_IS_NEST) {
            goto value_out;
        }

        len = fast_letters(q);
        q += len;

        if (*q != '"') {
            consent_json_scan_begin(&r->scan);
            q = consent_json_scan_rest(&r->scan, q, end);

            if (q == NULL || q >= stop) {
                goto value_out;
            }

            if (looks && consent_json_string_is(r, p + 1, (size_t) (q - p) - 1) != JSON_STRING_PASSES) {
                goto value_out;
            }

        } else if ((all->masks && !fast_dull(all, p + 1, len)) || fast_path(all, p + 1)) {
            goto value_out;
        }

        p = q + 1;
        frame->flags |= JSON_KEPT;
        goto after;
    }

    switch (consent_json_class[*p] & JSON_IS_KIND) {

    case JSON_IS_NUMBER:
        q = fast_number(p);

        if (q == NULL) {
            goto value_out;
        }

        if (all->masks && ((size_t) (q - p) >= CONSENT_DETECT_DULL || (size_t) (q - p) >= all->dull)
            && !consent_detect_clear(all->detect, p, (size_t) (q - p)))
        {
            goto value_out;
        }

        p = q;
        break;

    case JSON_IS_WORD:
        len = fast_word(p);

        if (len == 0) {
            goto value_out;
        }

        p += len;
        break;

    case JSON_IS_OPEN:
        goto open;

    default:
        goto value_out;
    }

    frame->flags |= JSON_KEPT;
    goto after;

open:

    child = next[state * n + (*p == '{' ? CONSENT_JSON_OTHER : CONSENT_JSON_INDEX)];

    if (places[child].mask != 0 || r->depth == CONSENT_INSPECT_DEPTH) {
        goto value_out;
    }

    if (all->names && !known) {
        consent_json_path_set(r, NULL);
    }

    r->depth++;
    frame++;
    frame->state = state;
    frame->path = (uint16_t) all->path_len;

    if (*p++ == '{') {
        frame->flags = known ? JSON_OBJECT | JSON_KNOWN : JSON_OBJECT;
        at = JSON_AT_FIRST_NAME;
        cut = p;

        if (*p == '}') {
            goto closed;
        }

        goto name;
    }

    frame->flags = known ? JSON_KNOWN : 0;

    if (*p == ']') {
        goto closed;
    }

    if (consent_json_class[*p] & JSON_IS_SPACE) {
        at = JSON_AT_FIRST_ELEMENT;
        goto out;
    }

    goto element;

close:

    if (*p != (frame->flags & JSON_OBJECT ? '}' : ']') || frame == base) {
        at = JSON_AT_NEXT;
        goto out;
    }

closed:

    cut = NULL;
    p++;
    r->depth--;
    frame--;
    frame->flags |= JSON_KEPT;

    goto enter;

value_out:

    at = JSON_AT_VALUE;

out:

    r->at = at;
    r->cut = cut;
    r->state = state;
    r->known = known;

    return p;
}


/* The state behind a name that may be one of the policy's; *known is set where all below it is. */
static uint16_t
fast_known(const consent_json_paths_t *paths, uint16_t state, const uint8_t *name, size_t len, bool *known)
{
    uint16_t  symbol;

    symbol = consent_json_paths_symbol(paths, name, len);

    if (symbol == CONSENT_JSON_UNSURE || paths->anywhere[symbol].mask != 0) {
        return FAST_CARRIER;
    }

    state = consent_json_paths_next(paths, state, symbol);
    *known |= paths->anywhere[symbol].known;

    return paths->places[state].mask != 0 ? FAST_CARRIER : state;
}


/* Of an unknown name, once: what is below it needs no names of its own. */
static bool
fast_tell(json_reader_t *r, const uint8_t *name, size_t len)
{
    consent_slice_t  text;

    text = consent_slice(name, len);
    consent_json_path_set(r, &text);
    consent_inspect_unknown(r->all->inspect, CONSENT_CARRIER_JSON, consent_slice(r->all->path, r->all->path_len));

    return true;
}


static size_t
fast_word(const uint8_t *p)
{
    return memcmp(p, "true", 4) == 0 || memcmp(p, "null", 4) == 0 ? 4 : memcmp(p, "false", 5) == 0 ? 5 : 0;
}


/* A short number, or NULL. */
static const uint8_t *
fast_number(const uint8_t *p)
{
    const uint8_t  *start, *most;

    most = p + FAST_NUMBER;
    p += *p == '-';
    start = p;

    while ((unsigned) (*p - '0') < 10) {
        if (++p > most) {
            return NULL;
        }
    }

    if (p == start || (*start == '0' && p - start > 1)) {
        return NULL;
    }

    if (*p == '.') {
        start = ++p;

        while ((unsigned) (*p - '0') < 10) {
            if (++p > most) {
                return NULL;
            }
        }

        if (p == start) {
            return NULL;
        }
    }

    return (*p | 0x20) == 'e' ? NULL : p;
}


bool
consent_json_fast_may(const json_reader_t *r, const uint8_t *p, const uint8_t *end)
{
    return end - p > 2 * FAST_MARGIN && r->drop == 0 && r->held == 0 && r->depth > r->base
           && (!r->all->masks || r->level == 0) && r->level < JSON_DEEP && r->lines != JSON_LINES_PLAIN
           && !r->scan.plain;
}

#else

const uint8_t *
consent_json_fast(json_reader_t *r, const uint8_t *p, const uint8_t *end)
{
    (void) r;
    (void) end;

    return p;
}


bool
consent_json_fast_may(const json_reader_t *r, const uint8_t *p, const uint8_t *end)
{
    (void) r;
    (void) p;
    (void) end;

    return false;
}

#endif
