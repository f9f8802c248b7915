/*
 * Values of HTTP header fields: structured fields (RFC 9651), links (RFC 8288, RFC 8187).
 */

#ifndef CONSENT_FIELD_H
#define CONSENT_FIELD_H

#include "base/buf.h"

/* The text is UTF-8 without control characters (C0, DEL, C1): it may stand in a header. */
bool consent_field_safe(consent_slice_t text);

/* Adds a safe text as an RFC 9651 String when it is ASCII, else as a Display String. */
void consent_field_text(consent_buf_t *b, consent_slice_t text);

/* Adds a path or URI reference, percent-encoding all that RFC 3986 does not allow there; a '%' of `path` is a character
 * of a name, not an escape. */
void consent_field_path(consent_buf_t *b, consent_slice_t path);

/* Adds a safe text as an ext-value (RFC 8187): UTF-8''Prata%20med%20oss */
void consent_field_ext(consent_buf_t *b, consent_slice_t text);

#endif
