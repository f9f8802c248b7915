/*
 * Words for return codes.
 */

#include "base/base.h"


const char *
consent_rc_name(consent_rc_t rc)
{
    switch (rc) {
    case CONSENT_OK:
        return "ok";
    case CONSENT_MALFORMED:
        return "malformed";
    case CONSENT_LIMIT:
        return "limit";
    case CONSENT_NOMEM:
        return "out of memory";
    case CONSENT_DENIED:
        return "denied";
    case CONSENT_EXPIRED:
        return "expired";
    case CONSENT_NOTFOUND:
        return "not found";
    case CONSENT_CONFLICT:
        return "conflict";
    case CONSENT_IO:
        return "i/o error";
    case CONSENT_FULL:
        return "full";
    case CONSENT_BUSY:
        return "busy";
    }

    return "unknown";
}
