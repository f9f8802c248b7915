/*
 * The registered claims of a verified token. Only jwt.c needs it.
 */

#ifndef CONSENT_CLAIMS_H
#define CONSENT_CLAIMS_H

#include "identity/jwt.h"

/* iss, aud, exp and nbf. CONSENT_OK, CONSENT_DENIED or CONSENT_EXPIRED; *expires is exp in ms, INT64_MAX
 * without one. */
consent_rc_t consent_claims_check(consent_time_t *expires, const consent_json_t *document,
    const consent_jwt_check_t *check);

#endif
