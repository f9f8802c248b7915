/*
 * The operator's own expressions, compiled into one set. detect_expression.c is the only file that knows Vectorscan.
 */

#ifndef CONSENT_DETECT_EXPRESSION_H
#define CONSENT_DETECT_EXPRESSION_H

#include "policy/policy.h"

#define CONSENT_EXPRESSION_TEXT  2048       /* bytes that are looked at in one go, at most */

typedef struct consent_expressions_s  consent_expressions_t;

typedef struct {
    consent_slice_t  name;          /* the policy's */
    consent_slice_t  regex;
    consent_mask_t   mask;          /* categories that name it */
} consent_expression_t;

/* Compiles the expressions of the policy's consent categories. *set is NULL when there are none. CONSENT_MALFORMED:
 * faults (may be NULL) say where and why. CONSENT_NOMEM. The set refers to the policy. */
consent_rc_t consent_expressions_compile(consent_expressions_t **set, const consent_policy_t *policy,
    consent_faults_t *faults);
void consent_expressions_destroy(consent_expressions_t *set);       /* NULL is allowed */

size_t consent_expressions_count(const consent_expressions_t *set);
const consent_expression_t *consent_expressions_get(const consent_expressions_t *set, size_t i);

/* Bytes of the shortest and of the longest text that one of them matches. */
size_t consent_expressions_least(const consent_expressions_t *set);
size_t consent_expressions_most(const consent_expressions_t *set);

/* text[from, to) is a match of expression i, from as far left as it can be. */
typedef void (*consent_expression_pt)(void *arg, size_t i, size_t from, size_t to);

/* All matches in n bytes, in the order of their ends. Bytes that are not UTF-8 match nothing. One thread at a time
 * uses a set. False: Vectorscan failed, and nothing is known of the text. */
bool consent_expressions_scan(const consent_expressions_t *set, const uint8_t *text, size_t n,
    consent_expression_pt each, void *arg);

#endif
