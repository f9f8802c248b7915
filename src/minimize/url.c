/*
 * URLs and paths that hold a query: the request's own, Referer, and headers by which gateways pass a URL on.
 */

#include "minimize/minimize.h"
#include "minimize/path.h"
#include "minimize/reading.h"


void
consent_minimize_url(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found)
{
    size_t              n, query, n_mark;
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
        reading = (consent_reading_t) { &how->policy->args, true, true, false, NULL, how->policy->json_paths };
        mask = consent_reading_find(&reading, consent_slice(fragment.data + 1, fragment.len - 1),
                                    how->policy->consent_mask);

        /* pages that are one script keep their path there: "#/x", "#!/x" */

        n_mark = fragment.len > 2 && fragment.data[1] == '!' ? 2 : 1;
        mask |= consent_path_carries(consent_slice(fragment.data + n_mark, fragment.len - n_mark), how->policy, true);
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

    for (n = 0; n < in.len && in.data[n] != '?' && in.data[n] != '#'; n++) { /* void */ }

    path = consent_path_of(consent_slice(in.data, n));
    mask = consent_path_carries(consent_slice(in.data, n), how->policy, true);
    found->seen |= mask;

    if (!(mask & ~how->granted)) {
        consent_minimize_url(out, len, in, how, found);
        return;
    }

    found->removed |= mask & ~how->granted;
    found->pairs++;

    n = (size_t) (path.data - in.data) + (path.len > 0 && path.data[0] == '/');

    if (out != in.data && n != 0) {
        memmove(out, in.data, n);
    }

    *len = n;
}
