/*
 * Media types (RFC 9110, section 8.3.1), read so that no two servers can mean different ones.
 */

#ifndef CONSENT_MEDIA_H
#define CONSENT_MEDIA_H

#include "policy/policy.h"

#define CONSENT_MEDIA_MAX_BOUNDARY  70      /* RFC 2046, section 5.1.1 */

/* How a body of a type is looked into. */
typedef enum {
    CONSENT_MEDIA_OPAQUE = 0,
    CONSENT_MEDIA_FORM,
    CONSENT_MEDIA_MULTIPART,
    CONSENT_MEDIA_JSON,
    CONSENT_MEDIA_JSON_LINES,
    CONSENT_MEDIA_TEXT
} consent_media_kind_t;

/* All borrowed from the header's value. */
typedef struct {
    consent_slice_t       type;         /* "text/plain" */
    consent_slice_t       charset;      /* empty: none */
    consent_slice_t       boundary;
    consent_media_kind_t  kind;
} consent_media_t;

/* The value of one Content-Type line. CONSENT_MALFORMED: empty, several values, a parameter twice, in a way of writing
 * that only some read (RFC 2231, backslashes, "=" with spaces), or whatever else the grammar does not have. */
consent_rc_t consent_media_parse(consent_media_t *media, consent_slice_t value);

/* Names and values written in ASCII stand in it as ASCII, and nothing else looks like it. No charset is one. */
bool consent_media_ascii(consent_slice_t charset);

/* The policy's bodies.allow names the type: it passes although nobody looks into it. A pattern such as image/... does not mean
 * image/x+json, which is JSON to many. */
bool consent_media_listed(consent_slice_t type, const consent_policy_t *policy);

#endif
