/*
 * Arguments inside a text, told name by name. What is read of a name is held until its '=' shows whether it goes.
 */

#include "minimize/query.h"
#include "minimize/path.h"
#include "minimize/reading_scan.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define QUERY_LONG  64          /* bytes from which on the library looks faster */

static consent_rc_t query_path(consent_query_t *q, const uint8_t **at, const uint8_t *end, bool last);
static consent_rc_t query_some(consent_query_t *q, const uint8_t *p, const uint8_t *end);
static size_t query_letters(const consent_query_t *q, const uint8_t *p, const uint8_t *end);
static consent_rc_t query_name(consent_query_t *q, uint8_t c);
static consent_rc_t query_value(consent_query_t *q, const uint8_t **at, const uint8_t *end);
static void query_elsewhere(consent_query_t *q, uint8_t c);
static const uint8_t *query_stop(const consent_query_t *q, const uint8_t *p, const uint8_t *end);
static consent_rc_t query_ended(consent_query_t *q);
static consent_rc_t query_goes(consent_query_t *q, size_t n);
static consent_rc_t query_pass(consent_query_t *q);
static void query_line(consent_query_t *q);
static void query_leave(consent_query_t *q);


static inline bool
query_is_break(uint8_t c)
{
    return c == '\n' || c == '\r';
}


/* What a text begins with that is a path, or a URL. */
static inline bool
query_is_path(const uint8_t *p, size_t n)
{
    return *p == '/' || *p == '\\' || *p == '%'
           || (n >= 4 && consent_slice_ieq(consent_slice(p, 4), consent_lit("http")));
}


bool
consent_query_wanted(const consent_inspect_t *inspect)
{
    const consent_policy_t  *policy;

    policy = inspect->how.policy;

    return (policy->fields.size != 0 || policy->fields.n_prefixes != 0 || policy->args.size != 0
            || policy->args.n_prefixes != 0 || policy->path_mask != 0)
           && (policy->consent_mask & ~inspect->how.granted) != 0;
}


bool
consent_query_clear(const uint8_t *text, size_t n, bool paths)
{
    const uint8_t  *p, *end;

    p = text;
    end = text + n;

    if (paths && n > 0 && query_is_path(text, n)) {
        return false;
    }

    if (n >= QUERY_LONG) {
        return memchr(p, '=', n) == NULL && (memchr(p, '%', n) == NULL || !consent_reading_nests(text, end));
    }

#if defined(__SSE2__)

    __m128i   v;
    unsigned  found;

    /* of the last sixteen bytes, some are looked at again */

    for ( /* void */ ; n >= 16; p = n >= 32 || n == 16 ? p + 16 : end - 16, n = (size_t) (end - p)) {
        v = _mm_loadu_si128((const __m128i *) (const void *) p);
        found = (unsigned) _mm_movemask_epi8(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('=')),
                                                          _mm_cmpeq_epi8(v, _mm_set1_epi8('%'))));

        if (found != 0) {
            return !consent_reading_nests(text, end);
        }
    }

#endif

    for ( /* void */ ; p < end; p++) {
        if (*p == '=' || *p == '%') {
            return !consent_reading_nests(text, end);
        }
    }

    return true;
}


void
consent_query_begin(consent_query_t *q, consent_inspect_t *inspect, consent_carrier_t carrier)
{
    memset(q, 0, offsetof(consent_query_t, name));

    q->inspect = inspect;
    q->carrier = carrier;
    q->path_len = 0;
    q->reading = (consent_reading_t) { &inspect->how.policy->fields, true, true, true, &inspect->how.policy->args,
                                        inspect->how.policy->json_paths };

    query_line(q);
    q->at = CONSENT_QUERY_START;
}


consent_rc_t
consent_query_feed(consent_query_t *q, const uint8_t *text, size_t n, bool last, consent_query_pt said, void *arg)
{
    consent_rc_t    rc;
    const uint8_t  *p, *end;

    q->said = said;
    q->arg = arg;

    p = text;
    end = n == 0 ? text : text + n;

    if (q->at == CONSENT_QUERY_START) {

        while (p < end && *p <= ' ') {
            p++;
            q->passes++;
        }

        if (p < end) {
            q->at = q->inspect->how.policy->path_mask == 0 ? CONSENT_QUERY_IN_NAME : CONSENT_QUERY_IN_PATH;
        }
    }

    rc = q->at == CONSENT_QUERY_IN_PATH ? query_path(q, &p, end, last) : CONSENT_OK;

    if (rc == CONSENT_OK) {
        rc = query_some(q, p, end);
    }

    if (last) {
        q->passes += q->held;
        q->held = 0;
    }

    return rc != CONSENT_OK ? rc : query_pass(q);
}


/* A path up to its query: it goes as a whole, or is read on as any text. */
static consent_rc_t
query_path(consent_query_t *q, const uint8_t **at, const uint8_t *end, bool last)
{
    size_t           n;
    consent_rc_t     rc;
    consent_mask_t   mask;
    const uint8_t   *p;

    for (p = *at; p < end && *p > ' ' && *p != '?' && *p != '#' && q->path_len < sizeof(q->path); p++) {
        q->path[q->path_len++] = *p;
    }

    *at = p;

    if (p == end && !last && q->path_len < sizeof(q->path)) {
        return CONSENT_OK;
    }

    n = q->path_len;
    q->path_len = 0;
    q->at = CONSENT_QUERY_IN_NAME;

    mask = query_is_path(q->path, n) ? consent_path_carries(consent_slice(q->path, n), q->inspect->how.policy, true) : 0;
    q->inspect->found.seen |= mask;
    q->mask = mask & ~q->inspect->how.granted;

    if (q->mask == 0) {
        return query_some(q, q->path, q->path + n);
    }

    q->inspect->found.pairs++;
    rc = query_goes(q, n);

    if (p < end && (*p == '?' || *p == '#')) {
        return rc;
    }

    q->shape = CONSENT_QUERY_PROSE;
    q->at = CONSENT_QUERY_IN_VALUE;

    return rc;
}


static consent_rc_t
query_some(consent_query_t *q, const uint8_t *p, const uint8_t *end)
{
    size_t          n;
    consent_rc_t    rc;
    const uint8_t  *stop;

    while (p < end) {

        switch (q->at) {

        case CONSENT_QUERY_IN_NAME:
            n = query_letters(q, p, end);

            if (n > 0) {
                consent_reading_feed(&q->name, p, n);
                q->held += n;
                p += n;
                rc = CONSENT_OK;
                break;
            }

            rc = query_name(q, *p++);
            break;

        case CONSENT_QUERY_IN_VALUE:
            rc = query_value(q, &p, end);
            break;

        default:
            stop = q->name.depth > 0 ? p : query_stop(q, p, end);
            q->passes += (size_t) (stop - p);
            p = stop;
            rc = CONSENT_OK;

            if (p < end) {
                query_elsewhere(q, *p++);
            }
        }

        if (rc != CONSENT_OK) {
            return rc;
        }
    }

    return CONSENT_OK;
}


/* Of a name, so many bytes that only make it longer, and not as long as matters. */
static size_t
query_letters(const consent_query_t *q, const uint8_t *p, const uint8_t *end)
{
    size_t  n, most;

    if (q->name.depth > 0 || q->name.opens || q->name.members || q->name.len >= CONSENT_QUERY_NAME) {
        return 0;
    }

    most = CONSENT_QUERY_NAME - 1 - q->name.len;
    n = CONSENT_QUERY_HELD - 1 - q->held;
    most = most < n ? most : n;

    return (size_t) (consent_reading_scan_line(p, (size_t) (end - p) > most ? p + most : end, true) - p);
}


static consent_rc_t
query_name(consent_query_t *q, uint8_t c)
{
    size_t  begun, ended;

    q->held++;

    if (query_is_break(c) || (c <= ' ' && q->shape != CONSENT_QUERY_ALL && (q->name.len > 0 || q->name.depth > 0))) {
        q->passes += q->held;
        q->held = 0;

        if (query_is_break(c)) {
            query_line(q);

        } else {
            q->shape = CONSENT_QUERY_PROSE;
            query_leave(q);
        }

        return CONSENT_OK;
    }

    begun = q->name.begun;
    ended = q->name.ended;
    consent_reading_feed(&q->name, &c, 1);

    if (q->name.len >= CONSENT_QUERY_NAME) {
        /* longer than any; of what it belongs to, this much shows */
        q->name.mask |= consent_reading_now(&q->name);
        q->name.in_name = false;
    }

    if (q->name.ended != ended || !q->name.in_name) {
        return query_ended(q);
    }

    if (q->name.begun != begun) {
        q->passes += q->held;
        q->held = 0;
        q->name.mask = 0;
        return CONSENT_OK;
    }

    if (q->name.len == 0 && q->name.depth == 0) {
        /* white space in front of it */
        q->passes += q->held;
        q->held = 0;
    }

    if (q->held == CONSENT_QUERY_HELD) {
        q->inspect->doubt = CONSENT_DOUBT_NAME;
        return CONSENT_MALFORMED;
    }

    return CONSENT_OK;
}


/* A '=', or more bytes than any name has. */
static consent_rc_t
query_ended(consent_query_t *q)
{
    size_t        n;
    consent_rc_t  rc;

    n = q->held;
    q->held = 0;
    q->inspect->found.seen |= q->name.mask;
    q->mask = q->name.mask & ~q->inspect->how.granted;
    q->name.mask = 0;

    if (q->name.in_name && q->shape == CONSENT_QUERY_EITHER) {
        q->shape = CONSENT_QUERY_ALL;
    }

    if (q->mask == 0) {
        q->passes += n;

        if (!q->name.in_name) {
            query_leave(q);
        }

        return CONSENT_OK;
    }

    q->inspect->found.pairs++;
    q->at = CONSENT_QUERY_IN_VALUE;

    rc = query_pass(q);

    return rc != CONSENT_OK ? rc : q->said(q->arg, n, true);
}


/* A value that goes, and what ends it, which stays. */
static consent_rc_t
query_value(consent_query_t *q, const uint8_t **at, const uint8_t *end)
{
    consent_rc_t    rc;
    const uint8_t  *p;

    for (p = *at; p < end && *p != '&' && !query_is_break(*p)
                  && (q->shape == CONSENT_QUERY_ALL || (*p > ' ' && *p != '"' && *p != '<' && *p != '>' && *p != '`')); p++)
    { /* void */ }

    rc = query_goes(q, (size_t) (p - *at));
    *at = p;

    if (p < end) {
        /* it stands behind the separator now */
        query_leave(q);
        q->name.in_name = true;
        q->at = CONSENT_QUERY_IN_NAME;
    }

    return rc;
}


/* Between names: up to what begins one. */
static void
query_elsewhere(consent_query_t *q, uint8_t c)
{
    size_t  begun;

    q->passes++;

    if (query_is_break(c)) {
        query_line(q);
        return;
    }

    if (q->shape == CONSENT_QUERY_EITHER && (c <= ' ' || c == '=')) {
        q->shape = c == '=' ? CONSENT_QUERY_ALL : CONSENT_QUERY_PROSE;
    }

    begun = q->name.begun;
    consent_reading_feed(&q->name, &c, 1);

    if (q->name.begun != begun) {
        q->at = CONSENT_QUERY_IN_NAME;
        q->name.mask = 0;
    }
}


/* The next byte that means something there. */
static const uint8_t *
query_stop(const consent_query_t *q, const uint8_t *p, const uint8_t *end)
{
    bool  either, members;

    either = q->shape == CONSENT_QUERY_EITHER;
    members = q->name.members;

#if defined(__SSE2__)

    __m128i   v, stops;
    unsigned  found;

    for ( /* void */ ; end - p >= 16 && !either && !members; p += 16) {
        v = _mm_loadu_si128((const __m128i *) (const void *) p);

        stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('%')), _mm_cmpeq_epi8(v, _mm_set1_epi8('&'))),
                             _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(';')), _mm_cmpeq_epi8(v, _mm_set1_epi8('?'))));
        stops = _mm_or_si128(_mm_or_si128(stops, _mm_cmpeq_epi8(v, _mm_set1_epi8('#'))),
                             _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('\n')), _mm_cmpeq_epi8(v, _mm_set1_epi8('\r'))));
        found = (unsigned) _mm_movemask_epi8(stops);

        if (found != 0) {
            return p + __builtin_ctz(found);
        }
    }

#endif

    for ( /* void */ ; p < end; p++) {
        if (*p == '%' || *p == '&' || *p == ';' || *p == '?' || *p == '#' || query_is_break(*p)
            || (either && (*p <= ' ' || *p == '=')) || (members && *p == '"'))
        {
            break;
        }
    }

    return p;
}


static consent_rc_t
query_goes(consent_query_t *q, size_t n)
{
    consent_rc_t  rc;

    if (n == 0) {
        return CONSENT_OK;
    }

    q->inspect->found.removed |= q->mask;
    q->inspect->found.carriers |= 1u << q->carrier;

    rc = query_pass(q);

    return rc != CONSENT_OK ? rc : q->said(q->arg, n, true);
}


static consent_rc_t
query_pass(consent_query_t *q)
{
    size_t  n;

    n = q->passes;
    q->passes = 0;

    return n == 0 ? CONSENT_OK : q->said(q->arg, n, false);
}


/* A line begins, perhaps with a name. */
static void
query_line(consent_query_t *q)
{
    consent_reading_begin(&q->name, &q->reading, q->inspect->how.policy->consent_mask);
    q->at = CONSENT_QUERY_IN_NAME;
    q->shape = CONSENT_QUERY_EITHER;
    q->held = 0;
}


/* What is read goes on between names, in JSON if it was. */
static void
query_leave(consent_query_t *q)
{
    bool  members;

    members = q->name.members;

    consent_reading_begin(&q->name, &q->reading, q->inspect->how.policy->consent_mask);

    q->name.members = members;
    q->name.in_name = false;
    q->at = CONSENT_QUERY_ELSEWHERE;
}
