/*
 * Paths as the servers behind us may read them: what they carry, read in every way that some server may; what is a public
 * task, only where all read them alike.
 */

#include "base/utf8.h"
#include "minimize/minimize.h"
#include "minimize/path.h"
#include "minimize/reading.h"

#define PATH_MAX_LEN  4096     /* bytes of a decoded path that patterns are tried on; a longer one carries all of them */
#define PATH_ROUNDS   8        /* times that a path is decoded; one that still changes is in doubt */

static consent_mask_t path_carries(consent_slice_t *pattern, consent_slice_t text, const consent_policy_t *policy,
    bool whole);
static consent_mask_t path_matches(consent_slice_t *pattern, consent_slice_t text, const consent_policy_t *policy,
    bool whole);
static consent_mask_t path_parameters(consent_slice_t path, const consent_policy_t *policy);
static bool path_is_slash(uint8_t c);
static bool path_is_winding(consent_slice_t path);
static bool path_is_unreserved(uint8_t c);
static int path_escape(consent_slice_t in);
static size_t path_decode(uint8_t *out, consent_slice_t in);
static size_t path_fold(uint8_t *out, consent_slice_t in);
static int path_hex(uint8_t c);


consent_mask_t
consent_minimize_path(consent_slice_t path, const consent_policy_t *policy)
{
    return consent_path_carries(path, policy, false);
}


consent_slice_t
consent_minimize_path_shown(consent_slice_t path, const consent_policy_t *policy)
{
    size_t           i;
    consent_slice_t  pattern;

    (void) path_carries(&pattern, path, policy, false);

    if (pattern.len > 0) {
        return pattern;
    }

    /* no pattern has matched: parameters are the reason, or a doubt */

    for (i = 0; i < path.len && path.data[i] != ';' && path.data[i] != '&'; i++) {
        if (path.data[i] == '%' || path.data[i] >= 0x80) {
            return consent_lit("/");
        }
    }

    path.len = i;

    return i == 0 || i > PATH_MAX_LEN || consent_policy_path_mask(policy, path) ? consent_lit("/") : path;
}


consent_mask_t
consent_minimize_core(consent_slice_t path, const consent_policy_t *policy)
{
    int      escape;
    size_t   i, len;
    uint8_t  c, decoded[PATH_MAX_LEN], folded[PATH_MAX_LEN];

    if (policy->core_mask == 0 || path.len > PATH_MAX_LEN) {
        return 0;
    }

    if (consent_policy_path_plain(path)) {
        return consent_policy_core_mask(policy, path);
    }

    len = consent_percent_decode(decoded, path, false);

    /* an escape that need not be one is read by some only, and what would be more than a letter is no path of anyone's */

    for (i = 0; i < path.len; i++) {
        c = path.data[i];

        if (c == '%') {
            escape = path_escape(consent_slice(path.data + i, path.len - i));

            if (escape < 0 || escape == '/' || path_is_unreserved((uint8_t) escape)) {
                return 0;
            }

            c = (uint8_t) escape;
            i += 2;
        }

        if (c < ' ' || c == 0x7f || c == '%' || c == ';' || c == '?' || c == '#' || c == '\\') {
            return 0;
        }
    }

    if (path_fold(folded, consent_slice(decoded, len)) != len || !consent_utf8_valid(consent_slice(decoded, len))
        || path_is_winding(consent_slice(decoded, len)))
    {
        return 0;
    }

    return consent_policy_core_mask(policy, consent_slice(decoded, len));
}


/* Some segment is empty but for the last, or nothing but dots and spaces. */
static bool
path_is_winding(consent_slice_t path)
{
    bool    plain;
    size_t  i, len;

    plain = true;
    len = 0;

    for (i = 0; i < path.len; i++) {

        if (path.data[i] == '/') {
            if (i > 0 && !plain) {
                return true;
            }

            plain = false;
            len = 0;
            continue;
        }

        plain |= path.data[i] != '.' && path.data[i] != ' ';
        len++;
    }

    return !plain && len > 0;
}


static bool
path_is_unreserved(uint8_t c)
{
    uint8_t  lower;

    lower = consent_lower(c);

    return (lower >= 'a' && lower <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
}


consent_mask_t
consent_path_carries(consent_slice_t text, const consent_policy_t *policy, bool whole)
{
    consent_slice_t  pattern;

    return path_carries(&pattern, text, policy, whole);
}


static consent_mask_t
path_carries(consent_slice_t *pattern, consent_slice_t text, const consent_policy_t *policy, bool whole)
{
    bool            odd;
    size_t          i, len, rounds;
    uint8_t         decoded[PATH_MAX_LEN], folded[PATH_MAX_LEN];
    consent_mask_t  mask;

    *pattern = consent_slice(NULL, 0);

    if (!whole && consent_policy_path_plain(text)) {
        return consent_policy_path_find_plain(pattern, policy, text);
    }

    odd = false;

    for (i = 0; i < text.len; i++) {
        odd |= text.data[i] == '%' || text.data[i] == ';' || text.data[i] == '&' || text.data[i] >= 0x80;
    }

    if (!odd) {
        return path_matches(pattern, text, policy, whole);
    }

    mask = path_parameters(whole ? consent_path_of(text) : text, policy);

    if (policy->path_mask == 0) {
        return mask;
    }

    if (text.len > PATH_MAX_LEN) {
        return mask | policy->path_mask;
    }

    for (rounds = 0; ; rounds++) {
        mask |= path_matches(pattern, text, policy, whole);

        len = path_fold(folded, text);

        if (len != text.len) {
            text = consent_slice(folded, len);
            mask |= path_matches(pattern, text, policy, whole);
        }

        if (rounds == PATH_ROUNDS) {
            return mask | policy->path_mask;
        }

        len = path_decode(decoded, text);

        if (len == text.len) {
            return mask;
        }

        text = consent_slice(decoded, len);
    }
}


/* One round: %XX, and %uXXXX, which becomes UTF-8. out may be in.data. */
static size_t
path_decode(uint8_t *out, consent_slice_t in)
{
    int       escape;
    size_t    i, k;
    uint8_t   c, *p;
    uint32_t  code;

    p = out;

    for (i = 0; i < in.len; i++) {
        c = in.data[i];

        if (c != '%' || in.len - i < 3) {
            *p++ = c;
            continue;
        }

        if (in.data[i + 1] != 'u' && in.data[i + 1] != 'U') {
            escape = path_escape(consent_slice(in.data + i, in.len - i));

            if (escape >= 0) {
                c = (uint8_t) escape;
                i += 2;
            }

            *p++ = c;
            continue;
        }

        code = 0;

        for (k = 2; k < 6 && i + k < in.len && path_hex(in.data[i + k]) >= 0; k++) {
            code = code << 4 | (uint32_t) path_hex(in.data[i + k]);
        }

        if (k < 6) {
            *p++ = c;
            continue;
        }

        i += 5;

        p += consent_utf8_put(p, code);
    }

    return (size_t) (p - out);
}


/* What some servers take for ASCII: UTF-8 longer than it may be, full-width forms, and the other slashes of Unicode (best
 * fit of Windows). Shorter than in if anything was changed. */
static size_t
path_fold(uint8_t *out, consent_slice_t in)
{
    size_t          left;
    uint8_t         c, *p;
    const uint8_t  *s, *end;

    p = out;
    end = in.data + in.len;

    for (s = in.data; s < end; s++) {
        left = (size_t) (end - s);
        c = *s;

        if ((c == 0xc0 || c == 0xc1) && left > 1 && (s[1] & 0xc0) == 0x80) {
            c = (uint8_t) ((c & 1) << 6 | (s[1] & 0x3f));
            s += 1;

        } else if (c == 0xe0 && left > 2 && (s[1] & 0xfe) == 0x80 && (s[2] & 0xc0) == 0x80) {
            c = (uint8_t) ((s[1] & 1) << 6 | (s[2] & 0x3f));
            s += 2;

        } else if (c == 0xf0 && left > 3 && s[1] == 0x80 && (s[2] & 0xfe) == 0x80 && (s[3] & 0xc0) == 0x80) {
            c = (uint8_t) ((s[2] & 1) << 6 | (s[3] & 0x3f));
            s += 3;

        } else if (c == 0xef && left > 2 && s[1] == 0xbc && s[2] > 0x80 && s[2] < 0xc0) {
            c = (uint8_t) (s[2] - 0x60);
            s += 2;

        } else if (c == 0xef && left > 2 && s[1] == 0xbd && s[2] >= 0x80 && s[2] < 0x9f) {
            c = (uint8_t) (s[2] - 0x20);
            s += 2;

        } else if (c == 0xe2 && left > 2 && ((s[1] == 0x88 && s[2] == 0x95) || (s[1] == 0x81 && s[2] == 0x84))) {
            c = '/';
            s += 2;

        } else if (c == 0xe2 && left > 2 && s[1] == 0x88 && s[2] == 0x96) {
            c = '\\';
            s += 2;
        }

        *p++ = c;
    }

    return (size_t) (p - out);
}


/* The byte that %XX stands for at the beginning of `in`; -1: it is none. */
static int
path_escape(consent_slice_t in)
{
    int  high, low;

    if (in.len < 3 || in.data[0] != '%') {
        return -1;
    }

    high = path_hex(in.data[1]);
    low = path_hex(in.data[2]);

    return high < 0 || low < 0 ? -1 : high << 4 | low;
}


static int
path_hex(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = consent_lower(c);

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}


/* "//x" is a host to some, and a path to others. */
static consent_mask_t
path_matches(consent_slice_t *pattern, consent_slice_t text, const consent_policy_t *policy, bool whole)
{
    consent_mask_t   mask;
    consent_slice_t  found;

    mask = 0;

    if (whole || (text.len > 1 && path_is_slash(text.data[0]) && path_is_slash(text.data[1]))) {
        mask = consent_policy_path_find(&found, policy, consent_path_of(text));

        if (found.len > 0) {
            *pattern = found;
        }
    }

    if (!whole || (text.len > 0 && path_is_slash(text.data[0]))) {
        mask |= consent_policy_path_find(&found, policy, text);

        if (found.len > 0) {
            *pattern = found;
        }
    }

    return mask;
}


/* Names in ";name=value" of a segment, or behind a '?' that was encoded. */
static consent_mask_t
path_parameters(consent_slice_t path, const consent_policy_t *policy)
{
    consent_reading_t  reading;

    reading = (consent_reading_t) { &policy->args, true, true, true, NULL, policy->json_paths };

    return consent_reading_find(&reading, path, policy->consent_mask);
}


consent_slice_t
consent_path_of(consent_slice_t url)
{
    size_t  i;

    for (i = 0; i < url.len && !path_is_slash(url.data[i]); i++) { /* void */ }

    if (i == url.len || (i > 0 && url.data[i - 1] != ':')) {
        return url;
    }

    if (i + 1 < url.len && path_is_slash(url.data[i + 1])) {
        for (i += 2; i < url.len && !path_is_slash(url.data[i]); i++) { /* void */ }
    }

    return consent_slice(url.data + i, url.len - i);
}


/* Browsers take both. */
static bool
path_is_slash(uint8_t c)
{
    return c == '/' || c == '\\';
}
