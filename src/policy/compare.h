/*
 * What the comparison of two policy versions shares: one category beside its earlier self, told line by line.
 */

#ifndef CONSENT_COMPARE_H
#define CONSENT_COMPARE_H

#include "policy/policy.h"

typedef enum {
    CONSENT_CHANGE_WIDENS = 0,      /* earlier grants lapse */
    CONSENT_CHANGE_NARROWS,
    CONSENT_CHANGE_OTHER
} consent_change_t;

/* A comparison under way: what it found, and where it is told (NULL: nowhere). */
typedef struct {
    bool             widens;
    consent_buf_t   *b;
    const char      *kind;      /* "category", "level" or "policy" */
    consent_slice_t  id;
} consent_compare_t;

/* For printf's "%.*s". */
#define CONSENT_ARG(s)  (int) (s).len, (const char *) (s).data

void consent_compare_category(consent_compare_t *cmp, const consent_policy_t *earlier, const consent_category_t *e,
    const consent_policy_t *current, const consent_category_t *c);

/* Notes one change, in printf form. */
void consent_compare_note(consent_compare_t *cmp, consent_change_t change, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
