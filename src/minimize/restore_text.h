/*
 * Masks in one text, which may come in pieces, and pieces of it in several events: finding them, waiting for what
 * decides, and putting values in their place.
 */

#ifndef CONSENT_RESTORE_TEXT_H
#define CONSENT_RESTORE_TEXT_H

#include "base/transform.h"
#include "minimize/masks.h"
#include "minimize/restore_place.h"

#define CONSENT_RESTORE_TAIL   24       /* bytes behind a mask that are looked at before it is decided, at most */
#define CONSENT_RESTORE_HELD   (CONSENT_MASK_LEN + CONSENT_RESTORE_TAIL + 24)
#define CONSENT_RESTORE_VALUE  (CONSENT_MASK_MAX_VALUE * 6)     /* bytes of a value, escaped */

/* How a value is written. */
typedef enum {
    CONSENT_ESCAPE_NONE = 0,
    CONSENT_ESCAPE_LINE,        /* as it is, but never with a line break */
    CONSENT_ESCAPE_HTML,
    CONSENT_ESCAPE_JSON
} consent_escape_t;

typedef struct {
    consent_place_t  place;     /* before what is held */
    uint8_t          n;         /* bytes held: a mask as far as it has come, then what follows it */
    uint8_t          mask;      /* bytes of the mask once it is complete; 0: not yet */
    uint8_t          tail;      /* what the bytes behind it are so far */
    uint8_t          ref;       /* where in `held` a character reference begins */
    uint8_t          escape;    /* bytes of a JSON escape under way, its backslash included */
    uint8_t          digits;    /* hex digits of it still to come */
    uint16_t         code;
    uint8_t          held[CONSENT_RESTORE_HELD];
} consent_restore_text_t;

/* Where a piece goes. `from` is the first byte of the input under way that has not been passed on. */
typedef struct {
    const consent_masks_t  *masks;
    size_t                  longest;    /* mask, CONSENT_MASK_LEN at most */
    consent_emit_pt         emit;
    void                   *arg;
    consent_span_kind_t     kind;       /* of the input */
    const uint8_t          *from;
    const uint8_t          *held;       /* where in the input what is held begins; NULL: in an earlier one */
    consent_rc_t            rc;         /* of the first emit that failed; nothing is emitted after it */
} consent_restore_out_t;

void consent_restore_out(consent_restore_out_t *o, const uint8_t *from, consent_span_kind_t kind);

/* Passes on the input up to p. */
void consent_restore_pass(consent_restore_out_t *o, const uint8_t *p);

/* The beginning of a text; of a piece of it in another input, or in another place of the same one, where everything
 * before p has been passed on. */
void consent_restore_text_init(consent_restore_text_t *t, bool page);
void consent_restore_text_piece(consent_restore_out_t *o, const uint8_t *p);

/* Reads [p, end) as it is. */
void consent_restore_text_read(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p,
    const uint8_t *end, consent_escape_t escape);

/* Reads the content of a JSON string up to its closing quote; returns where that stands, or end. Escapes are decoded;
 * the string is valid as far as it goes, or nothing is restored any more. */
const uint8_t *consent_restore_text_string(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p,
    const uint8_t *end);

/* The input ends at p, the text does not: passes on all but what is held. */
void consent_restore_text_keep(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p);

/* Passes on what is held, and the input up to p. `over`: the text ends here, so that a complete mask is restored. */
void consent_restore_text_end(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *p, bool over,
    consent_escape_t escape);

#endif
