/*
 * Query strings: one pair among many goes, the rest stays as it was.
 *
 * Servers split at '&', some at ';' too; they decode once, some of those before them once more, some before splitting. A
 * pair goes when any of these readings finds a protected name in it.
 */

#include "minimize/minimize.h"
#include "minimize/path.h"
#include "minimize/reading.h"

typedef struct {
    const consent_minimize_t  *how;
    consent_found_t           *found;
    consent_reading_t          reading;
    consent_reading_t          necessary;
    const uint8_t             *ampersand;       /* the next one, or the end */
    bool                       semicolons;
    bool                       cut;             /* the pair before went, and servers that know only '&' see more of it */
} args_t;

static const uint8_t *args_end_of_pair(args_t *a, const uint8_t *p, const uint8_t *end);
static bool args_goes(args_t *a, const uint8_t *p, const uint8_t *end, bool after_semicolon);
static bool args_is_url(const uint8_t *p, const uint8_t *end);


void
consent_minimize_args(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found)
{
    bool            after_semicolon;
    size_t          n;
    args_t          a;
    uint8_t        *w;
    const uint8_t  *p, *e, *end, *keep;

    if (in.len == 0) {
        *len = 0;
        return;
    }

    a.how = how;
    a.found = found;
    a.reading = (consent_reading_t) { &how->policy->args, true, true, false, NULL, how->policy->json_paths };
    a.necessary = (consent_reading_t) { &how->policy->necessary_args, true, false, false, NULL, NULL };
    a.ampersand = in.data - 1;
    a.semicolons = memchr(in.data, ';', in.len) != NULL;
    a.cut = false;

    end = in.data + in.len;
    keep = in.data;         /* what is not yet copied, with the separator in front of it */
    w = out;
    after_semicolon = false;

    for (p = in.data; /* void */; p = e + 1) {

        e = args_end_of_pair(&a, p, end);

        if (args_goes(&a, p, e, after_semicolon)) {

            if (p > in.data && p - 1 > keep) {
                n = (size_t) (p - 1 - keep);
                memmove(w, keep, n);
                w += n;
            }

            keep = e;

            if (w == out && keep < end) {
                /* the first pair that stays needs no separator */
                keep++;
            }
        }

        if (e == end) {
            break;
        }

        after_semicolon = *e == ';';
    }

    n = (size_t) (end - keep);

    if (w != keep && n != 0) {
        memmove(w, keep, n);
    }

    *len = (size_t) (w - out) + n;
}


static const uint8_t *
args_end_of_pair(args_t *a, const uint8_t *p, const uint8_t *end)
{
    const uint8_t  *semicolon;

    if (a->ampersand < p) {
        a->ampersand = memchr(p, '&', (size_t) (end - p));

        if (a->ampersand == NULL) {
            a->ampersand = end;
        }
    }

    if (a->semicolons) {
        semicolon = memchr(p, ';', (size_t) (a->ampersand - p));

        if (semicolon != NULL) {
            return semicolon;
        }
    }

    return a->ampersand;
}


static bool
args_goes(args_t *a, const uint8_t *p, const uint8_t *end, bool after_semicolon)
{
    uint8_t                    class, all;
    const uint8_t             *name, *eq;
    consent_mask_t             mask;
    const consent_minimize_t  *how;

    how = a->how;
    name = p;
    all = 0;

    for ( /* void */ ; p < end && (class = consent_reading_class[*p]) != CONSENT_READING_END; p++) {
        all |= class;
    }

    eq = p;

    if (a->cut && after_semicolon && (eq == end || eq == name)) {
        /* no pair of its own: to those who know only '&' it belongs to what went */
        return true;
    }

    a->cut = false;

    mask = consent_reading_pair(&a->reading, name, eq, end, all, how->policy->consent_mask);

    if (how->policy->path_mask != 0 && eq < end && args_is_url(eq + 1, end)) {
        mask |= consent_path_carries(consent_slice(eq + 1, (size_t) (end - eq - 1)), how->policy, true);
    }

    if (mask != 0) {
        a->found->seen |= mask;

        if (mask & ~how->granted) {
            a->found->removed |= mask & ~how->granted;
            a->found->pairs++;
            a->cut = true;
            return true;
        }

        return false;
    }

    if (!how->count_unknown || eq == name) {
        return false;
    }

    if (consent_reading_pair(&a->necessary, name, eq, eq, all, 0) != 0) {
        return false;
    }

    a->cut = consent_minimize_unknown(how, a->found, CONSENT_CARRIER_ARG, consent_slice(name, (size_t) (eq - name)));

    return a->cut;
}


/* A value may be a path or a URL: where to go next, where somebody came from. */
static bool
args_is_url(const uint8_t *p, const uint8_t *end)
{
    if (p == end) {
        return false;
    }

    if (*p == '/' || *p == '\\' || *p == '%') {
        return true;
    }

    return end - p > 4 && consent_slice_ieq(consent_slice(p, 4), consent_lit("http"));
}
