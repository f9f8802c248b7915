/*
 * The plain parts of most documents: members whose names say nothing or are only told of, short ones that go, strings,
 * numbers, brackets. Everything else, and all that is near the end of the input, is left to the reader, which goes on
 * where this stops and says what is wrong.
 *
 * Bytes are read in sixteens without asking whether they are there: the input goes on for FAST_MARGIN bytes more.
 */

#include "minimize/json_fast.h"

#if defined(__SSE2__)

/* What a name says that the policy may have. */
typedef struct {
    uint16_t        state;      /* behind it */
    bool            sure;
    bool            known;      /* all below it is */
    consent_mask_t  mask;       /* what it carries */
} fast_name_t;

static bool fast_text(json_reader_t *r, const uint8_t **at, const uint8_t *stop, const uint8_t *end);
static fast_name_t fast_name(const consent_json_paths_t *paths, uint16_t state, const uint8_t *name, size_t len);
static void fast_tell(json_reader_t *r, const uint8_t *name, size_t len);
static const uint8_t *fast_value(const uint8_t *p);


consent_rc_t
consent_json_fast(json_reader_t *r, const uint8_t **from, const uint8_t *end)
{
    bool                         known, inside;
    size_t                       n, len;
    uint8_t                      at, first, last;
    __m128i                      v;
    unsigned                     stops;
    uint16_t                     child, state, after;
    json_all_t                  *all;
    fast_name_t                  name;
    json_frame_t                *frame, *base;
    consent_rc_t                 rc;
    const uint8_t               *p, *q, *stop, *cut;
    const uint16_t              *next;
    const consent_json_paths_t  *paths;
    const consent_json_place_t  *places;

    p = *from;
    all = r->all;
    paths = all->paths;
    places = paths->places;
    next = paths->next;
    n = paths->n_symbols;
    stop = end - FAST_MARGIN;
    frame = &all->frames[r->depth];
    base = &all->frames[r->base + 1];
    cut = NULL;
    rc = CONSENT_OK;

    /* child: where every member whose name says nothing, or every element, leads; inside: nobody asks for their names;
     * state: where the value that comes is; known: all names in it are */

enter:

    at = JSON_AT_NEXT;
    child = next[frame->state * n + (frame->flags & JSON_OBJECT ? CONSENT_JSON_OTHER : CONSENT_JSON_INDEX)];
    state = child;
    known = true;
    inside = frame->flags & JSON_KNOWN || !all->names;

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

    if (*p == ' ') {
        p++;
    }

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
    v = fast_load(q);
    stops = fast_stops(v);
    len = (size_t) __builtin_ctz(stops | 0x10000);

    if (len - 1 >= 15) {
        goto out;
    }

    first = q[0];
    last = q[len - 1];
    memcpy(&after, q + len, 2);

    if (after != FAST_COLON || first == ' ' || last == ' ') {
        goto out;
    }

    state = child;
    known = inside;

    if ((paths->first[len] >> (first & 31) & 1) && (paths->last[len] >> (last & 31) & 1)
        && (paths->middle[len] >> (q[len / 2] & 31) & 1))
    {
        name = fast_name(paths, frame->state, q, len);
        state = name.state;
        known |= name.known;

        if (!name.sure) {
            goto out;
        }

        if (name.mask != 0) {
            q = name.mask & all->withheld && frame->flags & JSON_KEPT ? fast_value(q + len + 2) : NULL;

            if (q == NULL) {
                goto out;
            }

            rc = consent_json_member_goes(r, name.mask, cut, q);

            if (rc != CONSENT_OK) {
                goto out;
            }

            p = q;
            cut = NULL;
            goto after;
        }
    }

    if ((all->masks && !fast_dull(all, v, stops, len) && !consent_detect_clear(all->detect, q, len))
        || fast_path(all, q))
    {
        goto out;
    }

    if (!known) {

        if (!all->tells || places[state].way) {
            goto out;
        }

        if (!places[state].known) {
            fast_tell(r, q, len);
        }

        known = true;
    }

    cut = NULL;
    p = q + len + 2;

    if (*p == ' ') {
        p++;
    }

    goto value;

element:

    state = child;
    known = inside || places[child].known;

    if (*p <= ' ') {
        p += *p == ' ';
        p = *p <= ' ' ? fast_space(p, stop) : p;

        if (p >= stop) {
            goto value_out;
        }
    }

value:

    if (*p == '"') {
        q = p + 1;

        if (consent_json_class[*q] & JSON_IS_NEST) {
            goto value_out;
        }

        v = fast_load(q);
        stops = fast_stops(v);
        len = (size_t) __builtin_ctz(stops | 0x10000);

        if (q[len] != '"') {

            if (!fast_text(r, &q, stop, end)) {
                goto value_out;
            }

        } else if ((all->masks && !fast_dull(all, v, stops, len) && !consent_detect_clear(all->detect, q, len))
                   || fast_path(all, q))
        {
            goto value_out;

        } else {
            q += len;
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

    if (!known) {
        consent_json_path_set(r, NULL);
    }

    r->depth++;
    frame++;
    frame->state = state;
    frame->path = (uint16_t) all->path_len;
    inside = known;

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

    *from = p;
    r->at = at;
    r->cut = cut;
    r->state = state;
    r->known = known;

    return rc;
}


/* A longer text at *at, behind its quote, of which the first sixteen bytes do not end it. True: *at is at the closing
 * quote, and it passes. */
static bool
fast_text(json_reader_t *r, const uint8_t **at, const uint8_t *stop, const uint8_t *end)
{
    __m128i         v;
    unsigned        stops, letters, digits, found;
    json_all_t     *all;
    const uint8_t  *p;

    all = r->all;
    digits = 0;

    for (p = fast_path(all, *at) ? stop : *at; p < stop; /* void */ ) {
        v = fast_load(p);
        stops = fast_stops(v);

        if (all->masks) {
            letters = stops ^ (stops - 1);
            found = (unsigned) _mm_movemask_epi8(consent_detect_digits(v)) & letters;
            digits += found == 0 ? 0 : consent_detect_count(found);

            if (digits >= CONSENT_DETECT_DULL
                || ((unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(v, _mm_set1_epi8('@'))) & letters) != 0)
            {
                return false;
            }
        }

        if (stops == 0) {
            p += 16;
            continue;
        }

        p += __builtin_ctz(stops);

        if (*p == '"') {

            if (all->masks && (size_t) (p - *at) >= all->dull
                && !consent_detect_clear(all->detect, *at, (size_t) (p - *at)))
            {
                return false;
            }

            *at = p;
            return true;
        }

        /* letters of Western Europe, none of which is read as a digit */

        if (*p != 0xc3 || (p[1] & 0xc0) != 0x80) {
            break;
        }

        p += 2;
    }

    consent_json_scan_begin(&r->scan);
    p = consent_json_scan_rest(&r->scan, *at, end);

    if (p == NULL || p >= stop
        || ((all->masks || all->queries)
            && consent_json_string_is(r, *at, (size_t) (p - *at)) != JSON_STRING_PASSES))
    {
        return false;
    }

    *at = p;

    return true;
}


static fast_name_t
fast_name(const consent_json_paths_t *paths, uint16_t state, const uint8_t *name, size_t len)
{
    uint16_t     symbol;
    fast_name_t  found;

    memset(&found, 0, sizeof(found));
    symbol = consent_json_paths_symbol(paths, name, len);

    if (symbol == CONSENT_JSON_UNSURE) {
        return found;
    }

    found.sure = true;
    found.state = consent_json_paths_next(paths, state, symbol);
    found.known = paths->anywhere[symbol].known;
    found.mask = paths->places[found.state].mask | paths->anywhere[symbol].mask;

    return found;
}


/* Of an unknown name, once: what is below it needs no names of its own. */
static void
fast_tell(json_reader_t *r, const uint8_t *name, size_t len)
{
    consent_slice_t  text;

    text = consent_slice(name, len);
    consent_json_path_set(r, &text);
    consent_inspect_unknown(r->all->inspect, CONSENT_CARRIER_JSON, consent_slice(r->all->path, r->all->path_len));
}


/* Behind a colon: where a short value ends, or NULL. */
static const uint8_t *
fast_value(const uint8_t *p)
{
    size_t  len;

    p += *p == ' ';

    switch (consent_json_class[*p] & JSON_IS_KIND) {

    case JSON_IS_QUOTE:
        p++;
        p += __builtin_ctz(fast_stops(fast_load(p)) | 0x10000);
        return *p == '"' ? p + 1 : NULL;

    case JSON_IS_NUMBER:
        return fast_number(p);

    case JSON_IS_WORD:
        len = fast_word(p);
        return len == 0 ? NULL : p + len;

    default:
        return NULL;
    }
}


bool
consent_json_fast_may(const json_reader_t *r, const uint8_t *p, const uint8_t *end)
{
    return end - p > 2 * FAST_MARGIN && r->drop == 0 && r->held == 0 && r->depth > r->base
           && (!r->all->masks || r->level == 0) && r->level < JSON_DEEP && r->lines != JSON_LINES_PLAIN
           && !r->scan.plain;
}

#else

consent_rc_t
consent_json_fast(json_reader_t *r, const uint8_t **p, const uint8_t *end)
{
    (void) r;
    (void) p;
    (void) end;

    return CONSENT_OK;
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
