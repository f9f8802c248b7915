/*
 * Values of HTTP header fields.
 */

#include "disclose/field.h"
#include "base/utf8.h"


bool
consent_field_safe(consent_slice_t text)
{
    uint32_t        c;
    const uint8_t  *p, *end;

    if (text.len == 0) {
        return true;
    }

    if (!consent_utf8_valid(text)) {
        return false;
    }

    p = text.data;
    end = p + text.len;

    while (p < end) {
        c = consent_utf8_next(&p, end);

        if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
            return false;
        }
    }

    return true;
}


void
consent_field_text(consent_buf_t *b, consent_slice_t text)
{
    bool     ascii;
    size_t   i;
    uint8_t  c;

    ascii = true;

    for (i = 0; i < text.len; i++) {
        if (text.data[i] >= 0x80) {
            ascii = false;
        }
    }

    consent_buf_str(b, ascii ? "\"" : "%\"");

    for (i = 0; i < text.len; i++) {
        c = text.data[i];

        if (ascii) {
            if (c == '"' || c == '\\') {
                consent_buf_char(b, '\\');
            }

            consent_buf_char(b, (char) c);

        } else if (c == '%' || c == '"' || c < 0x20 || c > 0x7e) {
            consent_buf_char(b, '%');
            consent_buf_hex(b, &c, 1);

        } else {
            consent_buf_char(b, (char) c);
        }
    }

    consent_buf_char(b, '"');
}


void
consent_field_path(consent_buf_t *b, consent_slice_t path)
{
    size_t   i;
    uint8_t  c;

    for (i = 0; i < path.len; i++) {
        c = path.data[i];

        if (c != 0 && strchr("/:@!$&'()*+,;=", c) != NULL) {
            consent_buf_char(b, (char) c);

        } else {
            consent_percent_encode(b, consent_slice(&c, 1));
        }
    }
}


void
consent_field_ext(consent_buf_t *b, consent_slice_t text)
{
    consent_buf_str(b, "UTF-8''");
    consent_percent_encode(b, text);
}
