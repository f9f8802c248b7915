/*
 * Form tokens: the time of making, and a MAC over it with what the token is for and to whom it was given.
 */

#include "identity/form_token.h"

#define TIME_LEN   8
#define TOKEN_LEN  (TIME_LEN + CONSENT_HASH_LEN)

static consent_rc_t form_token_mac(uint8_t mac[static CONSENT_HASH_LEN], consent_keys_t *keys,
    const uint8_t time[static TIME_LEN], consent_slice_t purpose, consent_slice_t binding);
static void put_u64(uint8_t out[static 8], uint64_t n);


consent_rc_t
consent_form_token_make(char *out, consent_keys_t *keys, consent_slice_t purpose, consent_slice_t binding,
    consent_time_t now)
{
    uint8_t       token[TOKEN_LEN];
    consent_rc_t  rc;

    put_u64(token, (uint64_t) now);
    rc = form_token_mac(token + TIME_LEN, keys, token, purpose, binding);

    if (rc == CONSENT_OK) {
        (void) consent_base64url(out, token, sizeof(token));
    }

    return rc;
}


consent_rc_t
consent_form_token_check(consent_slice_t token, consent_keys_t *keys, consent_slice_t purpose,
    consent_slice_t binding, consent_time_t now)
{
    size_t          i, len;
    uint8_t         given[CONSENT_FORM_TOKEN_LEN], mac[CONSENT_HASH_LEN];
    uint64_t        made;
    consent_rc_t    rc;
    consent_time_t  at;

    if (token.len != CONSENT_FORM_TOKEN_LEN || consent_base64url_decode(given, &len, token) != CONSENT_OK
        || len != TOKEN_LEN)
    {
        return CONSENT_DENIED;
    }

    rc = form_token_mac(mac, keys, given, purpose, binding);

    if (rc != CONSENT_OK) {
        return rc;
    }

    if (!consent_digest_equal(mac, given + TIME_LEN, CONSENT_HASH_LEN)) {
        return CONSENT_DENIED;
    }

    for (made = 0, i = 0; i < TIME_LEN; i++) {
        made = made << 8 | given[i];
    }

    at = (consent_time_t) made;

    /* another node may have made it, whose clock is a little ahead */

    if (at < 0 || at > now + CONSENT_FORM_TOKEN_SKEW || now - at > CONSENT_FORM_TOKEN_TTL) {
        return CONSENT_EXPIRED;
    }

    return CONSENT_OK;
}


static consent_rc_t
form_token_mac(uint8_t mac[static CONSENT_HASH_LEN], consent_keys_t *keys,
    const uint8_t time[static TIME_LEN], consent_slice_t purpose, consent_slice_t binding)
{
    uint8_t          length[8];
    consent_slice_t  parts[4];

    put_u64(length, purpose.len);

    parts[0] = consent_slice(time, TIME_LEN);
    parts[1] = consent_slice(length, sizeof(length));
    parts[2] = purpose;
    parts[3] = binding;

    return consent_mac(keys->form, mac, parts, consent_countof(parts));
}


static void
put_u64(uint8_t out[static 8], uint64_t n)
{
    int  i;

    for (i = 7; i >= 0; i--) {
        out[i] = (uint8_t) n;
        n >>= 8;
    }
}
