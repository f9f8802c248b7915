/*
 * Arguments inside a text: a string of JSON that is a URL or a query, or in which one stands. A protected pair goes, the
 * separators around it stay, so that what is left is a query still.
 *
 * A text that has a '=' before any white space is read as a query: a value lasts to the next '&'. In prose a name stands
 * behind '?', '&', ';' or '#', and a value ends where a URL does. Each line is a text of its own.
 */

#ifndef CONSENT_QUERY_H
#define CONSENT_QUERY_H

#include "minimize/inspect.h"
#include "minimize/reading.h"

#define CONSENT_QUERY_HELD  448         /* bytes of which nothing is said yet, at most */
#define CONSENT_QUERY_NAME  144         /* bytes of a decoded name that are looked at; a policy's have 128 at most */
#define CONSENT_QUERY_PATH  448         /* bytes of a path that are looked at */

/* In order: the next n bytes of text pass, or go. Anything but CONSENT_OK stops the feed, which returns the same. */
typedef consent_rc_t (*consent_query_pt)(void *arg, size_t n, bool goes);

typedef enum {
    CONSENT_QUERY_START = 0,
    CONSENT_QUERY_IN_PATH,          /* the text may be one of the policy's paths */
    CONSENT_QUERY_IN_NAME,
    CONSENT_QUERY_IN_VALUE,         /* ... that goes */
    CONSENT_QUERY_ELSEWHERE
} consent_query_at_t;

typedef enum {
    CONSENT_QUERY_EITHER = 0,
    CONSENT_QUERY_ALL,              /* the text is a query */
    CONSENT_QUERY_PROSE
} consent_query_shape_t;

typedef struct {
    consent_inspect_t         *inspect;
    consent_carrier_t          carrier;
    consent_query_at_t         at;
    consent_query_shape_t      shape;
    consent_mask_t             mask;        /* of the value that goes, until a byte of it has gone */
    size_t                     held;        /* bytes of this name */
    size_t                     passes;      /* bytes that pass, and of which that was not said yet */
    consent_query_pt           said;        /* of the feed under way */
    void                      *arg;
    consent_reading_t          reading;
    consent_reading_state_t    name;
    size_t                     path_len;
    uint8_t                    path[CONSENT_QUERY_PATH];
} consent_query_t;

/* Whether the policy has names or paths for this that may not pass. */
bool consent_query_wanted(const consent_inspect_t *inspect);

/* A text begins; carrier: what it is counted as. */
void consent_query_begin(consent_query_t *q, consent_inspect_t *inspect, consent_carrier_t carrier);

/* The next n bytes, decoded; `last`: they end the text. Any pieces of it give the same. CONSENT_MALFORMED: a name longer
 * than is held, inspect->doubt is set. */
consent_rc_t consent_query_feed(consent_query_t *q, const uint8_t *text, size_t n, bool last, consent_query_pt said,
    void *arg);

/* A text in which nothing can go: no argument; and, where `paths` matter, no path. Told in about an instruction a byte. */
bool consent_query_clear(const uint8_t *text, size_t n, bool paths);

#endif
