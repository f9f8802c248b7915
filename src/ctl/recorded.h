/*
 * Recorded requests: raw HTTP/1.x as a proxy or an editor saves it, or a HAR archive as browsers export it.
 */

#ifndef CONSENT_CTL_RECORDED_H
#define CONSENT_CTL_RECORDED_H

#include "base/arena.h"
#include "base/buf.h"

#define CONSENT_RECORDED_MAX  (64 * 1024 * 1024)    /* bytes of a file */

typedef struct {
    consent_slice_t  name;
    consent_slice_t  value;
} consent_recorded_header_t;

typedef struct consent_recorded_s  consent_recorded_t;

struct consent_recorded_s {
    consent_slice_t             method;
    consent_slice_t             target;             /* path and query */
    consent_recorded_header_t  *headers;
    size_t                      n_headers;
    consent_slice_t             body;               /* not chunked any more */
    bool                        missing;            /* it had one, which was not recorded */
    consent_recorded_t         *next;
};

/* All requests of a file, in order; everything is copied into the arena or points into text. CONSENT_MALFORMED with
 * *why a static sentence and *line (0: none); CONSENT_NOMEM. */
consent_rc_t consent_recorded_read(consent_recorded_t **first, consent_arena_t *arena, consent_slice_t text,
    const char **why, size_t *line);

/* The value of the first header of that name, whatever its case; an empty slice when there is none. */
consent_slice_t consent_recorded_header(const consent_recorded_t *r, const char *name);

#endif
