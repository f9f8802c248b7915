/*
 * The growing buffer: doubling up to its ceiling, one sticky error.
 */

#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BUF_FIRST_SIZE  256

static bool buf_reserve(consent_buf_t *b, size_t len);
static void buf_number(consent_buf_t *b, uint64_t n, bool negative);


void
consent_buf_init(consent_buf_t *b, size_t ceiling)
{
    memset(b, 0, sizeof(consent_buf_t));
    b->ceiling = ceiling;
}


void
consent_buf_init_fixed(consent_buf_t *b, void *memory, size_t size)
{
    memset(b, 0, sizeof(consent_buf_t));
    b->data = memory;
    b->size = size;
    b->ceiling = size;
    b->fixed = true;
}


void
consent_buf_free(consent_buf_t *b)
{
    if (!b->fixed) {
        free(b->data);
        b->data = NULL;
        b->size = 0;
    }

    b->len = 0;
    b->rc = CONSENT_OK;
}


void
consent_buf_add(consent_buf_t *b, const void *data, size_t len)
{
    if (len == 0 || !buf_reserve(b, len)) {
        return;
    }

    memcpy(b->data + b->len, data, len);
    b->len += len;
}


void
consent_buf_slice(consent_buf_t *b, consent_slice_t s)
{
    consent_buf_add(b, s.data, s.len);
}


void
consent_buf_str(consent_buf_t *b, const char *s)
{
    consent_buf_add(b, s, strlen(s));
}


void
consent_buf_char(consent_buf_t *b, char c)
{
    if (buf_reserve(b, 1)) {
        b->data[b->len++] = (uint8_t) c;
    }
}


void
consent_buf_u64(consent_buf_t *b, uint64_t n)
{
    buf_number(b, n, false);
}


void
consent_buf_i64(consent_buf_t *b, int64_t n)
{
    if (n < 0) {
        buf_number(b, 0 - (uint64_t) n, true);

    } else {
        buf_number(b, (uint64_t) n, false);
    }
}


void
consent_buf_hex(consent_buf_t *b, const uint8_t *data, size_t len)
{
    static const char  digits[] = "0123456789abcdef";

    size_t    i;
    uint8_t  *p;

    if (len > SIZE_MAX / 2) {
        b->rc = b->rc == CONSENT_OK ? CONSENT_LIMIT : b->rc;
        return;
    }

    if (!buf_reserve(b, len * 2)) {
        return;
    }

    p = b->data + b->len;

    for (i = 0; i < len; i++) {
        *p++ = (uint8_t) digits[data[i] >> 4];
        *p++ = (uint8_t) digits[data[i] & 15];
    }

    b->len += len * 2;
}


void
consent_buf_printf(consent_buf_t *b, const char *fmt, ...)
{
    int      n;
    char    *text;
    va_list  args, again;
    char     small[256];

    if (b->rc != CONSENT_OK) {
        return;
    }

    va_start(args, fmt);
    va_copy(again, args);
    n = vsnprintf(small, sizeof(small), fmt, args);
    va_end(args);

    if (n < 0) {
        b->rc = CONSENT_MALFORMED;

    } else if ((size_t) n < sizeof(small)) {
        consent_buf_add(b, small, (size_t) n);

    } else if ((size_t) n > b->ceiling - b->len) {
        b->rc = CONSENT_LIMIT;

    } else {
        text = malloc((size_t) n + 1);

        if (text == NULL) {
            b->rc = CONSENT_NOMEM;

        } else {
            (void) vsnprintf(text, (size_t) n + 1, fmt, again);
            consent_buf_add(b, text, (size_t) n);
            free(text);
        }
    }

    va_end(again);
}


/* Room for len more bytes; false with rc set otherwise. */
static bool
buf_reserve(consent_buf_t *b, size_t len)
{
    size_t    size;
    uint8_t  *data;

    if (b->rc != CONSENT_OK) {
        return false;
    }

    if (len <= b->size - b->len) {
        return true;
    }

    if (len > b->ceiling - b->len) {
        b->rc = CONSENT_LIMIT;
        return false;
    }

    size = b->size < BUF_FIRST_SIZE ? BUF_FIRST_SIZE : b->size;

    while (size - b->len < len) {
        if (size > b->ceiling / 2) {
            size = b->ceiling;
            break;
        }

        size *= 2;
    }

    if (size > b->ceiling) {
        size = b->ceiling;
    }

    data = realloc(b->data, size);
    if (data == NULL) {
        b->rc = CONSENT_NOMEM;
        return false;
    }

    b->data = data;
    b->size = size;

    return true;
}


static void
buf_number(consent_buf_t *b, uint64_t n, bool negative)
{
    uint8_t  *p;
    uint8_t   digits[24];

    p = digits + sizeof(digits);

    do {
        *--p = (uint8_t) ('0' + n % 10);
        n /= 10;
    } while (n != 0);

    if (negative) {
        *--p = '-';
    }

    consent_buf_add(b, p, (size_t) (digits + sizeof(digits) - p));
}
