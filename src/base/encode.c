/*
 * Base64 and hex (RFC 4648), decoded strictly: one text per value, so that no token has a second spelling.
 */

#include "base/digest.h"

#define PAD       '='
#define STANDARD  0x40      /* a letter of the standard alphabet only */
#define URL       0x80      /* of the URL-safe one only */
#define NONE      0xc0      /* of neither */
#define NONE8     NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE

static size_t base64_encode(char *out, const uint8_t *in, size_t len, const char *alphabet, bool padded);
static consent_rc_t base64_decode(uint8_t *out, size_t *out_len, consent_slice_t in, unsigned reject);
static int hex_value(uint8_t c);

static const char  base64_standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char  base64_url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* A letter's six bits, and which alphabet it belongs to if not to both. */
static const uint8_t  base64_letters[256] = {
    NONE8,
    NONE8,
    NONE8,
    NONE8,
    NONE8,
    NONE, NONE, NONE, STANDARD | 62, NONE, URL | 62, NONE, STANDARD | 63,
    52, 53, 54, 55, 56, 57, 58, 59,
    60, 61, NONE, NONE, NONE, NONE, NONE, NONE,
    NONE, 0, 1, 2, 3, 4, 5, 6,
    7, 8, 9, 10, 11, 12, 13, 14,
    15, 16, 17, 18, 19, 20, 21, 22,
    23, 24, 25, NONE, NONE, NONE, NONE, URL | 63,
    NONE, 26, 27, 28, 29, 30, 31, 32,
    33, 34, 35, 36, 37, 38, 39, 40,
    41, 42, 43, 44, 45, 46, 47, 48,
    49, 50, 51, NONE, NONE, NONE, NONE, NONE,
    NONE8, NONE8, NONE8, NONE8,
    NONE8, NONE8, NONE8, NONE8,
    NONE8, NONE8, NONE8, NONE8,
    NONE8, NONE8, NONE8, NONE8
};


size_t
consent_base64(char *out, const uint8_t *in, size_t len)
{
    return base64_encode(out, in, len, base64_standard, true);
}


size_t
consent_base64url(char *out, const uint8_t *in, size_t len)
{
    return base64_encode(out, in, len, base64_url, false);
}


consent_rc_t
consent_base64_decode(uint8_t *out, size_t *out_len, consent_slice_t in)
{
    if (in.len % 4 != 0) {
        return CONSENT_MALFORMED;
    }

    if (in.len > 0 && in.data[in.len - 1] == PAD) {
        in.len--;

        if (in.data[in.len - 1] == PAD) {
            in.len--;
        }
    }

    return base64_decode(out, out_len, in, URL);
}


consent_rc_t
consent_base64url_decode(uint8_t *out, size_t *out_len, consent_slice_t in)
{
    return base64_decode(out, out_len, in, STANDARD);
}


void
consent_hex(char *out, const uint8_t *in, size_t len)
{
    static const char  digits[] = "0123456789abcdef";

    size_t  i;

    for (i = 0; i < len; i++) {
        *out++ = digits[in[i] >> 4];
        *out++ = digits[in[i] & 15];
    }
}


consent_rc_t
consent_hex_decode(uint8_t *out, size_t len, consent_slice_t in)
{
    int     high, low;
    size_t  i;

    if (len > SIZE_MAX / 2 || in.len != len * 2) {
        return CONSENT_MALFORMED;
    }

    for (i = 0; i < len; i++) {
        high = hex_value(in.data[i * 2]);
        low = hex_value(in.data[i * 2 + 1]);

        if (high < 0 || low < 0) {
            return CONSENT_MALFORMED;
        }

        out[i] = (uint8_t) (high << 4 | low);
    }

    return CONSENT_OK;
}


static size_t
base64_encode(char *out, const uint8_t *in, size_t len, const char *alphabet, bool padded)
{
    char      *p;
    uint32_t   bits;

    p = out;

    for ( /* void */ ; len >= 3; len -= 3, in += 3) {
        bits = (uint32_t) in[0] << 16 | (uint32_t) in[1] << 8 | in[2];

        *p++ = alphabet[bits >> 18];
        *p++ = alphabet[bits >> 12 & 63];
        *p++ = alphabet[bits >> 6 & 63];
        *p++ = alphabet[bits & 63];
    }

    if (len > 0) {
        bits = (uint32_t) in[0] << 16 | (len == 2 ? (uint32_t) in[1] << 8 : 0);

        *p++ = alphabet[bits >> 18];
        *p++ = alphabet[bits >> 12 & 63];

        if (len == 2) {
            *p++ = alphabet[bits >> 6 & 63];

        } else if (padded) {
            *p++ = PAD;
        }

        if (padded) {
            *p++ = PAD;
        }
    }

    return (size_t) (p - out);
}


/* Without padding; letters of the other alphabet, whose bit is `reject`, are as wrong as any other byte. */
static consent_rc_t
base64_decode(uint8_t *out, size_t *out_len, consent_slice_t in, unsigned reject)
{
    uint8_t         *p;
    uint32_t         bits;
    unsigned         bad, v[4];
    const uint8_t   *c, *end;

    *out_len = 0;

    if (in.len % 4 == 1) {
        return CONSENT_MALFORMED;
    }

    p = out;
    bad = 0;
    c = in.data;
    end = c + in.len / 4 * 4;

    for ( /* void */ ; c < end; c += 4) {
        v[0] = base64_letters[c[0]];
        v[1] = base64_letters[c[1]];
        v[2] = base64_letters[c[2]];
        v[3] = base64_letters[c[3]];

        bad |= v[0] | v[1] | v[2] | v[3];

        bits = v[0] << 18 | (v[1] & 63) << 12 | (v[2] & 63) << 6 | (v[3] & 63);

        p[0] = (uint8_t) (bits >> 16);
        p[1] = (uint8_t) (bits >> 8);
        p[2] = (uint8_t) bits;
        p += 3;
    }

    if (in.len % 4 != 0) {
        v[0] = base64_letters[c[0]];
        v[1] = base64_letters[c[1]];
        v[2] = in.len % 4 == 3 ? base64_letters[c[2]] : 0;

        /* the bits that belong to no byte */

        bad |= v[0] | v[1] | v[2] | (in.len % 4 == 3 ? v[2] & 3 : v[1] & 15) << 8;

        *p++ = (uint8_t) (v[0] << 2 | (v[1] >> 4 & 3));

        if (in.len % 4 == 3) {
            *p++ = (uint8_t) (v[1] << 4 | (v[2] >> 2 & 15));
        }
    }

    if (bad & (reject | 0xff00)) {
        return CONSENT_MALFORMED;
    }

    *out_len = (size_t) (p - out);

    return CONSENT_OK;
}


static int
hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c = consent_lower(c);

    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}
