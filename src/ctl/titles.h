/*
 * Names that people know for what a store holds: titles of categories and levels, from the policies in it.
 */

#ifndef CONSENT_CTL_TITLES_H
#define CONSENT_CTL_TITLES_H

#include "ctl/ctl.h"

typedef struct consent_ctl_titles_s  consent_ctl_titles_t;

/* ledger may be NULL: then nothing has a name but its number. NULL when out of memory. */
consent_ctl_titles_t *consent_ctl_titles_create(consent_ledger_t *ledger);
void consent_ctl_titles_destroy(consent_ctl_titles_t *titles);

/* The policy of that version, kept until destroy; NULL when the store has none. */
const consent_policy_t *consent_ctl_titles_policy(consent_ctl_titles_t *titles, uint64_t key);

/* A text in English, or else in the policy's first language. */
consent_slice_t consent_ctl_title(const consent_policy_t *policy, const consent_text_t *text);

/* "Contact details (contact)", or "category 3"; "level 2". */
void consent_ctl_category(consent_buf_t *b, const consent_policy_t *policy, size_t category);
void consent_ctl_level(consent_buf_t *b, const consent_policy_t *policy, size_t level);

#endif
