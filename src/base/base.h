/*
 * What every room shares: return codes, slices and a few safe helpers.
 */

#ifndef CONSENT_BASE_H
#define CONSENT_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef enum {
    CONSENT_OK = 0,
    CONSENT_MALFORMED,      /* input is not what it claims to be */
    CONSENT_LIMIT,          /* a stated bound was exceeded */
    CONSENT_NOMEM,
    CONSENT_DENIED,         /* not authentic, or not allowed */
    CONSENT_EXPIRED,        /* authentic, but its time is over (or has not come) */
    CONSENT_NOTFOUND,
    CONSENT_CONFLICT,       /* a newer version exists */
    CONSENT_IO,             /* a system call or the store failed */
    CONSENT_FULL,           /* no space left */
    CONSENT_BUSY            /* held by somebody else; try later */
} consent_rc_t;

/* Bytes that somebody else owns. `data` may be NULL when `len` is 0. Never NUL-terminated by promise. */
typedef struct {
    const uint8_t *data;
    size_t         len;
} consent_slice_t;

/* A set of categories, one bit each, by their index in the policy document. */
typedef uint64_t consent_mask_t;

#define CONSENT_MAX_CATEGORIES  63
#define CONSENT_MAX_LEVELS      16
#define CONSENT_MAX_LANGUAGES   8

#define CONSENT_SUBJECT_LEN     16      /* a pseudonym: 128 bits */
#define CONSENT_HASH_LEN        32      /* SHA-256 */
#define CONSENT_ID_LEN          16      /* receipts, requests: 128 random bits */

/* Milliseconds since the epoch, UTC. */
typedef int64_t consent_time_t;

/* A slice of a string literal. */
#define consent_lit(s)  ((consent_slice_t) { (const uint8_t *) (s), sizeof(s) - 1 })

#define consent_countof(a)  (sizeof(a) / sizeof((a)[0]))

static inline consent_slice_t
consent_slice(const void *data, size_t len)
{
    return (consent_slice_t) { (const uint8_t *) data, len };
}

/* A slice over a C string; NULL gives the empty slice. */
static inline consent_slice_t
consent_cstr(const char *s)
{
    return (consent_slice_t) { (const uint8_t *) s, s == NULL ? 0 : strlen(s) };
}

static inline bool
consent_slice_eq(consent_slice_t a, consent_slice_t b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static inline uint8_t
consent_lower(uint8_t c)
{
    return (uint8_t) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

/* Equal whatever their ASCII case. */
static inline bool
consent_slice_ieq(consent_slice_t a, consent_slice_t b)
{
    size_t  i;

    if (a.len != b.len) {
        return false;
    }

    /* most are written alike */
    if (a.len == 0 || memcmp(a.data, b.data, a.len) == 0) {
        return true;
    }

    for (i = 0; i < a.len; i++) {
        if (consent_lower(a.data[i]) != consent_lower(b.data[i])) {
            return false;
        }
    }

    return true;
}

/* A word for a return code, for messages: "malformed", "limit", … */
const char *consent_rc_name(consent_rc_t rc);

#endif
