/*
 * The body of a request: which transform makes less of it, or why it cannot pass.
 */

#ifndef CONSENT_BODY_H
#define CONSENT_BODY_H

#include "base/buf.h"
#include "base/transform.h"
#include "minimize/detect.h"
#include "minimize/inspect.h"

/* Memory of all that one body takes, whatever its size: 64 KB at most with the detectors' own, and that of
 * consent_inflate_size() for one that came compressed. */
#define CONSENT_BODY_MEMORY  65536

typedef struct {
    consent_slice_t  content_type;          /* header values; empty: none */
    consent_slice_t  content_encoding;
    size_t           limit;                 /* bytes of the decoded body at most */
} consent_body_head_t;

typedef struct consent_body_s  consent_body_t;

/* Chooses the transform for a body. Memory is allocated by it and freed by consent_body_close().
 * CONSENT_OK: *transform is to be fed with the body as it came (inflating included; what comes out is not compressed).
 * CONSENT_NOTFOUND: nothing needs to be looked at, by the policy's bodies.allow or because all that a body can carry is
 * granted: the body passes as it is. CONSENT_DENIED: it cannot pass, inspect->doubt says why. CONSENT_NOMEM. */
consent_rc_t consent_body_open(consent_body_t **body, consent_transform_t **transform, consent_inspect_t *inspect,
    const consent_body_head_t *head);
void consent_body_close(consent_body_t *body);      /* NULL is allowed */

/* Of n > 0 bytes that are to be fed, so many that feeding them takes less than about a tenth of a millisecond. */
size_t consent_body_step(const uint8_t *in, size_t n);

/* Feeds the transform of a body as much of n bytes as is done in that time, *used of them: CONSENT_BODY_STEP at most, and
 * of what came compressed no more than stands for so many. `last`: no more will come behind the n. To be called again, be
 * it with no bytes, until *ended says that the last one was gone through. Returns what feeding returns. */
#define CONSENT_BODY_STEP  8192

consent_rc_t consent_body_some(consent_body_t *b, const uint8_t *in, size_t n, bool last, size_t *used, bool *ended,
    consent_emit_pt emit, void *arg);

/* Each kind of body is a transform: made in memory of its size, for as long as its inspect lives. Feeding returns
 * CONSENT_OK; CONSENT_MALFORMED or CONSENT_LIMIT with inspect->doubt set; CONSENT_NOMEM; or what emit returned. Each is
 * to be destroyed with consent_transform_destroy(). What is borrowed from the input is emitted as borrowed. */

/* application/json, +json: json.c; `lines`: NDJSON, JSON lines, JSON text sequences (RFC 7464). */
size_t consent_json_size(const consent_detectors_t *detectors);
consent_transform_t *consent_json_init(void *memory, consent_inspect_t *inspect, bool lines);
void consent_json_plain(consent_transform_t *t);    /* without vector instructions, before the first feed; for tests */

/* application/x-www-form-urlencoded: form.c. carrier: CONSENT_CARRIER_FIELD for bodies, CONSENT_CARRIER_ARG for a
 * query string without its '?'. */
size_t consent_form_size(const consent_detectors_t *detectors);
consent_transform_t *consent_form_init(void *memory, consent_inspect_t *inspect, consent_carrier_t carrier);

/* A query string that consent_minimize_args() has made less of: what the detectors find in its names and values is
 * masked, JSON in a value is looked into. Adds to out. CONSENT_OK; CONSENT_MALFORMED or CONSENT_LIMIT with inspect->doubt
 * set; CONSENT_NOMEM; or out's own rc. */
consent_rc_t consent_minimize_args_text(consent_buf_t *out, consent_slice_t args, consent_inspect_t *inspect);

/* multipart/form-data and other multipart: multipart.c. content_type: the header's value, with the boundary. NULL: it
 * has no usable boundary, inspect->doubt is set. */
size_t consent_multipart_size(const consent_detectors_t *detectors);
consent_transform_t *consent_multipart_init(void *memory, consent_inspect_t *inspect, consent_slice_t content_type);

/* text/plain and other text: text.c. The charset parameter is the caller's to check. arguments: of a URL or a query in it,
 * those go that may not pass. */
size_t consent_text_size(const consent_detectors_t *detectors);
consent_transform_t *consent_text_init(void *memory, consent_inspect_t *inspect, bool arguments);

#endif
