/*
 * What an upstream says of itself: the marks that consent_ai auto believes.
 */

#ifndef CONSENT_CLAIM_H
#define CONSENT_CLAIM_H

#include "disclose/disclose.h"

/* The mode that an AI-Disclosure value names: a Dictionary of RFC 9651 whose member `mode` is a Token or a String. Where
 * there are several lines, `value` is each in turn. CONSENT_MODE_UNKNOWN: it names none that is known, or is no dictionary.
 * CONSENT_MODE_HUMAN is for the caller to doubt. */
consent_mode_t consent_claim_header(consent_slice_t value);

/* "mode", else "w3c", of an `ai_disclosure` member's value. */
consent_mode_t consent_claim_member(consent_slice_t value, bool lines);

/* The beginning of an image whose XMP or C2PA names IPTC's digital source type of a machine. At most
 * CONSENT_CLAIM_IMAGE bytes of it are looked at. */
#define CONSENT_CLAIM_IMAGE  65536

consent_mode_t consent_claim_image(consent_slice_t image);

/* Of two claims the one that says more of a machine. */
consent_mode_t consent_claim_more(consent_mode_t a, consent_mode_t b);

#endif
