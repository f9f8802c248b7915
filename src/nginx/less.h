/*
 * Less of a body: it is read, gone through in turns that never hold the event loop for long, and replaced by what may
 * pass. Used by its own files; the phases know ngx_consent_less() and what stands below it.
 *
 * A body in memory stays there: what passes is pointed at where it stands, and only small pieces and what is new are
 * copied. A body in a temporary file goes through one buffer into a file of its own, which is made when the first byte
 * turns out to be another: until then nothing is written, and a body of which nothing has to go stays what it was.
 */

#ifndef NGX_CONSENT_LESS_H
#define NGX_CONSENT_LESS_H

#include "minimize/body.h"
#include "nginx/request.h"

#define NGX_CONSENT_SINK_PIECES  32         /* that wait to be written to a file */
#define NGX_CONSENT_SINK_BLOCK   4096       /* bytes of memory for copies, each time */
#define NGX_CONSENT_SINK_SHARE   256        /* bytes from which on a piece stays where it stands */

/* Where the output of a transform goes. */
typedef struct {
    ngx_http_request_t      *request;
    ngx_chain_t             *out;           /* pieces not yet written */
    ngx_chain_t            **last;
    ngx_chain_t             *free;          /* links with their buffers */
    ngx_chain_t             *tail;          /* the last piece, which may grow; NULL: none */
    ngx_chain_t             *before;        /* and the one before it */
    ngx_uint_t               pieces;
    u_char                  *block;         /* memory for copies */
    u_char                  *own;           /* of which this is free */
    u_char                  *own_end;
    size_t                   copied;        /* bytes of all such memory */
    size_t                   most;          /* bytes of it, at most, before all goes to a file */
    off_t                    length;        /* of all output */
    off_t                    prefix;        /* so much of it is the input's beginning, and in no file yet */
    ngx_temp_file_t         *file;          /* NULL: nothing written yet */
    unsigned                 to_file:1;
    unsigned                 shared:1;      /* the last piece is the input's memory */
    unsigned                 discard:1;     /* only its length matters */
} ngx_consent_sink_t;

typedef enum {
    NGX_CONSENT_LESS_NEW = 0,
    NGX_CONSENT_LESS_READING,               /* by nginx */
    NGX_CONSENT_LESS_FEEDING,
    NGX_CONSENT_LESS_FED,                   /* gone through: rc, inspect and sink say what came of it */
    NGX_CONSENT_LESS_DONE                   /* what the request has for a body may pass by `granted` */
} ngx_consent_less_state_t;

typedef struct ngx_consent_ask_s  ngx_consent_ask_t;

typedef struct {
    ngx_http_request_t        *request;
    ngx_consent_less_state_t   state;
    consent_mask_t             granted;     /* what the body may still hold */
    ngx_uint_t                 unknown;     /* what consent_unknown said to it */
    consent_inspect_t          inspect;
    ngx_consent_ask_t         *ask;         /* what she answered when she was asked; NULL: nothing. ask.c */
    u_char                    *notice;      /* the text of the question, while its decision is committed */
    consent_body_t            *body;        /* NULL: not open */
    consent_transform_t       *transform;
    ngx_consent_sink_t         sink;
    ngx_int_t                  rc;          /* NGX_OK: fed to its end; NGX_DECLINED: inspect.doubt; NGX_ERROR */

    /* the input */
    ngx_chain_t               *in;          /* what has not been looked at, no empty buffer first; NULL: nothing */
    off_t                      offset;      /* within its first buffer */
    u_char                    *pos;         /* what has been read of it and not been fed */
    u_char                    *last;
    ngx_buf_t                 *read;        /* memory to read files into */
    off_t                      fed;
    off_t                      moved;       /* of sink.prefix, bytes that are in the new file */

    ngx_event_t                event;
    unsigned                   inside:1;    /* within the phase handler's call for the body */
    unsigned                   packed:1;    /* it came compressed */
    unsigned                   hard:1;      /* what was fed last costs much, however little it was */
    unsigned                   lazy:1;      /* one file, which may stay as it is */
    unsigned                   attached:1;  /* the request's cleanup knows of it */
} ngx_consent_less_t;

/* less_read.c: opens what goes through the body: what consent_body_open() returns. */
consent_rc_t ngx_consent_less_open(ngx_consent_less_t *less);
void ngx_consent_less_close(ngx_consent_less_t *less);

/* Reads the body and goes through it. NGX_OK: done, state is FED; NGX_DONE: the phases run on by themselves when it is; or
 * a status to answer with. less_read.c */
ngx_int_t ngx_consent_less_start(ngx_consent_less_t *less);

/* Says anew what may pass, and opens the body: what consent_body_open() returns, or CONSENT_NOMEM. less.c */
consent_rc_t ngx_consent_less_prepare(ngx_consent_less_t *less);

/* Goes on with a body that is there, where something had to be settled before: what it is, or what may pass of it.
 * less_read.c */
void ngx_consent_less_resume(ngx_consent_less_t *less);

/* Begins with a body that is there, and feeds until it has all been fed or a turn is over. NGX_OK: sink, inspect and rc
 * are complete; NGX_AGAIN. less_feed.c */
void ngx_consent_less_begin(ngx_consent_less_t *less);
ngx_int_t ngx_consent_less_turn(ngx_consent_less_t *less);

/* Something was taken out, masked, or unpacked. less_feed.c */
ngx_flag_t ngx_consent_less_changed(ngx_consent_less_t *less);

/* less_sink.c. emit: CONSENT_OK, CONSENT_NOMEM, CONSENT_IO. flush: writes what waits. drop: forgets it, for it is what
 * stands at that place of the input anyway. */
void ngx_consent_sink_init(ngx_consent_sink_t *s, ngx_http_request_t *r);
consent_rc_t ngx_consent_sink_emit(void *arg, const uint8_t *data, size_t len, consent_span_kind_t kind);
consent_rc_t ngx_consent_sink_flush(ngx_consent_sink_t *s);
void ngx_consent_sink_drop(ngx_consent_sink_t *s);
ngx_int_t ngx_consent_sink_file(ngx_consent_sink_t *s);     /* makes sure that there is a file, be it empty */

/* less_replace.c: gives the request what the sink holds for a body, and headers that tell the truth about it. */
ngx_int_t ngx_consent_less_replace(ngx_consent_less_t *less);

/* Gives the request these bytes for a body, which live as long as it, and that Content-Type. less_replace.c */
ngx_int_t ngx_consent_less_put(ngx_http_request_t *r, u_char *data, size_t len, const consent_slice_t *type);

/* Lets go of a body that must not go anywhere. `headers`: the request has none from now on. less_replace.c */
ngx_int_t ngx_consent_less_drop(ngx_http_request_t *r, ngx_flag_t headers);

#endif
