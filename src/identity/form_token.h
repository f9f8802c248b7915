/*
 * Form tokens: a form of ours was made by us, for this subject (or this anonymous client), lately.
 */

#ifndef CONSENT_FORM_TOKEN_H
#define CONSENT_FORM_TOKEN_H

#include "identity/keys.h"

#define CONSENT_FORM_TOKEN_LEN   54          /* base64url of time (8 bytes) and 32 bytes of MAC */
#define CONSENT_FORM_TOKEN_TTL   (12 * 60 * 60 * 1000)     /* ms */
#define CONSENT_FORM_TOKEN_SKEW  (60 * 1000)                /* ms that a token may come from the future */

/* out: CONSENT_FORM_TOKEN_LEN characters. binding: what ties the token to its reader: the subject if there
 * is one, else truncated address and User-Agent. purpose: "choice", "forget", "erase", ... */
consent_rc_t consent_form_token_make(char *out, consent_keys_t *keys, consent_slice_t purpose,
    consent_slice_t binding, consent_time_t now);

/* CONSENT_OK, CONSENT_DENIED or CONSENT_EXPIRED. */
consent_rc_t consent_form_token_check(consent_slice_t token, consent_keys_t *keys, consent_slice_t purpose,
    consent_slice_t binding, consent_time_t now);

#endif
