/*
 * Personal data in free text: personal numbers, addresses, phone and account numbers, and the operator's own
 * expressions. What the built-in detectors look for has a digit or an '@' in it, which is found sixteen bytes at a
 * time; what stands around it, checksums and calendars decide. Expressions are compiled by Vectorscan. Any pieces of
 * the same text give the same decisions.
 *
 * Compiled detectors are one thread's at a time: Vectorscan's scratch memory belongs to them. Workers, being
 * processes, each have their own.
 */

#ifndef CONSENT_DETECT_H
#define CONSENT_DETECT_H

#include "minimize/inspect.h"

/* Bytes of text that may wait for what follows, at most. */
#define CONSENT_DETECT_HELD  512

/* Compiles the detectors of a policy's consent categories, built-in and the operator's. *detectors is NULL when it has
 * none. An expression that cannot be compiled, that matches the empty text or that is not bounded by
 * CONSENT_MASK_MAX_VALUE bytes is a fault with its place (faults may be NULL), and CONSENT_MALFORMED. CONSENT_NOMEM.
 * Read-only afterwards; made once a policy, before the workers are forked. */
consent_rc_t consent_detectors_compile(consent_detectors_t **detectors, const consent_policy_t *policy,
    consent_faults_t *faults);
void consent_detectors_destroy(consent_detectors_t *detectors);     /* NULL is allowed */

/* Categories that have a text carrier. */
consent_mask_t consent_detectors_mask(const consent_detectors_t *detectors);

/* One text after another, each of any number of pieces. */
typedef struct consent_detect_s  consent_detect_t;

/* In order: the next n bytes of text pass as they are (mask.len == 0), or are replaced by mask. Anything but CONSENT_OK
 * stops the feed, which returns the same. */
typedef consent_rc_t (*consent_detect_pt)(void *arg, size_t n, consent_slice_t mask);

/* For what inspect->how does not grant; inspect->found is added to. Memory of consent_detect_size() bytes is the
 * caller's; NULL detectors in inspect: the size of one that finds nothing. consent_detect_end() before it goes. */
size_t consent_detect_size(const consent_detectors_t *detectors);
consent_detect_t *consent_detect_init(void *memory, consent_inspect_t *inspect);
void consent_detect_end(consent_detect_t *detect);

/* Feeds n bytes of decoded UTF-8 (other bytes are no error: they are read as windows-1252). `last` ends this text;
 * the next feed begins another. Bytes of which nothing has been said yet, CONSENT_DETECT_HELD at most, are the
 * caller's to keep. CONSENT_OK, CONSENT_NOMEM (also when Vectorscan fails), or what `each` returned: then only
 * consent_detect_end(). */
consent_rc_t consent_detect_feed(consent_detect_t *detect, const uint8_t *text, size_t n, bool last,
    consent_detect_pt each, void *arg);

/* A whole text that can hold no match, told in about an instruction a byte: it need not be fed. Never true where
 * feeding would find something. */
bool consent_detect_clear(const consent_detect_t *detect, const uint8_t *text, size_t n);

/* Text of fewer bytes than this returns is clear when it has no '@' and fewer digits than CONSENT_DETECT_DULL, bytes counted
 * in that may be a part of others of either. NULL is allowed. */
#define CONSENT_DETECT_DULL  8

size_t consent_detect_dull(const consent_detectors_t *detectors);

#endif
