/*
 * UTF-8 (RFC 3629) checks and percent-encoding (RFC 3986).
 */

#ifndef CONSENT_UTF8_H
#define CONSENT_UTF8_H

#include "base/buf.h"

/* All of it is well-formed UTF-8 (no surrogates, no overlong forms, no NUL check). */
bool consent_utf8_valid(consent_slice_t s);

/* Decodes one code point at *p (< end), advances *p; an ill-formed byte gives U+FFFD and advances by one. */
uint32_t consent_utf8_next(const uint8_t **p, const uint8_t *end);

/* Writes a code point, at most 0x10ffff, into out; returns how many bytes it took, 4 at most. Surrogates and U+0000 are written
 * as any other. */
size_t consent_utf8_put(uint8_t *out, uint32_t c);

/* Percent-decodes into out (at least in.len bytes); '+' becomes a space when `form`. A '%' without two hex
 * digits is kept as it is. Returns the length. */
size_t consent_percent_decode(uint8_t *out, consent_slice_t in, bool form);

/* Adds s with all but RFC 3986 unreserved characters percent-encoded. */
void consent_percent_encode(consent_buf_t *b, consent_slice_t s);

/* Adds s as HTML text or double-quoted attribute value: & < > " ' become references; control characters
 * other than tab, LF and CR, and ill-formed bytes become U+FFFD. */
void consent_html_escape(consent_buf_t *b, consent_slice_t s);

#endif
