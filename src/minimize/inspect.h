/*
 * What all that looks into the body of one request shares: what may pass, what was found, and why a body could not be
 * looked into.
 */

#ifndef CONSENT_INSPECT_H
#define CONSENT_INSPECT_H

#include "minimize/masks.h"
#include "minimize/minimize.h"

/* Why a body is refused: what cannot be inspected does not pass. */
typedef enum {
    CONSENT_DOUBT_NONE = 0,
    CONSENT_DOUBT_SYNTAX,           /* 400: not what its type claims */
    CONSENT_DOUBT_DEPTH,            /* 400: nested deeper than CONSENT_INSPECT_DEPTH */
    CONSENT_DOUBT_NAME,             /* 400: a name longer than is looked at, or spelled as no two servers read it */
    CONSENT_DOUBT_DUPLICATE,        /* 400: a protected name twice, where servers disagree which one counts */
    CONSENT_DOUBT_CHARSET,          /* 415: another charset than is read here */
    CONSENT_DOUBT_ENCODING,         /* 415: a Content-Encoding that is not decoded here */
    CONSENT_DOUBT_TYPE,             /* 415: a media type that is not looked into, and not allowed by the policy */
    CONSENT_DOUBT_SIZE,             /* 413: larger than consent_body_limit, also when decoded */
    CONSENT_DOUBT_UNKNOWN           /* 400: a name that the policy does not know, under `consent_unknown refuse` */
} consent_doubt_t;

#define CONSENT_INSPECT_DEPTH  512      /* levels of nesting, JSON in multipart in multipart included */

typedef struct consent_detectors_s  consent_detectors_t;

/* Lives as long as the request. All transforms of one request, and its arguments, share one. */
typedef struct {
    consent_minimize_t          how;
    const consent_detectors_t  *detectors;  /* of the policy; NULL: it has no text carriers */
    consent_masks_t            *masks;      /* NULL: no text carrier is withheld, nothing is looked for */
    bool                        refuse_unknown;     /* an unknown name is CONSENT_DOUBT_UNKNOWN */
    consent_found_t             found;
    consent_doubt_t             doubt;      /* set before a transform returns CONSENT_MALFORMED or CONSENT_LIMIT */
} consent_inspect_t;

/* A name that is neither a carrier nor necessary; only where how.count_unknown. True: it goes. */
static inline bool
consent_inspect_unknown(consent_inspect_t *inspect, consent_carrier_t carrier, consent_slice_t name)
{
    return consent_minimize_unknown(&inspect->how, &inspect->found, carrier, name);
}

#endif
