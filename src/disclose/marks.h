/*
 * What goes into everything but HTML: a JSON member, lines of text, XMP.
 */

#ifndef CONSENT_MARKS_H
#define CONSENT_MARKS_H

#include "disclose/elements.h"

/* Writes the marks of one language. iptc: the digital source type as IPTC names it; mode: of AI-Disclosure; both NULL
 * where nothing is claimed. CONSENT_LIMIT: longer than CONSENT_ELEMENT_MAX; CONSENT_NOMEM. */
consent_rc_t consent_marks_build(consent_marks_t *out, consent_arena_t *a, const consent_elements_conf_t *conf,
    const char *mode, const char *iptc);

/* Writes the chunk for a PNG and the segment for a JPEG, which are the same in every language. CONSENT_NOMEM. */
consent_rc_t consent_marks_images(consent_slice_t *png, consent_slice_t *jpeg, consent_arena_t *a, const char *iptc);

#endif
