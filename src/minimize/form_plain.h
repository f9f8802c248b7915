/*
 * Text that a server may read as more than text: a field's value in multipart, a body of text/plain. It may be JSON, and
 * it may hold a query.
 */

#ifndef CONSENT_FORM_PLAIN_H
#define CONSENT_FORM_PLAIN_H

#include "minimize/body.h"

#define CONSENT_FORM_PLAIN_HELD  2048       /* bytes that wait before the first is emitted, at most */

/* lines: of a body, whose lines may be those of a form that a browser sent as text/plain ("name=value"). Otherwise it is
 * one value. Its feed returns CONSENT_DENIED, before anything was emitted, where all of it has to go: categories are in
 * inspect->found. What is found later, by which time some of it has been let through, is CONSENT_DOUBT_NAME. */
size_t consent_form_plain_size(const consent_detectors_t *detectors);
consent_transform_t *consent_form_plain_init(void *memory, consent_inspect_t *inspect, bool lines);

#endif
