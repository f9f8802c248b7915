/*
 * The consent cookie's claims, and where it stands among other cookies.
 */

#include "identity/cookie.h"

#include <limits.h>

#define COOKIE_ISSUER  "ngx_consent"
#define CLAIMS_MAX     1024

static consent_rc_t cookie_claims(consent_cookie_t *out, const consent_json_t *document);
static consent_rc_t cookie_decision(consent_decision_t *d, const consent_json_t *document);
static bool claim_int(const consent_json_t *document, const char *name, int64_t min, int64_t max, int64_t *out);
static bool claim_small(const consent_json_t *document, const char *name, uint8_t max, uint8_t *out);
static bool claim_hex(const consent_json_t *document, const char *name, uint8_t *out, size_t len);
static bool claim_hex64(const consent_json_t *document, const char *name, uint64_t *out);
static consent_slice_t trim(const uint8_t *p, const uint8_t *end);


consent_rc_t
consent_cookie_read(consent_cookie_t *out, const consent_keys_t *keys, consent_slice_t value,
    consent_slice_t audience, consent_time_t now)
{
    consent_rc_t         rc;
    consent_jwt_t        jwt;
    consent_jwt_check_t  check;

    memset(out, 0, sizeof(consent_cookie_t));

    if (value.len > CONSENT_COOKIE_MAX) {
        return CONSENT_LIMIT;
    }

    /* a token for no policy at all must not be one for any */

    if (audience.len == 0) {
        return CONSENT_DENIED;
    }

    check.issuer = consent_lit(COOKIE_ISSUER);
    check.audience = audience;
    check.now = now;
    check.skew = 0;
    check.need_exp = true;

    rc = consent_jwt_verify(&jwt, value, keys->cookie, keys->n_cookie, &check);

    if (rc != CONSENT_OK) {
        return rc;
    }

    rc = cookie_claims(out, jwt.document);
    out->expires = jwt.expires;
    consent_arena_destroy(jwt.arena);

    if (rc != CONSENT_OK) {
        memset(out, 0, sizeof(consent_cookie_t));
    }

    return rc;
}


consent_rc_t
consent_cookie_write(consent_buf_t *b, const consent_keys_t *keys, const consent_cookie_t *cookie,
    consent_slice_t audience)
{
    size_t                     start;
    uint8_t                    memory[CLAIMS_MAX];
    consent_rc_t               rc;
    consent_buf_t              json;
    const consent_decision_t  *d;

    if (keys->n_cookie == 0 || audience.len == 0) {
        return CONSENT_DENIED;
    }

    consent_buf_init_fixed(&json, memory, sizeof(memory));

    consent_buf_str(&json, "{\"iss\":\"" COOKIE_ISSUER "\",\"aud\":");
    consent_json_write_string(&json, audience, false);
    consent_buf_str(&json, ",\"sub\":\"");
    consent_buf_hex(&json, cookie->subject, CONSENT_SUBJECT_LEN);
    consent_buf_printf(&json, "\",\"iat\":%lld,\"exp\":%lld", (long long) (cookie->issued / 1000),
                       (long long) (cookie->expires / 1000));

    if (cookie->identified) {
        consent_buf_str(&json, ",\"idt\":1");
    }

    if (cookie->has_decision) {
        d = &cookie->decision;

        consent_buf_printf(&json, ",\"pv\":\"%016llx\",\"g\":\"%016llx\",\"l\":%d,\"st\":%u,\"sc\":%u,\"ai\":%u,"
                           "\"by\":%u,\"m\":%u,\"gpc\":%u,\"ts\":%lld,\"da\":%lld,\"ex\":%lld,\"rc\":\"",
                           (unsigned long long) d->policy, (unsigned long long) d->granted, d->level, d->status,
                           d->scope, d->ai, d->by, d->method, d->gpc, (long long) d->stamp,
                           (long long) d->decided_at, (long long) d->expires_at);
        consent_buf_hex(&json, d->receipt, CONSENT_ID_LEN);
        consent_buf_char(&json, '"');
    }

    consent_buf_char(&json, '}');

    if (json.rc != CONSENT_OK) {
        return json.rc;
    }

    start = b->len;
    rc = consent_jwt_sign(b, keys->cookie[0], consent_buf_view(&json));

    /* what would be refused when it comes back is not sent out */

    return rc == CONSENT_OK && b->len - start > CONSENT_COOKIE_MAX ? CONSENT_LIMIT : rc;
}


size_t
consent_cookie_find(consent_slice_t *value, consent_slice_t header, consent_slice_t name)
{
    size_t           n;
    const uint8_t   *p, *end, *semicolon, *equals;
    consent_slice_t  found;

    n = 0;
    end = header.data + header.len;

    for (p = header.data; p < end; p = semicolon + 1) {
        semicolon = memchr(p, ';', (size_t) (end - p));

        if (semicolon == NULL) {
            semicolon = end;
        }

        equals = memchr(p, '=', (size_t) (semicolon - p));

        if (equals == NULL) {
            continue;
        }

        found = trim(p, equals);

        if (consent_slice_eq(found, name)) {
            if (n == 0) {
                *value = trim(equals + 1, semicolon);
            }

            n++;
        }
    }

    return n;
}


static consent_rc_t
cookie_claims(consent_cookie_t *out, const consent_json_t *document)
{
    int64_t  seconds, identified;

    if (!claim_hex(document, "sub", out->subject, CONSENT_SUBJECT_LEN)
        || !claim_int(document, "iat", 0, INT64_MAX / 1000, &seconds))
    {
        return CONSENT_DENIED;
    }

    out->issued = seconds * 1000;

    if (consent_json_get(document, "idt") != NULL) {
        if (!claim_int(document, "idt", 1, 1, &identified)) {
            return CONSENT_DENIED;
        }

        out->identified = true;
    }

    if (consent_json_get(document, "pv") == NULL) {
        return CONSENT_OK;
    }

    out->has_decision = true;

    return cookie_decision(&out->decision, document);
}


/* All of it, each within its bounds: a decision is never read in part. */
static consent_rc_t
cookie_decision(consent_decision_t *d, const consent_json_t *document)
{
    int64_t  level;

    if (!claim_hex64(document, "pv", &d->policy)
        || !claim_hex64(document, "g", &d->granted)
        || !claim_int(document, "l", CONSENT_LEVEL_CUSTOM, CONSENT_MAX_LEVELS - 1, &level)
        || !claim_small(document, "st", CONSENT_STATUS_LOWERED, &d->status)
        || !claim_small(document, "sc", CONSENT_SCOPE_ONCE, &d->scope)
        || !claim_small(document, "ai", CONSENT_AI_NONE, &d->ai)
        || !claim_small(document, "by", CONSENT_BY_SIGNAL, &d->by)
        || !claim_small(document, "m", CONSENT_METHOD_OPERATOR, &d->method)
        || !claim_small(document, "gpc", 1, &d->gpc)
        || !claim_int(document, "ts", 0, INT64_MAX, &d->stamp)
        || !claim_int(document, "da", 0, INT64_MAX, &d->decided_at)
        || !claim_int(document, "ex", 0, INT64_MAX, &d->expires_at)
        || !claim_hex(document, "rc", d->receipt, CONSENT_ID_LEN))
    {
        return CONSENT_DENIED;
    }

    d->level = (int8_t) level;

    switch (d->status) {
    case CONSENT_STATUS_GIVEN:
    case CONSENT_STATUS_REFUSED:
    case CONSENT_STATUS_WITHDRAWN:
    case CONSENT_STATUS_LOWERED:
        break;
    default:
        return CONSENT_DENIED;
    }

    return d->granted >> CONSENT_MAX_CATEGORIES == 0 ? CONSENT_OK : CONSENT_DENIED;
}


static bool
claim_int(const consent_json_t *document, const char *name, int64_t min, int64_t max, int64_t *out)
{
    return consent_json_int(out, consent_json_get(document, name)) == CONSENT_OK && *out >= min && *out <= max;
}


static bool
claim_small(const consent_json_t *document, const char *name, uint8_t max, uint8_t *out)
{
    int64_t  n;

    if (!claim_int(document, name, 0, max, &n)) {
        return false;
    }

    *out = (uint8_t) n;

    return true;
}


static bool
claim_hex(const consent_json_t *document, const char *name, uint8_t *out, size_t len)
{
    const consent_json_t  *v;

    v = consent_json_get(document, name);

    return v != NULL && v->type == CONSENT_JSON_STRING && consent_hex_decode(out, len, v->text) == CONSENT_OK;
}


static bool
claim_hex64(const consent_json_t *document, const char *name, uint64_t *out)
{
    size_t   i;
    uint8_t  bytes[8];

    if (!claim_hex(document, name, bytes, sizeof(bytes))) {
        return false;
    }

    *out = 0;

    for (i = 0; i < sizeof(bytes); i++) {
        *out = *out << 8 | bytes[i];
    }

    return true;
}


/* Without the white space of RFC 6265, section 4.2.1, around it. */
static consent_slice_t
trim(const uint8_t *p, const uint8_t *end)
{
    while (p < end && (*p == ' ' || *p == '\t')) {
        p++;
    }

    while (end > p && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }

    return consent_slice(p, (size_t) (end - p));
}
