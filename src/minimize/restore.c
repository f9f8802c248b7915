/*
 * Which way back an answer takes.
 */

#include "base/digest.h"
#include "minimize/restore_inside.h"

typedef struct {
    consent_transform_t             base;
    const consent_masks_t          *masks;
    consent_restore_kind_t          kind;
    union {
        consent_restore_text_t      text;
        consent_restore_document_t  document;
        consent_restore_events_t    events;
    } u;
} restore_t;

static consent_rc_t restore_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last,
    consent_emit_pt emit, void *arg);
static void restore_text(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *in, size_t n, bool last,
    consent_escape_t escape);
static void restore_destroy(consent_transform_t *t);


size_t
consent_restore_size(void)
{
    return sizeof(restore_t);
}


consent_transform_t *
consent_restore_init(void *memory, const consent_masks_t *masks, consent_restore_kind_t kind)
{
    restore_t  *r = memory;

    r->base.feed = restore_feed;
    r->base.destroy = restore_destroy;
    r->masks = masks;
    r->kind = kind;

    switch (kind) {

    case CONSENT_RESTORE_JSON:
        consent_restore_document_init(&r->u.document);
        break;

    case CONSENT_RESTORE_NDJSON:
    case CONSENT_RESTORE_SSE:
        consent_restore_events_init(&r->u.events, kind == CONSENT_RESTORE_NDJSON);
        break;

    default:
        consent_restore_text_init(&r->u.text, kind == CONSENT_RESTORE_HTML);
        break;
    }

    return &r->base;
}


static consent_rc_t
restore_feed(consent_transform_t *t, const uint8_t *in, size_t n, bool last, consent_emit_pt emit, void *arg)
{
    restore_t              *r = (restore_t *) t;
    consent_restore_out_t   o;

    static const uint8_t  nothing[1];

    memset(&o, 0, sizeof(o));
    o.masks = r->masks;
    o.longest = consent_masks_longest(r->masks);
    o.emit = emit;
    o.arg = arg;

    if (o.longest == 0 || o.longest > CONSENT_MASK_LEN) {
        return n > 0 ? emit(arg, in, n, CONSENT_SPAN_BORROWED) : CONSENT_OK;
    }

    if (n == 0) {
        in = nothing;
    }

    consent_restore_out(&o, in, CONSENT_SPAN_BORROWED);

    switch (r->kind) {

    case CONSENT_RESTORE_JSON:
        consent_restore_document_feed(&r->u.document, &o, in, n, last);
        break;

    case CONSENT_RESTORE_NDJSON:
    case CONSENT_RESTORE_SSE:
        consent_restore_events_feed(&r->u.events, &o, in, n, last);
        break;

    case CONSENT_RESTORE_HTML:
        restore_text(&r->u.text, &o, in, n, last, CONSENT_ESCAPE_HTML);
        break;

    default:
        restore_text(&r->u.text, &o, in, n, last, CONSENT_ESCAPE_NONE);
        break;
    }

    return o.rc;
}


static void
restore_text(consent_restore_text_t *t, consent_restore_out_t *o, const uint8_t *in, size_t n, bool last,
    consent_escape_t escape)
{
    consent_restore_text_read(t, o, in, in + n, escape);

    if (last) {
        consent_restore_text_end(t, o, in + n, true, escape);

    } else {
        consent_restore_text_keep(t, o, in + n);
    }
}


/* Texts of the answer are personal data too. */
static void
restore_destroy(consent_transform_t *t)
{
    restore_t  *r = (restore_t *) t;

    consent_wipe(&r->u, sizeof(r->u));
}
