/*
 * The registered claims of RFC 7519, section 4.1.
 */

#include "identity/claims.h"

static bool claims_audience_holds(const consent_json_t *aud, consent_slice_t wanted);
static bool claims_numeric_date(const consent_json_t *v, bool up, int64_t *out);


consent_rc_t
consent_claims_check(consent_time_t *expires, const consent_json_t *document,
    const consent_jwt_check_t *check)
{
    int64_t                skew, date;
    const consent_json_t  *v;

    if (check->issuer.len > 0) {
        v = consent_json_get(document, "iss");

        if (v == NULL || v->type != CONSENT_JSON_STRING || !consent_slice_eq(v->text, check->issuer)) {
            return CONSENT_DENIED;
        }
    }

    if (check->audience.len > 0
        && !claims_audience_holds(consent_json_get(document, "aud"), check->audience))
    {
        return CONSENT_DENIED;
    }

    skew = (int64_t) check->skew * 1000;
    *expires = INT64_MAX;
    v = consent_json_get(document, "exp");

    if (v == NULL) {
        if (check->need_exp) {
            return CONSENT_DENIED;
        }

    } else {
        if (!claims_numeric_date(v, false, &date)) {
            return CONSENT_DENIED;
        }

        if (check->now >= date + skew) {
            return CONSENT_EXPIRED;
        }

        *expires = date;
    }

    v = consent_json_get(document, "nbf");

    if (v != NULL) {
        if (!claims_numeric_date(v, true, &date)) {
            return CONSENT_DENIED;
        }

        if (check->now < date - skew) {
            return CONSENT_EXPIRED;
        }
    }

    return CONSENT_OK;
}


static bool
claims_audience_holds(const consent_json_t *aud, consent_slice_t wanted)
{
    bool                   found;
    const consent_json_t  *v;

    if (aud == NULL) {
        return false;
    }

    if (aud->type == CONSENT_JSON_STRING) {
        return consent_slice_eq(aud->text, wanted);
    }

    if (aud->type != CONSENT_JSON_ARRAY) {
        return false;
    }

    found = false;

    for (v = aud->first; v != NULL; v = v->next) {
        if (v->type != CONSENT_JSON_STRING) {
            return false;
        }

        found = found || consent_slice_eq(v->text, wanted);
    }

    return found;
}


/* Seconds since the epoch, with a fraction where the issuer writes one, as milliseconds; a fraction is cut
 * to the second before, or `up` to the one after: the less permissive of both. */
static bool
claims_numeric_date(const consent_json_t *v, bool up, int64_t *out)
{
    const uint8_t   *dot;
    consent_json_t   whole;

    if (v->type != CONSENT_JSON_NUMBER) {
        return false;
    }

    whole = *v;
    dot = memchr(v->text.data, '.', v->text.len);

    if (dot != NULL) {
        whole.text.len = (size_t) (dot - v->text.data);

        while (++dot < v->text.data + v->text.len) {
            if (*dot < '0' || *dot > '9') {
                return false;
            }
        }

        if (v->text.data[0] == '-') {
            return false;
        }
    }

    /* below 2^53 seconds: milliseconds and the skew fit */

    if (consent_json_int(out, &whole) != CONSENT_OK) {
        return false;
    }

    *out = (*out + (up && whole.text.len < v->text.len)) * 1000;

    return true;
}
