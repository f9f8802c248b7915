/*
 * JSON with places: a strict parser (RFC 8259) that remembers line and column of every value, for documents
 * people write; and writers, plain and canonical (RFC 8785).
 */

#ifndef CONSENT_JSON_H
#define CONSENT_JSON_H

#include "base/arena.h"
#include "base/buf.h"

/* No document is read or written deeper than this, whatever the caller allows. */
#define CONSENT_JSON_MAX_DEPTH  512

typedef enum {
    CONSENT_JSON_NULL = 0,
    CONSENT_JSON_FALSE,
    CONSENT_JSON_TRUE,
    CONSENT_JSON_NUMBER,
    CONSENT_JSON_STRING,
    CONSENT_JSON_ARRAY,
    CONSENT_JSON_OBJECT
} consent_json_type_t;

typedef struct consent_json_s  consent_json_t;

struct consent_json_s {
    consent_json_type_t   type;
    uint32_t              line;         /* of the value's first byte, from 1 */
    uint32_t              column;       /* in characters (UTF-8 code points), from 1 */
    uint32_t              name_line;    /* of the member's name, when the parent is an object */
    uint32_t              name_column;
    consent_slice_t       name;         /* decoded member name */
    consent_slice_t       text;         /* decoded string, or a number as it was written */
    size_t                count;        /* elements or members */
    consent_json_t       *parent;
    consent_json_t       *first;        /* elements or members, in order */
    consent_json_t       *next;
};

typedef struct {
    uint32_t     line;
    uint32_t     column;
    const char  *what;                  /* static text, e.g. "expected ',' or '}'" */
} consent_json_error_t;

/* Parses a whole document: UTF-8 (a BOM is an error), no duplicate names within an object, no lone
 * surrogates, depth at most max_depth (a scalar has depth 0) and CONSENT_JSON_MAX_DEPTH. Everything, text
 * included, is copied into the arena. Returns CONSENT_OK, CONSENT_MALFORMED (err filled), CONSENT_LIMIT
 * (too deep; err filled) or CONSENT_NOMEM. */
consent_rc_t consent_json_parse(consent_json_t **root, consent_arena_t *a, consent_slice_t in,
    size_t max_depth, consent_json_error_t *err);

/* The member of that name, or NULL (also when obj is NULL or no object). */
const consent_json_t *consent_json_get(const consent_json_t *obj, const char *name);

/* The value's integer; CONSENT_MALFORMED if it is no number, has a fraction or exponent, or exceeds
 * +-(2^53 - 1). */
consent_rc_t consent_json_int(int64_t *out, const consent_json_t *v);

/* The value's path, as RFC 9535 normalized path with dots where names allow: $.categories[2].title.sv */
void consent_json_path(consent_buf_t *b, const consent_json_t *v);

/* Resolves the escapes of what stands between a string's quotes; out holds at least raw.len bytes and may
 * be raw.data. Returns NULL, or static text on what is wrong at raw.data[*used]. Only escapes are judged,
 * lone surrogates included. */
const char *consent_json_unescape(uint8_t *out, size_t *out_len, size_t *used, consent_slice_t raw);

/* The shortest escape of a byte below 0x80 in a string between `quote`s; returns its length, 0 if it needs
 * none. */
size_t consent_json_escape(char escape[static 6], uint8_t c, char quote);

/* The text as a JSON string, quotes included; control characters, '"', '\\' escaped; also '<', '>', '&',
 * U+2028 and U+2029 as \u escapes when `html` (safe inside <script>). Invalid UTF-8 becomes U+FFFD. */
void consent_json_write_string(consent_buf_t *b, consent_slice_t text, bool html);

/* Canonical form of RFC 8785: members sorted by UTF-16 code units, no white space, shortest escapes.
 * Numbers must be integers within +-(2^53 - 1): CONSENT_MALFORMED otherwise. Also CONSENT_NOMEM,
 * CONSENT_LIMIT and b's own rc; b's content is then undefined. */
consent_rc_t consent_json_canonical(consent_buf_t *b, const consent_json_t *v);

/* Compact form, members in the order given, numbers as written. */
void consent_json_write(consent_buf_t *b, const consent_json_t *v, bool html);

#endif
