/*
 * What the files of the JSON minimiser share.
 *
 * A *reader* (json_read.c) walks over a document's bytes and says of each in order whether it passes or is replaced by
 * something, perhaps nothing. Bytes of which it has said nothing yet are kept by whoever feeds it. The outermost is fed
 * with the body; what it says is put into practice by json.c. A string that may be a document itself is decoded and read
 * by another reader, one level deeper, whose words about decoded bytes json_string.c turns into words about the bytes as
 * they are written. The detectors' words about texts go the same way.
 *
 * A string that is none may hold arguments: what query.c lets pass of it goes on to the detectors.
 *
 * All is one block of memory: one frame for each level of nesting, however many documents share them; one text, for only
 * one is looked at at any time; one token, for only one is in pieces.
 */

#ifndef CONSENT_JSON_INSIDE_H
#define CONSENT_JSON_INSIDE_H

#include "minimize/body.h"
#include "minimize/json_scan.h"
#include "minimize/query.h"

#define JSON_PENDING  2048      /* bytes of a name, with the white space and the comma before it, or of a number */
#define JSON_HELD     8192      /* bytes of the body of which nothing has been said, at most */
#define JSON_PATH     256       /* bytes of the path of an unknown name */
#define JSON_NESTS    4         /* documents in strings in strings; deeper ones are refused */
#define JSON_DEEP     3         /* where one is that is in a string in a string in a string */

#define JSON_NEST_HELD     3072     /* JSON_HELD of a document in a string */
#define JSON_DEEP_HELD      640     /* ... of one that is deep */
#define JSON_DEEP_PENDING   256     /* JSON_PENDING of it */

typedef struct json_all_s     json_all_t;
typedef struct json_reader_s  json_reader_t;

#define JSON_OBJECT   1         /* it is an object */
#define JSON_KEPT     2         /* something in it has passed: a comma goes before what passes next */
#define JSON_GOES     4         /* an array whose elements go */
#define JSON_CARRIES  8         /* an array whose elements are carriers */
#define JSON_KNOWN    16        /* all names in it are known */

/* An object or array that is open. */
typedef struct {
    uint16_t  state;            /* of the policy's automaton */
    uint16_t  path;             /* bytes of all->path */
    uint8_t   flags;
} json_frame_t;

/* Where in the grammar a reader is. */
typedef enum {
    JSON_AT_START = 0,          /* a document begins */
    JSON_AT_VALUE,
    JSON_AT_FIRST_ELEMENT,      /* or the array ends */
    JSON_AT_FIRST_NAME,         /* or the object ends */
    JSON_AT_NAME,
    JSON_AT_COLON,
    JSON_AT_NEXT,               /* a comma, or the end of what is open */
    JSON_AT_END,                /* a document has ended */
    JSON_IN_NAME,
    JSON_IN_STRING,
    JSON_IN_NUMBER,
    JSON_IN_WORD
} json_at_t;

typedef enum {
    JSON_LINES_NO = 0,
    JSON_LINES_NEW,             /* not known yet which */
    JSON_LINES_PLAIN,           /* a document a line */
    JSON_LINES_SEQUENCE         /* RFC 7464: each after a record separator */
} json_lines_t;

/* What becomes of a string's bytes. */
typedef enum {
    JSON_STRING_PASSES = 0,
    JSON_STRING_TEXT,           /* the detectors look at it */
    JSON_STRING_QUERY,          /* it may hold arguments, and what the detectors look for */
    JSON_STRING_NEST            /* it may be a document */
} json_string_t;

struct json_reader_s {
    json_all_t            *all;
    size_t                 level;       /* 0: the body's */
    uint8_t                at;          /* json_at_t */
    uint8_t                lines;       /* json_lines_t */
    uint8_t                number;      /* where in a number */
    uint8_t                string;      /* json_string_t */
    uint8_t                mark;        /* bytes of a byte order mark that were there */
    bool                   begun;       /* something has been read */
    bool                   record;      /* a record separator was there */
    bool                   undecided;   /* `held` counts, and what comes now belongs to it */
    bool                   known;       /* the value that comes: all in it is known */
    uint16_t               state;       /* ... its state of the automaton */
    uint16_t               root;        /* the state of a document's root */
    bool                   root_known;
    size_t                 root_path;   /* bytes of all->path */
    size_t                 base;        /* frames below this document */
    size_t                 depth;       /* frames that are open */
    size_t                 drop;        /* the member or element in frame drop - 1 goes; 0: none */
    size_t                 held;        /* bytes fed earlier of which nothing has been said */
    size_t                 seen;        /* bytes fed before these */
    const char            *word;        /* rest of true, false, null */
    consent_json_scan_t    scan;

    /* of the feed under way */
    const uint8_t         *in;
    const uint8_t         *end;
    const uint8_t         *from;        /* what passes, or goes with what is dropped, but was not said yet */
    const uint8_t         *cut;         /* where what is undecided begins; NULL: all is decided */
    const uint8_t         *token;       /* where the name or number begins, or its rest */
};

/* Who judges a string's text. */
typedef enum {
    JSON_LAYER_NEST = 0,        /* the reader one level deeper */
    JSON_LAYER_QUERY,           /* query.c */
    JSON_LAYER_TEXT             /* the detectors */
} json_layer_kind_t;

/* Decodes a string for one that judges its text. */
typedef struct {
    json_reader_t  *reader;             /* whose string it is; NULL: none is under way */
    uint8_t         kind;               /* json_layer_kind_t */
    bool            broken;             /* it turned out to be no document */
    bool            drops;              /* ... in the middle of what goes */
    size_t          queued;             /* bytes as written: in the queue, of them */
    size_t          done;               /* ... spoken of */
    size_t          raw;                /* ... not decoded yet, at its end */
    size_t          owed;               /* decoded bytes of the one at `done` that were spoken of */
    size_t          excess;             /* decoded bytes whose escape is gone already */
    const uint8_t  *piece;              /* of the feed under way: what has not been spoken of */
    const uint8_t  *end;
    uint8_t        *queue;
    size_t          size;
} json_layer_t;

struct json_all_s {
    consent_transform_t          base;
    consent_inspect_t           *inspect;
    const consent_json_paths_t  *paths;
    consent_mask_t               withheld;      /* categories that do not pass */
    consent_detect_t            *detect;
    bool                         masks;         /* detectors look for something */
    bool                         queries;       /* arguments in strings may have to go, */
    bool                         paths_too;     /* ... or paths */
    size_t                       dull;          /* shorter texts are clear when they look it */
    bool                         stained;       /* bytes of the body are kept from `frames` on */
    bool                         names;         /* unknown names are told of, */
    bool                         tells;         /* ... and that is all that becomes of them */

    consent_emit_pt              emit;          /* of the feed under way */
    void                        *arg;
    const uint8_t               *in;            /* input of which nothing has been said */
    const uint8_t               *run;           /* what passes but was not emitted */
    size_t                       run_len;
    size_t                       held;          /* bytes of hold that count */
    size_t                       hold_done;     /* ... spoken of */

    consent_slice_t              mask;          /* found in a number */
    json_reader_t                readers[JSON_NESTS + 2];   /* the last only looks whether there is one more */
    json_layer_t                 nests[JSON_NESTS + 1];
    json_layer_t                 query;
    json_layer_t                 text;

    json_frame_t                 frames[CONSENT_INSPECT_DEPTH + 1];
    size_t                       path_len;
    size_t                       token_len;
    uint8_t                      path[JSON_PATH];
    uint8_t                      token[JSON_PENDING];
    uint8_t                      hold[JSON_HELD];
    consent_query_t              arguments;
    uint8_t                      nest_queues[JSON_HELD + JSON_NEST_HELD + (JSON_NESTS - 1) * JSON_DEEP_HELD];
    uint8_t                      query_queue[CONSENT_QUERY_HELD * 6 + 64];
    uint8_t                      text_queue[CONSENT_DETECT_HELD * 6 + 64];
};

/* Bytes that may be undecided in one document. */
static inline size_t
consent_json_pending(const json_reader_t *r)
{
    return r->level < JSON_DEEP ? JSON_PENDING : JSON_DEEP_PENDING;
}


/* What is read now goes, and what follows in the same array would; or what is read now is to follow members that all went,
 * in whose place it would stand. */
static inline bool
consent_json_reader_goes(const json_reader_t *r)
{
    uint8_t  flags;

    flags = r->depth > r->base ? r->all->frames[r->depth].flags : 0;

    return r->drop != 0 || (flags & JSON_GOES)
           || (r->at == JSON_AT_NEXT && (flags & (JSON_OBJECT | JSON_KEPT)) == JSON_OBJECT);
}


/* json.c: the next n bytes of the body pass, or (with != NULL) are replaced. */
consent_rc_t consent_json_said(json_all_t *all, size_t n, const consent_slice_t *with);

/* json_read.c. CONSENT_MALFORMED without a doubt: a nested document is none. */
consent_rc_t consent_json_reader_feed(json_reader_t *r, const uint8_t *p, size_t n, bool last);

/* json_reader.c. A reader begins, above `base` frames, with the root's state. */
void consent_json_reader_begin(json_reader_t *r, size_t base, uint16_t root, bool known);

/* The next n bytes pass, or (with != NULL) are replaced; all up to `to` passes, or goes with what is dropped; what is
 * undecided passes, together with what comes. */
consent_rc_t consent_json_reader_say(json_reader_t *r, size_t n, const consent_slice_t *with);
consent_rc_t consent_json_reader_pass(json_reader_t *r, const uint8_t *to);
consent_rc_t consent_json_reader_keep(json_reader_t *r);

/* What may stand before a document is skipped; *at is at its first byte, or the end. */
consent_rc_t consent_json_reader_start(json_reader_t *r, const uint8_t **at, const uint8_t *end);

/* An object or array begins here. */
consent_rc_t consent_json_reader_open(json_reader_t *r, bool object);

/* Whether the input may end here. */
bool consent_json_reader_complete(const json_reader_t *r);

/* The end of a feed; not JSON at `bad`; not to be looked into. */
consent_rc_t consent_json_reader_save(json_reader_t *r, const uint8_t *end);
consent_rc_t consent_json_reader_fail(json_reader_t *r, const uint8_t *bad);
consent_rc_t consent_json_reader_doubt(json_reader_t *r, consent_doubt_t doubt);

/* json_member.c: what becomes of a member whose name ends at `end` (the closing quote), and of an element at `at`. They set
 * r->state, r->known and r->drop. */
consent_rc_t consent_json_member(json_reader_t *r, const uint8_t *end);
consent_rc_t consent_json_element(json_reader_t *r, const uint8_t *at);

/* The member goes that stands from the comma before its name up to where its value ends; all before it passes. */
consent_rc_t consent_json_member_goes(json_reader_t *r, consent_mask_t mask, const uint8_t *from, const uint8_t *to);

/* json_number.c: the number that is undecided and ends at `end` passes, or a mask does in its place. */
consent_rc_t consent_json_number(json_reader_t *r, const uint8_t *end);

/* json_path.c: all->path becomes that of a member or (NULL) an element of the frame that is open. */
void consent_json_path_set(json_reader_t *r, const consent_slice_t *name);

/* json_string.c */
consent_rc_t consent_json_string_begin(json_reader_t *r, json_string_t string);
consent_rc_t consent_json_string_feed(json_reader_t *r, const uint8_t *p, size_t n, bool last);
consent_rc_t consent_json_string_whole(json_reader_t *r, const uint8_t *p, size_t n);     /* as a text */

/* A whole string that has been scanned and is no document: what has to be done with it. */
json_string_t consent_json_string_is(const json_reader_t *r, const uint8_t *p, size_t n);

/* A text is looked at by itself: what was fed of another is done with. */
consent_rc_t consent_json_text_end(json_all_t *all);

/* The next n decoded bytes pass, or are replaced. */
consent_rc_t consent_json_layer_say(json_layer_t *layer, size_t n, const consent_slice_t *with);

#endif
