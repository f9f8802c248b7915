/*
 * Base64 and hex (RFC 4648), decoded strictly: one text per value, so that no token has a second spelling.
 */

#include "base/digest.h"

#define PAD  '='

static size_t base64_encode(char *out, const uint8_t *in, size_t len, const char *alphabet, bool padded);
static consent_rc_t base64_decode(uint8_t *out, size_t *out_len, consent_slice_t in, char c62, char c63);
static int base64_value(uint8_t c, char c62, char c63);
static int hex_value(uint8_t c);

static const char  base64_standard[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char  base64_url[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";


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

    return base64_decode(out, out_len, in, '+', '/');
}


consent_rc_t
consent_base64url_decode(uint8_t *out, size_t *out_len, consent_slice_t in)
{
    return base64_decode(out, out_len, in, '-', '_');
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


/* Without padding; c62 and c63 are the alphabet's last two. */
static consent_rc_t
base64_decode(uint8_t *out, size_t *out_len, consent_slice_t in, char c62, char c63)
{
    int        value;
    size_t     i;
    uint8_t   *p;
    uint32_t   bits;

    *out_len = 0;

    if (in.len % 4 == 1) {
        return CONSENT_MALFORMED;
    }

    p = out;
    bits = 0;

    for (i = 0; i < in.len; i++) {
        value = base64_value(in.data[i], c62, c63);

        if (value < 0) {
            return CONSENT_MALFORMED;
        }

        bits = bits << 6 | (uint32_t) value;

        if (i % 4 == 3) {
            *p++ = (uint8_t) (bits >> 16);
            *p++ = (uint8_t) (bits >> 8);
            *p++ = (uint8_t) bits;
            bits = 0;
        }
    }

    switch (in.len % 4) {
    case 2:
        if (bits & 0x0f) {
            return CONSENT_MALFORMED;
        }

        *p++ = (uint8_t) (bits >> 4);
        break;

    case 3:
        if (bits & 0x03) {
            return CONSENT_MALFORMED;
        }

        *p++ = (uint8_t) (bits >> 10);
        *p++ = (uint8_t) (bits >> 2);
        break;

    default:
        break;
    }

    *out_len = (size_t) (p - out);

    return CONSENT_OK;
}


static int
base64_value(uint8_t c, char c62, char c63)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }

    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26;
    }

    if (c >= '0' && c <= '9') {
        return c - '0' + 52;
    }

    return c == (uint8_t) c62 ? 62 : c == (uint8_t) c63 ? 63 : -1;
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
