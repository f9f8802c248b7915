/*
 * A transform that inflates what came compressed: gzip (RFC 1952) or HTTP's deflate (RFC 1950, and the bare RFC 1951
 * that some servers send by that name). The only file that knows zlib is inflate.c.
 */

#ifndef CONSENT_INFLATE_H
#define CONSENT_INFLATE_H

#include "base/transform.h"

typedef enum {
    CONSENT_INFLATE_GZIP = 0,       /* several members in a row are one content */
    CONSENT_INFLATE_DEFLATE
} consent_inflate_format_t;

/* Bytes needed for one, about 56 KB; the memory is the caller's, and no other is ever allocated. */
size_t consent_inflate_size(void);

/* Prepares a transform in memory of consent_inflate_size() bytes. NULL when zlib wants more memory than that, or is not
 * the zlib this was built for.
 *
 * max_step: the most bytes that one feed may emit (at least 1): few bytes can stand for a thousand times as many, and
 * whoever feeds must have room and time for all of them. Its feed returns
 * CONSENT_LIMIT: more than max_step;
 * CONSENT_MALFORMED: not of that format, a wrong checksum, or an end before the end. What was emitted by then is right
 * as far as it goes.
 * No bytes at all are no error: they stand for no bytes. What follows the content, and is no further member, is dropped.
 * All spans are own. Nothing needs to be destroyed. */
consent_transform_t *consent_inflate_init(void *memory, consent_inflate_format_t format, size_t max_step);

/* Another way to feed it, in which time decides: inflates from *in no more than one block, of 8 KB at most, and moves *in
 * and *n on behind what it took. Its bytes, *out, live until the next call; where there are none, all input was taken and
 * stands for no more. CONSENT_OK; CONSENT_MALFORMED; CONSENT_NOMEM. Whether the content is complete is told by feeding the
 * transform no more bytes, the last ones. */
consent_rc_t consent_inflate_block(consent_transform_t *t, const uint8_t **in, size_t *n, consent_slice_t *out);

#endif
