/*
 * The small tokens: white space, numbers, and what a byte is to them.
 */

#ifndef CONSENT_JSON_TOKEN_H
#define CONSENT_JSON_TOKEN_H

#include "minimize/json_inside.h"

#define JSON_IS_SPACE    1
#define JSON_IS_DIGIT    2
#define JSON_IS_NEST     4         /* a string that begins so may be a document; white space may be escaped */
#define JSON_IS_BREAK    8         /* ends a line, for some who read lines */
#define JSON_IS_KIND     0x70      /* what a value that begins with it is: */
#define JSON_IS_QUOTE    0x10
#define JSON_IS_NUMBER   0x20
#define JSON_IS_WORD     0x30
#define JSON_IS_OPEN     0x40

/* Where in a number the reader is, RFC 8259, section 6. */
#define JSON_NUMBER_MINUS     0
#define JSON_NUMBER_ZERO      1      /* from here on it may end */
#define JSON_NUMBER_INTEGER   2
#define JSON_NUMBER_FRACTION  3
#define JSON_NUMBER_EXPONENT  4
#define JSON_NUMBER_POINT     5      /* from here on it may not */
#define JSON_NUMBER_E         6
#define JSON_NUMBER_SIGN      7

extern const uint8_t  consent_json_class[256];

/* *at is at white space, which is skipped. False: a line ends where a document may not. */
bool consent_json_space(const json_reader_t *r, const uint8_t **at, const uint8_t *end);

/* Returns where the number ends or the input does; r->number says whether it may end there. */
const uint8_t *consent_json_number_read(json_reader_t *r, const uint8_t *p, const uint8_t *end);

static inline bool
consent_json_number_whole(const json_reader_t *r)
{
    return r->number != JSON_NUMBER_MINUS && r->number < JSON_NUMBER_POINT;
}

/* json_fast.c: whether it may be tried at what follows a value; and as far as it gets: *p, and r->at says where that is. */
bool consent_json_fast_may(const json_reader_t *r, const uint8_t *p, const uint8_t *end);
consent_rc_t consent_json_fast(json_reader_t *r, const uint8_t **p, const uint8_t *end);

#endif
