/*
 * What the files of the multipart transform share.
 *
 * Servers disagree about much of RFC 2046. What only some of them read as a delimiter, a header or its end is refused; of
 * names, every reading counts.
 */

#ifndef CONSENT_MULTIPART_H
#define CONSENT_MULTIPART_H

#include "minimize/body.h"
#include "minimize/media.h"

#define CONSENT_MULTIPART_MAX_HEAD    4096      /* bytes of a part's header at most */
#define CONSENT_MULTIPART_MAX_LINES     32      /* lines of it at most */
#define CONSENT_MULTIPART_MAX_LEVELS     4      /* multiparts within each other at most */
#define CONSENT_MULTIPART_LONG          16      /* bytes of a boundary that is found in content by itself */
#define CONSENT_MULTIPART_MAX_CHARSET   32      /* bytes of the value of "_charset_" that are looked at; none is longer */

/* What the header of a part says. Slices are borrowed from it. */
typedef struct {
    consent_mask_t   mask;          /* categories of all its names, and of its header lines */
    consent_slice_t  name;          /* the first; data NULL: it has none */
    bool             known;         /* one of its names is necessary */
    bool             charset;       /* it is the field "_charset_" */
    bool             file;          /* it has a filename */
    bool             says;          /* its header holds more than names: something of hers, whatever follows */
    bool             encoded;       /* with a Content-Transfer-Encoding or Content-Encoding */
    bool             typed;         /* it has a Content-Type: media */
    consent_media_t  media;
} consent_multipart_part_t;

/* How far a multipart has been read. */
typedef enum {
    CONSENT_MULTIPART_START = 0,    /* before the first delimiter */
    CONSENT_MULTIPART_BEHIND,       /* a boundary was read: a part follows, or the end */
    CONSENT_MULTIPART_HEAD,
    CONSENT_MULTIPART_CONTENT,
    CONSENT_MULTIPART_END           /* the last delimiter was read */
} consent_multipart_state_t;

/* What a delimiter that has been read up to now begins with. */
typedef enum {
    CONSENT_MULTIPART_NOTHING = 0,
    CONSENT_MULTIPART_CR,
    CONSENT_MULTIPART_LF,
    CONSENT_MULTIPART_CRLF,
    CONSENT_MULTIPART_AT_ONCE       /* at the beginning of the body, or of a part */
} consent_multipart_lead_t;

typedef struct {
    consent_multipart_state_t  state;
    consent_multipart_lead_t   lead;
    size_t                     matched;         /* bytes of dashes and boundary behind it */
    bool                       form;            /* multipart/form-data: parts have names */
    bool                       digest;          /* multipart/digest: parts are messages */
    bool                       led;             /* the body begins with CR LF, and nothing of it went */
    bool                       any;             /* a part stays */
    bool                       gone;            /* this part goes */
    consent_mask_t             counts;          /* ... and with the first byte of it these categories were taken out */
    size_t                     len;             /* of line */
    uint8_t                    second;          /* of two bytes, what must follow; 0: the first is expected */
    uint8_t                    line[4 + CONSENT_MEDIA_MAX_BOUNDARY + 2];    /* CR LF "--" boundary CR LF */
    consent_slice_t            within;          /* of line: what the content may not have in it */
    size_t                     tail_len;
    uint8_t                    tail[CONSENT_MEDIA_MAX_BOUNDARY];    /* of the content: it may begin that */
} consent_multipart_level_t;

typedef struct {
    consent_transform_t         base;
    consent_inspect_t          *inspect;
    consent_emit_pt             emit;
    void                       *arg;
    consent_span_kind_t         kind;            /* of what the content's transform is fed */
    size_t                      deepest;         /* level whose parts are not multipart */
    consent_transform_t        *inner;           /* of the content; NULL: it passes */
    consent_multipart_part_t    part;
    bool                        waits;           /* the header has not been emitted */
    size_t                      charset_len;
    uint8_t                     charset[CONSENT_MULTIPART_MAX_CHARSET];
    consent_multipart_level_t   levels[CONSENT_MULTIPART_MAX_LEVELS];
    size_t                      head_len;
    uint8_t                     head[CONSENT_MULTIPART_MAX_HEAD];
} consent_multipart_t;

/* Where the memory of the transform for a part's content begins. */
#define CONSENT_MULTIPART_ROOM  ((sizeof(consent_multipart_t) + _Alignof(max_align_t) - 1) & ~(_Alignof(max_align_t) - 1))

/* Begins a multipart at level i; sets m->deepest. */
consent_rc_t consent_multipart_open(consent_multipart_t *m, size_t i, const consent_media_t *media);

/* Judges the part at level i whose header is in m->head, and emits it where nothing can take it out any more. */
consent_rc_t consent_multipart_part(consent_multipart_t *m, size_t i);

/* Something of hers is in the part that goes at this level. */
void consent_multipart_count(consent_multipart_t *m, consent_multipart_level_t *l);

/* Where in the next n bytes of the content of a part the boundary has been read in the middle of a line: bytes up to its
 * end; 0: nowhere. What is fed must not contain the delimiter. */
size_t consent_multipart_within(consent_multipart_level_t *l, const uint8_t *in, size_t n);

/* The delimiter, and the header. */
consent_rc_t consent_multipart_emit_head(consent_multipart_t *m, consent_multipart_level_t *l);

/* Reads a part's header, the empty line at its end included. CONSENT_MALFORMED: inspect->doubt is set. */
consent_rc_t consent_multipart_read(consent_multipart_part_t *part, consent_slice_t head, consent_inspect_t *inspect);

#endif
