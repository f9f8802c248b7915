/*
 * Request in, less request out: cookies, arguments, URLs, Set-Cookie lines, signals. Pure functions over slices; output
 * goes to memory of the caller's, never longer than the input, and may be the input itself.
 */

#ifndef CONSENT_MINIMIZE_H
#define CONSENT_MINIMIZE_H

#include "base/buf.h"
#include "policy/decision.h"

/* What a pass found. */
typedef struct {
    consent_mask_t  seen;           /* categories whose carriers are there, granted or not */
    consent_mask_t  removed;        /* categories of what was (or would have been) taken out */
    size_t          pairs;          /* how many pairs were taken out */
    size_t          unknown;        /* names neither carriers nor necessary */
} consent_found_t;

/* One Cookie header value (RFC 6265bis as servers read it): pairs whose name carries a category outside `granted` are
 * taken out, the rest keeps order and bytes. out: at least in.len bytes, may equal in.data; *len: 0 means the header line
 * itself must go. A pair that some server may read as a protected name (white space, quotes, case, "name ") goes too. */
void consent_minimize_cookies(uint8_t *out, size_t *len, consent_slice_t in, const consent_policy_t *policy,
    consent_mask_t granted, consent_found_t *found);

/* A query string without its '?'. Names are compared decoded (percent, '+'), case-insensitively, with their brackets and
 * dots; both '&' and ';' separate. Also looks at what a second decoding would give. */
void consent_minimize_args(uint8_t *out, size_t *len, consent_slice_t in, const consent_policy_t *policy,
    consent_mask_t granted, consent_found_t *found);

/* A URL or path with a query (Referer, X-Original-URL, ...): its query as above, and its fragment dropped if it carries
 * a protected name. */
void consent_minimize_url(uint8_t *out, size_t *len, consent_slice_t in, const consent_policy_t *policy,
    consent_mask_t granted, consent_found_t *found);

/* A Set-Cookie line on the way back: the categories of its name that are not granted (0: it may pass). */
consent_mask_t consent_minimize_set_cookie(consent_slice_t line, const consent_policy_t *policy, consent_mask_t granted);

/* Adds the Set-Cookie value that makes a browser drop the cookie that `line` sets: same name, Path, Domain, Secure and
 * prefix rules, Max-Age=0. */
consent_rc_t consent_set_cookie_expire(consent_buf_t *b, consent_slice_t line);

/* Sec-GPC: 1 (W3C Global Privacy Control). */
bool consent_gpc(consent_slice_t value);

/* The ADPC request header: withdraw=*, withdraw="id id", object=direct-marketing, consent="id id" (ids are categories
 * that our consent-requests document published). Unknown words are ignored. Bounded work. */
typedef struct {
    bool            withdraw_all;
    consent_mask_t  withdraw;
    consent_mask_t  object;
    consent_mask_t  consent;
} consent_adpc_t;

void consent_adpc_parse(consent_adpc_t *out, consent_slice_t value, const consent_policy_t *policy);

/* The consent-requests document: a JSON object of request id to text, in one language. */
void consent_adpc_document(consent_buf_t *b, const consent_policy_t *policy, size_t language);

#endif
