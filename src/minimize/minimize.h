/*
 * Request in, less request out: headers, cookies, arguments, URLs, Set-Cookie lines, signals. Pure functions over slices;
 * output goes to memory of the caller's, never longer than the input, and may be the input itself.
 *
 * Servers read the same bytes differently. What one of them may read as a protected name is taken out: the private
 * reading wins. What is left keeps its order and its bytes.
 */

#ifndef CONSENT_MINIMIZE_H
#define CONSENT_MINIMIZE_H

#include "base/buf.h"
#include "policy/decision.h"

/* What may pass. */
typedef struct {
    const consent_policy_t  *policy;
    consent_mask_t           granted;           /* all that may pass: granted, and what the path makes a public task */
    consent_slice_t          own;               /* name of the consent cookie, never passed on; empty: it stays */
    bool                     count_unknown;     /* that are neither carriers nor necessary */
    bool                     remove_unknown;    /* ... and take them out */

    /* told of each such name, as it was read; NULL: they are only counted */
    void                   (*unknown)(void *arg, consent_carrier_t carrier, consent_slice_t name);
    void                    *unknown_arg;
} consent_minimize_t;

/* What a pass found; passes add to it. */
typedef struct {
    consent_mask_t  seen;           /* categories whose carriers are there, granted or not */
    consent_mask_t  removed;        /* categories of what was (or would have been) taken out; not of a form's empty fields */
    size_t          pairs;          /* how many pairs were taken out */
    size_t          unknown;        /* names neither carriers nor necessary */
    uint32_t        unknown_in;     /* bit per consent_carrier_t of where they were */
    uint32_t        carriers;       /* bit per consent_carrier_t of what was taken out */
} consent_found_t;

/* A name that is neither a carrier nor necessary; only where count_unknown. True: it goes. */
static inline bool
consent_minimize_unknown(const consent_minimize_t *how, consent_found_t *found, consent_carrier_t carrier,
    consent_slice_t name)
{
    found->unknown++;
    found->unknown_in |= 1u << carrier;

    if (how->unknown != NULL) {
        how->unknown(how->unknown_arg, carrier, name);
    }

    return how->remove_unknown;
}

/* What a request header is to us beyond carrying data by its name. */
typedef enum {
    CONSENT_HEADER_PLAIN = 0,
    CONSENT_HEADER_OURS,            /* Consent-Level and its like: nobody but us says these to the upstream */
    CONSENT_HEADER_COOKIE,
    CONSENT_HEADER_URL,             /* holds a URL or path: Referer, X-Original-URL, ... */
    CONSENT_HEADER_METHOD,          /* says that the method is another: X-HTTP-Method-Override, ... */
    CONSENT_HEADER_UPGRADE,
    CONSENT_HEADER_ENCODING,        /* Accept-Encoding */
    CONSENT_HEADER_GPC,
    CONSENT_HEADER_ADPC
} consent_header_kind_t;

/* name: in lower case, every byte that is no letter or digit a '-'; see consent_header_fold(). *mask: the categories that
 * the header carries by its name. */
consent_header_kind_t consent_minimize_header(consent_mask_t *mask, consent_slice_t name,
    const consent_policy_t *policy);

/* Brings a header name into that form, as gateways do that make CGI variables of headers (RFC 3875, PHP: '.' and ' '
 * too). out holds name.len bytes and may be name.data. */
void consent_header_fold(uint8_t *out, consent_slice_t name);

/* One Cookie header value (RFC 6265bis, and older ways of reading it): pairs whose name carries a category that may not
 * pass are taken out. out: at least in.len bytes, may equal in.data; *len is 0 when the header line itself must go. Time
 * is linear in in.len. */
void consent_minimize_cookies(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found);

/* A query string without its '?'. Both '&' and ';' separate; names are compared as any number of decodings reads them
 * (percent, %uXXXX, '+'), with their brackets and dots, and where a value holds a query of its own, in that too, as is its
 * path where it is one or a URL: then the whole pair goes. out and *len as above. Linear time. */
void consent_minimize_args(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found);

/* A URL or path with a query (Referer, X-Original-URL, the request's own): its query as above, its fragment dropped if it
 * carries a protected name or path. */
void consent_minimize_url(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found);

/* The same for a URL that only says where somebody came from: where its path itself carries what may not pass, nothing
 * but scheme, host and "/" is left; *len is 0 when the header line must go. */
void consent_minimize_referer(uint8_t *out, size_t *len, consent_slice_t in, const consent_minimize_t *how,
    consent_found_t *found);

/* Categories that a path as sent, without its query, carries: by the policy's path patterns, in parameters of a segment
 * (";pnr=1"), or in a query whose '?' was encoded. A path cannot be rewritten: the request has to be refused if this is
 * not within what may pass. */
consent_mask_t consent_minimize_path(consent_slice_t path, const consent_policy_t *policy);

/* What may be shown of a path that carries something to those who only have to know where it leads: the pattern that it
 * matches ("/person/" and a '*'), or the path up to its parameters; "/" in doubt. Borrowed from path and policy. */
consent_slice_t consent_minimize_path_shown(consent_slice_t path, const consent_policy_t *policy);

/* Categories that are public task (core_for) on a path as sent, without its query. Only where no server reads it as
 * another: without escapes that need not be, "." and "..", empty segments, parameters and backslashes. */
consent_mask_t consent_minimize_core(consent_slice_t path, const consent_policy_t *policy);

/* A Set-Cookie line on the way back: the categories of its name that are not granted (0: it may pass). */
consent_mask_t consent_minimize_set_cookie(consent_slice_t line, const consent_policy_t *policy, consent_mask_t granted);

/* Whether the policy knows the cookie that the line sets, as a carrier or as necessary; *name: its name. */
bool consent_minimize_set_cookie_known(consent_slice_t *name, consent_slice_t line, const consent_policy_t *policy);

/* Adds the Set-Cookie value that makes a browser drop the cookie that `line` sets: same name, Path, Domain, Secure and
 * prefix rules, Max-Age=0. CONSENT_MALFORMED: the line sets no cookie that has a name. */
consent_rc_t consent_set_cookie_expire(consent_buf_t *b, consent_slice_t line);

/* Sec-GPC: 1 (W3C Global Privacy Control). Proxies may have joined several lines with commas: any "1" counts. */
bool consent_gpc(consent_slice_t value);

/* The ADPC request header (Advanced Data Protection Control, section 7): withdraw=*, withdraw="id id",
 * object=direct-marketing, consent="id id". Zeroed before the first line; call for each line, they add up. */
typedef struct {
    bool            withdraw_all;
    consent_mask_t  withdraw;
    consent_mask_t  object;         /* categories whose purpose is marketing or advertising */
    consent_mask_t  consent;        /* by the identifiers that our consent-requests document publishes now */
} consent_adpc_t;

#define CONSENT_ADPC_MAX  4096      /* bytes of a line that are read; a longer one gives no consent */

/* Unknown words are ignored. An identifier of an earlier wording withdraws, and consents to nothing. */
void consent_adpc_parse(consent_adpc_t *out, consent_slice_t value, const consent_policy_t *policy);

/* What the signals take away, once all lines are parsed: specific words prevail over withdraw=*, and where one request
 * says both consent and withdraw, it is no consent (section 10). */
consent_mask_t consent_adpc_withdrawn(const consent_adpc_t *adpc, const consent_policy_t *policy);

/* What they grant; never a special category. */
consent_mask_t consent_adpc_consented(const consent_adpc_t *adpc, const consent_policy_t *policy);

/* The consent-requests document (section 7.1) in one language. An identifier is the category's id with a mark of what its
 * request says, so that another wording is another request. */
void consent_adpc_document(consent_buf_t *b, const consent_policy_t *policy, size_t language);

#endif
