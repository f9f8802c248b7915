/*
 * A growing buffer that is born with its ceiling. Errors stick: after the first failure nothing is added and
 * `rc` says why, so that a writer checks once at its end.
 */

#ifndef CONSENT_BUF_H
#define CONSENT_BUF_H

#include "base/base.h"

typedef struct {
    uint8_t      *data;
    size_t        len;
    size_t        size;
    size_t        ceiling;
    bool          fixed;        /* memory of the caller's: never grown, never freed */
    consent_rc_t  rc;
} consent_buf_t;

/* An empty buffer that grows by malloc up to `ceiling` bytes. Nothing is allocated yet. */
void consent_buf_init(consent_buf_t *b, size_t ceiling);

/* A buffer over `size` bytes of the caller's memory; overflow sets rc to CONSENT_LIMIT. */
void consent_buf_init_fixed(consent_buf_t *b, void *memory, size_t size);

/* Frees what init's growth allocated. The buffer is empty and usable afterwards. */
void consent_buf_free(consent_buf_t *b);

void consent_buf_add(consent_buf_t *b, const void *data, size_t len);
void consent_buf_slice(consent_buf_t *b, consent_slice_t s);
void consent_buf_str(consent_buf_t *b, const char *s);
void consent_buf_char(consent_buf_t *b, char c);
void consent_buf_u64(consent_buf_t *b, uint64_t n);
void consent_buf_i64(consent_buf_t *b, int64_t n);
void consent_buf_hex(consent_buf_t *b, const uint8_t *data, size_t len);    /* lower case */
void consent_buf_printf(consent_buf_t *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline consent_slice_t
consent_buf_view(const consent_buf_t *b)
{
    return consent_slice(b->data, b->len);
}

#endif
