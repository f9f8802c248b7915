/*
 * What a request is about: a glance at a form, a query or a JSON document for a topic that the policy leaves to people.
 *
 * Nothing is changed and nothing is refused: what cannot be read names no topic. Where several are named, one that is for
 * people counts. Linear in the length of what is looked at, which is the caller's to bound; no memory is allocated.
 */

#ifndef CONSENT_TOPIC_H
#define CONSENT_TOPIC_H

#include "policy/policy.h"

#define CONSENT_TOPIC_STEPS  16             /* of a path */
#define CONSENT_TOPIC_NAME   128            /* bytes of a name or value that is compared; no longer one is a topic */
#define CONSENT_TOPIC_DEPTH  512            /* levels of JSON that are followed */

typedef enum {
    CONSENT_TOPIC_MEMBER = 0,               /* .name, ['name'] */
    CONSENT_TOPIC_ANY,                      /* [*] */
    CONSENT_TOPIC_BELOW                     /* ..name */
} consent_topic_step_type_t;

typedef struct {
    consent_topic_step_type_t  type;
    consent_slice_t            name;
} consent_topic_step_t;

typedef struct {
    consent_topic_step_t  steps[CONSENT_TOPIC_STEPS];
    size_t                n;
} consent_topic_path_t;

/* Reads a path of the subset of JSONPath (RFC 9535) that policies use: $, .name, ['name'], [*], ..name. Its names point
 * into the text. CONSENT_MALFORMED; CONSENT_LIMIT: more steps or longer names. */
consent_rc_t consent_topic_path(consent_topic_path_t *path, consent_slice_t text);

/* Each returns the index of the first human-only topic of the policy that is named, or -1. */

/* The value is its id, byte for byte. */
int consent_topic_named(const consent_policy_t *policy, consent_slice_t value);

/* application/x-www-form-urlencoded, or a query without its '?'. Names are compared whatever their ASCII case, as carriers
 * are; `name[...]` counts as `name`. */
int consent_topic_form(const consent_policy_t *policy, consent_slice_t body, consent_slice_t name);

/* multipart/form-data; content_type: the header's value, with the boundary. */
int consent_topic_multipart(const consent_policy_t *policy, consent_slice_t body, consent_slice_t content_type,
    consent_slice_t name);

/* JSON in UTF-8, perhaps without its end; strings at the path, and in an array there. */
int consent_topic_json(const consent_policy_t *policy, consent_slice_t body, const consent_topic_path_t *path);

#endif
