/*
 * A glance into JSON that lies in one piece: the members of an object, the elements of an array, as they are written.
 *
 * Nothing is copied and nothing is validated beyond what is needed to find the next member: it is other people's JSON,
 * and whoever reads it will say what is wrong with it. No recursion; time is linear in what is passed over.
 */

#ifndef CONSENT_PEEK_H
#define CONSENT_PEEK_H

#include "base/base.h"

typedef struct {
    const uint8_t  *p;
    const uint8_t  *end;
    bool            lines;      /* an event's data: a line break is followed by the next line's "data:" */
    bool            begun;
    uint8_t         close;      /* '}' or ']' */
} consent_peek_t;

/* The text is, after white space, an object or array: it->p is behind its bracket. lines: see there. */
bool consent_peek_object(consent_peek_t *it, consent_slice_t text, bool lines);
bool consent_peek_array(consent_peek_t *it, consent_slice_t text, bool lines);

/* The next member's name, between its quotes, escapes not resolved. False: the object has ended, the text has, or it is
 * not JSON. To be followed by consent_peek_value(). */
bool consent_peek_name(consent_peek_t *it, consent_slice_t *name);

/* The value of the member whose name was read: from its first byte to its last. */
bool consent_peek_value(consent_peek_t *it, consent_slice_t *value);

/* The next element of an array. */
bool consent_peek_element(consent_peek_t *it, consent_slice_t *value);

/* The member of that name of an object: its value, or the empty slice. */
consent_slice_t consent_peek_get(consent_slice_t object, const char *name, bool lines);

/* The value is that string. */
bool consent_peek_is(consent_slice_t value, const char *string);

/* The value is a string of at least one character. */
bool consent_peek_says(consent_slice_t value);

#endif
