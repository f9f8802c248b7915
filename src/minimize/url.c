/*
 * URLs and paths that hold a query: the request's own, Referer, and headers by which gateways pass a URL on.
 */

#include "base/utf8.h"
#include "minimize/minimize.h"
#include "minimize/reading.h"

#define URL_MAX_PATH  4096      /* bytes of a decoded path that patterns are tried on; a longer one carries all of them */

static consent_mask_t url_parameters(consent_slice_t path, const consent_policy_t *policy);
static consent_slice_t url_path(consent_slice_t url);


void
consent_minimize_url(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found)
{
    size_t              n, query;
    consent_mask_t      mask;
    const uint8_t      *mark, *hash;
    consent_slice_t     fragment;
    consent_reading_t   reading;

    if (in.len == 0) {
        *len = 0;
        return;
    }

    n = in.len;
    hash = memchr(in.data, '#', in.len);

    if (hash != NULL) {
        n = (size_t) (hash - in.data);
    }

    fragment = consent_slice(in.data + n, in.len - n);

    if (fragment.len > 1) {
        reading = (consent_reading_t) { &how->policy->args, true, true, false };
        mask = consent_reading_find(&reading, consent_slice(fragment.data + 1, fragment.len - 1),
                                    how->policy->consent_mask);
        found->seen |= mask;

        if (mask & ~how->granted) {
            found->removed |= mask & ~how->granted;
            found->pairs++;
            fragment.len = 0;
        }
    }

    mark = memchr(in.data, '?', n);

    if (mark == NULL) {
        if (out != in.data) {
            memmove(out, in.data, n + fragment.len);
        }

        *len = n + fragment.len;
        return;
    }

    query = (size_t) (mark - in.data) + 1;

    if (out != in.data) {
        memmove(out, in.data, query);
    }

    consent_minimize_args(out + query, len, consent_slice(in.data + query, n - query), how, found);

    *len += query;

    if (*len == query && n > query) {
        /* nothing is left of it: nor of its '?' */
        (*len)--;
    }

    if (out + *len != fragment.data) {
        memmove(out + *len, fragment.data, fragment.len);
    }

    *len += fragment.len;
}


void
consent_minimize_referer(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found)
{
    size_t           n;
    consent_mask_t   mask;
    consent_slice_t  path;

    path = url_path(in);
    mask = consent_minimize_path(path, how->policy);
    found->seen |= mask;

    if (!(mask & ~how->granted)) {
        consent_minimize_url(out, len, in, how, found);
        return;
    }

    found->removed |= mask & ~how->granted;
    found->pairs++;

    n = (size_t) (path.data - in.data) + (path.data[0] == '/');

    if (out != in.data && n != 0) {
        memmove(out, in.data, n);
    }

    *len = n;
}


consent_mask_t
consent_minimize_path(consent_slice_t path, const consent_policy_t *policy)
{
    bool            odd;
    size_t          i, len;
    uint8_t         decoded[URL_MAX_PATH];
    consent_mask_t  mask;

    odd = false;

    for (i = 0; i < path.len; i++) {
        odd |= path.data[i] == '%' || path.data[i] == ';' || path.data[i] == '&';
    }

    mask = consent_policy_path_mask(policy, path);

    if (!odd) {
        return mask;
    }

    mask |= url_parameters(path, policy);

    if (policy->path_mask == 0) {
        return mask;
    }

    if (path.len > URL_MAX_PATH) {
        return mask | policy->path_mask;
    }

    len = consent_percent_decode(decoded, path, false);
    mask |= consent_policy_path_mask(policy, consent_slice(decoded, len));

    len = consent_percent_decode(decoded, consent_slice(decoded, len), false);

    return mask | consent_policy_path_mask(policy, consent_slice(decoded, len));
}


/* Names in ";name=value" of a segment, or behind a '?' that was encoded. */
static consent_mask_t
url_parameters(consent_slice_t path, const consent_policy_t *policy)
{
    consent_reading_t  reading;

    reading = (consent_reading_t) { &policy->args, true, true, true };

    return consent_reading_find(&reading, path, policy->consent_mask);
}


/* The path of a URL with or without scheme and host; empty if it has none. */
static consent_slice_t
url_path(consent_slice_t url)
{
    size_t  i, end;

    for (end = 0; end < url.len && url.data[end] != '?' && url.data[end] != '#'; end++) { /* void */ }

    for (i = 0; i < end && url.data[i] != '/'; i++) { /* void */ }

    if (i == end || (i > 0 && url.data[i - 1] != ':')) {
        return consent_slice(url.data, end);
    }

    if (i + 1 < end && url.data[i + 1] == '/') {
        for (i += 2; i < end && url.data[i] != '/'; i++) { /* void */ }
    }

    return consent_slice(url.data + i, end - i);
}
