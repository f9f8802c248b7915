/*
 * The stamper's state, and what its parts offer each other: html.c reads and html_emit.c writes; html_head.c,
 * html_meta.c and html_body.c know where in a page what may stand; html_skip.c knows what is not worth reading.
 */

#ifndef CONSENT_HTML_PAGE_H
#define CONSENT_HTML_PAGE_H

#include "disclose/html.h"
#include "disclose/html_scan.h"

#define CONSENT_STAMP_HOLD   2048U       /* bytes held back at most */
#define CONSENT_STAMP_DEPTH  8           /* wrappers around a skip link */
#define CONSENT_STAMP_NONE   UINT64_MAX  /* no position */
#define CONSENT_STAMP_PRESCAN  1024U      /* bytes in which a charset declaration counts */

typedef enum {
    CONSENT_PHASE_START = 0,            /* a byte order mark may stand here */
    CONSENT_PHASE_HEAD,                 /* before the head, and in it */
    CONSENT_PHASE_AFTER_HEAD,
    CONSENT_PHASE_BODY_TAG,             /* within the tag <body ...> */
    CONSENT_PHASE_BODY,                 /* a skip link, or elements of ours, may stand here */
    CONSENT_PHASE_MATCH,                /* what stands here is ours so far */
    CONSENT_PHASE_PASS                  /* nothing more is read */
} consent_stamp_phase_t;

/* Positions count bytes of the input, in UTF-16 pairs of bytes. */
typedef struct {
    consent_stamp_t              pub;
    const consent_stamp_conf_t  *conf;
    consent_emit_pt              emit;
    void                        *arg;
    consent_rc_t                 rc;            /* of the feed under way: what emit returned */

    const uint8_t               *in;
    uint64_t                     in_pos;        /* position of in[0] */
    uint64_t                     at;            /* position that was read up to */
    uint64_t                     done;          /* all before is emitted, or replaced */
    uint64_t                     hold;          /* nothing from here on is emitted yet; CONSENT_STAMP_NONE */
    uint64_t                     held_pos;      /* position of held[0] */
    size_t                       held_len;      /* bytes in held: all between held_pos and in_pos */
    consent_span_kind_t          kind;          /* of the input under way */
    uint8_t                      unit;          /* bytes a position stands for: 1, 2 */

    consent_stamp_phase_t        phase;
    consent_charset_t            charset;
    bool                         document;      /* it has a doctype, html, head or body */
    bool                         begun;         /* it has a tag */
    const consent_disclosure_t  *disclosure;    /* of what is said; changes where the page itself says what it is */
    bool                         ai;            /* it is an AI's, as we say or as it says */
    bool                         asserts;       /* the page's meta is ours to say */
    bool                         listens;       /* its own meta matters */
    bool                         head_done;
    bool                         have_meta, have_style, have_data;
    bool                         followed;      /* all of `follow` was there */
    bool                         promised;
    bool                         has_half;      /* half a unit of UTF-16 waits */
    uint8_t                      half;
    consent_slice_t              follow;        /* bytes that are expected next */
    size_t                       promise;

    unsigned                     templates;     /* open template elements */
    unsigned                     foreign;       /* open svg and math elements in them */
    unsigned                     links;         /* skip links seen */
    bool                         in_link;
    bool                         block_links;   /* the block under way holds one */
    uint8_t                      depth;
    uint64_t                     stack[CONSENT_STAMP_DEPTH];

    uint8_t                     *held;          /* CONSENT_STAMP_HOLD bytes, or NULL: none were held back yet */

    consent_scan_t               scan;
} consent_stamp_page_t;

/* html_emit.c: hands out a span; nothing when it is empty, or after an error. */
void consent_stamp_emit(consent_stamp_page_t *h, const uint8_t *data, size_t len, consent_span_kind_t kind);

/* n bytes of spaces, not counted as inserted. */
void consent_stamp_emit_spaces(consent_stamp_page_t *h, size_t n);

/* There is room for what is held back; false: no memory. */
bool consent_stamp_room(consent_stamp_page_t *h);

/* Emits what was read of the input, `units` in all, but for what is held back: that is kept. */
void consent_stamp_settle(consent_stamp_page_t *h, size_t units);

/* Emits the input up to that position. */
void consent_stamp_emit_to(consent_stamp_page_t *h, uint64_t to);

/* Emits n texts of ours, those that lie side by side as one span, and counts them as inserted. All of them are ASCII
 * in pages of UTF-16. */
void consent_stamp_insert(consent_stamp_page_t *h, const consent_slice_t *texts, size_t n);

/* In place of the input from `done` to that position: head, spaces as far as there is room, and tail. */
void consent_stamp_replace(consent_stamp_page_t *h, uint64_t to, consent_slice_t head, consent_slice_t tail);

/* The input at that position, which is not emitted yet, begins with these bytes, and they were read. */
bool consent_stamp_was(const consent_stamp_page_t *h, uint64_t pos, consent_slice_t bytes);

/* html.c: nothing more is read. */
void consent_stamp_finish(consent_stamp_page_t *h, consent_stamp_outcome_t outcome);

/* The elements in the page's language and charset. */
const consent_elements_t *consent_stamp_elements(const consent_stamp_page_t *h);

/* What goes first into the body, in order; returns how many. */
size_t consent_stamp_body(const consent_stamp_page_t *h, consent_slice_t elements[static 2]);

/* html_skip.c: between two tags before the end of an HTML head: passes over white space and elements that nothing
 * hangs on, as far as they are complete. Returns where the tokenizer has to go on. */
const uint8_t *consent_stamp_skip(consent_stamp_page_t *h, const uint8_t *p, const uint8_t *end);

/* html_head.c: an event of the tokenizer before the body. */
void consent_stamp_head_event(consent_stamp_page_t *h, consent_scan_event_t event);

/* The head of a document ends with a tag at one position, the body begins at the other. */
void consent_stamp_head_leave(consent_stamp_page_t *h, uint64_t end, uint64_t body);

/* CONSENT_STAMP_HOLD bytes are held, and no end is in sight. */
void consent_stamp_head_overflow(consent_stamp_page_t *h);

/* The input has ended before the body began. */
void consent_stamp_head_end(consent_stamp_page_t *h);

/* html_meta.c: takes the policy's language that <html lang> names: by the whole tag, else by its first part. */
void consent_stamp_language(consent_stamp_page_t *h, consent_slice_t lang);

/* A meta of the head was read: its charset, or its claim, counts. */
void consent_stamp_meta(consent_stamp_page_t *h);

/* html_body.c: the body begins at that position. */
void consent_stamp_body_begin(consent_stamp_page_t *h, uint64_t pos);
void consent_stamp_body_event(consent_stamp_page_t *h, consent_scan_event_t event);

/* An element of that name may stand before a skip link; and around it. */
bool consent_stamp_body_leads(uint64_t name);
bool consent_stamp_body_wraps(uint64_t name);

/* Inserts at the position that is held, and is done. */
void consent_stamp_body_insert(consent_stamp_page_t *h);

#endif
