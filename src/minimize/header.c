/*
 * Request headers that are more to us than their name: ours, those that hold other carriers, signals.
 */

#include "minimize/minimize.h"
#include "minimize/reading.h"

typedef struct {
    consent_slice_t        name;
    consent_header_kind_t  kind;
} header_name_t;

#define HEADER(text, kind)  { { (const uint8_t *) (text), sizeof(text) - 1 }, kind }

/* By first letter, each list as long as it is. */
static const header_name_t  header_a[] = {
    HEADER("accept-encoding", CONSENT_HEADER_ENCODING),
    HEADER("adpc", CONSENT_HEADER_ADPC),
    { { NULL, 0 }, 0 }
};

static const header_name_t  header_c[] = {
    HEADER("cookie", CONSENT_HEADER_COOKIE),
    HEADER("cookie2", CONSENT_HEADER_OURS),         /* of RFC 2965: nobody sends it, some servers read it */
    HEADER("content-location", CONSENT_HEADER_URL),
    { { NULL, 0 }, 0 }
};

static const header_name_t  header_d[] = { HEADER("destination", CONSENT_HEADER_URL), { { NULL, 0 }, 0 } };

static const header_name_t  header_h[] = { HEADER("hx-current-url", CONSENT_HEADER_URL), { { NULL, 0 }, 0 } };

static const header_name_t  header_l[] = {
    HEADER("link", CONSENT_HEADER_URL),
    HEADER("location", CONSENT_HEADER_URL),
    { { NULL, 0 }, 0 }
};

static const header_name_t  header_n[] = { HEADER("next-url", CONSENT_HEADER_URL), { { NULL, 0 }, 0 } };

static const header_name_t  header_o[] = { HEADER("origin", CONSENT_HEADER_URL), { { NULL, 0 }, 0 } };

static const header_name_t  header_p[] = {
    HEADER("ping-from", CONSENT_HEADER_URL),
    HEADER("ping-to", CONSENT_HEADER_URL),
    { { NULL, 0 }, 0 }
};

static const header_name_t  header_r[] = {
    HEADER("referer", CONSENT_HEADER_URL),
    HEADER("referrer", CONSENT_HEADER_URL),
    HEADER("request-uri", CONSENT_HEADER_URL),
    { { NULL, 0 }, 0 }
};

static const header_name_t  header_s[] = { HEADER("sec-gpc", CONSENT_HEADER_GPC), { { NULL, 0 }, 0 } };

static const header_name_t  header_t[] = { HEADER("turbo-referrer", CONSENT_HEADER_URL), { { NULL, 0 }, 0 } };

static const header_name_t  header_u[] = { HEADER("upgrade", CONSENT_HEADER_UPGRADE), { { NULL, 0 }, 0 } };

static const header_name_t  header_x[] = {
    HEADER("x-http-method-override", CONSENT_HEADER_METHOD),
    HEADER("x-http-method", CONSENT_HEADER_METHOD),
    HEADER("x-method-override", CONSENT_HEADER_METHOD),
    HEADER("x-original-url", CONSENT_HEADER_URL),
    HEADER("x-original-uri", CONSENT_HEADER_URL),
    HEADER("x-rewrite-url", CONSENT_HEADER_URL),
    HEADER("x-rewrite-uri", CONSENT_HEADER_URL),
    HEADER("x-request-uri", CONSENT_HEADER_URL),
    HEADER("x-request-url", CONSENT_HEADER_URL),
    HEADER("x-forwarded-uri", CONSENT_HEADER_URL),
    HEADER("x-forwarded-url", CONSENT_HEADER_URL),
    HEADER("x-forwarded-path", CONSENT_HEADER_URL),
    HEADER("x-current-url", CONSENT_HEADER_URL),
    HEADER("x-pjax-url", CONSENT_HEADER_URL),
    HEADER("x-xhr-referer", CONSENT_HEADER_URL),
    HEADER("x-referer", CONSENT_HEADER_URL),
    HEADER("x-forwarded-prefix", CONSENT_HEADER_URL),
    HEADER("x-original-request", CONSENT_HEADER_URL),
    HEADER("x-http-destinationurl", CONSENT_HEADER_URL),
    HEADER("x-wap-profile", CONSENT_HEADER_URL),
    { { NULL, 0 }, 0 }
};

static consent_header_kind_t header_kind(consent_slice_t name);
static bool header_ends_like_a_url(consent_slice_t name);
static inline bool header_ends(consent_slice_t name, consent_slice_t end);

static const header_name_t *const  header_names[26] = {
    ['a' - 'a'] = header_a, ['c' - 'a'] = header_c, ['d' - 'a'] = header_d, ['h' - 'a'] = header_h,
    ['l' - 'a'] = header_l, ['n' - 'a'] = header_n, ['o' - 'a'] = header_o, ['p' - 'a'] = header_p,
    ['r' - 'a'] = header_r, ['s' - 'a'] = header_s, ['t' - 'a'] = header_t, ['u' - 'a'] = header_u,
    ['x' - 'a'] = header_x
};


consent_header_kind_t
consent_minimize_header(consent_mask_t *mask, consent_slice_t name, const consent_policy_t *policy)
{
    *mask = consent_reading_not(&policy->headers, name.data, name.len)
            ? 0 : consent_names_find_header(&policy->headers, name);

    return header_kind(name);
}


static consent_header_kind_t
header_kind(consent_slice_t name)
{
    const header_name_t  *h;

    if (name.len == 0 || name.data[0] < 'a' || name.data[0] > 'z') {
        return CONSENT_HEADER_PLAIN;
    }

    h = header_names[name.data[0] - 'a'];

    for ( /* void */ ; h != NULL && h->name.len != 0; h++) {
        if (h->name.len == name.len && h->name.data[name.len - 1] == name.data[name.len - 1]
            && memcmp(h->name.data, name.data, name.len) == 0)
        {
            return h->kind;
        }
    }

    if (name.data[0] == 'c' && name.len > sizeof("consent-") - 1
        && memcmp(name.data, "consent-", sizeof("consent-") - 1) == 0)
    {
        return CONSENT_HEADER_OURS;
    }

    return header_ends_like_a_url(name) ? CONSENT_HEADER_URL : CONSENT_HEADER_PLAIN;
}


/* Gateways and frameworks invent new ones: X-Envoy-Original-Path, X-Auth-Request-Redirect, X-Up-Location, ... */
static bool
header_ends_like_a_url(consent_slice_t name)
{
    switch (name.data[name.len - 1]) {

    case 'l':
        return header_ends(name, consent_lit("-url"));

    case 'i':
        return header_ends(name, consent_lit("-uri"));

    case 'h':
        return header_ends(name, consent_lit("-path"));

    case 'f':
        return header_ends(name, consent_lit("-href"));

    case 'r':
        return header_ends(name, consent_lit("-referer")) || header_ends(name, consent_lit("-referrer"));

    case 't':
        return header_ends(name, consent_lit("-redirect"));

    case 'n':
        return header_ends(name, consent_lit("-location"));

    default:
        return false;
    }
}


/* It ends so, and is more than that. */
static inline bool
header_ends(consent_slice_t name, consent_slice_t end)
{
    return name.len > end.len && memcmp(name.data + name.len - end.len, end.data, end.len) == 0;
}


void
consent_header_fold(uint8_t *out, consent_slice_t name)
{
    size_t   i;
    uint8_t  c;

    for (i = 0; i < name.len; i++) {
        c = consent_lower(name.data[i]);
        out[i] = (uint8_t) ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? c : '-');
    }
}
