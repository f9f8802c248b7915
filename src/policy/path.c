/*
 * What path patterns say of a path: to the letter where a match lets data pass, as any server might read the path where it
 * withholds.
 */

#include "policy/policy.h"

#define PATH_SEGMENTS  256      /* of a path that is read; a deeper one is in doubt */
#define PATH_STEPS     64       /* ".." of a path; more are in doubt */

/* One way to read a path. */
typedef struct {
    bool             back;      /* '\' separates segments too (Windows, browsers) */
    bool             bare;      /* parameters, white space and last dots are no part of a segment (servlets, Windows) */
    size_t           n;
    consent_slice_t  segments[PATH_SEGMENTS];
    consent_slice_t  pattern;   /* that has matched */
} path_reading_t;

static consent_mask_t path_read(path_reading_t *reading, const consent_policy_t *policy, consent_slice_t path);
static consent_mask_t path_mask(path_reading_t *reading, const consent_policy_t *policy);
static bool path_may_match(consent_slice_t pattern, const path_reading_t *reading);
static bool path_matches(consent_slice_t pattern, consent_slice_t path);
static consent_slice_t path_segment(consent_slice_t *rest);
static consent_slice_t path_bare(consent_slice_t segment);
static bool path_same(consent_slice_t a, consent_slice_t b);
static uint8_t path_fold(uint8_t c, uint8_t before);


consent_mask_t
consent_policy_core_mask(const consent_policy_t *policy, consent_slice_t path)
{
    size_t                 i, k;
    consent_mask_t         mask, left;
    const consent_list_t  *list;

    mask = 0;

    if (!(policy->core_firsts & consent_policy_path_bit(path))) {
        return 0;
    }

    for (left = policy->core_mask; left != 0; left &= left - 1) {
        i = (size_t) __builtin_ctzll(left);
        list = &policy->categories[i].core_for;

        for (k = 0; k < list->n; k++) {
            if (path_matches(list->items[k], path)) {
                mask |= (consent_mask_t) 1 << i;
                break;
            }
        }
    }

    return mask;
}


consent_mask_t
consent_policy_path_mask(const consent_policy_t *policy, consent_slice_t path)
{
    consent_slice_t  pattern;

    return consent_policy_path_find(&pattern, policy, path);
}


consent_mask_t
consent_policy_path_find(consent_slice_t *pattern, const consent_policy_t *policy, consent_slice_t path)
{
    bool            odd, back;
    size_t          i;
    uint8_t         c;
    consent_mask_t  mask;
    path_reading_t  reading;

    if (consent_policy_path_plain(path)) {
        return consent_policy_path_find_plain(pattern, policy, path);
    }

    *pattern = consent_slice(NULL, 0);
    reading.pattern = *pattern;

    if (policy->path_mask == 0 || path.len == 0) {
        return 0;
    }

    odd = false;
    back = false;

    for (i = 0; i < path.len; i++) {
        c = path.data[i];
        odd |= c <= ' ' || c == '.' || c == ';' || c == '?' || c == '#' || c == '&' || c == 0x7f;
        back |= c == '\\';
    }

    mask = 0;

    for (i = 0; i < 4; i++) {
        reading.back = i & 1;
        reading.bare = i & 2;

        if ((!reading.back || back) && (!reading.bare || odd)) {
            mask |= path_read(&reading, policy, path);
        }
    }

    *pattern = reading.pattern;

    return mask;
}


consent_mask_t
consent_policy_path_find_plain(consent_slice_t *pattern, const consent_policy_t *policy, consent_slice_t path)
{
    consent_mask_t  mask;
    path_reading_t  reading;

    *pattern = consent_slice(NULL, 0);

    if (!(policy->path_firsts & consent_policy_path_bit(path))) {
        return 0;
    }

    reading.back = false;
    reading.bare = false;
    reading.pattern = *pattern;
    mask = path_read(&reading, policy, path);
    *pattern = reading.pattern;

    return mask;
}


/* Segments as they are when "." and ".." are gone. What a ".." takes away has been sent all the same. */
static consent_mask_t
path_read(path_reading_t *reading, const consent_policy_t *policy, consent_slice_t path)
{
    size_t           i, start, steps;
    consent_mask_t   mask;
    consent_slice_t  segment, bare;

    mask = 0;
    start = 0;
    steps = 0;
    reading->n = 0;

    for (i = 0; i <= path.len; i++) {

        if (i < path.len && path.data[i] != '/' && !(reading->back && path.data[i] == '\\')) {
            continue;
        }

        segment = consent_slice(path.data + start, i - start);
        bare = path_bare(segment);
        start = i + 1;

        if (consent_slice_eq(bare, consent_lit(".."))) {

            if (++steps > PATH_STEPS) {
                return policy->path_mask;
            }

            mask |= path_mask(reading, policy);

            if (reading->bare || segment.len == 2) {
                reading->n -= reading->n > 0;
                continue;
            }
        }

        if (reading->bare) {
            segment = bare;
        }

        if (segment.len == 0 || consent_slice_eq(segment, consent_lit("."))) {
            continue;
        }

        if (reading->n == PATH_SEGMENTS) {
            return policy->path_mask;
        }

        reading->segments[reading->n++] = segment;
    }

    return mask | path_mask(reading, policy);
}


static consent_mask_t
path_mask(path_reading_t *reading, const consent_policy_t *policy)
{
    size_t                 i, k;
    consent_mask_t         mask, left;
    const consent_list_t  *list;

    mask = 0;

    for (left = policy->path_mask; left != 0; left &= left - 1) {
        i = (size_t) __builtin_ctzll(left);
        list = &policy->categories[i].paths;

        for (k = 0; k < list->n; k++) {
            if (path_may_match(list->items[k], reading)) {
                mask |= (consent_mask_t) 1 << i;
                reading->pattern = list->items[k];
                break;
            }
        }
    }

    return mask;
}


static bool
path_may_match(consent_slice_t pattern, const path_reading_t *reading)
{
    size_t           i;
    consent_slice_t  want;

    for (i = 0; pattern.len > 1; i++) {
        want = path_segment(&pattern);

        if (consent_slice_eq(want, consent_lit("**"))) {
            return true;
        }

        if (i == reading->n) {
            return false;
        }

        if (!consent_slice_eq(want, consent_lit("*")) && !path_same(want, reading->segments[i])) {
            return false;
        }
    }

    return i == reading->n;
}


/* '*' is one segment, '**' any rest, none at all included. */
static bool
path_matches(consent_slice_t pattern, consent_slice_t path)
{
    consent_slice_t  want, have;

    if (path.len == 0 || path.data[0] != '/') {
        return false;
    }

    for ( ;; ) {

        if (pattern.len == 0) {
            return path.len == 0;
        }

        if (consent_slice_eq(pattern, consent_lit("/**"))) {
            return true;
        }

        if (path.len == 0) {
            return false;
        }

        want = path_segment(&pattern);
        have = path_segment(&path);

        if (consent_slice_eq(want, consent_lit("*")) ? have.len == 0 : !consent_slice_eq(want, have)) {
            return false;
        }
    }
}


/* The segment behind the slash that *rest begins with; *rest goes on with the next slash, or is empty. */
static consent_slice_t
path_segment(consent_slice_t *rest)
{
    size_t           len;
    const uint8_t   *slash;
    consent_slice_t  segment;

    rest->data++;
    rest->len--;

    slash = rest->len == 0 ? NULL : memchr(rest->data, '/', rest->len);
    len = slash == NULL ? rest->len : (size_t) (slash - rest->data);

    segment = consent_slice(rest->data, len);
    *rest = consent_slice(rest->data + len, rest->len - len);

    return segment;
}


/* A segment without its parameters, what a query or the end of a C string cuts off, white space, and dots at its end. */
static consent_slice_t
path_bare(consent_slice_t segment)
{
    size_t   i;
    uint8_t  c;

    for (i = 0; i < segment.len; i++) {
        c = segment.data[i];

        if (c == ';' || c == '?' || c == '#' || c == '&' || c == '\0') {
            break;
        }
    }

    segment.len = i;

    while (segment.len > 0 && (segment.data[0] <= ' ' || segment.data[0] == 0x7f)) {
        segment.data++;
        segment.len--;
    }

    while (segment.len > 0 && (segment.data[segment.len - 1] <= ' ' || segment.data[segment.len - 1] == 0x7f)) {
        segment.len--;
    }

    if (consent_slice_eq(segment, consent_lit(".."))) {
        return segment;
    }

    while (segment.len > 0 && (segment.data[segment.len - 1] <= ' ' || segment.data[segment.len - 1] == '.')) {
        segment.len--;
    }

    return segment;
}


/* Equal whatever their case, which is ASCII's and that of the letters of ISO 8859-1. */
static bool
path_same(consent_slice_t a, consent_slice_t b)
{
    size_t   i;
    uint8_t  before;

    if (a.len != b.len) {
        return false;
    }

    before = 0;

    for (i = 0; i < a.len; i++) {
        if (path_fold(a.data[i], before) != path_fold(b.data[i], before)) {
            return false;
        }

        before = a.data[i];
    }

    return true;
}


static uint8_t
path_fold(uint8_t c, uint8_t before)
{
    if (before == 0xc3 && c >= 0x80 && c <= 0x9e && c != 0x97) {
        return (uint8_t) (c + 0x20);
    }

    return consent_lower(c);
}
