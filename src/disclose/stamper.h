/*
 * What the stampers of all kinds but HTML have in common.
 */

#ifndef CONSENT_STAMPER_H
#define CONSENT_STAMPER_H

#include "disclose/stamp.h"

typedef enum {
    CONSENT_BOM_PENDING = 0,
    CONSENT_BOM_NONE,
    CONSENT_BOM_FOUND
} consent_bom_t;

typedef struct {
    consent_stamp_t                   pub;
    const consent_stamp_conf_t       *conf;
    const consent_disclosure_text_t  *text;     /* in the language of the response */
    const consent_marks_t            *said;     /* its own, or those that offer a person */
    consent_emit_pt                   emit;     /* of the feed under way */
    void                             *arg;
    consent_rc_t                      rc;       /* what emit returned */
    bool                              promised;
    size_t                            promise;
    consent_bom_t                     bom;
    uint8_t                           marks;    /* bytes of a byte order mark that were seen */
} consent_stamper_t;

typedef bool (*consent_promise_pt)(consent_stamp_t *h, size_t *growth);
typedef consent_rc_t (*consent_feed_pt)(consent_transform_t *t, const uint8_t *in, size_t n, bool last,
    consent_emit_pt emit, void *arg);

/* Zeroes what is the same in all. promise: NULL if there is never one. */
void consent_stamper_init(consent_stamper_t *s, const consent_stamp_conf_t *conf, consent_feed_pt feed,
    consent_promise_pt promise);

/* To be called first in every feed. */
static inline void
consent_stamper_begin(consent_stamper_t *s, consent_emit_pt emit, void *arg)
{
    s->emit = emit;
    s->arg = arg;
    s->rc = CONSENT_OK;
}

/* Hands out a span of the body; nothing when it is empty, or after an error. */
static inline void
consent_stamper_emit(consent_stamper_t *s, const uint8_t *data, size_t len, consent_span_kind_t kind)
{
    if (len > 0 && s->rc == CONSENT_OK) {
        s->rc = s->emit(s->arg, data, len, kind);
    }
}

/* Hands out a text of ours and counts it. */
static inline void
consent_stamper_insert(consent_stamper_t *s, consent_slice_t text, consent_span_kind_t kind)
{
    consent_stamper_emit(s, text.data, text.len, kind);
    s->pub.inserted += text.len;
}

/* Nothing more is read. */
static inline void
consent_stamper_finish(consent_stamper_t *s, consent_stamp_outcome_t outcome)
{
    s->pub.outcome = outcome;
    s->pub.decided = true;
}

/* There is room for `size` bytes that are held back, at *held, which is NULL at first; false: no memory. */
bool consent_stamper_room(consent_stamper_t *s, uint8_t **held, size_t size);

/* Reads UTF-8's byte order mark, byte by byte until s->bom is no longer pending. Returns how many bytes were taken. A
 * mark is emitted; the s->marks bytes of what turned out to be none are not: they are those of consent_stamper_mark. */
size_t consent_stamper_bom(consent_stamper_t *s, const uint8_t *in, size_t n);

extern const uint8_t  consent_stamper_mark[3];

/* The promise of texts that spaces at the end do no harm to: `most` more bytes than are in, if it is not decided. */
bool consent_stamper_promise(consent_stamper_t *s, size_t *growth, size_t most);

/* To be called last: makes up for what was promised and found no place. */
void consent_stamper_fill(consent_stamper_t *s);

/* The stampers, for consent_stamp_size() and consent_stamp_init(). */
size_t consent_stamp_json_size(void);
consent_stamp_t *consent_stamp_json_init(void *memory, const consent_stamp_conf_t *conf);

size_t consent_stamp_stream_size(void);
consent_stamp_t *consent_stamp_stream_init(void *memory, const consent_stamp_conf_t *conf, bool sse);

size_t consent_stamp_text_size(void);
consent_stamp_t *consent_stamp_text_init(void *memory, const consent_stamp_conf_t *conf, bool markdown);

size_t consent_stamp_png_size(void);
consent_stamp_t *consent_stamp_png_init(void *memory, const consent_stamp_conf_t *conf);

size_t consent_stamp_jpeg_size(void);
consent_stamp_t *consent_stamp_jpeg_init(void *memory, const consent_stamp_conf_t *conf);

#endif
