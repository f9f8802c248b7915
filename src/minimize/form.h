/*
 * What the files of the form transform share: writing out, and looking into one value.
 *
 * A value is looked at as a server decodes it, and written as it came: decisions about decoded bytes are carried back
 * to the raw ones. Up to CONSENT_FORM_HELD raw bytes it is seen as a whole; a longer one is let through as it
 * comes, and is refused if what should not pass is found in it too late.
 */

#ifndef CONSENT_FORM_H
#define CONSENT_FORM_H

#include "minimize/body.h"

#define CONSENT_FORM_HELD  8192

typedef struct {
    consent_inspect_t    *inspect;
    bool                  text;         /* text carriers are withheld */
    bool                  json;         /* members are */
    size_t                dull;         /* of consent_detect_dull() */

    consent_emit_pt       emit;         /* of the feed under way */
    void                 *arg;
    const uint8_t        *from;         /* of its input, what is to be emitted next; NULL: nothing */
    const uint8_t        *to;

    const uint8_t        *raw;          /* what is being decided, */
    size_t                len;
    size_t                done;         /* ... up to where it is, */
    size_t                fed;          /* ... and up to where it was decoded, if it comes in pieces */
    size_t                owed;         /* decoded bytes of what is done that are still to be decided */
    size_t                at;           /* of decoded: where in a value of JSON we are */
    consent_span_kind_t   kind;

    void                 *memory;       /* of one of the following at a time */
    consent_detect_t     *detect;
    consent_transform_t  *members;
    consent_inspect_t     apart;        /* what members of a long value finds */
    size_t                members_in;
    size_t                members_out;

    uint8_t               decoded[CONSENT_FORM_HELD];
    uint8_t               hold[CONSENT_FORM_HELD];
} consent_form_value_t;

/* Bytes for v->memory. */
size_t consent_form_value_size(const consent_detectors_t *detectors);
void consent_form_value_init(consent_form_value_t *v, consent_inspect_t *inspect, void *memory);
void consent_form_value_end(consent_form_value_t *v);

consent_rc_t consent_form_flush(consent_form_value_t *v);
consent_rc_t consent_form_emit(consent_form_value_t *v, const uint8_t *data, size_t len, consent_span_kind_t kind);

/* Emits len bytes; what is borrowed and follows what was written before is emitted with it, by consent_form_flush() at
 * the latest. */
static inline consent_rc_t
consent_form_write(consent_form_value_t *v, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    if (kind == CONSENT_SPAN_BORROWED && v->from != NULL && v->to == data) {
        v->to += len;
        return CONSENT_OK;
    }

    return len == 0 ? CONSENT_OK : consent_form_emit(v, data, len, kind);
}


/* What len > 0 raw bytes begin with: how many of them are one byte, or one character written as %uXXXX; out holds what
 * they are. '+' is a space; an escaped '%' that begins another escape is read on, so that "%2531" is "1". 0: that
 * depends on what follows, of which `last` says that it is nothing. */
size_t consent_form_unit(uint8_t out[static 3], size_t *out_len, const uint8_t *raw, size_t len, bool last);

/* All of them; out holds len bytes. *used: raw bytes that could be told. Returns the length. */
size_t consent_form_decode(uint8_t *out, size_t *used, const uint8_t *raw, size_t len, bool last);

/* A sure no: what these bytes stand for has no '@' and fewer digits than CONSENT_DETECT_DULL, nor anything that is read as
 * those, told without decoding. */
bool consent_form_dull(const uint8_t *raw, size_t len);

/* A name with or without '=' and value, at most CONSENT_FORM_HELD bytes; eq: the '=', or the end. */
consent_rc_t consent_form_pair(consent_form_value_t *v, const uint8_t *p, const uint8_t *eq, const uint8_t *end,
    consent_span_kind_t kind);

/* One text of at most CONSENT_FORM_HELD raw bytes. */
consent_rc_t consent_form_text(consent_form_value_t *v, const uint8_t *raw, size_t len, consent_span_kind_t kind);

/* A value in pieces. The first is to be of the same length however the input came: by it, it is seen as JSON or not. */
consent_rc_t consent_form_long_begin(consent_form_value_t *v, const uint8_t *raw, size_t len, consent_span_kind_t kind);
consent_rc_t consent_form_long_feed(consent_form_value_t *v, const uint8_t *raw, size_t len, bool last);

/* Sets inspect->doubt unless it is set; CONSENT_MALFORMED. */
consent_rc_t consent_form_doubt(consent_inspect_t *inspect, consent_doubt_t doubt);

/* JSON members are carriers of a category that may not pass. */
bool consent_form_members(const consent_inspect_t *inspect);

/* Whether a text, or what there is of it, is JSON with a string in it, or breaks its rules before the first quote. */
typedef enum {
    CONSENT_FORM_TEXT = 0,
    CONSENT_FORM_JSON,
    CONSENT_FORM_EITHER         /* all of it could begin JSON */
} consent_form_sight_t;

consent_form_sight_t consent_form_sight(const uint8_t *text, size_t len);

/* What the path carries that a value is, as it came, not empty: where to go next, where somebody came from. text: room for
 * 64 bytes. */
consent_mask_t consent_form_path(uint8_t *text, consent_slice_t value, const consent_policy_t *policy);

#endif
